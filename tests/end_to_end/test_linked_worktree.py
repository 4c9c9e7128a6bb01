"""A phase in a linked worktree: its branch, its commits, and the user's checkout beside it."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from textwrap import dedent

from scenario import CHECKED, GREETING, Scenario

SERIES = """
    title: Greetings
    worktree: .worktrees/polite
    co-authored-by: ["Grace <grace@example.org>", "José <jose@example.org>"]
"""

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it politely
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - verify: pytest test_app.py
            expect: {tests: pass}
          - commit: |
              feat: say good day

              # The old greeting was too short.
              Fixes: the impression that it left.
              The end.
      - title: Say goodbye
        steps:
          - edit: goodbye.py
            create: |
              def goodbye():
                  return "{{ until }} ${{ then }}"
          - commit: "feat: say goodbye"
"""

FIRST_MESSAGE = """\
feat: say good day

# The old greeting was too short.
Fixes: the impression that it left.
The end.

Co-Authored-By: Grace <grace@example.org>
Co-Authored-By: José <jose@example.org>"""

SECOND_MESSAGE = """\
feat: say goodbye

Co-Authored-By: Grace <grace@example.org>
Co-Authored-By: José <jose@example.org>"""

# Settings of users that change what a plain `git commit -F` makes of a message, or what git prints.
AWKWARD = """
[commit]
    verbose = true
    template = {home}/template
    cleanup = strip
[core]
    commentChar = ";"
    editor = false
[i18n]
    logOutputEncoding = latin1
[color]
    ui = always
[log]
    showSignature = true
[status]
    showUntrackedFiles = no
[diff]
    noprefix = true
    external = false
[push]
    default = nothing
[branch]
    autoSetupMerge = always
"""


def trailers(scenario: Scenario, message: str) -> str:
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=message.encode(),
        cwd=scenario.root,
        env=scenario.env,
        stdout=subprocess.PIPE,
        check=True,
    )
    return done.stdout.decode()


def test_a_phase_becomes_commits_on_a_branch_of_its_own(scenario: Scenario) -> None:
    scenario.series(SERIES)
    scenario.app(PHASE)
    begin = scenario.git("rev-parse", "HEAD")
    scenario.run("run", "1").shows(
        0,
        """
        worktree .worktrees/polite made, on the new branch polite at <commit>
        phase-1: Say good day.

        task-1: Say it politely
          edit    app.py, line 2
          verify  pytest test_app.py
                  1 passed (<time>)
                  as expected
          commit  <commit> feat: say good day

        task-2: Say goodbye
          edit    goodbye.py, lines 1-2
          commit  <commit> feat: say goodbye

        phase-1 is complete: 2 commits, <time>.
        """,
    )
    assert scenario.subjects("polite") == ["Begin", "feat: say good day", "feat: say goodbye"]
    assert scenario.message("polite~1") == FIRST_MESSAGE
    assert scenario.message("polite") == SECOND_MESSAGE
    for revision in ("polite~1", "polite"):
        assert trailers(scenario, scenario.message(revision)) == (
            "Co-Authored-By: Grace <grace@example.org>\nCo-Authored-By: José <jose@example.org>\n"
        )
    assert scenario.paths("polite~1") == ["app.py"]
    assert scenario.paths("polite") == ["goodbye.py"]
    assert "{{ until }} ${{ then }}" in scenario.git("show", "polite:goodbye.py")
    # The user's own checkout is as it was.
    assert scenario.git("rev-parse", "HEAD") == begin
    assert scenario.git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert scenario.status() == ""
    assert scenario.status(cwd=scenario.root / ".worktrees/polite") == ""
    assert 'return "hello"' in scenario.read("app.py")

    tip = scenario.git("rev-parse", "polite")
    scenario.run("run", "1").shows(
        0,
        """
        phase-1: Say good day.
        phase-1 is complete: there is nothing to do.
        """,
    )
    assert scenario.git("rev-parse", "polite") == tip


def test_the_users_git_settings_do_not_change_the_commits(scenario: Scenario) -> None:
    (scenario.home / "template").write_text("a template\n")
    with scenario.config.open("a") as config:
        config.write(AWKWARD.format(home=scenario.home))
    scenario.series(SERIES)
    scenario.app(PHASE)
    scenario.run("run").says(0, "phase-1 is complete: 2 commits")
    assert scenario.message("polite~1") == FIRST_MESSAGE
    assert scenario.message("polite") == SECOND_MESSAGE
    scenario.run("clean", "--branch").shows(
        1,
        "",
        """
        The branch polite has 2 commits that no other branch has:
          <short> feat: say goodbye
          <short> feat: say good day
        Merge them, or lose them with --branch --force.
        Nothing of .worktrees/polite was removed.
        """,
    )


def test_a_removed_worktree_stands_in_the_log_as_what_it_is(scenario: Scenario) -> None:
    scenario.series(SERIES)
    scenario.app(PHASE)
    scenario.run("run").says(0)
    scenario.run("clean", "--branch", "--force").says(0)
    latest, *_ = scenario.run("log").stdout.splitlines()
    assert re.fullmatch(r"clean-\S+  worktree \.worktrees/polite: removed", latest)
    what = "worktree .worktrees/polite removed, and the branch polite, with 2 commits of no other"
    scenario.run("log", latest.split()[0]).says(0, what)
    *_, removal = scenario.json("log")
    assert (removal["removed"], removal["exit"], removal["phases"]) == (".worktrees/polite", 0, [])


def test_a_message_with_a_scissors_line_stays_whole(scenario: Scenario) -> None:
    with scenario.config.open("a") as config:
        config.write("[commit]\n    verbose = true\n    cleanup = scissors\n")
    message = "feat: cut\n\n# ------------------------ >8 ------------------------\nThe end.\n"
    scenario.app(GREETING.replace('"feat: say good day"', json.dumps(message)))
    scenario.run("run").says(0, "1 commit")
    assert scenario.message() == message.rstrip("\n")


def test_a_command_given_in_another_worktree_leaves_the_main_one_clean(
    scenario: Scenario,
) -> None:
    scenario.series(SERIES)
    scenario.app(PHASE)
    other = scenario.folder / "other"
    scenario.git("worktree", "add", "-q", "-b", "other", str(other))
    scenario.run("run", cwd=other).says(0, "2 commits")
    assert scenario.status() == ""
    assert scenario.subjects("polite")[1:] == ["feat: say good day", "feat: say goodbye"]
    # From the main worktree it is the same run that is complete.
    scenario.run("run").says(0, "there is nothing to do")


def test_worktrees_of_the_user_on_a_disk_that_is_away_stay_known(scenario: Scenario) -> None:
    scenario.series(SERIES)
    scenario.app(PHASE)
    scenario.git("worktree", "add", "-q", "-b", "away", str(scenario.folder / "away"))
    (scenario.folder / "away").rename(scenario.folder / "elsewhere")
    scenario.run("run").says(0, "2 commits")
    scenario.run("clean").says(0, "removed the worktree")
    assert "branch refs/heads/away" in scenario.git("worktree", "list", "--porcelain")


def test_what_was_not_made_by_runbook_is_not_used(scenario: Scenario) -> None:
    scenario.series(SERIES)
    scenario.app(PHASE)
    scenario.git("branch", "polite")
    scenario.run("run").shows(
        1,
        """
        phase-1: Say good day.

        stopped at phase-1 (phases/phase-1.yaml:1:1): the branch polite exists already, and was \
not made by runbook
          hint: rename or delete it, or give `worktree:` another last component

        When it is mended: runbook run phase-1
        """,
    )
    scenario.git("worktree", "add", "-q", ".worktrees/polite", "polite")
    scenario.run("run").says(
        1,
        "the worktree <root>/.worktrees/polite was not made by runbook",
        "to run in it, take `worktree:` out of the series and give the command there",
    )
    scenario.run("clean").shows(
        1,
        "",
        "<root>/.worktrees/polite was not made by runbook.\n"
        "Nothing of .worktrees/polite was removed.",
    )
    scenario.git("worktree", "remove", ".worktrees/polite")
    scenario.write(".worktrees/polite/mine", "mine")
    scenario.run("run").says(1, "<root>/.worktrees/polite exists, and is no worktree of this")
    assert scenario.read(".worktrees/polite/mine") == "mine"


class TestClean:
    def test_keeps_the_branch_unless_told(self, scenario: Scenario) -> None:
        scenario.series(SERIES)
        scenario.app(PHASE)
        scenario.run("clean").shows(0, ".worktrees/polite: there is nothing to remove.")
        # As where git was told to have no templates.
        shutil.rmtree(scenario.root / ".git/info")
        scenario.run("run").says(0, "2 commits")
        scenario.run("clean").shows(
            0,
            """
            removed the worktree .worktrees/polite
            the branch polite is kept; --branch deletes it too
            """,
        )
        assert not (scenario.root / ".worktrees/polite").exists()
        # It can be looked at again, and nothing is done twice.
        scenario.run("run").shows(
            0,
            """
            worktree .worktrees/polite made, on the branch polite at <commit>
            phase-1: Say good day.
            phase-1 is complete: there is nothing to do.
            """,
        )
        scenario.git("merge", "-q", "--ff-only", "polite")
        # The folder was deleted by hand: git still thinks that it is there.
        shutil.rmtree(scenario.root / ".worktrees/polite")
        scenario.run("clean").says(0, "there is nothing to remove", "the branch polite is kept")
        assert "polite" not in scenario.git("worktree", "list")
        scenario.run("clean", "--branch").shows(0, "deleted the branch polite")
        assert scenario.git("branch", "--format=%(refname:short)") == "main"
        scenario.run("clean", "--branch").shows(0, ".worktrees/polite: there is nothing to remove.")

    def test_refuses_to_lose_changes_and_commits(self, scenario: Scenario) -> None:
        scenario.series(SERIES)
        scenario.app(PHASE)
        scenario.run("run").says(0)
        worktree = scenario.root / ".worktrees/polite"
        (worktree / "app.py").write_text("mine\n")
        (worktree / "new.py").write_text("mine\n")
        scenario.run("clean").shows(
            1,
            "",
            """
            <root>/.worktrees/polite has changes that are not committed:
              .M app.py
              ?? new.py
            Commit them, or lose them with --force.
            Nothing of .worktrees/polite was removed.
            """,
        )
        assert (worktree / "new.py").exists()
        scenario.run("clean", "--force", "--branch").shows(
            0,
            """
            removed the worktree .worktrees/polite
            deleted the branch polite
              lost: <short> feat: say goodbye
              lost: <short> feat: say good day
            """,
        )
        assert not worktree.exists()
        # What is lost is done again.
        scenario.run("run").says(0, "phase-1 is complete: 2 commits")

    def test_of_several_each_is_told_by_itself(self, scenario: Scenario) -> None:
        """One that is refused keeps no other, and no other's end is told of it."""
        for number, name in ((1, "one"), (2, "two"), (3, "three")):
            own = f"phase: {number}\nworktree: .worktrees/{name}"
            scenario.phase(dedent(PHASE).replace("phase: 1", own), f"phase-{number}")
        scenario.app(scenario.read("phases/phase-1.yaml"))
        scenario.run("run", "--all").says(0)
        scenario.write(".worktrees/two/app.py", "mine\n")
        scenario.run("clean").shows(
            1,
            """
            removed the worktree .worktrees/one
            the branch one is kept; --branch deletes it too
            removed the worktree .worktrees/three
            the branch three is kept; --branch deletes it too
            """,
            """
            <root>/.worktrees/two has changes that are not committed:
              .M app.py
            Commit them, or lose them with --force.
            Nothing of .worktrees/two was removed.
            """,
        )

    def test_in_the_worktree_itself_it_is_refused(self, scenario: Scenario) -> None:
        scenario.series(SERIES)
        scenario.app(PHASE)
        scenario.run("run").says(0)
        scenario.run("clean", cwd=scenario.root / ".worktrees/polite").shows(
            1,
            "",
            "You are in <root>/.worktrees/polite: give the command in the main checkout.\n"
            "Nothing of .worktrees/polite was removed.",
        )

    def test_a_worktree_removed_by_hand_is_made_again(self, scenario: Scenario) -> None:
        scenario.series(SERIES)
        scenario.app(PHASE)
        scenario.run("run").says(0)
        scenario.git("worktree", "remove", ".worktrees/polite")
        scenario.run("run").says(0, "made, on the branch polite", "there is nothing to do")
        scenario.git("worktree", "remove", ".worktrees/polite")
        scenario.git("branch", "-D", "polite")
        scenario.run("run").says(0, "made, on the new branch polite", "2 commits")

    def test_a_worktree_whose_folder_was_deleted_is_made_again(self, scenario: Scenario) -> None:
        scenario.series(SERIES)
        scenario.app(PHASE)
        scenario.run("run").says(0)
        (scenario.root / ".worktrees").rename(scenario.folder / "gone")
        scenario.run("run").says(0, "made, on the branch polite", "there is nothing to do")

    def test_without_a_worktree_there_is_nothing(self, scenario: Scenario) -> None:
        scenario.app(PHASE)
        scenario.run("clean").shows(0, "The series names no worktree: there is nothing to remove.")


def test_a_repository_may_be_moved_with_its_worktree(scenario: Scenario) -> None:
    """git has whole paths of linked worktrees; what is not committed there is not to be lost."""
    check = "verify: pytest test_app.py\n            expect: {tests: pass}"
    scenario.series(SERIES)
    scenario.app(PHASE.replace(check, "verify: test -e ready"))
    scenario.run("run").says(1, "the check failed")
    moved = scenario.root.rename(scenario.folder / "moved")
    folder = moved / ".worktrees/polite"
    where = "where the repository was before"
    repair = f"git worktree repair {folder}"
    for command in ("run", "status", "clean"):
        said = scenario.run(command, cwd=moved).raw
        assert where in said
        assert repair in said
        assert "delete" not in said
    scenario.git(*repair.split()[1:], cwd=moved)
    (folder / "ready").touch()
    scenario.run("run", cwd=moved).says(0, "phase-1 is complete: 2 commits")
    scenario.run("clean", "--force", cwd=moved).says(0, "removed the worktree")


class TestPowerLossWhileItIsMade:
    """git syncs nothing of a new worktree: any part of it can be lost, its record as well."""

    @staticmethod
    def broken(scenario: Scenario) -> Path:
        scenario.series(SERIES)
        scenario.app(PHASE)
        scenario.run("run").says(0)
        (journal,) = (scenario.root / ".git/runbook").glob("*/journal.jsonl")
        lines = journal.read_text().splitlines(keepends=True)
        (planned,) = [n for n, line in enumerate(lines) if '"WorktreePlanned"' in line]
        journal.write_text("".join(lines[: planned + 1]))
        shutil.rmtree(scenario.root / ".git/worktrees")
        scenario.git("branch", "-f", "polite", "main")
        folder = scenario.root / ".worktrees/polite"
        (folder / "goodbye.py").unlink()
        (folder / "app.py").write_text("")
        return folder

    def test_what_is_left_is_kept_aside(self, scenario: Scenario) -> None:
        folder = self.broken(scenario)
        scenario.run("run").says(
            0,
            "worktree .worktrees/polite was left half made: what there is of it is in",
            "worktree .worktrees/polite made, on the branch polite",
            "phase-1 is complete: 2 commits",
        )
        (kept,) = (scenario.root / ".git/runbook").glob("*/rescued/*/polite")
        assert (kept / "app.py").read_text() == ""
        assert (folder / "goodbye.py").exists()

    def test_anything_else_in_it_stays_where_it_is(self, scenario: Scenario) -> None:
        folder = self.broken(scenario)
        (folder / "mine").mkdir()
        (folder / "mine" / "notes.txt").write_text("mine\n")
        scenario.run("run").says(
            1,
            "exists, and is no worktree of this repository",
            "hint: move or delete it, or give `worktree:` another path",
        )
        assert (folder / "mine" / "notes.txt").read_text() == "mine\n"


CARRIED = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - verify: .venv/bin/look app.py good
        expect: {exit: 1}
      - edit: app.py
        replace: return "hello"
        with: return "good day"
      - verify: .venv/bin/look app.py good && test -e ready
        fails-at: phase
      - commit: "feat: say good day"
"""


def test_what_is_carried_and_set_up_is_there_and_ignored(scenario: Scenario) -> None:
    """The rule is of folders alone, as those that everybody copies."""
    scenario.write(".gitignore", ".venv/\nready\n")
    scenario.app(CARRIED)
    scenario.write(".venv/bin/look", "#!/bin/sh\ngrep -q $2 $1\n", mode=0o755)
    scenario.write(".venv/pyvenv.cfg", "")
    scenario.series("worktree: .worktrees/polite\ncarry: .venv\nsetup: echo no; exit 3")
    scenario.run("run").says(
        1,
        "`setup: echo no; exit 3` ended with 3 in the worktree\n",
        "  the end of the output:\n    | no\n",
    )
    scenario.series("worktree: .worktrees/polite\ncarry: .venv\nsetup: echo >> ready")
    scenario.run("run").says(0, "worktree .worktrees/polite is set up: echo >> ready", "1 commit")
    worktree = scenario.root / ".worktrees/polite"
    assert scenario.git("status", "--porcelain", cwd=worktree) == ""
    scenario.run("run", "--restart").says(0)
    assert (worktree / "ready").read_text() == "\n", "once"
    assert (scenario.root / ".venv/bin/look").exists()


def test_a_command_that_nobody_has_is_told_as_such_in_a_worktree(scenario: Scenario) -> None:
    """Where the checkout has nothing that git ignores, that is not what is missing."""
    scenario.series("worktree: .worktrees/polite")
    steps = CHECKED.replace("pytest -q test_app.py", "nosuch --check")
    scenario.app(steps.replace("tests: pass", "exit: 0"))
    scenario.run("run").says(
        1,
        "hint: the command `nosuch` was not found: install it",
        "is brought there by `carry:`, or made by `setup:`",
    )


def test_who_only_looks_makes_no_worktree(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/polite")
    handwork = "      - manual: Write the news.\n        files: NEWS.md\n      - commit"
    scenario.app(GREETING.replace("      - commit", handwork))
    scenario.run("run").says(4)
    (scenario.root / ".worktrees/polite/NEWS.md").write_text("Good day!\n")
    scenario.run("run").says(0)
    scenario.run("clean").says(0, "removed the worktree")
    scenario.run("adopt", "--dry-run").says(0, "+          Good day!", "Nothing was changed")
    file = scenario.root / "phases/phase-1.yaml"
    file.write_text(file.read_text().replace('return "good day"', "return 1"))
    scenario.run("repair").says(1, "to accept what was changed, say why", "return 1")
    assert not (scenario.root / ".worktrees/polite").exists()
