"""What a person changes while a task has stopped is shown, and judged as it is."""

from __future__ import annotations

import json

import pytest
from scenario import APP, GREETING, Scenario

TWO_FILES = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "good day"
      - verify: test -e ready
      - edit: other.py
        replace: one
        with: two
      - commit: "feat: say good day"
"""

TWICE = """\
phase: 1
goal: See the second edit, not the compiled first one.
tasks:
  - title: Two edits of the same size
    steps:
      - edit: word.py
        replace: '"aaa"'
        with: '"bbb"'
      - verify: python -c 'import word; print(word.WORD)'
        expect: {contains: bbb}
      - edit: word.py
        replace: '"bbb"'
        with: '"ccc"'
      - verify: python -c 'import word; print(word.WORD)'
        expect: {contains: ccc}
      - commit: "feat: another word"
"""


def test_a_change_in_a_file_that_is_yet_to_be_edited_is_shown(scenario: Scenario) -> None:
    scenario.write("other.py", "one\n")
    scenario.app(TWO_FILES)
    scenario.run("run").says(1, "the check failed")
    scenario.write("ready", "")
    scenario.write("other.py", "one\nmine\n")
    scenario.run("run").says(0, "changed by hand since, and kept: other.py", "+mine", "1 commit")
    assert scenario.git("show", "HEAD:other.py") == "two\nmine"


def test_a_check_never_judges_the_compiled_code_of_an_edit_before(scenario: Scenario) -> None:
    scenario.write("word.py", 'WORD = "aaa"\n')
    scenario.write(".gitignore", "__pycache__/\n")
    scenario.app(TWICE)
    # The scenario keeps Python from compiling, and here it is to compile.
    scenario.run("run", PYTHONDONTWRITEBYTECODE="").says(0, "1 commit")
    assert (scenario.root / "__pycache__").is_dir()
    assert scenario.read("word.py") == 'WORD = "ccc"\n'


REPLACED = """\
phase: 1
goal: Replace a part.
tasks:
  - title: The whole function
    steps:
      - verify: test -e ready
      - edit: app.py
        from: |
          def greeting():
        through: |2
              return "hello"
        with: |
          def greeting():
              return "good day"
      - run: sed -i '/gone/d' other.py
        files: other.py
      - commit: "feat: say good day"
"""


def test_lines_made_by_hand_that_the_plan_replaces_are_kept(scenario: Scenario) -> None:
    scenario.write("other.py", "one\n")
    scenario.app(REPLACED)
    scenario.run("run").says(1, "the check failed")
    scenario.write("ready", "")
    scenario.write("app.py", 'def greeting():\n    # mine\n    return "hello"\n')
    scenario.write("other.py", "one\nmine, and gone\n")
    scenario.run("run").says(0, "lines of yours that are gone are kept in <root>/.git/runbook/main")
    assert scenario.git("show", "HEAD:app.py") == 'def greeting():\n    return "good day"'
    (folder,) = (scenario.root / ".git/runbook/main/rescued").iterdir()
    assert "# mine" in (folder / "app.py").read_text()
    assert "mine, and gone" in (folder / "other.py").read_text()


def test_lines_that_stay_are_not_kept_twice(scenario: Scenario) -> None:
    scenario.write("other.py", "one\n")
    scenario.app(TWO_FILES)
    scenario.run("run").says(1, "the check failed")
    scenario.write("ready", "")
    scenario.write("other.py", "one\nmine\n")
    scenario.run("run").says(0, "1 commit")
    assert not (scenario.root / ".git/runbook/main/rescued").exists()


def test_row_15_what_was_changed_after_a_check_is_checked_again(scenario: Scenario) -> None:
    scenario.series("hooks: stop")
    scenario.app(
        GREETING.replace(
            "      - commit", "      - verify: echo checked >> ../checks\n      - commit"
        )
    )
    scenario.hook("pre-commit", "echo '# formatted' >> app.py; exit 1")
    scenario.run("run").says(1, "git did not make the commit")
    assert (scenario.folder / "checks").read_text() == "checked\n"
    scenario.hook("pre-commit", "exit 0")
    # The hook's changes were not there when the check passed.
    again = scenario.run("run")
    again.says(0, "as expected")
    assert "changed by hand" not in again.stdout
    assert (scenario.folder / "checks").read_text() == "checked\nchecked\n"
    assert "# formatted" in scenario.git("show", "HEAD:app.py")


COMMAND = "git show HEAD:app.py > app.py; echo once >> log"


@pytest.mark.parametrize("step", [f"run: {COMMAND}", "manual: Take it back."])
def test_an_edit_that_a_later_step_took_back_was_not_undone(scenario: Scenario, step: str) -> None:
    """By hand it would be: then it is made again, with all that follows."""
    scenario.app(
        f"""
        phase: 1
        goal: Say good day.
        tasks:
          - title: Try it
            steps:
              - edit: app.py
                replace: return "hello"
                with: return "good day"
              - {step}
                files: [app.py, log]
              - verify: test -e ../ok
              - commit: "docs: tried"
        """
    )
    scenario.write("log", "")
    scenario.begin()
    if step.startswith("manual"):
        scenario.run("run").says(4)
        scenario.write("app.py", APP)
        scenario.write("log", "once\n")
    for first in (True, False, False):
        result = scenario.run("run")
        result.says(1, "stopped at phase-1/task-1/step-3")
        assert first or "edit " not in result.stdout
    assert (scenario.read("app.py"), scenario.read("log")) == (APP, "once\n")
    (scenario.folder / "ok").touch()
    scenario.run("run").says(0, "1 commit")
    assert scenario.paths() == ["log"]


UNSEEN = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "good day"
      - verify: COMMAND
      - commit: "feat: say good day"
"""


def test_what_is_changed_during_a_check_is_not_committed_unseen(scenario: Scenario) -> None:
    waits = "grep -q good app.py && touch ../there && until test -e ../go; do sleep 0.05; done"
    scenario.app(UNSEEN.replace("COMMAND", waits))
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    scenario.write("app.py", scenario.read("app.py") + "# mine\n")
    (scenario.folder / "go").touch()
    unseen = "app.py was changed while the task was checked, and no check saw that"
    scenario.end(process).says(1, unseen, "the difference:", "    | +# mine\n", "hint: run again")
    assert scenario.subjects() == ["Begin"]
    scenario.run("status").says(0, unseen)
    kept = "changed by hand"
    scenario.run("run", "--dry-run").says(0, kept, "verify  grep")
    scenario.run("run").says(0, kept, "+# mine", "as expected", "feat: say good day", "complete")
    assert scenario.read("app.py").endswith("# mine\n")


def test_a_check_that_changes_a_file_is_made_again_on_what_it_left(scenario: Scenario) -> None:
    """As a formatter does, that is told to mend: once all is in order it changes nothing."""
    mends = "grep -q good app.py && sed -i 's/good  *day/good  day/' app.py"
    scenario.app(UNSEEN.replace("COMMAND", mends))
    scenario.run("check").says(1, "RB113")
    scenario.run("run").says(1, "app.py was changed while the task was checked")
    scenario.run("run").says(0, "changed by hand since, and kept: app.py", "feat: say good day")


ALONG = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "good day"
  - title: Tell of it
    steps:
      - edit: notes.txt
        create: Good day.
      - verify: COMMAND
      - commit: "feat: say good day"FILES
"""


@pytest.mark.parametrize("files", ["", "\n        files: [app.py, notes.txt]"])
def test_what_an_earlier_task_left_is_not_committed_unseen(scenario: Scenario, files: str) -> None:
    """Whether a person changes it while the run has stopped, or somebody during a check."""
    phase = ALONG.replace("FILES", files)
    scenario.app(phase.replace("COMMAND", "test -e ../ok"))
    scenario.run("run").says(1, "stopped at phase-1/task-2/step-2")
    scenario.write("app.py", scenario.read("app.py") + "# mine\n")
    kept = "changed by hand since, and kept: app.py"
    scenario.run("run", "--dry-run").says(0, "changed by hand, and kept: app.py")
    scenario.run("run").says(1, kept, "--- app.py as edited", "+# mine")
    scenario.phase(phase.replace("COMMAND", "test -e ../go || { touch ../go; echo >> app.py; }"))
    scenario.run("run").says(1, kept, "app.py was changed while the task was checked")
    scenario.run("run").says(0, kept, "feat: say good day")
    note = json.loads(scenario.git("notes", "--ref=runbook", "show"))
    assert note["by_hand"] == ["app.py"]
    assert scenario.read("app.py") == APP.replace("hello", "good day") + "# mine\n\n"
    scenario.run("adopt", "1").says(0, "what was made by hand in task-2")
    assert scenario.run("run").status == 0
    adopted = scenario.read("phases/phase-1.yaml")
    other = scenario.folder / "other"
    scenario.git("worktree", "add", "-q", str(other), "HEAD~1")
    (other / "phases/phase-1.yaml").write_text(adopted)
    scenario.run("run", cwd=other).says(0, "complete")
    assert (other / "app.py").read_text() == scenario.read("app.py")


def test_so_it_is_with_the_work_of_a_person(scenario: Scenario) -> None:
    manual = UNSEEN.replace(
        'edit: app.py\n        replace: return "hello"\n        with: return "good day"',
        "manual: Say good day.\n        files: [app.py, notes.txt]",
    )
    scenario.app(manual.replace("COMMAND", "grep -q good app.py && echo more >> notes.txt"))
    scenario.write("notes.txt", "")
    scenario.git("add", "-A")
    scenario.git("commit", "-qm", "Notes")
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(1, "notes.txt was changed while the task was checked")
