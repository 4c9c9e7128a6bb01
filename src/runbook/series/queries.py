"""The commands that only look: `status`, `list`, `show` and `check`, each as its lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from runbook.series.opening import no_phases, open_series

if TYPE_CHECKING:
    from runbook.core.model.model import Phase
    from runbook.core.record.lineschema import State
    from runbook.core.record.status import PhaseStatus
    from runbook.series.opening import Opened
    from runbook.views.lines import Shown


def status(names: list[str], *, json: bool = False) -> tuple[Iterator[Shown], bool]:
    """Where the named phases stand, or all, in words or as JSON lines; whether all are complete."""
    from runbook.series.naming import phases_named
    from runbook.series.standing import statuses, without_files

    opened = open_series()
    chosen = phases_named(opened, names, task_by="show")
    # Before the journals are looked at by who changes what they tell.
    strays = () if names or json else tuple(without_files(opened))
    series = statuses(opened, opened.loaded.phases, chosen)
    found = [each for each in series if each.phase in {phase.id for phase in chosen}]
    complete = all(each.complete for each in found)
    if json:
        return _states(found), complete
    from runbook.core.record.following import following
    from runbook.views.status import (
        folded_line,
        short_line,
        status_lines,
        stray_lines,
        told_in_full,
    )

    roots = opened.roots
    last = next((each.phase for each in reversed(found) if each.complete), None)
    after = {last: following(series, last)} if last is not None else {}
    phases = {phase.id: phase for phase in chosen}
    work = {
        each.phase: _work(opened, phases[each.phase], each)
        for each in found
        if each.locked_by is not None
    }
    # Who names phases wants to see them.
    full = {each.phase for each in found} if names else told_in_full(found)

    def lines() -> Iterator[Shown]:
        for each in found:
            if each.phase in full:
                yield from status_lines(
                    each, roots[each.phase], after.get(each.phase), work.get(each.phase, ())
                )
            else:
                yield short_line(each)
        if len(full) < len(found):
            yield folded_line(found)
        for name, paths in strays:
            yield from stray_lines(name, paths)

    return lines(), complete


def _work(opened: Opened, phase: Phase, status: PhaseStatus) -> tuple[str, ...]:
    """What the process does that is at work on a phase; nothing where it is at another one."""
    if status.at is None:
        return ()
    from runbook.series.logs import under_way

    return under_way(opened.journal(phase))


def at_work() -> bool:
    """Whether a process is at work on any phase."""
    from runbook.world.files.journallock import locked_by

    opened = open_series()
    return any(locked_by(opened.journal(phase)) for phase in opened.loaded.phases)


def list_phases(*, json: bool = False) -> Iterator[str]:
    """The phases of the series, a line each."""
    from runbook.series.standing import statuses
    from runbook.views.status import list_lines

    opened = open_series()
    phases = opened.loaded.phases
    # The marks of a list say nothing of what a run would stop for.
    found = statuses(opened, phases, phases if json else ())
    if json:
        return _states(found)
    if not found:
        return iter([no_phases(opened.folder)])
    return list_lines(opened.loaded.series, found)


def show(name: str, *, json: bool = False) -> Iterator[Shown]:
    """A task closely: its steps, what was proved, its commits and files."""
    from runbook.core.record.taskreport import task_report
    from runbook.series.naming import named
    from runbook.series.standing import look, notes_of, statuses
    from runbook.views.tasks import task_lines

    opened = open_series()
    meant = named(opened, name, "task", "verification")
    assert meant.task is not None
    (status,) = statuses(opened, (meant.phase,))
    seen = look(opened)[meant.phase.id]
    report = task_report(meant.task, seen.progress, status, notes_of(opened, seen))
    return _states([report]) if json else task_lines(report)


def next_step(names: list[str], *, json: bool = False) -> tuple[Iterator[str], bool]:
    """The next step of these phases, or of the series, as its lines; and whether there is one."""
    from runbook.series.naming import phases_named
    from runbook.series.nextstep import next_step
    from runbook.series.standing import look, upcoming, waits_for
    from runbook.views.nextstep import next_lines

    opened = open_series()
    seen = look(opened)
    for phase in phases_named(opened, names) if names else upcoming(opened, seen):
        found = next_step(
            opened, phase, lambda each: seen[each.id].progress, partial(waits_for, seen)
        )  # fmt: skip
        if found is not None:
            return (_states([found]) if json else next_lines(found)), True
    return iter(() if json else ["nothing is left to do"]), False


def _states(states: Iterable[State]) -> Iterator[str]:
    from runbook.views.jsonlines import state_line

    return map(state_line, states)


def check(names: list[str]) -> tuple[Iterator[str], int]:
    """What is wrong in the named phases, or all, in words; and the exit status."""
    from runbook.series.checking import check_phases
    from runbook.series.naming import phases_named
    from runbook.views.checked import text_lines
    from runbook.views.screen import columns_of

    opened = open_series()
    checked = check_phases(opened, phases_named(opened, names, task_by="check --diff"))
    columns = columns_of(sys.stdout)
    lines = text_lines(checked.phases, checked.problems, checked.notes, columns)
    return lines, 1 if checked.problems else 0
