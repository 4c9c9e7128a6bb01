"""RB119: tests and scripts that commands name, and neither the repository nor an edit has."""

from __future__ import annotations

import pytest
from scenario import Scenario

from runbook.core.lint.nodeids import absent

TESTS = """\
class TestPrices(Base):
    def test_net(self): ...

class TestRates:
    async def test_half(self): ...

def test_all(): ...
made = parametrized("test_made")
"""


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ("test_all", None),
        ("TestRates::test_half", None),
        ("test_made", None),
        ("TestPrices::test_inherited", None),
        ("test_none", "test_none"),
        ("TestRates::test_whole", "test_whole"),
        ("TestNone::test_half", "TestNone"),
    ],
)
def test_absent(node: str, expected: str | None) -> None:
    assert absent(tuple(node.split("::")), TESTS) == expected


def phase(*steps: str) -> str:
    listed = "".join(f"      - {step}\n" for step in steps)
    return f"phase: 1\ngoal: Look.\ntasks:\n  - title: Look\n    steps:\n{listed}"


WANTED = "verify: pytest test_app.py::test_politeness\n        expect: {tests: pass}"


def test_it_is_named_with_what_is_near(scenario: Scenario) -> None:
    scenario.app(phase(WANTED.replace("politeness", "greeting_is_polit")))
    scenario.run("check").says(
        1,
        "phases/phase-1.yaml:6:37: RB119: test_app.py has no `test_greeting_is_polit`",
        "hint: did you mean `test_greeting_is_polite`?",
    )


@pytest.mark.parametrize("key", ["passed", "failed", "skipped", "xfailed", "deselected", "rerun"])
def test_so_is_one_that_is_expected(scenario: Scenario, key: str) -> None:
    wanted = f'expect: {{tests: {{{key}: ["test_app.py::test_greeting_is_polit[x]"]}}}}'
    scenario.app(phase(f"verify: pytest test_app.py\n        {wanted}"))
    at = wanted.index("test_greeting") + 9
    scenario.run("check").says(
        1,
        f"phases/phase-1.yaml:7:{at}: RB119: test_app.py has no `test_greeting_is_polit`",
        "hint: did you mean `test_greeting_is_polite`?",
    )


@pytest.mark.parametrize(
    "before",
    [
        "edit: test_app.py\n        append: |\n          def test_politeness(): ...",
        "manual: Add a test.\n        files: [test_app.py]",
        "run: make tests\n        files: [{glob: '*.py'}]",
    ],
)
def test_what_may_be_made_by_then_is_not_judged(scenario: Scenario, before: str) -> None:
    scenario.app(phase(before, WANTED, 'commit: "test: politeness"'))
    assert "RB119" not in str(scenario.run("check"))


GONE = "is not there: git has never had it, and no step makes it"


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("pytest -q test_none.py", ["test_none.py"]),
        ("pytest test_none.py::test_it test_app.py", ["test_none.py"]),
        ("uv run python -m pytest tests/test_none.py -v", ["tests/test_none.py"]),
        ("python -u tools/mend.py --all", ["tools/mend.py"]),
        ("cd tools && bash -eu mend.sh", ["tools/mend.sh"]),
        ("./tools/mend.sh && node tools/mend.mjs", ["tools/mend.sh", "tools/mend.mjs"]),
        # What is not for sure: values of options, what may be made or looked for before.
        ("pytest -k none.py --ignore none.py -c none.py test_app.py", []),
        ("python -m none.py", []),
        ("python -c none.py", []),
        ("echo 1 > none.py && python none.py", []),
        ("test -e none.py && python none.py", []),
        ('cd "$SOMEWHERE" && python none.py', []),
        ("python /opt/none.py && python ~/none.py && python $HERE/none.py", []),
        ("git show HEAD:none.py && cat none.py && ls none.sh", []),
        # Launched in another folder, or on another system.
        ("uv run --directory back pytest test_none.py", []),
        ("npm --prefix web exec node none.mjs && env -C back bash none.sh", []),
        ("docker compose run app pytest test_none.py", []),
        ("python app.py", []),
        ("python build/none.py", []),
        ("python .venv/bin/none.py", []),
        ("python committed_once.py", []),
    ],
)
def test_a_test_or_a_script_that_is_nowhere(
    scenario: Scenario, command: str, paths: list[str]
) -> None:
    scenario.write(".gitignore", "build/\n")
    scenario.write("committed_once.py", "")
    scenario.series("carry: .venv")
    scenario.app(phase(f"verify: {command}"))
    scenario.git("rm", "-q", "committed_once.py")
    scenario.git("commit", "-qm", "Without it")
    shown = scenario.run("check").stdout
    assert [path for path in paths if f"RB119: {path} {GONE}" in shown] == paths, shown
    assert shown.count("RB119") == len(paths), shown


@pytest.mark.parametrize(
    "before",
    [
        "edit: test_none.py\n        create: |\n          def test_politeness(): ...",
        "manual: Add a test.\n        files: [test_none.py]",
        "manual: Add a test.",
        "run: make tests\n        files: [{glob: '*.py'}]",
    ],
)
def test_what_a_step_may_make_is_not_missed(scenario: Scenario, before: str) -> None:
    wanted = WANTED.replace("test_app", "test_none")
    scenario.app(phase(before, wanted, 'commit: "test: politeness"\n        files: test_none.py'))
    assert "RB119" not in str(scenario.run("check"))


def test_a_command_that_is_to_fail_may_name_anything(scenario: Scenario) -> None:
    scenario.app(phase("verify: pytest test_none.py\n        expect: {exit: 4}"))
    assert "RB119" not in str(scenario.run("check"))


def test_where_a_name_is_alike_it_is_told(scenario: Scenario) -> None:
    scenario.app(phase("verify: pytest tests_app.py\n        expect: {tests: pass}"))
    scenario.run("check").says(
        1,
        f"phases/phase-1.yaml:6:24: RB119: tests_app.py {GONE}",
        "hint: did you mean `test_app.py`?",
    )


def test_of_a_task_that_is_done_nothing_is_missed(scenario: Scenario) -> None:
    scenario.app(phase("verify: pytest -q test_app.py", "edit: test_app.py\n        delete: true"))
    scenario.run("run").says(0)
    scenario.git("add", "-A")
    scenario.git("commit", "-qm", "Without tests")
    assert "RB119" not in str(scenario.run("check"))


@pytest.mark.parametrize(
    ("command", "missing"),
    [
        ("cd back && pytest test_app.py::test_ends", None),
        ("cd back && pytest test_app.py::test_greeting_is_polite", "back/test_app.py"),
        ("(cd back && ls) && pytest test_app.py::test_ends", "test_app.py"),
        ("cd back/.. && pytest back/test_app.py::test_none", "back/test_app.py"),
        ("uv run --directory back pytest test_app.py::test_ends", None),
        ('cd "$BACK" && pytest test_app.py::test_ends', None),
    ],
)
def test_its_file_stands_where_the_command_goes(
    scenario: Scenario, command: str, missing: str | None
) -> None:
    (scenario.root / "back").mkdir()
    (scenario.root / "back" / "test_app.py").write_text("def test_ends(): ...\n")
    scenario.app(phase(f"verify: {command}\n        expect: {{tests: pass}}"))
    if missing is None:
        scenario.run("check").says(0)
    else:
        scenario.run("check").says(1, f"RB119: {missing} has no `")
