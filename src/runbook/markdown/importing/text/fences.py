"""Finds fences that end too early or never, and swallow what follows, and mends them.

Plans quote Markdown in fences of three backticks that hold fences of three backticks. By the rules
of Markdown the inner end closes the outer fence, and the outer end opens a new one, which swallows
the next steps. Where that is seen, the outer fence is made longer, on the same lines.
"""

from __future__ import annotations

import re

from runbook.core.value import value
from runbook.markdown.importing.words.vocabulary import spelled

_FENCE = re.compile(r"^([ >]*(?:[-*+] |\d+[.)] )?[ ]*)(`{3,}|~{3,})([^`]*)$")
_MARK = re.compile(r" *(`{3,}|~{3,})[ ]*(.*)")
_STRUCTURE = spelled(
    r"\s*(<!-- (START|END)_(TASK|SUBCOMPONENT)_\w+"
    r"|#{1,6} (.*\W)?Task [A-Z]?\d"
    r"|([-*] \[[ xX]\] )?\*\*(Step|Task) [A-Z]?\d"
    r"|\*\*(Files|Verification|Implementation|Commit|Verifies):\*\*)"
)
_NEXT = re.compile(r"\s*(?:#{1,6} \S|(?:-{3,}|\*{3,}|_{3,})\s*$|[-*] \[[ xX]\] )")
_TASK_NUMBER = re.compile(r"#{1,6} (?:.*\W)?Task (\d+)\b")
_DEEPEST = 2  # a fence in a fence; what is deeper is a plan in a plan
_STEP_HEADING = re.compile(r"#{1,6} Step [A-Z]?\d")


@value
class Mended:
    """Lines whose fences hold together, the first lines of fences whose end is a guess, and why."""

    lines: tuple[str, ...]
    doubtful: frozenset[int]
    warnings: tuple[tuple[int, str], ...]


@value
class _Open:
    first: int  # line, from 0
    indent: int
    mark: str
    info: str


def mended(lines: list[str]) -> Mended:
    """The lines with fences lengthened where one would swallow a task or step."""
    made = list(lines)
    structure = _structural(lines)
    doubtful: set[int] = set()
    warnings: list[tuple[int, str]] = []
    before: _Open | None = None  # the first fence of this step in which others seem to open
    index = 0
    while index < len(made):
        if index in structure:
            before = None
        opened = _opening(made[index], index)
        if opened is None:
            index += 1
            continue
        end, nested = _end(made, opened)
        holds = nested or (end < len(made) - 1 and _stands_open(made, end))
        balanced = _balanced_end(made, opened, structure) if holds else None
        if balanced is not None:
            longer = opened.mark + opened.mark[0]
            made[index] = made[index].replace(opened.mark, longer, 1)
            made[balanced] = made[balanced].replace(opened.mark, longer, 1)
            message = (
                f"the fence holds fences as long as itself; it was read to line {balanced + 1}"
            )
            warnings.append((index + 1, message))
            index = balanced + 1
            continue
        if nested:
            doubtful.add(index + 1)
        swallowed = next((i for i in range(index + 1, end) if i in structure), None)
        if swallowed is None or opened.info or opened.indent > 3:
            if nested and before is None:
                before = opened
            index = end + 1
            continue
        if before is not None:
            longer = opened.mark[0] * (_longest(made, before.first, index) + 1)
            made[before.first] = made[before.first].replace(before.mark, longer, 1)
            made[index] = made[index].replace(opened.mark, longer, 1)
            where = before.first + 1
            message = (
                f"the fence holds fences as long as itself and would swallow line {swallowed + 1}; "
                f"it was read through line {index + 1}"
            )
        else:
            where = index + 1
            made[index] = ""
            message = f"the fence would swallow line {swallowed + 1}, and was passed over"
        warnings.append((where, message))
        before = None
        index += 1
    return Mended(tuple(made), frozenset(doubtful), tuple(warnings))


def unfenced(text: str) -> str:
    """The text without its fenced blocks."""
    lines = text.split("\n") if _may_fence(text) else []
    return "\n".join(lines[at] for at in outside(lines)) if lines else text


def outside(lines: list[str]) -> list[int]:
    """The lines (from 0) outside of fences, at any indentation; one that nothing closes is none.

    Its time grows with the text's length, whatever fences it has.
    """
    marks = [_MARK.fullmatch(line) if _may_fence(line) else None for line in lines]
    closable = _longest_after(marks)
    found = []
    until = ""
    for at, mark in enumerate(marks):
        if until:
            until = "" if mark and not mark[2] and mark[1].startswith(until) else until
        elif mark is None or closable[at][mark[1][0]] < len(mark[1]):
            found.append(at)
        else:
            until = mark[1]
    return found


def _may_fence(text: str) -> bool:
    return "```" in text or "~~~" in text


def _longest_after(marks: list[re.Match[str] | None]) -> list[dict[str, int]]:
    """For each line, how long the longest closing fence of each kind is that follows it."""
    longest = {"`": 0, "~": 0}
    found: list[dict[str, int]] = []
    for mark in reversed(marks):
        found.append(longest)
        if mark is not None and not mark[2]:
            kind = mark[1][0]
            longest = {**longest, kind: max(longest[kind], len(mark[1]))}
    return found[::-1]


def _structural(lines: list[str]) -> set[int]:
    """Lines (from 0) with which a task, a step or one of its parts begins."""
    found = {i for i, line in enumerate(lines) if _STRUCTURE.match(line)}
    headings = {i for i, line in enumerate(lines) if line[:1] == "#" and _STEP_HEADING.match(line)}
    # Where steps are bold, a heading "Step 2" is of a text that the plan quotes.
    bold = sum(1 for i in found if "**Step" in lines[i])
    return found | headings if len(headings) > bold else found


def _opening(line: str, index: int) -> _Open | None:
    if not _may_fence(line):
        return None
    found = _FENCE.match(line)
    if found is None:
        return None
    return _Open(index, len(found[1]), found[2], found[3].strip())


def _end(lines: list[str], opened: _Open) -> tuple[int, bool]:
    """The line that closes a fence (or the last), and whether another seems to open inside."""
    nested = False
    for index in range(opened.first + 1, len(lines)):
        there = _opening(lines[index], index)
        if there is None or there.mark[0] != opened.mark[0]:
            continue
        if len(there.mark) >= len(opened.mark):
            if not there.info:
                return index, nested
            nested = True
    return len(lines) - 1, nested


def _balanced_end(lines: list[str], opened: _Open, structure: set[int]) -> int | None:
    """The line that closes a fence of Markdown which holds whole fences; `None` where it may not.

    Each fence in it opens by its language or by how it stands, and none is left open where the plan
    goes on with a step, a heading or a rule.
    """
    if opened.info.split(" ")[0].lower() not in ("", "markdown", "md", "mdx"):
        return None
    open_ones, whole = 1, _is_document(lines, opened)
    for index in range(opened.first + 1, len(lines)):
        if index in structure and not whole:
            return None
        there = _opening(lines[index], index)
        if there is None:
            continue
        if there.mark != opened.mark:
            return None
        open_ones += 1 if there.info or _stands_open(lines, index) else -1
        if not open_ones:
            sound = not whole or _counts_on(lines, opened.first, index, structure)
            return index if sound and _goes_on(lines, index, structure) else None
        if open_ones > _DEEPEST:
            return None
    return None


def _is_document(lines: list[str], opened: _Open) -> bool:
    """Whether a fence of Markdown begins with a title: then it may hold tasks of its own."""
    first = next(filter(str.strip, lines[opened.first + 1 :]), "")
    return bool(opened.info) and first.startswith("# ")


def _counts_on(lines: list[str], first: int, end: int, structure: set[int]) -> bool:
    """Whether the tasks behind a fence go on counting from those before it, past those it holds.

    A fence without tasks or steps has nothing to count.
    """
    if not any(first < each < end for each in structure):
        return True
    before, held, behind = (
        [int(found[1]) for line in part if (found := _TASK_NUMBER.match(line))]
        for part in (lines[:first], lines[first:end], lines[end:])
    )
    return bool(before and held) and behind[:1] in ([], [before[-1] + 1])


def _stands_open(lines: list[str], index: int) -> bool:
    """Whether a mark stands like one that opens: below a blank line or a colon, above a text."""
    above, below = lines[index - 1].strip(), lines[index + 1 : index + 2]
    return (not above or above.endswith((":", "：", ":**"))) and any(map(str.strip, below))


def _goes_on(lines: list[str], end: int, structure: set[int]) -> bool:
    """Whether the plan goes on behind a line, or has no other fence before it does."""
    for index in range(end + 1, len(lines)):
        if index in structure or _NEXT.match(lines[index]):
            return True
        if _may_fence(lines[index]):
            return False
    return True


def _longest(lines: list[str], first: int, last: int) -> int:
    marks = (_opening(lines[i], i) for i in range(first, last + 1))
    return max(len(mark.mark) for mark in marks if mark)
