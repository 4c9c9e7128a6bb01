"""What people do to tests in work by hand is told beside the check that passes all the same."""

from __future__ import annotations

import json

import pytest
from handing import CALC, PHASE, TESTS, handed_over
from scenario import Scenario

BY_HAND = PHASE.partition("    delegate:")[0] + "    tasks:" + PHASE.partition("    tasks:")[2]
RIGHT = CALC.replace("-", "+")
SKIPPED = TESTS.replace("def test_two", "@pytest.mark.skip('later')\ndef test_two")
LATER = "newly skipped: tests/test_calc.py::test_two"
FEWER = "tests/test_calc.py: 1 fewer assertion"
CHANGES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "a test is skipped": (
        {"tests/test_calc.py": f"import pytest\n{SKIPPED}"},
        ("before the work by hand: 2 passed, 1 failed", LATER),
    ),
    "the code skips": (
        {
            "src/calc.py": f"import pytest\n{RIGHT}".replace(
                "return", "a * b and pytest.skip('x'); return"
            )
        },
        ("src/calc.py: imports pytest, and is no test", f"{LATER} (x)"),
    ),
    "a test is gone": (
        {"tests/test_calc.py": TESTS.partition("\n\ndef test_two")[0]},
        (FEWER, "tests that are gone: tests/test_calc.py::test_two"),
    ),
    "a test is left out": (
        {"conftest.py": "def pytest_collection_modifyitems(items):\n    del items[2]\n"},
        ("tests that are gone: tests/test_calc.py::test_two",),
    ),
    "an assertion is gone": (
        {"tests/test_calc.py": TESTS.replace("assert calc.add(1, 1) == 2", "calc.add(1, 1)")},
        (FEWER,),
    ),
    "the code is right": ({"src/calc.py": RIGHT}, ()),
    "a test more": (
        {
            "src/calc.py": RIGHT,
            "tests/test_calc.py": f"{TESTS}\n\ndef test_x():\n    assert calc.add(2, 1) == 3\n",
        },
        (),
    ),
}
FILES = "src/calc.py, tests/test_calc.py, conftest.py"


@pytest.mark.parametrize("change", CHANGES)
def test_what_tests_say_less_is_told_and_kept(scenario: Scenario, change: str) -> None:
    files, said = CHANGES[change]
    handed_over(scenario, "", BY_HAND, FILES)
    scenario.run("run").says(4)
    for path, text in files.items():
        scenario.write(path, text)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert [text for text in said if text not in result.stdout] == [], str(result)
    assert ("to be looked at" in result.stdout) == bool(said)
    note = json.loads(scenario.git("notes", "--ref=runbook", "show", "HEAD"))
    kept = [line for each in note["doubts"] for line in each["warnings"]]
    assert len(kept) == result.stdout.count("to be looked at")
    for command in (("log", "last"), ("log", "--commit", "HEAD"), ("show", "1/1"), ("report",)):
        shown = scenario.run(*command)
        missing = [line for line in kept if line not in shown.stdout.replace("\\", "")]
        assert not missing, f"{command}: {missing}\n{shown}"


def test_what_was_skipped_before_is_no_news(scenario: Scenario) -> None:
    scenario.write("tests/test_s.py", "import pytest\n\n\n@pytest.mark.skip\ndef test_s(): pass\n")
    edit = "          - edit: tests/test_calc.py\n            append: |\n              # Sums.\n"
    phase = BY_HAND.replace("          - verify:", f"{edit}          - verify:")
    handed_over(scenario, "", phase, FILES)
    scenario.run("run").says(4)
    scenario.write("src/calc.py", RIGHT)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "to be looked at" not in result.stdout


def test_a_repair_that_weakens_a_test_is_told(scenario: Scenario) -> None:
    phase = BY_HAND.replace(
        "manual: Make `add` in `src/calc.py` add its arguments.\n            files: [FILES]",
        "edit: tests/test_calc.py\n            append: |\n              # Sums.",
    )
    handed_over(scenario, "", phase)
    scenario.run("run").says(1, "the check failed")
    scenario.write("tests/test_calc.py", f"import pytest\n{SKIPPED}# Sums.\n")
    scenario.run("run").says(0, "to be looked at: " + LATER)


def test_what_can_not_be_seen_elsewhere_is_said(scenario: Scenario) -> None:
    handed_over(scenario, "", BY_HAND.replace("pytest -q", "build/pytest -q"), FILES)
    scenario.write("build/pytest", 'pytest "$@"\n', mode=0o755)
    scenario.run("run").says(4)
    scenario.write("src/calc.py", RIGHT)
    scenario.write("tests/test_calc.py", f"{TESTS}# Sums.\n")
    scenario.run("run").says(
        0, "to be looked at: what tests did before can't be seen: exit status 127 elsewhere"
    )


def test_what_is_taken_as_done_by_its_command_is_looked_at_as_well(scenario: Scenario) -> None:
    handed_over(scenario, "", BY_HAND, FILES)
    scenario.run("run").says(4)
    scenario.write("tests/test_calc.py", TESTS.replace("assert calc.add(1, 1) == 2", "pass"))
    scenario.run("done").says(0, f"to be looked at: {FEWER}")
    result = scenario.run("run")
    result.says(0, "is complete")
    assert "to be looked at" not in result.stdout


def test_what_could_not_be_loaded_before_is_not_told_as_new(scenario: Scenario) -> None:
    """A file that is new is."""
    skipping = "import pytest\n\n\n@pytest.mark.skip('x')\ndef test_{}(): pass\n"
    loaded = "from src.other import NEW\n" + skipping.format("s")
    scenario.write("tests/test_s.py", loaded)
    handed_over(scenario, "", BY_HAND, f"{FILES}, src/other.py, tests/test_new.py")
    scenario.run("run").says(4)
    scenario.write("src/calc.py", RIGHT)
    scenario.write("src/other.py", "NEW = 1\n")
    scenario.write("tests/test_new.py", skipping.format("new") + "\n\ndef test_it(): pass\n")
    result = scenario.run("run")
    result.says(0, "newly skipped: tests/test_new.py::test_new (x)")
    assert "test_s" not in result.stdout.replace("test_s.py: a test", "")


def test_tests_of_a_file_that_can_not_be_loaded_as_expected_are_not_gone(
    scenario: Scenario,
) -> None:
    phase = BY_HAND.replace("{tests: pass}", "{tests: {fails-with: ImportError}}")
    handed_over(scenario, "", phase, FILES)
    scenario.run("run").says(4)
    scenario.write("tests/test_calc.py", f"from src.calc import product\n{TESTS}")
    result = scenario.run("run")
    result.says(0, "1 not collected", "as expected")
    assert "to be looked at" not in result.stdout


def test_work_that_was_done_before_its_turn_is_kept_until_then(scenario: Scenario) -> None:
    edit = "          - edit: src/other.py\n            append: MORE = 1\n          - manual:"
    handed_over(scenario, "", BY_HAND.replace("          - manual:", edit, 1))
    scenario.write("src/calc.py", RIGHT)
    stash = "git stash push -- src/calc.py"
    scenario.run("run").says(1, f"if it is what step-2 asks for: `{stash}`, run, and `git stash")
    scenario.git(*stash.split()[1:])
    scenario.run("run").says(4, "not changed yet: src/calc.py")
    scenario.git("stash", "pop")
    scenario.run("run").says(0, "changed by hand: src/calc.py")
    assert sorted(scenario.paths()) == ["src/calc.py", "src/other.py"]


def test_work_that_names_no_files_is_said_to_wait_for_none(scenario: Scenario) -> None:
    phase = BY_HAND.replace("            files: [FILES]\n", "").replace(
        '- commit: "fix: sums"', '- commit: "fix: sums"\n            files: src/calc.py'
    )
    handed_over(scenario, "", phase)
    said = (
        "not changed yet: src/calc.py\n  none of them needs to be: a new run takes the work as done"
    )
    scenario.run("run").says(4, said)


TEST_FIRST = """
    phase: 1
    goal: Say bye.
    tasks:
      - title: Say bye
        steps:
          - manual: Write a test of `bye`.
            files: [bye.sh]
          - verify: sh bye.sh
            expect: {exit: nonzero}
          - manual: Write `bye`.
            files: [app.py]
          - verify: sh bye.sh
          - commit: "feat: say bye"
"""


@pytest.mark.parametrize("made", [True, False])
def test_a_test_changed_with_the_work_that_it_failed_without(
    scenario: Scenario, made: bool
) -> None:
    scenario.app(TEST_FIRST)
    scenario.run("run").says(4, "step-1")
    scenario.write("bye.sh", "grep -q 'def bye' app.py\n")
    scenario.run("run").says(4, "as expected", "step-3")
    scenario.write("bye.sh", "grep -q 'return' app.py\ngrep -q 'def bye' app.py\n")
    if made:
        scenario.write("app.py", "def bye():\n    return 'bye'\n")
    again = "task-1: Say bye goes on from step-2"
    foreseen = scenario.run("run", "--dry-run")
    assert (again in foreseen.stdout) != made, "it can fail only without the work"
    done = scenario.run("run")
    if made:
        done.says(0, "changed by hand since, and kept: bye.sh", "as expected", "1 commit")
        return
    done.says(4, "as expected", "step-3")
