"""Run PostgreSQL until SIGTERM, SIGINT or SIGHUP, or until whoever started us is gone.

Prints one line, TEST_DATABASE_URL=..., once connections are accepted. Exit code 0 after a stop
that was asked for, 1 with a message on standard error if PostgreSQL could not start or died.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from types import FrameType

from workspaces.testing.postgres.starters import Starters

LOOK_EVERY = 0.1  # seconds


def main() -> int:
    """Start the keeper and hold its lifeline until there is a reason to let go."""
    asked_to_stop = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)
    starters = Starters()

    # The pipe to the keeper's standard input is the lifeline: nothing is ever written to it, and
    # the kernel closes it when this process ends, even by SIGKILL. Its own session keeps the
    # keeper out of reach of a Ctrl-C, or of a kill of this process group.
    keeper = subprocess.Popen(
        [sys.executable, "-m", "workspaces.testing.postgres.keeper"],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    while not asked_to_stop and starters.all_there():
        try:
            keeper.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            continue
        if keeper.returncode < 0:
            print(f"the keeper was killed by signal {-keeper.returncode}", file=sys.stderr)
        return 1

    assert keeper.stdin is not None
    keeper.stdin.close()
    keeper.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
