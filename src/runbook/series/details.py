"""Details of recorded events, from where they are kept: for reports, and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from runbook.core.edit.difference import difference
from runbook.core.model.ids import phase_of
from runbook.core.record import ledgerevents, stepevents, verbevents
from runbook.core.record.detailevents import CommitSeen, DetailEvent
from runbook.core.record.events import Event
from runbook.core.record.history import Recorded
from runbook.core.value import replace
from runbook.series.opening import Opened
from runbook.world.files.journal import load_image
from runbook.world.files.journalrecords import JournalDamaged
from runbook.world.files.testsfile import kept_tests
from runbook.world.git.showing import Shown, shown

_LARGEST = 1_000_000
"""Bytes of a file that is compared for an edit; git compares any for the commit."""

_LONGEST = 100_000
"""Characters of a difference that are told."""


class Details:
    """Finds them: `journal` is the folder of the journal that a step is recorded in.

    Without `edits` what they change is not told: the run does so by itself.
    """

    def __init__(
        self, repository: Path, journal: Callable[[str], Path], *, edits: bool = True
    ) -> None:
        self._edits = edits
        self._repository = repository
        self._journal = journal
        self._planned: dict[str, tuple[stepevents.FileImage, ...]] = {}
        self._shown: dict[str, Shown] = {}

    def among(self, history: Iterable[Recorded]) -> Iterator[Recorded]:
        """Recorded events, each with its details after it."""
        every = list(history)
        # git is asked once.
        commits = dict.fromkeys(commit for each in every for _, commit in _commits(each.event))
        self._shown |= shown(self._repository, commits)
        for each in every:
            yield each
            yield from self.after(each)

    def after(self, recorded: Recorded) -> Iterator[Recorded]:
        """The details of one event, which happened when it did."""
        for detail in self._of(recorded.event):
            yield Recorded(recorded.run, recorded.time, detail)

    def _of(self, event: Event) -> Iterator[DetailEvent | stepevents.EditShown]:
        """The details of one event; none where they are gone, or there are none."""
        match event:
            case stepevents.EditPlanned(step, files) if self._edits:
                self._planned[step] = files
            case stepevents.EditApplied(step):
                yield from self._edit(step, self._planned.pop(step, ()))
            case stepevents.RunDone(step, _, files):
                yield from self._edit(step, files)
            case stepevents.CommandEnded(log=log) if event.counts is not None:
                tests = kept_tests(Path(log))
                if tests is not None:
                    # Where the output is reused, so are they, which are told of another step.
                    yield replace(tests, step=event.step, state=event.state)
            case _:
                for step, commit in _commits(event):
                    yield from self._commit(step, commit)

    def _edit(
        self, step: str, files: tuple[stepevents.FileImage, ...]
    ) -> Iterator[stepevents.EditShown]:
        parts = []
        for file in files:
            before, after = (self._image(step, each) for each in (file.before, file.after))
            if (before is None, after is None) != (file.before is None, file.after is None):
                return  # They are pruned: what was done with them is committed.
            if max(len(before or b""), len(after or b"")) > _LARGEST:
                return  # It would take its time, and a run may wait for it.
            modes = (file.before_mode, file.before_mode if file.mode is None else file.mode)
            parts.append(difference(file.path, before, after, modes))
        if any(parts):
            yield stepevents.EditShown(step, clipped("".join(parts)))

    def _image(self, step: str, digest: str | None) -> bytes | None:
        if digest is None:
            return None
        try:
            return load_image(self._journal(step), digest)
        except (JournalDamaged, OSError):
            return None

    def _commit(self, step: str, commit: str) -> Iterator[CommitSeen]:
        found = self._shown.get(commit) or shown(self._repository, [commit]).get(commit)
        if found is not None:
            yield CommitSeen(
                step, commit, found.author, found.when, found.message, clipped(found.difference)
            )


def details_of(opened: Opened, *, edits: bool = True) -> Details:
    """Where the details of the events of a series are found; without `edits` none of those."""
    folders = {phase.id: opened.journal(phase) for phase in opened.loaded.phases}
    main = opened.checkout.journal_of(None, opened.folder)
    return Details(
        opened.checkout.common_dir, lambda where: folders.get(phase_of(where), main), edits=edits
    )


def _commits(event: Event) -> Iterator[tuple[str, str]]:
    """The commits that an event tells of, each with its step."""
    match event:
        case stepevents.CommitMade(step, commit):
            yield step, commit
        case verbevents.RevertMade(task, _, by) if by is not None:
            yield task, by
        case ledgerevents.PhaseRebuilt(tasks=tasks):
            yield from ((made.step, made.commit) for task in tasks for made in task.made)
        case ledgerevents.CommitsRewritten(rewritten=rewritten):
            yield from ((each.step, each.after) for each in rewritten)
        case _:
            pass


def clipped(text: str) -> str:
    """A difference as far as it is told, in whole lines; what is left out is counted."""
    if len(text) <= _LONGEST:
        return text
    kept = text[:_LONGEST].rpartition("\n")[0]
    return f"{kept}\n\\ {text[len(kept) :].count(chr(10))} lines more are not shown\n"
