"""Patches: read with their mistakes at their lines, and held against the files of their edit."""

from __future__ import annotations

import dataclasses

from runbook.core import paths
from runbook.core.operations import Patch, Target
from runbook.core.patches import FilePatch, PatchMistake
from runbook.core.patches import read_patch as read_diff
from runbook.format import scalars
from runbook.format.yamltree import Node, ScalarNode, Source


def read_patch(source: Source, node: Node) -> tuple[str, tuple[FilePatch, ...]] | None:
    """A unified diff: its text and its files."""
    diff = scalars.code(source, node)
    if diff is None:
        return None
    assert isinstance(node, ScalarNode)
    if node.style == ">" or (node.style != "|" and node.start_mark.line != node.end_mark.line):
        source.error(node, "YAML would fold these lines into one", "put the patch under `|`")
        return None
    # Line ends are those of the file that is patched.
    diff = diff.replace("\r\n", "\n").removesuffix("\n") + "\n"
    try:
        files = read_diff(diff)
    except PatchMistake as mistake:
        _error(source, node, diff, mistake.line, mistake.message, mistake.hint)
        return None
    for file in files:
        for path in (file.path, file.to):
            objection = None if path is None else paths.objection(path)
            if path is not None and objection:
                _error(source, node, diff, file.line, objection, paths.hint(path))
                return None
    return diff, files


def _error(
    source: Source, node: ScalarNode, diff: str, line: int, message: str, hint: str | None
) -> None:
    if node.style != "|":
        source.error(node, message, hint)
        return
    stated = diff.split("\n")[line]
    number = node.start_mark.line + 1 + line
    source.error_at(number, max(0, len(source.line(number)) - len(stated)), message, hint)


def with_targets(source: Source, patch: Patch, targets: tuple[Target, ...]) -> Patch:
    """The patch of an edit, its files being the edit's; what does not fit together is recorded."""
    line, column = patch.at.line - 1, patch.at.column - 1

    def error(message: str, hint: str | None = None) -> Patch:
        source.error_at(line, column, message, hint)
        return patch

    named = [target for target in targets if isinstance(target, str)]
    if len(named) < len(targets):
        return error("a patch is for certain files, not for a glob", "list its files after `edit:`")
    if patch.files[0].path is None:
        if len(named) > 1:
            return error(
                "the patch does not say which of the files it changes",
                "put its lines `---` and `+++` before the hunks",
            )
        file = dataclasses.replace(patch.files[0], path=named[0])
        return dataclasses.replace(patch, files=(file,))
    patched = [file.path for file in patch.files]
    for path in patched:
        if path not in named:
            return error(
                f"the patch changes {path}, which is not a file of this edit",
                "`edit:` lists all files of its patch; paths stand in `workdir`, as "
                "`git diff --relative` writes them",
            )
    for path in named:
        if path not in patched:
            return error(f"the patch does not change {path}, which is a file of this edit")
    return patch
