"""Texts in other encodings than UTF-8, by the names that git has for them (gitattributes(5))."""

from __future__ import annotations

import re

from runbook.core.patterns import regex

_UNICODE = regex(r"UTF-?(16|32)(LE|BE)?(-BOM)?", re.IGNORECASE)


def decoded(data: bytes, name: str) -> str | None:
    """The text of a file, or `None` where it is none in this encoding, or that is not known."""
    codec, mark = _codec(name, data)
    try:
        return data.removeprefix(mark).decode(codec)
    except (LookupError, UnicodeDecodeError):
        return None


def encoded(text: str, name: str, before: bytes | None) -> bytes:
    """The bytes of a text, in the order of bytes that the file had `before`, if it was there.

    Raises:
        UnicodeEncodeError: the encoding lacks a character.
        LookupError: it is not known.
    """
    codec, mark = _codec(name, before)
    return mark + text.encode(codec)


def _codec(name: str, data: bytes | None) -> tuple[str, bytes]:
    """Python's name of an encoding, and the mark at the beginning of files in it."""
    found = _UNICODE.fullmatch(name)
    if found is None or (found[2] and not found[3]):
        return name, b""
    orders = [found[2]] if found[2] else ["le", "be"]
    for order in orders:
        codec = f"utf-{found[1]}-{order.lower()}"
        mark = "\ufeff".encode(codec)
        if data is None or data.startswith(mark) or order == orders[-1]:
            return codec, mark
    raise AssertionError


def is_utf8(data: bytes) -> bool:
    """Whether bytes are a text in UTF-8, and not in an encoding with zero bytes."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data
