"""Loads a series: `runbook.yaml` and its phase files, with every mistake in all of them."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

from runbook.core.diagnostics import Diagnostic, InvalidPhaseFiles, suggestion
from runbook.core.model import (
    Manual,
    Note,
    Phase,
    Series,
    Service,
    Settings,
    Step,
    Task,
    Verify,
)
from runbook.core.position import Position
from runbook.core.value import value
from runbook.phasefile import scalars
from runbook.phasefile.forms import Form, Key, read_form, refuse_mark
from runbook.phasefile.steps import read_steps
from runbook.phasefile.yamltree import MappingNode, Node, SequenceNode, Source, compose

SERIES_FILE = "runbook.yaml"

SERVICE = Form(
    "a service",
    {
        "name": Key(scalars.identifier, "name", "what messages call it", required=True),
        "run": Key(scalars.code, "run", "the command that is the service", required=True),
        "ready": Key(scalars.code, "ready", "regular expression on its output"),
        "unless-env": Key(scalars.text, "unless_env", "a variable that makes it needless"),
        "timeout": Key(scalars.seconds, "timeout", "how long it may take to be ready"),
    },
)


def _service(source: Source, node: Node) -> Service | None:
    values = read_form(source, node, SERVICE)
    if values.get("name") is None or values.get("run") is None:
        return None
    if values.get("ready") is not None:
        try:
            re.compile(values["ready"])
        except re.error as error:
            ready = next(v for k, v in node.value if k.value == "ready")
            source.error(ready, f"this is no regular expression: {error}")
    return Service(**values, at=source.position(node))


_SETTINGS_KEYS = {
    "workdir": Key(scalars.folder, "workdir", "folder in which paths and commands stand"),
    "worktree": Key(scalars.folder, "worktree", "linked git worktree to work in"),
    "co-authored-by": Key(
        scalars.listing(scalars.co_author, empty=True),
        "co_authored_by",
        "a trailer of every commit",
    ),
    "env": Key(scalars.environment, "env", "variables of every command"),
    "secrets": Key(
        scalars.listing(scalars.text), "secrets", "variables to redact everywhere", planned=True
    ),
    "services": Key(
        scalars.listing(_service, empty=True), "services", "background processes of a run"
    ),
    "timeout": Key(scalars.seconds, "timeout", "how long one command may take"),
}
_SHARED_KEYS = {
    "of": Key(scalars.integer, "of", "how many phases the series has"),
    "verified": Key(scalars.text, "verified", "date it was checked against the code"),
    "tech-stack": Key(scalars.code, "tech_stack", "the plan's header"),
}

SERIES = Form(
    "the series file",
    {
        "title": Key(scalars.code, "title", "the series' title"),
        **_SHARED_KEYS,
        **_SETTINGS_KEYS,
    },
)

NOTE = Form(
    "a note",
    {
        "heading": Key(scalars.code, "heading", "its heading", required=True),
        "text": Key(scalars.code, "text", "Markdown", required=True),
        "after": Key(scalars.choice("tasks"), "after_tasks", "`tasks` puts it after them"),
    },
)


def _note(source: Source, node: Node) -> Note | None:
    values = read_form(source, node, NOTE)
    if values.get("heading") is None or values.get("text") is None:
        return None
    return Note(values["heading"], values["text"], values.get("after_tasks") is not None)


TASK = Form(
    "a task",
    {
        "title": Key(scalars.code, "title", "the task's heading", required=True),
        "id": Key(scalars.identifier, "id", "keeps the task's identifier stable"),
        "group": Key(scalars.text, "group", "the plan's subcomponent"),
        "verifies": Key(scalars.listing(scalars.code), "verifies", "acceptance criteria"),
        "note": Key(scalars.code, "note", "a remark under the heading"),
        "steps": Key(read_steps, "steps", "what is done, in order", required=True),
    },
)

PHASE = Form(
    "a phase",
    {
        "phase": Key(scalars.integer, "number", "the phase's number"),
        "title": Key(scalars.code, "title", "title of a plan without a number"),
        "goal": Key(scalars.code, "goal", "what the phase is for", required=True),
        "architecture": Key(scalars.code, "architecture", "the plan's header"),
        "base": Key(scalars.text, "base", "the commit it was written against"),
        "notes": Key(scalars.listing(_note), "notes", "sections of the plan"),
        "requires": Key(
            scalars.listing(scalars.phase_name), "requires", "phases that must be complete"
        ),
        "tasks": Key(lambda _source, node: node, "tasks", "what is done, in order", required=True),
        "verification": Key(read_steps, "verification", "checks after the last task"),
        **_SHARED_KEYS,
        **_SETTINGS_KEYS,
    },
)

FORMS = (SERIES, PHASE, TASK, NOTE, SERVICE)


@value
class Loaded:
    """A series with its phases in their order."""

    series: Series
    phases: tuple[Phase, ...]

    def phase(self, name: str) -> Phase | None:
        """The phase called `name`: its identifier, or its number."""
        for phase in self.phases:
            if phase.id == name or (name.isdigit() and phase.number == int(name)):
                return phase
        return None


def load_series(folder: Path, shown: str = "phases") -> Loaded:
    """The series in a folder; `shown` is how its paths are written in messages.

    Raises:
        InvalidPhaseFiles: with all mistakes of all files.

    """
    diagnostics: list[Diagnostic] = []
    series = Series()
    phases = []
    with _collection_paused():
        for file in sorted(folder.glob("*.yaml")):
            source, root = _read(file, f"{shown}/{file.name}")
            if root is not None and file.name == SERIES_FILE:
                series = _series(source, root)
            elif root is not None:
                phase = _phase(source, root, file.stem)
                if phase is not None:
                    phases.append(phase)
            diagnostics += source.diagnostics
    if not diagnostics:
        diagnostics += _contradictions(phases)
    if diagnostics:
        raise InvalidPhaseFiles(diagnostics)
    inherited = [_inherit(phase, series) for phase in phases]
    return Loaded(series, tuple(sorted(inherited, key=_order)))


@contextmanager
def _collection_paused() -> Iterator[None]:
    # A tree of nodes has no cycles to collect, and looking for them costs four fifths of the
    # time of a file of 10,000 tasks.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _order(phase: Phase) -> tuple[bool, int, str]:
    return (phase.number is None, phase.number or 0, phase.id)


def _read(file: Path, shown: str) -> tuple[Source, Node | None]:
    data = file.read_bytes()
    try:
        source = Source(shown, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        source = Source(shown, data.decode("latin-1"))
        line = data.count(b"\n", 0, error.start)
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1)
        source.error_at(line, column, "the file is not UTF-8", "save it in UTF-8")
        return source, None
    return source, compose(source)


def _settings(values: dict[str, Any]) -> Settings:
    names = [field.name for field in fields(Settings)]
    return Settings(**{name: values.pop(name) for name in names if name in values})


def _series(source: Source, root: Node) -> Series:
    values = read_form(source, root, SERIES)
    settings = _settings(values)
    return Series(**values, settings=settings, at=source.position(root))


def _phase(source: Source, root: Node, identifier: str) -> Phase | None:
    values = read_form(source, root, PHASE)
    if not values:
        return None
    settings = _settings(values)
    tasks_node = values.pop("tasks", None)
    tasks = () if tasks_node is None else _tasks(source, tasks_node, identifier)
    verification: tuple[Step, ...] = values.pop("verification", ())
    for step in verification:
        if not isinstance(step, Verify | Manual):
            source.error_at(
                step.at.line - 1,
                step.at.column - 1,
                "the phase's verification has `verify` and `manual` steps only",
                "put it into a task",
            )
    if "number" not in values and "title" not in values and isinstance(root, MappingNode):
        source.error(root, "a phase needs the key `phase`", "a single plan has a `title` instead")
    if values.get("goal") is None:
        return None
    return Phase(
        identifier,
        **{name: value for name, value in values.items() if value is not None},
        tasks=tasks,
        verification=verification,
        settings=settings,
        at=source.position(root),
    )


def _tasks(source: Source, node: Node, phase: str) -> tuple[Task, ...]:
    if not isinstance(node, SequenceNode) or not node.value:
        source.error(node, "`tasks` is a list of at least one task")
        return ()
    tasks: list[Task] = []
    taken: dict[str, Position] = {}
    for number, item in enumerate(node.value, 1):
        if source.mark_before(item):
            refuse_mark(source, item)
            continue
        values = read_form(source, item, TASK)
        name = values.pop("id", None) or f"task-{number}"
        at = source.position(item)
        if name in taken:
            source.error(
                item, f"a second task with the id `{name}`", f"the first is at {taken[name]}"
            )
        elif name == "verification":
            source.error(item, "`verification` is the id of the phase's own verification")
        taken[name] = at
        if values.get("title") is None:
            continue
        steps = values.pop("steps", ())
        tasks.append(Task(f"{phase}/{name}", steps=steps, **values, at=at))
    return tuple(tasks)


def _contradictions(phases: list[Phase]) -> Iterator[Diagnostic]:
    """Mistakes that only show when all phases are seen together."""
    numbers: dict[int, Phase] = {}
    names = {phase.id for phase in phases}
    for phase in phases:
        if phase.number is not None:
            other = numbers.setdefault(phase.number, phase)
            if other is not phase:
                yield Diagnostic(
                    phase.at, f"phase {phase.number} is also {other.at.path}", "number one anew"
                )
        for required in phase.requires:
            if required not in names:
                yield Diagnostic(
                    phase.at,
                    f"`requires` names `{required}`, and there is no such phase",
                    suggestion(required, names),
                )


def _inherit(phase: Phase, series: Series) -> Phase:
    """The phase with the series' `of`, `verified` and `tech-stack` where it states none."""
    from dataclasses import replace

    return replace(
        phase,
        of=phase.of if phase.of is not None else series.of,
        verified=phase.verified or series.verified,
        tech_stack=phase.tech_stack or series.tech_stack,
        settings=phase.settings.over(series.settings),
    )
