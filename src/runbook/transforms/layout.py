"""How a rewriting is laid out: what stands around a variable in both stays as the file has it.

`f($$$ARGS)` that becomes `g($$$ARGS)` has its brackets on lines of their own where they were so,
and the comments behind them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from runbook.core.edit.syntax import VARIABLE
from runbook.core.matching.normalized import Span
from runbook.core.value import replace, value
from runbook.transforms.left_out import leaves
from runbook.transforms.trees import indentation, line_start

Pieces = list[str | re.Match[str]]
"""A rewriting's own text, and its variables."""


@value
class Gap:
    """What parts a variable from a sign beside it: the stretch of the file, and the sign."""

    span: Span
    sign: str


@value
class Around:
    """The gaps around a variable that stay; in the pattern its line is indented by `own`."""

    before: Gap
    after: Gap | None
    own: str


def around(
    text: str, node: Any, places: Mapping[str, Span], pattern: str, rewriting: str
) -> dict[str, Around]:
    """The gaps around the variables of a match, in which there is nothing but blanks and comments.

    They are those between signs that the pattern and the rewriting have beside a variable.
    """
    old, new = _beside(pattern), _beside(rewriting)
    names = [
        name for name in places if name in old and name in new and old[name][0] == new[name][0]
    ]
    words = [each for each in leaves(node, []) if each.text()] if names else []
    found = {}
    for name in names:
        place = places[name]
        before = _gap_before(words, place, old[name][0][0])
        if before is None:
            continue
        gap, held = text[before.span.start : place.start], text[place.start : place.end]
        # On one line blanks are how somebody parts one thing from the next, and tell no more.
        lines = name.startswith("$$$") and "\n" in gap + held + old[name][0]
        # To YAML it is another value on another line.
        lines = lines or (before.sign == ":" and "\n" in gap)
        if lines or gap.strip():
            follows = old[name][1] if old[name][1] == new[name][1] else ""
            after = _gap_after(words, place, follows[-1:])
            found[name] = Around(before, after, old[name][2])
    return found


def _gap_before(words: list[Any], place: Span, sign: str) -> Gap | None:
    above = [each for each in words if each.range().end.index <= place.start]
    if not above or not above[-1].text().endswith(sign):
        return None
    return Gap(Span(above[-1].range().end.index, place.start), sign)


def _gap_after(words: list[Any], place: Span, sign: str) -> Gap | None:
    below = next((each for each in words if each.range().start.index >= place.end), None)
    if not sign or below is None or not below.text().startswith(sign):
        return None
    return Gap(Span(place.end, below.range().start.index), sign)


def _beside(code: str) -> dict[str, tuple[str, str, str]]:
    """For each variable that stands once: the signs before and after it, and its indentation.

    The blanks between are part of what stands before and after.
    """
    variables = [*VARIABLE.finditer(code)]
    counts = Counter(each[0] for each in variables)
    found = {}
    done = 0
    for each, following in zip_longest(variables, variables[1:]):
        before = re.search(r"\S\s*\Z", code[done : each.start()])
        after = re.match(r"\s*\S", code[each.end() : following and following.start()])
        if before is not None and counts[each[0]] == 1:
            own = indentation(code, line_start(code, each.start()))
            found[each[0]] = before[0], after[0] if after is not None else "", own
        done = each.end()
    return found


def pieces(rewriting: str, held: Mapping[str, object]) -> Iterator[str | re.Match[str]]:
    """The rewriting's own text and its variables; those that hold nothing go, with their lines."""
    done = 0
    for variable in VARIABLE.finditer(rewriting):
        if variable[0] in held:
            yield rewriting[done : variable.start()]
            yield variable
            done = variable.end()
            continue
        begin = rewriting.rfind("\n", 0, variable.start())
        end = variable.end()
        line_only = begin >= done and rewriting[begin : variable.start()].isspace()
        last = re.compile(r"\s*[)\]}>]").match(rewriting, end) is not None
        if line_only and rewriting[end : end + 1] in ("", "\n"):
            yield rewriting[done:begin]
        elif variable[1] == "$$$" and last:
            yield re.sub(r"[ \t]*,[ \t]*$", "", rewriting[done : variable.start()])
        else:
            yield rewriting[done : variable.start()]
        done = end
        if variable[1] == "$$$":
            # Of several things one that is none takes a comma along.
            comma = re.compile(r"[ \t]*,[ \t]*").match(rewriting, end)
            done = end if comma is None else comma.end()
    yield rewriting[done:]


def joined(found: Pieces, gaps: Mapping[str, Around]) -> tuple[Pieces, dict[str, Around]]:
    """The pieces without the blanks that gaps stand for, and the gaps that there are then."""
    made = list(found)
    kept: dict[str, Around] = {}
    for at, variable in enumerate(found):
        if isinstance(variable, str) or variable[0] not in gaps:
            continue
        gap = gaps[variable[0]]
        before, after = found[at - 1], found[at + 1]
        if not isinstance(before, str) or before.rstrip()[-1:] != gap.before.sign:
            continue
        begun = made[at - 1]
        assert isinstance(begun, str)
        made[at - 1] = begun.rstrip()
        if (
            gap.after is not None
            and isinstance(after, str)
            and after.lstrip()[:1] == gap.after.sign
        ):
            made[at + 1] = after.lstrip()
        else:
            gap = replace(gap, after=None)
        kept[variable[0]] = gap
    return made, kept


def going_on(following: str | re.Match[str], tail: str) -> tuple[str, str] | None:
    """What stands behind several things if more follow after a comma, and what follows then.

    `tail` is what they have behind them in the file: a comma of their own, and comments, which
    need a line end.
    """
    if not tail.strip() or not isinstance(following, str) or following.lstrip()[:1] != ",":
        return None
    if tail.strip() == ",":
        return "", following
    comma = "" if tail.lstrip().startswith(",") else ","
    return f"{comma}{tail}\n", following.lstrip()[1:].lstrip()


def swallows(tail: str, following: str | re.Match[str]) -> bool:
    """Whether comments behind several things would take in what follows on their line."""
    goes_on = isinstance(following, str) and following.strip() != "" and following[0] != "\n"
    return goes_on and tail.strip() not in ("", ",")


def reindented(text: str, old: str, new: str) -> str:
    """A text whose lines after the first go from one indentation to another."""
    first, *rest = text.split("\n")
    return "\n".join(
        [first, *(new + li.removeprefix(old) if li.startswith(old) else li for li in rest)]
    )
