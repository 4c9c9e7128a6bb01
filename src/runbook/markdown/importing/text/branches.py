"""The parts of a step that depend on something, or are one of several ways to go."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from runbook.core.value import replace, value
from runbook.markdown.importing.commands.gitcommands import COMMITS
from runbook.markdown.importing.commands.orders import changes_something, orders
from runbook.markdown.importing.commands.runlines import says_run
from runbook.markdown.importing.text.pieces import is_shell
from runbook.markdown.importing.text.reader import Block
from runbook.markdown.importing.text.sections import Section
from runbook.markdown.importing.words.conditions import (
    asks,
    begins_another_way,
    conditional,
    conditional_title,
)
from runbook.markdown.importing.words.vocabulary import anycase
from runbook.markdown.importing.words.ways import announces_ways, if_it_failed, label, variant

_EXPECTED = anycase(r"\W*(expect\w*|observed)\b")
_COMMIT_FIELD = anycase(r"^\W*Commit( message)?\s*[:：]\**\s*`", re.MULTILINE)
_ALL_OF_IT = anycase(
    r"\b(the following|these steps|as follows|this (whole )?(step|task)|(skip|skipped)\b)"
)
_QUOTED_LEAD = re.compile(r"(?!\|)[^\n]+[:：]\W*\Z")
_CARRIED_OUT = re.compile(r"`[a-z][\w./-]* [^`\n]+`")
_GOES_ON = anycase(
    r"\W*(then|finally|now|next|afterwards?|after (that|either|this)|in (both|either|any)\b|"
    r"commit|verify|run|expect\w*)\b"
)
_BOLD = re.compile(r"\W*(?:\*\*|__)[^\n]+(?:\*\*|__)\W*")


@value
class Segment:
    """Blocks of a step that belong together; `held` where they depend on something."""

    blocks: tuple[Block, ...]
    held: bool = False


def segments(section: Section) -> tuple[Segment, ...]:
    """The parts of a step, in order."""
    if _is_held(section):
        return (Segment(section.blocks, True),)
    blocks = tuple(part for block in section.blocks for part in _parted(block))
    held = _held(blocks)
    runs = groupby(range(len(blocks)), key=held.__contains__)
    made = [Segment(tuple(blocks[at] for at in run), depends) for depends, run in runs]
    return tuple(_with_items(made)) or (Segment(()),)


def together(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """The steps, those that are alternatives to each other as one."""
    nouns = Counter(label(each.title) for each in sections)
    made: list[Section] = []
    way = ""  # the noun of the alternatives that the last step is of
    for each in sections:
        noun = label(each.title) or ""
        is_way = bool(noun) and nouns[noun] > 1
        another = begins_another_way(each.title) and not each.label
        if made and ((is_way and way == noun) or another):
            made[-1] = _joined(made[-1], each)
        else:
            made.append(replace(each, branches=True) if is_way else each)
            way = noun if is_way else ""
    return tuple(made)


def _joined(one: Section, other: Section) -> Section:
    heading = Block("heading", other.line, other.line, other.title, level=4)
    return replace(one, blocks=(*one.blocks, heading, *other.blocks), branches=True)


def branch_titles(titles: list[str]) -> set[int]:
    """Which of the titles of a plan's tasks begin one of several ways."""
    nouns = Counter(label(each) for each in titles)
    return {i for i, each in enumerate(titles) if label(each) and nouns[label(each)] > 1}


def says_all_depends(blocks: tuple[Block, ...]) -> bool:
    """Whether what stands at the head of a task makes all of it depend on something."""
    return any(
        block.kind == "text"
        and bool(_ALL_OF_IT.search(block.text) or re.search(r"\boptional\b", block.text, re.I))
        and conditional(block.text)
        for block in blocks
    )


def commits(blocks: tuple[Block, ...]) -> int:
    """How many commits blocks have, as commands or as fields."""
    return sum(
        len((COMMITS if each.kind == "fence" else _COMMIT_FIELD).findall(each.text))
        for each in blocks
        if each.kind in ("fence", "text")
    )


def _is_held(section: Section) -> bool:
    if section.branches or conditional_title(section.title):
        return True
    first = next((each for each in section.blocks if each.kind not in ("rule", "comment")), None)
    # "**Step 1: Annotate** (if KEPT)", and a first sentence that is of the whole step.
    remark = first is not None and re.match(r"\s*[(（][^()（）\n]*[)）]", first.text)
    if first is None or first.kind != "text":
        return False
    if remark and conditional(remark[0]):
        return True
    told = _told(first)
    whole = _ALL_OF_IT.search(told) and not told.rstrip().endswith(":")
    return bool(whole) and first.depth == 0 and conditional(told)


def _parted(block: Block) -> Iterator[Block]:
    """A paragraph in two, where a line of its own begins what depends on something.

    So does a last sentence that leads to the next block, behind what is expected: "PASS. If not:".
    """
    lines = block.text.split("\n")
    if block.kind == "text" and len(lines) > 1 and block.last - block.first == len(lines) - 1:
        for index in range(1, len(lines)):
            if not (says_run(lines[index - 1]) or _EXPECTED.match(lines[index - 1])):
                continue
            rest = "\n".join(lines[index:])
            if conditional(rest.partition("\n")[0], leads=True, runs=True):
                at = block.first + index
                yield replace(block, text="\n".join(lines[:index]), last=at - 1)
                yield replace(block, text=rest, first=at)
                return
    if block.kind == "text" and block.text.endswith((":", "：")):
        *told, lead = re.split(r"(?<=[.!。])\s+", block.text)
        said = told and any(map(_EXPECTED.match, lines))
        if said and conditional(lead, leads=True, runs=True):
            yield replace(block, text=block.text[: -len(lead)].rstrip())
            block = replace(block, text=lead, first=block.last)
    yield block


def _held(blocks: tuple[Block, ...]) -> set[int]:
    """The indexes of the blocks that depend on something."""
    held: set[int] = set()
    ways = [i for i, each in enumerate(blocks) if each.kind in ("text", "heading")]
    labels = {i: noun for i in ways if (noun := label(blocks[i].text))}
    labelled = [i for i, noun in labels.items() if list(labels.values()).count(noun) > 1]
    if labelled:
        held.update(range(labelled[0], _end(blocks, labelled[-1], labelled=True)))
    held.update(_variants(blocks))
    held.update(_unordered(blocks))
    for index in ways:
        if announces_ways(blocks[index].text):
            announced = range(index, _end_of_ways(blocks, index))
            # What is only thought about carries nothing out.
            if any(
                _CARRIED_OUT.search(blocks[i].text) or blocks[i].kind == "fence" for i in announced
            ):
                held.update(announced)
    for index, block in enumerate(blocks):
        quoted = block.kind == "other" and bool(_QUOTED_LEAD.match(block.text))
        if index in held or not (quoted or block.kind in ("text", "heading")):
            continue
        if _EXPECTED.match(block.text):
            continue
        if block.kind == "heading" and not conditional_title(block.text):
            continue
        following = _fence_after(blocks, index)
        leads, runs = following is not None, following is not None and is_shell(following.info)
        other = begins_another_way(block.text) or (runs and _after_a_failure(blocks, index))
        asked = index > 0 and blocks[index - 1].kind == "text" and asks(blocks[index - 1].text)
        if (
            block.kind == "heading"
            or (other and leads)
            or (asked and leads)
            or conditional(_told(block), leads=leads, runs=runs)
        ):
            if following is not None and COMMITS.search(following.text) and not other:
                continue  # a commit is judged with what was changed before it
            if not leads and index and COMMITS.search(blocks[index - 1].text):
                continue  # and with what is said behind it
            begin = _before(blocks, index) if other else index
            held.update(range(begin, _end(blocks, index)))
    return held


def _after_a_failure(blocks: tuple[Block, ...], index: int) -> bool:
    """Whether a block leads to what is done where the change before it came to nothing."""
    if not if_it_failed(blocks[index].text):
        return False
    before = blocks[_before(blocks, index) : index]
    return any(
        each.kind == "fence" and is_shell(each.info) and changes_something(each.text)
        for each in before
    )


def _variants(blocks: tuple[Block, ...]) -> set[int]:
    """The indexes of what is said of one system, tool or answer each, where there are several."""
    said: dict[str, dict[int, str]] = {}
    for index, block in enumerate(blocks):
        found = variant(block.text) if block.kind in ("text", "heading") else None
        if found and (found[0] == "answer" or _leads_to_a_fence(blocks, index)):
            said.setdefault(found[0], {})[index] = found[1]
    held: set[int] = set()
    for places in said.values():
        if len(set(places.values())) > 1:
            for index in places:
                held.update(range(index, _end(blocks, index)))
    return held


def _unordered(blocks: tuple[Block, ...]) -> set[int]:
    """The indexes of commands that follow each other under labels which order none of them.

    Whatever the labels say ("Fresh clones:", "Old clones:"), they say which of them is meant.
    """
    places = []
    for index, block in enumerate(blocks):
        following = _fence_after(blocks, index)
        shell = following is not None and is_shell(following.info)
        short = block.kind in ("text", "heading") and re.fullmatch(r"[^\n]{1,80}", block.text)
        if (
            following
            and shell
            and short
            and not orders(block.text)
            and not _EXPECTED.match(block.text)
        ):
            places.append(index)
    if len(places) < 2 or not any(changes_something(blocks[at + 1].text) for at in places):
        return set()
    return set(range(places[0], _end(blocks, places[-1])))


def _end_of_ways(blocks: tuple[Block, ...], index: int) -> int:
    """Where ways that a block announces have ended: with what leads to no more of them."""
    at = index + 1
    while at < len(blocks):
        block = blocks[at]
        leads = at + 1 < len(blocks) and blocks[at + 1].kind in ("fence", "item")
        of_it = block.kind in ("fence", "item", "other") or block.depth > blocks[index].depth
        goes_on = leads and not (_GOES_ON.match(block.text) or says_run(block.text))
        if not of_it and not (block.kind in ("text", "heading") and goes_on):
            return at
        at += 1
    return at


def _told(block: Block) -> str:
    """A paragraph without what it expects of a command: that may be so or not."""
    lines = block.text.split("\n")
    expected = next((i for i, line in enumerate(lines) if _EXPECTED.match(line)), len(lines))
    return re.split(r"\s(?:→|->|=>)\s|\bExpect(?:ed|s)?\b", "\n".join(lines[:expected]))[0]


def _fence_after(blocks: tuple[Block, ...], index: int) -> Block | None:
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    return following if following is not None and following.kind == "fence" else None


def _leads_to_a_fence(blocks: tuple[Block, ...], index: int) -> bool:
    """Whether a fence follows a block, or words that lead to one."""
    between = blocks[index + 1] if index + 1 < len(blocks) else None
    if between is None or between.kind == "fence":
        return between is not None
    leads = between.kind == "text" and between.text.rstrip("*_ ").endswith((":", "："))
    return leads and _fence_after(blocks, index + 1) is not None


def _before(blocks: tuple[Block, ...], index: int) -> int:
    """Where the way begins to which the block at an index is another one."""
    at = index - 1
    while at > 0 and (
        blocks[at].kind in ("fence", "item", "rule", "comment") or _EXPECTED.match(blocks[at].text)
    ):
        at -= 1
    return max(at, 0)


def _end(blocks: tuple[Block, ...], index: int, *, labelled: bool = False) -> int:
    """Where what a block says or leads to has ended.

    Blocks that follow it and what stands deeper are of it; where it is a label, all up to the next.
    """
    first = blocks[index]
    labels = labelled or first.kind == "heading" or bool(
        _BOLD.fullmatch(first.text) and first.text.rstrip("*_ ").endswith((":", "："))
    )  # fmt: skip
    labels = labels or bool(_ALL_OF_IT.search(first.text) and not _fence_after(blocks, index))
    at = index + 1
    if first.text.rstrip("*_ ").endswith((":", "：")) and at < len(blocks):
        # What it leads to has words of its own, which are of it as well.
        at += blocks[at].kind == "text" and not _EXPECTED.match(blocks[at].text)
    while at < len(blocks):
        block = blocks[at]
        deeper = block.depth > first.depth
        if block.kind == "item" and block.depth <= first.depth and first.depth:
            return at
        if block.kind == "heading" and not (
            first.kind == "heading" and block.level > first.level and not labelled
        ):
            return at
        below = block.kind == "fence" or deeper or bool(_EXPECTED.match(block.text))
        new_label = block.kind == "text" and bool(_BOLD.match(block.text)) and not deeper
        if not below and (new_label or not labels):
            return at
        at += 1
    return at


def _with_items(made: list[Segment]) -> Iterator[Segment]:
    """The segments, each with the mark of the list item that its text stands in."""
    for index, each in enumerate(made):
        blocks = each.blocks
        if index and made[index - 1].blocks[-1].kind == "item":
            blocks = (made[index - 1].blocks[-1], *blocks)
        if index + 1 < len(made) and blocks[-1].kind == "item":
            blocks = blocks[:-1]
        if blocks:
            yield replace(each, blocks=blocks)
