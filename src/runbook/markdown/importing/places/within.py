"""Lines inside of one function, which may stand in others, too."""

from __future__ import annotations

import ast
import re

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.definitions import parsed
from runbook.markdown.importing.places.inplace import anchored
from runbook.markdown.importing.places.lines import OPEN, margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.parsers import functions_named, parses, times
from runbook.markdown.importing.places.treesymbols import knows
from runbook.markdown.importing.words.sides import Side, side_of
from runbook.markdown.importing.words.vocabulary import anycase

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
    if where == "after" and (lines[at].rstrip().endswith(OPEN) or _deeper(lines, at)):
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
    match held[:1]:
        case [ast.Expr(value=ast.Constant(value=str()), end_lineno=int(above))]:
            above, held = above - 1, held[1:]
    if not held:
        return None
    decorated = getattr(held[0], "decorator_list", [])
    begin = min([held[0].lineno, *(each.lineno for each in decorated)]) - 1
    ends, last = held[-1].lineno - 1, (held[-1].end_lineno or 0) - 1
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


def _deeper(lines: list[str], at: int) -> bool:
    below = next((line for line in lines[at + 1 :] if line.strip()), "")
    return len(margin_of(below)) > len(margin_of(lines[at]))
