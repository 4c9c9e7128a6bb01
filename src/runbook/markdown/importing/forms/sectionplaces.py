"""Parts of a Markdown file: what is under its front matter, a section, the newest entry."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from runbook.core.matching.flat import Flat
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Insert, Operation, RewriteFile
from runbook.markdown.importing.forms.recognized import Finder, Recognized
from runbook.markdown.importing.places.files import Scope, target
from runbook.markdown.importing.places.inplace import anchored, in_place, makes
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.wording import inexact

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
    r"\W*(?:(?:in|to)\s+``,?\s*)?(?:insert|add)\s+(?:a|the)\s+new\s+(?:top\s+)?(?:heading|section|"
    r"entry)\s+(?:immediately\s+|directly\s+|right\s+|just\s+)?(?:above|before)\s+the\s+"
    r"(?:current|existing)\s+(?:top|first|topmost)\s+(?:heading|section|entry)\s*[.:：]?(?P<rest>.*)",
    re.IGNORECASE,
)
# In a log of changes, its top is above the newest entry.
_TOP = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:(?:in|to)\s+``\s*,?\s*)?(?:(?:add|insert|write|put)\s+(?:(?:a|an|the|this|new|"
    r"following|v?\d[\w.-]*|changelog|release|version)\s+)*(?:entry|section|block)?\s*(?:at|to)\s+the\s+(?:very\s+)?top"
    r"(?:\s+of\s+(?:the\s+)?(?:``|entries|changelog|log|file|list))?|prepend(?:\s+to\s+``)?)"
    r"(?:\s+(?:in|of)\s+``)?\s*(?P<rest>\([^()]*\))?\s*[:：.]?\W*",
    re.IGNORECASE,
)
_BELOW_HEAD = re.compile(
    r"\((?:after|below)\s+(?:the|any)\s+(?:\w+\s+)?(?:header|heading|title|intro\w*)(?:\s+lines?)?\)",
    re.IGNORECASE,
)
_LOG = re.compile(
    r"(?:^|/)(?:CHANGELOG|CHANGES|HISTORY|NEWS|RELEASE[-_]?NOTES)\.\w+$", re.IGNORECASE
)
_SECTION = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:in\s+`[^`\n]+`,?\s*)?replace\s+(?:the\s+)?(?:entire\s+|whole\s+)?section\s+"
    r"(?:starting\s+(?:at\s+|with\s+)?|from\s+)`(?P<first>#{1,6}\s[^`\n]+)`\s+(?:down\s+)?(?:up\s+)?to\s+"
    r"\(?(?:but\s+)?not\s+including\)?\s+`(?P<next>#{1,6}\s[^`\n]+)`\s+with"
    r"(?:\s+(?:this|the\s+following))?\s*[:：]\W*",
    re.IGNORECASE,
)
MARKDOWN = (".md", ".mdx", ".markdown")
_KEY = re.compile(r"""(?:[\w.$@-][\w .$@/-]*|"[^"]*"|'[^']*')\s*:(?:\s|$)""")
_UNRELEASED = re.compile(r"\b(?:unreleased|upcoming|next)\b", re.IGNORECASE)
_HEADING = re.compile(r"(#{1,6})\s+\S")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")


def section(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """A part of a Markdown file that is named by headings or its front matter, given anew."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    if scope.text is None or elided(piece.text) or inexact(lead):
        return None
    path = target(lead, piece.text, piece.info, scope, before)
    find = None if path is None else _finder(lead, scope.title, piece.text, path)
    if find is None or path is None or not path.endswith(MARKDOWN):
        return None
    stand_in = Append(Text(piece.text, True))
    about = telling(piece.text)
    return Recognized(
        path, stand_in, index, index, anchored=True, find=find, about=about, sure=False
    )


def _finder(lead: str, title: str, code: str, path: str) -> Finder | None:
    bare = re.sub(r"`[^`\n]*`", "``", lead)
    body = _BODY.fullmatch(bare)
    if body and (_BELOW.search(bare) or _BELOW.search(title)):
        return partial(_body, code=code)
    newest = _NEWEST.fullmatch(bare)
    if newest and not asks_for_more(newest[0]):
        return partial(_newest, code=code)
    top = _TOP.fullmatch(bare) if _LOG.search(path) else None
    if top and (not top["rest"] or _BELOW_HEAD.fullmatch(top["rest"])):
        return partial(_newest, code=code, dated=True)
    stretch = _SECTION.fullmatch(lead)
    if stretch:
        return partial(_stretch, first=stretch["first"], following=stretch["next"], code=code)
    return None


def _body(text: str, code: str) -> Operation | str:
    """The file with its front matter, and what is under it written anew."""
    lines = _lines(text)
    end = _front_matter_end(lines)
    if end is None or code.lstrip().startswith("---"):
        return ""
    head = lines[: end + 1]
    body = end + 1
    while body < len(lines) and not lines[body].strip():
        head.append("")
        body += 1
    if body == len(lines):
        return ""
    return RewriteFile(Text("\n".join(head) + "\n" + code.strip("\n") + "\n", True))


def _front_matter_end(lines: list[str]) -> int | None:
    """The line (from 0) that ends the front matter; between rules there may be anything else."""
    if lines[0].rstrip() != "---":
        return None
    # Indented, it is part of a value.
    end = next((at for at in range(1, len(lines)) if lines[at].rstrip() == "---"), None)
    outer = [line for line in lines[1:end] if line.strip() and line[0] not in " \t"]
    keys = [line for line in outer if _KEY.match(line)]
    return end if keys and all(_KEY.match(line) or line[0] in "#-]}" for line in outer) else None


def hidden_heading(text: str, path: str, anchor: str) -> str:
    """Why an anchor that reads like a heading of a Markdown file is none; nothing if it is one."""
    line = anchor.rstrip("\n")
    if not path.endswith(MARKDOWN) or "\n" in line or not _HEADING.match(line):
        return ""
    lines = _lines(text)
    stands = [at for at, each in enumerate(lines) if each.strip() == line.strip()]
    found = {at for at, _ in headings(lines)}
    if not stands or found.intersection(stands):
        return ""
    return f"`{line.strip()}` stands in a code fence and is no heading"


def beside_heading(text: str | None, path: str, change: Insert, lead: str) -> Insert | str:
    """The insertion at a heading with blank lines around it, after a section at its end.

    Where that is not known, it is the reason why there is none.
    """
    line = change.anchor.value.rstrip("\n")
    heading = _HEADING.match(line)
    if not path.endswith(MARKDOWN) or heading is None or "\n" in line:
        return change
    own = change.text.value.strip("\n").split("\n")
    opens = _HEADING.match(own[0])
    whole = change.side == "after" and (
        re.search(r"\bsection\b", lead, re.IGNORECASE) is not None
        or (opens is not None and len(opens[1]) <= len(heading[1]))
    )
    lines = None if text is None else _lines(text)
    if lines is None:
        return "where its section ends is not known" if whole else change
    stands = [at for at, _ in headings(lines) if lines[at].strip() == line.strip()]
    if len(stands) != 1:
        return change
    (at,) = stands
    if change.side == "before":
        above = [""] if at and lines[at - 1].strip() else []
        return replace(change, text=Text("\n".join([*above, *own, "", ""]), True))
    last = section_end(lines, at) if whole else at
    below = [""] if last + 1 < len(lines) and lines[last + 1].strip() else []
    made = anchored(text or "", lines, at, last, "after", ["", *own, *below])
    return made or "the lines that end its section stand elsewhere too"


def section_end(lines: list[str], at: int) -> int:
    """The last line of a section that is no blank one."""
    found = headings(lines)
    level = next(depth for line, depth in found if line == at)
    end = next((line for line, depth in found if line > at and depth <= level), len(lines))
    last = end - 1
    while last > at and not lines[last].strip():
        last -= 1
    return last


def _newest(text: str, code: str, *, dated: bool = False) -> Operation | str:
    """The entry of a log above the newest one, which is the first heading of its level.

    `dated` if both must tell a version or a date, as the words alone don't say that they do.
    """
    lines = _lines(text)
    heading = _HEADING.match(code.lstrip("\n"))
    if heading is None:
        return ""
    first = next((at for at, level in headings(lines) if level == len(heading[1])), None)
    if first is None or any(level > len(heading[1]) for at, level in headings(lines[:first])):
        return ""
    if dated and not all(re.search(r"\d", each) for each in (lines[first], code.split("\n")[0])):
        return ""
    if _UNRELEASED.search(lines[first]):
        # What is to come may stay the top of it, or become this entry.
        return ""
    anchor = Text(lines[first] + "\n", True)
    if len(Flat(text).occurrences(anchor)) != 1:
        return ""
    new = [*code.strip("\n").split("\n"), ""]
    change = Insert("before", anchor, Text("\n".join(new) + "\n", True))
    whole = "\n".join([*lines[:first], *new, *lines[first:]])
    return change if makes(text, change, whole) else ""


def _stretch(text: str, first: str, following: str, code: str) -> Operation | str:
    """All from one heading to the one before the other, in place of which the block stands."""
    lines = _lines(text)
    found = {at for at, _ in headings(lines)}
    begins = [at for at in found if lines[at].strip() == first.strip()]
    ends = [at for at in found if lines[at].strip() == following.strip()]
    if len(begins) != 1 or len(ends) != 1 or begins[0] >= ends[0]:
        return ""
    if any(line.strip() == following.strip() for line in code.split("\n")):
        return ""
    last = ends[0] - 1
    while not lines[last].strip():
        last -= 1
    return in_place(text, lines, begins[0], last, code.strip("\n").split("\n")) or ""


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def headings(lines: list[str]) -> list[tuple[int, int]]:
    """The lines (from 0) of headings outside of fences, with their levels."""
    found = ((at, _HEADING.match(lines[at])) for at in unfenced(lines))
    return [(at, len(heading[1])) for at, heading in found if heading]


def unfenced(lines: list[str]) -> list[int]:
    """The lines (from 0) outside of fences."""
    found = []
    fence = ""
    for at, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not line.strip().strip("`~")
            fence = "" if closes else fence
        elif mark:
            fence = mark[1]
        else:
            found.append(at)
    return found
