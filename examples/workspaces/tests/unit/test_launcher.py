"""The launcher brings up PostgreSQL, and nothing of it outlives the launcher."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import pytest

from tests.unit.launched import LAUNCH, Launch, alive, children_of, eventually

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the tests look into /proc, which only Linux has"
)

# Starts a command and waits: something to be killed from above the launcher.
STARTER = [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_with_everything_cleaned_up(launch: Launch, number: int) -> None:
    launched = launch(LAUNCH)
    launched.process.send_signal(number)
    assert launched.process.wait(10) == 0
    assert launched.nothing_left()


def test_nothing_survives_a_killed_launcher(launch: Launch) -> None:
    launched = launch(LAUNCH)
    launched.process.kill()
    assert eventually(launched.nothing_left)


def test_nothing_survives_a_kill_during_initdb() -> None:
    with subprocess.Popen(LAUNCH) as launcher:
        assert eventually(lambda: bool(children_of(launcher.pid)))
        [keeper] = children_of(launcher.pid)
        assert eventually(lambda: bool(children_of(keeper)))
        [initdb] = children_of(keeper)
        launcher.kill()
    assert eventually(lambda: not alive(keeper) and not alive(initdb))


def test_postgres_stops_even_if_the_keeper_is_killed_as_well(launch: Launch) -> None:
    launched = launch(LAUNCH)
    os.kill(launched.keeper, signal.SIGSTOP)
    launched.process.kill()
    os.kill(launched.keeper, signal.SIGKILL)
    assert eventually(lambda: not alive(launched.postgres))
    assert launched.folder.exists()
    launch(LAUNCH)
    assert not launched.folder.exists()


@pytest.mark.parametrize("wrapper", [[], ["uv", "run", "--no-sync"]], ids=["directly", "uv"])
def test_nothing_survives_a_killed_starter(launch: Launch, wrapper: list[str]) -> None:
    if wrapper and not shutil.which(wrapper[0]):
        pytest.skip("uv is not on PATH")
    launched = launch([*STARTER, *wrapper, *LAUNCH])
    launched.process.kill()
    assert eventually(launched.nothing_left)


def test_a_server_that_dies_is_an_error(launch: Launch) -> None:
    launched = launch(LAUNCH)
    os.kill(launched.postgres, signal.SIGQUIT)
    _, errors = launched.process.communicate(timeout=10)
    assert launched.process.returncode == 1
    assert "embedded PostgreSQL: postgres ended by itself" in errors
    assert launched.nothing_left()


def test_a_keeper_that_dies_is_an_error(launch: Launch) -> None:
    launched = launch(LAUNCH)
    os.kill(launched.keeper, signal.SIGKILL)
    _, errors = launched.process.communicate(timeout=10)
    assert launched.process.returncode == 1
    assert "the keeper was killed by signal 9" in errors
    assert eventually(lambda: not alive(launched.postgres))
