"""The command that removes a series' worktree."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from runbook.commands.screen import say
from runbook.core.record.exits import STOPPED
from runbook.series.opening import open_series


def clean(
    branch: Annotated[bool, typer.Option("--branch", help="Delete the branch as well.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Even if that loses uncommitted changes or commits.")
    ] = False,
) -> None:
    """Remove the worktree of a series, and with --branch its branch."""
    opened = open_series()
    from runbook.engine.verbs.clean import Refused, clean
    from runbook.views.status import clean_lines
    from runbook.world.git.ownership import refuse_foreign
    from runbook.world.processes.environment import forget_git

    forget_git(os.environ)
    refuse_foreign(opened.checkout.root)
    names = dict.fromkeys(
        phase.settings.worktree for phase in opened.loaded.phases if phase.settings.worktree
    )
    if not names:
        say("The series names no worktree: there is nothing to remove.")
    stopped = False
    for name in names:
        try:
            done = clean(opened.checkout, name, branch=branch, force=force)
        except Refused as refused:
            say("\n".join(refused.lines), err=True)
            stopped = True
            continue
        lines = clean_lines(
            name,
            removed=done.worktree is not None,
            branch=done.branch,
            kept=done.kept_branch,
            lost=done.lost,
        )
        say("\n".join(lines))
    if stopped:
        raise typer.Exit(STOPPED)
