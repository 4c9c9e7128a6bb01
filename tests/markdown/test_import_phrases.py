"""Phrases: what a sentence must say to be one, and what its slots hold."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from runbook.markdown.importing.forms.form import Form, Words
from runbook.markdown.importing.forms.table import COMMON, FORMS
from runbook.markdown.importing.words.phrases import SLOTS, phrase, told
from runbook.markdown.importing.words.vocabulary import anycase


def sentences(form: Form) -> Iterator[str]:
    """The phrases of a form that is made of such."""
    held = [each.cell_contents for each in getattr(form.make, "__closure__", None) or ()]
    yield from (row.said for rows in held for row in rows if isinstance(row, Words))


@pytest.mark.parametrize(
    ("pattern", "words", "says"),
    [
        ("(go|sail) home", "Sail \n home", True),
        ("(go|sail) home", "sailhome", False),
        ("go( home)?", "go", True),
        ("the  ?end", "the end", True),
        (r"[ (]end\(s\)", "(end(s)", True),
        (r"[ (]end\(s\)", "\tend(s)", False),
        (r"(?P<quote>\"?)go(?P=quote)", '"go"', True),
    ],
)
def test_a_blank_in_an_expression_is_any_number_of_them(
    pattern: str, words: str, says: bool
) -> None:
    found = anycase(pattern).fullmatch(words)
    assert (found is not None) == says
    assert anycase(pattern).groups == pattern.count("?P<")


END = "[<put> ...] to|at the [very] end|bottom of <heading> section"


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("At the end of the Wind section:", {"name": "Wind"}),
        ("2. Then, at the very end of `## Wind` section, add this:", {"name": "## Wind"}),
        ("In `guide.md`, add a note to the bottom of the Wind section with the following:",
         {"name": "Wind", "file": "`guide.md`"}),
        ("In `.notes`, at the end of the Wind section:", {"name": "Wind", "file": "`.notes`"}),
        ('Put it at the end of the "Wind" section (line 4) of `a/guide.md`:',
         {"name": "Wind", "file": "`a/guide.md`"}),
    ],
)  # fmt: skip
def test_slots_hold_what_a_sentence_names(words: str, held: dict[str, str]) -> None:
    assert told(END, words) == held


@pytest.mark.parametrize(
    "words",
    [
        "Near the end of the Wind section:",
        "At the end of the Wind section or the next one:",
        "At the end of the Wind section if there is one:",
        "At the end of the Wind section. Delete the old one:",
        "At the end of the Wind section (before the rope):",
        "In `row()`, at the end of the Wind section:",  # that is no file
    ],
)
def test_a_sentence_that_says_more_is_none(words: str) -> None:
    assert told(END, words) is None


def test_a_sentence_without_a_block_says_all_of_it() -> None:
    removed = "delete <old> <defined> <dotted> [from <file>]"
    words = "Delete the function `row` from `ship.py` (lines 3-5)."
    assert told(removed, words, block=False) == {"name": "row", "file": "`ship.py`"}
    for more in (" (with its tests).", ", add another one."):
        assert told(removed, f"Delete the function `row`{more}", block=False) is None
        assert told(removed, f"Delete the function `row`{more}") is not None


def test_a_slot_is_told_by_another_name_or_not_at_all() -> None:
    words = "Between `a` and `b`, in `c`:"
    said = "between <code:one> and <code:two> , in <code:_>"
    assert told(said, words) == {"one": "a", "two": "b"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("put|set it", "Set it:"),
        ("[please] put it", "Put it:"),
        ("(put | set up) it", "Set up it:"),
        ("put it [, at once]", "Put it, at once:"),
        ("put it [, at once]", "Put it:"),
        ("put ... there", "Put it over there:"),
    ],
)
def test_what_may_be_missing_or_said_otherwise(said: str, words: str) -> None:
    assert told(said, words) == {}
    assert told(said, f"Never {words}") is None


@pytest.mark.parametrize(
    "word", ["", "a", "`a.b` in", "(line 3)", "the row for", "field to", "Wind"]
)
def test_words_over_and_over_are_read_soon(word: str) -> None:
    begun = time.monotonic()
    for form in (*COMMON, *FORMS):
        for said in sentences(form):
            for block in (True, False):
                assert told(said, f"Add {f'{word} ' * 900}", block=block) is None
                told(said, f"Add {f'{word} ' * 900}"[:999], block=block)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("slot", SLOTS)
def test_the_groups_of_a_slot_can_be_numbered(slot: str) -> None:
    names = re.findall(r"\?P<(\w+)>", SLOTS[slot])
    assert not any("_" in name for name in names)  # it parts a name from its number
    assert len(phrase(f"<{slot}>").groupindex) >= len(names)
