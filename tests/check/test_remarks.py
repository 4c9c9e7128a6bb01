"""Findings are ignored by a comment that says why, and formats are for programs."""

from __future__ import annotations

import pytest
from lines import valid_lines
from scenario import CHECKED, Scenario

HIDDEN = CHECKED.replace("pytest -q test_app.py", "pytest -q test_app.py || true")
VERIFY = "      - verify: pytest -q test_app.py || true\n"
SAYS = "# runbook: ignore RB103 the status does not matter here"


@pytest.mark.parametrize(
    "lines",
    [
        f"      {SAYS}\n{VERIFY}",
        f"      {SAYS}\n      # More is said.\n{VERIFY}",
        f"{VERIFY.rstrip()}  {SAYS}\n",
        f"      - verify: |  {SAYS}\n          pytest -q test_app.py || true\n",
        f"{VERIFY.rstrip()}  # runbook: ignore RB103, no matter\n",
        VERIFY.replace("ve", "title: Look\n        # runbook: ignore RB103 so\n        ve"),
    ],
)  # fmt: skip
def test_a_comment_above_or_at_the_line(scenario: Scenario, lines: str) -> None:
    scenario.app(HIDDEN.replace(VERIFY, lines))
    scenario.run("check").says(0, "no mistakes")


def test_several_codes(scenario: Scenario) -> None:
    both = VERIFY.replace("pytest", "uvx pytest")
    scenario.app(HIDDEN.replace(VERIFY, f"      # runbook: ignore RB103 RB110 an old tool\n{both}"))
    scenario.run("check").says(0)
    scenario.phase(HIDDEN.replace(VERIFY, f"      {SAYS}\n{both}"))
    scenario.run("check").says(1, "RB110: `pytest` is fetched in the version of the day")


def test_a_text_is_no_comment(scenario: Scenario) -> None:
    text = f"      - edit: x.md\n        create: |\n          {SAYS}\n{VERIFY}"
    scenario.app(HIDDEN.replace(VERIFY, text))
    result = scenario.run("check")
    result.says(1, "phases/phase-1.yaml:12:39: RB103: `|| true` turns every failure into success")
    assert "RB100" not in result.stdout


def test_the_series_has_remarks_of_its_own(scenario: Scenario) -> None:
    remark = "  # runbook: ignore RB111 as in the image\n"
    service = f"services:\n{remark}  - name: db\n    run: /opt/db/bin/db\n"
    scenario.series(service)
    scenario.app(CHECKED)
    scenario.run("check").says(0, "no mistakes")
    scenario.series(service.replace(remark, ""))
    scenario.phase(
        CHECKED.replace("phase: 1", "phase: 2")
        .replace('"hello"', '"good day"')
        .replace('with: return "good day"', 'with: return "bye"'),
        "phase-2",
    )
    result = scenario.run("check")
    assert result.stdout.count("RB111") == 1, "a service of all phases is told once"
    result.says(1, "phases/runbook.yaml:3:10: RB111")


def test_a_finding_in_words(scenario: Scenario) -> None:
    scenario.app(HIDDEN)
    scenario.run("check").shows(
        1,
        """
        phases/phase-1.yaml:9:39: RB103: `|| true` turns every failure into success
            9 |       - verify: pytest -q test_app.py || true
              |                                       ^^^^^^^
              = hint: let it fail, or state the status that is right with `expect: {exit: …}`

        phases/phase-1.yaml: 1 task, 3 steps, 1 finding
        """,
    )


def test_for_programs(scenario: Scenario) -> None:
    scenario.app(HIDDEN.replace('"hello"', '"hi"'))
    result = scenario.run("check", "--format", "json")
    assert result.raw == scenario.run("check", "--json").raw
    conflict, lint = valid_lines(result.raw)
    place = {"path": "phases/phase-1.yaml", "line": 7, "column": 9}
    assert (conflict["v"], conflict["kind"], conflict["at"]) == (1, "conflict", place)
    assert conflict["target"] == "app.py"
    assert conflict["near"]["lines"] == {"first": 2, "last": 2}
    assert conflict["near"]["difference"] == '-return "hi"\n+    return "hello"'
    assert (lint["kind"], lint["code"], lint["step"]) == ("lint", "RB103", "phase-1/task-1/step-2")
    scenario.phase(CHECKED.replace("goal", "gaol"))
    result = scenario.run("check", "--json")
    assert result.status == 2
    (mistake,) = valid_lines(result.raw)
    assert (mistake["kind"], mistake["at"]["line"]) == ("mistake", 2)


def test_for_github(scenario: Scenario) -> None:
    scenario.write("below/x", "")
    scenario.app(HIDDEN)
    scenario.run("check", "--format", "github", cwd=scenario.root / "below").shows(
        1,
        "::error file=phases/phase-1.yaml,line=9,endLine=9,col=39,endColumn=45,title=RB103::"
        "`|| true` turns every failure into success%0Alet it fail, or state the status that is "
        "right with `expect: {exit: …}`",
    )
    scenario.phase(CHECKED.replace("goal", "gaol"))
    scenario.run("check", "--format", "github").says(2, "::error file=phases/phase-1.yaml,line=2")


@pytest.mark.parametrize("expected", ["empty: true", "line-count: 0", "absent: missing"])
def test_what_a_message_is_judged_by_is_no_lost_failure(scenario: Scenario, expected: str) -> None:
    hidden = "verify: grep -q hello app.py || echo missing"
    scenario.app(HIDDEN.replace(VERIFY, f"      - {hidden}\n        expect: {{{expected}}}\n"))
    assert "RB103" not in scenario.run("check").stdout
