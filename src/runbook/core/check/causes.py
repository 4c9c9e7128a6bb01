"""What an output says of why a command failed, where a person would overlook it."""

from __future__ import annotations

import re

_NO_PYTEST = re.compile(
    r"No module named '?pytest'?\s*$|\bpytest: (?:command )?not found|"
    r"(?:Failed to spawn|can't open file|executable file not found).{0,40}\bpytest\b",
    re.MULTILINE,
)
_END_OF_INPUT = re.compile(
    r"EOFError\b|EOF when reading|unexpected end of (?:file|input) on stdin|end of file on stdin|"
    r"(?:stdin|standard input|input device) is not a (?:tty|terminal)|"
    r"Inappropriate ioctl for device|/dev/tty: No such device",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"(?:\[y(?:es)?/n(?:o)?\]|\(y(?:es)?/n(?:o)?\)|\by/n\b|"
    r"password(?: for [^:\n]*)?|passphrase[^:\n]*|"
    r"\b(?:continue|proceed|overwrite|sure|confirm)\b[^\n]*\?|press (?:any key|enter)|"
    r"(?:enter|type|choose|select)\b[^\n]*)[\s:?>\]]*\Z",
    re.IGNORECASE,
)

ASKS = (
    "it asks for an answer, and standard input is empty: give it the option that answers, "
    "such as `--yes`, or what to read: `< FILE`"
)


def lacks_pytest(output: str) -> bool:
    """Whether a command says that there is no pytest where it looked."""
    return _NO_PYTEST.search(output) is not None


def asks(output: str) -> bool:
    """Whether a command waited for an answer, or found that there is none to be read."""
    return _END_OF_INPUT.search(output) is not None or _PROMPT.search(output.rstrip()) is not None
