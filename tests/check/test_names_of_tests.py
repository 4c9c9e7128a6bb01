"""RB119: a check of a test that neither the repository nor an edit has."""

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


def test_a_file_that_is_not_there_is_nobody_elses_matter(scenario: Scenario) -> None:
    scenario.app(phase(WANTED.replace("test_app", "test_none")))
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
