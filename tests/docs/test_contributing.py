"""The worked examples of CONTRIBUTING.md: they fit the code of today, and do what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ondemand import on_demand

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^### (A new .*?)\n(.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL))
FENCE = re.compile(r"^```(diff|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = ("src", "tests", "docs", "phases", "examples", "README.md", "pyproject.toml")


def fences(name: str, kind: str) -> str:
    return "".join(text for each, text in FENCE.findall(EXAMPLES[name]) if each == kind)


def added(name: str, root: Path) -> None:
    """Add an example to the files below a folder."""
    for part in re.split(r"^\+\+\+ ", fences(name, "diff"), flags=re.MULTILINE)[1:]:
        path, _, hunks = part.partition("\n")
        text = (root / path).read_text(encoding="utf-8")
        for hunk in hunks.split("@@\n"):
            lines = hunk.splitlines()
            assert all(line[:1] in "+- " for line in lines), hunk
            old = "".join(line[1:] + "\n" for line in lines if line[:1] != "+")
            new = "".join(line[1:] + "\n" for line in lines if line[:1] != "-")
            assert ("\n" + text).count("\n" + old) == 1, f"{path}: not there once:\n{old}"
            text = ("\n" + text).replace("\n" + old, "\n" + new)[1:]
        (root / path).write_text(text, encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in COPIED:
        if (ROOT / name).is_dir():
            # With what is compiled, but for what another worker is just writing.
            unfinished = shutil.ignore_patterns("*.pyc.*")
            shutil.copytree(ROOT / name, tmp_path / name, ignore=unfinished)
        else:
            shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_the_tests_that_the_examples_name_are_there() -> None:
    for name in EXAMPLES:
        (commands,) = [text for kind, text in FENCE.findall(EXAMPLES[name]) if kind == "sh"]
        for line in commands.splitlines():
            program, *paths = line.split()
            assert program == "tests/run"
            assert all((ROOT / path).exists() for path in paths), line


def works(copy: Path, *names: str) -> None:
    """See that examples fit the code, and that the tests that each names first pass."""
    for name in names:
        added(name, copy)
    for tool in (["ruff", "check", "-q"], ["ruff", "format", "-q", "--check"]):
        program = Path(sys.executable).with_name(tool[0])
        subprocess.run([program, *tool[1:], "src", "tests"], cwd=copy, check=True)
    first = [path for name in names for path in fences(name, "sh").splitlines()[0].split()[1:]]
    # Nothing of an example is in what README shows of runs, which takes longest.
    without = ["-k", "not test_the_transcripts_replay"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider",
         *without, *first],
        cwd=copy, env={**os.environ, "PYTHONPATH": str(copy / "src")}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def test_the_examples_do_what_they_say(copy: Path) -> None:
    """In a copy with all of them, those tests among them that they bring."""
    assert len(EXAMPLES) == 5
    works(copy, *EXAMPLES)


@on_demand
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_do_what_they_say_alone(copy: Path, name: str) -> None:
    works(copy, name)
