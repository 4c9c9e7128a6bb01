"""The next step alone, for whoever drives; and what a coding agent is told of runbook."""

from __future__ import annotations

import shlex
from typing import Any

from handing import CALC, MEND, SEARCHED, cut, handed_over
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
          - commit: "feat: say good day"
      - title: Say whom
        steps:
          - manual: Take a name, and greet by it.
            files: [app.py]
          - verify: grep -q name app.py
          - verify: grep -q greeting app.py
            hidden: true
          - commit: "feat: greet by name"
    verification:
      - confirm: It sounds friendly.
"""


def test_the_next_step_is_told_until_nothing_is_left(scenario: Scenario) -> None:
    scenario.app(PHASE)
    (first,) = scenario.json("next")
    assert (first["kind"], first["where"]) == ("edit", "phase-1/task-1/step-1")
    assert [way["argv"] for way in first["ways"]] == [["run", "phase-1"]]
    assert scenario.run("run").status == 4
    (waiting,) = scenario.json("next")
    assert waiting["kind"] == "manual"
    assert waiting["instructions"] == "Take a name, and greet by it."
    assert waiting["files"] == ["app.py"]
    assert waiting["checks"] == ["grep -q name app.py"]
    assert "One more check is not shown." in waiting["brief"]
    assert "grep -q greeting" not in waiting["brief"]
    assert {way["choice"] for way in waiting["ways"]} == {"run", "done", "skip"}
    text = scenario.read("app.py")
    scenario.write("app.py", text.replace("greeting()", "greeting(name)"))
    (done,) = scenario.json("next")
    assert done["message"] == "its files are changed: going on takes the work as done"
    assert scenario.run(*done["ways"][0]["argv"]).status == 4
    (confirm,) = scenario.json("next")
    assert (confirm["kind"], confirm["instructions"]) == ("confirm", "It sounds friendly.")
    yes = next(way for way in confirm["ways"] if way["choice"] == "done")
    assert scenario.run(*yes["argv"]).status == 0
    assert scenario.run("run").status == 0
    scenario.run("next").shows(1, "nothing is left to do")
    assert scenario.json("next", status=1) == []


def test_work_that_names_no_files_waits_for_none(scenario: Scenario) -> None:
    phase = PHASE.replace("            files: [app.py]\n", "", 1)
    scenario.app(phase.replace('"feat: greet by name"', "Greet by name\n            files: app.py"))
    assert scenario.run("run").status == 4
    (said,) = scenario.json("next")
    assert said["message"] == "going on takes the work as done"


def test_what_helps_is_told_as_the_run_does(scenario: Scenario) -> None:
    """Of a check that failed, and of work of which a delegate made too little."""
    phase = SEARCHED.replace("grep -q 'a + b' src/calc.py", "nosuchtool")
    handed_over(scenario, MEND, phase)
    for _ in range(2):
        told = [line for line in scenario.run("run").stdout.splitlines() if " hint: " in line]
        assert told
        shown = scenario.run("next").stdout
        assert [line for line in shown.splitlines() if " hint: " in line] == told
        scenario.write("src/calc.py", CALC.replace("-", "+"))


def test_after_a_kill_next_and_status_look_from_the_same_ground(scenario: Scenario) -> None:
    """Where git could not be asked before what the delegate has done is put back."""
    agent = "rm lib/.git; mkdir lib/.git; kill -9 $(cat .git/runbook/main/lock)"
    handed_over(scenario, agent, SEARCHED)
    scenario.git("clone", "-q", ".", "../lib")
    scenario.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", "../lib", "lib")
    scenario.git("commit", "-qm", "Lib")
    scenario.run("run")
    scenario.until(lambda: "is at work on it now" not in scenario.run("status").raw)
    (said,) = scenario.json("next")
    (status,) = scenario.json("status")
    assert [way["choice"] for way in said["ways"]] == status["killed"]["choices"]


def test_the_ways_on_are_those_that_a_stop_shows(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run")
    (said,) = scenario.json("next")
    lines = scenario.json("run", status=4)
    (stopped,) = (line for line in lines if line.get("event") == "Stopped")
    assert [way["argv"] for way in said["ways"]] == stopped["argv"]
    shown = scenario.run("status").stdout
    for way in stopped["argv"]:
        typed = shlex.join(way).replace("'...'", '"..."').replace(" ...", ' "..."')
        assert f"runbook {typed}" in shown, typed


def test_work_of_which_a_file_can_not_be_read_has_ways_on(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    (scenario.root / "other.py").hardlink_to(scenario.root / "app.py")
    (said,) = scenario.json("next")
    assert "app.py is a hard link" in said["message"]
    assert [way["argv"] for way in said["ways"]] == [["run", "phase-1"]]
    scenario.run("status").says(0, "app.py is a hard link", "When it is mended: runbook run")


def test_what_a_run_is_at_is_not_for_others_to_do(scenario: Scenario) -> None:
    handed_over(scenario, "touch ../there; sleep 1000", SEARCHED)
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    scenario.run("next").says(
        0, "running at phase-1/task-1/step-1 (", " is at work on it now\n", "status --watch"
    )
    (said,) = scenario.json("next")
    process.terminate()
    scenario.end(process)
    assert (said["kind"], said["ways"], said["brief"]) == ("running", [], "")
    (said,) = scenario.json("next")
    assert said["kind"] == "manual"


def test_agents_are_told_in_a_section_of_their_own(scenario: Scenario) -> None:
    scenario.write("AGENTS.md", "# Mine\r\n\r\nBe nice.\r\n")
    result = scenario.run("init", "--agents")
    assert result.status == 0, str(result)
    told = scenario.read("AGENTS.md")
    assert told.startswith("# Mine\r\n\r\nBe nice.\r\n\r\n## Migration plans: runbook\r\n")
    assert told.count("\n") == told.count("\r\n")
    assert scenario.read(".claude/skills/runbook/SKILL.md").startswith("---\nname: runbook\n")
    again = scenario.run("init", "--agents")
    assert "left AGENTS.md as it is" in again.stdout
    assert scenario.read("AGENTS.md") == told


def test_the_next_step_of_a_series_is_that_of_the_first_phase_left(scenario: Scenario) -> None:
    scenario.app(PHASE)
    second = PHASE.replace("phase: 1", "phase: 2\n    requires: 3")
    scenario.phase(second, "phase-2")
    text = scenario.read("app.py")
    scenario.write("c.txt", "one\n")
    scenario.phase(THIRD, "phase-3")
    scenario.git("add", "c.txt")
    scenario.git("commit", "-q", "-m", "A text")

    def where() -> str:
        (said,) = scenario.json("next")
        return str(said["where"])

    assert where() == "phase-1/task-1/step-1"
    assert scenario.run("run", "1").status == 4
    assert where() == "phase-1/task-2/step-1"
    scenario.run("skip", "1/2", "--reason", "no").says(0)
    scenario.run("run", "--yes").says(0, "Next: runbook run phase-3")
    # phase-2 waits for it.
    assert where() == "phase-3/task-1/step-1"
    scenario.run("run").says(2, "name the phase to carry out")
    assert scenario.run("run", "3").status == 1
    scenario.write("ok", "")
    scenario.run("run").says(0, "Next: runbook run phase-2")
    assert where() == "phase-2/task-1/step-1"
    scenario.write("app.py", text)
    scenario.git("commit", "-q", "-am", "As it was")
    assert scenario.run("run", "2").status == 4
    scenario.run("skip", "2/2", "--reason", "no").says(0)
    scenario.run("run", "--yes").says(0)
    scenario.run("next").shows(1, "nothing is left to do")
    # A loop of an agent ends well.
    done = "there is nothing to do"
    scenario.run("run").says(0, f"phase-1 is complete: {done}", f"phase-3 is complete: {done}")


THIRD = """
    phase: 3
    goal: Say ok.
    tasks:
      - title: Say ok
        steps:
          - edit: c.txt
            replace: one
            with: two
          - verify: test -e ok || { echo "ok is missing"; exit 3; }
          - commit: "feat: two"
"""


def test_a_check_that_failed_is_told_with_why(scenario: Scenario) -> None:
    scenario.write("c.txt", "one\n")
    scenario.phase(THIRD, "phase-3")
    scenario.begin()
    (before,) = scenario.json("next")
    assert before["stopped"] is None
    scenario.run("run").says(1)
    scenario.run("next").says(
        0, "  - exit status 3, expected 0", "    | ok is missing", "  the whole output: "
    )
    (said,) = scenario.json("next")
    assert (said["kind"], said["message"]) == ("verify", "the check failed")
    assert said["stopped"]["mismatches"][0]["message"] == "exit status 3, expected 0"
    assert said["stopped"]["output"] == "ok is missing\n"


def agree(scenario: Scenario, where: str, message: str) -> None:
    """`next`, `status` and the dry run say the same of a step that is handed over."""
    (said,) = scenario.json("next")
    (status,) = scenario.json("status")
    assert (said["where"], said["message"]) == (f"phase-1/task-1/{where}", message)
    known = next(filter(None, (status[each] for each in ("refused", "stopped", "killed"))), None)
    choices = [way["choice"] for way in said["ways"]]
    if known is None:
        assert "done" not in choices
        assert scenario.run("done").status == 1
    else:
        assert choices == known["choices"]
    assert said["delegate"] == (status["handed_to"] or said["delegate"])
    dry = scenario.run("run", "--dry-run")
    assert (said["delegate"] in dry.stdout) or not said["delegate"]
    assert (dry.status == 4) == (message == "waiting for work by hand"), str(dry)


def test_all_say_the_same_of_a_delegate_in_every_state(scenario: Scenario) -> None:
    handed_over(scenario, "true", SEARCHED)
    agree(scenario, "step-1", "")
    scenario.run("run").says(4)
    whole = scenario.journal.read_bytes()
    cut(scenario, "DelegateBegan")
    agree(scenario, "step-1", "")
    scenario.journal.write_bytes(whole)
    agree(
        scenario, "step-1", "the delegate did not do it in 1 attempt: none of the files was changed"
    )
    (scenario.folder / "agent.sh").write_text("echo 'BLOCKED: no sums'\n")
    scenario.run("run").says(4)
    agree(scenario, "step-1", "the delegate can't do it: no sums")
    (scenario.folder / "agent.sh").write_text("echo '# x' >> src/calc.py\n")
    scenario.run("run").says(4)
    scenario.write("src/calc.py", CALC.replace("-", "*"))
    agree(scenario, "step-1", "its files are changed: going on takes the work as done")
    scenario.run("run").says(1)
    agree(scenario, "step-2", "the check failed")
    scenario.write("src/calc.py", CALC.replace("-", "+"))
    scenario.run("run").says(0)


def test_all_say_the_same_of_a_person_in_every_state(scenario: Scenario) -> None:
    phase = SEARCHED.replace(
        "          - verify:",
        "          - manual: Make it 2.\n            files: [src/other.py]\n          - verify:",
    )
    handed_over(scenario, "true", phase.replace("files: [", "delegate: none\n            files: ["))
    agree(scenario, "step-1", "waiting for work by hand")
    scenario.run("run").says(4)
    agree(scenario, "step-1", "waiting for work by hand")
    scenario.write("src/calc.py", CALC.replace("-", "+"))
    (said,) = scenario.json("next")
    assert said["message"] == "its files are changed: going on takes the work as done"
    scenario.run("done").says(0)
    # The turn of the second has come, and no run has told it.
    agree(scenario, "step-2", "waiting for work by hand")
    scenario.run("run").says(4)
    agree(scenario, "step-2", "waiting for work by hand")
    scenario.write("src/other.py", "OTHER = 2\n")
    agree(scenario, "step-2", "its files are changed: going on takes the work as done")
    scenario.run("run").says(0)
    scenario.run("adopt").says(0)
    scenario.run("next").shows(1, "nothing is left to do")


def test_an_agent_that_does_as_it_is_told_comes_to_the_end_of_a_series(scenario: Scenario) -> None:
    """Only with the commands of AGENTS.md, in a series of several phases."""
    scenario.app(PHASE)
    scenario.write("c.txt", "one\n")
    scenario.phase(THIRD, "phase-3")
    scenario.begin()
    scenario.run("init", "--agents").says(0)
    told = scenario.read("AGENTS.md")
    assert "`runbook run --all`" in told
    assert "`runbook next --json`" in told

    def work(step: dict[str, Any]) -> None:
        if step["stopped"] is not None:
            assert step["stopped"]["output"] == "ok is missing\n"
            scenario.write("ok", "")
        elif step["kind"] == "manual":
            (file,) = step["files"]
            scenario.write(file, scenario.read(file).replace("greeting()", "greeting(name)"))
        else:
            assert step["kind"] == "confirm"
            scenario.run("done", step["where"], "--reason", "the person said so").says(0)

    statuses = []
    while (status := scenario.run("run", "--all").status) != 0:
        statuses.append(status)
        (step,) = scenario.json("next")
        work(step)
    assert statuses == [4, 4, 1]
    scenario.run("next").shows(1, "nothing is left to do")
