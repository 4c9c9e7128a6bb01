"""A clean place to judge work in: a scratch worktree with just the files that are the task's.

What else lies about in a worktree, ignored or not, is not there, and can't sway a check.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

from runbook.core.check.outcome import Outcome
from runbook.core.model.ids import StepId
from runbook.core.model.model import Phase, Verify
from runbook.core.position import Position
from runbook.core.record import stepevents
from runbook.core.record.events import Event, Stopped
from runbook.engine.command import Order, run
from runbook.engine.halt import Halt, Placed, stop
from runbook.engine.site import Site
from runbook.world.files.workspace import FileState, Workspace
from runbook.world.git.gitfailed import GitFailed

_SHOWN = 4000  # characters of the output's end that a failed setup shows


def clean_place(
    site: Site, files: Mapping[str, FileState | None], where: str, at: Position
) -> Path:
    """The top folder of a worktree of HEAD in which some files, named from there, are as said.

    Raises:
        Halt: git can't make one.

    """
    head = site.repository.head().commit
    try:
        if head is None:
            raise GitFailed("there is no commit yet")
        root = site.scratches.fresh(head)
    except GitFailed as error:
        message = f"no clean worktree to judge the work in could be made: {error}"
        hint = "say `judge: here` under `delegate:` to have it judged in the worktree itself"
        raise Halt(Stopped("refused", where, str(at), message, hint=hint)) from None
    workspace = Workspace(root, None)
    for path, state in files.items():
        now = workspace.read(path)
        if state is not None:
            workspace.write(path, state.data, state.mode, None if now is None else now.data)
        elif now is not None:
            workspace.remove(path, now.data)
    return root


def prepared(site: Site, phase: Phase, root: Path, where: StepId, step: Placed) -> Iterator[Event]:
    """Make a scratch worktree ready: what the series carries along, and its `setup`, once.

    Raises:
        Halt: the setup failed, or could not be run.

    """
    if root in site.scratches.ready:
        return
    _carry(site.origin or site.repository.root, root, phase.settings.carry or ())
    setup = phase.settings.setup
    if setup is not None:
        order = Order(where, Verify(setup, at=step.at), root, "task")
        outcome, log = yield from quietly(run(site, phase, order))
        if outcome.exit != 0:
            message = f"`setup: {setup.strip()}` ended with {outcome.exit} in a scratch worktree"
            told = stop("refused", where, step, message, output=outcome.tail[-_SHOWN:], log=log)
            raise Halt(told)
    site.scratches.ready.add(root)


def quietly(
    events: Generator[Event, None, tuple[Outcome, str]],
) -> Generator[Event, None, tuple[Outcome, str]]:
    """The events of a command that is no step's own: services and output, not its own account."""
    while True:
        try:
            event = next(events)
        except StopIteration as ended:
            result: tuple[Outcome, str] = ended.value
            return result
        if not isinstance(event, stepevents.CommandBegan | stepevents.CommandEnded):
            yield event


def _carry(origin: Path, root: Path, names: tuple[str, ...]) -> None:
    """Put what is there of some files and folders into a scratch worktree."""
    for name in names:
        source, place = origin / name, root / name
        if source.exists() and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                place.symlink_to(source, target_is_directory=True)
            else:
                shutil.copy2(source, place)
