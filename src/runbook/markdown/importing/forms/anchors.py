"""Anchors in words: "insert after `import os`", "find this block, and insert below it"."""

from __future__ import annotations

import re

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.operations import Insert
from runbook.markdown.importing.places.lines import OPEN
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.sides import Side, side_of

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
    side = side_of(found["side"])
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
    if side == "after" and anchor.endswith(OPEN):
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
