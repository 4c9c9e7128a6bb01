"""Asks on the terminal: before each step whether to carry it out, and where one is a person's."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

from runbook.core.model.ids import last, phase_of
from runbook.core.record.described import short
from runbook.core.record.events import Stopped
from runbook.core.text.printable import printable
from runbook.views.screen import fitted
from runbook.views.stops import waiting_lines
from runbook.views.words import indent

_HELP = "yes carries it out, no leaves it out, show shows what it would do, quit ends the run"
_HELP_WAITING = {
    "manual": "yes takes it as done, show shows what was changed, no and quit let it wait",
    "confirm": "yes goes on, no stops here, show shows what is not committed, quit lets it wait",
}


class Asker:
    """Questions on standard output, answered on standard input; a signal is an answer, too."""

    def __init__(self, interrupts: int, roots: Mapping[str, Path]) -> None:
        """Ask until `interrupts`, a descriptor, becomes readable; `roots` are those of phases."""
        self._interrupts = interrupts
        self._roots = roots
        self._typed = b""
        self._told = ""

    def __call__(
        self, where: str, kind: str, subject: str, preview: Callable[[], str]
    ) -> Literal["yes", "no", "quit"]:
        """Ask about a step until the answer is one; the end of the input is `quit`."""
        name = last(where)
        return self._answer(f"  {name}: {kind} {short(subject)}?", preview, _HELP)

    def ask(self, waiting: Stopped, show: Callable[[], str]) -> Literal["yes", "no", "quit"]:
        """Tell what a step waits for, and ask whether it is done, or so."""
        if waiting.where != self._told:
            root = self._roots[phase_of(waiting.where)]
            print(fitted(printable(f"  {waiting.kind:<7} {last(waiting.where)}, in {root}:")))
            for text in waiting_lines(waiting):
                print(fitted(printable(indent(text, "  "))))
            self._told = waiting.where
        question = "is it so?" if waiting.kind == "confirm" else "done?"
        return self._answer(f"  {question}", show, _HELP_WAITING[waiting.kind])

    def why(self, waiting: Stopped) -> str | None:
        """Ask why work is done of which nothing was changed; no answer is none."""
        names = ", ".join(each.path for each in waiting.watched)
        print(fitted(printable(f"  none of its files is changed: {names}")))
        self._write("  why is it done all the same? (no answer: it is not) ")
        return (self._line() or "").strip() or None

    def _answer(
        self, question: str, show: Callable[[], str], help: str
    ) -> Literal["yes", "no", "quit"]:
        while True:
            self._write(printable(question) + " [yes/no/show/quit] ")
            line = self._line()
            match line and line.strip().lower():
                case "y" | "yes":
                    return "yes"
                case "n" | "no":
                    return "no"
                case "s" | "show":
                    print(printable(indent(show(), "    ")))
                case "q" | "quit" | None:
                    return "quit"
                case _:
                    print(fitted(f"    {help}"))

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def _line(self) -> str | None:
        """The next line; `None` at the end of the input or on a signal."""
        while b"\n" not in self._typed:
            ready, _, _ = select.select([sys.stdin.fileno(), self._interrupts], [], [])
            if self._interrupts in ready:
                print()
                return None
            more = os.read(sys.stdin.fileno(), 4096)
            if not more:
                print()
                return None
            self._typed += more
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode("utf-8", "replace")
