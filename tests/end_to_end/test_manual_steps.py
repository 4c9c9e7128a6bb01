"""Work that is handed over to a person."""

from scenario import APP, Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it by hand
        steps:
          - manual: |
              Think of a better greeting.
              Write it into app.py.
            files: [app.py, other.py]
          - verify: pytest -q test_app.py
            expect: {tests: pass}
          - commit: "feat: say good day"
"""

WAITING = """
    Do this in <root>, then: runbook run phase-1
"""


def test_a_run_waits_for_the_work_and_commits_it(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").shows(
        4,
        """
        phase-1: Say good day.

        task-1: Say it by hand

        stopped at phase-1/task-1/step-1 (phases/phase-1.yaml:6:9): waiting for work by hand
            Think of a better greeting.
            Write it into app.py.

        Do this in <root>, then: runbook run phase-1
        """,
    )
    scenario.run("run").shows(
        4,
        """
        phase-1: Say good day.
          goes on: 0 of 1 task done before

        task-1: Say it by hand
          goes on where it stopped

        stopped at phase-1/task-1/step-1 (phases/phase-1.yaml:6:9): still waiting: none of the \
step's files was changed yet
            Think of a better greeting.
            Write it into app.py.

        Do this in <root>, then: runbook run phase-1
        """,
    )
    scenario.run("status").says(0, "[!] task-1: Say it by hand", "to go on: runbook run phase-1")
    scenario.write("app.py", APP.replace("hello", "go away"))
    scenario.write("other.py", "new = True\n")
    scenario.run("run").says(
        1, "manual  step-1: taken as done", "changed by hand: app.py, other.py", "the check failed"
    )
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert scenario.paths() == ["app.py", "other.py"]
    assert '"good day"' in scenario.git("show", "HEAD:app.py")
    assert scenario.status() == ""


def test_the_difference_made_by_hand_is_shown(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").shows(
        0,
        """
        phase-1: Say good day.
          goes on: 0 of 1 task done before

        task-1: Say it by hand
          goes on where it stopped
          manual  step-1: taken as done
                  changed by hand: app.py
            diff --git a/app.py b/app.py
            index <blob>..<blob> 100644
            --- a/app.py
            +++ b/app.py
            @@ -1,2 +1,2 @@
             def greeting():
            -    return "hello"
            +    return "good day"
          verify  pytest -q test_app.py
                  1 passed (<time>)
                  as expected
          commit  <commit> feat: say good day

        phase-1 is complete: 1 commit, <time>.
        """,
    )


def test_work_that_was_committed_by_hand_goes_on(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.git("commit", "-q", "-am", "Mine")
    scenario.run("run").says(1, "HEAD moved since the last run")
    scenario.run("run", "--accept-head").says(0, "already committed: app.py", "is complete")
    assert scenario.subjects() == ["Begin", "Mine"]
