"""Files of requirements: a mapping of each package to what is asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.model.data import Keys, Value
from runbook.core.patterns import regex
from runbook.transforms.trees import (
    Entry,
    Node,
    Place,
    Splice,
    beside,
    child_out,
    line_after,
    line_in,
    line_start,
)

_LINE = regex(
    r"^[ \t]*(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)(?![\w.:/+-])(?P<rest>(?:\\\n|[^\n])*?)"
    r"[ \t]*(?:[ \t]#[^\n]*)?(?:\n|$)",
    re.MULTILINE,
)


def read(text: str) -> Node:
    """The file's value; options, addresses and comments are no part of it."""
    entries = []
    for found in _LINE.finditer(text):
        node = Node("scalar", *found.span("rest"), found["rest"].strip())
        entries.append(Entry(canonical(found["name"]), *found.span("name"), node))
    return Node("mapping", 0, len(text), entries=tuple(entries), flow=False)


def canonical(name: str) -> str:
    """A package's name as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _written(new: Value) -> str:
    text = str(new)
    return f" {text}" if re.match(r"[@\w;]", text) else text


def replaced(text: str, node: Node, new: Value) -> Iterator[Splice]:  # noqa: ARG001
    """Write what is asked of a package in place of what was."""
    yield node.start, node.end, _written(new)


def inserted(
    text: str, node: Node, keys: Keys, new: Value, place: Place | None
) -> Iterator[Splice]:
    """Write a new requirement: in its place where they are sorted, else at the end."""
    names = [entry.key for entry in node.entries]
    below = next((i for i, name in enumerate(names) if name > canonical(str(keys[0]))), None)
    if place is None and below is not None and len(names) > 1 and names == sorted(names):
        place = Place("before", below)
        if below:
            # What an empty line parts is a group, and it goes to the one that it is not above.
            between = text[line_after(text, node.children[below - 1][1]) : node.children[below][0]]
            parted = any(not line.strip() for line in between.split("\n")[:-1])
            place = Place("after", below - 1) if parted else place
    at = len(text) if place is None else beside(text, node, place, "#")
    yield line_in(text, at, f"{keys[0]}{_written(new)}")


def removed(text: str, node: Node, index: int) -> Iterator[Splice]:
    """Take a requirement out, with its lines."""
    yield child_out(text, node, index, line_start(text, node.children[index][0]))
