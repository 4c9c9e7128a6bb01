"""A repository that has the work already, or half of it, and files of other Pythons."""

from __future__ import annotations

import pytest
from planning import block, imported

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual
from runbook.markdown.importing.places.definitions import parsed, source, unreadable

FILES = "### Task 1: X\n\n**Files:**\n- Modify: `{}`\n\n**Step 1: Add it**\n\n"
SHIP = """\
import os


class Ship:
    name = "ship"

    def sail(self):
        wind = 1
        return wind

    def row(self):
        return 2


def moor(ship):
    rope = 1
    return rope


def leave(ship):
    return None
"""


def made(body: str, text: str = SHIP, path: str = "ship.py") -> tuple[list[object], list[str]]:
    """The steps, and why what is manual is so."""
    found = imported(FILES.format(path) + body, {path: text})
    (task,) = found.phase.tasks
    (result,) = found.tasks
    return list(task.steps), [each.text for each in result.manual]


def line(text: str, language: str = "python") -> str:
    return block(f"{text}\n", language)


def result(body: str, text: str = SHIP, path: str = "ship.py") -> str:
    """What the only edit of a step makes of a text."""
    (step,), _ = made(body, text, path)
    assert isinstance(step, Edit), step
    (change,) = step.changes
    done = apply(text, change)
    assert isinstance(done, Applied)
    assert done.text is not None
    return done.text


NEW = "def anchor(ship):\n    return 3\n"


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Append to `ship.py`:", "def leave(ship):\n    return 4\n"),
        ("Append to `ship.py`:", f"{NEW}\n\ndef moor(ship):\n    return 4\n"),
        ("Insert after the `moor` function:", "def leave(ship):\n    return 4\n"),
        ("Insert after the `sail` method of `Ship`:", "def row(self):\n    return 4\n"),
        ("Insert after `import os`:", "def moor(ship):\n    return 4\n"),
        (
            f"In `ship.py`, after:{line('        return 2')}Insert:",
            "    def sail(self):\n        return 5\n",
        ),
    ],
)
def test_a_definition_that_exists_is_not_inserted_once_more(lead: str, code: str) -> None:
    (step,), why = made(lead + block(code))
    assert isinstance(step, Manual)
    assert step.files == ()  # it may be as it is to be
    assert "already there: `" in why[0]


IMPORT = "import os\n"


def test_what_is_imported_or_stands_there_is_told() -> None:
    body = f"In `ship.py`, after:{line('    return rope')}Insert:{block(IMPORT)}"
    (step,), why = made(body)
    assert isinstance(step, Manual)
    assert why == ["ship.py: already there: what it imports is imported"]
    text = "# Ships\n\n- one long line of it\n- another line of it\n\n## Rest\n\nHere.\n"
    body = "Append to `ship.md`:" + block("- one long line of it\n- another line of it\n", "md")
    (step,), why = made(body, text, "ship.md")
    assert isinstance(step, Manual)
    assert why == ["ship.md: already there: the file has the block"]


README = """\
# Ships

[![one](https://ships.example/one-v1.svg)](one/)
[![two](https://ships.example/two-v1.svg)](two/)

| Ship | What it does |
| ---- | ------------ |
| `row` | Rows |
| `sail` | Sails fast |

- **oar** - long
- **net** - wide

## Use

### 1. Board

Step in.

### 2. Leave

Step out.

## More

### 1. Other

Else.
"""
OAR = f"In `a.md`, after:{line('- **oar** - long', 'md')}Insert:"
RUST = """\
pub enum Ship {
    Sail { wind: u8 },
    Row,
}
"""


@pytest.mark.parametrize(
    ("path", "text", "lead", "code", "there"),
    [
        (
            "a.md",
            README,
            "After the row `| `row` | Rows |`:",
            "| `sail` | Goes |\n",
            "the row `sail`",
        ),
        (
            "a.md",
            README,
            "Add the badge after `[![one](https://ships.example/one-v1.svg)](one/)`:",
            "[![two](https://ships.example/two-v2.svg)](two/)\n",
            "the badge `two`",
        ),
        (
            "a.md",
            README,
            OAR,
            "- **net** - small\n",
            "the item `net`",
        ),
        (
            "a.md",
            README,
            "Add a new section after `### 1. Board`:",
            "### 2. Leave\n\nJump.\n",
            "`### 2. Leave`",
        ),
        (
            "a.py",
            "import os\nimport sys\n",
            "Insert after `import os`:",
            "import sys\nimport re\n",
            "the import of `sys`",
        ),
        (
            "a.rs",
            RUST,
            "Add a variant to the `Ship` enum:",
            "    Sail {\n        x: u8,\n    },\n",
            "`Sail`",
        ),
        (".gitignore", "/build/\nout/\n", "Append to `.gitignore`:", "out/\n/build/\n", "`out/`"),
    ],
)
def test_an_entry_that_exists_is_not_put_in_once_more(
    path: str, text: str, lead: str, code: str, there: str
) -> None:
    body = lead + block(code, path.rpartition(".")[2])
    (step,), why = made(body, text, path)
    assert isinstance(step, Manual)
    assert step.files == ()
    assert why == [f"{path}: already there: {there}"]
    # Where someone may have changed the file before, it had the entry all the same.
    before = f"In `{path}`, see to the rest of it as you like.\n\n"
    (*_, step), why = made(f"{before}**Step 2: Go on**\n\n{body}", text, path)
    assert isinstance(step, Manual)
    assert why[-1] == f"{path}: already there: {there}"


@pytest.mark.parametrize(
    ("path", "text", "lead", "code"),
    [
        ("a.md", README, "After the row `| `row` | Rows |`:", "| `moor` | Moors |\n"),
        ("a.md", README, OAR, "- **rope** - small\n"),
        ("a.md", README, "Add a new section after `### 1. Other`:", "### 2. Leave\n\nJump.\n"),
        ("a.py", "import os\n", "Insert after `import os`:", "import sys\nimport re\n"),
        ("a.rs", RUST, "Add a variant to the `Ship` enum:", "    Moor {\n        x: u8,\n    },\n"),
        (".gitignore", "/build/\nout/\n", "Append to `.gitignore`:", "out/\n/new/\n"),
    ],
)
def test_a_new_entry_is_put_in(path: str, text: str, lead: str, code: str) -> None:
    assert code.strip() in result(lead + block(code, path.rpartition(".")[2]), text, path)


def test_a_section_that_exists_gets_nothing_of_its_own_once_more() -> None:
    text = README.replace("Step out.\n", "Step out of it.\n\nMind the gap.\n")
    body = "After the `### 1. Board` section, add a new `### 2. Leave` section:"
    code = "### 2. Leave\n\nStep out of this.\n\nMind the gap.\n"
    (step,), _ = made(body + block(code, "md"), text, "a.md")
    assert isinstance(step, Manual)


def test_an_edit_that_is_in_place_is_kept_and_told() -> None:
    body = f"In `ship.py`, change from:{line('return 1')}To:{line('return None')}"
    found = imported(FILES.format("ship.py") + body, {"ship.py": SHIP})
    (step,) = found.phase.tasks[0].steps
    assert isinstance(step, Edit)
    (warning,) = found.tasks[0].warnings
    assert warning.text == "already there: ship.py is as this makes it"


def test_a_new_definition_is_inserted() -> None:
    assert result("Append to `ship.py`:" + block(NEW)) == f"{SHIP}\n\n{NEW}"
    lead = "Insert after the `row` method of `Ship`:"
    assert "    def leave(self)" in result(lead + block("def leave(self):\n    return 4\n"))


def test_a_setter_is_called_like_what_is_there() -> None:
    text = SHIP.replace("    def row", "    @property\n    def row")
    code = "    @row.setter\n    def row(self, value):\n        self.x = value\n"
    body = "In `ship.py`, insert after this:" + block("    def row(self):\n        return 2\n")
    assert "@row.setter" in result(f"{body}Insert:{block(code)}", text)


@pytest.mark.parametrize(
    ("anchor", "code", "inside"),
    [
        ("    rope = 1\n", NEW, "moor"),
        ("        wind = 1\n", "    def anchor(self):\n        return 3\n", "sail"),
    ],
)
def test_nothing_lands_inside_of_another_definition(anchor: str, code: str, inside: str) -> None:
    body = f"In `ship.py`, after:{block(anchor)}Insert:{block(code)}"
    (step,), why = made(body)
    assert isinstance(step, Manual)
    assert why == [f"ship.py: it would stand inside of `{inside}`"] or "no Python" in why[0]


def test_statements_go_into_a_function() -> None:
    body = f"In `ship.py`, after:{line('    rope = 1')}Insert:{line('    rope += 1')}"
    assert "    rope = 1\n    rope += 1\n" in result(body)


def test_nothing_lands_inside_of_a_function_of_typescript() -> None:
    text = "export function moor(ship) {\n  const rope = 1;\n  return rope;\n}\n"
    code = "export function leave() {\n  return 1;\n}\n"
    body = f"In `ship.ts`, after:{line('  const rope = 1;', 'ts')}Insert:{block(code, 'ts')}"
    (step,), why = made(body, text, "ship.ts")
    assert isinstance(step, Manual)
    assert why == ["ship.ts: it would stand inside of `moor`"]
    (step,), why = made("Append to `ship.ts`:" + block(text, "ts"), text + "\nmoor();\n", "ship.ts")
    assert isinstance(step, Manual)
    assert why == ["ship.ts: already there: `moor` is defined in the file"]


# Other Pythons

NEWER = """\
type Name = str | int
type Pair[
    A,
    B: "Q",
] = tuple[A, B]


def moor[T: (int, str)](ship: T) -> str:
    return f"{ship["name"]} {', '.join(f"{each!r}" for each in ship)} {{}}"


class Ship[T]:
    def sail[U](self) -> U:
        try:
            return t"hi {self}"
        except OSError, ValueError:
            pass


last = 1
"""
OLDER = """\
import os

def moor(ship):
    print "%s" % ship, 0777, 10L
    if ship <> 1: print ship
    raise ValueError, "no"

def leave(ship):
    exec "x = 1"
"""


def test_files_of_other_pythons_are_looked_up() -> None:
    there = source(NEWER)
    assert there is not None
    assert [(each.name, each.first, each.last) for each in there.definitions] == [
        ("Name", 0, 0),
        ("Pair", 1, 4),
        ("moor", 7, 8),
        ("Ship", 11, 16),
        ("sail", 12, 16),
        ("last", 19, 19),
    ]
    older = source(OLDER)
    assert older is not None
    assert [(each.name, each.first) for each in older.definitions] == [("moor", 2), ("leave", 7)]


@pytest.mark.parametrize("text", [NEWER, OLDER])
def test_a_place_in_a_file_of_another_python_is_found(text: str) -> None:
    done = result("Insert after the `moor` function:" + block(NEW), text)
    assert f"\n\n\n{NEW}\n\n" in done


@pytest.mark.parametrize(
    "code", ["x = 1 +\n", "def f(:\n", "type = \n", "s = f'{x\n", "class [T]:\n"]
)
def test_what_is_no_python_is_none(code: str) -> None:
    assert parsed(code) is None


def test_why_a_file_is_not_looked_up_is_told() -> None:
    text = SHIP + "\n<<<<<<< HEAD\n"
    line = text.count("\n")
    assert unreadable(text) == (
        f"line {line} of the file is no Python that can be read here, so nothing is looked up in it"
    )
    (step,), why = made("Insert after the `moor` function:" + block(NEW), text)
    assert isinstance(step, Manual)
    assert why == [f"ship.py: {unreadable(text)}"]


# Removals

MOOR = "def moor(ship):\n    rope = 1\n    return rope\n"
LEAVE = "def leave(ship):\n    return None\n"


@pytest.mark.parametrize(
    ("code", "rest"),
    [
        (MOOR, SHIP.replace(MOOR + "\n\n", "")),
        (LEAVE, SHIP.replace("\n\n" + LEAVE, "")),
        ("import os\n", SHIP.replace("import os\n\n\n", "")),
        ("    def sail(self):\n        wind = 1\n        return wind\n", None),
        ("    rope = 1\n", SHIP.replace("    rope = 1\n", "")),
    ],
)
def test_what_is_removed_takes_its_blank_lines_along(code: str, rest: str | None) -> None:
    done = result("In `ship.py`, remove these lines:" + block(code))
    assert done == (rest or SHIP.replace(code + "\n", ""))


def test_without_the_file_a_removal_is_what_the_plan_shows() -> None:
    found = imported(FILES.format("ship.py") + "In `ship.py`, remove these lines:" + block(MOOR))
    (step,) = found.phase.tasks[0].steps
    assert isinstance(step, Edit)
    assert MOOR in str(step) or "def moor" in str(step)


def test_a_file_to_be_made_that_is_there_with_other_text_is_told() -> None:
    body = "**Files:**\n- Create: `ship.py`\n\n**Step 1: Create it**\n\nCreate `ship.py`:"
    found = imported("### Task 1: X\n\n" + body + block(NEW), {"ship.py": SHIP})
    (step,) = found.phase.tasks[0].steps
    assert isinstance(step, Manual)
    assert step.files == ()
    assert [each.text for each in found.tasks[0].manual] == [
        "ship.py: already there: the file, with other text"
    ]


def test_of_several_that_are_there_always_the_same_is_told() -> None:
    names = [f"ship{number}" for number in range(8)]
    text = "".join(f"export function {name}() {{\n  return 1;\n}}\n\n" for name in names)
    lead = f"In `ship.ts`, insert after:{line('export const x = 1;', 'ts')}Insert:"
    (step,), why = made(lead + block(text, "ts"), f"export const x = 1;\n\n{text}", "ship.ts")
    assert isinstance(step, Manual)
    assert why == ["ship.ts: already there: `ship0` is defined in the file"]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ("Set the `name` of the ship again:", '    name = "ship"', "the file has the block"),
        (
            "Add `moor()` to `ship.py`, whose rope is a new one:",
            "def moor(ship):\n    return 1",
            "`moor`",
        ),
    ],
)
def test_what_is_there_is_told_where_no_place_is_said(words: str, code: str, why: str) -> None:
    (step,), (told,) = made(words + line(code))
    assert isinstance(step, Manual)
    assert not step.files  # nothing may be left to do
    assert told.startswith("ship.py: already there: ")
    assert why in told


@pytest.mark.parametrize(
    "body",
    [
        "Look at the current ship:" + line('    name = "ship"'),
        "Update the ship in the harbour:" + line("def moor(ship):\n    return 1"),
        "Add the rope somehow:" + line("    rope = 1") + "and more:" + line("    rope = 2"),
        "- Give `moor` a rope\n- Add `moor()`:" + line("def moor(ship):\n    return 1"),
        "Put it near its end:" + line("return rope", ""),
    ],
)
def test_what_may_have_to_be_done_is_not_told_as_there(body: str) -> None:
    assert all("already there" not in each for each in made(body)[1])
