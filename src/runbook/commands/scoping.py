"""Which phases and tasks a run is asked for, from the options of its command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runbook.core.model import Phase
from runbook.naming import Named, named, named_task
from runbook.opening import Opened, UsageError

if TYPE_CHECKING:
    from runbook.engine.scope import Scope


def scoped(
    opened: Opened,
    names: list[str],
    *,
    every: bool,
    first: str | None,
    until: str | None,
    only: str | None,
    restart: bool,
) -> tuple[tuple[Phase, ...], Scope]:
    """The phases to carry out, and how much of them.

    Raises:
        UsageError: the options contradict each other, or name nothing.

    """
    from runbook.engine.scope import Scope

    if every and names:
        raise UsageError("name phases, or say --all: not both")
    within = opened.choose(names)
    if only is not None:
        if every or first is not None or until is not None:
            raise UsageError("--only names one task: give it without --all, --from and --until")
        phase, task = named_task(opened, only, within)
        _refuse_others(opened, names, [("--only", Named(phase, task))])
        return (phase,), Scope(only=task, restart=restart)
    begin = None if first is None else named(opened, first, within)
    end = None if until is None else named(opened, until, within)
    bounds = [(option, each) for option, each in (("--from", begin), ("--until", end)) if each]
    chosen = _chosen(opened, names, [each for _, each in bounds], every=every)
    _refuse_others(opened, [phase.id for phase in chosen], bounds)
    order = [phase.id for phase in chosen]
    low = 0 if begin is None else order.index(begin.phase.id)
    high = len(order) - 1 if end is None else order.index(end.phase.id)
    if low > high:
        raise UsageError(f"--from {first} comes after --until {until}")
    scope = Scope(
        None if begin is None else begin.task, None if end is None else end.task, None, restart
    )
    for phase in chosen:
        if begin is not None and begin == Named(phase, scope.first) and not scope.asked(phase):
            raise UsageError(f"--from {first} comes after --until {until}")
    return chosen[low : high + 1], scope


def _chosen(
    opened: Opened, names: list[str], bounds: list[Named], *, every: bool
) -> tuple[Phase, ...]:
    if names:
        return opened.choose(names)
    if every or len({bound.phase.id for bound in bounds}) > 1:
        return opened.loaded.phases or opened.next_phases(every=every)
    if bounds:
        return (bounds[0].phase,)
    return opened.next_phases(every=every)


def _refuse_others(opened: Opened, names: list[str], bounds: list[tuple[str, Named]]) -> None:
    chosen = [phase.id for phase in opened.choose(names)]
    for option, bound in bounds:
        if names and bound.phase.id not in chosen:
            raise UsageError(
                f"{option} names {bound.task or bound.phase.id}, which is not in "
                f"{', '.join(chosen)}"
            )
