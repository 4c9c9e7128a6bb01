"""Run steps: a command that changes files, which are put back when it does not succeed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from runbook.core.check.outcome import Outcome
from runbook.core.model.ids import StepId, task_of
from runbook.core.model.model import Phase, Run
from runbook.core.model.paths import folder_hint
from runbook.core.record import stepevents
from runbook.core.record.events import Event, Stopped
from runbook.core.record.stepevents import Special
from runbook.core.text.counting import named
from runbook.core.value import replace
from runbook.engine.checks.command import run
from runbook.engine.checks.verdicts import verdict_of
from runbook.engine.contract.stops import CannotContinue, reaching, stop
from runbook.engine.ground import putting
from runbook.engine.ground.context import Context
from runbook.engine.ground.order import Order
from runbook.engine.ground.putting import Change
from runbook.engine.ground.special import changed as specials_changed
from runbook.engine.ground.special import cleared, made, specials
from runbook.engine.ground.targets import refuse_no_files, step_paths
from runbook.engine.ground.undeclared import shown
from runbook.world.files.workspace import FileState, Unreachable
from runbook.world.git.heads import Head

_SHOWN = 4000  # characters of the output's end that a failed command shows


def run_step(context: Context, phase: Phase, step: Run, where: StepId) -> Iterator[Event]:
    """Carry out a run step.

    Raises:
        CannotContinue: the command failed, and its files were put back; or it changed a tracked
            file that it does not declare.
    """
    left = context.journal.progress.open_run
    if left is not None and left.step == where:
        # The runner was killed in the middle: what the command had done by then is half done.
        yield from _restore(context, step, where, left)
    refuse_no_files(context, step, where)
    head = context.repository.head()
    before, links = _states(context, step, where)
    images = tuple(
        putting.plan(context.journal, path, state, None).image() for path, state in before.items()
    )
    changes_before = context.repository.changes(untracked=False)
    others = {change.path for change in changes_before}
    staged = frozenset(change.path for change in changes_before if change.staged)
    special = tuple(Special(path, was) for path, was in links.items())
    planned = stepevents.RunPlanned(
        where, images, _absent(context, step), special, int(time.time())
    )
    yield planned
    order = Order(where, step, context.repository.root)
    try:
        outcome, log = yield from run(context, phase, order)
        _refuse_failed(step, where, outcome, log)
        context.repository.clear_locks(planned.since)
        _refuse_undeclared(context, step, where, others)
        after, now = _states(context, step, where)
    except CannotContinue as raised:
        yield from _restore(context, step, where, planned, staged)
        raise CannotContinue(_with_commits(context, raised.stopped, head)) from None
    others_changed = specials_changed(links, now)
    changed = tuple(
        path for path in dict.fromkeys([*before, *after]) if before.get(path) != after.get(path)
    )
    with reaching(where, step):
        # Commands sync nothing, and what they did is not done again once it is recorded.
        context.workspace.sync(path for path in changed if path not in now)
    if others_changed:
        os.sync()
    changes = [putting.plan(context.journal, p, before.get(p), after.get(p)) for p in changed]
    state = context.journal.progress.tasks[task_of(where)]
    rescued = putting.rescue_handmade(context, state, changes, head.commit or "HEAD")
    paths = tuple(dict.fromkeys([*changed, *(each.path for each in others_changed)]))
    files = tuple(change.image() for change in changes)
    now_on = context.repository.head()
    moved = (None, None) if now_on == head else (now_on.commit, now_on.ref)
    yield stepevents.RunDone(where, paths, files, rescued, others_changed, *moved)


def _with_commits(context: Context, stopped: Stopped, head: Head) -> Stopped:
    """A stop that says what to do about commits of the command that failed: they stay."""
    now = context.repository.head()
    if now == head or head.commit is None:
        return stopped
    hint = f"the command moved HEAD from {head} to {now}, and that stays: go back there with git"
    return replace(stopped, hint=hint)


def _refuse_failed(step: Run, where: StepId, outcome: Outcome, log: str) -> None:
    verdict = verdict_of(outcome, step.expect, step.command)
    if not verdict.passed:
        message, shown = "the command failed, and its files were put back", outcome.tail[-_SHOWN:]
        told = stop("failed", where, step, message, output=shown, log=log,
                    mismatches=verdict.mismatches)  # fmt: skip
        raise CannotContinue(told)


def _refuse_undeclared(context: Context, step: Run, where: StepId, others: set[str]) -> None:
    undeclared = _undeclared(context, step, others)
    if undeclared:
        message = f"the command changed what its `files:` do not name: {named(undeclared)}"
        hint = "undo the change and declare the file, or keep the command from changing it"
        difference = shown(context, undeclared)
        raise CannotContinue(stop("failed", where, step, message, output=difference, hint=hint))


def _states(
    context: Context, step: Run, where: StepId
) -> tuple[dict[str, FileState | None], dict[str, str]]:
    """The files that a step declares, and links and submodules among them.

    Raises:
        CannotContinue: one is a folder or something else that is no file.
    """
    paths = step_paths(context, step)
    links = specials(context, paths)
    found: dict[str, FileState | None] = {}
    for path in paths:
        try:
            found[path] = None if path in links else context.workspace.read(path)
        except Unreachable as error:
            raise CannotContinue(_no_file(context, step, where, path, error)) from None
    return found, links


def _no_file(context: Context, step: Run, where: StepId, path: str, error: Unreachable) -> Stopped:
    folder = (context.workspace.folder / path).is_dir()
    hint = folder_hint(path) if folder else error.hint
    return stop("refused", where, step, str(error), hint=hint)


def _absent(context: Context, step: Run) -> tuple[str, ...]:
    """The folders that files of a step lie in, as far as they are named and are not there."""
    found: dict[str, None] = {}
    for target in step.files:
        path = target if isinstance(target, str) else f"{_fixed_folder(target.pattern)}/x"
        parts = PurePosixPath(path).parent.parts
        folders = (str(PurePosixPath(*parts[:end])) for end in range(1, len(parts) + 1))
        for folder in folders:
            if not os.path.lexists(context.workspace.folder / folder):
                found[folder] = None
                break
    return tuple(found)


def _fixed_folder(pattern: str) -> str:
    """The folder in which all files of a pattern lie, as far as it is named without wildcards."""
    parts: list[str] = []
    for part in pattern.split("/")[:-1]:
        if any(sign in part for sign in "*?[\\"):
            break
        parts.append(part)
    return "/".join(parts)


def _restore(
    context: Context,
    step: Run,
    where: StepId,
    planned: stepevents.RunPlanned,
    staged: frozenset[str] | None = None,
) -> Iterator[Event]:
    """Put the declared files back to what they held before; what they hold now is kept aside.

    So is the index of them, and folders go that were made for them. Where it is known what was
    `staged` before, nothing else is after it.
    """
    before = {image.path: Change.recorded(image).before for image in planned.files}
    # A file that was there and is gone is not found by a pattern any more.
    paths = dict.fromkeys([*before, *step_paths(context, step)])
    here = [path for path, then in before.items() if then is not None]
    here += [each.path for each in planned.special if each.before is not None]
    for path in here:
        _clear_way(context, path)
    now = specials(context, paths)
    links: dict[str, str | None] = dict.fromkeys(now)
    links |= {each.path: each.before for each in planned.special}
    # A git that the command had started may have been killed.
    context.repository.clear_locks(planned.since)
    with reaching(where, step):
        for path in paths:
            _put_away(context, path)
        cleared(context, links)
        stay = specials(context, paths)
        changes = [
            putting.back_to(context.workspace, path, before.get(path))
            for path in paths
            # Where nothing is and was, a folder may be put back.
            if path not in stay
            and (before.get(path) or os.path.lexists(context.workspace.folder / path))
        ]
        # The folders may have been there, empty, before.
        done = putting.put_back(context.workspace, context.journal, changes, folders=False)
        made(context, links)
    for folder in planned.absent:
        _remove_empty(context.workspace.folder / folder)
    context.repository.unstage_changed(tuple(map(context.workspace.in_repository, paths)))
    if staged is not None:
        changes_now = context.repository.changes(untracked=False)
        new = tuple(each.path for each in changes_now if each.staged and each.path not in staged)
        context.repository.unstage_changed(new)
    relinked = tuple(path for path, then in links.items() if now.get(path) != then)
    yield stepevents.RunRestored(where, tuple(dict.fromkeys((*done.paths, *relinked))))


def _clear_way(context: Context, path: str) -> None:
    """Keep aside what a command has made in the place of a folder that a file was in."""
    folder = context.workspace.folder
    for name in PurePosixPath(path).parts[:-1]:
        folder = folder / name
        if folder.is_symlink():
            folder.unlink()
        elif folder.is_file():
            context.journal.rescue(name, folder.read_bytes())
            folder.unlink()


def _put_away(context: Context, path: str) -> None:
    """Keep a folder aside that a command has made in the place of a declared file."""
    place = context.workspace.reached(path)
    if place.is_dir() and not place.is_symlink() and not (place / ".git").exists():
        context.journal.rescue_folder(place)


def _remove_empty(folder: Path) -> None:
    """Remove the empty folders in and at a folder."""
    if folder.is_symlink():
        return
    for root, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):  # it has files, which nobody declares
            Path(root).rmdir()


def _undeclared(context: Context, step: Run, before: set[str]) -> tuple[str, ...]:
    """The tracked files that the command changed and does not declare."""
    declared = {context.workspace.in_repository(path) for path in step_paths(context, step)}
    return tuple(
        change.path
        for change in context.repository.changes(untracked=False)
        if change.path not in before | declared
    )
