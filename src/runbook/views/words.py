"""How durations, marks and blocks of text are written."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from runbook.core.record.status import Mark
from runbook.core.record.stepevents import CommandEnded
from runbook.views import charset

_SIGNS: dict[Mark, tuple[str, str]] = {
    "done": ("✓", "+"),
    "stopped": ("!", "!"),
    "skipped": ("-", "-"),
    "undone": ("-", "-"),
}
"""What stands in the box of a phase, a task or a step, and what where there is only ASCII."""


def seconds(duration: float) -> str:
    """A duration for people: `0.4 s`, `41 s`, `3 min 12 s`."""
    if duration < 9.95 or not isfinite(duration):
        return f"{duration:.1f} s"
    whole = round(duration)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def ended(event: CommandEnded) -> str:
    """How a command ended: by itself, or why it was stopped."""
    match event.stopped:
        case "timeout":
            return "stopped by its time-out"
        case "idle":
            return "stopped, because it did nothing any more"
        case "interrupt":
            return "interrupted"
    return f"exit status {event.exit}"


def in_order(why: str) -> str:
    """What is said where checks could run at once, and do not."""
    return f"  checks run one after the other: {why}"


def indent(text: str, prefix: str) -> str:
    """Every line of a text behind a prefix, without a final newline."""
    return "\n".join(f"{prefix}{line}".rstrip() for line in text.strip("\n").split("\n"))


def said(who: str, when: int, reason: str = "") -> str:
    """Who said something, when (in UTC) and why: `Ada <ada@example.org>, 2026-02-04 09:30: why`."""
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{who}, {at}" + (f": {reason}" if reason else "")


def box(mark: Mark) -> str:
    """The mark of a phase, a task or a step."""
    return f"[{charset.mark(*_SIGNS.get(mark, (' ', ' ')))}]"


def despite_lines(despite: str) -> Iterator[tuple[str, str]]:
    """How git ended that made a commit and did not end well."""
    if despite:
        how, *said = despite.split("\n")
        yield f"          made, although {how}", "yellow"
        yield from ((f"          | {line}", "") for line in said)
