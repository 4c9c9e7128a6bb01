"""Tasks found again by what they do, when others were put before or between them."""

from __future__ import annotations

from collections.abc import Mapping

from runbook.core.model.digest import digest as digest_of
from runbook.core.model.digest import unchanged
from runbook.core.model.ids import last, task_id, within
from runbook.core.model.model import Phase
from runbook.core.value import replace


def realigned(phase: Phase, known: Mapping[str, tuple[str, str]]) -> Phase:
    """The phase with the names under which its tasks were begun, which their order gave them then.

    `known` has the titles and digests of tasks by their names. A task that does what one of them
    did is that one, also where it was given a name of its own since, or lost it; so is one that has
    the title of one which none does. Those that are new and would have its name get numbers that
    none had. Other names of their own stay.
    """
    own = {each.id for n, each in enumerate(phase.tasks, 1) if each.id != task_id(phase.id, n)}
    begun = {
        name: stated
        for name, stated in known.items()
        if stated[1] and within(name, phase.id) and name not in own
    }
    numbered = {each.id: each for each in phase.tasks if each.id not in own}
    unknown = [each for each in phase.tasks if each.id in numbered or each.id not in known]
    # Digests take time, and nearly always all tasks are where they were.
    if all(
        name in numbered and numbered[name].title == title for name, (title, _) in begun.items()
    ):
        return phase
    names = {
        name: name
        for name, (_, digest) in begun.items()
        if name in numbered and unchanged(numbered[name], digest)
    }
    by_digest: dict[str, list[str]] = {}
    for name, (_, digest) in begun.items():
        if name not in names:
            by_digest.setdefault(digest, []).append(name)
    for each in unknown:
        if each.id not in names and (found := by_digest.get(digest_of(each))):
            names[each.id] = found.pop(0)
    left = {name: begun[name][0] for found in by_digest.values() for name in found}
    # Not of one with a name of its own: with that, another task is meant.
    new = {each.id: each.title for each in unknown if each.id in numbered.keys() - names.keys()}
    names |= _by_title(new, left)
    taken = set(names.values())
    most = max([len(phase.tasks), *(_number(phase, name) for name in begun)])
    for each in numbered.values():
        if each.id not in names and each.id in taken:
            most += 1
            names[each.id] = task_id(phase.id, most)
    tasks = tuple(replace(each, id=names.get(each.id, each.id)) for each in phase.tasks)
    return replace(phase, tasks=tasks)


def _by_title(new: dict[str, str], begun: dict[str, str]) -> dict[str, str]:
    """The names of tasks that do something else now, by titles that are there once on each side."""
    found = {}
    for each, title in new.items():
        same = [name for name, known in begun.items() if known == title]
        if len(same) == 1 and [*new.values()].count(title) == 1:
            found[each] = same[0]
    return found


def _number(phase: Phase, name: str) -> int:
    """The number in a name that a task's order gave it; 0 in any other."""
    digits = last(name).removeprefix("task-")
    return int(digits) if digits.isdigit() and name == task_id(phase.id, int(digits)) else 0
