"""Two blocks that belong together: old and new text, or an anchor and what is inserted."""

from __future__ import annotations

import re
from functools import partial

from runbook.core.matching.texts import LineRange, Occurrences, Text
from runbook.core.model.operations import Insert, Replace, ReplaceRange
from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized, of_its_kind
from runbook.markdown.importing.places.files import holding, named
from runbook.markdown.importing.places.lines import margin_of, shows_again, telling
from runbook.markdown.importing.places.spans import beside_once, replaced_once
from runbook.markdown.importing.text.pieces import lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.vocabulary import anycase, spelled
from runbook.markdown.importing.words.wording import (
    between_blocks,
    leads_to_new,
    makes_new,
    says_to,
    side_of,
)

_EVERYTHING = anycase(r"\b(everything|all) from\b[^.]{0,20}[:：]?\W*$")
_THROUGH = anycase(r"\W*(through|up to and including)\b")
_ANNOTATED = spelled(r"^\s*(#|//|--|<!--)\s*(REMOVE|DELETE|OLD|BEFORE|CURRENT)\b", re.M)
_OLD_STRING = re.compile(r"`old_string`\W*$")
_NEW_STRING = re.compile(r"\W*(?:(?:and|with)\s+)?(?:the\s+)?`new_string`\W*")
_INSIDE = "change|replace|update <code:old> (<arrow> | with|by) <code:new>"
_KEEPING = (
    "change|replace|update the|this|that|these|those [<few>]"
    " lines?|block|code|text|call|rule|statement|section <tail> to|with|by"
)
_FIND = anycase(r"\b(find|locate)\b")
_ADD = anycase(r"\W*(and |then )?(add|insert|extend|include|put|place)\b[^`]*[:：]\W*$")
_AS_IT_IS = anycase(r"\bcurrently\b[^.:]*(\([^()]*\))?\s*[:：]\W*$")
_ADDS_IN = anycase(r"\W*(and |then )?(also )?(add|insert|extend|include)\b[^\n]*[:：]\W*$")
_OF_NEW = anycase(r"\b(new|should|must|after|becomes?|expected|result)\b")
_BESIDE_SHOWN = anycase(
    r"\b(?P<side>after|below|before|above) (the|this) "
    r"(existing )?[\w -]{1,40}(\([^()]*\)\s*)?[:：]\W*$"
)
_INSERTS = anycase(r"\W*(and )?(insert|add)\b[^.`]{0,50}[:：]\W*")
_FROM_TO = anycase(
    r"\b(change|replace|update|bump)\b([^`]*|.*\bfrom )`(?P<old>[^`]+)`( (on|in|at) lines? "
    r"(?P<line>\d+))? (to|with|by) `(?P<new>[^`]+)`( (on|in|at) lines? "
    r"(?P<line2>\d+))?\s*[:：]\W*$"
)
_ABOUT_A_DIFF = spelled(
    r"(?i:\b(remove|delete|insert|add|append|drop|move)\b.*\b(hunk|diff|patch)\b)"
    r"|`[A-Z][A-Z_]{2,}`"
)


def text_of(code: str) -> Text:
    """A block's text as whole lines."""
    return Text(code if code.endswith("\n") else code + "\n", True)


def stands(code: str) -> bool:
    """Whether a block can stand in the file as it is: nothing was written on it for the reader."""
    return bool(code.strip()) and not elided(code) and not _ANNOTATED.search(code)


def _stretch(block: Block) -> Recognized | None:
    """ "Replace everything from … through … with …", a block each."""
    second, third = block.second, block.following(4)
    if second is None or third is None or not _EVERYTHING.search(block.lead):
        return None
    words = [lead_of(block.pieces, block.index + at, "") for at in (2, 4)]
    if not _THROUGH.match(words[0]) or not leads_to_new(words[1], "replace"):
        return None
    path = block.file()
    if path is None or not (block.code.strip() and second.text.strip()) or elided(third.text):
        return None
    ends = (text_of(block.code), text_of(second.text))
    change = ReplaceRange(*ends, text_of(third.text), block.said.lines)
    return Recognized(path, change, block.index, block.index + 4, anchored=True)


def _pair(block: Block) -> Recognized | None:
    assert block.second is not None
    old, new = block.code, block.second.text
    path = block.file() or holding(text_of(old), block.lead, block.scope)
    if path is None or not (of_its_kind(path, block.piece) and new.strip() and stands(old)):
        return None
    words = lead_of(block.pieces, block.index + 2, "")
    if named(words, block.scope) not in ([], [path]):
        return None
    lines, last = block.said.lines, block.index + 2
    side = between_blocks(block.lead, words)
    if side is not None and not shows_again(old, new):
        change = Insert(side, text_of(old), text_of(new), lines=lines)
        return Recognized(path, change, block.index, last, anchored=True)
    if side is None and (not leads_to_new(words, block.lead) or old == new):
        return None
    # Where the anchor is shown with what is added to it, it would stand there twice.
    count: Occurrences = "all" if side is None and block.said.everywhere else 1
    hint = None if count == "all" else lines
    return Recognized(path, Replace(text_of(old), text_of(new), count, hint), block.index, last)


def _described(block: Block) -> Recognized | None:
    """A block that the words describe as it is, and "Change to:" with what it becomes.

    Or "Find:" and a block, and "Add:" with the same block that has more in it.
    """
    assert block.second is not None
    old, new, between = block.code, block.second.text, block.between
    if not old.strip() or not new.strip() or old == new:
        return None
    widened = _FIND.search(block.lead) and _ADD.match(between) and shows_again(old, new)
    named_so = _OLD_STRING.search(block.lead) and _NEW_STRING.fullmatch(between)
    stated = bool(named_so or (widened and "more" not in block.pair_guards))
    grown = _AS_IT_IS.search(block.lead) and _ADDS_IN.match(between) and shows_again(old, new)
    if not stated and not (grown and block.scope.text is not None):
        if block.scope.text is None or not _changes(between, old, new):
            return None
        shows_new = makes_new(block.lead) or _OF_NEW.search(block.lead) or block.said.more
        if shows_new and not leads_to_new(between, block.lead):
            return None
    change = Replace(text_of(old), text_of(new), lines=block.said.lines)
    path = block.file() or holding(change.search, block.lead, block.scope)
    if path is None:
        return None
    last = block.index + 2
    if stated:
        return Recognized(path, change, block.index, last)
    once = partial(replaced_once, change=change)
    return Recognized(path, once, block.index, last, about=telling(block.code), sure=False)


def _changes(between: str, old: str, new: str) -> bool:
    """Whether the words between two blocks say that the first becomes the second."""
    inside = told(_INSIDE, between)
    if inside is not None:
        return inside["old"] in old and old.replace(inside["old"], inside["new"]) == new
    return says_to(between) or told(_KEEPING, between) is not None


def _beside_shown(block: Block) -> Recognized | None:
    """ "After the existing check:" and a block, "add another:" and what goes there."""
    assert block.second is not None
    old, new = block.code, block.second.text
    side = _BESIDE_SHOWN.search(block.lead)
    if side is None or not _INSERTS.fullmatch(block.between) or not new.strip():
        return None
    anchor = Text(old.rstrip("\n") + "\n", True)
    path = block.file() or holding(anchor, block.lead, block.scope)
    if path is None or shows_again(old, new) or margin_of(old) != margin_of(new):
        return None
    change = Insert(side_of(side["side"]), anchor, Text(new.rstrip("\n") + "\n", True))
    find, last = partial(beside_once, change=change), block.index + 2
    about = telling(old)
    return Recognized(path, find, block.index, last, anchored=True, about=about, sure=False)


def _resulting(block: Block) -> Recognized | None:
    """A line that is shown as it is to be, of which one word is changed.

    The old line is the shown one with the old word in it: the new word must stand there once, and
    the old one not at all.
    """
    said = _FROM_TO.search(block.lead)
    code = block.code.rstrip("\n")
    if said is None or "\n" in code or not code.strip() or block.said.everywhere:
        return None
    old, new = said["old"], said["new"]
    several = re.search(r"\b(?:every|each|all)\b", block.lead, re.IGNORECASE)
    bound = re.escape(old) if not old[-1].isdigit() else rf"(?<!\d){re.escape(old)}(?!\d)"
    if several or parse_path(old) or code.count(new) != 1 or re.search(bound, code) or code == new:
        return None
    path = block.file()
    if path is None:
        return None
    line = int(said["line"] or said["line2"] or 0)
    hint = LineRange(line, line) if line else None
    return block.changed(path, Replace(text_of(code.replace(new, old)), text_of(code), lines=hint))


_DIFF_HEAD = re.compile(
    r"(?:diff [^\n]*\n)?(?:index [^\n]*\n)?--- [^\n]*\n\+\+\+ (?:b/(?P<name>[^\n]*)|[^\n]*)\n"
)


def _patch(block: Block) -> Recognized | None:
    """A diff without hunk headers, or with one: its old lines by its new ones."""
    if not block.piece.info.startswith("diff") or _ABOUT_A_DIFF.search(block.lead):
        return None  # it may be itself a part of the file
    # Further down, `+++i` adds `++i`, and `--- a` removes `-- a`.
    head = _DIFF_HEAD.match(block.code)
    name = head["name"] if head else None
    lines = block.code[head.end() if head else 0 :].rstrip("\n").split("\n")
    if lines and lines[0].startswith("@@"):
        lines = lines[1:]
    if not lines or any(
        line[:1] not in ("+", "-", " ", "") or line.startswith("@@") for line in lines
    ):
        return None
    old = "\n".join(line[1:] for line in lines if line[:1] != "+")
    new = "\n".join(line[1:] for line in lines if line[:1] != "-")
    path = name or block.file(code="")
    if path is None or not old.strip() or elided(old) or elided(new) or old == new:
        return None
    return block.changed(path, Replace(text_of(old), text_of(new)))


_SAIL = "sail(1)\nrow()\n"
STRETCH = Form(
    "all from a block through another",
    _stretch,
    tried=False,
    allows=("more",),
    uncut=True,
    seeks=False,
)
PAIR = Form(
    "old and new text, or an anchor and what goes there",
    _pair,
    (
        Example(
            "Change this line from:", "row()\n", _SAIL, "sail(1)\npull()\n",
            then=("To:", "pull()\n"),
        ),
        Example(
            "Current code (lines 2-2):", "row()\n", _SAIL, "sail(1)\npull()\n",
            then=("Target code (same position, the rest is unchanged):", "pull()\n"),
        ),
        Example(
            "In `ship.py`, remove:", "row()\n", _SAIL, "sail(1)\npull()\n",
            then=("Replace with:", "pull()\n"),
        ),
        Example(
            "Find this line:", "sail(1)\n", _SAIL, "sail(1)\nwait()\nrow()\n",
            then=("Insert below it:", "wait()\n"),
        ),
    ),
    ("Change something like this from:", "Change this line, for example, from:"),
    tried=False,
    pair=True,
    allows=("more",),
    uncut=True,
    seeks=False,
)  # fmt: skip
PATCH = Form(
    "a diff",
    _patch,
    tried=False,
    allows=("hedged", "more", "elided"),
)
DESCRIBED = Form(
    "a block as it is, and what it becomes",
    _described,
    (
        Example(
            "The file has this call:", "row()\n", _SAIL, "sail(1)\npull()\n",
            then=("Change to:", "pull()\n"),
        ),
        Example(
            "Find the two calls:", _SAIL, _SAIL, "sail(1)\nwait()\nrow()\n",
            then=("Add a third:", "sail(1)\nwait()\nrow()\n"),
        ),
        Example(
            "In `ship.py`, the voyage currently reads:", _SAIL, _SAIL,
            "sail(1)\nwait()\nrow()\n",
            then=("Add `wait` between the two:", "sail(1)\nwait()\nrow()\n"),
        ),
    ),
    ("The new call should be:", "For example:"),
    tried=False,
    pair=True,
    allows=("more",),
)  # fmt: skip
BESIDE_SHOWN = Form(
    "a block that is there, and what goes beside it",
    _beside_shown,
    (
        Example(
            "After the first call:", "sail(1)\n", _SAIL, "sail(1)\nwait()\nrow()\n",
            then=("add another one:", "wait()\n"),
        ),
    ),
    ("Near the first call:", "After each call:"),
    pair=True,
    seeks=False,
)  # fmt: skip
RESULTING = Form(
    "a line as it is to be, of which a word is changed",
    _resulting,
    (
        Example(
            "Change the number from `1` to `2`:", "sail(2)\n", _SAIL, "sail(2)\nrow()\n"
        ),
    ),
    ("Change every number from `1` to `2`:", "Change the number to `2`:"),
    tried=False,
    allows=("more",),
)  # fmt: skip
