"""`git add` and `git commit` of a plan as commit steps."""

from __future__ import annotations

import re

from runbook.core.model.operations import Glob, Target
from runbook.core.model.paths import objection
from runbook.core.shell.cutting import simple, words
from runbook.core.shell.tokens import Word, substituted
from runbook.core.value import value
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.vocabulary import spelled

COMMITS = spelled(r"(^|&&)[ \t$]*git (-C \S+ )?commit\b", re.MULTILINE)
CO_AUTHOR = re.compile(r"Co-Authored-By: ?([^<>\n]*[^<>\s] <[^<>\s]+@[^<>\s]+>)", re.IGNORECASE)
_TRAILER = re.compile(r"[A-Z][A-Za-z-]*-[A-Za-z-]+: ?\S.*")


@value
class GitCommit:
    """What a plan's `git commit` makes: the message without trailers, and these.

    `everything` is whether it adds all that was changed.
    """

    message: str
    trailers: tuple[str, ...] = ()
    everything: bool = False


@value
class Added:
    """The paths of a `git add`; `everything` for `-A`, `.` and the like."""

    files: tuple[Target, ...] = ()
    everything: bool = False


def git_add(command: str, roots: tuple[str, ...] = ()) -> Added | None:
    """What `git add` adds, or `None` where the command is another or can't be read."""
    found = words(command)
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
        elif re.match(r"-(?!-)\w*[peiN]|--(?:patch|edit|interactive|intent-to-add)", word):
            return None  # a part, which a person picks
        elif word.startswith("-"):
            continue
        elif any(char in word for char in "*?$"):
            if "$" in word or word.startswith("/"):
                return None
            files.append(Glob(word))
        else:
            parsed = parse_path(word, roots)
            path = parsed[0] if parsed else word.removeprefix("./").rstrip("/")
            if objection(path):
                return None
            files.append(Glob(f"{path}/**") if _is_folder(word) else path)
    return Added(tuple(dict.fromkeys(files)), everything)


def _is_folder(word: str) -> bool:
    name = word.rsplit("/", 1)[-1]
    file = "." in name or name in _FILES_WITHOUT_ENDING or re.fullmatch("[A-Z]+", name)
    return word.endswith("/") or not file


_FILES_WITHOUT_ENDING = {
    "Makefile", "Dockerfile", "LICENSE", "README", "Justfile", "justfile", "Gemfile", "Procfile",
    "Rakefile", "CHANGELOG", "VERSION", "NOTICE", "AUTHORS", "CODEOWNERS",
}  # fmt: skip


def in_folder(command: str) -> tuple[str, str]:
    """The folder of `git -C FOLDER add`, "" for none, and the command without it."""
    found = re.match(r"git\s+-C\s+(\"[^\"$]+\"|'[^']+'|\S+)\s+", command)
    return (found[1].strip("\"'"), f"git {command[found.end() :]}") if found else ("", command)


def is_commit(command: str) -> bool:
    """Whether a simple command adds files or makes a commit."""
    return bool(re.match(r"git\s+(?:-C\s+\S+\s+)?(?:add|commit|stage)\b", command))


def git_commit(command: str) -> GitCommit | None:
    """What `git commit` makes, or `None` where the command is another or can't be read."""
    found = simple(command)
    if found is None or not re.match(r"git\s+commit\b", command):
        return None
    documents = [each.document for each in found.redirections if each.document is not None]
    rest = iter(found.words[2:])
    messages: list[str] = []
    trailers: list[str] = []
    everything = False
    for word in rest:
        option, sign, _ = word.text.partition("=")
        stated = _said(word).partition("=")[2] if sign else ""
        if option in ("--message", "--trailer", "--file") and not sign:
            stated = _said(next(rest, None))
        if option == "--message":
            messages.append(stated)
        elif option == "--trailer":
            trailers.append(re.sub(r"^([\w-]+)[=:]\s*", r"\1: ", stated))
        elif re.fullmatch(r"-[aqvsnS]*m", option):
            everything |= "a" in option
            messages.append(_said(next(rest, None)))
        elif option in ("-a", "--all") or re.fullmatch(r"-[aqvsnS]*a[aqvsnS]*", option):
            everything = True
        elif option in ("-F", "--file", "-F-"):
            given = next(rest, None) if option == "-F" and not stated else None
            source = given.text if given else stated or "-"
            if source not in ("-", "/dev/stdin") or len(documents) != 1 or not documents[0].literal:
                return None
            messages.append(documents[0].text)
        elif option in ("--amend", "--fixup", "-C", "-c", "--no-edit", "--squash"):
            return None
    text = "\n\n".join(messages)
    # A message that is made when it is run is not known.
    if not text.strip() or "$(" in text:
        return None
    return _with_trailers(text, trailers, everything)


def _said(word: Word | None) -> str:
    """What a word says: `"$(cat <<'EOF' … )"` says what stands in the document."""
    if word is None:
        return ""
    inner = list(substituted(word.raw))
    whole = re.fullmatch(r"(?s)(?:--\w+=)?\"?\$\(.*\)\"?", word.raw)
    if len(inner) != 1 or not whole:
        return word.text
    command = simple(inner[0])
    if command is None or command.name != "cat" or command.arguments:
        return word.text
    documents = [each.document for each in command.redirections if each.document is not None]
    begin = word.raw[: word.raw.index("$(")].strip('"')
    return begin + documents[0].text if len(documents) == 1 else word.text


def _with_trailers(text: str, more: list[str], everything: bool) -> GitCommit | None:
    body = text.strip("\n").rstrip()
    lines = body.split("\n")
    trailers: list[str] = []
    while len(lines) > 1 and _TRAILER.fullmatch(lines[-1].strip()):
        trailers.insert(0, lines.pop().strip())
    message = "\n".join(line.rstrip() for line in lines).rstrip("\n")
    if not message.strip():
        return None
    return GitCommit(message, tuple(dict.fromkeys((*trailers, *more))), everything)
