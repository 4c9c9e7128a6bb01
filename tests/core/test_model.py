"""The model: values, digests, and what phases inherit."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.declared import manual_targets
from runbook.core.model.digest import digest, unchanged
from runbook.core.model.model import (
    Commit,
    Confirm,
    Count,
    Edit,
    Expect,
    Manual,
    Phase,
    Run,
    Service,
    Settings,
    Step,
    Task,
    TestsExpectation,
    Verify,
)
from runbook.core.model.operations import Replace
from runbook.core.position import Position

HERE, THERE = Position("a.yaml", 1, 1), Position("a.yaml", 2, 1)
REPLACE = Replace(Text("a\n", True), Text("b\n", True), lines=LineRange(1, 2), at=HERE)
EDIT = Edit(("a.py",), (REPLACE,), title="Title", note="Note", at=HERE)
VERIFY = Verify("pytest", Expect(tests=TestsExpectation()), title="Title", at=HERE)
TASK = Task("phase-1/task-1", "Title", (EDIT, VERIFY), group="A", note="Note", at=HERE)


def test_values_are_compared_by_what_they_say_and_not_by_where() -> None:
    moved = replace(VERIFY, at=THERE)
    assert moved == VERIFY
    assert hash(moved) == hash(VERIFY)
    assert replace(VERIFY, command="make") != VERIFY
    steps: tuple[Step, Step] = (VERIFY, EDIT)
    assert steps[0] != steps[1]
    assert {VERIFY, moved} == {VERIFY}


def test_a_value_is_shown_without_its_position() -> None:
    assert repr(Commit("Do it", at=HERE)) == (
        "Commit(message='Do it', files=None, trailers=(), force=False, hooks=None, "
        "title=None, note=None)"
    )


def test_a_value_has_no_room_for_other_attributes() -> None:
    with pytest.raises(AttributeError):
        VERIFY.other = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "same",
    [
        replace(TASK, title="Another"),
        replace(TASK, note=None),
        replace(TASK, group="B"),
        replace(TASK, verifies=("AC1",)),
        replace(TASK, at=THERE),
        replace(TASK, id="phase-1/task-2"),
        replace(TASK, steps=(EDIT, replace(VERIFY, timeout=60.0))),
        replace(TASK, steps=(replace(EDIT, title=None, note="Other", at=THERE), VERIFY)),
        replace(
            TASK, steps=(replace(EDIT, changes=(replace(REPLACE, lines=None, at=THERE),)), VERIFY)
        ),
        replace(
            TASK,
            steps=(
                EDIT,
                replace(VERIFY, expect=Expect(tests=TestsExpectation(), prose="All tests pass")),
            ),
        ),
        replace(TASK, steps=(EDIT, replace(VERIFY, expect=replace(VERIFY.expect, exit=(0,))))),
        replace(TASK, steps=(EDIT, replace(VERIFY, guard=True))),
        replace(TASK, steps=(EDIT, replace(VERIFY, retries=2))),
    ],
)
def test_words_and_places_are_not_in_a_digest(same: Task) -> None:
    assert digest(same) == digest(TASK)


@pytest.mark.parametrize(
    "other",
    [
        replace(TASK, steps=(EDIT,)),
        replace(TASK, steps=(VERIFY, EDIT)),
        replace(TASK, steps=(replace(EDIT, targets=("b.py",)), VERIFY)),
        replace(TASK, steps=(replace(EDIT, changes=(replace(REPLACE, count=2),)), VERIFY)),
        replace(
            TASK,
            steps=(replace(EDIT, changes=(replace(REPLACE, search=Text("a", False)),)), VERIFY),
        ),
        replace(TASK, steps=(EDIT, replace(VERIFY, expect=replace(VERIFY.expect, exit=(1,))))),
        replace(TASK, steps=(EDIT, replace(VERIFY, env=(("A", "1"),)))),
        replace(TASK, steps=(EDIT, replace(VERIFY, expect=Expect()))),
    ],
)
def test_all_that_is_done_is_in_a_digest(other: Task) -> None:
    assert digest(other) != digest(TASK)


def test_what_a_person_is_told_to_do_is_not_in_a_digest() -> None:
    step = Manual("Look.", ("a.py",))
    assert unchanged(step, digest(replace(step, instructions="Look closely.")))
    assert not unchanged(replace(step, files=("b.py",)), digest(step))


def test_a_check_of_words_alone_expects_what_is_expected_anyway() -> None:
    step = Verify("make x")
    for same in (Expect(prose="All is well."), Expect(exit=(0,)), Expect(exit=(0,), prose="Well.")):
        assert digest(replace(step, expect=same)) == digest(step)
    failing = Expect(tests=TestsExpectation("fail"))
    assert digest(replace(step, expect=failing)) == digest(
        replace(step, expect=replace(failing, exit="nonzero"))
    )
    assert digest(replace(step, expect=failing)) != digest(
        replace(step, expect=replace(failing, exit=(0,)))
    )


@pytest.mark.parametrize(
    "stated",
    [
        Verify("a", guard=True),
        Verify("a\n", retries=1),
        Verify("a", expect=Expect(prose="Well.")),
        Verify("a", guard=True, timeout=5.0),
    ],
)
def test_how_a_check_is_made_is_not_in_its_digest(stated: Verify) -> None:
    assert digest(stated) == digest(Verify("a"))


def test_a_command_in_a_block_is_the_same_command() -> None:
    line, block = Verify("make x"), Verify("make x\n")
    tasks = [Task("p/task-1", "T", (Commit("x"), each, Run("a", ("b",)))) for each in (line, block)]
    for one, other in ((line, block), tasks):
        assert digest(one) == digest(other)
        assert unchanged(one, digest(other))
    assert not unchanged(line, digest(Verify("make  x")))
    assert not unchanged(line, digest(Verify("make x\n\n")))


def test_a_question_is_in_its_digest() -> None:
    """A yes is to what was asked."""
    step = Confirm("Is it red?", title="Look", note="Closely")
    assert digest(step) == digest(Confirm("Is it red?"))
    assert not unchanged(Confirm("Is it green?"), digest(step))


def test_a_digest_is_the_same_in_every_version() -> None:
    # Recorded in journals: a change of this value makes every finished task a changed one.
    form = b'{"":"Verify","command":"pytest"}'
    assert digest(Verify("pytest", title="Title")) == sha256(form).hexdigest()


def test_a_text_of_any_bytes_has_a_digest() -> None:
    text = b"\xff\0".decode("utf-8", "surrogateescape")
    assert len(digest(Verify(text))) == 64
    assert digest(Verify(text)) != digest(Verify("\0"))


@pytest.mark.parametrize(
    ("bound", "admitted"),
    [
        ("==2", {2}),
        ("!=2", {0, 1, 3, 4}),
        (">=2", {2, 3, 4}),
        ("<=2", {0, 1, 2}),
        (">2", {3, 4}),
        ("<2", {0, 1}),
    ],
)
def test_a_count_admits_what_it_says(bound: str, admitted: set[int]) -> None:
    count = Count(bound.removesuffix("2"), 2)  # type: ignore[arg-type]
    assert {number for number in range(5) if count.admits(number)} == admitted
    assert str(count) == bound.removeprefix("==")


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        (None, (0,)),
        (TestsExpectation(), (0,)),
        (TestsExpectation("fail"), "nonzero"),
        (TestsExpectation(failed=Count(">=", 1)), "nonzero"),
        (TestsExpectation(failed=Count("==", 0)), (0,)),
        (TestsExpectation(failed=Count("<=", 2)), (0, 1, 2)),
        (TestsExpectation(errors=Count("<", 2)), (0, 1, 2)),
        (TestsExpectation(failed=Count("<", 1)), (0,)),
        (TestsExpectation(failed=Count(">=", 0)), (0, 1, 2)),
        (TestsExpectation(failed=Count("!=", 1)), (0, 1, 2)),
        (TestsExpectation(failed=Count("<=", 2), errors=Count("==", 1)), "nonzero"),
        (TestsExpectation(failed=("a.py::test_a",)), "nonzero"),
        (TestsExpectation(errors=Count("==", 1)), "nonzero"),
        (TestsExpectation(fails_with=("boom",)), "nonzero"),
        (TestsExpectation(skipped=Count("==", 1)), (0,)),
    ],
)
def test_the_exit_that_is_expected_follows_from_the_tests(
    tests: TestsExpectation | None, expected: object
) -> None:
    assert Expect(tests=tests).exit_or_default == expected
    assert Expect(tests=tests, exit=(3,)).exit_or_default == (3,)


def test_a_commit_s_subject_is_its_first_line() -> None:
    assert Commit("\nSubject\n\nBody\n").subject == "Subject"


def test_step_identifiers_count_from_one() -> None:
    assert TASK.step_id(0) == "phase-1/task-1/step-1"


SERIES = Settings(
    workdir="app",
    worktree=".worktrees/a",
    co_authored_by=("Ada <ada@example.org>",),
    env=(("A", "1"), ("B", "1")),
    secrets=("TOKEN",),
    services=(Service("db", "postgres"),),
    timeout=600.0,
)


def test_a_phase_that_states_nothing_inherits_all() -> None:
    assert Settings().over(SERIES) == SERIES


def test_what_a_phase_states_beats_what_it_inherits() -> None:
    own = Settings(workdir=".", co_authored_by=(), services=(), timeout=1.0)
    settled = own.over(SERIES)
    assert (settled.workdir, settled.co_authored_by, settled.services, settled.timeout) == (
        ".",
        (),
        (),
        1.0,
    )
    assert settled.worktree == ".worktrees/a"


def test_variables_are_merged_and_secrets_only_added() -> None:
    own = Settings(env=(("B", "2"), ("C", "2")), secrets=("KEY", "TOKEN"))
    settled = own.over(SERIES)
    assert settled.env == (("A", "1"), ("B", "2"), ("C", "2"))
    assert settled.secrets == ("TOKEN", "KEY")


def test_a_manual_step_may_change_what_the_commit_after_it_names() -> None:
    step = Manual("Do it.")
    steps = (Commit("one", files=("a.py",)), step, Commit("two", files=("b.py",)))
    phase = Phase("p", "goal", (Task("p/task-1", "t", steps),))
    assert manual_targets(phase, step) == ["b.py"]
