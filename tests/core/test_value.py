"""Values do what dataclasses do, for whoever takes them for that."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from typing import Any, ClassVar

import pytest

from runbook.core.value import field, fields, is_value, mutable, replace, value


@value
class Plain:
    """Something with all that a field can be."""

    first: int
    second: tuple[str, ...] = ()
    third: str = field(default="c", compare=False, metadata={"words": True})
    silent: int = field(default=0, repr=False)
    count: ClassVar[int] = 7


@value
class Derived:
    name: str
    length: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", len(self.name))


@mutable
class Box:
    items: list[int] = field(default_factory=list)
    make: str = ""


@mutable(eq=False)
class Own:
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Model:
    first: int
    second: tuple[str, ...] = ()
    third: str = dataclasses.field(default="c", compare=False, metadata={"words": True})
    silent: int = dataclasses.field(default=0, repr=False)
    count: ClassVar[int] = 7


def test_a_value_is_shown_compared_and_hashed_as_a_dataclass_is() -> None:
    ours, model = Plain(1, ("b",), silent=2), Model(1, ("b",), silent=2)
    assert repr(ours) == repr(model).replace("Model", "Plain")
    assert ours == Plain(1, ("b",), "not compared", 2)
    assert hash(ours) == hash(Plain(1, ("b",), "not compared", 2))
    assert ours != Plain(1, ("b",), silent=3)
    assert ours.__eq__(model) is NotImplemented
    assert Plain.count == 7
    assert not hasattr(ours, "__dict__")


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [((), {}), ((1, (), "", 0, 5), {}), ((1,), {"first": 2}), ((1,), {"unknown": 2})],
)
def test_a_wrong_call_is_told_as_of_any_function(
    arguments: tuple[Any, ...], keys: dict[str, Any]
) -> None:
    with pytest.raises(TypeError) as ours:
        Plain(*arguments, **keys)
    with pytest.raises(TypeError) as models:
        Model(*arguments, **keys)
    assert str(ours.value) == str(models.value).replace("Model", "Plain")


def test_a_value_is_taken_apart_and_called_by_its_fields() -> None:
    match Plain(1, ("b",)):
        case Plain(first, second):
            assert (first, second) == (1, ("b",))
    assert list(inspect.signature(Plain).parameters) == ["first", "second", "third", "silent"]


def test_what_follows_of_the_other_fields_is_made_after_them() -> None:
    assert Derived("abc").length == 3
    assert replace(Derived("abc"), name="a").length == 1
    with pytest.raises(TypeError):
        Derived("abc", 3)  # type: ignore[call-arg]


def test_what_is_made_anew_is_nobody_elses() -> None:
    one, other, given = Box(), Box(), [1]
    one.items.append(1)
    assert other.items == []
    assert Box(given).items is given
    assert one == Box([1])
    with pytest.raises(TypeError):
        hash(one)


def test_without_eq_one_is_itself_alone() -> None:
    one = Own("a")
    assert one != Own("a")
    assert len({one, one, Own("a")}) == 2


def test_another_value_differs_in_what_is_said() -> None:
    assert replace(Plain(1, ("b",)), first=2) == Plain(2, ("b",))
    with pytest.raises(TypeError):
        replace(Plain(1), unknown=2)  # type: ignore[call-arg]


def test_its_fields_are_those_of_a_dataclass() -> None:
    one: Any = Plain(1)

    def told(found: Any) -> list[tuple[object, ...]]:
        return [(each.name, each.init, each.repr, each.compare, dict(each.metadata))
                for each in found]  # fmt: skip

    model = told(dataclasses.fields(Model))
    assert told(fields(Plain)) == told(fields(one)) == model
    assert told(dataclasses.fields(Plain)) == model  # as other programs ask
    assert [each.default for each in fields(Plain)][1:] == [(), "c", 0]
    assert is_value(Plain)
    assert is_value(one)
    assert dataclasses.is_dataclass(Plain)
    assert not is_value("abc")
    assert not is_value(int)


def test_others_that_know_dataclasses_know_values() -> None:
    one = Plain(1, ("b",))
    assert dataclasses.replace(one, first=2) == Plain(2, ("b",))
    assert dataclasses.asdict(one) == dataclasses.asdict(Model(1, ("b",)))
    assert dataclasses.asdict(Box([1])) == {"items": [1], "make": ""}
    assert copy.deepcopy(one) == one
    assert pickle.loads(pickle.dumps(one)) == one


def test_a_class_that_has_no_value_yet_says_how_it_is_called() -> None:
    @value
    class Fresh:
        one: int
        two: str = "b"

    assert str(inspect.signature(Fresh)) == "(one, two='b')"

    @value
    class Asked:
        one: int

    # As `inspect` asks for it since Python 3.13: the class is the instance.
    found = vars(Asked)["__init__"].__get__(Asked, type)
    assert list(inspect.signature(found).parameters) == ["one"]
    assert Asked(1).one == 1
