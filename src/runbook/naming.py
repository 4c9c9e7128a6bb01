"""Phases and tasks by the names that a person gives them on the command line."""

from __future__ import annotations

from runbook.core.diagnostics import suggestion
from runbook.core.model import Phase, Task
from runbook.core.value import value
from runbook.opening import Opened, UsageError
from runbook.world.journal import read_progress


@value
class Named:
    """What a name means: a phase, or a task of it by its identifier."""

    phase: Phase
    task: str | None = None


def named(opened: Opened, name: str, within: tuple[Phase, ...] = ()) -> Named:
    """What a name means: `phase-3`, `3`, `phase-3/task-1`, or `task-1` where only one is meant.

    Only one is meant where one phase has such a task: of those `within`, if they are given, else of
    all, or of those under way.

    Raises:
        UsageError: nothing has that name, or several tasks have.

    """
    phase_name, slash, task_name = name.partition("/")
    if slash:
        (phase,) = opened.choose([phase_name])
        return Named(phase, _task(phase, task_name))
    if opened.loaded.phase(_stem(name)) is not None:
        (phase,) = opened.choose([name])
        return Named(phase)
    phases = within or opened.loaded.phases
    having = [each for each in phases if f"{each.id}/{name}" in _tasks(each)]
    if len(having) > 1:
        under_way = [
            each for each in having if read_progress(opened.journal(each)).under_way(each.id)
        ]
        having = under_way if len(under_way) == 1 else having
    if len(having) > 1:
        places = ", ".join(f"{each.id}/{name}" for each in having)
        raise UsageError(f"several tasks are called `{name}`: say which one ({places})")
    if not having:
        known = [each.id for each in opened.loaded.phases]
        known += [task for each in opened.loaded.phases for task in _tasks(each)]
        hint = suggestion(name, known)
        there = ", ".join(each.id for each in opened.loaded.phases) or "none"
        raise UsageError(
            f"there is no phase or task `{name}`{f'; {hint}' if hint else ''} "
            f"(the phases are: {there})"
        )
    return Named(having[0], f"{having[0].id}/{name}")


def named_task(opened: Opened, name: str, within: tuple[Phase, ...] = ()) -> tuple[Phase, str]:
    """The task that a name means, with its phase.

    Raises:
        UsageError: it means none, or a phase.

    """
    found = named(opened, name, within)
    if found.task is None:
        known = ", ".join(_tasks(found.phase)) or "none"
        raise UsageError(f"`{name}` is a phase; name a task of it (there are: {known})")
    return found.phase, found.task


def named_steps(opened: Opened, name: str) -> tuple[Phase, Task]:
    """What `show` is asked for: a task, also as 3/1, or the verification of a phase.

    Raises:
        UsageError: there is none of that name.

    """
    before, _, last = name.partition("/")
    if last == "verification":
        (phase,) = opened.choose([before])
        if not phase.verification:
            raise UsageError(f"{phase.id} has no verification")
        where = phase.verification_id
        return phase, Task(where, "verification", phase.verification, at=phase.at)
    task_name, slash, rest = last.partition("/")
    if task_name.isdigit():
        name = f"{before}/task-{task_name}{slash}{rest}"
    phase, found = named_task(opened, name)
    return phase, next(task for task in phase.tasks if task.id == found)


def phase_at_work(opened: Opened, name: str | None) -> Phase:
    """The phase that a verb is about: the one named, or the one that is under way.

    Raises:
        UsageError: there is no such phase, or a task was named.

    """
    if name is not None:
        return named(opened, name).phase
    phases = opened.loaded.phases
    under_way = [each for each in phases if read_progress(opened.journal(each)).under_way(each.id)]
    if len(phases) == 1 or len(under_way) == 1:
        return (under_way or list(phases))[0]
    which = "several phases are under way" if under_way else "no phase is under way"
    raise UsageError(f"{which}: name one (there are: {', '.join(each.id for each in phases)})")


def _stem(name: str) -> str:
    return name.removesuffix(".yaml").rpartition("/")[2] if name.endswith(".yaml") else name


def _tasks(phase: Phase) -> list[str]:
    return [task.id for task in phase.tasks]


def _task(phase: Phase, name: str) -> str:
    # A step's name is taken for its task's: it is what stops are shown with.
    task = f"{phase.id}/{name.partition('/')[0]}"
    if task not in _tasks(phase):
        hint = suggestion(task, _tasks(phase))
        raise UsageError(
            f"there is no task `{task}`{f'; {hint}' if hint else ''} "
            f"(there are: {', '.join(_tasks(phase)) or 'none'})"
        )
    return task
