"""What an output says of why a command failed, where a person would overlook it."""

from __future__ import annotations

import re

from runbook.core.patterns import regex
from runbook.core.shell.probing import PROBE

_NO_PYTEST = regex(
    r"No module named '?pytest'?\s*$|\bpytest['\u2019]?: (?:(?:command )?not found|No such file)|"
    r"(?:Failed to spawn|can't open file|executable file not found|[Cc]ommand not found)"
    r"\W.{0,60}\bpytest\b",
    re.MULTILINE,
)
_NO_PROBE = f'Error importing plugin "{PROBE}"'
KEEP_PATH = (
    "where the command sets PYTHONPATH, as in a makefile, keep what it held before: "
    "`PYTHONPATH=src:$PYTHONPATH`; `python -I` and `python -E` do not look at it"
)
_END_OF_INPUT = regex(
    r"EOFError\b|EOF when reading|unexpected end of (?:file|input) on stdin|end of file on stdin|"
    r"(?:stdin|standard input|input device) is not a (?:tty|terminal)|"
    r"Inappropriate ioctl for device|/dev/tty: No such device",
    re.IGNORECASE,
)
_PROMPT = regex(
    r"(?:\[y(?:es)?/n(?:o)?\]|\(y(?:es)?/n(?:o)?\)|\by/n\b|"
    r"password(?: for [^:\n]*)?|passphrase[^:\n]*|"
    r"\b(?:continue|proceed|overwrite|sure|confirm)\b[^\n]*\?|press (?:any key|enter)|"
    r"(?:enter|type|choose|select)\b[^\n]*)[\s:?>\]]*\Z",
    re.IGNORECASE,
)

# bash shows the question of a `read` on a terminal only.
_READ = regex(
    r"(?:^|[;&]|\b(?:if|then|do|until|select)\s)\s*(?:IFS=\S*\s+)?read\b(?![^\n;]*<)", re.MULTILINE
)

ASKS = (
    "it asks for an answer, and standard input is empty: give it the option that answers, "
    "such as `--yes`, or what to read: `< FILE`"
)

_USAGE = regex(r"(?m)^ERROR: usage: [^\n]*(?:\n[^\n]*)*?\n[^\n:]+: error: (?P<what>.*)$")
_PYTEST = "_pytest"
_INTERNAL = regex(r"(?m)^INTERNALERROR> (\w[\w.]*(?:: .*)?)$")
_REFUSED = regex(
    r"(?m)^ERROR: (?!usage: )(?P<error>.+)$|^!+ _pytest\.outcomes\.Exit: (?P<exit>.*?) !+$|"
    r"^(?:ImportError|Error) while loading .*(?:\n.*)*?\nE   (?P<load>\S.*)$"
)
_RAISED = regex(r"(?m)^((?:\w+\.)*\w*(?:Error|Exception|Exit|Interrupt)(?:: .*)?)$")
"""How pytest says what keeps it from its work, and how Python does where that is in its way."""
_PLUGIN = regex(r"(?i)required plugins|importing plugin")
_PLUGIN_HINT = "install the plugin there, or name it otherwise"
_LIKE_PYTEST = regex(
    r"(?m)^=*\s*(?:no tests ran|(?:\d+ [a-z]+, )*\d+ "
    r"(?:passed|failed|skipped|deselected|xfailed|xpassed|warnings?|errors?))"
    r"(?:, \d+ [a-z]+)* in [\d.]+ ?s|^collected \d+ items?\b|^=+ test session starts =+$"
)


_UNFOUND = regex(
    r"(?m)^(?:[^\n]*: )?(?P<name>[^\s:]+): "
    r"(?:(?:command )?not found|No such file or directory|cannot execute: required file not found)"
    r"\s*$"
)
_NO_RIGHT = regex(r"(?m)^[^\n]*?(?P<name>[^\s:]+): Permission denied\s*$")


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


def lost_probe(output: str) -> bool:
    """Whether pytest failed because it did not find what is to watch it."""
    return _NO_PROBE in output


def asks(output: str, command: str) -> bool:
    """Whether a command waited for an answer, or found that there is none to be read."""
    return (
        _END_OF_INPUT.search(output) is not None
        or _PROMPT.search(output.rstrip()) is not None
        or (not output.strip() and _READ.search(command) is not None)
    )


def refused_by_pytest(output: str) -> tuple[str, str | None] | None:
    """What pytest itself says that kept it from running tests, and what may be missing."""
    usage = _USAGE.search(output)
    if usage is not None:
        what = usage["what"].strip()
        return what, _missing(what) if what.startswith("unrecognized arguments: ") else None
    refused = _REFUSED.search(output)
    if refused is not None:
        what = next(text for text in refused.groups() if text is not None).strip()
        return what, _PLUGIN_HINT if _PLUGIN.search(what) else None
    _, _, traceback = output.rpartition("Traceback (most recent call last):\n")
    raised = _INTERNAL.findall(output) or (_RAISED.findall(traceback) if _PYTEST in output else [])
    return (raised[-1], None) if raised else None


def _missing(unrecognized: str) -> str:
    words = unrecognized.split()
    if any(word in ("--dist", "--numprocesses") or word.startswith("-n") for word in words):
        return "pytest-xdist is not installed there"
    return "see that the plugin which has it is installed there"


def reads_as_tests(output: str) -> bool:
    """Whether an output is like that of pytest, or says nothing."""
    return not output.strip() or _LIKE_PYTEST.search(output) is not None
