"""Undo: commits of a phase or a task are taken back, the last one first, by commits of ours."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Generator, Iterable, Iterator
from itertools import chain

from runbook.core.check.auditplan import overtaken
from runbook.core.model.message import co_authors, compose
from runbook.core.model.model import Phase, Task, Verify
from runbook.core.record.events import Event, Stopped
from runbook.core.record.progress import Progress, UndoState
from runbook.core.record.stepevents import CommitIntended
from runbook.core.record.verbevents import (
    CheckRepeated,
    RevertIntended,
    RevertMade,
    RevertPlanned,
    UndoBegan,
    UndoEnded,
    UndoGivenUp,
    VerbRefused,
)
from runbook.core.text.counting import named
from runbook.core.value import replace
from runbook.engine.contract.stops import CannotContinue, stop
from runbook.engine.ground import putting
from runbook.engine.ground.context import Context
from runbook.engine.ground.notes import add_notes
from runbook.engine.ground.ofcommands import commits_of
from runbook.engine.outlook.choices import chosen
from runbook.engine.outlook.refusal import Refusal, refusing
from runbook.engine.resume.leftbehind import unsound
from runbook.engine.resume.recovery import found, without_hooks
from runbook.engine.resume.restore import unfinished_task
from runbook.engine.running.takeup import take_up
from runbook.engine.steps.verify import verify
from runbook.engine.verbs.reversal import (
    foreign,
    is_committed,
    paths_of,
    planned_of,
    plans_of,
    write,
)
from runbook.engine.verbs.skip import dependents
from runbook.world.files.workspace import Workspace
from runbook.world.git import commits, readback
from runbook.world.git.heads import Head


def undo(
    context: Context, phase: Phase, *, task: str | None, check: bool, phases: tuple[Phase, ...]
) -> Iterator[Event]:
    """Take the commits of a task back, or of the whole phase; with `check` run what checks remain.

    `phases` are those of the series. An undo that was interrupted goes on. The last event is
    `UndoEnded`, `VerbRefused` or, when git or a check says no, `Stopped`.
    """
    ended = False
    for event in refusing(context, "undo", task or phase.id, _undo(context, phase, task, phases)):
        ended = not isinstance(event, VerbRefused | Stopped)
        yield event
    if ended and check:
        yield from _check_what_remains(context, phases)


def _undo(
    context: Context, phase: Phase, name: str | None, phases: tuple[Phase, ...]
) -> Iterator[Event]:
    target = name or phase.id
    progress = context.journal.progress
    if progress.undo is None:
        yield from take_up(context, phase)
        tasks = _tasks(context, phase, name)
        made = tuple(c for each in tasks for c in progress.tasks[each.id].commits)[::-1]
        plans = plans_of(context, phase, target, made)
        yield UndoBegan(target, tuple(task.id for task in tasks), made)
    else:
        if progress.undo.target != target:
            other = progress.undo.target
            hint = f"`undo {other}` goes on with it, `abort` gives it up"
            raise Refusal(f"an undo of {other} is not finished", hint=hint)
        yield from finish_revert(context, phase, progress.undo)
        left, half = tuple(progress.undo.left), progress.undo.planned
        plans = plans_of(context, phase, target, left, half)
    by_commit = {plan.commit: plan for plan in plans}
    assert progress.undo is not None
    while progress.undo.left:
        commit = progress.undo.left[0]
        half = progress.undo.planned
        planned = half or planned_of(context, by_commit[commit])
        if half is None:
            yield planned
        subject = context.repository.subject(commit)
        for path in foreign(context, planned):
            message = f"{path} was changed by someone since the undo began"
            hint = "put it back, or give the undo up with `abort`"
            raise Refusal(message, hint=hint)
        write(context, planned)
        paths = paths_of(planned)
        # It may have been committed meanwhile: by hand, or by a git whose hook did more than that.
        if not paths or (half is not None and is_committed(context, paths)):
            intent, head = progress.undo.intent, context.repository.head().commit
            if intent is not None and intent.parent and head:
                context.repository.follow(intent.parent, head)
            yield RevertMade(planned.task, commit, None, subject)
            continue
        stopped = yield from _commit(context, phase, planned, subject)
        if stopped is not None:
            yield stopped
            return
        yield from add_notes(context.notebook, progress, phase)
    yield from add_notes(context.notebook, progress, phase)
    undone = [task for task in phase.tasks if task.id in progress.undo.tasks]
    yield UndoEnded(
        target,
        progress.undo.tasks,
        dependents=dependents(context, phase, tuple(undone), phases) if undone else (),
        stay=_of_commands(context, undone),
    )


def _of_commands(context: Context, tasks: Iterable[Task]) -> tuple[str, ...]:
    known = (context.journal.progress.tasks[task.id].steps.values() for task in tasks)
    return commits_of(context.repository, chain.from_iterable(known))


def give_up(context: Context, phase: Phase, undo: UndoState) -> Iterator[Event]:
    """Put the files of an unfinished undo back; commits that were reverted stay reverted.

    Raises:
        Refusal: one of the files was changed by hand meanwhile.
    """
    yield from finish_revert(context, phase, undo)
    planned = undo.planned
    others = () if planned is None else foreign(context, planned)
    if others:
        message = f"changed by hand since the undo stopped: {named(others)}"
        raise Refusal(message, where=undo.target)
    yield UndoGivenUp(undo.target, int(time.time()))
    if planned is not None:
        write(context, planned, back=True)
        putting.unstage(context, paths_of(planned))
    progress = context.journal.progress
    whole = tuple(task for task in undo.undone if not progress.tasks[task].commits)
    yield UndoEnded(undo.target, whole, complete=False)


def finish_revert(context: Context, phase: Phase, undo: UndoState) -> Iterator[Event]:
    """Take a commit as made that a killed undo had begun, and git made, and nobody recorded.

    If git did not make it, what its hooks had made of the files is put back.

    Raises:
        CannotContinue: it is not what was intended.
    """
    if undo.planned is not None:
        Workspace(context.repository.root, None).tidy([each.path for each in undo.planned.files])
    if undo.given_up is not None:
        context.repository.clear_locks(undo.given_up.since)
    if undo.intent is None:
        return
    intent = _as_commit(undo.intent, undo.planned)
    commits.clear_locks(context.repository, intent)
    made = found(context, phase, intent, undo.target)
    if made is not None:
        subject = context.repository.subject(made)
        yield RevertMade(undo.intent.task, undo.intent.commit, made, subject, recovered=True)
    elif (
        context.repository.head() == Head(intent.parent, intent.ref)
        # Else what the files hold now may be a person's.
        and not undo.answered
        and undo.given_up is None
    ):
        yield without_hooks(context, phase, intent)


def _tasks(context: Context, phase: Phase, name: str | None) -> tuple[Task, ...]:
    """The tasks to be undone: those named, and those whose edits are in the same commits.

    Raises:
        Refusal: one is unfinished, none was committed, or a commit is not in the branch.
    """
    progress = context.journal.progress
    target = name or phase.id
    task = unfinished_task(context, phase)
    if task is not None and name in (None, task.id) and not _stands(progress, task):
        hint = "`abort` takes back what it has not committed; what it has can be undone then"
        raise Refusal(f"{task.id} is unfinished", hint=hint)
    groups: list[list[Task]] = [[]]
    for each in phase.tasks:
        if _stands(progress, each):
            groups[-1].append(each)
            if progress.tasks[each.id].commits:
                groups.append([])
    chosen = [
        each
        for group in groups
        for each in group
        if name is None or any(member.id == name for member in group)
    ]
    if name is not None and not any(each.id == name for each in chosen):
        state = progress.tasks.get(name)
        how = "undone already" if state is not None and state.undone else "not done"
        raise Refusal(f"{name} is {how}: there is nothing to undo")
    made = [commit for each in chosen for commit in progress.tasks[each.id].commits]
    if not made:
        message = f"no commit of {target} is there to be taken back"
        stay = _of_commands(context, chosen)
        names = " ".join(each[:9] for each in stay)
        some = f"its commands made some, which `git revert {names}` takes back"
        raise Refusal(message, stay, some if stay else None)
    head = context.repository.head()
    for commit in made:
        if not context.repository.contains(commit, head.commit):
            message = f"its commit {commit[:9]} is not in {head}: there is nothing to take back"
            raise Refusal(message)
    return tuple(chosen)


def _stands(progress: Progress, task: Task) -> bool:
    """Whether a task is done, or as far as an `abort` leaves it: all that it has is committed."""
    state = progress.tasks.get(task.id)
    if state is None or progress.settled(task.id) or progress.stopped_in(task.id) is not None:
        return progress.done(task.id)
    return bool(state.commits) and state.steps.keys() <= state.committed


def _commit(
    context: Context, phase: Phase, planned: RevertPlanned, subject: str
) -> Generator[Event, None, Stopped | None]:
    """Commit a revert; returns the stop that git makes when it refuses."""
    head = context.repository.head()
    trailers = co_authors(phase.settings.co_authored_by or ())
    text = f'Revert "{subject}"\n\nThis reverts commit {planned.commit}.\n'
    message = compose(text, trailers)
    paths = paths_of(planned)
    intent = RevertIntended(
        planned.task,
        planned.commit,
        head.commit,
        head.ref,
        paths,
        hashlib.sha256(message.encode("utf-8", "surrogateescape")).hexdigest(),
        f"{int(time.time())} {time.strftime('%z')}",
        trailers,
    )
    yield intent
    new = context.repository.unknown(paths)
    limits = commits.Limits(context.timeout(phase, None), context.interrupts)
    as_commit = _as_commit(intent, planned)
    try:
        made = commits.make(context.repository, message, as_commit, new, limits)
    except readback.CommitUnsound as error:
        ways = " and mend the hook, or leave it as it is; then give `undo` again"
        return _stopped(context, unsound("", str(phase.at), error, intent.parent, ways))
    except commits.NotMade as error:
        kept = ""
        if context.repository.head() == head:
            kept = without_hooks(context, phase, as_commit).rescued
        stopped = stop(
            "commit",
            phase.id,
            phase,
            "git did not make the commit that reverts another",
            output=str(error),
            hint=f"what its hooks had made of the files is kept in {kept}" if kept else None,
        )
        return _stopped(context, stopped)
    yield RevertMade(
        planned.task, planned.commit, made.commit, f'Revert "{subject}"', despite=made.despite
    )
    return None


def _stopped(context: Context, stopped: Stopped) -> Stopped:
    """A stop of the undo that is under way, with the verbs that apply to it."""
    assert context.journal.progress.undo is not None
    target = context.journal.progress.undo.target
    return chosen(replace(stopped, where=target, task=target), ("undo", "abort"))


def _as_commit(intent: RevertIntended, planned: RevertPlanned | None) -> CommitIntended:
    """A revert as the commit that it is; what becomes a link is no file of it."""
    links = {each.path for each in planned.special if each.after} if planned else set()
    files = planned.files if planned else ()
    return CommitIntended(
        f"{intent.task}/undo",
        intent.parent,
        intent.ref,
        intent.paths,
        intent.message_digest,
        intent.date,
        intent.trailers,
        tuple(image for image in files if image.path not in links),
    )


def _check_what_remains(context: Context, phases: tuple[Phase, ...]) -> Iterator[Event]:
    """Run the checks of all tasks that are still done in this worktree.

    Those that saw what no commit holds, such as a test that was to fail first, are left out.
    """
    progress = context.journal.progress
    for phase in phases:
        if phase.id not in progress.phases:
            continue
        parts = [task for task in phase.tasks if progress.done(task.id)]
        if progress.complete(phase.id):
            parts.append(phase.verification_task)
        for task in parts:
            passing = set(overtaken(phase, task))
            for where, step in task.named_steps():
                if not isinstance(step, Verify) or where in passing:
                    continue
                yield CheckRepeated(where, step.command.strip())
                plain = replace(step, fails_at=None)
                try:
                    yield from verify(context, phase, plain, where, "")
                except CannotContinue as raised:
                    yield chosen(raised.stopped, ("restart",))
                    return
