"""Where tests fail, for those who look at them in an editor. PYTEST_DONT_REWRITE.

Nothing is judged by it, and nothing of the standard library is called, which a test may have
replaced for its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def place_of(report: pytest.TestReport, root: str) -> str:
    """Return where a test failed, as path:line; empty where pytest does not say."""
    line = line_of(report)
    return "" if line is None else f"{root}/{report.location[0]}:{line + 1}"


def line_of(report: pytest.TestReport) -> int | None:
    """Return the line, from 0, at which a test failed in its own file, or at which it begins."""
    path, line, _ = report.location
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None and str(crash.path).endswith(path):
        return int(crash.lineno) - 1
    return line
