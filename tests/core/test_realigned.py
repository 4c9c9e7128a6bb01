"""Tasks are found again by what they do, whatever was put before or between them."""

from __future__ import annotations

import pytest

from runbook.core.model.digest import digest
from runbook.core.model.model import Phase, Task, Verify
from runbook.core.record.realigned import realigned


def phase(*stated: str) -> Phase:
    """A phase with a task for each word; `name=word` has a name of its own, `word!` other steps."""
    tasks = []
    for number, each in enumerate(stated, 1):
        name, _, word = each.rpartition("=")
        tasks.append(Task(f"p/{name or f'task-{number}'}", word.rstrip("!"), (Verify(word),)))
    return Phase("p", "G", tuple(tasks))


def known(**words: str) -> dict[str, tuple[str, str]]:
    """What a journal knows: names of tasks with the words they were begun with."""
    found = {
        f"p/{name.replace('_', '-')}": (word, digest(phase(word).tasks[0]))
        for name, word in words.items()
    }
    return found | {"p/verification": ("verification", ""), "q/task-1": ("other", "other")}


@pytest.mark.parametrize(
    ("stated", "begun", "names"),
    [
        (["a", "b"], {}, ["task-1", "task-2"]),
        (["a", "b"], {"task_1": "a"}, ["task-1", "task-2"]),
        (["new", "a", "b"], {"task_1": "a"}, ["task-4", "task-1", "task-3"]),
        (["new", "a", "b"], {"task_1": "a", "task_2": "b"}, ["task-4", "task-1", "task-2"]),
        (["a", "new", "b"], {"task_1": "a", "task_2": "b"}, ["task-1", "task-4", "task-2"]),
        # Once the new one is begun, it is known as well.
        (["new", "a", "b"], {"task_1": "a", "task_4": "new"}, ["task-4", "task-1", "task-3"]),
        (["newer", "new", "a"], {"task_1": "a", "task_4": "new"}, ["task-5", "task-4", "task-1"]),
        (["b", "a"], {"task_1": "a", "task_2": "b"}, ["task-2", "task-1"]),
        (["b"], {"task_1": "a", "task_2": "b"}, ["task-2"]),
        (["a", "a", "a"], {"task_1": "a", "task_2": "a"}, ["task-1", "task-2", "task-3"]),
        (["new", "a", "a"], {"task_1": "a", "task_2": "a"}, ["task-4", "task-2", "task-1"]),
        # One that does something else now is refused under the name it has.
        (["x", "b"], {"task_1": "a", "task_2": "b"}, ["task-1", "task-2"]),
        (["new", "x", "b"], {"task_1": "a", "task_2": "b"}, ["task-1", "task-4", "task-2"]),
        # By its title it is known also where it does something else, if only one has it.
        (["new", "a!"], {"task_1": "a"}, ["task-3", "task-1"]),
        (["b!", "a"], {"task_1": "a", "task_2": "b"}, ["task-2", "task-1"]),
        (["new", "a!", "a!!"], {"task_1": "a"}, ["task-1", "task-2", "task-3"]),
        (["new", "n=a!"], {"task_1": "a"}, ["task-1", "n"]),
        # Names of their own stay.
        (["new", "n=a", "b"], {"n": "a", "task_2": "b"}, ["task-1", "n", "task-2"]),
        (["n=b", "a"], {"task_1": "a"}, ["n", "task-1"]),
        # One that was given to a begun task since comes too late, and one that it lost stays.
        (["n=a", "b"], {"task_1": "a", "task_2": "b"}, ["task-1", "task-2"]),
        (["n=a", "m=x", "b"], {"task_1": "a", "task_2": "b"}, ["task-1", "m", "task-2"]),
        (["new", "a", "b"], {"n": "a", "task_2": "b"}, ["task-1", "n", "task-2"]),
    ],
)
def test_names_are_those_that_tasks_had(
    stated: list[str], begun: dict[str, str], names: list[str]
) -> None:
    found = realigned(phase(*stated), known(**begun))
    assert [task.id.removeprefix("p/") for task in found.tasks] == names
    assert [task.steps for task in found.tasks] == [task.steps for task in phase(*stated).tasks]
