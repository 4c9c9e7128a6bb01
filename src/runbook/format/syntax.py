"""What libyaml's errors mean for the person who wrote the phase file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from runbook.core.patterns import regex
from runbook.core.value import value
from runbook.format.libyaml import yaml

_QUOTE = "quote the text, or put it under `|`"


@value
class SyntaxMistake:
    """One error of the parser: its place (line and column from 0), a message and a hint."""

    line: int
    column: int
    message: str
    hint: str | None = None


# What the parser says → what we say instead, and a hint.
_WORDS = {
    "block sequence entries are not allowed": ("a list can't begin on this line", _QUOTE),
    "mapping keys are not allowed": ("a text can't begin with `?`", _QUOTE),
    "found character that cannot start any token": (
        "a text can't begin with `@`, `%` or a backtick",
        _QUOTE,
    ),
    "found a tab character where an indentation space is expected": (
        "a tab can't be part of an indentation in YAML",
        "indent with two blanks past the key; after them, a tab is text",
    ),
    "found a tab character": (
        "a tab can't be part of an indentation in YAML",
        "indent with blanks",
    ),
    "did not find expected whitespace or line break": (
        "a text that begins with `!` is a YAML tag",
        _QUOTE,
    ),
    "found undefined alias": ("a text that begins with `*` is an alias", _QUOTE),
    "did not find expected comment or line break": (
        "a text can't begin with `|` or `>`, which open a block",
        "quote the text",
    ),
    "did not find expected key": (
        "this line fits neither the one before it nor the block it is in",
        "check the indentation of both lines",
    ),
    "expected <document start>": (
        "this line is no part of what the file begins with",
        "begin all keys of the file in the same column",
    ),
    "did not find expected '-' indicator": (
        "an item of the list is expected here, `- …`",
        "check the indentation of this line",
    ),
    "could not find expected ':'": ("a key has no colon", "write `key: value`"),
    "found unknown escape character": (
        "this is no escape of a text in double quotes",
        "use single quotes, in which a backslash is a backslash",
    ),
    "but found another document": (
        "a second document begins here, and a phase file is one",
        "remove the `---` line, or put what follows into a file of its own",
    ),
    "found unexpected end of stream": ("this quote is never closed", None),
}


# `edit: *.py`, where a pattern over files is meant.
_PATTERN = regex(r"[\s-]*(?:edit|files):[\s\[]*(\*[^\s,\]]*)")


# Errors that are better shown where the text, the key or the block begins.
_SEEN_TOO_LATE = (
    "found unexpected end of stream",
    "could not find expected ':'",
    "did not find expected comment or line break",
    "did not find expected whitespace or line break",
)


def _unaliased(line: str) -> str:
    """What to write for a text that begins as an anchor or an alias does."""
    pattern = _PATTERN.match(line)
    if pattern is None:
        return "quote the whole text"
    return f'a pattern over files is written `{{glob: "{pattern[1]}"}}`'


def explain(error: yaml.MarkedYAMLError, line_of: Callable[[int], str]) -> SyntaxMistake:
    """The mistake behind an error; `line_of` gives a line of the file by its number (from 0)."""
    problem = error.problem or error.context or "unknown"
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return SyntaxMistake(0, 0, f"this is not YAML: {problem}")
    line, column = mark.line, mark.column
    before = line_of(line)[:column]
    opened = error.context_mark or mark
    if "expected alphabetic or numeric" in problem:
        message = "`&` and `*` begin an anchor and an alias, which are not part of the format"
        return SyntaxMistake(opened.line, opened.column, message, _unaliased(line_of(opened.line)))
    if any(part in problem for part in _SEEN_TOO_LATE):
        line, column = opened.line, opened.column
    seeming = _lookalike(dict.fromkeys((line, mark.line, line - 1)), line_of)
    if seeming is not None:
        return seeming
    if "mapping values are not allowed" in problem:
        above = next((text for n in range(line - 1, -1, -1) if (text := line_of(n)).strip()), "")
        return SyntaxMistake(line, column, *_colon(before, above))
    closer = _closer(problem, line, column, line_of)
    if closer is not None:
        return closer
    sign = line_of(line)[column : column + 1]
    if "cannot start any token" in problem and sign == "\t":
        problem = "found a tab character"
    if "cannot start any token" in problem and sign in ("|", ">"):
        message = f"between brackets, a text can't begin with `{sign}`"
        return SyntaxMistake(line, column, message, "quote the text")
    if "did not find expected key" in problem and before.rstrip()[-1:] in ("'", '"', "]", "}"):
        message = "the text goes on after its closing quote or bracket"
        return SyntaxMistake(line, column, message, "quote the whole text, or put it under `|`")
    closing = re.fullmatch(r"did not find expected ',' or '([\]}])'", problem)
    if closing:
        message = f"a `,` or `{closing[1]}` is missing"
        if line_of(line)[column : column + 1] in ("[", "{") and before[-1:].strip(" ,[{"):
            within = "between brackets, a key or a text that has a bracket in it is quoted"
            return SyntaxMistake(line, column, message, within)
        if line != opened.line:
            line, column = opened.line, opened.column
        return SyntaxMistake(line, column, message, "a text that begins with a bracket is quoted")
    for part, (message, hint) in _WORDS.items():
        if part in problem:
            return SyntaxMistake(line, column, message, hint)
    return SyntaxMistake(line, column, f"this is not YAML: {problem}")


def _colon(before: str, above: str) -> tuple[str, str]:
    """Message and hint for a `: ` where YAML allows none; `before` it, and the line `above`."""
    if ": " in before:
        quote = _BOOKISH.search(before)
        hint = _QUOTE if quote is None else f"`{quote[1]}` is no quote to YAML: write `\"` or `'`"
        return "a `: ` in a text makes YAML take it for a key", hint
    hint = "check the indentation, and the blank after the colon of the key above"
    glued = _glued(above)
    if glued is not None:
        hint = f"the line above has no blank after its `{glued[0]}`: write `{glued[1]}`"
    return "a key can't stand here: this line continues the text above it", hint


# Quotes as books have them, and word processors make.
_BOOKISH = regex("[:-] ([\u00ab\u2018\u2019\u201a-\u201f])")
_GLUED_DASH = regex(r"-(?=[\w\"'`])(?!-)")
_GLUED_COLON = regex(r"(?:- +)?[\w-]+:(?=[^\s:/])")
_OPENS_BLOCK = regex(r"(?:^|[\s])[|>][-+1-9]{0,2}\s*(?:#.*)?$")
_QUOTED = regex(r""" "(?:[^"\\]|\\.)*" | '[^']*' """, re.VERBOSE)


def _glued(line: str) -> tuple[str, str] | None:
    """The sign that has no blank after it with which a line begins, and how it is written."""
    text = line.strip()
    for sign, form in (("-", _GLUED_DASH), (":", _GLUED_COLON)):
        found = form.match(text)
        if found is not None:
            return sign, f"{text[: found.end()]} {text[found.end() :]}"
    return None


_BLANK = "[\u00a0\u2000-\u200b\u202f\u205f\u3000]"
_LOOKALIKE = regex(
    rf"[ -]*({_BLANK})|\s*-({_BLANK})|\s*(?:- +)?[\w-]+:({_BLANK})|\s*(?:- +)?[\w-]+(\uff1a)"
)


def _lookalike(numbers: Iterable[int], line_of: Callable[[int], str]) -> SyntaxMistake | None:
    """The sign in one of some lines that only looks like one of YAML's, as chats and pages have."""
    for number in numbers:
        found = _LOOKALIKE.match(line_of(number)) if number >= 0 else None
        if found is not None and found.lastindex is not None:
            sign = found[found.lastindex]
            what, own = ("blank", "a blank") if sign != "\uff1a" else ("colon", "`: `")
            message = f"this {what} is U+{ord(sign):04X}, which YAML takes for a letter"
            return SyntaxMistake(number, found.start(found.lastindex), message, f"type {own}")
    return None


def _closer(
    problem: str, line: int, column: int, line_of: Callable[[int], str]
) -> SyntaxMistake | None:
    """What can be told better by the lines themselves: of a line, block, quote or bracket."""
    if "could not find expected ':'" in problem or "expected '-' indicator" in problem:
        text = line_of(line)
        glued = _glued(text)
        if glued is not None:
            start = len(text) - len(text.lstrip())
            message = f"there is no blank after the `{glued[0]}`"
            return SyntaxMistake(line, start, message, f"write `{glued[1]}`")
    unfit = "could not find expected ':'" in problem or "expected '-' indicator" in problem
    if unfit and line and _OPENS_BLOCK.search(line_of(line - 1)):
        message = "the text of a block is not indented past its key"
        return SyntaxMistake(line, column, message, "indent it by two columns past the key")
    if "did not find expected node content" in problem:
        sign = line_of(line)[column : column + 1]
        if sign in ("]", "}", ","):
            return SyntaxMistake(line, column, f"a text can't begin with `{sign}`", _QUOTE)
        place = _unclosed(line, line_of)
        if place is not None:
            hint = "close it; a text that begins with a bracket is quoted"
            return SyntaxMistake(*place, "this bracket is never closed", hint)
    before = line_of(line)[:column].rstrip()
    if "did not find expected" in problem and before[-1:] in ('"', "'"):
        place = _opening(line, before, line_of)
        if place is not None:
            message = f"the text that begins with this quote goes on to the one in line {line + 1}"
            return SyntaxMistake(*place, message, "close the quote, or put the text under `|`")
    return None


def _unclosed(line: int, line_of: Callable[[int], str]) -> tuple[int, int] | None:
    """The last bracket before a line that nothing closes."""
    closed = 0
    for number in range(line, -1, -1):
        text = _QUOTED.sub(lambda found: " " * len(found[0]), line_of(number))
        for column in range(len(text) - 1, -1, -1):
            if text[column] in "]}":
                closed += 1
            elif text[column] in "[{":
                if not closed:
                    return number, column
                closed -= 1
    return None


def _opening(line: int, before: str, line_of: Callable[[int], str]) -> tuple[int, int] | None:
    """Where the text began that ends with `before`'s quote, if that was on an earlier line."""
    quote = before[-1]
    if before.count(quote) % 2 == 0:
        return None
    for number in range(line - 1, -1, -1):
        text = line_of(number)
        if text.count(quote) % 2:
            return number, text.rindex(quote)
    return None


# What libyaml refuses, and what it takes for a line end, which would move or lose text.
HARMFUL = regex(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]|\r(?!\n)"
)
_USUAL = bytes([*b"\t\n", *range(0x20, 0x7F)])
_ENDS_LINE = ("\r", "\x85", "\u2028", "\u2029")


def harmful_character(text: str) -> tuple[int, str, str] | None:
    """Offset, message and hint for the first character that can't stand in a phase file."""
    if text.isascii() and not text.encode().translate(None, _USUAL):
        return None  # nearly always, and seen ten times as fast
    found = HARMFUL.search(text)
    if found is None:
        return None
    code = ord(found[0])
    escape = f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
    what = (
        "which YAML takes for a line end" if found[0] in _ENDS_LINE else "which YAML does not allow"
    )
    return (
        found.start(),
        f"the character U+{code:04X}, {what}",
        f"write `{escape}` in a text in double quotes",
    )
