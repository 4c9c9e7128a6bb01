"""What the views of a run write to: lines that stay, and where they can change, what runs now."""

from __future__ import annotations

from collections.abc import Sequence

from runbook.views.screen import fitted


class PlainLines:
    """Append-only lines, for files, pipes and logs of CI; a terminal shows what runs as well."""

    def show(self, what: str, usual: float | None = None, after: float = 0.0) -> None:
        """Begin to show what runs now, which took `usual` seconds the last time.

        What has ended before `after` seconds is not shown.
        """

    def update(self, line: str, about: str = "", ahead: Sequence[str] = ()) -> None:
        """Show the latest line of its output, how far it is, and what runs ahead meanwhile."""

    def note(self, text: str, style: str) -> None:
        """Write a line that stays above what runs, where what runs can be seen."""

    def hide(self) -> None:
        """Take away what runs now."""

    def write(self, text: str, style: str) -> None:
        """Write lines that stay, at once, so that a killed run leaves all it said."""
        print(text if style == "difference" else fitted(text), flush=True)
