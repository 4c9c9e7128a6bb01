"""Checks of a phase that run the same command, so that what it showed once may serve them all."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from runbook.core.check.expectations import questions
from runbook.core.check.questions import Questions
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Confirm, Phase, Verify
from runbook.core.patterns import regex

_GIT = regex(r"\bgit\b")
"""What such a command shows depends on commits as well, not only on files."""


class Repeats:
    """The commands that several checks of a phase run, found out once for all of its steps."""

    def __init__(self, phase: Phase) -> None:
        alike: dict[Hashable, list[Verify]] = {}
        self._beside: set[StepId] = set()
        stretch: dict[Hashable, list[StepId]] = {}
        for where, step in phase.named_steps():
            if isinstance(step, Verify):
                if _may_serve(step):
                    alike.setdefault(_command(step), []).append(step)
                    stretch.setdefault(_command(step), []).append(where)
            elif not isinstance(step, Commit | Confirm):
                self._close(stretch)
        self._close(stretch)
        several = {key: checks for key, checks in alike.items() if len(checks) > 1}
        self._asked = {key: merged(checks) for key, checks in several.items()}

    def _close(self, stretch: dict[Hashable, list[StepId]]) -> None:
        """End a stretch of steps in which nothing is edited."""
        for names in stretch.values():
            if len(names) > 1:
                self._beside.update(names)
        stretch.clear()

    def asked(self, step: Verify) -> Questions | None:
        """What all checks ask that run the command of this one; `None` where it stands alone."""
        return self._asked.get(_command(step)) if _may_serve(step) else None

    def beside(self, where: StepId) -> bool:
        """Whether a check has another beside it that runs its command, and no edit in between.

        Between the two are only checks, commits and questions to a person, so that the files may
        be the same when the second one's turn comes.
        """
        return where in self._beside


def merged(checks: Iterable[Verify]) -> Questions | None:
    """All that some checks ask of one output; `None` where that can't be asked at once."""
    asked = [questions(each.expect, each.command) for each in checks]
    distinct = {each.distinct for each in asked} - {None}
    if len(distinct) > 1:
        return None
    return Questions(
        tuple(dict.fromkeys(needle for each in asked for needle in each.needles)),
        tuple(dict.fromkeys(pattern for each in asked for pattern in each.patterns)),
        next(iter(distinct), None),
        max((each.keep for each in asked), default=0),
        any(each.lines for each in asked),
    )


def _may_serve(step: Verify) -> bool:
    """Whether what the command of a check shows can be told from the files that it sees."""
    return not step.fresh and _GIT.search(step.command) is None


def _command(step: Verify) -> Hashable:
    return step.command, step.env, step.timeout
