"""The outline of a plan: its header, its tasks and the sections around them."""

from __future__ import annotations

import re
from itertools import zip_longest

from runbook.core.value import field, mutable, value
from runbook.markdown.importing.text.reader import Block, Document
from runbook.markdown.importing.words.languages import Word, spoken
from runbook.markdown.importing.words.vocabulary import anycase

_NUMBER = r"[A-Z]{0,2}\d+(?:[.-]\d+)*[a-z]?"
_TASK = re.compile(
    rf"(?:\[[ xX]\]\s*)?\W{{0,4}}?(?:{spoken('phase')}\s+[\w.]+\s*[:：—–/-]+\s*)?"
    rf"{spoken('task')}\s*#?({_NUMBER})(?![\w])(.*)",
    re.DOTALL,
)
_BOLD_TASK = re.compile(rf"(?:\[[ xX]\]\s*)?\*\*({spoken('task')}\s*#?{_NUMBER}(?!\w)[^*\n]*)\*\*")
_STEP_LIKE = anycase(rf"\W*((Steps?|Files|Commit)\b|{spoken('step')}(?=\s*\d))")
_PHASE_TASK = re.compile(rf"{spoken('phase')}\s*#?(\d+(?:\.\d+)*)\s*[:：.—–-]+\s*(.+)", re.DOTALL)
# What is no work of this plan.
_LATER = anycase(
    r"\b(future|later|deferred|out of scope|optional|not (in|part|yet)|done|completed?|TBD|to be "
    r"(planned|written|detailed|decided)|(separate|own|another|next) plan|placeholder|overview|"
    r"summary)\b|[✅✓]|\b[\w-]+\.md\b"
)
# A chapter that tells what was done, under headings of the tasks.
_LOG = anycase(
    r"\b(execution|progress|implementation|review|session|completion) (log|reports?|history|"
    r"records?|results?|journal)\b|\bwork log\b|执行(记录|日志|结果)|実行(記録|ログ|結果)"
)
_START = re.compile(r"\s*START_TASK_")
_MARKER = re.compile(r"\s*(START|END)_(TASK|SUBCOMPONENT)_(\w+)")
_TASKS = re.compile(r"\(tasks?\s+(\d+)(?:\s*[-–]\s*(\d+))?\)")
_FIELD = re.compile(
    r"(?:[-*] )?\*\*(Scope|Codebase verified|"
    rf"{spoken('goal')}|{spoken('architecture')}|{spoken('tech_stack')})\s*(?:[:：]\*\*|"
    r"\*\*[:：])\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_IN_HEADER: tuple[Word, ...] = ("goal", "architecture", "tech_stack")
_SCOPE = re.compile(r"\bPhase\s+(\d+)\s+of\s+(\d+)", re.IGNORECASE)
_FILES = anycase(rf"\*\*(files?|{spoken('files')})\s*[:：]")
_PHASE = re.compile(r"\bPhase\s+(\d+)\b", re.IGNORECASE)


@mutable
class Part:
    """A task as it stands in the plan, or a chapter: its heading, and the blocks under that."""

    line: int
    level: int = 0  # of its heading
    title: str = ""
    number: str = ""  # of a task
    group: str | None = None
    marked: bool = False  # comments say where it begins and ends
    blocks: list[Block] = field(default_factory=list)
    note: str = ""  # a chapter's heading and words that stand before a task
    after_tasks: bool = False  # a chapter is


@value
class Header:
    """What a plan says of itself before its first section."""

    title: str = ""
    goal: str = ""
    architecture: str = ""
    tech_stack: str = ""
    verified: str = ""
    number: int | None = None
    of: int | None = None


@value
class Outline:
    """A plan taken apart, in its own order; lines of the file are in no two parts."""

    header: Header
    chapters: tuple[Part, ...]
    tasks: tuple[Part, ...]
    warnings: tuple[tuple[int, str], ...] = ()


def outline(document: Document) -> Outline:
    """The parts of a plan; without any task it is no plan that can be imported."""
    return _Outliner(document).outline()


def task_heading(text: str) -> tuple[str, str] | None:
    """Number and title of a task's heading, or `None` where it is another heading."""
    found = _TASK.match(text.strip().strip("*").strip())
    if found is None:
        return None
    title = re.sub(r"^[\s*]*[:：.)、—–-]*[\s*]*", "", found[2]).strip().strip("*").strip()
    return found[1], re.sub(r"\s*\n\s*", " ", title)


class _Outliner:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._part = Part(1)
        self._parts = [self._part]
        self._group: str | None = None
        self._announced: tuple[int, int, int] | None = None  # line, first and last task
        self._log = 0  # the level of the heading of such a chapter, while in it
        self._warnings: list[tuple[int, str]] = []
        blocks = document.blocks
        headed = any(b.kind == "heading" and task_heading(b.text) for b in blocks)
        marked = any(b.kind == "comment" and _START.match(b.text) for b in blocks)
        # Only where no heading is a task's can a bold line be one, or a step's heading.
        self._bold = not headed and not marked
        bold = any(b.kind == "text" and _BOLD_TASK.match(b.text) for b in blocks)
        self._steps = self._bold and not bold
        # Phases are tasks where nothing else is.
        files = any(b.kind == "text" and _FILES.match(b.text) for b in blocks)
        self._dotted = self._steps and files
        headings = [b for b in blocks if b.kind == "heading" and b.depth == 0 and b.level > 1]
        other = any(self._task_of(b.text) for b in headings)
        self._phases = self._steps and not other

    def outline(self) -> Outline:
        for block in self._document.blocks:
            if not (block.kind == "comment" and self._mark(block)):
                self._add(block)
        self._take_phases()
        return self._finished()

    def _take_phases(self) -> None:
        """Have a phase without tasks be one where others of the plan have tasks: it is work too.

        Where its heading, or the first it says, puts it off, it stays what it is.
        """
        phases: list[tuple[Part, re.Match[str], bool]] = []
        for part, following in zip_longest(self._parts, self._parts[1:]):
            found = _PHASE_TASK.match(part.title) if part.level > 1 else None
            if found and not part.number:
                follows = following is not None and bool(following.number)
                has = follows and (following.marked or following.level > part.level)
                phases.append((part, found, has))
        levels = {part.level for part, _, has in phases if has}
        for part, found, has in phases:
            words = [b.text for b in part.blocks if b.kind not in ("rule", "comment", "heading")]
            if has or not words or part.level not in levels:
                continue
            if not _LATER.search(found[2] + " " + words[0].partition("\n")[0]):
                part.number, part.title = f"phase-{found[1]}", found[2].strip()

    def _mark(self, block: Block) -> bool:
        found = _MARKER.match(block.text)
        if found is None:
            return False
        edge, what, name = found.groups()
        if what == "SUBCOMPONENT":
            self._subcomponent(block, name if edge == "START" else None)
            if self._part.marked:
                self._open(Part(block.first))
        elif edge == "START":
            self._open(Part(block.first, 6, number=name, marked=True))
        elif self._part.marked:
            if self._part.number != name:
                message = f"END_TASK_{name} ends task {self._part.number}"
                self._warnings.append((block.first, message))
            self._open(Part(block.first))
        else:
            self._warnings.append((block.first, f"END_TASK_{name} ends no task"))
        return True

    def _subcomponent(self, block: Block, name: str | None) -> None:
        """Begin a subcomponent, or end it and see whether it has the tasks it announced."""
        if name is None and self._announced is not None:
            line, first, last = self._announced
            there = [part.number for part in self._parts if part.group and part.line > line]
            found = [int(number) for number in there if number.isdigit()]
            if found and (found[0], found[-1]) != (first, last):
                has = f"{found[0]}-{found[-1]}" if len(found) > 1 else str(found[0])
                said = f"{first}-{last}" if first != last else str(first)
                message = f"the subcomponent says tasks {said}, and has {has}"
                self._warnings.append((line, message))
        announced = _TASKS.search(block.text) if name else None
        self._announced = None
        if announced:
            first, last = int(announced[1]), int(announced[2] or announced[1])
            self._announced = (block.first, first, last)
        self._group = name

    def _open(self, part: Part) -> None:
        part.group = self._group
        self._parts.append(part)
        self._part = part

    def _add(self, block: Block) -> None:
        if block.kind == "heading" and block.depth == 0:
            self._heading(block, self._part)
            return
        if self._bold and block.kind == "text":
            found = _BOLD_TASK.match(block.text)
            task = task_heading(found[1]) if found else None
            if task:
                self._open(Part(block.first, 6, task[1], task[0]))
                if block.last == block.first:
                    return
                rest = block.text.partition("\n")[2]
                block = Block("text", block.first + 1, block.last, rest, depth=block.depth)
        self._part.blocks.append(block)

    def _task_of(self, text: str) -> tuple[str, str] | None:
        task = task_heading(text)
        if task is None and self._steps:
            found = re.match(r"\W*Step\s+([\w.]+?)\s*[:：.—–-]\s*(.+)", text.strip())
            if found is None:
                found = re.match(r"(\d+(?:\.\d+)*)[.)]\s+(.+)", text.strip())
            if found is None and self._dotted:
                # "3.1 Count the ships", in a plan that says of its sections which files they change
                found = re.match(r"(\d+(?:\.\d+)+)\s+(.+)", text.strip())
            if found:
                return found[1].rstrip("."), found[2].strip()
        return task

    def _heading(self, block: Block, part: Part) -> None:
        if self._log and block.level > self._log:
            part.blocks.append(block)
            return
        task = self._task_of(block.text)
        told = task is None and any(each.number for each in self._parts)
        self._log = block.level if told and _LOG.search(block.text) else 0
        if task is None and self._phases and block.level > 1:
            phase = _PHASE_TASK.match(block.text.strip())
            task = (phase[1], phase[2].strip()) if phase else None
        if task is not None and part.marked and (not part.title or part.number == task[0]):
            if part.title:
                self._warnings.append((block.first, f"a second heading of task {task[0]}"))
            part.title, part.level, part.number = task[1] or part.title, block.level, task[0]
            part.line = block.first
        elif task is not None:
            if part.marked:
                self._warnings.append((part.line, f"task {part.number} has no end marker"))
            self._open(Part(block.first, block.level, task[1], task[0]))
        elif part.marked and not part.title and not part.blocks:
            # The markers say that this is the task's heading, whatever it says.
            part.title, part.level, part.line = block.text.strip(), block.level, block.first
        elif (
            part.marked
            or (block.level > part.level and (part.number or part.level > 1))
            or (part.number and block.level == part.level and _STEP_LIKE.match(block.text))
        ):
            part.blocks.append(block)
        else:
            self._open(Part(block.first, block.level, block.text.strip()))

    def _finished(self) -> Outline:
        tasks: list[Part] = []
        chapters: list[Part] = []
        pending: list[Part] = []
        last_task = max((i for i, p in enumerate(self._parts) if p.number), default=0)
        title, preamble = "", self._parts[0]
        for index, part in enumerate(self._parts):
            if part.number:
                part.title = part.title or f"Task {part.number}"
                part.note, pending = self._words(pending), []
                tasks.append(part)
            elif part.level == 1 and not title:
                title = part.title
                preamble.blocks += part.blocks
            elif part is preamble or not (part.title or _told(part.blocks)):
                continue
            elif index < last_task and tasks:
                pending.append(part)
            else:
                part.after_tasks = index > last_task
                chapters.append(part)
        header, rest = _header(title, preamble.blocks)
        if rest:
            chapters.insert(0, Part(1, title="About this plan", blocks=rest))
        return Outline(header, tuple(chapters), tuple(tasks), tuple(self._warnings))

    def _words(self, parts: list[Part]) -> str:
        """What stands between two tasks, for the note of the second one."""
        words = []
        for part in parts:
            if part.title:
                words.append(part.title)
            blocks = [block for block in part.blocks if block.kind != "rule"]
            if blocks:
                words.append(self._document.source(blocks[0].first, blocks[-1].last))
        return "\n\n".join(words)


def _told(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block.kind not in ("rule", "comment")]


def _header(title: str, preamble: list[Block]) -> tuple[Header, list[Block]]:
    """The fields of the header, and the blocks before the first section that are none."""
    fields: dict[str, str] = {}
    rest: list[Block] = []
    scope = ""
    for block in _told(preamble):
        if block.kind != "text" or not block.text.startswith("**") or block.depth > 1:
            rest.append(block)
            continue
        # Several fields may stand in one paragraph, a line each.
        left = []
        at = block.first
        for chunk in re.split(r"\n(?=\*\*[^*\n]+(?:[:：]\*\*|\*\*[:：]))", block.text):
            found = _FIELD.match(chunk)
            name = _field_name(found[1]) if found else ""
            last = at + chunk.count("\n")
            if found and name == "scope":
                scope = found[2].strip()
                if not _SCOPE.fullmatch(scope.strip(". ")):
                    left.append(Block("text", at, last, chunk))
            elif found and name not in fields:
                fields[name] = found[2].strip()
            else:
                left.append(Block("text", at, last, chunk))
            at = last + 1
        rest += left
    number, of = _numbers(scope, title)
    header = Header(
        re.sub(r"\s*\n\s*", " ", title),
        fields.get("goal", ""),
        fields.get("architecture", ""),
        fields.get("tech stack", ""),
        fields.get("codebase verified", ""),
        number,
        of,
    )
    return header, rest


def _field_name(label: str) -> str:
    """What a field of the header is called in English."""
    for word in _IN_HEADER:
        if re.fullmatch(spoken(word), label, re.IGNORECASE):
            return word.replace("_", " ")
    return label.lower()


def _numbers(scope: str, title: str) -> tuple[int | None, int | None]:
    """The phase's number, and how many there are, from the scope or the title."""
    found = _SCOPE.search(scope)
    in_title = _PHASE.search(title)
    if found:
        number = int(in_title[1]) if in_title else int(found[1])
        return number, int(found[2])
    total = re.search(r"\b(\d+) phases\b", scope)
    return (int(in_title[1]) if in_title else None), (int(total[1]) if total else None)
