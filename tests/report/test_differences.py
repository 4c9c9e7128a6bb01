"""Differences as reports show them."""

from __future__ import annotations

import pytest

from runbook.core.edit.difference import difference
from runbook.report.differences import differences, size

PLAIN = (0o644, 0o644)


def shown(text: str) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for file in differences(text, 10_000) for line in file.lines]


def test_lines_have_their_numbers_on_both_sides() -> None:
    (file,) = differences(difference("a.txt", b"one\ntwo\n", b"one\n2\nthree\n", PLAIN), 10_000)
    assert (file.path, file.how, file.added, file.removed) == ("a.txt", "changed", 2, 1)
    assert [(line.kind, line.text, line.before, line.after) for line in file.lines[1:]] == [
        ("same", "one", 1, 1),
        ("del", "two", 2, None),
        ("add", "2", None, 2),
        ("add", "three", None, 3),
    ]


def test_lines_that_look_like_heads_of_files_are_lines() -> None:
    """What is removed and begins with two dashes looks like the name of a file."""
    before = b"-- a\n++ b\ndiff --git a/x b/x\n@@ -1 +1 @@\n"
    text = difference("q.sql", before, b"", PLAIN) + difference("r.sql", b"", b"++ b\n", PLAIN)
    one, two = differences(text, 10_000)
    assert [line.text for line in one.lines[1:]] == before.decode().splitlines()
    assert (one.removed, one.added, two.path, two.added) == (4, 0, "r.sql", 1)


@pytest.mark.parametrize("path", ["a b.txt", "ä.py", 'quo"te', "tab\tin.py", "x b/x", "\udcff.py"])
def test_a_path_is_shown_as_it_is(path: str) -> None:
    (file,) = differences(difference(path, b"1\n", b"2\n", PLAIN), 10_000)
    assert file.path == path


def test_files_that_come_and_go_and_that_are_no_text() -> None:
    text = (
        difference("new", None, b"1\n", (None, 0o644))
        + difference("old", b"1\n", None, (0o644, None))
        + difference("mode", b"1\n", b"1\n", (0o644, 0o755))
        + difference("binary", b"\0", b"\0\1", PLAIN)
    )
    assert [(file.path, file.how) for file in differences(text, 10_000)] == [
        ("new", "new"),
        ("old", "deleted"),
        ("mode", "mode changed"),
        ("binary", "changed"),
    ]
    assert ("note", "a binary file") in shown(text)
    assert size(text) == (1, 1)


def test_a_difference_of_several_files_without_heads_of_git() -> None:
    text = (
        "--- a.py as edited\n+++ a.py now\n@@ -1 +1 @@\n-1\n+2\n"
        "--- no file\n+++ b.py now\n@@ -0,0 +1 @@\n+3\n"
    )
    assert [(file.path, file.added) for file in differences(text, 10_000)] == [
        ("a.py", 1),
        ("b.py", 1),
    ]


def test_the_end_of_a_file_without_a_newline_is_said() -> None:
    text = difference("a", b"1\n", b"2", PLAIN)
    assert ("note", "No newline at end of file") in shown(text)


def test_what_is_long_is_cut_in_whole_lines_and_counted() -> None:
    lines = [f"line {number}" for number in range(1000)]
    text = difference("a", b"", "\n".join(lines).encode() + b"\n", PLAIN)
    (file,) = differences(text, 1000)
    assert file.added == 1000
    assert len(file.lines) + file.left_out == 1001
    assert 0 < len(file.lines) < 200
    assert file.lines[-1].text in lines


def test_colours_give_back_the_text_as_it_is() -> None:
    code = 'def f(x):\n    """Say it."""\n    return "a" + x  # <b>\n\n\n\tpass\n'
    (file,) = differences(difference("a.py", None, code.encode(), (None, 0o644)), 10_000)
    kinds = {name for line in file.lines for name, _ in line.pieces}
    assert {"k", "s", "c", "f"} <= kinds
    for line in file.lines[1:]:
        assert "".join(part for _, part in line.pieces) == line.text
