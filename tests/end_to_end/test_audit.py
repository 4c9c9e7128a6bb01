"""Landed tasks, verified again at their own commits."""

from __future__ import annotations

import shutil

from scenario import Scenario

PHASE = """
    phase: 1
    goal: Count.
    tasks:
      - title: One
        steps:
          - edit: numbers.txt
            append: |
              one
          - verify: grep -q two numbers.txt
            expect: {exit: 1}
          - verify: test "$(cat ../limit)" -ge "$(wc -l < numbers.txt)"
          - commit: One
      - title: Two
        steps:
          - edit: numbers.txt
            append: |
              two
          - verify: test "$(cat ../limit)" -ge "$(wc -l < numbers.txt)"
          - edit: more.txt
            create: |
              more
          - verify: test "$(cat ../limit)" -ge "$(wc -l < numbers.txt)"
          - commit: Two
      - title: Three
        steps:
          - edit: numbers.txt
            append: |
              three
          - commit: Three
    verification:
      - verify: test -e more.txt
"""


def landed(scenario: Scenario) -> None:
    limit = scenario.folder / "limit"
    scenario.write("numbers.txt", "")
    scenario.phase(PHASE.replace("../limit", str(limit)))
    scenario.begin()
    limit.write_text("3\n")
    scenario.run("run").says(0, "3 commits")


def test_every_check_holds(scenario: Scenario) -> None:
    landed(scenario)
    limit = scenario.folder / "limit"
    before = scenario.git("for-each-ref"), scenario.status()
    scenario.run("audit").shows(
        0,
        f"""
        phase-1: Count.
          4 checks to make again at 3 commits

        task-1: One, at <commit>
          verify  grep -q two numbers.txt
                  exit status 1 (<time>)
                  holds
          verify  test "$(cat {scenario.normal(str(limit))})" -ge "$(wc -l < numbers.txt)"
                  exit status 0 (<time>)
                  holds

        task-2: Two, at <commit>
          verify  test "$(cat {scenario.normal(str(limit))})" -ge "$(wc -l < numbers.txt)"
                  exit status 0 (<time>)
                  holds

        verification, at <commit>
          verify  test -e more.txt
                  exit status 0 (<time>)
                  holds

        phase-1: every check holds at its commit.
          not looked at, their state is in no commit: phase-1/task-2/step-2
        """,
    )
    assert (scenario.git("for-each-ref"), scenario.status()) == before
    assert scenario.git("worktree", "list", "--porcelain").count("worktree ") == 1
    assert not list((scenario.folder / "tmp").iterdir())
    scenario.run("status").says(0, "complete")


def test_the_first_that_breaks_is_named(scenario: Scenario) -> None:
    landed(scenario)
    (scenario.folder / "limit").write_text("1\n")
    # The commits are found without a journal, too.
    for _ in range(2):
        result = scenario.run("audit", "1")
        result.says(
            1,
            "task-1: One, at <commit>",
            "broken: phase-1/task-2/step-4 (phases/phase-1.yaml:",
            " at <commit>: the check does not hold there\n  - exit status 1, expected 0\n",
            "To see what the commit is: git show <commit>",
        )
        assert scenario.git("rev-parse", "--short=9", "HEAD~1") in result.raw
        assert "verification" not in result.stdout
        shutil.rmtree(scenario.root / ".git" / "runbook")
    scenario.run("status").says(0, "[✓] task-2", "[ ] verification  to verify again")


def test_an_audit_is_no_run(scenario: Scenario) -> None:
    landed(scenario)
    (scenario.folder / "limit").write_text("1\n")
    lines = scenario.json("audit", status=1)
    assert [line["event"] for line in lines][-2:] == ["CheckBroke", "RunEnded"]
    scenario.run("show", "1/2").says(0, "exit status 0 (<time>): as expected")
    scenario.run("run").says(0, "there is nothing to do")
    scenario.run("status", "--check").says(0, "complete")


def test_a_check_is_made_again_on_the_tree_that_it_saw(scenario: Scenario) -> None:
    """Which is that of the second commit here, although the first one follows it."""
    scenario.phase("""
        phase: 1
        goal: Two files.
        tasks:
          - title: Both
            steps:
              - edit: a.txt
                create: |
                  a
              - edit: b.txt
                create: |
                  b
              - verify: test -e a.txt && test -e b.txt
              - commit: One
                files: a.txt
              - commit: Other
                files: b.txt
              - verify: test -e b.txt
        """)
    scenario.begin()
    scenario.run("run").says(0, "2 commits")
    tree = scenario.git("rev-parse", "HEAD^{tree}")
    assert tree in scenario.git("notes", "--ref=runbook", "show", "HEAD~")
    held = "phase-1: every check holds at its commit."
    scenario.run("audit").says(0, "2 checks to make again at 1 commit", held)
    # A clone knows it from the notes.
    shutil.rmtree(scenario.root / ".git/runbook")
    scenario.run("run").says(0)
    scenario.run("audit").says(0, "2 checks to make again at 1 commit", held)


def test_what_can_not_be_checked_out_does_not_hold(scenario: Scenario) -> None:
    landed(scenario)
    blob = scenario.git("rev-parse", "HEAD:more.txt")
    (scenario.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    scenario.run("audit").says(1, "it can't be checked out: ")


def test_a_phase_whose_commits_are_gone_is_not_audited(scenario: Scenario) -> None:
    landed(scenario)
    scenario.git("reset", "-q", "--hard", "HEAD~3")
    scenario.git("reflog", "expire", "--expire=now", "--all")
    scenario.git("update-ref", "-d", "refs/notes/runbook")
    scenario.git("gc", "-q", "--prune=now")
    gone = "is no longer in the branch, and no note tells of another: there is nothing left"
    # It is no run: what was recorded stays, and says the same again.
    for names in (["1"], ["1"], ["--all"], []):
        scenario.run("audit", *names).says(1, "stopped at phase-1", gone, "check a branch out that")
    scenario.run("status").says(0, "[ ] phase-1", "is no longer in the branch", "not begun")


def test_a_phase_that_has_not_begun_is_not_audited(scenario: Scenario) -> None:
    landed(scenario)
    scenario.phase(PHASE.replace("phase: 1", "phase: 2"), "phase-2")
    scenario.run("audit", "2").says(1, "phase-2 has not begun: there is nothing to look at")
    scenario.run("audit", "--all").says(0, "phase-1: every check holds")


def test_a_phase_of_which_all_was_undone_is_not_audited(scenario: Scenario) -> None:
    landed(scenario)
    scenario.phase(PHASE.replace("phase: 1", "phase: 2"), "phase-2")
    scenario.run("undo", "1").says(0, "undone: ")
    scenario.run("audit", "1").says(1, "all of phase-1 was undone: there is nothing", "--restart")
    scenario.run("audit", "--all").says(2, "no phase has begun")


def test_its_report_says_what_held(scenario: Scenario) -> None:
    """Of the run alone, which is no run of the phase; of the phase what does not hold any more."""
    landed(scenario)
    scenario.run("audit").says(0)
    held = "## Count.\n\n**every check that was made again holds** · 4 checks made again,"
    told = scenario.run("report", "last", "--format", "md")
    told.says(0, held, "task-1: One |", "verification: Verification of the phase |")
    assert "under way" not in told.stdout
    assert "not verified" not in told.stdout
    (scenario.folder / "limit").write_text("1\n")
    scenario.run("audit").says(1)
    scenario.run("report", "last", "--format", "md").says(0, "**stopped at phase-1/task-2/step-4**")
    scenario.run("report", "last", "--format", "junit").says(0, 'failures="1"', "does not hold")
    whole = scenario.run("report", "--format", "md")
    broken = "❌ audit: phase-1/task-2/step-4 does not hold at <commit> any more"
    whole.says(0, "**complete**", broken, "verification: Verification of the phase |")
    (scenario.folder / "limit").write_text("3\n")
    scenario.run("audit").says(0)
    assert "any more" not in scenario.run("report", "--format", "md").stdout
