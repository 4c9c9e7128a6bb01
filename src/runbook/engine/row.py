"""Steps of a task that are handed over one after the other, before a check that looks at them all.

What delegates have done of them since the last commit is judged once more with the work of the one
that comes after: held against what was there before the first of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from runbook.core.handover.steering import is_test
from runbook.core.model.declared import handed_over, step_targets
from runbook.core.model.ids import StepId, last
from runbook.core.model.model import Commit, Edit, Manual, Phase, Run, Step, Task
from runbook.core.record.stepevents import FileImage
from runbook.core.record.taskstate import StepState, TaskState
from runbook.engine.context import Context
from runbook.engine.ground import Ahead, form, tracked
from runbook.engine.planned import EditConflict
from runbook.engine.simulate import Simulation
from runbook.world.files.workspace import FileState

Files = dict[str, FileState | None]
"""Files by their paths from the repository's root, with what they hold."""

Edits = Iterable[tuple[str, Edit]]


@dataclass(slots=True)
class Row:
    """What was done of a task before a step, since its last commit, from a first one of delegates.

    `files` are what they held before it, `edits` those of the plan after it. `steps` are those of
    delegates with the files they changed; they `named` some files, and tests they may rewrite.
    """

    files: Files = field(default_factory=dict)
    edits: list[tuple[str, Edit]] = field(default_factory=list)
    steps: dict[StepId, tuple[str, ...]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    rewrites: tuple[str, ...] = ()

    def told(self) -> str:
        """The steps of delegates, each with the files that it changed."""
        return ", ".join(
            f"{last(where)} ({', '.join(files) or 'no file'})"
            for where, files in self.steps.items()
        )

    def by_whom(self, path: str) -> str:
        """The last of those steps that changed a file, as it is called in its task, if any did."""
        changed = [last(where) for where, files in self.steps.items() if path in files]
        return changed[-1] if changed else ""


def row_before(context: Context, phase: Phase, task: Task, index: int) -> Row:
    """What delegates have done right before a step, and the edits between."""
    row = Row()
    state = context.journal.progress.tasks.get(task.id)
    if state is None:
        return row
    inside = context.workspace.in_repository
    for number in _since_commit(task, index):
        step, where = task.steps[number], task.step_id(number)
        known = state.steps.get(where)
        by_delegate = known is not None and known.delegated is not None
        if not by_delegate and not row.steps:
            continue
        if isinstance(step, Edit) and not by_delegate:
            row.edits.append((where, step))
        files = list(_changed(state, step, known, where))
        for image in files:
            path = inside(image.path)
            if isinstance(step, Manual) and not by_delegate:
                # What a person has made of it is given, whoever had changed it before.
                row.files.pop(path, None)
            elif path not in row.files:
                row.files |= _as_before(context, path, image)
        if by_delegate:
            row.steps[where] = tuple(inside(image.path) for image in files)
            row.named |= {inside(each) for each in _named(phase, step, files)}
            row.rewrites += _rewrites(step)
    return row


def with_edits(context: Context, edits: Edits, files: Files) -> tuple[Files, bool]:
    """Some files with what edits make of them that apply, and whether all of them do."""
    inside = context.workspace.prefix
    own = {p.removeprefix(inside): state for p, state in files.items() if p.startswith(inside)}
    simulation = Simulation(
        Ahead(context.workspace, own), partial(tracked, context), partial(form, context)
    )
    found = dict(files)
    apply = True
    for _, edit in edits:
        try:
            planned = simulation.plan(edit)
        except EditConflict:
            apply = False
            continue
        found |= {context.workspace.in_repository(file.path): file.after for file in planned}
    return found, apply


def _since_commit(task: Task, index: int) -> range:
    """The steps before one, up to the last commit or command that changes files."""
    begin = index
    while begin and not isinstance(task.steps[begin - 1], Commit | Run):
        begin -= 1
    return range(begin, index)


def _changed(
    state: TaskState, step: Step, known: StepState | None, where: StepId
) -> Iterator[FileImage]:
    """The files that a step has changed, in `workdir`."""
    if known is None:
        return
    if known.delegated is not None:
        yield from known.left or ()
    elif isinstance(step, Edit):
        yield from known.planned or ()
    else:
        yield from (f for work in state.handmade.works if work.step == where for f in work.files)


def _as_before(context: Context, path: str, image: FileImage) -> Files:
    """What a file held before it was changed; nothing where that is not kept any more."""
    if image.before is None:
        return {path: None}
    data = context.journal.load(image.before)
    mode = 0o644 if image.before_mode is None else image.before_mode
    return {} if data is None else {path: FileState(data, mode)}


def _named(phase: Phase, step: Step, files: list[FileImage]) -> Iterator[str]:
    """The files that a step names one by one; of a check those that were mended for it."""
    targets = step_targets(handed_over(phase, step))
    yield from (each for each in targets if isinstance(each, str))
    if not targets:
        yield from (image.path for image in files)


def _rewrites(step: Step) -> tuple[str, ...]:
    """The tests that need not pass as they were."""
    match step:
        case Manual():
            return step.rewrites
        case Edit():
            return tuple(t for t in step_targets(step) if isinstance(t, str) and is_test(t))
        case _:
            return ()
