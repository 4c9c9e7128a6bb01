"""Counts what a plan has, line by line, by markers, headings and labels: no Markdown parser.

It knows nothing of the importer and shares no code with it, so that each can be checked by the
other. Lines in fences are passed over, as CommonMark has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TASK = re.compile(
    r"#{1,5} (?:Phase \d+ — |\W{0,3})Task ([A-Z]?\d+(?:\.\d+)*[a-z]?)\b\s*[:：.—-]*\s*(.*)"
)
_START = re.compile(r"<!-- START_TASK_(\w+) -->")
_END = re.compile(r"<!-- END_TASK_(\w+) -->")
_HEADING = re.compile(r"(#{1,5}) ")
_STEP = re.compile(
    r"(?:[-*] \[[ x]\] )?\*\*Step [\d.]+[:：]?(?:\*\*)?[:：]?\s*(.*)|#{2,5} Step [\d.]+[:：]\s*(.*)"
)
_FILE = re.compile(r"- (?:Create|Modify|Test|Delete): `([^`]+)`")
_RUN = re.compile(r"Run: `([^`]+)`")
_COMMIT = re.compile(r"\*\*Commit:\*\* `|^\s*(?:cd \S+ && )?(?:git add .*&& )?git commit ")


@dataclass
class Counted:
    """One task: its title, and what stands under it."""

    title: str
    line: int
    steps: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    commit: bool = False


def count_tasks(text: str) -> list[Counted]:
    """The tasks of a plan, by START_TASK markers where it has them and by headings else."""
    lines = text.split("\n")
    marked = any(_START.match(line) for line in lines)
    tasks: list[Counted] = []
    task: Counted | None = None
    level = 0
    fence = ""
    script = False
    for number, line in enumerate(lines, 1):
        opened = re.match(r"\s*(`{3,}|~{3,})(.*)", line)
        if fence:
            if opened and opened[1].startswith(fence) and not opened[2].strip():
                fence = ""
            elif task is not None and script and _COMMIT.search(line):
                task.commit = True
            continue
        if opened:
            fence, script = opened[1], opened[2].strip() in ("bash", "sh", "shell")
            continue
        heading = _HEADING.match(line)
        found = _TASK.match(line)
        if marked and _END.match(line):
            task = None
        elif marked and _START.match(line):
            task = Counted("", number)
            tasks.append(task)
        elif marked and found and task is not None and not task.title:
            task.title = found[2].strip()
        elif not marked and found and heading:
            task = Counted(found[2].strip(), number)
            level = len(heading[1])
            tasks.append(task)
        elif not marked and heading and len(heading[1]) <= level and not _STEP.match(line):
            task = None
        elif task is not None:
            _add(task, line)
    return tasks


def _add(task: Counted, line: str) -> None:
    step = _STEP.match(line)
    if step:
        title = (step[1] or step[2] or "").replace("**", "").strip()
        task.steps.append(title)
    file = _FILE.match(line)
    if file and not task.steps:
        path = re.sub(r":\d+(?:[-,]\d+)*\+?$", "", file[1])
        task.files.append(
            path.split("/.worktrees/")[-1].partition("/")[2] if "/.worktrees/" in path else path
        )
    run = _RUN.match(line.strip())
    if run:
        task.commands.append(run[1])
    if _COMMIT.search(line) and not line.lstrip().startswith("git"):
        task.commit = True
