"""git is the ledger: what was done is known from notes where the journal does not know it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scenario import APP, GREETING, Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it politely
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - verify: grep -q return app.py
          - commit: "feat: say good day"
      - title: Look at it
        steps:
          - verify: grep -q 'good' app.py
      - title: Take it out
        steps:
          - edit: app.py
            remove: |
              def greeting():
                  return "good day"
          - verify: test -e ok
          - commit: "feat: say nothing"
"""


TESTED = PHASE.replace(
    "grep -q return app.py", "pytest -q test_app.py\n            expect: {tests: pass}"
)


def forget(scenario: Scenario) -> None:
    shutil.rmtree(scenario.root / ".git" / "runbook")


def test_with_the_journal_deleted_it_goes_on(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(1, "stopped at phase-1/task-3/step-2")
    # What is not committed is not in git, so it is taken back before.
    scenario.git("checkout", "-q", "app.py")
    forget(scenario)
    scenario.write("ok", "")
    scenario.run("run", "--dry-run").says(0, "task-1: Say it politely is done", "lines 1-2")
    scenario.run("run").shows(
        0,
        """
        phase-1: what is done is known from notes in git: task-1
        phase-1: Say good day.
          goes on: 1 of 3 tasks done before

        task-2: Look at it
          verify  grep -q 'good' app.py
                  exit status 0 (<time>)
                  as expected

        task-3: Take it out
          edit    app.py, lines 1-2
          verify  test -e ok
                  exit status 0 (<time>)
                  as expected
          commit  <commit> feat: say nothing

        phase-1 is complete: 2 commits, <time>.
          checks saw changes that no commit has: ok
        """,
    )
    assert scenario.subjects() == ["Begin", "feat: say good day", "feat: say nothing"]
    # All of it is known now: what the check without a commit saw is in the note of the next.
    forget(scenario)
    scenario.run("run").says(
        0,
        "phase-1: what is done is known from notes in git: task-1, task-2, task-3",
        "phase-1 is complete: there is nothing to do.",
    )


def test_a_finished_phase_is_finished_without_its_journal(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run").says(0)
    forget(scenario)
    scenario.run("run").shows(
        0,
        """
        phase-1: what is done is known from notes in git: task-1
        phase-1: Say good day.
        phase-1 is complete: there is nothing to do.
        """,
    )
    # And what it was is remembered.
    forget(scenario)
    scenario.phase(GREETING.replace("feat: say good day", "feat: say it well"))
    scenario.run("run").says(1, "this task was finished, and the phase file says something else")


def test_in_a_clone_that_has_the_notes(scenario: Scenario) -> None:
    scenario.app(TESTED)
    scenario.run("run").says(1)
    scenario.git("checkout", "-q", "app.py")
    clone = scenario.folder / "clone"
    scenario.git("clone", "-q", str(scenario.root), str(clone))
    (clone / "ok").touch()
    scenario.git("fetch", "-q", "origin", "refs/notes/runbook:refs/notes/runbook", cwd=clone)
    scenario.run("run", cwd=clone).says(0, "known from notes in git: task-1", "2 commits")


FIRST = {
    "confirm": "          - confirm: Now?\n",
    "manual": "          - manual: Look at it.\n            files: [app.py]\n",
}


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize("done", [False, True])
def test_what_another_clone_carried_out_of_a_phase_that_was_begun_here(
    scenario: Scenario, first: str, done: bool
) -> None:
    """Unless a step of it was done here: then the run goes on with that."""
    phase = UNDER_WAY.replace("          - edit", f"{FIRST[first]}          - edit")
    scenario.app(phase.replace("manual: Say it twice", "manual: Say it again"))
    said = ("done", "--reason", "so it is")
    clone = scenario.folder / "clone"
    scenario.git("clone", "-q", str(scenario.root), str(clone))
    scenario.run("run", cwd=clone).says(4, "stopped at phase-1/task-1/step-1")
    if done:
        scenario.run(*said, cwd=clone).says(0)
    for _ in range(2):
        scenario.run("run").says(4)
        scenario.run(*said).says(0)
    scenario.write("ok", "")
    (clone / "ok").touch()
    scenario.run("run").says(0, "phase-1 is complete")
    scenario.git("pull", "-q", cwd=clone)
    scenario.git("fetch", "-q", "origin", "refs/notes/runbook:refs/notes/runbook", cwd=clone)
    if done:
        scenario.run("run", cwd=clone).says(1, "HEAD moved since the last run")
        return
    scenario.run("status", cwd=clone).says(0, "[✓] task-1: Say it politely")
    known = "what is done is known from notes in git: task-1"
    scenario.run("undo", "1/1", cwd=clone).says(0, known, 'Revert "feat: say good day"')
    scenario.run("status", cwd=clone).says(0, "[-] task-1: Say it politely  (undone)")


TWICE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it politely, and be glad
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - commit: "feat: say good day"
          - edit: app.py
            append: '# glad'
          - verify: test -e ok
          - commit: "feat: be glad"
"""


@pytest.mark.parametrize("journal", [True, False])
def test_a_task_of_which_a_step_was_changed_is_known_by_its_steps(
    scenario: Scenario, journal: bool
) -> None:
    scenario.app(TWICE)
    scenario.run("run").says(1, "stopped at phase-1/task-1/step-4")
    scenario.run("abort").says(0)
    if not journal:
        forget(scenario)
    # What was committed is not done again, and does not become something else.
    scenario.phase(TWICE.replace('with: return "good', 'with: return "a good'))
    for verb, status in (("next", 0), ("run", 1)):
        told = "step-1 was committed, and the phase file says something else"
        scenario.run(verb).says(status, told)
    scenario.phase(
        TWICE.replace(
            "          - edit: app.py\n            replace",
            "          - verify: test -e app.py\n          - edit: app.py\n            replace",
        )
    )
    scenario.run("run").says(1, "was committed, and the phase file says something else")
    # What comes behind it may be another one.
    scenario.phase(TWICE.replace("# glad", "# merry").replace("test -e ok", "grep merry app.py"))
    scenario.run("run").says(0, "2 commits")
    assert scenario.subjects() == ["Begin", "feat: say good day", "feat: be glad"]
    assert "merry" in scenario.read("app.py")


def test_notes_of_another_folder_are_not_ours(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run").says(0)
    other = scenario.root / "sub" / "phases"
    other.parent.mkdir()
    shutil.move(scenario.root / "phases", other)
    # Nor is the journal: there may be phases of the same names in both.
    result = scenario.run("run", cwd=other.parent)
    assert "notes" not in result.stdout
    result.says(0, "already applied", "already committed")
    scenario.run("run", cwd=other.parent).says(0, "phase-1 is complete: there is nothing to do.")


def test_after_a_rebase_that_takes_the_notes_along(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.git("config", "notes.rewriteRef", "refs/notes/runbook")
    scenario.run("run").says(1, "stopped at phase-1/task-3/step-2")
    scenario.git("checkout", "-q", "app.py")
    scenario.git("branch", "upstream", "HEAD~1")
    rebase(scenario)
    scenario.write("ok", "")
    scenario.run("run").says(
        0,
        "phase-1: its commits were rewritten since\n  task-1: <commit> is now <commit>\n",
        "goes on: 2 of 3 tasks done before",
        "phase-1 is complete: 2 commits",
    )
    subjects = ["Begin", "Upstream", "feat: say good day", "feat: say nothing"]
    assert scenario.subjects() == subjects
    # With the journal gone as well.
    forget(scenario)
    scenario.run("run").says(0, "known from notes in git: task-1, task-2, task-3")
    assert scenario.subjects() == subjects


def rebase(scenario: Scenario) -> None:
    """Put the commits of the branch onto one that came in meanwhile."""
    scenario.git("checkout", "-q", "upstream")
    scenario.write("upstream.txt", "new\n")
    scenario.git("add", "upstream.txt")
    scenario.git("commit", "-q", "-m", "Upstream")
    scenario.git("checkout", "-q", "main")
    scenario.git("rebase", "-q", "upstream")


def test_between_tasks_a_rebase_stops_nothing(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.git("config", "notes.rewriteRef", "refs/notes/runbook")
    scenario.run("run").says(0)
    scenario.git("branch", "upstream", "HEAD~1")
    rebase(scenario)
    scenario.run("run").shows(
        0,
        """
        phase-1: its commits were rewritten since
          task-1: <commit> is now <commit>
        phase-1: Say good day.
        phase-1 is complete: there is nothing to do.
        """,
    )
    scenario.run("run").shows(
        0,
        """
        phase-1: Say good day.
        phase-1 is complete: there is nothing to do.
        """,
    )


SECOND = """
    phase: 2
    goal: Say it to all.
    tasks:
      - title: Add a note
        steps:
          - edit: note.txt
            create: to all
          - commit: "docs: to all"
"""


def two_phases(scenario: Scenario) -> None:
    """Carry two phases out, and rebase their commits."""
    scenario.app(GREETING)
    scenario.phase(SECOND, "phase-2")
    scenario.git("config", "notes.rewriteRef", "refs/notes/runbook")
    scenario.run("run", "--all").says(0)
    scenario.git("branch", "upstream", "HEAD~2")
    rebase(scenario)


def test_every_phase_is_looked_for_although_another_one_went_on(scenario: Scenario) -> None:
    two_phases(scenario)
    scenario.run("run", "2").says(0, "phase-2: its commits were rewritten since")
    scenario.run("status").says(0, "task-1: <commit> was rewritten, and is <commit> now")
    scenario.run("run", "1").says(0, "phase-1: its commits were rewritten since")
    assert "was rewritten" not in scenario.run("status").stdout


def test_commits_that_are_gone_are_missed_although_another_phase_went_on(
    scenario: Scenario,
) -> None:
    scenario.app(GREETING)
    scenario.phase(SECOND, "phase-2")
    scenario.run("run", "1").says(0)
    scenario.git("reset", "-q", "--hard", "HEAD~1")
    scenario.run("run", "2").says(0)
    scenario.run("status", "--check", "1").says(1, "is no longer in the branch")
    scenario.run("run", "1").says(0, "it begins anew")


def test_an_undo_follows_commits_that_were_rewritten(scenario: Scenario) -> None:
    two_phases(scenario)
    scenario.run("undo", "1").says(
        0, "phase-1: its commits were rewritten since", 'Revert "feat: say good day"'
    )
    scenario.run("status").says(0, "phase-2: Say it to all.", "was rewritten, and is")
    scenario.run("undo", "2").says(0, 'Revert "docs: to all"')


def test_a_rebase_that_left_the_notes_behind_is_followed(scenario: Scenario) -> None:
    left_on_another_branch(scenario)
    scenario.git("checkout", "-q", "main")
    scenario.write("upstream.txt", "new\n")
    scenario.git("add", "upstream.txt")
    scenario.git("commit", "-q", "-m", "Upstream")
    scenario.git("checkout", "-q", "work")
    before = scenario.git("rev-parse", "HEAD")
    scenario.git("rebase", "-q", "main")
    scenario.run("status").says(
        0, "task-1: <commit> was rewritten, and is <commit> now", "(skipped: once will do)"
    )
    scenario.write("ok", "")
    scenario.run("run").says(
        0,
        "phase-1: its commits were rewritten since\n  task-1: <commit> is now <commit>\n",
        "passed over, skipped before: task-2",
        "phase-1 is complete: 1 commit",
    )
    notes = [scenario.git("notes", "--ref=runbook", "show", each) for each in (before, "HEAD")]
    assert notes[0] == notes[1] != ""
    forget(scenario)
    scenario.run("status").says(0, "[✓] task-1: Say it politely")


def test_without_any_notes_a_rebased_phase_begins_anew(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run", "--no-notes").says(0)
    scenario.git("branch", "upstream", "HEAD~1")
    rebase(scenario)
    scenario.run("run").says(
        0, "is no longer in the branch: it begins anew", "already applied", "already committed"
    )


TOLD = """\
  - title: Tell of it
    steps:
      - edit: notes.txt
        create: Good day.
      - commit: "docs: tell of it"
"""


def test_what_was_undone_stays_so_in_a_rebase_without_notes(scenario: Scenario) -> None:
    scenario.app(GREETING + TOLD)
    scenario.run("run").says(0, "2 commits")
    scenario.run("undo", "1/1").says(0, "undone: task-1")
    scenario.git("branch", "upstream", "HEAD~3")
    rebase(scenario)
    undone, done = "[-] task-1: Say it politely  (undone)", "[✓] task-2: Tell of it"
    scenario.run("status").says(0, undone, done)
    scenario.run("run").says(0, "its commits were rewritten since", "undone before: task-1")
    made = ["feat: say good day", "docs: tell of it", 'Revert "feat: say good day"']
    assert scenario.subjects()[2:] == made
    # The notes are there again, also that of the undo.
    forget(scenario)
    scenario.run("status").says(0, "[-] task-1", "[✓] task-2")


def test_where_a_rebase_left_an_undo_behind_what_was_undone_is_done_again(
    scenario: Scenario,
) -> None:
    """What of it is taken back still nobody knows."""
    scenario.app(GREETING + TOLD)
    scenario.run("run").says(0, "2 commits")
    scenario.run("undo", "1/1").says(0, "undone: task-1")
    scenario.git("branch", "upstream", "HEAD~3")
    scenario.git("reset", "-q", "--hard", "HEAD~1")
    rebase(scenario)
    scenario.run("run").says(0, "it begins anew", "already applied", "phase-1 is complete")


def test_what_was_reverted_after_a_rebase_is_not_done(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run").says(0)
    scenario.git("branch", "upstream", "HEAD~1")
    rebase(scenario)
    scenario.git("revert", "--no-edit", "HEAD")
    scenario.run("run").says(0, "is no longer in the branch: it begins anew", "edit    app.py")


def test_of_two_commits_alike_none_is_followed(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run").says(0)
    made = scenario.git("rev-parse", "HEAD")
    scenario.git("branch", "upstream", "HEAD~1")
    rebase(scenario)
    scenario.git("-c", "core.editor=true", "revert", "-n", "HEAD")
    scenario.git("commit", "-qm", "Back")
    scenario.git("cherry-pick", made)
    scenario.run("status").says(0, "its commit <commit> is no longer in the branch")


def test_a_part_that_was_taken_back_is_done_again(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.write("ok", "")
    scenario.run("run").says(0, "2 commits")
    scenario.git("reset", "-q", "--hard", "HEAD~1")
    scenario.run("run").says(
        0,
        "its commit <commit> is no longer in the branch",
        "phase-1: what is done is known from notes in git: task-1",
        "goes on: 1 of 3 tasks done before",
        "edit    app.py, lines 1-2",
    )
    assert scenario.subjects() == ["Begin", "feat: say good day", "feat: say nothing"]


def test_a_worktree_is_known_by_its_notes(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/x")
    scenario.app(PHASE)
    worktree = scenario.root / ".worktrees/x"
    scenario.run("run").says(1)
    scenario.git("checkout", "-q", "app.py", cwd=worktree)
    forget(scenario)
    (worktree / "ok").touch()
    scenario.run("run").says(0, "notes in git: task-1", "phase-1 is complete: 2 commits")
    # The branch alone is enough.
    forget(scenario)
    scenario.run("clean").says(1)
    shutil.rmtree(worktree)
    scenario.git("worktree", "prune")
    scenario.run("run").says(
        0,
        "worktree .worktrees/x made, on the branch x at <commit>",
        "notes in git: task-1, task-2, task-3",
    )
    assert scenario.subjects("x") == ["Begin", "feat: say good day", "feat: say nothing"]
    assert scenario.read("app.py") == APP


def test_a_branch_of_the_users_is_not_taken_for_ours(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run").says(0)
    scenario.series("worktree: .worktrees/x")
    scenario.git("branch", "x")
    scenario.run("run").says(1, "the branch x exists already, and was not made by runbook")


def test_tasks_whose_changes_a_later_commit_holds(scenario: Scenario) -> None:
    scenario.app(
        """
        phase: 1
        goal: Say good day.
        tasks:
          - title: See it fail
            steps:
              - verify: grep -q good app.py
                expect: {exit: 1}
          - title: Edit
            steps:
              - edit: app.py
                remove: |
                  def greeting():
          - title: Commit
            steps:
              - edit: app.py
                replace: |2
                      return "hello"
                with: ""
              - commit: Both
        verification:
          - verify: test ! -s app.py
        """
    )
    scenario.run("run").says(0, "1 commit")
    forget(scenario)
    scenario.run("run").shows(
        0,
        """
        phase-1: what is done is known from notes in git: task-1, task-2, task-3
        phase-1: Say good day.
          goes on: 3 of 3 tasks done before

        verification
          verify  test ! -s app.py
                  exit status 0 (<time>)
                  as expected

        phase-1 is complete: 1 commit, <time>.
        """,
    )


def test_many_notes_are_found_in_folders(scenario: Scenario) -> None:
    """git spreads notes over folders when there are many."""
    scenario.app(GREETING)
    scenario.run("run").says(0)
    about = "commit refs/heads/many\ncommitter A <a@b> {} +0000\ndata 1\nx\n"
    fast_import(scenario, "".join(about.format(number) for number in range(600)))
    commits = scenario.git("rev-list", "many").split()
    notes = [f"N inline {commit}\ndata 2\n{{}}\n" for commit in commits]
    head = "commit refs/notes/runbook\ncommitter A <a@b> 1 +0000\ndata 1\nx\n"
    fast_import(scenario, f"{head}from refs/notes/runbook^0\n{''.join(notes)}")
    assert "/" in scenario.git("ls-tree", "-r", "--name-only", "refs/notes/runbook")
    forget(scenario)
    scenario.run("run").says(0, "known from notes in git: task-1", "nothing to do")


def fast_import(scenario: Scenario, text: str) -> None:
    file = Path(scenario.folder / "import")
    file.write_text(text)
    scenario.git("-c", f"alias.in=!git fast-import --quiet < {file}", "in")


def test_a_note_takes_no_process_of_git(scenario: Scenario) -> None:
    asked = scenario.folder / "asked"
    more = "".join(
        f"  - title: Make {name}\n    steps:\n      - edit: {name}\n        create: x\n"
        f"      - commit: 'feat: make {name}'\n"
        for name in ("a.txt", "b.txt", "c.txt")
    )
    scenario.app(GREETING + more)
    scenario.program("git", f'echo "$@" >> {asked}\nexec {shutil.which("git")} "$@"')
    scenario.run("run").says(0, "4 commits")
    for commit in ("HEAD", "HEAD~1", "HEAD~2", "HEAD~3"):
        assert scenario.git("notes", "--ref=runbook", "show", commit)
    (scenario.bin / "git").unlink()
    assert " notes " not in asked.read_text()


def test_what_was_undone_is_known_without_the_journal(scenario: Scenario) -> None:
    scenario.app(GREETING)
    scenario.run("run").says(0)
    scenario.run("undo", "1").says(0)
    assert len(scenario.subjects()) == 3
    forget(scenario)
    scenario.run("status").says(0, "[-] task-1: Say it politely  (undone)", "run phase-1 --restart")
    scenario.run("log", "--commit", "HEAD").says(0, "takes back phase-1/task-1/step-2")
    # Done again, it is done, although all four commits may be of one second.
    scenario.run("run", "--restart").says(0, "1 commit")
    forget(scenario)
    scenario.run("status").says(0, "[✓] task-1: Say it politely  (<commit>)", "complete")
    assert '"good day"' in scenario.read("app.py")


@pytest.mark.parametrize(
    "settings", [(), ("grep.patternType=fixed",), ("revert.reference=true",), ("core.abbrev=4",)]
)
def test_what_a_person_has_reverted_is_to_do_again(
    scenario: Scenario, settings: tuple[str, ...]
) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    for setting in settings:
        scenario.git("config", *setting.split("="))
    scenario.git("revert", "--no-edit", "HEAD")
    forget(scenario)
    scenario.run("status").says(0, "[ ] phase-1", "not begun")
    # A revert of the revert brings it back.
    scenario.git("revert", "--no-edit", "HEAD")
    scenario.run("status").says(0, "known from notes in git", "complete")


def test_a_merge_that_was_reverted_takes_its_commits_back(scenario: Scenario) -> None:
    scenario.app()
    scenario.git("checkout", "-qb", "work")
    scenario.run("run").says(0, "1 commit")
    scenario.git("checkout", "-q", "main")
    scenario.git("commit", "-q", "--allow-empty", "-m", "Meanwhile")
    scenario.git("merge", "-q", "--no-ff", "-m", "Merge work", "work")
    forget(scenario)
    scenario.run("status").says(0, "[✓] phase-1", "known from notes in git")
    scenario.git("revert", "--no-edit", "-m", "1", "HEAD")
    scenario.run("status").says(0, "[ ] phase-1", "not begun")
    scenario.run("run").says(0, "1 commit")


def test_git_may_be_told_not_to_work_in_its_own_folder(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    forget(scenario)
    scenario.git("config", "--global", "safe.bareRepository", "explicit")
    scenario.run("status").says(0, "known from notes in git", "complete")
    scenario.run("list").says(0, "0 of 1 phase left")
    scenario.run("report").says(0)


@pytest.mark.parametrize("worktree", [False, True])
def test_verbs_go_by_notes_as_status_does(scenario: Scenario, worktree: bool) -> None:
    if worktree:
        scenario.series("worktree: .worktrees/x\n")
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    forget(scenario)
    scenario.run("status").says(0, "known from notes in git", "complete")
    known = "what is done is known from notes in git: task-1"
    scenario.run("skip", "1/1", "--reason", "no").says(1, known, "phase-1/task-1 is done")
    forget(scenario)
    scenario.run("retry", "1").says(1, known, "phase-1 is complete: there is nothing to retry")
    forget(scenario)
    scenario.run("undo", "1").says(0, known, 'Revert "feat: say good day"', "undone: task-1")
    branch = "x" if worktree else "main"
    assert scenario.git("show", f"{branch}:app.py") + "\n" == APP
    forget(scenario)
    # An undo is in git as well.
    scenario.run("undo", "1").says(1, "all of it is undone", "no commit of phase-1 is there to be")


def test_an_undo_that_was_dropped_is_none(scenario: Scenario) -> None:
    scenario.app()
    scenario.run("run").says(0, "1 commit")
    scenario.run("undo", "1").says(0, "undone: task-1")
    scenario.git("reset", "-q", "--hard", "HEAD~1")
    scenario.run("status").says(0, "[✓] task-1", "complete")
    scenario.run("run").says(0, "what is done is known from notes in git: task-1", "is complete")
    scenario.run("undo", "1").says(0, "undone: task-1")
    # Elsewhere it was not, and there it is done; who goes back finds it undone.
    scenario.git("checkout", "-qb", "elsewhere", "HEAD~1")
    scenario.run("status").says(0, "[✓] task-1", "complete")
    scenario.git("checkout", "-q", "main")
    scenario.run("status").says(0, "[-] task-1", "undone")
    # What a rebase has rewritten, without its notes, is still undone.
    words = scenario.message().replace("Revert", "revert:")
    scenario.git("commit", "-q", "--amend", "-m", words)
    scenario.run("status").says(0, "[-] task-1", "undone")
    scenario.run("run").says(0, "passed over, undone before: task-1")


UNDER_WAY = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it politely
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - commit: "feat: say good day"
      - title: Say it often
        steps:
          - manual: Say it twice.
            files: [app.py]
          - commit: "feat: say it twice"
      - title: Look at it
        steps:
          - verify: test -e ok
"""


def left_on_another_branch(scenario: Scenario) -> None:
    """Leave a phase under way on `work`, with a task that was skipped for a reason."""
    scenario.app(UNDER_WAY)
    scenario.git("checkout", "-q", "-b", "work")
    scenario.run("run").says(4)
    scenario.run("skip", "1/2", "--reason", "once will do").says(0)


def test_a_phase_under_way_is_not_begun_anew_on_another_branch(scenario: Scenario) -> None:
    left_on_another_branch(scenario)
    scenario.git("checkout", "-q", "main")
    moved = "HEAD moved since the last run: it was on work at <commit> and is on main at <commit>"
    scenario.run("status").says(0, "[-] task-2: Say it often  (skipped: once will do)", moved)
    scenario.run("run", "--dry-run").says(1, moved)
    scenario.run("run").says(1, moved)
    assert scenario.subjects() == ["Begin"]
    scenario.git("checkout", "-q", "work")
    scenario.write("ok", "")
    scenario.run("run").says(0, "passed over, skipped before: task-2", "phase-1 is complete")


def test_with_accept_head_it_begins_anew_there(scenario: Scenario) -> None:
    left_on_another_branch(scenario)
    scenario.git("checkout", "-q", "main")
    dry = scenario.run("run", "--dry-run", "--accept-head")
    dry.says(4, "edit    app.py, line 2")
    scenario.run("run", "--accept-head").says(4, "is no longer in the branch: it begins anew")
    assert scenario.subjects() == ["Begin", "feat: say good day"]


def test_a_rebase_under_way_forgets_nothing(scenario: Scenario) -> None:
    left_on_another_branch(scenario)
    scenario.git("checkout", "-q", "main")
    scenario.write("app.py", "conflict = True\n")
    scenario.git("commit", "-qam", "Upstream")
    scenario.git("checkout", "-q", "work")
    scenario.git("rebase", "main", check=False)
    under_way = "a rebase is under way in <root>; finish or abort it first"
    scenario.run("status").says(0, "[✓] task-1: Say it politely", under_way)
    scenario.run("run").says(1, under_way)
    scenario.git("rebase", "--abort")
    scenario.run("status").says(0, "[-] task-2: Say it often  (skipped: once will do)")


TWO = """
    phase: 1
    goal: Two files.
    tasks:
      - title: One
        steps:
          - edit: one.txt
            create: one
          - verify: test -e one.txt
            fails-at: phase
          - commit: "feat: one"
      - title: Two
        steps:
          - edit: two.txt
            create: two
          - commit: "feat: two"
"""


@pytest.mark.parametrize("how", ["notes left behind", "notes copied", "no journal"])
def test_a_phase_of_which_the_first_was_undone_began_before_that(
    scenario: Scenario, how: str
) -> None:
    scenario.app(TWO)
    began = scenario.git("rev-parse", "HEAD")
    scenario.run("run").says(0, "2 commits")
    scenario.run("undo", "1/1").says(0)
    if how == "no journal":
        forget(scenario)
    else:
        if how == "notes copied":
            scenario.git("config", "notes.rewriteRef", "refs/notes/runbook")
        scenario.git("branch", "upstream", "HEAD~3")
        rebase(scenario)
        began = scenario.git("rev-parse", "HEAD~3")
    done = scenario.run("run", "--restart")
    done.says(0, "and fails at the phase's start")
    assert f"the phase's start ({began[:9]})" in done.raw
    if how == "notes left behind":
        return
    # What it made again is its first commit in the order of tasks, and not in that of git.
    forget(scenario)
    scenario.run("undo", "1/1").says(0)
    assert f"the phase's start ({began[:9]})" in scenario.run("run", "--restart").raw


@pytest.mark.parametrize("verb", ["audit", "undo 1/2", "repair"])
def test_whoever_first_follows_a_rebase_gives_its_commits_their_notes(
    scenario: Scenario, verb: str
) -> None:
    scenario.app(TWO)
    scenario.run("run").says(0, "2 commits")
    before = scenario.git("notes", "--ref=runbook", "show", "HEAD~1")
    scenario.git("branch", "upstream", "HEAD~2")
    rebase(scenario)
    rebased = scenario.git("rev-parse", "HEAD~1")
    scenario.run(*verb.split()).says(verb == "repair", "its commits were rewritten since")
    assert scenario.git("notes", "--ref=runbook", "show", rebased) == before
    # It is held against what its check saw before the rebase.
    scenario.run("audit").says(0, "1 check to make again", "every check holds")
