"""Values of data files set in place: each is spliced into the text, and nothing else is touched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from runbook.core.matching.flat import Flat, Span
from runbook.core.matching.places import line_range, spliced
from runbook.core.matching.results import AlreadyApplied, Applied, Conflict, Result
from runbook.core.matching.texts import LineRange
from runbook.core.model.data import Assignment, DataLanguage, Value, language_of, plain, show_keys
from runbook.core.model.operations import SetValues
from runbook.transforms.trees import Node, Refused, Splice, Unreadable, find, same, with_value

_NAMES = {"toml": "TOML", "yaml": "YAML", "json": "JSON"}


def set_values(text: str | None, operation: SetValues, path: str) -> Result:
    """What an operation makes of a file's text: every value it sets, one after the other."""
    language = operation.language or language_of(path)
    if language is None:
        return Conflict(
            "`set` can't tell whether this file is TOML, YAML or JSON by its name",
            "say `language: toml`, `yaml` or `json`",
        )
    if text is None:
        return Conflict("the file does not exist")
    module = _module(language)
    lines: LineRange | None = None
    new = text
    for assignment in operation.assignments:
        flat = Flat(new)
        try:
            edits = _edits(flat, module, assignment)
        except Unreadable as mistake:
            return Conflict(
                f"the file is no {_NAMES[language]}: line {mistake.line}, column {mistake.column}: "
                f"{mistake.message}"
            )
        except Refused as refused:
            where = "" if refused.offset is None else f" (line {_line(flat, refused.offset)})"
            return Conflict(
                f"`{show_keys(assignment.keys)}` can't be set: {refused.message}{where}",
                refused.hint,
            )
        if edits:
            new = spliced(flat, edits)
            start, _, added = edits[0]
            # A line that is put in begins after the line end before it.
            start += added.startswith("\n") and start < len(flat.text)
            lines = lines or line_range(flat, Span(start, start))
    if new == text:
        return AlreadyApplied()
    return Applied(new, lines)


def _module(language: DataLanguage) -> ModuleType:
    return import_module(f"runbook.transforms.{language}_file")


def _line(flat: Flat, offset: int) -> int:
    return flat.line(flat.first + offset)


def _edits(flat: Flat, module: ModuleType, assignment: Assignment) -> list[Splice]:
    """The stretches of a flattened text that an assignment changes, none if the value is there."""
    # Bytes that are no UTF-8 are characters like any other, one for one.
    content = re.sub("[\ud800-\udfff]", "\ufffd", flat.text[flat.first :])
    root: Node = module.read(content)
    edits = list(_wanted(content, module, root, assignment))
    if not edits:
        return []
    new = content
    for start, end, added in reversed(edits):
        new = new[:start] + added + new[end:]
    wished = plain(assignment.value)
    if assignment.append:
        wished = [plain(each) for each in _missing(root, assignment)]
    expected = with_value(root.data(), assignment.keys, wished, append=assignment.append)
    try:
        made = module.read(new).data()
    except Unreadable:
        made = None
    if not same(made, expected):
        raise Refused(
            "other values would change with it",
            hint="state the text with `replace`, as it stands in the file",
        )
    return [(start + flat.first, end + flat.first, added) for start, end, added in edits]


def _wanted(text: str, module: ModuleType, root: Node, assignment: Assignment) -> Iterator[Splice]:
    node, rest = find(root, assignment.keys)
    new: Value = assignment.value
    if rest:
        if any(isinstance(key, int) for key in rest):
            raise Refused("a list that is not there has no items", node.start)
        if assignment.append:
            new = _missing(root, assignment)
        yield from module.inserted(text, node, rest, new)
        return
    if not assignment.append:
        if not same(node.data(), plain(new)):
            yield from module.replaced(text, node, new)
        return
    if node.kind != "list":
        raise Refused("it is no list, and nothing can be appended to it", node.start)
    missing = _missing(root, assignment)
    if missing:
        yield from module.appended(text, node, missing)


def _missing(root: Node, assignment: Assignment) -> tuple[Value, ...]:
    """What is to be appended and does not stand in the list yet."""
    assert isinstance(assignment.value, tuple)
    node, rest = find(root, assignment.keys)
    there = [] if rest else [item.data() for item in node.items]
    found = []
    for each in assignment.value:
        if not any(same(plain(each), other) for other in there):
            found.append(each)
            there.append(plain(each))
    return tuple(found)
