"""RB119: a check of a test that no version of its file has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath

from runbook.core.model.model import Verify
from runbook.core.patterns import regex
from runbook.core.shell.testprograms import runs_pytest
from runbook.core.shell.walking import walk

_NODE = regex(r"([^\s:*?\[\]$`]+\.py)::([\w:]+)(?:\[.*)?")


def node_ids(step: Verify) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The tests that a check runs or expects: the key that names them, their file, their names.

    Files stand where the check's command does. What is named in a folder that is not known is left
    out.
    """
    started = [each for each in walk(step.command) if runs_pytest(each.command)]
    if all(each.begins_in == "" for each in started):
        for key, node in _expected(step):
            yield from _taken_apart(key, node, "")
    for each in started:
        folder = each.begins_in
        for word in each.command.words if folder is not None else ():
            yield from _taken_apart("verify", word.text, folder or "")


def _expected(step: Verify) -> Iterator[tuple[str, str]]:
    tests = step.expect.tests
    for key, tally in () if tests is None else tests.tallies:
        if isinstance(tally, tuple):
            yield from ((key, node) for node in tally)


def _taken_apart(key: str, text: str, folder: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    found = _NODE.fullmatch(text)
    if found is not None:
        yield key, normpath(join(folder, found[1])), tuple(found[2].split("::"))


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
