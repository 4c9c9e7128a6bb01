"""A phase as the notes of its commits tell it, in the events that would have been recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runbook.core.model.model import Phase
from runbook.core.record import delegateevents, events, manualevents, stepevents, verbevents
from runbook.core.record.described import describe
from runbook.core.record.events import Event
from runbook.core.record.history import Recorded
from runbook.core.record.ledgerevents import PhaseRebuilt, RebuiltTask
from runbook.core.record.proofs import Check, CommitNote, Delegated, SeenToFail, Word
from runbook.core.record.reconcile import Landed


def retold(phase: Phase, rebuilt: PhaseRebuilt, landed: Iterable[Landed]) -> Iterator[Recorded]:
    """What happened in a phase that was `rebuilt`, without times, which notes do not have.

    `landed` are the commits in the branch that have a note, the latest first.
    """
    notes = {each.commit: each.note for each in landed if each.note.phase == phase.id}
    telling = _Telling(phase)
    first = next(reversed(notes.values()), None)
    run = "" if first is None else first.run
    series = "" if first is None else first.series
    yield Recorded(run, None, events.RunBegan(run, "", (phase.id,), series=series))
    start = events.PhaseBegan(phase.id, rebuilt.title, rebuilt.start, rebuilt.ref, len(phase.tasks))
    yield Recorded(run, None, start)
    for task in rebuilt.tasks:
        if task.made and task.made[0].commit in notes:
            run = notes[task.made[0].commit].run
        for event in telling.task(task, notes):
            yield Recorded(run, None, event)
    if rebuilt.complete:
        commits = sum(len(task.made) for task in rebuilt.tasks)
        yield Recorded(run, None, events.PhaseCompleted(phase.id, rebuilt.head, commits, 0.0))


class _Telling:
    """The events of one phase's notes, with what the phase file says of their steps."""

    def __init__(self, phase: Phase) -> None:
        self._steps: dict[str, tuple[tuple[stepevents.StepKind, str], str]] = {
            name: (describe(step), str(step.at))
            for task in phase.every_task
            for name, step in task.named_steps()
        }

    def task(self, task: RebuiltTask, notes: dict[str, CommitNote]) -> Iterator[Event]:
        """The events of a task: those of its commits' notes, and what is known without them."""
        yield events.TaskBegan(task.task, task.title, task.digest, task.head, None)
        for made in task.made:
            note = notes.get(made.commit)
            if note is not None:
                yield from self._note(note)
            yield self._begun(made.step, "commit", "")
            yield stepevents.CommitMade(made.step, made.commit, "", ())
            if note is not None:
                yield stepevents.NoteAdded(made.step, made.commit)
            yield stepevents.StepDone(made.step)
        if task.done:
            yield events.TaskDone(task.task, 0.0)
        if task.undone:
            yield verbevents.UndoEnded(task.task, (task.task,))

    def _note(self, note: CommitNote) -> Iterator[Event]:
        if note.by_hand:
            yield events.TaskResumed(note.task, note.title, note.digest, note.by_hand)
        for check in note.checks:
            yield from self._check(check)
        for word in note.words:
            yield self._begun(word.step, "confirm" if word.said else "manual", "")
            yield self._word(word)
        for delegated in note.delegated:
            yield from self._delegated(delegated)
        yield from (delegateevents.TestsDoubted(each.step, each.warnings) for each in note.doubts)

    def _begun(self, name: str, kind: stepevents.StepKind, subject: str) -> stepevents.StepBegan:
        if name in self._steps:
            (kind, subject), at = self._steps[name]
            return stepevents.StepBegan(name, kind, subject, "", at)
        return stepevents.StepBegan(name, kind, subject, "", "")

    def _check(self, check: Check) -> Iterator[Event]:
        yield self._begun(check.step, "verify", check.command)
        yield stepevents.CommandBegan(check.step, check.command)
        yield stepevents.CommandEnded(
            check.step, check.exit, check.duration, "", "", check.log_digest,
            counts=check.counts, dirty=check.dirty, reused=check.reused,
        )  # fmt: skip
        if check.passed:
            yield stepevents.VerifyPassed(check.step, check.flaky)
        if check.before is not None:
            yield from self._seen_to_fail(check, check.before)
        yield stepevents.StepDone(check.step)

    def _seen_to_fail(self, check: Check, seen: SeenToFail) -> Iterator[Event]:
        match seen.state:
            case "task" | "phase" | "series" | "base" as state:
                yield stepevents.CommandBegan(check.step, check.command, state, seen.commit)
                yield stepevents.CommandEnded(
                    check.step, seen.exit, seen.duration, "", "", "",
                    state=state, counts=seen.counts,
                )  # fmt: skip
                yield stepevents.FailedBefore(check.step, state, seen.commit, ())

    def _word(self, word: Word) -> Event:
        if word.said:
            return manualevents.Confirmed(
                word.step, word.said, word.who, word.when, word.reason, word.unattended,
                word.changed,
            )  # fmt: skip
        return manualevents.ManualDone(
            word.step, word.changed, who=word.who, when=word.when, reason=word.reason
        )

    def _delegated(self, work: Delegated) -> Iterator[Event]:
        yield self._begun(work.step, "manual", "")
        yield delegateevents.DelegateBegan(
            work.step, work.attempts, work.attempts, work.command, work.brief, (), "", "",
            work.confined,
        )  # fmt: skip
        yield delegateevents.AttemptEnded(
            work.step, work.attempts, "accepted", duration=work.duration, warnings=work.warnings,
            cost=work.cost,
        )  # fmt: skip
        yield manualevents.ManualDone(work.step, (), by=work.command)
