"""Phases, tasks and steps by the names that a person gives them (docs/commands.md, "Names")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from runbook.core.model.diagnostics import suggestion
from runbook.core.model.ids import last
from runbook.core.model.model import Phase, Task
from runbook.core.text import counting
from runbook.core.value import value
from runbook.series.opening import Opened, UsageError
from runbook.views.screen import program

Kind = Literal["phase", "task", "verification", "step"]

EVERY_KIND: tuple[Kind, ...] = ("phase", "task", "verification", "step")
_BEGINS = 2
"""The rank of what is meant by a beginning of its identifier."""

_LISTED = 20
"""How many names a message lists."""


@value
class Named:
    """What a name means: a phase, a task of it (its verification, too), or a step of that."""

    phase: Phase
    task: Task | None = None
    step: int | None = None  # from 0

    @property
    def kind(self) -> Kind:
        """What it is."""
        if self.task is None:
            return "phase"
        if self.step is not None:
            return "step"
        return "verification" if self.task.id == self.phase.verification_id else "task"

    @property
    def id(self) -> str:
        """The identifier in full."""
        if self.task is None:
            return self.phase.id
        return self.task.id if self.step is None else self.task.step_id(self.step)

    @property
    def task_id(self) -> str | None:
        """The identifier of the task, where it is one."""
        return None if self.task is None else self.task.id


def named(
    opened: Opened, name: str, *wanted: Kind, within: tuple[Phase, ...] = (), task_by: str = ""
) -> Named:
    """What a name means, which is one of the kinds `wanted`; a step stands for its task, too.

    A name without its phase is one `within` these phases, or of the only phase under way that has
    it. `task_by` is the command that takes a task where this one wants a phase.

    Raises:
        UsageError: nothing has that name, or several have, or it is of another kind.
    """
    phases = opened.every_phase()
    parts, whole = _parts(opened, name)
    said = _Said(parts, whole, frozenset(each.id for each in within or phases))
    kinds = wanted if "step" in wanted or "task" not in wanted else (*wanted, "step")
    found = _meant(opened, said, kinds)
    if not found.things:
        others = _meant(opened, said, EVERY_KIND).things
        if others:
            raise UsageError(_of_another_kind(name, others[0], wanted, task_by))
        raise UsageError(_unknown(opened, said, wanted))
    if len(found.things) > 1:
        raise UsageError(_ambiguous(opened, said, found))
    (meant,) = found.things
    if meant.kind == "step" and "step" not in wanted:
        meant = Named(meant.phase, meant.task)
    if meant.kind not in wanted:
        raise UsageError(_of_another_kind(name, meant, wanted, task_by))
    return meant


def refuse_both(names: list[str], *, every: bool) -> None:
    """Refuse the names of phases beside `--all`.

    Raises:
        UsageError: both were given.
    """
    if every and names:
        raise UsageError("name phases, or say --all: not both")


def phases_named(opened: Opened, names: list[str], *, task_by: str = "") -> tuple[Phase, ...]:
    """The phases of these names, in the series' order; without a name, every phase.

    Raises:
        UsageError: there is no such phase, or none at all.
    """
    return phases_of(opened, [named(opened, name, "phase", task_by=task_by) for name in names])


def phases_of(opened: Opened, meant: list[Named]) -> tuple[Phase, ...]:
    """The phases of what is meant, in the series' order; of nothing, every phase.

    Raises:
        UsageError: there is none at all.
    """
    chosen = {each.phase.id for each in meant}
    return tuple(phase for phase in opened.every_phase() if not meant or phase.id in chosen)


def named_at_work(opened: Opened, name: str | None, *wanted: Kind) -> Named:
    """What a verb is about: what is named, or the phase that is under way.

    Raises:
        UsageError: the name means nothing, or nothing says which phase is meant.
    """
    if name is not None:
        return named(opened, name, *wanted)
    phases = opened.every_phase()
    under_way = _under_way(opened, phases)
    if len(phases) == 1 or len(under_way) == 1:
        return Named((under_way or phases)[0])
    which = "several phases are under way" if under_way else "no phase is under way"
    raise UsageError(f"{which}: name one (there are: {_listed(phase.id for phase in phases)})")


def named_waiting(opened: Opened, name: str | None) -> Named:
    """What is to be taken as done: what is named, or the phase in which a step waits.

    Raises:
        UsageError: the name means nothing, or several steps wait, or nothing says which is meant.
    """
    if name is not None:
        return named(opened, name, *EVERY_KIND)
    from runbook.core.record.status import waiting_step

    phases = opened.every_phase()
    steps = {each: waiting_step(each, opened.progress(each)) for each in phases}
    waiting = {phase: step for phase, step in steps.items() if step is not None}
    if len(waiting) == 1:
        return Named(next(iter(waiting)))
    if waiting:
        raise UsageError(f"several steps wait: name one ({_listed(waiting.values())})")
    return named_at_work(opened, None)


@value
class _Part:
    """One part of an identifier: `task-2` is of the word `task`, and the second one."""

    word: str
    id: str
    number: int | None

    def rank(self, said: str) -> int | None:
        """How well it is meant: by its identifier (0), its number (1) or a beginning of it (2)."""
        if said == self.id:
            return 0
        bare = said.removeprefix(f"{self.word}-")
        number = _number(bare)
        if number is not None:
            own = _number(self.id.removeprefix(f"{self.word}-"))
            if number == own or (bare == said and number == self.number):
                return 1
        if self.id == f"{self.word}-{said}":
            return 1
        begins = said and self.word in ("phase", "task") and self.id.startswith(said)
        # `phase-1` is no beginning of `phase-10`, nor of `phase-1.5`.
        cut = said[-1:].isdigit() and re.match(r"\.?[0-9]", self.id[len(said) :])
        return _BEGINS if begins and not cut else None


@value
class _Said:
    """A name in its parts; `whole` says that the first one is a phase for certain."""

    parts: tuple[str, ...]
    whole: bool
    within: frozenset[str]

    @property
    def text(self) -> str:
        return "/".join(self.parts)

    def may_be_of(self, phase: Phase) -> bool:
        """Whether it may be of a phase that it leaves out."""
        # `3/1` is never step 1 of a task called `3`: numbers count from the phase.
        return not self.whole and _number(self.parts[0]) is None and phase.id in self.within

    def around(self) -> _Said:
        """The name of what the last part is in."""
        return _Said(self.parts[:-1], self.whole, self.within)


@value
class _Meant:
    """All that is meant equally well; `begins` where no more than a beginning was said."""

    things: tuple[Named, ...]
    begins: bool


def _meant(opened: Opened, said: _Said, kinds: tuple[Kind, ...]) -> _Meant:
    ranked = []
    for path, each in _things(opened.loaded.phases, kinds):
        short = len(path) > len(said.parts)
        own = path[1:] if short else path
        if len(own) != len(said.parts) or (short and not said.may_be_of(each.phase)):
            continue
        ranks = [part.rank(text) for part, text in zip(own, said.parts, strict=True)]
        rank = tuple(each for each in ranks if each is not None)
        if len(rank) == len(ranks):
            ranked.append((rank, each, short))
    best = min((rank for rank, _, _ in ranked), default=())
    found = [(each, short) for rank, each, short in ranked if rank == best]
    if len(found) > 1 and all(short for _, short in found):
        having = {each.phase.id for each, _ in found}
        at_work = _under_way(opened, [p for p in opened.loaded.phases if p.id in having])
        if len(at_work) == 1:
            found = [(each, short) for each, short in found if each.phase in at_work]
    return _Meant(tuple(each for each, _ in found), _BEGINS in best)


def _things(
    phases: tuple[Phase, ...], kinds: tuple[Kind, ...]
) -> Iterator[tuple[tuple[_Part, ...], Named]]:
    """All of these kinds, each with its path: the parts of its identifier."""
    for phase in phases:
        first = _Part("phase", phase.id, phase.number)
        if "phase" in kinds:
            yield (first,), Named(phase)
        for number, task in _tasks(phase) if kinds != ("phase",) else ():
            each = Named(phase, task)
            second = _Part(each.kind, last(task.id), number)
            if each.kind in kinds:
                yield (first, second), each
            for index in range(len(task.steps)) if "step" in kinds else ():
                third = _Part("step", f"step-{index + 1}", index + 1)
                yield (first, second, third), Named(phase, task, index)


def _tasks(phase: Phase) -> Iterator[tuple[int | None, Task]]:
    """The tasks with their numbers, and the verification, which has none."""
    yield from enumerate(phase.tasks, 1)
    if phase.verification:
        yield None, phase.verification_task


def _parts(opened: Opened, name: str) -> tuple[tuple[str, ...], bool]:
    """The parts of a name, and whether the first is a phase for certain: it is given by its file.

    Raises:
        UsageError: the file is none of the series.
    """
    file = re.fullmatch(r"(.+\.ya?ml)(?:/(.*))?", name)
    if file is None:
        return tuple(name.split("/")), False
    path, rest = Path(file[1]), file[2]
    if path.exists() and path.resolve().parent != opened.folder.resolve():
        raise UsageError(f"{path} is no phase file of this series, which is in {opened.folder}")
    if path.stem not in [phase.id for phase in opened.loaded.phases]:
        raise UsageError(_no_phase(opened, path.stem, ("phase",)))
    return (path.stem, *(rest.split("/") if rest is not None else ())), True


def _number(said: str) -> int | None:
    return int(said) if re.fullmatch(r"[0-9]{1,9}", said) else None


def _under_way(opened: Opened, phases: Iterable[Phase]) -> list[Phase]:
    return [each for each in phases if opened.progress(each).under_way(each.id)]


def _of_another_kind(name: str, found: Named, wanted: tuple[Kind, ...], task_by: str) -> str:
    if wanted == ("phase",):
        instead = f"; for a task: {program()} {task_by} {found.id}" if task_by else ""
        what = "the verification" if found.kind == "verification" else f"a {found.kind}"
        return f"`{name}` is {what} of {found.phase.id}, and a phase is wanted here{instead}"
    if "task" not in wanted:
        return f"`{name}` is a {found.kind}; name a step of it"
    tasks = _listed(task.id for task in found.phase.tasks)
    if found.kind == "phase":
        return f"`{name}` is a phase; name a task of it (there are: {tasks})"
    or_phase = f" or {found.phase.id}" if "phase" in wanted else ""
    return (
        f"`{name}` is the verification of {found.phase.id}, and no task: name a task{or_phase} "
        f"(there are: {tasks})"
    )


def _ambiguous(opened: Opened, said: _Said, found: _Meant) -> str:
    name, things = said.text, found.things
    kinds = list(dict.fromkeys(each.kind for each in things))
    if found.begins and len(said.parts) > 1:
        around = _meant(opened, said.around(), EVERY_KIND)
        if len(around.things) > 1:
            return _ambiguous(opened, said.around(), around)
    every = _listed(each.id for each in things)
    if found.begins:
        return f"there is no {' or '.join(kinds)} `{name}`; {len(things)} begin with it: {every}"
    if len(kinds) > 1:
        what = " or ".join(f"the {each.kind} {each.id}" for each in things)
        return f"`{name}` may be {what}: write the phase's file, or the task with its phase"
    if kinds == ["phase"]:
        what = " or ".join(f"{each.id} (`phase: {each.phase.number}`)" for each in things)
        return f"`{name}` may be {what}: write the whole name"
    return f"several {kinds[0]}s are called `{name}`: say which one ({every})"


def _unknown(opened: Opened, said: _Said, wanted: tuple[Kind, ...]) -> str:
    """What to say of a name that means nothing: which part of it is the first to do so."""
    name = said.parts[-1]
    if len(said.parts) == 1:
        return _no_phase(opened, name, wanted)
    around = _meant(opened, said.around(), EVERY_KIND)
    if not around.things:
        return _unknown(opened, said.around(), wanted)
    if len(around.things) > 1:
        return _ambiguous(opened, said.around(), around)
    (inside,) = around.things
    if inside.kind == "step":
        return f"`{said.text}` has a part too many: no name has more than PHASE/TASK/STEP"
    if inside.task is not None:
        steps = [step for step, _ in inside.task.named_steps()]
        return f"there is no step `{inside.id}/{name}` (there are: {_listed(steps) or 'none'})"
    if name == "verification":
        return f"{inside.id} has no verification"
    tasks = [task.id for task in inside.phase.tasks]
    hint = _meant_instead(f"{inside.id}/{name}", tasks)
    return (
        f"there is no task `{inside.id}/{name}`{f'; {hint}' if hint else ''} "
        f"(there are: {_listed(tasks) or 'none'})"
    )


def _no_phase(opened: Opened, name: str, wanted: tuple[Kind, ...]) -> str:
    phases = [phase.id for phase in opened.loaded.phases]
    if wanted == ("phase",):
        hint = _meant_instead(name, phases)
        where, there = f" in {opened.folder}", "there are"
    else:
        tasks = [task.id for phase in opened.loaded.phases for task in phase.tasks]
        names = [*phases, *tasks, *(last(task) for task in tasks)]
        hint = _meant_instead(name, names)
        where, there = "", "the phases are"
    if name.startswith("phase-") and (number := _number(name[6:])) is not None:
        numbered = [phase.id for phase in opened.loaded.phases if phase.number == number]
        hint = f"phase {number} is `{numbered[0]}`" if numbered else hint
    what = "phase" if wanted == ("phase",) else "phase or task"
    return (
        f"there is no {what} `{name}`{where}{f'; {hint}' if hint else ''} "
        f"({there}: {_listed(phases)})"
    )


def _meant_instead(name: str, known: list[str]) -> str | None:
    """A hint for a misspelt name; another number is no misspelling."""
    numbers = re.findall("[0-9]+", name)
    return suggestion(name, [each for each in known if re.findall("[0-9]+", each) == numbers])


def _listed(names: Iterable[str]) -> str:
    return counting.named(names, _LISTED)
