"""Reads Markdown into blocks with their source lines, by markdown-it-py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal

from runbook.core.value import value
from runbook.markdown.fencing import plain
from runbook.markdown.importing.text.fences import mended

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_HTML = re.compile(r"\s*(?:<!--(?P<comment>.*?)-->|(?P<other>\S.*))", re.DOTALL)
# A path as a link to the file itself, which is no other than the path as code.
_LINK = re.compile(
    r"\[`?(?P<path>[\w.@/-]*\w\.\w+)`?(?P<lines>:\d+(?:-\d+)?)?\]"
    r"\((?:\./|/)?(?P=path)(?:#L?\d+(?:-L?\d+)?)?\)"
)
Kind = Literal["heading", "text", "fence", "item", "comment", "rule", "other"]


@value
class Block:
    """One block of a document; lines are counted from 1, both ends included.

    `text` is a heading's or paragraph's source without its indentation, a fence's content, a
    comment's inside, a list item's marker (an item is followed by the blocks in it), a table's
    lines, or those of a quotation without their marks.
    """

    kind: Kind
    first: int
    last: int
    text: str = ""
    level: int = 0  # of a heading
    info: str = ""  # of a fence: its language
    depth: int = 0  # lists and quotes around it
    doubtful: bool = False  # a fence whose end had to be guessed


@value
class Document:
    """A Markdown file as blocks, with its lines and what is wrong with its fences."""

    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    warnings: tuple[tuple[int, str], ...] = ()

    def source(self, first: int, last: int) -> str:
        """The source of lines `first` through `last`, without common indentation or blank ends.

        Blanks at the ends of lines are kept in blocks of code.
        """
        lines = self.lines[first - 1 : last]
        indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
        cut = min(indents, default=0)
        made, inside = [], False
        for line in lines:
            inside ^= line.lstrip().startswith(("```", "~~~"))
            made.append(line[cut:] if inside and line.strip() else line[cut:].rstrip())
        return "\n".join(made).strip("\n")


def read(text: str) -> Document:
    """The blocks of a Markdown text, in the order of its lines."""
    lines = plain(text.removeprefix("\ufeff")).split("\n")
    sound = mended(lines)
    tokens = _parser().parse("\n".join(sound.lines))
    blocks = tuple(_blocks(tokens, sound.doubtful, lines))
    return Document(tuple(lines), blocks, sound.warnings)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    # A line of dashes under a paragraph is a separator in plans, never a heading.
    parser.disable("lheading")
    # What stands inside a line is read by our own rules: half of the time is saved.
    parser.core.ruler.disable("inline")
    return parser


def _blocks(tokens: list[Token], doubtful: frozenset[int], lines: list[str]) -> Iterator[Block]:
    depth = 0
    skipped_until = 0
    for index, token in enumerate(tokens):
        if token.type in ("list_item_open", "blockquote_open"):
            depth += 1
        elif token.type in ("list_item_close", "blockquote_close"):
            depth -= 1
        if index < skipped_until or token.map is None:
            continue
        first, last = token.map[0] + 1, token.map[1]
        match token.type:
            case "heading_open":
                text = _with_code(tokens[index + 1].content)
                yield Block("heading", first, last, text, int(token.tag[1:]), depth=depth)
            case "paragraph_open":
                text = _with_code(tokens[index + 1].content)
                yield Block("text", first, last, text, depth=depth)
            case "fence":
                info = token.info.strip()
                guessed = first in doubtful
                yield Block(
                    "fence", first, last, token.content, 0, info, depth=depth, doubtful=guessed
                )
            case "code_block":
                yield Block("fence", first, last, token.content, 0, "", depth, doubtful=True)
            case "list_item_open":
                marker = f"{token.info}{token.markup}" if token.info else token.markup
                yield Block("item", first, last, marker, depth=depth)
            case "html_block":
                yield from _html(token, first, depth)
            case "hr":
                yield Block("rule", first, last, depth=depth)
            case "table_open":
                words = "\n".join(line.strip() for line in lines[first - 1 : last])
                yield Block("other", first, last, words, depth=depth)
                skipped_until = _after(tokens, index, "table_close")
            case "blockquote_open":
                # A quotation is kept as it is: an example in it is no step.
                quoted = (re.sub(r"^[\s>]*>[ ]?", "", line) for line in lines[first - 1 : last])
                yield Block("other", first, last, "\n".join(quoted).rstrip(), depth=depth)
                skipped_until = _after(tokens, index, "blockquote_close")
            case _:
                pass


def _with_code(text: str) -> str:
    return _LINK.sub(r"`\g<path>\g<lines>`", text) if "](" in text else text


def _after(tokens: list[Token], index: int, closing: str) -> int:
    level = tokens[index].level
    while not (tokens[index].type == closing and tokens[index].level == level):
        index += 1
    # The closing token itself is seen again, so that depths stay right.
    return index


def _html(token: Token, first: int, depth: int) -> Iterator[Block]:
    """Each comment of an HTML block by itself; other HTML is kept as it is."""
    for found in _HTML.finditer(token.content):
        kind: Kind = "other" if found["comment"] is None else "comment"
        line = first + token.content.count("\n", 0, found.start(kind))
        lines = found[kind] if kind == "comment" else found[kind].rstrip("\n")
        yield Block(kind, line, line + lines.count("\n"), found[kind], depth=depth)
