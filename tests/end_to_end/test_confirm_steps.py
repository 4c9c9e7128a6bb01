"""A question to a person, who looks and says yes."""

import pytest
from scenario import Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it politely
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - verify: grep -q day app.py
          - confirm: |
              Does it sound polite?
              Say it aloud.
          - commit: "feat: say good day"
    verification:
      - confirm: The page shows it.
"""

QUESTION = "phase-1/task-1/step-3"


def test_where_nobody_can_be_asked_a_run_waits(scenario: Scenario) -> None:
    scenario.app(PHASE)
    for _ in range(2):
        waiting = scenario.run("run")
        waiting.says(4)
    waiting.shows(
        4,
        """
        phase-1: Say good day.
          goes on: 0 of 1 task done before

        task-1: Say it politely
          goes on where it stopped

        stopped at phase-1/task-1/step-3 (phases/phase-1.yaml:10:9): waiting for a person to confirm
            Does it sound polite?
            Say it aloud.
          then: commit  feat: say good day

        Look at it in <root>. To be asked at a terminal: runbook run phase-1
        Or instead:
          runbook done phase-1/task-1/step-3: say yes to it
          runbook retry phase-1: do task-1 again from the start; what its files hold is kept aside
          runbook skip phase-1/task-1 --reason "...": leave task-1 out, with its files put back
          runbook abort phase-1: put the files of task-1 back, as if it had not begun
        """,
    )
    status = scenario.run("status").stdout
    for line in waiting.stdout.split("\n")[6:]:
        assert line.strip() in status
    assert scenario.subjects() == ["Begin"]


def test_what_scripts_say_yes_to_is_recorded_as_seen_by_nobody(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run", "--yes", "--dry-run").says(0, "confirm Does it sound polite? (nobody is")
    scenario.run("run", "--yes").shows(
        0,
        """
        phase-1: Say good day.

        task-1: Say it politely
          edit    app.py, line 2
          verify  grep -q day app.py
                  exit status 0 (<time>)
                  as expected
          confirm Does it sound polite? …
                  taken as a yes, and nobody looked (Ada <ada@example.org>)
          commit  <commit> feat: say good day

        verification
          confirm The page shows it.
                  taken as a yes, and nobody looked (Ada <ada@example.org>)

        phase-1 is complete: 1 commit, <time>.
        """,
    )


def test_another_question_is_asked_anew(scenario: Scenario) -> None:
    """A yes is to what was asked: other words are another question, in a finished task, too."""
    scenario.app(PHASE)
    scenario.run("run", "--yes").says(0)
    file = scenario.root / "phases/phase-1.yaml"
    file.write_text(file.read_text().replace("polite?", "curt?"))
    scenario.run("run").says(1, "this task was finished, and the phase file says something else")


@pytest.mark.parametrize("title", ["", "            title: Listen\n"])
def test_what_comes_after_it_is_told_by_a_dry_run(scenario: Scenario, title: str) -> None:
    scenario.app(PHASE.replace("          - commit", f"{title}          - commit"))
    dry = scenario.run("run", "--dry-run")
    dry.says(4, "would stop at phase-1/task-1/step-3", "would stop at phase-1/verification/step-1")
    assert f"confirm {'Listen' if title else 'Does it sound polite?'}" in dry.stdout
