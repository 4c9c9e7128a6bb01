"""The output that a plan shows under its words, as what is expected."""

from __future__ import annotations

import re

from runbook.core.model.model import Expect, TestsExpectation
from runbook.core.value import replace
from runbook.markdown.importing.commands.facts import Facts
from runbook.markdown.importing.expectations.texts import TIMES, clauses_of, loose_json
from runbook.markdown.importing.words.vocabulary import anycase, spelled

# Words that lead to lines that are not to be shown.
_DENIES = anycase(r"\b(not|never|no longer|without|none|neither|nothing)\b|n['\u2019]t\b")
_LACKS = anycase(
    r"(\b(not|never|no longer) |n['\u2019]t )(contain|include|show|print|have|list|mention|see|"
    r"appear|be there)\w*|\b(none of|neither|without) (any of )?(these|the|this|following)\b"
)
_STATUS = spelled(r"\W*exit code \d+\W*")
_LEFT_OUT = re.compile(r"\.{3}|…")
_GAP = re.compile(r"<[\w -]+>|\bN\b|[├└│]|\?[/件]")
_TICKED = re.compile(r"[\u2713\u2714\u221a]\s")


def success(facts: Facts) -> Expect:
    """That the command passes, and its tests where they are told."""
    return Expect(tests=TestsExpectation() if facts.pytest else None)


def with_shown(expect: Expect | None, shown: str, words: str, facts: Facts) -> Expect | None:
    """The expectations with the output that the plan shows under its words."""
    stated = expect is not None and expect.exit not in (None, (0,), "nonzero")
    if expect is not None and (expect.contains or (stated and not _STATUS.fullmatch(words))):
        return expect
    lines = [line for line in shown.strip("\n").split("\n") if line.strip()]
    # What is left out is marked by dots; times are others each time.
    parts = [part.strip() for line in lines for part in _LEFT_OUT.split(line) if part.strip()]
    steady = [part for part in parts if not TIMES.search(part)]
    if any(_GAP.search(part) for part in parts) or len(lines) > 20 or not steady:
        return expect
    if facts.pytest:
        return expect or success(facts)
    # Each runner tells in its own way which tests pass, and most tell of none.
    steady = [part for part in steady if not (facts.tests and _TICKED.match(part))]
    if not steady:
        return expect
    texts, last = tuple(dict.fromkeys(steady)), clauses_of(words)[-1:]
    base = expect or Expect()
    whole = loose_json(shown.strip()) if steady == [each.strip() for each in lines] else None
    if whole is not None and not any(map(_DENIES.search, last)):
        return replace(base, matches=(*base.matches, whole))
    if any(map(_LACKS.search, last)):
        return replace(base, absent=(*base.absent, *texts))
    if any(map(_DENIES.search, last)):
        return expect  # whether they are to be there is not clear
    return Expect(base.exit, base.tests, texts, base.absent, base.matches)
