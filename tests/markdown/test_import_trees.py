"""Edits at what JavaScript, TypeScript, Rust and Go define, where ast-grep is installed."""

from __future__ import annotations

import sys

import pytest
from planning import block, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual

pytest.importorskip("ast_grep_py", reason="an extra of the package")

SHIP = """\
import { wind } from "./wind";

const LENGTH = 12;

/** Sails away. */
export function sail(from: string): string {
  return `
}
${from}`;
}

export const row = (oars: number) => {
  return oars;
};

class Ship {
  load() {
    return 1;
  }
}
"""
YARD = """\
use std::fmt;

/// A mast.
#[derive(Debug)]
pub struct Mast {
    height: u8,
}

pub fn raise(mast: Mast) -> u8 {
    mast.height
}
"""
PIER = "package pier\n\nfunc Moor() int {\n\treturn 1\n}\n\nfunc Leave() int {\n\treturn 2\n}\n"
MOOR = "export function moor(): void {\n  wind();\n}\n"
FILES = "**Files:**\n- Modify: `{}`\n\n**Step 1: Change it**\n\n"


def after(path: str, text: str, lead: str, code: str) -> str:
    (step,) = steps(FILES.format(path) + lead + block(code, ""), {path: text})
    assert isinstance(step, Edit)
    (change,) = step.changes
    result = apply(text, change)
    assert isinstance(result, Applied)
    assert result.text is not None
    return result.text


@pytest.mark.parametrize(
    "lead",
    [
        "Add moor function after sailAway function (around line 6):",
        "Insert after the `sailAway` function:",
        "Add moor function after sailAway",
        "Add `moor` below `sailAway()`:",
        "Add after `sailAway` (before `row`):",
    ],
)
def test_a_block_stands_after_a_function_in_typescript(lead: str) -> None:
    text = SHIP.replace("sail(", "sailAway(")
    assert after("ship.ts", text, lead, MOOR) == text.replace(
        "${from}`;\n}\n", f"${{from}}`;\n}}\n\n{MOOR}"
    )


def test_a_block_stands_before_a_function_and_its_comment() -> None:
    made = after("ship.ts", SHIP, "Add before the `sail` function:", MOOR)
    assert made == SHIP.replace("/** Sails", f"{MOOR}\n/** Sails")


def test_a_constant_stands_beside_a_constant_and_a_type_after_a_class() -> None:
    made = after("ship.ts", SHIP, "Add after the LENGTH constant:", "const WIDTH = 3;\n")
    assert made == SHIP.replace("12;\n", "12;\nconst WIDTH = 3;\n")
    made = after("ship.ts", SHIP, "Add below the `Ship` class:", "interface Crew {\n  a: 1;\n}\n")
    assert made == SHIP + "\ninterface Crew {\n  a: 1;\n}\n"


def test_statements_beside_a_definition_stand_with_it() -> None:
    code = MOOR + "\nmoor();\n"
    made = after("ship.ts", SHIP, "Add after the LENGTH constant:", code)
    assert made == SHIP.replace("12;\n", f"12;\n\n{code}")


def test_rust_and_go_have_places_too() -> None:
    code = "pub fn lower(mast: Mast) {}\n"
    made = after("yard.rs", YARD, "Add `lower` after the `Mast` struct:", code)
    assert made == YARD.replace("}\n\npub fn", f"}}\n\n{code}\npub fn")
    made = after("yard.rs", YARD, "Add before the `Mast` type:", code)
    assert made == YARD.replace("/// A", f"{code}\n/// A")
    code = "func Load() int {\n\treturn 3\n}\n"
    made = after("pier.go", PIER, "Insert after the `Moor` function:", code)
    assert made == PIER.replace("1\n}\n", f"1\n}}\n\n{code}")


def test_a_function_is_given_anew() -> None:
    new = "export const row = (oars: number) => {\n  return 2 * oars;\n};\n"
    made = after("ship.ts", SHIP, "Replace the `row` function (lines 12-14) with:", new)
    assert made == SHIP.replace("return oars", "return 2 * oars")
    new = "export function sail(from: string): string {\n  return from;\n}\n"
    made = after("ship.ts", SHIP, "Replace the `sail` function with:", new)
    assert made == SHIP.replace("return `\n}\n${from}`;", "return from;")


@pytest.mark.parametrize(
    ("text", "lead", "code"),
    [
        (SHIP, "Insert after the `sink` function:", MOOR),
        (SHIP, "Insert after the `load` method:", MOOR),
        (SHIP, "Add to the `Ship` class after `sail`:", MOOR),
        (SHIP, "Add after `sail` (before `Ship`):", MOOR),
        (SHIP, "Insert after the `sail` function:", "moor();\n"),
        (SHIP, "Insert after the `sail` function:", "export function moor( {\n"),
        (SHIP, "Insert after the `sail` function:", MOOR.replace("moor", "row")),
        (SHIP + "\nfunction sail() {}\n", "Insert after the `sail` function:", MOOR),
        (SHIP + "\nbroken(\n", "Insert after the `sail` function:", MOOR),
        (SHIP, "Update the `row` function:", "const row = () => {\n};\n"),
        (SHIP, "Replace the `row` function (lines 1-30):", "const row = () => {\n};\n"),
        (SHIP, "Replace the `Ship` class with:", "class Ship {\n}\n"),
    ],
)
def test_what_is_open_is_a_persons(text: str, lead: str, code: str) -> None:
    found = steps(FILES.format("ship.ts") + lead + block(code, "ts"), {"ship.ts": text})
    assert [type(step) for step in found] == [Manual]


def test_without_ast_grep_it_is_a_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ast_grep_py", None)
    body = FILES.format("ship.ts") + "Insert after the `sail` function:" + block(MOOR, "ts")
    assert [type(step) for step in steps(body, {"ship.ts": SHIP})] == [Manual]


def test_imports_of_go_are_not_put_to_the_end_of_a_file() -> None:
    code = 'import "testing"\n\nfunc TestMoor(t *testing.T) {\n\tMoor()\n}\n'
    lead = "Append to `pier.go`:"
    body = FILES.format("pier.go") + lead
    (step,) = steps(body + block(code, "go"), {"pier.go": PIER})
    assert isinstance(step, Manual)
    (step,) = steps(body + block(code.partition("\n\n")[2], "go"), {"pier.go": PIER})
    assert isinstance(step, Edit)


DECK = """\
/** What is steered. */
export interface Ship {
  sails: number;
  oars: number;
}

class Crew {
  load() {
    return 1;
  }

  row(): number {
    return 2;
  }
}
"""
HULL = """\
pub struct Mast {
    height: u8,
}

impl Mast {
    pub fn raise(&self) -> u8 {
        self.height
    }
}
"""
QUAY = """\
package pier

type Quay struct {
\tlen int
}

func (q *Quay) Moor() int {
\treturn 1
}
"""


@pytest.mark.parametrize(
    ("path", "text", "lead", "code", "old"),
    [
        (
            "ship.ts", DECK, "Replace the `Ship` interface with:",
            "export interface Ship {\n  sails: Sail[];\n}\n",
            "export interface Ship {\n  sails: number;\n  oars: number;\n}\n",
        ),
        (
            "ship.ts", DECK, "Replace the `row()` method with:",
            "  row(): number {\n    return 3;\n  }\n", "  row(): number {\n    return 2;\n  }\n",
        ),
        (
            "ship.ts", DECK, "The `Ship` interface becomes:",
            "export interface Ship {\n  sails: number;\n  oars: number;\n  crew: Crew;\n}\n",
            "export interface Ship {\n  sails: number;\n  oars: number;\n}\n",
        ),
        (
            "mast.rs", HULL, "Replace the `raise` method with:",
            "    pub fn raise(&self) -> u8 {\n        2\n    }\n",
            "    pub fn raise(&self) -> u8 {\n        self.height\n    }\n",
        ),
        (
            "quay.go", QUAY, "Replace `Moor` so that it counts:",
            "func (q *Quay) Moor() int {\n\treturn q.len\n}\n",
            "func (q *Quay) Moor() int {\n\treturn 1\n}\n",
        ),
    ],
)  # fmt: skip
def test_types_and_methods_are_given_anew(
    path: str, text: str, lead: str, code: str, old: str
) -> None:
    assert after(path, text, lead, code) == text.replace(old, code)


@pytest.mark.parametrize(
    ("path", "text", "lead", "code"),
    [
        # It is seen outside, and the new one would not be.
        ("ship.ts", DECK, "Replace the `Ship` interface with:", "interface Ship {\n  a: 1;\n}\n"),
        # It may be shown in part.
        (
            "ship.ts", DECK, "Update the `Ship` interface:",
            "export interface Ship {\n  a: 1;\n  b: 1;\n  c: 1;\n}\n",
        ),
        ("ship.ts", DECK, "Replace the `row` function with:", "function row() {\n  go();\n}\n"),
        (
            "mast.rs", HULL.replace("impl Mast {\n    pub fn raise(&self)", "pub fn raise()")[:-2],
            "Replace the `raise` function with:", "pub fn raise(&self) -> u8 {\n    2\n}\n",
        ),
    ],
)  # fmt: skip
def test_what_is_given_anew_otherwise_is_a_persons(
    path: str, text: str, lead: str, code: str
) -> None:
    (step,) = steps(FILES.format(path) + lead + block(code, ""), {path: text})
    assert isinstance(step, Manual)


TIDE = """\
pub struct Tide {
    /// In metres.
    height: u8,
    low: u8, // by night
}

pub enum Wind {
    Calm,
    Storm(u8),
}

impl Tide {
    pub fn low(&self) -> u8 {
        self.low
    }
}
"""


@pytest.mark.parametrize(
    ("path", "text", "lead", "code", "beside"),
    [
        (
            "tide.rs",
            TIDE,
            "In the `Tide` struct, after `height`, add:",
            "    mean: u8,\n",
            "height: u8,\n",
        ),
        ("tide.rs", TIDE, "Add to `Tide` after the `low` field:", "mean: u8,\n", "// by night\n"),
        ("tide.rs", TIDE, "Add to `Wind` after `Calm`:", "    Breeze,\n", "    Calm,\n"),
        ("ship.ts", DECK, "Add to `Ship` after `sails`:", "  mast: Mast;\n", "sails: number;\n"),
        ("quay.go", QUAY, "In the `Quay` struct, after `len`, add:", "\twide int\n", "\tlen int\n"),
    ],
)
def test_a_field_goes_beside_one_of_its_type(
    path: str, text: str, lead: str, code: str, beside: str
) -> None:
    margin = "\t" if path.endswith("go") else "    " if path.endswith("rs") else "  "
    made = text.replace(beside, f"{beside}{margin}{code.strip()}\n", 1)
    assert after(path, text, lead, code) == made


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("In the `Tide` struct, after `height`, add:", "    mean: u8\n"),  # without its comma
        ("In the `Tide` struct, after `height`, add:", "    fn mean(&self) {}\n"),
        ("In the `Tide` struct, after `height`, add:", "    low: u8,\n"),
    ],
)
def test_what_is_no_field_or_is_there_does_not_go_beside_one(lead: str, code: str) -> None:
    (step,) = steps(FILES.format("tide.rs") + lead + block(code, ""), {"tide.rs": TIDE})
    assert isinstance(step, Manual)


@pytest.mark.parametrize(
    "lead",
    [
        "After `Moor`'s closing brace, add:",
        "Immediately after the closing `}` of `Moor`:",
        "After `Moor`:",
        "Near `Moor`:",
        "In `pier.go`, alongside the `Moor` function:",
    ],
)
def test_a_place_is_said_in_many_ways(lead: str) -> None:
    code = "func Load() int {\n\treturn 3\n}\n"
    assert after("pier.go", PIER, lead, code) == PIER.replace("1\n}\n", f"1\n}}\n\n{code}")


@pytest.mark.parametrize(
    ("path", "text", "lead", "code"),
    [
        ("pier.go", PIER, "After `Moor` returns:", "func Load() int {\n\treturn 3\n}\n"),
        ("pier.go", PIER, "After `npm install`:", "func Load() int {\n\treturn 3\n}\n"),
        # The type itself, with another field, is nothing that goes into it.
        (
            "ship.ts", DECK, "Extend the `Ship` interface:",
            "export interface Ship {\n  mast: Mast;\n}\n",
        ),
        (
            "Ship.swift", "struct Ship {\n    let sails: Int\n    let oars: Int\n}\n",
            "Extend `Ship` with the mast:", "struct Ship {\n    let mast: Mast\n}\n",
        ),
        (
            "Sail.swift", "protocol Sail {\n    func go()\n}\n\nextension Sail {}\n",
            "Add to `Sail`:", "func row() {\n    go()\n}\n",
        ),
        # What it is to be like is no text yet.
        (
            "ship.test.ts", "test('a', () => {\n  go();\n});\n",
            "Add to `ship.test.ts` (mirror its helper):", "test('b', () => {\n  go();\n});\n",
        ),
    ],
)  # fmt: skip
def test_words_that_only_look_like_a_place_are_a_persons(
    path: str, text: str, lead: str, code: str
) -> None:
    (step,) = steps(FILES.format(path) + lead + block(code, ""), {path: text})
    assert isinstance(step, Manual)


def test_an_import_goes_behind_the_one_that_brackets_name() -> None:
    lead = 'In `ship.ts`, add the import (after `import { wind } from "./wind";`):'
    made = after("ship.ts", SHIP, lead, 'import { oar } from "./oar";\n')
    wind = 'import { wind } from "./wind";\n'
    assert made == SHIP.replace(wind, f'{wind}import {{ oar }} from "./oar";\n')


LISTS = (
    "const SAILS = [\n  'jib',\n  'main', // the largest\n];\n\nconst OARS = load([\n  1,\n]);\n"
)


@pytest.mark.parametrize(
    ("path", "text", "lead", "code"),
    [
        ("ship.ts", LISTS, "Add to the `SAILS` array:", "'jib',\n"),  # it is there
        ("ship.ts", LISTS, "Add to the `SAILS` array:", "SAILS.push('oar');\n"),
        ("ship.ts", LISTS, "Add to the `SAILS` array:", "const SAILS = ['oar'];\n"),
        ("ship.ts", LISTS, "Add to the `OARS` array:", "2,\n"),
        ("ship.ts", LISTS, "Add to the `MASTS` array:", "2,\n"),
        ("ship.py", "SAILS = {\n    'jib': 1,\n}\n", "Add to `SAILS`:", "    'jib': 2,\n"),
        ("ship.py", "def f():\n    SAILS = [\n        1,\n    ]\n", "Add to `SAILS`:", "2,\n"),
        ("Ship.swift", "let go: () -> Void = {\n    row(),\n}\n", "Add to `go`:", "sail(),\n"),
    ],
)
def test_what_is_no_element_of_a_list_is_a_persons(
    path: str, text: str, lead: str, code: str
) -> None:
    (step,) = steps(FILES.format(path) + lead + block(code, ""), {path: text})
    assert isinstance(step, Manual)


def test_an_element_goes_behind_the_remark_on_the_last() -> None:
    made = after("ship.ts", LISTS, "Extend the `SAILS` list with another one:", "'oar'\n")
    assert made == LISTS.replace("largest\n", "largest\n  'oar',\n")


DECK = """\
<template>
  <Sail />
</template>

<script setup>
import Sail from './Sail.vue'

const wind = 1

function row() {
  return wind
}
</script>

<style scoped>
.sail { color: white }
</style>
"""


def test_of_a_component_the_script_is_read() -> None:
    wind, row = "const wind = 1\n", "function row() {\n  return wind\n}\n"
    made = after(
        "Deck.vue", DECK, "After the existing `wind` declaration, add:", "const rain = 2\n"
    )
    assert made == DECK.replace(wind, f"{wind}const rain = 2\n")
    new = row.replace("wind", "2 * wind")
    assert after("Deck.vue", DECK, "Replace the `row` function with:", new) == DECK.replace(
        row, new
    )


@pytest.mark.parametrize(
    "text",
    [
        f"<script>\nexport default {{}}\n</script>\n\n{DECK}",  # two scripts
        DECK.replace("const wind = 1", "const wind ="),
        DECK.replace("\nfunction", "\n  function"),
    ],
)
def test_of_a_component_that_is_not_read_for_sure_nothing_is_found(text: str) -> None:
    new = "function row() {\n  return 2\n}\n"
    body = "Replace the `row` function with:" + block(new, "")
    (step,) = steps(FILES.format("Deck.vue") + body, {"Deck.vue": text})
    assert isinstance(step, Manual)


def test_a_component_does_not_end_with_its_script() -> None:
    body = "Add to `Deck.vue`:" + block("function steer() {\n  return 2\n}\n", "")
    (step,) = steps(FILES.format("Deck.vue") + body, {"Deck.vue": DECK})
    assert isinstance(step, Manual)
