"""What was stored in a workspace is still there, unchanged, when everything is read anew."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from workspaces import courses, engine, service
from workspaces.errors import ArchivedError, NotFoundError
from workspaces.models import Document

pytestmark = [
    pytest.mark.skipif(
        not os.environ.get("TEST_DATABASE_URL"),
        reason="TEST_DATABASE_URL not set - skipping database integration tests",
    ),
    pytest.mark.xdist_group("db_integration"),
]


async def test_a_workspace_outlives_the_engine() -> None:
    workspace = await service.create_workspace("Essay")
    await engine.close_db()
    found = await service.get_workspace(workspace.id)
    assert (found.title, found.created_at) == (workspace.title, workspace.created_at)


async def test_the_time_of_creation_is_the_servers_and_has_a_zone() -> None:
    workspace = await service.create_workspace("Essay")
    assert workspace.created_at.tzinfo is not None
    assert abs(datetime.now(UTC) - workspace.created_at) < timedelta(hours=1)


async def test_documents_keep_every_character() -> None:
    content = "<p>Größe &amp; “quotes” 法律 🏛️</p>\r\n\ttab, trailing space \n"
    workspace = await service.create_workspace("Essay")
    await service.add_document(workspace.id, "Sources", content)
    await engine.close_db()
    [document] = await service.list_documents(workspace.id)
    assert document.content == content


async def test_documents_keep_the_order_in_which_they_came() -> None:
    workspace = await service.create_workspace("Essay")
    for title in ("Third reading", "Act", "Brief"):
        await service.add_document(workspace.id, title, "")
    await engine.close_db()
    documents = await service.list_documents(workspace.id)
    assert [(document.position, document.title) for document in documents] == [
        (1, "Third reading"),
        (2, "Act"),
        (3, "Brief"),
    ]


async def test_documents_added_at_the_same_time_get_places_of_their_own() -> None:
    workspace = await service.create_workspace("Essay")
    await asyncio.gather(*(service.add_document(workspace.id, f"Source {n}", "") for n in range(5)))
    documents = await service.list_documents(workspace.id)
    assert [document.position for document in documents] == [1, 2, 3, 4, 5]


async def test_an_archived_workspace_takes_no_document_and_keeps_those_it_has() -> None:
    workspace = await service.create_workspace("Essay")
    await service.add_document(workspace.id, "Sources", "")
    await service.archive_workspace(workspace.id)
    with pytest.raises(ArchivedError):
        await service.add_document(workspace.id, "Too late", "")
    assert [found.title for found in await service.list_documents(workspace.id)] == ["Sources"]


async def test_documents_go_with_their_workspace() -> None:
    workspace = await service.create_workspace("Essay")
    document = await service.add_document(workspace.id, "Sources", "")
    await service.delete_workspace(workspace.id)
    async with engine.get_session() as session:
        assert await session.get(Document, document.id) is None
    with pytest.raises(NotFoundError):
        await service.list_documents(workspace.id)


async def test_a_workspace_outlives_its_course() -> None:
    course = await courses.create_course(f"LAWS-{uuid4().hex[:12]}", "Torts")
    workspace = await service.create_workspace("Essay", course.id)
    await courses.delete_course(course.id)
    await engine.close_db()
    assert (await service.get_workspace(workspace.id)).course_id is None
