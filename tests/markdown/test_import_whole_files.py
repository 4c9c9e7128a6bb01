"""Whole files: new ones that are only described, and those that are replaced as such."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from planning import imported, steps

from runbook.core.model.model import Commit, Edit, Manual, Step
from runbook.core.model.operations import Append, Create, RewriteFile

TEXT = '"""Counts ships."""\n\nimport os\n'


def block(text: str = TEXT, language: str = "python") -> str:
    return f"\n\n```{language}\n{text}```\n\n"


def made(files: str, body: str, there: Mapping[str, str] | None = None) -> tuple[Step, ...]:
    listed = "".join(f"- {each}\n" for each in files.split("; "))
    return steps(f"**Files:**\n{listed}\n{body}", there)


@pytest.mark.parametrize(
    ("blank", "lead", "whole"),
    [
        ("{{SAILS}}", "`{{SAILS}}` substitutes to:", True),
        ("{{SAILS}}", "`{{OARS}}` substitutes to:", False),  # none of the file's
        ("class Ship:", "`class Ship:` has as well:", False),  # more of the file
    ],
)
def test_what_fills_the_blanks_of_a_template_is_no_more_of_it(
    blank: str, lead: str, whole: bool
) -> None:
    template = block("import os\n\n" + blank + "\n")
    body = f"**Step 1: Write the template**{template}{lead}"
    found = made("Create: `sea/ship.py.template`", body + block("    white = 1\n"))
    assert [type(each) for each in found] == [Edit if whole else Manual]


NEW = "Create: `sea/ship.py`; Test: `tests/test_ship.py`"
LACKS = block(
    "import sea\n\n\ndef sail(miles: float = 1) -> float:\n    return wind(sea) * miles\n"
)


@pytest.mark.parametrize(
    ("files", "body"),
    [
        ("Create: `sea/ship.py`", "**Implementation:**" + block()),
        (
            "Create: `sea/ship.py`",
            "**Implementation:**\n\nCreate a new module that holds the count. The module is small."
            + block(),
        ),
        (NEW, "**Step 1: Create `ship.py`**\n\nA counter of ships:" + block()),
        (NEW, "**Step 1: Create `ship.py`**" + LACKS),
        (NEW, f"**Step 1: Create `ship.py`**\n\nCreate it with the full contents:{LACKS}- Sails\n"),
        (NEW, f"**Step 1: Create `ship.py`**{block()}- Sails are of cotton\n"),
        (NEW, "**Step 1: Write the counter**\n\nThis counts what is in the harbour." + block()),
        (NEW, "**Step 1: Define the counter**" + block("# sea/ship.py\n" + TEXT)),
        (NEW, "**Step 1: Write `sea/ship.py`** (mirror `sea/tug.py`)" + block()),
        (NEW, "**Step 1: Stub `sea/ship.py` (all of it in Task 4)**" + block()),
        (
            NEW,
            "**Step 1: Create `sea/ship.py`** as a leaf (as in `tug.py`; `Tug` is elsewhere). "
            "Contents in full:" + block(),
        ),
        *(
            (NEW, f"**Step 1: Write the counter**\n\n{lead}{block()}")
            for lead in (
                "File: `sea/ship.py`",
                "**File:** `sea/ship.py`",
                "**File: `sea/ship.py`**",
                "File: sea/ship.py",
                "File: `ship.py`",
                "Path: `sea/ship.py`",
                "The file `sea/ship.py`:",
                "Contents of `sea/ship.py`:",
                "In `sea/ship.py`:",
            )
        ),
    ],
)
def test_a_new_file_is_made_of_the_only_block_for_it(files: str, body: str) -> None:
    (step,) = made(files, body)
    assert isinstance(step, Edit)
    assert step.targets == ("sea/ship.py",)
    assert isinstance(step.changes[0], Create)


def test_contents_are_those_of_the_file_that_the_title_names() -> None:
    body = "**Step 1: Simplify `{}`**\n\nReplace contents with:" + block("import row\n")
    (step,) = made("Modify: `sea/ship.py`", body.format("sea/ship.py"), {"sea/ship.py": TEXT})
    assert isinstance(step, Edit)
    assert isinstance(step.changes[0], RewriteFile)
    (step,) = made("Modify: `sea/ship.py`", body.format("sail()"), {"sea/ship.py": TEXT})
    assert isinstance(step, Manual)


PHP = "<?php\n\nuse Sea\\Ship;\n\nreturn new class extends Ship\n{\n};\n"


@pytest.mark.parametrize(
    ("path", "code", "kind"),
    [
        ("sea/2026_add_ships.php", PHP, Edit),
        ("sea/2026_add_ships.php", PHP.replace("return new class", "class Oar"), Manual),
        ("sea/Ship.php", PHP, Manual),
    ],
)
def test_a_file_of_php_without_a_named_type_is_called_as_it_likes(
    path: str, code: str, kind: type
) -> None:
    body = "**Step 1: Create the migration**" + block(code, "php")
    assert [type(it) for it in made(f"Create: `{path}`", body, {})] == [kind]


@pytest.mark.parametrize("behind", ["\n<p></p>\n", " {% block sea %}\n<p></p>\n"])
def test_a_template_may_begin_with_its_path(behind: str) -> None:
    code = block(f"{{# sea/pages/ship.html #}}{behind}", "html")
    body = f"**Step 1: Create the page template**{code}"
    (step,) = made("Create: `sea/pages/ship.html`; Create: `sea/pages/oar.html`", body, {})
    assert isinstance(step, Edit)
    assert step.targets == ("sea/pages/ship.html",)


def test_a_label_names_the_file_where_the_title_names_what_is_in_it() -> None:
    code = block("use sea::Ship;\n\npub trait Sail {\n    fn sail(&self) -> Ship;\n}\n", "rust")
    body = "**Step 1: Define `Sail` trait**\n\nIn `sea/sail.rs`:"
    (step,) = made("Create: `sea/sail.rs`; Modify: `sea/mod.rs`", body + code, {"sea/mod.rs": ""})
    assert isinstance(step, Edit)
    assert step.targets == ("sea/sail.rs",)


def test_files_of_one_step_are_told_apart_by_their_own_paths() -> None:
    body = (
        "**Step 1: Write the fixtures**\n\n`sea/data/one.json`:" + block('{"a": 1}\n', "json")
        + "`sea/data/two.json`:" + block('{"a": 2}\n', "json")
    )  # fmt: skip
    found = made("Create: fixtures under `sea/data/`", body)
    assert [step.targets for step in found if isinstance(step, Edit)] == [
        ("sea/data/one.json",),
        ("sea/data/two.json",),
    ]


@pytest.mark.parametrize(
    ("files", "body"),
    [
        # More belongs to the file, or the block is none of it.
        (NEW, "**Step 1: Create `ship.py`**\n\nFrontmatter:" + block()),
        (NEW, "**Step 1: Create `ship.py`**\n\nUsage:" + block()),
        (NEW, "**Step 1: Create `ship.py`**\n\nThe helper function:" + block()),
        (NEW, "**Step 1: Create `ship.py`**\n\nA counter:" + block() + "A second part:" + block()),
        (NEW, "**Step 1: Create `ship.py`**\n\nA counter:" + block() + "Then add a test.\n"),
        (NEW, "**Step 1: Create `ship.py`**\n\nA counter:" + block() + "- a\n- b\n- c\n- d\n- e\n"),
        # It uses what it does not import: what is said behind it does.
        (NEW, f"**Step 1: Create `ship.py`**{LACKS}- `wind` raises `Calm` where there is none\n"),
        (NEW, f"**Step 1: Create `ship.py`**\n\nCreate `ship.py`:{LACKS}- Sails are of cotton\n"),
        (NEW, f"**Step 1: Create `ship.py`**\n\nA counter:{LACKS}- Sails are of cotton\n"),
        (NEW, "**Step 1: Write `ship.py`** (mirror `tug.py`; also update `log.py`)" + block()),
        (NEW, "**Implementation:**" + block()),
        ("Create: `sea/ship.py`", "**Testing:**\n\nLoad the data with:" + block()),
        ("Create: `sea/ship.py`", "**Implementation:**" + block("sails = 1\n")),
        ("Modify: `sea/ship.py`", "**Implementation:**" + block()),
        (NEW, "**Step 1: Write the test**\n\nIt counts ships." + block("# sea/ship.py\n" + TEXT)),
    ],
)
def test_what_may_be_a_part_of_a_new_file_is_a_persons(files: str, body: str) -> None:
    assert {type(step) for step in made(files, body)} == {Manual}


OLD = "Modify: `sea/ship.py`"


@pytest.mark.parametrize(
    "body",
    [
        "**Step 1: Change it**\n\nReplace `sea/ship.py` with:" + block(),
        "**Step 1: Change it**\n\nOverwrite `ship.py` with the following:" + block(),
        "**Step 1: Change it**\n\nReplace sea/ship.py with:" + block(),
        "**Step 1: Change it**\n\nFull updated `ship.py`:" + block(),
        "**Step 1: Change it**\n\nThe complete `ship.py` after these changes:" + block(),
        "**Step 1: Replace stub `ship.py` with real implementation**" + block(),
        "**Step 1: Replace the stub with the full implementation**" + block(),
    ],
)
def test_a_file_that_is_replaced_as_such_is_rewritten(body: str) -> None:
    (step,) = made(OLD, body)
    assert isinstance(step, Edit)
    assert step.targets == ("sea/ship.py",)
    assert isinstance(step.changes[0], RewriteFile)
    (step,) = made(OLD, body, {"sea/ship.py": "x = 1\n"})
    assert isinstance(step, Edit)
    assert [type(step) for step in made(OLD, body, {})] == [Manual]


@pytest.mark.parametrize(
    "body",
    [
        "**Step 1: Change it**\n\nReplace `count` with:" + block(),
        "**Step 1: Change it**\n\nReplace the body of `sea/ship.py` with:" + block(),
        "**Step 1: Change it**\n\nReplace `sea/ship.py` with:" + block("sails = 1\n"),
        "**Step 1: Change it**\n\nReplace `sea/ship.py` with:" + block(TEXT + "# ...\n"),
        "**Step 1: Change it**\n\nReplace `sea/tug.py` and `sea/ship.py` with:" + block(),
        "**Step 1: Replace the helper with the real implementation**" + block(),
    ],
)
def test_what_may_be_a_part_of_a_file_does_not_replace_it(body: str) -> None:
    assert {type(step) for step in made(OLD, body)} == {Manual}


def test_the_label_of_a_block_is_no_second_files_block() -> None:
    body = f"**Files:**\n- Create: `a.py`\n\n**Step 1: Write it**\n\nFile: `a.py`{block()}"
    assert not imported(f"### Task 1: A\n\n{body}").warnings


def test_a_path_above_the_line_that_runs_a_script_is_no_part_of_it() -> None:
    script = "#!/usr/bin/env python\nsail()\n"
    body = "**Step 1: Write the script**" + block(f"# sea/ship.py\n{script}")
    (step,) = made("Create: `sea/ship.py`", body)
    assert isinstance(step, Edit)
    (change,) = step.changes
    assert isinstance(change, Create)
    assert change.text.value == script


BOTH = "Modify: `docs/guide.md` (add a section); Create: `docs/setup.md`"


def test_a_title_that_creates_something_is_of_the_only_new_file() -> None:
    body = "**Step 1: Create setup documentation**" + block("# Setup\n", "markdown")
    step, left = made(BOTH, body)
    assert isinstance(step, Edit)
    assert step.targets == ("docs/setup.md",)
    assert isinstance(left, Manual)  # what the Files block orders


@pytest.mark.parametrize(
    ("files", "body"),
    [
        (BOTH, "**Step 1: Create setup documentation and link it**" + block("# Setup\n", "md")),
        (BOTH, "**Step 1: Add setup documentation**" + block("# Setup\n", "md")),
        (f"{BOTH}; Create: `a.md`", "**Step 1: Create the setup**" + block("# Setup\n", "md")),
        (BOTH, "**Step 1: Create a setup**\n\nLike this:" + block("# Setup\n", "md")),
    ],
)
def test_which_of_several_files_a_block_is_stays_open(files: str, body: str) -> None:
    assert {type(step) for step in made(files, body)} == {Manual}


def test_a_file_that_is_created_and_added_by_one_path_needs_no_files_block() -> None:
    new = "Create `mast.py`:\n\n```python\nMAST = 1\n```\n\n"
    other = "Create `row.py`:\n\n```python\nROW = 1\n```\n\n"
    commit = "```bash\ngit add mast.py oars/row.py\ngit commit -m 'feat: mast'\n```\n"
    found = steps(new + other + commit, {})
    assert [type(each) for each in found] == [Edit, Manual, Commit]
    assert isinstance(found[0], Edit)
    assert found[0].targets == ("mast.py",)
    there = steps(new + commit, {"mast.py": "MAST = 0\n"})
    assert [type(each) for each in there] == [Manual, Commit]


def test_what_a_title_grows_is_the_only_file_of_that_name_that_the_task_has_in_commands() -> None:
    body = "**Step 1: Append the log to LOG.md**\n\nAppend:\n\n```markdown\n## Sea\n```\n\n"
    look = "**Step 2: Verify**\n\n```bash\ngrep -c Sea {}\n```\n"
    files = {"ship/LOG.md": "# Log\n", "boat/LOG.md": "# Log\n"}
    edit, _ = steps(body + look.format("ship/LOG.md"), files)
    assert isinstance(edit, Edit)
    assert edit.targets == ("ship/LOG.md",)
    for commands in ("ship/LOG.md boat/LOG.md", "LOG.md", "ship/*/LOG.md"):
        assert isinstance(steps(body + look.format(commands), files)[0], Manual)


ONE_NAME = "Create: `sea/ship.toml`; Modify: `ship.toml`"


@pytest.mark.parametrize(
    "words",
    [
        "**Step 1: Create ship.toml**",
        "**Step 1: Create `ship.toml`**",
        "**Step 1: Write it**\n\nCreate `ship.toml`:",
    ],
)
def test_what_is_created_is_the_new_file_of_two_with_that_name(words: str) -> None:
    text = '[package]\nname = "ship"\n'
    (step,) = made(ONE_NAME, words + block(text, "toml"), {"ship.toml": "[workspace]\n"})
    assert isinstance(step, Edit)
    assert step.targets == ("sea/ship.toml",)
    assert isinstance(step.changes[0], Create)


def test_of_two_new_files_with_a_name_none_is_taken_for_one_that_is_there() -> None:
    files = f"{ONE_NAME}; Create: `land/ship.toml`"
    body = "**Step 1: Create ship.toml**" + block("[package]\n", "toml")
    (step,) = made(files, body, {"ship.toml": "[workspace]\n"})
    assert isinstance(step, Manual)


def test_what_is_added_is_for_the_file_that_is_there() -> None:
    body = "**Step 1: Add to `ship.toml`**" + block("[package]\n", "toml")
    (step,) = made(ONE_NAME, body, {"ship.toml": "[workspace]\n"})
    assert isinstance(step, Edit)
    assert step.targets == ("ship.toml",)


SEA = {"sea/sea.md": ""}
GO = "package sea\n\nfunc Pull() int {\n\treturn 1\n}\n"
SCRIPT = "import { oars } from './sea';\n\nexport function pull(): number {\n  return oars;\n}\n"
SKETCH = SCRIPT.replace("return oars;", "// counts the oars")
PYTHON = '"""Oars."""\n\nimport sea\n\n\ndef pull():\n    return sea.oars\n'
OARS = "is what the table of oars is built of, and logs its output."


@pytest.mark.parametrize(
    ("words", "path", "code", "whole"),
    [
        (f"`pull.go` {OARS}", "pull.go", GO, True),
        (f"`pull.py` {OARS}", "pull.py", PYTHON, True),
        (f"`pull.ts` {OARS}", "pull.ts", SCRIPT, True),
        (f"`pull.ts` {OARS}", "pull.ts", f"'use client';\n\n{SCRIPT}", True),
        (f"`pull.js` {OARS}", "pull.js", SCRIPT.replace(": number", ""), True),
        (f"`pull.ts` {OARS}", "pull.ts", SKETCH, False),
        (f"`pull.ts` {OARS}", "pull.ts", SCRIPT.partition("\n\n")[2], False),
        (f"`pull.ts` {OARS}", "pull.ts", SCRIPT.replace(" {\n  return oars;\n}", ";"), False),
        (f"`pull.js` {OARS}", "pull.js", SCRIPT.replace("export ", ""), False),
        # A part of it, by its head.
        (f"`pull.go` {OARS}", "pull.go", GO.partition("\n\n")[2], False),
        (f"`pull.py` {OARS}", "pull.py", PYTHON.partition("sea\n\n\n")[2], False),
        (f"`pull.py` {OARS}", "pull.py", "import sea\n", False),
        (f"`pull.go` {OARS} The log should be placed in a separate file.", "pull.go", GO, False),
        (f"Remove the old oars.\n\n`pull.go` {OARS}", "pull.go", GO, False),
        (f"`pull.go` {OARS}\n\nUse it like this:", "pull.go", GO, False),
    ],
)
def test_a_block_with_all_of_a_file_is_that_under_words_that_tell_of_it(
    words: str, path: str, code: str, whole: bool
) -> None:
    test = f"test_{path}" if path.endswith(".py") else path.replace(".", "_test.")
    files = f"**Files:**\n- Create: `{path}`\n- Test: `{test}`\n\n**Implementation:**\n\n"
    made = steps(f"{files}{words}{block(code, path[-2:])}", {})
    assert isinstance(made[-1], Edit) == whole
    # What it tells of the file stays.
    assert OARS in str(made)


@pytest.mark.parametrize(
    ("remark", "kind"),
    [
        ("(draws the body; links go to the list)", Edit),
        ("(shell: header, search)", Edit),
        ("(only the changed function)", Manual),
        ("(also register it)", Manual),
    ],
)
def test_a_remark_on_a_new_file_may_describe_it(remark: str, kind: type) -> None:
    body = f"**Step 1: Create `mast.py`** {remark}" + block("import sail\n\nsail.go()\n")
    (step,) = made("Create: `mast.py`", body, {})
    assert isinstance(step, kind)


def test_a_bold_title_and_with_behind_it_make_a_new_file() -> None:
    (step,) = made(
        "", "- [ ] **Step 1a: Create `sea/mast.js`** with:" + block("sail();\n", "js"), {}
    )
    assert isinstance(step, Edit)


@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        ("# bay/mast.py (append)", Edit),
        ("# bay/mast.py (appended)", Edit),
        ("# Append to bay/mast.py", Edit),
        ("# Append to mast.py", Edit),
        ("# mast.py (append)", Edit),
        ("# Append to row.py", Manual),  # another one
        ("# 追加到 bay/mast.py 末尾", Edit),
        ("# bay/mast.py (in `hoist`, append)", Manual),
        ("# append to the list", Manual),
    ],
)
def test_a_comment_that_puts_a_block_to_a_file_is_an_order(comment: str, kind: type) -> None:
    body = "**Step 1: Implement the rest**" + block(f"{comment}\nprint(row)\n")
    (step,) = made("Modify: `bay/mast.py`", body, {"bay/mast.py": "row = 1\n"})
    assert isinstance(step, kind)
    if isinstance(step, Edit):
        (change,) = step.changes
        assert isinstance(change, Append)
        assert change.text.value == "print(row)\n"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("import { a } from './a';\n\na();\n", Manual),
        ("---\nimport A from './a';\n---\n\n<A />\n", Edit),
    ],
)
def test_the_script_of_a_component_is_not_all_of_its_file(code: str, kind: type) -> None:
    body = f"**Step 1: Write it**\n\nCreate `sea/Mast.astro`:{block(code, 'ts')}"
    (new,) = made("Create: `sea/Mast.astro`", body, {})
    there = {"sea/Mast.astro": "<a />\n"}
    (anew,) = made("Modify: `sea/Mast.astro`", body.replace("Create", "Replace"), there)
    assert isinstance(new, kind)
    assert isinstance(anew, kind)


LABELLED = "**Step 1: Write it**\n\n"
NEW_SCRIPTS = "Create: `sea/pull.ts`; Create: `sea/row.ts`; Modify: `sea/index.ts`"


@pytest.mark.parametrize("label", ["`sea/pull.ts`:", "**`sea/pull.ts`** — counts the oars:"])
def test_what_is_ordered_behind_a_new_file_under_its_label_is_no_more_of_it(label: str) -> None:
    more = f"Update the list:{block('pull,', 'ts')}Register it in `sea/index.ts`:{block('x', 'ts')}"
    found = made(NEW_SCRIPTS, f"{LABELLED}{label}{block(SCRIPT, 'ts')}{more}", {"sea/index.ts": ""})
    assert [each.targets for each in found if isinstance(each, Edit)] == [("sea/pull.ts",)]
    assert isinstance(found[-1], Manual)
    assert "Update the list:" in found[-1].instructions


@pytest.mark.parametrize(
    "more",
    [
        f"The helper of it:{block('help()', 'ts')}",
        f"`sea/pull.ts`:{block('help()', 'ts')}",
    ],
)
def test_what_may_be_more_of_a_new_file_under_its_label_keeps_it_open(more: str) -> None:
    body = f"{LABELLED}`sea/pull.ts`:{block(SCRIPT, 'ts')}{more}"
    assert not any(isinstance(each, Edit) for each in made(NEW_SCRIPTS, body, {}))


def test_a_function_that_only_says_what_it_is_to_do_is_no_whole_file() -> None:
    body = f"**Step 1: Create `sea/pull.ts`**{block(SKETCH, 'ts')}"
    (step,) = made("Create: `sea/pull.ts`", body, {})
    assert isinstance(step, Manual)
    (step,) = made("Create: `sea/pull.ts`", body.replace("Create", "Stub"), {})
    assert isinstance(step, Edit)


def test_a_path_of_a_title_hedges_nothing() -> None:
    (step,) = made(
        "Create: `adapters/pull.py`", "**Step 1: Create adapters/pull.py**" + block(), {}
    )
    assert isinstance(step, Edit)


@pytest.mark.parametrize(
    ("code", "kind"), [(f"//! Oars.\n\n{GO}", Edit), ("fn pull() {}\n", Manual)]
)
def test_the_only_new_file_of_a_task_needs_no_words(code: str, kind: type) -> None:
    (step,) = made("Create: `src/pull.rs`", block(code, "rust"), {})
    assert isinstance(step, kind)


@pytest.mark.parametrize(
    ("files", "body"),
    [
        (NEW_SCRIPTS, f"{LABELLED}The oars (`sea/pull.ts`):{block(SCRIPT, 'ts')}"),
        (
            NEW_SCRIPTS,
            f"**Step 1: Create sea/pull.ts**{block(SCRIPT, 'ts')}Update `sea/index.ts` for it.\n",
        ),
        (
            "Create: `sea/pull.ts`; Create: `sea/oar/pull.ts`; Modify: `pull.ts`",
            f"**Step 1: Create sea/pull.ts**{block(SCRIPT, 'ts')}",
        ),
        # Of the files of the task that it could be, the others are there, and have none of it.
        (
            "Create: `sea/pull.ts`; Modify: `sea/index.ts`",
            f"**Implementation:**\n\nIt counts the oars.{block(SCRIPT, 'ts')}",
        ),
    ],
)
def test_which_new_file_a_whole_block_is_may_be_said_in_many_ways(files: str, body: str) -> None:
    found = made(files, body, {"sea/index.ts": "sail();\n", "pull.ts": "sail();\n"})
    assert [each.targets for each in found if isinstance(each, Edit)] == [("sea/pull.ts",)]


def test_a_whole_block_whose_names_another_file_has_may_be_that() -> None:
    files = "Create: `sea/row.ts`; Modify: `sea/index.ts`"
    body = f"**Implementation:**\n\nIt counts the oars.{block(SCRIPT, 'ts')}"
    found = made(files, body, {"sea/index.ts": "export function pull() {}\n"})
    assert not any(isinstance(each, Edit) for each in found)


@pytest.mark.parametrize("label", ["**Key points:**", "**How it works:**", "**Key decisions:**"])
def test_what_explains_a_new_file_is_no_more_of_it(label: str) -> None:
    points = "- it counts\n- it sails\n- it moors\n- it rests\n- it ends\n"
    body = f"**Step 1: Create `ship.py`**\n\nA counter:{block()}{label}\n\n{points}"
    (step,) = made("Create: `sea/ship.py`", body)
    assert isinstance(step, Edit)
    assert "it moors" in (step.note or "")
    (left,) = made("Create: `sea/ship.py`", body.replace("- it ends", "- Add an anchor"))
    assert isinstance(left, Manual)


def test_new_files_of_one_line_are_in_the_folder_of_the_first() -> None:
    body = "**Step 1: mast.py**" + block() + "**Step 2: oar.py**" + block()
    found = made("Create: `sea/ship.py`, `mast.py`、`oar.py`", body)
    assert [step.targets for step in found if isinstance(step, Edit)] == [
        ("sea/mast.py",),
        ("sea/oar.py",),
    ]
    # What is of another kind, or is there, need not be.
    (task,) = imported(
        "### Task 1: Sail\n\n**Files:**\n- Create: `sea/ship.py`, `sea.md`\n"
        "- Create: `sea/a.md`, `README.md`; a test in `b.md`\n- Modify: `sea/tug.py`, `log.py`\n\n"
        "**Step 1: Go on**\n\nGo on.\n"
    ).phase.tasks
    assert not any(each in str(task) for each in ("sea/sea.md", "sea/README.md", "sea/b.md"))
    assert "sea/log.py" not in str(task)


@pytest.mark.parametrize(
    "lead", ["Create `a/b.json`:", "Write the settings:", "Replace `a/b.json` with:"]
)
def test_a_path_above_json_is_no_text_of_it(lead: str) -> None:
    rewrites = lead.startswith("Replace")
    there = {"a/b.json": "{}\n"} if rewrites else {}
    code = block('// a/b.json\n{\n  "a": 1\n}\n', "json")
    (step,) = made(f"{'Modify' if rewrites else 'Create'}: `a/b.json`", f"{lead}{code}", there)
    assert isinstance(step, Edit)
    (change,) = step.changes
    assert isinstance(change, Create | RewriteFile)
    assert change.text.value == '{\n  "a": 1\n}\n'


def test_a_chinese_comment_that_says_to_add_is_an_order() -> None:
    code = block("// 添加到 sea/ship.go\n\nfunc Row() {}\n", "go")
    there = {"sea/ship.go": "package sea\n"}
    (step,) = made("Modify: `sea/ship.go`", f"**Step 1: Row**{code}", there)
    assert isinstance(step, Edit)
    (change,) = step.changes
    assert isinstance(change, Append)
    assert change.text.value.strip() == "func Row() {}"


SEA = {"sea/sea.md": ""}
GO = 'package sea\n\nimport "fmt"\n\nfunc Row() {\n\tfmt.Println()\n}\n'
SWIFT = "import Testing\n\nstruct ShipTests {\n    @Test func sails() {}\n}\n"
RUST = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn sails() {}\n}\n"
TYPE = "import { sea } from './sea';\n\nexport const ship = sea;\n"
PHP = "<?php\n\nnamespace Sea;\n\nfinal class Ship\n{\n}\n"


@pytest.mark.parametrize(
    ("files", "body"),
    [
        # "(create)" says what happens to it, and so does that it is not there.
        ("`sea/ship.ts` (create)", "**Step 1: Create `sea/ship.ts`**" + block(TYPE, "ts")),
        ("`sea/ship.go`", "**Step 1: Implement `sea/ship.go`**" + block(GO, "go")),
        ("`sea/ship.go`", "**Step 1: The ship**\n\n**File:** `sea/ship.go`" + block(GO, "go")),
        # Tests of Rust stand in the file that they are of.
        (
            "Create: `sea/ship.rs`",
            "**Step 1: Create `sea/ship.rs`** with the failing test FIRST:" + block(RUST, "rust"),
        ),
        ("Create: `sea/Ship.php`", "**Step 1: Implement the ship**" + block(PHP, "php")),
    ],
)
def test_a_file_that_is_not_there_is_made_of_all_that_it_is_to_have(files: str, body: str) -> None:
    (step,) = made(files, body, SEA)
    assert isinstance(step, Edit)
    assert isinstance(step.changes[0], Create)


def test_what_is_ordered_behind_a_whole_file_is_a_step_of_its_own() -> None:
    body = "**Step 1: Write the failing test**" + block(SWIFT, "swift")
    found = made(
        "Test: `ShipTests.swift`",
        f"{body}Rename `sail()` in `Ship.swift`, if needed.",
        SEA,
    )
    assert [type(each) for each in found] == [Edit, Manual]
    for words in ("Add more tests for the oars.", "Replace the sketch by calls of `Ship`."):
        found = made("Test: `ShipTests.swift`", body + words, SEA)
        assert [type(each) for each in found] == [Manual]


def test_labelled_files_of_a_step_that_creates_them_are_made() -> None:
    body = (
        "**Step 1: Create the contracts**\n\n`sea/a/one.proto`:" + block('syntax = "proto3";\n', "")
        + "`sea/a/two.proto`:" + block('syntax = "proto3";\n\nmessage A {}\n', "")
    )  # fmt: skip
    found = made("Modify: `sea/ship.go`", body, {"sea/ship.go": GO})
    assert [each.targets[0] for each in found if isinstance(each, Edit)] == [
        "sea/a/one.proto", "sea/a/two.proto",
    ]  # fmt: skip
    found = made("Modify: `bay/ship.go`", body, {"bay/ship.go": GO})
    assert not any(isinstance(each, Edit) for each in found)  # a folder may be left out


@pytest.mark.parametrize(
    ("files", "body"),
    [
        ("Create: `sea/Boat.php`", "**Step 1: Create the shared `Ship`**" + block(PHP, "php")),
        # What PHP does not open is a part, or for the reader.
        ("Create: `sea/Ship.php`", "**Step 1: Create the ship**" + block(PHP[7:], "php")),
        ("Create: `sea/Boat.php`, `Ship.php`", "**Step 1: The types**" + block(PHP, "php")),
        ("Create: `sea/Ship.swift`", "**Step 1: Write the fake**" + block("actor A {}\n", "swift")),
        ("Modify: `sea/ship.go`", "**Step 1: Implement `sea/ship.go`**" + block(GO, "go")),
        ("`sea/ship.ts`", "**Step 1: The ship**\n\n`sea/ship.ts`:" + block("ship();\n", "ts")),
        # The folder that others stand in is left out.
        (
            "`bay/src/sea.rs`; `src/ship.rs`",
            "**Step 1: Create `src/ship.rs`**" + block("//! Ships.\n" + RUST, "rust"),
        ),
    ],
)
def test_a_block_that_may_be_of_another_file_makes_none(files: str, body: str) -> None:
    assert [type(each) for each in made(files, body, SEA)] == [Manual]


def test_a_short_path_of_tests_is_that_of_the_file_they_stand_in() -> None:
    body = "**Step 1: Create `ship.rs`** with a failing test:" + block(RUST, "rust")
    (step,) = made("Create `bay/ship.rs`; Test: inline in `ship.rs`", body, SEA)
    assert isinstance(step, Edit)
    assert step.targets == ("bay/ship.rs",)


def test_a_block_is_of_the_file_that_is_called_like_what_it_defines() -> None:
    files = "Create: `sea/Ship.php`; Test: `tests/ShipTest.php`"
    test = PHP.replace("Ship", "ShipTest")
    (step,) = made(files, "**Step 1: Write the failing test**" + block(test, "php"), SEA)
    assert isinstance(step, Edit)
    assert step.targets == ("tests/ShipTest.php",)


def test_what_replaces_something_is_not_only_added() -> None:
    there = {"ship.rs": "// a stub\n"}
    body = "**Step 1: Test it**\n\nAdd to the bottom of `ship.rs` (replacing the stub):"
    assert [
        type(each) for each in made("Modify: `ship.rs`", body + block(RUST, "rust"), there)
    ] == [Manual]


def test_a_file_at_the_top_is_made_where_the_title_names_it() -> None:
    files = "Create: `go.mod`\n- Create: `cmd/ship.go`"
    for title, kind in (("Create go.mod", Edit), ("Begin", Manual)):
        body = f"**Step 1: {title}**" + block("module sea\n\ngo 1.22\n", "go")
        (step,) = made(files, body, {})
        assert isinstance(step, kind)


@pytest.mark.parametrize(
    ("path", "language", "text", "kind"),
    [
        (
            "test/ship.spec.ts",
            "ts",
            "it('sails', async () => {\n  await sail(ship);\n});\n",
            Manual,
        ),
        (
            "test/ship.spec.ts",
            "ts",
            "import { sail } from '../ship';\n\nit('sails', sail);\n",
            Edit,
        ),
        ("docs/ship.md", "markdown", "# Ship\n\n- Length: [FILL IN]\n", Manual),
        ("docs/ship.md", "markdown", "# Ship\n\n- [ ] Fill the hold\n", Edit),
    ],
)
def test_what_is_to_be_filled_in_or_loads_nothing_is_no_file(
    path: str, language: str, text: str, kind: type
) -> None:
    fence = f"```{language}\n{text}```\n"
    body = f"**Files:**\n- Create: `{path}`\n\n**Step 1: Write it**\n\n{fence}"
    (step,) = steps(body, {})
    assert isinstance(step, kind)
