"""What the journal knows of a phase, as its plan shows it: marks, commits and evidence."""

from __future__ import annotations

from datetime import UTC, datetime

from runbook.core.model.ids import step_id
from runbook.core.record.described import start_of
from runbook.core.record.progress import Progress
from runbook.core.record.stepevents import TestCounts
from runbook.core.record.taskstate import StepState
from runbook.format.shown import one_line


def task_seen(progress: Progress, task: str) -> str:
    """The line under a task's heading, such as "- [x] Done in `1a2b3c4d5`."."""
    state = progress.tasks.get(task)
    if state is None:
        return "- [ ] To do."
    commits = ", ".join(f"`{commit[:9]}`" for commit in state.commits)
    if state.done:
        return f"- [x] Done in {commits}." if commits else "- [x] Done."
    if state.skipped is not None:
        return f"- [ ] Skipped: {one_line(state.skipped)}."
    if state.undone:
        return "- [ ] Undone."
    made = f"; committed: {commits}" if commits else ""
    stopped = progress.stopped_in(task)
    if stopped is not None:
        return f"- [ ] Stopped at {stopped.where}{made}."
    return f"- [ ] Begun{made}."


def step_seen(progress: Progress, task: str, number: int) -> str:
    """The line under a step, with what its command did; empty where nothing was done."""
    state = progress.step(step_id(task, number))
    if state is None:
        return ""
    if not state.done:
        return f"- [ ] Not done{_evidence(state)}."
    return f"- [x] Done{_evidence(state)}{_said(state)}."


def _said(state: StepState) -> str:
    """What a person said of a step."""
    word = state.said
    if word is None:
        return ""
    when = datetime.fromtimestamp(word.when, UTC).strftime("%Y-%m-%d")
    if word.unattended:
        return f": taken as a yes by {word.who}, and nobody looked"
    reason = f", because {one_line(word.reason)}" if word.reason else ""
    return f": so said {word.who} on {when}{reason}"


def _evidence(state: StepState) -> str:
    check = state.check
    if check is None or check.exit is None:
        return ""
    parts = [_outcome(check.exit, check.counts), f"{check.duration:.1f} s"]
    if check.flaky:
        parts.append(f"flaky: {check.flaky} failed before")
    if check.before is not None and check.before.exit is not None:
        before = _outcome(check.before.exit, check.before.counts)
        there = start_of(check.before.state)
        parts.append(f"at {there} (`{check.before.commit[:9]}`): {before}")
    if check.dirty:
        parts.append("while changed: " + ", ".join(check.dirty))
    return ": " + "; ".join(parts)


def _outcome(status: int, counts: TestCounts | None) -> str:
    if counts is None:
        return f"exit status {status}"
    names = ("passed", "failed", "errors", "skipped", "xfailed", "xpassed")
    words = [f"{number} {name}" for name in names if (number := getattr(counts, name))]
    if counts.workers:
        words.append(f"on {counts.workers} workers")
    return ", ".join(words) or f"no tests, exit status {status}"
