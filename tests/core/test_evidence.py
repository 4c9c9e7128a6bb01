"""Folding the probe's records."""

import json
from typing import Any

import pytest

from runbook.core.check.evidence import Evidence, PytestRun, Warned, read_evidence


def line(kind: str, run: str = "1", **facts: Any) -> str:
    return json.dumps({"run": run, "kind": kind, **facts})


def report(node: str, outcome: str, *, last: bool = True, **facts: Any) -> str:
    defaults: dict[str, Any] = {"worker": "main", "duration": 0.5, "message": "", "run": "1"}
    return line("report", node=node, outcome=outcome, last=last, **(defaults | facts))


def only_run(*lines: str) -> PytestRun:
    (run,) = read_evidence(lines).runs
    return run


def test_no_record_is_no_evidence() -> None:
    assert read_evidence([]) == Evidence()
    assert read_evidence(["", "not json", "[]", '{"kind": "start"}']).runs == ()


def test_a_whole_run() -> None:
    run = only_run(
        line("start"),
        line("collected", tests=["a", "b"]),
        report("a", "passed"),
        report("b", "skipped", last=False, message="later"),
        report("b", "passed"),
        line("finish", exit=0),
    )
    assert run.complete
    assert run.collected == 2
    assert [(result.node_id, result.outcome) for result in run.results] == [
        ("a", "passed"),
        ("b", "skipped"),
    ]
    assert run.results[1].message == "later"


def test_without_finish_record_nothing_is_complete() -> None:
    run = only_run(line("start"), line("collected", tests=["a"]), report("a", "passed"))
    assert not run.finished
    assert not run.complete


@pytest.mark.parametrize("status", [2, 3, 4])
def test_a_run_that_pytest_broke_off_is_not_complete(status: int) -> None:
    run = only_run(
        line("collected", tests=["a"]), report("a", "passed"), line("finish", exit=status)
    )
    assert run.finished
    assert not run.complete


def test_tests_that_never_ended_are_named() -> None:
    run = only_run(
        line("collected", tests=["a", "b", "c"]),
        report("a", "passed"),
        report("c", "not-run"),
        line("finish", exit=0),
    )
    assert run.unfinished == ("b", "c")
    assert not run.complete


def test_a_torn_last_line_is_passed_over() -> None:
    lines = [line("collected", tests=["a"]), report("a", "passed"), line("finish", exit=0)]
    whole = only_run(*lines)
    for cut in range(len(lines[-1])):
        torn = only_run(*lines[:-1], lines[-1][:cut])
        assert torn.exit is None
        assert torn.results == whole.results


@pytest.mark.parametrize(
    ("phases", "outcome"),
    [
        (["passed"], "passed"),
        (["failed", "passed"], "failed"),
        (["failed", "error"], "failed"),
        (["error", "passed"], "error"),
        (["error"], "error"),
        (["skipped", "passed"], "skipped"),
        (["skipped", "error"], "error"),
        (["xfailed", "passed"], "xfailed"),
        (["xpassed", "passed"], "xpassed"),
        (["failed", "failed", "passed"], "failed"),
    ],
)
def test_a_test_is_the_fold_of_its_phases(phases: list[str], outcome: str) -> None:
    lines = [
        report("a", phase, last=place == len(phases) - 1, duration=place + 1.0)
        for place, phase in enumerate(phases)
    ]
    (result,) = only_run(*lines).results
    assert result.outcome == outcome
    assert result.duration == len(phases)


def test_a_failure_without_teardown_is_still_a_failure() -> None:
    run = only_run(line("collected", tests=["a"]), report("a", "failed", last=False))
    assert [result.outcome for result in run.results] == ["failed"]


def test_only_the_last_try_of_a_retried_test_counts() -> None:
    run = only_run(report("a", "retried", last=False), report("a", "passed"))
    assert [result.outcome for result in run.results] == ["passed"]
    run = only_run(report("a", "passed"), report("a", "failed", last=False), report("a", "passed"))
    assert [result.outcome for result in run.results] == ["failed"]


def test_of_a_test_that_ran_twice_the_worse_time_counts() -> None:
    for outcomes in (("failed", "passed"), ("passed", "failed")):
        run = only_run(*(report("a", outcome) for outcome in outcomes))
        assert [result.outcome for result in run.results] == ["failed"]


def test_a_test_run_by_several_workers_counts_for_each() -> None:
    run = only_run(report("a", "failed", worker="gw0"), report("a", "passed", worker="gw1"))
    assert {(result.worker, result.outcome) for result in run.results} == {
        ("gw0", "failed"),
        ("gw1", "passed"),
    }


@pytest.mark.parametrize(
    ("node", "dist", "node_id"),
    [
        ("t.py::test_a@db", "loadgroup", "t.py::test_a"),
        ("t.py::test_a[x@y]@db", "loadgroup", "t.py::test_a[x@y]"),
        ("t.py::test_a[x@y]", "loadgroup", "t.py::test_a[x@y]"),
        ("me@home/t.py::test_a", "loadgroup", "me@home/t.py::test_a"),
        ("login.yaml::me@home", "load", "login.yaml::me@home"),
    ],
)
def test_group_suffix(node: str, dist: str, node_id: str) -> None:
    run = only_run(
        line("start", dist=dist), line("collected", tests=[node]), report(node, "passed")
    )
    assert run.results[0].node_id == node_id
    assert run.unfinished == ()


def test_runs_are_told_apart_however_their_records_mix() -> None:
    evidence = read_evidence(
        [
            line("collected", run="1", tests=["a"]),
            line("collected", run="2", tests=["a"]),
            report("a", "failed", run="2"),
            report("a", "passed", run="1"),
            line("finish", run="1", exit=0),
            line("finish", run="2", exit=1),
        ]
    )
    assert [run.exit for run in evidence.runs] == [0, 1]
    assert evidence.count("passed") == 1
    assert evidence.count("failed") == 1
    assert len(evidence.results) == 2


def test_collection_errors_count_once_however_many_workers_meet_them() -> None:
    error = line("collection-error", node="t.py", message="no module")
    run = only_run(error, error, line("collected", tests=[]), line("finish", exit=1))
    assert [(error.node_id, error.message) for error in run.collection_errors] == [
        ("t.py", "no module")
    ]
    assert not run.complete


def test_what_was_left_out_run_again_and_warned_of() -> None:
    left_out = line("deselected", tests=["x", "y"])
    again = report("a", "retried", last=False)
    warning = line("warning", category="UserWarning", message="m", node="a")
    run = only_run(left_out, left_out, again, again, report("a", "passed"), warning)
    assert run.deselected == ("x", "y")
    assert run.rerun == ("a",)
    assert run.warnings == (Warned("UserWarning", "m", "a"),)
    assert Evidence((run,)).flaky == ("a",)
