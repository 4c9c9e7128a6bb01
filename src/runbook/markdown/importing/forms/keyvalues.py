"""Keys to add to a TOML or JSON file, of which a block shows no more than the keys."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import partial

from runbook.core.matching.texts import Text
from runbook.core.model.data import Assignment, Keys, Number, Table, Value
from runbook.core.model.operations import Append, Operation, SetValues
from runbook.markdown.importing.forms.recognized import Recognized
from runbook.markdown.importing.places.files import Scope, target
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.wording import inexact

_ADDS = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:then\s+)?(?:in\s+(?:the\s+)?(?:root\s+)?(?:(?:``|section|table)\s*)+,?\s*)?"
    r"add\b(?:\s+(?:the|this|these|a|an|following|new|two|three|``|\w+(?=\s+(?:to|keys?|fields?|"
    r"entry|entries|dependency|dependencies|section)\b)|keys?|fields?|entry|entries|entry\s+points?|"
    r"points?|dependency|dependencies|section|and|,))*"
    r"(?:\s+(?:to|in|under)\s+(?:the\s+)?(?:root\s+)?(?:(?:``|sections?|tables?|lists?|in|of|the|"
    r"dependencies)\s*)+)?\s*[:：.]?\W*",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\s*\([^()`]*\)|\s+(?:at|around|near|on)\s+lines?\s+~?\d+(?:\s*[-–]\s*\d+)?", re.IGNORECASE
)
_HEADER = re.compile(r"\[([^\[\]]+)\]\s*(?:#.*)?")


class _Other(Exception):
    """What a key has in the file is not what it would be added to."""


def keyed(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """A block of plain keys that are added to those of the file."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    if not scope.transforms or elided(piece.text) or inexact(lead) or asks_for_more(lead):
        return None
    bare = _NUMBERS.sub("", re.sub(r"`[^`\n]*`", "``", lead))
    if not _ADDS.fullmatch(bare):
        return None
    path = target(lead, piece.text, piece.info, scope, before)
    if path is None or not path.endswith((".toml", ".json")):
        return None
    codes = [code for code in re.findall(r"`([^`\n]+)`", lead) if parse_path(code) is None]
    find = partial(_added, code=piece.text, codes=tuple(codes), toml=path.endswith(".toml"))
    stand_in = Append(Text(piece.text, True))
    about = tuple(codes) or (path,)
    return Recognized(path, stand_in, index, index, find=find, about=about, sure=False)


def _added(text: str, code: str, codes: tuple[str, ...], *, toml: bool) -> Operation | str:
    """The values to set so that a file has the block's keys beside its own."""
    tables = [code[1:-1].strip() for code in codes if re.fullmatch(r"\[[^\[\]]+\]", code)]
    named = [code for code in codes if not re.fullmatch(r"\[[^\[\]]+\]", code)]
    if len(tables) > 1:
        return ""
    try:
        there, block = _read(text, toml=toml), _read(code, toml=toml)
        if toml:
            block = _in_table(text, code, block, tables[0] if tables else None)
        elif tables:
            return ""
        made = list(_assignments(there, block, ()))
    except (ValueError, _Other, RecursionError):
        return ""
    if not made or any(name not in code for name in named):
        return ""
    return SetValues(tuple(made))


_LIST = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:then\s+)?add\b[^`.:]*(?:``[^`.:]*)?\b(?:to|in|under)\s+(?:the\s+)?"
    r"(?:``|(?P<bare>dependencies))(?:\s+(?:list|array|section|key|object|field))?"
    r"(?:\s+(?:in|of|under)\s+(?:the\s+)?``(?:\s+(?:section|table))?)*\s*[:：.]?\W*",
    re.IGNORECASE,
)
_SETS = re.compile(
    r"\W*(?:\d+[.)]\s*)?(?:then\s+)?(?:update|change|set|replace|bump)\s+(?:the\s+)?``(?:\s+(?:key|value|field|"
    r"setting|list|option))?(?:\s+(?:in|of|under)\s+(?:the\s+)?``(?:\s+(?:section|table))?)*"
    r"(?:\s+(?:to|with|so)\b[^`:]*)?\s*[:：.]?\W*",
    re.IGNORECASE,
)


def listed(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """Items for a list of a TOML or JSON file, keys for an object, or the new value of a key."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    if not scope.transforms or elided(piece.text) or inexact(lead):
        return None
    bare = _NUMBERS.sub("", re.sub(r"`[^`\n]*`", "``", lead))
    adds, sets = _LIST.fullmatch(bare), _SETS.fullmatch(bare)
    path = target(lead, piece.text, piece.info, scope, before) if adds or sets else None
    if path is None or not path.endswith((".toml", ".json")):
        return None
    codes = [code for code in re.findall(r"`([^`\n]+)`", lead) if parse_path(code) is None]
    table = next((code[1:-1] for code in codes if re.fullmatch(r"\[[^\[\]]+\]", code)), None)
    names = [code for code in codes if re.fullmatch(r"[\w.-]+", code)]
    name = adds["bare"] if adds and adds["bare"] else names[-1] if names else None
    if name is None or (adds and asks_for_more(lead)):
        return None
    find = partial(
        _listed,
        code=piece.text,
        name=name,
        table=table,
        toml=path.endswith(".toml"),
        sets=bool(sets),
    )
    stand_in = Append(Text(piece.text, True))
    return Recognized(path, stand_in, index, index, find=find, about=(name,), sure=False)


def _listed(
    text: str, code: str, name: str, table: str | None, *, toml: bool, sets: bool
) -> Operation | str:
    try:
        there = _read(text, toml=toml)
        ways = [way for way in _ways(there, name, ()) if table in (None, ".".join(way[:-1]))]
        if len(ways) != 1:
            return f"`{name}` is {'more than one key' if ways else 'no key'} of the file"
        (way,) = ways
        old: object = there
        for key in way:
            old = old[key] if isinstance(old, dict) else None
        if sets:
            return _set_anew(way, old, code, toml=toml)
        if isinstance(old, list):
            new = _items(code, toml=toml)
            if any(item in old for item in new):
                return f"already there: `{name}` has an item of it"
            return SetValues((Assignment(way, tuple(map(_value, new)), append=True),))
        if isinstance(old, dict) and not toml:
            block = _read("{" + code.strip().rstrip(",") + "}", toml=False)
            made = tuple(_assignments(old, block, way))
            return SetValues(made) if made else ""
    except (ValueError, _Other, RecursionError):
        return ""
    return ""


def _set_anew(way: tuple[str, ...], old: object, code: str, *, toml: bool) -> Operation | str:
    """The new value of a key, which the block shows with it and with nothing else."""
    plain = re.sub(r"(?m)^\s*\[[^\[\]]+\]\s*$", "", code) if toml else code
    if "#" in plain:
        raise _Other
    block = _read(plain if toml or plain.strip().startswith("{") else f"{{{plain}}}", toml=toml)
    if list(block) != [way[-1]] or type(block[way[-1]]) is not type(old) or isinstance(old, dict):
        return ""
    new = block[way[-1]]
    if isinstance(old, list) and isinstance(new, list) and len(new) < len(old):
        return ""  # it may show a part
    return SetValues((Assignment(way, _value(new)),)) if new != old else ""


def _items(code: str, *, toml: bool) -> list[object]:
    """The items that a block lists, with or without the brackets around them."""
    plain = code.strip().rstrip(",")
    whole = plain if plain.startswith("[") else f"[{plain}]"
    if "#" in plain:
        raise _Other
    read = tomllib.loads(f"x = {whole}")["x"] if toml else json.loads(whole)
    if not isinstance(read, list) or not read:
        raise _Other
    return list(read)


def _ways(there: object, name: str, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The keys that lead to each key of a name."""
    if isinstance(there, dict):
        for key, value in there.items():
            if key == name or ".".join((*way, key)) == name:
                yield (*way, key)
            yield from _ways(value, name, (*way, key))


def _read(text: str, *, toml: bool) -> dict[str, object]:
    text = text.removeprefix("\ufeff")
    read = tomllib.loads(text) if toml else json.loads(text, object_pairs_hook=_unique)
    if not isinstance(read, dict):
        raise _Other
    return read


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise _Other
    return dict(pairs)


def _in_table(
    text: str, code: str, block: dict[str, object], table: str | None
) -> dict[str, object]:
    """The block's keys under the one table that its header or the words name."""
    there = {line.strip() for line in text.split("\n")}
    for line in code.split("\n"):
        if "#" in line and line.strip() not in there:
            raise _Other  # a remark would be lost
    headers = [found[1].strip() for line in code.split("\n") if (found := _HEADER.fullmatch(line))]
    if "[[" in code or len(headers) > 1 or (headers and table not in (None, headers[0])):
        raise _Other
    name = headers[0] if headers else table
    if name is None or f"[{name}]" not in {line.partition("#")[0].strip() for line in there}:
        raise _Other
    at: object = _read(text, toml=True)
    way: object = tomllib.loads(f"[{name}]")
    while isinstance(way, dict) and way:
        ((key, way),) = way.items()
        at = at.get(key) if isinstance(at, dict) else None
    if not isinstance(at, dict):
        raise _Other  # the header stands in a string
    if headers:
        first = next(line for line in code.split("\n") if line.strip())
        if not _HEADER.fullmatch(first):
            raise _Other
        return block
    return tomllib.loads(f"[{name}]\n{code}")


def _assignments(
    there: dict[str, object], block: dict[str, object], way: Keys
) -> Iterator[Assignment]:
    """What makes of the file's keys those of both; keys that differ are no addition."""
    for key, new in block.items():
        keys = (*way, key)
        old = there.get(key)
        if key not in there:
            yield Assignment(keys, _value(new))
        elif isinstance(old, dict) and isinstance(new, dict):
            yield from _assignments(old, new, keys)
        elif isinstance(old, list) and isinstance(new, list):
            if new[: len(old)] != old and any(item in new for item in old):
                # Those of the file with others between: the order is another.
                raise _Other
            more = new[len(old) :] if new[: len(old)] == old else []
            if not more and new != old:
                raise _Other
            if more:
                yield Assignment(keys, tuple(map(_value, more)), append=True)
        elif type(old) is not type(new) or old != new:
            raise _Other


def _value(read: object) -> Value:
    match read:
        case bool() | str() | None:
            return read
        case int():
            return Number(str(read))
        case dict():
            return Table(tuple((key, _value(each)) for key, each in read.items()))
        case list():
            return tuple(map(_value, read))
        case _:
            # Dates, and fractions, whose digits may mean something.
            raise _Other
