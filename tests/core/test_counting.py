"""Numbers of things, and lists of them, in words."""

import pytest

from runbook.core.text.counting import enumerated


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ("", ""),
        ("task-1", "task-1"),
        ("task-1 task-2", "task-1, task-2"),
        ("task-1 task-2 task-3", "task-1 to task-3"),
        ("task-8 task-9 task-10 task-12", "task-8 to task-10, task-12"),
        ("task-1 tidy task-2 task-3", "task-1, tidy, task-2, task-3"),
        ("task-3 task-2 task-1", "task-3, task-2, task-1"),
        ("tidy tidy", "tidy, tidy"),
    ],
)
def test_names_that_count_on_are_the_first_and_the_last_of_them(names: str, shown: str) -> None:
    assert enumerated(names.split()) == shown
