"""Commands that the kernel holds to some files: tried before it is trusted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from runbook.core.record.delegateevents import UNASKED

_SCRIPT = Path(__file__).with_name("confine.py")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/pts", "/dev/shm")


def launcher(
    mode: Literal["auto", "required", "off"], own: Iterable[Path], extra: Iterable[str], root: Path
) -> tuple[tuple[str, ...] | None, str]:
    """The arguments before a command that confine it to files below `root`, and why there are none.

    `own` are the files that it may write there, `extra` folders of anywhere. A file is written by
    way of its folder, but for one in `root` itself: there, git's own folder is to stay shut.
    `None` where it is required and can't be.
    """
    if mode == "off":
        return (), UNASKED
    paths, why = _paths(own, extra, root)
    if not why and sys.platform != "linux":
        why = "only Linux has Landlock"
    if not why:
        start = [sys.executable, "-I", "-S", str(_SCRIPT)]
        tried = subprocess.run(
            [*start, "--try", str(root), *paths, "--"], capture_output=True, check=False, timeout=60
        )
        if tried.returncode == 0:
            return (*start, *paths, "--"), ""
        why = tried.stdout.decode("utf-8", "replace").strip() or "it could not be tried"
    return (None if mode == "required" else ()), why


def _paths(own: Iterable[Path], extra: Iterable[str], root: Path) -> tuple[list[str], str]:
    found: dict[str, None] = {}
    for path in own:
        folder = path.parent
        if folder == root:
            if not path.is_file():
                return [], f"{path.name} is to be made in the top folder"
            found[str(path)] = None
            continue
        while not folder.is_dir():
            folder = folder.parent
        if folder == root:
            return [], f"the folder of {path.relative_to(root)} is to be made in the top folder"
        found[str(folder)] = None
    everywhere = [*(str(Path(each).expanduser()) for each in extra), *_DEVICES]
    for open_to_it in everywhere:
        if root.is_relative_to(open_to_it):
            return [], f"the repository is in {open_to_it}, where everything may be written"
    return [*found, *everywhere], ""
