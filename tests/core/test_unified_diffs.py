"""Unified diffs as they are read: their files, their hunks, and what is wrong with them."""

from __future__ import annotations

import pytest

from runbook.core.edit.comparison import comparison
from runbook.core.model.patches import FilePatch, Hunk, PatchMistake, read_patch

HUNK = "@@ -1,3 +1,3 @@ def f():\n a\n-b\n+c\n d\n"
READ = (Hunk(1, 1, (" a", "-b", "+c", " d")),)
NAMES = "--- a/x.py\n+++ b/x.py\n"

FILES: dict[str, tuple[str, tuple[FilePatch, ...]]] = {
    "hunks alone": (HUNK, (FilePatch(None, READ),)),
    "as git writes it": (
        f"diff --git a/x.py b/x.py\nindex 1..2 100644\n{NAMES}{HUNK}",
        (FilePatch("x.py", READ),),
    ),
    "as diff -u writes it": (
        f"--- x.py\t2026-02-04 10:00:00\n+++ x.py\t2026-02-04 10:01:00\n{HUNK}",
        (FilePatch("x.py", READ),),
    ),
    "in a folder that is called like a prefix": (
        f"--- a/x.py\n+++ a/x.py\n{HUNK}",
        (FilePatch("a/x.py", READ),),
    ),
    "with other prefixes": (f"--- i/x.py\n+++ w/x.py\n{HUNK}", (FilePatch("x.py", READ),)),
    "in a mail": (
        f"From: Ada\nSubject: x\n\n---\n x.py | 2 +-\n\n{NAMES}{HUNK}-- \n2.39.5\n",
        (FilePatch("x.py", READ, line=6),),
    ),
    "two files": (
        f"{NAMES}{HUNK}--- a/y.py\n+++ b/y.py\n{HUNK}",
        (FilePatch("x.py", READ), FilePatch("y.py", READ, line=7)),
    ),
    "a quoted name": (
        '--- "a/caf\\303\\251\\t.py"\n+++ "b/caf\\303\\251\\t.py"\n' + HUNK,
        (FilePatch("café\t.py", READ),),
    ),
    "a name with blanks": (
        f"--- a/a b.py\t\n+++ b/a b.py\t\n{HUNK}",
        (FilePatch("a b.py", READ),),
    ),
    "a new file": (
        "diff --git a/x b/x\nnew file mode 100755\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n",
        (FilePatch("x", (Hunk(0, 1, ("+a",)),), "create", executable=True),),
    ),
    "a new empty file": (
        "diff --git a/x b/x\nnew file mode 100644\nindex 0000000..e69de29\n",
        (FilePatch("x", (), "create"),),
    ),
    "a deleted file": (
        "diff --git a/x b/x\ndeleted file mode 100755\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
        (FilePatch("x", (Hunk(1, 0, ("-a",)),), "delete"),),
    ),
    "a moved file": (
        "diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n",
        (FilePatch("x", (), to="y"),),
    ),
    "a moved and changed file": (
        f"diff --git a/x b/y\nrename from x\nrename to y\n--- a/x\n+++ b/y\n{HUNK}",
        (FilePatch("x", READ, to="y"),),
    ),
    "without a newline at the end": (
        f"{NAMES}@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
        (
            FilePatch(
                "x.py",
                (
                    Hunk(
                        1,
                        1,
                        (
                            "-a",
                            "\\ No newline at end of file",
                            "+b",
                            "\\ No newline at end of file",
                        ),
                    ),
                ),
            ),
        ),
    ),
    "empty lines that lost their blank": (
        f"{NAMES}@@ -1,3 +1,3 @@\n\n-b\n+c\n\n",
        (FilePatch("x.py", (Hunk(1, 1, ("", "-b", "+c", "")),)),),
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_the_files_of_a_patch(case: str) -> None:
    diff, files = FILES[case]
    assert read_patch(diff) == files


MISTAKES: dict[str, tuple[str, int, str, str | None]] = {
    "no diff": ("x = 1\n", 0, "this is no unified diff", "one has lines"),
    "a line too many": (
        f"{NAMES}@@ -1,2 +1,2 @@\n a\n-b\n+c\n d\n",
        2,
        "the hunk has more lines than its first line says",
        "its lines make it `@@ -1,3 +1,3 @@`",
    ),
    "a line too few": (
        f"{NAMES}@@ -1,4 +1,3 @@\n a\n-b\n+c\n d\n",
        2,
        "the hunk has fewer lines than its first line says",
        "its lines make it `@@ -1,3 +1,3 @@`",
    ),
    "too many of one kind": (
        f"{NAMES}@@ -1,2 +1,3 @@\n a\n-b\n-c\n+c\n",
        2,
        "the hunk has fewer lines than its first line says",
        "its lines make it `@@ -1,3 +1,2 @@`",
    ),
    "lines that belong to no hunk": (
        f"{NAMES}{HUNK}+e\n",
        2,
        "the hunk has more lines than its first line says",
        "its lines make it `@@ -1,3 +1,4 @@`",
    ),
    "a hunk without numbers": (
        f"{NAMES}@@\n a\n",
        2,
        "a hunk begins with a line such as",
        "its lines make it `@@ -1,1 +1,1 @@`, with the number of its first line for the 1",
    ),
    "no change": (NAMES, 0, "the patch changes nothing in x.py", None),
    "nothing but lines that stay": (
        f"{NAMES}@@ -1,2 +1,2 @@\n a\n b\n",
        0,
        "the patch changes nothing in x.py",
        None,
    ),
    "a new file that has lines": (
        "--- /dev/null\n+++ b/x.py\n@@ -1 +1,2 @@\n a\n+b\n",
        0,
        "the patch makes x.py, and looks for lines in it",
        "begin with `+`",
    ),
    "a file that goes and keeps lines": (
        "--- a/x.py\n+++ /dev/null\n@@ -1,2 +1 @@\n a\n-b\n",
        0,
        "the patch deletes x.py, and leaves lines in it",
        "begin with `-`",
    ),
    "the same file twice": (
        f"{NAMES}{HUNK}{NAMES}{HUNK}",
        7,
        "the patch changes x.py twice",
        None,
    ),
    "a line behind the last one": (
        f"{NAMES}@@ -1,2 +1,2 @@\n-a\n+b\n\\ No newline at end of file\n c\n",
        6,
        "a line follows the one that is said to be the file's last",
        "below the last line only",
    ),
    "two names": (
        f"--- a/x.py\n+++ b/y.py\n{HUNK}",
        0,
        "the patch names two files, x.py and y.py",
        "a moved file has",
    ),
    "no file": (f"--- /dev/null\n+++ /dev/null\n{HUNK}", 0, "does not say which file", None),
    "permissions": ("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", 1, "permissions", ""),
    "a link": ("diff --git a/x b/x\nnew file mode 120000\n", 1, "a symbolic link", None),
    "a binary file": ("diff --git a/x b/x\nindex 1..2\nGIT binary patch\n", 2, "a binary file", ""),
    "a merge": ("diff --cc x\n", 0, "a combined diff of a merge", ""),
    "a copy": ("diff --git a/x b/y\ncopy from x\ncopy to y\n", 1, "a patch that copies", ""),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_what_is_wrong_with_a_patch_is_told_with_its_line(case: str) -> None:
    diff, line, message, hint = MISTAKES[case]
    with pytest.raises(PatchMistake) as raised:
        read_patch(diff)
    assert raised.value.line == line
    assert message in raised.value.message
    assert (raised.value.hint is None) == (hint is None)
    assert (hint or "") in (raised.value.hint or "")


def test_a_hunk_after_a_file_without_names_is_refused() -> None:
    with pytest.raises(PatchMistake, match="follows no file"):
        read_patch("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\n@@ -9 +9 @@\n-a\n+b\n")


def test_a_comparison_has_whole_lines() -> None:
    shown = comparison("a.py", b"a\n", b"b", "before")
    assert shown.split("\n") == ["--- a.py before", "+++ a.py now", "@@ -1 +1 @@", "-a", "+b", ""]
    # A form feed is a part of its line, as everywhere.
    shown = comparison("a.py", b"\fa\rb\n", b"\fc\n", "before")
    assert shown.split("\n")[2:] == ["@@ -1 +1 @@", "-\fa\rb", "+\fc", ""]
