"""The fold of what happens in a step: edits, commands, checks, commits, work of others."""

from __future__ import annotations

from runbook.core.model.ids import task_of
from runbook.core.record import delegateevents, manualevents, stepevents
from runbook.core.record.delegateevents import DelegateEvent
from runbook.core.record.described import already_committed, branch, written
from runbook.core.record.detailevents import TestsSeen
from runbook.core.record.events import WAITING, Stopped
from runbook.core.record.manualevents import ManualEvent
from runbook.core.record.proofs import word_of
from runbook.core.record.stepevents import StepEvent
from runbook.report.story import (
    AttemptStory,
    CommandStory,
    CommitStory,
    Span,
    SpanKind,
    StepStory,
    Story,
    TaskStory,
)
from runbook.views.words import ended

_FAILED = ("unmet", "failed", "interrupted")


class StepFold:
    """Takes the events of steps into a story."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._open: dict[str, Span] = {}  # by their steps
        self._now: float | None = None

    def take(self, event: StepEvent | ManualEvent | DelegateEvent, now: float | None) -> None:
        """Take one event into account, which was at `now`."""
        self._now = now
        if isinstance(event, ManualEvent):
            self._manual(event)
        elif isinstance(event, DelegateEvent):
            self._delegate(event)
        else:
            self._step(event)

    def stop(self, stopped: Stopped) -> None:
        """Say of the step at which a run stops that it did."""
        step = self._task(stopped.where).steps.get(stopped.where)
        if step is None:
            return
        step.mark = "waits" if stopped.kind in WAITING else "stopped"
        command = step.last_command
        if command is not None and command.accepted is None and stopped.kind in _FAILED:
            command.accepted = False
            command.why = tuple(each.message for each in stopped.mismatches)
            self._mark_failed(stopped.where)

    def tests(self, seen: TestsSeen) -> None:
        """Take what is told of tests beside the record of their command."""
        for command in reversed(self._of(seen.step).commands):
            if command.state == seen.state:
                command.tests, command.tests_left_out = seen.tests, seen.left_out
                break

    def _step(self, event: StepEvent) -> None:
        step = self._of(event.step)
        match event:
            case stepevents.StepBegan(_, kind, subject, _, at):
                step.kind, step.subject, step.at, step.mark = kind, subject, at, "under way"
                if kind in ("edit", "commit"):
                    self._begin(kind, event.step, subject)
            case stepevents.StepDone():
                step.mark = "done"
                self._end(event.step)
            case stepevents.EditApplied(_, files, unchanged, _, rescued):
                step.written, step.unchanged = files, unchanged
                step.changes = written(event) if files else ""
                step.rescued += [rescued] if rescued else []
            case stepevents.EditShown(_, difference):
                step.difference = difference
            case stepevents.RunDone(_, changed, _, rescued):
                step.written = changed
                step.rescued += [rescued] if rescued else []
                if event.head is not None:
                    step.remarks.append(f"moved HEAD to {branch(event.ref, event.head)}")
                _accept(step)
            case stepevents.RunRestored(_, files) if files:
                step.remarks.append(f"put back: {', '.join(files)}")
            case _:
                self._command(step, event)

    def _command(self, step: StepStory, event: StepEvent) -> None:
        match event:
            case stepevents.CommandBegan(_, command, state, commit):
                step.commands.append(CommandStory(command, state, commit, self._now))
                kind: SpanKind = "run" if step.kind == "run" else "check"
                self._begin("before" if state else kind, event.step, command)
            case stepevents.CommandEnded():
                _ended(step, event)
                self._end(event.step)
            case stepevents.VerifyPassed(_, flaky):
                step.flaky = flaky
                _accept(step)
            case stepevents.VerifyRetried(_, _, why):
                command_before = step.last_command
                if command_before is not None:
                    command_before.accepted, command_before.why = False, why
                    self._mark_failed(event.step)
            case stepevents.FailedBefore():
                step.failed_before = event
            case stepevents.CheckProved():
                step.proved = event
            case _:
                self._commit(step, event)

    def _commit(self, step: StepStory, event: StepEvent) -> None:
        match event:
            case stepevents.CommitMade(name, commit, subject, paths, recovered, despite):
                made = CommitStory(commit, subject, name, paths)
                if recovered:
                    made.remarks.append("made by a run that was killed, and recorded by the next")
                made.remarks += [f"made, although {despite}"] if despite else []
                step.commit = made
                self._task(name).commits.append(made)
            case stepevents.HooksChanged(_, paths, _, _, _, made_commit, beside):
                step.hooks.append(event)
                how = "a hook changed" if made_commit else "refused by a hook that changed"
                step.remarks += [f"{how}: {', '.join(paths)}"] if paths else []
                step.remarks += (
                    [f"a hook changed what is in no commit: {', '.join(beside)}"] if beside else []
                )
            case stepevents.NoteAdded(name, commit):
                for each in self._task(name).commits:
                    each.noted = each.noted or each.commit == commit
            case stepevents.NoteFailed(name, commit, message):
                for each in self._task(name).commits:
                    if each.commit == commit:
                        each.note_failed = message
            case stepevents.AlreadyCommitted(_, paths):
                step.remarks.append(already_committed(paths))
            case stepevents.CommitRestored(_, files) if files:
                step.remarks.append(
                    "git was killed before it made the commit; put back as before its hooks: "
                    + ", ".join(files)
                )
            case _:
                pass  # It changes nothing of what is told.

    def _manual(self, event: ManualEvent) -> None:
        step = self._of(event.step)
        match event:
            case manualevents.ManualBegan(_, instructions):
                step.asked = instructions
                self._begin("person", event.step, "waits for a person")
            case manualevents.ConfirmAsked(_, question):
                step.asked = question
                self._begin("person", event.step, "waits for an answer")
            case manualevents.ManualDone(_, changed, difference, by=by):
                self._settled(step, event)
                step.by = by
                step.by_hand = () if by else changed
                step.difference = difference
                step.doubts = event.warnings
            case manualevents.Confirmed(_, question):
                step.asked = question
                self._settled(step, event)

    def _settled(
        self, step: StepStory, event: manualevents.ManualDone | manualevents.Confirmed
    ) -> None:
        step.mark = "done"
        step.word = word_of(event) if event.who else None
        self._end(event.step)

    def _delegate(self, event: DelegateEvent) -> None:
        step = self._of(event.step)
        match event:
            case delegateevents.DelegateBegan(name, command=command):
                step.attempts.append(AttemptStory(event))
                self._begin("delegate", name, command)
            case delegateevents.JudgementEnded():
                if step.attempts:
                    step.attempts[-1].judgements.append(event)
            case delegateevents.AttemptEnded(name):
                if step.attempts and event.attempt:
                    step.attempts[-1].ended = event
                self._end(name)
            case delegateevents.Mended(_, by, files, difference):
                step.by = by
                step.difference = difference
                step.remarks.append(f"mended by it: {', '.join(each.path for each in files)}")
            case delegateevents.TestsDoubted(_, warnings):
                step.doubts = warnings
            case _:
                pass  # What it leads to is told.

    def _task(self, step: str) -> TaskStory:
        task = task_of(step)
        return self._story.phase_of(step).tasks.setdefault(task, TaskStory(task))

    def _of(self, step: str) -> StepStory:
        return self._task(step).steps.setdefault(step, StepStory(step))

    def _begin(self, kind: SpanKind, where: str, label: str) -> None:
        self._end(where)
        if self._now is not None:
            self._open[where] = Span(kind, where, label, self._now)
            self._story.spans.append(self._open[where])

    def _end(self, where: str) -> None:
        span = self._open.pop(where, None)
        if span is not None:
            span.ended = self._now

    def _mark_failed(self, where: str) -> None:
        for span in reversed(self._story.spans):
            if span.where == where and span.kind == "check":
                span.kind = "failed"
                return


def _accept(step: StepStory) -> None:
    command = step.last_command
    if command is not None:
        command.accepted = True


def _ended(step: StepStory, event: stepevents.CommandEnded) -> None:
    for command in reversed(step.commands):
        if command.state == event.state:
            command.ended = True
            command.exit, command.duration = event.exit, event.duration
            command.summary, command.counts = event.tests, event.counts
            command.how = ended(event)
            command.dirty, command.left_running = event.dirty, event.left_running
            command.reused, command.ahead = event.reused, event.ahead
            return
