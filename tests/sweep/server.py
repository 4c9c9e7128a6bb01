"""A process that has the program imported, and forks for each run: a run starts in milliseconds.

A script. Each line of standard input is an order in JSON: folder, arguments, environment, the file
for the output, the file of the order to the preloaded library, a mutant's name. Each line of
standard output is the exit status of a run, negative for a signal.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from forkserver import load

from sweep import mutants, preload

_STOPPED = 0.3  # seconds that a stopped run lives on, and the rest goes on


def carry_out(order: dict[str, Any]) -> int:
    """Be the program; returns its exit status."""
    from runbook.__main__ import main

    os.setsid()
    os.chdir(order["folder"])
    for name in [name for name in os.environ if name not in order["environment"]]:
        del os.environ[name]
    os.environ.update(order["environment"])
    output = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, 64)
    sys.argv = ["runbook", *order["arguments"]]
    if order["mutant"]:
        mutants.apply(order["mutant"])
    if order["state"]:
        preload.begin(order["state"], os.getpid())
    try:
        status = main()
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
        status = 99
    sys.stdout.flush()
    return status


def serve() -> None:
    """Fork for each order until there are no more."""
    load()
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 98
            try:
                status = carry_out(order)
            finally:
                os._exit(status)
        _, waited = os.waitpid(child, os.WUNTRACED)
        if os.WIFSTOPPED(waited):
            time.sleep(_STOPPED)
            os.kill(child, signal.SIGKILL)
            _, waited = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(waited), flush=True)


if __name__ == "__main__":
    serve()
