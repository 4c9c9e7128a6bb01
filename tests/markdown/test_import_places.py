"""Which file a block belongs to."""

from __future__ import annotations

import pytest
from planning import steps

from runbook.core.model.model import Edit, Manual, Step
from runbook.markdown.importing.words.filelist import parse_path

PAIR = "Change from:\n\n```python\nsails = 1\n```\n\nTo:\n\n```python\nsails = 3\n```\n"


def made(files: str, title: str, body: str) -> tuple[Step, ...]:
    listed = "".join(f"- {each}\n" for each in files.split("; "))
    return steps(f"**Files:**\n{listed}\n**Step 1: {title}**\n\n{body}")


def block(text: str, language: str) -> str:
    return f"```{language}\n{text}```\n"


@pytest.mark.parametrize(
    "path",
    [
        ".env.example",
        "web/.vscodeignore",
        ".nvmrc",
        ".prettierrc",
        ".prettierrc.json",
        "go.mod",
        "Ship.swift.template",
        "config.yaml.j2",
        ".golangci.yml",
    ],
)
def test_names_that_are_files_are_known(path: str) -> None:
    assert parse_path(path) == (path, ())


@pytest.mark.parametrize("code", [".filter", ".card", "config.template", "ship.example", "a:b"])
def test_expressions_are_no_files(code: str) -> None:
    assert parse_path(code) is None


@pytest.mark.parametrize("code", ["src/a.py:load", "src/a.py::load", "src/a.py:Ship.load()"])
def test_what_is_named_in_a_file_is_of_that_file(code: str) -> None:
    assert parse_path(code) == ("src/a.py", ())


@pytest.mark.parametrize(
    ("files", "title", "path"),
    [
        ("Modify: `sea/ship.py`; Modify: `sea/pier.py`", "Update ship.py exports", "sea/ship.py"),
        ("Modify: `ship.py`; Modify: `old/ship.py`", "Update ship.py", "ship.py"),
        ("Modify: `ship.py`; Modify: `old/ship.py`", "Update old/ship.py", "old/ship.py"),
        ("Modify: `sail-ship/a.py`; Modify: `tug/a.py`", "Update `sail-ship`", "sail-ship/a.py"),
    ],
)
def test_a_title_names_a_file_without_its_folder_or_by_it(
    files: str, title: str, path: str
) -> None:
    (step,) = made(files, title, PAIR)
    assert isinstance(step, Edit)
    assert step.targets == (path,)


@pytest.mark.parametrize(
    ("files", "title"),
    [
        ("Modify: `sea/ship.py`; Modify: `old/ship.py`", "Update ship.py"),
        ("Modify: `ship.py`; Modify: `old/ship.py`", "Update the old ship.py"),
        ("Modify: `sea/ship.py`; Modify: `sea/pier.py`", "Move it from ship.py to pier.py"),
        ("Modify: `sea/ship.py`; Modify: `sea/pier.py`", "Update `sea`"),
        ("Modify: `ship.py`; Modify: `pier.py`", "Update boat.py"),
    ],
)
def test_a_title_that_may_name_several_files_names_none(files: str, title: str) -> None:
    assert {type(step) for step in made(files, title, PAIR)} == {Manual}


@pytest.mark.parametrize(
    ("path", "text", "language"),
    [
        ("ship.py.template", "# crew/ship.py\nsails = 1\n", "python"),
        ("tool/ship.ts", "#!/usr/bin/env bun\n// tool/ship.ts\nsail();\n", "ts"),
        ("ship.pkb", "SELECT 1;\n", "sql"),
        (".env.example", "SAILS=1\n", "env"),
    ],
)
def test_a_file_is_made_of_its_block(path: str, text: str, language: str) -> None:
    (step,) = made(f"Create: `{path}`", f"Create `{path}`", block(text, language))
    assert isinstance(step, Edit)
    assert step.targets == (path,)


def test_the_path_above_a_block_of_another_file_keeps_it_out() -> None:
    text = block("# crew/boat.py\nsails = 1\n", "python")
    assert [type(s) for s in made("Create: `ship.py`", "Write it", text)] == [Manual]
