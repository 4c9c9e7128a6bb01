"""Services: started, awaited, stopped, for real."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from descriptors import opened
from marked import alive, until

from runbook.world.processes import background
from runbook.world.processes.background import Service, ServiceFailed
from runbook.world.processes.command import Command
from runbook.world.processes.interrupts import Interrupts
from runbook.world.processes.supervision import NotStarted

PORT = re.compile(r"^listening on port (?P<PORT>\d+)(?: as (?P<NAME>\w+))?$", re.MULTILINE)


def service(folder: Path, text: str, interrupts: Interrupts | None = None) -> Service:
    command = Command(text, folder, dict(os.environ), 60.0, folder / "log")
    return Service(command, PORT, interrupts)


def test_ready_gives_the_groups_that_took_part(tmp_path: Path, mark: str) -> None:
    text = f"echo starting; printf '\\033[1mlistening on port 5432\\033[0m\\r\\n'; sleep {mark}"
    with service(tmp_path, text) as running:
        assert running.wait_ready(20) == {"PORT": "5432"}
        assert running.poll() is None
        assert "listening" in running.tail
        assert running.wait_ready(0) == {"PORT": "5432"}
    assert alive(mark) == []
    assert (tmp_path / "log").read_bytes().startswith(b"starting\n\x1b[1m")


def test_half_a_line_is_not_taken_for_the_whole(tmp_path: Path, mark: str) -> None:
    text = f"printf 'listening on port 54'; sleep 0.05; printf '32 as db'; sleep {mark}"
    with service(tmp_path, text) as running:
        assert running.wait_ready(20) == {"PORT": "5432", "NAME": "db"}


def test_without_expression_it_is_ready_at_once(tmp_path: Path, mark: str) -> None:
    command = Command(f"sleep {mark}", tmp_path, dict(os.environ), 60.0, tmp_path / "log")
    with Service(command, None) as running:
        assert running.wait_ready(0) == {}


def test_one_that_ends_says_how(tmp_path: Path) -> None:
    with (
        service(tmp_path, "echo no such database >&2; exit 7") as running,
        pytest.raises(ServiceFailed) as failure,
    ):
        running.wait_ready(20)
    assert failure.value.reason == "exited"
    assert failure.value.exit == 7
    assert failure.value.tail == "no such database\n"
    assert running.poll() == 7


def test_one_that_never_gets_ready_times_out(tmp_path: Path, mark: str) -> None:
    with (
        service(tmp_path, f"echo thinking; sleep {mark}") as running,
        pytest.raises(ServiceFailed) as failure,
    ):
        running.wait_ready(0.5)
    assert failure.value.reason == "timeout"
    assert failure.value.tail == "thinking\n"
    assert alive(mark) == []


def test_waiting_can_be_interrupted(tmp_path: Path, mark: str) -> None:
    with (
        Interrupts() as interrupts,
        service(tmp_path, f"sleep {mark}", interrupts) as running,
    ):
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(ServiceFailed) as failure:
            running.wait_ready(20)
    assert failure.value.reason == "interrupted"


def test_row_35b_its_death_is_seen(tmp_path: Path) -> None:
    text = "echo listening on port 1; until test -e go; do sleep 0.02; done; exit 3"
    with service(tmp_path, text) as running:
        running.wait_ready(20)
        assert running.poll() is None
        (tmp_path / "go").touch()
        until(lambda: running.poll() == 3)


def test_its_output_never_blocks_it(tmp_path: Path, mark: str) -> None:
    text = f"echo listening on port 1; head -c 5000000 /dev/zero; touch through; sleep {mark}"
    with service(tmp_path, text) as running:
        running.wait_ready(20)
        until((tmp_path / "through").exists)
    assert (tmp_path / "log").stat().st_size > 5_000_000


def test_ready_is_seen_in_front_of_much_else(tmp_path: Path, mark: str) -> None:
    # Written at once, so that one read has all of it.
    (tmp_path / "say.py").write_text(
        "import os; os.write(1, b'listening on port 1\\n' + bytes(60000) + b'\\n')"
    )
    text = f"{sys.executable} {tmp_path}/say.py; sleep {mark}"
    with service(tmp_path, text) as running:
        running.wait_ready(20)


def test_stop_asks_first_and_then_kills_what_escaped(tmp_path: Path, mark: str) -> None:
    text = (
        f"trap 'echo bye; exit' TERM; (setsid sleep {mark} &);"
        f"echo listening on port 1; sleep {mark} & wait"
    )
    running = service(tmp_path, text)
    running.wait_ready(20)
    running.stop()
    running.stop()
    assert running.tail.endswith("bye\n")
    assert alive(mark) == []


def test_stop_kills_what_does_not_listen(
    tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "STOP_GRACE", 0.5)
    text = f"trap '' TERM; echo listening on port 1; while :; do sleep {mark}; done"
    with service(tmp_path, text) as running:
        running.wait_ready(20)
    assert alive(mark) == []


def test_one_that_cannot_start_says_why(tmp_path: Path) -> None:
    command = Command("true", tmp_path / "gone", {}, 60.0, tmp_path / "log")
    with pytest.raises(NotStarted, match="No such file"):
        Service(command, None)


RUNNER = """
import os, sys, time
from pathlib import Path
from runbook.world.processes import background
from runbook.world.processes.background import Service
from runbook.world.processes.command import Command
from runbook.world.processes.process import start
folder, mark = Path(sys.argv[1]), sys.argv[2]
def command(name, text):
    return Command(text, folder, dict(os.environ), 60.0, folder / name)
services = [Service(command(n, f"(setsid sleep {mark} &); sleep {mark}"), None) for n in "ab"]
with start(command("c", f"(setsid sleep {mark} &); sleep {mark}")) as running:
    for line in running:
        pass
"""


def test_row_31_services_die_with_a_killed_runner(tmp_path: Path, mark: str) -> None:
    runner = subprocess.Popen([sys.executable, "-c", RUNNER, str(tmp_path), mark])
    until(lambda: len(alive(f"sleep\0{mark}")) >= 6)
    runner.kill()
    runner.wait()
    until(lambda: alive(mark) == [])


def test_nothing_is_left_over(tmp_path: Path) -> None:
    with service(tmp_path, "sleep 60"):
        pass
    before = opened()
    with service(tmp_path, "sleep 60"):
        pass
    assert opened() == before
