"""The parts of a component: its script, its template, its style."""

from __future__ import annotations

import re

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.grammars import COMPONENTS
from runbook.markdown.importing.places.inplace import in_place
from runbook.markdown.importing.places.lines import plain_lines
from runbook.markdown.importing.places.parsers import spoilt


def part_anew(text: str, path: str, code: str, name: str) -> Operation | str:
    """A whole part of a component in place of the only one of its kind, if the block is such."""
    lines, shown = plain_lines(text), code.strip("\n").split("\n")
    found, own = _parts(lines, name), _parts(shown, name)
    if len(found) != 1 or own != [(0, len(shown) - 1)] or not path.endswith(COMPONENTS):
        return ""
    ((first, last),) = found
    whole = "\n".join([*lines[:first], *shown, *lines[last + 1 :]])
    if lines[first : last + 1] == shown or spoilt(text, whole, path):
        return ""
    return in_place(text, lines, first, last, shown) or ""


def _parts(lines: list[str], name: str) -> list[tuple[int, int]]:
    """The first and last lines of all parts of a name; none if they are not one after the other."""
    opened = [at for at, line in enumerate(lines) if re.match(rf"<{name}\b", line)]
    closed = [at for at, line in enumerate(lines) if re.match(rf"</{name}>\s*$", line)]
    found = list(zip(opened, closed, strict=False))
    apart = all(a < b for a, b in found) and len(opened) == len(closed)
    return found if apart else []
