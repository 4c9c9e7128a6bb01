"""Checks of where tests run, held against whether pytest-xdist heeds groups at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from runbook.core.lint.finding import Finding
from runbook.core.model.model import Verify
from runbook.core.shell.launching import every_command
from runbook.core.shell.script import parse
from runbook.core.shell.testprograms import runs_pytest
from runbook.series.testnames import may_be_changed
from runbook.world.files.workspace import Unreachable

if TYPE_CHECKING:
    from runbook.engine.review.simulatephase import SimulatedPhase
    from runbook.engine.review.simulateseries import SeriesSimulation
    from runbook.world.git.tree import Tree

_SETTINGS = ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg", "conftest.py")


def unheeded_groups(
    simulation: SeriesSimulation, simulated: SimulatedPhase, every: tuple[SimulatedPhase, ...]
) -> Iterator[Finding]:
    """The checks that expect workers of tests with groups, and run without `--dist loadgroup`.

    `every` are the phases up to it. Settings that a person or a command may change, or that may
    stand above `workdir`, are not judged.
    """
    phase = simulated.phase
    checks = [(where, step) for where, step in phase.named_steps() if _looks_at_workers(step)]
    if not checks:
        return
    tree = simulation.files(phase)
    settings = [text_in(tree, name) for name in _SETTINGS]
    made = [
        state.data.decode("utf-8", "replace")
        for each in every
        for _, files in each.planned
        for file in files
        for state in (file.before, file.after)
        if state is not None
    ]
    variables = [value for _, value in phase.settings.env or ()]
    heeded = any("loadgroup" in text for text in (*settings, *made, *variables))
    above = simulated.inside and not any("pytest" in text for text in settings)
    if heeded or above or any(may_be_changed(name, every) for name in _SETTINGS):
        return
    there = (text_in(tree, path) for path in tree.matching("**/*.py"))
    if not any("xdist_group" in text for text in chain(made, there)):
        return
    for where, step in checks:
        yield Finding(
            "RB114", step.at,
            "without `--dist loadgroup` the marker `xdist_group` means nothing, so where tests run "
            "says nothing about groups",
            "run it with `--dist loadgroup`, or leave `workers` out", where, "verify",
        )  # fmt: skip


def _looks_at_workers(step: object) -> bool:
    if not isinstance(step, Verify) or step.expect.tests is None:
        return False
    tests = step.expect.tests
    said = (step.command, *(value for _, value in step.env))
    return (
        (tests.workers is not None or tests.workers_per_file is not None)
        and not any("loadgroup" in text for text in said)
        and any(map(runs_pytest, every_command(parse(step.command))))
    )


def text_in(tree: Tree, path: str) -> str:
    """What a file says, nothing where there is none or git does not have it here."""
    with suppress(Unreachable):
        state = tree.read(path)
        if state is not None:
            return state.data.decode("utf-8", "replace")
    return ""
