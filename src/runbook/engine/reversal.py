"""What taking commits back makes of the files, or why it can't be done."""

from __future__ import annotations

from runbook.core.model.model import Phase
from runbook.core.record.verbevents import RevertPlanned
from runbook.engine.context import Context
from runbook.engine.refusal import Refusal
from runbook.world.files.workspace import Unreachable
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.overlooked import MODES, overlooked, shown_by, uncommitted
from runbook.world.git.reverting import CutOff, Reverted, Unrevertable, reverted


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
        raise Refusal("undo", target, obstacle)
    if not made:
        return []
    head = context.repository.head().commit or ""
    try:
        context.repository.check_identity()
        plans = reverted(context.scratches.at(head), made)
    except Unrevertable as error:
        raise Refusal(
            "undo",
            target,
            f"{error.commit[:9]} {error.subject}: later commits changed the same places of "
            f"{', '.join(error.paths)}",
            hint=_what_first(context, phase, target, error),
        ) from None
    except CutOff as error:
        hint = "fetch what comes before it first, such as with `git fetch --unshallow`"
        raise Refusal("undo", target, str(error), hint=hint) from None
    except (GitFailed, Unreachable) as error:
        raise Refusal("undo", target, f"it can't be planned: {error}") from None
    paths = tuple(dict.fromkeys(path for plan in plans for path, _ in plan.files))
    if paths:
        _refuse_left_out(context, target, paths)
        _refuse_changed(context, target, paths, half)
    return plans


def _what_first(context: Context, phase: Phase, target: str, error: Unrevertable) -> str:
    """What to undo before a commit, of which later ones changed the same places."""
    later = context.repository.later(error.commit, error.paths)
    first = f"undo what came later first: {'; '.join(later[:3])}" + " …" * (len(later) > 3)
    return first if target == phase.id else f"{first}; or all of {phase.id}: `undo {phase.id}`"


def _refuse_left_out(context: Context, target: str, paths: tuple[str, ...]) -> None:
    """Refuse files that git itself leaves out of each commit, and of its scratch worktrees.

    Raises:
        Refusal: naming them.

    """
    outside = context.repository.outside_sparse_cone(paths)
    if outside is not None:
        message = f"{outside} is outside the sparse checkout"
        raise Refusal("undo", target, message, hint="`git sparse-checkout add` its folder first")
    marks = overlooked(context.repository.root, paths)
    left_out = [path for path, why in marks.items() if "skip-worktree" in why]
    if left_out:
        message = f"git would leave out of the commit: {', '.join(left_out)} (`skip-worktree`)"
        hint = f"take the mark away first: {shown_by(dict.fromkeys(left_out, 'skip-worktree'))}"
        raise Refusal("undo", target, message, hint=hint)


def _refuse_changed(
    context: Context, target: str, paths: tuple[str, ...], half: RevertPlanned | None
) -> None:
    """Refuse files that are not as HEAD has them, whether `git status` tells so or not.

    Raises:
        Refusal: naming them.

    """
    dirty = {change.path: "" for change in context.repository.changes(paths)}
    hidden = uncommitted(context.repository, tuple(path for path in paths if path not in dirty))
    # Bits that git does not look at do not go into a commit either.
    dirty |= {path: f" ({why})" for path, why in hidden.items() if why != MODES}
    for image in () if half is None else half.files:
        dirty.pop(image.path, None)
    if dirty:
        first = "commit or undo them first"
        names = ", ".join(f"{path}{dirty[path]}" for path in sorted(dirty))
        shown = shown_by(dirty)
        raise Refusal(
            "undo",
            target,
            f"changes of yours are in the way: {names}",
            hint=f"{shown} shows them; {first}" if shown else first,
        )
