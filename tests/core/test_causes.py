"""What an output says of why a command failed."""

from __future__ import annotations

import pytest

from runbook.core.check.causes import unfound

NAMED = {
    "bash: line 1: foo: command not found\n": "the command `foo` was not found",
    "2 passed\nsh: 1: foo: not found\n": "the command `foo` was not found",
    "env: \u2018foo\u2019: No such file or directory\n": "the command `foo` was not found",
    "bash: line 3: .venv/bin/pytest: No such file or directory\n": "no program `.venv/bin/pytest`",
    ".venv/bin/pytest: 2: exec: python9: not found\n": "the command `python9` was not found",
    "": "127 is bash's status",
    "foo.txt is not found anywhere\n": "127 is bash's status",
}


@pytest.mark.parametrize("output", NAMED)
def test_a_command_that_was_not_found_is_named(output: str) -> None:
    assert NAMED[output] in str(unfound(output, 127))


def test_what_may_not_be_executed_is_named() -> None:
    output = "bash: line 1: ./x.sh: Permission denied\n"
    assert "`./x.sh` can't be executed: `chmod +x` it" in str(unfound(output, 126))


def test_any_other_status_says_nothing_of_commands() -> None:
    assert unfound("bash: line 1: foo: command not found\n", 1) is None
