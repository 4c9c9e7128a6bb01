"""Where the events of a run go: the screen, standard output as JSON, files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from runbook.commands.overwriting import given, refuse_others
from runbook.core.model.model import Phase
from runbook.core.record.history import Recorded
from runbook.core.record.stepevents import EditShown
from runbook.core.text.printable import printable
from runbook.core.value import value
from runbook.series.opening import Opened
from runbook.views.screen import is_terminal, is_unread, let_go

if TYPE_CHECKING:
    from runbook.report.collected import Collected
    from runbook.views.console import Console
    from runbook.views.github import GitHub
    from runbook.views.jsonlines import JsonLines

T = TypeVar("T")


@value
class Output:
    """How a command was asked to show events: as JSON lines, in files as lines and JUnit XML."""

    json: bool
    file: Path | None
    quiet: bool = False
    notify: bool = False
    junit: Path | None = None


class Views:
    """Every view of a run, each of which is shown every event."""

    def __init__(
        self, phases: Sequence[Phase], output: Output, opened: Opened, *, verbose: bool = False
    ) -> None:
        """Choose them; a `verbose` run shows its edits itself.

        Raises:
            UsageError: a file can't be written.
        """
        from runbook.views.jsonlines import JsonLines, is_events

        self._notify = output.notify
        self._verbose = verbose
        in_github = os.environ.get("GITHUB_ACTIONS") == "true"
        with ExitStack() as stack:
            self._screen = None if output.json else _screen(phases, output, opened, in_github)
            recorders: list[JsonLines | Collected] = [] if self._screen else [JsonLines(sys.stdout)]
            self._written = [sys.stdout, sys.stderr]
            if output.file is not None:
                refuse_others(output.file, "file of events that runbook wrote", is_events)
                with given(output.file, to_be="written"):
                    out = stack.enter_context(_private(output.file))
                recorders.append(JsonLines(out))
                self._written.append(out)
            collected = _collected(output, in_github)
            recorders += [collected] if collected is not None else []
            for each in (*([self._screen] if self._screen else ()), *recorders):
                stack.callback(each.close)
            self._recorders = recorders
            self._details = None
            if in_github or recorders:
                from runbook.series.details import details_of

                self._details = details_of(opened, edits=not verbose)
            self._closing = stack.pop_all()

    def show(self, recorded: Recorded) -> bool:
        """Show one event in every view, with its details where one has a use for them.

        Says whether all of it was read: where nobody does, the rest goes nowhere.
        """
        details = () if self._details is None else self._details.after(recorded)
        read = True
        for each in (recorded, *details):
            # To a person the difference of an edit is shown where that was asked for.
            if self._screen and (self._verbose or not isinstance(each.event, EditShown)):
                read &= self._told(self._screen.show, each.event)
            for recorder in self._recorders:
                read &= self._told(recorder.take, each)
        return read

    def _told(self, tell: Callable[[T], None], what: T) -> bool:
        try:
            tell(what)
        except OSError as error:
            if not is_unread(error):
                raise
            let_go(*self._written)
            tell(what)  # once more, and the view has it
            return False
        return True

    def advise(self, line: str, style: str = "") -> None:
        """Say to a person, where one looks on, what is no event of the run."""
        if self._screen is not None:
            self._screen.advise(line, style)

    def ring(self, text: str) -> None:
        """Draw a person's attention to the terminal, where that was asked for."""
        if self._notify and is_terminal():
            # OSC 9 is a notice of the desktop; who does not know it rings for the end of it.
            sys.stdout.write(f"\x1b]9;{printable(text)}\x07\x07")
            sys.stdout.flush()

    def close(self) -> None:
        """Leave the terminal as it was, and the files whole."""
        self._closing.close()


def _screen(
    phases: Sequence[Phase], output: Output, opened: Opened, in_github: bool
) -> Console | GitHub:
    from runbook.views.console import Console, live_lines

    if not in_github:
        return Console(live_lines(), opened.roots, phases, quiet=output.quiet)
    from runbook.views.github import GitHub, LogLines

    start, root = Path.cwd(), opened.checkout.root
    # The places of phase files are told from where the command was given, GitHub's from the root.
    told = Console(LogLines(), opened.roots, phases, quiet=output.quiet)
    return GitHub(told, lambda path: os.path.relpath(start / path, root))


def _collected(output: Output, in_github: bool) -> Collected | None:
    """What reports a run at its end, where that is asked for or GitHub has a place for it."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY") if in_github else None
    if output.junit is None and not summary:
        return None
    if output.junit is not None:
        from runbook.report.ours import REPORT, is_report

        refuse_others(output.junit, REPORT, is_report)
        with given(output.junit, to_be="written"):
            # Before anything is done, and not after it; but checks are to see no change of ours.
            known = output.junit.exists()
            output.junit.open("a").close()
            if not known:
                output.junit.unlink()
    from runbook.report.collected import Collected

    return Collected(output.junit, Path(summary) if summary else None)


def _private(file: Path) -> TextIO:
    """Open a file to write, which only its owner may read if it is new, as with the journal."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    return os.fdopen(os.open(file, flags, 0o600), "w", encoding="ascii")
