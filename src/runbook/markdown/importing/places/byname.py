"""What is defined by name in a file, whichever language that is of: the parser that reads it."""

from __future__ import annotations

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places import methods, symbols, treeadditions, treesymbols
from runbook.markdown.importing.places.statements import member
from runbook.markdown.importing.words.symbolwords import Anew, Spot


def beside(text: str, path: str, code: str, place: Spot) -> Operation | str:
    """A block next to what is defined in a text."""
    if treesymbols.knows(path):
        made = treesymbols.inserted(text, path, code, place)
        return (
            (methods.beside_method(text, path, code, place) or made)
            if isinstance(made, str)
            else made
        )
    return symbols.inserted(text, code, place)


def anew(text: str, path: str, code: str, said: Anew) -> Operation | str:
    """A block in place of the definition of its name."""
    if treesymbols.knows(path):
        return treesymbols.replaced(text, path, code, said)
    return symbols.replaced(text, code, said)


def renamed(text: str, path: str, code: str, old: str, new: str) -> Operation | str:
    """A block that defines a new name, in place of the definition of an old one."""
    if treesymbols.knows(path):
        return treesymbols.renamed(text, path, code, old, new)
    return symbols.renamed(text, code, old, new)


def within(text: str, path: str, code: str, owner: str) -> Operation | str:
    """Members behind the others of their kind, in what is called `owner`."""
    if treesymbols.knows(path):
        return treeadditions.member(text, path, code, owner)
    return member(text, code, owner)
