"""Blocks that leave something out, and code that only speaks of what is there."""

from __future__ import annotations

import pytest
from planning import steps

from runbook.core.model.model import Edit, Manual
from runbook.markdown.importing.words.elision import elided


@pytest.mark.parametrize(
    "line",
    [
        "# ... more",
        "# … the rest",
        "# existing code",
        "# Existing imports stay",
        'MAST = "oak"  # already imported from the yard',
        "// rest of the function, which goes on as it did before",
        "{/* existing rows */}",
        "<!-- remaining rows -->",
        "# keep all existing oars",
        "# unchanged",
        "oars = 2  # unchanged",
        "# the same oars as in the old ship...",
        "...existing oars",
        "[... the rest]",
        "sail(1, 2, ...)",
        "<your oars here>",
        "# 既存のコード",
        "// (Implementer: as many oars as the ship has)",
        "# Note to the implementer: count them first",
    ],
)
def test_a_mark_stands_for_what_is_left_out(line: str) -> None:
    assert elided(f"sails = 1\n{line}\n")
    assert elided(f"sails = 1\n    {line}\n    oars = 2\n")


@pytest.mark.parametrize(
    "line",
    [
        "# Look for an existing oar",
        "if oar in oars:  # already there",
        "# Already imported oars are left alone",
        "# (from the existing oars of the ship)",
        "// Fans out the remaining oars.",
        "/* keep as a string */",
        "## Existing oars",
        "### Step 2: Read the existing log",
        "oars = [...sails].sort();",
        "return { ...rest, ...other };",
        " * Its head is between --- ... --- at the top.",
        "oars: tuple[int, ...]",
        "// Each implementer gets its own oar",
    ],
)
def test_code_that_speaks_of_what_is_there_leaves_nothing_out(line: str) -> None:
    assert not elided(f"sails = 1\n{line}\n")


def test_what_is_to_be_filled_in_stands_in_a_file_that_is_given_exactly() -> None:
    head = "**Files:**\n- Create: `guide.md`\n\n**Step 1: Write it**\n\nCreate `guide.md`"
    text = ":\n\n```markdown\n[Paste the log]\n```\n"
    (step,) = steps(head + text)
    assert isinstance(step, Manual)
    (step,) = steps(f"{head} with exactly this content{text}")
    assert isinstance(step, Edit)


SKETCHED = [
    '#[test]\nfn sails_home() { /* "home" in the log */ }',
    "fn sail() -> u8 {\n    // 1. Load the ship.\n    // 2. Sail.\n}",
    "it('sails', async () => {\n  // one ship is home\n});",
    "func TestSail(t *testing.T) {\n\t// the ship is home\n}",
    "pub fn sail(\n    ship: Ship,\n) {\n    // As row() did.\n    // 1. Load.\n    // 2. Sail.\n}",
    "def test_sail():\n    # the ship is home\n    pass",
    "function tell() { /* say it as told above */ }",
]


@pytest.mark.parametrize("code", SKETCHED)
def test_a_body_of_remarks_is_a_sketch(code: str) -> None:
    assert elided(f"sails = 1\n\n{code}\n")


@pytest.mark.parametrize(
    "code",
    [
        "fn sail() { /* no-op */ }", "function sail() {}",
        "function sail() {\n  // TODO: oars\n}",
        "fn sail() {\n    // Load the ship.\n    load();\n}", "try { a(); } catch { /* gone */ }",
        "def sail():\n    # Nothing to do.\n    pass", "if (a) {\n  // the ship is home\n}",
        "func stop() async {\n    // The wind has no harbour of its own.\n}",
        "test('sails', { skip: true }, () => {\n  // one ship is home\n});",
        "it('sails', () => {\n  // covered by the voyage\n});",
        "struct Ship {\n    // its sails\n}",
    ],
)  # fmt: skip
def test_what_is_empty_on_purpose_is_no_sketch(code: str) -> None:
    assert not elided(f"sails = 1\n\n{code}\n")
