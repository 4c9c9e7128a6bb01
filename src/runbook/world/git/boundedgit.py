"""One long call of git, with all that its hooks start: bounded, and never outliving the runner."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Literal

from runbook.core.text.output import HeadTail
from runbook.core.text.printable import printable
from runbook.core.value import value
from runbook.world.processes.interrupts import Interrupts
from runbook.world.processes.supervision import END_LIMIT, READ, Supervised

GRACE = 10.0
"""Seconds that git and its hooks get to end by themselves after an interrupt."""

_TERM_GRACE = 2.0
_KEPT = 32 * 2**10


@value
class Ended:
    """How a call of git ended: its exit status, its outputs as they came, and what stopped it.

    `signal` is the one that ended it, also where that was not of our doing.
    """

    exit: int
    output: str
    stopped: Literal["", "timeout", "interrupt"] = ""
    signal: int | None = None


def call(
    arguments: list[str],
    cwd: Path,
    env: Mapping[str, str],
    *,
    stdin: bytes = b"",
    timeout: float = 3600.0,
    interrupts: Interrupts | None = None,
    held: int | None = None,
) -> Ended:
    """Call git in `cwd` and wait for its end, `timeout` seconds at most.

    What git leaves running on purpose when it ends well, such as an agent for signatures, goes on;
    of one that failed, only what has a session of its own; of one that a signal ended, nothing. A
    first interrupt lets it end within a grace, a second one kills it; so does the runner's death.
    `held` is a descriptor that stays open until nothing of it is left.

    Raises:
        NotStarted: there is no git.
        SupervisorLost: the process that watched it was killed.
    """
    with _unnamed() as message:
        message.write(stdin)
        message.seek(0)
        tree = Supervised(["git", *arguments], cwd, env, held=held, stdin=message.fileno())
    try:
        tree.leave()
        return _follow(tree, time.monotonic() + timeout, interrupts)
    finally:
        tree.close()


def _unnamed() -> IO[bytes]:
    """A file without a name, which no kill can leave behind."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("message"), "w+b")
    import tempfile

    return tempfile.TemporaryFile()


def _follow(tree: Supervised, deadline: float, interrupts: Interrupts | None) -> Ended:
    output = HeadTail(0, _KEPT)
    stopped: Literal["", "timeout", "interrupt"] = ""
    told = killed = False
    poller = select.poll()
    poller.register(tree.status, select.POLLIN)
    poller.register(tree.output, select.POLLIN)
    if interrupts is not None:
        poller.register(interrupts.fileno(), select.POLLIN)
    while not tree.gone:
        now = time.monotonic()
        if interrupts is not None and interrupts.count and not killed:
            if not stopped:
                stopped = "interrupt"
                deadline = min(deadline, now + GRACE)
            if interrupts.count > 1:
                deadline, told = now, True
        if now >= deadline:
            if killed:
                tree.lost("does not answer")
            elif told:
                tree.kill()
                killed = True
                deadline = now + END_LIMIT
            else:
                # git takes its lock files with it when it is told to end.
                stopped = stopped or "timeout"
                tree.terminate()
                told = True
                deadline = now + _TERM_GRACE
        # Who was stopped meanwhile (Ctrl-Z) is told of nothing but that its time is up.
        for descriptor, _ in poller.poll(max(0.0, deadline - now) * 1000) or poller.poll(0):
            if descriptor == tree.status:
                tree.listen()
            elif descriptor == tree.output:
                chunk = os.read(tree.output, READ)
                if not chunk:
                    poller.unregister(tree.output)
                output.feed(chunk)
            elif interrupts is not None:
                interrupts.drain()
    for chunk in tree.rest():
        output.feed(chunk)
    exit = -1 if tree.exit is None else tree.exit
    return Ended(exit, printable(output.tail), stopped if told else "", tree.signal)
