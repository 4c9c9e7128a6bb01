"""The tokens of a shell script, each with where it stands.

Quotes, comments, substitutions, here-documents and redirections are read as bash does
(POSIX.1-2017, XCU 2.2, 2.3, 2.6 and 2.7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from runbook.core.patterns import regex
from runbook.core.value import value

_OPERATOR = regex(r"&&|\|\||;;|\|&|[;|&()\n]")
_REDIRECTION = regex(r"\d*(?:<<-|<<<|<<|<>|>>|>\||>&|<&|&>>|&>|>|<)")
_CHARACTERS = r"[^ \t\r\n;|&<>()\\'\"`$]+"
_ORDINARY = regex(_CHARACTERS)
_PLAIN_WORD = regex(rf"(?!#){_CHARACTERS}(?=[ \t\r\n;|&()]|\Z)")
# A script of words, blanks and line ends: nothing of it is quoted, redirected or a comment.
_SIMPLE = regex(r"[\w./:=@%+,*\- \n]*")
_WORD_OR_END = regex(r"[^ \n]+|\n")
_QUOTES = regex(r"(?s)\\(.)|'([^']*)'|\"((?:\\.|[^\"\\])*)\"")


@value
class Word:
    """One word: as written, and as bash passes it on where that is known."""

    raw: str
    text: str

    @property
    def name(self) -> str:
        """The program's name without its folder, where the word is one."""
        return self.text.rpartition("/")[2]

    @property
    def quoted(self) -> bool:
        """Whether any of it stands in quotes."""
        return self.raw != self.text


@value
class Document:
    """A here-document: its text, and whether it is passed on letter for letter."""

    text: str
    literal: bool


@value
class Redirection:
    """A redirection: its sign, where it leads, and the document that it begins, if that ends."""

    sign: str
    target: str
    raw: str = ""
    document: Document | None = None


@value
class Comment:
    """What stands behind a `#`, without it."""

    text: str


@value
class Operator:
    """A control operator; a line end is one as well."""

    sign: str


@value
class Token:
    """A word, redirection, operator or comment, and where it begins and ends."""

    what: Word | Redirection | Operator | Comment
    start: int
    end: int


_LINE_END = Operator("\n")
_DEEPEST = 50
"""Brackets in brackets; each takes some calls in calls, of which Python has a thousand."""

_HELD = regex(r"[^\\`\"$]+")
_BRACKETS = regex(r"[(){}]")


@lru_cache(maxsize=512)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a script in order; what is never closed goes on to its end.

    The lines of a here-document are in no token; they belong to the redirection. A script that is
    nested deeper than anybody reads is one word, of which nothing is known.
    """
    if only_words(text):  # as many are
        return tuple(
            Token(_LINE_END if each[0] == "\n" else Word(each[0], each[0]), *each.span())
            for each in _WORD_OR_END.finditer(text)
        )
    if text.count("(") + text.count("{") > _DEEPEST < _depth(text):
        return (Token(Word("...", "..."), 0, len(text)),)
    return tuple(_scanned(text, 0, closing=False))


def only_words(text: str) -> bool:
    """Whether a script has nothing but words, blanks and line ends, each as it is written."""
    return _SIMPLE.fullmatch(text) is not None


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.findall(text):
        depth = depth + 1 if bracket in "({" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def substituted(raw: str) -> tuple[str, ...]:
    """The scripts that a word runs to be put in their places: `$(…)` and `` `…` ``."""
    return _substituted(raw) if "$(" in raw or "`" in raw else ()


@lru_cache(maxsize=64)
def _substituted(raw: str) -> tuple[str, ...]:
    return tuple(_inside(raw))


def _inside(raw: str) -> Iterator[str]:
    at = 0
    while at < len(raw):
        if raw[at] == "'" and not _in_double(raw, at):
            at = _piece_end(raw, at)
        elif raw.startswith("$(", at) and not raw.startswith("$((", at):
            end = _piece_end(raw, at)
            yield raw[at + 2 : end - 1]
            at = end
        elif raw[at] == "`":
            end = _piece_end(raw, at)
            yield raw[at + 1 : end - 1]
            at = end
        else:
            at += 2 if raw[at] == "\\" else 1


def _in_double(raw: str, at: int) -> bool:
    """Whether double quotes are open at a place of a word."""
    return len(re.findall(r'(?<!\\)"', raw[:at])) % 2 == 1


def _scanned(text: str, at: int, *, closing: bool) -> Iterator[Token]:
    """The tokens from an offset on; with `closing` up to the bracket that closes a substitution."""
    begun: list[Token] = []  # redirections whose documents begin after this line
    held: list[Token] = []  # what stands behind them in their line
    depth = 0
    while at < len(text):
        plain = _PLAIN_WORD.match(text, at)
        if plain:  # as nearly all are
            word, start, at = plain[0], at, plain.end()
            if begun:
                held.append(Token(Word(word, word), start, at))
            else:
                yield Token(Word(word, word), start, at)
            continue
        character = text[at]
        if character in " \t\r":
            at += 1
            continue
        if text.startswith("\\\n", at):
            at += 2
            continue
        if character == "\n" and begun:
            at = _documents(text, at + 1, begun, held)
            yield from held
            begun, held = [], []
            if text[at - 1] == "\n":
                yield Token(_LINE_END, at - 1, at)
            continue
        token = _token(text, at)
        sign = token.what.sign if isinstance(token.what, Operator) else ""
        depth += (sign == "(") - (sign == ")")
        if closing and depth < 0:
            yield from held
            yield token
            return
        document = isinstance(token.what, Redirection) and token.what.sign.lstrip("0123456789")
        if document in ("<<", "<<-"):
            begun.append(token)
        if begun:
            held.append(token)
        else:
            yield token
        at = token.end
    yield from held


def _token(text: str, at: int) -> Token:
    """The token that begins at an offset, where no plain word does."""
    if text[at] == "#":
        end = _line_end(text, at)
        return Token(Comment(text[at + 1 : end].strip()), at, end)
    redirection = _REDIRECTION.match(text, at)
    if redirection:
        start = redirection.end()
        while text[start : start + 1] in (" ", "\t"):
            start += 1
        if text.startswith("(", start):
            # A substituted process, `<(…)`: its commands are read like others.
            return Token(Redirection(redirection[0], ""), at, redirection.end())
        end = _word_end(text, start)
        raw = text[start:end]
        return Token(Redirection(redirection[0], unquoted(raw), raw), at, end)
    operator = _OPERATOR.match(text, at)
    if operator:
        return Token(Operator(operator[0]), at, operator.end())
    end = _word_end(text, at)
    raw = text[at:end].replace("\\\n", "")
    return Token(Word(raw, unquoted(raw)), at, end)


def _documents(text: str, at: int, begun: list[Token], held: list[Token]) -> int:
    """The offset after the here-documents that begin at `at`; they are put into their tokens."""
    for token in begun:
        assert isinstance(token.what, Redirection)
        strips = token.what.sign.endswith("-")
        first = at
        while at < len(text):
            stop = _line_end(text, at)
            line = text[at:stop]
            if (line.lstrip("\t") if strips else line) == token.what.target:
                begun_by = token.what
                document = _document(text[first:at], begun_by, strips=strips)
                what = Redirection(begun_by.sign, begun_by.target, begun_by.raw, document)
                held[held.index(token)] = Token(what, token.start, token.end)
                at = stop + 1
                break
            at = stop + 1
    return min(at, len(text))


def _document(lines: str, begun: Redirection, *, strips: bool) -> Document:
    if strips:
        lines = re.sub(r"(?m)^\t+", "", lines)
    quoted = begun.raw != begun.target
    return Document(lines, quoted or re.search(r"[$`\\]", lines) is None)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _word_end(text: str, at: int) -> int:
    """The offset after the word that begins at `at`."""
    while at < len(text) and text[at] not in " \t\r\n;|&<>()":
        ordinary = _ORDINARY.match(text, at)
        at = ordinary.end() if ordinary else _piece_end(text, at)
    return at


def _piece_end(text: str, at: int) -> int:
    """The offset after a character, or after what is quoted or substituted from it on."""
    character = text[at]
    if character == "\\":
        return min(at + 2, len(text))
    if character == "'":
        end = text.find("'", at + 1)
        return len(text) if end < 0 else end + 1
    if character in '"`':
        index = at + 1
        while index < len(text) and text[index] != character:
            held = _HELD.match(text, index)
            if held:
                index = held.end()
                continue
            # A single quote is none here, nor is what it begins.
            inner = text[index] in "\\`" or text.startswith(("$(", "${"), index)
            index = _piece_end(text, index) if inner else index + 1
        return min(index + 1, len(text))
    if text.startswith("$((", at):
        return _bracketed_end(text, at + 1, "()")
    if text.startswith("$(", at):
        last = None
        for token in _scanned(text, at + 2, closing=True):
            last = token
        closed = last is not None and isinstance(last.what, Operator) and last.what.sign == ")"
        return last.end if closed and last is not None else len(text)
    if text.startswith("${", at):
        return _bracketed_end(text, at + 1, "{}")
    if text.startswith("$'", at):
        index = at + 2
        while index < len(text) and text[index] != "'":
            index += 2 if text[index] == "\\" else 1
        return min(index + 1, len(text))
    return at + 1


def _bracketed_end(text: str, at: int, brackets: str) -> int:
    """The offset after the bracket that closes the one at `at`."""
    depth = 0
    while at < len(text):
        if text[at] in brackets:
            depth += 1 if text[at] == brackets[0] else -1
            at += 1
            if not depth:
                return at
        else:
            at = _piece_end(text, at)
    return len(text)


@lru_cache(maxsize=256)  # the same script is read by one question after the other
def unquoted(raw: str) -> str:
    """A word as it is passed on, without quotes; what is substituted stays as it is written."""
    if "'" not in raw and '"' not in raw and "\\" not in raw:
        return raw

    def plain(found: re.Match[str]) -> str:
        if found[3] is not None:
            return re.sub(r"\\(?:\n|([\"\\$`]))", r"\1", found[3])
        return (found[1] or found[2] or "") if found[1] != "\n" else ""

    return _QUOTES.sub(plain, raw)
