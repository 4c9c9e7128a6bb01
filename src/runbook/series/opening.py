"""Finds and loads the series of the checkout in which a command is given."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from runbook.core.model.ids import by_phase
from runbook.core.model.model import Phase
from runbook.core.value import field, replace, value
from runbook.phasefile.loader import Loaded, load_series
from runbook.views.screen import program
from runbook.world.git.checkout import BareRepository, Checkout, NoCheckout, find_checkout
from runbook.world.git.heads import NOTES, Head, is_surely_none, read_head, read_ref
from runbook.world.git.pipes import is_put_back, pipes

if TYPE_CHECKING:
    from runbook.core.record.progress import Progress
    from runbook.world.git.ledger import Ledger


class UsageError(Exception):
    """The command was given wrongly: the message says how."""


class Journals:
    """The progress that journals tell of, read once for as long as nothing is added to them.

    It grows with all that was ever carried out, and many phases have one journal.
    """

    def __init__(self) -> None:
        self._known: dict[Path, tuple[int, Progress]] = {}

    def progress(self, folder: Path) -> Progress:
        """The progress in the journal of that folder, which nobody is to change.

        Raises:
            JournalDamaged: it can't be trusted.
        """
        # Imported here: where nothing was carried out yet, there is none.
        from runbook.world.files.journalrecords import length, read_progress

        size = length(folder)
        known = self._known.get(folder)
        if known is None or known[0] != size:
            known = self._known[folder] = size, read_progress(folder)
        return known[1]

    def taken(self, folder: Path) -> Progress:
        """The same for somebody who changes it: the next one who asks gets another.

        Raises:
            JournalDamaged: it can't be trusted.
        """
        progress = self.progress(folder)
        del self._known[folder]
        return progress


@value
class Opened:
    """The checkout a command was given in, and its series."""

    checkout: Checkout
    folder: Path
    loaded: Loaded
    journals: Journals = field(default_factory=Journals)

    def every_phase(self) -> tuple[Phase, ...]:
        """The phases of the series.

        Raises:
            UsageError: there is none yet.
        """
        if not self.loaded.phases:
            raise UsageError(no_phases(self.folder))
        return self.loaded.phases

    def root(self, phase: Phase) -> Path:
        """The top folder of the worktree a phase is carried out in."""
        return self.checkout.worktree(phase.settings.worktree)

    def workdir(self, phase: Phase) -> Path:
        """The folder in which the paths and commands of a phase stand."""
        return self.root(phase) / (phase.settings.workdir or "")

    @property
    def roots(self) -> dict[str, Path]:
        """The folders of all phases in which somebody does what a stop asks for."""
        return {phase.id: self.workdir(phase) for phase in self.loaded.phases}

    @property
    def ledger(self) -> Ledger:
        """The notes of the repository."""
        from runbook.world.git.ledger import Ledger  # with the events, which a check need not load

        # Not from git's own folder, where git may refuse to work (`safe.bareRepository`).
        return Ledger(self.checkout.root, self.checkout.common_dir)

    def journal(self, phase: Phase) -> Path:
        """The folder of the journal of that worktree."""
        return self.checkout.journal_of(phase.settings.worktree, self.folder)

    def progress(self, phase: Phase) -> Progress:
        """What the journal of a phase's worktree tells, which nobody is to change.

        Raises:
            JournalDamaged: it can't be trusted.
        """
        return self.journals.progress(self.journal(phase))


def enter(folder: str) -> None:
    """Go on as if the command were given in that folder.

    Raises:
        UsageError: it can't be entered.
    """
    try:
        os.chdir(folder)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"the folder {folder} can't be entered: {why}") from None


def checkout_of(folder: Path) -> Checkout:
    """The checkout that a folder is in.

    Raises:
        UsageError: it is in no git repository, or in one without files.
    """
    try:
        return find_checkout(folder)
    except BareRepository as error:
        raise UsageError(str(error)) from None
    except NoCheckout:
        raise UsageError(
            f"{folder} is in no git repository: go to yours, or begin one with: git init"
        ) from None


def _no_phases(checkout: Checkout) -> str:
    """What is said where there is no series: how to begin one, or to find one that there was."""
    none = f"no folder `phases` here or above, up to {checkout.root}"
    if (checkout.common_dir / "runbook").is_dir():
        return (
            f"{none}; runbook has been at work in this repository, so one may be in another folder "
            "or on another branch: git log --all --stat -1 -- '*phases/*.yaml'"
        )
    return (
        f"{none}; make one with: {program()} init, and then begin a phase with: "
        f"{program()} new phase-1"
    )


def open_series(start: Path | None = None, *, runs: bool = False) -> Opened:
    """Find the series from a folder upwards, by default the current one, and load all of it.

    A command that `runs` puts back what an attempt that was killed has left of git's own files.

    Raises:
        UsageError: it is in no git repository, which git can read, or there is no folder `phases`.
        InvalidPhaseFiles: with all mistakes.
    """
    start = Path.cwd() if start is None else start.absolute()
    checkout = checkout_of(start)
    phases = phases_folder(start, checkout.root)
    if not phases.is_dir():
        raise UsageError(_no_phases(checkout))
    shown = os.path.relpath(phases)
    opened = Opened(checkout, phases, load_series(phases, shown))
    _refuse_pipes(opened, runs=runs)
    return replace(opened, loaded=replace(opened.loaded, phases=_realigned(opened)))


def _refuse_pipes(opened: Opened, *, runs: bool) -> None:
    found = list(pipes(opened.checkout))
    if not found:
        return
    what = f"{found[0]} is a pipe, and git would wait at it for ever"
    killed = any(opened.progress(phase).open_attempt for phase in opened.loaded.phases)
    if not killed or not all(is_put_back(opened.checkout, each) for each in found):
        raise UsageError(f"{what}: remove it")
    if not runs:
        raise UsageError(f"{what}: `{program()} run` puts back what was there before its attempt")


def phases_folder(start: Path, top: Path) -> Path:
    """The folder `phases` from a folder upwards to the checkout's top, there or not."""
    folder = start.resolve()
    while folder != top and not (folder / "phases").is_dir():
        folder = folder.parent
    return folder / "phases"


def _realigned(opened: Opened) -> tuple[Phase, ...]:
    """The phases with their tasks by the names under which journals or notes in git know them."""
    phases = opened.loaded.phases
    journals = dict.fromkeys(opened.journal(phase) for phase in phases)
    if is_surely_none(opened.checkout.common_dir, NOTES) and not any(
        journal.exists() for journal in journals
    ):
        return phases
    from runbook.core.record.realigned import realigned
    from runbook.world.files.journalrecords import JournalDamaged
    from runbook.world.git.gitfailed import GitFailed

    known: dict[Path, Progress] = {}
    for journal in journals:
        with suppress(JournalDamaged):  # whoever needs it will say so
            known[journal] = opened.journals.progress(journal)
    tasks = {journal: by_phase(progress.tasks) for journal, progress in known.items()}
    ledger = opened.ledger
    found = []
    for phase in phases:
        journal = opened.journal(phase)
        progress = known.get(journal)
        names: dict[str, tuple[str, str]] = {}
        if progress is not None and phase.id in progress.phases:
            states = tasks[journal].get(phase.id, {})
            names = {name: (state.title, state.digest) for name, state in states.items()}
        elif progress is not None:
            with suppress(GitFailed):
                names = _noted(opened, phase, ledger, tip_of(opened, phase, progress).commit)
        found.append(realigned(phase, names))
    return tuple(found)


def _noted(
    opened: Opened, phase: Phase, ledger: Ledger, head: str | None
) -> dict[str, tuple[str, str]]:
    """The titles and digests of tasks of which a commit has a note, by their names."""
    known: dict[str, tuple[str, str]] = {}
    folder = opened.checkout.inside(opened.folder)
    for each in ledger.landed_of(head, phase.id, folder) if head is not None else []:
        known.setdefault(each.note.task, (each.note.title, each.note.digest))
        for mark in each.note.takes_along:
            known.setdefault(mark.task, ("", mark.digest))
    return known


def tip_of(opened: Opened, phase: Phase, progress: Progress) -> Head:
    """Where the worktree of a phase is, or its branch where there is only that."""
    folder = opened.root(phase)
    common = opened.checkout.common_dir
    try:
        found = find_checkout(folder) if folder.is_dir() else None
    except NoCheckout:
        found = None
    if found is not None and found.common_dir == common:
        return read_head(found.git_dir, common)
    made = progress.worktree
    ref = f"refs/heads/{folder.name if made is None else made.branch}"
    return Head(read_ref(common, ref), ref)


def no_phases(folder: Path) -> str:
    """What to say of a series without a phase."""
    return f"no phase files in {folder} yet; begin a phase with: {program()} new phase-1"
