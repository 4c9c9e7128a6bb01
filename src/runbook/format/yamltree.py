"""YAML as composed nodes with positions, read by the C parser.

Nothing is resolved here: a scalar is its text, and the field it stands in says how to read it.
PyYAML's own resolver follows YAML 1.1, in which `no`, `010` and `12:30` are something else.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any, TypeGuard

from runbook.core.model.diagnostics import Diagnostic
from runbook.core.patterns import regex
from runbook.core.position import Position
from runbook.format.libyaml import (
    CParser,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    get_version,
    yaml,
)
from runbook.format.syntax import explain, harmful_character

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "Source", "compose", "node_of"]

_MAX_LEVELS = 1000  # people need ten
_LIMITED_FROM = (0, 2, 6)  # the first libyaml that refuses deeper ones itself
IGNORE = "# runbook: ignore "
"""What a comment begins with that is for `check`, and so is no lost text."""
NOTHING = ("", "~", "null")
_DIGITS = frozenset("123456789")

# Where a node may begin, with a sign that is a tag's or an anchor's if one does. Few files have
# such a place, and then no node need be looked at.
_MARK = regex(r"(?:^\s*|[:?-]\s+|[\[{,]\s*)[!&]", re.MULTILINE)

# What git writes where it could not merge. No text of a block begins in the first column.
_CONFLICT = regex(r"^<{7} .*$", re.MULTILINE)
_RESOLVE = "keep one of the two sides, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`"

# The blanks before a tab with which the text of a block begins, below the block's sign.
_BEGINS_WITH_TAB = regex(r"[|>][-+]?[ \t]*(?:#[^\n]*)?\r?\n(?: *\r?\n)* +(?=\t)")


class Source:
    """The text of one file, and the places in it.

    Of an `exact` one each text is a value already: no line end of it is a block's or a system's.
    """

    def __init__(self, path: str, text: str, *, exact: bool = False) -> None:
        self.path = path
        self.text = text
        self.exact = exact
        self.diagnostics: list[Diagnostic] = []
        self._lines: list[str] | None = None
        signs = "!" in text or "&" in text
        self.may_have_marks = signs and _MARK.search(text) is not None

    def line(self, number: int) -> str:
        """The line with this number (from 0), without its end."""
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines[number].rstrip("\r") if number < len(self._lines) else ""

    def position(self, node: Node) -> Position:
        """Where the node begins."""
        mark = node.start_mark
        return Position(self.path, mark.line + 1, mark.column + 1)

    def error(self, node: Node, message: str, hint: str | None = None) -> None:
        """Record a mistake at a node."""
        start, end = node.start_mark, node.end_mark
        excerpt = self.line(start.line)
        last = end.column if end.line == start.line else len(excerpt)
        if isinstance(node, (MappingNode, SequenceNode)) or is_block(node):
            # Underlining a whole block says less than pointing at its first word.
            last = start.column + len(excerpt[start.column :].split(" ", 1)[0])
        self._record(start.line, start.column, message, hint, max(1, last - start.column))

    def error_at(self, line: int, column: int, message: str, hint: str | None = None) -> None:
        """Record a mistake at a line and column, both from 0."""
        self._record(line, column, message, hint, 1)

    def _record(self, line: int, column: int, message: str, hint: str | None, width: int) -> None:
        at = Position(self.path, line + 1, column + 1)
        self.diagnostics.append(Diagnostic(at, message, hint, self.line(line), width))

    def certain(self, node: Node) -> str | None:
        """The text of a scalar in which nothing can be lost or missing, which nearly all are."""
        if node.__class__ is not ScalarNode:
            return None
        value: str = node.value
        if not value or value.isspace() or "\0" in value:
            return None
        if node.style:
            return value
        end = node.end_mark.index
        whole = self.text[end : end + 1] == "\n" and value not in NOTHING
        return value if whole else None

    def comment_after(self, node: ScalarNode) -> int | None:
        """The column of a comment that follows a plain scalar and may be lost text."""
        end = node.end_mark
        # Nearly always the line is over, which is quickly seen.
        if node.style or self.text[end.index : end.index + 1] not in (" ", "\t"):
            return None
        rest = self.line(end.line)[end.column :]
        comment = rest.lstrip(" \t")
        if not comment.startswith("#") or comment.startswith(IGNORE):
            return None
        return end.column + len(rest) - len(comment)

    def lost_indentation(self, node: ScalarNode, parent_column: int) -> int:
        """How many columns YAML silently strips from a block scalar's text.

        A block without an indentation indicator takes the indentation of its first line as
        its own; all of it beyond two columns past the key is stripped with it. 0 where the
        block has an indicator or stands as it should.
        """
        index = node.start_mark.index
        begin = self.text.find("\n", index) + 1
        width = parent_column + 2
        first = self.text[begin : begin + width + 1]
        # Nearly all stand right, which is quickly seen.
        if first[:width].isspace() and "\n" not in first and first[width:] not in ("", " "):
            return 0
        if not _DIGITS.isdisjoint(self.text[index + 1 : index + 3]):
            return 0
        for number in range(node.start_mark.line + 1, node.end_mark.line + 1):
            line = self.line(number)
            if line.strip():
                return max(0, len(line) - len(line.lstrip(" ")) - parent_column - 2)
        return 0


BLOCK = ("|", ">")


def is_block(node: Node) -> TypeGuard[ScalarNode]:
    """Whether a node is a text in a block."""
    return isinstance(node, ScalarNode) and node.style in BLOCK


class _TooDeep(Exception):
    """Nested deeper than anybody writes."""


class _Composer(CParser):
    """The C parser with a resolver that leaves every scalar as it is written.

    Composing calls the three for every node, and for a file of 10,000 tasks they cost a fifth of
    all the loading if they are Python's. So they are methods of the empty text, which take any
    arguments and give an empty text.
    """

    resolve = descend_resolver = ascend_resolver = "".format


class _CountingComposer(CParser):
    """The composer for a libyaml without a limit of its own: it stops a bomb of brackets here."""

    resolve = "".format

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._levels: list[object] = []
        self.ascend_resolver = self._levels.pop

    def descend_resolver(self, current: object, index: object) -> None:  # noqa: ARG002
        self._levels.append(None)
        if len(self._levels) > _MAX_LEVELS:
            raise _TooDeep(current)


def compose(source: Source) -> Node | None:
    """The root node of a file, or `None` with the mistake recorded in `source`."""
    if _has_harmful_character(source):
        return None
    try:
        root = _composed(source.text)
    except yaml.MarkedYAMLError as error:
        if error.problem_mark and "maximum nesting depth" in (error.problem or ""):
            _record_depth(source, error.problem_mark)
        else:
            _record(source, error)
        return None
    except _TooDeep as error:
        _record_depth(source, error.args[0].start_mark)
        return None
    if root is None:
        source.error_at(
            0, 0, "the file says nothing", "write its `goal` and `tasks`, or remove the file"
        )
        return None
    odd = _odd_keys(root, aliases=source.may_have_marks)
    for key in odd:
        source.error(key, "a key must be a plain word", "a text with brackets must be quoted")
    return None if odd else root


def _composed(text: str) -> Node | None:
    """The root node of a text, in which blocks may begin with a tab.

    libyaml takes that tab for indentation, which is finished before it, and refuses the file. So
    another character stands for it while the file is read again.
    """
    make = _Composer if get_version() >= _LIMITED_FROM else _CountingComposer
    try:
        root: Node | None = make(text).get_single_node()
        return root
    except yaml.MarkedYAMLError as error:
        if "found a tab character" not in (error.problem or ""):
            raise
        refused = error
    stand_in = next(sign for sign in map(chr, range(0xE000, 0xF900)) if sign not in text)
    tabs = [found.end() for found in _BEGINS_WITH_TAB.finditer(text)]
    pieces = [text[begin + 1 : end] for begin, end in pairwise((-1, *tabs, len(text)))]
    try:
        root = make(stand_in.join(pieces)).get_single_node()
    except yaml.MarkedYAMLError as error:
        lines = {text.count("\n", 0, tab) for tab in tabs}
        marks = error.context_mark, error.problem_mark
        # Less indented than its key, the tab did stand for indentation.
        indents = any(mark is not None and mark.line in lines for mark in marks)
        raise refused if indents else error from None
    _restore(root, stand_in)
    return root


def _restore(root: Node | None, stand_in: str) -> None:
    """Put tabs where another character stands for them."""
    pending = [root]
    seen: set[int] = set()  # an alias names a node once more
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            node.value = node.value.replace(stand_in, "\t")
        elif isinstance(node, MappingNode):
            pending += [each for pair in node.value for each in pair]
        elif isinstance(node, SequenceNode):
            pending += node.value


def node_of(content: Any) -> Node:
    """The node of a value of JSON, as of one that stands alone on a line."""
    at = yaml.Mark("", 0, 0, 0, None, 0)
    if isinstance(content, dict):
        pairs = [(node_of(str(key)), node_of(each)) for key, each in content.items()]
        return MappingNode("", pairs, at, at)
    if isinstance(content, list):
        return SequenceNode("", list(map(node_of, content)), at, at)
    if isinstance(content, str):
        return ScalarNode("", content, at, at, style='"')
    words = {None: "null", True: "true", False: "false"}
    shown = words[content] if content is None or isinstance(content, bool) else str(content)
    return ScalarNode("", shown, at, at)


def _odd_keys(root: Node, *, aliases: bool) -> list[Node]:
    """The keys that are no texts, in the order they stand in.

    With `aliases`, a node that many of them name is looked at once: a bomb would have no end.
    """
    odd: list[Node] = []
    seen: set[int] = set()
    pending = [root]
    while pending:
        node = pending.pop()
        if node.__class__ is ScalarNode:
            continue
        if aliases:
            if id(node) in seen:
                continue
            seen.add(id(node))
        if node.__class__ is SequenceNode:
            pending += node.value
            continue
        for key, content in node.value:
            if key.__class__ is not ScalarNode:
                odd.append(key)
            if content.__class__ is not ScalarNode:
                pending.append(content)
    return sorted(odd, key=lambda key: int(key.start_mark.index))


def _has_harmful_character(source: Source) -> bool:
    found = harmful_character(source.text)
    if found is None:
        return False
    offset, message, hint = found
    begin = source.text.rfind("\n", 0, offset) + 1
    source.error_at(source.text.count("\n", 0, offset), offset - begin, message, hint)
    return True


def _record_depth(source: Source, mark: yaml.Mark) -> None:
    source.error_at(mark.line, mark.column, f"nested over {_MAX_LEVELS} levels deep")


def _record(source: Source, error: yaml.MarkedYAMLError) -> None:
    conflict = _CONFLICT.search(source.text)
    if conflict is not None:
        line = source.text.count("\n", 0, conflict.start())
        source.error_at(line, 0, "git left a conflict here", _RESOLVE)
        return
    found = explain(error, source.line)
    source.error_at(found.line, found.column, found.message, found.hint)
