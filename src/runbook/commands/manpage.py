"""The man page, of the texts that the commands' help shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runbook import __version__
from runbook.views.commands import COMMANDS


def man_page(group: Any) -> str:
    """The page for section 1, of a group of commands, in man's own macros."""
    return "\n".join(_lines(group)) + "\n"


def _lines(group: Any) -> Iterator[str]:
    yield f'.TH RUNBOOK 1 "" "runbook {_escaped(__version__)}" "User Commands"'
    yield ".SH NAME"
    yield r"runbook \- carry out migration runbooks"
    yield ".SH SYNOPSIS"
    yield r".B runbook"
    yield r"[\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGUMENTS\fR]"
    yield ".SH DESCRIPTION"
    yield from _text(group.help or "")
    yield ".SH OPTIONS"
    yield from _options(group)
    yield ".SH COMMANDS"
    for name, command in group.commands.items():
        yield from _command(name, command)
    yield ".SH EXIT STATUS"
    for status, meaning in (
        ("0", "done"),
        ("1", "stopped: an edit, a check or a commit is not as the phase says"),
        ("2", "the command or a phase file is wrong; nothing was touched"),
        ("3", "a mistake in runbook itself"),
        ("4", "a person has to act"),
        ("130", "ended by Ctrl-C"),
    ):
        yield from (".TP", f".B {status}", _escaped(meaning))
    yield ".SH SEE ALSO"
    yield r".BR git (1)"
    yield ".PP"
    yield _escaped("runbook help shows all pages of the documentation.")


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = " ".join(
        each.metavar or each.name.upper()
        for each in command.params
        if each.param_type_name == "argument"
    )
    yield f'.SS "runbook {_escaped(f"{name} {arguments}".strip())}"'
    yield from _text(command.help or "")
    yield from _options(command)
    for given, meaning in COMMANDS[name].examples:
        yield from (".PP", f"Example, {_escaped(meaning)}:", ".RS 4", ".nf")
        yield _escaped(f"runbook {given}")
        yield from (".fi", ".RE")


def _options(command: Any) -> Iterator[str]:
    for each in command.params:
        if each.param_type_name == "option":
            names = ", ".join(rf"\fB{_escaped(opt)}\fR" for opt in each.opts)
            takes = "" if each.is_flag else rf" \fI{_escaped(_taken(each))}\fR"
            yield from (".TP", f"{names}{takes}", _escaped(each.help or ""))


def _taken(option: Any) -> str:
    choices = getattr(option.type, "choices", None)
    return "|".join(map(str, choices)) if choices else option.metavar or "TEXT"


def _text(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        yield ".PP"
        yield _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    """A text that roff takes for itself: no escapes, no macro at the beginning of a line."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text[:1] in ".'" else text
