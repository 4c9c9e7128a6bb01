"""Findings, and the rules that make them, by their codes."""

from __future__ import annotations

from runbook.core.position import Position
from runbook.core.value import value

RULES = {
    "RB100": "an `ignore` comment that ignores nothing, or gives no reason",
    "RB101": "a pipe that ends or hides what writes into it",
    "RB102": "a command whose exit status is lost",
    "RB103": "a failure turned into success",
    "RB104": "a pytest whose evidence is lost",
    "RB105": "a check that expects no more than exit status 0, and promises more",
    "RB106": "an edit that no check follows",
    "RB107": "a commit without an edit",
    "RB108": "a file that is edited, or changed by a `run`, and never committed",
    "RB109": "a line hint that is off",
    "RB110": "a tool without a version",
    "RB111": "an absolute path of one machine",
    "RB112": "prose that no expectation covers",
    "RB113": "a check that changes files",
    "RB114": "a pytest that ignores groups of pytest-xdist",
    "RB115": "a malformed trailer",
    "RB116": "a `base` that is no commit",
    "RB117": "a phase whose file is named by another number",
    "RB118": "a commit of files that git ignores",
    "RB119": "a test or a script that a command names and that is not there",
    "RB120": "a new key beside one that is written almost alike",
    "RB121": "empty lines and blanks at the end of a text, which YAML drops",
    "RB122": "a quote, dash or blank of a text in a command",
    "RB123": "a carried environment by which checks see the code of the checkout",
}
"""What each rule finds (docs/lint.md says why, and what to do instead)."""


@value
class Finding:
    """One thing found: where it is, and what to look for there to underline it.

    `at` is the step; `key` is the key of it whose value is meant, `text` what stands in that value.
    """

    code: str
    at: Position
    message: str
    hint: str | None = None
    step: str | None = None
    key: str | None = None
    text: str | None = None
