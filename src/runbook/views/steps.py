"""The steps of a run in words: their edits, commands, checks, commits, and work by hand."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.ids import inside, last
from runbook.core.record import manualevents
from runbook.core.record import stepevents as events
from runbook.core.record.described import already_committed, branch, short, start_of, written
from runbook.core.record.manualevents import ManualEvent
from runbook.core.record.proofs import word_of
from runbook.core.record.stepevents import StepEvent
from runbook.core.text.counting import NAMED, count, named
from runbook.views.evidence import doubt_lines, word_lines
from runbook.views.proof import proof_lines
from runbook.views.words import despite_lines, ended, indent, said, seconds


def step_lines(event: StepEvent) -> Iterator[tuple[str, str]]:
    """The lines of an event of a step, each with a style."""
    match event:
        case events.EditApplied(_, files, unchanged, _, rescued):
            if files:
                yield f"  edit    {written(event)}", ""
            if unchanged:
                yield f"  edit    {named(unchanged)}: already applied", ""
            if rescued:
                yield f"          lines of yours that it replaces are kept in {rescued}", "yellow"
        case events.EditShown(_, difference):
            yield indent(difference, "          "), "difference"
        case _:
            yield from _command(event)


def _command(event: StepEvent) -> Iterator[tuple[str, str]]:
    match event:
        case events.StepBegan(_, "verify" | "run" as kind, subject):
            yield f"  {kind:<6}  {indent(subject, ' ' * 10).strip()}", ""
        case events.CommandEnded(_, _, duration, tests, _, _, left, state):
            before = f"at {start_of(state)}: " if state not in ("", "commit") else ""
            took = seconds(duration)
            if event.reused:
                took = f"reused from {inside(event.reused)}, {took}"
            yield f"          {before}{tests or ended(event)} ({took})", ""
            for process in left:
                yield f"          left running, and stopped: {process}", "yellow"
        case events.RunDone(_, changed, _, rescued):
            many = f"{count(len(changed), 'file')}: " if len(changed) > NAMED else ""
            yield f"          changed: {many}{named(changed) or 'nothing'}", "green"
            if rescued:
                yield f"          lines of yours that are gone are kept in {rescued}", "yellow"
            if event.head is not None:
                yield f"          HEAD was moved to {branch(event.ref, event.head)}", ""
        case events.RunRestored(_, files) if files:
            yield f"          put back: {named(files)}", "yellow"
        case _:
            yield from _check(event)


def _check(event: StepEvent) -> Iterator[tuple[str, str]]:
    match event:
        case events.VerifyPassed(flaky=flaky, skipped=skipped):
            yield from ((f"          {line}", "yellow") for line in skipped)
            if flaky:
                tries = count(flaky, "try")
                yield f"          as expected, but flaky: {tries} failed before", "yellow"
            else:
                yield "          as expected", "green"
        case events.VerifyRetried(_, left, why):
            yield f"          failed: {'; '.join(why)}", "yellow"
            yield f"          tried again ({count(left, 'try')} left)", ""
        case events.FailedBefore(_, state, commit, why, carried):
            if carried:
                yield f"          carried back to it: {named(carried)}", ""
            yield (f"          and fails at {start_of(state)} ({commit[:9]}), as it must:", "green")
            yield from ((f"            {line}", "") for line in why[:6])
        case events.CheckProved():
            yield from proof_lines(event, indented=True)
        case _:
            yield from _commit(event)


def _commit(event: StepEvent) -> Iterator[tuple[str, str]]:
    match event:
        case events.CommitMade(_, commit, subject, _, recovered, despite):
            yield f"  commit  {commit[:9]} {subject}", "green"
            yield from despite_lines(despite)
            if recovered:
                yield "          made by the run that was killed, and recorded now", ""
        case events.HooksChanged():
            yield from _hooks(event)
        case events.NoteFailed(_, commit, message):
            yield f"          {commit[:9]} has no note of its evidence: {message}", "yellow"
        case events.CommitRestored(_, files, rescued) if files:
            yield "  commit  git was killed before it made the commit", "yellow"
            yield f"          put back as they were before its hooks: {named(files)}", ""
            if rescued:
                yield f"          what the hooks left is kept in {rescued}", ""
        case events.AlreadyCommitted(_, paths):
            yield f"  commit  {already_committed(paths)}", ""
        case _:
            pass  # It has no words of its own.


def _hooks(event: events.HooksChanged) -> Iterator[tuple[str, str]]:
    paths = named(event.paths)
    if event.paths and event.commit:
        yield f"          a hook changed what is committed: {paths}", "yellow"
    elif event.paths:
        yield f"  commit  refused by a hook that changed: {paths}", "yellow"
    if event.beside:
        yield f"          a hook changed what is in no commit: {named(event.beside)}", "yellow"
    yield indent(event.difference, "    "), ""
    if event.checks and event.tried:
        yield "          checked again as it is now:", ""
    elif event.tried and not event.commit:
        yield "          tried again with that:", ""


def manual_lines(event: ManualEvent) -> Iterator[tuple[str, str]]:
    """The lines of an event of what a person does or says, each with a style."""
    match event:
        case manualevents.ManualDone(step, changed, difference, by=by):
            if not by:
                yield f"  manual  {last(step)}: taken as done", ""
            if event.who:
                yield f"          {said(event.who, event.when, event.reason)}", ""
            if changed:
                hand = "the delegate" if by else "hand"
                yield f"          changed by {hand}: {named(changed)}", ""
                yield indent(difference, "    "), ""
            yield from doubted(event.warnings)
        case manualevents.Confirmed():
            yield f"  confirm {short(event.question)}", ""
            first, *others = word_lines(word_of(event))
            yield f"          {first}", "yellow" if event.unattended else "green"
            yield from ((f"          {line}", "yellow") for line in others)
        case manualevents.ManualBegan() | manualevents.ConfirmAsked():
            pass  # The stop that follows, or the question, tells what is to be done.


def doubted(warnings: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What is to be looked at of work by hand."""
    yield from ((f"          {line}", "yellow") for line in doubt_lines(warnings))
