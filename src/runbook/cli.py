"""The commands: each loads, chooses its views, drains the engine, and gives an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from runbook import __version__, failures, queries
from runbook.opening import UsageError, open_series, program

app = typer.Typer(
    name="runbook",
    help="Carry out migration runbooks: exact edits, checked evidence, commits; resumable.",
    epilog="A phase is a file such as phases/phase-3.yaml. Begin with: runbook check",
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Phases = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PHASE]...", help="phase-3, or just 3", show_default=False),
]


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
) -> None:
    """Carry out migration runbooks: exact edits, checked evidence, commits; resumable."""


@app.command()
def run(
    phases: Phases = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every phase of the series, in order.")
    ] = False,
    accept_head: Annotated[
        bool,
        typer.Option("--accept-head", help="Go on although HEAD moved since the last run."),
    ] = False,
) -> None:
    """Carry phases out; given again, go on where the last run stopped.

    Without a name: the phase that is under way, or the only one there is.
    """
    opened = open_series()
    if every and phases:
        raise UsageError("name phases, or say --all: not both")
    chosen = opened.choose(phases) if phases else opened.next_phases(every=every)
    from runbook.core.events import RunEnded
    from runbook.engine.series import Runner
    from runbook.views.console import console
    from runbook.world.environment import forget_git
    from runbook.world.interrupts import Interrupts

    forget_git(os.environ)
    status = 0
    roots = {each.id: opened.checkout.worktree(each.settings.worktree) for each in chosen}
    view = console(roots, program())
    with Interrupts() as interrupts:
        runner = Runner(opened.checkout, interrupts, accept_head, opened.folder, opened.complete)
        try:
            for event in runner.carry_out(chosen):
                view.show(event)
                if isinstance(event, RunEnded):
                    status = event.exit
        finally:
            view.close()
    raise typer.Exit(status)


@app.command()
def status(phases: Phases = None) -> None:
    """Show what is done, what stopped and why, and what to do next."""
    _write(queries.status(phases or []))


@app.command("list")
def list_phases() -> None:
    """List the phases of the series."""
    _write(queries.list_phases())


@app.command()
def check(phases: Phases = None) -> None:
    """Show every mistake in the phase files; nothing is touched or run."""
    _write(queries.check(phases or []))


@app.command()
def plan(
    phase: Annotated[str, typer.Argument(metavar="PHASE", help="phase-3, or just 3")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write to this file.")
    ] = None,
) -> None:
    """Write a phase as a Markdown plan for people and coding agents."""
    opened = open_series()
    (chosen,) = opened.choose([phase])
    from runbook.markdown.plan import plan as render

    text = render(opened.loaded.series, chosen)
    if output is None:
        sys.stdout.write(text)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{output} can't be written: {error.strerror}") from None
        typer.echo(f"wrote {output}")


@app.command()
def clean(
    branch: Annotated[bool, typer.Option("--branch", help="Delete the branch as well.")] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Even if that loses uncommitted changes or commits."),
    ] = False,
) -> None:
    """Remove the worktree of a series, and with --branch its branch."""
    opened = open_series()
    from runbook.engine.clean import Refused, clean
    from runbook.views.status import clean_lines
    from runbook.world.environment import forget_git

    forget_git(os.environ)
    names = dict.fromkeys(
        phase.settings.worktree for phase in opened.loaded.phases if phase.settings.worktree
    )
    if not names:
        typer.echo("The series names no worktree: there is nothing to remove.")
    for name in names:
        try:
            done = clean(opened.checkout, name, branch=branch, force=force)
        except Refused as refused:
            typer.echo("\n".join(refused.lines), err=True)
            raise typer.Exit(failures.STOPPED) from None
        lines = clean_lines(
            name,
            removed=done.worktree is not None,
            branch=done.branch,
            kept=done.kept_branch,
            lost=done.lost,
        )
        typer.echo("\n".join(lines))


def _write(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
