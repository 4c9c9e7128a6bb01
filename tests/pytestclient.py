"""Has the server of `pytestserver` become the pytest that is asked for, and ends as that one does.

A script for `python -I -S`: `pytestclient.py SOCKET ARGUMENTS...`. Where the server can't be what a
pytest would be that is started here, it is started.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    import socket
else:
    # What is around these would take as long as all the rest.
    import _signal as signal
    import _socket as socket

FORWARDED = (signal.SIGINT, signal.SIGTERM)


def main(place: str, *arguments: str) -> int:
    """Ask, pass signals on, and return the exit status."""
    try:
        server = asked(place, arguments)
    except OSError:
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
    for each in FORWARDED:
        if signal.getsignal(each) != signal.SIG_IGN:
            signal.signal(each, lambda number, _: server.send(bytes([number])))
    told = server.recv(8)
    if not told:
        sys.exit("nobody knows how it ended")
    status = os.waitstatus_to_exitcode(int.from_bytes(told, "big"))
    if status < 0:
        if -status in FORWARDED:
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    return status


def asked(place: str, arguments: tuple[str, ...]) -> socket.socket:
    """The connection over which it is told how it ended; raises OSError where nobody does it."""
    with open("/proc/self/status", "rb") as file:  # noqa: PTH123
        if b"NoNewPrivs:\t1" in file.read():
            raise OSError("what holds this process would not hold another one")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    server.connect(place)
    umask = os.umask(0)
    os.umask(umask)
    # As what a shell starts in the background does.
    ignores = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    given = [0, 1, 2, os.open(".", os.O_PATH)]
    given += [os.open(f"/proc/self/ns/{name}", os.O_RDONLY) for name in ("user", "mnt")]
    rights = b"".join(each.to_bytes(4, sys.byteorder) for each in given)
    server.sendmsg(
        [marshal.dumps((arguments, dict(os.environb), umask, ignores))],
        [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)],
    )
    if server.recv(8) != b"begun":
        raise OSError("it is not as the server was loaded")
    return server


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
