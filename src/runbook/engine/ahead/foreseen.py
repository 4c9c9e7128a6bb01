"""Whether a worktree is, in the turn of a check, as the check saw it ahead."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from runbook.core.handover.steering import is_cache, is_compiled
from runbook.world.files.inventory import Inventory, inventory
from runbook.world.files.workspace import FileState, Unreachable, Workspace


def files_of(root: Path) -> Inventory:
    """What the inode of each file of a worktree says, but for what tools make anew."""
    return inventory(root, is_cache, lambda _path: False)


def changed(root: Path, files: Mapping[str, FileState | None], baseline: Inventory) -> str:
    """What else changed in a worktree since its `baseline` than edits make of their `files`."""
    workspace = Workspace(root, None)
    for path, state in files.items():
        if not _same(workspace, path, state):
            return f"{path} is not as its edits make it"
    now = files_of(root)
    above = {path[: at + 1] for path in files for at, sign in enumerate(path) if sign == "/"}
    for path in sorted(now.keys() | baseline.keys()):
        if path in files or f"{path}/" in above:
            continue
        # What was compiled of another state may be taken for that of the one in the view.
        if is_compiled(path) and _source(path) not in files:
            continue
        before, after = baseline.get(path), now.get(path)
        if before is None or not (before.same(after) or before.linked_again(after)):
            return f"{path} was changed"
    return ""


def _source(path: str) -> str:
    """The file of which Python made a compiled one."""
    folder, _, name = path.rpartition("__pycache__/")
    return f"{folder}{name.partition('.')[0]}.py"


def _same(workspace: Workspace, path: str, state: FileState | None) -> bool:
    try:
        now = workspace.read(path)
    except Unreachable:
        return False
    if now is None or state is None:
        return now is state
    return now.data == state.data and state.mode in (None, now.mode)
