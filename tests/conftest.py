"""What all tests share: the scenario builder, and the mark of the slow ones."""

import compileall
import gc
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before it is imported: its assertions are to show differences like those of a test.
pytest.register_assert_rewrite("scenario", "lines", "marked")

from marked import alive  # noqa: E402
from scenario import Scenario  # noqa: E402
from tiers import is_slow, place  # noqa: E402

from runbook.world.processes.confinement import launcher  # noqa: E402
from runbook.world.processes.environment import PROBE_FOLDER  # noqa: E402

# Scenarios write no compiled code, and each of their pytests would compile the probe again.
compileall.compile_dir(str(PROBE_FOLDER), quiet=2)


# First: what is asked for is chosen by the mark.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow tests, and begin with the longest: the others are spread around it."""
    for item in items:
        if is_slow(item.nodeid):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: place(item.nodeid))


def pytest_collection_finish() -> None:
    """Never look again at what thousands of tests are made of."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def scenario(tmp_path: Path) -> Iterator[Scenario]:
    """A fresh repository without a phase; what it started is gone when the test ends."""
    with Scenario(tmp_path) as built:
        yield built


@pytest.fixture
def confinable() -> Iterator[Scenario]:
    """A scenario where delegates can be confined: not in /dev/shm, which is open to all of them."""
    place = Path("/var/tmp")
    with (
        tempfile.TemporaryDirectory(dir=place if place.is_dir() else None) as folder,
        Scenario(Path(folder)) as built,
    ):
        why_not = launcher("required", (), (), built.root)[1]
        if why_not:
            pytest.skip(why_not)
        yield built


@pytest.fixture
def mark() -> Iterator[str]:
    """A number of seconds for sleep that no other process has on its command line."""
    number = f"400.{int.from_bytes(os.urandom(5), 'big')}"
    yield number
    for pid in alive(number):
        os.kill(int(pid), signal.SIGKILL)


@pytest.fixture
def in_its_environment(scenario: Scenario) -> Iterator[None]:
    """The scenario's environment for programs that this process starts."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(scenario.env)
    yield
    os.environ.clear()
    os.environ.update(before)
