"""Steps that a delegate takes over: attempts, each through the gate and then judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import replace

from runbook.core.check.outcome import Outcome
from runbook.core.edit.comparison import comparison
from runbook.core.handover.brief import Attempted, blocked
from runbook.core.handover.weakening import frauds, signs
from runbook.core.model.model import Phase
from runbook.core.record.delegateevents import AttemptEnded, Verdict
from runbook.core.record.events import Event, Stopped
from runbook.core.value import value
from runbook.engine import putting
from runbook.engine.assignment import Work, brief_for
from runbook.engine.attempt import Tried, Unconfined, carry_out
from runbook.engine.guard import Found, Guard, look
from runbook.engine.halt import Halt, interrupted, reaching
from runbook.engine.judging import Baseline, Judgement, baseline, judged
from runbook.engine.putting import Change, Held
from runbook.engine.site import Site
from runbook.engine.targets import step_paths
from runbook.engine.waiting import waiting_for_work
from runbook.world.files.workspace import FileState

_SESSION = re.compile(r'"session_id"\s*:\s*"([\w.-]{1,200})"')
_DENIED = re.compile(r"(?i)permission denied|operation not permitted|EACCES|read-only")
_SHOWN = 2000  # characters of the output's end that are told
_COST = re.compile(r'"total_cost_usd"\s*:\s*([0-9.]+)')


@value
class _Ended:
    """What came of one attempt; `over` where no other is to follow."""

    event: AttemptEnded
    feedback: Attempted | None = None
    over: bool = False


def delegated(site: Site, work: Work) -> Iterator[Event]:
    """Have a step done by its delegate; when this ends without a stop, the work is accepted.

    Raises:
        Halt: it was not accepted, and a person is to take over; or interrupted.

    """
    before = yield from baseline(site, work)
    at_first = _states(site, work)
    feedback: Attempted | None = None
    session = ""
    seen: set[tuple[str, ...]] = set()
    ended = None
    for attempt in range(1, work.delegate.attempts + 1):
        files = _states(site, work)
        text = brief_for(site, work, attempt, feedback)
        ended, session, mark = yield from _attempt(
            site, work, attempt, text, session, files, at_first, before
        )
        with reaching(work.where, work.step):
            # Commands sync nothing, and what is recorded as done is not done again.
            site.workspace.sync(dict.fromkeys([*at_first, *_states(site, work)]))
        yield ended.event
        if ended.event.verdict == "accepted":
            return
        feedback = ended.feedback
        if ended.over:
            break
        if mark in seen:
            break
        seen.add(mark)
    assert ended is not None
    yield from given_up(site, work, {p: putting.held(state) for p, state in at_first.items()})
    raise Halt(_over(work, ended.event))


def _attempt(
    site: Site,
    work: Work,
    attempt: int,
    text: str,
    session: str,
    files: dict[str, FileState | None],
    at_first: dict[str, FileState | None],
    before: Baseline,
) -> Generator[Event, None, tuple[_Ended, str, tuple[str, ...]]]:
    """One attempt, from its brief to its judgement."""
    try:
        tried = yield from carry_out(site, work, attempt, text, session, files)
    except Unconfined as error:
        raise Halt(_refused(work, f"the delegate can't be confined: {error}")) from None
    outcome, found = tried.outcome, tried.found
    try:
        if outcome is not None and outcome.interrupted is not None:
            raise Halt(interrupted(work.where, work.step, outcome.interrupted))
        ended = yield from _verdict(site, work, attempt, tried, at_first, before)
    except Halt:
        yield settled(site, work.where, attempt, found, _change(files), "killed", outcome)
        raise
    said = _said(outcome)
    match = _SESSION.search(said)
    difference = ended.feedback.difference if ended.feedback else ""
    mark = (difference, *ended.event.why)
    return ended, match[1] if match else session, mark


def _verdict(
    site: Site,
    work: Work,
    attempt: int,
    tried: Tried,
    at_first: dict[str, FileState | None],
    before: Baseline,
) -> Generator[Event, None, _Ended]:
    """What an attempt is worth."""
    outcome, found = tried.outcome, tried.found
    now = _states(site, work)
    difference = _difference(at_first, now)
    cost = _COST.search(_said(outcome))

    def ended(
        verdict: Verdict, why: tuple[str, ...], *, over: bool = False, said: str = "",
        warnings: tuple[str, ...] = (), output: str = "",
    ) -> _Ended:  # fmt: skip
        event = AttemptEnded(
            work.where, attempt, verdict,
            None if outcome is None else outcome.exit,
            0.0 if outcome is None else round(outcome.duration, 3),
            found.changed, why, warnings, said, found.put_back, found.rescued, tried.log,
            f"${float(cost[1]):.2f}" if cost else "",
        )  # fmt: skip
        return _Ended(event, Attempted(verdict, why, output, difference), over)

    if outcome is None:
        return ended("failed", (tried.failed,), over=True)
    if found.lost:
        why = (f"can't be put back: {', '.join(found.lost)}", *found.refused)
        return ended("refused", why, over=True)
    left = tuple(f"a process was left running: {name}" for name in outcome.left_running)
    if not outcome.timed_out and (found.refused or left):
        return ended("refused", (*found.refused, *left))
    reason = blocked(_said(outcome))
    if reason is not None:
        return ended("blocked", (), over=True, said=reason)
    if outcome.timed_out:
        what = "no output and no change for too long" if outcome.idle else "its time was up"
        return ended("overrun", (what, *found.refused, *left))
    if now == at_first and work.targets:
        unchanged = ["none of the files was changed"]
        if tried.confined and _DENIED.search(_said(outcome)):
            unchanged.append(
                "the system denied it something: it may write its files in place, their folders, "
                "and what `confine: {write: [...]}` names"
            )
        return ended("unchanged", tuple(unchanged), output=_said(outcome)[-_SHOWN:])
    never = _signs(at_first, now, frauds)
    if never:
        return ended("refused", never)
    judgement = yield from judged(site, work, before)
    return _judged(work, judgement, ended, _signs(at_first, now, signs))


def _judged(
    work: Work, judgement: Judgement, ended: Callable[..., _Ended], signs_seen: tuple[str, ...]
) -> _Ended:
    warnings = (*judgement.warnings, *signs_seen)
    if judgement.why:
        verdict: Verdict = "unmet" if judgement.unmet else "refused"
        why = (*judgement.why, *judgement.failing)
        return ended(verdict, why, output=judgement.output)
    if warnings and work.delegate.strict:
        return ended("refused", warnings)
    return ended("accepted", (), warnings=warnings)


def settled(
    site: Site,
    where: str,
    attempt: int,
    found: Found,
    files: list[Change],
    verdict: Verdict,
    outcome: Outcome | None = None,
) -> AttemptEnded:
    """The end of an attempt that was broken off: its files are put back as before it."""
    done = putting.put_back(site.workspace, site.journal, files)
    return AttemptEnded(
        where, attempt, verdict,
        None if outcome is None else outcome.exit,
        0.0 if outcome is None else round(outcome.duration, 3),
        found.changed, found.refused,
        put_back=(*found.put_back, *done.paths), rescued=done.rescued or found.rescued,
    )  # fmt: skip


def settle_attempt(site: Site, phase: Phase) -> Iterator[Event]:
    """Put back what an attempt left that was killed together with its run.

    Raises:
        Halt: a file can't be put back.

    """
    began = site.journal.progress.open_attempt
    if began is None:
        return
    with reaching(began.step, phase):
        # What it may change is put back as well, so nothing of it is its own.
        found = look(
            site,
            Guard(began.guard, began.inventory),
            (),
            phase.settings.carry or (),
            phase_files=False,
        )
        changes = [
            putting.back_to(site.workspace, image.path, Change.recorded(image).before)
            for image in began.files
        ]
        yield settled(site, began.step, began.attempt, found, changes, "killed")


def _refused(work: Work, message: str, output: str = "") -> Stopped:
    return Stopped("refused", work.where, str(work.step.at), message, output=output)


def _change(files: dict[str, FileState | None]) -> list[Change]:
    return [Change(path, None, putting.held(state)) for path, state in files.items()]


def given_up(site: Site, work: Work, at_first: Mapping[str, Held | None]) -> Iterator[Event]:
    """Put the files back as they were handed over: a person begins with them, or the next run."""
    with reaching(work.where, work.step):
        changes = [
            putting.back_to(site.workspace, path, at_first.get(path))
            for path in dict.fromkeys([*at_first, *_states(site, work)])
        ]
        done = putting.put_back(site.workspace, site.journal, changes)
    yield AttemptEnded(work.where, 0, "refused", put_back=done.paths, rescued=done.rescued)


def _over(work: Work, last: AttemptEnded) -> Stopped:
    """The stop that hands the step to a person."""
    if last.verdict == "blocked":
        message = f"the delegate can't do it: {last.said}"
    else:
        tries = f"{last.attempt} attempt{'' if last.attempt == 1 else 's'}"
        message = f"the delegate did not do it in {tries}: {'; '.join(last.why[:3])}"
    hint = "do the work by hand, or say more in the step; a new run lets the delegate try again"
    waiting = waiting_for_work(work.phase, work.step, work.where)
    return replace(waiting, message=message, log=last.log, hint=hint)


def _states(site: Site, work: Work) -> dict[str, FileState | None]:
    """The files that the delegate may change, in `workdir`."""
    with reaching(work.where, work.step):
        return {path: site.workspace.read(path) for path in step_paths(site, work.step)}


def _difference(before: dict[str, FileState | None], now: dict[str, FileState | None]) -> str:
    def data(states: dict[str, FileState | None], path: str) -> bytes | None:
        state = states.get(path)
        return None if state is None else state.data

    return "".join(
        comparison(path, data(before, path), data(now, path), "as handed over", "now")
        for path in dict.fromkeys([*before, *now])
        if before.get(path) != now.get(path)
    )


def _signs(
    before: dict[str, FileState | None],
    now: dict[str, FileState | None],
    found_by: Callable[[str, str | None, str | None], Iterator[str]],
) -> tuple[str, ...]:
    def text(state: FileState | None) -> str | None:
        return None if state is None else state.data.decode("utf-8", "replace")

    return tuple(
        sign
        for path in dict.fromkeys([*before, *now])
        if before.get(path) != now.get(path)
        for sign in found_by(path, text(before.get(path)), text(now.get(path)))
    )


def _said(outcome: Outcome | None) -> str:
    return "" if outcome is None else outcome.tail or outcome.head
