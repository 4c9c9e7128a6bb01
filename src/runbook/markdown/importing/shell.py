"""Shell scripts of a plan taken apart into commands, as far as their form is plain."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import lru_cache

from runbook.core.value import value

_HEREDOC = re.compile(r"<<(-?)\s*(['\"]?)([A-Za-z_]\w*)\2")
_SPECIAL = re.compile(r"['\"\\\n$()#<&|]")
_QUOTING = re.compile(r"['\"\\]")
_RUNNERS = re.compile(
    r"^(?:[A-Z_]\w*=\S*\s+)*(?:(?:uv|poetry|pdm|pipenv|hatch|"
    r"rye)\s+run\s+(?:--?[\w-]+(?:[= ](?=\S)[\w.]+)?\s+)*?|uvx\s+|npx\s+(?:--?\w+\s+)*|"
    r"pnpm\s+(?:exec|dlx)\s+|bunx\s+|yarn\s+(?=\w)|time\s+|timeout\s+\S+\s+|sudo\s+|command\s+)*"
)


@value
class Script:
    """One command of a script, as it stands there, with the comment lines right before it."""

    text: str
    comment: str = ""


def commands(script: str) -> list[Script]:
    """The commands of a script, each with its heredocs and continued lines.

    A script whose commands depend on each other (variables, `cd`, blocks, functions) is one
    command: taken apart it would do something else.
    """
    whole = without_prompts(script).strip("\n")
    found = list(split(whole))
    if len(found) > 1 and any(binds(each.text) for each in found):
        return [Script(whole)]
    return found


def without_prompts(script: str) -> str:
    """What is typed of a script shown with prompts; a script without them as it is."""
    lines = script.split("\n")
    if any(line.startswith("$ ") for line in lines):
        # What follows a prompt is typed; the rest is shown.
        return "\n".join(line[2:] for line in lines if line.startswith("$ "))
    return script


def binds(command: str) -> bool:
    """Whether a command changes the shell for those after it, or opens a block."""
    first = command.lstrip().split(None, 1)[0] if command.strip() else ""
    if _only_assigns(command.strip()):
        return True
    return first in {
        "cd", "export", "set", "if", "for", "while", "until", "case", "function", "source", ".",
        "{", "(", "trap", "pushd", "popd", "shopt", "alias", "unset", "read", "declare", "local",
    } or bool(re.match(r"[\w-]+\s*\(\)\s*\{", command.lstrip()))  # fmt: skip


def _only_assigns(command: str) -> bool:
    """Whether a command gives values to variables and runs nothing: `X=$(date) Y=2`."""
    if not re.match(r"[A-Za-z_]\w*\+?=", command):
        return False
    marks = command.replace("\\\n", "  ")
    closing: list[str] = []
    for index, char in enumerate(marks):
        top = closing[-1] if closing else ""
        if char == top:
            closing.pop()
        elif top == "'" or (char != "$" and index and marks[index - 1] == "\\"):
            continue
        elif char in "'\"`":
            closing.append(char)
        elif char == "(" and (top != '"' or marks[index - 1] == "$"):
            closing.append(")")
        elif char in " \t" and not closing:
            rest = marks[index:].lstrip()
            return not rest or rest.startswith("#") or _only_assigns(rest)
    return True


def split(script: str) -> Iterator[Script]:
    """The commands of a script one by one, whether or not they depend on each other.

    Comments after the last command come with an empty one.
    """
    comment: list[str] = []
    start = 0
    for end in [*_line_ends(script), len(script)]:
        text = script[start:end].strip()
        start = end + 1
        if text.startswith("#"):
            comment.append(text.lstrip("#").strip())
        elif text:
            yield Script(text, "\n".join(comment).strip())
            comment = []
    if comment:
        yield Script("", "\n".join(comment).strip())


def _line_ends(script: str) -> Iterator[int]:
    """Where commands end with their line."""
    last = ""
    before = 0
    for offset, mark in _marks(script):
        if mark == "\n":
            goes_on = last in ("&&", "||", "|") and not script[before:offset].strip()
            if not goes_on:
                yield offset
                last = ""
            continue
        last, before = mark, offset + len(mark)


@lru_cache(maxsize=64)
def _marks(text: str) -> tuple[tuple[int, str], ...]:
    """Line ends, `&&`, `||` and `|` outside quotes, substitutions, heredocs and comments."""
    return tuple(_found_marks(text))


def _found_marks(text: str) -> Iterator[tuple[int, str]]:
    state: list[str] = []
    pending: list[tuple[str, str]] = []  # heredocs whose lines are to come
    i = 0
    while i < len(text):
        top = state[-1] if state else ""
        if top != "'":
            special = _SPECIAL.search(text, i)
            if special is None:
                return
            i = special.start()
        char = text[i]
        if top == "'":
            closing = text.find("'", i)
            state.pop()
            i = len(text) if closing < 0 else closing + 1
            continue
        if char == "\\":
            i += 2
            continue
        if char == "\n":
            if pending:
                i = _after_heredocs(text, i, pending)
                pending = []
            if not state and i < len(text):
                yield i, "\n"
        elif text.startswith("$(", i):
            state.append("(")
            i += 1
        elif top == '"':
            if char == '"':
                state.pop()
        elif char in "'\"(":
            state.append(char)
        elif char == ")" and top == "(":
            state.pop()
        elif char == "#" and (i == 0 or text[i - 1] in " \t\n;"):
            line_end = text.find("\n", i)
            i = len(text) if line_end < 0 else line_end
            continue
        elif char == "<" and (document := _HEREDOC.match(text, i)):
            pending.append((document[1], document[3]))
            i = document.end()
            continue
        elif not state and char in "&|":
            mark = text[i : i + 2] if text[i : i + 2] in ("&&", "||", "|&") else char
            if mark in ("&&", "||", "|"):
                yield i, mark
            i += len(mark)
            continue
        i += 1


def _after_heredocs(text: str, at: int, pending: list[tuple[str, str]]) -> int:
    """The line end after the last line of the heredocs that begin after the line end `at`."""
    for dash, end in pending:
        while True:
            begin = at + 1
            if begin > len(text):
                return len(text)
            closing = text.find("\n", begin)
            at = len(text) if closing < 0 else closing
            line = text[begin:at]
            if (line.lstrip("\t") if dash else line) == end:
                break
    return at


def _parts(command: str, separator: str) -> list[str]:
    parts = []
    start = 0
    for offset, mark in _marks(command):
        if mark == separator:
            parts.append(command[start:offset].strip())
            start = offset + len(mark)
    parts.append(command[start:].strip())
    return parts


def conjuncts(command: str) -> list[str]:
    """The parts of `a && b && c`, split outside quotes and heredocs."""
    return [part for part in _parts(command, "&&") if part]


def pipeline(command: str) -> list[str]:
    """The parts of `a | b | c`, split outside quotes; `||` splits nothing."""
    return _parts(command, "|")


def words(command: str) -> list[str]:
    """The words of a simple command, quotes removed; empty where it can't be read."""
    if not _QUOTING.search(command):
        return command.split()
    try:
        return shlex.split(command, comments=False, posix=True)
    except ValueError:
        return []


def plain(command: str) -> bool:
    """Whether a command has no substitution, redirection, variable or control operator."""
    unquoted = re.sub(r"'[^']*'", "''", command)
    return not re.search(r"[$`<>|;&*?{}()\\\n]", re.sub(r'"[^"$`\\]*"', '""', unquoted))


def heredoc(command: str) -> tuple[str, str, bool] | None:
    """Of `cat > FILE <<'EOF' …`: what stands before it, its text, and whether it is literal."""
    first, newline, rest = command.partition("\n")
    found = _HEREDOC.search(first)
    if not newline or found is None:
        return None
    dash, quote, end = found.groups()
    lines = rest.split("\n")
    ends = [i for i, line in enumerate(lines) if (line.lstrip("\t") if dash else line) == end]
    if not ends or any(line.strip() for line in lines[ends[0] + 1 :]):
        return None
    body = lines[: ends[0]]
    if dash:
        body = [line.lstrip("\t") for line in body]
    text = "".join(line + "\n" for line in body)
    before = (first[: found.start()] + first[found.end() :]).strip()
    return before, text, bool(quote) or not re.search(r"[$`\\]", text)


def bare(command: str) -> str:
    """A command without what only runs it: `uv run`, variables, `npx`."""
    stripped = command.strip().lstrip("(").strip()
    return _RUNNERS.sub("", stripped, count=1)
