"""The commands for a run that has stopped."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from runbook.commands.arguments import EventsFile, GivenTo, Json, Yes, refuse_no_command
from runbook.commands.carry import carry
from runbook.commands.output import Output
from runbook.engine.contract.request import Request
from runbook.series.naming import named, named_at_work, named_waiting
from runbook.series.opening import UsageError, open_series

AtWork = Annotated[
    str | None,
    typer.Argument(
        metavar="[PHASE|TASK]", help="By default the one under way.", show_default=False
    ),
]

AcceptHead = Annotated[
    bool, typer.Option("--accept-head", help="Although HEAD moved since the last run.")
]


def retry(
    name: AtWork = None,
    accept_head: AcceptHead = False,
    yes: Yes = False,
    delegate: GivenTo = None,
    json: Json = False,
    events_file: EventsFile = None,
) -> None:
    """Put the files of the task that stopped back, and do it again.

    What they hold now is kept under rescued/ in the journal's folder.
    """
    opened = open_series()
    refuse_no_command(delegate)
    meant = named_at_work(opened, name, "phase", "task", "verification")
    from runbook.engine.verbs.retry import retry

    work = partial(retry, asked=meant.task_id)
    request = Request(accept_head=accept_head, yes=yes, delegate=delegate)
    carry(opened, (meant.phase,), Output(json, events_file), "retry", work, request)


def done(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[STEP]", help="By default the one that waits.", show_default=False),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", help="Why, where none of its files was changed; it is recorded."),
    ] = None,
    json: Json = False,
    events_file: EventsFile = None,
) -> None:
    """Say that a step which waits for a person is done, or is as it asks."""
    opened = open_series()
    meant = named_waiting(opened, name)
    from runbook.engine.verbs.done import done

    work = partial(done, asked=meant.id, reason=(reason or "").strip())
    carry(opened, (meant.phase,), Output(json, events_file), "done", work)


def skip(
    task: Annotated[str, typer.Argument(metavar="TASK", help="phase-3/task-1, or just 3/1")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is recorded.")],
    accept_head: AcceptHead = False,
    json: Json = False,
    events_file: EventsFile = None,
) -> None:
    """Leave a task out, for a reason; its files are put back if it has begun."""
    if not reason.strip():
        raise UsageError("say why: --reason is empty")
    opened = open_series()
    meant = named(opened, task, "task")
    from runbook.engine.verbs.skip import skip

    work = partial(skip, task=meant.id, reason=reason.strip(), phases=opened.loaded.phases)
    carry(
        opened,
        (meant.phase,),
        Output(json, events_file),
        "skip",
        work,
        Request(accept_head=accept_head),
    )


def abort(name: AtWork = None, json: Json = False, events_file: EventsFile = None) -> None:
    """Take the task that stopped back, if nobody has changed its files or HEAD since."""
    opened = open_series()
    meant = named_at_work(opened, name, "phase", "task")
    from runbook.engine.verbs.abort import abort

    work = partial(abort, asked=meant.task_id)
    carry(opened, (meant.phase,), Output(json, events_file), "abort", work)


def undo(
    name: Annotated[str, typer.Argument(metavar="PHASE|TASK", help="phase-3, or a task: 3/1")],
    verify: Annotated[
        bool, typer.Option("--verify", help="Then run the checks of all that is still done.")
    ] = False,
    json: Json = False,
    events_file: EventsFile = None,
) -> None:
    """Take commits of a phase or a task back, by commits that revert them.

    Runs pass over what is undone, until one is given --restart.
    """
    opened = open_series()
    meant = named(opened, name, "phase", "task")
    from runbook.engine.verbs.undo import undo

    work = partial(undo, task=meant.task_id, check=verify, phases=opened.loaded.phases)
    carry(opened, (meant.phase,), Output(json, events_file), "undo", work)


def repair(
    name: AtWork = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why; it is recorded. Without: only look.")
    ] = None,
    json: Json = False,
    events_file: EventsFile = None,
) -> None:
    """Show how finished tasks were changed in the phase file, and with a reason accept it."""
    opened = open_series()
    meant = named_at_work(opened, name, "phase", "task")
    from runbook.engine.verbs.repair import repair

    why = (reason or "").strip() or None
    work = partial(repair, task=meant.task_id, reason=why)
    request = Request(looks=why is None)
    carry(opened, (meant.phase,), Output(json, events_file), "repair", work, request)


def adopt(
    name: AtWork = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would become of the phase file.")
    ] = False,
    json: Json = False,
    events_file: EventsFile = None,
) -> None:
    """Write what was made by hand into the phase file, so that it runs elsewhere without hands."""
    opened = open_series()
    meant = named_at_work(opened, name, "phase", "task")
    from runbook.engine.verbs.adopt import adopt

    work = partial(adopt, task=meant.task_id, dry=dry_run)
    request = Request(looks=dry_run)
    carry(opened, (meant.phase,), Output(json, events_file), "adopt", work, request)
