"""Methods, fields and the like that a plan adds to a class, a struct or an implementation."""

from __future__ import annotations

import re
from functools import partial

from runbook.markdown.importing.forms.additions import ADDS, NUMBERS
from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized
from runbook.markdown.importing.places.byname import is_read, within
from runbook.markdown.importing.words.vocabulary import PLACED, without_code

_KINDS = (
    r"(?:frozen|dataclass|class|model|struct|interface|trait|enum|test\s+class|"
    r"impl|block|table|type|test\s+suite|suite|protocol|schema|state|config|settings)"
)
_MEMBERS = re.compile(
    rf"(?:\W*(?:modify|update|edit|in)\s+`[^`\n]+`\s*[:,–—-]?\s*)?{ADDS}"
    r"(?P<what>(?:`[^`\n]*`|[^.:`])*?)"
    r"\b(?:to|in|into|on|inside|within|of)\s+(?:the\s+)?(?:existing\s+)?(?:\w+\s+)?"
    r"(?:`(?:(?:pub\s+)?(?:impl|class|struct|trait|interface|enum)\s+)?"
    r"(?P<owner>(?-i:[A-Z])\w*(?:\s+for\s+(?-i:[A-Z])\w*)?)`|"
    r"(?P<bare>(?-i:[A-Z]\w*[a-z]\w*))(?=\s+(?:\w+\s+)?"
    r"(?:dataclass|class|model|struct|interface|trait|enum|impl)\b)|"
    r"(?P<last>(?-i:[A-Z][a-z]+[A-Z]\w*))(?=\s*[:：.]?\W*$))"
    rf"(?:\s+{_KINDS})*"
    r"(?:\s+(?:in|of)\s+`[^`\n]+`)?\s*[:：.]?\W*",
    re.IGNORECASE,
)
_A_MEMBER = re.compile(
    r"\b(?:methods?|fields?|members?|variants?|propert(?:y|ies))\b", re.IGNORECASE
)


def _members(block: Block) -> Recognized | None:
    """Methods or fields that are added to a class: behind the others of their kind."""
    words = re.sub(r"\binside\b", "in", NUMBERS.sub("", block.said.words))
    said = _MEMBERS.fullmatch(words)
    path = None if said is None or PLACED.search(without_code(words)) else block.file()
    if said is None or path is None or not is_read(path):
        return None
    owner = said["owner"] or said["bare"] or said["last"]
    if said["last"] and not _A_MEMBER.search(said["what"]):
        return None  # "to QuorumRun" may be of anything
    return block.found(path, partial(within, path=path, code=block.code, owner=owner), (owner,))


_SHIP = "import os\n\n\nclass Ship:\n    def sail(self):\n        return 1\n"
MEMBERS = Form(
    "members of a class, behind the others of their kind",
    _members,
    (
        Example(
            "Add a method to the `Ship` class:", "    def row(self):\n        return 2\n", _SHIP,
            f"{_SHIP}\n    def row(self):\n        return 2\n",
        ),
        Example(
            "Add to `ship.py` inside `class Ship`:", "    def row(self):\n        return 2\n",
            _SHIP,
            f"{_SHIP}\n    def row(self):\n        return 2\n",
        ),
        Example(
            "Add to the `impl Sail for Ship` block:",
            "    fn row(&self) -> u8 {\n        2\n    }\n",
            "impl Sail for Ship {\n    fn sail(&self) -> u8 {\n        1\n    }\n}\n",
            "impl Sail for Ship {\n    fn sail(&self) -> u8 {\n        1\n    }\n\n"
            "    fn row(&self) -> u8 {\n        2\n    }\n}\n",
            "ship.rs",
        ),
    ),
    (
        "Add a method to the `Ship` class if it has none:",
        "Add a method near the `Ship` class:",
        "Add it to ShipYard:",
    ),
)  # fmt: skip
