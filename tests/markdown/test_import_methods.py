"""Methods beside methods and tests in suites, where a parser of the language finds their places."""

from __future__ import annotations

import pytest
from planning import block, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual
from runbook.core.model.operations import Insert, Operation
from runbook.markdown.importing.places.suites import suite_grown
from runbook.markdown.importing.places.symbols import inserted
from runbook.markdown.importing.words.symbolwords import spot

pytest.importorskip("ast_grep_py")

GO = (
    "package sea\n\nfunc (s *Ship) Go() int {\n\treturn 1\n}\n\n"
    "// Stop stops.\nfunc (s *Ship) Stop() int {\n\treturn 2\n}\n"
)
TWO = (
    "class Ship {\n  go() {\n    run();\n  }\n  stop() {\n    rest();\n  }\n}\n\n"
    "class Boat {\n  go() {\n    pull();\n  }\n}\n"
)


def _made(text: str, change: Operation | str) -> str:
    assert not isinstance(change, str), change
    made = apply(text, change)
    assert isinstance(made, Applied)
    return made.text or ""


def _beside(text: str, path: str, words: str, code: str) -> Operation | str:
    place = spot(words)
    assert place is not None
    return inserted(text, path, code, place)


def test_a_method_goes_beside_one_of_its_class() -> None:
    turn = "func (s *Ship) Turn() int {\n\treturn 3\n}\n"
    made = _made(GO, _beside(GO, "ship.go", "Add it after `Go`:", turn))
    assert "return 1\n}\n\nfunc (s *Ship) Turn() int {\n\treturn 3\n}\n\n// Stop" in made
    turn = "turn() {\n  veer();\n}\n"
    made = _made(TWO, _beside(TWO, "ship.js", "Add it to `Ship` after `go`:", turn))
    assert "run();\n  }\n\n  turn() {\n    veer();\n  }\n\n  stop() {" in made


def test_a_method_goes_above_the_remarks_on_the_one_behind_it() -> None:
    turn = "func (s *Ship) Turn() int {\n\treturn 3\n}\n"
    made = _made(GO, _beside(GO, "ship.go", "Add it before `Stop`:", turn))
    assert "return 1\n}\n\nfunc (s *Ship) Turn() int {\n\treturn 3\n}\n\n// Stop" in made


@pytest.mark.parametrize(
    ("text", "path", "words", "code", "why"),
    [
        (TWO, "ship.js", "Add it after `go`:", "turn() {\n  veer();\n}\n", "more than once"),
        (TWO, "ship.js", "Add it to `Boat` after `stop`:", "turn() {\n  veer();\n}\n", "nowhere"),
        (TWO, "ship.js", "Add it after `stop`:", "stop() {\n  rest();\n}\n", "already there"),
        (TWO, "ship.js", "Add it after `stop`:", "if (x) {\n  rest(;\n}\n", ""),
        (TWO, "ship.js", "Add it after `stop`:", "if (x) {\n  rest();\n}\n", ""),
        (TWO, "ship.js", "Add `turn` after `stop`:", "veer() {\n  rest();\n}\n", ""),
        (TWO, "ship.js", "Add it after `stop`:", "function veer() {\n  rest();\n}\n", ""),
        (GO, "ship.go", "Add it before `Stop`:", "func Turn() {}\n", ""),  # it is no method
    ],
)
def test_what_has_no_one_place_or_is_no_method_is_left(
    text: str, path: str, words: str, code: str, why: str
) -> None:
    said = _beside(text, path, words, code)
    assert isinstance(said, str)
    assert (why in said) if why else not said


SUITES = (
    "describe('Ship', () => {\n  it('goes', () => {\n    go();\n  });\n\n  after(() => {});\n});\n"
)
OTHER = "\ndescribe('Boat', () => {\n  it('rows', () => {\n    row();\n  });\n});\n"
NEW = "it('turns', () => {\n  turn();\n});\n"


def test_tests_go_behind_those_of_their_suite() -> None:
    made = _made(SUITES, suite_grown(SUITES, "ship.test.ts", NEW, None))
    assert "go();\n  });\n\n  it('turns', () => {\n    turn();\n  });\n\n  after" in made
    both = SUITES + OTHER
    assert "row();\n  });\n\n  it('turns'" in _made(
        both, suite_grown(both, "a.test.js", NEW, "Boat")
    )


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        (SUITES + OTHER, NEW, None),
        (SUITES, NEW, "Boat"),
        (SUITES, "go();\n", None),
        ("describe('Ship', () => {\n  go();\n});\n", NEW, None),
        ("it('goes', () => {});\n", NEW, None),
    ],
)
def test_a_suite_that_is_not_the_only_one_or_has_no_tests_is_left(
    text: str, code: str, name: str | None
) -> None:
    assert suite_grown(text, "ship.test.ts", code, name) == ""


def test_a_test_that_is_there_is_not_put_in_again() -> None:
    said = suite_grown(SUITES, "ship.test.ts", NEW.replace("turns", "goes"), None)
    assert said == "already there: a test `goes` is in the file"


TYPES = """\
package sea

type Ship interface {
\tSail(wind int) error
\tLand() error
}

type Hull struct {
\tMast string
\tKeel int
}
"""


@pytest.mark.parametrize(
    ("words", "code", "behind"),
    [
        ("Add `Row` to the `Ship` interface:", "Row() error\n", "\tLand() error\n"),
        ("Add to the `Ship` interface (after the existing `Sail` method):", "Row() error\n",
         "\tSail(wind int) error\n"),
        ("Add a field to the Hull struct (after the Mast field, line 9):", "    Oars int\n",
         "\tMast string\n"),
        # What is there, in whatever words, and a place that is not.
        ("Add a field to the `Hull` struct:", "Keel int\n", None),
        ("Add `Land` to the `Ship` interface:", "Land() error\n", None),
        ("Add to the `Ship` interface (after the `Drift` method):", "Row() error\n", None),
        ("Add to the `Ship` interface:", "func Row() error {\n\treturn nil\n}\n", None),
    ],
)  # fmt: skip
def test_members_of_go_stand_behind_the_last_or_the_one_that_is_named(
    words: str, code: str, behind: str | None
) -> None:
    text = f"**Files:**\n- Modify: `ship.go`\n\n**Implementation:**\n\n{words}{block(code, 'go')}"
    (step,) = steps(text, {"ship.go": TYPES})
    assert isinstance(step, Edit) == (behind is not None)
    if isinstance(step, Edit):
        (change,) = step.changes
        assert isinstance(change, Insert)
        assert change.anchor.value == behind


@pytest.mark.parametrize(("kind", "made"), [("class", Edit), ("interface", Manual)])
def test_methods_go_into_the_one_class_of_a_java_file(kind: str, made: type) -> None:
    body = "**Files:**\n- Modify: `Ship.java`\n\n**Step 1: Row**\n\nAdd to `Ship.java`:"
    body += block("void row() {\n    pull();\n}\n", "java")
    (step,) = steps(body, {"Ship.java": f"{kind} Ship {{\n    int sails();\n}}\n"})
    assert isinstance(step, made)
