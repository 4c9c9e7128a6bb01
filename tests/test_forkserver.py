"""What is forked from a loaded program is as if it had been started."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest
from forkserver import Forked
from scenario import GREETING, PROGRAM, Scenario

WAITING = GREETING.replace(
    "      - commit", "      - verify: touch begun; sleep 47\n      - commit"
)


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",), ("status",), ("list",), ("check", "--json"), ("nothing",), ("run", "\udcff"), (),
        ("show", "1/1"), ("--version",), ("help", "run"),
    ],
    ids=str,
)  # fmt: skip
def test_the_same_comes_of_it(scenario: Scenario, arguments: tuple[str, ...]) -> None:
    scenario.app()
    if arguments == ("run",):
        arguments = ("run", "--dry-run")
    started = subprocess.run(
        [*PROGRAM, *arguments],
        cwd=scenario.root,
        env=scenario.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )
    forked = Forked(arguments, scenario.root, scenario.env)
    said = forked.communicate()
    assert (forked.wait(), *said) == (started.returncode, started.stdout, started.stderr)


def test_a_command_sees_what_was_given(scenario: Scenario) -> None:
    scenario.app(WAITING.replace("touch begun; sleep 47", "env > ../env"))
    process = scenario.start("run")
    assert isinstance(process, Forked)
    assert os.getsid(process.pid) == process.pid
    scenario.end(process).says(0)
    seen = dict(line.split("=", 1) for line in scenario.read("../env").splitlines())
    for name in ("HOME", "TMPDIR", "LANG", "TERM"):
        assert seen[name] == scenario.env[name]


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_signal_ends_it(scenario: Scenario, number: signal.Signals, status: int) -> None:
    scenario.app(WAITING)
    process = scenario.start("run")
    scenario.until((scenario.root / "begun").exists)
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.01)
    process.send_signal(number)
    assert scenario.end(process).status == status == process.poll()
