"""What code of a file defines, whichever parser reads it: Python's own, or ast-grep."""

from __future__ import annotations

from runbook.markdown.importing.places import treesymbols
from runbook.markdown.importing.places.definitions import Source, parsed, source

PYTHON = (".py", ".pyi")


def is_read(path: str) -> bool:
    """Whether what a file defines can be looked up."""
    return path.endswith(PYTHON) or treesymbols.knows(path)


def outline(text: str, path: str) -> Source | None:
    """What a text defines; of Python with what is in its classes, else at its top."""
    return source(text) if path.endswith(PYTHON) else treesymbols.outline(text, path)


def parses(text: str, path: str) -> bool:
    """Whether a text has no error, as Python where the language is none of ast-grep's."""
    if treesymbols.knows(path):
        return treesymbols.root_of(text, path) is not None
    return parsed(text) is not None


def spoilt(text: str, whole: str, path: str) -> bool:
    """Whether a text that ast-grep reads is no longer one that it does."""
    return treesymbols.knows(path) and parses(text, path) and not parses(whole, path)


def functions_named(text: str, path: str, name: str) -> list[tuple[int, int]]:
    """The first and last lines (from 0) of all functions and methods of a name."""
    if treesymbols.knows(path):
        return treesymbols.functions_named(text, path, name)
    there = source(text)
    named = there.named(name) if there else []
    return [(each.head, each.last) for each in named if each.kind == "function"]


def times(count: int) -> str:
    """How often something is defined that is not to be found once and for sure."""
    return "more than once" if count > 1 else "once, under a condition" if count else "nowhere"
