"""Files to begin with: a series and a phase, with comments that say what can stand where."""

from __future__ import annotations

from runbook.format.emit import scalar
from runbook.phasefile.writer import PHASE_SCHEMA, SERIES_SCHEMA

_SERIES = """\
# yaml-language-server: $schema={schema}
# What all phases share. All keys are optional; each phase may state its own.
title: {title}

# The folder, from the repository's root, in which paths and commands stand:
# workdir: services/orders

# Carry the phases out in a linked worktree, away from this checkout:
# worktree: .worktrees/{branch}

# A trailer of every commit:
# co-authored-by: Ada Lovelace <ada@example.org>

# Variables of every command, and the names of those whose values are hidden:
# env: {{APP_ENV: test}}
# secrets: [API_TOKEN]

# How long one command may take:
# timeout: 10m

# Processes that commands need; they start when needed and end with the run:
# services:
#   - name: postgres
#     run: python -m my_project.test_database
#     ready: 'DATABASE_URL=(?P<DATABASE_URL>\\S+)'
#     unless-env: DATABASE_URL
"""

_PHASE = """\
# yaml-language-server: $schema={schema}
{head}
goal: What is so when this phase is complete.
# base: a commit, if `lines` hints or `fails-at: base` are to refer to one
# requires: [{before}]

tasks:
  - title: The first task
    steps:
      # An edit finds its text exactly; under `|` it is whole lines.
      # - edit: app.py
      #   title: Change the greeting
      #   replace: return "hello"
      #   with: return "good day"

      # A check says what proves it.
      # - verify: pytest -q
      #   expect: {{tests: pass}}

      # What no command can see, a person confirms.
      # - confirm: The page shows the new greeting.

      # A commit has the paths of the edits before it.
      # - commit: "feat: say good day"

      # What no edit can say is work by hand; the run stops for it. Replace this step.
      - manual: Write the steps of this task.

# Checks after the last task; the phase is complete when they have passed.
# verification:
#   - verify: pytest -q
#     expect: {{tests: pass}}
"""


def series_skeleton(title: str) -> str:
    """A series file with every key in a comment."""
    branch = "-".join(word for word in title.lower().split() if word.isalnum()) or "migration"
    return _SERIES.format(schema=SERIES_SCHEMA, title=scalar(title), branch=branch)


def phase_skeleton(name: str, number: int | None) -> str:
    """A phase file of one task, which waits for its author."""
    head = f"phase: {number}" if number is not None else f"title: {scalar(name)}"
    before = f"phase-{number - 1}" if number is not None and number > 1 else "another-phase"
    return _PHASE.format(schema=PHASE_SCHEMA, head=head, before=before)
