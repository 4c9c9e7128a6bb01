"""Texts in Markdown: shown as they are where they disturb nothing, else in a fence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runbook.core.text.fences import fenced

_OPENING = re.compile(r" {0,3}(`{3,})[^`]*$| {0,3}(~{3,})")

# What begins or ends a part of a plan, at the start of a line.
SEEN = re.compile(r"- \[[x ]\] (?:Done|To do|Begun|Stopped at|Not done|Skipped|Undone)\b.*\.$")
STRUCTURE = re.compile(
    r"\s*(?:<|- \[[x ]\] |\*\*(?:Step\b|Files:|Verifies:)|#{1,3}(?:\s|$)|[-=]+\s*$|"
    r"([-_*])\s*\1\s*\1[\s\1]*$)"
)
LABELS = re.compile(r"\s*(?:Note:|Expected:|Confirm:|Run\b.*:$|By hand\b.*:$)")
SECTIONS = re.compile(r"\s*(?:<|#{1,2}(?:\s|$)|[-=]+\s*$|([-_*])\s*\1\s*\1[\s\1]*$)")


def plain(text: str) -> str:
    """The text with what Markdown reads as a line end made one, and without NUL."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def outside(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Lines, and whether each stands outside of fences; the fences count as inside."""
    fence = ""
    for line in lines:
        if fence:
            yield line, False
            bare = line.strip()
            closes = len(line) - len(line.lstrip(" ")) < 4 and set(bare) == {fence[0]}
            if closes and len(bare) >= len(fence):
                fence = ""
        else:
            found = _OPENING.match(line)
            yield line, found is None
            if found:
                fence = found[1] or found[2]
    if fence:
        yield "", False


def stands_unfenced(text: str, *disturbing: re.Pattern[str], fences: bool = False) -> bool:
    """Whether a text can stand in a plan as it is, ending where it ends.

    With `fences` it may have some, if it does not begin with one: that would be read as its own.
    """
    if fences and text.startswith(("```", "~~~")):
        return False
    lines = text.split("\n")
    seen = list(outside(lines))
    if len(seen) > len(lines) or (not fences and not all(out for _, out in seen)):
        return False
    return not any(out and any(each.match(line) for each in disturbing) for line, out in seen)


def read_text(shown: str) -> str:
    """A text as it is read from a plan: one of several lines ends with a line end."""
    shown = shown.strip()
    return shown + "\n" if "\n" in shown else shown


def labelled(label: str, text: str, *disturbing: re.Pattern[str], paragraph: bool = False) -> str:
    """A text behind its label, on the same line where it can stand there, else in a fence below.

    A `paragraph` ends with the first blank line.
    """
    shown = plain(text).strip()
    blank = paragraph and any(not line.strip() for line in shown.split("\n"))
    if not blank and stands_unfenced(shown, *disturbing):
        return f"{label} {shown}"
    return f"{label}\n\n{fenced(plain(text), 'markdown')}"
