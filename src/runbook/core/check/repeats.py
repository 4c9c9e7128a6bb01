"""Checks of a phase that run the same command, so that what it showed once may serve them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runbook.core.check.expectations import questions
from runbook.core.check.questions import Questions
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Confirm, Phase, Step, Verify

_GIT = re.compile(r"\bgit\b")
"""What such a command shows depends on commits as well, not only on files."""


def may_serve(step: Verify) -> bool:
    """Whether what the command of a check shows can be told from the files that it sees."""
    return not step.fresh and _GIT.search(step.command) is None


def same_command(phase: Phase, step: Verify) -> list[Verify]:
    """The checks of a phase that run the command of one of them, in its environment."""
    return [
        each
        for _, each in _steps(phase)
        if isinstance(each, Verify) and may_serve(each) and _alike(each, step)
    ]


def repeated(phase: Phase, where: StepId) -> bool:
    """Whether a check has another beside it that runs its command, and no step in between edits.

    Between the two are only checks, commits and questions to a person, so that the files may be
    the same when the second one's turn comes.
    """
    found: list[tuple[StepId, Verify]] = []
    for name, step in _steps(phase):
        if isinstance(step, Verify):
            found.append((name, step))
        elif not isinstance(step, Commit | Confirm):
            if _together(found, where):
                return True
            found = []
    return _together(found, where)


def merged(checks: Iterable[Verify]) -> Questions | None:
    """All that some checks ask of one output; `None` where that can't be asked at once."""
    asked = [questions(each.expect) for each in checks]
    distinct = {each.distinct for each in asked} - {None}
    if len(distinct) > 1:
        return None
    return Questions(
        tuple(dict.fromkeys(needle for each in asked for needle in each.needles)),
        tuple(dict.fromkeys(pattern for each in asked for pattern in each.patterns)),
        next(iter(distinct), None),
        max((each.keep for each in asked), default=0),
    )


def _together(found: list[tuple[StepId, Verify]], where: StepId) -> bool:
    own = next((step for name, step in found if name == where), None)
    return (
        own is not None
        and may_serve(own)
        and sum(may_serve(each) and _alike(each, own) for _, each in found) > 1
    )


def _alike(one: Verify, other: Verify) -> bool:
    return (one.command, one.env, one.timeout) == (other.command, other.env, other.timeout)


def _steps(phase: Phase) -> Iterator[tuple[StepId, Step]]:
    for task in phase.tasks:
        yield from task.named_steps()
    if phase.verification:
        yield from phase.verification_task.named_steps()
