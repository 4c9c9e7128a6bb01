"""Each line of a task is somewhere in what the import makes of it."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import PLANS, needs_plans
from planning import HEAD

from runbook.core.model.model import Edit, Task
from runbook.markdown.importing.importer import import_plan
from runbook.markdown.importing.text.outline import outline
from runbook.markdown.importing.text.reader import Block, read

# What a step's kind says, and its keys: labels, verbs of edits and of git, and shell syntax.
LABELS = """
step steps run rerun re expected expect output outputs result results stdout file files commit
message verifies verification create modify test tests delete update verify check read review
remove rename move add a note also and then with to in of f the x u m none exact
observed includes confirm from
git cd cat eof mv rm uv path worktree extend deleted modified
returns becomes
"""
STRUCTURE = frozenset(re.findall(r"\w+", LABELS))
MARK = re.compile(r"\s*(?:#|//|--|<!--)\s*(?:BEFORE|AFTER|OLD|NEW|REMOVE)\b", re.IGNORECASE)
NO_FILES = re.compile(r"\W*(?:\W*Files:\W*)?(?:none|no\b)[\w\s—()-]{0,45}\W*", re.IGNORECASE)


def lost(text: str) -> list[str]:
    """The lines of a plan's tasks of which some words are in no part of the import, with these."""
    found = import_plan(text, "plan")
    document = read(text)
    tasks = zip(outline(document).tasks, found.phase.tasks, found.tasks, strict=False)
    return [
        f"{number}: {line.strip()} [{' '.join(left)}]"
        for source, task, result in tasks
        for said in (words_of((task, result, found.phase.goal)),)
        for number, whole in lines_of(source.blocks, task, document.lines)
        for line in parts_of(whole)
        if (left := uncovered(without(line), said)) and not NO_FILES.fullmatch(line)
    ]


def lines_of(blocks: list[Block], task: Task, lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """The lines to be found: not those of fences, and not the words that a whole edit is."""
    edits = words_of([step for step in task.steps if isinstance(step, Edit)])
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else block
        if block.kind in ("rule", "comment", "item"):
            continue
        first, last = block.first, block.last
        if block.kind == "fence":
            first, last = first + 1, last - 1
        elif following.kind == "fence" and is_edited(following.text, edits):
            last -= 1
        for number in range(first, last + 1):
            marks = block.kind == "fence" and MARK.match(lines[number - 1])
            if not (marks and is_edited(block.text, edits)):
                yield number, lines[number - 1]


def is_edited(text: str, edits: str) -> bool:
    """Whether a fence's lines stand in edits, but for those that only mark old and new text."""
    found = [" ".join(tokens(line)) for line in text.split("\n") if not MARK.match(line)]
    there = sum(f" {line} " in edits for line in found if line)
    return there > 0 and there >= sum(1 for line in found if line) / 2


def parts_of(line: str) -> list[str]:
    """The line, in parts whose order may be another: added paths, a title and the remark before."""
    if line.lstrip().startswith("git add"):
        return line.split()
    return re.split(r"(?<=Step \d) (?=\()|(?<=\))[:：](?=.*\*\*)", line, maxsplit=2)


def without(line: str) -> str:
    """The line without folders of another machine, which paths in the repository don't have."""
    return re.sub(r"/(?:home|Users|workspaces?)(?=/)(?:/[\w.-]+)*(/[\w-]+\.\w+)?", r"\1", line)


def words_of(thing: object) -> str:
    return f" {' '.join(tokens(' '.join(strings(thing))))} "


def strings(thing: object) -> Iterator[str]:
    if isinstance(thing, str | int):
        yield str(thing)
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from strings(getattr(thing, field.name))
    elif isinstance(thing, tuple | list):
        for each in thing:
            yield from strings(each)


def tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def uncovered(line: str, said: str) -> list[str]:
    """Words of a line that do not stand there three in a row; of a short one, anywhere."""
    words = tokens(line)
    least = min(3, max(1, sum(word not in STRUCTURE for word in words) - 2))
    left = []
    at = 0
    while at < len(words):
        run = 0
        while at + run < len(words) and f" {' '.join(words[at : at + run + 1])} " in said:
            run += 1
        following = words[at + run] if at + run < len(words) else ""
        ends = not following or following in STRUCTURE or following.isdigit()
        if run >= least or (run and ends):
            at += run
            continue
        if words[at] not in STRUCTURE and not words[at].isdigit():
            left.append(words[at])
        at += 1
    return left


TASKS = {
    "a line right under a step's title": """
        **Step 1: Paint it**
        Take the blue paint.

        - [ ] **Step 2: Dry it** in the sun
          and mind the rain.

        **Implementation:**
        The mast goes first.
        """,
    "a paragraph under the list of an expectation": """
        Run: `make ships`

        Expected:
        - three masts
        - two anchors

        If an anchor is missing, look into the hold.
        """,
    "an expectation that ends in a colon": """
        Run: `make ships`
        Expected output (the order may differ):

        - three masts

        Then call the harbour master.
        """,
    "an output with gaps that no class fits": """
        Run: `make ships`

        Expected stdout:

        ```
        masts: ?/12
        ```
        """,
    "numbered steps under the Files of one line": """
        **Files:** `src/mast.py`, `src/anchor.py`

        1. Write a failing test.
        2. Run `pytest tests/test_mast.py` (RED).
        3. Implement the mast.
        """,
    "Files that name no file": """
        **Files:**
        - All sails that were mended before
        - Verify: the masts of last year

        Run: `make sails`
        """,
    "Files with words beside their paths": """
        **Files:**
        - Optionally modify: `src/mast.py` (add `tip`), `src/anchor.py`
        - NO changes to: `src/hull.py`
        - Create: `docs/` (copy what the pilot wrote), `docs/index.md`

        Run: `make sails`
        """,
    "words before an edit": """
        In `src/mast.py` the height is wrong. Keep the unit (metres, not feet). Change:

        ```python
        height = 3
        ```

        To:

        ```python
        height = 4
        ```
        """,
    "a quotation and a table": """
        Run: `make ships`

        > **Pilot:** rename the import in `src/hull.py` as well.

        | mast | height |
        |---|---|
        | fore | 4 metres |
        """,
    "comments of commands that are edits, or nobody may run": """
        ```bash
        # The old hull is kept for spares
        git mv src/hull.py src/spare.py
        # Everybody may see the ships now
        git push origin main
        ```
        """,
    "a comment behind a commit": """
        ```bash
        git add src/hull.py
        git commit -m "chore: hull"  # the mast has a commit of its own
        ```
        """,
    "a title with a remark": """
        **Step 2 (second try): Paint the hull**

        Take the red paint.
        """,
}


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_no_line_is_lost(task: str) -> None:
    assert lost(f"{HEAD}### Task 1: Ships\n{textwrap.dedent(task)}") == []


def test_a_lost_line_would_be_seen() -> None:
    found = import_plan(f"{HEAD}### Task 1: Ships\n\nRun: `make ships`\n", "plan")
    said = words_of((found.phase.tasks, found.tasks))
    assert uncovered("Run: `make ships`", said) == []
    assert uncovered("Run: `make anchors`", said) == ["anchors"]
    left = uncovered("Ships make waves in the harbour", said)
    assert left == ["waves", "harbour"]


@needs_plans
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem[:50])
def test_no_line_of_a_real_plan_is_lost(plan: Path) -> None:
    assert lost(plan.read_text(encoding="utf-8")) == []
