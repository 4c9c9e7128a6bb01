"""Forms: which keys a mapping has, how each is read and written, and the mistakes in one.

The forms are data, so that reading, writing, the documentation's test, the JSON Schema and plans
speak of the same keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from runbook.core.text.counting import count
from runbook.core.value import field as derived
from runbook.core.value import fields, value
from runbook.format.content import Content, Entry
from runbook.format.misnamed import Misnamed, misnamed
from runbook.format.shown import AS_TEXT, Shown
from runbook.format.yamltree import (
    BLOCK,
    NOTHING,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    is_block,
)

Reader = Callable[[Source, Node], Any]
"""Reads one node; what it can't read it records in the source and returns as `None`."""
Writer = Callable[[Any], Content | None]
"""What a value is written as; `None` where it need not be written."""
Schema = dict[str, Any]
Report = Callable[[str, str | None], None]
"""Takes a mistake in words, with a hint."""


@value
class Kind:
    """A kind of value: how it is read, written, described in the JSON Schema, shown in a plan.

    Nearly all values are texts taken as they are written, if none of it can be lost. `read_form`
    takes a `plain` kind of them without a call.
    """

    read: Reader
    write: Writer
    schema: Schema
    plain: bool = False
    shown: Shown = AS_TEXT


def kind(
    schema: Schema, write: Writer, *, plain: bool = False, shown: Shown = AS_TEXT
) -> Callable[[Reader], Kind]:
    """Make a kind of value of its reader."""
    return lambda read: Kind(read, write, schema, plain, shown)


@value
class Key:
    """One key of a form: its kind of value, the model's field, and what it means.

    `says` puts its value into the words of a plan.
    """

    kind: Kind
    field: str
    meaning: str
    required: bool = False
    says: Callable[[Any], str] | None = None
    read: Reader = derived(init=False)
    plain: bool = derived(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "read", self.kind.read)
        object.__setattr__(self, "plain", self.kind.plain)


_KEYS_OF: dict[str, dict[str, Key]] = {}
"""The keys of each form by its name, to say where one stands that is put into another form."""

_LISTED = 12
"""Of how many keys a form has that is no mapping where it should be one."""


@value
class Form:
    """A kind of mapping: its name with an article ("an edit"), its keys, and what it makes.

    Keys are written in their order; a `tight` mapping is written on one line where it fits. `twice`
    is what to do about a key that is there twice.
    """

    name: str
    keys: dict[str, Key]
    model: Any = None
    tight: bool = False
    twice: str = "remove one of the two"
    required: tuple[str, ...] = derived(init=False)
    placed: bool = derived(init=False)  # whether the model knows where it stands

    def __post_init__(self) -> None:
        required = tuple(name for name, key in self.keys.items() if key.required)
        object.__setattr__(self, "required", required)
        object.__setattr__(self, "placed", "at" in getattr(self.model, "__match_args__", ()))
        _KEYS_OF[self.name] = self.keys


def read_form(source: Source, node: Node, form: Form) -> dict[str, Any]:
    """The values of a mapping by model field; every mistake in it is recorded."""
    if not isinstance(node, MappingNode):
        source.error(node, f"{form.name} must be a mapping of keys to values", _as_keys(node, form))
        return {}
    keys = form.keys
    values: dict[str, Any] = {}
    misspelt: set[str] = set()
    marked = source.may_have_marks
    text = source.text
    for key_node, value_node in node.value:
        if marked and key_name(source, key_node) is None:
            continue
        key = keys.get(key_node.value)
        if key is None:
            misspelt |= unknown_key(source, node, key_node, form)
            continue
        name = key.field
        if name in values:
            source.error(key_node, f"duplicate key `{key_node.value}`", form.twice)
            continue
        # Said to be there, whatever is wrong with it.
        values[name] = None
        if marked and refused_mark(source, value_node):
            continue
        if value_node.__class__ is ScalarNode:
            style = value_node.style
            if style in BLOCK:
                check_block(source, value_node, key_node.start_mark.column)
            if key.plain:
                content = value_node.value
                end = value_node.end_mark.index
                # What `Source.certain` says, without the call.
                if (
                    (style or text[end : end + 1] == "\n")
                    and content not in NOTHING
                    and not content.isspace()
                    and "\0" not in content
                ):
                    values[name] = content
                    continue
        values[name] = key.read(source, value_node)
    for name in misspelt:
        # Of a misspelt key it goes without saying that the right one is missing.
        values.setdefault(keys[name].field, None)
    for name in form.required:
        if keys[name].field not in values:
            hint = f"`{name}` is {keys[name].meaning}"
            source.error(node, f"{form.name} needs the key `{name}`", hint)
    return values


def read_model(source: Source, node: Node, form: Form) -> Any:
    """What a form makes of a mapping; `None` where something that is required can't be read."""
    values = read_form(source, node, form)
    return made(source, node, form, values)


def made(source: Source, node: Node, form: Form, values: dict[str, Any]) -> Any:
    """What a form makes of values that were read."""
    for name in form.required:
        if values.get(form.keys[name].field) is None:
            return None
    if None in values.values():
        values = {name: value for name, value in values.items() if value is not None}
    if form.placed:
        return form.model(**values, at=source.position(node))
    return form.model(**values)


def write_form(form: Form, *parts: Any) -> Iterator[Entry]:
    """What of a value, or of its parts, is not as it is without being stated."""
    described = [(part, each) for part in parts for each in fields(part)]
    stated = {each.name: (part, each.default) for part, each in described}
    for name, key in form.keys.items():
        part, default = stated[key.field]
        content = getattr(part, key.field)
        yield name, None if content is None or content == default else key.kind.write(content)


def say_form(form: Form, stated: Any, *first: str) -> Iterator[str]:
    """The words of what a value states, those of some keys `first`."""
    defaults = {each.name: each.default for each in fields(stated)}
    for name in dict.fromkeys((*first, *form.keys)):
        key = form.keys[name]
        content = getattr(stated, key.field)
        if key.says is not None and content != defaults[key.field]:
            yield key.says(content)


def either(when: Schema, then: Schema, otherwise: Schema) -> Schema:
    """One of two schemas, told apart by `when`, so that a mistake is told of the one meant."""
    return {"if": when, "then": then, "else": otherwise}


def key_name(source: Source, node: Node) -> str | None:
    """The text of a key, or `None` with the mistake recorded."""
    if refused_mark(source, node):
        return None
    return str(node.value)


def unknown_key(source: Source, node: MappingNode, key: Node, form: Form) -> set[str]:
    """Record a key the form does not have; the keys it was meant to be, if that can be told."""
    name = key.value
    if name == "<<":
        source.error(key, "merge keys are not part of the format", "write the keys out")
        return set()
    there = {each.value for each, _ in node.value}
    said = misnamed(name, form.keys, _KEYS_OF, there)
    hint = said.hint or f"{form.name} has {_listing(list(form.keys))}"
    if _follows_nothing(node, key):
        said, hint = Misnamed(), "a line of the block above is indented by two columns past its key"
    source.error(key, f"unknown key `{name}` in {form.name}", hint)
    return set(said.meant)


def _follows_nothing(node: MappingNode, key: Node) -> bool:
    """Whether a block is opened above a key that has no text, which is at the key's column then."""
    index = next(index for index, (each, _) in enumerate(node.value) if each is key)
    above = node.value[index - 1][1] if index else None
    return above is not None and is_block(above) and not above.value.strip("\n")


def _as_keys(node: Node, form: Form) -> str:
    """The hint where something else stands for a mapping."""
    if isinstance(node, SequenceNode) and any(isinstance(each, MappingNode) for each in node.value):
        return "write its keys without `- `"
    if len(form.keys) <= _LISTED:
        return f"{form.name} has {_listing(list(form.keys))}"
    return f"it begins with a key, such as `{next(iter(form.keys))}: …`"


def dashes(node: Node, item: str) -> str | None:
    """The hint where something else stands for a list: each item begins with a dash."""
    return None if isinstance(node, SequenceNode) else f"begin each {item} with `- `"


def refused_mark(source: Source, node: Node) -> bool:
    """Whether a node begins with a tag or an anchor, which YAML would take off without a word."""
    if not source.may_have_marks:
        return False
    index = node.start_mark.index
    sign = source.text[index : index + 1]
    if sign == "!":
        source.error(
            node,
            "a text that begins with `!` is a YAML tag, and YAML would drop it",
            "quote the text, or put it under `|`",
        )
    elif sign == "&":
        source.error(
            node,
            "anchors and aliases are not part of the format",
            "write the text out, or quote it if it begins with `&`",
        )
    return sign in ("!", "&")


def check_block(source: Source, node: Node, column: int, parent: str = "key") -> None:
    """Record a block scalar whose text loses indentation to YAML.

    The indentation is measured from the column of the key, or of the dash, it belongs to.
    """
    if not is_block(node):
        return
    lost = source.lost_indentation(node, column)
    if lost:
        head = f"{node.style}2{_chomping(source, node)}"
        source.error(
            node,
            f"YAML would strip {count(lost, 'column')} of this text's indentation",
            f"write `{head}` to keep {'it' if lost == 1 else 'them'}, or indent the text "
            f"by two columns past its {parent}",
        )


def _chomping(source: Source, node: ScalarNode) -> str:
    """What the head of a block says of the line ends at its end."""
    head = source.line(node.start_mark.line)[node.start_mark.column :]
    return next((sign for sign in "+-" if sign in head.partition("#")[0]), "")


def _listing(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
