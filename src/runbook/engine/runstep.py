"""Run steps: a command that changes files, which are put back when it does not succeed."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.check.expectations import judge
from runbook.core.model.ids import StepId, task_of
from runbook.core.model.model import Phase, Run
from runbook.core.record import stepevents
from runbook.core.record.events import Event
from runbook.core.record.stepevents import FileImage
from runbook.engine import putting
from runbook.engine.command import Order, run
from runbook.engine.halt import Halt, reaching, stop
from runbook.engine.putting import Change
from runbook.engine.site import Site
from runbook.engine.targets import step_paths
from runbook.world.files.workspace import FileState

_SHOWN = 4000  # characters of the output's end that a failed command shows


def run_step(site: Site, phase: Phase, step: Run, where: StepId) -> Iterator[Event]:
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
    planned = (putting.plan(site.journal, path, state, None) for path, state in before.items())
    images = tuple(change.image() for change in planned)
    others = {change.path for change in site.repository.changes(untracked=False)}
    yield stepevents.RunPlanned(where, images)
    order = Order(where, step, site.repository.root)
    try:
        outcome, log = yield from run(site, phase, order)
    except Halt:
        yield from _restore(site, step, where, images)
        raise
    verdict = judge(outcome, step.expect, step.command)
    if not verdict.passed:
        yield from _restore(site, step, where, images)
        message, shown = "the command failed, and its files were put back", outcome.tail[-_SHOWN:]
        told = stop("failed", where, step, message, output=shown, log=log,
                    mismatches=verdict.mismatches)  # fmt: skip
        raise Halt(told)
    undeclared = _undeclared(site, step, others)
    if undeclared:
        difference = site.repository.difference(undeclared)
        yield from _restore(site, step, where, images)
        message = f"the command changed what its `files:` do not name: {', '.join(undeclared)}"
        hint = "undo the change and declare the file, or keep the command from changing it"
        raise Halt(stop("failed", where, step, message, output=difference, hint=hint))
    after = _states(site, step, where)
    changed = tuple(
        path for path in dict.fromkeys([*before, *after]) if before.get(path) != after.get(path)
    )
    with reaching(where, step):
        # Commands sync nothing, and what they did is not done again once it is recorded.
        site.workspace.sync(changed)
    changes = [putting.plan(site.journal, p, before.get(p), after.get(p)) for p in changed]
    state = site.journal.progress.tasks[task_of(where)]
    rescued = putting.rescue_handmade(site, state, changes)
    yield stepevents.RunDone(where, changed, tuple(change.image() for change in changes), rescued)


def _states(site: Site, step: Run, where: StepId) -> dict[str, FileState | None]:
    """The files that a step declares."""
    with reaching(where, step):
        return {path: site.workspace.read(path) for path in step_paths(site, step)}


def _restore(
    site: Site, step: Run, where: StepId, images: tuple[FileImage, ...]
) -> Iterator[Event]:
    """Put the declared files back to what they held before; what they hold now is kept aside."""
    before = {image.path: Change.recorded(image).before for image in images}
    # A file that was there and is gone is not found by a pattern any more.
    paths = dict.fromkeys([*before, *step_paths(site, step)])
    with reaching(where, step):
        changes = [putting.back_to(site.workspace, path, before.get(path)) for path in paths]
        # The folders may have been there, empty, before.
        done = putting.put_back(site.workspace, site.journal, changes, folders=False)
    yield stepevents.RunRestored(where, done.paths)


def _undeclared(site: Site, step: Run, before: set[str]) -> tuple[str, ...]:
    """The tracked files that the command changed and does not declare."""
    declared = {site.workspace.in_repository(path) for path in step_paths(site, step)}
    return tuple(
        change.path
        for change in site.repository.changes(untracked=False)
        if change.path not in before | declared
    )
