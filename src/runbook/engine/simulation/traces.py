"""Where git says that a text or a file went which an edit looks for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from runbook.core.edit.edits import sought
from runbook.core.matching.normalized import NormalizedText
from runbook.core.matching.results import NO_FILE, NO_MATCH
from runbook.core.matching.texts import Text
from runbook.core.model.diagnostics import nearest
from runbook.core.model.operations import Append, Prepend, RewriteFile
from runbook.core.text.counting import count
from runbook.core.value import replace
from runbook.engine.simulation.planned import EditConflict
from runbook.world.git.gitcommand import ask
from runbook.world.git.gitfailed import GitFailed

_FILES = 20  # that hold a line of the text, and are looked at
_MOVES = 5  # of a file, one after the other
_SECONDS = 3.0  # for one question: a history can be long


def traced(conflict: EditConflict, folder: Path, series: str) -> EditConflict:
    """A conflict over a text or file that is missed, with where it went; paths are in `folder`.

    `series` is the folder of the phase files, from the repository's root.
    """
    found = conflict.conflict
    if found == NO_FILE:
        notes = tuple(_file(folder, conflict.path))
        if isinstance(conflict.operation, RewriteFile | Append | Prepend):
            notes += ("a new file is made by `create`",)
    elif found == NO_MATCH:
        notes = tuple(_pattern(folder, conflict.path))
    elif found.found or conflict.operation is None or not found.missed:
        return conflict
    else:
        text = found.wanted or sought(conflict.operation)
        notes = () if text is None else tuple(_text(folder, conflict, text, series))
    if not notes:
        return conflict
    told = replace(found, notes=(*found.notes, *notes))
    return EditConflict(conflict.at, conflict.path, told, conflict.operation)


def _file(folder: Path, path: str) -> Iterator[str]:
    """Where a file went, step by step; or which one was meant."""
    name = path
    for _ in range(_MOVES):
        commit = _last(folder, name, "--diff-filter=D")
        if not commit:
            break
        moved = dict(_moves(folder, commit))
        if name not in moved:
            subject = _asked(folder, "log", "-1", "--format=%s", commit)
            yield f"{name} was deleted by {commit}: {subject}"
            return
        name = moved[name]
        if (folder / name).exists():
            yield f"it is {name} since {commit}"
            return
    if name == path:
        yield from _meant(folder, path)


def _meant(folder: Path, path: str) -> Iterator[str]:
    """Which file a path of the phase file was meant to be."""
    elsewhere = _outside(folder, path, f":(top,literal){path}")
    if elsewhere:
        yield elsewhere
        return
    tracked = _asked(folder, "ls-files", "-z").split("\0")
    near = _nearest_path(path, [name for name in tracked if name != path])
    if near:
        yield f"did you mean {near}?"


def _pattern(folder: Path, pattern: str) -> Iterator[str]:
    """Which pattern was meant by one that matches nothing."""
    elsewhere = _outside(folder, pattern, f":(top,glob){pattern}")
    if elsewhere:
        yield elsewhere
        return
    above, slash, name = pattern.rpartition("/")
    deeper = f"{above}{slash}**/{name}"
    found = _asked(folder, "ls-files", "-z", "--", f":(glob){deeper}")
    if found:
        yield f"{deeper} matches {count(len(found.strip(chr(0)).split(chr(0))), 'file')}"


def _outside(folder: Path, path: str, spec: str) -> str:
    """What is said of a path or pattern that means something from the repository's root alone."""
    workdir = _asked(folder, "rev-parse", "--show-prefix")
    if not workdir or not _asked(folder, "ls-files", "-z", "--", spec):
        return ""
    if path.startswith(workdir):
        return f"paths stand in `workdir`, {workdir[:-1]}: write {path.removeprefix(workdir)}"
    return f"paths stand in `workdir`, {workdir[:-1]}, and {path} is not below it"


def _moves(folder: Path, commit: str) -> Iterator[tuple[str, str]]:
    said = _asked(
        folder, "diff-tree", "-r", "-z", "-M", "--relative", "--diff-filter=R", "--name-status",
        "--no-commit-id", commit,
    )  # fmt: skip
    pieces = said.split("\0")
    for at in range(0, len(pieces) - 2, 3):
        yield pieces[at + 1], pieces[at + 2]


def _nearest_path(path: str, tracked: list[str]) -> str | None:
    same = [each for each in tracked if each.lower() == path.lower()]
    named = [each for each in tracked if each.rpartition("/")[2] == path.rpartition("/")[2]]
    return next(iter(same), None) or (named[0] if len(named) == 1 else nearest(path, tracked))


def _text(folder: Path, conflict: EditConflict, text: Text, series: str) -> Iterator[str]:
    """Other files in which a text stands, and since when; or when it went from its file."""
    line = max((each.strip() for each in text.value.split("\n")), key=len)
    # Phase files quote it.
    phases = [f":(top,exclude,literal){series}"] if series else []
    held = _asked(folder, "grep", "-lzF", "-e", line, "--", ".", *phases).split("\0")
    others = [each for each in held if each != conflict.path]
    # The end of a stretch says nothing by itself.
    begins = conflict.operation is not None and text == sought(conflict.operation)
    places = [*_places(folder, [each for each in others if each][:_FILES], text)] if begins else []
    for other, number in places[:2]:
        since = _last(folder, other, f"-S{line}")
        yield f"it stands in {other}:{number}" + (f" since {since}" if since else "")
    if places or conflict.conflict.near is not None:
        return
    whole = text.value.removesuffix("\n")
    gone = _last(folder, conflict.path, f"-S{whole}")
    if gone and whole in _asked(folder, "show", f"{gone}:./{conflict.path}"):
        yield "it went from this file since the last commit"
    elif gone:
        subject = _asked(folder, "log", "-1", "--format=%s", gone)
        yield f"it went from this file with {gone}: {subject}"


def _places(folder: Path, paths: list[str], text: Text) -> Iterator[tuple[str, int]]:
    """Files that hold a text, with its first line there."""
    for path in paths:
        try:
            content = (folder / path).read_bytes().decode("utf-8", "surrogateescape")
        except OSError:
            continue
        normal = NormalizedText(content)
        spans = normal.occurrences(text, "indent" if text.whole_lines else "exact")
        if spans:
            yield path, normal.line(spans[0].start)


def _last(folder: Path, path: str, which: str) -> str:
    """The last commit of this kind that touched a file."""
    return _asked(folder, "log", "-1", "--format=%h", which, "--", f":(literal){path}")


def _asked(folder: Path, *arguments: str) -> str:
    """What git says, or nothing where it refuses or takes too long."""
    try:
        status, output, _ = ask(folder, "-c", "core.quotePath=false", *arguments, seconds=_SECONDS)
    except GitFailed:
        return ""
    return os.fsdecode(output).strip("\n") if status == 0 else ""
