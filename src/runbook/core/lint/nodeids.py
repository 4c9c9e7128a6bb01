"""RB119: a check of a test that no version of its file has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.lint.evidence import runs_pytest
from runbook.core.model.model import Verify
from runbook.core.shell.launching import every_script
from runbook.core.shell.script import parse

_NODE = re.compile(r"([^\s:*?\[\]$`]+\.py)::([\w:]+)(?:\[.*)?")


def node_ids(step: Verify) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The files of tests that a check names, with the names of what it runs in them."""
    if "::" not in step.command:
        return
    for script in every_script(parse(step.command)):
        for command in filter(runs_pytest, script.commands):
            for word in command.words:
                found = _NODE.fullmatch(word.text)
                if found is not None:
                    yield found[1], tuple(found[2].split("::"))


def absent(names: tuple[str, ...], text: str) -> str | None:
    """The first of some names, a class and what is in it, that a file of tests does not define.

    What a class inherits stands elsewhere, and what is made by a call is found by its name alone.
    """
    inherits = False
    for name in names:
        if inherits:
            return None
        made = re.search(rf"(?m)^[ \t]*(?:async[ \t]+def|def|class)[ \t]+{name}\b(.*)", text)
        if made is None and re.search(rf"\b{name}\b", text) is None:
            return name
        inherits = made is None or re.match(r"\(\s*(?!object\b)\w", made[1]) is not None
    return None
