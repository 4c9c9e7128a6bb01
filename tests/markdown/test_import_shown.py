"""Blocks that show what stands in the file: as it is, or around what is to be added."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent

import pytest
from planning import block, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.model import Edit, Manual, Step
from runbook.core.model.operations import Insert, Replace, RewriteFile
from runbook.markdown.importing.places.partly import shown_in_part
from runbook.transforms.transforms import TRANSFORMS

FILES = "**Files:**\n- Modify: `ship.ts`\n- Modify: `pier.ts`\n\n**Step 1: Change it**\n\n"
SHIP = """\
const sails = 1;
const oars = 2;

function leave(wind) {
  if (wind) {
    raise(sails);
  }
  return pull(oars);
}
"""
OLD = "const sails = 1;\nconst oars = 2;\n"
NEW = "const sails = 3;\n"


def made(body: str, files: Mapping[str, str] | None = None) -> tuple[Step, ...]:
    return steps(FILES + body, {"ship.ts": SHIP} if files is None else files)


def code(text: str) -> str:
    return block(text, "ts")


def after(body: str, text: str = SHIP) -> str:
    """What the only edit of a step makes of a text."""
    (step,) = made(body, {"ship.ts": text})
    assert isinstance(step, Edit)
    assert step.targets == ("ship.ts",)
    (change,) = step.changes
    result = apply(text, change)
    assert isinstance(result, Applied)
    assert result.text is not None
    return result.text


@pytest.mark.parametrize(
    ("lead", "between"),
    [
        ("In `ship.ts`, the sails are set at lines 1-2:", "Change to:"),
        ("The yard sets them in lines 1-2:", "Replace with:"),
        (
            "In `ship.ts` the constants (lines 1-2) look small:",
            "Replace the two lines (keeping the `const` structure) with:",
        ),
    ],
)
def test_what_the_words_describe_becomes_the_second_block(lead: str, between: str) -> None:
    (step,) = made(lead + code(OLD) + between + code(NEW))
    change = Replace(Text(OLD, True), Text(NEW, True), lines=LineRange(1, 2))
    assert step == Edit(("ship.ts",), (change,), "Change it")
    # Without the file it is not known that the first block is what stands there.
    assert [type(s) for s in steps(FILES + lead + code(OLD) + between + code(NEW))] == [Manual]


def test_a_change_inside_turns_the_one_block_into_the_other() -> None:
    body = "The oars of `ship.ts`:" + code("const oars = 2;\n") + "Change `2` to `4`:"
    assert after(body + code("const oars = 4;\n")) == SHIP.replace("= 2", "= 4")
    assert [type(step) for step in made(body + code("const oars = 5;\n"))] == [Manual]


@pytest.mark.parametrize(
    ("lead", "between", "old"),
    [
        ("Add the constants to `ship.ts`:", "Change to:", OLD),
        ("The new constants of `ship.ts`:", "Change to:", OLD),
        ("For example, in `ship.ts`:", "Change to:", OLD),
        ("Set the sails of `ship.ts` and update the oars:", "Change to:", OLD),
        ("The sails of `ship.ts`:", "Change the oars to:", OLD),
        ("The sails of `ship.ts`:", "It may become:", OLD),
        ("The end of `ship.ts`:", "Change to:", "  }\n...\n"),
        ("The sails of `ship.ts`:", "Change to:", "const sails = 9;\n"),
    ],
)
def test_what_is_not_described_as_it_is_is_a_persons(lead: str, between: str, old: str) -> None:
    assert [type(step) for step in made(lead + code(old) + between + code(NEW))] == [Manual]


def test_what_is_there_now_is_shown_again_with_what_is_added() -> None:
    lead, more = "In `ship.ts`, the constants currently read:", OLD + "const masts = 1;\n"
    body = lead + code(OLD) + "Add `masts` below `oars`:"
    assert after(body + code(more)) == SHIP.replace(OLD, more)
    for other in ("const masts = 1;\n", NEW, NEW + "const masts = 1;\n"):
        assert [type(step) for step in made(body + code(other))] == [Manual]
    for hedged in ("If you like, add `masts`:", "Add something like `masts`:", "It has `masts`:"):
        assert [type(s) for s in made(lead + code(OLD) + hedged + code(more))] == [Manual]
    new = "In `ship.ts`, which has no constants, add:"
    assert [type(s) for s in made(new + code(OLD) + "Add `masts`:" + code(more))] == [Manual]


def test_the_file_is_the_only_one_that_has_what_is_described() -> None:
    body = "2. **Set the sails** at line 1. Change:" + code(OLD) + "To:" + code(NEW)
    (step,) = made(body, {"ship.ts": SHIP, "pier.ts": "x();\n"})
    assert isinstance(step, Edit)
    assert step.targets == ("ship.ts",)
    assert [type(s) for s in made(body, {"ship.ts": SHIP, "pier.ts": SHIP})] == [Manual]


def test_what_stands_there_twice_is_a_persons() -> None:
    body = "The sails of `ship.ts` (line 1):" + code(OLD) + "Change to:" + code(NEW)
    assert [type(step) for step in made(body, {"ship.ts": OLD + "\n" + OLD})] == [Manual]


def test_an_editing_tools_old_and_new_string() -> None:
    body = "In `ship.ts`, use Edit with `old_string`:" + code(OLD) + "`new_string`:" + code(NEW)
    (step,) = steps(FILES + body)
    change = Replace(Text(OLD, True), Text(NEW, True))
    assert step == Edit(("ship.ts",), (change,), "Change it")


@pytest.mark.parametrize(
    ("lead", "between"),
    [
        ("In `ship.ts`, find this block:", "Insert this block between them:"),
        ("In `ship.ts`, find the constants (around line 1):", "Add a constant below:"),
        ("In `ship.ts`, locate:", "Add after it:"),
        ("In `ship.ts`, find this line:", "Insert below it:"),
    ],
)
def test_a_block_that_is_shown_again_with_more_in_it_is_replaced(lead: str, between: str) -> None:
    more = OLD.replace("2;\n", "2;\nconst crew = 3;\n")
    body = FILES + lead + code(OLD) + between + code(more)
    for files in (None, {"ship.ts": SHIP}):
        (step,) = steps(body, files)
        assert isinstance(step, Edit)
        (change,) = step.changes
        assert isinstance(change, Replace)
        assert (change.search.value, change.replacement.value) == (OLD, more)


# A block with the lines around what it adds


def test_lines_between_those_of_the_file_are_inserted() -> None:
    shown = "    raise(sails);\n    call(crew);\n  }\n  return pull(oars);\n"
    (step,) = made("In `ship.ts`, add the call:" + code(shown))
    assert isinstance(step, Edit)
    text = Text("    call(crew);\n", True)
    assert step.changes == (Insert("after", Text("    raise(sails);\n", True), text),)


def test_lines_of_another_indentation_are_those_of_the_file() -> None:
    shown = "raise(sails);\ncall(crew);\n"
    body = "In `ship.ts`, add the call after the `raise(sails)` line:" + code(shown)
    assert after(body) == SHIP.replace("(sails);\n", "(sails);\n    call(crew);\n")


def test_lines_after_what_the_words_quote() -> None:
    shown = "  if (wind) {\n    raise(sails);\n  }\n\n  // They pull.\n  call(crew);\n"
    for lead in (
        "In `ship.ts`, after the `raise` call (around line 6), add support for a crew:",
        "`ship.ts` の `raise(sails)` の下の行に追加：",
    ):
        assert after(lead + code(shown)) == SHIP.replace(
            "  }\n", "  }\n\n  // They pull.\n  call(crew);\n"
        )
    shown = "call(crew);\nconst sails = 1;\n"
    lead = "In `ship.ts`, add the call before `const sails`:"
    assert after(lead + code(shown)) == "call(crew);\n" + SHIP


@pytest.mark.parametrize(
    ("lead", "shown"),
    [
        # Only one side is shown, and the words don't say which.
        ("Add the call to `ship.ts`:", "    raise(sails);\n    call(crew);\n"),
        ("In `ship.ts`, add the call after `pull`:", "    raise(sails);\n    call(crew);\n"),
        ("In `ship.ts`, add the call before `raise`:", "    raise(sails);\n    call(crew);\n"),
        # The file goes on with what the block has otherwise.
        (
            "In `ship.ts`, add the call after `const sails`:",
            "const sails = 1;\ncall(crew);\nconst oars = 3;\n",
        ),
        # Something between them is left out, or is another.
        ("Add the call to `ship.ts`:", "const sails = 1;\ncall(crew);\n  return pull(oars);\n"),
        ("Add the call to `ship.ts`:", "const sails = 1;\ncall(crew);\nconst oars = 3;\n"),
        # Nothing tells where it is.
        ("Add the call to `ship.ts`:", "  }\n  call(crew);\n}\n"),
        ("For example, add the call to `ship.ts`:", "const sails = 1;\nx();\nconst oars = 2;\n"),
        ("The text of `ship.ts`:", "const sails = 1;\nx();\nconst oars = 2;\n"),
        ("Add x to `ship.ts` and remove y:", "const sails = 1;\nx();\nconst oars = 2;\n"),
    ],
)
def test_what_is_shown_without_a_place_is_a_persons(lead: str, shown: str) -> None:
    assert [type(step) for step in made(lead + code(shown))] == [Manual]


def test_brackets_alone_tell_of_no_place() -> None:
    body = "Add the call to `ship.ts`:" + code("  }\n  call(crew);\n}\n")
    text = SHIP.replace("  return pull(oars);\n", "")
    assert [type(step) for step in made(body, {"ship.ts": text})] == [Manual]


def test_a_line_that_is_another_amid_those_of_the_file_is_no_insertion() -> None:
    # The last line of the block stands behind its first one as well.
    there = "set(sail);\nlog();\nhoist(1);\nsteer();\nrest();\nlog();\n"
    body = "Add the call to `ship.ts`:" + code(there.replace("hoist(1)", "hoist(2)"))
    assert [type(step) for step in made(body, {"ship.ts": there})] == [Manual]


def test_surroundings_that_stand_twice_are_a_persons() -> None:
    body = "Add the call to `ship.ts`:" + code("const sails = 1;\nx();\nconst oars = 2;\n")
    assert [type(step) for step in made(body, {"ship.ts": SHIP + SHIP})] == [Manual]


VOYAGE = """\
import sea


class Ship:
    def sail(self):
        load()
        go()
        return 1

    def row(self):
        load()
        return 2


FAST = 2
"""
SAIL = "def sail(self):\n    load()\n    go()\n    rest()\n    return 1\n"


def shown(lead: str, code: str, text: str = VOYAGE) -> list[Step]:
    body = f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Sail**\n\n{lead}"
    return list(steps(body + block(code), {"ship.py": text}))


@pytest.mark.parametrize(
    ("lead", "old", "code"),
    [
        # All that is there, and more: a method at the margin, and where it stands.
        ("Add a rest to `sail`:", "        go()\n", SAIL),
        ("Extend it:", "        go()\n", indent(SAIL, "    ")),
        # Some of it changed, and no less than is there.
        ("Update it:", "        go()\n", "def sail(self):\n    load()\n    go(2)\n    return 1\n"),
    ],
)
def test_what_is_shown_again_with_more_takes_the_place_of_the_old(
    lead: str, old: str, code: str
) -> None:
    (step,) = shown(lead, code)
    assert isinstance(step, Edit)
    result = apply(VOYAGE, step.changes[0])
    assert isinstance(result, Applied)
    new = f"{old}        rest()\n" if "go()" in code else "        go(2)\n"
    assert result.text == VOYAGE.replace(old, new, 1)


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        (
            "Add a rest:",
            "def sail(self):\n    load()\n    rest()\n    return 1\n",
        ),  # a line is gone
        ("Update it:", "def sail(self):\n    load()\n    return 1\n"),  # it shows less
        ("Update it:", "def sail(self):\n    load()\n    rest()\n    return 1\n"),  # another line
        (
            "Update it:",
            "def sail(self):\n    a()\n    b()\n    return 7\n",
        ),  # hardly a line is left
        ("Update it:", "def sail(self):\n    load()  # NEW\n    go()\n    rest()\n    return 1\n"),
        ("Update it:", "def steer(self):\n    load()\n    go()\n    rest()\n    return 1\n"),
        ("Update it:", "    load()\n    row()\n    go()\n    return 5\n"),  # which `load()`?
    ],
)
def test_what_is_shown_again_with_less_or_for_the_reader_is_left(lead: str, code: str) -> None:
    assert [type(step) for step in shown(lead, code)] == [Manual]


LISTS = "LOAD = [\n    1,\n    2,\n]\nSTORE = [\n    3,\n]\nREST = 4\n"


@pytest.mark.parametrize(
    "code",
    [
        # The first bracket of the file is not the last one of the block.
        "LOAD = [\n    1,\n    2,\n    9,\n]\nSTORE = [\n    3,\n]\n",
        "LOAD = [\n    1,\n    2,\n]\nSTORE = [\n    3,\n    9,\n]\n",
    ],
)
def test_what_stands_behind_is_not_written_a_second_time(code: str) -> None:
    (step,) = shown("Update it:", code, LISTS)
    if isinstance(step, Edit):
        result = apply(LISTS, step.changes[0])
        assert isinstance(result, Applied)
        assert result.text == code + "REST = 4\n"


def test_a_file_that_is_shown_from_its_first_line_to_its_last_is_written_anew() -> None:
    made = VOYAGE.replace("import sea\n", "import sea\nimport wind\n").replace("go()", "go(wind)")
    (step,) = shown("Update it:", made)
    assert isinstance(step, Edit)
    result = apply(VOYAGE, step.changes[0])
    assert isinstance(result, Applied)
    assert result.text == made


DECLARED = "//! Boats.\n\nmod sail;\n\npub use sail::Sail;\n"
INIT = '"""Boats."""\n\nfrom sea import Sail\n\n__all__ = ["Sail"]\n'


def declared(lead: str, path: str, code: str, text: str) -> Step:
    body = f"**Files:**\n- Modify: `{path}`\n\n**Step 1: Change it**\n\n{lead}"
    (step,) = steps(body + block(code, "rust" if path.endswith(".rs") else "python"), {path: text})
    return step


@pytest.mark.parametrize(
    ("path", "code", "text"),
    [
        ("lib.rs", "//! Ships.\n\nmod oar;\nmod mast;\n\npub use oar::Oar;\n", DECLARED),
        ("lib.rs", "#![forbid(unsafe_code)]\nmod oar;\nmod b;\npub use oar::Oar;\n", DECLARED),
        ("sea.py", '"""Ships."""\n\nfrom sea import Oar\n\n__all__ = ["Oar"]\n', INIT),
        ("lib.rs", "mod oar;\nmod sail;\n\npub use oar::Oar;\npub use sail::Sail;\n",
         "mod sail;\n\npub use sail::Sail;\n"),
    ],
)  # fmt: skip
def test_a_file_of_declarations_is_replaced_by_what_begins_as_one(
    path: str, code: str, text: str
) -> None:
    step = declared("Update the module:", path, code, text)
    assert isinstance(step, Edit)
    assert step.changes == (RewriteFile(Text(code, True)),)


@pytest.mark.parametrize(
    ("lead", "path", "code", "text"),
    [
        # Without its documentation it may be a part of the file, and so without what it hands on.
        ("Update it:", "lib.rs", "mod oar;\nmod mast;\n\npub use oar::Oar;\n", DECLARED),
        ("Update it:", "lib.rs", "//! Ships.\n\nmod oar;\nmod mast;\nmod sea;\n", DECLARED),
        (
            "Update it:",
            "lib.rs",
            "mod oar;\n\npub use oar::Oar;\npub use sail::Sail;\n",
            "mod sail;\n\npub use sail::Sail;\n",
        ),
        ("Update it:", "sea.py", '"""Ships."""\n\nfrom sea import Oar\nimport os\n', INIT),
        # There is code below the declarations.
        (
            "Update it:",
            "lib.rs",
            "//! Ships.\n\nmod oar;\n\npub use oar::Oar;\n",
            f"{DECLARED}\nfn go() {{}}\n",
        ),
        (
            "Add the module:",
            "lib.rs",
            "//! Ships.\n\nmod oar;\n\npub use oar::Oar;\n",
            DECLARED,
        ),
    ],
)
def test_what_may_be_a_part_of_the_declarations_is_left(
    lead: str, path: str, code: str, text: str
) -> None:
    assert isinstance(declared(lead, path, code, text), Manual)


SEA = "from sea import (\n    sail,\n    wind,\n)\n\nNAMES = [\n    1,\n    2\n]\n"


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add it:", "from sea import (\n    # ... existing imports\n    wind,\n)\n"),  # it is there
        ("Add it:", "from land import (\n    # ... existing imports\n    hill,\n)\n"),
        ("Add it:", "NAMES = [\n    # ... existing names\n    3,\n]\n"),  # a comma is missing
        ("Add it:", "from sea import (\n    # ...\n    tide,\n)\n"),
        ("Add it:", "from sea import (\n    # ... existing imports\n    # ...\n    tide,\n)\n"),
    ],
)
def test_a_mark_for_what_is_there_leaves_open_where_more_of_it_goes(lead: str, code: str) -> None:
    assert [type(step) for step in shown(lead, code, SEA)] == [Manual]


def test_names_around_a_mark_among_imports_are_imported() -> None:
    code = "from sea import (\n    sail,\n    # ... existing imports\n    tide,\n)\n"
    (step,) = shown("Add it:", code, SEA)
    assert isinstance(step, Edit)
    result = apply(SEA, step.changes[0], "ship.py", TRANSFORMS)
    assert isinstance(result, Applied)
    assert "    tide,\n" in (result.text or "")


def test_what_stands_above_a_mark_goes_before_what_is_there() -> None:
    (step,) = shown("Add it:", "from sea import (\n  tide,\n  # ... existing imports\n)\n", SEA)
    assert isinstance(step, Edit)
    result = apply(SEA, step.changes[0])
    assert isinstance(result, Applied)
    assert result.text == SEA.replace("    sail", "    tide,\n    sail")


def test_a_file_that_is_only_read_first_is_that_of_the_change() -> None:
    body = "**Files:**\n- Modify: `ship.json`\n\n**Step 1: Row**\n\nRead `ship.json` and add to it:"
    code = '{\n  ...existing keys...\n  "oars": 4\n}\n'
    (step,) = steps(body + block(code, "json"), {"ship.json": '{\n  "sails": 2\n}\n'})
    assert isinstance(step, Edit)


def test_lines_that_are_those_beside_them_with_a_word_changed_are_no_new_ones() -> None:
    text = "one = run(\n    slowly\n)\ntwo = run(\n    with_all_sails\n)\nrest()\n"
    shown = "    slowly\n)\ntwo_more = run(\n    with_all_the_sails\n)\n"
    (step,) = made("Add the new lines to `ship.ts`:" + code(shown), {"ship.ts": text})[:1]
    assert isinstance(step, Manual)


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        # It is shown with what is to begin so.
        ("Add at the top of `row()`:", "def row():\n    rest()\n", "def row():\n    go()\n"),
        # What stands behind these is never reached.
        ("Add to the end of `row()`:", "    rest()\n", "def row():\n    go()\n    return 1\n"),
        (
            "Add to the end of `row()`:",
            "    rest()\n",
            "def row():\n    if go():\n        return 1\n    else:\n        return 2\n",
        ),
        (
            "Add to the end of `row()`:",
            "    rest()\n",
            "def row():\n    return (\n        1\n    )\n",
        ),
        ("Add at the top of `row()`:", "    rest()\n", "def row(): go()\n"),
        (
            "Add at the top of `row()`:",
            "    rest()\n",
            "def row():\n    a()\n\ndef row():\n    b()\n",
        ),
    ],
)
def test_what_a_function_begins_or_ends_with_is_clear(words: str, code: str, text: str) -> None:
    body = f"**Files:**\n- Modify: `a.py`\n\n**Step 1: Do it**\n\n{words}\n\n```python\n{code}```\n"
    (step,) = steps(body, {"a.py": text})
    assert isinstance(step, Manual)


def test_a_mark_with_nothing_beside_it_adds_nothing() -> None:
    there = 'names = [\n    "sail",\n    "row",\n]\n'
    shown = "names = [\n# ... existing names\n]\n"
    assert shown_in_part(there, "ship.py", shown) == ""
    assert shown_in_part(there, "ship.py", shown.replace("\n]", '\n"rest",\n]')) != ""


@pytest.mark.parametrize(
    ("shown", "made"),
    [
        ("if sea {\n    row()\n}\nif land {\n    walk()\n}\n", "\tif land {\n\t\twalk()\n\t}\n"),
        # Of a string of several lines, the spaces are its own.
        ("if sea {\n    row()\n}\nsay(`\n    land`)\ndone()\n", None),
    ],
)
def test_a_block_of_go_has_tabs_and_closes_what_is_there_first(shown: str, made: str) -> None:
    ship = "func a() {\n\tif sea {\n\t\trow()\n\t}\n\tdone()\n}\n"
    text = f"**Files:**\n- Modify: `ship.go`\n\n**Step 1: Go**\n\nAdd it:{block(shown, 'go')}"
    (step,) = steps(text, {"ship.go": ship})
    if made is None:
        assert isinstance(step, Manual)
        return
    assert isinstance(step, Edit)
    (change,) = step.changes
    assert isinstance(change, Insert)
    assert change.text.value == made


@pytest.mark.parametrize(
    ("lead", "more"),
    [
        ("In `ship.ts`, add a constant next to `oars` (line 2):", "const masts = 1;\n"),
        ("In `ship.ts`, add one beside `const oars`:", "const masts = 1;\n"),
    ],
)
def test_a_block_shows_on_which_side_of_its_first_line_the_others_go(lead: str, more: str) -> None:
    shown = "const oars = 2;\n" + more
    assert after(lead + code(shown)) == SHIP.replace("const oars = 2;\n", shown)
    for other in (
        lead.replace("oars", "crew"),  # not what the block shows
        lead.replace(":", ", and use it in `leave`:"),
        "In `ship.ts`, change it next to `oars`:",
    ):
        assert [type(step) for step in made(other + code(shown))] == [Manual]


def test_what_marks_the_next_definition_is_no_line_to_stand_behind() -> None:
    text = "class A {\n  @Input()\n  sails = 1;\n  @Input()\n  oars = 2;\n}\n"
    text = text.replace("  @Input()\n  oars", "  @Output()\n  oars")
    shown = "  @Output()\n  masts = 3;\n"
    body = "In `ship.ts`, add one next to the other `@Output()`:" + code(shown)
    assert [type(step) for step in made(body, {"ship.ts": text})] == [Manual]


def test_what_comes_beside_something_is_no_line_among_those_that_are_there_by_now() -> None:
    ship = "  case 'sail':\n    raise(1);\n    break;\n  case 'row':\n    pull(1);\n    break;\n"
    text = f"switch (order) {{\n{ship}}}\n"
    shown = "  case 'row':\n    pull(1);\n    rest(1);\n    break;\n"
    lead = "In the switch, after the `sail` case, add:"
    (step,) = steps(f"{FILES}In `ship.ts`:\n\n{lead}\n{code(shown)}", {"ship.ts": text})
    assert isinstance(step, Manual)
    (step,) = steps(f"{FILES}In `ship.ts`:\n\nAdd the rest:\n{code(shown)}", {"ship.ts": text})
    assert isinstance(step, Edit)


def test_an_export_that_is_to_stand_beside_another_is_not_put_last() -> None:
    text = "export { sail } from './sail';\nexport { row } from './row';\n"
    lead = "In `ship.ts`, add after the `sail` export line:"
    oar = code("export { oar } from './oar';\n")
    (step,) = steps(f"{FILES}{lead}\n{oar}", {"ship.ts": text})
    assert isinstance(step, Manual) or "./sail" in repr(step)
