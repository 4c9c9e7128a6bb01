"""Work of delegates in words: its attempts, how it is judged, and what was put back."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.ids import last
from runbook.core.record import delegateevents
from runbook.core.record.delegateevents import DelegateEvent
from runbook.core.record.described import JUDGED_ON
from runbook.core.text.counting import named
from runbook.views.evidence import doubt_lines, unconfined
from runbook.views.steps import doubted
from runbook.views.words import indent, seconds

_NAMED = 10  # reasons that are told one by one

_VERDICTS = {
    "accepted": ("accepted", "green"),
    "refused": ("refused", "yellow"),
    "unmet": ("not good yet", "yellow"),
    "blocked": ("it can't be done, the delegate says", "yellow"),
    "unchanged": ("no progress", "yellow"),
    "overrun": ("ended: it took too long", "yellow"),
    "failed": ("not run", "yellow"),
    "killed": ("broken off, and put back", "yellow"),
}


def delegate_lines(event: DelegateEvent) -> Iterator[tuple[str, str]]:
    """The lines of an event of a delegate, each with a style."""
    match event:
        case delegateevents.DelegateBegan(step, attempt, of, command):
            shown = indent(command, " " * 10).strip()
            yield f"  manual  {last(step)}: attempt {attempt} of {of} by {shown}", ""
            yield from ((f"          {line}", "yellow") for line in unconfined(event.confined))
        case delegateevents.JudgementEnded(step, check, state, exit_status, duration, tests):
            ended = f"{tests or f'exit status {exit_status}'} ({seconds(duration)})"
            if state == "before":
                # No attempt has begun under which this could stand.
                yield f"  manual  {last(step)}: {JUDGED_ON[state]}, {last(check)}: {ended}", ""
            else:
                yield f"          {last(check)} {JUDGED_ON[state]}: {ended}", ""
        case delegateevents.AttemptEnded():
            yield from _ended(event)
        case delegateevents.Mended(_, _, files, difference):
            names = named([image.path for image in files])
            yield f"          changed by the delegate: {names}", ""
            yield indent(difference, "    "), ""
        case delegateevents.TestsDoubted(_, warnings, before):
            if before:
                yield f"          before the work by hand: {before}", ""
            yield from doubted(warnings)
        case _:
            pass  # It has no words of its own.


def _ended(event: delegateevents.AttemptEnded) -> Iterator[tuple[str, str]]:
    style = "yellow"
    if event.verdict == "killed" and not event.duration:
        # Of a run before: nothing that stands above it says of what.
        what = f"attempt {event.attempt}" if event.attempt else "an attempt"
        yield f"  manual  {event.step}: {what} was killed with its run, and is put back", style
    elif event.attempt:
        words, style = _VERDICTS[event.verdict]
        cost = f", {event.cost}" if event.cost else ""
        said = f": {event.said}" if event.said else ""
        status = f"exit status {event.exit}, " if event.exit else ""
        yield f"          {words}{said} ({status}{seconds(event.duration)}{cost})", style
    yield from ((indent(line, " " * 12), style) for line in event.why[:_NAMED])
    if len(event.why) > _NAMED:
        yield f"            and {len(event.why) - _NAMED} more", style
    yield from ((f"            {line}", "yellow") for line in doubt_lines(event.warnings))
    if event.put_back:
        yield f"          put back: {named(event.put_back)}", ""
    if event.rescued:
        yield f"          what it held is kept in {event.rescued}", ""
