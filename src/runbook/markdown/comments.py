"""A step with its hidden comment: what it says beside the text, so far as the two agree."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from runbook.core.matching.texts import LineRange
from runbook.core.model.model import Commit, Edit, Step
from runbook.core.model.operations import Operation, Target
from runbook.core.value import replace, value
from runbook.format.shown import code_span, one_line
from runbook.markdown.body import Surroundings, default_title, step_body
from runbook.markdown.hidden import with_key

T = TypeVar("T")


@value
class Disagreement:
    """A hidden key that contradicts the visible text, which counts."""

    line: int
    message: str


def with_hints(steps: list[Step], hints: dict[str, LineRange]) -> list[Step]:
    """Steps with the line ranges of the **Files:** list, where it is plain whose they are."""
    bearing = Counter(
        _shown(target)
        for step in steps
        if isinstance(step, Edit)
        for change in step.changes
        for target in step.targets
        if hasattr(change, "lines")
    )
    done: list[Step] = []
    for step in steps:
        if isinstance(step, Edit) and len(step.targets) == 1:
            path = _shown(step.targets[0])
            if path in hints and bearing[path] == 1:
                changes = tuple(_hinted(change, hints[path]) for change in step.changes)
                step = replace(step, changes=changes)
        done.append(step)
    return done


def _hinted(change: Operation, lines: LineRange) -> Operation:
    hinted: Any = change
    return replace(hinted, lines=lines) if hasattr(change, "lines") else change


def _shown(target: Target) -> str:
    return code_span(str(target)).strip("`")


def settled(step: Step, title: str | None, around: Surroundings) -> Step:
    """A step with its heading; `None` and no files where these are what they are by default."""
    if title is not None and title != one_line(default_title(step)):
        step = replace(step, title=title)
    if isinstance(step, Commit):
        plainly = replace(step, files=None)
        if step_body(plainly, around) == step_body(step, around):
            return plainly
    return step


def visible(step: Step, around: Surroundings) -> tuple[str, str]:
    """All that a plan shows of a step: its heading, and what stands under it."""
    return one_line(step.title or default_title(step)), step_body(step, around)


def with_comment(
    step: Step, keys: dict[str, Any], around: Surroundings, body: str, line: int
) -> tuple[Step, list[Disagreement]]:
    """The step with the keys of its comment, but for those that contradict what is visible.

    `body` is what the plan shows of the step, and `line` is where its comment stands.
    """
    heading, _ = visible(step, around)
    try:
        whole = step
        for key, content in keys.items():
            whole = with_key(whole, key, content)
        if visible(whole, around) == (heading, body):
            return whole, []
    except (ValueError, TypeError, KeyError, AttributeError):
        pass  # one by one it will be seen which
    return with_keys(step, keys, line, lambda each: visible(each, around), with_contents=True)


def with_keys(
    stated: T,
    keys: dict[str, Any],
    line: int,
    shown: Callable[[T], object],
    *,
    with_contents: bool = False,
) -> tuple[T, list[Disagreement]]:
    """A value with the keys of a comment, but for those that change what is `shown` of it.

    What is said of such a key may be told `with_contents`.
    """
    disagreements = []
    for key, content in keys.items():
        said = f"the comment's `{key}`"
        if with_contents:
            said += f" ({json.dumps(content, ensure_ascii=False)[:80]})"
        try:
            changed = with_key(stated, key, content)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            disagreements.append(Disagreement(line, f"{said} can't be read: {error}"))
            continue
        if shown(changed) == shown(stated):
            stated = changed
        else:
            message = f"{said} disagrees with the visible text, which counts"
            disagreements.append(Disagreement(line, message))
    return stated, disagreements
