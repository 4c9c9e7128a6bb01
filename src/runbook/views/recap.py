"""What a run did of a phase, looked back at when the phase is complete."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.ids import last, task_of, verification_id
from runbook.core.record import events, manualevents, stepevents
from runbook.core.record.events import Event
from runbook.core.text.counting import named
from runbook.core.value import field, mutable
from runbook.views.words import seconds

_MANY = 3
"""From so many tasks on they are listed again; of fewer all is still in view."""


@mutable
class _Row:
    commits: list[str] = field(default_factory=list)
    tests: str = ""
    duration: float | None = None


class Recap:
    """Takes note of the events of a phase, and sums them up."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._rows: dict[str, _Row] = {}
        self._facts = dict.fromkeys(
            ("seen to fail before", "reused", "flaky", "by hand", "by a delegate"), 0
        )
        self._dirty: dict[str, None] = {}

    def note(self, event: Event) -> None:
        """Take note of one event."""
        match event:
            case events.PhaseBegan() | events.PhaseResumed():
                self._forget()
            case stepevents.CommandEnded(step, state=""):
                self._row(task_of(step)).tests = event.tests
                self._facts["reused"] += bool(event.reused)
                self._dirty |= dict.fromkeys(event.dirty)
            case stepevents.FailedBefore():
                self._facts["seen to fail before"] += 1
            case stepevents.VerifyPassed(_, flaky) if flaky:
                self._facts["flaky"] += 1
            case manualevents.ManualDone(by=by):
                self._facts["by a delegate" if by else "by hand"] += 1
            case manualevents.Confirmed():
                self._facts["by hand"] += 1
            case stepevents.CommitMade(step, commit):
                self._row(task_of(step)).commits.append(commit[:9])
            case events.TaskDone(task, duration):
                self._row(task).duration = duration
            case _:
                pass

    def _row(self, task: str) -> _Row:
        return self._rows.setdefault(task, _Row())

    def lines(self, phase: str) -> Iterator[tuple[str, str]]:
        """A line for each task, if there are many, and what else is to be known."""
        done = {name: row for name, row in self._rows.items() if name != verification_id(phase)}
        if len(done) >= _MANY:
            table = [
                (
                    last(name),
                    ", ".join(row.commits),
                    row.tests,
                    "" if row.duration is None else seconds(row.duration),
                )
                for name, row in done.items()
            ]
            widths = [max(len(row[column]) for row in table) for column in range(3)]
            for row in table:
                cells = [
                    cell.ljust(width) for cell, width in zip(row, widths, strict=False) if width
                ]
                yield "  " + "  ".join([*cells, row[3]]).rstrip(), ""
            yield from ((f"  {line}", "") for line in self._told())
        if self._dirty:
            yield f"  checks saw changes that no commit has: {named([*self._dirty])}", "yellow"

    def _told(self) -> Iterator[str]:
        for what, names in (
            ("checks", ("seen to fail before", "reused", "flaky")),
            ("steps", ("by hand", "by a delegate")),
        ):
            facts = [f"{self._facts[name]} {name}" for name in names if self._facts[name]]
            if facts:
                yield f"{what}: {', '.join(facts)}"
