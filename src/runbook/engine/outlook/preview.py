"""What a step would do, before it is carried out."""

from __future__ import annotations

from runbook.core.edit.difference import difference
from runbook.core.model.model import Edit, Step
from runbook.engine.ground.context import Context
from runbook.engine.ground.ground import simulated
from runbook.engine.simulation.planned import EditConflict
from runbook.format.wording import wording
from runbook.world.files.workspace import data_of


def preview(context: Context, step: Step) -> str:
    """The difference that an edit would make; of other steps what the phase file says."""
    if not isinstance(step, Edit):
        return wording(step)
    try:
        planned = simulated(context).plan(step)
    except EditConflict as conflict:
        return f"it would not apply: {conflict}\n"
    shown = "".join(
        difference(
            file.path,
            data_of(file.before),
            data_of(file.after),
            (
                None if file.before is None else file.before.mode,
                None if file.after is None else file.after.mode,
            ),
        )
        for file in planned
        if file.changes
    )
    return shown or "it is applied already\n"
