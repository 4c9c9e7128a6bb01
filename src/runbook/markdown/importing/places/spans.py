"""Some lines of a file or function: by their numbers, by their ends, or by one that is quoted."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Insert, Operation, Replace
from runbook.markdown.importing.places.definitions import (
    begin_of,
    end_of,
    is_text,
    names_in,
    parsed,
)
from runbook.markdown.importing.places.inplace import anchored, in_place, line_of, made_of
from runbook.markdown.importing.places.lines import (
    OPEN,
    deeper_below,
    margin_of,
    moved_to,
    next_filled,
    plain_lines,
)
from runbook.markdown.importing.places.parsers import functions_named, parses, times
from runbook.markdown.importing.places.treesymbols import knows
from runbook.markdown.importing.words.vocabulary import anycase
from runbook.markdown.importing.words.wording import Side, side_of

_LIKE = 0.6  # so much of a line is the same where it is the old one of another


def lines_anew(text: str, code: str, first: str, last: str = "") -> Operation | str:
    """The stated lines, where the block shows that they still are what is meant."""
    lines, new = plain_lines(text), code.strip("\n").split("\n")
    begin, end = int(first) - 1, int(last or first) - 1
    said = f"line {begin + 1}" if begin == end else f"lines {begin + 1}-{end + 1}"
    if not 0 <= begin <= end < len(lines):
        return f"the file has no {said}"
    while begin < end and not lines[begin].strip():
        begin += 1
    while end > begin and not lines[end].strip():
        end -= 1
    same = lines[begin] == new[0] and len(new[0].strip()) > 3
    old = names_in("\n".join(lines[begin : end + 1]))
    same = same or (bool(old) and old == names_in(code))
    same = same or _alike(lines, begin, end, new)
    below = next_filled(lines, end + 1)
    # Of what goes on below them, they would be a part only.
    whole = len(margin_of(below)) <= len(margin_of(lines[begin])) == len(margin_of(new[0]))
    if not same or not whole:
        return f"{said} of the file may be others than the plan means"
    return in_place(text, lines, begin, end, new) or ""


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


def stretch_anew(text: str, first: str, last: str, code: str) -> Operation | str:
    """All from the one line of the file that is quoted first to the one that is quoted last."""
    lines = plain_lines(text)
    begins = [at for at, line in enumerate(lines) if line.strip() == first.strip()]
    ends = [at for at, line in enumerate(lines) if line.strip() == last.strip()]
    if len(begins) != 1 or len(ends) != 1 or begins[0] > ends[0]:
        return "its first and last line do not stand once in the file, one after the other"
    new = code.strip("\n").split("\n")
    if len(margin_of(new[0])) != len(margin_of(lines[begins[0]])):
        return ""
    return in_place(text, lines, begins[0], ends[0], new) or ""


# What belongs to the statement above it.
_GOES_ON = re.compile(r"(?:\}\s*)?(?:else|elif|except|finally|catch)\b|[)\]}]")


def beside_once(text: str, change: Insert) -> Operation | str:
    """The insertion, if its anchor stands in a text once, and is whole on that side."""
    begin, lines = line_of(text, change.anchor), plain_lines(text)
    if begin is None:
        return ""
    end = begin + change.anchor.value.rstrip("\n").count("\n")
    margin = min((margin_of(line) for line in lines[begin : end + 1] if line.strip()), key=len)
    whole = _starts(lines, begin) if change.side == "before" else not _goes_on(lines, end, margin)
    return change if whole else ""


def _goes_on(lines: list[str], end: int, margin: str) -> bool:
    """Whether what ends in a line goes on: with an `else`, or something deeper than its margin."""
    below = next_filled(lines, end + 1)
    if not below or not below.startswith(margin):
        return False
    rest = below[len(margin) :]
    return rest[0] in " \t" or _GOES_ON.match(rest) is not None


def inserted_between(text: str, above: str, below: str, code: str) -> Operation | str:
    """A block between two lines that have what is quoted, and nothing but blank lines between."""
    lines = plain_lines(text)
    # Words have no stars, which make them bold.
    shown = [line.replace("**", "") for line in lines]
    told = [at for at, line in enumerate(lines) if line.strip()]
    found = [
        (one, two) for one, two in pairwise(told) if above in shown[one] and below in shown[two]
    ]
    if len(found) != 1 or not all(re.search(r"\w{3}", each) for each in (above, below)):
        return f"`{below}` does not stand once below `{above}` in the file"
    ((first, last),) = found
    own = moved_to(code, margin_of(lines[last]))
    if own is None or _GOES_ON.match(lines[last].strip()):
        return ""
    # What stands deeper above it is set apart, as from the line below.
    apart = last - first > 1 and margin_of(lines[first]) != margin_of(lines[last])
    at, own = (last, [*own, ""]) if apart else (first + 1, own)
    beside = anchored(text, lines, first, at - 1, "after", own)
    new = [*lines[first:at], *own, *lines[at : last + 1]]
    return beside or in_place(text, lines, first, last, new) or ""


def inserted_at_line(text: str, side: str, anchor: str, code: str) -> Operation | str:
    """The insertion at the only line of a text that is, or begins with, what is quoted."""
    where, name = side_of(side), re.match(r"(\w+)\(", anchor)
    if name and re.search(rf"\b(?:def|class|function|fn|func)\s+{name[1]}\b", text):
        # The call, or what is called: "after `sail()`" may mean either.
        return ""
    lines = plain_lines(text)
    stands = [at for at, line in enumerate(lines) if line.strip() == anchor]
    if len(stands) != 1:
        return ""
    (at,) = stands
    line, indent = lines[at], margin_of(lines[at])
    if margin_of(code) != indent or not _complete(lines, at, indent, where):
        return ""
    if len(NormalizedText(text).occurrences(Text(line + "\n", True))) != 1:
        return ""
    shown = code.strip("\n").split("\n")
    if shown[0 if where == "after" else -1].strip() == line.strip():
        return ""
    own = code if where == "before" else code.rstrip("\n") + "\n"
    if (
        where == "after"
        and len(shown) > 1
        and not line[len(indent) :].startswith(shown[0].split()[0])
    ):
        # Of another kind than the line, it stands as far from it as what comes next.
        own = "\n" * (lines[at + 1 : at + 2] == [""]) + own.lstrip("\n")
    return Insert(where, Text(line + "\n", True), Text(own, True))


def _complete(lines: list[str], at: int, indent: str, side: Side) -> bool:
    """Whether nothing can stand between a line and what goes with it."""
    if side == "before":
        return _starts(lines, at)
    if lines[at].rstrip().endswith((":", "{", "(", "[", ",", "\\", "=", "|", "&&")):
        return False
    return not _goes_on(lines, at, indent)


def _starts(lines: list[str], at: int) -> bool:
    """Whether a line begins something, and belongs to nothing above it."""
    above = lines[at - 1].strip() if at else ""
    decorated = above.startswith(("@", "#[", "///", "/**"))
    return not decorated and not _GOES_ON.match(lines[at].strip())


def replaced_once(text: str, change: Replace) -> Operation | str:
    """The change, if its old text stands in a text exactly once."""
    return "" if line_of(text, change.search) is None else change


_FINAL = anycase(r"\bbefore (the |its )?(final |last )?return\b")
_BEHIND = anycase(r"\bafter\b(?! (the |its )?docstring)")


def beside_line(
    text: str, path: str, name: str, code: str, side: str, line: str = "return"
) -> Operation | str:
    """A block next to the only line of the function of a name that is quoted."""
    where: Side = side_of(side)
    lines, spans = plain_lines(text), functions_named(text, path, name)
    if len(spans) != 1:
        return f"`{name}` is defined {times(len(spans))} in the file"
    first, last = spans[0]
    stands = [at for at in range(first, last + 1) if _is(lines[at].strip(), line)]
    if len(stands) != 1:
        return ""
    (at,) = stands
    own = moved_to(code, margin_of(lines[at]))
    if own is None or own[0].strip() == lines[at].strip():
        return ""
    if where == "after" and (lines[at].rstrip().endswith(OPEN) or deeper_below(lines, at)):
        return ""  # what it opens goes on
    if where == "before" and re.match(
        r"(?:el(?:se|if)|except|finally|case|\}|\))\b", lines[at].strip()
    ):
        return ""
    change = anchored(text, lines, first if where == "after" else at, at, where, own)
    if change is None and where == "before":
        # It stands elsewhere, too; what is above it does not.
        above = max((n for n in range(first, at) if lines[n].strip()), default=None)
        open_end = above is None or (lines[above].rstrip().endswith(OPEN) and above != at - 1)
        change = None if open_end else anchored(text, lines, first, at - 1, "after", own)
    cut = at + 1 if where == "after" else at
    whole = "\n".join([*lines[:cut], *own, *lines[cut:]])
    return change if change is not None and parses(whole, path) else ""


def line_anew(text: str, path: str, name: str, code: str, line: str) -> Operation | str:
    """A block in place of the only line of the function of a name that is quoted, and is whole."""
    spans = functions_named(text, path, name)
    span = range(spans[0][0], spans[0][1] + 1) if len(spans) == 1 else range(0)
    change = _line_anew(text, span, code, line)
    made = None if isinstance(change, str) else made_of(text, change)
    return change if made is not None and parses(made, path) else ""


def only_line_anew(text: str, code: str, line: str) -> Operation | str:
    """A block in place of the line of a text that is quoted, and stands nowhere else in it."""
    lines = plain_lines(text)
    return _line_anew(text, range(len(lines)), code, line) if text.count(line) == 1 else ""


def _line_anew(text: str, span: range, code: str, line: str) -> Operation | str:
    lines = plain_lines(text)
    found = [at for at in span if _is(lines[at].strip(), line)]
    if len(found) != 1 or lines[found[0]].rstrip().endswith(OPEN):
        return ""
    (at,) = found
    own = moved_to(code, margin_of(lines[at]))
    if own is None:
        return ""
    # With as many lines above it as tell it from others that are like it.
    tries = (
        in_place(text, lines, top, at, [*lines[top:at], *own]) for top in range(at, span[0] - 1, -1)
    )
    return next((each for each in tries if each is not None), "")


def at_edge(
    text: str, path: str, name: str, code: str, edge: str, remark: str = ""
) -> Operation | str:
    """A block that the only function of a name begins or ends with.

    Where the function ends by what leaves it, the block stands above a return if the `remark` on
    its place says so.
    """
    first = edge.lower() in ("top", "start", "beginning")
    final = _FINAL.search(remark) is not None
    if _BEHIND.search(remark) or (first and final):
        return ""
    if re.search(rf"\b{name}\b", next(filter(str.strip, code.split("\n")), "")):
        return ""  # it is shown with what is to begin so
    lines = plain_lines(text)
    spans = functions_named(text, path, name)
    if len(spans) != 1:
        return f"`{name}` is defined {times(len(spans))} in the file"
    body = _body(text, lines, path, spans[0])
    if body is None:
        return f"what `{name}` holds does not stand in lines of its own"
    begin, ends, last = body
    leaves = re.search(
        r"\b(?:return|raise|throw|break|continue)\b", "\n".join(lines[ends : last + 1])
    )
    above = final and leaves is not None and lines[ends].strip().startswith("return")
    if not first and not above and (leaves or final):
        return f"what `{name}` ends by does not go on"
    own = moved_to(code, margin_of(lines[begin]))
    if own is None:
        return ""
    at = begin if first else ends if above else last + 1
    change = anchored(text, lines, spans[0][0], at - 1, "after", own)
    if change is None and at <= last:
        change = anchored(text, lines, at, last, "before", own)
    whole = "\n".join([*lines[:at], *own, *lines[at:]])
    return change if change is not None and parses(whole, path) else ""


def body_anew(text: str, path: str, name: str, code: str) -> Operation | str:
    """What the only function of a name holds, but for what describes it, in a new text."""
    lines, spans = plain_lines(text), functions_named(text, path, name)
    if len(spans) != 1:
        return f"`{name}` is defined {times(len(spans))} in the file"
    body = _body(text, lines, path, spans[0])
    own = None if body is None else moved_to(code, margin_of(lines[body[0]]))
    if body is None or own is None or re.search(rf"\b{name}\s*[(:=]", own[0]):
        return ""
    whole = "\n".join([*lines[: body[0]], *own, *lines[body[2] + 1 :]])
    change = in_place(text, lines, body[0], body[2], own)
    return change if change is not None and parses(whole, path) else ""


def _body(
    text: str, lines: list[str], path: str, span: tuple[int, int]
) -> tuple[int, int, int] | None:
    """Where what a function holds begins, behind what describes it, and its last statement is."""
    head, last = span
    if knows(path):
        return _block(lines, head, last)
    tree = parsed(text)
    held = next(
        (
            each.body
            for each in (ast.walk(tree) if tree is not None else ())
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.lineno == head + 1
        ),
        [],
    )
    above = head
    if any(map(is_text, held[:1])):
        above, held = end_of(held[0]), held[1:]
    if not held:
        return None
    begin, ends, last = begin_of(held[0]), held[-1].lineno - 1, end_of(held[-1])
    plain = margin_of(lines[begin]) == margin_of(lines[ends]) and len(lines[ends].rstrip()) > 0
    return (begin, ends, last) if begin > above and plain else None


def _block(lines: list[str], head: int, last: int) -> tuple[int, int, int] | None:
    """The same of what stands in braces, of which the last one has a line of its own."""
    brackets = 0
    for at in range(head, last):
        brackets += lines[at].count("(") - lines[at].count(")")
        if brackets or not lines[at].rstrip().endswith("{"):
            continue
        inner = [n for n in range(at + 1, last) if lines[n].strip()]
        if not inner or lines[last].strip().rstrip(";,)") != "}":
            return None
        margin = margin_of(lines[inner[0]])
        begun = [
            n for n in inner if margin_of(lines[n]) == margin and lines[n].strip()[0] not in ")]}."
        ]
        return inner[0], begun[-1], inner[-1]
    return None


def _is(line: str, quoted: str) -> bool:
    if quoted == "return":
        return re.match(r"return\b", line) is not None
    return line.rstrip(";") == quoted.strip().rstrip(";") or line == f"{quoted.strip()}:"
