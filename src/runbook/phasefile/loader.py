"""Loads a series: `runbook.yaml` and its phase files, with every mistake in all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from runbook.core.collection import collection_paused
from runbook.core.model.diagnostics import Diagnostic, InvalidPhaseFiles, suggestion
from runbook.core.model.ids import is_phase_name
from runbook.core.model.model import (
    Commit,
    Confirm,
    Manual,
    Phase,
    Series,
    Settings,
    Step,
    Task,
    Verify,
)
from runbook.core.position import Position
from runbook.core.value import fields, replace, value
from runbook.format.forms import dashes, read_form, refused_mark
from runbook.format.phases import PHASE, SERIES, TASK
from runbook.format.yamltree import MappingNode, Node, SequenceNode, Source, compose

SERIES_FILE = "runbook.yaml"

_NAMED = 9
"""Of how many phases the names are given where another one is meant."""


@value
class Loaded:
    """A series with its phases in their order."""

    series: Series
    phases: tuple[Phase, ...]


@value
class _Found:
    phase: Phase
    source: Source
    root: Node

    def error(
        self, key: str, message: str, hint: str | None = None, item: str | None = None
    ) -> Diagnostic:
        """The mistake that a key's value is, or an item of it where that is a list."""
        node = next(content for name, content in self.root.value if name.value == key)
        items = node.value if isinstance(node, SequenceNode) else ()
        node = next((each for each in items if each.value == item), node)
        self.source.error(node, message, hint)
        return self.source.diagnostics[-1]


def load_series(folder: Path, shown: str = "phases", *, whole: bool = True) -> Loaded:
    """The series in a folder; `shown` is how its paths are written in messages.

    Of one that is not `whole`, phases may require others that are still to come.

    Raises:
        InvalidPhaseFiles: with all mistakes of all files.
    """
    # The tree of nodes is gone when collection goes on; before, it would cost four fifths of the
    # time of a file of 10,000 tasks.
    with collection_paused():
        return _load(folder, shown, whole=whole)


def phase_in(text: str, name: str, shown: str) -> Phase:
    """The phase that the text of a file says; of its series it inherits nothing.

    Raises:
        InvalidPhaseFiles: with all mistakes in it.
    """
    source = Source(shown, text)
    root = compose(source)
    phase = None if root is None else _phase(source, root, name)
    if phase is None or source.diagnostics:
        raise InvalidPhaseFiles(source.diagnostics)
    return phase


def _load(folder: Path, shown: str, *, whole: bool) -> Loaded:
    diagnostics: list[Diagnostic] = []
    series = Series()
    found: list[_Found] = []
    # An ending that is not quite ours is a mistake, and not passed over.
    files = (each for each in folder.glob("*") if each.name.lower().endswith((".yaml", ".yml")))
    for file in sorted(files):
        source, root = _read(file, f"{shown}/{file.name}")
        if root is not None and file.name == SERIES_FILE:
            series = _series(source, root)
        elif root is not None:
            phase = _phase(source, root, file.stem)
            if phase is not None:
                found.append(_Found(phase, source, root))
        diagnostics += source.diagnostics
    # Identifiers come last: a file called 2.yaml is phase `2`, whatever number another has.
    identifiers = {name: each.phase.id for each in found for name in _names(each.phase)}
    identifiers |= {each.phase.id: each.phase.id for each in found}
    if not diagnostics:
        diagnostics += _contradictions(found, identifiers, whole=whole)
    if diagnostics:
        raise InvalidPhaseFiles(diagnostics)
    phases = [_settled(each.phase, series, identifiers) for each in found]
    return Loaded(series, tuple(_ordered(phases)))


def _names(phase: Phase) -> tuple[str, ...]:
    """What a phase is called: its identifier, and its number."""
    return (phase.id,) if phase.number is None else (phase.id, str(phase.number))


def _ordered(phases: list[Phase]) -> list[Phase]:
    """Phases by number, each after those it requires."""
    pending = sorted(phases, key=lambda each: (each.number is None, each.number or 0, each.id))
    ordered: list[Phase] = []
    while pending:
        waiting = {phase.id for phase in pending}
        phase = next(phase for phase in pending if waiting.isdisjoint(phase.requires))
        pending.remove(phase)
        ordered.append(phase)
    return ordered


def _read(file: Path, shown: str) -> tuple[Source, Node | None]:
    source = Source(shown, "")
    if not file.is_file() and file.exists() and not file.is_dir():
        source.error_at(0, 0, "the file can't be read: it is a pipe, a socket or a device")
        return source, None
    try:
        data = file.read_bytes()
    except OSError as error:
        source.error_at(0, 0, f"the file can't be read: {error.strerror}")
        return source, None
    if file.suffix != ".yaml":
        source.error_at(0, 0, "a phase file's name ends in `.yaml`", "rename the file")
        return source, None
    if file.name != SERIES_FILE and not is_phase_name(file.stem):
        name = re.sub(r"[^\w.-]+", "-", file.stem).strip("-")
        source.error_at(
            0, 0, f"`{file.stem}` can't be a phase's name, which is one word to a shell",
            f"rename the file, to {name if is_phase_name(name) else 'phase-3'}.yaml for example",
        )  # fmt: skip
        return source, None
    # Bytes that are not UTF-8 keep their places, to be pointed at.
    source = Source(shown, data.decode("utf-8-sig", "surrogateescape"))
    invalid = None if data.isascii() else re.search("[\ud800-\udfff]", source.text)
    if invalid:
        line = source.text.count("\n", 0, invalid.start())
        column = invalid.start() - (source.text.rfind("\n", 0, invalid.start()) + 1)
        source.error_at(line, column, "the file is not UTF-8", "save it in UTF-8")
        return source, None
    if file.name == SERIES_FILE and _says_nothing(source.text):
        return source, None  # of a series all is optional
    root = compose(source)
    if root is not None and refused_mark(source, root):
        return source, None
    return source, root


def _says_nothing(text: str) -> bool:
    """Whether there are only comments in a text, if anything."""
    return all(line.lstrip()[:1] in ("", "#") for line in text.splitlines())


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
    if values.get("notes"):
        # In the order of the plan.
        values["notes"] = tuple(sorted(values["notes"], key=lambda note: note.after_tasks))
    tasks_node = values.pop("tasks", None)
    tasks = () if tasks_node is None else _tasks(source, tasks_node, identifier)
    verification: tuple[Step, ...] = values.pop("verification", None) or ()
    if "number" not in values and "title" not in values and isinstance(root, MappingNode):
        source.error(root, "a phase needs the key `phase`", "a single plan has a `title` instead")
    if values.get("goal") is None:
        return None
    phase = Phase(
        identifier,
        **{name: value for name, value in values.items() if value is not None},
        tasks=tasks,
        verification=verification,
        settings=settings,
        at=source.position(root),
    )
    _check_together(source, phase)
    return phase


def _tasks(source: Source, node: Node, phase: str) -> tuple[Task, ...]:
    if isinstance(node, MappingNode) and not any(key.value in TASK.keys for key, _ in node.value):
        for key, _ in node.value:
            hint = f"write `- title: {key.value}`"
            source.error(key, "a task has its heading under `title`", hint)
        return ()
    if not isinstance(node, SequenceNode) or not node.value:
        source.error(node, "`tasks` is a list of at least one task", dashes(node, "task"))
        return ()
    tasks: list[Task] = []
    taken: dict[str, Position] = {}
    for number, item in enumerate(node.value, 1):
        if refused_mark(source, item):
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
        steps = values.pop("steps", None) or ()
        tasks.append(Task(f"{phase}/{name}", steps=steps, **values, at=at))
    return tuple(tasks)


def _contradictions(
    found: list[_Found], identifiers: dict[str, str], *, whole: bool
) -> Iterator[Diagnostic]:
    """Mistakes that only show when all phases are seen together."""
    numbers: dict[int, Phase] = {}
    required: dict[str, list[str]] = {}
    for each in found:
        phase = each.phase
        if phase.number is not None:
            other = numbers.setdefault(phase.number, phase)
            if other is not phase:
                yield each.error(
                    "phase", f"a second phase {phase.number}", f"the first is {other.at.path}"
                )
        required[phase.id] = [identifiers[name] for name in phase.requires if name in identifiers]
        for name in phase.requires:
            if whole and name not in identifiers:
                others = [other.phase.id for other in found if other is not each]
                known = f"there are: {', '.join(others[:_NAMED])}" if others else None
                hint = suggestion(name, others) or known
                yield each.error("requires", f"there is no phase `{name}`", hint, name)
    try:
        TopologicalSorter(required).prepare()
    except CycleError as error:
        circle = error.args[1]
        first = next(each for each in found if each.phase.id in circle)
        yield first.error("requires", f"phases in a circle: {' requires '.join(circle[::-1])}")


def _settled(phase: Phase, series: Series, identifiers: dict[str, str]) -> Phase:
    """The phase with what it inherits of the series, and required phases by identifier."""
    return replace(
        phase,
        of=phase.of if phase.of is not None else series.of,
        verified=phase.verified or series.verified,
        tech_stack=phase.tech_stack or series.tech_stack,
        requires=tuple(identifiers.get(name, name) for name in phase.requires),
        settings=phase.settings.over(series.settings),
    )


def _check_together(source: Source, phase: Phase) -> None:
    """Record what contradicts itself only between steps, or with the rest of their phase."""
    for task in phase.tasks:
        for index, step in enumerate(task.steps):
            _check_starting_state(source, phase, step)
            if isinstance(step, Manual) and not step.files:
                _check_manual(source, step, task.steps[index + 1 :])
    for step in phase.verification:
        _check_starting_state(source, phase, step)
        if isinstance(step, Verify) and step.fails_in == "task":
            _error_at(
                source,
                step,
                "`fails-at: task` in the phase's verification, which belongs to no task",
                "say `fails-at: phase`",
            )
        if not isinstance(step, Verify | Manual | Confirm):
            _error_at(
                source,
                step,
                "the phase's verification has `verify`, `manual` and `confirm` steps only",
                "put it into a task",
            )


def _check_starting_state(source: Source, phase: Phase, step: Step) -> None:
    if isinstance(step, Verify) and step.fails_in == "base" and phase.base is None:
        message = "`fails-at: base` needs the phase's key `base`"
        _error_at(source, step, message, "state the commit the phase was written against")


def _check_manual(source: Source, step: Manual, following: tuple[Step, ...]) -> None:
    commit = next((each for each in following if isinstance(each, Commit)), None)
    if commit is not None and commit.files is None:
        _error_at(
            source,
            step,
            "the commit after this manual step can't know which files it may contain",
            "list them under the step's `files:`, or under the commit's",
        )


def _error_at(source: Source, step: Step, message: str, hint: str) -> None:
    source.error_at(step.at.line - 1, step.at.column - 1, message, hint)
