"""Edits of odd texts: blank lines at the end, marks at the beginning, half of it done."""

from __future__ import annotations

import pytest

from runbook.core.edit.edits import apply
from runbook.core.matching.results import AlreadyApplied, Applied, Conflict
from runbook.core.matching.texts import LineRange, Matching, Text
from runbook.core.model.operations import Insert, Operation, Replace, ReplaceRange, RewriteFile


def whole(text: str) -> Text:
    return Text(text, whole_lines=True)


def made(text: str, operation: Operation) -> str | None:
    """The new text, in which the edit is already applied."""
    result = apply(text, operation)
    assert isinstance(result, Applied), result
    assert isinstance(apply(result.text, operation), AlreadyApplied)
    return result.text


@pytest.mark.parametrize("match", ["exact", "indent", "whitespace"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_there_is_no_blank_line_after_the_last_line_end(match: Matching, end: str) -> None:
    operation = Replace(whole("a\n\n"), whole("b\n\n"), match=match)
    assert isinstance(apply(f"a{end}", operation), Conflict)
    assert isinstance(apply("a", operation), Conflict)
    assert made(f"a{end}{end}", operation) == f"b{end}{end}"
    assert made(f"a{end}{end}c", operation) == f"b{end}{end}c"


def test_blank_lines_are_told_from_the_end_of_a_file() -> None:
    assert made("a\n\n\nb\n", Replace(whole("\n\n"), whole("\n"))) == "a\n\nb\n"
    assert isinstance(apply("", Replace(whole("a\n"), whole("\n"))), Conflict)
    assert isinstance(apply("", Replace(whole("a\n"), whole("\n"), match="indent")), Conflict)


def test_a_nested_block_that_was_replaced_shifted_is_already_applied() -> None:
    operation = Replace(whole("if x:\n  a\n"), whole("if x:\n    a\n"), match="indent")
    assert made("  if x:\n    a\n", operation) == "  if x:\n      a\n"


def test_an_indentation_that_is_to_change_is_not_ignored() -> None:
    operation = Replace(whole("a\n  b\n"), whole("  a\n    b\n"), match="indent")
    assert made("a\n  b\n", operation) == "  a\n    b\n"
    assert isinstance(apply("    a\n      b\n", operation), Conflict)


def test_a_half_done_insertion_is_finished_and_not_doubled() -> None:
    for side, new in (("after", "a\nb\nx\na\nb\n"), ("before", "b\na\nx\nb\na\n")):
        for count in (2, "all"):
            operation = Insert(side, whole("a\n"), whole("b\n"), count)  # type: ignore[arg-type]
            half = new.removesuffix("b\n") if side == "after" else new.replace("x\nb\n", "x\n")
            assert made(half, operation) == new


def test_a_byte_order_mark_stays_when_the_whole_file_is_written_anew() -> None:
    assert made("\ufeffa\r\n", RewriteFile(whole("b\nc\n"))) == "\ufeffb\r\nc\r\n"
    assert made("\ufeffa\n", RewriteFile(whole("\ufeffb\n"))) == "\ufeffb\n"
    assert made("a\n", RewriteFile(whole("b\n"))) == "b\n"


def test_an_end_that_stands_before_the_beginning_is_shown() -> None:
    result = apply("e\nx\ns\n", ReplaceRange(whole("s\n"), whole("e\n"), whole("z\n")))
    assert isinstance(result, Conflict)
    assert result.message == (
        "the text of `through` does not follow after `from` in line 3: "
        "it stands before it, in line 1"
    )
    assert result.near is None


def test_a_hint_between_what_was_made_and_what_was_not_chooses_neither() -> None:
    edit = ReplaceRange(whole("s\n"), whole("e\n"), whole("z\n"), lines=LineRange(3, 3))
    assert isinstance(apply("z\nx\nx\nx\ns\ne\n", edit), Applied)
