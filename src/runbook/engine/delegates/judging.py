"""Work of a delegate, judged: by its checks in a clean place, test by test against a baseline."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from functools import partial

from runbook.core.check.expectations import Verdict
from runbook.core.check.outcome import Outcome
from runbook.core.check.summary import summary
from runbook.core.handover import testimony
from runbook.core.handover.steering import is_of_tests
from runbook.core.handover.testimony import Told, told
from runbook.core.model.model import Step
from runbook.core.model.paths import prefix_of
from runbook.core.record.delegateevents import JudgedState, JudgementBegan, JudgementEnded
from runbook.core.record.described import short
from runbook.core.record.events import Event
from runbook.core.value import replace, value
from runbook.engine.checks.cleanplace import not_there, tried, tried_in
from runbook.engine.delegates.row import Files, Row, own_files, row_before, with_edits
from runbook.engine.ground.context import Context
from runbook.engine.ground.ground import simulated
from runbook.engine.outlook.assignment import Judging, Work, checks, delegate_for, edits_after
from runbook.engine.simulation.planned import EditConflict
from runbook.world.processes.environment import GO_ON

_SHOWN = 3000  # characters of the output's end that a delegate is told
_OPTIONS = "PYTEST_ADDOPTS"


@value
class Baseline:
    """How it was before the first attempt: what tests said by check, and the files of the task.

    That is before the first delegate of a `row`, and the step itself began with the files `here`.
    `unmet` are the checks that were not met, and `unmatched` edits that follow, do not match, and
    are to be handed over in their turn.
    """

    told: dict[str, Told]
    files: Files
    here: Files
    row: Row
    unmet: frozenset[str] = frozenset()
    unmatched: frozenset[str] = frozenset()


@value
class Judgement:
    """What is amiss with an attempt; without anything it is accepted.

    `untold` is what comes of checks that are hidden: no attempt that follows may know it.
    """

    why: tuple[str, ...] = ()
    unmet: bool = False  # a check is not met, as against a rule that was broken
    warnings: tuple[str, ...] = ()
    output: str = ""
    failing: tuple[str, ...] = ()
    untold: frozenset[str] = frozenset()


def baseline(context: Context, work: Work) -> Generator[Event, None, Baseline]:
    """Run the checks on what is there before the first attempt.

    Raises:
        CannotContinue: interrupted, or a check can't be run.
    """
    here = own_files(context, work.phase, work.task, work.step, work.where)
    index = next(n for n, (where, _) in enumerate(work.task.named_steps()) if where == work.where)
    row = row_before(context, work.phase, work.task, index)
    files, _ = with_edits(context, row.edits, {**here, **row.files})
    said: dict[str, Told] = {}
    unmet = set()
    for each in checks(work.task, work.begin):
        said[each.where], met = yield from _seen(context, work, each, files)
        unmet |= set() if met else {each.where}
    unmatched = frozenset(
        where
        for where, step, _ in _unmatched(context, work)
        if delegate_for(work.phase, work.task, step, context.request.delegate) is not None
    )
    return Baseline(said, files, here, row, frozenset(unmet), unmatched)


def judged(context: Context, work: Work, before: Baseline) -> Generator[Event, None, Judgement]:
    """Judge what is there after an attempt.

    Raises:
        CannotContinue: interrupted, or a check can't be run.
    """
    still = {where: conflict for where, _, conflict in _unmatched(context, work)}
    for where, conflict in still.items():
        if where not in before.unmatched:
            spoilt = f"an edit that follows does not apply any more: {conflict}"
            return Judgement((spoilt,), unmet=True)
    files = own_files(context, work.phase, work.task, work.step, work.where)
    warnings: list[str] = []
    untold: set[str] = set()
    for each in checks(work.task, work.begin):
        if any(where in still for where, _ in each.edits):
            break
        found = yield from _judged_by(context, work, each, files, before)
        if each.step.hidden:
            untold |= {*found.why, *found.failing, *found.warnings}
            found = replace(found, output="")
        if found.why:
            return replace(found, untold=frozenset(untold))
        warnings += found.warnings
    return Judgement(warnings=tuple(warnings), untold=frozenset(untold))


def _judged_by(
    context: Context, work: Work, each: Judging, files: Files, before: Baseline
) -> Generator[Event, None, Judgement]:
    """What one check says of an attempt that left some files."""
    _, apply = with_edits(context, each.edits, files)
    if each.before and not apply:
        return Judgement()  # What is done by then makes the place for them.
    outcome, verdict = yield from _check(context, work, each, "after", files)
    now = told(outcome.evidence)
    half_way = bool(each.before) and not verdict.passed
    broken = yield from _broken(context, work, before, each, now, half_way=half_way)
    output = outcome.tail[-_SHOWN:]
    if half_way:
        return Judgement(broken, output=output)
    if not verdict.passed:
        why = _unmet(context, work, each, outcome, verdict)
        row = before.row
        broken += (f"judged with what was done at {row.told()}",) if row.steps else ()
        failing = tuple(testimony.failing(now))
        return Judgement((*why, *broken), unmet=True, output=output, failing=failing)
    if broken:
        return Judgement(broken, output=output)
    why = yield from _originals(context, work, each, files, before, now)
    if why:
        return Judgement(why)
    why, idle = yield from _carried_back(context, work, each, files, before, now)
    gone = map(str, testimony.gone(before.told[each.where], now))
    return Judgement(why, warnings=() if why else (*gone, *idle))


def _unmet(
    context: Context, work: Work, each: Judging, outcome: Outcome, verdict: Verdict
) -> tuple[str, ...]:
    """Why a check is not met, and what is missing in the clean place, if that may be it."""
    why = tuple(f"{short(each.step.command)}: {m.message}" for m in verdict.mismatches)
    amiss = None if work.delegate.judge == "here" else not_there(context, work.phase, outcome)
    return (*why, amiss) if amiss is not None else why


def _broken(
    context: Context, work: Work, before: Baseline, each: Judging, now: Told, *, half_way: bool
) -> Generator[Event, None, tuple[str, ...]]:
    """What may not be so of the tests of a check, and by whom it was so before the step."""
    then, row = before.told[each.where], before.row
    if now.runs > then.runs > 0:
        # A command that stops where tests fail has others to run, of which something is known, too.
        all_of_it, _ = yield from _seen(context, work, each, before.files, to_its_end=True)
        then = all_of_it if all_of_it.runs > then.runs else then
    named = partial(_exactly, work, row)
    found = tuple(testimony.objections(then, now, named, half_way=half_way))
    if not found or not row.steps:
        return tuple(map(str, found))
    there, _ = yield from _seen(context, work, each, before.here)
    known = {each.what: each.names for each in testimony.objections(then, there, named)}
    by = f" (so before this step, by what was done at {row.told()})"
    return tuple(
        f"{why}{by if set(known.get(why.what, ('',))).issuperset(why.names) else ''}"
        for why in found
    )


def _originals(
    context: Context, work: Work, each: Judging, files: Files, before: Baseline, now: Told
) -> Generator[Event, None, tuple[str, ...]]:
    """Hold the new code against the tests as they were, where the work may change tests."""
    originals = {
        path: state
        for path, state in before.files.items()
        if is_of_tests(path) and files.get(path) != state and state is not None
    }
    if not originals:
        return ()
    then, _ = yield from _seen(context, work, each, before.files)
    if not then.runs:
        return ()
    outcome, _ = yield from _check(
        context, work, _going_on(context, work, each), "originals", {**files, **originals}
    )
    rewrites = (*work.step.rewrites, *before.row.rewrites)
    names = testimony.unlisted(told(outcome.evidence), then, now, [*originals], rewrites)
    if not names:
        return ()
    by = dict.fromkeys(before.row.by_whom(now.path_of(name)) for name in names)
    steps = ", ".join(filter(None, by))
    return (
        f"tests as they were do not pass on the new code: {', '.join(names[:5])}"
        f"{f' (changed at {steps}, before this step)' if steps else ''}; those that the work is "
        "to change are named under the step's `rewrites:`",
    )


def _going_on(context: Context, work: Work, each: Judging, *, to_its_end: bool = False) -> Judging:
    """A check whose pytest goes on where a file can't be loaded, which says nothing of others.

    A command that goes `to_its_end` is not told of tests that fail.
    """
    set_before = context.environment(work.phase, each.step.env).get(_OPTIONS, "")
    options = f"{set_before} --continue-on-collection-errors".strip()
    added = ((_OPTIONS, options), *(((GO_ON, "1"),) if to_its_end else ()))
    return replace(each, step=replace(each.step, env=(*each.step.env, *added)))


def _carried_back(
    context: Context, work: Work, each: Judging, files: Files, before: Baseline, now: Told
) -> Generator[Event, None, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Hold the tests that the work made against the code from before: what is amiss, and warnings.

    Where there was something to mend, some test has to show that it is mended. Elsewhere tests of
    what the code does already are as good as any, and only looked at.
    """
    tests = {
        path: state
        for path, state in files.items()
        if is_of_tests(path)
        and _exactly(work, before.row, path)
        and before.files.get(path) != state
    }
    named = (*work.targets, *before.row.named)
    of_code = any(not (isinstance(name, str) and is_of_tests(name)) for name in named)
    there = {**{path: before.files.get(path) for path in files}, **tests}
    if not any(tests.values()) or not of_code or not now.outcomes:
        return (), ()
    if each.step.guard or not with_edits(context, each.edits, there)[1]:
        return (), ()
    outcome, _ = yield from _check(context, work, each, "carried", there)
    then = before.told[each.where]
    nothing, idle = testimony.shows_nothing(now, told(outcome.evidence), then, tests.__contains__)
    if nothing and (each.where in before.unmet or each.step.fails_at is not None):
        return (
            "no test shows the work: all that pass now pass on the code from before as well"
            f"{testimony.listed(idle, ', the new ones among them: ')}",
        ), ()
    return (), tuple(
        filter(None, [testimony.listed(idle, "new tests that pass on the code from before, too: ")])
    )


def _check(
    context: Context, work: Work, each: Judging, state: JudgedState, files: Files
) -> Generator[Event, None, tuple[Outcome, Verdict]]:
    """Run a check on some files of the task, with the edits that come before it and apply."""
    overlaid, _ = with_edits(context, each.edits, files)
    here = _here(context, work, state, overlaid)
    told_as: JudgedState = "here" if here and state == "after" else state
    step = each.step
    # Before the work, and on the code from then, it may fail every time; so half way there.
    retries = step.retries if state in ("after", "originals") and not each.before else 0
    yield JudgementBegan(work.where, each.where, step.command, told_as)
    if here:
        root = context.repository.root
        made = tried_in(context, work.phase, step, work.where, root, retries)
    else:
        made = tried(context, work.phase, step, work.step, work.where, overlaid, retries)
    outcome, log, verdict = yield from made
    evidence = outcome.evidence
    yield JudgementEnded(
        work.where, each.where, told_as, outcome.exit, round(outcome.duration, 3),
        summary(evidence) if evidence.runs else "", log,
        evidence.counts() if evidence.runs else None,
        tuple(mismatch.message for mismatch in verdict.mismatches)
        if state == "after" and not each.before
        else (),
    )  # fmt: skip
    if state != "before" and not here and told(evidence).whole:
        context.judged[_key(context, each, overlaid, here=here)] = told(evidence), verdict.passed
    return outcome, verdict


def _here(context: Context, work: Work, state: JudgedState, files: Files) -> bool:
    """Whether a check is run in the worktree: only there, what git ignores is there, too.

    Edits that are still to come, and tests from another time, are put into a clean place only.
    """
    if work.delegate.judge != "here" or state not in ("before", "after"):
        return False
    return files == own_files(context, work.phase, work.task, work.step, work.where)


def _seen(
    context: Context, work: Work, each: Judging, files: Files, *, to_its_end: bool = False
) -> Generator[Event, None, tuple[Told, bool]]:
    """What a check says of some files, and whether it is met; run once for the same ones.

    Where it is run `to_its_end`, whatever tests fail, nothing says whether it is met.
    """
    overlaid, _ = with_edits(context, each.edits, files)
    here = _here(context, work, "before", overlaid)
    key = _key(context, each, overlaid, here=here, to_its_end=to_its_end)
    if key not in context.judged:
        # One file that can't be loaded would keep others from being known.
        going_on = _going_on(context, work, each, to_its_end=to_its_end)
        outcome, verdict = yield from _check(context, work, going_on, "before", files)
        context.judged[key] = told(outcome.evidence), verdict.passed
    return context.judged[key]


def _key(
    context: Context, each: Judging, files: Files, *, here: bool, to_its_end: bool = False
) -> str:
    """A digest of all that a check is run on, and how; whether that is `here`, in the worktree."""
    held = [
        (path, None if state is None else (hashlib.sha256(state.data).hexdigest(), state.mode))
        for path, state in sorted(files.items())
    ]
    head = context.repository.head().commit
    said = (each.where, each.step.command, head, held, here, to_its_end)
    return hashlib.sha256(repr(said).encode("utf-8", "surrogateescape")).hexdigest()


def _unmatched(context: Context, work: Work) -> Iterator[tuple[str, Step, EditConflict]]:
    """The edits that follow and do not apply to what is there, each with why."""
    simulation = simulated(context)
    for where, step in edits_after(work.task, work.begin):
        attempt = simulation.take(step, where)
        if attempt is not None and attempt.conflicts:
            simulation.give_away(step, where)
            yield where, step, attempt.conflicts[0]


def _exactly(work: Work, row: Row, path: str) -> bool:
    """Whether a file, named from the repository's root, is named by the steps one by one."""
    prefix = prefix_of(work.phase.settings.workdir)
    own = any(isinstance(each, str) and prefix + each == path for each in work.targets)
    return own or path in row.named
