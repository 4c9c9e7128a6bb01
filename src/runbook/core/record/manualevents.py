"""Events of steps that a person, or a command in their place, is asked to take as done."""

from __future__ import annotations

from runbook.core.record.stepevents import FileImage, Special
from runbook.core.value import value


@value
class ManualBegan:
    """A manual step waits; its instructions go to the user and the run stops.

    `files` are as they were when its turn came, with their bits then as `mode`; `special` are the
    links and submodules among them. `beside` is what git knows nothing of, and no commit will have.
    """

    step: str
    instructions: str
    files: tuple[FileImage, ...]
    later: tuple[FileImage, ...] = ()  # likewise, of the steps that are handed over right after it
    special: tuple[Special, ...] = ()
    beside: tuple[str, ...] = ()


@value
class ManualDone:
    """The work of a manual step is taken as done; `changed` are its files that differ.

    `who` said so, where somebody did; it was done `by` a command, or else by a person.
    """

    step: str
    changed: tuple[str, ...]
    difference: str = ""
    files: tuple[FileImage, ...] = ()  # the same, with what they were and are
    who: str = ""
    when: int = 0  # seconds since the epoch
    reason: str = ""
    by: str = ""
    warnings: tuple[str, ...] = ()  # what is to be looked at in the difference
    special: tuple[Special, ...] = ()  # links and submodules among what differs


@value
class ConfirmAsked:
    """A confirm step asks a person; `files` are those that the phase declares, as they are now."""

    step: str
    question: str
    files: tuple[FileImage, ...]


@value
class Confirmed:
    """A confirm step was answered with yes; `changed` are the files that differ from when it asked.

    Where it is `unattended`, nobody looked: the run was told to say yes.
    """

    step: str
    question: str
    who: str
    when: int  # seconds since the epoch
    reason: str = ""
    unattended: bool = False
    changed: tuple[str, ...] = ()
    files: tuple[FileImage, ...] = ()  # the same, with what they were and are


ManualEvent = ManualBegan | ManualDone | ConfirmAsked | Confirmed
