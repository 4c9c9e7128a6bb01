"""Changes that a sentence says in full, without a block."""

from __future__ import annotations

import pytest
from planning import STEP, block, steps
from planning import made as of_plan

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual
from runbook.markdown.importing.importer import import_plan
from runbook.transforms.transforms import TRANSFORMS

SHIP = (
    "import os\n\nFAST = 1\n\n\ndef sail():\n    go(FAST)\n    go(FAST)\n\n\n"
    "def row():\n    return 1\n"
)
TABLES = "[ship]\nhull = 1\n\n[boat]\nkeel = 2\n"
SCRIPT = "import { a } from './a';\n\nexport function row() {\n  return 1;\n}\n\nconst x = a;\n"
GO = 'package sea\n\nimport (\n\t"errors"\n\t"sync"\n\n\t"github.com/a/b"\n)\n'
MANY = """\
from sea import Oar, Sail
from sea.parts import (
    Hull,
    Keel,
    Mast,
)
from wind import calm


@mark
def steer():
    from harbour import Rope


@pytest.mark.sea
class TestShip:
    def row(self) -> dict[str, int]:
        return {}  # empty
"""
CRATE = "mod sail;\n\npub use sail::Sail;\n\nfn row() {}\n"
CLASS = "@dataclass\nclass Ship:\n    sails: int\n    mast: str = 'a'\n"
CSS = ".sail {\n  color: #333333;\n}\n"


@pytest.mark.parametrize(
    ("path", "text", "words", "made"),
    [
        ("ship.py", SHIP, "Add `import sys` after `import os`.", "import os\nimport sys\n"),
        ("ship.py", SHIP, "Don't forget the import: `from sea import wind`.", "import wind\n"),
        ("ship.ts", SCRIPT, "Add `import { b } from './b';` at the top of the file.",
         "from './a';\nimport { b } from './b';\n"),
        ("ship.py", SHIP,
         "Add `import sys` alongside the existing stdlib imports (after `import os`).",
         "import os\nimport sys\n"),
        ("ship.rs", CRATE, "Add `pub mod oar;` to the module declarations.",
         "mod sail;\npub mod oar;\n"),
        ("ship.rs", CRATE, "In `ship.rs`, add `mod oar;` and `pub use oar::Oar;`.",
         "pub use sail::Sail;\nmod oar;\npub use oar::Oar;\n"),
        ("ship.rs", CRATE, "Add `mod oar;` to `ship.rs` and re-export `pub use oar::Oar;`.",
         "pub use sail::Sail;\nmod oar;\npub use oar::Oar;\n"),
        ("ship.ts", "export * from './sail';\n", "Add `export * from './oar';` to `ship.ts`.",
         "sail';\nexport * from './oar';\n"),
        ("lib.rs", "pub mod sea;\n", "Add `pub mod oar;` to `lib.rs`.", "mod sea;\npub mod oar;\n"),
        ("index.ts", "export * from './a';\n", "Add `export * from './b';` to `index.ts`.",
         "from './a';\nexport * from './b';\n"),
        ("ship.py", CLASS, "Add `oars: int = 2` to the `Ship` dataclass.",
         "= 'a'\n    oars: int = 2\n"),
        ("ship.py", CLASS, "Add `oars: int` to `Ship` (after `sails`).",
         "int\n    oars: int\n    mast"),
        ("ship.ts", "interface Ship {\n  sails: number;\n  mast: string;\n}\n",
         "Add an optional `oars?: number` field to `Ship`.", "mast: string;\n  oars?: number;\n"),
        ("ship.rs", "struct Ship {\n    sails: u8,\n}\n", "Add `oars: u8` to `Ship`.",
         "sails: u8,\n    oars: u8,\n"),
        ("ship.go", "package sea\n\ntype Ship interface {\n\tSail() int\n}\n",
         "Add `Row(n int) error` to the `Ship` interface (declared at lines 3-5).",
         "\tSail() int\n\n\tRow(n int) error\n"),
        ("ship.go", GO, 'Add `"sort"` to the imports.', '"errors"\n\t"sort"\n\t"sync"\n'),
        ("ship.go", GO, 'Add `"github.com/a/c"` to the import block.', '\t"github.com/a/c"\n)'),
        (".gitignore", "*.pyc\n", "Add `.env` and `dist/` to `.gitignore`.", ".env\ndist/\n"),
        ("ship.py", SHIP, "Delete the `row` function.", "    go(FAST)\n    go(FAST)\n"),
        ("ship.py", SHIP, "Find and delete the `row()` function (around line 11).",
         "    go(FAST)\n    go(FAST)\n"),
        ("ship.css", CSS, "Change `color` from `#333333` to `#444444`.", "  color: #444444;\n"),
        ("ship.css", CSS, "Change the text `#333333` in the sail rule to `#444444`.",
         "color: #444444;\n"),
        ("ship.css", CSS, "In the sail rule, change `#333333` to `#444444`.", "color: #444444;\n"),
        ("ship.ts", SCRIPT, "Remove the `const x = a;` line.", "  return 1;\n}\n"),
        ("ship.py", "__all__ = ['sail']\n", "Add `row` to `__all__`.", "= ['row', 'sail']\n"),
        ("ship.py", '__all__ = [\n    "sail",\n    "go",\n]\n', 'Add `"row"` to `__all__`.',
         '    "go",\n    "row",\n]\n'),
        ("ship.py", SHIP, "Add this at the top of the file:\n\n```python\nimport sys\n```",
         "import os\nimport sys\n"),
        ("ship.py", SHIP, "Replace all uses of `go(FAST)` with `go(2)` (seen in lines 7 and 8).",
         "    go(2)\n    go(2)\n"),
        ("ship.json", '{"mast": 1, "name": "a"}\n', "Bump `\"mast\": 1` → `2` in `ship.json`.",
         '{"mast": 2, "name"'),
        ("ship.json", '{"mast": "1.0"}\n', 'Change `"mast": "1.0"` to `"2.0"`.', '"mast": "2.0"}'),
        ("ship.py", SHIP, "In `ship.py`, change `FAST = 1` to `2`.", "FAST = 2\n"),
        ("ship.py", SHIP, "In `ship.py`, change the numbers from `1` to `3`:\n\n"
         "- line ~3: `FAST = 1` → `FAST = 3`", "FAST = 3\n"),
        ("ship.py", SHIP, "— change `FAST = 1` to `FAST = 2`.", "FAST = 2\n"),
        ("ship.py", SHIP, "In `ship.py`, delete these functions entirely:\n\n- `row`\n",
         "    go(FAST)\n    go(FAST)\n"),
        ("ship.ts", SCRIPT, "Remove the function `row()` from `ship.ts` (lines 3-5).",
         "from './a';\n\nconst x = a;\n"),
        ("ship.py", MANY, "Remove `Oar` from the import on line 1.", "from sea import Sail\nfrom"),
        ("ship.py", MANY, "Remove the `Mast` and `Keel` imports.", "import (\n    Hull,\n)\n"),
        ("ship.py", MANY, "Remove the unused `calm` import.", ")\n\n\n@mark"),
        ("ship.py", MANY, "Add `@pytest.mark.slow` to class `TestShip`.",
         "@pytest.mark.sea\n@pytest.mark.slow\nclass TestShip:\n"),
        ("ship.py", MANY, "Add the `@cached` decorator to the `row()` method.",
         "class TestShip:\n    @cached\n    def row(self)"),
        ("ship.py", SHIP, "Add `import sys` if not already present.", "import os\nimport sys\n"),
        ("ship.py", SHIP, "Add `import sys` to the imports at the top of `ship.py` if it is not "
         "there.", "import os\nimport sys\n"),
        ("ship.py", MANY, "Change its return type from `dict[str, int]` to `list[int]`.",
         "-> list[int]:\n"),
        ("ship.py", MANY, "Replace `return {}  # empty` at line 17 with `return []`.",
         "        return []\n"),
        ("ship.py", SHIP, "> **Implementer note:** change the number in `ship.py` from `FAST = 1` "
         "to `FAST = 2` — the `row` function needs it.", "FAST = 2\n"),
        ("ship.py", SHIP, "In [ship.py](ship.py), change `FAST = 1` to `FAST = 2`.",
         "FAST = 2\n"),
    ],
)  # fmt: skip
def test_a_sentence_says_a_change_in_full(path: str, text: str, words: str, made: str) -> None:
    result = of_plan(path, text, words)
    assert result is not None
    assert made in result


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("ship.py", CLASS, "Add `oars: int` to `Ship`."),  # one without a value would come last
        ("ship.py", CLASS, "Add `sails: int = 1` to `Ship`."),
        ("ship.py", CLASS, "Add `oars: int = field(...)` to `Ship`."),
        ("ship.py", CLASS, "Add `oars` to `Ship`."),
        ("ship.rs", "struct Ship {\n    sails: u8,\n}\n", "Add `#[derive(Clone)]` to `Ship`."),
        ("ship.py", SHIP, "Add `import sys` if it is needed."),
        ("ship.py", SHIP, "Add `import sys` inside `sail`."),
        ("ship.rs", CRATE, "Add `mod oar;` or `pub mod oar;` to `ship.rs`."),
        ("ship.rs", CRATE, "Add `mod oar;` to `ship.rs` and remove `mod sail;`."),
        ("ship.py", SHIP, "Delete the `steer` function."),
        ("ship.py", SHIP, "Remove the `go(FAST)` line."),  # there are two
        ("ship.py", "__all__ = ['row']\n", "Add `row` to `__all__`."),
        ("ship.py", "__all__ = [*a]\n", "Add `row` to `__all__`."),
        ("ship.py", "__all__ = ['a']  # the first\n", "Add all of them to `__all__`."),
        ("ship.css", CSS, "In the sail rule, change `#333` to `#444`."),
        ("ship.css", CSS, "In the sail rule, change `color` to `fill`."),
        ("ship.py", SHIP, "Replace all occurrences of `FAS` with `SLO`."),
        ("ship.py", SHIP, "Replace all occurrences of `FAST` with `2 * FAST`."),
        ("ship.py", SHIP, "Replace all occurrences of `go` with `run` in `sail`."),
        ("ship.py", SHIP, "Delete the `row` function and its callers."),
        ("ship.py", SHIP, 'In `ship.py`, change `FAST = 1` to `"2"`.'),
        ("ship.go", GO, 'Add `"sort"` and `"time"` to the imports, in order.'),
        ("ship.css", CSS, "In `.sail`, change `color: #333333;` to `color: red;`."),
        ("ship.py", MANY, "Remove `Rudder` from the import."),
        ("ship.py", MANY.replace("wind", "sea.oars"), "Remove `Oar` from the import in `Ship`."),
        ("ship.py", f"{MANY}from sky import Oar\n", "Remove `Oar` from the import."),
        ("ship.py", MANY.replace("Keel,", "Keel,  # below"), "Remove the `Keel` import."),
        ("ship.py", MANY.replace("Oar,", "Oar as O,"), "Remove the `Oar` import."),
        ("ship.ts", SCRIPT, "Remove `a` from the import."),
        ("ship.py", MANY, "Add `@cached` to the `steer` function."),  # above or below its other one
        ("ship.py", MANY, "Add `@pytest.mark.sea` to class `TestShip`."),  # it has it
        ("ship.py", MANY, "Add `@cached` to all methods of `TestShip`."),
        ("ship.py", SHIP, "Add `import sys` if not already too long."),
        ("ship.py", SHIP, "Note: change `FAST = 1` to `FAST = 2` — and update `row` as well."),
        ("ship.py", SHIP, "In [ship.py](sea/ship.py), change `FAST = 1` to `FAST = 2`."),
        ("ship.py", MANY, "Change all types from `dict[str, int]` to `list[int]`."),
    ],
)
def test_what_is_open_or_not_there_is_left(path: str, text: str, words: str) -> None:
    assert of_plan(path, text, words) is None


def test_a_method_that_is_all_that_its_class_has_is_left() -> None:
    text = "class Ship:\n    def row(self):\n        return 1\n"
    assert of_plan("ship.py", text, "Delete the `Ship.row` method.") is None


def test_words_behind_a_block_go_to_its_file() -> None:
    body = (
        "**Files:**\n- Modify: `ship.py`\n- Modify: `boat.py`\n\n**Step 1: Do it**\n\n"
        "In `ship.py`, replace the `row` function with:\n\n```python\n"
        "def row():\n    return sys.argv\n```\n\nAdd `import sys`.\n"
    )
    first, second = steps(body, {"ship.py": SHIP, "boat.py": SHIP})
    assert isinstance(first, Edit)
    assert isinstance(second, Edit)
    assert first.targets == second.targets == ("ship.py",)


README = (
    "[![sail](https://ships.example/sail-v1.0.svg)](sail/)\n"
    "[![row](https://ships.example/row-v1.0.svg)](row/)\n\n"
    "| Ship | Version |\n| --- | --- |\n| **`sail`** | v1.0 |\n| **`row`** | v1.0 |\n"
)
BUMPS = (
    "In `README.md`, update the `sail` badge URL from `v1.0` to `v1.1`.\n\n"
    "Also bump the ship table row's version cell (the `| sail | v1.0 |` row) from `v1.0` to `v1.1`."
)
OTHER = "def land():\n    return stop(1, 2)\n"


def all_made(words: str, files: dict[str, str]) -> dict[str, str] | None:
    """What the edits of a step in words make of its files; `None`: some of it is manual."""
    listed = "".join(f"- Modify: `{path}`\n" for path in files)
    found = dict(files)
    for step in steps(f"**Files:**\n{listed}\n**Step 1: Do it**\n\n{words}\n", files):
        if not isinstance(step, Edit):
            return None
        (path,) = step.targets
        for change in step.changes:
            result = apply(found[str(path)], change, str(path), TRANSFORMS)
            assert isinstance(result, Applied)
            assert result.text is not None
            found[str(path)] = result.text
    return found


def test_a_value_is_bumped_in_the_line_of_its_name() -> None:
    expected = README.replace("sail-v1.0", "sail-v1.1").replace("sail`** | v1.0", "sail`** | v1.1")
    assert all_made(BUMPS, {"README.md": README}) == {"README.md": expected}
    # It stands in two lines of that name.
    twice = README + "[![sail](https://ships.example/sail-v1.0.png)](sea/)\n"
    assert all_made(BUMPS, {"README.md": twice}) is None


def test_several_sentences_are_changes_of_their_files() -> None:
    words = (
        "The ships call each other. Apply the changes of the design:\n\n"
        "In `ship.py`:\n- Delete the `row` function.\n- Change `FAST = 1` to `FAST = 2`\n\n"
        "In `other.py`:\n- Replace `return stop(1, 2)` with `return stop(1)`\n"
    )
    files = {"ship.py": SHIP, "other.py": OTHER}
    expected = SHIP.replace("FAST = 1", "FAST = 2").partition("\n\n\ndef row")[0] + "\n"
    assert all_made(words, files) == {
        "ship.py": expected,
        "other.py": OTHER.replace("1, 2", "1"),
    }


@pytest.mark.parametrize(
    "more",
    [
        "- See to the rest of it.\n",
        "- Change `nowhere = 1` to `nowhere = 2`\n",
        "- Delete the `sail` function if nothing calls it.\n",
    ],
)
def test_several_sentences_are_a_persons_where_one_of_them_is(more: str) -> None:
    words = (
        f"In `ship.py`:\n- Delete the `row` function.\n- Change `FAST = 1` to `FAST = 2`\n{more}"
    )
    assert all_made(words, {"ship.py": SHIP}) is None


FIRST = """\
1. Add `import sys` if not present
2. Update `row()` (line 10):
   - Change its value from `return 1` to `return 2`
3. Wire the rest up in `sail()`.
4. Delete the `row` function.
"""


def test_the_first_items_of_a_list_are_made_where_a_later_one_is_a_persons() -> None:
    one, two, rest = steps(
        f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Do it**\n\n{FIRST}", {"ship.py": SHIP}
    )
    assert isinstance(one, Edit)
    assert isinstance(two, Edit)
    assert isinstance(rest, Manual)
    assert rest.instructions.startswith("3. Wire")
    assert "4. Delete" in rest.instructions  # what stands behind it may depend on it


@pytest.mark.parametrize(
    "words",
    [
        FIRST.replace("1. Add `import sys`", "1. Find out what is needed"),
        FIRST.replace("if not present", "if it is used"),
        FIRST.replace("   - Change", "   - See who calls it\n   - Change").partition("1. Add")[2],
        f"What could be done:\n\n{FIRST}",
    ],
)
def test_no_item_is_made_out_of_its_turn(words: str) -> None:
    body = f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Do it**\n\n{words}"
    assert not isinstance(steps(body, {"ship.py": SHIP})[0], Edit)


def test_an_import_is_made_whatever_a_person_changes_before_it() -> None:
    body = "**Files:**\n- Modify: `ship.py`\n\n**Step 1: Mend it**\n\nMend `sail()`.\n\n"
    body += "**Step 2: Import**\n\nAdd `import sys` if not present.\n\n"
    body += "Note: `os` is imported by now. The wind is none of it.\n"
    manual, edit = steps(body, {"ship.py": SHIP})
    assert isinstance(manual, Manual)
    assert isinstance(edit, Edit)
    assert edit.note is not None
    assert edit.note.endswith("The wind is none of it.")


CALLS = "Replace all 3 occurrences in `sail()`:\n\n- Line 2: `go(FAST)` → `go()`\n"


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        (f"{CALLS}- Line 3: `go(FAST)` → `go()`\n- Line 7: `return 1` → `return 2`\n", True),
        (f"{CALLS}- Line 3: `go(FAST)` → `run()`\n", False),
    ],
)
def test_a_text_listed_as_often_as_it_is_there_is_replaced_everywhere(
    words: str, whole: bool
) -> None:
    made = all_made(words, {"ship.py": SHIP})
    assert (made is not None) == whole
    assert made is None or made["ship.py"].count("go()") == 2


def test_a_text_that_one_of_several_files_has_is_changed_there() -> None:
    body = (
        "**Files:**\n- Modify: `ship.py`\n- Modify: `ship.css`\n\n**Step 1: Do it**\n\n"
        "- Change `color: #333333;` to `color: #444444;`\n"
    )
    (edit,) = steps(body, {"ship.py": SHIP, "ship.css": CSS})
    assert isinstance(edit, Edit)
    assert edit.targets == ("ship.css",)
    (manual,) = steps(body, {"ship.py": f"# {CSS}", "ship.css": CSS})
    assert not isinstance(manual, Edit)


_CRANE = "import os\n\nLIMIT = 3\n\n\ndef load():\n    return 1\n\n\ndef lift():\n    return os\n"


def test_what_is_listed_to_be_deleted_goes() -> None:
    words = "In `crane.py`, delete these:\n\n- `LIMIT = 3`\n- the `load` function (lines 6-7)\n"
    body = f"**Files:**\n- Modify: `crane.py`\n\n**Step 1: Do it**\n\n{words}"
    found = steps(body, {"crane.py": _CRANE})
    text = _CRANE
    for step in found:
        assert isinstance(step, Edit)
        result = apply(text, step.changes[0], "crane.py", TRANSFORMS)
        assert isinstance(result, Applied)
        text = result.text or ""
    assert text == "import os\n\n\ndef lift():\n    return os\n"
    (alone,) = steps(
        "**Step 1: Remove the following from `crane.py`**\n\n- `LIMIT = 3`\n", {"crane.py": _CRANE}
    )
    assert isinstance(alone, Edit)


@pytest.mark.parametrize(
    "words",
    [
        "Delete `load` (lines 6-7) and **`lift`** (lines 10-11) from `crane.py`. They are dead.",
        "Remove the functions `load` and `lift` from crane.py (they now live in `hoist.py`).",
        "In `crane.py`, delete: `load()`, `lift()`.",
        "Delete the `load` and `lift` functions.",
        "In `crane.py`, delete:\n\n- `load` (lines 6-7)\n- `lift` (lines 10-11)\n\n"
        "Do not delete `LIMIT` — it is still needed by `pier.py`.\n",
        "In `crane.py`, delete the following functions (they are in `hoist.py`):\n\n"
        "- `load`\n- `lift`\n",
    ],
)
def test_several_things_that_a_sentence_or_list_deletes_go(words: str) -> None:
    body = f"**Files:**\n- Modify: `crane.py`\n\n**Step 1: Do it**\n\n{words}"
    assert [type(each) for each in steps(body, {"crane.py": _CRANE})] == [Edit, Edit]


@pytest.mark.parametrize(
    "words",
    [
        "Delete `load` (lines 6-7) and its callers from `crane.py`.",
        "Delete `load` and `lift` from `crane.py`.",
        "Remove the `load` and `lift` calls from `crane.py`.",
        "Delete `load()` and `hoist()` from `crane.py`.",
        "Delete `load()` and `lift()` from `crane.py`. Update who calls them.",
        "Delete `load()` and `lift()` from `crane.py` once nobody calls them.",
        "Delete `load()` and `lift()` from `crane.py`. Keep only `LIMIT`.",
        "Delete `load()` and `lift()` from `crane.py`. The limit at line 3 becomes `4`.",
        "Replace `LIMIT = 3` with `LIMIT = 4`. The import at line 1 becomes `import sys`.",
    ],
)
def test_several_things_to_delete_that_are_not_clear_are_a_persons(words: str) -> None:
    body = f"**Files:**\n- Modify: `crane.py`\n\n**Step 1: Do it**\n\n{words}"
    assert not any(isinstance(each, Edit) for each in steps(body, {"crane.py": _CRANE}))


def test_methods_go_from_the_class_that_is_named() -> None:
    row = "    def row(self):\n        return 1\n"
    ship = f"class Ship:\n{row}\n{row.replace('row', 'sail')}\n{row.replace('row', 'rest')}"
    both = f"{ship}\n\nclass Raft:\n{row.replace('1', '4')}"
    words = "Delete `row` (lines 2-3) and `sail` (lines 5-6) from `Ship`. They are dead code."
    body = f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Do it**\n\n{words}"
    found, text = steps(body, {"ship.py": both}), both
    for step in found:
        assert isinstance(step, Edit)
        result = apply(text, step.changes[0], "ship.py", TRANSFORMS)
        assert isinstance(result, Applied)
        text = result.text or ""
    assert "Ship:\n\n    def rest" in text
    assert "Raft:\n    def row" in text


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Delete `old/crane.py` — it's replaced by the new one.", Edit),
        ("**Delete `old/crane.py`:** All of it is dead code. Both functions are deleted in Task 1.",
         Edit),
        ("Delete `old/crane.py` (unused since `pier.py`).", Edit),
        ("Delete `old/crane.py` entirely.", Edit),
        ("Delete `old/crane.py`, and whatever imports it.", Manual),
        ("Delete `old/crane.py` — its import in `pier.py` is removed as well.", Manual),
        ("Delete `old/crane.py`. Callers go with it.", Manual),
        ("Delete `old/crane.py` + `old/lift.py` + their tests.", Manual),
        ("Delete `old/crane.py`. The pier at line 4 uses `lift` instead.", Manual),
        ("Delete `old/crane.py`. The import at line 4 becomes `import lift`.", Manual),
        ("Delete `old/crane.py` — once nobody imports it.", Manual),
        ("Delete `old/crane.py` from the list.", Manual),
    ],
)  # fmt: skip
def test_a_file_that_words_delete_and_say_why_goes(words: str, kind: type) -> None:
    for role in ("- Modify: `pier.py`", "- Delete: `old/crane.py`"):
        body = f"**Files:**\n{role}\n\n**Step 1: Do it**\n\n{words}\n"
        (step,) = steps(body, {"old/crane.py": _CRANE, "pier.py": "import os\n"})
        assert isinstance(step, kind)
        assert not isinstance(step, Edit) or step.targets == ("old/crane.py",)
    assert not any(isinstance(each, Edit) for each in steps(f"{STEP}{words}\n", {"pier.py": ""}))


@pytest.mark.parametrize(
    ("words", "exported"),
    [
        ("Add all to `__all__`.", True),
        ("Then add them to `__all__`:", True),
        ("Add both new names to `__all__`.", True),
        ("Add to `__all__`.", True),
        ("Add all of the module to `__all__`.", False),
        ("Add what is missing to `__all__`.", False),
    ],
)
def test_what_was_just_imported_is_added_to_all(words: str, exported: bool) -> None:
    text = 'from sea import Hull\n\n__all__ = [\n    "Hull",\n]\n'
    code = "from sea import (\n    Hull,\n    Oar,\n    Sail,\n)\n"
    led = f"**Step 1: Do it**\n\nAdd the imports:{block(code)}"
    body = f"**Files:**\n- Modify: `ship.py`\n\n{led}{words}"
    found = steps(body, {"ship.py": text})
    if not exported:
        assert [type(each) for each in found] == [Edit, Manual]
        return
    for step in found:
        assert isinstance(step, Edit)
        result = apply(text, step.changes[0], "ship.py", TRANSFORMS)
        assert isinstance(result, Applied)
        text = result.text or ""
    assert text.endswith('__all__ = [\n    "Hull",\n    "Oar",\n    "Sail",\n]\n')


def test_a_name_that_an_edit_puts_into_an_import_is_added_to_all() -> None:
    text = 'from sea import (\n    Hull,\n)\n\n__all__ = ["Hull"]\n'
    code = "from sea import (\n    Oar,\n    # ... existing imports ...\n)\n"
    led = f"1. Add the import:{block(code)}2. Add `from wind import calm`.\n\n"
    led += "3. Add all names to `__all__`."
    for step in steps(f"**Files:**\n- Modify: `ship.py`\n\n{STEP}{led}\n", {"ship.py": text}):
        assert isinstance(step, Edit)
        result = apply(text, step.changes[0], "ship.py", TRANSFORMS)
        assert isinstance(result, Applied)
        text = result.text or ""
    assert text.endswith('__all__ = ["Hull", "Oar", "calm"]\n')


@pytest.mark.parametrize(("names", "made"), [("`mast`", "mast, oar"), ("`keel` and `peg`", "")])
def test_what_is_added_to_all_takes_nothing_away(names: str, made: str) -> None:
    text = "__all__ = [\n" + "".join(f'    "{each}",\n' for each in ("hull", "oar", "sail")) + "]\n"
    body = f"**Files:**\n- Modify: `ship.py`\n\n{STEP}Add {names} to `__all__`.\n"
    (step,) = steps(body, {"ship.py": text})
    assert isinstance(step, Edit)
    # Somebody has added one since.
    result = apply(text.replace("]", '    "tug",\n]'), step.changes[0], "ship.py", TRANSFORMS)
    assert isinstance(result, Applied)
    listed = (made or "hull, keel, oar, peg, sail").split(", ")
    assert "".join(f'    "{each}",\n' for each in listed) in (result.text or "")
    assert '    "tug",\n]\n' in (result.text or "")


def test_a_line_goes_from_the_table_that_is_named() -> None:
    text = '[scripts]\nrow = "row:go"\nsail = "sail:go"\n'
    words = 'Remove `row = "row:go"` from `[scripts]` in ship.toml. (Nobody rows any longer.)'
    body = f"**Files:**\n- Modify: `ship.toml`\n- Modify: `a.py`\n\n**Step 1: Do it**\n\n{words}"
    (step,) = steps(body, {"ship.toml": text, "a.py": ""})
    assert isinstance(step, Edit)
    assert step.targets == ("ship.toml",)
    twice = steps(body, {"ship.toml": f'{text}[more]\nrow = "row:go"\n', "a.py": ""})
    assert not any(isinstance(each, Edit) for each in twice)


@pytest.mark.parametrize(
    "words",
    [
        "Delete these from `crane.py`:\n\n- `LIMIT = 3`\n- everything else\n",
        "Delete these from `crane.py` once unused:\n\n- `LIMIT = 3`\n",
        "Delete these from `crane.py`:\n\n- `LIMIT = 3`\n- `LIMIT = 3`\n",
        "Delete these from `crane.py`:\n\n- `def load():`\n",
        "Delete these from `crane.py`:\n\n- `LIMIT`\n",
        "Do not delete these from `crane.py`:\n\n- `LIMIT = 3`\n",
        "Delete these files:\n\n- `crane.py`\n",
    ],
)
def test_a_list_of_what_goes_of_which_not_all_is_clear_is_a_persons(words: str) -> None:
    body = f"**Files:**\n- Modify: `crane.py`\n\n**Step 1: Do it**\n\n{words}"
    (step,) = steps(body, {"crane.py": _CRANE})
    assert isinstance(step, Manual)


_SHIP = '{\n  "name": "ship",\n  "version": "1.0"\n}\n'


@pytest.mark.parametrize(
    "words",
    [
        "`ship.json`:\n- `version` `1.0` → `1.1`\n- `name` `ship` → `boat`\n",
        '- `ship.json`: `version` `"1.0"` → `"1.1"`\n- `ship.json`: `name` from `ship` → `boat`\n',
        '- `ship.json`: `"version": "1.0"` → `"version": "2"`\n- `"name": "ship"` → `"name": "b"`',
    ],
)
def test_values_of_keys_that_are_listed_are_changed(words: str) -> None:
    body = f"**Files:**\n- Modify: `ship.json`\n\n**Step 1: Bump**\n\n{words}"
    assert [type(each) for each in steps(body, {"ship.json": _SHIP})] == [Edit, Edit]


@pytest.mark.parametrize(
    "words",
    [
        "- `ship.json`: `version` `2.0` → `1.1`\n",
        "- `ship.json`: `mast` `1.0` → `1.1`\n",
        "- `ship.json`: `version` `1.0` → `1.1`, and what depends on it\n",
        "What changes: `version` `1.0` → `1.1`\n",
    ],
)
def test_values_of_keys_that_are_not_clear_are_a_persons(words: str) -> None:
    body = f"**Files:**\n- Modify: `ship.json`\n\n**Step 1: Look**\n\n{words}"
    assert not any(isinstance(each, Edit) for each in steps(body, {"ship.json": _SHIP}))


def test_a_sentence_before_another_change_is_an_edit_too() -> None:
    hooks = '{\n  "version": "0.3.0",\n  "hooks": [\n    {"name": "row"}\n  ]\n}\n'
    words = (
        'Edit `ship.json`. Change the top-level `"version": "0.3.0",` to `"version": "0.4.0",`.\n\n'
        "Within the `hooks` array, append an entry after the `row` entry:\n\n"
        '```json\n{"name": "sail"}\n```\n'
    )
    body = f"**Files:**\n- Modify: `ship.json`\n\n**Step 1: Hook**\n\n{words}"
    found = steps(body, {"ship.json": hooks})
    assert [type(each) for each in found] == [Edit, Edit]


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ("This function was of the old pier.", Edit),
        ("It is dead once the mast is set.", Manual),
        ("It is updated elsewhere as well.", Manual),
        ("Callers go with it.", Manual),
    ],
)
def test_what_explains_a_change_behind_it_is_its_note(more: str, kind: type) -> None:
    words = f"Delete the `load` function (lines 6-7). {more}\n"
    body = f"**Files:**\n- Modify: `crane.py`\n\n**Step 1: Do it**\n\n{words}"
    (step,) = steps(body, {"crane.py": _CRANE})
    assert isinstance(step, kind)
    assert more in repr(step)


def test_things_that_are_listed_to_be_deleted_may_have_any_name_but_files() -> None:
    for things, kind in (("entry points", Edit), ("unused settings", Edit), ("files", Manual)):
        words = f"In `crane.py`, remove these {things}:\n\n- `LIMIT = 3`\n"
        body = f"**Files:**\n- Modify: `crane.py`\n\n**Step 1: Do it**\n\n{words}"
        (step,) = steps(body, {"crane.py": _CRANE})
        assert isinstance(step, kind), things


def test_changes_under_words_that_say_when_are_a_persons() -> None:
    for lead in ("In the next release:", "Expected changes:"):
        words = f"{lead}\n\n- `ship.json`: `version` `1.0` → `1.1`\n"
        body = f"**Files:**\n- Modify: `ship.json`\n\n**Step 1: What changes**\n\n{words}"
        assert not any(isinstance(each, Edit) for each in steps(body, {"ship.json": _SHIP}))


@pytest.mark.parametrize("words", ["No\nChange from:", "Not yet.", "Read `ship.py` first."])
def test_a_task_that_orders_nothing_is_a_step_all_the_same(words: str) -> None:
    imported = import_plan(f"### Task 1: Count\n{words}\n", "phase_1", None)
    (task,) = imported.phase.tasks
    assert len(task.steps) == 1


@pytest.mark.parametrize(
    ("path", "text", "words", "gone"),
    [
        ("a.toml", TABLES, "Remove `hull = 1` from `[ship]`.", "hull = 1\n"),
        ("a.toml", TABLES, "Remove `hull = 1` from the `[boat]` table.", ""),
        ("a.yaml", "ship:\n  a:\n    - hull\n  b:\n    - keel\n",
         "Remove `- keel` from the `b` list.", "    - keel\n"),
        ("a.yaml", "ship:\n  a:\n    - hull\n  b:\n    - keel\n",
         "Remove `- keel` from the `a` list.", ""),
        ("a.md", "# Ship\n\n- hull\n\n## Boat\n\n- keel\n",
         "Remove `- keel` from the `Boat` section.", "- keel\n"),
        ("a.md", "# Ship\n\n- hull\n\n## Boat\n\n- keel\n",
         "Remove `- keel` from the `Ship` section.", ""),
    ],
)  # fmt: skip
def test_what_goes_stands_in_the_table_section_or_list_that_is_told(
    path: str, text: str, words: str, gone: str
) -> None:
    left = of_plan(path, text, words)
    assert left is None if not gone else left is not None and gone not in left


def test_what_the_sentences_before_have_changed_is_not_changed_again() -> None:
    words = (
        "Replace all uses of `go(FAST)` with `go(2)`.\n\n"
        "Replace the line `go(FAST)` in the sail function with `go(2)`.\n"
    )
    body = f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Do it**\n\n{words}"
    (step,) = steps(body, {"ship.py": SHIP})
    assert isinstance(step, Edit)
    assert "Replace the line" in (step.note or "")
