"""Progress: a fold over the events of all runs."""

from __future__ import annotations

from runbook.core.record import events, ledgerevents, manualevents, stepevents
from runbook.core.record.events import Event
from runbook.core.record.fold import apply, fold
from runbook.core.record.progress import Progress
from runbook.core.record.proofs import Word

P, T1, T2, V = "phase-1", "phase-1/task-1", "phase-1/task-2", "phase-1/verification"
REF = "refs/heads/main"


def step(task: str, number: int, kind: stepevents.StepKind = "verify", digest: str = "d") -> Event:
    return stepevents.StepBegan(f"{task}/step-{number}", kind, "subject", digest, "a.yaml:1:1")


def done(task: str, number: int) -> Event:
    return stepevents.StepDone(f"{task}/step-{number}")


def began(task: str, head: str = "h0") -> Event:
    return events.TaskBegan(task, "Title", "digest", head, REF, ("mine.txt",))


def commit(task: str, number: int, head: str) -> list[Event]:
    name = f"{task}/step-{number}"
    return [
        step(task, number, "commit"),
        stepevents.CommitIntended(name, "h0", REF, ("a.py",), "m", "0 +0000"),
        stepevents.CommitMade(name, head, "Subject", ("a.py",)),
        done(task, number),
    ]


BEGIN: list[Event] = [
    events.RunBegan("run-1", "1.0", (P,)),
    events.PhaseBegan(P, "Title", "h0", REF),
]
FIRST_TASK: list[Event] = [began(T1), step(T1, 1), done(T1, 1), *commit(T1, 2, "h1")]
WHOLE: list[Event] = [
    *BEGIN,
    *FIRST_TASK,
    events.TaskDone(T1, 1.0),
    events.VerificationBegan(P),
    step(V, 1),
    done(V, 1),
    events.PhaseCompleted(P, "h1", 1, 2.0),
    events.RunEnded(0),
]


def stopped(where: str = f"{T1}/step-1") -> events.Stopped:
    return events.Stopped("unmet", where, "a.yaml:1:1", "it failed")


def test_nothing_happened() -> None:
    progress = fold([])
    assert progress == Progress()
    assert not progress.under_way(P)
    assert not progress.complete(P)
    assert not progress.done(T1)
    assert progress.commits(P) == []


def test_a_whole_run() -> None:
    progress = fold(WHOLE)
    assert progress.complete(P)
    assert not progress.under_way(P)
    assert progress.done(T1)
    assert progress.commits(P) == ["h1"]
    assert (progress.head, progress.ref) == ("h1", REF)
    assert progress.intent is None
    assert progress.stops == {}
    assert progress.running is None
    assert progress.phases[P].head == "h0"


def test_every_prefix_of_a_run_is_a_state() -> None:
    for length in range(len(WHOLE)):
        progress = fold(WHOLE[:length])
        assert progress.complete(P) is (length > WHOLE.index(WHOLE[-2]))
        assert progress.under_way(P) is (length >= 2 and not progress.complete(P))
        assert (progress.running is not None) is (length >= 1)


def test_a_fold_goes_on_where_another_stopped() -> None:
    for length in range(len(WHOLE)):
        progress = fold(WHOLE[:length])
        for event in WHOLE[length:]:
            apply(progress, event)
        assert progress == fold(WHOLE)


def test_events_for_live_views_change_nothing() -> None:
    before = fold(WHOLE[:5])
    output = stepevents.CommandOutput(f"{T1}/step-1", "line")
    assert fold([*WHOLE[:5], output]) == before


def test_a_task_knows_what_it_began_with() -> None:
    task = fold([*BEGIN, began(T1)]).tasks[T1]
    assert (task.title, task.digest, task.head, task.ref, task.dirty) == (
        "Title",
        "digest",
        "h0",
        REF,
        ("mine.txt",),
    )
    assert not task.done


def test_a_stop_is_forgotten_when_a_step_begins() -> None:
    history = [*BEGIN, began(T1), step(T1, 1), stopped(), events.RunEnded(1)]
    progress = fold(history)
    assert progress.stops == {P: stopped()}
    assert progress.stopped_in(T1) == stopped()
    assert progress.running is None
    again: list[Event] = [events.RunBegan("run-2", "1.0", (P,)), events.PhaseResumed(P, "T", 0, 2)]
    assert fold([*history, *again]).stops == {P: stopped()}
    assert fold([*history, *again, step(T1, 1)]).stops == {}


def test_a_stop_outside_a_step_is_forgotten_when_the_phase_goes_on() -> None:
    history = [*BEGIN, stopped(P), events.RunEnded(1)]
    assert fold(history).stops == {P: stopped(P)}
    assert fold([*history, began(T1), step(T1, 1)]).stops == {}


def test_neither_a_refused_run_nor_another_phase_makes_a_stop_forgotten() -> None:
    history = [*BEGIN, began(T1), step(T1, 1), stopped(), events.RunEnded(1)]
    refused = events.Stopped("refused", P, "a.yaml:1:1", "a lock is there")
    other: list[Event] = [events.PhaseAlreadyComplete("phase-9", "T"), events.RunEnded(0)]
    assert fold([*history, refused, events.RunEnded(1), *other]).stops == {P: stopped()}


def test_a_run_that_was_killed_is_seen() -> None:
    assert fold(WHOLE[:5]).running == "run-1"


def test_a_step_begun_again_after_it_was_done_is_to_be_done_again() -> None:
    history = [*BEGIN, began(T1), step(T1, 1), done(T1, 1)]
    assert fold(history).tasks[T1].steps[f"{T1}/step-1"].done
    assert not fold([*history, step(T1, 1)]).tasks[T1].steps[f"{T1}/step-1"].done


def test_a_step_that_goes_on_remembers_what_was_planned_unless_it_was_changed() -> None:
    name = f"{T1}/step-1"
    image = stepevents.FileImage("a.py", "before", "after")
    history = [*BEGIN, began(T1), step(T1, 1, "edit"), stepevents.EditPlanned(name, (image,))]
    assert fold([*history, step(T1, 1, "edit")]).tasks[T1].steps[name].planned == (image,)
    changed = fold([*history, step(T1, 1, "edit", digest="other")])
    assert changed.tasks[T1].steps[name].planned is None


def test_a_resumed_task_takes_the_new_digest_and_keeps_its_steps() -> None:
    history = [*BEGIN, began(T1), step(T1, 1), done(T1, 1)]
    task = fold([*history, events.TaskResumed(T1, "Title", "new")]).tasks[T1]
    assert task.digest == "new"
    assert task.steps[f"{T1}/step-1"].done
    assert task.head == "h0"


def test_a_commit_is_intended_until_it_is_made() -> None:
    intended = [*BEGIN, began(T1), *commit(T1, 1, "h1")[:2]]
    assert fold(intended).intent is not None
    assert fold(intended).head == "h0"
    made = fold([*BEGIN, began(T1), *commit(T1, 1, "h1")])
    assert made.intent is None
    assert made.head == "h1"


def test_accepting_head_moves_it_and_ends_an_intent() -> None:
    intended = [*BEGIN, began(T1), *commit(T1, 1, "h1")[:2]]
    progress = fold([*intended, events.HeadAccepted("h9", "refs/heads/other")])
    assert (progress.head, progress.ref, progress.intent) == ("h9", "refs/heads/other", None)


def test_a_task_that_is_done_after_a_verification_undoes_it() -> None:
    assert V in fold(WHOLE).tasks
    later: list[Event] = [events.PhaseResumed(P, "Title", 1, 2), began(T2), events.TaskDone(T2, 1)]
    assert V not in fold([*WHOLE, *later]).tasks
    assert fold([*WHOLE, *later]).done(T1)


def test_a_resumed_phase_is_under_way_again() -> None:
    progress = fold([*WHOLE, events.PhaseResumed(P, "Title", 1, 2)])
    assert progress.under_way(P)


def test_a_forgotten_phase_leaves_nothing_of_itself() -> None:
    other: list[Event] = [
        events.PhaseBegan("phase-10", "Ten", "h1", REF),
        began("phase-10/task-1", "h1"),
    ]
    progress = fold([*WHOLE, *other, ledgerevents.PhaseForgotten(P, "Title", "h1")])
    assert set(progress.phases) == {"phase-10"}
    assert set(progress.tasks) == {"phase-10/task-1"}


def test_planned_images_are_the_latest_ones() -> None:
    def planned(number: int, after: str | None) -> Event:
        image = stepevents.FileImage("a.py", "before", after)
        return stepevents.EditPlanned(f"{T1}/step-{number}", (image,))

    begun = [*BEGIN, began(T1), step(T1, 1, "edit"), step(T1, 2, "edit")]
    history = [*begun, planned(1, "one"), planned(2, None)]
    assert fold(history[:-1]).tasks[T1].images == {"a.py": "one"}
    assert fold(history).tasks[T1].images == {"a.py": None}


def test_work_handed_over_is_remembered_with_its_files() -> None:
    image = stepevents.FileImage("a.py", "digest", None)
    history = [
        *BEGIN,
        began(T1),
        step(T1, 1, "manual"),
        manualevents.ManualBegan(f"{T1}/step-1", "Do it", (image,)),
    ]
    # Until the run has stopped for it, nobody was told.
    assert not fold(history).tasks[T1].steps[f"{T1}/step-1"].told
    history.append(events.Stopped("manual", f"{T1}/step-1", "x.yaml:1:1", "waiting"))
    # Other words for the work leave it handed over.
    for more in ([], [stepevents.StepBegan(f"{T1}/step-1", "manual", "Do", "e", "a.yaml:1:1")]):
        state = fold([*history, *more]).tasks[T1].steps[f"{T1}/step-1"]
        assert (state.told, state.offered) == (True, {"a.py": "digest"})


def test_what_a_person_says_is_known_with_the_step_that_it_settles() -> None:
    name = f"{T1}/step-1"
    asked = [
        *BEGIN,
        began(T1),
        step(T1, 1, "confirm"),
        manualevents.ConfirmAsked(
            name, "Is it so?", (stepevents.FileImage("a.py", "digest", None),)
        ),
        events.Stopped("confirm", name, "x.yaml:1:1", "waiting"),
    ]
    assert fold(asked).stopped_in(T1) is not None
    assert fold(asked).tasks[T1].touched == {}
    state = fold([*asked, manualevents.Confirmed(name, "Is it so?", "Ada", 7)])
    # The one record says it all: what comes after it may never be written.
    assert state.tasks[T1].steps[name].done
    assert state.tasks[T1].steps[name].said == Word(name, "Is it so?", "Ada", 7)
    assert state.stopped_in(T1) is None
    # The step carried out again is asked again.
    again = fold([*asked, manualevents.Confirmed(name, "?", "Ada", 7), step(T1, 1, "confirm")])
    assert again.tasks[T1].steps[name].said is None


def test_a_command_that_changes_files_is_open_until_it_is_done_or_undone() -> None:
    name = f"{T1}/step-1"
    image = stepevents.FileImage("uv.lock", "before", None)
    planned = stepevents.RunPlanned(name, (image,))
    history = [*BEGIN, began(T1), step(T1, 1, "run"), planned]
    assert fold(history).open_run == planned
    assert fold([*history, stepevents.RunDone(name, ("uv.lock",))]).open_run is None
    assert fold([*history, stepevents.RunRestored(name, ("uv.lock",))]).open_run is None


PLANNED = events.WorktreePlanned("/w", "branch", "h0")
MADE = events.WorktreeMade("/w", "branch", "h0", new_branch=False)
MADE_ANEW = events.WorktreeMade("/w", "branch", "h0", new_branch=True)


def test_a_worktree_on_a_new_branch_begins_from_nothing() -> None:
    progress = fold([*WHOLE, PLANNED, MADE_ANEW])
    assert not progress.phases
    assert not progress.tasks
    assert progress.head is None
    assert progress.worktree == MADE_ANEW


def test_a_worktree_on_its_old_branch_goes_on() -> None:
    progress = fold([*WHOLE, PLANNED, MADE])
    assert progress.complete(P)
    assert progress.worktree == MADE


def test_a_worktree_that_is_removed() -> None:
    kept = fold([PLANNED, MADE, *WHOLE, events.WorktreeRemoved("/w", "branch", False, 0)])
    assert kept.complete(P)
    assert kept.worktree == MADE
    merged = fold([PLANNED, MADE, *WHOLE, events.WorktreeRemoved("/w", "branch", True, 0)])
    assert merged.complete(P)
    assert merged.worktree is None
    assert merged.planned_worktree is None
    lost = fold([PLANNED, MADE, *WHOLE, events.WorktreeRemoved("/w", "branch", True, 1)])
    assert not lost.phases


def test_a_phase_that_was_rebuilt_has_only_what_the_branch_has() -> None:
    before = [*BEGIN, began(T1), *commit(T1, 1, "h1"), events.TaskDone(T1, 0.0), began(T2, "h1")]
    progress = fold(before)
    assert progress.tasks.keys() == {T1, T2}
    apply(progress, ledgerevents.PhaseRebuilt(P, "Title", "h0", "h0", REF, False, ()))
    assert not progress.tasks
    assert progress.phases[P].rebuilt
