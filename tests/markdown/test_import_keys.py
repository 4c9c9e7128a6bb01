"""Keys that a plan adds to TOML and JSON files, set where the repository lacks them."""

from __future__ import annotations

import json
import tomllib

import pytest
from planning import block, made, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.data import Assignment
from runbook.core.model.model import Edit, Manual
from runbook.core.model.operations import SetValues
from runbook.transforms.transforms import TRANSFORMS

YARD = """\
[project]
name = "yard"  # ours
dependencies = ["mast"]

[project.scripts]
sail = "yard:sail"

[tool.test]
markers = [
    "slow",
]
"""
SHIP = """\
{
  "name": "ship",
  "scripts": {
    "sail": "up"
  }
}
"""


def body(path: str, lead: str, code: str) -> str:
    language = path.rpartition(".")[2]
    return (
        f"**Files:**\n- Modify: `{path}`\n\n**Step 1: Change it**\n\n{lead}{block(code, language)}"
    )


def after(path: str, text: str, lead: str, code: str) -> str:
    (step,) = steps(body(path, lead, code), {path: text})
    assert isinstance(step, Edit)
    (change,) = step.changes
    result = apply(text, change, path, TRANSFORMS)
    assert isinstance(result, Applied)
    assert result.text is not None
    return result.text


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add to `[project.scripts]` section (around line 5):", '[project.scripts]\nrow = "y:r"\n'),
        ("In root `yard.toml` `[project.scripts]` section, add:", 'row = "y:r"\n'),
        (
            "Add the `row` entry point to `[project.scripts]` in `yard.toml` at line 6:",
            '[project.scripts]\nsail = "yard:sail"\nrow = "y:r"\n',
        ),
    ],
)
def test_a_key_is_added_to_its_table(lead: str, code: str) -> None:
    line = 'sail = "yard:sail"\n'
    assert after("yard.toml", YARD, lead, code) == YARD.replace(line, line + 'row = "y:r"\n')


def test_what_is_added_is_set() -> None:
    (step,) = steps(
        body("yard.toml", "Add to `[project.scripts]`:", 'row = "y:r"\n'), {"yard.toml": YARD}
    )
    assert isinstance(step, Edit)
    assert step.changes == (SetValues((Assignment(("project", "scripts", "row"), "y:r"),)),)


def test_items_are_added_to_a_list() -> None:
    code = '[tool.test]\nmarkers = [\n    "slow",\n    "wet",\n]\n'
    lead = "Add to the `markers` list in `[tool.test]` section:"
    made = after("yard.toml", YARD, lead, code)
    assert made == YARD.replace('    "slow",\n', '    "slow",\n    "wet",\n')


def test_fields_are_added_to_an_object() -> None:
    code = '{\n  "type": "boat",\n  "scripts": {\n    "row": "pull"\n  }\n}\n'
    made = after("ship.json", SHIP, "Add these fields to `ship.json`:", code)
    assert made == SHIP.replace('"up"\n  }\n', '"up",\n    "row": "pull"\n  },\n  "type": "boat"\n')


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        # They are there, as they are or otherwise.
        ("Add to `[project.scripts]`:", 'sail = "yard:sail"\n'),
        ("Add to `[project.scripts]`:", 'sail = "yard:go"\n'),
        ("Add to `[tool.test]`:", 'markers = ["wet", "slow"]\n'),
        ("Add to `[tool.test]`:", 'markers = ["wet"]\n'),
        # The table is not said, is another, or is not there.
        ("Add to `yard.toml`:", 'row = "y:r"\n'),
        ("Add to `[project.scripts]`:", '[project]\nrow = "y:r"\n'),
        ("Add to `[project.urls]`:", 'row = "y:r"\n'),
        ("Add to `yard.toml`:", '[project.scripts]\nrow = "y:r"\n[tool.test]\nx = 1\n'),
        # A place, a remark or a value that `set` would not keep.
        ("Add to `[project.scripts]` before `sail`:", 'row = "y:r"\n'),
        ("Add to `[project.scripts]`:", 'row = "y:r"  # no sails\n'),
        ("Add to `[tool.test]`:", "share = 0.50\n"),
        # It says more or something else.
        ("Add to `[project.scripts]` and remove the rest:", 'row = "y:r"\n'),
        ("Add the `oar` entry to `[project.scripts]`:", 'row = "y:r"\n'),
        ("For example, add to `[project.scripts]`:", 'row = "y:r"\n'),
        ("Add to `[project.scripts]`:", 'row = "y:r"\n...\n'),
    ],
)
def test_keys_of_which_something_is_open_are_a_persons(lead: str, code: str) -> None:
    found = steps(body("yard.toml", lead, code), {"yard.toml": YARD})
    assert [type(step) for step in found] == [Manual]


def test_a_header_in_a_string_is_no_table() -> None:
    text = 'about = """\n[tool.sea]\n"""\n\n[tool.land]\nx = 1\n'
    for table, kind in (("tool.sea", Manual), ("tool.land", Edit)):
        shown = body("yard.toml", f"Add to `[{table}]`:", "y = 2\n")
        assert [type(step) for step in steps(shown, {"yard.toml": text})] == [kind]


def test_what_is_no_json_is_a_persons() -> None:
    for code in ('"type": "boat"\n', '["type"]\n', '{"name": "boat"}\n', '{"a": 1, "a": 2}\n'):
        found = steps(body("ship.json", "Add to `ship.json`:", code), {"ship.json": SHIP})
        assert [type(step) for step in found] == [Manual]


def test_without_the_file_nothing_is_set() -> None:
    text = body("yard.toml", "Add to `[project.scripts]`:", 'row = "y:r"\n')
    assert [type(step) for step in steps(text)] == [Manual]
    assert [type(step) for step in steps(text, {})] == [Manual]


_TOML = "[ship]\nsails = 1  # white\nmasts = 2\n\n[ship.hull]\nlong = true\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Update `[ship]`:", "[ship]\nsails = 2\nmasts = 2\noars = 4\n"),
        ("Change the `[ship]` table to:", "[ship]\nsails = 2\nmasts = 3\n"),
        ("Set the table as follows:", "[ship]\nmasts = 3\nsails = 1\n"),
    ],
)
def test_a_table_shown_again_in_full_is_set(words: str, code: str) -> None:
    text = made("ship.toml", _TOML, f"{words}\n\n```toml\n{code}```\n")
    assert text is not None
    read = tomllib.loads(text)["ship"]
    assert {key: it for key, it in read.items() if key != "hull"} == tomllib.loads(code)["ship"]
    assert read["hull"] == {"long": True}
    assert "# white" in text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Update `[ship]`:", "[ship]\nsails = 2\n"),  # it may show a part
        ("Update `[ship]`:", '[ship]\nsails = "2"\nmasts = 2\n'),
        ("Update a part of `[ship]`:", "[ship]\nsails = 2\nmasts = 2\n"),
        ("Change `[ship]` to something like:", "[ship]\nsails = 2\nmasts = 2\n"),
        ("Change `[ship]` or `[boat]` to:", "[ship]\nsails = 2\nmasts = 2\n"),
        ("Change `[boat]` to:", "[boat]\nsails = 2\n"),
    ],
)
def test_a_table_of_which_not_all_is_shown_is_a_persons(words: str, code: str) -> None:
    assert made("ship.toml", _TOML, f"{words}\n\n```toml\n{code}```\n") is None


_HOOKS = (
    '{\n  "a": [\n    {"name": "row"},\n    {"name": "sail"}\n  ],\n'
    '  "b": [\n    "sail", "row"\n  ]\n}\n'
)


@pytest.mark.parametrize(
    ("words", "code", "there"),
    [
        ("After the `row` entry, add:", '{"name": "moor"}', None),  # in two arrays
        (
            "Within the `a` array, add an entry after the `row` entry:",
            '{"name": "moor"}',
            ["row", "moor", "sail"],
        ),
        (
            "Within the `a` array, add an entry after the `sail` entry:",
            '{"name": "moor"},',
            ["row", "sail", "moor"],
        ),
        ("Within the `a` array, add an entry before the `row` entry:", '"moor"', None),
        ("Within the `b` array, add an entry after the `row` entry:", '"moor"', None),
        ("Within the `a` array, add an entry after the `row` entry:", '{"name": "sail"}', None),
        ("Within the `a` array, add an entry after the `row` entry:", '{"name": ...}', None),
    ],
)
def test_an_element_goes_beside_the_only_one_that_is_named(
    words: str, code: str, there: list[str] | None
) -> None:
    text = made("ship.json", _HOOKS, f"{words}\n\n```json\n{code}\n```\n")
    assert (text and [each["name"] for each in json.loads(text)["a"]]) == there


ROOT = '[workspace.dependencies]\nsail = "1"\n\n[dependencies]\nsail = { workspace = true }\n'


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add the `oar` dependency:", 'oar = "3"\n'),  # of the workspace, or of the package
        ("Add the `oar` dev-dependency:", 'oar = "3"\n'),  # there is no such table
        ("Add to `Cargo.toml`:", "version = { workspace = true }\n"),  # a key of the package
        ("Add to `Cargo.toml`:", 'oar = "3"\n'),  # it may be any table's
        ("Add the `sail` dependency:", 'sail = "2"\n'),  # there is another one
        ("Add the `oar` dependency:", 'oar = "3"  # long\n'),
    ],
)
def test_crates_go_only_where_it_is_clear_which_table_has_them(lead: str, code: str) -> None:
    (step,) = steps(body("Cargo.toml", lead, code), {"Cargo.toml": ROOT})
    assert isinstance(step, Manual)


def test_crates_of_a_workspace_go_to_its_table_or_where_they_point_to_it() -> None:
    both = after("Cargo.toml", ROOT, "Add the workspace dependency:", 'oar = "3"\n')
    both = after("Cargo.toml", both, "Add the dependency:", "oar = { workspace = true }\n")
    assert both == (
        '[workspace.dependencies]\nsail = "1"\noar = "3"\n\n'
        "[dependencies]\nsail = { workspace = true }\noar = { workspace = true }\n"
    )


@pytest.mark.parametrize(
    "code",
    [
        '"scripts": {"row": "pull"}\n',  # a part of it, or all
        '"scripts": {"sail": "down", "row": "pull"}\n',
        '"scripts": {"sail": "up"}\n',
    ],
)
def test_an_object_is_not_updated_by_what_may_be_a_part_of_it(code: str) -> None:
    (step,) = steps(body("ship.json", "Update the `scripts` object:", code), {"ship.json": SHIP})
    assert isinstance(step, Manual)
