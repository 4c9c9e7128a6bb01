"""Options by which pytest does something else than to run tests."""

from __future__ import annotations

NO_TESTS = "leave `tests` out of `expect`, and say what the output is to be: `contains: ...`"
"""What is to be done about an expectation of tests where none is run."""

OTHER_WORK = (
    "--collect-only", "--co", "--version", "-V", "--help", "-h", "--fixtures",
    "--fixtures-per-test", "--markers", "--cache-show", "--setup-plan", "--setup-only",
)  # fmt: skip


def runs_no_test(command: str) -> str | None:
    """The option of a command by which its pytest runs no test, or `None`."""
    if "pytest" not in command:
        return None
    return next((word for word in command.split() if word in OTHER_WORK), None)
