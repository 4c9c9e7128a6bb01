"""The simple commands of a shell script, in order.

Compound commands (`if`, `for`, `{ }`) are seen and not analysed.
"""

from __future__ import annotations

from functools import lru_cache

from runbook.core.patterns import regex
from runbook.core.shell.tokens import Comment, Operator, Redirection, Word, tokens
from runbook.core.value import replace, value

_COMPOUND = frozenset(
    {"if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "case", "esac",
     "select", "function", "{", "}", "[[", "time"}
)  # fmt: skip
_PLAIN = regex(r"[\w./:=@%+,*\- ]+\n?")
_ASSIGNMENT = regex(r"[A-Za-z_]\w*\+?=")


@value
class SimpleCommand:
    """A program with its arguments; `before` and `after` are the operators around it.

    `shell` says in which subshell it runs: the numbers of those around it, from the outside in.
    """

    assignments: tuple[Word, ...]
    words: tuple[Word, ...]
    redirections: tuple[Redirection, ...]
    before: str
    after: str
    shell: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The program's name without its folder; empty where there are only assignments."""
        return self.words[0].name if self.words else ""

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


@lru_cache(maxsize=512)
def parse(text: str) -> Script:
    """Take a script apart; what can't be read is as far as it could be."""
    if _PLAIN.fullmatch(text):
        # Nearly all commands are words and blanks.
        plain = [Word(word, word) for word in text.split()]
        found = _command(plain, [], "", "", ())
        if found is not None and found.name not in _COMPOUND:
            return Script((found,), False)
    commands: list[SimpleCommand] = []
    compound = False
    words: list[Word] = []
    redirections: list[Redirection] = []
    before = ""
    subshells: list[int] = []
    opened = 0
    for token in (*(each.what for each in tokens(text)), Operator("")):
        if isinstance(token, Word):
            words.append(token)
        elif isinstance(token, Redirection):
            redirections.append(token)
        elif isinstance(token, Operator):
            sign = token.sign
            command = _command(words, redirections, before, sign, tuple(subshells))
            compound |= sign in ("(", ")", ";;")
            if command is not None:
                compound |= command.name in _COMPOUND
                commands.append(command)
                words, redirections, before = [], [], sign
            elif sign != "\n":
                # A line may end after an operator, and the command goes on.
                before = sign
            if sign == "(":
                opened += 1
                subshells.append(opened)
            elif sign == ")" and subshells:
                subshells.pop()
    if commands and commands[-1].after != "&":
        commands[-1] = replace(commands[-1], after="")
    return Script(tuple(commands), compound)


def comments(text: str) -> tuple[str, ...]:
    """The comments of a script, without their signs."""
    return tuple(each.what.text for each in tokens(text) if isinstance(each.what, Comment))


def _command(
    parts: list[Word],
    redirections: list[Redirection],
    before: str,
    after: str,
    shell: tuple[int, ...],
) -> SimpleCommand | None:
    words = list(parts)
    while words and words[0].raw == "!":
        words.pop(0)
    assignments = []
    while words and _ASSIGNMENT.match(words[0].raw):
        assignments.append(words.pop(0))
    if not (words or assignments or redirections):
        return None
    return SimpleCommand(
        tuple(assignments), tuple(words), tuple(redirections), before, after, shell
    )
