"""Words that change no file: what is to be looked at, led up to, waited for or only shown."""

from __future__ import annotations

import re

from runbook.markdown.importing.words.filelist import looks_like_path
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.outside import outside, without_references
from runbook.markdown.importing.words.prose import (
    WHAT_FOR,
    introduces,
    leaves_work,
    makes_something,
)
from runbook.markdown.importing.words.vocabulary import (
    MAKING,
    anycase,
    begins,
    has,
    is_all,
    plain,
    said_of,
)

_LOOKS = anycase(
    r"((then|now|next|also|finally|first|manually|visually|re-?|again|please|double-),?\s*)*(read|"
    r"look|restart|reopen|re-?launch|quit|close|inspect|review|verif\w*|confirm|check|open|"
    r"navigate|start the|click|see|observe|audit|visit|scroll|select|log (in|out)|sign (in|out)|"
    r"hover|press|resize|reload|refresh(?= (the )?(page|browser|tab|window|app)\b|\W*$)|watch|"
    r"visual|note\b|compare|examine|study|understand|familiari[sz]e|identify|locate|search|find|"
    r"view|list|re-?run|run|execute|test\b(?! (class|file|case|group|scenario|setup|suite)e?s?\b)|"
    r"tests? must pass|launch|browse|go to|expect\w*|ask|dry-?\s?run|walk|trace|simulate|report|"
    r"wait|stop|proceed|continue|repeat|investigate|debug|listen|count|monitor|green\b|red\b|"
    r"pass\b|fail\b|all (tests|green)|evidence|manual\b|smoke|acceptance|sanity|"
    r"([\w.-]+ ){0,3}checklist|final (check|verification|review)|end-to-end|user acceptance|e2e|"
    r"(make sure|ensure)(?=\b[^.]*\b(browser|page|screen|site|window|app|button|dialog|loads?|"
    r"renders?|displays?|appears?|visible|looks?|opens?)\b)|(ready|done|gate)(?=\s*[:：—–-]|\W*$)|"
    r"checkpoint|measure|determine|decide|type\b)\b"
    rf"|[^\n]*({spoken('verification', spaced=False)}|確認|検証|レビュー|检查|查看)"
)
_JUDGES = anycase(
    r"(^|[.;:,!—–-] |\n|\b(and|then|to|by|re-?|double-)\s*)\W*(\d+[.)]\s*)?((also|again|manually|"
    r"visually|carefully|quickly|please) )*(((spot|sanity|visual)[- ])?(verif(y|ication)|"
    r"confirm(ation)?|check|review|inspect(ion)?)\b(?! out\b)|look (at|through|over)\b|see (that|"
    r"if|whether|the|``)|observe|compare|audit|make sure|ensure|ask (the |your )?(user|human|"
    r"reviewer|owner|team|partner|them)\b)"
    r"|\b(should|must|expect(ed|s)?|visual\w*|acceptance|smoke|sign-?off|approv\w+|checklist|"
    r"inspection|appears?|renders?|loads?|displays?|disappears?|serves?|pass(es)?|works)\b"
    rf"|{spoken('verification', spaced=False)}|確認|検証|レビュー|点検|检查|查看"
)
_SOMEWHERE = anycase(r"(in|on|at|from|inside|within)\b[^:,]{1,80}[:,]\s*")
_READS = anycase(
    r"((then|now|next|also|finally|first|carefully) )*(read|study|understand|familiari[sz]e|"
    r"locate|find|identify|examine|note|search|look (for|up))\b"
)
_WRITES = anycase(
    rf"(^|[.;:,] |\n|\band |\bthen |\bor |\bto )\W*(\d+[.)]\s*)?(also |then |re-?)*{MAKING}"
    r"|\b(must|should|needs? to|has to|have to) (also )?(be )?(add|chang|updat|remov|renam|mov|"
    r"replac|creat|import|writ|delet|implement|edit|cop)"
    r"|\b(commit|push|merge|release|tag|save|generate|regenerate|record|wire|connect|clean(?! "
    r"(branch|tree|state|run|build|output))|fill|"
    rf"repair|adapt)\b(?! (message|hash|sha|log))|{spoken('makes')}"
    r"|\bneeds? (\w+ )?(updating|changing|fixing|removing|adding|moving|renaming|adjusting)\b"
    r"|(配置|保存|転記|反映|追記)(する|して|。|$)"
)
_ORDERS = anycase(
    rf"(^|[.;] |\n|\band |\bthen )\W*(\d+[.)]\s*)?(also |then |re-?)*({MAKING}|fix\b)|"
    rf"{spoken('makes')}"
)
_THEN_ORDERS = anycase(rf", (also |then )?{MAKING}")
_PERHAPS = anycase(r"\W*(if|unless|otherwise|where|when)\b")
# Whether words only say that something is not done: "Do not commit yet.", "No changes".
says_not_yet = is_all(
    r"\W*((please )?(do not|don't|no|skip( the)?) (\w+ )?commit\b(ting)?|no (code|file|source|"
    r"implementation)?\s*changes?\b|nothing (to|is|needs|else)\b|(this|the) commit comes\b|commit "
    r"(comes|happens|later)|no ((new|automated|unit|existing|separate) )*(implementation|code|"
    r"tests?)\b[^.]{0,30}\b(needed|required|necessary|exist|apply)\b|not (applicable|needed|"
    r"required)\b|n/a\b|(this|the) (task|step|phase) (produces|makes|has|needs|requires|changes) "
    r"(no\b|nothing\b)( \w+)?( changes?\b)?)[^\n]*",
    of=lambda words: plain(re.sub(r"\s*\n\s*", " ", words.strip())),
)
_NO_COMMIT = anycase(r"^\W*no commits?\b[^\n]*$", re.MULTILINE)
_ONLY_RUNS = anycase(
    r"((then|now|next|also|finally|first|please)\b,? )*((re-?)?(install|run|execute)|restart|"
    r"launch|open|find|locate|read|study|look|review|inspect|check|verify|confirm|navigate|click|"
    r"visit|try|download)\b"
)
# Whether words have someone work in another project than this: "in any workspace".
in_another_place = has(
    r"\bin (any|another|some other|an? (scratch|separate|different|throwaway|temp(orary)?|clean|"
    r"fresh|new|empty|sample|test)) (\w+ )?(workspace|project|repo(sitory)?|checkout|clone)\b",
    of=plain,
)
_UNCHANGED = anycase(
    r"\b(keep|leave)\b[^.\n]*\b(as (it|they) (is|are)|as[- ]is|untouched|intact)\b|\bno "
    r"(\w+ ){0,2}(changes?|edits?|work) ((is|are) )?(needed|required|necessary|to)\b|\bno "
    r"(\w+ ){0,2}(verification|action|steps?|fix(es)?) ((is|are) )?(needed|required|necessary)\b|"
    r"\b(already|still|remains?|stays?) (works?|correct|valid|fine|done|handled|cover(s|ed)|"
    r"created?|in place|supported|implemented|wired|sufficient|enough|tested)\b|\b(is|are|stays?|"
    r"remains?) unchanged\W*[:：]\W*$|\bnothing (to (do|change)|needs? (to )?(be )?(do|chang)\w*|"
    r"changes)\b|(変更|修正|対応|編集)(は)?不要"
)
_COVERED = anycase(
    r"\b(is|are|get|will be) (\w+ly )?(verified|covered|tested|checked|exercised|validated) (by|"
    r"in|through|via|as part of)\b"
)
# Whether words only say what tests are to show: "Tests must verify each of these:".
lists_what_tests_show = begins(
    r"(?s)\W*((the|these|all|unit|integration) )*tests? (must|should|need to|have to|will) "
    r"(verify|cover|show|prove|validate|check)\b(?!.*\b(add|create|extend|update|"
    r"write)\b[^\n]*\btests?\b)"
)
_SHOWS = anycase(
    r"\b(example|sample|good|bad|typical|expected)\b[^.\n]{0,30}\b(outputs?|responses?|results?|"
    r"runs?|transcripts?|logs?|display)\b[^\n]{0,90}[:：]?\W*$"
    r"|\b(outputs?|results?|responses?) (should|will|would|looks?)\b[^\n]{0,60}[:：]\W*$"
    r"|\byou('ll| will| should| would) (now )?see\b[^\n]{0,60}[:：]\W*$"
)
# What a task comes to and is held to; none of it is to be done by itself.
_FIELD = anycase(
    r"\W*((spec|requirements?|ac|acceptance) (coverage|criteria|refs?)|(plan |design |"
    r"hard )?constraints?|open questions?|depends on|dependencies|blocked by|blocks|risks?|"
    r"assumptions?|non-?goals?|out of scope|interfaces?|consumes|produces|estimated? \w+|owner|"
    r"priority|status|goals|references?|see also|deliverables?|outputs?|(key|main|planned) "
    r"changes|scope|what changes|test plan)\b[^:：*\n]{0,30}\s*[:：*]"
    rf"|\W*{WHAT_FOR}"
)
# Whether a paragraph is the field of what a task gives to others, and takes from them.
gives_and_takes = begins(r"\W*(interfaces?|consumes|produces)\b[^:：*\n]{0,30}\s*[:：*]")
_EARLIER = anycase(r"\b(first|before|beforehand|prerequisites?|(start|begin) (by|with))\b")
# They say of each title the same.
_COMMON = frozenset(
    {"creat", "updat", "add", "new", "file", "files", "task", "step", "with", "from", "that",
     "this", "the", "and", "for", "its", "all", "any", "are", "into", "not", "use"}
)  # fmt: skip
_OUTPUT = {"", "text", "plaintext", "console", "output", "log", "txt"}
_PLACE = anycase(
    r"\W*(in|inside|within|at|after|before|below|above|under|near|insert|add|append|prepend|put|"
    r"place|(the )?following)\b[^\n]*[:：]\W*$"
)


_STATED = anycase(r"^\W*expect(ed|s)?\b[^:：\n]{0,40}[:：].*", re.MULTILINE)
_SEES = anycase(
    r"\W*((then|now|next|finally|manually|visually)\W+)*(open|look|view|visit|navigate|go to|"
    r"browse|inspect|reload|refresh|click|scroll|hover|select|compare|watch|walk|manual\b|visual)"
)


# What is put off to another task of the plan is no work here.
_PUT_OFF = anycase(
    r"(if (not|any (is|are) missing)|otherwise), (we|you)('ll| will) (need to |have to )?(add|"
    r"create|"
    r"write|define|implement) (it|them|those|these) (in|with|as part of) (task|step|phase) "
    r"\d[\d.]*\.?"
)


def without_what_is_put_off(words: str) -> str:
    """The words without what another task does: "If not, we'll need to add it in Task 4."."""
    return _PUT_OFF.sub("", words)


def only_looks(title: str, words: str) -> bool:
    """Whether a step, by its title and words, changes nothing: someone is to see for themselves."""
    said = said_of(_NO_COMMIT.sub("", without_what_is_put_off(words)))
    said = [each for each in said if each]
    heading = plain(title)
    if _WRITES.search(heading) or any(_WRITES.search(each) for each in said):
        return False
    if heading and _LOOKS.match(heading):
        return True
    return bool(said) and bool(_LOOKS.match(_SOMEWHERE.sub("", said[0])))


def happens_elsewhere(title: str, words: str) -> bool:
    """Whether a step has someone do something with others, or elsewhere, and look: "Push it"."""
    said = _unmaking(title, words)
    rest = [each for each in said if not outside(each)]
    if any(map(looks_like_path, re.findall(r"`([^`\n]+)`", without_references(words or title)))):
        return False
    return len(rest) < len(said) and not any(
        _WRITES.search(each) or (leaves_work(each) and not _LOOKS.match(each)) for each in rest
    )


def only_runs(title: str, words: str) -> bool:
    """Whether a step only has someone install, run or read something: "Install the packages".

    That may change files, of which none is to be waited for that the words don't name.
    """
    said = _unmaking(title, words)
    rest = [each for each in said if not (_ONLY_RUNS.match(each) or outside(each))]
    writes = any(map(_WRITES.search, said)) or any(map(leaves_work, rest))
    return len(rest) < len(said) and not writes


def _unmaking(title: str, words: str) -> list[str]:
    """The sentences of a step whose title doesn't say that files are changed in it; else none."""
    heading = plain(title)
    if makes_something(heading) and not outside(heading):
        return []
    return [each for each in said_of(words or title) if re.search(r"\w", each)]


def asks_to_look(title: str, words: str) -> bool:
    """Whether what only looks has someone judge what they see, and not just do something.

    "Confirm that the page loads" does, "restart the server" doesn't. What is expected of that is
    for whoever does it.
    """
    if title and words and not _STATED.sub("", words).strip():
        return bool(_JUDGES.search(plain(title)) or _SEES.match(plain(title)))
    return bool(_JUDGES.search(f"{plain(title)}\n{plain(words)}"))


def may_only_look(title: str, words: str) -> bool:
    """Whether a step, by its title, has someone look, and orders no change but a needed one."""
    heading = plain(title)
    if not heading or not _LOOKS.match(heading) or _WRITES.search(heading):
        return False
    said = said_of(words)
    return not any(_ORDERS.search(each) and not _PERHAPS.match(each) for each in said)


_ADDED_BY_NAME = anycase(
    r"\b(add|create|define|implement|introduce|write) ((an?|the|new) )*([\w-]+ ){0,3}`(?P<name>\w+)"
)


def describes(words: str, titles: str, steps: str) -> bool:
    """Whether words at the head of a task only say what its steps do.

    They do where a title says as much, and where the steps name all files that the words name.
    """
    if _EARLIER.search(words):
        return False
    named = [each for each in re.findall(r"`([^`\n]+)`", words) if looks_like_path(each)]
    if any(each.rstrip("/").rpartition("/")[2] not in steps for each in named):
        return False
    new = [each["name"] for each in _ADDED_BY_NAME.finditer(words)]
    if new and all(f"`{each}" in titles for each in new):
        return True
    stems = {each[:5].lower() for each in re.findall(r"[^\W\d_]{3,}", plain(words))} - _COMMON
    return bool(stems & {each[:5].lower() for each in re.findall(r"[^\W\d_]{3,}", titles)})


def only_fields(paragraphs: list[str]) -> bool:
    """Whether paragraphs are fields that say what a task comes to, and is held to: "Outcome: …"."""
    return bool(paragraphs) and all(_FIELD.match(line) for line in paragraphs)


def says_unchanged(words: str) -> bool:
    """Whether words say that nothing is to be changed, and order no change beside it."""
    said = said_of(words)
    rest = [_UNCHANGED.sub("", each) for each in said]
    orders = any(_ORDERS.search(each) or _THEN_ORDERS.search(each) for each in rest)
    return rest != said and not orders and "→" not in words


_NO_MORE = (
    r"((?!\b(but|except|then|until|unless|without|sync|sort(ed)?|order(ed)?|consistent|aligned|date|pass(es|"
    r"ing)?|work(s|ing)?|green|under|below)\b)[^.;:—])*"
)
_KEPT = anycase(
    rf"(keep|leave|preserve|retain)\b{_NO_MORE}\b(as[- ](is|it is|they are|before)|unchanged|"
    rf"untouched|intact|alone|the same|in place){_NO_MORE}\W*"
    rf"|(keep|preserve|retain) ((all|the|any|its|your) )*(existing|other|rest|remaining|current|"
    rf"original)\b{_NO_MORE}\W*"
    rf"|(do not|don['\u2019]t) (change|touch|modify|edit|alter|remove|delete|rename)\b{_NO_MORE}"
    r"(\W*[—–] (it|they|this|these|both|all) (is|are|was|were)\b[^.;:]*)?\W*"
)


def only_keeps(words: str) -> bool:
    """Whether words only say what stays as it is: behind an edit there is nothing to do for it."""
    said = said_of(re.sub(r"\s*\([^()]*\)", "", words))
    return bool(said) and all(_KEPT.fullmatch(each) for each in said)


def only_reads(title: str, words: str) -> bool:
    """Whether a step only has its reader read or find something, which prepares the next."""
    said = [*said_of(title), *said_of(words)]
    reads = [bool(_READS.match(each)) for each in said if each]
    return bool(reads) and all(reads) and only_looks(title, words)


def says_covered(words: str) -> bool:
    """Whether words only say what else verifies something: "Covered by the tests of phase 3."."""
    said = said_of(words)
    return bool(said) and all(_COVERED.search(each) and not _ORDERS.search(each) for each in said)


def only_shows(lead: str, info: str) -> bool:
    """Whether a block under a line is what someone will see: "Example good output:"."""
    return info.split(" ")[0].lower() in _OUTPUT and bool(_SHOWS.search(lead))


def announces_a_place(words: str) -> bool:
    """Whether a sentence says where what follows it goes: "Insert after line 398:"."""
    return "\n" not in words.strip() and introduces(words) and bool(_PLACE.match(words))


def repeats(words: str, *titles: str) -> bool:
    """Whether words are no more than one of the titles above them."""
    said = _letters(words)
    return bool(said) and any(said == _letters(title) for title in titles)


def _letters(text: str) -> str:
    return "".join(
        re.findall(r"\w", re.sub(r"^\W*(?:Task|Step)\s+[\w.]+\s*[:：—–-]", "", text))
    ).lower()
