"""What taking commits back makes of the files, or why it can't be done."""

from __future__ import annotations

import shlex

from runbook.core.model.model import Phase
from runbook.core.record.verbevents import RevertPlanned
from runbook.engine.ground import putting
from runbook.engine.ground.context import Context
from runbook.engine.ground.putting import Change
from runbook.engine.outlook.refusal import Refusal
from runbook.world.files.workspace import FileState, Unreachable, Workspace
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.overlooked import MODES, overlooked, shown_by, uncommitted
from runbook.world.git.reverting import CutOff, Reverted, Unrevertable, reverted
from runbook.world.git.special import clear, is_submodule, make, special


def plans_of(
    context: Context,
    phase: Phase,
    target: str,
    made: tuple[str, ...],
    half: RevertPlanned | None = None,
) -> list[Reverted]:
    """What reverting some commits makes of their files; those of `half` may be half written.

    Raises:
        Refusal: it can't be done, or would touch changes of the user's.
    """
    obstacle = context.repository.obstacle()
    if obstacle is not None:
        raise Refusal(obstacle)
    if not made:
        return []
    head = context.repository.head().commit or ""
    try:
        context.repository.check_identity()
        plans = reverted(context.scratches.at(head), made)
    except Unrevertable as error:
        raise Refusal(
            f"{error.commit[:9]} {error.subject}: later commits changed the same places of "
            f"{', '.join(error.paths)}",
            hint=_what_first(context, phase, target, error),
        ) from None
    except CutOff as error:
        hint = "fetch what comes before it first, such as with `git fetch --unshallow`"
        raise Refusal(str(error), hint=hint) from None
    except (GitFailed, Unreachable) as error:
        raise Refusal(f"it can't be planned: {error}") from None
    paths = tuple(dict.fromkeys(path for plan in plans for path in _paths(plan)))
    if paths:
        _refuse_left_out(context, paths)
        _refuse_changed(context, paths, half)
        _refuse_submodules(context, plans)
        _refuse_unreadable(context, plans)
    return plans


def _paths(plan: Reverted) -> list[str]:
    return [*(path for path, _ in plan.files), *(each.path for each in plan.special)]


def paths_of(planned: RevertPlanned) -> tuple[str, ...]:
    """The paths that a revert changes."""
    names = [*(image.path for image in planned.files), *(each.path for each in planned.special)]
    return tuple(dict.fromkeys(names))


def _what_first(context: Context, phase: Phase, target: str, error: Unrevertable) -> str:
    """What to undo before a commit, of which later ones changed the same places."""
    later = context.repository.later(error.commit, error.paths)
    first = f"undo what came later first: {'; '.join(later[:3])}" + " …" * (len(later) > 3)
    return first if target == phase.id else f"{first}; or all of {phase.id}: `undo {phase.id}`"


def _refuse_left_out(context: Context, paths: tuple[str, ...]) -> None:
    """Refuse files that git itself leaves out of each commit, and of its scratch worktrees.

    Raises:
        Refusal: naming them.
    """
    outside = context.repository.outside_sparse_cone(paths)
    if outside is not None:
        message = f"{outside} is outside the sparse checkout"
        raise Refusal(message, hint="`git sparse-checkout add` its folder first")
    marks = overlooked(context.repository.root, paths)
    left_out = [path for path, why in marks.items() if "skip-worktree" in why]
    if left_out:
        message = f"git would leave out of the commit: {', '.join(left_out)} (`skip-worktree`)"
        hint = f"take the mark away first: {shown_by(dict.fromkeys(left_out, 'skip-worktree'))}"
        raise Refusal(message, hint=hint)


def _refuse_changed(context: Context, paths: tuple[str, ...], half: RevertPlanned | None) -> None:
    """Refuse files that are not as HEAD has them, whether `git status` tells so or not.

    Raises:
        Refusal: naming them.
    """
    dirty = {change.path: "" for change in context.repository.changes(paths)}
    hidden = uncommitted(context.repository, tuple(path for path in paths if path not in dirty))
    # Bits that git does not look at do not go into a commit either.
    dirty |= {path: f" ({why})" for path, why in hidden.items() if why != MODES}
    for path in () if half is None else paths_of(half):
        dirty.pop(path, None)
    if dirty:
        first = "commit or undo them first"
        names = ", ".join(f"{path}{dirty[path]}" for path in sorted(dirty))
        shown = shown_by(dirty)
        raise Refusal(
            f"changes of yours are in the way: {names}",
            hint=f"{shown} shows them; {first}" if shown else first,
        )


def _refuse_submodules(context: Context, plans: list[Reverted]) -> None:
    """Refuse submodules that came or went, or that are not checked out here: only git knows how.

    Raises:
        Refusal: naming one.
    """
    for plan in plans:
        for each in plan.special:
            if not (is_submodule(each.before) or is_submodule(each.after)):
                continue
            if not (is_submodule(each.before) and is_submodule(each.after)):
                message = f"{each.path} is a submodule, and {plan.commit[:9]} made or removed it"
                hint = f"revert that commit with git first: `git revert {plan.commit[:9]}`"
                raise Refusal(message, hint=hint)
            if not is_submodule(special(context.repository.root / each.path)):
                message = f"the submodule {each.path} is not checked out here"
                hint = f"`git submodule update --init -- {shlex.quote(each.path)}` does so"
                raise Refusal(message, hint=hint)


def _refuse_unreadable(context: Context, plans: list[Reverted]) -> None:
    """Refuse files that can't be read, or are no files of their own, before anything is begun.

    Raises:
        Refusal: naming one.
    """
    workspace = Workspace(context.repository.root, None)
    no_files = {each.path for plan in plans for each in plan.special}
    try:
        for plan in plans:
            for path, _ in plan.files:
                if path not in no_files:
                    workspace.read(path)
    except Unreachable as error:
        raise Refusal(str(error)) from None


def planned_of(context: Context, plan: Reverted) -> RevertPlanned:
    """What reverting a commit changes of the files as they are now, which are kept."""
    workspace = Workspace(context.repository.root, None)
    no_files = {each.path for each in plan.special if each.before is not None}
    images = []
    for path, state in plan.files:
        now = None if path in no_files else workspace.read(path)
        if now is not None and state is not None:
            executable = bool((state.mode or 0) & 0o100)
            mode = putting.as_git_has(now.mode, executable=executable)
            state = FileState(state.data, mode)
        images.append(putting.plan(context.journal, path, now, state).image())
    known = context.journal.progress.tasks.items()
    task = next(name for name, state in known if plan.commit in state.commits)
    return RevertPlanned(task, plan.commit, tuple(images), plan.special)


def foreign(context: Context, planned: RevertPlanned) -> tuple[str, ...]:
    """The paths of a revert that are neither as before nor as after it."""
    workspace = Workspace(context.repository.root, None)
    found = []
    regular = {image.path: Change.recorded(image) for image in planned.files}
    for each in planned.special:
        now = special(workspace.reached(each.path))
        change = regular.pop(each.path, None)
        if now is not None:
            own = now in (each.before, each.after)
        else:
            # Killed in between: neither the one nor the other.
            there = workspace.read(each.path)
            own = there is None or (change is not None and not change.foreign(there))
        if not own:
            found.append(each.path)
    return (*putting.foreign(workspace, regular.values()), *found)


def write(context: Context, planned: RevertPlanned, *, back: bool = False) -> None:
    """Make what is planned, some of which may be made already, or take it back.

    Raises:
        ChangedMeanwhile: a file is neither as before nor as after it.
        Unreachable: something can't be written.
    """
    workspace = Workspace(context.repository.root, None)
    changes = {image.path: Change.recorded(image) for image in planned.files}
    wanted = {each.path: each.before if back else each.after for each in planned.special}
    for path, then in wanted.items():
        place = workspace.reached(path)
        if special(place) != then:
            clear(place)
        elif then is not None:
            changes.pop(path, None)  # the file is gone already
    to_be = [each.back if back else each for each in changes.values()]
    putting.write(workspace, context.journal, to_be)
    for path, then in wanted.items():
        make(workspace.reached(path), then)
        if then is None and not workspace.is_there(path):
            workspace.remove_empty_above(path)


def is_committed(context: Context, paths: tuple[str, ...]) -> bool:
    """Whether HEAD has some paths as they are."""
    repository = context.repository
    return not (repository.changes(paths) or uncommitted(repository, paths))
