"""Keys of a TOML or JSON file: to add, to add items to, or to set anew."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator

from runbook.core.matching.texts import Text
from runbook.core.model.data import Assignment, Keys, Number, Table, Value
from runbook.core.model.operations import Append, Operation, SetValues

_TABLE = r"(?m)^\s*\[([^\[\]]+)\]\s*(?:#.*)?$"
_HEADER = re.compile(r"\[([^\[\]]+)\]\s*(?:#.*)?")


class _Other(Exception):
    """What a key has in the file is not what it would be added to."""


def keys_added(text: str, code: str, codes: tuple[str, ...], *, toml: bool) -> Operation | str:
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


def keys_shown(text: str, code: str, *, toml: bool, adds: bool = False) -> Operation | str:
    """The values to set so that a file has all that a block shows, which has some of it by now.

    Where words say that it `adds` them, the table whose header it shows is enough.
    """
    try:
        there, block = _read(text, toml=toml), _read(code, toml=toml)
        if toml and not re.search(r"(?m)^\s*\[[^\[\]]+\]\s*$", code):
            block = _under_its_key(text, code, there, block)
        elif toml:
            block = _in_table(text, code, block, None)
        made = tuple(_assignments(there, block, ()))
    except (ValueError, _Other, RecursionError):
        return ""
    headed = adds and (
        _HEADER.match(code.lstrip()) is not None
        if toml
        else all(isinstance(there.get(key), dict) for key in block)
    )
    return SetValues(made) if made and (headed or _has_some(there, block)) else ""


def keys_anew(text: str, code: str, *, toml: bool) -> Operation | str:
    """The values to set so that a table or object is as a block shows all of it.

    Where the file's has a key that the block has not, that may show a part.
    """
    try:
        there, block = _read(text, toml=toml), _read(code, toml=toml)
        if toml:
            block = _in_table(text, code, block, None)
        made = tuple(_changed(there, block, (), toml=toml))
    except (ValueError, _Other, RecursionError):
        return ""
    return SetValues(made) if made else ""


def _changed(
    there: dict[str, object], block: dict[str, object], way: Keys, *, toml: bool
) -> Iterator[Assignment]:
    """What makes of some keys of a file those that a block has; all others are of other tables."""
    for key, new in block.items():
        keys, old = (*way, key), there.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            plain = not any(isinstance(each, dict) for each in new.values())
            own = {each for each, held in old.items() if not (toml and isinstance(held, dict))}
            if plain and own - set(new):
                raise _Other
            yield from _changed(old, new, keys, toml=toml)
        elif (key not in there and not way) or (key in there and type(old) is not type(new)):
            raise _Other
        elif new != old:
            yield Assignment(keys, _value(new))


def crates_added(text: str, code: str, table: str) -> Operation | str:
    """The crates to add to a table of dependencies.

    Where a package is the root of a workspace, both have some: the words or the crate must tell.
    """
    workspace = re.search(r"(?m)^\s*\[workspace\.dependencies\]", text) is not None
    if workspace and table == "dependencies" and "workspace = true" not in code:
        return ""
    return keys_added(text, code, (f"[{table}]",), toml=True)


def tables_added(text: str, code: str) -> Operation | str:
    """Tables that a TOML file has not, at its end."""
    first = next((line for line in code.split("\n") if line.strip() and line[0] != "#"), "")
    new = {found[1] for found in re.finditer(_TABLE, code)}
    there = {found[1] for found in re.finditer(_TABLE, text)}
    if not _HEADER.fullmatch(first) or new & there or "[[" in code:
        return ""
    made = f"{text.rstrip(chr(10))}\n\n{code.strip(chr(10))}\n"
    try:
        _read(text, toml=True)
        _read(made, toml=True)
    except (ValueError, _Other, RecursionError):
        return ""
    return Append(Text(f"\n{code.strip(chr(10))}\n", True))


def _under_its_key(
    text: str, code: str, there: dict[str, object], block: dict[str, object]
) -> dict[str, object]:
    """The block's only key under the table that has it, if only one has."""
    lines = [line.strip() for line in text.split("\n")]
    remarks = (line.strip() for line in code.split("\n") if "#" in line)
    ways = list(_ways(there, next(iter(block), ""), ()))
    if len(block) != 1 or len(ways) != 1 or any(each not in lines for each in remarks):
        raise _Other
    (value,) = block.values()
    for key in reversed(ways[0]):
        value = {key: value}
    return value if isinstance(value, dict) else {}


def _has_some(there: dict[str, object], block: dict[str, object]) -> bool:
    """Whether a value that a block shows is one that the file has."""
    return any(
        _has_some(old, new)
        if isinstance(old := there.get(key), dict) and isinstance(new, dict)
        else old is not None
        for key, new in block.items()
    )


def key_listed(
    text: str, code: str, name: str, table: str | None, *, toml: bool, sets: bool
) -> Operation | str:
    """Items for the list of a name, keys for its object, or with `sets` its new value."""
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
    whole = toml or plain.strip().startswith("{")
    block = _read(plain if whole else f"{{{plain.strip().rstrip(',')}}}", toml=toml)
    if list(block) != [way[-1]] or type(block[way[-1]]) is not type(old):
        return ""
    new = block[way[-1]]
    if isinstance(old, dict) and isinstance(new, dict):
        # With all that is there, it is no part of it.
        more = {key: each for key, each in new.items() if key not in old}
        if toml or not more or {**new, **old} != new:
            return ""
        return SetValues(tuple(Assignment((*way, key), _value(more[key])) for key in more))
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
