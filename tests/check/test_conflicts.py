"""`check` shows every edit that will not apply, and nothing is touched."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scenario import APP, CHECKED, GREETING, Scenario

SHOP = """\
def net(price):
    return price / 1.19


def gross(price):
    return price * 1.19


def total(prices):
    result = 0
    for price in prices:
        result += gross(price)
    return result
"""
PLAN = """\
phase: 1
goal: Round prices.
tasks:
  - title: Round the total
    steps:
      - edit: shop.py
        replace: |2
              for price in prices:
                  result += gross(price)
              return result
        with: |2
              return round(sum(map(gross, prices)), 2)
      - verify: pytest -q
        expect: {tests: pass}
      - commit: "fix: round"
"""
CHANGED = SHOP.replace("result += gross(price)", "result += gross(price) + 1")


def shop(scenario: Scenario, phase: str = PLAN, text: str = SHOP) -> Scenario:
    scenario.write("shop.py", text)
    scenario.phase(phase)
    return scenario.begin()


def test_an_edit_whose_target_changed(scenario: Scenario) -> None:
    shop(scenario)
    base = scenario.git("rev-parse", "--short=9", "HEAD")
    scenario.write("shop.py", "# A comment.\n" + CHANGED)
    scenario.git("commit", "-q", "-am", "feat: charge more")
    scenario.phase(f"base: {base}\n" + PLAN)
    # The working tree is not needed.
    (scenario.root / "shop.py").unlink()
    result = scenario.run("check")
    short = scenario.git("rev-parse", "--short", "HEAD")
    assert f"{short} feat: charge more" in result.raw
    result.says(
        1,
        "phases/phase-1.yaml:8:9: conflict: shop.py: the text to replace is not in the file\n"
        "    8 |         replace: |2\n"
        "      |         ^^^^^^^\n"
        "      = the nearest text stands in lines 12-14; `-` is what the phase file says, "
        "`+` what the file says:\n"
        "               for price in prices:\n"
        "          -        result += gross(price)\n"
        "          +        result += gross(price) + 1\n"
        "               return result\n"
        "      = changed since `base` (<commit>) by:\n",
        "\nphases/phase-1.yaml: 1 task, 3 steps, 1 conflict\n",
    )


def test_lines_above_do_not_matter(scenario: Scenario) -> None:
    shop(scenario, text="# one more\n" * 30 + SHOP)
    scenario.run("check").shows(0, "phases/phase-1.yaml: 1 task, 3 steps, no mistakes")


def test_a_block_that_stands_twice_is_refused_with_both_places(scenario: Scenario) -> None:
    shop(scenario, text=SHOP + "\n\n" + SHOP)
    scenario.run("check").says(1, "is to be found once and stands 2 times, in lines 11, 26")


def test_every_conflict_of_every_phase_is_shown(scenario: Scenario) -> None:
    wrong = PLAN.replace("gross(price)", "wrong(price)").replace("round(sum", "round(fsum")
    shop(
        scenario,
        wrong.replace(
            "      - verify",
            "      - edit: {glob: '*.md'}\n        append: x\n"
            "      - edit: nowhere.py\n        append: x\n"
            "      - edit: shop.py\n        append: y\n      - verify",
        ),
    )
    scenario.phase(PLAN.replace("phase: 1", "phase: 0"), "phase-0")
    result = scenario.run("check")
    result.says(
        1,
        "phases/phase-1.yaml:7:9: conflict: shop.py: the text to replace is not in the file",
        "phases/phase-1.yaml:13:9: conflict: *.md: no tracked file matches the pattern",
        "phases/phase-1.yaml:16:9: conflict: nowhere.py: the file does not exist",
        "phases/phase-0.yaml: 1 task, 3 steps, no mistakes",
        "phases/phase-1.yaml: 1 task, 6 steps, 3 conflicts",
        "  not tried: phase-1/task-1/step-4 (shop.py), which depends on phase-1/task-1/step-1",
    )
    # The first phase has replaced the block, and the second does not find it again.
    scenario.phase(PLAN.replace("round(sum", "round(fsum"))
    scenario.run("check", "1").says(1, "conflict: shop.py: the text to replace is not in the file")
    scenario.run("check", "0").says(0, "phases/phase-0.yaml: 1 task, 3 steps, no mistakes")


def test_what_is_committed_is_not_tried_again(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/x")
    more = GREETING.partition("tasks:\n")[2].replace('"good day"', '"hello"')
    more = more.replace('replace: return "hello"', 'replace: return "good day"')
    scenario.app(CHECKED + more + "      - verify: 'false'\n")
    scenario.run("check").says(0, "no mistakes")
    scenario.run("run").says(1, "stopped at phase-1/task-2/step-3")
    scenario.run("check").says(0, "no mistakes")
    # Its worktree is gone, and its branch is not.
    scenario.run("clean", "--force").says(0, "removed the worktree")
    scenario.run("check").says(0, "no mistakes")
    scenario.run("clean", "--branch", "--force").says(0)
    scenario.run("check").says(0, "no mistakes")


def test_what_was_skipped_is_not_tried(scenario: Scenario) -> None:
    scenario.app(CHECKED.replace('return "hello"', 'return "hi"'))
    scenario.run("check").says(1, "conflict: app.py")
    scenario.run("run").says(1, "stopped at phase-1/task-1")
    scenario.run("skip", "phase-1/task-1", "--reason", "not needed").says(0)
    scenario.run("check").says(0, "phases/phase-1.yaml: 1 task, 3 steps, no mistakes")


def test_the_journal_is_not_believed_against_git(scenario: Scenario) -> None:
    scenario.app(CHECKED + "      - verify: 'false'\n")
    scenario.run("run").says(1, "stopped at phase-1/task-1/step-4")
    scenario.run("check").says(0, "no mistakes")
    scenario.git("reset", "-q", "--hard", "HEAD~1")
    scenario.write("app.py", "def greeting():\n    return 'hi'\n")
    scenario.git("commit", "-q", "-am", "Say hi")
    scenario.run("check").says(1, "conflict: app.py: the text to replace is not in the file")


def test_what_people_and_commands_make_is_not_tried(scenario: Scenario) -> None:
    steps = (
        "      - run: touch made.py\n        files: [made.py]\n"
        "      - edit: made.py\n        append: x\n"
        "      - manual: Write it.\n        files: [shop.py]\n      - edit: shop.py"
    )
    shop(scenario, PLAN.replace("      - edit: shop.py", steps))
    scenario.run("check").shows(
        0,
        """
        phases/phase-1.yaml: 1 task, 6 steps, no mistakes
          not tried: phase-1/task-1/step-2 (made.py), which depends on phase-1/task-1/step-1
          not tried: phase-1/task-1/step-4 (shop.py), which depends on phase-1/task-1/step-3
        """,
    )


def test_phases_in_folders_of_their_own_share_their_files(scenario: Scenario) -> None:
    scenario.write("src/app.py", 'x = "one"\n')
    phase = (
        "phase: 1\ngoal: Count.\nworkdir: src\ntasks:\n  - title: Count\n    steps:\n"
        '      - edit: app.py\n        replace: "one"\n        with: "two"\n'
        "      - verify: grep -q two app.py\n      - commit: 'feat: two'\n"
    )
    scenario.phase(phase)
    scenario.phase(
        phase.replace("phase: 1", "phase: 2").replace("workdir: src", "workdir: .")
        .replace('with: "two"', 'with: "six"').replace('e: "one"', 'e: "two"')
        .replace("app.py", "src/app.py"), "phase-2",
    )  # fmt: skip
    scenario.begin()
    scenario.run("check").says(0, "phase-1.yaml: 1 task, 3 steps, no", "phase-2.yaml: 1 task, 3")
    scenario.run("run", "--all", "--dry-run").says(0, "edit    src/app.py, line 1")


def test_in_folders_of_their_own_an_edit_is_what_it_is_elsewhere(scenario: Scenario) -> None:
    scenario.write("src/app.py", 'x = "one"\n')
    scenario.write("src/phases/moon.py", "full = 1\n")
    scenario.phase(
        """
        phase: 1
        goal: Count.
        workdir: src
        tasks:
          - title: Count
            steps:
              - edit: {glob: "**", where: contains}
                replace: '"one"'
                with: '"two"'
              - edit: {glob: "**", where: contains}
                replace: {full: new}
              - edit: app.py
                patch: |
                  @@ -1 +1 @@
                  -x = "two"
                  +y = "two"
              - verify: grep -q two app.py
              - commit: "feat: two"
        """
    )
    scenario.phase(CHECKED.replace("phase: 1", "phase: 2"), "phase-2")
    scenario.write("app.py", APP)
    scenario.write("test_app.py", "")
    scenario.begin()
    scenario.run("check").says(0, "phase-1.yaml: 1 task, 5 steps, no mistakes")
    scenario.run("check", "--diff").says(0, '+y = "two"', "+new = 1")
    scenario.run("run", "phase-1").says(0, "phase-1 is complete")
    assert scenario.read("src/app.py") == 'y = "two"\n'
    assert scenario.read("src/phases/moon.py") == "new = 1\n"


def test_without_a_commit_there_are_no_files(scenario: Scenario) -> None:
    scenario.phase(CHECKED)
    scenario.run("check").says(1, "conflict: app.py: the file does not exist")


def test_the_difference_is_a_patch(scenario: Scenario, tmp_path: Path) -> None:
    scenario.app(
        CHECKED + "  - title: More\n    steps:\n      - edit: new.md\n        create: |\n"
        "          Hello.\n      - edit: app.py\n        append: |\n          X = 1\n"
        "      - edit: test_app.py\n        move-to: tests/test_app.py\n"
        "      - verify: pytest -q\n        expect: {tests: pass}\n      - commit: 'feat: more'\n"
    )
    first = scenario.run("check", "--diff", "phase-1/task-1")
    first.shows(
        0,
        """
        diff --git a/app.py b/app.py
        --- a/app.py
        +++ b/app.py
        @@ -1,2 +1,2 @@
         def greeting():
        -    return "hello"
        +    return "good day"
        """,
    )
    whole = scenario.run("check", "--diff")
    assert whole.status == 0
    scenario.git("clone", "-q", str(scenario.root), str(tmp_path / "clone"))
    subprocess.run(
        ["git", "apply", "-"], cwd=tmp_path / "clone", input=whole.raw, text=True, check=True
    )
    scenario.run("run").says(0, "2 commits")
    for path in ("app.py", "new.md", "tests/test_app.py"):
        assert (tmp_path / "clone" / path).read_text() == scenario.read(path)
    assert not (tmp_path / "clone/test_app.py").exists()
    # All is committed: there is nothing left to show.
    scenario.run("check", "--diff").shows(0, "")


def test_a_difference_that_is_not_whole_says_so(scenario: Scenario) -> None:
    shop(scenario, PLAN.replace("gross(price)", "wrong(price)"))
    result = scenario.run("check", "--diff")
    assert (result.status, result.stdout) == (1, "")
    assert "conflict: shop.py" in result.stderr


def test_wrong_arguments(scenario: Scenario) -> None:
    scenario.app(CHECKED)
    scenario.run("check", "--diff", "1/task-9").says(
        2, "there is no task `phase-1/task-9`", "phase-1/task-1"
    )
    scenario.run("check", "--diff", "--json").says(2, "--diff writes a patch")
    scenario.run("check", "--all", "1").says(2, "name phases, or say --all: not both")
    scenario.run("check", "9").says(2, "there is no phase `9`")
    scenario.run("check", "--format", "xml").says(2, "xml")


def test_a_folder_that_is_to_be_moved_is_told_how(scenario: Scenario) -> None:
    scenario.write("pkg/a.py", "")
    scenario.write("pkg/sub/b.py", "")
    moved = GREETING.replace('        replace: return "hello"\n', "").replace(
        '        with: return "good day"\n', "        move-to: src/pkg\n"
    )
    scenario.app(moved.replace("edit: app.py", "edit: pkg"))
    hint = '`run: git mv pkg src/pkg` with `files: [{glob: "pkg/**"}, {glob: "src/pkg/**"}]`'
    scenario.run("check").says(1, "pkg is a folder", hint)
    scenario.phase(moved.replace("edit: app.py", 'edit: {glob: "pkg/**"}'))
    scenario.run("check").says(1, "src/pkg would be written twice by this step", hint)


def test_what_is_committed_is_not_held_against_the_files_again(scenario: Scenario) -> None:
    def said(old: str, new: str) -> str:
        return (
            f"  - title: Say {new}\n    steps:\n      - edit: app.py\n        replace: {old}\n"
            f"        with: {new}\n      - verify: grep -q {new} app.py\n"
            f"      - commit: 'feat: say {new}'\n"
        )

    scenario.app(
        "phase: 1\ngoal: Say good night.\ntasks:\n"
        + said("hello", "hi")
        + said("hi", "night")
        + "  - title: Look\n    steps:\n      - verify: test -e ../there\n"
        + said("night", "bye")
    )
    scenario.run("run").says(1, "the check failed")
    scenario.run("check").says(0, "no mistakes")
    diff = scenario.run("check", "--diff")
    diff.says(0, "bye")
    assert "hello" not in diff.stdout, str(diff)


def test_a_file_is_moved_into_a_folder_by_its_whole_path(scenario: Scenario) -> None:
    scenario.write("src/shop/other.py", "x = 1\n")
    move = PLAN.partition("        replace")[0] + "        move-to: {to}\n"
    shop(scenario, move.format(to="src/shop"))
    hint = "hint: state the file's whole new path: `src/shop/shop.py`"
    for command in ("check", "run"):
        scenario.run(command).says(1, "src/shop is a", hint)
    scenario.phase(move.replace("edit: shop.py", "edit: src/shop").format(to="src/store"))
    scenario.run("check").says(1, "hint: a folder is moved by `run: git mv src/shop src/store`")


NEEDLESS = """phase: 1
goal: Tidy up.
tasks:
  - title: Tidy up
    steps:
      - edit: shops.py
        delete: true
      - edit: shop.py
        remove-lines: ^import legcay$
        count: all
      - edit: shop.py
        drop-import: import legcay
      - edit: shop.py
        prepend: |
          import os
      - edit: {glob: "*.py"}
        replace: {import legacy: import new}
      - verify: pytest -q
        expect: {tests: pass}
      - commit: "chore: tidy up"
"""


def test_edits_that_change_nothing_are_named(scenario: Scenario) -> None:
    """What is misspelt where its absence is what was wanted shows in nothing else."""
    shop(scenario, NEEDLESS, "import os\nimport legacy\n" + SHOP)
    steps = "".join(
        f"  already applied: phase-1/task-1/step-{number} ({path})\n"
        for number, path in ((1, "shops.py"), (2, "shop.py"), (3, "shop.py"), (4, "shop.py"))
    )
    head = "phases/phase-1.yaml: 1 task, 7 steps, no mistakes\n"
    scenario.run("check").shows(0, head + steps)
    scenario.write("shop.py", "import os\nimport new\n" + SHOP)
    scenario.git("commit", "-q", "-am", "As it is to be")
    scenario.run("check").shows(0, f"{head}  already applied: all 5 edits")


def test_what_was_carried_out_is_not_told_to_be_needless(scenario: Scenario) -> None:
    shop(scenario, PLAN.replace("pytest -q\n        expect: {tests: pass}", "test -e shop.py"))
    scenario.run("run").says(0)
    scenario.run("check").shows(0, "phases/phase-1.yaml: 1 task, 3 steps, no mistakes")


BELOW = """
    phase: 1
    goal: Make a folder of a file.
    tasks:
      - title: Delete it
        steps:
          - edit: notes
            delete: true
          - commit: "docs: no notes"
      - title: Go below it
        steps:
          - edit: notes/first.md
            create: |
              first
          - commit: "docs: notes"
"""


def test_a_file_is_no_folder_until_a_task_has_deleted_it(scenario: Scenario) -> None:
    scenario.write("notes", "notes\n")
    scenario.phase(BELOW)
    no_folder = "notes/first.md: notes is no folder; to make it one, delete it in a task before"
    together = BELOW.replace(
        """          - commit: "docs: no notes"
      - title: Go below it
        steps:
""",
        "",
    )
    alone = together.replace("          - edit: notes\n            delete: true\n", "")
    for text in (together, alone):
        scenario.phase(text)
        scenario.git("add", "-A")
        scenario.git("commit", "-q", "-m", "Plan")
        scenario.run("check").says(1, f"conflict: {no_folder}")
        scenario.run("run", "--dry-run").says(1, no_folder)
        scenario.run("run").says(1, no_folder)
    assert scenario.subjects() == ["Plan", "Plan"]
    scenario.phase(BELOW)
    assert "conflict" not in scenario.run("check").raw
    scenario.run("run", "--dry-run", "--restart").says(0, "notes/first.md, line 1")
    scenario.run("run", "--restart").says(0, "2 commits")


def test_what_git_ignores_is_edited_as_it_is_there(scenario: Scenario) -> None:
    scenario.write(".gitignore", "*.env\n")
    scenario.write("a[b].env", "A=1\n")
    scenario.app(
        CHECKED.replace(
            "      - edit: app.py",
            "      - edit: a[b].env\n        set: {A: 2}\n      - edit: app.py",
        )
        + "        files: app.py\n"
    )
    scenario.run("check", "--diff").says(0, "-A=1\n+A=2\n")
    assert "conflict" not in scenario.run("check").stdout
    scenario.run("run").says(0, "edit    a[b].env, line 1")
    # In a worktree of its own there is none.
    scenario.series("worktree: .worktrees/moon\n")
    scenario.run("check").says(
        1, "conflict: a[b].env: the file is there in <root>, and git ignores it"
    )
