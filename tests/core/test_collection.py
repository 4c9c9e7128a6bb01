"""Garbage is not looked for while many values are made, and is again afterwards."""

from __future__ import annotations

import gc

import pytest

from runbook.core.collection import collection_paused


def test_collection_goes_on_as_it_was() -> None:
    assert gc.isenabled()
    with collection_paused():
        assert not gc.isenabled()
        with collection_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_collection_goes_on_after_a_failure() -> None:
    with pytest.raises(ValueError, match="no plan"), collection_paused():
        raise ValueError("no plan")
    assert gc.isenabled()
