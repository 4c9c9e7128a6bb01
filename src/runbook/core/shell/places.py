"""Where the paths of commands lead: into the repository, to temporary places, or elsewhere."""

from __future__ import annotations

import posixpath
from typing import Literal

from runbook.core.patterns import regex

Place = Literal["inside", "scratch", "outside", "unknown"]

_SCRATCH = regex(
    r"(?:/private)?/tmp(?:/|$)|/var/(?:tmp|folders)(?:/|$)|"
    r"/dev/(?:null|std(?:in|out|err)|tty|fd|zero|u?random)(?:/|$)|"
    r"\$\{?(?:TMPDIR|TMP|TEMP|RUNNER_TEMP)\b(?!=)|-$"
)
_HERE = regex(
    r"(?:\$\{?PWD\}?|\$\(pwd\)|\$\(git rev-parse --show-toplevel\)|\$\(dirname [^()]*\))(?=/|$)"
)  # fmt: skip
_HOME = regex(r"~|\$\{?HOME\b|[A-Za-z]:(?=\S)|/")


def place(path: str, folder: str = "") -> Place:
    """Where a path leads that is named in a folder, "" for the repository's top."""
    path = _HERE.sub(".", path)
    joined = moved(folder, path)
    if _SCRATCH.match(joined):
        return "scratch"
    if _HOME.match(joined) or joined == ".." or joined.startswith("../"):
        return "outside"
    return "unknown" if joined.startswith(("$", "`")) else "inside"


def moved(folder: str, to: str) -> str:
    """The folder after `cd TO` in another one, "" for the repository's top."""
    to = _HERE.sub(".", to)
    if to.startswith("/"):
        return posixpath.normpath(to)
    if _HOME.match(to) or to.startswith(("$", "`")) or to == "-":
        return to
    if folder.startswith("$"):
        return f"{folder}/{to}"
    joined = posixpath.normpath(posixpath.join(folder, to))
    return "" if joined == "." else joined
