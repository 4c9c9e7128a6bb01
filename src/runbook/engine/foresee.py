"""What a run would do from where the journal stands; nothing is executed, written or locked."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import assert_never

from runbook.core.declared import step_targets
from runbook.core.described import describe
from runbook.core.digest import digest
from runbook.core.foreseen import Foreseen
from runbook.core.model import Commit, Edit, Manual, Phase, Run, Step, Task, Verify
from runbook.core.progress import Progress
from runbook.engine.resume import first_pending
from runbook.engine.scope import Scope
from runbook.engine.simulate import Simulation
from runbook.world.heads import Head
from runbook.world.repository import Repository
from runbook.world.workspace import Workspace


def foresee(
    phase: Phase,
    progress: Progress,
    root: Path | None,
    simulation: Simulation,
    scope: Scope,
    *,
    accept_head: bool,
) -> Iterator[Foreseen]:
    """What a run would do with a phase, on the files of `simulation`.

    `root` is its worktree, `None` where that is to be made. It ends with the first thing that is
    sure to stop the run.
    """
    dirty: set[str] = set()
    if root is not None:
        repository = Repository(root)
        obstacle = repository.obstacle() or _out_of_place(phase, progress, repository, accept_head)
        if obstacle is not None:
            yield Foreseen(phase.id, "stops", obstacle)
            return
        inside = Workspace(root, phase.settings.workdir).prefix
        dirty = {change.path.removeprefix(inside) for change in repository.changes()}
        dirty -= {path for state in progress.tasks.values() for path in state.images}
    asked = scope.asked(phase)
    left = False
    for task in phase.tasks:
        state = progress.tasks.get(task.id)
        reopened = scope.restart and task.id in asked and not progress.done(task.id)
        if progress.done(task.id):
            if state is not None and state.digest != digest(task):
                yield Foreseen(task.id, "stops", "it was finished, and says something else now")
                return
            yield Foreseen(task.id, "done")
        elif progress.settled(task.id) and not reopened:
            how = "undone" if state is not None and state.undone else "skipped"
            yield Foreseen(task.id, "left out", f"{how} before")
        elif task.id not in asked:
            left = True
            yield Foreseen(task.id, "left out", "not asked for")
        else:
            own = {each for step in task.steps for each in step_targets(step)} & dirty
            if own and not progress.unfinished(task.id):
                names = ", ".join(sorted(map(str, own)))
                yield Foreseen(task.id, "stops", f"changes of yours are in the way: {names}")
                return
            stopped = yield from _task(simulation, progress, task)
            if stopped:
                return
    if left or scope.ends_before_verification(phase) or progress.complete(phase.id):
        return
    if phase.verification:
        verification = Task(phase.verification_id, "verification", phase.verification)
        yield from _task(simulation, progress, verification)


def _out_of_place(
    phase: Phase, progress: Progress, repository: Repository, accept_head: bool
) -> str | None:
    """What the journal says is to be settled before anything else."""
    if progress.undo is not None:
        return f"an undo of {progress.undo.target} is not finished"
    head = repository.head()
    begun = any(progress.unfinished(task.id) for task in phase.tasks)
    if begun and not accept_head and (head.commit, head.ref) != (progress.head, progress.ref):
        was = Head(progress.head, progress.ref)
        return f"HEAD moved since the last run: it was on {was} and is on {head}"
    return None


def _task(
    simulation: Simulation, progress: Progress, task: Task
) -> Generator[Foreseen, None, bool]:
    """What would become of a task; returns whether the run would stop in it."""
    begin = first_pending(progress, task) if progress.unfinished(task.id) else 0
    if begin:
        yield Foreseen(task.id, "goes on", f"from step-{begin + 1}")
    else:
        yield Foreseen(task.id, "to do")
    for index in range(begin, len(task.steps)):
        step, where = task.steps[index], task.step_id(index)
        foreseen = _step(simulation, step, where)
        yield foreseen
        if foreseen.outcome == "stops":
            return True
    return False


def _step(simulation: Simulation, step: Step, where: str) -> Foreseen:
    kind, subject = describe(step)
    text = f"{kind:<6}  {subject.partition(chr(10))[0]}"
    match step:
        case Edit():
            attempt = simulation.take(step)
            if attempt is None:
                return Foreseen(where, "would", text)
            if attempt.conflicts:
                conflict = attempt.conflicts[0]
                why = f"{conflict.path}: {conflict.conflict.message}"
                return Foreseen(where, "stops", text, (f"{conflict.at}: {why}",))
            if attempt.unknown:
                names = ", ".join(attempt.unknown)
                return Foreseen(where, "unknown", text, (f"depends on what is made of {names}",))
            changed = [file for file in attempt.planned if file.changes]
            if not changed:
                return Foreseen(where, "would", f"{text}: already applied")
            lines = changed[0].lines
            return Foreseen(where, "would", f"{text}{f', {lines.named}' if lines else ''}")
        case Manual():
            simulation.take(step)
            return Foreseen(where, "would", f"{text} (waits for you)")
        case Run():
            simulation.take(step)
            return Foreseen(where, "would", text)
        case Verify() | Commit():
            return Foreseen(where, "would", text)
        case _:
            assert_never(step)
