"""The runs of a worktree in words: `log`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from runbook.core.model.model import Phase
from runbook.core.record.exits import WAITS
from runbook.core.record.history import Recorded, RunSummary
from runbook.core.record.stepevents import CommandOutput
from runbook.core.text.counting import count, enumerated
from runbook.core.text.lines import on_one_line
from runbook.core.text.printable import printable
from runbook.views.console import Console
from runbook.views.lines import Line, Shown
from runbook.views.live import PlainLines


def run_lines(runs: list[RunSummary], at_work: Mapping[str, str]) -> Iterator[Shown]:
    """Every run with its outcome, the latest first; `at_work` are processes of those under way."""
    for run in reversed(runs):
        subject = enumerated(run.phases) or f"worktree {run.removed}"
        if run.verb != "run":
            subject = f"{run.verb} of {subject}"
        made = f", {count(len(run.commits), 'commit')}" if run.commits else ""
        yield f"{run.run}  {subject}: {_outcome(run, at_work.get(run.run))}{made}"
        if run.stopped_at is not None and run.exit != 0:
            text = f"    stopped at {run.stopped_at}: {printable(on_one_line(run.message or ''))}"
            yield Line(text, "yellow" if run.exit == WAITS else "red")
    if not runs:
        yield "no run yet"


def _outcome(run: RunSummary, at_work: str | None) -> str:
    if run.exit is None:
        return "was killed" if at_work is None else f"at work now (process {at_work})"
    if run.exit == 0:
        return "done" if run.removed is None else "removed"
    return f"exit status {run.exit}"


class _Collected(PlainLines):
    """Lines that are kept instead of shown."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def write(self, text: str, style: str) -> None:
        self.lines.append((text, style))


def event_lines(
    history: Iterable[Recorded], roots: Mapping[str, Path], phases: Sequence[Phase]
) -> Iterator[Line]:
    """What a run showed, each line with the time (UTC) of what it is about."""
    from datetime import UTC, datetime

    collected = _Collected()
    console = Console(collected, roots, phases)
    for each in history:
        if isinstance(each.event, CommandOutput):
            continue
        console.show(each.event)
        when = "        "
        if each.time is not None:
            when = datetime.fromtimestamp(each.time, UTC).strftime("%H:%M:%S")
        for text, style in collected.lines:
            yield Line(text, style, f"{when}  " if text else "")
        collected.lines.clear()
