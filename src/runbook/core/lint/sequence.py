"""RB106, RB107, RB108: edits without checks, commits without edits, edits without commits."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.lint.finding import Finding
from runbook.core.model.declared import gone_by, step_targets
from runbook.core.model.globs import matches
from runbook.core.model.ids import StepId
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Phase, Run, Step, Verify
from runbook.core.model.operations import Create, Glob, Target


def sequence(phase: Phase) -> Iterator[Finding]:
    """Look at the order of a phase's steps."""
    steps = [named for task in phase.tasks for named in task.named_steps()]
    yield from _unchecked(phase, steps)
    yield from _empty_commits(steps)
    yield from _uncommitted(steps)


def _unchecked(phase: Phase, steps: list[tuple[StepId, Step]]) -> Iterator[Finding]:
    if any(isinstance(step, Verify | Confirm) for step in phase.verification):
        return
    checks = [n for n, (_, step) in enumerate(steps) if isinstance(step, Verify | Confirm)]
    last = max(checks, default=-1)
    after = [(where, step) for where, step in steps[last + 1 :] if isinstance(step, Edit)]
    if after:
        where, step = after[0]
        more = f", nor {len(after) - 1} more after it" if len(after) > 1 else ""
        yield Finding(
            "RB106", step.at, f"no check follows this edit{more}",
            "add a `verify` step after it, or to the phase's `verification`", where, "edit",
        )  # fmt: skip


def _empty_commits(steps: list[tuple[StepId, Step]]) -> Iterator[Finding]:
    some = False
    for where, step in steps:
        if isinstance(step, Edit | Run | Manual):
            some = True
        elif isinstance(step, Commit):
            if not some:
                yield Finding(
                    "RB107", step.at, "nothing is changed before this commit",
                    "add the edit that it is for, or take it out", where, "commit",
                )  # fmt: skip
            some = False


def _uncommitted(steps: list[tuple[StepId, Step]]) -> Iterator[Finding]:
    """Edits and commands whose files no commit after them takes along."""
    open_: list[tuple[StepId, Step, list[Target]]] = []
    declared: list[Target] = []  # since the last commit, which is what one without names has
    for where, step in steps:
        if isinstance(step, Commit):
            named = step.files if step.files is not None else tuple(declared)
            known = set(named)
            # A command may leave some of its files as they are: those of which one is committed.
            open_ = [
                (place, one, rest)
                for place, one, targets in open_
                if (rest := [t for t in targets if t not in known and not _named(t, named)])
                and (isinstance(one, Edit) or rest == targets)
            ]
            declared.clear()
        else:
            declared += step_targets(step)
        if isinstance(step, Edit) and (gone := _made_before(gone_by(step), open_)):
            # What was made since the last commit, and goes again, leaves nothing.
            open_ = [
                (place, one, [t for t in targets if t not in gone]) for place, one, targets in open_
            ]
            open_.append((where, step, [t for t in step_targets(step) if t not in gone]))
        elif isinstance(step, Edit) or (isinstance(step, Run) and not _has_pattern(step)):
            open_.append((where, step, step_targets(step)))
    found = [(where, step, list(map(str, targets))) for where, step, targets in open_ if targets]
    if not any(isinstance(step, Commit) for _, step in steps):
        if found:
            where, step, _ = found[0]
            more = f", nor {len(found) - 1} more after it" if len(found) > 1 else ""
            yield Finding(
                "RB108", step.at, f"no commit follows this {_kind(step)}{more}",
                "add a `commit` step, or the files stay changed and the next phase is refused",
                where, _kind(step),
            )  # fmt: skip
        return
    for where, step, paths in found:
        yield Finding(
            "RB108", step.at, f"{', '.join(paths)} {'is' if len(paths) == 1 else 'are'} "
            f"{'edited' if isinstance(step, Edit) else 'changed'} here and in no commit after it",
            "add a commit, or name the file under a commit's `files:`", where, _kind(step),
        )  # fmt: skip


def _kind(step: Step) -> str:
    return "edit" if isinstance(step, Edit) else "run"


def _has_pattern(step: Run) -> bool:
    """Whether a command names a pattern, which may match what git ignores."""
    return any(isinstance(each, Glob) for each in step.files)


def _made_before(paths: list[str], open_: list[tuple[StepId, Step, list[Target]]]) -> list[str]:
    """Of some paths those that a step since the last commit made: a command, or an edit."""
    made = {
        target
        for _, step, targets in open_
        if isinstance(step, Run) or (isinstance(step, Edit) and isinstance(step.changes[0], Create))
        for target in targets
    }
    return [path for path in paths if path in made]


def _named(target: Target, named: tuple[Target, ...]) -> bool:
    for each in named:
        if each == target:
            return True
        if isinstance(each, Glob) and isinstance(target, str) and matches(each.pattern, target):
            return True
        # What a pattern matches is not known here: a folder's files may be named one by one.
        if isinstance(target, Glob) and isinstance(each, str) and matches(target.pattern, each):
            return True
        if isinstance(target, Glob) and isinstance(each, Glob):
            return True
    return False
