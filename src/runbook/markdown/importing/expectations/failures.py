"""Whether a plan's words, or those above a command, expect it to fail."""

from __future__ import annotations

import re

from runbook.core.model.model import Exit, Expect, TestsExpectation
from runbook.markdown.importing.commands.facts import Facts
from runbook.markdown.importing.expectations.counts import NUMBER, number_of
from runbook.markdown.importing.expectations.texts import QUOTED, VAGUE
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import anycase, begins, has, spelled, without_code

_FAIL = anycase(
    r"^\W*((tests?|they|it|all|both|some|the|this|new|\d+|command|script|compilation|build|"
    r"each) ){0,6}(should |will |must )?(FAIL(S|ED|URES?)?|fails?|failing|errors? out)\b(?!-)"
    r"|^\W*(FAIL|RED|ERROR|failure)\b(?!-)|^\W*errors (about|because|only|in ``)"
    r"|\b(tests?|cases|assertions|suite|blocks?|script|command|build|"
    r"entry)\b[^.;]{0,60}?(?<![-\w])fails?\b(?!-)"
    r"|^\W*((compile|compiler|compilation|build|type|import|collection|TypeScript) (errors?|"
    r"failure))"
    r"|^\W*(tests? )?suite\s[^.;]*\bfailed\b|(?-i:(?<![-\w])FAIL(S|ED)\b)(?!\s*[:=]?\s*0)"
    rf"|{spoken('fails')}|(?<![-\w])FAIL\b(?!-|\s*lines?|[:=]\s*0)|^\s*[✗✘❌🔴]"
)
# "No", before words for failure in other languages.
_NO = (
    r"(不会?|无|無|没有|零|0 ?个?|ohne|kein\w*|nicht|sans|aucune?|ne (doi(t|vent) )?pas|sin|"
    r"no( deben?)?|sem|nenhum\w*|não( devem?)?|без|нет|не)"
)
_NO_FAIL = anycase(
    r"\b(0|no|zero|without|not|never|any|don't|doesn't|nothing|none) (\w+ ){0,2}(FAIL\w*|errors?|"
    r"failures?)\b"
    r"|FAIL\s*[:=]\s*0|失敗(なし|0|が?あれば|しない)|\b0 FAIL"
    rf"|{_NO}\s*{spoken('fails')}"
    rf"|{spoken('fails')}\s*없|실패하지\s*않|{spoken('no_errors')}"
)
# "4 passed, 1 failed", "2 examples, 1 failure", "Found 3 errors"; "# pass 3 # fail 0".
_ENDS = (
    r"(?=\s*(?:$|[,;.|/(（:#—–-]|(?:tests?|specs?|in|of|out|with|because|from|for|due|on|and|"
    r"as|during|at|total)\b))"
)
_COUNTED = re.compile(
    rf"(?<![\w.-]){NUMBER}\s+(?:tests?\s+)?(?:failed|failing|failures?|fails?){_ENDS}"
    rf"|(?:^\W*|[,;/|]\s*|\b(?:found|and|exactly|only|same)\s+){NUMBER}\s+errors?{_ENDS}"
    r"|(?<![\w-])fail(?:ed|ing|ures?)?(?:\s*[:=]\s*|\s+)(\d+)(?=\s*(?:$|[,;|#]))",
    re.IGNORECASE,
)
_OTHER_STATUS = anycase(
    r"\b(exit\w*|returns?|status|code)\b[^.;]{0,20}(\bnon-?\s?zero\b|(!=|≠)\s*0)"
    r"|\bnon-?zero (exit|status|return)\b"
)
_NOT_ZERO = anycase(r"\b(exit\w*|status|code)\b[^.;]{0,20}\b(not|never)( be)? (0|zero)\b")

_BREAKS = anycase(
    r"\W*((it|this|the \w+|build|code|which) )?((throws|crashes|panics|errors with)\b|raises "
    r"(an? )?(``|\w*(Error|Exception))|(does not|doesn't|won't|will not|cannot) (yet )?(compile|"
    r"build)\b|(undefined:|unresolved (import|reference|identifier)|cannot find (module|name|"
    r"symbol|type|function|value|package)|connection (is )?refused\b))"
)
_RAISES = spelled(
    r"\W*(`[^`]*(Error|Exception)[^`]*`|[A-Z]\w*(Error|Exception)\b|`(error|fatal|"
    r"panic)(\[\w+\])?:[^`]*`|[Cc]ommand not found)"
)
# "should NOT pass yet", "not all tests pass", "the suite is still red".
_NO_PASS = anycase(
    r"\b((should|must|will|do|does|would) (still )?not|(should|wo|do|does|ca)n['\u2019]t|cannot) "
    r"(yet |all )?(pass|succeed|compile|build)\b(?=\s*((yet|until|because|since|as|at|before|here|"
    r"now)\b|[,.;:(\u2014\u2013-]|$))"
    r"|\bnot (all|every)\b[^.;,]{0,30}\bpass(es)?\b|\bnot yet (pass|compil|build)ing\b"
    r"|\b(is|are|stays?|remains?|still) (still )?red\b"
)
# What was so, or turns into its contrary: "PASS (previously FAIL)", "red → green".
_TURNED = anycase(
    r"\b(previously|formerly|before|earlier|was|were|instead of|no longer|not)\s*:? (a )?(FAIL\w*|"
    r"RED|ERROR\w*)\b"
    r"|^\W*(red|fail\w*|errors?)\s*(→|->|=>|⇒)\s*(?=\W*(green|pass))"
    r"|\b(FAIL\w*|RED) (previously|no (longer|more))\b"
)
# "ImportError is gone", behind its name.
_GONE = anycase(
    r"\s*((errors?|exceptions?) )?((is|are|has|have|was|were) )?(now )?(gone|no longer|"
    r"disappear\w*|vanish\w*|resolved|fixed|goes away|(does|do|should|must)(n't| not)\b)"
)
# Whether a clause says that nothing fails: "must not fail", "Fails no longer".
denies_failure = has(
    r"\b(no|zero|0|not|never|none|nothing|no longer|without) (\w+ ){0,2}?fail\w*\b"
    r"|\bfails? no (longer|more)\b"
    rf"|{_NO}\s*{spoken('fails')}|{spoken('fails')}\s*(없|しない)|실패하지\s*않|fails?\s*:\s*0\b"
    r"|schl(ägt|aegt|agen) nicht fehl"
)
_ERROR = re.compile(r"\b[A-Za-z_.]*(?:Error|Exception)\b")
# Whether a clause begins with tests that pass.
all_pass = begins(r"\W*(all )?(tests? )?(pass(es|ed)?|green)\b")
_OF_OTHERS = anycase(
    r"\W*(any|existing|other|old|callers?|code|tests? that|those|whatever|everything that)\b"
)
_BEFORE = anycase(r"\b(failed|(was|were) failing|used to fail|previously|formerly)\b")
_HYPOTHETICAL = anycase(r"\b(would|could|might|may|if|unless|when|were)\b")
# Whether a word of a clause says that all is well.
says_pass = has(
    r"\b(pass(es|ed|ing)?|PASS|green|succeeds?|successful(ly)?|success|works?|ok|compiles?|"
    r"builds?|clean(ly)?|valid|applies|resolves?|completes?|create[ds]|install(s|ed)|"
    r"(re)?generate[ds]|copied|written|importable|identical|built|renders?|runs?|starts?|exists?|"
    r"exits? (cleanly|zero)|parses)\b"
    rf"|(?<!不)(?<!未){spoken('passes')}"
)


def failing(clauses: list[str], *, ends_well: bool) -> str | None:
    """The clause that speaks of failure, if one does and none of them says "or it passes".

    `ends_well` is whether the first one states the exit status 0.
    """
    for index, clause in enumerate(clauses):
        bare = _TURNED.sub(" ", QUOTED.sub("``", clause))
        if index and all_pass(clauses[0]) and (_OF_OTHERS.match(bare) or _BEFORE.search(bare)):
            continue
        if index and (_HYPOTHETICAL.search(bare) or ends_well):
            continue  # it tells what something else would do, or does
        if index and not re.search(r"\bfail", bare, re.I) and says_pass(clauses[0]):
            continue  # in other languages the word may be a noun
        if re.search(r"\bskip", bare, re.IGNORECASE) and not _some_failed(bare):
            continue
        if _some_failed(bare) or _ends_badly(bare):
            return clause
        if _some_failed(bare) is False or _NO_FAIL.search(bare):
            continue
        if _FAIL.search(bare):
            passes = re.search(r"\bor\b.*\bpass", bare, re.IGNORECASE)
            return None if passes else clause
        raised = _RAISES.match(clause)
        if raised and not _GONE.match(clause, raised.end()):
            return clause
    return None


def _some_failed(bare: str) -> bool | None:
    """Whether a number of failures is stated that is not none; `None` where there is no number."""
    found = [number_of(n) for each in _COUNTED.finditer(bare) for n in each.groups() if n]
    return any(found) if found else None


def _ends_badly(bare: str) -> bool:
    """Whether words say, without a word for failure, that a command does not end well."""
    status = _OTHER_STATUS.search(bare)
    if status and not re.search(
        r"\b(?:not|no|never|without|means|or)\b|n't\b", bare, re.IGNORECASE
    ):
        return True
    if _NO_PASS.search(bare) or _NOT_ZERO.search(bare):
        return True
    return _BREAKS.match(bare) is not None and not re.search(r"\bno\s+longer\b|\bgone\b", bare)


def mixed(clause: str) -> bool:
    """Whether some pass and some fail: then the whole fails, and not all with one message."""
    words = QUOTED.sub("``", clause)
    if _some_failed(words):
        return says_pass(words)
    bare = re.sub(r"FAIL.*", "", words, flags=re.DOTALL)
    return says_pass(bare) and not _FAIL.match(words)


_SEEN = r"(?:confirm|verify|observe|expect|see|watch|check|demonstrate|reproduce|show|run|prove)"
_SEEN_ELSEWHERE = anycase(
    f"{spoken('run')}|{spoken('verification')}|{spoken('read')}|{spoken('test')}|失敗"
)
_NOT_FAILING = anycase(
    r"\b(fix|no|0|zero|nothing|not|without|never|resolve|avoid|prevent|handle|handling|ohne|kein\w*|"
    r"beheben|sans|corriger|sin|sem|corrigir|без|исправить|обработ\w*)\b|failures? (modes?|cases?|"
    r"paths?|messages?|handling|recovery)|しない|不再|不会|没有|无|修复|处理|解决|避免|없|해결|"
    r"처리|\bfails?,? (and )?then (it )?(pass|succeed)"
)
# What says why stands behind it: "confirm it fails — `a` is not defined", "fails (no such module)".
_FAILS_FOR = anycase(
    rf"\b{_SEEN}\b[^.]*?\bfails?\b(?=\s+[\u2014\u2013-]|\s*[(:]|\s+(because|since|as|with)\b)"
)
_NOT_YET = anycase(
    rf"\b{_SEEN}\b[^.]*\b(does not|doesn't|do not|don't|should not|won't) (yet )?"
    r"(pass|compile|build|succeed)\b"
)
_THINGS = (
    r"(references?|usages?|uses|match(es)?|occurrences?|mentions?|leftovers?|callers?|imports?|"
    r"hits?|traces?|remnants?|instances?|results?|consumers?|remaining)"
)
_NONE = anycase(
    rf"\b(no longer|no more|(no|zero|without) (\w+ ){{0,3}}{_THINGS}|(is|are|was|"
    r"were|be|been) (all |fully |completely |really )*(gone|removed|deleted|unused|absent|"
    r"eliminated)|(is|are)\s*(not|n't) (\w+ )?(used|referenced|present|there|imported|mentioned|"
    r"called|found)|nothing (else )?(uses?|references?|imports?|mentions?|calls?|remains?|is "
    r"left)|none (is |are )?(left|remain\w*)|nowhere|not (used|referenced|imported|called|"
    r"mentioned) (any\w*|elsewhere))\b"
)
_LOOKS = anycase(
    r"\W*((then|first|now|next|also|quick(ly)?) )*(find|search|look|locate|list|identify|scan|"
    r"sweep|inspect|survey|audit|read|explore|review|(re-?)?grep|check (for|whether|if|where)|see "
    r"(if|whether|where|what|which)|(any|remaining|stale|"
    rf"leftover)\b[^.]*\b{_THINGS})\b"
)


def says_failure(titles: str) -> bool:
    """Whether one of these lines says that the command is to fail: "Run it to verify it fails"."""
    return any(map(_says_failure, titles.split("\n")))


def _says_failure(title: str) -> bool:
    if _NOT_YET.search(title):
        return True
    why = _FAILS_FOR.search(title)
    if _NOT_FAILING.search(title if why is None else title[: why.end()]):
        return False
    return bool(
        re.search(r"\b(?:fails?|failing|red)\b|赤", title, re.IGNORECASE)
        or re.search(rf"\b{_SEEN}\b.*\bfailures?\b", title, re.IGNORECASE)
        or (re.search(_SEEN_ELSEWHERE, title) and re.search(spoken("fails"), title))
    )


def of_a_search(titles: str) -> tuple[int, ...] | None:
    """How a search may end of which nothing else is said; `None` where it is to find something.

    It finds nothing where the lines say so, and may where they only have someone look.
    """
    lines = titles.split("\n")
    if any(_NONE.search(without_code(each)) for each in lines):
        return (1,)
    return (0, 1) if any(_LOOKS.match(each) for each in lines) else None


def to_fail(words: str, facts: Facts, status: int | None = None, *, some: bool = False) -> Expect:
    """What asks for a failure: of tests that pytest runs, or a status that is not zero."""
    message = None if some else _failure_message(words)
    if facts.pytest:
        tests = (
            TestsExpectation(fails_with=(message,)) if message else TestsExpectation(outcome="fail")
        )
        return Expect(exit=(status,) if status else None, tests=tests)
    status_or: Exit = (status,) if status else "nonzero"
    exact = not some and VAGUE.search(QUOTED.sub("``", words)) is None
    undefined = _UNDEFINED.search(words) if exact and _GO.match(facts.text) else None
    if undefined is not None:
        # Go names the package, too, and says of a method that it is undefined.
        name = re.escape(undefined["name"])
        return Expect(exit=status_or, matches=(rf"undefined: (\w+\.)*{name}\b|\b{name} undefined",))
    quoted = _in_quotes(message) if message and _RUST.match(facts.text) else None
    if quoted is not None:
        return Expect(exit=status_or, matches=(quoted,))
    return Expect(exit=status_or, contains=(message,) if message else ())


_RUST = re.compile(r"(?:cargo|rustc)\s")
_GO = re.compile(r"go\s+(?:test|build|vet|run)\b")
_UNDEFINED = re.compile(r"[`\"'“]undefined: (?:\w+\.)*(?P<name>\w+)[`\"'”]")
_NAMED = re.compile(
    r"'(?P<quoted>[^'\n]+)'|(?P<word>\b(?:constant|crate|enum|field|function|import|macro|"
    r"method|module|named|struct|trait|type|value|variable|variant)(?: named)? )"
    r"(?P<name>(?!(?:or|and|named|of|on|in|is|has|was|takes|does|for|to|not)\b)\w[\w:]*)"
)


def _in_quotes(message: str) -> str | None:
    """A pattern for a message of rustc, which quotes names by a mark that code can't hold.

    `None` where it names nothing: then it is looked for as it stands.
    """
    made, at = "", 0
    for found in _NAMED.finditer(message):
        before = message[at : found.start()] + (found["word"] or "")
        made += _literal(before) + f"['`]?{_literal(found['quoted'] or found['name'])}['`]?"
        at = found.end()
    return made + _literal(message[at:]) if made else None


def _literal(text: str) -> str:
    return re.escape(text).replace("\\ ", " ")


def _failure_message(words: str) -> str | None:
    """The failure's own text, if the plan quotes one and leaves no choice."""
    if VAGUE.search(QUOTED.sub("``", words)):
        return None
    found = re.search(
        r"(?:\bwith|\bbecause(?: of)?|[:：,—–(（-]|\bsays?|\braises?|\bsees?|"
        r"で)\s*(?:an?\s+)?(?:`([^`\n]+)`|\"([^\"\n]+)\")",
        words,
    ) or re.match(r"\W*`([^`\n]+)`", words)
    text = next((group for group in found.groups() if group), None) if found else None
    if text and (_ERROR.search(text) or re.search(r"\w\s+\w", text)):
        rest = words[found.end() :] if found else ""
        # "`x` not defined" quotes a name, not the message.
        if not _ERROR.search(text) and (_SPEAKS_OF_IT.match(rest) or _compares(text)):
            return None
        return None if "…" in text or "..." in text or re.search(r"<\w+>", text) else text
    bare = re.search(r"\bwith\s+(?:an?\s+)?([A-Z]\w*(?:Error|Exception))\b", words)
    return bare[1] if bare else None


_COMPARED = re.compile(r"(?:assert )?(\S+) (?:not in|in|is not|is|[=!<>]=|<|>) (\S+)")


def _compares(text: str) -> bool:
    """Whether a text compares what has a name, in place of which a message shows its value."""
    said = _COMPARED.fullmatch(text)
    named = re.compile(r"(?!(?:True|False|None|null|true|false)$)[A-Za-z_]\w*(?:[.(\[].*)?")
    return said is not None and any(named.fullmatch(each) for each in said.groups())


# "`x` not defined", "`x` heading does not exist yet".
_SPEAKS_OF_IT = spelled(
    r"\s*(?!(errors?|messages?|because|since|as|at|in|from|when|for|on)\b)[A-Za-z]"
)
