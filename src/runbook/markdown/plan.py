"""The Markdown plan of a phase, as people and coding agents read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from runbook.core.model.model import Commit, Confirm, Manual, Note, Phase, Series, Step, Task
from runbook.core.record.progress import Progress
from runbook.core.text.fences import fenced
from runbook.core.value import value
from runbook.format.shown import one_line
from runbook.markdown.body import Declared, Surroundings, default_title, step_body, surroundings
from runbook.markdown.fencing import SECTIONS, STRUCTURE, labelled, plain, stands_unfenced
from runbook.markdown.filelines import file_lines
from runbook.markdown.headings import UNTITLED, group_name, note_heading
from runbook.markdown.hidden import comment
from runbook.markdown.hiding import hidden_of_note, hidden_of_phase, hidden_of_task
from runbook.markdown.seen import step_seen, task_seen


@value
class ShownStep:
    """A step as the plan shows it; `body` ends with its hidden comment, if it needs one."""

    step: Step
    body: str


@value
class Section:
    """One heading of a task with the steps under it; `titled` unless the heading is ours."""

    title: str
    titled: bool
    steps: tuple[ShownStep, ...]


@value
class ShownTask:
    """A task with its number, as the plan shows it; `seen` is what became of it."""

    number: int
    task: Task
    title: str
    files: tuple[str, ...]
    head: str
    note: str
    seen: str
    sections: tuple[Section, ...]


def plan(
    series: Series, phase: Phase, *, template: str | None = None, progress: Progress | None = None
) -> str:
    """The plan of a phase in Markdown, ended by one newline.

    `template` is the text of a Jinja2 template to use instead of our own; it is run in a
    sandbox. `progress` is what the journal knows; with it, the plan shows what is done.

    Raises:
        jinja2.TemplateError: the template has a mistake.
    """
    blocks = _Blocks()
    environment = _environment() if template is None else _sandbox()
    environment = environment.overlay()
    environment.filters["verbatim"] = blocks.keep
    source = environment.get_template("plan.md.j2") if template is None else None
    page = source or environment.from_string(template or "")
    text = page.render(series=series, phase=phase, **_Page(phase, blocks, progress).shown(series))
    return blocks.put_back(re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n")


class _Blocks:
    """Texts of the phase kept aside while the blank lines of the template are thinned out."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def keep(self, text: object) -> str:
        """A mark that stands for the text."""
        if not text:
            return ""
        self._texts.append(str(text))
        return f"\0{len(self._texts) - 1}\0"

    def put_back(self, text: str) -> str:
        """The text with every mark replaced by what it stands for."""
        return re.sub(r"\0(\d+)\0", lambda mark: self._texts[int(mark[1])], text)


@cache
def _environment() -> Environment:
    return _prepared(Environment)


@cache
def _sandbox() -> Environment:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return _prepared(ImmutableSandboxedEnvironment)


def _prepared(kind: type[Environment]) -> Environment:
    environment = kind(
        # A template of one's own may extend ours, or include it.
        loader=PackageLoader("runbook.markdown"),
        # Markdown, not HTML: source text stands as it is.
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"fenced": fenced, "one_line": one_line}
    return environment


class _Page:
    """What a template is given of a phase; texts are kept aside in `blocks`."""

    def __init__(self, phase: Phase, blocks: _Blocks, progress: Progress | None) -> None:
        self._phase = phase
        self._around = surroundings(phase)
        self._declared = Declared()
        self._keep = blocks.keep
        self._progress = progress

    def shown(self, series: Series) -> dict[str, Any]:
        """All of it, by the names that templates use."""
        phase, keep = self._phase, self._keep
        tasks = [self._task(number, task) for number, task in enumerate(phase.tasks, 1)]
        verification = Task(phase.verification_id, "Verification", phase.verification)
        fields = (
            ("Goal", phase.goal),
            ("Architecture", phase.architecture),
            ("Tech Stack", phase.tech_stack),
            ("Scope", _scope(phase)),
            ("Codebase verified", phase.verified),
        )
        return {
            "heading": keep(one_line(_heading(series, phase))),
            "hidden": keep(comment(hidden_of_phase(phase))),
            "fields": [
                keep(labelled(f"**{name}:**", text, STRUCTURE, paragraph=True))
                for name, text in fields
                if text is not None and text.strip()
            ],
            "notes_before": [keep(_note(note)) for note in phase.notes if not note.after_tasks],
            "notes_after": [keep(_note(note)) for note in phase.notes if note.after_tasks],
            "groups": groups(tasks),
            "verification": self._task(0, verification).sections,
        }

    def _task(self, number: int, task: Task) -> ShownTask:
        around, progress, keep = self._around, self._progress, self._keep
        places = []
        for step in task.steps:
            places.append(Surroundings(around.folder, around.people, self._declared.targets()))
            self._declared.add(step)
        hidden, of_steps = hidden_of_task(number, task, places)
        steps = []
        for index, (step, place) in enumerate(zip(task.steps, places, strict=True)):
            keys = of_steps[index]
            seen = "" if progress is None else step_seen(progress, task.id, index + 1)
            parts = (step_body(step, place), comment(keys) if keys else "", seen)
            steps.append(ShownStep(step, keep("\n\n".join(filter(None, parts)))))
        return ShownTask(
            number,
            task,
            keep(one_line(task.title)),
            tuple(map(keep, file_lines(task))),
            keep("\n\n".join(_task_head(task, hidden))),
            keep(_task_note(task)),
            "" if progress is None else keep(task_seen(progress, task.id)),
            tuple(self._sections(steps)),
        )

    def _sections(self, steps: list[ShownStep]) -> Iterator[Section]:
        """Steps under their headings: an untitled one continues the one before it."""
        for shown in _together(steps):
            first = shown[0].step
            title = self._keep(one_line(first.title or default_title(first)))
            yield Section(title, first.title is not None, tuple(shown))


def _together(steps: list[ShownStep]) -> list[list[ShownStep]]:
    found: list[list[ShownStep]] = []
    for shown in steps:
        if found and not begins_section(shown.step, found[-1][-1].step):
            found[-1].append(shown)
        else:
            found.append([shown])
    return found


def _heading(series: Series, phase: Phase) -> str:
    if phase.number is None:
        return phase.title or ""
    return f"{series.title or phase.title or UNTITLED} - Phase {phase.number}"


def _scope(phase: Phase) -> str | None:
    if phase.number is None or phase.of is None:
        return None
    return f"Phase {phase.number} of {phase.of}"


def _note(note: Note) -> str:
    shown = plain(note.text).strip()
    fence = not stands_unfenced(shown, SECTIONS, fences=True)
    text = fenced(plain(note.text), "markdown") if fence else shown
    hidden = hidden_of_note(note)
    lines = [f"## {note_heading(note.heading)}", text, comment(hidden) if hidden else ""]
    return "\n\n".join(line for line in lines if line)


def groups(tasks: list[ShownTask]) -> list[tuple[str | None, list[ShownTask]]]:
    """Tasks with the subcomponent they stand in, those that follow each other together."""
    found: list[tuple[str | None, list[ShownTask]]] = []
    for shown in tasks:
        group = shown.task.group
        if found and group is not None and found[-1][1][0].task.group == group:
            found[-1][1].append(shown)
        else:
            found.append((None if group is None else group_name(group), [shown]))
    return found


def _task_head(task: Task, hidden: dict[str, Any]) -> Iterator[str]:
    if hidden:
        yield comment(hidden)
    if task.verifies:
        yield f"**Verifies:** {one_line(', '.join(task.verifies))}"


def _task_note(task: Task) -> str:
    if task.note is None or not task.note.strip():
        return ""
    return labelled("Note:", task.note, STRUCTURE, paragraph=True)


def begins_section(step: Step, before: Step) -> bool:
    """Whether a step needs a heading although one precedes it."""
    return (
        step.title is not None
        or isinstance(step, Commit | Manual | Confirm)
        or isinstance(before, Commit | Manual | Confirm)
        or before.note is not None
    )
