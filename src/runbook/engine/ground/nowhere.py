"""Files that a commit names and that are nowhere: a slip of the plan, which git refuses, too."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import TYPE_CHECKING

from runbook.core.model.declared import declaring_steps, step_targets, unmade
from runbook.core.model.diagnostics import suggestion
from runbook.core.model.model import Commit, Phase
from runbook.engine.contract.stops import stop

if TYPE_CHECKING:
    from runbook.core.model.ids import StepId
    from runbook.core.record.events import Stopped
    from runbook.engine.ground.ground import Ground


def nowhere(ground: Ground, phase: Phase, step: Commit, where: StepId) -> Stopped | None:
    """The stop of a commit that names a file which is not there, git never had, and no step makes.

    One that a step may make, and did not, is passed over.
    """
    named = {ground.workspace.in_repository(path): path for path in unmade(phase, step)}
    lost = [named[path] for path in absent(ground, named)]
    if not lost:
        return None
    return stop("commit", where, step, lost_message(lost), hint=lost_hint(phase, lost))


def absent(ground: Ground, paths: Collection[str]) -> tuple[str, ...]:
    """Of some paths, as git names them, those that are not there and that it never had."""
    root = ground.repository.root
    missing = tuple(path for path in paths if not os.path.lexists(root / path))
    return ground.repository.never_had(missing) if missing else ()


def lost_message(paths: Collection[str]) -> str:
    """What is wrong with a commit that names these."""
    is_, it = ("is", "it") if len(paths) == 1 else ("are", "them")
    return f"{', '.join(paths)} {is_} not there, and git has never had {it}"


def lost_hint(phase: Phase, paths: Collection[str]) -> str:
    """Which of the phase's files is meant, or what to do where none is."""
    declared = {str(each): None for step in declaring_steps(phase) for each in step_targets(step)}
    near = [found for path in paths if (found := suggestion(path, declared))]
    return near[0] if near else "correct the path under the commit's `files:`, or take it out"
