"""Where tests are that are asked for or fail, and conftest files. PYTEST_DONT_REWRITE."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def place_of(report: pytest.TestReport, root: str) -> str:
    """Return where a test failed, as path:line; empty where pytest does not say.

    Nothing of the standard library is called, which a test may have replaced for its time.
    """
    line = line_of(report)
    return "" if line is None else f"{root}/{report.location[0]}:{line + 1}"


def line_of(report: pytest.TestReport) -> int | None:
    """Return the line, from 0, at which a test failed in its own file, or at which it begins."""
    path, line, _ = report.location
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None and str(crash.path).endswith(path):
        return int(crash.lineno) - 1
    return line


def named_by(config: pytest.Config) -> list[str]:
    """Return the paths, or tests, that a command line names, as node ids begin."""
    named = []
    for argument in getattr(config.option, "file_or_dir", None) or []:
        path, parts, test = str(argument).partition("::")
        place = config.invocation_params.dir / path
        if place.exists():  # not the name of a package (--pyargs)
            below = os.path.relpath(str(place), str(config.rootpath))
            named.append(below.replace(os.sep, "/") + parts + test)
    return named


def conftest_of(failure: Any) -> str:
    """Return the conftest.py that could not be imported, or that skips itself or all of it."""
    if hasattr(failure, "path"):
        return str(failure.path)
    path, frame = "conftest.py", failure.__traceback__
    while frame is not None:
        name = frame.tb_frame.f_code.co_filename
        path = name if name.endswith("conftest.py") else path
        frame = frame.tb_next
    return path
