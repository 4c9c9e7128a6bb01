"""Keys that would be made new beside others that are written almost alike."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from runbook.core.model.data import Assignment, language_of, show_keys
from runbook.core.model.diagnostics import nearest
from runbook.core.model.operations import SetValues
from runbook.transforms.trees import Node, Refused, Unreadable, find


def misspelt(text: str, operation: SetValues, path: str) -> Iterator[tuple[Assignment, str, str]]:
    """The assignments whose way leads into a new mapping, which it is, and which is near.

    The last key of a way may well be new; so may a mapping that is like no other.
    """
    language = operation.language or language_of(path)
    if language is None:
        return
    try:
        root: Node = import_module(f"runbook.transforms.{language}_file").read(text)
    except Unreadable:
        return
    for stated in operation.assignments:
        try:
            there, rest = find(root, stated.keys)
        except Refused:
            continue
        if len(rest) < 2 or there.kind != "mapping" or not isinstance(rest[0], str):
            continue
        near = nearest(rest[0], [entry.key for entry in there.entries])
        if near is not None:
            way = stated.keys[: len(stated.keys) - len(rest)]
            yield stated, show_keys((*way, rest[0])), show_keys((*way, near))
