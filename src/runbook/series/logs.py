"""What was recorded of the runs of a series: `log`, as its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.model.ids import within
from runbook.core.record.history import Recorded, as_a_whole, log_of, steps_with_output, summaries
from runbook.core.record.proofs import CommitNote, read_notes
from runbook.core.record.stepevents import CommandBegan
from runbook.series.naming import named
from runbook.series.opening import Opened, UsageError, open_series
from runbook.views.screen import program
from runbook.world.files.journallock import locked_by
from runbook.world.files.journalrecords import read_history
from runbook.world.git.gitcommand import git
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.heads import NOTES

if TYPE_CHECKING:
    from runbook.views.lines import Shown

_LINES = 5
"""Lines of its output that are shown of a command that runs."""

_END = 4 * 2**10


def runs(*, json: bool = False) -> Iterator[Shown]:
    """Every run, the latest first; by worktree, where there are several."""
    from runbook.views.history import run_lines
    from runbook.views.jsonlines import state_line

    opened = open_series()
    found_in = journals(opened)
    histories = {place: read_history(folder) for place, folder in found_in.items()}
    whole = {each.run: each for each in summaries(as_it_happened(histories.values()))}
    at_work: dict[str, str] = {}
    for place, history in histories.items():
        process = locked_by(found_in[place])
        if process is not None and history:
            at_work[history[-1].run] = process
    for place, history in histories.items():
        # A run may have ended in another worktree than it began in.
        found = [as_a_whole(each, whole[each.run]) for each in summaries(history)]
        if json:
            yield from map(state_line, found)
            continue
        if len(found_in) > 1:
            yield f"in {place}:"
        yield from run_lines(found, at_work)


def events_of(run: str, *, json: bool = False) -> Iterator[Shown]:
    """What happened in a run, given by its identifier or an unmistakable part of it.

    Raises:
        UsageError: there is no such run, or there are several.
    """
    from runbook.views.history import event_lines
    from runbook.views.jsonlines import recorded_line

    opened = open_series()
    history = _history(opened)
    run = run_named(run, history)
    found = [each for each in history if each.run == run]
    if not json:
        phases = opened.loaded.phases
        # Of a phase that is not in the series any more, the checkout's.
        roots = defaultdict(lambda: opened.checkout.root, opened.roots)
        yield from event_lines(found, roots, phases)
        return
    from runbook.series.details import details_of

    yield from map(recorded_line, details_of(opened).among(found))


def output_of(step: str, run: str | None) -> Path:
    """Where the whole output of a step's latest command is.

    Raises:
        UsageError: there is none.
    """
    opened = open_series()
    history = _history(opened)
    if run is not None:
        run = run_named(run, history)
    step = _step_named(opened, step, steps_with_output(history))
    found = log_of(history, step, run)
    if found is None:
        raise UsageError(f"no output of {step} is recorded{f' in run {run}' if run else ''}")
    path = Path(found)
    if not path.is_file():
        raise UsageError(f"the output of {step} is gone: {path}")
    return path


def evidence_of(revision: str, *, json: bool = False) -> Iterator[str]:
    """What the note of a commit says.

    Raises:
        UsageError: there is no such commit, or it has no note of ours.
    """
    from runbook.views.evidence import note_lines
    from runbook.views.jsonlines import state_line

    opened = open_series()
    root = opened.checkout.root
    try:
        shown = git(
            root, "rev-parse", "-q", "--verify", "--end-of-options", f"{revision}^{{commit}}"
        )
    except GitFailed:
        raise UsageError(f"there is no commit `{revision}`") from None
    commit = shown.decode().strip()
    notes: list[CommitNote] = read_notes(opened.ledger.note(commit))
    if not notes:
        raise UsageError(
            f"{commit[:9]} carries no evidence: runbook did not make it, or made it with "
            f"--no-notes, or its note was not fetched (git fetch origin {NOTES}:{NOTES})"
        )
    for note in notes:
        yield from [state_line(note)] if json else note_lines(commit, note)


def journals(opened: Opened) -> dict[str, Path]:
    """The journals' folders by the worktree that they are of."""
    return {
        phase.settings.worktree or str(opened.checkout.root): opened.journal(phase)
        for phase in opened.loaded.phases
    }


def _history(opened: Opened) -> list[Recorded]:
    return as_it_happened(read_history(folder) for folder in journals(opened).values())


def as_it_happened(histories: Iterable[list[Recorded]]) -> list[Recorded]:
    """The events of several journals by their times, those of each in the order it has."""
    return list(merge(*histories, key=lambda each: each.time or 0.0))


def run_named(name: str, history: list[Recorded]) -> str:
    """The identifier of the run meant: it is given as a part, or is the `last`.

    Raises:
        UsageError: there is no such run, or there are several.
    """
    known = list(dict.fromkeys(each.run for each in history))
    if name in known:
        return name
    if name == "last" and known:
        return known[-1]
    found = [run for run in known if name in run]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"`{name}` may be any of these runs: {', '.join(found)}")
    raise UsageError(f"there is no run `{name}`; to see all: {program()} log")


def _step_named(opened: Opened, name: str, known: list[str]) -> str:
    """The step meant among those with an output: by itself, or as the only one of a task."""
    if name in known:
        # It may be of a phase that is not there any more.
        return name
    meant = named(opened, name, "task", "verification", "step")
    having = [step for step in known if within(step, meant.id)]
    if len(having) > 1:
        raise UsageError(f"`{name}` is no step; name one of it (there are: {', '.join(having)})")
    if not having:
        there = ", ".join(known) or "none"
        raise UsageError(f"no output of {meant.id} is recorded (there are: {there})")
    return having[0]


def under_way(folder: Path) -> tuple[str, ...]:
    """What is known of the command that runs now: for how long, and the end of its output."""
    from time import time

    from runbook.core.text.printable import printable
    from runbook.views.words import seconds

    latest = None
    for latest in read_history(folder):  # noqa: B007
        pass
    if latest is None or not isinstance(latest.event, CommandBegan) or latest.time is None:
        return ()
    name = latest.event.step.replace("/", "--")
    logs = (folder / "logs" / latest.run).glob(f"{name}[.-]*log")
    log = max(logs, key=lambda each: each.stat().st_mtime_ns, default=None)
    lines = []
    if log is not None:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _END))
            lines = file.read().decode("utf-8", "replace").splitlines()[-_LINES:]
    took = seconds(max(0.0, time() - latest.time))
    return (f"  it has run for {took}", *(f"    | {printable(each)}" for each in lines))
