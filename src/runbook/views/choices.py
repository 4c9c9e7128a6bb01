"""What a person can do now that a run has stopped: each verb that applies, and what it would do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from runbook.core.model.ids import is_step, last, phase_of
from runbook.core.record.events import Choice, Stopped
from runbook.core.record.ways import argv, shown
from runbook.views.screen import program

_MANY = 8
"""So many phases that are waited for are named in a command."""


def choice_lines(stopped: Stopped, root: Path) -> Iterator[str]:
    """First what goes on, then what can be done instead, a line each."""
    phase = phase_of(stopped.where)
    if stopped.choices == ("undo", "abort"):
        yield f"When nothing is in its way, go on with it: {program()} undo {stopped.task}"
        yield "Or instead:"
        undoing = phase_of(stopped.task or phase)
        yield f"  {program()} abort {undoing}: give the undo up, with its files put back"
        return
    if stopped.choices == ("audit",):
        yield f"Nothing was changed. To make the checks again: {program()} audit {phase}"
        return
    if stopped.undone:
        again = " ".join(stopped.undone)
        yield f"Carry out again first what was undone: {program()} run {again} --restart"
        return
    if len(stopped.waits_for) > _MANY:
        before = stopped.waits_for[-1]
        yield f"Carry out first what comes before it: {program()} run --all --until {before}"
        yield f"Or all of it, in order: {program()} run --all --until {phase}"
        return
    if stopped.waits_for:
        first = " ".join(stopped.waits_for)
        yield f"Carry out first what it waits for: {program()} run {first}"
        yield f"Or all of it, in order: {program()} {shown(argv('run', stopped))}"
        return
    if stopped.choices[:1] == ("retry",):
        again = f"{program()} {shown(argv('retry', stopped))}"
        yield f"Nothing was written. To put back what the task made, and do it again: {again}"
    else:
        yield _going_on(stopped, root, f"{program()} run {phase}")
    if "accept-head" in stopped.choices:
        yield f"Or go on from where HEAD is: {program()} run {phase} --accept-head"
    instead = [
        (f"{program()} {shown(argv(choice, stopped))}", meaning(choice, stopped))
        for choice in stopped.choices[stopped.choices[:1] == ("retry",) :]
        if choice not in ("run", "accept-head") and stopped.choices != ("restart",)
    ]
    if instead:
        yield "Or instead:"
        yield from (f"  {command}: {meaning}" for command, meaning in instead)


def _going_on(stopped: Stopped, root: Path, again: str) -> str:
    if stopped.choices == ("accept-head",):
        return f"Go back there with git, then: {again}"
    if stopped.choices == ("restart",):
        return f"The undo stands. Mend it in {root}, or do again what was undone: {again} --restart"
    match stopped.kind:
        case "conflict":
            return (
                "Nothing was written. Mend the phase file, or edit the file by hand "
                f"in {root}, then: {again}"
            )
        case "interrupted" | "declined":
            return f"What was done is kept. To go on from here: {again}"
        case "unmet" | "vacuous":
            # What is uncommitted can be put back, and nothing else.
            kept = "The edits are kept, and are not committed yet. "
            kept = kept if {"retry", "abort"} & set(stopped.choices) else ""
            # In no commit to come; and where the check is wrong, nothing has to be committed.
            past = " and commit that, or mend the check in the phase file"
            also = past if stopped.past_commits else ", or mend the phase file"
            return f"{kept}Fix it in {root}{also}, then go on from here: {again}"
        case "failed":
            return f"When it is mended, here or in the phase file: {again}"
        case "commit":
            return f"The edits are kept in {root}. When it is mended: {again}"
        case "manual":
            return f"Do this in {root}, then: {again}"
        case "confirm":
            return f"Look at it in {root}. To be asked at a terminal: {again}"
        case "changed":
            part = "step" if is_step(stopped.where) else "task"
            return f"Put the {part} back as it was, then: {again}"
        case _:
            return f"When it is mended: {again}"


def meaning(choice: Choice, stopped: Stopped) -> str:
    """What a choice does."""
    phase = phase_of(stopped.where)
    task = last(stopped.task or stopped.where)
    match choice:
        case "done" if stopped.kind == "confirm" or stopped.prose is not None:
            return "say yes to it"
        case "done" if stopped.needs_reason:
            return "take it as done, unchanged"
        case "done":
            return "take it as done, and do no more yet"
        case "retry":
            return f"do {task} again from the start; what its files hold is kept aside"
        case "skip":
            put_back = "retry" in stopped.choices or stopped.kind == "changed"
            back = ", with its files put back" if put_back else ""
            return f"leave {task} out{back}"
        case "abort":
            return f"put the files of {task} back, as if it had not begun"
        case "restart":
            return "do first what was skipped or undone"
        case "repair":
            return "accept the change as done; without --reason, see it"
        case "undo":
            return f"take back the commits of {phase}, by commits that revert them"
        case _:
            return ""
