"""Where the phases stand, `status` and `list` in words; and what `clean` removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from runbook.core.model.ids import is_step, last, task_of
from runbook.core.model.model import Series
from runbook.core.record.described import short
from runbook.core.record.events import WAITING, Stopped
from runbook.core.record.status import ASKS, PhaseStatus, TaskStatus
from runbook.core.text.counting import count, enumerated, named
from runbook.core.text.lines import on_one_line
from runbook.core.text.printable import printable
from runbook.core.value import replace
from runbook.views.choices import choice_lines
from runbook.views.evidence import word_lines
from runbook.views.ledger import doubted
from runbook.views.lines import Line, Shown
from runbook.views.screen import program
from runbook.views.stops import waiting_lines, wrote_nothing
from runbook.views.words import box, indent


def status_lines(
    status: PhaseStatus, root: Path, following: str | None = None, work: tuple[str, ...] = ()
) -> Iterator[Shown]:
    """A phase with its tasks: `[✓]` done, `[!]` stopped, `[ ]` to do; why; and what one can do.

    `following` is the phase to carry out next, where this one is complete; `work` are lines about
    the command that runs now.
    """
    yield Line(f"{box(status.mark)} {status.phase}: {_title(status)}", "bold")
    for task in status.tasks:
        name = last(task.task)
        yield (
            f"    {box(task.mark)} {name}: {printable(task.title)}"
            f"{_about(task, is_changed=task.task == status.changed)}"
        )
        yield from _words(task)
    if status.verification is not None:
        yield f"    {box(status.verification.mark)} verification{_about(status.verification)}"
        yield from _words(status.verification)
    yield from _remarks(status)
    yield from _stop(status)
    yield from _next(status, root, following, work)


_MANY = 8
"""Of so many phases each is told in full; of more, those of which there is something to tell."""


def told_in_full(statuses: Sequence[PhaseStatus]) -> set[str]:
    """The phases to be told with their tasks: what is done and what only waits is a line each."""
    if len(statuses) <= _MANY:
        return {each.phase for each in statuses}
    found = {each.phase for each in statuses if not (_is_quiet(each) or each.mark == "to do")}
    found |= {each.phase for each in statuses if each.refused is not None or any(_remarks(each))}
    coming = (each.phase for each in statuses if each.mark == "to do" and not each.waits_for)
    # Where none is under way, what there is to begin.
    return found or set(islice(coming, 1))


def _is_quiet(status: PhaseStatus) -> bool:
    return status.complete and status.locked_by is None and status.undoing is None


def short_line(status: PhaseStatus) -> Line:
    """A phase without its tasks."""
    return Line(f"{box(status.mark)} {status.phase}: {_title(status)}  ({_tasks_done(status)})")


def folded_line(statuses: Sequence[PhaseStatus]) -> str:
    """What is said below phases of which some are a line each."""
    left = sum(not status.complete for status in statuses)
    name = statuses[0].phase
    return (
        f"{left} of {count(len(statuses), 'phase')} left; one with its tasks: "
        f"{program()} status {name}"
    )


def stray_lines(phase: str, paths: Sequence[str]) -> Iterator[Shown]:
    """What is said of a phase that has no file any more, and left changes of `paths`."""
    begun = f"{phase} was begun, and has no file in this series any more"
    yield Line(f"{begun}; changed by it, and in no commit: {named(paths)}", "yellow")
    yield f"  Call its file `{phase}.yaml` again, then: {program()} run {phase}"
    yield "  Or instead:"
    yield f"    {program()} abort {phase}, once it is called so: put these files back"


def _tasks_done(status: PhaseStatus) -> str:
    return f"{status.done} of {count(len(status.tasks), 'task')} done{_left_out(status)}"


def _words(task: TaskStatus) -> Iterator[str]:
    """What people said of its steps: all but that work was done whose changes can be seen."""
    for word in task.words:
        if word.said or word.reason:
            first = next(iter(word_lines(word)))
            yield f"        {last(word.step)}: {printable(first)}"


def _remarks(status: PhaseStatus) -> Iterator[str]:
    """What git says otherwise than the journal."""
    if status.gone is not None:
        yield (
            f"  its commit {status.gone[:9]} is no longer in the branch"
            f"{': what is left of it is above' if status.done else ''}"
        )
    if status.rebuilt and status.gone is None:
        yield "  known from notes in git, not from a journal"
    for each in status.rewritten:
        task = last(task_of(each.step))
        yield f"  {task}: {each.before[:9]} was rewritten, and is {each.after[:9]} now"
    yield from (f"  {doubted(each)}" for each in status.doubted)


def _stop(status: PhaseStatus) -> Iterator[Shown]:
    stopped, refused = status.stopped, status.refused
    if stopped is not None and status.undoing is None and not _again(status):
        # How to settle it is no matter any more where it is.
        yield from _stopped(replace(stopped, hint=None) if status.settled else stopped, "stopped")
    if status.killed is not None:
        yield f"  the last run was killed at {status.killed.where} ({status.killed.at})"
    if refused is not None and status.undoing is None:
        yield from _stopped(refused, "stopped" if _again(status) else "a run would stop")


def _again(status: PhaseStatus) -> bool:
    """Whether the next run would stop as the last one did, in whatever words."""
    stopped, refused = status.stopped, status.refused
    return (
        stopped is not None
        and refused is not None
        and (stopped.where, stopped.kind) == (refused.where, refused.kind)
    )


def stop_line(stopped: Stopped, how: str) -> Line:
    """Where a run stopped, or would, and why; in the colours of the run."""
    return Line(
        f"  {how} at {stopped.where} ({stopped.at}): {printable(on_one_line(stopped.message))}",
        "yellow" if stopped.kind in WAITING else "bold red",
    )


def _stopped(stopped: Stopped, how: str) -> Iterator[Shown]:
    yield stop_line(stopped, how)
    for mismatch in stopped.mismatches:
        yield Line(f"    - {printable(on_one_line(mismatch.message))}", "red")
        if stopped.kind == "conflict":
            # Without them the message says nothing; of a check there is a whole output to see.
            yield from (f"        {printable(line)}" for line in mismatch.details)
        if mismatch.hint:
            yield f"        hint: {printable(mismatch.hint)}"
    if stopped.kind in WAITING:
        yield from (f"  {printable(line)}" for line in _lines_of(waiting_lines(stopped)))
    elif stopped.output and (stopped.kind == "refused" or not stopped.log):
        # Of what git or a hook says there is no log to look into.
        yield indent(printable(stopped.output), "    ")
    if stopped.hint:
        yield f"    hint: {printable(on_one_line(stopped.hint))}"


def _lines_of(texts: Iterable[str]) -> Iterator[str]:
    return (line for text in texts for line in text.split("\n"))


def _next(
    status: PhaseStatus, root: Path, following: str | None, work: tuple[str, ...]
) -> Iterator[Shown]:
    left = f"{status.left} of {count(len(status.tasks), 'task')} left"
    run = f"{program()} run {status.phase}"
    if status.locked_by is not None:
        at = "" if status.at is None else f", at {status.at.where} ({status.at.at})"
        yield f"  {status.at_work}{at}"
        if status.at is not None and status.at.asks:
            yield f"  {ASKS}"
        yield from work
    elif status.undoing is not None:
        undo = f"{program()} undo {status.undoing}"
        yield f"  an undo of {status.undoing} is not finished; to go on with it: {undo}"
    elif status.complete:
        then = f"; next: {program()} run {following}" if following else ""
        yield Line(f"  complete{then}", "green")
    elif status.tasks and all(task.mark == "undone" for task in status.tasks):
        yield f"  undone; to do it again: {run} --restart"
    elif status.waits_for and status.mark == "to do":
        first = f"{program()} run {status.waits_for[0]}"
        if status.waits_for[0] in status.restarts:
            first += " --restart"
        yield f"  waits for {enumerated(status.waits_for)}; first: {first}"
    elif status.refused is not None:
        if status.left:
            yield f"  {left}." if status.mark != "to do" else "  not begun."
        yield from _choices(status.refused, root)
        yield from _looks(status.refused)
    elif status.mark == "to do":
        # What was put into a phase that was complete leaves tasks of it done.
        none = status.left == len(status.tasks)
        yield f"  not begun; to begin: {run}" if none else f"  {left}; to go on: {run}"
    elif status.stopped is not None:
        yield f"  {left}."
        stopped = status.stopped
        if status.settled:
            stopped = replace(stopped, kind="interrupted", mismatches=())
            yield "  What it stopped for is settled."
        elif status.handed_to:
            yield printable(f"  A new run has `{short(status.handed_to)}` try it again.")
        yield from _choices(stopped, root)
        yield from _looks(stopped)
    elif status.killed is not None:
        yield f"  {left}."
        yield from _choices(status.killed.as_stop(), root)
    elif status.left:
        yield f"  {left}; to go on: {run}"
    else:
        yield f"  no task is left; to complete it: {run}"


def _choices(stopped: Stopped, root: Path) -> Iterator[Shown]:
    first, *others = choice_lines(stopped, root)
    yield Line(f"  {first}", "bold")
    yield from (f"  {line}" for line in others)


def _looks(stopped: Stopped) -> Iterator[str]:
    """What tells more about a stop at a step, or of a service, whose output no command shows."""
    has_output = stopped.log and not wrote_nothing(stopped)
    if not is_step(stopped.where):
        if has_output:
            yield printable(f"  The whole output: {stopped.log}")
        return
    task = task_of(stopped.where)
    yield f"  To look closer: {program()} show {task}"
    if has_output:
        yield f"  The whole output: {program()} log --output {stopped.where}"


def list_lines(series: Series, statuses: list[PhaseStatus]) -> Iterator[str]:
    """One line a phase, and how many are left."""
    if series.title:
        yield printable(series.title)
    width = max((len(status.phase) for status in statuses), default=0)
    for status in statuses:
        tasks = _tasks_done(status)
        yield f"{box(status.mark)} {status.phase:<{width}}  {_title(status)}  ({tasks})"
    left = sum(not status.complete for status in statuses)
    yield f"{left} of {count(len(statuses), 'phase')} left"


def _left_out(status: PhaseStatus) -> str:
    numbers = {how: sum(t.mark == how for t in status.tasks) for how in ("skipped", "undone")}
    return "".join(f", {number} {how}" for how, number in numbers.items() if number)


def _title(status: PhaseStatus) -> str:
    return printable(status.title.strip().partition("\n")[0])


def _about(task: TaskStatus, *, is_changed: bool = False) -> str:
    match task.mark:
        case "undone":
            return "  (undone)"
        case "skipped":
            return f"  (skipped: {printable(task.reason or '')})"
        case _:
            commits = ", ".join(each[:9] for each in task.commits)
            again = "  to verify again" if task.mark == "to verify again" else ""
            changed = "  changed in the phase file since" if is_changed else ""
            return (f"  ({commits})" if commits else "") + again + changed


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
