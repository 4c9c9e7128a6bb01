"""The process that forks a supervisor for each command of a run, ahead of it.

A script for `python -I -S`, the standard library only: `server.py SOCKET LIFE`, descriptors. By
SOCKET the runner asks for supervisors: each request is a byte with the descriptors of one (see
`supervisor.py`). LIFE is a pipe of which the runner alone has the other end.
"""

# pathlib, subprocess and socket would double the time this script takes to start.
# ruff: noqa: PTH100, PTH120

import _socket
import os
import select
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal

    from runbook.world.processes import standby, supervisor
else:
    import _signal as signal

    # Not by the package, whose modules need more than is here.
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import standby
    import supervisor

    del sys.path[0]

AT_HAND = 2
"""How many wait once two were asked for in a moment, as for a check and git's own commit."""

PAUSE = 4
"""Milliseconds after which a command has begun, and the next supervisor is forked."""

DESCRIPTORS = 5
"""How many descriptors come with a request at most."""


def received(server: "_socket.socket") -> list[int]:
    """The descriptors of the next request; none when the runner asks for nothing more."""
    asked, descriptors = standby.received(server, DESCRIPTORS, 1)
    return descriptors if asked else []


def wait_for_one(server: "_socket.socket", life: int, tell: int) -> None:
    """Take the next request, having got ready before it came; tell the server of it."""
    wake, ready = supervisor.prepare()
    descriptors = received(server)
    os.write(tell, b"F" if descriptors else b"E")
    os.close(tell)
    server.close()  # or nobody would see the server's death
    if descriptors:
        supervisor.supervise(life, wake, ready, descriptors)


def forked_late(server: "_socket.socket", life: int) -> bool:
    """Fork a supervisor when it is asked for, because none could be before; as `forked`."""
    descriptors = received(server)
    if not descriptors:
        return False
    try:
        child = os.fork()
    except OSError as error:
        os.write(descriptors[1], b"failed " + str(error).encode() + b"\n")
    else:
        if child == 0:
            try:
                server.close()
                supervisor.supervise(life, *supervisor.prepare(), descriptors)
            finally:
                os._exit(0)
    for descriptor in descriptors:
        os.close(descriptor)
    return True


def forked(server: "_socket.socket", life: int, others: "list[int]") -> int:
    """Have one more supervisor at hand; returns the pipe by which it tells that it was asked.

    Raises:
        OSError: there are too many processes.
    """
    taken, tell = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(taken)
        os.close(tell)
        raise
    if child == 0:
        try:
            for pipe in (taken, *others):
                os.close(pipe)
            wait_for_one(server, life, tell)
        finally:
            # Nothing to tidy up: leaving the slow way costs more than a short command.
            os._exit(0)
    os.close(tell)
    return taken


def readable(descriptors: "list[int]", milliseconds: "int | None" = None) -> "list[int]":
    """Those of some descriptors that can be read, or have ended, within a time."""
    poller = select.poll()
    for descriptor in descriptors:
        poller.register(descriptor, select.POLLIN)
    return [descriptor for descriptor, _ in poller.poll(milliseconds)]


def main() -> None:
    """Have supervisors at hand for the next requests, until the runner is gone."""
    server, life = _socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    for descriptor in (server.fileno(), life):
        os.set_inheritable(descriptor, False)
    for number in standby.SERVED:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for supervisors
    at_hand: list[int] = []
    wanted = 1
    more = True
    while more:
        try:
            while len(at_hand) < wanted:
                at_hand.append(forked(server, life, at_hand))
        except OSError:  # too many processes; there may be fewer by then
            if not at_hand:
                more = forked_late(server, life)
                continue
        for taken in readable(at_hand):
            at_hand.remove(taken)
            word = os.read(taken, 1)
            os.close(taken)
            more = more and word != b"E" and not supervisor.is_over(life)
            if not word:
                # It was killed before it was asked; another one takes its place.
                time.sleep(0.01)
        # What was asked for begins first, unless another one is waited for.
        if more and readable(at_hand or [server.fileno()], PAUSE) and not at_hand:
            wanted = AT_HAND
    os._exit(0)


if __name__ == "__main__":
    main()
