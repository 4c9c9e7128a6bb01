"""Importing a megabyte of plan, side by side with markdown-it-py parsing the same text alone.

    python benchmarks/importing.py [PLAN.md...]

Without plans, one is made. The goal: an import, to the text of its phase file, costs under five
times what markdown-it-py needs to parse the plan.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from markdown_it import MarkdownIt

from runbook.markdown.importing.importer import import_plan
from runbook.markdown.importing.sharing import share
from runbook.phasefile.writer import write_phase

GOAL = 5
ROUNDS = 5
SIZE = 1_000_000
TASK = """\
### Task {n}: Rename the greeting of module {n}

**Files:**
- Modify: `src/module_{n}.py:10-12`
- Create: `docs/module_{n}.md`
- Test: `tests/test_module_{n}.py`

- [ ] **Step 1: Change the function**

Change the function from:

```python
def greeting() -> str:
    return "hello {n}"
```

To:

```python
def greeting() -> str:
    return "good day {n}"
```

- [ ] **Step 2: Create `docs/module_{n}.md`**

```markdown
# Module {n}

It says good day, and does so politely, in every season and at every time of the day.
```

- [ ] **Step 3: Tidy up**

Add to `tests/test_module_{n}.py` what the other modules have, and mind the wind.

```python
def test_greeting() -> None:
    assert greeting()
```

- [ ] **Step 4: Verify that it works**

Run: `cd /home/ada/app/.worktrees/greet && uv run pytest tests/test_module_{n}.py -v | tail -5`
Expected: All tests pass

- [ ] **Step 5: Commit**

```bash
git add src/module_{n}.py docs/module_{n}.md tests/test_module_{n}.py
git commit -m "$(cat <<'EOF'
feat: module {n} says good day

It was too curt.

Co-Authored-By: Ada <ada@example.org>
EOF
)"
```

"""


def main() -> None:
    texts = [Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]] or [made()]
    size = sum(map(len, texts))
    parser = MarkdownIt("commonmark").enable("table")
    alone = timed(lambda: [parser.parse(text) for text in texts])
    whole = timed(lambda: [imported(text) for text in texts])
    print(f"{size:,} characters in {len(texts)} plan{'' if len(texts) == 1 else 's'}")
    print(f"markdown-it-py alone  {alone * 1000:7.0f} ms")
    print(f"runbook import        {whole * 1000:7.0f} ms")
    print(f"ratio                 {whole / alone:7.2f}    (goal: under {GOAL})")


def made() -> str:
    tasks = SIZE // len(TASK) + 1
    return "# Greetings\n\n**Goal:** Be polite.\n\n" + "".join(
        TASK.replace("{n}", str(n)) for n in range(1, tasks + 1)
    )


def imported(text: str) -> str:
    series, (phase,) = share((import_plan(text, "greetings"),), None)
    return write_phase(phase, series)


def timed(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
