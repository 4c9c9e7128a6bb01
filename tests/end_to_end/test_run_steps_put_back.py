"""A run step that does not succeed leaves nothing: no index entries, no folders."""

from __future__ import annotations

import os

import pytest
from scenario import APP, Scenario


def phase(command: str, files: str) -> str:
    return (
        "phase: 1\ngoal: Try it.\ntasks:\n  - title: One\n    steps:\n"
        f"      - run: {command}\n        files: {files}\n      - commit: 'chore: y'\n"
    )


def test_what_a_refused_command_staged_is_not_staged_any_more(scenario: Scenario) -> None:
    scenario.app(phase("git mv app.py moved.py && false", "[app.py, moved.py]"))
    scenario.write("mine.txt", "mine\n")
    scenario.git("add", "mine.txt")
    scenario.run("run").says(1, "its files were put back", "put back: app.py, moved.py")
    assert scenario.status() == "A  mine.txt"


def test_what_it_staged_and_did_not_declare_is_not_staged_either(scenario: Scenario) -> None:
    scenario.app(phase("echo 1 >> app.py; git add -A; false", "app.py"))
    scenario.write("mine.txt", "mine\n")
    scenario.git("add", "mine.txt")
    scenario.write("other.txt", "other\n")
    scenario.write("test_app.py", "# mine, too\n")
    before = scenario.git("status", "--porcelain")
    scenario.run("run").says(1, "its files were put back")
    assert scenario.git("status", "--porcelain") == before
    scenario.phase(phase("echo 1 >> app.py; git add -A", "app.py"))
    scenario.git("commit", "-qm", "Plan", "--", "phases")
    before = scenario.git("status", "--porcelain")
    scenario.run("run", "--accept-head").says(1, "do not name: other.txt", "+other")
    assert scenario.git("status", "--porcelain") == before


@pytest.mark.parametrize(
    "command",
    [
        "rm -r src/deep; echo f > src/deep; false",  # a file in the place of a folder
        "rm -r src; echo f > src; false",
        "rm src/b.txt; mkdir src/b.txt; echo 1 > src/b.txt/x; false",  # and the other way round
        "rm src/b.txt; mkdir src/b.txt; echo 1 > src/b.txt/x",  # which is refused
        "mv src lib; ln -s lib src; false",
        "mv src lib; ln -s lib src",
        "mv src/deep .; ln -s ../deep src/deep; false",
    ],
)
def test_what_stands_in_the_way_of_a_file_goes(scenario: Scenario, command: str) -> None:
    scenario.write("src/b.txt", "b\n")
    scenario.write("src/deep/c.txt", "c\n")
    files = '[{glob: "src*"}, {glob: "src/**"}, {glob: "lib/**"}, {glob: "deep/**"}]'
    scenario.app(phase(command, files))
    said = scenario.run("run")
    said.says(1, "put back: ")
    assert scenario.status() == ""
    assert scenario.read("src/b.txt") == "b\n"
    assert scenario.read("src/deep/c.txt") == "c\n"
    assert not (scenario.root / "lib").exists()


def test_folders_that_it_made_go(scenario: Scenario) -> None:
    scenario.app(phase("mkdir -p out/deep && echo 1 > out/deep/a.txt && false", "{glob: 'out/**'}"))
    (scenario.root / "kept").mkdir()
    scenario.run("run").says(1, "its files were put back")
    assert not (scenario.root / "out").exists()
    scenario.phase(phase("mkdir -p new/er && echo 1 > kept/a && false", "[new/er/a, kept/a]"))
    scenario.run("run").says(1, "its files were put back")
    assert not (scenario.root / "new").exists()
    assert (scenario.root / "kept").is_dir()


def test_a_folder_is_told_before_the_command_runs(scenario: Scenario) -> None:
    scenario.write("src/a.txt", "1\n")
    scenario.app(phase("echo 2 > src/a.txt", "src"))
    scenario.run("run").says(
        1, "src is a folder", 'for the files of a folder write `{glob: "src/**"}`'
    )
    assert scenario.read("src/a.txt") == "1\n"


SPECIAL = """
    phase: 1
    goal: Special.
    tasks:
      - title: One
        steps:
          - run: sh make.sh
            files: FILES
          - verify: test ! -e stop
          - commit: "build: special"
"""


def special(scenario: Scenario, script: str, files: str) -> Scenario:
    scenario.write("a.txt", "a\n")
    scenario.write("src/b.txt", "b\n")
    scenario.write("src/deep/c.txt", "c\n")
    # Not as pathlib would write it.
    os.symlink("./a.txt", scenario.root / "old")  # noqa: PTH211
    scenario.write("make.sh", script)
    scenario.phase(SPECIAL.replace("FILES", files))
    return scenario.begin()


def entries(scenario: Scenario) -> dict[str, str]:
    listed = (line.split() for line in scenario.git("ls-tree", "-r", "HEAD").splitlines())
    return {path: mode for mode, _, _, path in listed}


LINKS = "ln -s src new; ln -sfn src old; rm a.txt; ln -s src/b.txt a.txt"


def test_links_that_a_command_makes_are_committed(scenario: Scenario) -> None:
    special(scenario, LINKS, "[new, old, a.txt]")
    scenario.run("run").says(0, "changed: a.txt, old, new", "1 commit")
    modes = entries(scenario)
    assert [modes[name] for name in ("new", "old", "a.txt")] == ["120000"] * 3
    assert scenario.git("show", "HEAD:old") == "src"
    assert scenario.status() == ""


@pytest.mark.parametrize("how", ["fails", "refused", "retry", "abort"])
def test_links_are_put_back(scenario: Scenario, how: str) -> None:
    after = {"fails": "; exit 3", "refused": "; echo x > src/b.txt"}.get(how, "")
    special(scenario, LINKS + after, "[new, old, a.txt]")
    if not after:
        (scenario.root / ".git/info/exclude").write_text("stop\n")
        scenario.write("stop", "")
    scenario.run("run").says(1)
    if not after:
        scenario.run(how).says(1 if how == "retry" else 0, "put back: a.txt, old, new")
    if how == "retry":
        scenario.run("abort").says(0)
    assert scenario.status() == (" M src/b.txt" if how == "refused" else "")
    assert os.readlink(scenario.root / "old") == "./a.txt"  # noqa: PTH115
    assert scenario.read("a.txt") == "a\n"


def test_a_folder_can_be_moved(scenario: Scenario) -> None:
    globs = '[{glob: "src/**"}, {glob: "lib/**"}]'
    special(scenario, "git mv src lib", globs)
    scenario.run("run").says(0, "1 commit")
    assert {path for path in entries(scenario) if "/" in path and "phases" not in path} == {
        "lib/b.txt",
        "lib/deep/c.txt",
    }
    assert scenario.status() == ""


def test_a_folder_that_was_moved_is_put_back(scenario: Scenario) -> None:
    globs = '[{glob: "src/**"}, {glob: "lib/**"}]'
    special(scenario, "git mv src lib; exit 1", globs)
    scenario.run("run").says(1)
    assert scenario.status() == ""
    assert scenario.read("src/deep/c.txt") == "c\n"
    assert not (scenario.root / "lib").exists()


def test_a_folder_that_is_named_and_made(scenario: Scenario) -> None:
    special(scenario, "mkdir gen && echo x > gen/x.txt", "gen")
    scenario.run("run").says(1, "gen is not a regular file", '`{glob: "gen/**"}`')
    assert scenario.status() == ""
    assert not (scenario.root / "gen").exists()
    scenario.phase(SPECIAL.replace("FILES", '{glob: "gen/**"}'))
    scenario.run("run").says(0, "1 commit")


def test_a_submodule_can_be_moved_on_and_is_put_back(scenario: Scenario) -> None:
    other = scenario.folder / "other"
    scenario.git("init", "-q", str(other))
    scenario.git("commit", "-q", "--allow-empty", "-m", "one", cwd=other)
    scenario.git("config", "--global", "protocol.file.allow", "always")
    scenario.git("submodule", "--quiet", "add", str(other), "lib")
    special(scenario, "git -C lib pull -q; test ! -e stop", "lib")
    scenario.git("commit", "-q", "--allow-empty", "-m", "two", cwd=other)
    (scenario.root / ".git/info/exclude").write_text("stop\n")
    scenario.write("stop", "")
    scenario.run("run").says(1)
    assert scenario.status() == ""
    (scenario.root / "stop").unlink()
    scenario.git("checkout", "-q", "main", cwd=scenario.root / "lib")
    scenario.git("reset", "-q", "--hard", "HEAD~", cwd=scenario.root / "lib")
    scenario.run("run").says(0, "changed: lib", "1 commit")
    assert scenario.git("rev-parse", "HEAD:lib") == scenario.git("rev-parse", "HEAD", cwd=other)
    assert scenario.status() == ""


@pytest.mark.parametrize("step", ["run: 'true'", "manual: Do it.", "commit: One"])
def test_a_folder_is_told_before_anything_of_its_task(scenario: Scenario, step: str) -> None:
    """A commit of it used to say that it was there already, of what was in no commit."""
    scenario.write("src/a.py", "x = 1\n")
    scenario.phase(f"""
        phase: 1
        goal: Folders.
        tasks:
          - title: One
            steps:
              - edit: src/a.py
                replace: x = 1
                with: x = 2
              - {step}
                files: src
              - verify: "true"
        """)
    scenario.begin()
    told = ("src is a folder, and `files:` name files", '`{glob: "src/**"}`')
    scenario.run("check").says(1, *told)
    scenario.run("run").says(1, *told)
    assert scenario.status() == ""


def test_a_pattern_that_is_written_as_a_path(scenario: Scenario) -> None:
    scenario.write("src/a.py", "x = 1\n")
    scenario.phase("""
        phase: 1
        goal: Patterns.
        tasks:
          - title: One
            steps:
              - edit: src/*.py
                replace: x = 1
                with: x = 2
              - commit: One
        """)
    scenario.begin()
    hint = 'a pattern is written `{glob: "src/*.py"}`'
    scenario.run("check").says(1, "the file does not exist", hint)
    scenario.run("run").says(1, "the file does not exist", hint)


@pytest.mark.parametrize("step", ["run: touch b.py", "manual: Look.", "commit: Two"])
def test_a_pattern_under_files_that_is_written_as_a_path(scenario: Scenario, step: str) -> None:
    scenario.write("src/a.py", "x = 1\n")
    scenario.phase(f"""
        phase: 1
        goal: Patterns.
        tasks:
          - title: One
            steps:
              - edit: src/a.py
                replace: x = 1
                with: x = 2
              - {step}
                files: src/*.py
              - verify: "true"
        """)
    scenario.begin()
    told = ("src/*.py is the name of no file, and a pattern of some", '`{glob: "src/*.py"}`')
    scenario.run("check").says(1, *told)
    scenario.run("run", "--dry-run").says(1, *told)
    scenario.run("run").says(1, *told)
    assert scenario.status() == ""


def test_an_edit_of_a_folder(scenario: Scenario) -> None:
    scenario.write("src/a.py", "x = 1\n")
    scenario.phase("""
        phase: 1
        goal: Folders.
        tasks:
          - title: One
            steps:
              - edit: src
                delete: true
              - commit: One
        """)
    scenario.begin()
    scenario.run("check").says(1, "src is a folder", '`{glob: "src/**"}`')
    scenario.run("run").says(1, "src is a folder", '`{glob: "src/**"}`')


KILLED = """
    phase: 1
    goal: g
    tasks:
      - title: Generate
        steps:
          - edit: app.py
            append: TWO = 2
          - run: echo '# half' >> app.py; echo x > gen_1.txt; touch ../there; sleep 100
            files: [app.py, {glob: "gen_*.txt"}]
          - commit: "feat: two"
"""


def killed(scenario: Scenario) -> None:
    """A run, killed in the midst of the command, of which nothing is left any more."""
    process = scenario.app(KILLED).start("run")
    scenario.until((scenario.folder / "there").exists)
    process.kill()
    scenario.end(process)
    scenario.until(lambda: "killed" in scenario.run("status").stdout)


def test_what_a_killed_command_left_can_be_taken_back(scenario: Scenario) -> None:
    """Nobody else has changed it: a person does so once all of the command has ended."""
    killed(scenario)
    scenario.run("status").says(0, "runbook abort phase-1: put the files of task-1 back")
    scenario.run("abort").says(0, "put back: app.py, gen_1.txt")
    assert scenario.status() == ""
    assert scenario.read("app.py") == APP


def test_what_a_person_changes_after_a_killed_command_is_theirs(scenario: Scenario) -> None:
    killed(scenario)
    scenario.write("gen_1.txt", "mine\n")
    assert "abort" not in scenario.run("status").stdout
    scenario.run("abort").says(1, "changed by hand since the run stopped: gen_1.txt")
    assert scenario.read("gen_1.txt") == "mine\n"


BUMPED = """
    phase: 1
    goal: g
    tasks:
      - title: Release
        steps:
          - run: COMMAND
            files: [app.py]
          - verify: test -e ../go
          - edit: app.py
            append: TWO = 2
          - commit: "feat: two"
"""
COMMITS = "sed -i s/hello/hi/ app.py && git commit -qam Release"


def test_a_command_may_commit(scenario: Scenario) -> None:
    """HEAD is where the plan has brought it, and what is committed is nobody's lines."""
    scenario.app(BUMPED.replace("COMMAND", COMMITS))
    result = scenario.run("run")
    result.says(1, "HEAD was moved to main at <commit>\n", "stopped at phase-1/task-1/step-2")
    assert "lines of yours" not in result.stdout
    scenario.run("report", "last", "-o", "../report.html").says(0)
    assert "moved HEAD to main at" in (scenario.folder / "report.html").read_text()
    assert "HEAD moved" not in scenario.run("status").stdout
    scenario.run("skip", "1/1", "--reason", "no").says(0)
    assert scenario.status() == ""
    scenario.run("run", "--restart").says(1, "the command failed, and its files were put back")
    (scenario.folder / "go").touch()
    scenario.phase(BUMPED.replace("COMMAND", "true"))
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert scenario.subjects() == ["Begin", "Release", "feat: two"]


def test_verbs_tell_that_commits_of_a_command_stay(scenario: Scenario) -> None:
    stays, way = "  stays, as a command made it: <commit> ", "  to take it back: git revert "
    scenario.app(BUMPED.replace("COMMAND", COMMITS))
    scenario.run("run").says(1)
    scenario.phase(BUMPED.replace("COMMAND", "sed -i s/hi/hey/ app.py && git commit -qam Again"))
    retried = scenario.run("retry")
    retried.says(1, f"{stays}Release\n")
    assert way not in retried.stdout, "it is made again"
    (scenario.folder / "go").touch()
    scenario.run("run").says(0, "is complete: 1 commit")
    again = scenario.git("rev-parse", "--short=9", "HEAD~1")
    undone = scenario.run("undo", "1")
    undone.says(0, f"{stays}Again\n{way}")
    assert f"{way}{again}\n" in undone.raw
    assert scenario.subjects()[-2:] == ["feat: two", 'Revert "feat: two"']


def test_where_only_a_command_has_committed_undo_says_what_takes_it_back(
    scenario: Scenario,
) -> None:
    phase = BUMPED.partition("          - verify")[0]
    scenario.app(phase.replace("COMMAND", COMMITS))
    scenario.run("run").says(0)
    release = scenario.git("rev-parse", "--short=9", "HEAD")
    refused = scenario.run("undo", "1")
    assert refused.status == 1, str(refused)
    assert f"`git revert {release}` takes back" in refused.raw


def test_commits_of_a_command_that_fails_are_told(scenario: Scenario) -> None:
    scenario.app(BUMPED.replace("COMMAND", f"{COMMITS}; false"))
    hint = "hint: the command moved HEAD from main at <commit> to main at <commit>, and that stays"
    scenario.run("run").says(1, hint)
    assert scenario.read("app.py") == APP
