"""Little memory, few descriptors and processes; an ordinary user; what may not be written."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from handing import MEND, handed_over
from handing import SEARCHED as HANDED
from ondemand import some
from scenario import PROGRAM, SEARCHED, Scenario

from runbook import __main__

NOBODY = 65534

Done = subprocess.CompletedProcess[str]


def called(scenario: Scenario, *arguments: str, prefix: tuple[str, ...] = ()) -> Done:
    """The program by way of another one, which sets a limit or drops rights."""
    return subprocess.run(
        [*prefix, *PROGRAM, *arguments],
        cwd=scenario.root,
        env=scenario.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def limits(name: str, value: int) -> tuple[str, ...]:
    """A beginning of a command line that limits what comes after it."""
    found = shutil.which("prlimit")
    if found is None:
        pytest.skip("prlimit is needed")
    return (found, f"--{name}={value}")


def in_words(done: Done) -> None:
    """It is done, or it says what is in its way."""
    shown = done.stdout + done.stderr
    assert done.returncode in (0, 1), shown
    assert "Traceback" not in shown
    assert "a mistake in runbook" not in shown
    assert done.returncode == 0 or re.search("error: |stopped at|refused: ", shown), shown


def finished(scenario: Scenario) -> None:
    """Once nothing is in its way any more, it is as if nothing had been."""
    scenario.run("run").says(0, "is complete")
    assert scenario.subjects() == ["Begin", "feat: say good day"]
    assert scenario.status() == ""


def starts(scenario: Scenario, name: str, value: int) -> bool:
    """Whether the interpreter itself gets so far as to load the program."""
    return called(scenario, "--version", prefix=limits(name, value)).returncode == 0


def test_row_58_few_open_files(tmp_path: Path) -> None:
    for number in some(range(4, 26), 4, "open files"):
        folder = tmp_path / str(number)
        folder.mkdir()
        with Scenario(folder) as scenario:
            scenario.app(SEARCHED)
            in_words(called(scenario, "run", prefix=limits("nofile", number)))
            finished(scenario)


def test_row_58_little_memory(tmp_path: Path) -> None:
    """Of each amount that is enough to start with, up to what is enough for all."""
    for megabytes in some(range(10, 50, 2), 5, "memory"):
        folder = tmp_path / str(megabytes)
        folder.mkdir()
        with Scenario(folder) as scenario:
            scenario.app(SEARCHED)
            if starts(scenario, "as", megabytes << 20):
                in_words(called(scenario, "run", prefix=limits("as", megabytes << 20)))
            finished(scenario)


@pytest.mark.parametrize(
    ("error", "lacks"),
    [
        (SystemError("error return without exception set"), True),
        (SystemError("<method 'x'> returned NULL without setting an exception"), True),
        (SystemError("bad argument to internal function"), False),
    ],
)
def test_row_58_where_there_is_no_room_even_for_the_error(
    error: SystemError, lacks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As CPython says it, once in a hundred runs at the limit."""

    def carried_out(_: list[str]) -> int:
        raise error

    monkeypatch.setattr(__main__, "_carried_out", carried_out)
    if lacks:
        assert __main__.main() == 1
    else:
        with pytest.raises(SystemError):
            __main__.main()


def test_row_58_a_file_for_which_there_is_no_room_in_memory(scenario: Scenario) -> None:
    """What is started needs some 40 MB, and the file three times its size."""
    scenario.write("app.py", "x" * 16_000_000 + '\n    return "hello"\n')
    scenario.phase(SEARCHED)
    scenario.begin()
    for command in ("check", "status", "run"):
        done = called(scenario, command, prefix=limits("as", 70 << 20))
        in_words(done)
        if command != "status":
            assert "error: there is not enough memory for this; what was done so far is kept" in (
                done.stderr
            )
    finished(scenario)


@pytest.fixture
def nobody() -> tuple[str, ...]:
    """What a command line begins with to be another user's, who reads all and writes their own.

    (The interpreter may lie in the home of root.)
    """
    if os.geteuid() != 0:
        return ()
    found = shutil.which("setpriv")
    reading = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    user = (f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    prefix = (found or "", *user, *reading)
    if not found or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("nothing is read-only for root, and its rights can't be dropped here")
    return prefix


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that others may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def shared(place: Path) -> Iterator[Scenario]:
    """A scenario there."""
    with Scenario(place) as scenario:
        yield scenario


def given(scenario: Scenario) -> None:
    """Make all of it theirs, where root runs the tests."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "-h", f"{NOBODY}:{NOBODY}", scenario.folder], check=True)
        scenario.git("config", "--global", "--add", "safe.directory", "*", cwd=scenario.folder)


def test_row_58_an_ordinary_user(shared: Scenario, nobody: tuple[str, ...]) -> None:
    shared.app(SEARCHED)
    given(shared)
    for command in (("run",), ("status", "--check"), ("undo", "1"), ("run", "--restart")):
        done = called(shared, *command, prefix=nobody)
        assert done.returncode == 0, done.stdout + done.stderr
    assert shared.subjects()[-1] == "feat: say good day"


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user has processes beside the test's")
def test_row_58_few_processes(place: Path, nobody: tuple[str, ...]) -> None:
    for number in some(range(1, 24), 4, "processes"):
        folder = place / str(number)
        folder.mkdir()
        with Scenario(folder) as scenario:
            scenario.app(SEARCHED)
            given(scenario)
            done = called(scenario, "run", prefix=(*limits("nproc", number), *nobody))
            if done.returncode not in (125, 126, 127):  # not even the interpreter was started
                in_words(done)
            done = called(scenario, "run", prefix=nobody)
            assert done.returncode == 0, done.stdout + done.stderr
            assert scenario.subjects() == ["Begin", "feat: say good day"]


PARTS = [
    "", "objects", "refs", "refs/heads", "index", "HEAD", "logs", "logs/HEAD", "runbook",
    "runbook/main", "runbook/main/journal.jsonl", "runbook/main/images", "runbook/main/lock",
    "runbook/main/logs",
]  # fmt: skip

LOOKING = ["status", "list", "log", "show 1/1", "check"]
VERBS = [("run",), ("undo", "1"), ("retry", "1"), ("skip", "1/1", "--reason", "x"), ("clean",)]


@pytest.mark.parametrize("begun", [False, True])
def test_row_58_a_git_folder_that_may_not_be_written(
    place: Path, nobody: tuple[str, ...], begun: bool
) -> None:
    there = [part for part in PARTS if begun or not part.startswith("runbook")]
    for part in some(there, 2, f"parts of .git, {begun}"):
        folder = place / (part.replace("/", "-") or "all")
        folder.mkdir()
        with Scenario(folder) as scenario:
            scenario.app(SEARCHED.replace("grep -q", "test -e ../ok && grep -q"))
            given(scenario)
            if begun:
                assert called(scenario, "run", prefix=nobody).returncode == 1
            (scenario.folder / "ok").touch()
            kept = scenario.root / ".git" / part
            paths = [kept, *kept.rglob("*")] if not part else [kept]
            modes = {path: stat.S_IMODE(path.stat().st_mode) for path in paths}
            for path, mode in modes.items():
                path.chmod(mode & ~0o222)
            for looking in some(LOOKING, 2, f"what looks, {part}"):
                done = called(scenario, *looking.split(), prefix=nobody)
                assert done.returncode == 0, f"{part} {looking}\n{done.stdout}{done.stderr}"
            for verb in some(VERBS, 2, "verbs"):
                in_words(called(scenario, *verb, prefix=nobody))
            for path, mode in modes.items():
                if path.exists():
                    path.chmod(mode)
            called(scenario, "abort", "1", prefix=nobody)
            done = called(scenario, "run", "1", "--restart", prefix=nobody)
            assert done.returncode == 0, f"{part}\n{done.stdout}{done.stderr}"
            assert scenario.subjects()[-1] == "feat: say good day"
            assert scenario.status() == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_row_58_a_folder_that_a_group_may_write(shared: Scenario, nobody: tuple[str, ...]) -> None:
    """The repository is shared; what a run of one has recorded is not for others."""
    shared.app(SEARCHED)
    shared.git("config", "core.sharedRepository", "group")
    given(shared)
    os.chown(shared.root, 0, NOBODY)
    for path in (shared.root, *shared.root.rglob("*")):
        os.chown(path, 0, NOBODY)
        path.chmod(0o775 if path.is_dir() or path.stat().st_mode & 0o100 else 0o664)
    done = called(shared, "run", prefix=nobody)
    assert done.returncode == 0, done.stdout + done.stderr
    assert stat.S_IMODE((shared.root / ".git/runbook").stat().st_mode) == 0o700
    assert shared.git("status", "--porcelain") == ""


def test_row_58_a_delegate_shuts_git_s_folders_and_files(
    shared: Scenario, nobody: tuple[str, ...]
) -> None:
    agent = f"""
        {MEND}; git tag t; git config a.b c; echo x >> .git/hooks/pre-push; rm .git/info/exclude
        chmod 000 .git/HEAD .git/config; chmod -R a-w .git
        chmod 000 .git/info; chmod 500 .git/hooks .git
    """
    handed_over(shared, agent, HANDED)
    shared.hook("pre-push", "exit 0")
    hook, refs = shared.read(".git/hooks/pre-push"), shared.git("for-each-ref")
    given(shared)
    done = called(shared, "run", prefix=nobody)
    assert done.returncode == 4, done.stdout + done.stderr
    assert "git's file config" in done.stdout
    assert (shared.read(".git/hooks/pre-push"), shared.git("for-each-ref")) == (hook, refs)
    (shared.folder / "agent.sh").write_text(MEND)
    done = called(shared, "run", prefix=nobody)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("closed", ["0", "1", "2", "0 1 2"])
def test_row_58_standard_streams_that_are_closed(scenario: Scenario, closed: str) -> None:
    """As some schedulers start programs: no file of ours gets the number of one of them."""
    scenario.app(SEARCHED)
    shut = " ".join(f"{number}>&-" for number in closed.split())
    done = called(scenario, "run", prefix=("sh", "-c", f'exec "$@" {shut}', "sh"))
    in_words(done)
    assert done.returncode == 0
    assert ("is complete" in done.stdout) == ("1" not in closed)
    assert scenario.subjects() == ["Begin", "feat: say good day"]


def test_row_58_output_to_a_disk_that_is_full(scenario: Scenario) -> None:
    scenario.app(SEARCHED)
    done = called(scenario, "run", prefix=("sh", "-c", 'exec "$@" >/dev/full', "sh"))
    assert done.returncode == 1
    assert done.stderr == (
        "error: standard output: No space left on device (errno 28); what was done so far is kept: "
        "mend it and run again\n"
    )
    finished(scenario)


@pytest.mark.parametrize(
    ("arguments", "closed", "status"),
    [
        (["--version"], ">/dev/full", 1),
        (["status"], ">/dev/full", 1),
        (["status", "9"], "2>/dev/full", 2),
        (["nosuch"], ">/dev/full 2>/dev/full", 1),
    ],
)
def test_row_58_what_can_not_be_written_leaves_the_status(
    scenario: Scenario, arguments: list[str], closed: str, status: int
) -> None:
    """Python's own end would give 120, which is no status of ours."""
    scenario.app(SEARCHED)
    done = called(scenario, *arguments, prefix=("sh", "-c", f'exec "$@" {closed}', "sh"))
    assert (done.returncode, "Exception ignored" in done.stderr) == (status, False)
