"""The command that carries phases out."""

from __future__ import annotations

from typing import Annotated

import typer

from runbook.commands.arguments import (
    EventsFile,
    GivenTo,
    Jobs,
    Json,
    JunitFile,
    Notify,
    Phases,
    Quiet,
    Verbose,
    Yes,
    refuse_no_command,
    stated_jobs,
)
from runbook.commands.carry import at_a_terminal, carry
from runbook.commands.output import Output
from runbook.commands.screen import say
from runbook.core.model.model import Phase
from runbook.engine.contract.request import Request
from runbook.series.opening import Opened, UsageError, open_series
from runbook.series.scoping import scoped

AcceptHead = Annotated[
    bool, typer.Option("--accept-head", help="Go on although HEAD moved since the last run.")
]

NoReuse = Annotated[
    bool, typer.Option("--no-reuse", help="Run each check, even on the same files as before.")
]


def run(
    phases: Phases = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every phase of the series, in order.")
    ] = False,
    accept_head: AcceptHead = False,
    first: Annotated[
        str | None, typer.Option("--from", metavar="TASK", help="Begin at this task or phase.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TASK", help="End after this task or phase.")
    ] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="TASK", help="Carry out this task and no other.")
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Do what was skipped or undone after all.")
    ] = False,
    step: Annotated[
        bool, typer.Option("--step", help="Ask before each step: yes, no, show, quit.")
    ] = False,
    yes: Yes = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen; nothing is done.")
    ] = False,
    no_notes: Annotated[
        bool, typer.Option("--no-notes", help="Add no git notes with the evidence to commits.")
    ] = False,
    delegate: GivenTo = None,
    prove: Annotated[
        bool, typer.Option("--prove", help="See each check fail where its phase began.")
    ] = False,
    no_reuse: NoReuse = False,
    jobs: Jobs = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    notify: Notify = False,
    json: Json = False,
    events_file: EventsFile = None,
    junit: JunitFile = None,
) -> None:
    """Carry phases out; given again, go on where the last run stopped.

    Without a name: the phase that is under way, or the only one there is.
    """
    opened = open_series(runs=not dry_run)
    refuse_no_command(delegate)
    asked = Request(
        first, until, only, restart=restart, accept_head=accept_head, step=step, prove=prove,
        notes=not no_notes, yes=yes, delegate=delegate, reuse=not no_reuse,
        verbose=verbose, jobs=stated_jobs(jobs),
    )  # fmt: skip
    chosen, request = scoped(opened, phases or [], asked, every=every)
    _refuse_contradictions(step=step, json=json, dry_run=dry_run, files=bool(events_file or junit))
    if dry_run:
        raise typer.Exit(_foresee(opened, chosen, request))
    carry(opened, chosen, Output(json, events_file, quiet, notify, junit), request=request)


def _refuse_contradictions(*, step: bool, json: bool, dry_run: bool, files: bool) -> None:
    if step and (json or not at_a_terminal()):
        raise UsageError("--step asks on a terminal, and this is none")
    if dry_run and (step or json):
        raise UsageError("--dry-run does nothing: give it without --step and --json")
    if dry_run and files:
        raise UsageError("--dry-run has no events: give it without --events and --junit")


def _foresee(opened: Opened, phases: tuple[Phase, ...], request: Request) -> int:
    """Show what a run would do; returns the exit status that it would end with."""
    from runbook.core.record.exits import exit_status
    from runbook.series.dryrun import dry_run
    from runbook.series.standing import look
    from runbook.views.foreseen import foreseen_lines, heading
    from runbook.world.files.journallock import JournalLocked, locked_by

    for phase in phases:
        at_work = locked_by(opened.journal(phase))
        if at_work is not None:
            raise JournalLocked(at_work, opened.root(phase))
    seen = look(opened, accept_head=request.accept_head)
    status = 0
    shown = None
    foreseen = dry_run(opened, phases, lambda each: seen[each.id].progress, request)
    for phase, each in foreseen:
        if phase is not shown:
            say(heading(phase))
            shown = phase
        for line in foreseen_lines(phase, each, opened.roots, brief=status != 0):
            say(line)
        if each.stopped is not None:
            status = status or exit_status(each.stopped)
    return status
