"""A run in the log of GitHub Actions: tasks as groups, and what is wrong beside the line meant."""

from __future__ import annotations

from collections.abc import Callable

from runbook.core.model.ids import last
from runbook.core.record import events, stepevents
from runbook.core.record.detailevents import TestSeen, TestsSeen
from runbook.core.record.events import WAITING, Event, Stopped
from runbook.core.text.counting import count
from runbook.core.text.printable import printable
from runbook.views.console import Console
from runbook.views.live import PlainLines
from runbook.views.workflow import END_GROUP, Level, annotation, group, harmless

_MOST = 9
"""Annotations of tests: GitHub shows ten errors of a step, and one is at the phase file."""


class LogLines(PlainLines):
    """Append-only lines, of which none is a command to GitHub."""

    def write(self, text: str, style: str) -> None:
        """Write lines at once."""
        super().write(harmless(text), style)


class GitHub:
    """Shows what a console shows, in groups, with annotations."""

    def __init__(self, console: Console, from_root: Callable[[str], str]) -> None:
        """Write by `console`; `from_root` makes a path of the phase files one from the root."""
        self._console = console
        self._from_root = from_root
        self._open = False
        self._at: dict[str, str] = {}
        self._tests: dict[str, tuple[TestSeen, ...]] = {}

    def show(self, event: Event) -> None:
        """Write one event."""
        match event:
            case events.TaskBegan(task, title) | events.TaskResumed(task, title):
                self._begin(f"{last(task)}: {title}")
            case events.VerificationBegan():
                self._begin("verification")
            case events.Stopped() | events.PhaseCompleted():
                self._end()
            case stepevents.StepBegan(step, at=at):
                self._at[step] = at
            case TestsSeen(step, "", tests):
                self._tests[step] = tests
            case _:
                pass
        self._console.show(event)
        if isinstance(event, events.TaskDone):
            self._end()
        elif isinstance(event, Stopped):
            self._annotate(event)
        elif isinstance(event, stepevents.VerifyPassed) and event.flaky:
            message = f"flaky: {count(event.flaky, 'try')} failed before it passed"
            self._say("warning", self._at.get(event.step, ""), event.step, message)

    def advise(self, line: str, style: str = "") -> None:
        """Write what is no event."""
        self._console.advise(line, style)

    def close(self) -> None:
        """Leave no group open."""
        self._end()
        self._console.close()

    def _annotate(self, stopped: Stopped) -> None:
        lines = [stopped.message]
        for mismatch in stopped.mismatches:
            lines += [f"- {mismatch.message}", *(f"    {each}" for each in mismatch.details)]
        if stopped.kind in WAITING:
            lines.append(stopped.output)
        level: Level = "notice" if stopped.kind in WAITING else "error"
        self._say(level, stopped.at, stopped.where, "\n".join(lines))
        failed = [each for each in self._tests.get(stopped.where, ()) if each.at]
        bad = [each for each in failed if each.outcome in ("failed", "error")]
        for test in bad[:_MOST] if stopped.kind == "unmet" else ():
            path, _, line = test.at.rpartition(":")
            place = {"file": path, "line": line, "title": test.test}
            print(annotation("error", place, printable(test.message)), flush=True)

    def _say(self, level: Level, at: str, title: str, message: str) -> None:
        path, line, column = at.rsplit(":", 2) if at.count(":") > 1 else ("", "", "")
        place = {
            "file": self._from_root(path) if path else "",
            "line": line,
            "col": column,
            "title": title,
        }
        print(annotation(level, place, printable(message)), flush=True)

    def _begin(self, title: str) -> None:
        self._end()
        print(group(printable(title)), flush=True)
        self._open = True

    def _end(self) -> None:
        if self._open:
            print(END_GROUP, flush=True)
        self._open = False
