"""Signs that a change makes checks say less, or is not what was meant, found in its lines.

A person is to look at them.

None of them proves anything, so they are warnings, and refused only where that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.handover.steering import is_test
from runbook.core.patterns import regex

_ASSERTS = regex(r"\bassert\b|\bself\.assert\w+\(|\bexpect\(|\bpytest\.raises\b")
_SILENCED = {
    "a linter is silenced": regex(r"#\s*noqa|eslint-disable|#\s*pylint:\s*disable"),
    "a type checker is silenced": regex(r"#\s*type:\s*ignore|#\s*pyright:|@ts-(?:ignore|nocheck)"),
    "coverage is left out": regex(r"pragma:\s*no\s*cover|istanbul ignore"),
    "a failure is passed over": regex(r"\|\|\s*(?:true|:)(?:\s|$)|\bset \+e\b"),
    "a test is left out": regex(
        r"pytest\.(?:mark\.)?(?:skip|skipif|xfail|importorskip)\b|unittest\.skip|\.(?:skip|only)\("
    ),
    "a process is ended by force": regex(r"\bos\._exit\b|\bos\.abort\b"),
    "code asks whether it is tested": regex(
        r"PYTEST_CURRENT_TEST|['\"]pytest['\"] (?:not )?in sys\.modules"
    ),
    "an equality that is always true": regex(r"def __eq__\b(?=[^\n]*\n\s+return True\b)"),
}
_CONSTANT = regex(
    r"(?m)\bassert(?:\.ok)?!?[ (]+(?:[Tt]rue|1|not False)\)?\s*(?:[,;#]|$)"
    r"|\.assert(?:True\(True|False\(False)\b|\bexpect\(true\)\.to(?:Be|Equal|BeTruthy)\("
)
_IMPORTS_PYTEST = regex(r"^\s*(?:import pytest\b|from _?pytest\b)", re.MULTILINE)
_NEVER = {
    "what says how tests ended is touched": regex(
        r"runbook_(?:plugin|probe|manner|seal|places)|RUNBOOK_PROBE"
    ),
    "something that equals everything is used": regex(r"\bmock\b[^\n]*\bANY\b"),
}
_MARK = "\ufeff"
_CONFLICT = regex(r"(?m)^(?:<{7}|>{7}) ")
_LIMIT = regex(r"(?i)(fail[-_]under|--cov-fail-under|max-(?:complexity|warnings)|timeout)\W+(\d+)")


def frauds(path: str, before: str | None, after: str | None) -> Iterator[str]:
    """What nobody needs in code that is no test, and that makes its tests say nothing."""
    if not is_test(path) and path.endswith((".py", ".pyi", ".pth")):
        for what, pattern in _NEVER.items():
            if len(pattern.findall(after or "")) > len(pattern.findall(before or "")):
                yield f"{path}: {what}"


def signs(path: str, before: str | None, after: str | None) -> Iterator[str]:
    """What a change of one file makes doubtful, each in a few words."""
    old, new = before or "", after or ""
    if is_test(path):
        lost = len(_ASSERTS.findall(old)) - len(_ASSERTS.findall(new))
        if lost > 0:
            yield f"{path}: {lost} fewer assertion{'' if lost == 1 else 's'}"
        if len(_CONSTANT.findall(new)) > len(_CONSTANT.findall(old)):
            yield f"{path}: an assertion that is always true"
    elif _IMPORTS_PYTEST.search(new) and not _IMPORTS_PYTEST.search(old):
        yield f"{path}: imports pytest, and is no test"
    for what, pattern in _SILENCED.items():
        if len(pattern.findall(new)) > len(pattern.findall(old)):
            yield f"{path}: {what}"
    if len(_CONFLICT.findall(new)) > len(_CONFLICT.findall(old)):
        yield f"{path}: marks of a merge's conflict are left"
    # No difference shows these: lines look the same.
    if before is not None and new and old.startswith(_MARK) != new.startswith(_MARK):
        yield f"{path}: begins with a byte order mark{'' if new[:1] == _MARK else ' no more'}"
    ended, ends = _line_ends(old), _line_ends(new)
    if ended and ends and ended != ends:
        yield f"{path}: lines ended in {ended}, and end in {ends} now"
    limits = dict(_LIMIT.findall(old))
    for name, number in _LIMIT.findall(new):
        if name in limits and int(number) < int(limits[name]) and "under" in name.lower():
            yield f"{path}: {name} is lowered from {limits[name]} to {number}"


def _line_ends(text: str) -> str:
    """What the lines of a text end in; empty where there is none."""
    both = text.count("\r\n")
    kinds = ("CRLF" if both else "", "LF" if text.count("\n") > both else "")
    return " and ".join(filter(None, kinds))
