"""Blocks that go to a section of a Markdown file: to its top, its end, or between two of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from runbook.core.model.operations import Operation
from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized
from runbook.markdown.importing.places.sections import (
    MARKDOWN,
    between,
    end_of,
    sections_anew,
    top_of,
)
from runbook.markdown.importing.text.pieces import lead_of
from runbook.markdown.importing.words.vocabulary import BEGIN, END, IN, OF_FILE, PUTTING


def _heading(group: str) -> str:
    """A heading as words call it: quoted with its signs, by its text, or plain as a name."""
    return (
        rf"(?:`(?P<{group}_code>#{{1,6}}\s[^`\n]+)`|[\"“](?P<{group}_quoted>[^\"”\n]+)[\"”]|"
        rf"(?P<{group}_bare>(?-i:[A-Z])[\w &/-]{{1,50}}?))"
    )


_THE = r"(?:the\s+)?(?:(?:existing|current)\s+)?"
_REMARK = r"(?:\s*\([^()]*\))?"
_SOME = r"(?:\b[^`\"“.:]{0,60}?\s)?"
_THEN = r"(?:\s*,?\s*(?:add|insert|put)\b[^`.:]{0,40})?"
_AT_TOP = re.compile(
    rf"{BEGIN}{IN}(?:{PUTTING}{_SOME})?(?:to|at)\s+the\s+(?:very\s+)?(?:top|start|beginning)\s+of\s+"
    rf"{_THE}{_heading('of')}(?:\s+section)?{OF_FILE}{_REMARK}{_THEN}{END}",
    re.IGNORECASE,
)
_AT_END = re.compile(
    rf"{BEGIN}{IN}(?:find|locate|in|under)\s+{_THE}{_heading('of')}\s+section{OF_FILE}{_REMARK}\s*,?"
    r"\s*(?:and\s+)?(?:add|insert|append)(?:\s+(?:this|the\s+following))?\s+(?:after\s+(?:the|its)\s+"
    r"(?:existing|current)\s+(?:content|text|paragraphs?)|(?:at|to)\s+(?:the|its)\s+(?:end|bottom))"
    rf"{END}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"{BEGIN}{IN}{PUTTING}\s+[^`\"“.:]{{0,40}}?\bbetween\s+{_THE}{_heading('one')}(?:\s+section)?\s+and\s+"
    rf"{_THE}{_heading('two')}(?:\s+section)?{OF_FILE}{_REMARK}{END}",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"{BEGIN}{IN}(?:find|locate)\s+{_THE}(?:section\s+)?(?:heading\s+)?`(?P<first>#{{1,6}}\s[^`\n]+)`"
    rf"{_REMARK}\s+and\s+the\s+next\s+(?:section\s+)?(?:heading\s+)?`(?P<next>#{{1,6}}\s[^`\n]+)`"
    rf"{_REMARK}\W*",
    re.IGNORECASE,
)
_ALL_OF_IT = re.compile(
    rf"{BEGIN}replace\s+(?:everything|all)\s+between\s+(?:them|these|the\s+two)"
    r"(?:\s+headings)?\s+with(?:\s+(?:this|the\s+following))?\s*[:：]\W*",
    re.IGNORECASE,
)


def _name(said: re.Match[str], group: str) -> str:
    return said[f"{group}_code"] or said[f"{group}_quoted"] or said[f"{group}_bare"]


def _words(block: Block) -> str:
    """The words, whose first letter is no capital: headings have capitals of their own."""
    words = block.said.words
    return words[:1].lower() + words[1:]


def _file(block: Block) -> str | None:
    path = block.file()
    return path if path is not None and path.endswith(MARKDOWN) else None


def _of_section(
    words: re.Pattern[str], find: Callable[[str, str, str], Operation | str]
) -> Callable[[Block], Recognized | None]:
    """A block that goes to one place of a section, where words say so."""

    def make(block: Block) -> Recognized | None:
        said = words.fullmatch(_words(block))
        path = None if said is None else _file(block)
        if said is None or path is None:
            return None
        name = _name(said, "of")
        return block.found(path, lambda text: find(text, name, block.code), (name,))

    return make


def _between(block: Block) -> Recognized | None:
    """A block between two sections that follow each other."""
    said = _BETWEEN.fullmatch(_words(block))
    path = None if said is None else _file(block)
    if said is None or path is None:
        return None
    names = (_name(said, "one"), _name(said, "two"))
    return block.found(path, partial(between, names=names, code=block.code), names)


def _anew(block: Block) -> Recognized | None:
    """A section that is found by its heading and the next one, and then replaced."""
    at = block.index - 1
    if at < 1 or block.pieces[at - 1].kind != "prose" or not _ALL_OF_IT.fullmatch(block.said.words):
        return None
    said = _FROM.fullmatch(lead_of(block.pieces, at, "").replace("**", "").strip())
    path = None if said is None else _file(block)
    if said is None or path is None:
        return None
    ends = (said["first"], said["next"])
    find = partial(sections_anew, first=ends[0], following=ends[1], code=block.code)
    return Recognized(path, find, at, block.index, anchored=True, about=ends, sure=False)


_GUIDE = "# Sailing\n\n## Wind\n\nOld.\n\n## Rope\n\nKnots.\n"
AT_TOP = Form(
    "at the top of a section",
    _of_section(_AT_TOP, top_of),
    (
        Example(
            "At the top of `## Wind` (formerly the first one), add:", "Beware.\n", _GUIDE,
            _GUIDE.replace("Old.", "Beware.\n\nOld."), "guide.md",
        ),
        Example(
            "Add a warning to the top of the Wind section:", "Beware.\n",
            "# Sailing\n\n## Wind\nOld.\n", "# Sailing\n\n## Wind\n\nBeware.\n\nOld.\n", "guide.md",
        ),
    ),
    ("At the top of each section, add:", "Near the top of `## Wind`, add:"),
    allows=("cut off",),
    seeks=True,
)  # fmt: skip
AT_END = Form(
    "behind what a section has",
    _of_section(_AT_END, end_of),
    (
        Example(
            'Find the "Wind" section and add after the existing content:', "Beware.\n", _GUIDE,
            _GUIDE.replace("Old.\n", "Old.\n\nBeware.\n"), "guide.md",
        ),
    ),
    ('Find the "Wind" section and add near the existing content:',),
    allows=("more", "cut off"),
    seeks=True,
)  # fmt: skip
BETWEEN = Form(
    "between two sections",
    _between,
    (
        Example(
            'Insert this between the Wind section and "## Rope":', "## Sun\n\nHot.\n", _GUIDE,
            _GUIDE.replace("## Rope", "## Sun\n\nHot.\n\n## Rope"), "guide.md",
        ),
    ),
    ("Insert this somewhere between the Wind section and the end:",),
    allows=("cut off",),
    seeks=True,
)  # fmt: skip
ANEW = Form("a section, from its heading to the next one", _anew, allows=("cut off",), seeks=True)
