"""Asks on the terminal, before each step, whether it is to be carried out."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable
from typing import Literal

from runbook.core.model.ids import last
from runbook.core.text.printable import printable
from runbook.views.words import indent

_HELP = "yes carries it out, no leaves it out, show shows what it would do, quit ends the run"


class Asker:
    """Questions on standard output, answered on standard input; a signal is an answer, too."""

    def __init__(self, interrupts: int) -> None:
        """Ask until `interrupts`, a descriptor, becomes readable."""
        self._interrupts = interrupts
        self._typed = b""

    def __call__(
        self, where: str, kind: str, subject: str, preview: Callable[[], str]
    ) -> Literal["yes", "no", "quit"]:
        """Ask about a step until the answer is one; the end of the input is `quit`."""
        name = last(where)
        first = subject.partition("\n")[0]
        while True:
            sys.stdout.write(printable(f"  {name}: {kind} {first}? ") + "[yes/no/show/quit] ")
            sys.stdout.flush()
            line = self._line()
            match line and line.strip().lower():
                case "y" | "yes":
                    return "yes"
                case "n" | "no":
                    return "no"
                case "s" | "show":
                    print(printable(indent(preview(), "    ")))
                case "q" | "quit" | None:
                    return "quit"
                case _:
                    print(f"    {_HELP}")

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
