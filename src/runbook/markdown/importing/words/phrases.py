"""English sentences that order an edit, as phrases: the one grammar that forms are written in.

A phrase is the words of a sentence, with slots for what it names:

    [<put> ...] to|at the [very] top|start of <heading> [section]

`[…]` may be missing, `a|b` and `(a b | c)` are one of several, `...` are a few words that name
nothing, and a comma may be missing, too. `<heading>` is a slot of `SLOTS`, and what it holds is
told as its `name`; that of `<heading:one>` as `one`, that of `<heading:_>` not at all. What may
stand around any phrase is not written: "Then, in `ship.py`," before it; its file, a remark in
brackets, "with the following" and "add this" behind it. A sentence that says anything else is
none of the phrase.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count

from runbook.markdown.importing.words.vocabulary import (
    ADDING,
    BEGIN,
    CHANGING,
    CODE,
    END,
    PLACED,
    PUTTING,
    RIGHT,
    SIDE,
    WITH,
    anycase,
)

_SOME = r"[^`\"“.:\s][^`\"“.:]{0,60}?"
_FILE = (
    r"`(?P<file>[^`\n()=]*[^`\n()=\s]\.[^`\n()=\s]+|[^`\n()=\s]+/[^`\n()=\s]*|"
    r"[\w./@-]+/\([\w-]+\)/[\w./@()\[\]-]*\.\w+|\.[\w-]+|[A-Z]\w+file|LICENSE)`"
)
_BEFORE = rf"((in {_FILE}\s*[,:]?|(modify|update|edit) {_FILE}\s*[:,–—-])\s*)?"
# A remark in brackets that neither places nor limits what is said, but by lines, and with their
# number by what stands next to them.
_REMARK = (
    r"\s*\((?![^()]*\b(if|unless|or|but|except)\b)(((right |just )?(after|before|around|near|at|"
    r"on) )?~?lines? ~?\d+\b[^()]*|(?![^()]*\b(before|after|above|below)(?! (the )?lines?\b)\b)"
    r"[^()]*)\)"
)
_OF_LINES = r"\s*\(((declared|defined|currently|now) )?((around|at|on|in) )?~?lines?\s[^()`]*\)"
_TAIL = rf"( (in|into|of|to) {_FILE}|{_REMARK}| (on|at) line \d+)*"
_THEN = r"(\s*,?\s*(add|insert|put|append)\b[^`.:]{0,40})?"
_CONTENT = r"(\. the ((full|new|exact) )?(content|text|section)\b[^`.:]{0,40})?"
_ARTICLES = r"(the )?((existing|current) )?"
_QUOTED = r"[\"“](?P<name>[^\"”\n]+)[\"”]"
_BARE = r"(?P<name>(?-i:[A-Z])[\w &/-]{1,50}?)"  # a name without quotes has a capital
_SIGNED = r"`(?P<name>#{1,6}\s[^`\n]+)`"
_WHOLE = r"( (the|existing|current|entire|whole|full|(contents?|text) of))*"
_FUNCTION = r"(function|method|test|constructor|fixture|helper|component|hook|handler)"
_OWNED = r"(\w+(\.|::))?(?P<name>[A-Za-z_$]\w*)"
_TYPE = r"(class|struct|trait|interface|enum|protocol|actor)"
_AND = r"\s*,?\s*(and|,)\s*"
_GO = r"`\"[\w./-]+\"`"
_STATEMENT = (
    r"`(import\s[^`\n]+|from [\w.]+ import\s[^`\n]+|(pub(\([^()`\n]*\))? )?(use|mod)\s[^`\n]+;|"
    r"export\s[^`\n]+\sfrom\s[^`\n]+|const\s[^`\n]+=\s*require\([^`\n]+)`"
)
_QUOTABLE = r"(line|call|statement|import|comment|row|heading|block|guard|tag|element)"
_QUOTED_LINE = (
    rf"(the )?((existing|closing|opening) )?({_QUOTABLE}s? )?`(?P<anchor>[^`\n]+)`( {_QUOTABLE})?"
)
_NUMBER = r"(~|around |about |at |on )*lines? ~?(?P<first>\d+)"
_ALSO_NUMBERED = (
    r"(((line|existing|new) )*`(?P<name>[^`\n]+)`( [a-z-]+){0,2}?\s*[(,]\s*((which )?(currently )?"
    rf"(ends|is|stands) )?{_NUMBER}\)?|{_NUMBER}\s*[(,]\s*((right |just )?after |before |the )*"
    r"`(?P<name>[^`\n]+)`( [a-z-]+){0,2}?\)?)"
)
_LINE_KIND = r"(line|call|statement|assignment|check)"
_ITEM = r"((table )?rows?|entry|entries|bullets?|(list )?items?|badges?|lines?)"
_BODY = r"(the )?(body of )?(the )?"
KIND = (  # what a definition is
    r"((async|test|helper|pytest|Pydantic|module-level|top-level|SQLModel|computed|stored|"
    r"published|private|public|static|exported|nested) )*(functions?|methods?|"
    r"class(es)?|fixtures?|fields?|constants?|definitions?|dict(ionary)?|helpers?|attributes?|"
    r"properties|property|dataclass|enum|StrEnum|models?|tests?|assignments?|variables?|handlers?|"
    r"commands?|lists?|sets?|tuples?|columns?|endpoints?|routes?|declarations?|markers?|flags?|"
    r"parameters?|config|mapping|map|table|logger|structs?|interfaces?|traits?|types?|components?|"
    r"hooks?|protocols?|actors?|typealias(es)?|type alias(es)?|enums|arrays?|slices?|values?|"
    r"views?|extensions?|requirements?|members?|accessors?|collections?|suites?|cases?|"
    r"actors?|inits?|initializers?|one)"
)
DEFINED = (  # what has a name of its own in a file, and is gone with all its lines
    r"((helper|test|private|public|exported|pytest|async) )*(function|method|class|constant|"
    r"helper|interface|struct|(Str)?enum( class)?|test|fixture|component|hook|type( alias)?|"
    r"typealias|dataclass|trait|protocol)"
)
_MODIFIERS = (
    r"((export|default|pub|abstract|async|public|private|internal|fileprivate|open|static|final|"
    r"override|nonisolated|mutating|@\w+) )*"
)
# Behind what declares it, more of its line; in brackets, what its parameters are called.
_CALLED = (
    rf"`{_MODIFIERS}(((def|class|function|const|let|var|fn|func|interface|type|struct|enum|trait|"
    r"protocol|actor|typealias|extension|case) )?\s*([A-Za-z_]\w*\.)?[A-Za-z_]\w*"
    r"(\(((_|[a-z]\w*):)*\))?|"
    r"(func|var|let) [A-Za-z_]\w*[(<:=\s][^`\n]*)`"
)
_DEFINED = (  # without backticks, it must be said what it is, or be no word
    rf"(the )?((existing|current|new|private|public) )*({KIND} )?({_CALLED}( {KIND})*|"
    rf"(?-i:[A-Z]\w+|[a-z]+(_|[A-Z])\w+|main)(\(\))?( {KIND})+|"
    r"(?-i:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|[A-Za-z]+_\w+)(\(\))?(?![\w./(]))"
)
_TO_DEFINED = rf"\b(in|into|to|inside|within|of) ({_DEFINED}|`)"

# Regular expressions of what a slot stands for; what they name is a group.
SLOTS = {
    "put": PUTTING,
    "make": ADDING,
    "into": r"(to|in|into|on|inside|within|of)",
    "bare": rf"((?!{PLACED.pattern})[^.:`]){{1,120}}?",  # words that name nothing
    "plain": rf"((?!{PLACED.pattern})(`[^`\n]*`|[^.:`])){{1,120}}?",  # words that name no place
    "verb": rf"(?P<verb>{CHANGING}){_WHOLE}",
    "change": rf"{CHANGING}{_WHOLE}",
    "becomes": r"(becomes|now becomes|is now|should become|now reads|now looks like this)",
    "side": rf"{RIGHT}{SIDE}",
    "right": r"(immediately|directly|right|just)",
    "tail": _TAIL,
    "rest": r"\s*[.:：]?.*",  # sentences behind it, which order nothing
    "code": r"`(?P<name>[^`\n]+)`",
    "identifier": r"`(?P<name>[A-Za-z_]\w*)`",
    "collection": r"(arrays?|lists?|dict(ionary)?|map|mapping|table|set|slice|object|tuple|"
    r"registry|constant|literal)",
    "lines": r"(lines? |L)~?(?P<first>\d+)(\s*([-–]|to|through)\s*L?(?P<last>\d+))?",
    # A heading with its signs, by its text, or plain; a section is called so, or by its signs.
    "signed": _SIGNED,
    "heading": rf"{_ARTICLES}({_SIGNED}|{_QUOTED}|{_BARE})",
    "section": rf"{_ARTICLES}({_SIGNED}( section)?|({_QUOTED}|{_BARE}) section)",
    "quote": _QUOTED.replace("[", "(?P<quote>[", 1).replace("]", "])", 1),
    # One that is counted, which only another section can stand beside: "Step 2".
    "counted": r"(?P<quote>(?P<name>(step|phase|part|stage) \d+(\.\d+)*[a-z]?))",
    # An entry of a log of changes, and the remark that it goes below the log's title.
    "entry": r"([\w.-]+|`[^`\n]*`)( ([\w.-]+|`[^`\n]*`)){0,6}?",
    "below-head": r"\((after|below) (the|any) (\w+ )?(header|heading|title|intro\w*)( lines?)?\)",
    "title": rf"({_SIGNED}|[\"“*`]{{0,2}}(?P<name>[A-Z][\w &/-]{{2,50}}?)[\"”*`]{{0,2}})",
    "excluding": r"\(?(but )?not including\)?",
    # Rows and items, by what stands in them, and their table or list.
    "named": rf"{_ARTICLES}(`(?P<name>[^`\n]+)`|{_QUOTED})",
    "item": _ITEM,
    "items": r"((the|a|an|this|these|another|one|two|three|new|following|more|table|list|"
    rf"matching|second|third|fourth|{_ITEM}( (for|to|in) ((the|a|an|its|new) )*"
    r"([\w-]+|`[^`\n]+`))?)\b\s*)+",
    "row": r"`(?P<row>\|\s.*\s\|)`",
    "few": r"([\w`/.-]+ ){0,3}?[\w`/.-]+",
    "within": rf"(in|to|at) the [\w -]{{1,60}}?( of {CODE})?\s*,",
    "next": r"(\s*,?\s*(and|then)|\s*[.,])",
    # A function, its edges, and lines of it.
    "in-function": rf"(in(side)?|within) {_BODY}`{_OWNED}(\(\))?`( {_FUNCTION})?",
    "edge": r"(at|to) the (very )?(?P<edge>top|start|beginning|end|bottom) of "
    rf"{_BODY}(`{_OWNED}\(\)`( {_FUNCTION})?|`{_OWNED}` {_FUNCTION})( body)?"
    r"(\s*\((?P<remark>[^()`]*)\))?",
    "quoted-line": _QUOTED_LINE,
    # What else a place is before or after is said for the reader.
    "and-before": r"(and|but) before (the )?[\w -]{2,50}?",
    "imports-end": r"((near|at|to) (the )?top of (the (file|module)|`[^`\n]+`|[\w/]+\.py)[\s,]*)?"
    rf"\(?{RIGHT}(after|below) (the )?((existing|other|last) )?imports?"
    r"( (block|section|statements?))?([\s,]*((and|but) )?before (the |any )?(other )?"
    r"(fixtures|functions|classes|tests|definitions|code))?",
    "noted": rf"\(([^()`]*\blines?\s*~?\d+,\s*)?{RIGHT}{SIDE} {_QUOTED_LINE}\)",
    # A line by its number and something in it, in either order; and what comes next.
    "numbered": rf"(the )?{_ALSO_NUMBERED}",
    "and-next": r"(and|but) (right |just |immediately )?before (the )?(\w+ )?(`(?P<below>[^`\n]+)`"
    r"( [a-z]+){0,2}?|[\w -]{2,50}?)(\s*\(((starts|at|on) )?lines? ~?\d+\))?",
    "line": rf"(((existing|{_LINE_KIND}) )*`(?P<name>[^`\n]+)`( {_LINE_KIND})?|"
    r"(final |last )?`?return`?( statement)?)",
    # An entry by its key, and the function, call or list around it, which may show more.
    "by-key": rf"\(?{RIGHT}{SIDE} (the )?((existing|last) )?`(?P<name>[\"']\w[\w.-]*[\"']|"
    r"[A-Za-z_]\w*:)`( (entry|key|line|rule|argument|parameter|prop|field|lambda|item))?\)?",
    "by-name": rf"\(?{RIGHT}{SIDE} (the )?((existing|last) )?`(?P<name>[\"']?\w[\w.-]*[\"']?:?)`"
    r"( (entry|key|line|rule|argument|parameter|prop|field|item))?\)?",
    "around": r"(the )?((existing|returned) )?`(return )?(?P<around>[A-Za-z_$]\w*)(\([^`\n]*\))?`"
    r"( (call|block|array|object|method|function|construction|props|list))?",
    "called": r"`(?P<name>[A-Za-z_]\w*)(\(\))?`",
    "callable": r"(function|method|class|helper|test)",
    # A definition, and what goes beside it.
    "defined-here": rf"(?P<name>{_DEFINED}|the constructor)",
    "part": r"(`<)?(?P<part>script|template|style)( setup)?(>`)?",
    "around-it": rf"(?P<name>{_DEFINED})",
    "beside": rf"{RIGHT}(?P<side>after|below|before|above|near|next to|beside|alongside|close to)",
    "closing": r"(the )?closing (brace|bracket|`[})\]]+`) of",
    "closed": r"\s*,?['\u2019]s (closing (brace|bracket|`[})\]]+`)|declaration|definition|body)",
    "others": r"(?P<others>after (the )?(existing|other|last) (fields|methods|tests|functions|"
    r"helpers|fixtures|constants))",
    "front-matter": r"(the )?((existing|current|yaml) )*front[ -]?matter( (block|section))?",
    "field": r"(the |a |these )?[`\"]*[\w-]+[`\"]*( (field|key|value|line|entry|list|property))?s?",
    # What tells of all of a file at its head.
    "head-doc": r"((module|file|crate|header|top|package|script)([- ]level|['\u2019]s)? )+"
    r"(doc(s|umentation|string)?( comments?)?|comments?( block)?|header( comment)?( block)?)",
    "comment": r"(?P<comment>(the )?`(//|#)[^`\n]*`( (comment|section|marker|line))?|"
    r"the [^`,.()]{0,60}?\bcomment)",
    "like": r"(following|matching|mirroring|using) the ((existing|same) )?"
    rf"({CODE} )?(\w+ ){{0,2}}(pattern|style|convention)",
    "what": rf"(?P<what>((?!{PLACED.pattern}|{_TO_DEFINED})(`[^`\n]*`|[\w\s:'\"-])){{1,120}}?)",
    "kind": rf"(?P<kind>{KIND})",
    "called-here": _CALLED.replace("`(", "(?P<name>`(", 1) + ")",
    # By its name without backticks, which what it is stands behind.
    "bare-called": r"(?!(new|old|whole|entire|full|complete|following|same|this|that|"
    r"above|other|first|last|second|next|final|original)\b)(?P<name>(?-i:[a-z])\w*)(\(\))? "
    r"(function|method|class)",
    # A type, and what its members are called; a suite of tests.
    "type": rf"`((pub|public|private|final) )?((impl|{_TYPE}) )?"
    r"(?P<name>(?-i:[A-Z])\w*( for (?-i:[A-Z])\w*)?)`",
    "types": rf"((frozen|dataclass|model|test class|{_TYPE}|impl|block|table|type|suite|"
    r"test suite|protocol|schema|state|config|settings)\b\s*)+",
    "bare-type": r"(?P<name>(?-i:[A-Z]\w*[a-z]\w*))",
    "member": r"\((right |just |directly )?(after|below) (the )?(existing )?`?(?P<name>\w+)`?"
    r"( (method|field|member|property))?(,? (around |near )?lines? ~?\d+)?\)",
    "members": r"(methods?|fields?|members?|variants?|propert(y|ies))",
    "suite": r"((existing|top-level|main|outer|"
    r"same) )*(`describe\(\s*[\"'](?P<name>[^\"'`]+)[\"'][^`]*`( (block|suite))?|"
    r"(`describe(\(\))?`|describe) (block|suite)|[`\"'“]+(?P<name>[^`\"'“”]+)[`\"'”]+ "
    r"(`?describe`?( (block|suite))?|(test )?suite)|(?P<name>(?-i:[A-Z])\w+) (`?describe`? (block|"
    r"suite)|test suite))",
    # A test of JavaScript by its title.
    "titled": r"(the )?((existing|current|last) )*(`((test|it|describe)(\.\w+)*\()?)?"
    r"(\"(?P<name>[^\"\n]{4,})\"|'(?P<name>[^'\n]{4,})')(, (\.\.\.|…)\))?`?"
    r" ((`?(test|it|describe)`?|case|block|suite)\b\s*)+",
    # Keys of a TOML or JSON file, some of a `package.json`.
    "key": r"`[\"']?(?P<name>[\w.-]+)[\"']?`",
    "bare-key": r"(?P<name>scripts|((?-i:dev|peer|optional)D|d)ependencies)",
    "dev": r"(?P<dev>dev(elopment)?[\s-]?dependenc(y|ies))",
    "scripts": r"(?P<scripts>scripts?)",
    # What a sentence without a block names.
    "imports": rf"(?P<name>{_STATEMENT}({_AND}{_STATEMENT})*)",
    "go-imports": rf"(?P<name>{_GO}({_AND}{_GO})*)",
    "codes": rf"(?P<name>{CODE}({_AND}{CODE})*)",
    "ignore-file": r"`(?P<file>([\w.-]+/)*\.\w*ignore)`",
    "file": _FILE,
    "anything": r"(`[^`\n]*`|[^.`])+?",
    "names": r"(`[^`\n]*`|[\w-]+)(\s*(,|and)\s*(`[^`\n]*`|[\w-]+))*",
    "bare-file": r"(?P<name>[\w./-]+)",
    "updated": r"((and|final|full|complete|entire|whole|updated|resulting|new)\b\s*)+",
    "old": r"((the|now[\s-]|unused|old|legacy|obsolete|existing|entire|whole)\s*)+",
    "defined": DEFINED,
    "at-imports": r"(to|at|near|with|alongside) (the )?((very|existing|other|stdlib|module|use) )*"
    r"(top|imports?|declarations?|statements?|import (block|section|list|group))"
    r"( of (the )?(file|module))?",
    "marked": r"([\w-]+ ){0,3}?(`(?P<label>[^`\n]+)`(['\u2019]s)? ([\w-]+ ){0,2}?)?(?P<kind>badge|"
    r"row|entry|line|link|bullet)(['\u2019]s)?( (url|cell|version|text|"
    r"label))*(\s*\((the )?`(?P<row>\|[^`\n]+\|)`( row)?\))?",
    "arrow": r"(to|→|->)",
    "seen": r"\((it )?(appears?|found|used|occurs?|mentioned|seen)\b[^()`]*\)",
    "dotted": r"`(?P<name>[\w.]+)(\(\))?`",
    "adding": r"(add|insert|put)( (?!(after|before|below|above|or|and|if|unless|to|in|at|"
    r"near)\b)[\w-]+){0,5}",
}
_LONGEST = 1000  # characters of a sentence that orders an edit
_BLANKS = re.compile(r"(`[^`\n]*`)|[^\S\n]{2,}")
_GLUED = (",", ":", "<tail>", "<next>", "<rest>")  # no blank stands before them
_TOKEN = re.compile(r"<[\w-]+(?::\w+)?>|[\[\]()]|\.{3}|[,:]|[^\s\[\](),:<>]+")


def told(said: str, words: str, *, block: bool = True) -> dict[str, str] | None:
    """What the slots of a phrase hold where words say it; `None` where they don't.

    `file` are the files that the sentence names, as code.
    """
    if len(words) > _LONGEST:
        return None
    found = phrase(said, block=block).fullmatch(_spaced(words))
    if found is None:
        return None
    held: dict[str, str] = {}
    for group, it in found.groupdict().items():
        slot = group.partition("_")[0]
        if it and slot == "file":
            held[slot] = f"{held.get(slot, '')} `{it}`".strip()
        elif it and slot:
            held[slot] = it
    return held


@lru_cache(maxsize=64)  # each phrase is held against the same words
def _spaced(words: str) -> str:
    """Words with one blank between them, from a small letter on.

    A name without quotes begins with a capital, and is no sentence.
    """
    return _BLANKS.sub(lambda it: it[1] or " ", words[:1].lower() + words[1:])


@lru_cache(maxsize=256)
def phrase(words: str, *, block: bool = True) -> re.Pattern[str]:
    """The expression of all sentences that say a phrase and nothing else.

    Its groups are the names of its slots, with a number behind them, as one may be said in several
    ways. With a `block` behind it, the sentence may lead to that; without one, it says all, and
    what stands in brackets are lines.
    """
    core = _alternatives(_TOKEN.findall(words)[::-1])
    leads = f"{WITH}{_THEN}{_CONTENT}" if block else ""
    numbers = count()
    whole = re.sub(
        r"\?P<(\w+)>",
        lambda it: f"?P<{it[1]}_{next(numbers)}>",
        f"{BEGIN}{_BEFORE}{core}{_TAIL}{leads}{END}",
    )
    return anycase(whole if block else whole.replace(_REMARK, _OF_LINES))


def _alternatives(tokens: list[str]) -> str:
    """What is read up to a bracket that closes, with `|` between the ways to say it."""
    ways: list[list[tuple[str, str]]] = [[]]
    while tokens and (token := tokens.pop()) not in ("]", ")"):
        if token == "|":
            ways.append([])
        elif token in ("[", "("):
            ways[-1].append((token, _alternatives(tokens)))
        elif token == "...":
            ways[-1].append(("[", _SOME))
        else:
            ways[-1].append((token, _slot(token) if token[0] == "<" else f"({token})"))
    return f"({'|'.join(map(_sequence, ways))})"


def _slot(token: str) -> str:
    slot, _, name = token[1:-1].partition(":")
    return re.sub(r"\?P<(?:name|side)>", f"?P<{name}>", SLOTS[slot]) if name else SLOTS[slot]


def _sequence(parts: list[tuple[str, str]]) -> str:
    """Parts with blanks between them, which go along with those that are missing."""
    made, begun = "", False
    for token, said in parts:
        if token in _GLUED:
            made, begun = made + (said if token[0] == "<" else rf"\s*{token}?"), True
        elif token == "[" and (begun or said.startswith(r"(\s*,?")):
            blank = "" if said.startswith(r"(\s*,?") else " "
            made += f"({blank}{said})?"
        elif token == "[":
            made += f"({said} )?"
        else:
            made, begun = made + (f" {said}" if begun else said), True
    return made
