"""Patches: read with their mistakes at their lines, and held against the files of their edit."""

from __future__ import annotations

from typing import Any

from runbook.core.model import paths
from runbook.core.model.operations import Patch, Target
from runbook.core.model.patches import PatchMistake, read_patch
from runbook.core.value import replace
from runbook.format.content import Block
from runbook.format.forms import Report, kind
from runbook.format.shown import Shown
from runbook.format.texts import code, folds
from runbook.format.yamltree import Node, ScalarNode, Source


@kind({"type": "string"}, Block, shown=Shown(str, str, language="diff"))
def diff(source: Source, node: Node) -> str | None:
    """A unified diff."""
    stated: str | None = code.read(source, node)
    if stated is None:
        return None
    assert isinstance(node, ScalarNode)
    if folds(node):
        source.error(node, "YAML would fold these lines into one", "put the patch under `|`")
        return None
    if not source.exact:
        # Line ends are those of the file that is patched.
        stated = stated.replace("\r\n", "\n").removesuffix("\n") + "\n"
    try:
        files = read_patch(stated)
    except PatchMistake as mistake:
        _error(source, node, stated, mistake.line, mistake.message, mistake.hint)
        return None
    for file in files:
        for path in (file.path, file.to):
            objection = None if path is None else paths.objection(path)
            if path is not None and objection:
                _error(source, node, stated, file.line, objection, paths.hint(path))
                return None
    return stated


def patch_of(diff: str, **place: Any) -> Patch:
    """The patch that a diff is."""
    return Patch(diff, read_patch(diff), **place)


def _error(
    source: Source, node: ScalarNode, diff: str, line: int, message: str, hint: str | None
) -> None:
    if node.style != "|":
        source.error(node, message, hint)
        return
    stated = diff.split("\n")[line]
    number = node.start_mark.line + 1 + line
    source.error_at(number, max(0, len(source.line(number)) - len(stated)), message, hint)


def fit_patch(patch: Patch, targets: tuple[Target, ...], report: Report) -> Patch:
    """The patch of an edit, its files being the edit's; what does not fit together is reported."""
    named = [target for target in targets if isinstance(target, str)]
    if len(named) < len(targets):
        report("a patch is for certain files, not for a glob", "list its files after `edit:`")
        return patch
    if patch.files[0].path is None:
        if len(named) > 1:
            report(
                "the patch does not say which of the files it changes",
                "put its lines `---` and `+++` before the hunks",
            )
            return patch
        file = replace(patch.files[0], path=named[0])
        return replace(patch, files=(file,))
    patched = [file.path for file in patch.files]
    for path in patched:
        if path not in named:
            report(
                f"the patch changes {path}, which is not a file of this edit",
                "`edit:` lists all files of its patch; paths stand in `workdir`, as "
                "`git diff --relative` writes them",
            )
            return patch
    for path in named:
        if path not in patched:
            report(f"the patch does not change {path}, which is a file of this edit", None)
            return patch
    return patch
