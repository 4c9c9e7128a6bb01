"""Where a step waits for a person: what the stop says of it, whoever looks at it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from runbook.core.model.declared import handed_over, step_targets
from runbook.core.model.globs import matches
from runbook.core.model.ids import StepId, within
from runbook.core.model.model import Commit, Confirm, Manual, Phase
from runbook.core.record.described import describe, short
from runbook.core.record.events import Stopped, Watched
from runbook.engine.contract.stops import stop

_COMING = 5
"""How many of the steps that follow are told."""


def waiting_for_work(
    phase: Phase, step: Manual, where: StepId, changed: Collection[str] = ()
) -> Stopped:
    """The stop of work by hand, of which `changed` are the files that are others already."""
    return stop(
        "manual", where, step, "waiting for work by hand",
        output=_said(phase, where, step, step.instructions),
        # An import names a file beside the pattern that it may be found by.
        watched=tuple(dict.fromkeys(_watched(phase, step, changed))),
        then=_coming(phase, where),
        needs_reason=bool(step.files) and not changed,
    )  # fmt: skip


def waiting_for_yes(phase: Phase, step: Confirm, where: StepId) -> Stopped:
    """The stop of a question to a person."""
    message = "waiting for a person to confirm"
    then = _coming(phase, where)
    said = _said(phase, where, step, step.question)
    return stop("confirm", where, step, message, output=said, then=then)


def _said(phase: Phase, where: StepId, step: Manual | Confirm, words: str) -> str:
    """What the plan says of a step, and of its task: often only one of them names the file."""
    task = next(task for task in phase.every_task if within(where, task.id))
    title = step.title or ""
    # An import makes titles of the words, and cuts long ones.
    heading = [] if _one_line(title.removesuffix("…")) in _one_line(words) else [title]
    notes = [each.strip("\n") for each in (step.note, task.note) if each]
    return "\n\n".join([*heading, words.rstrip("\n"), *notes]) if heading or notes else words


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _watched(phase: Phase, step: Manual, changed: Collection[str]) -> Iterator[Watched]:
    """The files of the step; a pattern stands for itself until a file of it is changed."""
    for target in step_targets(handed_over(phase, step)):
        if isinstance(target, str):
            yield Watched(target, target in changed)
            continue
        found = [path for path in changed if matches(target.pattern, path)]
        yield from (Watched(path, True) for path in found)
        if not found:
            yield Watched(target.pattern, False)


def _coming(phase: Phase, where: StepId) -> tuple[str, ...]:
    """The steps after one in its task, in a line each: up to a commit, or the next for a person."""
    names = [[name for name, _ in task.named_steps()] for task in phase.every_task]
    task, here = next(
        (task, each.index(where))
        for task, each in zip(phase.every_task, names, strict=True)
        if where in each
    )
    found: list[str] = []
    for each in task.steps[here + 1 :]:
        kind, subject = describe(each)
        found.append(f"{kind:<7} {short(subject)}")
        if isinstance(each, Commit | Manual | Confirm):
            break
    left = len(found) - _COMING
    return tuple(found) if left <= 1 else (*found[:_COMING], f"and {left} more steps")
