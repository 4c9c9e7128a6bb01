"""Words that make what they stand by depend on something: conditions and alternatives.

Whether something is so, or which way is gone, is a person's to say. Words for what a program does
("if the list is empty it returns None") are no condition of a step, and nor is what is to be done
where a check fails: a run stops there.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.prose import if_it_fails
from runbook.markdown.importing.words.vocabulary import MAKING, without_code
from runbook.markdown.importing.words.ways import (
    another_way,
    if_it_failed,
    label,
    of_one_system,
    variant,
)

_IF = (
    r"(?:(?:only|but|and|or|then)\s+)?(?:if|unless|in (?:the )?case|provided(?:\s+that)?|"
    r"depending on|assuming|supposing|given\s+that|whenever)\b"
)
_BEGINS = (
    rf"(?:{_IF}|(?:only\s+)?when\b|where(?:ver)?\b|except\s+(?:on|for|in|when|where)\b|only\s+(?:for|on|in|where|after|once|needed)\b|(?:as|so)\s+long\s+as\b|"
    r"in\s+the\s+event\b|on\s+(?:failure|success|an?\s+(?:yes|no))\b|"
    r"should\s+(?:it|they|this|that|there|any\w*|all|some\w*|you|we|``|(?:the\s+|a\s+)?\w+\s+(?:be|not|"
    r"fail|break|still|turn|need|prove)|the\s+\w+)(?=\W|\s)|"
    r"(?:once|after|when)\s+(?:[^,.:;]{1,40}\s)?(?:released|merged|deployed|shipped|published|live|"
    r"rolled\s+out)\b|(?:after\s+|post-?\s*)(?:the\s+)?(?:release|merg\w+|deploy\w*|launch|rollout)\b(?!\s+\w+s?\b)|"
    r"(?:with|upon|after|on|given)\s+(?:(?:the|an?|your|their|its)\s+)?(?:\w+(?:'s)?\s+)?(?:approval|"
    r"consent|permission|confirmation|sign-?off|go-?ahead)\b|"
    r"for\s+(?:\w+\s+){0,2}(?:users|developers|those)\b)"
)
_BEGUN = re.compile(rf"\W*{_BEGINS}", re.IGNORECASE)
_ASKED_FOR = re.compile(rf"\W*{MAKING}[^?]*\?\W*$", re.IGNORECASE)
# That checks pass, or that something before is done, is no condition: a run stops where it isn't.
_DONE = re.compile(
    r"\W*(?:only\s+)?(?:if|when|once|after)\b"
    r"(?![^,.:;]{0,40}\b(?:not|no|never|fails?|nothing|none|\w+n't)\b)[^,.:;]{0,40}?\b"
    r"(?:pass(?:es|ed|ing)?|works?|green|clean|ok|succeeds?|successful|done|ready|complete[ds]?|"
    r"finished|satisfied|confirmed|approved|correct|good|happy)\b",
    re.IGNORECASE,
)
# What may be left out, politely.
_MAY = re.compile(
    r"\W*(?:(?:you|we)\s+(?:may|might|could)\s+(?:also\s+|want\s+to\s+|wish\s+to\s+)?(?!need\b|see\b|"
    r"notice\b|get\b|find\b|have\b)\w|(?:you|we)\s+can\s+(?:also|optionally|alternatively)\b|feel\s+free\b|"
    r"consider\s+\w+ing\b|nice[- ]to[- ]have\b|(?:(?:it|this)\s+is\s+)?up\s+to\s+you\b|"
    r"your\s+(?:call|choice)\b|at\s+your\s+discretion\b|(?:maybe|perhaps|possibly|ideally|preferably)\b|"
    r"as\s+an?\s+(?:\w+\s+)?(?:fallback|bonus|last\s+resort|workaround)\b|"
    r"(?:fallback|bonus|stretch(?:\s+goal)?)\s*(?:[:：,(—–-]|if\b|when\b|approach\b))",
    re.IGNORECASE,
)
# What is done where the plan is taken back, or what is not to be done at all.
_NOT_NOW = re.compile(
    r"\W*(?:(?:manual\s+|emergency\s+)?(?:roll-?back|undo|troubleshooting|recovery|contingency|later|"
    r"future(?:\s+work)?|follow-?ups?)"
    r"(?:\s+(?:plan|procedure|steps?|instructions|path|commands?|strategy))?\s*(?:[:：(—–*]|$)|"
    r"(?:to|how\s+to)\s+(?:undo|roll\s+(?:it\s+|this\s+)?back|revert|back\s+(?:it\s+|this\s+)?out|restore|"
    r"recover|uninstall)\b|(?:do\s+not|don't|never|avoid|not)\s+(?:(?:do|use|run|try|like)\s+)?(?:this|that|"
    r"these|it|recommended|allowed|needed|now)\b[^.]{0,40}[:：]?\W*$|(?:do\s+not|don't|never)\s+(?:run|use|execute|"
    r"do)\b[^.:]{0,40}[:：]\W*$|(?:wrong|bad|incorrect|anti-?patterns?|forbidden|"
    r"discouraged|deprecated)\s*(?:\([^)]*\)\s*)?(?:[:：*]|$)|[\s*_#(]*[✗✘❌🚫⛔])",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|can|will|would|should|any|anything|nothing|still|"
    r"already|not|no)\b[^.!?]*\?\W*",
    re.IGNORECASE,
)
_ONLY_THEN = re.compile(
    r"\W*(?:only\s+(?P<act>\w+)\b[^.,:]{0,60}?\b(?:if|when|after|once|where)\b|"
    r"\w+\s+(?:this|it|these|them|the\s+\w+)\s+only\s+(?:after|once|when|if|on|for)\b)",
    re.IGNORECASE,
)
# What a person is told to do; other verbs say what a program does.
_ACTS = (
    rf"(?:{MAKING}|(?:re-?run|run|execute|use|commit|install|push|skip|omit|leave|keep|do|go|proceed|"
    r"start|stop|revert|rebase|merge|tag|generate|regenerate|seed|see|perform|follow|try|stub|"
    r"annotate|amend|continue|consider|choose|pick|ensure|note|jump|build|restart|fetch|pull)\b)"
)
_ALSO_A_PROGRAM = re.compile(r"\W*(?:set|use|skip|keep|add|start|stop|continue|go|leave)\b", re.I)
_MAIN = re.compile(
    rf"(?:[,:–—-]|\bthen\b)\W*(?:(?:then|also|instead|just|simply|first|please|you\s+(?:can|may|must|"
    rf"should))\s+)*(?P<act>{_ACTS})",
    re.IGNORECASE,
)
_NEEDED = re.compile(
    r"\b(?:if|when|where|as|wherever)\s+(?:\w+\s+)?(?:needed|necessary|applicable|required|desired|"
    r"wanted|appropriate|available|present|missing|absent|possible|relevant|any)\b"
    r"|\bif\s+(?:it|they|one|these|that)\s+(?:already\s+)?(?:exists?|is|are|does|do)\b"
    r"|\bif\s+(?:not\s+)?(?:already\s+)?(?:exists?|there|installed|applied|existing)\b"
    r"|\b(?:when|once|where|as\s+soon\s+as)\s+(?:(?:it(?:'s)?|they|this|is|are|no\s+longer|become\w*)\s+)*"
    r"(?:unused|used|needed|empty|obsolete|ready|safe|stale|deprecated|superseded|released|merged)\b"
    r"|\b(?:once|as\s+long\s+as|so\s+long\s+as)\s+(?:nothing|nobody|no|every\w*|all|the|it|they|you|we|"
    r"this|that)\b"
    r"|\bif\s+you\b|\bunless\b|\bonly\s+(?:if|when|where)\b",
    re.IGNORECASE,
)
_AS_NEEDED = re.compile(
    r"^(?!.*\band\b).*\b(?:if|when|as)\s+(?:needed|necessary|applicable|required|desired)\W*$",
    re.IGNORECASE,
)
_PERHAPS = re.compile(
    r"\b(?:fix|resolve|address|correct|repair|handle|clean\s+up|update|adjust|remove)\s+(?:up\s+)?"
    r"(?:any\b|(?:all\s+|the\s+)?(?:remaining|resulting|reported|failing|broken)\b|what(?:ever)?\s+"
    r"(?:fails|is\s+left)|(?:\w+\s+){0,2}(?:errors?|issues?|failures?|warnings?|problems?)\W*$)"
    r"|``\s+or\s+(?:create|add|write|extract|make|use|introduce)\b"
    rf"|[;,]\s+(?:then\s+|and\s+)?{MAKING}[^.;\n]{{0,40}}\bif\s+(?:it|they|any|missing|needed|not|absent)\b"
    r"|\band\s+(?:fix|repair|adjust)\b(?!\s+(?:the|an?|its|``))|(?:^\W*|\band\s+|[,;:]\s+|\bto\s+)"
    r"(?:ensure|make\s+sure)\b(?![^.\n]*\b(?:browser|page|screen|site|window|app|button|dialog|loads?|renders?|"
    r"displays?|appears?|visible|looks?|opens?)\b)|\b(?:until|so\s+that)\s+(?:\w+\s+){1,4}(?:compiles?|pass(?:es)?)\b",
    re.IGNORECASE | re.MULTILINE,
)
_COMPLETED = re.compile(
    r"\bstatus\W{1,6}(?:✅\s*)?(?:completed?|done|implemented|shipped)\b", re.IGNORECASE
)
_ANY_IF = re.compile(rf"\b{_IF}", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|what|whether|how|so|returns?|raises?|tests?\s+(?:for|of)|where|while|"
    r"to\s+(?!the\b|an?\b|your\b|`|main\b|it\b)\w+|checks?|verif\w+|confirms?|"
    r"determine|see|ask|as|will|would|may|might|should)\b",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    rf"\W*(?:(?:then|now|next|also|finally|only)\b,?\s+)?{_ACTS}", re.IGNORECASE
)
_OPTIONAL = re.compile(
    r"\W*(?:\(?optional(?:ly)?\)?(?=\W|$)(?!\s+(?:\w+\s+)?(?:arg|param|field|prop|flag|key|value|"
    r"column|chain|type|depend))|skip\s+(?:this|if|when|unless)\b)"
    r"|(?:^|.*[.:]\s+)\W*(?:this|(?:this|the)\s+(?:whole\s+)?(?:step|task|part|section))\s+is\s+"
    r"(?:entirely\s+|purely\s+)?(?:optional|conditional)\b",
    re.IGNORECASE,
)
_SO_ENDS = re.compile(
    r"(?:[,—–-]\s*|\[)(?:optional|ideally|maybe|perhaps|if\s+you\s+(?:like|want|can))\W*$|\boptionally\W*$|\bat\s+your\s+discretion\W*$",
    re.IGNORECASE,
)
_REMARK = re.compile(
    rf"[(（]\s*(?:{_BEGINS}|optional\b(?!\s+\w)|skip\s+(?:if|when|unless)|where\s|as\s+needed|"
    rf"or\s+(?:if|when)\b|conditional\b)(?P<rest>[^()（）]*)[)）]",
    re.IGNORECASE,
)
_SECOND_CLAUSE = re.compile(
    r",|\b(?:it|they|this|that|we|there|which)\s+(?:is|are|will|would|\w+s)\b.*\b(?:it|they|this|"
    r"that|we)\s+\w+s?\b|\b(?:returns?|raises?|fails?|prints?|shows?)\b",
    re.IGNORECASE,
)
_OF_A_COMMENT = re.compile(
    rf"#+\s*(?:{_BEGINS}|optional(?:ly)?\b|choose\s+one|pick\s+one|fallback\b|"
    r"otherwise\b|alternativ\w+|either\b|or\b(?=\s|:|$)|rollback\b|undo\b|to\s+(?:undo|revert|roll\s+back)\b|"
    r"do\s+not\b(?=[^.]*[:：]?\W*$)|don't\b|not\s+recommended|"
    r"skip\s+(?:if|when|unless)|where\s+(?:needed|applicable)|(?:option|branch|approach|"
    r"alternative|variant)\s+[A-E1-5]\b)",
    re.IGNORECASE,
)
_COMMENT_NEEDS = re.compile(
    r"\((?:if|only|when|unless|optional|skip)\b|\bdepend(?:s|ing)\s+on\b|\b(?:machines?|users?|hosts?)\s+only\W*$|\b(?:if|when|as|where)\s+(?:needed|necessary|applicable|"
    r"required|not already|present|any)\b|\bonly (?:if|when)\b|\bif (?:it )?exists\b",
    re.IGNORECASE,
)
_NO_CONDITION = re.compile(
    r"#+\s*(?:expect\w*|should|must|output|fails?|prints?|shows?|returns?)\b", re.IGNORECASE
)
# Conditions in other languages, and what follows a check that is not met.
_ELSEWHERE = re.compile(rf"\W*{spoken('condition')}")
_UNSPACED_ONLY_IF = re.compile(spoken("only_if", spaced=False))
_ELSEWHERE_FAILS = re.compile(spoken("fails"))
_MAY_DEPEND = re.compile(rf"\W*(?:{_BEGINS}|もし|{spoken('condition')})", re.IGNORECASE)
_YOU_ACT = re.compile(rf"\W*(?:you\s+can\s+)?{_ACTS}", re.IGNORECASE)
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(?P<end>\w+)\1")


def begins_another_way(words: str) -> bool:
    """Whether words begin another way than the one before: "Alternatively, …", "Or: …"."""
    return another_way(words) is not None and not _DONE.match(words)


# A person's decision, and a question whether something is to be done.
_DECIDES = re.compile(
    rf"\W*(?:(?:manual(?:ly)?|human)(?:\s+(?:step|action|task|decision))?|by\s+hand|decision|ask|conditional(?:ly)?)"
    rf"\s*[:：(—–-]|\W*{MAKING}[^?]*\?\W*$|\W*[a-z]+[^,]*,\s*or\s+(?:just\s+)?{MAKING}|\W*(?:maybe|perhaps|possibly)\b",
    re.IGNORECASE,
)
# One of several commands, or one of one system only, said in a line.
_OR_CODE = re.compile(
    r"\W*(?:(?:then|now|next)\b\W*)*(?:re-?run|run|execute|delete|commit)\b[^.]*?``\W{0,3}"
    r"(?:(?:\bor\s+(?:with\s+|just\s+|else\s+)?``|or\s*[:：]?\W*$)|(?:[^.`]*\b(?:on|for)\s+(?:macos|mac|linux|windows|wsl)\b)|"
    r"(?:(?:macos|mac|linux|windows|wsl)(?:\s+only)?\s*\)))",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def conditional_title(title: str) -> bool:
    """Whether a step or task depends on something by its title: "Push (if you have access)".

    A commit's title is judged with what was changed before it.
    """
    bare = without_code(title)
    if _DECIDES.match(bare):
        return True
    if re.match(r"\W*(?:commit|verify|check|confirm|test|see|determine|decide|ask)\b", bare, re.I):
        return bool(re.match(r".*\boptional\)?\W*$", bare, re.I))
    return bool(
        _OPTIONAL.match(bare)
        or re.search(r"\(optional\b|[,—–:-]\s*optional\W*$", bare, re.I)
        or _AS_NEEDED.search(bare)
        or _remarked(bare)
        or _NOT_NOW.match(bare)
        or _SO_ENDS.search(bare)
        or if_it_failed(bare)
        or of_one_system(bare.strip())
        or of_one_system(bare.strip("() "))
        or (_BEGUN.match(bare) and not if_it_fails(f"{bare}:"))
        or (begins_another_way(bare) and not re.match(r"\W*or\b", bare, re.I))
        or _acts_if(bare)
    )


@lru_cache(maxsize=256)
def conditional(words: str, *, leads: bool = False, runs: bool = False) -> bool:
    """Whether a paragraph makes what it says, or what it leads to, depend on something.

    `leads`: a block follows it; `runs`: and that is to be run.
    """
    bare = without_code(re.sub(r"\s*\n\s*", " ", words)).strip()
    if not bare or (if_it_fails(bare) and not leads):
        return False
    ends = r"(?<=[\w)`*][.。!?])\s+|(?<=;)\s+(?=(?:if\s+(?:so|not)|otherwise)\b)"
    sentences = [each for each in re.split(ends, bare) if each]
    told = False  # a sentence before says to do something, whatever is the case
    for index, sentence in enumerate(sentences):
        last = index == len(sentences) - 1
        if _OPTIONAL.match(sentence) or (last and _SO_ENDS.search(sentence)):
            return True
        leads_on = leads or sentence.rstrip("*_ ").endswith((":", "："))
        if leads_on and (_NOT_NOW.match(sentence) or (not last and _ASKS.fullmatch(sentence))):
            return True
        if _OR_CODE.match(sentence) or _ASKED_FOR.match(sentence):
            return True
        if _remarked(sentence) and (last or not leads):
            return True
        begins = _BEGUN.match(sentence)
        if runs and last and begins and not _DONE.match(sentence):
            return True  # whatever is to be done with the commands
        depends = _depends(sentence)
        if depends and told and leads and not runs and _of_a_program(sentence):
            depends = False
        if depends and (not leads or last or not told):
            return True
        told = told or bool(_IMPERATIVE.match(sentence))
    return False


def is_done(words: str) -> bool:
    """Whether a condition is only that something before is done: "once all tests pass"."""
    return _DONE.match(words) is not None


def asks(words: str) -> bool:
    """Whether words end with a question on which it depends what follows: "Is it empty?"."""
    return _ASKS.fullmatch(re.split(r"(?<=[.!])\s+", without_code(words).strip())[-1]) is not None


def may_be_nothing(words: str) -> bool:
    """Whether there may be nothing to do of what words say: "Fix any errors", "Compile and fix"."""
    bare = without_code(words).strip()
    if _COMPLETED.search(bare):
        return True
    aside = bare.startswith(("(", "（")) and bare.endswith((")", "）", ".)"))
    begins = _MAY_DEPEND.match(bare)
    return bool(begins or aside or _PERHAPS.search(bare))


def conditional_script(script: str) -> bool:
    """Whether a comment among commands makes one of them depend on something: "# If exists"."""
    comments = _comments(script)
    bare = [each.lstrip("# ") for each in comments]
    if len(set(filter(None, map(variant, bare)))) > 1 or any(map(of_one_system, bare)):
        return True  # "# macOS", "# Linux"
    labels = Counter(label(each) for each in bare)
    if any(each and number > 1 for each, number in labels.items()):
        return True  # "# Case 1", "# Case 2"
    return any(
        (_OF_A_COMMENT.match(each) or _COMMENT_NEEDS.search(each))
        and not _NO_CONDITION.match(each)
        and not _DONE.match(each.lstrip("# "))
        and (each.endswith(":") or not if_it_fails(each.lstrip("# ").rstrip(".") + ":"))
        for each in comments
    )


def _comments(script: str) -> list[str]:
    """The comments of a script, without what only looks like some in a text given to a command."""
    found = []
    until = ""
    for line in script.split("\n"):
        if until:
            until = "" if line.strip().strip(")\"'") == until else until
            continue
        heredoc = _HEREDOC.search(line)
        until = heredoc["end"] if heredoc else ""
        comment = re.search(r"(?:^|\s)(#+\s.*)$", line)
        if comment and not any(line[: comment.start()].count(quote) % 2 for quote in "'\""):
            found.append(comment[1])
    return found


def _remarked(words: str) -> bool:
    """Whether a remark in brackets is a condition, and none that says what happens then."""
    return any(
        not _SECOND_CLAUSE.search(each["rest"]) and not _DONE.match(each[0])
        for each in _REMARK.finditer(words)
    )


def _depends(sentence: str) -> bool:
    if _ELSEWHERE.match(sentence) and not _ELSEWHERE_FAILS.search(sentence):
        return sentence.endswith((":", "：")) or bool(re.search(spoken("makes"), sentence))
    if _UNSPACED_ONLY_IF.search(sentence) and not _ELSEWHERE_FAILS.search(sentence):
        return bool(re.search(spoken("makes", spaced=False), sentence))
    if _DONE.match(sentence):
        return False
    if _BEGUN.match(sentence):
        main = _MAIN.search(sentence)
        as_label = re.fullmatch(r"[^,:：]{2,80}[:：]\W*", sentence)
        return bool(main or as_label)
    only = _ONLY_THEN.match(sentence)
    if _MAY.match(sentence) or of_one_system(sentence) or (only and _IMPERATIVE.match(sentence)):
        return True
    begun = another_way(sentence)
    if begun is not None:
        rest = sentence[begun.end() :]
        if not re.search(r"\w", rest) and not sentence.rstrip("*_ ").endswith((".", "。")):
            return True
        return bool(_YOU_ACT.match(rest)) or (sentence.rstrip("*_ ").endswith((":", "：")))
    return _acts_if(sentence)


def _acts_if(sentence: str) -> bool:
    """Whether something is to be done only if something is so: "Delete it if nothing uses it"."""
    if not _IMPERATIVE.match(sentence):
        return False
    found = _NEEDED.search(sentence) or _ANY_IF.search(sentence)
    if found is None or _DONE.match(sentence[found.start() :]):
        return False
    before = sentence[: found.start()]
    return not _SUBORDINATE.search(before) and not re.search(r"\b(?:and|or|even)\s*$", before)


def _of_a_program(sentence: str) -> bool:
    """Whether what is done then could as well be done by the program that is written."""
    main = _MAIN.search(sentence)
    return main is None or bool(_ALSO_A_PROGRAM.match(main["act"]))
