"""What a plan expects of a command, in its own words, as expectations that can be checked.

Each class of words has one rule. Words that fit none are kept as prose and checked by the exit
status only; the import lists them.
"""

from __future__ import annotations

import re

from runbook.core.model import Count, Exit, Expect, TestsExpectation
from runbook.core.value import value
from runbook.markdown.importing.commandfacts import Facts

_CODE = r"`([^`\n]+)`"
_QUOTED = re.compile(r"`([^`\n]+)`|\"([^\"\n]{2,})\"|“([^”\n]{2,})”|「([^」\n]{2,})」")
_ERROR = re.compile(r"\b[A-Za-z_.]*(?:Error|Exception)\b")
_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip
_N = rf"(\d+|{'|'.join(_NUMBERS)})"
_FAIL = re.compile(
    r"^\W*(?:(?:tests?|they|it|all|both|the|this|new|\d+|command|script|build|each)\s+){0,6}"
    r"(?:should\s+|will\s+|must\s+)?(?:FAIL(?:S|ED|URES?)?|fails?|failing|errors?\s+out)\b(?!-)"
    r"|^\W*(?:FAIL|RED|ERROR|failure)\b(?!-)"
    r"|\b(?:tests?|cases|assertions|suite|blocks?|script|command|build|entry)\b[^.;]{0,60}?"
    r"(?<![-\w])fails?\b(?!-)"
    r"|^\W*(?:(?:compile|compilation|build|type|import|TypeScript)\s+(?:errors?|failure))"
    r"|失敗|(?<![-\w])FAIL\b(?!-|\s*lines?|[:=]\s*0)",
    re.IGNORECASE,
)
_NO_FAIL = re.compile(
    r"\b(?:0|no|zero|without|not|never|any|don't|doesn't|nothing|none)\s+(?:\w+\s+){0,2}"
    r"(?:FAIL\w*|errors?|failures?)\b"
    r"|FAIL\s*[:=]\s*0|失敗(?:なし|0|が?あれば|しない)|\b0 FAIL",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^\W*(?:if|otherwise|should any|when|unless|in case|failures? here|any failures?)\b"
    r"|^[^。]*(?:場合|あれば)",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"^\W*(?:may|might|could|probably|possibly)\b", re.IGNORECASE)
_PASS = re.compile(
    r"\b(?:pass(?:es|ed|ing)?|PASS|green|succeeds?|successful(?:ly)?|success|works?|ok|compiles?|"
    r"builds?|clean(?:ly)?|valid|applies|resolves?|completes?|created|installed|generated|"
    r"importable|identical|built|renders?|runs?|starts?|exists?|exits? cleanly|parses)\b"
    r"|成功|緑|通る|パス",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"^\W*(?:no|zero|0)\s+(?:\w+\s+){0,2}?(?:output|match(?:es)?|results?|hits?|occurrences|"
    r"references?|findings|differences?|diff|lines?|remaining)\b"
    r"|^\W*(?:\(?empty\)?|nothing|none|silent|no)\W*$"
    r"|^\W*(?:is |prints? |returns? )?(?:empty|nothing|no output)\b"
    r"|^\W*(?:出力なし|マッチなし|ヒットなし|何も)",
    re.IGNORECASE,
)
_NOT_NONE = re.compile(
    r"\b(?:under|except|other than|besides|beyond|at least|but|or|only|outside)\b", re.IGNORECASE
)
_NO_ERRORS = re.compile(
    r"\b(?:no|zero|0|without)\s+(?:[\w/`-]+\s+){0,3}(?:errors?|warnings?|failures?|regressions?|"
    r"issues?|problems?|breakages?|violations?|changes(?: needed)?|drift|diagnostics|findings|"
    r"complaints)\b|\bno functions exceed\b|エラーなし",
    re.IGNORECASE,
)
_COUNT_PASS = re.compile(
    rf"\b{_N}\s*(?:/\s*(\d+)\s*)?(?:new\s+|existing\s+|unit\s+|"
    rf"\w+\s+)?(?:tests?\s+)?(?:should\s+|must\s+)?"
    rf"(?:pass(?:es|ed|ing)?\b|green\b)|\bPASS\s*[(（]\s*{_N}\s*(?:tests?\b|件|passed\b)?\s*[)）]"
    rf"|\bpass(?:es|ed)?\s*\(\s*{_N}\s*(?:tests?|passed)?\s*\)",
    re.IGNORECASE,
)
_EXIT = re.compile(
    r"\bexit(?:s|ed)?(?:\s+(?:with|cleanly with))?\s*(?:code|status|=|:)?\s*[`=:]?\s*(\d{1,3})\b"
    r"|\b(?:return|exit)\s*code\s*(?:of\s*)?(\d{1,3})\b|終了コード\s*(\d{1,3})",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"\b(?:prints?|shows?|outputs?|displays?|lists?|printed|contains?|containing|includes?|"
    r"says?|see|"
    r"reports?|returns?|output|stdout|reads?|begins? with|ends? with|表示|出力|を含む)\b",
    re.IGNORECASE,
)
_COUNT_LINES = re.compile(
    rf"^\W*(?:exactly\s+|only\s+|at least\s+|>=\s*|≥\s*)?{_N}\s+(?:\w+\s+)?"
    r"(?:lines?|match(?:es)?|hits?|results?|entries|files?|rows?|occurrences?|commits?|"
    r"headers?|headings?)\b",
    re.IGNORECASE,
)
_WORKERS = re.compile(
    r"\b(?:multiple|several|all|different)\s+workers\b|distributed across|"
    r"across (?:\w+ )?workers|not all on one worker",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\bor\b|approximately|roughly|about\b|e\.g\.|something like|similar to|such as|may\b|"
    r"one of\b|likely|程度|約|~",
    re.IGNORECASE,
)


_GAP = re.compile(r"\.{3}|…|<[\w -]+>|\bN\b|[├└│]|\?[/件]")


@value
class Reading:
    """Expectations read from words, and whether any class of words was recognised."""

    expect: Expect
    classified: bool


def read_expected(prose: str, shown: str | None, facts: Facts, *, title: str = "") -> Reading:
    """What the words `prose`, and an output shown under them, say of a command.

    `title` is the step's: "verify it fails" tells what is expected where nothing else does.
    """
    words = _plain(prose)
    stated = prose.strip() or None
    if not words and shown is None:
        if _title_says_failure(title):
            return Reading(_failing("", facts, stated), True)
        # Nothing was stated: that it ends well is what is meant.
        return Reading(_passing(facts, stated), True)
    expect = _read(words, facts, stated)
    if shown is not None and shown.strip():
        expect = _with_shown(expect, shown, facts, stated)
    if expect is None:
        return Reading(Expect(prose=_with_output(stated, shown)), False)
    return Reading(expect, True)


def _with_output(stated: str | None, shown: str | None) -> str | None:
    if not (shown or "").strip("\n"):
        return stated
    assert shown is not None
    return f"{stated}\n\n{shown.rstrip()}" if stated else shown.strip("\n")


def _plain(prose: str) -> str:
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", prose.strip(), flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", " ", text).strip()


def _title_says_failure(title: str) -> bool:
    if re.search(r"\b(?:fix|no|nothing|not|without|never|resolve)\b|しない", title, re.IGNORECASE):
        return False
    return bool(re.search(r"\b(?:fails?|failing|red)\b|赤|失敗", title, re.IGNORECASE))


def _clauses(words: str) -> list[str]:
    """The sentences and half sentences; what is quoted has no ends."""
    blanked = _QUOTED.sub(lambda match: "`" * len(match[0]), words)
    ends = [m.end() for m in re.finditer(r"(?<=[^.\d])[.。](?=\s|$)|(?<=\d)\.(?=\s|$)|;", blanked)]
    parts = [words[a:b] for a, b in zip([0, *ends], [*ends, len(words)], strict=True)]
    return [part.strip() for part in parts if part.strip(" .;")]


def _read(words: str, facts: Facts, stated: str | None) -> Expect | None:
    """The expectations of the words, or `None` where no class fits."""
    clauses = [each for each in _clauses(words) if not _CONDITION.search(each)]
    if not clauses or _MAYBE.match(words):
        return None
    first = clauses[0]
    bare = _QUOTED.sub("``", first)
    status = _exit_status(words)
    if _NONE.match(bare) and not facts.pytest and not _NO_ERRORS.search(bare):
        rest = _QUOTED.sub("``", " ".join(clauses))
        return None if _NOT_NONE.search(rest) else _nothing(facts, stated, status)
    failing = _fails(clauses)
    if failing is not None:
        return _failing(failing, facts, stated, status, some=failing != first or _mixed(first))
    if status not in (None, 0):
        return Expect(exit=(status,), prose=stated)
    counted = _counted(words, facts, stated)
    if counted is not None:
        return counted
    return _passes(first, words, facts, stated, status)


def _fails(clauses: list[str]) -> str | None:
    """The clause that speaks of failure, if one does and none of them says "or it passes"."""
    for clause in clauses:
        bare = _QUOTED.sub("``", clause)
        if _NO_FAIL.search(bare) or re.search(r"\bskip", bare, re.IGNORECASE):
            continue
        if _FAIL.search(bare):
            passes = re.search(r"\bor\b.*\bpass", bare, re.IGNORECASE)
            return None if passes else clause
        if _RAISES.match(clause):
            return clause
    return None


_RAISES = re.compile(
    r"\W*(?:`[^`]*(?:Error|Exception)[^`]*`|[A-Z]\w*(?:Error|Exception)\b|command not found)",
    re.IGNORECASE,
)


def _mixed(clause: str) -> bool:
    """Whether some pass and some fail: then the whole fails, and not all with one message."""
    bare = re.sub(r"FAIL.*", "", _QUOTED.sub("``", clause), flags=re.DOTALL)
    return bool(_PASS.search(bare)) and not _FAIL.match(_QUOTED.sub("``", clause))


def _passes(
    first: str, words: str, facts: Facts, stated: str | None, status: int | None
) -> Expect | None:
    """What is to be so where the command is to end well."""
    bare = _QUOTED.sub("``", first)
    workers = facts.pytest and facts.workers and _WORKERS.search(words)
    contains = _contained(first)
    absent = _absent(first)
    passing = _PASS.search(bare) or _NO_ERRORS.search(bare) or status == 0 or workers
    if not passing and not contains and not absent:
        return None
    base = _passing(facts, stated) if passing or facts.pytest else Expect(prose=stated)
    tests = base.tests
    number = _passed(first)
    if tests is not None and number is not None and not facts.selected_loosely:
        tests = TestsExpectation(passed=number)
    if tests is not None and workers:
        tests = TestsExpectation(passed=tests.passed, workers=Count(">=", 2))
    silent = status == 0 and bool(re.search(r"\bno output\b", words, re.IGNORECASE))
    return Expect(tests=tests, contains=contains, absent=absent, empty=silent, prose=stated)


def _exit_status(words: str) -> int | None:
    found = _EXIT.search(words)
    if found is None or re.search(r"\bor\b[^.]{0,20}exit|exit[^.]{0,12}\bor\b", words):
        return None
    status = int(next(group for group in found.groups() if group))
    return status if status < 256 else None


def _passing(facts: Facts, stated: str | None) -> Expect:
    return Expect(tests=TestsExpectation() if facts.pytest else None, prose=stated)


def _nothing(facts: Facts, stated: str | None, status: int | None) -> Expect:
    """No output: of a search that is exit status 1."""
    if facts.grep:
        return Expect(exit=(1,) if status is None else (status,), prose=stated)
    return Expect(exit=None if status in (None, 0) else (status,), empty=True, prose=stated)


def _failing(
    words: str,
    facts: Facts,
    stated: str | None,
    status: int | None = None,
    *,
    some: bool = False,
) -> Expect:
    message = None if some else _failure_message(words)
    if facts.pytest:
        tests = (
            TestsExpectation(fails_with=(message,)) if message else TestsExpectation(outcome="fail")
        )
        return Expect(exit=(status,) if status else None, tests=tests, prose=stated)
    status_or: Exit = (status,) if status else "nonzero"
    return Expect(exit=status_or, contains=(message,) if message else (), prose=stated)


def _failure_message(words: str) -> str | None:
    """The failure's own text, if the plan quotes one and leaves no choice."""
    if _VAGUE.search(_QUOTED.sub("``", words)):
        return None
    found = re.search(
        r"(?:\bwith|\bbecause(?: of)?|[:：—–-]|\bsays?|\braises?|\bsees?|"
        r"で)\s*(?:an?\s+)?(?:`([^`\n]+)`|\"([^\"\n]+)\")",
        words,
    ) or re.match(r"\W*`([^`\n]+)`", words)
    text = next((group for group in found.groups() if group), None) if found else None
    if text and (_ERROR.search(text) or re.search(r"\w\s+\w", text)):
        rest = words[found.end() :] if found else ""
        # "`x` not defined" quotes a name, not the message.
        if not _ERROR.search(text) and re.match(
            r"\s*(?:is |does |are )?(?:not|undefined|missing)", rest
        ):
            return None
        return None if "…" in text or "..." in text or re.search(r"<\w+>", text) else text
    bare = re.search(r"\bwith\s+(?:an?\s+)?([A-Z]\w*(?:Error|Exception))\b", words)
    return bare[1] if bare else None


def _passed(words: str) -> Count | None:
    """How many tests are to pass, where one number is stated; new ones stand beside others."""
    if _VAGUE.search(words) or "+" in words or "×" in words:
        return None
    matches = list(_COUNT_PASS.finditer(words))
    found = {_number(n) for match in matches for n in match.groups() if n} - {None}
    if len(found) != 1:
        return None
    new = re.search(r"\bnew\b|新規|existing|既存", words, re.IGNORECASE)
    return Count(">=" if new else "==", next(iter(found)) or 0)


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() else _NUMBERS.get(text.lower())


_OF_A_THING = re.compile(
    r"\s*(?:[+/&]|is|are|was|were|has|have|exists?|appears?|contains|and|both|tests?|pass(?:es)?|"
    r"block|field|file|directory|in\b|created|row|or\b|not\b|なし)"
)
_NOT_SHOWN = re.compile(
    r"\b(?:no longer|instead of|not|never|without|except|unless|removed|no)\b|ない|以外",
    re.IGNORECASE,
)


def _contained(words: str) -> tuple[str, ...]:
    """Text that the output is to have: all that is said is a quoted text, or it is shown."""
    words = re.sub(r"\((?:[^()`\"]|`[^`]*`|\"[^\"]*\")*\)", "", words)
    lead = re.match(
        rf"\W*(?:[Pp]rints?\s+|[Ss]hows?\s+|[Oo]utputs?:?\s+)?{_CODE}(?=[\s.。,—–(]|$)", words
    )
    bare = _QUOTED.sub("``", words)
    if lead and not _OF_A_THING.match(words[lead.end() :]):
        if _VAGUE.search(bare) and re.match(r"\s*or\b", words[lead.end() :]):
            return ()
        return _text(lead[1])
    if _VAGUE.search(bare) or _NOT_SHOWN.search(bare):
        return ()
    printed = re.search(
        r"(?:\"([^\"\n]+)\"|" + _CODE + r")\s+(?:is\s+)?(?:printed|shown|displayed)", words
    )
    if printed:
        return _text(printed[1] or printed[2])
    shows = _SHOWS.search(_blanked(words))
    if shows is None:
        return ()
    texts = [next(g for g in m.groups() if g) for m in _QUOTED.finditer(words[shows.start() :])]
    return tuple(dict.fromkeys(text for each in texts for text in _text(each)))[:8]


def _blanked(words: str) -> str:
    return _QUOTED.sub(lambda match: "`" * len(match[0]), words)


def _text(text: str) -> tuple[str, ...]:
    """The text as it can be looked for: in parts where it has gaps, not at all with blanks."""
    if re.search(r"<[\w -]+>|\{[\w ]+\}|\bN\b|\*|^\s*(?:[<>]=?|==)", text):
        return ()
    parts = [part.strip() for part in re.split(r"\.{3}|…", text)]
    return tuple(part for part in parts if len(part) > 1 or (part and len(parts) == 1))


def _absent(words: str) -> tuple[str, ...]:
    found = re.findall(
        r"\b[Nn]o\s+(?:\"([^\"\n]+)\"|`([^`\n]+)`)\s*(?:errors?|warnings?|messages?|lines?|"
        r"output)\b",
        words,
    )
    return tuple(a or b for a, b in found)


def _counted(words: str, facts: Facts, stated: str | None) -> Expect | None:
    """A bare number, or a number of lines."""
    alone = re.match(
        r"\W*(?:[Pp]rints?\s+|[Oo]utput:?\s+)?[`\"](\d+)[`\"](?![\w`])", words
    ) or re.fullmatch(r"(\d+)\W*", words)
    if alone and not _VAGUE.search(words):
        if facts.grep and facts.counts and int(alone[1]) == 0:
            return Expect(exit=(1,), matches=(r"(^|:)\s*0\s*$",), prose=stated)
        return Expect(matches=(rf"(^|[:\s])\s*{alone[1]}\b",), prose=stated)
    lines = _COUNT_LINES.match(words)
    if lines and not facts.pytest and not _VAGUE.search(words) and (facts.grep or facts.lists):
        number = _number(lines[1])
        if number is not None and not facts.counts:
            least = bool(re.match(r"\W*(?:at least|>=|≥)", words))
            return Expect(line_count=Count(">=" if least else "==", number), prose=stated)
        if number is not None:
            return Expect(matches=(rf"(^|[:\s])\s*{number}\b",), prose=stated)
    return None


def _with_shown(
    expect: Expect | None, shown: str, facts: Facts, stated: str | None
) -> Expect | None:
    """The expectations with the output that the plan shows under its words."""
    prose = _with_output(stated, shown)
    if expect is not None and (expect.contains or expect.exit not in (None, (0,))):
        return _reworded(expect, prose)
    lines = [line for line in shown.strip("\n").split("\n") if line.strip()]
    if any(_GAP.search(line) for line in lines) or len(lines) > 20:
        return None if expect is None else _reworded(expect, prose)
    if facts.pytest:
        base = expect or _passing(facts, stated)
        return _reworded(base, prose)
    contains = tuple(dict.fromkeys(line.strip() for line in lines))
    base = expect or Expect()
    return Expect(base.exit, base.tests, contains, base.absent, base.matches, prose=prose)


def _reworded(expect: Expect, prose: str | None) -> Expect:
    from dataclasses import replace

    return replace(expect, prose=prose)
