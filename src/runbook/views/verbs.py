"""The verbs of a run in words: what was put back, left out, taken back or accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.model.ids import last, phase_of
from runbook.core.record import verbevents
from runbook.core.record.verbevents import VerbEvent
from runbook.core.text.counting import NAMED, count, enumerated, named
from runbook.core.text.lines import on_one_line
from runbook.views.screen import program
from runbook.views.words import despite_lines, indent


def verb_lines(event: VerbEvent) -> Iterator[tuple[str, str]]:
    """The lines of an event of a verb, each with a style."""
    match event:
        case verbevents.TaskRestored():
            yield from _restored(event)
        case verbevents.TaskSkipped():
            yield from _skipped(event)
        case verbevents.TaskReopened(task):
            yield f"{task} is to be done after all", ""
        case verbevents.TaskRepaired(task, _, _, who, reason, difference):
            yield indent(difference, "    "), ""
            yield f"{task} is taken as done as it is now ({who}: {reason})", "green"
        case verbevents.AdoptionShown(phase, _, difference):
            yield indent(difference, "  "), ""
            yield f"Nothing was changed. To write it so: {program()} adopt {phase}", ""
        case verbevents.AdoptionPlanned(difference=difference):
            yield indent(difference, "  "), ""
        case verbevents.Adopted():
            yield from _adopted(event)
        case verbevents.RevertMade(_, commit, by, subject, recovered, despite):
            if by is None:
                yield f"  {commit[:9]} {subject}: nothing of it is left to revert", ""
            else:
                yield f"  commit  {by[:9]} {subject}", "green"
            yield from despite_lines(despite)
            if recovered:
                yield "          made by the undo that was killed, and recorded now", ""
        case verbevents.CheckRepeated(step, subject):
            yield f"  verify  {step}: {indent(subject, ' ' * 10).strip()}", ""
        case verbevents.UndoEnded():
            yield from _undone(event)
        case verbevents.PassedOver(phase, skipped, undone):
            if skipped:
                yield f"  passed over, skipped before: {_names(skipped)}", ""
            if undone:
                yield f"  passed over, undone before: {_names(undone)}", ""
            yield f"  to do them after all: {program()} run {phase} --restart", ""
        case verbevents.EndedAsAsked(phase, left):
            yield "", ""
            yield f"{phase} ends here, as asked.", "bold"
            what = f"go on with {_names(left)}" if left else "complete it"
            yield f"To {what}: {program()} run {phase}", ""
        case verbevents.VerbRefused():
            yield from _refused(event)
        case _:
            pass  # It has no words of its own.


def _restored(event: verbevents.TaskRestored) -> Iterator[tuple[str, str]]:
    phase = phase_of(event.task)
    if event.files:
        yield f"{event.task}: put back: {named(event.files)}", ""
    if event.rescued:
        yield f"  what they held is kept in {event.rescued}", ""
    yield from _staying(event.stay, again=event.purpose == "retry")
    if event.purpose == "abort":
        if not event.files:
            yield f"{event.task}: no file was changed", ""
        yield f"{event.task} is taken back, as if it had not begun.", "bold green"
        yield f"To carry it out: {program()} run {phase}", ""


def _staying(commits: tuple[str, ...], *, again: bool = False) -> Iterator[tuple[str, str]]:
    """Commits that commands of a task made, and what takes them back, unless it is done again."""
    for each in commits[:NAMED]:
        commit, _, subject = each.partition(" ")
        yield f"  stays, as a command made it: {commit[:9]} {subject}", "yellow"
    if commits and not again:
        names = " ".join(each[:9] for each in commits)
        yield f"  to take {'it' if len(commits) == 1 else 'them'} back: git revert {names}", ""


def _skipped(event: verbevents.TaskSkipped) -> Iterator[tuple[str, str]]:
    phase = phase_of(event.task)
    yield f"{event.task} is skipped: {event.reason}", "bold yellow"
    if event.commits:
        shown = ", ".join(commit[:9] for commit in event.commits)
        stay = "stays" if len(event.commits) == 1 else "stay"
        yield f"  its {count(len(event.commits), 'commit')} {stay}: {shown}", ""
    yield from _may_miss(event.dependents)
    yield f"To go on without it: {program()} run {phase}", ""
    yield f"To do it after all: {program()} run {phase} --restart", ""


def _undone(event: verbevents.UndoEnded) -> Iterator[tuple[str, str]]:
    yield "", ""
    if not event.complete:
        yield f"The undo of {event.target} is given up, and its files are put back.", "bold"
    if event.tasks:
        yield f"undone: {_names(event.tasks)}.", "bold green"
    yield from _staying(event.stay)
    yield from _may_miss(event.dependents)
    if event.tasks:
        again = f"{program()} run {phase_of(event.target)} --restart"
        yield f"A run passes over what is undone; to do it again: {again}", ""


def _adopted(event: verbevents.Adopted) -> Iterator[tuple[str, str]]:
    if event.tasks:
        names = _names(event.tasks)
        yield f"{event.phase} says now what was made by hand in {names}.", "bold green"
    else:
        yield f"{event.phase}: there is nothing made by hand that it does not say.", "green"
    for step in event.left:
        yield f"  {step} stays work by hand: no file was changed in it", "yellow"


def _may_miss(dependents: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if dependents:
        yield "  who may miss it:", "yellow"
        yield from ((f"    {line}", "yellow") for line in dependents)


def _refused(event: verbevents.VerbRefused) -> Iterator[tuple[str, str]]:
    yield f"{event.verb} of {event.where} refused: {on_one_line(event.message)}", "bold red"
    yield from ((indent(line, "    "), "") for line in event.details)
    if event.begun:
        yield f"Part of it is done. {event.verb.capitalize()} again to go on.", ""
    else:
        yield "Nothing was changed.", ""
    if event.hint:
        # The engine does not know how it is called.
        named = re.sub(
            r"`(?=(?:run|done|retry|skip|abort|undo|repair|adopt)\b)", f"`{program()} ", event.hint
        )
        yield f"  hint: {named}", ""


def _names(tasks: tuple[str, ...]) -> str:
    return enumerated(map(last, tasks))
