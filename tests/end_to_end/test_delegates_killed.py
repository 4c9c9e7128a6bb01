"""Attempts that are broken off: what they left is put back, and work that was accepted stays."""

from __future__ import annotations

import signal

import pytest
from handing import CALC, MEND, PHASE, SEARCHED, cut, handed_over
from scenario import Scenario

SLOW = """
if test ! -e ../again; then
    sed -i 's/a - b/half/' src/calc.py
    echo OTHER = 2 > src/other.py
    echo x > src/new.py
    echo theirs > mine.txt
    git tag t
    git add src/calc.py
    touch ../there
    sleep 1000
fi
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("where", ["in an attempt", "in its judgement"])
def test_an_attempt_that_is_broken_off_begins_anew(
    scenario: Scenario, where: str, how: signal.Signals
) -> None:
    phase, agent = SEARCHED, SLOW + MEND
    if where == "in its judgement":
        check = "grep -q 'a - b' src/calc.py || test -e {0}/again || (touch {0}/there; sleep 1000)"
        command = f"verify: {check.format(scenario.folder)}\n"
        phase, agent = PHASE.replace("verify: pytest -q tests\n", command), MEND
        phase = phase.replace("            expect: {tests: pass}\n", "")
    handed_over(scenario, agent, phase)
    scenario.write("mine.txt", "mine\n")
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    process.send_signal(how)
    result = scenario.end(process)
    if how != signal.SIGKILL:
        assert result.status == 128 + how, str(result)
        assert "broken off, and put back" in result.raw
        assert scenario.status() == "?? mine.txt"
        assert scenario.read("src/calc.py") == CALC
    path = scenario.root / "phases/phase-1.yaml"
    path.write_text(path.read_text().replace("Sums are right.", "Sums are right now."))
    (scenario.folder / "again").touch()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.git("tag") == ""
    assert scenario.read("mine.txt") == "mine\n"
    assert scenario.status() == " M phases/phase-1.yaml\n?? mine.txt"
    assert scenario.paths() == ["src/calc.py"]
    assert scenario.git("show", "HEAD:src/calc.py") == CALC.replace("-", "+").rstrip("\n")


def test_work_that_was_not_accepted_is_nobodys_after_a_kill(scenario: Scenario) -> None:
    agent = "if [ -e ../right ]; then sed -i 's/a - b/a + b/' src/calc.py; "
    agent += "else sed -i 's/a - b/a * b/' src/calc.py; fi"
    handed_over(scenario, agent, SEARCHED)
    assert scenario.run("run").status == 4
    # Once the first attempt was judged.
    cut(scenario, "AttemptEnded")
    scenario.write("src/calc.py", CALC.replace("a - b", "a * b"))
    (scenario.folder / "right").touch()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "by hand" not in result.raw
    assert "a + b" in scenario.read("src/calc.py")
