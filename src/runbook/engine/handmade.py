"""Lines that a person wrote into a file meanwhile, kept before a step of the plan replaces them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from runbook.core.taskstate import TaskState
from runbook.engine.restore import digest_of
from runbook.world import contents
from runbook.world.workspace import FileState

if TYPE_CHECKING:
    from runbook.engine.site import Site


def keep_handmade(
    site: Site, state: TaskState, files: Iterable[tuple[str, FileState | None, FileState | None]]
) -> str:
    """Keep files with lines that neither git nor the task's own steps have, and that are to go.

    `files` are paths with what they hold and what they are to hold. Returns the folder where they
    are kept, empty where none is.
    """
    kept = ""
    for path, before, after in files:
        image = state.images.get(path)
        if before is None or digest_of(before) == image:
            continue
        committed = contents.committed(site.repository, site.workspace.in_repository(path))
        ours = None if image is None else site.journal.load(image)
        known = _lines(committed) | _lines(ours) | _lines(None if after is None else after.data)
        if _lines(before.data) - known:
            kept = str(site.journal.rescue(path, before.data).parent)
    return kept


def _lines(data: bytes | None) -> set[bytes]:
    return set((data or b"").split(b"\n"))
