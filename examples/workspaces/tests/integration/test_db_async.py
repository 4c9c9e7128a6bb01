"""Rows go into the tables and come back, with no service in between."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from workspaces.engine import close_db, get_session, init_db
from workspaces.models import Course, Document, Workspace

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("TEST_DATABASE_URL"),
        reason="TEST_DATABASE_URL not set - skipping database integration tests",
    ),
    pytest.mark.xdist_group("db_integration"),
]


def unique(name: str) -> str:
    """Return the name with something behind it that no other test has."""
    return f"{name}-{uuid4().hex[:12]}"


@pytest.fixture
async def db_engine(database: None) -> AsyncIterator[None]:
    """Make the engine that the service shares, and close it after the test."""
    init_db()
    yield
    await close_db()


@pytest.mark.usefixtures("db_engine")
async def test_a_row_comes_back() -> None:
    code = unique("LAWS")
    async with get_session() as session:
        session.add(Course(code=code, title="Torts"))
    async with get_session() as session:
        course = await session.scalar(select(Course).where(Course.code == code))
    assert course is not None
    assert course.title == "Torts"


@pytest.mark.usefixtures("db_engine")
async def test_the_time_of_creation_comes_from_the_database() -> None:
    async with get_session() as session:
        workspace = Workspace(title="Essay")
        session.add(workspace)
        await session.flush()
        await session.refresh(workspace)
    assert workspace.created_at.tzinfo is not None


@pytest.mark.usefixtures("db_engine")
async def test_a_code_is_taken_once() -> None:
    code = unique("LAWS")
    async with get_session() as session:
        session.add(Course(code=code, title="Torts"))
    with pytest.raises(IntegrityError):
        async with get_session() as session:
            session.add(Course(code=code, title="Equity"))
            await session.flush()


@pytest.mark.usefixtures("db_engine")
async def test_documents_come_in_their_order() -> None:
    async with get_session() as session:
        workspace = Workspace(title="Essay")
        session.add(workspace)
        await session.flush()
        for position in (2, 1):
            session.add(
                Document(workspace_id=workspace.id, position=position, title="Act", content="")
            )
    async with get_session() as session:
        query = select(Document.position).where(Document.workspace_id == workspace.id)
        positions = (await session.scalars(query.order_by(Document.position))).all()
    assert positions == [1, 2]


@pytest.mark.pooled
@pytest.mark.usefixtures("db_engine")
async def test_the_pool_keeps_five_connections() -> None:
    # Not every pool has a size, which is why the type says nothing of it.
    assert init_db().pool.size() == 5  # type: ignore[attr-defined]
