"""Recognises edits whose place is named by what is defined there, and definitions given anew."""

from __future__ import annotations

import re
from functools import partial
from textwrap import dedent

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Operation
from runbook.markdown.importing.forms.lineanchors import inserted_at_line
from runbook.markdown.importing.forms.recognized import Finder, Recognized
from runbook.markdown.importing.places import treesymbols
from runbook.markdown.importing.places.definitions import is_definition, parsed
from runbook.markdown.importing.places.files import Scope, open_to, target
from runbook.markdown.importing.places.symbols import inserted, replaced
from runbook.markdown.importing.places.treesymbols import knows
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.prose import asks_for_more, instructs
from runbook.markdown.importing.words.sides import Side
from runbook.markdown.importing.words.symbolwords import Anew, Spot, anew, line_spot, spot

_PYTHON = (".py", ".pyi")
_WIDER = re.compile(
    r"\b(?:callers?|call sites?|imports?|elsewhere|each|every|all|others?|too|as well)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.。])\s+|\n+")
_SAYS_HOW = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:update|modify|change|extend|refactor|rewrite|replace|simplify)\s+"
    r"(?P<names>(?:the\s+)?`\w+(?:\(\))?`(?:\s*\([^()]*\))?(?:(?:,|\s+and|,\s+and)\s+(?:the\s+)?"
    r"`\w+(?:\(\))?`(?:\s*\([^()]*\))?)*)\s+(?:so|to)\s",
    re.IGNORECASE,
)
_LIKE_OTHERS = re.compile(r"\W*follow(?:ing)?\s+the\s+(?:\w+\s+)?pattern\b", re.IGNORECASE)
_ADDS = re.compile(r"\W*(?:\d+[.)]\s*)?(?:add|create|define|introduce)\b", re.IGNORECASE)
_REMOVES_IT = re.compile(
    r"(?:remove|delete)\s+the\s+(?:(?:entire|whole|old)\s+)?(?:test|function|method|class|fixture|"
    r"block|section|helper)\s*[.:]?",
    re.IGNORECASE,
)
_OF_IT = re.compile(
    r"\W*(?:update|modify|change|replace|use|call|remove\s+the\s+(?:entire|whole)\s+(?:test|function|"
    r"method|class|fixture))\b",
    re.IGNORECASE,
)


def placed(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """A block that is to stand after or before something that the file defines."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    if scope.text is None or elided(piece.text):
        return None
    place = spot(lead)
    if place is None:
        return None
    names = (place.name, *filter(None, (place.then, place.into)))
    find = partial(_inserted, code=piece.text, place=place, line=line_spot(lead))
    path = target(lead, piece.text, piece.info, scope, before) or _only(lead, scope, find)
    if path is not None and knows(path):
        find = partial(treesymbols.inserted, path=path, code=piece.text, place=place)
    elif path is None or not path.endswith(_PYTHON):
        return None
    return _looked_up(path, piece, index, find=find, about=names)


def _inserted(text: str, code: str, place: Spot, line: tuple[Side, str] | None) -> Operation | str:
    """The insertion beside a definition, or where only a line has what is quoted, at that."""
    change = inserted(text, code, place)
    if line is None or place.called or "(" not in line[1]:
        return change
    calls = re.search(rf"^[ \t]*{re.escape(line[1])};?$", text, re.MULTILINE)
    if isinstance(change, str):
        return inserted_at_line(text, *line, code) or change
    return "" if calls else change


def given_anew(
    pieces: list[Piece], index: int, scope: Scope, before: str | None
) -> Recognized | None:
    """A block that is the new text of a function or class, all of it."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    if scope.text is None or elided(piece.text):
        return None
    said = anew(lead)
    if said is None or (said.verb not in ("replace", "rewrite") and _keeps_rest(pieces, index)):
        return None
    find = partial(replaced, code=piece.text, said=said)
    path = target(lead, piece.text, piece.info, scope, before) or _only(lead, scope, find)
    name = defined(piece.text) or said.name
    if path is not None and knows(path) and name:
        find = partial(treesymbols.replaced, path=path, code=piece.text, said=said)
    elif path is None or not path.endswith(_PYTHON) or not defined(piece.text) or not name:
        return None
    return _looked_up(path, piece, index, find=find, about=(name,))


def _keeps_rest(pieces: list[Piece], index: int) -> bool:
    """Whether words behind a block say that there is more of what it shows."""
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    return after is not None and after.kind == "prose" and bool(_REST.search(after.text))


_REST = re.compile(
    r"\b(?:rest|remain(?:s|ing|der)?|unchanged|keep|stays?|as[- ]is|as\s+before|same)\b",
    re.IGNORECASE,
)


def whole_function(path: str, lead: str, piece: Piece, index: int) -> Recognized | None:
    """A block that is the new text of the one function or class that it defines, by its name.

    `None` where nothing parses the file, or the block is anything else.
    """
    said = anew(lead)
    said = Anew(said.name if said else None, "replace", True, None)
    name = defined(piece.text)
    if knows(path):
        find = partial(treesymbols.replaced, path=path, code=piece.text, said=said)
    elif not path.endswith(_PYTHON) or not name:
        return None
    else:
        find = partial(replaced, code=piece.text, said=said)
    return _looked_up(path, piece, index, find=find, about=tuple(filter(None, (name,))))


def _only(lead: str, scope: Scope, find: Finder) -> str | None:
    """The only file of the task in which the place is found."""
    found = [
        path
        for path, text in open_to(lead, scope)
        if path.endswith(_PYTHON) and not isinstance(find(text), str)
    ]
    return found[0] if len(found) == 1 else None


def _looked_up(
    path: str, piece: Piece, index: int, *, find: Finder, about: tuple[str, ...]
) -> Recognized:
    # What stands there until it is looked up is never written.
    stand_in = Append(Text(piece.text, True))
    return Recognized(path, stand_in, index, index, anchored=True, find=find, about=about)


def names_in(code: str) -> list[str]:
    """The names of the functions and classes that a block defines."""
    tree = parsed(dedent(code))
    body = [] if tree is None else tree.body
    return [getattr(each, "name", "") for each in body if is_definition(each)]


def defined(code: str) -> str:
    """The name of the one function or class that a block is; nothing if it is anything else."""
    tree = parsed(dedent(code))
    if tree is None or len(tree.body) != 1 or not is_definition(tree.body[0]):
        return ""
    name: str = getattr(tree.body[0], "name", "")
    return name


def announced(words: str, following: list[Piece]) -> bool:
    """Whether words only tell of what the blocks after them do, which are given in full.

    "Update `sail` to call `row`", and then the new text of `sail`, is one change and not two.
    """
    code = [at for at, piece in enumerate(following) if piece.kind == "code"]
    leads = [lead_of(following, at, "") for at in code]
    given = {
        defined(following[at].text)
        for at, lead in zip(code, leads, strict=True)
        if anew(lead) is not None
    }
    added = set(names_in(following[code[0]].text)) if code and spot(leads[0]) else set()
    if not (given or added):
        return False
    first = following[code[0]].text
    return all(
        _tells_of(sentence, given, added, first)
        for sentence in _SENTENCE.split(words)
        if instructs(sentence)
    )


def _tells_of(sentence: str, given: set[str], added: set[str], code: str) -> bool:
    if asks_for_more(sentence) or _WIDER.search(re.sub(r"`[^`]*`", "", sentence)):
        return False
    if _LIKE_OTHERS.match(sentence):
        return True
    how = _SAYS_HOW.match(sentence)
    if how and set(re.findall(r"`(\w+)", how["names"])) <= given:
        return True
    codes = re.findall(r"`([^`\n]+)`", sentence)
    if added and codes and _ADDS.match(sentence):
        return codes[0].removesuffix("()") in added
    return bool(given and _OF_IT.match(sentence) and codes and all(each in code for each in codes))


def says_removed(words: str) -> bool:
    """Whether words tell someone to do no more than to remove what the next block shows."""
    told = [sentence for sentence in _SENTENCE.split(words) if instructs(sentence)]
    return bool(told) and all(_REMOVES_IT.fullmatch(sentence.strip()) for sentence in told)
