"""What the user has under way in the same checkout is left as it is, or stops the run in time."""

import subprocess

import pytest
from scenario import CHECKED, GREETING, SEARCHED, Scenario


def index_of(scenario: Scenario) -> str:
    return scenario.git("ls-files", "--stage", "-t")


class TestOtherChanges:
    def test_row_17_staged_unstaged_and_untracked_work_stays_byte_for_byte(
        self, scenario: Scenario
    ) -> None:
        for name in ("staged", "unstaged", "both", "deleted", "renamed", "mode"):
            scenario.write(f"{name}.txt", f"{name}\n")
        scenario.app()
        scenario.write("staged.txt", "staged by me\n")
        scenario.write("both.txt", "first\nstaged\n")
        scenario.git("add", "staged.txt", "both.txt")
        scenario.write("both.txt", "first\nstaged\nand not staged\n")
        scenario.write("unstaged.txt", "unstaged by me\n")
        scenario.git("rm", "-q", "deleted.txt")
        scenario.git("mv", "renamed.txt", "moved.txt")
        scenario.git("update-index", "--chmod=+x", "mode.txt")
        scenario.write("untracked.txt", "untracked\n")
        scenario.write("later.txt", "intended\n")
        scenario.git("add", "-N", "later.txt")
        status = scenario.status()
        index = index_of(scenario)
        files = {path.name: path.read_bytes() for path in scenario.root.iterdir() if path.is_file()}
        scenario.run("run").shows(
            0,
            """
            phase-1: Say good day.

            task-1: Say it politely
              edit    app.py, line 2
              commit  <commit> feat: say good day

            phase-1 is complete: 1 commit, <time>.
            """,
        )
        assert scenario.paths() == ["app.py"]
        assert scenario.status() == status
        before = {line.split("\t")[1]: line for line in index.split("\n")}
        after = {line.split("\t")[1]: line for line in index_of(scenario).split("\n")}
        assert before.pop("app.py") != after.pop("app.py")
        assert before == after
        files.pop("app.py")
        for name, content in files.items():
            assert (scenario.root / name).read_bytes() == content

    @pytest.mark.parametrize("stage", [False, True])
    def test_row_16_a_changed_file_of_the_task_is_refused(
        self, scenario: Scenario, stage: bool
    ) -> None:
        scenario.app()
        mine = 'def greeting():\n    return "hello"\n\n# mine\n'
        scenario.write("app.py", mine)
        if stage:
            scenario.git("add", "app.py")
        status = scenario.status()
        scenario.run("run").shows(
            1,
            """
            phase-1: Say good day.

            stopped at phase-1/task-1 (phases/phase-1.yaml:4:5): app.py has changes of yours, \
and this task changes it
              hint: commit or undo them first: a commit of the task would take them along

            When it is mended: runbook run phase-1
            Or instead:
              runbook skip phase-1/task-1 --reason "...": leave task-1 out
            """,
        )
        assert scenario.read("app.py") == mine
        assert scenario.status() == status
        scenario.git("commit", "-q", "-am", "Mine")
        scenario.run("run", "--accept-head").says(0, "phase-1 is complete: 1 commit")

    def test_an_untracked_file_in_the_place_of_a_new_one_is_refused(
        self, scenario: Scenario
    ) -> None:
        scenario.app(
            """
            phase: 1
            goal: Say goodbye.
            tasks:
              - title: Say goodbye
                steps:
                  - edit: goodbye.py
                    create: "bye\\n"
                  - commit: "feat: say goodbye"
            """
        )
        scenario.write("goodbye.py", "mine\n")
        scenario.run("run").says(
            1, "goodbye.py is there, and is not committed, and this task changes it"
        )
        assert scenario.read("goodbye.py") == "mine\n"


class TestPlace:
    def test_on_a_detached_head(self, scenario: Scenario) -> None:
        scenario.app()
        scenario.git("checkout", "-q", "--detach")
        scenario.run("run").says(
            0, "HEAD is detached: its commits are on no branch", "phase-1 is complete: 1 commit"
        )
        assert scenario.subjects() == ["Begin", "feat: say good day"]
        assert scenario.subjects("main") == ["Begin"]

    def test_on_an_unborn_branch(self, scenario: Scenario) -> None:
        scenario.write("mine.txt", "mine\n")
        scenario.git("add", "mine.txt")
        scenario.phase(
            """
            phase: 1
            goal: Begin.
            tasks:
              - title: Begin
                steps:
                  - edit: app.py
                    create: "print()\\n"
                  - commit: "feat: begin"
            """
        )
        scenario.run("run").says(0, "phase-1 is complete: 1 commit")
        assert scenario.subjects() == ["feat: begin"]
        assert scenario.paths() == ["app.py"]
        assert scenario.status() == "A  mine.txt\n?? phases/phase-1.yaml"

    def test_a_worktree_needs_a_commit(self, scenario: Scenario) -> None:
        scenario.series("worktree: .worktrees/x")
        scenario.phase(GREETING)
        scenario.run("run").says(
            1, "a worktree needs a commit to start from, and there is none yet"
        )

    def test_row_12_another_branch_during_a_run_gets_no_commit(self, scenario: Scenario) -> None:
        # Somebody does so while the check is under way.
        scenario.write(".git/somebody", "git switch -q -c other\n")
        scenario.app(CHECKED.replace("pytest -q", "sh .git/somebody; pytest -q"))
        scenario.run("run").shows(
            1,
            """
            phase-1: Say good day.

            task-1: Say it politely
              edit    app.py, line 2
              verify  sh .git/somebody; pytest -q test_app.py
                      1 passed (<time>)
                      as expected

            stopped at phase-1/task-1/step-3 (phases/phase-1.yaml:11:9): HEAD moved while the run \
was at work: it was on main at <commit> and is on other at <commit>
              hint: `git switch main` goes back

            Go back there with git, then: runbook run phase-1
            Or go on from where HEAD is: runbook run phase-1 --accept-head
            """,
        )
        assert scenario.subjects("other") == ["Begin"]
        scenario.run("run").says(1, "HEAD moved since the last run")
        scenario.git("switch", "-q", "main")
        scenario.run("run").says(0, "1 commit")
        assert scenario.subjects("main") == ["Begin", "feat: say good day"]

    def test_a_branch_that_a_step_checks_out_gets_the_commit(self, scenario: Scenario) -> None:
        scenario.app(CHECKED.replace("pytest -q", "git switch -q -c other; pytest -q"))
        scenario.run("run").says(0, "1 commit")
        assert scenario.subjects("other") == ["Begin", "feat: say good day"]
        assert scenario.subjects("main") == ["Begin"]

    def test_row_12_another_branch_or_commit_between_two_runs_stops_it(
        self, scenario: Scenario
    ) -> None:
        scenario.app(CHECKED.replace("pytest -q", "test -e ok && pytest -q"))
        scenario.run("run").says(1, "the check failed")
        scenario.write("ok", "")
        scenario.git("checkout", "-q", "-b", "other")
        scenario.run("run").shows(
            1,
            """
            phase-1: Say good day.

            stopped at phase-1 (phases/phase-1.yaml:1:1): HEAD moved since the last run: it was \
on main at <commit> and is on other at <commit>
              hint: `git switch main` goes back

            Go back there with git, then: runbook run phase-1
            Or go on from where HEAD is: runbook run phase-1 --accept-head
            """,
        )
        scenario.git("checkout", "-q", "main")
        scenario.git("commit", "-q", "--allow-empty", "-m", "Mine")
        scenario.run("run").says(1, "it was on main at <commit> and is on main at <commit>")
        assert 'return "good day"' in scenario.read("app.py")
        scenario.run("run", "--accept-head").shows(
            0,
            """
              goes on from main at <commit>
            phase-1: Say good day.
              goes on: 0 of 1 task done before

            task-1: Say it politely
              goes on where it stopped
              verify  test -e ok && pytest -q test_app.py
                      1 passed (<time>)
                      as expected
              commit  <commit> feat: say good day

            phase-1 is complete: 1 commit, <time>.
              checks saw changes that no commit has: ok
            """,
        )
        assert scenario.subjects() == ["Begin", "Mine", "feat: say good day"]
        assert scenario.paths() == ["app.py"]


class TestObstacles:
    def test_row_14_what_is_under_way_is_refused_before_any_edit(self, scenario: Scenario) -> None:
        scenario.write("note.txt", "first\n")
        scenario.app()
        scenario.git("checkout", "-q", "-b", "other")
        scenario.write("note.txt", "other\n")
        scenario.git("commit", "-q", "-am", "Other")
        scenario.git("checkout", "-q", "main")
        scenario.write("note.txt", "main\n")
        scenario.git("commit", "-q", "-am", "Main")
        for command, named in (
            (["merge", "other"], "a merge is under way in <root>; finish or abort it first"),
            (["cherry-pick", "other"], "a cherry-pick is under way in <root>"),
            (["rebase", "other"], "a rebase is under way in <root>"),
            (["revert", "other"], "a revert is under way in <root>"),
        ):
            scenario.git(*command, check=False)
            assert scenario.status() != "", command
            scenario.run("run").says(1, named, "When it is mended: runbook run phase-1")
            assert 'return "hello"' in scenario.read("app.py")
            scenario.git(command[0], "--abort")
        scenario.run("run").says(0, "1 commit")

    def test_row_8_a_lock_file_is_named_and_never_deleted(self, scenario: Scenario) -> None:
        scenario.app()
        lock = scenario.root / ".git" / "index.lock"
        lock.touch()
        scenario.run("run").shows(
            1,
            """
            phase-1: Say good day.

            stopped at phase-1 (phases/phase-1.yaml:1:1): <root>/.git/index.lock exists: another \
git process is at work, or one died; when none is, remove the file

            When it is mended: runbook run phase-1
            """,
        )
        assert lock.exists()
        assert 'return "hello"' in scenario.read("app.py")
        lock.unlink()
        scenario.run("run").says(0, "1 commit")

    def test_row_10_a_second_run_is_refused_while_one_is_under_way(
        self, scenario: Scenario
    ) -> None:
        scenario.app(SEARCHED.replace("grep -q", "until test -e go; do sleep 0.1; done; grep"))
        other = scenario.folder / "other"
        scenario.git("worktree", "add", "-q", "-b", "other", str(other))
        first = scenario.start("run")
        scenario.until(lambda: 'return "good day"' in scenario.read("app.py"))
        scenario.run("run").shows(
            1,
            "",
            "error: another run is under way in <root>, locked by process <pid>; "
            "what it does: runbook status",
        )
        scenario.run("status").says(0, f"process {'<pid>'} is at work on it now")
        # A run in another worktree of the repository has nothing to do with it.
        (other / "go").touch()
        scenario.run("run", cwd=other).says(0, "phase-1 is complete: 1 commit")
        scenario.write("go", "")
        scenario.end(first).says(0, "phase-1 is complete: 1 commit")
        assert scenario.subjects("main") == ["Begin", "feat: say good day"]
        assert scenario.subjects("other") == ["Begin", "feat: say good day"]


def test_a_run_inside_a_git_hook_works_on_its_own_repository(scenario: Scenario) -> None:
    scenario.app(SEARCHED.replace("grep -q", "git status --porcelain; grep -q"))
    elsewhere = scenario.folder / "elsewhere"
    subprocess.run(
        ["git", "init", "-q", str(elsewhere)], env=scenario.env, check=True, capture_output=True
    )
    scenario.run(
        "run",
        GIT_DIR=str(elsewhere / ".git"),
        GIT_WORK_TREE=str(elsewhere),
        GIT_INDEX_FILE=str(elsewhere / "index"),
        GIT_PREFIX="sub/",
        GIT_OBJECT_DIRECTORY=str(elsewhere / ".git/objects"),
        GIT_LITERAL_PATHSPECS="0",
        GIT_AUTHOR_DATE="1 +0000",
    ).says(0, "phase-1 is complete: 1 commit")
    assert scenario.subjects() == ["Begin", "feat: say good day"]
    assert scenario.status() == ""
    assert not (elsewhere / "index").exists()
    assert scenario.git("log", "-1", "--format=%at") != "1"


def test_a_tracked_file_that_a_command_changed_stops_the_commit(scenario: Scenario) -> None:
    scenario.write("lock.txt", "one\n")
    scenario.app(CHECKED.replace("pytest -q", "echo two > lock.txt; pytest -q"))
    scenario.run("run").shows(
        1,
        """
        phase-1: Say good day.

        task-1: Say it politely
          edit    app.py, line 2
          verify  echo two > lock.txt; pytest -q test_app.py
                  1 passed (<time>)
                  as expected

        stopped at phase-1/task-1/step-3 (phases/phase-1.yaml:11:9): changed since the task \
began, and declared for no commit to come: lock.txt
          the difference:
            | diff --git a/lock.txt b/lock.txt
            | index <blob>..<blob> 100644
            | --- a/lock.txt
            | +++ b/lock.txt
            | @@ -1 +1 @@
            | -one
            | +two
          hint: undo the change, declare the file under the commit's `files:` beside app.py, or \
commit it yourself and run again with --accept-head

        The edits are kept in <root>. When it is mended: runbook run phase-1
        Or instead:
          runbook retry phase-1: do task-1 again from the start; what its files hold is kept aside
          runbook skip phase-1/task-1 --reason "...": leave task-1 out, with its files put back
          runbook abort phase-1: put the files of task-1 back, as if it had not begun
        """,
    )
    assert scenario.subjects() == ["Begin"]
    scenario.git("checkout", "lock.txt")
    # What was verified is not verified again.
    scenario.run("run").shows(
        0,
        """
        phase-1: Say good day.
          goes on: 0 of 1 task done before

        task-1: Say it politely
          goes on where it stopped
          commit  <commit> feat: say good day

        phase-1 is complete: 1 commit, <time>.
        """,
    )


@pytest.mark.parametrize("files", ["[app.py, lock.txt]", "lock.txt"])
def test_what_a_commit_with_files_of_its_own_leaves_behind_is_told(
    scenario: Scenario, files: str
) -> None:
    scenario.write("lock.txt", "one\n")
    phase = SEARCHED.replace("grep -q", "echo two > lock.txt; grep -q")
    scenario.app(phase)
    scenario.run("run").says(1, "commit's `files:` beside app.py, or commit it yourself")
    message = 'commit: "feat: say good day"'
    assert message in phase
    scenario.phase(phase.replace(message, f"{message}\n        files: {files}"))
    result = scenario.run("run")
    result.says(0, "is complete: 1 commit")
    left = "  changed, and in no commit: app.py\n"
    assert (left in result.stdout) == ("app.py" not in files)


def test_row_45_the_worktree_vanishes_during_a_run(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/x")
    scenario.app(CHECKED.replace("pytest -q", f"rm -rf {scenario.root}/.worktrees/x; true"))
    scenario.run("run").shows(
        1,
        """
        worktree .worktrees/x made, on the new branch x at <commit>
        phase-1: Say good day.

        task-1: Say it politely
          edit    app.py, line 2
          verify  rm -rf <root>/.worktrees/x; true test_app.py
                  exit status 0 (<time>)

        stopped at phase-1/task-1/step-2 (phases/phase-1.yaml:9:9): the folder \
<root>/.worktrees/x is gone: it was removed while the command ran

        When it is mended: runbook run phase-1
        """,
    )


def test_the_edits_of_a_lost_worktree_are_made_again(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/x")
    scenario.app(SEARCHED.replace("grep -q", "test -e ../../ok && grep -q"))
    scenario.run("run").says(1, "the check failed")
    scenario.run("clean", "--force").says(0, "removed the worktree")
    scenario.write("ok", "")
    scenario.run("run").says(0, "worktree .worktrees/x made, on the branch x", "1 commit")
    assert scenario.subjects("x") == ["Begin", "feat: say good day"]


def test_an_edit_undone_between_two_runs_is_made_again(scenario: Scenario) -> None:
    scenario.app(SEARCHED.replace("grep -q", "test -e ok && grep -q"))
    scenario.run("run").says(1, "the check failed")
    scenario.git("checkout", "app.py")
    scenario.write("ok", "")
    scenario.run("run").says(0, "1 commit")
    assert scenario.subjects() == ["Begin", "feat: say good day"]


APP = 'def greeting():\n    return "good day"\n'

TWO_TASKS = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "good dya"
      - commit: "feat: say good day"
  - title: Tell of it
    steps:
      - edit: note.txt
        append: The greeting is polite.
      - verify: grep -q "good day" app.py
      - commit: "docs: tell of it"
"""


def test_a_mend_in_a_file_of_a_task_before_is_not_left_behind(scenario: Scenario) -> None:
    """The check passes by it, and no commit would have it."""
    scenario.write("note.txt", "")
    scenario.app(TWO_TASKS)
    scenario.run("run").says(1, "stopped at phase-1/task-2/step-2")
    scenario.write("app.py", APP)
    why = "changed since the task began, and declared for no commit to come: app.py"
    scenario.run("run", "--dry-run").says(1, "would stop at phase-1/task-2/step-3", why)
    scenario.run("run").says(1, "as expected", "stopped at phase-1/task-2/step-3", why)
    assert scenario.subjects() == ["Begin", "feat: say good day"]
    # What the hint says works: the one, and the other.
    naming = TWO_TASKS + "        files: [note.txt, app.py]\n"
    scenario.write("phases/phase-1.yaml", naming)
    scenario.run("run", "--dry-run").says(0)
    scenario.write("phases/phase-1.yaml", TWO_TASKS)
    scenario.git("commit", "-q", "-m", "Mend", "app.py")
    scenario.run("run", "--accept-head").says(0, "phase-1 is complete: 2 commits")
    assert scenario.paths() == ["note.txt"]
    assert scenario.status() == ""


TWICE = """\
phase: 1
goal: Say good evening.
tasks:
  - title: Say good day
    steps:
      - edit: app.py
        replace: hello
        with: good day
      - commit: "feat: say good day"
  - title: Say good evening
    steps:
      - manual: Write notes.txt.
        files: notes.txt
      - edit: app.py
        replace: return "good
        with: return "a good
      - commit: "feat: say a good one"
"""


def test_a_change_to_what_a_task_before_has_committed_is_not_taken_along(
    scenario: Scenario,
) -> None:
    scenario.app(TWICE)
    scenario.run("run", "--only", "task-1").says(0, "phase-1 ends here, as asked")
    mine = scenario.read("app.py") + "# mine\n"
    scenario.write("app.py", mine)
    why = "app.py has changes of yours, and this task changes it"
    scenario.run("run", "--dry-run").says(1, "would stop at phase-1/task-2 (", why)
    scenario.run("status").says(0, why)
    scenario.run("run").says(1, "stopped at phase-1/task-2 (", why)
    assert scenario.read("app.py") == mine


def test_a_change_to_what_a_task_that_was_not_asked_for_declares_is_not_taken_along(
    scenario: Scenario,
) -> None:
    scenario.app(TWICE)
    scenario.write("app.py", APP + "# mine\n")
    why = "app.py has changes of yours, and this task changes it"
    scenario.run("run", "--only", "task-2").says(1, "stopped at phase-1/task-2 (", why)


def test_a_change_to_what_a_task_before_has_committed_is_told_before_its_edit(
    scenario: Scenario,
) -> None:
    scenario.app(TWICE)
    scenario.run("run").says(4, "stopped at phase-1/task-2/step-1")
    scenario.write("app.py", scenario.read("app.py") + "# mine\n")
    scenario.write("notes.txt", "noted\n")
    scenario.run("run").says(0, "changed by hand", "+# mine", "phase-1 is complete: 2 commits")


def test_a_mend_during_the_verification_is_told_to_be_in_no_commit(scenario: Scenario) -> None:
    verifying = TWO_TASKS[: TWO_TASKS.index("  - title: Tell")] + (
        'verification:\n  - verify: grep -q "good day" app.py\n'
    )
    scenario.app(verifying)
    scenario.run("run").says(
        1,
        "Fix it in <root> and commit that, or mend the check in the phase file, then go on from "
        "here: runbook run phase-1",
    )
    scenario.write("app.py", APP)
    scenario.run("run").says(
        0, "phase-1 is complete: 1 commit", "checks saw changes that no commit has: app.py"
    )
    # And so the check is held against the commit that there is.
    scenario.run("audit").says(1, "broken: phase-1/verification/step-1")
