"""Lines that words name by their numbers or ends, and constants: given anew."""

from __future__ import annotations

import re

from runbook.markdown.importing.forms.form import Example, Form, Words, worded
from runbook.markdown.importing.places.parsers import PYTHON
from runbook.markdown.importing.places.spans import lines_anew, stretch_anew
from runbook.markdown.importing.places.statements import value_anew
from runbook.markdown.importing.words.vocabulary import ANEW, END, OF_FILE, WITH

_LINES_ANEW = ANEW.replace("?P<verb>", "?:")  # they may have less of it
_IN_FILE = rf"{OF_FILE}(?:\s*\([^()]*\))?{WITH}{END}"
_VALUE = re.compile(
    rf"{ANEW}(?:\w+\s+)?`(?P<name>[A-Za-z_]\w*)`(?:\s+(?:constant|value|variable|setting|default|"
    rf"list|dict|set|tuple|mapping))?{_IN_FILE}",
    re.IGNORECASE,
)
_LINES = re.compile(
    rf"{_LINES_ANEW}(?:the\s+\w+\s+(?:at|on)\s+)?(?:lines?\s+|L)~?(?P<first>\d+)"
    rf"(?:\s*(?:[-–]|to|through)\s*L?(?P<last>\d+))?{_IN_FILE}",
    re.IGNORECASE,
)
_STRETCH = re.compile(
    rf"{_LINES_ANEW}(?:everything\s+|all\s+|the\s+(?:lines|block)\s+)?from\s+(?:the\s+)?"
    r"`(?P<first>[^`\n]+)`(?:\s+line)?\s+(?:through|to|up\s+to\s+and\s+including)\s+(?:the\s+)?"
    rf"`(?P<last>[^`\n]+)`(?:\s+line)?{_IN_FILE}",
    re.IGNORECASE,
)

PART = Form(
    "a constant or lines, given anew",
    worded(
        Words(_STRETCH, stretch_anew, about=("first", "last")),
        Words(_LINES, lines_anew, about=()),
        Words(_VALUE, value_anew, PYTHON),
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
