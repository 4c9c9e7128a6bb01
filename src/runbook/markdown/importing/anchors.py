"""Anchors in words: "insert after `import os`", "find this block, and insert below it"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.operations import Insert
from runbook.markdown.importing.filelist import parse_path

Side = Literal["after", "before"]

_ENDS = re.compile(
    r"\b(?P<side>after|below|before|above)\b(?:\s+(?:it|this|the|these|line|lines|block|code|"
    r"following|existing|import|row|call|statement|heading))*\s*[:：]\W*$",
    re.IGNORECASE,
)
_INSERT = re.compile(r"^\W*(?:and\s+)?(?:insert|add)\b[^.`]{0,50}[:：]?\W*$", re.IGNORECASE)
_INSERT_AT = re.compile(
    r"^\W*(?:and\s+)?(?:insert|add|place)\b[^.`]{0,40}?\b(?P<side>after|below|before|above)\s+"
    r"(?:it|this|that|the (?:block|line|row))\W*$"
    r"|^\W*(?:and\s+)?(?:immediately|directly|right)?\s*(?P<side2>after|below|before|above)\s+"
    r"(?:it|this|that)\b,?\s*(?:insert|add)\b[^.`]{0,30}\W*$",
    re.IGNORECASE,
)
_OPEN = (":", "{", "(", "[", ",", "\\")  # ends of lines that go on
_FIND = re.compile(r"\b(?:find|locate)\b", re.IGNORECASE)
_BEGINS = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:then\s+)?(?:insert|add|place|after|before|below|above|immediately|"
    r"directly|right|just|in)\b",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"\b(?:immediately\s+|directly\s+|right\s+|just\s+)?(?P<side>after|below|before|above)\s+"
    r"(?:the\s+)?(?P<what>(?:(?:existing\s+)?(?:line|import|statement|call|row|heading)s?\s+)?)"
    r"`(?P<anchor>[^`\n]+)`(?P<what2>(?:\s+(?:line|import|statement|call|row|heading))?)"
    r"(?P<rest>[^`]*)$",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\W*(?:,?\s*(?:add|insert|place)(?:\s+(?:the following|this)(?:\s+\w+)?)?|\s*in\s*)?\W*",
    re.IGNORECASE,
)


def between_blocks(lead: str, words: str) -> Side | None:
    """Where the second of two blocks goes, seen from the first: the anchor."""
    ends = _ENDS.search(lead)
    if ends and _INSERT.fullmatch(words):
        return _side(ends["side"])
    at = _INSERT_AT.fullmatch(words)
    if at and (_FIND.search(lead) or ends):
        return _side(at["side"] or at["side2"])
    return None


def inline(lead: str, code: str, lines: LineRange | None) -> Insert | None:
    """The insertion of a block at an anchor that the words quote, if that is a whole line."""
    of_a_file = re.search(r"\s+in\s+`(?P<path>[^`\n]+)`(?P<rest>\W*)$", lead)
    if of_a_file and parse_path(of_a_file["path"]):
        lead = lead[: of_a_file.start()] + of_a_file["rest"]
    found = _INLINE.search(lead)
    if found is None or not _BEGINS.match(lead):
        return None
    if len(re.findall(r"\b(?:after|before|below|above)\b", lead, re.IGNORECASE)) != 1:
        return None
    if not _REST.fullmatch(re.sub(r"\([^)]*\)", "", found["rest"])):
        return None
    anchor = found["anchor"].strip()
    side = _side(found["side"])
    called = bool((found["what"] + found["what2"]).strip())
    shown = code.strip("\n").split("\n")
    if shown[0 if side == "after" else -1].strip().startswith(anchor):
        # The block shows the anchor as well: inserted, it would stand there twice.
        return None
    if "…" in anchor or "..." in anchor or not _whole_line(anchor, side, called=called):
        return None
    # Blank lines at the block's ends are part of it.
    text = code if code.endswith("\n") else code + "\n"
    return Insert(side, Text(anchor + "\n", True), Text(text, True), lines=lines)


def shows_again(old: str, new: str) -> bool:
    """Whether a block is another one with some lines put into it, next to each other."""
    before, after = old.rstrip("\n").split("\n"), new.rstrip("\n").split("\n")
    if len(after) <= len(before) or not any(re.search(r"\w{2}", line) for line in before):
        return False
    above = 0
    while above < len(before) and before[above] == after[above]:
        above += 1
    below = 0
    while below < len(before) - above and before[-1 - below] == after[-1 - below]:
        below += 1
    return above + below == len(before)


def completed(text: str, insert: Insert) -> Insert:
    """The insertion with the whole line as its anchor, where the plan quotes the line's beginning.

    Only where no line is what the plan quotes, and one line begins with it.
    """
    quoted = insert.anchor.value.rstrip("\n")
    lines = text.split("\n")
    if "\n" in quoted or any(line.strip() == quoted.strip() for line in lines):
        return insert
    begun = [at for at, line in enumerate(lines) if line.strip().startswith(f"{quoted.strip()} ")]
    if len(begun) != 1 or (insert.side == "after" and _goes_on(lines, begun[0])):
        return insert
    return replace(insert, anchor=Text(lines[begun[0]] + "\n", True))


def _goes_on(lines: list[str], at: int) -> bool:
    """Whether what begins in a line goes on in the next ones."""
    line = lines[at].rstrip()
    below = next((each for each in lines[at + 1 :] if each.strip()), "")
    deeper = len(below) - len(below.lstrip()) > len(line) - len(line.lstrip())
    # What a remark follows may be open as well.
    code = re.sub(r"\s(?:#|//)\s.*", "", line).rstrip()
    return deeper or code.endswith(_OPEN)


def _side(word: str) -> Side:
    return "after" if word.lower() in ("after", "below") else "before"


def _whole_line(anchor: str, side: Side, *, called: bool) -> bool:
    """Whether code in a sentence is a whole line, and not the name of something longer.

    After the head of a function or section, "after" means its end, which is not said.
    """
    if re.match(r"#{1,6}\s+\S", anchor):
        return side == "before"
    if re.match(
        r"(?:export\s+)?(?:async\s+)?(?:def|class|function|fn|pub|impl|struct|interface|type|"
        r"enum)\b",
        anchor,
    ):
        return False
    if side == "after" and anchor.endswith(_OPEN):
        return False
    if re.match(
        r"(?:from\s+\S+\s+import\s+\S|import\s+\S|use\s+\S+;|#include\s|(?:const|let|var)\s+\w.*=|"
        r"return\s+\S)",
        anchor,
    ):
        return True
    if re.match(r"[\w.\[\]\"']+(?:\s*:\s*[\w\[\], |.]+)?\s*=\s*\S", anchor):
        return True
    return bool(re.fullmatch(r"[\w.]+\(.*\);", anchor)) or (
        called and bool(re.fullmatch(r"[\w.]+\(.*\)", anchor))
    )
