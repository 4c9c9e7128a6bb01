"""Structural edits: ast-grep says where a pattern matches, and the text is spliced there.

Its own rewriting drops a byte order mark and leading blank lines, so it is not used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from runbook.core.edit.syntax import VARIABLE, language_of
from runbook.core.matching.normalized import NormalizedText, Span, as_characters, outside
from runbook.core.matching.places import already, choose, line_range, spliced
from runbook.core.matching.results import NO_FILE, AlreadyApplied, Applied, Conflict, Result
from runbook.core.model.operations import Structural
from runbook.core.patterns import regex
from runbook.core.value import replace, value
from runbook.transforms.hygiene import (
    Parse,
    Part,
    Place,
    edits_of,
    held_together,
    stands_alone,
    whole_lines,
)
from runbook.transforms.layout import Around, around, going_on, joined, pieces, reindented, swallows
from runbook.transforms.left_out import comments, left_out
from runbook.transforms.remarks import above, misplaced
from runbook.transforms.syntaxtrees import MARK, Tree
from runbook.transforms.trees import indentation, line_start

_MISSING = Conflict(
    "structural edits need ast-grep, which is not installed",
    "install runbook with it: `pip install 'runbook[structural]'`, or in a checkout of runbook "
    "`RUNBOOK_SET_UP=structural ./runbook`",
)


@value
class _Match:
    """A place that matches, and the places of its variables by their names with signs."""

    span: Span
    variables: dict[str, Span]
    ends: dict[str, int]  # of several things: without the comma and the comments behind the last
    gaps: dict[str, Around]
    alone: bool  # whether it is a statement
    comments: tuple[str, ...]  # that no variable holds
    unsaid: str | None  # a keyword or sign in it that the pattern does not have


class _Wrong(Exception):
    """A pattern or a rule is none in its language; the message says why."""


def rewrite(text: str | None, operation: Structural, path: str) -> Result:
    """What a structural edit makes of a file's text."""
    try:
        import ast_grep_py
    except ImportError:
        return _MISSING
    if text is None:
        return NO_FILE
    language = operation.language or language_of(path)
    if language is None:
        return Conflict("the file's language can't be told by its name", "say `language:`")
    normal = NormalizedText(text)
    content = normal.text[normal.first :]

    def parse(code: str) -> Any:
        return ast_grep_py.SgRoot(as_characters(code), language).root()

    try:
        root = parse(content)
    except BaseException as panic:
        # Its panics are no `Exception`.
        if type(panic).__name__ != "PanicException":
            raise
        return Conflict(f"the installed ast-grep does not know the language `{language}`")
    try:
        found, made = _found_and_made(root, operation, parse, language)
    except _Wrong as wrong:
        return Conflict(f"ast-grep does not take this for a pattern or a rule: {wrong}")
    spans = [match.span for match in found]
    untouched = outside(spans, made)
    bare = NormalizedText(content)
    if made and already(bare, operation.count, operation.lines, made, untouched):
        return AlreadyApplied(line_range(bare, made[0]))
    chosen = choose(bare, operation.count, operation.lines, spans, None, _what(operation))
    if isinstance(chosen, Conflict):
        if not spans and operation.pattern and _no_code(operation.pattern, parse, language):
            return replace(chosen, hint=f"the pattern is no whole piece of {language}")
        return chosen
    taken = set(chosen)
    matches = [match for match in found if match.span in taken]
    marked = Tree(root).marked(content, [s for match in matches for s in match.variables.values()])
    places = _places(marked, matches, operation.rewrite)
    if isinstance(places, Conflict):
        return places
    apart = held_together(parse, content, places, operation.rewrite, language)
    if apart is not None:
        return apart
    added = above(content, places, [(match.span, match.comments) for match in matches])
    edits = sorted([*added, *whole_lines(content, edits_of(places))], key=itemgetter(0, 1))
    lost = misplaced(parse, content, edits, added, language)
    if lost is not None:
        return lost
    new = spliced(
        normal, [(start + normal.first, end + normal.first, new) for start, end, new in edits]
    )
    if new == text:
        return AlreadyApplied(line_range(bare, chosen[0]))
    return Applied(new, line_range(bare, chosen[0]))


def _what(operation: Structural) -> str:
    return "what the rule describes" if operation.pattern is None else "the pattern"


def _found_and_made(
    root: Any, operation: Structural, parse: Parse, language: str
) -> tuple[list[_Match], list[Span]]:
    """The places that match, and those where the rewriting already stands, taken as a pattern.

    Raises:
        _Wrong: what is to match is no pattern or rule.
    """
    rewriting: str | None = operation.rewrite
    # One that is nothing but variables stands everywhere.
    if not re.search(r"\w", VARIABLE.sub("", operation.rewrite)):
        rewriting = None
    if operation.pattern is None:
        assert operation.rule is not None
        stated: dict[str, Any] = json.loads(operation.rule)
        found = _matches(root, stated if "rule" in stated else {"rule": stated}, operation, None)
        return found, _standing(root, rewriting, parse, language, _pattern)
    ways = [_pattern, _as_a_part]
    if _ARGUMENT.match(operation.pattern):
        ways.reverse()
    wrong = None
    for way in ways:
        matcher = way(operation.pattern, parse, language)
        try:
            found = [] if matcher is None else _matches(root, matcher, operation, operation.pattern)
        except _Wrong as error:
            wrong = error
            continue
        made = _standing(root, rewriting, parse, language, way)
        if made and _fits(rewriting, _stand_in(operation.pattern).rstrip(), parse, language, way):
            made = []
        if made and not found and _no_code(operation.pattern, parse, language):
            raise _Wrong(f"it is no {language}")
        if found or made:
            return found, made
    if wrong is not None:
        raise wrong
    return [], []


_BY_ITSELF = frozenset({"python", "javascript", "typescript", "tsx"})
"""Languages in which an expression or a statement is a program."""


def _no_code(pattern: str, parse: Parse, language: str) -> bool:
    """Whether a pattern is no code, neither by itself nor as a part, as far as that can be told."""
    if language not in _BY_ITSELF:
        return False
    broken = parse(_stand_in(pattern)).find({"rule": {"kind": "ERROR"}}) is not None
    return broken and _as_a_part(pattern, parse, language) is None


_ARGUMENT = regex(r"\w+=[^=\s]")
"""A pattern that is rather an argument than an assignment, which is written with blanks."""

_Way = Callable[[str, Parse, str], "dict[str, Any] | None"]


def _standing(
    root: Any, rewriting: str | None, parse: Parse, language: str, way: _Way
) -> list[Span]:
    matcher = None if rewriting is None else way(rewriting, parse, language)
    try:
        found = _matches(root, matcher, None, rewriting) if matcher else []
        return [each.span for each in found]
    except _Wrong:
        return []


def _fits(rewriting: str | None, code: str, parse: Parse, language: str, way: _Way) -> bool:
    """Whether the rewriting stands in the pattern's own code, and so tells nothing."""
    return Span(0, len(code)) in _standing(parse(code), rewriting, parse, language, way)


_PARTS = {
    "python": (("qz(", ")"), ("def qz(", "): pass"), ("{", "}")),
    "javascript": (("({", "})"), ("class Qz {", "}"), ("<Qz ", "/>")),
    "typescript": (("({", "})"), ("class Qz {", "}"), ("interface Qz {", "}")),
    "tsx": (("({", "})"), ("class Qz {", "}"), ("interface Qz {", "}"), ("<Qz ", "/>")),
    "c": (("int qz() { return ", "; }"), ("struct Qz {", "};")),
    "cpp": (("int qz() { return ", "; }"), ("struct Qz {", "};")),
    "go": (
        ("package qz; var qz = Qz{", "}"),
        ("package qz; type Qz struct {", "}"),
        ("package qz; var qz = qz[", "]"),
    ),
    "rust": (("fn qz() { Qz {", "}; }"), ("struct Qz {", "}")),
    "java": (("@Qz(", ") class Qz {}"), ("class Qz {", "}")),
    "kotlin": (("qz(", ")"),),
    "csharp": (("class Qz { int q = f(", "); }"), ("class Qz {", "}")),
    "php": (("<?php qz(", ");"),),
    "ruby": (("qz(", ")"),),
    "scala": (("qz(", ")"),),
    "swift": (("qz(", ")"),),
}
"""Around what a part stands that is no code by itself, or another one: arguments, members, keys."""


def _as_a_part(pattern: str, parse: Parse, language: str) -> dict[str, Any] | None:
    """The pattern as any part that it can be, such as an argument `name=value` of a call."""
    stand_in = _stand_in(pattern)
    found: dict[str, dict[str, Any]] = {}
    for before, after in _PARTS.get(language, ()):
        root = parse(before + stand_in + after)
        kinds = Tree(root).kinds(len(before), len(before) + len(stand_in))
        if kinds and root.find({"rule": {"kind": "ERROR"}}) is None:
            context = {"context": f"{before}{pattern}{after}", "selector": kinds[0]}
            found.setdefault(kinds[0], {"pattern": context})
    return {"rule": {"any": list(found.values())}} if found else None


def _stand_in(pattern: str) -> str:
    return VARIABLE.sub(lambda found: f"qz{found[2].lower()}", pattern)


_ANNOTATIONS = {
    "python": ("x: ", "type"),
    "typescript": ("let x: ", "type_annotation"),
    "tsx": ("let x: ", "type_annotation"),
}
"""How a type is annotated, and the kind of the node above it."""


def _pattern(pattern: str, parse: Parse, language: str) -> dict[str, Any]:
    """A pattern, which in an annotation may be another kind of node than elsewhere."""
    alone: dict[str, Any] = {"pattern": pattern}
    if language not in _ANNOTATIONS or "\n" in pattern or re.fullmatch(r"[\w$]*", pattern):
        return {"rule": alone}
    before, above = _ANNOTATIONS[language]
    stand_in = _stand_in(pattern)
    root = parse(before + stand_in)
    held = root.find({"rule": {"kind": above}})
    if held is None or root.find({"rule": {"kind": "ERROR"}}) is not None:
        return {"rule": alone}
    inner = next((each for each in held.children() if each.is_named()), None)
    if inner is None or inner.text() != stand_in:
        return {"rule": alone}
    annotated = {"pattern": {"context": before + pattern, "selector": inner.kind()}}
    return {"rule": {"any": [alone, annotated]}}


def _matches(
    root: Any, matcher: dict[str, Any], operation: Structural | None, pattern: str | None
) -> list[_Match]:
    """All places that match, the first one first, and outer ones before those in them.

    `pattern` is what the matcher looks for, unless that is a rule.
    """
    try:
        nodes = root.find_all(matcher)
    except Exception as error:  # ast-grep raises whatever it was that failed, with its backtrace
        raise _Wrong(_reason(str(error))) from None
    rewriting = "" if operation is None else operation.rewrite
    names = {found[0]: found for found in VARIABLE.finditer(rewriting)}
    found: dict[Span, _Match] = {}
    content = root.text()
    for node in nodes:
        code, sign = (None, None) if pattern is None else left_out(node, pattern)
        if code is not None:
            continue
        places, ends = {}, {}
        for name, variable in names.items():
            several = variable[1] == "$$$"
            one = None if several else node.get_match(variable[2])
            parts = node.get_multiple_matches(variable[2]) if several else [one] if one else []
            if parts:
                places[name] = Span(parts[0].range().start.index, parts[-1].range().end.index)
                things = [
                    each for each in parts if each.text() != "," and "comment" not in each.kind()
                ]
                ends[name] = (things or parts)[-1].range().end.index
        begin, end = node.range().start.index, node.range().end.index
        # The statement has its semicolon; a pattern without one leaves it where it is.
        without = operation is not None and pattern is not None and pattern[-1:] != ";"
        if without and node.text()[-1:] == ";":
            end -= 1
        span = Span(begin, end)
        gaps = around(content, node, places, pattern or "", rewriting)
        remarks = comments(node, pattern) if operation is not None and pattern is not None else ()
        alone = stands_alone(node)
        found.setdefault(span, _Match(span, places, ends, gaps, alone, remarks, sign))
    return sorted(found.values(), key=lambda match: (match.span.start, -match.span.end))


def _reason(said: str) -> str:
    """The last cause that ast-grep names."""
    said = said.partition("\n\nStack backtrace")[0]
    lines = [re.sub(r"^\d+: ", "", line.strip()) for line in said.split("\n") if line.strip()]
    return lines[-1] if lines else "it gives no reason"


def _line(text: str, offset: int) -> int:
    """The line (from 1) of an offset in a text that may be marked."""
    return sum(text.count(end, 0, offset) for end in ("\n", MARK)) + 1


def _places(text: str, chosen: list[_Match], rewriting: str) -> list[Place] | Conflict:
    """What becomes of each place; what matches inside of a variable is rewritten there."""
    outer: list[_Match] = []
    inner: dict[int, list[_Match]] = {}
    for match in chosen:
        if outer and match.span.within(outer[-1].span):
            inner.setdefault(len(outer) - 1, []).append(match)
        else:
            outer.append(match)
    places = []
    for index, match in enumerate(outer):
        line = _line(text, match.span.start)
        if match.unsaid is not None:
            return Conflict(
                f"the rewriting would drop `{match.unsaid}` of line {line}, which the pattern does "
                "not have",
                "write it in the pattern, or say by `rule` what is meant",
            )
        new = _rewritten(text, match, inner.get(index, []), rewriting)
        if new is None:
            return Conflict(
                f"what matches in line {line} has another match in it, which the rewriting drops",
                "make the pattern narrower, or say `lines:`",
            )
        places.append(Place(match.span.start, match.span.end, new, match.alone))
    return places


def _rewritten(text: str, match: _Match, inner: list[_Match], rewriting: str) -> Part | None:
    """What becomes of one place, or `None` where a match in it would be lost."""
    base = indentation(text, match.span.start)
    lost = list(inner)
    whole = Part("")
    found, gaps = joined([*pieces(rewriting, match.variables)], match.gaps)
    for number, piece in enumerate(found):
        if isinstance(piece, str):
            # Lines without anything in them stay so.
            whole.items.append(re.sub(r"\n(?!\n)", f"\n{base}", piece))
            continue
        place = match.variables[piece[0]]
        tail = text[match.ends[piece[0]] : place.end]
        behind = going_on(found[number + 1], tail)
        if behind is not None:
            # What is a list's own comma at its end parts it from what follows.
            place = Span(place.start, match.ends[piece[0]])
            found[number + 1] = behind[1]
        within = [each for each in inner if each.span.within(place)]
        lost = [each for each in lost if each not in within]
        part = _held(text, piece[0], place, within, rewriting)
        if part is None:
            return None
        new = base + indentation(rewriting, line_start(rewriting, piece.start()))
        gap = gaps.get(piece[0])
        old = indentation(text, place.start) if gap is None else base + gap.own
        part.shifted(old, new)
        stretches = (None, None) if gap is None else (gap.before, gap.after)
        before, after = (
            reindented(text[each.span.start : each.span.end], old, new) if each else ""
            for each in stretches
        )
        if behind is not None and "\n" in behind[0]:
            after = reindented(behind[0], old, new) + indentation(text, match.ends[piece[0]])
        elif not after and swallows(tail, found[number + 1]):
            after = f"\n{indentation(text, match.span.start)}"
        whole.items += [before, part, after]
    return None if lost else whole


def _held(text: str, name: str, place: Span, within: list[_Match], rewriting: str) -> Part | None:
    """What a variable holds, with what is rewritten in it."""
    places = _places(text, within, rewriting)
    if isinstance(places, Conflict):
        return None
    part = Part(name, was=(place.start, place.end))
    done = place.start
    for each in places:
        part.items += [text[done : each.start], each.new]
        done = each.end
    part.items.append(text[done : place.end])
    return part
