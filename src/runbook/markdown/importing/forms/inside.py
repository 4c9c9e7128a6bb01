"""What is put into one function that words name: beside a line of it, at its begin or its end."""

from __future__ import annotations

import re

from runbook.markdown.importing.forms.form import Example, Form, Words, worded
from runbook.markdown.importing.places.within import at_edge, beside_line
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
    r"(?:\s+(?:line|call|statement|assignment|check))?|(?:final\s+|last\s+)?`?return`?"
    r"(?:\s+statement)?)"
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
    rf"`(?:\w+(?:\.|::))?(?P<name2>[A-Za-z_$]\w*)`{_KIND.removesuffix('?')})"
)
_EDGE = (
    rf"(?:at|to)\s+the\s+(?:very\s+)?(?P<edge>top|start|beginning|end|bottom)\s+of\s+(?:the\s+)?"
    rf"(?:body\s+of\s+)?(?:the\s+)?{_CALLED}(?:\s+body)?(?:\s*\((?P<remark>[^()`]*)\))?"
)
_AT_EDGE = re.compile(
    rf"{BEGIN}{_FILE}(?:{_ADDING}\s+{_EDGE}|{_EDGE.replace('P<', 'P<_')}\s*,\s*{_ADDING}){END}",
    re.IGNORECASE,
)

_VOYAGE = "def sail():\n    go()\n    return 1\n\n\ndef row():\n    go()\n    return 1\n"
BESIDE = Form(
    "beside a line of a function",
    worded(Words(_BESIDE, beside_line, about=("name", "line"), reads=True)),
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
    worded(Words(_AT_EDGE, at_edge, reads=True)),
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
