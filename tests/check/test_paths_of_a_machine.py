"""Which paths are of one machine only."""

from __future__ import annotations

import pytest

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
