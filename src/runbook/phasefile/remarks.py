"""Comments in phase files that tell `check` what to pass over."""

from __future__ import annotations

from collections.abc import Iterator

from runbook.core.patterns import regex
from runbook.core.value import value
from runbook.format.yamltree import MappingNode, Node, ScalarNode, SequenceNode, Source, compose

_REMARK = regex(r"(?:^|(?<=\s))# *runbook: *ignore\b(?P<rest>.*)")
_CODE = regex(r"[\s,]*(RB\d+)\b")


@value
class Remark:
    """One `# runbook: ignore CODE… REASON`: its place (from 1), and the lines it speaks of."""

    line: int
    column: int
    codes: tuple[str, ...]
    reason: str
    lines: tuple[int, ...]


def remarks(text: str) -> tuple[Remark, ...]:
    """The remarks of a phase file that can be read, in order."""
    if "runbook:" not in text:
        return ()
    text = text.removeprefix("\ufeff")
    lines = text.split("\n")
    found = [
        (number, match) for number, line in enumerate(lines) if (match := _REMARK.search(line))
    ]
    if not found:
        return ()
    inside = _scalar_spans(text)
    kept = []
    offset = [0]
    for line in lines:
        offset.append(offset[-1] + len(line) + 1)
    for number, match in found:
        place = offset[number] + match.start()
        if any(start <= place < end for start, end in inside):
            continue
        rest, codes = match["rest"], []
        while code := _CODE.match(rest):
            codes.append(code[1])
            rest = rest[code.end() :]
        own_line = not lines[number][: match.start()].strip()
        lines_meant = (_below(lines, number) + 1,) if own_line else (number + 1,)
        reason = rest.strip(" \t\r,:-")
        kept.append(Remark(number + 1, match.start() + 1, tuple(codes), reason, lines_meant))
    return tuple(kept)


def _below(lines: list[str], number: int) -> int:
    """The line that a comment stands above, past other comments."""
    below = number + 1
    while below < len(lines) and lines[below].lstrip().startswith("#"):
        below += 1
    return below


def _scalar_spans(text: str) -> list[tuple[int, int]]:
    """Where texts stand that are no comments, whatever they look like."""
    root = compose(Source("", text))
    return [] if root is None else list(scalar_spans(root, text))


def scalar_spans(node: Node, text: str) -> Iterator[tuple[int, int]]:
    """Where below a node the texts stand that may look like comments: from and to an offset."""
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, MappingNode):
            stack += [part for pair in each.value for part in pair]
        elif isinstance(each, SequenceNode):
            stack += each.value
        elif isinstance(each, ScalarNode) and each.style:
            begin = each.start_mark.index
            if each.style in ("|", ">"):
                # After its sign a comment may stand.
                begin = text.find("\n", begin)
            yield begin, each.end_mark.index
