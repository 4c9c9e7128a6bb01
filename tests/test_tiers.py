"""The quick tier leaves out what it says, and nothing that is not there."""

from pathlib import Path

import pytest
from tiers import LONG, SLOW, is_slow, place

TESTS = Path(__file__).parent


@pytest.mark.parametrize("beginning", dict.fromkeys((*SLOW, *LONG)))
def test_what_it_leaves_out_is_there(beginning: str) -> None:
    path, _, test = beginning.partition("::")
    assert (TESTS / path).exists()
    assert not test or f"\ndef {test}(" in (TESTS / path).read_text(encoding="utf-8")


def test_it_leaves_out_the_slow_ones_only(request: pytest.FixtureRequest) -> None:
    assert not is_slow(request.node.nodeid)
    for item in request.session.items:
        assert (item.get_closest_marker("slow") is not None) == is_slow(item.nodeid)


def test_the_longest_are_begun_first(request: pytest.FixtureRequest) -> None:
    places = [place(item.nodeid) for item in request.session.items]
    assert places == sorted(places)
    assert place("tests/sweep/test_sweep.py::test_x") < place("tests/core/test_edits.py::test_x")
