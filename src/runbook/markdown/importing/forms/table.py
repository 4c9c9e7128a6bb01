"""The forms of words that make an edit of a block, in the order in which they are asked."""

from __future__ import annotations

from runbook.markdown.importing.forms import (
    additions,
    headings,
    items,
    keys,
    marked,
    members,
    newfiles,
    pairs,
    parts,
    shown,
    symbols,
    whole,
)
from runbook.markdown.importing.forms.form import Form

# What they say, they say whatever stands behind the block.
COMMON: tuple[Form, ...] = (
    pairs.STRETCH,
    pairs.PAIR,
    pairs.PATCH,
    whole.PUT,
    whole.AT_ANCHOR,
    whole.CREATED,
)
FORMS: tuple[Form, ...] = (
    marked.MARKED,
    pairs.DESCRIBED,
    pairs.WIDENED,
    pairs.BESIDE_SHOWN,
    items.BESIDE_QUOTED,
    items.BESIDE_ITEM,
    items.ROW_ANEW,
    items.ROW_FOUND,
    items.AT_END,
    symbols.PLACED,
    symbols.GIVEN_ANEW,
    symbols.RENAMED,
    shown.GROWN,
    parts.SECTION,
    shown.SURROUNDED,
    keys.KEYED,
    keys.LISTED,
    keys.SHOWN,
    items.AT_LINE,
    parts.PART,
    parts.BESIDE_SECTION,
    parts.END_OF_SECTION,
    headings.AT_TOP,
    headings.AT_END,
    headings.BETWEEN,
    headings.ANEW,
    additions.IMPORTS,
    members.MEMBERS,
    additions.BELOW_IMPORTS,
    additions.ADDED,
    pairs.RESULTING,
    newfiles.REWRITTEN,
    newfiles.MADE_NEW,
    shown.AGAIN,
    shown.IN_PART,
    shown.OUTLINED,
)
