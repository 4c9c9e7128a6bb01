"""Values of data files set and unset in place: each is spliced in, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from runbook.core.matching.normalized import NormalizedText, Span, as_characters
from runbook.core.matching.places import line_range, spliced
from runbook.core.matching.results import NO_FILE, AlreadyApplied, Applied, Conflict, Result
from runbook.core.matching.texts import LineRange
from runbook.core.model.data import (
    LANGUAGES,
    SAY_LANGUAGE,
    TEXTUAL,
    Assignment,
    DataLanguage,
    Keys,
    Number,
    Removal,
    Table,
    Value,
    language_of,
    plain,
    read_keys,
    show_keys,
)
from runbook.core.model.diagnostics import suggestion
from runbook.core.model.operations import SetValues, UnsetValues
from runbook.core.text.lines import shared_start
from runbook.core.value import replace
from runbook.transforms.trees import (
    KeyOfList,
    Node,
    Place,
    Refused,
    Splice,
    Unreadable,
    find,
    holds,
    same,
    with_value,
    without,
    without_empty,
    written,
)


def set_values(text: str | None, operation: SetValues | UnsetValues, path: str) -> Result:
    """What an operation makes of a file's text: every value, one after the other."""
    language = operation.language or language_of(path)
    if language is None:
        return Conflict("by its name it can't be told which language this file is in", SAY_LANGUAGE)
    if text is None:
        return NO_FILE
    editor = _Editor(language, operation)
    lines: LineRange | None = None
    new = text
    removes = isinstance(operation, UnsetValues)
    for stated in _stated(operation):
        normal = NormalizedText(new)
        try:
            edits = editor.edits(normal, stated)
        except Unreadable as mistake:
            return Conflict(
                f"the file is no {LANGUAGES[language]}: line {mistake.line}, column "
                f"{mistake.column}: {mistake.message}"
            )
        except Refused as refused:
            where = ""
            if refused.offset is not None:
                where = f" (line {normal.line(normal.first + refused.offset)})"
            done = "unset" if removes else "set"
            return Conflict(
                f"`{show_keys(stated.keys)}` can't be {done}: {refused.message}{where}",
                refused.hint,
            )
        if edits:
            new = spliced(normal, edits)
            start, _, added = edits[0]
            # A line that is put in begins after the line end before it.
            start += added.startswith("\n") and start < len(normal.text)
            lines = lines or line_range(normal, Span(start, start))
    if new == text:
        return AlreadyApplied()
    return Applied(new, lines)


def _stated(operation: SetValues | UnsetValues) -> tuple[Assignment | Removal, ...]:
    return operation.removals if isinstance(operation, UnsetValues) else operation.assignments


class _Editor:
    """Makes the edits of one operation in files of one language."""

    def __init__(self, language: DataLanguage, operation: SetValues | UnsetValues) -> None:
        self.module: ModuleType = import_module(f"runbook.transforms.{language}_file")
        self.language = language
        self.place: tuple[str, Keys] | None = None
        self._last: tuple[str, Node] | None = None
        if isinstance(operation, SetValues):
            for side, key in (("after", operation.after), ("before", operation.before)):
                if key is not None:
                    self.place = side, read_keys(key)[0]

    def _read(self, text: str) -> Node:
        """What a text says; what one value has made of a file, the next one begins with."""
        if self._last is None or self._last[0] != text:
            self._last = text, self.module.read(text)
        return self._last[1]

    def edits(self, normal: NormalizedText, stated: Assignment | Removal) -> list[Splice]:
        """The stretches of a normalized text that change, none if all is as it should be."""
        content = as_characters(normal.text[normal.first :])
        root = self._read(content)
        if isinstance(stated, Assignment):
            if self.language in TEXTUAL:
                stated = replace(stated, value=_textual(stated.value, self.language))
            edits, expected = self._set(content, root, stated)
        else:
            edits, expected = self._unset(content, root, stated)
        if not edits:
            return []
        try:
            made = self._read(written(content, edits)).data()
        except (Unreadable, Refused):
            made = None
        wishes = [_emptied(expected) if self.language in TEXTUAL else expected]
        if isinstance(stated, Removal):
            # A table that is stated by those in it alone goes with the last of them.
            wishes += [without_empty(expected, stated.keys[:n]) for n in range(1, len(stated.keys))]
            if stated.items:
                # So does an array of tables, which is stated by these.
                wishes.append(without_empty(expected, stated.keys))
        if not any(same(made, wish) for wish in wishes):
            raise Refused(
                "other values would change with it",
                hint="state the text with `replace`, as it stands in the file",
            )
        return [(start + normal.first, end + normal.first, added) for start, end, added in edits]

    def _keys(self, keys: Keys, root: Node) -> Keys:
        """The keys as the language has them: its sections and names may have dots."""
        if self.language not in TEXTUAL:
            return keys
        if isinstance(keys[0], int):
            raise Refused("such a file is no list")
        joined = ".".join(map(str, keys))
        if self.language == "ini" and len(keys) > 1 and joined not in root.data():  # type: ignore[operator]
            return ".".join(map(str, keys[:-1])), keys[-1]
        return (joined,)

    def _known(self, keys: Keys) -> Keys:
        if self.language != "requirements":
            return keys
        return tuple(self.module.canonical(str(key)) for key in keys)

    def _set(self, text: str, root: Node, stated: Assignment) -> tuple[list[Splice], object]:
        as_stated = self._keys(stated.keys, root)
        keys = self._known(as_stated)
        node, rest = find(root, keys)
        missing = _missing(node, rest, stated.value) if stated.append else ()
        edits = list(self._wanted(text, node, rest, as_stated, stated, missing))
        wished = [plain(each) for each in missing] if stated.append else plain(stated.value)
        return edits, with_value(root.data(), keys, wished, append=stated.append)

    def _wanted(
        self, text: str, node: Node, rest: Keys, keys: Keys, stated: Assignment,
        missing: tuple[Value, ...],
    ) -> Iterator[Splice]:  # fmt: skip
        if rest:
            if any(isinstance(key, int) for key in rest):
                raise Refused("a list that is not there has no items", node.start)
            above = keys[: len(keys) - len(rest)]
            place = self._beside(node, above)
            new: Value = missing if stated.append else stated.value
            yield from self.module.inserted(text, node, keys[len(above) :], new, place)
            if place is not None and place.side == "after":
                # The next one goes after this one.
                self.place = "after", (*above, keys[len(above)])
            return
        if not stated.append:
            if not same(node.data(), plain(stated.value)):
                yield from self.module.replaced(text, node, stated.value)
            return
        if node.scalar is None and node.start == node.end:
            # A key of YAML without a value.
            yield from self.module.replaced(text, node, missing)
            return
        if node.kind != "list":
            raise Refused("it is no list, and nothing can be appended to it", node.start)
        if missing:
            yield from self.module.appended(text, node, missing)

    def _beside(self, node: Node, above: Keys) -> Place | None:
        """Where in a mapping a new key goes, if that is stated."""
        if self.place is None:
            return None
        side, keys = self.place
        known = [entry.key for entry in node.entries]
        (name,) = self._known(keys[-1:])
        if len(keys) > 1 and keys[:-1] != above and self.language not in TEXTUAL:
            raise Refused(f"it does not stand in one mapping with `{show_keys(keys)}`", node.start)
        if name not in known:
            raise Refused(
                f"there is no key `{name}` to go {side}", node.start, suggestion(str(name), known)
            )
        return Place("after" if side == "after" else "before", known.index(str(name)))

    def _unset(self, text: str, root: Node, stated: Removal) -> tuple[list[Splice], object]:
        keys = self._known(self._keys(stated.keys, root))
        several = [i for i, entry in enumerate(root.entries) if (entry.key,) == keys]
        if self.language == "requirements" and len(several) > 1:
            # A package may stand there once for each system or version of Python.
            return self._one_by_one(text, (), several), without(root.data(), keys, None)
        try:
            node, rest = find(root, keys)
        except KeyOfList as refused:
            if not stated.items:
                raise
            hint = "an item that goes stands in brackets, such as `[{name: x}]`"
            raise Refused(refused.message, refused.offset, hint) from None
        if rest:
            return [], None
        if not stated.items:
            above, _ = find(root, keys[:-1])
            index = next(i for i, e in enumerate(above.entries) if e.key == keys[-1])
            return list(self.module.removed(text, above, index)), without(root.data(), keys, None)
        if node.data() in ("", None):
            return [], None
        if node.kind != "list":
            raise Refused("it is no list, and has no items", node.start)
        items = [plain(each) for each in stated.items]
        if self.language in TEXTUAL:
            items = [str(plain(_textual(each, self.language))) for each in stated.items]
        gone = [
            index
            for index, each in enumerate(node.items)
            if any(holds(each.data(), item) for item in items)
        ]
        # The rest goes when this one is gone: places move.
        return self._one_by_one(text, keys, gone), without(root.data(), keys, list(items))

    def _one_by_one(self, text: str, keys: Keys, gone: list[int]) -> list[Splice]:
        """The edit that takes items out, the last one first."""
        new = text
        for index in reversed(gone):
            node, _ = find(self._read(new), keys)
            new = written(new, list(self.module.removed(new, node, index)))
        if new == text:
            return []
        start = shared_start(text, new)
        end = shared_start(reversed(text[start:]), reversed(new[start:]))
        return [(start, len(text) - end, new[start : len(new) - end])]


def _missing(node: Node, rest: Keys, new: Value) -> tuple[Value, ...]:
    """What is to be appended and does not stand in the list yet."""
    assert isinstance(new, tuple)
    there = [] if rest else [item.data() for item in node.items]
    found = []
    for each in new:
        if not any(same(plain(each), other) for other in there):
            found.append(each)
            there.append(plain(each))
    return tuple(found)


def _textual(value: Value, language: DataLanguage) -> Value:
    """A value as the text that it is in such a file; several lines are a list."""
    match value:
        case None:
            raise Refused("such a file has no null", hint="say `unset`")
        case bool():
            return "true" if value else "false"
        case Number(text):
            return text
        case Table():
            raise Refused("such a file has no mapping for a value")
        case tuple():
            if language != "ini":
                raise Refused("such a file has no lists in it")
            return tuple(_textual(each, language) for each in value) or ""
        case str() if "\n" in value and language == "ini":
            return tuple(line.strip() for line in value.split("\n") if line.strip())
        case _:
            return value


def _emptied(data: object) -> object:
    """The data as such a file has it: a list without items is an empty text."""
    if isinstance(data, dict):
        return {key: _emptied(each) for key, each in data.items()}
    return "" if data == [] else data
