"""In short: a step, what an edit has changed, where a HEAD is, starting states."""

from __future__ import annotations

import re
from typing import assert_never

from runbook.core.model.model import Commit, Confirm, Edit, Manual, Run, Step, Verify
from runbook.core.record.delegateevents import JudgedState
from runbook.core.record.stepevents import EditApplied, StepKind
from runbook.core.text.counting import count, named
from runbook.core.text.lines import on_one_line

_NAMES = 3
"""How many files of an edit are named; more are counted."""

JUDGED_ON: dict[JudgedState, str] = {
    "before": "before it",
    "after": "in a clean place",
    "here": "in the worktree",
    "originals": "with the tests as they were",
    "carried": "with its tests on the code from before",
}
"""What a check was run on that judged work, or was to be compared with it."""


def start_of(state: str) -> str:
    """A starting state in words: `the phase's start`, `the series' start`, `the base`.

    What an audit looks at, a commit, is `the commit`.
    """
    if state in ("base", "commit"):
        return f"the {state}"
    return f"the {state}'{'' if state.endswith('s') else 's'} start"


def branch(ref: str | None, commit: str | None) -> str:
    """Where a HEAD is: `main at 1a2b3c4d5`."""
    name = ref.removeprefix("refs/heads/") if ref else "a detached HEAD"
    return f"{name} at {commit[:9] if commit else 'its beginning'}"


def describe(step: Step) -> tuple[StepKind, str]:
    """A step's kind, and the path, command or subject that it is about."""
    match step:
        case Edit():
            return "edit", on_one_line(", ".join(map(str, step.targets)))
        case Run():
            return "run", step.command.strip()
        case Verify():
            return "verify", step.command.strip()
        case Commit():
            return "commit", step.subject
        case Manual():
            return "manual", step.title or _first_line(step.instructions)
        case Confirm():
            return "confirm", step.title or _first_line(step.question)
        case _:
            assert_never(step)


def short(text: str) -> str:
    """A text's first line, such as a command's, with a sign where it goes on."""
    first, _, rest = text.strip().partition("\n")
    return f"{first} …" if rest else first


def _first_line(words: str) -> str:
    """The first line that says something, which one that opens a fence does not."""
    lines = [line.strip() for line in words.strip().split("\n")]
    said = (line for line in lines if line and not line.startswith(("```", "~~~")))
    return next(said, lines[0])


def already_committed(paths: tuple[str, ...]) -> str:
    """What a commit with nothing to commit says, by those of its files that are as in HEAD."""
    if not paths:
        return "nothing to commit: none of its files was made"
    return f"already committed: {named(paths)}"


def written(event: EditApplied) -> str:
    """The files of an edit, at how many places it changed them, and by how many lines."""
    files, lines, places = event.written, event.lines, event.places
    several = re.search(r"\d\D+\d", lines) is not None
    at = f", line{'s' if several else ''} {lines}" if lines and len(files) == 1 else ""
    names = named(files, _NAMES)
    if event.how == "moved":
        return f"{named(files[:-1])}, moved to {named(files[-1:])}"
    changed = f", +{event.added} -{event.removed}"
    if len(files) == 1 and event.how == "changed":
        return f"{names}, {places} changes{at}{changed}" if places > 1 else f"{names}{at}"
    if event.how == "deleted":
        return f"{names}{f': {len(files)} files' if len(files) > 1 else ','} deleted"
    if not places:
        return names
    return f"{names}: {count(len(files), 'file')}, {count(places, 'place')}{changed}"
