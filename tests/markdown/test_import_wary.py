"""What looks like an edit, and would be a wrong one: it stays with a person."""

from __future__ import annotations

import pytest
from planning import block, imported, made, steps

from runbook.core.model.model import Edit, Manual

ROWS = "".join(f"row({each})\nlog(ship)\n" for each in range(5))


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ("line 4", Edit),
        ("lines 4-4", Edit),
        ("lines 4, 6, 8", Manual),
        ("lines 4 and 6", Manual),
        ("lines 4-5 and 8", Manual),
        ("lines 2, 4, 6, whatever stands there", Manual),
        ("line 4, 2 lines below the second row", Edit),
    ],
)
def test_a_change_at_several_lines_is_not_made_at_the_first_of_them(lines: str, kind: type) -> None:
    old, new = block("log(ship)\n"), block("log(ship, True)\n")
    body = (
        "**Files:**\n- Modify: `ship.py`\n\n**Step 1: Log**\n\n"
        f"In `ship.py` ({lines}), change:{old}to:{new}"
    )
    for text in (ROWS, "row(1)\nrow(2)\nrow(3)\nlog(ship)\n"):
        (step,) = steps(body, {"ship.py": text})
        assert type(step) is kind


def test_a_file_that_is_there_is_not_made_anew_where_a_step_may_have_changed_it() -> None:
    plan = """\
    ### Task 1: Look

    **Step 1: Write down what the yard says**

    Put it where it belongs.

    ### Task 2: Count

    **Files:**
    - Modify: `src/ship.rs`
    - Test: `tests/ship.rs`

    **Step 1: Write the failing test**

    ```rust
    #[test]
    fn it_counts() {
        assert_eq!(count(), 1);
    }
    ```
    """
    files = {"src/ship.rs": "fn count() {}\n", "tests/ship.rs": "use ship::*;\n"}
    (step,) = imported(plan, files).phase.tasks[1].steps
    assert isinstance(step, Manual)


def test_a_comment_in_a_block_that_orders_a_removal_is_no_text_of_the_file() -> None:
    code = "pub use oar::row;\n// Remove: pub use oar::Oar;\n"
    text = "mod oar;\npub use oar::Oar;\n\nfn sail() {}\n"
    words = f"Update the exports:{block(code, 'rust')}"
    assert made("src/lib.rs", text, words) is None


def test_a_path_above_imports_is_no_text_of_the_file() -> None:
    code = "// src/lib.rs\npub mod oar;\n"
    text = "pub mod mast;\n\nfn sail() {}\n"
    body = (
        "**Files:**\n- Modify: `src/lib.rs`\n\n**Step 1: Add module to lib.rs**"
        f"{block(code, 'rust')}"
    )
    (step,) = steps(body, {"src/lib.rs": text})
    assert isinstance(step, Edit)
    assert "// src/lib.rs" not in str(step.changes)


JOB = """\
class Job {

    /**
     * Limits it.
     */
    String limit(String load) {
        return load;
    }
}
"""


def test_nothing_comes_between_a_definition_and_its_documentation() -> None:
    code = block("    int hint() {\n        return 1;\n    }\n", "java")
    words = "Add immediately above the existing `limit(String load)` method (around line 6):"
    assert made("Job.java", JOB, f"{words}{code}") is None


def test_members_have_the_margin_of_a_class_that_begins_with_an_empty_line() -> None:
    text = "class Ship {\n\n    sail() {\n        return 1;\n    }\n}\n"
    words = "Add to the `Ship` class:" + block("row() {\n    return 2;\n}\n", "ts")
    row = "    row() {\n        return 2;\n    }\n"
    assert made("ship.ts", text, words) == f"{text.removesuffix('}' + chr(10))}\n{row}}}\n"
    below = "class Ship : Boat\n{\n    public int Sail() => 1;\n}\n"
    code = block("    public int Row() => 2;\n", "csharp")
    added = "\n    public int Row() => 2;\n}\n"
    result = made("Ship.cs", below, f"Add to the `Ship` class:{code}")
    assert result == below.removesuffix("}\n") + added


@pytest.mark.parametrize("place", [" in the hull section", " under the wooden hull section"])
def test_a_section_of_a_file_is_a_place(place: str) -> None:
    rule = ".hull {\n  color: red;\n}\n"
    text, code = "a {\n}\n", block(rule, "css")
    assert made("ship.css", text, f"Add a `.hull` style{place}:{code}") is None
    assert made("ship.css", text, f"Add a `.hull` style:{code}") == f"{text}\n{rule}"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("In `ship.py`, change the first branch:", Edit),
        ("In `ship.py`: add `import oar`. Change the first branch:", Manual),
        ("In `ship.py`: delete the `FAST` constant and change the first branch:", Manual),
    ],
)
def test_what_is_shown_again_does_not_stand_for_all_that_is_ordered(words: str, kind: type) -> None:
    text = "FAST = 1\n\n\ndef sail(wind):\n    if wind:\n        return FAST\n    return 0\n"
    code = "def sail(wind):\n    if wind:\n        return speed()\n    return 0\n"
    body = f"**Files:**\n- Modify: `ship.py`\n\n**Step 1: Do it**\n\n{words}{block(code)}"
    (step,) = steps(body, {"ship.py": text})
    assert type(step) is kind


def test_an_order_in_a_comment_is_no_text_though_it_gives_a_choice() -> None:
    code = "# append to test_ship.py (or create a new section)\n\ndef test_row():\n    row()\n"
    text = "def test_sail():\n    sail()\n"
    result = made("test_ship.py", text, block(code))
    assert result == f"{text}\n\ndef test_row():\n    row()\n"
