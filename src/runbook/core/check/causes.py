"""What an output says of why a command failed, where a person would overlook it."""

from __future__ import annotations

import re

_NO_PYTEST = re.compile(
    r"No module named '?pytest'?\s*$|\bpytest: (?:(?:command )?not found|No such file)|"
    r"(?:Failed to spawn|can't open file|executable file not found|[Cc]ommand not found)"
    r"\W.{0,60}\bpytest\b",
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

# bash shows the question of a `read` on a terminal only.
_READ = re.compile(
    r"(?:^|[;&]|\b(?:if|then|do|until|select)\s)\s*(?:IFS=\S*\s+)?read\b(?![^\n;]*<)", re.MULTILINE
)

ASKS = (
    "it asks for an answer, and standard input is empty: give it the option that answers, "
    "such as `--yes`, or what to read: `< FILE`"
)


_USAGE = re.compile(r"(?m)^[^\n:]*\bpytest[^\n:]*: error: (unrecognized arguments: .*)$")


def lacks_pytest(output: str) -> bool:
    """Whether a command says that there is no pytest where it looked."""
    return _NO_PYTEST.search(output) is not None


def asks(output: str, command: str) -> bool:
    """Whether a command waited for an answer, or found that there is none to be read."""
    return (
        _END_OF_INPUT.search(output) is not None
        or _PROMPT.search(output.rstrip()) is not None
        or (not output.strip() and _READ.search(command) is not None)
    )


def refused_arguments(output: str) -> tuple[str, str] | None:
    """What pytest said of arguments that it does not know, and what may be missing."""
    found = _USAGE.search(output)
    if found is None:
        return None
    what = found[1].strip()
    words = set(what.split())
    if words & {"-n", "--dist", "--numprocesses"} or any(w.startswith("-n") for w in words):
        return what, "pytest-xdist is not installed there"
    return what, "see that the plugin which has it is installed there"
