"""Where that is which was carried into a worktree, and is used there by links."""

from __future__ import annotations

from pathlib import Path, PurePath


def carried_from(root: Path, names: tuple[str, ...]) -> tuple[Path, ...]:
    """The folders elsewhere that a worktree has links into, for what was carried into it.

    What is there may have been carried into that worktree as well.
    """
    found: dict[Path, None] = {}
    for name in names:
        parts = PurePath(name).parts
        places = [root / name]
        while places:
            for source in _linked_from(places.pop()):
                if source.parts[-len(parts) :] == parts and source not in found:
                    found[source] = None
                    places.append(source)
    return tuple(found)


def _linked_from(place: Path) -> set[Path]:
    """The folders that have what links in a folder stand for."""
    try:
        links = [each.readlink() for each in place.iterdir() if each.is_symlink()]
    except OSError:
        return set()
    folders = {link.parent for link in links if link.is_absolute()}
    return {each for each in folders if each != place and each.is_dir()}
