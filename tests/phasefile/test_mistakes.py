"""Bad phase files and every word that is said about them.

The rows stand in `mistakes/*.md`: a heading, the files, and the whole text that comes out. What
Markdown can't hold (control characters, bytes that are not UTF-8, bombs) stands here.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.core.model.ids import is_phase_name
from runbook.phasefile.loader import load_series
from runbook.views.mistakes import mistakes

ROWS = Path(__file__).with_name("mistakes")
FENCE = re.compile(r"^```(yaml|text) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Seconds in which any phase file is refused: matrix row 37 says one, on a machine at rest.
LONGEST = 5.0

HEAD = """\
phase: 1
goal: Test.
tasks:
  - title: A task
    steps:
"""
STEP = "      - verify: pytest\n"


def rows() -> list[tuple[str, str]]:
    """Headings with what stands under them."""
    found = []
    for file in sorted(ROWS.glob("*.md")):
        for section in file.read_text(encoding="utf-8").split("\n## ")[1:]:
            name, _, body = section.partition("\n")
            found.append((f"{file.stem}: {name}", body))
    return found


def said_about(folder: Path, files: dict[str, bytes]) -> str:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    began = time.perf_counter()
    with pytest.raises(InvalidPhaseFiles) as raised:
        load_series(folder)
    assert time.perf_counter() - began < LONGEST
    return mistakes(raised.value)


@pytest.mark.parametrize(("name", "body"), rows(), ids=[name for name, _ in rows()])
def test_a_mistake_is_told_with_its_place(name: str, body: str, tmp_path: Path) -> None:
    fences = FENCE.findall(body)
    files = {file or "phase-1.yaml": text.encode() for kind, file, text in fences if kind == "yaml"}
    (expected,) = (text for kind, _, text in fences if kind == "text")
    assert files, name
    assert said_about(tmp_path, files) + "\n" == expected


def test_every_row_has_a_name_of_its_own() -> None:
    names = [name for name, _ in rows()]
    assert len(names) == len(set(names))
    assert len(names) >= 100


def said(path: str, message: str, excerpt: str, hint: str = "") -> str:
    """One mistake, as it is shown; the caret stands in the excerpt's second line."""
    number = path.split(":")[1]
    source, caret = excerpt.split("\n")
    lines = [f"phases/{path}: error: {message}", f"{number:>5} | {source}", f"      | {caret}"]
    if hint:
        lines.append(f"      = hint: {hint}")
    return "\n".join(lines) + "\n\n1 mistake; nothing was touched."


def test_control_characters_are_shown_as_escapes(tmp_path: Path) -> None:
    text = HEAD + "      - verify: echo \x1b[31m\n"
    assert said_about(tmp_path, {"phase-1.yaml": text.encode()}) == said(
        "phase-1.yaml:6:22",
        "the character U+001B, which YAML does not allow",
        "      - verify: echo \n                     ^^^^",
        "write `\\x1b` in a text in double quotes",
    )


@pytest.mark.parametrize(
    ("character", "what", "escape"),
    [
        ("\0", "U+0000, which YAML does not allow", "\\x00"),
        ("\f", "U+000C, which YAML does not allow", "\\x0c"),
        ("\x7f", "U+007F, which YAML does not allow", "\\x7f"),
        ("\x85", "U+0085, which YAML takes for a line end", "\\x85"),
        ("\u2028", "U+2028, which YAML takes for a line end", "\\u2028"),
        ("\u2029", "U+2029, which YAML takes for a line end", "\\u2029"),
        ("\ufeff", "U+FEFF, which YAML does not allow", "\\ufeff"),
        ("\ufffe", "U+FFFE, which YAML does not allow", "\\ufffe"),
        ("\r", "U+000D, which YAML takes for a line end", "\\x0d"),
    ],
)
def test_row_23_characters_that_yaml_would_change_are_refused(
    character: str, what: str, escape: str, tmp_path: Path
) -> None:
    text = HEAD + f"      - edit: a.py\n        create: |\n          é{character}x = 1\n"
    shown = said_about(tmp_path, {"phase-1.yaml": text.encode()})
    first, *_, hint, _, summary = shown.split("\n")
    assert first == f"phases/phase-1.yaml:8:12: error: the character {what}"
    assert hint == f"      = hint: write `{escape}` in a text in double quotes"
    assert summary == "1 mistake; nothing was touched."


def test_row_23_the_escape_that_the_hint_gives_is_read(tmp_path: Path) -> None:
    text = HEAD + '      - edit: a.py\n        create: "a\\x00\\x0c\\x85\\u2028\\ufeff\\r"\n'
    (tmp_path / "phase-1.yaml").write_text(text, encoding="utf-8")
    step = load_series(tmp_path).phases[0].tasks[0].steps[0]
    assert "a\\x00\\x0c\\x85\\u2028\\ufeff\\r" in repr(step)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    data = HEAD.encode() + "      - verify: echo é ".encode() + b"caf\xe9 # x\n"
    assert said_about(tmp_path, {"phase-1.yaml": data}) == said(
        "phase-1.yaml:6:27",
        "the file is not UTF-8",
        "      - verify: echo é caf\\xe9 # x\n                          ^^^^",
        "save it in UTF-8",
    )


def test_a_file_in_utf16(tmp_path: Path) -> None:
    data = "phase: 1\n".encode("utf-16-le")
    shown = said_about(tmp_path, {"phase-1.yaml": b"\xff\xfe" + data})
    assert shown.startswith("phases/phase-1.yaml:1:1: error: the file is not UTF-8\n")


def test_a_folder_that_is_called_like_a_phase_file(tmp_path: Path) -> None:
    (tmp_path / "phase-1.yaml").mkdir()
    assert said_about(tmp_path, {}) == (
        "phases/phase-1.yaml:1:1: error: the file can't be read: Is a directory\n\n"
        "1 mistake; nothing was touched."
    )


@pytest.mark.parametrize("name", ["phase-1.yaml", "runbook.yaml"])
def test_nobody_waits_at_a_pipe_that_is_called_like_a_phase_file(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert said_about(tmp_path, {}) == (
        f"phases/{name}:1:1: error: the file can't be read: it is a pipe, a socket or a device\n\n"
        "1 mistake; nothing was touched."
    )


def test_places_are_right_behind_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = ("\ufeff" + HEAD + STEP + "zzzz: 1\n").replace("\n", "\r\n")
    shown = said_about(tmp_path, {"phase-1.yaml": text.encode()})
    assert shown.startswith(
        "phases/phase-1.yaml:7:1: error: unknown key `zzzz` in a phase\n"
        "    7 | zzzz: 1\n"
        "      | ^^^^\n"
    )


def test_columns_count_characters(tmp_path: Path) -> None:
    text = HEAD + '      - verify: "é𝄞"\n        note: é𝄞 a # b\n'
    assert said_about(tmp_path, {"phase-1.yaml": text.encode()}) == said(
        "phase-1.yaml:7:20",
        "YAML takes the rest of this line for a comment and drops it",
        "        note: é𝄞 a # b\n                   ^",
        "quote the text, or put it under `|`",
    )


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 200_000,
        "[" * 1_200 + "]" * 1_200,
        "{a: " * 1_200 + "1" + "}" * 1_200,
        "\n" + "- " * 1_200 + "a",
        "\n" + "".join(f"{' ' * level}a:\n" for level in range(1, 1_200)),
        "\n" + "".join(f"{' ' * level}- a:\n" for level in range(2, 2_400, 2)),
        "\n" + "? " * 1_200 + "a",
    ],
    ids=["open", "lists", "mappings", "dashes", "blocks", "block lists", "keys"],
)
def test_row_37_a_nesting_bomb_is_refused_at_once(bomb: str, tmp_path: Path) -> None:
    text = HEAD + STEP + f"base: {bomb}\n"
    shown = said_about(tmp_path, {"phase-1.yaml": text.encode()})
    first, *_, summary = shown.split("\n")
    assert re.fullmatch(r"phases/phase-1\.yaml:\d+:\d+: error: nested over 1000 levels deep", first)
    assert summary == "1 mistake; nothing was touched."


def test_row_37_an_alias_bomb_is_refused_at_once(tmp_path: Path) -> None:
    levels = ["l0: &l0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    text = HEAD + STEP + "\n".join(levels) + "\nrequires: *l29\n"
    shown = said_about(tmp_path, {"phase-1.yaml": text.encode()})
    assert "phases/phase-1.yaml:36:6: error: anchors and aliases are not part" in shown


def test_row_37_an_alias_used_very_often_is_told_once(tmp_path: Path) -> None:
    text = HEAD + "      - verify: &v pytest\n" + "      - verify: *v\n" * 2_000
    shown = said_about(tmp_path, {"phase-1.yaml": text.encode()})
    assert shown.endswith("\n1 mistake; nothing was touched.")


def test_row_37_thousands_of_mistakes_are_all_told(tmp_path: Path) -> None:
    text = HEAD + "      - verify: pytest # x\n" * 2_000
    shown = said_about(tmp_path, {"phase-1.yaml": text.encode()})
    assert shown.endswith("\n2000 mistakes; nothing was touched.")


def test_a_very_long_key_is_refused_at_once(tmp_path: Path) -> None:
    text = HEAD + STEP + "? " + "k" * 300_000 + "\n: 1\n"
    assert "error: unknown key" in said_about(tmp_path, {"phase-1.yaml": text.encode()})


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("edit: a.toml\n        set:\n          key: |\n                deep\n", "indent"),
        ("edit: a.toml\n        unset: [&a b]\n", "anchors and aliases"),
        ("verify: make\n        expect: {output: '( (re)'}\n", "no regular expression"),
    ],
)
def test_what_is_read_by_more_than_one_kind_is_checked_as_well(
    tmp_path: Path, step: str, said: str
) -> None:
    assert said in said_about(tmp_path, {"phase-1.yaml": f"{HEAD}      - {step}".encode()})


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("my phase", "my-phase"), ("a$(x)", "a-x"), ("a`x`", "a-x"), ("-x", "x"), ("a'b", "a-b"),
        ("a&b", "a-b"), ("a*", "a"), ("* *", "phase-3"),
    ],
)  # fmt: skip
def test_a_name_is_a_word_of_a_shell(tmp_path: Path, name: str, other: str) -> None:
    """What a command names is to be typed as it stands."""
    said = said_about(tmp_path, {f"{name}.yaml": (HEAD + STEP).encode()})
    assert f"{name}.yaml:1:1: error: `{name}` can't be a phase's name" in said
    assert f"hint: rename the file, to {other}.yaml for example" in said
    assert is_phase_name(other)


@pytest.mark.parametrize("name", ["3", "harbour-phase-01_doors", "phase-1.5", "Ünïcode"])
def test_other_names_are_words(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.yaml").write_text(HEAD + STEP)
    assert load_series(tmp_path).phases[0].id == name
