"""A database with the schema in it, and an engine for each test alone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from workspaces.engine import close_db, create_schema

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files of this folder take turns in an xdist worker, so that each is spread.

    xdist deals the first tests one by one to the workers in this order, and the others to
    whichever is free. A file at the end of the order could therefore all go to one worker that is
    ahead; taking turns, the first two tests of each worker already put each file on two of them.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    places = [place for place, item in enumerate(items) if HERE in item.path.parents]
    files: dict[Path, list[pytest.Item]] = {}
    for place in places:
        files.setdefault(items[place].path, []).append(items[place])
    turns = [item for turn in zip_longest(*files.values()) for item in turn if item is not None]
    for place, item in zip(places, turns, strict=True):
        items[place] = item


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """Point the service at TEST_DATABASE_URL and see that its tables exist.

    Each xdist worker does so for itself; create_schema() makes them take turns.
    """

    async def prepare() -> None:
        await create_schema()
        # This engine belongs to the loop of this function, which no test runs in.
        await close_db()

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", os.environ["TEST_DATABASE_URL"])
        asyncio.run(prepare())
        yield


@pytest.fixture(autouse=True)
async def reset_db_engine_per_test(database: None) -> AsyncIterator[None]:
    """Dispose of the engine after each test, in the event loop of that test.

    The engine is module-level state and its connections are bound to one loop, but every test
    has a loop of its own: without this, the second test of a worker gets a connection of the
    first one's closed loop.
    """
    yield
    await close_db()
