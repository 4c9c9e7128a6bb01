"""The fold of an adoption: finished tasks are known as the phase file says them now."""

from __future__ import annotations

from runbook.core.model.ids import step_id, within
from runbook.core.record.handwork import Handmade
from runbook.core.record.progress import Progress
from runbook.core.record.taskstate import StepState
from runbook.core.record.verbevents import AdoptedStep, AdoptedTask
from runbook.core.value import replace


def adopt(progress: Progress, tasks: tuple[str, ...]) -> None:
    """Take the planned adoption as made of these tasks; the notes of their phase are to follow."""
    planned, progress.adopting = progress.adopting, None
    if planned is None or not tasks:
        return
    for each in planned.tasks:
        if each.task in tasks:
            _adopt(progress, each)
    for name, task in progress.tasks.items():
        if not within(name, planned.phase):
            continue
        for step, state in task.steps.items():
            if state.commit is not None:
                state.noted_as = state.noted_as or step
                progress.unnoted[step] = state.commit


def _adopt(progress: Progress, adopted: AdoptedTask) -> None:
    state = progress.tasks[adopted.task]
    names = [step_id(adopted.task, number) for number in range(1, len(adopted.steps) + 1)]
    now = {step.was: name for name, step in zip(names, adopted.steps, strict=True) if step.was}
    for was in now:
        known = state.steps.get(was)
        if known is not None and known.commit is not None:
            known.noted_as = known.noted_as or was
            progress.unnoted.pop(was, None)
    state.digest, state.text = adopted.digest, adopted.text
    state.steps = {
        name: _known_as(state.steps.get(step.was), step, name)
        for name, step in zip(names, adopted.steps, strict=True)
    }
    state.committed = {now[name] for name in state.committed if name in now}
    state.handmade = Handmade()


def _known_as(known: StepState | None, step: AdoptedStep, name: str) -> StepState:
    """What is known of a step, under its name of now."""
    if known is None:
        return StepState(step.digest, done=True)
    known.digest = step.digest
    known.offered = None
    if known.check is not None:
        known.check = replace(known.check, step=name)
    if known.said is not None:
        known.said = replace(known.said, step=name)
    if known.delegated is not None:
        known.delegated = replace(known.delegated, step=name)
    return known
