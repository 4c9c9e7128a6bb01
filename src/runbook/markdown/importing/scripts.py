"""The scripts of a plan as steps of a kind: what each command is, in its folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Literal

from runbook.core.operations import Create, Delete, MoveTo, Operation, Target, Text
from runbook.core.paths import objection
from runbook.core.value import value
from runbook.markdown.importing import shell
from runbook.markdown.importing.commandfacts import effect, is_pytest, runs_tests
from runbook.markdown.importing.filelist import relative
from runbook.markdown.importing.gitcommands import Added, GitCommit, git_add, git_commit

_CD = re.compile(r"cd\s+(?P<folder>\"[^\"$]+\"|'[^']+'|[^\s;&|$\"'`]+)\s*$")

_ELSEWHERE = re.compile(r"[/~$]|[A-Za-z]:[/\\]?")
_GOES = re.compile(r"\(?\s*(?:cd|pushd)\s+[\"']?([/~$][^\s;&|\"')]*)")
_BEHIND = re.compile(r"[ \t]#[ \t]+([^\n'\"]+)$")


@value
class Act:
    """One command of a plan and what it comes to."""

    kind: Literal["verify", "run", "edit", "add", "commit", "by hand"]
    command: str
    comment: str = ""
    why: str = ""
    files: tuple[Target, ...] = ()
    path: str = ""
    change: Operation | None = None
    added: Added | None = None
    commit: GitCommit | None = None


def acts(script: str, roots: tuple[str, ...] = (), mentioned: tuple[str, ...] = ()) -> list[Act]:
    """The commands of a script in order, with `cd` into the worktree taken off."""
    return [act for each in _placed(script, roots) for act in _act(each, roots, mentioned)]


def _placed(script: str, roots: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Each command with its folder (in the repository) and its comment."""
    found = shell.commands(script)
    if len(found) == 1 and "\n" in found[0].text and "<<" not in found[0].text:
        parts = list(shell.split(found[0].text))
        folders = [_CD.fullmatch(part.text) for part in parts]
        bound = [shell.binds(part.text) and not cd for part, cd in zip(parts, folders, strict=True)]
        if any(folders) and not any(bound):
            found = parts
    folder = ""
    for each in found:
        text, comment = each.text, each.comment
        if not text:
            continue
        cd = _CD.fullmatch(text)
        if cd and len(found) > 1:
            folder = _moved(folder, cd["folder"].strip("\"'"), roots)
            continue
        yield folder, text, comment


def _moved(folder: str, to: str, roots: tuple[str, ...]) -> str:
    """The folder after `cd TO`, "" for the top one; absolute where it leads elsewhere."""
    cut = relative(to, roots)
    if cut != to or to in (".", "./"):
        return "" if cut in (".", "./") else cut
    if _ELSEWHERE.match(to):
        return to
    joined = posixpath.normpath(posixpath.join(folder, to))
    return "" if joined == "." else joined


def _act(
    placed: tuple[str, str, str], roots: tuple[str, ...], mentioned: tuple[str, ...]
) -> Iterator[Act]:
    folder, text, comment = placed
    parts = shell.conjuncts(text)
    while parts:
        cd = _CD.fullmatch(parts[0])
        if not cd:
            break
        if len(parts) == 1:
            return
        folder = _moved(folder, cd["folder"].strip("\"'"), roots)
        parts = parts[1:]
        text = " && ".join(parts)
    if any(re.match(r"git\s+(?:-C\s+\S+\s+)?(?:add|commit|stage)\b", part) for part in parts):
        yield from _committing(parts, folder, comment, roots, mentioned)
        return
    yield _single(text, folder, comment, roots, mentioned)


def _committing(
    parts: list[str],
    folder: str,
    comment: str,
    roots: tuple[str, ...],
    mentioned: tuple[str, ...],
) -> Iterator[Act]:
    """`git add … && git commit …`, and what stands beside them."""
    for part in parts:
        added = git_add(part, roots)
        if added is not None:
            yield Act("add", part, comment, added=_below(added, folder))
            continue
        commit = git_commit(part)
        if commit is not None:
            behind = _BEHIND.search(part)
            comment = "\n".join(filter(None, (comment, behind[1] if behind else "")))
            everything = bool(re.search(r"\s-(?:a|am|a\s+-m)\b|\s--all\b", part.partition("\n")[0]))
            if everything:
                yield Act("add", part, added=Added((), True))
            yield Act("commit", part, comment, commit=commit)
            comment = ""
            continue
        yield _single(part, folder, comment, roots, mentioned)


def _below(added: Added, folder: str) -> Added:
    if not folder:
        return added
    from runbook.core.operations import Glob

    files = tuple(
        Glob(f"{folder}/{each.pattern}") if isinstance(each, Glob) else f"{folder}/{each}"
        for each in added.files
    )
    # `git add .` in a folder adds what is below it.
    return Added((*files, Glob(f"{folder}/**")), False) if added.everything else Added(files, False)


def _single(
    text: str, folder: str, comment: str, roots: tuple[str, ...], mentioned: tuple[str, ...]
) -> Act:
    command = _shortened(text, roots)
    if _elsewhere(text, command, roots):
        return Act("by hand", text, comment, "it is run outside the repository")
    if folder.startswith(("/", "~", "..", "$")):
        command = text  # as the plan has it
    if folder:
        command = f"cd {folder} && {command}"
    if folder.startswith("..") or _ELSEWHERE.match(folder):
        return Act("by hand", command, comment, "it is run outside the repository")
    edit = _edit(text, folder, roots)
    if edit is not None:
        return Act("edit", command, comment, path=edit[0], change=edit[1])
    found = effect(command, mentioned)
    kind = found.kind
    if kind == "run" and not found.files:
        kind = "verify"
    return Act(kind, command, comment, found.why, found.files)


def _elsewhere(text: str, shortened: str, roots: tuple[str, ...]) -> bool:
    """Whether a script goes to a folder elsewhere, where a path in the worktree would be lost."""
    for line in [each for each in shell.split(text) if each.text]:
        for part in shell.conjuncts(line.text):
            to = _GOES.match(part)
            if to is None or relative(to[1], roots) != to[1]:
                continue
            if to[1].startswith(("/", "~")) or shortened != text:
                return True
    return False


def _shortened(command: str, roots: tuple[str, ...]) -> str:
    """A command whose absolute paths in the worktree are made relative."""
    for root in roots:
        command = re.sub(rf"(?<![\w/.-]){re.escape(root.rstrip('/'))}/(?=[\w.])", "", command)
        command = re.sub(
            rf"(?<![\w/.-]){re.escape(root.rstrip('/'))}/?(?=[\s\"';]|$)", ".", command
        )
    return command


def _edit(text: str, folder: str, roots: tuple[str, ...]) -> tuple[str, Operation] | None:
    """A command that is an edit by its form: `git mv`, `rm`, `cat > FILE <<'EOF'`."""
    document = shell.heredoc(text)
    if document is not None:
        before, body, literal = document
        written = re.fullmatch(r"cat\s*>\s*(\S+)", before) or re.fullmatch(
            r"tee\s+(\S+)(?:\s*>\s*/dev/null)?", before
        )
        path = _path(written[1], folder, roots) if written and literal else None
        return (path, Create(Text(body, True))) if path else None
    if not shell.plain(text):
        return None
    words = shell.words(text)
    flags = [word for word in words if word.startswith("-")]
    names = [word for word in words[1:] if not word.startswith("-")]
    if words[:1] == ["git"]:
        names = names[1:]
        verb = f"git {words[1] if len(words) > 1 else ''}"
    else:
        verb = words[0] if words else ""
    if verb in ("mv", "git mv") and len(names) == 2 and not set(flags) - {"-f", "-v"}:
        source, to = (_path(name, folder, roots) for name in names)
        if source and to and not names[1].endswith("/"):
            return source, MoveTo(to)
    # `rm -f` deletes what may not be there: it is run.
    forced = verb == "rm" and "-f" in flags
    if verb in ("rm", "git rm") and not forced and len(names) == 1 and _plain(flags):
        path = _path(names[0], folder, roots)
        if path:
            return path, Delete()
    return None


def _plain(flags: list[str]) -> bool:
    return not set(flags) - {"-f", "-v", "-q"}


def _path(word: str, folder: str, roots: tuple[str, ...]) -> str | None:
    """A file's path in the repository: a name with an ending, so that it is no folder."""
    word = word.strip("\"'")
    cut = relative(word, roots).removeprefix("./")
    if re.search(r"[*?$`~]", cut) or not re.search(r"[^/]\.\w+$", cut):
        return None
    path = f"{folder}/{cut}" if folder and not cut.startswith("/") else cut
    return None if objection(path) else path


def last_comment(script: str) -> str:
    """The comment after the last command of a script."""
    *_, last = [shell.Script(""), *shell.split(script)]
    return "" if last.text else last.comment


def only_comments(script: str) -> bool:
    """Whether a script has nothing that could be run."""
    return not any(each.text for each in shell.split(script))


def unpiped(command: str) -> tuple[str, str] | None:
    """A test command without what only cuts its output, and what was cut off, or `None`."""
    parts = shell.pipeline(command)
    if len(parts) < 2 or not parts[0]:
        return None
    tested = shell.conjuncts(parts[0])[-1]
    if not runs_tests(tested):
        return None
    keep = len(parts)
    while keep > 1 and _cuts(parts[keep - 1], proved=is_pytest(tested)):
        keep -= 1
    if keep == len(parts):
        return None
    cut = " | ".join(["", *parts[keep:]]).strip()
    kept = " | ".join(parts[:keep])
    # Standard error is read along with standard output anyway.
    return re.sub(r"\s*2>&1\s*$", "", kept), cut


def _cuts(part: str, *, proved: bool) -> bool:
    words = shell.words(part)
    if words[:1] in (["head"], ["tail"]):
        return "-f" not in words
    return (
        proved
        and words[:1] in (["grep"], ["egrep"])
        and not any(re.match(r"-\w*[cvqL]|--(?:count|invert|quiet)", word) for word in words[1:])
    )
