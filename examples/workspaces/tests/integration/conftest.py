"""An order in which tests are spread, and an engine for each test alone."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from workspaces.engine import close_db

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files of this folder take turns in an xdist worker, two tests at a time.

    xdist deals the first tests one by one to the workers in this order, and the others to
    whichever is free. Two tests that follow each other are dealt to two workers, so each of the
    first files is on two of them from the start. A file at the end of the order could otherwise
    all go to one worker that is ahead.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    places = [place for place, item in enumerate(items) if HERE in item.path.parents]
    files: dict[Path, list[pytest.Item]] = {}
    for place in places:
        files.setdefault(items[place].path, []).append(items[place])
    longest = max(map(len, files.values()), default=0)
    turns = [
        item
        for first in range(0, longest, 2)
        for tests in files.values()
        for item in tests[first : first + 2]
    ]
    for place, item in zip(places, turns, strict=True):
        items[place] = item


@pytest.fixture(autouse=True)
async def reset_db_engine_per_test(database: None) -> AsyncIterator[None]:
    """Dispose of the engine after each test, in the event loop of that test.

    The engine is module-level state and its connections are bound to one loop, but every test
    has a loop of its own: without this, the second test of a worker gets a connection of the
    first one's closed loop.
    """
    yield
    await close_db()
