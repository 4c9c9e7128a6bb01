"""Parts of a Markdown file that words name by headings or front matter: given anew, or added to."""

from __future__ import annotations

import re
from functools import partial

from runbook.markdown.importing.forms.form import (
    Block,
    Example,
    Finder,
    Form,
    Recognized,
    Words,
    worded,
)
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.places.sections import (
    MARKDOWN,
    at_heading,
    between,
    body_anew,
    end_of,
    newest_entry,
    section_anew,
    sections_anew,
    top_of,
)
from runbook.markdown.importing.text.pieces import lead_of
from runbook.markdown.importing.words.vocabulary import (
    ANEW,
    BEGIN,
    END,
    IN,
    OF_FILE,
    PUTTING,
    RIGHT,
    SIDE,
    WITH,
    without_code,
)


def _heading(group: str = "name", section: str = r"(?:\s+section)?") -> str:
    """A heading as words call it: quoted with its signs, by its text, or plain as a name."""
    return (
        rf"(?:the\s+)?(?:(?:existing|current)\s+)?(?:`(?P<{group}>#{{1,6}}\s[^`\n]+)`|"
        rf"[\"“](?P<{group}2>[^\"”\n]+)[\"”]|(?P<{group}3>(?-i:[A-Z])[\w &/-]{{1,50}}?)){section}"
    )


_REMARK = r"(?:\s*\([^()]*\))?"
_PUTS = rf"{BEGIN}{IN}(?:{PUTTING}(?:\b[^`\"“.:]{{0,60}}?\s)?)?"
_THEN = r"(?:\s*,?\s*(?:add|insert|put|append)\b[^`.:]{0,40})?"
_THIS = r"(?:\s+(?:this|the\s+following))?"
_SECTION = r"\s+section"
_AT_TOP = re.compile(
    rf"{_PUTS}(?:to|at)\s+the\s+(?:very\s+)?(?:top|start|beginning)\s+of\s+"
    rf"{_heading()}{OF_FILE}{_REMARK}{_THEN}{END}",
    re.IGNORECASE,
)
_AT_END = re.compile(
    rf"{_PUTS}(?:to|at)\s+the\s+(?:very\s+)?(?:end|bottom)\s+of\s+"
    rf"{_heading(section=_SECTION)}{OF_FILE}{_REMARK}{_THEN}{END}",
    re.IGNORECASE,
)
_FOUND_END = re.compile(
    rf"{BEGIN}{IN}(?:find|locate|in|under)\s+{_heading(section=_SECTION)}{OF_FILE}{_REMARK}\s*,?"
    rf"\s*(?:and\s+)?(?:add|insert|append){_THIS}\s+(?:after\s+(?:the|its)\s+"
    r"(?:existing|current)\s+(?:content|text|paragraphs?)|(?:at|to)\s+(?:the|its)\s+(?:end|bottom))"
    rf"{END}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"{BEGIN}{IN}{PUTTING}\s+[^`\"“.:]{{0,40}}?\bbetween\s+{_heading('one')}\s+and\s+"
    rf"{_heading('two')}{OF_FILE}{_REMARK}{END}",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    rf"{BEGIN}{IN}(?:{PUTTING}\b[^`\"“.:]{{0,60}}?\s)?{RIGHT}{SIDE}\s+(?:the\s+)?"
    r"(?:(?:existing|current)\s+)?(?:`(?P<name>#{1,6}\s[^`\n]+)`(?:\s+section)?|"
    r"[\"“](?P<name2>[^\"”\n]+)[\"”]\s+section|(?P<quote>[\"“])(?P<name3>[^\"”\n]+)[\"”]|"
    rf"(?P<name4>[A-Z][\w &/-]{{1,50}}?)\s+section){OF_FILE}{_REMARK}"
    r"(?:\s*,?\s*(?:add|insert)\b[^`.:]{0,40}(?:`(?P<new>#{1,6}\s[^`\n]+)`(?:\s+section)?)?)?"
    rf"(?:\.\s+[Tt]he\s+(?:full\s+|new\s+|exact\s+)?(?:content|text|section)\b[^`.:]{{0,40}})?{END}"
)
_ANEW = re.compile(
    rf"{ANEW}(?:content\s+of\s+)?(?:`(?P<name>#{{1,6}}\s[^`\n]+)`|"
    r"[\"“*`]{0,2}(?P<name2>[A-Z][\w &/-]{2,50}?)[\"”*`]{0,2})"
    rf"(?:\s+section)?{OF_FILE}{_REMARK}{WITH}{END}",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    rf"{BEGIN}{IN}replace\s+(?:the\s+)?(?:entire\s+|whole\s+)?section\s+"
    r"(?:starting\s+(?:at\s+|with\s+)?|from\s+)`(?P<first>#{1,6}\s[^`\n]+)`\s+(?:down\s+)?(?:up\s+)?"
    r"to\s+\(?(?:but\s+)?not\s+including\)?\s+`(?P<following>#{1,6}\s[^`\n]+)`\s+with"
    rf"{_THIS}\s*[:：]\W*",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"{BEGIN}{IN}(?:find|locate)\s+(?:the\s+)?(?:(?:existing|current)\s+)?(?:section\s+)?(?:heading\s+)?"
    rf"`(?P<first>#{{1,6}}\s[^`\n]+)`{_REMARK}\s+and\s+the\s+next\s+(?:section\s+)?(?:heading\s+)?"
    rf"`(?P<next>#{{1,6}}\s[^`\n]+)`{_REMARK}\W*",
    re.IGNORECASE,
)
_ALL_OF_IT = re.compile(
    rf"{BEGIN}replace\s+(?:everything|all)\s+between\s+(?:them|these|the\s+two)"
    rf"(?:\s+headings)?\s+with{_THIS}\s*[:：]\W*",
    re.IGNORECASE,
)
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


def _body_or_entry(block: Block) -> Recognized | None:
    """All that is under the front matter of a Markdown file, or the newest entry of a log."""
    path = block.file()
    if path is None or not path.endswith(MARKDOWN):
        return None
    bare, code = without_code(block.lead), block.code
    find: Finder
    top = _TOP.fullmatch(bare) if _LOG.search(path) else None
    if _BODY.fullmatch(bare) and (_BELOW.search(bare) or _BELOW.search(block.scope.title)):
        find = partial(body_anew, code=code)
    elif _NEWEST.fullmatch(bare) and not block.said.more:
        find = partial(newest_entry, code=code)
    elif top and (not top["rest"] or _BELOW_HEAD.fullmatch(top["rest"])):
        find = partial(newest_entry, code=code, dated=True)
    else:
        return None
    return block.found(path, find, telling(code))


def _found_anew(block: Block) -> Recognized | None:
    """A section that is found by its heading and the next one, and then replaced."""
    at = block.index - 1
    if at < 1 or block.pieces[at - 1].kind != "prose" or not _ALL_OF_IT.fullmatch(block.said.words):
        return None
    said = _FROM.fullmatch(lead_of(block.pieces, at, "").replace("**", "").strip())
    path = None if said is None else block.file()
    if said is None or path is None or not path.endswith(MARKDOWN):
        return None
    ends = (said["first"], said["next"])
    find = partial(sections_anew, first=ends[0], following=ends[1], code=block.code)
    return Recognized(path, find, at, block.index, anchored=True, about=ends, sure=False)


_GUIDE = "# Sailing\n\n## Wind\n\nOld.\n\n## Rope\n\nKnots.\n"
_SUNNY = "# Sailing\n\n## Wind\n\nOld.\n\n## Sun\n\nHot.\n\n## Rope\n\nKnots.\n"
_LOGGED = "# Changes\n\n## 1.1\n\nWind.\n"
BODY_OR_ENTRY = Form(
    "a part of a Markdown file, by its front matter or newest entry",
    _body_or_entry,
    (
        Example(
            "Add a new entry above the current top entry:", "## 1.2\n\nRope.\n", _LOGGED,
            "# Changes\n\n## 1.2\n\nRope.\n\n## 1.1\n\nWind.\n", "CHANGELOG.md",
        ),
    ),
    ("Add an entry to `CHANGELOG.md`:", "Add a new entry near the current top entry:"),
    allows=("more", "cut off"),
)  # fmt: skip
ANEW_UP_TO = Form(
    "a section up to the next one, given anew",
    worded(Words(_UP_TO, sections_anew, MARKDOWN, ("first", "following"), more=True)),
    (
        Example(
            "Replace the section starting at `## Wind` up to but not including `## Rope` with:",
            "## Wind\n\nNew.\n", _GUIDE, _GUIDE.replace("Old", "New"), "guide.md",
        ),
    ),
    ("Replace something like the section starting at `## Wind` up to `## Rope` with:",),
    allows=("more", "cut off"),
)  # fmt: skip
GIVEN_ANEW = Form(
    "a section, given anew",
    worded(Words(_ANEW, section_anew, MARKDOWN)),
    (
        Example(
            "Replace the Wind section with:", "## Wind\n\nNew.\n", _GUIDE,
            _GUIDE.replace("Old", "New"), "guide.md",
        ),
    ),
    ("Replace a part of the Wind section with:", "Look at the Wind section:"),
    seeks=True,
)  # fmt: skip
BESIDE = Form(
    "beside a section that is called by its heading",
    worded(Words(_BESIDE, at_heading, MARKDOWN)),
    (
        Example("After the Wind section, add:", "## Sun\n\nHot.\n", _GUIDE, _SUNNY, "guide.md"),
        Example(
            "After the current `## Wind` section (lines 3-5), add a new `## Sun` section. The full "
            "content to insert after line 5:", "## Sun\n\nHot.\n", _GUIDE, _SUNNY, "guide.md",
        ),
        Example(
            'Add after "Wind" in `guide.md`:', "## Sun\n\nHot.\n", _GUIDE, _SUNNY, "guide.md"
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
AT_TOP = Form(
    "at the top of a section",
    worded(Words(_AT_TOP, top_of, MARKDOWN)),
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
    "at the end of a section",
    worded(Words(_AT_END, end_of, MARKDOWN), Words(_FOUND_END, end_of, MARKDOWN, more=True)),
    (
        Example(
            "Add a warning at the end of the Wind section:", "Beware.\n", _GUIDE,
            _GUIDE.replace("Old.\n", "Old.\n\nBeware.\n"), "guide.md",
        ),
        Example(
            "At the end of the `## Rope` section, add:", "### Ends\n\nTie them.\n", _GUIDE,
            f"{_GUIDE}\n### Ends\n\nTie them.\n", "guide.md",
        ),
        Example(
            'Find the "Wind" section and add after the existing content:', "Beware.\n", _GUIDE,
            _GUIDE.replace("Old.\n", "Old.\n\nBeware.\n"), "guide.md",
        ),
    ),
    (
        "Add a warning at the end of each section:",
        "Add a warning somewhere in the Wind section:",
        "Add a warning at the end of the Wind section if there is none:",
        'Find the "Wind" section and add near the existing content:',
    ),
    allows=("more", "cut off"),
    seeks=True,
)  # fmt: skip
BETWEEN = Form(
    "between two sections",
    worded(Words(_BETWEEN, between, MARKDOWN, ("one", "two"))),
    (
        Example(
            'Insert this between the Wind section and "## Rope":', "## Sun\n\nHot.\n", _GUIDE,
            _SUNNY, "guide.md",
        ),
    ),
    ("Insert this somewhere between the Wind section and the end:",),
    allows=("cut off",),
    seeks=True,
)  # fmt: skip
FOUND_ANEW = Form(
    "a section, from its heading to the next one", _found_anew, allows=("cut off",), seeks=True
)
