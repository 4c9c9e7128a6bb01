"""Patches through git: what they change, what they leave alone, and when they were applied."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from runbook.core.matching.results import AlreadyApplied, Applied, Conflict
from runbook.core.matching.texts import LineRange
from runbook.core.model.patches import FilePatch, read_patch
from runbook.transforms.patch import apply_patch

# git is started for each example.
CHECKED = settings(deadline=None, max_examples=40)
TEXT = "".join(f"line {number}\n" for number in range(1, 41))


def patch(hunks: str, header: str = "--- a/x\n+++ b/x\n") -> FilePatch:
    (part,) = read_patch(header + hunks)
    return part


def made(text: str | None, part: FilePatch) -> str | None:
    result = apply_patch(text, part)
    assert isinstance(result, Applied), result
    return result.text


def conflict(text: str | None, part: FilePatch) -> Conflict:
    result = apply_patch(text, part)
    assert isinstance(result, Conflict), result
    return result


def difference(old: list[str], new: list[str]) -> FilePatch:
    """A patch between lists of lines."""
    return patch("".join(f"{line}\n" for line in difflib.unified_diff(old, new, lineterm=""))[10:])


TWO = patch(
    "@@ -10,3 +10,4 @@\n line 10\n line 11\n+new\n line 12\n@@ -30,3 +31,2 @@\n line 30\n"
    "-line 31\n line 32\n"
)
CHANGED = TEXT.replace("line 11\n", "line 11\nnew\n").replace("line 31\n", "")


def test_a_patch_is_applied_once() -> None:
    result = apply_patch(TEXT, TWO)
    assert result == Applied(CHANGED, LineRange(10, 13))
    assert isinstance(apply_patch(CHANGED, TWO), AlreadyApplied)


def test_hunks_land_where_their_lines_went() -> None:
    moved = "x\n" * 7 + TEXT
    assert made(moved, TWO) == "x\n" * 7 + CHANGED
    assert isinstance(apply_patch("x\n" * 7 + CHANGED, TWO), AlreadyApplied)


def test_of_two_like_places_the_nearer_one_is_meant() -> None:
    part = patch("@@ -1,2 +1,3 @@\n a\n+x\n b\n@@ -9,3 +10,3 @@\n c\n-d\n+e\n f\n")
    text = "a\nb\n" + "-\n" * 6 + "c\nd\nf\n" + "a\nb\n" + "c\nd\nf\n"
    new = made(text, part)
    assert new == "a\nx\nb\n" + "-\n" * 6 + "c\ne\nf\n" + "a\nb\n" + "c\nd\nf\n"
    assert isinstance(apply_patch(new, part), AlreadyApplied)


def test_nothing_is_fuzzy_and_the_hunk_that_fails_is_named() -> None:
    found = conflict(TEXT.replace("line 32", "line 32!"), TWO)
    assert found.message == "hunk 2 of 2 (@@ -30,3 +31,2 @@) does not apply"
    assert found.near is not None
    assert found.near.lines == LineRange(30, 32)
    assert found.near.difference.endswith("-line 32\n+line 32!")
    (only,) = (patch("@@ -2 +2 @@\n-line two\n+x\n"),)
    assert conflict(TEXT, only).message == "the hunk (@@ -2,1 +2,1 @@) does not apply"


def test_a_hunk_that_git_takes_for_an_end_of_the_file_says_so() -> None:
    for hunk in (
        "@@ -1,2 +1,3 @@\n line 10\n+x\n line 11\n",
        "@@ -10,2 +10,3 @@\n line 10\n line 11\n+x\n",
    ):
        found = conflict(TEXT, patch(hunk))
        assert found.message.endswith("its lines stand in line 10, and git looks elsewhere")
        assert found.hint is not None
        assert "unchanged lines on both sides" in found.hint


def test_half_a_patch_is_a_conflict_that_says_so() -> None:
    found = conflict(TEXT.replace("line 11\n", "line 11\nnew\n"), TWO)
    assert found.message == (
        "hunk 1 of 2 (@@ -10,3 +10,4 @@) does not apply: what it makes stands in line 10 already"
    )


def test_files_are_made_and_deleted() -> None:
    create = patch("@@ -0,0 +1,2 @@\n+a\n+b\n", "--- /dev/null\n+++ b/x\n")
    assert apply_patch(None, create) == Applied("a\nb\n", LineRange(1, 2))
    assert isinstance(apply_patch("a\nb\n", create), AlreadyApplied)
    assert "it exists already" in conflict("a\n", create).message
    delete = patch("@@ -1,2 +0,0 @@\n-a\n-b\n", "--- a/x\n+++ /dev/null\n")
    assert apply_patch("a\nb\n", delete) == Applied(None)
    assert isinstance(apply_patch(None, delete), AlreadyApplied)
    assert conflict("a\nc\n", delete).near is not None
    assert conflict("a\nb\nc\n", delete)
    assert conflict(None, TWO).message == "the file does not exist"


def test_empty_files_are_made_and_deleted() -> None:
    create = patch("new file mode 100644\nindex 000..e69\n", "diff --git a/x b/x\n")
    assert made(None, create) == ""
    assert isinstance(apply_patch("", create), AlreadyApplied)
    delete = patch("deleted file mode 100644\nindex e69..000\n", "diff --git a/x b/x\n")
    assert made("", delete) is None
    assert conflict("a", delete)


@pytest.mark.parametrize("before", ["", "\ufeff", "\0\f\u2028\udcff\r"])
def test_row_23_the_end_of_a_file_is_as_the_patch_says(before: str) -> None:
    mark = "\\ No newline at end of file\n"
    first = before[1:] if before == "\ufeff" else before
    none = patch(f"@@ -1,2 +1,2 @@\n {first}a\n-b\n{mark}+c\n{mark}")
    assert made(f"{before}a\nb", none) == f"{before}a\nc"
    assert made(f"{before}a\r\nb", none) == f"{before}a\r\nc"
    conflict(f"{before}a\nb\n", none)
    added = patch(f"@@ -1,2 +1,3 @@\n {first}a\n-b\n{mark}+b\n+c\n")
    assert made(f"{before}a\nb", added) == f"{before}a\nb\nc\n"
    assert made(f"{before}a\r\nb", added) == f"{before}a\r\nb\r\nc\r\n"


def test_row_23_mixed_line_ends_stay_and_new_lines_take_their_neighbours() -> None:
    part = patch("@@ -1,4 +1,4 @@\n a\n-b\n+B\n c\n+C\n-d\n")
    assert made("a\nb\r\nc\r\nd\n", part) == "a\nB\nc\r\nC\n"
    assert made("a\r\nb\nc\nd\r\n", part) == "a\r\nB\r\nc\nC\r\n"


BARE = {
    "added": ("@@ -3,0 +4 @@\n+x\n", "a\nb\nc\nd\n", "a\nb\nc\nx\nd\n"),
    "added at the beginning": ("@@ -0,0 +1 @@\n+x\n", "a\n", "x\na\n"),
    "added at the end": ("@@ -2,0 +3,2 @@\n+x\n+y\n", "a\nb\n", "a\nb\nx\ny\n"),
    "changed": ("@@ -2 +2 @@\n-b\n+B\n", "a\nb\nb\n", "a\nB\nb\n"),
    "changed at windows line ends": ("@@ -2 +2 @@\n-b\n+B\n", "a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
    "changed behind a mark": ("@@ -1 +1 @@\n-a\n+A\n", "\ufeffa\nb\na\n", "\ufeffA\nb\na\n"),
    "two of them": (
        "@@ -1 +0,0 @@\n-a\n@@ -3,0 +3,2 @@\n+x\n+y\n",
        "a\nb\nc\nd\n",
        "b\nc\nx\ny\nd\n",
    ),
    "beside others that moved": (
        "@@ -2,2 +2,3 @@\n b\n+x\n c\n@@ -7 +8 @@\n-g\n+G\n",
        "a\n-\nb\nc\nd\nf\ng\nh\n",
        "a\n-\nb\nx\nc\nd\nf\nG\nh\n",
    ),
    "before others": (
        "@@ -1,0 +2,2 @@\n+x\n+y\n@@ -3,3 +5,3 @@\n c\n-d\n+D\n e\n",
        "a\nb\nc\nd\ne\n",
        "a\nx\ny\nb\nc\nD\ne\n",
    ),
    "without a line end": (
        "@@ -2 +2,2 @@\n-b\n\\ No newline at end of file\n+b\n+c\n",
        "a\nb",
        "a\nb\nc\n",
    ),
}


@pytest.mark.parametrize("case", BARE)
def test_a_hunk_without_context_goes_to_its_line(case: str) -> None:
    hunks, old, new = BARE[case]
    assert made(old, patch(hunks)) == new
    assert isinstance(apply_patch(new, patch(hunks)), AlreadyApplied)


@pytest.mark.parametrize(
    ("hunk", "text"),
    [
        ("@@ -2 +2 @@\n-b\n+B\n", "a\nx\nb\n"),
        ("@@ -5,0 +6 @@\n+x\n", "a\nb\n"),
        ("@@ -2,0 +3 @@\n+x\n", "a\nb"),
        ("@@ -1 +1 @@\n-a\n+A\n\\ No newline at end of file\n", "a\nb\n"),
        ("@@ -2 +1,0 @@\n-b\n", "a\nc\nb\n"),
        # Gone before, or never there: who could say?
        ("@@ -2 +1,0 @@\n-b\n", "a\nc\n"),
        # What it belongs between went past it.
        ("@@ -1,2 +1,3 @@\n x\n+new\n y\n@@ -3 +4 @@\n-c\n+C\n", "a\nb\nc\nx\ny\n"),
    ],
)
def test_a_hunk_without_context_goes_nowhere_else(hunk: str, text: str) -> None:
    conflict(text, patch(hunk))


def test_where_the_lines_of_a_hunk_without_context_stand_is_told() -> None:
    found = conflict("a\nx\nb\n", patch("@@ -2 +2 @@\n-b\n+B\n"))
    assert "its lines stand in line 3" in found.message


LINES = st.lists(st.sampled_from(["a", "b", "", " c", "\f", "\u2028", "\udcff", "é"]), max_size=12)


@CHECKED
@given(old=LINES, new=LINES, above=LINES, end=st.sampled_from(["\n", "\r\n"]))
def test_any_difference_is_applied_and_seen_to_be(
    old: list[str], new: list[str], above: list[str], end: str
) -> None:
    assume(old != new and old and new)
    part = difference(old, new)
    before, after = ("".join(line + end for line in lines) for lines in (old, new))
    assert made(before, part) == after
    assert isinstance(apply_patch(after, part), AlreadyApplied)
    # Moved down, it lands or is refused; it never changes another byte than its own.
    head = "".join(f"above {line}{end}" for line in above)
    result = apply_patch(head + before, part)
    if isinstance(result, Applied):
        assert result.text == head + after
        assert isinstance(apply_patch(result.text, part), AlreadyApplied)


def test_the_configuration_of_a_user_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("home")
    config = folder / "config"
    config.write_text(
        "[apply]\n  whitespace = error\n  ignoreWhitespace = change\n[core]\n  autocrlf = true\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", str(folder))
    part = patch("@@ -1,2 +1,2 @@\n a\n-b\n+c  \n")
    assert made("a\nb\n", part) == "a\nc  \n"
    assert made("a\r\nb\r\n", part) == "a\r\nc  \r\n"
    conflict("a \nb\n", part)


@pytest.mark.parametrize(
    ("text", "hunk", "said"),
    [
        ("a\nb", "@@ -1,2 +1,3 @@\n a\n b\n+c\n", "no line end, and in the patch one"),
        (
            "a\nb\n",
            "@@ -1,2 +1,2 @@\n-a\n+A\n b\n\\ No newline at end of file\n",
            "a line end, and in the patch none",
        ),
    ],
)
def test_a_last_line_that_ends_otherwise_is_told(text: str, hunk: str, said: str) -> None:
    for each in (text, text.replace("\n", "\r\n")):
        assert conflict(each, patch(hunk)).message.endswith(f"the last line of the file has {said}")


def test_a_patch_may_be_about_the_last_line_end_only() -> None:
    part = patch("@@ -1 +1 @@\n-b\n\\ No newline at end of file\n+b\n")
    assert made("b", part) == "b\n"


def test_a_line_of_the_file_is_not_joined_with_the_next() -> None:
    """git does so where a hunk's last unchanged line has no line end, and calls it applied."""
    part = patch("@@ -1,2 +1,2 @@\n-a\n+A\n b\n\\ No newline at end of file\n")
    conflict("a\nb\nc\n", part)
    assert made("a\nb", part) == "A\nb"
