"""What is added at the top of a file goes behind what must stay first there."""

from __future__ import annotations

import ast
import re

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Insert, Operation, Prepend
from runbook.markdown.importing.places.definitions import parsed
from runbook.markdown.importing.places.inplace import in_place
from runbook.markdown.importing.places.lines import is_whole, plain_lines, plain_text
from runbook.markdown.importing.words.vocabulary import anycase

# Each stands before all else, one after the other.
_FIRST = re.compile(
    r"(?:#![^\[\n][^\n]*\n)?"  # not Rust's `#![…]`
    r"(?:<\?xml\b[^>]*\?>[ \t]*\n)?"
    r"(?:[ \t]*\n)*"
    r"(?:<!DOCTYPE\b[^>\[]*(?:\[[^\]]*\])?[^>]*>[ \t]*\n)?"
    r"(?:<\?php\b[^\n]*\n(?:\s*declare\s*\([^)\n]*\)\s*;[ \t]*\n)?)?"
    r"(?:@charset\s[^;\n]*;[ \t]*\n)?"
    r"(?:%YAML\b[^\n]*\n(?:%[^\n]*\n)*---[ \t]*\n)?"
    r"(?:\#[^\n]*?(?:coding[:=]|frozen_string_literal:|typed:|syntax=|escape=)[^\n]*\n)*"
    r"(?:/\*\*?(?:(?!\*/)[\s\S])*@jest-environment(?:(?!\*/)[\s\S])*\*/[ \t]*\n)?"
    r"(?://go:build\b[^\n]*\n(?://\s*\+build[^\n]*\n)?(?:[ \t]*\n)?)?"
    r"(?:\{-\#[\s\S]*?\#-\}[ \t]*\n)*"
    r"(?:\#!\[[^\n]*\][ \t]*\n)*"
    r"(?:(['\"])use (?:client|server|strict)\1;?[ \t]*\n)*",
    re.IGNORECASE,
)
_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\n(?:[\s\S]*?\n)??(?:\1|\.\.\.)[ \t]*(?:\n|\Z)")
_WITH_FRONT_MATTER = anycase(r"\.(md|mdx|markdown|qmd|rmd|html?|astro|njk|liquid)$")
# Files that mostly begin with something that must stay first.
_MOSTLY = anycase(
    r"\.(sh|bash|zsh|bats|xml|svg|xsd|html?|xhtml|php|md|mdx|markdown|rmd|qmd|astro)$|(^|"
    r"/)(Dockerfile|Containerfile)$|(^|/)(bin|hooks|\.husky|\.githooks)/[^/.]+$"
)
_NO_FRONT_MATTER = anycase(r"(^|/)(CHANGELOG|CHANGES|HISTORY|NEWS)\.md$")
_COMMENTS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z))*")


def behind_top(text: str | None, path: str, change: Prepend) -> Prepend | Insert | str:
    """The change behind what must stay first in a file with this text, or why there is none.

    That are a line for the system or an encoding, front matter, a declaration of the document, and
    in Python, before code, the docstring and `from __future__`.
    """
    if text is None:
        unknown = _MOSTLY.search(path) and not _NO_FRONT_MATTER.search(path)
        return "what must stay first in it is not known" if unknown else change
    plain = plain_text(text)
    found = _FIRST.match(plain)
    end = found.end() if found else 0
    if not plain[:end].strip():
        end = 0  # blank lines keep nothing back
    matter = _FRONT_MATTER.match(plain) if _WITH_FRONT_MATTER.search(path) else None
    end = max(end, matter.end() if matter else 0)
    apart = matter is not None
    if path.endswith((".py", ".pyi")) and not _COMMENTS.fullmatch(change.text.value):
        apart = _python(plain) > end
        end = max(end, _python(plain))
    if not end:
        return change
    head = plain[:end]
    if not head.endswith("\n"):
        return "it holds no more than what must stay first"
    added = change.text.value
    if apart:
        # A blank line stands on both sides.
        rest = plain[end:]
        added = f"\n{added.strip(chr(10))}\n" if not head.endswith("\n\n") else added
        added += "" if not rest or rest.startswith("\n") else "\n"
    return Insert("after", Text(head, True), Text(added, True))


# What tells of all of a file, at its head, behind a line for the system.
_DESCRIBES = re.compile(r"(?:#![^\[\n][^\n]*\n)?(?P<said>(?://![^\n]*\n)+|/\*[\s\S]*?\*/[ \t]*\n)")


def head_anew(text: str, path: str, code: str, verb: str = "update") -> Operation | str:
    """The docstring, or the comment, that a file begins with in a new text."""
    own, lines = code.strip("\n") + "\n", plain_lines(text)
    old, new = (_described(each, path) for each in (plain_text(text), own))
    shown = own.rstrip("\n").split("\n")
    if old is None or new is None or new[1] != len(shown):
        return ""
    first = 0 if new[0] else old[0]
    there = lines[first : old[1]]
    # What the block shows above it stands there as well.
    same = there[: new[0]] == shown[: new[0]] and new[0] in (0, old[0])
    if not same or not is_whole(verb, there, shown):
        return ""
    return in_place(text, lines, first, old[1] - 1, shown) or ""


def _described(plain: str, path: str) -> tuple[int, int] | None:
    """The first line of what tells of all of a file, and the line behind it; else `None`."""
    if path.endswith((".py", ".pyi")):
        tree = parsed(plain)
        if tree is None or ast.get_docstring(tree) is None:
            return None
        return tree.body[0].lineno - 1, tree.body[0].end_lineno or 0
    found = _DESCRIBES.match(plain)
    if found is None:
        return None
    return plain.count("\n", 0, found.start("said")), plain.count("\n", 0, found.end())


def _python(plain: str) -> int:
    """Where the docstring and the imports from `__future__` of a Python file end, else 0."""
    tree = parsed(plain)
    last = 0
    if tree is None:
        return 0
    for at, node in enumerate(tree.body):
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (future or (at == 0 and ast.get_docstring(tree) is not None)):
            break
        last = node.end_lineno or 0
    return len("".join(f"{each}\n" for each in plain.split("\n")[:last]))
