"""RB119: the files without which a command can only fail: tests of pytest, and scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from posixpath import join, normpath

from runbook.core.patterns import regex
from runbook.core.shell.places import place
from runbook.core.shell.testprograms import runs_pytest
from runbook.core.shell.tokens import Word
from runbook.core.shell.walking import walk

_INTERPRETER = regex(r"python[\d.]*|bash|sh|zsh|node|ruby|perl")
_SCRIPT = regex(r"[\w@%+=,./-]+\.(?:py|sh|bash|js|mjs|cjs|rb|pl)")
_TESTS = regex(r"(?P<file>[\w@%+=,./-]+\.py)(?:::.*)?")

# Options of interpreters and of pytest that take no value; others may, and what follows is skipped.
_ALONE = regex(
    r"-[ubBdEIOsSqvxleil]+|-r\w+|--(?:exitfirst|quiet|verbose|lf|ff|nf|sw|last-failed|strict)"
    r"|--(?:no|strict|runxfail|showlocals)[\w-]*|--[\w-]+=.*"
)


def named_files(command: str) -> Iterator[tuple[str, str]]:
    """Each file, as it is written and from where the command begins.

    What stands in a folder that is not known is left out, and so is what the command names twice:
    it may be asked for first, or made.
    """
    for each in walk(command):
        folder = each.begins_in
        if folder is None or not each.words:
            continue
        for word in _meant(each.name, each.words, tests=runs_pytest(each.command)):
            path = word.partition("::")[0]
            if command.count(path) == 1 and place(path, folder) == "inside":
                yield word, normpath(join(folder, path))


def _meant(name: str, words: Sequence[Word], *, tests: bool) -> Iterator[str]:
    texts = [word.text for word in words]
    if tests:
        yield from (word for word in _positional(texts) if _TESTS.fullmatch(word))
    elif _INTERPRETER.fullmatch(name):
        # What comes after the script is its own, and `-c` and `-m` want none.
        first = next((at for at in range(1, len(texts)) if not _ALONE.fullmatch(texts[at])), 0)
        if first and _SCRIPT.fullmatch(texts[first]):
            yield texts[first]
    elif "/" in texts[0] and _SCRIPT.fullmatch(texts[0]):
        yield texts[0]


def _positional(words: Sequence[str]) -> Iterator[str]:
    """The words that are no option, and surely no value of one."""
    for before, word in pairwise(words):
        if not word.startswith("-") and (not before.startswith("-") or _ALONE.fullmatch(before)):
            yield word
