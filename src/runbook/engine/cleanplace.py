"""A clean place to judge work in: a scratch worktree with just the files that are the task's.

What else lies about in a worktree, ignored or not, is not there, and can't sway a check.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from runbook.core.position import Position
from runbook.core.record.events import Stopped
from runbook.engine.halt import Halt
from runbook.engine.site import Site
from runbook.world.files.workspace import FileState, Workspace
from runbook.world.git.gitfailed import GitFailed


def clean_place(
    site: Site, files: Mapping[str, FileState | None], where: str, at: Position
) -> Path:
    """The top folder of a worktree of HEAD in which some files, named from there, are as said.

    Raises:
        Halt: git can't make one.

    """
    head = site.repository.head().commit
    try:
        if head is None:
            raise GitFailed("there is no commit yet")
        root = site.scratches.fresh(head)
    except GitFailed as error:
        message = f"no clean worktree to judge the work in could be made: {error}"
        hint = "say `judge: here` under `delegate:` to have it judged in the worktree itself"
        raise Halt(Stopped("refused", where, str(at), message, hint=hint)) from None
    workspace = Workspace(root, None)
    for path, state in files.items():
        now = workspace.read(path)
        if state is not None:
            workspace.write(path, state.data, state.mode, None if now is None else now.data)
        elif now is not None:
            workspace.remove(path, now.data)
    return root


def carried(site: Site, root: Path, names: tuple[str, ...]) -> Iterator[str]:
    """Put what the series carries along into a scratch worktree; yields what is not there."""
    for name in names:
        source, place = site.repository.root / name, root / name
        if not source.exists():
            yield name
        elif not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                place.symlink_to(source, target_is_directory=True)
            else:
                shutil.copy2(source, place)
