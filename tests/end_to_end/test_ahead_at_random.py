"""Phases at random, carried out in order and with checks ahead: nothing differs but the time."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ondemand import ON_DEMAND, SEED
from scenario import Result, Scenario

ROUNDS = 200 if ON_DEMAND else 1
FILES = ("a.py", "src/b.py", "src/deep/c.py")
TIMES = {
    "duration", "run", "when", "commit", "before", "reverts", "time", "usual", "ahead", "log",
    "date", "since",
}  # fmt: skip

# What a check may be; each sees the worktree alone, and is the same in any order of time.
PASSING = (
    "cat {file}",
    "find . -name '*.py' | sort | xargs cat",
    "ls -lR src | wc -l",
    "sleep 0.{number}; cat {file}",
    "PYTHONDONTWRITEBYTECODE= python -c 'import a; print(a.value)'",
    "test -e ../fixed-{number}",
    "../fails-once.sh {number} || exit 1",
    "cat {file} >> ../out-of-sight",
)
# With a service that has a place of its own each time, and one that is told its number.
SERVED = (
    'cd "$PLACE" && ls taken',
    'test -d "$PLACE" && cat {file}',
    'touch "$PLACE/{number}"; cat {file}',
    'test "$PORT" -ge 8000 && cat {file}',
)
SERVICES = """
    env: {PORT: "800{worker}"}
    services:
      - name: place
        run: |
          PLACE=$(mktemp -d); touch $PLACE/taken; echo "at $PLACE"
          trap 'rm -r "$PLACE"; exit' TERM; sleep 1000 & wait
        ready: at (?P<PLACE>.+)
        ahead: true
      - name: port
        run: echo "on $PORT"; exec sleep 1000
        ready: on 8
        ahead: true
"""
LEAVING = (
    "echo {number} >> left.log; cat left.log",
    "test -e mark-{number}.log || {{ touch mark-{number}.log; exit 1; }}",
    "cat *.log 2>/dev/null; true",
    # A cache that a check made in its view is not there for the next one, and that is said.
    "mkdir out; ls -I __pycache__",
    "rm -rf out",
    "python -m pytest -q test_a.py > /dev/null",
    "git log --format=%s",
    "../asks.sh",
    "touch src/b.py",
)


# A state on which a check is to fail; most of them say so of what the task has just changed.
STATES = ("task", "task", "phase", "series", "base", "{state: phase, with: [test_a.py, new/n1.py]}")


def seen_to_fail(choice: random.Random, command: str, file: str, value: int) -> str:
    """The lines of a check that fails on its starting state, or nearly always does."""
    state = choice.choice(STATES)
    last = f"grep 'value = {value}$' {file}" if choice.random() < 0.95 else "true"
    return f"      - verify: |\n          ( {command} ); {last}\n        fails-at: {state}\n"


def phase(choice: random.Random, *, served: bool) -> str:
    """A phase of some tasks, whose edits all apply."""
    passing = PASSING + (SERVED if served else ())
    values = dict.fromkeys(FILES, 0)
    there = set(FILES)
    made = 0
    text = "phase: 1\ngoal: At random.\nbase: start\ntasks:\n"
    number = 0
    for task in range(1, choice.randint(4, 7)):
        text += f"  - title: Task {task}\n    steps:\n"
        files = choice.sample(sorted(there), choice.randint(1, min(2, len(there))))
        for file in files:
            text += (
                f"      - edit: {file}\n        replace: value = {values[file]}\n"
                f"        with: value = {values[file] + 1}\n"
            )
            values[file] += 1
        if choice.random() < 0.3:
            made += 1
            text += f"      - edit: new/n{made}.py\n        create: |\n          value = {task}\n"
        if choice.random() < 0.1 and "src/deep/c.py" in there:
            text += "      - edit: src/deep/c.py\n        delete: true\n"
            there.remove("src/deep/c.py")
        for _ in range(choice.randint(0, 2)):
            number += 1
            kind = choice.choice(LEAVING if choice.random() < 0.25 else passing)
            command = kind.format(number=number, file=files[0] if files[0] in there else "a.py")
            if choice.random() < 0.3 and files[0] in there:
                text += seen_to_fail(choice, command, files[0], values[files[0]])
            else:
                text += f"      - verify: |\n          {command}\n"
                if choice.random() < 0.1:
                    text += "        guard: true\n"
            if "mark-" in command or choice.random() < 0.2:
                text += "        retries: 1\n"
        if choice.random() < 0.12:
            text += f"      - run: echo {task} >> made.txt\n        files: [made.txt]\n"
        if choice.random() < 0.1:
            text += "      - manual: Write by hand.\n        files: [hand.txt]\n"
        if choice.random() < 0.9:
            text += f"      - commit: Task {task}\n"
    return text + '      - commit: "The last"\n' + "verification:\n  - verify: cat a.py src/b.py\n"


def made(folder: Path, text: str, *, served: bool) -> Scenario:
    folder.mkdir()
    scenario = Scenario(folder)
    for file in FILES:
        scenario.write(file, "value = 0\n")
    scenario.write("test_a.py", "def test_it():\n    assert open('a.py').read()\n")
    scenario.write(".gitignore", "*.log\n__pycache__/\nout/\n")
    for name, script in (
        # What fails once fails once in order, too: it asks what is in the worktree.
        ("fails-once.sh", "test -e fixed.log -o $(($1 % 4)) != 0"),
        ("asks.sh", "git rev-list --count HEAD"),
    ):
        (scenario.folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (scenario.folder / name).chmod(0o755)
    if served:
        scenario.series(SERVICES)
    scenario.phase(text)
    scenario.begin().git("tag", "start")
    return scenario


def carried_out(scenario: Scenario, *options: str) -> list[Any]:
    """Run it to its end, with what a person does at each stop; all that is seen on the way."""
    seen: list[Any] = []
    said = ""
    for turn in range(6):
        result = scenario.run("run", *options)
        seen += [("status", result.status), ("said", result.stdout + result.stderr)]
        seen += state(scenario).items()
        seen += told(scenario)
        if result.status in (0, 2, 3) or result.stdout == said:
            break
        said = result.stdout
        scenario.write("hand.txt", f"by hand {turn}\n")
        mended(scenario, result)
    return seen


def mended(scenario: Scenario, result: Result) -> None:
    for number in re.findall(r"fixed-(\d+)", result.stdout):
        (scenario.folder / f"fixed-{number}").touch()
    scenario.write("fixed.log", "")
    shutil.rmtree(scenario.root / "out", ignore_errors=True)


def state(scenario: Scenario) -> dict[str, Any]:
    notes = []
    for line in scenario.git("log", "--format=%H").split("\n"):
        shown = scenario.git("notes", "--ref=runbook", "show", line, check=False)
        notes.append(timeless(json.loads(shown)) if shown.startswith("{") else shown)
    return {
        "history": scenario.git("log", "--format=%T%n%an%n%B"),
        "notes": notes,
        "status": scenario.status(),
        "files": {
            str(file.relative_to(scenario.root)): file.read_bytes()
            for file in sorted(scenario.root.rglob("*"))
            if file.is_file() and not {".git", "__pycache__", ".pytest_cache"} & set(file.parts)
        },
        "temporary": sorted(each.name for each in (scenario.folder / "tmp").glob("runbook-*")),
    }


def told(scenario: Scenario) -> list[tuple[str, object]]:
    """What happened in the latest run, but for what only tells how it came about."""
    file = max(scenario.folder.glob("events-*.jsonl"), key=lambda each: each.stat().st_mtime_ns)
    lines = map(json.loads, file.read_text().splitlines())
    passed_over = ("CommandOutput", "NotTakenAhead", "ChecksInOrder")
    return [("event", same(each)) for each in lines if each["event"] not in passed_over]


def same(event: Any) -> Any:
    """An event without what differs from one run to the next, or from one folder to another."""
    text = json.dumps(timeless(event))
    return re.sub(
        r"[0-9a-f]{40,}|\b[0-9a-f]{9}\b|/[^\" ]*/(order|ahead|tmp)\b|scratch-\w+", "*", text
    )


def timeless(note: Any) -> Any:
    """A note without what differs from one run to the next."""
    if isinstance(note, dict):
        return {key: timeless(each) for key, each in note.items() if key not in TIMES}
    if isinstance(note, list):
        return [timeless(each) for each in note]
    return note


@pytest.mark.parametrize("number", range(ROUNDS))
def test_in_order_and_ahead_are_the_same(tmp_path: Path, number: int) -> None:
    seed = f"{SEED} {number}"
    print(f"RUNBOOK_SEED={SEED}: phase {number}")
    choice = random.Random(seed)
    served = choice.random() < 0.4
    text = phase(choice, served=served)
    print(text)
    with (
        made(tmp_path / "order", text, served=served) as order,
        made(tmp_path / "ahead", text, served=served) as ahead,
    ):
        options = ["--prove"] if choice.random() < 0.1 else []
        expected = carried_out(order, *options)
        found = carried_out(ahead, "--jobs", "4", *options)
        for each, other in zip(found, expected, strict=False):
            assert each == other
        assert len(found) == len(expected)
        assert expected[0] != 2, text
    subprocess.run(["rm", "-rf", str(tmp_path)], check=True)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_proofs_of_several_checks_at_once_are_the_same(tmp_path: Path, number: int) -> None:
    seed = f"{SEED} proof {number}"
    print(f"RUNBOOK_SEED={SEED}: proof {number}")
    choice = random.Random(seed)
    served = choice.random() < 0.4
    text = phase(choice, served=served)
    print(text)
    with made(tmp_path / "proof", text, served=served) as scenario:
        before = state(scenario)
        done = choice.random() < 0.3 and carried_out(scenario)
        after = state(scenario) if done else before
        one, several = (scenario.run("check", "--prove", "--jobs", n) for n in "14")
        assert several.status == one.status, str(several)
        assert timed(several.stdout) == timed(one.stdout)
        assert several.stderr == one.stderr
        assert re.search("could not go on| checks?: ", one.stdout), str(one)
        assert state(scenario) == after
    subprocess.run(["rm", "-rf", str(tmp_path)], check=True)


def timed(said: str) -> str:
    """What is said, without the times that commands tell, and the places of scratch worktrees."""
    return re.sub(r"scratch-\w+|\d+\.\d+s\b", "*", said)
