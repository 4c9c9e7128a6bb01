"""One engine per process: made on first use, shared by all sessions, disposed of on request."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from workspaces.errors import NotConfiguredError
from workspaces.models import Base

# Any number will do, as long as nobody else who uses the database takes the same one.
SCHEMA_LOCK = 0x776F726B


@dataclass(slots=True)
class _State:
    """The engine and its session factory exist together or not at all."""

    engine: AsyncEngine | None = None
    sessions: async_sessionmaker[AsyncSession] | None = None


# The pool's connections belong to the event loop that opened them, so this state must not outlive
# the loop. A server has one loop for life; a test suite with a loop per test has to call
# close_db() after each test.
_state = _State()


def init_db(url: str | None = None) -> AsyncEngine:
    """Return the engine of this process, made for `url` or DATABASE_URL if there is none yet.

    Nothing is connected here: connections are opened when sessions need them. Raises
    NotConfiguredError when an engine has to be made and no URL is known.
    """
    if _state.engine is None:
        url = url or os.environ.get("DATABASE_URL")
        if not url:
            raise NotConfiguredError("pass a database URL or set DATABASE_URL")
        # A connection that the server has closed in the meantime is noticed before it is used.
        _state.engine = create_async_engine(url, pool_pre_ping=True)
        _state.sessions = async_sessionmaker(_state.engine, expire_on_commit=False)
    return _state.engine


async def close_db() -> None:
    """Close all connections and forget the engine; the next session makes a new one."""
    engine, _state.engine, _state.sessions = _state.engine, None, None
    if engine is not None:
        await engine.dispose()


async def create_schema() -> None:
    """Create the tables that are missing; any number of processes may do so at the same time."""
    async with init_db().begin() as connection:
        # CREATE TABLE IF NOT EXISTS alone is not enough: two processes that both see no table
        # collide in PostgreSQL's catalogue. The lock goes with the transaction.
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SCHEMA_LOCK})
        await connection.run_sync(Base.metadata.create_all)


@asynccontextmanager
async def get_session() -> AsyncIterator[AsyncSession]:
    """Yield a session in a transaction: committed at the end, rolled back if an error leaves it."""
    init_db()
    assert _state.sessions is not None
    async with _state.sessions.begin() as session:
        yield session
