"""Python's imports: made sure of, or dropped, by as few characters as that takes.

The standard library's `ast` says where statements and names stand. libcst was measured beside it:
it loads for a second instead of 50 ms, and parses ten times as long.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from runbook.core.matching.normalized import NormalizedText, Span, as_characters
from runbook.core.matching.places import line_range, spliced
from runbook.core.matching.results import NO_FILE, AlreadyApplied, Applied, Conflict, Result
from runbook.core.model.operations import DropImport, EnsureImport
from runbook.core.patterns import regex
from runbook.transforms.brackets import HASH, last_out, other_out
from runbook.transforms.hygiene import whole_lines
from runbook.transforms.importorder import (
    FUTURE,
    Statement,
    by_form,
    by_module,
    module_of,
    ordered,
    place,
    section_of,
)
from runbook.transforms.trees import (
    Splice,
    above_comments,
    indentation,
    line_after,
    line_in,
    line_start,
)

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LAZY = regex(r"(?m)^[ \t]*lazy[ \t]")
_LONG = 88  # signs of a line, where the file has none that is longer
_REMARK = regex(r"[ \t]*;?[ \t]*#[^\n]*")
# What may follow a name on a line of its own.
_REST = regex(r"(?:[ \t]*(?P<comma>,))?(?P<after>[ \t]*(?:#[^\n]*)?)(?=\n)")


class _Refused(Exception):
    """An import can't be made or dropped; the message says why."""


def change_imports(text: str | None, operation: EnsureImport | DropImport) -> Result:
    """What an operation makes of a Python file's text."""
    if text is None:
        return NO_FILE
    first: Span | None = None
    try:
        source = _Source(NormalizedText(text))
        for line in operation.statements:
            statement = ast.parse(line).body[0]
            assert isinstance(statement, Statement)
            # What a new module is imported by stays one statement, as it is stated.
            known = source.knows(statement)
            for each in statement.names:
                if isinstance(operation, DropImport):
                    edits = [*source.dropped(statement, each)]
                else:
                    edits = [*source.ensured(statement, each, known=known)]
                if edits:
                    begin = edits[0][0] + source.normal.first
                    first = first or Span(begin, begin)
                    source = source.changed(edits)
    except _Refused as refused:
        return Conflict(f"{refused}")
    if first is None:
        return AlreadyApplied()
    return Applied(source.normal.original, line_range(source.normal, first))


@lru_cache(maxsize=4)
def _parsed(text: str) -> ast.Module:
    """A file's tree; what one statement has made of it, the next one begins with.

    Nobody changes a tree.
    """
    if "\r" in text:
        raise _Refused("a line of the file ends with a carriage return alone")
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError) as error:
        from runbook.core.text.otherpythons import tree_of_another

        other = None if _LAZY.search(text) else tree_of_another(text)
        if other is not None:
            return other  # its imports stand where they do in the text
        line = getattr(error, "lineno", None) or 1
        version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        raise _Refused(f"the file is no {version}: line {line}: {error.args[0]}") from None


class _Source:
    def __init__(self, normal: NormalizedText) -> None:
        """Read a file.

        Raises:
            _Refused: it is no Python.
        """
        self.normal = normal
        self.text = as_characters(normal.text[normal.first :])
        self.tree = _parsed(self.text)
        self.starts = [0]
        for line in self.text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def changed(self, edits: list[Splice]) -> _Source:
        """The file with edits made, which is parsed only then: a large one takes its time."""
        first = self.normal.first
        moved = [(start + first, end + first, added) for start, end, added in edits]
        return _Source(NormalizedText(spliced(self.normal, moved)))

    def span(self, node: ast.stmt | ast.alias) -> tuple[int, int]:
        """Where a node begins and ends; the parser counts bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        ends = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
        begin, end = (self._offset(line, column) for line, column in ends)
        return begin, end

    def _offset(self, line: int, column: int) -> int:
        start = self.starts[line - 1]
        shown = self.text[start : self.starts[line]]
        return start + len(shown.encode()[:column].decode("utf-8", "ignore"))

    # Dropping

    def dropped(self, statement: Statement, name: ast.alias) -> Iterator[Splice]:
        """The edits that take a name out of all imports outside of functions and classes."""
        whole: list[Splice] = []
        removed: list[Splice] = []
        for block in _blocks(self.tree.body):
            for each in block:
                if not isinstance(each, Statement) or not _same_origin(each, statement):
                    continue
                names = [i for i, other in enumerate(each.names) if _is(other, name)]
                if len(names) == len(each.names):
                    if len(block) == 1 and block is not self.tree.body:
                        raise _Refused(f"nothing would be left in the block of line {each.lineno}")
                    whole.append((*self._with_remark(each), ""))
                else:
                    for index in names:
                        removed += self._without(each, index)
        yield from sorted([*whole_lines(self.text, sorted(whole)), *removed])

    def _with_remark(self, statement: Statement) -> tuple[int, int]:
        """Where a statement begins, and ends with the comment behind it, if its line is its own."""
        start, end = self.span(statement)
        remark = _REMARK.match(self.text, end)
        alone = not self.text[line_start(self.text, start) : start].strip()
        return start, remark.end() if alone and remark is not None else end

    def _without(self, statement: Statement, index: int) -> Iterator[Splice]:
        start, end = self.span(statement.names[index])
        rest = _REST.match(self.text, end)
        last = index + 1 == len(statement.names)
        # What stands behind another name is about that one, and stays.
        if rest is not None and self._on_its_own(statement, start) and (rest["comma"] or last):
            if not rest["comma"]:
                above = self.span(statement.names[index - 1])[1]
                comma = re.compile(r"[ \t]*,").match(self.text, above)
                if comma is not None:
                    yield above, comma.end(), ""
            yield line_start(self.text, start), rest.end() + 1, ""
        elif not last:
            below = self.span(statement.names[index + 1])[0]
            yield other_out(self.text, start, end, below, HASH)
        else:
            above = self.span(statement.names[index - 1])[1]
            yield from last_out(self.text, above, start, end, HASH)

    def _on_its_own(self, statement: Statement, start: int) -> bool:
        """Whether a name in brackets begins its line; a backslash goes on with one line only."""
        brackets = "(" in self.text[self.span(statement)[0] : start]
        return brackets and not self.text[line_start(self.text, start) : start].strip()

    # Ensuring

    def knows(self, statement: Statement) -> bool:
        """Whether anything is imported from the module of a statement."""
        same = (each for each in self.tree.body if isinstance(each, ast.ImportFrom))
        return any(_same_origin(each, statement) for each in same)

    def ensured(self, statement: Statement, name: ast.alias, *, known: bool) -> Iterator[Splice]:
        """The edits that make a name be imported at the top of the file.

        `known` says whether its module was before the statement that states it.
        """
        top = [*self.tree.body]
        for each in self.tree.body:
            top += each.body if isinstance(each, ast.Try) else []
        imports = [each for each in top if isinstance(each, Statement)]
        same = [each for each in imports if _same_origin(each, statement)]
        if any(_is(other, name) or other.name == "*" for each in same for other in each.names):
            return
        froms = [each for each in same if isinstance(each, ast.ImportFrom)]
        ours = [each for each in froms if each in self.tree.body]
        if ours and name.name != "*":
            alone = known and self._one_a_line()
            yield self._single(ours, name) if alone else self._with(ours[0], name)
            return
        yield self._new(statement, name)

    def _one_a_line(self) -> bool:
        """Whether the file has a statement for each name that it takes from a module."""
        froms = [each for each in self.tree.body if isinstance(each, ast.ImportFrom)]
        modules = [(each.module, each.level) for each in froms]
        return all(len(each.names) == 1 for each in froms) and len(modules) > len({*modules})

    def _single(self, ours: list[ast.ImportFrom], name: ast.alias) -> Splice:
        """A statement for a name among those of its module: in their order, else last."""
        index = place([each.names[0].name for each in ours], name.name)
        line = ast.unparse(_single(ours[0], name)) + "\n"
        if index < len(ours):
            return self._before(ours[index], line)
        return self._after(ours[-1], line)

    def _with(self, statement: Statement, name: ast.alias) -> Splice:
        """A name among those of a statement: where it belongs if they are sorted, else last."""
        written = ast.unparse(name)
        names = [each.name for each in statement.names]
        index = place(names, name.name)
        wrapped = self._wrapped(statement, index, written)
        if wrapped:
            return wrapped
        start, end = self.span(statement.names[min(index, len(names) - 1)])
        own_line = self._on_its_own(statement, start)
        indent = indentation(self.text, start)
        if index < len(names) and own_line:
            begin = above_comments(self.text, start, "#")
            return begin, begin, f"{indent}{written},\n"
        if index < len(names):
            return start, start, f"{written}, "
        rest = _REST.match(self.text, end)
        if not own_line or rest is None:
            return end, end, f",\n{indent}{written}" if own_line else f", {written}"
        # A comment stays behind the name that it is about.
        comma = rest["comma"] or ""
        return end, rest.end(), f",{rest['after']}\n{indent}{written}{comma}"

    def _wrapped(self, statement: Statement, index: int, added: str) -> Splice | None:
        """A statement that would be too long for the file, with a line for each name."""
        start, end = self.span(statement)
        begin, stop = line_start(self.text, start), self.text.find("\n", end)
        line = self.text[begin : len(self.text) if stop < 0 else stop]
        longest = max(_LONG, *map(len, self.text.split("\n")))
        plain = self.text[start:end] == line.strip() and "(" not in line
        if not plain or len(f"{line}, {added}") <= longest:
            return None
        names = [self.text[slice(*self.span(each))] for each in statement.names]
        names.insert(index, added)
        head = self.text[start : self.span(statement.names[0])[0]]
        indent = indentation(self.text, start)
        listed = "".join(f"{indent}    {each},\n" for each in names)
        return start, end, f"{head}(\n{listed}{indent})"

    def _new(self, statement: Statement, name: ast.alias) -> Splice:
        """A statement of its own, among those of its kind and in their order."""
        new = _single(statement, name)
        line = ast.unparse(new) + "\n"
        block = self._block()
        section = section_of(new)
        peers = self._nearest(block, section, new)
        if peers:
            mixed = ordered(peers, by_module) and not ordered(peers, by_form)
            key: Callable[[Statement], Any] = by_module if mixed else by_form
            before = [each for each in peers if key(each) <= key(new)]
            return self._after(before[-1], line) if before else self._before(peers[0], line)
        above = [each for each in block if section_of(each) < section]
        if above:
            return self._after(above[-1], f"\n{line}")
        # Python takes what is from `__future__` nowhere but above all else.
        if not block or section == FUTURE:
            return self._first(line)
        begin, _, lines = self._before(block[0], f"{line}\n")
        begin = self._headed(begin)
        return begin, begin, lines

    def _nearest(self, block: list[Statement], section: int, new: Statement) -> list[Statement]:
        """Those of a section that stand together: with one of the same package, else the first.

        What a package needs before it is imported may stand below the `block` at the top.
        """
        groups: list[list[Statement]] = []
        code = False
        for each in self.tree.body:
            if not isinstance(each, Statement):
                code = True
            elif section_of(each) == section:
                gap = groups and self.text[self.span(groups[-1][-1])[1] : self.span(each)[0]]
                if not groups or code or "\n\n" in gap:
                    groups.append([])
                groups[-1].append(each)
                code = False
        package = module_of(new).partition(".")[0]
        own = (g for g in groups if any(module_of(e).partition(".")[0] == package for e in g))
        return next(own, next((g for g in groups if g[0] in block), []))

    def _block(self) -> list[Statement]:
        """The imports at the top of the file, past those that a `try:` or `if` may make."""
        found: list[Statement] = []
        for each in self.tree.body:
            if isinstance(each, Statement):
                found.append(each)
            elif found and not (
                isinstance(each, ast.Try | ast.If)
                and all(isinstance(one, Statement) for one in each.body)
            ):
                break
        return found

    def _after(self, statement: ast.stmt, lines: str) -> Splice:
        at = line_after(self.text, self.span(statement)[1])
        return line_in(self.text, at, lines.removesuffix("\n"))

    def _before(self, statement: ast.stmt, lines: str) -> Splice:
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(each.lineno for each in decorators)])
        begin = self.starts[first - 1]
        return begin, begin, lines

    def _first(self, line: str) -> Splice:
        """The first import of a file: below its docstring, above all else."""
        body = self.tree.body
        if body and ast.get_docstring(self.tree) is not None:
            if len(body) == 1:
                return self._after(body[0], f"\n{line}")
            return self._after(body[0], f"\n{line}" + self._gap(body[1], body[0]))
        if body:
            definition = isinstance(body[0], _DEFINITIONS)
            at, _, lines = self._before(body[0], line + ("\n\n" if definition else "\n"))
            at = self._headed(at)
            return at, at, lines
        ended = not self.text or self.text.endswith("\n")
        return len(self.text), len(self.text), line if ended else f"\n{line}"

    def _headed(self, begin: int) -> int:
        """Where a statement's lines begin, with the comments right above that are about it."""
        # Those at the file's beginning are about the file.
        return above_comments(self.text, begin, "#") or begin

    def _gap(self, below: ast.stmt, above: ast.stmt) -> str:
        """An empty line before a statement, where there is none yet."""
        between = self.text[line_after(self.text, self.span(above)[1]) : self.span(below)[0]]
        return "" if between.startswith("\n") else "\n"


def _blocks(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """All lists of statements outside of functions and classes."""
    yield body
    for each in body:
        if isinstance(each, _DEFINITIONS):
            continue
        for part in (each, *getattr(each, "handlers", ()), *getattr(each, "cases", ())):
            for name in ("body", "orelse", "finalbody"):
                yield from _blocks(getattr(part, name, None) or [])


def _same_origin(one: Statement, other: Statement) -> bool:
    if isinstance(one, ast.ImportFrom) and isinstance(other, ast.ImportFrom):
        return (one.module, one.level) == (other.module, other.level)
    return type(one) is type(other)


def _is(one: ast.alias, other: ast.alias) -> bool:
    return (one.name, one.asname) == (other.name, other.asname)


def _single(statement: Statement, name: ast.alias) -> Statement:
    if isinstance(statement, ast.ImportFrom):
        return ast.ImportFrom(statement.module, [name], statement.level)
    return ast.Import([name])
