"""The edits of finished tasks made once more in memory, and held against what was committed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runbook.core.model.declared import resolved
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Manual, Phase, Run, Step, Task
from runbook.core.value import value
from runbook.engine.simulation.plans import Plans
from runbook.engine.simulation.simulate import Simulation
from runbook.engine.simulation.unknown import Unknown
from runbook.world.files.workspace import FileState, NotHeld, Unreachable
from runbook.world.git.objects import GitObject, Objects
from runbook.world.git.tree import Tree, tree_of


@value
class Otherwise:
    """A file that edits do not make as it was committed: the task, the path, and what is amiss."""

    task: str
    path: str
    message: str


def otherwise(
    objects: Objects,
    phase: Phase,
    commits: Mapping[StepId, str],
    paths: Mapping[str, set[str]],
    series: str,
) -> Iterator[Otherwise]:
    """What the edits of a phase make otherwise than its `commits` have it, by commit step.

    Of each task the files to be looked at are among `paths`, as its edits name them; of others that
    its edits make, only the permissions. What a command makes is not known, and not looked at.
    `series` is the folder of the phase files, from the repository's root.
    """
    steps: list[tuple[Task, StepId, Step]] = []
    for task in phase.tasks:
        for where, step in task.named_steps():
            steps.append((task, where, step))
            if isinstance(step, Commit):
                commit = objects.commit(commits.get(where, ""))
                parent = None if commit is None else objects.commit(f"{commit.id}^")
                if commit is not None and parent is not None:
                    yield from _segment(objects, phase, steps, (parent, commit), paths, series)
                steps = []


def _segment(
    objects: Objects,
    phase: Phase,
    steps: list[tuple[Task, StepId, Step]],
    between: tuple[GitObject, GitObject],
    paths: Mapping[str, set[str]],
    series: str,
) -> Iterator[Otherwise]:
    before, after = (Tree(objects, tree_of(c), phase.settings.workdir) for c in between)
    plans = Plans(before.prefix, series)
    simulation = Simulation(before, lambda glob: before.matching(glob.pattern), plans=plans)
    made: dict[str, FileState | None] = {}
    maker: dict[str, str] = {}
    owner: dict[str, str] = {}
    unknown = Unknown()
    for task, where, step in steps:
        owner |= dict.fromkeys(paths.get(task.id, ()), task.id)
        step = resolved(phase, step)
        if isinstance(step, Run | Manual):
            unknown.add(step.files, where)
        attempt = simulation.take(step, where)
        if attempt is None:
            continue
        for conflict in attempt.conflicts:
            if conflict.path in owner:
                yield Otherwise(task.id, conflict.path, f"{where}: {conflict.conflict.message}")
                return
        for file in attempt.planned:
            made[file.path] = file.after
            if task.id in paths:
                maker[file.path] = task.id
            unknown.settle(file.path)
    for path, task_id in (maker | owner).items():
        if unknown.because_of(path) is None:
            message = _difference(path, made, before, after, text=path in owner)
            if message:
                yield Otherwise(task_id, path, message)


def _difference(
    path: str, by_edits: Mapping[str, FileState | None], before: Tree, after: Tree, *, text: bool
) -> str:
    """How the commit has a file otherwise than edits make it, in its `text` or its permissions."""
    try:
        was = before.read(path)
        made = by_edits.get(path, was)
        there = after.read(path)
    except NotHeld:
        return ""
    except Unreachable as error:
        return str(error) if text else ""
    if made is None or there is None:
        if made is there or not text:
            return ""
        return f"it is {'not ' if there is None else ''}in the commit"
    if made.data != there.data and text:
        return "the commit has another text"
    # Unstated bits are those of a new file, which nobody may execute.
    if not ((made.mode or 0) ^ (there.mode or 0)) & 0o100:
        return ""
    if was is None:
        mode = "755" if (there.mode or 0) & 0o100 else "644"
        return f"its permissions were changed; beside its `create` say `mode: {mode}`"
    return "its permissions were changed, which an edit can't say; a `run` with chmod can"
