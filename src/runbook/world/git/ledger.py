"""The ledger: git notes under refs/notes/runbook, in which commits carry their evidence."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from runbook.core.model.model import Phase
from runbook.core.patterns import regex
from runbook.core.record.proofs import read_notes
from runbook.core.record.reconcile import Landed
from runbook.core.value import value
from runbook.world.git.gitcommand import ask, git
from runbook.world.git.gitlocks import clear_own
from runbook.world.git.heads import NOTES, is_surely_none, read_ref
from runbook.world.git.objects import Objects
from runbook.world.git.reader import PATHS

_REVERTS = "This reverts commit "

_REVERT = regex(
    rf"(?m)^{_REVERTS}(?P<commit>[0-9a-f]{{4,64}})\b(?: \(.*\))?"
    r"(?:, reversing\nchanges made to (?P<kept>[0-9a-f]{4,64})\b)?"
)
"""What `git revert` says of a commit, and of a merge, of which one side is kept.

With `revert.reference` it names them in short, with their subjects and dates.
"""


@value
class Noted:
    """A commit with a note: the note's text, and the commit's parents, first one first."""

    commit: str
    parents: tuple[str, ...]
    text: str


class Doubt(Protocol):
    """Says why a note is not to be believed; nothing where it is."""

    def __call__(
        self,
        objects: Objects,
        phase: Phase,
        landed: Landed,
        changed: Collection[str],
        *,
        rewritten: bool,
    ) -> str:
        """`objects` reads those of the repository, `changed` are the paths the commit changes.

        `rewritten`: the journal knows of such a commit.
        """


class Directly(Protocol):
    """Adds a note's text to a commit that has none; `False` where git is to do it."""

    def __call__(self, tip: str | None, commit: str, text: str) -> bool:
        """`tip` is where the notes stand."""


class Ledger:
    """The notes of a repository, seen from one of its worktrees or its git folder."""

    def __init__(
        self,
        folder: Path,
        common_dir: Path,
        objects: Objects | None = None,
        directly: Directly | None = None,
    ) -> None:
        """`objects` reads those of the repository, where a process for that is there already.

        `directly` adds a note without a process of git, where that may be.
        """
        self.folder = folder
        self._common_dir = common_dir
        self.objects = objects or Objects(folder, common_dir)
        self._directly = directly
        self._asked: dict[str, tuple[set[str], set[str]]] = {}  # tip → asked for, not there
        self._landed: dict[str, list[Landed]] = {}
        self._undone: dict[str, list[Landed]] = {}
        self._by_phase: dict[str, dict[tuple[str, str], list[Landed]]] = {}

    def is_empty(self) -> bool:
        """Whether there are no notes; read from files, so that no process is started for it."""
        return is_surely_none(self._common_dir, NOTES)

    def at(self, ref: str) -> str | None:
        """The commit that a branch is on, without a process."""
        return read_ref(self._common_dir, ref)

    def note(self, commit: str) -> str:
        """The text of a commit's note, empty where it has none."""
        status, shown, _ = ask(self.folder, "notes", f"--ref={NOTES}", "show", commit)
        return "" if status else shown.decode("utf-8", "replace")

    def clear_lock(self) -> None:
        """Remove the lock file that git left when it was killed over a note of ours."""
        with self._alone():
            clear_own(self._common_dir / f"{NOTES}.lock", self.folder, self._common_dir)

    def add(self, commit: str, text: str) -> None:
        """Add a text to a commit's note.

        Raises:
            GitFailed: git did not take it.
        """
        if self._directly is not None:
            self._forget()
            with self._alone():
                if self._directly(read_ref(self._common_dir, NOTES), commit, text):
                    return
        self._write("append", commit, text)

    def rewrite(self, commit: str, text: str) -> None:
        """Put a text in place of a commit's note.

        Raises:
            GitFailed: git did not take it.
        """
        self._write("add", commit, text, "-f")

    def _forget(self) -> None:
        self._landed.clear()
        self._undone.clear()
        self._by_phase.clear()

    def _write(self, how: str, commit: str, text: str, *options: str) -> None:
        # git itself does not compare the ref with what it began from: of two notes that are added
        # at once, by runs in two worktrees, one would be lost.
        self._forget()
        with self._alone():
            git(
                self.folder,
                "-c", "core.fsync=committed,reference",
                "notes", f"--ref={NOTES}", how, *options, "-F", "-", commit,
                stdin=text.encode("utf-8", "surrogateescape"),
            )  # fmt: skip
            tip = read_ref(self._common_dir, NOTES)
        if tip is not None:
            from runbook.world.git.gitsync import sync_commit  # who only reads need not load it

            sync_commit(self.objects, self._common_dir, tip, NOTES)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = self._common_dir / "runbook"
        folder.mkdir(mode=0o700, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(folder / "notes.lock", flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def landed(self, tip: str) -> list[Landed]:
        """The notes of ours in the history of `tip`, those of the latest commit first.

        Commits that were reverted since are left out: nothing of them is in the files.

        Raises:
            GitFailed: git can't read its notes or its history.
        """
        if tip not in self._landed:
            noted = self.noted(tip)
            reverted = self.reverted(noted[-1].commit, tip) if noted else set()
            every = [
                Landed(each.commit, each.parents[0] if each.parents else None, note)
                for each in noted
                for note in read_notes(each.text)
            ]
            if len({_step(each) for each in every}) < len(every):
                self._sort(tip, every)
            undone = {_step(each) for each in every if each.note.reverts}
            self._landed[tip] = [each for each in every if each.commit not in reverted]
            self._undone[tip] = [each for each in every if _step(each) in undone]
        return self._landed[tip]

    def undone_of(self, tip: str, phase: str, folder: str) -> list[Landed]:
        """All that steps of a phase made of which an undo has ever taken something back."""
        self.landed(tip)
        here = phase, folder
        return [each for each in self._undone[tip] if (each.note.phase, each.note.folder) == here]

    def landed_of(self, tip: str, phase: str, folder: str) -> list[Landed]:
        """Those of `landed` that are of one phase, whose file is in a folder of the repository."""
        if tip not in self._by_phase:
            by_phase: dict[tuple[str, str], list[Landed]] = {}
            for each in self.landed(tip):
                by_phase.setdefault((each.note.phase, each.note.folder), []).append(each)
            self._by_phase[tip] = by_phase
        return self._by_phase[tip].get((phase, folder), [])

    def changed(self, commits: Iterable[str]) -> dict[str, list[str]]:
        """The paths that each of some commits changes against its first parent.

        Raises:
            GitFailed: git can't read its history.
        """
        shown = git(
            self.folder,
            "diff-tree", "--stdin", "--root", "-r", *PATHS, "-m", "--first-parent",
            "--format=%x00%H",
            stdin="".join(f"{commit}\n" for commit in commits).encode(),
        )  # fmt: skip
        return _paths_of_commits(shown)

    def in_order(self, tip: str, found: Iterable[Landed]) -> list[Landed]:
        """Some commits in the history of `tip`, the first one first.

        Raises:
            GitFailed: git can't read its history.
        """
        every = list(found)
        if len(every) < 2:
            return every
        first = git(self.folder, "merge-base", "--octopus", *{each.commit for each in every})
        since = f"^{first.decode().strip()}"
        listed = git(self.folder, "rev-list", "--topo-order", "--reverse", tip, since)
        order = {commit: number for number, commit in enumerate(listed.decode().split())}
        return sorted(every, key=lambda each: order.get(each.commit, -1))

    def _sort(self, tip: str, found: list[Landed]) -> None:
        """Put later commits first: several may be of one second, and one undo the other."""
        by_commit = {each.commit: each for each in found}
        parent = found[-1].parent
        while parent in by_commit:
            parent = by_commit[parent].parent
        before = [] if parent is None else [f"^{parent}"]
        listed = git(self.folder, "rev-list", "--topo-order", tip, *before)
        order = {commit: number for number, commit in enumerate(listed.decode().split())}
        found.sort(key=lambda each: order.get(each.commit, len(order)))

    def noted(self, tip: str) -> list[Noted]:
        """The commits in the history of `tip` that have a note, the latest one first.

        Raises:
            GitFailed: git can't read its notes or its history.
        """
        if self.is_empty():
            return []
        blobs = self._blobs()
        known = self._in_history(list(blobs), tip)
        texts = self._texts([blobs[commit] for commit in known])
        return [
            Noted(commit, parents, text)
            for (commit, parents), text in zip(known.items(), texts, strict=True)
        ]

    def reverted(self, since: str, tip: str) -> set[str]:
        """The commits that later ones say they revert, unless those were reverted in turn.

        With a merge that is all that it brought along.
        """
        shown = git(
            self.folder,
            "log", "-z", "--no-show-signature", "--format=%H%n%B",
            # Whatever kind of pattern is configured.
            "--fixed-strings", f"--grep={_REVERTS}", tip, f"^{since}",
        )  # fmt: skip
        reverted: set[str] = set()
        for entry in shown.decode("utf-8", "replace").split("\0"):
            commit, _, message = entry.partition("\n")
            if commit in reverted:
                continue
            for found in _REVERT.finditer(message):
                reverted |= self._taken_back(found["commit"], found["kept"])
        return reverted

    def named_by(self, commit: str) -> list[str]:
        """The commits that one says it reverts, as it names them."""
        found = self.objects.commit(commit)
        text = "" if found is None else found.data.decode("utf-8", "replace")
        return [each["commit"] for each in _REVERT.finditer(text)]

    def _taken_back(self, commit: str, kept: str | None) -> set[str]:
        """A commit that was reverted, with a merge all that is not of the side that is `kept`."""
        if kept is None and len(commit) in (40, 64):
            return {commit}
        walk = ("--no-walk", commit) if kept is None else (commit, f"^{kept}")
        status, listed, _ = ask(self.folder, "rev-list", *walk, "--")
        return set(listed.decode().split()) if status == 0 else set()

    def gone(self, commits: list[str], tip: str | None) -> set[str]:
        """Those of some commits that are not in the history of `tip`."""
        if tip is None:
            return set(commits)
        asked, gone = self._asked.setdefault(tip, (set(), set()))
        new = [commit for commit in commits if commit not in asked]
        asked.update(new)
        gone.update(set(new) - self._in_history(new, tip).keys())
        return gone.intersection(commits)

    def _blobs(self) -> dict[str, str]:
        """The note of every commit that has one, as the id of a blob."""
        tip = read_ref(self._common_dir, NOTES)
        found: dict[str, str] = {}
        if tip is None:
            return found
        listed = git(self.folder, "ls-tree", "-r", "-z", tip)
        for entry in listed.decode("utf-8", "replace").split("\0"):
            about, _, path = entry.partition("\t")
            if path:
                # Many notes are spread over folders, two digits of the commit each.
                found[path.replace("/", "")] = about.split(" ")[2]
        return found

    def _in_history(self, commits: list[str], tip: str) -> dict[str, tuple[str, ...]]:
        """The commits that are in the history of `tip`, with their parents, the latest first."""
        if not commits:
            return {}
        listed = "".join(f"{commit}\n" for commit in commits).encode()
        # Commits that were pruned, or were never fetched, are none.
        options = ("rev-list", "--ignore-missing", "--stdin")
        shown = git(self.folder, *options, "--no-walk=sorted", "--parents", stdin=listed)
        there = {
            commit: tuple(parents)
            for commit, *parents in (line.split() for line in shown.decode().splitlines())
        }
        outside = git(self.folder, *options, stdin=listed + f"^{tip}\n".encode())
        gone = set(outside.decode().split())
        wanted = set(commits)
        return {c: parents for c, parents in there.items() if c in wanted and c not in gone}

    def _texts(self, blobs: list[str]) -> Iterator[str]:
        asked = "".join(f"{blob}\n" for blob in blobs).encode()
        answer = git(self.folder, "cat-file", "--batch", stdin=asked) if blobs else b""
        at = 0
        for _ in blobs:
            end = answer.index(b"\n", at)
            about = answer[at:end].split(b" ")
            size = int(about[2]) if len(about) == 3 else 0
            yield answer[end + 1 : end + 1 + size].decode("utf-8", "replace")
            at = end + 1 + (size + 1 if len(about) == 3 else 0)


def _step(landed: Landed) -> tuple[str, str]:
    return landed.note.folder, landed.note.step


def _paths_of_commits(shown: bytes) -> dict[str, list[str]]:
    """What `git diff-tree` says with --format=%x00%H and -z: no path is empty."""
    found: dict[str, list[str]] = {}
    paths: list[str] = []
    entries = iter(shown.split(b"\0"))
    for entry in entries:
        if entry:
            paths.append(os.fsdecode(entry if paths else entry.removeprefix(b"\n")))
        else:
            paths = found.setdefault(next(entries, b"").decode(), [])
    return found
