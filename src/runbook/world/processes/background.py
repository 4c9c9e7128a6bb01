"""A long-running command beside the others: started, awaited, stopped; it dies with the runner."""

import os
import re
import select
import threading
import time
from contextlib import suppress
from typing import Literal, Self

from runbook.core.check.questions import TooLong
from runbook.core.text.output import HeadTail, PlainText
from runbook.core.text.printable import printable
from runbook.core.text.redaction import Redaction
from runbook.world.processes.command import Command
from runbook.world.processes.interrupts import Interrupts
from runbook.world.processes.logfile import LogFile
from runbook.world.processes.supervision import END_LIMIT, READ, Supervised, SupervisorLost
from runbook.world.processes.timelimit import SEARCH_LIMIT, time_limit

STOP_GRACE = 3.0
"""Seconds between SIGTERM and SIGKILL when a service is stopped."""

_TAIL = 16 * 2**10
_TICK = 0.1
# A line that is not ended may still grow: "port 54" of "port 5432". After this long, it does not.
_SILENCE = 0.25


class ServiceFailed(Exception):
    """A service did not become ready: it "exited", its "timeout" passed, or we were "interrupted".

    Or looking for the words by which it says so was "too slow".

    `exit` is its status where it ended, `tail` the last of its output.
    """

    def __init__(
        self,
        reason: Literal["exited", "timeout", "interrupted", "too slow"],
        exit: int | None,
        tail: str,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.exit = exit
        self.tail = tail


class Service:
    """A command that runs until `stop`; its output is always read, so it never waits for us."""

    def __init__(
        self, command: Command, ready: re.Pattern[str] | None, interrupts: Interrupts | None = None
    ) -> None:
        """Start it; its `timeout`, `questions` and `probe` mean nothing.

        Raises:
            NotStarted: it could not be started.
        """
        self._interrupts = interrupts
        self._script = command.script
        self._ends = HeadTail(0, _TAIL)
        self._announcement = _Announcement(ready)
        self._redaction = Redaction(command.secrets)
        self._news = threading.Event()
        self._over = threading.Event()
        self._exit: int | None = None
        self._lock = threading.Lock()
        self._log: LogFile | None = LogFile(command.log, command.log_limit)
        try:
            self._tree = Supervised(command.argv(), command.cwd, command.env, held=command.held)
        except BaseException:
            self._log.discard()
            self._script.unlink(missing_ok=True)
            raise
        self._stopped = False
        self._abandoned = False
        self._reader = threading.Thread(target=self._read, name="service output", daemon=True)
        self._reader.start()

    def wait_ready(self, timeout: float) -> dict[str, str]:
        """Wait until the output matches `ready`; return the named groups that took part.

        Raises ServiceFailed when it ends before, after `timeout` seconds, or on an interrupt.
        """
        limit = time.monotonic() + timeout
        while not self._says_so():
            # Not the exit alone: the last of its output may still be on its way.
            if self._over.is_set() and not self._says_so():
                raise ServiceFailed("exited", self._exit, self.tail)
            if self._interrupts is not None and self._interrupts.count:
                raise ServiceFailed("interrupted", None, self.tail)
            if time.monotonic() >= limit:
                raise ServiceFailed("timeout", None, self.tail)
            self._news.wait(_TICK)
            self._news.clear()
        return self._announcement.groups

    def _says_so(self) -> bool:
        # By who waits, and not by who reads: only the main thread can be stopped while it searches.
        try:
            with time_limit(SEARCH_LIMIT):
                return self._announcement.search()
        except TooLong:
            raise ServiceFailed("too slow", None, self.tail) from None

    def poll(self) -> int | None:
        """Return its exit status, None while it runs; 137 if its supervisor was killed."""
        return self._exit

    @property
    def tail(self) -> str:
        """The last of its output so far, printable."""
        with self._lock:
            return printable(self._ends.tail)

    def stop(self) -> None:
        """End it: SIGTERM, a grace of a few seconds, then SIGKILL to all it started."""
        if self._stopped:
            return
        self._stopped = True
        if not self._over.is_set():
            self._tree.terminate()
            if not self._over.wait(STOP_GRACE):
                self._tree.kill()
                self._over.wait(END_LIMIT)
        self._abandoned = True
        self._reader.join()
        self._tree.close()
        self._script.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _read(self) -> None:
        """Take in the output until the whole tree is gone; runs in a thread of its own."""
        try:
            self._follow()
        except SupervisorLost:
            self._exit = 137
        finally:
            self._keep(self._redaction.close())
            self._announcement.close()
            self._news.set()
            if self._log is not None:
                with suppress(OSError):
                    self._log.close()
            self._over.set()

    def _follow(self) -> None:
        tree = self._tree
        poller = select.poll()
        poller.register(tree.status, select.POLLIN)
        poller.register(tree.output, select.POLLIN)
        quiet = time.monotonic()
        self._exit = tree.exit  # a short one has ended before anyone listened
        while not tree.gone:
            for descriptor, _ in poller.poll(_SILENCE * 1000):
                if descriptor == tree.status:
                    tree.listen()
                    self._exit = tree.exit
                elif chunk := os.read(tree.output, READ):
                    self._feed(chunk)
                    quiet = time.monotonic()
                else:
                    poller.unregister(tree.output)
            if time.monotonic() - quiet >= _SILENCE and self._announcement.pause():
                self._news.set()
            if self._abandoned:
                return
        for chunk in tree.rest():
            self._feed(chunk)

    def _feed(self, chunk: bytes) -> None:
        self._keep(self._redaction.feed(chunk))
        self._announcement.feed(chunk)
        self._news.set()

    def _keep(self, chunk: bytes) -> None:
        with self._lock:
            self._ends.feed(chunk)
        if self._log is not None:
            try:
                self._log.feed(chunk)
            except OSError:
                # A full disk must not stop the service: it goes on without a log.
                self._log.discard()
                self._log = None


class _Announcement:
    """The words by which a service says that it is ready, looked for in its output until found.

    One thread takes the output in, another one searches it.
    """

    def __init__(self, pattern: re.Pattern[str] | None) -> None:
        self.groups: dict[str, str] = {}
        self._pattern = pattern
        self._plain = PlainText()
        self._lock = threading.Lock()
        self._text = b""
        # Bytes of the output: before the text, and up to which it may be searched, and was.
        self._before = 0
        self._searchable = 0
        self._searched = 0

    def feed(self, chunk: bytes) -> None:
        """Take output in; its complete lines are searched."""
        if self._pattern is None:
            return
        with self._lock:
            # Only what was searched may be forgotten: one chunk can hold the words and much more.
            forgotten = max(0, min(self._searched - self._before, len(self._text) - _TAIL))
            self._before += forgotten
            self._text = self._text[forgotten:] + self._plain.feed(chunk)
            self._searchable = self._before + self._text.rfind(b"\n") + 1

    def pause(self) -> bool:
        """The last line is searched too: it did not grow for a while; whether there is news."""
        with self._lock:
            return self._all() > self._searched

    def close(self) -> None:
        """All of it is searched: nothing more will come."""
        with self._lock:
            self._text += self._plain.close()
            self._all()

    def _all(self) -> int:
        self._searchable = self._before + len(self._text)
        return self._searchable

    def search(self) -> bool:
        """Whether it says so.

        Raises:
            TooLong: of the time limit, if there is one.
        """
        if self._pattern is None:
            return True
        with self._lock:
            end = self._searchable
            text = self._text[: end - self._before] if end > self._searched else None
        match = None if text is None else self._pattern.search(text.decode("utf-8", "replace"))
        if match is None:
            with self._lock:
                self._searched = max(self._searched, end)
            return False
        self._pattern = None
        self.groups = {name: text for name, text in match.groupdict().items() if text is not None}
        return True
