"""Workspaces are created, found, listed, renamed, archived and deleted by the service."""

from __future__ import annotations

import os
from uuid import uuid4

import pytest

from workspaces import service
from workspaces.courses import create_course, delete_course, get_course
from workspaces.errors import ArchivedError, DuplicateCourseError, NotFoundError

# What the tests store is named at random: all workers share one database.

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


class TestCreate:
    """A new workspace is stored with what was given."""

    async def test_keeps_its_title(self) -> None:
        title = unique("Essay")
        workspace = await service.create_workspace(title)
        assert (await service.get_workspace(workspace.id)).title == title

    async def test_belongs_to_no_course_unless_told(self) -> None:
        workspace = await service.create_workspace(unique("Essay"))
        assert workspace.course_id is None

    async def test_belongs_to_the_course_it_was_made_for(self) -> None:
        course = await create_course(unique("LAWS"), "Torts")
        workspace = await service.create_workspace("Essay", course.id)
        assert (await service.get_workspace(workspace.id)).course_id == course.id

    async def test_needs_a_course_that_exists(self) -> None:
        missing = uuid4()
        with pytest.raises(NotFoundError, match=f"course {missing} does not exist"):
            await service.create_workspace("Essay", missing)


class TestGet:
    """A workspace is found by its id only."""

    async def test_an_unknown_id_is_not_found(self) -> None:
        with pytest.raises(NotFoundError, match="workspace .* does not exist"):
            await service.get_workspace(uuid4())


class TestList:
    """The workspaces of a course are listed by title."""

    async def test_in_the_order_of_titles(self) -> None:
        course = await create_course(unique("LAWS"), "Torts")
        for title in ("Moot", "Essay", "Notes"):
            await service.create_workspace(title, course.id)
        listed = await service.list_workspaces(course.id)
        assert [workspace.title for workspace in listed] == ["Essay", "Moot", "Notes"]

    async def test_without_those_of_another_course(self) -> None:
        mine = await create_course(unique("LAWS"), "Torts")
        other = await create_course(unique("LAWS"), "Equity")
        await service.create_workspace("Essay", other.id)
        assert await service.list_workspaces(mine.id) == []

    async def test_archived_ones_only_on_request(self) -> None:
        course = await create_course(unique("LAWS"), "Torts")
        workspace = await service.create_workspace("Essay", course.id)
        await service.archive_workspace(workspace.id)
        assert await service.list_workspaces(course.id) == []
        everything = await service.list_workspaces(course.id, include_archived=True)
        assert [found.id for found in everything] == [workspace.id]


class TestRename:
    """A title can be changed as long as the workspace is open."""

    async def test_changes_the_title(self) -> None:
        workspace = await service.create_workspace("Draft")
        title = unique("Final")
        await service.rename_workspace(workspace.id, title)
        assert (await service.get_workspace(workspace.id)).title == title

    async def test_refused_once_archived(self) -> None:
        workspace = await service.create_workspace("Draft")
        await service.archive_workspace(workspace.id)
        with pytest.raises(ArchivedError):
            await service.rename_workspace(workspace.id, "Final")
        assert (await service.get_workspace(workspace.id)).title == "Draft"


class TestArchive:
    """Archiving notes the time, once."""

    async def test_again_keeps_the_first_time(self) -> None:
        workspace = await service.create_workspace("Essay")
        first = await service.archive_workspace(workspace.id)
        second = await service.archive_workspace(workspace.id)
        assert first.archived_at is not None
        assert second.archived_at == first.archived_at


class TestDelete:
    """What is deleted is not found any more."""

    async def test_removes_the_workspace(self) -> None:
        workspace = await service.create_workspace("Essay")
        await service.delete_workspace(workspace.id)
        with pytest.raises(NotFoundError):
            await service.get_workspace(workspace.id)


class TestCourses:
    """A course is known by its code."""

    async def test_a_code_is_taken_once(self) -> None:
        code = unique("LAWS")
        course = await create_course(code, "Torts")
        with pytest.raises(DuplicateCourseError, match=code):
            await create_course(code, "Equity")
        assert (await get_course(code)).id == course.id

    async def test_a_deleted_one_is_not_found(self) -> None:
        code = unique("LAWS")
        course = await create_course(code, "Torts")
        await delete_course(course.id)
        with pytest.raises(NotFoundError, match=code):
            await get_course(code)
