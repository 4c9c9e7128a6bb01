"""The runs that are swept: repositories with a phase, hooks, and work of the user's beside them."""

from __future__ import annotations

import os
import shutil
import subprocess
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

CONFIG = """\
[user]
    name = Ada
    email = ada@example.org
[init]
    defaultBranch = main
[gc]
    auto = 0
[maintenance]
    auto = false
"""

PHASE = """\
phase: 1
goal: Say good day.
tasks:
  - title: First
    steps:
      - edit: [app.py, other.py]
        replace: hello
        with: good day
      - verify: grep -q 'good day' app.py other.py
      - edit: pkg/deep/new.py
        create: |
          new = True
      - commit: First
  - title: Second
    steps:
      - edit: [app.py, other.py]
        remove: |
          # to go
      - edit: gone.py
        delete: true
      - verify: test -e pkg/deep/new.py
      - commit: |
          Second

          With a body.
verification:
  - verify: grep -q 'good day' app.py
"""

RUN = """\
phase: 1
goal: Generate.
tasks:
  - title: First
    steps:
      - edit: app.py
        replace: hello
        with: good day
      - run: |
          text=$(sed 's/hello/good day/' other.py)
          echo "$text" > other.py
          echo '# once' >> other.py
          mkdir -p out && cp app.py out/made.py
        files: [other.py, {glob: "out/*.py"}]
      - verify: grep -q 'good day' other.py out/made.py
      - edit: out/made.py
        remove: |
          # to go
      - commit: First
"""

MOVE = """\
phase: 1
goal: Move.
tasks:
  - title: First
    steps:
      - edit: app.py
        changes:
          - replace: hello
            with: good day
          - move-to: pkg/app.py
      - edit: other.py
        changes:
          - move-to: pkg/other.py
          - remove: |
              # to go
      - verify: test ! -e app.py
      - commit: First
"""

SECOND = """\
  - title: First
    steps:
      - edit: app.py
        replace: good day
        with: good night
      - verify: grep -q night app.py
      - commit: First of the second
"""

LINKED = PHASE.replace(
    "verify: test -e pkg/deep/new.py", "verify: test -e pkg/deep/new.py\n        fails-at: phase"
)

STARTS = PHASE.replace("other.py\n      - edit", "other.py\n        fails-at: phase\n      - edit")
STARTS = STARTS.replace(
    "test -e pkg/deep/new.py", "\"! grep -q 'to go' app.py\"\n        fails-at: task"
)

# git itself stages what it moves, and a link takes the place of what it moved away.
GIT_MV = """\
phase: 1
goal: Move.
tasks:
  - title: First
    steps:
      - run: |
          set -e
          git mv app.py moved.py
          mkdir pkg
          git mv gone.py pkg
          ln -s moved.py app.py
        files: [app.py, moved.py, {glob: "gone*"}, {glob: "pkg/*"}]
      - verify: grep -q hello app.py
      - edit: moved.py
        replace: hello
        with: good day
      - commit: First
"""

PATCH = """\
phase: 1
goal: Patch.
tasks:
  - title: First
    steps:
      - edit: app.py
        patch: |
          @@ -1,3 +1,2 @@
           def greeting():
          -    return "hello"
          -# to go
          +    return "good day"
      - edit: other.py
        changes:
          - patch: |
              @@ -1,3 +1,3 @@
              -other = "hello"
              +other = "good day"
               # to go
               # the end
          - remove: |
              # to go
      - verify: grep -q 'good day' app.py other.py
      - commit: First
"""

# The first attempt does not do it, the second one does.
DELEGATED = """\
phase: 1
goal: Hand over.
delegate:
  run: |
    if [ "$RUNBOOK_ATTEMPT" = 1 ]; then sed -i 's/hello/good evening/' app.py
    else sed -i 's/hello/good day/; s/good evening/good day/' app.py; fi
  attempts: 2
  confine: false
tasks:
  - title: First
    steps:
      - edit: other.py
        replace: hello
        with: good day
      - manual: Let `app.py` say good day.
        files: app.py
      - verify: grep -q 'good day' app.py other.py
      - edit: app.py
        remove: |
          # to go
      - commit: First
"""

# The second of two is judged with what the first has done.
IN_A_ROW = DELEGATED.replace(
    "  run: |\n",
    "  run: |\n"
    "    case $RUNBOOK_STEP in */step-1) exec sed -i s/hello/good\\ day/ other.py;; esac\n",
).replace(
    """      - edit: other.py
        replace: hello
        with: good day
      - manual: Let `app.py` say good day.
""",
    """      - manual: Let `other.py` say good day.
        files: other.py
      - edit: other.py
        append: |
          # more
      - manual: Let `app.py` say good day.
""",
)

# The second task stops as long as there is a file fail.log.
STOPPING = PHASE.replace(
    "verify: test -e pkg/deep/new.py",
    """run: echo '# ran' >> pkg/deep/new.py; chmod +x pkg/deep/new.py
        files: pkg/deep/new.py
      - verify: test ! -e fail.log""",
)

# Its check fails until somebody mends the text of the edit, and another line.
MENDED = """\
phase: 1
goal: Say good day.
tasks:
  - title: First
    steps:
      - edit: app.py
        replace: hello
        with: "good day"   # politely
      - edit: other.py
        replace: hello
        with: good day
      - verify: grep -q 'good day to you' app.py && grep -q mended other.py
      - manual: Write `pkg/made.py`.
        files: pkg/made.py
      - commit: First
"""

FORMATTER = """\
set -e
for file in app.py other.py; do
    test -f $file || continue
    if ! grep -q formatted $file; then
        echo '# half' >> $file
        text=$(sed 's/# half/# formatted/' $file)
        echo "$text" > $file
        git add $file
    fi
done
"""

# It stages what it has made, and has the commit tried again.
REFUSING = f"""\
before=$(cat app.py other.py)
{FORMATTER}
test "$before" = "$(cat app.py other.py)" || {{ echo 'files were modified by this hook'; exit 1; }}
"""

# It comes after the commit, and writes the index.
AFTER = "touch -d yesterday app.py mine/both.txt && git status > /dev/null"

CHECKS = {
    "pre-commit": "grep -q 'good day' app.py",
    "commit-msg": 'grep -q Co-Authored-By "$1" && echo \'Checked-by: hook\' >> "$1"',
}


@dataclass(frozen=True)
class Variant:
    """A kind of run: its phase, the series, its hooks, and what else is set up."""

    phase: str
    series: str = "co-authored-by: Grace <grace@example.org>\n"
    hooks: Mapping[str, str] | None = None
    prepare: Callable[[Path], None] | None = None
    arguments: tuple[str, ...] = ("run", "--no-notes")
    branch: str = "main"
    # What is done beforehand: commands, however they end, and things that a person does.
    before: tuple[tuple[str, ...] | Callable[[Path], None], ...] = ()
    again: tuple[tuple[str, ...], ...] = ()  # after a disturbed run; the same if there is nothing

    @property
    def after(self) -> tuple[tuple[str, ...], ...]:
        """The commands that a person gives after a disturbed run."""
        return self.again or (self.arguments,)


def _signing(folder: Path) -> None:
    key = folder / "home" / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True, timeout=30
    )
    with (folder / "home" / "gitconfig").open("a") as config:
        config.write(
            "[commit]\n    gpgSign = true\n[user]\n    signingKey = ~/key\n"
            "[gpg]\n    format = ssh\n"
        )


def _filtered(folder: Path) -> None:
    # Files stay as they are; a checkout would give them other ends of lines.
    (folder / "project" / ".gitattributes").write_text("*.py text eol=crlf\n")
    git(folder, "add", ".gitattributes")
    git(folder, "commit", "-q", "-m", "Attributes", "--", ".gitattributes")


def _through_filters(folder: Path) -> None:
    """Files go through a filter, keywords and another encoding on their way into git."""
    root = folder / "project"
    (root / ".gitattributes").write_text(
        "app.py filter=upper\nother.py ident eol=crlf\n"
        "pkg/deep/new.py text eol=crlf working-tree-encoding=latin1\n*.txt text\n"
    )
    git(folder, "config", "filter.upper.clean", "tr a-z A-Z")
    git(folder, "config", "filter.upper.smudge", "tr A-Z a-z")
    git(folder, "commit", "-q", "-m", "Attributes", "--", ".gitattributes")
    git(folder, "add", "--renormalize", "app.py", "other.py")
    git(folder, "add", ".gitattributes")
    git(folder, "commit", "-q", "-m", "Filtered", "--", ".gitattributes", "app.py", "other.py")


def _second_phase(folder: Path) -> None:
    root = folder / "project"
    text = "phase: 2\nrequires: phase-1\ngoal: And good night.\ntasks:\n" + SECOND
    (root / "phases" / "phase-2.yaml").write_text(text)
    git(folder, "add", "phases/phase-2.yaml")
    git(folder, "commit", "-q", "-m", "Phase 2", "--", "phases/phase-2.yaml")


def _failing(folder: Path) -> None:
    (folder / "project" / "fail.log").write_text("")


def _repaired(folder: Path) -> None:
    (folder / "project" / "fail.log").unlink()


def _repaired_and_edited(folder: Path) -> None:
    _repaired(folder)
    with (folder / "project" / "app.py").open("a") as file:
        file.write(MINE)


def _mended(folder: Path) -> None:
    root = folder / "project"
    for name, old, new in (
        ("app.py", "good day", "good day to you"),
        ("other.py", "end", "mended"),
    ):
        text = (root / name).read_text()
        (root / name).write_text(text.replace(old, new))


def _made(folder: Path) -> None:
    made = folder / "project" / "pkg" / "made.py"
    made.parent.mkdir()
    made.write_text("made = True\n")


MINE = "# mine\n"
RUN_AGAIN = ("run", "--no-notes")
UNDO = ("undo", "phase-1")
SKIP = ("skip", "task-2", "--reason", "not now")

VARIANTS: dict[str, Variant] = {
    "plain": Variant(PHASE, arguments=("run",)),
    "formatter": Variant(PHASE, hooks={"pre-commit": FORMATTER}),
    "refusing": Variant(PHASE, hooks={"pre-commit": REFUSING}),
    "hooks": Variant(PHASE, hooks=CHECKS),
    "filtered": Variant(PHASE, prepare=_filtered),
    "linked": Variant(
        LINKED,
        "worktree: .worktrees/x\nco-authored-by: Grace <grace@example.org>\n",
        branch="x",
    ),
    "run": Variant(RUN),
    "move": Variant(MOVE),
    "git mv": Variant(GIT_MV),
    "patch": Variant(PATCH),
    "delegate": Variant(DELEGATED),
    "delegates in a row": Variant(IN_A_ROW),
    "retry": Variant(
        STOPPING,
        before=(_failing, RUN_AGAIN, _repaired_and_edited),
        arguments=("retry",),
        again=(("retry",), RUN_AGAIN),
    ),
    "skip": Variant(
        STOPPING,
        before=(_failing, RUN_AGAIN, _repaired_and_edited),
        arguments=SKIP,
        again=(SKIP, RUN_AGAIN),
    ),
    "abort": Variant(
        STOPPING,
        before=(_failing, RUN_AGAIN, _repaired),
        arguments=("abort",),
    ),
    "undo": Variant(PHASE, before=(RUN_AGAIN,), arguments=UNDO),
    "undo of a task": Variant(PHASE, before=(RUN_AGAIN,), arguments=("undo", "phase-1/task-2")),
    "undo of git mv": Variant(GIT_MV, before=(RUN_AGAIN,), arguments=UNDO),
    "undo with a formatter": Variant(
        PHASE, hooks={"pre-commit": FORMATTER}, before=(RUN_AGAIN,), arguments=UNDO
    ),
    "undo given up": Variant(
        PHASE,
        hooks={"pre-commit": "test ! -e fail.log"},
        before=(RUN_AGAIN, _failing, UNDO),
        arguments=("abort",),
    ),
}
VARIANTS |= {
    "post-commit": Variant(PHASE, hooks={"pre-commit": FORMATTER, "post-commit": AFTER}),
    "filters": Variant(PHASE, prepare=_through_filters),
    "ahead": Variant(PHASE, arguments=("run", "--jobs", "2")),
    "ahead on starts": Variant(STARTS, arguments=("run", "--jobs", "4")),
    "proof": Variant(STARTS, arguments=("check", "--prove", "--jobs", "4")),
    "all": Variant(PHASE, arguments=("run", "--all", "--no-notes"), prepare=_second_phase),
    # The notes of the commits are written anew, as the phase file is.
    "adopt": Variant(
        MENDED,
        before=(("run",), _mended, ("run",), _made, ("run",)),
        arguments=("adopt",),
    ),
    "clean": Variant(
        LINKED,
        "worktree: .worktrees/x\n",
        before=(RUN_AGAIN,),
        arguments=("clean", "--branch", "--force"),
    ),
}
if shutil.which("ssh-keygen"):
    VARIANTS["signed"] = Variant(PHASE, prepare=_signing)


def environment(folder: Path) -> dict[str, str]:
    """The environment of a run in a prepared folder."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "LANG": "C.UTF-8",
        "GIT_CONFIG_GLOBAL": str(folder / "home" / "gitconfig"),
        "GIT_CONFIG_SYSTEM": os.devnull,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def git(folder: Path, *arguments: str) -> str:
    """What git says in the project of a prepared folder."""
    done = subprocess.run(
        ["git", "--no-optional-locks", *arguments],
        cwd=folder / "project",
        env=environment(folder),
        capture_output=True,
        check=False,
        timeout=60,
    )
    said = done.stdout if done.returncode == 0 else b"failed: " + done.stderr
    return said.decode("utf-8", "surrogateescape")


def prepare(variant: Variant, folder: Path) -> None:
    """Make the folder of a variant: the project, a home, and a place for temporary files."""
    root = folder / "project"
    for made in (root, folder / "home", folder / "tmp"):
        made.mkdir(parents=True)
    (folder / "home" / "gitconfig").write_text(CONFIG)
    git(folder, "init", "-q")
    shutil.rmtree(root / ".git" / "hooks")
    files = {
        "app.py": 'def greeting():\n    return "hello"\n# to go\n',
        "other.py": 'other = "hello"\n# to go\n# the end\n',
        "gone.py": "gone = 1\n",
        **{f"mine/{name}.txt": f"{name}\n" for name in ("staged", "unstaged", "both", "deleted")},
        "phases/phase-1.yaml": variant.phase,
        "phases/runbook.yaml": variant.series,
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Begin")
    # What the user has under way.
    mine = root / "mine"
    (mine / "staged.txt").write_text("staged by me\n")
    (mine / "both.txt").write_text("first\n")
    git(folder, "add", "mine")
    (mine / "both.txt").write_text("first\nand not staged\n")
    (mine / "unstaged.txt").write_text("unstaged by me\n")
    git(folder, "rm", "-q", "mine/deleted.txt")
    (mine / "untracked.txt").write_text("untracked\n")
    (mine / "later.txt").write_text("intended\n")
    git(folder, "add", "-N", "mine/later.txt")
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "exclude").write_text("*.log\n")
    for name, script in (variant.hooks or {}).items():
        hook = root / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{textwrap.dedent(script)}\n")
        hook.chmod(0o755)
    if variant.prepare is not None:
        variant.prepare(folder)
