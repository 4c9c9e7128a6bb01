"""Removing folders; what that takes is loaded only where there is one to remove."""

from __future__ import annotations

from pathlib import Path


def remove_tree(folder: Path, *, ignore_errors: bool = False) -> None:
    """Remove a folder with all that is in it, where links lead being left alone.

    Raises:
        OSError: unless those are ignored, the first one.
    """
    # 2 ms with all the kinds of archives that it knows, also where there is nothing to remove.
    import shutil

    shutil.rmtree(folder, ignore_errors=ignore_errors)
