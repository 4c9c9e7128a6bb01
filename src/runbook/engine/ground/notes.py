"""Evidence of commits: composed from what the journal knows, and added to them as git notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from runbook.core.model.digest import digest
from runbook.core.model.ids import task_of
from runbook.core.model.model import Commit, Phase, Task
from runbook.core.record import stepevents
from runbook.core.record.events import Event
from runbook.core.record.hooked import to_make_again
from runbook.core.record.ledgerevents import CommitsRewritten
from runbook.core.record.progress import Progress
from runbook.core.record.proofs import (
    Check,
    CommitNote,
    Delegated,
    Doubts,
    TaskMark,
    Word,
    note_text,
    read_notes,
)
from runbook.core.record.taskstate import TaskState
from runbook.core.value import field, mutable, replace
from runbook.world.git.gitfailed import GitFailed
from runbook.world.git.ledger import Ledger


@mutable
class Notebook:
    """Where notes stand, and what they say of the series: its title, and its folder in the tree.

    `tree_of` gives the tree of a commit. Unless `writing`, notes are only read.
    """

    ledger: Ledger
    series: str
    folder: str
    run: str
    tree_of: Callable[[str], str]
    writing: bool = True
    new: set[str] = field(default_factory=set)
    """The commits that this run has made: nobody has noted anything of them before us."""


def add_notes(notebook: Notebook, progress: Progress, phase: Phase) -> Iterator[Event]:
    """Add its note to each commit of a phase that has none, those of a killed run as well.

    A note that git does not take stops nothing: the commit is made, and its evidence is kept.
    """
    if not notebook.writing:
        return
    new = [
        (step, by, commit_note(progress, phase, step, notebook))
        for step, by in progress.unnoted.items()
        # Of one that a hook changed, once its checks were made again.
        if not to_make_again(progress, step)
    ]
    new += [
        (step, by, _revert_note(progress, phase, step, notebook))
        for step, by in progress.reverted.items()
    ]
    for step, commit, note in new:
        if note is None:
            continue
        try:
            # Killed in between, git left its lock, or the note is there without its record.
            notebook.ledger.clear_lock()
            there = [] if commit in notebook.new else read_notes(notebook.ledger.note(commit))
            known = progress.task_of(step).steps.get(step)
            noted_as = "" if note.reverts or known is None else known.noted_as
            stale = next((n for n in there if n.step == noted_as and not n.reverts), None)
            if stale is not None:
                if _said(stale) != _said(note):
                    others = [_renewed(note, n) if n is stale else n for n in there]
                    notebook.ledger.rewrite(commit, "".join(map(note_text, others)))
            elif not any((each.step, each.reverts) == (step, note.reverts) for each in there):
                tree = notebook.tree_of(commit)
                notebook.ledger.add(commit, note_text(replace(note, tree=tree)))
        except GitFailed as error:
            # Nobody may add a note again.
            notebook.ledger.clear_lock()
            # It may be there all the same.
            notebook.new.discard(commit)
            yield stepevents.NoteFailed(step, commit, str(error))
        else:
            yield stepevents.NoteAdded(step, commit)


def with_notes(ledger: Ledger, changes: Iterable[Event]) -> Iterator[Event]:
    """What git says otherwise; commits that were made anew without their notes get these again.

    Whoever records that they were has to see to that: nobody finds it out a second time.
    """
    for event in changes:
        yield event
        for each in event.rewritten if isinstance(event, CommitsRewritten) else ():
            text = ledger.note(each.before)
            if text and not ledger.note(each.after):
                with suppress(GitFailed):  # its evidence is in the journal
                    ledger.add(each.after, text)


def _said(note: CommitNote) -> tuple[object, ...]:
    """What a note says of tasks and steps, which an adoption changes."""
    about = note.task, note.digest, note.step, note.steps, note.of, note.takes_along
    return *about, note.step_digests


def _renewed(note: CommitNote, before: CommitNote) -> CommitNote:
    """The note of a commit whose task was adopted since; what was proved stays so."""
    adopted = before.adopted
    if before.digest != note.digest:
        adopted = adopted or before.digest
    return replace(
        note, run=before.run, ref=before.ref, tree=before.tree, adopted=adopted,
        checks=note.checks or before.checks, words=note.words or before.words,
        by_hand=note.by_hand or before.by_hand, delegated=note.delegated or before.delegated,
        doubts=note.doubts or before.doubts,
    )  # fmt: skip


def _revert_note(
    progress: Progress, phase: Phase, where: str, notebook: Notebook
) -> CommitNote | None:
    """The note of the commit that takes back what a step made."""
    for task in phase.tasks:
        for number, (name, _) in enumerate(task.named_steps(), 1):
            if name == where:
                note = _note(notebook, phase, task, number, digest(task), progress.ref)
                return replace(note, reverts=True)
    return None


def commit_note(
    progress: Progress, phase: Phase, where: str, notebook: Notebook
) -> CommitNote | None:
    """The note of the commit that a step made; `None` if the phase has no such step."""
    checks: list[Check] = []
    words: list[Word] = []
    by_hand: list[str] = []
    along: list[TaskMark] = []
    delegated: list[Delegated] = []
    doubts: list[Doubts] = []
    for task in _up_to(progress, phase, where):
        state = progress.tasks.get(task.id)
        if state is None:
            continue
        for number, (name, step) in enumerate(task.named_steps(), 1):
            if name == where:
                return replace(
                    _note(notebook, phase, task, number, state.digest, state.ref),
                    checks=tuple(checks),
                    takes_along=tuple(along),
                    by_hand=tuple(dict.fromkeys((*by_hand, *state.by_hand))),
                    words=tuple(words),
                    delegated=tuple(delegated),
                    doubts=tuple(doubts),
                    step_digests=_step_digests(state, task, number),
                )
            known = state.steps.get(name)
            if isinstance(step, Commit):
                checks.clear()
                words.clear()
                along.clear()
                delegated.clear()
                doubts.clear()
                by_hand.clear()
            elif known is not None:
                checks += [known.check] if known.check is not None else []
                words += [known.said] if known.said is not None else []
                delegated += [known.delegated] if known.delegated is not None else []
                doubts += [Doubts(name, known.doubts)] if known.doubts else []
        if not any(isinstance(step, Commit) for step in task.steps):
            along.append(TaskMark(task.id, state.digest))
        if not (task.steps and isinstance(task.steps[-1], Commit)):
            by_hand += state.by_hand
    return None


def _step_digests(state: TaskState, task: Task, number: int) -> tuple[str, ...]:
    """The digests of so many steps of a task, as they were begun."""
    steps = [(state.steps.get(name), step) for name, step in task.named_steps()][:number]
    return tuple(digest(step) if known is None else known.digest for known, step in steps)


def _up_to(progress: Progress, phase: Phase, where: str) -> tuple[Task, ...]:
    """The tasks up to that of a step, from the last one before it that made a commit."""
    here = task_of(where)
    end = next((at for at, task in enumerate(phase.tasks) if task.id == here), -1)
    begin = end
    while begin > 0:
        begin -= 1
        before = phase.tasks[begin]
        if before.id in progress.tasks and any(isinstance(s, Commit) for s in before.steps):
            break
    return phase.tasks[begin : end + 1]


def _note(
    notebook: Notebook, phase: Phase, task: Task, number: int, mark: str, ref: str | None
) -> CommitNote:
    """What every note says of a commit of a task's step with this number (from 1)."""
    return CommitNote(
        notebook.series, notebook.folder, phase.id, task.id, task.title, mark,
        task.step_id(number - 1), number, len(task.steps), notebook.run, ref,
    )  # fmt: skip
