"""The slow tests, which `tests/run --quick` leaves out."""

from __future__ import annotations

SLOW = (
    "end_to_end/",
    "launcher/",
    "sweep/",
    "mutation/",
    "engine/test_one_judgement.py::",
    "engine/test_stopped_anywhere.py::",
    "engine/test_verbs_stopped_anywhere.py::",
    "docs/test_contributing.py::test_the_examples_do_what_they_say",
    # The slowest of the property tests.
    "markdown/test_own_plans.py::test_any_phase_is_read_back_as_it_was",
    "markdown/test_own_plans.py::test_any_step_is_read_back_as_it_was",
    "phasefile/test_layout.py::test_any_phase_keeps_what_it_says_and_every_comment",
    "phasefile/test_writer.py::test_any_series_is_read_back_as_it_was",
    "phasefile/test_writer.py::test_any_step_is_read_back_as_it_was",
)
"""Beginnings of the tests' names, as pytest gives them, below the folder of tests."""


def is_slow(name: str) -> bool:
    """Whether the test of that name is left out."""
    return name.removeprefix("tests/").startswith(SLOW)


def is_longest(name: str) -> bool:
    """Whether the test of that name takes minutes."""
    return name.removeprefix("tests/").startswith("end_to_end/test_series_for_real.py::")
