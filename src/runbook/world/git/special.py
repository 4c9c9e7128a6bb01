"""What git has as an entry and is no file: symbolic links, and submodules by their commits."""

from __future__ import annotations

from pathlib import Path

from runbook.world.files.durable import sync_folder
from runbook.world.files.regular import target_of
from runbook.world.files.workspace import Unreachable
from runbook.world.git.gitcommand import ask

_LINK, _COMMIT = "-> ", "@ "
LINK, SUBMODULE = "120000", "160000"
"""Their modes in a tree."""


def of_entry(mode: str, id: str, target: str) -> str | None:
    """What an entry of a tree is, where it is no file; `target` is the content of a link."""
    if mode == LINK:
        return _LINK + target
    return _COMMIT + id if mode == SUBMODULE else None


def is_submodule(what: str | None) -> bool:
    """Whether something special is a submodule."""
    return what is not None and what.startswith(_COMMIT)


def special(place: Path) -> str | None:
    """Where a link points at, `-> TARGET`, or the commit of a submodule, `@ COMMIT`."""
    if place.is_symlink():
        return _LINK + target_of(place)
    if not (place / ".git").exists():
        return None
    status, commit, _ = ask(place, "rev-parse", "--verify", "HEAD")
    return _COMMIT + commit.decode().strip() if status == 0 else None


def clear(place: Path) -> None:
    """Remove a link; a submodule stays."""
    if place.is_symlink():
        place.unlink()
        sync_folder(place.parent)


def make(place: Path, wanted: str | None) -> None:
    """Make a link, or bring a submodule to a commit, where it is not so.

    Raises:
        Unreachable: the submodule does not go there, or a file or folder is in the way.
    """
    if wanted is None or special(place) == wanted:
        return
    try:
        if wanted.startswith(_LINK):
            clear(place)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(wanted.removeprefix(_LINK))
            sync_folder(place.parent)
            return
    except OSError as error:
        raise Unreachable(f"the link {place.name} can't be made: {error.strerror}") from None
    commit = wanted.removeprefix(_COMMIT)
    status, _, errors = ask(place, "checkout", "-q", "--detach", commit) if place.is_dir() else (
        1, b"", b"it is gone",
    )  # fmt: skip
    if status:
        said = errors.decode("utf-8", "replace").strip()
        raise Unreachable(f"the submodule {place.name} can't be put back to {commit[:9]}: {said}")
