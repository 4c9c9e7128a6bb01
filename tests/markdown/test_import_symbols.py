"""Edits at what Python source defines, looked up in the repository."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from planning import block, imported, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.matching.texts import Text
from runbook.core.model.model import Edit, Manual, Step
from runbook.core.model.operations import Insert, Replace, ReplaceRange

FILES = "**Files:**\n- Modify: `ship.py`\n\n**Step 1: Change it**\n\n"
SHIP = '''\
import os

LENGTH = 12
WIDTH = 3


def sail(wind):
    if wind:
        return LENGTH

    return 0


# Rowing


def row():
    # slowly
    return 1


class Ship:
    """A ship."""

    name: str = ""
    """What it is called."""
    sails: int = 1
    crew: int = 2

    def load(self):
        return self.crew

    def leave(self):
        return sail(1)
'''
MOOR = "def moor():\n    return 5\n"
ANCHOR = "def anchor(self):\n    return 7\n"


def made(body: str, files: Mapping[str, str] | None = None) -> tuple[Step, ...]:
    return steps(FILES + body, {"ship.py": SHIP} if files is None else files)


def after(body: str, text: str = SHIP) -> str:
    """What the only edit of a step makes of a text."""
    (step,) = made(body, {"ship.py": text})
    assert isinstance(step, Edit)
    (change,) = step.changes
    result = apply(text, change)
    assert isinstance(result, Applied)
    assert result.text is not None
    return result.text


def with_after(line: str, more: str) -> str:
    assert SHIP.count(line) == 1
    return SHIP.replace(line, line + more)


@pytest.mark.parametrize(
    "lead",
    [
        "Insert after the `sail` function:",
        "Add this helper near `sail()`:",
        "Add `moor` below `sail()` in `ship.py`:",
        "2. In `ship.py`, add a helper immediately after `sail` (line 7):",
        "After the `sail()` function, add:",
        "Add `moor` function after `sail` (around line 9), following the `row` pattern:",
        "Add a helper after the `sail` function and before the rowing section comment:",
        "Add to `ship.py` (after `sail`, ~line 12):",
        "`ship.py` の `sail` 関数の下に追加：",
    ],
)
def test_a_block_stands_after_a_function(lead: str) -> None:
    assert after(lead + block(MOOR)) == with_after("    return 0\n", "\n\n" + MOOR)


def test_its_anchor_is_the_shortest_that_is_unique_and_tells_something() -> None:
    (step,) = made("Insert after the `sail` function:" + block(MOOR))
    assert isinstance(step, Edit)
    text = Text("\n\n" + MOOR, True)
    # An anchor alone does not say what it is: the plan's words stay beside it.
    assert step.note == "Insert after the `sail` function"
    assert step.changes == (Insert("after", Text("    return 0\n", True), text),)
    twice = SHIP.replace("    return 1\n", "    return 0\n")
    (step,) = made("Insert after the `sail` function:" + block(MOOR), {"ship.py": twice})
    assert isinstance(step, Edit)
    anchor = "        return LENGTH\n\n    return 0\n"
    assert step.changes == (Insert("after", Text(anchor, True), text),)


def test_a_block_stands_before_a_function() -> None:
    lead = "Insert before the `row` function:"
    assert after(lead + block(MOOR)) == SHIP.replace("def row", MOOR + "\n\ndef row")
    noted = SHIP.replace("def row", "# With oars.\n@slow\ndef row")
    assert after(lead + block(MOOR), noted) == noted.replace("# With", MOOR + "\n\n# With")


def test_statements_beside_a_definition_stand_with_it() -> None:
    code = MOOR + "\n\nmoor()\n"
    made = after("Insert after the `sail` function:" + block(code))
    assert made == with_after("    return 0\n", "\n\n" + code)


def test_what_is_said_to_come_next_comes_next() -> None:
    lead = "Insert after `sail` (line 9, before `row`):"
    assert after(lead + block(MOOR)) == with_after("    return 0\n", "\n\n" + MOOR)
    assert [type(step) for step in made(lead.replace("row", "Ship") + block(MOOR))] == [Manual]


def test_a_constant_stands_beside_a_constant() -> None:
    lead = "Add `DEPTH` after `LENGTH`:"
    assert after(lead + block("DEPTH = 2\n")) == with_after("LENGTH = 12\n", "DEPTH = 2\n")
    lead = "Add `DEPTH` after `WIDTH`:"
    assert after(lead + block("DEPTH = 2\n")) == with_after("WIDTH = 3\n", "DEPTH = 2\n")


def test_a_field_stands_after_a_field_and_what_describes_it() -> None:
    field = "flag: str = 'x'\n"
    for lead in (
        "Add `flag` field to `Ship` after `name` (line 24):",
        "Add `flag: str = 'x'` to the `Ship` class (after the `name` field):",
        "Register in `Ship` class (around line 9, after `name` field):",
    ):
        assert after(lead + block(field)) == with_after(
            '    """What it is called."""\n', "    " + field
        )
    described = 'flag: str = ""\n"""Its flag.\n\nOf cloth.\n"""\n'
    assert after("Add `flag` to `Ship` (after `sails`, line 26):" + block(described)) == with_after(
        "    sails: int = 1\n",
        '    flag: str = ""\n    """Its flag.\n\n    Of cloth.\n    """\n',
    )
    lead = "Add `flag` to the `Ship` class (after existing fields, before `crew`):"
    assert after(lead + block(field)) == SHIP.replace("    crew", "    " + field + "    crew")


def test_a_method_stands_after_a_method() -> None:
    wanted = with_after("        return self.crew\n", "\n    def anchor(self):\n        return 7\n")
    for lead, code in (
        ("Add after the `load` method:", ANCHOR),
        ("Add to `ship.py` inside `class Ship` (after `load`):", ANCHOR),
        ("Insert after `Ship.load`:", "    def anchor(self):\n        return 7\n"),
    ):
        assert after(lead + block(code)) == wanted
    at_end = after("Insert after `Ship.leave`:" + block(ANCHOR))
    assert at_end == SHIP + "\n    def anchor(self):\n        return 7\n"


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        # Where it is, is not said, or said of something else.
        ("Insert after the `sink` function:", MOOR),
        ("Insert after the call of `sail`:", MOOR),
        ("Insert after `sail` or `row`:", MOOR),
        ("Insert between `sail` and `row`:", MOOR),
        ("Insert somewhere after `sail`, and update `row`:", MOOR),
        ("Add to `row` after `sail`:", MOOR),
        ("In `Ship`, add after `sail`:", MOOR),
        ("Add after `crew`:", "flag = 1\n"),
        ("Add `dock` after `sail`:", MOOR),
        # It can't stand there.
        ("Insert after the `sail` function:", ANCHOR),
        ("Insert after the `load` method:", MOOR),
        ("Insert after the `load` method:", "flag: int = 1\n"),
        ("Add to `Ship` after the `crew` field:", ANCHOR),
        ("Insert after the `sail` function:", "    def moor():\n        return 5\n"),
        ("Insert after the `sail` function:", "moor(\n"),
        ("Insert after the `sail` function:", "moor()\n"),
        ("Insert after the `sail` function:", 'def moor():\n    """Not yet."""\n'),
        ("Insert after the `load` method:", 'def anchor(self):\n    return """a\nb"""\n'),
        ("Insert after the `sail` function:", "def row():\n    return 5\n"),
        ("For example, insert after the `sail` function:", MOOR),
        ("Insert after the `sail` function:", "def moor():\n    ...\n    return 1\n"),
    ],
)
def test_what_the_words_or_the_file_leave_open_is_a_persons(lead: str, code: str) -> None:
    assert [type(step) for step in made(lead + block(code))] == [Manual]


@pytest.mark.parametrize(
    "text",
    [
        SHIP + "\n\ndef sail():\n    return 9\n",
        SHIP.replace("def sail", "if True:\n  pass\n\n\ndef sail", 1)
        + "\n\nclass B:\n    sail = 1\n",
        SHIP.replace("def sail(wind):", "def sail(wind:"),
        "if os:\n    def sail():\n        return 0\n",
        "def haul():\n    def sail():\n        return 0\n",
        "def row():\n    return 0\n",
    ],
)
def test_a_name_that_is_not_defined_once_is_no_place(text: str) -> None:
    body = "Insert after the `sail` function:" + block(MOOR)
    assert [type(step) for step in made(body, {"ship.py": text})] == [Manual]


def test_a_call_beside_its_definition_is_no_place() -> None:
    files = {"ship.py": SHIP + "\n\nrow()\n"}
    assert [type(step) for step in made("Insert after `row()`:" + block(MOOR), files)] == [Manual]
    (step,) = made("Insert after the `row()` function:" + block(MOOR), files)
    assert isinstance(step, Edit)


def test_the_file_is_the_only_one_of_the_task_that_has_the_place() -> None:
    files = FILES.replace("`ship.py`\n", "`ship.py`\n- Modify: `pier.py`\n")
    for lead, code in (
        ("Add `flag` to the `Ship` class (after the `name` field):", "flag: int = 1\n"),
        ("Replace the `sail` function (lines 7-11):", SAIL),
    ):
        body = files + lead + block(code)
        (step,) = steps(body, {"ship.py": SHIP, "pier.py": "x = 1\n"})
        assert isinstance(step, Edit)
        assert step.targets == ("ship.py",)
        for there in ({"ship.py": SHIP, "pier.py": SHIP}, {"pier.py": "x = 1\n"}):
            assert [type(step) for step in steps(body, there)] == [Manual]
    # What a person may have changed may have it by then.
    person = "Add to `pier.py`:" + block("y = 1\n") + "**Step 2: More**\n\n"
    both = {"ship.py": SHIP, "pier.py": SHIP}
    assert [type(step) for step in steps(files + person + body[len(files) :], both)] == [
        Manual,
        Manual,
    ]


def test_a_file_that_is_not_there_has_no_place() -> None:
    body = "### Task 1: Ship\n\n" + FILES + "Insert after the `sail` function:" + block(MOOR)
    (task,) = imported(body, {}).tasks
    assert [remark.text for remark in task.manual] == ["ship.py: the file does not exist"]


def test_without_a_repository_no_place_is_looked_up() -> None:
    body = FILES + "Insert after the `sail` function:" + block(MOOR)
    assert [type(step) for step in steps(body)] == [Manual]


# A definition given anew

SAIL = "def sail(wind):\n    return wind\n"


@pytest.mark.parametrize(
    "lead",
    [
        "Replace the existing function body (lines 7-11) with:",
        "Replace `sail` (lines 7-11):",
        "Replace the `sail()` function in `ship.py` with:",
        "In `ship.py`, replace the helper (lines 7-11) with:",
        "Update the function at lines 7-11:",
        "Update the entire `sail` function:",
        "Replace the entire function:",
        "`ship.py` の `sail()` の中身を以下に置き換える：",
    ],
)
def test_a_function_is_given_anew(lead: str) -> None:
    old = "def sail(wind):\n    if wind:\n        return LENGTH\n\n    return 0\n"
    assert after(lead + block(SAIL)) == SHIP.replace(old, SAIL)


def test_a_method_is_given_anew() -> None:
    new = "def load(self):\n    return 9\n"
    assert after("Replace the `load` method with:" + block(new)) == SHIP.replace(
        "        return self.crew\n", "        return 9\n"
    )


def test_a_function_whose_last_line_stands_elsewhere_is_replaced_as_a_whole() -> None:
    text = "@slow\ndef sail():\n    a()\n    b()\n\n\n@slow\ndef row():\n    a()\n    b()\n"
    new = "@slow\ndef row():\n    return 1\n"
    (step,) = made("Replace the entire function:" + block(new), {"ship.py": text})
    assert isinstance(step, Edit)
    old = "@slow\ndef row():\n    a()\n    b()\n"
    assert step.changes == (Replace(Text(old, True), Text(new, True)),)


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Update `sail`:", SAIL),
        ("Update the function at lines 7-9:", SAIL),
        ("Replace `sail` (lines 7-30):", SAIL),
        ("Replace `row` with:", SAIL),
        ("Replace `sail` and `row` with:", SAIL),
        ("Replace the call of `sail` with:", SAIL),
        ("Replace `sail` with `haul`:", "def haul():\n    return 1\n"),
        ("Replace the `sail` function with:", SAIL + "\n\n" + MOOR),
        ("Replace the `sail` function with:", "def sail(wind):\n    ...\n    return 1\n"),
        ("Replace the `Ship` class with:", "class Ship:\n    oars: int = 1\n"),
        ("Replace the `load` method with:", "def load():\n    return 9\n"),
    ],
)
def test_a_definition_that_may_be_shown_in_part_is_a_persons(lead: str, code: str) -> None:
    assert [type(step) for step in made(lead + block(code))] == [Manual]


def test_decorators_of_which_nothing_is_said_leave_it_to_a_person() -> None:
    text = SHIP.replace("def sail", "@slow\ndef sail")
    body = "Replace the `sail` function with:" + block(SAIL)
    assert [type(step) for step in made(body, {"ship.py": text})] == [Manual]


WHOLE = "Replace the entire function:"
COLUMN_0 = 'def haul():\n    rope = """\nlong\n"""\n    return rope\n\n\nx = 1\n'


def test_strings_and_comments_at_the_margin_are_part_of_a_function() -> None:
    new = "def haul():\n    return 2\n"
    assert after(WHOLE + block(new), COLUMN_0) == new + "\n\nx = 1\n"
    text = "def haul():\n    a = 1\n# why\n    return a\n\n\nx = 1\n"
    assert after(WHOLE + block(new), text) == new + "\n\nx = 1\n"


def test_decorators_of_any_form_give_way_to_new_ones() -> None:
    new = "@slow\ndef haul():\n    return 2\n"
    for old in ("@fast(\n    1,\n)\n", "@fast\n# why\n", "@fast\n\n"):
        text = f"import os\n\n\n{old}def haul():\n    return 1\n"
        assert after(WHOLE + block(new), text) == "import os\n\n\n" + new


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("@fast\ndef haul():\n    return 1\n", "has decorators, of which"),
        ("if x:\n    def haul():\n        return 1\n", "once, under a condition"),
        ('"""Has\ndef haul():\n    return 1\n"""\n', "is defined nowhere"),
        ("def haul():\n\tif x:\n\t\treturn 1\n", "indented with tabs"),
        ("def haul():\n    return (1\n", "line 2 of the file is no Python"),
    ],
)
def test_a_whole_function_that_is_not_plainly_there_is_a_persons(text: str, why: str) -> None:
    new = "def haul():\n    return 2\n"
    found = imported("### Task 1: Ship\n\n" + FILES + WHOLE + block(new), {"ship.py": text})
    assert [type(step) for step in found.phase.tasks[0].steps] == [Manual]
    assert why in found.tasks[0].manual[0].text


def test_tabs_and_spaces_are_not_mixed() -> None:
    text = "class Ship:\n\tname = ''\n\n\tdef load(self):\n\t\treturn 1\n"
    lead = "Insert after the `load` method:"
    body = lead + block(ANCHOR)
    assert [type(step) for step in made(body, {"ship.py": text})] == [Manual]
    tabbed = ANCHOR.replace("    ", "\t")
    more = "\n\tdef anchor(self):\n\t\treturn 7\n"
    assert after(lead + block(tabbed), text) == text + more


def test_a_persons_work_elsewhere_in_the_file_leaves_a_definition_known() -> None:
    person = "Add to `ship.py`:" + block("x = 1\n") + "**Step 2: More**\n\n"
    anew = "Replace the entire function:" + block(SAIL)
    first, second = made(person + anew)
    assert isinstance(first, Manual)
    assert isinstance(second, Edit)
    # All of it as it was: between its ends something else may stand by then.
    (change,) = second.changes
    assert isinstance(change, Replace)
    assert change.search.value.startswith("def sail(wind):\n    if wind:\n")
    told = person.replace("**Step 2", "This is for `sail`.\n\n**Step 2")
    assert [type(step) for step in made(told + anew)] == [Manual, Edit]
    named = person.replace("x = 1", "x = sail(2)")
    assert [type(step) for step in made(named + anew)] == [Manual, Manual]
    (known,) = made(anew)
    assert isinstance(known, Edit)
    assert isinstance(known.changes[0], ReplaceRange)


def test_an_anchor_that_could_not_be_tried_tells_whose_it_is() -> None:
    text = "def sail():\n    # slowly\n    return 0\n\n\ndef row():\n    return 1\n"
    lead = "Insert after the `sail` function:" + block(MOOR)
    (known,) = made(lead, {"ship.py": text})
    assert isinstance(known, Edit)
    assert isinstance(known.changes[0], Insert)
    assert known.changes[0].anchor.value == "    return 0\n"
    by_hand = "Make `row` faster in `ship.py`.\n\n**Step 2: More**\n\n"
    *_, unknown = made(by_hand + lead, {"ship.py": text})
    assert isinstance(unknown, Edit)
    assert isinstance(unknown.changes[0], Insert)
    assert unknown.changes[0].anchor.value == "def sail():\n    # slowly\n    return 0\n"


def test_the_account_says_why_a_place_was_not_found() -> None:
    body = "### Task 1: Ship\n\n" + FILES + "Insert after the `sink` function:" + block(MOOR)
    (task,) = imported(body, {"ship.py": SHIP}).tasks
    (remark,) = task.manual
    assert remark.text == "ship.py: `sink` is defined nowhere in the file"


TWICE = """\
def port():
    turn = 1
    return turn


def starboard():
    turn = 1
    return turn
"""


@pytest.mark.parametrize(
    ("words", "lines", "place"),
    [
        ("In `starboard()`, replace:", "6-7", 1),
        ("In `starboard()`, replace:", "2", None),
        ("In `port`, replace:", "2", 0),
        ("In `port`, replace:", "7", None),
        ("Replace:", "7", 1),
    ],
)
def test_a_name_in_the_words_is_not_overruled_by_line_numbers(
    words: str, lines: str, place: int | None
) -> None:
    old, new = "    turn = 1\n", "    turn = 2\n"
    body = f"**Files:**\n- Modify: `ship.py:{lines}`\n\n**Step 1: Turn**\n\n{words}"
    (made,) = steps(f"{body}{block(old)}With:{block(new)}", {"ship.py": TWICE})
    if place is None:
        assert isinstance(made, Manual)
        return
    assert isinstance(made, Edit)
    result = apply(TWICE, made.changes[0], "ship.py")
    assert isinstance(result, Applied)
    assert result.text is not None
    halves = [each.count("turn = 2") for each in result.text.split("\n\n\n")]
    assert halves == [int(place == 0), int(place == 1)]


@pytest.mark.parametrize(
    ("base", "anchor", "new", "inside"),
    [
        ('"""Lists.\n\nimport sys\n"""\n\nx = 1\n', "import sys", "import os\n", True),
        ("import sys\n\nx = 1\n", "import sys", "import os\n", False),
        ("x = 1 + \\\n    2\n", "x = 1 + \\", "y = 3\n", True),
        ("if a:\n    b()\nelif c:\n    d()\n", "    b()", "e()\n", True),
        ("def f(:\n    pass\n\n\nx = 1\n", "x = 1", "y = 3\n", False),
    ],
)
def test_an_insertion_leaves_python_what_it_was(
    base: str, anchor: str, new: str, inside: bool
) -> None:
    body = f"{FILES}Insert after `{anchor}`:{block(new)}"
    (made,) = steps(body, {"ship.py": base})
    assert isinstance(made, Manual) == inside


def test_below_a_string_is_no_place_in_it() -> None:
    """A field is described by a string of several lines, and the next one stands below it."""
    text = 'class Ship:\n    sails: int = 1\n    """How many.\n\n    All of them.\n    """\n'
    lead = "Insert after the `sails` field:"
    new = '    crew: int = 2\n    """Who.\n\n    All of them.\n    """\n'
    assert new.strip() in after(lead + block(new), text)


def test_fields_end_above_the_one_that_is_named() -> None:
    lead = "In `ship.py`, add to the `Ship` class (after existing fields, before `sails`):"
    assert 'called."""\n    oars: int = 4\n    sails: int = 1\n' in after(
        lead + block("oars: int = 4\n")
    )
    lead = "In `ship.py`, add to the `Ship` class (after existing methods, before `load`):"
    assert isinstance(made(lead + block(ANCHOR))[0], Manual)
