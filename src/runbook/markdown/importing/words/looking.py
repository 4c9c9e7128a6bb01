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
    says_what_for,
)
from runbook.markdown.importing.words.vocabulary import MAKING, plain, said_of

_LOOKS = re.compile(
    r"(?:(?:then|now|next|also|finally|first|manually|visually|re-?|again|please|double-),?\s*)*"
    r"(?:read|look|restart|reopen|re-?launch|quit|close|inspect|review|verif\w*|confirm|check|open|"
    r"navigate|start\s+the|click|see|observe|audit|visit|scroll|select|log\s+(?:in|out)|"
    r"sign\s+(?:in|out)|hover|press|resize|reload|refresh(?=\s+(?:the\s+)?(?:page|browser|tab|"
    r"window|app)\b|\W*$)|watch|visual|note\b|compare|examine|study|understand|familiari[sz]e|"
    r"identify|locate|search|find|view|list|re-?run|run|execute|test\b(?!\s+(?:class|file|case|"
    r"group|scenario|setup|suite)e?s?\b)|tests?\s+must\s+pass|launch|browse|go\s+to|expect\w*|ask|"
    r"dry-?\s?run|walk|trace|simulate|report|wait|stop|proceed|continue|repeat|investigate|debug|"
    r"listen|count|monitor|green\b|red\b|pass\b|fail\b|all\s+(?:tests|green)|evidence|manual\b|"
    r"smoke|acceptance|sanity|(?:[\w.-]+\s+){0,3}checklist|final\s+(?:check|verification|review)|"
    r"end-to-end|user\s+acceptance|e2e|(?:make\s+sure|ensure)(?=\b[^.]*\b(?:browser|page|screen|"
    r"site|window|app|button|dialog|loads?|renders?|displays?|appears?|visible|looks?|opens?)\b)|"
    r"(?:ready|done|gate)(?=\s*[:：—–-]|\W*$)|checkpoint|measure|determine|decide|type\b)\b"
    rf"|[^\n]*(?:{spoken('verification', spaced=False)}|確認|検証|レビュー|检查|查看)",
    re.IGNORECASE,
)
_JUDGES = re.compile(
    r"(?:^|[.;:,!—–-]\s+|\n|\b(?:and|then|to|by|re-?|double-)\s*)\W*(?:\d+[.)]\s*)?(?:(?:also|again|"
    r"manually|visually|carefully|quickly|please)\s+)*"
    r"(?:(?:(?:spot|sanity|visual)[- ])?(?:verif(?:y|ication)|confirm(?:ation)?|check|review|"
    r"inspect(?:ion)?)\b(?!\s+out\b)|"
    r"look\s+(?:at|through|over)\b|see\s+(?:that|if|whether|the|``)|observe|compare|audit|make\s+sure|"
    r"ensure|ask\s+(?:the\s+|your\s+)?(?:user|human|reviewer|owner|team|partner|them)\b)"
    r"|\b(?:should|must|expect(?:ed|s)?|visual\w*|acceptance|smoke|sign-?off|approv\w+|checklist|inspection|"
    r"appears?|renders?|loads?|displays?|disappears?|serves?|pass(?:es)?|works)\b"
    rf"|{spoken('verification', spaced=False)}|確認|検証|レビュー|点検|检查|查看",
    re.IGNORECASE,
)
_SOMEWHERE = re.compile(r"(?:in|on|at|from|inside|within)\b[^:,]{1,80}[:,]\s*", re.IGNORECASE)
_READS = re.compile(
    r"(?:(?:then|now|next|also|finally|first|carefully)\s+)*(?:read|study|understand|familiari[sz]e|"
    r"locate|find|identify|examine|note|look\s+(?:for|up))\b",
    re.IGNORECASE,
)
_WRITES = re.compile(
    rf"(?:^|[.;:,]\s+|\n|\band\s+|\bthen\s+|\bor\s+|\bto\s+)\W*(?:\d+[.)]\s*)?(?:also\s+|then\s+|re-?)*{MAKING}"
    r"|\b(?:must|should|needs?\s+to|has\s+to|have\s+to)\s+(?:also\s+)?(?:be\s+)?(?:add|chang|updat|"
    r"remov|renam|mov|replac|creat|import|writ|delet|implement|edit|cop)"
    r"|\b(?:commit|push|merge|release|tag|save|generate|regenerate|record|wire|connect|clean(?!\s+(?:branch|tree|state|run|build|output))|fill|"
    rf"repair|adapt)\b(?!\s+(?:message|hash|sha|log))|{spoken('makes')}"
    r"|\bneeds?\s+(?:\w+\s+)?(?:updating|changing|fixing|removing|adding|moving|renaming|adjusting)\b"
    r"|(?:配置|保存|転記|反映|追記)(?:する|して|。|$)",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    rf"(?:^|[.;]\s+|\n|\band\s+|\bthen\s+)\W*(?:\d+[.)]\s*)?(?:also\s+|then\s+|re-?)*"
    rf"(?:{MAKING}|fix\b)|{spoken('makes')}",
    re.IGNORECASE,
)
_THEN_ORDERS = re.compile(rf",\s+(?:also\s+|then\s+)?{MAKING}", re.IGNORECASE)
_PERHAPS = re.compile(r"\W*(?:if|unless|otherwise|where|when)\b", re.IGNORECASE)
_NOT_YET = re.compile(
    r"\W*(?:(?:please\s+)?(?:do\s+not|don't|no|skip(?:\s+the)?)\s+(?:\w+\s+)?commit\b(?:ting)?|"
    r"no\s+(?:code|file|source|implementation)?\s*changes?\b|nothing\s+(?:to|is|needs|else)\b|"
    r"(?:this|the)\s+commit\s+comes\b|commit\s+(?:comes|happens|later)|"
    r"no\s+(?:(?:new|automated|unit|existing|separate)\s+)*(?:implementation|code|tests?)\b[^.]{0,30}"
    r"\b(?:needed|required|necessary|exist|apply)\b|not\s+(?:applicable|needed|required)\b|n/a\b|"
    r"(?:this|the)\s+(?:task|step|phase)\s+(?:produces|makes|has|needs|requires|changes)\s+(?:no\b|"
    r"nothing\b)(?:\s+\w+)?(?:\s+changes?\b)?)"
    r"[^\n]*",
    re.IGNORECASE,
)
_NO_COMMIT = re.compile(r"^\W*no\s+commits?\b[^\n]*$", re.IGNORECASE | re.MULTILINE)
_ONLY_RUNS = re.compile(
    r"(?:(?:then|now|next|also|finally|first|please)\b,?\s+)*(?:(?:re-?)?(?:install|run|execute)|restart|launch|"
    r"open|find|locate|read|study|look|review|inspect|check|verify|confirm|navigate|click|visit|try|download)\b",
    re.IGNORECASE,
)
_OTHER_PLACE = re.compile(
    r"\bin\s+(?:any|another|some\s+other|an?\s+(?:scratch|separate|different|throwaway|temp(?:orary)?|clean|"
    r"fresh|new|empty|sample|test))\s+(?:\w+\s+)?(?:workspace|project|repo(?:sitory)?|checkout|clone)\b",
    re.IGNORECASE,
)
_UNCHANGED = re.compile(
    r"\b(?:keep|leave)\b[^.\n]*\b(?:as\s+(?:it|they)\s+(?:is|are)|as[- ]is|untouched|intact)\b|"
    r"\bno\s+(?:\w+\s+){0,2}(?:changes?|edits?|work)\s+(?:(?:is|are)\s+)?(?:needed|required|necessary|to)\b|"
    r"\bno\s+(?:\w+\s+){0,2}(?:verification|action|steps?|fix(?:es)?)\s+(?:(?:is|are)\s+)?(?:needed|required|necessary)\b|"
    r"\b(?:already|still|remains?|stays?)\s+(?:works?|correct|valid|fine|done|handled|cover(?:s|ed)|created?|in\s+place|supported|implemented|"
    r"wired|sufficient|enough|tested)\b|"
    r"\b(?:is|are|stays?|remains?)\s+unchanged\W*[:：]\W*$|\bnothing\s+(?:to\s+(?:do|change)|needs?\s+(?:to\s+)?(?:be\s+)?(?:do|chang)\w*|changes)\b|"
    r"(?:変更|修正|対応|編集)(?:は)?不要",
    re.IGNORECASE,
)
_COVERED = re.compile(
    r"\b(?:is|are|get|will\s+be)\s+(?:\w+ly\s+)?(?:verified|covered|tested|checked|exercised|validated)\s+"
    r"(?:by|in|through|via|as\s+part\s+of)\b",
    re.IGNORECASE,
)
_TESTS_SHOW = re.compile(
    r"\W*(?:(?:the|these|all|unit|integration)\s+)*tests?\s+(?:must|should|need\s+to|have\s+to|will)\s+"
    r"(?:verify|cover|show|prove|validate|check)\b(?!.*\b(?:add|create|extend|update|write)\b[^\n]*\btests?\b)",
    re.IGNORECASE | re.DOTALL,
)
_SHOWS = re.compile(
    r"\b(?:example|sample|good|bad|typical|expected)\b[^.\n]{0,30}\b(?:outputs?|responses?|results?|"
    r"runs?|transcripts?|logs?|display)\b[^\n]{0,90}[:：]?\W*$"
    r"|\b(?:outputs?|results?|responses?)\s+(?:should|will|would|looks?)\b[^\n]{0,60}[:：]\W*$"
    r"|\byou(?:'ll|\s+will|\s+should|\s+would)\s+(?:now\s+)?see\b[^\n]{0,60}[:：]\W*$",
    re.IGNORECASE,
)
# What a task comes to and is held to; none of it is to be done by itself.
_FIELD = re.compile(
    r"\W*(?:(?:spec|requirements?|ac|acceptance)\s+(?:coverage|criteria|refs?)|(?:plan\s+|design\s+|"
    r"hard\s+)?constraints?|open\s+questions?|depends\s+on|dependencies|blocked\s+by|blocks|risks?|"
    r"assumptions?|non-?goals?|out\s+of\s+scope|interfaces?|consumes|produces|estimated?\s+\w+|owner|priority|"
    r"status|goals|references?|see\s+also|deliverables?|outputs?|(?:key|main|planned)\s+changes|scope|"
    r"what\s+changes|test\s+plan)\b[^:：*\n]{0,30}\s*[:：*]"
    rf"|\W*{WHAT_FOR}",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:first|before|beforehand|prerequisites?|(?:start|begin)\s+(?:by|with))\b", re.IGNORECASE
)
# They say of each title the same.
_COMMON = frozenset(
    {"creat", "updat", "add", "new", "file", "files", "task", "step", "with", "from", "that",
     "this", "the", "and", "for", "its", "all", "any", "are", "into", "not", "use"}
)  # fmt: skip
_OUTPUT = {"", "text", "plaintext", "console", "output", "log", "txt"}
_PLACE = re.compile(
    r"\W*(?:in|inside|within|at|after|before|below|above|under|near|insert|add|append|prepend|put|"
    r"place|(?:the\s+)?following)\b[^\n]*[:：]\W*$",
    re.IGNORECASE,
)


def only_looks(title: str, words: str) -> bool:
    """Whether a step, by its title and words, changes nothing: someone is to see for themselves."""
    said = said_of(_NO_COMMIT.sub("", words))
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


def in_another_place(words: str) -> bool:
    """Whether words have someone work in another project than this: "in any workspace"."""
    return _OTHER_PLACE.search(plain(words)) is not None


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

    "Confirm that the page loads" does, "restart the server" doesn't.
    """
    return bool(_JUDGES.search(f"{plain(title)}\n{plain(words)}"))


def may_only_look(title: str, words: str) -> bool:
    """Whether a step, by its title, has someone look, and orders no change but a needed one."""
    heading = plain(title)
    if not heading or not _LOOKS.match(heading) or _WRITES.search(heading):
        return False
    said = said_of(words)
    return not any(_ORDERS.search(each) and not _PERHAPS.match(each) for each in said)


def describes(words: str, titles: str, steps: str) -> bool:
    """Whether words at the head of a task only say what its steps do.

    They do where a title says as much, and where the steps name all files that the words name.
    """
    if _EARLIER.search(words):
        return False
    named = [each for each in re.findall(r"`([^`\n]+)`", words) if looks_like_path(each)]
    if any(each.rstrip("/").rpartition("/")[2] not in steps for each in named):
        return False
    if says_what_for(words):
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


def lists_what_tests_show(words: str) -> bool:
    """Whether words only say what tests are to show: "Tests must verify each of these:"."""
    return _TESTS_SHOW.match(words) is not None


def only_reads(title: str, words: str) -> bool:
    """Whether a step only has its reader read or find something, which prepares the next."""
    said = [*said_of(title), *said_of(words)]
    reads = [bool(_READS.match(each)) for each in said if each]
    return bool(reads) and all(reads) and only_looks(title, words)


def says_covered(words: str) -> bool:
    """Whether words only say what else verifies something: "Covered by the tests of phase 3."."""
    said = said_of(words)
    return bool(said) and all(_COVERED.search(each) and not _ORDERS.search(each) for each in said)


def says_not_yet(words: str) -> bool:
    """Whether words only say that something is not done: "Do not commit yet.", "No changes"."""
    return bool(_NOT_YET.fullmatch(plain(re.sub(r"\s*\n\s*", " ", words.strip()))))


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
