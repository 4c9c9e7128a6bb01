"""Headings and names that a plan can show only in part."""

from __future__ import annotations

import re

from runbook.format.shown import one_line

UNTITLED = "Migration"
"""What stands for the title of a series that has none."""


def note_heading(heading: str) -> str:
    """A note's heading, told from that of the verification."""
    shown = one_line(heading)
    return f"Note: {shown}" if re.fullmatch(r"(Phase \d+ )?Verification", shown) else shown


def group_name(group: str) -> str:
    """A group as its markers can name it."""
    return re.sub(r"[^A-Za-z0-9_.]+", "_", group) or "_"
