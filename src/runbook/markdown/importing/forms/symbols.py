"""Places that are named by what is defined there, and definitions given anew."""

from __future__ import annotations

import re
from functools import partial

from runbook.core.model.operations import EnsureImport, Operation
from runbook.core.value import replace
from runbook.markdown.importing.forms.form import (
    Block,
    Example,
    Finder,
    Form,
    Recognized,
    Words,
    worded,
)
from runbook.markdown.importing.forms.lines import BESIDE_LINE
from runbook.markdown.importing.places.anew import renamed, replaced
from runbook.markdown.importing.places.definitions import defined
from runbook.markdown.importing.places.parsers import PYTHON, is_read, shown
from runbook.markdown.importing.places.properties import property_behind
from runbook.markdown.importing.places.spans import inserted_at_line
from runbook.markdown.importing.places.statements import imports_of
from runbook.markdown.importing.places.symbols import inserted
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.prose import instructs
from runbook.markdown.importing.words.saying import NUMBERS
from runbook.markdown.importing.words.symbolwords import (
    END_OF_ALL,
    Anew,
    Spot,
    anew,
    places_unbracketed,
    spot,
)
from runbook.markdown.importing.words.vocabulary import anycase
from runbook.markdown.importing.words.wording import Side, side_of

_SENTENCE = re.compile(r"(?<=[.。])\s+|\n+")
_REMOVES_IT = anycase(
    r"(remove|delete) the ((entire|whole|old) )?(test|function|method|class|fixture|block|section|"
    r"helper)\s*[.:]?"
)


_DECLARES = r"\b(?:def|class|function|const|let|var|fn|func|interface|type|struct|enum|typealias)"
# What a comment above the new text says, and no part of it.
_FOR_THE_READER = anycase(
    r"\A\s*(#|//|--) *(replaces?|updates?|replacing|updating) (the )?"
    r"(existing|current|old|entire)\b[^\n]*\n"
)
_REST = anycase(r"\b(rest|remain(s|ing|der)?|unchanged|keep|stays?|as[- ]is|as before|same)\b")

_RENAMES = (
    "replace [the] [existing|old|entire|whole] <called:old> <callable> <tail> with|by [the|a|an]"
    " [new|this] <called:new> [<callable>] [that ...]"
)
_IMPORTS = re.compile(r"\s*(?:import|from)\s")
# "It is identical to the other one but …", behind the place.
_EXPLAINED = anycase(
    r"(?<=[.]) (it|this|the (function|method|helper|class|test)) (is|has|does|returns?|reads?|"
    r"takes?)\s(`[^`\n]*`|(?!\b(after|before|below|above|in|inside|near|goes|"
    r"instead)\b)[^`.:])*(?=[:：]\W*$)"
)


def _placed(block: Block) -> Recognized | None:
    """A block that is to stand after or before something that the file defines."""
    place, code = spot(_EXPLAINED.sub("", block.lead)), block.code
    if place is None or _shows(place.name, code):
        return None
    said = (told(each, block.said.words) for each in BESIDE_LINE)
    line = next(((side_of(it["side"]), it["anchor"]) for it in said if it), None)
    also: tuple[EnsureImport, ...] = ()
    if _IMPORTS.match(code) and (parts := imports_of(code, library=block.scope.transforms)):
        also, code = parts
    path = block.file()
    if path is None or not is_read(path):
        return None
    names = (place.name, *filter(None, (place.then, place.into)))
    find = partial(_inserted, path=path, code=code, place=place, line=line)
    return replace(_looked_up(block, path, find, names), also=also)


def _shows(name: str, code: str) -> bool:
    """Whether a block begins with the definition that it stands beside, before what is new."""
    first, _, rest = code.strip("\n").partition("\n")
    return bool(rest.strip()) and re.search(rf"{_DECLARES} {re.escape(name)}\b", first) is not None


def _inserted(
    text: str, path: str, code: str, place: Spot, line: tuple[Side, str] | None
) -> Operation | str:
    """The insertion beside a definition, or where only a line has what is quoted, at that."""
    change = inserted(text, path, code, place)
    if line is None or place.called or "(" not in line[1] or not path.endswith(PYTHON):
        return change
    calls = re.search(rf"^[ \t]*{re.escape(line[1])};?$", text, re.MULTILINE)
    if isinstance(change, str):
        return inserted_at_line(text, *line, code) or change
    return "" if calls else change


_OF_OBJECT = (
    "<make> [<plain>] <into> [the] [existing] <identifier:owner> [object|schema|config] [in <file>]"
    " , after|below [the] [existing] <identifier:beside>"
    " [block|field|property|prop|key|entry|member|option]"
)


def _property(block: Block) -> Recognized | None:
    """Properties behind one that is named, in an object that is bound to a name."""
    words = places_unbracketed(NUMBERS.sub("", block.said.words))
    asked = END_OF_ALL.sub("", words)
    said, path = told(_OF_OBJECT, asked), block.file()
    if said is None or path is None or block.said.more:
        return None
    owner, beside = said["owner"], said["beside"]
    find = partial(
        property_behind,
        path=path, code=block.code, owner=owner, beside=beside, last=asked != words,
    )  # fmt: skip
    return block.found(path, find, (owner, beside))


def _given_anew(block: Block) -> Recognized | None:
    """A block that is the new text of a function or class, all of it."""
    said = anew(block.lead)
    if said is None or (said.verb not in ("replace", "rewrite") and _keeps_rest(block)):
        return None
    path = block.file()
    if path is None or not is_read(path):
        return None
    python = path.endswith(PYTHON)
    own = defined(block.code)
    if not own and not python and (new := shown(block.code, path)) is not None:
        own = new.names[0] if said.name is None else said.name
    name = own or said.name
    if not name or (python and not own):
        return None
    code = _FOR_THE_READER.sub("", block.code, count=1)
    find = partial(replaced, path=path, code=code, said=said)
    return _looked_up(block, path, find, (name,))


def _keeps_rest(block: Block) -> bool:
    """Whether words behind a block say that there is more of what it shows."""
    after = block.pieces[block.index + 1 : block.index + 2]
    return any(each.kind == "prose" and _REST.search(each.text) for each in after)


def whole_function(path: str, block: Block) -> Recognized | None:
    """A block that is the new text of the one function or class that it defines, by its name.

    `None` where nothing parses the file, or the block is anything else.
    """
    said, name = anew(block.lead), defined(block.code)
    if not is_read(path) or (path.endswith(PYTHON) and not name):
        return None
    whole = Anew(said.name if said else None, "replace", True, None)
    find = partial(replaced, path=path, code=block.code, said=whole)
    return _looked_up(block, path, find, tuple(filter(None, (name,))))


def _looked_up(block: Block, path: str, find: Finder, about: tuple[str, ...]) -> Recognized:
    """An edit of which is told why there is none."""
    return Recognized(path, find, block.index, block.index, anchored=True, about=about)


def says_removed(words: str) -> bool:
    """Whether words tell someone to do no more than to remove what the next block shows."""
    told = [sentence for sentence in _SENTENCE.split(words) if instructs(sentence)]
    return bool(told) and all(_REMOVES_IT.fullmatch(sentence.strip()) for sentence in told)


_SHIP = "def sail():\n    return 1\n\n\nFAST = 2\n"
PLACED = Form(
    "beside what is defined",
    _placed,
    (
        Example(
            "Add it after the `sail` function:", "def row():\n    return 2\n", _SHIP,
            "def sail():\n    return 1\n\n\ndef row():\n    return 2\n\n\nFAST = 2\n",
        ),
        Example(
            "Add the method to `Ship` after `sail`:", "  row() {\n    return 2;\n  }\n",
            "class Ship {\n  sail() {\n    return 1;\n  }\n}\n",
            "class Ship {\n  sail() {\n    return 1;\n  }\n\n  row() {\n    return 2;\n  }\n}\n",
            "ship.js",
        ),
        Example(
            "(b) Add `row(_:)` to `ship.swift`, inside `struct Ship` (after `sail(...)`, before "
            "its closing `}`):",
            "    func row(_ oars: Int) {}\n",
            "struct Ship: Hull {\n    func sail(_ wind: Int) {}\n}\n",
            "struct Ship: Hull {\n    func sail(_ wind: Int) {}\n\n"
            "    func row(_ oars: Int) {}\n}\n", "ship.swift",
        ),
        Example(
            "Add the requirement after `sail`, before the `// Oars` comment:",
            "    func row()\n",
            "protocol Ship {\n    func sail()\n\n    // Oars\n    func land()\n}\n",
            "protocol Ship {\n    func sail()\n\n    func row()\n\n    // Oars\n"
            "    func land()\n}\n", "ship.swift",
        ),
        Example(
            "Add it after `sail`:", "    func row() {}\n",
            "protocol Ship {\n    func sail()\n}\n\nextension Ship {\n    func sail() {}\n}\n",
            "protocol Ship {\n    func sail()\n}\n\nextension Ship {\n    func sail() {}\n\n"
            "    func row() {}\n}\n", "ship.swift",
        ),
        Example(
            "Add it right after `sail()`:", "    public function row(): int\n    {\n"
            "        return 2;\n    }\n",
            "<?php\n\nfinal class Ship\n{\n    public function sail(): int\n    {\n"
            "        return 1;\n    }\n}\n",
            "<?php\n\nfinal class Ship\n{\n    public function sail(): int\n    {\n"
            "        return 1;\n    }\n\n    public function row(): int\n    {\n"
            "        return 2;\n    }\n}\n", "Ship.php",
        ),
        Example(
            "Add after the constructor:", "  row() {\n    return 2;\n  }\n",
            "class Ship {\n  constructor() {\n    go();\n  }\n}\n",
            "class Ship {\n  constructor() {\n    go();\n  }\n\n  row() {\n    return 2;\n  }\n}\n",
            "ship.js",
        ),
        Example(
            "Insert above `export function sail`:", "export function row() {\n  return 2;\n}\n",
            "export function sail() {\n  return 1;\n}\n",
            "export function row() {\n  return 2;\n}\n\nexport function sail() {\n  return 1;\n}\n",
            "ship.ts",
        ),
        Example(
            "Add `row()` directly after the `sail()` function. It is like `sail()` but slow:",
            "from sea import oars\n\n\ndef row():\n    return oars\n", f"import os\n\n\n{_SHIP}",
            "import os\n\nfrom sea import oars\n\n\ndef sail():\n    return 1\n\n\n"
            "def row():\n    return oars\n\n\nFAST = 2\n",
        ),
    ),
    (
        "Add it after the `sail` function or before `FAST`:",
        "Add it after `sail` if needed:",
        "Add it after `sail`, before the closing `}` of the class:",
        "Add it after `sail`, before the `# Oars` comment:",
    ),
)  # fmt: skip
_SCHEMA = (
    "export const Ship = z.object({\n  sails: z.number(),\n  mast: z.object({ top: z.x() }),\n});\n"
)
PROPERTY = Form(
    "properties of an object that has a name, behind one of them",
    _property,
    (
        Example(
            "Add the fields to `Ship` (after the `mast` block, before the closing `})`):",
            "  oars: z.number(),\n", _SCHEMA,
            _SCHEMA.replace("),\n});", "),\n  oars: z.number(),\n});"), "ship.ts",
        ),
        Example(
            "In `ship.ts`, add a field to the `Ship` schema after `sails`:", "oars: z.number()\n",
            _SCHEMA, _SCHEMA.replace("number(),\n", "number(),\n  oars: z.number(),\n", 1),
            "ship.ts",
        ),
    ),
    (
        "Add the fields to `Ship` (after the `sails` block, before the closing `})`):",
        "Add the fields to `Ship` (after the `keel` block):",
        "Add the fields to `Ship` (after `mast` or `sails`):",
        "Add the fields to `Boat` (after `mast`):",
    ),
    uncut=True,
)  # fmt: skip
GIVEN_ANEW = Form(
    "a definition given anew",
    _given_anew,
    (
        Example(
            "Replace `sail` with:", "def sail():\n    return 3\n", _SHIP,
            "def sail():\n    return 3\n\n\nFAST = 2\n",
        ),
        Example(
            "Replace `sail`:", "# Replace the existing sail (line 1)\ndef sail():\n    return 3\n",
            _SHIP, "def sail():\n    return 3\n\n\nFAST = 2\n",
        ),
        Example(
            "Modify `sail()` to take the wind:", "def sail(wind):\n    return wind\n", _SHIP,
            "def sail(wind):\n    return wind\n\n\nFAST = 2\n",
        ),
        Example(
            "Replace `sail()`:",
            "    @Override\n    public int sail() {\n        return 2;\n    }\n",
            "package sea;\n\nclass Ship {\n    @Override\n    public int sail() {\n"
            "        return 1;\n    }\n}\n",
            "package sea;\n\nclass Ship {\n    @Override\n    public int sail() {\n"
            "        return 2;\n    }\n}\n", "Ship.java",
        ),
        Example(
            "Replace the `Sail` method:",
            "    [Fact]\n    public int Sail()\n    {\n        return 2;\n    }\n",
            "namespace Sea;\n\npublic class Ship\n{\n    [Fact]\n    public int Sail()\n"
            "    {\n        return 1;\n    }\n}\n",
            "namespace Sea;\n\npublic class Ship\n{\n    [Fact]\n    public int Sail()\n"
            "    {\n        return 2;\n    }\n}\n", "Ship.cs",
        ),
        Example(
            "Find the `sail()` function (around line 1) and replace it with:",
            "def sail():\n    return 3\n", _SHIP, "def sail():\n    return 3\n\n\nFAST = 2\n",
        ),
        Example(
            "Replace the existing sail method:", "  sail() {\n    return 2;\n  }\n",
            "class Ship {\n  sail() {\n    return 1;\n  }\n}\n",
            "class Ship {\n  sail() {\n    return 2;\n  }\n}\n", "ship.js",
        ),
        Example(
            "Update the `sail` function:", "function sail() {\n  return 2;\n}\n",
            "function sail() {\n  return 1;\n}\n\nrow();\n",
            "function sail() {\n  return 2;\n}\n\nrow();\n", "ship.ts",
        ),
    ),
    (
        "Update `sail` to go after `row`:",
        "Replace something like `sail` with:",
        "Replace a part of `sail` with:",
        "Replace the other function:",
        "Find the `sail` function and replace it with this, and update its callers:",
    ),
)  # fmt: skip
RENAMED = Form(
    "a definition in place of one that is called otherwise",
    worded(Words(_RENAMES, renamed, about=("old", "new"), reads=True)),
    (
        Example(
            "Replace the `sail` function with a new `row` function that needs no wind:",
            "def row():\n    return 3\n", _SHIP, "def row():\n    return 3\n\n\nFAST = 2\n",
        ),
    ),
    (
        "Replace `sail` with a new `row` function:",  # where it is called
        "Replace calls of `sail` with `row`:",
        "Replace the `sail` function with something like `row`:",
        "Replace the `sail` function with a new `pull` function:",
    ),
)  # fmt: skip
