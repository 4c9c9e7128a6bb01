"""What runs would do, looked up without doing anything: the dry run, and what `status` shows."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.model.declared import step_targets
from runbook.core.model.ids import is_step
from runbook.core.model.model import Commit, Edit, Manual, Phase, Run
from runbook.core.record.events import WAITING, Stopped
from runbook.core.record.following import awaited
from runbook.core.record.foreseen import Foreseen
from runbook.core.record.progress import Progress
from runbook.core.record.status import Awaited, Moved, PhaseStatus
from runbook.core.value import replace
from runbook.engine.contract.request import Request
from runbook.engine.contract.stops import GIT_FAILED, CannotContinue, git_failed
from runbook.engine.ground.ground import AfterPhases, Ground, series_inside, simulated
from runbook.engine.outlook.choices import chosen, with_choices
from runbook.engine.outlook.lookout import Lookouts
from runbook.engine.running.foresee import first_thing, foresee
from runbook.engine.simulation.plans import Plans
from runbook.engine.steps.manual import as_it_is
from runbook.world.git.gitfailed import GitFailed
from runbook.world.processes.environment import forget_git

if TYPE_CHECKING:
    from runbook.series.opening import Opened


def lookouts_of(
    opened: Opened, waits_for: Callable[[Phase], Awaited], stack: ExitStack
) -> Lookouts:
    """The grounds of the phases of a series; `stack` closes what they have open."""
    return Lookouts(opened.checkout, waits_for, opened.folder, stack, opened.loaded.phases)


def dry_run(
    opened: Opened,
    phases: tuple[Phase, ...],
    progress: Callable[[Phase], Progress],
    request: Request,
    lookouts: Lookouts | None = None,
) -> Iterator[tuple[Phase, Foreseen]]:
    """What a run over the phases would do, each on what those before it would leave.

    `progress` is what is known of a phase. It ends with the first phase that would stop. Who looks
    on with the same `progress` does so from the same `lookouts`.
    """
    forget_git(os.environ)
    done: set[str] = set()
    planned: dict[Path, Plans] = {}
    earlier: dict[Path, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))

    def waits_for(phase: Phase) -> Awaited:
        return awaited(phase, opened.loaded.phases, progress, done)

    with ExitStack() as stack:
        lookouts = lookouts or lookouts_of(opened, waits_for, stack)
        for phase in phases:
            stops = False
            try:
                ground, made = lookouts.at(phase, progress(phase))
            except CannotContinue as raised:
                yield phase, Foreseen(phase.id, "stops", "", stopped=raised.stopped)
                return
            root = opened.root(phase)
            if not made and root not in earlier:
                text = f"the worktree {phase.settings.worktree} would be made"
                yield phase, Foreseen(phase.id, "would", text)
            plans = planned.setdefault(root, Plans(series=series_inside(ground)))
            simulation = simulated(ground, plans)
            ground = replace(ground, repository=AfterPhases(ground.repository, *earlier[root]))
            for each in foresee(ground, phase, request, simulation):
                yield phase, each
                stops |= each.stopped is not None
                if each.outcome == "completes":
                    done.add(phase.id)
                    _take_along(phase, ground, *earlier[root])
            if stops:
                return


def _take_along(phase: Phase, ground: Ground, committed: set[str], left: set[str]) -> None:
    """Add to the paths that phases will have committed by then, and to those they leave changed."""
    inside = ground.workspace.in_repository
    for task in phase.tasks:
        for step in task.steps:
            paths = {inside(each) for each in step_targets(step) if isinstance(each, str)}
            if isinstance(step, Edit | Run):
                left |= paths
            elif isinstance(step, Commit):
                taken = paths if step.files is not None else set(left)
                committed |= taken
                left -= taken


def standing(
    opened: Opened,
    found: list[tuple[Phase, PhaseStatus]],
    progress: Callable[[Phase], Progress],
    waits_for: Callable[[Phase], Awaited],
    lookouts: Lookouts | None = None,
) -> Iterator[PhaseStatus]:
    """Where phases stand, with the stop that a run would make before it does anything.

    The choices of a stop are those that there are now. `lookouts` are as of `dry_run`.
    """
    forget_git(os.environ)
    with ExitStack() as stack:
        lookouts = lookouts or lookouts_of(opened, waits_for, stack)
        for phase, status in found:
            if status.complete or status.locked_by or status.waits_for:
                yield status
                continue
            try:
                yield _with_next_stop(lookouts, phase, progress(phase), status)
            except CannotContinue as raised:
                yield replace(status, refused=raised.stopped)
            except GitFailed as error:
                # What a killed delegate has left of git, the next run puts back first.
                left = progress(phase).open_attempt is not None
                yield status if left else replace(status, refused=git_failed(phase, error))


def _with_next_stop(
    lookouts: Lookouts, phase: Phase, progress: Progress, status: PhaseStatus
) -> PhaseStatus:
    ground, _ = lookouts.at(phase, progress)
    stopped, killed = status.stopped, status.killed
    # The verbs look at what the journal says now, not at what a run would accept first.
    if stopped is not None:
        with suppress(CannotContinue):  # which the next run would stop for
            stopped = as_it_is(ground, phase, stopped)
        stopped = with_choices(ground, phase, stopped)
    if killed is not None:
        choices = with_choices(ground, phase, killed.as_stop())
        killed = replace(killed, task=choices.task, choices=choices.choices)
    first = first_thing(foresee(ground, phase, Request(), simulated(ground)))
    refused = None if first is None else first.stopped
    if refused is not None and refused.kind in WAITING and stopped is None:
        # The work is not handed over yet, nor the question asked: a run does so.
        refused = None
    if (
        refused is not None
        and stopped is not None
        and (refused.kind, refused.where) == ("manual", stopped.where)
    ):
        # It waits for a person now; what a delegate has left of it is still to be known.
        refused = replace(
            refused, message=stopped.message, hint=stopped.hint, log=stopped.log or refused.log
        )
    if stopped is not None and stopped.kind == "confirm" and refused is None:
        # A run has something to check before it asks again, and so nothing can be said yet.
        stopped = chosen(stopped, tuple(c for c in stopped.choices if c != "done"))
    handed_to = ""
    if stopped is not None and first is not None and first.where == stopped.where:
        handed_to = first.delegate
    settled = stopped is not None and not (refused or handed_to) and _is_judged(phase, stopped)
    if settled and stopped is not None and _goes_on_otherwise(stopped):
        # Its own ways on are of no use any more.
        ways = with_choices(ground, phase, replace(stopped, kind="interrupted"))
        stopped = chosen(stopped, ways.choices)
    moved = None
    if refused is not None and refused.kind == "moved":
        head = ground.repository.head()
        moved = Moved(progress.head, progress.ref, head.commit, head.ref)
    return replace(
        status, refused=refused, moved=moved, stopped=stopped, killed=killed, settled=settled,
        handed_to=handed_to,
    )  # fmt: skip


def _goes_on_otherwise(stopped: Stopped) -> bool:
    """Whether a stop has ways on that no other one has."""
    return stopped.kind in ("moved", "changed") or stopped.choices[:1] == ("retry",)


def _is_judged(phase: Phase, stopped: Stopped) -> bool:
    """Whether a stop is of those that a run is judged for anew before it does anything.

    Work by hand without files of its own is not: that it is done is said by running again.
    """
    if stopped.kind == "manual":
        step = next((step for where, step in phase.named_steps() if where == stopped.where), None)
        return isinstance(step, Manual) and bool(step.files)
    if stopped.kind == "refused":
        # Who only looks asks git less.
        of_run = is_step(stopped.where) or stopped.message == GIT_FAILED
        return not of_run or stopped.message.startswith("`fails-at: ")
    return stopped.kind in ("conflict", "moved", "changed")
