"""RB119: a check of a test that no version of its file has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.lint.evidence import runs_pytest
from runbook.core.model.model import Verify
from runbook.core.patterns import regex
from runbook.core.shell.launching import every_script
from runbook.core.shell.script import parse

_NODE = regex(r"([^\s:*?\[\]$`]+\.py)::([\w:]+)(?:\[.*)?")


def node_ids(step: Verify) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The tests that a check runs or expects: the key that names them, their file, their names."""
    for key, node in _expected(step):
        yield from _taken_apart(key, node)
    if "::" not in step.command:
        return
    for script in every_script(parse(step.command)):
        for command in filter(runs_pytest, script.commands):
            for word in command.words:
                yield from _taken_apart("verify", word.text)


def _expected(step: Verify) -> Iterator[tuple[str, str]]:
    tests = step.expect.tests
    if tests is None:
        return
    for key, tally in (
        ("passed", tests.passed), ("failed", tests.failed), ("errors", tests.errors),
        ("skipped", tests.skipped), ("xfailed", tests.xfailed), ("xpassed", tests.xpassed),
        ("deselected", tests.deselected), ("rerun", tests.rerun),
    ):  # fmt: skip
        if isinstance(tally, tuple):
            yield from ((key, node) for node in tally)


def _taken_apart(key: str, text: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    found = _NODE.fullmatch(text)
    if found is not None:
        yield key, found[1], tuple(found[2].split("::"))


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
