"""What is put into one function that words name: beside a line of it, at its begin or its end."""

from __future__ import annotations

import re
from functools import partial

from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized
from runbook.markdown.importing.places.parsers import is_read
from runbook.markdown.importing.places.within import at_edge, beside_line
from runbook.markdown.importing.words.sides import side_of
from runbook.markdown.importing.words.vocabulary import BEGIN, END, RIGHT, SIDE

_KIND = r"(?:\s+(?:function|method|test|constructor|fixture|helper|component|hook|handler))?"
_WITHIN = (
    r"(?:in(?:side)?|within)\s+(?:the\s+)?(?:body\s+of\s+)?(?:the\s+)?"
    rf"`(?:\w+(?:\.|::))?(?P<name>[A-Za-z_$]\w*)(?:\(\))?`{_KIND}"
)
_FILE = r"(?:in\s+`[^`\n]+`\s*,?\s*)?"
_LINES = r"(?:\s*\([^()`]*\))?"
_LINE = (
    r"(?:(?:(?:existing|line|call|statement|assignment|check)\s+)*`(?P<line>[^`\n]+)`"
    r"(?:\s+(?:line|call|statement|assignment|check))?|(?P<returns>(?:final\s+|last\s+)?`?return`?"
    r"(?:\s+statement)?))"
)
_ADDING = (
    r"(?:add|insert|put)"
    r"(?:\s+(?!(?:after|before|below|above|or|and|if|unless|to|in|at|near)\b)[\w-]+){0,5}"
)
_BESIDE = re.compile(
    rf"{BEGIN}{_FILE}{_WITHIN}{_LINES}\s*,?\s*(?:{_ADDING}\s*,?\s*)?{RIGHT}{SIDE}\s+(?:the\s+)?{_LINE}{_LINES}"
    rf"(?:\s*,?\s*{_ADDING})?{END}",
    re.IGNORECASE,
)
_CALLED = (
    rf"(?:`(?:\w+(?:\.|::))?(?P<name>[A-Za-z_$]\w*)\(\)`{_KIND}|"
    rf"`(?:\w+(?:\.|::))?(?P<kind>[A-Za-z_$]\w*)`{_KIND.removesuffix('?')})"
)
_EDGE = (
    rf"(?:at|to)\s+the\s+(?:very\s+)?(?P<edge>top|start|beginning|end|bottom)\s+of\s+(?:the\s+)?"
    rf"(?:body\s+of\s+)?(?:the\s+)?{_CALLED}(?:\s+body)?(?:\s*\((?P<remark>[^()`]*)\))?"
)
_AT_EDGE = re.compile(
    rf"{BEGIN}{_FILE}(?:{_ADDING}\s+{_EDGE}|{_EDGE.replace('P<', 'P<_')}\s*,\s*{_ADDING}){END}",
    re.IGNORECASE,
)
_FINAL = re.compile(r"\bbefore\s+(?:the\s+|its\s+)?(?:final\s+|last\s+)?return\b", re.IGNORECASE)
_BEHIND = re.compile(r"\bafter\b(?!\s+(?:the\s+|its\s+)?docstring)", re.IGNORECASE)


def _at_edge(block: Block) -> Recognized | None:
    """A block that a function begins or ends with."""
    said = _AT_EDGE.fullmatch(block.said.words)
    path = block.file() if said else None
    if said is None or path is None or not is_read(path):
        return None
    told = {key.removeprefix("_"): value for key, value in said.groupdict().items() if value}
    remark, name = told.get("remark", ""), told.get("name") or told["kind"]
    first = told["edge"].lower() in ("top", "start", "beginning")
    if _BEHIND.search(remark) or (first and _FINAL.search(remark)):
        return None
    if re.search(rf"\b{name}\b", next(filter(str.strip, block.code.split("\n")), "")):
        return None  # it is shown with what is to begin so
    final = _FINAL.search(remark) is not None
    find = partial(at_edge, path=path, name=name, code=block.code, first=first, final=final)
    return block.found(path, find, (name,))


def _beside(block: Block) -> Recognized | None:
    """A block next to the only line of a function that is what words quote."""
    said = _BESIDE.fullmatch(block.said.words)
    path = None if said is None else block.file()
    if said is None or path is None or not is_read(path):
        return None
    side, name, quoted = side_of(said["side"]), said["name"], said["line"] or "return"
    find = partial(beside_line, path=path, name=name, quoted=quoted, code=block.code, side=side)
    return block.found(path, find, (name, quoted))


_VOYAGE = "def sail():\n    go()\n    return 1\n\n\ndef row():\n    go()\n    return 1\n"
BESIDE = Form(
    "beside a line of a function",
    _beside,
    (
        Example(
            "In `row()`, after `go()`, add:", "    rest()\n", _VOYAGE,
            "def sail():\n    go()\n    return 1\n\n\n"
            "def row():\n    go()\n    rest()\n    return 1\n",
        ),
        Example(
            "Inside the `sail` function, add before the return statement:", "    rest()\n", _VOYAGE,
            _VOYAGE.replace("go()\n", "go()\n    rest()\n", 1),
        ),
        Example(
            "In the `sail` method, add after `go();`:", "    rest();\n",
            "class Ship {\n  sail() {\n    go();\n  }\n}\n",
            "class Ship {\n  sail() {\n    go();\n    rest();\n  }\n}\n", "ship.js",
        ),
    ),
    ("In `row()`, near `go()`, add:", "In `row()`, after `go()` or the return, add:"),
    allows=("cut off",),
    seeks=True,
)  # fmt: skip
AT_EDGE = Form(
    "what a function begins or ends with",
    _at_edge,
    (
        Example(
            "Add a guard at the top of `row()` (after the docstring):", "    rest()\n",
            'def row():\n    """Row."""\n    go()\n',
            'def row():\n    """Row."""\n    rest()\n    go()\n',
        ),
        Example(
            "At the end of the `row` function, add:", "rest()\n", "def row():\n    go()\n",
            "def row():\n    go()\n    rest()\n",
        ),
        Example(
            "Add to the end of `row()` (line 4, before the final return):", "    rest()\n",
            "def row():\n    go()\n    return 1\n",
            "def row():\n    go()\n    rest()\n    return 1\n",
        ),
        Example(
            "Add a call at the start of the `row` method:", "rest();\n",
            "class Ship {\n  row(\n    { oars },\n  ) {\n    go();\n  }\n}\n",
            "class Ship {\n  row(\n    { oars },\n  ) {\n    rest();\n    go();\n  }\n}\n",
            "ship.js",
        ),
    ),
    (
        "Add a guard at the top of `row`:",
        "Add it near the top of `row()`:",
        "Add at the top of `row()` (after the load):",
    ),
    allows=("cut off",),
    seeks=True,
)  # fmt: skip
