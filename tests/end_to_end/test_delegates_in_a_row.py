"""Delegates of several steps in a row: each is judged, and the last one with what came before."""

from __future__ import annotations

import pytest
from handing import MEND, PHASE, append, handed_over
from scenario import Scenario

ROW = PHASE.replace(
    "          - verify:",
    "          - manual: Make `src/other.py` say 2.\n"
    "            files: [src/other.py]\n"
    "          - verify:",
)
SKIPS = append("src/calc.py", "def add(a, b):\n import pytest; pytest.skip('x')\n")


def agents(first: str, second: str) -> str:
    return f"case $RUNBOOK_STEP in\n*/step-1)\n{first}\n;;\n*)\n{second}\n;;\nesac\n"


OTHER = "echo OTHER = 2 > src/other.py"
FIRST = {
    "a function that skips": (SKIPS, "newly skipped: tests/test_calc.py::test_nothing (x)"),
    "a conftest of its own": (
        f"{MEND}; echo 'collect_ignore = [\"test_calc.py\"]' > tests/conftest.py",
        "tests/conftest.py was made",
    ),
    "another file's flag": (
        f"{MEND}; git update-index --skip-worktree src/other.py",
        "src/other.py",
    ),
    "pytest replaced": (
        append("src/calc.py", "import _pytest.python\n_pytest.python.Function.runtest = id\n"),
        "functions of pytest, or tests, were replaced while they ran",
    ),
}


@pytest.mark.parametrize("trick", FIRST)
def test_the_first_is_refused_at_its_own_step(scenario: Scenario, trick: str) -> None:
    agent, said = FIRST[trick]
    handed_over(scenario, agents(agent, OTHER), ROW)
    result = scenario.run("run")
    result.says(4, "did not do it in 1 attempt", said)
    assert "step-2: attempt" not in result.stdout
    assert scenario.status() == ""


BOTH = ROW.replace("pytest -q tests", "pytest -q tests && grep -q 2 src/other.py").replace(
    "[FILES]", "[src/calc.py, tests/test_calc.py, tests/conftest.py]"
)
LAST = {
    "a test that is easy": (
        "echo '# x' >> src/calc.py; sed -i 's/add(1, 1) == 2/add(1, 1) < 9/' tests/test_calc.py",
        "tests as they were do not pass on the new code: tests/test_calc.py::test_two "
        "(changed at step-1, before this step)",
    ),
    "a test that is wrong": (
        "echo '# x' >> src/calc.py; sed -i 's/add(1, 1) == 2/add(1, 1) == 0/' tests/test_calc.py",
        "test_two (changed at step-1, before this step)",
    ),
    "a conftest that mends the source": (
        "echo '# x' >> src/calc.py; printf 'from src import calc\\n"
        "calc.add = lambda a, b: a + b\\n' > tests/conftest.py",
        "no test shows the work",
    ),
}


@pytest.mark.parametrize("trick", LAST)
def test_what_only_shows_with_the_last_is_told_of_the_first(scenario: Scenario, trick: str) -> None:
    agent, said = LAST[trick]
    handed_over(scenario, agents(agent, OTHER), BOTH)
    result = scenario.run("run")
    result.says(4, "step-2: attempt 1 of 1", said)
    # What was accepted stays, and `retry` takes it back.
    assert " M src/calc.py" in scenario.status()
    assert scenario.run("retry", "--delegate", "true").status == 4
    assert scenario.status() == ""


def test_what_was_lost_before_a_step_is_told_as_lost_before_it(scenario: Scenario) -> None:
    scenario.write("src/cases.py", "CASES = [1, 2]\n")
    scenario.write(
        "tests/test_p.py",
        "import pytest\nfrom src.cases import CASES\n"
        '@pytest.mark.parametrize("x", CASES)\ndef test_p(x): assert x\n',
    )
    phase = BOTH.replace("tests/conftest.py", "src/cases.py")
    # What can't be loaded yet hides that there is one less.
    agent = (
        f"{MEND}; echo 'from src.other import NEW' >> src/calc.py; "
        "echo 'CASES = [1]' > src/cases.py"
    )
    handed_over(scenario, agents(agent, "echo NEW = 2 > src/other.py"), phase)
    scenario.run("run").says(
        4,
        "step-2: attempt 1 of 1",
        "no longer run: tests/test_p.py::test_p[2] (so before this step, by what was done at "
        "step-1 (src/calc.py, src/cases.py))",
    )


def test_what_was_not_good_before_a_step_is_said_to_be_judged_with_it(scenario: Scenario) -> None:
    handed_over(scenario, agents("echo '# x' >> src/calc.py", OTHER), ROW)
    scenario.run("run").says(
        4,
        "step-2: attempt 1 of 1",
        "not good yet",
        "judged with what was done at step-1 (src/calc.py)",
    )


def test_honest_work_in_a_row_is_accepted(scenario: Scenario) -> None:
    """The first breaks what passed before, and the second mends it; both are told of the check."""
    scenario.write("tests/test_other.py", "from src.other import OTHER\ndef test_o(): OTHER\n")
    brief = f"cat > {scenario.folder}/brief.$RUNBOOK_ATTEMPT.${{RUNBOOK_STEP##*-}}\n"
    first = f"{MEND}; echo 'from src.other import NEW' >> src/calc.py"
    second = "echo NEW = OTHER = 2 > src/other.py"
    handed_over(scenario, brief + agents(first, second), ROW)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.paths() == ["src/calc.py", "src/other.py"]
    told = [(scenario.folder / f"brief.1.{n}").read_text() for n in (1, 2)]
    assert ["It is to be met once step-2 is done, which comes after this." in t for t in told] == [
        True, False,
    ]  # fmt: skip
    # What the second is held against is known from the first.
    assert "step-2: before it" not in result.stdout


def test_after_a_kill_the_row_is_held_against_the_same(scenario: Scenario) -> None:
    agent, said = LAST["a test that is easy"]
    handed_over(scenario, agents(agent, "exit 1"), BOTH)
    scenario.run("run").says(4, "none of the files was changed")
    (scenario.folder / "agent.sh").write_text(agents("true", OTHER))
    scenario.run("run").says(4, said)


def test_an_edit_between_is_not_held_against_the_second(scenario: Scenario) -> None:
    """Nor what a person did between: that is looked at elsewhere."""
    edit = (
        "          - edit: tests/test_calc.py\n            replace: def test_one\n"
        "            with: def test_first\n          - manual: Make `src/other.py`"
    )
    handed_over(
        scenario, agents(MEND, OTHER), BOTH.replace("          - manual: Make `src/other.py`", edit)
    )
    result = scenario.run("run")
    assert result.status == 0, str(result)


def test_a_check_after_a_question_judges_the_work(scenario: Scenario) -> None:
    phase = PHASE.replace("          - verify:", "          - confirm: Right?\n          - verify:")
    handed_over(scenario, SKIPS, phase)
    scenario.run("run", "--yes").says(4, "newly skipped: tests/test_calc.py::test_nothing (x)")
