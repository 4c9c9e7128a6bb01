"""Starting states of checks that are made ahead: which they are to be, and where they stand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.check.outcome import Outcome
from runbook.core.model.declared import contained
from runbook.core.model.ids import StepId, task_of
from runbook.core.model.model import Commit, Phase, StartingState, Verify
from runbook.core.value import replace
from runbook.engine.ahead.ahead import Point, Start
from runbook.engine.checks.cleanplace import prepared
from runbook.engine.checks.startingstate import (
    looked_at,
    revision_of,
    tests_after,
    tests_at_first,
    to_carry,
)
from runbook.engine.contract.stops import CannotContinue
from runbook.engine.ground.targets import declared
from runbook.world.files.workspace import FileState, NotHeld, Unreachable, Workspace
from runbook.world.git.contents import changed_between, unchanged
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.tree import Tree

if TYPE_CHECKING:
    from runbook.engine.ground.context import Context

_UNTOLD = (GitFailed, CannotContinue, OSError)
"""What is in the way of a check in its turn will be said there."""


class StartsOfPhase:
    """On which starting states the checks of a phase are run as well, followed through its steps.

    The commits of tasks that are not begun yet are not made: their files are those of HEAD, and of
    the edits that will be committed by then.
    """

    def __init__(self, context: Context, phase: Phase, where: StepId) -> None:
        """`where` is the step at which the plan begins, which is in the task under way."""
        self._context, self._phase = context, phase
        self._here = Workspace(context.repository.root, None)
        self._head = context.repository.head().commit or ""
        self._later: dict[str, FileState | None] = {}
        self._commits: dict[StartingState, str | None] = {}
        self._task = task_of(where)
        self._began = self._known_start() or ("", {})
        self._by_tasks = any(
            isinstance(step, Verify) and step.fails_in == "task" for _, step in phase.named_steps()
        )
        changes = context.repository.status((), "normal") if self._by_tasks else ()
        self._changed = tuple(change.path for change in changes)

    def committed(self, where: StepId, step: Commit, files: Mapping[str, FileState | None]) -> None:
        """Go past a commit; `files` are as the edits have made them by then."""
        self._enter(where)
        if not self._by_tasks:
            return
        with suppress(*_UNTOLD, Unreachable):
            for path in declared(self._context, contained(self._phase, step)):
                if path in files:
                    self._later[path] = _checked_out(files[path])
                elif any(f"{path}/".startswith(f"{each.rstrip('/')}/") for each in self._changed):
                    self._later[path] = _checked_out(self._here.read(path))

    def of(
        self, where: StepId, step: Verify, files: Mapping[str, FileState | None]
    ) -> Start | None:
        """The starting state of a check, if it is to be run on one, and that is known."""
        self._enter(where)
        state = looked_at(self._context, self._phase, step)
        if state is None:
            return None
        try:
            commit, later = self._began if state == "task" else (self._commit(state), {})
            if not commit or not self._as_they_are(later):
                return None
            tests = tests_at_first(self._context, self._phase, step, where)
            return self._with(Start(commit, later, {}), tests, files)
        except _UNTOLD:
            return None

    def after(self, point: Point, outcome: Outcome) -> Point | None:
        """The same check once more with tests, where without them it came to none."""
        assert point.start is not None
        with suppress(*_UNTOLD):
            tests = tests_after(self._context, self._phase, point.step, point.where, outcome)
            if tests:
                start = self._with(point.start, tests, point.files)
                return replace(point, start=start)
        return None

    def _as_they_are(self, paths: Iterable[str]) -> bool:
        """Whether git puts all of some files into a worktree, and as they are in this one."""
        repository = self._context.repository
        sparse = repository.settings.get("core.sparsecheckout", "false") != "false"
        return not any(paths) or (not sparse and repository.filters.leave(paths))

    def _enter(self, where: StepId) -> None:
        if task_of(where) != self._task:
            self._task = task_of(where)
            self._began = self._known_start() or (self._head, dict(self._later))

    def _known_start(self) -> tuple[str, dict[str, FileState | None]] | None:
        """Where the task has begun, if it has."""
        known = self._context.journal.progress.tasks.get(self._task)
        return (known.head, {}) if known is not None and known.head else None

    def _commit(self, state: StartingState) -> str | None:
        if state not in self._commits:
            revision = revision_of(self._context, self._phase, state, "")
            found = self._context.repository.resolve(revision) if revision else None
            self._commits[state] = found
        return self._commits[state]

    def _with(
        self, start: Start, tests: tuple[str, ...], files: Mapping[str, FileState | None]
    ) -> Start:
        """A starting state with those of some tests that are otherwise in the turn of a check."""

        def read(path: str) -> FileState | None:
            return files[path] if path in files else self._here.read(path)

        def same(path: str, now: FileState) -> bool:
            if path in start.later:
                then = start.later[path]
                return then is not None and then.data == now.data
            return unchanged(self._context.repository, path, now.data, start.commit)

        return replace(start, carried=to_carry(tests, read, same))


def _checked_out(state: FileState | None) -> FileState | None:
    """A file as git puts it into a worktree, with all permissions that a new file may have."""
    if state is None or not (state.mode or 0) & 0o100:
        return state and replace(state, mode=None)
    mask = os.umask(0)
    os.umask(mask)
    return replace(state, mode=0o777 & ~mask)


def shows(context: Context, start: Start, commit: str, carried: Mapping[str, FileState]) -> bool:
    """Whether a starting state is, by now, that of a commit with some tests."""
    if start.carried.keys() != carried.keys():
        return False
    for path, test in carried.items():
        known = start.carried[path]
        if known.data != test.data or known.mode not in (None, test.mode):
            return False
    return (commit == start.commit and not start.later) or _makes(context, start, commit)


def _makes(context: Context, start: Start, commit: str) -> bool:
    """Whether what later commits were to make of files is what is in a commit."""
    repository = context.repository
    with suppress(GitFailed, Unreachable, NotHeld):
        paths = {*changed_between(repository, start.commit, commit), *start.later}
        attributes = any(path.rpartition("/")[2] == ".gitattributes" for path in paths)
        if attributes or not repository.filters.leave(paths):
            return False
        tree = Tree(repository.objects, repository.tree(commit), None)
        return all(path in start.later and _is(tree, path, start.later[path]) for path in paths)
    return False


def _is(tree: Tree, path: str, state: FileState | None) -> bool:
    there = tree.read(path)
    if there is None or state is None:
        return there is state
    executable = (bool((each.mode or 0) & 0o100) for each in (there, state))
    return there.data == state.data and next(executable) == next(executable)


class StartingPlaces:
    """The scratch worktrees over which views show starting states; no command writes to them.

    Where a check has run in its turn on a commit, that is the worktree it ran in: the next one
    would find there what it left. All else wants one that is as git and `carry` make it.
    """

    def __init__(self, context: Context, phase: Phase) -> None:
        self._context, self._phase = context, phase
        self._clean: dict[str, Path | None] = {}  # none where it could not be made
        self._written: Path | None = None

    def of(self, point: Point) -> Path | None:
        """The worktree for a check on its starting state; `None` where it is not to be had yet."""
        start, scratches = point.start, self._context.scratches
        assert start is not None
        root = None if start.files else scratches.made(start.commit)
        if root is None:
            if self._phase.settings.setup is not None or self._carries(point):
                # A setup may go by all files, and what is carried along by when that is done.
                return None
            if start.commit not in self._clean:
                self._clean[start.commit] = self._made(point, start.commit)
            root = self._clean[start.commit]
        if root is None or root == self._written or root not in scratches.ready:
            return None
        return root if self._context.folder(root, self._phase).is_dir() else None

    def _carries(self, point: Point) -> bool:
        """Whether the edits until a check change what is carried along."""
        carried = [name.rstrip("/") for name in self._phase.settings.carry or ()]
        return any(f"{path}/".startswith(f"{name}/") for path in point.files for name in carried)

    def _made(self, point: Point, commit: str) -> Path | None:
        with suppress(*_UNTOLD):
            root = self._context.scratches.fresh(commit)
            for _ in prepared(self._context, self._phase, root, point.where, point.step):
                pass
            return root
        return None

    def taken(self, point: Point, root: Path, commit: str) -> None:
        """What was shown over a worktree counts, as that of a commit.

        In its turn one of that commit would have been made, for the checks after it as well; what
        is carried along would be in it as it is now.
        """
        start, scratches = point.start, self._context.scratches
        assert start is not None
        if not start.files:
            scratches.adopt(commit, root)
        elif not start.carried and self._phase.settings.carry:
            with suppress(*_UNTOLD):
                place = scratches.at(commit)
                for _ in prepared(self._context, self._phase, place, point.where, point.step):
                    pass

    def written(self, root: Path) -> None:
        """A command is to run in a worktree itself: until `released` nothing is shown over it."""
        self._written = root
        self._clean = {commit: place for commit, place in self._clean.items() if place != root}

    def released(self) -> None:
        """Whatever ran in a worktree has ended."""
        self._written = None

    def forget(self) -> None:
        """Remove the worktrees that nobody counts on: in order there would not be any yet."""
        for commit, root in self._clean.items():
            if root is not None and self._context.scratches.made(commit) != root:
                self._context.scratches.remove(root)
        self._clean.clear()
