"""Plans written for tests, and what the importer makes of them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.imported import Imported
from runbook.core.model.model import Edit, Manual, Step
from runbook.markdown.importing.importer import import_plan
from runbook.transforms.transforms import TRANSFORMS

HEAD = """\
# Harbour Implementation Plan

**Goal:** Ships are counted.

---

"""


def imported(body: str, files: Mapping[str, str] | None = None) -> Imported:
    """The import of a plan with this body, tried against `files` where they are given."""
    text = HEAD + textwrap.dedent(body)
    return import_plan(text, "harbour", None if files is None else files.get, TRANSFORMS)


def steps(body: str, files: Mapping[str, str] | None = None) -> tuple[Step, ...]:
    """The steps of the only task of a plan, whose heading is put before `body`."""
    (task,) = imported(f"### Task 1: Count\n\n{textwrap.dedent(body)}", files).phase.tasks
    return task.steps


STEP = "**Step 1: Go on**\n\n"


def script(text: str) -> str:
    """A step that is a script."""
    return f"{STEP}```bash\n{text}\n```\n"


def block(text: str, language: str = "python") -> str:
    """A fenced block between blank lines."""
    return f"\n\n```{language}\n{text}```\n\n"


def made(path: str, text: str, words: str) -> str | None:
    """What a step with these words makes of the text of its only file; `None`: it is manual."""
    body = f"**Files:**\n- Modify: `{path}`\n\n**Step 1: Do it**\n\n{words}\n"
    (step,) = steps(body, {path: text})
    if not isinstance(step, Edit):
        assert isinstance(step, Manual)
        return None
    for change in step.changes:
        result = apply(text, change, path, TRANSFORMS)
        assert isinstance(result, Applied)
        text = result.text or ""
    return text
