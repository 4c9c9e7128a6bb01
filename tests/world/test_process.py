"""Commands, run for real and killed for real."""

import hashlib
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from descriptors import opened
from marked import alive, until

from runbook.core.check.outcome import Outcome
from runbook.core.check.questions import Questions
from runbook.world.files.journallock import ended_at
from runbook.world.processes import process, supervision
from runbook.world.processes.command import Command
from runbook.world.processes.forkserver import FORK_SERVER
from runbook.world.processes.interrupts import Interrupts
from runbook.world.processes.process import start
from runbook.world.processes.supervision import NotStarted, SupervisorLost

MIB = 2**20


def command(folder: Path, text: str, **changes: Any) -> Command:
    defaults: dict[str, Any] = {
        "cwd": folder,
        "env": dict(os.environ),
        "timeout": 60.0,
        "log": folder / "log",
    }
    return Command(text, **(defaults | changes))


def run(folder: Path, text: str, interrupts: Interrupts | None = None, **changes: Any) -> Outcome:
    with start(command(folder, text, **changes), interrupts) as running:
        for _ in running:
            pass
    return running.outcome


def escapee(mark: str) -> str:
    """A process in a session of its own whose parent is gone, once it runs."""
    return f"(setsid sh -c 'sleep {mark} & sleep {mark}' &) ; touch up;"


# --- ends


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("true", 0),
        ("exit 3", 3),
        ("kill -9 $$", 137),
        ("kill -TERM $$", 143),
        ("nothing-such", 127),
    ],
)
def test_exit(tmp_path: Path, text: str, code: int) -> None:
    outcome = run(tmp_path, text)
    assert outcome.exit == code
    assert not outcome.timed_out
    assert outcome.interrupted is None
    assert outcome.left_running == ()


def test_row_36_a_failure_in_a_pipe_fails(tmp_path: Path) -> None:
    assert run(tmp_path, "false | true").exit == 1


def test_row_34_standard_input_is_at_its_end(tmp_path: Path) -> None:
    outcome = run(tmp_path, "read answer || echo nobody there")
    assert outcome.tail == "nobody there\n"


def test_both_outputs_come_in_order_and_are_no_terminal(tmp_path: Path) -> None:
    text = (
        "echo one; echo two >&2; echo three; [ -t 1 ] || [ -t 2 ] || [ -t 0 ] || echo no terminal"
    )
    assert run(tmp_path, text).tail == "one\ntwo\nthree\nno terminal\n"


def test_folder_and_environment(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    env = {"PATH": os.environ["PATH"], "ODD": "a=b\n'c'\udcff", "EMPTY": ""}
    outcome = run(
        tmp_path, 'pwd; printf "%s|" "$ODD" "${EMPTY-unset}"', cwd=tmp_path / "sub", env=env
    )
    assert outcome.tail == f"{tmp_path}/sub\na=b\n'c'\\xff||"


def test_signals_are_the_default_ones_whatever_we_ignore(tmp_path: Path) -> None:
    """Python ignores SIGPIPE and a nohup ignores SIGHUP: neither is the command's business."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run(tmp_path, "yes | head -1").exit == 141
        assert run(tmp_path, "kill -HUP $$; echo survived").exit == 129
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_text_too_long_for_an_argument(tmp_path: Path) -> None:
    words = "x" * 300_000
    outcome = run(
        tmp_path, f"false | true; echo $?; echo {words}", questions=Questions(needles=(words,))
    )
    assert outcome.answers.found == {words}
    assert outcome.head.startswith("1\nxxx")
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_what_cannot_start_says_why(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="No such file or directory"):
        run(tmp_path, "true", cwd=tmp_path / "gone")
    with pytest.raises(NotStarted, match="NUL"):
        run(tmp_path, "echo \0")
    with pytest.raises(NotStarted, match="too long"):
        run(tmp_path, "true", env={"HUGE": "x" * 200_000})
    with pytest.raises(FileNotFoundError):
        run(tmp_path, "true", log=tmp_path / "gone" / "log")
    assert run(tmp_path, "echo found", env={"PATH": "/nowhere"}).tail == "found\n"


# --- stops


def test_row_31_timeout_kills_setsid_grandchild(tmp_path: Path, mark: str) -> None:
    outcome = run(tmp_path, escapee(mark) + f"sleep {mark}", timeout=0.5)
    assert outcome.timed_out
    assert outcome.exit is None
    assert 0.4 < outcome.duration < 20
    assert alive(mark) == []
    assert sum(name.startswith(f"sleep {mark} (pid ") for name in outcome.left_running) == 3


def test_row_31_timeout_kills_what_ignores_sigterm(
    tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "TERM_GRACE", 0.5)
    outcome = run(tmp_path, f"trap '' TERM; while :; do sleep {mark}; done", timeout=0.2)
    assert outcome.timed_out
    assert alive(mark) == []


def test_row_31_timeout_kills_what_keeps_forking(tmp_path: Path, mark: str) -> None:
    """Each process starts its successor in a new session and ends: a moving target."""
    (tmp_path / "hop").write_text(f"trap '' TERM; : {mark}\nsetsid bash hop {mark} & sleep 0.01\n")
    outcome = run(tmp_path, f"bash hop {mark} & bash hop {mark} & sleep {mark}", timeout=0.5)
    assert outcome.timed_out
    assert alive(mark) == []


LOOK = """
import os, subprocess, sys, threading, time
sys.path.insert(0, sys.argv[1])
import supervisor
supervisor.standby.prctl(supervisor.PR_SET_CHILD_SUBREAPER, 1)
below = "sleep 60 & sleep 60 & (setsid sleep 60 &) ; read line"
begin = lambda: started.append(subprocess.Popen(["sh", "-c", below], stdin=subprocess.PIPE))
started = []
thread = threading.Thread(target=begin)
thread.start()
thread.join()
begin()
for _ in range(1000):
    time.sleep(0.01)
    if len(supervisor.descendants()) >= 8 and supervisor.children() >= supervisor.descendants():
        print("found")
        break
for pid in supervisor.descendants():
    os.kill(pid, 9)
"""


@pytest.mark.skipif(
    not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="this kernel lists none"
)
def test_row_31_what_the_kernel_lists_is_all_that_is_below(tmp_path: Path) -> None:
    """So that what keeps forking is overtaken: looking at all takes longer than it lives."""
    place = str(Path(process.__file__).parent)
    told = subprocess.run(
        [sys.executable, "-c", LOOK, place], cwd=tmp_path, stdout=subprocess.PIPE, check=True
    )
    assert told.stdout == b"found\n"


def test_timeout_lets_the_command_tidy_up(tmp_path: Path) -> None:
    outcome = run(tmp_path, "trap 'echo tidied; exit' TERM; sleep 60 & wait", timeout=0.5)
    assert outcome.timed_out
    assert outcome.exit is None
    assert "tidied" in outcome.tail


def test_a_daemon_that_keeps_the_pipe_is_named_and_killed(tmp_path: Path, mark: str) -> None:
    before = time.monotonic()
    outcome = run(tmp_path, escapee(mark) + "while ! test -e up; do :; done; echo done")
    assert time.monotonic() - before < 20
    assert outcome.exit == 0
    assert not outcome.timed_out
    assert outcome.tail == "done\n"
    assert any(name.startswith(f"sleep {mark} (pid ") for name in outcome.left_running)
    assert alive(mark) == []


def test_what_ends_by_itself_after_the_command_is_heard_and_not_named(tmp_path: Path) -> None:
    outcome = run(tmp_path, "(sleep 0.1; echo late) & echo early")
    assert outcome.tail == "early\nlate\n"
    assert outcome.left_running == ()


def test_the_only_line_is_shown(tmp_path: Path) -> None:
    with start(command(tmp_path, "echo only; sleep 1", tick=0.1)) as running:
        assert "only" in list(running)


def test_leaving_early_kills_everything(tmp_path: Path, mark: str) -> None:
    with start(command(tmp_path, escapee(mark) + f"sleep {mark}")) as running:
        until((tmp_path / "up").exists)
        until(lambda: len(alive(mark)) >= 3)
        next(running)
    assert alive(mark) == []
    with pytest.raises(RuntimeError):
        _ = running.outcome
    with start(command(tmp_path, f"sleep {mark}")):
        until(lambda: alive(mark))
    assert alive(mark) == []


def test_a_killed_supervisor_is_an_error_and_no_hang(tmp_path: Path, mark: str) -> None:
    with pytest.raises(SupervisorLost):
        run(tmp_path, f"kill -9 $PPID; sleep {mark} & sleep {mark}")
    until(lambda: alive(mark) == [])


def test_a_supervisor_that_does_not_answer_is_given_up(
    tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM_GRACE", "END_LIMIT"):
        monkeypatch.setattr(process, name, 0.2)
    monkeypatch.setattr(supervision, "END_LIMIT", 0.2)
    began = time.monotonic()
    with pytest.raises(SupervisorLost, match="does not answer"):
        run(tmp_path, f"sleep 0.3; kill -STOP $PPID; sleep {mark}", timeout=1.0)
    assert time.monotonic() - began < 20
    until(lambda: alive(mark) == [])


def server() -> int:
    """The process that forks the supervisors of this one."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    lines = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    (pid,) = (pid for pid, line in lines.items() if b"server.py" in line)
    return int(pid)


def test_a_killed_fork_server_ends_no_command_and_is_replaced(tmp_path: Path) -> None:
    with start(command(tmp_path, "touch up; until test -e go; do sleep 0.05; done")) as first:
        until((tmp_path / "up").exists)
        killed = server()
        os.kill(killed, signal.SIGKILL)
        # The first one is watched by what was forked ahead, if it was.
        assert run(tmp_path, "echo second").tail == "second\n"
        assert run(tmp_path, "echo third").tail == "third\n"
        assert server() != killed
        (tmp_path / "go").touch()
        list(first)
    assert first.outcome.exit == 0


def below(pid: int) -> list[int]:
    """The children of a process; of one that has ended, none."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(each) for each in listed.split()]


def test_what_waits_to_become_a_command_may_be_killed(tmp_path: Path) -> None:
    run(tmp_path, "true")
    # What serves the next command waits, and below it what is to become that.
    until(lambda: any(map(below, below(server()))))
    waiting = {each for supervisor in below(server()) for each in below(supervisor)}
    for each in waiting:
        os.kill(each, signal.SIGKILL)
    until(lambda: not waiting & set(map(int, alive_pids())))
    assert run(tmp_path, "echo by another").tail == "by another\n"


def waiting() -> list[int]:
    """The supervisors at hand: one that has served a command has no child any more."""
    return [each for each in below(server()) if below(each)]


def test_two_wait_once_two_commands_came_in_a_moment(tmp_path: Path) -> None:
    FORK_SERVER.close()
    run(tmp_path, "true")
    until(waiting)
    assert len(waiting()) == 1

    def two_in_a_moment() -> bool:
        other = command(tmp_path, "true", log=tmp_path / "other")
        with start(command(tmp_path, "true")) as first, start(other) as second:
            list(first)
            list(second)
        return len(waiting()) == 2

    until(two_in_a_moment)
    os.kill(waiting()[0], signal.SIGKILL)
    for _ in range(3):
        assert run(tmp_path, "echo by another").tail == "by another\n"


def alive_pids() -> list[str]:
    """Processes that have not ended, whether or not anybody has asked how."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if each.read_text(errors="replace").rpartition(")")[2].split()[0] != "Z":
                found.append(each.parent.name)
    return found


def test_what_waits_ends_with_the_fork_server(tmp_path: Path) -> None:
    run(tmp_path, "true")
    until(lambda: any(map(below, below(server()))))
    waiting = [str(pid) for each in below(server()) for pid in (each, *below(each))]
    FORK_SERVER.close()
    until(lambda: not set(waiting) & set(alive_pids()))


def test_where_none_could_be_forked_ahead_one_is_when_it_is_asked_for(tmp_path: Path) -> None:
    run(tmp_path, "true")
    limit = resource.prlimit(server(), resource.RLIMIT_NOFILE)
    resource.prlimit(server(), resource.RLIMIT_NOFILE, (1, limit[1]))
    assert run(tmp_path, "echo by the one there was").exit == 0
    # No failure that is over is told of the next command.
    time.sleep(0.1)
    resource.prlimit(server(), resource.RLIMIT_NOFILE, limit)
    assert run(tmp_path, "echo again").tail == "again\n"


def test_the_command_cannot_stop_its_supervisor_kindly(tmp_path: Path) -> None:
    outcome = run(
        tmp_path, "kill $PPID; kill -INT $PPID; kill -HUP $PPID; sleep 0.1; echo still here"
    )
    assert outcome.exit == 0


RUNNER = """
import os, sys, threading
from pathlib import Path
from runbook.world.processes.command import Command
from runbook.world.processes.process import start
folder, texts = Path(sys.argv[1]), sys.argv[2:]
def follow(number):
    text = texts[number]
    command = Command(text, folder, dict(os.environ), 60.0, folder / f"log{number}")
    with start(command) as running:
        for line in running:
            pass
threads = [threading.Thread(target=follow, args=(number,)) for number in range(len(texts))]
for thread in threads:
    thread.start()
"""


def test_row_31_runner_killed_leaves_no_survivor(tmp_path: Path, mark: str) -> None:
    """Two commands at once: neither may hold the other's lifeline."""
    text = escapee(mark) + f"sleep {mark}"
    runner = subprocess.Popen([sys.executable, "-c", RUNNER, str(tmp_path), text, text])
    until(lambda: len(alive(f"sleep\0{mark}")) == 6)
    runner.kill()
    runner.wait()
    until(lambda: alive(mark) == [])


DIES_SLOWLY = """
import os, signal, sys, time
from pathlib import Path
from runbook.world.processes.command import Command
from runbook.world.processes.process import start
folder = Path(sys.argv[1])
lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
command = Command("sleep 60", folder, dict(os.environ), 60.0, folder / "log", held=lock)
with start(command) as running:
    if os.fork() == 0:
        # What was just being started has all that is open, for a moment longer.
        os.close(running._tree._control)
        time.sleep(0.5)
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_end_of_a_run_that_is_killed_is_told_however_slowly_it_dies(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", DIES_SLOWLY, str(tmp_path)], check=False)
    until(lambda: ended_at(tmp_path))


KILLED = """
import os, signal, sys, time
from pathlib import Path
from runbook.world.processes.command import Command
from runbook.world.processes.process import start
folder = Path(sys.argv[1])
lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
writing = "while :; do echo x >> theirs; done"
with start(Command(writing, folder, dict(os.environ), 60.0, folder / "log", held=lock)) as running:
    time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_is_changed_after_the_end_of_a_killed_run_is_dated_later(tmp_path: Path) -> None:
    """Also by who waits for just that: files are dated by a clock that is behind."""
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    limit = time.monotonic() + 20
    while (ended := ended_at(tmp_path)) is None:
        assert time.monotonic() < limit
    (tmp_path / "mine").touch()
    theirs, mine = ((tmp_path / name).stat().st_ctime_ns for name in ("theirs", "mine"))
    assert theirs <= ended < mine


# --- interrupts


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_row_32_and_35b_one_interrupt_is_passed_on(tmp_path: Path, number: int) -> None:
    text = (
        "trap 'echo got INT; exit' INT; trap 'echo got TERM; exit' TERM; touch up; sleep 60 & wait"
    )
    with Interrupts() as interrupts, start(command(tmp_path, text), interrupts) as running:
        until((tmp_path / "up").exists)
        os.kill(os.getpid(), number)
        for _ in running:
            pass
    outcome = running.outcome
    assert outcome.interrupted == number
    assert outcome.exit is None
    assert not outcome.timed_out
    assert outcome.tail == ("got INT\n" if number == signal.SIGINT else "got TERM\n")


def test_row_32_a_second_interrupt_kills_the_tree(tmp_path: Path, mark: str) -> None:
    text = "trap '' INT TERM;" + escapee(mark) + f"sleep {mark}"
    with Interrupts() as interrupts, start(command(tmp_path, text), interrupts) as running:
        until((tmp_path / "up").exists)
        os.kill(os.getpid(), signal.SIGINT)
        next(running)
        next(running)
        assert len(alive(mark)) >= 2
        before = time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in running:
            pass
    assert time.monotonic() - before < 8  # not the grace of 10 seconds
    assert running.outcome.interrupted == signal.SIGINT
    assert interrupts.count == 2
    assert alive(mark) == []


def test_row_32_who_does_not_heed_an_interrupt_is_killed_after_the_grace(
    tmp_path: Path, mark: str
) -> None:
    text = f"trap '' INT; touch up; sleep {mark}"
    patient = command(tmp_path, text, grace=0.3)
    with Interrupts() as interrupts, start(patient, interrupts) as running:
        until((tmp_path / "up").exists)
        os.kill(os.getpid(), signal.SIGINT)
        for _ in running:
            pass
    assert running.outcome.interrupted == signal.SIGINT
    assert alive(mark) == []


def test_an_interrupt_noted_before_the_start_counts(tmp_path: Path) -> None:
    with Interrupts() as interrupts:
        os.kill(os.getpid(), signal.SIGINT)
        outcome = run(tmp_path, "sleep 60", interrupts)
    assert outcome.interrupted == signal.SIGINT


def test_interrupts_note_without_raising_and_give_everything_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with Interrupts() as interrupts:
        assert interrupts.received is None
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        until(lambda: interrupts.count == 2)
        assert interrupts.received == signal.SIGTERM
        assert os.read(interrupts.fileno(), 10)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert signal.set_wakeup_fd(-1) == -1
    with pytest.raises(ValueError, match="not entered"):
        interrupts.fileno()


# --- output


def test_row_33_a_gigabyte_is_cheap(tmp_path: Path) -> None:
    """A fifth of one, in a process of its own so that its memory can be told."""
    text = "head -c 100000000 /dev/zero; echo needle; head -c 100000000 /dev/zero"
    script = """
import json, os, sys
from pathlib import Path
from runbook.core.check.questions import Questions
from runbook.world.processes.command import Command
from runbook.world.processes.process import start
folder = Path(sys.argv[1])
questions = Questions(needles=("needle\\n", "absent"))
command = Command(sys.argv[2], folder, dict(os.environ), 60, folder / "log", questions)
with start(command) as running:
    for _ in running:
        pass
outcome = running.outcome
# Not ru_maxrss: it begins with what the process had that forked this one.
status = Path("/proc/self/status").read_text()
peak = int(status.partition("VmHWM:")[2].split()[0])
print(json.dumps([peak, outcome.output_bytes, sorted(outcome.answers.found), outcome.log_digest]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), text], capture_output=True, check=True
    )
    peak, size, found, digest = json.loads(done.stdout)
    assert peak < 64 * 1024  # KiB
    assert size == 200_000_007
    assert found == ["needle\n"]
    log = tmp_path / "log"
    assert log.stat().st_size < 64 * MIB + 100
    assert hashlib.sha256(log.read_bytes()).hexdigest() == digest


def test_the_log_keeps_both_ends_and_says_what_is_missing(tmp_path: Path) -> None:
    outcome = run(tmp_path, "echo first; head -c 5000 /dev/zero; echo last", log_limit=1000)
    log = tmp_path / "log"
    content = log.read_bytes()
    zeros = content.count(b"\0")
    marker = b"\n[%d bytes left out]\n" % (5000 - zeros)
    assert content.startswith(b"first\n")
    assert content.endswith(b"last\n")
    assert len(content) == 1000 + len(marker)
    assert marker in content
    assert outcome.output_bytes == 5011
    assert outcome.log_digest == hashlib.sha256(content).hexdigest()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.parametrize("size", [0, 999, 1000])
def test_a_log_within_its_limit_is_the_raw_output(tmp_path: Path, size: int) -> None:
    run(tmp_path, f"head -c {size} /dev/zero", log_limit=1000)
    assert (tmp_path / "log").read_bytes() == bytes(size)


def test_an_old_log_is_replaced_and_a_link_refused(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("old and longer")
    (tmp_path / "log").chmod(0o644)
    run(tmp_path, "echo new")
    assert (tmp_path / "log").read_text() == "new\n"
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o600
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="symbolic"):
        run(tmp_path, "true", log=tmp_path / "link")


def test_row_33_escape_sequences_are_raw_in_the_log_and_gone_elsewhere(tmp_path: Path) -> None:
    raw = rb"\033[31mred\033[0m \033]8;;http://x\033\\link\033]8;;\033\\ \377\r\n"
    outcome = run(tmp_path, f"printf '{raw.decode()}'", questions=Questions(needles=("red link",)))
    assert outcome.tail == "red link \\xff\n"
    assert outcome.answers.found == {"red link"}
    assert (tmp_path / "log").read_bytes().startswith(b"\x1b[31mred")


def test_row_44_secrets_are_not_kept(tmp_path: Path) -> None:
    text = "printf hunter; sleep 0.1; printf '22222 and '; echo $TOKEN"
    env = {**os.environ, "TOKEN": "hunter22222"}
    outcome = run(
        tmp_path,
        text,
        env=env,
        secrets=("hunter22222",),
        questions=Questions(needles=("hunter22222",)),
    )
    assert outcome.head == outcome.tail == "*** and ***\n"
    assert (tmp_path / "log").read_text() == outcome.head
    assert outcome.answers.found == {"hunter22222"}
    assert outcome.output_bytes == 28


def test_head_and_tail_of_a_long_output(tmp_path: Path) -> None:
    outcome = run(tmp_path, "echo first; yes é | head -c 300001; echo last")
    assert outcome.head.startswith("first\né\n")
    assert outcome.tail.endswith("é\nlast\n") or outcome.tail.endswith("\\xc3last\n")
    assert "\\x" not in outcome.head
    assert len(outcome.tail) < 70_000


def test_the_latest_line_ticks_along(tmp_path: Path) -> None:
    text = "echo one; printf 'two\\rthree\\nhalf a line'; until test -e go; do sleep 0.05; done"
    with start(command(tmp_path, text)) as running:
        seen = [next(running) for _ in range(3)]
        until(lambda: next(running) == "three")
        (tmp_path / "go").touch()
        seen += list(running)
    assert set(seen) <= {"", "one", "three"}
    assert running.outcome.exit == 0


def test_two_commands_at_once(tmp_path: Path) -> None:
    with (
        start(command(tmp_path, "sleep 0.2; echo one", log=tmp_path / "1")) as one,
        start(command(tmp_path, "echo two", log=tmp_path / "2")) as two,
    ):
        list(two)
        list(one)
    assert (one.outcome.tail, two.outcome.tail) == ("one\n", "two\n")


def children() -> set[str]:
    """The processes that this one has started, and not seen the end of."""
    listed = Path("/proc/self/task").glob("*/children")
    return {child for each in listed for child in each.read_text().split()}


def test_no_descriptor_and_no_process_is_left_over(tmp_path: Path) -> None:
    FORK_SERVER.close()
    others = children()
    run(tmp_path, "true")
    before = opened()
    run(tmp_path, "sleep 60", timeout=0.05)
    with start(command(tmp_path, "sleep 60")) as running:
        next(running)
    with pytest.raises(NotStarted):
        run(tmp_path, "true", cwd=tmp_path / "gone")
    assert opened() == before
    FORK_SERVER.close()
    assert children() <= others
