"""The ways on from a stop, as arguments of commands; and the step that comes next."""

from __future__ import annotations

from runbook.core.model.ids import phase_of
from runbook.core.record.events import Choice, Stopped
from runbook.core.value import value

REASON = "..."
"""Stands in the arguments for the reason that somebody has to give."""


@value
class Way:
    """One way on: the arguments of `runbook`, and what they do in words."""

    choice: Choice
    argv: tuple[str, ...]
    meaning: str = ""


@value
class NextStep:
    """What comes next in a phase: the step alone, with all that is needed to do it.

    `where` is a step, or a task or phase that a run would stop at, with the `message` of the stop.
    `files` may change, `checks` are the commands that judge the work, and `brief` is all of it as
    Markdown. `stopped` is why it failed, if it did; of work that a delegate did not do, `hint` says
    what helps, and `log` is what the delegate said. `ways` are what can be called now: the first
    goes on. There are none while a run is at work, which `kind` tells as `running`.
    """

    phase: str
    where: str
    kind: str
    at: str  # path:line:column in the phase file
    folder: str
    message: str = ""
    instructions: str = ""
    files: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    delegate: str = ""  # the command that a run would hand it to
    brief: str = ""
    ways: tuple[Way, ...] = ()
    stopped: Stopped | None = None
    hint: str = ""
    log: str = ""


def argv(choice: Choice, stopped: Stopped) -> tuple[str, ...]:
    """The arguments after the program's name by which a choice is made."""
    phase = phase_of(stopped.where)
    match choice:
        case "run":
            return ("run", *stopped.waits_for, phase)
        case "accept-head":
            return ("run", phase, "--accept-head")
        case "restart":
            return ("run", *(stopped.undone or (phase,)), "--restart")
        case "done":
            reason = ("--reason", REASON) if stopped.needs_reason else ()
            return ("done", stopped.where, *reason)
        case "skip":
            return ("skip", stopped.task or stopped.where, "--reason", REASON)
        case "repair":
            return ("repair", phase, "--reason", REASON)
        case "undo" if stopped.choices == ("undo", "abort"):
            return ("undo", stopped.task or phase)
        case "abort" if stopped.choices == ("undo", "abort"):
            return ("abort", phase_of(stopped.task or phase))
        case _:
            return (choice, phase)


def shown(arguments: tuple[str, ...]) -> str:
    """Arguments as they are typed."""
    return " ".join(f'"{each}"' if each == REASON else each for each in arguments)
