"""Edits of texts: what they change, and that they change nothing else."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from runbook.core.edit.edits import apply
from runbook.core.matching.normalized import is_utf16
from runbook.core.matching.results import AlreadyApplied, Applied, Conflict, Result
from runbook.core.matching.texts import LineRange, Occurrences, Text
from runbook.core.model.operations import (
    Append,
    Create,
    Indent,
    Insert,
    Operation,
    Prepend,
    RemoveLines,
    Rename,
    Replace,
    ReplaceRange,
    RewriteFile,
    Substitute,
)
from runbook.world.processes.timelimit import time_limit

LINES = ("a", "b", "  a", "", "x = 1", "\t", "é", "\u2028", "\f", "\0", "\ud83d", "\udcff", "\r")
"""Lines with all that may look like a line end and is none."""

WANTED, NEW = "wanted", "new"
FILES = st.lists(
    st.tuples(st.sampled_from(LINES), st.sampled_from(["\n", "\r\n"])), max_size=8
).map(lambda lines: "".join(line + end for line, end in lines))
BYTES = st.binary(max_size=60)
CHECKED = settings(deadline=None)


def whole(text: str) -> Text:
    return Text(text, whole_lines=True)


def inside(text: str) -> Text:
    return Text(text, whole_lines=False)


def replaced(text: str, operation: Operation) -> str:
    result = apply(text, operation)
    assert isinstance(result, Applied), result
    assert result.text is not None
    return result.text


def conflict(text: str, operation: Operation) -> Conflict:
    result = apply(text, operation)
    assert isinstance(result, Conflict), result
    return result


def decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@CHECKED
@given(before=FILES, after=FILES)
def test_row_23_every_other_byte_is_identical(before: str, after: str) -> None:
    operation = Replace(whole(f"{WANTED}\n"), whole(f"{NEW}\n{NEW}\n"))
    for end in ("\n", "\r\n"):
        text = f"{before}{WANTED}{end}{after}"
        new = replaced(text, operation)
        assert new == f"{before}{NEW}{end}{NEW}{end}{after}"
        assert isinstance(apply(new, operation), AlreadyApplied)


@CHECKED
@given(before=BYTES, after=BYTES)
def test_row_23_any_bytes_survive(before: bytes, after: bytes) -> None:
    assume(b"wanted" not in before + after)
    assume(b"new" not in before + after)
    data = before + b"wanted" + after
    assume(not is_utf16(decoded(data)))
    new = replaced(decoded(data), Replace(inside(WANTED), inside(NEW)))
    assert new.encode("utf-8", "surrogateescape") == before + b"new" + after


@CHECKED
@given(before=FILES, after=FILES, gap=FILES)
def test_applying_twice_changes_nothing_for_any_count(before: str, after: str, gap: str) -> None:
    text = f"{before}{WANTED}\n{gap}{WANTED}\n{after}"
    counts: tuple[Occurrences, ...] = (2, "all")
    for count in counts:
        operation = Replace(whole(f"{WANTED}\n"), whole(f"{NEW}\n"), count)
        new = replaced(text, operation)
        assert new == f"{before}{NEW}\n{gap}{NEW}\n{after}"
        assert isinstance(apply(new, operation), AlreadyApplied)


@CHECKED
@given(text=FILES, wanted=st.sampled_from(LINES), new=st.sampled_from(LINES))
def test_an_edit_that_is_applied_is_applied(text: str, wanted: str, new: str) -> None:
    assume(wanted.strip())
    # A text of a phase file has no `\r\n`: its line ends are those of the file it goes into.
    assume(new != "\r")
    operation = Replace(whole(f"{wanted}\n"), whole(f"{new}\n"), "all")
    result: Result = apply(text, operation)
    # A replacement that holds the text looked for can be told from it only by whole lines.
    if isinstance(result, Applied):
        assert result.text is not None
        again = apply(result.text, operation)
        if wanted == new:
            assert result.text == text
        else:
            assert isinstance(again, AlreadyApplied)


@pytest.mark.parametrize(
    "before", ["", "\ufeff", "# \x0c\n", "# caf\udce9\n", "\0\n", "# \u2028\n"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_row_23_special_beginnings_and_line_ends(before: str, end: str) -> None:
    text = before.replace("\n", end) + f"x = 1{end}y = 2"
    operation = Replace(whole("x = 1\n"), whole("x = 3\nz = 4\n"))
    assert replaced(text, operation) == before.replace("\n", end) + f"x = 3{end}z = 4{end}y = 2"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "operation",
    [
        Append(whole("more\n")),
        Prepend(whole("more\n")),
        Replace(inside("o"), inside("u"), "all"),
        Rename((("b", "c"),)),
        RemoveLines("two", "all"),
        RemoveLines("\0", "all"),
    ],
)
def test_row_23_a_file_in_utf_16_gets_no_bytes_of_utf_8(
    encoding: str, operation: Operation
) -> None:
    text = "one\nb two\n".encode(encoding).decode("utf-8", "surrogateescape")
    result = apply(text, operation)
    if isinstance(result, Conflict):
        assert "the file is UTF-16" in f"{result.message} {result.notes}"
    else:
        assert isinstance(result, AlreadyApplied)
    assert isinstance(apply(text, RewriteFile(whole("more\n"))), Applied)


def test_row_23_no_final_newline_stays_none() -> None:
    operation = Replace(whole("x = 1\n"), whole("x = 2\n"))
    assert replaced("x = 1", operation) == "x = 2"
    assert replaced("x = 1\n", operation) == "x = 2\n"
    assert isinstance(apply("x = 2", operation), AlreadyApplied)


def test_row_23_mixed_line_ends_take_the_one_of_their_place() -> None:
    text = "a\r\nx\nb\r\n"
    assert replaced(text, Replace(whole("a\n"), whole("1\n2\n"))) == "1\r\n2\r\nx\nb\r\n"
    assert replaced(text, Replace(whole("x\n"), whole("1\n2\n"))) == "a\r\n1\n2\nb\r\n"
    assert replaced(text, Replace(whole("a\nx\n"), whole("1\n"))) == "1\r\nb\r\n"


def test_row_23_a_line_separator_ends_no_line() -> None:
    for character in "\u2028\u2029\x85\x0b\x0c\x1c\r":
        text = f"a{character}wanted\n"
        assert (
            "is not in the file" in conflict(text, Replace(whole("wanted\n"), inside("x"))).message
        )
        assert replaced(text, Replace(inside("wanted"), inside("x"))) == f"a{character}x\n"


def test_whole_lines_match_at_line_starts_and_ends_only() -> None:
    operation = Replace(whole("x = 1\n"), whole("x = 2\n"))
    for other in ("  x = 1\n", "x = 10\n", "max = 1\n", "x = 1 \n"):
        conflict(other, operation)
        assert replaced(other + "x = 1\n", operation) == other + "x = 2\n"


def test_a_text_inside_a_line_matches_anywhere() -> None:
    assert replaced("  x = 10\n", Replace(inside("x = 1"), inside("x = 2"))) == "  x = 20\n"
    assert replaced("f(a, b)\n", Replace(inside(", b"), inside(""))) == "f(a)\n"


def test_a_block_replaces_a_text_inside_a_line_without_a_line_end() -> None:
    assert replaced("f(a)\n", Replace(inside("a"), whole("b\n"))) == "f(b)\n"


def test_whole_lines_are_removed_whole() -> None:
    assert replaced("a\nb\nc\n", Replace(whole("b\n"), inside(""))) == "a\nc\n"
    assert replaced("a\r\nb\r\nc\r\n", Replace(whole("b\n"), inside(""))) == "a\r\nc\r\n"


def test_whole_lines_replaced_by_a_text_stay_a_line() -> None:
    assert replaced("a\nb\nc\n", Replace(whole("b\n"), inside("x"))) == "a\nx\nc\n"


def test_row_25_a_text_that_is_not_there() -> None:
    found = conflict("a\nb\n", Replace(whole("c\n"), whole("d\n")))
    assert found.message == "the text to replace is not in the file"
    assert found.found == ()
    hinted = conflict("a\nb\n", Replace(whole("c\n"), whole("d\n"), lines=LineRange(16, 22)))
    assert hinted.message == "the text to replace is not in the file, expected near line 16"


def test_row_25_a_text_that_is_there_too_often_is_listed_by_line() -> None:
    found = conflict("a\nx\na\nx\na\n", Replace(whole("a\n"), whole("b\n")))
    assert found.message == (
        "the text to replace is to be found once and stands 3 times, in lines 1, 3, 5"
    )
    assert found.hint == "make the text longer until it is unique, say `lines:`, or say `count:`"
    assert found.found == (1, 3, 5)


@pytest.mark.parametrize(
    ("text", "operation", "hint"),
    [
        (
            "a\nx\na\n",
            Replace(inside("a"), inside("b"), lines=LineRange(2, 2)),
            "line 2 is as near to one as to another: say the line of one by `lines:`",
        ),
        (
            "a a\n",
            Replace(inside("a"), inside("b"), lines=LineRange(1, 1)),
            "make the text longer until it is unique or say `count:`",
        ),
        (
            "a\na\n",
            Replace(inside("a"), inside("b"), 3),
            "say `count: 2`, or `count: all`, if these are all that are meant",
        ),
        # There is no `count:` for these.
        (
            "a\na\n",
            ReplaceRange(inside("a"), inside("a"), inside("b")),
            "make the text longer until it is unique or say `lines:`",
        ),
        (
            "a\na\n",
            Indent(whole("a\n"), whole("a\n"), 4),
            "make the text longer until it is unique or say `lines:`",
        ),
        (
            "a a\n",
            ReplaceRange(inside("a"), inside("a"), inside("b"), LineRange(1, 1)),
            "make the text longer until it is unique",
        ),
        (
            "a\na\n",
            Substitute("a", "b", 1),
            "say `count: 2`, or `count: all`, if these are all that are meant",
        ),
    ],
)
def test_the_hint_is_one_that_can_be_followed(text: str, operation: Operation, hint: str) -> None:
    assert conflict(text, operation).hint == hint


def test_row_25_a_text_that_is_there_too_rarely() -> None:
    found = conflict("x\na\n", Replace(whole("a\n"), whole("b\n"), 2))
    assert found.message == (
        "the text to replace is to be found 2 times and stands once, in line 2"
    )
    assert found.found == (2,)


def test_row_25_many_places_are_cut() -> None:
    found = conflict("a\n" * 20, Replace(whole("a\n"), whole("b\n")))
    assert found.message.endswith("stands 20 times, in lines 1, 2, 3, 4, 5, 6, 7, 8, …")
    assert found.found == tuple(range(1, 21))


def test_row_25_lines_are_counted_behind_windows_line_ends() -> None:
    assert conflict("x\r\na\r\na\r\n", Replace(whole("a\n"), whole("b\n"))).found == (2, 3)


def test_what_stands_in_the_old_text_was_not_made_of_it() -> None:
    # The hint is nearer to the part of it that is to stay.
    for hint in (None, LineRange(900, 901)):
        operation = Replace(whole("a\nb\n"), whole("b\n"), lines=hint)
        assert replaced("x\na\nb\ny\n", operation) == "x\nb\ny\n"


def test_a_hint_chooses_the_nearest_of_several() -> None:
    text = "a\nx\na\nx\nx\na\n"
    for hint, expected in (
        (1, "b\nx\na\nx\nx\na\n"),
        (3, "a\nx\nb\nx\nx\na\n"),
        (4, "a\nx\nb\nx\nx\na\n"),
        (60, "a\nx\na\nx\nx\nb\n"),
    ):
        operation = Replace(whole("a\n"), whole("b\n"), lines=LineRange(hint, hint))
        new = replaced(text, operation)
        assert new == expected
        assert isinstance(apply(new, operation), AlreadyApplied)


def test_a_hint_in_the_middle_chooses_none() -> None:
    found = conflict("a\nx\na\n", Replace(whole("a\n"), whole("b\n"), lines=LineRange(2, 2)))
    assert found.found == (1, 3)


def test_a_hint_is_never_a_condition() -> None:
    operation = Replace(whole("a\n"), whole("b\n"), lines=LineRange(900, 900))
    assert replaced("a\n", operation) == "b\n"


def test_a_text_is_replaced_as_often_as_it_is_counted() -> None:
    assert replaced("a a a", Replace(inside("a"), inside("b"), 3)) == "b b b"
    assert replaced("a a a", Replace(inside("a"), inside("b"), "all")) == "b b b"
    conflict("a a a", Replace(inside("a"), inside("b"), 2))
    conflict("", Replace(inside("a"), inside("b"), "all"))


def test_a_replacement_made_too_rarely_or_too_often_is_not_taken_for_done() -> None:
    operation = Replace(whole("a\n"), whole("b\n"), 2)
    assert isinstance(apply("b\nb\n", operation), AlreadyApplied)
    for text in ("b\n", "b\nb\nb\n"):
        assert conflict(text, operation).message == "the text to replace is not in the file"


def test_a_replacement_that_holds_the_search_is_told_from_it() -> None:
    operation = Replace(whole("a\n"), whole("a\nb\n"))
    new = replaced("x\na\n", operation)
    assert new == "x\na\nb\n"
    assert isinstance(apply(new, operation), AlreadyApplied)
    around = Replace(inside("f"), inside("g(f)"))
    assert isinstance(apply(replaced("f\n", around), around), AlreadyApplied)


def test_the_first_changed_lines_are_told() -> None:
    result = apply("a\nb\nc\n", Replace(whole("b\nc\n"), whole("d\n")))
    assert isinstance(result, Applied)
    assert result.lines == LineRange(2, 3)


def test_a_file_that_is_not_there() -> None:
    assert apply(None, Replace(whole("a\n"), whole("b\n"))) == Conflict("the file does not exist")


@CHECKED
@given(st.text() | BYTES.map(decoded))
def test_a_file_is_created_as_it_is_stated(text: str) -> None:
    operation = Create(whole(text))
    created = apply(None, operation)
    assert isinstance(created, Applied)
    assert created.text == text
    assert isinstance(apply(text, operation), AlreadyApplied)
    other = apply(text + "x", operation)
    assert isinstance(other, Conflict)
    assert other.message == "the file exists already, with other content"


@pytest.mark.parametrize("side", ["old", "new"])
def test_thousands_of_places_are_told_in_no_time(side: str) -> None:
    # Each with each would be a thousand million comparisons, and the time limit of an edit.
    text = "a,b;c\n" * 30_000
    old, new = (",", ";") if side == "old" else (";", ",")
    with time_limit(4.0):
        found = conflict(text, Replace(inside(old), inside(new)))
        assert "stands 30000 times, in lines 1, 2, 3, " in found.message
        assert replaced(text, Replace(inside(old), inside(new), "all")) == text.replace(old, new)
        lines = replaced(text, Insert("after", whole("a,b;c\n"), whole("x\n"), "all"))
        half = lines + text
        both = replaced(half, Insert("after", whole("a,b;c\n"), whole("x\n"), "all"))
    assert both == lines * 2


def test_what_is_near_in_long_lines_is_told_in_no_time() -> None:
    words = [f"word{number % 7} {number}" for number in range(200)]
    text = "\n".join(" ".join(words[number:] + words[:number]) for number in range(40))
    wanted = " ".join(words[50:70]).replace("word2", "wurd2")
    with time_limit(4.0):
        found = conflict(f"{text}\n", Replace(inside(wanted), inside("x")))
    assert found.missed
    assert found.near is not None
    assert words[50] in found.near.difference
