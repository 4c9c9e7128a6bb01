"""Parts of a file given anew: sections of Markdown, and statements that grow."""

from __future__ import annotations

import pytest
from planning import block, imported, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Manual
from runbook.transforms.transforms import TRANSFORMS

GUIDE = """\
---
title: Ships
---

# Ships

They sail.

## Sails

Two of them.

```sh
## Oars
```

### Cloth

White.

## Oars

Long.
"""
FILES = "**Files:**\n- Modify: `guide.md`\n\n**Step 1: {}**\n\n"


def kinds(body: str, text: str = GUIDE, title: str = "Change it") -> list[type]:
    return [type(step) for step in steps(FILES.format(title) + body, {"guide.md": text})]


def after(body: str, text: str = GUIDE, title: str = "Change it", path: str = "guide.md") -> str:
    head = FILES.format(title).replace("guide.md", path)
    (step,) = steps(head + body, {path: text})
    assert isinstance(step, Edit)
    (change,) = step.changes
    result = apply(text, change, path, TRANSFORMS)
    assert isinstance(result, Applied)
    assert result.text is not None
    return result.text


def prose(text: str) -> str:
    return block(text, "markdown")


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Change it", "Replace the entire body (everything below the frontmatter) with:"),
        ("Change it", "Preserve the existing frontmatter. Replace the body with:"),
        (
            "Change it",
            "Preserve the existing frontmatter (the first `---` block). Replace the body — "
            "everything from the first `# H1` heading down — with this content:",
        ),
        ("Replace the body (everything below the frontmatter)", "Replace the body with:"),
    ],
)
def test_what_is_below_the_front_matter_is_written_anew(title: str, lead: str) -> None:
    made = after(lead + prose("# Boats\n\nThey row.\n"), title=title)
    assert made == "---\ntitle: Ships\n---\n\n# Boats\n\nThey row.\n"


def test_a_body_without_front_matter_is_a_persons() -> None:
    lead = "Replace the body (everything below the frontmatter) with:"
    assert kinds(lead + prose("# Boats\n"), GUIDE[len("---\ntitle: Ships\n---\n") :]) == [Manual]
    assert kinds(lead + prose("---\ntitle: Boats\n---\n")) == [Manual]
    assert kinds("Replace the body with:" + prose("# Boats\n")) == [Manual]


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: Ships\ntext: |\n  one\n  ---\n  two\nmore: b\n---\n",
        "---\n# Of ships\n'a title': Ships\ntags:\n- boat\nports: [\n  1\n]\n--- \n",
    ],
)
def test_front_matter_ends_with_a_rule_at_the_margin(head: str) -> None:
    lead = "Replace the body (everything below the frontmatter) with:"
    assert after(lead + prose("# Boats\n"), head + "\n# Ships\n") == head + "\n# Boats\n"


@pytest.mark.parametrize(
    "text",
    [
        "---\n\n# Ships\n\nThey sail.\n\n---\n\n# More\n",
        "---\n# Ships\n---\n\n# More\n",
        "---\ntitle: Ships\n  ---\n\n# More\n",
    ],
)
def test_a_text_between_rules_is_no_front_matter(text: str) -> None:
    lead = "Replace the body (everything below the frontmatter) with:"
    assert kinds(lead + prose("# Boats\n"), text) == [Manual]


def test_a_heading_in_a_fence_is_no_place() -> None:
    fenced = "# Ships\n\n```sh\n## Oars\n```\n\nThey sail.\n"
    lead = "Insert before `## Oars`:"
    files = {"guide.md": fenced}
    plan = "### Task 1: Ship\n\n" + FILES.format("Change it") + lead + prose("Intro.\n\n")
    found = imported(plan, files)
    assert [type(step) for step in found.phase.tasks[0].steps] == [Manual]
    assert "stands in a code fence" in found.tasks[0].manual[0].text
    text = "# Ships\n\n## Oars\n"
    assert after(lead + prose("Intro.\n\n"), text) == "# Ships\n\nIntro.\n\n## Oars\n"


def test_the_newest_entry_stands_above_the_first_heading_of_its_level() -> None:
    log = "# Log\n\nAll of it.\n\n## 2.0\n\n- Sails\n\n## 1.0\n\n- Oars\n"
    entry = "## 3.0\n\n- Crew\n"
    for lead in (
        "In `guide.md`, insert a new top heading immediately above the current top heading:",
        "Add a new entry above the existing top entry. It begins with the version:",
    ):
        assert after(lead + prose(entry), log) == log.replace("## 2.0", entry + "\n## 2.0")
        coming = log.replace("## 2.0", "## [Unreleased]\n\n## 2.0")
        assert kinds(lead + prose(entry), coming) == [Manual]
    lead = "Insert a new section above the current section:"
    assert kinds(lead + prose(entry), log) == [Manual]


@pytest.mark.parametrize(
    "lead",
    [
        "Add at the top of the entries:",
        "Prepend to `CHANGELOG.md` (after any header lines):",
        "Add a new section at the top of `CHANGELOG.md`:",
    ],
)
def test_the_top_of_a_log_is_above_its_newest_entry(lead: str) -> None:
    log = "# Log\n\nAll of it.\n\n## 2.0\n\n- Sails\n"
    entry = "## 3.0\n\n- Crew\n"
    head = FILES.format("Add it").replace("guide.md", "CHANGELOG.md")

    def of(text: str, code: str = entry, words: str = lead) -> list[type]:
        return [type(step) for step in steps(head + words + prose(code), {"CHANGELOG.md": text})]

    made = after(lead + prose(entry), log, "Add it", "CHANGELOG.md")
    assert made == log.replace("## 2.0", entry + "\n## 2.0")
    assert of(log.replace("## 2.0", "## About")) == [Manual]
    assert of(log, "## Crew\n\nTwo.\n") == [Manual]
    styled = "Add at the top of the entries (match the file's heading style):"
    assert of(log, words=styled) == [Manual]


def test_a_stretch_between_two_headings_is_given_anew() -> None:
    lead = "Replace the section starting `## Sails` down to (not including) `## Oars` with:"
    begin, end = GUIDE.index("## Sails"), GUIDE.rindex("\n## Oars")
    new = "## Masts\n\nOne.\n"
    assert after(lead + prose(new)) == GUIDE[:begin] + new + GUIDE[end:]
    assert kinds(lead + prose(new + "\n## Oars\n")) == [Manual]
    assert kinds(lead.replace("Oars", "Crew") + prose(new)) == [Manual]
    assert kinds(lead + prose(new), GUIDE + "\n## Oars\n") == [Manual]


# Statements that grow

SHIP = """\
import os
from yard import (
    mast,
    sail,
)

CREW = [
    "cook",
    "mate",  # she
]
RATES = {"cook": 1}
"""


def grown(body: str, text: str = SHIP) -> str:
    return after(body, text, path="ship.py")


@pytest.mark.parametrize(
    "lead", ["Add `oar` to the yard imports:", "Update the import (around line 2):"]
)
def test_an_import_has_all_that_it_had(lead: str) -> None:
    made = grown(lead + block("from yard import mast, oar, sail\n"))
    assert made == SHIP.replace("    mast,\n", "    mast,\n    oar,\n")


def test_a_collection_has_all_that_it_had() -> None:
    new = 'CREW = [\n    "cook",\n    "mate",  # she\n    "boy",\n]\n'
    lead = "Update the CREW list (lines 7-10) to include the boy:"
    made = grown(lead + block(new))
    assert made == SHIP.replace("  # she\n", '  # she\n    "boy",\n')


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add the imports and remove the old ones:", "from yard import mast, oar, sail\n"),
        ("The yard:", "from yard import mast, oar, sail\n"),
        ("Update the CREW list:", 'CREW = [\n    "cook",\n    "boy",\n]\n'),
        ("Update the CREW list:", 'CREW = [\n    "cook",\n    "mate",\n    "boy",\n]\n'),
        ("Update the CREW list:", 'CREW = ("cook", "mate", "boy")  # she\n'),
        ("Update the list:", 'RATES = {"cook": 1, "mate": 2}\n'),
    ],
)
def test_a_statement_that_would_lose_something_is_a_persons(lead: str, code: str) -> None:
    head = FILES.format("Change it").replace("guide.md", "ship.py")
    found = steps(head + lead + block(code), {"ship.py": SHIP})
    assert [type(step) for step in found] == [Manual]


@pytest.mark.parametrize(
    ("lead", "code"),
    [
        ("Add `oar` to the yard imports:", "from yard import mast, oar\n"),
        ("Add the import:", "from yard import oar\n"),
    ],
)
def test_an_import_that_is_added_keeps_what_is_there(lead: str, code: str) -> None:
    assert "    mast,\n    oar,\n    sail,\n" in grown(lead + block(code))
    # What is imported inside of something is another import.
    made = grown(lead + block(code), "def f():\n    from yard import mast\n    return mast\n")
    assert made.startswith(f"{code}\n\ndef f():")


def test_a_section_that_is_found_by_its_heading_and_the_next_one_is_replaced() -> None:
    words = (
        "Find the section heading `## Sails` (currently line 9) and the next section heading "
        "`## Oars`.\n\nReplace EVERYTHING between them with:\n\n"
    )
    made = after(words + prose("## Sails of cloth\n\nThree.\n"))
    assert (
        made == GUIDE.partition("## Sails")[0] + "## Sails of cloth\n\nThree.\n\n## Oars\n\nLong.\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        "Look at `## Sails`.\n\nReplace everything between them with:",
        "Find `## Sails` and the next section `## Masts`.\n\nReplace everything between them with:",
        "Find `## Sails` and the next section `## Oars`.\n\nReplace some lines between them with:",
    ],
)
def test_a_section_between_headings_that_are_not_said_is_left(words: str) -> None:
    assert kinds(f"{words}\n\n" + prose("## Sails\n\nThree.\n")) == [Manual]


def test_what_is_put_between_sections_needs_them_next_to_each_other() -> None:
    words = "Insert this between the Ships section and the Oars section:\n\n"
    assert kinds(words + prose("## Masts\n\nOne.\n")) == [Manual]


def test_code_in_a_long_title_is_not_cut() -> None:
    said = (
        "Commit: `feat(ship): sail and moor, and tell the harbour of it before anybody else asks`."
    )
    (step,) = steps(f"- [ ] **Step 1:** {said}\n")
    assert step.title == said
    rest = "it has a mast, a sail and a boom of its own now, and nothing else of it is as it was."
    (step,) = steps(f"- [ ] **Step 1:** `docs/ship.md`: {rest}\n")
    assert step.title == "`docs/ship.md`"
