"""Which steps of a phase declare paths, and so what a commit contains."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from runbook.core.model.globs import matches
from runbook.core.model.model import Commit, Edit, Manual, Phase, Run, Step
from runbook.core.model.operations import Delete, Glob, MoveTo, Operation, Patch, Target
from runbook.core.value import replace

T = TypeVar("T")


class OfPhase(Generic[T]):
    """What a function finds out about a phase, kept while the same one is asked about.

    A phase of thousands of tasks is asked about at each of its steps, and comparing two of them
    takes longer than most answers.
    """

    def __init__(self, find: Callable[[Phase], T]) -> None:
        self._find = find
        self._known: tuple[Phase, T] | None = None

    def __call__(self, phase: Phase) -> T:
        """What it is."""
        known = self._known
        if known is None or known[0] is not phase:
            self._known = known = phase, self._find(phase)
        return known[1]


def _in_a_row(phase: Phase) -> tuple[list[Step], dict[int, int]]:
    """The steps of all tasks, and where each of them is."""
    steps = [step for task in phase.tasks for step in task.steps]
    return steps, {id(step): at for at, step in enumerate(steps)}


steps_in_a_row = OfPhase(_in_a_row)


def declaring_steps(phase: Phase, until: Step | None = None) -> list[Step]:
    """The steps that change files since the last commit before a step; without one, all."""
    steps, places = steps_in_a_row(phase)
    if until is None:
        return [step for step in steps if isinstance(step, Edit | Run | Manual)]
    found: list[Step] = []
    for at in range(places.get(id(until), len(steps)) - 1, -1, -1):
        if isinstance(steps[at], Commit):
            break
        if isinstance(steps[at], Edit | Run | Manual):
            found.append(steps[at])
    return found[::-1]


def contained(phase: Phase, commit: Commit) -> list[Step]:
    """The steps whose paths a commit contains: itself, or those that change files before it."""
    return [commit] if commit.files is not None else declaring_steps(phase, commit)


def awaits_commit(phase: Phase, step: Step, path: str) -> bool:
    """Whether a path that a phase declares is to be in a commit from a step on, or is in none yet.

    What only steps before it declare, and a commit before it took along, is in no commit any more.
    A step of the verification is behind all commits.
    """
    steps, places = steps_in_a_row(phase)
    if _declared_by(declaring_steps(phase, step), path):
        return True
    here = places.get(id(step), len(steps))
    if _declared_by(steps[here:], path):
        return True
    before = steps[:here]
    return _declared_by(
        (each for each in before if not isinstance(each, Commit)), path
    ) and not _taken_along(before, path)


def _taken_along(steps: Iterable[Step], path: str) -> bool:
    """Whether what steps in a row make of a path is in a commit among them."""
    taken = since = False
    for each in steps:
        named = _declared_by([each], path)
        if not isinstance(each, Commit):
            taken &= not named
            since |= named
            continue
        taken |= named or (since and each.files is None)
        since = False
    return taken


def unmade(phase: Phase, commit: Commit) -> list[str]:
    """Of the files that a commit names, those that no step of its phase says that it makes."""
    named = [each for each in commit.files or () if isinstance(each, str)]
    steps = declaring_steps(phase) if named else []
    return [path for path in named if not makes(steps, path)]


def makes(steps: Iterable[Step], path: str) -> bool:
    """Whether one of some steps may make a file; a person whose work names none may make any."""
    for step in steps:
        if (isinstance(step, Manual) and not step.files) or _declared_by([step], path):
            return True
    return False


def _declared_by(steps: Iterable[Step], path: str) -> bool:
    """Whether one of some steps declares a path, by itself or by a pattern."""
    return any(
        target == path or (isinstance(target, Glob) and matches(target.pattern, path))
        for step in steps
        for target in step_targets(step)
    )


def resolved(phase: Phase, step: Step) -> Step:
    """A step of a phase; a manual one with the files that a person may change in it."""
    if isinstance(step, Manual) and not step.files:
        return replace(step, files=tuple(manual_targets(phase, step)))
    return step


def manual_targets(phase: Phase, step: Manual) -> list[Target]:
    """What a person may change in a manual step: its files, or those that its task's commit names.

    Without either nothing, because nothing would take it along.
    """
    if step.files:
        return list(step.files)
    for task in phase.tasks:
        here = next((number for number, each in enumerate(task.steps) if each is step), None)
        if here is not None:
            commits = (each for each in task.steps[here:] if isinstance(each, Commit))
            commit = next(commits, None)
            return list(commit.files or ()) if commit is not None else []
    return []


def handed_over(phase: Phase, step: Step) -> Step:
    """A step of a phase; a manual one with the files that whoever does it may change.

    Where neither it nor its task names any, they are those of the next commit of a later task:
    that takes the work along.
    """
    found = resolved(phase, step)
    if not isinstance(found, Manual) or found.files:
        return found
    steps, places = steps_in_a_row(phase)
    here = places.get(id(step), len(steps))
    commit = next((each for each in steps[here:] if isinstance(each, Commit)), None)
    return found if commit is None else replace(found, files=commit.files or ())


def step_targets(step: Step) -> list[Target]:
    """What a step declares that it changes or commits; of a move both ends."""
    match step:
        case Edit():
            return [*step.targets, *(to for change in step.changes for to in destinations(change))]
        case Run() | Manual():
            return list(step.files)
        case Commit():
            return list(step.files or ())
        case _:
            return []


def left_by(steps: Iterable[Step]) -> list[str]:
    """The literal paths that the steps leave as files, as far as they say it."""
    found: dict[str, None] = {}
    for step in steps:
        found |= dict.fromkeys(each for each in step_targets(step) if isinstance(each, str))
        if isinstance(step, Edit):
            for path in gone_by(step):
                found.pop(path, None)
    return list(found)


def patterns(steps: Iterable[Step]) -> list[str]:
    """The patterns by which steps declare what they may make: those of edits mean what git has."""
    targets = (each for step in steps if not isinstance(step, Edit) for each in step_targets(step))
    return list(dict.fromkeys(each.pattern for each in targets if not isinstance(each, str)))


def rules_edited(phase: Phase, until: Step) -> set[str]:
    """The files of git's rules for what it ignores that edits before a step change."""
    steps, places = steps_in_a_row(phase)
    before = steps[: places.get(id(until), len(steps))]
    return {
        path
        for step in before
        if isinstance(step, Edit)
        for path in step_targets(step)
        if isinstance(path, str) and path.rpartition("/")[2] == ".gitignore"
    }


def gone_by(step: Edit) -> list[str]:
    """The literal paths that an edit deletes or moves away."""
    gone: list[str] = []
    for change in step.changes:
        match change:
            case Delete() | MoveTo():
                gone += [each for each in step.targets if isinstance(each, str)]
            case Patch(_, files):
                away = (file for file in files if file.to is not None or file.kind == "delete")
                gone += [file.path for file in away if file.path is not None]
            case _:
                pass
    kept = {to for change in step.changes for to in destinations(change)}
    return [path for path in gone if path not in kept]


def destinations(change: Operation) -> list[str]:
    """Where a change moves files."""
    match change:
        case MoveTo(path):
            return [path]
        case Patch(_, files):
            return [file.to for file in files if file.to is not None]
        case _:
            return []
