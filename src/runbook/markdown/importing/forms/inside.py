"""What is put into one function that words name: beside a line of it, at its begin or its end."""

from __future__ import annotations

from runbook.markdown.importing.forms.form import Example, Form, Words, worded
from runbook.markdown.importing.places.within import at_edge, beside_line

_VOYAGE = "def sail():\n    go()\n    return 1\n\n\ndef row():\n    go()\n    return 1\n"
BESIDE = Form(
    "beside a line of a function",
    worded(
        Words(
            "<in-function> <tail> , [<adding> ,] <side> [the] <line:line> <tail> [, <adding>]",
            beside_line,
            about=("name", "line"),
            reads=True,
        )
    ),
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
    worded(Words("(<adding> <edge> | <edge> , <adding>)", at_edge, reads=True)),
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
