"""`run --step`: questions on a terminal before each step."""

from __future__ import annotations

from asked import asked
from scenario import SEARCHED, Scenario


def answered(scenario: Scenario, *answers: bytes) -> tuple[int, str]:
    return asked(scenario, ["run", "--step"], *answers)


def test_each_step_is_asked_about(scenario: Scenario) -> None:
    scenario.app(SEARCHED)
    status, shown = answered(scenario, b"show\n", b"y\n", b"perhaps\n", b"y\n", b"yes\n")
    assert status == 0, shown
    assert "step-1: edit app.py? [yes/no/show/quit]" in shown
    assert '    -    return "hello"\n    +    return "good day"' in shown
    assert "no leaves it out" in shown
    assert scenario.subjects() == ["Begin", "feat: say good day"]


def test_nothing_is_committed_without_a_step_that_was_left_out(scenario: Scenario) -> None:
    scenario.app(SEARCHED)
    status, shown = answered(scenario, b"y\n", b"n\n")
    assert status == 1
    assert "step-2 was left out, and nothing is committed without" in shown
    assert scenario.subjects() == ["Begin"]
    # What was left out is done by the next run.
    scenario.run("run").says(0, "as expected", "1 commit")


def test_quitting_keeps_what_was_done(scenario: Scenario) -> None:
    scenario.app(SEARCHED)
    status, shown = answered(scenario, b"y\n", b"q\n")
    assert status == 1
    assert "What was done is kept. To go on from here: runbook run phase-1" in shown
    assert scenario.status() == " M app.py"


def test_control_c_is_an_answer(scenario: Scenario) -> None:
    scenario.app(SEARCHED)
    status, shown = answered(scenario, b"\x03")
    assert status == 130, shown
    assert "interrupted" in shown
    assert scenario.status() == ""


def test_without_a_terminal_there_is_nobody_to_ask(scenario: Scenario) -> None:
    scenario.app(SEARCHED)
    scenario.run("run", "--step").says(2, "error: --step asks on a terminal, and this is none")
