"""New code that a plan adds to a file without a place: any place of its kind will do.

Imports go to the imports, constants below them, tests, functions and classes to its end.
"""

from __future__ import annotations

import ast
import re
from functools import partial

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append
from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized
from runbook.markdown.importing.forms.plainly import (
    DEFINED,
    adds_plainly,
    goes_elsewhere,
    without_its_names,
)
from runbook.markdown.importing.places import lists, treeadditions
from runbook.markdown.importing.places.definitions import is_definition, names_in, parsed, source
from runbook.markdown.importing.places.fitting import without_path
from runbook.markdown.importing.places.keys import tables_added
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.places.parsers import (
    PYTHON,
    is_headed,
    is_method,
    is_read,
    is_sketch,
)
from runbook.markdown.importing.places.statements import below_imports_of, imports_of
from runbook.markdown.importing.places.symbols import inserted
from runbook.markdown.importing.words.phrases import SLOTS
from runbook.markdown.importing.words.symbolwords import spot
from runbook.markdown.importing.words.vocabulary import anycase

# A remark for the reader, above what is to stand there.
SAYS_WHERE = anycase(
    r"^\s*(#|//|--)\s*(in|at|near|after|before|below|above|under|inside|add|"
    r"insert|appended|added)\b[^\n]*\b(sections?|top|bottom|end|block|imports?|module|class|function|file|to)\b",
    re.MULTILINE,
)
_BELOW = anycase(rf"[\s,]*\(?{SLOTS['imports-end']}\)?(?=\s*(\([^()]*\))?\s*[:：.]?\W*$)")
_OF_VALUES = anycase(r"\b(constants?|variables?|values?|limits?|names?)\b")
_BUILT_IN = {"str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple", "object"}
_FILE = re.compile(r"`[^`\n]+\.pyi?`")


def _added(block: Block) -> Recognized | None:
    """Functions, classes and tests that are added to a file which has none of their names."""
    if block.code[:1] in " \t" or SAYS_WHERE.search(block.code):
        return None
    if not adds_plainly(without_its_names(block)):
        return None
    path = block.file()
    text = None if path is None or block.scope.text is None else block.scope.text(path)
    if path is None or text is None or goes_elsewhere(block) or is_headed(block.code, path):
        return None
    code = without_path(block.code, path)
    if path.endswith(PYTHON):
        return _constants(block, path, code) or _of_python(block, path, code, text)
    if path.endswith(".rs"):
        find = partial(treeadditions.rust_added, path=path, code=code)
        return block.found(path, find, tuple(DEFINED.findall(code)))
    if path.endswith(".toml"):
        return block.found(path, partial(tables_added, code=code), telling(code), anchored=False)
    parts = treeadditions.imports_apart(text, path, code) if is_read(path) else None
    also, body = parts or ((), code)
    ends = parts is not None and treeadditions.can_end(text, path, body)
    if ends or lists.can_end(text, path, code):
        at = block.index
        return Recognized(path, Append(Text(body, True)), at, at, also=also)
    return None


def _of_python(block: Block, path: str, code: str, text: str) -> Recognized | None:
    tree, there = parsed(code), source(text)
    if tree is None or there is None or any(there.named(name, "") for name in names_in(code)):
        return None  # it is given anew
    parts = imports_of(code, library=block.scope.transforms)
    rest = [each for each in tree.body if not isinstance(each, ast.Import | ast.ImportFrom)]
    values = all(
        is_definition(each) or isinstance(each, ast.Assign | ast.AnnAssign) for each in rest
    )
    defined = any(map(is_definition, rest))
    if parts is None or not values or not defined or any(map(is_method, rest)):
        return None
    if any(map(is_sketch, rest)) and not re.search(r"\b(?:stubs?|skeleton|pass)\b", block.lead):
        return None  # what it is to do is said in words
    also, body = parts
    at = block.index
    return Recognized(path, Append(Text(body, True)), at, at, also=also)


def _constants(block: Block, path: str, code: str) -> Recognized | None:
    """Plain values, which may stand below the imports wherever they are used."""
    tree = parsed(code)
    body = [] if tree is None else tree.body
    names = [name for each in body if (name := _plain_value(each))]
    if not names or len(names) != len(body) or not _OF_VALUES.search(block.lead):
        return None
    return block.found(path, partial(below_imports_of, code=code), tuple(names))


def _plain_value(statement: ast.stmt) -> str:
    """The name of a value that needs nothing else of its file; nothing if it is no such."""
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            used = [each for each in ast.walk(statement) if isinstance(each, ast.Name)]
            plain = isinstance(value, ast.Constant | ast.Tuple | ast.List | ast.Dict | ast.Set)
            return name if plain and all(each.id in _BUILT_IN for each in used[1:]) else ""
        case _:
            return ""


def _below_imports(block: Block) -> Recognized | None:
    """A block of statements that words place after the imports; its own go to those of the file."""
    lead = block.lead
    said = _BELOW.search(lead)
    if said is None or block.code[:1] in " \t":
        return None
    rest = f"{lead[: said.start()]} {' '.join(_FILE.findall(said[0]))}{lead[said.end() :]}"
    path = block.file()
    if path is None or not adds_plainly(rest):
        return None
    if not path.endswith(PYTHON):
        find = partial(treeadditions.below_imports, path=path, code=block.code)
        return block.found(path, find, tuple(DEFINED.findall(block.code)))
    parts = imports_of(block.code, library=block.scope.transforms)
    if parts is None:
        return None
    also, body = parts
    return block.found(path, partial(below_imports_of, code=body), (), also=also)


def _as_files_say(block: Block) -> Recognized | None:
    """What is added without a place, beside the definition that the Files block names."""
    path = block.file() if adds_plainly(without_its_names(block)) else None
    place = spot(f"Add it {block.place_said(path)}") if path and is_read(path) else None
    if path is None or place is None:
        return None
    library = block.scope.transforms
    python = path.endswith(PYTHON)
    parts = imports_of(block.code, library=library) if python else ((), block.code)
    if parts is None:
        return None
    also, code = parts
    find = partial(inserted, path=path, code=code, place=place)
    return block.found(path, find, (place.name, *filter(None, (place.then,))), also=also)


_SHIP = "import os\n\n\nclass Ship:\n    def sail(self):\n        return 1\n"
ADDED = Form(
    "definitions that the file has not, at its end",
    _added,
    (
        Example(
            "Add a helper to `ship.py`:", "def row():\n    return 2\n", _SHIP,
            f"{_SHIP}\n\ndef row():\n    return 2\n",
        ),
        Example(
            "Add `import re` near the top imports. Add a helper like the existing `sail`:",
            "def row():\n    return re.A\n", "import os\n\n\ndef sail():\n    return os\n",
            "import os\nimport re\n\n\ndef sail():\n    return os\n\n\n"
            "def row():\n    return re.A\n",
        ),
        Example(
            "Add the oars table to ship.toml:", "[oars]\ncount = 4\n", "[ship]\nsails = 1\n",
            "[ship]\nsails = 1\n\n[oars]\ncount = 4\n", "ship.toml",
        ),
        Example(
            "Add the top speed constant:", "FAST = 2\n", _SHIP,
            _SHIP.replace("import os\n", "import os\n\nFAST = 2\n"),
        ),
        Example(
            "Add to `ship.test.ts` (and extend the import on line 2 to include `row`):",
            "import { row, sail } from './sea';\n\ntest('rows', () => {\n  row();\n});\n",
            "import { test } from 'sea';\nimport { sail } from './sea';\n\n"
            "test('sails', () => {});\n",
            "import { test } from 'sea';\nimport { row, sail } from './sea';\n\n"
            "test('sails', () => {});\n\ntest('rows', () => {\n  row();\n});\n", "ship.test.ts",
        ),
        Example(
            "Add to `ship.rs`:", "fn row() -> u8 {\n    2\n}\n",
            "fn sail() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n",
            "fn sail() {}\n\nfn row() -> u8 {\n    2\n}\n\n"
            "#[cfg(test)]\nmod tests {\n    use super::*;\n}\n", "ship.rs",
        ),
        Example(
            "Add to `ship.test.ts`:",
            "import { expect, test } from 'sea';\nimport { row } from './row';\n\n"
            "test('rows', () => {\n  expect(row()).toBe(2);\n});\n",
            "import { expect, test } from 'sea';\n\ntest('sails', () => {});\n",
            "import { expect, test } from 'sea';\nimport { row } from './row';\n\n"
            "test('sails', () => {});\n\n"
            "test('rows', () => {\n  expect(row()).toBe(2);\n});\n", "ship.test.ts",
        ),
    ),
    (
        "Add a helper near the top of `ship.py`:",
        "Add a helper to `Ship` or to `Boat`:",
        "Add to `ship.py` (extend the import on line 1 to include `oar`):",
    ),
    anywhere=True,
    uncut=True,
    seeks=False,
    allows=("more",),
)  # fmt: skip
BELOW_IMPORTS = Form(
    "statements, right below the imports",
    _below_imports,
    (
        Example(
            "Add a constant after the imports:", "FAST = 2\n", "import os\n\nSLOW = 1\n",
            "import os\n\nFAST = 2\n\nSLOW = 1\n",
        ),
        Example(
            "Add the following types after the imports:", "export type Wind = 'a' | 'b';\n",
            "import { a } from './a';\n\nexport const b = a;\n",
            "import { a } from './a';\n\nexport type Wind = 'a' | 'b';\n\nexport const b = a;\n",
            "ship.ts",
        ),
    ),
    ("Add a constant after the imports or below `SLOW`:",),
    uncut=True,
    seeks=False,
)  # fmt: skip
AS_FILES_SAY = Form(
    "code, where the Files block says that it goes", _as_files_say, uncut=True, seeks=False
)
