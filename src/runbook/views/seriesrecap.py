"""A run over several phases, told together at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from runbook.core.record.auditevents import AuditEnded
from runbook.core.record.delegateevents import TestsDoubted
from runbook.core.record.events import Event, PhaseAlreadyComplete, PhaseCompleted
from runbook.core.record.manualevents import Confirmed, ManualDone
from runbook.core.record.status import PhaseStatus
from runbook.core.record.stepevents import VerifyPassed
from runbook.core.text.counting import count, enumerated
from runbook.views.words import seconds

_BEFORE = "complete before"
_FEW = 2
"""So many phases one after the other that were complete before have a line each; more have one."""


class SeriesRecap:
    """What became of each phase, and what somebody should know who did not look on."""

    def __init__(self, series: str, phases: int, again: str) -> None:
        """Tell of so many phases of a series; `again` goes on with them, if that can be done."""
        self._series = series
        self._phases = phases
        self._again = again
        self._complete: dict[str, str] = {}
        self._audited: list[AuditEnded] = []
        self._commits = 0
        self._duration = 0.0
        self._remarks: list[str] = []

    def take(self, event: Event) -> None:
        """Take in one event of the run."""
        match event:
            case PhaseCompleted(phase, _, commits, duration):
                made = count(commits, "commit") if commits else "no commit"
                self._complete[phase] = f"{made}, {seconds(duration)}"
                self._commits += commits
                self._duration += duration
            case PhaseAlreadyComplete(phase=phase):
                self._complete[phase] = _BEFORE
            case AuditEnded():
                self._audited.append(event)
            case VerifyPassed(step, flaky) if flaky:
                self._remarks.append(f"flaky: {step}, {count(flaky, 'try')} failed before")
            case ManualDone(step=step, by=by) if by:
                self._remarks.append(f"done by a delegate: {step}")
            case ManualDone(step=step, warnings=warnings) | TestsDoubted(step, warnings):
                self._remarks += [f"to be looked at: {step}: {each}" for each in warnings]
            case Confirmed(step=step, unattended=True):
                self._remarks.append(f"nobody looked: {step}")
            case _:
                pass

    def lines(
        self, status: int, standing: Callable[[], list[PhaseStatus]]
    ) -> Iterator[tuple[str, str]]:
        """The lines of a run that ended with this status, each with a style.

        After a stop they are few: its own say what to do, and are not to be driven off the screen.
        They count the phases that are complete by `standing`, also those not come to again.
        """
        if self._phases < 2:
            return
        of = self._phases
        if status != 0:
            series = standing() if self._again else []
            if series:
                done = sum(each.complete for each in series)
                yield "", ""
                yield f"{done} of {of} phases are complete. To go on with all: {self._again}", ""
            return
        if self._audited:
            checks = sum(each.checks for each in self._audited)
            yield "", ""
            holds = f"hold{'s' if checks == 1 else ''}"
            yield f"{count(checks, 'check')} of {len(self._audited)} phases {holds}.", "bold green"
            return
        if not self._duration:
            return  # Nothing was done.
        done = len(self._complete)
        every = "all" if self._series else "All"
        whole = f"{every} {of} phases are" if done == of else f"{done} of {of} phases are"
        title = f"{self._series}: " if self._series else ""
        yield "", ""
        yield (
            f"{title}{whole} complete, {count(self._commits, 'commit')}, "
            f"{seconds(self._duration)}.",
            "bold green",
        )
        rows = list(self._rows())
        width = max(len(phases) for phases, _ in rows)
        for phases, told in rows:
            yield f"  {phases:<{width}}  {told}", ""
        for remark in self._remarks:
            yield f"  {remark}", "yellow"

    def _rows(self) -> Iterator[tuple[str, str]]:
        """Each phase, or several, with what became of it."""
        for told, group in groupby(self._complete.items(), key=lambda each: each[1]):
            phases = [phase for phase, _ in group]
            if told == _BEFORE and len(phases) > _FEW:
                yield enumerated(phases), told
            else:
                yield from ((phase, told) for phase in phases)
