"""All rules over a phase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runbook.core.lint.changes import changes
from runbook.core.lint.evidence import evidence, ignored_groups
from runbook.core.lint.finding import Finding
from runbook.core.lint.machine import absolute_paths, absolute_variables, unpinned
from runbook.core.lint.numbers import misnumbered
from runbook.core.lint.promises import promises
from runbook.core.lint.sequence import sequence
from runbook.core.lint.statuses import statuses
from runbook.core.lint.trailers import trailers
from runbook.core.lint.typography import typographic
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Phase, Run, Series, Settings, Step, Verify
from runbook.core.position import Position
from runbook.core.shell.launching import every_script
from runbook.core.shell.script import Script, parse
from runbook.core.value import replace


def lint(
    phase: Phase,
    locked: Mapping[str, str],
    series: Series = Series(),  # noqa: B008 # a value
) -> Iterator[Finding]:
    """Every finding in a phase; `locked` are the versions that its project's lock file has.

    What a phase has of its `series` is found there.
    """
    checks: list[tuple[StepId, Verify, Script]] = []
    for where, step in phase.named_steps():
        for finding in _step(step, where, checks):
            yield finding if finding.step else replace(finding, step=where)
    yield from ignored_groups(checks, locked)
    yield from sequence(phase)
    yield from misnumbered(phase)
    yield from _settings(phase.settings, phase.at, series.settings, series.at)


def _settings(
    stated: Settings, at: Position, shared: Settings, shared_at: Position
) -> Iterator[Finding]:
    """What is found in the settings of a phase, some of which are `shared` by the series."""
    for service in stated.services or ():
        yield from _command(service.at, "run", parse(service.run))
    if stated.setup is not None:
        place = shared_at if stated.setup == shared.setup else at
        yield from _command(place, "setup", parse(stated.setup))
    for variable in stated.env or ():
        place = shared_at if variable in (shared.env or ()) else at
        yield from absolute_variables(place, (variable,))


def _command(at: Position, key: str, script: Script) -> Iterator[Finding]:
    for each in every_script(script):
        yield from unpinned(at, key, each)
        yield from absolute_paths(at, key, each)
        yield from typographic(at, key, each)


def _step(
    step: Step, where: StepId, checks: list[tuple[StepId, Verify, Script]]
) -> Iterator[Finding]:
    match step:
        case Run() | Verify():
            key = "verify" if isinstance(step, Verify) else "run"
            script = parse(step.command)
            yield from statuses(step, script)
            yield from _command(step.at, key, script)
            yield from absolute_variables(step.at, step.env)
            if isinstance(step, Verify):
                checks.append((where, step, script))
                yield from evidence(step, script)
                yield from promises(step, script)
                for each in every_script(script):
                    yield from changes(step, each)
        case Commit():
            yield from trailers(step)
        case _:
            pass


def relies_on_groups(phase: Phase) -> bool:
    """Whether it is worth looking at the project's lock file."""
    steps = [step for _, step in phase.named_steps() if isinstance(step, Verify)]
    return any("pytest" in step.command for step in steps) and any(
        "-n" in step.command or "--dist" in step.command or step.expect.tests for step in steps
    )
