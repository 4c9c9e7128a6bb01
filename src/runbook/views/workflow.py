"""Workflow commands, the lines by which a program talks to GitHub Actions.

Source: GitHub's documentation of workflow commands, and its toolkit's `command.ts` for the escapes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from runbook.core.patterns import regex

Level = Literal["error", "warning", "notice"]


def annotation(level: Level, properties: Mapping[str, object], message: str) -> str:
    """The line that shows a message beside a line of a file; paths are from the repository's root.

    Properties are `file`, `line`, `endLine`, `col`, `endColumn`, `title`; empty ones are left out.
    """
    stated = ",".join(
        f"{name}={_property(str(each))}" for name, each in properties.items() if str(each)
    )
    return f"::{level} {stated}::{_data(message)}"


def group(title: str) -> str:
    """The line that begins a group, which is folded under its title."""
    return f"::group::{_data(title)}"


END_GROUP = "::endgroup::"

_COMMAND = regex(r"^(\s*):(?=:)|#(?=#\[)", re.MULTILINE)


def harmless(text: str) -> str:
    """Lines of which none is taken for a command, whatever a program or a plan has in them."""
    return _COMMAND.sub(lambda found: f"{found[0]}\u200b", text)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
