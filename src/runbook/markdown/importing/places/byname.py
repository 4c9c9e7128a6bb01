"""What is defined by name in a file, whichever language that is of: the parser that reads it."""

from __future__ import annotations

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places import methods, treeadditions, treesymbols
from runbook.markdown.importing.places.statements import member
from runbook.markdown.importing.places.symbols import inserted
from runbook.markdown.importing.words.symbolwords import Spot


def beside(text: str, path: str, code: str, place: Spot) -> Operation | str:
    """A block next to what is defined in a text."""
    made = inserted(text, path, code, place)
    if isinstance(made, str) and treesymbols.knows(path):
        return methods.beside_method(text, path, code, place) or made
    return made


def within(text: str, path: str, code: str, owner: str) -> Operation | str:
    """Members behind the others of their kind, in what is called `owner`."""
    if treesymbols.knows(path):
        return treeadditions.member(text, path, code, owner)
    return member(text, code, owner)
