"""What a block adds beside a mark for all that is there, such as `# ... existing fields`."""

from __future__ import annotations

import json
import re

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.inplace import anchored
from runbook.markdown.importing.places.keys import keys_added
from runbook.markdown.importing.places.lines import margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.parsers import spoilt
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.vocabulary import spelled

_MARK = spelled(
    r"\s*(#|//|/\*+|--|<!--)?\s*(\.{3}|…)?\s*(\(?(the|all|your|other|"
    r"keep) )*existing\b[\w -]{0,40}\)?(\.{3}|…)?\s*(\*/|-->)?\s*,?\s*"
)
_ENDS = re.compile(r"\s*(?:return|throw|raise|break|continue|panic!|process\.exit)\b")
_OPENS = {"{": "}", "[": "]", "(": ")"}


def is_mark(line: str) -> bool:
    """Whether a line stands for what is there."""
    return _MARK.fullmatch(line) is not None and elided(line)


def marked(code: str) -> str | None:
    """The block without the one line that stands for what is there; `None` if it is no such."""
    lines = code.strip("\n").split("\n")
    marks = [line for line in lines if is_mark(line)]
    rest = "\n".join(line for line in lines if line not in marks)
    return rest if len(marks) == 1 and rest.strip() and not elided(rest) else None


def shown_in_part(text: str, path: str, code: str) -> Operation | str:
    """What a block adds to the one thing that it opens with: behind what is there, or before."""
    rest = marked(code)
    if rest is None:
        return ""
    if path.endswith(".json"):
        return _keys(text, rest)
    block = code.strip("\n").split("\n")
    lines, head = plain_lines(text), block[0].strip()
    at = next(at for at, line in enumerate(block) if is_mark(line))
    closing = _OPENS.get(head[-1:], "")
    begins = [at for at, line in enumerate(lines) if line.strip() == head]
    ends = block[-1].strip()[:1]
    if not closing or ends != closing or len(begins) != 1 or at not in (1, len(block) - 2):
        return ""
    (first,) = begins
    last = _end(lines, first, closing)
    inner = "\n".join([*block[1:at], *block[at + 1 : -1]])
    # What stands beside the mark has the margin of what that stands for.
    if last is None or last - first < 2 or margin_of(inner) != margin_of(block[at]):
        return ""
    new = moved_to(inner, margin_of(lines[first + 1]))
    if not inner.strip() or new is None or _there(lines[first:last], new):
        return ""
    above = lines[last - 1].rstrip()
    if at == 1 and (not above.endswith((",", ";", "}", "{")) or _ENDS.match(above)):
        return ""  # what goes on behind it needs a sign between them, or is never come to
    if at == 1:
        apart = [""] if _is_wide(new) or not block[at + 1].strip() else []
        change = anchored(text, lines, first, last - 1, "after", [*apart, *new])
    else:
        change = anchored(text, lines, first, first, "after", new)
    if change is None:
        return ""
    side = last if at == 1 else first + 1
    whole = "\n".join([*lines[:side], *new, *lines[side:]])
    return "" if spoilt(text, whole, path) else change


def _keys(text: str, rest: str) -> Operation | str:
    try:
        json.loads(rest)
    except ValueError:
        return ""
    return keys_added(text, rest, (), toml=False)


def _end(lines: list[str], first: int, closing: str) -> int | None:
    """The line that closes what a line opens."""
    margin = margin_of(lines[first])
    for at in range(first + 1, len(lines)):
        if lines[at].startswith(margin + closing):
            return at
        if lines[at].strip() and not lines[at].startswith((margin + " ", margin + "\t")):
            return None
    return None


def _there(lines: list[str], new: list[str]) -> bool:
    """Whether one of the new lines is there by now."""
    shown = {line.strip().rstrip(",") for line in lines}
    return any(line.strip().rstrip(",") in shown for line in new if re.search(r"\w{2}", line))


def _is_wide(new: list[str]) -> bool:
    """Whether a function is among the lines, which stands apart from what is above it."""
    return any(re.search(r"\bfn\s|\)\s*(?:->[^{]*|:[^{]*)?\{\s*$", line) for line in new)
