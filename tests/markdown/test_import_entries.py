"""Entries that a plan adds to a list in code, behind one that it names by its key."""

from __future__ import annotations

import pytest

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.operations import Insert
from runbook.markdown.importing.places.entries import entry_beside

SHIP = """\
def board():
    return {
        "sail": {
            "colour": "white",  # (mostly
        },
        "mast": 1,
    }


def land():
    return {
        "mast": 2,
        "oar": 3
    }
"""


def test_entries_stand_behind_all_of_the_one_that_is_named() -> None:
    change = entry_beside(SHIP, "ship.py", '"sail"', "after", '"crew": [\n    "a",\n],\n', "board")
    assert isinstance(change, Insert)
    result = apply(SHIP, change)
    assert isinstance(result, Applied)
    crew = '        "crew": [\n            "a",\n        ],\n'
    assert result.text == SHIP.replace('        "mast": 1', f'{crew}        "mast": 1')


@pytest.mark.parametrize(
    ("name", "around", "code"),
    [
        ('"mast"', "", '"crew": 1,\n'),  # of two lists
        ('"mast"', "sail", '"crew": 1,\n'),  # no such function
        ('"oar"', "land", '"crew": 1,\n'),  # no comma behind it
        ('"sail"', "board", '"crew": 1\n'),  # none behind the new one
        ('"sail"', "board", '"mast": 3,\n'),  # there already
        ('"sail"', "board", "crew,\n"),  # none with a key
        ('"sail"', "board", '"crew": (1,\n'),
        ('"colour"', "land", '"crew": 1,\n'),
    ],
)
def test_where_an_entry_would_go_is_not_guessed(name: str, around: str, code: str) -> None:
    assert isinstance(entry_beside(SHIP, "ship.py", name, "after", code, around), str)
    assert isinstance(entry_beside(SHIP, "ship.py", '"sail"', "before", code, "board"), str)
