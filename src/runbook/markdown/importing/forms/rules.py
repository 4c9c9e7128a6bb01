"""The forms of words that make an edit of a block beside the common ones, in order."""

from __future__ import annotations

from runbook.markdown.importing.forms.additions import added, imports, members
from runbook.markdown.importing.forms.described import described, widened
from runbook.markdown.importing.forms.items import at_end, beside_item, row_anew
from runbook.markdown.importing.forms.keyvalues import keyed, listed
from runbook.markdown.importing.forms.lineanchors import at_line, beside_shown, row
from runbook.markdown.importing.forms.marked import marked
from runbook.markdown.importing.forms.partsanew import beside_section, part
from runbook.markdown.importing.forms.recognized import Rule
from runbook.markdown.importing.forms.sectionplaces import section
from runbook.markdown.importing.forms.supersets import grown
from runbook.markdown.importing.forms.surroundings import surrounded
from runbook.markdown.importing.forms.symbolrules import given_anew, placed
from runbook.markdown.importing.forms.underimports import below_imports

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
