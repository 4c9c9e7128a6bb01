"""`git add` and `git commit` of a plan as commit steps."""

from __future__ import annotations

import re
import shlex

from runbook.core.model.operations import Glob, Target
from runbook.core.model.paths import objection
from runbook.core.shell.cutting import simple, words
from runbook.core.shell.tokens import Word, substituted
from runbook.core.value import replace, value
from runbook.markdown.importing.words.filelist import names_a_folder, parse_path
from runbook.markdown.importing.words.vocabulary import spelled

COMMITS = spelled(r"(^|&&)[ \t$]*git (-[cC] \S+ )*commit\b", re.MULTILINE)
_BY_HAND = spelled(r"git (-\S+ \S+ )*commit\b")
CO_AUTHOR = re.compile(r"Co-Authored-By: ?([^<>\n]*[^<>\s] <[^<>\s]+@[^<>\s]+>)", re.IGNORECASE)
_TRAILER = re.compile(r"[A-Z][A-Za-z-]*-[A-Za-z-]+: ?\S.*")


@value
class Added:
    """The paths of a `git add`; `everything` for `-A`, `.` and the like.

    Of these, `.` is all that is `below` the folder it is run in, and `-A` alone is of the worktree.
    """

    files: tuple[Target, ...] = ()
    everything: bool = False
    below: bool = False


@value
class GitCommit:
    """What a plan's `git commit` makes: the message without trailers, and these.

    `everything` is whether it adds all that was changed; `only` are the paths that it names, and
    `left_out` the options that a commit step has nothing for.
    """

    message: str
    trailers: tuple[str, ...] = ()
    everything: bool = False
    only: Added | None = None
    left_out: tuple[str, ...] = ()


def git_add(command: str, roots: tuple[str, ...] = ()) -> Added | None:
    """What `git add` adds, or `None` where the command is another or can't be read."""
    found = words(command)
    if found[:2] not in (["git", "add"], ["git", "stage"]):
        return None
    if re.search(r"<[^<>]*>|\.{3}|…", command):
        # "<modified files>" are those that the steps before change.
        return Added()
    return _paths(found[2:], roots)


def adding(added: Added | None, command: str) -> str:
    """What was added, as a line before a commit that a person makes; else nothing."""
    if added is None or not _BY_HAND.match(command):
        return ""
    paths = (str(each).removesuffix("/**") for each in added.files)
    files = "-A" if added.everything else shlex.join(paths)
    return f"git add {files}\n" if files else ""


def _paths(found: list[str], roots: tuple[str, ...]) -> Added | None:
    files: list[Target] = []
    everything = below = False
    for word in (part for each in found for part in _spelled_out(each)):
        if word in ("-A", "--all", "-u", "--update", ".", "./", ":/", "*"):
            everything = True
            below |= word in (".", "./", "*")
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
            files.append(Glob(f"{path}/**") if names_a_folder(word) else path)
    return Added(tuple(dict.fromkeys(files)), everything, below)


def _spelled_out(word: str) -> list[str]:
    """The words that the shell makes of `a/{b,c}`."""
    found = re.fullmatch(r"(?s)(.*?)\{([^{},]*(?:,[^{},]*)+)\}(.*)", word)
    if found is None:
        return [word]
    return [
        each for part in found[2].split(",") for each in _spelled_out(found[1] + part + found[3])
    ]


def in_folder(command: str) -> tuple[str, str]:
    """The folder of `git -C FOLDER add`, "" for none, and the command without it."""
    found = re.match(r"git\s+-C\s+(\"[^\"$]+\"|'[^']+'|\S+)\s+", command)
    return (found[1].strip("\"'"), f"git {command[found.end() :]}") if found else ("", command)


def is_commit(command: str) -> bool:
    """Whether a simple command adds files or makes a commit."""
    return bool(re.match(r"git\s+(?:-[cC]\s+\S+\s+)*(?:add|commit|stage)\b", command))


# Options of `git commit` that a step has no key for, or need none.
_VALUED = {"--author", "--date", "--cleanup", "--template", "-t"}
_NEEDLESS = {"--quiet", "--verbose", "--only", "--status", "--no-status", "--edit", "-q", "-v",
             "-e", "-o", "--"}  # fmt: skip
# What is made otherwise than by a step, or of what is not known here.
_OTHERWISE = re.compile(
    r"--(?:amend|fixup|squash|no-edit|reuse-message|reedit-message|allow-empty|patch|interactive|"
    r"dry-run|include|pathspec-from-file)|-[cCpi]"
)
_SETTINGS = re.compile(r"git\s+(?P<options>(?:-c\s+[\w.]+=\S*\s+)+)(?=commit\b)")
_SHORT = re.compile(r"-(?P<letters>[aqvsnSeo]+)(?P<message>m?)|-m")


def git_commit(command: str, roots: tuple[str, ...] = ()) -> GitCommit | None:
    """What `git commit` makes, or `None` where the command is another or can't be read."""
    # How git is set for this one command: it is for what makes the commit to say.
    settings = _SETTINGS.match(command)
    if settings is not None:
        command = f"git {command[settings.end() :]}"
    # Quotes may be escaped for the text that the command stands in.
    found = simple(re.sub(r"(?<=\s)\\\"([^\"\\]+)\\\"(?=\s|$)", r'"\1"', command))
    if found is None or not re.match(r"git\s+commit\b", command):
        return None
    documents = [each.document for each in found.redirections if each.document is not None]
    rest = iter(found.words[2:])
    messages: list[str] = []
    trailers: list[str] = []
    paths: list[str] = []
    left_out = [" ".join(settings["options"].split())] if settings else []
    everything = False
    for word in rest:
        option, sign, _ = word.text.partition("=")
        stated = _said(word).partition("=")[2] if sign else ""
        if not word.text.startswith("-"):
            paths.append(word.text)
            continue
        if option in ("--message", "--trailer", "--file", *_VALUED) and not sign:
            stated = _said(next(rest, None))
        short = _SHORT.fullmatch(word.text)
        if option == "--message":
            messages.append(stated)
        elif option == "--trailer":
            trailers.append(re.sub(r"^([\w-]+)[=:]\s*", r"\1: ", stated))
        elif option in ("-F", "--file", "-F-"):
            given = next(rest, None) if option == "-F" and not stated else None
            source = given.text if given else stated or "-"
            if source not in ("-", "/dev/stdin") or len(documents) != 1 or not documents[0].literal:
                return None
            messages.append(documents[0].text)
        elif short:
            letters = short["letters"] or ""
            everything |= "a" in letters
            left_out += [f"-{each}" for each in letters if each in "snS"]
            if word.text.endswith("m"):
                messages.append(_said(next(rest, None)))
        elif option == "--all":
            everything = True
        elif _OTHERWISE.fullmatch(option):
            return None
        elif option not in _NEEDLESS:
            left_out.append(option)
    text = "\n\n".join(messages)
    only = _paths(paths, roots) if paths else None
    # A message that is made when it is run is not known.
    if not text.strip() or "$(" in text or (paths and only is None):
        return None
    read = _with_trailers(text, trailers)
    return read and replace(read, everything=everything, only=only, left_out=tuple(left_out))


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


def _with_trailers(text: str, more: list[str]) -> GitCommit | None:
    body = text.strip("\n").rstrip()
    lines = body.split("\n")
    trailers: list[str] = []
    while len(lines) > 1 and _TRAILER.fullmatch(lines[-1].strip()):
        trailers.insert(0, lines.pop().strip())
    message = "\n".join(line.rstrip() for line in lines).rstrip("\n")
    if not message.strip():
        return None
    return GitCommit(message, tuple(dict.fromkeys((*trailers, *more))))
