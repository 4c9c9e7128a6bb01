"""A process that waits to become a command, forked before anybody asks for it.

A fork of Python and the first steps of a new process take longer than many a command. The standard
library only, as in `supervisor.py`, whose child it is.
"""

# pathlib, contextlib, subprocess and socket would double the time this script takes to start.
# ruff: noqa: PTH118

import _socket
import ctypes
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from typing import NoReturn
else:
    # The module around it makes an enumeration of each number, at every call.
    import _signal as signal

PR_SET_PDEATHSIG = 1
MANY = 256
"""More descriptors than a supervisor has."""

SHELLS = (b"/bin/bash", b"/usr/bin/bash", b"/usr/local/bin/bash")

SERVED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""What ends the runner from the keyboard must not end what watches its commands."""

IGNORED = [
    number for number in signal.valid_signals() if signal.getsignal(number) == signal.SIG_IGN
]
"""What is ignored here goes to a command as ignored; all else begins anew with it (execve(2))."""

LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if LIBC is not None:
    # Looked up here, and not in each process that is forked.
    LIBC.prctl.argtypes = (ctypes.c_int, *(ctypes.c_ulong,) * 4)


def prctl(option: int, value: int) -> None:
    """Set an attribute of this process, where the system is Linux."""
    if LIBC is not None:
        LIBC.prctl(option, value, 0, 0, 0)


def received(source: "_socket.socket", most: int, size: int) -> tuple[bytes, list[int]]:
    """Up to `size` bytes, and up to `most` descriptors that came with the first of them."""
    data, passed, _, _ = source.recvmsg(size, _socket.CMSG_SPACE(4 * most))
    # The kernel has made them, and not one is inherited by what is started here.
    numbers = b"".join(each for _, _, each in passed)
    descriptors = [
        int.from_bytes(numbers[at : at + 4], sys.byteorder) for at in range(0, len(numbers), 4)
    ]
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    return data, descriptors


def parsed(command: bytes) -> tuple[bytes, list[bytes], dict[bytes, bytes]]:
    """Return (cwd, argv, env) of a command as bytes.

    Ten digits of length, then fields that each end with NUL: cwd, the number of arguments,
    arguments, NAME=VALUE pairs. JSON would cost more to import than the rest of this script.
    """
    cwd, count, *fields = command[10:].split(b"\0")[:-1]
    arguments, pairs = fields[: int(count)], fields[int(count) :]
    env = {}
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        env[name] = value
    return cwd, arguments, env


def is_whole(command: bytes) -> bool:
    """Whether nothing of a command is missing."""
    return len(command) >= 10 and len(command) >= 10 + int(command[:10])


class Standby:
    """A child in a session of its own that waits to `become` a command.

    `pid` is also the number of its session and process group. It ends with its parent.

    Raises:
        OSError: there are too many processes.
    """

    def __init__(self) -> None:
        self._socket, theirs = _socket.socketpair()
        parent = os.getpid()
        try:
            self.pid = os.fork()
        except BaseException:
            self._socket.close()
            theirs.close()
            raise
        if self.pid == 0:
            try:
                _wait(theirs, parent)
            finally:
                os._exit(127)
        theirs.close()

    def is_there(self) -> bool:
        """Whether it still waits; who finds that it was killed can have another one."""
        try:
            return os.waitpid(self.pid, os.WNOHANG)[0] == 0
        except ChildProcessError:
            return False

    def become(self, command: bytes, stdin: int, output: int) -> bytes:
        """Have it become a command; what went wrong, where something did.

        Nothing of the command has begun before this. Where it was killed meanwhile, its end tells.
        """
        failure, failed = os.pipe()  # both close on exec, so nothing to read means it went well
        numbers = b"".join(each.to_bytes(4, sys.byteorder) for each in (stdin, output, failed))
        rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, numbers)]
        try:
            sent = self._socket.sendmsg([command], rights)
            self._socket.sendall(command[sent:])
        except OSError:  # it was killed
            pass
        os.close(failed)
        self._socket.close()
        why = os.read(failure, 4096)
        os.close(failure)
        return why


def _wait(source: "_socket.socket", parent: int) -> None:
    """Get ready, wait for a command and become it."""
    os.setsid()
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    # What others wait for the end of must not stay open here.
    kept = source.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, MANY)
    _default_signals()
    command, descriptors = received(source, 3, 1 << 16)
    if not command:
        return
    stdin, output, failed = descriptors
    try:
        while not is_whole(command):
            more = source.recv(1 << 16)
            if not more:
                return
            command += more
        for descriptor, number in ((stdin, 0), (output, 1), (output, 2)):
            os.dup2(descriptor, number)
        cwd, arguments, env = parsed(command)
        os.chdir(cwd)
        _execute(cwd, arguments, env)
    except BaseException as error:
        os.write(failed, str(error).encode("utf-8", "replace"))


def _default_signals() -> None:
    """Give the command the signals a login shell would give it, whatever the runner ignores."""
    for number in (*IGNORED, *SERVED, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _execute(cwd: bytes, argv: list[bytes], env: dict[bytes, bytes]) -> "NoReturn":
    """Become the command, in the first shell that can be.

    One is looked for in the folders of PATH, seen from `cwd`, then where shells live.
    """
    folders = env.get(b"PATH", b"").split(b":")
    named = [os.path.join(cwd, folder, argv[0]) for folder in folders if folder]
    for shell in (*named, *SHELLS):
        if os.access(shell, os.X_OK):
            try:
                os.execve(shell, argv, env)
            except (FileNotFoundError, NotADirectoryError, PermissionError):
                continue
    raise FileNotFoundError("bash is not on PATH")
