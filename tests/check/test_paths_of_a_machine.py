"""Which paths are of one machine only."""

from __future__ import annotations

import pytest
from scenario import Scenario

from runbook.core.lint.machine import absolute_paths, absolute_variables
from runbook.core.position import Position
from runbook.core.shell.script import parse

AT = Position("phases/phase-1.yaml", 1, 1)


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("cat /home/ada/x", "/home/ada/x"),
        ("cat /var/lib/shop.db", "/var/lib/shop.db"),
        ("docker run -v /var/lib/shop:/data shop", "/var/lib/shop"),
        # Where there is a docker, it is there.
        ("test -S /var/run/docker.sock", None),
        ("docker run -v /var/run/docker.sock:/var/run/docker.sock shop", None),
        ("curl --unix-socket /var/run/docker.sock http://docker/info", None),
    ],
)
def test_in_a_command(command: str, path: str | None) -> None:
    found = [each.text for each in absolute_paths(AT, "verify", parse(command))]
    assert found == ([] if path is None else [path])


@pytest.mark.parametrize(
    ("value", "path"),
    [("/home/ada/x", "/home/ada/x"), ("/var/run/docker.sock", None), ("/dev/null", None)],
)
def test_in_a_variable(value: str, path: str | None) -> None:
    found = [each.text for each in absolute_variables(AT, (("X", value),))]
    assert found == ([] if path is None else [path])


def test_in_what_the_series_says_for_all_phases(scenario: Scenario) -> None:
    scenario.app()
    scenario.write(
        "phases/runbook.yaml",
        "env: {DATA: /srv/shop, WORD: x}\nworktree: .worktrees/x\nsetup: cp /home/ada/x .\n",
    )
    text = scenario.read("phases/phase-1.yaml")
    scenario.write("phases/phase-2.yaml", f"{text}env: {{OUT: /tmp/out}}\n".replace(": 1", ": 2"))
    scenario.run("check", "1").says(
        1,
        "phases/runbook.yaml:1:13: RB111: the absolute path `/srv/shop` is there",
        "phases/runbook.yaml:3:11: RB111: the absolute path `/home/ada/x` is there",
        "phases/runbook.yaml: 2 findings",
    )
    last = text.count("\n") + 1
    scenario.run("check", "2").says(1, f"phases/phase-2.yaml:{last}:12: RB111: the absolute path")
