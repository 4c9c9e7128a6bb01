"""`git add` and `git commit` of a plan as commit steps."""

from __future__ import annotations

import re
from itertools import pairwise

from runbook.core.operations import Glob, Target
from runbook.core.value import value
from runbook.markdown.importing import shell
from runbook.markdown.importing.filelist import parse_path

_TRAILER = re.compile(r"[A-Z][A-Za-z-]*-[A-Za-z-]+: ?\S.*")
_SUBSTITUTED = re.compile(
    r"(?P<before>.*?)\"?\$\(cat "
    r"<<-?\s*(?P<quote>['\"]?)(?P<end>\w+)(?P=quote)\n(?P<body>.*?)\n\t*(?P=end)\s*\)\"?(?P<after>.*)",
    re.DOTALL,
)


@value
class GitCommit:
    """What a plan's `git commit` makes: the message without trailers, these, and what it adds.

    `files` is `None` where everything is added.
    """

    message: str
    trailers: tuple[str, ...] = ()


@value
class Added:
    """The paths of a `git add`; `everything` for `-A`, `.` and the like."""

    files: tuple[Target, ...] = ()
    everything: bool = False


def git_add(command: str, roots: tuple[str, ...] = ()) -> Added | None:
    """What `git add` adds, or `None` where the command is another or can't be read."""
    found = shell.words(command.replace("\\\n", " "))
    found = _without_folder(found)
    if found[:2] not in (["git", "add"], ["git", "stage"]):
        return None
    if re.search(r"<[^<>]*>|\.{3}|…", command):
        # "<modified files>" are those that the steps before change.
        return Added()
    files: list[Target] = []
    everything = False
    for word in found[2:]:
        if word in ("-A", "--all", "-u", "--update", ".", "./", ":/", "*"):
            everything = True
        elif word.startswith("-"):
            continue
        elif any(char in word for char in "*?$"):
            if "$" in word or word.startswith("/"):
                return None
            files.append(Glob(word))
        else:
            parsed = parse_path(word, roots) or _any_path(word)
            if parsed is None:
                return None
            folder = word.endswith("/") or not re.search(
                r"\.\w+$|^[A-Z]+$", parsed[0].rsplit("/", 1)[-1]
            )
            files.append(Glob(parsed[0] + "/**") if folder and _is_folder(word) else parsed[0])
    return Added(tuple(dict.fromkeys(files)), everything)


def _any_path(word: str) -> tuple[str, tuple[()]] | None:
    from runbook.core.paths import objection

    path = word.removeprefix("./").rstrip("/")
    return None if objection(path) else (path, ())


def _is_folder(word: str) -> bool:
    name = word.rstrip("/").rsplit("/", 1)[-1]
    return word.endswith("/") or ("." not in name and name not in _FILES_WITHOUT_ENDING)


_FILES_WITHOUT_ENDING = {
    "Makefile", "Dockerfile", "LICENSE", "README", "Justfile", "justfile", "Gemfile", "Procfile",
    "Rakefile", "CHANGELOG", "VERSION", "NOTICE", "AUTHORS", "CODEOWNERS",
}  # fmt: skip


def _without_folder(words: list[str]) -> list[str]:
    """`git -C FOLDER add` as `git add`."""
    if words[:2] == ["git", "-C"] and len(words) > 3:
        return ["git", *words[3:]]
    return words


def git_commit(command: str) -> GitCommit | None:
    """What `git commit` makes, or `None` where the command is another or can't be read."""
    if not re.match(r"git\s+(?:-C\s+\S+\s+)?commit\b", command):
        return None
    message: str | None
    substituted = _SUBSTITUTED.fullmatch(command)
    if substituted and re.fullmatch(r".*-m\s*|.*--message[ =]", substituted["before"], re.DOTALL):
        message = substituted["body"]
        rest = shell.words(substituted["before"] + "'' " + substituted["after"])
    else:
        from_input = shell.heredoc(command)
        if from_input:
            before, text, literal = from_input
            found = shell.words(before)
            if not literal or (
                not any(
                    a in ("-F", "--file") and b in ("-", "/dev/stdin") for a, b in pairwise(found)
                )
                and "-F-" not in found
            ):
                return None
            return _with_trailers(text, [])
        rest = shell.words(command)
        message = None
    messages: list[str] = [] if message is None else [message]
    trailers: list[str] = []
    index = 0
    while index < len(rest):
        word = rest[index]
        value = rest[index + 1] if index + 1 < len(rest) else ""
        if word in ("-m", "--message", "-am"):
            if value:
                messages.append(value)
            index += 1
        elif word.startswith("--message="):
            messages.append(word.partition("=")[2])
        elif word == "--trailer":
            trailers.append(re.sub(r"^([\w-]+)[=:]\s*", r"\1: ", value))
            index += 1
        elif word.startswith("--trailer="):
            trailers.append(re.sub(r"^([\w-]+)[=:]\s*", r"\1: ", word.partition("=")[2]))
        elif word in ("--amend", "--fixup", "-C", "-c", "--no-edit", "--squash") and index > 1:
            return None
        index += 1
    text = "\n\n".join(messages)
    if not text.strip() or (
        message is None and re.search(r"\$[\w({]|`", command) and '"' in command
    ):
        return None if not text.strip() or "$(" in command else _with_trailers(text, trailers)
    return _with_trailers(text, trailers)


def _with_trailers(text: str, more: list[str]) -> GitCommit | None:
    body = text.strip("\n").rstrip()
    lines = body.split("\n")
    trailers: list[str] = []
    while len(lines) > 1 and _TRAILER.fullmatch(lines[-1].strip()):
        trailers.insert(0, lines.pop().strip())
    while lines and not lines[-1].strip():
        lines.pop()
    message = "\n".join(line.rstrip() for line in lines)
    if not message.strip():
        return None
    return GitCommit(message, tuple(dict.fromkeys((*trailers, *more))))
