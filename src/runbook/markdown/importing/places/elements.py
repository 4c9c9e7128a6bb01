"""Elements of the arrays of a JSON file, by what stands in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from textwrap import dedent

from runbook.core.model.operations import Operation
from runbook.core.value import value
from runbook.markdown.importing.places.inplace import anchored, in_place, made_of
from runbook.markdown.importing.places.lines import plain_lines, plain_text
from runbook.markdown.importing.places.parsers import times
from runbook.markdown.importing.words.wording import side_of

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\[')
_KEY = re.compile(r'"((?:[^"\\]|\\.)*)"\s*:\s*\Z')
_BLANKS = re.compile(r"\s*")


@value
class _Element:
    """An element with the places in the text where it begins and ends."""

    held: object
    first: int
    end: int


def element_beside(text: str, code: str, name: str, side: str, array: str = "") -> Operation | str:
    """The insertion of a block beside the only element in which a name is a value.

    `array` is the key of the array as words say it, which may show more: `"ships": [ ... ]`.
    """
    block, plain = code.strip().rstrip(","), plain_text(text)
    try:
        new = json.loads(block)
        json.loads(plain.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return ""
    key = next(iter(re.findall(r"[\w.-]+", array)), "")
    found = [
        (elements, each)
        for of, elements in _arrays(plain)
        for each in elements
        if _is_named(each.held, name) and key in ("", of)
    ]
    if len(found) != 1:
        return f"`{name}` stands {times(len(found))} in an element of an array"
    elements, there = found[0]
    if type(new) is not type(there.held):
        return ""
    if any(each.held == new for each in elements):
        return "already there: the array has this element"
    return _put(text, plain, there, block, side, last=there == elements[-1])


def _put(
    text: str, plain: str, there: _Element, block: str, side: str, *, last: bool
) -> Operation | str:
    """The insertion, where the element stands in lines of its own."""
    begin = plain.rfind("\n", 0, there.first) + 1
    margin, behind = plain[begin : there.first], plain[there.end :].partition("\n")[0]
    if margin.strip() or behind.strip() not in ("", ","):
        return ""
    lines, first = plain_lines(text), plain.count("\n", 0, there.first)
    end = plain.count("\n", 0, there.end)
    new = [f"{margin}{line}" if line.strip() else "" for line in dedent(margin + block).split("\n")]
    after, old = side_of(side) == "after", lines[first : end + 1]
    change: Operation | None = None
    if after and last:
        whole = [*old[:-1], f"{old[-1]},", *new]
    else:
        new[-1] += ","
        whole = [*old, *new] if after else [*new, *old]
        change = anchored(text, lines, first, end, side_of(side), new)
    change = change or in_place(text, lines, first, end, whole)
    made = made_of(text, change) if change is not None else None
    try:
        json.loads((made or "").removeprefix("\ufeff"))
    except ValueError:
        return ""
    return change or ""


def _arrays(text: str) -> Iterator[tuple[str, list[_Element]]]:
    """The arrays of a text that is JSON, each with its key."""
    decoder = json.JSONDecoder()
    for token in _TOKEN.finditer(text):
        if token[0] != "[":
            continue
        key = _KEY.search(text[: token.start()])
        elements: list[_Element] = []
        at = _after_blanks(text, token.end())
        while text[at] != "]":
            held, end = decoder.raw_decode(text, at)
            elements.append(_Element(held, at, end))
            at = _after_blanks(text, end)
            at = _after_blanks(text, at + 1) if text[at] == "," else at
        yield key[1] if key else "", elements


def _after_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _is_named(held: object, name: str) -> bool:
    return held == name or (isinstance(held, dict) and name in held.values())
