"""Values as JSON and back, by what the fields of their classes are annotated with.

Annotations are read when the first value of a class is written or read: a command meets few of the
classes there are.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from runbook.core.value import fields, is_value

T = TypeVar("T")


@cache
def field_types(kind: Any) -> Mapping[str, Any]:
    """The type of each field that stands in JSON: of those that a `repr` shows."""
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind) if each.repr}


@cache
def _names(kind: Any) -> tuple[str, ...] | None:
    return tuple(field_types(cast(Any, kind))) if is_value(kind) else None


def to_json(part: Any, brief: Collection[type] = ()) -> Any:
    """A value as JSON: an object of its fields, and of `brief` classes of those that say much."""
    if isinstance(part, tuple):
        return [to_json(item, brief) for item in part]
    if isinstance(part, bytes):
        return b2a_base64(part, newline=False).decode()
    kind: Any = type(part)
    names = _names(kind)
    if names is None:
        return part
    content = {name: to_json(getattr(part, name), brief) for name in names}
    return {name: each for name, each in content.items() if each or kind not in brief}


def from_json(kind: type[T], content: Mapping[str, Any]) -> T:
    """The value that a JSON object holds; what its class has no field for is passed over.

    Raises:
        TypeError: it is no value of this class; a field without a default is missing, for example.
    """
    if not isinstance(content, dict):
        raise TypeError(f"no object: {content!r}")
    readers = _readers(cast(Any, kind))
    return kind(**{name: readers[name](content[name]) for name in readers.keys() & content.keys()})


@cache
def _readers(kind: Any) -> Mapping[str, Callable[[Any], Any]]:
    return {name: _reader(hint) for name, hint in field_types(kind).items()}


def _reader(hint: Any) -> Callable[[Any], Any]:
    """What makes a value of the annotated type of what JSON has for it."""
    if get_origin(hint) is tuple:
        first, *others = get_args(hint)
        if others == [...]:
            return partial(_items, _reader(first))
        return partial(_parts, tuple(map(_reader, (first, *others))))
    if bytes in (hint, *get_args(hint)):
        return _bytes
    # A union is a class of ours or nothing, or plain on all sides.
    ours: list[Any] = [each for each in (hint, *get_args(hint)) if is_value(each)]
    return partial(_object, *ours) if ours else _same


def _items(reader: Callable[[Any], Any], content: Any) -> Any:
    if not isinstance(content, list):
        raise TypeError(f"no list: {content!r}")
    return tuple(map(reader, content))


def _parts(readers: tuple[Callable[[Any], Any], ...], content: Any) -> Any:
    if not isinstance(content, list) or len(content) != len(readers):
        raise TypeError(f"no list of {len(readers)}: {content!r}")
    return tuple(read(item) for read, item in zip(readers, content, strict=True))


def _bytes(content: Any) -> Any:
    return None if content is None else a2b_base64(content)


def _object(kind: type, content: Any) -> Any:
    return None if content is None else from_json(kind, content)


def _same(content: Any) -> Any:
    return content


def fits(hint: Any, part: Any) -> bool:
    """Whether a value, and all that is in it, is of the annotated type.

    `from_json` looks at no plain value: it reads what runbook wrote.
    """
    if get_origin(hint) is tuple:
        first, *others = get_args(hint)
        if others == [...]:
            return isinstance(part, tuple) and all(fits(first, each) for each in part)
        return isinstance(part, tuple) and all(map(fits, (first, *others), part))
    if get_origin(hint) is Literal:
        return any(part is each or (type(part) is str and part == each) for each in get_args(hint))
    if get_args(hint):
        return any(fits(each, part) for each in get_args(hint))
    if is_value(hint):
        inner = field_types(cast(Any, hint)).items()
        return type(part) is hint and all(fits(own, getattr(part, name)) for name, own in inner)
    if hint is float:
        return type(part) in (int, float)
    return hint is Any or type(part) is hint
