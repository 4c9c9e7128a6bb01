"""Tasks, steps, files and sections of plans in all the forms they come in."""

from __future__ import annotations

import pytest
from planning import imported, steps

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.imported import NoPlan
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Note, TestsExpectation, Verify
from runbook.core.model.operations import Create
from runbook.markdown.importing.importer import import_plan
from runbook.markdown.importing.text.outline import task_heading
from runbook.markdown.importing.words.filelist import FileMention, file_mentions


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("Task 3: Count ships", "3", "Count ships"),
        ("Task 1.2: Count ships", "1.2", "Count ships"),
        ("Task A1 — Count ships", "A1", "Count ships"),
        ("Task 4：Count ships", "4", "Count ships"),
        ("Task 5. Count ships", "5", "Count ships"),
        ("Task 6 - Count ships", "6", "Count ships"),
        ("[ ] Task 7: Count ships", "7", "Count ships"),
        ("✅ Task 8: Count ships", "8", "Count ships"),
        ("**Task 9: Count ships**", "9", "Count ships"),
        ("Phase 2 — Task 3: Count ships", "3", "Count ships"),
        ("Task 2b: Count ships", "2b", "Count ships"),
        ("タスク 2: Count ships", "2", "Count ships"),
        ("Task 10", "10", ""),
    ],
)
def test_a_tasks_heading_has_a_number_and_a_title(heading: str, number: str, title: str) -> None:
    assert task_heading(heading) == (number, title)


@pytest.mark.parametrize(
    "heading", ["Tasks", "Task outcome", "Notes on Task 3", "README.md (Task 3)", "Step 1: Go"]
)
def test_other_headings_are_no_tasks(heading: str) -> None:
    assert task_heading(heading) is None


def test_tasks_between_markers_keep_their_subcomponent() -> None:
    found = imported("""\
        <!-- START_SUBCOMPONENT_A (tasks 1-2) -->
        <!-- START_TASK_1 -->
        ### Task 1: Build the pier
        **Verifies:** harbour.AC1.1, harbour.AC1.2

        **Step 1: Commit**

        ```bash
        git add pier.py && git commit -m "feat: pier"
        ```
        <!-- END_TASK_1 -->
        <!-- START_TASK_2 -->
        ### Task 2: Paint it
        **Commit:** `feat: paint`
        <!-- END_TASK_2 -->
        <!-- END_SUBCOMPONENT_A -->

        <!-- START_TASK_3 -->
        ### Task 3: Look at it
        Look at the pier.
        <!-- END_TASK_3 -->
        """).phase.tasks
    assert [(task.id, task.title, task.group) for task in found] == [
        ("harbour/task-1", "Build the pier", "A"),
        ("harbour/task-2", "Paint it", "A"),
        ("harbour/task-3", "Look at it", None),
    ]
    assert found[0].verifies == ("harbour.AC1.1", "harbour.AC1.2")


def test_a_number_that_is_not_the_order_becomes_the_id() -> None:
    found = imported("""\
        ## Task A1: First

        Do it.

        ## Task A2: Second

        Do it.
        """).phase.tasks
    assert [task.id for task in found] == ["harbour/task-a1", "harbour/task-a2"]


@pytest.mark.parametrize(
    "heading",
    [
        "**Step 1: Look around**",
        "- [ ] **Step 1: Look around**",
        "- [x] **Step 1: Look around**",
        "**Step 1:** Look around",
        "- [ ] **Step 1.1: Look around**",
        "#### Step 1: Look around",
        "Step 1: Look around",
        "- [ ] Look around",
        "**ステップ 1：Look around**",
    ],
)
def test_a_steps_heading_is_its_title(heading: str) -> None:
    (step,) = steps(f"{heading}\n\nRun: `make look`\n")
    assert isinstance(step, Verify)
    assert (step.title, step.command) == ("Look around", "make look")


@pytest.mark.parametrize("label", ["**{}:**", "**{}**:", "**{}**", "#### {}"])
def test_a_label_begins_a_section_with_or_without_a_colon(label: str) -> None:
    work, check = steps(
        f"{label.format('Implementation')}\n\nCover the payload with a round trip.\n\n"
        f"{label.format('Verification')}\n\nRun: `make look`\n"
    )
    assert isinstance(work, Manual)
    assert isinstance(check, Verify)
    assert "round trip" in work.instructions
    assert "Verification" not in work.instructions


def test_a_bold_title_ends_where_its_own_mark_does() -> None:
    (step,) = steps("**Step 1: Look at `crew/__init__.py`**\n\nRun: `make look`\n")
    assert step.title == "Look at `crew/__init__.py`"


def test_a_remark_before_a_steps_title_is_kept_in_it() -> None:
    (step,) = steps("**Step 1 (optional): Look around**\n\nRun: `make look`\n")
    assert step.title == "Look around (optional)"


def test_a_step_that_says_nothing_more_is_a_persons() -> None:
    (step,) = steps("- [ ] **Step 1: Ask the harbour master**\n")
    assert step == Manual("Ask the harbour master", (), "Ask the harbour master")


def test_sections_around_the_tasks_are_notes_or_verification() -> None:
    found = imported("""\
        ## Why

        Ships were lost.

        ### Task 1: Count

        Count the ships.

        ## UAT Steps

        1. [ ] Open the page
        2. [ ] See the ships

        ## Phase Verification

        Run: `make check`
        Expected: no errors

        ## Afterwards

        Rest.
        """).phase
    assert found.notes == (
        Note("Why", "Ships were lost.\n"),
        Note("Afterwards", "Rest.\n", after_tasks=True),
    )
    uat, check = found.verification
    assert isinstance(uat, Confirm)
    assert uat.title == "UAT Steps"
    assert "See the ships" in uat.question
    assert isinstance(check, Verify)
    assert check.command == "make check"


def test_a_plan_without_a_task_is_none() -> None:
    with pytest.raises(NoPlan):
        import_plan("# Notes\n\nNothing to do.\n", "notes")


def test_the_header_is_read_and_the_rest_of_it_kept() -> None:
    found = import_plan(
        "# Harbour - Phase 2: Ships\n\n**Goal:** Count.\n\n**Architecture:** One table.\n\n"
        "**Tech Stack:** SQL\n\n**Scope:** Phase 2 of 5\n\n**Codebase verified:** 2026-03-01\n\n"
        "**Spec:** `docs/spec.md`\n\n### Task 1: Count\n\nCount the ships.\n",
        "phase_02",
    )
    phase = found.phase
    assert (phase.id, phase.number, phase.of, phase.title) == ("phase-2", 2, 5, "Harbour")
    assert (phase.goal, phase.architecture, phase.tech_stack) == ("Count.", "One table.", "SQL")
    assert phase.verified == "2026-03-01"
    assert phase.notes == (Note("About this plan", "**Spec:** `docs/spec.md`\n"),)


ONE = LineRange(12, 20)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Create: `src/a.py`", [("src/a.py", "create", ())]),
        ("- Modify: `src/a.py:12-20`", [("src/a.py", "modify", (ONE,))]),
        ("- Modify: `src/a.py:3,12-20`", [("src/a.py", "modify", (LineRange(3, 3), ONE))]),
        ("- Test: `tests/test_a.py`", [("tests/test_a.py", "test", ())]),
        ("- Modify: `src/a.py` (lines 12-20)", [("src/a.py", "modify", (ONE,))]),
        ("- Delete: `src/a.py`", [("src/a.py", "delete", ())]),
        ("- Create: `a.py`, `b.py`", [("a.py", "create", ()), ("b.py", "create", ())]),
        (
            "- Modify: `src/a.py` and test: `tests/test_a.py`",
            [("src/a.py", "modify", ()), ("tests/test_a.py", "test", ())],
        ),
        ("- Modify: `src/a.py` (add `limit` to `Settings`)", [("src/a.py", "modify", ())]),
        ("- Review: `src/a.py`", [("src/a.py", "read", ())]),
        ("- Modify: src/a.py:12-20", [("src/a.py", "modify", (ONE,))]),
        ("**Files:** `src/a.py`", [("src/a.py", "modify", ())]),
        ("- Create: `app/[id]/page.tsx`", [("app/[id]/page.tsx", "create", ())]),
        ("- Modify: `/home/ada/harbour/.worktrees/count/src/a.py`", [("src/a.py", "modify", ())]),
        ("**Files:** None", []),
        ("- Modify: `../outside.py`", []),
    ],
)
def test_a_files_line_names_paths_and_lines(
    line: str, expected: list[tuple[str, str, tuple[LineRange, ...]]]
) -> None:
    roots = ("/home/ada/harbour/.worktrees/count",)
    found = list(file_mentions(line, 1, roots))
    assert [(each.path, each.role, each.ranges) for each in found] == expected


def test_a_moved_file_has_both_ends() -> None:
    (found,) = file_mentions("- Move: `src/a.py` → `src/b.py`", 4)
    assert found == FileMention("src/a.py", "move", 4, to="src/b.py")


def test_a_fence_of_markdown_that_holds_whole_fences_is_read_to_its_end() -> None:
    found = imported("""\
        ### Task 1: Write

        **Files:**
        - Create: `guide.md`

        - [ ] **Step 1: Create `guide.md`**

        ```markdown
        # Guide

        ```bash
        make
        ```

        End.
        ```

        - [ ] **Step 2: Commit**

        ```bash
        git add guide.md
        git commit -m "docs: guide"
        ```
        """)
    first, second = found.phase.tasks[0].steps
    text = "# Guide\n\n```bash\nmake\n```\n\nEnd.\n"
    assert first == Edit(("guide.md",), (Create(Text(text, True)),), "Create `guide.md`")
    assert isinstance(second, Commit)
    assert [(each.line, each.text) for each in found.warnings] == [
        (14, "the fence holds fences as long as itself; it was read to line 22")
    ]


@pytest.mark.parametrize(
    ("inside", "behind"),
    [
        ("Build it:\n\n```\nmake\n```\n\nEnd.\n", ""),
        ("Build it:\n```\nmake\n```\n\n```sh\nmake\n```\n", ""),
        ("```sh\nmake\n```\n\nEnd.\n", "Others read it.\n\n"),
    ],
)
def test_fences_in_markdown_open_where_they_stand_like_that(inside: str, behind: str) -> None:
    first, *_ = steps(
        "**Files:**\n- Create: `guide.md`\n\n"
        f"- [ ] **Step 1: Create `guide.md`**\n\n```markdown\n# Guide\n\n{inside}```\n\n{behind}"
        "- [ ] **Step 2: Commit**\n\n```bash\ngit commit -m 'docs: guide'\n```\n"
    )
    assert isinstance(first, Edit)
    assert first.changes == (Create(Text(f"# Guide\n\n{inside}", True)),)


@pytest.mark.parametrize(
    "inside",
    [
        "```\n\nmake\n```\n\nEnd.\n",  # which of them opens is not said
        "```\nmake\n```\n```\n\nmake\n\n```\n\nEnd.\n",
        "```bash\nmake\n```\n\nEnd.\n```\n\nThe guide goes on.\n\n```bash\nmake\n```\n",
        "```bash\nmake\n```\n\n- [ ] **Step 9: Look**\n\nEnd.\n",
    ],
)
def test_a_fence_whose_end_is_a_guess_makes_no_edit(inside: str) -> None:
    first, *_ = steps(
        "**Files:**\n- Create: `guide.md`\n\n"
        f"- [ ] **Step 1: Create `guide.md`**\n\n```markdown\n# Guide\n\n{inside}```\n\n"
        "- [ ] **Step 2: Commit**\n\n```bash\ngit commit -m 'docs: guide'\n```\n"
    )
    assert isinstance(first, Manual)


def test_what_does_not_fit_together_is_told() -> None:
    found = imported("""\
        <!-- START_SUBCOMPONENT_A (tasks 1-3) -->
        <!-- START_TASK_1 -->
        ### Task 1: Count

        **Files:**
        - Modify: `ship.py:4-9`

        **Step 1: Change it**

        Change from:

        ```python
        sails = 1
        ```

        To:

        ```python
        sails = 3
        ```

        **Files:** `ship.py`

        **Step 1: Look**

        Look at it.
        <!-- END_TASK_2 -->
        <!-- END_SUBCOMPONENT_A -->
        """)
    told = [*found.warnings, *found.tasks[0].warnings]
    assert [(each.line, each.text) for each in told] == [
        (33, "END_TASK_2 ends task 1"),
        (7, "the subcomponent says tasks 1-3, and has 1"),
        (30, "a second step 1"),
        (9, "more than one Files block"),
        (18, "the plan says lines 4-9, and shows 1 line of them"),
    ]


@pytest.mark.parametrize("word", ["Phase", "Stage", "阶段", "Этап"])
def test_phases_are_tasks_where_nothing_else_is(word: str) -> None:
    body = "- [ ] **Step 1: Look**\n\nRun: `make look`\n"
    found = imported(f"## {word} 1: Pier\n\n{body}\n## {word} 2: Mast\n\n{body}")
    assert [(task.id, task.title) for task in found.phase.tasks] == [
        ("harbour/task-1", "Pier"),
        ("harbour/task-2", "Mast"),
    ]
    found = imported(
        f"## {word} 1: Pier\n\n### Task 1: Planks\n\n{body}\n## {word} 2: Mast\n\nLater.\n"
    )
    assert [task.title for task in found.phase.tasks] == ["Planks"]


@pytest.mark.parametrize("of", ["### Task 1: Planks", "### Step 1: Planks"])
def test_a_phase_without_tasks_is_one_beside_others_that_have_some(of: str) -> None:
    """It was a note of the plan, which nobody is asked to do."""
    body = "- [ ] Look\n\nRun: `make look`\n"
    plan = f"## Phase 1: Pier\n\n{of}\n\n{body}\n## Phase 2: Mast\n\n"
    found = imported(plan + "Raise the mast of `ship.py`, and paint it.\n\n## Notes\n\nNone.\n")
    assert [(task.id, task.title) for task in found.phase.tasks] == [
        ("harbour/task-1", "Planks"),
        ("harbour/task-phase-2", "Mast"),
    ]
    (step,) = found.phase.tasks[1].steps
    assert isinstance(step, Manual)
    assert step.instructions.strip() == "Raise the mast of `ship.py`, and paint it."
    assert [note.heading for note in found.phase.notes] == ["Phase 1: Pier", "Notes"]
    for words in ("TBD", "See phase_02.md.", "Not part of this plan: the mast."):
        assert len(imported(plan + words).phase.tasks) == 1


def test_phases_are_the_tasks_of_a_plan_that_has_nothing_else() -> None:
    """It was refused as one that has no task."""
    body = (
        "## Phase 1: Pier\n\n- Build it in `pier.py`\n- Paint it\n\n## Phase 2: Mast\n\nRaise it.\n"
    )
    found = imported(f"{body}\n## Risks\n\nStorm.\n")
    assert [(task.title, *map(type, task.steps)) for task in found.phase.tasks] == [
        ("Pier", Manual),
        ("Mast", Manual),
    ]
    assert [note.heading for note in found.phase.notes] == ["Risks"]
    with pytest.raises(NoPlan):
        imported("## Pier\n\nBuild it.\n\n## Phase two\n\nRaise it.\n")


def test_orders_behind_the_files_are_none_of_them() -> None:
    body = "**Files:**\n- Modify: `ship.py`\n\n- Change `mast = 1` to `mast = 2`.\n"
    (step,) = steps(body, {"ship.py": "mast = 1\n"})
    assert isinstance(step, Edit | Manual)
    assert "mast = 2" in repr(step)
    (other,) = steps("**Files:**\n- Modify `ship.py`\n\n- Modify `boat.py`\n\n**Step 1: Go on**\n")
    assert isinstance(other, Manual)
    assert "boat.py" not in other.instructions


def test_slices_are_tasks_and_bold_numbers_in_their_boxes_steps() -> None:
    body = "- [ ] **{0}a: Write it.** Add a mast to `ship.py`.\n- [ ] **{0}b: Run** `make check`.\n"
    plan = "".join(f"## Slice {n}: Mast {n}\n\n### Tasks\n\n{body.format(n)}\n" for n in (1, 2))
    first, second = imported(plan).phase.tasks
    assert (first.title, second.title) == ("Mast 1", "Mast 2")
    work, check = second.steps
    assert isinstance(work, Manual)
    assert work.title == "Write it."
    assert isinstance(check, Verify)
    assert check.command == "make check"


def test_pull_requests_are_tasks_of_a_plan_with_no_others() -> None:
    plan = "".join(f"## PR 3.{n} — Mast {n}\n\n- [ ] Make a mast\n" for n in (1, 2))
    first, second = imported(f"# Phase 3 — Ships\n\n{plan}\n## Risks\n\nThe sea.\n").phase.tasks
    assert (first.title, second.title) == ("Mast 1", "Mast 2")
    assert [step.title for step in first.steps] == ["Make a mast"]
    plan = "## Task 1: Mast\n\n### PR 12 of the harbour\n\nA mast.\n\n## Task 2: Oar\n\nAn oar.\n"
    assert [task.title for task in imported(plan).phase.tasks] == ["Mast", "Oar"]


def test_a_box_whose_words_are_cut_for_its_title_says_them_once() -> None:
    long = "Index the masts where `status = 'up'`, " + "of every ship of the harbour, " * 4 + "once"
    (task,) = imported(f"### Task 1: Mast\n\n- [ ] Make a mast\n- [ ] {long}\n").phase.tasks
    assert isinstance(task.steps[1], Manual)
    assert str(task.steps[1].title).endswith("…")
    assert task.steps[1].instructions.strip() == long


def test_a_bold_word_behind_a_number_without_a_box_is_no_step() -> None:
    (task,) = imported("### Task 1: Mast\n\n**1a: Note.** It is of wood.\n").phase.tasks
    assert [step.title for step in task.steps if step.title == "Note."] == []


def test_numbered_sections_with_files_are_tasks_where_nothing_else_is() -> None:
    body = (
        "## 3.1 Count\n\n{files}- [ ] **Step 1: Look**\n\nRun: `make ship`\n\n"
        "## 3.2 Moor\n\nRun: `make all`\n"
    )
    files = "**Files:**\n- Modify: `ship.py`\n\n"
    tasks = imported(body.format(files=files)).phase.tasks
    assert [(each.id, each.title) for each in tasks] == [
        ("harbour/task-3.1", "Count"),
        ("harbour/task-3.2", "Moor"),
    ]
    with pytest.raises(NoPlan):
        imported(body.format(files=""))


def test_what_a_task_verifies_and_its_files_go_on_in_the_next_lines() -> None:
    (task,) = imported(
        """\
        ### Task 1: Count

        **Verifies:** harbour.AC1.4 (the half of it; Task 2 has the
        rest), harbour.AC1.5,
        harbour.AC1.6

        **Files:**
        - Create: `scripts/probe.mjs` (a helper,
          so that checks repeat)
        - Modify: `ship.ts`
          lines 43-54 (the hull)
        - Modify: `oar.ts` (imports) and its end (`row`)

        **Step 1: Do it**

        Think of it.
        """
    ).phase.tasks
    half = "harbour.AC1.4 (the half of it; Task 2 has the rest)"
    assert task.verifies == (half, "harbour.AC1.5", "harbour.AC1.6")
    helper = "- `scripts/probe.mjs`: a helper, so that checks repeat"
    lines = "- `ship.ts`: lines 43-54 (the hull)"
    oar = "- `oar.ts`: (imports) and its end (`row`)"
    assert task.note == f"Files of the plan:\n\n{helper}\n{lines}\n{oar}"


def test_an_execution_log_under_headings_of_tasks_is_no_work() -> None:
    found = imported(
        """\
        ### Task 1: Count

        Count the ships.

        ## Execution Log

        ### Task 1

        - Result: PASS

        ### Task 2 - review

        - Result: PASS

        ## More work

        ### Task 3: Sail

        Sail away.
        """
    )
    assert [task.title for task in found.phase.tasks] == ["Count", "Sail"]


def test_a_plan_that_a_plan_quotes_has_no_tasks_of_its_own() -> None:
    commit = "**Step 1: Commit**\n\n```bash\ngit commit -m 'feat: quoted'\n```\n"
    quoted = f"# A Plan\n\n### Task 1: Quoted\n\n{commit}\n### Task 2: Quoted too\n\nWords.\n"
    plan = (
        "### Task 1: Read plans\n\n**Step 1: Test it**\n\nThe input:\n"
        f"```markdown\n{quoted}```\n\nSee two tasks in it.\n\n"
        "### Task 2: Count\n\n**Step 1: Count**\n\nCount them.\n"
    )
    assert [task.title for task in imported(plan).phase.tasks] == ["Read plans", "Count"]


@pytest.mark.parametrize(
    ("heading", "body", "said"),
    [
        ("Count", "- [x] **Step 1: Count**\n\nCount.\n\n- [ ] **Step 2: Sail**\n\nSail.\n",
         "1 step is ticked as done, and imported like the rest"),
        ("Count", "- [x] **Step 1: Count**\n\nCount.\n",
         "all its steps are ticked as done, and imported like the rest"),
        ("Count", "**Status:** ✅ Completed\n\n**Step 1: Count**\n\nCount.\n",
         "the plan says that it is done, and imported like the rest"),
        ("Count ✅", "**Step 1: Count**\n\nCount.\n",
         "the plan says that it is done, and imported like the rest"),
        ("Count", "**Status:** done when it is counted\n\n**Step 1: Count**\n\nCount.\n", ""),
        ("Count", "**Status:** Pending\n\n**Step 1: Count**\n\nCount.\n", ""),
    ],
)  # fmt: skip
def test_what_the_plan_calls_done_is_imported_and_told(heading: str, body: str, said: str) -> None:
    found = imported(f"### Task 1: {heading}\n\n{body}")
    assert [each.text for each in found.tasks[0].warnings] == [said] * bool(said)
    assert found.phase.tasks[0].steps


def test_a_plan_that_is_done_is_told() -> None:
    found = imported("**Status:** Complete and tested\n\n### Task 1: Count\n\nCount them.\n")
    assert [each.text for each in found.warnings] == [
        "the plan says that it is done, and is imported all the same"
    ]


def test_a_run_without_a_command_has_that_of_the_step_which_passes() -> None:
    body = (
        "**Step 1: Run → fail.**\n\n**Step 2: Sail**\n\nSail away.\n\n"
        "**Step 3: Run → pass; the ship floats.** `make test-ship`\n"
        "**Step 4: Run → fail**\n\n"
    )
    first, _, passes, last = steps(body)
    for step, status in ((first, "nonzero"), (passes, None), (last, "nonzero")):
        assert isinstance(step, Verify)
        assert (step.command, step.expect.exit) == ("make test-ship", status)


@pytest.mark.parametrize(
    "again",
    [
        "**Step 3: Run it again → PASS**\n",
        "**Step 3: Run** → PASS.\n",
        "**Step 3: Re-run, expect PASS**\n",
        "**Step 3: Run test to verify it passes**\n\nExpected: PASS\n",
        "**Step 3: Verify GREEN** — run again, expect PASS\n",
        "- [ ] **Step 3: Run the tests — all pass.**\n",
    ],
)
def test_what_is_run_again_is_the_command_of_the_step_before(again: str) -> None:
    body = "**Step 1: Verify RED** — run `pytest test_ship.py`, expect FAIL\n\n"
    *_, last = steps(f"{body}**Step 2: Sail**\n\nSail away.\n\n{again}")
    assert isinstance(last, Verify)
    assert last.command == "pytest test_ship.py"
    assert last.expect.tests == TestsExpectation("pass")


@pytest.mark.parametrize(
    ("before", "again"),
    [
        # two commands: it isn't said which
        ("Run: `pytest test_ship.py`\nExpected: FAIL\n\nRun: `ruff check`\nExpected: 2 errors", ""),
        # no check, but work
        ("Run: `make ship`", ""),
        # code that is no command
        ("`Ship mast` is expected to FAIL.", ""),
        ("Run: `pytest test_ship.py`\nExpected: FAIL", " of all other ships"),
    ],
)
def test_what_is_run_again_is_told_only_where_there_is_one_command(before: str, again: str) -> None:
    body = f"**Step 1: See to it**\n\n{before}\n\n**Step 2: Sail**\n\nSail away.\n\n"
    *_, last = steps(f"{body}**Step 3: Run the test again{again}**\n\nExpected: PASS\n")
    assert not isinstance(last, Verify)


def test_what_is_expected_of_a_step_by_hand_stays_with_it() -> None:
    """It was the note of the step before."""
    sail, confirm = steps(
        "**Step 1: Sail**\n\nSail away.\n\n"
        "**Step 2: Run test to verify it passes**\n\nExpected: PASS\n"
    )
    assert isinstance(sail, Manual)
    assert isinstance(confirm, Confirm)
    assert "PASS" not in sail.instructions
    assert "PASS" in confirm.question


def test_several_steps_in_one_paragraph_are_each_a_step() -> None:
    body = (
        "**Step 1: Run** `make test` → PASS. **Step 2: Sail.** Sail away, as **Step 1** says. "
        '**Step 3: Commit** `git commit -am "feat: sail"`\n'
        "**Step 4: Run `make check`, expect PASS**\n"
    )
    check, sail, commit, last = steps(body)
    assert isinstance(check, Verify)
    assert check.expect.prose == "PASS."
    assert isinstance(sail, Manual)
    assert "Sail away, as **Step 1** says." in sail.instructions
    assert isinstance(commit, Commit)
    assert commit.message == "feat: sail"
    assert isinstance(last, Verify)
    assert last.command == "make check"


def test_several_plain_steps_in_one_paragraph_are_each_a_step() -> None:
    body = "- [ ] Step 1: Run `make test`, expect PASS\n- [ ] Step 2: Sail away. Step 3: Land.\n"
    check, sail, land = steps(body)
    assert isinstance(check, Verify)
    assert isinstance(sail, Manual)
    assert isinstance(land, Manual)
    assert "Land" not in sail.instructions
    (one,) = steps("**Step 1: Sail.** Then do what **Step 2: Land** of Task 7 says.\n")
    assert isinstance(one, Manual)


def test_that_there_is_no_test_is_no_work() -> None:
    body = "**Implementation:**\n\nSail.\n\n**Testing:**\n\nNo test, as in Task 1.\n"
    (step,) = steps(body)
    assert isinstance(step, Manual)
    assert step.instructions == "Sail.\n\nTesting: No test, as in Task 1.\n"
