"""Methods, fields and the like that a plan adds to a class, a struct or an implementation."""

from __future__ import annotations

import re
from functools import partial

from runbook.markdown.importing.forms.additions import (
    ADDS,
    DEFINED,
    NUMBERS,
    adds_plainly,
    goes_elsewhere,
    with_its_file,
)
from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized
from runbook.markdown.importing.places import treeadditions
from runbook.markdown.importing.places.byname import within
from runbook.markdown.importing.places.files import with_its_tests
from runbook.markdown.importing.places.methods import suite_grown
from runbook.markdown.importing.places.parsers import is_read
from runbook.markdown.importing.words.vocabulary import (
    BEGIN,
    END,
    IN,
    OF_FILE,
    PLACED,
    without_code,
)

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
# "In the `Ship` class, add a method:" and "Inside `Ship`, add:".
_IN_OWNER = re.compile(
    r"\W*(?:in|inside|within)\s+(?:the\s+)?(?:existing\s+)?`(?:(?:pub\s+)?(?:impl|class|struct|trait|"
    r"interface|enum)\s+)?(?P<owner>(?-i:[A-Z])\w*(?:\s+for\s+(?-i:[A-Z])\w*)?)`"
    rf"(?P<bare>)(?P<last>)(?:\s+{_KINDS})*(?:\s+(?:in|of)\s+`[^`\n]+`)?\s*,\s*(?:add|insert|define)\b"
    r"(?P<what>(?:`[^`\n]*`|[^.:`])*?)\s*[:：.]?\W*",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\b(?:inside|within)\b", re.IGNORECASE)
_A_MEMBER = re.compile(
    r"\b(?:methods?|fields?|members?|variants?|propert(?:y|ies))\b", re.IGNORECASE
)

_TESTS_MODULE = re.compile(
    r"\s+(?:to|in|into|inside)\s+(?:the\s+)?(?:existing\s+)?(?:`(?:mod\s+)?tests`(?:\s+module)?|"
    r"tests?\s+module)",
    re.IGNORECASE,
)
_WRITES_TESTS = re.compile(
    rf"{BEGIN}(?:write|add)\s+(?:(?:the|a|an|failing|new|unit|integration|first|second)\s+)*tests?\b"
    r"[^`.:]*[:：.]?\W*",
    re.IGNORECASE,
)


# A suite by its title: "inside the describe block of Ship", in these words or others.
_CALLED = (
    r"(?:existing\s+|top-level\s+|main\s+|outer\s+|same\s+)*(?:`describe\(\s*[\"'](?P<call>[^\"'`]+)[\"'][^`]*`"
    r"(?:\s+(?:block|suite))?|(?:`describe(?:\(\))?`|describe)(?:\s+(?:block|suite))|"
    r"[`\"'“]+(?P<name>[^`\"'“”]+)[`\"'”]+\s+(?:`?describe`?(?:\s+(?:block|suite))?|(?:test\s+)?suite)|"
    r"(?P<bare>(?-i:[A-Z])\w+)\s+(?:`?describe`?\s+(?:block|suite)|test\s+suite))"
)
_INTO = r"(?:to|in|into|inside|within|at\s+the\s+end\s+of)"
_TO_SUITE = re.compile(
    rf"{BEGIN}{IN}(?:(?:add|append|insert|write|put|extend)\b[^`.:]*?\b)?{_INTO}\s+(?:the\s+)?{_CALLED}{OF_FILE}"
    rf"(?:\s*,\s*(?:add|append|insert|write)\b[^`.:]*)?{END}",
    re.IGNORECASE,
)
_SCRIPTS = re.compile(r"\.[cm]?[jt]sx?$")


def _of_suite(block: Block) -> Recognized | None:
    """Tests that go behind the others of a suite: one that is named, or the only one."""
    said = _TO_SUITE.fullmatch(block.said.words)
    plain = block.code[:1] in (" ", "\t") and adds_plainly(with_its_file(block))
    path = block.file() if said or plain else None
    if path is None or not _SCRIPTS.search(path) or goes_elsewhere(block):
        return None
    name = (said["call"] or said["name"] or said["bare"]) if said else None
    find = partial(suite_grown, path=path, code=block.code, name=name)
    return block.found(path, find, (name or "describe",))


def _members(block: Block) -> Recognized | None:
    """Methods or fields that are added to a class: behind the others of their kind."""
    words = _INSIDE.sub("in", NUMBERS.sub("", block.said.words))
    said = _MEMBERS.fullmatch(words) or _IN_OWNER.fullmatch(words)
    path = None if said is None or PLACED.search(without_code(words)) else block.file()
    if said is None or path is None or not is_read(path):
        return None
    owner = said["owner"] or said["bare"] or said["last"]
    if said["last"] and not _A_MEMBER.search(said["what"]):
        return None  # "to QuorumRun" may be of anything
    return block.found(path, partial(within, path=path, code=block.code, owner=owner), (owner,))


def _rust_tests(block: Block) -> Recognized | None:
    """Tests that go to the module of tests, which their file ends with."""
    lead = _TESTS_MODULE.sub("", with_its_file(block))
    writes = adds_plainly(lead) or _WRITES_TESTS.fullmatch(without_code(lead))
    if block.piece.info not in ("rust", "rs") or not writes or goes_elsewhere(block):
        return None
    path = block.file() or with_its_tests(block.piece, block.scope)
    if path is None or not path.endswith(".rs"):
        return None
    find = partial(treeadditions.tests_added, path=path, code=block.code)
    return block.found(path, find, tuple(DEFINED.findall(block.code)))


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
    seeks=True,
    anywhere=True,
)  # fmt: skip
_SUITE = "describe('Ship', () => {\n  it('sails', () => {\n    sail();\n  });\n});\n"
OF_SUITE = Form(
    "tests, behind the others of a suite",
    _of_suite,
    (
        Example(
            "Add inside the `describe('Ship', ...)` block:", "it('rows', () => {\n  row();\n});\n",
            _SUITE,
            _SUITE.replace("});\n});", "});\n\n  it('rows', () => {\n    row();\n  });\n});"),
            "ship.test.ts",
        ),
        Example(
            "Add the failing test:", "  it('rows', () => {\n    row();\n  });\n", _SUITE,
            _SUITE.replace("});\n});", "});\n\n  it('rows', () => {\n    row();\n  });\n});"),
            "ship.test.ts",
        ),
    ),
    ("Add near the `describe('Ship', ...)` block:", "Add inside the `describe('Boat')` block:"),
    seeks=True,
    allows=("cut off",),
)  # fmt: skip
_TESTED = (
    "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn b() {}\n}\n"
)
RUST_TESTS = Form(
    "tests, to the module of tests that ends a Rust file",
    _rust_tests,
    (
        Example(
            "Add to the `tests` module:", "#[test]\nfn c() {}\n", _TESTED,
            _TESTED.replace("b() {}\n", "b() {}\n\n    #[test]\n    fn c() {}\n"), "ship.rs",
        ),
        Example(
            "Write the failing test", "#[cfg(test)]\nmod tests {\n    use super::*;\n\n"
            "    #[test]\n    fn c() {}\n}\n", _TESTED,
            _TESTED.replace("b() {}\n", "b() {}\n\n    #[test]\n    fn c() {}\n"), "ship.rs",
        ),
    ),
    ("Add near the `tests` module:", "Add tests such as:"),
    library=True,
)  # fmt: skip
