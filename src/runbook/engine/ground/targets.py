"""Targets of steps as paths: literal ones as they are, patterns expanded."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from runbook.core.model.declared import OfPhase, awaits_commit, step_targets, steps_in_a_row
from runbook.core.model.model import Commit, Edit, Manual, Phase, Run, Step
from runbook.core.model.paths import folder_named, pattern_named
from runbook.core.value import value
from runbook.engine.contract.stops import refused
from runbook.world.git.overlooked import hidden
from runbook.world.git.reader import Change

if TYPE_CHECKING:
    from runbook.core.model.ids import StepId
    from runbook.engine.ground.ground import Ground


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


def _literals(phase: Phase) -> tuple[frozenset[str], list[Step]]:
    """The paths that a phase declares literally, and the steps that declare patterns as well."""
    literal: list[str] = []
    others: list[Step] = []
    for step in steps_in_a_row(phase)[0]:
        targets = step_targets(step)
        literal += [each for each in targets if isinstance(each, str)]
        if any(not isinstance(each, str) for each in targets):
            others.append(step)
    return frozenset(literal), others


_literals_of = OfPhase(_literals)


def declared_anywhere(ground: Ground, phase: Phase) -> Collection[str]:
    """The paths that any step of a phase declares, as git names them."""
    literal, others = _literals_of(phase)
    inside = ground.workspace.in_repository
    found = frozenset(map(inside, literal)) if inside("") else literal
    return found | frozenset(declared(ground, others)) if others else found


def committed_ahead(ground: Ground, phase: Phase, step: Step, paths: Iterable[str]) -> list[str]:
    """Those of some paths, as git names them, that a commit from a step on will have.

    Or should have had: what the phase changed, and none of its commits took along.
    """
    ours, prefix = declared_anywhere(ground, phase), ground.workspace.prefix
    return [
        path
        for path in paths
        if path in ours and awaits_commit(phase, step, path.removeprefix(prefix))
    ]


@value
class Differing:
    """What differs from HEAD in a worktree: paths that a commit will have, and others."""

    declared: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    status: tuple[Change, ...] | None = None  # as git says it, with folders it knows nothing of


def differing(ground: Ground, phase: Phase, step: Step, changes: tuple[Change, ...]) -> Differing:
    """The paths, as git names them, that differ from HEAD at a step; `changes`: what git says.

    A folder of which git knows nothing and no path is declared is one path, with a slash at its
    end. What the index hides from git is among them, too. The phase files are not among the others:
    what they say is known by its digest.
    """
    paths = [*(change.path for change in changes), *hidden(ground.repository)]
    if not paths:
        return Differing(status=())
    ours = declared_anywhere(ground, phase)
    mine = committed_ahead(ground, phase, step, paths)
    others: list[str] = []
    unclear: list[str] = []
    known = set(mine)
    for path in paths:
        if path in known:
            continue
        inside = [each for each in ours if each.startswith(path)] if path.endswith("/") else []
        unclear += inside
        if not inside and not is_phase_file(ground, path):
            others.append(path)
    if unclear:
        mine += [change.path for change in ground.repository.changes(tuple(unclear))]
    return Differing(tuple(mine), tuple(others), changes)


def is_phase_file(ground: Ground, path: str) -> bool:
    """Whether a path is of the series itself, which is mended while it is carried out."""
    folder = ground.phase_files
    return folder is not None and (ground.repository.root / path).is_relative_to(folder)


def refuse_no_files(ground: Ground, step: Step, where: StepId) -> None:
    """Refuse a step that names a folder or a pattern where files are named; a submodule is none.

    Raises:
        CannotContinue: naming it, and how its files are meant.
    """
    if not isinstance(step, Run | Manual | Commit):
        return
    for path in step.files or ():
        if not isinstance(path, str):
            continue
        place = ground.workspace.folder / path
        if place.is_dir() and not place.is_symlink():
            if (place / ".git").exists():
                continue
            message, hint = folder_named(path)
        elif "*" in path and not os.path.lexists(place) and _is_pattern(ground, path):
            message, hint = pattern_named(path)
        else:
            continue
        raise refused(step, message, hint=hint, where=where)


def _is_pattern(ground: Ground, path: str) -> bool:
    return bool(ground.repository.matching(ground.workspace.folder, path, untracked=False))
