"""Which checks are held to look at no more than an exit status."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from runbook.core.lint.promises import promises
from runbook.core.model.model import Expect, Verify
from runbook.core.shell.script import parse

FIELDS = {field.name for field in dataclasses.fields(Expect)}
BARE = {"exit": (0,), "prose": "Fine."}


def codes(**stated: Any) -> list[str]:
    step = Verify("git status", Expect(**stated))
    return [finding.code for finding in promises(step, parse(step.command))]


def test_an_exit_status_is_no_look_at_the_output() -> None:
    assert codes() == codes(**BARE) == ["RB105"]


@pytest.mark.parametrize("field", sorted(FIELDS - BARE.keys()))
def test_any_other_expectation_is(field: str) -> None:
    assert codes(**{field: "stated"}) == []
