"""Texts as kinds of values: of words, of commands, of source code, of an output."""

from __future__ import annotations

import re
import warnings

from runbook.core.matching.texts import Text
from runbook.core.model.days import no_such_day
from runbook.format.content import Block, Content, Inline, Unwritable, Words
from runbook.format.forms import Kind, Schema, kind
from runbook.format.shown import Shown
from runbook.format.yamltree import (
    NOTHING,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    is_block,
)

# A text may be written so that YAML takes it for a number or a truth value; ours never does.
TEXT: Schema = {"type": ["string", "number", "boolean"]}
SOURCE: Schema = {"type": ["string", "number", "boolean", "null"]}


_BRIEF = 40
"""Characters of a value that a message names."""


def brief(value: str) -> str:
    """A value as a message names it: in one line, and not all of a long one."""
    first, _, rest = value.strip("\n").partition("\n")
    return first if not rest and len(first) <= _BRIEF else f"{first[:_BRIEF].rstrip()} …"


def scalar(source: Source, node: Node, what: str, hint: str | None = None) -> str | None:
    """The text of a scalar, whatever `what` it is to be; `None` with the mistake recorded.

    `hint` says how it is written, where that is not as any text is.
    """
    if not isinstance(node, ScalarNode):
        shape = "list" if isinstance(node, SequenceNode) else "mapping"
        hint = hint or _quoting_hint(source, node)
        source.error(node, f"{what} is expected here, not a {shape}", hint)
        return None
    if not node.style and node.value in NOTHING:
        _nothing(source, node, what)
        return None
    return str(node.value)


def _nothing(source: Source, node: ScalarNode, what: str, hint: str | None = None) -> None:
    """Say that something is missing; to YAML what was meant may be a comment."""
    if source.comment_after(node) is not None:
        hint = "to YAML the rest of the line is a comment: quote it, or put it under `|`"
    source.error(node, f"{what} is expected here, and nothing stands here", hint)


def _quoting_hint(source: Source, node: Node) -> str | None:
    """What to do where a text was meant and YAML saw a collection in it."""
    if source.text[node.start_mark.index : node.start_mark.index + 1] in ("[", "{"):
        several = isinstance(node, SequenceNode) and len(node.value) > 1
        each = "; of several commands, each is a step of its own" if several else ""
        return f"a text that begins with a bracket must be quoted{each}"
    if isinstance(node, MappingNode):
        return "a text with `: ` in it must be quoted, or stand under `|`"
    return "write it without `- `; several lines stand under `|`"


@kind(TEXT, Inline)
def text(source: Source, node: Node) -> str | None:
    """Any text, as written."""
    return scalar(source, node, "a text")


@kind(TEXT, Words, plain=True)
def code(source: Source, node: Node) -> str | None:
    """A text in which a `#` may not silently begin a comment; it may be empty."""
    certain = source.certain(node)
    if certain is not None:
        return certain
    value = whole(source, node)
    if value is not None and "\0" in value:
        source.error(node, "a NUL character can't stand in this text")
        return None
    return value


@kind(TEXT | {"pattern": r"\S"}, Words, plain=True)
def message(source: Source, node: Node) -> str | None:
    """A command, a message, a heading: `code` that says something."""
    certain = source.certain(node)
    if certain is not None:
        return certain
    value: str | None = code.read(source, node)
    if value is not None and not value.strip():
        source.error(node, "the text is empty")
        return None
    return value


@kind(TEXT, Inline)
def when(source: Source, node: Node) -> str | None:
    """Words that say when; if they begin with a day, it is one of the calendar."""
    value = scalar(source, node, "a date")
    missing = None if value is None else no_such_day(value)
    if missing is not None:
        source.error(node, f"there is no day {missing}", "write year, month and day: `2026-02-04`")
        return None
    return value


def _folded(text: str) -> Content:
    return Words(text, prose=True)


# The same, written so that long ones are folded.
prose = Kind(code.read, _folded, code.schema, plain=True)
instructions = Kind(message.read, _folded, message.schema, plain=True)


def whole(source: Source, node: Node) -> str | None:
    """The text of a scalar of which YAML takes nothing for a comment."""
    value = scalar(source, node, "a text")
    if value is not None and isinstance(node, ScalarNode):
        comment = source.comment_after(node)
        if comment is not None:
            source.error_at(
                node.end_mark.line,
                comment,
                "YAML takes the rest of this line for a comment and drops it",
                "quote the text, or put it under `|`",
            )
    return value


def _write_source(text: Text) -> Content:
    if not text.whole_lines:
        # The reader takes the line ends of Windows for ours.
        return Inline(text.value.replace("\r\n", "\r\r\n"))
    if text.value and not text.value.endswith("\n"):
        raise Unwritable(f"the lines {text.value[-40:]!r} do not end with a line end")
    return Block(text.value)


_AS_LINES = Shown(lambda text: text.value, lambda content: Text(content, True))


@kind(SOURCE, _write_source, shown=_AS_LINES)
def source_text(source: Source, node: Node) -> Text | None:
    """A piece of source text: whole lines where it is a block scalar."""
    if isinstance(node, ScalarNode) and not node.style and node.value == "":
        _nothing(source, node, "a text", 'empty is `""`')
        return None
    value = source.certain(node)
    if value is None:
        value = whole(source, node) if not is_null_word(node) else str(node.value)
    if value is None or not isinstance(node, ScalarNode):
        return None
    if folds(node):
        source.error(node, "YAML would fold these lines into one", "put the text under `|`")
    if not source.exact:
        # Line ends are those of the file that the text goes into.
        value = value.replace("\r\n", "\n")
    if node.style == "|":
        return Text(value if value.endswith("\n") or not value else value + "\n", True)
    return Text(value, False)


@kind(SOURCE | {"pattern": r"[^\n]"}, _write_source, shown=_AS_LINES)
def search_text(source: Source, node: Node) -> Text | None:
    """A source text to look for, which must not be empty."""
    found: Text | None = source_text.read(source, node)
    if found is not None and not found.value.strip("\n"):
        hint = "its lines are indented by two columns past the key" if is_block(node) else None
        source.error(node, "an empty text can't be looked for", hint)
    return found


def folds(node: ScalarNode) -> bool:
    """Whether YAML makes one line of the several that a scalar is written in."""
    several = node.start_mark.line != node.end_mark.line
    return bool(node.style == ">" or (node.style != "|" and several))


def is_null_word(node: Node) -> bool:
    """Whether a scalar is `~` or `null`, which is source text in an edit like any other word."""
    return isinstance(node, ScalarNode) and not node.style and node.value in ("~", "null")


def _write_sought(text: str) -> Content:
    # The reader takes one line end off, which a block has and nobody means.
    return Words(text + "\n" if "\n" in text else text)


@kind(TEXT, _write_sought)
def sought(source: Source, node: Node) -> str | None:
    """A text that is looked for in an output, where the last line's end may be missing."""
    found: str | None = code.read(source, node)
    return found if found is None or source.exact else found.removesuffix("\n")


@kind(TEXT, _write_sought)
def regex(source: Source, node: Node) -> str | None:
    """A regular expression in Python's syntax, tried before anything runs."""
    pattern: str | None = sought.read(source, node)
    if pattern is None:
        return None
    try:
        with warnings.catch_warnings():
            # That a later Python may read it otherwise is no mistake today.
            warnings.simplefilter("ignore")
            re.compile(pattern, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        source.error(node, f"this is no regular expression: {error}")
        return None
    return pattern
