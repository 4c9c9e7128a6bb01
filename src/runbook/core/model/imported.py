"""What an import made of a plan, and what it could not make."""

from __future__ import annotations

from runbook.core.model.model import Phase
from runbook.core.value import value

NOT_PLACED = "it is not said exactly where its block goes"
"""The reason that a look at the repository may settle."""


@value
class Remark:
    """Something to look at, with its line in the plan."""

    line: int
    text: str


@value
class TaskResult:
    """What came of one task (or of the plan's verification)."""

    number: str
    title: str
    line: int
    exact: int = 0  # edits by exact text that apply, and whole files
    anchored: int = 0  # edits at an anchor, or by another indentation, that apply
    manual: tuple[Remark, ...] = ()  # what is left to a person, and why
    commands: int = 0
    commits: int = 0  # those that are left to a person, because they depend on a condition, too
    expectations: int = 0
    unchecked: tuple[Remark, ...] = ()  # expectations checked by the exit status only
    warnings: tuple[Remark, ...] = ()
    files: tuple[str, ...] = ()  # the paths its Files block names
    steps: tuple[str, ...] = ()  # the titles of the plan's steps
    by_form: int = 0  # edits of files that are not known (any more): taken by their form alone
    confirm: tuple[Remark, ...] = ()  # what a person is to look at and say yes to


@value
class Imported:
    """A plan as a phase, the series it names, and the account of its import.

    The phase is `titled` where its title is its own, and stands for no series.
    """

    phase: Phase
    tasks: tuple[TaskResult, ...]
    series_title: str = ""
    warnings: tuple[Remark, ...] = ()
    titled: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing is left to a person, and nothing is unchecked."""
        return not any(task.manual or task.unchecked for task in self.tasks)


class NoPlan(Exception):
    """A Markdown file has no task in it."""
