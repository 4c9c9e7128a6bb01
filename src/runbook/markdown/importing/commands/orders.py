"""Words before commands that change something: whether these are plainly ordered.

Words that say who else runs something, how it was once done, or on what machine, are endless; those
that order something are few. What only looks may stand under any words.
"""

from __future__ import annotations

import re

from runbook.markdown.importing.commands.scripts import acts
from runbook.markdown.importing.words.conditions import is_done
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.prose import MAKING
from runbook.markdown.importing.words.vocabulary import without_code
from runbook.markdown.importing.words.ways import label

_BEFORE = (
    r"(?:(?:then|now|next|first|second|third|last|also|and|again|please|afterwards?|still|just|"
    r"let(?:'s|\s+us)|(?:you|we)\s+(?:must|need\s+to)|\w+ly|"
    r"(?:after|before|once|when|if|with|for|from|in|at|on|to)\b[^,:]{1,60},)(?=\W)\W*)*"
)
_ORDER = re.compile(
    rf"\W*(?:\d+[.)]\s*)?\W*{_BEFORE}(?:{MAKING}|(?:run|execute|use|commit|install|stage|start|"
    rf"stop|"
    r"revert|generate|seed|perform|amend|ensure|make|clean|initiali[sz]e|init|scaffold|bootstrap|"
    r"build|"
    r"format|lint|compile|sync|lock|save|download|prepare|archive|place|put|empty|clear|reset|"
    r"refresh|"
    r"record|capture|bundle|render|dump|mark|touch|vendor|pin|uninstall|untrack|link|symlink|"
    r"truncate|"
    r"concatenate|prune|purge|erase|wipe|verify|check|confirm|test|inspect|store|stash|sort|squash|"
    r"transform|translate|fetch|pull|bring|get|give|grant|go|enter|do|enforce|keep|collect|gather|"
    r"produce|emit|print|repeat|finish|finali[sz]e|complete|normali[sz]e|flatten|unpack|unzip|zip|"
    r"sign|release|follow|continue|proceed|look|find|list|see|"
    r"re-?(?:run|install|build|generate|create|write|name|format|compile|set)|"
    r"in\s+(?:the|a|your)\s+\W*(?:repo\w*|root|project|terminal|shell|worktree|same)|from|"
    r"(?:shell\s+|git\s+)?commands?|terminal|shell|bash|console|script|one-?liner|setup|file)\b)"
    rf"|\W*(?:{spoken('run')}|{spoken('commit')}|{spoken('verification')})",
    re.IGNORECASE,
)
# Words such as "It is created by running this:" end with the order.
_RUN_AT_LAST = re.compile(
    r"\b(?:run|running|execute|executing|commands?|script|this|following|follows)\b[^.,;]{0,40}[:：]"
    r"\W*$|\b(?:using|with|via|by|so)\s*[:：]\W*$",
    re.IGNORECASE,
)
# The subject of what is told, of which someone else or nobody is to do it now.
_TOLD = re.compile(
    r"\W*(?:(?:the\s+|a\s+|your\s+|our\s+|each\s+|most\s+|end\s+)?(?:users?|developers?|people|"
    r"customers?|"
    r"clients?|operators?|admins?|maintainers?|contributors?|reviewers?|readers?|ci|hook|workflow|"
    r"job|"
    r"server|agent|they|he|she)\b|previous\w*|formerly|before(?:hand)?\b(?!\s+\w+ing\b)|earlier|"
    r"originally|"
    r"currently|today|until\s+now|so\s+far|(?:this|it)\s+(?:used|was|would|will)|"
    r"for\s+(?:reference|example|"
    r"instance|later|comparison|the\s+record|users|windows|mac\w*|linux|fresh|new|existing|old\w*|"
    r"upgrades?)|e\.g\.|later\b|someday|eventually|in\s+(?:the\s+future|production|ci|dev\w*|"
    r"staging|case)\b|"
    r"without\b|(?:do\s+not|don't|never|avoid|not)\b)",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:if|unless|whenever|when|once|until|as\s+long\s+as|provided|ideally|perhaps|maybe|"
    r"possibly|"
    r"might|may|could|would|either|or|later|depending|except|discretion|preferably|instead\s+of|"
    r"rather\s+than|try|tries|attempt|approv\w+|confirmation|permission|consent|sign-?off|"
    r"go-?ahead|"
    r"where\s+(?:needed|possible|applicable|appropriate|available)|(?:up\s+to|asks?)\s+(?:you|"
    r"them|the\s+user)|"
    r"only\s+(?:on|for|in|by)|(?:after|before|upon|with|on)\s+(?:(?:the|a|its|an|your|"
    r"their)\s+)?(?:\w+\s+)?"
    r"(?:release|merge|deploy\w*|review|launch|roll-?out|cut-?over|"
    r"(?:a|few|some|\d+)?\s*(?:days?|weeks?|sprints?|months?)))\b",
    re.IGNORECASE,
)


_BEGIN = r"\W*(?:\d+[.)]\s*)?\W*(?:(?:then|now|next|finally|also|and)\b\W*)*"
# What is run by others, somewhere else or at another time, or is shown: not even looked at here.
_NOT_HERE = re.compile(
    rf"{_BEGIN}(?:(?:you|we)(?:'ll|\s+(?:will|should|would))?\s+(?:now\s+)?see\b|(?:which|should|"
    rf"it)\s+(?:will\s+|"
    r"should\s+)?(?:prints?|shows?|outputs?|returns?|yields?)\b|later\b[^.]{0,40}[:：]|"
    r"(?:the\s+|a\s+|your\s+|our\s+|each\s+|most\s+|end\s+)?(?:users?|developers?|"
    rf"people|"
    r"customers?|clients?|operators?|admins?|maintainers?|contributors?|reviewers?|readers?|ci|"
    r"hooks?|workflows?|"
    r"jobs?|agents?|subagents?|claude|codex|they|it|this|that)\s+(?:(?:will|would|can|may|should|"
    r"could|then|now|also|"
    r"used\s+to)\s+)*(?:runs?|uses?|does|calls?|invokes?|executes?|types?|sees?|gets?|becomes?|"
    r"replaces?|enables?|"
    r"prints?|shows?|outputs?|produces?|was|were|be)\b"
    r"|(?:ask|have|tell|instruct|let|remind)\s+(?:the\s+|your\s+|a\s+)?(?:user|reviewer|human|"
    r"operator|admin|agent|"
    r"sub-?agent|team|maintainer)s?\b|(?:dispatch|spawn|prompt)\s+(?:the\s+|a\s+|"
    r"an\s+)?(?:\w+\s+)?(?:sub-?)?agents?\b"
    r"|(?:sub-?agent\s+)?prompt\s*[:：]"
    r"|(?:on|in|inside|within|from|at)\s+(?:the\s+|a\s+|an\s+|your\s+|"
    r"each\s+)?(?:\w+\s+)?(?:server|host|vm|container|pod|"
    r"cluster|production|prod|staging|ci|psql|repl|console|browser|dev-?tools|sqlite|mongo\w*|"
    r"ssh\s+session)\b"
    r"(?!\s+(?:code|tests?|folder|directory|package|module))"
    r"|(?:in|open|from)\s+(?:a|an|another|one)\s*(?:new|separate|second|different|"
    r"other)?\s*(?:terminal|shell|tab|window|"
    r"session)\b|terminal\s+\d|inside\s+tmux|as\s+(?:root|admin\w*|another\s+user)\b"
    r"|(?:once\s+per\s+\w+|one-?time\s+setup|first-?time\s+setup|shell\s+completions?|"
    r"deploy(?:ment)?|release|"
    r"later|manual(?:ly)?(?:\s+(?:verification|test(?:ing|s)?|checks?|steps?))?|"
    r"by\s+hand)\s*(?:\([^)]*\)\s*)?[:：]"
    r"|(?:verify|test|check)\s+(?:\w+\s+)?(?:manually|by\s+hand)\b"
    r"|(?:before|(?:old|previous|former)\s+(?:way|commands?|behaviou?r|usage|version|output|"
    r"calls?|approach|form|style)|"
    r"previously|formerly|currently|today|until\s+now|equivalent|same\s+as|"
    r"instead\s+of|originally)\b"
    r"(?!\s+\w+ing\b)(?!\s+(?:you|we|the|commit)\b)[^.]{0,40}[:：]"
    r"|(?:expected\s+|sample\s+|example\s+)?(?:outputs?|results?|responses?|sessions?|"
    r"transcripts?|logs?)\s*[:：]"
    r"|(?:quick\s+|command\s+)?reference\s*[:：]|cheat\s*sheet|(?:new\s+|added\s+)?(?:cli|api|"
    r"commands?)\s+(?:interface|"
    r"added|surface)|faq\b|(?:tip|hint|warning|caution|note|nb|background|context|rationale|"
    r"see\s+also)\s*[:：]"
    r"|(?:to|for|when)\s+(?:debug\w*|local\s+development|reference|comparison|the\s+record)\b)",
    re.IGNORECASE,
)


def changes_something(script: str) -> bool:
    """Whether commands, run by themselves, would change files or commit."""
    return any(act.kind in ("run", "edit", "add", "commit") for act in acts(script))


def orders(lead: str) -> bool:
    """Whether the words right before commands order these, whatever is the case."""
    bare = without_code(re.sub(r"\s*\n\s*", " ", lead)).strip()
    last: list[str] = []  # what is said from the last order on
    for each in reversed(re.split(r"(?<=[\w)`*][.。!?])\s+", bare)):
        last.append(each)
        if _ORDER.match(each) or _RUN_AT_LAST.search(each) or _foreign(each) or label(each):
            return not any(map(_holds_back, last))
    return False


def not_here(lead: str) -> bool:
    """Whether words lead to what others run, elsewhere or at another time, or to what is shown."""
    bare = without_code(lead).strip()
    return _NOT_HERE.match(re.split(r"(?<=[\w)`*][.。!?])\s+", bare)[-1]) is not None


def _foreign(sentence: str) -> bool:
    """Whether a sentence is of a language that is not read here as closely."""
    return re.search(r"[^\W\x00-\x7f]", sentence) is not None


def _holds_back(sentence: str) -> bool:
    bare = re.sub(r"\([^()]*\)", "", sentence)
    hedged = any(not is_done(bare[each.start() :]) for each in _HEDGE.finditer(bare))
    foreign = re.match(rf"\W*{spoken('condition')}", sentence) is not None
    return hedged or foreign or _TOLD.match(bare) is not None
