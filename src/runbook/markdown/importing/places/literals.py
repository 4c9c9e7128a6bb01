"""Elements of an array, a list or the like that code binds to a name, behind its last one."""

from __future__ import annotations

import re

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.grammars import grammar_of
from runbook.markdown.importing.places.inplace import anchored, in_place, made_of
from runbook.markdown.importing.places.lines import margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.parsers import outline, parses

# The line in which a literal opens, and the one in which it closes.
_OPENS = re.compile(
    r"=\s*(?:&?(?:\w[\w.:]*!?)?(?:\[\w*\](?:\*?\w[\w.]*)?|\w+<[^=]*>)?)?([\[{])\s*$"
)
_CLOSES = re.compile(r"\s*([\]}])(?: (?:as|satisfies) [\w<>\[\], .]+)?[;,]?\s*$")
_PAIRS = {"[": "]", "{": "}"}
_COMMENT = re.compile(r"\s*(?://|#|/\*|\*)")
_KEY = re.compile(r"[\"']?([\w.-]+)[\"']?\s*:(?!:)")


def listed_in(text: str, path: str, code: str, name: str) -> Operation | str:
    """The insertion of elements behind the last one of what a name is bound to in a file."""
    there = outline(text, path)
    if there is None:
        return ""
    found = [each for each in there.named(name) if each.kind == "value"]
    if len(found) != 1 or found[0].loose:
        return ""
    lines, (old,) = list(there.lines), found
    opens, closes = _OPENS.search(lines[old.head]), _CLOSES.fullmatch(lines[old.last])
    if opens is None or closes is None or _PAIRS[opens[1]] != closes[1]:
        return ""
    if opens[1] == "{" and grammar_of(path).nests:
        return ""  # Swift has statements in braces
    held = [at for at in range(old.head + 1, old.last) if lines[at].strip()]
    own = moved_to(code, margin_of(lines[held[0]])) if held else None
    if own is None or _COMMENT.match(lines[held[-1]]):
        return ""
    shown = [line.strip() for line in own if line.strip() and not _COMMENT.match(line)]
    taken = {lines[at].strip() for at in held} & {line for line in shown if len(line) > 3}
    keys = {key[1] for at in held if (key := _KEY.match(lines[at].strip()))}
    first = _KEY.match(shown[0]) if shown else None
    if not shown or taken or (first and first[1] in keys):
        return ""
    last, ended = held[-1], lines[held[-1]].rstrip()
    bare = re.sub(r"\s+(?://|#).*", "", ended)
    own[-1] = own[-1] if own[-1].rstrip().endswith(",") else f"{own[-1].rstrip()},"
    change: Operation | None = None
    if bare.endswith(","):
        change = anchored(text, plain_lines(text), old.head, last, "after", own)
    elif bare == ended:
        change = in_place(text, plain_lines(text), last, last, [f"{ended},", *own])
    made = None if change is None else made_of(text, change)
    after = None if made is None else outline(made, path)
    same = after is not None and [each.name for each in after.definitions] == [
        each.name for each in there.definitions
    ]
    return change if change is not None and made and parses(made, path) and same else ""
