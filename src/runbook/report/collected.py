"""A view that keeps what happens in a run, and reports it when the run has ended."""

from __future__ import annotations

import sys
from pathlib import Path

from runbook.core.record.events import RunBegan
from runbook.core.record.history import Recorded
from runbook.core.record.progress import GOING_ON
from runbook.core.record.stepevents import CommandOutput
from runbook.report.fold import fold

_SUMMARY = 1_000_000
"""Bytes that GitHub takes as the summary of a step: 1 MiB, with what others wrote."""


class Collected:
    """The events of a run; at its end they go to files, as JUnit XML and as Markdown."""

    def __init__(self, junit: Path | None, summary: Path | None) -> None:
        self._junit = junit
        self._summary = summary
        self._events: list[Recorded] = []
        self._verb = "run"

    def take(self, recorded: Recorded) -> None:
        """Keep one event; lines of output are not told of."""
        if isinstance(recorded.event, RunBegan):
            self._verb = recorded.event.verb
        if not isinstance(recorded.event, CommandOutput):
            self._events.append(recorded)

    def close(self) -> None:
        """Write the reports; what can't be written is said, and changes nothing of the run."""
        if not self._events:
            return
        story = fold(self._events, "the events of the run")
        if self._junit is not None:
            from runbook.report.junit import junit

            _write(self._junit, junit(story), "w")
        if self._summary is not None and self._verb in GOING_ON:
            from runbook.report.markdown import markdown

            text = markdown(story)
            if len(text.encode()) > _SUMMARY:
                text = text.encode()[: _SUMMARY // 2].decode("utf-8", "ignore") + "\n\n(cut)\n"
            _write(self._summary, text, "a")


def _write(file: Path, text: str, mode: str) -> None:
    try:
        with file.open(mode, encoding="utf-8", newline="") as out:
            out.write(text)
    except OSError as error:
        print(f"{file} can't be written: {error.strerror}", file=sys.stderr)
