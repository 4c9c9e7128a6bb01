"""Patterns match as git's do, which is asked in a real repository."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from runbook.core.model.globs import example, literal_folder, matches

NAMES = ["a", "b", "ab", "a.py", "b.py", "[a]", "a-b", "1", "a b", ".a", "A", "é.py"]
PIECES = [
    "*", "**", "?", "a", "b", ".py", "/", "/", "**/", "/**", "[ab]", "[!a]", "[a-c]", "[^b]",
    "[[:alpha:]]", "[[:digit:]x]", "\\*", "\\[", "[a", "[]a]", "[]-a]", "[z-a]", "é", "1", "-",
    "***/",
]  # fmt: skip


def paths(chance: random.Random) -> list[str]:
    """Files in folders; no name is both."""
    found: set[str] = set()
    for _ in range(60):
        folders = [f"{chance.choice(NAMES)}.d" for _ in range(chance.randint(0, 3))]
        found.add("/".join([*folders, chance.choice(NAMES)]))
    return sorted(found)


def test_a_pattern_matches_what_it_matches_for_git(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    there = paths(chance)
    for path in there:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    some = 0
    for _ in range(250):
        pattern = "".join(chance.choices(PIECES, k=chance.randint(1, 5))).lstrip("/")
        if chance.random() < 0.3:
            folder = chance.choice(there).rpartition("/")[0]
            pattern = f"{folder}/{pattern}" if folder else pattern
        if not pattern or "//" in pattern:
            continue
        done = subprocess.run(
            ["git", "ls-files", "-z", "--", f":(glob){pattern}"],
            cwd=tmp_path, capture_output=True, check=True,
        )  # fmt: skip
        wanted = {path for path in done.stdout.decode().split("\0") if path}
        found = {path for path in there if matches(pattern, path)}
        some += bool(wanted)
        assert found == wanted, f"{pattern}, seed {seed}"
        assert all(path.startswith(literal_folder(pattern)) for path in found), pattern
    assert some > 10


@pytest.mark.parametrize(
    ("pattern", "folder"),
    [
        ("src/**/*.py", "src/"),
        ("*.py", ""),
        ("src/app/a?.py", "src/app/"),
        ("src/app.py", "src/"),
        ("src/", "src/"),
        ("s[r]c/app.py", ""),
    ],
)
def test_the_folder_of_a_pattern(pattern: str, folder: str) -> None:
    assert literal_folder(pattern) == folder


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("gen/**", "gen/x"),
        ("gen/**/*.py", "gen/x.py"),
        ("**/*.lock", "x.lock"),
        ("a[0-9]?.txt", "axx.txt"),
        (r"a\*b/*", "a*b/x"),
        ("app.py", "app.py"),
    ],
)
def test_an_example_of_what_a_pattern_names(pattern: str, path: str) -> None:
    assert example(pattern) == path
