"""Phases carried out in memory, in order: every edit that will not apply, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.edit.hints import stale
from runbook.core.matching.results import Conflict
from runbook.core.matching.texts import LineRange
from runbook.core.model.declared import resolved
from runbook.core.model.model import Commit, Edit, Phase, Step, Task
from runbook.core.model.operations import Glob, Operation
from runbook.core.position import Position
from runbook.core.value import value
from runbook.engine.simulation.conflicts import uncommitted
from runbook.engine.simulation.planned import Files, PlannedFile
from runbook.engine.simulation.traces import traced
from runbook.world.files.workspace import FileState, Unreachable

if TYPE_CHECKING:
    # Its events are many, and cost a check before the first run more than anything else.
    from runbook.core.model.ids import StepId
    from runbook.core.record.progress import Progress
    from runbook.engine.simulation.simulate import Simulation

_TRACED = 50
"""Edits that do not apply and whose texts are looked for in the history, which takes time."""


@value
class Missed:
    """An operation that will not apply: its step, its place, its target and why."""

    step: str
    at: Position
    path: str
    conflict: Conflict


@value
class Untried:
    """An edit of files that nobody knows before a person or a command has made them."""

    step: str
    at: Position
    paths: tuple[str, ...]
    after: str  # the step that may change them, or does not apply


@value
class Unneeded:
    """An edit whose files are as it would make them: applied before, or with a wrong path."""

    step: str
    paths: tuple[str, ...]


@value
class StaleHint:
    """A line hint, and where the text stands instead."""

    step: str
    at: Position
    path: str
    hint: LineRange
    lines: LineRange


@value
class SimulatedPhase:
    """What a phase would do from where it stands: its files by task, and what is amiss."""

    phase: Phase
    planned: tuple[tuple[str, tuple[PlannedFile, ...]], ...] = ()  # a task's identifier first
    missed: tuple[Missed, ...] = ()
    untried: tuple[Untried, ...] = ()
    stale_hints: tuple[StaleHint, ...] = ()
    unneeded: tuple[Unneeded, ...] = ()
    edits: int = 0  # how many were tried
    inside: str = ""  # what its paths lack to be paths from the repository's root


def simulate_phase(
    simulation: Simulation,
    phase: Phase,
    progress: Progress | None,
    files: Files,
    original: Files,
    checkout: Path,
    series: str,
) -> SimulatedPhase:
    """Take all steps of a phase that are not in git yet.

    `files` are those of the commit it begins on, `original` those that `lines` speak of, and
    `checkout` is the folder of the user's, and `series` that of the phase files, from its root.
    Steps up to the last commit that the journal has as made are in the files already. Without a
    journal nothing was carried out.
    """
    planned = []
    missed: list[Missed] = []
    untried: list[Untried] = []
    hints: list[StaleHint] = []
    unneeded: list[Unneeded] = []
    edits = 0
    for task, begin in _left(phase, progress):
        made: list[PlannedFile] = []
        for where, step in task.named_steps(begin):
            attempt = simulation.take(resolved(phase, step), where)
            if attempt is None:
                continue
            told = [uncommitted(each, files, checkout) for each in attempt.conflicts]
            if len(missed) < _TRACED:
                told = [traced(each, checkout, series) for each in told]
            missed += [Missed(where, each.at, each.path, each.conflict) for each in told]
            if attempt.unknown:
                untried.append(Untried(where, step.at, attempt.unknown, attempt.after))
            elif not told and not any(file.changes for file in attempt.planned):
                unneeded.append(Unneeded(where, tuple(file.path for file in attempt.planned)))
            edits += 1
            hints += _stale_hints(step, where, attempt.planned, original)
            made += attempt.planned
        if made:
            planned.append((task.id, tuple(made)))
    if progress is None or not progress.complete(phase.id):
        for where, step in phase.verification_task.named_steps():
            simulation.take(step, where)
    return SimulatedPhase(
        phase, tuple(planned), tuple(missed), tuple(untried), tuple(hints), tuple(unneeded), edits
    )


def _left(phase: Phase, progress: Progress | None) -> list[tuple[Task, int]]:
    """The tasks that are left, each with the first step that git does not have."""
    tasks = phase.tasks
    if progress is None:
        return [(task, 0) for task in tasks]
    if progress.complete(phase.id) and all(progress.settled(task.id) for task in tasks):
        return []
    first, begin = 0, 0
    if phase.id in progress.phases:
        for number, task in enumerate(tasks):
            for index, (where, step) in enumerate(task.named_steps()):
                known = progress.step(where)
                if isinstance(step, Commit) and known is not None and known.done:
                    first, begin = number, index + 1
    # Put before what is committed since.
    before = [(task, 0) for task in tasks[:first] if task.id not in progress.tasks]
    return before + [
        (task, begin if not number else 0)
        for number, task in enumerate(tasks[first:])
        # What was done and is not committed yet is done again in memory; what was left out is not.
        if progress.done(task.id) or not progress.settled(task.id)
    ]


def _stale_hints(
    step: Step, where: StepId, planned: tuple[PlannedFile, ...], original: Files
) -> list[StaleHint]:
    if not isinstance(step, Edit) or any(isinstance(target, Glob) for target in step.targets):
        return []
    before = {file.path: file.before for file in planned}
    found = []
    for operation in step.changes:
        if getattr(operation, "lines", None) is None:
            continue
        for path in before:
            lines = stale(operation, _texts(path, before[path], original))
            hint = _hint(operation)
            if lines is not None and hint is not None:
                found.append(StaleHint(where, operation.at, path, hint, lines))
    return found


def _hint(operation: Operation) -> LineRange | None:
    hint = getattr(operation, "lines", None)
    return hint if isinstance(hint, LineRange) else None


def _texts(path: str, now: FileState | None, original: Files) -> Iterator[str]:
    """The versions of a file that a hint may speak of; another is read only where one misses."""
    if now is not None:
        yield now.data.decode("utf-8", "surrogateescape")
    with suppress(Unreachable):
        state = original.read(path)
        if state is not None:
            yield state.data.decode("utf-8", "surrogateescape")
