"""One supervised process tree: started, signalled and ended through `supervisor.py`."""

import fcntl
import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from runbook.core.text.printable import printable
from runbook.world.processes.forkserver import FORK_SERVER

_PIPE_BYTES = 2**20
_START_LIMIT = 60.0

END_LIMIT = 8.0
"""Seconds after which a killed tree is gone, or its supervisor does not answer."""

READ = 2**18
"""Bytes of output to read at once."""


class NotStarted(Exception):
    """The command could not be started: no such folder, no shell, no room."""


class SupervisorLost(Exception):
    """The process that watched the command was killed; how the command ended is not known."""


class _NeverForked(Exception):
    """The supervisor ended before the command began."""


class Supervised:
    """A command and everything it starts, which never outlives this object's process.

    `output` is the descriptor its output comes from, `status` the one to call `listen` on. `exit`
    is the command's own end as a shell says it (128 + n after `signal` n), None before it,
    `duration` its seconds; `gone` says that nothing of the tree is left. `left` names what ran
    when it was told to stop and what was killed. `held` is a descriptor that stays open until the
    tree is gone, also when the runner dies before it; `stdin` is what the command reads.
    """

    def __init__(
        self,
        argv: list[str],
        cwd: Path,
        env: Mapping[str, str],
        *,
        held: int | None = None,
        stdin: int | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        """Start a command; `meanwhile` is done once that is asked for, before it is waited for."""
        self._meanwhile = meanwhile
        command = _encoded(argv, cwd, env)
        self.exit: int | None = None
        self.signal: int | None = None
        self.duration: float | None = None
        self.gone = False
        self.left: dict[int, str] = {}
        self._main: int | None = None
        self._started = False
        self._failure: str | None = None
        self._heard = b""
        self._supervisor: int | None = None
        self.output = self.status = self._control = -1
        for again in (True, False):
            try:
                self._fork(held, stdin)
                self._start(command)
            except _NeverForked as error:
                # The server was killed before it forked: nothing of the command has begun.
                FORK_SERVER.close()
                self.close()
                if not again:
                    raise NotStarted(str(error)) from error
            except BaseException:
                self.close()
                raise
            else:
                break

    def _fork(self, held: int | None, stdin: int | None) -> None:
        self.output, output = os.pipe()
        self.status, status = os.pipe()
        control, self._control = os.pipe()
        nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC) if stdin is None else -1
        passed = [control, status, nothing if stdin is None else stdin, output]
        try:
            _widen(self.output)
            # None of our own ends may go to anyone: the runner's death must close them.
            FORK_SERVER.fork(passed if held is None else [*passed, held])
        except OSError as error:
            raise NotStarted(str(error)) from error
        finally:
            for descriptor in (output, status, control, nothing):
                if descriptor >= 0:
                    os.close(descriptor)

    def listen(self) -> None:
        """Take in what the supervisor has said; blocks until it says something.

        Raises SupervisorLost when it ends without having said that nothing is left.
        """
        data = os.read(self.status, 1 << 16)
        if not data:
            self.lost("was killed")
        *lines, self._heard = (self._heard + data).split(b"\n")
        for line in lines:
            word, _, rest = line.partition(b" ")
            match word:
                case b"watching":
                    self._supervisor = int(rest)
                case b"forked":
                    self._main = int(rest)
                case b"started":
                    self._started = True
                case b"failed":
                    self._failure = printable(rest)
                case b"running" | b"stopped" | b"survivor":
                    pid, _, name = rest.partition(b" ")
                    self.left.setdefault(int(pid), f"{printable(name)} (pid {int(pid)})")
                case b"exit":
                    status, seconds = rest.split()
                    code = os.waitstatus_to_exitcode(int(status))
                    self.exit = code if code >= 0 else 128 - code
                    self.signal = -code if code < 0 else None
                    self.duration = float(seconds)
                case b"done":
                    self.gone = True

    def interrupt(self) -> None:
        """Send SIGINT to the command's process group."""
        self._order(b"I")

    def terminate(self) -> None:
        """Send SIGTERM to the command's process group, having noted in `left` what runs."""
        self._order(b"T")

    def leave(self) -> None:
        """Leave alone what the command started and goes on when it has ended well."""
        self._order(b"L")

    def kill(self) -> None:
        """Kill the whole tree; `gone` follows."""
        self._order(b"K")

    def rest(self) -> Iterator[bytes]:
        """Return what is left of the output, waiting for nobody who may still hold the pipe."""
        os.set_blocking(self.output, False)
        for _ in range(2 * _PIPE_BYTES // READ):
            try:
                chunk = os.read(self.output, READ)
            except BlockingIOError:
                return
            if not chunk:
                return
            yield chunk

    def close(self) -> None:
        """Kill what is left, in any state, and let go of it; takes a few seconds at most."""
        if self._control >= 0:
            if self._started:
                self.kill()  # closed without a word, it would say that this process died
            os.close(self._control)
            self._control = -1
        if self.status >= 0 and not self._has_ended(END_LIMIT) and self._supervisor is not None:
            # It waits for what cannot be killed; nobody needs to know any more.
            with suppress(ProcessLookupError):
                os.kill(self._supervisor, signal.SIGKILL)
        self._close_descriptors()

    def _has_ended(self, seconds: float) -> bool:
        """Wait for the end of the supervisor, which alone holds the other end of `status`."""
        limit = time.monotonic() + seconds
        poller = select.poll()
        poller.register(self.status, select.POLLIN)
        while poller.poll(max(0.0, limit - time.monotonic()) * 1000):
            if not os.read(self.status, 1 << 16):
                return True
        return False

    def _start(self, command: bytes) -> None:
        try:
            view = memoryview(command)
            while view:
                view = view[os.write(self._control, view) :]
            meanwhile, self._meanwhile = self._meanwhile, None
            if meanwhile is not None:
                meanwhile()
            limit = time.monotonic() + _START_LIMIT
            poller = select.poll()
            poller.register(self.status, select.POLLIN)
            while not self._started and self._failure is None:
                if not poller.poll(max(0.0, limit - time.monotonic()) * 1000):
                    raise NotStarted(f"it did not start within {_START_LIMIT:.0f} seconds")
                self.listen()
        except (BrokenPipeError, SupervisorLost) as error:
            if self._main is not None:  # the command may have begun, and killed it
                raise
            said = printable(b"".join(self.rest())).strip()
            raise _NeverForked(f"its supervisor did not start: {said}".rstrip(": ")) from error
        if self._failure is not None:
            raise NotStarted(self._failure)

    def _order(self, order: bytes) -> None:
        with suppress(BrokenPipeError):  # it has ended; `listen` will tell how
            os.write(self._control, order)

    def lost(self, why: str) -> NoReturn:
        """Kill what can still be reached; raise SupervisorLost."""
        if self._main is not None:
            # The command died with its supervisor; what it started in its session did not.
            _kill_session(self._main)
        raise SupervisorLost(f"the process that watches the command {why}")

    def _close_descriptors(self) -> None:
        for name in ("output", "status", "_control"):
            descriptor = getattr(self, name)
            if descriptor >= 0:
                os.close(descriptor)
                setattr(self, name, -1)


def _kill_session(session: int) -> None:
    """Kill all processes of a session; where there is no /proc, those of its first group."""
    with suppress(OSError):
        os.killpg(session, signal.SIGSTOP)
    limit = time.monotonic() + END_LIMIT
    while time.monotonic() < limit:
        found = {pid for pid, (state, own) in _sessions() if own == session and state != "Z"}
        for number in (signal.SIGSTOP, signal.SIGKILL):
            # Stopped first: none is to go on because of another's death.
            for pid in found:
                with suppress(OSError):
                    os.kill(pid, number)
        if not found:
            break
        time.sleep(0.002)
    with suppress(OSError):
        os.killpg(session, signal.SIGKILL)


def _sessions() -> Iterator[tuple[int, tuple[str, int]]]:
    """The processes there are, each with its state and session (proc(5))."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            state, _, _, session = entry.read_text(errors="replace").rpartition(")")[2].split()[:4]
            yield int(entry.parent.name), (state, int(session))


def _encoded(argv: list[str], cwd: Path, env: Mapping[str, str]) -> bytes:
    """Return what `standby.parsed` takes."""
    fields = [str(cwd), str(len(argv)), *argv, *(f"{name}={env[name]}" for name in env)]
    if any("\0" in field for field in fields):
        raise NotStarted("a command, its folder and its variables cannot contain NUL")
    data = b"".join(os.fsencode(field) + b"\0" for field in fields)
    return b"%010d" % len(data) + data


def _widen(pipe: int) -> None:
    """Give a pipe room for big reads, where the system lets us."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
