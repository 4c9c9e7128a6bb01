"""Run a command where some folders are overlaid by others: what it writes stays in a view.

A script for `python -I -S`, the standard library only:
`inside.py VIEW CWD WATCHED... -- LAYER... -- COMMAND...`.

VIEW is a folder that has for each LAYER, the absolute path of a folder, the folders `upper-N` and
`work-N`. Each layer is mounted over itself, with what is in its upper folder on top. Only the
command and what it starts see that, and it goes with the last of them.

After the command has ended it makes the file `unasked` in VIEW, unless one of the files and folders
that are WATCHED, or what is in one of these, was opened. It ends as the command ended, or with
UNMOUNTED where the command was not run.

https://docs.kernel.org/filesystems/overlayfs.html
"""

# ruff: noqa: PTH110, PTH118, PTH123

import ctypes
import os
import resource
import signal
import sys

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_BIND, MS_REC, MS_SLAVE = 4096, 16384, 1 << 19
PR_SET_PDEATHSIG = 1
IN_OPEN, IN_ONESHOT = 0x20, 0x80000000

SOCKETS = ("docker.sock", "podman/podman.sock", "containerd/containerd.sock")
"""Of services that would mount or copy the files as they are outside of the view."""

UNMOUNTED = 96
"""The exit status where there is no such view."""

LIBC = ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> int:
    """What a call of the system returned; raises OSError with what was tried."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def separate() -> None:
    """Give this process its own mounts; who may not have them so has them as its own user."""
    uid, gid = os.getuid(), os.getgid()
    if LIBC.unshare(CLONE_NEWNS) != 0:
        checked(LIBC.unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare")
        for name, line in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)
    checked(LIBC.mount(None, b"/", None, MS_REC | MS_SLAVE, None), "mount")


def overlay(view: str, number: int, layer: str) -> None:
    """Mount a layer over itself, with its upper folder on top."""
    places = (layer, os.path.join(view, f"upper-{number}"), os.path.join(view, f"work-{number}"))
    # By descriptors: in a path some characters would end an option.
    opened = [os.open(place, os.O_PATH | os.O_DIRECTORY) for place in places]
    lower, upper, work = (f"/proc/self/fd/{each}" for each in opened)
    options = f"lowerdir={lower},upperdir={upper},workdir={work},userxattr"
    target = os.fsencode(layer)
    checked(LIBC.mount(b"overlay", target, b"overlay", 0, options.encode()), "mount")
    for each in opened:
        os.close(each)


def without_containers() -> None:
    """Have nobody reached who would run the command's work on the files outside of the view."""
    host = os.environ.get("DOCKER_HOST", "")
    places = [host.removeprefix("unix://")] if host.startswith("unix://") else []
    for folder in ("/run", os.environ.get("XDG_RUNTIME_DIR", "")):
        places += [os.path.join(folder, name) for name in SOCKETS if folder]
    for place in places:
        if os.path.exists(place):
            checked(LIBC.mount(b"/dev/null", os.fsencode(place), None, MS_BIND, None), "mount")


def watching(paths: "list[str]") -> int:
    """A descriptor that tells of the first opening of each path, and of what is in a folder."""
    descriptor = checked(LIBC.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC), "inotify")
    for path in paths:
        flags = ctypes.c_uint32(IN_OPEN | IN_ONESHOT)
        checked(LIBC.inotify_add_watch(descriptor, os.fsencode(path), flags), "inotify")
    return descriptor


def opened(descriptor: int) -> bool:
    """Whether anything that is watched was opened."""
    try:
        return bool(os.read(descriptor, 65536))
    except BlockingIOError:
        return False


def run(command: "list[str]", parent: int) -> int:
    """Run a command with the signals that a shell gives it; returns how it ended (wait status)."""
    noted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
    for number in noted:
        signal.signal(number, signal.SIG_IGN)
    own = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            LIBC.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
            if os.getppid() != own:
                os._exit(127)
            for number in (*noted, signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores the last two
                signal.signal(number, signal.SIG_DFL)
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    # A change of what this process may do has undone what its supervisor had asked for.
    LIBC.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return status


def end_as(status: int) -> None:
    """End as another process ended."""
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        os._exit(code)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(-code, signal.SIG_DFL) if -code != signal.SIGKILL else None
    os.kill(os.getpid(), -code)
    os._exit(128 - code)


def main() -> None:
    """Make the view, run the command in it, and say whether what is watched was opened."""
    view, cwd, *rest = sys.argv[1:]
    first = rest.index("--")
    watched, rest = rest[:first], rest[first + 1 :]
    second = rest.index("--")
    layers, command = rest[:second], rest[second + 1 :]
    parent = os.getppid()
    try:
        separate()
        # By what is below of it, which nobody else sees covered.
        place = os.open(view, os.O_PATH | os.O_DIRECTORY)
        for number, layer in enumerate(layers):
            overlay(view, number, layer)
        without_containers()
        os.chdir(cwd)
        seen = watching(watched)
    except OSError as error:
        sys.stderr.write(f"{error.strerror or error}\n")
        sys.stderr.flush()
        os._exit(UNMOUNTED)
    status = run(command, parent)
    if not opened(seen):
        os.close(os.open("unasked", os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=place))
    end_as(status)


if __name__ == "__main__":
    main()
