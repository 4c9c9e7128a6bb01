"""Odd names of repositories, links in the journal's place, full disks, titles that are no text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from scenario import GREETING, Scenario

NAMES = {
    "a line break": "a\nb",
    "a byte that is no text": "a\udcffb",
    "200 characters": "x" * 200,
    "blanks and quotes": ' it\'s "so" ',
    "a leading dash": "-rf",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("linked", [False, True])
def test_row_56_a_repository_may_be_called_anything(
    tmp_path: Path, name: str, linked: bool
) -> None:
    folder = tmp_path / NAMES[name]
    folder.mkdir()
    with Scenario(folder) as scenario:
        scenario.series("worktree: .worktrees/x" if linked else "title: X")
        scenario.app(GREETING.replace("      - commit", "      - verify: 'true'\n      - commit"))
        scenario.run("run").says(0, "1 commit")
        scenario.run("status", "--check").says(0, "complete")
        scenario.run("audit", "1").says(0, "every check holds")
        scenario.run("undo", "1").says(0, "undone: task-1")
        scenario.run("run", "--restart").says(0, "1 commit")
        scenario.run("clean", "--branch", "--force").says(0)
        assert scenario.status() == ""


@pytest.mark.parametrize(
    "what",
    [
        "runbook",
        "runbook/main",
        "runbook/main/journal.jsonl",
        "runbook/main/lock",
        "runbook/main/images",
        "runbook/main/rescued",
        "runbook/main/logs",
    ],
)
def test_row_56_a_link_in_the_journals_place_leads_nowhere(scenario: Scenario, what: str) -> None:
    scenario.app()
    elsewhere = scenario.folder / "elsewhere"
    place = scenario.root / ".git" / what
    place.parent.mkdir(parents=True, exist_ok=True)
    if what.endswith(("jsonl", "lock")):
        elsewhere.write_text("precious\n")
    else:
        elsewhere.mkdir()
    place.symlink_to(elsewhere)
    for command in ("run", "status"):
        scenario.run(command).says(1, f"<root>/.git/{what} is a symbolic link", "nothing was done")
    if elsewhere.is_file():
        assert elsewhere.read_text() == "precious\n"
    else:
        assert not list(elsewhere.iterdir())
    assert scenario.read("app.py").endswith('"hello"\n')
    place.unlink()
    scenario.run("run").says(0, "1 commit")


@pytest.mark.parametrize(
    "verb",
    ["run", "status", "check", "list", "log", "next", "show 1/1", "report", "report --format md",
     "run --dry-run", "skip 1/1 --reason x", "undo 1", "audit 1", "retry 1", "run 1/9"],
)  # fmt: skip
def test_titles_can_do_nothing_to_a_terminal(scenario: Scenario, verb: str) -> None:
    scenario.app(
        GREETING.replace(
            "goal: Say", 'title: "\\e[2J\\u202Eevil\\u2066\\e]0;x\\a"\ngoal: Say'
        ).replace("title: Say it politely", 'title: "T\\e[31m\\u202E\\r\\u0007"')
    )
    shown = scenario.run(*verb.split()).raw
    for bad in ("\x1b[2J", "\x1b]0", "\x1b[31m", "\u202e", "\u2066", "\a"):
        assert bad not in shown, ascii(shown)


@pytest.fixture(params=[64, 256, 512, 1024])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A file system with room for a repository and hardly more; `request.param` KiB of it."""
    place = tmp_path / "small"
    place.mkdir()
    size = f"size={768 + request.param}k"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "small", str(place)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_row_56_a_disk_that_is_full_loses_nothing(small: Path) -> None:
    """At whichever write it is full; once there is room the run goes on."""
    with Scenario(small) as scenario:
        shutil.rmtree(scenario.root / ".git" / "hooks", ignore_errors=True)
        scenario.app(GREETING.replace("      - commit", "      - verify: echo\n      - commit"))
        for _ in range(40):
            filler = scenario.folder / "filler"
            free = os.statvfs(small).f_bavail * os.statvfs(small).f_frsize
            filler.write_bytes(bytes(max(0, free - 4096 * (_ + 1))))
            result = scenario.run("run")
            assert result.status in (0, 1), str(result)
            assert "a mistake in runbook" not in result.stderr, str(result)
            assert "error: No space" not in result.stderr, str(result)  # but what has none
            text = scenario.read("app.py")
            assert text in ('def greeting():\n    return "hello"\n',
                            'def greeting():\n    return "good day"\n'), text  # fmt: skip
            filler.unlink()
            if result.status == 0:
                break
        scenario.run("run").says(0)
        assert scenario.subjects() == ["Begin", "feat: say good day"]
        assert scenario.status() == ""


SECRETS = {"TOKEN": "tok3n-of-mine", "KEY": "first-line-of-it\nsecond-line-of-it"}
SPOKEN = 'echo "$TOKEN"; echo "$KEY" >&2; cd "/$TOKEN"; sleep 0.5; false'


def told(text: str) -> list[str]:
    """The secrets, and lines of secrets, that a text tells."""
    lines = [line for value in SECRETS.values() for line in value.split("\n")]
    return [line for line in lines if line in text]


@pytest.mark.parametrize("where", ["check", "run", "hook", "service"])
def test_row_62_secrets_are_nowhere(scenario: Scenario, where: str) -> None:
    """Not in what processes are called with, nor in messages, records, logs and reports."""
    services = f"services:\n  - name: s\n    run: {SPOKEN}\n    ready: never\n"
    scenario.series("secrets: [TOKEN, KEY]\n" + (services if where == "service" else ""))
    kind = {"run": "run: " + SPOKEN + "\n        files: [app.py]"}.get(where, "verify: " + SPOKEN)
    checked = GREETING.replace("      - commit", f"      - {kind}\n      - commit")
    scenario.app(GREETING if where == "hook" else checked)
    if where == "hook":
        scenario.hook("pre-commit", SPOKEN)
    process = scenario.start("run", cwd=None, **SECRETS)
    seen = ""
    while process.poll() is None:
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                seen += file.read_bytes().decode("utf-8", "replace")
    stdout, stderr = process.communicate()
    assert process.returncode == 1, stdout + stderr
    assert told(seen) == []
    for command in ("status", "log", "report", "show 1/1", "next"):
        stdout += scenario.run(*command.split(), cwd=None, **SECRETS).raw
    assert told(stdout + stderr) == []
    for file in (scenario.root / ".git" / "runbook").rglob("*"):
        assert not file.is_file() or told(file.read_text(errors="replace")) == [], file


def test_a_parent_folder_that_is_swapped_during_a_run(scenario: Scenario) -> None:
    """What stands in its place then is not touched, and the run says that git is not there."""
    swap = 'mv "$PWD" ../away && mkdir "$PWD" && echo mine > "$PWD/app.py"'
    scenario.app(GREETING.replace("      - commit", f"      - verify: {swap}\n      - commit"))
    scenario.run("run").says(1, "stopped at phase-1")
    assert [file.name for file in scenario.root.iterdir()] == ["app.py"]
    assert scenario.read("app.py") == "mine\n"
    shutil.rmtree(scenario.root)
    (scenario.folder / "away").rename(scenario.root)
    scenario.phase(GREETING.replace("      - commit", "      - verify: 'true'\n      - commit"))
    scenario.run("retry", "1").says(0, "1 commit")


FAILS = """
import errno, os, sys
from runbook.__main__ import main
sync = os.fsync
def fsync(number):
    if os.readlink(f"/proc/self/fd/{number}").endswith("/app.py"):
        raise OSError(errno.EIO, "Input/output error")
    sync(number)
os.fsync = fsync
sys.argv[0] = "runbook"
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_a_disk_that_fails_when_what_was_committed_is_synced(scenario: Scenario) -> None:
    scenario.app()
    said = scenario.scripted(FAILS, "run")
    said.says(1, "app.py: Input/output error (errno 5)", "mend it and run again")
    scenario.run("run").says(0, "phase-1 is complete")


def test_what_verbs_are_told_and_tell_has_no_secrets(scenario: Scenario) -> None:
    """Not the reason of a skip, nor what hooks say of a revert or of a new worktree."""
    scenario.series("secrets: [TOKEN, KEY]\n")
    scenario.app(GREETING)
    says = scenario.run("run", cwd=None, **SECRETS).raw
    scenario.hook("pre-commit", SPOKEN)
    says += scenario.run("undo", "1", cwd=None, **SECRETS).raw
    says += scenario.run("abort", cwd=None, **SECRETS).raw
    (scenario.root / ".git" / "hooks" / "pre-commit").unlink()
    says += scenario.run("undo", "1", cwd=None, **SECRETS).raw
    scenario.phase(GREETING.replace("phase: 1", "phase: 2"), "phase-2")
    reason = f"it wants {SECRETS['TOKEN']}"
    says += scenario.run("skip", "2/1", "--reason", reason, cwd=None, **SECRETS).raw
    scenario.series("secrets: [TOKEN, KEY]\nworktree: .worktrees/beside\n")
    scenario.hook("post-checkout", SPOKEN)
    says += scenario.run("run", "1", "--restart", cwd=None, **SECRETS).raw
    assert "it wants ***" in says
    assert told(says) == []
    for file in (scenario.root / ".git" / "runbook").rglob("*"):
        assert not file.is_file() or told(file.read_text(errors="replace")) == [], file
