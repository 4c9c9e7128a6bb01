"""Keys that edits set, held against those that the files have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from runbook.core.lint.finding import Finding
from runbook.core.model.model import Edit
from runbook.core.model.operations import SetValues
from runbook.world.files.workspace import Unreachable

if TYPE_CHECKING:
    from runbook.engine.review.simulatephase import SimulatedPhase
    from runbook.engine.review.simulateseries import SeriesSimulation


def misspelt_keys(simulation: SeriesSimulation, simulated: SimulatedPhase) -> Iterator[Finding]:
    """The keys of a phase that would be made new beside one that is written almost alike."""
    phase = simulated.phase
    for where, step in phase.named_steps():
        if not isinstance(step, Edit):
            continue
        for operation in step.changes:
            if not isinstance(operation, SetValues):
                continue
            for path in step.targets:
                if not isinstance(path, str):
                    continue
                with suppress(Unreachable):
                    yield from _of_file(simulation, simulated, where, operation, path)


def _of_file(
    simulation: SeriesSimulation,
    simulated: SimulatedPhase,
    where: str,
    operation: SetValues,
    path: str,
) -> Iterator[Finding]:
    now = simulation.files(simulated.phase).read(path)
    if now is None:
        return
    from runbook.transforms.misspelt import misspelt

    text = now.data.decode("utf-8", "replace")
    for stated, new, near in misspelt(text, operation, path):
        yield Finding(
            "RB120", stated.at if stated.at.path else operation.at,
            f"{path} has no `{new}`, and it would be made new", f"did you mean `{near}`?", where,
        )  # fmt: skip
