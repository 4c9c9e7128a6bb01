"""One task in words: `show`."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.ids import last
from runbook.core.record.taskreport import TaskReport
from runbook.core.text.lines import on_one_line
from runbook.core.text.printable import printable
from runbook.views.evidence import check_lines, delegated_lines, doubt_lines, word_lines
from runbook.views.lines import Line, Shown
from runbook.views.status import stop_line
from runbook.views.words import box, indent


def task_lines(report: TaskReport) -> Iterator[Shown]:
    """The task with its steps, each with what came of it; its files; why it stopped."""
    yield Line(f"{report.task}: {printable(report.title)}  ({report.at})", "bold")
    for step in report.steps:
        name = last(step.step)
        head = f"  {box(step.mark)} {name}  {step.kind:<7} "
        yield head + indent(printable(step.subject), " " * len(head)).strip()
        margin = " " * len(head)
        if step.commit is not None:
            yield f"{margin}{step.commit[:9]}"
        if step.check is not None:
            yield from (f"{margin}{line}" for line in check_lines(step.check))
        if step.said is not None:
            yield from (f"{margin}{printable(line)}" for line in word_lines(step.said))
        if step.delegated is not None:
            yield from (f"{margin}{printable(line)}" for line in delegated_lines(step.delegated))
        yield from (f"{margin}{line}" for line in doubt_lines(step.doubts))
        if step.changed:
            yield f"{margin}says something else now than what was carried out"
    if report.files:
        yield f"  files: {printable(on_one_line(', '.join(report.files)))}"
    if report.by_hand:
        yield f"  changed by hand: {printable(on_one_line(', '.join(report.by_hand)))}"
    stopped = report.stopped
    if stopped is not None:
        yield stop_line(stopped, "stopped")
        for mismatch in stopped.mismatches:
            yield Line(f"    - {printable(on_one_line(mismatch.message))}", "red")
            yield from (f"        {printable(line)}" for line in mismatch.details)
