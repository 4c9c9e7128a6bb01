"""What an output says of why a command failed, where a person would overlook it."""

from __future__ import annotations

import re

_NO_PYTEST = re.compile(
    r"No module named '?pytest'?\s*$|\bpytest['\u2019]?: (?:(?:command )?not found|No such file)|"
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
_BEFORE_TESTS = re.compile(r"(?m)^ERROR: (?!usage:)(.+)$")
_LIKE_PYTEST = re.compile(
    r"(?m)^=*\s*(?:no tests ran|(?:\d+ [a-z]+, )*\d+ "
    r"(?:passed|failed|skipped|deselected|xfailed|xpassed|warnings?|errors?))"
    r"(?:, \d+ [a-z]+)* in [\d.]+ ?s|^collected \d+ items?\b|^=+ test session starts =+$"
)


_UNFOUND = re.compile(
    r"(?m)^(?:[^\n]*: )?(?P<name>[^\s:]+): "
    r"(?:(?:command )?not found|No such file or directory|cannot execute: required file not found)"
    r"\s*$"
)
_NO_RIGHT = re.compile(r"(?m)^[^\n]*?(?P<name>[^\s:]+): Permission denied\s*$")


def unfound(output: str, status: int) -> str | None:
    """What to do where a shell ends with 126 or 127: it did not find a command, or may not run it.

    The command is named where the output names it.
    """
    if status == 127:
        found = [m["name"].strip("'\u2018\u2019") for m in _UNFOUND.finditer(output)]
        if not found:
            return "127 is bash's status for a command that was not found: install it, or say where"
        name = found[-1]
        if "/" in name:
            return f"there is no program `{name}` here: mend the path, or have it made before"
        return (
            f"the command `{name}` was not found: install it, mend its name, or say where it is, "
            f"such as `.venv/bin/{name}`"
        )
    if status == 126:
        denied = _NO_RIGHT.search(output)
        name = denied["name"] if denied else "the file"
        what = f"`{name}`" if denied else name
        return f"126: {what} can't be executed: `chmod +x` it, or name its interpreter before it"
    return None


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


def not_begun(output: str) -> tuple[str, str | None] | None:
    """What pytest said of why it did not begin, and what may be missing."""
    found = _USAGE.search(output)
    if found is None:
        found = _BEFORE_TESTS.search(output)
        if found is None:
            return None
        what = found[1].strip()
        absent = re.search(r"(?i)required plugins|importing plugin", what) is not None
        return what, "install the plugin there, or name it otherwise" if absent else None
    what = found[1].strip()
    words = set(what.split())
    if words & {"-n", "--dist", "--numprocesses"} or any(w.startswith("-n") for w in words):
        return what, "pytest-xdist is not installed there"
    return what, "see that the plugin which has it is installed there"


def reads_as_tests(output: str) -> bool:
    """Whether an output is like that of pytest, or says nothing."""
    return not output.strip() or _LIKE_PYTEST.search(output) is not None
