"""What no step declares: a change that a commit would leave behind unseen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from runbook.core.model.declared import (
    contained,
    declaring_steps,
    left_by,
    patterns,
    rules_edited,
    step_targets,
)
from runbook.core.model.model import Commit, Edit, Phase, Step
from runbook.core.text.counting import NAMED, named
from runbook.engine.contract.stops import stop
from runbook.engine.ground.nowhere import nowhere
from runbook.engine.ground.targets import committed_ahead, differing, is_phase_file
from runbook.world.git.overlooked import MODES, ignored, overlooked, taken_in

if TYPE_CHECKING:
    from runbook.core.model.ids import StepId
    from runbook.core.record.events import Stopped
    from runbook.engine.ground.ground import Ground
    from runbook.world.git.reader import Change


def undeclared(
    ground: Ground,
    phase: Phase,
    step: Step,
    dirty: tuple[str, ...],
    changes: Iterable[Change] | None = None,
) -> tuple[str, ...]:
    """Tracked files that were changed since a task began, and that no commit from a step on has.

    `dirty` are those that were changed before, `changes` what git says of now, where it was asked.
    The phase files are mended while they are carried out, and are passed over.
    """
    if changes is None:
        changes = ground.repository.changes(untracked=False)
    changed = [change.path for change in changes if not change.untracked]
    if not changed:
        return ()
    ours = set(committed_ahead(ground, phase, step, changed))
    return tuple(
        path
        for path in changed
        if path not in ours and path not in dirty and not is_phase_file(ground, path)
    )


def unknown(ground: Ground, phase: Phase, step: Step) -> tuple[str, ...]:
    """What git knows nothing of, and no commit from a step on will have; a folder as a whole."""
    changes = tuple(ground.repository.status((), "normal"))
    new = {change.path for change in changes if change.untracked}
    return tuple(path for path in differing(ground, phase, step, changes).others if path in new)


def left_behind(paths: Iterable[str]) -> str:
    """Why a step is refused that would leave changed files behind."""
    return f"changed since the task began, and declared for no commit to come: {named(paths)}"


def refusal(
    ground: Ground, phase: Phase, step: Commit, where: StepId, dirty: tuple[str, ...]
) -> Stopped | None:
    """The stop that a commit step is sure to make as things are, if any."""
    if not any(step_targets(each) for each in contained(phase, step)):
        return empty(step, where)
    lost = nowhere(ground, phase, step, where)
    if lost is not None:
        return lost
    hidden = _foreseen_hidden(ground, phase, step)
    if hidden:
        return left_out(step, where, hidden)
    return others(ground, phase, step, where, dirty)


def _foreseen_hidden(ground: Ground, phase: Phase, step: Commit) -> dict[str, str]:
    """What the commit is to contain and git passes over: edited files, and those there are."""
    if step.force:
        return {}
    steps = contained(phase, step)
    edited = set(left_by(each for each in declaring_steps(phase, step) if isinstance(each, Edit)))
    inside = ground.workspace.in_repository
    hidden = overlooked(
        ground.repository.root,
        tuple(inside(path) for path in left_by(steps) if path in edited),
        indexed=ground.repository.indexed,
    )
    return by_lasting_rules(hidden, {inside(path) for path in rules_edited(phase, step)})


def by_lasting_rules(hidden: dict[str, str], edited: set[str]) -> dict[str, str]:
    """Those of some files that are ignored by rules which no edit will change before."""
    changing = tuple(f"ignored by {rules}:" for rules in edited)
    return {path: why for path, why in hidden.items() if not why.startswith(changing)}


def only_ignored(ground: Ground, steps: Iterable[Step]) -> tuple[str, ...]:
    """The files, as git names them, of those patterns of steps that name only what git ignores."""
    root, folder = ground.repository.root, ground.workspace.folder
    found: dict[str, None] = {}
    for pattern in patterns(steps):
        if not ground.repository.matching(folder, pattern, untracked=True):
            found |= dict.fromkeys(ignored(root, folder, pattern))
    return tuple(found)


def left_out(step: Commit, where: StepId, hidden: dict[str, str]) -> Stopped:
    """The stop of a commit that git would make without some of its files."""
    return stop("commit", where, step, omitted(hidden), hint=hint_of(hidden))


def omitted(hidden: dict[str, str]) -> str:
    """What is said of paths that git passes over, each with the reason."""
    told = named(f"{path} ({why})" for path, why in hidden.items())
    return f"git would leave out of this commit: {told}"


def shown(ground: Ground, paths: tuple[str, ...]) -> str:
    """How those of some tracked paths that are `named` differ from HEAD."""
    return ground.repository.difference(paths[:NAMED])


def hint_of(hidden: dict[str, str]) -> str:
    """What to do about paths that git passes over."""
    if all(why == MODES for why in hidden.values()):
        return "have git look at them: `git config core.fileMode true`"
    if all(why.startswith("ignored") for why in hidden.values()):
        mend = "change the rule"
    else:
        mend = "take the rule or the mark away"
    sparse = taken_in(path for path, why in hidden.items() if "skip-worktree" in why)
    if sparse:
        mend += f" (in a sparse checkout: {sparse})"
    return (
        f"{mend}, list under the commit's `files:` what it is to contain, or say `force: true` "
        "there to commit them all the same"
    )


def empty(step: Commit, where: StepId) -> Stopped:
    """The stop of a commit that can't contain anything."""
    message = "nothing is declared that this commit could contain"
    hint = "add an edit before it, or list its paths under `files:`"
    return stop("commit", where, step, message, hint=hint)


def others(
    ground: Ground,
    phase: Phase,
    step: Commit,
    where: StepId,
    dirty: tuple[str, ...],
    changes: Iterable[Change] | None = None,
) -> Stopped | None:
    """The stop where a tracked file was changed that nothing declares: it would stay behind.

    `changes` are as of `undeclared`.
    """
    found = undeclared(ground, phase, step, dirty, changes)
    if not found:
        return None
    steps = contained(phase, step)
    # Files of its own are all that a commit contains.
    own = () if step.files is not None else (*left_by(steps), *patterns(steps))
    beside = f" beside {named(own)}" if own else ""
    return stop(
        "commit",
        where,
        step,
        left_behind(found),
        output=shown(ground, found),
        hint=f"undo the change, declare the file under the commit's `files:`{beside}, or commit "
        "it yourself and run again with --accept-head",
    )
