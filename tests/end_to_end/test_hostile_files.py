"""Phase files and plans that are made to take for ever, to crash, or to say too much."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from handing import SEARCHED, handed_over
from ondemand import ON_DEMAND, some
from scenario import GREETING, Scenario

from runbook.commands import importing
from runbook.series.opening import UsageError

HEAD = "phase: 1\ngoal: x\ntasks:\n  - title: t\n    steps:\n"

BOUND = 55.0
"""Seconds; on a quiet machine all of these take a few."""


def laughs(levels: int) -> str:
    lines = ['a0: &a0 ["ha", "ha"]']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


def checked(expect: str) -> str:
    return f"{HEAD}      - verify: cat long.txt\n        expect: {expect}\n"


def regex(pattern: str) -> str:
    edit = "      - edit: long.txt\n        regex: "
    return f"{HEAD}{edit}'{pattern}'\n        rewrite: b\n        count: 1\n"


PHASES = {
    "a billion laughs": laughs(10) + GREETING,
    "an alias of itself": GREETING + "x: &a [*a]\n",
    "flow lists in lists": GREETING.replace("Say good day.", "[" * 100_000 + "]" * 100_000),
    "mappings in mappings": GREETING + "x: " + "{a: " * 50_000 + "}" * 50_000 + "\n",
    "lists in lists": GREETING + "".join(f"{' ' * n}- \n" for n in range(1500)),
    "keys of keys": GREETING + "? " * 50_000 + "\n",
    "a number of many digits": GREETING.replace("phase: 1", "phase: " + "9" * 100_000),
    "a duration of many digits": "timeout: " + "9" * 10_000 + "h\n" + GREETING,
    "quotes that nothing closes": GREETING + 'x: "' + "a\\n" * 500_000,
    "unknown keys": GREETING + "".join(f"k{n}: 1\n" for n in range(100)),
    "one key again and again": GREETING + "goal: 1\n" * 300,
    "documents": GREETING + "---\n" * 50_000,
    "a tag that makes an object": GREETING + 'x: !!python/object/apply:os.system ["true"]\n',
    "UTF-16": GREETING.encode("utf-16").decode("latin-1"),
    "a regular expression that tries all ways": regex("(a+)+$"),
    "one with references back": regex(r"(.*)(.*)(.*)(.*)(.*)(.*)(.*)\1\2\3\4\5x"),
    "one in many brackets": regex("(" * 3000 + ")" * 3000),
    "one that repeats too often": regex("a{99999999999}"),
    "an expected match": checked('{matches: "(a+)+$"}'),
    "different matches": checked('{distinct: {pattern: "(a+)+$", count: 1}}'),
    "an expected line": checked("\n          output: |\n            (a+)+$ (re)"),
    "a service that is looked for": "services:\n  - name: s\n    run: cat long.txt; sleep 30\n"
    f"    ready: '(a+)+$'\n    timeout: 20s\n{HEAD}      - verify: 'true'\n",
    "a long pattern of files": f'{HEAD}      - edit: {{glob: "{"*a" * 500}x"}}\n'
    "        replace: a\n        with: b\n",
    "many folders in a pattern": f'{HEAD}      - edit: {{glob: "{"**/" * 500}x"}}\n'
    "        replace: a\n        with: b\n",
    "a long name": f"{HEAD}      - edit: {'a' * 300}/x\n        create: x\n",
    "a long path": f"{HEAD}      - edit: {'a/' * 5000}x\n        create: x\n",
    "commands in commands": f"{HEAD}      - verify: {'$(' * 20_000}{')' * 20_000}\n",
    "commands in quotes in commands": HEAD
    + "      - verify: '"
    + '"$(' * 500
    + "true"
    + ')"' * 500
    + "'\n",
    "brackets in brackets": f"{HEAD}      - verify: '{'(' * 5000}true{')' * 5000}'\n",
}


def test_row_59_a_hostile_phase_file_is_told_in_bounded_time(scenario: Scenario) -> None:
    scenario.write("long.txt", "a" * 4000 + "!\n")
    scenario.app()
    for what in some(PHASES, 2, "hostile phase files"):
        (scenario.root / "phases/phase-1.yaml").write_bytes(PHASES[what].encode("latin-1"))
        for command in ("check", "run"):
            began = time.monotonic()
            result = scenario.run(command)
            seen = f"{what}\n{result}"[:3000]
            assert time.monotonic() - began < BOUND, seen
            assert result.status in (0, 1, 2), seen
            assert "Traceback" not in result.stderr, seen
            # A command is told as it is, once.
            assert len(result.raw) < max(60_000, len(PHASES[what]) + 20_000), seen
            if command == "run":
                assert result.status == 0 or "phases/phase-1.yaml:" in result.raw, seen
        assert scenario.subjects() == ["Begin"]
        assert scenario.read("long.txt") == "a" * 4000 + "!\n"
        shutil.rmtree(scenario.root / ".git" / "runbook", ignore_errors=True)


FORGED = "\nphase-1 is complete: 9 commits.\n"


def lines_of_a_stop(scenario: Scenario, status: int) -> None:
    """No line of what is said of a stop is one that a name holds."""
    runs = [scenario.run("run"), *map(scenario.run, ("status", "next", "log"))]
    assert runs[0].status == status, str(runs[0])
    for each in runs:
        assert r"a\nphase-1 is complete: 9 commits.\nb" in each.raw, str(each)
        assert FORGED not in each.raw, str(each)


def test_a_name_with_newlines_makes_no_lines_of_its_own(scenario: Scenario) -> None:
    name = f"a{FORGED}b"
    scenario.write(name, "one\n")
    phase = GREETING.replace("edit: app.py", f"edit: {json.dumps(name)}")
    scenario.phase(phase.replace('return "hello"', "two"))
    scenario.begin()
    lines_of_a_stop(scenario, 1)
    checked = scenario.run("check").raw
    assert f"{name}: the text" not in checked
    assert r"b: the text to replace is not in the file" in checked
    scenario.write(name, "one\ntwo\n")
    done = scenario.run("run")
    done.says(0, "changed by hand", "1 commit")
    assert FORGED not in done.raw
    assert FORGED not in scenario.run("show", "1/1").raw


def test_nor_does_one_that_a_delegate_makes(scenario: Scenario) -> None:
    handed_over(scenario, f"printf x > $'a{FORGED}b'".replace("\n", "\\n"), SEARCHED)
    lines_of_a_stop(scenario, 4)


def test_row_59_what_is_never_matched_says_so(scenario: Scenario) -> None:
    scenario.write("long.txt", "a" * 4000 + "!\n")
    scenario.app(PHASES["an expected line"])
    run = (
        "from runbook.__main__ import main\n"
        "from runbook.engine.checks import verdicts\n"
        "from runbook.world.processes import background\n"
        "background.SEARCH_LIMIT = verdicts.SEARCH_LIMIT = 0.3\n"
        "raise SystemExit(main())"
    )
    took_too_long = "comparing the output with the one expected took too long"
    scenario.scripted(run, "run").says(1, took_too_long)
    scenario.phase(PHASES["a service that is looked for"])
    took_too_long = "can't be seen to be ready: matching its `ready` took too long"
    scenario.scripted(run, "run").says(1, took_too_long)


def test_a_long_line_is_shown_around_its_mistake(scenario: Scenario) -> None:
    scenario.phase(GREETING.replace("Say good day.", "'" + "x" * 5000 + "' y"))
    shown = scenario.begin().run("check")
    lines = shown.stdout.split("\n") if "error" in shown.stdout else shown.stderr.split("\n")
    (line,) = (each for each in lines if each.startswith("    2 | "))
    caret = lines[lines.index(line) + 1]
    assert line.startswith("    2 | ...x")
    assert len(line) < 230
    assert line[caret.index("^") :].startswith("y")


PLAN = "# Phase 1: X\n\n**Goal:** Y.\n\n## Task 1: Z\n\n"

PLANS: dict[str, Callable[[int], str]] = {
    "fences that grow": lambda size: "".join(
        "`" * (3 + n % 500) + "\n" for n in range(size // 250)
    ),
    "a ladder of fences": lambda size: "".join(
        "`" * n + "\n" for n in [*range(int(size**0.5), 2, -1), *range(3, int(size**0.5))]
    ),
    "fences that nothing closes": lambda size: "```python\n" * (size // 10),
    "quotes in quotes": lambda size: ">" * size + " x\n",
    "lists in lists": lambda size: "\n".join("  " * n + "- x" for n in range(int(size**0.5))),
    "lists in one line": lambda size: "- " * (size // 2) + "x\n",
    "brackets": lambda size: "[" * size,
    "links": lambda size: "[a](" * (size // 4),
    "stars": lambda size: "*a_ " * (size // 4),
    "ticks": lambda size: "`a " * (size // 3),
    "ticks that grow": lambda size: " ".join("`" * n for n in range(int((2 * size) ** 0.5))),
    "angles": lambda size: "<" * size,
    "comments": lambda size: "<!-- " * (size // 5),
    "entities": lambda size: "&amp;" * (size // 5),
    "backslashes": lambda size: "\\" * size,
    "tabs": lambda size: "\t" * size + "x",
    "references": lambda size: "".join(f"[a{n}]: /x\n" for n in range(size // 12)),
    "tasks": lambda size: "".join(f"## Task {n}: t\n\nRun: `true`\n\n" for n in range(size // 30)),
    "differences": lambda size: "```diff\n" + "@@ -1 +1 @@\n" * (size // 12) + "```\n",
    "commands": lambda size: "```bash\n" + "$(" * (size // 2) + "\n```\n",
    "documents": lambda size: "```bash\n" + "cat <<EOF > x\n" * (size // 14) + "\n```\n",
    "no text": lambda size: "\0\x1b[31m\u202e\u2066" * (size // 8),
}


def test_row_59_a_hostile_plan_is_told_in_bounded_time(scenario: Scenario) -> None:
    """A few kilobytes; the whole megabyte on demand."""
    scenario.app()
    for what in some(PLANS, 4, "hostile plans"):
        made = scenario.root / "made"
        shutil.rmtree(made, ignore_errors=True)
        scenario.write("plan.md", PLAN + PLANS[what](1_000_000 if ON_DEMAND else 8_000))
        began = time.monotonic()
        process = scenario.start("import", "plan.md", "-o", "made")
        stdout, stderr = process.communicate(timeout=4 * BOUND)
        seen = f"{what}\n{stdout}{stderr}"[:3000]
        assert time.monotonic() - began < (3 * BOUND if ON_DEMAND else BOUND), seen
        assert process.returncode in (0, 2), seen
        assert "Traceback" not in stderr, seen
        assert not set("\x1b\u202e\u2066\0") & {*stdout, *stderr}, ascii(seen)


def test_a_plan_that_takes_too_long_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text(PLAN + PLANS["fences that grow"](400_000))
    monkeypatch.setattr(importing, "_SECONDS", 0.01)
    with pytest.raises(UsageError, match=r"plan\.md can't be read in 0 s: it is nested too deeply"):
        importing._imported(plan, None)
