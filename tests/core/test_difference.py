"""Differences are patches: git makes of the one state the other."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

from runbook.core.edit.difference import difference

LINES = [
    b"one",
    b"two",
    b"",
    b"\xff\f",
    "\u2028 é".encode(),
    b"\\ No newline",
    b"-- x",
    b"@@ -1 +1 @@",
]
NAMES = ["a.py", "sub/b b.py", 'é\t"x\\.py', "-rf", "c\nd"]


def content(chance: random.Random) -> bytes | None:
    if chance.random() < 0.2:
        return None
    lines = [
        chance.choice(LINES) + chance.choice([b"\n", b"\r\n"]) for _ in range(chance.randint(0, 12))
    ]
    whole = b"".join(lines)
    return whole.removesuffix(b"\n") if chance.random() < 0.3 else whole


def test_git_applies_it(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    for number in range(60):
        folder = tmp_path / str(number)
        folder.mkdir()
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        patch, wanted = "", {}
        for name in NAMES:
            before, after = content(chance), content(chance)
            modes = (chance.choice([0o644, 0o755]), chance.choice([0o644, 0o755]))
            if before is None and after is None:
                continue
            wanted[name] = None if after is None else (after, modes[1] & 0o100)
            if before is not None:
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_bytes(before)
                (folder / name).chmod(modes[0])
            patch += difference(name, before, after, modes)
        if patch:
            subprocess.run(
                ["git", "apply", "-"], cwd=folder, check=True,
                input=patch.encode("utf-8", "surrogateescape"),
            )  # fmt: skip
        for name, state in wanted.items():
            file = folder / name
            there = (file.read_bytes(), file.stat().st_mode & 0o100) if file.exists() else None
            assert there == state, f"{name}, {number}, seed {seed}"


def test_nothing_where_nothing_differs() -> None:
    assert difference("a", b"x", b"x", (0o644, 0o640)) == ""
    assert difference("a", None, None, (None, None)) == ""


def test_what_is_no_text_is_named_only() -> None:
    assert difference("a", b"\0", b"\0\0", (0o644, 0o644)) == (
        "diff --git a/a b/a\nBinary files a/a and b/a differ\n"
    )
