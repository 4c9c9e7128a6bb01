"""What an import made of its plans: a table by task, what is left to do, and the same as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from runbook.core.model.imported import NOT_PLACED, Imported, Remark, TaskResult
from runbook.core.patterns import regex
from runbook.core.record.codec import to_json
from runbook.core.text.counting import count

_COLUMNS = ("exact", "anchored", "by form", "manual", "confirm", "unchecked")
_ALWAYS = ("exact", "manual", "unchecked")
_WIDTH = 100


def import_lines(plan: str, written: str, state: str, imported: Imported) -> Iterator[str]:
    """The account of one plan; `state` says what became of the file `written`."""
    number = len(imported.phase.tasks)
    yield f"{written} {state}, from {plan} ({count(number, 'task')})"
    yield ""
    yield from _table(imported)
    tasks = imported.tasks
    yield from _remarks("Left to a person, as a `manual` step:", _of(t.manual for t in tasks))
    yield from _remarks(
        "Asked of a person, as a `confirm` step:", _of(t.confirm for t in tasks), told=False
    )
    yield from _remarks("Checked by the exit status only:", _of(t.unchecked for t in tasks))
    yield from _remarks("Look at:", [*imported.warnings, *_of(t.warnings for t in tasks)])


def _table(imported: Imported) -> Iterator[str]:
    rows = [(task.number or "check", _figures(task), task.title) for task in imported.tasks]
    totals = {column: sum(row[1][column] for row in rows) for column in _COLUMNS}
    # What there is none of has no column, but for those that are looked for.
    columns = [column for column in _COLUMNS if totals[column] or column in _ALWAYS]
    width = max([5, *(len(row[0]) for row in rows)])
    yield f"{'task':<{width}}  {'  '.join(columns)}"
    for name, figures, title in rows:
        line = f"{name:<{width}}  {_cells(figures, columns)}  {title}"
        yield line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1].rstrip()}…"
    if len(rows) > 1:
        yield f"{'total':<{width}}  {_cells(totals, columns)}"


def _cells(figures: dict[str, int], columns: list[str]) -> str:
    return "  ".join(f"{figures[column]:>{len(column)}}" for column in columns)


def _figures(task: TaskResult) -> dict[str, int]:
    figures = (
        task.exact,
        task.anchored,
        task.by_form,
        len(task.manual),
        len(task.confirm),
        len(task.unchecked),
    )
    return dict(zip(_COLUMNS, figures, strict=True))


def _of(groups: Iterable[tuple[Remark, ...]]) -> list[Remark]:
    return [remark for group in groups for remark in group]


def _remarks(heading: str, remarks: list[Remark], *, told: bool = True) -> Iterator[str]:
    """Remarks with their lines in the plan, those of one reason together; `told` shows reasons."""
    if not remarks:
        return
    yield ""
    ordered = sorted(dict.fromkeys(remarks), key=lambda each: each.line)
    if not told:
        yield f"{heading.rstrip(':')}: {_lines([each.line for each in ordered])}"
        return
    yield heading
    groups: dict[str, list[Remark]] = {}
    for remark in ordered:
        groups.setdefault(_reason(remark), []).append(remark)
    for reason, group in groups.items():
        details = [each.text.removeprefix(reason).removeprefix(": ") for each in group]
        if not any(details) or len(group) == 1:
            yield f"  {_lines([each.line for each in group])}: {group[0].text}"
            continue
        yield f"  {reason}:"
        for each, detail in zip(group, details, strict=True):
            yield f"    line {each.line}: {detail}" if detail else f"    line {each.line}"


def _reason(remark: Remark) -> str:
    """What several remarks may share: the words before what each of them is about."""
    reason, colon, _ = remark.text.partition(": ")
    return reason if colon and _IS_REASON.match(reason) else remark.text


_IS_REASON = regex(r"(?:`[^`]+`|it|its|the|a|this|these|what|another)\s[^`]+$")


def _lines(numbers: list[int]) -> str:
    listed = [str(number) for number in dict.fromkeys(numbers)]
    return f"{'line' if len(listed) == 1 else 'lines'} {', '.join(listed)}"


def next_lines(then: str, imports: Iterable[Imported], *, tried: bool) -> Iterator[str]:
    """What to do after an import, `then` at last; `tried`: edits were tried against files."""
    imported = list(imports)
    tasks = [task for each in imported for task in each.tasks]
    reasons = {remark.text for task in tasks for remark in task.manual}
    by_form = sum(task.by_form for task in tasks)
    yield ""
    if not tried and NOT_PLACED in reasons:
        yield "With --repo DIR, places that a plan describes are looked up in the files of DIR."
    if by_form and tried:
        are = "is" if by_form == 1 else "are"
        yield (
            f"{count(by_form, 'edit')} {are} of a file that a step before may change, and could "
            "not be tried."
        )
    elif by_form:
        them = "it is" if by_form == 1 else "they are"
        yield (
            f"{count(by_form, 'edit')} could not be tried: {them} taken by form. With --repo DIR "
            "each is tried in the files of DIR."
        )
    asks = any(task.confirm for task in tasks)
    if not all(each.complete for each in imported):
        yield f"A run stops at each manual step and waits for you. Next: {then}"
    elif asks:
        yield f"A run asks you at each confirm step. Next: {then}"
    elif by_form:
        yield f"Nothing is left to a person. Next: {then}"
    else:
        yield f"All of it is exact. Next: {then}"


def import_report(plans: Iterable[tuple[str, str, Imported]]) -> str:
    """The account of all plans (plan, phase file, import) as JSON, ended by a newline."""
    listed = [
        {
            "plan": plan,
            "phase_file": written,
            "complete": imported.complete,
            "tasks": to_json(imported.tasks),
            "warnings": to_json(imported.warnings),
        }
        for plan, written, imported in plans
    ]
    report = {"plans": listed, "complete": all(each["complete"] for each in listed)}
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def is_report(text: str) -> bool:
    """Whether a text is such an account."""
    return text.startswith('{\n  "plans": [')
