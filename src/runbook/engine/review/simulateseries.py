"""A series looked over before it is carried out, from the commits its worktrees are on."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from runbook.core.lint.namedfiles import named_files
from runbook.core.model.declared import (
    contained,
    declaring_steps,
    left_by,
    makes,
    patterns,
    rules_edited,
    unmade,
)
from runbook.core.model.globs import example
from runbook.core.model.ids import task_of
from runbook.core.model.model import Commit, Edit, Phase, Run, Step, Verify
from runbook.core.model.paths import prefix_of
from runbook.core.value import field, mutable, replace, value
from runbook.engine.ground.undeclared import by_lasting_rules
from runbook.engine.review.simulatephase import Missed, SimulatedPhase, simulate_phase
from runbook.engine.review.withignored import WithIgnored
from runbook.engine.simulation.planned import Files
from runbook.engine.simulation.plans import Plans
from runbook.engine.simulation.simulate import Simulation
from runbook.world.files.workspace import Workspace
from runbook.world.git.history import commits_since, contains, never_had
from runbook.world.git.objects import GitObject, Objects
from runbook.world.git.overlooked import overlooked_of_each
from runbook.world.git.tree import Tree, tree_of

if TYPE_CHECKING:
    from runbook.core.model.ids import StepId
    from runbook.core.record.progress import Progress
    from runbook.world.git.checkout import Checkout


_MANY = 20  # files from which on reading them together is worth it


@mutable
class _Ground:
    """One worktree, whether it is there yet or not: its objects, its commit, what is planned."""

    root: Path
    indexed: bool
    objects: Objects
    head: GitObject | None
    plans: Plans
    trees: dict[str, Tree] = field(default_factory=dict)  # by what is their `workdir`
    known: dict[str, bool] = field(default_factory=dict)

    def tree(self, workdir: str | None) -> Tree:
        """The files of its commit, as a phase of that `workdir` names them."""
        prefix = prefix_of(workdir)
        if prefix not in self.trees:
            self.trees[prefix] = Tree(self.objects, tree_of(self.head), workdir)
        return self.trees[prefix]

    def has(self, commit: str, last: str | None) -> bool:
        """Whether a commit is in the history of the worktree, which a run left at `last`."""
        if self.head is None:
            return False
        if commit not in self.known:
            same = self.head.id in (commit, last)
            self.known[commit] = same or contains(self.root, self.head.id, commit)
        return self.known[commit]


@value
class PassedOver:
    """A commit of a phase with files that git would leave out of it, each with the reason."""

    phase: str
    where: StepId
    step: Commit
    hidden: dict[str, str]


_Wanted = tuple["Phase", "StepId", "Commit", dict[str, str]]
"""A commit of a phase, and the files that it is to have, with how it names them."""


class SeriesSimulation:
    """The phases of a series in order, simulated over the files that git has.

    A phase is carried out in memory on what the phases before it would leave.
    """

    def __init__(
        self,
        checkout: Checkout,
        folder: Path,
        phases: tuple[Phase, ...],
        progress: Callable[[Phase], Progress | None],
    ) -> None:
        """The `phases` of the series in a folder; `progress` is what is known of each."""
        self._checkout = checkout
        self._series = checkout.inside(folder)
        self._phases = phases
        self._progress = progress
        self._grounds: dict[str | None, _Ground] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def simulated(self) -> list[SimulatedPhase]:
        """What becomes of each phase.

        Raises:
            GitFailed: git does not accept the repository.
        """
        return [self._simulate(phase) for phase in self._phases]

    def names_a_commit(self, phase: Phase) -> bool:
        """Whether the phase's `base`, if it has one, is a commit of the repository."""
        return phase.base is None or self._ground(phase).objects.commit(phase.base) is not None

    def begins_on_none(self, phase: Phase) -> bool:
        """Whether a phase is yet to begin, in a worktree without any commit."""
        progress = self.progress(phase)
        if self._ground(phase).head is not None or (progress and phase.id in progress.phases):
            return False
        before = self._phases[: self._phases.index(phase)]
        return not any(isinstance(step, Commit) for p in before for _, step in p.named_steps())

    def files(self, phase: Phase) -> Tree:
        """The files of the commit that the phase's worktree is on."""
        return self._ground(phase).tree(phase.settings.workdir)

    def has_workdir(self, phase: Phase) -> bool:
        """Whether the commit that the phase's worktree is on has the folder of its `workdir`."""
        ground = self._ground(phase)
        workdir = phase.settings.workdir
        return workdir in (None, ".") or ground.tree(None).is_there(workdir)

    def moved_by(self, phase: Phase, missed: Missed) -> tuple[str, ...]:
        """The commits since `base` that changed the file of a conflict, a line each."""
        ground = self._ground(phase)
        base = ground.objects.commit(phase.base) if phase.base else None
        if base is None or ground.head is None or base.id == ground.head.id:
            return ()
        path = prefix_of(phase.settings.workdir) + missed.path
        return commits_since(ground.root, base.id, ground.head.id, path)

    def nowhere(self, phase: Phase) -> Iterator[tuple[StepId, Commit, list[str]]]:
        """The commits of a phase that name files which nobody has, and no step is to make."""
        progress, inside = self.progress(phase), prefix_of(phase.settings.workdir)
        before = self._phases[: self._phases.index(phase)]
        for task in phase.tasks:
            if progress is not None and progress.settled(task.id):
                continue
            for where, step in task.named_steps():
                if isinstance(step, Commit) and (paths := unmade(phase, step)):
                    named = {inside + path: path for path in paths}
                    lost = self._unknown(phase, [path for path in named if not _made(path, before)])
                    if lost:
                        yield where, step, [named[path] for path in lost]

    def not_there(self, phase: Phase) -> Iterator[tuple[StepId, Run | Verify, str, str]]:
        """The steps whose command names a file that nobody has, and no step is to make.

        With each how the command names it, and its path in `workdir`.
        """
        inside = prefix_of(phase.settings.workdir)
        before = self._phases[: self._phases.index(phase) + 1]
        found = [
            (where, step, word, path)
            for where, step in self._to_succeed(phase)
            for word, path in named_files(step.command)
            if self._absent(phase, [inside + path]) and not _made(inside + path, before)
        ]
        if not found:
            return
        ground = self._ground(phase)
        paths = tuple(dict.fromkeys(inside + path for *_, path in found))
        lost = set(self._unknown(phase, paths))
        # A build makes what git ignores, or an installation.
        (ignored,) = overlooked_of_each(ground.root, (paths,), indexed=ground.indexed)
        yield from (each for each in found if inside + each[3] in lost - ignored.keys())

    def _to_succeed(self, phase: Phase) -> Iterator[tuple[StepId, Run | Verify]]:
        progress = self.progress(phase)
        for where, step in phase.named_steps():
            settled = progress is not None and progress.settled(task_of(where))
            if settled or not isinstance(step, Run | Verify):
                continue
            if step.expect.exit_or_default == (0,):
                yield where, step

    def _absent(self, phase: Phase, paths: Iterable[str]) -> tuple[str, ...]:
        """Of some paths those that are not where the phase is carried out, nor carried there."""
        root = self._checkout.worktree(phase.settings.worktree)
        carried = phase.settings.carry or ()
        return tuple(
            path
            for path in paths
            if not os.path.lexists(root / path)
            and not any(f"{path}/".startswith(f"{name.rstrip('/')}/") for name in carried)
        )

    def _unknown(self, phase: Phase, paths: Iterable[str]) -> tuple[str, ...]:
        """Of some paths those that are not where the phase is carried out, and git never had."""
        ground, missing = self._ground(phase), self._absent(phase, paths)
        head = None if ground.head is None else ground.head.id
        return never_had(ground.root, head, missing) if missing else ()

    def passed_over(self, phases: Iterable[Phase]) -> Iterator[PassedOver]:
        """The commits of phases with files that git would leave out of them."""
        commits: dict[tuple[Path, bool], list[_Wanted]] = defaultdict(list)
        for phase in phases:
            for where, step in phase.named_steps():
                if isinstance(step, Commit) and not step.force:
                    wanted = self._contents(phase, contained(phase, step))
                    ground = self._ground(phase)
                    commits[ground.root, ground.indexed].append((phase, where, step, wanted))
        for (root, indexed), found in commits.items():
            groups = (tuple(wanted) for *_, wanted in found)
            reasons = overlooked_of_each(root, groups, indexed=indexed)
            for (phase, where, step, wanted), why in zip(found, reasons, strict=True):
                hidden = {named: why[path] for path, named in wanted.items() if path in why}
                if hidden:
                    inside = prefix_of(phase.settings.workdir)
                    # All steps before it are gone through: most commits hide nothing.
                    rules = {inside + path for path in rules_edited(phase, step)}
                    hidden = by_lasting_rules(hidden, rules)
                if hidden:
                    yield PassedOver(phase.id, where, step, hidden)

    def _contents(self, phase: Phase, steps: list[Step]) -> dict[str, str]:
        """The files that a commit of some steps is to have, with how it names them.

        For a pattern that names no file of git's there is one like those that it will name.
        """
        inside = prefix_of(phase.settings.workdir)
        found = {inside + path: inside + path for path in left_by(steps)}
        tree = self.files(phase)
        for pattern in patterns(steps):
            if not tree.matching(pattern):
                found[inside + example(pattern)] = inside + pattern
        return found

    def progress(self, phase: Phase) -> Progress | None:
        """What is known of a phase, as a run has it: one whose commits are gone begins anew."""
        progress = self._progress(phase)
        made = progress.commits(phase.id) if progress is not None else []
        if progress is not None and made and not self._ground(phase).has(made[-1], progress.head):
            return None
        return progress

    def _simulate(self, phase: Phase) -> SimulatedPhase:
        ground = self._ground(phase)
        progress = self.progress(phase)
        state = progress.phases.get(phase.id) if progress is not None else None
        began = state.head if state is not None else None
        named = ground.objects.commit(phase.base or "") or ground.objects.commit(began or "")
        workdir = phase.settings.workdir
        original = Tree(ground.objects, tree_of(named or ground.head), workdir)
        tree, inside = ground.tree(workdir), prefix_of(workdir)
        edits = (step for task in phase.tasks for step in task.steps if isinstance(step, Edit))
        targets = [each for step in edits for each in step.targets if isinstance(each, str)]
        if len(targets) > _MANY:
            tree.read_ahead(targets)
        files: Files = tree
        if ground.indexed:
            files = WithIgnored(tree, Workspace(ground.root, workdir))
        simulation = Simulation(
            files, lambda glob: tree.matching(glob.pattern), plans=ground.plans.within(inside)
        )
        folder = self._checkout.root / (workdir or "")
        done = simulate_phase(simulation, phase, progress, files, original, folder, self._series)
        return replace(done, inside=inside)

    def _ground(self, phase: Phase) -> _Ground:
        name = phase.settings.worktree
        if name not in self._grounds:
            self._grounds[name] = self._open(phase)
        return self._grounds[name]

    def _open(self, phase: Phase) -> _Ground:
        name = phase.settings.worktree
        root, revision = self._checkout.worktree(name), "HEAD"
        indexed = name is None or (root / ".git").exists()
        progress = self._progress(phase)
        made = progress.worktree if progress is not None else None
        if not indexed:
            # Not made yet, or removed; then it goes on from its branch.
            if made is not None and made.branch == root.name:
                revision = f"refs/heads/{root.name}"
            root = self._checkout.root
        objects = self._stack.enter_context(Objects(root))
        head = objects.commit(revision) or objects.commit("HEAD")
        return _Ground(root, indexed, objects, head, Plans(series=self._series))


def _made(path: str, phases: Iterable[Phase]) -> bool:
    """Whether a step of some phases may make a path, as git names it."""
    for phase in phases:
        below, steps = prefix_of(phase.settings.workdir), declaring_steps(phase)
        if path.startswith(below) and makes(steps, path.removeprefix(below)):
            return True
    return False
