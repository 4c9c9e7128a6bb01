"""Where the phases stand, `status` and `list` in words; and what `clean` removed."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model import Phase, Series
from runbook.core.printable import printable
from runbook.core.progress import Progress, TaskState
from runbook.views.words import count


def status_lines(
    phase: Phase, progress: Progress, locked_by: str | None, waits_for: list[str], program: str
) -> Iterator[str]:
    """A phase with its tasks: `[X]` done, `[!]` stopped, `[ ]` to do; and what to do next."""
    done = _settled(phase, progress)
    stopped = progress.stopped
    here = stopped is not None and stopped.where.partition("/")[0] == phase.id
    complete = progress.complete(phase.id) and done == len(phase.tasks)
    box = "[X]" if complete else "[!]" if here else "[ ]"
    yield f"{box} {phase.id}: {_title(phase)}"
    for task in phase.tasks:
        name = task.id.rpartition("/")[2]
        commits = _commits(progress.tasks.get(task.id))
        yield f"    {_box(progress, task.id)} {name}: {printable(task.title)}{commits}"
    if phase.verification:
        mark = "[X]" if complete else _box(progress, phase.verification_id)
        yield f"    {mark} verification"
    if stopped is not None and here and progress.undo is None:
        yield f"  stopped at {stopped.where} ({stopped.at}): {printable(stopped.message)}"
        for mismatch in stopped.mismatches:
            yield f"    - {printable(mismatch.message)}"
    if locked_by is not None:
        yield f"  process {locked_by} is at work on it now"
    elif progress.undo is not None and progress.undo.target.partition("/")[0] == phase.id:
        target = progress.undo.target
        yield f"  an undo of {target} is not finished; to go on with it: {program} undo {target}"
    elif complete:
        yield "  complete"
    elif waits_for:
        yield f"  waits for {', '.join(waits_for)}"
    elif phase.tasks and all(_undone(progress, task.id) for task in phase.tasks):
        yield f"  undone; to do it again: {program} run {phase.id} --restart"
    elif phase.id in progress.phases:
        if done < len(phase.tasks):
            left = f"{len(phase.tasks) - done} of {count(len(phase.tasks), 'task')} left"
            yield f"  {left}; to go on: {program} run {phase.id}"
        else:
            yield f"  no task is left; to complete it: {program} run {phase.id}"
    else:
        yield f"  not begun; to begin: {program} run {phase.id}"


def list_lines(
    series: Series, phases: tuple[Phase, ...], progress: dict[str, Progress]
) -> Iterator[str]:
    """One line a phase, and how many are left."""
    if series.title:
        yield printable(series.title)
    width = max((len(phase.id) for phase in phases), default=0)
    left = 0
    for phase in phases:
        here = progress[phase.id]
        complete = here.complete(phase.id) and _settled(phase, here) == len(phase.tasks)
        left += not complete
        box = "[X]" if complete else "[ ]"
        done = sum(here.done(task.id) for task in phase.tasks)
        tasks = f"{done} of {count(len(phase.tasks), 'task')} done{_left_out(phase, here)}"
        yield f"{box} {phase.id:<{width}}  {_title(phase)}  ({tasks})"
    if not phases:
        yield "no phase files yet; put one into `phases`, such as phases/phase-1.yaml"
    else:
        yield f"{left} of {count(len(phases), 'phase')} left"


def _title(phase: Phase) -> str:
    return printable((phase.title or phase.goal).strip().partition("\n")[0])


def _undone(progress: Progress, task: str) -> bool:
    return task in progress.tasks and progress.tasks[task].undone


def _settled(phase: Phase, progress: Progress) -> int:
    return sum(progress.settled(task.id) for task in phase.tasks)


def _left_out(phase: Phase, progress: Progress) -> str:
    known = [progress.tasks[task.id] for task in phase.tasks if task.id in progress.tasks]
    numbers = (
        ("skipped", sum(state.skipped is not None for state in known)),
        ("undone", sum(state.undone for state in known)),
    )
    return "".join(f", {number} {how}" for how, number in numbers if number)


def _box(progress: Progress, task: str) -> str:
    if progress.done(task):
        return "[X]"
    if progress.settled(task):
        return "[-]"
    stopped = progress.stopped
    where = "" if stopped is None else stopped.where
    return "[!]" if where == task or where.startswith(f"{task}/") else "[ ]"


def _commits(state: TaskState | None) -> str:
    if state is None:
        return ""
    if state.undone:
        return "  (undone)"
    if state.skipped is not None:
        return f"  (skipped: {printable(state.skipped)})"
    return f"  ({', '.join(commit[:9] for commit in state.commits)})" if state.commits else ""


def clean_lines(
    name: str, *, removed: bool, branch: str | None, kept: str | None, lost: tuple[str, ...]
) -> Iterator[str]:
    """What `clean` removed, and what it left."""
    if not removed:
        if not branch:
            yield f"{name}: there is nothing to remove."
    else:
        yield f"removed the worktree {name}"
    if branch:
        yield f"deleted the branch {branch}"
        yield from (f"  lost: {line}" for line in lost)
    if kept:
        yield f"the branch {kept} is kept; --branch deletes it too"
