"""The scripts of a plan as steps of a kind: what each command is, in its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Literal

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Create, Delete, Glob, MoveTo, Operation, Target
from runbook.core.model.paths import objection
from runbook.core.shell import cutting
from runbook.core.shell.cutting import Line, conjuncts, pipeline, unbracketed, words
from runbook.core.shell.places import moved
from runbook.core.value import replace, value
from runbook.markdown.importing.commands.effects import effect
from runbook.markdown.importing.commands.facts import is_pytest, runs_tests
from runbook.markdown.importing.commands.gitcommands import (
    Added,
    GitCommit,
    git_add,
    git_commit,
    in_folder,
    is_commit,
)
from runbook.markdown.importing.words.filelist import names_a_folder, relative
from runbook.markdown.importing.words.vocabulary import spelled

_CD = re.compile(r"cd\s+(?P<folder>\"[^\"$]+\"|'[^']+'|[^\s;&|$\"'`]+)\s*$")
_ELSEWHERE = re.compile(r"[/~$]|[A-Za-z]:[/\\]?|\.\.(?:/|$)")
_HOOK = spelled(r"(^|[\s/])(lefthook|pre-commit|lint-staged|husky|gitleaks|hooks/\S+)(\s|$)")
_GOES = re.compile(r"\(?\s*(?:cd|pushd)\s+[\"']?([/~$][^\s;&|\"')]*)")


@value
class Act:
    """One command of a plan and what it comes to."""

    kind: Literal["verify", "run", "edit", "add", "commit", "by hand"]
    command: str
    comment: str = ""
    why: str = ""
    files: tuple[Target, ...] = ()
    path: str = ""
    behind: str = ""  # the comment at its end
    change: Operation | None = None
    added: Added | None = None
    commit: GitCommit | None = None


def acts(script: str, roots: tuple[str, ...] = (), mentioned: tuple[str, ...] = ()) -> list[Act]:
    """The commands of a script in order, with `cd` into the worktree taken off."""
    placed = _placed(script, "", roots)
    return [act for folder, line in placed for act in _act(folder, line, roots, mentioned)]


def _placed(script: str, folder: str, roots: tuple[str, ...]) -> Iterator[tuple[str, Line]]:
    """Each command with its folder in the repository, what stands in brackets as well."""
    found = cutting.commands(script)
    if len(found) == 1 and "\n" in found[0].text:
        parts = list(cutting.split(found[0].text))
        others = [rest for part in parts if (rest := _gone(part.text)[1])]
        if any(_gone(part.text)[0] for part in parts) and not any(map(cutting.binds, others)):
            found = parts
    apart = len(found) > 1 and _each_from_the_top([each.text for each in found])
    kept = ""  # comments of what is left out
    for each in found:
        gone, text = _gone(each.text) if len(found) > 1 else ([], each.text)
        there = folder
        for to in gone:
            there = _moved(there, to, roots)
        folder = folder if apart else there
        if not text:
            kept = _together(kept, each.comment, each.behind) if gone else kept
            continue
        line = Line(text, _together(kept, each.comment), each.behind)
        inner = unbracketed(text)
        if inner == text:
            yield there, line
        else:
            yield from _inside(list(_placed(inner, there, roots)), line)
        kept = ""


def _gone(command: str) -> tuple[list[str], str]:
    """The folders that a command goes to before anything else, and what it does there."""
    parts = conjuncts(command)
    gone = [found["folder"] for part in parts if (found := _CD.fullmatch(part))]
    gone = gone[: len(list(takewhile(_CD.fullmatch, parts)))]
    return gone, " && ".join(parts[len(gone) :]) if gone else command


def _each_from_the_top(lines: list[str]) -> bool:
    """Whether each line of a script is meant from where it began, though one goes elsewhere.

    Two go to the same folder, which is not in itself; or behind "cd web && npm test" one names what
    is in that folder from the top: "git add web/src".
    """
    gone = [_gone(line) for line in lines]
    places = [
        "/".join(each.strip("\"'").rstrip("/") for each in to)
        for to, rest in gone
        if to and rest and ".." not in to
    ]
    if len(places) != len(set(places)):
        return True
    if len(places) != 1 or sum(bool(to) for to, _ in gone) != 1:
        return False
    named = [word for to, rest in gone if not to for word in cutting.words(rest)]
    return any(word.startswith(f"{places[0]}/") for word in named)


def _inside(found: list[tuple[str, Line]], around: Line) -> Iterator[tuple[str, Line]]:
    """The commands in brackets, with the comments around these."""
    for at, (folder, line) in enumerate(found):
        comment = _together(around.comment if at == 0 else "", line.comment)
        behind = around.behind if at == len(found) - 1 else ""
        yield folder, Line(line.text, comment, line.behind or behind)


def _together(*comments: str) -> str:
    return "\n".join(filter(None, comments))


def _moved(folder: str, to: str, roots: tuple[str, ...]) -> str:
    """The folder after `cd TO`, "" for the top one; absolute where it leads elsewhere."""
    to = to.strip("\"'")
    cut = relative(to, roots)
    if cut != to or to in (".", "./"):
        return "" if cut in (".", "./") else cut
    return moved(folder, to)


def _act(
    folder: str, line: Line, roots: tuple[str, ...], mentioned: tuple[str, ...]
) -> Iterator[Act]:
    text, parts = line.text, conjuncts(line.text)
    while parts and (cd := _CD.fullmatch(parts[0])):
        folder = _moved(folder, cd["folder"], roots)
        parts = parts[1:]
        text = " && ".join(parts)
    # What hangs together over several lines is not taken apart at their signs either.
    if any(map(is_commit, parts)) and len(cutting.split(text)) == 1:
        yield from _committing(parts, folder, line, roots, mentioned)
    elif text:
        yield _single(text, folder, line, roots, mentioned)


def _committing(
    parts: list[str], folder: str, line: Line, roots: tuple[str, ...], mentioned: tuple[str, ...]
) -> Iterator[Act]:
    """`git add … && git commit …`, and what stands beside them."""
    for at, part in enumerate(parts):
        cd = _CD.fullmatch(part)
        if cd:
            folder = _moved(folder, cd["folder"], roots)
            continue
        behind = line.behind if at == len(parts) - 1 else ""
        alone = Line(part, line.comment if at == 0 else "", behind)
        said = _together(alone.comment, behind)
        to, plain = in_folder(part)
        there = _moved(folder, to, roots) if to else folder
        added, commit = git_add(plain, roots), git_commit(plain, roots)
        if _ELSEWHERE.match(there) or not (added or commit):
            yield _single(part, folder, alone, roots, mentioned)
        elif added is not None:
            yield Act("add", part, said, added=_below(added, there))
        elif commit is not None:
            if commit.everything:
                yield Act("add", part, added=Added((), True))
            only = commit.only and _below(commit.only, there)
            yield Act("commit", part, said, commit=replace(commit, only=only))


def _below(added: Added, folder: str) -> Added:
    if not folder or (added.everything and not added.below):
        return added
    files = tuple(
        Glob(f"{folder}/{each.pattern}") if isinstance(each, Glob) else f"{folder}/{each}"
        for each in added.files
    )
    # `git add .` in a folder adds what is below it.
    return Added((*files, Glob(f"{folder}/**")), False) if added.everything else Added(files, False)


def _single(
    text: str, folder: str, line: Line, roots: tuple[str, ...], mentioned: tuple[str, ...]
) -> Act:
    command = _shortened(text, roots)
    said, behind = line.comment, line.behind
    if _elsewhere(text, command, roots):
        return Act("by hand", text, said, "it is run outside the repository", behind=behind)
    outside = _ELSEWHERE.match(folder)
    if outside:
        command = text  # as the plan has it
    effects = effect(command, mentioned, folder)
    if folder:
        command = f"cd {folder} && {command}"
    if outside:
        return Act("by hand", command, said, "it is run outside the repository", behind=behind)
    edit = _edit(text, folder, roots)
    if edit is not None and effects.kind != "by hand":
        path, change = edit
        return Act("edit", command, said, path=path, change=change, behind=behind)
    return Act(effects.kind, command, said, effects.why, effects.files, behind=behind)


def _elsewhere(text: str, shortened: str, roots: tuple[str, ...]) -> bool:
    """Whether a script goes to a folder elsewhere, where a path in the worktree would be lost."""
    for line in [each for each in cutting.split(text) if each.text]:
        for part in conjuncts(line.text):
            to = _GOES.match(part)
            if to is None or relative(to[1], roots) != to[1]:
                continue
            if to[1].startswith(("/", "~")) or shortened != text:
                return True
    return False


def _shortened(text: str, roots: tuple[str, ...]) -> str:
    """A command whose absolute paths in the worktree are made relative."""
    command = text
    for root in (each.rstrip("/") for each in roots):
        if root in command:
            absolute = rf"(?<![\w/.-]){re.escape(root)}"
            command = re.sub(rf"{absolute}/(?=[\w.])", "", command)
            command = re.sub(rf"{absolute}/?(?=[\s\"';]|$)", ".", command)
    # `go build -C . ./...`
    return re.sub(r"(?<=\s)-C[ =]?\.\s+(?=\S)", "", command) if command != text else text


def _edit(text: str, folder: str, roots: tuple[str, ...]) -> tuple[str, Operation] | None:
    """A command that is an edit by its form: `git mv`, `rm`, `cat > FILE <<'EOF'`."""
    written = _written(text)
    if written is not None:
        path = _path(written[0], folder, roots)
        return (path, Create(Text(written[1], True))) if path else None
    if not cutting.plain(text):
        return None
    found = words(text)
    flags = [word for word in found if word.startswith("-")]
    names = [word for word in found[1:] if not word.startswith("-")]
    of_git = found[:1] == ["git"]
    verb, names = " ".join(found[: 1 + of_git]), names[of_git:]
    if verb in ("mv", "git mv") and len(names) == 2 and not set(flags) - {"-f", "-v"}:
        source, to = (_path(name, folder, roots) for name in names)
        if source and to and not names[1].endswith("/"):
            return source, MoveTo(to)
    # `rm -f` deletes what may not be there: it is run.
    forced = verb == "rm" and "-f" in flags
    plain = not set(flags) - {"-f", "-v", "-q"}
    if verb in ("rm", "git rm") and not forced and len(names) == 1 and plain:
        path = _path(names[0], folder, roots)
        if path:
            return path, Delete()
    return None


def _written(text: str) -> tuple[str, str] | None:
    """The file and the text of `cat > FILE <<'EOF'` or `tee FILE <<'EOF'`, where that is all."""
    command = cutting.simple(text)
    if command is None or command.assignments:
        return None
    documents = [each.document for each in command.redirections if each.document is not None]
    others = [each for each in command.redirections if each.document is None]
    if len(documents) != 1 or not documents[0].literal:
        return None
    if command.name == "cat" and not command.arguments and len(others) == 1:
        return (others[0].target, documents[0].text) if others[0].sign in (">", ">|") else None
    if command.name == "tee" and len(command.arguments) == 1:
        silent = all(each.sign == ">" and each.target == "/dev/null" for each in others)
        return (command.arguments[0], documents[0].text) if silent else None
    return None


def _path(word: str, folder: str, roots: tuple[str, ...]) -> str | None:
    """A file's path in the repository."""
    word = word.strip("\"'")
    cut = relative(word, roots).removeprefix("./")
    if re.search(r"[*?$`~]", cut) or names_a_folder(cut):
        return None
    path = f"{folder}/{cut}" if folder and not cut.startswith("/") else cut
    return None if objection(path) else path


def looks_at_what_is_added(found: list[Act], *, judged: bool) -> bool:
    """Whether a script adds something, and has a hook look at it, or git where that is `judged`.

    A commit step adds what it commits, so that nothing is added before it.
    """
    kinds = [act.kind for act in found]
    if "add" not in kinds or "commit" in kinds:
        return False
    behind = [act.command for act in found[kinds.index("add") :] if act.kind in ("verify", "run")]
    git = judged and any(each.startswith("git ") for each in behind[-1:])
    return git or any(map(_HOOK.search, behind))


def last_comment(script: str) -> str:
    """The comment after the last command of a script."""
    *_, last = [Line(""), *cutting.split(script)]
    return "" if last.text else last.comment


def only_comments(script: str) -> bool:
    """Whether a script has nothing that could be run."""
    return not any(each.text for each in cutting.split(script))


def unpiped(command: str) -> tuple[str, str] | None:
    """A test command without what only cuts its output, and what was cut off, or `None`."""
    parts = pipeline(command)
    if len(parts) < 2 or not parts[0]:
        return None
    tested = conjuncts(parts[0])[-1]
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
    found = words(part)
    if found[:1] in (["head"], ["tail"]):
        return "-f" not in found
    return (
        proved
        and found[:1] in (["grep"], ["egrep"])
        and not any(re.match(r"-\w*[cvqL]|--(?:count|invert|quiet)", word) for word in found[1:])
    )
