"""The fold of events to a story: runs, phases and tasks; steps apart.

It takes the events of whole runs or of a later one alone: what it does not know of was before.
"""

from __future__ import annotations

from collections.abc import Iterable

from runbook.core.model.ids import is_step, last, phase_of, task_of, verification_id, within
from runbook.core.record import auditevents, events, ledgerevents, verbevents
from runbook.core.record.aheadevents import ChecksInOrder
from runbook.core.record.delegateevents import DelegateEvent
from runbook.core.record.described import branch
from runbook.core.record.detailevents import CommitSeen, DetailEvent
from runbook.core.record.events import WAITING, Event, Stopped, is_transient
from runbook.core.record.history import Recorded, steady
from runbook.core.record.manualevents import ManualEvent
from runbook.core.record.progress import Progress
from runbook.core.record.status import mark_of
from runbook.core.record.stepevents import CommandOutput, StepEvent
from runbook.core.text.counting import count
from runbook.report.primed import apply_primed
from runbook.report.stepfold import StepFold
from runbook.report.story import (
    CommitStory,
    PhaseStory,
    RunStory,
    Span,
    StepStory,
    Story,
    TaskStory,
)

_VERIFICATION = "Verification of the phase"


def fold(history: Iterable[Recorded], source: str = "") -> Story:
    """The story of some recorded events; `source` says where they are from."""
    folding = _Fold(Story(source=source))
    for each in steady(history):
        folding.take(each)
    return folding.finished()


class _Fold:
    def __init__(self, story: Story) -> None:
        self.story = story
        self._progress = Progress()
        self._steps = StepFold(story)
        self._services: dict[str, Span] = {}
        self._audited: set[str] = set()  # phases
        self._run = RunStory("")
        self._now: float | None = None
        self._at: tuple[TaskStory, float] | None = None  # the task at work, and since when

    def take(self, recorded: Recorded) -> None:
        event, self._now = recorded.event, recorded.time
        if isinstance(event, CommandOutput):
            return  # The journal does not have it: how long a killed run lasted would differ.
        if recorded.run != self._run.run:
            self._leave(self._run.ended)  # One that was killed had no end of its own.
        self._run = self.story.runs.setdefault(recorded.run, RunStory(recorded.run))
        if self._now is not None:
            self._run.began = self._now if self._run.began is None else self._run.began
            self._run.ended = self._now
        if not is_transient(event):
            apply_primed(self._progress, event)
        if isinstance(event, StepEvent | ManualEvent | DelegateEvent):
            self._steps.take(event, self._now)
        elif isinstance(event, DetailEvent):
            if isinstance(event, CommitSeen):
                self._commit(event)
            else:
                self._steps.tests(event)
        else:
            self._task(event)

    def finished(self) -> Story:
        """The story so far, with where all of it stands as the progress says.

        What has not ended lasts until its run did.
        """
        self._end_services()
        self._leave(self._run.ended)
        for phase in self.story.phases.values():
            phase.complete = self._progress.complete(phase.phase)
            phase.stopped = None if phase.complete else self._progress.stops.get(phase.phase)
            where = phase.stopped.where if phase.stopped is not None else ""
            for name, task in phase.tasks.items():
                task.mark = mark_of(self._progress, name, where)
                if task.mark == "stopped" and phase.stopped and phase.stopped.kind in WAITING:
                    task.mark = "waits"
                if phase.complete and name == verification_id(phase.phase):
                    task.mark = "done"
            if phase.phase in self._audited - self._progress.phases.keys():
                self._only_audited(phase)
        ends = {run.ended for run in self.story.runs.values() if run.ended is not None}
        for span in self.story.spans:
            if span.ended is None:
                span.ended = min((end for end in ends if end >= span.began), default=span.began)
        return self.story

    def _task(self, event: Event) -> None:
        match event:
            case events.TaskBegan(task, title, adopted=adopted, difference=difference):
                known = self._known(task, title)
                phase = self.story.phase_of(task)
                phase.tasks[task] = TaskStory(
                    task, title, duration=known.duration, remarks=known.remarks
                )
                self._adopt(phase.tasks[task], adopted, difference)
                self._enter(phase.tasks[task])
            case events.TaskResumed(task, title, adopted=adopted, difference=difference):
                self._adopt(self._known(task, title), adopted, difference)
                self._enter(self._known(task))
            case events.TaskDone(task, duration):
                self._known(task).duration += duration
                self._at = None
            case events.VerificationBegan(phase):
                self._known(verification_id(phase), _VERIFICATION)
            case _:
                self._phase(event)

    def _phase(self, event: Event) -> None:
        match event:
            case events.PhaseBegan(phase, title, head, ref, total):
                # What was skipped or forgotten before it began is known already, and stays so.
                known = self.story.phase_of(phase)
                known.title, known.head, known.ref, known.total = title, head, ref, total
            case events.PhaseResumed(phase, title, _, total):
                known = self.story.phase_of(phase)
                known.title, known.total = title, total
            case events.PhaseAlreadyComplete(phase, title):
                self.story.phase_of(phase).title = title
            case events.PhaseCompleted(phase, duration=duration):
                self.story.phase_of(phase).duration += duration
            case events.Stopped():
                self._stop(event)
            case _:
                self._run_event(event)

    def _run_event(self, event: Event) -> None:
        match event:
            case events.RunBegan(_, version, _, verb, system, series):
                self._run.verb, self._run.version, self._run.system = verb, version, system
                self.story.title = series or self.story.title
                self._run.exit = None
            case events.RunEnded(exit=status):
                self._run.exit = status
                self._leave(self._now)
                self._end_services()
            case events.WorktreeMade():
                self.story.worktree = event
            case events.ServiceBegan(name):
                self._service(name, f"service {name} starts")
            case events.ServiceReady(name, variables):
                self.story.services[name] = variables
                self._service(name, f"service {name}")
            case events.ServiceNotNeeded(name, variable):
                self.story.remarks.append(f"service {name} was not started: {variable} is set")
            case ChecksInOrder(_, why):
                self.story.remarks.append(f"checks ran one after the other: {why}")
            case events.HeadAccepted(head, ref):
                self.story.remarks.append(f"a run was told to go on from {branch(ref, head)}")
            case _:
                self._verb(event)

    def _verb(self, event: Event) -> None:
        match event:
            case verbevents.TaskSkipped(task, title, reason, who):
                known = self._known(task, title)
                known.reason, known.who = reason, who
            case verbevents.TaskRestored(task, purpose, files, rescued):
                known = self._known(task)
                for step in known.uncommitted():
                    step.difference = ""
                kept = f", what they held is kept in {rescued}" if rescued else ""
                known.remarks.append(f"{purpose}: put back {', '.join(files) or 'nothing'}{kept}")
            case verbevents.TaskRepaired(task, _, _, who, reason):
                self._known(task).remarks.append(
                    f"done, although the phase file says something else now ({who}): {reason}"
                )
            case verbevents.Adopted(tasks=tasks):
                for task in tasks:
                    self._known(task).remarks.append(
                        "what was made by hand is in the phase file now"
                    )
            case verbevents.RevertMade(task, commit, by, subject):
                self._revert(task, commit, by, subject)
            case verbevents.VerbRefused(verb, where, message):
                self.story.remarks.append(f"{verb} of {where} was refused: {message}")
            case _:
                self._ledger(event)

    def _ledger(self, event: Event) -> None:
        match event:
            case ledgerevents.PhaseForgotten(phase, title, commit):
                self.story.phases[phase] = PhaseStory(phase, title)
                self.story.phases[phase].remarks.append(
                    f"begun anew: {commit[:9]} was no longer in the branch"
                )
            case ledgerevents.PhaseRebuilt():
                self._rebuilt(event)
            case ledgerevents.CommitsRewritten(rewritten=rewritten):
                after = {each.before: each.after for each in rewritten}
                for made in self.story.commits:
                    made.commit = after.get(made.commit, made.commit)
            case ledgerevents.NoteDoubted(phase, step, commit, why):
                self.story.phase_of(phase).remarks.append(
                    f"the note of {commit[:9]} for {step} is not believed: {why}"
                )
            case _:
                self._audit(event)

    def _audit(self, event: Event) -> None:
        match event:
            case auditevents.AuditBegan(phase, title):
                known = self.story.phase_of(phase)
                known.title, known.broke = known.title or title, None
                self._audited.add(phase)
            case auditevents.AuditedCheckBegan(step, title, command=command):
                task = self._known(task_of(step))
                of_phase = task.task == verification_id(phase_of(step))
                task.title = task.title or (_VERIFICATION if of_phase else title)
                story = task.steps.setdefault(step, StepStory(step))
                story.kind, story.subject = story.kind or "verify", story.subject or command
            case auditevents.CheckBroke(step):
                self.story.phase_of(step).broke = event
            case auditevents.AuditEnded(phase, checks):
                again = "was" if checks == 1 else "were"
                self.story.remarks.append(
                    f"audit: {count(checks, 'check')} of {phase} {again} made again, and held"
                )
            case _:
                pass  # It changes nothing of what is told.

    def _only_audited(self, phase: PhaseStory) -> None:
        """Tell of a phase what an audit says, where only that is told."""
        phase.audited = True
        broke = phase.broke
        if broke is not None:
            phase.stopped = Stopped(
                "unmet", broke.step, broke.at, broke.message, broke.mismatches, broke.output,
                broke.log,
            )  # fmt: skip
        where = "" if broke is None else broke.step
        for task in phase.tasks.values():
            task.mark = "stopped" if within(where, task.task) else "done"
            for name, step in task.steps.items():
                step.mark = "stopped" if name == where else "done"

    def _rebuilt(self, event: ledgerevents.PhaseRebuilt) -> None:
        """What is known from notes: the tasks and their commits, and of checks nothing."""
        phase = PhaseStory(event.phase, event.title, event.start, event.ref)
        phase.remarks.append("known from the notes of its commits")
        for each in event.tasks:
            phase.tasks[each.task] = TaskStory(each.task, each.title)
            phase.tasks[each.task].commits += [
                CommitStory(made.commit, "", made.step, noted=True) for made in each.made
            ]
        self.story.phases[event.phase] = phase

    def _known(self, task: str, title: str = "") -> TaskStory:
        known = self.story.phase_of(task).tasks.setdefault(task, TaskStory(task))
        known.title = title or known.title
        return known

    def _enter(self, task: TaskStory) -> None:
        self._leave(self._now)
        self._at = None if self._now is None else (task, self._now)

    def _leave(self, now: float | None) -> None:
        """Count the time of a task that a run did not bring to its end."""
        if self._at is not None and now is not None:
            task, since = self._at
            task.duration += max(0.0, now - since)
        self._at = None

    def _adopt(self, task: TaskStory, adopted: tuple[str, ...], difference: str) -> None:
        task.by_hand |= dict.fromkeys(adopted)
        if difference:
            task.differences_by_hand.append(difference)

    def _stop(self, stopped: events.Stopped) -> None:
        self._run.stopped = stopped
        self.story.phase_of(stopped.where)
        if is_step(stopped.where):
            self._steps.stop(stopped)

    def _revert(self, task: str, commit: str, by: str | None, subject: str) -> None:
        known = self._known(task)
        for each in known.commits:
            if each.commit == commit:
                each.reverted_by = by or "nothing was left of it"
        if by is not None:
            known.commits.append(CommitStory(by, subject, task, reverts=commit))

    def _commit(self, seen: CommitSeen) -> None:
        tasks = self.story.phase_of(seen.step).tasks
        # The last one first: as a rule that is it.
        for each in (made for task in reversed(tasks.values()) for made in reversed(task.commits)):
            if each.commit == seen.commit:
                each.author, each.when = seen.author, seen.when
                each.message, each.difference = seen.message, seen.difference
                each.subject = each.subject or seen.message.partition("\n")[0]
                return

    def _service(self, name: str, label: str) -> None:
        if self._now is None:
            return
        if name in self._services:
            self._services.pop(name).ended = self._now
        self._services[name] = Span("service", last(name), label, self._now)
        self.story.spans.append(self._services[name])

    def _end_services(self) -> None:
        for span in self._services.values():
            span.ended = self._run.ended
        self._services.clear()
