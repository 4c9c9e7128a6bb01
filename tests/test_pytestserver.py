"""What is forked from a loaded pytest is as if it had been started."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ondemand import ON_DEMAND
from pytestserver import WITHOUT
from scenario import Scenario

pytestmark = pytest.mark.skipif(ON_DEMAND, reason="each is started from nothing")

TESTS = """\
import os, pytest

def test_a(tmp_path):
    assert os.getcwd() == os.environ["PWD"]

def test_b():
    print("said")
    assert {"a": 1} == {"a": 2}

@pytest.mark.skip(reason="not now")
def test_c():
    pass

def test_d():
    os.kill(os.getpid(), 15)
"""

SEEN = """\
import json, os, sys

def test_seen():
    umask = os.umask(0)
    os.umask(umask)
    with open("seen.json", "w") as file:
        env = {name: os.environ[name] for name in os.environ if name != "PYTEST_CURRENT_TEST"}
        json.dump([env, os.getcwd(), umask, sys.path, sys.argv, sys.stdin.fileno()], file)
    forked = "pytestserver" in sys.modules
    print(f"\\nforked: {forked}, from {os.stat(0).st_ino}, held: {os.path.exists('held')}")
"""

WAITING = """\
import os, signal, time

def test_waiting():
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    with open("pid", "w") as file:
        file.write(str(os.getpid()))
    os.rename("pid", "begun")
    time.sleep(47)
"""


def started(
    scenario: Scenario, arguments: tuple[str, ...], env: dict[str, str], *begun: str
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*begun, *arguments], cwd=scenario.root, env={**scenario.env, **env}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, umask=0o027,
        # The suite may run in the background, where it is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    shown = "".join(process.communicate(timeout=60))
    return process.returncode, re.sub(r"[0-9.]+s\b", "0s", shown)


def by_python(scenario: Scenario) -> tuple[str, ...]:
    return (str(scenario.bin / "python"), "-m", "pytest", *WITHOUT)


@pytest.mark.parametrize(
    "arguments",
    [
        ("test_x.py", "-k", "not d"), ("-q", "test_x.py::test_a"), ("test_x.py",), ("no.py",),
        ("--nothing",), ("--co", "-q"), ("-k", "nobody"), ("--version",), ("-p", "absent"),
    ],
    ids=str,
)  # fmt: skip
def test_the_same_comes_of_it(scenario: Scenario, arguments: tuple[str, ...]) -> None:
    scenario.write("test_x.py", TESTS)
    env = {"PWD": str(scenario.root)}
    found = ended(started(scenario, arguments, env, "pytest"))
    assert found == ended(started(scenario, arguments, env, *by_python(scenario)))
    assert found[1] or found[0] < 0


def test_the_same_is_given_to_it(scenario: Scenario) -> None:
    scenario.write("test_seen.py", SEEN)
    seen = []
    for begun in (("pytest",), by_python(scenario)):
        more = {"PYTHONPATH": "lib:/opt/lib", "PYTEST_ADDOPTS": "-q -s", "\udcff": "\udcfe"}
        status, shown = ended(started(scenario, ("--", "test_seen.py"), more, *begun))
        assert (status, f"from {Path(os.devnull).stat().st_ino}" in shown) == (0, True)
        assert f"forked: {begun == ('pytest',)}" in shown
        found: list[Any] = json.loads(scenario.read("seen.json"))
        # The shell that stands on PATH adds its own.
        seen.append([{k: v for k, v in found[0].items() if k not in ("PWD", "_")}, *found[1:]])
    assert seen[0] == seen[1]
    assert f"{scenario.root}/lib" in seen[0][3]


def test_what_is_mounted_for_who_calls_is_there(scenario: Scenario) -> None:
    """As in a view of the worktree."""
    scenario.write("test_seen.py", SEEN)
    scenario.write("held/.keep", "")
    scenario.write("mounted/held", "")
    apart = ["unshare", "-m", *(["-r"] if os.getuid() else []), "sh", "-c"]
    mounting = f"mount --bind {scenario.root}/mounted {scenario.root}/held && "
    if subprocess.run([*apart, f"{mounting} true"], check=False).returncode:
        pytest.skip("no mounts of one's own here")
    script = f"{mounting} cd held && exec pytest -qs ../test_seen.py"
    more = {"PATH": f"{scenario.env['PATH']}:{os.environ['PATH']}"}
    _, shown = ended(started(scenario, (script,), more, *apart))
    assert "forked: True" in shown
    assert "held: True" in shown


@pytest.mark.parametrize(
    ("more", "before"),
    [
        ({"PYTHONOPTIMIZE": "1"}, ()), ({"LC_ALL": "C"}, ()), ({"TZ": "UTC"}, ()),
        ({}, ("setpriv", "--no-new-privs")),
    ],
    ids=str,
)  # fmt: skip
def test_what_would_be_another_one_is_started(
    scenario: Scenario, more: dict[str, str], before: tuple[str, ...]
) -> None:
    scenario.write("test_seen.py", SEEN)
    begun = (*before, str(scenario.bin / "pytest"))
    more = {"PATH": f"{scenario.env['PATH']}:{os.environ['PATH']}", **more}
    status, shown = ended(started(scenario, ("-qs",), more, *begun))
    assert "forked: False" in shown
    assert status == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_it(scenario: Scenario, number: signal.Signals) -> None:
    scenario.write("test_waiting.py", WAITING)
    process = started(scenario, ("-q",), {}, "pytest")
    scenario.until((scenario.root / "begun").exists)
    forked = int(scenario.read("begun"))
    assert forked != process.pid
    process.send_signal(number)
    status, shown = ended(process)
    assert status == (2 if number == signal.SIGINT else -number)
    assert ("KeyboardInterrupt" in shown) == (number == signal.SIGINT)
    scenario.until(lambda: not Path(f"/proc/{forked}").exists())
