"""Real launchers of PostgreSQL, never left behind."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.unit.launched import Launch, Launched, data_folder, eventually, stat_of


@pytest.fixture
def launch() -> Iterator[Launch]:
    """Yield a function that runs a command which brings up PostgreSQL."""
    started: list[Launched] = []

    def run(command: list[str]) -> Launched:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        name, _, url = process.stdout.readline().strip().partition("=")
        assert name == "TEST_DATABASE_URL"
        data = asyncio.run(data_folder(url))
        postgres = int((data / "postmaster.pid").read_text().split()[0])
        launched = Launched(process, data.parent, postgres, int(stat_of(postgres)[1]))
        started.append(launched)
        return launched

    yield run
    for launched in started:
        launched.process.kill()
        launched.process.communicate()
        if not eventually(launched.nothing_runs):
            with suppress(ProcessLookupError):
                os.kill(launched.postgres, signal.SIGQUIT)
        # A test that killed the keeper has left it.
        shutil.rmtree(launched.folder, ignore_errors=True)
