"""`runbook import`: from a Markdown plan to commits, and what it refuses."""

from __future__ import annotations

import json
import shutil

import pytest
from scenario import APP, TEST_APP, Scenario

PLAN = """\
# Greeting - Phase 1

**Goal:** Say good day.

**Scope:** Phase 1 of 1

---

### Task 1: Say it politely

**Files:**
- Modify: `app.py:2`

- [ ] **Step 1: Change the greeting**

Change the line from:

```python
return "hello"
```

To:

```python
return "good day"
```

- [ ] **Step 2: Run the tests**

Run: `pytest -q test_app.py 2>&1 | tail -3`
Expected: PASS

- [ ] **Step 3: Commit**

```bash
git add app.py
git commit -m "feat: say good day" -m "Co-Authored-By: Bob <bob@example.org>"
```
"""
VAGUE = """\
# Greeting

### Task 1: Be nice

- [ ] **Step 1: Make it nicer**

Find a nicer word.

- [ ] **Step 2: Look**

Run: `cat app.py`
Expected: it feels right
"""


@pytest.fixture
def harbour(scenario: Scenario) -> Scenario:
    scenario.write("app.py", APP)
    scenario.write("test_app.py", TEST_APP)
    scenario.write("plans/phase_01.md", PLAN)
    scenario.write("plans/vague.md", VAGUE)
    return scenario.begin()


def test_a_plan_is_imported_and_carried_out(harbour: Scenario) -> None:
    harbour.run("import", "plans/phase_01.md", "--repo", ".", "--strict").shows(
        0,
        """
        phases/phase-1.yaml written, from plans/phase_01.md (1 task)

        task   exact  anchored  manual  unchecked
        1          0         1       0          0  Say it politely

        Look at:
          line 30: `| tail -3` was taken off: the whole output is judged

        wrote phases/.schema/phase.json
        wrote phases/.schema/series.json

        All of it is exact. Next: runbook check
        """,
    )
    assert harbour.read("phases/phase-1.yaml").split("\n", 1)[1] == (
        "phase: 1\n"
        "title: Greeting\n"
        "goal: Say good day.\n"
        "of: 1\n"
        "co-authored-by: Bob <bob@example.org>\n"
        "tasks:\n"
        "  - title: Say it politely\n"
        "    steps:\n"
        "      - edit: app.py\n"
        "        title: Change the greeting\n"
        "        lines: 2\n"
        "        replace: |\n"
        '          return "hello"\n'
        "        with: |\n"
        '          return "good day"\n'
        "        match: indent\n"
        "      - verify: pytest -q test_app.py\n"
        "        title: Run the tests\n"
        "        expect:\n"
        "          prose: PASS\n"
        "          tests: pass\n"
        '      - commit: "feat: say good day"\n'
    )
    harbour.run("run").says(0, "phase-1 is complete: 1 commit")
    assert harbour.read("app.py") == 'def greeting():\n    return "good day"\n'
    assert harbour.message() == "feat: say good day\n\nCo-Authored-By: Bob <bob@example.org>"


def test_an_edit_that_could_not_be_tried_is_told_apart(harbour: Scenario) -> None:
    first = "- [ ] **Step 1: Change the greeting**"
    step = "- [ ] **Step 0: Form it**\n\nRun: `ruff format app.py`\n\n"
    harbour.write("plans/formed.md", PLAN.replace(first, step + first).replace(" | tail -3", ""))
    harbour.run("import", "plans/formed.md", "--repo", ".").shows(
        0,
        """
        phases/phase-1.yaml written, from plans/formed.md (1 task)

        task   exact  by form  manual  unchecked
        1          0        1       0          0  Say it politely

        Look at:
          line 22: app.py may be changed by a step before

        wrote phases/.schema/phase.json
        wrote phases/.schema/series.json

        1 edit is of a file that a step before may change, and could not be tried.
        Nothing is left to a person. Next: runbook check
        """,
    )


def test_what_is_vague_is_left_to_a_person(harbour: Scenario) -> None:
    result = harbour.run("import", "plans/vague.md", "--strict", "--report", "account.json")
    result.shows(
        1,
        """
        phases/vague.yaml written, from plans/vague.md (1 task)

        task   exact  manual  unchecked
        1          0       1          1  Be nice

        Left to a person, as a `manual` step:
          line 7: it is said in words only

        Checked by the exit status only:
          line 12: it feels right

        wrote phases/.schema/phase.json
        wrote phases/.schema/series.json

        A run stops at each manual step and waits for you. Next: runbook check
        """,
    )
    (plan,) = json.loads(harbour.read("account.json"))["plans"]
    (task,) = plan.pop("tasks")
    assert plan == {
        "plan": "plans/vague.md",
        "phase_file": "phases/vague.yaml",
        "complete": False,
        "warnings": [],
    }
    assert task["manual"] == [{"line": 7, "text": "it is said in words only"}]
    assert task["unchecked"] == [{"line": 12, "text": "it feels right"}]
    harbour.run("check").says(0, "phases/vague.yaml: 1 task, 2 steps, no mistakes")
    harbour.run("run").says(4, "Find a nicer word.")


def test_an_edit_that_does_not_fit_the_repository_is_manual(harbour: Scenario) -> None:
    harbour.write("app.py", APP.replace("hello", "hi"))
    harbour.run("import", "plans/phase_01.md", "--repo", ".").says(
        0,
        "line 16: app.py: the text to replace is not in the file",
    )
    assert "manual: |" in harbour.read("phases/phase-1.yaml")


LONG = """\
# Long

### Task 1: Count all all all all all all all all all all all all all all all all all all

**Step 1: Look**

Open the page and confirm that it loads.

**Step 2: Tidy up**

Make the list shorter.

**Step 3: Push**

```bash
git push origin main
```

**Step 4: Tidy up more**

Make the other list shorter.

**Step 5: Push more**

```bash
git push --tags
```
"""


def test_an_account_has_a_line_a_task_and_groups_its_reasons(harbour: Scenario) -> None:
    harbour.write("plans/long.md", LONG)
    cut = f"Count{' all' * 13}"  # the line has 100 characters then
    harbour.run("import", str(harbour.root / "plans/long.md")).shows(
        0,
        f"""
        phases/long.yaml written, from plans/long.md (1 task)

        task   exact  manual  confirm  unchecked
        1          0       4        1          0  {cut}…

        Left to a person, as a `manual` step:
          lines 11, 21: it is said in words only
          `git push` changes more than files:
            line 15: git push origin main
            line 25: git push --tags

        Asked of a person, as a `confirm` step: line 7

        wrote phases/.schema/phase.json
        wrote phases/.schema/series.json

        A run stops at each manual step and waits for you. Next: runbook check
        """,
    )


def test_what_only_asks_is_complete_and_what_could_not_be_tried_is_told(harbour: Scenario) -> None:
    text = "# Asks\n\n### Task 1: Look\n\n**Step 1: Look**\n\nOpen the page and confirm it loads.\n"
    harbour.write("plans/asks.md", text)
    harbour.run("import", "plans/asks.md", "--strict").says(
        0, "A run asks you at each confirm step. Next: runbook check"
    )
    harbour.run("import", "plans/phase_01.md").says(
        0,
        "1          0        1       0          0  Say it politely",
        "1 edit could not be tried: it is taken by form. With --repo DIR each is tried",
        "Nothing is left to a person. Next: runbook check",
    )


def test_what_comes_next_is_said_of_where_the_phases_are(harbour: Scenario) -> None:
    def then(*output: str, folder: str = ".") -> str:
        plan = harbour.root / "plans/phase_01.md"
        shown = harbour.run("import", str(plan), *output, cwd=harbour.root / folder).stdout
        return shown.rpartition("Next: ")[2].strip()

    (harbour.root / "sub").mkdir()
    assert then() == "runbook check"
    assert then("-o", "../phases", folder="sub") == "runbook check"
    assert then("-o", "sub/phases") == "runbook -C sub check"
    harbour.run("-C", "sub", "list").says(0, "phase-1")
    elsewhere = "put them into a folder `phases` of the repository, then: runbook check"
    assert then("-o", "drafts") == elsewhere


def test_a_phase_file_is_never_overwritten(harbour: Scenario) -> None:
    harbour.run("import", "plans/phase_01.md").says(0, "phases/phase-1.yaml written")
    harbour.run("import", "plans/phase_01.md").says(0, "phases/phase-1.yaml is as it was")
    text = harbour.read("phases/phase-1.yaml") + "# mine\n"
    harbour.write("phases/phase-1.yaml", text)
    harbour.run("import", "plans/phase_01.md", "plans/vague.md").shows(
        2,
        "",
        "error: phases/phase-1.yaml exists with other content, and nothing was written; "
        "give another folder with -o, or move it away",
    )
    assert harbour.read("phases/phase-1.yaml") == text
    assert not (harbour.root / "phases" / "vague.yaml").exists()


def test_several_plans_share_a_series_file(harbour: Scenario) -> None:
    second = PLAN.replace("Phase 1 of 1", "Phase 2 of 2").replace("- Phase 1", "- Phase 2")
    harbour.write("plans/phase_01.md", PLAN.replace("of 1", "of 2"))
    harbour.write("plans/phase_02.md", second)
    harbour.run("import", "plans/phase_01.md", "plans/phase_02.md", "-o", "made/phases").says(
        0, "made/phases/runbook.yaml written: what the plans share"
    )
    assert harbour.read("made/phases/runbook.yaml").split("\n", 1)[1] == (
        "title: Greeting\nof: 2\nco-authored-by: Bob <bob@example.org>\n"
    )
    assert "co-authored-by" not in harbour.read("made/phases/phase-2.yaml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["plans/none.md"], "plans/none.md can't be read: No such file or directory"),
        (["empty.md"], "empty.md has no task: a task begins with a heading"),
        (["plans/vague.md", "empty.md", "latin.md"], "`### Task 1: Title`\nerror: latin.md:2:6: "),
        (["plans"], "plans is a folder; name its plans, as in plans/*.md"),
        (["latin.md"], "latin.md:2:6: this is not UTF-8"),
        (["plans/vague.md", "--repo", "nowhere"], "nowhere is no folder"),
        (["plans/vague.md", "plans/vague.md"], "plans/vague.md is given twice"),
    ],
)
def test_what_can_not_be_imported_is_said(
    harbour: Scenario, arguments: list[str], message: str
) -> None:
    harbour.write("empty.md", "# Nothing\n")
    (harbour.root / "latin.md").write_bytes("\ufeff# A\nÀ l'été\n".encode()[:-4] + b"\xe9\n")
    harbour.run("import", *arguments).says(2, message)
    assert not (harbour.root / "phases").exists()


def test_an_account_takes_the_place_of_an_earlier_one_alone(harbour: Scenario) -> None:
    arguments = ("import", "plans/phase_01.md", "--report")
    for report in ("plans/vague.md", "app.py"):
        before = harbour.read(report)
        harbour.run(*arguments, report).says(2, f"{report} is there and is no account of an import")
        assert harbour.read(report) == before
    harbour.run(*arguments, "plans").says(2, "plans can't be written: Is a directory")
    harbour.run(*arguments, "app.py/x").says(2, "app.py can't be written: File exists")
    assert not (harbour.root / "phases").exists()
    harbour.run(*arguments, "account.json").says(0)
    harbour.run("import", "plans/vague.md", "--report", "account.json").says(0)
    (plan,) = json.loads(harbour.read("account.json"))["plans"]
    assert plan["plan"] == "plans/vague.md"
    harbour.run(*arguments, "/dev/null").says(0)


def test_a_plan_is_imported_into_the_series_that_one_stands_in(harbour: Scenario) -> None:
    harbour.run("-C", "plans", "import", "vague.md").says(0, "phases/vague.yaml written")
    assert (harbour.root / "plans/phases/vague.yaml").exists()
    (harbour.root / "plans/phases").rename(harbour.root / "phases")
    harbour.run("-C", "plans", "import", "phase_01.md").says(
        0, "../phases/phase-1.yaml written, from phase_01.md", "Next: runbook check"
    )
    assert sorted(each.name for each in (harbour.root / "phases").glob("*.yaml")) == [
        "phase-1.yaml",
        "vague.yaml",
    ]


def test_a_place_that_is_only_described_is_looked_up_when_asked(harbour: Scenario) -> None:
    harbour.write("app.py", "def greet():\n    return 'hello'\n\n\nlast = 1\n")
    harbour.write(
        "plans/described.md",
        "# Polite Implementation Plan\n\n**Goal:** Be polite.\n\n---\n\n### Task 1: Part\n\n"
        "**Files:**\n- Modify: `app.py`\n\n**Step 1: Part**\n\nAdd after `greet()`:\n\n"
        "```python\ndef part():\n    return 'bye'\n```\n",
    )
    hint = "With --repo DIR, places that a plan describes are looked up in the files of DIR."
    harbour.run("import", "plans/described.md", "-o", "one").says(0, hint)
    result = harbour.run("import", "plans/described.md", "-o", "two", "--repo", ".")
    result.says(0, "All of it is exact.")
    assert hint not in result.stdout


OTHER = PLAN.replace("# Greeting", "# A Billing Service Implementation").replace(
    "Say good day.", "Bills are sent."
)


def test_plans_of_one_number_are_imported_under_names_of_their_own(harbour: Scenario) -> None:
    harbour.write("other/phase_01.md", OTHER)
    both = ("import", "plans/phase_01.md", "other/phase_01.md", "--repo", ".")
    result = harbour.run(*both)
    result.says(0, "phases/phase-1.yaml written")
    result.says(0, "phases/billing-service-1.yaml written")
    result.says(0, "line 1: phase-1 is phase 1 already: this one has no number here")
    harbour.run("check").says(0, "no mistakes")
    again = harbour.run(*both)
    again.says(0, "phases/phase-1.yaml is as it was")
    again.says(0, "phases/billing-service-1.yaml is as it was")


def test_a_plan_of_a_number_that_is_there_gets_a_name_by_its_title(harbour: Scenario) -> None:
    harbour.run("import", "plans/phase_01.md")
    harbour.write("other/phase_01.md", OTHER)
    harbour.run("import", "other/phase_01.md").says(0, "phases/billing-service-1.yaml written")
    assert "title: A Billing Service Implementation - Phase 1\n" in harbour.read(
        "phases/billing-service-1.yaml"
    )


def test_long_names_become_a_few_words(harbour: Scenario) -> None:
    text = (
        "# Count Every Ship of the Harbour Implementation Plan\n\n### Task 1: Be nice\n\nDo it.\n"
    )
    name = "2026-01-02-a-very-long-name-of-a-plan-about-all-of-the-ships-that-are-counted"
    harbour.write(f"plans/{name}.md", text)
    harbour.write("plans/2026-01-02-ships.md", text)
    harbour.run("import", f"plans/{name}.md", "plans/2026-01-02-ships.md")
    files = sorted(path.name for path in (harbour.root / "phases").glob("*.yaml"))
    assert files == ["count-every-ship.yaml", "runbook.yaml", "ships.yaml"]


def test_plans_called_alike_get_names_by_their_titles(harbour: Scenario) -> None:
    for folder, title in (("a", "Ships"), ("b", "Sails"), ("c", "Sails")):
        text = f"# {title}\n\n**Goal:** {folder}\n\n### Task 1: Be nice\n\nDo it.\n"
        harbour.write(f"{folder}/plan.md", text)
    harbour.run("import", "a/plan.md", "b/plan.md", "c/plan.md")
    files = sorted(path.name for path in (harbour.root / "phases").glob("*.yaml"))
    assert files == ["plan.yaml", "sails-2.yaml", "sails.yaml"]


def test_a_name_is_spelt_in_letters_that_all_shells_have(harbour: Scenario) -> None:
    harbour.write("plans/Pläne für Öl.md", "# Öl\n\n### Task 1: Sparen\n\nTu es.\n")
    harbour.run("import", "plans/Pläne für Öl.md").says(0, "phases/plane-fur-ol.yaml written")


def test_no_plan_becomes_the_series_file(harbour: Scenario) -> None:
    harbour.write("runbook.md", "# Runbook\n\n### Task 1: Be nice\n\nDo it.\n")
    harbour.write("plans/runbook.md", VAGUE)
    harbour.run("import", "runbook.md", "plans/runbook.md").says(
        0, "phases/runbook-2.yaml written, from runbook.md", "phases/greeting.yaml written"
    )
    harbour.run("check").says(0, "phases/runbook-2.yaml: 1 task")


def test_a_plan_whose_goal_was_changed_is_told_to_be_another(harbour: Scenario) -> None:
    harbour.run("import", "plans/vague.md").says(0)
    harbour.write(
        "plans/vague.md", VAGUE.replace("# Greeting", "# Greeting\n\n**Goal:** Be nicer.")
    )
    harbour.run("import", "plans/vague.md").says(
        0,
        "phases/greeting.yaml written, from plans/vague.md",
        "line 1: vague is there already, and has another goal: this one is greeting",
    )


def test_phases_that_get_other_names_require_each_other_by_these(scenario: Scenario) -> None:
    for number, requires in ((1, ""), (2, "requires: phase-1\n")):
        scenario.phase(
            f"phase: {number}\ngoal: Look.\n{requires}tasks:\n  - title: Look\n    steps:\n"
            "      - verify: 'true'\n",
            f"phase-{number}",
        )
    scenario.series("title: Sails\n")
    scenario.begin()
    scenario.run("plan", "--all", "-o", "plans").says(0)
    shutil.rmtree(scenario.root / "phases")
    scenario.phase("phase: 1\ngoal: X\ntasks: [{title: T, steps: [verify: x]}]\n")
    plans = ("plans/phase-1.md", "plans/phase-2.md")
    scenario.run("import", *plans).says(0, "phases/sails-2.yaml written")
    assert "requires: sails-1\n" in scenario.read("phases/sails-2.yaml")


def test_a_worktree_of_a_path_in_the_text_is_told(harbour: Scenario) -> None:
    path = "/home/me/x/.worktrees/ships/a.py"
    text = f"# Ships\n\n### Task 1: Be nice\n\n**Files:**\n- Modify: `{path}`\n\nChange it.\n"
    harbour.write("plans/tree.md", text)
    harbour.run("import", "plans/tree.md").says(
        0,
        "line 6: `worktree: .worktrees/ships` is from the path "
        "/home/me/x/.worktrees/ships; take the key out to work elsewhere",
    )


def test_a_series_of_which_one_number_is_taken_has_none(harbour: Scenario) -> None:
    names = []
    for number in (1, 2, 10):
        text = OTHER.replace("Phase 1", f"Phase {number}").replace("of 1", "of 10")
        harbour.write(f"other/phase_{number}.md", text)
        names.append(f"other/phase_{number}.md")
    harbour.run("import", "plans/phase_01.md", *names).says(0, "phases/phase-1.yaml written")
    files = sorted(path.stem for path in (harbour.root / "phases").glob("*-*.yaml"))
    assert files == ["billing-service-01", "billing-service-02", "billing-service-10", "phase-1"]
    # Alone, it keeps its numbers.
    harbour.run("import", *names, "-o", "alone")
    files = sorted(path.stem for path in (harbour.root / "alone").glob("phase-*.yaml"))
    assert files == ["phase-1", "phase-10", "phase-2"]


def test_a_plan_whose_phases_are_still_to_come_blocks_no_other(scenario: Scenario) -> None:
    for number, requires in ((1, ""), (2, "requires: [phase-1]\n")):
        scenario.phase(
            f"phase: {number}\ngoal: Look.\n{requires}tasks:\n  - title: Look\n    steps:\n"
            "      - verify: 'true'\n",
            f"phase-{number}",
        )
    scenario.begin()
    plans = [scenario.run("plan", f"phase-{number}").stdout for number in (1, 2)]
    for number, plan in enumerate(plans, 1):
        scenario.write(f"plan-{number}.md", plan)
        (scenario.root / "phases" / f"phase-{number}.yaml").unlink()
    scenario.run("import", "plan-2.md").says(
        0, "phase-2 requires phase-1: import their plans as well"
    )
    result = scenario.run("import", "plan-1.md")
    result.says(0, "phases/phase-1.yaml written")
    assert "import their plans" not in result.stdout
    scenario.run("check").says(0, "no mistakes")
