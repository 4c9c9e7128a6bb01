"""The errors which the service functions raise for their callers to handle."""

from __future__ import annotations


class WorkspacesError(Exception):
    """Every error of this package that a caller may want to handle is one of these."""


class NotConfiguredError(WorkspacesError):
    """No database is known: neither an argument nor DATABASE_URL named one."""


class NotFoundError(WorkspacesError):
    """The thing that was asked for, named in the message by kind and id, does not exist."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"{kind} {key} does not exist")


class DuplicateCourseError(WorkspacesError):
    """Another course has the code already."""

    def __init__(self, code: str) -> None:
        super().__init__(f"a course with the code {code!r} exists already")


class ArchivedError(WorkspacesError):
    """The workspace is archived, and an archived workspace takes no changes."""

    def __init__(self, key: object) -> None:
        super().__init__(f"workspace {key} is archived")
