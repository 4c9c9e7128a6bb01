"""Differences between two texts that can't be seen, or are easily overlooked, in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from runbook.core.matching.indents import indentation

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u2032\u0060\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2026": "...",
    }
)
_SHOWN = 4  # differences that are named


def folded(text: str) -> str:
    """A text with all that looks alike, or can't be seen, made the same; its lines stay lines."""
    lines = unicodedata.normalize("NFC", text).translate(_ALIKE).split("\n")
    return "\n".join(
        " ".join("".join(map(_folded, line)).split()) if not line.isascii() else
        " ".join(line.split())
        for line in lines
    )  # fmt: skip


def _folded(character: str) -> str:
    kind = unicodedata.category(character)
    return "" if kind == "Cf" else " " if kind == "Zs" else character


def differences(wanted: list[str], there: list[str], first: int, *, whole: bool) -> list[str]:
    """What differs between lines of a text and of a file from line `first` on, and can't be seen.

    Unless they are `whole` lines, the text is only a part of its line.
    """
    found: dict[str, list[int]] = {}
    for number, (old, new) in enumerate(zip(wanted, there, strict=False), first):
        for said in _of_line(old, new, whole=whole):
            found.setdefault(said, []).append(number)
    return [
        f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines[:3]))}"
        f"{', …' if len(lines) > 3 else ''}: {said}"
        for said, lines in [*found.items()][:_SHOWN]
    ]


def _of_line(old: str, new: str, *, whole: bool) -> Iterator[str]:
    if old == new:
        return
    if whole:
        yield from _blanks(old, new)
        old, new = old.strip(" \t"), new.strip(" \t")
    if old.isascii() and new.isascii() and "\t" not in old + new:
        return
    # Imported here: only an edit that does not apply pays for it.
    from difflib import SequenceMatcher

    steps = SequenceMatcher(None, old, new, False).get_opcodes()
    if not whole:
        # The line goes on before and after the text.
        steps = [s for s in steps if not (s[0] == "insert" and s[1] in (0, len(old)))]
    for tag, a, b, c, d in steps:
        if tag != "equal":
            yield from _stretch(old, new, (a, b), (c, d))


def _blanks(old: str, new: str) -> Iterator[str]:
    ends = [line[len(line.rstrip(" \t\r")) :] for line in (old, new)]
    if ends[0] != ends[1]:
        yield f"{_named(ends[1])} at its end in the file, {_named(ends[0])} in the phase file"
    starts = indentation(old), indentation(new)
    if starts[0] != starts[1] and any("\t" in each for each in starts):
        here, meant = map(_named, reversed(starts))
        yield f"indented by {here} in the file, by {meant} in the phase file"


def _named(blanks: str) -> str:
    parts = []
    for sign, name in (("\t", "tab"), (" ", "blank"), ("\r", "carriage return")):
        number = blanks.count(sign)
        if number:
            parts.append(f"{'a' if number == 1 else number} {name}{'s' if number > 1 else ''}")
    return " and ".join(parts) or "nothing"


def _stretch(old: str, new: str, a: tuple[int, int], b: tuple[int, int]) -> Iterator[str]:
    """What is odd where two lines differ; an accent stands behind its letter."""
    one, two = old[slice(*a)], new[slice(*b)]
    wider = old[max(0, a[0] - 1) : a[1]], new[max(0, b[0] - 1) : b[1]]
    if len({unicodedata.normalize("NFC", each) for each in wider}) == 1:
        apart, other = "phase file", "file"
        if any(map(unicodedata.combining, wider[1])):
            apart, other = other, apart
        yield f"an accent stands behind its letter in the {apart} (NFD), not in the {other} (NFC)"
        return
    if any(not _plain(each) for each in one + two):
        yield f"{_spelled(two)} in the file, {_spelled(one)} in the phase file"


def _spelled(text: str) -> str:
    """A short stretch, with what can't be told by its look named."""
    if not text:
        return "nothing"
    shown = [f"`{each}`" if _plain(each) else _name(each) for each in text[:3]]
    return " ".join(shown) + (" …" if len(text) > 3 else "")


def _plain(character: str) -> bool:
    return " " < character < "\x7f"


def _name(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        byte = code - 0xDC00
        return f"the byte 0x{byte:02X}, which is no UTF-8 (`{chr(byte)}` in Latin-1)"
    if character in " \t":
        return "a blank" if character == " " else "a tab"
    shown = f"`{character}` " if character.isprintable() else ""
    return f"{shown}U+{code:04X} {unicodedata.name(character, '')}".rstrip()
