"""Every operation of an edit in a real repository, and what a file system can put in its way."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from scenario import PROGRAM, SOURCES, Scenario


def phase(*steps: str, commit: str = "All") -> str:
    """A phase of one task with these steps and a commit."""
    text = "phase: 1\ngoal: Edit.\ntasks:\n  - title: Edit\n    steps:\n"
    for step in steps:
        lines = textwrap.dedent(step).strip("\n").split("\n")
        text += (
            "\n".join([f"      - {lines[0]}", *(f"        {line}" for line in lines[1:])]) + "\n"
        )
    return text + (f"      - commit: {commit}\n" if commit else "")


# The step, the file before, and after; `None` is a file that is not there.
OPERATIONS: dict[str, tuple[str, str | None, str | None]] = {
    "replace": ("edit: f\nreplace: one\nwith: two", "a one b\n", "a two b\n"),
    "replace lines": (
        "edit: f\nreplace: |\n  one\nwith: |\n  1\n  2", "one\r\ntwo", "1\r\n2\r\ntwo",
    ),
    "remove": ("edit: f\nremove: |\n  one", "one\ntwo\n", "two\n"),
    "after": ("edit: f\nafter: |\n  one\ninsert: |\n  two", "one\nx\n", "one\ntwo\nx\n"),
    "before": ("edit: f\nbefore: one\ninsert: 'two '", "one\n", "two one\n"),
    "range": (
        "edit: f\nfrom: |\n  one\nthrough: |\n  two\nwith: |\n  three",
        "a\none\nb\ntwo\nc\n", "a\nthree\nc\n",
    ),
    "append": ("edit: f\nappend: |\n  two", "one", "one\ntwo\n"),
    "prepend": ("edit: f\nprepend: |\n  two", "\ufeffone\n", "\ufefftwo\none\n"),
    "create": ("edit: f\ncreate: |\n  one\nmode: 0755", None, "one\n"),
    "rewrite-file": ("edit: f\nrewrite-file: |\n  two\n  three", "one\r\n", "two\r\nthree\r\n"),
    "delete": ("edit: f\ndelete: true", "one\n", None),
    "regex": (
        "edit: f\nregex: '^(\\w+) = (\\d)$'\nrewrite: '\\1 = \"\\2\"'\ncount: 2",
        "a = 1\nb = 2\nc = x\n", 'a = "1"\nb = "2"\nc = x\n',
    ),
    "indent": (
        "edit: f\nreplace: |\n  b\nwith: |\n  c:\n    d\nmatch: indent",
        "if a:\n    b\n", "if a:\n    c:\n      d\n",
    ),
    "whitespace": ("edit: f\nremove: a = 1;\nmatch: whitespace", "a  =  1; b\n", " b\n"),
    "hint": ("edit: f\nremove: |\n  one\nlines: 3", "one\ntwo\none\n", "one\ntwo\n"),
    "patch": ("edit: f\npatch: |\n  @@ -1,2 +1,2 @@\n   a\n  -b\n  +c", "a\r\nb\r\n", "a\r\nc\r\n"),
    "set": (
        "edit: f\nlanguage: toml\nset:\n  a.b: '1'\n  a.c+: [2, x]",
        "[a] # first\nb = 1 # 1\nc = [2]\n", '[a] # first\nb = "1" # 1\nc = [2, "x"]\n',
    ),
    "pattern": (
        "edit: f\nlanguage: python\npattern: f($A)\nrewrite: g($A)\ncount: all",
        "x = f(1)  # f(2)\n", "x = g(1)  # f(2)\n",
    ),
    "rule": (
        "edit: f\nlanguage: python\nrule: {kind: string}\nrewrite: x", "f('a')\n", "f(x)\n",
    ),
    "names": (
        "edit: f\nreplace: {one: two, One: Two}", "one ones\r\nOne\r\n", "two ones\r\nTwo\r\n",
    ),
    "indented": (
        "edit: f\nfrom: |\n  a\nthrough: |\n  b\nindent: +4", "a\n\nb\nc\n", "    a\n\n    b\nc\n",
    ),
    "remove-lines": ("edit: f\nremove-lines: ^a\ncount: all", "a\nb\nab", "b\n"),
    "unset": (
        "edit: f\nlanguage: yaml\nunset: [a, {b: x}]", "a: 1\nb:\n  - x\n  - y\n", "b:\n  - y\n",
    ),
    "set beside": (
        "edit: f\nlanguage: ini\nset: {s.b: 2}\nafter: a",
        "[s]\na=1\nc=3\n", "[s]\na=1\nb=2\nc=3\n",
    ),
    "imports": (
        "edit: f\nchanges:\n  - ensure-import: import os\n  - drop-import: from a import b",
        "import sys\nfrom a import b, c\n", "import os\nimport sys\nfrom a import c\n",
    ),
    "where": (
        "edit: {glob: '**', where: contains}\nremove: two", "one two\n", "one \n",
    ),
    "changes": (
        "edit: f\nchanges:\n  - replace: one\n    with: two\n  - append: |\n      end",
        "one\n", "two\nend\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OPERATIONS)
def test_is_done_and_committed(scenario: Scenario, case: str) -> None:
    step, before, after = OPERATIONS[case]
    scenario.write("other", "one\n")
    if before is not None:
        scenario.write("f", before)
    scenario.phase(phase(step))
    scenario.begin()
    scenario.run("run").says(0, "edit    f", "phase-1 is complete: 1 commit")
    assert scenario.paths() == ["f"]
    assert scenario.status() == ""
    if after is None:
        assert not (scenario.root / "f").exists()
        return
    assert scenario.read("f") == after
    executable = case == "create"
    assert bool((scenario.root / "f").stat().st_mode & 0o100) is executable
    assert scenario.git("ls-files", "-s", "f").startswith("100755" if executable else "100644")


def test_moves_and_deletions_are_committed_at_both_ends(scenario: Scenario) -> None:
    scenario.write("old/a.py", "a = 1\n", mode=0o755)
    scenario.write("b.py", "b = 1\n")
    scenario.write("gone/c.py", "c = 1\n")
    scenario.phase(
        phase(
            "edit: old/a.py\nmove-to: new/deep/a.py",
            "edit: new/deep/a.py\nreplace: a = 1\nwith: a = 2",
            "edit: b.py\nchanges:\n  - replace: b = 1\n    with: b = 2\n  - move-to: c.py",
            "edit: gone/c.py\ndelete: true",
        )
    )
    scenario.begin()
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert scenario.paths() == ["b.py", "c.py", "gone/c.py", "new/deep/a.py", "old/a.py"]
    assert scenario.git("ls-files", "-s", "new").startswith("100755")
    assert scenario.read("new/deep/a.py") == "a = 2\n"
    assert scenario.read("c.py") == "b = 2\n"
    assert not (scenario.root / "old").exists(), "git knows no empty folders"
    assert scenario.status() == ""
    # What is done already needs no commit.
    scenario.phase(scenario.read("phases/phase-1.yaml").replace("phase: 1", "phase: 2"), "phase-2")
    scenario.git("rm", "-q", "phases/phase-1.yaml")
    scenario.git("add", "phases")
    scenario.git("commit", "-q", "-m", "Again")
    scenario.run("run").shows(
        0,
        """
        phase-2: Edit.

        task-1: Edit
          edit    new/deep/a.py: already applied
          edit    new/deep/a.py: already applied
          edit    c.py: already applied
          edit    gone/c.py: already applied
          commit  already committed: old/a.py, new/deep/a.py, b.py, c.py, gone/c.py

        phase-2 is complete: 0 commits, <time>.
        """,
    )


def test_globs_mean_tracked_files_when_their_step_comes(scenario: Scenario) -> None:
    for name in ("src/a.py", "src/sub/b.py", "src/c.txt", "d.py"):
        scenario.write(name, "one\n")
    scenario.phase(
        phase(
            "edit: d.py\nmove-to: src/d.py",
            "edit: src/a.py\ndelete: true",
            'edit: {glob: "src/**/*.py"}\nreplace: one\nwith: two',
        )
    )
    scenario.begin()
    scenario.write("src/untracked.py", "one\n")
    scenario.run("run").says(0, "edit    src/sub/b.py", "phase-1 is complete: 1 commit")
    assert scenario.paths() == ["d.py", "src/a.py", "src/d.py", "src/sub/b.py"]
    assert scenario.read("src/sub/b.py") == "two\n"
    assert scenario.read("src/d.py") == "one\n", "it is not tracked yet in its new place"
    assert scenario.status() == "?? src/untracked.py"
    unmatched = phase('edit: {glob: "*.md"}\nreplace: a\nwith: b')
    scenario.phase(unmatched.replace("phase: 1", "phase: 2"), "phase-2")
    scenario.run("run", "2").says(1, "*.md: no tracked file matches the pattern")


@pytest.fixture
def ordinary() -> list[str]:
    """What a command line begins with, so that permissions hold for the command."""
    if os.geteuid() != 0:
        return []
    capabilities = "-dac_override,-dac_read_search"
    found = shutil.which("setpriv")
    prefix = [found or "", f"--bounding-set={capabilities}", f"--inh-caps={capabilities}"]
    if not found or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("nothing is read-only for root, and its rights can't be dropped here")
    return prefix


@pytest.mark.parametrize("what", ["file", "folder", "new file"])
def test_row_22_read_only(scenario: Scenario, ordinary: list[str], what: str) -> None:
    scenario.write("a.py", "one\n")
    scenario.write("locked/b.py", "one\n")
    target, change = "locked/b.py", "replace: one\nwith: two"
    if what == "new file":
        target, change = "locked/sub/new.py", "create: x"
    scenario.phase(phase("edit: a.py\nreplace: one\nwith: two", f"edit: {target}\n{change}"))
    scenario.begin()
    if what == "file":
        locked, mode = scenario.root / "locked/b.py", 0o444
    else:
        locked, mode = scenario.root / "locked", 0o555
    locked.chmod(mode)
    said = f"{target} is read-only" if what == "file" else f"{target} is in a read-only folder"
    for command in ("run", "status", "next", "run --dry-run"):
        done = subprocess.run(
            [*ordinary, *PROGRAM, *command.split()],
            cwd=scenario.root, env=scenario.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == (command in ("run", "run --dry-run")), done.stdout + done.stderr
        assert said in done.stdout
        assert "When it is mended: " in done.stdout, "the phase file is right"
    assert scenario.read("a.py") == "one\n", "not even what came before"
    assert scenario.status() == ""
    (hint,) = re.findall("hint: `(.*)`", done.stdout)
    subprocess.run([*ordinary, *shlex.split(hint)], check=True)
    done = subprocess.run(
        [*ordinary, *PROGRAM, "run"],
        cwd=scenario.root, env=scenario.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("mode", [0o755, 0o640, 0o600, 0o775])
def test_row_24_permission_bits_are_kept(scenario: Scenario, mode: int) -> None:
    scenario.write("a.sh", "one\n", mode=mode)
    scenario.phase(phase("edit: a.sh\nreplace: one\nwith: two"))
    scenario.begin()
    scenario.run("run").says(0, "1 commit")
    assert stat.S_IMODE((scenario.root / "a.sh").stat().st_mode) == mode
    assert scenario.git("diff", "--summary", "HEAD~1") == ""


@pytest.mark.parametrize("kind", ["symbolic link", "hard link", "folder"])
def test_row_24_links_are_refused(scenario: Scenario, kind: str) -> None:
    scenario.write("a.py", "one\n")
    scenario.write("real/target.py", "one\n")
    target = "link.py"
    if kind == "symbolic link":
        (scenario.root / target).symlink_to("real/target.py")
    elif kind == "hard link":
        (scenario.root / target).hardlink_to(scenario.root / "real/target.py")
    else:
        (scenario.root / "link").symlink_to("real")
        target = "link/target.py"
    edits = (f"edit: {name}\nreplace: one\nwith: two" for name in ("a.py", target))
    scenario.phase(phase(*edits))
    scenario.begin()
    said = "leads through the symbolic link link" if kind == "folder" else f"is a {kind}"
    scenario.run("run").says(1, f"{target} {said}", "Nothing was written.")
    assert scenario.status() == ""
    assert scenario.read("real/target.py") == "one\n"


def test_row_25_nothing_of_the_task_is_done(scenario: Scenario) -> None:
    scenario.write("a.py", "one\n")
    scenario.write("b.py", "x = 1\ny = 2\nx = 1\n")
    scenario.phase(
        phase(
            "edit: a.py\nreplace: one\nwith: two",
            "verify: touch ../began",
            "edit: b.py\nreplace: |\n  x = 1\nwith: |\n  x = 2",
        )
    )
    scenario.begin()
    scenario.run("run").shows(
        1,
        """
        phase-1: Edit.

        stopped at phase-1/task-1 (phases/phase-1.yaml:11:9): b.py: the text to replace is to be \
found once and stands 2 times, in lines 1, 3
          hint: make the text longer until it is unique, say `lines:`, or say `count:`

        Nothing was written. Mend the phase file, or edit the file by hand in <root>, then: \
runbook run phase-1
        Or instead:
          runbook skip phase-1/task-1 --reason "...": leave task-1 out
        """,
    )
    assert scenario.status() == ""
    assert not (scenario.folder / "began").exists()


def test_row_25_the_nearest_block_is_shown(scenario: Scenario) -> None:
    scenario.write("a.py", "one\n")
    scenario.write("b.py", "import os\n\n\ndef f(a, b):\n    return a\n")
    step = "edit: b.py\nlines: 1-2\nreplace: |\n  def f(a):\n      return a\nwith: x"
    scenario.phase(phase("edit: a.py\nreplace: one\nwith: two", step))
    scenario.begin()
    scenario.run("run").says(
        1,
        "b.py: the text to replace is not in the file, expected near line 1",
        "the nearest text stands in lines 4-5; `-` is what the phase file says, `+` what the "
        "file says:\n      -def f(a):\n      +def f(a, b):\n           return a\n",
    )
    assert scenario.status() == ""


def test_row_40_a_folder_that_became_a_link_after_planning(scenario: Scenario) -> None:
    scenario.write("sub/a.py", "one\n")
    outside = scenario.folder / "outside"
    outside.mkdir()
    (outside / "a.py").write_text("one\n")
    swap = "rm -r sub && ln -s ../outside sub"
    scenario.phase(phase(f"verify: {swap}", "edit: sub/a.py\nreplace: one\nwith: two"))
    scenario.begin()
    scenario.run("run").says(1, "sub/a.py leads through the symbolic link sub")
    assert (outside / "a.py").read_text() == "one\n"


# Carries the phase out until an edit's plan is recorded, and then is gone at once.
KILLED = f"""
import os, signal, sys
sys.path.insert(0, {str(SOURCES)!r})
from runbook.core.record.stepevents import EditPlanned
from runbook.engine.running.series import Runner
from runbook.series.opening import open_series
from runbook.world.processes.interrupts import Interrupts
opened = open_series()
with Interrupts() as interrupts:
    for recorded in Runner(opened.checkout, interrupts).carry_out(opened.loaded.phases):
        if isinstance(recorded.event, EditPlanned):
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_row_40_a_folder_that_became_a_link_while_a_killed_run_lay(scenario: Scenario) -> None:
    scenario.write("sub/a.py", "one\n")
    scenario.phase(phase("edit: sub/a.py\nreplace: one\nwith: two"))
    scenario.begin()
    killed = subprocess.run(
        [sys.executable, "-I", "-c", KILLED],
        cwd=scenario.root, env=scenario.env, capture_output=True, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    (scenario.root / "sub").rename(scenario.folder / "outside")
    (scenario.root / "sub").symlink_to("../outside")
    scenario.run("run").says(1, "sub/a.py leads through the symbolic link sub")
    assert (scenario.folder / "outside/a.py").read_text() == "one\n"


NAMES = (
    "-rf",
    ":(top)x",
    "[id].tsx",
    "a\nb",
    "*.py",
    " blank ",
    "é\u202e",
    "$(touch x)",
    "#x",
    "!y",
)


@pytest.mark.parametrize("folder", ["", "[sub]/"])
def test_row_41_names_are_taken_literally(scenario: Scenario, folder: str) -> None:
    names = [folder + name for name in NAMES]
    decoys = ["x", "i.tsx", "d.tsx", "a.py", "s/i.tsx"]
    for name in (*names, *decoys):
        scenario.write(name, "one\n")
    edits = [f"edit: {json.dumps(name)}\nreplace: one\nwith: two" for name in names]
    moved = f"edit: {json.dumps(names[2])}\nmove-to: {json.dumps(folder + ':!moved')}"
    new = f"edit: {json.dumps(folder + '--new')}\ncreate: x"
    scenario.phase(phase(*edits, moved, new))
    scenario.begin()
    for name in decoys:
        scenario.write(name, "mine\n")
    scenario.git("add", *decoys)
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    shown = scenario.git("show", "--format=", "--name-only", "--no-renames", "-z").split("\0")
    assert sorted(filter(None, shown)) == sorted([*names, folder + ":!moved", folder + "--new"])
    assert scenario.read(names[3]) == "two\n"
    assert all(line.startswith("M  ") for line in scenario.status().split("\n"))


def test_row_43_source_text_is_never_templated(scenario: Scenario) -> None:
    text = "{{ phase }} {% if x %} ${{ env.A }} $HOME ${HOME} {0} %s \\1 \\n `id` $(id)\n"
    scenario.write("{{ a }}.yml", "run: one\n")
    scenario.phase(
        phase(
            'edit: "{{ a }}.yml"\nreplace: |\n  run: one\nwith: |\n  ' + text,
            "edit: new.yml\ncreate: |\n  " + text,
            "verify: |\n  printf '%s\\n' '{{ phase }} ${{ env.A }}'\n"
            "expect:\n  output: |\n    {{ phase }} ${{ env.A }}",
            commit='"{{ goal }} ${{ x }}"',
        )
    )
    scenario.begin()
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert scenario.read("{{ a }}.yml") == text
    assert scenario.read("new.yml") == text
    assert scenario.message() == "{{ goal }} ${{ x }}"


def test_row_44_secrets_are_redacted_everywhere(scenario: Scenario) -> None:
    secret, other = "s3cret-t0ken", 'pa$$ "word" \'é'
    scenario.series("secrets: [TOKEN, PASSWORD, SHORT, UNSET]\n")
    scenario.phase(
        phase(
            "verify: echo \"$TOKEN and $PASSWORD and $SHORT\"; printf 's3cret-'; sleep 0.3; "
            "echo t0ken",
            'verify: |\n  echo "<$TOKEN>" >&2; echo "$PASSWORD"; exit 3\nretries: 1\nexpect:\n'
            '  contains: [never said, "*** not"]\n  absent: s3cret-t0ken',
            commit="",
        )
    )
    scenario.begin()
    result = scenario.run("run", TOKEN=secret, PASSWORD=other, SHORT="and")
    result.says(1, "<***>", "***\n", "exit status 3, expected 0", 'contains "***"')
    folder = scenario.root / ".git/runbook"
    kept = [path for path in folder.rglob("*") if path.is_file()]
    logs = [path for path in kept if path.suffix == ".log"]
    assert "*** and *** and and\n***\n" in "".join(path.read_text() for path in sorted(logs))
    for path in kept:
        text = path.read_bytes().decode()
        for value in (secret, other, json.dumps(other)[1:-1]):
            assert value not in text, path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert secret not in result.raw
    assert other not in result.raw
    status = scenario.run("status", TOKEN=secret, PASSWORD=other)
    assert secret not in status.raw


def test_temporary_files_are_gone(scenario: Scenario) -> None:
    scenario.write("a.py", "one\n")
    scenario.phase(phase("edit: a.py\nreplace: one\nwith: two"))
    scenario.begin()
    scenario.run("run").says(0)
    assert sorted(path.name for path in Path(scenario.root).iterdir()) == [".git", "a.py", "phases"]


def test_the_lines_that_several_changes_touch_side_by_side(scenario: Scenario) -> None:
    scenario.write("p.toml", '[p]\na = "1"\nb = "1"\nc = "1"\n')
    scenario.write("x.txt", "one\none\none\n")
    scenario.write("y.txt", "one\ntwo\nthree\n")
    scenario.phase(
        phase(
            "edit: p.toml\nset: {p.c: '2', p.b: '2'}",
            "edit: x.txt\nregex: one\nrewrite: two\ncount: 3",
            "edit: y.txt\nchanges:\n  - replace: two\n    with: zwei\n"
            "  - replace: one\n    with: eins",
            "edit: y.txt\nreplace: |\n  eins\n  zwei\nwith: |\n  eins\n  2",
        )
    )
    scenario.begin()
    told = ("p.toml, lines 3-4", "x.txt, lines 1-3", "y.txt, lines 1-2", "y.txt, lines 1-2")
    for arguments in (("run", "--dry-run"), ("run",)):
        shown = scenario.run(*arguments).stdout.splitlines()
        assert [line.split("edit")[1].strip() for line in shown if "  edit  " in line] == [*told]


def test_phase_files_are_left_out_wherever_the_command_is_given(scenario: Scenario) -> None:
    text = phase("edit: {glob: '**', where: contains}\nreplace: {old_name: new_name}")
    scenario.write("src/app.py", "old_name = 1\n")
    scenario.phase(text)
    scenario.begin()
    inside = scenario.root / "src"
    scenario.run("run", "--dry-run", cwd=inside).says(0, "edit    src/app.py, line 1")
    scenario.run("run", cwd=inside).says(0, "edit    src/app.py, line 1")
    assert scenario.read("phases/phase-1.yaml") == text
    assert scenario.git("show", "--format=", "--name-only") == "src/app.py"


def test_phase_files_are_left_out_in_a_linked_worktree(scenario: Scenario) -> None:
    text = phase("edit: {glob: '**', where: contains}\nreplace: {old_name: new_name}")
    scenario.write("src/app.py", "old_name = 1\n")
    scenario.series("worktree: .worktrees/moon\n")
    scenario.phase(text)
    scenario.begin()
    scenario.run("run", cwd=scenario.root / "src").says(0, "edit    src/app.py, line 1")
    assert scenario.git("show", "--format=", "--name-only", "moon") == "src/app.py"


def test_a_file_that_is_there_gets_the_permissions_it_is_made_with(scenario: Scenario) -> None:
    scenario.phase(phase("edit: start\ncreate: |\n  #!/bin/sh\nmode: 755"))
    scenario.write("start", "#!/bin/sh\n", mode=0o644)
    scenario.begin()
    scenario.run("check", "--diff").says(0, "old mode 100644\nnew mode 100755")
    scenario.run("run", "--dry-run").says(0, "edit    start\n", "commit  All")
    scenario.run("run").says(0, "edit    start\n", "1 commit")
    assert scenario.git("ls-files", "-s", "start").startswith("100755")
    scenario.run("undo", "1").says(0, "undone: task-1")
    assert scenario.git("ls-files", "-s", "start").startswith("100644")
