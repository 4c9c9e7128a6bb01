"""Files of a task without a Files block: its words and its own commands name the same ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

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
# The name alone of what its title puts a text into: "Append Phase 3 to SKILL.md".
_GROWS = anycase(
    r"\W*(step \d+\W+)?(append|add)\b[^\n]* to (the )?`?(?P<name>[\w-]+\.[a-z]\w{0,5})`?\W*"
)
_PATH = re.compile(r"(?<![\w./~$}-])(?:[\w.@-]+/)+[\w.-]+(?![\w/*-])")


def of_words_and_commands(
    blocks: tuple[Block, ...], roots: tuple[str, ...]
) -> tuple[FileMention, ...]:
    """The files that a task creates by its words, or puts something into, and has in commands."""
    return (*_created_and_added(blocks, roots), *_grown_and_shown(blocks, roots))


def _grown_and_shown(blocks: tuple[Block, ...], roots: tuple[str, ...]) -> Iterator[FileMention]:
    """The files that titles put something into, by the only such path in the task's commands."""
    shown = (each.text for each in blocks if each.kind == "fence" and is_shell(each.info))
    read = (parse_path(each, roots) for each in chain.from_iterable(map(_PATH.findall, shown)))
    paths = {each[0] for each in read if each is not None}
    for block in blocks:
        said = _GROWS.fullmatch(block.text.replace("**", "")) if block.kind == "text" else None
        found = [each for each in paths if said and each.endswith(f"/{said['name']}")]
        if len(found) == 1:
            yield FileMention(found[0], "modify", block.first)


def _created_and_added(
    blocks: tuple[Block, ...], roots: tuple[str, ...]
) -> tuple[FileMention, ...]:
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
