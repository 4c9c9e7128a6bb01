"""Evidence of checks, folded from events, and the notes that carry it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook.core.record import proofs, stepevents
from runbook.core.record.proofs import (
    Check,
    CommitNote,
    SeenToFail,
    TaskMark,
    after,
    note_text,
    read_notes,
)

STEP = "phase-1/task-1/step-2"
TEXTS = st.text(max_size=5)
COUNTS = st.builds(stepevents.TestCounts, passed=st.integers(0, 3), failed=st.integers(0, 3))
SECONDS = st.floats(0, 100)
SEEN = st.builds(
    SeenToFail, TEXTS, TEXTS, st.none() | st.integers(0, 255), st.none() | COUNTS, SECONDS
)
CHECKS = st.builds(
    Check, TEXTS, TEXTS, st.none() | st.integers(0, 255), st.none() | COUNTS, SECONDS,
    st.lists(TEXTS, max_size=2).map(tuple), TEXTS, st.booleans(), st.integers(0, 2),
    st.none() | SEEN,
)  # fmt: skip
NOTES = st.builds(
    CommitNote, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS, st.integers(1, 9),
    st.integers(1, 9), TEXTS,
    st.none() | TEXTS, st.lists(CHECKS, max_size=2).map(tuple),
    st.lists(st.builds(TaskMark, TEXTS, TEXTS), max_size=2).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
)  # fmt: skip
NOTE = CommitNote("", "phases", "phase-1", "phase-1/task-1", "T", "d", STEP, 2, 2, "run", None)


def ended(exit: int = 0, state: Any = "", **more: Any) -> stepevents.CommandEnded:
    return stepevents.CommandEnded(STEP, exit, 1.5, "", "log", "digest", state=state, **more)


def folded(*history: proofs.CheckEvent) -> Check | None:
    check = None
    for event in history:
        check = after(check, event)
    return check


def test_a_check_that_passed() -> None:
    counts = stepevents.TestCounts(passed=3)
    began = stepevents.CommandBegan(STEP, "pytest")
    assert folded(
        began, ended(counts=counts, dirty=("mine.txt",)), stepevents.VerifyPassed(STEP, 1)
    ) == Check(STEP, "pytest", 0, counts, 1.5, ("mine.txt",), "digest", passed=True, flaky=1)
    assert folded(began, ended(exit=1)) == Check(
        STEP, "pytest", 1, duration=1.5, log_digest="digest"
    )


def test_a_check_that_was_seen_to_fail_before() -> None:
    check = folded(
        stepevents.CommandBegan(STEP, "pytest"),
        ended(),
        stepevents.VerifyPassed(STEP),
        stepevents.CommandBegan(STEP, "pytest", "task", "c0"),
        ended(1, "task"),
        stepevents.FailedBefore(STEP, "task", "c0", ("why",)),
    )
    assert check is not None
    assert check.passed
    assert (check.exit, check.before) == (0, SeenToFail("task", "c0", 1, None, 1.5))


def test_a_check_that_is_run_again_is_seen_anew() -> None:
    first = (stepevents.CommandBegan(STEP, "old"), ended(), stepevents.VerifyPassed(STEP))
    assert folded(*first, stepevents.CommandBegan(STEP, "new")) == Check(STEP, "new")


@settings(deadline=None)
@given(st.lists(NOTES, max_size=3), st.sampled_from(["", "\n", "\n\n", "words of a person {\n"]))
def test_notes_are_read_as_they_were_written(notes: list[CommitNote], between: str) -> None:
    assert read_notes(between.join(map(note_text, notes))) == notes


def test_a_note_says_only_what_tests_did() -> None:
    counts = stepevents.TestCounts(passed=2)
    note = CommitNote("", "", "", "", "", "", STEP, 2, 2, "", None, (Check(STEP, "", 0, counts),))
    assert json.loads(note_text(note))["checks"][0]["counts"] == {"passed": 2}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "looked at by me",
        '{"runbook": 2}',
        '{"runbook": 1}',
        '{"reviewed": true}',
        note_text(NOTE)[:-10],
    ],
)
def test_what_is_no_note_of_ours_is_passed_over(text: str) -> None:
    assert read_notes(text) == []
    assert read_notes(text.rstrip("{") + "\n" + note_text(NOTE)) == [NOTE]


def test_a_later_note_may_say_more() -> None:
    content = json.loads(note_text(NOTE)) | {"weather": "fine"}
    assert read_notes(json.dumps(content)) == [NOTE]
