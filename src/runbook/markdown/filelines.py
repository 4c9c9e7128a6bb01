"""The **Files:** list of a task: what happens to which file, and where."""

from __future__ import annotations

import re

from runbook.core.matching.texts import LineRange
from runbook.core.model.model import Edit, Manual, Run, Task
from runbook.core.model.operations import Create, Delete, MoveTo, Operation, Patch
from runbook.core.model.patches import FilePatch
from runbook.format.shown import code_span

_HINT = re.compile(r"- Modify: `([^`]*):(\d+)(?:-(\d+))?`")


def file_lines(task: Task) -> list[str]:
    """The lines of the list, such as "Modify: `a.py:16-22`"; empty where no file is named."""
    lines: dict[str, None] = {}
    for step in task.steps:
        match step:
            case Edit():
                for target in step.targets:
                    lines |= dict.fromkeys(_file(str(target), each) for each in step.changes)
            case Run() | Manual():
                lines |= dict.fromkeys(f"Modify: {code_span(str(each))}" for each in step.files)
            case _:
                pass
    return list(lines)


def _file(path: str, change: Operation) -> str:
    shown = code_span(path)
    match change:
        case Create():
            return f"Create: {shown}"
        case Delete():
            return f"Delete: {shown}"
        case MoveTo(to):
            return f"Move: {shown} to {code_span(to)}"
        case Patch():
            return _patched(shown, change.part(path))
        case _:
            lines = getattr(change, "lines", None)
            return f"Modify: {shown[:-1]}:{lines}`" if lines else f"Modify: {shown}"


def _patched(shown: str, part: FilePatch) -> str:
    if part.to is not None:
        return f"Move: {shown} to {code_span(part.to)}"
    words = {"create": "Create", "delete": "Delete", "change": "Modify"}
    return f"{words[part.kind]}: {shown}"


def hints(lines: list[str]) -> dict[str, LineRange]:
    """The ranges that the list states, by the path as it is shown; only where there is one."""
    found: dict[str, set[LineRange]] = {}
    for line in lines:
        hint = _HINT.fullmatch(line)
        if hint:
            first, last = int(hint[2]), int(hint[3] or hint[2])
            found.setdefault(hint[1], set()).add(LineRange(first, last))
    return {path: ranges.pop() for path, ranges in found.items() if len(ranges) == 1}
