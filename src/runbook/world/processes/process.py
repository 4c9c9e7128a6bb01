"""One command, run to its end: watched, bounded, logged; its outcome and nothing else survives."""

import os
import re
import selectors
import signal
import stat
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, Self

from runbook.core.check.evidence import Evidence, read_evidence
from runbook.core.check.outcome import Outcome
from runbook.core.check.questions import Inquiry
from runbook.core.check.tallying import Tallying
from runbook.core.record.stepevents import Tally
from runbook.core.text.output import HeadTail
from runbook.core.text.printable import printable
from runbook.core.text.redaction import Redaction
from runbook.world.processes.command import Command
from runbook.world.processes.environment import with_probe
from runbook.world.processes.interrupts import Interrupts
from runbook.world.processes.logfile import LogFile
from runbook.world.processes.supervision import END_LIMIT, READ, Supervised
from runbook.world.processes.timelimit import SEARCH_LIMIT, time_limit

TERM_GRACE = 2.0
"""Seconds between SIGTERM and SIGKILL when the time is up."""

_HEAD = 16 * 2**10
_TAIL = 64 * 2**10
_LINE = 4 * 2**10
_RECORD = 16 * 2**20


class Beside(Protocol):
    """What goes on beside a command, and is looked after while that is waited for."""

    def fileno(self) -> int:
        """A descriptor that becomes readable when it is to be attended to."""

    def attend(self) -> None:
        """Do what is due, without waiting."""


def start(
    command: Command,
    interrupts: Interrupts | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> "Running":
    """Start a command; raises NotStarted, SupervisorLost, OSError when its log cannot be written.

    An interrupt that was already noted is acted upon at once. `meanwhile` is done while it starts.
    """
    return Running(command, interrupts, meanwhile)


class Running:
    """A command under way: iterate over it for its latest line, about every tenth of a second.

    When the iteration has ended, `outcome` is there. Leaving it early, by whatever way, kills the
    command and everything it started. Raises SupervisorLost when that is no longer in our hands.
    Who does not want to wait calls `advance` instead, when `fileno` is readable and now and then.
    """

    def __init__(
        self, command: Command, interrupts: Interrupts | None, meanwhile: Callable[[], None] | None
    ) -> None:
        self._command = command
        self._outcome: Outcome | None = None
        self._ends = HeadTail(_HEAD, _TAIL)
        self._scan = Inquiry(command.questions, lambda: time_limit(SEARCH_LIMIT))
        self._redaction = Redaction(command.secrets)
        self._total = 0
        self._log = LogFile(command.log, command.log_limit)
        self._tree: Supervised | None = None
        self._key = os.urandom(32).hex()
        self._tallying = Tallying()
        self._tallied = 0  # bytes of the record
        self._waits = True
        self._beside: Beside | None = None
        self._selector = selectors.DefaultSelector()
        try:
            self._command.record.unlink(missing_ok=True)
            if command.probe:
                self._command.leave_key(self._key)
            with _opened(command.stdin) as stdin:
                self._tree = Supervised(
                    command.argv(), command.cwd, self._env(), held=command.held, stdin=stdin,
                    meanwhile=meanwhile,
                )  # fmt: skip
        except BaseException:
            self._let_go()
            self._log.discard()
            raise
        self._started = time.monotonic()
        self._selector.register(self._tree.status, selectors.EVENT_READ)
        self._selector.register(self._tree.output, selectors.EVENT_READ)
        self._stop = _Stop(command, self._tree, self._started, interrupts)
        if interrupts is not None:
            self._selector.register(interrupts, selectors.EVENT_READ)
        self._lines = self._watch(self._tree)

    @property
    def outcome(self) -> Outcome:
        """How it ended; only after the iteration has come to its end."""
        if self._outcome is None:
            raise RuntimeError("the command has not ended")
        return self._outcome

    def fileno(self) -> int:
        """A descriptor that becomes readable when there is something to take in."""
        return self._selector.fileno()

    def advance(self) -> bool:
        """Take in what there is without waiting; whether it has ended."""
        self._waits = False
        try:
            next(self._lines)
        except StopIteration:
            return True
        finally:
            self._waits = True
        return False

    def kill(self) -> None:
        """Have the command and everything it started killed; `close` waits for that."""
        if self._tree is not None:
            self._tree.kill()

    def heed(self, interrupts: Interrupts) -> None:
        """From now on it is what the user waits for, and ends by what comes from the keyboard."""
        self._stop.interrupts = interrupts
        if self._outcome is None:
            self._selector.register(interrupts, selectors.EVENT_READ)

    def beside(self, others: Beside) -> None:
        """Look after others while this one is waited for."""
        self._beside = others
        if self._outcome is None:
            self._selector.register(others, selectors.EVENT_READ)

    def tally(self) -> Tally | None:
        """How far pytest is, where it runs; each failure is told once."""
        try:
            with self._command.record.open("rb") as file:
                file.seek(self._tallied)
                *lines, _ = file.read(_RECORD).split(b"\n")
        except OSError:
            return None
        self._tallied += sum(len(line) + 1 for line in lines)
        self._tallying.feed(lines)
        return self._tallying.tally()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill the command if it still runs."""
        self._lines.close()
        if self._tree is not None:  # the iteration was never begun
            self._let_go()
            self._log.discard()

    def _env(self) -> Mapping[str, str]:
        env = self._command.env
        return with_probe(env, self._command.record) if self._command.probe else env

    def _watch(self, tree: Supervised) -> Generator[str, None, None]:
        try:
            yield from self._follow(tree, self._stop)
            self._outcome = self._judge(tree, self._stop)
        finally:
            self._let_go()
            self._log.discard()

    def _follow(self, tree: Supervised, stop: "_Stop") -> Iterator[str]:
        next_line = self._started + self._command.tick
        while not tree.gone:
            now = time.monotonic()
            due = min(stop.check(now), next_line - now)
            ready = self._selector.select(max(0.0, due) if self._waits else 0)
            # Who was stopped meanwhile (Ctrl-Z) is told of nothing but that its time is up.
            for key, _ in ready or self._selector.select(0):
                if key.fileobj == tree.output:
                    chunk = os.read(tree.output, READ)
                    if not chunk:
                        self._selector.unregister(tree.output)
                    stop.heard()
                    self._feed(chunk)
                elif key.fileobj == tree.status:
                    tree.listen()
                elif key.fileobj is self._beside:
                    self._beside.attend()
                elif stop.interrupts is not None:
                    stop.interrupts.drain()
            if time.monotonic() >= next_line:
                yield self._latest_line()
                next_line = time.monotonic() + self._command.tick
            elif not self._waits and not tree.gone:
                yield ""
        for chunk in tree.rest():
            self._feed(chunk)

    def _feed(self, chunk: bytes) -> None:
        self._total += len(chunk)
        self._scan.feed(chunk)
        self._keep(self._redaction.feed(chunk))

    def _keep(self, chunk: bytes) -> None:
        self._log.feed(chunk)
        self._ends.feed(chunk)

    def _latest_line(self) -> str:
        lines = self._ends.last(_LINE).split(b"\n")
        if len(lines) < 2:
            return ""
        # A progress bar rewrites its line: the last version of it counts.
        return printable(lines[-2].rstrip(b"\r").rpartition(b"\r")[2])

    def _judge(self, tree: Supervised, stop: "_Stop") -> Outcome:
        self._scan.close()
        self._keep(self._redaction.close())
        return Outcome(
            exit=None if stop.begun else tree.exit,
            duration=time.monotonic() - self._started if tree.duration is None else tree.duration,
            timed_out=stop.timed_out,
            interrupted=stop.interrupted,
            answers=self._scan.answers,
            head=printable(_whole_characters(self._ends.head)),
            tail=printable(_whole_characters(self._ends.tail)),
            output_bytes=self._total,
            log_digest=self._log.close(),
            left_running=tuple(tree.left.values()),
            evidence=self._evidence(),
            idle=stop.idle,
        )

    def _evidence(self) -> Evidence:
        try:
            with self._command.record.open(encoding="utf-8", errors="replace") as lines:
                return read_evidence(lines, self._key)
        except FileNotFoundError:
            return Evidence()

    def _let_go(self) -> None:
        self._selector.close()
        if self._tree is not None:
            self._tree.close()
            self._tree = None
        self._command.record.unlink(missing_ok=True)
        self._command.key.unlink(missing_ok=True)
        self._command.script.unlink(missing_ok=True)


class _Stop:
    """When and how a command is stopped from outside: its time is up, or somebody interrupts."""

    def __init__(
        self, command: Command, tree: Supervised, started: float, interrupts: Interrupts | None
    ) -> None:
        self.timed_out = False
        self.interrupted: int | None = None
        self._command = command
        self._tree = tree
        self.interrupts = interrupts
        self._deadline = started + command.timeout
        self._heard = started
        self.idle = False
        self._killed = False
        self._ending = False

    @property
    def begun(self) -> bool:
        return self.timed_out or self.interrupted is not None

    def heard(self) -> None:
        self._heard = time.monotonic()

    def _silent(self, now: float) -> bool:
        """Whether nothing was heard of the command, or seen of its work, for too long."""
        limit = self._command.idle
        if limit is None or self.begun or now < self._heard + limit:
            return False
        changed = max(map(_changed, self._command.watched), default=0.0)
        # Of the wall clock, by which files are dated, only the age is taken.
        self._heard = max(self._heard, now - max(0.0, time.time() - changed))
        return now >= self._heard + limit

    def check(self, now: float) -> float:
        """Do what is due; return for how many seconds nothing more will be."""
        if self._killed or self._tree.exit is not None:
            if not self._ending:
                self._ending = True
                self._deadline = now + END_LIMIT
            elif now >= self._deadline:
                self._tree.lost("does not answer")
            return self._deadline - now
        if self.interrupts is not None and self.interrupts.count:
            self._interrupt(now, self.interrupts)
        self.idle = self.idle or self._silent(now)
        if now >= self._deadline or (self.idle and not self.begun):
            if self.begun:
                self._kill()
            else:
                self.timed_out = True
                self._tree.terminate()
                self._deadline = now + TERM_GRACE
        return self._due() - now

    def _due(self) -> float:
        limit = self._command.idle
        if limit is None or self.begun:
            return self._deadline
        return min(self._deadline, self._heard + limit)

    def _interrupt(self, now: float, interrupts: Interrupts) -> None:
        if interrupts.count > 1:
            self.interrupted = interrupts.received
            self._kill()
        elif self.interrupted is None:
            self.interrupted = interrupts.received
            if self.interrupted == signal.SIGINT:
                self._tree.interrupt()
            else:
                self._tree.terminate()
            self._deadline = min(self._deadline, now + self._command.grace)

    def _kill(self) -> None:
        self._killed = True
        self._tree.kill()


@contextmanager
def _opened(path: Path | None) -> Iterator[int]:
    """A descriptor to read a file from, or nothing at all."""
    descriptor = os.open(path or os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _changed(path: Path) -> float:
    """When a file, or anything in a folder, was last changed, in seconds since the epoch."""
    found = 0.0
    left = [path]
    while left:
        with suppress(OSError):
            here = left.pop()
            told = here.lstat()
            found = max(found, told.st_mtime)
            if stat.S_ISDIR(told.st_mode):
                # What a command has git do is no work of its own.
                left += (each for each in here.iterdir() if each.name != ".git")
    return found


def _whole_characters(data: bytes) -> bytes:
    """Return a cut out of UTF-8 text without the half characters at its two ends."""
    data = re.sub(rb"\A[\x80-\xbf]{1,3}", b"", data)
    return re.sub(
        rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z", b"", data
    )
