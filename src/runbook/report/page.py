"""A story as one HTML page that needs nothing else: no network, no other file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runbook import __version__
from runbook.core.model.ids import inside, last
from runbook.core.record.described import JUDGED_ON, start_of
from runbook.core.record.detailevents import TestSeen
from runbook.core.text.counting import count, enumerated
from runbook.core.text.printable import printable
from runbook.core.value import value
from runbook.report import telling
from runbook.report.differences import FileDifference, differences, size
from runbook.report.story import CommandStory, StepStory, Story, TaskStory
from runbook.report.timeline import timeline
from runbook.report.workers import Chart, charts
from runbook.views.evidence import word_lines
from runbook.views.words import said, seconds

_FOLDER = Path(__file__).parent / "templates"

_CHARACTERS = 3_000_000
"""Of differences that a page shows; more would make it slow to open."""

_TESTS = 6_000
"""Tests that are listed one by one in a page."""

_TELLING = 10
"""Tests of a check that are worth a list, if none failed."""

_FEW = 12
"""So many tasks are open at first; of more, those that need a look."""

_COLOURED = 250
"""So many commits are shown with the colours of their language."""


@value
class Budget:
    """How much of each thing a page takes, by how many there are."""

    difference: int  # characters of each commit
    tests: int  # of each check
    colours: bool
    charts: bool
    open: bool

    @classmethod
    def of(cls, story: Story) -> Budget:
        """The budget of a story."""
        # Of edits that are committed a source may tell the difference, or not: it is not shown.
        by_itself = sum(bool(each.difference) for each in telling.beside_commits(story))
        changes = max(1, len(story.commits) + by_itself)
        checks = max(1, sum(bool(command.tests) for s in story.steps for command in s.commands))
        return cls(
            min(60_000, _CHARACTERS // changes),
            min(400, _TESTS // checks),
            changes <= _COLOURED,
            checks <= _COLOURED,
            len(story.tasks) <= _FEW,
        )


def page(story: Story) -> str:
    """The page; every text of it is escaped, and made printable."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_shown,
    )
    environment.filters |= {**_FILTERS, "place": _Places(story)}
    budget = Budget.of(story)
    script = _source("page.js")
    return environment.get_template("page.html").render(
        story=story,
        title=telling.heading(story),
        verdict=telling.verdict(story),
        figures=telling.figures(story),
        attention=telling.attention(story),
        timeline=timeline(story),
        version=__version__,
        style=_source("page.css"),
        script=script,
        # A script that is not this one does not run, however it came into the page.
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
        told=_Told(story, budget),
        budget=budget,
    )


class _Places:
    """Where in the page something stands, as a link to it."""

    def __init__(self, story: Story) -> None:
        self._known = {"environment", *(task.task for task in story.tasks)}
        self._known |= {step.step for step in story.steps}
        if len(story.phases) > 1:
            self._known |= story.phases.keys()

    def __call__(self, where: str) -> str:
        """The link; of what does not stand there, to what it is in."""
        while where and where not in self._known:
            where = where.rpartition("/")[0]
        return f"#{_anchor(where or 'tasks')}"


class _Told:
    """What the template asks for each task and step, within the budget."""

    def __init__(self, story: Story, budget: Budget) -> None:
        self._budget = budget
        self._beside = {each.step for each in telling.beside_commits(story)}

    def beside_commits(self, step: StepStory) -> bool:
        """Whether the difference of a step is shown beside those of commits."""
        return step.step in self._beside

    def difference(self, text: str) -> list[FileDifference]:
        return differences(text, self._budget.difference, colours=self._budget.colours)

    def charts(self, step: StepStory) -> tuple[Chart, ...]:
        return charts(step) if self._budget.charts else ()

    def tests(self, command: CommandStory) -> tuple[list[TestSeen], int]:
        """The tests that are listed, what did not pass first; and how many more there are.

        Where there are thousands of checks, only what failed is listed.
        """
        ordered = sorted(command.tests, key=lambda each: (each.outcome == "passed", -each.duration))
        bad = sum(each.outcome in ("failed", "error") for each in ordered)
        most = self._budget.tests
        kept = ordered[: most if most >= _TELLING else min(bad, 20)]
        return kept, len(ordered) - len(kept) + command.tests_left_out

    def opened(self, task: TaskStory) -> bool:
        """Whether a task is seen without being opened."""
        return self._budget.open or task.mark in ("stopped", "waits")


def _shown(value: Any) -> Any:
    """What is written for a value; texts that are no HTML of ours are made printable."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return printable(value)
    return "" if value is None else value


def _source(name: str) -> str:
    from markupsafe import Markup

    return Markup((_FOLDER / name).read_text(encoding="utf-8"))  # our own file


def _anchor(where: str) -> str:
    return "".join(each if each.isalnum() or each in "-." else "_" for each in where)


def _clock(time: float | None, form: str = "%Y-%m-%d %H:%M:%S UTC") -> str:
    from datetime import UTC, datetime

    return "" if time is None else datetime.fromtimestamp(time, UTC).strftime(form)


_FILTERS: dict[str, Callable[..., Any]] = {
    "anchor": _anchor,
    "clock": _clock,
    "count": count,
    "enumerated": enumerated,
    "expected": telling.expected,
    "inside": inside,
    "judged_on": JUDGED_ON.__getitem__,
    "last": last,
    "message": telling.message_parts,
    "outcome": telling.outcome,
    "said": said,
    "seconds": seconds,
    "size": size,
    "start_of": start_of,
    "word": lambda word: list(word_lines(word)),
}
