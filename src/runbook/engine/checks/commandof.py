"""The command of a step as it is run, of what was asked for."""

from __future__ import annotations

from pathlib import Path

from runbook.core.check.expectations import questions
from runbook.core.model.model import Phase, Verify
from runbook.core.shell.probing import never_finds
from runbook.engine.ground.context import Context
from runbook.engine.ground.order import Order
from runbook.world.processes.command import Command


def command_of(context: Context, phase: Phase, order: Order, log: Path) -> Command:
    """What is run; `log` is where its output goes."""
    check = order.step if isinstance(order.step, Verify) and context.request.reuse else None
    repeats = context.evidence.repeats(phase)
    return Command(
        text=order.step.command,
        cwd=context.folder(order.root, phase),
        env=context.environment(phase, order.step.env),
        timeout=context.timeout(phase, order.step.timeout),
        log=log,
        questions=(check and repeats.asked(check))
        or questions(order.step.expect, order.step.command),
        secrets=context.secrets(phase, order.step.env),
        # Where nobody asks what tests did, a command is not to fail of what watches it.
        probe=order.step.expect.tests is not None or not never_finds(order.step.command),
        held=context.journal.lock,
        tick=context.tick,
    )
