"""The commands that only look: `status`, `list` and `check`, each as its lines."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model import Phase
from runbook.opening import Opened, open_series, program


def status(names: list[str]) -> Iterator[str]:
    """Where the named phases stand, or all."""
    from runbook.views.status import status_lines
    from runbook.world.journal import locked_by, read_progress

    opened = open_series()
    progress = {phase.id: read_progress(opened.journal(phase)) for phase in opened.loaded.phases}
    for phase in _chosen(opened, names):
        waits_for = [name for name in phase.requires if not progress[name].complete(name)]
        at_work = locked_by(opened.journal(phase))
        yield from status_lines(phase, progress[phase.id], at_work, waits_for, program())


def list_phases() -> Iterator[str]:
    """The phases of the series, a line each."""
    from runbook.views.status import list_lines
    from runbook.world.journal import read_progress

    opened = open_series()
    progress = {phase.id: read_progress(opened.journal(phase)) for phase in opened.loaded.phases}
    yield from list_lines(opened.loaded.series, opened.loaded.phases, progress)


def check(names: list[str]) -> tuple[Iterator[str], int]:
    """What is wrong in the named phases, or all, in words; and the exit status."""
    from runbook.checking import check_phases
    from runbook.views.checked import text_lines

    opened = open_series()
    checked = check_phases(opened, _chosen(opened, names))
    lines = text_lines(checked.phases, checked.problems, checked.untried)
    return lines, 1 if checked.problems else 0


def _chosen(opened: Opened, names: list[str]) -> tuple[Phase, ...]:
    return opened.choose(names) if names else opened.loaded.phases
