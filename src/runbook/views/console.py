"""The run on screen: plain lines that stay, and on a terminal a live one for what runs now."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from runbook.core.model.ids import phase_of
from runbook.core.record import events, stepevents
from runbook.core.record.auditevents import AuditEvent
from runbook.core.record.delegateevents import DelegateBegan, DelegateEvent, JudgementBegan
from runbook.core.record.events import Event
from runbook.core.record.ledgerevents import LedgerEvent
from runbook.core.record.stepevents import ManualEvent, StepEvent
from runbook.core.record.verbevents import PassedOver, TaskReopened, VerbEvent
from runbook.core.text.printable import printable
from runbook.views.audit import Audited
from runbook.views.delegates import delegate_lines
from runbook.views.ledger import ledger_lines
from runbook.views.running import Running
from runbook.views.steps import manual_lines, step_lines
from runbook.views.verbs import verb_lines
from runbook.views.words import short


class Live(Protocol):
    """A line that changes in place while something runs."""

    def show(self, what: str) -> None:
        """Begin to show what runs now."""

    def update(self, line: str) -> None:
        """Show the latest line of its output."""

    def hide(self) -> None:
        """Take the line away."""

    def write(self, text: str, style: str) -> None:
        """Write lines that stay, above it."""


class PlainLines:
    """Append-only lines, for files, pipes and logs of CI."""

    def show(self, what: str) -> None:
        """Show nothing: what ends is written when it ends."""

    def update(self, line: str) -> None:
        """Show nothing."""

    def hide(self) -> None:
        """Hide nothing."""

    def write(self, text: str, style: str) -> None:  # noqa: ARG002
        """Write lines at once, so that a killed run leaves all it said."""
        print(text, flush=True)


class Console:
    """Writes what happens in a run, event by event."""

    def __init__(
        self,
        live: Live,
        roots: Mapping[str, Path],
        program: str = "runbook",
        titles: Mapping[str, str] | None = None,
    ) -> None:
        """Write to `live`; a stop names the phase's root and how to call `program` again.

        `titles` are those of the phases, for one that is refused before it begins.
        """
        self._live = live
        self._program = program
        self._said = False
        self._running = Running(roots, program, titles or {})
        self._audited = Audited()

    def show(self, event: Event) -> None:
        """Write one event."""
        match event:
            case stepevents.CommandOutput(line=line):
                self._live.update(printable(line))
                return
            case stepevents.CommandBegan(command=command, state=state):
                begin = f" at the {state}'s start" if state not in ("", "commit") else ""
                self._live.show(f"{short(command)}{begin}")
                return
            case DelegateBegan(command=command):
                self._live.show(short(command))
            case JudgementBegan(command=command, state=state):
                self._live.show(f"{short(command)} ({state})")
                return
            case events.ServiceBegan(name=name, command=command):
                self._live.show(f"service {name}: {short(command)}")
                return
            case _:
                self._live.hide()
        for text, style in self._lines(event):
            # A blank line parts a thing from what was said before it.
            if text or self._said:
                self._live.write(printable(text), style)
                self._said = True

    def advise(self, line: str) -> None:
        """Write what is no event: what to do next."""
        self._live.write(printable(line), "")

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._live.hide()

    def _lines(self, event: Event) -> Iterator[tuple[str, str]]:
        if isinstance(event, StepEvent):
            yield from step_lines(event)
        elif isinstance(event, ManualEvent):
            yield from manual_lines(event)
        elif isinstance(event, DelegateEvent):
            yield from delegate_lines(event)
        elif isinstance(event, LedgerEvent):
            yield from ledger_lines(event)
        elif isinstance(event, VerbEvent):
            if isinstance(event, PassedOver):
                yield from self._running.headed(event.phase)
            elif isinstance(event, TaskReopened):
                yield from self._running.headed(phase_of(event.task))
            yield from verb_lines(event, self._program)
        elif isinstance(event, AuditEvent):
            yield from self._audited.lines(event)
        else:
            yield from self._running.lines(event)


def console(roots: Mapping[str, Path], titles: Mapping[str, str], program: str) -> Console:
    """The console for standard output: with a live line on a terminal, plain lines elsewhere."""
    if sys.stdout.isatty():
        from runbook.views.terminal import Terminal

        return Console(Terminal(), roots, program, titles)
    return Console(PlainLines(), roots, program, titles)
