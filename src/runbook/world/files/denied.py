"""What keeps a file from being read or written although it is there, and what helps against it."""

from __future__ import annotations

import errno
import os
import shlex
import stat
from pathlib import Path

DENYING = (errno.EACCES, errno.EPERM, errno.EROFS)
"""How a system refuses what somebody may not do."""

_BITS = {"r": stat.S_IRUSR, "w": stat.S_IWUSR, "x": stat.S_IXUSR}


def advice(root: Path, place: Path, *, writing: bool) -> str:
    """What to do so that a file below `root` may be read, or put in its place."""
    for folder in reversed(place.relative_to(root).parents):
        if (root / folder).exists() and not os.access(root / folder, os.X_OK):
            return _permitted(root / folder, "x")
    if not writing:
        return _permitted(place, "r")
    folder = next(each for each in place.parents if each.exists())
    return _permitted(folder if os.access(place, os.W_OK) or not place.exists() else place, "w")


def _permitted(place: Path, letter: str) -> str:
    info = place.lstat()
    name = shlex.quote(str(place))
    if letter == "w" and os.statvfs(place).f_flag & os.ST_RDONLY:
        return f"{name} is on a file system that is mounted read-only"
    if info.st_uid != os.geteuid():
        return f"{name} belongs to {_user(info.st_uid)}, who can permit it"
    if info.st_mode & _BITS[letter]:
        return f"its permission bits allow it: `getfacl {name}` and `lsattr -d {name}` say more"
    return f"`chmod u+{letter} {name}`"


def _user(number: int) -> str:
    from pwd import getpwuid  # seldom is a file somebody else's

    try:
        return getpwuid(number).pw_name
    except KeyError:
        return f"the user {number}"
