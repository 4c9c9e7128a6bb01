"""Changes that a sentence says in full, without a block."""

from __future__ import annotations

import pytest
from planning import made as of_plan
from planning import steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit
from runbook.transforms.transforms import TRANSFORMS

SHIP = (
    "import os\n\nFAST = 1\n\n\ndef sail():\n    go(FAST)\n    go(FAST)\n\n\n"
    "def row():\n    return 1\n"
)
SCRIPT = "import { a } from './a';\n\nexport function row() {\n  return 1;\n}\n\nconst x = a;\n"
GO = 'package sea\n\nimport (\n\t"errors"\n\t"sync"\n\n\t"github.com/a/b"\n)\n'
CSS = ".sail {\n  color: #333333;\n}\n"


@pytest.mark.parametrize(
    ("path", "text", "words", "made"),
    [
        ("ship.py", SHIP, "Add `import sys` after `import os`.", "import os\nimport sys\n"),
        ("ship.py", SHIP, "Don't forget the import: `from sea import wind`.", "import wind\n"),
        ("ship.ts", SCRIPT, "Add `import { b } from './b';` at the top of the file.",
         "from './a';\nimport { b } from './b';\n"),
        ("ship.go", GO, 'Add `"sort"` to the imports.', '"errors"\n\t"sort"\n\t"sync"\n'),
        ("ship.go", GO, 'Add `"github.com/a/c"` to the import block.', '\t"github.com/a/c"\n)'),
        (".gitignore", "*.pyc\n", "Add `.env` and `dist/` to `.gitignore`.", ".env\ndist/\n"),
        ("ship.py", SHIP, "Delete the `row` function.", "    go(FAST)\n    go(FAST)\n"),
        ("ship.css", CSS, "Change `color` from `#333333` to `#444444`.", "  color: #444444;\n"),
        ("ship.py", SHIP, "Add this at the top of the file:\n\n```python\nimport sys\n```",
         "import os\nimport sys\n"),
        ("ship.ts", SCRIPT, "Remove the function `row()` from `ship.ts` (lines 3-5).",
         "from './a';\n\nconst x = a;\n"),
    ],
)  # fmt: skip
def test_a_sentence_says_a_change_in_full(path: str, text: str, words: str, made: str) -> None:
    result = of_plan(path, text, words)
    assert result is not None
    assert made in result


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("ship.py", SHIP, "Add `import sys` if it is needed."),
        ("ship.py", SHIP, "Add `import sys` inside `sail`."),
        ("ship.py", SHIP, "Delete the `steer` function."),
        ("ship.py", SHIP, "Delete the `row` function and its callers."),
        ("ship.go", GO, 'Add `"sort"` and `"time"` to the imports, in order.'),
        ("ship.css", CSS, "In `.sail`, change `color: #333333;` to `color: red;`."),
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
