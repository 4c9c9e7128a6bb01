"""New code that is added without a place, and parts that are given anew without their old text."""

from __future__ import annotations

import pytest
from planning import STEP, block, imported, steps
from planning import made as of_plan

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual
from runbook.transforms.transforms import TRANSFORMS

SHIP = '''\
"""Ships."""

import os
from sea import wind

NAMES = ["a", "b"]
LIMIT = 3


class Ship:
    name: str = "x"
    size: int = 1

    def sail(self):
        return 1

    def row(self):
        return 2


def moor(ship):
    rope = 1
    return rope
'''
TESTS = "import pytest\n\nfrom ship import moor\n\n\ndef test_one():\n    assert moor(1)\n"
TOML = """\
[project]
dependencies = [
    "a>=1",
]

[tool.pytest.ini_options]
markers = [
    "slow: slow ones",
]
addopts = "-q"
"""
GUIDE = (
    "# Guide\n\n## Setup\n\n1. Install.\n\n"
    "## Usage\n\n- one\n\n### More\n\nText.\n\n## End\n\nBye.\n"
)
TS = """\
import { a } from './a';

export interface Ship {
  name: string;
}

export function moor(ship: Ship) {
  return ship.name;
}
"""
RUST = """\
use std::fmt;

pub mod mast;

pub struct Ship {
    pub name: String,
}

impl Ship {
    pub fn sail(&self) -> u32 {
        1
    }
}
"""
TEXTS = {
    "ship.py": SHIP,
    "tests/test_ship.py": TESTS,
    "pyproject.toml": TOML,
    "package.json": '{\n  "scripts": {\n    "test": "vitest"\n  }\n}\n',
    "guide.md": GUIDE,
    "src/ship.ts": TS,
    "src/lib.rs": RUST,
    ".gitignore": "*.pyc\ndist/\n",
}
ANCHOR = "def anchor(ship):\n    return 3\n"
ANCHOR_OF = "def anchor(self):\n    return 3\n"
METHOD = "    def anchor(self):\n        return 3\n"


def made(path: str, body: str, title: str = "Do it") -> list[object]:
    head = f"### Task 1: X\n\n**Files:**\n- Modify: `{path}`\n\n**Step 1: {title}**\n\n"
    (task,) = imported(head + body, TEXTS).phase.tasks
    return list(task.steps)


def result(path: str, body: str, title: str = "Do it") -> str:
    """What the only edit of a step makes of its file."""
    (step,) = made(path, body, title)
    assert isinstance(step, Edit), step
    text = TEXTS[path]
    for change in step.changes:
        done = apply(text, change, path, TRANSFORMS)
        assert isinstance(done, Applied)
        assert done.text is not None
        text = done.text
    return text


def line(text: str, language: str = "python") -> str:
    return block(f"{text}\n", language)


# Functions, classes, tests


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Add the helper to `ship.py`", ""),
        ("Do it", "Add to `ship.py`:"),
        ("Do it", "Add `anchor` to `ship.py`:"),
        ("Do it", "Add this function to `ship.py` (around line 20):"),
        ("Write minimal implementation", ""),
        ("Do it", "Implement `anchor`:"),
        ("Do it", "Add `anchor()` to `ship.py` following the `moor()` pattern:"),
        ("Do it", "Add a helper that holds a ship:"),
        ("Do it", "Add a private helper for ships of all kinds:"),
        ("Do it", "Add `anchor()` to `ship.py`. This holds a ship where it is:"),
        ("Add harbour helpers to `ship.py`", ""),
    ],
)
def test_a_function_without_a_place_goes_to_the_end_of_its_file(title: str, lead: str) -> None:
    assert result("ship.py", lead + block(ANCHOR), title) == f"{SHIP}\n\n{ANCHOR}"


@pytest.mark.parametrize(
    "lead",
    [
        "Add `anchor()` that stands next to the others:",
        "Add a helper that the dialog in `moor()` calls:",
        "Add `anchor()`. It must stand before `moor()`:",
        "Add `anchor()` to the dialog that moors:",
    ],
)
def test_words_that_tell_of_a_place_leave_it_to_a_person(lead: str) -> None:
    assert [type(step) for step in made("ship.py", lead + block(ANCHOR))] == [Manual]


@pytest.mark.parametrize(
    ("remark", "before"),
    [
        ("(add the helper before `row()`)", "def row"),
        ("(import `os`, add the helper after `sail`)", "def row"),
        ("— the helper goes before the Ship class, around line 9", "class Ship"),
        ("(extend it)", ""),
    ],
)
def test_the_files_block_says_where_what_is_new_goes(remark: str, before: str) -> None:
    text = "def sail():\n    return 1\n\n\ndef row():\n    return 2\n\n\nclass Ship:\n    pass\n"
    files = f"**Files:**\n- Modify: `fleet.py` {remark}\n\n"
    (step,) = steps(f"{files}**Step 1: Do it**\n\nAdd a helper:{block(ANCHOR)}", {"fleet.py": text})
    assert isinstance(step, Edit)
    done = apply(text, step.changes[0], "fleet.py")
    assert isinstance(done, Applied)
    above, _, below = (done.text or "").partition(f"{ANCHOR}\n\n" if before else ANCHOR)
    assert above + below == (text if before else f"{text}\n\n")
    assert below.startswith(before)


@pytest.mark.parametrize(
    ("path", "remark", "code", "lead"),
    [
        (".env.example", "(add `OARS_` after the `SAILS_` section)", "OARS=2\n", "Add a section:"),
        ("ship.py", "(the helper goes near the others)", ANCHOR, "Add a helper:"),
        ("ship.py", "(add it before `nothing()`)", ANCHOR, "Add a helper:"),
    ],
)
def test_what_the_files_block_places_is_put_nowhere_else(
    path: str, remark: str, code: str, lead: str
) -> None:
    files = f"**Files:**\n- Modify: `{path}` {remark}\n\n"
    there = {"ship.py": SHIP, ".env.example": "SAILS=1\n"}
    (step,) = steps(f"{files}**Step 1: Do it**\n\n{lead}{block(code, '')}", there)
    assert isinstance(step, Manual)


def test_the_path_above_a_block_is_no_part_of_it() -> None:
    assert result("ship.py", block(f"# ship.py\n{ANCHOR}"), "Add the helper").endswith(
        f"return rope\n\n\n{ANCHOR}"
    )


def test_tests_bring_their_imports_along() -> None:
    code = (
        "from ship import leave\n\n\nclass TestLeave:\n    def test_it(self):\n        leave(1)\n"
    )
    done = result("tests/test_ship.py", f"Add to `tests/test_ship.py`:{block(code)}", "Write tests")
    assert "from ship import leave, moor\n" in done
    assert done.endswith(
        "assert moor(1)\n\n\nclass TestLeave:" + code.partition("class TestLeave:")[2]
    )


@pytest.mark.parametrize("lead", ["Add to `ship.py`:", "Append to `ship.py`:", "Add a method:"])
@pytest.mark.parametrize("code", [ANCHOR_OF, "    def anchor(self):\n        return 3\n"])
def test_a_method_without_its_class_goes_to_the_only_one(lead: str, code: str) -> None:
    method = "\n    def anchor(self):\n        return 3\n"
    kept = "        return 2\n"
    made_of_one = SHIP.replace(kept, f"{kept}{method}")
    assert of_plan("ship.py", SHIP, f"{lead}{block(code)}") == made_of_one
    # Of two it is not said which one, and in none it is no method.
    for other in (f"{SHIP}\n\nclass Boat:\n    pass\n", "LIMIT = 3\n"):
        assert of_plan("ship.py", other, f"{lead}{block(code)}") is None


def test_tests_are_put_into_no_class_that_is_none_of_tests() -> None:
    code = "def test_anchor(self):\n    assert 3\n"
    two = "class TestA:\n    def test(self):\n        pass\n"
    files = {"ship.py": SHIP, "tests/test_ship.py": f"{two}\n\n{two.replace('A', 'B')}"}
    body = (
        f"**Files:**\n- Modify: `ship.py`\n- Test: `tests/test_ship.py`\n\n{STEP}Add:{block(code)}"
    )
    (step,) = steps(body, files)
    assert isinstance(step, Manual)


def test_a_comment_that_says_to_add_a_method_is_read_alike() -> None:
    code = f"# Add to ship.py\n\n{ANCHOR_OF}"
    found = of_plan("ship.py", SHIP, f"Add it{block(code)}")
    assert found is not None
    assert "    def anchor(self):\n        return 3\n\n\ndef moor" in found


def test_methods_of_go_are_added_unless_their_type_has_them() -> None:
    there = "package sea\n\ntype A struct{}\n\nfunc (a *A) Row() int {\n\treturn 1\n}\n"
    for receiver, added in (("b B", True), ("a *A", False)):
        code = f"func ({receiver}) Row() int {{\n\treturn 2\n}}\n"
        found = of_plan("ship.go", there, f"Add to `ship.go`:{block(code, 'go')}")
        assert found == (f"{there}\n{code}" if added else None)


@pytest.mark.parametrize(
    "head",
    [
        "import { run } from './sea';\n",  # another one is called so
        "import { row } from './row';  // slow\n",
        "import { row } from './row';\nrow();\n",
    ],
)
def test_tests_whose_imports_are_not_clear_are_left_to_a_person(head: str) -> None:
    there = "import { run } from './run';\n\ntest('a', () => {});\n"
    code = f"{head}\ntest('b', () => {{}});\n"
    words = f"Add to `ship.test.ts`:{block(code, 'ts')}"
    assert of_plan("ship.test.ts", there, words) is None


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add near the other functions:", ANCHOR),
        ("Add to each file:", ANCHOR),
        ("Add something like this to `ship.py`:", ANCHOR),
        ("Add to `ship.py`:", f"class Boat:\n    x = 1\n\n\n{ANCHOR_OF}"),  # a method of what?
        ("Add to `ship.py`:", "def moor(ship):\n    return 9\n"),  # given anew, or twice
        ("Add to `ship.py`:", "moor(1)\n"),  # a statement may go anywhere
        ("Add to `ship.py`:", "def anchor(ship):\n    ...\n"),
        ("Add `anchor` to `moor`:", ANCHOR),  # inside of it
        ("Add to `ship.py`:", f"from __future__ import annotations\n\n\n{ANCHOR}"),
    ],
)
def test_what_may_go_elsewhere_is_left_to_a_person(lead: str, code: str) -> None:
    assert [type(each) for each in made("ship.py", lead + block(code))] == [Manual]


def test_a_folder_is_no_module_that_is_imported_from() -> None:
    code = block("export const b = 1;\n", "ts")
    assert of_plan("src/ship.ts", f"{TS}\n", f"Add to `./sea`:{code}") is None


def test_words_behind_a_block_that_place_it_leave_it_to_a_person() -> None:
    body = f"Add to `ship.py`:{block(ANCHOR)}Place it above `moor`.\n"
    assert all(isinstance(each, Manual) for each in made("ship.py", body))


def test_lists_of_files_and_functions_of_typescript_are_added_at_the_end() -> None:
    assert result(".gitignore", f"Add to `.gitignore`:{line('build/', '')}") == (
        "*.pyc\ndist/\nbuild/\n"
    )
    code = "export function row() {\n  return 2;\n}"
    assert result("src/ship.ts", f"Add to `src/ship.ts`:{line(code, 'ts')}") == f"{TS}\n{code}\n"


# Imports


@pytest.mark.parametrize(
    ("lead", "code", "there"),
    [
        ("Add the import:", "from sea import tide", "from sea import tide, wind\n"),
        ("Add import at the top of the file:", "import json", "import json\nimport os\n"),
        ("Add to imports:", "from datetime import date", "from datetime import date\n"),
        ("Add to `ship.py`:", "import json", "import json\nimport os\n"),
    ],
)
def test_imports_go_to_the_imports(lead: str, code: str, there: str) -> None:
    assert there in result("ship.py", lead + line(code))


def test_imports_and_modules_of_other_languages_follow_those_that_are_there() -> None:
    new = "import { c } from './c';"
    assert result("src/ship.ts", f"Add the import:{line(new, 'ts')}") == TS.replace(
        "'./a';\n", f"'./a';\n{new}\n"
    )
    assert result("src/lib.rs", f"Add to `src/lib.rs`:{line('pub mod hull;', 'rust')}") == (
        RUST.replace("pub mod mast;\n", "pub mod mast;\npub mod hull;\n")
    )


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add the import inside the function:", "import json"),
        ("Add the import under `TYPE_CHECKING`:", "import json"),
        ("Add the import:", "from sea import *"),
        ("Add the import:", "import json  # noqa"),
        ("Replace the import with:", "from sea import tide"),
    ],
)
def test_other_imports_are_left_to_a_person(lead: str, code: str) -> None:
    assert [type(each) for each in made("ship.py", lead + line(code))] == [Manual]


# Members


@pytest.mark.parametrize("code", [METHOD, "def anchor(self):\n    return 3\n"])
@pytest.mark.parametrize("lead", ["Add a method to the `Ship` class:", "Add to `Ship`:"])
def test_a_method_goes_behind_those_of_its_class(lead: str, code: str) -> None:
    there = SHIP.replace("        return 2\n", f"        return 2\n\n{METHOD}")
    assert result("ship.py", lead + block(code)) == there


def test_a_field_goes_behind_those_of_its_class() -> None:
    body = f"Add the `depth` field to the `Ship` class:{line('    depth: int = 2')}"
    assert "    size: int = 1\n    depth: int = 2\n\n" in result("ship.py", body)
    # Without a value it can't come behind one that has one.
    body = f"Add the `depth` field to the `Ship` class:{line('    depth: int')}"
    assert [type(each) for each in made("ship.py", body)] == [Manual]


def test_members_of_other_languages_go_behind_the_others() -> None:
    done = result("src/lib.rs", f"Add to the `Ship` struct:{line('    pub size: u32,', 'rust')}")
    assert "    pub name: String,\n    pub size: u32,\n}" in done
    code = "    pub fn row(&self) -> u32 {\n        2\n    }"
    done = result("src/lib.rs", f"Add to the `impl Ship` block:{line(code, 'rust')}")
    assert f"        1\n    }}\n\n{code}\n}}" in done
    done = result("src/ship.ts", f"Add to the `Ship` interface:{line('  size: number;', 'ts')}")
    assert "  name: string;\n  size: number;\n}" in done


def test_a_class_that_is_not_there_once_is_left_to_a_person() -> None:
    assert [type(each) for each in made("ship.py", "Add to `Boat`:" + block(METHOD))] == [Manual]


# Keys


@pytest.mark.parametrize(
    ("path", "lead", "code", "there"),
    [
        (
            "pyproject.toml",
            "Add to the `markers` list in `[tool.pytest.ini_options]`:",
            '"fast: fast ones",',
            '    "fast: fast ones",\n]',
        ),
        ("pyproject.toml", "Add `b` to the dependencies list:", '"b>=2",', '    "b>=2",\n]'),
        ("pyproject.toml", "Update `addopts` to be louder:", 'addopts = "-v"', 'addopts = "-v"\n'),
        ("package.json", "Add to `scripts`:", '"build": "tsc"', '"build": "tsc"'),
    ],
)
def test_items_and_keys_go_to_the_one_list_or_object(
    path: str, lead: str, code: str, there: str
) -> None:
    assert there in result(path, lead + line(code, path.rpartition(".")[2]))


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add to the `markers` list:", '"slow: slow ones",'),  # there already
        ("Add to the `names` list:", '"x"'),
        ("Update `addopts`:", "addopts = 3"),
        ("Update `markers`:", "markers = []"),
        ("Update `addopts`:", 'addopts = "-v"\nother = 1'),
    ],
)
def test_other_keys_are_left_to_a_person(lead: str, code: str) -> None:
    assert [type(each) for each in made("pyproject.toml", lead + line(code, "toml"))] == [Manual]


# Parts given anew


@pytest.mark.parametrize(
    ("lead", "code", "old"),
    [
        ("Change `LIMIT` to:", "LIMIT = 4", "LIMIT = 3"),
        ("Update the `LIMIT` constant:", "LIMIT = 4", "LIMIT = 3"),
        ("Replace `NAMES` with:", 'NAMES = ["c"]', 'NAMES = ["a", "b"]'),
        (
            "Update `moor`:",
            "def moor(ship):\n    rope = 2\n    return rope",
            "def moor(ship):\n    rope = 1\n    return rope",
        ),
        (
            "Update the `sail` method of `Ship`:",
            "    def sail(self):\n        return 9",
            "    def sail(self):\n        return 1",
        ),
        (
            "Replace lines 21-23 with:",
            "def moor(ship):\n    return 5",
            "def moor(ship):\n    rope = 1\n    return rope",
        ),
        (
            "Replace everything from `rope = 1` through `return rope` with:",
            "    return 5",
            "    rope = 1\n    return rope",
        ),
    ],
)
def test_a_part_is_replaced_by_its_name_or_lines(lead: str, code: str, old: str) -> None:
    assert result("ship.py", lead + line(code)) == SHIP.replace(old, code)


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Update `moor`:", "def moor(ship):\n    return 5"),  # it may show a part
        ("Update `moor`:", "def moor(ship):\n    rope = 2\n    knot = 3"),
        ("Replace lines 1-2 with:", "x = 1\ny = 2"),  # other lines than are meant
        ("Replace lines 90-92 with:", "x = 1"),
        ("Replace from `rope = 1` through `return 7` with:", "    return 5"),
        ("Update the `NAMES` list:", 'NAMES = [\n    "a",\n    ...\n]'),
        ("Change `LIMIT` to:", "LIMIT = 4\nMORE = 5"),
    ],
)
def test_parts_that_are_not_plainly_there_are_left_to_a_person(lead: str, code: str) -> None:
    assert [type(each) for each in made("ship.py", lead + line(code))] == [Manual]


def test_words_behind_a_function_that_keep_its_rest_leave_it_to_a_person() -> None:
    code = "def moor(ship):\n    rope = 2\n    return rope"
    body = f"Update `moor`:{line(code)}Keep the rest as it is.\n"
    assert all(isinstance(each, Manual) for each in made("ship.py", body))


def test_a_section_is_replaced_by_its_heading() -> None:
    body = f"Replace the `## Setup` section with:{line('## Setup' + chr(10) * 2 + 'Run it.', 'md')}"
    assert "## Setup\n\nRun it.\n\n## Usage\n" in result("guide.md", body)
    # One with sections of its own may be meant without them.
    body = f"Replace the `## Usage` section with:{line('## Usage' + chr(10) * 2 + 'x', 'md')}"
    assert [type(each) for each in made("guide.md", body)] == [Manual]


def test_a_section_is_put_behind_another_one_with_blank_lines() -> None:
    new = "## Install\n\nHow to."
    body = f"Add after the existing `## Usage` section:{line(new, 'md')}"
    assert result("guide.md", body) == GUIDE.replace("## End", f"{new}\n\n## End")
    for lead in ("After the Usage section, add:", 'In `guide.md`, after the "Usage" section, add:'):
        done = result("guide.md", f"{lead}{line(new, 'md')}")
        assert done == GUIDE.replace("## End", f"{new}\n\n## End")
    assert [
        type(each) for each in made("guide.md", f"After the Oars section:{line(new, 'md')}")
    ] == [Manual]
    body = f"Insert before the `## End` section:{line(new, 'md')}"
    assert result("guide.md", body) == GUIDE.replace("## End", f"{new}\n\n## End")
    body = f"Insert after `## Setup`:{line('Read this.', 'md')}"
    assert result("guide.md", body) == GUIDE.replace("Setup\n", "Setup\n\nRead this.\n")


@pytest.mark.parametrize(
    "words",
    [
        "- Replace: `rope = 1`\n- With: `rope = 2`\n",
        "- **Find:** `rope = 1`\n- **Replace with:** `rope = 2`\n",
        "- Old: `rope = 1`\n- New: `rope = 2`\n",
    ],
)
def test_old_and_new_in_two_items_are_a_change(words: str) -> None:
    assert result("ship.py", words) == SHIP.replace("rope = 1", "rope = 2")


def test_arrows_under_a_title_of_changes_are_changes() -> None:
    words = "- `rope = 1` → `rope = 2`\n- `LIMIT = 3` → `LIMIT = 4`\n"
    steps = made("ship.py", words, "Apply these replacements")
    assert [type(each) for each in steps] == [Edit, Edit]
    assert [type(each) for each in made("ship.py", words, "What it comes to")] == [Manual]


# Below the imports


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Do it", "Add after the existing imports (around line 5):"),
        ("Do it", "Add to `ship.py` (after imports):"),
        ("Do it", "Add near the top of ship.py, after imports but before functions:"),
        ("Add the constant to `ship.py`, below the imports", ""),
    ],
)
def test_what_goes_below_the_imports_stands_there(title: str, lead: str) -> None:
    made = result("ship.py", lead + block("import json\n\nROPES = json.loads('[]')\n"), title)
    assert made == SHIP.replace(
        "import os\nfrom sea import wind\n",
        "import json\nimport os\nfrom sea import wind\n\nROPES = json.loads('[]')\n",
    )


def test_a_function_below_the_imports_has_its_blank_lines() -> None:
    made = result("ship.py", "Add below the imports:" + block(ANCHOR))
    assert made == SHIP.replace("import wind\n", f"import wind\n\n\n{ANCHOR}\n")


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add after the imports:", "LIMIT = 4\n"),  # it is there
        ("Add after the imports:", "print(1)\n"),
        ("Add after the imports and sort them:", "ROPES = 4\n"),
        ("Add something like this after the imports:", "ROPES = 4\n"),
    ],
)
def test_what_is_not_plain_below_the_imports_is_a_persons(lead: str, code: str) -> None:
    assert [type(step) for step in made("ship.py", lead + block(code))] == [Manual]


@pytest.mark.parametrize(
    "lead", ["Import at the top of ship.py:", "In `ship.py`, import:", "In `ship.py` import:"]
)
def test_words_that_only_say_import_add_one(lead: str) -> None:
    made = result("ship.py", lead + block("import sails\n"))
    assert made == SHIP.replace("import os\n", "import os\nimport sails\n")


# Members whose class is named without backticks


@pytest.mark.parametrize(
    ("path", "lead"),
    [
        ("ship.py", "Add to the `Ship` frozen dataclass in `ship.py`:"),
        ("ship.py", "Modify `ship.py` - add a field to the Ship class:"),
    ],
)
def test_a_field_with_its_docstring_goes_to_its_class(path: str, lead: str) -> None:
    field = 'crew: int = 2\n"""Who sails."""\n'
    made = result(path, lead + block(field))
    assert made == SHIP.replace(
        "size: int = 1\n", 'size: int = 1\n    crew: int = 2\n    """Who sails."""\n'
    )


@pytest.mark.parametrize("lead", ["Add to Ship:", "Add to the ship class:"])
def test_a_word_that_may_be_no_class_is_none(lead: str) -> None:
    assert [type(step) for step in made("ship.py", lead + line("crew: int = 2"))] == [Manual]


# Style sheets and environment files

CSS = ".hull {\n  color: red;\n}\n"
RULES = ".mast {\n  color: blue;\n}\n\n@media print {\n  .mast {\n    color: black;\n  }\n}\n"


def of(path: str, text: str, lead: str, code: str) -> list[object]:
    head = f"### Task 1: X\n\n**Files:**\n- Modify: `{path}`\n\n**Step 1: Do it**\n\n"
    (task,) = imported(head + lead + block(code, ""), {path: text}).phase.tasks
    return list(task.steps)


@pytest.mark.parametrize(
    "lead",
    ["In `ship.css`, add styles for the mast:", "Add to `ship.css`:", "Add these rules:"],
)
def test_new_rules_go_to_the_end_of_a_style_sheet(lead: str) -> None:
    (step,) = of("ship.css", CSS, lead, RULES)
    assert isinstance(step, Edit)
    made = apply(CSS, step.changes[0])
    assert isinstance(made, Applied)
    assert made.text == f"{CSS}\n{RULES}"


@pytest.mark.parametrize(
    "code",
    [".hull {\n  size: 1;\n}\n", "color: red;\n", ".mast {\n", ".mast {\n}\n.a, b;\n"],
)
def test_rules_of_a_known_selector_or_parts_are_a_persons(code: str) -> None:
    (step,) = of("ship.css", CSS, "Add to `ship.css`:", code)
    assert isinstance(step, Manual)


def test_new_variables_go_to_the_end_of_an_environment_file() -> None:
    lead = "Add a new section following the existing `SEA__` pattern:"
    (step,) = of(".env.example", "SEA__A=1\n", lead, "# Wind\n\n# On?\n# WIND__ON=1\nWIND__B=2\n")
    assert isinstance(step, Edit)
    (step,) = of(".env.example", "SEA__A=1\n", lead, "# Sea\nSEA__A=2\n")
    assert isinstance(step, Manual)


def test_a_function_of_which_only_the_description_is_given_is_left() -> None:
    body = "**Files:**\n- Modify: `ship.py`\n\n**Step 1: Sail**\n\nAdd a helper to `ship.py`:"
    code = 'def row():\n    """Row until the harbour is reached."""\n'
    (step,) = steps(body + block(code), {"ship.py": "SAIL = 1\n"})
    assert isinstance(step, Manual)


HOIST = "//! Ships that hoist.\nmod sail;\npub use sail::Sail;\n\nfn hoist() {}\n"


@pytest.mark.parametrize(
    ("shown", "kind"),
    [
        (HOIST.replace("fn hoist", "fn lower"), Manual),
        ("// src/lib.rs\nfn lower() {}\n", Manual),
        ("// ... and lower it\nfn lower() {}\n", Edit),
    ],
)
def test_nothing_is_put_beside_what_a_person_may_have_written_anew(
    shown: str, kind: type[Edit | Manual]
) -> None:
    body = "**Files:**\n- Modify: `src/lib.rs`\n\n**Step 1: Lower**\n\nRework it, roughly like so:"
    body += block(shown, "rust") + "**Step 2: Row**\n\nAdd to `src/lib.rs`:"
    body += block("mod oar;\npub use oar::Oar;\n", "rust")
    first, second = steps(body, {"src/lib.rs": HOIST})
    assert isinstance(first, Manual)
    assert isinstance(second, kind)


@pytest.mark.parametrize(
    ("words", "appended"),
    [
        ("Add `moor()` that ties it up in a single go, before leaving:", True),
        ("Add `moor()` to `ship.py`. This ties up all pier-placed ships in a port:", True),
        ("Add `moor()` that ties it up in the `sail` function:", False),
        ("Add `moor()` that ties it up before the last call:", False),
        ("Add `moor()` to `ship.py`. This is placed after the others:", False),
    ],
)
def test_what_a_function_does_in_something_is_no_place_for_it(words: str, appended: bool) -> None:
    text = "def sail():\n    return 1\n"
    body = f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Do it**\n\n{words}"
    (step,) = steps(body + block("def moor():\n    return 2\n"), {"ship.py": text})
    assert isinstance(step, Edit) == appended


@pytest.mark.parametrize(
    ("words", "added"),
    [
        ("Follow the pattern of the others: `crew(t)` for the hands.", True),
        ("Use `crew(t)`.", True),
        ("Follow the others, and place it below `TestRow`.", False),
        ("Update the crew as well:", False),
    ],
)
def test_how_it_is_written_is_no_more_to_do(words: str, added: bool) -> None:
    there = "package sea\n\nfunc TestRow(t *testing.T) {\n\tcrew(t)\n}\n"
    code = "func TestSail(t *testing.T) {\n\tcrew(t)\n}\n"
    said = f"**Implementation:**\n\nAdd the following test to `ship_test.go`. {words}"
    text = f"**Files:**\n- Modify: `ship_test.go`\n\n{said}{block(code, 'go')}"
    (step,) = steps(text, {"ship_test.go": there})
    assert isinstance(step, Edit) == added


_SCRIPT = "import { row } from './old'\nimport './sail'\n\nrow()\n"


@pytest.mark.parametrize(
    ("words", "code", "added"),
    [
        ("Update `ship.ts` to import the oars:", "import './oar'\n", "import './oar'\n"),
        # What is there is not put in again.
        ("Add to `ship.ts`:", "import './sail'\nimport './oar'\n", "import './oar'\n"),
        # Two things would have one name.
        ("Add to `ship.ts`:", "import { row } from './oar'\n", None),
        (
            "Update `ship.ts` to import the new `row`:",
            "import { pull as row } from './oar'\n",
            None,
        ),
        # There is more to do than to import.
        ("Update `ship.ts` to import the oars and pull them:", "import './oar'\n", None),
        ("Update `ship.ts` to import the oars instead of the sail:", "import './oar'\n", None),
    ],
)
def test_imports_of_a_script_go_to_its_own(words: str, code: str, added: str | None) -> None:
    made = of_plan("ship.ts", _SCRIPT, f"{words}\n\n```ts\n{code}```")
    expected = _SCRIPT.replace("'./sail'\n", f"'./sail'\n{added}")
    assert made == (None if added is None else expected)


def test_a_method_of_no_named_file_goes_to_none_that_has_one_class() -> None:
    files = "**Files:**\n- Modify: `tests/test_ship.py`\n- Modify: `ship.py`\n\n"
    there = {
        "ship.py": SHIP,
        "tests/test_ship.py": "class A:\n    x = 1\n\n\nclass B:\n    y = 2\n",
    }
    code = block("def test_anchor(self):\n    assert 1\n")
    (step,) = steps(f"{files}**Step 1: Add the tests**\n\nAdd:{code}", there)
    assert isinstance(step, Manual)
