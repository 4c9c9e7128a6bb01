"""What is done with others, with branches, or with what runs on a machine: it changes no file.

Such an order is told by its verb and what that is of: a branch is created as a file is.
"""

from __future__ import annotations

import re

from runbook.markdown.importing.words.filelist import looks_like_path
from runbook.markdown.importing.words.vocabulary import MAKING, any_of, anycase

_TERMINAL = r"(?:terminals?|shell|tab|window|session)"
_BEGIN = (
    r"\W*(\d+[.)]\s*)?((then|now|next|also|finally|first|and|please|again)\b,? |(once|after|"
    r"before)\b[^,]*,\s*|(if|when) (it|they) (is|are)( not|n't)[^,]*,\s*|"
    rf"(in|from) (the |a |your |another |one )?(\w+ ){{0,2}}{_TERMINAL}\b,?\s*)*"
)
_THE = r"(?:(?:the|an?|any|all|your|our|this|these|its|one|each|two|both)\s+)*"
_SOME = r"(?:(?:[\w./-]+|``)\s+){0,3}?"
# Behind what is meant: "the server's table" is another thing than the server.
_END = (
    r"(?=\s*(?:[.,;:!()—–]|-\s|$|``|(?:for|from|in|on|at|with|called|named|to|off|of|via|using|by|and|"
    r"so|again|as|if|before|after|is|are)\b))"
)
# What runs beside the repository, and is started, stopped or filled.
_RUNNING = any_of(
    r"servers? services? containers? stacks? databases? dbs? postgres\w* redis mysql mariadb "
    r"mongo\w* docker podman daemons? emulators? simulators? workers? clusters? process(?:es)? "
    r"watchers? browsers? editors? ide backend frontend infrastructure brokers? kafka rabbitmq "
    r"nginx minio localstack hugo storybook jupyter vms? machine instances? app(?:lication)? tunnel"
)
_MAIN = r"(?:main|master|develop|trunk)"
_BRANCH = (
    r"(?:(?:git|feature|topic|release|hotfix|bug-?fix|fix|working|work|separate|dedicated|fresh|local|"
    r"remote|integration|new|scratch|throwaway|draft)\s+)+branch(?:es)?"
    r"|branch(?:es)?(?=\s*(?:[.:,;]|$|``|(?:from|off|called|named|for\s+(?:this|the\s+work))\b))"
)
# What is created, opened or closed as a file is.
_THINGS = (
    rf"(?:{_BRANCH}|(?:git\s+)?worktrees?|(?:draft\s+)?(?:pr|mr|pull\s+request|merge\s+request)s?|"
    r"(?:(?:github|gitlab|jira|linear|tracking|follow-?up)\s+)+(?:issues?|tickets?)|issues?|tickets?|"
    r"milestones?|(?:git|release|annotated)\s+tags?|(?:api|access|deploy|ssh|gpg)\s+(?:keys?|tokens?)|"
    r"(?:repository|github|actions|ci)\s+secrets?|(?:(?:python|conda|virtual)\s+)+env(?:ironment)?s?|"
    rf"virtualenvs?|venvs?|(?:tmux|terminal|browser|shell|ssh)\s+{_TERMINAL}|branch\s+protection|"
    r"(?:scratch|temp(?:orary)?|throwaway)\s+(?:repo\w*|project|workspace|clone))"
)
_STORE = (
    r"(?:(?:(?:test|local|dev|development|staging|scratch|new|empty|fresh|production)\s+)*(?:database|db|"
    r"environment|sandbox|bucket))"
)
_TEAM = any_of(
    "team teams reviewers? maintainers? stakeholders? colleagues? owner lead everyone channel slack"
)
_SETTINGS = (
    r"(?:(?:repo(?:sitory)?|github|gitlab|ci|project|organi[sz]ation)\s+settings|(?:admin|aws|gcp|azure|"
    r"cloud|developer|web)\s+consoles?|vault|keychain|password\s+manager|github\s+ui|slack|jira|linear)"
)
# A verb, and what stands behind it.
_ORDERS: tuple[tuple[str, str], ...] = (
    (r"branch", r"(?:off|from|out|away)\b"),
    (
        r"check(?:\s*-?out)|switch(?:\s+back)?\s+(?:to|onto)|return\s+to|go\s+back\s+to",
        rf"{_THE}{_SOME}(?:branch|worktree|tag|{_MAIN})\b|``(?=\W*$)",
    ),
    (r"rebase|cherry-?pick|fast-?forward|force-?push|push|deploy|publish", r""),
    (r"merge", rf"{_THE}(?:pr|pull|branch|it|{_MAIN})\b"),
    (r"stash", rf"{_THE}{_SOME}(?:changes?|work|edits?|everything)\b"),
    (
        r"pull(?:\s+down)?|fetch",
        r"(?:the\s+)?(?:latest|newest|changes?\s+from|from\b|upstream|origin|tags|remotes?|``|"
        rf"{_MAIN})",
    ),
    (r"sync(?:\s+with)?", rf"{_THE}(?:fork|upstream|origin|{_MAIN})\b"),
    (r"clone|fork", rf"{_THE}{_SOME}(?:repo\w*|fork|project)\b"),
    (r"tag", rf"{_THE}(?:release|commit|version|head)\b"),
    (r"delete|remove|prune", rf"{_THE}{_SOME}(?:branch(?:es)?|worktrees?){_END}"),
    (r"delete|remove|clean\s+up", rf"{_THE}(?:temp\w*|scratch|background)\b"),
    (
        r"re-?start|start(?:\s+up)?|stop|launch|boot|spin\s+up|bring\s+(?:up|down)|tear\s+down|shut\s+down|"
        r"fire\s+up|kill|pause|resume|reboot|reset|(?:re-?)?seed|wipe|connect\s+to|attach\s+to",
        rf"{_THE}{_SOME}{_RUNNING}{_END}",
    ),
    (r"(?:de)?activate", rf"{_THE}(?:virtual\s*|conda\s+|python\s+)?(?:env\w*|venv|nvm)\b"),
    (r"(?:log|sign)\s+(?:in|out|into)|authenticate|ssh\s+(?:in)?to|wait|notify|announce", r""),
    (r"stop|pause", r"(?=\W*$|(?:here|there|now|and|for)\b|[.,])"),
    (r"set|export|unset|define", rf"[^.]*\bin\s+(?:your|the)\s+(?:{_TERMINAL}|environment)\b"),
    (
        r"export|unset",
        r"(?:the\s+|your\s+)?(?:``|tokens?|credentials?|(?:env\w*\s+)?variables?)\W*(?:$|before\b)",
    ),
    (r"make\s+sure|ensure", r"[^.]*\b(?:is|are)\s+(?:up|running|started|installed|reachable)\b"),
    (r"open|use|keep", rf"{_THE}(?:\w+\s+){{0,3}}{_TERMINAL}\b"),
    (r"tell|inform|remind|ping|email|message|invite", rf"{_THE}{_SOME}{_TEAM}\b"),
    (r"assign", r"[^.]*\b(?:ticket|issue|card|pr|yourself|reviewers?)\b"),
    (r"request", r"(?:an?\s+|the\s+)?(?:code\s+)?(?:review|access|approval|permission|feedback)\b"),
    (
        r"share|present|show|send|post|report|hand",
        r"[^.]{0,80}\b(?:approv\w*|feedback|sign-?off|confirm\w*|review|wait|permission|decision|user|team|"
        r"partner|human)\b",
    ),
    (r"get", r"[^.]{0,40}\b(?:approval|sign-?off|feedback|permission)\b"),
    (r"schedule", r""),
    (r"do(?:\s+not|n't)\s+(?:continue|proceed|go\s+on)", r""),
    (r"take", r"(?:an?\s+)?screenshots?"),
    (r"record", r"an?\s+(?:video|gif|demo)\b"),
    (r"commit", r"(?:the|your|all|these|this|everything|changes|with|and)\b"),
    (
        r"record|note|capture|write\s+down|remember",
        r"(?:(?:down|the)\s+)*(?:current|baseline|existing|old|output|results?|sha|hash|number|value|id|url|"
        r"count|time|coverage|before)\b",
    ),
    (
        r"create|make|open|cut|start|add|use|set\s+up|prepare|close|merge|update|generate|get|obtain|rotate|"
        r"configure|enable|work\s+(?:in|on)|enter|go\s+to|move\s+to|switch\s+to|raise|file|submit|draft|"
        r"link|label|comment\s+on",
        rf"{_THE}{_SOME}{_THINGS}{_END}|[^.]*\b(?:to|on)\s+(?:the|this|your)\s+(?:pr|pull\s+request){_END}",
    ),
    (r"create|drop|recreate|reset|set\s+up|provision|migrate|upgrade", rf"{_THE}{_STORE}{_END}"),
    (
        r"add|put|store|set|enable|configure|change|update|toggle|turn\s+(?:on|off)|register|get|copy|look\s+"
        r"up|create|generate|grant|revoke",
        rf"[^.]*\b(?:in|on|to|from|under)\s+(?:the\s+|your\s+)?(?:\w+\s+)?{_SETTINGS}{_END}",
    ),
    (
        r"apply|run",
        r"(?:(?:the|this|all|pending|database|db)\s+)*migrations?"
        r"(?=\s*(?:[.:]|$|to\s+(?:the|your)\b|with\s+``|and\s+(?:verify|check|confirm)))",
    ),
)  # fmt: skip
_OUTSIDE = anycase(
    _BEGIN + "(?:" + "|".join(rf"(?:{verb})\b\s*(?:{rest})" for verb, rest in _ORDERS) + ")"
)
# "Send a mail when a ship leaves" is what a program is to do.
_OF_A_PROGRAM = anycase(r"\b(whenever|(each|every) time|(when|where|if) (an?|the|it) \w+ \w+s\b)")
_MORE = anycase(rf"([,;]\s*|\band |\bthen |\balso )+(?={MAKING})")
# A branch is named like a path.
_REFERENCE = anycase(
    r"(?P<before>\b(branch(es)?|worktree|tag|remote|upstream|rebase|merge|switch|check\s*-?out|"
    r"cherry-?pick|pull|push)\b( (it|off|from|onto|on|to|into|back|called|named|as|of|against|"
    r"with|the|latest|in|at|is)){0,5}\s*[:：]?\s*)`(?P<name>[^`\s]+)`((?P<then> (from|off|onto|to|"
    r"as) )`(?P<other>[^`\s]+)`)?"
    r"|`[^`\s]+`(?= (branch|worktree|tag|remote)\b)"
)
_LONGEST = 400  # of a sentence that may be an order


def outside(sentence: str) -> bool:
    """Whether a sentence, without its code, orders something that changes no file, and no more."""
    if len(sentence) > _LONGEST or _OF_A_PROGRAM.search(sentence):
        return False
    found = _OUTSIDE.match(sentence)
    while found is not None and (more := _MORE.search(sentence, found.end())) is not None:
        found = _OUTSIDE.match(sentence, more.end())
    return found is not None


def without_references(words: str) -> str:
    """Words without the names of branches and tags, which look like paths: "from `origin/main`"."""
    return _REFERENCE.sub(_without_names, words) if "`" in words else words


def _without_names(found: re.Match[str]) -> str:
    name, other = found["name"], found["other"]
    if name is None:
        return "``"
    kept = "" if other is None else f"{found['then']}{f'`{other}`' if _is_file(other) else '``'}"
    return f"{found['before']}{f'`{name}`' if _is_file(name) else '``'}{kept}"


def _is_file(code: str) -> bool:
    """Whether a name can be no branch's: its ending says that it is a file."""
    return looks_like_path(code) and re.search(r"\.[A-Za-z]\w*$", code) is not None


_CODES = r"`[^`\n]+`((,\s*|,? and |\s*/\s*)`[^`\n]+`)*"
_STAYS = anycase(
    r"\b(?=[abcefilmprstuv])(from|like|against|per|follow(ing)?|mirroring|matching|see|via|than|"
    r"alongside|as in|based on|(similar|identical|analogous) to|same (pattern )?as|patterns? (in|"
    r"of|from)|(imports?|importers?|references?|usages?|callers?|consumers?) of|(all|any|every|"
    r"existing|remaining) references? to|(tests?|coverage|specs?|assertions?|suites?|cases) (of|"
    r"for|that \w+))"
    rf" ((the|an?|our|its|existing) )*(?P<codes>{_CODES})"
)
_BEFORE = r"\w*\b[^.;\n]*$"
_REMOVES = anycase(
    rf"\b(remov|delet|drop|strip|unregister|clear|purg|cut|omit|exclud|eliminat){_BEFORE}"
)
_MOVES = anycase(rf"\b(mov|extract|split|pull|relocat){_BEFORE}")


# "Copy `a` to `b`" changes `b`.
_COPIED = anycase(r"(?P<copy>\b(copy|duplicate) (the )?)`[^`\n]+`(?= (over )?(to|as|into) `)")


# "Do not change `a`."
_FORBIDDEN = anycase(
    r"\b(?=[adnmw])(do not|don't|never|must not|mustn't|without|avoid|no changes? (to|in)) "
    r"([a-z]+ ){0,4}?"
    rf"{_CODES}"
)


def changing(words: str) -> str:
    """Words without the files that stay as they are: "tests for `ship.py`", "like `boat.py`"."""
    if "`" not in words:
        return words
    words = _FORBIDDEN.sub("", words)
    words = _COPIED.sub(r"\g<copy>it", words)
    # What is removed from a file changes it.
    return _STAYS.sub(lambda it: it[0] if _is_source(it, _REMOVES) else "", words)


def moved_from(words: str) -> list[str]:
    """The code that words move something out of, which may change with it."""
    return [
        code
        for found in _STAYS.finditer(words)
        if _is_source(found, _MOVES)
        for code in re.findall(r"`[^`\n]+`", found["codes"])
    ]


def _is_source(found: re.Match[str], taken: re.Pattern[str]) -> bool:
    """Whether something is `taken` from the files that are found."""
    from_it = found[0].lower().startswith("from")
    return from_it and taken.search(found.string[: found.start()]) is not None
