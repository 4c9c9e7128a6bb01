"""Targets of steps as paths: literal ones as they are, patterns expanded."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.model.declared import declaring_steps, step_targets
from runbook.core.model.model import Commit, Edit, Phase, Step
from runbook.engine.ground import Ground
from runbook.world.git.dirty import dirty_paths


def step_paths(ground: Ground, step: Step) -> list[str]:
    """The paths (in `workdir`) that a step declares.

    A pattern of an edit means tracked files; of any other step also those it makes.
    """
    found: dict[str, None] = {}
    for target in step_targets(step):
        if isinstance(target, str):
            found[target] = None
        else:
            matching = ground.repository.matching(
                ground.workspace.folder, target.pattern, untracked=not isinstance(step, Edit)
            )
            found |= dict.fromkeys(matching)
    return list(found)


def declared(ground: Ground, steps: Iterable[Step]) -> list[str]:
    """The paths of all these steps as git names them, from the repository's root."""
    found: dict[str, None] = {}
    for step in steps:
        found |= dict.fromkeys(map(ground.workspace.in_repository, step_paths(ground, step)))
    return list(found)


def undeclared_changes(ground: Ground, phase: Phase) -> tuple[str, ...]:
    """The paths, as git names them, that differ from HEAD and that no step of the phase declares.

    The phase files are not among them: what they say is known by its digest.
    """
    dirty = dirty_paths(ground.repository.root)
    if not dirty:
        return ()
    commits = [step for task in phase.tasks for step in task.steps if isinstance(step, Commit)]
    ours = set(declared(ground, [*declaring_steps(phase), *commits]))
    return tuple(
        path
        for path in dirty
        if path not in ours
        and not (path.endswith("/") and any(each.startswith(path) for each in ours))
        and not is_phase_file(ground, path)
    )


def is_phase_file(ground: Ground, path: str) -> bool:
    """Whether a path is of the series itself, which is mended while it is carried out."""
    folder = ground.phase_files
    return folder is not None and (ground.repository.root / path).is_relative_to(folder)
