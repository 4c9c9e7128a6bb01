"""Starts pytest without loading it each time, which takes longer than most of its tests.

As with `forkserver` a process that has loaded it forks for each call. But here it is a command of a
phase that calls: `pytestclient` stands on PATH, gives its streams, folder, environment and mounts
away, and ends as the pytest does that this process becomes; where it is killed, so is that one.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import marshal
import os
import runpy
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from foreground import foreground

LANG = b"C.UTF-8"
AT_THE_START = (b"LANG", b"LC_", b"LD_", b"MALLOC_", b"PYTHON", b"TZ")
"""Beginnings of what is read of the environment when Python starts and pytest is loaded."""

LOADED = {b"LANG": LANG, b"PYTHONDONTWRITEBYTECODE": b"1"}
"""What of these there is; only PYTHONPATH may be another one."""

LEFT_OUT = (
    "cacheprovider", "doctest", "junitxml", "legacypath", "pastebin", "setuponly", "setupplan",
    "stepwise", "subtests",
)  # fmt: skip
"""Plugins that no test here is about: to register them is a fifth of a short run."""

_LONGEST = 200_000
"""Bytes of a request."""


WITHOUT = ["--disable-plugin-autoload", *(f"-pno:{name}" for name in LEFT_OUT)]


def command() -> str:
    """The beginning of a shell's command for a pytest that is not loaded, but forked."""
    client = Path(__file__).with_name("pytestclient.py")
    return shlex.join([sys.executable, "-I", "-S", str(client), _server(), *WITHOUT])


@cache
def _server() -> str:
    """The socket of the server, which ends with this process."""
    folder = tempfile.TemporaryDirectory(prefix="pytest-server-")
    place = f"{folder.name}/socket"
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listening.bind(place)
    listening.listen(64)
    here = str(Path(__file__).parent)
    script = (
        f"import sys; sys.path.append({here!r})\n"
        f"from pytestserver import leave, serve\n"
        f"sys.path.remove({here!r})\n"
        f"serve({listening.fileno()})\n"
        "leave()"
    )
    with foreground():
        server = subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ["PATH"], **{k.decode(): v.decode() for k, v in LOADED.items()}},
            pass_fds=[listening.fileno()],
            start_new_session=True,
        )
    listening.close()
    assert server.stdin is not None

    def end() -> None:
        server.communicate()
        folder.cleanup()

    atexit.register(end)
    return place


# The server


def load() -> None:
    """Load pytest, for good."""
    import pytest  # noqa: F401
    from _pytest.config import default_plugins

    for name in default_plugins:
        import_module(f"_pytest.{name}")
    for name in ("_pytest._argcomplete", "difflib", "faulthandler", "pdb", "pprint"):
        import_module(name)  # which it loads while it runs
    gc.freeze()


def serve(number: int) -> None:
    """Fork for each request that comes; returns in what is to be pytest then."""
    load()
    listening = socket.socket(fileno=number)
    woken, wakes = socket.socketpair()
    wakes.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes.fileno())
    running: dict[socket.socket, int] = {}
    while True:
        ready, _, _ = select.select([sys.stdin.buffer, listening, woken, *running], [], [])
        for each in ready:
            if each is listening:
                asking, _ = listening.accept()
                asked, given, _, _ = socket.recv_fds(asking, _LONGEST, 6)
                process = os.fork()
                if not process:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for ours in (listening, woken, wakes, *running):
                        ours.close()
                    _become(asking, marshal.loads(asked), given)
                    return
                running[asking] = process
                for one in given:
                    os.close(one)
            elif each is woken:
                woken.recv(4096)
                _tell_of_ended(running)
            elif each in running:
                _pass_on(each, running[each])
            elif each is sys.stdin.buffer:
                os._exit(0)


def _pass_on(asking: socket.socket, process: int) -> None:
    """Send it a signal that was sent to who asked for it; it does not outlive that one."""
    for number in asking.recv(8) or [signal.SIGKILL]:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def _tell_of_ended(running: dict[socket.socket, int]) -> None:
    asking = {process: one for one, process in running.items()}
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            with asking[ended[0]] as one, suppress(OSError):
                del running[one]
                one.send(ended[1].to_bytes(8, "big"))


def _become(
    asking: socket.socket,
    asked: tuple[list[str], dict[bytes, bytes], int, bool],
    given: list[int],
) -> None:
    """Be as if started with these, or end."""
    arguments, env, umask, ignores = asked
    *streams, folder, users, mounts = given
    read = {name: value for name, value in env.items() if name.startswith(AT_THE_START)}
    paths = os.fsdecode(read.pop(b"PYTHONPATH", b""))
    try:
        assert read == LOADED
        _enter(users, "user")
        _enter(mounts, "mnt")
        os.fchdir(folder)
    except (AssertionError, OSError):
        os._exit(1)
    os.setsid()
    asking.send(b"begun")
    asking.close()
    for number, each in enumerate(streams):
        os.dup2(each, number)
    for each in given:
        os.close(each)
    os.umask(umask)
    signal.signal(signal.SIGINT, signal.SIG_IGN if ignores else signal.default_int_handler)
    os.environ.clear()
    os.environb.update(env)
    sys.path[:1] = [str(Path(path).absolute()) for path in (".", *paths.split(os.pathsep)) if path]
    sys.argv[1:] = arguments


def _enter(descriptor: int, name: str) -> None:
    """Have the mounts, or users, of another process."""
    if not os.path.samestat(os.fstat(descriptor), Path(f"/proc/self/ns/{name}").stat()):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(descriptor, 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")


def leave() -> None:
    """Be pytest, and end with its status; to let go of all modules would take longer."""
    try:
        runpy.run_module("pytest", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if threading.active_count() > 1 or not isinstance(ended.code, int):
            raise
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code)
