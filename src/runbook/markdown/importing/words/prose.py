"""Tells instructions from explanations: what a plan says beside its code."""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import (
    MAKING,
    anycase,
    begins,
    has,
    is_all,
    spelled,
    without_code,
)

_VERBS = (
    rf"{MAKING}|"
    "also|alternatively|build|call|clean|connect|deploy|design|disable|enforce|ensure|expose|find|"
    "follow|generate|give|handle|include|initialize|inject|install|keep|link|locate|make|mark|merge|"
    "open|pass|place|prepend|promote|publish|push|put|read|record|relocate|render|repeat|restart|"
    "return|review|re-?run|run|execute|save|start|store|style|transform|trim|use|verify|check|"
    "confirm|inspect|look|navigate|click|test|try|visit|"
    "do not|don't|never|always|must|then|next|finally|first|second|manually|optionally|if"
)
# A verb, or the noun of one, that ends a sentence; remarks in brackets may stand behind it.
_JAPANESE = (
    r"((?<!に対)(する|すること)|[えけせてめげべね]る"
    r"|(書き?換え|レビュー|配置|設置|保存|記録|反映|移動|置換|統一|整理|用意|準備|貼り?付け|"
    r"コピー|調整|転記|設定|設計|登録|導入|適用|統合|分割|有効化|無効化|リネーム|"
    r"コミット))([*_`]*)\s*([（(][^（）()\n]*[)）]\s*)?([。：:]|$)"
)
_INSTRUCTS = anycase(
    rf"(^|[.;:][*_]* |\n)\s*([-*+] |\d+[.)] )?(\[[ xX]\]\s*)?[*_`]*((in|to) ``\s*,\s*"
    rf"|(for|in) (each|every|all|both)\b[^.:\n]{{0,80}}?,\s*)?({_VERBS})\b"
    r"|\b(must|should|needs? to|has to|have to) (also )?(be )?(add|chang|updat|remov|renam|mov|"
    r"replac|creat|import|writ|delet|implement|edit|cop)"
    rf"|(^|[.;:][*_]* |\n)[\s*_\d.)-]*{spoken('makes', spaced=True)}"
    rf"|(?<!zu\s){spoken('orders_last')}\s*(\([^()\n]*\)\W*)?([.:]|$)"
    rf"|してください|する。|置き?換え|手動|{spoken('makes', spaced=False)}|{_JAPANESE}",
    re.MULTILINE,
)
# A label above what is done, that says what it is for.
_ASIDE = r"\s*(\([^()\n]*\)\s*)?[:：*]"
_GOALS = (
    r"((task |step )?(goal|purpose|aim|intent|objectives?|background|context|outcomes?|motivation|"
    r"summary|overview|(acceptance|success|exit) criteria|definition of done|user stor(y|ies))|"
    r"目的|目標|背景|目标|概要)"
)
GOAL = rf"({_GOALS}(( (and|&) |与|和|及){_GOALS})?{_ASIDE})"
WHAT_FOR = rf"((why|rationale){_ASIDE}|{GOAL})"
_REMARK = (
    r"(important|warning|caution|tip|hint|reminder|notes?|references?|see also|skills?)"
    rf"{_ASIDE}"
)
# Whether words are labelled as a remark: "Rationale:", "What changed:".
explains = begins(
    r"\W*(\*\*)?(((design|implement(ation|er)|dev(eloper)?|side|scope|historical|important|"
    r"testing|security|performance|migration|reviewer) )?Note|NB|Why|Rationale|Changes( made)?|"
    r"What changed|注意?|補足)\b"
    rf"|\W*{GOAL}"
)
# They say why something is so, whatever must be.
_REASONS = anycase(rf"\W*((Why|Rationale|Reason(ing)?)\b|{GOAL})")
ANY_MAKING = anycase(rf"\b{MAKING}")
_THEN_MAKES = anycase(rf"\n\W*(then |also )?{MAKING}")
# Whether a paragraph is a label that says what something is for: "**Purpose:** …".
says_what_for = begins(rf"\W*{WHAT_FOR}")
_REMARKS = anycase(rf"\W*{_REMARK}")
# Whether a paragraph is a label that says what a step comes to, and not only why.
says_goal = begins(rf"\W*{GOAL}")
_AND_VERB = anycase(rf"\b(and|then) (hand-)?({_VERBS})\b")
_ASKS_FOR_MORE = anycase(rf"(\b(and|then|but|(?<!\bto\s)also) (\w+ly |also )?|[;.。] )({_VERBS})\b")
_ORDERS = anycase(
    r"(^|[.;!] |\n)[\s*_\d.)-]*((now|then|next|finally)\W+)?(in|inside|within|at|on|from|to|under|"
    r"near|for)\b([^:.\n]{0,80}?(,|``\W*)| \S+\.\w{1,5}\W)\s*"
    rf"(also |then )?{MAKING}[^.\n]{{0,120}}[:：]\W*$"
)
_SEES = (
    f"({spoken('run', spaced=False)}|{spoken('verification', spaced=False)}|"
    f"{spoken('commit', spaced=False)}|{spoken('read', spaced=False)})"
)
_CYCLE = r"(?:[\d.]+\W*)?(?:RED|GREEN|REFACTOR)\b\W+"  # where a test's cycle is
# Whether a step's title says that files are changed in it.
makes_something = has(
    rf"^\W*(?:{_CYCLE})?{MAKING}|^\W*{spoken('makes', spaced=True)}"
    rf"|^(?!\W*{_SEES}).*{spoken('makes', spaced=False)}",
    of=without_code,
)
_NOTED = anycase(
    r"\b(do not|must|make sure|be sure|remember to)\b|(^|[.;:] )don't\b"
    r"|(調整|修正|変更|追加|更新|削除|置換)(する|してください|すること)"
    rf"|([.;:：][*_]* |\n)[*_]*(then |also )?{MAKING}"
)
_IMPLIES = anycase(
    r"\b(same|similar|identical|analogous) (\w+ )?(changes?|edits?|fix(es)?|replacements?|"
    r"updates?|treatment|substitutions?|for|in|goes|applies)\b"
    r"|\b(likewise|ditto|similarly|accordingly|as well|etc)\b"
    r"|\balso (bumps?|changes?|needs?|moves?|goes|gets?|applies|becomes?|updates?|in|for|to)\b"
    r"|\b(is|are|gets?|be) (now |also |then )?(deleted|removed|dropped|replaced|renamed|moved|"
    r"bumped|updated|changed|added|inserted)\b"
    r"|\bbecomes?\b|`\s*(→|->|=>|⇒)\s*`"
    r"|(^|\n)\W*in (the )?`[^`\n]+`( [\w-]+){0,2}:\s*`"
)


# Of a known risk, "run it again" is what to do then.
_WARNS = anycase(
    rf"\W*(known (risks?|issues?|limitations?|gaps?|problems?)|risks?|gotchas?|pitfalls?|fyi|"
    rf"heads[- ]up){_ASIDE}"
)
_MAKES_AFTER = anycase(rf"[.;!] \W*((then|so|also|please),? )*{MAKING}\b")
_JUDGES_IN_WORDS = anycase(
    r"(?=([^\W\d_]|`))[^:：]*\b(pass(es)?|fails?|succeeds?|compiles?|exists?|prints?|shows?|includes?|"
    r"contains?|lists|validates?|exits?|completes?|because)\b[^:：]*"
)


def judges_in_words(text: str) -> bool:
    """Whether a text is sentences that tell how something goes, and nothing that it would print.

    "All tests pass.", "FAIL because `a.py` does not exist yet."
    """
    told = re.sub(r"\s*\n\s*", " ", text.strip())
    if told.strip("*.! ") in ("PASS", "FAIL"):
        return True
    return told.endswith(".") and all(
        len(each.split()) > 2 and _JUDGES_IN_WORDS.fullmatch(each)
        for each in re.split(r"(?<=\.) (?=[^\W\d_`])", told)
    )


def instructs(words: str, *, leads: bool = False) -> bool:
    """Whether words tell someone to do something, or may do so.

    With `leads`, a command follows, which is what they say to run.
    """
    text = without_code(words).strip()
    if leads:
        text = re.sub(r"\b(?:re-?run|run|execute)\b", "so", text, flags=re.IGNORECASE)
    if not text:
        return False
    if _WARNS.match(text):
        return _MAKES_AFTER.search(text) is not None
    if explains(text):
        # A note may still end in an instruction, as a list of changes doesn't.
        changes = text.lower().lstrip("*_ ").startswith("changes")
        if _REASONS.match(text):
            return bool(_THEN_MAKES.search(text))
        return bool(_NOTED.search(text)) and not changes and not only_remarks(text)
    return bool(_INSTRUCTS.search(text))


# Words that begin sentences, and order nothing.
_NO_ORDER = anycase(
    r"(after|although|an?|and|any|as|at|because|before|below|besides|both|but|by|can|did|do|does|"
    r"during|each|either|every|few|for|from|given|here|how|if|in|inside|instead|is|it|its|like|"
    r"many|most|near|neither|no|none|not|now|of|on|once|one|only|or|our|over|per|since|so|some|"
    r"still|that|the|their|then|there|these|they|this|those|though|through|to|two|under|unless|"
    r"until|upon|via|we|what|when|where|whether|which|while|why|will|with|within|without|yet|you|"
    r"your|\w+([^s]s|ed|ing|ly|tion|ment|ness|ity))\b"
)
_ORDER_LIKE = spelled(
    r"[A-Z][a-z]+ ((the|an?|all|each|every|both|this|that|these|its|any|existing|new)\b|``)"
)
_THEN_RUN = anycase(r"([,;]? (and|then)( then)?|[.;,]) (re-?)?(run|execute)\b[^.:]{0,40}[:：]\W*$")


def orders_before_a_run(words: str) -> bool:
    """Whether words order something, with whatever verb, and then have a command run.

    "Cover the payload with a test, then run:".
    """
    text = without_code(words).strip()
    run = _THEN_RUN.search(text)
    said = re.split(r"(?<=[.!])\s+", text[: run.start()]) if run else []
    return any(_ORDER_LIKE.match(each) and not _NO_ORDER.match(each) for each in said)


_OF_CODE = anycase(rf"({MAKING}|(re-?)?run\b|commit\b)[^`:：\n]*(`(?P<code>[^`\n]+)`|$)")


def orders_of_no_file(item: str) -> bool:
    """Whether an item among files orders something, and not what happens to a file.

    "Change `a = 1` to `a = 2`", behind the files, is in Markdown an item of the same list.
    """
    found = _OF_CODE.match(item)
    return found is not None and (found["code"] is None or parse_path(found["code"]) is None)


def orders_a_change(lead: str) -> bool:
    """Whether words before a block say at their end to change a file: "In `row.py`, replace:".

    The verb stands behind the place here, where a remark could as well begin.
    """
    text = without_code(lead).rstrip()
    return _ORDERS.search(text) is not None


def only_remarks(words: str) -> bool:
    """Whether a paragraph is labelled as a remark, and orders nothing: "**Important:** Never …"."""
    if _REMARKS.match(words.strip()) is None:
        return False
    allowed = re.sub(
        r"\b(?:do\s+not|don't|never|must\s+not)\b(?!\s+(?:forget|omit|skip|miss)\b)[^.;\n]*",
        "",
        without_code(words),
        flags=re.IGNORECASE,
    )
    return ANY_MAKING.search(allowed) is None


# "And then update it:" goes on from what was said before; it is one thing.
_GOES_ON = anycase(r"^\W*((and|then|next|now|finally)\b,? )+")


@lru_cache(maxsize=64)  # every rule asks it of the words before a block
def asks_for_more(words: str) -> bool:
    """Whether one line tells someone to do more than one thing: "Remove it and update the rest"."""
    bare = _GOES_ON.sub("", without_code(re.sub(r"^\W*\d+[.)]\s", "", words)), count=1)
    return _ASKS_FOR_MORE.search(bare) is not None


# Whether words tell someone to commit something: "Commit the result.".
orders_a_commit = has(
    r"(^|[.;!] |\n|, (and )?(then )?)\W*((then|next|now|finally)\b,? )?commit ((everything|all|"
    r"the|this|these|your|it|them|both)\b|with\b|`|\")"
)


def leaves_work(words: str) -> bool:
    """Whether words beside an edit may say that something else is changed as well.

    "The same in `row()`", "the old one is deleted": not for what stands alone, where such words
    explain.
    """
    return instructs(words) or bool(_IMPLIES.search(words))


_TELLS_WHY = anycase(
    r"\W*(this|these|they|it|its|that|those|all|both|no|none|nothing|nobody|which|since|because|"
    r"the ((same|old|issue) )?([\w#-]+ ){0,3}?(file|functions?|class(es)?|tests?|methods?|modules?|"
    r"scenarios?|entry|entries|helpers?))\b"
)
_MORE_OR_WHEN = anycase(
    r"\b(too|also|as well|likewise|similarly|accordingly|etc|with (it|them)|callers|must|should|"
    r"once|when|until|unless|if|as soon as|where|now|instead)\b"
)
_GONE = anycase(r"\b(is|are|was|were) (deleted|removed|dropped|replaced|moved)\b")


def only_reasons(words: str) -> bool:
    """Whether words behind a removal only say why: "It was of the old pier, which is removed".

    What is said to go elsewhere is no order where it names no file for that.
    """
    bare = without_code(words)
    if instructs(words) or _MORE_OR_WHEN.search(bare) or _IMPLIES.search(_GONE.sub("", bare)):
        return False
    files = any(parse_path(code) for code in re.findall(r"`([^`\n]+)`", words))
    said = [each for each in re.split(r"(?<=[.!])\s+", bare.strip()) if each]
    return all(map(_TELLS_WHY.match, said)) and not (files and _GONE.search(bare))


def may_order(words: str) -> bool:
    """Whether any words may order something, wherever these stand: "In `row.py`, remove it"."""
    bare = without_code(words)
    return leaves_work(words) or ANY_MAKING.search(bare) is not None


def without_explanations(words: str) -> str:
    """The words without the sentences that explain something: "This is checked by `row`."."""
    kept = []
    fenced = False
    for line in words.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            sentences = re.split(r"(?<=[.。])\s+", line)
            line = " ".join(each for each in sentences if not _only_explains(each))
        kept.append(line)
    return "\n".join(kept)


def _only_explains(sentence: str) -> bool:
    begins = re.match(r"\W*(?:These|This|They|It)\s", sentence)
    return begins is not None and not leaves_work(sentence)


def introduces(words: str) -> bool:
    """Whether words only lead up to what follows them: "Generate the migration:"."""
    text = words.strip()
    more = _AND_VERB.search(text)
    return "\n" not in text and len(text) < 160 and text.endswith((":", "：")) and not more


# Whether words are of what a command does by itself: "Make it executable:".
tells_to_run = has(
    r"\b(executable|re-?run|run|execute|verify|check|test|build|install|format|commit|"
    r"regenerate|stage)\b"
)
# Whether words are no more than "Run:" or "Then:".
says_nothing = is_all(
    r"\W*((then|now|and|next)\W*)?(run|execute|verify|check|commands?|do)?"
    r"( (this|it|the following|commands?))*\W*"
)


def if_it_fails(words: str, *, counted: bool = False) -> bool:
    """Whether words only say what to do where a check before them is not met.

    A run stops there, and shows them; otherwise there is nothing to do. With `counted`, a check
    stands right before them, so that "If less than 14" is of what it has shown.
    """
    text = re.sub(r"\s*\n\s*", " ", without_code(words).strip())
    if counted:
        text = _IF_COUNTED.sub("If it fails, ", re.sub(r"\s*\([^()]*\)", "", text))
    sentences = [each for each in re.split(r"(?<=[.!])\s+", text) if each]
    return (
        bool(sentences)
        and _WHERE_IT_FAILS.match(sentences[0]) is not None
        and all(_REPAIRS.match(each) for each in sentences[1:])
    )


_WHERE_IT_FAILS = anycase(
    r"\W*(if|should|when|in case)\b[^,.;:]*\b(fails?|failing|failed|failures?|problems?|issues?|"
    r"breaks?|broken|errors?|off|missing|mismatch\w*|differs?|wrong|unexpected\w*|not|red|hits?|"
    r"remains?|regress\w*|violations?|warnings?|stale|trips?)\b[^.;]*[,:—–-]"
)
_IF_COUNTED = anycase(
    r"\W*(if|when) ((it|this|the (output|count|number|result)) )?((is|are|prints?|shows?|returns?|"
    r"outputs?|there (is|are)) )?(less|fewer|more|lower|higher|empty|nothing|none|other|"
    r"any(thing)? (else|other))\b[^,.;:—–]*[,:—–]\s*"
)
_REPAIRS = anycase(
    r"\W*(if|otherwise|fix|re-?run|repeat|retry|stop|investigate|debug|diagnose|revert|go back|"
    r"return to|do not (proceed|continue|move on|commit)|don't (proceed|continue|move on)|common "
    r"(causes?|issues?)|likely|most likely|usually|this|it|that|these)\b"
)


# Whether words only have put right what a check before them finds: where it passes, there is none.
repairs_what_fails = is_all(
    r"\W*(then )?(fix|resolve|address) (what(ever)? (fails|breaks)|(any|all)( of the| the)? "
    r"((remaining|resulting|reported|import|type|test|compile|compiler|compilation|lint|linting|"
    r"build|failing) )*(issues?|errors?|problems?|failures?|violations?|tests?)( (found|reported|"
    r"that (come|comes|show|shows) up|that (arise|appear|remain)s?))?)\W*"
)


def only_repairs(words: str) -> bool:
    """Whether words only say what to look into where something goes wrong, and change nothing."""
    text = re.sub(r"\s*\n\s*", " ", without_code(words).strip())
    return if_it_fails(words) and _LOOKS_INTO.match(text) is not None


_LOOKS_INTO = anycase(
    r"[^,:—–-]*[,:—–-]\W*(then |first )?(fix|re-?run|repeat|retry|stop|investigate|debug|diagnose|"
    r"go back|return to|do not|don't|report|ask|check|look|review|see|inspect|read|escalate|abort|"
    r"halt|pause|note)\b"
)
