"""Short names for imported phases, unique in their folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from unicodedata import combining, normalize

from runbook.core.model.ids import is_phase_name
from runbook.core.model.imported import Imported, Remark
from runbook.core.model.model import Phase
from runbook.core.value import replace
from runbook.markdown.importing.words.vocabulary import anycase

_MOST_WORDS = 4
_LONGEST = 32
_JOIN = {"a", "an", "and", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
_DATE = re.compile(r"^\d{4}-?\d{2}-?\d{2}[-_]+")
_OF_A_PLAN = anycase(
    r"\b(implementation|migration|refactoring|design|development)?\s*plan\b.*$|"
    r"\bimplementation\s*$|^\s*(the|an?) "
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
    another plan's phase has a number of a series, the series has none, and the titles say them.
    """
    there = {phase.id: phase for phase in existing}
    numbered = {phase.number: phase for phase in existing if phase.number is not None}
    taken: set[str] = set()
    made = []
    for each in imports:
        phase, warnings = each.phase, each.warnings
        series = _series_of(phase, imports)
        by_title = _by_title(phase, series)
        other = _in_the_way(phase, series, numbered, taken)
        if other is not None:
            words = f"{other.id} is phase {other.number} already: this one has no number here"
            warnings = (*warnings, Remark(1, words))
            phase = renamed(_without_number(phase), by_title)
        name = next(
            name
            for name in _candidates(phase, by_title)
            if is_phase_name(name)
            and name not in taken
            and (name not in there or _is_same(there[name], phase))
        )
        if name != phase.id and phase.id in there and phase.id not in taken:
            words = f"{phase.id} is there already, and has another goal: this one is {name}"
            warnings = (*warnings, Remark(1, words))
        phase = renamed(phase, name)
        taken.add(name)
        if phase.number is not None:
            numbered[phase.number] = phase
        made.append(replace(each, phase=phase, warnings=warnings))
    now = [(was.phase, each.phase.id) for was, each in zip(imports, made, strict=True)]
    return [replace(each, phase=_requiring(each.phase, now)) for each in made]


def _requiring(phase: Phase, now: list[tuple[Phase, str]]) -> Phase:
    """The phase with what it requires of its series in the call by the names of `now`."""
    title = next(was.title for was, name in now if name == phase.id)
    names = {was.id: name for was, name in now if was.title == title}
    return replace(phase, requires=tuple(names.get(each, each) for each in phase.requires))


def _series_of(phase: Phase, imports: list[Imported]) -> list[Phase]:
    """The phases of a call that have the title of this one, and it before them."""
    same = (one.phase for one in imports if phase.title and one.phase.title == phase.title)
    return [phase, *same]


def _in_the_way(
    phase: Phase, series: list[Phase], numbered: dict[int, Phase], taken: set[str]
) -> Phase | None:
    """The phase that has the number of this one, or of another one of its series in this call.

    `taken` are the names of the phases that the call has made: its own, which keep their numbers.
    """
    for one in series:
        other = None if one.number is None else numbered.get(one.number)
        if other is None or (one is not phase and other.title == phase.title):
            continue
        if other.id in taken or other.id != one.id or not _is_same(other, one):
            return other
    return None


def _is_same(one: Phase, other: Phase) -> bool:
    """Whether two phases are of the same plan, which may have been changed in between."""
    return one.goal == other.goal


def _candidates(phase: Phase, by_title: str) -> Iterator[str]:
    yield phase.id
    yield by_title
    for number in count(2):
        yield f"{by_title}-{number}"


def _by_title(phase: Phase, series: list[Phase]) -> str:
    """A few words of the title, and the number so that names have the order of the series."""
    words = _few_words(phase.title or phase.goal) or "plan"
    if phase.number is None:
        return words
    most = max(max(one.number or 0, one.of or 0) for one in series)
    return f"{words}-{phase.number:0{len(str(most))}}"


def _without_number(phase: Phase) -> Phase:
    title = phase.title or phase.goal
    return replace(phase, number=None, of=None, title=f"{title} - Phase {phase.number}")


def renamed(phase: Phase, name: str) -> Phase:
    """The phase under another name, with its tasks."""
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
    # An accent is a character of its own there, and goes.
    name = "".join(c for c in normalize("NFKD", name) if not combining(c))
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
