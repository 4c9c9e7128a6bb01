"""What stands above the steps of a task: a note, or work of its own."""

from __future__ import annotations

import re

from runbook.markdown.importing.steps.taskimport import TaskSteps
from runbook.markdown.importing.text.reader import Block, Document
from runbook.markdown.importing.text.sections import Section, TaskParts
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.looking import describes, gives_and_takes, only_fields
from runbook.markdown.importing.words.prose import makes_something, says_what_for
from runbook.markdown.importing.words.vocabulary import anycase

# Headings under which stands what a task needs or gives, or that lead to its steps.
_AROUND = anycase(
    r"\W*(dependenc(y|ies)|depends on|prerequisites?|outputs?|deliverables?|(implementation )?"
    rf"steps|前置(条件|依赖|任务)|依赖|输出|产出|{spoken('step')})\W*"
)


def head(document: Document, maker: TaskSteps, parts: TaskParts) -> str:
    """What stands before the first step: a note, or where it is work, a step."""
    blocks = [block for block in parts.head if block.kind not in ("rule", "comment")]
    steps = any(not each.label for each in parts.sections)
    gives, blocks = _interfaces_apart(blocks) if steps else ([], blocks)
    note = _words(document, gives)
    rest = _rest(document, maker, parts, blocks) if blocks else ""
    return "\n\n".join(filter(None, (note, rest)))


def _rest(document: Document, maker: TaskSteps, parts: TaskParts, blocks: list[Block]) -> str:
    words = _words(document, blocks)
    works = any(block.kind == "fence" for block in blocks) or not parts.sections
    works = works or any(makes_something(line) for line in words.split("\n"))
    works = works or bool(re.search(r"(?:^|\n)\W*(?:Run|Expected|Commit)\b[^\n]{0,20}[:：]", words))
    if not works or _describes(words, blocks, parts):
        return words
    label = "head" if any(not each.label for each in parts.sections) else ""
    maker.section(Section("", blocks[0].first, tuple(blocks), label))
    return ""


def _interfaces_apart(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """The field that says what a task gives and takes, with its code, and what is no part of it.

    The steps are to make what it shows.
    """
    given: list[Block] = []
    inside = shows = False
    for block in blocks:
        if not block.depth and not (inside and shows and block.kind == "fence"):
            inside = block.kind == "text" and gives_and_takes(block.text)
        if inside:
            given.append(block)
        shows = block.kind == "item" or block.text.rstrip("*_ ").endswith((":", "："))
    fenced = any(block.kind == "fence" for block in given)
    return (given, [each for each in blocks if each not in given]) if fenced else ([], blocks)


def _words(document: Document, blocks: list[Block]) -> str:
    """What blocks say, without what stands between them: a field that was taken out."""
    runs: list[tuple[int, int]] = []
    for block in blocks:
        between = document.lines[runs[-1][1] : block.first - 1] if runs else ["x"]
        if any(line.strip() for line in between):
            runs.append((block.first, block.last))
        else:
            runs[-1] = (runs[-1][0], max(runs[-1][1], block.last))
    return "\n\n".join(document.source(*each) for each in runs)


def _describes(words: str, blocks: list[Block], parts: TaskParts) -> bool:
    """Whether what stands before several steps only says what these do."""
    steps = [each for each in parts.sections if not each.label]
    if not steps or any(block.kind == "fence" for block in blocks):
        return False
    own = _unheaded(blocks)
    if not own or only_fields([line for text in own for line in text.split("\n") if line.strip()]):
        return True
    if len(steps) < 2 or any(block.kind == "item" for block in blocks):
        return False
    titles = " ".join(each.title for each in steps)
    under = " ".join(block.text for each in steps for block in each.blocks)
    files = " ".join(each.path for each in parts.files)
    return describes(words, titles, f"{titles} {under} {files}")


def _unheaded(blocks: list[Block]) -> list[str]:
    """The paragraphs that stand under no heading such as "Overview", without items of lists."""
    found = []
    under = around = False
    for block in blocks:
        if block.kind == "heading":
            under = says_what_for(f"{block.text}:")
            around = _AROUND.fullmatch(block.text) is not None
        orders = around and any(map(makes_something, block.text.split("\n")))
        if orders or not (block.kind == "item" or block.depth or under or around):
            found.append(block.text)
    return found
