"""Skip: a task is left out for a reason, and those that may miss it are told."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.model import Phase, Task
from runbook.core.record.events import Event
from runbook.core.record.verbevents import TaskSkipped
from runbook.engine.refusal import Refusal, refusing
from runbook.engine.restore import restore, unfinished_task
from runbook.engine.site import Site
from runbook.engine.takeup import refuse_moved, take_up
from runbook.engine.targets import step_paths
from runbook.world.git.contents import user


def skip(
    site: Site, phase: Phase, *, task: str, reason: str, phases: tuple[Phase, ...]
) -> Iterator[Event]:
    """Leave a task out; what it did since its last commit is put back.

    `phases` are those of the series, in which its dependents are looked for. The last event is
    `TaskSkipped` or `VerbRefused`.
    """
    yield from refusing(site, "skip", task, _skip(site, phase, task, reason, phases))


def _skip(
    site: Site, phase: Phase, name: str, reason: str, phases: tuple[Phase, ...]
) -> Iterator[Event]:
    begun = site.journal.progress.restoring
    yield from take_up(site, phase)
    if begun is not None and begun.skipped is not None and begun.task == name:
        # It was to be left out already, and is now.
        return
    progress = site.journal.progress
    task = next(each for each in phase.tasks if each.id == name)
    state = progress.tasks.get(task.id)
    if progress.done(task.id):
        hint = f"`undo {task.id}` takes its commits back"
        raise Refusal("skip", task.id, f"{task.id} is done", hint=hint)
    if progress.settled(task.id):
        how = "skipped" if state is not None and state.skipped is not None else "undone"
        raise Refusal("skip", task.id, f"{task.id} is {how} already: a run passes over it")
    skipped = TaskSkipped(
        task.id,
        task.title,
        reason,
        user(site.repository),
        tuple(state.commits) if state is not None else (),
        dependents(site, phase, (task,), phases),
    )
    if task == unfinished_task(site, phase):
        refuse_moved(site, "skip", task.id)
        yield from restore(site, phase, task, "skip", skipped)
    else:
        yield skipped


def dependents(
    site: Site, phase: Phase, tasks: tuple[Task, ...], phases: tuple[Phase, ...]
) -> tuple[str, ...]:
    """Who may miss some tasks of a phase: `phase-2 requires phase-1`, `task-3 changes app.py too`.

    Tasks of the phase after them that declare one of their files, and phases that require it.
    """
    own = {path for task in tasks for step in task.steps for path in step_paths(site, step)}
    last = max(phase.tasks.index(task) for task in tasks)
    found = []
    for later in phase.tasks[last + 1 :]:
        shared = own & {path for step in later.steps for path in step_paths(site, step)}
        if shared:
            found.append(f"{later.id} changes {', '.join(sorted(shared))} too")
    found += [f"{each.id} requires {phase.id}" for each in phases if phase.id in each.requires]
    return tuple(found)
