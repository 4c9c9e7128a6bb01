"""What was done of a task that was handed over, before a check that looks at all of it.

What delegates have done since the last commit is judged once more with the work of the one that
comes after: held against what was there before the first of them. So is what people changed, to
be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from runbook.core.handover.steering import is_test
from runbook.core.model.declared import declaring_steps, handed_over, resolved, step_targets
from runbook.core.model.ids import StepId, last
from runbook.core.model.model import Commit, Edit, Manual, Phase, Run, Step, Task
from runbook.core.record.stepevents import FileImage
from runbook.core.value import field, mutable
from runbook.engine.contract.stops import reaching
from runbook.engine.ground.context import Context
from runbook.engine.ground.ground import Ahead, form, series_inside, tracked
from runbook.engine.ground.targets import declared
from runbook.engine.simulation.planned import EditConflict
from runbook.engine.simulation.plans import Plans
from runbook.engine.simulation.simulate import Simulation
from runbook.world.files.workspace import FileState, Workspace
from runbook.world.git.special import special

Files = dict[str, FileState | None]
"""Files by their paths from the repository's root, with what they hold."""

Edits = Iterable[tuple[str, Edit]]


@mutable
class Row:
    """What was done of a task before a step, since its last commit, from a first one handed over.

    `files` are what they held before it, `edits` those of the plan after it, `by_hand` what people
    changed. `steps` are those of delegates with the files they changed; they `named` some files,
    and tests they may rewrite.
    """

    files: Files = field(default_factory=dict)
    edits: list[tuple[str, Edit]] = field(default_factory=list)
    by_hand: dict[str, None] = field(default_factory=dict)
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
    """What delegates have done right before a step, and the edits between.

    What a person has made of it meanwhile is given, and so what a file held before as well.
    """
    return _row(context, phase, task, index, of_people=False)


def row_of_all(context: Context, phase: Phase, task: Task, index: int) -> Row:
    """What delegates and people have done right before a step, and the edits between."""
    return _row(context, phase, task, index, of_people=True)


def _row(context: Context, phase: Phase, task: Task, index: int, *, of_people: bool) -> Row:
    row = Row()
    state = context.journal.progress.tasks.get(task.id)
    if state is None:
        return row
    inside = context.workspace.in_repository
    begun = False
    for number in range(_after_commit(task, index), index + 1):
        step, where = task.steps[number], task.step_id(number)
        works = [each for each in state.handmade.works if each.step == where and not each.by]
        repairs = [image for each in works if not each.instead for image in each.files]
        instead = [image for each in works if each.instead for image in each.files]
        known = state.steps.get(where) if number < index else None
        left = () if known is None or known.delegated is None else known.left or ()
        begun = begun or bool(left or (of_people and works))
        if not begun:
            continue
        for image in (*repairs, *instead):
            path = inside(image.path)
            row.by_hand[path] = None
            if of_people:
                row.files |= _as_before(context, path, image) if path not in row.files else {}
            else:
                row.files.pop(path, None)
        planned = () if known is None or left else known.planned or ()
        for image in (*planned, *left):
            path = inside(image.path)
            row.files |= _as_before(context, path, image) if path not in row.files else {}
        if isinstance(step, Edit) and planned:
            row.edits.append((where, step))
        if left:
            row.steps[where] = tuple(inside(image.path) for image in left)
            row.named |= {inside(each) for each in _named(phase, step, left)}
            row.rewrites += _rewrites(step)
    return row


def own_files(context: Context, phase: Phase, task: Task, step: Step, where: StepId) -> Files:
    """What the files hold that a phase declares, and some work for the step `where`.

    Raises:
        CannotContinue: one can't be read.
    """
    commits = [each for task in phase.tasks for each in task.steps if isinstance(each, Commit)]
    # What verifies a phase declares nothing of it, and may hand work over all the same.
    mine = [resolved(phase, each) for each in task.steps]
    steps = [resolved(phase, each) for each in declaring_steps(phase)]
    workspace = Workspace(context.repository.root, None)
    with reaching(where, step):
        paths = declared(context, [*steps, *commits, *mine, step])
        # Links and submodules stay as git has them.
        return {
            path: workspace.read(path) for path in paths if not special(workspace.folder / path)
        }


def with_edits(context: Context, edits: Edits, files: Files) -> tuple[Files, bool]:
    """Some files with what edits make of them that apply, and whether all of them do."""
    inside = context.workspace.prefix
    own = {p.removeprefix(inside): state for p, state in files.items() if p.startswith(inside)}
    ahead = Ahead(context.workspace, own)
    plans = Plans(inside, series_inside(context))
    simulation = Simulation(ahead, partial(tracked, context), partial(form, context), plans)
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


def _after_commit(task: Task, index: int) -> int:
    """The first step after the last commit, or command that changes files, before a step."""
    begin = index
    while begin and not isinstance(task.steps[begin - 1], Commit | Run):
        begin -= 1
    return begin


def _as_before(context: Context, path: str, image: FileImage) -> Files:
    """What a file held before it was changed; nothing where that is not kept any more."""
    if image.before is None:
        return {path: None}
    data = context.journal.load(image.before)
    mode = 0o644 if image.before_mode is None else image.before_mode
    return {} if data is None else {path: FileState(data, mode)}


def _named(phase: Phase, step: Step, files: Iterable[FileImage]) -> Iterator[str]:
    """The files that a step names one by one; of a check those that were mended for it."""
    targets = step_targets(handed_over(phase, step))
    yield from (each for each in targets if isinstance(each, str))
    if not targets:
        yield from (image.path for image in files)


def _rewrites(step: Step) -> tuple[str, ...]:
    match step:
        case Manual():
            return step.rewrites
        case Edit():
            return tuple(t for t in step_targets(step) if isinstance(t, str) and is_test(t))
        case _:
            return ()
