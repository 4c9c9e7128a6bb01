"""Finds the old text of a Python function or class of which a plan gives the new text whole."""

from __future__ import annotations

import re

from runbook.core.operations import Replace, ReplaceRange
from runbook.markdown.importing.inplace import in_place

_DEFINITION = re.compile(
    r"^(?P<indent>[ \t]*)(?:async\s+)?(?:def|class)\s+(?P<name>\w+)\b", re.MULTILINE
)


def defined_first(code: str) -> str:
    """The name of the first function or class that is defined; nothing if none is."""
    found = _DEFINITION.search(code)
    return found["name"] if found else ""


def whole_function(text: str, new: str) -> Replace | ReplaceRange | str:
    """The edit that puts `new` in place of the function of the same name, or why there is none."""
    defined = _DEFINITION.search(new)
    outer = [m for m in _DEFINITION.finditer(new) if defined and m["indent"] == defined["indent"]]
    if defined is None or len(outer) != 1:
        return "the new text is not one function"
    name, indent = defined["name"], defined["indent"]
    found = [m for m in _DEFINITION.finditer(text) if m["name"] == name]
    if len(found) != 1:
        return f"`{name}` is defined {len(found)} times in the file"
    if found[0]["indent"] != indent:
        return f"`{name}` is indented otherwise in the file"
    lines = text.split("\n")
    at = text.count("\n", 0, found[0].start())
    # Decorators that the new text doesn't have stay.
    first = _first(lines, at, indent) if new.lstrip().startswith("@") else at
    last = _last(lines, at, indent)
    block = _new_lines(new)
    change = in_place(text, lines, first, last, block)
    return change or f"the lines of `{name}` stand elsewhere too"


def _new_lines(new: str) -> list[str]:
    lines = new.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _first(lines: list[str], at: int, indent: str) -> int:
    """The first line of a definition, with its decorators."""
    first = at
    while first > 0 and lines[first - 1].startswith(indent + "@"):
        first -= 1
    return first


def _last(lines: list[str], at: int, indent: str) -> int:
    """The last line that is indented deeper than the definition."""
    last = at
    for index in range(at + 1, len(lines)):
        line = lines[index]
        if not line.strip():
            continue
        deeper = line.startswith((indent + " ", indent + "\t"))
        closes = re.match(rf"{indent}[)\]}}]", line) is not None
        if not deeper and not closes:
            break
        last = index
    return last
