"""RB113: checks that change files."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.lint.finding import Finding
from runbook.core.model.model import Verify
from runbook.core.shell.script import Script
from runbook.core.shell.writing import writes


def changes(step: Verify, script: Script) -> Iterator[Finding]:
    """Find what a check writes; a check looks, and a `run` step changes."""
    for command in script.commands:
        why = writes(command)
        if why is not None:
            yield Finding(
                "RB113", step.at, f"{why}, and a check only looks",
                "make it a `run` step that declares its `files`, or ask it only to look "
                "(`--check`, `--diff`)", key="verify", text=str(command),
            )  # fmt: skip
            return
