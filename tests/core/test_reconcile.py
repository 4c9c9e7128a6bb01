"""The journal compared with git, as events."""

from __future__ import annotations

from typing import Any

import pytest

from runbook.core.matching.texts import Text
from runbook.core.model.digest import digest
from runbook.core.model.model import Commit, Edit, Phase, Step, Task, Verify
from runbook.core.model.operations import Append
from runbook.core.record import events, ledgerevents, stepevents
from runbook.core.record.fold import apply, fold
from runbook.core.record.ledgerevents import (
    CommitsRewritten,
    PhaseRebuilt,
    RewrittenCommit,
    StepCommit,
)
from runbook.core.record.progress import Progress
from runbook.core.record.proofs import CommitNote, TaskMark
from runbook.core.record.reconcile import Landed, again, as_noted, landed_steps, reconcile
from runbook.core.record.status import changed_step, changed_task, next_step

EDIT = Edit(("a.py",), (Append(Text("x\n", True)),))
CHECK = Verify("true")
COMMIT = Commit("Subject")


def phase(*tasks: tuple[Step, ...], verification: tuple[Step, ...] = ()) -> Phase:
    made = tuple(Task(f"p/task-{n}", f"T{n}", steps) for n, steps in enumerate(tasks, 1))
    return Phase("p", "Goal", made, verification=verification)


def landed(
    of: Phase, task: int, step: int, commit: str = "", along: tuple[int, ...] = (), **more: Any
) -> Landed:
    done = of.tasks[task - 1]
    marks = tuple(TaskMark(of.tasks[n - 1].id, digest(of.tasks[n - 1])) for n in along)
    about: dict[str, Any] = {
        "series": "", "folder": "phases", "phase": "p", "task": done.id, "title": done.title,
        "digest": digest(done), "step": done.step_id(step - 1), "steps": step,
        "of": len(done.steps), "run": "r", "ref": None, "takes_along": marks,
    }  # fmt: skip
    return Landed(commit or f"c{task}{step}", f"parent-{task}{step}", CommitNote(**about | more))


def rebuilt(of: Phase, *found: Landed) -> Progress:
    progress = Progress()
    steps = landed_steps(found)
    for event in reconcile(of, progress, set(), steps, "h9", "refs/heads/main"):
        apply(progress, event)
    return progress


def test_nothing_is_known_of_a_phase_without_notes() -> None:
    of = phase((EDIT, COMMIT))
    assert rebuilt(of) == Progress()


def test_a_phase_is_rebuilt() -> None:
    of = phase((EDIT, COMMIT), (EDIT, CHECK, COMMIT))
    progress = rebuilt(of, landed(of, 2, 3), landed(of, 1, 2))
    assert progress.complete("p")
    assert progress.commits("p") == ["c12", "c23"]
    assert progress.phases["p"].head == "parent-12"
    assert (progress.head, progress.ref) == ("h9", "refs/heads/main")
    assert progress.tasks["p/task-2"].head == "parent-23"
    assert progress.unnoted == {}


def test_the_latest_of_several_commits_of_a_step_counts() -> None:
    of = phase((EDIT, COMMIT))
    progress = rebuilt(of, landed(of, 1, 2, "late"), landed(of, 1, 2, "early"))
    assert progress.commits("p") == ["late"]


def test_a_part_of_a_phase() -> None:
    of = phase((EDIT, COMMIT), (EDIT, COMMIT, EDIT, COMMIT), (CHECK,))
    progress = rebuilt(of, landed(of, 2, 2), landed(of, 1, 2))
    assert progress.done("p/task-1")
    assert not progress.done("p/task-2")
    steps = progress.tasks["p/task-2"].steps
    assert [state.done for state in steps.values()] == [True, True]
    assert progress.under_way("p")
    assert [again(of, progress, task) for task in of.tasks] == [False, False, False]


def test_what_is_not_in_a_commit_is_to_be_verified_again() -> None:
    of = phase((EDIT, COMMIT, CHECK), (CHECK,), verification=(CHECK,))
    progress = rebuilt(of, landed(of, 1, 2))
    assert not progress.complete("p")
    assert again(of, progress, of.tasks[0])
    assert not again(of, progress, of.tasks[1]), "the one before it is not done"
    of = phase((EDIT, COMMIT), (CHECK,), (EDIT,))
    progress = rebuilt(of, landed(of, 1, 2))
    assert [again(of, progress, task) for task in of.tasks] == [False, True, False]


def test_a_commit_speaks_for_the_tasks_it_takes_along() -> None:
    of = phase((EDIT, CHECK), (CHECK,), (COMMIT,))
    progress = rebuilt(of, landed(of, 3, 1, along=(1, 2)))
    assert progress.complete("p")


def test_a_task_that_says_something_else_now_keeps_its_old_digest() -> None:
    of = phase((EDIT, COMMIT))
    progress = rebuilt(of, landed(of, 1, 2, digest="old"))
    assert progress.done("p/task-1")
    assert progress.tasks["p/task-1"].digest == "old"
    longer = phase((EDIT, COMMIT, CHECK))
    part = rebuilt(of, landed(longer, 1, 2))
    assert not part.done("p/task-1")


OF = phase((EDIT, COMMIT), (EDIT, COMMIT))


def journaled(commits: tuple[str, ...] = ("c12", "c22"), done: int = 2) -> Progress:
    history: list[events.Event] = [events.PhaseBegan("p", "Goal", "h0", "main")]
    for task, commit in zip(OF.tasks, commits, strict=False):
        step = task.step_id(1)
        history += [
            events.TaskBegan(task.id, task.title, digest(task), "h", "main"),
            stepevents.StepBegan(step, "commit", "Subject", "d", "a:1:1"),
            stepevents.CommitMade(step, commit, "Subject", ("a.py",)),
        ]
    return fold(history[: 1 + 3 * done])


def changes(progress: Progress, gone: set[str], *found: Landed) -> list[events.Event]:
    return reconcile(OF, progress, gone, landed_steps(found), "h9", "main")


def test_what_git_has_is_left_alone() -> None:
    assert changes(journaled(), set()) == []
    assert changes(journaled(), set(), landed(OF, 1, 2, "other")) == []


def test_commits_that_were_rewritten_are_followed() -> None:
    found = landed(OF, 2, 2, "n2"), landed(OF, 1, 2, "n1")
    (event,) = changes(journaled(), {"c12", "c22"}, *found)
    assert event == CommitsRewritten(
        "p",
        "parent-12",
        (
            RewrittenCommit("p/task-1/step-2", "c12", "n1"),
            RewrittenCommit("p/task-2/step-2", "c22", "n2"),
        ),
    )
    progress = journaled()
    apply(progress, event)
    assert progress.commits("p") == ["n1", "n2"]
    assert progress.head == "n2"
    assert progress.unnoted == {}
    assert progress.phases["p"].head == "parent-12"
    # And from there on.
    (event,) = changes(progress, {"n2"}, landed(OF, 2, 2, "m2"), landed(OF, 1, 2, "n1"))
    assert isinstance(event, CommitsRewritten)
    assert [each.after for each in event.rewritten] == ["m2"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_commit_that_is_gone_is_done_again(kept: bool) -> None:
    found = changes(journaled(), {"c22"}, *([landed(OF, 1, 2)] if kept else []))
    assert found[0] == ledgerevents.PhaseForgotten("p", "Goal", "c22")
    if not kept:
        assert len(found) == 1
        return
    assert isinstance(found[1], PhaseRebuilt)
    (task,) = found[1].tasks
    assert task.made == (StepCommit("p/task-1/step-2", "c12"),)


MORE = Edit(("b.py",), (Append(Text("y\n", True)),))
STEPS = digest(EDIT), digest(COMMIT)


@pytest.mark.parametrize(
    ("now", "changed", "begins"),
    [
        ((EDIT, COMMIT, MORE, COMMIT), None, 2),
        ((EDIT, COMMIT, CHECK, MORE, COMMIT), None, 2),
        ((EDIT, COMMIT), None, 2),
        ((MORE, COMMIT, EDIT, COMMIT), "p/task-1/step-1", 0),
        ((EDIT,), "p/task-1/step-2", 1),
    ],
)
def test_a_task_that_was_changed_is_known_by_its_steps(
    now: tuple[Step, ...], changed: str | None, begins: int
) -> None:
    note = landed(phase((EDIT, COMMIT, EDIT, COMMIT)), 1, 2, step_digests=STEPS)
    of = phase(now)
    (task,) = of.tasks
    progress = rebuilt(of, note)
    assert not progress.done(task.id)
    assert changed_step(task, progress) == changed
    assert next_step(progress, task) == begins
    assert progress.commits("p") == ["c12"]


def test_a_finished_task_to_which_a_step_was_put_is_changed() -> None:
    note = landed(phase((EDIT, COMMIT)), 1, 2, step_digests=STEPS)
    of = phase((EDIT, COMMIT, CHECK))
    assert changed_task(of, rebuilt(of, note)) == of.tasks[0]


@pytest.mark.parametrize("known", [(), STEPS[:1]])
def test_steps_that_a_note_does_not_tell_all_of_are_not_known(known: tuple[str, ...]) -> None:
    note = landed(phase((EDIT, COMMIT, EDIT, COMMIT)), 1, 2, step_digests=known)
    of = phase((EDIT, COMMIT, MORE, COMMIT))
    assert rebuilt(of, note).tasks["p/task-1"].steps == {}
    assert not as_noted(of.tasks[0], note.note)
