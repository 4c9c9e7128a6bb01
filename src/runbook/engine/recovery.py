"""What a killed run left half done, brought to an end before anything else is done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from runbook.core import events
from runbook.core.events import Event, FileImage, Stopped
from runbook.core.model import Phase
from runbook.core.progress import Progress
from runbook.engine.halt import Halt
from runbook.engine.leftbehind import made_commit
from runbook.engine.site import Site
from runbook.world import commits, contents
from runbook.world.heads import Head
from runbook.world.workspace import FileState, Unreachable, Workspace


def recover(site: Site, phase: Phase) -> Iterator[Event]:
    """Remove temporary files, and settle a commit that was begun and whose end is not recorded.

    Raises:
        Halt: a commit was made, and it is not what was intended; or a file can't be restored.

    """
    progress = site.journal.progress
    site.workspace.tidy(_half_written(progress, phase))
    intent = progress.intent
    if intent is None:
        return
    Workspace(site.repository.root, None).tidy(intent.paths)
    commits.clear_locks(site.repository, intent)
    obstacle = site.repository.obstacle()
    if obstacle is not None:
        raise Halt(Stopped("refused", phase.id, str(phase.at), obstacle))
    made = made_commit(site.repository, phase, intent)
    here = site.repository.head()
    if made is not None:
        if here == Head(made, intent.ref):
            _brought_up(site, phase, intent)
            commits.settle(site.repository, intent)
        subject = site.repository.subject(made)
        yield events.CommitMade(intent.step, made, subject, intent.paths, recovered=True)
        yield events.StepDone(intent.step)
    elif here == Head(intent.parent, intent.ref):
        yield _restored(site, phase, intent)


def _half_written(progress: Progress, phase: Phase) -> list[str]:
    """The files of the phase that a killed run may have been about to put in place."""
    paths: dict[str, None] = {}
    for task in phase.tasks:
        state = progress.tasks.get(task.id)
        if state is not None and not state.done:
            for step in state.steps.values():
                paths |= dict.fromkeys(image.path for image in step.planned or ())
    if progress.open_run is not None:
        paths |= dict.fromkeys(image.path for image in progress.open_run.files)
    return list(paths)


def _brought_up(site: Site, phase: Phase, intent: events.CommitIntended) -> None:
    """Give files what was committed of them, where a power loss took what a hook had written.

    Such a file is empty, or as it was before the hooks. Whatever else it holds is somebody's.
    """
    workspace = Workspace(site.repository.root, None)
    try:
        for image in intent.files:
            now = workspace.read(image.path)
            if now is None or (now.data and _digest(now) != image.after):
                continue
            committed = contents.committed(site.repository, image.path)
            if committed is not None and committed != now.data:
                workspace.write(image.path, committed, now.mode, now.data)
    except Unreachable as error:
        raise Halt(Stopped("refused", intent.step, str(phase.at), str(error))) from None


def _restored(site: Site, phase: Phase, intent: events.CommitIntended) -> Event:
    """Put back what a hook, killed with git, has made of the files: it was never verified."""
    workspace = Workspace(site.repository.root, None)
    restored = []
    rescued = ""
    try:
        for image in intent.files:
            now = workspace.read(image.path)
            digest = _digest(now)
            if digest == image.after and (now is None or now.mode == image.mode):
                continue
            if now is not None and digest != image.after:
                rescued = str(site.journal.rescue(image.path, now.data).parent)
            _restore(site, workspace, image, None if now is None else now.data)
            restored.append(image.path)
    except Unreachable as error:
        raise Halt(Stopped("refused", intent.step, str(phase.at), str(error))) from None
    # New files were announced to the index.
    site.repository.unstage(intent.paths)
    return events.CommitRestored(intent.step, tuple(restored), rescued)


def _digest(state: FileState | None) -> str | None:
    return None if state is None else hashlib.sha256(state.data).hexdigest()


def _restore(site: Site, workspace: Workspace, image: FileImage, now: bytes | None) -> None:
    if image.after is None:
        if now is not None:
            workspace.remove(image.path, now)
        return
    data = site.journal.load(image.after)
    if data is None:
        raise Unreachable(f"{image.path} can't be put back: its image is gone from the journal")
    workspace.write(image.path, data, image.mode, now)
