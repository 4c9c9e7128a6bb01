"""Stand between the runner and one command, so that no process of the command outlives either.

A supervisor is a process that `server.py` forked, with the standard library only. It has the
descriptors CONTROL, STATUS, the command's input and output, and maybe HELD, which is kept open
until all is over, and marked where the runner died: then nobody has the other end of the pipe LIFE
any more.

CONTROL brings the command (see `read_command`) and then orders of one byte: I and T pass SIGINT and
SIGTERM on, K kills, L leaves alone what goes on when the command has ended well. Its end means that
the runner died, and kills too. STATUS takes lines: "watching PID" of the supervisor itself; "forked
PID"; "started" or "failed WHY"; "running PID NAME" before T; "exit WAITSTATUS SECONDS"; "stopped
PID NAME" for what was killed; "survivor PID NAME" for what could not be; "done".
"""

# pathlib, contextlib, subprocess and socket would double the time this script takes to start.
# ruff: noqa: PTH110, PTH118, PTH123, PTH208, SIM105

import ctypes
import os
import select
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from typing import NoReturn
else:
    # The module around it makes an enumeration of each number, at every call.
    import _signal as signal

GRACE = 0.5
"""Seconds that what the command started may go on after the command itself has ended."""

KILL_LIMIT = 5.0
"""Seconds after which killing is given up: another user's process, or one stuck in the kernel."""

NAMES = 20
"""How many processes are named at most."""

DEAD = 1
"""The access time (ns) by which HELD says that nothing of a dead runner was left when it changed.

The journal reads it, and so knows what was changed after that by somebody else.
"""

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
SHELLS = (b"/bin/bash", b"/usr/bin/bash", b"/usr/local/bin/bash")
BLANKED = bytes(32 if byte < 32 or byte == 127 else byte for byte in range(256))


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


def read_command(control: int) -> tuple[bytes, list[bytes], dict[bytes, bytes]] | None:
    """Return (cwd, argv, env) as bytes, or None when the runner went away before it said them.

    Ten digits of length, then fields that each end with NUL: cwd, the number of arguments,
    arguments, NAME=VALUE pairs. JSON would cost more to import than the rest of this script.
    """
    data = b""
    while len(data) < 10 or len(data) < 10 + int(data[:10]):
        chunk = os.read(control, 1 << 16)
        if not chunk:
            return None
        data += chunk
    cwd, count, *fields = data[10:].split(b"\0")[:-1]
    arguments, pairs = fields[: int(count)], fields[int(count) :]
    env = {}
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        env[name] = value
    return cwd, arguments, env


class Tree:
    """The command and everything it started, wherever that has moved since."""

    def __init__(self, status: int, argv: list[bytes]) -> None:
        self.status = status
        self.argv = argv
        self.main = 0
        self.started = 0.0
        self.ended = False
        self.status_of_main = 0
        self.named: set[int] = set()

    def say(self, line: bytes) -> None:
        """Tell the runner; where it died, the next read of CONTROL will show it."""
        try:
            os.write(self.status, line + b"\n")
        except OSError:
            pass

    def start(self, cwd: bytes, env: dict[bytes, bytes]) -> bool:
        """Start the command; return whether it runs."""
        supervisor = os.getpid()
        shells = [shell for shell in named(cwd, self.argv[0], env) if os.access(shell, os.X_OK)]
        self.started = time.monotonic()
        failure, failed = os.pipe()  # both close on exec, so nothing to read means it went well
        try:
            self.main = os.fork()
        except OSError as error:  # too many processes
            self.say(b"failed " + str(error).encode())
            return False
        if self.main == 0:
            try:
                os.setsid()
                prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
                if os.getppid() != supervisor:
                    os._exit(127)
                default_signals()
                os.chdir(cwd)
                # Before anything of the command can run: it might kill its supervisor.
                self.say(b"forked %d" % os.getpid())
                execute(shells, self.argv, env)
            except BaseException as error:
                os.write(failed, str(error).encode("utf-8", "replace"))
            os._exit(127)
        os.close(failed)
        why = os.read(failure, 4096)
        os.close(failure)
        if why:
            self.say(b"failed " + why.replace(b"\n", b" "))
            return False
        self.say(b"started")
        return True

    def pass_on(self, number: int) -> None:
        """Send a signal to the command's process group."""
        if self.ended:  # its number may be somebody else's by now
            return
        try:
            os.killpg(self.main, number)
            os.killpg(self.main, signal.SIGCONT)  # a stopped process would not see it
        except OSError:
            pass

    def reap(self) -> bool:
        """Take note of what has ended; return whether anything is left."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.main:
                self.ended, self.status_of_main = True, status
                self.say(b"exit %d %.6f" % (status, time.monotonic() - self.started))

    def name(self, word: bytes, pids: set[int]) -> None:
        """Tell the runner what these processes are; the shell itself only when it is alone."""
        shell = b" ".join(self.argv)
        names = {pid: command_line(pid) for pid in sorted(set(pids) - self.named)}
        if any(name != shell for name in names.values()):
            names = {pid: name for pid, name in names.items() if name != shell}
        for pid, name in names.items():
            if name and len(self.named) < NAMES:
                self.named.add(pid)
                self.say(b"%s %d %s" % (word, pid, name[:200].translate(BLANKED)))

    def part(self) -> None:
        """Kill what goes on of a command that did not end well, and leave alone all else.

        Where a signal ended it, nobody is left who meant anything to go on. Where it failed, what
        is still of its session was left behind; what was meant to go on has one of its own.
        """
        if os.WIFSIGNALED(self.status_of_main):
            self.kill()
        elif self.status_of_main != 0:
            limit = time.monotonic() + KILL_LIMIT
            while descendants(self.main) and time.monotonic() < limit:
                send(freeze(limit, self.main), signal.SIGKILL)
                self.reap()
                time.sleep(0.002)

    def kill(self) -> None:
        """Kill all of it, however fast it forks: as its subreaper, having no child is the proof."""
        limit = time.monotonic() + KILL_LIMIT
        first = True
        while self.reap():
            frozen = freeze(limit)
            if first:
                self.name(b"stopped", frozen)
                first = False
            send(frozen, signal.SIGKILL)
            if not os.path.exists("/proc/self/stat"):
                try:
                    os.killpg(self.main, signal.SIGKILL)
                except OSError:
                    pass
            if time.monotonic() > limit:
                self.named.clear()
                self.name(b"survivor", frozen)
                return
            time.sleep(0.002)


def default_signals() -> None:
    """Give the command the signals a login shell would give it, whatever the runner ignores."""
    for number in (*IGNORED, *SERVED, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def named(cwd: bytes, shell: bytes, env: dict[bytes, bytes]) -> list[bytes]:
    """Where a shell may be: in the folders of its PATH, seen from `cwd`, or where shells live."""
    folders = env.get(b"PATH", b"").split(b":")
    return [*(os.path.join(cwd, folder, shell) for folder in folders if folder), *SHELLS]


def execute(shells: list[bytes], argv: list[bytes], env: dict[bytes, bytes]) -> "NoReturn":
    """Become the command, in the first of some shells that can be."""
    for shell in shells:
        try:
            os.execve(shell, argv, env)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
    raise FileNotFoundError("bash is not on PATH")


def send(pids: set[int], number: int) -> None:
    """Send a signal to processes, some of which may be gone or another user's."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except OSError:
            pass


def freeze(limit: float, session: int | None = None) -> set[int]:
    """Stop all processes below this one, or those of one session; return their ids.

    So that none goes on because of another's death while they are killed.
    """
    frozen: set[int] = set()
    while found := descendants(session) - frozen:
        # What is stopped cannot fork any more, so this comes to an end.
        send(found, signal.SIGSTOP)
        frozen |= found
        if time.monotonic() > limit:
            break
    return frozen


def descendants(session: int | None = None) -> set[int]:
    """Return the ids of all living processes below this one, or of those of one session."""
    sessions: dict[int, int] = {}
    parents: dict[int, tuple[int, bytes]] = {}
    try:
        entries = os.listdir("/proc")
    except OSError:
        return set()
    for entry in entries:
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", "rb") as file:
                    state, parent, _, own = file.read().rpartition(b")")[2].split()[:4]
            except (OSError, ValueError):
                continue
            parents[int(entry)] = int(parent), state
            sessions[int(entry)] = int(own)
    below = {os.getpid()}
    while grown := {pid for pid, (parent, _) in parents.items() if parent in below} - below:
        below |= grown
    below -= {os.getpid()}
    return {
        pid
        for pid in below
        if pid in parents
        and parents[pid][1] != b"Z"
        and (session is None or sessions[pid] == session)
    }


def command_line(pid: int) -> bytes:
    """Return a process's command line, b"" when it is gone."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read(4096).rstrip(b"\0").replace(b"\0", b" ")
    except OSError:
        return b""


def watch(tree: Tree, control: int, wake: int) -> None:
    """Carry out orders until the command has ended and nothing of it is left."""
    poller = select.poll()
    poller.register(control, select.POLLIN)
    poller.register(wake, select.POLLIN)
    until = None
    leave = False
    while True:
        wait = None if until is None else max(0.0, until - time.monotonic()) * 1000 + 1
        for descriptor, _ in poller.poll(wait):
            if descriptor == wake:
                os.read(wake, 4096)
                continue
            orders = os.read(control, 64)
            if not orders or b"K" in orders:
                tree.kill()
                return
            if b"T" in orders:
                tree.name(b"running", descendants())
                tree.pass_on(signal.SIGTERM)
                leave = False
            if b"I" in orders:
                tree.pass_on(signal.SIGINT)
            leave = leave or b"L" in orders
        if not tree.reap():
            return
        if tree.ended and leave:
            tree.part()
            return
        if tree.ended:
            until = until or time.monotonic() + GRACE
            if time.monotonic() >= until:
                tree.kill()
                return


def prepare() -> int:
    """Make this process one that can supervise; the descriptor that tells of ended children."""
    os.setsid()
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    return wake


def supervise(life: int, wake: int, descriptors: list[int]) -> None:
    """Run one command for the runner at the other end of the descriptors."""
    control, status, stdin, output, *held = descriptors
    os.write(status, b"watching %d\n" % os.getpid())
    for descriptor, number in ((stdin, 0), (output, 1), (output, 2)):
        os.dup2(descriptor, number)
    os.close(stdin)
    os.close(output)
    command = read_command(control)
    if command is None:
        return
    cwd, argv, env = command
    tree = Tree(status, argv)
    if tree.start(cwd, env):
        # The output is complete when the command's processes have closed it, not when we have.
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        watch(tree, control, wake)
        tree.say(b"done")
        if is_over(life):
            for descriptor in held:
                os.utime(descriptor, ns=(DEAD, time.time_ns()))


def is_over(life: int) -> bool:
    """Whether the runner is gone."""
    poller = select.poll()
    poller.register(life, 0)  # what is told without being asked for: its end
    return bool(poller.poll(0))
