"""Every operation and expectation has its words in the plan."""

from __future__ import annotations

from typing import get_args

import pytest

from runbook.core.matching.texts import Text
from runbook.core.model.data import Assignment, Number, Removal, Table
from runbook.core.model.model import Count, Distinct, Edit, Expect, Phase, Series, Task, Verify
from runbook.core.model.operations import (
    Append,
    Create,
    Delete,
    DropImport,
    EnsureImport,
    Glob,
    Indent,
    Insert,
    MoveTo,
    Operation,
    Patch,
    Prepend,
    Remove,
    RemoveLines,
    Rename,
    Replace,
    ReplaceRange,
    RewriteFile,
    SetValues,
    Structural,
    Substitute,
    UnsetValues,
)
from runbook.core.model.patches import FilePatch
from runbook.markdown.plan import plan

OLD = Text("old\n\n\nlines\n", True)
NEW = Text("new\n", True)

SAID: list[tuple[Operation, list[str]]] = [
    (Replace(OLD, NEW), ["Change `a.py` from:", "To:"]),
    (Replace(OLD, NEW, count="all"), ["Change `a.py` from (everywhere):", "To:"]),
    (Remove(OLD, count=2), ["Remove from `a.py` (2 times):"]),
    (Insert("after", OLD, NEW), ["In `a.py`, after:", "Insert:"]),
    (Insert("before", OLD, NEW), ["In `a.py`, before:", "Insert:"]),
    (ReplaceRange(OLD, NEW, NEW), ["In `a.py`, replace everything from:", "Through:", "With:"]),
    (Append(NEW), ["Append to `a.py`:"]),
    (Prepend(NEW), ["At the beginning of `a.py`, add:"]),
    (Create(NEW, 0o755), ["- Create: `a.py`", "Create `a.py` (mode 755):"]),
    (RewriteFile(NEW), ["Replace the whole of `a.py` with:"]),
    (Delete(), ["- Delete: `a.py`", "Delete `a.py`."]),
    (MoveTo("b.py"), ["- Move: `a.py` to `b.py`", "Move `a.py` to `b.py`."]),
    (
        Patch("@@ -1 +1 @@\n-a\n+b\n", (FilePatch("a.py", ()),)),
        ["- Modify: `a.py`", "Apply this patch to `a.py`:", "```diff", "+b"],
    ),
    (
        Patch("rename\n", (FilePatch("a.py", (), to="b.py"),)),
        ["- Move: `a.py` to `b.py`", "Apply this patch to `a.py`:"],
    ),
    (
        Patch("new\n", (FilePatch("a.py", (), "create"),)),
        ["- Create: `a.py`", "Apply this patch to `a.py`:"],
    ),
    (
        SetValues(
            (
                Assignment(("a", "b.c", 0), "x"),
                Assignment(("d",), (Number("1.10"), Table((("e", None),))), append=True),
            )
        ),
        ["In `a.py`, set:", "```text", 'a."b.c"[0] = "x"', 'd += [1.10, {"e": null}]'],
    ),
    (
        SetValues((Assignment(("a", "b"), "x"),), after="a.c"),
        ["In `a.py`, set after `a.c`:", "```text", 'a.b = "x"'],
    ),
    (
        UnsetValues((Removal(("a", "b.c")), Removal(("d",), ("x", Number("1"))))),
        ["In `a.py`, unset:", "```text", 'a."b.c"', 'd -= ["x", 1]'],
    ),
    (EnsureImport(("import a", "import b")), ["In `a.py`, import:", "import a", "import b"]),
    (DropImport(("import a",)), ["In `a.py`, import no longer:", "import a"]),
    (
        Structural("g($A)", "f($A)", count="all"),
        ["In `a.py`, rewrite the code that matches (everywhere):", "f($A)", "To:", "g($A)"],
    ),
    (
        Structural("g($A)", rule='{"kind": "call"}'),
        ["In `a.py`, rewrite the code that this rule finds:", "```json", '  "kind": "call"', "To:"],
    ),
    (
        Rename((("a", "b"), ("c d", ""))),
        ["In `a.py`, replace each of these names:", "```json", '  "a": "b",', '  "c d": ""'],
    ),
    (
        Indent(OLD, NEW, -4),
        ["In `a.py`, indent by -4 from:", "Through:"],
    ),
    (RemoveLines("^a", 2), ["From `a.py`, remove the lines that match (2 times):", "^a"]),
    (Substitute("o(.)", r"\1", 1), ["In `a.py`, rewrite what matches:", "o(.)", r"\1"]),
]


def planned(step: Edit | Verify) -> str:
    task = Task("phase-1/task-1", "A task", (step,))
    return plan(Series("A series"), Phase("phase-1", "A goal.", (task,), number=1))


def test_every_operation_is_in_the_table() -> None:
    assert {type(operation) for operation, _ in SAID} == set(get_args(Operation))


@pytest.mark.parametrize(("operation", "lines"), SAID)
def test_an_operation_has_its_words_in_order(operation: Operation, lines: list[str]) -> None:
    said = planned(Edit(("a.py",), (operation,))).split("\n")
    assert [line for line in said if line in lines] == lines
    if OLD in (getattr(operation, name, None) for name in ("search", "anchor", "start")):
        assert "old\n\n\nlines" in "\n".join(said)


def test_several_changes_of_several_files() -> None:
    said = planned(Edit(("a.py", Glob("*.txt")), (Append(NEW), Delete())))
    assert "Append to `a.py`, `*.txt`:" in said
    assert "Delete `a.py`, `*.txt`." in said


def test_expectations_without_prose_are_put_into_words() -> None:
    expect = Expect(
        exit=(2,),
        contains=("here",),
        absent=("there",),
        matches=("^a",),
        distinct=Distinct("gw.", Count(">=", 2)),
        output="all of it\n",
        empty=True,
        line_count=Count("==", 3),
    )
    said = planned(Verify("make check", expect))
    assert (
        'Expected: exit status 2; prints "here"; no "there"; prints what matches `^a`; '
        '>=2 different matches of `gw.`; prints exactly "all of it"; no output; 3 lines of output'
    ) in said
