"""Keys and items that are added to a TOML or JSON file, and values that are set."""

from __future__ import annotations

import re
from functools import partial

from runbook.markdown.importing.forms.form import Block, Example, Form, Found, Recognized
from runbook.markdown.importing.places.elements import element_beside
from runbook.markdown.importing.places.keys import (
    crates_added,
    key_listed,
    keys_added,
    keys_anew,
    keys_shown,
)
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.vocabulary import BEGIN, IN, anycase, without_code

_DATA = (".toml", ".json")
_KEYS = "[in [the] <plain> ,] add [<plain>]"
_OF = "[in|of|under [the] <code:_> [section|table]] <tail>"
_TO_LIST = f"to|in|under [the] (<key> | <bare-key>) [list|array|section|key|object|field] {_OF}"
_LISTS = (
    f"add {_TO_LIST}",
    f"add [<plain>] {_TO_LIST}",
    "add [<plain>] to|in [the] <file> (<key> | <bare-key>) [list|array|section|object|block]",
)
_SETS = (
    "update|change|set|replace|bump [the] <key> [key|value|field|setting|list|option|object]"
    f" {_OF} [to|with|so <plain>]"
)
_OF_PACKAGE = (
    "add [the|this|these|a|an] [new|following|two|three]"
    " (<dev> | <scripts> | dependency|dependencies)"
)
# "Keep all existing entries, they will be removed later."
_KEPT = anycase(r"\bkeep (all )?(the )?existing\b[^.]*\.?")
_TABLE = re.compile(r"\[[^\[\]]+\]")
_GROWS = anycase(rf"{BEGIN}{IN}((?P<adds>add|insert|register)|update|extend|include)\b")
_ANEW = anycase(
    rf"{BEGIN}{IN}(update|change|set|modify|make) (the )?"
    r"(`\[[^`\n\[\]]+\]`( (table|section|block))?|([\w-]+ )?(table|section|object|block)\b)( (in|"
    r"of) `[^`\n]+`)?( (to|so that it (reads|is)|as follows)( (this|the following))?)?\W*$"
)
_THING = "entry|element|object|item|hook|plugin|block"
_OF_ARRAY = "in|within|inside|of [the] <code:array> array|list"
_BESIDE = (
    f"[in|within|inside [the] <code:array> array|list ,] (<make> [<bare>] <side> <named> [{_THING}]"
    f" [{_OF_ARRAY}] | <side> <named> [{_THING}] [{_OF_ARRAY}] , <make> [<bare>])"
)
# A crate is told by where it is from; words say what it is, and of which kind.
_OF_CRATE = anycase(
    rf"{BEGIN}(in `` ?,?\s*)?(add|include)( (the|this|these|a|an|new|following|two|three|"
    r"crates?|as|and|to|in|into|``),?)*( ((?P<kind>dev|build|workspace)[\s-])?"
    r"(?P<said>dependenc(y|ies))( (section|table))?( (to|in|of|for|``))*)?\s*[:：.]?\W*"
)
_FROM_WHERE = re.compile(
    r"(?m)^[\w-]+(?:\.workspace = true| = \{[^\n]*\b(?:version|workspace|path|git) = )"
)
# Keys of a package, which the workspace may give as well.
_OF_A_PACKAGE = re.compile(
    r"(?m)^(?:name|version|edition|authors|description|license(?:-file)?|repository|homepage|"
    r"documentation|readme|keywords|categories|rust-version|publish|include|exclude)\b"
)
_CRATE = re.compile(r"(?m)^([\w-]+)(?:\.workspace)? = ")
_GOES = anycase(r"\b(remov\w+|delet\w+|drop\w*|replac\w+|renam\w+|instead|without)\b")


def _keyed(block: Block) -> Recognized | None:
    """A block of plain keys that are added to those of the file."""
    path = block.file() if told(_KEYS, block.said.words) is not None else None
    if path is None or not path.endswith(_DATA):
        return None
    codes = tuple(code for code in block.said.codes if parse_path(code) is None)
    find = partial(keys_added, code=block.code, codes=codes, toml=path.endswith(".toml"))
    return block.found(path, find, codes or (path,), anchored=False)


def _listed(block: Block) -> Recognized | None:
    """Items for a list of a TOML or JSON file, keys for an object, or the new value of a key."""
    phrases = (_SETS, *_LISTS, _OF_PACKAGE)
    asked = ((each, told(each, words)) for each in phrases for words in block.told)
    phrase, said = next((each for each in asked if each[1] is not None), ("", None))
    sets = phrase == _SETS
    path = None if said is None or (block.said.more and not sets) else block.file()
    if said is None or path is None or not path.endswith(_DATA):
        return None
    name = said.get("name", "")
    if parse_path(name) is not None:
        return None
    if phrase == _OF_PACKAGE:
        if path.rsplit("/", 1)[-1] != "package.json":
            return None
        kind = "devDependencies" if "dev" in said else "dependencies"
        name = "scripts" if "scripts" in said else kind
    table = next((code[1:-1] for code in block.said.codes if _TABLE.fullmatch(code)), None)
    toml = path.endswith(".toml")
    find = partial(key_listed, code=block.code, name=name, table=table, toml=toml, sets=sets)
    return block.found(path, find, (name,), anchored=False)


def _crates(block: Block) -> Recognized | None:
    """Crates that a Cargo.toml comes to depend on."""
    crates = _CRATE.findall(block.code)
    names = "|".join(map(re.escape, crates))
    bare = without_code(block.lead)
    said = (
        _OF_CRATE.fullmatch(re.sub(rf"(?<![\w-])(?:{names})(?![\w-])", "``", bare))
        if names
        else None
    )
    path = block.file() if said is not None and not block.said.more else None
    if said is None or path is None or path.rsplit("/", 1)[-1] != "Cargo.toml":
        return None
    told_by_itself = len(_FROM_WHERE.findall(block.code)) == len(crates)
    if not said["said"] and (not told_by_itself or _OF_A_PACKAGE.search(block.code)):
        return None
    kind = (said["kind"] or "").lower()
    table = {"": "", "workspace": "workspace."}.get(kind, f"{kind}-") + "dependencies"
    find = partial(crates_added, code=block.code, table=table)
    return block.found(path, find, tuple(crates), anchored=False)


def _shown(block: Block) -> Recognized | None:
    """A table or an object with some of the keys that it has, and others that it has not."""
    grows = _GROWS.match(block.said.words)
    anew = _ANEW.match(block.said.words) is not None and not block.said.more
    if not (anew or grows) or _GOES.search(_KEPT.sub("", block.said.bare)):
        return None
    path = block.file()
    if path is None or not path.endswith(_DATA):
        return None
    toml = path.endswith(".toml")
    if not grows:
        find = partial(keys_anew, code=block.code, toml=toml)
        return block.found(path, find, telling(block.code), anchored=False)
    tables = [code for code in block.said.codes if _TABLE.fullmatch(code)]
    shown = _TABLE.match(block.code.lstrip())
    adds = grows["adds"] is not None and all(
        shown is not None and each == shown[0] for each in tables
    )

    def grown(text: str) -> Found:
        more = keys_shown(text, block.code, toml=toml, adds=adds)
        return more or (keys_anew(text, block.code, toml=toml) if anew else more)

    return block.found(path, grown, telling(block.code), anchored=False)


def _element(block: Block) -> Recognized | None:
    """An element of an array of a JSON file, beside another one."""
    said = told(_BESIDE, block.said.words)
    path = block.file() if said is not None and not block.said.more else None
    if said is None or path is None or not path.endswith(".json"):
        return None
    array = said.get("array", "")
    find = partial(
        element_beside, code=block.code, name=said["name"], side=said["side"], array=array
    )
    return block.found(path, find, (said["name"],))


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
    seeks=False,
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
        Example(
            "Add to `scripts` in `package.json`:", '"row": "2"\n',
            '{\n  "scripts": {\n    "sail": "1"\n  }\n}\n',
            '{\n  "scripts": {\n    "sail": "1",\n    "row": "2"\n  }\n}\n', "package.json",
        ),
        Example(
            "Add to `package.json` scripts:", '"row": "2"\n',
            '{\n  "scripts": {\n    "sail": "1"\n  }\n}\n',
            '{\n  "scripts": {\n    "sail": "1",\n    "row": "2"\n  }\n}\n', "package.json",
        ),
        Example(
            "Add to the `sails` array in ship.json:", '{"of": "jib"}\n', '{\n  "sails": []\n}\n',
            '{\n  "sails": [{"of": "jib"}]\n}\n', "ship.json",
        ),
        Example(
            "Update the `sails` object:", '"sails": {\n  "jib": 1,\n  "main": 2\n}\n',
            '{\n  "sails": {\n    "jib": 1\n  }\n}\n',
            '{\n  "sails": {\n    "jib": 1,\n    "main": 2\n  }\n}\n', "ship.json",
        ),
        Example(
            "Add to devDependencies:", '"row": "2"\n',
            '{\n  "devDependencies": {\n    "sail": "1"\n  }\n}\n',
            '{\n  "devDependencies": {\n    "sail": "1",\n    "row": "2"\n  }\n}\n', "package.json",
        ),
    ),
    ("Update something like `sails`:", "Look at `sails`:"),
    tried=False,
    library=True,
    allows=("more",),
)  # fmt: skip
_CARGO = '[package]\nname = "ship"\n\n[dependencies]\nsail = "1"\n\n[dev-dependencies]\nrow = "2"\n'
CRATES = Form(
    "crates, to those that a Cargo.toml depends on",
    _crates,
    (
        Example(
            "Add the `oar` dependency to `Cargo.toml`:", 'oar = "3"\n', _CARGO,
            _CARGO.replace('"1"\n', '"1"\noar = "3"\n'), "Cargo.toml",
        ),
        Example(
            "In `Cargo.toml` add:", "oar = { workspace = true }\n", _CARGO,
            _CARGO.replace('"1"\n', '"1"\noar = { workspace = true }\n'), "Cargo.toml",
        ),
        Example(
            "Add to dev-dependencies:", 'oar = "3"\n', _CARGO, f'{_CARGO}oar = "3"\n', "Cargo.toml",
        ),
    ),
    (
        "Add to `Cargo.toml`:",
        "Add the optional dependency:",
        "Add the dependency if it is missing:",
        "Add the build dependency:",
        "Add `oar` to the features and dependencies:",
    ),
    library=True,
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
        Example(
            "Update `[ship]`:", "[ship]\noars = 4\nsails = 2\n", "[ship]\nsails = 1  # white\n",
            "[ship]\nsails = 2  # white\noars = 4\n", "ship.toml",
        ),
    ),
    (
        "Replace the table with:",
        "Add something like `oars`:",
        "Add `oars`, and remove `masts`:",
        "Change a part of the table to:",
    ),
    library=True,
    allows=("more",),
)  # fmt: skip
_HOOKS = '{\n  "hooks": [\n    {"name": "row"},\n    {\n      "name": "sail"\n    }\n  ]\n}\n'
BESIDE = Form(
    "an element of a JSON array, beside another one",
    _element,
    (
        Example(
            "In `ship.json`, append a new entry after the `sail` entry:", '{"name": "moor"}\n',
            _HOOKS,
            _HOOKS.replace('    }\n  ]', '    },\n    {"name": "moor"}\n  ]'), "ship.json",
        ),
        Example(
            'Within the `"hooks": [ ... ]` array, add a hook before the `row` hook:',
            '{"name": "moor"},\n', _HOOKS,
            _HOOKS.replace('    {"name": "row"', '    {"name": "moor"},\n    {"name": "row"'),
            "ship.json",
        ),
    ),
    (
        "In `ship.json`, append a new entry near the `sail` entry:",
        "Add it after each `sail` entry:",
    ),
    seeks=True,
)  # fmt: skip
