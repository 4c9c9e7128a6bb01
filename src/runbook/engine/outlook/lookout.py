"""The ground of a phase for those who only look, as the next run will find it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.model.model import Phase
from runbook.core.record.fold import apply
from runbook.core.record.progress import Progress
from runbook.core.record.status import Awaited
from runbook.core.value import field, mutable
from runbook.engine.ground.ground import Ahead, Lookout, Records, Settled, Unmade
from runbook.engine.ground.worktreeahead import is_half_made, worktree_ahead
from runbook.world.files.workspace import FileState, Workspace
from runbook.world.git.checkout import Checkout, find_checkout
from runbook.world.git.objects import Objects
from runbook.world.git.reader import Reader
from runbook.world.git.settings import Settings
from runbook.world.git.tree import Tree, tree_of

if TYPE_CHECKING:
    from runbook.engine.ground.strangers import Strangers
    from runbook.engine.resume.leftbehind import LeftBehind


@mutable
class Lookouts:
    """The grounds of phases of a `series`, each as its next run will find it.

    `stack` keeps a process of git open that reads a commit's files. What a killed run left in a
    worktree counts as settled.
    """

    checkout: Checkout
    waits_for: Callable[[Phase], Awaited]
    phase_files: Path
    stack: ExitStack
    series: tuple[Phase, ...] = ()
    _left: dict[Path, LeftBehind] = field(default_factory=dict)
    _settings: Settings | None = None
    _objects: Objects | None = None

    def at(self, phase: Phase, progress: Progress) -> tuple[Lookout, bool]:
        """The ground of a phase, and whether its worktree is made.

        `progress` takes in what is settled.

        Raises:
            CannotContinue: the next run would be refused before anything.
            GitFailed: git does not accept the repository.
        """
        checkout = self.checkout
        records = Records(checkout.journal_of(phase.settings.worktree, self.phase_files), progress)
        half_made = is_half_made(checkout, phase, progress)
        ahead = worktree_ahead(checkout, phase, progress, half_made=half_made)
        if not ahead.made:
            objects = self._objects = self._objects or self.stack.enter_context(
                Objects(checkout.root)
            )
            commit = objects.commit(ahead.head.commit) if ahead.head.commit else None
            tree = Tree(objects, tree_of(commit), phase.settings.workdir)
            # Of several that are not there, each would be told the same.
            unmade = Unmade(checkout, ahead.head, tree, self._settings)
            self._settings = unmade.settings
            return Lookout(unmade, tree, records, self.waits_for, self.phase_files), False
        # Where there is no worktree nothing can be left in one.
        from runbook.engine.ground.strangers import Strangers
        from runbook.engine.resume.leftbehind import left_behind

        reader = Reader(find_checkout(ahead.folder))
        workspace = Workspace(ahead.folder, phase.settings.workdir)
        lookout = Lookout(reader, workspace, records, self.waits_for, self.phase_files)
        if ahead.folder not in self._left:
            series = {each.id: each for each in self.series}
            self._left[ahead.folder] = left_behind(lookout, progress, phase, series, records.ended)
            for event in self._left[ahead.folder].found:
                apply(progress, event)
        left = self._left[ahead.folder]
        strangers = left.strangers or Strangers({})
        if not (left.since or left.restored or left.strangers):
            return lookout, True
        back = [image.path for image in left.restored]
        back += [*strangers.files, *strangers.staged]
        settled = Settled(reader, back, left.since, strangers.head, strangers.gone)
        folder = Ahead(workspace, _states(left, strangers, workspace, records))
        return Lookout(settled, folder, records, self.waits_for, self.phase_files), True


def _states(
    left: LeftBehind, strangers: Strangers, workspace: Workspace, records: Records
) -> dict[str, FileState | None]:
    """The files that are put back first, as they will be."""
    files: dict[str, FileState | None] = {
        path.removeprefix(workspace.prefix): state
        for path, state in strangers.files.items()
        if path.startswith(workspace.prefix)
    }
    for image in (*left.committed, *left.restored):
        if image.path.startswith(workspace.prefix):
            data = records.load(image.after)
            state = None if data is None else FileState(data, image.mode)
            files[image.path.removeprefix(workspace.prefix)] = state
    return files
