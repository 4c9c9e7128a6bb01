"""Tells blocks of code that leave something out, or leave something to be filled in.

A comment that merely speaks of "existing" or "remaining" things is code like any other. It stands
for what is left out where it has dots, or is nothing but such a mark: `# existing code`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.format.syntax import harmful_character
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_DOTS = r"(\.{3}|…)"
_COMMENT = r"(#(?!#)|//(?!/)|/\*|<!--|\{/\*|--(?!-))"
_STANDS_FOR = (
    r"((the|all|your|keep( (the|all))?) )*(rest of\b[^.:`\"'=]{0,80}$|existing|rest of|remaining|"
    r"previous|other (fields|methods|imports|code|tests|cases|props|routes|functions|lines|"
    r"entries)|unchanged|omitted|same as|as before|(keep|rest|everything else|code) (as is|"
    r"unchanged|omitted|the same))\b[^.:`\"'=]{0,25}"
)
_ELIDED = anycase(
    # A line that begins with dots, but for what they are spread over.
    rf"^\s*(#|//|--|/\*+|<!--|\*|;|%)?\s*(\.{{3}}(?![\w$(\[{{])|…)"
    rf"|(^|\s){_COMMENT}\s*{_DOTS}"
    # A comment that is nothing but the mark, and one with dots and the mark.
    rf"|^\s*{_COMMENT}\s*\(?{_STANDS_FOR}\)?\s*(-->|\*/\}}?)?\s*$"
    rf"|\s{_COMMENT}\s*\(?(existing|unchanged|as before|as is|same as before)\)?\s*$"
    # What is there is no part of what is added.
    rf"|^[^#\n]*\s{_COMMENT}\s*\(?already (imported|defined|declared)\b"
    rf"|(^|\s){_COMMENT}.*\b(existing|rest|remaining|unchanged|as before|same|omitted|keep|"
    rf"previous|other)\b.*((?<![.\w]){_DOTS}|\w{_DOTS}\s*(-->|\*/\}}?)?\s*$)"
    r"|(\.{3} |…\s*)(existing|rest|other|unchanged|remaining|same|more|etc)\b"
    r"|\.{3}(existing|rest|other|unchanged|remaining|same|more) \w"
    # "// Remove: import oars" is an order, and no remark.
    rf"|^\s*{_COMMENT}\s*(remove|delete|drop)\s*:\s[^\n]*([;{{,)]\s*$|\b(import|use|from|require)\b)"
    # Arguments or items that are cut off; not `tuple[int, ...]`.
    rf"|,\s*{_DOTS}\s*[)}}]|[\"'\d]\s*,\s*{_DOTS}\s*\]"
    r"|\[(\.{3}(?![\w$(\[{])|…|existing\b|rest of\b)[^\]]*\]"
    r"|(省略|既存のまま|既存の?コード)"
)
# Without one of these, in small letters, none of it is said, which is so of most blocks and lines.
_SIGNS = (
    "...", "…", "existing", "rest", "remaining", "previous", "other", "unchanged", "omitted",
    "same", "as before", "as is", "already ", "remove:", "delete:", "drop:", "省略", "既存",
    "<-", "←", "^^",
)  # fmt: skip
_MAY_BE = re.compile("|".join(map(re.escape, _SIGNS)))
# Documentation is text: what it leaves out is no code.
_DOCUMENTED = spelled(r"^\s*//[/!](?!\s*(\.{3}|…)?\s*$).*", re.MULTILINE)
_DOCSTRING = re.compile(
    r"((?:\)\s*(?:->[^\n]*)?|^[ \t]*class\s+\w+[^\n]*):[ \t]*\n[ \t]*|\A)"
    r"\"\"\"(?!\s*(?:\.{3}|…)?\s*\"\"\")(?P<said>(?:(?!\"\"\").)*)\"\"\"",
    re.MULTILINE | re.DOTALL,
)
_ARROW = re.compile(r"(?:#|//|--|<!--)\s*(?:<--|←|<-|\^\^)")
_BLANK_TO_FILL = anycase(
    r"<(your|the|insert|paste|SHA|TODO|fill)\b[^>]*>|\bYOUR_[A-Z]+\b|\bTODO: fill|\[(insert|your|"
    r"paste|fill[ -]?in|to be (filled|determined|completed))\b|"
    r"(?:#|//|--|<!--)\s*\(?(note (to|for) (the )?)?implement[eo]rs?\s*:"
)


def unwritable(code: str) -> bool:
    """Whether a text has characters that a block of a phase file can't hold."""
    return harmful_character(code) is not None


def cut_off(code: str) -> bool:
    """Whether code has a part in brackets that is left out: `{ ... }`, `run(...)`, `<div ...>`.

    `Field(...)` of Python is what it is.
    """
    if "..." not in code and "…" not in code:
        return False
    plain = without_documentation(code)
    return any(_CUT_OFF.search(_QUOTED.sub("''", line)) for line in plain.split("\n"))


def without_documentation(code: str) -> str:
    """The block without what docstrings and doc comments say; its lines stay as many."""
    if "///" in code or "//!" in code:
        code = _DOCUMENTED.sub("", code)
    if '"""' in code:
        code = _DOCSTRING.sub(lambda it: it[1] + "\n" * it["said"].count("\n"), code)
    return code


_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`|(?:#|//).*")
_CUT_OFF = spelled(
    rf"\{{\s*{_DOTS}\s*\}}|(?<![.\w])[a-z_]\w*\(\s*{_DOTS}\s*\)|\.[a-z_]\w*\(\s*{_DOTS}\s*\)|"
    rf"\w\(…\)|<[A-Za-z][\w.]* {_DOTS}\s*/?>|\w…\)|[(,]\s*…"
)


# A body that is nothing but remarks: of a test, or where they order what it is to do. Others say
# why it is empty.
_ON_PURPOSE = (
    r"(?!.*(?i:\b(no-?op|nothing|intentional\w*|empty|ignored?|unused|blank|todo|fixme|placeholder|"
    r"stub\w*|not \w+|never|implemented (in|by)|covered (in|by)|see)\b))"
)
_ORDERS = (
    rf"{_ON_PURPOSE}[ \t*]*(?:\d+[.)]|(?i:add|append|build|call|check|collect|compute|create|do|"
    r"fetch|find|get|implement|insert|iterate|keep|load|loop|parse|read|replace|return|same as|say|"
    r"send|set|sort|split|store|tell|use|validate|verify|walk|write)\b(?! by\b))"
)
_SHUT = r"[ \t]*\}"
_HEAD = r"[^\n{}]*\)[^\n{}]*\{"
_OF_TESTS = (  # but for such as are skipped
    r"(?:\b(?:it|test)\((?![^\n]*\b(?:skip|todo)\b)[^\n]*(?:=> |\) )\{|\b(?:fn|func|fun|void) "
    rf"(?:test_?\w*|Test\w*){_HEAD}|#\[(?:\w+::)*test\]\s*(?:async )?fn {_HEAD}|@Test{_HEAD})"
)
_OF_OTHERS = r"\b(?:fn|func|fun|function|void) \w+[^{}]{0,400}\)[^\n{}]*\{"
_COMMENTS = r"(?:[ \t]*//[^\n]*\n)*"
_SKETCHED = re.compile(
    rf"{_OF_TESTS}(?:[ \t]*/\*{_ON_PURPOSE}[^\n]*\*/{_SHUT}"
    rf"|[ \t]*\n(?:[ \t]*//{_ON_PURPOSE}[^\n]*\n)+{_SHUT})"
    rf"|{_OF_OTHERS}(?:[ \t]*/\*{_ORDERS}[^\n]*\*/{_SHUT}"
    rf"|[ \t]*\n{_COMMENTS}?[ \t]*//{_ORDERS}[^\n]*\n{_COMMENTS}{_SHUT})"
    rf"|\bdef test\w*\([^\n]*:[ \t]*\n(?:[ \t]+#{_ON_PURPOSE}[^\n]*\n)+[ \t]+pass\b"
    rf"|\bdef \w+\([^\n]*:[ \t]*\n[ \t]+#{_ORDERS}[^\n]*\n(?:[ \t]+#[^\n]*\n)*[ \t]+pass\b"
)


@lru_cache(maxsize=64)  # every rule asks it of a block
def elided(code: str, *, exactly: bool = False) -> bool:
    """Whether a block leaves something out, or has something to be filled in.

    With `exactly`, the plan says that it is to stand in the file just so: then what is to be
    filled in, such as "[Paste the text]", is for the file's reader.
    """
    if unwritable(code):
        return True
    small = code.lower()
    if any(sign in small for sign in _SIGNS) and any(
        _MAY_BE.search(line.lower()) and (_ELIDED.search(line) or _ARROW.search(line))
        for line in without_documentation(code).split("\n")
    ):
        return True
    if ("//" in code or "/*" in code or " #" in code) and _SKETCHED.search(code):
        return True
    return not exactly and bool(_BLANK_TO_FILL.search(code))
