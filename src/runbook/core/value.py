"""Values: what a frozen dataclass promises, at a hundredth of its cost.

Making a frozen dataclass compiles five methods, 0.43 ms a class, and every command makes over two
hundred classes; `dataclasses` itself is loaded with a compiler's tools, which takes 8 ms. Here
equality and the like are shared, and `__init__` is compiled once for all classes of a shape, and
renamed for each of them. Nothing goes through `object.__setattr__`: that nobody assigns to a value
is seen by mypy, which takes these classes for dataclasses. To other programs they are that, too.
"""

from __future__ import annotations

from functools import cache, partial
from operator import attrgetter
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, cast, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import field, fields, replace
    from dataclasses import is_dataclass as is_value
    from types import CodeType

__all__ = ["field", "fields", "is_value", "mutable", "replace", "value"]

T = TypeVar("T")


class _Made:
    """The default of a parameter in whose place something is made anew each time."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


_GLOBALS = {"_Made": _Made}  # of each `__init__`
_NOTHING = object()  # where there is no default


class _Field:
    """What a class states of a field."""

    name = ""

    def __init__(
        self,
        *,
        default: Any = _NOTHING,
        default_factory: Callable[[], Any] | None = None,
        init: bool = True,
        repr: bool = True,
        compare: bool = True,
        metadata: Any = None,
    ) -> None:
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare
        self.metadata = metadata or {}


if not TYPE_CHECKING:
    # They do what those of `dataclasses` do, by which mypy knows them.
    field = _Field

    def fields(part):
        """The fields of a value, or of a class of values."""
        return _fields_of(part if isinstance(part, type) else type(part))

    def is_value(part):
        """Whether it is a value or a class of values."""
        return hasattr(part, "__stated__")

    def replace(part, /, **changes):
        """A value that differs in some fields."""
        for name in part.__match_args__:
            if name not in changes:
                changes[name] = getattr(part, name)
        return type(part)(**changes)


@cache
def _fields_of(kind: Any) -> tuple[_Field, ...]:
    found = []
    for name in kind.__slots__:
        stated = kind.__stated__.get(name, _NOTHING)
        each = stated if isinstance(stated, _Field) else _Field(default=stated)
        each.name = name
        found.append(each)
    return tuple(found)


@cache
def _compared(kind: type) -> Callable[[Any], Any]:
    """What takes of a value all that it is compared by."""
    names = [each.name for each in _fields_of(kind) if each.compare]
    return attrgetter(*names) if names else lambda _: ()


@cache
def _shown(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in _fields_of(kind) if each.repr)


def _equal(self: Any, other: Any) -> Any:
    if type(self) is not type(other):
        return NotImplemented
    told = _compared(cast(Any, type(self)))
    return told(self) == told(other)


def _hash(self: Any) -> int:
    kind: Any = type(self)
    return hash((kind, _compared(kind)(self)))


def _represent(self: Any) -> str:
    kind: Any = type(self)
    content = ", ".join(f"{name}={getattr(self, name)!r}" for name in _shown(kind))
    return f"{kind.__name__}({content})"


class _AsDataclass:
    """By what `dataclasses` knows a class, made when somebody asks for it."""

    def __get__(self, instance: object, kind: Any) -> Any:
        import dataclasses

        content = {"__module__": kind.__module__, "__doc__": kind.__name__}
        content["__annotations__"] = {name: kind.__annotations__[name] for name in kind.__slots__}
        for each in _fields_of(kind):
            stated = {} if each.default is _NOTHING else {"default": each.default}
            if each.default_factory is not None:
                stated = {"default_factory": each.default_factory}
            others = {name: getattr(each, name) for name in ("init", "repr", "compare", "metadata")}
            content[each.name] = dataclasses.field(**stated, **others)
        made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, match_args=False)(
            type(kind.__name__, (), content)
        )
        kind.__dataclass_fields__ = made.__dataclass_fields__
        return made.__dataclass_fields__


class _Initializer:
    """`__init__` of a class, made when its first value is: a command meets few of all classes."""

    def __get__(self, instance: Any, kind: Any) -> Any:
        # `inspect` of Python 3.13 asks for it as if the class were the instance.
        owner: Any = instance if isinstance(instance, type) else kind
        owner.__init__ = _initializer(owner)
        return owner.__init__ if instance is None else owner.__init__.__get__(instance)


_SHARED = {
    "__init__": _Initializer(),
    "__repr__": _represent,
    "__dataclass_fields__": _AsDataclass(),
}


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(kind: type[T]) -> type[T]:
    """Make a class of annotated fields a value: slots, equality, hash, and a plain `repr`."""
    return _made(kind, {"__eq__": _equal, "__hash__": _hash})


@overload
def mutable(kind: type[T], /) -> type[T]: ...
@overload
def mutable(*, eq: bool) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(field_specifiers=(field,))
def mutable(kind: type[T] | None = None, /, *, eq: bool = True) -> Any:
    """Make a class of annotated fields as a value is, but one that changes, and so has no hash.

    Without `eq`, it is equal to itself alone, and has one.
    """
    methods = {"__eq__": _equal, "__hash__": None} if eq else {}
    return partial(_made, methods=methods) if kind is None else _made(kind, methods)


def _made(kind: type[T], methods: dict[str, Any]) -> type[T]:
    content = {
        name: each for name, each in vars(kind).items() if name not in ("__dict__", "__weakref__")
    }
    hints: dict[str, str] = content.get("__annotations__", {})
    names = tuple(name for name, hint in hints.items() if not hint.startswith("ClassVar"))
    stated = {name: content.pop(name) for name in names if name in content}
    given = tuple(name for name in names if getattr(stated.get(name), "init", True))
    content |= _SHARED | methods
    content |= {"__slots__": names, "__stated__": stated, "__match_args__": given}
    meta: Any = type(kind)
    made: type[T] = meta(kind.__name__, kind.__bases__, content)
    made.__qualname__ = kind.__qualname__
    return made


def _initializer(kind: Any) -> FunctionType:
    names = kind.__match_args__
    defaults = [_default(kind.__stated__.get(name, _NOTHING)) for name in names]
    anew = tuple(isinstance(default, _Made) for default in defaults)
    code = _compiled(anew, hasattr(kind, "__post_init__"))
    own = {f"_{number}": name for number, name in enumerate(names)}
    renamed = code.replace(
        co_varnames=tuple(own.get(name, name) for name in code.co_varnames),
        co_names=tuple(own.get(name, name) for name in code.co_names),
        co_qualname=f"{kind.__qualname__}.__init__",
    )
    given = tuple(default for default in defaults if default is not _NOTHING)
    return FunctionType(renamed, _GLOBALS, "__init__", given)


def _default(stated: Any) -> Any:
    if not isinstance(stated, _Field):
        return stated
    return stated.default if stated.default_factory is None else _Made(stated.default_factory)


@cache
def _compiled(anew: tuple[bool, ...], settles: bool) -> CodeType:
    """The code of an `__init__` of so many fields, some made anew, with numbers for their names."""
    lines = [f"def __init__({', '.join(('self', *(f'_{each}' for each in range(len(anew)))))}):"]
    for number, is_made in enumerate(anew):
        name = f"_{number}"
        made = f"{name}.make() if {name}.__class__ is _Made else {name}" if is_made else name
        lines.append(f" self.{name} = {made}")
    lines.append(" self.__post_init__()" if settles else " pass")
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    code: CodeType = scope["__init__"].__code__
    return code
