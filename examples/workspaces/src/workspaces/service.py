"""What one can do with workspaces and their documents; each function is one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from workspaces.engine import get_session
from workspaces.errors import ArchivedError, NotFoundError
from workspaces.models import Course, Document, Workspace


async def create_workspace(title: str, course_id: UUID | None = None) -> Workspace:
    """Store a new workspace, in a course if one is given; raises NotFoundError without it."""
    async with get_session() as session:
        if course_id is not None and await session.get(Course, course_id) is None:
            raise NotFoundError("course", course_id)
        workspace = Workspace(title=title, course_id=course_id)
        session.add(workspace)
        await session.flush()
        # created_at is the database's word, so it has to be read back.
        await session.refresh(workspace)
    return workspace


async def get_workspace(workspace_id: UUID) -> Workspace:
    """Return the workspace; raises NotFoundError if there is none with this id."""
    async with get_session() as session:
        return await _existing(session, workspace_id)


async def list_workspaces(
    course_id: UUID | None, *, include_archived: bool = False
) -> Sequence[Workspace]:
    """Return the workspaces of a course, or those of none, by title; archived ones on request."""
    query = select(Workspace).where(Workspace.course_id.is_not_distinct_from(course_id))
    if not include_archived:
        query = query.where(Workspace.archived_at.is_(None))
    async with get_session() as session:
        return (await session.scalars(query.order_by(Workspace.title, Workspace.id))).all()


async def rename_workspace(workspace_id: UUID, title: str) -> Workspace:
    """Give the workspace another title; raises ArchivedError if it is archived."""
    async with get_session() as session:
        workspace = await _changeable(session, workspace_id)
        workspace.title = title
    return workspace


async def archive_workspace(workspace_id: UUID) -> Workspace:
    """Close the workspace for changes; archiving it again keeps the time of the first."""
    async with get_session() as session:
        workspace = await _existing(session, workspace_id, lock=True)
        if workspace.archived_at is None:
            workspace.archived_at = await session.scalar(select(func.now()))
    return workspace


async def delete_workspace(workspace_id: UUID) -> None:
    """Delete the workspace with all its documents, archived or not."""
    async with get_session() as session:
        await session.delete(await _existing(session, workspace_id))


async def add_document(workspace_id: UUID, title: str, content: str) -> Document:
    """Put a document at the end of the workspace; raises ArchivedError if it is archived."""
    async with get_session() as session:
        # The row lock makes writers queue, so no two of them see the same last position.
        await _changeable(session, workspace_id)
        last = await session.scalar(
            select(func.max(Document.position)).where(Document.workspace_id == workspace_id)
        )
        document = Document(
            workspace_id=workspace_id, position=(last or 0) + 1, title=title, content=content
        )
        session.add(document)
    return document


async def list_documents(workspace_id: UUID) -> Sequence[Document]:
    """Return the documents of the workspace in their order; raises NotFoundError without one."""
    query = select(Document).where(Document.workspace_id == workspace_id)
    async with get_session() as session:
        await _existing(session, workspace_id)
        return (await session.scalars(query.order_by(Document.position))).all()


async def _existing(session: AsyncSession, workspace_id: UUID, *, lock: bool = False) -> Workspace:
    workspace = await session.get(Workspace, workspace_id, with_for_update=lock)
    if workspace is None:
        raise NotFoundError("workspace", workspace_id)
    return workspace


async def _changeable(session: AsyncSession, workspace_id: UUID) -> Workspace:
    workspace = await _existing(session, workspace_id, lock=True)
    if workspace.archived_at is not None:
        raise ArchivedError(workspace_id)
    return workspace
