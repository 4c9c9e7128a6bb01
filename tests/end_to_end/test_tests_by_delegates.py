"""Tests that a delegate may change: as they were, and on the code from before."""

from __future__ import annotations

import pytest
from handing import CALC, MEND, PHASE, TESTS, append, handed_over
from ondemand import ON_DEMAND, some
from scenario import Scenario


def test_tests_that_are_rewritten_are_listed(scenario: Scenario) -> None:
    agent = f"{MEND}; sed -i 's/add(0, 0) == 0/add(0, 0) == 1/' tests/test_calc.py\n" + append(
        "src/calc.py", "def add(a, b):\n    return a + b or 1\n"
    )
    handed_over(scenario, agent, files="src/calc.py, tests/test_calc.py")
    result = scenario.run("run")
    assert result.status == 4
    assert "tests as they were do not pass on the new code: tests/test_calc.py::test_nothing" in (
        result.raw
    )
    path = scenario.root / "phases/phase-1.yaml"
    path.write_text(
        path.read_text().replace(
            "- verify:", "  rewrites: tests/test_calc.py::test_nothing\n      - verify:"
        )
    )
    result = scenario.run("run")
    assert result.status == 0, str(result)


def test_a_test_that_is_named_is_not_mended_in_place_of_the_code(scenario: Scenario) -> None:
    agent = "sed -i 's/== 2/== 0/' tests/test_calc.py; echo '# mended' >> src/calc.py"
    handed_over(scenario, agent, files="src/calc.py, tests/test_calc.py")
    result = scenario.run("run")
    assert result.status == 4
    assert "do not pass on the new code: tests/test_calc.py::test_two" in result.raw


RIGHT = CALC.replace("-", "+")
MUL = append("src/calc.py", "\n\ndef mul(a, b):\n    return a * b\n")
NO_MUL = MUL.replace("a * b", "0")
TEST_MUL = append("tests/test_calc.py", "\n\ndef test_mul():\n    assert calc.mul(2, 3) == 6\n")
TEST_NOTHING = append("tests/test_calc.py", "\n\ndef test_mul():\n    assert True\n")
TEST_OLD = append("tests/test_calc.py", "\n\ndef test_five():\n    assert calc.add(2, 3) == 5\n")
TIDIED = "sed -i 's/a + b/b + a/' src/calc.py"
FOUR = ("tests: pass", "tests: {passed: 4}")
SEEN = ("expect: {tests: pass}", "expect: {tests: pass}\n            fails-at: {state: task}")
REWRITES = ("files:", "rewrites: tests/test_calc.py::test_two\n            files:")
STRICT = ("attempts: 1", "attempts: 1\n      strict: true")
EASY = "sed -i 's/assert calc.add(1, 1) == 2/assert True/' tests/test_calc.py"
WRONG = "sed -i 's/== 2/== 0/' tests/test_calc.py"
NOTHING_SHOWN = "no test shows the work: all that pass now pass on the code from before as well"
LOOK = "new tests that pass on the code from before, too: tests/test_calc.py::test_"


@pytest.mark.parametrize(
    ("calc", "agent", "changes", "status", "said"),
    [
        (RIGHT, MUL + TEST_MUL, (FOUR,), 0, "accepted"),
        (RIGHT, NO_MUL + TEST_NOTHING, (FOUR,), 4, NOTHING_SHOWN),
        (RIGHT, MUL + TEST_MUL, (SEEN,), 0, "accepted"),
        (RIGHT, NO_MUL + TEST_NOTHING, (SEEN,), 4, NOTHING_SHOWN),
        # Nothing was to be mended: it may as well be a tidier way to the same.
        (RIGHT, f"{TIDIED}\n{TEST_OLD}", (), 0, f"{LOOK}five"),
        (RIGHT, f"{TIDIED}\n{TEST_OLD}", (STRICT,), 4, f"{LOOK}five"),
        (CALC, f"{MEND}\n{TEST_NOTHING}", (), 0, f"{LOOK}mul"),
        (CALC, f"{MEND}\n{TEST_NOTHING}", (STRICT,), 4, f"{LOOK}mul"),
        (CALC, f"echo '# x' >> src/calc.py; {EASY}", (REWRITES,), 4, NOTHING_SHOWN),
        # The test alone was wrong, and is all that may change.
        (CALC, WRONG, (REWRITES, ("src/calc.py, ", "")), 0, "accepted"),
    ],
)  # fmt: skip
def test_new_tests_are_held_against_the_code_from_before(
    scenario: Scenario,
    calc: str,
    agent: str,
    changes: tuple[tuple[str, str], ...],
    status: int,
    said: str,
) -> None:
    phase = PHASE.replace("FILES", "src/calc.py, tests/test_calc.py")
    for old, new in changes:
        assert old in phase
        phase = phase.replace(old, new)
    handed_over(scenario, agent, phase, calc=calc)
    result = scenario.run("run")
    result.says(status, said)


def test_edits_before_the_check_are_made_on_the_code_from_before_as_well(
    scenario: Scenario,
) -> None:
    edit = "          - edit: src/calc.py\n            append: |\n              SUMS = 1\n"
    phase = PHASE.replace("          - verify:", f"{edit}          - verify:")
    agent = f"echo '# x' >> src/calc.py; {EASY}"
    phase = phase.replace(*REWRITES)
    handed_over(scenario, agent, phase, "src/calc.py, tests/test_calc.py")
    scenario.run("run").says(4, NOTHING_SHOWN)


TEST_SUB = (
    "from src.calc import add, sub\n\n\ndef test_a():\n    assert add(1, 1) == 2\n\n\n"
    "def test_s():\n    assert sub(1, 1) == 0\n"
)
NO_SUB = f"{MEND}; sed -i '/def sub/,$d' src/calc.py; sed -i 's/, sub//' tests/test_sub.py"
TEST_TIMES = "from src.calc import mul\n\n\ndef test_times():\n    assert mul(2, 3) == 6\n"
GUTTED = "sed -i 's/== 6/!= 6 or True/' tests/test_times.py"
EASY_TWO = f"sed -i 's/a - b/a - b  # x/' src/calc.py; {EASY}\n"
SEES_IT = "from pathlib import Path\nif 'True' not in Path('tests/test_calc.py').read_text():\n    "
NOT_AS_THEY_WERE = "tests as they were do not pass on the new code: tests/"


@pytest.mark.parametrize(
    ("agent", "named", "status", "said"),
    [
        # What a test imports is gone, and so is what the others beside it said.
        (f"{NO_SUB}; sed -i '/def test_s/,$d' tests/test_sub.py", "test_sub", 4, "test_sub.py;"),
        # Nobody could load it before.
        (f"{MEND}\n{NO_MUL}\n{GUTTED}", "test_times", 4, "test_times.py::test_times;"),
        (f"{MEND}\n{MUL}\necho '# mul' >> tests/test_times.py", "test_times", 0, ""),
        # A new file keeps those that were there from being loaded, or run.
        (EASY_TWO + append("tests/test_a.py", f"{SEES_IT}1 / 0\n"), "test_a", 4, "test_calc.py::"),
        (
            EASY_TWO + append("tests/test_a.py", f"{SEES_IT}__import__('os')._exit(0)\n"),
            "test_a",
            4,
            "test_calc.py;",
        ),
    ],
)
def test_tests_as_they_were_that_are_not_run_prove_nothing(
    scenario: Scenario, agent: str, named: str, status: int, said: str
) -> None:
    calc = CALC
    if named == "test_sub":
        scenario.write("tests/test_sub.py", TEST_SUB)
        calc += "\n\ndef sub(a, b):\n    return a - b\n"
    elif named == "test_times":
        scenario.write("tests/test_times.py", TEST_TIMES)
    else:
        agent += "echo 'def test_more(): pass' >> tests/test_a.py\n"
    handed_over(
        scenario, agent, files=f"src/calc.py, tests/test_calc.py, tests/{named}.py", calc=calc
    )
    scenario.run("run").says(status, NOT_AS_THEY_WERE + said if status else "accepted")


def test_a_file_of_tests_that_is_to_be_rewritten_need_not_be_loaded(scenario: Scenario) -> None:
    scenario.write("tests/test_sub.py", TEST_SUB)
    phase = PHASE.replace("files:", "rewrites: tests/test_sub.py\n            files:")
    agent = f"{NO_SUB}; sed -i '/def test_s/,$d' tests/test_sub.py"
    calc = f"{CALC}\n\ndef sub(a, b):\n    return a - b\n"
    handed_over(scenario, agent, phase, "src/calc.py, tests/test_sub.py", calc)
    scenario.run("run").says(0, "accepted")


def test_a_conftest_as_it_was_is_loaded_on_the_new_code(scenario: Scenario) -> None:
    scenario.write("tests/conftest.py", "from src.calc import ZERO\n")
    agent = f"{MEND}; sed -i /ZERO/d src/calc.py; echo > tests/conftest.py; {EASY}"
    files = "src/calc.py, tests/test_calc.py, tests/conftest.py"
    handed_over(scenario, agent, files=files, calc=f"{CALC}ZERO = 0\n")
    scenario.run("run").says(4, f"{NOT_AS_THEY_WERE}conftest.py;")


@pytest.mark.parametrize(
    ("agent", "named", "status", "said"),
    [
        (f"{MEND}; sed -i s/test_one/test_1/ tests/test_calc.py", "tests/test_calc.py", 0, ""),
        (f"{MEND}; sed -i s/test_one/test_1/ tests/test_calc.py", "src/calc.py", 4, "was changed"),
        (f"{MEND}; echo 'X = 1' >> tests/conftest.py", "tests/conftest.py", 0, ""),
        (f"{MEND}; sed -i 's/^addopts.*/& -rf/' pytest.ini", "pytest.ini", 0, ""),
        (f"{WRONG}; echo '# x' >> src/calc.py", "tests/test_calc.py", 4, NOT_AS_THEY_WERE),
        (
            f"{MEND}; sed -i '/^def one/,$d' src/calc.py; sed -i 's/, one//' tests/test_one.py",
            "tests/test_one.py",
            4,
            f"{NOT_AS_THEY_WERE}test_one.py;",
        ),
    ],
)
@pytest.mark.parametrize("number", range(2 if ON_DEMAND else 1))
def test_pytest_may_have_a_root_of_its_own(
    scenario: Scenario, agent: str, named: str, status: int, said: str, number: int
) -> None:
    """The folder of its settings, as packages of one repository have them: paths are from there."""
    inside = some((True, False), 1, f"roots for {agent} {named}")[number]
    phase, folder = PHASE, "backend/"
    if inside:
        phase = PHASE.replace("goal:", "workdir: backend\n    goal:").replace("../ag", "../../ag")
        folder = ""
    else:
        phase = PHASE.replace("pytest -q", "cd backend && pytest -q")
        agent = f"cd backend; {agent}"
    one = "\n\ndef one():\n    return 1\n"
    scenario.write("backend/src/calc.py", CALC + one)
    scenario.write("backend/tests/test_calc.py", TESTS)
    test_one = "from src.calc import add, one\n\n\ndef test_and():\n    assert add(1, 0) == 1\n"
    scenario.write("backend/tests/test_one.py", test_one)
    scenario.write("backend/pytest.ini", "[pytest]\naddopts = -p no:cacheprovider\n")
    handed_over(scenario, agent, phase, f"{folder}src/calc.py, {folder}{named}")
    scenario.run("run").says(status, said or "accepted")
