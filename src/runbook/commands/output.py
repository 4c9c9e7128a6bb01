"""Where the events of a run go: the screen, standard output as JSON, a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, TextIO

import typer

from runbook.core.model.model import Phase
from runbook.core.record.events import Event
from runbook.core.text.printable import printable
from runbook.core.value import value
from runbook.series.opening import UsageError, program
from runbook.views.screen import can_change

Json = Annotated[bool, typer.Option("--json", help="Write JSON lines, for programs.")]

EventsFile = Annotated[
    Path | None,
    typer.Option("--events", metavar="FILE", help="Also write the events to FILE, as JSON lines."),
]


@value
class Output:
    """How a command was asked to show events: as JSON lines, and in a file as well."""

    json: bool
    file: Path | None
    quiet: bool = False
    notify: bool = False


def _private(file: Path) -> TextIO:
    """Open a file to write, which only its owner may read if it is new, as with the journal."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    return os.fdopen(os.open(file, flags, 0o600), "w", encoding="ascii")


class Views:
    """Every view of a run, each of which is shown every event."""

    def __init__(
        self,
        roots: Mapping[str, Path],
        phases: Sequence[Phase],
        output: Output,
    ) -> None:
        """Choose them: `roots` are those of the phases.

        Raises:
            UsageError: the file can't be written.

        """
        from runbook.views.console import console
        from runbook.views.jsonlines import JsonLines

        self._notify = output.notify
        with ExitStack() as stack:
            self._console = None
            if not output.json:
                self._console = console(roots, phases, program(), quiet=output.quiet)
            first = self._console or JsonLines(sys.stdout)
            self._views = [first]
            stack.callback(first.close)
            if output.file is not None:
                try:
                    out = stack.enter_context(_private(output.file))
                except OSError as error:
                    message = f"{output.file} can't be written: {error.strerror}"
                    raise UsageError(message) from None
                self._views.append(JsonLines(out))
            self._closing = stack.pop_all()

    def show(self, event: Event) -> None:
        """Show one event in every view."""
        for view in self._views:
            view.show(event)

    def advise(self, line: str, style: str = "") -> None:
        """Say to a person, where one looks on, what is no event of the run."""
        if self._console is not None:
            self._console.advise(line, style)

    def ring(self, text: str) -> None:
        """Draw a person's attention to the terminal, where that was asked for."""
        if self._notify and can_change():
            # OSC 9 is a notice of the desktop; who does not know it rings for the end of it.
            sys.stdout.write(f"\x1b]9;{printable(text)}\x07\x07")
            sys.stdout.flush()

    def close(self) -> None:
        """Leave the terminal as it was, and the file whole."""
        self._closing.close()
