"""What is appended stands as far apart from what is there as its language wants."""

from __future__ import annotations

import pytest
from planning import block, made, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual
from runbook.core.model.operations import Append, Insert

ROW = "def row():\n    return 1\n"
LANGUAGES = {
    "py": "python",
    "pyi": "python",
    "md": "markdown",
    "rs": "rust",
    "sh": "bash",
    "rb": "ruby",
    "txt": "text",
}


def appended(path: str, added: str, text: str | None) -> Append:
    """What a plan appends to a file with this text."""
    ending = path.rpartition(".")[2]
    body = f"**Files:**\n- Modify: `{path}`\n\n**Step 1: Write more**\n\n"
    body += f"Append to `{path}`:{block(added, LANGUAGES.get(ending, ending))}"
    (step,) = steps(body, None if text is None else {path: text})
    assert isinstance(step, Edit)
    (change,) = step.changes
    assert isinstance(change, Append)
    return change


@pytest.mark.parametrize(
    ("path", "added", "text", "blank"),
    [
        ("a.py", ROW, "x = 1\n", 2),
        ("a.py", ROW, "x = 1", 2),
        ("a.py", ROW, "x = 1\n\n", 1),
        ("a.py", ROW, "x = 1\n\n\n\n", 0),
        ("a.py", "\n" + ROW, "x = 1\n", 1),
        ("a.py", "# A row.\n@cached\n" + ROW, "x = 1\n", 2),
        ("a.py", "Y = 1\n", "def f():\n    pass\n", 2),
        ("a.py", "Y = 1\n", "X = 1\n", 0),
        ("a.py", ROW, "", 0),
        ("a.pyi", "def row() -> int: ...\n", "x: int\n", 1),
        ("a.md", "## More\n\nWords.\n", "# A\n\nWords.\n", 1),
        ("a.md", "- two\n", "# A\n\n- one\n", 0),
        ("a.md", "- one\n", "# A\n\nWords.\n", 1),
        ("a.md", "| c | d |\n", "| a | b |\n|---|---|\n| x | y |\n", 0),
        ("a.rs", "fn row() {}\n", "fn a() {}\n", 1),
        ("a.rs", "mod row;\n", "mod a;\n", 0),
        ("a.ts", "test('row', () => {});\n", "import x;\n", 1),
        ("a.ts", "export * from './row';\n", "export * from './a';\n", 0),
        ("a.css", ".row {\n}\n", ".a {\n}\n", 1),
        ("a.toml", "[row]\nx = 1\n", "[a]\ny = 1\n", 1),
        ("a.toml", "x = 1\n", "y = 1\n", 0),
        ("a.rb", "def row\nend\n", "x = 1\n", 1),
        ("a.txt", "two\n", "one\n", 0),
    ],
)
def test_blank_lines_stand_before_what_is_appended(
    path: str, added: str, text: str, blank: int
) -> None:
    change = appended(path, added, text)
    assert change.text.value == "\n" * blank + added
    result = apply(text, change)
    assert isinstance(result, Applied)
    assert result.text is not None
    assert result.text.endswith("\n" * blank + added)


@pytest.mark.parametrize(
    ("path", "added", "blank"),
    [("a.py", ROW, 2), ("a.py", "Y = 1\n", 0), ("a.md", "## More\n", 1), ("a.md", "- two\n", 0)],
)
def test_where_the_file_is_not_known_its_language_says_how_many(
    path: str, added: str, blank: int
) -> None:
    assert appended(path, added, None).text.value == "\n" * blank + added


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo sail\n\n# ---- rest ----\nexit 0\n", "echo sail\n\n{}\n# ---- rest ----\nexit 0\n"),
        ("echo sail\n# ---- rest ----\nexit 0\n", "echo sail\n{}# ---- rest ----\nexit 0\n"),
    ],
)
def test_what_goes_above_a_comment_stands_as_far_from_it_as_what_was_there(
    text: str, expected: str
) -> None:
    new = "# ---- row ----\necho row\n"
    words = f"Insert before `# ---- rest`:{block(new, 'bash')}"
    assert made("ship.sh", text, words) == expected.format(new)


@pytest.mark.parametrize(
    ("words", "new", "expected"),
    [
        (
            "Add above the `#[cfg(test)]` block in `ship.rs`:",
            "impl Sail for Ship {\n    // a\n}\n",
            "fn a() {\n}\n\nimpl Sail for Ship {\n    // a\n}\n\n#[cfg(test)]\nmod tests {\n}\n",
        ),
        (
            "Insert before `#[cfg(test)]`:", "use sea::Row;\n",
            "fn a() {\n}\n\nuse sea::Row;\n#[cfg(test)]\nmod tests {\n}\n",
        ),
    ],
)  # fmt: skip
def test_what_ends_with_a_brace_stands_apart_from_what_comes_next(
    words: str, new: str, expected: str
) -> None:
    text = "fn a() {\n}\n\n#[cfg(test)]\nmod tests {\n}\n"
    assert made("ship.rs", text, f"{words}{block(new, 'rust')}") == expected


GUARD = 'if __name__ == "__main__":\n    main()\n'
BY_HAND = "**Files:**\n- Modify: `ship.{0}`\n\n**Step 1: Begin**\n\nRework `main` around this:"


def test_what_is_appended_goes_above_a_guard_that_a_person_writes() -> None:
    body = BY_HAND.format("py") + block(f"def main():\n    ...\n\n\n{GUARD}")
    body += "**Step 2: Go on**\n\nAppend to `ship.py`:" + block("def row():\n    return 1\n")
    first, step = steps(body, {"ship.py": "import sea\n"})
    assert isinstance(first, Manual)
    assert isinstance(step, Edit)
    (change,) = step.changes
    assert isinstance(change, Insert)
    assert (change.side, change.anchor.value) == ("before", GUARD.split("\n")[0] + "\n")


@pytest.mark.parametrize(
    ("code", "kind"),
    [("sail() {\n  go();\n},\n", Manual), ("'row-on'() {},\n", Manual), ("row();\n", Edit)],
)
def test_what_can_end_no_file_is_not_appended_to_one_that_is_not_known(
    code: str, kind: type
) -> None:
    body = BY_HAND.format("js") + block("const sails = {};\n", "js")
    body += "**Step 2: Go on**\n\nAppend to `ship.js`:" + block(code, "js")
    assert isinstance(steps(body, {})[-1], kind)


@pytest.mark.parametrize(
    ("path", "text", "added"),
    [
        ("ship.py", "import sys\n\n\ndef sail():\n    pass\n\n\nsys.exit(sail())\n", ROW),
        ("ship.py", "def main():\n    pass\n\n\nmain()\n", ROW),
        ("ship.sh", "sail() {\n  go\n}\nsail\nexit 0\n", "row() {\n  go\n}\n"),
        ("bin/ship", '#!/bin/bash\nsail() {\n  go\n}\n\nmain "$@"\n', "row() {\n  go\n}\n"),
        ("ship.lua", "local M = {}\n\nreturn M\n", "function M.row()\n  go()\nend\n"),
        ("ship.php", "<?php\nfunction sail() {}\n?>\n", "function row() {}\n"),
        ("ship.html", "<html>\n<p>1</p>\n</html>\n", "<p>2</p>\n"),
        ("ship.css", "@layer base {\n  a { color: red; }\n}\n", ".b {\n  color: red;\n}\n"),
    ],
)
def test_nothing_is_appended_behind_what_ends_a_file(path: str, text: str, added: str) -> None:
    ending = path.rpartition(".")[2] if "." in path else "sh"
    words = f"Append to `{path}`:{block(added, LANGUAGES.get(ending, ending))}"
    assert made(path, text, words) is None


@pytest.mark.parametrize(
    ("path", "text", "added"),
    [
        ("ship.py", "def sail():\n    sys.exit(1)\n", ROW),
        ("ship.sh", "sail() {\n  exit 1\n}\n", "row() {\n  go\n}\n"),
        ("ship.css", "@layer a, b;\n\n@media print {\n  a {}\n}\n", ".b {\n  color: red;\n}\n"),
    ],
)
def test_what_ends_only_a_part_ends_no_file(path: str, text: str, added: str) -> None:
    ending = path.rpartition(".")[2]
    words = f"Append to `{path}`:{block(added, LANGUAGES.get(ending, ending))}"
    result = made(path, text, words)
    assert result is not None
    assert result.endswith(f"\n{added}")
