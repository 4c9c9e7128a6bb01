"""Names that a shell offers: of phases, tasks, steps and runs, as they are typed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from runbook.core.model.model import Phase
from runbook.core.record.described import describe
from runbook.series.logs import journals
from runbook.series.opening import Opened, open_series
from runbook.world.files.journalrecords import read_history

_RUNS = 20
"""How many of the latest runs are offered."""


def offered(kinds: Set[str], typed: str) -> Iterator[tuple[str, str]]:
    """Names of some kinds ("PHASE", "TASK", "STEP", "RUN"), each with what it is.

    A phase is named by its number where that is how it was begun to be `typed`.
    """
    opened = open_series()
    if "RUN" in kinds:
        yield "last", "the last run"
        yield from _runs(opened)
    for phase in opened.loaded.phases:
        by_number = bool(re.match(r"\d", typed)) and phase.number is not None
        name = str(phase.number) if by_number else phase.id
        if "PHASE" in kinds:
            yield name, phase.title or phase.goal
        if kinds & {"TASK", "STEP"} and (name.startswith(typed) or typed.startswith(f"{name}/")):
            yield from _within(phase, name, kinds)


def _within(phase: Phase, name: str, kinds: Set[str]) -> Iterator[tuple[str, str]]:
    for task in (task for task in phase.every_task if task.steps):
        inner = f"{name}/{task.id.rpartition('/')[2]}"
        if "TASK" in kinds:
            yield inner, task.title
        if "STEP" in kinds:
            for step_name, step in task.named_steps():
                kind, subject = describe(step)
                yield f"{inner}/{step_name.rpartition('/')[2]}", f"{kind} {subject}"


def _runs(opened: Opened) -> Iterator[tuple[str, str]]:
    from runbook.core.record.history import summaries

    for folder in journals(opened).values():
        for run in reversed(summaries(read_history(folder))[-_RUNS:]):
            yield run.run, ", ".join(run.phases)
