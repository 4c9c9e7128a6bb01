"""Words before commands that change something: whether these are plainly ordered.

Words that say who else runs something, how it was once done, or on what machine, are endless; those
that order something are few. What only looks may stand under any words.
"""

from __future__ import annotations

import re

from runbook.markdown.importing.conditions import is_done
from runbook.markdown.importing.languages import spoken
from runbook.markdown.importing.prose import MAKING
from runbook.markdown.importing.scripts import acts
from runbook.markdown.importing.ways import label, without_code

_BEFORE = (
    r"(?:(?:then|now|next|first|second|third|last|also|and|again|please|afterwards?|still|just|"
    r"let(?:'s|\s+us)|(?:you|we)\s+(?:must|need\s+to)|\w+ly|"
    r"(?:after|before|once|when|if|with|for|from|in|at|on|to)\b[^,:]{1,60},)(?=\W)\W*)*"
)
_ORDER = re.compile(
    rf"\W*(?:\d+[.)]\s*)?\W*{_BEFORE}(?:{MAKING}|(?:run|execute|use|commit|install|stage|start|stop|"
    r"revert|generate|seed|perform|amend|ensure|make|clean|initiali[sz]e|init|scaffold|bootstrap|build|"
    r"format|lint|compile|sync|lock|save|download|prepare|archive|place|put|empty|clear|reset|refresh|"
    r"record|capture|bundle|render|dump|mark|touch|vendor|pin|uninstall|untrack|link|symlink|truncate|"
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
    r"\W*(?:(?:the\s+|a\s+|your\s+|our\s+|each\s+|most\s+|end\s+)?(?:users?|developers?|people|customers?|"
    r"clients?|operators?|admins?|maintainers?|contributors?|reviewers?|readers?|ci|hook|workflow|job|"
    r"server|agent|they|he|she)\b|previous\w*|formerly|before(?:hand)?\b(?!\s+\w+ing\b)|earlier|originally|"
    r"currently|today|until\s+now|so\s+far|(?:this|it)\s+(?:used|was|would|will)|for\s+(?:reference|example|"
    r"instance|later|comparison|the\s+record|users|windows|mac\w*|linux|fresh|new|existing|old\w*|"
    r"upgrades?)|e\.g\.|later\b|someday|eventually|in\s+(?:the\s+future|production|ci|dev\w*|staging|case)\b|"
    r"without\b|(?:do\s+not|don't|never|avoid|not)\b)",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:if|unless|whenever|when|once|until|as\s+long\s+as|provided|ideally|perhaps|maybe|possibly|"
    r"might|may|could|would|either|or|later|depending|except|discretion|preferably|instead\s+of|"
    r"rather\s+than|try|tries|attempt|approv\w+|confirmation|permission|consent|sign-?off|go-?ahead|"
    r"where\s+(?:needed|possible|applicable|appropriate|available)|(?:up\s+to|asks?)\s+(?:you|them|the\s+user)|"
    r"only\s+(?:on|for|in|by)|(?:after|before|upon|with|on)\s+(?:(?:the|a|its|an|your|their)\s+)?(?:\w+\s+)?"
    r"(?:release|merge|deploy\w*|review|launch|roll-?out|cut-?over|"
    r"(?:a|few|some|\d+)?\s*(?:days?|weeks?|sprints?|months?)))\b",
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


def _foreign(sentence: str) -> bool:
    """Whether a sentence is of a language that is not read here as closely."""
    return re.search(r"[^\W\x00-\x7f]", sentence) is not None


def _holds_back(sentence: str) -> bool:
    bare = re.sub(r"\([^()]*\)", "", sentence)
    hedged = any(not is_done(bare[each.start() :]) for each in _HEDGE.finditer(bare))
    foreign = re.match(rf"\W*{spoken('condition')}", sentence) is not None
    return hedged or foreign or _TOLD.match(bare) is not None
