"""One task looked at closely: its steps, what was proved, its commits and files."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.model.declared import step_targets
from runbook.core.model.digest import unchanged
from runbook.core.model.ids import within
from runbook.core.model.model import Task
from runbook.core.record.described import describe
from runbook.core.record.events import Stopped
from runbook.core.record.progress import Progress
from runbook.core.record.proofs import Check, CommitNote, Delegated, Word
from runbook.core.record.status import Mark, PhaseStatus
from runbook.core.record.stepevents import StepKind
from runbook.core.record.taskstate import StepState
from runbook.core.value import value


@value
class StepReport:
    """One step: where it stands, its command as it ended last, the commit it made.

    `changed` is whether it says something else than what was carried out.
    """

    step: str
    kind: StepKind
    subject: str
    at: str  # path:line:column in the phase file
    mark: Mark
    check: Check | None = None
    commit: str | None = None
    changed: bool = False
    said: Word | None = None  # by a person
    delegated: Delegated | None = None  # to a command, whose work was accepted
    doubts: tuple[str, ...] = ()  # what work by hand did to tests


@value
class TaskReport:
    """One task: its steps, the paths it declares, and those a person changed meanwhile."""

    task: str
    title: str
    at: str  # path:line:column in the phase file
    mark: Mark
    steps: tuple[StepReport, ...]
    files: tuple[str, ...]
    by_hand: tuple[str, ...] = ()
    stopped: Stopped | None = None


def task_report(
    task: Task, progress: Progress, status: PhaseStatus, notes: Iterable[CommitNote] = ()
) -> TaskReport:
    """A task as it stands; what the journal does not know of it is in its `notes`."""
    state = progress.tasks.get(task.id)
    known_notes = list(notes)
    noted = {check.step: check for note in known_notes for check in note.checks}
    words = {word.step: word for note in known_notes for word in note.words}
    handed = {each.step: each for note in known_notes for each in note.delegated}
    doubted = {each.step: each.warnings for note in known_notes for each in note.doubts}
    by_hand = [path for note in known_notes if note.task == task.id for path in note.by_hand]
    stop = status.stopped or status.killed
    where = "" if stop is None else stop.where
    steps = []
    for name, step in task.named_steps():
        begun = progress.step(name)
        known = begun or StepState("")
        mark: Mark = "done" if known.done else "stopped" if name == where else "to do"
        changed = begun is not None and not unchanged(step, begun.digest)
        steps.append(
            StepReport(
                name,
                *describe(step),
                str(step.at),
                mark,
                known.check or noted.get(name),
                known.commit,
                changed,
                known.said or words.get(name),
                known.delegated or handed.get(name),
                known.doubts or doubted.get(name, ()),
            )
        )
    overall = [*status.tasks, *([status.verification] if status.verification else [])]
    return TaskReport(
        task.id,
        task.title,
        str(task.at),
        next((each.mark for each in overall if each.task == task.id), "to do"),
        tuple(steps),
        tuple(dict.fromkeys(str(target) for step in task.steps for target in step_targets(step))),
        tuple(dict.fromkeys((*(state.by_hand if state is not None else ()), *by_hand))),
        status.stopped if within(where, task.id) else None,
    )
