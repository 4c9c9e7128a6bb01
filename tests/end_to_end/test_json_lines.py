"""What programs read: the JSON lines of the commands."""

from __future__ import annotations

from lines import valid_lines
from scenario import CHECKED, GREETING, Scenario


def test_a_run_as_json(scenario: Scenario) -> None:
    scenario.app(CHECKED)
    lines = scenario.json("run")
    assert [line["event"] for line in lines if line["event"] != "CommandOutput"][:5] == [
        "RunBegan",
        "PhaseBegan",
        "TaskBegan",
        "StepBegan",
        "EditPlanned",
    ]
    assert lines[-1]["event"] == "RunEnded"
    assert lines[-1]["exit"] == 0
    assert {line["run"] for line in lines} == {lines[0]["run"]}
    times = [line["time"] for line in lines]
    assert times == sorted(times)
    (commit,) = [line["commit"] for line in lines if line["event"] == "CommitMade"]
    assert commit == scenario.git("rev-parse", "HEAD")


def test_a_stop_as_json(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace("good day", "go away"))
    lines = scenario.json("run", status=1)
    stopped, ended = lines[-2:]
    assert (stopped["event"], stopped["kind"]) == ("Stopped", "unmet")
    assert stopped["at"] == "phases/phase-1.yaml:9:9"
    assert ended["exit"] == 1


def test_events_beside_the_screen(scenario: Scenario) -> None:
    scenario.app(GREETING)
    file = scenario.folder / "events"
    scenario.run("run", "--events", str(file)).says(0, "phase-1 is complete: 1 commit")
    assert valid_lines(file.read_text())[-1]["event"] == "RunEnded"
    scenario.run("run", "--events", "nowhere/events").shows(
        2, "", "error: nowhere/events can't be written: No such file or directory"
    )


def test_what_check_finds_as_json(scenario: Scenario) -> None:
    scenario.app(GREETING.replace('replace: return "hello"', "replace: nowhere"))
    found = scenario.json("check", status=1)
    assert {line["state"] for line in found} == {"Problem"}
    assert "conflict" in {line["kind"] for line in found}
    scenario.phase(GREETING.replace("goal", "gaol"))
    (line, *_) = scenario.json("check", status=2)
    assert line["kind"] == "mistake"


def test_the_schema_is_printed(scenario: Scenario) -> None:
    scenario.run("schema", "--events").says(0, '"$schema": "https://json-schema.org/')
    scenario.run("schema").says(0, "A phase of runbook")
    scenario.run("schema", "--series", "--events").says(2, "not both")
