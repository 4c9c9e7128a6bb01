"""Courses: what teachers offer, and what workspaces may belong to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from workspaces.engine import get_session
from workspaces.errors import DuplicateCourseError, NotFoundError
from workspaces.models import Course


async def create_course(code: str, title: str) -> Course:
    """Store a new course; raises DuplicateCourseError if the code is taken."""
    course = Course(code=code, title=title)
    try:
        async with get_session() as session:
            session.add(course)
    except IntegrityError as error:
        # The code is the only constraint that a new course can hurt. Asking first would not do:
        # somebody else may take the code between the question and the insert.
        raise DuplicateCourseError(code) from error
    return course


async def get_course(code: str) -> Course:
    """Return the course with this code; raises NotFoundError if there is none."""
    async with get_session() as session:
        course = await session.scalar(select(Course).where(Course.code == code))
    if course is None:
        raise NotFoundError("course", code)
    return course


async def delete_course(course_id: UUID) -> None:
    """Delete a course; its workspaces stay and belong to none."""
    async with get_session() as session:
        course = await session.get(Course, course_id)
        if course is None:
            raise NotFoundError("course", course_id)
        await session.delete(course)
