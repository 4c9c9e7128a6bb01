"""Counts that a plan expects: of tests that pass, of lines, or a number that is printed."""

from __future__ import annotations

import re

from runbook.core.model.model import Count, Exit, Expect
from runbook.markdown.importing.commands.facts import Facts
from runbook.markdown.importing.expectations.texts import VAGUE, without_brackets
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip
NUMBER = rf"(\d+|{'|'.join(_NUMBERS)})"

_COUNT_PASS = re.compile(
    rf"\b{NUMBER}\s*(?:/\s*(\d+)\s*)?(?:new\s+|existing\s+|unit\s+|"
    rf"\w+\s+)?(?:tests?\s+)?(?:should\s+|must\s+)?"
    rf"(?:pass(?:es|ed|ing)?\b|green\b)|\bPASS\s*[(（]\s*{NUMBER}\s*(?:tests?\b|件|passed\b)?\s*[)）]"
    rf"|\bpass(?:es|ed)?\s*\(\s*{NUMBER}\s*(?:tests?|passed)?\s*\)",
    re.IGNORECASE,
)

# "at least 20 passed"
_BOUND = anycase(
    r"(at least|>=|≥|minimum( of)?|no fewer than|(?P<over>more than|over|>)|(?P<most>at most|up "
    r"to|fewer than|less than|under|<=?|≤))\s*$"
)
_BESIDE = spelled(
    r"(?<![\w.-])(?P<number>\d+) ((tests?|are|were|is|was) )*"
    r"(?P<outcome>skipped|xfailed|xpassed|deselected)\b"
)
_COUNT_LINES = re.compile(
    rf"^\W*(?:exactly\s+|only\s+|at least\s+|>=\s*|≥\s*)?{NUMBER}\s+(?:(?!fewer|less|more)\w+\s+)?"
    r"(?:lines?|match(?:es)?|hits?|results?|entries|files?|rows?|occurrences?|commits?|"
    r"headers?|headings?)\b",
    re.IGNORECASE,
)

# "Count > 0", "at least 2 hits", "a non-zero count".
_BOUNDED = anycase(
    rf"\W*((the )?(count|number|total|output|result)s? )?((is|are|of|should be|prints?|returns?) )*"
    rf"((>|more than|greater than|above)\s*(?P<over>\d+)"
    rf"|(>=|≥|at least|no fewer than)\s*(?P<least>{NUMBER})|(a )?(?P<some>non-?zero|positive)\b)"
    r"(?!\s*(exit|return|status))"
)
# "2 masts, 8+ sails": of which command, and in which of its lines?
_ANOTHER_COUNT = spelled(r"\s*(,|and|;|\+)\s*~?\d+\+? [A-Za-z]")
_MORE = re.compile(r"\W*(\d+)\s*(?:\+|or more\b)(?!\s+(?:fewer|less|more)\b)", re.IGNORECASE)


def passed(words: str) -> Count | None:
    """How many tests are to pass, where one number is stated; new ones stand beside others."""
    if VAGUE.search(words) or "+" in words or "×" in words:
        return None
    matches = list(_COUNT_PASS.finditer(words))
    found = {number_of(n) for match in matches for n in match.groups() if n} - {None}
    if len(found) != 1:
        return None
    number = next(iter(found)) or 0
    bound = next(
        (each for match in matches if (each := _BOUND.search(words[: match.start()]))), None
    )
    if bound and bound["most"]:
        return None
    if bound and bound["over"]:
        return Count(">", number)
    new = re.search(r"\bnew\b|新規|existing|既存", words, re.IGNORECASE)
    return Count(">=" if new or bound else "==", number)


def beside_passed(words: str) -> dict[str, Count]:
    """How many tests are to be skipped and the like beside those that pass, where it is stated."""
    if VAGUE.search(words):
        return {}
    return {
        each["outcome"]: Count("==", int(each["number"]))
        for each in _BESIDE.finditer(words)
        if not _BOUND.search(words[: each.start()])
    }


def counted(words: str, facts: Facts) -> Expect | None:
    """A bare number, or a number of lines."""
    more = _MORE.match(words)
    if more and (facts.counts or facts.lists or facts.grep) and not facts.pytest:
        return _lines(int(more[1]), facts, least=True)
    above = _BOUNDED.match(words) if facts.counts and not facts.pytest else None
    if above and not _ANOTHER_COUNT.match(words, above.end()):
        least = number_of(above["least"]) if above["least"] else int(above["over"] or 0) + 1
        return _lines(least or 0, facts, least=True)
    if facts.counts:
        alone = re.match(r"[`\"]?(\d+)[`\"]?\s*(?:[(（]|[—–-]\s|$|\.\s)", words)
        if alone and not VAGUE.search(without_brackets(words)):
            return _count(int(alone[1]), facts)
    alone = re.match(
        r"\W*(?:[Pp]rints?\s+|[Oo]utput:?\s+)?(?:exactly\s+|still\s+)?[`\"](\d+)[`\"](?![\w`])",
        words,
    ) or re.fullmatch(r"(?:(?:[Pp]rints|[Oo]utputs?:?|[Rr]eturns|[Ss]hows) )?(\d+)\W*", words)
    if alone and not VAGUE.search(words):
        if words.strip(" .") == "0" and not (facts.counts or facts.grep):
            return None  # printed, or the exit status
        return _count(int(alone[1]), facts)
    lines = _COUNT_LINES.match(words)
    if lines and _ANOTHER_COUNT.match(words, lines.end()):
        return None
    has_lines = facts.grep or facts.lists or facts.counts
    if lines and has_lines and not facts.pytest and not VAGUE.search(words):
        bounded = re.match(r"\W*(?:at least|>=|≥)", words) is not None
        return _lines(number_of(lines[1]) or 0, facts, least=bounded)
    return None


def _lines(number: int, facts: Facts, *, least: bool) -> Expect:
    """So many lines, or their number, where the command counts them itself."""
    if not facts.counts:
        return Expect(line_count=Count(">=" if least else "==", number))
    return Expect(matches=(_at_least(number) if least else rf"(^|[:\s])\s*{number}\b",))


def _count(number: int, facts: Facts) -> Expect:
    """A number that is printed; none found is an exit status of its own where a search counts."""
    if facts.grep and facts.counts and number == 0:
        return Expect(exit=(1,), matches=(r"(^|:)\s*0\s*$",))
    status: Exit | None = (0, 1) if facts.filtered and number == 0 else None
    return Expect(exit=status, matches=(rf"(^|[:\s])\s*{number}\b",))


def _at_least(number: int) -> str:
    """A pattern of the whole numbers from this one on."""
    digits = str(number)
    longer = rf"\d{{{len(digits) + 1},}}"
    same = [
        digits[:i] + (f"[{int(d) + 1}-9]" if int(d) < 9 else "(?!)") + r"\d" * (len(digits) - i - 1)
        for i, d in enumerate(digits)
    ]
    return rf"(^|[:\s])\s*(?:{'|'.join([digits, *same, longer])})\b"


def number_of(text: str) -> int | None:
    """The number that a word is, in figures or not."""
    return int(text) if text.isdigit() else _NUMBERS.get(text.lower())
