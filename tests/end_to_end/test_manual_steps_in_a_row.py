"""Steps that are handed over one right after the other: each begins where the one before ended."""

from handing import cut
from scenario import APP, Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it by hand
        steps:
          - manual: Think of a greeting.
            files: [app.py]
          - manual: Sharpen it, and note it down.
            files: [app.py, notes.md, {glob: "notes/*"}]
          - verify: grep -q good app.py
          - commit: "feat: say good day"
"""
FIRST = APP.replace("hello", "good morning")
SECOND = APP.replace("hello", "good day")


def test_what_is_done_after_the_first_was_taken_is_the_work_of_the_second(
    scenario: Scenario,
) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", FIRST)
    scenario.run("done").says(0, "step-1: taken as done", '+    return "good morning"')
    scenario.run("run", "--dry-run").says(
        4, "step-2 (phases/phase-1.yaml:8:9): waiting for work by hand"
    )
    scenario.write("app.py", SECOND)
    scenario.run("run", "--dry-run").says(0, "Sharpen it, and note it down. (its work is taken as")
    ended = scenario.run("run")
    ended.says(0, "step-2: taken as done", "changed by hand: app.py", "is complete: 1 commit")
    shown = [line.strip() for line in ended.stdout.splitlines()]
    assert '-    return "good morning"' in shown
    assert '-    return "hello"' not in shown


def test_what_was_done_at_once_is_told_apart_by_its_files(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", SECOND)
    scenario.write("notes/new.md", "Good day is better.\n")
    scenario.run("run", "--dry-run").says(0, "commit  feat: say good day")
    scenario.run("run").says(
        0,
        "step-1: taken as done\n          changed by hand: app.py",
        "step-2: taken as done\n          changed by hand: notes/new.md",
        "1 commit",
    )
    assert scenario.paths() == ["app.py", "notes/new.md"]
    # So what is written back is what was committed.
    scenario.run("adopt").says(0)
    scenario.run("adopt").says(0, "nothing made by hand that it does not say")


def test_one_file_that_both_are_about_is_changed_once_for_each(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", FIRST)
    scenario.run("run").says(
        4, "step-1: taken as done", "step-2 (phases", "not changed yet: app.py"
    )
    scenario.run("run").says(4, "not changed yet: app.py")
    scenario.write("app.py", SECOND)
    scenario.run("run").says(0, "step-2: taken as done", '-    return "good morning"')


def test_after_a_kill_between_the_second_begins_where_the_first_ended(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", FIRST)
    scenario.run("run").says(4, "step-1: taken as done")
    cut(scenario, "ManualDone")
    scenario.write("app.py", SECOND)
    scenario.run("run").says(0, "step-2: taken as done", '-    return "good morning"', "1 commit")


def test_a_file_that_is_named_only_now_was_as_the_first_left_it(scenario: Scenario) -> None:
    scenario.app(PHASE.replace('[app.py, notes.md, {glob: "notes/*"}]', "[notes.md]"))
    scenario.run("run").says(4)
    scenario.write("app.py", FIRST)
    scenario.run("run").says(4, "step-2 (phases", "not changed yet: notes.md")
    file = scenario.root / "phases/phase-1.yaml"
    file.write_text(file.read_text().replace("[notes.md]", "[notes.md, app.py]"))
    scenario.run("run").says(4, "not changed yet: notes.md, app.py")
    scenario.write("app.py", SECOND)
    scenario.run("run").says(0, "changed by hand: app.py", '-    return "good morning"', "1 commit")


def test_retry_puts_back_what_both_have_changed(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", FIRST)
    scenario.run("done").says(0)
    scenario.write("app.py", SECOND)
    scenario.write("notes.md", "Good day.\n")
    scenario.run("run", "--dry-run").says(0)
    scenario.run("retry").says(4, "step-1 (phases", "not changed yet: app.py")
    assert scenario.read("app.py") == APP
    assert scenario.status() == ""


BY_BOTH = PHASE.replace(
    "    tasks:", "    delegate: {run: bash ../agent.sh, confine: false}\n    tasks:"
)
BY_A_PERSON = "            delegate: none"
SAY = "sed -i 's/{}/{}/' app.py\n"


def test_a_delegate_begins_where_a_person_ended(scenario: Scenario) -> None:
    (scenario.folder / "agent.sh").write_text(
        "grep -q 'good morning' app.py || echo 'BLOCKED: the first is not done'\n"
        + SAY.format("good morning", "good day")
    )
    scenario.app(
        BY_BOTH.replace(
            "            files: [app.py]", "            files: [app.py]\n            delegate: none"
        )
    )
    scenario.run("run").says(4, "not changed yet: app.py")
    scenario.write("app.py", FIRST)
    ended = scenario.run("run")
    ended.says(0, "step-1: taken as done", "accepted", '-    return "good morning"', "1 commit")
    assert scenario.git("show", "HEAD:app.py") == SECOND.rstrip("\n")


def test_a_person_begins_where_a_delegate_ended(scenario: Scenario) -> None:
    (scenario.folder / "agent.sh").write_text(SAY.format("hello", "good morning"))
    scenario.app(BY_BOTH.replace('"notes/*"}]', '"notes/*"}]\n' + BY_A_PERSON))
    scenario.run("run").says(4, "accepted", "step-2 (phases", "not changed yet: app.py")
    cut(scenario, "ManualDone")
    scenario.write("app.py", SECOND)
    ended = scenario.run("run")
    ended.says(0, "step-2: taken as done", '-    return "good morning"', "1 commit")
    assert '-    return "hello"' not in [line.strip() for line in ended.stdout.splitlines()]


MENDED = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it by hand
        steps:
          - manual: Think of a better greeting.
            files: [app.py]
          - verify: grep -q 'good day' app.py
          - commit: "feat: say good day"
"""


def test_what_is_mended_of_work_that_was_taken_is_told_and_adopted(scenario: Scenario) -> None:
    scenario.app(MENDED)
    scenario.run("run").says(4)
    scenario.write("app.py", FIRST)
    scenario.run("run").says(1, "the check failed")
    scenario.write("app.py", SECOND)
    scenario.run("run", "--dry-run").says(0, "changed by hand, and kept: app.py")
    scenario.run("run").says(
        0, "changed by hand since, and kept: app.py", '-    return "good morning"', "mended by hand"
    )
    scenario.run("adopt").says(0)
    assert "manual" not in scenario.read("phases/phase-1.yaml")
