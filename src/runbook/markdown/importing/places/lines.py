"""The lines of a text: as they are compared, where they begin, and where they go on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Insert
from runbook.core.value import replace

OPEN = (":", "{", "(", "[", ",", "\\")  # ends of lines that go on


def telling(code: str) -> tuple[str, ...]:
    """The lines of a block by which one would know it again."""
    lines = (line.strip() for line in code.split("\n"))
    return tuple(dict.fromkeys(line for line in lines if len(re.findall(r"\w", line)) > 5))


def shows_again(old: str, new: str) -> bool:
    """Whether a block is another one with some lines put into it, next to each other."""
    before, after = old.rstrip("\n").split("\n"), new.rstrip("\n").split("\n")
    if len(after) <= len(before) or not any(re.search(r"\w{2}", line) for line in before):
        return False
    return common(before, after) + common(before[::-1], after[::-1]) >= len(before)


def common(one: list[str], other: list[str]) -> int:
    """How many lines two texts begin with alike."""
    differ = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differ, min(len(one), len(other)))


def completed(text: str, insert: Insert) -> Insert:
    """The insertion with the whole line as its anchor, where the plan quotes the line's beginning.

    Only where no line is what the plan quotes, and one line begins with it.
    """
    quoted = insert.anchor.value.rstrip("\n")
    lines = text.split("\n")
    if "\n" in quoted or any(line.strip() == quoted.strip() for line in lines):
        return insert
    begun = [at for at, line in enumerate(lines) if line.strip().startswith(f"{quoted.strip()} ")]
    if len(begun) != 1 or (insert.side == "after" and _goes_on(lines, begun[0])):
        return insert
    return replace(insert, anchor=Text(lines[begun[0]] + "\n", True))


def _goes_on(lines: list[str], at: int) -> bool:
    """Whether what begins in a line goes on in the next ones."""
    # What a remark follows may be open as well.
    code = re.sub(r"\s(?:#|//)\s.*", "", lines[at].rstrip()).rstrip()
    return deeper_below(lines, at) or code.endswith(OPEN)


def deeper_below(lines: Sequence[str], at: int) -> bool:
    """Whether what comes below a line stands deeper than it does."""
    return len(margin_of(next_filled(lines, at + 1))) > len(margin_of(lines[at]))


def plain_text(text: str) -> str:
    """A text without a mark of its encoding, and with `\\n` at each line's end."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def plain_lines(text: str) -> list[str]:
    """The lines of a text, whatever ends them."""
    return plain_text(text).split("\n")


def is_whole(verb: str, old: list[str], new: list[str]) -> bool:
    """Whether a block is all of what it updates: what is only shown in part has fewer lines."""
    return verb.lower() in ("replace", "rewrite") or filled(new) >= filled(old)


def without_blank_ends(lines: list[str]) -> list[str]:
    """The lines from the first to the last one that has anything in it."""
    told = [at for at, line in enumerate(lines) if line.strip()]
    return lines[told[0] : told[-1] + 1] if told else []


def filled(lines: list[str]) -> int:
    """How many lines have anything in them."""
    return sum(1 for line in lines if line.strip())


def margin_of(code: str) -> str:
    """The indentation of the first line that has anything in it."""
    line = next_filled(code.split("\n"), 0)
    return line[: len(line) - len(line.lstrip())]


def tabbed(code: str) -> str:
    """A block that is indented with spaces, with tabs as formatters of Go have them.

    One that has a string of several lines, whose spaces are its own, stays as it is.
    """
    lines = code.split("\n")
    deep = [len(line) - len(line.lstrip(" ")) for line in lines if line[:1] == " "]
    unit = min(filter(None, deep), default=0)
    mixed = any(line[:1] == "\t" or line.count("`") % 2 for line in lines)
    if unit < 2 or mixed or any(depth % unit for depth in deep):
        return code
    return re.sub(r"(?m)^ +", lambda it: "\t" * (len(it[0]) // unit), code)


def moved_to(code: str, margin: str) -> list[str] | None:
    """A block's lines at another margin; `None` where that would change a string of several."""
    own = code.strip("\n").split("\n")
    there = margin_of(own[0])
    if any(line.strip() and not line.startswith(there) for line in own):
        return None
    if there != margin and any(map(_opens_a_text, own)):
        return None  # its lines are its own
    return [margin + line[len(there) :] if line.strip() else "" for line in own]


def _opens_a_text(line: str) -> bool:
    """Whether a string of several lines may begin or end in a line."""
    return any(line.count(mark) % 2 for mark in ("`", '"""', "'''"))


def filled_from(lines: Sequence[str], at: int) -> int:
    """The first line from one on that has anything in it, or the end of all."""
    return next((n for n in range(at, len(lines)) if lines[n].strip()), len(lines))


def next_filled(lines: Sequence[str], at: int) -> str:
    """What the first line from one on says that has anything in it, or nothing."""
    return next((line for line in lines[at:] if line.strip()), "")
