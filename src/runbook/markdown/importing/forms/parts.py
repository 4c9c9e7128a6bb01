"""Parts of a file that a plan gives anew or adds to, by headings, by name or by lines."""

from __future__ import annotations

import re
from functools import partial

from runbook.markdown.importing.forms.form import Block, Example, Finder, Form, Recognized
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.places.parsers import PYTHON
from runbook.markdown.importing.places.sections import (
    MARKDOWN,
    at_heading,
    body_anew,
    newest_entry,
    section_anew,
    sections_anew,
)
from runbook.markdown.importing.places.spans import lines_anew, stretch_anew
from runbook.markdown.importing.places.statements import value_anew
from runbook.markdown.importing.words.sides import side_of
from runbook.markdown.importing.words.vocabulary import (
    BEGIN,
    CHANGING,
    END,
    IN,
    OF_FILE,
    PUTTING,
    RIGHT,
    SIDE,
    WITH,
    without_code,
)

_VERB = (
    rf"{BEGIN}{IN}(?P<verb>{CHANGING})\s+(?:the\s+)?"
    r"(?:(?:existing|current|entire|whole|full|(?:contents?|text)\s+of(?:\s+the)?)\s+)*"
)
_IN_FILE = rf"{OF_FILE}(?:\s*\([^()]*\))?{WITH}{END}"
_SECTION = re.compile(
    rf"{_VERB}(?:content\s+of\s+)?(?:`(?P<code>#{{1,6}}\s[^`\n]+)`|"
    r"[\"“*`]{0,2}(?P<name>[A-Z][\w &/-]{2,50}?)[\"”*`]{0,2})"
    rf"(?:\s+section)?{_IN_FILE}",
    re.IGNORECASE,
)
_VALUE = re.compile(
    rf"{_VERB}(?:\w+\s+)?`(?P<name>[A-Za-z_]\w*)`(?:\s+(?:constant|value|variable|setting|default|"
    rf"list|dict|set|tuple|mapping))?{_IN_FILE}",
    re.IGNORECASE,
)
_LINES = re.compile(
    rf"{_VERB}(?:the\s+\w+\s+(?:at|on)\s+)?(?:lines?\s+|L)~?(?P<first>\d+)"
    rf"(?:\s*(?:[-–]|to|through)\s*L?(?P<last>\d+))?{_IN_FILE}",
    re.IGNORECASE,
)
_STRETCH = re.compile(
    rf"{_VERB}(?:everything\s+|all\s+|the\s+(?:lines|block)\s+)?from\s+(?:the\s+)?"
    r"`(?P<first>[^`\n]+)`(?:\s+line)?\s+(?:through|to|up\s+to\s+and\s+including)\s+(?:the\s+)?"
    rf"`(?P<last>[^`\n]+)`(?:\s+line)?{_IN_FILE}",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"{BEGIN}{IN}(?:{PUTTING}\b[^`\"“.:]{{0,60}}?\s)?{RIGHT}{SIDE}\s+(?:the\s+)?"
    r"(?:(?:existing|current)\s+)?(?:`(?P<code>#{1,6}\s[^`\n]+)`(?:\s+section)?|"
    r"[\"“](?P<quoted>[^\"”\n]+)[\"”](?P<called>\s+section)?|"
    rf"(?P<bare>[A-Z][\w &/-]{{1,50}}?)\s+section){OF_FILE}(?:\s*\([^()]*\))?"
    r"(?:\s*,?\s*(?:add|insert)\b[^`.:]{0,40}(?:`(?P<new>#{1,6}\s[^`\n]+)`(?:\s+section)?)?)?"
    rf"(?:\.\s+[Tt]he\s+(?:full\s+|new\s+|exact\s+)?(?:content|text|section)\b[^`.:]{{0,40}})?{END}"
)
_AT_END = re.compile(
    rf"{BEGIN}{IN}(?:{PUTTING}\b[^`\"“.:]{{0,60}}?\s)?(?:to|at)\s+the\s+(?:very\s+)?(?:end|bottom)\s+"
    r"of\s+(?:the\s+)?(?:(?:existing|current)\s+)?(?:`(?P<code>#{1,6}\s[^`\n]+)`|"
    r"[\"“](?P<quoted>[^\"”\n]+)[\"”]|(?P<bare>[A-Z][\w &/-]{1,50}?))\s+"
    rf"section{OF_FILE}(?:\s*\([^()]*\))?(?:\s*,?\s*(?:add|insert|append)\b[^`.:]{{0,40}})?{END}"
)
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s|\s*\|")
_BODY = re.compile(
    r"(?:.*\b(?:preserve|keep)\s+the\s+(?:existing\s+)?front\s?matter\b[^.]*\.\s*)?"
    r"\W*replace\s+the\s+(?:entire\s+|whole\s+|existing\s+)?body\b(?P<what>.*?)\s*\bwith"
    r"(?:\s+(?:this|the\s+following)(?:\s+content)?)?\s*[:：]\W*",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"\b(?:everything|all)\s+(?:below|under|after)\s+the\s+front\s?matter\b"
    r"|\beverything\s+from\s+the\s+first\s+(?:``|heading|H1)[^.]*\bdown\b|\bfront\s?matter\b",
    re.IGNORECASE,
)
_NEWEST = re.compile(
    rf"\W*(?:(?:in|to)\s+``,?\s*)?(?:insert|add)\s+(?:a|the)\s+new\s+(?:top\s+)?"
    rf"(?:heading|section|entry)\s+{RIGHT}(?:above|before)\s+the\s+(?:current|existing)\s+"
    r"(?:top|first|topmost)\s+(?:heading|section|entry)\s*[.:：]?(?P<rest>.*)",
    re.IGNORECASE,
)
# In a log of changes, its top is above the newest entry.
_TOP = re.compile(
    rf"{BEGIN}(?:(?:in|to)\s+``\s*,?\s*)?(?:(?:add|insert|write|put)\s+(?:(?:a|an|the|this|new|"
    r"following|v?\d[\w.-]*|changelog|release|version)\s+)*(?:entry|section|block)?\s*(?:at|to)\s+"
    r"the\s+(?:very\s+)?top(?:\s+of\s+(?:the\s+)?(?:``|entries|changelog|log|file|list))?|"
    rf"prepend(?:\s+to\s+(?:``|[\w./-]+\.md))?)(?:\s+(?:in|of)\s+``)?\s*(?P<rest>\([^()]*\))?{END}",
    re.IGNORECASE,
)
_BELOW_HEAD = re.compile(
    r"\((?:after|below)\s+(?:the|any)\s+(?:\w+\s+)?(?:header|heading|title|intro\w*)"
    r"(?:\s+lines?)?\)",
    re.IGNORECASE,
)
_LOG = re.compile(
    r"(?:^|/)(?:CHANGELOG|CHANGES|HISTORY|NEWS|RELEASE[-_]?NOTES)\.\w+$", re.IGNORECASE
)
_SECTIONS = re.compile(
    rf"{BEGIN}{IN}replace\s+(?:the\s+)?(?:entire\s+|whole\s+)?section\s+"
    r"(?:starting\s+(?:at\s+|with\s+)?|from\s+)`(?P<first>#{1,6}\s[^`\n]+)`\s+(?:down\s+)?(?:up\s+)?"
    r"to\s+\(?(?:but\s+)?not\s+including\)?\s+`(?P<next>#{1,6}\s[^`\n]+)`\s+with"
    r"(?:\s+(?:this|the\s+following))?\s*[:：]\W*",
    re.IGNORECASE,
)


def _beside_section(block: Block) -> Recognized | None:
    """A block after or before a section of a Markdown file that words call by its heading."""
    words = block.said.words
    said = _BESIDE.fullmatch(words[:1].lower() + words[1:])  # headings have capitals of their own
    path = None if said is None else block.file()
    if said is None or path is None or not path.endswith(MARKDOWN):
        return None
    name, first = said["code"] or said["quoted"] or said["bare"], block.code.lstrip("\n")
    heading = first.partition("\n")[0].strip()
    # What is only quoted is a heading where the block is a section, too.
    called = said["code"] or said["bare"] or said["called"] or heading.startswith("#")
    if not called or (said["new"] or heading) != heading:
        return None
    side = side_of(said["side"])
    return block.found(path, partial(at_heading, side=side, name=name, code=block.code), (name,))


def _end_of_section(block: Block) -> Recognized | None:
    """Paragraphs at the end of a section of a Markdown file that is called by its heading.

    An item or a row goes on with the ones before it, which the section may not end with.
    """
    words = block.said.words
    said = _AT_END.fullmatch(words[:1].lower() + words[1:])
    path = None if said is None or _ITEM.match(block.code) else block.file()
    if said is None or path is None or not path.endswith(MARKDOWN):
        return None
    name = said["code"] or said["quoted"] or said["bare"]
    return block.found(path, partial(at_heading, side="after", name=name, code=block.code), (name,))


def _section(block: Block) -> Recognized | None:
    """A part of a Markdown file that is named by headings or its front matter, given anew."""
    path = block.file()
    if path is None or not path.endswith(MARKDOWN):
        return None
    find = _of_markdown(block, path)
    return None if find is None else block.found(path, find, telling(block.code))


def _of_markdown(block: Block, path: str) -> Finder | None:
    bare, code = without_code(block.lead), block.code
    if _BODY.fullmatch(bare) and (_BELOW.search(bare) or _BELOW.search(block.scope.title)):
        return partial(body_anew, code=code)
    if _NEWEST.fullmatch(bare) and not block.said.more:
        return partial(newest_entry, code=code)
    top = _TOP.fullmatch(bare) if _LOG.search(path) else None
    if top and (not top["rest"] or _BELOW_HEAD.fullmatch(top["rest"])):
        return partial(newest_entry, code=code, dated=True)
    ends = _SECTIONS.fullmatch(block.lead)
    if ends:
        return partial(sections_anew, first=ends["first"], following=ends["next"], code=code)
    return None


def _part(block: Block) -> Recognized | None:
    """A section, a constant, or some lines, of which a block is the new text."""
    words, code = block.said.words, block.code
    path = block.file() if code.strip() else None
    if path is None:
        return None
    if ends := _STRETCH.fullmatch(words):
        about = (ends["first"], ends["last"])
        return block.found(
            path, partial(stretch_anew, first=about[0], last=about[1], code=code), about
        )
    if lines := _LINES.fullmatch(words):
        numbers = (int(lines["first"]), int(lines["last"] or lines["first"]))
        python = path.endswith(".py")
        return block.found(path, partial(lines_anew, numbers=numbers, code=code, python=python), ())
    heading = code.strip("\n").partition("\n")[0].strip()
    if path.endswith(MARKDOWN) and (named := _SECTION.fullmatch(words)) and heading[:1] == "#":
        said, verb = named["code"] or named["name"], named["verb"].lower()
        return block.found(path, partial(section_anew, said=said, verb=verb, code=code), (heading,))
    if path.endswith(PYTHON) and (value := _VALUE.fullmatch(words)):
        name, verb = value["name"], value["verb"].lower()
        return block.found(path, partial(value_anew, name=name, verb=verb, code=code), (name,))
    return None


_GUIDE = "# Sailing\n\n## Wind\n\nOld.\n\n## Rope\n\nKnots.\n"
_LOGGED = "# Changes\n\n## 1.1\n\nWind.\n"
SECTION = Form(
    "a part of a Markdown file, by headings or front matter",
    _section,
    (
        Example(
            "Add a new entry above the current top entry:", "## 1.2\n\nRope.\n", _LOGGED,
            "# Changes\n\n## 1.2\n\nRope.\n\n## 1.1\n\nWind.\n", "CHANGELOG.md",
        ),
        Example(
            "Replace the section starting at `## Wind` up to but not including `## Rope` with:",
            "## Wind\n\nNew.\n", _GUIDE, _GUIDE.replace("Old", "New"), "guide.md",
        ),
    ),
    ("Add an entry to `CHANGELOG.md`:", "Add a new entry near the current top entry:"),
    allows=("more", "cut off"),
)  # fmt: skip
PART = Form(
    "a section, a constant or lines, given anew",
    _part,
    (
        Example(
            "Replace the Wind section with:", "## Wind\n\nNew.\n", _GUIDE,
            _GUIDE.replace("Old", "New"), "guide.md",
        ),
        Example("Change `FAST` to:", "FAST = 2\n", "FAST = 1\n", "FAST = 2\n"),
        Example(
            "Replace from `a()` through `c()` with:", "d()\n", "a()\nb()\nc()\n", "d()\n"
        ),
    ),
    ("Replace a part of the Wind section with:", "Look at the Wind section:"),
    seeks=True,
)  # fmt: skip
BESIDE_SECTION = Form(
    "beside a section that is called by its heading",
    _beside_section,
    (
        Example(
            "After the Wind section, add:", "## Sun\n\nHot.\n", _GUIDE,
            "# Sailing\n\n## Wind\n\nOld.\n\n## Sun\n\nHot.\n\n## Rope\n\nKnots.\n", "guide.md",
        ),
        Example(
            "After the current `## Wind` section (lines 3-5), add a new `## Sun` section. The full "
            "content to insert after line 5:", "## Sun\n\nHot.\n", _GUIDE,
            "# Sailing\n\n## Wind\n\nOld.\n\n## Sun\n\nHot.\n\n## Rope\n\nKnots.\n", "guide.md",
        ),
        Example(
            'Add after "Wind" in `guide.md`:', "## Sun\n\nHot.\n", _GUIDE,
            "# Sailing\n\n## Wind\n\nOld.\n\n## Sun\n\nHot.\n\n## Rope\n\nKnots.\n", "guide.md",
        ),
    ),
    (
        "After the Wind section or the next one, add:",
        "Near the Wind section, add:",
        "After the `## Wind` section, add a new `## Moon` section:",
    ),
    allows=("cut off",),
    seeks=True,
)  # fmt: skip
END_OF_SECTION = Form(
    "at the end of a section that is called by its heading",
    _end_of_section,
    (
        Example(
            "Add a warning at the end of the Wind section:", "Beware.\n", _GUIDE,
            _GUIDE.replace("Old.\n", "Old.\n\nBeware.\n"), "guide.md",
        ),
        Example(
            "At the end of the `## Rope` section, add:", "### Ends\n\nTie them.\n", _GUIDE,
            f"{_GUIDE}\n### Ends\n\nTie them.\n", "guide.md",
        ),
    ),
    (
        "Add a warning at the end of each section:",
        "Add a warning somewhere in the Wind section:",
        "Add a warning at the end of the Wind section if there is none:",
    ),
    allows=("cut off",),
    seeks=True,
)  # fmt: skip
