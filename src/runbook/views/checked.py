"""What `check` found, for a person, for programs, and for GitHub."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from runbook.core.text.counting import count
from runbook.core.text.lines import on_one_line
from runbook.core.text.printable import printable
from runbook.views.mistakes import excerpt_lines
from runbook.views.workflow import annotation

if TYPE_CHECKING:
    from runbook.core.model.model import Phase
    from runbook.core.record.problems import Problem

_SHOWN = 5  # commits


def text_lines(
    phases: tuple[Phase, ...],
    problems: Iterable[Problem],
    notes: Mapping[str, Iterable[str]],
    columns: int | None = None,
) -> Iterator[str]:
    """Every problem with its source line, then a line for each phase with its `notes`.

    A file of several phases, which is the series', has a line where something is wrong in it.
    `columns` are those of a terminal that shows them.
    """
    found = tuple(problems)
    for problem in found:
        yield from problem_lines(problem, columns)
        yield ""
    for phase in phases:
        steps = sum(len(task.steps) for task in phase.tasks) + len(phase.verification)
        own = [problem for problem in found if problem.at.path == phase.at.path]
        said = _counted(own) or "no mistakes"
        tasks = count(len(phase.tasks), "task")
        yield f"{printable(phase.at.path)}: {tasks}, {count(steps, 'step')}, {said}"
        yield from (f"  {printable(note)}" for note in notes.get(phase.id, ()))
    shared = {problem.at.path for problem in found} - {phase.at.path for phase in phases}
    for path in sorted(shared):
        yield f"{printable(path)}: {_counted([each for each in found if each.at.path == path])}"


def _counted(problems: list[Problem]) -> str:
    conflicts = sum(problem.kind == "conflict" for problem in problems)
    findings = sum(problem.kind == "lint" for problem in problems)
    parts = [(conflicts, "conflict"), (findings, "finding")]
    return ", ".join(count(number, noun) for number, noun in parts if number)


def problem_lines(problem: Problem, columns: int | None = None) -> Iterator[str]:
    """One problem: its place, what it is, the source line, and what helps."""
    kind = problem.code or problem.kind
    yield f"{printable(str(problem.at))}: {kind}: {printable(on_one_line(problem.message))}"
    yield from excerpt_lines(problem.at, problem.excerpt, problem.width, columns)
    near = problem.near
    if near is not None and not near.difference:
        yield f"      = it stands in {near.lines.named}, with other blanks"
    elif near is not None:
        yield (
            f"      = the nearest text stands in {near.lines.named}; `-` is what the phase file "
            "says, `+` what the file says:"
        )
        yield from (f"          {printable(line)}" for line in near.difference.split("\n"))
    yield from (f"      = {printable(note)}" for note in problem.notes)
    if problem.commits:
        yield f"      = changed since `base` ({printable(problem.base or '')}) by:"
        yield from (f"          {printable(line)}" for line in problem.commits[:_SHOWN])
        if len(problem.commits) > _SHOWN:
            yield f"          and {len(problem.commits) - _SHOWN} more"
    if problem.hint:
        yield f"      = hint: {printable(problem.hint)}"


def github_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """All problems as workflow commands, which GitHub shows beside the lines meant.

    Paths are to be those from the repository's root.
    """
    for problem in problems:
        at = problem.at
        end = at.column + max(1, problem.width) - 1
        properties = {
            "file": at.path, "line": at.line, "endLine": at.line, "col": at.column,
            "endColumn": end, "title": problem.code or problem.kind,
        }  # fmt: skip
        message = "\n".join(filter(None, [problem.message, problem.hint]))
        yield annotation("error", properties, message)
