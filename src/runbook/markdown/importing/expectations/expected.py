"""What a plan expects of a command, in its own words, as expectations that can be checked.

Each class of words has one rule. Words that fit none are kept as prose and checked by the exit
status only; the import lists them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.core.model.model import Count, Exit, Expect, TestsExpectation
from runbook.core.value import replace, value
from runbook.markdown.importing.commands.facts import Facts
from runbook.markdown.importing.expectations.counts import beside_passed, counted, passed
from runbook.markdown.importing.expectations.failures import (
    all_pass,
    denies_failure,
    failing,
    mixed,
    of_a_search,
    says_failure,
    says_pass,
    to_fail,
)
from runbook.markdown.importing.expectations.outputs import success, with_shown
from runbook.markdown.importing.expectations.texts import (
    QUOTED,
    VAGUE,
    absent,
    clauses_of,
    conditional,
    contained,
    hits,
    listed,
    loose_json,
    of_a_place,
    options_shown,
    without_brackets,
)
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_CONDITION = anycase(
    r"^\W*(if|otherwise|should any|when|unless|in case|failures? here|any failures?|any "
    r"(other )?(match|hit|result)(es|s)?)\b"
    rf"|^[^。]*(場合|あれば)|^\W*{spoken('condition')}"
)
_DIFFER = anycase(
    r"\W*((?!(no|not|never|without|zero|nothing)\b|\w+n't\b)[\w`./']+ ){0,4}?"
    r"(?<!not\s)(?<!no\s)differ(s|ent|ences?)?\b"
)
_WHERE_IS = spelled(r"(which|type|command -v)\s")
_NOWHERE = anycase(
    r"\W*((is|prints?|shows?|outputs?) )?(not found|nothing|none|empty|no (output|such|path|"
    r"match))\b(?! (but|except|other)\b)"
)
_PATH = anycase(
    r"\W*((shows?|prints?|returns?|outputs?) )?(an?|the|its|some|full|absolute)? ?paths?\b"
)
_NO_FILE = anycase(r"\W*(ls:.*)?no such file\b")
_MISSING = anycase(
    r"\W*((it|they|the (file|folder|directory)|``) )?((should|must|does|do|will)( not|n['\u2019]t) "
    r"(be there|exist)|(should |must )?(no longer|not) exists?\b|((should|must) be |is )?(now )?"
    r"(gone|missing|absent|not (there|found))\b)(?! *(,|and\b|but\b|while\b))"
)
_IS_THERE = re.compile(r"(?:test|\[)\s+-[defs]\s")
_GIVES = (
    r"((it|this|that|there|you|output) )?((should|must|will) )?(be|is|are|see|prints?|returns?|"
    r"shows?|outputs?|finds?|yields?|gives?)"
)
_NONE = anycase(
    rf"^\W*({_GIVES} )?(no|zero|0) (\w+ ){{0,2}}?(output|match(es)?|results?|hits?|occurrences|"
    r"references?|findings|differences?|diff|lines?|remaining|callers?|usages?|uses|consumers?|"
    r"mentions?|leftovers?|offenders?|instances?)\b"
    r"|^\W*(\(?empty\)?|nothing|none|silent|no)\W*$"
    rf"|^\W*({_GIVES} )?(empty|nothing|no output)\b"
    rf"|^\W*{spoken('nothing')}"
)
_NO_MATCH = anycase(r"\W*(no|zero|0) (match(es)?|hits?|occurrences|references?)\W*$")
_NOT_FOUND = anycase(r"^\W*(zero|not found)\W*$|^\W*no `` (left|remains?|remaining|anywhere)\b")
# It may be that nothing is found, of all that is looked for or of a part of it.
_SOME_NONE = anycase(
    r"\b(no|zero|0) ([\w`*-]+ ){0,3}?(output|match(es)?|results?|hits?|references?|uses|usages?|"
    r"mentions?|callers?|imports?|instances?|occurrences)\b|\b(none|nothing|empty)\b|"
    r"\bany (\w+ )?(hits?|match(es)?|results?) (are|is|must|should)\b|"
    r"\b(missing|incomplete|partial) (match(es)?|hits?)\b|"
    r"\bno ([\w`./*-]+ ){1,6}?(remains?|(is|are) (left|there|found|changed))\b|"
    rf"\bonly (match(es)?|hits?|results?|in|inside)\b|ゼロ|0\s*件|^\W*0\s[^\W\d]|"
    rf"{spoken('nothing')}"
)
_NOT_NONE = anycase(r"\b(under|except|other than|besides|beyond|at least|but|or|only|outside)\b")
_NO_ERRORS = anycase(
    r"\b(no|zero|0|without) ([\w/`-]+ ){0,3}(errors?|warnings?|failures?|regressions?|issues?|"
    r"problems?|breakages?|violations?|changes( needed)?|drift|diagnostics|findings|"
    r"complaints)\b|\bno functions exceed\b|\bno files? ([\w-]+ ){0,4}(re)?format(ted|ting)?\b"
    rf"|{spoken('no_errors')}"
)
_CLEAN = anycase(r"\W*(expected: )?(all )?clean\b")
_NEW = anycase(r"\bnew\b")
_EXIT = re.compile(
    r"\bexit(?:s|ed)?(?:\s+(?:with|cleanly with))?\s*(?:code|status|=|:)?\s*[`=:]?\s*(\d{1,3})\b"
    r"|\b(?:return|exit)\s*code\s*(?:of\s*)?(\d{1,3})\b"
    rf"|{spoken('exit_code')}\s*[`=:：]?\s*(\d{{1,3}})\b",
    re.IGNORECASE,
)
_EITHER_STATUS = re.compile(
    r"\bexit(?:s|ed)?\s+(?:(?:with|code|status)\s+)*(\d{1,2})\s+or\s+(\d{1,2})\b(?!\s+or\b)",
    re.IGNORECASE,
)
_WORKERS = anycase(
    r"\b(multiple|several|all|different) workers\b|distributed across|across (\w+ )?workers|not "
    r"all on one worker"
)
_SHOWS_FAILURE = spelled(
    r"\s*(FAIL(ED|URES?)?\b(?!\s*[:=]?\s*0)|✗|✘|×|❌|not ok\b|Traceback \(|E  +\w|"
    r"error(\[\w+\])?:\s|AssertionError\b)"
)
# What is printed as it stands: "1.2.0", "ship 1.2.0", and "true" of what prints a value.
_VERSION = re.compile(r"(?:[\w@/-]+\s)?v?\d+(?:\.\d+){1,3}(?:[-+][\w.]+)?")
# Then git says "nothing added to commit but untracked files present".
_NOT_ALL_CLEAN = anycase(r"\b(untracked|except|only|apart from|other than|besides)\b")
_VALUE = re.compile(r"True|False|None|true|false|null")
_JSON = re.compile(r"\{\s*\"[^{}]*\}|\[[^\[\]]*\]")
_HELPS = spelled(r"\S.*\s(--help|-h|help)\s*$")
_HELP = anycase(r"\W*((it|this|prints?|shows?|displays?|the|its|cli|full) )*(help|usage)\b")
_SAYS_VALUE = re.compile(r"\b(?:print\(|console\.log\(|jq\s|node\s+-p\b)")
# What tests and compilers end with: not a command that is not there (126, 127), nor a crash.
_EITHER_WAY = (0, 1, 2, 101)
# "Tests pass (or skip if there is no database)"; where a number is said, that is what counts.
_MAY_SKIP = anycase(
    r"(?<!\bsome\s)\b(or|may|might|can|could|will) ((are|is|be|get|all|cleanly|gracefully) ){0,2}"
    r"skip(s|ped)?\b"
    r"|\bskip(s|ped)? ((cleanly|gracefully|themselves) )?(if|when|unless|where|without|otherwise)\b"
)
# Of several items, each is a clause.
_ITEMS = spelled(r"(?<=\S)[^\S\n]*\n\s*[-*+] (?=\S)")
_NO_TESTS = anycase(
    r"(\W*exits?( with)?( code| status)? (?P<zero>0)\b( with)?)?\W*(no tests? "
    r"((are|were|is|was) )?(ran|run|collected|found|selected)\b|(collected )?(0|zero) (items|tests "
    r"(ran|collected))\b)(?![^.;]*\berrors?\b)"
)
_NAMED = re.compile(r"\W*`(?P<code>[^`]+)`\s*[:：—–-]?\s*(?=\S)")
_WITHOUT_TESTS = anycase(
    r"(?<!adds\s)(?<!add\s)\b(no|0|zero) tests?( (yet|exist\w*|for (this|it)|to run|run|here))*"
    r"(?=\s*([.,;:)—–]|$))"
)
_SUMMARY = re.compile(r"(?m)^=*\s*(\d+ [a-z]+(?:, \d+ [a-z]+)*) in [\d.]+\s?s\b.*$")


@value
class Reading:
    """Expectations read from words, and whether any class of words was recognised."""

    expect: Expect
    classified: bool


@lru_cache(maxsize=64)  # a plan says the same of most of its commands
def read_expected(prose: str, shown: str | None, facts: Facts, *, title: str = "") -> Reading:
    """What the words `prose`, and an output shown under them, say of a command.

    `title` is the step's: "verify it fails" tells what is expected where nothing else does.
    """
    words = _plain(prose)
    summed = _SUMMARY.findall(shown or "") if facts.pytest and not words else []
    words = summed[0] if len(summed) == 1 else words
    number = re.fullmatch(r"\s*(\d+)\s*", shown or "") if not (words or facts.tests) else None
    # A number that is shown alone is one that is said to be printed.
    said, seen = (f"`{number[1]}`", None) if number else (words, shown)
    reading = _reading(said, seen, facts, title)
    expect = replace(reading.expect, prose=_told(prose.strip(), shown or ""))
    if facts.tests and not facts.pytest and expect.exit is None and _WITHOUT_TESTS.search(words):
        expect = replace(expect, exit=(0,))  # a test program that runs none is no mistake here
    return replace(reading, expect=expect)


def _told(stated: str, shown: str) -> str | None:
    if not shown.strip("\n"):
        return stated or None
    return f"{stated}\n\n{shown.rstrip()}" if stated else shown.strip("\n")


def _reading(words: str, shown: str | None, facts: Facts, title: str) -> Reading:
    never = facts.prepares or (facts.rescued and not facts.pytest)
    fails = says_failure(title) and not never
    if not words and shown is None:
        ends = of_a_search(title) if facts.grep and not facts.counts else None
        ends = ends or ((0, 1) if facts.faults and not fails else None)
        if ends:
            return Reading(Expect(exit=ends), True)
        # Where nothing was stated, that it ends well is what is meant.
        well = Expect() if facts.rescued else success(facts)
        return Reading(to_fail("", facts) if fails else well, True)
    expect = _read(words, facts)
    if expect is not None and fails and _says_no_pass(expect, words):
        expect = None  # what it says is so is why the check fails
    if expect is None and shown is None and fails and not facts.grep and not conditional(words):
        # The words fit no class, and the title is clear.
        expect = to_fail("", facts)
    if shown is not None and shown.strip():
        failed = _SHOWS_FAILURE.match(shown) or (fails and expect is None)
        if failed and not never and (expect is None or expect.exit is None):
            expect = replace(to_fail("", facts), contains=())
        expect = with_shown(expect, shown, words, facts)
    if expect is None and facts.grep and not facts.counts and _SOME_NONE.search(words):
        # Whether there may be some is not clear.
        return Reading(Expect(exit=(0, 1)), False)
    if expect is not None and facts.rescued and not facts.pytest:
        expect = replace(expect, exit=None)  # it always ends well
        return Reading(expect, expect != Expect())
    if expect is None:
        ends = _EITHER_WAY if conditional(words) and not facts.rescued else None
        return Reading(Expect(exit=ends), False)
    return Reading(expect, True)


def _plain(prose: str) -> str:
    text = _ITEMS.sub("; ", prose.strip())
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", text, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", " ", text).strip()


def _read(words: str, facts: Facts) -> Expect | None:
    """The expectations of the words, or `None` where no class fits."""
    clauses = [each for each in clauses_of(words) if not _CONDITION.search(each)]
    if not clauses or conditional(words):
        return None
    own = _of_the_command(clauses, facts)
    # What is said of the others is not said of it.
    words, clauses = words if own == clauses else "; ".join(own), own
    if facts.tests and not facts.grep and clauses[1:] and _NO_MATCH.match(clauses[0]):
        clauses = clauses[1:]  # that is said of a search beside the tests
    first = clauses[0]
    bare = without_brackets(QUOTED.sub("``", first))
    status = _exit_status(words)
    if facts.tests and all_pass(bare) and _MAY_SKIP.search(first):
        return _passes(first, words, facts, None)  # what else it says is of one test
    if status and facts.tests and all_pass(bare):
        return success(facts)  # the exit status is that of what is tested
    by_form = _by_form(first, words, facts)
    if by_form is not None:
        return by_form
    none = _NONE.match(bare) or (facts.grep and _NOT_FOUND.match(bare))
    if facts.otherwise and (none or _NO_ERRORS.search(bare)) and not _NEW.search(bare):
        return Expect(output=facts.otherwise)
    well = _NO_ERRORS.search(bare) or _CLEAN.match(bare)
    if well and (facts.grep or facts.filtered) and not (facts.pytest or facts.rescued):
        # Where it finds nothing, it ends with 1.
        return _nothing(facts, status) if facts.faults else Expect(exit=(0, 1))
    if none and not facts.pytest and not _NO_ERRORS.search(bare):
        rest = QUOTED.sub("``", " ".join(clauses))
        return None if _NOT_NONE.search(rest) else _nothing(facts, status)
    fails = failing(clauses, ends_well=_exit_status(first) == 0)
    if fails is not None and facts.rescued and not facts.pytest:
        return None
    if fails is not None:
        return to_fail(fails, facts, status, some=fails != first or mixed(first))
    if status not in (None, 0):
        return Expect(exit=(status,))
    either = _EITHER_STATUS.search(first)
    if either:
        return Expect(exit=(int(either[1]), int(either[2])))
    number = counted(words, facts)
    if number is not None:
        return number
    return _passes(first, words, facts, status)


def _of_the_command(clauses: list[str], facts: Facts) -> list[str]:
    """The clauses of the command itself, where one begins with its name: "`rg`: no matches"."""
    for index, clause in enumerate(clauses):
        found = _NAMED.match(clause)
        if found and index and found["code"] in (facts.name, facts.text):
            return [clause[found.end() :], *clauses[index + 1 :]]
    return clauses


def _by_form(first: str, words: str, facts: Facts) -> Expect | None:
    """What is said of commands whose output has a form of its own."""
    bare = QUOTED.sub("``", first)
    vague = VAGUE.search(bare)
    if facts.pytest and (untested := _NO_TESTS.match(first)):
        # Of a suite without tests, pytest ends with 5 whatever the words say.
        return Expect(exit=(0, 5) if untested["zero"] else (5,))
    if facts.name in ("diff", "cmp") and not facts.rescued and _DIFFER.match(first):
        return Expect(exit=(1,))
    if _WHERE_IS.match(facts.text) and not facts.rescued and _NOWHERE.match(first):
        return Expect(exit="nonzero")
    if (
        facts.status == "long"
        and not vague
        and not _NOT_ALL_CLEAN.search(first)
        and re.search(r"\b(?:nothing to commit|clean)\b", first, re.I)
    ):
        return Expect(contains=("nothing to commit",))
    if facts.told and _exit_status(words) is not None:
        return Expect(contains=(facts.told.replace("$?", str(_exit_status(words))),))
    said = words.strip(" .`\"'")
    if said in facts.says or (_SAYS_VALUE.search(facts.text) and _VALUE.fullmatch(said)):
        return Expect(contains=(said,))
    if (_VERSION.fullmatch(said) or _JSON.fullmatch(said)) and not facts.tests:
        return Expect(contains=(said,))
    if _HELPS.match(facts.text) and ((options := options_shown(first)) or _HELP.match(bare)):
        return Expect(contains=options)
    if _WHERE_IS.match(facts.text) and not facts.rescued and _PATH.match(bare):
        return Expect()
    if facts.status == "short" and not vague and re.search(r"\b(?:nothing|clean)\b", first, re.I):
        return Expect(empty=True)
    if facts.heads:
        found = re.match(r"\W*(?:HTTP(?:/\S+)?|status)?\W*(?:code\W*)?([1-5]\d\d)\b", words, re.I)
        if found:
            return Expect(matches=(rf"\b{found[1]}\b",))
    missing = _NO_FILE.match(first) or _MISSING.match(bare)
    finds = facts.name in ("ls", "cat", "stat") or _IS_THERE.match(facts.text)
    if finds and not facts.rescued and missing:
        return Expect(exit="nonzero")
    if facts.name in ("ls", "find", "cat", "head", "tail", "jq") and not vague:
        there, gone = listed(first)
        names = re.fullmatch(r"\W*`(\S+(?:\s{2,}\S+)+)`\W*", first)
        there = tuple(names[1].split()) if names else there
        if there or gone:
            return Expect(contains=there, absent=gone)
    seen, unseen = hits(words) if facts.grep and not facts.counts else ((), ())
    if unseen and "|" in facts.text:
        # It looks for other things as well.
        either: Exit | None = None if seen else (0, 1)
        return Expect(exit=either, contains=seen, absent=unseen)
    if facts.silent and re.match(r"\W*(?:no|nothing|none|empty)\b", first, re.I):
        return Expect(exit=(1,), empty=True)
    return None


def _says_no_pass(expect: Expect, words: str) -> bool:
    """Whether an expectation is that a command ends well, and no word says that it passes."""
    well = expect.exit in (None, (0,)) and (
        expect.tests is None or (expect.tests.outcome == "pass" and not expect.tests.fails_with)
    )
    passes = r"\b(?:pass(?:es|ed|ing)?|green|succeeds?|success\w*|ok|clean|no\s+errors?)\b"
    said = re.search(rf"{passes}|{spoken('passes')}", words, re.IGNORECASE)
    return well and said is None and _exit_status(words) is None


def _passes(first: str, words: str, facts: Facts, status: int | None) -> Expect | None:
    """What is to be so where the command is to end well."""
    bare = QUOTED.sub("``", first)
    workers = facts.pytest and facts.workers and _WORKERS.search(words)
    elsewhere = of_a_place(first, facts.name)
    contains = () if elsewhere else contained(first)
    gone = () if elsewhere else absent(first)
    passing = (
        _is_found(bare, facts)
        or says_pass(bare)
        or (facts.tests and denies_failure(bare))
        or _NO_ERRORS.search(bare)
        or status == 0
        or workers
    )
    if not passing and not contains and not gone:
        return None
    base = success(facts) if passing or facts.pytest else Expect()
    tests = base.tests
    number = passed(first)
    if tests is not None and _MAY_SKIP.search(words):
        tests = TestsExpectation(skipped=Count(">=", 0))
    elif tests is not None and number is not None and not facts.selected_loosely:
        also = beside_passed(first).get
        tests = TestsExpectation(
            passed=number, skipped=also("skipped"), xfailed=also("xfailed"),
            xpassed=also("xpassed"), deselected=also("deselected"),
        )  # fmt: skip
    if tests is not None and workers:
        tests = replace(tests, workers=Count(">=", 2))
    loose = tuple(filter(None, map(loose_json, contains)))
    contains = tuple(each for each in contains if loose_json(each) is None)
    silent = status == 0 and not facts.chatty and bool(re.search(r"\bno output\b", words, re.I))
    return Expect(tests=tests, contains=contains, absent=gone, matches=loose, empty=silent)


def _is_found(bare: str, facts: Facts) -> bool:
    """Whether a search is to find something."""
    there = re.search(
        r"\b(?:present|appears?|found|finds?|locates?|hits?|there|matches remain|shows?|lists?|"
        r"listed|prints?|printed|returns?|returned|visible)\b",
        bare,
        re.IGNORECASE,
    )
    no = re.search(r"\b(?:no|not|nothing|never|only)\b", bare, re.IGNORECASE)
    return facts.grep and not facts.pytest and bool(there) and not no


def _exit_status(words: str) -> int | None:
    found = _EXIT.search(words)
    if found is None or re.search(r"\bor\b[^.]{0,20}exit|exit[^.]{0,12}\bor\b", words):
        return None
    status = int(next(group for group in found.groups() if group))
    return status if status < 256 else None


def _nothing(facts: Facts, status: int | None) -> Expect:
    """No output: of a search that is exit status 1, and of some programs not meant literally."""
    ends = None if status in (None, 0) else (status,)
    if facts.chatty:
        return Expect(exit=ends)
    if facts.grep:
        return Expect(exit=(1,) if status is None else (status,))
    if facts.filtered and not facts.counts:
        # With pipefail a search without matches ends with 1, whatever follows it.
        return Expect(exit=(0, 1), empty=True)
    return Expect(exit=ends, empty=True)
