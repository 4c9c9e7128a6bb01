"""The database that the tests share."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

import pytest

from workspaces.engine import close_db, create_schema


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
