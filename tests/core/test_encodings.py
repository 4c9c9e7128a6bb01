"""Texts in the encodings that git can check files out in."""

from __future__ import annotations

import codecs

import pytest

from runbook.core.text.encodings import decoded, encoded, is_utf8

TEXT = "one é\n"
MADE = {
    "UTF-16": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16le-bom": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "UTF-16BE-BOM": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "UTF-16BE": TEXT.encode("utf-16-be"),
    "UTF-32": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    "ISO-8859-1": TEXT.encode("latin-1"),
    "SHIFT-JIS": None,
}


@pytest.mark.parametrize("name", MADE)
def test_a_new_text_is_read_back(name: str) -> None:
    if MADE[name] is None:
        with pytest.raises(UnicodeEncodeError):
            encoded(TEXT, name, None)
        return
    assert encoded(TEXT, name, None) == MADE[name]
    assert decoded(MADE[name] or b"", name) == TEXT
    assert not is_utf8(MADE[name] or b"")


def test_the_order_of_bytes_stays() -> None:
    before = codecs.BOM_UTF16_BE + "x".encode("utf-16-be")
    assert decoded(before, "UTF-16") == "x"
    assert encoded("y", "UTF-16", before) == codecs.BOM_UTF16_BE + "y".encode("utf-16-be")


def test_what_is_none_is_no_text() -> None:
    assert decoded(b"\xff", "UTF-16") is None
    assert decoded(b"x", "no-such") is None
    with pytest.raises(LookupError):
        encoded("x", "no-such", None)
