"""A git repository with phases in it, and the program run there for real.

Nothing of the machine's own configuration gets in: git reads two files that the scenario writes,
and the environment is made here from nothing. Transcripts are normalised, so that a test compares
all of what a user sees with the text it expects.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import termios
import textwrap
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytestserver
from foreground import foreground
from forkserver import Forked, as_it_was_loaded
from lines import valid_lines, valid_records
from ondemand import ON_DEMAND

SOURCES = Path(__file__).parents[1] / "src"

# As the launcher starts it, but for the folder that it is imported from.
IMPORTING = f"import sys; sys.path.insert(0, {str(SOURCES)!r})"
PROGRAM = (
    sys.executable,
    "-I",
    "-c",
    f"{IMPORTING}\nfrom runbook.__main__ import console\nsys.argv[0] = 'runbook'\nconsole()",
)

GIT_CONFIG = """\
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

WRITE_EVENTS = {
    "run", "retry", "done", "skip", "abort", "undo", "repair", "adopt", "audit",
}  # fmt: skip
"""The commands that take down what they do as events."""

Started = subprocess.Popen[str] | Forked

LIMIT = 60.0
"""Seconds after which a test gives up waiting for anything."""

APP = """\
def greeting():
    return "hello"
"""

TEST_APP = """\
from app import greeting


def test_greeting_is_polite():
    assert greeting() in ("hello", "good day")
"""

GREETING = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "good day"
      - commit: "feat: say good day"
"""

CHECKED = """\
phase: 1
goal: Say good day.
tasks:
  - title: Say it politely
    steps:
      - edit: app.py
        replace: return "hello"
        with: return "good day"
      - verify: pytest -q test_app.py
        expect: {tests: pass}
      - commit: "feat: say good day"
"""


SEARCHED = CHECKED.replace("pytest -q test_app.py", "grep -q return app.py").replace(
    "        expect: {tests: pass}\n", ""
)
"""The same by a search, where it is not about tests: a pytest takes longer than all the rest."""


@dataclass(frozen=True)
class Result:
    """What one call of the program left: its exit status and its normalised outputs."""

    status: int
    stdout: str
    stderr: str
    raw: str

    def __str__(self) -> str:
        return f"exit {self.status}\n{self.stdout}\n--- stderr\n{self.stderr}"

    def shows(self, status: int, stdout: str, stderr: str = "") -> None:
        """Compare all of it; expected texts may be indented."""
        shown = f"exit {self.status}\n{_text(self.stdout)}--- stderr\n{_text(self.stderr)}"
        assert shown == f"exit {status}\n{_text(stdout)}--- stderr\n{_text(stderr)}"

    def says(self, status: int, *texts: str) -> None:
        """Compare the status, and look for texts in what is shown."""
        assert self.status == status, str(self)
        shown = self.stdout + self.stderr
        for text in texts:
            assert text in shown, f"{text!r} is not in:\n{self}"


class Scenario:
    """A repository in a folder, with the environment in which the program is started."""

    def __init__(self, folder: Path, *, init: tuple[str, ...] = ()) -> None:
        self.folder = folder.resolve()
        self.root = self.folder / "project"
        self.home = self.folder / "home"
        self.bin = self.folder / "bin"
        for made in (self.root, self.home, self.bin, self.folder / "tmp"):
            made.mkdir()
        self.config = self.home / "gitconfig"
        self.config.write_text(GIT_CONFIG)
        if ON_DEMAND:
            self.pytest_from_nothing()
        else:
            self.program("pytest", f'exec {pytestserver.command()} "$@"')
        self.program("python", f'exec "{sys.executable}" "$@"')
        self.env = {
            "PATH": f"{self.bin}:{_path_of('git', 'bash', 'sh', 'sleep')}",
            "HOME": str(self.home),
            "TMPDIR": str(self.folder / "tmp"),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "GIT_CONFIG_GLOBAL": str(self.config),
            "GIT_CONFIG_SYSTEM": os.devnull,
            # Two edits within one second and of one size would leave compiled code behind.
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._started: list[Started] = []
        self._events: dict[int, Path] = {}
        self._json: set[int] = set()
        self._runs: set[str] = set()
        self._anew = ON_DEMAND
        self.git("init", "-q", *init)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started:
            if process.poll() is None:
                process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
            self._take_events(process, torn=True)
        # Runs in terminals, and whatever else did not begin here.
        for journal in (self.root / ".git" / "runbook").glob("*/journal.jsonl"):
            valid_records(journal.read_bytes(), self._runs)

    # Building

    def write(self, path: str, text: str, *, mode: int | None = None) -> Path:
        """Write a file of the repository, as it stands."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
        if mode is not None:
            file.chmod(mode)
        return file

    def phase(self, text: str, name: str = "phase-1") -> Path:
        """Write a phase file."""
        return self.write(f"phases/{name}.yaml", textwrap.dedent(text).lstrip("\n"))

    def series(self, text: str) -> Path:
        """Write the series file."""
        return self.phase(text, "runbook")

    def program(self, name: str, script: str) -> None:
        """Put a shell script of that name on PATH."""
        file = self.bin / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def pytest_from_nothing(self) -> None:
        """Have pytest be started as by a user, with all of its plugins, and xdist."""
        # Hypothesis' plugin loads all of hypothesis at every end: longer than the tests here take.
        plugins = "-p no:cacheprovider -p no:hypothesispytest"
        self.program("pytest", f'exec "{sys.executable}" -m pytest {plugins} "$@"')

    def load_anew(self) -> None:
        """Have each call load the program, in which git is asked for its version."""
        self._anew = True

    def hook(self, name: str, script: str) -> None:
        """Write a git hook."""
        file = self.root / ".git" / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{textwrap.dedent(script)}\n")
        file.chmod(0o755)

    def by_git(self) -> None:
        """Have git itself make commits and notes, as where somebody else has a say in them."""
        self.git("config", "core.sharedRepository", "group")

    def begin(self) -> Self:
        """Commit all that was written, as the user's own beginning."""
        self.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "-m", "Begin")
        return self

    def app(self, phase: str = GREETING) -> Self:
        """A module with its test and a phase over it, committed."""
        self.write("app.py", APP)
        self.write("test_app.py", TEST_APP)
        self.phase(phase)
        return self.begin()

    # Doing

    def git(self, *arguments: str, cwd: Path | None = None, check: bool = True) -> str:
        """What git says to a command of the user's."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.root,
            env=self.env,
            capture_output=True,
            check=False,
            timeout=LIMIT,
        )
        assert not check or done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def run(self, *arguments: str, cwd: Path | None = None, **env: str) -> Result:
        """Call the program to its end."""
        return self.end(self.start(*arguments, cwd=cwd, **env))

    def start(self, *arguments: str, cwd: Path | None = None, **env: str) -> Started:
        """Call the program and go on at once; what it does is also taken down as events."""
        file = self.folder / f"events-{len(self._started)}.jsonl"
        asked = set(arguments)
        without = {"--events", "-h", "--help", "--dry-run"}  # it has none
        if arguments and arguments[0] in WRITE_EVENTS and not asked & without:
            arguments = (*arguments, "--events", str(file))
        process = self._begin(arguments, cwd or self.root, {**self.env, **env})
        self._events[process.pid] = file
        if "--json" in asked:
            self._json.add(process.pid)
        self._started.append(process)
        return process

    def at_terminal(self, *arguments: str, columns: int, **env: str) -> tuple[Started, int]:
        """Call the program at a terminal of its own, whose other end is to be closed."""
        ours, terminal = os.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        try:
            process = self._begin(arguments, self.root, {**self.env, **env}, terminal=terminal)
        finally:
            os.close(terminal)
        self._started.append(process)
        return process, ours

    def scripted(self, script: str, *arguments: str) -> Result:
        """Carry out Python that calls functions of the program, in a process of its own."""
        process = self._begin(arguments, self.root, self.env, script)
        self._started.append(process)
        return self.end(process)

    def _begin(
        self,
        arguments: tuple[str, ...],
        folder: Path,
        env: dict[str, str],
        script: str | None = None,
        terminal: int | None = None,
    ) -> Started:
        if as_it_was_loaded(env) and not self._anew:
            return Forked(arguments, folder, env, script, terminal)
        program = PROGRAM if script is None else (*PROGRAM[:-1], f"{IMPORTING}\n{script}")
        out = subprocess.PIPE if terminal is None else terminal
        with foreground():
            return subprocess.Popen(
                [*program, *arguments],
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL if terminal is None else terminal,
                stdout=out,
                stderr=out,
                encoding="utf-8",
                errors="surrogateescape",
                start_new_session=True,
                preexec_fn=None if terminal is None else _controlled,
            )

    def end(self, process: Started) -> Result:
        """Wait until the program ends."""
        stdout, stderr = process.communicate(timeout=LIMIT)
        status = process.wait()
        # Every call of every test is one of the lines that are published, too.
        self._take_events(process, torn=status < 0)
        if process.pid in self._json:
            valid_lines(stdout, torn=status < 0)
        return Result(status, self.normal(stdout), self.normal(stderr), stdout + stderr)

    def _take_events(self, process: Started, *, torn: bool) -> None:
        file = self._events.pop(process.pid, None)
        if file is not None and file.exists():
            lines = valid_lines(file.read_text(encoding="ascii"), torn=torn)
            self._runs |= {line["run"] for line in lines}

    def json(self, *arguments: str, status: int = 0) -> list[dict[str, Any]]:
        """The lines that a call with --json prints, each of them as published."""
        result = self.run(*arguments, "--json")
        assert result.status == status, str(result)
        lines = result.raw.removesuffix(result.stderr).splitlines()
        return [json.loads(line) for line in lines]

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so."""
        limit = time.monotonic() + LIMIT
        while not condition():
            assert time.monotonic() < limit, "it never came to be"
            time.sleep(0.02)

    # Looking

    def read(self, path: str) -> str:
        """A file's text, its line ends untouched."""
        return (self.root / path).read_bytes().decode("utf-8", "surrogateescape")

    def subjects(self, revision: str = "HEAD") -> list[str]:
        """The subjects of the commits, the first one first."""
        return self.git("log", "--reverse", "--format=%s", revision).split("\n")

    def message(self, revision: str = "HEAD", cwd: Path | None = None) -> str:
        """A commit's message, byte for byte."""
        return self.git("cat-file", "commit", revision, cwd=cwd).partition("\n\n")[2]

    def paths(self, revision: str = "HEAD") -> list[str]:
        """The paths a commit touches."""
        shown = self.git("show", "--format=", "--name-only", "--no-renames", revision)
        return shown.split("\n") if shown else []

    def status(self, cwd: Path | None = None) -> str:
        """What git status says, untracked files included."""
        return self.git("status", "--porcelain", "--untracked-files=all", cwd=cwd)

    @property
    def journal(self) -> Path:
        """The journal of the main worktree."""
        return self.root / ".git" / "runbook" / "main" / "journal.jsonl"

    def normal(self, text: str) -> str:
        """The text without what differs from one call to the next."""
        for pattern, instead in (
            (re.escape(f"{self.folder}/tmp/") + r"runbook-scratch-[^/\s]+", "<scratch>"),
            (re.escape(str(self.root)), "<root>"),
            (re.escape(str(self.folder)), "<folder>"),
            (r"\d{8}T\d{6}Z-\d+-[0-9a-f]{4}", "<run>"),
            (r"\b[0-9a-f]{40}\b|\b[0-9a-f]{64}\b|\b(?=\d*[a-f])[0-9a-f]{9}\b", "<commit>"),
            (r"(?<=index )[0-9a-f]{7}\.\.[0-9a-f]{7}", "<blob>..<blob>"),
            (r"\b\d{9}\b", "<commit>"),
            (r"(?m)(?<=  )[0-9a-f]{7}(?= feat:)|(?<=lost: )[0-9a-f]{7}\b", "<short>"),
            (r"(?:\d+ h )?(?:\d+ min )?\d+(?:\.\d)? s\b", "<time>"),
            (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "<when>"),
            (r"process \d+|pid \d+", "process <pid>"),
        ):
            text = re.sub(pattern, instead, text)
        return text


def _controlled() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _text(shown: str) -> str:
    text = textwrap.dedent(shown).strip("\n")
    return text and f"{text}\n"


def _path_of(*names: str) -> str:
    folders = []
    for name in names:
        found = shutil.which(name)
        assert found, f"{name} is needed"
        folders.append(str(Path(found).parent))
    return ":".join(dict.fromkeys(folders))
