"""Plans that somebody damaged, or made to do harm: imported or no plan, in bounded time."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ondemand import SEED
from test_import_anything import FENCES, PIECES

from runbook.core.model.diagnostics import InvalidPhaseFiles
from runbook.core.model.imported import NoPlan
from runbook.core.text.fences import fenced
from runbook.format.content import Unwritable
from runbook.markdown.importing.importer import import_plan
from runbook.markdown.importing.sharing import share
from runbook.markdown.ownplan import is_own
from runbook.phasefile.loader import phase_in
from runbook.phasefile.writer import write_phase

ROUNDS = int(os.environ.get("RUNBOOK_MUTATIONS", "40"))
BOUND = 1.0
"""Seconds of computing that a plan of a few kilobytes may take."""

EXAMPLES = Path(__file__).parents[2] / "examples" / "plans"
WORDS = """\
# Harbour: phase 2

**Goal:** Ships are counted, and none twice.

**Architecture:** One list, one place that writes it.

---

### Task 1: Count

**Files:**
- Create: `harbour/count.py`
- Modify: `harbour/ship.py:10-20`
- Test: `tests/test_count.py`

- [ ] **Step 1: Write the failing test**

```python
def test_two_ships_are_two():
    assert count(["a", "b"]) == 2
```

- [ ] **Step 2: See it fail**

Run: `pytest tests/test_count.py -v`
Expected: FAIL with "cannot import name 'count'"

- [ ] **Step 3: Write `count`**

Create `harbour/count.py`:

```python
def count(ships):
    return len(set(ships))
```

In `harbour/ship.py`, change from:

```python
def names(self):
    return self.all
```

to:

```python
def names(self):
    return sorted(self.all)
```

- [ ] **Step 4: See it pass**

Run: `pytest tests/test_count.py -v`
Expected: 1 passed

- [ ] **Step 5: Commit**

```bash
git add harbour tests/test_count.py
git commit -m "feat: count ships"
```

### Task 2: Tell it

| File | Change |
|------|--------|
| `README.md` | Add a line on `count` after "Names" |
| `harbour/cli.py` | Print the number |

1. Open `harbour/cli.py` and print what `count` says.
   - Look at how `names` is printed.
   - If there is no ship, print nothing.
2. Run `make check`. All must pass.

> **Note:** nothing is sent anywhere.

**Commit:** `docs: tell the number of ships`
"""
INSERTED = [*PIECES, *FENCES, *("`" * n for n in (1, 2, 3, 4, 9)), "~~~", "\u202e", "\ud800", "\r"]

Mutation = Callable[[list[str], random.Random], None]


def _place(lines: list[str], chance: random.Random) -> int:
    return chance.randrange(len(lines)) if lines else 0


def _cut(lines: list[str], chance: random.Random) -> None:
    begin = _place(lines, chance)
    del lines[begin : begin + chance.randint(1, 9)]


def _inserted(lines: list[str], chance: random.Random) -> None:
    lines.insert(_place(lines, chance), chance.choice(INSERTED))


def _repeated(lines: list[str], chance: random.Random) -> None:
    begin = _place(lines, chance)
    block = lines[begin : begin + chance.randint(1, 12)]
    lines[begin:begin] = block * chance.choice([1, 2, 7])


def _moved(lines: list[str], chance: random.Random) -> None:
    begin = _place(lines, chance)
    block = lines[begin : begin + chance.randint(1, 12)]
    del lines[begin : begin + len(block)]
    at = _place(lines, chance)
    lines[at:at] = block


def _before_each(lines: list[str], chance: random.Random) -> None:
    begin = _place(lines, chance)
    sign = chance.choice(["> ", "- ", "1. ", "    ", "\t", "  ", "* [ ] ", "| ", "#", "+", "$ "])
    for at in range(begin, min(begin + chance.randint(1, 40), len(lines))):
        lines[at] = sign + lines[at]


def _torn(lines: list[str], chance: random.Random) -> None:
    at = _place(lines, chance)
    if lines:
        begin = chance.randint(0, len(lines[at]))
        lines[at] = lines[at][:begin] + lines[at][begin + chance.randint(0, 5) :]


def _joined(lines: list[str], chance: random.Random) -> None:
    at = _place(lines, chance)
    lines[at : at + 3] = ["".join(lines[at : at + 3])]


def _inside(lines: list[str], chance: random.Random) -> None:
    begin = _place(lines, chance)
    end = begin + chance.randint(1, 30)
    ticks = "`" * chance.randint(3, 6)
    lines[begin:end] = [f"{ticks}{chance.choice(['', 'markdown', 'bash', 'diff'])}",
                        *lines[begin:end], *([ticks] if chance.random() < 0.8 else [])]  # fmt: skip


MUTATIONS: list[Mutation] = [
    _cut, _inserted, _repeated, _moved, _before_each, _torn, _joined, _inside,
]  # fmt: skip


def _imported(text: str, what: str, bound: float = BOUND) -> None:
    """Import a plan and load the phase file that was made of it, or be told why not.

    A plan that runbook wrote is read to the letter: damaged, it may say what is no phase.
    """
    began = time.process_time()
    try:
        imported = import_plan(text, "phase_2", None)
        series, (phase,) = share((imported,), None)
        assert phase_in(write_phase(phase, series), phase.id, "phase.yaml").tasks
    except (NoPlan, Unwritable):
        pass
    except InvalidPhaseFiles:
        assert is_own(text), text
    taken = time.process_time() - began
    assert taken < bound, f"{what}: {taken:.1f} s\n{text[:5000]!r}"


def test_a_damaged_plan_is_imported_or_none() -> None:
    plans = [WORDS, *(path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.md")))]
    for number in range(ROUNDS):
        chance = random.Random(f"{SEED} {number}")
        lines = chance.choice([WORDS, *plans]).split("\n")
        for _ in range(chance.choice([1, 2, 4, 12])):
            chance.choice(MUTATIONS)(lines, chance)
        text = "\n".join(lines)
        _imported(text, f"RUNBOOK_SEED={SEED}, mutation {number}", BOUND + len(text) / 20_000)


DEEP: dict[str, str] = {
    "fences in fences": "".join("`" * (3 + n) + "markdown\n" for n in range(60, 0, -1)),
    "fences in fences that end": fenced(fenced(fenced(fenced("x")))),
    "fences that nothing ends": "".join(f"{'`' * n}python\nx\n" for n in range(300, 2, -1)),
    "fences in quotes": "".join(f"{'> ' * (n % 40)}```\n" for n in range(400)),
    "a block of fences": "".join(f"~~~{'`' * n}\n" for n in range(400)),
    "blanks in a title": f"\n**Step 2: Change{' ' * 600}`ship.py`.**\n\n```python\nx = 1\n```\n",
    "signs in a title": f"\n**Step 2: Check {'`a.py`, ; ' * 400}**\n\n```python\nx = 1\n```\n",
    "commands that are empty": f"\npytest {'; ; ' * 600}\n",
    "blanks before a replacement": f"\nReplace{chr(0xA0) * 900}`a` with `b` in `ship.py`\n",
    "quotes in quotes": "".join(">" * n + " x\n" for n in range(1, 150)),
    "lists in lists": "".join("  " * n + "- x\n" for n in range(150)),
    "lists in quotes in lists": "- > " * 150 + "x\n",
    "a table of many columns": "|" + "a|" * 2000 + "\n|" + "-|" * 2000 + "\n|" + "`a.py`|" * 2000,
}


def test_what_is_nested_or_wide_is_imported_or_none() -> None:
    for what, part in DEEP.items():
        _imported(f"{WORDS}\n{part}\n", what, 5.0)


def test_an_own_plan_without_a_task_is_no_phase_without_one() -> None:
    lines = (EXAMPLES / "phase-1.md").read_text(encoding="utf-8").split("\n")
    marks = [number for number, line in enumerate(lines) if "_TASK_" in line]
    text = "\n".join([*lines[: marks[0]], lines[marks[-1]], *lines[marks[-1] + 1 :]])
    assert is_own(text)
    with suppress(NoPlan):
        assert import_plan(text, "phase_1", None).phase.tasks
