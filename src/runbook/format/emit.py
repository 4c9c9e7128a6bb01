"""YAML written for people: plain where it can be, quoted or in a block where it must be.

What is written here reads back as the same text by the loader's rules, which are stricter than
YAML's: a text never depends on how some parser would guess its type.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.patterns import regex
from runbook.format.content import (
    Block,
    Content,
    Inline,
    Mapping,
    Plain,
    Sequence,
    Unwritable,
    Words,
)
from runbook.format.syntax import HARMFUL, harmful_character

WIDTH = 100

_STEP = 2
_LOST = regex("[\ud800-\udfff]")
# Words that YAML's own types take for something else, whatever ours do.
_NO_TEXT = regex(r"~|null|true|false|yes|no|on|off", re.IGNORECASE)
_UNSAFE_START = frozenset("!&*|>'\"%@`#,[]{}?:- ")
_FLOW_UNSAFE = frozenset(",[]{}:?#&*!|>'\"%@`\\")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BREAK = regex(r"(?<=\S) (?=\S)")


def emit(root: Mapping) -> str:
    """The file of a mapping, ended by a newline.

    Raises:
        Unwritable: a text has to stand in a block and can't.
    """
    return "\n".join(_mapping(root, 0)) + "\n"


def spaced(root: Mapping, lists: frozenset[str]) -> str:
    """As `emit`, with a blank line between the items of the root's lists of these names."""
    lines: list[str] = []
    for name, content in root.entries:
        if name in lists and isinstance(content, Sequence):
            lines.append(f"{name}:")
            for number, item in enumerate(content.items):
                if number and not _keeps_blank_lines(content.items[number - 1]):
                    lines.append("")
                lines += _item(item, _STEP)
            if not _keeps_blank_lines(content):
                lines.append("")
        else:
            lines += _entry(name, content, 0)
    text = "\n".join(lines)
    last = root.entries[-1][1]
    return (text if _keeps_blank_lines(last) else text.rstrip("\n")) + "\n"


def item_lines(content: Content, indent: int) -> list[str]:
    """The lines of a list's item whose dash stands in the column `indent`.

    Raises:
        Unwritable: a text has to stand in a block and can't.
    """
    return list(_item(content, indent))


def value_lines(content: Content, indent: int, column: int) -> list[str]:
    """The lines of what stands behind a key of the column `indent`, from `column` on.

    Raises:
        Unwritable: a text has to stand in a block and can't.
    """
    first, *rest = _after("", content, indent, column)
    return [first.removeprefix(" "), *rest]


def _mapping(mapping: Mapping, indent: int) -> Iterator[str]:
    for name, content in mapping.entries:
        yield from _entry(name, content, indent)


def _entry(name: str, content: Content, indent: int) -> Iterator[str]:
    yield from _after(f"{' ' * indent}{name}:", content, indent, indent + len(name) + 2)


def _item(content: Content, indent: int) -> Iterator[str]:
    if isinstance(content, Mapping) and not flow(content, indent + _STEP):
        # The first key stands behind the dash.
        first, *rest = _mapping(content, indent + _STEP)
        yield f"{' ' * indent}- {first.lstrip(' ')}"
        yield from rest
    else:
        yield from _after(f"{' ' * indent}-", content, indent, indent + _STEP)


def _after(head: str, content: Content, indent: int, column: int) -> Iterator[str]:
    """The lines of a content after its key or dash, which stands in the column `indent`."""
    line = flow(content, column)
    if line is not None:
        yield f"{head} {line}"
        return
    match content:
        case Words(text, prose) if prose and _folds(text, column):
            yield f"{head} >{'' if text.endswith(chr(10)) else '-'}"
            yield from _folded(text.rstrip("\n"), indent + _STEP)
        case Block(text) | Words(text):
            yield f"{head} |{_indicators(text)}"
            yield from _literal(text, indent + _STEP)
        case Sequence(items):
            yield head
            for item in items:
                yield from _item(item, indent + _STEP)
        case Mapping():
            yield head
            yield from _mapping(content, indent + _STEP)
        case Plain() | Inline():
            raise AssertionError(content)  # these always stand on a line


def flow(content: Content, column: int, *, inside: bool = False) -> str | None:
    """The content on one line, or `None` where it needs or deserves several.

    Raises:
        Unwritable: a text is not Unicode.
    """
    match content:
        case Plain(text):
            return text
        case Inline(text):
            return scalar(text, inside=inside)
        case Block():
            return None
        case Words(text, prose):
            if _needs_block(text) or (prose and not inside and _folds(text, column)):
                return None
            return scalar(text, inside=inside)
        case Sequence(items, tight):
            if not items:
                return "[]"
            if not (tight or inside):
                return None
            parts = [flow(each, 0, inside=True) for each in items]
            shown = "[" + ", ".join(part or "" for part in parts) + "]"
        case Mapping(entries, tight):
            if not entries:
                return "{}"
            if not (tight or inside):
                return None
            parts = [flow(each, 0, inside=True) for _, each in entries]
            pairs = zip((name for name, _ in entries), parts, strict=True)
            shown = "{" + ", ".join(f"{name}: {part}" for name, part in pairs) + "}"
    if None in parts or column + len(shown) > WIDTH:
        return None
    return shown


def _needs_block(text: str) -> bool:
    return "\n" in text and bool(text.strip()) and not _unfit_for_block(text)


def _unfit_for_block(text: str) -> bool:
    return "\r" in text or harmful_character(text) is not None


def _folds(text: str, column: int) -> bool:
    """Whether a text is one paragraph that is too long for its line."""
    body = text.removesuffix("\n")
    return (
        column + len(body) > WIDTH
        and body == body.strip()
        and "\n" not in body
        and not _unfit_for_block(text)
        and _BREAK.search(body) is not None
    )


def _folded(text: str, indent: int) -> Iterator[str]:
    # A line ends at a single blank only, because YAML puts a single one back.
    line = ""
    for word in _BREAK.split(text):
        if line and indent + len(line) + 1 + len(word) > WIDTH:
            yield " " * indent + line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield " " * indent + line


def _literal(text: str, indent: int) -> Iterator[str]:
    if _unfit_for_block(text):
        found = HARMFUL.search(text.replace("\r", "\0"))
        raise Unwritable(
            f"the lines {text[:40]!r} hold the character U+{ord(text[found.start()]):04X}, "
            "which can't stand in a block of a phase file"
            if found
            else "a line can't stand in a block of a phase file"
        )
    for line in text.removesuffix("\n").split("\n") if text else ():
        yield " " * indent + line if line else ""


def _indicators(text: str) -> str:
    """What a block needs behind its `|` so that no blank and no line end is lost."""
    indent = ""
    for line in text.split("\n"):
        if line[:1].isspace():
            indent = str(_STEP)
        if line.strip():
            break
    if not text:
        return ""
    if not text.endswith("\n"):
        return f"{indent}-"
    keep = text.endswith("\n\n") or not text.strip("\n")
    return f"{indent}+" if keep else indent


def _keeps_blank_lines(content: Content) -> bool:
    """Whether blank lines that follow a content would become part of it."""
    match content:
        case Block(text) | Words(text):
            return _indicators(text).endswith("+") and flow(content, 0) is None
        case Sequence(items) if items:
            return _keeps_blank_lines(items[-1])
        case Mapping(entries) if entries:
            return _keeps_blank_lines(entries[-1][1])
        case _:
            return False


def scalar(text: str, *, inside: bool = False) -> str:
    """A text on one line; `inside` is within brackets or braces, where more must be quoted.

    Raises:
        Unwritable: the text has half a character (a lone surrogate).
    """
    if _LOST.search(text):
        raise Unwritable(f"the text {text[:40]!r} is not Unicode")
    if _is_plain(text, inside=inside):
        return text
    if not text.isprintable() or "\ufeff" in text:
        return f'"{"".join(map(_escaped, text))}"'
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _is_plain(text: str, *, inside: bool) -> bool:
    return bool(
        text
        and text.isprintable()
        and text == text.strip()
        and text[0] not in _UNSAFE_START
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and not _NO_TEXT.fullmatch(text)
        and not text.startswith(("---", "..."))
        and not (inside and not _FLOW_UNSAFE.isdisjoint(text))
    ) or bool(_FLAG.fullmatch(text) and not inside)


# `-x` and `--flag` begin no list.
_FLAG = regex(r"--?[A-Za-z0-9][A-Za-z0-9=./-]*")


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable() and character != "\ufeff":
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
