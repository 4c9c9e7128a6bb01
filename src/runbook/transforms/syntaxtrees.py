"""Syntax trees asked for what stands at a place, thousands of times."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any

from runbook.core.matching.normalized import Span
from runbook.core.patterns import regex

MARK = "\ud800"
"""What stands for a line end in a string, which no text has: a line after it is not shifted."""
# Several that follow each other are code, but for what is in each of them.
_STRING = regex(r"(?<!concatenated_)string(?!_array|_concatenation)|heredoc|nowdoc")


class Tree:
    """A tree of ast-grep; its root may have thousands of nodes, which are listed only once."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self._listed: dict[Any, tuple[list[Any], list[int]]] = {}

    def below(self, node: Any, start: int, end: int) -> Any:
        """The node right below one that a stretch lies in, if there is one."""
        if node not in self._listed:
            children = node.children()
            self._listed[node] = children, [each.range().start.index for each in children]
        children, starts = self._listed[node]
        at = bisect_right(starts, start)
        return children[at - 1] if at and end <= children[at - 1].range().end.index else None

    def kinds(self, start: int, end: int) -> list[str]:
        """The kinds of the nodes that a stretch is, the outermost one first; none of broken code.

        A semicolon after it does not matter.
        """
        kinds: list[str] = []
        node = self.root
        while node is not None:
            here = node.range()
            begin, stop = here.start.index, here.end.index
            if begin == start and (stop == end or (stop == end + 1 and node.text()[-1:] == ";")):
                kinds.append(node.kind())
            node = self.below(node, start, end)
        return [] if kinds[:1] == ["ERROR"] else kinds

    def marked(self, text: str, stretches: Iterable[Span]) -> str:
        """The text with the line ends of some stretches marked that stand in strings."""
        ends = {
            at
            for span in stretches
            for at in range(span.start, span.end)
            if text[at] == "\n" and self._in_string(at)
        }
        pieces, done = [], 0
        for at in sorted(ends):
            pieces += [text[done:at], MARK]
            done = at + 1
        return "".join([*pieces, text[done:]])

    def _in_string(self, offset: int) -> bool:
        node = self.root
        while node is not None and not _STRING.search(node.kind()):
            node = self.below(node, offset, offset + 1)
        return node is not None

    def takes_none(self, start: int, end: int) -> bool:
        """Whether a function stands where JavaScript takes none without parentheses."""
        node, above = self.root, ""
        while node is not None:
            here = node.range()
            if (here.start.index, here.end.index) == (start, end) and (
                node.kind() == "arrow_function"
            ):
                return above in ("call_expression", "member_expression", "binary_expression")
            above = node.kind()
            node = self.below(node, start, end)
        return False

    def opens_a_block(self, start: int) -> bool:
        """Whether JavaScript takes a brace for that of a block, though the parser does not.

        So it is where a statement begins, or what an arrow function gives.
        """
        node, above = self.root, None
        while node is not None:
            if node.range().start.index == start and (
                node.kind() == "expression_statement"
                or (above is not None and above.kind() == "arrow_function")
            ):
                return True
            above = node
            node = self.below(node, start, start + 1)
        return False
