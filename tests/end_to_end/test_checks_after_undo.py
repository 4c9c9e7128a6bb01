"""What `undo --verify` looks at: the checks of all that is done, as far as they can still hold."""

from __future__ import annotations

from scenario import GREETING, Scenario

# Its first check sees the start, and its second one what the next edit mends: neither holds later.
TEST_FIRST = """
    phase: 1
    goal: Count.
    tasks:
      - title: One
        steps:
          - verify: test ! -e numbers.txt
          - edit: numbers.txt
            create: |
              wrong
          - verify: grep -q one numbers.txt
            expect: {exit: 1}
          - edit: numbers.txt
            replace: wrong
            with: one
          - verify: grep -q one numbers.txt
          - commit: "feat: one"
"""


def begin(scenario: Scenario) -> None:
    scenario.phase(TEST_FIRST)
    scenario.phase(GREETING.replace("phase: 1", "phase: 2"), "phase-2")
    scenario.write("app.py", 'return "hello"\n')
    scenario.begin()
    scenario.run("run", "--all").says(0)


def test_a_check_that_was_to_fail_first_is_not_made_again(scenario: Scenario) -> None:
    begin(scenario)
    result = scenario.run("undo", "phase-2", "--verify")
    result.says(0, "grep -q one numbers.txt")
    assert result.stdout.count("numbers.txt") == 1


def test_one_that_holds_no_more_is_found(scenario: Scenario) -> None:
    begin(scenario)
    scenario.write("numbers.txt", "two\n")
    scenario.git("commit", "-qam", "Of the user")
    scenario.run("undo", "phase-2", "--verify").says(1, "phase-1/task-1/step-5", "exit status 1")


def test_the_checks_of_a_phase_that_changes_nothing_are_made(scenario: Scenario) -> None:
    scenario.phase(
        """
        phase: 3
        goal: Look.
        tasks:
          - title: Look
            steps:
              - verify: test -e numbers.txt
                fails-at: series
              - verify: test -e app.py
        """,
        "phase-3",
    )
    begin(scenario)
    scenario.run("undo", "phase-2", "--verify").says(
        0, "verify  phase-3/task-1/step-1: test -e numbers.txt", "phase-3/task-1/step-2"
    )


def test_who_is_left_out_can_miss_nothing(scenario: Scenario) -> None:
    tasks = "".join(
        f"  - title: {new}\n    steps:\n      - edit: a.txt\n        replace: {old}\n"
        f"        with: {new}\n      - commit: {new}\n"
        for old, new in (("one", "two"), ("two", "three"))
    )
    scenario.phase(f"phase: 1\ngoal: Count.\ntasks:\n{tasks}")
    scenario.write("a.txt", "one\n")
    scenario.begin()
    scenario.run("run").says(0)
    scenario.run("undo", "1/2").says(0, "undone: task-2.")
    undone = scenario.run("undo", "1/1")
    undone.says(0, "undone: task-1.")
    assert "who may miss it" not in undone.stdout


HALF = """
    phase: 1
    goal: Two commits of one task.
    tasks:
      - title: Both
        steps:
          - edit: one.txt
            create: one
          - commit: "feat: one"
          - edit: two.txt
            create: two
          - verify: test -e ok
          - commit: "feat: two"
"""


def test_what_an_unfinished_task_has_committed_is_undone_after_an_abort(scenario: Scenario) -> None:
    scenario.app(HALF)
    scenario.run("run").says(1, "step-4")
    refused = scenario.run("undo", "1")
    refused.says(1, "`runbook abort` takes back what it has not committed")
    scenario.run("abort").says(0, "put back: two.txt")
    scenario.run("undo", "1").says(0, 'Revert "feat: one"', "undone: task-1.")
    scenario.run("status").says(0, "[-] task-1: Both  (undone)")
    scenario.write("ok", "")
    scenario.run("run", "--restart").says(0, "2 commits")
    assert scenario.subjects()[-3:] == ['Revert "feat: one"', "feat: one", "feat: two"]
