"""Repositories of every kind that git has, and settings that change what a commit holds."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from scenario import GREETING, Scenario

Made = Callable[[Scenario, Path], None]


def test_filters_line_ends_and_modes_leave_the_status_clean(scenario: Scenario) -> None:
    scenario.git("config", "core.autocrlf", "true")
    scenario.git("config", "core.fileMode", "false")
    scenario.git("config", "filter.upper.clean", "tr a-z A-Z")
    scenario.git("config", "filter.upper.smudge", "tr A-Z a-z")
    scenario.git("config", "filter.upper.required", "true")
    scenario.write(".gitattributes", "*.up filter=upper\n*.bin -text\n")
    scenario.write("app.py", 'def greeting():\r\n    return "hello"\r\n')
    scenario.write("shout.up", "hello there\n")
    scenario.write("raw.bin", "hello\r\n")
    scenario.write("tool.sh", "echo hello\n", mode=0o755)
    scenario.phase(
        """
        phase: 1
        goal: Say good day.
        tasks:
          - title: Say it everywhere
            steps:
              - edit: app.py
                replace: |2
                      return "hello"
                with: |2
                      # politely
                      return "good day"
              - edit: shout.up
                replace: hello
                with: good day
              - edit: [raw.bin, tool.sh]
                replace: hello
                with: good day
              - edit: new.up
                create: "new\\n"
              - commit: "feat: say good day"
        """
    )
    scenario.begin()
    scenario.run("run").says(0, "1 commit")
    assert scenario.status() == ""
    assert scenario.read("app.py") == (
        'def greeting():\r\n    # politely\r\n    return "good day"\r\n'
    )
    assert scenario.git("cat-file", "blob", "HEAD:app.py").count("\r") == 0
    assert scenario.git("cat-file", "blob", "HEAD:shout.up") == "GOOD DAY THERE"
    assert scenario.git("cat-file", "blob", "HEAD:new.up") == "NEW"
    assert scenario.read("raw.bin") == "good day\r\n"
    assert scenario.git("diff-tree", "--summary", "-r", "HEAD~1", "HEAD") == (
        " create mode 100644 new.up"
    )
    assert (scenario.root / "tool.sh").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    "setup",
    [
        [["update-index", "--index-version", "4"]],
        [["update-index", "--split-index"]],
        [["config", "feature.manyFiles", "true"], ["update-index", "--index-version", "4"]],
        [
            ["sparse-checkout", "init", "--cone", "--sparse-index"],
            ["sparse-checkout", "set", "kept"],
        ],
        [["update-index", "--untracked-cache"], ["pack-refs", "--all"]],
    ],
    ids=["index v4", "split index", "many files", "sparse index", "untracked cache"],
)
def test_row_27_every_kind_of_index(scenario: Scenario, setup: list[list[str]]) -> None:
    scenario.write("kept/one.txt", "one\n")
    scenario.write("left/two.txt", "two\n")
    scenario.write("staged.txt", "one\n")
    scenario.app()
    # In a cone the top folder's files are always there, but not the phases' folder.
    for command in setup:
        scenario.git(*command)
    scenario.phase(GREETING)
    scenario.write("staged.txt", "two\n")
    scenario.git("add", "staged.txt")
    before = scenario.status()
    scenario.run("run").says(0, "1 commit")
    assert scenario.paths() == ["app.py"]
    assert scenario.status() == before
    assert scenario.git("fsck", "--strict", "--no-dangling") == ""


@pytest.mark.parametrize("linked", [False, True])
def test_row_27_a_sha_256_repository(tmp_path: Path, linked: bool) -> None:
    with Scenario(tmp_path, init=("--object-format=sha256",)) as scenario:
        if linked:
            scenario.series("worktree: .worktrees/x")
        scenario.app()
        scenario.run("run").says(0, "1 commit")
        assert scenario.subjects("x" if linked else "HEAD") == ["Begin", "feat: say good day"]
        scenario.run("run").says(0, "there is nothing to do")


def git_version() -> tuple[int, int]:
    said = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    assert found
    return int(found[1]), int(found[2])


@pytest.mark.skipif(git_version() < (2, 45), reason="reftable came with git 2.45")
@pytest.mark.parametrize("linked", [False, True])
def test_row_27_a_reftable_repository(tmp_path: Path, linked: bool) -> None:
    with Scenario(tmp_path, init=("--ref-format=reftable",)) as scenario:
        if linked:
            scenario.series("worktree: .worktrees/x")
        scenario.app()
        scenario.run("run").says(0, "1 commit")
        assert scenario.subjects("x" if linked else "HEAD") == ["Begin", "feat: say good day"]


LEFT = "`git sparse-checkout add left`"


def test_row_28_a_path_outside_the_sparse_cone_is_refused(scenario: Scenario) -> None:
    scenario.write("left/app.py", "hello\n")
    scenario.write("kept/one.txt", "one\n")
    scenario.begin()
    scenario.git("sparse-checkout", "set", "--cone", "kept", "phases")
    scenario.phase(GREETING.replace("app.py", "left/app.py"))
    scenario.run("run").says(1, "left/app.py", "stopped at phase-1/task-1", LEFT)
    scenario.run("check").says(1, "RB118", f"mark away (in a sparse checkout: {LEFT}), list")
    scenario.phase(
        GREETING.replace("app.py", "left/new.py")
        .replace('replace: return "hello"', "create: new")
        .replace('        with: return "good day"\n', "")
    )
    scenario.run("run").says(1, "is outside the sparse checkout", "left/new.py", LEFT)
    assert scenario.subjects() == ["Begin"]
    scenario.git("sparse-checkout", "add", "left")
    scenario.run("run").says(0, "1 commit")


@pytest.mark.parametrize("folder", ["häuser", 'the "new" ones'])
def test_row_28_a_cone_of_folders_that_git_puts_in_quotes(scenario: Scenario, folder: str) -> None:
    path = f"{folder}/app.py"
    scenario.write(path, 'return "hello"\n')
    scenario.write("left/app.py", "hello\n")
    scenario.begin()
    scenario.git("sparse-checkout", "set", "--cone", folder, "phases")
    scenario.phase(GREETING.replace("app.py", f"'{path}'"))
    scenario.run("run").says(0, "1 commit")
    assert not (scenario.root / "left").exists()


def test_a_repository_whose_files_are_elsewhere_for_git(scenario: Scenario) -> None:
    scenario.app()
    other = scenario.folder / "other"
    other.mkdir()
    before = scenario.read("app.py")
    scenario.git("config", "core.worktree", str(other))
    scenario.run("run").says(
        1, "for git the files of this repository are those in", "core.worktree"
    )
    assert scenario.read("app.py") == before
    scenario.git("config", "core.worktree", "..")
    scenario.run("run").says(0, "1 commit")


def test_row_28_a_path_inside_a_submodule_is_refused(scenario: Scenario) -> None:
    (scenario.folder / "inner").mkdir()
    inner = scenario.folder / "inner"
    scenario.git("init", "-q", cwd=inner)
    (inner / "app.py").write_text('return "hello"\n')
    scenario.git("add", "app.py", cwd=inner)
    scenario.git("commit", "-q", "-m", "Inner", cwd=inner)
    scenario.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner), "sub")
    scenario.phase(GREETING.replace("app.py", "sub/app.py"))
    scenario.begin()
    scenario.run("run").says(1, "sub/app.py is inside the submodule sub")
    # In the submodule's own checkout it is a repository like any other.
    sub = scenario.root / "sub"
    (sub / "phases").mkdir()
    (sub / "phases/phase-1.yaml").write_text(GREETING)
    (sub / "phases/runbook.yaml").write_text("worktree: .worktrees/x\n")
    scenario.run("run", cwd=sub).says(0, "1 commit")
    assert (sub / ".worktrees/x/app.py").read_text() == 'return "good day"\n'
    assert scenario.git("status", "--porcelain", cwd=sub) == "?? phases/"


def test_names_are_taken_literally(scenario: Scenario) -> None:
    names = ["app/[id].tsx", "-rf", ":(top)x", "a b'c", "na\u00efve.txt", "*.py"]
    for name in [*names, "app/i.tsx", "x", "other.py"]:
        scenario.write(name, "hello\n")
    listed = "\n".join(f'          - "{name}"' for name in names)
    scenario.phase(
        "phase: 1\ngoal: Say good day.\ntasks:\n  - title: Say it\n    steps:\n"
        f"      - edit:\n{listed}\n        replace: hello\n        with: good day\n"
        '      - commit: "feat: say good day"\n'
    )
    scenario.begin()
    scenario.run("run").says(0, "1 commit")
    committed = scenario.git("show", "--format=", "--name-only", "-z", "HEAD").split("\0")
    assert sorted(filter(None, committed)) == sorted(names)
    assert scenario.status() == ""


def test_the_main_branch_may_be_checked_out_bare(scenario: Scenario) -> None:
    scenario.app()
    bare = scenario.folder / "bare.git"
    scenario.git("clone", "-q", "--bare", ".", str(bare))
    checkout = scenario.folder / "checkout"
    scenario.git("worktree", "add", "-q", str(checkout), "-b", "work", cwd=bare)
    scenario.run("run", cwd=checkout).says(0, "1 commit")
    (checkout / "phases/runbook.yaml").write_text("worktree: trees/x\n")
    scenario.run("run", cwd=checkout).says(0, "worktree trees/x made", "there is nothing to do")
    assert (bare / "trees/x/app.py").exists()


def shallow(scenario: Scenario, to: Path) -> None:
    scenario.git("commit", "--allow-empty", "-qm", "One more")
    scenario.git("clone", "-q", "--depth", "1", f"file://{scenario.root}", str(to))


def of_a_bare_one(scenario: Scenario, to: Path) -> None:
    bare = to.with_suffix(".git")
    scenario.git("clone", "-q", "--bare", str(scenario.root), str(bare))
    scenario.git("worktree", "add", "-q", str(to), "main", cwd=bare)


def partial(scenario: Scenario, to: Path) -> None:
    scenario.git("config", "uploadpack.allowFilter", "true")
    scenario.git("clone", "-q", "--filter=blob:none", f"file://{scenario.root}", str(to))


def a_submodule(scenario: Scenario, to: Path) -> None:
    scenario.git("init", "-q", str(to.parent), cwd=scenario.folder)
    allowed = ("-c", "protocol.file.allow=always")
    scenario.git(*allowed, "submodule", "add", "-q", str(scenario.root), to.name, cwd=to.parent)


def sparse(scenario: Scenario, to: Path) -> None:
    scenario.git("clone", "-q", str(scenario.root), str(to))
    scenario.git("sparse-checkout", "set", "phases", cwd=to)


@pytest.mark.parametrize("made", [shallow, of_a_bare_one, partial, a_submodule, sparse])
def test_row_61_each_kind_of_clone(scenario: Scenario, made: Made) -> None:
    scenario.app(GREETING.replace("      - commit", "      - verify: 'true'\n      - commit"))
    place = scenario.folder / "clones" / "clone"
    place.parent.mkdir()
    made(scenario, place)
    scenario.run("run", cwd=place).says(0, "1 commit")
    scenario.run("status", "--check", cwd=place).says(0, "complete")
    scenario.run("audit", "1", cwd=place).says(0, "every check holds")
    scenario.run("undo", "1", cwd=place).says(0, "undone: task-1")
    scenario.run("run", "--restart", cwd=place).says(0, "1 commit")
    assert scenario.status(cwd=place) == ""


def test_in_a_bare_repository_a_worktree_is_asked_for(scenario: Scenario) -> None:
    scenario.app()
    bare = scenario.folder / "bare.git"
    scenario.git("clone", "-q", "--bare", str(scenario.root), str(bare))
    for command in ("run", "status", "init"):
        scenario.run(command, cwd=bare).says(2, "is a bare repository", "git worktree add")


@pytest.mark.parametrize(
    ("attributes", "settings"),
    [
        ("*.txt text eol=crlf", {}),
        ("*.txt eol=crlf", {}),
        ("*.txt text=auto", {"core.eol": "crlf"}),
        ("", {"core.autocrlf": "true"}),
        ("*.txt text eol=lf", {"core.autocrlf": "true"}),
        ("*.txt -text", {"core.autocrlf": "true"}),
        ("*.txt text", {"core.autocrlf": "input", "core.eol": "crlf"}),
        ("*.txt binary", {"core.eol": "crlf"}),
        ("*.txt crlf", {"core.eol": "crlf"}),
        ("*.txt -crlf", {"core.autocrlf": "true"}),
        ("*.txt crlf=input", {"core.autocrlf": "true"}),
        ("*.txt text=input", {"core.autocrlf": "true"}),
        ("*.txt crlf text=auto", {"core.eol": "crlf"}),
        ("", {"core.eol": "crlf"}),
        ("", {}),
    ],
)
def test_a_new_file_is_as_a_checkout_would_give_it(
    scenario: Scenario, attributes: str, settings: dict[str, str]
) -> None:
    scenario.write(".gitattributes", f"{attributes}\n")
    scenario.begin()
    for name, value in settings.items():
        scenario.git("config", name, value)
    scenario.phase(
        """
        phase: 1
        goal: Make files.
        tasks:
          - title: Make them
            steps:
              - edit: sub/made.txt
                create: |
                  one
                  two
              - edit: patched.txt
                patch: |
                  --- /dev/null
                  +++ b/patched.txt
                  @@ -0,0 +1,2 @@
                  +one
                  +two
              - commit: "feat: make files"
        """
    )
    scenario.run("run", "--no-notes").says(0, "1 commit")
    made = [scenario.root / name for name in ("sub/made.txt", "patched.txt")]
    written = [file.read_bytes() for file in made]
    for file in made:
        file.unlink()
    scenario.git("checkout", "--", ".")
    assert written == [file.read_bytes() for file in made]
    assert scenario.git("cat-file", "blob", "HEAD:sub/made.txt") == "one\ntwo"
    # It is known again, whatever its line ends.
    shutil.rmtree(scenario.root / ".git/runbook")
    scenario.run("run").says(0, "sub/made.txt: already applied", "patched.txt: already applied")


def test_settings_in_the_environment_are_gits_too(scenario: Scenario) -> None:
    scenario.app()
    scenario.write(".gitattributes", "app.py filter=seen\n")
    scenario.git("add", ".gitattributes")
    scenario.git("commit", "-qm", "Filter")
    seen = scenario.folder / "seen"
    settings = {
        "user.name": "Lin", "filter.seen.clean": f"sh -c 'echo clean >> {seen}; cat'",
        "core.autocrlf": "false",
    }  # fmt: skip
    scenario.env["GIT_CONFIG_COUNT"] = str(len(settings))
    for number, (name, value) in enumerate(settings.items()):
        scenario.env |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    scenario.run("run").says(0, "1 commit")
    assert scenario.git("log", "-1", "--format=%an") == "Lin"
    assert seen.read_text()
    seen.write_text("")
    (scenario.root / "app.py").touch()
    # Who only looks has nothing executed, wherever it is configured.
    scenario.run("status").says(0, "complete")
    scenario.run("run", "--dry-run", "--restart")
    assert seen.read_text() == ""
