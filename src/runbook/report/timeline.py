"""What ran when, as places on a line: what is busy is to scale, what is long and idle is cut."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import ceil

from runbook.core.model.ids import task_of
from runbook.core.value import value
from runbook.report.story import RunStory, Span, SpanKind, Story, TaskStory
from runbook.views.words import seconds

_ROWS = 40
"""Rows of tasks; where there are more, a row is of several that follow each other, or a phase."""

_PHASES = 4
"""Of so many phases whose tasks are too many a row is a phase."""

_GAP = 4.0
"""The width of a cut, in percent."""

_CUTS = 24.0
"""What all cuts together may take, in percent."""

_THINNEST = 0.12
"""The width of what is shortest, in percent: thinner ones of one kind are put together."""

LABELS: dict[SpanKind, str] = {
    "check": "checks",
    "failed": "checks that failed",
    "before": "checks on the code from before",
    "run": "commands",
    "edit": "edits",
    "commit": "commits",
    "delegate": "delegates",
    "person": "waiting for a person",
    "service": "services",
}


@value
class Bar:
    """A span on the line: where it begins and how wide it is, in percent."""

    kind: SpanKind
    at: float
    width: float
    label: str
    where: str


@value
class Row:
    """What happened in one task, or to the services."""

    name: str
    title: str
    where: str
    bars: tuple[Bar, ...]


@value
class Cut:
    """A time in which nothing ran."""

    at: float
    width: float
    label: str


@value
class Tick:
    """A time that is written on the line."""

    at: float
    label: str


@value
class Share:
    """How long one kind of thing took: seconds, and percent of all that was busy."""

    kind: SpanKind
    label: str
    duration: float
    percent: float


@value
class Timeline:
    """All of it."""

    rows: tuple[Row, ...]
    cuts: tuple[Cut, ...]
    ticks: tuple[Tick, ...]
    shares: tuple[Share, ...]
    busy: float  # seconds
    waited: float  # seconds


class _Scale:
    """From times to percent: the stretches in which runs were at work, and the cuts between."""

    def __init__(self, runs: Iterable[RunStory]) -> None:
        self.stretches = _joined(
            (run.began, run.ended)
            for run in runs
            if run.began is not None and run.ended is not None
        )
        self.idle = [(begin, end) for (_, begin), (end, _) in pairwise(self.stretches)]
        self.busy = sum(end - begin for begin, end in self.stretches)
        gaps = len(self.idle)
        self.gap = min(_GAP, _CUTS / gaps) if gaps else 0.0
        self._per_second = (100.0 - gaps * self.gap) / self.busy if self.busy else 0.0

    def at(self, time: float) -> float:
        place = 0.0
        for begin, end in self.stretches:
            if time <= end:
                return place + max(0.0, time - begin) * self._per_second
            place += (end - begin) * self._per_second + self.gap
        return min(100.0, place)

    def cuts(self) -> tuple[Cut, ...]:
        return tuple(
            Cut(self.at(begin), self.gap, seconds(end - begin)) for begin, end in self.idle
        )

    def ticks(self) -> tuple[Tick, ...]:
        """When each stretch began (UTC), and how much time had been spent in round steps."""
        from datetime import UTC, datetime

        found = [
            Tick(self.at(begin), datetime.fromtimestamp(begin, UTC).strftime("%H:%M:%S"))
            for begin, _ in self.stretches[:1]
        ]
        step = next((each for each in _STEPS if self.busy / each <= 6), _STEPS[-1])
        passed = step
        while passed < self.busy:
            time = self._after(passed)
            if self.at(time) < 96 and self.at(time) - found[-1].at > 5:
                found.append(Tick(self.at(time), f"+{seconds(passed).removesuffix(' 0 s')}"))
            passed += step
        return tuple(found)

    def _after(self, spent: float) -> float:
        for begin, end in self.stretches:
            if spent <= end - begin:
                return begin + spent
            spent -= end - begin
        return self.stretches[-1][1]


_STEPS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21600, 86400)


def timeline(story: Story) -> Timeline | None:
    """The timeline of a story; `None` where times are not known, or nothing took any."""
    scale = _Scale(story.runs.values())
    spans = [span for span in story.spans if span.ended is not None]
    if not scale.busy or not spans:
        return None
    waited = sum(end - begin for begin, end in scale.idle)
    rows = _rows(story, spans, scale)
    return Timeline(rows, scale.cuts(), scale.ticks(), _shares(spans), scale.busy, waited)


def _rows(story: Story, spans: list[Span], scale: _Scale) -> tuple[Row, ...]:
    by_task: dict[str, list[Span]] = {}
    for span in spans:
        by_task.setdefault("" if span.kind == "service" else task_of(span.where), []).append(span)
    rows = []
    if "" in by_task:
        rows.append(Row("services", "", "environment", _bars(by_task[""], scale)))
    each = ceil(sum(task.task in by_task for task in story.tasks) / _ROWS)
    for phase in story.phases.values():
        tasks = [task for task in phase.tasks.values() if task.task in by_task]
        if each > 1 and len(story.phases) >= _PHASES:
            own = [span for task in tasks for span in by_task[task.task]]
            if own:
                rows.append(Row(phase.phase, phase.title, phase.phase, _bars(own, scale)))
            continue
        for first in range(0, len(tasks), max(1, each)):
            together = tasks[first : first + each]
            own = [span for task in together for span in by_task[task.task]]
            rows.append(_row(together, story, _bars(own, scale)))
    return tuple(rows)


def _row(tasks: list[TaskStory], story: Story, bars: tuple[Bar, ...]) -> Row:
    name = tasks[0].task if len(story.phases) > 1 else tasks[0].name
    if len(tasks) == 1:
        return Row(name, tasks[0].title, tasks[0].task, bars)
    return Row(f"{name} to {tasks[-1].name}", "", tasks[0].task, bars)


def _bars(spans: list[Span], scale: _Scale) -> tuple[Bar, ...]:
    bars: list[Bar] = []
    for span in sorted(spans, key=lambda each: each.began):
        assert span.ended is not None
        at = scale.at(span.began)
        width = max(scale.at(span.ended) - at, _THINNEST)
        last = bars[-1] if bars else None
        if (
            last
            and last.kind == span.kind
            and at - last.at < _THINNEST * 2
            and width < _THINNEST * 2
        ):
            continue  # Nobody could tell it from the one before.
        label = f"{span.label} ({seconds(span.ended - span.began)})"
        bars.append(Bar(span.kind, round(at, 3), round(width, 3), label, span.where))
    return tuple(bars)


def _shares(spans: list[Span]) -> tuple[Share, ...]:
    """What the time went into; services run beside the rest, and are told as they start."""
    spent: dict[SpanKind, float] = {}
    for span in spans:
        if span.ended is not None and (span.kind != "service" or span.label.endswith("starts")):
            spent[span.kind] = spent.get(span.kind, 0.0) + span.ended - span.began
    total = sum(spent.values())
    return tuple(
        Share(kind, LABELS[kind], duration, round(duration / total * 100, 2))
        for kind, duration in sorted(spent.items(), key=lambda each: -each[1])
        if total and duration >= 0.05
    )


def _joined(pairs: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches of time without overlaps; of those that nearly touch one is made."""
    found: list[tuple[float, float]] = []
    for begin, end in sorted(pairs):
        if found and begin - found[-1][1] < 2.0:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found
