"""What was made by hand as steps of a task: texts of its edits amended, patches, new files."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from runbook.core.matching.texts import Text
from runbook.core.model.model import Edit, Manual, Step, Task
from runbook.core.model.operations import (
    Append,
    Create,
    Delete,
    Glob,
    Insert,
    Operation,
    Prepend,
    Replace,
    ReplaceRange,
    RewriteFile,
)
from runbook.core.record.handwork import Handwork
from runbook.core.record.stepevents import FileImage
from runbook.core.value import replace, value
from runbook.engine.simulation.planned import EditConflict
from runbook.engine.simulation.simulate import Simulation
from runbook.format.patches import fit_patch, patch_of
from runbook.phasefile.rewriting import NewSteps, NewTexts, Rewriting
from runbook.world.files.workspace import FileState

_WRITTEN = {
    Append: "text", Create: "text", Insert: "text", Prepend: "text", Replace: "replacement",
    ReplaceRange: "replacement", RewriteFile: "text",
}  # fmt: skip
"""The operations whose text stands in the file afterwards, and the field that has it."""


class NotAdoptable(Exception):
    """Something that was made by hand is nothing that an edit can say: what, and why."""


@value
class Placed:
    """A step of the task as adopted: where it was before (from 0), if it is not new."""

    step: Step
    was: int | None = None


@value
class WrittenBack:
    """A task with its handwork among its steps, and the changes of the phase file that make it so.

    `left` are its manual steps in which nothing was changed, by their indexes.
    """

    task: Task
    steps: tuple[Placed, ...]
    changes: tuple[Rewriting, ...]
    left: tuple[int, ...]

    @property
    def as_adopted(self) -> Task:
        """The task that the phase file is to say."""
        steps = tuple(each.step for each in self.steps)
        return replace(self.task, steps=steps)


Load = Callable[[FileImage], tuple[bytes | None, bytes | None]]
"""What a file held before and after; raises `NotAdoptable` where that is not kept."""


def written_back(
    task: Task, number: int, works: list[Handwork], load: Load, *, amends: bool
) -> WrittenBack:
    """A task, `number` of its phase (from 0), with its handwork as edits.

    With `amends` it goes into the texts of the task's own edits where they have a place for it.

    Raises:
        NotAdoptable: something of it can't be said by an edit.
    """
    steps = list(task.steps)
    instead: dict[int, list[Edit]] = {}
    before: dict[int, list[Edit]] = {}
    for work in works:
        index = int(work.step.rpartition("-")[2]) - 1
        for image in work.files:
            old, new = _texts(image, *load(image))
            at = _amendable(steps, index, image.path, old, new) if amends else None
            if work.instead:
                instead.setdefault(index, []).append(_edit(image, old, new))
            elif at is not None:
                steps[at[0]] = at[1]
            elif index not in instead and _is_made_by(steps, index, image.path, new):
                instead[index] = [_edit(image, old, new)]
            else:
                before.setdefault(index, []).append(_edit(image, old, new))
    placed: list[Placed] = []
    changes: list[Rewriting] = []
    for index, step in enumerate([*steps, None]):
        new_steps = before.get(index, [])
        placed += [Placed(each) for each in new_steps]
        if new_steps:
            changes.append(NewSteps(number, index, tuple(new_steps)))
        if index in instead:
            first, *rest = instead[index]
            first = _titled(first, task.steps[index])
            placed += [Placed(first, index), *map(Placed, rest)]
            changes.append(NewSteps(number, index, (first, *rest), instead=True))
        elif step is not None:
            placed.append(Placed(step, index))
            was = task.steps[index]
            if step is not was and isinstance(step, Edit) and isinstance(was, Edit):
                changes.append(NewTexts(number, index, was, step))
    left = (
        index
        for index, step in enumerate(task.steps)
        if isinstance(step, Manual) and index not in instead
    )
    return WrittenBack(task, tuple(placed), tuple(changes), tuple(left))


def _titled(edit: Edit, before: Step) -> Edit:
    """The first edit in place of a step, with its words; what was to be done by hand is a note."""
    parts = (before.instructions if isinstance(before, Manual) else None, before.note)
    note = "\n\n".join(each.rstrip("\n") for each in parts if each)
    return replace(edit, title=before.title, note=note or None)


def _texts(
    image: FileImage, before: bytes | None, after: bytes | None
) -> tuple[str | None, str | None]:
    found = []
    for data in (before, after):
        if data is not None and b"\0" in data:
            raise NotAdoptable(f"{image.path} is binary, and edits are of texts")
        try:
            found.append(None if data is None else data.decode())
        except UnicodeDecodeError:
            raise NotAdoptable(f"{image.path} is not UTF-8, as a phase file is") from None
    return found[0], found[1]


def _edit(image: FileImage, old: str | None, new: str | None) -> Edit:
    """The edit that makes the new text of the old one; `None` is a file that is not there."""
    path = image.path
    operation: Operation
    if new is None:
        operation = Delete()
    elif old == new:
        raise NotAdoptable(f"{path} has other permissions, which no edit gives to what is there")
    elif old is not None:
        operation = _patch(path, _diff(path, old, new))
    elif "\r" in new:
        raise NotAdoptable(f"{path} has lines that end in CR LF, which a phase file can't say")
    else:
        bits = image.mode if image.mode is not None and image.mode & 0o111 else None
        operation = Create(Text(new, "\n" in new), bits)
        if "\n" in new and not new.endswith("\n"):
            # A block ends with a line end.
            mode = "100644" if bits is None else "100755"
            names = f"diff --git a/{path} b/{path}\nnew file mode {mode}\n"
            operation = _patch(path, f"{names}--- /dev/null\n+++ b/{path}\n{_diff(path, '', new)}")
    return Edit((path,), (operation,))


def _patch(path: str, diff: str) -> Operation:
    def report(message: str, _hint: str | None) -> None:
        raise NotAdoptable(f"{path}: {message}")

    return fit_patch(patch_of(diff), (path,), report)


def _diff(path: str, old: str, new: str) -> str:
    """The hunks of a unified diff."""
    old, new = _plain(old, new)
    if "\r" in old + new:
        raise NotAdoptable(f"{path} has lines that end in other ways, which a patch can't say")
    lines = list(difflib.unified_diff(_split(old), _split(new)))[2:]
    unended = "\n\\ No newline at end of file\n"
    return "".join(line if line.endswith("\n") else line + unended for line in lines)


def _plain(old: str, new: str) -> tuple[str, str]:
    """Both texts as a phase file says them, where all their lines end as those of the file."""
    if all(text.count("\r\n") == text.count("\n") for text in (old, new)):
        return old.replace("\r\n", "\n"), new.replace("\r\n", "\n")
    return old, new


def _split(text: str) -> list[str]:
    """Lines as git and YAML have them; others end at more characters."""
    parts = text.split("\n")
    return [f"{line}\n" for line in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _amendable(
    steps: list[Step], index: int, path: str, old: str | None, new: str | None
) -> tuple[int, Edit] | None:
    """The edit right before a step whose text holds what was changed, with its new text."""
    if old is None or new is None:
        return None
    old, new = _plain(old, new)
    at = min(index, len(steps)) - 1
    while at >= 0 and isinstance(step := steps[at], Edit):
        if path in step.targets or any(isinstance(each, Glob) for each in step.targets):
            if step.targets != (path,):
                return None
            for number in range(len(step.changes) - 1, -1, -1):
                other = _amended(step.changes[number], old, new)
                if other is not None:
                    changes = (*step.changes[:number], other, *step.changes[number + 1 :])
                    return at, replace(step, changes=changes)
        at -= 1
    return None


def _amended(operation: Operation, old: str, new: str) -> Operation | None:
    """An operation with another text, where that alone makes the new text of the old one."""
    field = _WRITTEN.get(type(operation))
    if field is None:
        return None
    text: Text = getattr(operation, field)
    if not text.value or old.count(text.value) != 1:
        return None
    head, _, tail = old.partition(text.value)
    if len(new) < len(head) + len(tail) or not (new.startswith(head) and new.endswith(tail)):
        return None
    inside = new[len(head) : len(new) - len(tail)]
    lines = inside.endswith("\n") if text.value.endswith("\n") else "\n" not in inside
    if not inside.strip() or not lines or "\r" in inside:
        return None
    search = getattr(operation, "search", None)
    if search is not None and search.value == inside:
        return None
    fields: dict[str, Any] = {field: Text(inside, text.whole_lines)}
    amended: Operation = replace(operation, **fields)
    return amended


def _is_made_by(steps: list[Step], index: int, path: str, new: str | None) -> bool:
    """Whether a step is an edit of one file that has nothing to do any more on its new text."""
    step = steps[index] if index < len(steps) else None
    if not isinstance(step, Edit) or step.targets != (path,) or new is None:
        return False
    simulation = Simulation(_Nothing(), lambda _glob: [])
    simulation.assume([(path, FileState(new.encode(), None))])
    try:
        return not any(file.changes for file in simulation.plan(step))
    except EditConflict:
        return False


class _Nothing:
    """No files but those that are assumed."""

    def read(self, path: str) -> FileState | None:  # noqa: ARG002
        return None

    def check_writable(self, path: str) -> None:
        """Nothing is written."""

    def is_there(self, path: str) -> bool:  # noqa: ARG002
        return False
