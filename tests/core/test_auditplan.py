"""Which checks an audit makes again, and on which commit."""

from __future__ import annotations

from runbook.core.check.auditplan import Seen, audit_plan
from runbook.core.matching.texts import Text
from runbook.core.model.model import Commit, Edit, Phase, Step, Task, Verify
from runbook.core.model.operations import Append

EDIT = Edit(("a.py",), (Append(Text("x\n", True)),))
CHECK = Verify("true")
COMMIT = Commit("Subject")


def planned(
    *tasks: tuple[Step, ...], verification: tuple[Step, ...] = (), left: tuple[str, ...] = ()
) -> tuple[dict[str, str], tuple[str, ...]]:
    made_of = tuple(Task(f"p/task-{n}", f"T{n}", steps) for n, steps in enumerate(tasks, 1))
    phase = Phase("p", "Goal", made_of, verification=verification)
    every = [*made_of, Task(phase.verification_id, "", verification)]
    names = {task.step_id(i): step for task in every for i, step in enumerate(task.steps)}
    done = names.keys() - left
    made = {name: f"at {name}" for name, step in names.items() if isinstance(step, Commit)}
    plan = audit_plan(phase, {k: v for k, v in made.items() if k in done}, done, "the start")
    return {each.step.removeprefix("p/"): each.commit for each in plan.checks}, plan.beyond


def test_a_check_before_its_commit_saw_that_state() -> None:
    assert planned((EDIT, CHECK, CHECK, COMMIT)) == (
        {"task-1/step-2": "at p/task-1/step-4", "task-1/step-3": "at p/task-1/step-4"},
        (),
    )


def test_a_check_that_an_edit_follows_saw_what_no_commit_holds() -> None:
    assert planned((EDIT, CHECK, EDIT, CHECK, COMMIT)) == (
        {"task-1/step-4": "at p/task-1/step-5"},
        ("p/task-1/step-2",),
    )
    assert planned((EDIT, CHECK)) == ({}, ("p/task-1/step-2",))


def test_a_check_after_a_commit_saw_that_state() -> None:
    assert planned((EDIT, COMMIT, CHECK), (CHECK,), (EDIT, COMMIT), verification=(CHECK,)) == (
        {
            "task-1/step-3": "at p/task-1/step-2",
            "task-2/step-1": "at p/task-1/step-2",
            "verification/step-1": "at p/task-3/step-2",
        },
        (),
    )


def test_a_check_before_the_first_change_saw_the_start() -> None:
    assert planned((CHECK,), (EDIT, COMMIT)) == ({"task-1/step-1": "the start"}, ())


def test_what_was_not_done_is_not_looked_at() -> None:
    assert planned((EDIT, CHECK, COMMIT), (CHECK,), left=("p/task-2/step-1",)) == (
        {"task-1/step-2": "at p/task-1/step-3"},
        (),
    )


def test_what_a_check_saw_is_told_by_trees() -> None:
    """More than by the order of steps; a commit that was rewritten holds what it held before."""
    tasks = (Task("p/task-1", "T", (EDIT, CHECK, COMMIT, CHECK, EDIT, CHECK, CHECK, COMMIT)),)
    phase = Phase("p", "Goal", tasks)
    done = {name for name, _ in tasks[0].named_steps()}
    made = {"p/task-1/step-3": "A", "p/task-1/step-8": "B"}
    checks = {"p/task-1/step-2": "a", "p/task-1/step-4": "other", "p/task-1/step-6": "a"}
    seen = Seen(checks, {"start": {"s"}, "A": {"a rewritten", "a"}, "B": {"b"}})
    plan = audit_plan(phase, made, done, "start", seen)
    assert {each.step[-1]: each.commit for each in plan.checks} == {"2": "A", "6": "A", "7": "B"}
    assert plan.beyond == ("p/task-1/step-4",)
