"""The run on screen: plain lines that stay, and on a terminal a live one for what runs now."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from runbook.core.model.ids import inside, phase_of, task_of
from runbook.core.model.model import Phase, Verify
from runbook.core.record import events, stepevents
from runbook.core.record.aheadevents import NotTakenAhead
from runbook.core.record.auditevents import AuditBegan, AuditEvent
from runbook.core.record.delegateevents import DelegateBegan, DelegateEvent, JudgementBegan
from runbook.core.record.described import short, start_of
from runbook.core.record.events import Event, Stopped
from runbook.core.record.ledgerevents import LedgerEvent
from runbook.core.record.manualevents import ManualEvent
from runbook.core.record.stepevents import StepEvent, Tally
from runbook.core.record.verbevents import PassedOver, TaskReopened, VerbEvent
from runbook.core.text.printable import printable
from runbook.views.audit import Audited
from runbook.views.charset import mark
from runbook.views.delegates import delegate_lines
from runbook.views.ledger import ledger_lines
from runbook.views.live import PlainLines
from runbook.views.running import Running
from runbook.views.screen import can_change
from runbook.views.steps import manual_lines, step_lines
from runbook.views.verbs import verb_lines

_URGENT = {"yellow", "red", "bold red", "bold green"}
"""Styles of what is written of a quiet run: what needs a person, and how a phase ended."""

_LONG = 0.3
"""Seconds after which a commit is shown to be under way: most are there at once."""


class Checks:
    """The checks of some phases, as they are called where they run ahead."""

    def __init__(self, phases: Sequence[Phase]) -> None:
        self._names: dict[str, str] = {
            where: f"{inside(where)} ahead: {short(step.command)}"
            for phase in phases
            for where, step in phase.named_steps()
            if isinstance(step, Verify)
        }

    def ahead(self, steps: Sequence[str]) -> list[str]:
        """What is shown of those that run ahead now."""
        return [printable(self._names.get(each, each)) for each in steps]


class Console:
    """Writes what happens in a run, event by event."""

    def __init__(
        self,
        live: PlainLines,
        roots: Mapping[str, Path],
        phases: Sequence[Phase] = (),
        *,
        quiet: bool = False,
    ) -> None:
        """Write to `live`; a stop names the phase's root.

        `phases` are those of the run. With `quiet` only what needs a person is written, and how
        a phase ended.
        """
        titles = {each.id: each.title or each.goal for each in phases}
        self._places = {
            task.id: f"task {number} of {len(phase.tasks)}"
            for phase in phases
            for number, task in enumerate(phase.tasks, 1)
        }
        self._checks = Checks(phases)
        self._quiet = quiet
        self._live = live
        self._said = False
        self._before = ""  # the step whose check looks at a starting state now
        self._running = Running(roots, titles)
        self._audited = Audited()

    def show(self, event: Event) -> None:
        """Write one event."""
        self._running.note(event)
        match event:
            case stepevents.CommandOutput(step, line, tally, others):
                # On the code from before tests are to fail.
                shown = None if step == self._before else tally
                for name in shown.failing if shown is not None else ():
                    self._live.note(f"          {mark('✗', 'x')} {printable(name)}", "red")
                ahead = self._checks.ahead(others)
                self._live.update(printable(line), self._far(step, tally), ahead)
                return
            case NotTakenAhead():
                return  # its command is run now
            case stepevents.CommandBegan(step, command, state, usual=usual):
                before = state not in ("", "commit")
                self._before = step if before else ""
                begin = f"at {start_of(state)}: " if before else ""
                self._live.show(printable(f"{begin}{short(command)}"), usual)
                return
            case DelegateBegan(command=command):
                self._live.show(printable(short(command)))
            case JudgementBegan(step, command=command, state=state):
                self._before = "" if state in ("after", "here") else step
                self._live.show(printable(f"{short(command)} ({state})"))
                return
            case stepevents.CommitIntended() if not os.environ.get("GPG_TTY"):
                # Hooks may take long. Where git asks for a passphrase, it does so on this terminal.
                self._live.show("git commit", after=_LONG)
                return
            case events.ServiceBegan(name=name, command=command):
                self._live.show(printable(f"service {name}: {short(command)}"))
                return
            case _:
                self._live.hide()
        for text, style in self._lines(event):
            if self._quiet and not (style in _URGENT or isinstance(event, Stopped)):
                continue
            # A blank line parts a thing from what was said before it.
            if text or self._said:
                self._live.write(printable(text), style)
                self._said = True

    def _far(self, step: str, tally: Tally | None) -> str:
        """How far the tests are, and the tasks."""
        told = []
        if tally is not None and (tally.total or tally.done):
            total = "" if tally.total is None else f" of {tally.total}"
            told.append(f"{tally.done}{total} tests")
            if tally.failed:
                told[-1] += f", {tally.failed} failed"
        if told and task_of(step) in self._places:
            told.append(self._places[task_of(step)])
        return mark(" · ", "; ").join(told)

    def advise(self, line: str, style: str = "") -> None:
        """Write what is no event: what to do next."""
        self._live.write(printable(line), style)

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
            yield from verb_lines(event)
        elif isinstance(event, AuditEvent):
            if isinstance(event, AuditBegan):
                yield from self._running.headed(event.phase)
            yield from self._audited.lines(event)
        else:
            yield from self._running.lines(event)


def live_lines() -> PlainLines:
    """Lines on standard output, with a live one where what was written can change."""
    if not can_change():
        return PlainLines()
    from runbook.views.terminal import Terminal

    return Terminal()
