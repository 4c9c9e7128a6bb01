"""The tables are whole: each value of the model has its place in them, with all that is said."""

from __future__ import annotations

import dataclasses
import re
from typing import get_args

import pytest

from runbook.core.model.data import Assignment, KeyMistake
from runbook.core.model.model import Expect, Phase, Settings, Step, TestsExpectation
from runbook.core.model.operations import Operation
from runbook.format.data import assignments
from runbook.format.emit import scalar
from runbook.format.operations import ROW_OF, ROWS, Row
from runbook.format.steps import FORMS
from runbook.format.tables import KEYS, key_of

NAMES = [row.model.__name__ for row in ROWS]


def fields(kind: type) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)} - {"at"}


def test_every_operation_has_a_row_and_every_step_a_form() -> None:
    assert set(ROW_OF) == set(get_args(Operation))
    assert set(FORMS) == set(get_args(Step))


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_every_field_of_an_operation_is_stated_by_a_key(row: Row) -> None:
    stated = {key.field for key in row.keys.values()} | {row.told} - {None}
    files = {"files"} if row.model.__name__ == "Patch" else set()
    assert stated - {""} == fields(row.model) - files


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_plan_has_words_for_each_way_to_state_an_operation(row: Row) -> None:
    assert len(row.says) == len(row.main_keys)
    for main, says in zip(row.main_keys, row.says, strict=True):
        named = set(re.findall(r"[\[{]([a-z-]+)[\]}]", says))
        assert "files" in named
        assert named - {"files"} <= row.keys.keys()
        kept = {name for name in (main, *row.required) if row.keys[name].field}
        assert kept <= named


@pytest.mark.parametrize("kind", [Expect, TestsExpectation])
def test_every_expectation_has_its_key_and_its_words(kind: type) -> None:
    keys = KEYS[kind]
    assert {key.field for key in keys.values()} == fields(kind) - {"outcome"}
    assert [name for name, key in keys.items() if key.says is None] == (
        ["prose"] if kind is Expect else []
    )


def test_what_a_phase_inherits_is_stated_by_its_own_keys() -> None:
    assert all(key_of(Settings, name) in KEYS[Phase] for name in fields(Settings))


def test_only_within_brackets_more_must_be_quoted() -> None:
    assert scalar("a, b") == "a, b"
    assert scalar("a, b", inside=True) == '"a, b"'


def test_one_value_is_appended_as_a_list_of_it() -> None:
    """As under `set` of a phase file; what is appended to a list are its items."""
    read = assignments.shown.read
    assert read('a += "x"\n') == read('a += ["x"]\n') == (Assignment(("a",), ("x",), True),)
    with pytest.raises(KeyMistake):
        read("a += []\n")
