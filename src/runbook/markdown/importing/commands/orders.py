"""Words before commands that change something: whether these are plainly ordered.

Words that say who else runs something, how it was once done, or on what machine, are endless; those
that order something are few. What only looks may stand under any words.
"""

from __future__ import annotations

import re

from runbook.markdown.importing.commands.scripts import acts
from runbook.markdown.importing.words.conditions import is_done
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import MAKING, anycase, without_code
from runbook.markdown.importing.words.ways import label

_FIRST = r"\W*(\d+[.)]\s*)?\W*"
_BEFORE = (
    r"((then|now|next|first|second|third|last|also|and|again|please|afterwards?|still|just|let('s|"
    r" us)|(you|we) (must|need to)|\w+ly|(after|before|once|when|if|with|for|from|in|at|on|"
    r"to)\b[^,:]{1,60},)(?=\W)\W*)*"
)
_ORDER = anycase(
    rf"{_FIRST}{_BEFORE}({MAKING}|(run|execute|use|commit|install|stage|start|stop|revert|"
    r"generate|seed|perform|amend|ensure|make|clean|initiali[sz]e|init|scaffold|bootstrap|build|"
    r"format|lint|compile|sync|lock|save|download|prepare|archive|place|put|empty|clear|reset|"
    r"refresh|record|capture|bundle|render|dump|mark|touch|vendor|pin|uninstall|untrack|link|"
    r"symlink|truncate|concatenate|prune|purge|erase|wipe|verify|check|confirm|test|inspect|store|"
    r"stash|sort|squash|transform|translate|fetch|pull|bring|get|give|grant|go|enter|do|enforce|"
    r"keep|collect|gather|produce|emit|print|repeat|finish|finali[sz]e|complete|normali[sz]e|"
    r"flatten|unpack|unzip|zip|sign|release|follow|continue|proceed|look|find|list|see|re-?(run|"
    r"install|build|generate|create|write|name|format|compile|set)|in (the|a|your) \W*(repo\w*|"
    r"root|project|terminal|shell|worktree|same)|from|(shell |git )?commands?|terminal|shell|bash|"
    r"console|script|one-?liner|setup|file)\b)"
    rf"|\W*({spoken('run')}|{spoken('commit')}|{spoken('verification')})"
)
# Words such as "It is created by running this:" end with the order.
_RUN_AT_LAST = anycase(
    r"\b(run|running|execute|executing|commands?|script|this|following|"
    r"follows)\b[^.,;]{0,40}[:：]\W*$|\b(using|with|via|by|so)\s*[:：]\W*$"
)
_HEDGE = anycase(
    r"\b(if|unless|whenever|when|once|until|as long as|provided|ideally|perhaps|maybe|possibly|"
    r"might|may|could|would|either|or|later|depending|except|discretion|preferably|instead of|"
    r"rather than|try|tries|attempt|approv\w+|confirmation|permission|consent|sign-?off|go-?ahead|"
    r"where (needed|possible|applicable|appropriate|available)|(up to|asks?) (you|them|the user)|"
    r"only (on|for|in|by)|(after|before|upon|with|on) ((the|a|its|an|your|"
    r"their) )?(\w+ )?(release|merge|deploy\w*|review|launch|roll-?out|cut-?over|(a|few|some|"
    r"\d+)?\s*(days?|weeks?|sprints?|months?)))\b"
)
# The subject of what is told, of which someone else or nobody is to do it now.
_OTHERS = (
    r"((the|a|your|our|each|most|end) )*(users?|developers?|people|customers?|clients?|operators?|"
    r"admins?|maintainers?|contributors?|reviewers?|readers?|humans?|teams?|ci|hooks?|workflows?|"
    r"jobs?|server|(sub-?)?agents?|claude|codex|they|he|she)"
)
_TOLD = anycase(
    rf"\W*({_OTHERS}\b|previous\w*|formerly|before(hand)?\b(?! \w+ing\b)|earlier|originally|"
    r"currently|today|until now|so far|(this|it) (used|was|would|will)|for (reference|example|"
    r"instance|later|comparison|the record|users|windows|mac\w*|linux|fresh|new|existing|old\w*|"
    r"upgrades?)|e\.g\.|later\b|someday|eventually|in (the future|production|ci|dev\w*|staging|"
    r"case)\b|without\b|(do not|don't|never|avoid|not)\b)"
)
_ELSEWHERE = (
    r"(on|in|inside|within|from|at) "
    r"((the|an?|your|each) )?(\w+ )?(server|host|vm|container|pod|cluster|production|prod|staging|"
    r"ci|psql|repl|console|browser|dev-?tools|sqlite|mongo\w*|ssh session)\b(?! (code|tests?|"
    r"folder|directory|package|module))|(in|open|from) (an?|another|one)\s*(new|separate|second|"
    r"different|other)?\s*(terminal|shell|tab|window|session)\b|terminal \d|inside tmux|as (root|"
    r"admin\w*|another user)\b"
)
# A comment that leads to the commands below it.
_COMMENTED_ELSEWHERE = anycase(rf"^\s*#+\s*({_ELSEWHERE})[^\n]*[:：]\s*$", re.MULTILINE)
# What is run by others, somewhere else or at another time, or is shown: not even looked at here.
_NOT_HERE = anycase(
    rf"{_FIRST}((then|now|next|finally|also|and)\b\W*)*("
    r"(you|we)('ll| (will|should|would))? (now )?see\b|(which|should|it) (will |should )?(prints?|"
    r"shows?|outputs?|returns?|yields?)\b|"
    rf"({_OTHERS}|it|this|that) ((will|would|can|may|should|could|then|now|also|used to)"
    r" )*(runs?|uses?|does|calls?|invokes?|executes?|types?|sees?|gets?|becomes?|replaces?|"
    r"enables?|prints?|shows?|outputs?|produces?|was|were|be)\b|"
    rf"(ask|have|tell|instruct|let|remind) {_OTHERS}\b|"
    r"(dispatch|spawn|prompt) ((the|an?) )?(\w+ )?(sub-?)?agents?\b|"
    rf"{_ELSEWHERE}|"
    r"(verify|test|check) (\w+ )?(manually|by hand)\b|(later|(before|"
    r"(old|previous|former) (way|commands?|behaviou?r|usage|version|output|calls?|approach|form|"
    r"style)|previously|formerly|currently|today|until now|equivalent|same as|instead of|"
    r"originally)(?! (\w+ing|you|we|the|commit)\b))\b[^.]{0,40}[:：]|(once per \w+|(one|"
    r"first)-?time setup|shell completions?|deploy(ment)?|release|later|manual(ly)?( "
    r"(verification|test(ing|s)?|checks?|steps?))?|by hand|(sub-?agent )?prompt|((expected|sample|"
    r"example) )?(outputs?|results?|responses?|sessions?|transcripts?|logs?)|((quick|"
    r"command) )?reference|tip|hint|warning|caution|note|nb|background|context|rationale|see "
    r"also)\s*(\([^)]*\)\s*)?[:：]|(new |added )?(cli|api|commands?) (interface|added|surface)|"
    r"faq\b|cheat\s*sheet|(to|for|when) (debug\w*|local development|reference|comparison|the "
    r"record)\b)"
)
_FORBIDS = spoken("denied")
# What has it is of a language that is not read here as closely.
_FOREIGN = re.compile(r"[^\W\x00-\x7f]")
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
        if _ORDER.match(each) or _RUN_AT_LAST.search(each) or _FOREIGN.search(each) or label(each):
            return not any(map(_holds_back, last))
    return False


def not_here(lead: str, script: str = "") -> bool:
    """Whether words lead to what others run, elsewhere or at another time, or to what is shown.

    Comments of the `script` may lead elsewhere, too.
    """
    bare = without_code(lead).strip()
    found = _NOT_HERE.match(_SENTENCES.split(bare)[-1]) or _COMMENTED_ELSEWHERE.search(script)
    return found is not None


def _holds_back(sentence: str) -> bool:
    bare = re.sub(r"\([^()]*\)", "", sentence)
    hedged = any(not is_done(bare[each.start() :]) for each in _HEDGE.finditer(bare))
    foreign = re.match(rf"\W*(?:{spoken('condition')}|{_FORBIDS})", sentence) is not None
    return hedged or foreign or _TOLD.match(bare) is not None
