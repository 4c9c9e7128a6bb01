"""Confirm steps: a person looks and says yes, and nothing is changed meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from runbook.core.model.declared import declaring_steps
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Confirm, Phase
from runbook.core.record import manualevents
from runbook.core.record.events import Event
from runbook.core.record.stepevents import FileImage
from runbook.core.value import replace
from runbook.engine.contract.stops import CannotContinue, interrupted, stop
from runbook.engine.ground.putting import digest_of
from runbook.engine.ground.targets import step_paths
from runbook.engine.outlook.waiting import waiting_for_yes
from runbook.engine.resume.resume import mended
from runbook.world.files.workspace import FileState, Unreachable
from runbook.world.git.contents import user

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context


def confirm(context: Context, phase: Phase, step: Confirm, where: StepId) -> Iterator[Event]:
    """Ask the person at the terminal; where the run is told to say yes, nobody.

    Raises:
        CannotContinue: the answer is no, or there is none: nobody is there, or they quit.
    """
    files = {path: digest_of(state) for path, state in _declared_files(context, phase)}
    images = tuple(FileImage(path, digest, None) for path, digest in files.items())
    yield manualevents.ConfirmAsked(where, step.question, images)
    if context.request.yes:
        yield confirmed(context, phase, step, where, unattended=True)
        return
    waiting = waiting_for_yes(phase, step, where)
    if context.person is None:
        raise CannotContinue(waiting)
    answer = context.person.ask(waiting, lambda: _uncommitted(context, phase))
    if context.interrupts.received is not None:
        stopped = interrupted(where, step, context.interrupts.received)
        raise CannotContinue(replace(stopped, prose=step.question))
    if answer == "quit":
        raise CannotContinue(waiting)
    if answer == "no":
        message = "the answer was no"
        raise CannotContinue(stop("unmet", where, step, message, prose=step.question))
    yield confirmed(context, phase, step, where)


def confirmed(
    context: Context,
    phase: Phase,
    step: Confirm,
    where: StepId,
    *,
    reason: str = "",
    unattended: bool = False,
) -> manualevents.Confirmed:
    """The yes to what was asked, with the declared files that were changed since."""
    asked = context.journal.progress.task_of(where).steps[where].offered or {}
    changed = []
    for path, state in _declared_files(context, phase):
        if digest_of(state) != asked.get(path):
            after = None if state is None else context.journal.store(state.data)
            changed.append(FileImage(path, asked.get(path), after))
    return manualevents.Confirmed(
        where, step.question, user(context.repository), int(time.time()), reason, unattended,
        tuple(image.path for image in changed), tuple(changed),
    )  # fmt: skip


def _declared_files(context: Context, phase: Phase) -> Iterator[tuple[str, FileState | None]]:
    """The files that the phase declares and that can be read, with what they hold."""
    for path in _declared(context, phase):
        with suppress(Unreachable):
            yield path, context.workspace.read(path)


def _declared(context: Context, phase: Phase) -> list[str]:
    commits = [each for task in phase.tasks for each in task.steps if isinstance(each, Commit)]
    paths: dict[str, None] = {}
    for each in (*declaring_steps(phase), *commits):
        paths |= dict.fromkeys(step_paths(context, each))
    return list(paths)


def _uncommitted(context: Context, phase: Phase) -> str:
    """What differs from the last commit in the files of the phase."""
    inside = {context.workspace.in_repository(path): path for path in _declared(context, phase)}
    changes = context.repository.changes(tuple(inside)) if inside else []
    shown = mended(context, {inside[change.path]: change for change in changes}).difference
    return shown or "nothing of the phase is changed since the last commit\n"
