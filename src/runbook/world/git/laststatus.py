"""What git said last of a worktree, and whether it would say the same now."""

from __future__ import annotations

from weakref import proxy

from runbook.core.edit.trees import object_id
from runbook.core.value import replace as with_other
from runbook.world.git.filters import Filters
from runbook.world.git.foldertrees import files_of
from runbook.world.git.glance import Glance, Unsuited, after_ours, changed, glance, own_marks
from runbook.world.git.objects import Objects
from runbook.world.git.overlooked import marked
from runbook.world.git.reader import Change, Reader
from runbook.world.git.settings import Marks

_RULES = {".gitignore", ".gitattributes"}


class LastStatus:
    """The status of a worktree, remembered for as long as nobody may have changed it unseen.

    Between two steps that let nobody else in it is `known`, and follows our own edits and commits.
    Where a command has run it was `said` before, and a glance at the files tells if that holds.
    """

    def __init__(self, reader: Reader, objects: Objects, filters: Filters) -> None:
        # Not held: it holds this, and its process of git ends when nobody holds it any more.
        self._reader: Reader = proxy(reader)
        self._objects, self._filters = objects, filters
        self._known: tuple[Change, ...] | None = None
        self._said: tuple[Change, ...] | None = None
        self._glance: Glance | None = None
        self._glances = True

    def now(self) -> tuple[Change, ...]:
        """What git says of the whole worktree; as remembered, where that was a moment ago."""
        if self._known is not None:
            return self._known
        said, self._said, before = self._said, None, self._glance
        self._glance = self._look()
        if said is not None and before is not None and self._glance is not None:
            found = changed(self._reader.root, before, self._glance)
            if found is not None and not found:
                return said
        return tuple(self._reader.status((), "normal"))

    def _look(self) -> Glance | None:
        reader = self._reader
        if self._glances:
            try:
                return glance(reader.root, reader.git_dir, reader.common_dir, reader.settings)
            except Unsuited:
                self._glances = False
        return None

    def _own(self) -> Marks:
        reader = self._reader
        return own_marks(reader.git_dir, reader.common_dir, reader.settings)

    def remember(self, status: tuple[Change, ...] | None) -> None:
        """Take this for what git says until it is forgotten (`None`), but for what is told of ours.

        Whoever lets time pass, or changes files otherwise than told, forgets it.
        """
        self._known = status
        self._said = None

    def let_others_in(self, status: tuple[Change, ...] | None = None) -> None:
        """Forget what was remembered: others may change files from now on.

        `status` is what git says of this moment. It is what git says of a later one, too, if
        glances at the files tell that none was changed.
        """
        self._known = None
        self._said = None
        if status is None or self._glance is None:
            return
        if (self._glance.head, self._glance.own) == (self._reader.head(), self._own()):
            self._said = status

    def edited(self, paths: tuple[str, ...]) -> None:
        """Tell that files were edited; it is forgotten where git may say more than that of one."""
        if self._known is None:
            return
        if self._glance is not None:
            self._glance = after_ours(self._reader.root, self._glance, paths)
        known = {change.path: change for change in self._known}
        new = tuple(Change(path, ".M") for path in paths if path not in known)
        plainly = all(known[path].status == ".M" for path in paths if path in known)
        # What they say is so of other files.
        plainly = plainly and not _RULES & {path.rpartition("/")[2] for path in paths}
        if plainly and self._differ_from_head(paths):
            self._known = (*self._known, *new)
        else:
            self._known = None

    def _differ_from_head(self, paths: tuple[str, ...]) -> bool:
        """Whether files are in HEAD, and have other contents there, as far as bytes can tell."""
        head = self._reader.head().commit
        if head is None or not self._filters.leave(paths):
            return False
        if not marked(self._reader).keys().isdisjoint(paths):
            return False
        algorithm = "sha1" if len(head) == 40 else "sha256"
        before = files_of(self._objects, head, paths)
        try:
            return len(before) == len(paths) and all(
                object_id("blob", (self._reader.root / path).read_bytes(), algorithm) != entry.id
                for path, entry in before.items()
            )
        except OSError:
            return False

    def committed(self, paths: tuple[str, ...]) -> None:
        """Tell that files were committed as they are."""
        if self._known is None:
            return
        gone = set(paths)
        kept = tuple(change for change in self._known if change.path not in gone)
        inside = tuple(change.path for change in kept if change.path.endswith("/"))
        # Of such a folder it can't be told what is left.
        unclear = any(path.startswith(inside) for path in paths)
        self._known = None if unclear else kept
        if self._glance is not None:
            # We have changed HEAD and the index, and no file.
            head = self._reader.head()
            self._glance = with_other(self._glance, head=head, own=self._own())
