"""The commits that commands of run steps made: no verb takes them back."""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.record.taskstate import StepState
from runbook.world.git.reader import Reader


def commits_of(repository: Reader, steps: Iterable[StepState]) -> tuple[str, ...]:
    """Those of some steps that are still in the branch, the last one first: name and subject."""
    head = repository.head().commit
    told = "-z", "--encoding=UTF-8", "--no-show-signature", "--format=%H %s"
    found: list[str] = []
    for step in steps:
        if step.moved is not None and repository.contains(step.moved[1], head):
            before, after = step.moved
            listed = repository.run("log", *told, f"{before}..{after}").split("\0")
            found = [*filter(None, listed), *found]
    return tuple(found)
