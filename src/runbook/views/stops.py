"""A stopped run in words: what happened, where, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

from runbook.core.model.ids import phase_of
from runbook.core.record.events import WAITING, Stopped
from runbook.core.record.stepevents import Mismatch
from runbook.core.text.counting import named
from runbook.core.text.lines import on_one_line
from runbook.views.choices import choice_lines
from runbook.views.words import indent

_LINES = 20
"""Lines of a command's output that a failed check shows; the rest is in the log."""


def lines(
    stopped: Stopped, roots: Mapping[str, Path], how: str = "stopped"
) -> Iterator[tuple[str, str]]:
    """The lines of a stop, each with a style; `roots` are the folders of the phases.

    `how` says whether it was made, or would be.
    """
    phase = phase_of(stopped.where)
    root = roots[phase]
    yield "", ""
    yield (
        f"{how} at {stopped.where} ({stopped.at}): {on_one_line(stopped.message)}",
        "yellow" if stopped.kind in WAITING else "bold red",
    )
    if stopped.kind in WAITING:
        yield from ((line, "") for line in waiting_lines(stopped))
        yield from ((line, "") for line in attempted_lines(stopped.hint or "", stopped.log))
        yield from _next(stopped, root)
        return
    yield from why_lines(stopped)
    yield from _next(stopped, root)


def why_lines(stopped: Stopped) -> Iterator[tuple[str, str]]:
    """Why a step failed: all that was amiss, the end of what its command wrote, and a hint."""
    yield from mismatch_lines(stopped.mismatches)
    if stopped.prose:
        yield f"  the plan says: {indent(stopped.prose, ' ' * 17).strip()}", ""
    if stopped.output:
        yield from _output(stopped)
    if stopped.hint:
        yield f"  hint: {on_one_line(stopped.hint)}", ""
    if wrote_nothing(stopped):
        yield "  the command wrote nothing", ""
    elif stopped.log:
        yield f"  the whole output: {stopped.log}", ""


def wrote_nothing(stopped: Stopped) -> bool:
    """Whether there is a log of a command, and nothing in it."""
    return bool(stopped.log) and not stopped.output


def mismatch_lines(mismatches: Iterable[Mismatch]) -> Iterator[tuple[str, str]]:
    """What a check was to show and did not, each line with a style."""
    several = list(mismatches)
    for mismatch, following in zip_longest(several, several[1:]):
        yield f"  - {on_one_line(mismatch.message)}", "red"
        yield from ((f"      {line}", "") for line in mismatch.details)
        # What helps against several of them is said once.
        if mismatch.hint and (following is None or following.hint != mismatch.hint):
            yield f"      hint: {mismatch.hint}", ""


def waiting_lines(stopped: Stopped) -> Iterator[str]:
    """What waits for a person: what to do or to see, which files are watched, what comes then."""
    yield indent(stopped.output, "    ")
    for title, is_changed in (("changed", True), ("not changed yet", False)):
        names = [each.path for each in stopped.watched if each.changed == is_changed]
        if names:
            yield f"  {title}: {named(names)}"
    if stopped.watched and not (stopped.needs_reason or any(w.changed for w in stopped.watched)):
        # It names none of its own.
        yield "  none of them needs to be: a new run takes the work as done"
    for number, line in enumerate(stopped.then):
        yield f"  {'then:' if number == 0 else '     '} {line}"


def attempted_lines(hint: str, log: str) -> Iterator[str]:
    """What else is said of work that waits for a person: what became of the delegate's."""
    if hint:
        yield f"  hint: {on_one_line(hint)}"
    if log:
        yield f"  what the delegate said: {log}"


def _next(stopped: Stopped, root: Path) -> Iterator[tuple[str, str]]:
    yield "", ""
    first, *others = choice_lines(stopped, root)
    yield first, "bold"
    yield from ((line, "") for line in others)


def _output(stopped: Stopped) -> Iterator[tuple[str, str]]:
    every = stopped.output.strip("\n").split("\n")
    shown = every if stopped.kind == "commit" else every[-_LINES:]
    # What else refuses is a command, whose whole output is in a log.
    of_git = stopped.kind == "commit" or (stopped.kind == "refused" and not stopped.log)
    title = "git says:" if of_git else "the end of the output:"
    if stopped.output.startswith(("diff --git ", "--- ")):
        title = "the difference:"
    yield f"  {title}", ""
    yield from ((f"    | {line}", "") for line in shown)
