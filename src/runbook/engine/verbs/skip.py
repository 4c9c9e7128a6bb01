"""Skip: a task is left out for a reason, and those that may miss it are told."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.model import Phase, Task
from runbook.core.record.events import Event
from runbook.core.record.verbevents import TaskSkipped
from runbook.engine.ground.context import Context
from runbook.engine.ground.targets import step_paths
from runbook.engine.outlook.refusal import Refusal, refusing
from runbook.engine.resume.restore import restore, unfinished_task
from runbook.engine.running.takeup import refuse_moved, take_up
from runbook.world.git.contents import user


def skip(
    context: Context, phase: Phase, *, task: str, reason: str, phases: tuple[Phase, ...]
) -> Iterator[Event]:
    """Leave a task out; what it did since its last commit is put back.

    `phases` are those of the series, in which its dependents are looked for. The last event is
    `TaskSkipped` or `VerbRefused`.
    """
    yield from refusing(context, "skip", task, _skip(context, phase, task, reason, phases))


def _skip(
    context: Context, phase: Phase, name: str, reason: str, phases: tuple[Phase, ...]
) -> Iterator[Event]:
    begun = context.journal.progress.restoring
    yield from take_up(context, phase)
    if begun is not None and begun.skipped is not None and begun.task == name:
        # It was to be left out already, and is now.
        return
    progress = context.journal.progress
    task = next(each for each in phase.tasks if each.id == name)
    state = progress.tasks.get(task.id)
    if progress.done(task.id):
        made = state is not None and bool(state.commits)
        hint = f"`undo {task.id}` takes its commits back" if made else None
        raise Refusal(f"{task.id} is done", hint=hint)
    if progress.settled(task.id):
        how = "skipped" if state is not None and state.skipped is not None else "undone"
        raise Refusal(f"{task.id} is {how} already: a run passes over it")
    skipped = TaskSkipped(
        task.id,
        task.title,
        reason,
        user(context.repository),
        tuple(state.commits) if state is not None else (),
        dependents(context, phase, (task,), phases),
    )
    if task == unfinished_task(context, phase):
        refuse_moved(context, "skip", task.id)
        yield from restore(context, phase, task, "skip", skipped)
    else:
        yield skipped


def dependents(
    context: Context, phase: Phase, tasks: tuple[Task, ...], phases: tuple[Phase, ...]
) -> tuple[str, ...]:
    """Who may miss some tasks of a phase: `phase-2 requires phase-1`, `task-3 changes app.py too`.

    Tasks of the phase after them that declare one of their files, unless they are left out
    themselves, and phases that require it.
    """
    progress = context.journal.progress
    own = {path for task in tasks for step in task.steps for path in step_paths(context, step)}
    last = max(phase.tasks.index(task) for task in tasks)
    found = []
    for later in phase.tasks[last + 1 :]:
        if progress.settled(later.id) and not progress.done(later.id):
            continue
        shared = own & {path for step in later.steps for path in step_paths(context, step)}
        if shared:
            found.append(f"{later.id} changes {', '.join(sorted(shared))} too")
    found += [f"{each.id} requires {phase.id}" for each in phases if phase.id in each.requires]
    return tuple(found)
