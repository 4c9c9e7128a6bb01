"""Whether git has files as they are: no filter, no other ends of lines, no other encoding."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from runbook.core.edit.trees import folders_of
from runbook.world.git.gitcommand import git
from runbook.world.git.settings import Marks, Settings, expanded, marks_of

_ATTRIBUTES = ("text", "crlf", "eol", "filter", "ident", "working-tree-encoding")
"""What makes git change the contents of a file on its way in (gitattributes(5))."""
_NOTHING = ("unspecified", "unset")


class Filters:
    """What the attributes of files say, as git reads them: asked for again where they changed."""

    def __init__(self, root: Path, common_dir: Path, settings: Settings) -> None:
        self._root, self._common_dir, self._settings = root, common_dir, settings
        self._plain: dict[str, bool] = {}
        self._marks: Marks = ()

    def leave(self, paths: Iterable[str]) -> bool:
        """Whether all of some paths, from the root, are taken into git as they are.

        Raises:
            GitFailed: git can't tell.
        """
        wanted = list(paths)
        if self._settings.get("core.autocrlf", "false").lower() not in ("false", "0", "no", "off"):
            return False
        self.ask(wanted)
        return all(self._plain[path] for path in wanted)

    def ask(self, paths: Iterable[str]) -> None:
        """Have the attributes of some paths at hand, which then cost nothing one by one.

        Raises:
            GitFailed: git can't tell.
        """
        if marks_of(path for path, _ in self._marks) != self._marks:
            self._plain.clear()
            self._marks = ()
        new = [path for path in dict.fromkeys(paths) if path not in self._plain]
        if not new:
            return
        marks = marks_of(self._places(new))
        asked = b"".join(os.fsencode(path) + b"\0" for path in new)
        told = git(self._root, "check-attr", "-z", "--stdin", *_ATTRIBUTES, stdin=asked)
        self._plain |= dict.fromkeys(new, True)
        fields = os.fsdecode(told).split("\0")
        for path, _, state in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
            if state not in _NOTHING:
                self._plain[path] = False
        self._marks = tuple(dict.fromkeys((*self._marks, *marks)))

    def _places(self, paths: list[str]) -> list[Path | str]:
        """The files that have a say, there or not."""
        folders = {folder for path in paths for folder in folders_of(os.fsencode(path))}
        theirs = self._settings.get("core.attributesfile")
        return [
            self._common_dir / "info" / "attributes",
            self._root / expanded(theirs) if theirs else self._settings.attributes,
            *(self._root / os.fsdecode(folder) / ".gitattributes" for folder in sorted(folders)),
            *(path for path, _ in self._settings.marks),
        ]
