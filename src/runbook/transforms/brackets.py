"""Members and items in brackets, whatever language they are in: taken out, and put in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from runbook.transforms.trees import (
    Node,
    Place,
    Refused,
    Splice,
    indentation,
    line_start,
    lines_out,
)

HASH = r"#[^\n]*"
"""A comment of the many languages that have it so."""


def removed_inside(text: str, node: Node, index: int, comment: str) -> Iterator[Splice]:
    """Take a member or an item out of brackets, with its comma, and its line if that is its own."""
    children = node.children
    start, end = children[index]
    begin = line_start(text, start)
    last = index == len(children) - 1
    if len(children) == 1 and not (text[node.start + 1 : start] + text[end : node.end - 1]).strip(
        " \t\n,"
    ):
        yield node.start + 1, node.end - 1, ""
        return
    rest = re.compile(rf"[ \t]*(,?)[ \t]*(?:{comment})?[ \t]*\n").match(text, end)
    if rest is not None and not text[begin:start].strip():
        if last and not rest[1] and index:
            comma = re.compile(rf"(?:\s|{comment})*?,").match(text, children[index - 1][1])
            if comma is not None:
                yield comma.end() - 1, comma.end(), ""
        yield lines_out(text, begin, rest.end(), first=index == 0, last=last)
    elif len(children) == 1 and "\n" not in text[node.start : start]:
        yield node.start + 1, node.end - 1, ""
    elif len(children) == 1:
        # Comments on lines above stay.
        comma = re.compile(r"[ \t]*,?").match(text, end)
        yield start, end if comma is None else comma.end(), ""
    elif last:
        yield from last_out(text, children[index - 1][1], start, end, comment)
    else:
        yield other_out(text, start, end, children[index + 1][0], comment)


def last_out(text: str, above: int, start: int, end: int, comment: str) -> Iterator[Splice]:
    """The last thing of a line out, with the comma before it, but no comment about what stays."""
    comma = re.compile(rf"(?:\s|{comment})*?,").match(text, above)
    assert comma is not None
    stays = max(comma.end() - 1, text.rfind("\n", above, start) + 1)
    if not re.search(comment, text[above:stays]):
        stays = above
    elif stays >= comma.end():
        yield comma.end() - 1, comma.end(), ""
    yield stays, end, ""


def other_out(text: str, start: int, end: int, below: int, comment: str) -> Splice:
    """A thing out before which another begins at `below`, but not the comments on lines between."""
    rest = re.compile(rf"[ \t]*,[ \t]*(?:{comment})?[ \t]*(?=\n)").match(text, end)
    if rest is not None and re.search(comment, text[rest.end() : below]):
        return start, rest.end(), ""
    return start, below, ""


def inserted_inside(
    text: str, node: Node, piece: str, comment: str, place: Place | None, around: str | None = None
) -> Iterator[Splice]:
    """Put a new member into brackets, laid out as the one beside it; without one, at the end."""
    if place is None:
        yield from added_inside(text, node, [piece], comment, around)
        return
    start, end = node.children[place.index]
    begin = line_start(text, start)
    own = not text[begin:start].strip()
    gap = f"\n{indentation(text, start)}" if own else _gap(text, node)
    if place.side == "before":
        yield start, start, f"{piece},{gap}"
        return
    rest = re.compile(rf"[ \t]*,[ \t]*(?:{comment})?(?=\n)").match(text, end)
    if own and rest is not None:
        yield rest.end(), rest.end(), f"{gap}{piece},"
    else:
        yield end, end, f",{gap}{piece}"


def added_inside(
    text: str, node: Node, pieces: list[str], comment: str, around: str | None = None
) -> Iterator[Splice]:
    """Put new members or items at the end of brackets, laid out as those that are there.

    `comment` is the pattern of a comment in the language. Empty brackets are filled on their
    line, or with the lines indented by `around`.
    """
    children = node.children
    if not children:
        inside = text[node.start + 1 : node.end - 1]
        if inside.strip():
            yield _below_comments(text, node, inside, pieces)
            return
        filled = ", ".join(pieces)
        if around is not None:
            filled = f"\n{around}" + f",\n{around}".join(pieces)
            filled += "\n" + indentation(text, node.start)
        yield node.start + 1, node.end - 1, filled
        return
    first, (_, last_end) = children[0], children[-1]
    blank = re.compile(rf"(?:\s|{comment})*,").match(text, last_end)
    comma = blank.end() if blank is not None and blank.end() <= node.end else None
    if "\n" not in text[node.start : first[0]]:
        gap = _gap(text, node)
        if comma is None:
            yield last_end, last_end, "".join(f",{gap}{piece}" for piece in pieces)
        else:
            yield comma, comma, "".join(f"{gap}{piece}," for piece in pieces)
        return
    indent = indentation(text, first[0])
    if comma is None:
        yield last_end, last_end, ","
    rest = re.compile(rf"[ \t]*(?:{comment})?").match(text, comma or last_end)
    assert rest is not None
    at = rest.end() if text[rest.end() : rest.end() + 1] == "\n" else comma or last_end
    ends = (
        [",", *[","] * (len(pieces) - 1)] if comma is not None else [*[","] * (len(pieces) - 1), ""]
    )
    yield at, at, "".join(f"\n{indent}{p}{e}" for p, e in zip(pieces, ends, strict=True))


def _below_comments(text: str, node: Node, inside: str, pieces: list[str]) -> Splice:
    """The first members or items of brackets in which there are comments on lines of their own."""
    bare = inside.rstrip()
    if "\n" not in inside[len(bare) :]:
        raise Refused("there is nothing but a comment in the brackets", node.start)
    at = node.start + 1 + len(bare)
    indent = indentation(text, at) if "\n" in bare else indentation(text, at) + "  "
    return at, at, f"\n{indent}" + f",\n{indent}".join(pieces)


def _gap(text: str, node: Node) -> str:
    """The blanks behind a comma between members or items on one line: a blank, or none at all."""
    between = {text[one[1] : two[0]] for one, two in pairwise(node.children)}
    return "" if between == {","} else " "
