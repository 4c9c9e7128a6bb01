"""What the visible text of a plan can't say, found by reading it as `ownplan` does."""

from __future__ import annotations

import re
from typing import Any

from runbook.core.model.ids import phase_of, task_id
from runbook.core.model.model import Note, Phase, Settings, Step, Task
from runbook.core.value import replace
from runbook.format.shown import one_line, read_fence
from runbook.markdown.body import Surroundings, default_title, step_body
from runbook.markdown.comments import settled, with_hints
from runbook.markdown.fencing import (
    SECTIONS,
    STRUCTURE,
    labelled,
    plain,
    read_text,
    stands_unfenced,
)
from runbook.markdown.filelines import file_lines, hints
from runbook.markdown.headings import group_name, note_heading
from runbook.markdown.hidden import difference
from runbook.markdown.ownsteps import Foreign, StepReader, lines_of

NUMBERED = re.compile(r"(.*) - Phase (\d+)")


def hidden_of_phase(phase: Phase) -> dict[str, Any]:
    """What the head of a plan can't say of its phase."""
    shown = {
        name: as_shown(text)
        for name in ("goal", "architecture", "tech_stack", "verified")
        if (text := getattr(phase, name)) is not None and text.strip()
    }
    title = one_line(phase.title or "")
    if phase.number is None and NUMBERED.fullmatch(title):
        # Or the title would be taken for that of a series with a number.
        return {"phase": None} | hidden_of_phase(replace(phase, title="")) | {"title": phase.title}
    base = base_of_phase(phase.number, title, shown)
    if phase.number is not None:
        base = replace(base, of=phase.of)
    bare = replace(phase, tasks=(), notes=(), verification=())
    return difference(bare, base)


def hidden_of_note(note: Note) -> dict[str, Any]:
    """What a section of a plan can't say of a note."""
    shown = plain(note.text).strip()
    fence = not stands_unfenced(shown, SECTIONS, fences=True)
    text = read_fence(_content(note.text)) if fence else read_text(shown)
    return difference(note, Note(note_heading(note.heading), text, note.after_tasks))


def hidden_of_task(
    number: int, task: Task, places: list[Surroundings]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the text of a task can't say of it, and of each of its steps."""
    read = [_read_back(step, place) for step, place in zip(task.steps, places, strict=True)]
    steps = with_hints(read, hints([f"- {line}" for line in file_lines(task)]))
    keys = [
        difference(step, _titled(step, other, place))
        for step, other, place in zip(task.steps, steps, places, strict=True)
    ]
    base = Task(
        task_id(phase_of(task.id), number),
        one_line(task.title),
        task.steps,
        None if task.group is None else group_name(task.group),
        criteria(one_line(", ".join(task.verifies))),
        None if task.note is None or not task.note.strip() else as_shown(task.note),
    )
    return {} if number == 0 else difference(task, base), keys


def _read_back(step: Step, around: Surroundings) -> Step:
    reader = StepReader(lines_of(step_body(step, around)), around)
    try:
        reader.read()
    except Foreign:
        return step  # in words that can be shown and not read: there is no more to say
    if len(reader.found) > 1:
        reader.join(len(reader.found))
    (found,) = reader.found
    return found.step


def _titled(step: Step, read: Step, around: Surroundings) -> Step:
    title = None if step.title is None else one_line(step.title or default_title(step))
    return settled(read, title, around)


def as_shown(text: str) -> str:
    """A text as it is read from the plan that shows it."""
    shown = labelled("", text, STRUCTURE, paragraph=True)
    if shown.startswith("\n"):
        return read_fence(_content(text))
    return read_text(shown)


def _content(text: str) -> str:
    shown = plain(text)
    return shown if shown.endswith("\n") or not shown else shown + "\n"


def criteria(shown: str) -> tuple[str, ...]:
    """The acceptance criteria of a task, from their line."""
    return tuple(shown.split(", ")) if shown else ()


def base_of_phase(number: int | None, title: str, fields: dict[str, Any]) -> Phase:
    """A phase of what the head of its plan shows."""
    return Phase(
        f"phase-{number}" if number is not None else "",
        **({"goal": ""} | fields),
        tasks=(),
        number=number,
        title=title if number is None else None,
        settings=Settings(env=(), secrets=()),
    )


def head_shown(phase: Phase) -> tuple[object, ...]:
    """All that the head of a plan shows of a phase."""
    texts = (phase.goal, phase.architecture, phase.tech_stack, phase.verified)
    shown = [None if text is None or not text.strip() else as_shown(text) for text in texts]
    title = one_line(phase.title or "") if phase.number is None else None
    return (*shown, phase.number, phase.of if phase.number is not None else None, title)


def note_shown(note: Note) -> tuple[object, ...]:
    """All that a plan shows of a note."""
    return note_heading(note.heading), plain(note.text).strip(), note.after_tasks


def task_shown(task: Task) -> tuple[object, ...]:
    """All that a plan shows of a task, without its steps and files."""
    note = None if task.note is None or not task.note.strip() else as_shown(task.note)
    group = None if task.group is None else group_name(task.group)
    return one_line(task.title), note, group, one_line(", ".join(task.verifies))
