"""Courses are made, found and deleted by the service, and workspaces belong to them."""

from __future__ import annotations

import asyncio
import os
from uuid import uuid4

import pytest

from workspaces import service
from workspaces.courses import create_course, delete_course, get_course
from workspaces.errors import DuplicateCourseError, NotFoundError

# All workers share one database: codes are made up at random, so that none is taken by
# another test, and workspaces are looked up by their ids.


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
    """A new course is stored with what was given."""

    async def test_keeps_its_title(self) -> None:
        code = unique("LAWS")
        await create_course(code, "Torts")
        assert (await get_course(code)).title == "Torts"

    async def test_keeps_every_character(self) -> None:
        code = unique("法律")
        course = await create_course(code, "Größe & “quotes” 🏛️")
        found = await get_course(code)
        assert (found.id, found.title) == (course.id, "Größe & “quotes” 🏛️")

    async def test_refuses_a_code_that_is_taken(self) -> None:
        code = unique("LAWS")
        await create_course(code, "Torts")
        with pytest.raises(DuplicateCourseError, match=code):
            await create_course(code, "Equity")
        assert (await get_course(code)).title == "Torts"

    async def test_gives_a_code_to_one_of_two_at_the_same_time(self) -> None:
        code = unique("LAWS")
        made = await asyncio.gather(
            create_course(code, "Torts"), create_course(code, "Equity"), return_exceptions=True
        )
        assert sum(isinstance(each, DuplicateCourseError) for each in made) == 1

    async def test_takes_the_code_of_a_deleted_one(self) -> None:
        code = unique("LAWS")
        await delete_course((await create_course(code, "Torts")).id)
        await create_course(code, "Equity")
        assert (await get_course(code)).title == "Equity"


class TestGet:
    """A course is found by its code only."""

    async def test_an_unknown_code_is_not_found(self) -> None:
        with pytest.raises(NotFoundError, match="course .* does not exist"):
            await get_course(unique("LAWS"))

    async def test_letters_have_to_be_the_same(self) -> None:
        code = unique("LAWS")
        await create_course(code, "Torts")
        with pytest.raises(NotFoundError):
            await get_course(code.lower())


class TestDelete:
    """A deleted course leaves its workspaces behind."""

    async def test_removes_the_course(self) -> None:
        code = unique("LAWS")
        await delete_course((await create_course(code, "Torts")).id)
        with pytest.raises(NotFoundError, match=code):
            await get_course(code)

    async def test_needs_a_course_that_exists(self) -> None:
        missing = uuid4()
        with pytest.raises(NotFoundError, match=f"course {missing} does not exist"):
            await delete_course(missing)

    async def test_leaves_its_workspaces_in_no_course(self) -> None:
        course = await create_course(unique("LAWS"), "Torts")
        workspaces = [await service.create_workspace(title, course.id) for title in ("A", "B")]
        await delete_course(course.id)
        for workspace in workspaces:
            assert (await service.get_workspace(workspace.id)).course_id is None
