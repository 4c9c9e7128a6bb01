"""Words before a shell block that say that it is to be written somewhere, and not to be run."""

from __future__ import annotations

import re
from typing import Literal

from runbook.core.shell.cutting import split
from runbook.core.shell.script import parse
from runbook.core.shell.walking import Placed, walk
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import anycase

Said = Literal["text", "change", ""]

_BEGIN = r"\W*(\d+[.)]\s*)?\W*((then|now|next|also|and|finally|first|manually)\b,? )*"
# What holds text. Of most of them only a part is given.
_HOLDERS = (
    r"(steps?|jobs?|targets?|recipes?|rules?|hooks?|functions?|methods?|scripts?|blocks?|"
    r"sections?|case|config\w*|settings|profile|files?|templates?|stages?|workflows?|pipelines?|"
    r"dockerfile|containerfile|makefile|justfile|procfile|readme(\.md)?|docs?|documentation|page|"
    r"guide|environment|env|\.env\S*|guard|helpers?|snippets?|lines?|body|contents?|variables?|"
    r"exports?|alias(es)?|stanza|entry|entries|header|footer|statement|commands?|code|text|"
    r"example|usage|heredoc|generator|array|list|table|top|bottom|end|beginning|start)"
)
_INSERTS = (
    r"(append|insert|prepend|paste|put|place|write|fill( (in|out))?|emit|embed|include|save|store|"
    r"extend|wrap|define|declare|introduce|document|describe|note|mention|record|enter|type)"
)
_ALTERS = (
    r"(replace|change(?! (in)?to\b| (the )?(dir|folder))|update|modify|rewrite|edit|adjust|create|"
    r"set(?!\s*up)|keep|use|adapt|augment|make|implement|new|generate|configure)"
)
_INTO = r"(to|into|in|inside|within|under|after|before|above|below|at|near|between|around|as|from)"
_NO_HOLDER = r"(git|the (index|commit|stage|staging area|repo\w*))\b"
_TEXT = anycase(
    rf"{_BEGIN}("
    # Append these lines to the step; put this in `.envrc`.
    rf"{_INSERTS}\b.*?(`[^`]+`|\b{_HOLDERS}\b)"
    # Add a case to the `case` statement.
    rf"|add\b.*?\b{_INTO}\b(?! {_NO_HOLDER}).*?(`[^`]+`|\b{_HOLDERS}\b)"
    # Modify the step to run this.
    rf"|({_ALTERS}|extend)\b[^.:]*\b{_HOLDERS}\b[^.:]*\b(to run|so that|with|as follows|to)\b"
    # In the Makefile, add this.
    rf"|(in|under|inside|within|at|after|before)\b[^:]*?(,\s*|\s)(add|append|insert|put|place|"
    r"write|set|use|change|replace|update|have|include)\b"
    # The generated hook looks like this; the job becomes that.
    r"|.*\b(looks? like|becomes?|should (contain|read|look|be|have|say)|contains?|reads?|"
    r"will be|has)\b[^.`]*[:：]\W*$"
    rf"|[^.]*\b(body|contents?|template|source|text) (of|for)\b"
    rf")"
)  # fmt: skip
_CHANGE = anycase(
    rf"{_BEGIN}(add|{_INSERTS}|{_ALTERS})\b(.*?\b{_HOLDERS}\b|\W*[:：]?\W*$|[^`]*\bfollow(s|"
    rf"ing)\b)"
)
# A phrase without a verb: "Contents:", "`.env` contents:", "The new `verify()` function:".
_PHRASE = anycase(
    rf"\W*((the|a|your|new|full|final|updated|complete|sample|whole|generated|"
    rf"file)\b\s*)*(`[^`]+`\s*)?(\w+ )?{_HOLDERS}(\s*\([^)]*\))?( \w+)?\W*[:：]\W*$"
)
_RUNS = (
    r"(?:re-?run|run|execute|verif\w*|check|confirm|test|commit|validate|start|launch|invoke|try|build|"
    r"install|lint|format)"
)
_RUN_FIRST = anycase(rf"{_BEGIN}{_RUNS}\b|\W*(commands?|shell|terminal|bash)\W*$")
_RUN_TOO = anycase(
    r"(\band\b|\bthen\b|[,;]) (then )?(re-?run|run|execute|verify|check|confirm|commit)\b"
    r"|\bby running\b|\b(by|with|using) (this|the following) commands?\b"
)  # fmt: skip
_RUNS_ELSEWHERE = rf"{spoken('run')}|{spoken('verification')}|{spoken('commit')}"
# A line that is no more than a file's name, with or without a word for what it is.
_FILE_LABEL = anycase(
    r"\W*(\d+[.)]\s*)?[\s*_#(]*((the|a|your|new|full|final|complete|updated|create|write|add|"
    r"update|modify|edit|in|contents?|text|source|code|module|of|for|and|whole|"
    r"entire)\b[\s*_:(]*)*(?P<said>((new|shell|bash|helper|wrapper) )?(file(\s*name)?|path|script|"
    r"hook)s?\b[\s*_:：(]*)?(`(?P<coded>([A-Za-z]:(?=\\))?[\w./\\@{}<>\[\]$-]+)(:[\d,–-]+)?`|(?P<bare>(?=\S*[./]|"
    r"[A-Z]\w+file\b)[\w.@-][\w./@-]*[\w-]))(\s*\([^()]*\))?[\s*_:：).]*"
)
# Of a line that says what it is before it: "The handler (in code, its path):".
_IN_BRACKETS = re.compile(r"\W*[^`.:(\n]{1,60}\(`(?P<coded>[\w./@\[\]-]+\.\w+)`\)\W*[:：]\W*")
_WHAT_IT_IS = re.compile(r"(?<=[`*)])\s*[—–]\s+[^`\n]+$")
_SURE = anycase(
    r"(Make|Just|Docker|Container|Proc|Brew|Vagrant|Jenkins|Task|Rake|Gem|Caddy)file|CODEOWNERS|"
    r"\.[a-z][\w.-]*|[\w.-]+\.(sh|bash|zsh|bats)"
)
_A_FILE = anycase(rf"{_SURE.pattern}|[\w.@{{}}<>\[\]$-]*\.\w+")
_WORD = re.compile(r"\w")
_SIGNS = 40  # characters before a word that may be its list mark, its quotation marks, its emphasis
_SETS = ("export", "declare", "local", "readonly", "typeset", "set", "alias")


def says_text(lead: str) -> Said:
    """What the words before a block say of it.

    They say that it is the text of something, or that something changes, which the block may do
    itself; or nothing of the kind.
    """
    lead = _from_the_first_word(lead)
    if says_run(lead):
        return ""
    if _TEXT.match(lead):
        return "text"
    return "change" if _CHANGE.match(lead) or _PHRASE.fullmatch(lead.strip()) else ""


def names_another_file(lead: str, code: str) -> bool:
    """Whether words end with the name of a file, and the block does nothing with one of that name.

    In whatever language: "Ajoutez à `.env` :".
    """
    if says_run(lead) or re.search(rf"\b{_RUNS}\b|{_RUNS_ELSEWHERE}", lead, re.IGNORECASE):
        return False
    ends = re.search(r"`([^`\n]+)`[^`]{0,12}[:：]\W*$", lead)
    found = parse_path(ends[1]) if ends else None
    return found is not None and found[0].rpartition("/")[2] not in code


def is_labelled_text(lead: str, code: str) -> bool:
    """Whether a line before a block, or its first comment, is the label of a file it is of.

    "File: `scripts/ship.sh`", "**Makefile**", "# .github/workflows/ci.yml". A script that does
    something with that file ("Create `ship.sh`:" and `touch ship.sh`) is none of its text.
    """
    first = code.lstrip().partition("\n")[0]
    labels = [_FILE_LABEL.fullmatch(lead.strip())]
    labels.append(_FILE_LABEL.fullmatch(first) if first.startswith("#") else None)
    for found in filter(None, labels):
        path = found["coded"] or found["bare"]
        name = path.rpartition("/")[2]
        # "Node.js:" is no file.
        marked = found["coded"] or "/" in path or _SURE.fullmatch(name)
        if found["said"] or (marked and _A_FILE.fullmatch(name)):
            return not any(name in _names(placed) for placed in walk(code))
    return False


def labelled_file(line: str) -> str:
    """The file, as code, of a line that is its label, with what it is; nothing if it is more."""
    plain = _WHAT_IT_IS.sub("", line.strip())
    found = _FILE_LABEL.fullmatch(plain) or _IN_BRACKETS.fullmatch(plain)
    if found is not None and found.re is _IN_BRACKETS:
        return f"`{found['coded']}`"
    return f"`{found['coded'] or found['bare']}`" if found else ""


def _names(placed: Placed) -> set[str]:
    """The names of what a command is given or writes, without their folders."""
    given = [word.text for word in placed.command.words]
    given += [each.target for each in placed.redirections]
    return {each.rstrip("/").rpartition("/")[2] for each in given}


def says_run(lead: str) -> bool:
    """Whether the words before a block say that it is to be run."""
    lead = _from_the_first_word(lead)
    return bool(_RUN_FIRST.match(lead) or _RUN_TOO.search(lead))


def _from_the_first_word(text: str) -> str:
    """The text without most of what stands before its first word.

    The patterns pass over all of it, each place of it once for every place: a text of signs alone
    would take them minutes.
    """
    first = _WORD.search(text)
    return text[max(0, first.start() - _SIGNS) :] if first else text[-_SIGNS:]


def does_nothing(code: str) -> bool:
    """Whether a script only gives values to variables, or defines functions.

    In a process of its own that comes to nothing: these are lines of a file.
    """
    lines = [each.text for each in split(code) if each.text]
    if not lines:
        return False
    if re.fullmatch(r"(?:function\s+)?[\w-]+\s*(?:\(\))?\s*\{.*\}", "\n".join(lines), re.DOTALL):
        return True
    return all(
        (not command.words and bool(command.assignments) and "$(" not in str(command))
        or (command.name in _SETS and bool(command.arguments))
        for line in lines
        for command in parse(line).commands
    )


PATH = r"[\w./\[\]()@-]+/[\w./\[\]()@-]+\.\w+"  # with a folder
_PUT = r"(append(ed)?|add(ed)?)"
_NAMED = rf"({PATH}|[\w-]+(\.[\w-]+)*\.[a-z]\w{{0,5}})"
_PUT_COMMENT = anycase(
    rf"\s*(#|//|--)\s*(({_PUT} to( the end of)?|(追加|追記)(到|至)?|添加(到|至)) "
    rf"(?P<to>{_NAMED})( 的?末尾)?|"
    rf"(?P<of>{_NAMED})\s*[—–-]?\s*[(（]?({_PUT}( to (the )?(end|file|bottom))?|追加|追記)[)）]?)"
    r"(\s*\(or create [^()]*\))?\s*[:：]?\s*"
)


def put_by_comment(code: str) -> tuple[str, str]:
    """The order that a block's first line is, "# ship.py (append)", and the block without it."""
    first, _, rest = code.partition("\n")
    found = _PUT_COMMENT.fullmatch(first)
    path = found and (found["to"] or found["of"])
    return (f"Append to `{path}`:", rest.lstrip("\n")) if path and rest.strip() else ("", code)
