"""Imports and exports of modules that a plan extends, and new files beside other changes."""

from __future__ import annotations

import pytest
from planning import block, steps
from planning import made as of_plan

from runbook.core.model.model import Edit
from runbook.core.model.operations import Create

pytest.importorskip("ast_grep_py")

TS = "import { sail } from './sea';\nimport x from 'x';\n\nsail();\n"
INDEX = "export { sail } from './sea';\nexport { row } from './lake';\n"
RUST = "use sea::{row, sail};\n\nfn main() {}\n"


def _made(path: str, text: str, words: str, code: str) -> str | None:
    return of_plan(path, text, f"{words}{block(code, path.rpartition('.')[2])}")


@pytest.mark.parametrize(
    ("path", "text", "words", "code", "made"),
    [
        ("ship.ts", TS, "Extend the import:", "import { row, sail } from './sea';\n",
         TS.replace("{ sail }", "{ row, sail }")),
        ("ship.ts", TS, "Update the import:", "import x, { y } from 'x';\n",
         TS.replace("import x from", "import x, { y } from")),
        ("ship.rs", RUST, "Update the imports:", "use sea::{row, sail, turn};\n",
         RUST.replace("sail}", "sail, turn}")),
        ("ship.ts", TS, "Import `row` at the top:", "import { row } from './lake';\n",
         TS.replace("'x';\n", "'x';\nimport { row } from './lake';\n")),
        ("index.ts", INDEX, "In `index.ts`, add:", "export { turn } from './bay';\n",
         f"{INDEX}export {{ turn }} from './bay';\n"),
        ("index.ts", INDEX, "And re-export the turn from `index.ts`:",
         "export { turn } from './bay';\n", f"{INDEX}export {{ turn }} from './bay';\n"),
        ("index.ts", INDEX, "Update the exports:", "export { sail, turn } from './sea';\n",
         INDEX.replace("{ sail }", "{ sail, turn }")),
    ],
)  # fmt: skip
def test_an_import_with_more_names_takes_the_place_of_the_old(
    path: str, text: str, words: str, code: str, made: str
) -> None:
    assert _made(path, text, words, code) == made


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Extend the imports:", "import { sail, row } from './sea';\nimport y from 'y';\n"),
        ("Update the import:", "import { sail } from './bay';\n"),
        ("Import it inside `go`:", "import { row } from './lake';\n"),
        ("Import it in `dock.ts`:", "import { row } from './lake';\n"),
    ],
)
def test_imports_of_which_a_part_is_there_are_left(words: str, code: str) -> None:
    assert _made("ship.ts", TS, words, code) is None


def test_an_import_that_another_takes_the_place_of_is_left_in_python() -> None:
    text = "from sea import sail\n\nsail()\n"
    assert _made("ship.py", text, "Update the import:", "from bay import sail\n") is None
    made = _made("ship.py", text, "Update the import:", "from sea import row, sail\n")
    assert made == "from sea import row, sail\n\nsail()\n"


def test_a_new_file_is_made_whole_beside_changes_of_others() -> None:
    files = "**Files:**\n- Create: `src/sea.ts`\n- Modify: `index.ts`\n\n**Step 1: Implement it**\n"
    code = block("// src/sea.ts\nexport const sail = 1;\n", "ts")
    then = "Add to `index.ts`:" + block("export { turn } from './bay';\n", "ts")
    first, second = steps(f"{files}{code}{then}", {"index.ts": INDEX})
    assert isinstance(first, Edit)
    assert isinstance(first.changes[0], Create)
    assert isinstance(second, Edit)
    more = steps(f"{files}{code}Then add the constants that it needs.\n", {"index.ts": INDEX})
    assert not isinstance(more[0], Edit)


MODS = "mod sail;\n\npub use sail::Sail;\n\nfn go() {}\n"


@pytest.mark.parametrize(
    ("title", "words", "exported"),
    [
        ("Export from mod.rs", "In `src/mod.rs`:", True),
        ("Export module", "In `src/mod.rs`:", True),
        ("Re-export the new module", "`src/mod.rs`:", True),
        ("Export only what is used from mod.rs", "In `src/mod.rs`:", False),
        ("Export from mod.rs instead", "In `src/mod.rs`:", False),
        ("Look at the module", "In `src/mod.rs`:", False),
        ("Export module", "In `src/mod.rs`, instead of `Sail`:", False),
    ],
)
def test_a_title_alone_may_order_an_export(title: str, words: str, exported: bool) -> None:
    code = block("mod oar;\npub use oar::Oar;\n", "rust")
    plan = f"**Files:**\n- Modify: `src/mod.rs`\n\n**Step 1: {title}**\n\n{words}{code}"
    (step,) = steps(plan, {"src/mod.rs": MODS})
    assert isinstance(step, Edit) is exported
