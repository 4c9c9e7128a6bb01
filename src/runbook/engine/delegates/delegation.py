"""Steps that a delegate takes over: attempts, each through the gate and then judged."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from runbook.core.check.outcome import Outcome
from runbook.core.edit.comparison import comparison
from runbook.core.handover import said
from runbook.core.handover.brief import Attempted
from runbook.core.handover.weakening import frauds, signs
from runbook.core.model.model import Manual, Phase
from runbook.core.patterns import regex
from runbook.core.record.delegateevents import AttemptEnded, Verdict
from runbook.core.record.events import Event, Stopped
from runbook.core.record.stepevents import FileImage
from runbook.core.text.counting import count, named
from runbook.core.text.lines import on_one_line
from runbook.core.value import replace, value
from runbook.engine.contract.stops import CannotContinue, interrupted, reaching
from runbook.engine.delegates.attempt import Tried, Unconfined, carry_out
from runbook.engine.delegates.guard import Found, look
from runbook.engine.delegates.judging import Baseline, baseline, judged
from runbook.engine.delegates.signs import found_in
from runbook.engine.ground import putting
from runbook.engine.ground.context import Context
from runbook.engine.ground.putting import Change
from runbook.engine.ground.strangers import Guard
from runbook.engine.ground.targets import is_phase_file, step_paths
from runbook.engine.outlook.assignment import Work, brief_for
from runbook.engine.outlook.waiting import waiting_for_work
from runbook.engine.resume.leftbehind import gate_after, put_back_first
from runbook.world.files.workspace import FileState, data_of
from runbook.world.git.gitfailed import GitFailed

_DENIED = regex(r"(?i)permission denied|operation not permitted|EACCES|read-only")
_CONFINED = (
    "the system denied it something: it may write its files in place, their folders but for the "
    "top of the repository, and what `confine: {write: [...]}` names"
)
_NAMED_ANEW = regex(r"\(pid \d+\)|\b[0-9a-f]{12}\b")  # processes and commits, each time others
_SHOWN = 2000  # characters of the output's end that are told
_FAILING = 40  # failing tests that are named
_DIFFERENCE = 20_000  # characters of what is changed so far that the next attempt is told
_NOT_SHOWN = "a check that is not shown does not accept it"


@value
class _Worth:
    """What an attempt is worth, and why; `over` where no other is to follow.

    The next attempt is told but for what is `untold`.
    """

    verdict: Verdict
    why: tuple[str, ...] = ()
    over: bool = False
    said: str = ""
    warnings: tuple[str, ...] = ()
    output: str = ""
    files: tuple[FileImage, ...] = ()
    untold: frozenset[str] = frozenset()

    @property
    def told(self) -> tuple[str, ...]:
        """Why, as the next attempt is told it."""
        known = tuple(each for each in self.why if each not in self.untold)
        return known if len(known) == len(self.why) else (*known, _NOT_SHOWN)


@value
class _Ended:
    """What came of one attempt, and what the next is told of it; `over` where none is to follow.

    Two with one `mark` came to the same. `session` is empty where the delegate names none, `kept`
    where nothing that it or one before had made was put aside into a folder.
    """

    event: AttemptEnded
    feedback: Attempted
    over: bool
    mark: tuple[str, ...]
    session: str
    kept: str = ""


def delegated(context: Context, work: Work) -> Iterator[Event]:
    """Have a step done by its delegate; when this ends without a stop, the work is accepted.

    Raises:
        CannotContinue: it was not accepted, and a person is to take over; or interrupted.
    """
    at_first = _states(context, work)
    try:
        before = yield from baseline(context, work)
        ended = yield from _attempts(context, work, before, at_first)
    except (CannotContinue, GitFailed) as error:
        progress = context.journal.progress
        if progress.handed_over is not None and progress.open_attempt is None:
            # Nobody goes on with what the attempt before has left.
            yield _given_up(context, work, at_first)
        if isinstance(error, CannotContinue) and error.stopped.kind == "interrupted":
            # Whatever it was in the midst of, it is the work that waits.
            waiting = _waiting(work)
            error.stopped = replace(error.stopped, at=waiting.at, needs_reason=waiting.needs_reason)
        raise
    if ended.event.verdict == "accepted":
        return
    given_up = _given_up(context, work, at_first)
    yield given_up
    raise CannotContinue(_over(context, work, ended, given_up.rescued or ended.kept))


def _attempts(
    context: Context, work: Work, before: Baseline, at_first: dict[str, FileState | None]
) -> Generator[Event, None, _Ended]:
    """All attempts, to the one whose work is accepted or after which none is to follow."""
    feedback: Attempted | None = None
    session = kept = ""
    seen: set[tuple[str, ...]] = set()
    ended = None
    for attempt in range(1, work.delegate.attempts + 1):
        files = _states(context, work)
        text = brief_for(context, work, attempt, feedback)
        ended = yield from _attempt(context, work, attempt, text, session, files, at_first, before)
        with reaching(work.where, work.step):
            # Commands sync nothing, and what is recorded as done is not done again.
            context.workspace.sync(dict.fromkeys([*at_first, *_states(context, work)]))
        yield ended.event
        kept = ended.event.rescued or kept
        if ended.event.verdict == "accepted" or ended.over or ended.mark in seen:
            break
        seen.add(ended.mark)
        feedback, session = ended.feedback, ended.session or session
    assert ended is not None
    return replace(ended, kept=kept)


def _attempt(
    context: Context,
    work: Work,
    attempt: int,
    text: str,
    session: str,
    files: dict[str, FileState | None],
    at_first: dict[str, FileState | None],
    before: Baseline,
) -> Generator[Event, None, _Ended]:
    try:
        tried = yield from carry_out(context, work, attempt, text, session, files)
    except Unconfined as error:
        raise CannotContinue(_refused(work, f"the delegate can't be confined: {error}")) from None
    outcome, found = tried.outcome, tried.found
    try:
        if outcome is not None and outcome.interrupted is not None:
            raise CannotContinue(interrupted(work.where, work.step, outcome.interrupted))
        now = _states(context, work)
        worth = _unjudged(work, tried, at_first, now)
        if worth is None:
            worth = yield from _judged(context, work, before, at_first, now)
    except CannotContinue:
        back = _back(context, work, at_first)
        yield attempt_ended(context, work.where, attempt, found, back, outcome)
        raise
    return _ended(work, attempt, tried, worth, _difference(at_first, now))


def _ended(work: Work, attempt: int, tried: Tried, worth: _Worth, difference: str) -> _Ended:
    outcome, found = tried.outcome, tried.found
    event = AttemptEnded(
        work.where, attempt, worth.verdict,
        None if outcome is None else outcome.exit,
        0.0 if outcome is None else round(outcome.duration, 3),
        found.changed, worth.why, (*worth.warnings, *found.warnings), worth.said,
        found.put_back, found.rescued,
        tried.log, said.cost(_said(outcome)), worth.files,
    )  # fmt: skip
    feedback = Attempted(worth.verdict, worth.told, worth.output, _beginning(difference))
    # One that changes nothing may say something else each time.
    why = (_NAMED_ANEW.sub("", each) for each in worth.why)
    mark = ("",) if worth.verdict == "unchanged" else (difference, *why)
    return _Ended(event, feedback, worth.over, mark, said.session(_said(outcome)))


def _unjudged(
    work: Work,
    tried: Tried,
    at_first: dict[str, FileState | None],
    now: dict[str, FileState | None],
) -> _Worth | None:
    """What an attempt is worth where that is plain without its checks; `None` where it is not."""
    outcome, found = tried.outcome, tried.found
    if outcome is None:
        return _Worth("failed", (tried.failed,), over=True)
    if found.lost:
        why = (f"can't be put back: {', '.join(found.lost)}", *found.refused)
        return _Worth("refused", why, over=True)
    left = tuple(f"a process was left running: {name}" for name in outcome.left_running)
    if not outcome.timed_out and (found.refused or left):
        return _Worth("refused", (*found.refused, *left))
    reason = said.blocked(_said(outcome))
    if reason is not None:
        return _Worth("blocked", over=True, said=reason)
    if outcome.timed_out:
        what = "no output and no change for too long" if outcome.idle else "its time was up"
        # All that it had started was ended with it.
        return _Worth("overrun", (what, *found.refused))
    if not work.targets and outcome.exit:
        # It may change nothing, so there is nothing else to see of what it did.
        return _Worth("unchanged", (f"it ended with exit status {outcome.exit}",), over=True)
    if now == at_first and work.targets:
        unchanged = ["none of the files was changed"]
        # Most often what it said last is why.
        last = said.last_words(_said(outcome))
        if outcome.exit:
            unchanged.append(f"it ended with exit status {outcome.exit}{last and ': '}{last}")
        elif last:
            unchanged.append(f"the last it said: {last}")
        if tried.confined and _DENIED.search(_said(outcome)):
            unchanged.append(_CONFINED)
        return _Worth("unchanged", tuple(unchanged), output=_said(outcome)[-_SHOWN:])
    never = found_in(at_first, now, frauds)
    return _Worth("refused", never) if never else None


def _judged(
    context: Context,
    work: Work,
    before: Baseline,
    at_first: dict[str, FileState | None],
    now: dict[str, FileState | None],
) -> Generator[Event, None, _Worth]:
    judgement = yield from judged(context, work, before)
    if judgement.why:
        more = len(judgement.failing) - _FAILING
        others = (f"{more} more tests fail",) if more > 0 else ()
        why = (*judgement.why, *judgement.failing[:_FAILING], *others)
        verdict: Verdict = "unmet" if judgement.unmet else "refused"
        return _Worth(verdict, why, output=judgement.output, untold=judgement.untold)
    warnings = (*judgement.warnings, *found_in(at_first, now, signs))
    if warnings and work.delegate.strict:
        return _Worth("refused", warnings, untold=judgement.untold)
    return _Worth("accepted", warnings=warnings, files=_made(context, at_first, now))


def _made(
    context: Context, before: dict[str, FileState | None], now: dict[str, FileState | None]
) -> tuple[FileImage, ...]:
    return tuple(
        putting.plan(context.journal, path, before.get(path), now.get(path)).image()
        for path in dict.fromkeys([*before, *now])
        if before.get(path) != now.get(path)
    )


def attempt_ended(
    context: Context,
    where: str,
    attempt: int,
    found: Found,
    files: list[Change],
    outcome: Outcome | None = None,
) -> AttemptEnded:
    """The end of attempts that were broken off: the files are put back as they were handed over."""
    done = putting.put_back(context.workspace, context.journal, files)
    return AttemptEnded(
        where, attempt, "killed",
        None if outcome is None else outcome.exit,
        0.0 if outcome is None else round(outcome.duration, 3),
        found.changed, found.refused, found.warnings,
        put_back=(*found.put_back, *done.paths), rescued=done.rescued or found.rescued,
    )  # fmt: skip


def finish_attempt(context: Context, phase: Phase) -> Iterator[Event]:
    """Put back what attempts left that were killed together with their run.

    Between two attempts, too: what none has accepted is nobody's work.

    Raises:
        CannotContinue: a file can't be put back.
    """
    began = context.journal.progress.open_attempt
    first = context.journal.progress.handed_over
    ended = context.journal.ended
    if first is None:
        return
    with reaching(first.step, phase):
        found = Found()
        if began is not None:
            found = look(
                context, Guard(began.guard, began.inventory), gate_after(context, phase, ended)
            )
        changes = [
            putting.back_to(context.workspace, image.path, Change.recorded(image).after)
            for image in put_back_first(context.workspace, first, began, ended)
        ]
        number = 0 if began is None else began.attempt
        yield attempt_ended(context, first.step, number, found, changes)


def _refused(work: Work, message: str, output: str = "") -> Stopped:
    return Stopped("refused", work.where, str(work.step.at), message, output=output)


def _back(context: Context, work: Work, at_first: dict[str, FileState | None]) -> list[Change]:
    """The changes that make the files what they were when they were handed over."""
    with reaching(work.where, work.step):
        return [
            putting.back_to(context.workspace, path, putting.held(at_first.get(path)))
            for path in dict.fromkeys([*at_first, *_states(context, work)])
        ]


def _given_up(context: Context, work: Work, at_first: dict[str, FileState | None]) -> AttemptEnded:
    """Put the files back: a person begins with them as they were, or the next run."""
    changes = _back(context, work, at_first)
    with reaching(work.where, work.step):
        done = putting.put_back(context.workspace, context.journal, changes)
    return AttemptEnded(work.where, 0, "refused", put_back=done.paths, rescued=done.rescued)


def _over(context: Context, work: Work, ended: _Ended, kept: str) -> Stopped:
    """The stop that hands the step to a person; where work was done, it is `kept` in a folder."""
    last = ended.event
    if last.verdict == "blocked":
        message = f"the delegate can't do it: {last.said}"
    else:
        tries = count(last.attempt, "attempt")
        if last.attempt < work.delegate.attempts and not ended.over:
            tries += ", the last of which came to the same as one before"
        message = f"the delegate did not do it in {tries}: {'; '.join(last.why[:3])}"
    made = f" (what the delegate made is kept in {kept})" if kept else ""
    run = "a new run" if context.request.delegate is None else "a run with `--delegate`"
    more = _allowed(context, last)
    hint = f"do the work by hand{made}, {more}; {run} lets the delegate try again"
    return replace(_waiting(work), message=message, log=last.log, hint=hint)


def _allowed(context: Context, last: AttemptEnded) -> str:
    """What to change in the phase file, so that a delegate may do what it wanted to."""
    if _CONFINED in last.why:
        return "or have `confine` of the delegate let it write more (`confine: false`: all)"
    beside = [
        path
        for path in last.put_back
        if not is_phase_file(context, path)
        and any(each.startswith(f"{on_one_line(path)} was ") for each in last.why)
    ]
    if beside:
        names = named(beside)
        return f"or say more in the step, and name {names} in its `files`, if that is a part of it"
    return "or say more in the step"


def _waiting(work: Work) -> Stopped:
    # Nobody wants a reason for what changes no file of its own.
    own = next((step for where, step in work.phase.named_steps() if where == work.where), None)
    step = own if isinstance(own, Manual) else work.step
    return waiting_for_work(work.phase, step, work.where)


def _states(context: Context, work: Work) -> dict[str, FileState | None]:
    """The files that the delegate may change, in `workdir`."""
    with reaching(work.where, work.step):
        return {path: context.workspace.read(path) for path in step_paths(context, work.step)}


def _difference(before: dict[str, FileState | None], now: dict[str, FileState | None]) -> str:
    return "".join(
        comparison(path, data_of(before.get(path)), data_of(now.get(path)), "as handed over")
        for path in dict.fromkeys([*before, *now])
        if before.get(path) != now.get(path)
    )


def _beginning(difference: str) -> str:
    """As much of a difference as anybody reads."""
    if len(difference) <= _DIFFERENCE:
        return difference
    shown = difference[:_DIFFERENCE].rpartition("\n")[0]
    more = count(difference.count("\n", len(shown) + 1), "more line")
    return f"{shown}\n({more})\n"


def _said(outcome: Outcome | None) -> str:
    return "" if outcome is None else outcome.tail or outcome.head
