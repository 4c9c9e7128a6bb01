"""The files of a worktree: reads and atomic writes that never leave its root."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from runbook.core.value import value
from runbook.world.durable import sync_folder


class Unreachable(Exception):
    """A path can't be read or written, and why."""


@value
class FileState:
    """The bytes and permission bits of a file; `None` are those a new file gets."""

    data: bytes
    mode: int | None


class Workspace:
    """The files below `root`, named by paths relative to `workdir` in it.

    No symbolic link is followed, neither at the end of a path nor in its folders: a link may
    lead anywhere, and git records the link, not what it points at.
    """

    def __init__(self, root: Path, workdir: str | None) -> None:
        self.root = root.resolve()
        self.prefix = "" if workdir in (None, ".") else f"{workdir}/"
        self.folder = self.root / (workdir or ".")

    def in_repository(self, path: str) -> str:
        """A path of the phase file, from the repository's root as git names it."""
        return self.prefix + path

    def is_there(self, path: str) -> bool:
        """Whether anything has that name, a link that leads nowhere too."""
        return os.path.lexists(self.folder / path)

    def read(self, path: str) -> FileState | None:
        """The file's state, or `None` where there is none.

        Raises:
            Unreachable: it is no regular file, or lies behind a symbolic link.

        """
        full = self._inside(path)
        try:
            info = full.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if stat.S_ISLNK(info.st_mode):
            raise Unreachable(f"{path} is a symbolic link; name the file it points at")
        if not stat.S_ISREG(info.st_mode):
            raise Unreachable(f"{path} is not a regular file")
        if info.st_nlink > 1:
            raise Unreachable(f"{path} is a hard link: writing it would part it from its others")
        try:
            return FileState(full.read_bytes(), stat.S_IMODE(info.st_mode))
        except PermissionError:
            raise Unreachable(f"{path} can't be read: permission denied") from None

    def check_writable(self, path: str) -> None:
        """Find out before anything is written whether a file can be.

        Raises:
            Unreachable: the file or its folder is read-only.

        """
        full = self._inside(path)
        if full.exists() and not os.access(full, os.W_OK):
            raise Unreachable(f"{path} is read-only")
        folder = full.parent
        while not folder.exists():
            folder = folder.parent
        if not os.access(folder, os.W_OK | os.X_OK):
            raise Unreachable(f"the folder of {path} is read-only")

    def write(self, path: str, data: bytes, mode: int | None, before: bytes | None) -> None:
        """Put `data` in the file's place at once, if it still holds `before`.

        Raises:
            Unreachable: the file is not what it was when the edit was planned, or can't be written.

        """
        full = self._inside(path)
        try:
            self._make_folders(full.parent)
            temporary = full.with_name(f".{full.name[:50]}.runbook-{os.getpid()}")
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
            descriptor = os.open(temporary, flags, 0o666)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                    if mode is not None:
                        os.fchmod(file.fileno(), mode)
                    file.flush()
                    if before is not None and len(before) == len(data):
                        _look_newer(file.fileno(), full)
                    os.fsync(file.fileno())
                now = self.read(path)
                if (None if now is None else now.data) != before:
                    raise Unreachable(f"{path} was changed by someone while it was being edited")
                temporary.rename(full)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            sync_folder(full.parent)
        except OSError as error:
            raise Unreachable(f"{path} can't be written: {error.strerror}") from error

    def remove(self, path: str, before: bytes, *, folders: bool = True) -> None:
        """Delete a file if it still holds `before`, and with `folders` those it leaves empty.

        Raises:
            Unreachable: the file is not what it was when the edit was planned, or can't be deleted.

        """
        now = self.read(path)
        if now is None or now.data != before:
            raise Unreachable(f"{path} was changed by someone while it was being edited")
        full = self._inside(path)
        try:
            full.unlink()
            sync_folder(full.parent)
        except OSError as error:
            raise Unreachable(f"{path} can't be deleted: {error.strerror}") from error
        # As git does: it knows no empty folders.
        folder = full.parent
        while folders and folder != self.folder and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def _make_folders(self, folder: Path) -> None:
        missing = []
        while not folder.exists():
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            new.mkdir()
            sync_folder(new.parent)

    def _inside(self, path: str) -> Path:
        """The full path, none of whose folders is a link.

        Raises:
            Unreachable: a folder of the path is a symbolic link or a submodule.

        """
        full = self.folder / path
        folder = self.root
        for component in Path(self.in_repository(path)).parts[:-1]:
            folder = folder / component
            if folder.is_symlink():
                raise Unreachable(f"{path} leads through the symbolic link {component}")
            if (folder / ".git").exists():
                raise Unreachable(f"{path} is inside the submodule {component}")
        return full


def _look_newer(descriptor: int, than: Path) -> None:
    """Keep a file from looking like the one whose place it takes.

    Python takes compiled code for current by the source's size and whole second of change, so an
    edit that changes neither would be judged by the code it replaced.
    """
    try:
        before = than.stat().st_mtime_ns
    except FileNotFoundError:
        return
    now = os.fstat(descriptor)
    if now.st_mtime_ns // 10**9 == before // 10**9:
        os.utime(descriptor, ns=(now.st_atime_ns, now.st_mtime_ns + 10**9))
