"""git's objects under a second name each, so that what somebody deletes of them is there still."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from runbook.world.files.durable import make_folder
from runbook.world.files.removal import remove_tree
from runbook.world.git.gitcommand import git
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.reader import Reader

_ID = (40, 64)  # digits of an object's name, by SHA-1 and by SHA-256


def keep(repository: Reader, folder: Path) -> None:
    """Give each file of objects a second name below `folder`, which is made anew.

    Files in which git keeps several (packs) as well; none of those that lie in other repositories.
    """
    remove_tree(folder, ignore_errors=True)
    place = repository.common_dir / "objects"
    for name in _names(place):
        # What can't have one, as on a file system without, is kept by nobody.
        with suppress(OSError):
            make_folder((folder / name).parent)
            os.link(place / name, folder / name)


def put_back(repository: Reader, folder: Path) -> tuple[str, ...]:
    """Give files of objects that are gone their names again, and forget the second ones.

    Returns the ids of the objects that git did not have any more: files also go when git packs
    what is in them, which is no harm.

    Raises:
        GitFailed: a file can't be given its name again.
    """
    place = repository.common_dir / "objects"
    gone = [name for name in _names(folder) if not os.path.lexists(place / name)]
    lost: tuple[str, ...] = ()
    try:
        if gone:
            make_folder(place)  # without it git knows no repository
            lost = tuple(_missing(repository, folder, gone))
        for name in gone:
            make_folder((place / name).parent)
            os.link(folder / name, place / name)
    except OSError as error:
        raise GitFailed(f"an object can't be put back: {error}") from None
    remove_tree(folder, ignore_errors=True)
    return lost


def _names(place: Path) -> Iterator[str]:
    """The files of objects, by their names from the folder that all are in."""
    for folder, pattern in (("pack", "pack-*.*"), ("", "[0-9a-f][0-9a-f]/*")):
        for file in (place / folder).glob(pattern):
            name = str(file.relative_to(place))
            if folder or len(name) - 1 in _ID:
                yield name


def _missing(repository: Reader, folder: Path, files: list[str]) -> Iterator[str]:
    """The objects of some kept files that git has nowhere else, as far as it can say."""
    ids = [name.replace("/", "") for name in files if not name.startswith("pack/")]
    try:
        form = "sha1" if repository.id_length == 20 else "sha256"
        for name in files:
            if name.endswith(".idx"):
                index = (folder / name).read_bytes()
                listed = git(folder, "show-index", f"--object-format={form}", stdin=index)
                ids += [line.split(" ")[1] for line in listed.decode().splitlines()]
        asked = "".join(f"{each}\n" for each in ids).encode()
        answers = git(repository.root, "cat-file", "--batch-check=%(objectname)", stdin=asked)
    except GitFailed:
        yield from ids
        return
    for line in answers.decode().splitlines():
        if line.endswith(" missing"):
            yield line.removesuffix(" missing")
