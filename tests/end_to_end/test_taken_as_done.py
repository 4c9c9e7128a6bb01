"""`done`: a person says that what was handed over is done, or that it is as it asks."""

from __future__ import annotations

import json
import re
import shlex

import pytest
from scenario import APP, Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it politely
        steps:
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - verify: grep -q day app.py
          - confirm: Does it sound polite?
          - commit: "feat: say good day"
      - title: Tell of it
        steps:
          - manual: Write of it.
            files: [notes.txt, {glob: "*.md"}]
          - commit: "docs: tell of it"
      - title: Call her
        steps:
          - manual: Call Grace.
"""

CONFIRM, WORK, CALL = (
    f"phase-1/task-{task}/step-{step}" for task, step in ((1, 3), (2, 1), (3, 1))
)
SAID = "Ada <ada@example.org>, <when>"


def test_a_phase_is_finished_by_someone_who_has_only_the_screen(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4, f"runbook done {CONFIRM}: say yes to it")
    scenario.run("done", CONFIRM).shows(
        0,
        f"""
          confirm Does it sound polite?
                  yes, {SAID}
        To go on: runbook run phase-1
        """,
    )
    scenario.run("status").says(
        0, f"[ ] task-1: Say it politely\n        step-3: yes, {SAID}\n", "to go on: runbook run"
    )
    scenario.run("run").says(
        4,
        "  not changed yet: notes.txt, *.md\n  then: commit  docs: tell of it\n",
        f'  runbook done {WORK} --reason "...": take it as done, unchanged',
    )
    scenario.run("done").shows(
        1,
        f"""
        done of {WORK} refused: none of its files was changed: notes.txt, *.md
        Nothing was changed.
          hint: `runbook done {WORK} --reason "..."` takes it as done all the same, and records why
        """,
    )
    scenario.run("done", "1/2", "--reason", "she knows it").says(0, f"{SAID}: she knows it")
    scenario.run("run").says(4, f"  runbook done {CALL}: take it as done, and do no more yet")
    scenario.run("done", "1/3").says(0, f"manual  step-1: taken as done\n          {SAID}\n")
    scenario.run("run").says(0, "phase-1 is complete")
    told = f"done, {SAID}: she knows it"
    scenario.run("status").says(0, f"[✓] task-2: Tell of it\n        step-1: {told}\n")
    scenario.run("show", "task-2").says(0, f"[✓] step-1  manual  Write of it.\n{' ' * 22}{told}")
    scenario.run("show", "task-1").says(0, f"yes, {SAID}")
    scenario.run("log", "last").says(0, "phase-1 is complete")
    assert scenario.subjects() == ["Begin", "feat: say good day"]
    plan = scenario.run("plan", "1", "--progress").stdout
    assert "- [x] Done: so said Ada <ada@example.org> on " in plan
    assert ", because she knows it." in plan


def test_who_said_yes_is_in_the_note_of_the_commit(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.run("done", "--reason", "I read it aloud").says(0)
    scenario.run("run").says(4)
    (word,) = json.loads(scenario.git("notes", "--ref=runbook", "show", "HEAD"))["words"]
    assert (word["step"], word["said"]) == (CONFIRM, "Does it sound polite?")
    assert (word["who"], word["reason"]) == ("Ada <ada@example.org>", "I read it aloud")
    shown = f"  step-3: Does it sound polite?\n      yes, {SAID}: I read it aloud"
    scenario.run("log", "--commit", "HEAD").says(0, shown)
    (run,) = [line for line in scenario.run("log").stdout.split("\n") if ": done" in line]
    scenario.run("log", run.split()[0].replace("<run>", "last")).says(0)


def test_changed_files_need_no_reason(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run", "--yes").says(4)
    scenario.write("news.md", "It says good day.\n")
    scenario.run("status").says(
        0, "    changed: news.md\n    not changed yet: notes.txt\n", f"runbook done {WORK}: take it"
    )
    scenario.run("done").says(0, "changed by hand: news.md", "+It says good day.")
    scenario.run("run").says(4, "commit  ", "docs: tell of it")
    assert scenario.paths() == ["news.md"]


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("1/1/2", 1, "is not waiting: it was settled before"),
        ("task-2", 1, f"the run is not there yet: it goes on with {CONFIRM}"),
        ("1/3/1", 1, "hint: `runbook run phase-1` goes on with that"),
        ("1/1/4", 1, f"the run is not there yet: it goes on with {CONFIRM}"),
        ("2/1", 2, "there is no phase or task `2`"),
    ],
)
def test_what_does_not_wait_is_refused_with_what_to_do(
    scenario: Scenario, name: str, status: int, words: str
) -> None:
    scenario.app(PHASE)
    scenario.run("done", CONFIRM).says(1, "phase-1 has not begun: no step of it waits")
    scenario.run("run").says(4)
    scenario.run("done", name).says(status, words)
    scenario.run("status").says(0, f"stopped at {CONFIRM}")


def test_what_was_changed_by_hand_is_verified_again_first(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day!"))
    first = "phase-1/task-1/step-2"
    assert "runbook done" not in scenario.run("status").stdout
    scenario.run("done", CONFIRM).says(1, f"the run is not there yet: it goes on with {first}")
    scenario.run("run").says(4, "changed by hand since, and kept: app.py", "as expected")
    scenario.run("done", CONFIRM).says(0, "yes, ")
    # What was seen is not asked again, but what is changed after that.
    assert scenario.run("run", "--dry-run").stdout.count("confirm ") == 0
    scenario.write("app.py", APP.replace("hello", "good day."))
    scenario.run("run", "--until", "1/1").says(4, "as expected", "Does it sound polite?")
    scenario.run("done", CONFIRM).says(0, "yes, ")
    scenario.run("run").says(4, "commit  ", "Write of it.")
    assert '"good day."' in scenario.git("show", "HEAD:app.py")


def test_a_yes_is_to_what_was_asked(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    file = scenario.root / "phases/phase-1.yaml"
    file.write_text(file.read_text().replace("polite?", "curt?"))
    scenario.run("done").says(
        1, "asks something else now than the run did", "hint: `runbook run phase-1` asks it"
    )
    scenario.run("run").says(4, "Does it sound curt?")
    scenario.run("done").says(0, "Does it sound curt?")


def test_what_was_changed_while_it_asked_is_said(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("notes.txt", "Mine.\n")
    scenario.run("done").says(0, "changed since it asked: notes.txt")


def test_where_several_steps_wait_one_is_to_be_named(scenario: Scenario) -> None:
    scenario.app(PHASE)
    other = "phase: 2\ngoal: More.\nworktree: .worktrees/x\ntasks:\n  - {title: T, steps: [S]}\n"
    scenario.phase(other.replace("S", "{confirm: Is it so?}"), "phase-2")
    scenario.run("run", "1").says(4)
    scenario.run("run", "2").says(4)
    scenario.run("done").says(2, f"several steps wait: name one ({CONFIRM}, phase-2/task-1/step-1)")
    scenario.run("done", "2").says(0, "Is it so?")
    # Now only one does.
    scenario.run("done").says(0, "Does it sound polite?")
    scenario.run("done", "2").says(1, "no step of phase-2 waits for a person")


def test_work_that_was_committed_by_hand_can_be_said_to_be_done(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run", "--yes").says(4)
    scenario.write("notes.txt", "It says good day.\n")
    scenario.git("add", "notes.txt")
    scenario.git("commit", "-q", "-m", "Mine")
    scenario.run("done").says(0, "changed by hand: notes.txt")
    scenario.run("run").says(4, "already committed: notes.txt", "Call Grace.")


def test_a_change_that_nothing_declares_is_refused(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run", "--yes").says(4)
    scenario.write("test_app.py", "x = 1\n")
    scenario.run("done", "--reason", "none").says(
        1,
        "changed since the task began, and declared for no commit to come: test_app.py",
        "name the file",
    )


def test_an_imported_plan_in_words_is_finished_by_what_the_screen_says(scenario: Scenario) -> None:
    """Every command is taken from the screen: by hand every other time, else as it is."""
    tasks = "\n".join(
        f"""
### Task {number}: Part {number}

**Step 1: Write it**

Write what part {number} is about into `part{number}.txt`, in your own words.

**Step 2: Commit**

```bash
git add part{number}.txt
git commit -m "docs: part {number}"
```
"""
        for number in range(1, 6)
    )
    scenario.write("PLAN.md", f"# Parts\n\n**Goal:** Parts.\n{tasks}")
    for number in range(2, 6, 2):
        scenario.write(f"part{number}.txt", "It is there already.\n")
    scenario.run("import", "PLAN.md").says(0, "total      0       5          0")
    scenario.begin()
    stops = 0
    result = scenario.run("run")
    while result.status == 4:
        stops += 1
        (path,) = re.findall(r"^  not changed yet: .*?(part\d+\.txt)$", result.stdout, re.M)
        said = re.findall(r"^(?:Do this in .*, then:|  )\s*runbook ([^:\n]*)", result.stdout, re.M)
        (done,) = [each for each in said if each.startswith("done ")]
        if (scenario.root / path).exists():
            scenario.run(*shlex.split(done.replace("...", "it is there"))).says(0, "it is there")
        else:
            scenario.write(path, "By hand.\n")
        result = scenario.run(*said[0].split())
    assert (result.status, stops) == (0, 5), str(result)
    assert scenario.subjects()[1:] == [f"docs: part {number}" for number in range(1, 6, 2)]
    assert [len(scenario.paths(f"HEAD~{back}")) for back in range(3)] == [1] * 3
    assert scenario.status() == ""
