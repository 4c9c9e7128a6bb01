"""Steps of a phase file written anew where they stand: comments, order and layout stay.

What is not concerned stays byte for byte. Of a step that others take the place of, the comments
stand above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook.core.model.model import Edit, Step, Task
from runbook.core.model.operations import Operation
from runbook.core.patterns import regex
from runbook.core.value import value
from runbook.format.changes import write_operation
from runbook.format.content import Content
from runbook.format.emit import flow, item_lines, value_lines
from runbook.format.steps import write_step
from runbook.format.yamltree import MappingNode, Node, ScalarNode, SequenceNode, Source, compose
from runbook.phasefile.remarks import scalar_spans

_COMMENT = regex(r"(?:^|(?<=\s))#")


class NotRewritable(Exception):
    """A phase file is laid out so that steps can't be written into it: why, in words."""


@value
class NewSteps:
    """Steps that are put before the one with an index (from 0) of a task, or take its place."""

    task: int
    index: int
    steps: tuple[Step, ...]
    instead: bool = False


@value
class NewTexts:
    """An edit whose changes say other texts in the same keys."""

    task: int
    index: int
    before: Edit
    after: Edit


Rewriting = NewSteps | NewTexts


def rewritten(text: str, tasks: tuple[Task, ...], changes: Iterable[Rewriting]) -> str:
    """The text of a phase file of these tasks with some of their steps written anew.

    Raises:
        NotRewritable: its layout has no place for them.
        Unwritable: a text can't stand in a phase file.
    """
    ends = text.count("\r\n")
    if ends not in (0, text.count("\n")):
        raise NotRewritable("its lines end in two ways; `fmt` makes them one")
    plain = text.replace("\r\n", "\n")
    file = _File(plain)
    if len(file.tasks) != len(tasks):
        raise NotRewritable("it has other tasks than were read of it")
    pieces = [piece for change in changes for piece in file.pieces(change)]
    for begin, end, instead in sorted(pieces, reverse=True):
        plain = plain[:begin] + instead + plain[end:]
    return plain.replace("\n", "\r\n") if ends else plain


class _File:
    """The places of a phase file's steps."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._begins = [0]
        for line in self._lines:
            self._begins.append(self._begins[-1] + len(line) + 1)
        root = compose(Source("", text))
        listed = _under(root, "tasks")
        self.tasks = listed.value if isinstance(listed, SequenceNode) else []

    def pieces(self, change: Rewriting) -> Iterator[tuple[int, int, str]]:
        """What a change puts where: from and to an offset, and the text."""
        steps = _under(self.tasks[change.task], "steps")
        if not isinstance(steps, SequenceNode) or steps.flow_style:
            raise NotRewritable("steps stand in brackets; give each a line that begins with `-`")
        if isinstance(change, NewTexts):
            yield from self._texts(steps.value[change.index], change)
            return
        column = self._dash(steps.value[0])[1]
        lines = [line for step in change.steps for line in item_lines(write_step(step), column)]
        if change.instead:
            item = steps.value[change.index]
            first, last = self._dash(item)[0], _last_line(item, self._lines)
            kept = [f"{' ' * column}{comment}" for comment in self._comments(item, first, last)]
            yield self._begins[first], self._begins[last + 1] - 1, "\n".join([*kept, *lines])
            return
        if change.index:
            line = self._past(steps.value[change.index - 1], column)
        else:
            # Above the comments of the first step.
            line = self._key_line(steps)
        yield self._begins[line + 1] - 1, self._begins[line + 1] - 1, "\n" + "\n".join(lines)

    def _key_line(self, steps: SequenceNode) -> int:
        line = self._dash(steps.value[0])[0] - 1
        while self._lines[line].strip() == "" or self._lines[line].lstrip().startswith("#"):
            line -= 1
        return line

    def _past(self, item: Node, column: int) -> int:
        """The last line of a step, and of the comments that are indented as what is in it."""
        last = _last_line(item, self._lines)
        line = last + 1
        while line < len(self._lines):
            bare = self._lines[line].lstrip(" ")
            if not bare.startswith("#") or len(self._lines[line]) - len(bare) <= column:
                break
            last = line
            line += 1
        return last

    def _dash(self, item: Node) -> tuple[int, int]:
        """The line and the column of the dash of a list's item."""
        line, end = item.start_mark.line, item.start_mark.column
        while "-" not in self._lines[line][:end] or self._lines[line][:end].strip(" -"):
            line -= 1
            end = len(self._lines[line].partition("#")[0])
        return line, self._lines[line].rindex("-", 0, end)

    def _comments(self, item: Node, first: int, last: int) -> Iterator[str]:
        """The comments within a step, in order."""
        texts = list(scalar_spans(item, self._text))
        for number in range(first, last + 1):
            for found in _COMMENT.finditer(self._lines[number]):
                place = self._begins[number] + found.start()
                if not any(begin <= place < end for begin, end in texts):
                    yield self._lines[number][found.start() :].rstrip()
                    break

    def _texts(self, item: Node, change: NewTexts) -> Iterator[tuple[int, int, str]]:
        listed = _under(item, "changes")
        nodes = listed.value if isinstance(listed, SequenceNode) else [item]
        for node, old, new in zip(nodes, change.before.changes, change.after.changes, strict=True):
            for key, content in _others(old, new):
                yield self._text_of(node, key, content)

    def _text_of(self, node: Node, name: str, content: Content) -> tuple[int, int, str]:
        assert isinstance(node, MappingNode)
        key, old = next((key, each) for key, each in node.value if key.value == name)
        begin, end = old.start_mark.index, old.end_mark.index
        if node.flow_style:
            shown = flow(content, 0, inside=True)
            if shown is None:
                raise NotRewritable("a change stands in braces; give each of its keys a line")
            return begin, end, shown
        comment = ""
        if isinstance(old, ScalarNode) and old.style in ("|", ">"):
            head = self._lines[old.start_mark.line][old.start_mark.column :]
            at = _COMMENT.search(head)
            comment = "" if at is None else head[len(head[: at.start()].rstrip()) :]
            end = self._begins[_last_line(old, self._lines) + 1] - 1
        column = key.start_mark.column
        first, *rest = value_lines(content, column, column + len(name) + 2)
        follows = self._text[end : self._begins[self._text.count("\n", 0, end) + 1] - 1]
        if follows.strip() and not rest and first[0] not in "\"'[{":
            # A comment follows, which behind bare words might be lost text.
            plain = "\\" not in first and '"' not in first
            first = f'"{first}"' if plain else "'" + first.replace("'", "''") + "'"
        return begin, end, "\n".join([first + comment, *rest])


def _others(old: Operation, new: Operation) -> list[tuple[str, Content]]:
    """The keys of an operation whose content is another one."""
    known = dict(write_operation(old))
    found = [(name, each) for name, each in write_operation(new) if each != known.get(name)]
    return [(name, each) for name, each in found if each is not None]


def _under(node: Node | None, name: str) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((content for key, content in node.value if key.value == name), None)


def _last_line(node: Node, lines: list[str]) -> int:
    """The last line on which something of a node stands."""
    while isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(node, MappingNode) else last
    line: int = node.end_mark.line
    if not isinstance(node, ScalarNode) or node.style not in ("|", ">"):
        return line
    if node.end_mark.column == 0:
        line -= 1
    head = lines[node.start_mark.line][node.start_mark.column :].partition("#")[0]
    while "+" not in head and line > node.start_mark.line and not lines[line].strip(" "):
        line -= 1
    return line
