"""Readers of single values: texts, numbers, durations, paths, bounds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from runbook.core import paths
from runbook.core.durations import read_duration
from runbook.core.model import Count, Exit, Tally
from runbook.core.operations import Glob, LineRange, Occurrences, Target, Text
from runbook.format.forms import (
    CHOICES,
    LISTS,
    Form,
    Key,
    ListOf,
    Reader,
    check_block,
    key_name,
    read_form,
    refuse_mark,
    take_plainly,
)
from runbook.format.yamltree import (
    NOTHING,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
)

T = TypeVar("T")

_INTEGER = re.compile(r"[0-9]{1,18}")
_COUNT = re.compile(r"(==|!=|>=|<=|>|<)?\s*(\d{1,18})")
_LINES = re.compile(r"(\d{1,9})(?:\s*-\s*(\d{1,9}))?")
_IDENTIFIER = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


def _scalar(source: Source, node: Node, what: str) -> str | None:
    if not isinstance(node, ScalarNode):
        source.error(
            node, f"{what} is expected here, not a {_kind(node)}", _quoting_hint(source, node)
        )
        return None
    if not node.style and node.value in NOTHING:
        source.error(node, f"{what} is expected here, and nothing stands here")
        return None
    return str(node.value)


def _kind(node: Node) -> str:
    return "list" if isinstance(node, SequenceNode) else "mapping"


def _quoting_hint(source: Source, node: Node) -> str | None:
    """What to do where a text was meant and YAML saw a collection in it."""
    if source.text[node.start_mark.index : node.start_mark.index + 1] in ("[", "{"):
        return "a text that begins with a bracket must be quoted"
    if isinstance(node, MappingNode):
        return "a text with `: ` in it must be quoted, or stand under `|`"
    return None


def text(source: Source, node: Node) -> str | None:
    """Any text, as written."""
    return _scalar(source, node, "a text")


def code(source: Source, node: Node) -> str | None:
    """A text in which a `#` may not silently begin a comment; it may be empty."""
    certain = source.certain(node)
    if certain is not None:
        return certain
    value = _written(source, node)
    if value is not None and "\0" in value:
        source.error(node, "a NUL character can't stand in this text")
        return None
    return value


def message(source: Source, node: Node) -> str | None:
    """A command, a message, a heading: `code` that says something."""
    certain = source.certain(node)
    if certain is not None:
        return certain
    value = code(source, node)
    if value is not None and not value.strip():
        source.error(node, "the text is empty")
        return None
    return value


take_plainly(code, message)


def _written(source: Source, node: Node) -> str | None:
    value = _scalar(source, node, "a text")
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


def source_text(source: Source, node: Node) -> Text | None:
    """A piece of source text: whole lines where it is a block scalar."""
    if isinstance(node, ScalarNode) and not node.style and node.value == "":
        source.error(node, "a text is expected here, and nothing stands here", 'empty is `""`')
        return None
    value = source.certain(node)
    if value is None:
        value = _written(source, node) if not _is_null_word(node) else str(node.value)
    if value is None or not isinstance(node, ScalarNode):
        return None
    if node.style == ">" or (node.style != "|" and node.start_mark.line != node.end_mark.line):
        source.error(node, "YAML would fold these lines into one", "put the text under `|`")
    # Line ends are those of the file that the text goes into.
    value = value.replace("\r\n", "\n")
    if node.style == "|":
        return Text(value if value.endswith("\n") or not value else value + "\n", True)
    return Text(value, False)


def search_text(source: Source, node: Node) -> Text | None:
    """A source text to look for, which must not be empty."""
    found = source_text(source, node)
    if found is not None and not found.value.strip("\n"):
        source.error(node, "an empty text can't be looked for")
    return found


def _is_null_word(node: Node) -> bool:
    # `~` and `null` are source text in an edit like any other word.
    return isinstance(node, ScalarNode) and not node.style and node.value in ("~", "null")


def integer(source: Source, node: Node) -> int | None:
    """A whole number, decimal."""
    value = _scalar(source, node, "a whole number")
    if value is None:
        return None
    if not _INTEGER.fullmatch(value):
        source.error(
            node, f"a whole number is expected here, not `{value[:40]}`", "write digits only"
        )
        return None
    return int(value)


def boolean(source: Source, node: Node) -> bool | None:
    """`true` or `false`."""
    value = _scalar(source, node, "`true` or `false`")
    if value is None:
        return None
    if value not in ("true", "false"):
        source.error(node, f"`true` or `false` is expected here, not `{value[:40]}`")
        return None
    return value == "true"


def seconds(source: Source, node: Node) -> float | None:
    """A duration such as `90s`, `10m`, `1h30m`, in seconds."""
    value = _scalar(source, node, "a duration")
    if value is None:
        return None
    total = read_duration(value)
    if total is None:
        source.error(
            node, f"a duration is expected here, not `{value[:40]}`", "write `90s`, `10m`, `1h30m`"
        )
        return None
    if total == 0:
        source.error(node, "a duration must be longer than nothing")
    return total


def choice(*words: str) -> Reader:
    """A reader of one of a few words."""

    def read(source: Source, node: Node) -> str | None:
        value = _scalar(source, node, "a word")
        if value is not None and value not in words:
            source.error(node, f"`{value[:40]}` is none of {', '.join(f'`{w}`' for w in words)}")
            return None
        return value

    CHOICES[read] = words
    return read


def listing(
    read: Callable[[Source, Node], T | None], *, empty: bool = False
) -> Callable[[Source, Node], tuple[T, ...]]:
    """A reader of a list of what `read` reads; a single one may stand without the list.

    An `empty` list is allowed where it says something: that what is inherited does not count.
    """

    def read_all(source: Source, node: Node) -> tuple[T, ...]:
        if not isinstance(node, SequenceNode):
            value = read(source, node)
            return () if value is None else (value,)
        if not node.value and not empty:
            source.error(node, "the list is empty")
        values = []
        for item in node.value:
            if source.mark_before(item):
                refuse_mark(source, item)
                continue
            check_block(source, item, node.start_mark.column, "dash")
            value = read(source, item)
            if value is not None:
                values.append(value)
        return tuple(values)

    LISTS[read_all] = ListOf(read, empty)
    return read_all


_texts = listing(text)
_integers = listing(integer)


def path(source: Source, node: Node) -> str | None:
    """A literal path in `workdir`."""
    value = _scalar(source, node, "a path")
    if value is None:
        return None
    if isinstance(node, ScalarNode) and node.style in ("|", ">"):
        source.error(node, "a path stands on the line of its key, not in a block")
        return None
    objection = paths.objection(value)
    if objection:
        source.error(node, objection, paths.hint(value))
        return None
    return value


def folder(source: Source, node: Node) -> str | None:
    """A literal path of a folder, with or without a `/` at its end; `.` is where it starts."""
    if isinstance(node, ScalarNode):
        name = str(node.value).rstrip("/")
        if name == ".":
            return "."
        if name and not paths.objection(name):
            return name
    return path(source, node)


def worktree(source: Source, node: Node) -> str | None:
    """A folder other than the main worktree itself."""
    value = folder(source, node)
    if value == ".":
        source.error(node, "a linked worktree stands in a folder of its own")
        return None
    return value


GLOB = Form("a glob", {"glob": Key(path, "glob", "pattern over tracked files", required=True)})


def target(source: Source, node: Node) -> Target | None:
    """A path, or `{glob: PATTERN}`."""
    if not isinstance(node, MappingNode):
        return path(source, node)
    pattern = read_form(source, node, GLOB).get("glob")
    return None if pattern is None else Glob(pattern)


def environment(source: Source, node: Node) -> tuple[tuple[str, str], ...] | None:
    """A mapping of variable names to texts."""
    if not isinstance(node, MappingNode):
        source.error(node, "a mapping of variable names to values is expected here")
        return None
    values: dict[str, str] = {}
    for key_node, value_node in node.value:
        name = key_name(source, key_node)
        if name is None:
            continue
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            source.error(key_node, f"`{name[:40]}` can't be a variable's name")
        elif name in values:
            source.error(key_node, f"duplicate key `{name}`", "remove one of the two")
        elif isinstance(value_node, ScalarNode) and not value_node.style and not value_node.value:
            source.error(value_node, f"`{name}` has no value", 'an empty value is `""`')
        elif source.mark_before(value_node):
            refuse_mark(source, value_node)
        else:
            check_block(source, value_node, key_node.start_mark.column)
            value = value_node.value
            if not _is_null_word(value_node):
                value = _written(source, value_node)
            if value is not None and "\0" in value:
                source.error(value_node, "a variable can't hold a NUL character")
            values[name] = value or ""
    return tuple(values.items())


def count(source: Source, node: Node) -> Count | None:
    """A bound on a number: `14`, `">=2"`."""
    value = _scalar(source, node, "a count")
    if value is None:
        return None
    found = _COUNT.fullmatch(value)
    if found is None:
        source.error(node, f"a count is expected here, not `{value[:40]}`", 'write `14` or `">=2"`')
        return None
    operator: Any = found[1] or "=="
    return Count(operator, int(found[2]))


def tally(source: Source, node: Node) -> Tally | None:
    """A count of tests, or the list of their node ids."""
    if isinstance(node, SequenceNode):
        return _texts(source, node)
    return count(source, node)


def occurrences(source: Source, node: Node) -> Occurrences | None:
    """How often a text is found in a file: a number from 1, or `all`."""
    if isinstance(node, ScalarNode) and node.value == "all":
        return "all"
    number = integer(source, node)
    if number is not None and number < 1:
        source.error(node, "`count` is a number from 1, or `all`")
        return None
    return number


def line_range(source: Source, node: Node) -> LineRange | None:
    """A hint such as `16-22` or `16`."""
    value = _scalar(source, node, "a range of lines")
    if value is None:
        return None
    found = _LINES.fullmatch(value)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        source.error(
            node,
            f"a range of lines is expected here, not `{value[:40]}`",
            "write `16` or `16-22`, counted from 1",
        )
        return None
    return LineRange(first, last)


def exit_status(source: Source, node: Node) -> Exit | None:
    """A status, a list of them, or `nonzero`."""
    if isinstance(node, ScalarNode) and node.value == "nonzero":
        return "nonzero"
    statuses = _integers(source, node)
    if any(not 0 <= status <= 255 for status in statuses):
        source.error(node, "an exit status is a number from 0 to 255")
    return statuses or None


def file_mode(source: Source, node: Node) -> int | None:
    """Permission bits in octal, such as `755`."""
    value = _scalar(source, node, "permission bits")
    if value is None:
        return None
    if not re.fullmatch(r"0?o?[0-7]{3}", value):
        source.error(node, f"permission bits are expected here, not `{value[:40]}`", "write `755`")
        return None
    return int(value.replace("o", ""), 8)


def identifier(source: Source, node: Node) -> str | None:
    """A name in lower case that can stand in an identifier such as `phase-3/NAME`."""
    value = _scalar(source, node, "an identifier")
    if value is not None and not _IDENTIFIER.fullmatch(value):
        source.error(node, f"`{value[:40]}` can't be an identifier", "use a-z, 0-9 and `-`")
        return None
    return value


def trailer(source: Source, node: Node) -> str | None:
    """A commit trailer, `Key: value`, on one line without control characters."""
    value = code(source, node)
    if value is None:
        return None
    if not re.fullmatch(r"[A-Za-z0-9-]+: \S.*", value) or not value.isprintable():
        source.error(node, "a trailer is one line `Key: value`, without control characters")
        return None
    return value


def co_author(source: Source, node: Node) -> str | None:
    """A person as git writes one: `Name <email>`."""
    value = code(source, node)
    if value is None:
        return None
    if not re.fullmatch(r"[^<>]*[^<>\s][^<>]* <[^<>\s]+>", value) or not value.isprintable():
        shown = value[:60].replace("\n", " ")
        source.error(
            node,
            f"`{shown}` is not `Name <email>`",
            "one person on one line; several are a list",
        )
        return None
    return value
