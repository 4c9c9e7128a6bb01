"""What all tests share: the scenario builder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

# Before it is imported: its assertions are to show differences like those of a test.
pytest.register_assert_rewrite("scenario", "lines")

from scenario import Scenario  # noqa: E402


@pytest.fixture
def scenario(tmp_path: Path) -> Iterator[Scenario]:
    """A fresh repository without a phase; what it started is gone when the test ends."""
    with Scenario(tmp_path) as built:
        yield built
