"""What makes tests say nothing, or is not what was meant, seen in what was changed."""

from __future__ import annotations

import pytest

from runbook.core.handover.weakening import frauds, signs

ANY = "from unittest import mock\nRESULT = mock.ANY\n"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("src/calc.py", ANY, ["src/calc.py: something that equals everything is used"]),
        ("src/calc.pyi", ANY, ["src/calc.pyi: something that equals everything is used"]),
        (
            "hidden.pth",
            "import runbook_probe\n",
            ["hidden.pth: what says how tests ended is touched"],
        ),
        ("tests/test_calc.py", ANY, []),
        ("docs/mocks.md", ANY, []),
    ],
)
def test_what_nobody_needs_in_code(path: str, text: str, found: list[str]) -> None:
    assert list(frauds(path, None, text)) == found
    # What was there before is nobody's doing.
    assert list(frauds(path, text, text)) == []


CONFLICT = "a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("a = 1\n", CONFLICT, ["notes.md: marks of a merge's conflict are left"]),
        (None, CONFLICT, ["notes.md: marks of a merge's conflict are left"]),
        (CONFLICT, CONFLICT + "c = 1\n", []),
        # A heading of reStructuredText, text quoted in a mail.
        ("a\n", "Title\n=======\n>>> a\n>>>>>>>> b\n", []),
        ("a\nb\n", "a\r\nb\r\n", ["notes.md: lines ended in LF, and end in CRLF now"]),
        ("a\nb\n", "a\r\nb\n", ["notes.md: lines ended in LF, and end in CRLF and LF now"]),
        ("a\r\nb\r\n", "a\nb\n", ["notes.md: lines ended in CRLF, and end in LF now"]),
        ("a\r\n", "a\r\nb\r\n", []),
        ("a\n", "\ufeffb\n", ["notes.md: begins with a byte order mark"]),
        ("\ufeffa\n", "b\n", ["notes.md: begins with a byte order mark no more"]),
        ("\ufeffa\n", "\ufeffb\n", []),
        ("\ufeffa\n", "", []),
        (None, "\ufeffa\n", []),
        (None, "a\r\n", []),
        ("", "a\r\n", []),
        ("a", "a\r\n", []),
    ],
)
def test_what_was_hardly_meant(before: str | None, after: str, found: list[str]) -> None:
    assert list(signs("notes.md", before, after)) == found


@pytest.mark.parametrize(
    "line",
    ["assert True", "assert (True)", 'assert 1, "it works"', "assert True  # it works",
     "self.assertTrue(True)", "expect(true).toBe(true);", "assert!(true);", "assert.ok(true);"],
)  # fmt: skip
def test_an_assertion_that_is_always_true(line: str) -> None:
    told = ["tests/test_a.py: an assertion that is always true"]
    assert list(signs("tests/test_a.py", "    assert f() > 0\n", f"    {line}\n")) == told
    assert list(signs("tests/test_a.py", f"    {line}\n", f"    {line}\n")) == []


@pytest.mark.parametrize("line", ["assert True is f()", "assert 1 == f()", "assert f(True)"])
def test_an_assertion_of_a_constant_that_may_be_false(line: str) -> None:
    assert list(signs("tests/test_a.py", "    assert f() > 0\n", f"    {line}\n")) == []
