"""Recognises edits in a step's prose and code: only forms that say exactly what is to be done.

A block of code in a plan may be a whole file, what is to stand somewhere, an example or an output.
Where the words don't say which, nothing is recognised, and the step is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from runbook.core.operations import (
    Append,
    Create,
    Insert,
    LineRange,
    Operation,
    Prepend,
    Remove,
    Replace,
    ReplaceRange,
    RewriteFile,
    Text,
)
from runbook.core.value import value
from runbook.markdown.pieces import Piece, is_shell
from runbook.markdown.places import Scope, named, target

_TO = re.compile(
    r"\W*(?:and\s+)?(?:to|with|into|after|new|becomes?|(?:replace|change|update)(?:d|s)?\s+"
    r"(?:it\s+|this\s+|that\s+|them\s+)?(?:with|by|to|into)|replacement|replace by|"
    r"and replace (?:it )?with|"
    r"以下に(?:修正|変更|置換)|変更後|修正後)\b[^.:：]{0,60}[:：]?\W*"
    r"|\W*(?:以下に(?:修正|変更|置換)|変更後|修正後)[^.:：]{0,30}[:：]?\W*",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:\bfrom\b|\bfind\b|\blocate\b|\bbefore\b|\bcurrent(?:ly)?\b|\bexisting\b|\bold\b|"
    r"\boriginal\b|変更前|修正前)"
    r"|^\W*(?:(?:in|inside|at)\s[^:]{0,80}?)?\b(?:replace|change|update|modify|"
    r"swap)\b(?!.*\b(?:with|to)\b\W*$)",
    re.IGNORECASE,
)
_INEXACT = re.compile(
    r"approximately|similar(?:ly)?\b|something like|e\.g\.|for example|such as|roughly|\bsketch\b|"
    r"pseudo|outline|\bexample\b|illustrat|recommended shape|signature|should look|looks? like|"
    r"\bif (?:it|the|there|not|needed|necessary)\b|optional|or equivalent|pattern\b|adapt"
    r"|適宜|例えば",
    re.IGNORECASE,
)
_CREATE = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:then\s+|now\s+|next,?\s+)?(?:create|write|implement|add|generate|"
    r"make|set up|define|scaffold|save|new file|新規|作成)\b"
    r"|^\W*(?:new\s+)?(?:file|contents?|full contents?|complete file)\b[^.]{0,80}[:：]\W*$"
    r"|を(?:新規)?作成|を(?:以下の内容で|新規に?)作",
    re.IGNORECASE,
)
_REWRITE = re.compile(
    r"\b(?:replace|overwrite|rewrite|update)\b[^.]*?\b(?:(?:entire|whole|full|complete|current|"
    r"all)\s+(?:file\b|contents?\b|of\s+`)|"
    r"(?:file\s+)?contents?\s+(?:of\b|with\b|entirely)|the file\b(?!'s)\s*(?:with|by|entirely))"
    r"|\breplace\s+file\s+content\b|全体を(?:以下に)?置き?換え|ファイル全体を",
    re.IGNORECASE,
)
_APPEND = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:then\s+)?append\b(?![^:]*\b(?:function|class|method|section|table|"
    r"list|array|block|row|object|suite|describe|body)\b)"
    r"|\b(?:to|at)\s+the\s+(?:end|bottom)\s+of\s+(?:the\s+(?:test\s+)?file\b|`)|"
    r"^`[^`]+`\s*の(?:ファイル)?末尾に(?:以下を)?追加",
    re.IGNORECASE,
)
_PREPEND = re.compile(
    r"\bprepend\b|\b(?:at|to)\s+the\s+(?:very\s+)?(?:top|beginning|"
    r"start)\s+of\s+(?:the\s+file\b|`)",
    re.IGNORECASE,
)
_REMOVE = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:then\s+)?(?:remove|delete)\b(?![^:]*\b(?:all|every|each|"
    r"any)\b)[^.]*[:：]\W*$",
    re.IGNORECASE,
)
_INSERT = re.compile(r"^\W*(?:and\s+)?(?:insert|add)\b[^.`]{0,50}[:：]?\W*$", re.IGNORECASE)
_ANCHOR = re.compile(
    r"\b(?P<side>after|below|before|above)\b(?P<between>(?:\s+(?:it|this|the|these|line|lines|"
    r"block|code|following|existing|import|row|call|statement|heading))*)\s*[:：]\W*$",
    re.IGNORECASE,
)
_INLINE_ANCHOR = re.compile(
    r"\b(?:immediately\s+|directly\s+|right\s+|just\s+)?(?P<side>after|below|before|"
    r"above)\s+(?:the\s+)?"
    r"(?:(?:existing\s+)?(?:line|import|statement|row|heading)s?\s+)?`(?P<anchor>[^`\n]+)`"
    r"(?:\s+(?:line|import|statement|row|heading))?(?P<rest>[^`]*)$",
    re.IGNORECASE,
)
_ELIDED = re.compile(
    r"^\s*(?:#|//|--|/\*+|<!--|\*|;|%)?\s*(?:\.{3}|…)"
    r"|(?:#|//|/\*|<!--|\{/\*|--)\s*(?:\.{3}|…|.*?\b(?:existing|rest of|remaining|unchanged|"
    r"as before|same as|other (?:fields|methods|imports|code|tests|cases)|omitted|keep|"
    r"previous)\b.*)"
    r"|(?:\.{3}|…)\s*(?:existing|rest|other|unchanged|remaining|same|more|etc)\b"
    r"|\[(?:\.{3}|…|existing|rest of)[^\]]*\]|(?:省略|既存のまま|既存の?コード)",
    re.IGNORECASE,
)
_BLANK_TO_FILL = re.compile(
    r"<(?:your|the|insert|paste|SHA|TODO|fill)\b[^>]*>|\bYOUR_[A-Z]+\b|\bTODO: fill|"
    r"\[(?:insert|your|paste)\b",
    re.IGNORECASE,
)
_LINES = re.compile(r"\b(?:lines?|L)\s*~?(\d+)(?:\s*(?:[-–]|to|through)\s*(\d+))?", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:body|opening|section|paragraph|block|function|method|class|frontmatter|between|"
    r"everything|bullet|row|table|list|part)\b",
    re.IGNORECASE,
)


@value
class Recognized:
    """An edit that the plan states, and the pieces (by index) that it is made of."""

    path: str
    change: Operation
    first: int
    last: int
    anchored: bool = False
    whole_function: bool = False  # the new text of a function whose old text is to be looked up


def elided(code: str) -> bool:
    """Whether a block leaves something out, or has something to be filled in."""
    return any(_ELIDED.search(line) for line in code.split("\n")) or bool(
        _BLANK_TO_FILL.search(code)
    )


def lead_of(pieces: list[Piece], index: int, title: str) -> str:
    """The words right before a block: the last line of the prose before it, or the title."""
    if index == 0:
        return title
    before = pieces[index - 1]
    if before.kind != "prose":
        return ""
    return before.text.rstrip().rsplit("\n", 1)[-1].strip()


def recognize(pieces: list[Piece], scope: Scope, seen: set[str]) -> Iterator[Recognized]:
    """The edits in a step's prose and code; `seen` are files that have a text by now."""
    index = 0
    path: str | None = None
    while index < len(pieces):
        piece = pieces[index]
        if piece.kind != "code" or piece.doubtful:
            index += 1
            continue
        found = _range(pieces, index, scope, path) or _pair(pieces, index, scope, path)
        if found is None:
            found = _single(pieces, index, scope, path, seen)
        if found is None:
            lead = lead_of(pieces, index, scope.title)
            names = named(lead, scope)
            path = names[0] if len(names) == 1 else path
            index += 1
            continue
        path = found.path
        seen.add(path)
        yield found
        index = found.last + 1


def _text(code: str) -> Text:
    return Text(code if code.endswith("\n") else code + "\n", True)


def _lines(words: str) -> LineRange | None:
    found = _LINES.findall(words)
    if len(found) != 1:
        return None
    first, last = int(found[0][0]), int(found[0][1] or found[0][0])
    return LineRange(first, last) if 0 < first <= last else None


def _follows(pieces: list[Piece], index: int) -> Piece | None:
    """The block after this one, if only a line stands between them."""
    if index + 2 < len(pieces) and pieces[index + 1].kind == "prose":
        words, block = pieces[index + 1], pieces[index + 2]
        if block.kind == "code" and not block.doubtful and "\n" not in words.text.strip():
            return block
    return None


def _usable(code: str) -> bool:
    return bool(code.strip()) and not elided(code)


def _range(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """ "Replace everything from … through … with …", a block each."""
    lead = lead_of(pieces, index, scope.title)
    if not re.search(r"\b(?:everything|all)\s+from\b[^.]{0,20}[:：]?\W*$", lead, re.IGNORECASE):
        return None
    second, third = _follows(pieces, index), _follows(pieces, index + 2)
    if second is None or third is None:
        return None
    words = [lead_of(pieces, i, "") for i in (index + 2, index + 4)]
    if not re.match(
        r"\W*(?:through|up to and including)\b", words[0], re.IGNORECASE
    ) or not _TO.fullmatch(words[1]):
        return None
    code = pieces[index].text
    path = target(lead, code, pieces[index].info, scope, before)
    if path is None or not (_usable(code) and _usable(second.text)) or elided(third.text):
        return None
    change = ReplaceRange(_text(code), _text(second.text), _text(third.text), _lines(lead))
    return Recognized(path, change, index, index + 4, anchored=True)


def _pair(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """Two blocks that belong together: old and new text, or an anchor and what is inserted."""
    second = _follows(pieces, index)
    if second is None:
        return None
    first = pieces[index]
    lead = lead_of(pieces, index, scope.title)
    words = lead_of(pieces, index + 2, "")
    if _INEXACT.search(lead) or _INEXACT.search(words) or not _usable(first.text):
        return None
    if elided(second.text):
        return None
    path = target(lead, first.text, first.info, scope, before)
    if path is None or (is_shell(first.info) and not path.endswith((".sh", ".bash", ".bats"))):
        return None
    others = named(words, scope)
    if others and others != [path]:
        return None
    anchor = _ANCHOR.search(lead)
    if anchor and _INSERT.fullmatch(words):
        side = _side(anchor["side"])
        insert = Insert(side, _text(first.text), _text(second.text), lines=_lines(lead))
        return Recognized(path, insert, index, index + 2, anchored=True)
    if _FROM.search(lead) and _TO.fullmatch(words) and first.text != second.text:
        if not second.text.strip():
            return None
        change = Replace(_text(first.text), _text(second.text), lines=_lines(lead))
        return Recognized(path, change, index, index + 2)
    return None


def _single(
    pieces: list[Piece], index: int, scope: Scope, before: str | None, seen: set[str]
) -> Recognized | None:
    """One block that is a whole file, or goes to a place that is named."""
    piece = pieces[index]
    lead = lead_of(pieces, index, scope.title)
    code = piece.text
    if piece.info.startswith("diff"):
        return _diff(pieces, index, scope, before)
    if _INEXACT.search(lead) or not _usable(code):
        return None
    path = target(lead, code, piece.info, scope, before)
    if path is None:
        return None
    if is_shell(piece.info) and not (
        code.startswith("#!") or path.endswith((".sh", ".bash", ".bats"))
    ):
        return None
    if _REWRITE.search(lead) and not _BODY.search(re.sub(r"`[^`]*`", "", lead)):
        return Recognized(path, RewriteFile(_text(code)), index, index)
    if re.search(
        r"\breplace\s+(?:the\s+)?(?:entire|whole|full|"
        r"complete)\s+(?:`\w+(?:\(\))?`\s+)?(?:\w+\s+)?(?:function|method|fixture|test)\b",
        lead,
        re.IGNORECASE,
    ):
        change = Replace(_text(code), _text(code), lines=_lines(lead))
        return Recognized(path, change, index, index, anchored=True, whole_function=True)
    if _REMOVE.match(lead):
        return Recognized(path, Remove(_text(code), lines=_lines(lead)), index, index)
    if _APPEND.search(lead) and not re.search(r"直前|before\b|after\b", lead):
        # Indented code goes into something, and not to the end of the file.
        return None if code[:1] in " \t" else Recognized(path, Append(_text(code)), index, index)
    if _PREPEND.search(lead) and not re.search(r"\bafter\b|\bbefore\b", lead):
        return Recognized(path, Prepend(_text(code)), index, index)
    inline = _inline_anchor(lead, code)
    if inline is not None:
        return Recognized(path, inline, index, index, anchored=True)
    if _creates(pieces, index, scope, path, lead, seen):
        return Recognized(path, Create(_text(code)), index, index)
    return None


def _creates(
    pieces: list[Piece], index: int, scope: Scope, path: str, lead: str, seen: set[str]
) -> bool:
    """Whether a block is the text of a new file."""
    roles = {each.role for each in scope.mentions if each.path == path}
    if path in seen or "modify" in roles or pieces[index].text[:1] in " \t":
        return False
    there = scope.exists is not None and scope.exists(path)
    if there or not (
        roles & {"create", "test"}
        or re.search(r"\bnew file\b|\bcreate\b|新規|を作成", lead, re.IGNORECASE)
    ):
        return False
    if roles == {"test"} and scope.exists is None and not _starts_a_file(pieces[index].text):
        # A test may be added to a file that is there.
        return False
    alone = re.fullmatch(r"\W*(?:\*\*)?`[^`]+`(?:\*\*)?\s*(?:\([^)]*\))?\s*[:：]?\W*", lead)
    if not (_CREATE.search(lead) or alone):
        return False
    if re.search(
        r"\b(?:to|into|in)\s+(?:the\s+)?(?:class|function|method|section|list|array|table|"
        r"body)\b|\badd\s+to\b",
        lead,
        re.IGNORECASE,
    ):
        return False
    # A second block for the same file in the step: none of them is the whole.
    return not any(
        other.kind == "code" and i != index and not is_shell(other.info)
        and target(lead_of(pieces, i, scope.title), other.text, other.info, scope, path) == path
        for i, other in enumerate(pieces)
    )  # fmt: skip


def _starts_a_file(code: str) -> bool:
    first = next((line for line in code.split("\n") if line.strip()), "")
    return bool(
        re.match(
            r"(?:#!|import\b|from\b|\"\"\"|'''|use\b|package\b|//|/\*|<\?|<!DOCTYPE|---|"
            r"#include|const .*require|\"use |require\b|# )",
            first,
        )
    )


def _inline_anchor(lead: str, code: str) -> Insert | None:
    """ "Insert after `import x`:": the anchor is a line that can't be mistaken for a name."""
    if not re.match(
        r"\W*(?:\d+[.)]\s*)?(?:then\s+)?(?:insert|add|place|after|before|below|above|"
        r"immediately|directly|right|just|in)\b",
        lead,
        re.IGNORECASE,
    ):
        return None
    found = _INLINE_ANCHOR.search(lead)
    if (
        found is None
        or len(re.findall(r"\b(?:after|before|below|above)\b", lead, re.IGNORECASE)) != 1
    ):
        return None
    rest = re.sub(r"\([^)]*\)", "", found["rest"])
    if not re.fullmatch(
        r"\W*(?:,?\s*(?:add|insert|place)(?:\s+(?:the following|this)(?:\s+\w+)?)?|\s*in\s*)?\W*",
        rest,
        re.IGNORECASE,
    ):
        return None
    anchor = found["anchor"].strip()
    if not _statement(anchor) or "…" in anchor or "..." in anchor:
        return None
    side = _side(found["side"])
    if side == "after" and anchor.endswith((":", "{", "(", "[", ",", "\\")):
        return None
    return Insert(side, Text(anchor + "\n", True), _text(code), lines=_lines(lead))


def _side(word: str) -> Literal["after", "before"]:
    return "after" if word.lower() in ("after", "below") else "before"


def _statement(anchor: str) -> bool:
    """Whether a piece of code is a whole line by its form: nothing shorter is meant."""
    if re.match(
        r"(?:async\s+)?(?:def|class|function|fn|pub|impl|struct|interface|type|enum)\b", anchor
    ):
        return False
    return bool(
        re.match(
            r"(?:from\s+\S+\s+import\s+\S|import\s+\S|use\s+\S+;|#include\s|#{1,6}\s+\S|"
            r"const\s+\w.*=|let\s+\w.*=|return\s+\S)",
            anchor,
        )
        or re.match(r"[\w.\[\]\"']+(?:\s*:\s*[\w\[\], |.]+)?\s*=\s*\S", anchor)
        or re.fullmatch(r"[\w.]+\(.*\);?", anchor)
    )


def _diff(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """A diff without hunk headers, or with one: its old lines by its new ones."""
    lines = pieces[index].text.rstrip("\n").split("\n")
    name = next((line[6:] for line in lines if line.startswith("+++ b/")), None)
    lines = [line for line in lines if not line.startswith(("+++", "---", "diff ", "index "))]
    if lines and lines[0].startswith("@@"):
        lines = lines[1:]
    if not lines or any(
        line[:1] not in ("+", "-", " ", "") or line.startswith("@@") for line in lines
    ):
        return None
    old = "\n".join(line[1:] for line in lines if line[:1] != "+")
    new = "\n".join(line[1:] for line in lines if line[:1] != "-")
    path = name or target(lead_of(pieces, index, scope.title), "", "", scope, before)
    if path is None or not _usable(old) or elided(new) or old == new:
        return None
    return Recognized(path, Replace(_text(old), _text(new)), index, index)
