"""Parts of a Markdown file that words name by headings or front matter: given anew, or added to."""

from __future__ import annotations

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
from runbook.markdown.importing.places.files import target
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.places.sections import (
    MARKDOWN,
    at_heading,
    between,
    body_anew,
    end_of,
    front_matter_anew,
    newest_entry,
    section_anew,
    sections_anew,
    subsection,
    top_of,
)
from runbook.markdown.importing.text.pieces import lead_of
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.vocabulary import anycase, without_code

_FOUND = (
    "find|locate [the] [existing|current] [section] [heading] <signed:first> <tail>"
    " and the next [section] [heading] <signed:next>"
)
_ALL_OF_IT = "replace everything|all between (them | these | the two) [headings]"
_BODY = anycase(
    r"(.*\b(preserve|keep) the (existing )?front\s?matter\b[^.]*\.\s*)?\W*replace the (entire |"
    r"whole |existing )?body\b(?P<what>.*?)\s*\bwith( (this|the following)( content)?)?\s*[:：]\W*"
)
_BELOW = anycase(
    r"\b(everything|all) (below|under|after) the front\s?matter\b"
    r"|\beverything from the first (``|heading|H1)[^.]*\bdown\b|\bfront\s?matter\b"
)
_NEWEST = (
    "insert|add a|the new [top] heading|section|entry [<right>] above|before the current|existing"
    " top|first|topmost|newest|latest heading|section|entry <rest>"
)
# In a log of changes, its top is above the newest entry; a remark may be on how that looks.
_TOP = (
    "(add|insert|write|put [<entry>] at|to the [very] top"
    " [of [the] entries|changelog|log|file|list] | prepend [to <bare-file>]) <tail> [<below-head>]"
)
_LOG = anycase(r"(^|/)(CHANGELOG|CHANGES|HISTORY|NEWS|RELEASE[-_]?NOTES)\.\w+$")


def _front_matter(block: Block) -> Recognized | None:
    """Keys of the front matter of a Markdown file, or all of it, in a block of YAML or the like."""
    asked = (told(each, block.said.words) for each in _FRONT)
    said = next((each for each in asked if each is not None), None)
    path = None if said is None else target(block.lead, "", "", block.scope, block.before)
    if said is None or path is None or not path.endswith(MARKDOWN) or block.said.more:
        return None
    find = partial(front_matter_anew, code=block.code, verb=said.get("verb", "add").lower())
    return block.found(path, find, telling(block.code))


def _body_or_entry(block: Block) -> Recognized | None:
    """All that is under the front matter of a Markdown file, or the newest entry of a log."""
    path = block.file()
    if path is None or not path.endswith(MARKDOWN):
        return None
    bare, code = without_code(block.lead), block.code
    find: Finder
    if _BODY.fullmatch(bare) and (_BELOW.search(bare) or _BELOW.search(block.scope.title)):
        find = partial(body_anew, code=code)
    elif told(_NEWEST, block.said.words) is not None and not block.said.more:
        find = partial(newest_entry, code=code)
    elif _LOG.search(path) and told(_TOP, block.said.words, block=False) is not None:
        find = partial(newest_entry, code=code, dated=True)
    else:
        return None
    return block.found(path, find, telling(code))


def _found_anew(block: Block) -> Recognized | None:
    """A section that is found by its heading and the next one, and then replaced."""
    at = block.index - 1
    if at < 1 or block.pieces[at - 1].kind != "prose" or told(_ALL_OF_IT, block.said.words) is None:
        return None
    said = told(_FOUND, lead_of(block.pieces, at, "").replace("**", "").strip())
    path = None if said is None else block.file()
    if said is None or path is None or not path.endswith(MARKDOWN):
        return None
    ends = (said["first"], said["next"])
    find = partial(sections_anew, first=ends[0], following=ends[1], code=block.code)
    return Recognized(path, find, at, block.index, anchored=True, about=ends, sure=False)


_FRONT = (
    "<verb> <front-matter> [<field>]",
    "<verb> <field> in|of <front-matter>",
    "in <front-matter> , <verb> <field>",
    "add [<field>] to|in <front-matter>",
    "in <front-matter> , add [<field>]",
)
_SKILL = "---\nname: sail\ntags:\n  - sea\n---\n\n# Sailing\n"
_GUIDE = "# Sailing\n\n## Wind\n\nOld.\n\n## Rope\n\nKnots.\n"
_SUNNY = "# Sailing\n\n## Wind\n\nOld.\n\n## Sun\n\nHot.\n\n## Rope\n\nKnots.\n"
_STEPS = "## Step 1: Sail\n\nOld.\n\n## Step 2: Row\n\nPull.\n"
_LOGGED = "# Changes\n\n## 1.1\n\nWind.\n"
FRONT_MATTER = Form(
    "front matter, all of it or some keys",
    _front_matter,
    (
        Example(
            "In the frontmatter, change the `tags` to:", "tags:\n  - wind\n", _SKILL,
            _SKILL.replace("sea", "wind"), "guide.md",
        ),
        Example(
            "Add to the YAML front matter:", "crew: 3\n", _SKILL,
            _SKILL.replace("sea\n", "sea\ncrew: 3\n"), "guide.md",
        ),
        Example(
            "Replace the frontmatter with:", "---\nname: row\n---\n", _SKILL,
            _SKILL.replace("sail\ntags:\n  - sea", "row"), "guide.md",
        ),
    ),
    (
        "Update the frontmatter and the body to:",
        "In the frontmatter, something like:",
        "After the frontmatter, add:",
    ),
    seeks=False,
)  # fmt: skip
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
    allows=("more",),
    seeks=False,
)  # fmt: skip
ANEW_UP_TO = Form(
    "a section up to the next one, given anew",
    worded(
        Words(
            "replace [the] [entire|whole] section [starting] [at|with|from] <signed:first>"
            " [down] [up] to <excluding> <signed:following>",
            sections_anew,
            MARKDOWN,
            ("first", "following"),
            more=True,
        )
    ),
    (
        Example(
            "Replace the section starting at `## Wind` up to but not including `## Rope` with:",
            "## Wind\n\nNew.\n", _GUIDE, _GUIDE.replace("Old", "New"), "guide.md",
        ),
    ),
    ("Replace something like the section starting at `## Wind` up to `## Rope` with:",),
    allows=("more",),
    seeks=False,
)  # fmt: skip
GIVEN_ANEW = Form(
    "a section, given anew",
    worded(Words("<verb> [content of] <title> [section]", section_anew, MARKDOWN)),
    (
        Example(
            "Replace the Wind section with:", "## Wind\n\nNew.\n", _GUIDE,
            _GUIDE.replace("Old", "New"), "guide.md",
        ),
        Example(
            "Replace the Step 1 section with:", "## Step 1: Drift\n\nNew.\n", _STEPS,
            _STEPS.replace("Sail\n\nOld", "Drift\n\nNew"), "guide.md",
        ),
    ),
    ("Replace a part of the Wind section with:", "Look at the Wind section:"),
    uncut=True,
)  # fmt: skip
BESIDE = Form(
    "beside a section that is called by its heading",
    worded(
        Words(
            "[<put> ...] <side> (<section> | [the] [existing|current] <quote> | <counted>) <tail>"
            " [, add|insert ... [<signed:new> [section]]]",
            at_heading,
            MARKDOWN,
        )
    ),
    (
        Example("After the Wind section, add:", "## Sun\n\nHot.\n", _GUIDE, _SUNNY, "guide.md"),
        Example(
            "After the current `## Wind` section (lines 3-5), add a new `## Sun` section. The full "
            "content to insert after line 5:", "## Sun\n\nHot.\n", _GUIDE, _SUNNY, "guide.md",
        ),
        Example(
            'Add after "Wind" in `guide.md`:', "## Sun\n\nHot.\n", _GUIDE, _SUNNY, "guide.md"
        ),
        Example(
            "After Step 1, add:", "## Step 1.5: Rest\n", _STEPS,
            _STEPS.replace("Old.\n", "Old.\n\n## Step 1.5: Rest\n"), "guide.md",
        ),
    ),
    (
        "After the Wind section or the next one, add:",
        "Near the Wind section, add:",
        "After the `## Wind` section, add a new `## Moon` section:",
    ),
)  # fmt: skip
AT_TOP = Form(
    "at the top of a section",
    worded(
        Words(
            "[<put> ...] to|at the [very] top|start|beginning of <heading> [section]",
            top_of,
            MARKDOWN,
        )
    ),
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
)  # fmt: skip
AT_END = Form(
    "at the end of a section",
    worded(
        Words("[<put> ...] to|at the [very] end|bottom of <heading> section", end_of, MARKDOWN),
        Words(
            "<make> (a|the|this [new] section|subsection|entry under|to|in | under)"
            " <heading> [section]",
            subsection,
            MARKDOWN,
        ),
        Words(
            "find|locate|in|under <heading> section <tail> , [and] add|insert|append"
            " [this | the following] (after the|its existing|current content|text|paragraphs?"
            " | to|at the|its end|bottom)",
            end_of,
            MARKDOWN,
            more=True,
        ),
    ),
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
        Example(
            "Add a new section under `## Wind`:", "### Storms\n\nWait.\n", _GUIDE,
            _GUIDE.replace("Old.\n", "Old.\n\n### Storms\n\nWait.\n"), "guide.md",
        ),
    ),
    (
        "Add a warning at the end of each section:",
        "Add a warning somewhere in the Wind section:",
        "Add a new section under `## Wind`:",  # the block is none
        "Add a warning at the end of the Wind section if there is none:",
        'Find the "Wind" section and add near the existing content:',
    ),
    allows=("more",),
)  # fmt: skip
BETWEEN = Form(
    "between two sections",
    worded(
        Words(
            "<put> ... between <heading:one> [section] and <heading:two> [section]",
            between,
            MARKDOWN,
            ("one", "two"),
        )
    ),
    (
        Example(
            'Insert this between the Wind section and "## Rope":', "## Sun\n\nHot.\n", _GUIDE,
            _SUNNY, "guide.md",
        ),
        Example(
            "Insert the following between Step 1 and Step 2:", "## Step 1.5: Rest\n", _STEPS,
            _STEPS.replace("Old.\n", "Old.\n\n## Step 1.5: Rest\n"), "guide.md",
        ),
    ),
    ("Insert this somewhere between the Wind section and the end:",),
)  # fmt: skip
FOUND_ANEW = Form("a section, from its heading to the next one", _found_anew)
