"""The journal on disk: what is written is found again, and damage is seen."""

import fcntl
import json
import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from scenario import SOURCES, Scenario

from runbook.core.record import events
from runbook.core.record.events import Event
from runbook.world.files.journal import Journal
from runbook.world.files.journallock import JournalLocked, boot_id, ended_at, lock_of, locked_by
from runbook.world.files.journalrecords import JournalDamaged, read_progress

HISTORY: tuple[Event, ...] = (
    events.RunBegan("run", "1", ("phase-1",)),
    events.PhaseBegan("phase-1", "A phase", "c" * 40, "refs/heads/main"),
    events.TaskBegan("phase-1/task-1", "A task \u2026 \udcff", "d", "c" * 40, None, ("dirty",)),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    journal = Journal(tmp_path / "journal", "run")
    for event in HISTORY:
        journal.append(event)
    journal.close()
    return tmp_path / "journal"


def lines(folder: Path) -> list[bytes]:
    return (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)


def test_what_was_appended_is_found_again(folder: Path) -> None:
    progress = read_progress(folder)
    assert progress.under_way("phase-1")
    assert progress.tasks["phase-1/task-1"].title == "A task \u2026 \udcff"
    assert progress.tasks["phase-1/task-1"].dirty == ("dirty",)
    records = [json.loads(line) for line in lines(folder)]
    assert [record["seq"] for record in records] == [1, 2, 3]
    assert {record["pid"] for record in records} == {os.getpid()}
    assert {record["run"] for record in records} == {"run"}
    journal = Journal(folder, "next")
    journal.append(events.PhaseCompleted("phase-1", "c" * 40, 1, 0.5))
    journal.close()
    assert read_progress(folder).complete("phase-1")


def test_all_of_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0o002)
    try:
        journal = Journal(tmp_path / "a/journal", "run")
        journal.append(HISTORY[0])
        digest = journal.store(b"an image")
        rescued = journal.rescue("a.txt", b"theirs")
        log = journal.log("phase-1/task-1/step-1")
        log.touch()
        journal.close()
    finally:
        os.umask(old)
    for path in (
        journal.folder / "journal.jsonl",
        journal.folder / "lock",
        journal.folder / "images" / digest,
        rescued,
    ):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for path in (journal.folder, journal.folder / "images", log.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path


@pytest.mark.parametrize("cut", [1, 5, 80])
def test_row_3_a_torn_last_line_is_cut_off(folder: Path, cut: int) -> None:
    path = folder / "journal.jsonl"
    whole = lines(folder)
    path.write_bytes(b"".join(whole)[:-cut])
    assert "phase-1/task-1" not in read_progress(folder).tasks
    assert path.stat().st_size == len(b"".join(whole)) - cut, "looking changes nothing"
    journal = Journal(folder, "next")
    assert "phase-1/task-1" not in journal.progress.tasks
    journal.append(HISTORY[2])
    journal.close()
    assert [json.loads(line)["seq"] for line in lines(folder)] == [1, 2, 3]
    assert "phase-1/task-1" in read_progress(folder).tasks


@pytest.mark.parametrize("number", [1, 2])
def test_row_4_any_flipped_byte_before_the_end_is_refused(folder: Path, number: int) -> None:
    path = folder / "journal.jsonl"
    whole = lines(folder)
    start = sum(map(len, whole[: number - 1]))
    end = start + len(whole[number - 1]) - 1
    for offset in {*range(start, end, 7), end}:
        data = bytearray(b"".join(whole))
        data[offset] ^= 0x04
        path.write_bytes(data)
        with pytest.raises(JournalDamaged, match=rf"record {number}|record {number + 1}"):
            Journal(folder, "next")
        # It is let go, and was not touched.
        assert locked_by(folder) is None
        assert path.read_bytes() == data


def test_a_missing_record_is_refused(folder: Path) -> None:
    whole = lines(folder)
    (folder / "journal.jsonl").write_bytes(whole[0] + whole[2])
    with pytest.raises(JournalDamaged, match="record 2 does not follow"):
        read_progress(folder)


def test_a_record_of_a_newer_version_is_refused(folder: Path) -> None:
    journal = Journal(folder, "run")
    journal.append(HISTORY[0])
    journal.close()
    path = folder / "journal.jsonl"
    path.write_bytes(path.read_bytes()[::1])
    whole = lines(folder)
    last = json.loads(whole[-1])
    last["event"] = "Teleported"
    path.write_bytes(b"".join(whole[:-1]) + json.dumps(last).encode() + b"\n")
    with pytest.raises(JournalDamaged, match=r"record 4 .*Teleported.*newer runbook\?"):
        read_progress(folder)


def test_only_one_holds_it(folder: Path) -> None:
    assert locked_by(folder) is None
    journal = Journal(folder, "run")
    assert locked_by(folder) == str(os.getpid())
    with pytest.raises(JournalLocked, match=f"locked by process {os.getpid()}"):
        Journal(folder, "other")
    journal.close()
    assert locked_by(folder) is None
    Journal(folder, "other").close()


def test_the_lock_goes_with_a_killed_process(folder: Path) -> None:
    script = (
        f"import os, sys; sys.path.insert(0, {str(SOURCES)!r})\n"
        "from pathlib import Path; from runbook.world.files.journal import Journal\n"
        f"Journal(Path({str(folder)!r}), 'x'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-I", "-c", script], check=False, timeout=30)
    assert locked_by(folder) is None
    Journal(folder, "next").close()


def test_who_looks_waits_for_what_a_killed_run_has_left_to_end(folder: Path) -> None:
    """Its supervisor holds the lock until the run's commands are dead; `status` told it at work."""
    killed = subprocess.Popen(["true"])
    killed.wait()
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(lock_of(folder), os.O_RDWR | os.O_CREAT)
    os.write(held, f"{killed.pid}\nboot\n".encode())
    fcntl.flock(held, fcntl.LOCK_EX)
    end = threading.Timer(0.3, os.close, [held])
    end.start()
    assert locked_by(folder) is None
    end.join()


def test_looking_does_not_keep_a_run_out(folder: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(SOURCES)!r})\n"
        "from pathlib import Path; from runbook.world.files.journallock import locked_by\n"
        "print('looking', flush=True)\n"
        f"while True: assert locked_by(Path({str(folder)!r})) in (None, '{os.getpid()}')"
    )
    looking = subprocess.Popen(
        [sys.executable, "-I", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert looking.stdout is not None
        looking.stdout.readline()
        for _ in range(300):
            Journal(folder, "run").close()
        assert looking.poll() is None
    finally:
        looking.kill()
        looking.communicate()


def test_images_are_kept_by_their_digest(folder: Path) -> None:
    journal = Journal(folder, "run")
    first = journal.store(b"\x00\xff")
    assert journal.store(b"\x00\xff") == first
    assert journal.load(first) == b"\x00\xff"
    assert journal.load("0" * 64) is None
    journal.close()


def test_logs_of_one_step_stand_beside_each_other(folder: Path) -> None:
    journal = Journal(folder, "run")
    first = journal.log("phase-1/task-1/step-1")
    first.touch()
    second = journal.log("phase-1/task-1/step-1")
    assert first.name == "phase-1--task-1--step-1.log"
    assert second.name == "phase-1--task-1--step-1.2.log"
    assert journal.log("phase-1/task-1/step-1", "task").name.endswith("--at-task.log")
    journal.close()


def test_row_4_a_damaged_journal_as_a_user_sees_it(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    whole = scenario.journal.read_bytes()
    scenario.journal.write_bytes(whole + b'{"seq": 99, "prev')
    scenario.run("run").says(0, "there is nothing to do")
    text = scenario.journal.read_bytes()
    assert text.startswith(whole)
    position = whole.index(b"PhaseBegan")
    scenario.journal.write_bytes(text[:position] + b"p" + text[position + 1 :])
    for command in ("run", "status"):
        result = scenario.run(command)
        assert result.status == 1
        assert result.stderr.startswith("error: <root>/.git/runbook/main/journal.jsonl: record ")
        assert result.stderr.endswith("; nothing was done there\n")
        assert "Traceback" not in result.raw


@pytest.mark.parametrize("name", ["journal.jsonl", "lock"])
def test_nobody_waits_at_a_pipe_in_the_place_of_a_file(scenario: Scenario, name: str) -> None:
    scenario.app()
    scenario.run("run").says(0)
    file = scenario.journal.with_name(name)
    kept = file.rename(scenario.folder / name)
    os.mkfifo(file)
    for verb in ("status", "run"):
        scenario.run(verb).says(1, f"{name}: it is a pipe, a socket or a device")
    kept.replace(file)


def test_a_run_from_before_the_machine_started_had_ended_by_then(folder: Path) -> None:
    lock = folder / "lock"
    assert ended_at(folder) is None
    pid, _, end = lock.read_text().split("\n")
    assert (pid, end) == (str(os.getpid()), "")
    lock.write_text(f"{pid}\nanother\n")
    started = ended_at(folder)
    assert started is not None
    assert started < lock.stat().st_mtime_ns
    Journal(folder, "next").close()
    assert ended_at(folder) is None


def test_who_marks_a_lock_and_who_reads_it_mean_the_same(tmp_path: Path) -> None:
    """A supervisor has the standard library only, and can't have the mark from here."""
    supervisor = SOURCES / "runbook/world/processes/supervisor.py"
    mark = re.search(r"(?m)^DEAD = (\d+)$", supervisor.read_text())
    assert mark is not None
    lock = tmp_path / "lock"
    lock.write_text(f"1\n{boot_id()}\n")
    assert ended_at(tmp_path) is None
    os.utime(lock, ns=(int(mark[1]), 5_000))
    assert ended_at(tmp_path) == 5_000


@pytest.mark.skipif(not hasattr(os, "O_NOATIME"), reason="this system tells no such thing")
def test_who_asks_when_a_run_ended_takes_nothing_from_the_answer(tmp_path: Path) -> None:
    """It was asked while the supervisor marked the lock, and read it just after that."""
    lock = tmp_path / "lock"
    lock.write_text("1\n\n")
    os.utime(lock, ns=(2, 5))  # a read would bring the access time up
    assert ended_at(tmp_path) is None
    assert lock.stat().st_atime_ns == 2
    os.utime(lock, ns=(1, 5))
    assert [ended_at(tmp_path) for _ in range(2)] == [5, 5]
