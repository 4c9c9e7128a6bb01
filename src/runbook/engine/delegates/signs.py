"""Signs in the lines of changed files that checks say less than they did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from runbook.world.files.workspace import FileState


def found_in(
    before: Mapping[str, FileState | None],
    now: Mapping[str, FileState | None],
    found_by: Callable[[str, str | None, str | None], Iterator[str]],
) -> tuple[str, ...]:
    """What a rule of `core.handover.weakening` finds in the files that differ, in a few words."""
    return tuple(
        sign
        for path in dict.fromkeys([*before, *now])
        if before.get(path) != now.get(path)
        for sign in found_by(path, _text(before.get(path)), _text(now.get(path)))
    )


def _text(state: FileState | None) -> str | None:
    return None if state is None else state.data.decode("utf-8", "replace")
