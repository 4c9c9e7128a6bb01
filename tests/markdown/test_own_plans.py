"""A plan that runbook wrote is read back as the phase it was written of, changes and all."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import TAME, WILD, Alphabet, single_steps, whole_series

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.data import Assignment
from runbook.core.model.model import (
    Commit,
    Count,
    Edit,
    Expect,
    Manual,
    Note,
    Phase,
    Series,
    Settings,
    Step,
    Task,
    TestsExpectation,
    Verify,
)
from runbook.core.model.operations import Append, Create, Remove, Replace, SetValues, Structural
from runbook.core.value import replace
from runbook.format.patches import patch_of
from runbook.markdown.hidden import comment, read_comment
from runbook.markdown.importing.importer import import_plan
from runbook.markdown.importing.sharing import share
from runbook.markdown.ownplan import OwnPlan, is_own, read_plan
from runbook.markdown.ownsteps import Foreign
from runbook.markdown.plan import plan
from runbook.phasefile.loader import Loaded, load_series

ROOT = Path(__file__).parents[2]
# A thorough run: RUNBOOK_EXAMPLES=20 tests/run tests/markdown/test_own_plans.py
EXAMPLES = int(os.environ.get("RUNBOOK_EXAMPLES", "1"))
ALPHABETS = st.sampled_from([TAME, WILD]).map(Alphabet)
LINES = Text("x\n", True)


def of(*steps: Step, **other: object) -> Phase:
    """A phase with one task, settled."""
    task = Task("phase-1/task-1", "A task", steps)
    settled = {"settings": Settings(env=(), secrets=())} | other
    return Phase("phase-1", "Test.", (task,), number=1, **settled)  # type: ignore[arg-type]


def hidden(text: str) -> list[str]:
    """The hidden comments of steps, without that of the phase."""
    return re.findall(r"^<!-- runbook: (.*) -->$", text, re.MULTILINE)[1:]


def changed(phase: Phase, old: str, new: str) -> OwnPlan:
    """The plan of a phase, read after a person changed it."""
    text = plan(Series(), phase)
    assert text.count(old) == 1, text
    return read_plan(text.replace(old, new))


def all_read_back(loaded: Loaded) -> None:
    for phase in loaded.phases:
        text = plan(loaded.series, phase)
        assert is_own(text)
        found = read_plan(text)
        assert found.disagreements == (), text
        assert found.phase == phase, text


@pytest.mark.parametrize(
    "step",
    [
        Edit(("a.py",), (patch_of("--- a.py\n+++ a.py\n@@ -1 +1 @@\n-a\r\n+b\n"),)),
        Edit(("a.py",), (Structural("$A", rule='{"pattern": "f($A)", "x": [0, 1.10]}'),)),
        Verify("x", Expect(contains=("a\n", "b\nc\n"), matches=("a\n",))),
    ],
)
def test_a_value_is_read_from_a_comment_to_the_letter(step: Step) -> None:
    phase = of(step)
    found = read_plan(plan(Series(), phase))
    assert (found.phase, found.disagreements) == (phase, ())


@pytest.mark.parametrize("worktree", ["a\r\nb", "a\rb", "a\nb"])
def test_a_worktree_with_a_line_end_in_its_name_is_read_back(worktree: str) -> None:
    steps = (Verify("--- "), Commit("feat: x"))
    phase = of(*steps, settings=Settings(env=(), secrets=(), worktree=worktree))
    assert read_plan(plan(Series(), phase)).phase == phase


@pytest.mark.parametrize("jobs", [0, 1, 64])
def test_a_number_of_jobs_is_read_back(jobs: int) -> None:
    phase = of(Verify("x"), settings=Settings(env=(), secrets=(), jobs=jobs))
    found = read_plan(plan(Series(), phase))
    assert (found.phase, found.disagreements) == (phase, ())


@settings(max_examples=15 * EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(ALPHABETS.flatmap(whole_series))
def test_any_phase_is_read_back_as_it_was(loaded: Loaded) -> None:
    all_read_back(loaded)


@settings(max_examples=80 * EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(ALPHABETS.flatmap(single_steps))
def test_any_step_is_read_back_as_it_was(loaded: Loaded) -> None:
    all_read_back(loaded)


def test_our_own_phases_are_read_back_as_they_were() -> None:
    loaded = load_series(ROOT / "phases")
    assert loaded.phases
    all_read_back(loaded)
    found = read_plan(plan(loaded.series, loaded.phases[0]))
    assert found.series_title == loaded.series.title


@pytest.mark.parametrize("title", [None, "Moves", "Doors"])
def test_several_plans_keep_the_titles_of_their_phases(title: str | None) -> None:
    """One of its own may be that of the series: the screen shows it in place of the goal."""
    phases = [replace(of(Verify("x")), id=f"phase-{n}", number=n, title=title) for n in (1, 2)]
    plans = [plan(Series("Moves"), phase) for phase in phases]
    series, shared = share(tuple(import_plan(text, "x") for text in plans), None)
    assert (series.title, [phase.title for phase in shared]) == ("Moves", [title, title])


def test_a_day_that_there_is_not_is_left_out_and_told() -> None:
    own = plan(Series(), of(Verify("x"), verified="2026-02-28"))
    others = own.replace("<!-- runbook: {} -->\n", "")
    for text in (own, others):
        found = import_plan(text.replace("02-28", "02-30"), "x")
        assert found.phase.verified is None
        said = "`verified` is left out: there is no day 2026-02-30"
        assert said in [each.text for each in found.warnings]
        assert import_plan(text, "x").phase.verified == "2026-02-28"


def test_a_step_that_the_visible_text_says_whole_has_no_comment() -> None:
    phase = of(
        Edit(("a.py",), (Replace(LINES, Text("y\n", True), 3, LineRange(16, 22)),), "Change it"),
        Edit(("b.py",), (Create(LINES, 0o755),)),
        Verify("pytest"),
        Verify("ls\npwd\n", title="Look", note="Two commands."),
        Manual("Choose a name.\n\n1. One\n2. Two\n", ("a.py",)),
        Commit("feat: x\n\nWhy.\n"),
    )
    text = plan(Series(), phase)
    assert hidden(text) == []
    assert read_plan(text).phase == phase


def test_a_comment_says_only_what_the_visible_text_can_not() -> None:
    phase = of(
        Edit(("a.py",), (Replace(Text("x", False), Text("y", False), "all", None, "whitespace"),)),
        Edit(("a.py",), (Append(LINES), Remove(LINES))),
        Verify(
            "pytest", Expect(tests=TestsExpectation(passed=Count(">=", 2))), 90.0, (("A", "1"),)
        ),
        Commit("feat: x", trailers=("Refs: #1",)),
    )
    assert hidden(plan(Series(), phase)) == [
        '{"inside-line": true, "match": "whitespace"}',
        '{"changes": 2}',
        '{"expect": {"tests": {"passed": ">=2"}}, "timeout": "1m30s", "env": {"A": "1"}}',
        '{"trailers": ["Refs: #1"]}',
    ]


def test_no_comment_ends_early_or_breaks_its_line() -> None:
    keys = {"a": "--> <!-- -- \n\r\t\x85\u2028\x00\ufeff", "b-->": ["é", "👩", 1, None, True]}
    line = comment(keys)
    assert line.isprintable()
    assert line.count("--") == 2
    assert read_comment(line) == keys
    assert read_comment("<!-- START_TASK_1 -->") is None
    with pytest.raises(ValueError, match="no mapping"):
        read_comment("<!-- runbook: [] -->")


def test_a_change_of_the_visible_text_is_read() -> None:
    phase = of(Verify("pytest -q", guard=True), Commit("feat: x"))
    found = changed(phase, "pytest -q", "pytest -v")
    assert found.phase.tasks[0].steps[0] == Verify("pytest -v", guard=True)
    assert found.disagreements == ()


def test_where_a_comment_disagrees_the_visible_text_counts() -> None:
    phase = of(Verify("x", note=" An old note. \n", guard=True))
    found = changed(phase, "Note: An old note.", "Note: A new note.")
    assert found.phase.tasks[0].steps == (Verify("x", note="A new note.", guard=True),)
    (told,) = found.disagreements
    assert told.message == (
        'the comment\'s `note` (" An old note. \\n") disagrees with the visible text, which counts'
    )
    assert (
        told.line
        == plan(Series(), phase)
        .split("\n")
        .index('<!-- runbook: {"guard": true, "note": " An old note. \\n"} -->')
        + 1
    )


def test_line_hints_of_the_file_list_count() -> None:
    phase = of(Edit(("a.py",), (Remove(LINES, lines=LineRange(3, 4)),)))
    found = changed(phase, "`a.py:3-4`", "`a.py:30`")
    assert found.phase.tasks[0].steps == (
        Edit(("a.py",), (Remove(LINES, lines=LineRange(30, 30)),)),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('{"guard": true}', '{"gaurd": true}', "there is no key `gaurd`"),
        ('{"guard": true}', '{"guard": 3}', "`true` or `false` is expected here, not `3`"),
        ('{"guard": true}', '{"timeout": "soon"}', "a duration is expected here, not `soon`"),
        ('{"guard": true}', '{"retries": 0.5}', "a whole number is expected here, not `0.5`"),
        ('{"guard": true}', '{"expect": {"exits": 1}}', "unknown key `exits` in `expect`"),
        ('{"guard": true}', "guard", "this comment can't be read"),
        ('{"guard": true}', '{"changes": 2}', "there is no key `changes`"),
    ],
)
def test_a_comment_that_can_not_be_read_is_told(old: str, new: str, message: str) -> None:
    found = changed(of(Verify("x", guard=True)), old, new)
    assert found.phase.tasks[0].steps == (Verify("x"),)
    (told,) = found.disagreements
    assert message in told.message


def test_a_line_that_runbook_does_not_write_is_foreign() -> None:
    with pytest.raises(Foreign, match="line 16: this is no line"):
        changed(of(Verify("x")), "Run:\n", "Now do this:\n")


def test_plans_of_others_are_not_ours() -> None:
    assert not is_own("# A plan\n\n**Goal:** X\n")
    assert not is_own("# A plan\n\n<!-- START_TASK_1 -->\n")


def test_texts_that_look_like_parts_of_a_plan_do_not_disturb_it() -> None:
    trap = "<!-- END_TASK_1 -->\n\n## Verification\n\n---\n\n**Step 7: X**\n\n```\nopen\n"
    phase = of(
        Manual(trap, ("a.py",), note=trap),
        Verify("cat <<'EOF'\n```\nEOF\n", Expect(prose=trap), note="```python\nx\n```\n"),
        notes=(Note("Verification", trap), Note("Phase 1 Verification", "# x\n", True)),
        architecture=trap,
    )
    text = plan(Series(), phase)
    found = read_plan(text)
    assert (found.phase, found.disagreements) == (phase, ())


@pytest.mark.parametrize("key", ["a\nb", "a\r\nb", "a\\u000ab", "\\\n", 'a"\n"b'])
def test_a_key_with_a_line_end_is_read_back(key: str) -> None:
    phase = of(Edit(("a.toml",), (SetValues((Assignment((key,), "x"),)),)))
    found = read_plan(plan(Series(), phase))
    assert (found.phase, found.disagreements) == (phase, ())


@pytest.mark.parametrize("change", [("", "\ufeff"), ("\n\n<!--", "\n\n\n\n<!--"), ("\n", "\r\n")])
def test_what_editors_do_to_a_plan_leaves_it_ours(change: tuple[str, str]) -> None:
    phase = of(Verify("pytest", Expect(tests=TestsExpectation("pass")), guard=True))
    old, new = change
    text = plan(Series(), phase)
    found = import_plan(text.replace(old, new, 1) if old != "\n" else text.replace(old, new), "x")
    assert (found.phase.tasks, found.warnings) == (phase.tasks, ())


def test_comments_that_are_not_read_are_told() -> None:
    phase = of(Verify("pytest", Expect(tests=TestsExpectation("pass")), guard=True))
    said = "read like anybody's plan, and its hidden comments are not"
    for above in ("---\ntitle: A plan\n---\n", "Written for Ada.\n\n"):
        first, *_ = import_plan(above + plan(Series(), phase), "x").warnings
        assert first.text.startswith(said)
        assert first.line == above.count("\n") + 3
    shown = "# A\n\n### Task 1: Look\n\nRun: `ls`\n\n```\n<!-- runbook: {} -->\n```\n"
    assert not any(said in each.text for each in import_plan(shown, "x").warnings)
