"""The declared-files gate: a change that nothing declares would stay behind unseen."""

from __future__ import annotations

from runbook.core.declared import declaring_steps
from runbook.core.model import Commit, Phase
from runbook.engine.site import Site
from runbook.engine.targets import declared, is_phase_file


def undeclared(site: Site, phase: Phase, dirty: tuple[str, ...]) -> tuple[str, ...]:
    """Tracked files that were changed since a task began, and that no step of the phase declares.

    `dirty` are those that were changed before. The phase files are mended while they are carried
    out, and are passed over.
    """
    commits = [step for task in phase.tasks for step in task.steps if isinstance(step, Commit)]
    ours = {*declared(site, [*declaring_steps(phase), *commits]), *dirty}
    return tuple(
        change.path
        for change in site.repository.changes(untracked=False)
        if change.path not in ours and not is_phase_file(site, change.path)
    )
