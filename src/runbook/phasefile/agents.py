"""What a coding agent is told, so that it uses runbook and does not walk a plan by itself."""

from __future__ import annotations

HEADING = "## Migration plans: runbook"

_RULES = """\
This repository carries its migration plans out with `runbook`. The phases are YAML files in
`{folder}/`; do not carry their steps out by hand, and do not commit for them.

- `runbook check` finds mistakes in the phases; `runbook status` says where they stand.
- `runbook run --all` carries on until all is done, something fails, or a step needs hands. Exit
  status 0: done; 1: a check or an edit failed, and the output says what is amiss; 2: a mistake in a
  file or in the command; 4: a step waits. Do not cut its output off: behind `| head` a run stops.
- `runbook next --json` gives the step that waits or failed: `instructions`, `files` (change these
  and no others), `checks` that will judge the work, `stopped` with what failed, and `ways`, each
  with the `argv` to call. Do the work, then call `runbook run --all`: it makes the checks and
  commits.
- A step that asks to confirm something is for a person: ask them. Where nothing is to be changed:
  `runbook done STEP --reason "..."`.
- Never edit tests or settings to make a check pass. Never use `skip`, `abort`, `undo`, `repair` or
  `--accept-head` without being told to.
- Plans in Markdown become phases by `runbook import PLAN.md`.
"""

_SKILL = """\
---
name: runbook
description: Carry out, resume or write the migration phases in {folder}/ with runbook.
---

"""


def agents_section(folder: str) -> str:
    """The section of AGENTS.md."""
    return f"{HEADING}\n\n{_RULES.format(folder=folder)}"


def agents_skill(folder: str) -> str:
    """A skill file: the same, with the head by which agents find it."""
    return _SKILL.format(folder=folder) + agents_section(folder).replace("## ", "# ", 1)
