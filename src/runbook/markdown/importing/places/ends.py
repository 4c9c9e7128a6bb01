"""What is appended to a file stands as far apart from what is there as its language wants."""

from __future__ import annotations

import re

from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Insert, Remove
from runbook.core.value import replace
from runbook.markdown.importing.places.definitions import is_definition, parsed
from runbook.markdown.importing.places.lines import plain_text
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_BRACES = anycase(
    r"\.([cm]?[jt]sx?|go|rs|java|kts?|swift|c|cc|cpp|cxx|h|hpp|cs|php|scala|dart|css|scss|less|"
    r"vue|svelte|zig|proto|graphql|gql|prisma|tf|sql)$"
)
_WORDS = re.compile(r"\.(?:rb|exs?|lua|jl|r|nim|cr|sh|bash|zsh|bats|fish|ps1|mk)$|(?:^|/)Makefile$")
_MARKUP = anycase(r"\.(md|mdx|markdown|rst|adoc|txt)$")
_SECTIONS = spelled(r"\.(toml|ini|cfg|conf|editorconfig)$|(^|/)\.(gitconfig|coveragerc|flake8)$")
# One of several such lines that stand together.
_ONE_LINE = spelled(
    r"(import|export|use|pub use|(pub )?mod|from|#include|@import|using|require|source|alias|"
    r"package)\b[^\n]*\n?\Z"
)
_DEFINES = spelled(
    r"(def|class|async def|module|describe|context|it|test|function|local function|defmodule|defp|"
    r"setup|teardown|@test|@\w+)\b|[\w.-]+\s*\(\)\s*\{|[\w.%/-]+\s*:(?!=)"
)
# Something of several lines that stands in nothing else, down to the brace that ends it.
_BRACED = re.compile(r"\n*\S[^\n]*\n(?:[^\n]*\n)+\}[;,)]*\n\Z")
_PYTHON = re.compile(r"(?:@|(?:async\s+)?def\s|class\s|if\s+__name__)")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])\s|[ \t]*\||\[[^\]\n]+\]:")


def set_apart(text: str | None, path: str, change: Append) -> Append:
    """The change with blank lines before it, as far as they don't stand there: after `text`."""
    plain = None if text is None else plain_text(text)
    if plain is not None and not plain.strip():
        return change
    code = change.text.value
    opens = len(code) - len(code.lstrip("\n"))
    there = len(plain) - len(plain.rstrip("\n")) - 1 if plain is not None else 0
    missing = _wanted(plain, path, code.lstrip("\n")) - max(there, 0) - opens
    if missing <= 0:
        return change
    return replace(change, text=Text("\n" * missing + code, change.text.whole_lines))


def with_blank_lines(text: str | None, change: Remove) -> Remove:
    """The removal with the blank lines that would stand twice: those above what goes, and below.

    At the end of a file, those above go along.
    """
    if text is None or not change.search.whole_lines or change.match != "exact":
        return change
    normal = NormalizedText(text)
    found = normal.occurrences(change.search)
    if len(found) != 1:
        return change
    above, below = normal.text[: found[0].start], normal.text[found[0].end :]
    before = len(above) - len(above.rstrip("\n")) - 1 if above.strip("\n") else len(above)
    after = len(below) - len(below.lstrip("\n"))
    value = change.search.value
    if not value.strip("\n") or value.startswith("\n") or value.endswith("\n\n"):
        return change  # the plan shows them
    if not below.strip("\n"):
        value = "\n" * max(before, 0) + value if above.strip("\n") else value
    else:
        first = not above.strip("\n")
        value += "\n" * (after if first else min(max(before, 0), after))
    return replace(change, search=Text(value, True))


def between(text: str | None, path: str, change: Insert) -> Insert:
    """The insertion with the blank lines that are wanted around functions and classes.

    In languages with braces that is one between what ends with one and what comes next.
    """
    code = change.text.value
    tree = parsed(code) if path.endswith(".py") and code.strip() else None
    braced = _BRACED.match(code) is not None and _BRACES.search(path) is not None
    whole = change.text.whole_lines and change.anchor.whole_lines and change.match == "exact"
    if text is None or not whole or not (braced or (tree and tree.body)):
        return change
    normal = NormalizedText(text)
    found = normal.occurrences(change.anchor)
    if len(found) != 1:
        return change
    at = found[0].start if change.side == "before" else found[0].end
    above, below = normal.text[:at], normal.text[at:]
    if tree is None:
        closed = above.rstrip("\n").rpartition("\n")[2].startswith("}")
        gap = "\n" * (closed and not above.endswith("\n\n") and code[0] != "\n")
        code = gap + code + "\n" * bool(re.match(r"[^\s})\]]", below))
        return replace(change, text=Text(code, True))
    first, last = code.lstrip("\n"), tree.body[-1]
    opens, ends = len(code) - len(first), len(code) - len(code.rstrip("\n")) - 1
    before = after = 0
    remark = re.search(r"(?:\A|\n)#[^\n]*\n\Z", above)
    if _PYTHON.match(first) and above.strip("\n") and not remark:
        before = 2 - opens - (len(above) - len(above.rstrip("\n")) - 1)
    if is_definition(last) and below.lstrip("\n")[:1].strip():
        after = 2 - ends - (len(below) - len(below.lstrip("\n")))
    apart = "\n" * max(before, 0) + code + "\n" * max(after, 0)
    return change if apart == code else replace(change, text=Text(apart, True))


def _wanted(plain: str | None, path: str, code: str) -> int:
    """How many blank lines stand before a text at the end of a file."""
    first = re.sub(r"\A(?:[ \t]*(?:#|//|--)[^\n]*\n)+", "", code)
    if path.endswith((".py", ".pyi")):
        return _in_python(plain, first, path.endswith(".pyi"))
    if _MARKUP.search(path):
        if path.endswith(".txt"):
            return 0
        last = "" if plain is None else plain.rstrip("\n").rpartition("\n")[2]
        goes_on = _ITEM.match(code) and (plain is None or _ITEM.match(last))
        return 0 if goes_on else 1
    if _BRACES.search(path):
        return 0 if _ONE_LINE.match(first) else 1
    if _SECTIONS.search(path):
        return 1 if first.startswith("[") else 0
    return 1 if _WORDS.search(path) and _DEFINES.match(first) else 0


def _in_python(plain: str | None, first: str, stub: bool) -> int:
    apart = 1 if stub else 2
    if _PYTHON.match(first):
        return apart
    tree = None if plain is None else parsed(plain)
    last = [] if tree is None else tree.body[-1:]
    return apart if any(map(is_definition, last)) else 0
