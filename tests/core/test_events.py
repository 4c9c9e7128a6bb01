"""Events and their records, for every kind of event."""

from __future__ import annotations

import json
from types import ModuleType
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook.core.record import (
    aheadevents,
    auditevents,
    delegateevents,
    detailevents,
    events,
    ledgerevents,
    manualevents,
    stepevents,
    verbevents,
)
from runbook.core.record.events import Event, is_transient
from runbook.core.record.records import from_record, to_record

TEXTS = st.text(max_size=5)
IMAGES = st.builds(
    stepevents.FileImage,
    path=TEXTS,
    before=st.none() | TEXTS,
    after=st.none() | TEXTS,
    mode=st.none() | st.integers(0, 0o777),
    lines=TEXTS,
)
MISMATCHES = st.builds(
    stepevents.Mismatch,
    message=TEXTS,
    details=st.lists(TEXTS, max_size=2).map(tuple),
    hint=st.none() | TEXTS,
)
st.register_type_strategy(stepevents.FileImage, IMAGES)
st.register_type_strategy(stepevents.Mismatch, MISMATCHES)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
KINDS = get_args(Event)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
def test_an_event_survives_its_record(kind: type[Event]) -> None:
    @settings(max_examples=10, deadline=None)
    @given(st.from_type(kind))
    def check(event: Event) -> None:
        record = to_record(event)
        assert record["event"] == kind.__name__
        read = from_record(json.loads(json.dumps(record)))
        assert read == event
        assert type(read) is kind
        assert hash(read) == hash(event)

    check()


def test_every_kind_of_event_is_in_the_union() -> None:
    nested = {
        "AdoptedStep",
        "AdoptedTask",
        "FileImage",
        "Mismatch",
        "TestCounts",
        "RebuiltTask",
        "RewrittenCommit",
        "Special",
        "StepCommit",
        "Tally",
        "TestSeen",
        "Watched",
    }
    families = (
        aheadevents, auditevents, delegateevents, detailevents, events, ledgerevents, manualevents,
        stepevents, verbevents,
    )  # fmt: skip
    defined = {
        name
        for module in families
        for name, kind in vars(module).items()
        if isinstance(kind, type) and kind.__module__ == module.__name__
    }
    assert defined - nested == {kind.__name__ for kind in KINDS}


@pytest.mark.parametrize(
    ("module", "family"),
    [
        (aheadevents, aheadevents.AheadEvent),
        (auditevents, auditevents.AuditEvent),
        (delegateevents, delegateevents.DelegateEvent),
        (detailevents, detailevents.DetailEvent),
        (ledgerevents, ledgerevents.LedgerEvent),
        (manualevents, manualevents.ManualEvent),
        (stepevents, stepevents.StepEvent),
        (verbevents, verbevents.VerbEvent),
    ],
)
def test_an_event_is_of_the_family_of_its_module(module: ModuleType, family: object) -> None:
    assert {kind for kind in KINDS if kind.__module__ == module.__name__} == set(get_args(family))


def test_only_output_and_what_is_kept_elsewhere_is_transient() -> None:
    transient = {kind for kind in KINDS if is_transient(kind.__new__(kind))}
    live = {stepevents.CommandOutput, stepevents.EditShown}
    assert transient == {*live, *get_args(detailevents.DetailEvent)}


def test_a_record_of_an_older_version_lacks_the_newer_fields() -> None:
    assert from_record({"event": "EditApplied", "step": "s", "written": [], "unchanged": []}) == (
        stepevents.EditApplied("s", (), ())
    )


def test_a_record_of_a_newer_version_may_have_more_fields() -> None:
    assert from_record({"event": "StepDone", "step": "s", "later": 1}) == stepevents.StepDone("s")


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"event": "Unheard"},
        {"event": "StepDone"},
        {"event": "Mismatch", "message": "m"},
        {"event": "RunRestored", "step": "s", "files": "a.py"},
        {"event": "RunPlanned", "step": "s", "files": ["a.py"]},
    ],
)
def test_a_record_that_is_no_event_is_refused(record: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not an event of this version"):
        from_record(record)
