"""What goes right below the imports of a Python file: constants, fixtures, functions."""

from __future__ import annotations

import ast
import re
from functools import partial
from itertools import takewhile

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, EnsureImport, Operation
from runbook.markdown.importing.forms.additions import adds_plainly, apart
from runbook.markdown.importing.forms.recognized import Recognized
from runbook.markdown.importing.places.definitions import is_definition, parsed, source
from runbook.markdown.importing.places.files import Scope, target
from runbook.markdown.importing.places.inplace import anchored
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import cut_off, elided

_BELOW = re.compile(
    r"[\s,]*\(?(?:(?:near|at|to)\s+(?:the\s+)?top\s+of\s+(?:the\s+(?:file|module)|`[^`\n]+`|"
    r"[\w/]+\.py)[\s,]*)?\(?(?:immediately\s+|directly\s+|right\s+|just\s+)?(?:after|below)\s+"
    r"(?:the\s+)?(?:existing\s+|other\s+|last\s+)?imports?(?:\s+(?:block|section|statements?))?"
    r"(?:[\s,]*(?:(?:and|but)\s+)?before\s+(?:the\s+|any\s+)?(?:other\s+)?"
    r"(?:fixtures|functions|classes|tests|definitions|code))?\)?(?=\s*(?:\([^()]*\))?\s*[:：.]?\W*$)",
    re.IGNORECASE,
)
_FILE = re.compile(r"`[^`\n]+\.pyi?`")


def below_imports(
    pieces: list[Piece], index: int, scope: Scope, before: str | None
) -> Recognized | None:
    """A block of statements that words place after the imports; its own go to those of the file."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    said = _BELOW.search(lead)
    if scope.text is None or said is None or piece.text[:1] in " \t":
        return None
    rest = f"{lead[: said.start()]} {' '.join(_FILE.findall(said[0]))}{lead[said.end() :]}"
    if not adds_plainly(rest) or elided(piece.text) or cut_off(piece.text):
        return None
    path = target(lead, piece.text, piece.info, scope, before)
    tree = parsed(piece.text)
    if path is None or not path.endswith((".py", ".pyi")) or tree is None or not tree.body:
        return None
    parts = apart(piece.text, tree)
    if parts is None or (parts[0] and not scope.transforms):
        return None
    imports, body = parts
    return Recognized(
        path,
        Append(Text(body, True)),
        index,
        index,
        anchored=True,
        find=partial(_found, code=body),
        sure=False,
        also=(EnsureImport(imports),) if imports else (),
    )


def _found(text: str, code: str) -> Operation | str:
    there, tree, block = source(text), parsed(text), parsed(code)
    if there is None or tree is None or block is None:
        return ""
    new = [name for each in block.body for name in _names(each)]
    taken = [name for name in new if there.named(name, "")]
    if taken:
        return f"already there: `{taken[0]}` is defined in the file"
    head = list(takewhile(_of_the_head, tree.body))
    imports = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    if not new or not imports or imports[-1] not in head:
        return ""  # it has imports further down, too
    last = (head[-1].end_lineno or 1) - 1
    begins = (head[-1].lineno or 1) - 1
    wide = is_definition(block.body[0])
    following = tree.body[len(head)] if len(head) < len(tree.body) else None
    below = last + 1
    while below < len(there.lines) and not there.lines[below].strip():
        below += 1
    gap = 2 if is_definition(block.body[-1]) or (following and is_definition(following)) else 1
    more = 0 if below == len(there.lines) else max(0, gap - (below - last - 1))
    own = [*[""] * (2 if wide else 1), *code.strip("\n").split("\n"), *[""] * more]
    change = anchored(text, there.lines, begins, last, "after", own)
    made = None if change is None else apply(text, change)
    after = source(made.text) if isinstance(made, Applied) and made.text is not None else None
    whole = after is not None and all(after.named(name, "") for name in new)
    return change if change is not None and whole else ""


def _of_the_head(statement: ast.stmt) -> bool:
    """Whether a statement is of those that a file begins with: its docstring and imports."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.If(body=body, orelse=[]) | ast.Try(body=body):
            return all(map(_of_the_head, body))
        case _:
            return False


def _names(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [each.id for each in targets if isinstance(each, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []
