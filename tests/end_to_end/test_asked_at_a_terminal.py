"""A run at a terminal asks where it would wait for a person, and goes on in the same run."""

from __future__ import annotations

import json

import pytest
from asked import asked, killed_when_asked
from scenario import APP, Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it politely
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - confirm: |
              Does it sound polite?
              Say it aloud.
          - manual: Write of it.
            files: notes.txt
          - commit: "feat: say good day"
    verification:
      - manual: Call Grace.
"""

CONFIRM, WORK = "phase-1/task-1/step-2", "phase-1/task-1/step-3"
SAID = "Ada <ada@example.org>, <when>"


def noted(scenario: Scenario) -> bytes:
    scenario.write("notes.txt", "It says good day.\n")
    return b"yes\n"


def test_who_looks_meanwhile_is_told_that_it_may_be_asking(scenario: Scenario) -> None:
    told = "it may be waiting for an answer at its terminal"
    looked: list[str] = []

    def looks() -> bytes:
        looked.extend(scenario.run(each).stdout for each in ("status", "next"))
        return b"quit\n"

    scenario.app(PHASE)
    asked(scenario, ["run"], looks)
    assert len(looked) == 2
    assert all(f" is at work on it now, at {CONFIRM}" in each for each in looked[:1])
    assert all(told in each for each in looked)


def test_a_run_goes_on_with_each_yes(scenario: Scenario) -> None:
    scenario.app(PHASE)
    status, shown = asked(
        scenario, ["run"], b"perhaps\n", b"show\n", b"yes\n", lambda: noted(scenario), b"y\n"
    )
    assert status == 0
    shown = shown.replace("\n\n", "\n")
    begin, end = shown.index("  confirm step-2"), shown.index("  commit ")
    assert (
        shown[begin:end]
        == f"""\
  confirm step-2, in <root>:
      Does it sound polite?
      Say it aloud.
    then: manual  Write of it.
  is it so? [yes/no/show/quit] perhaps
    yes goes on, no stops here, show shows what is not committed, quit lets it wait
  is it so? [yes/no/show/quit] show
    diff --git a/app.py b/app.py
    index <blob>..<blob> 100644
    --- a/app.py
    +++ b/app.py
    @@ -1,2 +1,2 @@
     def greeting():
    -    return "hello"
    +    return "good day"
  is it so? [yes/no/show/quit] yes
  confirm Does it sound polite? …
          yes, {SAID}
  manual  step-3, in <root>:
      Write of it.
    not changed yet: notes.txt
    then: commit  feat: say good day
  done? [yes/no/show/quit] yes
  manual  step-3: taken as done
          {SAID}
          changed by hand: notes.txt
    --- no file
    +++ notes.txt now
    @@ -0,0 +1 @@
    +It says good day.
"""
    )
    assert "  manual  step-1, in <root>:\n      Call Grace.\n  done? [yes/no/show/quit] y" in shown
    assert scenario.paths() == ["app.py", "notes.txt"]
    words = json.loads(scenario.git("notes", "--ref=runbook", "show", "HEAD"))["words"]
    assert [word["step"] for word in words] == [CONFIRM, WORK]


def test_a_no_stops_the_task_as_a_failed_check_does(scenario: Scenario) -> None:
    scenario.app(PHASE)
    status, shown = asked(scenario, ["run"], b"no\n")
    assert status == 1
    assert f"stopped at {CONFIRM} (phases/phase-1.yaml:9:9): the answer was no\n" in shown
    assert "  the plan says: Does it sound polite?\n                 Say it aloud.\n" in shown
    assert "The edits are kept, and are not committed yet. Fix it in <root>" in shown
    assert "runbook retry phase-1: do task-1 again" in shown
    scenario.run("status").says(
        0, f"stopped at {CONFIRM} (phases/phase-1.yaml:9:9): the answer was no", f"done {CONFIRM}"
    )
    # What is mended is looked at anew.
    scenario.write("app.py", APP.replace("hello", "good evening"))
    status, shown = asked(scenario, ["run"], b"y\n", b"q\n")
    assert status == 4
    assert "changed by hand since, and kept: app.py" in shown
    assert "yes, Ada" in shown


def test_work_without_a_change_wants_a_reason(scenario: Scenario) -> None:
    scenario.app(PHASE)
    answers = (b"y\n", b"yes\n", b"\n", b"show\n", b"yes\n", b"she knows it\n", b"no\n")
    status, shown = asked(scenario, ["run"], *answers)
    assert status == 4
    assert shown.count("  none of its files is changed: notes.txt\n") == 2
    assert "show\n    none of its files is changed yet\n" in shown
    assert f"  manual  step-3: taken as done\n          {SAID}: she knows it\n" in shown
    assert shown.count("Write of it.") == 2  # once as what comes then
    assert "stopped at phase-1/verification/step-1 " in shown
    assert scenario.paths() == ["app.py"]


def test_of_work_without_files_nothing_is_watched(scenario: Scenario) -> None:
    scenario.phase(
        "phase: 1\ngoal: Look.\ntasks:\n  - title: Look\n    steps:\n      - manual: Look at it.\n"
    )
    _, shown = asked(scenario, ["run"], b"show\n", b"yes\n")
    assert "show\n    the step names no files, and so none is watched\n" in shown


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        (b"quit\n", 4, "waiting for a person to confirm"),
        (b"\x04", 4, "waiting for a person to confirm"),
        (b"\x03", 130, "interrupted"),
    ],
)
def test_no_answer_is_no_yes(scenario: Scenario, typed: bytes, status: int, words: str) -> None:
    scenario.app(PHASE)
    for _ in range(2):
        ended, shown = asked(scenario, ["run"], typed)
        assert ended == status
        assert f"stopped at {CONFIRM} (phases/phase-1.yaml:9:9): {words}" in shown
    assert "yes, " not in scenario.run("status").stdout
    scenario.run("done").says(0, "yes, ")


@pytest.mark.parametrize(("answer", "typed"), [(b"no\n", b"q\n"), (b"\x03", b"\x03")])
def test_a_question_without_a_yes_is_still_open(
    scenario: Scenario, answer: bytes, typed: bytes
) -> None:
    """The run that stops there names what `status` does: it can be answered by `done`."""
    scenario.app(PHASE)
    _, shown = asked(scenario, ["run"], answer)
    said = f"  runbook done {CONFIRM}: say yes to it\n"
    assert said in shown
    assert said in scenario.run("status").stdout
    scenario.run("done").says(0, "yes, Ada")
    _, shown = asked(scenario, ["run"], b"\x03")
    said = f'  runbook done {WORK} --reason "...": take it as done, unchanged\n'
    assert said in shown
    assert said in scenario.run("status").stdout
    _, shown = asked(scenario, ["run"], lambda: noted(scenario) and typed)
    said = f"  runbook done {WORK}: take it as done, and do no more yet\n"
    assert said in shown
    assert said in scenario.run("status").stdout


def test_what_comes_next_after_a_question_that_was_interrupted(scenario: Scenario) -> None:
    scenario.app(PHASE)
    assert asked(scenario, ["run"], b"\x03")[0] == 130
    (said,) = scenario.json("next")
    (status,) = scenario.json("status")
    assert (said["kind"], said["message"]) == ("confirm", "waiting for a person to confirm")
    assert [way["choice"] for way in said["ways"]] == status["refused"]["choices"]
    yes = next(way["argv"] for way in said["ways"] if way["choice"] == "done")
    scenario.run(*yes).says(0, "yes, Ada")


@pytest.mark.parametrize("typed", [b"quit\n", b"\x04", b"\x03", None])
def test_work_that_is_begun_stays_handed_over(scenario: Scenario, typed: bytes | None) -> None:
    """What is written while the question is open is work by hand, however the run ends then."""
    scenario.app(PHASE)

    def write() -> bytes:
        noted(scenario)
        return typed or b""

    if typed is None:
        killed_when_asked(scenario, ["run"], b"y\n", lambda: noted(scenario) and b"show\n")
    else:
        asked(scenario, ["run"], b"y\n", write)
    scenario.run("run").says(4, "changed by hand: notes.txt", "+It says good day.", "commit  ")


def test_killed_when_it_asked_it_asks_again(scenario: Scenario) -> None:
    scenario.app(PHASE)
    killed_when_asked(scenario, ["run"])
    status, shown = asked(scenario, ["run"], b"y\n", lambda: noted(scenario), b"q\n")
    assert (status, shown.count("is it so?")) == (4, 1)
    killed_when_asked(scenario, ["retry"])
    status, shown = asked(scenario, ["run"], b"q\n")
    # Nobody has said that it is done: running again is no answer to what was not told.
    assert "Call Grace." in shown


def test_asked_before_each_step_a_question_is_asked_once(scenario: Scenario) -> None:
    scenario.app(PHASE)
    status, shown = asked(scenario, ["run", "--step"], b"y\n", b"yes\n", b"y\n", b"q\n")
    assert status == 4
    assert shown.count("Does it sound polite?") == 2  # asked, and answered
    assert "  step-3: manual Write of it.? [yes/no/show/quit] y" in shown


def test_lines_for_programs_are_not_mixed_with_questions(scenario: Scenario) -> None:
    scenario.app(PHASE)
    status, shown = asked(scenario, ["run", "--json"])
    assert status == 4
    lines = [json.loads(line) for line in shown.strip().split("\n")]
    (stopped,) = [each for each in lines if each["event"] == "Stopped"]
    assert (stopped["kind"], stopped["choices"][:2]) == ("confirm", ["run", "done"])
    assert (stopped["output"], stopped["then"]) == (
        "Does it sound polite?\nSay it aloud.\n", ["manual  Write of it."],
    )  # fmt: skip


def test_scripts_at_a_terminal_are_not_asked_to_confirm(scenario: Scenario) -> None:
    scenario.app(PHASE)
    status, shown = asked(scenario, ["run", "--yes"], b"q\n")
    assert status == 4
    assert "is it so?" not in shown
    assert "taken as a yes, and nobody looked (Ada <ada@example.org>)" in shown
