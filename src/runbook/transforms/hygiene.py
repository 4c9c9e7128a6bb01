"""What structural edits write stays what it was: each variable one node, no line of blanks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from runbook.core.edit.syntax import VARIABLE
from runbook.core.matching.results import Conflict
from runbook.core.patterns import regex
from runbook.core.text.otherpythons import syntax_tree
from runbook.core.value import field, mutable
from runbook.transforms.layout import reindented
from runbook.transforms.syntaxtrees import MARK, Tree
from runbook.transforms.trees import Splice, line_start, lines_out, written

_NO_PARENTHESES = frozenset({"bash", "css", "html", "json", "yaml"})
"""Languages in which parentheses do not hold an expression together."""
_SEVERAL = regex(r"block|module|program|file|body|unit|suite|chunk|statements?$")
"""Kinds of nodes whose children stand for themselves."""

_NARROW = "narrow the pattern, or put what it holds in parentheses"

Parse = Callable[[str], Any]
"""Makes the root of a syntax tree of code."""


@mutable
class Part:
    """A piece of new code: of a variable by its name, or what becomes of a whole match."""

    variable: str
    items: list[str | Part] = field(default_factory=list)
    held: bool = False  # in parentheses
    was: tuple[int, int] | None = None  # where the variable stands in the text

    def text(self) -> str:
        """The code."""
        inner = "".join(each if isinstance(each, str) else each.text() for each in self.items)
        inner = inner.replace(MARK, "\n")
        return f"({inner})" if self.held else inner

    def spans(self, at: int) -> Iterator[tuple[Part, int, int]]:
        """All parts in it with where they begin and end, inner ones first; it begins at `at`."""
        inner = at + self.held
        for each in self.items:
            if isinstance(each, Part):
                yield from each.spans(inner)
                inner += len(each.text())
            else:
                inner += len(each)
        yield self, at, inner + self.held

    def shifted(self, old: str, new: str) -> None:
        """Move lines after the first from one indentation to another."""
        for number, each in enumerate(self.items):
            if isinstance(each, Part):
                each.shifted(old, new)
            elif "\n" in each and old != new:
                first, *rest, last = reindented(each, old, new).split("\n")
                kept = [line if line.strip() else "" for line in rest]
                self.items[number] = "\n".join([first, *kept, last])


@mutable
class Place:
    """A stretch of the text that becomes something else; `alone` as a statement."""

    start: int
    end: int
    new: Part
    alone: bool


def held_together(
    parse: Parse, text: str, places: list[Place], rewriting: str, language: str
) -> Conflict | None:
    """Put parentheses around what would fall apart, or say what can't be held together.

    `parse` makes a tree of a text in which the places are offsets.
    """
    if not places:
        return None
    if language in _NO_PARENTHESES:
        line = wrong(parse, _made(text, places), language)
        if line is not None and wrong(parse, text, language) is None:
            return _no_more(line, language)
        return None
    judged = _judged(parse, rewriting)
    apart = [*_apart(parse, text, places, judged)]
    while apart:
        # Variables first: what they hold apart may hold the whole together.
        first = [found for found in apart if found[0].variable] or apart
        if any(part.held for part, _, _ in first):
            break
        for part, _, _ in first:
            part.held = True
        apart = [*_apart(parse, text, places, judged)]
    if wrong(parse, text, language) is not None:
        # Where a file is no code already nothing can be said, and what did not help goes.
        for part, _, _ in apart:
            part.held = False
        return None
    if apart:
        part, line, shown = apart[0]
        what = f"`{part.variable}`" if part.variable else "the rewriting"
        return Conflict(
            f"{what} would not stay together in line {line}, where it is `{shown}`", _NARROW
        )
    return _broken(parse, text, places, judged, language)


def _broken(
    parse: Parse, text: str, places: list[Place], judged: set[str], language: str
) -> Conflict | None:
    """Hold together what can't stand without parentheses, such as lines that were in some."""
    line = wrong(parse, _made(text, places), language)
    if line is None:
        return None
    loose = [
        part
        for place in places
        for part, _, _ in place.new.spans(0)
        if part.variable in judged - {""} and not part.held and re.search(r"\s", part.text())
    ]
    for part in loose:
        part.held = True
    new = _made(text, places)
    if wrong(parse, new, language) is None:
        return None
    for part in loose:
        part.held = False
    empty = _emptied(parse, new) if language == "python" else None
    if empty is not None:
        return Conflict(f"nothing would be left in the block of line {empty}", "write `pass` there")
    if loose or wrong(parse, new, "") is not None:
        return _no_more(line, language)
    return None


def _no_more(line: int, language: str) -> Conflict:
    return Conflict(f"the rewriting would leave line {line} no {language} any more", _NARROW)


def wrong(parse: Parse, text: str, language: str) -> int | None:
    """The first line (from 1) that is no code of the language, if there is one."""
    if language == "python":
        # The parser takes much for Python that Python does not.
        tree = syntax_tree(text.encode("utf-8", "replace"))
        return (getattr(tree, "lineno", None) or 1) if isinstance(tree, Exception) else None
    found = parse(text).find({"rule": {"kind": "ERROR"}})
    return None if found is None else int(found.range().start.line) + 1


def _made(text: str, places: list[Place]) -> str:
    return written(text, whole_lines(text, edits_of(places)))


def edits_of(places: list[Place]) -> list[Splice]:
    """The new text of each place."""
    return [(place.start, place.end, place.new.text()) for place in places]


def _judged(parse: Parse, rewriting: str) -> set[str]:
    """The variables that are a node in the rewriting by itself; and "" if all of it is one."""
    plain, names, done = "", [], 0
    for variable in VARIABLE.finditer(rewriting):
        plain += rewriting[done : variable.start()]
        stand_in = f"qz{variable[2].lower()}qz"
        names.append((variable[0], len(plain), len(plain) + len(stand_in)))
        plain += stand_in
        done = variable.end()
    plain += rewriting[done:]
    tree = Tree(parse(plain))
    judged = {name for name, start, end in names if name[1] != "$" and tree.kinds(start, end)}
    return judged | ({""} if "\n" not in plain and tree.kinds(0, len(plain)) else set())


def _apart(
    parse: Parse, text: str, places: list[Place], judged: set[str]
) -> Iterator[tuple[Part, int, str]]:
    """The parts that are no node of the new text, with their line and a piece of it."""
    new = written(text, edits_of(places))
    tree, before = Tree(parse(new)), Tree(parse(text))
    moved = 0
    for place in places:
        for part, start, end in place.new.spans(place.start + moved):
            unjudged = part.variable not in judged or (place.alone and part is place.new)
            stretch = new[start:end]
            if unjudged or not stretch.strip():
                continue
            begin = start + len(stretch) - len(stretch.lstrip())
            stop = begin + len(stretch.strip())
            now = tree.kinds(begin, stop)
            was = before.kinds(*part.was) if part.was is not None else []
            # An object of braces may be read as a block, a function as its definition.
            if (
                not now
                or (was and _is_block(now) and not _is_block(was))
                or ("object" in now and tree.opens_a_block(begin))
                or ("arrow_function" in now and tree.takes_none(begin, stop))
            ):
                yield part, text.count("\n", 0, place.start) + 1, stretch.split("\n")[0][:60]
        moved += len(place.new.text()) - (place.end - place.start)


_BLOCK = regex(r"(?:block|body|declaration)$")


def _is_block(kinds: list[str]) -> bool:
    """Whether a stretch is a block or a declaration, and nothing that has a value."""
    return all(_BLOCK.search(kind) for kind in kinds)


def stands_alone(node: Any) -> bool:
    """Whether a node is a statement, or one of several things that do not hold together."""
    above = node.parent()
    return above is None or _SEVERAL.search(above.kind()) is not None


def whole_lines(text: str, edits: list[Splice]) -> list[Splice]:
    """Edits that take the line along of what they remove, and what parted it from others."""
    found: list[Splice] = []
    for start, end, new in edits:
        if new:
            found.append((start, end, new))
            continue
        begin = line_start(text, start)
        if (
            found
            and not found[-1][2]
            and found[-1][1] > begin
            and not text[found[-1][1] : start].strip(" \t;")
        ):
            # One after the other on a line.
            start = found.pop()[0]
        found.append(_removal(text, start, end))
    return _parted(text, found)


def _parted(text: str, edits: list[Splice]) -> list[Splice]:
    """Edits that take along what parted the lines that go from others, or from the file's ends."""
    joined: list[Splice] = []
    for edit in edits:
        if joined and _is_lines(text, edit) and _is_lines(text, joined[-1]):
            between = text[joined[-1][1] : edit[0]]
            if not between.strip():
                edit = (joined.pop()[0], edit[1], "")
        joined.append(edit)
    found = []
    for edit in joined:
        if _is_lines(text, edit):
            first, last = not text[: edit[0]].strip("\ufeff"), not text[edit[1] :].strip()
            edit = lines_out(text, edit[0], edit[1], first=first, last=last)
        found.append(edit)
    return found


def _is_lines(text: str, edit: Splice) -> bool:
    start, end, new = edit
    begins = not start or text[start - 1] in "\n\ufeff"
    return not new and start < end and begins and (end == len(text) or text[end - 1] == "\n")


def _removal(text: str, start: int, end: int) -> Splice:
    begin = line_start(text, start)
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    first = not text[begin:start].strip(" \t\ufeff")
    rest = text[end:stop]
    if first and rest.strip(" \t;,") == "":
        begin += text.startswith("\ufeff", begin)
        return begin, min(stop + 1, len(text)), ""
    parted = re.match(r"[ \t]*;[ \t]*", rest)
    if parted is not None:
        return start, end + parted.end(), ""
    before = re.search(r"[ \t]*;[ \t]*$", text[begin:start])
    if before is not None:
        return begin + before.start(), end, ""
    listed = _listed(text, start, end)
    if listed is not None:
        return listed
    if first:
        # What is left is a comment.
        return start, end + len(rest) - len(rest.lstrip(" \t")), ""
    return start, end, ""


def _listed(text: str, start: int, end: int) -> Splice | None:
    """The removal of one of several things that commas part, with its comma."""
    before = text[:start].rstrip()
    rest = re.compile(r"\s*([,)\]}>]|/>)").match(text, end)
    if rest is None or before[-1:] not in (*"([{<,",):
        return None
    if rest[1] == ",":
        blanks = re.compile(r"[ \t]*").match(text, rest.end())
        assert blanks is not None
        return start, blanks.end(), ""
    return (len(before) - 1, end, "") if before[-1] == "," else (start, end, "")


def _emptied(parse: Parse, new: str) -> int | None:
    """The line (from 1) of a Python block that has nothing in it."""
    for node in parse(new).find_all({"rule": {"kind": "block"}}):
        if not node.text().strip():
            return int(node.range().start.line) + 1
    return None
