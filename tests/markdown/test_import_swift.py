"""What is added to Swift files, and given anew there, where ast-grep is installed."""

from __future__ import annotations

import pytest
from planning import block, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual

pytest.importorskip("ast_grep_py", reason="an extra of the package")

SHIP = """\
import Foundation

/// What sails.
@MainActor
public struct Ship {
    let sails: Int
    var wind: Wind = .calm  // as it is

    enum Wind {
        case calm
        case storm(Int)

        var loud: Bool { true }
    }

    var isFast: Bool {
        sails > 2
    }

    /// Goes.
    @discardableResult
    public func sail() -> Int {
        let course = sails
        return course
    }

    func moor(at pier: Int) {
        sail()
    }
}

extension Ship {
    func paint() {}
}
"""
TESTS = """\
import Testing

@Suite struct ShipTests {
    @Test func sails() {
        #expect(true)
    }
}
"""
FILES = "**Files:**\n- Modify: `{}`\n\n**Step 1: Change it**\n\n"
ROW = "func row() {\n    sail()\n}\n"
ROWS = "@Test func rows() {\n    row()\n}\n"


def made(lead: str, code: str, text: str = SHIP, path: str = "Ship.swift") -> str | None:
    """The file after the step, or `None` where it is left to a person."""
    (step,) = steps(FILES.format(path) + lead + block(code, "swift"), {path: text})
    if isinstance(step, Manual):
        return None
    assert isinstance(step, Edit)
    for change in step.changes:
        result = apply(text, change)
        assert isinstance(result, Applied)
        assert result.text is not None
        text = result.text
    return text


def inside(code: str) -> str:
    return "".join(f"    {line}\n" for line in code.splitlines())


@pytest.mark.parametrize(
    ("lead", "code", "after"),
    [
        ("Add to `Ship` (after `sail`):", ROW, "        return course\n    }\n"),
        ("Add after `moor(at:)`:", inside(ROW), "        sail()\n    }\n"),
        ("In `Ship.swift`, below `isFast`:", ROW, "        sails > 2\n    }\n"),
        ("Directly below `public func sail() -> Int`:", ROW, "        return course\n    }\n"),
        ("In `Ship.swift`, add a method to the `Ship` struct:", ROW, "        sail()\n    }\n"),
    ],
)
def test_a_method_goes_behind_another_one(lead: str, code: str, after: str) -> None:
    assert made(lead, code) == SHIP.replace(after, f"{after}\n{inside(ROW)}")


@pytest.mark.parametrize("name", ["Wind", "enum Wind"])
def test_a_case_goes_behind_the_other_cases_of_an_inner_type(name: str) -> None:
    storm = "        case storm(Int)\n"
    whole = SHIP.replace(storm, f"{storm}        case gale\n")
    assert made(f"In `Ship.swift`, add to `{name}`:", "case gale\n") == whole
    assert made(f"In `Ship.swift`, add to `{name}`:", "case calm\n") is None


def test_a_stored_value_goes_behind_the_others() -> None:
    wind = "    var wind: Wind = .calm  // as it is\n"
    code = "    let oars: Int\n"
    assert made("Add a field to the `Ship` struct:", code) == SHIP.replace(wind, wind + code)
    assert made("Add after `sails`:", code) == SHIP.replace("Int\n    var", f"Int\n{code}    var")


@pytest.mark.parametrize(
    "lead",
    [
        "Append to `ShipTests.swift`:",
        "Add to `ShipTests.swift` (inside the struct):",
        "Add to `ShipTests.swift`, inside `ShipTests`:",
        "Add the failing test to `ShipTests.swift`:",
    ],
)
@pytest.mark.parametrize("code", [ROWS, inside(ROWS), "\n" + inside(ROWS)])
def test_a_test_goes_into_the_one_suite(lead: str, code: str) -> None:
    whole = TESTS.removesuffix("}\n") + f"\n{inside(ROWS)}}}\n"
    assert made(lead, code, TESTS, "ShipTests.swift") == whole


def test_what_could_be_of_several_types_is_left() -> None:
    path, lead = "ShipTests.swift", "Append to `ShipTests.swift`:"
    two = f"{TESTS}\nstruct Crew {{\n    let count: Int\n}}\n"
    assert made(lead, ROWS, two, path) is None
    free = f"{TESTS}\n@Test func floats() {{\n    row()\n}}\n"
    assert made(lead, ROWS, free, path) == f"{free}\n{ROWS}"
    assert made(lead, inside(ROWS), free, path) is None
    suite = "@Suite struct CrewTests {\n    @Test func rows() {}\n}\n"
    assert made(lead, suite, TESTS, path) == f"{TESTS}\n{suite}"
    assert made(f"Create `{path}`:", suite, TESTS, path) is None


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add after `course`:", "let speed = 2\n"),  # in a function
        ("Add after `sail`:", "let speed = course\n"),  # it may be of its body
        ("Add after `sail`:", "struct Crew {}\n"),
        ("Add after `Ship`:", inside(ROW)),
        ("Add after `moor`:", "sail()\nmoor(at: 1)\n"),
        ("Add after `sail`:", "func moor(at pier: Int) {}\n"),
        ("In `Ship.swift`, after sailing:", ROW),
        ("Right after `sail` has been called:", ROW),
    ],
)
def test_what_may_belong_elsewhere_is_left(lead: str, code: str) -> None:
    assert made(lead, code) is None


def test_a_method_is_given_anew() -> None:
    new = "@discardableResult\npublic func sail() -> Int {\n    sails\n}\n"
    old = SHIP[SHIP.index("    @discardableResult") : SHIP.index("\n    func moor")]
    assert made("Replace `sail` with:", new) == SHIP.replace(old, inside(new))
    assert made("Replace `sail` with:", new.partition("\n")[2]) is None  # without its attribute
    fast = "var isFast: Bool {\n    true\n}\n"
    whole = SHIP.replace("        sails > 2\n", "        true\n")
    assert made("Replace the `isFast` property with:", fast) == whole
    twice = SHIP.replace("paint()", "sail(fast: Bool)")
    assert made("Replace `sail` with:", new, twice) is None


def test_imports_go_to_those_of_no_condition() -> None:
    lead, code = "Add the import:", "import Sea\n"
    assert made(lead, code) == SHIP.replace("Foundation\n", f"Foundation\n{code}")
    some = "import Foundation\n#if canImport(Wind)\nimport Wind\n#endif\n\nstruct Ship {}\n"
    assert made(lead, code, some) is None


def test_a_type_is_given_anew_with_all_that_it_had() -> None:
    lead, old = "Replace the `Wind` enum with:", "        case storm(Int)\n"
    code = inside("enum Wind {\n    case calm\n    case storm(Int)\n    case gale\n\n")
    rest = "        var loud: Bool { true }\n    }\n"
    assert made(lead, code + rest) == SHIP.replace(old, f"{old}        case gale\n")
    assert made(lead, code + "    }\n") is None


def test_a_function_is_given_anew_with_another_one() -> None:
    moor = "func moor(at pier: Int) {\n    tie()\n}\n"
    tie = "func tie() {\n    sail()\n}\n"
    old = SHIP[SHIP.index("    func moor") : SHIP.index("}\n\nextension")]
    whole = SHIP.replace(old, inside(moor) + "\n" + inside(tie))
    assert made("Replace `moor` with:", f"{moor}\n{tie}") == whole
    sail = "@discardableResult\npublic func sail() -> Int {\n    tie()\n}\n"
    assert made("Replace `sail` with:", f"{tie}\n{sail}") is None  # "Goes." is of the other one
    assert made("Update `moor`:", f"{moor}\n{tie}") is None
    assert made("Replace `moor` with:", f"{moor}\nfunc paint() {{}}\n") is None


def test_a_value_is_given_anew_where_no_function_has_one_of_the_name() -> None:
    lead, code = "Replace `sails` with:", "let sails: Double\n"
    assert made(lead, code) == SHIP.replace("let sails: Int", "let sails: Double")
    local = SHIP.replace("let course", "let sails")
    assert made(lead, code, local) is None


def test_what_is_static_goes_with_the_tests_that_use_it() -> None:
    path, lead = "ShipTests.swift", "Append to `ShipTests.swift`:"
    code = "    private static let oars = 4\n\n" + inside(ROWS)
    whole = TESTS.removesuffix("}\n") + f"\n{code}}}\n"
    assert made(lead, code, TESTS, path) == whole
    assert made(lead, code.replace("static ", ""), TESTS, path) is None
    crew = "    private struct Crew {\n        let count: Int\n    }\n\n" + inside(ROWS)
    assert made(lead, crew, TESTS, path) == TESTS.removesuffix("}\n") + f"\n{crew}}}\n"


def test_a_protocol_and_a_name_of_a_type_are_places() -> None:
    text = "protocol Sail {}\n\nstruct Ship {\n    typealias Wind = Int\n\n    func go() {}\n}\n"
    lead = "After the `Ship` struct (below the `Sail` protocol), add:"
    (step,) = steps(FILES.format("Ship.swift") + lead + block(ROW, ""), {"Ship.swift": text})
    assert isinstance(step, Manual)  # that is another place
    lead = "Add to `Ship`, after the `Wind` typealias:"
    (step,) = steps(
        FILES.format("Ship.swift") + lead + block("    typealias Tide = Int\n", ""),
        {"Ship.swift": text},
    )
    assert isinstance(step, Edit)
    result = apply(text, step.changes[0])
    assert isinstance(result, Applied)
    wind = "    typealias Wind = Int\n"
    assert result.text == text.replace(wind, f"{wind}    typealias Tide = Int\n")
