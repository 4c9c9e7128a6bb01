"""Words that make what they stand by depend on something: conditions and alternatives.

Whether something is so, or which way is gone, is a person's to say. Words for what a program does
("if the list is empty it returns None") are no condition of a step, and nor is what is to be done
where a check fails: a run stops there.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from runbook.core.shell.tokens import Comment, tokens
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.prose import if_it_fails
from runbook.markdown.importing.words.vocabulary import (
    MAKING,
    anycase,
    begins,
    spelled,
    without_code,
)
from runbook.markdown.importing.words.ways import (
    another_way,
    if_it_failed,
    label,
    of_one_system,
    variant,
)

_IF = (
    r"((only|but|and|or|then) )?(if|unless|in (the )?case|provided( that)?|depending on|assuming|"
    r"supposing|given that|whenever)\b"
)
_BEGINS = (
    rf"({_IF}|(only )?when\b|where(ver)?\b|except (on|for|in|when|where)\b|only (for|on|in|where|"
    rf"after|once|needed)\b|(as|so) long as\b|"
    r"in the event\b|on (failure|success|an? (yes|no))\b|should (it|they|this|that|there|any\w*|"
    r"all|some\w*|you|we|``|(the |a )?\w+ (be|not|fail|break|still|turn|need|prove)|the \w+)(?=\W|"
    r"\s)|(once|after|when) ([^,.:;]{1,40}\s)?(released|merged|deployed|shipped|published|live|"
    r"rolled out)\b|(after |post-?\s*)(the )?(release|merg\w+|deploy\w*|launch|rollout)\b(?! "
    r"\w+s?\b)|(with|upon|after|on|given) ((the|an?|your|their|its) )?(\w+('s)? )?(approval|"
    r"consent|permission|confirmation|sign-?off|go-?ahead)\b|"
    r"(stage\W+)?ask (\w+ ){1,3}before (you )?(commit|push|merg|proceed|continu|run)|"
    r"for (\w+ ){0,2}(users|developers|"
    r"those)\b)"
)
_BEGUN = anycase(rf"\W*{_BEGINS}")
_ASKED_FOR = anycase(rf"\W*{MAKING}[^?]*\?\W*$")
# Whether a condition is only that checks pass, or that something before is done: "once all tests
# pass". A run stops where it isn't.
is_done = begins(
    r"\W*(only )?(if|when|once|after)\b(?![^,.:;]{0,40}\b(not|no|never|fails?|nothing|none|"
    r"\w+n't)\b)[^,.:;]{0,40}?\b(pass(es|ed|ing)?|works?|green|clean|ok|succeeds?|successful|done|"
    r"ready|complete[ds]?|finished|satisfied|confirmed|approved|correct|good|happy)\b"
)
# What may be left out, politely.
_MAY = anycase(
    r"\W*((you|we) (may|might|could) (also |want to |wish to )?(?!need\b|see\b|notice\b|get\b|"
    r"find\b|have\b)\w|(you|we) can (also|optionally|alternatively)\b|feel free\b|consider "
    r"\w+ing\b|nice[- ]to[- ]have\b|((it|this) is )?up to you\b|your (call|choice)\b|at your "
    r"discretion\b|(maybe|perhaps|possibly|ideally|preferably)\b|as an? (\w+ )?(fallback|bonus|"
    r"last resort|workaround)\b|(fallback|bonus|stretch( goal)?)\s*([:：,(—–-]|if\b|when\b|"
    r"approach\b))"
)
# What is done where the plan is taken back, or what is not to be done at all.
_NOT_NOW = anycase(
    r"\W*((manual |emergency )?(roll-?back|undo|troubleshooting|recovery|contingency|later|"
    r"future( work)?|follow-?ups?)( (plan|procedure|steps?|instructions|path|commands?|"
    r"strategy))?\s*([:：(—–*]|$)|(to|how to) (undo|roll (it |this )?back|revert|back (it |"
    r"this )?out|restore|recover|uninstall)\b|(do not|don't|never|avoid|not) ((do|use|run|try|"
    r"like) )?(this|that|these|it|recommended|allowed|needed|now)\b[^.]{0,40}[:：]?\W*$|(do not|"
    r"don't|never) (run|use|execute|do)\b[^.:]{0,40}[:：]\W*$|(do not|don't|never) "
    r"(?!forget|omit|miss|skip|worry|hesitate)\w+\b[^.:,;—–-]{0,60}[:：]\W*$|(wrong|bad|incorrect|"
    r"anti-?patterns?|forbidden|discouraged|deprecated)\s*(\([^)]*\)\s*)?([:：*]|$)|"
    r"[\s*_#(]*[✗✘❌🚫⛔])"
)
_FORBIDS = anycase(
    r"\W*((do not|don['\u2019]t|never) (?!forget|omit|miss|skip|worry|hesitate|commit)\w|"
    rf"{spoken('denied')})"
)
_ASKS = anycase(
    r"\W*(is|are|was|were|do|does|did|has|have|had|can|will|would|should|any|anything|nothing|"
    r"still|already|not|no)\b[^.!?]*\?\W*"
)
_ONLY_THEN = anycase(
    r"\W*(only (?P<act>\w+)\b[^.,:]{0,60}?\b(if|when|after|once|where)\b|\w+ (this|it|these|them|"
    r"the \w+) only (after|once|when|if|on|for)\b)"
)
# What a person is told to do; other verbs say what a program does.
_ACTS = (
    rf"({MAKING}|(re-?run|run|execute|use|commit|install|push|skip|omit|leave|keep|do|go|proceed|"
    r"start|stop|revert|rebase|merge|tag|generate|regenerate|seed|see|perform|follow|try|stub|"
    r"annotate|amend|continue|consider|choose|pick|ensure|note|jump|build|restart|fetch|pull)\b)"
)
_ALSO_A_PROGRAM = anycase(r"\W*(set|use|skip|keep|add|start|stop|continue|go|leave)\b")
_MAIN = anycase(
    rf"([,:–—-]|\bthen\b)\W*((then|also|instead|just|simply|first|please|you (can|may|must|"
    rf"should)) )*(?P<act>{_ACTS})"
)
# An import is there once, whether or not it was before.
_IF_NOT_THERE = (
    r"\bif (it |they )?((is|are) )?not (already |yet )?(present|there|imported|in place)\b"
)
_ENSURED = anycase(
    r"(?P<order>\b(add|include|ensure)\b[^.;:\n`]*`(import|from|use|const) [^`\n]+`(`[^`\n]+`|"
    rf"[^.;:\n`])*?),? {_IF_NOT_THERE}(?=\s*([.;\n]|$))"
)
_NEEDED = anycase(
    r"\b(if|when|where|as|wherever) (\w+ )?(needed|necessary|applicable|required|desired|wanted|"
    r"appropriate|available|present|missing|absent|possible|relevant|any)\b"
    r"|\bif (it|they|one|these|that) (already )?(exists?|is|are|does|do)\b"
    r"|\bif (not )?(already )?(exists?|there|installed|applied|existing)\b"
    r"|\b(when|once|where|as soon as) ((it('s)?|they|this|is|are|no longer|become\w*) )*(unused|"
    r"used|needed|empty|obsolete|ready|safe|stale|deprecated|superseded|released|merged)\b"
    r"|\b(once|as long as|so long as) (nothing|nobody|no|every\w*|all|the|it|they|you|we|this|"
    r"that)\b"
    r"|\bif you\b|\bunless\b|\bonly (if|when|where)\b"
)
_AS_NEEDED = anycase(
    r"^(?!.*\band\b).*\b(if|when|as) (needed|necessary|applicable|required|desired)\W*$"
)
_PERHAPS = anycase(
    r"\b(fix|resolve|address|correct|repair|handle|clean up|update|adjust|remove) (up )?(any\b|"
    r"(all |the )?(remaining|resulting|reported|failing|broken)\b|what(ever)? (fails|is left)|"
    r"(\w+ ){0,2}(errors?|issues?|failures?|warnings?|problems?)\W*$)"
    rf"|`` or (create|add|write|extract|make|use|introduce)\b|{_IF_NOT_THERE}"
    rf"|[;,] (then |and )?{MAKING}[^.;\n]{{0,40}}\bif (it|they|any|missing|needed|not|absent)\b"
    r"|\band (fix|repair|adjust)\b(?! (the|an?|its|``))|(^\W*|\band |[,;:] |\bto )(ensure|make "
    r"sure)\b(?![^.\n]*\b(browser|page|screen|site|window|app|button|dialog|loads?|renders?|"
    r"displays?|appears?|visible|looks?|opens?)\b)|\b(until|so that) (\w+ ){1,4}(compiles?|"
    r"pass(es)?)\b",
    re.MULTILINE,
)
_COMPLETED = anycase(r"\bstatus\W{1,6}(✅\s*)?(completed?|done|implemented|shipped)\b")
_ANY_IF = anycase(rf"\b{_IF}")
# One of them is in whatever that finds; where none is, it takes a hundred times as long to say so.
_IFS = ("if", "unless", "case", "provided", "depend", "assum", "suppos", "given", "whenever")
_SUBORDINATE = anycase(
    r"\b(that|which|who|what|whether|how|so|returns?|raises?|tests? (for|of)|where|while|to "
    r"(?!the\b|an?\b|your\b|`|main\b|it\b)\w+|checks?|verif\w+|confirms?|determine|see|ask|as|"
    r"will|would|may|might|should)\b"
)
_IMPERATIVE = anycase(rf"\W*((then|now|next|also|finally|only)\b,? )?{_ACTS}")
_OPTIONAL = anycase(
    r"\W*(\(?optional(ly)?\)?(?=\W|$)(?! (\w+ )?(arg|param|field|prop|flag|key|value|column|chain|"
    r"type|depend))|skip (this|if|when|unless)\b)"
    r"|(^|.*[.:] )\W*(this|(this|the) (whole )?(step|task|part|section)) is (entirely |"
    r"purely )?(optional|conditional)\b"
)
_SO_ENDS = anycase(
    r"([,—–-]\s*|\[)(optional|ideally|maybe|perhaps|if you (like|want|can))\W*$|\boptionally\W*$|"
    r"\bat your discretion\W*$"
)
_REMARK = anycase(
    rf"[(（]\s*({_BEGINS}|optional\b(?! \w)|skip (if|when|unless)|where\s|as needed|or (if|"
    rf"when)\b|conditional\b)(?P<rest>[^()（）]*)[)）]"
)
_SECOND_CLAUSE = anycase(
    r",|\b(it|they|this|that|we|there|which) (is|are|will|would|\w+s)\b.*\b(it|they|this|that|we) "
    r"\w+s?\b|\b(returns?|raises?|fails?|prints?|shows?)\b"
)
_OF_A_COMMENT = anycase(
    rf"#+\s*({_BEGINS}|optional(ly)?\b|choose one|pick one|fallback\b|"
    r"otherwise\b|alternativ\w+|either\b|or\b(?=\s|:|$)|rollback\b|undo\b|to (undo|revert|roll "
    r"back)\b|do not\b(?=[^.]*[:：]?\W*$)|don't\b|not recommended|skip (if|when|unless)|where "
    r"(needed|applicable)|(option|branch|approach|alternative|variant) [A-E1-5]\b)"
)
_COMMENT_NEEDS = anycase(
    r"\((if|only|when|unless|optional|skip)\b|\bdepend(s|ing) on\b|\b(machines?|users?|hosts?) "
    r"only\W*$|\b(if|when|as|where) (needed|necessary|applicable|required|not already|present|"
    r"any)\b|\bonly (if|when)\b|\bif (it )?exists\b"
)
# "# FAIL" behind a command is what is expected of it.
_IS_VERDICT = spelled(r"#+\s*(→\s*)?(FAIL|PASS)(ED|S)?[.!]?")
_NO_CONDITION = anycase(r"#+\s*(expect\w*|should|must|output|fails?|prints?|shows?|returns?)\b")
# Conditions in other languages, and what follows a check that is not met.
_ELSEWHERE = re.compile(rf"\W*{spoken('condition')}")
_UNSPACED_ONLY_IF = re.compile(spoken("only_if", spaced=False))
_ELSEWHERE_FAILS = re.compile(spoken("fails"))
_MAY_DEPEND = anycase(rf"\W*({_BEGINS}|もし|{spoken('condition')})")
_YOU_ACT = anycase(rf"\W*(you can )?{_ACTS}")


def begins_another_way(words: str) -> bool:
    """Whether words begin another way than the one before: "Alternatively, …", "Or: …"."""
    return another_way(words) is not None and not is_done(words)


# A person's decision, and a question whether something is to be done.
_DECIDES = anycase(
    rf"\W*((manual(ly)?|human)( (step|action|task|decision))?|by hand|decision|ask|"
    rf"conditional(ly)?)\s*[:：(—–-]|\W*{MAKING}[^?]*\?\W*$|\W*[a-z]+[^,]*,\s*or (just )?{MAKING}|"
    rf"\W*(maybe|perhaps|possibly)\b"
)
# One of several commands, or one of one system only, said in a line.
_OR_CODE = anycase(
    r"\W*((then|now|next)\b\W*)*(re-?run|run|execute|delete|commit)\b[^.]*?``\W{0,3}((\bor (with |"
    r"just |else )?``|or\s*[:：]?\W*$)|([^.`]*\b(on|for) (macos|mac|linux|windows|wsl)\b)|((macos|"
    r"mac|linux|windows|wsl)( only)?\s*\)))"
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
        or _FORBIDS.match(bare)
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
    bare = without_code(re.sub(r"\s*\n\s*", " ", _ENSURED.sub(r"\g<order>", words))).strip()
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
        if runs and last and begins and not is_done(sentence):
            return True  # whatever is to be done with the commands
        depends = _depends(sentence)
        if depends and told and leads and not runs and _of_a_program(sentence):
            depends = False
        if depends and (not leads or last or not told):
            return True
        told = told or bool(_IMPERATIVE.match(sentence))
    return False


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
    bare = [each.lstrip("# ") for each in comments if not _IS_VERDICT.fullmatch(each)]
    if len(set(filter(None, map(variant, bare)))) > 1 or any(map(of_one_system, bare)):
        return True  # "# macOS", "# Linux"
    labels = Counter(label(each) for each in bare)
    if any(each and number > 1 for each, number in labels.items()):
        return True  # "# Case 1", "# Case 2"
    return any(
        (_OF_A_COMMENT.match(each) or _COMMENT_NEEDS.search(each))
        and not _NO_CONDITION.match(each)
        and not is_done(each.lstrip("# "))
        and (each.endswith(":") or not if_it_fails(each.lstrip("# ").rstrip(".") + ":"))
        for each in comments
    )


def _comments(script: str) -> list[str]:
    """The comments of a script, without what only looks like some in a text given to a command."""
    found = [each for each in tokens(script) if isinstance(each.what, Comment)]
    shown = (script[each.start : each.end] for each in found)
    return [each for each in shown if re.match(r"#+\s", each)]


def _remarked(words: str) -> bool:
    """Whether a remark in brackets is a condition, and none that says what happens then."""
    return any(
        not _SECOND_CLAUSE.search(each["rest"]) and not is_done(each[0])
        for each in _REMARK.finditer(words)
    )


def _depends(sentence: str) -> bool:
    if _ELSEWHERE.match(sentence) and not _ELSEWHERE_FAILS.search(sentence):
        return sentence.endswith((":", "：")) or bool(re.search(spoken("makes"), sentence))
    if _UNSPACED_ONLY_IF.search(sentence) and not _ELSEWHERE_FAILS.search(sentence):
        return bool(re.search(spoken("makes", spaced=False), sentence))
    if is_done(sentence):
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
    small = sentence.lower()
    found = _NEEDED.search(sentence)
    if found is None and any(each in small for each in _IFS):
        found = _ANY_IF.search(sentence)
    if found is None or is_done(sentence[found.start() :]):
        return False
    before = sentence[: found.start()]
    return not _SUBORDINATE.search(before) and not re.search(r"\b(?:and|or|even)\s*$", before)


def _of_a_program(sentence: str) -> bool:
    """Whether what is done then could as well be done by the program that is written."""
    main = _MAIN.search(sentence)
    return main is None or bool(_ALSO_A_PROGRAM.match(main["act"]))


# What makes a commit one that is made only if something is so.
_DEPENDS = anycase(
    r"\b(if|when|where|unless)\b(?! (\w+ )?(all|everything|tests?|checks?|it|this)?\s*(is |are |"
    r"still )?(pass|work|green|clean|ok\b|succeed)| not already)(?<!even\sif)|\bas needed\b|"
    r"\boptional(ly)?\b|\bcommit (any|the remaining|remaining)\b"
    rf"|{spoken('only_if')}"
)
_IF_CHANGED = anycase(
    r"\b(if|when) ((any|some)thing (was |has |is )?(been )?changed|(there (are|"
    r"were) )?(any )?changes?\b|(any )?files? (were )?changed)"
)


def commit_depends(words: str, *, changed: bool = False) -> bool:
    """Whether words make a commit depend on whether anything was changed.

    That checks pass is no such condition: a run stops where they don't. Nor is it one where the
    task has `changed` something since its last commit.
    """
    bare = without_code(words)
    return bool(_DEPENDS.search(_IF_CHANGED.sub("", bare) if changed else bare))
