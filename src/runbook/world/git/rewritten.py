"""Commits that a rebase or an amendment has made anew, found without their notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from runbook.core.record.proofs import read_notes
from runbook.core.record.reconcile import Landed
from runbook.world.git.gitcommand import git
from runbook.world.git.objects import GitObject, Objects
from runbook.world.git.reader import header


def rewritten(
    folder: Path,
    objects: Objects,
    note_of: Callable[[str], str],
    lost: Iterable[str],
    tip: str,
) -> Iterator[tuple[str, Landed]]:
    """What some commits have become in the history of `tip`, with each of the notes they had.

    git gives a commit that it makes anew its author, the author's date and its message. Where
    several have the same, none is it.

    Raises:
        GitFailed: git can't read its history.

    """
    before = [found for each in lost if (found := objects.commit(each))]
    if not before:
        return
    excluded = "".join(f"^{found.id}\n" for found in before)
    shown = git(
        folder,
        "log", "--no-show-signature", "--format=%H %at", "--stdin",
        stdin=f"{tip}\n{excluded}".encode(),
    )  # fmt: skip
    dates = {_date(found) for found in before}
    listed = (line.split() for line in shown.decode().splitlines())
    alike: dict[tuple[str, bytes], list[GitObject]] = {}
    for found in objects.read_all([commit for commit, date in listed if date in dates]):
        if found is not None:
            alike.setdefault(_made_by(found), []).append(found)
    for found in before:
        now = alike.get(_made_by(found), [])
        for note in read_notes(note_of(found.id)) if len(now) == 1 else []:
            parents = header(now[0].data, b"parent").split()
            yield found.id, Landed(now[0].id, parents[0] if parents else None, note)


def _made_by(commit: GitObject) -> tuple[str, bytes]:
    return header(commit.data, b"author"), commit.data.partition(b"\n\n")[2]


def _date(commit: GitObject) -> str:
    return header(commit.data, b"author").split()[-2]
