"""One attempt of a delegate: the command, held and watched, and what the gate finds afterwards."""

from __future__ import annotations

import shlex
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from runbook.core.check.outcome import Outcome
from runbook.core.handover.steering import may_change
from runbook.core.model.globs import literal_folder
from runbook.core.model.operations import Glob
from runbook.core.record.delegateevents import DelegateBegan
from runbook.core.record.events import Event, Stopped
from runbook.core.record.stepevents import CommandOutput
from runbook.core.value import replace, value
from runbook.engine.contract.stops import CannotContinue, reaching
from runbook.engine.delegates import elsewhere
from runbook.engine.delegates.guard import Found, look, take_guard
from runbook.engine.ground import putting
from runbook.engine.ground.context import DEFAULT_TIMEOUT, Context
from runbook.engine.ground.strangers import Gate, Guard
from runbook.engine.ground.targets import is_phase_file
from runbook.engine.outlook.assignment import Work, checks
from runbook.world.files.durable import make_folder, write_private
from runbook.world.files.removal import remove_tree
from runbook.world.files.workspace import FileState
from runbook.world.git.gitfailed import GitFailed
from runbook.world.processes import confinement, process
from runbook.world.processes.command import Command
from runbook.world.processes.supervision import NotStarted, SupervisorLost

_LIMIT = 30 * 60.0
"""Seconds that an attempt may take where nothing else is stated."""

_VARIABLE = 100_000
"""Bytes of a variable that are surely taken: Linux takes 128 KiB of one, with its name."""


class Unconfined(Exception):
    """The kernel does not hold the command, and it was to; why."""


@value
class Tried:
    """What an attempt left. Without an `outcome` the command could not be run, and why `failed`."""

    outcome: Outcome | None
    failed: str
    found: Found
    log: str
    confined: bool


def carry_out(
    context: Context,
    work: Work,
    attempt: int,
    text: str,
    session: str,
    files: dict[str, FileState | None],
) -> Generator[Event, None, Tried]:
    """Run the command with its brief, and look at what it has changed.

    Raises:
        Unconfined: it was not run.
        CannotContinue: what it did can't be put back.
    """
    log = context.journal.log(work.where, f"attempt-{attempt}")
    with _folder_for_a_while(log.with_suffix(".tmp")) as temporary:
        return (yield from _run(context, work, attempt, text, session, files, log, temporary))


@contextmanager
def _folder_for_a_while(folder: Path) -> Iterator[Path]:
    """A folder for temporary files, which is gone afterwards with all that is in it."""
    make_folder(folder)
    try:
        yield folder
    finally:
        remove_tree(folder, ignore_errors=True)


def _run(
    context: Context,
    work: Work,
    attempt: int,
    text: str,
    session: str,
    files: dict[str, FileState | None],
    log: Path,
    temporary: Path,
) -> Generator[Event, None, Tried]:
    """The same, with a log, and a folder for temporary files."""
    brief = log.with_suffix(".brief.md")
    told = text.encode("utf-8", "surrogateescape")
    write_private(brief, told, anew=True)
    own = [context.workspace.folder / name for name in files]
    folders = [*_folders(context, work)]
    launcher, why_not = confinement.launcher(
        work.delegate.confine.mode,
        [*own, *(each / "*" for each in folders if each != context.repository.root)],
        (str(temporary), *work.delegate.confine.write),
        context.repository.root,
    )
    if launcher is None:
        raise Unconfined(why_not)
    confined = not why_not and not work.delegate.confine.write
    guard = take_guard(context, confined=confined)
    images = tuple(
        putting.plan(context.journal, name, state, None).image() for name, state in files.items()
    )
    command = _command(context, work, attempt, session, brief, log, (*own, *folders))
    if not why_not:
        held = {**command.env, "TMPDIR": str(temporary)}
        command = replace(command, env=held, launcher=launcher)
    yield DelegateBegan(
        work.where, attempt, work.delegate.attempts, command.text, context.journal.store(told),
        images, guard.repository, guard.inventory, why_not,
    )  # fmt: skip
    before = elsewhere.changed(context) if why_not else {}
    # All that may have to be given back: also of attempts before, and of steps before.
    kept = context.journal.kept(context.journal.progress.images())
    outcome: Outcome | None = None
    failed = ""
    try:
        with process.start(command, context.interrupts) as running:
            for shown in running:
                yield CommandOutput(work.where, shown)
        outcome = running.outcome
    except (NotStarted, SupervisorLost) as error:
        failed = f"the delegate could not be run: {error}"
    changed = context.journal.made_good(kept)
    found = _through_the_gate(context, work, guard)
    if changed:
        found = replace(found, refused=("runbook's own journal was changed", *found.refused))
    if why_not:
        # Nothing has kept it from that.
        found = replace(found, warnings=(*found.warnings, *elsewhere.since(context, before)))
    return Tried(outcome, failed, found, str(log), not why_not)


def _command(
    context: Context,
    work: Work,
    attempt: int,
    session: str,
    brief: Path,
    log: Path,
    watched: tuple[Path, ...],
) -> Command:
    delegate = work.delegate
    assert delegate.run is not None
    return Command(
        text=_filled(delegate.run, brief, session),
        cwd=context.folder(context.repository.root, work.phase),
        env=context.environment(work.phase) | _variables(work, brief, attempt, session),
        timeout=delegate.timeout or max(_LIMIT, work.phase.settings.timeout or DEFAULT_TIMEOUT),
        log=log,
        probe=False,
        secrets=context.secrets(work.phase),
        held=context.journal.lock,
        stdin=brief,
        idle=delegate.idle,
        watched=watched,
    )


def _folders(context: Context, work: Work) -> Iterator[Path]:
    """The folders in which patterns may stand for files that are not there yet."""
    for each in work.targets:
        if isinstance(each, Glob):
            yield context.workspace.folder / literal_folder(each.pattern)


def _through_the_gate(context: Context, work: Work, guard: Guard) -> Found:
    with reaching(work.where, work.step):
        try:
            return look(context, guard, _gate(context, work))
        except GitFailed as error:
            message = "what the delegate did to the repository can't be put back"
            stopped = Stopped("refused", work.where, str(work.step.at), message, output=str(error))
            raise CannotContinue(stopped) from None


def _gate(context: Context, work: Work) -> Gate:
    inside = context.workspace.prefix
    return Gate(
        lambda path: (
            path.startswith(inside) and may_change(path.removeprefix(inside), work.targets)
        ),
        of_series=partial(is_phase_file, context),
        carried=work.phase.settings.carry or (),
        judged_elsewhere=work.delegate.judge != "here" and bool(checks(work.task, work.begin)),
    )


def _filled(command: str, brief: Path, session: str) -> str:
    """The command with what it asks for in its place."""
    return command.replace("{brief}", shlex.quote(str(brief))).replace("{session}", session)


def _variables(work: Work, brief: Path, attempt: int, session: str) -> dict[str, str]:
    return {
        "RUNBOOK_BRIEF": str(brief),
        "RUNBOOK_STEP": work.where,
        "RUNBOOK_FILES": _beginning("\n".join(str(each) for each in work.targets)),
        "RUNBOOK_INSTRUCTIONS": _beginning(work.step.instructions),
        "RUNBOOK_ATTEMPT": str(attempt),
        "RUNBOOK_SESSION": session,
    }


def _beginning(text: str) -> str:
    """As much of a text as goes into a variable, in whole lines if it has any."""
    data = text.encode("utf-8", "surrogateescape")
    if len(data) <= _VARIABLE:
        return text
    cut = data[:_VARIABLE]
    return (cut.rpartition(b"\n")[0] or cut).decode("utf-8", "ignore")
