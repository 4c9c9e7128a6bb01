"""Scripts cut into their commands as they are written, letter for letter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from runbook.core.patterns import regex
from runbook.core.shell.launching import launched
from runbook.core.shell.script import SimpleCommand, parse
from runbook.core.shell.tokens import (
    Comment,
    Operator,
    Redirection,
    Token,
    Word,
    only_words,
    tokens,
)
from runbook.core.value import value

_GOES_ON = ("&&", "||", "|", "|&")
_BLOCKS = frozenset(
    {"if", "for", "while", "until", "case", "select", "function", "{", "(", "[["}
)  # fmt: skip
_OPENS = regex(r"(?:if|for|while|until|case|select|\{)\s")
_CLOSES = regex(r"(?m)(?:^|;)\s*(?:fi|done|esac|\})(?![\w-])")
_BINDS = frozenset(
    {"cd", "export", "set", "source", ".", "trap", "pushd", "popd", "shopt", "alias", "unset",
     "read", "declare", "local", "readonly", "mapfile"}
)  # fmt: skip


@value
class Line:
    """One command of a script as it stands there, without comments around it.

    `comment` are the lines of comment right before it, `behind` is the one at its end.
    """

    text: str
    comment: str = ""
    behind: str = ""


def commands(script: str) -> list[Line]:
    """The commands of a script, each with its here-documents and continued lines.

    A script whose commands depend on each other (variables, `cd`, blocks, functions) is one
    command: taken apart it would do something else.
    """
    whole = without_prompts(script).strip("\n")
    found = list(split(whole))
    if len(found) > 1 and any(binds(each.text) for each in found):
        return [Line(whole)]
    return found


def without_prompts(script: str) -> str:
    """What is typed of a script shown with prompts; a script without them as it is."""
    return session(script)[0]


def session(script: str) -> tuple[str, str]:
    """What is typed of a script shown with prompts, and what it shows otherwise."""
    typed: list[str] = []
    shown: list[str] = []
    for line in script.split("\n") if re.search(r"(?m)^\$ ", script) else ():
        if line.startswith("$ "):
            typed.append(line[2:])
        elif typed and _goes_on(typed[-1]):
            typed[-1] += f"\n{line.removeprefix('> ')}"
        else:
            shown.append(line)
    return "\n".join(typed) or script, "\n".join(shown).strip("\n")


def _goes_on(command: str) -> bool:
    """Whether a command waits for its next line: quotes, a here-document or a block is open."""
    if len(split(f"{command}\nmore")) == len(split(command)):
        return True
    return bool(_OPENS.match(command) and not _CLOSES.search(command))


def binds(command: str) -> bool:
    """Whether a command changes the shell for those after it, or opens a block."""
    first = next((each for each in tokens(command) if not isinstance(each.what, Comment)), None)
    if first is None:
        return False
    if isinstance(first.what, Operator):
        return first.what.sign == "("
    if isinstance(first.what, Word) and first.what.raw in _BLOCKS:
        return True
    # A function is a word and empty brackets.
    if re.match(r"[\w-]+\s*\(\)\s*\{", command[first.start :]):
        return True
    return any(
        each.name in _BINDS or bool(each.assignments and not each.words)
        for each in parse(command).commands
        if not each.shell and each.before not in ("|", "|&")
    )


@lru_cache(maxsize=512)
def split(script: str) -> tuple[Line, ...]:
    """The commands of a script one by one, whether or not they depend on each other.

    Comments after the last command come with an empty one.
    """
    if only_words(script):  # as many have
        lines = map(str.strip, script.split("\n"))
        return tuple(Line(line) for line in lines if line)
    return tuple(_split(script.strip("\n")))


def _split(script: str) -> Iterator[Line]:
    comment: list[str] = []
    for line, stop in _lines(script):
        if all(isinstance(each.what, Comment) for each in line):
            comment += [each.what.text for each in line if isinstance(each.what, Comment)]
            continue
        behind = ""
        last = line[-1]
        inside = any(_inside(each) for each in line[:-1])
        if isinstance(last.what, Comment) and not inside:
            stop, behind = last.start, last.what.text.lstrip("#").strip()
        yield Line(script[line[0].start : stop].strip(), _joined(comment), behind)
        comment = []
    if comment:
        yield Line("", _joined(comment))


def _inside(token: Token) -> bool:
    """Whether a token keeps a comment behind it in the command: another one, or a document."""
    what = token.what
    return isinstance(what, Comment) or (
        isinstance(what, Redirection) and what.document is not None
    )


def _joined(comment: list[str]) -> str:
    return "\n".join(each.lstrip("#").strip() for each in comment).strip()


def _lines(script: str) -> Iterator[tuple[list[Token], int]]:
    """The tokens of each command that ends with its line, and where that ends."""
    line: list[Token] = []
    depth = 0
    last = ""  # the operator before, if nothing but comments stands behind it
    for token in tokens(script):
        sign = _sign(token)
        depth += (sign == "(") - (sign == ")")
        if sign == "\n":
            if depth <= 0 and last not in _GOES_ON:
                if line:
                    yield line, token.start
                line, last = [], ""
            continue
        line.append(token)
        if not isinstance(token.what, Comment):
            last = sign
    if line:
        yield line, len(script)


def _sign(token: Token) -> str:
    return token.what.sign if isinstance(token.what, Operator) else ""


@lru_cache(maxsize=512)
def _parts(command: str, separator: str) -> tuple[str, ...]:
    if separator not in command:
        return (command.strip(),)
    parts = []
    start = depth = 0
    for token in tokens(command):
        sign = _sign(token)
        depth += (sign == "(") - (sign == ")")
        if not depth and sign == separator:
            parts.append(command[start : token.start].strip())
            start = token.end
    parts.append(command[start:].strip())
    return tuple(parts)


def conjuncts(command: str) -> list[str]:
    """The parts of `a && b && c`, split outside quotes, brackets and here-documents."""
    return [part for part in _parts(command, "&&") if part]


def pipeline(command: str) -> list[str]:
    """The parts of `a | b | c`, split in the same way; `||` splits nothing."""
    return list(_parts(command, "|"))


def unbracketed(command: str) -> str:
    """What stands in the brackets of a command that is nothing but a subshell, else itself."""
    if "(" not in command:
        return command
    found = [each for each in tokens(command) if _sign(each) != "\n"]
    if len(found) < 3 or _sign(found[0]) != "(" or _sign(found[-1]) != ")":
        return command
    depth = 0
    for token in found[:-1]:
        sign = _sign(token)
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return command
    return command[found[0].end : found[-1].start].strip()


def words(command: str) -> list[str]:
    """The words of a simple command, quotes removed; empty where a quote is left open."""
    if only_words(command):
        return command.split()
    found = [each for each in tokens(command) if isinstance(each.what, Word)]
    if any(_open(command[each.start : each.end]) for each in found):
        return []
    return [each.what.text for each in found if isinstance(each.what, Word)]


def _open(raw: str) -> bool:
    """Whether a quote of a word is never closed."""
    if "'" not in raw and '"' not in raw:
        return False
    bare = re.sub(r"(?s)\\.|'[^']*'|\"(?:\\.|[^\"\\])*\"", "", raw)
    return "'" in bare or '"' in bare


def simple(command: str) -> SimpleCommand | None:
    """The only simple command of a text, or `None` where there are more, or a compound one."""
    script = parse(command)
    return script.commands[0] if len(script.commands) == 1 and not script.compound else None


def plain(command: str) -> bool:
    """Whether a command has no substitution, redirection, variable or control operator."""
    unquoted = re.sub(r"'[^']*'", "''", command)
    return not re.search(r"[$`<>|;&*?{}()\\\n]", re.sub(r'"[^"$`\\]*"', '""', unquoted))


@lru_cache(maxsize=512)
def bare(command: str) -> str:
    """A simple command from the program on that runs at last, without variables around it."""
    found = parse(command).commands
    if not found:
        return ""
    first = found[0]
    return " ".join(word.raw for word in launched(first.words, modules=False))
