"""Parts of a file that a plan gives anew, by name or by lines, without their old text."""

from __future__ import annotations

import ast
import re
from functools import partial
from textwrap import dedent

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Insert, Operation
from runbook.markdown.importing.forms.recognized import Finder, Recognized
from runbook.markdown.importing.forms.sectionplaces import MARKDOWN, headings, section_end
from runbook.markdown.importing.places.definitions import is_definition, parsed, source
from runbook.markdown.importing.places.files import Scope, target
from runbook.markdown.importing.places.inplace import in_place
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import cut_off, elided
from runbook.markdown.importing.words.filekinds import is_document
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.sides import Side
from runbook.markdown.importing.words.wording import inexact

_VERB = (
    r"\W*(?:\d+[.)]\s*)?(?:(?:then|next|now|also|finally)\b,?\s+)?(?:in\s+`[^`\n]+`\s*,?\s*)?"
    r"(?P<verb>replace|rewrite|update|change|modify|set)\s+(?:the\s+)?"
    r"(?:(?:existing|current|entire|whole|full|content\s+of\s+the|contents\s+of\s+the|text\s+of\s+the)\s+)*"
)
_END = r"(?:\s+(?:with|to|to\s+read|as\s+follows)(?:\s+(?:this|the\s+following))?)?\s*[:：]?\W*"
_IN_FILE = r"(?:\s+(?:in|of)\s+`[^`\n]+`)?(?:\s*\([^()]*\))?"
_SECTION = re.compile(
    rf"{_VERB}(?:content\s+of\s+)?(?:`(?P<code>#{{1,6}}\s[^`\n]+)`|"
    r"[\"“*`]{0,2}(?P<name>[A-Z][\w &/-]{2,50}?)[\"”*`]{0,2})"
    rf"(?:\s+section)?{_IN_FILE}{_END}",
    re.IGNORECASE,
)
_VALUE = re.compile(
    rf"{_VERB}(?:\w+\s+)?`(?P<name>[A-Za-z_]\w*)`(?:\s+(?:constant|value|variable|setting|default|list|"
    rf"dict|set|tuple|mapping))?{_IN_FILE}{_END}",
    re.IGNORECASE,
)
_LINES = re.compile(
    rf"{_VERB}(?:the\s+\w+\s+(?:at|on)\s+)?(?:lines?\s+|L)~?(?P<first>\d+)"
    rf"(?:\s*(?:[-–]|to|through)\s*L?(?P<last>\d+))?{_IN_FILE}{_END}",
    re.IGNORECASE,
)
_STRETCH = re.compile(
    rf"{_VERB}(?:everything\s+|all\s+|the\s+(?:lines|block)\s+)?from\s+(?:the\s+)?`(?P<first>[^`\n]+)`"
    rf"(?:\s+line)?\s+(?:through|to|up\s+to\s+and\s+including)\s+(?:the\s+)?`(?P<last>[^`\n]+)`(?:\s+line)?"
    rf"{_IN_FILE}{_END}",
    re.IGNORECASE,
)
_LIKE = 0.6  # so much of a line is the same where it is the old one of another


_BESIDE = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:in\s+`[^`\n]+`\s*,?\s*)?(?:(?:add|insert|put)\b[^`\"“.:]{0,60}?\s)?"
    r"(?:(?:immediately|directly|right|just)\s+)?(?P<side>after|before|above|below)\s+(?:the\s+)?"
    r"(?:(?:existing|current)\s+)?"
    r"(?:[\"“](?P<quoted>[^\"”\n]+)[\"”]|(?P<bare>[A-Z][\w &/-]{1,50}?))\s+"
    r"section(?:\s*\([^()]*\))?(?:\s*,?\s*(?:add|insert)\b[^`.:]{0,40})?\s*[:：.]?\W*"
)


def beside_section(
    pieces: list[Piece], index: int, scope: Scope, before: str | None
) -> Recognized | None:
    """A block after or before a section of a Markdown file that words call by its heading."""
    lead = lead_of(pieces, index, scope.title).replace("**", "")
    piece = pieces[index]
    said = _BESIDE.fullmatch(lead[:1].lower() + lead[1:])  # headings have capitals of their own
    if scope.text is None or said is None or inexact(lead) or elided(piece.text):
        return None
    path = target(lead, piece.text, piece.info, scope, before)
    if path is None or not path.endswith(MARKDOWN):
        return None
    side: Side = "after" if said["side"].lower() in ("after", "below") else "before"
    name = said["quoted"] or said["bare"]
    find = partial(_at_heading, side=side, name=name, code=piece.text)
    stand_in = Append(Text(piece.text, True))
    about = (name,)
    return Recognized(
        path, stand_in, index, index, anchored=True, find=find, about=about, sure=False
    )


def _at_heading(text: str, side: Side, name: str, code: str) -> Operation | str:
    lines = _plain(text)
    wanted = name.strip("# ").lower()
    found = [at for at, _ in headings(lines) if lines[at].strip("# ").lower() == wanted]
    if len(found) != 1:
        return f"`{name}` is a heading {'more than once' if found else 'nowhere'} in the file"
    return Insert(side, Text(lines[found[0]] + "\n", True), Text(code, True))


def part(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """A section, a constant, or some lines, of which a block is the new text."""
    lead = lead_of(pieces, index, scope.title).replace("**", "")
    piece = pieces[index]
    if scope.text is None or not piece.text.strip() or elided(piece.text):
        return None
    if inexact(lead) or asks_for_more(lead):
        return None
    path = target(lead, piece.text, piece.info, scope, before)
    found = None if path is None else _finder(lead, path, piece.text)
    if path is None or found is None or (cut_off(piece.text) and not is_document(path)):
        return None
    find, about = found
    stand_in = Append(Text(piece.text, True))
    return Recognized(
        path, stand_in, index, index, anchored=True, find=find, about=about, sure=False
    )


def _finder(lead: str, path: str, code: str) -> tuple[Finder, tuple[str, ...]] | None:
    stretch = _STRETCH.fullmatch(lead)
    if stretch:
        ends = (stretch["first"], stretch["last"])
        return partial(_stretch, first=ends[0], last=ends[1], code=code), ends
    lines = _LINES.fullmatch(lead)
    if lines:
        numbers = (int(lines["first"]), int(lines["last"] or lines["first"]))
        return partial(_lines, numbers=numbers, code=code, python=path.endswith(".py")), ()
    if path.endswith(MARKDOWN):
        section = _SECTION.fullmatch(lead)
        first = code.strip("\n").partition("\n")[0].strip()
        if section and re.match(r"#{1,6}\s", first):
            said = section["code"] or section["name"]
            return partial(_section, said=said, verb=section["verb"].lower(), code=code), (first,)
        return None
    value = _VALUE.fullmatch(lead)
    if value and path.endswith((".py", ".pyi")):
        name, verb = value["name"], value["verb"].lower()
        return partial(_value, name=name, verb=verb, code=code), (name,)
    return None


def _plain(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def _filled(lines: list[str]) -> int:
    return sum(1 for line in lines if line.strip())


def _section(text: str, said: str, verb: str, code: str) -> Operation | str:
    """All of a section, heading and all, by the heading that the block begins with as well."""
    lines, new = _plain(text), code.strip("\n").split("\n")
    first = new[0].strip()
    if first.lstrip("# ").lower() != said.lstrip("# ").strip().lower():
        return ""
    found = [at for at, _ in headings(lines) if lines[at].strip() == first]
    if len(found) != 1:
        return f"`{first}` is a heading {'more than once' if found else 'nowhere'} in the file"
    last = section_end(lines, found[0])
    old = lines[found[0] : last + 1]
    below = [old[at].strip() for at, _ in headings(old)][1:]
    if any(each not in [line.strip() for line in new] for each in below):
        return f"`{first}` has sections of its own, of which the new text says nothing"
    if not _whole(verb, old, new):
        return ""
    return in_place(text, lines, found[0], last, new) or ""


def _whole(verb: str, old: list[str], new: list[str]) -> bool:
    """Whether a block is all of what it updates: what is only shown in part has fewer lines."""
    return verb in ("replace", "rewrite") or _filled(new) >= _filled(old)


def _value(text: str, name: str, verb: str, code: str) -> Operation | str:
    """The assignment of a name at the top of a Python file, or in the one class that has it."""
    there, block = source(text), parsed(dedent(code))
    if there is None or block is None or len(block.body) != 1:
        return ""
    (new,) = block.body
    named = new.targets[0] if isinstance(new, ast.Assign) and len(new.targets) == 1 else None
    named = new.target if isinstance(new, ast.AnnAssign) else named
    if not isinstance(named, ast.Name) or named.id != name:
        return ""
    found = there.named(name)
    if len(found) != 1 or found[0].loose or found[0].kind != "value":
        return ""
    (old,) = found
    shown = list(there.lines[old.first : old.last + 1])
    if any("#" in line and line.strip() not in code for line in shown):
        return ""  # what is said beside it would be lost
    if not _whole(verb, shown, code.strip("\n").split("\n")) and verb != "change":
        return ""
    own = [
        old.indent + line if line.strip() else "" for line in dedent(code).strip("\n").split("\n")
    ]
    return in_place(text, there.lines, old.first, old.last, own) or ""


def _lines(text: str, numbers: tuple[int, int], code: str, *, python: bool) -> Operation | str:
    """The stated lines, where the block shows that they still are what is meant."""
    lines, new = _plain(text), code.strip("\n").split("\n")
    first, last = numbers[0] - 1, numbers[1] - 1
    said = f"line {numbers[0]}" if first == last else f"lines {numbers[0]}-{numbers[1]}"
    if not 0 <= first <= last < len(lines):
        return f"the file has no {said}"
    while first < last and not lines[first].strip():
        first += 1
    while last > first and not lines[last].strip():
        last -= 1
    same = lines[first] == new[0] and len(new[0].strip()) > 3
    named = python and _defines_same("\n".join(lines[first : last + 1]), code)
    named = named or _alike(lines, first, last, new)
    below = next((line for line in lines[last + 1 :] if line.strip()), "")
    # Of what goes on below them, they would be a part only.
    whole = _margin(below) <= _margin(lines[first]) == _margin(new[0])
    if not (same or named) or not whole:
        return f"{said} of the file may be others than the plan means"
    return in_place(text, lines, first, last, new) or ""


def _alike(lines: list[str], first: int, last: int, new: list[str]) -> bool:
    """Whether lines are those of which others were made: each is the file's most like its own."""
    if last - first + 1 != len(new):
        return False
    for at, line in enumerate(new, first):
        likeness = _likeness(lines[at], line)
        if likeness < _LIKE or any(
            _likeness(other, line) >= likeness for n, other in enumerate(lines) if n != at
        ):
            return False
    return lines[first : last + 1] != new


def _likeness(one: str, other: str) -> float:
    """How much of two lines is the same, from 0 to 1."""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, one.strip(), other.strip(), autojunk=False)
    if matcher.real_quick_ratio() < _LIKE or matcher.quick_ratio() < _LIKE:
        return 0.0
    return matcher.ratio()


def _defines_same(old: str, new: str) -> bool:
    """Whether two pieces of Python define the same functions and classes."""
    names = [
        [getattr(each, "name", "") for each in tree.body if is_definition(each)]
        for tree in (parsed(dedent(old)), parsed(dedent(new)))
        if tree is not None
    ]
    return len(names) == 2 and bool(names[0]) and names[0] == names[1]


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _stretch(text: str, first: str, last: str, code: str) -> Operation | str:
    """All from the one line of the file that is quoted first to the one that is quoted last."""
    lines = _plain(text)
    begins = [at for at, line in enumerate(lines) if line.strip() == first.strip()]
    ends = [at for at, line in enumerate(lines) if line.strip() == last.strip()]
    if len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        return "its first and last line do not stand once in the file, one after the other"
    new = code.strip("\n").split("\n")
    if _margin(new[0]) != _margin(lines[begins[0]]):
        return ""
    return in_place(text, lines, begins[0], ends[0], new) or ""
