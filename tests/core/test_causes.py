"""What an output says of why a command failed."""

from __future__ import annotations

import pytest

from runbook.core.check.causes import refused_by_pytest, unfound

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


SAID = {
    "ERROR: usage: pytest [options]\npytest: error: unrecognized arguments: -n2\n": (
        "unrecognized arguments: -n2",
        "pytest-xdist is not installed there",
    ),
    "ERROR: usage: __main__.py [options] [file_or_dir]\n"
    "__main__.py: error: unrecognized arguments: --cov=app\n  inifile: None\n": (
        "unrecognized arguments: --cov=app",
        "see that the plugin which has it is installed there",
    ),
    "no tests ran in 0.00s\nERROR: file or directory not found: test_x.py\n": (
        "file or directory not found: test_x.py",
        None,
    ),
    "ERROR: Missing required plugins: pytest-asyncio\n": (
        "Missing required plugins: pytest-asyncio",
        "install the plugin there, or name it otherwise",
    ),
    "INTERNALERROR> Traceback (most recent call last):\nINTERNALERROR>   File x\n"
    "INTERNALERROR> KeyError: 'a'\nINTERNALERROR> \nINTERNALERROR> RuntimeError: b\n": (
        "RuntimeError: b",
        None,
    ),
    "!!!!!!!!! _pytest.outcomes.Exit: no database !!!!!!!!!\nno tests ran\n": ("no database", None),
    "ImportError while loading conftest '/x/conftest.py'.\nconftest.py:1: in <module>\n    1/0\n"
    "E   ZeroDivisionError: division by zero\n": ("ZeroDivisionError: division by zero", None),
    'Traceback (most recent call last):\n  File "/x/_pytest/config/__init__.py", line 1, in x\n'
    "    y\nValueError: bad option\n": ("ValueError: bad option", None),
    # What is of anything else is not taken for pytest's word.
    'Traceback (most recent call last):\n  File "/x/app.py", line 1\nValueError: bad\n': None,
    "FAILED test_x.py::test_a - ValueError: bad\n1 failed in 0.1s\n": None,
    "ERROR test_x.py - ValueError: bad\n1 error in 0.1s\n": None,
}


@pytest.mark.parametrize("output", SAID)
def test_what_keeps_pytest_from_its_work_is_told_in_its_words(output: str) -> None:
    assert refused_by_pytest(output) == SAID[output]
