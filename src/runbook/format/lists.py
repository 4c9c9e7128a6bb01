"""Lists, choices of words, and mappings of a form of their own, as kinds of values."""

from __future__ import annotations

from typing import Any, get_args

from runbook.core.model.diagnostics import suggestion
from runbook.core.model.model import AfterHooks
from runbook.format.content import Content, Plain, Sequence, mapping
from runbook.format.forms import (
    Form,
    Kind,
    Schema,
    check_block,
    either,
    read_model,
    refused_mark,
    write_form,
)
from runbook.format.texts import brief, scalar
from runbook.format.yamltree import MappingNode, Node, SequenceNode, Source


def choice(*words: str, told: str | None = None) -> Kind:
    """One of a few words; `told` is the hint where another one is near none of them."""

    def read(source: Source, node: Node) -> str | None:
        listed = ", ".join(f"`{word}`" for word in words)
        value = scalar(source, node, "a word", f"write one of {listed}")
        if value is not None and value not in words:
            source.error(
                node, f"`{brief(value)}` is none of {listed}", suggestion(value, words) or told
            )
            return None
        return value

    return Kind(read, Plain, {"enum": list(words)})


HOOKS = choice(*get_args(AfterHooks))


def listing(
    item: Kind, *, empty: bool = False, apart: bool = False, named: Form | None = None
) -> Kind:
    """A list of what `item` is; a single one may stand without the list.

    An `empty` list is allowed where it says something: that what is inherited does not count.
    Written `apart`, each item has lines of its own. `named` is the form of items that have names,
    each another one, which may have been taken for keys.
    """
    read = item.read

    def read_all(source: Source, node: Node) -> tuple[Any, ...]:
        if not isinstance(node, SequenceNode):
            if named is not None and _are_named(node, named):
                for key, _ in node.value:
                    source.error(
                        key,
                        f"{named.name} has its name under `name`",
                        f"write `- name: {key.value}`",
                    )
                return ()
            value = read(source, node)
            return () if value is None else (value,)
        if not node.value and not empty:
            source.error(node, "the list is empty")
        values: list[Any] = []
        for each in node.value:
            if refused_mark(source, each):
                continue
            check_block(source, each, node.start_mark.column, "dash")
            value = read(source, each)
            if value is None:
                continue
            if named is not None and any(value.name == other.name for other in values):
                noun = named.name.removeprefix("a ")
                source.error(each, f"a second {noun} is called `{value.name}`", "rename one")
            values.append(value)
        return tuple(values)

    def write(items: tuple[Any, ...]) -> Content | None:
        if len(items) == 1 and not apart:
            return item.write(items[0])
        contents = tuple(content for each in items if (content := item.write(each)) is not None)
        return Sequence(contents, tight=not (apart and contents)) if contents or empty else None

    return Kind(read_all, write, list_or_one(item.schema, empty=empty))


def _are_named(node: Node, form: Form) -> bool:
    """Whether a mapping has names as keys, and under each what the form says of an item."""
    return isinstance(node, MappingNode) and all(
        name.value not in form.keys
        and isinstance(item, MappingNode)
        and any(key.value in form.keys for key, _ in item.value)
        for name, item in node.value
    )


def list_or_one(item: Schema, *, empty: bool = False) -> Schema:
    """A list of items, or one without the list."""
    items: Schema = {"type": "array", "items": item}
    return either({"type": "array"}, items if empty else items | {"minItems": 1}, item)


def nested(form: Form, name: str) -> Kind:
    """A mapping of a form, which the schema defines under a name."""

    def read(source: Source, node: Node) -> Any:
        return read_model(source, node, form)

    def write(stated: Any) -> Content:
        return mapping(write_form(form, stated), tight=form.tight)

    return Kind(read, write, {"$ref": f"#/definitions/{name}"})
