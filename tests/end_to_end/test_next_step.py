"""The next step alone, for whoever drives; and what a coding agent is told of runbook."""

from __future__ import annotations

import shlex

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
