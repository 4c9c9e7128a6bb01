"""Files that git's status is silent about are in no commit, and nothing says that they are."""

from __future__ import annotations

import pytest
from scenario import Scenario

EDITED = """
phase: 1
goal: Try it.
tasks:
  - title: One
    steps:
      - edit: {path}
        create: |
          made
      - edit: app.py
        append: "# more"
      - verify: test -e {path}
      - commit: "feat: y"{force}
"""
FORCE = "\n        force: true"
REASON = "build/x.txt (ignored by .gitignore:1 `build/`)"


def test_an_ignored_file_is_told_by_check_dry_run_and_run(scenario: Scenario) -> None:
    scenario.write(".gitignore", "build/\n")
    scenario.app(EDITED.format(path="build/x.txt", force=""))
    scenario.run("check").says(
        1, "phase-1.yaml:12:", f"RB118: git would leave out of this commit: {REASON}", "force: true"
    )
    scenario.run("run", "--dry-run").says(1, f"git would leave out of this commit: {REASON}")
    scenario.run("run").says(1, f"git would leave out of this commit: {REASON}", "force: true")
    assert scenario.subjects() == ["Begin"]
    scenario.phase(EDITED.format(path="build/x.txt", force=FORCE))
    scenario.run("check").says(0)
    scenario.run("run").says(0, "1 commit")
    assert scenario.paths() == ["app.py", "build/x.txt"]
    assert scenario.status() == " M phases/phase-1.yaml"


def test_the_rule_may_stand_where_nobody_looks(scenario: Scenario) -> None:
    scenario.app(EDITED.format(path="notes.txt", force=""))
    exclude = scenario.root / ".git" / "info" / "exclude"
    exclude.write_text("# mine\nnotes*\n!notes-kept\n")
    reason = "notes.txt (ignored by .git/info/exclude:2 `notes*`)"
    scenario.run("check").says(1, reason)
    scenario.run("run").says(1, reason)


def test_a_rule_that_takes_a_file_in_again_ignores_nothing(scenario: Scenario) -> None:
    scenario.write(".gitignore", "*.txt\n!notes.txt\n")
    scenario.app(EDITED.format(path="notes.txt", force=""))
    scenario.run("check").says(0)
    scenario.run("run").says(0, "1 commit")


def test_a_move_into_an_ignored_folder_is_no_deletion(scenario: Scenario) -> None:
    scenario.write(".gitignore", "old/\n")
    scenario.app("""
        phase: 1
        goal: Try it.
        tasks:
          - title: One
            steps:
              - edit: app.py
                move-to: old/app.py
              - verify: test -e old/app.py
              - commit: "refactor: y"
        """)
    reason = "old/app.py (ignored by .gitignore:1 `old/`)"
    scenario.run("check").says(1, reason)
    scenario.run("run", "--dry-run").says(1, reason)
    scenario.run("run").says(1, reason)
    assert scenario.subjects() == ["Begin"]


def test_an_ignored_file_that_is_deleted_is_in_no_commit(scenario: Scenario) -> None:
    scenario.write(".gitignore", "*.tmp\n")
    scenario.app("""
        phase: 1
        goal: Try it.
        tasks:
          - title: One
            steps:
              - edit: a.tmp
                delete: true
              - edit: app.py
                append: "# more"
              - verify: test ! -e a.tmp
              - commit: "refactor: y"
        """)
    scenario.write("a.tmp", "x")
    scenario.run("run").says(0, "1 commit")
    assert scenario.paths() == ["app.py"]


MARKED = """
phase: 1
goal: Try it.
tasks:
  - title: One
    steps:
      - edit: app.py
        append: "# more"
      - verify: grep -q more app.py
      - commit: "feat: y"{force}
"""


@pytest.mark.parametrize("mark", ["assume-unchanged", "skip-worktree"])
def test_a_file_marked_in_the_index_is_told(scenario: Scenario, mark: str) -> None:
    scenario.app(MARKED.format(force=""))
    scenario.git("update-index", f"--{mark}", "app.py")
    reason = f"app.py (marked `{mark}`)"
    scenario.run("check").says(1, reason)
    scenario.run("run", "--dry-run").says(1, reason)
    scenario.run("run").says(1, reason)
    assert scenario.subjects() == ["Begin"]
    scenario.phase(MARKED.format(force=FORCE))
    scenario.run("run").says(0, "1 commit")
    assert "more" in scenario.git("show", "HEAD:app.py")


@pytest.mark.parametrize("mark", ["assume-unchanged", "skip-worktree"])
def test_a_marked_file_is_told_after_a_check_that_found_it_unchanged(
    scenario: Scenario, mark: str
) -> None:
    marked = MARKED.replace("    steps:\n", "    steps:\n      - verify: test -e app.py\n")
    scenario.app(marked.format(force=""))
    scenario.git("update-index", f"--{mark}", "app.py")
    scenario.run("run").says(1, f"app.py (marked `{mark}`)")
    assert scenario.subjects() == ["Begin"]
    scenario.phase(marked.format(force=FORCE))
    scenario.run("run").says(0, "1 commit")
    assert "more" in scenario.git("show", "HEAD:app.py")


def test_what_a_commit_has_already_is_still_said(scenario: Scenario) -> None:
    """With other ends of lines in the worktree, and a mark that hides nothing."""
    scenario.write(".gitattributes", "*.txt text eol=crlf\n")
    (scenario.root / "a.txt").write_bytes(b"more\r\n")
    scenario.app("""
        phase: 1
        goal: Try it.
        tasks:
          - title: One
            steps:
              - edit: a.txt
                replace: made
                with: more
              - verify: test -e a.txt
              - commit: "feat: y"
        """)
    scenario.git("update-index", "--assume-unchanged", "a.txt")
    scenario.run("run").says(0, "already committed: a.txt")


GENERATED = """
phase: 1
goal: Try it.
tasks:
  - title: One
    steps:
      - run: mkdir -p gen && echo 1 > gen/x.txt && echo 1 >> app.py
        files: [{{glob: "gen/**"}}, {{glob: "*.py"}}]
      - verify: test -e gen/x.txt
      - commit: "feat: y"{force}
"""


def test_a_pattern_of_nothing_but_ignored_files_is_told(scenario: Scenario) -> None:
    scenario.write(".gitignore", "gen/\n*.pyc\n")
    scenario.app(GENERATED.format(force=""))
    # What a pattern names beside files that git has may be caches.
    scenario.write("cache.pyc", "")
    why = "(ignored by .gitignore:1 `gen/`)"
    scenario.run("check").says(1, f"git would leave out of this commit: gen/** {why}")
    scenario.run("run").says(1, f"git would leave out of this commit: gen/x.txt {why}")
    assert scenario.subjects() == ["Begin"]
    scenario.phase(GENERATED.format(force=FORCE))
    scenario.run("check").says(0)
    scenario.run("run").says(0, "1 commit")
    assert scenario.paths() == ["app.py", "gen/x.txt"]


def test_a_pattern_of_files_that_are_to_be_taken_along(scenario: Scenario) -> None:
    scenario.write(".gitignore", "gen/\n")
    scenario.app(GENERATED.format(force=FORCE))
    scenario.run("run").says(0, "1 commit")
    assert scenario.paths() == ["app.py", "gen/x.txt"]
    scenario.run("audit", "1").says(0, "every check holds at its commit")


def test_many_of_them_are_not_all_named(scenario: Scenario) -> None:
    scenario.write(".gitignore", "gen/\n")
    scenario.app(GENERATED.format(force="").replace("> gen/x.txt", "| tee gen/x{1..20}.txt"))
    scenario.run("run").says(1, "the check failed")
    scenario.phase(
        GENERATED.format(force="")
        .replace("> gen/x.txt", "| tee gen/x{1..20}.txt")
        .replace("test -e gen/x.txt", "test -e gen/x1.txt")
    )
    scenario.run("run").says(1, "gen/x1.txt (ignored by", " and 12 more")


def test_rules_that_the_phase_itself_changes(scenario: Scenario) -> None:
    """What they will be is not known beforehand."""
    scenario.write(".gitignore", "*.gen\n")
    scenario.app("""
        phase: 1
        goal: Try it.
        tasks:
          - title: One
            steps:
              - edit: .gitignore
                remove: |
                  *.gen
              - edit: x.gen
                create: |
                  made
              - verify: test -e x.gen
              - commit: "feat: y"
        """)
    scenario.run("check").says(0)
    scenario.run("run", "--dry-run").says(0)
    scenario.run("run").says(0, "1 commit")
    assert scenario.paths() == [".gitignore", "x.gen"]


def test_permissions_that_git_does_not_look_at(scenario: Scenario) -> None:
    scenario.app("""
        phase: 1
        goal: Try it.
        tasks:
          - title: One
            steps:
              - run: chmod +x app.py
                files: app.py
              - verify: test -x app.py
              - commit: "build: y"
        """)
    scenario.git("config", "core.fileMode", "false")
    scenario.run("run").says(
        1,
        "app.py (git passes over its permissions, `core.fileMode` is false)",
        "hint: have git look at them: `git config core.fileMode true`",
    )
    scenario.git("config", "core.fileMode", "true")
    scenario.run("run").says(0, "1 commit")
    assert scenario.git("ls-tree", "HEAD", "app.py").startswith("100755")


@pytest.mark.parametrize("mark", ["assume-unchanged", "skip-worktree"])
@pytest.mark.parametrize("force", ["", FORCE])
def test_changes_that_the_index_hides_are_the_users(
    scenario: Scenario, mark: str, force: str
) -> None:
    scenario.app(EDITED.format(path="x.txt", force=force))
    scenario.git("update-index", f"--{mark}", "app.py")
    mine = f"{scenario.read('app.py')}SECRET = 1\n"
    scenario.write("app.py", mine)
    stops = (
        f"app.py has changes of yours (marked `{mark}`), and this task changes it",
        f"hint: `git update-index --no-{mark} -- app.py` shows them; commit or undo them first",
    )
    scenario.run("run", "--dry-run").says(1, *stops)
    scenario.run("run").says(1, *stops)
    scenario.run("status").says(0, stops[0])
    assert scenario.read("app.py") == mine
    # As it is said, followed literally: nothing of it goes along.
    scenario.git("update-index", f"--no-{mark}", "--", "app.py")
    scenario.run("run").says(1, "app.py has changes of yours, and this task changes it")
    scenario.git("checkout", "--", "app.py")
    scenario.run("run").says(0, "1 commit")
    assert "SECRET" not in scenario.git("show", "HEAD:app.py")


def test_a_worktree_that_is_not_made_yet_has_no_marks(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/x\n")
    scenario.app(EDITED.format(path="x.txt", force=""))
    scenario.git("update-index", "--assume-unchanged", "app.py")
    scenario.run("check").says(0)
    scenario.run("run", "--dry-run").says(0)
    scenario.run("run").says(0, "1 commit")
    scenario.git("update-index", "--assume-unchanged", "app.py", cwd=scenario.root / ".worktrees/x")
    scenario.run("run").says(0, "there is nothing to do")
