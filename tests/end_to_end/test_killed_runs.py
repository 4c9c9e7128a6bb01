"""Runs that are killed in particular moments, and what the next one makes of it."""

import os
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest
from scenario import GREETING, PROGRAM, Scenario

TWICE = """
    phase: 1
    goal: Take lines out.
    tasks:
      - title: Take them out
        steps:
          - edit: [a.txt, b.txt]
            remove: |
              to go
          - verify: echo checked >> ../checks; test -e ../go || { touch ../begun; sleep 60; }
          - commit: Take them out
    """

WITH_MANUAL = """
    phase: 1
    goal: Work by hand.
    tasks:
      - title: By hand
        steps:
          - manual: Write what you like into mine.txt.
            files: [mine.txt]
          - commit: By hand
    """

WAITING = GREETING.replace(
    "      - commit",
    "      - verify: test -e ../go || { touch ../begun; sleep 60; }\n      - commit",
)

# A formatter that stops in the middle, until it may go on.
SLOW_FORMATTER = """
    echo '# formatted' >> app.py
    test -e ../go && exit 0
    touch ../begun
    sleep 60
"""


def killed(scenario: Scenario, *, when: str = "begun") -> None:
    """Start a run, and kill the runner and its group once a file says so."""
    process = scenario.start("run")
    scenario.until((scenario.folder / when).exists)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    (scenario.folder / "go").touch()


def lines_of(folder: Path) -> int:
    return len((folder / "checks").read_text().splitlines())


def test_row_5_a_check_that_was_running_runs_again(scenario: Scenario) -> None:
    scenario.write("a.txt", "to go\nstays\n")
    scenario.write("b.txt", "to go\n")
    scenario.phase(TWICE)
    scenario.begin()
    killed(scenario)
    assert lines_of(scenario.folder) == 1
    scenario.run("run").says(0, "goes on where it stopped", "as expected", "1 commit")
    assert lines_of(scenario.folder) == 2
    assert scenario.paths() == ["a.txt", "b.txt"]


def test_row_7_what_a_killed_hook_made_of_a_file_is_kept_aside(scenario: Scenario) -> None:
    scenario.app()
    scenario.hook("pre-commit", SLOW_FORMATTER)
    killed(scenario)
    scenario.hook("pre-commit", "exit 0")
    scenario.run("run").says(
        0,
        "git was killed before it made the commit",
        "put back as they were before its hooks: app.py",
        "what the hooks left is kept in <root>/.git/runbook/main/rescued/<run>",
        "1 commit",
    )
    assert "# formatted" not in scenario.read("app.py")
    (rescued,) = (scenario.root / ".git/runbook/main/rescued").glob("*/app.py")
    assert "# formatted" in rescued.read_text()
    assert scenario.status() == ""


def test_row_7_a_repair_by_hand_after_a_kill_in_a_hook_is_not_the_hooks(scenario: Scenario) -> None:
    scenario.write("other.py", "hello\n")
    scenario.app(
        GREETING.replace("edit: app.py", "edit: [app.py, other.py]")
        .replace('replace: return "hello"', "replace: hello")
        .replace('with: return "good day"', "with: good day")
    )
    scenario.hook(
        "pre-commit", SLOW_FORMATTER.replace("app.py", "app.py; echo '# half' >> other.py")
    )
    killed(scenario)
    lock = scenario.root / ".git/runbook/main/lock"
    scenario.until(lambda: lock.stat().st_atime_ns == 1)
    scenario.hook("pre-commit", "exit 0")
    scenario.write("app.py", 'def greeting():\n    return "good day"  # mine\n')
    scenario.run("run", "--dry-run").says(0, "app.py")
    scenario.run("run").says(
        0,
        "put back as they were before its hooks: other.py",
        "changed by hand since, and kept: app.py",
        "1 commit",
    )
    assert "# mine" in scenario.git("show", "HEAD:app.py")
    assert scenario.git("show", "HEAD:other.py") == "good day"
    assert scenario.status() == ""


@pytest.mark.parametrize("linked", [False, True])
def test_row_9_the_locks_of_our_own_killed_git_go(scenario: Scenario, linked: bool) -> None:
    scenario.series("worktree: .worktrees/x" if linked else "title: X")
    scenario.app()
    # In a worktree `..` is another place.
    scenario.hook("pre-commit", SLOW_FORMATTER.replace("../", f"{scenario.folder}/"))
    killed(scenario)
    place = scenario.root / (".git/worktrees/x" if linked else ".git")
    scenario.until(lambda: not list(place.glob("*.lock")) or (place / "index.lock").exists())
    (place / "index.lock").touch()  # where git was told to end before it was killed, it took it
    scenario.hook("pre-commit", "exit 0")
    scenario.run("run").says(0, "1 commit")
    assert not list((scenario.root / ".git").glob("**/index.lock"))


def test_row_8_a_lock_from_before_stays_after_a_kill_as_well(scenario: Scenario) -> None:
    scenario.app()
    scenario.hook("pre-commit", SLOW_FORMATTER)
    killed(scenario)
    lock = scenario.root / ".git/index.lock"
    lock.touch()
    os.utime(lock, (1_700_000_000, 1_700_000_000))
    scenario.run("run").says(1, "index.lock exists: another git process is at work, or one died")
    assert lock.exists()


def test_row_11_runs_in_two_worktrees_at_once(scenario: Scenario) -> None:
    scenario.app(WAITING)
    other = scenario.folder / "other"
    scenario.git("worktree", "add", "-q", str(other))
    first = scenario.start("run")
    scenario.until((scenario.folder / "begun").exists)
    (scenario.folder / "go").touch()
    scenario.run("run", cwd=other).says(0, "1 commit")
    assert first.poll() is None
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    scenario.run("run").says(0, "1 commit")
    assert scenario.subjects("other") == scenario.subjects("main")
    assert scenario.git("rev-parse", "main^{tree}") == scenario.git("rev-parse", "other^{tree}")


def test_a_run_waits_until_what_a_killed_one_started_is_dead(scenario: Scenario) -> None:
    scenario.app(WAITING)
    killed(scenario)
    # At once: the supervisor may still be killing.
    scenario.run("run").says(0, "1 commit")


def test_row_32_a_hook_that_goes_on_after_ctrl_c_is_killed_by_a_second_one(
    scenario: Scenario,
) -> None:
    scenario.app()
    scenario.hook("pre-commit", SLOW_FORMATTER)
    process = scenario.start("run")
    scenario.until((scenario.folder / "begun").exists)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)  # two signals at once are one
    process.send_signal(signal.SIGINT)
    scenario.end(process).says(130, "interrupted")
    assert not (scenario.root / ".git/index.lock").exists()
    (scenario.folder / "go").touch()
    scenario.run("run").says(0, "1 commit")


def test_work_by_hand_is_taken_back_from_where_it_was_handed_over(scenario: Scenario) -> None:
    scenario.write("mine.txt", "one\n")
    scenario.phase(WITH_MANUAL)
    scenario.begin()
    scenario.run("run").says(4, "Write what you like")
    # As if it had been killed right after it was handed over: what is changed since is shown.
    lines = scenario.journal.read_bytes().splitlines(keepends=True)
    began = next(n for n, line in enumerate(lines, 1) if b'"ManualBegan"' in line)
    scenario.journal.write_bytes(b"".join(lines[:began]))
    scenario.run("run").says(4, "Write what you like")
    scenario.write("mine.txt", "two\n")
    scenario.run("run").says(0, "changed by hand: mine.txt", "1 commit")


@pytest.mark.parametrize("room", [300, 1200, 2500])
def test_row_21_a_file_that_cannot_grow_is_told_and_leaves_the_originals(
    scenario: Scenario, room: int
) -> None:
    scenario.app()
    before = scenario.read("app.py")
    done = subprocess.run(
        [*PROGRAM, "run"],
        cwd=scenario.root,
        env=scenario.env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        # The journal, which grows first, gets no further than this.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )
    assert done.returncode == 1, done.stderr
    assert "journal.jsonl: File too large (errno 27); what was done so far is kept" in done.stderr
    assert "Traceback" not in done.stderr
    # As it was, or as the edit makes it: never a part.
    assert scenario.read("app.py") in (before, before.replace("hello", "good day"))
    assert scenario.subjects() == ["Begin"]
    scenario.run("run").says(0, "1 commit")


SHRINKING = """
    phase: 1
    goal: Shrink.
    tasks:
      - title: First
        steps:
          - edit: app.py
            replace: hello
            with: good day
          - edit: big.txt
            rewrite-file: |
              small
          - verify: 'false'
          - commit: First
"""


@pytest.mark.parametrize("verb", [("retry",), ("abort",), ("skip", "task-1", "--reason", "no")])
def test_row_21_a_verb_that_is_stopped_half_way_says_so_and_goes_on(
    scenario: Scenario, verb: tuple[str, ...]
) -> None:
    scenario.write("big.txt", "big\n" * 100_000)
    scenario.app(SHRINKING)
    scenario.run("run").says(1, "the check failed")
    done = subprocess.run(
        [*PROGRAM, *verb],
        cwd=scenario.root,
        env=scenario.env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.splitlines()[-2:] == [
        f"{verb[0]} of phase-1/task-1 refused: big.txt can't be written: File too large",
        f"Part of it is done. {verb[0].capitalize()} again to go on.",
    ]
    assert scenario.read("big.txt") == "small\n"
    scenario.run(*verb).says(1 if verb[0] == "retry" else 0, "put back: app.py, big.txt")
    if verb[0] != "retry":
        assert scenario.status() == ""


def test_what_a_hook_put_into_a_commit_is_not_taken_for_work_by_hand(scenario: Scenario) -> None:
    scenario.app()
    scenario.hook("pre-commit", "echo '# formatted' >> app.py; git add app.py")
    scenario.hook("post-commit", "touch ../begun; sleep 60")
    killed(scenario)
    scenario.hook("post-commit", "exit 0")
    result = scenario.run("run")
    result.says(0, "made by the run that was killed, and recorded now", "is complete: 1 commit")
    assert "by hand" not in result.stdout
    assert scenario.status() == ""


def test_an_image_that_is_not_what_was_kept_is_refused(scenario: Scenario) -> None:
    scenario.write("a.txt", "to go\nstays\n")
    scenario.write("b.txt", "to go\n")
    scenario.phase(TWICE)
    scenario.begin()
    killed(scenario)
    # As if the edit had been half written, and the disk had lost what it was to be.
    lines = scenario.journal.read_bytes().splitlines(keepends=True)
    planned = next(n for n, line in enumerate(lines, 1) if b'"EditPlanned"' in line)
    scenario.journal.write_bytes(b"".join(lines[:planned]))
    scenario.write("a.txt", "to go\nstays\n")
    for image in (scenario.journal.parent / "images").iterdir():
        image.write_bytes(b"")
    scenario.run("run").says(1, "is not what was kept there; nothing was done")
    assert scenario.read("a.txt") == "to go\nstays\n"


def test_row_9_the_lock_of_a_git_that_was_killed_over_a_note_goes(scenario: Scenario) -> None:
    scenario.app(WAITING)
    killed(scenario)
    lock = scenario.root / ".git/refs/notes/runbook.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    scenario.run("run").says(0, "1 commit")
    assert not lock.exists()
    assert scenario.git("notes", "--ref=runbook", "list") != ""


def test_a_command_that_had_succeeded_does_not_run_twice(scenario: Scenario) -> None:
    scenario.write("a.txt", "one\n")
    scenario.phase(
        """
        phase: 1
        goal: Add a line.
        tasks:
          - title: Add it
            steps:
              - run: echo once >> a.txt
                files: [a.txt]
              - verify: test -e ../go || { touch ../begun; sleep 60; }
              - commit: Add it
        """
    )
    scenario.begin()
    killed(scenario)
    # As if it had been killed between the command's success and the step's end.
    lines = scenario.journal.read_bytes().splitlines(keepends=True)
    done = next(n for n, line in enumerate(lines, 1) if b'"RunDone"' in line)
    scenario.journal.write_bytes(b"".join(lines[:done]))
    scenario.run("run").says(0, "1 commit")
    assert scenario.read("a.txt") == "one\nonce\n"


# What the worktree holds, git has in another form: name → (attributes, configuration, file, edit).
FILTERED = {
    "ends of lines, as git would not give them": ("eol=crlf", {}, "one\n", "append"),
    "ends of lines that a new file gets": ("eol=crlf", {}, "one\n", "create"),
    "ends of lines that git takes away": ("eol=lf", {}, "one\r\ntwo\r\n", "append"),
    "a filter that leaves a person's own text out": (
        "filter=own",
        {"filter.own.clean": "sed 's/my word/a word/'"},
        "my word\n",
        "append",
    ),
    "a filter that a checkout undoes": (
        "filter=case",
        {"filter.case.clean": "tr a-z A-Z", "filter.case.smudge": "tr A-Z a-z"},
        "Mixed case\n",
        "append",
    ),
    "keywords that a checkout expands": ("ident", {}, "$Id: of a person $\n", "append"),
    "another encoding": ("working-tree-encoding=ISO-8859-1 eol=crlf", {}, "one\n", "create"),
}


def filtered(scenario: Scenario, kind: str) -> bytes:
    """A phase whose commit goes through filters, killed once in it; what its file is to hold."""
    attributes, configuration, text, how = FILTERED[kind]
    scenario.write(".gitattributes", f"*.txt text {attributes}\n")
    for name, value in configuration.items():
        scenario.git("config", name, value)
    scenario.write("two.md", "two\n")
    if how == "append":
        (scenario.root / "one.txt").write_bytes(text.encode())
    scenario.phase(f"""
        phase: 1
        goal: Write.
        tasks:
          - title: One
            steps:
              - edit: one.txt
                {how}: |
                  new
              - commit: One
          - title: Two
            steps:
              - edit: two.md
                append: |
                  new
              - commit: Two
        """)
    scenario.begin()
    if how == "append":
        # git's own add leaves the file alone; only a checkout would give it git's form.
        assert (scenario.root / "one.txt").read_bytes() == text.encode()
    if how == "create":
        return b"new\r\n" if "eol=crlf" in attributes else b"new\n"
    return text.encode() + (b"new\r\n" if "\r" in text else b"new\n")


def killed_after_the_commit(scenario: Scenario) -> None:
    scenario.hook("post-commit", f"kill -9 $(cat {scenario.root}/.git/runbook/main/lock)")
    assert scenario.run("run").status == -signal.SIGKILL
    scenario.hook("post-commit", "exit 0")


@pytest.mark.parametrize("kind", list(FILTERED))
def test_row_48_a_file_that_git_has_in_another_form_stays_as_it_is(
    scenario: Scenario, kind: str
) -> None:
    wanted = filtered(scenario, kind)
    killed_after_the_commit(scenario)
    assert (scenario.root / "one.txt").read_bytes() == wanted
    result = scenario.run("run")
    result.says(0, "recorded now")
    assert "by hand" not in str(result)
    assert (scenario.root / "one.txt").read_bytes() == wanted
    assert scenario.status() == ""
    assert scenario.subjects()[-2:] == ["One", "Two"]


@pytest.mark.parametrize("kind", list(FILTERED))
def test_row_48_what_a_power_loss_emptied_is_as_it_was_written(
    scenario: Scenario, kind: str
) -> None:
    wanted = filtered(scenario, kind)
    killed_after_the_commit(scenario)
    # As a file system leaves a file that a hook had written anew.
    (scenario.root / "one.txt").write_bytes(b"")
    scenario.run("run").says(0, "recorded now")
    assert (scenario.root / "one.txt").read_bytes() == wanted
    assert scenario.status() == ""


@pytest.mark.parametrize("left", ["nothing", "as before the hook"])
def test_what_a_power_loss_took_of_a_hooks_work_is_taken_from_the_commit(
    scenario: Scenario, left: str
) -> None:
    wanted = filtered(scenario, "ends of lines, as git would not give them")
    scenario.hook("pre-commit", "test -e one.txt && echo formatted >> one.txt && git add one.txt")
    killed_after_the_commit(scenario)
    scenario.hook("pre-commit", "exit 0")
    (scenario.root / "one.txt").write_bytes(b"" if left == "nothing" else wanted)
    scenario.run("run").says(0, "recorded now")
    assert (scenario.root / "one.txt").read_bytes() == b"one\r\nnew\r\nformatted\r\n"
    assert scenario.status() == ""


def test_row_7_what_a_hook_made_when_an_undo_was_killed_is_kept_aside(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0)
    before = scenario.read("app.py")
    scenario.hook("pre-commit", SLOW_FORMATTER)
    process = scenario.start("undo", "1")
    scenario.until((scenario.folder / "begun").exists)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    scenario.hook("pre-commit", "exit 0")
    scenario.run("undo", "1").says(
        0,
        "git was killed before it made the commit",
        "put back as they were before its hooks: app.py",
        "what the hooks left is kept in <root>/.git/runbook/main/rescued/<run>",
    )
    assert scenario.read("app.py") != before
    assert "# formatted" not in scenario.read("app.py")
    (rescued,) = (scenario.root / ".git/runbook/main/rescued").glob("*/app.py")
    assert "# formatted" in rescued.read_text()
    assert scenario.status() == ""


@pytest.mark.parametrize("then", ["undo", "abort"])
def test_what_a_hook_made_before_it_refused_an_undo_is_put_back(
    scenario: Scenario, then: str
) -> None:
    scenario.app()
    scenario.run("run").says(0)
    before = scenario.read("app.py")
    scenario.hook("pre-commit", "echo '# formatted' >> app.py; git add app.py; exit 1")
    scenario.run("undo", "1").says(
        1, "what its hooks had made of the files is kept in <root>/.git/runbook/main/rescued"
    )
    assert scenario.status() == " M app.py"
    undone = scenario.read("app.py")
    scenario.hook("pre-commit", "exit 0")
    scenario.run(then, *(["1"] if then == "undo" else [])).says(0)
    assert scenario.read("app.py") == (undone if then == "undo" else before)
    assert scenario.status() == ""


def test_what_a_person_made_after_a_hook_refused_an_undo_is_not_a_hooks(
    scenario: Scenario,
) -> None:
    scenario.app()
    scenario.run("run").says(0)
    scenario.hook("pre-commit", "exit 1")
    scenario.run("undo", "1").says(1, "git did not make the commit")
    scenario.write("app.py", scenario.read("app.py") + "# mine\n")
    scenario.run("undo", "1").says(1, "app.py was changed by someone since the undo began")
    scenario.run("abort").says(1, "changed by hand since the undo stopped: app.py")
    assert scenario.read("app.py").endswith("# mine\n")
