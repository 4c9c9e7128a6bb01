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
# ruff: noqa: PTH110, PTH123, PTH208, SIM105

import os
import select
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal

    from runbook.world.processes import standby
else:
    # The module around it makes an enumeration of each number, at every call.
    import _signal as signal

    import standby

GRACE = 0.5
"""Seconds that what the command started may go on after the command itself has ended."""

KILL_LIMIT = 5.0
"""Seconds after which killing is given up: another user's process, or one stuck in the kernel."""

TICK = 0.02
"""Seconds after which Linux dates files anew (a hundredth, or less), and some more."""

DYING = 5000
"""Milliseconds after which a runner that died is gone, and what it had just begun to start."""

NAMES = 20
"""How many processes are named at most."""

DEAD = 1
"""The access time (ns) by which HELD says that nothing of a dead runner was left when it changed.

The journal reads it, and so knows what was changed after that by somebody else.
"""

PR_SET_CHILD_SUBREAPER = 36
BLANKED = bytes(32 if byte < 32 or byte == 127 else byte for byte in range(256))


def read_command(control: int) -> bytes | None:
    """Read a command (see `standby.parsed`); None when the runner went away before it said it."""
    data = b""
    while not standby.is_whole(data):
        chunk = os.read(control, 1 << 16)
        if not chunk:
            return None
        data += chunk
    return data


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

    def start(self, ready: standby.Standby | None, command: bytes, stdin: int, output: int) -> bool:
        """Have a process that is ready become the command; return whether it runs."""
        try:
            if ready is None or not ready.is_there():
                ready = standby.Standby()
        except OSError as error:  # too many processes
            self.say(b"failed " + str(error).encode())
            return False
        self.main = ready.pid
        # Before anything of the command can run: it might kill its supervisor.
        self.say(b"forked %d" % self.main)
        self.started = time.monotonic()
        why = ready.become(command, stdin, output)
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
    # What forks all the time and ends itself is overtaken only by a look that takes no time; that
    # may miss what moves meanwhile, and so all processes are looked at in the end.
    while found := (session is None and children() - frozen) or descendants(session) - frozen:
        # What is stopped cannot fork any more, so this comes to an end.
        send(found, signal.SIGSTOP)
        frozen |= found
        if time.monotonic() > limit:
            break
    return frozen


def children() -> set[int]:
    """Return the ids of processes below this one, as far as the kernel lists them (proc(5))."""
    below: set[int] = set()
    new = {os.getpid()}
    while new:
        found: set[int] = set()
        for parent in new:
            try:
                for thread in os.listdir(f"/proc/{parent}/task"):
                    with open(f"/proc/{parent}/task/{thread}/children", "rb") as file:
                        found.update(map(int, file.read().split()))
            except OSError:  # it has ended, or this kernel keeps no list
                continue
        new = found - below
        below |= new
    return below


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


def watch(tree: Tree, control: int, wake: int) -> bool:
    """Carry out orders until the command has ended and nothing of it is left.

    Returns whether that was because the runner died: it lets go of none without an order.
    """
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
                return not orders
            if b"T" in orders:
                tree.name(b"running", descendants())
                tree.pass_on(signal.SIGTERM)
                leave = False
            if b"I" in orders:
                tree.pass_on(signal.SIGINT)
            leave = leave or b"L" in orders
        if not tree.reap():
            return False
        if tree.ended and leave:
            tree.part()
            return False
        if tree.ended:
            until = until or time.monotonic() + GRACE
            if time.monotonic() >= until:
                tree.kill()
                return False


def prepare() -> tuple[int, standby.Standby | None]:
    """Make this process one that can supervise.

    Returns the descriptor that tells of ended children, and a process that is ready to become the
    command, where there may be one more.
    """
    os.setsid()
    wake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    standby.prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        return wake, standby.Standby()
    except OSError:
        return wake, None


def supervise(life: int, wake: int, ready: standby.Standby | None, descriptors: list[int]) -> None:
    """Run one command for the runner at the other end of the descriptors."""
    control, status, stdin, output, *held = descriptors
    os.write(status, b"watching %d\n" % os.getpid())
    command = read_command(control)
    if command is None:
        return
    _, argv, _ = standby.parsed(command)
    tree = Tree(status, argv)
    started = tree.start(ready, command, stdin, output)
    # The output is complete when the command's processes have closed it, not when we have.
    os.close(stdin)
    os.close(output)
    if started:
        died = watch(tree, control, wake)
        tree.say(b"done")
        # Of what a dying process has open, one is closed after the other.
        if is_over(life, DYING if died else 0):
            for descriptor in held:
                mark_end(descriptor)
        # Who waits for their end need not wait until the memory of this process is given back.
        for descriptor in (*held, status):
            os.close(descriptor)


def mark_end(held: int) -> None:
    """Say when nothing of a dead runner was left: what is changed from now on is dated later."""
    time.sleep(TICK)
    # By the clock that files are dated by, which is behind that of the system.
    os.utime(held)
    now = os.fstat(held).st_mtime_ns
    # What has dates of a second, or of some milliseconds, has what was changed before at this one.
    os.utime(held, ns=(DEAD, now - 1 if now % 1_000_000 else now))


def is_over(life: int, milliseconds: int = 0) -> bool:
    """Whether the runner is gone, or will be within a time."""
    poller = select.poll()
    poller.register(life, 0)  # what is told without being asked for: its end
    return bool(poller.poll(milliseconds))
