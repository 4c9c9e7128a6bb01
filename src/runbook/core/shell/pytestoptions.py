"""Options by which pytest does something else than to run tests."""

from __future__ import annotations

OTHER_WORK = (
    "--collect-only", "--co", "--version", "-V", "--help", "-h", "--fixtures",
    "--fixtures-per-test", "--markers", "--cache-show", "--setup-plan", "--setup-only",
)  # fmt: skip


def runs_no_test(command: str) -> str | None:
    """The option of a command by which its pytest runs no test, or `None`."""
    if "pytest" not in command:
        return None
    return next((word for word in command.split() if word in OTHER_WORK), None)
