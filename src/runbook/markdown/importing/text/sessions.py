"""Shell blocks that hang together: one uses variables, or is in the folder, of another one.

Each command of a phase file is a process of its own. Taken apart, such blocks would run with empty
variables, or with those of the user's own environment: `rm -rf "$TMPDIR"`.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from runbook.core.shell.cutting import binds, split, without_prompts
from runbook.core.shell.script import parse
from runbook.core.shell.variables import assigned, kept, used
from runbook.markdown.importing.commands.runlines import says_run
from runbook.markdown.importing.text.pieces import Piece, is_shell
from runbook.markdown.importing.text.reader import Block, Document
from runbook.markdown.importing.words.vocabulary import anycase

WHY = "it goes on in the shell of another block"

_SAME = anycase(
    r"\bsame (\w+ )?(shell|terminal|(shell|terminal|bash) session|(temp\w*|tmp|scratch|throwaway|"
    r"test) (dir\w*|folder|workspace|repo\w*|project))\b"
)


class Sessions:
    """Which shell blocks of a plan are one session that a person goes through."""

    def __init__(self, document: Document, tasks: tuple[int, ...]) -> None:
        """Look through `document`, whose tasks begin at the lines `tasks`."""
        self._tasks = tasks
        self._blocks = [each for each in document.blocks if each.kind in ("fence", "text")]
        self._left: set[int] = set()
        self._given: dict[str, int] = {}  # the index of the block that gave it a value last
        for index, block in enumerate(self._blocks):
            if block.kind == "fence" and is_shell(block.info):
                self._fence(index, block)
            elif block.kind == "text":
                for line in block.text.split("\n") if self._given else ():
                    if says_run(line):
                        self._uses(index, used(" ".join(re.findall(r"`([^`]+)`", line))))

    def holds(self, piece: Piece) -> bool:
        """Whether a command belongs to such a session."""
        return any(line in self._left for line in range(piece.first, piece.last + 1))

    def _fence(self, index: int, block: Block) -> None:
        script = without_prompts(block.text).strip("\n")
        if self._given:  # as hardly any plan has
            self._uses(index, used(script) - assigned(script))
        before = self._blocks[index - 1] if index else None
        if (
            before is not None
            and before.kind == "text"
            and _SAME.search(before.text.rpartition("\n")[2])
        ):
            self._mark(index)
            self._mark_binding(index)
        for name in kept(script):
            self._given[name] = index

    def _uses(self, index: int, names: set[str]) -> None:
        for name in names & self._given.keys():
            giver = self._given[name]
            self._mark(index)
            self._mark(giver)
            if self._task(giver) == self._task(index) and _goes_away(self._blocks[giver]):
                for between in range(giver, index):
                    self._mark(between)

    def _mark_binding(self, index: int) -> None:
        """Leave the block before as well, where it changes its shell for what follows."""
        for at in range(index - 1, -1, -1):
            block = self._blocks[at]
            if block.kind == "fence" and is_shell(block.info):
                same = self._task(at) == self._task(index)
                if same and any(binds(each.text) for each in split(block.text)):
                    self._mark(at)
                return

    def _mark(self, index: int) -> None:
        block = self._blocks[index]
        if block.kind == "fence":
            self._left.add(block.first)
            return
        lines = block.text.split("\n")
        self._left |= {block.first + at for at, line in enumerate(lines) if says_run(line)}

    def _task(self, index: int) -> int:
        return bisect_right(self._tasks, self._blocks[index].first)


def _goes_away(block: Block) -> bool:
    """Whether a block goes to a folder outside the repository, or to one that a variable names."""
    return any(
        command.name in ("cd", "pushd") and re.match(r"[$/~]", "".join(command.arguments[:1]))
        for command in parse(block.text).commands
        if not command.shell and command.before in ("", "\n")
    )
