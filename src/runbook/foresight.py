"""The dry run of phases: each as its lines, with nothing done."""

from __future__ import annotations

import os
from collections.abc import Iterator

from runbook.core.foreseen import Foreseen
from runbook.core.model import Phase
from runbook.core.progress import Progress
from runbook.engine.foresee import foresee
from runbook.engine.scope import Scope
from runbook.engine.simulate import Simulation
from runbook.engine.survey import Survey
from runbook.opening import Opened
from runbook.standing import complete, look
from runbook.views.foreseen import foreseen_lines
from runbook.world.environment import forget_git
from runbook.world.repository import Repository
from runbook.world.workspace import Workspace


def foresee_lines(
    opened: Opened, phases: tuple[Phase, ...], scope: Scope, *, accept_head: bool
) -> Iterator[tuple[str, bool]]:
    """What a run over the phases would do, each line with whether the run would stop there."""
    forget_git(os.environ)
    seen = look(opened)
    before: set[str] = set()
    for phase in phases:
        waits = [name for name in phase.requires if name not in before and not complete(seen, name)]
        progress = seen[phase.id].progress
        foreseen = _foresee(opened, phase, progress, waits, scope, accept_head)
        stops = False
        for line, stops_here in foreseen_lines(phase, foreseen):
            yield line, stops_here
            stops |= stops_here
        if stops:
            return
        before.add(phase.id)


def _foresee(
    opened: Opened,
    phase: Phase,
    progress: Progress,
    waits: list[str],
    scope: Scope,
    accept_head: bool,
) -> Iterator[Foreseen]:
    if waits:
        yield Foreseen(phase.id, "stops", f"it waits for {', '.join(waits)}")
        return
    root = opened.checkout.worktree(phase.settings.worktree)
    if (root / ".git").exists():
        workspace = Workspace(root, phase.settings.workdir)
        repository = Repository(root)
        simulation = Simulation(
            workspace,
            lambda glob: repository.matching(workspace.folder, glob.pattern, untracked=False),
        )
        yield from foresee(phase, progress, root, simulation, scope, accept_head=accept_head)
        return
    yield Foreseen(phase.id, "would", f"the worktree {phase.settings.worktree} would be made")
    with Survey(opened.checkout, (phase,), lambda _: progress) as survey:
        tree = survey.files(phase)
        simulation = Simulation(tree, lambda glob: tree.matching(glob.pattern))
        yield from foresee(phase, progress, None, simulation, scope, accept_head=accept_head)
