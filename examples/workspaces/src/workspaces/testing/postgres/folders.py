"""The temporary folder of a server: locked while its keeper lives, swept by another one after."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workspaces.testing.postgres.accounts import open_to_everyone
from workspaces.testing.postgres.errors import ServerError

NAME = "workspaces-postgres-"


@contextmanager
def server_folder(*, for_everyone: bool) -> Iterator[Path]:
    """Yield a fresh folder and remove it afterwards; first remove those of dead keepers.

    With `for_everyone` all accounts can enter it (but not list it).
    """
    parent = _parent(for_everyone)
    _sweep(parent)
    # The folder gets the name that the sweep looks for only when it is locked. So no other keeper
    # can take it for an orphan in between.
    made = Path(tempfile.mkdtemp(prefix=f".{NAME}", dir=parent))
    if for_everyone:
        made.chmod(0o711)
    # The system lets the lock go when this process ends, however it ends. Python closes the
    # descriptor in child processes, so they do not hold it.
    lock = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    folder = made.rename(parent / made.name.removeprefix("."))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _parent(for_everyone: bool) -> Path:
    wanted = Path(tempfile.gettempdir())
    if not for_everyone:
        return wanted
    for place in (wanted, Path("/tmp"), Path("/var/tmp")):
        if place.is_dir() and open_to_everyone(place):
            return place
    raise ServerError(f"no temporary folder is open to other accounts; {wanted} is not")


def _sweep(parent: Path) -> None:
    """Remove the folders of our account in `parent` which no keeper holds."""
    for folder in parent.glob(f"{NAME}*"):
        try:
            # In a folder for everybody, anybody can put a link of that name.
            orphan = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if os.fstat(orphan).st_uid == os.geteuid():
                fcntl.flock(orphan, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(orphan)
