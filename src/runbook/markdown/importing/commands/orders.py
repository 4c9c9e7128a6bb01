"""Words before commands that change something: whether these are plainly ordered.

Words that say who else runs something, how it was once done, or on what machine, are endless; those
that order something are few. What only looks may stand under any words.
"""

from __future__ import annotations

import re

from runbook.markdown.importing.commands.scripts import acts
from runbook.markdown.importing.words.conditions import is_done
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import MAKING, without_code
from runbook.markdown.importing.words.ways import label

_FIRST = r"\W*(?:\d+[.)]\s*)?\W*"
_BEFORE = (
    r"(?:(?:then|now|next|first|second|third|last|also|and|again|please|afterwards?|still|just|"
    r"let(?:'s|\s+us)|(?:you|we)\s+(?:must|need\s+to)|\w+ly|"
    r"(?:after|before|once|when|if|with|for|from|in|at|on|to)\b[^,:]{1,60},)(?=\W)\W*)*"
)
_ORDER = re.compile(
    rf"{_FIRST}{_BEFORE}(?:{MAKING}|(?:run|execute|use|commit|install|stage|start|stop|revert|"
    r"generate|seed|perform|amend|ensure|make|clean|initiali[sz]e|init|scaffold|bootstrap|build|"
    r"format|lint|compile|sync|lock|save|download|prepare|archive|place|put|empty|clear|reset|"
    r"refresh|record|capture|bundle|render|dump|mark|touch|vendor|pin|uninstall|untrack|link|"
    r"symlink|truncate|concatenate|prune|purge|erase|wipe|verify|check|confirm|test|inspect|store|"
    r"stash|sort|squash|transform|translate|fetch|pull|bring|get|give|grant|go|enter|do|enforce|"
    r"keep|collect|gather|produce|emit|print|repeat|finish|finali[sz]e|complete|normali[sz]e|"
    r"flatten|unpack|unzip|zip|sign|release|follow|continue|proceed|look|find|list|see|"
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
_HEDGE = re.compile(
    r"\b(?:if|unless|whenever|when|once|until|as\s+long\s+as|provided|ideally|perhaps|maybe|"
    r"possibly|might|may|could|would|either|or|later|depending|except|discretion|preferably|"
    r"instead\s+of|rather\s+than|try|tries|attempt|approv\w+|confirmation|permission|consent|"
    r"sign-?off|go-?ahead|where\s+(?:needed|possible|applicable|appropriate|available)|"
    r"(?:up\s+to|asks?)\s+(?:you|them|the\s+user)|only\s+(?:on|for|in|by)|"
    r"(?:after|before|upon|with|on)\s+(?:(?:the|a|its|an|your|their)\s+)?(?:\w+\s+)?"
    r"(?:release|merge|deploy\w*|review|launch|roll-?out|cut-?over|"
    r"(?:a|few|some|\d+)?\s*(?:days?|weeks?|sprints?|months?)))\b",
    re.IGNORECASE,
)
# The subject of what is told, of which someone else or nobody is to do it now.
_OTHERS = (
    r"(?:(?:the|a|your|our|each|most|end)\s+)*(?:users?|developers?|people|customers?|clients?|"
    r"operators?|admins?|maintainers?|contributors?|reviewers?|readers?|humans?|teams?|ci|hooks?|"
    r"workflows?|jobs?|server|(?:sub-?)?agents?|claude|codex|they|he|she)"
)
_TOLD = re.compile(
    rf"\W*(?:{_OTHERS}\b|previous\w*|formerly|before(?:hand)?\b(?!\s+\w+ing\b)|earlier|originally|"
    r"currently|today|until\s+now|so\s+far|(?:this|it)\s+(?:used|was|would|will)|"
    r"for\s+(?:reference|example|instance|later|comparison|the\s+record|users|windows|mac\w*|linux|"
    r"fresh|new|existing|old\w*|upgrades?)|e\.g\.|later\b|someday|eventually|"
    r"in\s+(?:the\s+future|production|ci|dev\w*|staging|case)\b|"
    r"without\b|(?:do\s+not|don't|never|avoid|not)\b)",
    re.IGNORECASE,
)
# What is run by others, somewhere else or at another time, or is shown: not even looked at here.
_NOT_HERE = re.compile(
    rf"{_FIRST}(?:(?:then|now|next|finally|also|and)\b\W*)*(?:"
    r"(?:you|we)(?:'ll|\s+(?:will|should|would))?\s+(?:now\s+)?see\b|"
    r"(?:which|should|it)\s+(?:will\s+|should\s+)?(?:prints?|shows?|outputs?|returns?|yields?)\b|"
    rf"(?:{_OTHERS}|it|this|that)\s+(?:(?:will|would|can|may|should|could|then|now|also|used\s+to)"
    r"\s+)*(?:runs?|uses?|does|calls?|invokes?|executes?|types?|sees?|gets?|becomes?|replaces?|"
    r"enables?|prints?|shows?|outputs?|produces?|was|were|be)\b|"
    rf"(?:ask|have|tell|instruct|let|remind)\s+{_OTHERS}\b|"
    r"(?:dispatch|spawn|prompt)\s+(?:(?:the|an?)\s+)?(?:\w+\s+)?(?:sub-?)?agents?\b|"
    r"(?:on|in|inside|within|from|at)\s+(?:(?:the|an?|your|each)\s+)?(?:\w+\s+)?(?:server|host|vm|"
    r"container|pod|cluster|production|prod|staging|ci|psql|repl|console|browser|dev-?tools|sqlite|"
    r"mongo\w*|ssh\s+session)\b(?!\s+(?:code|tests?|folder|directory|package|module))|"
    r"(?:in|open|from)\s+(?:an?|another|one)\s*(?:new|separate|second|different|other)?\s*"
    r"(?:terminal|shell|tab|window|session)\b|terminal\s+\d|inside\s+tmux|"
    r"as\s+(?:root|admin\w*|another\s+user)\b|"
    r"(?:verify|test|check)\s+(?:\w+\s+)?(?:manually|by\s+hand)\b|"
    r"(?:later|(?:before|(?:old|previous|former)\s+(?:way|commands?|behaviou?r|usage|version|output|"
    r"calls?|approach|form|style)|previously|formerly|currently|today|until\s+now|equivalent|"
    r"same\s+as|instead\s+of|originally)(?!\s+(?:\w+ing|you|we|the|commit)\b))\b[^.]{0,40}[:：]|"
    r"(?:once\s+per\s+\w+|(?:one|first)-?time\s+setup|shell\s+completions?|deploy(?:ment)?|release|"
    r"later|manual(?:ly)?(?:\s+(?:verification|test(?:ing|s)?|checks?|steps?))?|by\s+hand|"
    r"(?:sub-?agent\s+)?prompt|(?:(?:expected|sample|example)\s+)?(?:outputs?|results?|responses?|"
    r"sessions?|transcripts?|logs?)|(?:(?:quick|command)\s+)?reference|tip|hint|warning|caution|"
    r"note|nb|background|context|rationale|see\s+also)\s*(?:\([^)]*\)\s*)?[:：]|"
    r"(?:new\s+|added\s+)?(?:cli|api|commands?)\s+(?:interface|added|surface)|faq\b|cheat\s*sheet|"
    r"(?:to|for|when)\s+(?:debug\w*|local\s+development|reference|comparison|the\s+record)\b)",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[\w)`*][.。!?])\s+")


def changes_something(script: str) -> bool:
    """Whether commands, run by themselves, would change files or commit."""
    return any(act.kind in ("run", "edit", "add", "commit") for act in acts(script))


def orders(lead: str) -> bool:
    """Whether the words right before commands order these, whatever is the case."""
    bare = without_code(re.sub(r"\s*\n\s*", " ", lead)).strip()
    last: list[str] = []  # what is said from the last order on
    for each in reversed(_SENTENCES.split(bare)):
        last.append(each)
        if _ORDER.match(each) or _RUN_AT_LAST.search(each) or _foreign(each) or label(each):
            return not any(map(_holds_back, last))
    return False


def not_here(lead: str) -> bool:
    """Whether words lead to what others run, elsewhere or at another time, or to what is shown."""
    bare = without_code(lead).strip()
    return _NOT_HERE.match(_SENTENCES.split(bare)[-1]) is not None


def _foreign(sentence: str) -> bool:
    """Whether a sentence is of a language that is not read here as closely."""
    return re.search(r"[^\W\x00-\x7f]", sentence) is not None


def _holds_back(sentence: str) -> bool:
    bare = re.sub(r"\([^()]*\)", "", sentence)
    hedged = any(not is_done(bare[each.start() :]) for each in _HEDGE.finditer(bare))
    foreign = re.match(rf"\W*{spoken('condition')}", sentence) is not None
    return hedged or foreign or _TOLD.match(bare) is not None
