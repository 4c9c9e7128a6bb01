"""Methods, fields and the like that a plan adds to a class, a struct or an implementation."""

from __future__ import annotations

import re
from functools import partial

from runbook.markdown.importing.forms.form import (
    Block,
    Example,
    Form,
    Recognized,
    Words,
    worded,
)
from runbook.markdown.importing.forms.plainly import (
    DEFINED,
    adds_plainly,
    goes_elsewhere,
    with_its_file,
)
from runbook.markdown.importing.places import suites, swift, treeadditions
from runbook.markdown.importing.places.files import with_its_tests
from runbook.markdown.importing.places.grammars import grammar_of
from runbook.markdown.importing.places.literals import listed_in
from runbook.markdown.importing.places.parsers import PYTHON, has_methods
from runbook.markdown.importing.places.statements import within
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.saying import NUMBERS
from runbook.markdown.importing.words.symbolwords import END_OF_ALL, places_unbracketed
from runbook.markdown.importing.words.vocabulary import anycase
from runbook.markdown.importing.words.wording import side_of

_TESTS_MODULE = anycase(
    r" (to|in|into|inside) (the )?(existing )?(`(#\[cfg\(test\)\] ?)?(mod )?tests`"
    r"( (module|block|mod))?|tests? module|`#\[cfg\(test\)\]` (module|block))"
)
_WRITES_TESTS = "write|add [<plain>] tests? [<plain>]"
_TO_SUITE = "[add|append|insert|write|put|extend ...] (<into> | at the end of) [the] <suite>"
_SCRIPTS = re.compile(r"\.[cm]?[jt]sx?$")


def _of_suite(block: Block) -> Recognized | None:
    """Tests that go behind the others of a suite: one that is named, or the only one."""
    said = told(_TO_SUITE, block.said.words)
    plain = block.code[:1] in (" ", "\t") and adds_plainly(with_its_file(block))
    path = block.file() if said is not None or plain else None
    if path is None or not _SCRIPTS.search(path) or goes_elsewhere(block):
        return None
    name = said.get("name") if said else None
    find = partial(suites.suite_grown, path=path, code=block.code, name=name)
    return block.found(path, find, (name or "describe",))


_BESIDE_TEST = (
    "<make> [<bare>] [to|in|into <file>] , <side> <titled>",
    "<side> <titled> <tail> [, <make> [<bare>]]",
)


def _beside_test(block: Block) -> Recognized | None:
    """Tests that go next to one whose title words quote."""
    words = places_unbracketed(NUMBERS.sub("", block.said.words))
    said = next(filter(None, (told(each, words) for each in _BESIDE_TEST)), None)
    path = block.file() if said is not None else None
    if said is None or path is None or not _SCRIPTS.search(path) or goes_elsewhere(block):
        return None
    side = side_of(said["side"])
    find = partial(suites.beside_test, path=path, code=block.code, name=said["name"], side=side)
    return block.found(path, find, (said["name"],))


_INTO_ONLY = anycase(
    r"[\s,(]*\b((?<=\S\s\()(append(ed)?|add(ed)?) |as an? new `@Test` )?"
    r"(in|into|to|inside|within|at the end of) (the |its )?((existing|same|test) )*"
    r"((`@Suite` )?(struct|suite|class|actor|enum|type|extension)|`@Suite struct`|"
    r"`(@\w+ )?((public|private|final|open) )*"
    r"((struct|class|actor|enum) )?(?P<name>(?-i:[A-Z])\w*)`"
    r"( (struct|(test )?suite|class|actor|enum|type))?( body)?)(?![\w`])\)?"
)
# Tests of a suite may stand in any order.
_BESIDE_TESTS = anycase(r",? (alongside|near|with|next to|beside) the other `@Test` methods")


def _to_only_class(block: Block) -> Recognized | None:
    """Methods of the one class of a Python, Java or C# file, which the words name."""
    plain = adds_plainly(with_its_file(block)) and not goes_elsewhere(block)
    path = block.file() if plain else None
    if path is not None and path.endswith((".java", ".cs")):
        find = partial(treeadditions.method_of_only, path=path, code=block.code)
    elif path is not None and path.endswith(PYTHON) and has_methods(block.code):
        find = partial(within, path=path, code=block.code, owner="")
    else:
        return None
    return block.found(path, find, tuple(DEFINED.findall(block.code)))


def _to_swift_type(block: Block) -> Recognized | None:
    """Members of the one type of a Swift file, or of that which words name beside the file."""
    lead = _BESIDE_TESTS.sub("", END_OF_ALL.sub("", with_its_file(block)))
    said = _INTO_ONLY.search(lead)
    name = said["name"] if said else None
    plain = adds_plainly(_INTO_ONLY.sub("", lead, count=1)) and not goes_elsewhere(block)
    path = block.file() if plain else None
    indented = block.code.lstrip("\n")[:1] in (" ", "\t")
    tests = re.search(r"^@Test\b|^func test", block.code, re.MULTILINE) is not None
    if path is None or not grammar_of(path).nests or not (said or indented or tests):
        return None
    find = partial(swift.member, path=path, code=block.code, owner=name)
    return block.found(path, find, (name or "struct", *DEFINED.findall(block.code)))


def _rust_tests(block: Block) -> Recognized | None:
    """Tests that go to the module of tests, which their file ends with."""
    lead = _TESTS_MODULE.sub("", with_its_file(block))
    writes = adds_plainly(lead) or told(_WRITES_TESTS, lead) is not None
    if block.piece.info not in ("rust", "rs") or not writes or goes_elsewhere(block):
        return None
    path = block.file() or with_its_tests(block.piece, block.scope)
    if path is None or not path.endswith(".rs"):
        return None
    find = partial(treeadditions.tests_added, path=path, code=block.code)
    return block.found(path, find, tuple(DEFINED.findall(block.code)))


_INTO_TYPE = (
    "<make> [<plain>] <into> [the] [existing] [\\w+] <type:owner> [<types>]",
    "<make> [<plain>] <into> [the] [existing] [\\w+] <bare-type:owner> [\\w+] <types>",
    # "To QuorumRun" may be of anything but a member.
    "<make> [<plain>] <members> [<plain>] <into> [the] [existing] [\\w+] <bare-type:owner>",
    "in|inside|within [the] [existing] <type:owner> [<types>] <tail> , add|insert|define [<plain>]",
    # A name without a capital is a type's where this is said.
    "<make> [<plain>] <into> [the] [existing] <identifier:owner> (struct|interface|class|enum)",
    "in|inside|within [the] [existing] <identifier:owner> (struct|interface|class|enum) <tail> ,"
    " add|insert|define [<plain>]",
    "extend|expand [the] [existing] <type:owner> [<types>] [with [<plain>]]",
    "[the] [existing] <type:owner> <types>",
)
_SHIP = "import os\n\n\nclass Ship:\n    def sail(self):\n        return 1\n"
MEMBERS = Form(
    "members of a class, behind the others of their kind",
    worded(
        *(
            Words(f"{each} {place}".strip(), within, about=("owner",), reads=True)
            for place in ("<member:beside>", "")
            for each in _INTO_TYPE
        )
    ),
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
        Example(
            "Add a `row` method to the `Ship` class:", "row() {\n  return 2;\n}\n",
            "class Ship {\n  sail() {\n    return 1;\n  }\n}\n",
            "class Ship {\n  sail() {\n    return 1;\n  }\n\n  row() {\n    return 2;\n  }\n}\n",
            "ship.ts",
        ),
        Example(
            "Add the `oars` option to the `Ship` interface:", "  oars: number;\n",
            "interface Ship {\n  sails: number;\n}\n",
            "interface Ship {\n  sails: number;\n  oars: number;\n}\n", "ship.ts",
        ),
        Example(
            "Extend the `Ship` interface:", "  oars: number;\n",
            "interface Ship {\n  sails: number;\n}\n",
            "interface Ship {\n  sails: number;\n  oars: number;\n}\n", "ship.ts",
        ),
        Example(
            "In `ship.ts`, `Ship` class:", "  row() {\n    return 2;\n  }\n",
            "class Ship {\n  sail() {\n    return 1;\n  }\n}\n",
            "class Ship {\n  sail() {\n    return 1;\n  }\n\n  row() {\n    return 2;\n  }\n}\n",
            "ship.ts",
        ),
        Example(
            "Add a `Row` method to `Ship`:", "func (s *Ship) Row() int {\n\treturn 2\n}\n",
            "package sea\n\ntype Ship struct {\n\tsails int\n}\n",
            "package sea\n\ntype Ship struct {\n\tsails int\n}\n\n"
            "func (s *Ship) Row() int {\n\treturn 2\n}\n",
            "ship.go",
        ),
        Example(
            "In `ship.go`, add to the `ship` struct:", "oars int `json:\"oars\"`\n",
            "package sea\n\ntype ship struct {\n\tsails int\n}\n",
            "package sea\n\ntype ship struct {\n\tsails int\n\toars int `json:\"oars\"`\n}\n",
            "ship.go",
        ),
        Example(
            "Add a field to the `Ship` struct:", "\toars int\n",
            "package sea\n\ntype Ship struct {\n\tsails int\n}\n",
            "package sea\n\ntype Ship struct {\n\tsails int\n\toars int\n}\n",
            "ship.go",
        ),
        Example(
            "Add to the `Ship` interface (after the existing `Sail` method):",
            "// Row rows.\nRow() int\n",
            "package sea\n\ntype Ship interface {\n\tSail() int\n\tLand() int\n}\n",
            "package sea\n\ntype Ship interface {\n\tSail() int\n\n\t// Row rows.\n\tRow() int\n"
            "\n\tLand() int\n}\n",
            "ship.go",
        ),
    ),
    (
        "Add a method to the `Ship` class if it has none:",
        "Add a method near the `Ship` class:",
        "Add a method to the `Ship` class, or as an option to `Boat`:",
        "Add it to ShipYard:",
        "Add a method to the `Ship` class (after `land`):",
    ),
    anywhere=True,
    uncut=True,
)  # fmt: skip
_TO_LIST = (
    "<make> [<plain>] <into> [the] [existing] <identifier> [<collection>]",
    "in|inside [the] [existing] <identifier> <collection> [, add|insert|append|include [<plain>]]",
    "in|inside [the] [existing] <identifier> , add|insert|append|include [<plain>]",
    "extend|expand [the] [existing] <identifier> <collection> [with [<plain>]]",
)
_SAILS = "export const SAILS: Sail[] = [\n  { name: 'jib' },\n  { name: 'main' }\n];\n"
LISTED = Form(
    "elements of a list that has a name, behind its last",
    worded(*(Words(each, listed_in, about=("name",), reads=True) for each in _TO_LIST)),
    (
        Example(
            "Add to the `SAILS` array:", "{ name: 'spinnaker' },\n", _SAILS,
            _SAILS.replace("'main' }\n", "'main' },\n  { name: 'spinnaker' },\n"), "ship.ts",
        ),
        Example(
            "In `ship.py`, add to `SAILS`:", '    "oar": 3,\n', 'SAILS = {\n    "jib": 1,\n}\n',
            'SAILS = {\n    "jib": 1,\n    "oar": 3,\n}\n',
        ),
        Example(
            "In the `sails` slice, add:", '\t{"oar", 3},\n',
            'package sea\n\nvar sails = []sail{\n\t{"jib", 1},\n}\n',
            'package sea\n\nvar sails = []sail{\n\t{"jib", 1},\n\t{"oar", 3},\n}\n', "sea.go",
        ),
    ),
    (
        "Add to the `SAILS` array if it is missing:",
        "Add to the `SAILS` array after `main`:",
        "Add to each of `SAILS` and `OARS`:",
    ),
    uncut=True,
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
)  # fmt: skip
_SAILED = "test('it sails', () => {\n  sail();\n});\n\ntest('it lands', () => {});\n"
BESIDE_TEST = Form(
    "tests, next to one of a title",
    _beside_test,
    (
        Example(
            'Add to `ship.test.ts` (after the existing `"it sails"` test, around line 3):',
            "test('it rows', () => {\n  row();\n});\n", _SAILED,
            _SAILED.replace("});\n\n", "});\n\ntest('it rows', () => {\n  row();\n});\n\n", 1),
            "ship.test.ts",
        ),
        Example(
            "Add it immediately before the `test('it lands', ...)` block:",
            "test('it rows', () => {\n  row();\n});\n", _SAILED,
            _SAILED.replace("});\n\n", "});\n\ntest('it rows', () => {\n  row();\n});\n\n", 1),
            "ship.test.ts",
        ),
    ),
    (
        'Add to `ship.test.ts` after the "it walks" test:',
        'Add to `ship.test.ts` after the "it sails" test, or before "it lands":',
    ),
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
            "Add to the `#[cfg(test)] mod tests` block in `ship.rs`:", "#[test]\nfn c() {}\n",
            _TESTED, _TESTED.replace("b() {}\n", "b() {}\n\n    #[test]\n    fn c() {}\n"),
            "ship.rs",
        ),
        Example(
            "Write the failing test", "#[cfg(test)]\nmod tests {\n    use super::*;\n\n"
            "    #[test]\n    fn c() {}\n}\n", _TESTED,
            _TESTED.replace("b() {}\n", "b() {}\n\n    #[test]\n    fn c() {}\n"), "ship.rs",
        ),
    ),
    ("Add near the `tests` module:", "Add tests such as:"),
    library=True,
    uncut=True,
    seeks=False,
)  # fmt: skip
_SHIPS = "struct ShipTests {\n    @Test func sails() {\n        sail()\n    }\n}\n"
TO_SWIFT_TYPE = Form(
    "members of the one type of a Swift file",
    _to_swift_type,
    (
        Example(
            "Add to `ShipTests.swift` (inside the suite):", "@Test func rows() {\n    row()\n}\n",
            _SHIPS, f"{_SHIPS[:-2]}\n    @Test func rows() {{\n        row()\n    }}\n}}\n",
            "ShipTests.swift",
        ),
        Example(
            "Append to `ShipTests.swift`:", "    @Test func rows() {\n        row()\n    }\n",
            _SHIPS, f"{_SHIPS[:-2]}\n    @Test func rows() {{\n        row()\n    }}\n}}\n",
            "ShipTests.swift",
        ),
        Example(
            "Append to `ShipTests.swift`, inside `struct ShipTests` (reuses the `sail()` helper):",
            "    @Test func rows() {\n        row()\n    }\n",
            _SHIPS, f"{_SHIPS[:-2]}\n    @Test func rows() {{\n        row()\n    }}\n}}\n",
            "ShipTests.swift",
        ),
        Example(
            "Add to `ShipTests.swift` (append inside its suite, before the closing `}`):",
            "    @Test func rows() {\n        row()\n    }\n",
            _SHIPS, f"{_SHIPS[:-2]}\n    @Test func rows() {{\n        row()\n    }}\n}}\n",
            "ShipTests.swift",
        ),
        Example(
            "(add to the struct)", "    @Test func rows() {\n        row()\n    }\n",
            _SHIPS, f"{_SHIPS[:-2]}\n    @Test func rows() {{\n        row()\n    }}\n}}\n",
            "ShipTests.swift",
        ),
        Example(
            "Add to `ShipTests.swift` (inside the suite; match its style):",
            "    @Test func rows() {\n        row()\n    }\n",
            _SHIPS, f"{_SHIPS[:-2]}\n    @Test func rows() {{\n        row()\n    }}\n}}\n",
            "ShipTests.swift",
        ),
        Example(
            "In `Ship.swift`, add to `Wind`:", "case gale\n",
            "enum Wind {\n    case calm\n\n    var loud: Bool { false }\n}\n\nstruct Ship {}\n",
            "enum Wind {\n    case calm\n    case gale\n\n    var loud: Bool { false }\n}\n\n"
            "struct Ship {}\n", "Ship.swift",
        ),
    ),
    (
        "Add to `ShipTests.swift` (inside the suite, near `sails`):",
        "Add to `ShipTests.swift` or to `BoatTests.swift`:",
        "Add to `ShipTests.swift`, inside `BoatTests`:",
    ),
    uncut=True,
    anywhere=True,
)  # fmt: skip
# In a file that is not named, what is defined once tells nothing: any file may have one class.
TO_ONLY_CLASS = Form(
    "methods of the one class of a Python, Java or C# file",
    _to_only_class,
    (
        Example(
            "Append to `ship.py`:", "async def row(self):\n    return 2\n", _SHIP,
            f"{_SHIP}\n    async def row(self):\n        return 2\n",
        ),
        Example(
            "Add the failing test to `ShipTest.java`:", "@Test\nvoid rows() {\n    row();\n}\n",
            "class ShipTest {\n    @Test\n    void sails() {\n        sail();\n    }\n}\n",
            "class ShipTest {\n    @Test\n    void sails() {\n        sail();\n    }\n"
            "\n    @Test\n    void rows() {\n        row();\n    }\n}\n", "ShipTest.java",
        ),
    ),
    ("Append something like this to `ship.py`:", "Append to `Ship` or to `Boat`:"),
    anywhere=True,
    uncut=True,
    seeks=False,
)  # fmt: skip
