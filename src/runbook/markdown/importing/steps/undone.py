"""Tasks whose steps only check and commit: what makes that which is committed."""

from __future__ import annotations

import re

from runbook.core.model.model import Commit, Confirm, Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import Target
from runbook.markdown.importing.steps.ledger import Ledger

_MAKES = re.compile(
    r"\W*(?:re-?)?(?:build|generat|compil|format|render|export|bundl|updat|creat|writ|appl|convert|"
    r"migrat)(?:e|ing|y)?\b",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:updates|writes|creates|generates|produces|rewrites|(?:re)?generated|rewritten|modified)\b",
    re.IGNORECASE,
)


def made_by_a_check(steps: list[Step], files: tuple[Target, ...]) -> None:
    """Make a run of the check of a task that commits, and changes nothing, where that writes.

    By its title or by what is expected of it: "Rebuild", "updates `dist/`".
    """
    if not files or not nothing_is_made(steps):
        return
    for index, step in enumerate(steps):
        if isinstance(step, Verify) and _writes(step):
            commits = (each.files for each in steps[index:] if isinstance(each, Commit))
            named = next(commits, None) or files
            steps[index] = Run(step.command, named, step.expect, title=step.title, note=step.note)
            return


def with_what_is_committed(ledger: Ledger) -> None:
    """Let a person change something where they are to look, if a commit follows and nothing else.

    What is looked at is then all that can have made what is committed.
    """
    steps = ledger.steps
    if any(isinstance(each, Edit | Run | Manual) for each in steps):
        return
    if any(isinstance(each, Commit) for each in steps):
        for index, each in enumerate(steps):
            if isinstance(each, Confirm):
                steps[index] = Manual(each.question, (), each.title, each.note)
        ledger.manual_remarks += ledger.confirm_remarks
        ledger.confirm_remarks.clear()


def nothing_is_made(steps: list[Step]) -> bool:
    """Whether a task commits, and none of its steps changes anything, nor has someone look."""
    changes = any(isinstance(each, Edit | Run | Manual | Confirm) for each in steps)
    return not changes and any(isinstance(each, Commit) for each in steps)


def _writes(step: Verify) -> bool:
    titled = step.title is not None and _MAKES.match(step.title) is not None
    return titled or _MADE.search(step.expect.prose or "") is not None
