"""What was proved, in words: checks as they ended, and the notes of commits."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.ids import inside, last, task_of
from runbook.core.record.delegateevents import UNASKED
from runbook.core.record.described import short, start_of
from runbook.core.record.proofs import Check, CommitNote, Delegated, Word
from runbook.core.record.stepevents import TestCounts
from runbook.core.text.counting import count
from runbook.core.text.lines import on_one_line
from runbook.core.text.printable import printable
from runbook.core.value import fields
from runbook.views.words import indent, said, seconds


def check_lines(check: Check) -> Iterator[str]:
    """How a check ended, where it was seen to fail, and what else was changed while it ran."""
    if check.exit is None and not check.duration:
        yield "did not come to its end"
        return
    flaky = f", after {count(check.flaky, 'failed try')}"
    passed = f"as expected{flaky if check.flaky else ''}" if check.passed else "not as expected"
    yield f"{ended(check.counts, check.exit, check.duration)}: {passed}"
    if check.reused:
        yield f"reused from {inside(check.reused)}, which had run it on the same files"
    before = check.before
    if before is not None:
        how = ended(before.counts, before.exit, before.duration)
        yield f"at {start_of(before.state)} ({before.commit[:9]}): {how}"
    if check.dirty:
        dirty = on_one_line(", ".join(check.dirty))
        yield f"other changes in the tree meanwhile: {printable(dirty)}"


def word_lines(word: Word) -> Iterator[str]:
    """Who said that a step is done or as it should be, when and why, and what was changed."""
    if word.unattended:
        yield f"taken as a yes, and nobody looked ({word.who})"
    else:
        yield f"{'yes' if word.said else 'done'}, {said(word.who, word.when, word.reason)}"
    if word.changed:
        since = " since it asked" if word.said else ""
        yield f"changed{since}: {', '.join(word.changed)}"


def delegated_lines(work: Delegated) -> Iterator[str]:
    """Which command did the work of a step, in how many attempts, and what is to be looked at."""
    cost = f", {work.cost}" if work.cost else ""
    tries = f"attempt {work.attempts}" if work.attempts > 1 else "the first attempt"
    yield f"done by `{short(work.command)}` at {tries} ({seconds(work.duration)}{cost})"
    yield from unconfined(work.confined)
    yield from doubt_lines(work.warnings)


def unconfined(why: str) -> Iterator[str]:
    """Why the kernel does not hold a delegate's command, where that was asked for."""
    if why and why != UNASKED:
        yield f"not confined: {why}"


def doubt_lines(warnings: tuple[str, ...]) -> Iterator[str]:
    """What is to be looked at, a line each."""
    yield from (f"to be looked at: {printable(line)}" for line in warnings)


def ended(counts: TestCounts | None, exit: int | None, duration: float) -> str:
    """How a command ended: `14 passed, exit status 0 (4.5 s)`."""
    status = "stopped" if exit is None else f"exit status {exit}"
    tests = "" if counts is None else f"{_tests(counts)}, "
    return f"{tests}{status} ({seconds(duration)})"


def _tests(counts: TestCounts) -> str:
    words = [
        f"{number} {each.name.replace('_', ' ')}"
        for each in fields(counts)
        if each.name != "workers" and (number := getattr(counts, each.name))
    ]
    if counts.workers:
        words.append(f"on {count(counts.workers, 'worker')}")
    return ", ".join(words) or "no test ran"


def note_lines(commit: str, note: CommitNote) -> Iterator[str]:
    """The evidence that a commit carries."""
    takes_back = "takes back " if note.reverts else ""
    yield f"{commit[:9]}: {takes_back}{note.step} ({printable(note.title)})"
    branch = f" on {note.ref.removeprefix('refs/heads/')}" if note.ref else ""
    yield f"  made by run {note.run}{printable(branch)}"
    if note.series:
        yield f"  series: {printable(note.series)}"
    yield f"  the task's digest: {note.digest}"
    for check in note.checks:
        yield f"  {_within(note, check.step)}: {indent(printable(check.command), '    ').strip()}"
        yield from (f"      {line}" for line in check_lines(check))
    for word in note.words:
        what = indent(printable(word.said), "    ").strip() or "work by hand"
        yield f"  {_within(note, word.step)}: {what}"
        yield from (f"      {printable(line)}" for line in word_lines(word))
    for work in note.delegated:
        yield f"  {_within(note, work.step)}: handed to a command"
        yield from (f"      {printable(line)}" for line in delegated_lines(work))
    for doubt in note.doubts:
        yield f"  {_within(note, doubt.step)}: changed by hand"
        yield from (f"      {line}" for line in doubt_lines(doubt.warnings))
    if not note.checks and not note.words and not note.reverts:
        yield "  nothing was checked before it"
    for mark in note.takes_along:
        yield f"  holds the changes of {mark.task} as well"
    if note.by_hand:
        yield f"  changed by hand: {printable(on_one_line(', '.join(note.by_hand)))}"
    if note.adopted:
        yield f"  the phase file has adopted it; the task's digest was {note.adopted}"


def _within(note: CommitNote, where: str) -> str:
    task = task_of(where)
    return last(where) if task == note.task else f"{last(task)}/{last(where)}"
