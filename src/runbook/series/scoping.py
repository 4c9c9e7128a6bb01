"""Which phases and tasks a run is asked for, from the options of its command."""

from __future__ import annotations

from runbook.core.model.model import Phase
from runbook.core.value import replace
from runbook.engine.contract.request import Request
from runbook.series.naming import Named, named, phases_named, refuse_both
from runbook.series.opening import Opened, UsageError
from runbook.series.standing import next_phases


def scoped(
    opened: Opened, names: list[str], request: Request, *, every: bool
) -> tuple[tuple[Phase, ...], Request]:
    """The phases to carry out, and the request with the identifiers of what it names as given.

    Raises:
        UsageError: the options contradict each other, or name nothing.
    """
    first, until, only = request.first, request.until, request.only
    refuse_both(names, every=every)
    by = "run --restart --only" if request.restart else "run --only"
    within = phases_named(opened, names, task_by=by) if names else ()
    if only is not None:
        if every or first is not None or until is not None:
            raise UsageError("--only names one task: give it without --all, --from and --until")
        task = named(opened, only, "task", within=within)
        _refuse_others(within, [("--only", task)])
        return (task.phase,), replace(request, only=task.id)
    begin = None if first is None else named(opened, first, "phase", "task", within=within)
    end = None if until is None else named(opened, until, "phase", "task", within=within)
    bounds = [(option, each) for option, each in (("--from", begin), ("--until", end)) if each]
    chosen = within or _chosen(opened, [each for _, each in bounds], every=every)
    _refuse_others(chosen, bounds)
    order = [phase.id for phase in chosen]
    low = 0 if begin is None else order.index(begin.phase.id)
    high = len(order) - 1 if end is None else order.index(end.phase.id)
    if low > high:
        raise UsageError(f"--from {first} comes after --until {until}")
    request = replace(
        request,
        first=None if begin is None else begin.task_id,
        until=None if end is None else end.task_id,
    )
    if begin is not None and begin.task is not None and not request.asked(begin.phase):
        raise UsageError(f"--from {first} comes after --until {until}")
    return chosen[low : high + 1], request


def _chosen(opened: Opened, bounds: list[Named], *, every: bool) -> tuple[Phase, ...]:
    if not every and len({bound.phase.id for bound in bounds}) == 1:
        return (bounds[0].phase,)
    return next_phases(opened, every=every or bool(bounds), or_all_complete=True)


def _refuse_others(chosen: tuple[Phase, ...], bounds: list[tuple[str, Named]]) -> None:
    for option, bound in bounds:
        if chosen and bound.phase not in chosen:
            names = ", ".join(phase.id for phase in chosen)
            raise UsageError(f"{option} names {bound.id}, which is not in {names}")
