"""RB115: trailers that git does not take for trailers, or that name nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.lint.finding import Finding
from runbook.core.model.model import Commit

# Trailers that name people (git's SubmittingPatches, and GitHub's co-authors).
_PEOPLE = ("co-authored-by", "signed-off-by", "reviewed-by", "acked-by", "tested-by", "reported-by",
           "suggested-by", "helped-by", "mentored-by")  # fmt: skip
_NAMES = "|".join(name.replace("-", "[- _]?") for name in _PEOPLE)
_MEANT = rf"(?i)\s*(?:{_NAMES})\b\s*(?P<sign>[:=]|-(?!\w))?"
_RIGHT = rf"(?i)(?:{'|'.join(_PEOPLE)}): \S"
_PERSON = r"[^<>]*[^<>\s][^<>]* <[^<>\s@]+@[^<>\s@]+>"
# Beside one of these, which git writes itself, a quarter of a paragraph is enough for it.
_BY_GIT = ("Signed-off-by: ", "(cherry picked from commit ")
_TRAILER = r"[A-Za-z0-9-]+: ?\S.*|[ \t].*"


def trailers(step: Commit) -> Iterator[Finding]:
    """Look at the trailers of a commit step, and at those in its message."""
    for trailer in step.trailers:
        wrong = _wrong_person(trailer)
        if wrong:
            yield _finding(step, wrong, trailer, "trailers")
    if "by" not in step.message.lower():
        return
    lines = step.message.strip("\n").split("\n")
    last = _last_paragraph(lines)
    for number, line in enumerate(lines[1:], 1):
        meant = re.match(_MEANT, line)
        if not meant or not (meant["sign"] or "<" in line):
            continue
        if not re.match(_RIGHT, line):
            wrong = f"`{line.strip()}` is not a trailer: it has the form `Key: value`"
        else:
            wrong = _wrong_person(line)
            if wrong is None and number < last:
                wrong = "this trailer does not stand in the last paragraph, and git will not see it"
        if wrong:
            yield _finding(step, wrong, line, "commit")
    paragraph = lines[last:]
    if any(re.match(_RIGHT, line) for line in paragraph):
        others = [
            line
            for line in paragraph
            if not re.fullmatch(_TRAILER, line) and not line.startswith(_BY_GIT)
        ]
        by_git = any(line.startswith(_BY_GIT) for line in paragraph)
        seen = by_git and (len(paragraph) - len(others)) * 3 >= len(others)
        if others and last < len(lines) and not seen:
            yield _finding(
                step, "text stands beside the trailers, and git will not see them",
                others[0], "commit", "leave a blank line before the trailers",
            )  # fmt: skip


def _last_paragraph(lines: list[str]) -> int:
    blank = [number for number, line in enumerate(lines) if not line.strip()]
    return blank[-1] + 1 if blank else len(lines)


def _wrong_person(trailer: str) -> str | None:
    key, _, person = trailer.partition(":")
    if key.strip().lower() in _PEOPLE and not re.fullmatch(_PERSON, person.strip()):
        return f"`{person.strip()}` is not `Name <email>`"
    return None


def _finding(step: Commit, message: str, text: str, key: str, hint: str | None = None) -> Finding:
    if hint is None:
        hint = "write `Key: Name <email>` under `trailers:`, or in the message's last paragraph"
    return Finding("RB115", step.at, message, hint, key=key, text=text.strip())
