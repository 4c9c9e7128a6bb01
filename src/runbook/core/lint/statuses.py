"""RB101, RB102, RB103: commands whose exit status does not count.

Commands run under `bash -o pipefail`, so a failure at the left of a pipe is not lost by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.lint.finding import Finding
from runbook.core.model.model import Run, Verify
from runbook.core.shell.launching import SHELLS, handed_over, launched
from runbook.core.shell.script import Script, SimpleCommand, parse

_PIPES = ("|", "|&")
_ENDS = (";", "\n", "&")
# What makes no statement of its own whose failure anyone would want to see.
_SILENT = frozenset(
    {"set", "shopt", "export", "declare", "local", "readonly", "trap", "unset", "alias", "umask",
     "echo", "printf", "true", ":", "sleep", "wait"}
)  # fmt: skip
_ALL_BUT_THE_LAST = r"(?:^|\s)(?:-[nc] ?|--(?:lines|bytes)[= ])-\d"
_ALWAYS_SUCCEED = frozenset({"true", ":", "echo", "printf"})


def statuses(step: Run | Verify, script: Script) -> Iterator[Finding]:
    """Look at every pipe, sequence and alternative of a command."""
    for command in script.commands:
        yield from _nested(step, command)
    yield from _pipes(step, script)
    yield from _sequences(step, script)
    yield from _alternatives(step, script)


def _pipes(step: Run | Verify, script: Script) -> Iterator[Finding]:
    off = False
    for command in script.commands:
        if command.name == "set" and "pipefail" in command.arguments:
            off = command.arguments[:1] == ("+o",)
        if command.before not in _PIPES:
            continue
        if off:
            yield _finding(
                step, "RB101", command,
                f"`set +o pipefail` hides the exit status of what writes into `{command.name}`",
                "leave pipefail on, as runbook sets it",
            )  # fmt: skip
        elif _stops_reading(command):
            yield _finding(
                step, "RB101", command,
                f"`{_short(command)}` stops reading early, which kills what writes into it",
                "leave the output whole: runbook keeps it in a log and shows its end",
            )  # fmt: skip


def _stops_reading(command: SimpleCommand) -> bool:
    name, arguments = command.name, command.arguments
    match name:
        case "head":
            # All but the last lines are known at the end only.
            return not re.search(_ALL_BUT_THE_LAST, " ".join(arguments))
        case "grep" | "egrep" | "fgrep" | "rg":
            return any(
                argument in ("--quiet", "--silent") or argument.startswith("--max-count")
                or re.fullmatch(r"-[A-Za-z]*[qm]\d*", argument)
                for argument in arguments
            )  # fmt: skip
        case "sed":
            return any(re.search(r"(?:^|[;{}\s\d$/])[qQ]\d*\s*(?:$|[;}])", a) for a in arguments)
        case "awk" | "gawk":
            # What `END` does is done when all is read.
            return any(
                re.search(r"\bexit\b", re.sub(r"(?s)\bEND\s*\{.*", "", argument))
                for argument in arguments
            )
        case _:
            return False


def _sequences(step: Run | Verify, script: Script) -> Iterator[Finding]:
    if script.compound:
        return
    stops = False
    for index, command in enumerate(script.commands[:-1]):
        stops = _stops_at_failure(command, stops)
        # A pipeline or a list of `&&` has its status from its last part.
        if command.after not in _ENDS or (stops and command.after != "&"):
            continue
        if command.name in _SILENT or not command.words:
            continue
        following = script.commands[index + 1]
        if "$?" in str(following) or "PIPESTATUS" in str(following):
            continue
        if command.after == "&":
            message = f"`{_short(command)} &` runs in the background, and its exit status is lost"
            hint = "run it in the foreground, or make it a service"
        else:
            sign = "`;`" if command.after == ";" else "the end of its line"
            message = f"{sign} loses the exit status of `{_short(command)}`"
            hint = "join the commands by `&&`"
        yield _finding(step, "RB102", command, message, hint)
    last = script.commands[-1] if script.commands else None
    if last is not None and last.after == "&":
        message = f"`{_short(last)} &` runs in the background, and its exit status is lost"
        yield _finding(
            step, "RB102", last, message, "run it in the foreground, or make it a service"
        )


def _stops_at_failure(command: SimpleCommand, before: bool) -> bool:
    """Whether a script stops at a failure after a command, from whether it did `before` it."""
    for sign in "-+" if command.name == "set" else "":
        flags = rf"\{sign}[a-z]*e[a-z]*"
        if any(re.fullmatch(flags, argument) for argument in command.arguments) or (
            "errexit" in command.arguments and f"{sign}o" in " ".join(command.arguments)
        ):
            before = sign == "-"
    return before


def _alternatives(step: Run | Verify, script: Script) -> Iterator[Finding]:
    judged = isinstance(step, Verify) and step.expect.looks_at_output
    for command in script.commands:
        if command.before != "||" or command.after in ("&&", *_PIPES):
            continue
        always = command.name in _ALWAYS_SUCCEED or (
            command.name == "exit" and command.arguments in ((), ("0",))
        )
        said = command.name in ("echo", "printf") and judged
        if always and not said:
            yield _finding(
                step, "RB103", command,
                f"`|| {_short(command)}` turns every failure into success",
                "let it fail, or state the status that is right with `expect: {exit: …}`",
                f"|| {command}",
            )  # fmt: skip


def _nested(step: Run | Verify, command: SimpleCommand) -> Iterator[Finding]:
    """A script that is handed to another shell, where there is no pipefail."""
    words = launched(command.words)
    name = words[0].name if words else ""
    if name not in SHELLS or any(word.text == "pipefail" for word in words):
        return
    for script in handed_over(command):
        for inner in parse(script).commands:
            if inner.after in _PIPES and "pipefail" not in script:
                yield _finding(
                    step, "RB101", command,
                    f"in `{name} -c` there is no pipefail: the pipe hides the exit status of "
                    f"`{_short(inner)}`",
                    f"give the command without `{name} -c`, or begin it with `set -o pipefail`",
                )  # fmt: skip


def _short(command: SimpleCommand) -> str:
    text = " ".join(str(command).split())
    return text if len(text) <= 40 else f"{text[:39]}…"


def _finding(
    step: Run | Verify,
    code: str,
    command: SimpleCommand,
    message: str,
    hint: str,
    text: str | None = None,
) -> Finding:
    key = "verify" if isinstance(step, Verify) else "run"
    return Finding(code, step.at, message, hint, key=key, text=text or str(command))
