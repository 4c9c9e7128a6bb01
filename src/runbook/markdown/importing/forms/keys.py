"""Keys and items that are added to a TOML or JSON file, and values that are set."""

from __future__ import annotations

import re
from functools import partial

from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized
from runbook.markdown.importing.places.keys import key_listed, keys_added, keys_shown
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.vocabulary import BEGIN, END, IN, without_code

_DATA = (".toml", ".json")
_KEYS = re.compile(
    rf"{BEGIN}(?:in\s+(?:the\s+)?(?:root\s+)?(?:(?:``|section|table)\s*)+,?\s*)?"
    r"add\b(?:\s+(?:the|this|these|a|an|following|new|two|three|``|\w+(?=\s+(?:to|keys?|fields?|"
    r"entry|entries|dependency|dependencies|section)\b)|keys?|fields?|entry|entries|"
    r"entry\s+points?|points?|dependency|dependencies|section|and|,))*"
    r"(?:\s+(?:to|in|under)\s+(?:the\s+)?(?:root\s+)?(?:(?:``|sections?|tables?|lists?|in|of|the|"
    rf"dependencies)\s*)+)?{END}",
    re.IGNORECASE,
)
_OF = r"(?:\s+(?:in|of|under)\s+(?:the\s+)?``(?:\s+(?:section|table))?)*"
_LIST = re.compile(
    rf"{BEGIN}add\b[^`.:]*(?:``[^`.:]*)?\b(?:to|in|under)\s+(?:the\s+)?"
    rf"(?:``|(?P<bare>dependencies))(?:\s+(?:list|array|section|key|object|field))?{_OF}{END}",
    re.IGNORECASE,
)
_OF_PACKAGE = re.compile(
    rf"{BEGIN}(?:in\s+``\s*,?\s*)?add\s+(?:(?:the|this|these|a|an|new|following|two|three)\s+)*(?P<dev>dev(?:elopment)?[\s-]?)?(?:(?P<scripts>scripts?)|"
    rf"dependenc(?:y|ies))(?:\s+(?:to|in)\s+``)?{END}",
    re.IGNORECASE,
)
_SETS = re.compile(
    rf"{BEGIN}(?:update|change|set|replace|bump)\s+(?:the\s+)?``"
    rf"(?:\s+(?:key|value|field|setting|list|option))?{_OF}(?:\s+(?:to|with|so)\b(?:``|[^`:])*)?{END}",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\s*\([^()`]*\)|\s+(?:at|around|near|on)\s+lines?\s+~?\d+(?:\s*[-–]\s*\d+)?", re.IGNORECASE
)
# "Keep all existing entries, they will be removed later."
_KEPT = re.compile(r"\bkeep\s+(?:all\s+)?(?:the\s+)?existing\b[^.]*\.?", re.IGNORECASE)
_TABLE = re.compile(r"\[[^\[\]]+\]")
_GROWS = re.compile(rf"{BEGIN}{IN}(?:add|update|extend|include|register|insert)\b", re.IGNORECASE)
_ADDS = re.compile(rf"{BEGIN}{IN}(?:add|insert|register)\b", re.IGNORECASE)
_GOES = re.compile(
    r"\b(?:remov\w+|delet\w+|drop\w*|replac\w+|renam\w+|instead|without)\b", re.IGNORECASE
)


def _said(block: Block) -> tuple[str, tuple[str, ...]]:
    """The words without code and line numbers, and the codes that are no files."""
    codes = tuple(code for code in block.said.codes if parse_path(code) is None)
    return _NUMBERS.sub("", without_code(block.lead)), codes


def _keyed(block: Block) -> Recognized | None:
    """A block of plain keys that are added to those of the file."""
    bare, codes = _said(block)
    path = block.file() if _KEYS.fullmatch(bare) else None
    if path is None or not path.endswith(_DATA):
        return None
    find = partial(keys_added, code=block.code, codes=codes, toml=path.endswith(".toml"))
    return block.found(path, find, codes or (path,), anchored=False)


def _listed(block: Block) -> Recognized | None:
    """Items for a list of a TOML or JSON file, keys for an object, or the new value of a key."""
    bare, codes = _said(block)
    adds, sets = _LIST.fullmatch(bare), _SETS.fullmatch(bare)
    if not adds and not sets:
        return _packaged(block, bare)
    path = block.file()
    names = [plain for code in codes if re.fullmatch(r"[\w.-]+", plain := code.strip("\"'"))]
    # What it is set to may be named as well.
    name: str | None = names[0 if sets and len(names) == 2 else -1] if names else None
    if adds and adds["bare"]:
        name = adds["bare"]
    if path is None or not path.endswith(_DATA) or not name or (adds and block.said.more):
        return None
    table = next((code[1:-1] for code in codes if _TABLE.fullmatch(code)), None)
    toml = path.endswith(".toml")
    find = partial(key_listed, code=block.code, name=name, table=table, toml=toml, sets=bool(sets))
    return block.found(path, find, (name,), anchored=False)


def _packaged(block: Block, bare: str) -> Recognized | None:
    """Scripts or dependencies of a `package.json`, which has a key for each kind of them."""
    said = None if block.said.more else _OF_PACKAGE.fullmatch(bare)
    path = None if said is None else block.file()
    if said is None or path is None or path.rsplit("/", 1)[-1] != "package.json":
        return None
    name = "scripts" if said["scripts"] else "devDependencies" if said["dev"] else "dependencies"
    find = partial(key_listed, code=block.code, name=name, table=None, toml=False, sets=False)
    return block.found(path, find, (name,), anchored=False)


def _shown(block: Block) -> Recognized | None:
    """A table or an object with some of the keys that it has, and others that it has not."""
    if not _GROWS.match(block.said.words) or _GOES.search(_KEPT.sub("", block.said.bare)):
        return None
    path = block.file()
    if path is None or not path.endswith(_DATA):
        return None
    tables = [code for code in block.said.codes if _TABLE.fullmatch(code)]
    shown = _TABLE.match(block.code.lstrip())
    adds = _ADDS.match(block.said.words) is not None
    adds = adds and all(shown is not None and each == shown[0] for each in tables)
    find = partial(keys_shown, code=block.code, toml=path.endswith(".toml"), adds=adds)
    return block.found(path, find, telling(block.code), anchored=False)


KEYED = Form(
    "keys, to those of a TOML or JSON file",
    _keyed,
    (
        Example(
            "Add to `[ship]`:", "oars = 4\n", "[ship]\nsails = 1\n",
            "[ship]\nsails = 1\noars = 4\n",
            "ship.toml",
        ),
    ),
    ("Add something like this to `[ship]`:", "Add to `[ship]` or `[boat]`, whichever there is:"),
    tried=False,
    library=True,
    allows=("cut off",),
)  # fmt: skip
LISTED = Form(
    "items, to a list of a TOML or JSON file; or the value of a key",
    _listed,
    (
        Example(
            "Update `sails`:", "sails = 2\n", "[ship]\nsails = 1\n", "[ship]\nsails = 2\n",
            "ship.toml",
        ),
        Example(
            "Bump `version` in `ship.json` to `1.1`:", '  "version": "1.1",\n',
            '{\n  "version": "1.0"\n}\n', '{\n  "version": "1.1"\n}\n', "ship.json",
        ),
        Example(
            "Add the dependency:", '"row": "2"\n',
            '{\n  "dependencies": {\n    "sail": "1"\n  }\n}\n',
            '{\n  "dependencies": {\n    "sail": "1",\n    "row": "2"\n  }\n}\n', "package.json",
        ),
    ),
    ("Update something like `sails`:", "Look at `sails`:"),
    tried=False,
    library=True,
    allows=("more", "cut off"),
    seeks=True,
)  # fmt: skip
SHOWN = Form(
    "a table or object, shown with what it has and more",
    _shown,
    (
        Example(
            "Add the `oars` key to the ship's table, before `sails`. Keep all existing ones:",
            "[ship]\noars = 4\nsails = 1\n", "[ship]\nsails = 1\n\n[boat]\nsails = 2\n",
            "[ship]\nsails = 1\noars = 4\n\n[boat]\nsails = 2\n", "ship.toml",
        ),
        Example(
            "Add the `b` item to the names (before the closing bracket):",
            'names = [\n    "a",  # the first\n    "b",\n]\n',
            '[ship]\nnames = [\n    "a",  # the first\n]\n',
            '[ship]\nnames = [\n    "a",  # the first\n    "b",\n]\n', "ship.toml",
        ),
        Example(
            "Update the scripts:", '{"scripts": {"row": "row", "sail": "sail"}}\n',
            '{\n  "scripts": {\n    "row": "row"\n  }\n}\n',
            '{\n  "scripts": {\n    "row": "row",\n    "sail": "sail"\n  }\n}\n', "ship.json",
        ),
    ),
    ("Replace the table with:", "Add something like `oars`:", "Add `oars`, and remove `masts`:"),
    library=True,
    allows=("more", "cut off"),
    seeks=True,
)  # fmt: skip
