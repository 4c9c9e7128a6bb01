"""The account under which PostgreSQL runs: never root, because it refuses to."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Account:
    """A user and a group by their numbers."""

    uid: int
    gid: int


def unprivileged_account() -> Account | None:
    """Return the account to change to, or None where we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        # A bare container has no such name. The numbers need no entry anywhere to work.
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def open_to_everyone(path: Path) -> bool:
    """Say whether every account may enter `path`, or run it, by the mode of it and its parents."""
    path = path.resolve()
    return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))
