"""One command of a runbook: what to run, where, for how long, and where its output goes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from runbook.core.check.questions import Questions
from runbook.core.value import value
from runbook.world.processes import logfile

TICK = 0.1
"""Seconds between two lines for the display."""

# Linux refuses an argument of 128 KiB, whatever the limit on all of them is.
_LONGEST_ARGUMENT = 100 * 2**10


@value
class Command:
    """What to run: a text for bash, where, with which environment, for how many seconds.

    `log` receives the raw output, up to `log_limit` bytes; files that the run needs for a moment
    stand beside it. `questions` are asked about the whole output; `secrets` are left out of what is
    kept and shown of it. `grace` is how many seconds an interrupted command gets to end by itself.
    `held` is a descriptor that stays open until all of it is gone. It reads `stdin`, or nothing.
    With `idle` it is ended after so many seconds without output, and without a change of one of
    the files or folders that are `watched`. `launcher` are arguments that start the shell. `tick`
    is for how many seconds who looks on waits for it at a time.
    """

    text: str
    cwd: Path
    env: Mapping[str, str]
    timeout: float
    log: Path
    questions: Questions = Questions()
    secrets: tuple[str, ...] = ()
    probe: bool = True
    grace: float = 10.0
    log_limit: int = logfile.LIMIT
    held: int | None = None
    stdin: Path | None = None
    idle: float | None = None
    watched: tuple[Path, ...] = ()
    launcher: tuple[str, ...] = ()
    tick: float = TICK

    @property
    def record(self) -> Path:
        """Where the probe writes."""
        return self.log.with_name(f"{self.log.name}.probe")

    @property
    def key(self) -> Path:
        """Where the probe finds the key by which it seals what it writes, and takes it away."""
        return self.record.with_name(f"{self.record.name}.key")

    @property
    def script(self) -> Path:
        """Where a text stands that is too long for an argument."""
        return self.log.with_name(f"{self.log.name}.sh")

    def leave_key(self, key: str) -> None:
        """Put the key where the probe looks for it."""
        self.key.unlink(missing_ok=True)
        self.key.touch(mode=0o600, exist_ok=False)
        self.key.write_text(key, encoding="ascii")

    def argv(self) -> list[str]:
        """Return the arguments that run the text; writes `script` where it has to."""
        shell = [*self.launcher, "bash", "-o", "pipefail"]
        text = os.fsencode(self.text)
        if len(text) < _LONGEST_ARGUMENT:
            return [*shell, "-c", self.text]
        self.script.unlink(missing_ok=True)
        self.script.touch(mode=0o600, exist_ok=False)
        self.script.write_bytes(text)
        return [*shell, str(self.script.absolute())]
