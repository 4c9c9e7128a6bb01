"""Files that a task without a Files block creates: what it says and what it adds name the same."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.model.operations import Target
from runbook.markdown.importing.commands.scripts import acts
from runbook.markdown.importing.text.pieces import is_shell
from runbook.markdown.importing.text.reader import Block
from runbook.markdown.importing.words.filelist import FileMention, parse_path
from runbook.markdown.importing.words.vocabulary import anycase

_CREATES = anycase(
    r"(^|\n|[.:] )\W*(step \d+\W+)?(\d+[.)]\s*)?((then|now|next)\b,? )?(create|write) ((a|the|an|"
    r"new|file|module|script|test) )*`(?P<path>[^`\n]+)`"
)


def created_and_added(blocks: tuple[Block, ...], roots: tuple[str, ...]) -> tuple[FileMention, ...]:
    """The files that a task says to create, by the very paths that its `git add` has.

    A name alone, such as `ship.py`, could else be of a file in any folder.
    """
    added = set(_added(blocks, roots))
    said = [
        (block.first, parse_path(found["path"], roots))
        for block in blocks
        if block.kind in ("text", "heading")
        for found in _CREATES.finditer(block.text)
    ]
    return tuple(
        FileMention(parsed[0], "create", line)
        for line, parsed in said
        if parsed and parsed[0] in added
    )


def _added(blocks: tuple[Block, ...], roots: tuple[str, ...]) -> Iterator[Target]:
    for block in blocks:
        if block.kind == "fence" and is_shell(block.info):
            for act in acts(block.text, roots):
                yield from act.added.files if act.added is not None else ()
