"""An audit in words."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.ids import last, task_of
from runbook.core.record import auditevents
from runbook.core.record.auditevents import AuditedCheckBegan, AuditEvent, CheckBroke
from runbook.core.text.counting import count
from runbook.core.text.lines import on_one_line
from runbook.views.stops import mismatch_lines
from runbook.views.words import indent

_LINES = 20
"""Lines of a command's output that a broken check shows; the rest is in the log."""


class Audited:
    """The lines of an audit's events under a phase's title; checks stand under their commit."""

    def __init__(self) -> None:
        self._commit = ""
        self._task = ""

    def lines(self, event: AuditEvent) -> Iterator[tuple[str, str]]:
        """The lines of an event of an audit, each with a style."""
        match event:
            case auditevents.AuditBegan(checks=checks, commits=commits):
                at = f" at {count(commits, 'commit')}" if commits else ""
                yield f"  {count(checks, 'check')} to make again{at}", ""
            case AuditedCheckBegan(command=command):
                yield from self._heading(event)
                yield f"  verify  {indent(command, ' ' * 10).strip()}", ""
            case auditevents.CheckMadeAlone():
                yield "          does not hold beside others, so it is made again alone", "yellow"
            case auditevents.CheckHeld():
                yield "          holds", "green"
            case CheckBroke():
                yield from _broke(event)
            case auditevents.AuditEnded(phase, checks, commits, beyond):
                yield "", ""
                if checks:
                    yield f"{phase}: every check holds at its commit.", "bold green"
                else:
                    yield f"{phase}: no check saw the state of a commit, so nothing is proved.", ""
                if beyond:
                    yield f"  not looked at, their state is in no commit: {', '.join(beyond)}", ""

    def _heading(self, event: AuditedCheckBegan) -> Iterator[tuple[str, str]]:
        task = last(task_of(event.step))
        if (task, event.commit) != (self._task, self._commit):
            self._task, self._commit = task, event.commit
            yield "", ""
            title = "" if task == "verification" else f": {event.title}"
            yield f"{task}{title}, at {event.commit[:9]}", "bold"


def _broke(event: CheckBroke) -> Iterator[tuple[str, str]]:
    yield "", ""
    yield (
        f"broken: {event.step} ({event.at}) at {event.commit[:9]}: {on_one_line(event.message)}",
        "bold red",
    )
    yield from mismatch_lines(event.mismatches)
    if event.output:
        yield "  the end of the output:", ""
        every = event.output.strip("\n").split("\n")
        yield from ((f"    | {line}", "") for line in every[-_LINES:])
    if event.log:
        yield f"  the whole output: {event.log}", ""
    yield "", ""
    yield f"To see what the commit is: git show {event.commit[:9]}", ""
