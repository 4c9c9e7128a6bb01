"""git's configuration as it stands for a worktree: asked for once, and again where it changed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from runbook.core.patterns import regex
from runbook.world.git.gitcommand import git

_TRUE = ("true", "yes", "on", None)
"""What git takes for true, without regard to case, as any number but 0; a name alone is true."""

_MOMENT = 0.001
"""Seconds in which the files are not looked at again: a commit asks for twenty settings."""

_PLAIN = regex(r"[^\W_](?:[^\x00-\x1f\x7f<>\\\"]*[^\W_])?")
"""A name or an address of which git takes nothing away at its ends or inside."""

Marks = tuple[tuple[str, tuple[int, ...]], ...]


def marks_of(paths: Iterable[Path | str]) -> Marks:
    """What tells that files are as they were, or are still not there."""
    found: list[tuple[str, tuple[int, ...]]] = []
    for each in paths:
        path = os.fspath(each)
        try:
            # Some hundred times for a small task: pathlib would take several times as long.
            told = os.stat(path)  # noqa: PTH116
        except OSError:
            found.append((path, ()))
        else:
            found.append((path, (told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)))
    return tuple(found)


def expanded(path: str) -> Path:
    """A path with `~` as the home it stands for; as it is where there is none."""
    # Not by pathlib, which refuses a user without a home, as in many containers.
    return Path(os.path.expanduser(path))  # noqa: PTH111


def _plain_identity(settings: dict[str, str | None], role: str) -> str | None:
    """The identity that settings state so plainly that git need not be asked for it."""
    parts = ("name", "email")
    if any(f"{role.lower()}.{part}" in settings for part in parts):
        return None
    if any(f"GIT_{role}_{part}" in os.environ for part in ("NAME", "EMAIL", "DATE")):
        return None
    name, email = (settings.get(f"user.{part}") or "" for part in parts)
    plain = _PLAIN.fullmatch(name) and _PLAIN.fullmatch(email)
    return f"{name} <{email}>" if plain else None


class Snapshot:
    """Settings as they were at a moment."""

    def __init__(self, known: dict[str, str | None]) -> None:
        self._known = known

    def get(self, name: str, default: str = "") -> str:
        """The text of a setting, its last one; the name in lower case."""
        found = self._known.get(name, default)
        return "true" if found is None else found

    def is_true(self, name: str, *, default: bool = False) -> bool:
        """Whether a setting is true."""
        if name not in self._known:
            return default
        told = self._known[name]
        if told is not None and told.lstrip("+-").isdigit():
            return int(told) != 0
        return (told if told is None else told.lower()) in _TRUE

    def names(self) -> list[str]:
        """The names of all settings there are."""
        return list(self._known)


class Settings:
    """The settings of a worktree, with those of the user and of the system."""

    def __init__(self, root: Path, git_dir: Path, common_dir: Path) -> None:
        self._root = root
        personal = expanded(os.environ.get("XDG_CONFIG_HOME") or "~/.config") / "git"
        self._places = [
            common_dir / "config", git_dir / "config.worktree", expanded("~/.gitconfig"),
            personal / "config",
        ]  # fmt: skip
        self.attributes = personal / "attributes"
        """Where the user's attributes stand unless a setting says otherwise (gitattributes(5))."""
        self.excludes = personal / "ignore"
        """Where the user's ignored files stand unless a setting says otherwise (gitignore(5))."""
        self._known: dict[str, str | None] | None = None
        self._marks: Marks = ()
        self._seen = 0.0
        self._identities: dict[str, str] = {}

    def now(self) -> Snapshot:
        """The settings as they are, for who asks for several.

        Raises:
            GitFailed: git can't read its configuration.
        """
        return Snapshot(self._read())

    def get(self, name: str, default: str = "") -> str:
        """The text of a setting, its last one; the name in lower case.

        Raises:
            GitFailed: git can't read its configuration.
        """
        return self.now().get(name, default)

    def is_true(self, name: str, *, default: bool = False) -> bool:
        """Whether a setting is true.

        Raises:
            GitFailed: git can't read its configuration.
        """
        return self.now().is_true(name, default=default)

    def names(self) -> list[str]:
        """The names of all settings there are."""
        return self.now().names()

    def identity(self, role: Literal["AUTHOR", "COMMITTER"]) -> str:
        """Whom git names in this role: the name, and the address in angle brackets.

        Raises:
            GitFailed: with git's own advice where it does not know.
        """
        known = self._read()
        if role not in self._identities:
            self._identities[role] = _plain_identity(known, role) or self._told_identity(role)
        return self._identities[role]

    def _told_identity(self, role: str) -> str:
        told = os.fsdecode(git(self._root, "var", f"GIT_{role}_IDENT"))
        return told.rstrip("\n").rsplit(" ", 2)[0]  # without the time

    @property
    def marks(self) -> Marks:
        """What changes with the settings."""
        self._read()
        return self._marks

    def _read(self) -> dict[str, str | None]:
        now = time.monotonic()
        if self._known is not None and now < self._seen + _MOMENT:
            return self._known
        self._seen = now
        if self._known is None or marks_of(path for path, _ in self._marks) != self._marks:
            marks = marks_of(self._places)
            listed = os.fsdecode(git(self._root, "config", "--list", "-z", "--show-origin"))
            fields = listed.split("\0")
            origins = {origin.removeprefix("file:") for origin in fields[::2] if origin}
            included = {self._root / origin for origin in origins}.difference(self._places)
            self._known = {}
            self._identities = {}
            for entry in fields[1::2]:
                name, gap, told = entry.partition("\n")
                self._known[name] = told if gap else None
            self._marks = marks + marks_of(sorted(included))
        return self._known
