"""Manual steps: the work is handed to a person, and taken back when the run is started again."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core import events
from runbook.core.comparison import comparison
from runbook.core.events import Event, FileImage, Stopped
from runbook.core.model import Commit, Manual, Phase
from runbook.engine.gate import undeclared
from runbook.engine.halt import Halt
from runbook.engine.site import Site
from runbook.engine.targets import step_paths
from runbook.world import contents
from runbook.world.workspace import FileState, Unreachable

HandedOver = dict[str, str | None]
"""The files of a manual step as they were when the work was handed over: path → digest."""


def manual(
    site: Site,
    phase: Phase,
    step: Manual,
    where: str,
    handed_over: HandedOver | None,
    dirty: tuple[str, ...] | None,
) -> Iterator[Event]:
    """Carry out a manual step; `handed_over` is `None` before the work was.

    `dirty` are the paths that were the user's before the task began; `None` in a verification,
    where no commit follows.

    Raises:
        Halt: the work is handed over now, or none of its files was changed since, or one was
            changed that nothing declares.

    """
    files = _files(site, phase, step)
    now = {path: _read(site, step, where, path) for path in files}
    if handed_over is None:
        yield events.ManualBegan(where, step.instructions, tuple(_images(site, now)))
        raise Halt(_waiting(step, where, "waiting for work by hand"))
    known = _known(site, handed_over, files)
    recorded = site.journal.progress.tasks[where.rpartition("/")[0]].steps[where].handed_over
    if known != recorded:
        # The phase file says something else than it did; what the files were stays so.
        images = tuple(FileImage(path, digest, None) for path, digest in known.items())
        yield events.ManualBegan(where, step.instructions, images)
    now |= {path: _read(site, step, where, path) for path in known if path not in now}
    after = {path: None if state is None else site.journal.store(state.data)
             for path, state in now.items()}  # fmt: skip
    changed = tuple(path for path in known if after[path] != known[path])
    if files and not changed:
        raise Halt(_waiting(step, where, "still waiting: none of the step's files was changed yet"))
    if dirty is not None:
        _refuse_undeclared(site, phase, step, where, dirty)
    shown = (_difference(site, path, known[path], now[path]) for path in changed)
    done = tuple(FileImage(path, known[path], after[path]) for path in changed)
    yield events.ManualDone(where, changed, "".join(shown), done)


def _files(site: Site, phase: Phase, step: Manual) -> list[str]:
    """The files a person may change: the step's, or those of the commit that follows."""
    if step.files:
        return step_paths(site, step)
    steps = [each for task in phase.tasks for each in task.steps]
    if step not in steps:
        return []
    for later in steps[steps.index(step) + 1 :]:
        if isinstance(later, Commit):
            return step_paths(site, later)
    return []


def _known(site: Site, handed_over: HandedOver, files: list[str]) -> HandedOver:
    """What was handed over, with files that are named only now as git has them."""
    known = dict(handed_over)
    for path in files:
        if path not in known:
            committed = contents.committed(site.repository, site.workspace.in_repository(path))
            known[path] = None if committed is None else site.journal.store(committed)
    return known


def _refuse_undeclared(
    site: Site, phase: Phase, step: Manual, where: str, dirty: tuple[str, ...]
) -> None:
    others = undeclared(site, phase, dirty)
    if others:
        raise Halt(
            Stopped(
                "refused",
                where,
                str(step.at),
                f"changed since the task began, and declared by no step: {', '.join(others)}",
                output=site.repository.difference(others),
                hint="undo the change, or name the file under the step's `files:`",
            )
        )


def _difference(site: Site, path: str, before: str | None, now: FileState | None) -> str:
    old = None if before is None else site.journal.load(before)
    return comparison(path, old, None if now is None else now.data, "as handed over", "now")


def _images(site: Site, states: dict[str, FileState | None]) -> Iterator[FileImage]:
    for path, state in states.items():
        digest = None if state is None else site.journal.store(state.data)
        yield FileImage(path, digest, None, before_mode=None if state is None else state.mode)


def _read(site: Site, step: Manual, where: str, path: str) -> FileState | None:
    try:
        return site.workspace.read(path)
    except Unreachable as error:
        raise Halt(Stopped("refused", where, str(step.at), str(error))) from None


def _waiting(step: Manual, where: str, message: str) -> Stopped:
    return Stopped("manual", where, str(step.at), message, output=step.instructions)
