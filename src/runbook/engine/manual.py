"""Manual steps: the work is handed to a person, and taken back when the run is started again."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core import events
from runbook.core.events import Event, FileImage, Stopped
from runbook.core.model import Manual
from runbook.engine.halt import Halt
from runbook.engine.site import Site
from runbook.engine.targets import step_paths
from runbook.world.workspace import Unreachable


def manual(
    site: Site, step: Manual, where: str, handed_over: dict[str, str | None] | None
) -> Iterator[Event]:
    """Carry out a manual step; `handed_over` are its files when it was, `None` before that.

    Raises:
        Halt: the work is handed over now, or none of its files was changed since.

    """
    files = step_paths(site, step)
    now = {path: _image(site, step, where, path) for path in files}
    if handed_over is None:
        images = tuple(FileImage(path, digest, None) for path, digest in now.items())
        yield events.ManualBegan(where, step.instructions, images)
        raise Halt(_waiting(step, where, "waiting for work by hand"))
    known = dict.fromkeys([*handed_over, *files])
    changed = tuple(path for path in known if now.get(path) != handed_over.get(path))
    if step.files and not changed:
        raise Halt(_waiting(step, where, "still waiting: none of the step's files was changed yet"))
    inside = tuple(site.workspace.in_repository(path) for path in changed)
    tracked = [c.path for c in site.repository.changes(inside) if not c.untracked] if inside else []
    difference = site.repository.difference(tuple(tracked)) if tracked else ""
    yield events.ManualDone(where, changed, difference)


def _image(site: Site, step: Manual, where: str, path: str) -> str | None:
    try:
        state = site.workspace.read(path)
    except Unreachable as error:
        raise Halt(Stopped("refused", where, str(step.at), str(error))) from None
    return None if state is None else site.journal.store(state.data)


def _waiting(step: Manual, where: str, message: str) -> Stopped:
    return Stopped("manual", where, str(step.at), message, output=step.instructions)
