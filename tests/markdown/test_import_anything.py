"""Whatever stands in a Markdown file: it is imported to a phase file that loads, or is no plan."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

import pytest

from runbook.core.model.imported import NoPlan
from runbook.markdown.importing.importer import import_plan
from runbook.markdown.importing.sharing import share
from runbook.phasefile.loader import load_series
from runbook.phasefile.writer import write_phase

ROUNDS = int(os.environ.get("RUNBOOK_EXAMPLES", "1")) * 60

# Pieces of plans, and what doesn't belong into one; each may be cut short.
PIECES = [
    "# Harbour - Phase 2",
    "**Goal:** Count `ships`.",
    "**Scope:** Phase 2 of 3",
    "<!-- START_SUBCOMPONENT_A (tasks 1-2) -->",
    "<!-- START_TASK_1 -->",
    "<!-- END_TASK_1 -->",
    "<!-- END_TASK_9 -->",
    "### Task 1: Count",
    "## Task A2 — Look",
    "### Task",
    "**Verifies:** , a.AC1, b",
    "**Files:**",
    "- Modify: `ship.py:2-3,7`",
    "- Create: `/home/ada/h/.worktrees/x/new.py`",
    "- Modify: `../out.py`",
    "- Create: `.git/config`",
    "- [ ] **Step 1: Change it**",
    "**Step 2:** Look at `ship.py`. Then stop.",
    "#### Step 3:",
    "**Implementation:**",
    "Change from:",
    "To:",
    "Create `new.py`:",
    "Append to `ship.py`:",
    "- Change `sails = 1` to `sails = 3`",
    "Note: The wind is strong.",
    "Run: `pytest -q 2>&1 | tail -3`",
    'Run: `echo "\x1b[31m"`',
    "Run: `| broken`",
    "Run: `cd ../x && make <this>`",
    "Run:",
    "Expected: All 3 tests pass; none fails",
    "Expected: exit code 999",
    "Expected:",
    "**Commit:** `feat: x`",
    "**Commit:** none",
    "## UAT Steps",
    "## Phase 2 Verification",
    "> a quotation",
    "| a | b |",
    "---",
    "    indented",
    "\ufeff",
    "\u2028",
    "\x07",
    "\ud7ff",
    "é`*\"'",
]
FENCES = [
    "sails = 1",
    "oars = 2",
    "...",
    'git add ship.py new.py && git commit -m "feat: x"',
    "git add . ; git commit -m 'x' -m 'Co-Authored-By: Ada <a@b>'",
    "git commit -m \"$(cat <<'EOF'",
    "EOF",
    ')"',
    "rm ship.py",
    "git mv ship.py 'a b.py'",
    "cat > new.py <<'EOF'",
    "if true; then",
    "# only a remark",
    "$ make",
    "- old",
    "+ new",
    "```",
    "\x00",
]


def test_anything_is_imported_to_a_file_that_loads() -> None:
    seed = int(os.environ.get("RUNBOOK_SEED") or random.randrange(2**32))
    print(f"RUNBOOK_SEED={seed}")
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        text = made(chance)
        files = chance.choice([None, {"ship.py": "import os\nsails = 1\noars = 2\n"}])
        try:
            imported = import_plan(text, "phase_2", files.get if files else None)
        except NoPlan:
            continue
        series, (phase,) = share((imported,), None)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "phase.yaml").write_text(write_phase(phase, series), encoding="utf-8")
            (loaded,) = load_series(Path(folder)).phases
        assert [task.steps for task in loaded.tasks] == [task.steps for task in phase.tasks], text


def made(chance: random.Random) -> str:
    lines = ["### Task 1: Count"]
    for _ in range(chance.randint(5, 60)):
        piece = chance.choice(PIECES)
        lines.append(piece if chance.random() < 0.9 else piece[: chance.randint(0, len(piece))])
        if chance.random() < 0.3:
            info = chance.choice(["", "python", "bash", "diff", "markdown"])
            inside = chance.choices(FENCES, k=chance.randint(0, 6))
            lines += ["", f"```{info}", *inside, *(["```"] if chance.random() < 0.9 else [])]
        lines += [""] * chance.randint(0, 1)
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text", ["", "\n", "\0", "```", "# \n", "### Task", "<!-- START_TASK_1 -->"]
)
def test_next_to_nothing_is_no_crash(text: str) -> None:
    try:
        import_plan(text, "x")
    except NoPlan:
        return
    assert "START_TASK" in text
