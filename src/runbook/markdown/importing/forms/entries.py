"""Entries that a plan adds to a list in code, beside one that its words name by its key."""

from __future__ import annotations

from runbook.markdown.importing.forms.form import Example, Form, Words, worded
from runbook.markdown.importing.places.entries import entry_beside

_WHAT = "[the|this|a|an|one] [new|following] [entry|key|line|rule|argument|parameter|prop|field]"
_IN = "in|inside|within|to"


_RULES = "<?php\n\nclass Ship\n{\n    public function rules(): array\n    {\n        return [\n"
_END = "        ];\n    }\n}\n"
_SAIL = "            'sail' => [\n                'white',\n            ],\n"
_OAR = "            'oar' => 'long',\n"
BESIDE = Form(
    "entries beside one that is named by its key",
    worded(
        Words(
            f"(add|insert {_WHAT} <by-key> | <by-key> , add|insert {_WHAT})",
            entry_beside,
            reads=True,
        ),
        Words(
            f"({_IN} <around> <tail> , (add|insert {_WHAT} <by-name> | <by-name> , add|insert"
            f" {_WHAT}) | add|insert {_WHAT} {_IN} <around> <by-name>)",
            entry_beside,
            reads=True,
        ),
    ),
    (
        Example(
            "In `Ship.php`, add inside `rules()` after `'sail'`:", "'oar' => 'long',\n",
            _RULES + _SAIL + _END, _RULES + _SAIL + _OAR + _END, "Ship.php",
        ),
        Example(
            "Inside the `return board(...)` call, add after `'sail'`:", "'oar' => 'long',\n",
            "<?php\n\nreturn board([\n    'sail' => 'white',\n    'mast' => 1,\n]);\n",
            "<?php\n\nreturn board([\n    'sail' => 'white',\n    'oar' => 'long',\n"
            "    'mast' => 1,\n]);\n", "Ship.php",
        ),
    ),
    (
        "In `Ship.php`, add inside `rules()` near `'sail'`:",
        "In `Ship.php`, add inside `rules()` after `'sail'` or `'mast'`:",
        "In `Ship.php`, add inside `row()` after `'sail'`:",
        "In `Ship.php`, add inside `rules()` before `'sail'`:",
    ),
)  # fmt: skip
