"""Adopt: what was made by hand while a phase was carried out is written into the phase file."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.core.model.digest import digest
from runbook.core.model.ids import StepId, within
from runbook.core.model.model import Manual, Phase
from runbook.core.record import verbevents
from runbook.core.record.events import Event
from runbook.core.record.stepevents import FileImage
from runbook.core.record.verbevents import AdoptedStep, AdoptedTask, AdoptionPlanned
from runbook.core.value import replace as with_other
from runbook.engine.ground.context import Context
from runbook.engine.ground.ground import series_inside
from runbook.engine.ground.notes import add_notes
from runbook.engine.outlook.refusal import Refusal, refusing
from runbook.engine.running.takeup import take_up
from runbook.engine.verbs.replayed import otherwise
from runbook.engine.verbs.writeback import NotAdoptable, WrittenBack, written_back
from runbook.format.content import Unwritable
from runbook.format.wording import wording
from runbook.phasefile.loader import phase_in
from runbook.phasefile.rewriting import NotRewritable, rewritten
from runbook.world.files.durable import replace
from runbook.world.git.objects import Objects


def adopt(context: Context, phase: Phase, *, task: str | None, dry: bool) -> Iterator[Event]:
    """Write the handwork of finished tasks, or of the one named, into the phase file.

    With `dry` what would become of the file is shown, and nothing is changed. The last event is
    `Adopted`, `AdoptionShown` or `VerbRefused`.
    """
    work = _adopt(context, phase, task, dry=dry)
    yield from refusing(context, "adopt", task or phase.id, work)


def _adopt(context: Context, phase: Phase, name: str | None, *, dry: bool) -> Iterator[Event]:
    if not dry:
        yield from take_up(context, phase)
    _refuse_other_states(context, phase, name)
    file = (context.phase_files or context.repository.root / "phases") / Path(phase.at.path).name
    before = file.read_bytes()
    after, now, works = _written(context, phase, name, before)
    left = tuple(each.task.step_id(index) for each in works for index in each.left)
    made = [each for each in works if each.changes]
    names = tuple(each.task.id for each in made)
    if not made:
        _refuse_unfinished(context, phase)
        yield verbevents.Adopted(phase.id, (), left)
        if not dry:
            # A killed adoption may have written the phase file, and not the notes.
            yield from add_notes(context.notebook, context.journal.progress, phase)
        return
    difference = _difference(phase.at.path, before, after)
    if dry:
        yield verbevents.AdoptionShown(phase.id, names, difference)
        return
    adopted = tuple(_adopted_task(each) for each in made)
    image = FileImage(file.name, context.journal.store(before), context.journal.store(after))
    yield AdoptionPlanned(phase.id, (image,), adopted, difference)
    replace(file, after)
    yield verbevents.Adopted(phase.id, names, left)
    yield from add_notes(context.notebook, context.journal.progress, now)


def _refuse_other_states(context: Context, phase: Phase, name: str | None) -> None:
    """Refuse a task that is not finished, or that says something else than what was done.

    Raises:
        Refusal: naming it.
    """
    progress = context.journal.progress
    for task in phase.tasks:
        if not within(task.id, name or phase.id):
            continue
        if not progress.done(task.id):
            if name is not None:
                hint = f"`run {phase.id}` goes on with it"
                raise Refusal(f"{task.id} is not finished", hint=hint, where=task.id)
        elif not progress.as_done(task):
            raise Refusal(
                f"{task.id} says something else now than what was done",
                hint=f"`repair {task.id}` shows the difference: put the task back as it was",
                where=task.id,
            )


def _refuse_unfinished(context: Context, phase: Phase) -> None:
    """Refuse a phase of which all that was made by hand is of a task that is not finished.

    Raises:
        Refusal: naming it.
    """
    progress = context.journal.progress
    for task in phase.tasks:
        state = progress.tasks.get(task.id)
        if state is not None and state.handmade.works and not progress.done(task.id):
            hint = f"it is adopted when it is: `run {phase.id}` goes on with it"
            raise Refusal(f"{task.id} is not finished", hint=hint, where=task.id)


def _written(
    context: Context, phase: Phase, name: str | None, before: bytes
) -> tuple[bytes, Phase, list[WrittenBack]]:
    """The phase file with the handwork in it, held against what was committed.

    Raises:
        Refusal: something can't be said by an edit; or its edits would not make what was
            committed, or the file can't hold them.
    """
    why: list[str] = []
    for amends in (True, False):
        works, why = _as_edits(context, phase, name, amends=amends)
        if why:
            break
        try:
            text, now = _rewritten(phase, before, works)
        except (NotRewritable, Unwritable) as error:
            why = [f"{phase.at.path}: {error}"]
            continue
        why = _amiss(context, now, works)
        if not why:
            return text, now, works
    raise Refusal(
        "what was made by hand can't all be said by edits",
        tuple(why),
        "write what is named into the phase file yourself, as a step that runs a command for "
        "example, and accept that with `repair`",
    )


def _as_edits(
    context: Context, phase: Phase, name: str | None, *, amends: bool
) -> tuple[list[WrittenBack], list[str]]:
    """The finished tasks with their handwork among their steps, and what can't be said so."""
    progress = context.journal.progress
    found: list[WrittenBack] = []
    why: list[str] = []

    def load(image: FileImage) -> tuple[bytes | None, bytes | None]:
        return _bytes(context, image, image.before), _bytes(context, image, image.after)

    for number, task in enumerate(phase.tasks):
        if within(task.id, name or phase.id) and progress.done(task.id):
            works = progress.tasks[task.id].handmade.works
            try:
                found.append(written_back(task, number, works, load, amends=amends))
            except NotAdoptable as error:
                why.append(f"{task.id}: {error}")
    return found, why


def _bytes(context: Context, image: FileImage, digest: str | None) -> bytes | None:
    data = context.journal.load(digest)
    if digest is not None and data is None:
        raise NotAdoptable(f"what {image.path} held is not kept any more")
    return data


def _rewritten(phase: Phase, before: bytes, works: list[WrittenBack]) -> tuple[bytes, Phase]:
    """The phase file with the changes of its tasks, and the phase that it says.

    Raises:
        NotRewritable: its layout has no place for them.
        Unwritable: a text can't stand in a phase file.
    """
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    text = before.removeprefix(mark).decode()
    changes = [change for each in works for change in each.changes]
    new = rewritten(text, phase.tasks, changes) if changes else text
    try:
        found = phase_in(new, Path(phase.at.path).stem, phase.at.path).tasks
    except InvalidPhaseFiles as error:
        raise NotRewritable(str(error)) from None
    wanted = {each.task.id: each.as_adopted for each in works}
    tasks = tuple(with_other(now, id=was.id) for was, now in zip(phase.tasks, found, strict=False))
    if tasks != tuple(wanted.get(task.id, task) for task in phase.tasks):
        # What is not the same otherwise is not to be written, whatever went wrong here.
        raise NotRewritable("it can't be written so that all else of it stays the same")
    return mark + new.encode(), with_other(phase, tasks=tasks)


def _amiss(context: Context, now: Phase, works: list[WrittenBack]) -> list[str]:
    """What the edits of the phase would make otherwise than it was committed."""
    progress = context.journal.progress
    prefix = context.workspace.prefix
    commits: dict[StepId, str] = {}
    paths: dict[str, set[str]] = {}
    for each in works:
        task = each.task
        state = progress.tasks[task.id]
        by_hand = {image.path for work in state.handmade.works for image in work.files}
        by_hand |= set(state.by_hand)
        # What nobody changed the text of may have got other permissions.
        by_hand |= {
            target
            for step in task.steps
            if isinstance(step, Manual)
            for target in step.files
            if isinstance(target, str)
        }
        paths[task.id] = {path for path in by_hand if prefix + path not in state.hooked}
    for task in now.tasks:
        known_steps = progress.tasks[task.id].steps if task.id in progress.tasks else {}
        was = next((each for each in works if each.task.id == task.id), None)
        for index in range(len(task.steps)):
            old = index if was is None else was.steps[index].was
            known = None if old is None else known_steps.get(task.step_id(old))
            if known is not None and known.commit is not None:
                commits[task.step_id(index)] = known.commit
    with Objects(context.repository.root) as objects:
        found = list(otherwise(objects, now, commits, paths, series_inside(context)))
    return [
        f"{each.task}: {each.path}: {each.message}"
        for each in found
        if prefix + each.path not in progress.tasks[each.task].hooked
    ]


def _adopted_task(each: WrittenBack) -> AdoptedTask:
    task = each.as_adopted
    steps = tuple(
        AdoptedStep(digest(placed.step), "" if placed.was is None else task.step_id(placed.was))
        for placed in each.steps
    )
    return AdoptedTask(task.id, digest(task), wording(task), steps)


def _difference(path: str, before: bytes, after: bytes) -> str:
    old, new = (data.decode("utf-8-sig").splitlines() for data in (before, after))
    lines = difflib.unified_diff(old, new, path, f"{path} as adopted", lineterm="")
    return "".join(f"{line}\n" for line in lines)
