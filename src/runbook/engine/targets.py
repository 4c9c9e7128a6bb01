"""Targets of steps as paths: literal ones as they are, patterns expanded."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.declared import step_targets
from runbook.core.model import Edit, Step
from runbook.core.operations import Glob
from runbook.engine.site import Site


def tracked(site: Site, pattern: Glob) -> list[str]:
    """The tracked files that a pattern matches."""
    return site.repository.matching(site.workspace.folder, pattern.pattern, untracked=False)


def step_paths(site: Site, step: Step) -> list[str]:
    """The paths (in `workdir`) that a step declares.

    A pattern of an edit means tracked files; of any other step also those it makes.
    """
    found: dict[str, None] = {}
    for target in step_targets(step):
        if isinstance(target, str):
            found[target] = None
        else:
            matching = site.repository.matching(
                site.workspace.folder, target.pattern, untracked=not isinstance(step, Edit)
            )
            found |= dict.fromkeys(matching)
    return list(found)


def declared(site: Site, steps: Iterable[Step]) -> list[str]:
    """The paths of all these steps as git names them, from the repository's root."""
    found: dict[str, None] = {}
    for step in steps:
        found |= dict.fromkeys(map(site.workspace.in_repository, step_paths(site, step)))
    return list(found)
