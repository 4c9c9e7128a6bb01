"""Reads a plan that runbook wrote: the phase it was written of, with what was changed in it since.

Such a plan is known by the hidden comment under its heading. Each part is read by its visible
text; hidden comments add what that can't say, and where the two disagree, the visible text wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from runbook.core.model.ids import task_id
from runbook.core.model.model import Note, Phase, Step, Task
from runbook.core.position import Position
from runbook.core.value import replace, value
from runbook.format.shown import read_fence
from runbook.markdown.body import Declared, Surroundings, surroundings
from runbook.markdown.comments import Disagreement, settled, with_comment, with_hints, with_keys
from runbook.markdown.fencing import SEEN, read_text
from runbook.markdown.filelines import hints
from runbook.markdown.headings import UNTITLED
from runbook.markdown.hidden import read_comment
from runbook.markdown.hiding import (
    NUMBERED,
    base_of_phase,
    criteria,
    head_shown,
    note_shown,
    task_shown,
)
from runbook.markdown.ownsteps import Foreign, Found, Line, StepReader, lines_of

_HEADING = re.compile(r"# (.*)")
_SCOPE = re.compile(r"Phase \d+ of (\d+)")
_VERIFICATION = re.compile(r"## (?:Phase \d+ )?Verification")
_START = re.compile(r"<!-- START_(TASK|SUBCOMPONENT)_(\S+).*-->")
_END = re.compile(r"<!-- END_(TASK|SUBCOMPONENT)_(\S+).*-->")
_TASK = re.compile(r"### Task \d+: (.*)")
_STEP = re.compile(r"\*\*Step \d+: (.*)\*\*")
_FIELDS = {
    "**Goal:**": "goal",
    "**Architecture:**": "architecture",
    "**Tech Stack:**": "tech_stack",
    "**Scope:**": "of",
    "**Codebase verified:**": "verified",
}

T = TypeVar("T")


@value
class OwnPlan:
    """A plan as it was read: its phase, the title of its series, and what contradicts itself."""

    phase: Phase
    series_title: str | None
    disagreements: tuple[Disagreement, ...]


def is_own(text: str) -> bool:
    """Whether runbook wrote this plan: the comment under its heading says so."""
    return re.match(r"\s*# [^\n]*\n\s*<!-- runbook: \{", text) is not None


def comments_elsewhere(text: str) -> Disagreement | None:
    """What is said of a plan with comments of runbook's that does not begin as its plans do."""
    found = None if is_own(text) else _first_comment(text)
    if found is None:
        return None
    message = (
        "read like anybody's plan, and its hidden comments are not: "
        "the first has to stand under the title, and nothing above that"
    )
    return Disagreement(found.number, message)


def has_comments(text: str) -> bool:
    """Whether runbook wrote this plan, by a template of the user's as well.

    One that shows a comment as an example, in a fence or within a line, is somebody's document.
    """
    return _first_comment(text) is not None


def _first_comment(text: str) -> Line | None:
    if "<!-- runbook: {" not in text:
        return None
    lines = (each for each in lines_of(text) if each.outside)
    return next((each for each in lines if each.text.startswith("<!-- runbook: {")), None)


def read_plan(text: str) -> OwnPlan:
    """The phase of a plan that runbook wrote, whose tasks and steps are `at` lines of the plan.

    Raises:
        Foreign: the plan has something that runbook does not write, at this line.
    """
    return read_lines(lines_of(text))


def read_lines(lines: list[Line]) -> OwnPlan:
    """The same of its lines."""
    return _PlanReader(lines).read()


class _PlanReader:
    def __init__(self, lines: list[Line]) -> None:
        self._lines = lines
        self._disagreements: list[Disagreement] = []

    def read(self) -> OwnPlan:
        marks = [
            index
            for index, line in enumerate(self._lines)
            if line.outside and (_START.fullmatch(line.text) or _END.fullmatch(line.text))
        ]
        if not marks:
            raise Foreign(1, "this plan has no task between markers")
        head, tasks = self._lines[: marks[0]], self._lines[marks[0] : marks[-1] + 1]
        tail = self._lines[marks[-1] + 1 :]
        phase, title, before = self._head(head)
        around = surroundings(phase)
        declared = Declared()
        found = tuple(self._tasks(tasks, phase.id, around, declared))
        if not all(task.title.strip() and task.steps for task in found) or not found:
            raise Foreign(self._lines[marks[0]].number, "a task has no title, or no step")
        after, verification = self._tail(tail, around, declared)
        phase = replace(phase, tasks=found, notes=(*before, *after), verification=verification)
        return OwnPlan(phase, title, tuple(self._disagreements))

    def _head(self, lines: list[Line]) -> tuple[Phase, str | None, list[Note]]:
        parts = _split(lines, lambda line: line.text.startswith("## "))
        reader = StepReader(_without_rules(parts[0]), Surroundings(None, ()))
        fields: dict[str, Any] = {}
        keys: dict[str, Any] = {}
        at, title = 0, ""
        while reader._skip_blank():
            line = reader._lines[reader._at]
            at = line.number
            label = next((each for each in _FIELDS if line.text.startswith(each)), None)
            if label is not None:
                fields[_FIELDS[label]] = reader._labelled(label, paragraph=True)
                continue
            found, comment = _HEADING.fullmatch(line.text), reader._comment()
            if comment is not None:
                keys = comment
            elif found:
                title = found[1]
                reader._at += 1
            else:
                raise Foreign(at, "this is no line of a plan's head that runbook writes")
        self._disagreements += reader.disagreements
        numbered = NUMBERED.fullmatch(title)
        scope = _SCOPE.fullmatch(fields.pop("of", ""))
        if keys.get("phase", 0) is None:
            numbered = None
            keys.pop("phase")
        number = int(numbered[2]) if numbered else None
        phase = base_of_phase(number, title, fields)
        if scope:
            phase = replace(phase, of=int(scope[1]))
        phase = self._with(phase, keys, at, head_shown)
        notes = [self._note(part, False) for part in parts[1:]]
        series = numbered[1] if numbered and numbered[1] != UNTITLED else None
        return phase, series, notes

    def _with(self, stated: T, keys: dict[str, Any], line: int, shown: Callable[[T], object]) -> T:
        stated, disagreements = with_keys(stated, keys, line, shown)
        self._disagreements += disagreements
        return stated

    def _note(self, lines: list[Line], after: bool) -> Note:
        heading = lines[0].text.removeprefix("## ")
        body = _without_rules(lines[1:])
        keys: dict[str, Any] = {}
        for index, line in enumerate(body):
            found = read_comment(line.text) if line.outside else None
            if found is not None:
                keys, body = found, body[:index]
                break
        reader = StepReader(body, Surroundings(None, ()))
        if reader._skip_blank() and not body[reader._at].outside:
            content = reader._fence()
            if not reader._skip_blank():
                note = Note(heading, read_fence(content or ""), after)
                return self._with(note, keys, lines[0].number, note_shown)
        note = Note(heading, read_text("\n".join(line.text for line in body)), after)
        return self._with(note, keys, lines[0].number, note_shown)

    def _tail(
        self, lines: list[Line], around: Surroundings, declared: Declared
    ) -> tuple[list[Note], tuple[Step, ...]]:
        notes: list[Note] = []
        verification: tuple[Step, ...] = ()
        for part in _split(lines, lambda line: line.text.startswith("## "))[1:]:
            if _VERIFICATION.fullmatch(part[0].text):
                verification = tuple(self._steps(part[1:], {}, around, declared))
            else:
                notes.append(self._note(part, True))
        return notes, verification

    def _tasks(
        self, lines: list[Line], phase: str, around: Surroundings, declared: Declared
    ) -> Iterator[Task]:
        group: str | None = None
        inside: list[Line] | None = None
        number, began = 0, 0
        for line in lines:
            start = _START.fullmatch(line.text) if line.outside else None
            end = _END.fullmatch(line.text) if line.outside else None
            if start and start[1] == "SUBCOMPONENT":
                group = start[2]
            elif end and end[1] == "SUBCOMPONENT":
                group = None
            elif start:
                inside, began = [], line.number
            elif end and inside is not None:
                number += 1
                task = self._task(inside, task_id(phase, number), group, around, declared)
                yield replace(task, at=Position("", began, 1))
                inside = None
            elif inside is not None:
                inside.append(line)
            elif line.text.strip() not in ("", "---"):
                raise Foreign(line.number, "this stands between tasks")

    def _task(
        self,
        lines: list[Line],
        name: str,
        group: str | None,
        around: Surroundings,
        declared: Declared,
    ) -> Task:
        parts = _split(lines, lambda line: _STEP.fullmatch(line.text) is not None)
        reader = StepReader(parts[0], around)
        title, note, number = "", None, 0
        verifies: tuple[str, ...] = ()
        files: list[str] = []
        keys: dict[str, Any] = {}
        while reader._skip_blank():
            line = reader._lines[reader._at]
            found, comment = _TASK.fullmatch(line.text), reader._comment()
            if comment is not None:
                keys, number = comment, line.number
            elif line.text.startswith("Note:"):
                note = reader._labelled("Note:", paragraph=True)
            else:
                reader._at += 1
                if found:
                    title = found[1]
                elif line.text.startswith("**Verifies:** "):
                    verifies = criteria(line.text.removeprefix("**Verifies:** "))
                elif line.text.startswith("- ") and not SEEN.match(line.text):
                    files.append(line.text)
                elif not line.text.startswith("**Files:**") and not SEEN.match(line.text):
                    raise Foreign(line.number, "this is no line that runbook writes over a step")
        self._disagreements += reader.disagreements
        sections = [line for part in parts[1:] for line in part]
        steps = tuple(self._steps(sections, hints(files), around, declared))
        task = Task(name, title, steps, group, verifies, note)
        return self._with(task, keys, number, task_shown)

    def _steps(
        self,
        lines: list[Line],
        lines_in_files: dict[str, Any],
        around: Surroundings,
        declared: Declared,
    ) -> Iterator[Step]:
        founds: list[Found] = []
        for part in _split(lines, lambda line: _STEP.fullmatch(line.text) is not None):
            heading = _STEP.fullmatch(part[0].text) if part else None
            reader = StepReader(part[1:] if heading else part, around)
            section = reader.read()
            self._disagreements += reader.disagreements
            if heading and not section:
                raise Foreign(part[0].number, "nothing stands under this heading")
            if heading:
                section[0].title = heading[1]
            founds += section
        hinted = with_hints([found.step for found in founds], lines_in_files)
        for found, step in zip(founds, hinted, strict=True):
            place = Surroundings(around.folder, around.people, declared.targets())
            step = settled(step, found.title, place)
            step, disagreements = with_comment(step, found.keys, place, found.body, found.keys_line)
            self._disagreements += disagreements
            declared.add(step)
            yield replace(step, at=Position("", found.line, 1))


def _split(lines: list[Line], begins: Any) -> list[list[Line]]:
    """Lines in parts, each but the first beginning with a line outside of fences that does."""
    parts: list[list[Line]] = [[]]
    for line in lines:
        if line.outside and begins(line):
            parts.append([])
        parts[-1].append(line)
    return parts


def _without_rules(lines: list[Line]) -> list[Line]:
    return [line for line in lines if not (line.outside and line.text == "---")]
