"""What a step of a task begins with: "**Step 2: Title**", "Step 2: Title", boxed or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runbook.core.value import replace
from runbook.markdown.importing.text.reader import Block
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import spelled

_BOLD = spelled(
    rf"(?P<box>\[[ xX]\]\s*)?(?P<bold>\*\*|__)(Step(?![a-z])|{spoken('step')}(?=\s*\d)|"
    r"(?(box)(?=\d+[a-z]?[:.)] )|(?!)))\s*"
    r"(?P<number>[A-Z]?\d+([.-]\d+)*[a-z]?)?\s*((?P<remark>\([^)*]*\))\s*)?[:：.)—–-]*\s*(?P<title>"
    r"([^*]|\*(?!\*))*?)(?P=bold)(?P<rest>.*)",
    re.DOTALL,
)
_PLAIN = spelled(
    rf"(?P<box>\[[ xX]\]\s*)?(Step|{spoken('step')})\s*(?P<number>[A-Z]?\d+([.-]\d+)*[a-z]?)"
    r"(?![.-]?\d)\s*[:：.—–-]+\s*(?P<title>[^\n]*)(?P<rest>.*)",
    re.DOTALL,
)
# Where a step may begin behind another one of the same paragraph: a line, or a sentence.
_BEGIN = spelled(
    r"((?<=\n)|(?<=[.!?)]\s)|(?<=\*\*\s))"
    rf"(?=(\[[ xX]\]\s*)?(\*\*|__)?(Step|{spoken('step')})\s*\d)"
)


def step_mark(block: Block) -> re.Match[str] | None:
    """What a block begins with that begins a step, with the step's number, title and rest."""
    if block.kind == "text":
        return _mark(block.text)
    if block.kind == "heading":
        return _PLAIN.match(block.text.strip("* "))
    return None


def _mark(text: str) -> re.Match[str] | None:
    return _BOLD.match(text) or _PLAIN.match(text)


def each_step_apart(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks in which no paragraph has more than one step.

    "**Step 4: Run** → PASS. **Step 5: Commit**" are two; in "as **Step 2** says" none begins.
    """
    for block in blocks:
        begins = _begins(block.text) if block.kind == "text" else []
        first = block.first
        for begin, end in zip([0, *begins], [*begins, len(block.text)], strict=True):
            part = block.text[begin:end]
            last = first + part.rstrip("\n").count("\n") if begins else block.last
            yield replace(block, first=first, last=last, text=part.rstrip()) if begins else block
            first += part.count("\n")


def _begins(text: str) -> list[int]:
    """Where in a paragraph another step begins: each the next by its number."""
    own = _mark(text)
    number = own["number"] if own else None
    begins: list[int] = []
    for found in _BEGIN.finditer(text):
        mark = _mark(text[found.end() :])
        if mark is None or not (mark["title"] or mark["rest"]).strip(" :："):
            continue
        in_order = bool(number) and _follows(mark["number"], number or "")
        if in_order or (own is None and text[found.end() - 1] == "\n" and mark.re is _BOLD):
            begins.append(found.end())
            own, number = mark, mark["number"]
    return begins


def _follows(number: str, before: str) -> bool:
    return number.isdigit() and before.isdigit() and int(number) == int(before) + 1
