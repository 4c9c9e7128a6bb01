"""What a change did to tests, by what they say before and after."""

from __future__ import annotations

import pytest

from runbook.core.handover.testimony import Told, objections

HOOK = "hook pytest_runtest_makereport shown {}"


@pytest.mark.parametrize(
    ("file", "may", "refused"),
    [
        ("tests/conftest.py", True, False),
        ("tests/conftest.py", False, True),
        # Production code is no part of pytest, whoever may change it.
        ("src/calc.py", True, True),
    ],
)
def test_hooks_are_of_those_who_may_change_what_steers_tests(
    file: str, may: bool, refused: bool
) -> None:
    before, after = Told({}, {}, runs=1), Told({}, {}, (HOOK.format(file),), runs=1)
    for one, other in ((before, after), (after, before)):
        found = [str(each) for each in objections(one, other, lambda path: may and path == file)]
        assert found == [f"pytest is set up otherwise: {HOOK.format(file)}"][: int(refused)]
