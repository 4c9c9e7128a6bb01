"""Views of a worktree: as it will be after some edits, each for one command, gone afterwards."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from runbook.core.value import value
from runbook.world.files.removal import remove_tree
from runbook.world.files.temporary import NotedFolders, temporary_place
from runbook.world.files.workspace import FileState
from runbook.world.overlay.leftovers import OPAQUE, is_whiteout, left_behind

_SCRIPT = Path(__file__).with_name("inside.py")
_TRIAL = ".runbook-view"


class _Layer:
    """A folder as it will be: what of it is otherwise lies in another one, which goes on top."""

    def __init__(self, upper: Path, root: Path) -> None:
        self._upper, self.root = upper, root
        self._files: dict[str, FileState | None] = {}
        self._own: set[str] = set()  # folders in which nothing of the lower one shows

    def make(self, files: Mapping[str, FileState | None]) -> None:
        self._upper.mkdir()
        self._upper.chmod(stat.S_IMODE(self.root.stat().st_mode))
        self._files = dict(files)
        upper, root = self._upper, self.root
        for path, state in files.items():
            _make_folders(upper, root, path)
            if state is None:
                _hide(upper / path)
            else:
                _write(upper / path, root / path, state)
        for path in [path for path, state in files.items() if state is None]:
            self._hide_empty_above(path)
        self._cut_off({str(above) for path in files for above in Path(path).parents} - {"."})

    def left(self) -> Iterator[str]:
        """What was left in it, but for what tools make anew."""
        return left_behind(self._upper, self.root, self._files, self._own)

    def _hide_empty_above(self, path: str) -> None:
        """Have the folders that a file leaves empty not be there, as where it is removed."""
        upper, root = self._upper, self.root
        folder = path.rpartition("/")[0]
        while folder and not _shows_anything(upper / folder, root / folder):
            self._files = {
                name: state
                for name, state in self._files.items()
                if not name.startswith(f"{folder}/")
            }
            remove_tree(upper / folder, ignore_errors=True)
            # Also where there is none yet: the edits before its turn make it, and remove it.
            _make_folders(upper, root, folder)
            _hide(upper / folder)
            self._files[folder] = None
            folder = folder.rpartition("/")[0]

    def _cut_off(self, folders: Iterable[str]) -> None:
        """Have folders in which nothing of the lower one shows be the view's own.

        The edits until its turn may make and remove those of the worktree while its command runs,
        and of a folder that is in one layer only overlayfs lists the whiteouts, too.
        """
        upper, root = self._upper, self.root
        for folder in folders:
            place = upper / folder
            own = _entries(place)
            if not own or {each.name for each in _entries(root / folder)} - {e.name for e in own}:
                continue
            try:
                os.setxattr(place, OPAQUE, b"y")
            except OSError:  # a file system without such attributes
                if (root / folder).is_dir():
                    continue
            else:
                self._own.add(folder)
            for each in own:
                if is_whiteout(each.stat(follow_symlinks=False)):
                    Path(each.path).unlink()


@value
class Beside:
    """A worktree elsewhere that a view shows as well, with some files as said."""

    root: Path
    files: Mapping[str, FileState | None]


class View:
    """A worktree as it will be, for one command."""

    def __init__(self, folder: Path, layers: Iterable[Path], watched: Iterable[Path]) -> None:
        self.folder = folder
        self._layers = [
            _Layer(folder / f"upper-{number}", root) for number, root in enumerate(layers)
        ]
        self._watched = tuple(watched)

    @property
    def log(self) -> Path:
        """Where the output of its command goes."""
        return self.folder / "log"

    def launcher(self, cwd: Path) -> tuple[str, ...]:
        """The arguments before a command that run it in the view, in a folder of a worktree."""
        start = (sys.executable, "-I", "-S", str(_SCRIPT), str(self.folder), str(cwd))
        watched, layers = map(str, self._watched), (str(each.root) for each in self._layers)
        return (*start, *watched, "--", *layers, "--")

    def make(self, files: Mapping[Path, Mapping[str, FileState | None]]) -> None:
        """Make its folders, and put files into it, by their layers and their paths in these.

        Raises:
            OSError: they can't be made.
        """
        for number, layer in enumerate(self._layers):
            (self.folder / f"work-{number}").mkdir()
            layer.make(files.get(layer.root, {}))

    def asked_git(self) -> bool:
        """Whether its command looked at what git keeps, or it is not known."""
        return not (self.folder / "unasked").exists()

    def left(self) -> list[str]:
        """What its command left, but for what tools make anew; of a worktree by names in it."""
        own, *others = self._layers
        found = [*own.left()]
        for layer in others:
            found += (str(layer.root / path) for path in layer.left())
        return found

    def remove(self) -> None:
        """Remove all of it; what can't be removed, the next run tries again."""
        for work in self.folder.glob("work-*/work"):
            work.chmod(0o700)  # the kernel made it for itself
        remove_tree(self.folder, ignore_errors=True)


class Views:
    """The views of a run.

    They lie in a folder in the system's one for temporary files. Its path is noted in the journal's
    folder first, so that the next run removes what a killed one left.
    """

    def __init__(self, root: Path, git_dir: Path, common_dir: Path, journal_folder: Path) -> None:
        self._folders = NotedFolders(journal_folder / "views", "runbook-view-")
        outside = not common_dir.is_relative_to(root)
        self._own = (root, common_dir) if outside else (root,)
        self._layers: tuple[Path, ...] = self._own
        asked = dict.fromkeys((root / ".git", git_dir, common_dir))
        self._watched = tuple(asked)
        self._parent: Path | None = None
        self._made = 0

    def over(self, folders: Iterable[Path]) -> None:
        """Have all views from now on be over some folders elsewhere as well."""
        self._layers = (*self._own, *folders)

    def fresh(self, files: Mapping[str, FileState | None], beside: Beside | None = None) -> View:
        """A view in which `files` (paths from the worktree's root) are as said; `None` is no file.

        Of a worktree `beside` it is the one in which the command is to stand.

        Raises:
            OSError: it can't be made.
        """
        if self._parent is None:
            self._parent = self._folders.fresh()
        self._made += 1
        folder = self._parent / str(self._made)
        folder.mkdir()
        layers, watched, laid = self._layers, self._watched, {self._layers[0]: files}
        if beside is not None:
            layers, watched = (beside.root, *layers), (beside.root / ".git", *watched)
            laid[beside.root] = beside.files
        view = View(folder, layers, watched)
        try:
            view.make(laid)
        except BaseException:
            view.remove()
            raise
        return view

    def why_not(self) -> str:
        """Why there can be no views here, empty where there can: tried, not believed."""
        if sys.platform != "linux":
            return "only Linux has views of a worktree"
        root = self._layers[0]
        if any(temporary_place().is_relative_to(layer) for layer in self._layers):
            return "the folder for temporary files lies in the repository"
        above = next((each for each in self._layers[1:] if root.is_relative_to(each)), None)
        if above is not None:
            return f"the worktree lies in {above}"
        mounted = next(_mounted_in(self._layers), None)
        if mounted is not None:
            return f"something is mounted at {mounted}"
        try:
            view = self.fresh({})
        except OSError as error:
            return f"no view can be made: {error.strerror}"
        try:
            return _tried(view, root)
        except (OSError, subprocess.SubprocessError) as error:
            return f"no view can be made: {error}"
        finally:
            view.remove()

    def close(self) -> None:
        """Remove all views, those of a killed run as well."""
        self._parent = None
        self._folders.remove(_emptied)


def _emptied(parent: Path, _known: list[str]) -> bool:
    for folder in parent.glob("*"):
        View(folder, (), ()).remove()
    return True


def _tried(view: View, root: Path) -> str:
    """What is wrong with a view, in which a file is made for that."""
    name = f"{_TRIAL}-{os.urandom(4).hex()}"
    tried = subprocess.run(
        [*view.launcher(root), "sh", "-c", f": > {name} && : > {name}.o && rm {name}.o"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    if (root / name).exists():
        (root / name).unlink()
        return "a view let a file through"
    if tried.returncode:
        said = tried.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        return f"the system gives no view of the repository ({said})"
    if view.asked_git() or view.left() != [name]:
        return "a view does not show what is done in it"
    return ""


def _mounted_in(layers: Iterable[Path]) -> Iterator[str]:
    """What is mounted somewhere below the layers, which no view would have (proc(5))."""
    with Path("/proc/self/mountinfo").open("rb") as lines:
        for line in lines:
            place = line.split()[4].decode("unicode_escape").encode("latin-1")
            path = Path(os.fsdecode(place))
            if any(path != layer and path.is_relative_to(layer) for layer in layers):
                yield str(path)


def _make_folders(upper: Path, root: Path, path: str) -> None:
    """Make the folders above a file, as they are in the worktree."""
    above, there = upper, root
    for name in Path(path).parts[:-1]:
        above, there = above / name, there / name
        if not above.exists():
            above.mkdir()
            if there.is_dir():
                above.chmod(stat.S_IMODE(there.stat().st_mode))


def _write(place: Path, there: Path, state: FileState) -> None:
    """Write a file, with a later time than that of the one it covers.

    By the seconds Python and other tools tell whether what they made of a file is still good.
    """
    place.write_bytes(state.data)
    if state.mode is not None:
        place.chmod(state.mode)
    try:
        now, covered = place.stat(), there.lstat()
    except OSError:
        return
    if int(now.st_mtime) <= int(covered.st_mtime):
        later = (int(covered.st_mtime) + 1) * 10**9
        os.utime(place, ns=(later, later))


def _shows_anything(upper: Path, there: Path) -> bool:
    """Whether a folder of a view has anything that is not hidden."""
    own = {each.name: each.stat(follow_symlinks=False) for each in _entries(upper)}
    hidden = {name for name, told in own.items() if is_whiteout(told)}
    return bool(({each.name for each in _entries(there)} | own.keys()) - hidden)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _hide(place: Path) -> None:
    """Have a file of the worktree not be there (a whiteout, as overlayfs has them)."""
    if not os.path.lexists(place):
        os.mknod(place, stat.S_IFCHR | 0o000, os.makedev(0, 0))
