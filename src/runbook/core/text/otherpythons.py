"""Python of other versions, written so that the parser of the one that runs here reads it.

What newer versions have (`type X = …`, `def f[T](…)`, quotes inside of f-strings, `except A, B:`)
and older ones had (`print x`, `raise E, "text"`) is replaced by what this one has. Lines, names and
what stands in what stay as they are: it is for looking up where something stands.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable

from runbook.core.patterns import regex
from runbook.core.value import value

# A comment, or a string with its prefix.
_BEGINS = regex(r"#|(?<!\w)(?:[rbuft]|rb|br|fr|rf|tr|rt|ur)(?=[\"'])|(?=[\"'])", re.IGNORECASE)
_MARK = regex("\x00(\\d+)\x01")
_STARTS = r"(?m)^([ \t]*(?:[^\n]*:[ \t]+)?)"
_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (regex(r"(?m)^([ \t]*)type[ \t]+(\w+)(?=(?:[ \t]|\\\n)*=)"), r"\1\2"),
    (regex(r"(?m)^([ \t]*)lazy[ \t]+(?=import\b|from\b)"), r"\1"),
    (
        regex(r"(?m)^([ \t]*except\*?[ \t]+)([^\n(:]+?,[^\n:]*?)([ \t]+as\b[^\n:]*)?(?=:)"),
        lambda found: f"{found[1]}({found[2]}){found[3] or ''}",
    ),
    (regex(rf"{_STARTS}(print|exec)[ \t]+(?![=(.,:\[])(?:>>[ \t]*)?([^\n]*)$"), r"\1\2(\3)"),
    (regex(rf"{_STARTS}print[ \t]*$"), r"\1print()"),
    (regex(r"(?m)^([ \t]*raise[ \t]+[\w.]+)[ \t]*,[^\n]*$"), r"\1"),
    (regex(r"<>"), "!="),
    (regex(r"\b0+([1-7][0-7]*)\b(?![.\w\x01])"), r"0o\1"),
    (regex(r"\b(\d+)[lL]\b"), r"\1"),
    (regex(r"`([^`\n]*)`"), r"(\1)"),
)
_WITH_PARAMETERS = regex(
    r"(?m)(?:\bdef[ \t]+\w+|\bclass[ \t]+\w+|^[ \t]*type[ \t]+\w+)[ \t]*(?=\[)"
)


@value
class _Masked:
    """A text with numbered marks for its strings and comments, and these as they are read here."""

    text: str
    kept: tuple[str, ...]


def lowered(text: str) -> str | None:
    """The text as it is read here, with as many lines; `None` if there is nothing to replace."""
    masked = _masked(text)
    if masked is None:
        return None
    code = _without_parameters(masked.text, masked.kept)
    for pattern, instead in _RULES:
        code = pattern.sub(instead, code)
    made = _MARK.sub(lambda found: masked.kept[int(found[1])], code)
    return None if made == text else made


def syntax_tree(text: str | bytes) -> ast.Module | Exception:
    """What this Python's own parser makes of a text, or why it makes nothing of it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes, which are the text's own
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return error


def tree_of_another(text: str) -> ast.Module | None:
    """The tree of a text for another Python, in which all stands in the lines of the text."""
    other = lowered(text)
    found = None if other is None else syntax_tree(other)
    return found if isinstance(found, ast.Module) else None


def _masked(text: str) -> _Masked | None:
    """The text with marks; `None` if a string has no end."""
    if "\x00" in text or "\x01" in text:
        return None
    made: list[str] = []
    kept: list[str] = []
    at = 0
    while (found := _BEGINS.search(text, at)) is not None:
        begin, prefix = found.start(), found[0].lower()
        if prefix == "#":
            end = text.find("\n", begin)
            end = len(text) if end < 0 else end
            kept.append(text[begin:end])
        else:
            end = _string_end(text, found.end(), prefix)
            if end < 0:
                return None
            kept.append(_plain(text[begin:end], prefix))
        made += [text[at:begin], f"\x00{len(kept) - 1}\x01"]
        at = end
    return _Masked("".join([*made, text[at:]]), tuple(kept))


def _plain(literal: str, prefix: str) -> str:
    """A string as it was; one that has code in it, as one of as many lines."""
    if not set(prefix) & {"f", "t"} and prefix != "ur":
        return literal
    lines = literal.count("\n")
    return f'"""{chr(10) * lines}"""' if lines else '""'


def _string_end(text: str, begin: int, prefix: str) -> int:
    """Where a string ends that opens at `begin`; -1 if it doesn't."""
    triple = text[begin : begin + 3]
    quote = triple if triple in ('"""', "'''") else text[begin]
    formats = bool(set(prefix) & {"f", "t"})
    at = begin + len(quote)
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(quote, at):
            return at + len(quote)
        elif text[at] == "\n" and len(quote) == 1:
            return -1
        elif formats and text.startswith(("{{", "}}"), at):
            at += 2
        elif formats and text[at] == "{":
            at = _field_end(text, at + 1)
            if at < 0:
                return -1
        else:
            at += 1
    return -1


def _field_end(text: str, at: int) -> int:
    """Where the field of an f-string that opens before `at` is closed, behind that; or -1."""
    depth = 1
    while at < len(text):
        sign = text[at]
        if sign in "\"'":
            before = re.search(r"[A-Za-z]{0,2}$", text[max(0, at - 2) : at])
            at = _string_end(text, at, before[0].lower() if before else "")
            if at < 0:
                return -1
            continue
        depth += (sign in "{[(") - (sign in "}])")
        at += 1
        if not depth:
            return at
    return -1


def _without_parameters(code: str, kept: tuple[str, ...]) -> str:
    """The code without the type parameters of functions, classes and types."""
    at = 0
    while (found := _WITH_PARAMETERS.search(code, at)) is not None:
        at = found.end()
        end = _closed(code, at)
        if end < 0:
            return code
        inside = code[at:end]
        lines = inside.count("\n")
        lines += sum(kept[int(mark)].count("\n") for mark in _MARK.findall(inside))
        code = code[:at] + "\\\n" * lines + code[end:]
    return code


def _closed(code: str, at: int) -> int:
    """Where a bracket that opens at a place is closed, behind that; -1 if it isn't."""
    depth = 0
    for index in range(at, len(code)):
        depth += (code[index] in "[({") - (code[index] in "])}")
        if not depth:
            return index + 1
    return -1
