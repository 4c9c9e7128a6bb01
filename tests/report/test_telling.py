"""The words of reports: messages of commits, text in Markdown."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from pages import read_page

from runbook.core.model.model import StartingState
from runbook.core.record import events, ledgerevents, manualevents, stepevents, verbevents
from runbook.core.record.detailevents import CommitSeen, TestSeen, TestsSeen
from runbook.core.record.events import Event
from runbook.core.record.history import Recorded
from runbook.report.fold import fold
from runbook.report.junit import junit
from runbook.report.markdown import markdown
from runbook.report.page import page as html_page
from runbook.report.story import Story
from runbook.report.telling import attention, figures, message_parts, verdict
from runbook.report.timeline import timeline
from runbook.report.workers import charts

STEP = "p/task-1/step-1"


def story(*happened: Event, run: str = "r") -> Story:
    """What a run tells in which every event is a second after the one before."""
    return fold(Recorded(run, 100.0 + number, event) for number, event in enumerate(happened))


def began(*phases: str) -> tuple[Event, ...]:
    return (
        events.RunBegan("r", "1", phases or ("p",)),
        events.PhaseBegan("p", "Goal", "a" * 40, "refs/heads/main", 1),
        events.TaskBegan("p/task-1", "Title", "", None, None),
        stepevents.StepBegan(STEP, "verify", "pytest", "", "phases/p.yaml:3:1"),
    )


def ran(state: StartingState | Literal[""] = "", exit: int = 0) -> tuple[Event, ...]:
    return (
        stepevents.CommandBegan(STEP, "pytest", state),
        stepevents.CommandEnded(STEP, exit, 1.0, "", "", "", state=state),
    )


@pytest.mark.parametrize(
    ("message", "body", "trailers"),
    [
        ("fix: it\n", "", []),
        ("fix: it\n\nBecause.\n", "Because.", []),
        (
            "fix: it\n\nBecause.\n\nFixes: 12\nBy: Ada\n",
            "Because.",
            [("Fixes", "12"), ("By", "Ada")],
        ),
        ("fix: it\n\nFixes: 12\n", "", [("Fixes", "12")]),
        ("fix: it\n\nFixes: 12\nand more\n", "Fixes: 12\nand more", []),
    ],
)
def test_trailers_are_the_last_lines_of_a_message(
    message: str, body: str, trailers: list[tuple[str, str]]
) -> None:
    assert message_parts(message) == ("fix: it", body, trailers)


def test_what_is_skipped_before_its_phase_begins_is_told() -> None:
    told = story(
        events.RunBegan("r", "1", ("p",), verb="skip"),
        verbevents.TaskSkipped("p/task-2", "Second", "not now", "Ada", ()),
        *began(),
        stepevents.StepDone(STEP),
        events.TaskDone("p/task-1", 1.0, ()),
        events.PhaseCompleted("p", None, 0, 3.0, ("p/task-2",)),
    )
    assert [(task.task, task.mark) for task in told.tasks] == [
        ("p/task-2", "skipped"),
        ("p/task-1", "done"),
    ]
    assert (told.phases["p"].title, told.phases["p"].head) == ("Goal", "a" * 40)
    assert "p/task-2 was skipped by Ada: not now" in [each.text for each in attention(told)]
    assert figures(told)[0].value == "1 of 2"


def test_a_phase_begun_anew_says_why() -> None:
    told = story(*began(), ledgerevents.PhaseForgotten("p", "Goal", "c" * 40), *began()[1:])
    assert "begun anew: ccccccccc was no longer in the branch" in [
        each.text for each in attention(told)
    ]


def test_a_later_run_alone_is_told_too() -> None:
    """What it goes on with was before, and is taken as it is found."""
    told = story(
        events.RunBegan("r", "1", ("p",)),
        events.PhaseResumed("p", "Goal", 1, 2),
        events.TaskResumed("p/task-2", "Second", ""),
        manualevents.ManualDone("p/task-2/step-1", ("a",), who="Ada", when=5),
        stepevents.StepDone("p/task-2/step-2"),
        stepevents.HooksChanged("p/task-2/step-3", ("a",), ""),
        stepevents.CommitMade("p/task-2/step-3", "c" * 40, "Subject", ("a",)),
        events.TaskDone("p/task-2", 1.0),
        events.PhaseCompleted("p", None, 2, 1.0),
        events.RunEnded(0),
    )
    assert [(task.task, task.mark) for task in told.tasks] == [("p/task-2", "done")]
    assert verdict(told).text == "complete"
    assert any("hook" in each.text for each in attention(told))


@pytest.mark.parametrize("state", get_args(StartingState))
def test_a_check_on_any_starting_state_is_told(state: StartingState) -> None:
    seen = stepevents.FailedBefore(STEP, state, "b" * 40, ("exit status 1",))
    told = story(*began(), *ran(), *ran(state, 1), seen, stepevents.VerifyPassed(STEP))
    there = {"series": "the series' start", "base": "the base"}.get(state, f"the {state}'s start")
    shown = html_page(told)
    assert f"Seen to fail</strong> at {escape(there)} (" in shown
    assert f"at {escape(there)}:</span> exit status 1" in shown
    said = f"fails at {there} (`bbbbbbbbb`: exit status 1"
    assert said in markdown(told)


def test_a_run_that_was_killed_has_not_ended() -> None:
    told = story(*began(), stepevents.CommandBegan(STEP, "pytest"))
    assert verdict(told).text == "not ended: at work, or killed"
    line = timeline(told)
    assert line is not None
    assert [bar.kind for row in line.rows for bar in row.bars] == ["check"]


def test_the_time_of_a_task_is_that_of_all_its_runs() -> None:
    task = "p/task-1"
    resumed = (events.RunBegan("r", "1", ("p",)), events.TaskResumed(task, "Title", ""))
    runs = {
        # It stopped after four seconds, was killed after one, and was done two and a half later.
        "stopped": (*began(), *ran(exit=1), events.RunEnded(1)),
        "killed": (
            *resumed,
            stepevents.StepBegan(STEP, "verify", "pytest", "", "phases/p.yaml:3:1"),
        ),
        "done": (*resumed, *ran(), events.TaskDone(task, 2.5), events.RunEnded(0)),
    }
    told = fold(
        Recorded(run, 1000.0 * place + number, event)
        for place, (run, happened) in enumerate(runs.items())
        for number, event in enumerate(happened)
    )
    assert told.phases["p"].tasks[task].duration == 4 + 1 + 2.5


def test_time_between_runs_is_cut_out_of_the_line() -> None:
    first = story(*began(), *ran(), events.RunEnded(1))
    assert first.runs["r"].ended == 106.0
    history = [
        Recorded("r", 100.0 + number, event)
        for number, event in enumerate((*began(), *ran(exit=1), events.RunEnded(1)))
    ] + [
        Recorded("s", 9000.0 + number, event)
        for number, event in enumerate(
            (
                events.RunBegan("s", "1", ("p",)),
                *ran(),
                stepevents.VerifyPassed(STEP),
                events.RunEnded(0),
            )
        )
    ]
    line = timeline(fold(history))
    assert line is not None
    (cut,) = line.cuts
    assert cut.label == "2 h 28 min"
    assert (line.busy, line.waited) == (10.0, 8894.0)
    (row,) = line.rows
    before, after = row.bars
    assert before.at + before.width <= cut.at < after.at
    assert after.at + after.width <= 100


@pytest.mark.parametrize(
    ("phases", "tasks", "names"),
    [
        (4, 11, ["phase-1", "phase-2", "phase-3", "phase-4"]),
        (4, 10, [f"phase-{phase}/task-{task}" for phase in range(1, 5) for task in range(1, 11)]),
        (1, 50, [f"task-{first} to task-{first + 1}" for first in range(1, 50, 2)]),
    ],
)
def test_many_tasks_of_many_phases_have_a_row_for_each_phase(
    phases: int, tasks: int, names: list[str]
) -> None:
    happened: list[Event] = [events.RunBegan("r", "1", ())]
    for phase in (f"phase-{number}" for number in range(1, phases + 1)):
        happened.append(events.PhaseBegan(phase, "Goal", "a" * 40, "refs/heads/main", tasks))
        for task in (f"{phase}/task-{number}" for number in range(1, tasks + 1)):
            step = f"{task}/step-1"
            happened += [
                events.TaskBegan(task, "Title", "", None, None),
                stepevents.StepBegan(step, "verify", "pytest", "", "phases/p.yaml:3:1"),
                stepevents.CommandBegan(step, "pytest"),
                stepevents.CommandEnded(step, 0, 1.0, "", "", ""),
                events.TaskDone(task, 1.0),
            ]
    told = story(*happened, events.RunEnded(0))
    line = timeline(told)
    assert line is not None
    assert [row.name for row in line.rows] == names
    assert sum(len(row.bars) for row in line.rows) == phases * tasks
    assert ('class="eyebrow">phase-1 to phase-4<' in html_page(told)) == (phases == 4)


def test_tests_by_worker_are_on_one_scale() -> None:
    def seen(state: str, workers: str) -> TestsSeen:
        tests = [TestSeen(f"t.py::{n}", "passed", 1.0, w) for n, w in enumerate(workers.split())]
        return TestsSeen(STEP, "phase" if state else "", tuple(tests))

    told = story(
        *began(), *ran(), seen("", "gw0 gw1 gw0 gw1"), stepevents.VerifyPassed(STEP),
        *ran("phase", 1), seen("phase", "gw0 gw0 gw0 gw0"),
    )  # fmt: skip
    before, now = charts(told.steps[0])
    assert [worker.name for worker in before.workers] == ["gw0"]
    assert [worker.name for worker in now.workers] == ["gw0", "gw1"]
    ends = [max(part.at + part.width for part in w.parts) for c in (before, now) for w in c.workers]
    assert ends == pytest.approx([100, 50, 50], abs=1)


@pytest.mark.parametrize(
    "title",
    [
        "a | b",
        "# no heading",
        "<script>alert(1)</script>",
        "[x](http://y)",
        "`a",
        "*b*",
        "\x1b[31mred",
    ],
)
def test_no_text_means_anything_in_markdown(title: str) -> None:
    from markdown_it import MarkdownIt

    told = story(*began()[:2], events.TaskBegan("p/task-1", title, "", None, None), *began()[3:])
    text = MarkdownIt("gfm-like", {"linkify": False}).render(markdown(told))
    assert "<script" not in text
    assert "<a " not in text
    assert "\x1b" not in text
    (row,) = [line for line in text.split("\n") if "task-1: " in line]
    plain = title.replace("\x1b[31m", "").replace("<", "&lt;").replace(">", "&gt;")
    assert f"task-1: {plain} (under way)</td>" in row.replace("`", "`")


@pytest.mark.parametrize("text", ["1. x", "12) x", "- x", "+ x", "-", "a | b", "`a | b`"])
def test_no_text_begins_a_list_or_is_changed(text: str) -> None:
    from markdown_it import MarkdownIt

    told = story(*began()[:3], stepevents.StepBegan(STEP, "verify", text, "", "p.yaml:1:1"), *ran())
    told.steps[0].failed_before = stepevents.FailedBefore(STEP, "task", "b" * 40, (text,))
    shown = read_page(MarkdownIt("gfm-like", {"linkify": False}).render(markdown(told)))
    (why,) = [each.text for each in shown.every("li") if not each.every("li")]
    assert why == text
    assert text in [each.text for each in shown.every("code")]


def test_nobody_is_called_by_a_title() -> None:
    told = story(*began()[:2], events.TaskBegan("p/task-1", "ask @team, a@b.org", "", None, None))
    assert "@team" not in markdown(told)


def test_a_thousand_tasks_make_a_page_that_can_be_opened() -> None:
    """Ten megabytes at most, although each has a long difference and many tests."""
    lines = ["+" + f"    value_{number} = compute({number})  # why" for number in range(200)]
    change = "--- a/x.py\n+++ b/x.py\n@@ -0,0 +1,200 @@\n" + "\n".join(lines) + "\n"
    tests = tuple(
        TestSeen(f"tests/test_x.py::test_{number}", "passed", 0.1, f"gw{number % 4}")
        for number in range(40)
    )
    history: list[Event] = [events.PhaseBegan("p", "Many", None, None, 1000)]
    for number in range(1, 1001):
        task = f"p/task-{number}"
        check, made = f"{task}/step-1", f"{task}/step-2"
        commit = f"{number:040x}"
        history += [
            events.TaskBegan(task, f"Number {number}", "", None, None),
            stepevents.StepBegan(check, "verify", "pytest", "", "p.yaml:1:1"),
            stepevents.CommandBegan(check, "pytest"),
            stepevents.CommandEnded(check, 0, 1.0, "40 passed", "", ""),
            TestsSeen(check, "", tests),
            stepevents.VerifyPassed(check),
            stepevents.StepDone(check),
            stepevents.StepBegan(made, "commit", "feat", "", "p.yaml:2:1"),
            stepevents.CommitMade(made, commit, "feat", ("x.py",)),
            CommitSeen(made, commit, "Ada", 1, "feat\n", f"diff --git a/x.py b/x.py\n{change}"),
            events.TaskDone(task, 1.0),
        ]
    text = html_page(fold(Recorded("r", float(n), each) for n, each in enumerate(history)))
    assert len(text.encode()) < 10_000_000
    shown = read_page(text)
    assert len(shown.every("details", class_="task")) == 1000
    assert len(shown.every("div", class_="lane")) <= 42


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_any_event_alone_can_be_told(kind: type[Event]) -> None:
    """Lines of a program may begin and end anywhere."""

    @settings(max_examples=15, deadline=None)
    @given(st.from_type(kind), st.sampled_from(["p", "p/task-1", "p/task-1/step-1"]))
    def check(event: Event, where: str) -> None:
        names = {each.name for each in fields(event)}
        there: Any = dict.fromkeys(names & {"phase", "task", "step", "where", "target"}, where)
        there |= dict.fromkeys(names & {"when"}, 1_700_000_000)
        told = fold([Recorded("r", 1.0, replace(event, **there))])
        assert markdown(told)
        assert junit(told)

    check()
