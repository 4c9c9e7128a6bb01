"""The one call of a function in a file, given anew with all of its statement."""

from __future__ import annotations

import ast
import re
from textwrap import dedent

from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.definitions import begin_of, end_of, parsed
from runbook.markdown.importing.places.inplace import in_place, made_of
from runbook.markdown.importing.places.lines import margin_of, moved_to, plain_lines
from runbook.markdown.importing.places.parsers import PYTHON, parses, times
from runbook.markdown.importing.places.treesymbols import last_line, root_of, walk

_STATEMENTS = (
    "expression_statement", "lexical_declaration", "variable_declaration", "return_statement",
    "let_declaration", "short_var_declaration", "assignment_statement",
    "local_variable_declaration",
)  # fmt: skip
_COMMENT = re.compile(r"\s*(?://|#|/\*|\*)")
_STRING = re.compile(r"""(["'`])(?:\\.|(?!\1)[^\\])*\1""")
_ARGUMENTS = re.compile(r"\([^()]*\)")


def call_anew(text: str, path: str, code: str, old: str, new: str = "") -> Operation | str:
    """A statement that calls a function, in place of the only one of the file that calls it.

    But for what is passed, both say the same. Where another function is called instead, that is
    `new`. The comment right above it goes with it, if the block has its own.
    """
    own = code.strip("\n").split("\n")
    shown = [at for at, line in enumerate(own) if line.strip() and not _COMMENT.match(line)]
    there, block = _calls(text, path, old), _calls(_alone(code), path, new or old)
    if not shown or len(block) != 1 or len(there) != 1:
        return f"`{old}` is called {times(len(there))} in the file" if len(block) == 1 else ""
    lines, (first, last), (begin, end) = plain_lines(text), there[0], block[0]
    stands, given = "\n".join(lines[first : last + 1]), "\n".join(own[shown[0] : shown[-1] + 1])
    same = _frame(stands, old) == _frame(given, new or old)
    if (begin, end) != (0, shown[-1] - shown[0]) or not same:
        return ""  # the block is more than the statement, or does something else with the value
    while shown[0] and first and _COMMENT.match(lines[first - 1]):
        first -= 1
    moved = moved_to(code, margin_of(lines[last if first == last else first]))
    change = None if moved is None else in_place(text, lines, first, last, moved)
    made = None if change is None else made_of(text, change)
    return change if change is not None and made and parses(made, path) else ""


def _alone(code: str) -> str:
    """A block without the comments above it, at the margin."""
    lines = dedent(code).strip("\n").split("\n")
    while lines and (not lines[0].strip() or _COMMENT.match(lines[0])):
        del lines[0]
    return "\n".join(lines) + "\n"


def _frame(statement: str, name: str) -> str:
    """What a statement does with a call, without what is passed, and whether it waits for it."""
    text, found = _STRING.sub('""', statement), 1
    while found:
        text, found = _ARGUMENTS.subn("", text)
    called = re.sub(rf"(?<![\w.]){re.escape(name)}(?!\w)", "()", text)
    return re.sub(r"\s+|;\s*$|\?;?\s*$", "", re.sub(r"\bawait\s", "", called))


def _calls(text: str, path: str, name: str) -> list[tuple[int, int]]:
    """The first and last lines (from 0) of the statements that call a function, each once."""
    calls = re.compile(rf"(?<![\w.]){re.escape(name)}\(")
    if path.endswith(PYTHON):
        tree = parsed(text)
        simple = (ast.Expr, ast.Assign, ast.AnnAssign, ast.Return, ast.AugAssign)
        found = [each for each in ast.walk(tree) if isinstance(each, simple)] if tree else []
        spans = [(begin_of(each), end_of(each)) for each in found]
    else:
        root = root_of(text, path)
        nodes = [] if root is None else [it for it in walk(root) if it.kind() in _STATEMENTS]
        spans = [(it.range().start.line, last_line(it)) for it in nodes]
    defines = re.compile(rf"\b(?:def|function|fn|func)\s+{re.escape(name)}\(")
    stands = [
        at
        for at, line in enumerate(plain_lines(text))
        if calls.search(line) and not (_COMMENT.match(line) or defines.search(line))
    ]
    inner = set()
    for at in stands:
        around = [span for span in spans if span[0] <= at <= span[1]]
        if not around:
            return []  # it is called in a condition, or the like
        inner.add(min(around, key=lambda span: span[1] - span[0]))
    return sorted(inner)
