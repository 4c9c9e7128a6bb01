"""INI-like files (setup.cfg, tox.ini): where each value stands, and how new ones are written.

configparser says what is in a file; here is only looked where that stands. configupdater was tried:
it writes `b = 2` for `b=1`, ends all lines with `\\n`, and loads for 300 ms instead of 50.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator

from runbook.core.model.data import Keys, Value
from runbook.core.patterns import regex
from runbook.core.value import mutable
from runbook.transforms.trees import (
    Entry,
    Node,
    Place,
    Refused,
    Splice,
    Unreadable,
    beside,
    child_out,
    indentation,
    line_after,
    line_in,
    line_start,
    parted,
    same,
)

_TOP = "\0"  # the section of options above all sections
_NO_DEFAULTS = "\0\0"  # a section that no file has
_HEADER = regex(r"\[(?P<name>.+)\]")
_SIGN = regex(
    r"^[^\s\[#;=:][^=:\n]*?(?P<sign>[ \t]*[=:])(?P<gap>[ \t]*)(?P<value>\S?)", re.MULTILINE
)
_OPTION = regex(r"(?P<key>.*?)(?:\s*(?P<sign>[=:])\s*(?P<value>.*))?$")


@mutable(eq=False)
class _Section:
    name: str
    start: int
    end: int
    entries: list[Entry]


def read(text: str) -> Node:
    """The file's value: sections with their options, and options above them.

    Raises:
        Unreadable: it is no such file.
        Refused: it is, but where its values stand can't be told.
    """
    # To `set` a section of defaults is one like all others.
    parser = configparser.RawConfigParser(allow_no_value=True, default_section=_NO_DEFAULTS)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        parser.read_string(f"[{_TOP}]\n{text}")
    except configparser.ParsingError as error:
        line = error.errors[0][0] if error.errors else 2
        raise Unreadable(line - 1, 1, "this is no option") from None
    except configparser.DuplicateSectionError as error:
        message = f"the section `{error.section}` stands there twice"
        raise Unreadable((error.lineno or 2) - 1, 1, message) from None
    except configparser.DuplicateOptionError as error:
        message = f"the option `{error.option}` stands there twice in its section"
        raise Unreadable((error.lineno or 2) - 1, 1, message) from None
    top, *sections = _sections(text)
    entries = [*top.entries]
    for section in sections:
        node = Node(
            "mapping", section.start, section.end, entries=tuple(section.entries), flow=False,
            home=section,
        )  # fmt: skip
        entries.append(Entry(section.name, section.start, section.start, node))
    root = Node("mapping", 0, len(text), entries=tuple(entries), flow=False, home=top)
    known: dict[str, object] = {k: _plain(v) for k, v in parser[_TOP].items()}
    known |= {name: {k: _plain(v) for k, v in parser[name].items()}
              for name in parser.sections() if name != _TOP}  # fmt: skip
    if not same(_joined(root.data()), known):
        raise Refused("it can't be told where the values of this file stand")
    return root


def _plain(value: str | None) -> object:
    return "" if value is None else "\n".join(line for line in value.split("\n") if line.strip())


def _joined(data: object) -> object:
    """The data with lists as the lines they are."""
    if isinstance(data, dict):
        return {key: _joined(each) for key, each in data.items()}
    return "\n".join(map(str, data)) if isinstance(data, list) else data


def _sections(text: str) -> list[_Section]:
    sections = [_Section(_TOP, 0, 0, [])]
    lines: list[tuple[int, int]] = []  # of the last option: where its lines begin and end
    key: re.Match[str] | None = None
    at = level = key_at = 0

    def finish() -> None:
        if key is not None:
            sections[-1].entries.append(_option(text, key, key_at, lines))
            sections[-1].end = line_after(text, lines[-1][1])

    while at < len(text):
        after = line_after(text, at)
        line = text[at:after].rstrip("\n")
        bare = line.strip()
        indent = len(line) - len(line.lstrip())
        if not bare or bare[0] in "#;":
            pass
        elif key is not None and indent > level:
            begin = at + indent
            lines.append((begin, begin + len(bare)))
        else:
            finish()
            key, level = None, indent
            header = _HEADER.match(bare)
            if header is not None:
                sections.append(_Section(header["name"], at, after, []))
            else:
                key, key_at = _OPTION.match(bare), at + indent
                lines = [(at + indent, at + indent + len(bare))]
        at = after
    finish()
    return sections


def _option(text: str, key: re.Match[str], at: int, lines: list[tuple[int, int]]) -> Entry:
    name = key["key"].rstrip()
    start = at + (key.start("value") if key["sign"] else key.end("key"))
    entry_end = at + len(name)
    rest = [Node("scalar", begin, end, text[begin:end]) for begin, end in lines[1:]]
    first = key["value"] or ""
    if rest and not first:
        node = Node("list", start, rest[-1].end, items=tuple(rest), flow=False)
    else:
        value = "\n".join([first, *(str(each.scalar) for each in rest)])
        node = Node("scalar", start, rest[-1].end if rest else start + len(first), value)
    return Entry(name, at, entry_end, node)


def replaced(text: str, node: Node, new: Value) -> Iterator[Splice]:
    """Write a value in place of another one; of several lines, each its own."""
    before = text[: node.start].rstrip(" \t")
    if before[-1:] not in ("=", ":"):
        yield node.start, node.end, _value(text, " = ", node.start, new)
        return
    gap = text[len(before) : node.start]
    if node.start == node.end or node.kind == "list":
        gap = _usual_gap(before)
    yield len(before), node.end, _value(text, gap, node.start, new, node)


def _value(text: str, gap: str, at: int, new: Value, old: Node | None = None) -> str:
    several = new if isinstance(new, tuple) else str(new).split("\n") if "\n" in str(new) else None
    if several is None:
        return f"{gap}{new}" if new != "" else gap.rstrip(" ")
    pad = _pad(text, at, old)
    return gap.rstrip(" ") + "".join(f"\n{pad}{each}" for each in several if each)


def _pad(text: str, at: int, old: Node | None) -> str:
    if old is not None and old.items:
        return indentation(text, old.items[0].start)
    found = re.search(r"^([ \t]+)[^\s#;]", text, re.MULTILINE)
    return indentation(text, at) + (found[1] if found else "    ")


def inserted(
    text: str, node: Node, keys: Keys, new: Value, place: Place | None
) -> Iterator[Splice]:
    """Write a new option into a section, or a new section with it."""
    section = node.home
    assert isinstance(section, _Section)
    sign, gap = _sign(text[section.start : section.end]) or _sign(text) or (" =", " ")
    near = section.entries[-1].start if section.entries and len(keys) == 1 else 0
    option = f"{keys[-1]}{sign}{_value(text, gap, near, new)}"
    if len(keys) > 1:
        yield parted(text, len(text), f"[{keys[0]}]\n{option}\n")
        return
    if place is not None and node.entries[place.index].node.kind == "mapping":
        entry = node.entries[place.index]
        raise Refused(f"`{entry.key}` is a section", entry.start)
    for entry in section.entries:
        if entry.key.lower() == str(keys[-1]).lower():
            raise Refused(
                f"`{entry.key}` stands there, which most programs take for the same option",
                entry.start,
                "write it as it stands there",
            )
    at = section.end if place is None else beside(text, node, place, "#;")
    start, end, line = line_in(text, at, (indentation(text, near) if near else "") + option)
    gap = "\n" if section.name == _TOP and not section.entries and text.strip() else ""
    yield start, end, line + gap if line.endswith("\n") else line


def _sign(text: str) -> tuple[str, str] | None:
    """How the last option is written: its sign with the blanks before it, and those after it."""
    found = [*_SIGN.finditer(text)]
    if not found:
        return None
    last = next((each for each in reversed(found) if each["value"]), found[-1])
    return last["sign"], last["gap"] if last["value"] else _usual_gap(last["sign"])


def _usual_gap(before: str) -> str:
    """What stands between a sign, with what is before it, and a value on its line."""
    return " " if before[-2:-1] in (" ", "\t") or before.endswith(":") else ""


def appended(text: str, node: Node, new: tuple[Value, ...]) -> Iterator[Splice]:
    """Write new lines at the end of a value of several."""
    pad = _pad(text, node.start, node)
    yield node.end, node.end, "".join(f"\n{pad}{each}" for each in new)


def removed(text: str, node: Node, index: int) -> Iterator[Splice]:
    """Take an option, a section or a line of a value out."""
    start, end = node.children[index]
    begin = line_start(text, start)
    if node.kind != "mapping" or node.entries[index].node.kind != "mapping":
        yield child_out(text, node, index, begin)
        return
    after = line_after(text, end - 1 if text[end - 1 : end] == "\n" else end)
    while after < len(text) and not text[after : line_after(text, after)].strip():
        after = line_after(text, after)
    # At the end of the file, the empty lines before go instead of those after.
    above = text[:begin].rstrip()
    yield len(above) + 1 if after == len(text) and above else begin, after, ""
