"""Shell commands taken apart as far as it tells whose exit status counts.

Quotes, comments, substitutions, here-documents and redirections are read as bash does
(POSIX.1-2017, XCU 2.3 and 2.10). Compound commands (`if`, `for`, `{ }`) are seen and not analysed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from runbook.core.value import value

_OPERATORS = ("&&", "||", ";;", "|&", ";", "|", "&", "(", ")", "\n")
_REDIRECTION = re.compile(r"\d*(?:<<-|<<<|<<|<>|>>|>\||>&|<&|&>>|&>|>|<)")
_COMPOUND = frozenset(
    {"if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac",
     "select", "function", "{", "}", "[[", "time"}
)  # fmt: skip
_PLAIN = re.compile(r"[\w./:=@%+,*\- ]+\n?")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")


@value
class Word:
    """One word: as written, and as bash passes it on where that is known."""

    raw: str
    text: str

    @property
    def quoted(self) -> bool:
        """Whether any of it stands in quotes."""
        return self.raw != self.text


@value
class Redirection:
    """A redirection: its sign, and where it leads."""

    sign: str
    target: str


@value
class SimpleCommand:
    """A program with its arguments; `before` and `after` are the operators around it."""

    assignments: tuple[Word, ...]
    words: tuple[Word, ...]
    redirections: tuple[Redirection, ...]
    before: str
    after: str
    negated: bool = False

    @property
    def name(self) -> str:
        """The program's name without its folder; empty where there are only assignments."""
        return self.words[0].text.rpartition("/")[2] if self.words else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What follows the program, without quotes."""
        return tuple(word.text for word in self.words[1:])

    def __str__(self) -> str:
        return " ".join(word.raw for word in (*self.assignments, *self.words))


@value
class Script:
    """The simple commands of a text, in order, and whether it has compound ones around them."""

    commands: tuple[SimpleCommand, ...]
    compound: bool


def parse(text: str) -> Script:
    """Take a command apart; what can't be read is as far as it could be."""
    if _PLAIN.fullmatch(text):
        # Nearly all commands are words and blanks.
        plain = [Word(word, word) for word in text.split()]
        found = _command(plain, [], "", "")
        if found is not None and found.name not in _COMPOUND:
            return Script((found,), False)
    commands: list[SimpleCommand] = []
    compound = False
    words: list[Word] = []
    redirections: list[Redirection] = []
    before = ""
    for token in (*_tokens(text), ""):
        if isinstance(token, Word):
            words.append(token)
        elif isinstance(token, Redirection):
            redirections.append(token)
        else:
            command = _command(words, redirections, before, token)
            compound |= token in ("(", ")", ";;")
            if command is not None:
                compound |= command.name in _COMPOUND
                commands.append(command)
                words, redirections, before = [], [], token
            elif token != "\n":
                # A line may end after an operator, and the command goes on.
                before = token
    if commands and commands[-1].after != "&":
        commands[-1] = replace(commands[-1], after="")
    return Script(tuple(commands), compound)


def _command(
    parts: list[Word], redirections: list[Redirection], before: str, after: str
) -> SimpleCommand | None:
    words = list(parts)
    negated = False
    while words and words[0].raw == "!":
        negated = not negated
        words.pop(0)
    assignments = []
    while words and _ASSIGNMENT.match(words[0].raw):
        assignments.append(words.pop(0))
    if not (words or assignments or redirections):
        return None
    return SimpleCommand(
        tuple(assignments), tuple(words), tuple(redirections), before, after, negated
    )


def _tokens(text: str) -> Iterator[Word | Redirection | str]:
    """Words, redirections, and operators as texts."""
    text = text.replace("\\\n", "")
    at = 0
    documents: list[str] = []  # the ends of here-documents that begin after this line
    while at < len(text):
        character = text[at]
        if character in " \t\r":
            at += 1
            continue
        if character == "#":
            at = _line_end(text, at)
            continue
        if character == "\n" and documents:
            at = _after_documents(text, at + 1, documents)
            documents = []
            yield "\n"
            continue
        sign = _REDIRECTION.match(text, at)
        if sign:
            start = sign.end()
            while text[start : start + 1] in (" ", "\t"):
                start += 1
            at = _word_end(text, start)
            target = _unquoted(text[start:at])
            if sign[0].lstrip("0123456789") in ("<<", "<<-"):
                documents.append(target)
            yield Redirection(sign[0], target)
            continue
        operator = next((each for each in _OPERATORS if text.startswith(each, at)), None)
        if operator:
            at += len(operator)
            yield operator
            continue
        end = _word_end(text, at)
        raw = text[at:end]
        at = end
        yield Word(raw, _unquoted(raw))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _after_documents(text: str, at: int, ends: list[str]) -> int:
    """The offset after the here-documents that begin at `at`."""
    for end in ends:
        while at < len(text):
            stop = _line_end(text, at)
            line = text[at:stop]
            at = stop + 1
            if line.lstrip("\t") == end:
                break
    return at


def _word_end(text: str, at: int) -> int:
    """The offset after the word that begins at `at`."""
    while at < len(text) and text[at] not in " \t\r\n;|&<>()":
        at = _piece_end(text, at)
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
            index = _piece_end(text, index) if text[index] in "\\$" else index + 1
        return min(index + 1, len(text))
    if text.startswith("$(", at) or text.startswith("${", at):
        closing = ")" if text[at + 1] == "(" else "}"
        index = at + 2
        while index < len(text) and text[index] != closing:
            index = _inner_end(text, index)
        return min(index + 1, len(text))
    return at + 1


def _inner_end(text: str, at: int) -> int:
    if text[at] == "(":
        # Parentheses in a substitution, such as those of an arithmetic one.
        index = at + 1
        while index < len(text) and text[index] != ")":
            index = _inner_end(text, index)
        return min(index + 1, len(text))
    return _piece_end(text, at)


_QUOTES = r"(?s)\\(.)|'([^']*)'|\"((?:\\.|[^\"\\])*)\""


def _unquoted(raw: str) -> str:
    if not any(sign in raw for sign in "\\'\""):
        return raw

    def plain(found: re.Match[str]) -> str:
        if found[3] is not None:
            return re.sub(r"\\([\"\\$`])", r"\1", found[3])
        return found[1] or found[2] or ""

    return re.sub(_QUOTES, plain, raw)
