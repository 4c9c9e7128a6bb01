"""The command line: its commands by their names, in the order in which help lists them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from runbook import __version__
from runbook.commands import (
    author,
    check,
    completion,
    help,
    importing,
    log,
    look,
    plans,
    report,
    run,
    schemas,
    verbs,
    worktree,
)
from runbook.commands.examples import epilog
from runbook.series.opening import enter

app = typer.Typer(
    name="runbook",
    help="Carry out migration runbooks: exact edits, checked evidence, commits; resumable.",
    epilog="A phase is a file such as phases/phase-3.yaml. Begin with: runbook check\n\n"
    "More on a command or a subject: runbook help TOPIC",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

COMMANDS: dict[str, Callable[..., None]] = {
    "init": author.init,
    "new": author.new,
    "run": run.run,
    "done": verbs.done,
    "retry": verbs.retry,
    "skip": verbs.skip,
    "abort": verbs.abort,
    "undo": verbs.undo,
    "repair": verbs.repair,
    "adopt": verbs.adopt,
    "status": look.status,
    "next": look.next_step,
    "show": look.show,
    "log": log.log,
    "report": report.report,
    "audit": look.audit,
    "list": look.list_phases,
    "check": check.check,
    "plan": plans.plan,
    "import": importing.import_plans,
    "clean": worktree.clean,
    "fmt": author.fmt,
    "schema": schemas.schema,
    "completion": completion.completion,
    "help": help.show_help,
}
for name, command in COMMANDS.items():
    # In lists the whole first sentence stands; what is left to typer is cut off at the width.
    first = " ".join((command.__doc__ or "").partition("\n\n")[0].split())
    app.command(name, short_help=first, epilog=epilog(name))(command)


def _enter(folder: str | None) -> None:
    if folder is not None:
        enter(folder)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"runbook {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
    folder: Annotated[
        str | None,
        typer.Option("-C", metavar="DIR", callback=_enter, help="Begin in this folder."),
    ] = None,
) -> None:
    """Carry out migration runbooks: exact edits, checked evidence, commits; resumable."""
