"""HEAD where the last run left it, or why a run may go on from somewhere else."""

from __future__ import annotations

import shlex

from runbook.core.model.declared import handed_over, step_targets
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Manual, Phase, Run, Step, Verify
from runbook.core.patterns import regex
from runbook.core.record.status import past_commits
from runbook.core.text.counting import named
from runbook.engine.contract.stops import CannotContinue, stop
from runbook.engine.ground.ground import Ground
from runbook.engine.ground.targets import is_phase_file, step_paths
from runbook.world.git import contents
from runbook.world.git.heads import Head, moved
from runbook.world.git.history import commits_since


def refuse_moved(ground: Ground, phase: Phase, *, accept_head: bool) -> bool:
    """Compare HEAD with where the last run left it; returns whether it moved, and that is fine.

    Between two tasks the branch may have gone on, and where only checks of one are left: commits of
    the user's are no concern of ours.
    """
    progress = ground.journal.progress
    head = ground.repository.head()
    if (head.commit, head.ref) == (progress.head, progress.ref):
        return False
    in_flight = any(progress.unfinished(task.id) for task in phase.tasks)
    went_on = (
        (not in_flight or _committed_by_hand(ground, phase, head.commit) or _mended(ground, phase))
        and head.ref == progress.ref
        and progress.head is not None
        and ground.repository.contains(progress.head, head.commit)
    )
    if accept_head or went_on:
        return True
    was = Head(progress.head, progress.ref)
    hint = _what_moved(ground, was, head)
    raise CannotContinue(stop("moved", phase.id, phase, moved(was, head), hint=hint))


# What a step says that checks out or names a branch.
_SWITCHES = regex(r"\b(?:checkout|switch|symbolic-ref|worktree)\b|\bbranch +-[mMcC]\b")


def refuse_other_branch(ground: Ground, phase: Phase, step: Commit, where: StepId) -> None:
    """Refuse a commit on another branch than the run is on: it may be checked out meanwhile.

    Commits of the user's on the same branch are no concern of ours, nor is a branch that a step of
    the phase, or a person at one by hand, has checked out.
    """
    if any(_may_switch(each) for task in phase.tasks for each in task.steps):
        return
    progress = ground.journal.progress
    was, head = Head(progress.head, progress.ref), ground.repository.head()
    if head.ref != was.ref:
        message = moved(was, head, "while the run was at work")
        hint = _what_moved(ground, was, head)
        raise CannotContinue(stop("moved", where, step, message, hint=hint))


def _may_switch(step: Step) -> bool:
    if isinstance(step, Verify | Run):
        return _SWITCHES.search(step.command) is not None
    return isinstance(step, Manual)


def _what_moved(ground: Ground, was: Head, head: Head) -> str | None:
    """The commits that came on top of where HEAD was, or how to get back to its branch."""
    if was.ref != head.ref:
        return f"`git switch {shlex.quote(was.branch)}` goes back" if was.branch else None
    if was.commit is None or head.commit is None:
        return None
    if not ground.repository.contains(was.commit, head.commit):
        return None
    came = commits_since(ground.repository.root, was.commit, head.commit, ".")
    return f"came since: {named(came, 3)}" if came else None


def _mended(ground: Ground, phase: Phase) -> bool:
    """Whether what a check stopped for, or a person's no, can only be mended by a commit."""
    progress = ground.journal.progress
    stopped = progress.stops.get(phase.id)
    if stopped is None or stopped.kind not in ("unmet", "vacuous", "confirm"):
        return False
    return past_commits(phase, progress, stopped.where)


def _committed_by_hand(ground: Ground, phase: Phase, head: str | None) -> bool:
    """Whether a person committed the work of a manual step, and nothing else, since it stopped.

    Where no file of the work is named, the commits may be all that was to be done: a merge, a pull.
    """
    stopped = ground.journal.progress.stops.get(phase.id)
    before = ground.journal.progress.head
    if stopped is None or stopped.kind != "manual" or before is None or head is None:
        return False
    task = next((task for task in phase.tasks if task.id == stopped.task), None)
    if task is None:
        return False
    step = next((each for name, each in task.named_steps() if name == stopped.where), None)
    if step is not None and not step_targets(handed_over(phase, step)):
        return True
    inside = ground.workspace.in_repository
    own = {inside(path) for step in task.steps for path in step_paths(ground, step)}
    changed = contents.changed_between(ground.repository, before, head)
    return all(path in own or is_phase_file(ground, path) for path in changed)
