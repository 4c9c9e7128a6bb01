"""What is forked from a loaded program is as if it had been started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from forkserver import AT_THE_START, Forked, as_it_was_loaded
from scenario import GREETING, PROGRAM, SOURCES, Scenario

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


@pytest.mark.parametrize("arguments", [("run", "--step"), ("list",)], ids=str)
def test_the_same_comes_of_it_at_a_terminal(scenario: Scenario, arguments: tuple[str, ...]) -> None:
    scenario.app()
    found = []
    for kind in (Forked, subprocess.Popen):
        process, terminal = scenario.at_terminal(*arguments, columns=70)
        assert isinstance(process, kind)
        os.write(terminal, b"q\n")
        shown = b""
        with suppress(OSError):  # it is closed at its other end
            while piece := os.read(terminal, 65536):
                shown += piece
        os.close(terminal)
        found.append((process.wait(), scenario.normal(shown.decode())))
        scenario.run("abort", "1")
        scenario.load_anew()
    assert found[0] == found[1]
    assert found[0][1]


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


READ = """\
import json, os, sys
read = set()
class Noting(type(os.environ)):
    def __getitem__(self, name):
        read.add(name)
        return super().__getitem__(name)
os.environ.__class__ = Noting
import forkserver
forkserver.load()
print(json.dumps(sorted(read)))
"""


def test_what_is_read_at_the_start_is_known() -> None:
    """What has another value there is started from nothing."""
    paths = [str(SOURCES), str(Path(__file__).parent)]
    read = json.loads(
        subprocess.run(
            [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {paths}\n{READ}"],
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            capture_output=True,
            check=True,
        ).stdout
    )
    assert "GIT_PYTHON_TRACE" in read
    assert [each for each in read if not each.startswith((*AT_THE_START, "PATH"))] == []


@pytest.mark.parametrize(
    ("more", "known"),
    [
        ({}, True), ({"PLACE": "/tmp", "COLUMNS": "80"}, True), ({"LANG": "de_DE.UTF-8"}, False),
        ({"LC_ALL": "C"}, False), ({"TZ": "UTC"}, False), ({"GIT_PYTHON_TRACE": "1"}, False),
    ],
)  # fmt: skip
def test_other_environments_are_loaded_anew(
    scenario: Scenario, more: dict[str, str], known: bool
) -> None:
    assert as_it_was_loaded({**scenario.env, **more}) == known
