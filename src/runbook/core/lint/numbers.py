"""Rules over the number of a phase."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.lint.finding import Finding
from runbook.core.model.model import Phase
from runbook.core.patterns import regex

# `phase-3`, `harbour-phase_03-doors`, `3`, `03-doors`; not `phase-3.5`, `2026-03-01-doors`, `py3`.
_IN_NAME = regex(
    r"(?:(?:^|.*[-_. ])phase[-_. ]?|^)0*(?P<number>\d{1,3})(?![\d]|\.\d)(?:[-_. ].*)?",
    re.IGNORECASE,
)


def misnumbered(phase: Phase) -> Iterator[Finding]:
    """A phase whose `phase` is not the number that its file's name says."""
    found = _IN_NAME.fullmatch(phase.id)
    if phase.number is None or found is None or int(found["number"]) == phase.number:
        return
    named = int(found["number"])
    yield Finding(
        "RB117",
        phase.at,
        f"`phase: {phase.number}` stands in a file that is named as phase {named}",
        f"write `phase: {named}`, or rename the file: "
        f"whoever says {named} or {phase.number} may mean another phase",
        key="phase",
        text=str(phase.number),
    )
