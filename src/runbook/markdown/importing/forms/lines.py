"""Lines that words name: quoted, of one function, by their numbers or ends; and constants."""

from __future__ import annotations

from runbook.markdown.importing.forms.form import Example, Form, Words, worded
from runbook.markdown.importing.places.calls import call_anew
from runbook.markdown.importing.places.numbered import beside_numbered
from runbook.markdown.importing.places.parsers import PYTHON
from runbook.markdown.importing.places.spans import (
    at_edge,
    beside_line,
    body_anew,
    inserted_at_line,
    inserted_between,
    line_anew,
    lines_anew,
    only_line_anew,
    stretch_anew,
)
from runbook.markdown.importing.places.statements import value_anew
from runbook.markdown.importing.places.tops import head_anew

# "Add a call after `load()`", or the place first.
BESIDE_LINE = (
    "<make> [<bare>] [to|in|into <file>] (<side> <quoted-line> [, <and-before>] | <noted>)",
    "<side> <quoted-line> <tail> [, <and-before>] , <make> [<bare>]",
    "<imports-end> <noted> , <make> [<bare>]",
)
_HEAD = (head_anew, ("",), (), True)
_VOYAGE = "def sail():\n    go()\n    return 1\n\n\ndef row():\n    go()\n    return 1\n"
IN_FUNCTION = Form(
    "beside a line of a function",
    worded(
        Words(
            "<in-function> <tail> , [<adding> ,] <side> [the] <line:line> <tail> [, <adding>]",
            beside_line,
            about=("name", "line"),
            reads=True,
        ),
        Words(
            "<in-function> <tail> , replace|change [the] [line] <code:line> [with|to]",
            line_anew,
            about=("name", "line"),
            reads=True,
        ),
    ),
    (
        Example(
            "In `row()`, after `go()`, add:", "    rest()\n", _VOYAGE,
            "def sail():\n    go()\n    return 1\n\n\n"
            "def row():\n    go()\n    rest()\n    return 1\n",
        ),
        Example(
            "In `row()`, replace `go()` with:", "rest()\ngo()\n", _VOYAGE,
            "def sail():\n    go()\n    return 1\n\n\n"
            "def row():\n    rest()\n    go()\n    return 1\n",
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
)  # fmt: skip
BETWEEN = Form(
    "between two lines that are quoted",
    worded(
        Words(
            "[<right>] after [the] <code:above> <tail> , and [<right>] before [the] <code:below>",
            inserted_between,
            about=("above", "below"),
        )
    ),
    (
        Example(
            "After `load(1)` (line 2) and before `sail(**all)`, add:", "row()\n",
            "def go():\n    load(1)\n\n    return sail(**all)\n\n\nload(1)\n",
            "def go():\n    load(1)\n    row()\n\n    return sail(**all)\n\n\nload(1)\n",
        ),
        Example(
            "After `load()` and before `sail()`, add:", "row()\n",
            "def go():\n    if a:\n        load()\n\n    sail()\n",
            "def go():\n    if a:\n        load()\n\n    row()\n\n    sail()\n",
        ),
    ),
    ("After `load(1)` or before `sail(all)`, add:", "After `load(1)` and before `row(all)`, add:"),
)  # fmt: skip
_DECLARED = "import os\n\nFAST = 2  # knots\nSLOW = FAST - 1\n\nsail(FAST)\n"
AT_NUMBER = Form(
    "beside a line that is named by its number and by what is in it",
    worded(
        Words("<side> <numbered> [, <and-next>] , [<make> [<bare>]]", beside_numbered),
        Words("<make> [<bare>] [to|in|into <file>] , <side> <numbered> [, <and-next>]",
            beside_numbered),
    ),
    (
        Example(
            "Add after line 3 (`FAST`):", "TOP = 9\n", _DECLARED,
            _DECLARED.replace("knots\n", "knots\nTOP = 9\n"),
        ),
        Example(
            "In `ship.py`, after the `FAST` line (line 3) and before the slow one, add the limit:",
            "TOP = 9\n", _DECLARED, _DECLARED.replace("knots\n", "knots\nTOP = 9\n"),
        ),
        Example(
            "Insert before line 4 (`SLOW = FAST - 1`):", "TOP = 9\n", _DECLARED,
            _DECLARED.replace("knots\n", "knots\nTOP = 9\n"),
        ),
    ),
    (
        "Add after line 3:",
        "Add after line 5 (`FAST`):",
        "Add after line 3 (`FAST`) or before line 6:",
        "Add after the `FAST` line (line 3) and before `sail`:",
    ),
    uncut=True,
)  # fmt: skip
_VOYAGES = (
    "def voyage():\n    # slow\n    speed = sail(\n        1\n    )\n    row()\n    return speed\n"
)
CALL_ANEW = Form(
    "the only call of a function, given anew",
    worded(
        *(
            Words(each, call_anew, about=("old", "new"), reads=True)
            for each in (
                "(pass it|them|this|that to | (update|change|replace|modify [the] [existing] call"
                " [site] (to|of))) [the] <called:old> [call] [in <called:_>] [to [also] ...]",
                "update|change|replace|modify the [existing] <called:old> call [in <called:_>]"
                " [to [also] ... | with]",
                "update|change|replace the call (from|of|to) <called:old> to|with <called:new>",
            )
        )
    ),
    (
        Example(
            "Then pass it to `sail`:", "    speed = sail(2)\n", _VOYAGES,
            _VOYAGES.replace("sail(\n        1\n    )", "sail(2)"),
        ),
        Example(
            "Update the `row()` call:", "    row(2)\n", _VOYAGES,
            _VOYAGES.replace("row()", "row(2)"),
        ),
        Example(
            "Change the call from `sail` to `drift`:", "    # fast\n    speed = drift(2)\n",
            _VOYAGES,
            _VOYAGES.replace("# slow", "# fast").replace("sail(\n        1\n    )", "drift(2)"),
        ),
        Example(
            "Update the call of `row`:", "  row({ oars });\n",
            "function row(of) {}\n\nfunction go() {\n  row({\n    sails,\n  });\n}\n",
            "function row(of) {}\n\nfunction go() {\n  row({ oars });\n}\n", "ship.js",
        ),
    ),
    (
        "Then pass it to `go`:",
        "Pass it to `sail`, and where it is called:",
        "Update all calls of `sail`:",
        "Update the call of `row`:",
    ),
    uncut=True,
)  # fmt: skip
AT_LINE = Form(
    "beside a line that is quoted whole",
    worded(*(Words(each, inserted_at_line, about=("anchor",)) for each in BESIDE_LINE)),
    (
        Example("After `load()`, add:", "row()\n", "load()\nsail()\n", "load()\nrow()\nsail()\n"),
        Example(
            "Add a call after `load()` (line 1, before the sails are set):", "row()\n",
            "load()\nsail()\n", "load()\nrow()\nsail()\n",
        ),
        Example(
            "Add exports to `ship.rs` (after the `pub use oar::Oar;` line):",
            "pub use row::Row;\n",
            "pub use oar::Oar;\npub use sail::Sail;\n",
            "pub use oar::Oar;\npub use row::Row;\npub use sail::Sail;\n",
            "ship.rs",
        ),
        Example(
            "Just before the closing `</style>` tag, add:",
            ".b {}\n",
            "<style>\n.a {}\n</style>\n",
            "<style>\n.a {}\n.b {}\n</style>\n",
            "ship.vue",
        ),
    ),
    (
        "After `load()` or `sail()`, add:",
        "After `load`, add:",
        "Add a call (after `load()`, or `sail()`):",
        "Add a call after `load()` (line 1, or before `sail()`):",
    ),
)  # fmt: skip
GIVEN_ANEW = Form(
    "a constant or lines, given anew",
    worded(
        Words(
            "<change> [everything|all | the lines|block] from [the] <code:first> [line]"
            " (through | to | up to and including) [the] <code:last> [line]",
            stretch_anew,
            about=("first", "last"),
        ),
        Words("<change> [the \\w+ at|on] <lines>", lines_anew, about=()),
        Words(
            "replace|rewrite [the] [entire|whole] body of [the] <called> [<callable>]",
            body_anew,
            reads=True,
        ),
        Words("(<verb> | expand|extend) [the] <head-doc> [at the top [of the file]]", *_HEAD),
        Words("find|locate [the] <head-doc> and update|replace [it]", *_HEAD, more=True),
        Words(
            "<verb> [\\w+] <identifier>"
            " [constant|value|variable|setting|default|list|dict|set|tuple|mapping]",
            value_anew,
            PYTHON,
        ),
        Words(
            "replace|change [the] [line] <code:line> [line|tag|element] with|to",
            only_line_anew,
            about=("line",),
        ),
    ),
    (
        Example("Change `FAST` to:", "FAST = 2\n", "FAST = 1\n", "FAST = 2\n"),
        Example(
            "Replace `<a id='x'></a>` with:", "<b />\n", "<p>\n  <a id='x'></a>\n</p>\n",
            "<p>\n  <b />\n</p>\n", "ship.vue",
        ),
        Example(
            "Replace from `a()` through `c()` with:", "d()\n", "a()\nb()\nc()\n", "d()\n"
        ),
        Example(
            "Replace the body of `row()` with:", "return 2\n",
            "def row():\n    go()\n    return 1\n",
            "def row():\n    return 2\n",
        ),
        Example(
            "Update the module docstring:", '"""Ships and oars."""\n', '"""Ships."""\n\nrow()\n',
            '"""Ships and oars."""\n\nrow()\n',
        ),
        Example(
            "Find the header comment block and update:", "/**\n * Ships and oars.\n */\n",
            "#!/usr/bin/env node\n/** Ships. */\nrow();\n",
            "#!/usr/bin/env node\n/**\n * Ships and oars.\n */\nrow();\n", "ship.ts",
        ),
    ),
    (
        "Change a part of `FAST` to:",
        "Replace `FAST` or `SLOW` with:",
        "Look at `FAST`:",
        "Update the docstring of `sail`:",
    ),
    allows=("more",),
    uncut=True,
)  # fmt: skip
