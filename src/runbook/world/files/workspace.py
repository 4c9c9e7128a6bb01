"""The files of a worktree: reads and atomic writes that never leave its root."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from runbook.core.model.paths import prefix_of
from runbook.core.value import value
from runbook.world.files.denied import DENYING, advice
from runbook.world.files.durable import left_temporaries, temporary_name, write_all

FAILING = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
"""How a disk fails, for a while or for good: what was written may not be there."""

EXECUTE = 0o100
"""The one permission bit that git knows: whether its owner may execute a file."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Unreachable(Exception):
    """A path can't be read or written, and why; `hint` says what helps, where anything is known."""

    hint: str | None = None


class NoFile(Unreachable):
    """A path is no file of its own: a link, a folder, or what lies behind one or in a submodule."""


class OtherKind(NoFile):
    """Something else is in a file's place; `what` it is, such as a symbolic link."""

    def __init__(self, path: str, what: str, advice: str = "") -> None:
        self.what = what
        super().__init__(f"{path} is {what}{advice}")


class Denied(Unreachable):
    """A path may not be read or written by this user."""

    def __init__(self, message: str, hint: str) -> None:
        self.hint = hint
        super().__init__(message)


class NotHeld(Unreachable):
    """A path is a file, and its content is not kept where it was looked for."""


class ChangedMeanwhile(Unreachable):
    """A file holds something else than what it is to hold when it is written or deleted."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was changed by someone while it was being edited")


@value
class FileState:
    """The bytes and permission bits of a file; `None` are those a new file gets."""

    data: bytes
    mode: int | None


def no_folder(path: str) -> str:
    """What is said of a file where a folder is to be."""
    return f"{path} is no folder; to make it one, delete it in a task before"


def data_of(state: FileState | None) -> bytes | None:
    """The bytes of a file, if it is there."""
    return None if state is None else state.data


def mode_of(state: FileState | None) -> int | None:
    """The permission bits of a file, if it is there."""
    return None if state is None else state.mode


class Workspace:
    """The files below `root`, named by paths relative to `workdir` in it.

    No symbolic link is followed, neither at the end of a path nor in its folders: a link may
    lead anywhere, and git records the link, not what it points at.
    """

    def __init__(self, root: Path, workdir: str | None) -> None:
        self.root = root.resolve()
        self.prefix = prefix_of(workdir)
        self.folder = self.root / (workdir or ".")

    def in_repository(self, path: str) -> str:
        """A path of the phase file, from the repository's root as git names it."""
        return self.prefix + path

    def is_there(self, path: str) -> bool:
        """Whether anything has that name, a link that leads nowhere too."""
        return os.path.lexists(self.folder / path)

    def changed_at(self, path: str) -> int:
        """When a file was changed last, in nanoseconds since the epoch; 0 where there is none."""
        try:
            return (self.folder / path).lstat().st_mtime_ns
        except (FileNotFoundError, NotADirectoryError):
            return 0

    def read(self, path: str) -> FileState | None:
        """The file's state, or `None` where there is none.

        Raises:
            Unreachable: it is no regular file, or lies behind a symbolic link.
            Denied: it may not be read.
        """
        try:
            with self._open_folder(path) as (folder, name):
                return _read(folder, name, path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._failed(path, "read", error) from None

    def check_writable(self, path: str) -> None:
        """Find out before anything is written whether a file can be.

        Raises:
            Denied: the file or its folder is read-only.
            Unreachable: there is a file in its folder's place.
        """
        full = self.reached(path)
        if full.exists() and not os.access(full, os.W_OK):
            raise Denied(f"{path} is read-only", advice(self.root, full, writing=True))
        folder = full.parent
        while not folder.exists():
            folder = folder.parent
        if not folder.is_dir():
            there = folder.relative_to(self.root)
            raise Unreachable(no_folder(str(there)))
        if not os.access(folder, os.W_OK):
            hint = advice(self.root, full, writing=True)
            raise Denied(f"{path} is in a read-only folder", hint)

    def _failed(self, path: str, what: str, error: OSError) -> Unreachable:
        """That a file can't be read, written or deleted."""
        message = f"{path} can't be {what}: {error.strerror}"
        if error.errno not in DENYING:
            return Unreachable(message)
        full = self.folder / path
        return Denied(message, advice(self.root, full, writing=what != "read"))

    def write(self, path: str, data: bytes, mode: int | None, before: bytes | None) -> None:
        """Put `data` in the file's place at once, if it still holds `before`.

        Raises:
            ChangedMeanwhile: the file is not what it was when the edit was planned.
            Unreachable: it can't be written.
        """
        made: list[str] = []
        try:
            with self._open_folder(path, made) as (folder, name):
                _replace(folder, name, path, data, mode, before)
        except OSError as error:
            with suppress(Unreachable):
                self._remove_folders(made)
            raise self._failed(path, "written", error) from error

    def remove(self, path: str, before: bytes, *, folders: bool = True) -> None:
        """Delete a file if it still holds `before`, and with `folders` those it leaves empty.

        Raises:
            ChangedMeanwhile: the file is not what it was when the edit was planned.
            Unreachable: it can't be deleted.
        """
        try:
            with self._open_folder(path) as (folder, name):
                now = _read(folder, name, path)
                if now.data != before:
                    raise ChangedMeanwhile(path)
                os.unlink(name, dir_fd=folder)
                os.fsync(folder)
        except (FileNotFoundError, NotADirectoryError):
            raise ChangedMeanwhile(path) from None
        except OSError as error:
            raise self._failed(path, "deleted", error) from error
        if folders:
            self.remove_empty_above(path)

    def remove_empty_above(self, path: str) -> None:
        """Remove the folders above a file that is gone, as far as they are empty.

        As git does: it knows no empty folders. `remove` does so, unless it is killed over it.
        """
        above = path.split("/")[:-1]
        self._remove_folders(["/".join(above[:end]) for end in range(1, len(above) + 1)])

    def sync(self, paths: Iterable[str]) -> None:
        """Make sure that files that somebody else wrote are still there after a power loss.

        Raises:
            Unreachable: one of them can't be synced.
        """
        for path in paths:
            try:
                with self._open_folder(path) as (folder, name):
                    if not _is_link(folder, name):  # which is nothing but its name
                        with suppress(FileNotFoundError), _opened(folder, name) as file:
                            os.fsync(file)
                    os.fsync(folder)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                raise Unreachable(f"{path} can't be synced: {error.strerror}") from error

    def tidy(self, paths: Iterable[str]) -> None:
        """Remove what a killed run left beside these files: a new version, not in place yet.

        To be called only while no other run can be at work here.
        """
        by_folder: dict[str, list[str]] = {}
        for path in paths:
            above, _, name = path.rpartition("/")
            by_folder.setdefault(above, []).append(name)
        for above, names in by_folder.items():
            with (
                suppress(OSError, Unreachable),
                self._open_folder(f"{above}/x" if above else "x") as (folder, _),
            ):
                # pathlib can't list an open folder.
                for left in left_temporaries(os.listdir(folder), names):  # noqa: PTH208
                    os.unlink(left, dir_fd=folder)

    def _remove_folders(self, folders: list[str]) -> None:
        """Remove folders, the outer ones listed first, as long as they are empty.

        Raises:
            Unreachable: the system fails for a while (no space, an input or output error).
        """
        for each in reversed(folders):
            try:
                with self._open_folder(each) as (folder, name):
                    os.rmdir(name, dir_fd=folder)
                    os.fsync(folder)
            except FileNotFoundError:
                continue  # a run that was killed had come so far
            except Unreachable:
                return
            except OSError as error:
                if error.errno in FAILING:
                    message = f"the folder {each} can't be removed: {error.strerror}"
                    raise Unreachable(message) from error
                return  # not empty, in use, or somebody else's

    @contextmanager
    def _open_folder(self, path: str, made: list[str] | None = None) -> Iterator[tuple[int, str]]:
        """The open folder of a path, and the name in it; missing folders are made, noted in `made`.

        Each folder is opened in the one before it, so nothing that happens to the names meanwhile
        can lead elsewhere.

        Raises:
            Unreachable: a folder of the path is a symbolic link or a submodule.
            OSError: a folder can't be opened or made; without `made` also where it is missing.
        """
        *components, name = self.in_repository(path).split("/")
        folder = os.open(self.root, _FOLDER)
        try:
            for number, component in enumerate(components, 1):
                inner = _enter(folder, component, path, make=made is not None)
                if inner is None:
                    assert made is not None
                    inner = os.open(component, _FOLDER, dir_fd=folder)
                    made.append("/".join(components[:number]).removeprefix(self.prefix))
                os.close(folder)
                folder = inner
            yield folder, name
        finally:
            os.close(folder)

    def reached(self, path: str) -> Path:
        """The full path, none of whose folders is a link.

        Raises:
            Unreachable: a folder of the path is a symbolic link or a submodule.
        """
        full = self.folder / path
        folder = self.root
        for component in Path(self.in_repository(path)).parts[:-1]:
            folder = folder / component
            if folder.is_symlink():
                raise NoFile(f"{path} leads through the symbolic link {component}")
            if (folder / ".git").exists():
                raise NoFile(f"{path} is inside the submodule {component}")
        return full


def _enter(folder: int, component: str, path: str, *, make: bool) -> int | None:
    """The folder of that name, open; `None` when it was made."""
    try:
        inner = os.open(component, _FOLDER, dir_fd=folder)
    except FileNotFoundError:
        if not make:
            raise
        os.mkdir(component, dir_fd=folder)
        os.fsync(folder)
        return None
    except OSError:
        info = os.stat(component, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISLNK(info.st_mode):
            raise NoFile(f"{path} leads through the symbolic link {component}") from None
        raise
    try:
        os.stat(".git", dir_fd=inner, follow_symlinks=False)
    except OSError:
        return inner
    os.close(inner)
    raise NoFile(f"{path} is inside the submodule {component}")


@contextmanager
def _opened(folder: int, name: str) -> Iterator[int]:
    # Never waits: what is no regular file any more may be a pipe that nobody writes to.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    file = os.open(name, flags, dir_fd=folder)
    try:
        yield file
    finally:
        os.close(file)


def _is_link(folder: int, name: str) -> bool:
    try:
        return stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def _read(folder: int, name: str, path: str) -> FileState:
    info = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if stat.S_ISLNK(info.st_mode):
        raise OtherKind(path, "a symbolic link", "; name the file it points at")
    if not stat.S_ISREG(info.st_mode):
        raise OtherKind(path, "not a regular file")
    if info.st_nlink > 1:
        raise Unreachable(f"{path} is a hard link: writing it would part it from its others")
    with _opened(folder, name) as file, os.fdopen(file, "rb", closefd=False) as stream:
        return FileState(stream.read(), stat.S_IMODE(info.st_mode))


def _replace(
    folder: int, name: str, path: str, data: bytes, mode: int | None, before: bytes | None
) -> None:
    temporary = temporary_name(name)
    with suppress(FileNotFoundError):
        # Of a killed run whose process had our number.
        os.unlink(temporary, dir_fd=folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    file = os.open(temporary, flags, 0o666, dir_fd=folder)
    try:
        try:
            write_all(file, data)
            if mode is not None:
                os.fchmod(file, mode)
            if before is not None:
                _look_newer(file, folder, name)
            os.fsync(file)
        finally:
            os.close(file)
        try:
            now = _read(folder, name, path).data
        except FileNotFoundError:
            now = None
        if now != before:
            raise ChangedMeanwhile(path)
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary, dir_fd=folder)
        raise
    os.fsync(folder)


def _look_newer(descriptor: int, folder: int, than: str) -> None:
    """Keep a file from looking like the one whose place it takes, or one of those before it.

    Python takes compiled code for current by the source's size and whole second of change, so an
    edit that changes neither would be judged by the code it replaced. Each change of a file is a
    second later than the one before, and so none has the second of any.
    """
    try:
        before = os.stat(than, dir_fd=folder, follow_symlinks=False).st_mtime_ns
    except FileNotFoundError:
        return
    now = os.fstat(descriptor)
    if now.st_mtime_ns // 10**9 <= before // 10**9:
        os.utime(descriptor, ns=(now.st_atime_ns, before + 10**9))
