"""Changes of an edit in words, with the blocks of code they speak of."""

from __future__ import annotations

import json
from typing import assert_never

from runbook.core.data import Assignment, show_keys, show_value
from runbook.core.model import Edit
from runbook.core.operations import (
    Append,
    Create,
    Delete,
    Insert,
    MoveTo,
    Operation,
    Patch,
    Prepend,
    Remove,
    Replace,
    ReplaceRange,
    RewriteFile,
    SetValues,
    Structural,
    Substitute,
)
from runbook.core.value import value
from runbook.markdown.calm import one_line


@value
class Part:
    """A line of a plan, and the block under it, if one belongs there.

    The block is in the language of the edit's files where no other is named.
    """

    words: str
    code: str | None = None
    language: str | None = None


def parts(change: Operation, step: Edit) -> list[Part]:
    """What a plan says of one change."""
    files = ", ".join(code_span(str(target)) for target in step.targets)
    match change:
        case Replace(search, replacement):
            times = _times(change.count)
            return [
                Part(f"Change {files} from{times}:", search.value),
                Part("To:", replacement.value),
            ]
        case Remove(search):
            return [Part(f"Remove from {files}{_times(change.count)}:", search.value)]
        case Insert(side, anchor, text):
            return [
                Part(f"In {files}, {side}{_times(change.count)}:", anchor.value),
                Part("Insert:", text.value),
            ]
        case ReplaceRange(start, end, replacement):
            return [
                Part(f"In {files}, replace everything from:", start.value),
                Part("Through:", end.value),
                Part("With:", replacement.value),
            ]
        case Append(text):
            return [Part(f"Append to {files}:", text.value)]
        case Prepend(text):
            return [Part(f"At the beginning of {files}, add:", text.value)]
        case Create(text):
            mode = "" if change.mode is None else f" (mode {change.mode:o})"
            return [Part(f"Create {files}{mode}:", text.value)]
        case RewriteFile(text):
            return [Part(f"Replace the whole of {files} with:", text.value)]
        case Delete():
            return [Part(f"Delete {files}.")]
        case MoveTo(path):
            return [Part(f"Move {files} to {code_span(path)}.")]
        case Substitute(regex, rewrite):
            return [
                Part(f"In {files}, rewrite what matches{_times(change.count)}:", regex),
                Part("To:", rewrite),
            ]
        case Patch(diff):
            return [Part(f"Apply this patch to {files}:", diff, "diff")]
        case Structural(rewrite, pattern, rule):
            matched = Part(
                f"In {files}, rewrite the code that matches{_times(change.count)}:", pattern
            )
            if rule is not None:
                words = f"In {files}, rewrite the code that this rule finds{_times(change.count)}:"
                matched = Part(words, _indented(rule), "json")
            return [matched, Part("To:", rewrite)]
        case SetValues(assignments):
            return [Part(f"In {files}, set:", "".join(map(_assignment, assignments)), "text")]
        case _:
            assert_never(change)


def _indented(written: str) -> str:
    return json.dumps(json.loads(written), indent=2, ensure_ascii=False)


def _assignment(assignment: Assignment) -> str:
    sign = "+=" if assignment.append else "="
    # A line is an assignment: a line end in a key is written as an escape.
    keys = show_keys(assignment.keys).replace("\n", "\\u000a").replace("\r", "\\u000d")
    return f"{keys} {sign} {show_value(assignment.value)}\n"


def code_span(path: str) -> str:
    """A path between backticks, on one line and without backticks of its own."""
    shown = one_line(path.replace("`", "'"))
    return f"`{shown}`"


def _times(count: int | str) -> str:
    if count == 1:
        return ""
    return " (everywhere)" if count == "all" else f" ({count} times)"
