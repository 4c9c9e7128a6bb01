"""What a command showed in this run, for another check that would only see the same.

It is the same command, in the same environment and beside the same services, and no file of the
worktree was written since: neither tracked ones nor others, but for what tools only cache; nor any
that is carried into it. What else lies outside of the worktree is not looked at; `fresh: true` and
`--no-reuse` are for that.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from runbook.core.check.outcome import Outcome
from runbook.core.check.repeats import Repeats
from runbook.core.handover.steering import is_cache, is_compiled
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase, Verify
from runbook.core.record.progress import Progress
from runbook.core.value import field, mutable, value
from runbook.world.files.inventory import inventory
from runbook.world.processes.command import Command


@value
class Shown:
    """How a command of a step ended, and where its whole output is."""

    step: StepId
    outcome: Outcome
    log: str


@value
class Seen:
    """The files that a command sees: a worktree's, or a commit's with what is carried back."""

    root: Path
    commit: str | None = None
    carried: str = ""
    anywhere: bool = False  # it is the same wherever that worktree stands
    linked: tuple[Path, ...] = ()  # folders elsewhere that it has links into


@mutable
class Evidence:
    """What the commands of a run have shown, by all that they saw; and who may ask again."""

    shown: dict[str, Shown] = field(default_factory=dict)
    _repeats: dict[str, Repeats] = field(default_factory=dict)
    _durations: dict[str, float] | None = None

    def repeats(self, phase: Phase) -> Repeats:
        """The commands that several checks of a phase run; found out once."""
        if phase.id not in self._repeats:
            self._repeats[phase.id] = Repeats(phase)
        return self._repeats[phase.id]

    def durations(self, progress: Progress) -> dict[str, float]:
        """How many seconds each command took the last time, in this run or as progress knows.

        One that was stopped says nothing of that.
        """
        if self._durations is None:
            checks = (
                step.check for task in progress.tasks.values() for step in task.steps.values()
            )
            self._durations = {
                each.command: each.duration or 0.0
                for each in checks
                if each and each.exit is not None
            }
        return self._durations

    def keep(self, key: str, shown: Shown) -> None:
        """Keep how a command ended, if it did by itself."""
        if key and shown.outcome.exit is not None and not shown.outcome.left_running:
            self.shown[key] = shown


def key_of(repeats: Repeats, where: StepId, step: Verify, command: Command, seen: Seen) -> str:
    """What tells that a command sees the same again; empty where nobody asks again."""
    if repeats.asked(step) is None:
        return ""
    if seen.commit is not None:
        state = f"{seen.commit}\0{seen.carried}"
    elif repeats.beside(where):
        state = _files(seen.root)
    else:
        return ""
    state = "\0".join([state, *map(_files, seen.linked)])
    place = command.cwd.relative_to(seen.root) if seen.anywhere else command.cwd
    parts = [command.text, str(place), repr(command.timeout), repr(command.questions), state]
    parts += [f"{name}={told}" for name, told in sorted(command.env.items())]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _files(root: Path) -> str:
    """A digest of what the inode of each file of a worktree says."""
    digest = hashlib.sha256()
    for path, entry in inventory(root, is_cache, lambda _path: False).items():
        if entry.kind != "folder" and not is_compiled(f"{root.name}/{path}"):
            digest.update(os.fsencode(f"{path}\0{entry.kind}\0{entry.digest}\0{entry.mode}\0"))
            digest.update(repr(entry.marks).encode())
    return digest.hexdigest()
