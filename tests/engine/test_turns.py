"""Work carried on in turns, each told in its order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from runbook.engine.ahead.turns import Turns


def passing(item: str) -> bool:
    return item.startswith("~")


def work(done: list[str], name: str, items: int, lane: int) -> Iterator[str]:
    for number in range(items):
        done.append(f"{name}{number} in {lane}")
        yield f"{name}{number}"
        yield f"~{name}"


def test_two_go_on_in_turns_and_the_third_when_a_lane_is_free() -> None:
    done: list[str] = []
    turns = Turns[str](2, passing)
    for name, items in (("a", 2), ("b", 1), ("c", 1)):
        turns.add(name, partial(work, done, name, items))
    assert list(turns.told("a")) == ["a0", "~a", "a1", "~a"]
    assert turns.beside
    assert done == ["a0 in 0", "b0 in 1", "a1 in 0", "c0 in 1"]
    # What passes means nothing once it is told later.
    assert list(turns.told("b")) == ["b0"]
    assert list(turns.told("c")) == ["c0"]
    assert "c" not in turns


def test_what_is_told_comes_before_what_was_added_earlier() -> None:
    done: list[str] = []
    turns = Turns[str](1, passing)
    for name in "abc":
        turns.add(name, partial(work, done, name, 1))
    assert list(turns.told("c")) == ["c0", "~c"]
    assert not turns.beside
    assert done == ["c0 in 0"]


def test_some_work_is_for_the_first_lane_only() -> None:
    done: list[str] = []
    turns = Turns[str](2, passing)
    turns.add("a", partial(work, done, "a", 2))
    turns.add("b", partial(work, done, "b", 1), first_lane=True)
    turns.add("c", partial(work, done, "c", 1))
    assert [list(turns.told(name)) for name in "abc"] == [
        ["a0", "~a", "a1", "~a"],
        ["b0", "~b"],
        ["c0"],
    ]
    assert done == ["a0 in 0", "c0 in 1", "a1 in 0", "b0 in 0"]


def test_an_error_is_raised_where_it_is_told_and_its_lane_takes_no_more() -> None:
    def fails(lane: int) -> Iterator[str]:
        yield f"in {lane}"
        raise ValueError(f"lane {lane}")

    done: list[str] = []
    turns = Turns[str](2, passing)
    turns.add("a", partial(work, done, "a", 3))
    turns.add("b", fails)
    turns.add("c", partial(work, done, "c", 1))
    assert list(turns.told("a")) == ["a0", "~a", "a1", "~a", "a2", "~a"]
    told = turns.told("b")
    assert next(told) == "in 1"
    with pytest.raises(ValueError, match="lane 1"):
        next(told)
    assert list(turns.told("c")) == ["c0", "~c"]
    assert done[-1] == "c0 in 0"


def test_work_goes_on_to_where_it_rests_and_what_is_dropped_ends() -> None:
    ended: list[str] = []

    def ends(lane: int) -> Iterator[str]:
        try:
            yield from ("one", "rest", "two", "rest")
        finally:
            ended.append(f"in {lane}")

    turns = Turns[str](2, passing)
    turns.add("a", partial(work, [], "a", 1))
    turns.add("b", ends)
    next(turns.told("a"))
    turns.rest(lambda item: item == "rest")
    assert not ended
    assert list(turns.told("b"))[:2] == ["one", "rest"]
    turns.add("c", ends)
    turns.add("d", ends)
    next(turns.told("c"))
    turns.drop()
    assert len(ended) == 3
    assert "d" not in turns
