"""The journal compared with git: what is gone, what was rewritten, what notes tell instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runbook.core.model.digest import digest, unchanged
from runbook.core.model.ids import task_of, within
from runbook.core.model.model import Commit, Confirm, Phase, Step, Task, Verify
from runbook.core.record import ledgerevents
from runbook.core.record.events import Event
from runbook.core.record.ledgerevents import (
    CommitsRewritten,
    PhaseRebuilt,
    RebuiltTask,
    RewrittenCommit,
    StepCommit,
)
from runbook.core.record.progress import Progress
from runbook.core.record.proofs import CommitNote
from runbook.core.value import value


@value
class Landed:
    """A commit in the branch's history with a note of ours."""

    commit: str
    parent: str | None
    note: CommitNote


def landed_steps(found: Iterable[Landed]) -> dict[str, Landed]:
    """The commits of a phase by the step that made them; `found` has the latest first."""
    steps: dict[str, Landed] = {}
    for each in found:
        steps.setdefault(each.note.step, each)
    return steps


def reconcile(
    phase: Phase,
    progress: Progress,
    gone: set[str],
    landed: dict[str, Landed],
    head: str | None,
    ref: str | None,
    reverts: tuple[RewrittenCommit, ...] = (),
    history: Sequence[Landed] = (),
) -> list[Event]:
    """What happened to a phase outside of runbook, as events.

    `gone` are recorded commits that are no longer in the branch, `landed` what the branch's notes
    tell, and `reverts` commits of an undo that were made anew. Where anything was undone, `history`
    has all of it in order, the first one first. A phase that the journal knows stays as it is
    unless commits of it are gone, or those that took some back, which are there again; or where it
    was only begun here, and carried out elsewhere.
    """
    found: list[Event] = []
    title = phase.title or phase.goal
    if phase.id in progress.phases:
        made = {
            name: step.commit
            for task, state in progress.tasks.items()
            if within(task, phase.id)
            for name, step in state.steps.items()
            if step.commit is not None
        }
        lost = [commit for commit in progress.commits(phase.id) if commit in gone]
        here = {name for name, each in landed.items() if not each.note.reverts}
        elsewhere = progress.nothing_made(phase.id) and bool(here)
        if not lost and not elsewhere and not _is_back(phase, progress, gone, here):
            return []
        by_commit = {commit: name for name, commit in made.items()}
        if lost and all(commit in by_commit and by_commit[commit] in here for commit in lost):
            pairs = tuple(
                RewrittenCommit(by_commit[commit], commit, landed[by_commit[commit]].commit)
                for commit in lost
            )
            start = _start(phase, landed, history)
            return [CommitsRewritten(phase.id, start, (*pairs, *reverts))]
        if lost:
            found.append(ledgerevents.PhaseForgotten(phase.id, title, lost[0]))
    rebuilt = _rebuild(phase, landed)
    if rebuilt:
        done = {task.task for task in rebuilt if task.done}
        complete = not phase.verification and done >= {task.id for task in phase.tasks}
        start = _start(phase, landed, history)
        found.append(PhaseRebuilt(phase.id, title, start, head, ref, complete, tuple(rebuilt)))
    return found


def _is_back(phase: Phase, progress: Progress, gone: set[str], here: set[str]) -> bool:
    """Whether a commit of a task that was undone is there, because what took it back is gone."""
    for task in phase.tasks:
        state = progress.tasks.get(task.id)
        undone = state is not None and state.undone and bool(gone.intersection(state.reverts))
        if undone and here.intersection(_commit_steps(task)):
            return True
    return False


def _start(phase: Phase, landed: dict[str, Landed], history: Sequence[Landed]) -> str | None:
    """The commit a phase began on: the parent of its first one, since when some of it stands."""
    by_task = _by_task(landed)
    made = (each for task in phase.tasks for each in by_task.get(task.id, ()))
    start = next((each.parent for each in made if not each.note.reverts), None)
    standing: set[str] = set()
    for each in history:
        if each.note.reverts:
            standing.discard(each.note.step)
            continue
        start = start if standing else each.parent
        standing.add(each.note.step)
    return start


def _by_task(landed: dict[str, Landed]) -> dict[str, list[Landed]]:
    """The commits of each task in order, also where the phase file has its steps in another."""
    found: dict[str, list[Landed]] = {}
    for each in sorted(landed.values(), key=lambda each: each.note.steps):
        found.setdefault(task_of(each.note.step), []).append(each)
    return found


def _rebuild(phase: Phase, landed: dict[str, Landed]) -> list[RebuiltTask]:
    along = {mark.task: mark.digest for each in landed.values() for mark in each.note.takes_along}
    by_task = _by_task(landed)
    tasks = []
    for task in phase.tasks:
        noted = by_task.get(task.id, [])
        made = [each for each in noted if not each.note.reverts]
        if made:
            tasks.append(_with_commits(task, made))
        elif noted:
            tasks.append(RebuiltTask(task.id, task.title, "", False, None, (), (), undone=True))
        elif task.id in along and not _commit_steps(task):
            # The commit of a later task holds what it changed, and its note what it proved.
            known = along[task.id]
            steps = _digests(task.steps) if unchanged(task, known) else ()
            tasks.append(RebuiltTask(task.id, task.title, known, True, None, (), steps))
    return tasks


def _with_commits(task: Task, made: list[Landed]) -> RebuiltTask:
    """A task with commits in the branch; the last of them says how far it had come."""
    last = made[-1].note
    commits = tuple(StepCommit(each.note.step, each.commit) for each in made)
    same = unchanged(task, last.digest)
    # Of a task that is another one now, a note that does not tell the steps has none.
    steps = last.known_steps or (_digests(task.steps[: last.steps]) if same else ())
    done = last.steps == (len(task.steps) if same else last.of)
    return RebuiltTask(task.id, task.title, last.digest, done, made[0].parent, commits, steps)


def as_noted(task: Task, note: CommitNote) -> bool:
    """Whether a task says what its note knows of it, if only up to the commit."""
    if unchanged(task, note.digest):
        return True
    known = note.known_steps
    return 0 < len(known) <= len(task.steps) and all(map(unchanged, task.steps, known))


def _commit_steps(task: Task) -> list[str]:
    return [name for name, step in task.named_steps() if isinstance(step, Commit)]


def _digests(steps: tuple[Step, ...]) -> tuple[str, ...]:
    return tuple(digest(step) for step in steps)


def again(phase: Phase, progress: Progress, task: Task) -> bool:
    """Whether a task that is not done was, as far as git can tell, and is to be verified again.

    So are the tasks of a rebuilt phase that made no commit, where all that was to be committed
    before them is, and those whose commits are there with checks after them.
    """
    known = progress.phases.get(phase.id)
    if known is None or not known.rebuilt or progress.done(task.id):
        return False
    state = progress.tasks.get(task.id)
    if state is not None:
        # Its commits are there, and what is left are checks.
        left = task.steps[len(state.steps) :]
        return bool(state.commits) and all(isinstance(step, Verify | Confirm) for step in left)
    if any(not isinstance(step, Verify | Confirm) for step in task.steps):
        return False
    for earlier in phase.tasks:
        if earlier is task:
            break
        if _commit_steps(earlier) and not progress.done(earlier.id):
            return False
    return True
