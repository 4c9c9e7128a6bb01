"""Starts the program without loading it each time, which takes longer than most of its commands.

A process that has all modules loaded, and has made what they make when it is first needed, forks
for each call. What comes of it is a process of its own, with a session, a folder, an environment
and streams of its own. Only what is the same in every process was done before, and what it lets go
of at its end is left to the system: `Scenario.start` says where that matters. RUNBOOK_ON_DEMAND=1
starts each from nothing.
"""

from __future__ import annotations

import atexit
import codecs
import fcntl
import gc
import io
import json
import os
import pkgutil
import select
import selectors
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import IO

from foreground import foreground

_LONGEST = 200_000
"""Bytes of a request."""

_LANG = "C.UTF-8"
AT_THE_START = ("GIT_PYTHON_", "LANG", "LC_", "LD_", "MALLOC_", "TYPER_USE_RICH", "TZ")
"""Beginnings of what is read of the environment when the program is loaded, and but for PATH once.

It is started with -I, and nothing of PYTHON… counts.
"""


def as_it_was_loaded(env: Mapping[str, str]) -> bool:
    """Whether the program would be loaded in this environment as it was in the server's."""
    read = {name: value for name, value in env.items() if name.startswith(AT_THE_START)}
    return read == {"LANG": _LANG}


class Forked:
    """A process as `subprocess.Popen` gives it, with text streams and nothing to read."""

    def __init__(
        self,
        arguments: tuple[str, ...],
        folder: Path,
        env: Mapping[str, str],
        script: str | None = None,
        terminal: int | None = None,
    ) -> None:
        """Begin the program, or a script in its place, also at a terminal of its own."""
        self.returncode: int | None = None
        ours, theirs = socket.socketpair()
        self._told = ours
        self.stdout: IO[str] | None = None
        self.stderr: IO[str] | None = None
        given = (terminal, terminal, terminal) if terminal is not None else self._streams()
        asked = json.dumps([arguments, str(folder), dict(env), script]).encode()
        socket.send_fds(_server(), [asked], [*given, theirs.fileno()])
        if terminal is None:
            for each in given:
                os.close(each)
        theirs.close()
        started = ours.recv(8)
        assert started, "the program was not started"
        self.pid = int.from_bytes(started, "big")

    def _streams(self) -> tuple[int, int, int]:
        (ours, out), (our, error) = os.pipe(), os.pipe()
        self.stdout, self.stderr = _reader(ours), _reader(our)
        return os.open(os.devnull, os.O_RDONLY), out, error

    def poll(self) -> int | None:
        """Its exit status, if it has ended."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, or minus the signal that ended it."""
        if self.returncode is None:
            self._told.settimeout(timeout)
            try:
                status = self._told.recv(8)
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired("runbook", timeout or 0) from None
            assert status, "nobody knows how it ended"
            self._told.close()
            self.returncode = os.waitstatus_to_exitcode(int.from_bytes(status, "big"))
        return self.returncode

    def communicate(self, timeout: float = 60) -> tuple[str, str]:
        """All that it writes, until it has ended and nobody else can write there."""
        limit = time.monotonic() + timeout
        assert self.stdout is not None, "what it says stands at its terminal"
        assert self.stderr is not None
        found = {self.stdout: b"", self.stderr: b""}
        with selectors.DefaultSelector() as selector:
            for stream in found:
                selector.register(stream, selectors.EVENT_READ)
            while selector.get_map():
                ready = selector.select(max(0.001, limit - time.monotonic()))
                if not ready:
                    raise subprocess.TimeoutExpired("runbook", timeout)
                for key, _ in ready:
                    data = os.read(key.fd, 1 << 16)
                    found[key.fileobj] += data  # type: ignore[index] # one of the two
                    if not data:
                        selector.unregister(key.fileobj)
        for stream in found:
            stream.close()
        self.wait(max(0.001, limit - time.monotonic()))
        stdout, stderr = (text.decode("utf-8", "surrogateescape") for text in found.values())
        return stdout, stderr

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


def _reader(number: int) -> IO[str]:
    return open(number, encoding="utf-8", errors="surrogateescape")


# The server


@cache
def _server() -> socket.socket:
    """The connection to the server, which ends with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    here = Path(__file__).parent
    script = (
        f"import sys; sys.path[:0] = [{str(here.parent / 'src')!r}, {str(here)!r}]\n"
        f"from forkserver import leave, serve\n"
        f"meant = serve({theirs.fileno()})\n"
        f"sys.path.remove({str(here)!r})\n"
        "leave(meant)"
    )
    with foreground():
        server = subprocess.Popen(
            [sys.executable, "-I", "-c", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LANG": _LANG},
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    theirs.close()

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


def load() -> None:
    """Load all of the program, for good."""
    import git  # noqa: F401  # which only what is to change something loads

    import runbook

    for encoding in ("ascii", "utf-8-sig"):
        codecs.lookup(encoding)

    for module in pkgutil.walk_packages(runbook.__path__, "runbook."):
        if not module.name.endswith(".supervisor"):
            import_module(module.name)
    _prepare()
    gc.freeze()


def _prepare() -> None:
    """Make what modules put off until it is needed: most of what a short run would take."""
    import typer.main
    from typer.utils import get_params_from_function

    from runbook.cli import application
    from runbook.core.patterns import regex
    from runbook.core.record.codec import field_types
    from runbook.core.value import is_value
    from runbook.views.commands import COMMANDS

    put_off = type(regex(""))
    for each in gc.get_objects():
        if isinstance(each, type) and is_value(each):
            _ = each.__init__
            with suppress(NameError):  # of a type that only mypy loads: such a class is never JSON
                field_types(each)
        elif isinstance(each, put_off):
            for asked in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
                getattr(each, asked)
    # What the functions of the commands take is read of their annotations.
    remembering = cache(get_params_from_function)
    typer.main.get_params_from_function = remembering  # type: ignore[attr-defined]
    for name in COMMANDS:
        typer.main.get_command(application([name]))


def serve(number: int) -> Callable[[], int]:
    """Fork for each request that comes; in those that are made for one, returns what it asks."""
    load()
    asking = socket.socket(fileno=number)
    woken, wakes = socket.socketpair()
    wakes.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes.fileno())
    running: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([asking, woken], [], [])
        if woken in ready:
            woken.recv(4096)
            _tell_of_ended(running)
        if asking not in ready:
            continue
        asked, given, _, _ = socket.recv_fds(asking, _LONGEST, 4)
        if not asked:
            os._exit(0)
        streams, telling = given[:3], socket.socket(fileno=given[3])
        process = os.fork()
        if not process:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            telling.send(os.getpid().to_bytes(8, "big"))
            for ours in (asking, woken, wakes, telling, *running.values()):
                ours.close()
            arguments, folder, env, script = json.loads(asked)
            _become(arguments, folder, env, streams)
            return _program if script is None else partial(_carry_out, script)
        for each in streams:
            os.close(each)
        running[process] = telling


def _tell_of_ended(running: dict[int, socket.socket]) -> None:
    while running:
        process, status = os.waitpid(-1, os.WNOHANG)
        if not process:
            return
        with running.pop(process) as telling:
            telling.send(status.to_bytes(8, "big"))


def _become(arguments: list[str], folder: str, env: dict[str, str], streams: list[int]) -> None:
    """Be as if started with these."""
    for number, each in enumerate(streams):
        os.dup2(each, number)
        os.close(each)
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        assert isinstance(sys.stdout, io.TextIOWrapper)
        sys.stdout.reconfigure(line_buffering=True)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["runbook", *arguments]


def _program() -> int:
    from runbook.__main__ import main

    return main()


def _carry_out(script: str) -> int:
    exec(script, {"__name__": "__main__"})
    return 0


def leave(meant: Callable[[], int]) -> None:
    """Do what is meant, and end with its status; to let go of all modules would take longer."""
    try:
        status = meant()
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        status = ended.code or 0
    if threading.active_count() == 1:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        os._exit(status)
    sys.exit(status)
