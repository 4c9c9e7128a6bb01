"""Values of data files (TOML, YAML, JSON) as a phase file states them, and the ways to them."""

from __future__ import annotations

import json
import re
from typing import Literal

from runbook.core.patterns import regex
from runbook.core.position import Position, position
from runbook.core.text.counting import one_of
from runbook.core.value import value

DataLanguage = Literal["toml", "yaml", "json", "ini", "env", "requirements"]
LANGUAGES: dict[DataLanguage, str] = {
    "toml": "TOML", "yaml": "YAML", "json": "JSON", "ini": "INI file",
    "env": "file of variables", "requirements": "file of requirements",
}  # fmt: skip
"""The languages, and what a file in one is called."""
LISTED = one_of(f"`{each}`" for each in LANGUAGES)
SAY_LANGUAGE = f"say `language: {LISTED[1:]}"
"""Their names, and what to do about a file that tells none of them."""
TEXTUAL = ("ini", "env", "requirements")
"""Those in which every value is a text."""
_ENDINGS: dict[str, DataLanguage] = {
    "toml": "toml", "yaml": "yaml", "yml": "yaml", "json": "json", "jsonc": "json",
    "ini": "ini", "cfg": "ini", "flake8": "ini", "coveragerc": "ini", "pylintrc": "ini",
    "editorconfig": "ini", "env": "env",
}  # fmt: skip
_REQUIREMENTS = regex(
    r"(?:.*/)?(?:(?:.*[-_.])?(?:requirements|constraints)[^/]*|requirements/[^/]*)\.(?:txt|in)"
)
_DOTENV = regex(r"(?:.*/)?\.env(?:\.[^/]*)?")

NUMBER = regex(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
"""A number as JSON has it."""
_BARE = regex(r"[^\s.\[\]\"'+]+(?:\++[^\s.\[\]\"'+]+)*")
_QUOTED = regex(r"\"((?:[^\"\\]|\\.)*)\"|'([^']*)'")
_INDEX = regex(r"\[(-?\d{1,9})\]")


@value
class Number:
    """A number, written as the phase file writes it: `1.10` stays `1.10`."""

    text: str

    @property
    def number(self) -> int | float:
        """The number itself."""
        return int(self.text) if re.fullmatch(r"-?\d+", self.text) else float(self.text)


@value
class Table:
    """A mapping of keys to values, in order."""

    entries: tuple[tuple[str, Value], ...]


Value = str | bool | None | Number | Table | tuple["Value", ...]
"""A tuple is a list."""

Keys = tuple[str | int, ...]
"""The way from the top of a file to a value: keys, and indices (from 0) of lists."""


@value
class Assignment:
    """Set the value at the end of `keys`, or append values to the list there."""

    keys: Keys
    value: Value
    append: bool = False
    at: Position = position()


@value
class Removal:
    """Take away the value at the end of `keys` with its key, or `items` of the list there."""

    keys: Keys
    items: tuple[Value, ...] = ()
    at: Position = position()


class KeyMistake(Exception):
    """A text is no way to a value; the message says why."""


def language_of(path: str) -> DataLanguage | None:
    """The language that a file has by its name, if it is a known one."""
    if _REQUIREMENTS.fullmatch(path.lower()):
        return "requirements"
    if _DOTENV.fullmatch(path):
        return "env"
    return _ENDINGS.get(path.rpartition("/")[2].rpartition(".")[2].lower())


def read_keys(text: str) -> tuple[Keys, bool]:
    r"""The keys of a dotted text, and whether a `+` at its end says that a list grows.

    `tool.ruff.line-length`, `jobs.test.steps[0].name`, `dependencies+`; a key with dots, blanks
    or brackets in it stands in quotes: `tool."my.tool"`. Of a file that is a list, `[0].hosts`.

    Raises:
        KeyMistake: it is written otherwise.
    """
    keys: list[str | int] = []
    at = _indices(text, 0, keys)
    while text[at:] not in (("", "+") if keys else ()):
        if at and text[at] != ".":
            raise KeyMistake(f"`{text[at]}` can't stand in a key without quotes")
        at += bool(at)
        found = _QUOTED.match(text, at) or _BARE.match(text, at)
        if found is None:
            raise KeyMistake(
                f"a key is expected after `{text[:at]}`" if at else "a key is expected"
            )
        keys.append(_unquoted(found))
        at = _indices(text, found.end(), keys)
    return tuple(keys), text[at:] == "+"


def _indices(text: str, at: int, keys: list[str | int]) -> int:
    """Take the indices in brackets from an offset on; returns the offset behind them."""
    while index := _INDEX.match(text, at):
        keys.append(int(index[1]))
        at = index.end()
    return at


def _unquoted(found: re.Match[str]) -> str:
    if found.lastindex is None:  # neither kind of quotes
        return found[0]
    if found[2] is not None:
        return found[2]
    return re.sub(r"\\(.)", r"\1", found[1])


def show_keys(keys: Keys) -> str:
    """Keys as `read_keys` reads them."""
    shown = ""
    for key in keys:
        if isinstance(key, int):
            shown += f"[{key}]"
            continue
        if not _BARE.fullmatch(key):
            key = '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
        shown += f".{key}" if shown else key
    return shown


def plain(stated: Value) -> object:
    """A value as Python has it."""
    match stated:
        case Number():
            return stated.number
        case Table(entries):
            return {key: plain(each) for key, each in entries}
        case tuple():
            return [plain(each) for each in stated]
        case _:
            return stated


def show_value(stated: Value) -> str:
    """A value as JSON, with its numbers as they are written."""
    match stated:
        case Number(text):
            return text
        case Table(entries):
            return "{" + ", ".join(f"{show_value(k)}: {show_value(v)}" for k, v in entries) + "}"
        case tuple():
            return "[" + ", ".join(map(show_value, stated)) + "]"
        case _:
            return json.dumps(stated, ensure_ascii=False)
