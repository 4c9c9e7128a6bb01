"""Text made fit to be shown, whatever a command or a file put into it."""

from __future__ import annotations

import re
from functools import cache

# Escape sequences of terminals (ECMA-48). A body that is longer is taken for text: an OSC that is
# never ended must not swallow the output.
_BODY = 4096

# Control sequences; control strings, ended by ST (OSC also by BEL); other escapes.
CSI = r"\x1b\[[0-?]{0,128}[ -/]{0,16}[@-~]"
STRING = rf"\x1b[\]PX^_][^\x00-\x1f]{{0,{_BODY}}}(?:\x07|\x1b\\)"
OTHER = r"\x1b[ -/]{0,16}[0-~]"
SEQUENCE = f"{CSI}|{STRING}|{OTHER}"

# What a chunk may end with and the next one may finish.
UNFINISHED = (
    rf"\x1b(?:\[[0-?]{{0,128}}[ -/]{{0,16}}|[\]PX^_][^\x00-\x1f]{{0,{_BODY}}}\x1b?"
    r"|[ -/]{0,16})\Z"
)

_SURROGATE = "\ud800-\udfff"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Escape sequences, and harmful characters; most texts are found harmless without either."""
    harmful = f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDI}{_SURROGATE}]"
    return re.compile(SEQUENCE), re.compile(harmful)


def printable(text: str | bytes) -> str:
    """Return text that can be shown: it cannot move the cursor, set colours or reverse its order.

    Escape sequences are removed, "\\r\\n" becomes "\\n"; other controls, bidi controls and invalid
    UTF-8 are written as \\xNN or \\uNNNN. Tabs and newlines stay.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    if text.isascii() and text.isprintable():
        return text
    sequences, harmful = _patterns()
    if "\x1b" in text:
        text = sequences.sub("", text)
    return harmful.sub(_escaped, text.replace("\r\n", "\n"))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # how Python carries a byte that is not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
