"""Lines that words name by their numbers or ends, and constants: given anew."""

from __future__ import annotations

from runbook.markdown.importing.forms.form import Example, Form, Words, worded
from runbook.markdown.importing.places.parsers import PYTHON
from runbook.markdown.importing.places.spans import lines_anew, stretch_anew
from runbook.markdown.importing.places.statements import value_anew

PART = Form(
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
            "<verb> [\\w+] <identifier>"
            " [constant|value|variable|setting|default|list|dict|set|tuple|mapping]",
            value_anew,
            PYTHON,
        ),
    ),
    (
        Example("Change `FAST` to:", "FAST = 2\n", "FAST = 1\n", "FAST = 2\n"),
        Example(
            "Replace from `a()` through `c()` with:", "d()\n", "a()\nb()\nc()\n", "d()\n"
        ),
    ),
    ("Change a part of `FAST` to:", "Look at `FAST`:"),
    seeks=True,
)  # fmt: skip
