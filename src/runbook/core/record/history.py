"""The runs of a worktree, told from its recorded events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook.core.record import events, stepevents
from runbook.core.record.events import Event
from runbook.core.value import replace, value


@value
class Recorded:
    """One recorded event: by which run, when (seconds since the epoch, if known)."""

    run: str
    time: float | None
    event: Event


@value
class RunSummary:
    """One run: when, which phases, what it made, and how it ended.

    `exit` is `None` where it was killed, or is still at work; `stopped_at` the step, task or phase
    at which it stopped, `message` why; `removed` is the worktree that a `clean` took away. Times
    are in UTC. `verb` is the command that was given.
    """

    run: str
    began: str | None
    ended: str | None
    phases: tuple[str, ...]
    exit: int | None
    commits: tuple[str, ...] = ()
    stopped_at: str | None = None
    message: str | None = None
    removed: str | None = None
    verb: str = "run"


def steady(history: Iterable[Recorded]) -> Iterator[Recorded]:
    """The same events, with times that never go back within a run.

    Where the clock was set back, what follows is as much later as the time then was before it: what
    lay between two events keeps its length, but for those two.
    """
    latest: dict[str, float] = {}
    shifts: dict[str, float] = {}
    for each in history:
        time = each.time
        if time is not None:
            time += shifts.get(each.run, 0.0)
            before = latest.get(each.run, time)
            if time < before:
                shifts[each.run] = shifts.get(each.run, 0.0) + before - time
                time = before
            latest[each.run] = time
        yield Recorded(each.run, time, each.event)


def summaries(history: Iterable[Recorded]) -> list[RunSummary]:
    """Every run of a history, the first one first."""
    by_run: dict[str, list[Recorded]] = {}
    for each in steady(history):
        by_run.setdefault(each.run, []).append(each)
    return [_summary(run, records) for run, records in by_run.items()]


def as_a_whole(part: RunSummary, whole: RunSummary) -> RunSummary:
    """What a run did in one worktree, and how all of it ended."""
    return replace(
        part, ended=whole.ended, exit=whole.exit, stopped_at=whole.stopped_at, message=whole.message
    )


def _summary(run: str, records: list[Recorded]) -> RunSummary:
    phases: dict[str, None] = {}
    exit: int | None = None
    commits = []
    stopped: events.Stopped | None = None
    removed: str | None = None
    verb = "run"
    for each in records:
        match each.event:
            case events.RunBegan(phases=named, verb=verb):
                phases |= dict.fromkeys(named)
                exit = None
            case stepevents.CommitMade(commit=commit):
                commits.append(commit)
            case events.Stopped():
                stopped = each.event
            case events.RunEnded(exit=exit):
                pass
            case events.WorktreeRemovalPlanned(path=removed):
                pass
            case events.WorktreeRemoved(path=removed):
                exit = 0
            case _:
                pass
    return RunSummary(
        run,
        utc(records[0].time) or _from_name(run),
        utc(records[-1].time),
        tuple(phases),
        exit,
        tuple(commits),
        None if stopped is None else stopped.where,
        None if stopped is None else stopped.message,
        removed,
        verb,
    )


def utc(seconds: float | None) -> str | None:
    """A time as ISO 8601 has it, with milliseconds; `None` where it is not known."""
    if seconds is None:
        return None
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _from_name(run: str) -> str | None:
    """When a run began, as its identifier says it."""
    from datetime import datetime

    try:
        began = datetime.strptime(run.partition("-")[0], "%Y%m%dT%H%M%SZ")
    except ValueError:
        return None
    return began.isoformat() + "Z"


def log_of(history: Iterable[Recorded], step: str, run: str | None) -> str | None:
    """Where the output is of the latest command of a step, or of that which it stopped for.

    On a starting state it is the one meant only if the step stopped for what it did there.
    """
    found = None
    for each in history:
        if run not in (None, each.run):
            continue
        match each.event:
            case stepevents.CommandEnded(step=where, log=log, state="") if where == step:
                found = log
            case events.Stopped(where=where, log=log) if where == step and log:
                found = log
            case _:
                pass
    return found


def steps_with_output(history: Iterable[Recorded]) -> list[str]:
    """The steps whose commands left an output, in the order of their first."""
    ended = (each.event for each in history if isinstance(each.event, stepevents.CommandEnded))
    return list(dict.fromkeys(event.step for event in ended))
