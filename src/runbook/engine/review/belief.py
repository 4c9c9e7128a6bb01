"""Whether a note in git may be believed: its commit has to be what note and phase say of it.

Notes can be copied, forged and fetched, and what they tell as done is not done. The phase tells
which paths and message the commit of a step has, and what its edits make of the commit before;
the note tells which tree the commit had when it was made, hooks and work by hand included.
"""

from __future__ import annotations

import os
from collections.abc import Collection

from runbook.core.model.declared import contained, declaring_steps, resolved, step_targets
from runbook.core.model.globs import matches
from runbook.core.model.ids import step_id, task_of
from runbook.core.model.message import co_authors, compose
from runbook.core.model.model import Commit, Edit, Phase, Task
from runbook.core.model.operations import Target
from runbook.core.model.paths import prefix_of
from runbook.core.patterns import regex
from runbook.core.record.reconcile import Landed, as_noted
from runbook.engine.simulation.planned import EditConflict
from runbook.engine.simulation.plans import Plans
from runbook.engine.simulation.simulate import Simulation
from runbook.world.files.workspace import NotHeld, Unreachable, data_of
from runbook.world.git.objects import Objects
from runbook.world.git.reader import header
from runbook.world.git.tree import Tree, tree_of

_REVERTS = regex(r"(?m)^This reverts commit [0-9a-f]{40,64}\b")


def doubt(
    objects: Objects, phase: Phase, landed: Landed, changed: Collection[str], *, rewritten: bool
) -> str:
    """Why a note of a phase is not believed, in words; empty where it is.

    `objects` reads those of the repository, and `changed` are the paths that the commit changes
    against its first parent. With `rewritten` the journal knows that the step made a commit, and
    this may be what a rebase or an amendment has made of it.
    """
    commit = objects.commit(landed.commit)
    if commit is None:
        return "git does not have the commit"
    if header(commit.data, b"parent") and objects.commit(f"{commit.id}^") is None:
        return "the commit before it is not here (`git fetch --unshallow` gets it)"
    if not changed:
        return "the commit changes no file"
    if step_id(task_of(landed.note.step), landed.note.steps) != landed.note.step:
        return "the note counts other steps as done than those up to the commit"
    found = _step(phase, landed.note.step)
    same_tree = landed.note.tree == tree_of(commit)
    if found is None or not as_noted(found[0], landed.note):
        # What the phase said then is not known; it counts as changed since.
        said = same_tree or not landed.note.tree
        return "" if said else "the commit's tree is another one than the note has"
    task, step = found
    targets = _targets(phase, step)
    prefix = prefix_of(phase.settings.workdir)
    foreign = [path for path in changed if not _among(path, targets, prefix)]
    if foreign:
        return f"the commit changes {', '.join(foreign)}, which {task.id} does not"
    words = _says(os.fsdecode(commit.data).partition("\n\n")[2], phase, step, landed)
    if words and rewritten:
        return ""
    if not words and not rewritten:
        return "the commit's message is not that of the step"
    if landed.note.reverts or same_tree or _as_edited(objects, phase, step, landed, changed):
        return ""
    return "the commit holds something else than the edits of the phase make"


def _step(phase: Phase, where: str) -> tuple[Task, Commit] | None:
    for task in phase.tasks:
        for index, step in enumerate(task.steps):
            if isinstance(step, Commit) and task.step_id(index) == where:
                return task, step
    return None


def _says(message: str, phase: Phase, step: Commit, landed: Landed) -> bool:
    """Whether a commit's message is that of a step, or of its revert; hooks may add to it."""
    if landed.note.reverts:
        return _REVERTS.search(message) is not None
    trailers = (*co_authors(phase.settings.co_authored_by or ()), *step.trailers)
    wanted = [line for line in compose(step.message, trailers).split("\n") if line]
    lines = iter(message.split("\n"))
    return all(any(each in line for line in lines) for each in wanted)


def _targets(phase: Phase, step: Commit) -> list[Target]:
    steps = contained(phase, step)
    return [target for each in steps for target in step_targets(resolved(phase, each))]


def _among(path: str, targets: list[Target], prefix: str) -> bool:
    inside = path.removeprefix(prefix)
    return path.startswith(prefix) and any(
        inside == each if isinstance(each, str) else matches(each.pattern, inside)
        for each in targets
    )


def _as_edited(
    objects: Objects, phase: Phase, step: Commit, landed: Landed, changed: Collection[str]
) -> bool:
    """Whether the files are as the edits make them of the commit before.

    What a command or a person makes can't be known, and is passed over.
    """
    workdir = phase.settings.workdir
    before = Tree(objects, tree_of(objects.commit(f"{landed.commit}^")), workdir)
    after = Tree(objects, tree_of(objects.commit(landed.commit)), workdir)
    plans = Plans(before.prefix, landed.note.folder)
    simulation = Simulation(before, lambda glob: before.matching(glob.pattern), plans=plans)
    made: dict[str, bytes | None] = {}
    unknown: list[Target] = []
    try:
        for each in declaring_steps(phase, step):
            if not isinstance(each, Edit):
                simulation.take(resolved(phase, each))
                unknown += step_targets(resolved(phase, each))
                continue
            for file in simulation.plan(each):
                made[file.path] = data_of(file.after)
        for path, data in made.items():
            known = before.prefix + path in changed and not _among(path, unknown, "")
            if known and data_of(after.read(path)) != data:
                return False
    except (EditConflict, Unreachable, NotHeld):
        return False
    return True
