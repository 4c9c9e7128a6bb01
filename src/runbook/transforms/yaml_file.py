"""YAML files: where each value stands, and how new ones are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from runbook.core.model.data import Keys, Table, Value
from runbook.core.patterns import regex
from runbook.transforms import yaml_scalars
from runbook.transforms.brackets import HASH, added_inside, inserted_inside, removed_inside
from runbook.transforms.trees import (
    Entry,
    Node,
    Place,
    Refused,
    Splice,
    Unreadable,
    above_comments,
    child_out,
    item_quotes,
    line_after,
    line_in,
    line_start,
    unreadable,
)

_PROPERTIES = regex(r"(?:[&!][^\s,\[\]{}]*\s+)*")
_HEAD = regex(r"[|>][-+1-9]*([ \t]+#[^\n]*)")
"""How a block begins that has a comment behind its sign."""
_REMARK = regex(r"[ \t]+#[^\n]*")
_DEEPEST = 200


def read(text: str) -> Node:
    """The file's value; an empty file is nothing at its end.

    Raises:
        Unreadable: it is no YAML, or several documents.
    """
    # To YAML 1.2 these end no line, and to the parser they would.
    text = re.sub("[\x85\u2028\u2029]", "\ufffd", text)
    try:
        return _Reader(text).root()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise Unreadable(line, column, str(error.problem or error.context)) from None
    except yaml.reader.ReaderError as error:
        # libyaml counts bytes there.
        before = text.encode()[: error.position].decode("utf-8", "ignore")
        raise unreadable(text, len(before), error.reason) from None


class _Reader:
    """Nodes of events: these know where an alias stands, which composed nodes do not."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.anchors: dict[str, Node] = {}

    def root(self) -> Node:
        next(self.events)
        start = next(self.events)
        if isinstance(start, yaml.StreamEndEvent):
            return Node("scalar", len(self.text), len(self.text))
        node = self._node(next(self.events), False, 0)
        next(self.events)
        more = next(self.events)
        if not isinstance(more, yaml.StreamEndEvent):
            line = more.start_mark.line + 1
            raise Unreadable(line, 1, "a second document begins here, and `set` is for one only")
        return node

    def _node(self, event: Any, inside: bool, depth: int) -> Node:
        """The node that begins with an event; events are not typed by their kind."""
        start, end = event.start_mark.index, event.end_mark.index
        if depth > _DEEPEST:
            raise Unreadable(event.start_mark.line + 1, 1, f"over {_DEEPEST} levels deep")
        if isinstance(event, yaml.AliasEvent):
            meant = self.anchors.get(str(event.anchor))
            if meant is None:
                raise unreadable(self.text, start, f"no anchor before it is `{event.anchor}`")
            return Node(
                meant.kind, start, end, meant.scalar, meant.entries, meant.items, inside, alias=True
            )
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event, start, end, inside)
        elif isinstance(event, yaml.MappingStartEvent):
            node = self._mapping(event, depth)
        else:
            node = self._list(event, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _scalar(self, event: Any, start: int, end: int, inside: bool) -> Node:
        properties = _PROPERTIES.match(self.text, start, end)
        start = properties.end() if properties is not None and event.anchor else start
        value: object = event.value
        if event.tag is not None:
            value = (event.tag, event.value)
        elif event.implicit[0] and not event.style:
            value = yaml_scalars.resolved(event.value)
        if event.style in ("|", ">"):
            written = self.text[start:end]
            keeps = "+" in written.partition("\n")[0]
            end = start + len(written.removesuffix("\n") if keeps else written.rstrip())
        return Node("scalar", start, end, value, flow=inside, style=event.style or "")

    def _mapping(self, event: Any, depth: int) -> Node:
        entries = []
        brackets = bool(event.flow_style)
        while not _ends(each := next(self.events), yaml.MappingEndEvent):
            key = self._node(each, brackets, depth + 1)
            name = each.value if isinstance(each, yaml.ScalarEvent) else f"\0{key.data()!r}"
            node = self._node(next(self.events), brackets, depth + 1)
            entries.append(Entry(name, key.start, key.end, node))
        start = event.end_mark.index - 1 if brackets else entries[0].start
        end = each.end_mark.index if brackets else entries[-1].node.end
        return Node("mapping", start, end, entries=tuple(entries), flow=brackets)

    def _list(self, event: Any, depth: int) -> Node:
        items = []
        brackets = bool(event.flow_style)
        while not _ends(each := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(each, brackets, depth + 1))
        start = event.end_mark.index - 1 if brackets else self.text.rfind("-", 0, items[0].start)
        end = each.end_mark.index if brackets else items[-1].end
        return Node("list", start, end, items=tuple(items), flow=brackets)


def _ends(event: Any, kind: type[yaml.Event]) -> bool:
    return isinstance(event, kind)


def replaced(text: str, node: Node, new: Value) -> Iterator[Splice]:
    """Write a value in place of another one, in its style where it has one."""
    start, end = node.start, node.end
    several = isinstance(new, Table | tuple) and bool(
        new.entries if isinstance(new, Table) else new
    )
    blocks = not node.flow or node.kind == "scalar"
    if several and node.kind == "list" and not node.flow and isinstance(new, tuple):
        column = _column(text, start)
        pad = "\n" + " " * column
        style, layout = item_quotes(node), yaml_scalars.layout(text)
        items = (f"- {yaml_scalars.item(each, column + 2, layout, style)}" for each in new)
        yield start, end, pad.join(items)
        return
    # What stands on lines of its own goes to the line of its key, unless a comment is between.
    before = _after_sign(text, start)
    after_colon = text[before - 1 : before] == ":" and not (node.kind == "scalar" and node.flow)
    head = _HEAD.match(text, start) if node.style in ("|", ">") else None
    remark = head[1] if head is not None else ""
    if several and blocks and after_colon:
        lines = yaml_scalars.under(new, _key_column(text, before), yaml_scalars.layout(text))
        if node.kind == "scalar" or node.flow:
            yield from _below_key(text, before, end, remark, lines)
        else:
            yield before, end, lines
        return
    block = _block(text, node, before, new)
    if block is not None:
        sign, _, rest = block.partition("\n")
        # A comment on the line stays there.
        behind = None if remark else _REMARK.match(text, end)
        yield (
            (before or start),
            end,
            f"{' ' * bool(before)}{sign}{remark}" + (f"\n{rest}" if behind is None else ""),
        )
        if behind is not None:
            yield behind.end(), behind.end(), f"\n{rest}"
        return
    style = node.style if isinstance(new, str) else item_quotes(node)
    written = yaml_scalars.flow(new, style, inside=node.kind == "scalar" and node.flow) + remark
    if not node.flow and before and before < start:
        yield before, end, f" {written}"
    else:
        gap = " " if start == end and start and not text[start - 1].isspace() else ""
        yield start, end, gap + written


def _block(text: str, node: Node, before: int, new: Value) -> str | None:
    """A text of lines as a block in place of a value, whose sign ends at `before`; else `None`."""
    if not isinstance(new, str) or node.flow:
        return None
    if node.style == "|":
        found = re.compile(" *").match(text, text.find("\n", node.start) + 1)
        return yaml_scalars.literal(new, found[0] if found else "  ")
    if not before:
        return None
    column = _key_column(text, before) + 2 * (text[before - 1] == ":")
    return yaml_scalars.literal(new, " " * column)


def _below_key(text: str, start: int, end: int, remark: str, lines: str) -> Iterator[Splice]:
    """Write lines in place of what stands on a key's line, which keeps the comment at its end."""
    behind = _REMARK.match(text, end)
    if behind is None:
        yield start, end, remark + lines
        return
    yield start, end, ""
    yield behind.end(), behind.end(), lines


def _after_sign(text: str, offset: int) -> int:
    """The end of the `:` or dash that a value at an offset is of, 0 where a comment is between."""
    end = len(text[:offset].rstrip())
    in_comment = re.search(r"(?:^|\s)#", text[line_start(text, end) : end]) is not None
    return 0 if in_comment or text[end - 1 : end] not in (":", "-") else end


def removed(text: str, node: Node, index: int) -> Iterator[Splice]:
    """Take a key of a mapping or an item of a list out, with its lines."""
    if node.flow:
        yield from removed_inside(text, node, index, HASH)
        return
    if len(node.children) == 1:
        yield from replaced(text, node, Table(()) if node.kind == "mapping" else ())
        return
    starts = [
        start if node.kind == "mapping" else text.rfind("-", 0, start)
        for start, _ in node.children
    ]  # fmt: skip
    start = starts[index]
    begin = line_start(text, start)
    if text[begin:start].strip():
        # It stands behind a dash, and what follows takes its place.
        yield start, starts[index + 1], ""
    else:
        yield child_out(text, node, index, begin)


def inserted(
    text: str, node: Node, keys: Keys, new: Value, place: Place | None
) -> Iterator[Splice]:
    """Write a new key into a mapping, with the mappings on the way to it."""
    if any(entry.key == "<<" for entry in node.entries) and len(keys) > 1:
        raise Refused(
            f"`{keys[0]}` may come from a merge key (`<<`)", node.start, "set the whole of it"
        )
    for key in reversed(keys[1:]):
        new = Table(((str(key), new),))
    table = Table(((str(keys[0]), new),))
    layout = yaml_scalars.layout(text)
    if node.kind == "mapping" and node.flow:
        piece = yaml_scalars.flow(table).removeprefix("{").removesuffix("}")
        yield from inserted_inside(text, node, piece, HASH, place)
        return
    if place is not None:
        yield from _beside(text, node, place, table)
        return
    if node.kind == "scalar" and node.end == len(text) and not text[text.rfind("\n") + 1 :].strip():
        gap = "" if not text or text.endswith("\n") else "\n"
        yield node.start, node.end, f"{gap}{yaml_scalars.mapping(table, 0, layout)}\n"
    elif node.kind == "scalar" and node.flow:
        gap = "" if text[node.start - 1].isspace() else " "
        yield node.start, node.end, gap + yaml_scalars.flow(table)
    elif node.kind == "scalar":
        lines = yaml_scalars.under(table, _key_column(text, node.start), layout)
        yield from _below_key(text, node.start, node.end, "", lines)
    else:
        column = _column(text, node.entries[0].start)
        gap = _gap(text, node, len(node.entries))
        yield _line(
            text, node.end, gap + " " * column + yaml_scalars.mapping(table, column, layout)
        )


def _beside(text: str, node: Node, place: Place, table: Table) -> Iterator[Splice]:
    """Write a new key beside another one, above whose comments it goes."""
    column = _column(text, node.entries[0].start)
    lines = yaml_scalars.mapping(table, column, yaml_scalars.layout(text))
    start, end = node.children[place.index]
    if place.side == "after":
        yield _line(text, end, _gap(text, node, place.index + 1) + " " * column + lines)
    elif text[line_start(text, start) : start].strip():
        # It stands behind a dash.
        yield start, start, f"{lines}\n{' ' * column}"
    else:
        begin = above_comments(text, start, "#")
        yield begin, begin, f"{' ' * column}{lines}\n{_gap(text, node, place.index)}"


def appended(text: str, node: Node, new: tuple[Value, ...]) -> Iterator[Splice]:
    """Write new items at a list's end."""
    style = item_quotes(node)
    if node.flow:
        pieces = [yaml_scalars.flow(each, style) for each in new]
        yield from added_inside(text, node, pieces, HASH)
        return
    column = _column(text, node.start)
    layout = yaml_scalars.layout(text)
    items = [
        f"{' ' * column}- {yaml_scalars.item(each, column + 2, layout, style)}" for each in new
    ]
    gap = _gap(text, node, len(node.items))
    yield _line(text, node.end, gap + f"\n{gap}".join(items))


def _gap(text: str, node: Node, index: int) -> str:
    """The empty line that parts a new child of a block from its neighbours, if others have one."""
    last = len(node.children) - 1
    if last < 1:
        return ""
    near = min(max(index, 1), last)
    begin = above_comments(text, node.children[near][0], "#")
    between = text[line_after(text, node.children[near - 1][1]) : begin]
    return "\n" if any(not line.strip() for line in between.split("\n")[:-1]) else ""


def _line(text: str, offset: int, line: str) -> Splice:
    return line_in(text, line_after(text, offset), line)


def _column(text: str, offset: int) -> int:
    return offset - line_start(text, offset)


def _key_column(text: str, offset: int) -> int:
    """The column of the key in the line that holds an offset, which may stand behind dashes."""
    begin = line_start(text, offset)
    found = re.compile(r" *(?:- +)*").match(text, begin)
    return found.end() - begin if found else 0
