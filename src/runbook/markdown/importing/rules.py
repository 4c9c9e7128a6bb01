"""The forms of words that make an edit of a block beside the common ones, in order."""

from __future__ import annotations

from runbook.markdown.importing.additions import added, imports, members
from runbook.markdown.importing.described import described, widened
from runbook.markdown.importing.items import at_end, beside_item, row_anew
from runbook.markdown.importing.keyvalues import keyed, listed
from runbook.markdown.importing.lineanchors import at_line, beside_shown, row
from runbook.markdown.importing.marked import marked
from runbook.markdown.importing.partsanew import beside_section, part
from runbook.markdown.importing.recognized import Rule
from runbook.markdown.importing.sectionplaces import section
from runbook.markdown.importing.supersets import grown
from runbook.markdown.importing.surroundings import surrounded
from runbook.markdown.importing.symbolrules import given_anew, placed
from runbook.markdown.importing.underimports import below_imports

RULES: tuple[Rule, ...] = (
    marked,
    described,
    widened,
    beside_shown,
    row,
    beside_item,
    row_anew,
    at_end,
    placed,
    given_anew,
    grown,
    section,
    surrounded,
    keyed,
    listed,
    at_line,
    part,
    beside_section,
    imports,
    members,
    below_imports,
    added,
)
