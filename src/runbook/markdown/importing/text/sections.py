"""The parts of a task: what stands at its head, and its steps, each with its blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain, pairwise

from runbook.core.value import replace, value
from runbook.markdown.importing.text.outline import Part
from runbook.markdown.importing.text.reader import Block, Document
from runbook.markdown.importing.text.stepmarks import each_step_apart, step_mark
from runbook.markdown.importing.text.titles import boxed_title, step_title
from runbook.markdown.importing.words.filelist import FileMention, file_mentions, role_of
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.prose import instructs, orders_of_no_file
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_LABEL = anycase(
    r"\*\*(?P<name>Implementation|Testing|Tests|Verification|Verify( (and|\+|&) commit)?|Commit|"
    rf"Documentation|UAT( Steps)?|Steps|{spoken('implementation')}|{spoken('verification')}|"
    rf"{spoken('commit')})"
    r"(?P<extra>\s*\([^)]*\))?\s*([:：]\*\*|\*\*\s*[:：]|\*\*(?=[ \t]*(\n|$)))(?P<rest>.*)",
    re.DOTALL,
)
_FILES = anycase(
    r"(\*\*)?(?P<name>Files?([ /]+(to|modified|deleted|created|changed|moved|modify|create|"
    r"touched)\b"
    rf"[^:*\n]*)?|{spoken('files')})\s*([:：]\s*\*\*|\*\*\s*[:：]|[:：])(?P<rest>.*)",
    re.DOTALL,
)
_ROLE_FIELD = spelled(
    r"\*\*(?P<name>Create|Modify|Delete|Test|Move)([:：]\*\*|\*\*[:：])(?P<rest>.*)", re.DOTALL
)
_NONE = anycase(r"\b(none|no\b.*\bchanges?|n/a|verification only)\b|なし")
_VERIFIES = anycase(r"\*\*Verifies[:：]\s*(\*\*)?(?P<rest>.*)", re.DOTALL)

_FILES_LABEL = anycase(rf"^\**{spoken('files')}\s*[:：]?\**[:：]?\s*")
_FILLERS = {
    "and", "to", "lines", "line", "file", "files", "modified", "deleted", "created", "moved",
}  # fmt: skip
_NO_FILES = anycase(
    r"\W*(none|n/a|no (\w+ )?(changes?|files?))( new)?\W*((this is (the |an? )?)?[\w-]+ (only|"
    r"task|step))?\W*"
)
_ITEM = re.compile(r"\s*(?=(?:[-*+]|\d+[.)])\s)")
_BEGINS_WITH_PATH = re.compile(r"(?:\W*(?:[A-Za-z][\w/() -]{0,30}[:：])?\W*)`[^`\s]+[./][^`\s]*`")


@value
class Section:
    """A step of the plan: its title, where it begins, and its blocks."""

    title: str
    line: int
    blocks: tuple[Block, ...]
    # "commit" for **Commit:**, and so on; "head" above numbered steps; empty for such a step
    label: str = ""
    done: bool = False  # its box is ticked
    branches: bool = False  # it is several ways of which one is to be gone

    @property
    def only_a_label(self) -> bool:
        """Whether it is a label such as **Steps:**, under which the next section begins."""
        return bool(self.label) and not self.blocks


@value
class TaskParts:
    """A task taken apart."""

    files: tuple[FileMention, ...]
    verifies: tuple[str, ...]
    head: tuple[Block, ...]
    sections: tuple[Section, ...]
    warnings: tuple[tuple[int, str], ...] = ()
    unread: tuple[str, ...] = ()  # lines of its Files block that name no path


class _Task:
    def __init__(self, document: Document, roots: tuple[str, ...]) -> None:
        self.document = document
        self.roots = roots
        self.files: list[FileMention] = []
        self.verifies: list[str] = []
        self.head: list[Block] = []
        self.sections: list[tuple[str, int, str, bool, list[Block]]] = []
        self.warnings: list[tuple[int, str]] = []
        self.numbers: set[str] = set()
        self.file_blocks = 0
        self.unread: list[str] = []

    def number(self, number: str | None, line: int) -> None:
        if number is not None and number in self.numbers:
            self.warnings.append((line, f"a second step {number}"))
        self.numbers.add(number or "")

    def begin(self, title: str, line: int, label: str = "", *, done: bool = False) -> None:
        self.sections.append((title, line, label, done, []))

    def add(self, block: Block) -> None:
        (self.sections[-1][4] if self.sections else self.head).append(block)


def take_apart(document: Document, task: Part, roots: tuple[str, ...] = ()) -> TaskParts:
    """Head and steps of a task."""
    made = _Task(document, roots)
    labelled = chain.from_iterable(map(_labelled_apart, task.blocks))
    blocks = tuple(each_step_apart(labelled))
    numbered = any(step_mark(block) for block in blocks)
    boxes = not numbered and _boxed(blocks)
    index = 0
    while index < len(blocks):
        block = blocks[index]
        taken = _field(made, blocks, index)
        if taken:
            index += taken
            continue
        inner = blocks[index + 1] if block.kind == "item" and index + 1 < len(blocks) else None
        box = boxes and block.depth == 1 and inner and inner.kind == "text" and _box(inner.text)
        if inner is None or not (step_mark(inner) or box):
            _begin_or_add(made, block, boxes=boxes)
        index += 1
    if made.file_blocks > 1:
        made.warnings.append((task.line, "more than one Files block"))
    return TaskParts(
        tuple(dict.fromkeys(made.files)),
        tuple(made.verifies),
        tuple(made.head),
        tuple(
            Section(title, line, tuple(content), label, done)
            for title, line, label, done, content in made.sections
        ),
        tuple(made.warnings),
        tuple(made.unread),
    )


# What is labelled below the files, without a blank line.
_NEXT_LABEL = spelled(
    r"\n(?=\*\*(?!Create\b|Modify\b|Delete\b|Test\b|Move\b)[^*`\n]+(:\*\*|\*\*:|\*\*$))",
    re.MULTILINE,
)


def _labelled_apart(block: Block) -> tuple[Block, ...]:
    """A paragraph with files, and what another label begins in it, each by itself."""
    below = _NEXT_LABEL.search(block.text) if block.kind == "text" else None
    if below is None or _FILES.match(block.text) is None:
        return (block,)
    at = block.first + block.text.count("\n", 0, below.start())
    of_files = replace(block, text=block.text[: below.start()], last=at)
    return of_files, replace(block, text=block.text[below.end() :], first=at + 1)


def _boxed(blocks: tuple[Block, ...]) -> bool:
    """Whether the task's steps are plain items with boxes."""
    labelled = any(block.kind == "text" and _LABEL.match(block.text) for block in blocks)
    return not labelled and any(
        item.kind == "item" and item.depth == 1 and inner.kind == "text" and _box(inner.text)
        for item, inner in pairwise(blocks)
    )


def _box(text: str) -> bool:
    return bool(re.match(r"\[[ xX]\]\s", text))


def _begin_or_add(made: _Task, block: Block, *, boxes: bool) -> None:
    step = step_mark(block)
    if step:
        title, rest = step_title(step)
        made.number(step["number"], block.first)
        made.begin(title, block.first, done=(step["box"] or "").lower().startswith("[x"))
        _add_rest(made, block, rest, title)
        return
    if block.kind == "text":
        label = _LABEL.match(block.text)
        if label and block.depth <= 1:
            name = label["name"]
            title = "" if name.lower() == "steps" else name
            title = title.capitalize() if title.islower() else title
            made.begin(title, block.first, name.lower())
            _add_rest(made, block, f"{label['extra'] or ''}{label['rest']}")
            return
        if boxes and block.depth == 1 and _box(block.text):
            title, rest = boxed_title(block.text[3:].strip())
            made.begin(title, block.first, done=block.text[1] in "xX")
            _add_rest(made, block, rest, title)
            return
    if block.kind == "heading" and block.depth == 0:
        label = _LABEL.match(f"**{block.text.strip('* :')}:**")
        if label:
            made.begin(block.text.strip("* :"), block.first, label["name"].lower())
            return
    made.add(block)


# "Run the check** — `make check`": a command behind the title that says to run it.
_RUNS = anycase(r"(re-?run|run|execute)\b")
_ONLY_RUNS = anycase(r"(re-?)?run( it)?")
_RUN_BEHIND = re.compile(
    r"\A(?P<dash>[—–-]*)\s*(?P<said>(?i:run):?\s*)?(?P<code>`[^`\n]+\s[^`\n]*`)"
)


def _add_rest(made: _Task, block: Block, rest: str, title: str = "") -> None:
    if rest.strip(" .:：\n"):
        text = rest.strip()
        behind = _RUN_BEHIND.match(text)
        ends = title.endswith((".", ")")) or _ONLY_RUNS.fullmatch(title)
        apart = behind is not None and (behind["dash"] or ends)
        if behind and apart and (behind["said"] or _RUNS.match(title)):
            text = _RUN_BEHIND.sub(r"Run: \g<code>", text)
            text = re.sub(r"\s+(?=Expect(?:ed|s)?:)", "\n", text)
        # What is left are the last lines of the paragraph.
        first = block.last - text.count("\n")
        made.add(Block("text", first, block.last, text, depth=block.depth))


def _field(made: _Task, blocks: tuple[Block, ...], index: int) -> int:
    """How many blocks a Files or Verifies field at `index` takes; 0 if there is none."""
    block = blocks[index]
    if block.kind not in ("text", "heading"):
        return 0
    text = block.text if block.kind == "text" else f"**{block.text.strip('*: ')}:**"
    verifies = _VERIFIES.match(text)
    if verifies and not made.sections:
        first, _, rest = verifies["rest"].replace("**", "").partition("\n")
        while rest.strip() and _breaks_off(first):
            more, _, rest = rest.partition("\n")
            first = f"{first.rstrip()} {more.strip()}"
        made.verifies += _criteria(first)
        if rest.strip():
            made.head.append(Block("text", block.first + 1, block.last, rest))
        return 1
    files = _FILES.match(text) or _ROLE_FIELD.match(text)
    if files is None or block.depth > 1:
        return 0
    rest = files["rest"]
    following, last = index + 1, block.last
    if "\n" not in rest.strip():
        following, last = _list_below(blocks, index, rest)
    if files.re is _ROLE_FIELD and not (rest.strip() or following > index + 1):
        return 0
    source = _unwrapped(made.document.lines[block.first - 1 : last])
    found = _found_in(source, block.first, files["name"], made.roots)
    listed = dict(enumerate(source.split("\n"), block.first))
    said_more = {
        at: text
        for at, text in listed.items()
        if _says_more(text, [each for each in found if each.line == at])
    }
    found = [replace(each, remark="") if each.line in said_more else each for each in found]
    labels = bool(made.sections) and _names_a_block(blocks, following, files)
    known = [f"/{each.path}" for each in made.files] if labels else []
    # Above a block, it says no more of a file than what the task said.
    made.files += [
        each for each in found if not any(path.endswith(f"/{each.path}") for path in known)
    ]
    made.unread += map(_item, said_more.values())
    made.file_blocks += files.re is _FILES and not labels
    below = [text for at, text in listed.items() if at > block.first]
    if found:
        lines = {each.line for each in found}
        made.unread += [
            _item(text)
            for at, text in listed.items()
            if at not in lines and at > block.first and re.search(r"\w.*\w", text)
        ]
        if made.sections and (labels or (rest.strip() and "`" not in rest)):
            made.add(block)
    else:
        said = _said(rest, below)
        none = _NONE.search(source) is not None
        if not none and any(instructs(text) and not _of_a_file(text) for text in said):
            for each in blocks[index:following]:
                made.add(each)
        else:
            made.unread += said
    return following - index


def _unwrapped(lines: Sequence[str]) -> str:
    """Lines of a list, each item in one; where it went on, an empty line is left."""
    made: list[str] = []
    item, margin = -1, 0
    for at, line in enumerate(lines):
        begins = _ITEM.match(line)
        if begins:
            item, margin = at, len(begins[0])
        goes_on = not begins and line.strip() and len(line) - len(line.lstrip()) > margin
        if item >= 0 and goes_on:
            made[item] = f"{made[item].rstrip()} {line.strip()}"
        elif not begins:
            item = -1
        made.append("" if item >= 0 and goes_on else line)
    return "\n".join(made)


def _list_below(blocks: tuple[Block, ...], index: int, rest: str) -> tuple[int, int]:
    """The block after the list right under a field, which belongs to it, and its last line."""
    following, last, depth = index + 1, blocks[index].last, blocks[index].depth
    while following < len(blocks) and (
        (
            blocks[following].kind == "item"
            and _is_path_item(blocks, following, depth)
            and _goes_on(blocks, following, blocks[index + 1], rest)
        )
        or (
            blocks[following].depth > depth + (blocks[following].kind == "item")
            and blocks[following - 1].depth > depth
        )
        or (blocks[following].kind == "text" and blocks[following - 1].kind == "item")
    ):
        last = max(last, blocks[following].last)
        following += 1
    return following, last


def _found_in(source: str, first: int, name: str, roots: tuple[str, ...]) -> list[FileMention]:
    """The files that a field names, each with what is done with it."""
    found = list(file_mentions(source, first, roots))
    role = role_of(name.removeprefix("Files").removeprefix("files").strip() or "modify")
    if role in ("delete", "create") and all(each.role == "modify" for each in found):
        return [FileMention(each.path, role, each.line, each.ranges, each.remark) for each in found]
    return found


def _names_a_block(blocks: tuple[Block, ...], following: int, field: re.Match[str]) -> bool:
    """Whether a field of a step is the label of the block under it: "File: `a.sh`"."""
    under = following < len(blocks) and blocks[following].kind == "fence"
    rest = field["rest"].strip()
    return under and field.re is _FILES and bool(rest) and "\n" not in rest


def _says_more(line: str, found: list[FileMention]) -> bool:
    """Whether a line with files has words that are neither their role nor a remark on them."""
    if not found:
        return False
    rest = _item(line)
    for each in found:
        rest = rest.replace(each.remark, " ") if each.remark else rest
    rest = re.sub(
        r"(?<![(\w])\w++[:：]?\s*+(?=`)", lambda it: "" if role_of(it[0]) else it[0], rest
    )
    rest = re.sub(r"`[^`]*`|\((?:lines?|L)?[\s\d,~–-]*\)", " ", rest)
    first, _, other = rest.strip().partition(" ")
    rest = other if role_of(first) else rest
    words = re.findall(r"[^\W\d_]{2,}", rest)
    return "`" in line and any(word not in _FILLERS for word in words)


def _of_a_file(line: str) -> bool:
    """Whether a line says what happens to something: "Modify: …", "unchanged"."""
    role = role_of(line)
    return role == "read" or (role is not None and bool(re.match(r"[^`:：]{1,30}[:：]", line)))


def _item(line: str) -> str:
    words = line.strip().lstrip("-*+ ")
    return _FILES_LABEL.sub("", words)


def _said(rest: str, listed: list[str]) -> list[str]:
    """What a Files field says that names no file, if it is more than "None"."""
    said = [_item(text) for text in (*rest.split("\n")[:1], *listed)]
    return [text for text in said if re.search(r"\w.*\w", text) and not _NO_FILES.fullmatch(text)]


def _is_path_item(blocks: tuple[Block, ...], index: int, depth: int) -> bool:
    if blocks[index].depth != depth + 1 or index + 1 >= len(blocks):
        return False
    inner = blocks[index + 1]
    work = step_mark(inner) or _box(inner.text) or orders_of_no_file(inner.text)
    return inner.kind == "text" and not work


def _goes_on(blocks: tuple[Block, ...], index: int, begin: Block, rest: str) -> bool:
    """Whether an item is still one of files: of the same list, or it begins with a path."""
    if not rest.strip() and blocks[index].text[-1:] == begin.text[-1:]:
        return True
    return bool(_BEGINS_WITH_PATH.match(blocks[index + 1].text))


def _breaks_off(text: str) -> bool:
    """Whether a list of criteria goes on in the next line."""
    return text.rstrip().endswith((",", ";")) or text.count("(") > text.count(")")


def _criteria(text: str) -> list[str]:
    parts = re.split(r"\s*[,;]\s*(?![^()]*\))", text.strip().strip("*"))
    return [part.strip().rstrip(".") for part in parts if part.strip() and part.lower() != "none"]
