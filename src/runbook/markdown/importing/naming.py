"""Short names for imported phases, unique in their folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from runbook.core.imported import Imported, Remark
from runbook.core.model import Phase

_MOST_WORDS = 4
_LONGEST = 32
_JOIN = {"a", "an", "and", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
_DATE = re.compile(r"^\d{4}-?\d{2}-?\d{2}[-_]+")
_OF_A_PLAN = re.compile(
    r"\b(?:implementation|migration|refactoring|design|development)?\s*plan\b.*$|"
    r"\bimplementation\s*$|^\s*(?:the|an?)\s+",
    re.IGNORECASE,
)


def short_name(title: str, file_name: str) -> str:
    """What a phase without a number is called: like its file, or by a few words of its title."""
    of_file = _slug(_DATE.sub("", file_name))
    if of_file and of_file.count("-") < _MOST_WORDS and len(of_file) <= _LONGEST:
        return of_file
    return _few_words(title) or _few_words(of_file) or "plan"


def named(imports: list[Imported], existing: tuple[Phase, ...]) -> list[Imported]:
    """The imports of one call under names that no other phase of the folder has.

    A phase that is there with the same goal is the same plan's, and is met under its name. Where
    another plan's phase has the number, it is left out, and the title says it.
    """
    there = {phase.id: phase for phase in existing}
    numbered = {phase.number: phase for phase in existing if phase.number is not None}
    taken: set[str] = set()
    made = []
    for each in imports:
        phase, warnings = each.phase, each.warnings
        other = None if phase.number is None else numbered.get(phase.number)
        again = other is not None and other.id not in taken and _is_same(other, phase)
        if other is not None and not (again and other.id == phase.id):
            words = f"{other.id} is phase {phase.number} already: this one has no number here"
            warnings = (*warnings, Remark(1, words))
            phase = _renamed(_without_number(phase), _by_title(phase))
        name = next(
            name
            for name in _candidates(phase)
            if name not in taken and (name not in there or _is_same(there[name], phase))
        )
        phase = _renamed(phase, name)
        taken.add(name)
        if phase.number is not None:
            numbered[phase.number] = phase
        made.append(replace(each, phase=phase, warnings=warnings))
    return made


def _is_same(one: Phase, other: Phase) -> bool:
    """Whether two phases are of the same plan, which may have been changed in between."""
    return one.goal == other.goal


def _candidates(phase: Phase) -> Iterator[str]:
    yield phase.id
    by_title = _by_title(phase)
    yield by_title
    for number in count(2):
        yield f"{by_title}-{number}"


def _by_title(phase: Phase) -> str:
    words = _few_words(phase.title or phase.goal) or "plan"
    return words if phase.number is None else f"{words}-{phase.number}"


def _without_number(phase: Phase) -> Phase:
    title = phase.title or phase.goal
    return replace(phase, number=None, of=None, title=f"{title} - Phase {phase.number}")


def _renamed(phase: Phase, name: str) -> Phase:
    tasks = tuple(
        replace(task, id=f"{name}/{task.id.removeprefix(f'{phase.id}/')}") for task in phase.tasks
    )
    return replace(phase, id=name, tasks=tasks)


def _few_words(title: str) -> str:
    words = _slug(_OF_A_PLAN.sub("", title) or title).split("-")[:_MOST_WORDS]
    while len(words) > 1 and len("-".join(words)) > _LONGEST:
        words.pop()
    while len(words) > 1 and words[-1] in _JOIN:
        words.pop()
    return "-".join(words)[:_LONGEST].strip("-")


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
