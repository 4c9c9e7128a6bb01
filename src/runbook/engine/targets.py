"""Targets of steps as paths: literal ones as they are, patterns expanded."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.model.declared import declaring_steps, step_targets
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Edit, Manual, Phase, Run, Step
from runbook.core.model.paths import folder_hint
from runbook.engine.ground import Ground
from runbook.engine.halt import refused
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


def refuse_folders(ground: Ground, step: Step, where: StepId) -> None:
    """Refuse a step that names a folder where files are named; a submodule is none.

    Raises:
        Halt: naming it, and how its files are meant.

    """
    if not isinstance(step, Run | Manual | Commit):
        return
    for path in step.files or ():
        place = ground.workspace.folder / str(path)
        if isinstance(path, str) and place.is_dir() and not place.is_symlink():
            if (place / ".git").exists():
                continue
            message = f"{path} is a folder, and `files:` name files"
            raise refused(step, message, hint=folder_hint(path), where=where)
