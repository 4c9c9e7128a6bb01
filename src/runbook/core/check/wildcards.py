"""An exact output with lines in it that stand for others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import translate

from runbook.core.patterns import regex

ANYTHING = "..."
_MARKED = regex(r"(?P<text>.*) \((?P<kind>re|glob)\)")


def is_wild(expected: str) -> bool:
    """Whether a line of an expected output stands for others than itself."""
    return any(line == ANYTHING or _MARKED.fullmatch(line) for line in expected.split("\n"))


def mistake(expected: str) -> str | None:
    """What is wrong with a regular expression in an expected output."""
    for line in expected.split("\n"):
        marked = _MARKED.fullmatch(line)
        if marked is not None and marked["kind"] == "re":
            try:
                re.compile(marked["text"])
            except (re.error, OverflowError, RecursionError) as error:
                return f"`{marked['text']}` is no regular expression: {error}"
    return None


def fits(expected: str, output: str) -> bool:
    """Whether an output is the expected one: line by line, `...` being any number of them."""
    parts: list[list[str]] = [[]]
    for line in _lines(expected):
        if line == ANYTHING:
            parts.append([])
        else:
            parts[-1].append(line)
    lines = _lines(output)
    first, *rest = parts
    if not rest:
        return len(first) == len(lines) and _at(first, lines, 0)
    if len(first) > len(lines) or not _at(first, lines, 0):
        return False
    at = len(first)
    for part in rest[:-1]:
        found = next((i for i in range(at, len(lines)) if _at(part, lines, i)), None)
        if found is None:
            return False
        at = found + len(part)
    last = len(lines) - len(rest[-1])
    return last >= at and _at(rest[-1], lines, last)


def alike(expected: str, output: str) -> Iterator[str]:
    """The lines of an expected output, those that fit a line there as that line."""
    lines = iter(_lines(output))
    known: list[str] = list(lines)
    for number, line in enumerate(_lines(expected)):
        there = known[number] if number < len(known) else None
        yield there if there is not None and _same(line, there) else line


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text.removesuffix("\n") else []


def _at(part: list[str], lines: list[str], start: int) -> bool:
    return len(part) <= len(lines) - start and all(
        _same(line, lines[start + number]) for number, line in enumerate(part)
    )


def _same(expected: str, line: str) -> bool:
    if expected == line:
        return True
    marked = _MARKED.fullmatch(expected)
    if marked is None:
        return False
    pattern = marked["text"] if marked["kind"] == "re" else translate(marked["text"])
    return re.fullmatch(pattern, line) is not None
