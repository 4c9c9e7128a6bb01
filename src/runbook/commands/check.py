"""The command that looks phases over before they are carried out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import typer

from runbook.commands.arguments import Jobs, Json, stated_jobs
from runbook.commands.screen import hand_out, say
from runbook.core.model.diagnostics import Diagnostic, InvalidPhaseFiles
from runbook.core.record.exits import STOPPED, USAGE
from runbook.core.record.problems import Problem
from runbook.core.record.stepevents import CheckProved
from runbook.core.value import replace
from runbook.series.naming import named, phases_named, phases_of, refuse_both
from runbook.series.opening import Opened, UsageError, open_series
from runbook.views.screen import columns_of
from runbook.world.git.checkout import find_checkout

Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PHASE]...", help="phase-3, or just 3; with --diff also 3/1", show_default=False
    ),
]
Format = Literal["text", "json", "github"]


def check(
    phases: Names = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every phase of the series, as without a name.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write what the edits would change, as a patch.")
    ] = False,
    prove: Annotated[
        bool, typer.Option("--prove", help="Also run each check before and after, in scratch.")
    ] = False,
    jobs: Jobs = None,
    form: Annotated[Format, typer.Option("--format", help="How to write what is found.")] = "text",
    json: Json = False,
) -> None:
    """Show what will fail before anything runs: mistakes, conflicts, and lint.

    Nothing is touched or run, but with --prove, which runs in scratch worktrees of its own. The
    files are those of the commit that the worktree is on.
    """
    names = phases or []
    refuse_both(names, every=every)
    if diff and (json or form != "text"):
        raise UsageError("--diff writes a patch, which has no other format")
    if prove and (diff or form == "github"):
        raise UsageError("--prove runs the checks, and goes with --format text or json only")
    at_once = stated_jobs(jobs)
    if at_once is not None and not prove:
        raise UsageError("--jobs says how many checks run at once, and without --prove none runs")
    as_asked: Format = "json" if json else form
    try:
        opened = open_series()
    except InvalidPhaseFiles as invalid:
        if as_asked == "text":
            raise
        _write(as_asked, (_mistake(each) for each in invalid.diagnostics))
        raise typer.Exit(USAGE) from None
    if diff:
        raise typer.Exit(_diff(opened, names))
    raise typer.Exit(_check(opened, names, as_asked, at_once, prove=prove))


def _check(opened: Opened, names: list[str], form: Format, jobs: int | None, *, prove: bool) -> int:
    from runbook.series.checking import check_phases
    from runbook.views.checked import text_lines

    checked = check_phases(opened, phases_named(opened, names, task_by="check --diff"))
    status = STOPPED if checked.problems else 0
    if form == "text":
        columns = columns_of(sys.stdout)
        for line in text_lines(checked.phases, checked.problems, checked.notes, columns):
            say(line)
    if prove:
        from runbook.commands.prove import prove_phases

        proofs, proved = prove_phases(opened, checked.phases, jobs, quiet=form != "text")
        status = proved or status
        if form != "text":
            _write(form, checked.problems, proofs)
    elif form != "text":
        _write(form, checked.problems)
    return status


def _diff(opened: Opened, names: list[str]) -> int:
    """Write the composed difference; what keeps it from being whole goes to standard error."""
    from runbook.series.checking import check_phases, composed
    from runbook.views.checked import text_lines

    meant = [named(opened, name, "phase", "task") for name in names]
    checked = check_phases(opened, phases_of(opened, meant))
    patch = composed(checked, {each.id for each in meant})
    hand_out(patch)
    conflicts = [each for each in checked.problems if each.kind == "conflict"]
    if conflicts or not checked.is_whole:
        columns = columns_of(sys.stderr)
        for line in text_lines(checked.phases, conflicts, checked.notes, columns):
            say(line, err=True)
    return STOPPED if conflicts else 0


def _mistake(found: Diagnostic) -> Problem:
    return Problem("mistake", found.at, found.message, None, found.hint, found.excerpt, found.width)


def _write(
    form: Format, problems: Iterable[Problem], proofs: list[CheckProved] | None = None
) -> None:
    if form == "json":
        from runbook.views.jsonlines import event_line, state_line

        for problem in problems:
            hand_out(f"{state_line(problem)}\n")
        for proof in proofs or ():
            hand_out(f"{event_line(proof)}\n")
        return
    from runbook.views.checked import github_lines

    # GitHub finds files from the repository's root.
    start = Path.cwd().resolve()
    root = find_checkout(start).root
    for line in github_lines(
        replace(each, at=replace(each.at, path=os.path.relpath(start / each.at.path, root)))
        for each in problems
    ):
        hand_out(f"{line}\n")
