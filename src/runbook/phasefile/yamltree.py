"""YAML as composed nodes with positions, read by the C parser.

Nothing is resolved here: a scalar is its text, and the field it stands in says how to read it.
PyYAML's own resolver follows YAML 1.1, in which `no`, `010` and `12:30` are something else.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from runbook.core.diagnostics import Diagnostic
from runbook.core.position import Position
from runbook.phasefile.syntax import explain, harmful_character

try:
    from yaml._yaml import CParser
except ImportError as missing:  # pragma: no cover - wheels carry it on every usual platform
    raise ImportError("PyYAML was installed without its C parser (libyaml)") from missing

__all__ = ["MappingNode", "Node", "ScalarNode", "SequenceNode", "Source", "compose"]

_MAX_LEVELS = 1000  # people need ten
_OPENING = re.compile(r"[\[{]")
_DEEP_START = re.compile(r"^[ \-?:]{1000}", re.MULTILINE)


class Source:
    """The text of one file, and the places in it."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.diagnostics: list[Diagnostic] = []
        self._lines: list[str] | None = None

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
        if isinstance(node, (MappingNode, SequenceNode)) or _is_block(node):
            # Underlining a whole block says less than pointing at its first word.
            last = start.column + len(excerpt[start.column :].split(" ", 1)[0])
        self._record(start.line, start.column, message, hint, max(1, last - start.column))

    def error_at(self, line: int, column: int, message: str, hint: str | None = None) -> None:
        """Record a mistake at a line and column, both from 0."""
        self._record(line, column, message, hint, 1)

    def _record(self, line: int, column: int, message: str, hint: str | None, width: int) -> None:
        at = Position(self.path, line + 1, column + 1)
        self.diagnostics.append(Diagnostic(at, message, hint, self.line(line), width))

    def mark_before(self, node: Node) -> str:
        """The tag or anchor sign a node begins with (`!`, `&`), else an empty text."""
        first = self.text[node.start_mark.index : node.start_mark.index + 1]
        return first if first in ("!", "&") else ""

    def comment_after(self, node: ScalarNode) -> int | None:
        """The column of a comment that follows a plain scalar and may be lost text."""
        if node.style:
            return None
        end = node.end_mark
        rest = self.line(end.line)[end.column :]
        comment = rest.lstrip(" \t")
        return end.column + len(rest) - len(comment) if comment.startswith("#") else None

    def lost_indentation(self, node: ScalarNode, parent_column: int) -> int:
        """How many columns YAML silently strips from a block scalar's text.

        A block without an indentation indicator takes the indentation of its first line as
        its own; all of it beyond two columns past the key is stripped with it. 0 where the
        block has an indicator or stands as it should.
        """
        header = self.line(node.start_mark.line)[node.start_mark.column :]
        if re.match(r"[|>][+-]?[1-9]", header):
            return 0
        for number in range(node.start_mark.line + 1, node.end_mark.line + 1):
            line = self.line(number)
            if line.strip():
                return max(0, len(line) - len(line.lstrip(" ")) - parent_column - 2)
        return 0


def _is_block(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style in ("|", ">")


class _Composer(CParser):
    """The C parser with a resolver that leaves every scalar as it is written."""

    def resolve(self, kind: type[Node], value: object, implicit: object) -> str:  # noqa: ARG002
        return ""

    def descend_resolver(self, current: object, index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


def compose(source: Source) -> Node | None:
    """The root node of a file, or `None` with the mistake recorded in `source`."""
    if _has_harmful_character(source) or _too_deep(source):
        return None
    try:
        root = _Composer(source.text).get_single_node()
    except yaml.MarkedYAMLError as error:
        _record(source, error)
        return None
    if root is None:
        source.error_at(0, 0, "the file is empty")
    elif _has_collections_as_keys(source, root):
        return None
    return root


def _has_harmful_character(source: Source) -> bool:
    found = harmful_character(source.text)
    if found is None:
        return False
    offset, message, hint = found
    begin = source.text.rfind("\n", 0, offset) + 1
    source.error_at(source.text.count("\n", 0, offset), offset - begin, message, hint)
    return True


def _has_collections_as_keys(source: Source, root: Node) -> bool:
    """Record keys that are lists or mappings, so that every reader may take a key for a text."""
    found = []
    seen = set()  # an anchor may hold itself
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, ScalarNode) or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, SequenceNode):
            pending += node.value
            continue
        for key, content in node.value:
            if not isinstance(key, ScalarNode):
                found.append(key)
            pending.append(content)
    for key in found:
        source.error(key, "a key must be a plain word", "a text with brackets must be quoted")
    return bool(found)


def _too_deep(source: Source) -> bool:
    # Seen before composing, because composing recurses in C. Brackets and leading indentation
    # are the two ways to nest; only a text with very many of either is walked event by event.
    if len(_OPENING.findall(source.text)) <= _MAX_LEVELS and not _DEEP_START.search(source.text):
        return False
    parser = CParser(source.text)
    levels = 0
    try:
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, yaml.CollectionStartEvent):
                levels += 1
                if levels > _MAX_LEVELS:
                    mark: Any = event.start_mark
                    source.error_at(
                        mark.line, mark.column, f"nested over {_MAX_LEVELS} levels deep"
                    )
                    return True
            elif isinstance(event, yaml.CollectionEndEvent):
                levels -= 1
    except yaml.MarkedYAMLError as error:
        _record(source, error)
        return True
    return False


def _record(source: Source, error: yaml.MarkedYAMLError) -> None:
    found = explain(error, source.line)
    source.error_at(found.line, found.column, found.message, found.hint)
