"""Shell scripts of a plan taken apart into commands, as far as their form is plain."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

from runbook.core.value import value

_HEREDOC = re.compile(r"<<(-?)\s*(['\"]?)([A-Za-z_]\w*)\2")


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
    whole = _without_prompts(script).strip("\n")
    found = list(split(whole))
    if len(found) > 1 and any(binds(each.text) for each in found):
        return [Script(whole)]
    return found


def _without_prompts(script: str) -> str:
    lines = script.split("\n")
    if any(line.startswith("$ ") for line in lines):
        # What follows a prompt is typed; the rest is shown.
        return "\n".join(line[2:] for line in lines if line.startswith("$ "))
    return script


def binds(command: str) -> bool:
    """Whether a command changes the shell for those after it, or opens a block."""
    first = command.lstrip().split(None, 1)[0] if command.strip() else ""
    if re.match(r"[A-Za-z_]\w*\+?=", first) and not re.match(r"\w+=\S*\s+\S", command.lstrip()):
        return True
    return first in {
        "cd", "export", "set", "if", "for", "while", "until", "case", "function", "source", ".",
        "{", "(", "trap", "pushd", "popd", "shopt", "alias", "unset", "read", "declare", "local",
    } or bool(re.match(r"[\w-]+\s*\(\)\s*\{", command.lstrip()))  # fmt: skip


def split(script: str) -> Iterator[Script]:
    """The commands of a script one by one, whether or not they depend on each other."""
    lines = script.split("\n")
    index = 0
    comment: list[str] = []
    while index < len(lines):
        line = lines[index]
        if not line.strip():
            index += 1
            continue
        if line.lstrip().startswith("#"):
            comment.append(line.strip().lstrip("#").strip())
            index += 1
            continue
        end = _command_end(lines, index)
        yield Script("\n".join(lines[index:end]).strip(), "\n".join(comment).strip())
        comment = []
        index = end


def _command_end(lines: list[str], index: int) -> int:
    """The line after a command that begins in line `index`."""
    text = ""
    while index < len(lines):
        line = lines[index]
        text += line + "\n"
        index += 1
        if _quote_open(text):
            continue
        documents = _HEREDOC.findall(_last_logical(text))
        for dash, _, end in documents:
            while index < len(lines):
                inner = lines[index]
                index += 1
                text += inner + "\n"
                if (inner.lstrip("\t") if dash else inner) == end:
                    break
        if documents and _quote_open(text):
            continue
        stripped = line.rstrip()
        if stripped.endswith("\\") or re.search(r"(?:&&|\|\|?)$", stripped):
            continue
        break
    return index


def _last_logical(text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    return lines[-1] if "<<" in lines[-1] else ""


def _quote_open(text: str) -> bool:
    """Whether a quote or a substitution is open at the end; heredocs inside count as quoted."""
    state: list[str] = []
    i = 0
    while i < len(text):
        char = text[i]
        top = state[-1] if state else ""
        if top == "'":
            if char == "'":
                state.pop()
        elif char == "\\":
            i += 1
        elif top == '"' and char == '"':
            state.pop()
        elif char == "$" and text[i + 1 : i + 2] == "(":
            state.append("(")
            i += 1
        elif top == "(" and char == ")":
            state.pop()
        elif (char in "'\"" and top != '"') or char == '"':
            state.append(char)
        elif char == "<" and (document := _HEREDOC.match(text, i)):
            closing = re.compile(rf"^{chr(9)}*{document[3]}$", re.MULTILINE)
            end = closing.search(text, document.end())
            if end is None:
                # Not there yet: the heredoc's lines still come.
                return bool(state)
            i = end.end()
            continue
        elif char == "#" and not state and (i == 0 or text[i - 1] in " \t\n;"):
            end_of_line = text.find("\n", i)
            i = len(text) if end_of_line < 0 else end_of_line
            continue
        i += 1
    return bool(state)


def conjuncts(command: str) -> list[str]:
    """The parts of `a && b && c`, split outside quotes and heredocs."""
    parts: list[str] = []
    start = 0
    for match in re.finditer(r"&&", command):
        if not _quote_open(command[start : match.start()]) and not _in_heredoc(
            command[start : match.start()]
        ):
            parts.append(command[start : match.start()].strip())
            start = match.end()
    parts.append(command[start:].strip())
    return [part for part in parts if part]


def _in_heredoc(text: str) -> bool:
    for match in _HEREDOC.finditer(text):
        if not re.search(rf"^\t*{match[3]}$", text[match.end() :], re.MULTILINE):
            return "\n" in text[match.end() :]
    return False


def pipeline(command: str) -> list[str]:
    """The parts of `a | b | c`, split outside quotes; `||` splits nothing."""
    parts: list[str] = []
    start = 0
    for match in re.finditer(r"(?<!\|)\|(?![|&])", command):
        if not _quote_open(command[start : match.start()]):
            parts.append(command[start : match.start()].strip())
            start = match.end()
    parts.append(command[start:].strip())
    return parts


def words(command: str) -> list[str]:
    """The words of a simple command, quotes removed; empty where it can't be read."""
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
