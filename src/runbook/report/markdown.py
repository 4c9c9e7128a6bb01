"""A story as Markdown, for the description of a pull request and the summary of a run in CI."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.patterns import regex
from runbook.core.record.described import short, start_of
from runbook.core.record.events import WAITING
from runbook.core.text.fences import fenced
from runbook.core.text.printable import printable
from runbook.report import telling
from runbook.report.story import PhaseStory, StepStory, Story, TaskStory
from runbook.views.evidence import word_lines
from runbook.views.words import seconds

_MARKS = {"done": "✅", "stopped": "❌", "waits": "⏸️", "skipped": "⏭️", "undone": "↩️"}
_TONES = {"bad": "❌", "wait": "⚠️", "plain": "•", "good": "✅"}

_ROWS = 200
"""Tasks that have a row: GitHub takes descriptions of 65536 characters."""

_LINES = 40
"""Lines of a command's output."""


def markdown(story: Story) -> str:
    """The story; every text of it stands for itself, whatever signs it has."""
    return "\n".join(_lines(story)).rstrip("\n") + "\n"


def _lines(story: Story) -> Iterator[str]:
    verdict = telling.verdict(story)
    yield f"## {_plain(telling.heading(story))}"
    yield ""
    figures = ", ".join(f"{each.value} {each.label}" for each in telling.figures(story))
    yield f"**{_plain(verdict.text)}** · {_plain(figures)}"
    yield ""
    for phase in story.phases.values():
        yield from _stopped(phase)
    yield from _tasks(story)
    yield from _proofs(story)
    yield from _others(story)
    looks = telling.attention(story)
    if looks:
        yield "### Worth a look"
        yield ""
        yield from (f"- {_TONES[each.tone]} {_plain(each.text)}" for each in looks[:30])
        yield ""
    runs = list(story.runs.values())
    about = dict.fromkeys(text for run in runs for text in (run.system,) if text)
    versions = dict.fromkeys(run.version for run in runs if run.version)
    made = f"runbook {', '.join(versions)}" if versions else "runbook"
    where = f", on {'; '.join(about)}" if about else ""
    yield f"<sub>Carried out by {_plain(made + where)}; told from {_plain(story.source)}.</sub>"


def _stopped(phase: PhaseStory) -> Iterator[str]:
    stopped = phase.stopped
    if stopped is None:
        return
    sign = "⏸️" if stopped.kind in WAITING else "❌"
    yield f"{sign} {_plain(stopped.where)} ({_code(stopped.at)}): {_plain(stopped.message)}"
    yield ""
    for mismatch in stopped.mismatches:
        yield f"- {_plain(mismatch.message)}"
        yield from (f"  - {_plain(detail)}" for detail in mismatch.details[:20])
    if stopped.output:
        end = "\n".join(printable(stopped.output).rstrip("\n").split("\n")[-_LINES:])
        yield ""
        yield fenced(end, "text").rstrip("\n")
    yield ""


def _tasks(story: Story) -> Iterator[str]:
    rows = [task for task in story.tasks if task.steps or task.mark != "to do"]
    if not rows:
        return
    yield "| | task | checks | time | commits |"
    yield "|---|---|---|---:|---|"
    for task in rows[:_ROWS]:
        name = task.task if len(story.phases) > 1 else task.name
        checks = [telling.outcome(c) for s in task.checks if (c := s.last_command) is not None]
        commits = " ".join(_code(commit.commit[:9]) for commit in task.commits)
        reason = f": {task.reason}" if task.reason else ""
        title = f"{name}: {task.title}" + (f" ({task.mark}{reason})" if task.mark != "done" else "")
        took = seconds(task.duration) if task.duration else ""
        cells = [
            _MARKS.get(task.mark, "·"),
            _plain(title),
            _plain("; ".join(checks)),
            took,
            commits,
        ]
        yield f"| {' | '.join(cells)} |"
    if rows[_ROWS:]:
        yield f"| | and {len(rows) - _ROWS} more | | | |"
    yield ""


def _proofs(story: Story) -> Iterator[str]:
    proved = [step for step in story.steps if step.failed_before is not None]
    if not proved:
        return
    yield "### Proved"
    yield ""
    for step in proved[:50]:
        seen, now, before = step.failed_before, step.last_command, step.before
        assert seen is not None
        yield (
            f"- {_code(short(step.subject))} fails at {start_of(seen.state)} "
            f"({_code(seen.commit[:9])}"
            + (f": {_plain(telling.outcome(before))}" if before is not None else "")
            + ") and passes now"
            + (f": {_plain(telling.outcome(now))}" if now is not None else "")
        )
        yield from (f"  - {_plain(why)}" for why in seen.why[:3])
    yield ""


def _others(story: Story) -> Iterator[str]:
    """What people and delegates did and said."""
    lines = [
        line for task in story.tasks for step in task.steps.values() for line in _work(task, step)
    ]
    if lines:
        yield "### By people and delegates"
        yield ""
        yield from lines
        yield ""


def _work(task: TaskStory, step: StepStory) -> Iterator[str]:
    for attempt in step.attempts:
        if attempt.ended is not None:
            yield (
                f"- {_plain(f'{task.name}, {step.name}')}: attempt {attempt.began.attempt} by "
                f"{_code(attempt.began.command)}: {attempt.ended.verdict}"
            )
    if step.word is not None:
        said = "; ".join(word_lines(step.word))
        what = short(step.asked or step.subject)
        yield f"- {_plain(f'{task.name}, {step.name}')} ({_plain(what)}): {_plain(said)}"
    elif step.by_hand:
        names = ", ".join(step.by_hand)
        yield f"- {_plain(f'{task.name}, {step.name}')}: changed by hand: {_plain(names)}"


_CALL = regex(r"(?<!\w)@(?=\w)")
_ITEM = regex(r"^(\d*)([-+.)])(?=\s|$)")
_SIGNS = regex(r"([\\`*_{}\[\]<>|#~$&])")


def _plain(text: str) -> str:
    """A text on one line, of which no sign means anything; nobody is called by an `@`."""
    line = " ".join(printable(text).split())
    line = _ITEM.sub(r"\1\\\2", _SIGNS.sub(r"\\\1", line))
    return _CALL.sub("@\u200b", line)


def _code(text: str) -> str:
    """A text as code; in a row of a table it has to have no `|`."""
    line = " ".join(printable(text).split())
    ticks = "`" * (max((len(run) for run in re.findall(r"`+", line)), default=0) + 1)
    pad = " " if "`" in line else ""
    return f"{ticks}{pad}{line}{pad}{ticks}" if line else ""
