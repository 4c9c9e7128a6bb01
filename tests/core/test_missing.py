"""Texts that are not found: the nearest one, what can't be seen of it, and what would take it."""

from __future__ import annotations

import pytest

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied, Conflict
from runbook.core.matching.texts import LineRange, Matching, Text
from runbook.core.model.operations import Append, Remove, ReplaceRange, RewriteFile


def missed(text: str, wanted: str, match: Matching = "exact") -> Conflict:
    """What is said of a text that is not found: whole lines if it ends a line."""
    result = apply(text, Remove(Text(wanted, wanted.endswith("\n")), match=match))
    assert isinstance(result, Conflict), result
    return result


UNSEEN = {
    "blanks at the end": (
        "def f():   \n    x\t\n",
        "def f():\n    x\n",
        (
            "line 1: 3 blanks at its end in the file, nothing in the phase file",
            "line 2: a tab at its end in the file, nothing in the phase file",
        ),
    ),
    "blanks at the end of the text": (
        "a\nb\n",
        "a\nb \n",
        ("line 2: nothing at its end in the file, a blank in the phase file",),
    ),
    "a tab for blanks": (
        "\tx\n",
        "    x\n",
        ("line 1: indented by a tab in the file, by 4 blanks in the phase file",),
    ),
    "a tab inside a line": (
        "a\t= 1\n",
        "a = 1",
        ("line 1: a tab in the file, a blank in the phase file",),
    ),
    "a blank that is none": (
        "z\nx\xa0= 1\n",
        "x = 1",
        ("line 2: U+00A0 NO-BREAK SPACE in the file, a blank in the phase file",),
    ),
    "a blank that is none in the text": (
        "x = 1\n",
        "x\u202f= 1\n",
        ("line 1: a blank in the file, U+202F NARROW NO-BREAK SPACE in the phase file",),
    ),
    "no width": (
        "na\u200bme = 1\n",
        "name = 1",
        ("line 1: U+200B ZERO WIDTH SPACE in the file, nothing in the phase file",),
    ),
    "an accent of its own": (
        "a cafe\u0301 b\n",
        "caf\xe9 b",
        (
            "line 1: an accent stands behind its letter in the file (NFD), not in the phase "
            "file (NFC)",
        ),
    ),
    "an accent of its own in the text": (
        "caf\xe9\n",
        "cafe\u0301\n",
        (
            "line 1: an accent stands behind its letter in the phase file (NFD), not in the "
            "file (NFC)",
        ),
    ),
    "quotes": (
        "say(\u201chi\u201d)\n",
        'say("hi")',
        (
            'line 1: `\u201c` U+201C LEFT DOUBLE QUOTATION MARK in the file, `"` in the phase file',
            "line 1: `\u201d` U+201D RIGHT DOUBLE QUOTATION MARK in the file, "
            '`"` in the phase file',
        ),
    ),
    "another letter that looks the same": (
        "value = n\u0430me\n",
        "value = name\n",
        ("line 1: `\u0430` U+0430 CYRILLIC SMALL LETTER A in the file, `a` in the phase file",),
    ),
    "another encoding": (
        'name = "caf\udce9"\n',
        'name = "caf\xe9"\n',
        (
            "line 1: the byte 0xE9, which is no UTF-8 (`\xe9` in Latin-1) in the file, "
            "`\xe9` U+00E9 LATIN SMALL LETTER E WITH ACUTE in the phase file",
        ),
    ),
    "two bytes to a character": (
        "\udcff\udcfex\0=\x001\0\n\0",
        "x=1",
        ("the file is UTF-16, and texts are looked for as UTF-8",),
    ),
}


@pytest.mark.parametrize("case", UNSEEN)
def test_what_can_not_be_seen_is_named(case: str) -> None:
    text, wanted, notes = UNSEEN[case]
    assert missed(text, wanted).notes == notes


def test_what_can_be_seen_is_not_named() -> None:
    assert missed("total = compute(order, rate)\n", "total = compute(order, rates)\n").notes == ()


def test_a_difference_on_many_lines_is_named_once() -> None:
    (note,) = missed("a \nb \nc \nd \n", "a\nb\nc\nd\n").notes
    assert note == "lines 1, 2, 3, …: a blank at its end in the file, nothing in the phase file"


@pytest.mark.parametrize(
    ("text", "wanted", "hint"),
    [
        ("\tx\n\t\ty\n", "x\n    y\n", "`match: indent` would take the text in lines 1-2"),
        ("q\n  x\n", "x\n", "`match: indent` would take the text in line 2"),
        ("a\nx  =  1 \n", "x = 1\n", "`match: whitespace` would take the text in line 2"),
        ("f(a,  b)\n", "f(a, b)", "`match: whitespace` would take the text in line 1"),
        ("x\xa0= 1\n", "x = 1", None),
    ],
)
def test_what_would_take_the_text_is_said(text: str, wanted: str, hint: str | None) -> None:
    assert missed(text, wanted).hint == hint


def test_the_end_of_a_stretch_is_looked_for_as_well() -> None:
    end = Text("return 1\n", True)
    operation = ReplaceRange(Text("a\n", True), end, Text("b\n", True))
    found = apply("a\nx\n    return 1\n", operation)
    assert isinstance(found, Conflict)
    assert found.hint == "`match: indent` would take the text in line 3"
    # `match: indent` is not for a beginning inside of a line, and `whitespace` is.
    inside = ReplaceRange(Text("a", False), end, Text("b\n", True))
    found = apply("a\nx\n    return 1\n", inside)
    assert isinstance(found, Conflict)
    assert found.hint is None
    found = apply("a\nx\nreturn  1\n", inside)
    assert isinstance(found, Conflict)
    assert found.hint == "`match: whitespace` would take the text in line 3"


def test_the_end_of_a_stretch_is_looked_for_behind_its_beginning() -> None:
    for end in (
        Text("return value\n", True),
        Text("return valve\n", True),
        Text("return valve", False),
        Text("return value  \n", True),
    ):
        text = "  return value\n" * 3 + "a\nx\n    return value\n"
        operation = ReplaceRange(Text("a\n", True), end, Text("b\n", True))
        found = apply(text, operation)
        assert isinstance(found, Conflict)
        assert found.near is not None
        assert found.near.lines == LineRange(6, 6)
    nothing = apply("  return value\na\n", operation)
    assert isinstance(nothing, Conflict)
    assert (nothing.near, nothing.hint) == (None, None)


@pytest.mark.parametrize(
    ("text", "wanted", "line"),
    [
        ('import os\nVERSION = "1.2.4"\n', "1.2.3", 2),
        ("a = 1\nretries=3, timeout=30\n", "timeout=20", 2),
        ("x == 1\ny != 2\n", "y == 2", 2),
        ("b\nthe colour of it\n", "color", 2),
    ],
)
def test_a_short_text_has_a_nearest_one(text: str, wanted: str, line: int) -> None:
    near = missed(text, wanted).near
    assert near is not None
    assert near.lines == LineRange(line, line)
    assert near.difference == f"-{wanted}\n+{text.splitlines()[line - 1]}"


@pytest.mark.parametrize(
    ("text", "wanted"), [("abc\n", "xyz"), ("", "x"), ("a = 1\n", "import"), ("q\n", "w")]
)
def test_a_short_text_that_nothing_is_near(text: str, wanted: str) -> None:
    assert missed(text, wanted).near is None


def test_a_file_in_another_encoding_gets_no_utf_8() -> None:
    new = Append(Text("caf\xe9\n", True))
    found = apply("a\nb\udce9\n", new)
    assert isinstance(found, Conflict)
    assert found.message == (
        "the file is not UTF-8: it has the byte 0xE9 in line 2, and `\xe9` of the new text can "
        "only be written as UTF-8"
    )
    # One with a stray byte is UTF-8, and one written anew has none.
    assert isinstance(apply("\xe8\udce9\n", new), Applied)
    assert isinstance(apply("\udce9\n", RewriteFile(Text("\xe9\n", True))), Applied)
    assert isinstance(apply("\udce9\n", Append(Text("e\n", True))), Applied)
