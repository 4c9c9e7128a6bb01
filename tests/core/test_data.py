"""Keys and values of data files, as a phase file states them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook.core.model.data import (
    KeyMistake,
    Keys,
    Number,
    Table,
    language_of,
    plain,
    read_keys,
    show_keys,
    show_value,
)


@pytest.mark.parametrize(
    ("text", "keys", "append"),
    [
        ("a", ("a",), False),
        ("a.b-c", ("a", "b-c"), False),
        ("a+", ("a",), True),
        ("a[0].b[-1][2]+", ("a", 0, "b", -1, 2), True),
        ('a."b.c d".e', ("a", "b.c d", "e"), False),
        ("'a\"b'", ('a"b',), False),
        (r'"a\"b\\"', ('a"b\\',), False),
        ("@scope/pkg", ("@scope/pkg",), False),
        ("[0].a[1]", (0, "a", 1), False),
        ("[-1]+", (-1,), True),
    ],
)
def test_keys(text: str, keys: Keys, append: bool) -> None:
    assert read_keys(text) == (keys, append)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a key is expected"),
        ("a.", "a key is expected after `a.`"),
        ("a..b", "a key is expected after `a.`"),
        ("a b", "` ` can't stand in a key without quotes"),
        ("a[x]", "`[` can't stand in a key without quotes"),
        ("a+b+.c", "`+` can't stand in a key without quotes"),
        ("c++.x", "`+` can't stand in a key without quotes"),
        ('"a', "a key is expected"),
        ("[0]a", "`a` can't stand in a key without quotes"),
        ("[0].", "a key is expected after `[0].`"),
        ("+", "a key is expected"),
    ],
)
def test_what_is_no_key(text: str, message: str) -> None:
    with pytest.raises(KeyMistake, match=r".*") as raised:
        read_keys(text)
    assert str(raised.value) == message


@given(
    st.lists(st.text(min_size=1) | st.integers(-9, 9), min_size=1).map(tuple),
    st.booleans(),
)
def test_any_keys_are_read_as_they_are_shown(keys: Keys, append: bool) -> None:
    assert read_keys(show_keys(keys) + "+" * append) == (keys, append)


def test_values_are_shown_and_plain() -> None:
    stated = (Number("1.10"), Number("3"), Table((("a", None), ("b", (True, "é")))))
    assert show_value(stated) == '[1.10, 3, {"a": null, "b": [true, "é"]}]'
    assert plain(stated) == [1.1, 3, {"a": None, "b": [True, "é"]}]


def test_the_language_of_a_file_is_in_its_name() -> None:
    named = {
        "a/b.toml": "toml",
        "x.YML": "yaml",
        "a.yaml": "yaml",
        "a.json": "json",
        "a.cfg": "ini",
    }
    assert {name: language_of(name) for name in named} == named
