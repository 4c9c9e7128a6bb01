"""What plans share moves to their series: the worktree, the header's lines, a common trailer."""

from __future__ import annotations

from typing import TypeVar

from runbook.core.model.imported import Imported
from runbook.core.model.model import Commit, Phase, Series, Settings, Step
from runbook.core.value import replace
from runbook.markdown.importing.commands.gitcommands import CO_AUTHOR

T = TypeVar("T")


def co_authors_shared(phase: Phase) -> tuple[str, ...] | None:
    """The co-authors that every commit of a phase names; `None` where it has no commit."""
    commits = [step for task in phase.tasks for step in task.steps if isinstance(step, Commit)]
    if not commits:
        return None
    first = _people(commits[0])
    return tuple(p for p in first if all(p in _people(commit) for commit in commits))


def _people(commit: Commit) -> tuple[str, ...]:
    found = (CO_AUTHOR.fullmatch(trailer) for trailer in commit.trailers)
    return tuple(dict.fromkeys(match[1] for match in found if match))


def with_co_authors(phase: Phase, people: tuple[str, ...]) -> Phase:
    """The phase with these co-authors as its own key, and off the commits."""

    def settled(step: Step) -> Step:
        if not isinstance(step, Commit):
            return step
        kept = tuple(
            trailer
            for trailer in step.trailers
            if not ((found := CO_AUTHOR.fullmatch(trailer)) and found[1] in people)
        )
        return replace(step, trailers=kept)

    tasks = tuple(replace(task, steps=tuple(map(settled, task.steps))) for task in phase.tasks)
    return replace(phase, tasks=tasks, settings=replace(phase.settings, co_authored_by=people))


def share(plans: tuple[Imported, ...], series: Series | None) -> tuple[Series, tuple[Phase, ...]]:
    """The series of these plans, and their phases with what it says left to it.

    With `series`, the one there is, it stays as it is, and each phase states what differs. A
    single plan makes no series: its phase states all.
    """
    phases = tuple(_own_co_authors(plan.phase) for plan in plans)
    if series is None:
        series = _series(plans, phases) if len(plans) > 1 else Series()
    return series, tuple(
        _without(phase, series, titled=plan.titled)
        for plan, phase in zip(plans, phases, strict=True)
    )


def _own_co_authors(phase: Phase) -> Phase:
    if phase.settings.co_authored_by is not None:
        return phase  # a plan that runbook wrote says whose commits they are
    people = co_authors_shared(phase)
    return with_co_authors(phase, people) if people else phase


def _series(plans: tuple[Imported, ...], phases: tuple[Phase, ...]) -> Series:
    committing = [phase for phase in phases if makes_commits(phase)]
    authors = _same([phase.settings.co_authored_by for phase in committing])
    return Series(
        title=_same([plan.series_title or None for plan in plans]),
        of=_same([phase.of for phase in phases]),
        verified=_same([phase.verified for phase in phases]),
        tech_stack=_same([phase.tech_stack for phase in phases]),
        settings=Settings(
            worktree=_same([phase.settings.worktree for phase in phases]), co_authored_by=authors
        ),
    )


def makes_commits(phase: Phase) -> bool:
    """Whether a phase makes commits, so that the series' co-authors would be theirs."""
    return any(isinstance(step, Commit) for task in phase.tasks for step in task.steps)


def _same(values: list[T | None]) -> T | None:
    """The value that all have, if there is one."""
    first = values[0] if values else None
    return first if all(each == first for each in values) else None


def _without(phase: Phase, series: Series, *, titled: bool) -> Phase:
    settings = phase.settings
    inherited = series.settings.co_authored_by
    if inherited and settings.co_authored_by is None and makes_commits(phase):
        # Its commits name no one, and are not to name the series' people.
        settings = replace(settings, co_authored_by=())
    if not titled and phase.number is not None and phase.title == series.title:
        phase = replace(phase, title=None)
    return replace(phase, settings=settings)
