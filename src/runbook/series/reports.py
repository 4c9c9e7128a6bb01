"""What is recorded of runs, for reports: from the journals, from git's notes, from JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import TextIO

from runbook.core.model.ids import phase_of
from runbook.core.record.codec import fits
from runbook.core.record.events import Event, WorktreeMade
from runbook.core.record.history import Recorded
from runbook.core.record.ledgerevents import PhaseRebuilt
from runbook.core.record.records import from_record
from runbook.core.record.retold import retold
from runbook.core.value import value
from runbook.series.details import details_of
from runbook.series.logs import as_it_happened, journals, run_named
from runbook.series.naming import named
from runbook.series.opening import Opened, UsageError, open_series
from runbook.series.standing import landed, look
from runbook.views.screen import program
from runbook.world.files.journalrecords import read_history


@value
class History:
    """What a report is made of: events with their details, and in words where they are from."""

    events: tuple[Recorded, ...]
    source: str


def recorded(name: str | None) -> History:
    """What is known of a run, or of a phase with all its runs.

    Without a name that is the phases of the last run; without any run, all that notes tell of.

    Raises:
        UsageError: there is no such run or phase, or nothing of it is recorded.
    """
    opened = open_series()
    by_worktree = [read_history(folder) for folder in journals(opened).values()]
    history = as_it_happened(by_worktree)
    phases = _phases(opened, name, history)
    if phases is None:
        assert name is not None
        run = run_named(name, history)
        found = [each for each in history if each.run == run]
        return _detailed(opened, found, "the journal")
    history = as_it_happened(map(_on_this_branch, by_worktree))
    found, source = _of_phases(opened, phases, history)
    if not found:
        what = name or "any phase"
        raise UsageError(f"nothing is recorded of {what} yet; to carry it out: {program()} run")
    return _detailed(opened, found, source)


def _on_this_branch(history: list[Recorded]) -> list[Recorded]:
    """The events since the worktree got its branch: what was done before is gone with another."""
    for number in range(len(history) - 1, -1, -1):
        event = history[number].event
        if isinstance(event, WorktreeMade) and event.new_branch:
            run = history[number].run
            return [each for each in history[:number] if each.run == run] + history[number:]
    return history


def _detailed(opened: Opened, found: Iterable[Recorded], source: str) -> History:
    return History(tuple(details_of(opened).among(found)), source)


def _phases(opened: Opened, name: str | None, history: list[Recorded]) -> list[str] | None:
    """The phases that are meant; `None` where it is a run."""
    if name is None:
        last = [each for each in history if each.run == history[-1].run]
        told = dict.fromkeys(about(each.event) for each in last)
        return [each for each in told if each] or [each.id for each in opened.loaded.phases]
    if name != "last" and opened.loaded.phases:
        with suppress(UsageError):
            return [named(opened, name, "phase").phase.id]
    return None


def _of_phases(
    opened: Opened, phases: list[str], history: list[Recorded]
) -> tuple[list[Recorded], str]:
    """The events of some phases, as git has the last word on them; and what they are known from."""
    runs = {each.run for each in history if about(each.event) in phases}
    found = [each for each in history if each.run in runs and about(each.event) in ("", *phases)]
    sources = ["the journal"] if found else []
    seen = look(opened)
    for phase in phases:
        for change in seen[phase].changes if phase in seen else ():
            if isinstance(change, PhaseRebuilt):
                found = [each for each in found if about(each.event) != phase]
                found += retold(seen[phase].phase, change, landed(opened, seen[phase]))
                sources.append("the notes of its commits")
            else:
                run = found[-1].run if found else ""
                found.append(Recorded(run, None, change))
    return found, " and ".join(dict.fromkeys(sources))


def about(event: Event) -> str:
    """The phase that an event is of; empty where it is of its run."""
    for name in ("phase", "where", "task", "step", "target"):
        where = getattr(event, name, "")
        if where:
            return phase_of(where)
    return ""


def from_lines(lines: TextIO, name: str) -> History:
    """What JSON lines tell, as `--json` and `--events` write them; a torn last one is passed over.

    Raises:
        UsageError: naming the line that is no event; or there is none.
    """
    found = tuple(_read(lines, name))
    if not found:
        raise UsageError(f"there is no event in {name}")
    return History(found, f"the events in {name}")


def _read(lines: TextIO, name: str) -> Iterator[Recorded]:
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            event = from_record(record)
            if not fits(type(event), event):
                raise ValueError(line)
            time = record.get("time")
            when = None if time is None else datetime.fromisoformat(time).timestamp()
        except (ValueError, AttributeError, TypeError, OverflowError, RecursionError):
            if not line.endswith("\n"):
                return
            raise UsageError(
                f"{name}:{number} is no event of this version; the lines are those that "
                "`run --json`, `run --events FILE` and `log RUN --json` write"
            ) from None
        yield Recorded(str(record.get("run", "")), when, event)
