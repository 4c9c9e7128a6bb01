"""Run steps: a command that changes files, which are put back when it does not succeed."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core import events
from runbook.core.events import Event, FileImage, MismatchSeen, Stopped
from runbook.core.expectations import judge
from runbook.core.model import Phase, Run
from runbook.engine.command import Order, run
from runbook.engine.halt import Halt
from runbook.engine.handmade import keep_handmade
from runbook.engine.site import Site
from runbook.engine.targets import step_paths
from runbook.world.workspace import FileState, Unreachable

_SHOWN = 4000  # characters of the output's end that a failed command shows


def run_step(site: Site, phase: Phase, step: Run, where: str) -> Iterator[Event]:
    """Carry out a run step.

    Raises:
        Halt: the command failed, and its files were put back; or it changed a tracked file that
            it does not declare.

    """
    left = site.journal.progress.open_run
    if left is not None and left.step == where:
        # The runner was killed in the middle: what the command had done by then is half done.
        yield from _restore(site, step, where, left.files)
    before = _states(site, step, where)
    images = tuple(
        FileImage(path, None if state is None else site.journal.store(state.data), None,
                  None if state is None else state.mode,
                  before_mode=None if state is None else state.mode)
        for path, state in before.items()
    )  # fmt: skip
    others = {change.path for change in site.repository.changes(untracked=False)}
    yield events.RunPlanned(where, images)
    order = Order(
        where, step.at, step.command, step.expect, step.env, step.timeout, site.repository.root
    )
    try:
        outcome, log = yield from run(site, phase, order)
    except Halt:
        yield from _restore(site, step, where, images)
        raise
    verdict = judge(outcome, step.expect)
    if not verdict.passed:
        yield from _restore(site, step, where, images)
        raise Halt(
            Stopped(
                "failed",
                where,
                str(step.at),
                "the command failed, and its files were put back",
                tuple(MismatchSeen(m.message, m.details, m.hint) for m in verdict.mismatches),
                output=outcome.tail[-_SHOWN:],
                log=log,
            )
        )
    undeclared = _undeclared(site, step, others)
    if undeclared:
        difference = site.repository.difference(undeclared)
        yield from _restore(site, step, where, images)
        raise Halt(
            Stopped(
                "failed",
                where,
                str(step.at),
                f"the command changed what its `files:` do not name: {', '.join(undeclared)}",
                output=difference,
                hint="undo the change and declare the file, or keep the command from changing it",
            )
        )
    after = _states(site, step, where)
    changed = tuple(
        path for path in dict.fromkeys([*before, *after]) if before.get(path) != after.get(path)
    )
    try:
        # Commands sync nothing, and what they did is not done again once it is recorded.
        site.workspace.sync(changed)
    except Unreachable as error:
        raise Halt(Stopped("refused", where, str(step.at), str(error))) from None
    files = tuple(_changed(site, path, before.get(path), after.get(path)) for path in changed)
    state = site.journal.progress.tasks[where.rpartition("/")[0]]
    pairs = ((path, before.get(path), after.get(path)) for path in changed)
    yield events.RunDone(where, changed, files, keep_handmade(site, state, pairs))


def _changed(site: Site, path: str, before: FileState | None, after: FileState | None) -> FileImage:
    """A file that the command changed; what it holds now is kept, to be known again."""
    return FileImage(
        path,
        None if before is None else site.journal.store(before.data),
        None if after is None else site.journal.store(after.data),
        None if after is None else after.mode,
        before_mode=None if before is None else before.mode,
    )


def _states(site: Site, step: Run, where: str, *more: str) -> dict[str, FileState | None]:
    """The files that a step declares, and `more`."""
    paths = dict.fromkeys([*more, *step_paths(site, step)])
    try:
        return {path: site.workspace.read(path) for path in paths}
    except Unreachable as error:
        raise Halt(Stopped("refused", where, str(step.at), str(error))) from None


def _restore(site: Site, step: Run, where: str, images: tuple[FileImage, ...]) -> Iterator[Event]:
    """Put the declared files back to what they held before; what they hold now is kept aside."""
    known = {image.path: image for image in images}
    restored = []
    # A file that was there and is gone is not found by a pattern any more.
    for path, now in _states(site, step, where, *known).items():
        image = known.get(path)
        data = None if image is None or image.before is None else site.journal.load(image.before)
        before = None if image is None or data is None else FileState(data, image.mode)
        if now == before:
            continue
        if now is not None and (before is None or now.data != before.data):
            site.journal.rescue(path, now.data)
        try:
            if before is not None:
                now_data = None if now is None else now.data
                site.workspace.write(path, before.data, before.mode, now_data)
            elif now is not None:
                # The folders may have been there, empty, before.
                site.workspace.remove(path, now.data, folders=False)
        except Unreachable as error:
            raise Halt(Stopped("refused", where, str(step.at), str(error))) from None
        restored.append(path)
    yield events.RunRestored(where, tuple(restored))


def _undeclared(site: Site, step: Run, before: set[str]) -> tuple[str, ...]:
    """The tracked files that the command changed and does not declare."""
    declared = {site.workspace.in_repository(path) for path in step_paths(site, step)}
    return tuple(
        change.path
        for change in site.repository.changes(untracked=False)
        if change.path not in before | declared
    )
