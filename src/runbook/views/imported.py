"""What an import made of its plans: a table by task, what is left to do, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from runbook.core.model.imported import NOT_PLACED, Imported, Remark, TaskResult
from runbook.core.text.counting import count

_COLUMNS = ("exact", "anchored", "untried", "manual", "unchecked")


def import_lines(plan: str, written: str, state: str, imported: Imported) -> Iterator[str]:
    """The account of one plan; `state` says what became of the file `written`."""
    number = len(imported.phase.tasks)
    yield f"{written} {state}, from {plan} ({count(number, 'task')})"
    yield ""
    yield from _table(imported)
    yield from _remarks("Left to a person, as a `manual` step:", plan, _manual(imported.tasks))
    yield from _remarks(
        "Checked by the exit status only:", plan, _of(task.unchecked for task in imported.tasks)
    )
    warnings = [*imported.warnings, *_of(task.warnings for task in imported.tasks)]
    yield from _remarks("Look at:", plan, sorted(warnings, key=lambda each: each.line))


def _table(imported: Imported) -> Iterator[str]:
    # Nothing is untried where nothing is tried: then there is no such column.
    untried = any(task.untried for task in imported.tasks)
    columns = [column for column in _COLUMNS if untried or column != "untried"]
    rows = [(_name(task), _figures(task), task.title) for task in imported.tasks]
    totals = {column: sum(row[1][column] for row in rows) for column in columns}
    width = max([5, *(len(row[0]) for row in rows)])
    yield f"{'task':<{width}}  {'  '.join(columns)}"
    for name, figures, title in rows:
        yield f"{name:<{width}}  {_cells(figures, columns)}  {title}"
    if len(rows) > 1:
        yield f"{'total':<{width}}  {_cells(totals, columns)}"


def _cells(figures: dict[str, int], columns: list[str]) -> str:
    return "  ".join(f"{figures[column]:>{len(column)}}" for column in columns)


def _name(task: TaskResult) -> str:
    return task.number or "check"


def _figures(task: TaskResult) -> dict[str, int]:
    figures = (task.exact, task.anchored, task.untried, len(task.manual), len(task.unchecked))
    return dict(zip(_COLUMNS, figures, strict=True))


def _manual(tasks: Iterable[TaskResult]) -> list[Remark]:
    return _of(task.manual for task in tasks)


def _of(groups: Iterable[tuple[Remark, ...]]) -> list[Remark]:
    return [remark for group in groups for remark in group]


def _remarks(heading: str, plan: str, remarks: list[Remark]) -> Iterator[str]:
    if not remarks:
        return
    yield ""
    yield heading
    for remark in remarks:
        yield f"  {plan}:{remark.line}: {remark.text}"


def next_lines(program: str, imports: Iterable[Imported], *, tried: bool) -> Iterator[str]:
    """What to do after an import; `tried` says whether edits were tried against files."""
    imported = list(imports)
    reasons = {remark.text for each in imported for remark in _manual(each.tasks)}
    untried = sum(task.untried for each in imported for task in each.tasks)
    yield ""
    if not tried and NOT_PLACED in reasons:
        yield "With --repo DIR, places that a plan describes are looked up in the files of DIR."
    if untried:
        are = "is" if untried == 1 else "are"
        yield (
            f"{count(untried, 'edit')} {are} of a file that a step before may change, and could "
            "not be tried."
        )
    if all(each.complete for each in imported) and untried:
        yield f"Nothing is left to a person. Next: {program} check"
    elif all(each.complete for each in imported):
        yield f"All of it is exact. Next: {program} check"
    else:
        yield f"A run stops at each manual step and waits for you. Next: {program} check"


def import_report(plans: Iterable[tuple[str, str, Imported]]) -> str:
    """The account of all plans (plan, phase file, import) as JSON, ended by a newline."""
    listed = [_plan(plan, written, imported) for plan, written, imported in plans]
    report = {"plans": listed, "complete": all(each["complete"] for each in listed)}
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _plan(plan: str, written: str, imported: Imported) -> dict[str, Any]:
    return {
        "plan": plan,
        "phase_file": written,
        "complete": imported.complete,
        "tasks": [_task(task) for task in imported.tasks],
        "warnings": _json(imported.warnings),
    }


def _task(task: TaskResult) -> dict[str, Any]:
    return {
        "number": task.number,
        "title": task.title,
        "line": task.line,
        "steps": list(task.steps),
        "files": list(task.files),
        "exact": task.exact,
        "anchored": task.anchored,
        "untried": task.untried,
        "commands": task.commands,
        "commits": task.commits,
        "expectations": task.expectations,
        "manual": _json(task.manual),
        "unchecked": _json(task.unchecked),
        "warnings": _json(task.warnings),
    }


def _json(remarks: tuple[Remark, ...]) -> list[dict[str, Any]]:
    return [{"line": remark.line, "text": remark.text} for remark in remarks]
