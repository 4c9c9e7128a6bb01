"""What is wrong in a phase file, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.position import Position
from runbook.core.value import value


@value
class Diagnostic:
    """One mistake: its place, the source line it stands on, a message and a hint."""

    at: Position
    message: str
    hint: str | None = None
    excerpt: str = ""  # the whole source line, without its line end
    width: int = 1  # characters to underline, from the position's column


class InvalidPhaseFiles(Exception):
    """Raised with every mistake found in all the files that were read."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(
            # An alias is read where it stands, and its text's mistakes are found there again.
            sorted(dict.fromkeys(diagnostics), key=lambda d: (d.at.path, d.at.line, d.at.column))
        )
        super().__init__(f"{len(self.diagnostics)} mistakes in phase files")


def nearest(word: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """The known word that a misspelt one was meant to be, or `None` when none is so much alike."""
    # Imported here: only wrong files pay for it.
    from difflib import get_close_matches

    near = get_close_matches(word.lower().replace("_", "-"), list(known), n=1, cutoff=alike)
    return near[0] if near else None


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """A "did you mean" hint for a misspelt word, or `None` when nothing known is near."""
    near = nearest(word, known)
    return None if near is None else f"did you mean `{near}`?"
