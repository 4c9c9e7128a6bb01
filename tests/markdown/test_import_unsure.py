"""Places that words name, and that a file has only by the sound of it: these stay with a person."""

from __future__ import annotations

import pytest
from planning import block, steps

from runbook.core.model.model import Commit, Edit, Manual


def _kind(path: str, text: str, words: str, code: str) -> type:
    language = {"py": "python", "ts": "typescript", "cs": "csharp"}.get(path[-2:], "php")
    body = f"**Files:**\n- Modify: `{path}`\n\n**Step 1: Do it**\n\n{words}"
    (step,) = steps(f"{body}{block(code, language)}", {path: text})
    return type(step)


@pytest.mark.parametrize(
    ("line", "code", "kind"),
    [
        ("row(1)", "row(2)", Edit),
        ("speed = row(1)", "speed = row(2, 3)", Edit),
        ("row(go('(1'))", "row(go('(2)'))", Edit),
        ("log.append(row(1))", "row(2)", Manual),
        ("return row(1)", "row(2)", Manual),
        ("yield row(1)", "row(2)", Manual),
        ("row(1).rest()", "row(2)", Manual),
        ("row(1); rest()", "row(2)", Manual),
        ("row(1) or row(3)", "row(2)", Manual),
        ("print('row(1)')", "row(2)", Manual),
        ("row(1)  # noqa", "row(2)", Manual),
        ("speed = fast(row(1))", "speed = row(2)", Manual),
    ],
)
def test_a_call_given_anew_is_all_of_the_statement_but_what_is_passed(
    line: str, code: str, kind: type
) -> None:
    text = f"def go():\n    {line}\n"
    assert _kind("ship.py", text, "Update the `row()` call:", f"    {code}\n") is kind


@pytest.mark.parametrize(
    ("text", "words", "code", "kind"),
    [
        ("# FAST: a limit\nTOP = 2\n", "Add after line 1 (`FAST`):", "X = 9\n", Manual),
        ("# FAST\nFAST = 2\n", "Add after line 1 (`FAST`):", "X = 9\n", Manual),
        ("# FAST\nFAST = 2\n", "Add after line 2 (`FAST`):", "X = 9\n", Edit),
        ("# FAST\n\nTOP = 2\n", "Add after line 1 (`# FAST`):", "X = 9\n", Edit),
        ("L = [\n    'FAST'\n]\n", "Add after line 2 (`FAST`):", "    'b',\n", Manual),
        ("def go():\n    return FAST\n", "Add after line 2 (`FAST`):", "X = 9\n", Manual),
        ("# why\nFAST = 2\n", "Add before line 3 (`FAST`):", "X = 9\n", Manual),
        ("# why\nFAST = 2\n", "Add before line 2 (`FAST`):", "X = 9\n", Edit),
        ("TOP = 1\nFAST = 2\n", "Add before line 2 (`FAST`):", "X = 9\n", Edit),
    ],
)
def test_a_line_told_by_number_and_name_has_it_in_code_that_may_end_there(
    text: str, words: str, code: str, kind: type
) -> None:
    assert _kind("ship.py", text, words, code) is kind


def test_properties_are_of_the_object_and_of_no_function_that_makes_one() -> None:
    words = "In `ship.ts`, add a field to the `Ship` object after `sails`:"
    text = "const Ship = {\n  sails: 1,\n};\n"
    assert _kind("ship.ts", text, words, "oars: 1\n") is Edit
    text = "const Ship = () => {\n  go({\n    sails: 1,\n  });\n};\n"
    assert _kind("ship.ts", text, words, "oars: 1\n") is Manual


@pytest.mark.parametrize(
    ("path", "text", "words", "code", "kind"),
    [
        ("S.php", "use Sea\\{Oar, Sail};", "Add the import:", "use Sea\\Keel;\n", Edit),
        ("S.php", "use Sea\\{Oar, Sail};", "Add the import:", "use Sea\\Oar;\n", Manual),
        ("S.php", "use Sea\\Oar;", "Add the import:", "use Bay\\Oar;\n", Manual),
        ("S.php", "use Sea\\Oar;", "Add the import:", "use Bay\\Oar as Pole;\n", Edit),
        ("S.php", "use Sea\\Oar;", "Add to the class:", "    use Sails;\n", Manual),
        ("S.php", "use Sea\\Oar;", "Add the `Sails` trait:", "use Sails;\n", Manual),
        ("S.cs", "using Sea;\nusing Bay;", "Add the imports:", "using Sea;\nusing Oar;\n", Manual),
        ("S.cs", "using Sea;", "Add the import:", "using Oar;\n", Edit),
        ("S.cs", "using Sea;", "Add the import:", "global using Oar;\n", Manual),
    ],
)
def test_imports_of_whole_names_are_new_ones_and_no_traits(
    path: str, text: str, words: str, code: str, kind: type
) -> None:
    head = "<?php\n\n" if path.endswith("php") else ""
    there = f"{head}{text}\n\nclass Ship\n{{\n    public $a;\n}}\n"
    if not head:
        there = there.replace("public $a", "int a")
    assert _kind(path, there, words, code) is kind


def test_words_beside_a_block_that_order_more_than_it_shows_leave_it_to_a_person() -> None:
    text = "pub struct Ship {\n    sails: u8,\n    keel: u8,\n}\n"
    code = "pub struct Ship {\n    sails: u8,\n    oars: u8,\n    keel: u8,\n}\n"
    head = "**Files:**\n- Modify: `ship.rs`\n\n**Step 1: Add it**\n\n"
    words = "In `ship.rs`, add the `oars` field to the `Ship` struct{}:"
    behind = "In `new()`: `oars: 4`\nIn `Clone` impl: `oars: self.oars`\n"
    for more, after, kind in (
        ("", "", Edit),
        (", and to the `new()` constructor. Also add to `Clone` impl", "", Manual),
        ("", behind, Manual),
    ):
        body = f"{head}{words.format(more)}{block(code, 'rust')}{after}"
        made = steps(body, {"ship.rs": text})
        assert isinstance(made[-1], kind)


def test_a_commit_that_someone_is_asked_before_is_left_to_a_person() -> None:
    body = "**Step 1: Commit** ({})\n\n```bash\ngit add a.py\ngit commit -m 'feat: a'\n```\n"
    (step,) = steps(body.format("stage; ask Ada before committing"))
    assert isinstance(step, Manual)
    (step,) = steps(body.replace(" ({})", ""))
    assert isinstance(step, Commit)


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        ("Create `a/sea.py` with helpers for", "def sail(to: str) -> int: ...\n", Manual),
        ("Create `a/sea.py`", "def sail():\n    return 1\n\n\ndef row(): ...\n", Manual),
        ("Create `a/sea.py`", 'def sail():\n    """Sails."""\n    ...\n', Manual),
        ("Create `a/sea.py` with stubs", "def sail(to: str) -> int: ...\n", Edit),
        ("Create `a/sea.py`", "class Sea:\n    def sail(self) -> int: ...\n", Edit),
        ("Create `a/sea.py`", "def sail():\n    return 1\n", Edit),
    ],
)
def test_signatures_of_what_is_to_be_written_are_no_file(words: str, code: str, kind: type) -> None:
    body = f"**Files:**\n- Create: `a/sea.py`\n\n**Step 1: Write it**\n\n{words}:{block(code)}"
    (step,) = steps(body, {})
    assert isinstance(step, kind)
