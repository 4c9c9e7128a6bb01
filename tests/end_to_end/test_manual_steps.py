"""Work that is handed over to a person."""

import json

import pytest
from scenario import APP, Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it by hand
        steps:
          - manual: |
              Think of a better greeting.
              Write it into app.py.
            files: [app.py, other.py]
          - verify: pytest -q test_app.py
            expect: {tests: pass}
          - commit: "feat: say good day"
"""

WAITING = """
    Do this in <root>, then: runbook run phase-1
"""


def test_a_run_waits_for_the_work_and_commits_it(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").shows(
        4,
        """
        phase-1: Say good day.

        task-1: Say it by hand

        stopped at phase-1/task-1/step-1 (phases/phase-1.yaml:6:9): waiting for work by hand
            Think of a better greeting.
            Write it into app.py.
          not changed yet: app.py, other.py
          then: verify  pytest -q test_app.py
                commit  feat: say good day

        Do this in <root>, then: runbook run phase-1
        Or instead:
          runbook done phase-1/task-1/step-1 --reason "...": take it as done, unchanged
          runbook skip phase-1/task-1 --reason "...": leave task-1 out
        """,
    )
    scenario.run("run").shows(
        4,
        """
        phase-1: Say good day.
          goes on: 0 of 1 task done before

        task-1: Say it by hand
          goes on where it stopped

        stopped at phase-1/task-1/step-1 (phases/phase-1.yaml:6:9): waiting for work by hand
            Think of a better greeting.
            Write it into app.py.
          not changed yet: app.py, other.py
          then: verify  pytest -q test_app.py
                commit  feat: say good day

        Do this in <root>, then: runbook run phase-1
        Or instead:
          runbook done phase-1/task-1/step-1 --reason "...": take it as done, unchanged
          runbook skip phase-1/task-1 --reason "...": leave task-1 out
        """,
    )
    scenario.run("status").says(
        0, "[!] task-1: Say it by hand", "Do this in <root>, then: runbook run"
    )
    scenario.write("app.py", APP.replace("hello", "go away"))
    scenario.write("other.py", "new = True\n")
    scenario.run("run").says(
        1, "manual  step-1: taken as done", "changed by hand: app.py, other.py", "the check failed"
    )
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert scenario.paths() == ["app.py", "other.py"]
    assert '"good day"' in scenario.git("show", "HEAD:app.py")
    assert scenario.status() == ""


def test_the_difference_made_by_hand_is_shown(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").shows(
        0,
        """
        phase-1: Say good day.
          goes on: 0 of 1 task done before

        task-1: Say it by hand
          goes on where it stopped
          manual  step-1: taken as done
                  changed by hand: app.py
            --- app.py as handed over
            +++ app.py now
            @@ -1,2 +1,2 @@
             def greeting():
            -    return "hello"
            +    return "good day"
          verify  pytest -q test_app.py
                  1 passed (<time>)
                  as expected
          commit  <commit> feat: say good day

        phase-1 is complete: 1 commit, <time>.
        """,
    )


def test_work_that_was_committed_by_hand_goes_on(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.git("commit", "-q", "-am", "Mine")
    scenario.run("run").says(
        0, "goes on from main at", '+    return "good day"', "already committed: app.py", "complete"
    )
    assert scenario.subjects() == ["Begin", "Mine"]


def test_commits_are_the_work_of_a_step_in_which_no_file_is_named(scenario: Scenario) -> None:
    scenario.app("""
        phase: 1
        goal: Say good day.
        tasks:
          - title: Commit what was adjusted
            steps:
              - manual: Only commit if adjustments were made.
              - confirm: Is it merged?
    """)
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.git("commit", "-q", "-am", "Mine")
    scenario.run("status").says(0, "waiting for work by hand")
    scenario.run("run").says(4, "goes on from main at", "step-1: taken as done", "Is it merged?")
    # Another branch is another matter.
    scenario.git("checkout", "-q", "-b", "other")
    scenario.run("run").says(1, "HEAD moved since the last run")


def test_phase_files_may_be_committed_with_the_work(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day"))
    file = scenario.root / "phases/phase-1.yaml"
    file.write_text(file.read_text() + "# mended\n")
    scenario.git("add", ".")
    scenario.git("commit", "-q", "-m", "Mine")
    scenario.run("run").says(0, "goes on from main at", "already committed: app.py", "complete")


@pytest.mark.parametrize("link", [False, True])
@pytest.mark.parametrize("verb", ["skip", "retry", "abort"])
def test_work_that_was_committed_by_hand_stays_what_it_is(
    scenario: Scenario, verb: str, link: bool
) -> None:
    """What a task did since its last commit is put back; commits of a person's are theirs."""
    scenario.app(PHASE.replace("- commit", "- verify: test -e ../go\n          - commit"))
    scenario.run("run").says(4)
    if link:
        (scenario.root / "app.py").unlink()
        (scenario.root / "app.py").symlink_to("test_app.py")
    else:
        scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.git("commit", "-q", "-am", "Mine")
    result = scenario.run("run")
    result.says(1, "the check failed", "Fix it in <root>, or mend the phase file", "runbook skip")
    assert "not committed yet" not in result.stdout
    assert "runbook retry" not in result.stdout
    scenario.run(*(("skip", "1/1", "--reason", "no") if verb == "skip" else (verb,)))
    assert scenario.status() == ""
    assert scenario.subjects() == ["Begin", "Mine"]


def test_work_that_was_committed_with_other_things_is_asked_about(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.write("test_app.py", scenario.read("test_app.py") + "# more\n")
    scenario.git("commit", "-q", "-am", "Mine")
    scenario.run("run").says(1, "HEAD moved since the last run", "run phase-1 --accept-head")
    short = scenario.git("rev-parse", "--short", "HEAD")
    assert f"  hint: came since: {short} Mine\n" in scenario.run("status").raw
    how = "hint: go back there, or go on from where HEAD is: `runbook run phase-1 --accept-head`"
    scenario.run("done").says(1, "HEAD moved since the last run", how)
    scenario.run("run", "--accept-head").says(0, "already committed: app.py", "is complete")
    assert scenario.subjects() == ["Begin", "Mine"]


def test_a_change_that_nothing_declares_stops_at_the_step(scenario: Scenario) -> None:
    scenario.app(PHASE)
    scenario.run("run").says(4)
    scenario.write("test_app.py", scenario.read("test_app.py") + "# more\n")
    # Perhaps the plan says another file than it means.
    undeclared = (
        "hint: changed since the task began, and declared for no commit to come: test_app.py"
    )
    scenario.run("run").says(4, "not changed yet: app.py, other.py", undeclared)
    scenario.run("status").says(0, "not changed yet: app.py, other.py", undeclared)
    scenario.run("next").says(0, undeclared)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(
        1,
        "stopped at phase-1/task-1/step-1",
        "changed since the task began, and declared for no commit to come: test_app.py",
        "+# more",
        "name the file under the step's `files:`",
    )
    # Named now, and still known as it was before.
    file = scenario.root / "phases/phase-1.yaml"
    file.write_text(file.read_text().replace("[app.py, other.py]", "[app.py, test_app.py]"))
    scenario.run("run").says(
        0, "changed by hand: app.py, test_app.py", "+# more", '-    return "hello"', "1 commit"
    )
    assert scenario.paths() == ["app.py", "test_app.py"]


def test_the_files_of_the_commit_are_those_of_the_work(scenario: Scenario) -> None:
    phase = PHASE.replace("            files: [app.py, other.py]\n", "").replace(
        'commit: "feat: say good day"', 'commit: "feat: say good day"\n            files: app.py'
    )
    scenario.app(phase)
    scenario.run("run").says(4, "waiting for work by hand")
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(0, "changed by hand: app.py", '+    return "good day"', "1 commit")


LATER = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it by hand
        note: Words are in `app.py`.
        steps:
          - manual: Think of a better greeting.
            title: Greet them in `app.py`
            note: Short ones are best.
          - manual: Note down why.
            title: Note down …
      - title: Commit it
        steps:
          - confirm: Is it right?
            note: Ask somebody else.
          - commit: "feat: say good day"
            files: [app.py, notes.md]
"""


def test_a_command_of_several_lines_that_comes_then_is_told_in_one(scenario: Scenario) -> None:
    several = "verify: |\n              true &&\n              pytest -q test_app.py"
    scenario.app(PHASE.replace("verify: pytest -q test_app.py", several))
    scenario.run("run").says(4, "then: verify  true && …\n        commit  feat: say good day")
    scenario.run("run", "--dry-run").says(4, "verify  true && …\n")


def test_what_only_a_later_task_commits_is_work_by_hand_all_the_same(scenario: Scenario) -> None:
    scenario.app(LATER)
    scenario.run("run").says(4, "not changed yet: app.py, notes.md", "done phase-1/task-1/step-1: ")
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(4, "step-1: taken as done", "changed by hand: app.py", "step-2 (p")
    scenario.write("notes.md", "Why not?\n")
    scenario.run("run").says(
        4, "step-2: taken as done", "changed by hand: notes.md", "Is it right?"
    )
    scenario.run("run", "--yes").says(0, "phase-1 is complete: 1 commit")
    assert scenario.paths() == ["app.py", "notes.md"]


def test_what_the_plan_says_of_a_step_and_its_task_is_shown(scenario: Scenario) -> None:
    scenario.app(LATER)
    said = ["Greet them in `app.py`", "Think of a better greeting.", "Short ones are best."]
    scenario.run("run").says(4, "\n\n    ".join([*said, "Words are in `app.py`."]))
    heading = "## What the plan says of the whole task\n\n"
    scenario.run("next").says(0, f"{heading}Words are in `app.py`.")
    scenario.run("done").says(0)
    scenario.run("run").says(4, "by hand\n    Note down why.\n")
    scenario.run("run").says(4, "    Is it right?\n\n    Ask somebody else.\n")


BEFORE_AN_EDIT = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it
        steps:
          - manual: Say it twice.
            files: [app.py]
          - edit: app.py
            replace: return "hello"
            with: return "good day"
          - commit: "feat: say good day"
"""


def test_the_work_of_a_step_is_shown_once_where_an_edit_of_its_file_follows(
    scenario: Scenario,
) -> None:
    scenario.app(BEFORE_AN_EDIT)
    scenario.run("run").says(4)
    scenario.write("app.py", f"# Twice\n{APP}")
    ended = scenario.run("run")
    ended.says(0, "step-1: taken as done", "1 commit")
    assert ended.stdout.count("+# Twice") == 1
    assert "changed by hand since" not in ended.stdout


def test_status_says_what_is_amiss_with_an_edit_after_it(scenario: Scenario) -> None:
    scenario.app(BEFORE_AN_EDIT)
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "hello, hello"))
    scenario.run("run").says(1, "the text to replace is not in the file")
    scenario.run("status").says(0, '        -return "hello"\n        +    return "hello, hello"\n')


def test_an_edit_that_the_work_left_no_place_for_is_foreseen(scenario: Scenario) -> None:
    edit = "          - edit: words.py\n            replace: GREETING\n            with: WORDS\n"
    phase = PHASE.replace("other.py", "words.py").replace(
        "          - verify", f"{edit}          - verify"
    )
    scenario.app(phase)
    assert "taken as done" not in scenario.run("run", "--dry-run").stdout
    scenario.run("run").says(4, "waiting for work by hand")
    scenario.write("words.py", "SAID = 1\n")
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run", "--dry-run").says(
        1,
        "manual  Think of a better greeting. (its work is taken as done)",
        "would stop at phase-1/task-1/step-2 (phases/phase-1.yaml:11:9): words.py: the text to "
        "replace is not in the file",
        "Nothing was written.",
    )


SPECIAL = PHASE.replace(
    "pytest -q test_app.py\n            expect: {tests: pass}", "test -e app.py"
)


def test_a_file_that_may_be_executed_now_is_changed(scenario: Scenario) -> None:
    scenario.app(SPECIAL)
    scenario.write("other.py", "x = 1\n", mode=0o755)
    scenario.git("add", "other.py")
    scenario.git("commit", "-qm", "Other")
    scenario.run("run").says(4, "not changed yet: app.py, other.py")
    (scenario.root / "app.py").chmod(0o755)
    scenario.run("status").says(0, "  changed: app.py\n")
    scenario.run("retry").says(4, "put back: app.py")
    assert not (scenario.root / "app.py").stat().st_mode & 0o100
    (scenario.root / "app.py").chmod(0o755)
    (scenario.root / "other.py").chmod(0o644)
    scenario.run("run").says(
        0, "changed by hand: app.py, other.py", "app.py may be executed now",
        "other.py may not be executed now",
    )  # fmt: skip
    assert scenario.git("ls-tree", "HEAD", "app.py").startswith("100755")
    scenario.run("adopt").says(1, "app.py has other permissions, which no edit gives")


def test_a_link_is_work_by_hand(scenario: Scenario) -> None:
    """That is made in a file's place or where nothing was, or that points elsewhere now."""
    scenario.app(SPECIAL.replace("other.py", "old, new"))
    (scenario.root / "old").symlink_to("app.py")
    scenario.git("add", "old")
    scenario.git("commit", "-qm", "Link")
    before = scenario.read("app.py")

    def work() -> None:
        for name, target in (("app.py", "test_app.py"), ("old", "phases"), ("new", "nowhere")):
            (scenario.root / name).unlink(missing_ok=True)
            (scenario.root / name).symlink_to(target)

    scenario.run("run").says(4, "not changed yet: app.py, old, new")
    work()
    scenario.run("status").says(0, "changed: app.py, old, new")
    scenario.run("retry").says(4, "put back: app.py, old, new", "not changed yet: app.py")
    assert scenario.read("app.py") == before
    assert (scenario.root / "old").readlink().name == "app.py"
    assert scenario.status() == ""
    work()
    scenario.run("run").says(
        0, "changed by hand: app.py, old, new", "+app.py -> test_app.py", "-old -> app.py",
        "+old -> phases", "+new -> nowhere",
    )  # fmt: skip
    assert scenario.paths() == ["app.py", "new", "old"]
    assert scenario.git("ls-tree", "HEAD", "app.py").startswith("120000")
    scenario.run("adopt").says(1, "can't all be said by edits")
    scenario.run("undo", "phase-1").says(0)
    assert scenario.read("app.py") == before


def test_a_submodule_is_brought_to_another_commit_by_hand(scenario: Scenario) -> None:
    scenario.app(SPECIAL.replace("app.py, other.py", "lib"))
    allowed = ("-c", "protocol.file.allow=always")
    scenario.git("clone", "-q", ".", "../lib")
    scenario.git(*allowed, "submodule", "add", "-q", "../lib", "lib")
    scenario.git("commit", "-qm", "Lib")
    scenario.run("run").says(4, "not changed yet: lib")
    scenario.git("commit", "-q", "--allow-empty", "-m", "Next", cwd=scenario.root / "lib")
    scenario.run("run").says(0, "changed by hand: lib", "+lib @ ")
    assert scenario.paths() == ["lib"]


def test_work_that_is_done_in_parts_is_all_told_and_adopted(scenario: Scenario) -> None:
    phase = PHASE.replace("app.py, other.py", "app.py, other.py, more.py")
    scenario.app(phase.replace("pytest -q test_app.py\n            expect: {tests: pass}",
                               "test -e other.py && grep -q more more.py"))  # fmt: skip
    scenario.write("more.py", "x = 1\n")
    scenario.git("add", "more.py")
    scenario.git("commit", "-qm", "More")
    scenario.run("run").says(4)
    scenario.write("app.py", APP.replace("hello", "good day"))
    scenario.run("run").says(1, "changed by hand: app.py\n", "the check failed")
    scenario.write("other.py", "new = True\n")
    scenario.write("more.py", "more = 1\n")
    scenario.run("run").says(
        0, "changed by hand since, and kept: ", "+new = True", "-x = 1\n    +more = 1"
    )
    note = json.loads(scenario.git("notes", "--ref=runbook", "show", "HEAD"))
    assert sorted(note["by_hand"]) == ["app.py", "more.py", "other.py"]
    scenario.run("adopt").says(0)
    adopted = scenario.read("phases/phase-1.yaml")
    assert "more = 1" in adopted
    assert "new = True" in adopted


def test_what_was_made_beside_the_work_is_to_be_looked_at(scenario: Scenario) -> None:
    scenario.app(SPECIAL)
    scenario.write("mine.txt", "mine\n")
    scenario.run("run").says(4)
    scenario.write("app.py", APP + "import words\n")
    scenario.write("words.py", "WORDS = 1\n")
    scenario.run("run").says(0, "to be looked at: new, and in no commit to come: words.py\n")
    note = scenario.git("notes", "--ref=runbook", "show", "HEAD")
    assert "new, and in no commit to come: words.py" in note


def test_what_is_left_out_need_not_apply(scenario: Scenario) -> None:
    left_out = """\
    tasks:
      - title: Say nothing
        steps:
          - edit: app.py
            remove: nowhere
          - commit: "feat: say nothing"
"""
    scenario.app(PHASE.replace("    tasks:\n", left_out, 1))
    scenario.run("run").says(1, "the text to remove is not in the file")
    scenario.run("skip", "1/1", "--reason", "not here").says(0)
    scenario.run("run", "--dry-run").says(4, "waiting for work by hand")
    scenario.run("run").says(4, "waiting for work by hand")


def test_work_in_a_new_folder_is_known(scenario: Scenario) -> None:
    scenario.app(PHASE.replace("app.py, other.py", "new/words.py"))
    scenario.write("mine/notes.txt", "mine\n")
    scenario.run("run").says(4, "not changed yet: new/words.py")
    scenario.write("new/words.py", "WORDS = 1\n")
    result = scenario.run("run")
    result.says(0, "changed by hand: new/words.py", "1 commit")
    assert "mine" not in scenario.git("show", "--name-only", "HEAD")
    check = next(line for line in scenario.json("log", "last") if line["event"] == "CommandEnded")
    assert check["dirty"] == ["mine/"]


def test_work_is_done_in_the_folder_that_paths_stand_in(scenario: Scenario) -> None:
    scenario.write("back/app.py", "x = 1\n")
    scenario.phase("""
        phase: 1
        goal: Write.
        workdir: back
        tasks:
          - title: Write
            steps:
              - manual: Write the notes.
                files: notes.txt
              - commit: "docs: notes"
    """)
    scenario.begin()
    said = "Do this in <root>/back, then: runbook run phase-1"
    scenario.run("run").says(4, said)
    scenario.run("status").says(0, said)
    scenario.run("log", "last").says(0, said)
    assert scenario.json("next")[0]["folder"].endswith("/back")
    scenario.write("back/notes.txt", "notes\n")
    scenario.run("run").says(0, "1 commit")


@pytest.mark.parametrize("workdir", ["", "sub"])
def test_what_an_undo_changes_meanwhile_is_no_work_by_hand(
    scenario: Scenario, workdir: str
) -> None:
    phase = """
        phase: 1
        goal: Say good day.
        WORKDIR
        tasks:
          - title: Note it
            steps:
              - edit: app.py
                prepend: |
                  # note
              - commit: "docs: note"
          - title: Say it
            steps:
              - manual: Say good day.
                files: [app.py]
              - commit: "feat: say good day"
    """
    inside = f"{workdir}/" if workdir else ""
    scenario.write(f"{inside}app.py", APP)
    scenario.phase(phase.replace("WORKDIR", f"workdir: {workdir}" if workdir else "base: HEAD"))
    scenario.begin()
    scenario.run("run").says(4)
    scenario.run("undo", "1/1").says(0, "undone: task-1")
    assert scenario.read(f"{inside}app.py") == APP
    scenario.run("status").says(0, "not changed yet: app.py")
    scenario.run("done", "1/2").says(1, "none of its files was changed: app.py")
    scenario.run("run").says(4, "not changed yet: app.py")
    # Nor is it brought back.
    scenario.write(f"{inside}app.py", APP.replace("hello", "good day"))
    scenario.run("retry").says(4, "put back: app.py")
    assert scenario.read(f"{inside}app.py") == APP
