"""The command line, made of those of its commands that are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Annotated, Any

import typer

from runbook import __version__
from runbook.series.opening import enter
from runbook.views.commands import COMMANDS, epilog

_OF_ALL = ("help",)
"""Those that tell of the others."""


def command(name: str) -> Callable[..., None]:
    """The function of a command."""
    module, function = COMMANDS[name].place.split(".")
    found: Callable[..., None] = getattr(import_module(f"runbook.commands.{module}"), function)
    return found


def called(arguments: list[str]) -> Iterable[str]:
    """The commands that arguments can be for: one, or all where that is not plain to see."""
    if arguments[:1] == ["-C"]:
        arguments = arguments[2:]
    name = arguments[0] if arguments else ""
    return [name] if name in COMMANDS and name not in _OF_ALL else COMMANDS


def application(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with some of its commands.

    All of them take longer to make than most of them to do what they do.
    """
    app = typer.Typer(**_SETTINGS)
    app.callback()(_root)
    for name in names:
        function = command(name)
        # In lists the whole first sentence stands; what is left to typer is cut off at the width.
        first = " ".join((function.__doc__ or "").partition("\n\n")[0].split())
        app.command(name, short_help=first, epilog=epilog(name))(function)
    return app


_SETTINGS: dict[str, Any] = {
    "name": "runbook",
    "help": "Carry out migration runbooks: exact edits, checked evidence, commits; resumable.",
    "epilog": "A phase is a file such as phases/phase-3.yaml. Begin with: runbook check\n\n"
    "More on a command or a subject: runbook help TOPIC",
    "no_args_is_help": True,
    "rich_markup_mode": None,
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


def _enter(folder: str | None) -> None:
    if folder is not None:
        enter(folder)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"runbook {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    folder: Annotated[
        str | None, typer.Option("-C", metavar="DIR", callback=_enter, help="Begin in this folder.")
    ] = None,
) -> None:
    """Carry out migration runbooks: exact edits, checked evidence, commits; resumable."""
