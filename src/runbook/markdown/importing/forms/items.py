"""Rows of a table, items of a list, badges and lines, named by what stands in them."""

from __future__ import annotations

from functools import partial

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Insert
from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized, Words, worded
from runbook.markdown.importing.places.items import ROW, beside, cells, last_of, row_anew_in
from runbook.markdown.importing.places.sections import MARKDOWN
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.wording import side_of

_FIND = "[<within>] find|locate the [<few>] row ..."
_REPLACE = "[and] replace|change|update [it | the|that row] with|to"
_QUOTED_ROW = (
    "[insert|add [<few>]] (<side> | find) the [table] row|line <row>"
    " [, [and] insert|add [<items>] [<side:under> it]]"
)


def _beside_quoted(block: Block) -> Recognized | None:
    """Rows of a table after or before a row that the words quote, backticks in it and all."""
    said = told(_QUOTED_ROW, block.said.words)
    sides = [said[key] for key in ("side", "under") if key in said] if said else []
    if said is None or len(sides) != 1:
        return None
    rows = block.code.strip("\n").split("\n")
    path = block.file(block.lead.replace(said["row"], ""))
    if path is None or not all(ROW.fullmatch(each) for each in rows):
        return None
    anchor, new = Text(said["row"] + "\n", True), Text("\n".join(rows) + "\n", True)
    change = Insert(side_of(sides[0]), anchor, new)
    return block.changed(path, change, anchored=True)


def _row_found(block: Block) -> Recognized | None:
    """ "Find the row:", and "Replace with:" the row that begins with the same cell."""
    assert block.second is not None
    old, new = block.code.strip("\n"), block.second.text.strip("\n")
    if told(_FIND, block.said.words) is None or told(_REPLACE, block.between) is None:
        return None
    if not (ROW.fullmatch(old) and ROW.fullmatch(new)) or cells(old)[0] != cells(new)[0]:
        return None
    path, name, last = block.file(), cells(new)[0], block.index + 2
    if path is None or not path.endswith(MARKDOWN):
        return None
    find = partial(row_anew_in, new=new)
    return Recognized(path, find, block.index, last, anchored=True, about=(name,), sure=False)


_KIND = "step|item|entry|hook|service"
_STEP = f"[a|an|the|this|another] [new|following] {_KIND}"
_TABLE = "## Winds\n\n| a | b |\n|---|---|\n| sea | 1 |\n| land | 2 |\n"
BESIDE_QUOTED = Form(
    "rows beside a row that is quoted",
    _beside_quoted,
    (
        Example(
            "After the row `| sea | 1 |`:", "| ice | 3 |\n", _TABLE,
            _TABLE.replace("1 |\n", "1 |\n| ice | 3 |\n"), "guide.md",
        ),
    ),
    ("After the row `| sea | 1 |` and the next:", "Find the row `| sea | 1 |`:"),
    tried=False,
    allows=("more",),
)  # fmt: skip
BESIDE_ITEM = Form(
    "rows, items or badges beside one that is named",
    worded(
        Words(
            "[<within>] [<put> [<items>] ,] <side> <named> <item> <tail>"
            " [, [and] add|insert|append [<items>]]",
            beside,
            MARKDOWN,
        ),
        Words(
            f"[<within>] [<put> [{_STEP}] ,] <side> <named> {_KIND} <tail>"
            f" [, [and] <put> [{_STEP}]]",
            beside,
            (".yml", ".yaml"),
        ),
    ),
    (
        Example(
            "Add a step after the `sail` step:", "  - name: row\n    run: row\n",
            "steps:\n  - name: sail\n    run: sail\n  - name: land\n",
            "steps:\n  - name: sail\n    run: sail\n  - name: row\n    run: row\n  - name: land\n",
            "ship.yml",
        ),
        Example(
            "After the `sea` row:", "| ice | 3 |\n", _TABLE,
            _TABLE.replace("1 |\n", "1 |\n| ice | 3 |\n"), "guide.md",
        ),
    ),
    ("After each `sea` row:", "Beside the `sea` row:"),
)  # fmt: skip
ROW_FOUND = Form(
    "a row that is shown as it is and as it is to be",
    _row_found,
    (
        Example(
            "Find the sea row:", "| sea | 1 |\n", _TABLE, _TABLE.replace("1", "4"), "guide.md",
            ("Replace with:", "| sea | 4 |\n"),
        ),
    ),
    ("Find a row such as the sea row:",),
    pair=True,
    allows=("hedged",),
)  # fmt: skip
AT_END = Form(
    "rows or items, to the only table or list of a section",
    worded(
        Words(
            "[<within>] find|locate <named> [bullet|bulleted|numbered] list|table <tail>"
            " [in|under|of <heading:_> [section]] <next> add|append [<items>]",
            last_of,
            MARKDOWN,
            more=True,
        ),
        Words(
            "[<within>] add|insert|append [<items>] to|at|in [the end|bottom of] [the]"
            " (<named> | <title>) table|list",
            last_of,
            MARKDOWN,
        ),
        # Items go to the only list that a section begins with, as nothing else says where.
        Words(
            "(add|append [<items>] to|under|in <section>"
            " | under|in <section> , add|append [<items>])",
            last_of,
            MARKDOWN,
        ),
    ),
    (
        Example(
            "Add to the Winds table:", "| ice | 3 |\n", _TABLE, f"{_TABLE}| ice | 3 |\n", "guide.md"
        ),
        Example(
            'In `guide.md`, find the "Rules:" bullet list under "## Sails" and add:',
            "- Row.\n", "## Sails\n\n**Rules:**\n- Sail.\n\nMore.\n",
            "## Sails\n\n**Rules:**\n- Sail.\n- Row.\n\nMore.\n", "guide.md",
        ),
    ),
    ("Add near the Winds table:", "Add to one of the tables:", "Find the Winds table and add it:"),
    allows=("more",),
)  # fmt: skip
