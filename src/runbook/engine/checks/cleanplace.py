"""A clean place to judge work in: a scratch worktree with just the files that are the task's.

What else lies about in a worktree, ignored or not, is not there, and can't sway a check.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from runbook.core.check.causes import unfound
from runbook.core.check.evidence import Evidence
from runbook.core.check.expectations import Verdict
from runbook.core.check.outcome import Outcome
from runbook.core.check.proving import nothing_tested
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase, Verify
from runbook.core.position import Position
from runbook.core.record import stepevents
from runbook.core.record.events import Event, Stopped, WorktreeSetUp
from runbook.core.value import replace
from runbook.engine.checks.command import run, run_tries
from runbook.engine.contract.stops import CannotContinue, Placed, lost_hint, reaching, stop
from runbook.engine.ground.context import Context
from runbook.engine.ground.order import Order
from runbook.world.files.workspace import FileState, Workspace, data_of
from runbook.world.git import submodules
from runbook.world.git.checkout import Checkout
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.overlooked import ignored_at_top

T = TypeVar("T")

_SHOWN = 4000  # characters of the output's end that a failed setup shows
_IGNORED = 6  # names that git ignores, of which a hint tells


def clean_place(
    context: Context, files: Mapping[str, FileState | None], where: str, at: Position
) -> Path:
    """The top folder of a worktree of HEAD in which some files, named from there, are as said.

    Raises:
        CannotContinue: git can't make one.
    """
    head = context.repository.head().commit
    try:
        if head is None:
            raise GitFailed("there is no commit yet")
        root = context.scratches.fresh(head)
    except GitFailed as error:
        message = f"no clean worktree to judge the work in could be made: {error}"
        here = "say `judge: here` under `delegate:` to have it judged in the worktree itself"
        hint = lost_hint(str(error)) or here
        raise CannotContinue(Stopped("refused", where, str(at), message, hint=hint)) from None
    workspace = Workspace(root, None)
    for path, state in files.items():
        now = workspace.read(path)
        if state is not None:
            workspace.write(path, state.data, state.mode, data_of(now))
        elif now is not None:
            workspace.remove(path, now.data)
    return root


def tried(
    context: Context,
    phase: Phase,
    check: Verify,
    at: Placed,
    where: StepId,
    files: Mapping[str, FileState | None],
    retries: int = 0,
) -> Generator[Event, None, tuple[Outcome, str, Verdict]]:
    """Run a check in a clean place with some files, for the step `where`, as `tried_in` does.

    Raises:
        CannotContinue: no such place can be made, or made ready; or interrupted.
    """
    with reaching(where, at):
        root = clean_place(context, files, where, at.at)
    try:
        yield from prepared(context, phase, root, where, at)
        return (yield from tried_in(context, phase, check, where, root, retries))
    finally:
        # One at a time: each attempt needs a few, and each may be as big as the repository.
        context.scratches.remove(root)


def tried_in(
    context: Context, phase: Phase, check: Verify, where: StepId, root: Path, retries: int = 0
) -> Generator[Event, None, tuple[Outcome, str, Verdict]]:
    """Run a check in a worktree for the step `where`, as `run_tries` does.

    The roots of pytest are paths from there.
    """
    # What was shown of other files, or to somebody else, does not count here.
    order = Order(where, check, root, "task", again=True)
    outcome, log, verdict = yield from quietly(run_tries(context, phase, order, retries))
    runs = tuple(replace(each, root=_below(root, each.root)) for each in outcome.evidence.runs)
    return replace(outcome, evidence=Evidence(runs)), log, verdict


def _below(root: Path, folder: str) -> str:
    """A folder as a path from one that it lies in; empty where it is that, or lies elsewhere."""
    path = os.path.relpath(os.path.realpath(folder), os.path.realpath(root)) if folder else "."
    return "" if path.partition("/")[0] in (".", "..") else path


def prepared(
    context: Context, phase: Phase, root: Path, where: StepId, step: Placed
) -> Iterator[Event]:
    """Make a scratch worktree ready, once: what the series carries, its `setup`, submodules.

    Raises:
        CannotContinue: the setup failed, or could not be run.
    """
    if root in context.scratches.ready:
        return
    origin = context.origin or context.repository.root
    _carry(origin, root, phase.settings.carry or ())
    yield from _set_up(context, phase, root, where, step, "a scratch worktree")
    # After the setup, which may have git clone them.
    submodules.put_in(origin, root)
    context.scratches.ready.add(root)


def worktree_ready(context: Context, phase: Phase) -> Iterator[Event]:
    """Make the worktree of a series ready: what is carried along, and once for each its `setup`.

    Raises:
        CannotContinue: the setup failed, or could not be run.
    """
    repository, setup = context.repository, phase.settings.setup
    if phase.settings.worktree is None or context.origin is not None:
        return
    checkout = Checkout(repository.root, repository.git_dir, repository.common_dir)
    _carry(checkout.main_worktree, repository.root, phase.settings.carry or ())
    if setup is not None and setup != context.journal.progress.set_up:
        where = StepId(f"{phase.id}/setup")
        yield from _set_up(context, phase, repository.root, where, phase, "the worktree")
        yield WorktreeSetUp(phase.settings.worktree, setup)


def _set_up(
    context: Context, phase: Phase, root: Path, where: StepId, step: Placed, place: str
) -> Iterator[Event]:
    setup = phase.settings.setup
    if setup is not None:
        order = Order(where, Verify(setup, at=step.at), root, "task")
        outcome, log = yield from quietly(run(context, phase, order))
        if outcome.exit != 0:
            message = f"`setup: {setup.strip()}` ended with {outcome.exit} in {place}"
            told = stop("refused", where, step, message, output=outcome.tail[-_SHOWN:], log=log)
            raise CannotContinue(told)


def quietly(events: Generator[Event, None, T]) -> Generator[Event, None, T]:
    """The events of a command that is no step's own: services and output, not its own account."""
    while True:
        try:
            event = next(events)
        except StopIteration as ended:
            result: T = ended.value
            return result
        if not isinstance(event, stepevents.CommandBegan | stepevents.CommandEnded):
            yield event


def _carry(origin: Path, root: Path, names: tuple[str, ...]) -> None:
    """Put what is there of some files and folders into a worktree.

    A folder is made anew with links to what is in it: a link in its place would be no folder to a
    rule that ignores `.venv/`, and so a new file to git.
    """
    for name in names:
        source, place = origin / name, root / name
        if source.is_dir() and _is_ours(place):
            place.mkdir(parents=True, exist_ok=True)
            for each in source.iterdir():
                if not os.path.lexists(place / each.name):
                    (place / each.name).symlink_to(each, target_is_directory=each.is_dir())
        elif source.exists() and not os.path.lexists(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            import shutil  # 2 ms, and few carry files

            shutil.copy2(source, place)


def _is_ours(place: Path) -> bool:
    """Whether a carried folder may be made there, or was, by a run that was killed over it."""
    if not os.path.lexists(place):
        return True
    return (
        not place.is_symlink() and place.is_dir() and all(p.is_symlink() for p in place.iterdir())
    )


def not_there(context: Context, phase: Phase, outcome: Outcome) -> str | None:
    """What to do about a command that is not in a scratch worktree, or tests that skip there.

    Most often it is something that git ignores: the checkout has it, and a scratch worktree not.
    """
    skipped = nothing_tested(outcome) and outcome.evidence.runs
    if outcome.exit not in (126, 127) and not skipped:
        return None
    names = _not_carried(context, phase)
    if names:
        return _lacks(names)
    if skipped or outcome.exit is None:
        return None
    found = unfound(outcome.tail, outcome.exit)
    return f"{found}; what git ignores is brought there by `carry:`, or made by `setup:`"


def misses(context: Context, phase: Phase, said: str) -> str | None:
    """What to do where a hook in a linked worktree speaks of something that git ignores."""
    if context.repository.git_dir == context.repository.common_dir:
        return None
    spoken = [
        name
        for name in _not_carried(context, phase)
        if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", said)
    ]
    return _lacks(spoken) if spoken else None


def _not_carried(context: Context, phase: Phase) -> list[str]:
    """What git ignores of the checkout and is not put into its other worktrees."""
    carried = {name.rstrip("/") for name in phase.settings.carry or ()}
    here = context.repository
    main = Checkout(here.root, here.git_dir, here.common_dir).main_worktree
    return [name for name in ignored_at_top(context.origin or main) if name not in carried]


def _lacks(names: list[str]) -> str:
    return (
        f"what git ignores is not there: {', '.join(names[:_IGNORED])}; name what is needed under "
        "`carry:`, or make it by `setup:`"
    )
