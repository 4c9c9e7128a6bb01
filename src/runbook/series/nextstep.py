"""The step that comes next, alone, with all that is needed to do it or to go on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.handover.brief import brief
from runbook.core.model.delegate import Delegate
from runbook.core.model.ids import is_step
from runbook.core.model.model import Confirm, Manual, Phase, Task
from runbook.core.record.described import describe
from runbook.core.record.events import WAITING, Stopped
from runbook.core.record.foreseen import Foreseen
from runbook.core.record.progress import Progress
from runbook.core.record.status import ASKS, Awaited, PhaseStatus, phase_status
from runbook.core.record.ways import NextStep, Way, argv, shown
from runbook.core.value import replace
from runbook.engine.contract.request import Request
from runbook.engine.ground.ground import Ground
from runbook.engine.outlook.assignment import (
    Work,
    assignment,
    delegate_for,
    manual_work,
    unmatched_edit,
)
from runbook.engine.outlook.choices import chosen
from runbook.series.dryrun import dry_run, lookouts_of, standing
from runbook.views.choices import meaning
from runbook.views.screen import program
from runbook.world.files.journallock import locked_by

if TYPE_CHECKING:
    from runbook.series.opening import Opened


def next_step(
    opened: Opened,
    phase: Phase,
    progress: Callable[[Phase], Progress],
    waits_for: Callable[[Phase], Awaited],
) -> NextStep | None:
    """The first step that a run of a phase would do, or stop at; `None` where nothing is left.

    While a run is at work there, that is all that is told: what it is at is not for others to do.

    Raises:
        CannotContinue: the worktree of the phase can't be looked at.
        GitFailed: git refused.
    """
    at_work = locked_by(opened.journal(phase))
    if at_work is not None:
        status = phase_status(phase, progress(phase), at_work)
        at = status.at
        return NextStep(
            phase.id,
            phase.id if at is None else at.where,
            "running",
            str(phase.at) if at is None else at.at,
            str(opened.workdir(phase)),
            message=status.at_work + (f": {ASKS}" if at is not None and at.asks else ""),
        )
    with ExitStack() as stack:
        lookouts = lookouts_of(opened, waits_for, stack)
        for _, each in dry_run(opened, (phase,), progress, Request(), lookouts):
            does = is_step(each.where) and each.outcome in ("would", "unknown")
            if each.stopped is not None or does:
                ground, _ = lookouts.at(phase, progress(phase))
                folder = opened.workdir(phase)
                status = phase_status(phase, progress(phase), None)
                (status,) = standing(opened, [(phase, status)], progress, waits_for, lookouts)
                return _told(ground, folder, phase, each, _as_known(status, each))
    return None


def _as_known(status: PhaseStatus, foreseen: Foreseen) -> Stopped | None:
    """The stop at a step that is foreseen, with the choices that `status` shows of it."""
    killed = None if status.killed is None else status.killed.as_stop()
    for known in (status.refused, status.stopped, killed):
        if known is not None and known.where == foreseen.where:
            return known
    stopped = foreseen.stopped
    if stopped is not None and stopped.kind in WAITING:
        # No run has come to it yet, and so it can't be taken as done.
        return chosen(stopped, tuple(each for each in stopped.choices if each != "done"))
    return stopped


def _told(
    ground: Ground, folder: Path, phase: Phase, foreseen: Foreseen, known: Stopped | None,
) -> NextStep:  # fmt: skip
    """What is foreseen, with the folder that its paths are from, which a run may have to make."""
    stopped = foreseen.stopped
    ways = (
        (Way("run", ("run", phase.id), "carry on"),)
        if known is None
        else tuple(
            Way(choice, argv(choice, known), meaning(choice, known) or "carry on")
            for choice in known.choices
        )
    )
    waits = known is not None and known.kind in WAITING
    said = NextStep(
        phase.id,
        foreseen.where,
        "stop" if stopped is None else stopped.kind,
        "" if stopped is None else stopped.at,
        str(folder),
        message=known.message if known is not None else "",
        ways=ways,
        stopped=None if waits else known,
        hint=(known.hint or "") if waits and known is not None else "",
        log=known.log if waits and known is not None else "",
    )
    found = _step(phase, foreseen.where)
    if found is None:
        return said
    task, index = found
    step = task.steps[index]
    kind, subject = describe(step)
    said = replace(said, kind=kind, at=str(step.at), instructions=subject)
    delegate = (delegate_for(phase, task, step) if foreseen.delegate else None) or Delegate(None)
    if isinstance(step, Confirm):
        return replace(said, instructions=step.question)
    if isinstance(step, Manual):
        if stopped is None and delegate.run is None:
            # One that names no files waits for none.
            changed = "its files are changed: " if step.files else ""
            said = replace(said, message=f"{changed}going on takes the work as done")
        return _handed(said, ground, manual_work(phase, task, index, delegate))
    if foreseen.amiss is not None:
        said = replace(said, message=foreseen.amiss.message)
        work = unmatched_edit(phase, task, index, delegate, foreseen.amiss)
        return _handed(said, ground, work)
    return said


def _handed(said: NextStep, ground: Ground, work: Work) -> NextStep:
    """What is said of work that is handed over, to whoever does it."""
    told = replace(assignment(ground, work), folder=said.folder)
    rules = (
        "Change only the files named above, and make no commit: "
        f"`{program()} {shown(said.ways[0].argv)}` looks at what was changed, makes the checks and "
        "commits.",
    )
    return replace(
        said,
        instructions=told.instructions,
        files=told.files,
        checks=tuple(check.command for check in told.checks),
        delegate=work.delegate.run or "",
        brief=brief(told, rules),
    )


def _step(phase: Phase, where: str) -> tuple[Task, int] | None:
    for task in phase.every_task:
        for index, (name, _) in enumerate(task.named_steps()):
            if name == where:
                return task, index
    return None
