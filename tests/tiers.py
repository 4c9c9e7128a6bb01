"""The slow tests, which `tests/run --quick` leaves out."""

from __future__ import annotations

SLOW = (
    "end_to_end/",
    "launcher/",
    "sweep/",
    "mutation/",
    "test_benchmarks.py::",
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

LONG = ("end_to_end/test_series_for_real.py::", "sweep/", "mutation/", "launcher/", "engine/")
"""Beginnings of those that take longest, the longest first; most of them wait for something."""


def is_slow(name: str) -> bool:
    """Whether the test of that name is left out."""
    return name.removeprefix("tests/").startswith(SLOW)


def place(name: str) -> int:
    """When the test of that name is begun: what is long is not to come last, and alone."""
    here = name.removeprefix("tests/")
    return next((n for n, long in enumerate(LONG) if here.startswith(long)), len(LONG))
