"""Own PostgreSQL and its folder, and remove both when the lifeline on standard input is cut."""

from __future__ import annotations

import signal
import sys

from workspaces.testing.postgres.accounts import unprivileged_account
from workspaces.testing.postgres.errors import ServerError
from workspaces.testing.postgres.folders import server_folder
from workspaces.testing.postgres.lifeline import Lifeline, LifelineCut
from workspaces.testing.postgres.programs import programs_folder, programs_for_everyone
from workspaces.testing.postgres.server import Cluster, free_ports, initialise, serve

LOOK_EVERY = 0.2  # seconds


def main() -> int:
    """Keep a server until the lifeline is cut (0) or something goes wrong (1)."""
    # The launcher alone decides when to stop. A handler that does nothing, unlike SIG_IGN, is not
    # inherited by the programs that are started from here.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda signum, frame: None)
    try:
        _keep(Lifeline(sys.stdin.fileno()))
    except LifelineCut:
        return 0
    except (ServerError, OSError) as error:
        print(f"embedded PostgreSQL: {error}", file=sys.stderr)
    return 1


def _keep(lifeline: Lifeline) -> None:
    account = unprivileged_account()
    programs = programs_folder()
    with server_folder(for_everyone=account is not None) as folder:
        if account is not None:
            programs = programs_for_everyone(programs, folder / "programs")
        cluster = Cluster(programs, folder, account, lifeline)
        initialise(cluster)
        with serve(cluster, free_ports()) as (postgres, url):
            print(f"TEST_DATABASE_URL={url}", flush=True)
            while postgres.poll() is None:
                lifeline.wait(LOOK_EVERY)
            raise ServerError(f"postgres ended by itself with status {postgres.returncode}")


if __name__ == "__main__":
    sys.exit(main())
