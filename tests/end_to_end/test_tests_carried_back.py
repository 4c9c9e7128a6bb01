"""New tests are held against the code as it was; what did not run there proves nothing."""

from __future__ import annotations

import re

import pytest
from scenario import Scenario

PHASE = """
phase: 1
goal: Try it.
tasks:
  - title: One
    steps:
      - edit: test_m.py
        create: |
          from m import x
          def test_x(): assert x == {wanted}
      - edit: m.py
        replace: x = 1
        with: x = 2
      - verify: pytest -q test_m.py
        fails-at: {state}
        expect: {{tests: pass}}
      - commit: "feat: y"
"""


def begin(scenario: Scenario, *, state: str = "phase", test: str = "") -> None:
    scenario.write("m.py", "x = 1\ny = 2\n")
    scenario.write(".gitignore", "__pycache__\n.pytest_cache\n")
    scenario.app(PHASE.format(state=state, wanted=test or "2"))


@pytest.mark.parametrize(
    "state", ["phase", "task", "{state: phase}", "{state: task, with: test_m.py}"]
)
def test_a_new_test_is_run_on_the_old_code(scenario: Scenario, state: str) -> None:
    begin(scenario, state=state)
    said = scenario.run("run")
    said.says(0, "carried back to it: test_m.py", "assert 1 == 2", "1 commit")


def test_they_are_named_as_the_phase_names_them(scenario: Scenario) -> None:
    scenario.series("workdir: code")
    scenario.write("code/m.py", "x = 1\n")
    scenario.phase(PHASE.format(state="task", wanted="2"))
    scenario.begin()
    scenario.run("run").says(0, "carried back to it: test_m.py\n")


def test_a_new_test_that_passes_on_the_old_code_proves_nothing(scenario: Scenario) -> None:
    begin(scenario, test="x")
    scenario.run("run").says(1, "it passed there too, with test_m.py as of now")
    scenario.run("check", "--prove").says(
        1, "vacuous: pytest -q test_m.py", "hint: sharpen `expect:`, or say `guard: true`"
    )


def test_old_tests_that_pass_on_the_old_code_are_told_as_such(scenario: Scenario) -> None:
    """What they are changed into is not held against that code, unless the check says so."""
    scenario.write("test_m.py", "from m import x\ndef test_x(): assert x\n")
    begin(scenario, state="task")
    changed = "replace: assert x\n        with: assert x == 2"
    phase = re.sub(r"create: \|\n.*\n.*", changed, scenario.read("phases/phase-1.yaml"))
    scenario.phase(phase)
    hint = "hint: hold test_m.py as of now against the code from before: `fails-at: {state: task}`"
    scenario.run("check", "--prove").says(1, "vacuous: pytest -q test_m.py", hint)
    scenario.run("run").says(1, "it passed there too\n", hint)
    # Done as it says, it proves something.
    scenario.phase(phase.replace("fails-at: task", "fails-at: {state: task}"))
    scenario.run("check", "--prove").says(0, "proves: pytest -q test_m.py")
    scenario.run("run").says(0, "carried back to it: test_m.py", "1 commit")


def test_a_test_that_is_not_there_proves_nothing(scenario: Scenario) -> None:
    begin(scenario, state="{state: phase, with: []}")
    scenario.run("run").says(1, "no test ran there, which proves nothing")


def test_the_same_is_proved_beforehand(scenario: Scenario) -> None:
    begin(scenario)
    scenario.run("check", "--prove").says(0, "assert 1 == 2")


def test_seeing_a_new_test_fail_is_not_vacuous(scenario: Scenario) -> None:
    """It does so on the code from before as well, which is what it is for."""
    scenario.write("m.py", "x = 1\n")
    scenario.write(".gitignore", "__pycache__\n.pytest_cache\n")
    check = "      - verify: pytest -q test_m.py\n        expect: {tests: fail}\n"
    scenario.app(
        PHASE.format(state="task", wanted="2").replace(
            "      - edit: m.py", check + "      - edit: m.py"
        )
    )
    told = "it sees tests fail that are new, as they do on the code from before"
    scenario.run("check", "--prove").says(0, "not tried: pytest", told, "1 not tried, 1 proves")
    scenario.run("run", "--prove").says(0, told, "1 commit")


def test_what_is_not_there_is_named_and_can_be_carried(scenario: Scenario) -> None:
    scenario.write(".gitignore", ".tools\n")
    scenario.app("""
        phase: 1
        goal: Try it.
        tasks:
          - title: One
            steps:
              - edit: app.py
                replace: hello
                with: good day
              - verify: .tools/look app.py
                fails-at: phase
              - commit: "feat: y"
        """)
    scenario.write(".tools/look", "#!/bin/sh\ngrep -q 'good day' $1\n", mode=0o755)
    scenario.run("run").says(1, "exit status 127", "`carry:`")
    scenario.series("carry: .tools")
    scenario.run("check", "--prove").says(0)
    scenario.run("run").says(0, "and fails at the phase's start")
    scenario.run("audit", "1").says(0)


def test_a_setup_that_fails_is_no_proof(scenario: Scenario) -> None:
    scenario.series("setup: exit 3")
    begin(scenario)
    scenario.run("run").says(1, "`setup: exit 3` ended with 3 in a scratch worktree")
