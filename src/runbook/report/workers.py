"""Tests by worker, as bars that can be compared: now, and on the code from before."""

from __future__ import annotations

from typing import Literal

from runbook.core.record.described import start_of
from runbook.core.record.detailevents import TestSeen
from runbook.core.text.counting import count
from runbook.core.value import value
from runbook.report.story import CommandStory, StepStory
from runbook.views.words import seconds

Look = Literal["passed", "failed", "skipped"]

_LOOKS: dict[str, Look] = {
    "passed": "passed",
    "xpassed": "passed",
    "failed": "failed",
    "error": "failed",
    "skipped": "skipped",
    "xfailed": "skipped",
}

_TELLING = 5
"""Tests of one worker that are worth a chart."""

_EACH = 60
"""So many tests of a worker are bars of their own; of more, those that passed are one."""


@value
class Part:
    """One test, or several that passed: its place and width in percent."""

    look: Look
    at: float
    width: float
    label: str


@value
class Worker:
    """What one worker did."""

    name: str
    summary: str
    parts: tuple[Part, ...]


@value
class Chart:
    """The workers of one run of a command."""

    title: str
    workers: tuple[Worker, ...]


def charts(step: StepStory) -> tuple[Chart, ...]:
    """The charts of a check, on one scale: before its phase, where it was seen there, and now."""
    told = []
    before, now = step.before, step.last_command
    if before is not None and before.tests:
        told.append((f"at {start_of(before.state)}", before))
    if now is not None and now.tests:
        told.append(("now" if told else "", now))
    if not any(
        len(by_worker(command)) > 1 or len(command.tests) >= _TELLING for _, command in told
    ):
        return ()
    spent = [_spent(tests) for _, command in told for tests in by_worker(command).values()]
    longest = max(spent, default=0.0)
    if not longest:
        return ()
    return tuple(Chart(title, _workers(command, longest)) for title, command in told)


def by_worker(command: CommandStory) -> dict[str, list[TestSeen]]:
    """The tests that ran, by the worker that ran them."""
    found: dict[str, list[TestSeen]] = {}
    for test in command.tests:
        if test.worker:
            found.setdefault(test.worker, []).append(test)
    return dict(sorted(found.items(), key=lambda each: (len(each[0]), each[0])))


def _spent(tests: list[TestSeen]) -> float:
    return sum(test.duration for test in tests)


def _workers(command: CommandStory, longest: float) -> tuple[Worker, ...]:
    return tuple(
        Worker(
            name, f"{count(len(tests), 'test')}, {seconds(_spent(tests))}", _parts(tests, longest)
        )
        for name, tests in by_worker(command).items()
    )


def _parts(tests: list[TestSeen], longest: float) -> tuple[Part, ...]:
    groups: list[tuple[Look, float, str]] = []
    many = len(tests) > _EACH
    passed = [test for test in tests if _LOOKS[test.outcome] == "passed"]
    if many and passed:
        groups.append(("passed", _spent(passed), f"{count(len(passed), 'test')} passed"))
    for test in tests:
        look = _LOOKS[test.outcome]
        if not many or look != "passed":
            label = f"{test.test}: {test.outcome} ({seconds(test.duration)})"
            groups.append((look, test.duration, label))
    parts = []
    at = 0.0
    for look, duration, label in groups[: _EACH * 2]:
        width = max(duration / longest * 100, 0.4)
        parts.append(Part(look, round(min(at, 99.6), 3), round(min(width, 100 - at), 3), label))
        at = min(at + width, 99.6)
    return tuple(parts)
