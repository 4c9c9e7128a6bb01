"""What leads up to a block: sentences, their place, and whether all of it is done by the edit."""

from __future__ import annotations

import pytest
from planning import block, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual, Step
from runbook.core.model.operations import Create
from runbook.transforms.transforms import TRANSFORMS

FILES = "**Files:**\n- Modify: `{path}`\n\n**Step 1: {title}**\n\n"
GUIDE = "# Trip\n\n| Sea | Crew |\n|---|---|\n| north | 3 |\n| south | 4 |\n\n## Wind\n\nBlows.\n"
SHIP = "import os\n\nFAST = 1\n\n\ndef sail():\n    return 1\n"
RUST = "use sea::Sail;\n\npub struct Ship {\n    sails: u8,\n}\n\nimpl Ship {\n    fn go() {}\n}\n"


def of(path: str, text: str, words: str, title: str = "Do it") -> tuple[Step, ...]:
    """The steps of a task that changes one file."""
    return steps(FILES.format(path=path, title=title) + words, {path: text})


def made(path: str, text: str, found: tuple[Step, ...]) -> str:
    """What edits make of a file; nothing else is left."""
    for step in found:
        assert isinstance(step, Edit), step
        for change in step.changes:
            result = apply(text, change, path, TRANSFORMS)
            assert isinstance(result, Applied)
            text = result.text or ""
    return text


def test_a_sentence_that_the_page_breaks_is_read_whole() -> None:
    words = "Right after the existing row of the southern sea, which is the `south`\nrow, add:"
    bare = "After the `south` row of the table, in which there is one line for each sea,\nadd:"
    rows = "| west | 5 |\n"
    assert isinstance(of("guide.md", GUIDE, words + block(rows, "markdown"))[0], Manual)
    assert isinstance(of("guide.md", GUIDE, bare + block(rows, "markdown"))[0], Manual)
    plain = "In the table of seas and of those who sail them, which\n`guide.md` has, add:"
    assert isinstance(of("guide.md", GUIDE, plain + block(rows, "markdown"))[0], Manual)
    told = "Add this constant, by which all others of the module are measured,\nto `ship.py`:"
    found = of("ship.py", SHIP, told + block("SLOW = 2\n"))
    assert isinstance(found[0], Manual)  # what else is said is read with its end
    led = "Insert the helper that all of the other modules will call immediately\nafter `sail`:"
    found = of("ship.py", SHIP, led + block("def row():\n    return 2\n"))
    assert made("ship.py", SHIP, found).endswith("return 1\n\n\ndef row():\n    return 2\n")


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("The file lists all seas. Replace it with a page that shows the way.", False),
        ("Rewrite `guide.md` so that it shows the way.", False),
        ("Replace it with a page that shows the way, and link it from the index.", True),
        ("Replace the map with a page that shows the way.", True),
    ],
)
def test_words_that_replace_a_file_are_done_by_its_new_text(words: str, left: bool) -> None:
    body = f"{words}\n\nReplace `guide.md` with:{block('# Way' + chr(10), 'markdown')}"
    kinds = [type(step) for step in of("guide.md", GUIDE, body)]
    assert kinds == [Manual, Edit] if left else kinds == [Edit]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Update `sail` to call `row` before it returns, so that the crew is warm.", False),
        ("Change `sail()` to call `row()` (line 5), following the same pattern as `land`.", False),
        ("The helper `sail` calls nobody today. Replace it with `row()` for now.", False),
        ("Update `sail` to call `row` before it returns. Follow the style of `land`.", False),
        ("Update `sail` to call `hoist` before it returns.", True),
        ("Update `row` to warm the crew.", True),
        ("Update `sail` to call `row`, and its callers to wait.", True),
        ("Update `sail` to call `row` and delete what it had.", True),
        ("Let the crew of `sail` rest. Add a log of what they do.", True),
    ],
)
def test_words_of_what_is_then_defined_in_full_are_no_work(words: str, left: bool) -> None:
    code = "def sail():\n    row()\n    return 1\n"
    body = f"{words}\n\nReplace the function with:{block(code)}"
    found = of("ship.py", SHIP, body)
    if left:
        assert isinstance(found[0], Manual)
        told = "Update `Wind` to say more.\n\nReplace `## Wind` with:" + block("## Wind\n", "md")
        assert isinstance(of("guide.md", GUIDE, told)[0], Manual)
    else:
        assert made("ship.py", SHIP, found) == SHIP.replace(
            "    return 1", "    row()\n    return 1"
        )


@pytest.mark.parametrize(
    ("words", "part", "whole", "left"),
    [
        ("Insert after the `sail` mark.", '  "row",\n', "The full list of marks becomes:", False),
        ("Insert these.", '  # ...\n  "row",\n', "The final list of marks becomes:", False),
        ("Insert this.", '  "rest",\n', "The full list of marks becomes:", True),
        ("Insert it, and in every other list.", '  "row",\n', "The full list becomes:", True),
        ("Insert it below `tide`.", '  "row",\n', "The full list of marks becomes:", True),
        ("Insert it and drop the old one.", '  "row",\n', "The full list becomes:", True),
        ("Insert this.", '  "row",\n', "Then change the list of marks to:", True),
    ],
)
def test_a_part_of_what_is_then_given_in_full_is_no_work(
    words: str, part: str, whole: str, left: bool
) -> None:
    text, new = (
        'marks = [\n  "sail",\n  "wind",\n]\n',
        'marks = [\n  "sail",\n  "row",\n  "wind",\n]\n',
    )
    body = f"Add a mark to the list. {words}{block(part, 'toml')}{whole}{block(new, 'toml')}"
    found = of("ship.toml", text, body, "Add `row`")
    if left:
        assert isinstance(found[0], Manual)
    else:
        assert made("ship.toml", text, found) == new
        assert "row" not in str(found[0].note)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Keep the rest as-is.", False),
        ("Keep the existing imports (there are two). Do not change `row`.", False),
        ("Leave everything else in `ship.py` untouched.", False),
        ("Keep the existing names in sync.", True),
        ("Keep the rest as it is, but rename `row`.", True),
        ("Keep the list sorted.", True),
        ("Do not remove `row` until the tests pass.", True),
    ],
)
def test_what_stays_behind_an_edit_is_no_work(words: str, left: bool) -> None:
    body = (
        f"Replace `sail` with:{block('def sail():' + chr(10) + '    return 3' + chr(10))}{words}\n"
    )
    kinds = [type(step) for step in of("ship.py", SHIP, body)]
    assert kinds == [Edit, Manual] if left else kinds == [Edit]
    assert [type(step) for step in of("ship.py", SHIP, words)] != [Edit]


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Add a helper", "to `ship.py`:"),
        ("Add a helper", "(in `ship.py`)"),
        ("Add a helper", "to `ship.py`, after `sail`:"),
    ],
)
def test_a_bold_title_that_a_sentence_goes_on_from_is_of_it(title: str, rest: str) -> None:
    code = "def row():\n    return 2\n"
    step = f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: {title}** {rest}{block(code)}"
    found = steps(step, {"ship.py": SHIP})
    assert made("ship.py", SHIP, found) == f"{SHIP}\n\n{code}"
    (left,) = steps(step.replace("Add", "Show"), {"ship.py": SHIP})
    assert isinstance(left, Manual)


@pytest.mark.parametrize(
    ("words", "behind"),
    [
        ("`ship.py` の末尾に追加：", "    return 1\n\n\n{}"),
        ("Modify `ship.py`. 既存の `sail` の下に追加：", "    return 1\n\n\n{}"),
        ("`ship.py` の `sail()` の中身を以下に置き換える：", "FAST = 1\n\n\n{}"),
    ],
)
def test_orders_in_japanese(words: str, behind: str) -> None:
    name = "sail" if "中身" in words else "row"
    code = f"def {name}():\n    return 2\n"
    assert behind.format(code) in made("ship.py", SHIP, of("ship.py", SHIP, words + block(code)))


@pytest.mark.parametrize("side", ["直前", "直後", "末尾"])
def test_sections_in_japanese(side: str) -> None:
    of_it = f"セクション{side}" if side == "末尾" else f"セクションの{side}"
    words = f"`guide.md` の「## Wind」{of_it}に以下を追加:"
    found = made("guide.md", GUIDE, of("guide.md", GUIDE, words + block("Much.\n", "markdown")))
    assert ("\n\nMuch.\n\n## Wind" in found) == (side == "直前")
    assert (found.endswith("Blows.\n\nMuch.\n")) == (side != "直前")


def test_a_remark_in_japanese_that_says_more_is_a_persons() -> None:
    words = "`ship.py` の末尾（`sail` を削除）に追加：" + block("def row():\n    return 2\n")
    assert isinstance(of("ship.py", SHIP, words)[0], Manual)


def test_what_documentation_leaves_out_is_no_gap() -> None:
    code = (
        'def row(of: dict) -> int:\n    """Row.\n\n    of: {"seas": [...]}\n    """\n    return 2\n'
    )
    assert code in made("ship.py", SHIP, of("ship.py", SHIP, "Add to `ship.py`:" + block(code)))
    doc = "/// Rows: `row(sea, ...)`.\nfn row() {}\n"
    found = of("ship.rs", RUST, "Add to `ship.rs`:" + block(doc, "rust"))
    assert doc in made("ship.rs", RUST, found)


@pytest.mark.parametrize(
    "code",
    [
        'def row():\n    """..."""\n    ...  # the rest\n',
        "def row(of):\n    # ... rest of it\n    return 2\n",
        'SEAS = """\nnorth, ...\n... more seas\n"""\n',
    ],
)
def test_what_code_leaves_out_is_one(code: str) -> None:
    assert isinstance(of("ship.py", SHIP, "Add to `ship.py`:" + block(code))[0], Manual)


def test_a_list_of_changes_with_their_places() -> None:
    text = "### 3. Load\n\nSee step 3.\n\n### 4. Sail\n\nThen: go (Step 4), at once.\n"
    words = (
        "The steps are numbered 3 through 4. Renumber them:\n\n"
        "- `### 3. Load` becomes `### 4. Load`\n- `### 4. Sail` becomes `### 5. Sail`\n"
        "- In the last line: `go (Step 4), at` → `go (Step 5), at`\n"
    )
    found = of("guide.md", text, words)
    wanted = "### 4. Load\n\nSee step 3.\n\n### 5. Sail\n\nThen: go (Step 5), at once.\n"
    assert made("guide.md", text, found) == wanted
    assert "In the last line" in str(found[-1].note)
    elsewhere = words.replace("In the last line:", "In the tests:")
    assert isinstance(of("guide.md", text, elsewhere)[0], Manual)
    more = words.replace("The steps are", "Delete the last line. The steps are")
    assert isinstance(of("guide.md", text, more)[0], Manual)


def test_a_place_that_is_said_twice() -> None:
    words = (
        "Add a row right after the `north` row:" + block("| west | 5 |\n", "markdown")
        + "Place it between the `north` row and the next one (which is of the `south`).\n"
    )  # fmt: skip
    assert "3 |\n| west | 5 |\n| south" in made("guide.md", GUIDE, of("guide.md", GUIDE, words))
    other = words.replace("between the `north` row and the next one", "below the table")
    assert isinstance(of("guide.md", GUIDE, other)[0], Manual)


def test_what_a_reader_only_finds() -> None:
    head = "| Sea | Crew |\n"
    words = (
        "Find the table that begins:" + block(head, "markdown")
        + "Append a new row right after the `south` row:" + block("| west | 5 |\n", "markdown")
    )  # fmt: skip
    found = made("guide.md", GUIDE, of("guide.md", GUIDE, words))
    assert "4 |\n| west | 5 |\n" in found
    lost = words.replace("| Sea |", "| Lake |")
    assert isinstance(of("guide.md", GUIDE, lost)[0], Manual)
    more = words.replace("Find the table that begins", "Find the table and sort it")
    assert isinstance(of("guide.md", GUIDE, more)[0], Manual)


def test_words_that_announce_the_edit_after_them() -> None:
    change = "\n\nFind:" + block("## Wind\n\nBlows.\n", "markdown") + "Replace with:" + block(
        "## Wind\n\nRests.\n", "markdown"
    )  # fmt: skip
    words = 'Locate the `## Wind` section. Replace the part that begins "## Wind" with a new one.'
    assert made("guide.md", GUIDE, of("guide.md", GUIDE, words + change)).endswith("Rests.\n")


@pytest.mark.parametrize(
    "words",
    [
        "Delete the `Blows.` part.",
        'Replace "## Wind" with a new one and rename the file.',
        "1. Replace the `## Wind` section.",
        "Replace the `Wind` there.",
        'Replace "## Wind" in all guides.',
    ],
)
def test_words_that_order_something_else(words: str) -> None:
    change = "\n\nFind:" + block("## Wind\n\nBlows.\n", "markdown") + "Replace with:" + block(
        "## Wind\n\nRests.\n", "markdown"
    )  # fmt: skip
    assert isinstance(of("guide.md", GUIDE, words + change)[0], Manual)


def test_a_file_that_only_its_block_names() -> None:
    code = "// test/row.test.ts\nimport { row } from '../row';\n\nrow();\n"
    words = FILES.format(path="ship.ts", title="Write the failing test") + block(code, "ts")
    assert isinstance(steps(words, {"ship.ts": "go();\n"})[0], Edit)
    (made_new, *_) = steps(words, {"ship.ts": "go();\n"})
    assert isinstance(made_new, Edit)
    assert isinstance(made_new.changes[0], Create)
    there = {"ship.ts": "go();\n", "test/row.test.ts": "x();\n"}
    assert not isinstance(steps(words, there)[0], Edit)


def test_a_line_that_says_only_the_file_is_led_by_the_title() -> None:
    code = "pub struct Ship {\n    // ... existing fields ...\n    oars: u8,\n}\n"
    found = of("ship.rs", RUST, "In `ship.rs`:" + block(code, "rust"), "Add the oars field")
    assert "    sails: u8,\n    oars: u8,\n}" in made("ship.rs", RUST, found)
    words = "In `guide.md`:" + block("Much.\n", "markdown")
    found = of("guide.md", GUIDE + "\n## End\n", words, "Add a note after the Wind section")
    assert "Blows.\n\nMuch.\n\n## End" in made("guide.md", GUIDE + "\n## End\n", found)
    looked = of("ship.rs", RUST, "In `ship.rs`:" + block(code, "rust"), "Look at the fields")
    assert not isinstance(looked[0], Edit)


def test_outlines_have_each_part_in_its_place() -> None:
    code = (
        "use sea::Oar;\n\n#[derive(Debug)]\npub struct Ship {\n    // ... existing fields ...\n\n"
        "    oars: Oar,\n}\n\nimpl Ship {\n    // ... existing methods ...\n\n    fn row() {}\n}\n"
    )
    text = RUST.replace("pub struct", "#[derive(Debug)]\npub struct")
    found = made("ship.rs", text, of("ship.rs", text, "Add the oars:" + block(code, "rust")))
    assert found == (
        "use sea::Sail;\nuse sea::Oar;\n\n#[derive(Debug)]\npub struct Ship {\n    sails: u8,\n\n"
        "    oars: Oar,\n}\n\nimpl Ship {\n    fn go() {}\n\n    fn row() {}\n}\n"
    )


@pytest.mark.parametrize(
    "code",
    [
        "use other::Sail;\n\npub struct Ship {\n    // ... existing fields ...\n    oars: u8,\n}\n",
        "pub struct Boat {\n    // ... existing fields ...\n    oars: u8,\n}\n\nfn row() {}\n",
        "pub struct Ship {\n    // ... existing fields ...\n    oars: u8,\n}\n\nimpl Ship {\n"
        "    fn go() {}\n}\n",
        "#[repr(C)]\npub struct Ship {\n    // ... existing fields ...\n    oars: u8,\n}\n\n"
        "fn a() {}\n",
    ],
)
def test_outlines_that_do_not_fit_are_a_persons(code: str) -> None:
    found = of("ship.rs", RUST, "Add the oars:" + block(code, "rust"))
    assert isinstance(found[0], Manual)


def test_right_after_a_line_and_before_what_comes_next() -> None:
    text = "set -e\n\nFAIL=0\n\nrun\n"
    words = "Then add a block immediately after `FAIL=0` and BEFORE the run block:"
    code = "if row; then\n  go\nfi\n"
    found = of("ship.sh", text, words + block(code, "bash"))
    assert made("ship.sh", text, found) == f"set -e\n\nFAIL=0\n\n{code}\nrun\n"
    unsure = words.replace("and BEFORE", "or BEFORE")
    assert isinstance(of("ship.sh", text, unsure + block(code, "bash"))[0], Manual)


def test_the_table_of_a_header_takes_keys() -> None:
    text = '[features]\nperf = ["x"]\n'
    words = "Add feature to ship.toml:" + block("[features]\ndefault = []\n", "toml")
    assert made("ship.toml", text, of("ship.toml", text, words)) == f"{text}default = []\n"
    other = "Add to `[tools]`:" + block("[features]\ndefault = []\n", "toml")
    assert isinstance(of("ship.toml", text, other)[0], Manual)


def test_items_of_a_section_with_others_below_it_are_a_persons() -> None:
    text = "## Seas\n\n### North\n\n- Ice\n"
    words = "Add to the Seas section:" + block("- Sand\n", "markdown")
    assert isinstance(of("guide.md", text, words)[0], Manual)
    flat = "## Seas\n\n- Ice\n\n### North\n\n- Wind\n"
    assert "- Ice\n- Sand\n\n###" in made("guide.md", flat, of("guide.md", flat, words))


def test_nothing_goes_behind_what_ends_a_function() -> None:
    text = "function sail() {\n  go();\n  return 1;\n}\n"
    code = "function sail() {\n  // ... existing code ...\n  rest();\n}\n\nfunction row() {}\n"
    found = of("ship.js", text, "Add the rest:" + block(code, "js"))
    assert isinstance(found[0], Manual)
    alone = code.partition("\n\n")[0] + "\n"
    assert isinstance(of("ship.js", text, "Add the rest:" + block(alone, "js"))[0], Manual)


def test_an_outlined_function_of_python_is_a_persons() -> None:
    code = "def sail():\n    # ... existing code ...\n    rest()\n\n\ndef row():\n    return 2\n"
    assert isinstance(of("ship.py", SHIP, "Add the rest:" + block(code))[0], Manual)


def test_a_file_that_is_only_like_it() -> None:
    body = (
        "**Files:**\n- Modify: `a/ship.py`\n- Modify: `a/boat.py`\n\n**Step 1: Row**\n\n"
        "{} boat.py, add:" + block("def row():\n    return 2\n")
    )  # fmt: skip
    files = {"a/ship.py": SHIP, "a/boat.py": SHIP}
    assert isinstance(steps(body.format("Like in"), files)[0], Manual)
    found = steps(body.format("In"), files)
    assert not isinstance(found[0], Edit) or found[0].targets == ("a/boat.py",)


def test_which_dependencies_are_meant_is_said() -> None:
    text = (
        '{\n  "dependencies": {\n    "sail": "1"\n  },\n'
        '  "devDependencies": {\n    "a": "1"\n  }\n}\n'
    )
    code = block('"row": "2"\n', "json")
    dev = made("package.json", text, of("package.json", text, "Add the dev dependency:" + code))
    assert dev.index('"row"') > dev.index("devDependencies")
    unsure = of("package.json", text, "Add the testing dependencies:" + code)
    assert isinstance(unsure[0], Manual)


def test_where_an_entry_of_a_log_goes_under_its_date_is_not_said() -> None:
    text = "# Changes\n\n## 2026-04-07\n\n### Wind\n\n- Blows.\n\n## 2026-04-01\n\n- Begun.\n"
    words = "Add a new section under `## {}`:" + block("### Rope\n\n- Holds.\n", "markdown")
    log = "CHANGELOG.md"
    assert isinstance(of(log, text, words.format("2026-04-07"))[0], Manual)
    # The only one there, in a log or elsewhere.
    found = made(log, text, of(log, text, words.format("2026-04-01")))
    assert found == f"{text}\n### Rope\n\n- Holds.\n"


@pytest.mark.parametrize("place", ["immediately above `row()`:", "right before `row()` (line 5):"])
def test_a_place_behind_a_bold_title_is_of_it(place: str) -> None:
    text = "import sea\n\n\ndef row():\n    return 1\n"
    body = f"**Files:**\n- Modify: `ship.py`\n\n- [ ] **Step 1: Add the helper** {place}"
    (step,) = steps(body + block("def sail():\n    return 2\n"), {"ship.py": text})
    assert isinstance(step, Edit)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("**Write the test.** Add to `test_ship.py`:", "Write the test."),
        ("**Implement it!** In `test_ship.py`, add:", "Implement it!"),
        ("**RED.** Add to `test_ship.py`:", "RED. Add to `test_ship.py`:"),
    ],
)
def test_a_bold_sentence_is_the_title_of_a_box(line: str, title: str) -> None:
    there = "def test_sail():\n    assert 1\n"
    body = f"**Files:**\n- Modify: `test_ship.py`\n\n- [ ] {line}\n"
    code = block("def test_row():\n    assert 2\n")
    (step,) = steps(f"{body}{code}", {"test_ship.py": there})
    assert isinstance(step, Edit)
    assert step.title == title


def test_a_bold_word_within_a_sentence_is_no_title_of_a_box() -> None:
    (step,) = steps("- [ ] **Ships** that sail. Count them in `ship.py`.\n", {"ship.py": ""})
    assert isinstance(step, Manual)
    assert step.title == "Ships that sail. Count them in `ship.py`."


INTERFACES = """\
**Files:**
- Create: `ship.py`

{above}**Interfaces:**
- Consumes: `Wind` (Task 1).
- Produces{colon}

{fence}
{below}
- [ ] **Step 1: Write it**

Create `ship.py`:

```python
def sail() -> int:
    return 1
```
"""
GIVES = "```python\ndef sail() -> int: ...\n```\n"


@pytest.mark.parametrize("fence", [GIVES, "".join(f"  {line}\n" for line in GIVES.splitlines())])
@pytest.mark.parametrize("above", ["", "Sailing is what a ship is for.\n\n"])
def test_what_a_task_gives_to_others_is_a_note_with_its_code(fence: str, above: str) -> None:
    below = "- Sailing twice is sailing once.\n"
    found = steps(INTERFACES.format(above=above, colon=":", fence=fence, below=below))
    assert [type(each) for each in found] == [Edit]


@pytest.mark.parametrize(
    ("colon", "below"),
    [
        (".", ""),  # the block is no part of the field
        (":", "\nAdd to `row.py`:\n\n```python\nROW = 1\n```\n"),
    ],
)
def test_code_behind_what_a_task_gives_to_others_is_no_note(colon: str, below: str) -> None:
    found = steps(INTERFACES.format(above="", colon=colon, fence=GIVES, below=below))
    assert isinstance(found[0], Manual)
