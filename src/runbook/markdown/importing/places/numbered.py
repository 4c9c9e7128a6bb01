"""A line that words name twice: by its number, and by what stands in it."""

from __future__ import annotations

import re

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.inplace import anchored
from runbook.markdown.importing.places.lines import (
    OPEN,
    deeper_below,
    margin_of,
    moved_to,
    next_filled,
    plain_lines,
)
from runbook.markdown.importing.words.wording import side_of

_NEAR = 10  # lines by which a number may be off, as steps before add some
_GOES_ON = re.compile(r"(?:\}\s*)?(?:else|elif|except|finally|catch)\b|[)\]}?:+]|\.\w|->|&&|\|\|")
_REMARK = re.compile(r"\s*(?:#|//|/\*|\*|<!--)")
_MARKED = re.compile(r"\s*(?:@\w|#\[|///|/\*\*|.*\*/\s*$)")
_LEAVES = re.compile(r"\s*(?:return|raise|throw|break|continue|pass)\b")


def beside_numbered(
    text: str, code: str, side: str, name: str, first: str, below: str = ""
) -> Operation | str:
    """A block next to the line that has a name, and about the number that the plan says.

    Where several have it, the one of exactly that number. `below` is what comes next behind it.
    """
    lines, said = plain_lines(text), int(first) - 1
    holds = [at for at, line in enumerate(lines) if _has(line, name)]
    if len(holds) > 1 and said in holds:
        holds = [said]
    if len(holds) != 1:
        return ""
    (at,) = holds
    if abs(at - said) > _NEAR:
        return f"`{name}` stands in line {at + 1}, and the plan says {first}"
    where = side_of(side)
    own = moved_to(code, margin_of(lines[at]))
    if own is None or own[0 if where == "after" else -1].strip() == lines[at].strip():
        return ""
    if below and not _has(next_filled(lines, at + 1), below):
        return f"`{below}` does not come next after `{name}`"
    if _REMARK.match(lines[at]) and not _REMARK.match(name):
        return ""  # only a comment has it
    if not (_ends(lines, at, own) if where == "after" else _begins(lines, at, at == said)):
        return ""
    if where == "before":
        return anchored(text, lines, at, at, where, own) or ""
    if len(own) > 1 and lines[at + 1 : at + 2] == [""]:
        own = ["", *own]  # it stands as far from the line as what comes next
    return anchored(text, lines, max(0, at - 2), at, where, own) or ""


def _has(line: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line) is not None


def _ends(lines: list[str], at: int, new: list[str]) -> bool:
    """Whether what stands in a line ends there, and what is new may come below it."""
    below = next_filled(lines, at + 1)
    goes_on = below.startswith(margin_of(lines[at])) and _GOES_ON.match(below.strip())
    open_end = re.sub(r"\s(?:#|//)\s.*", "", lines[at]).rstrip().endswith((*OPEN, "=", "|", "&&"))
    item = new[-1].rstrip().endswith(",")  # and the line, which is the last one, has no comma
    return not (open_end or item or deeper_below(lines, at) or goes_on or _LEAVES.match(lines[at]))


def _begins(lines: list[str], at: int, told: bool) -> bool:
    """Whether a line begins something, and belongs to nothing above it.

    What is new stands below a comment on the line only if the plan has told the very line.
    """
    marks = _MARKED.pattern if told else rf"{_REMARK.pattern}|{_MARKED.pattern}"
    marked = at > 0 and re.match(marks, lines[at - 1])
    return not marked and not _GOES_ON.match(lines[at].strip())
