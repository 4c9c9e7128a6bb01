"""Where an insertion lands: inside of a definition that it has nothing to do with, or twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from textwrap import dedent

from runbook.core.matching.normalized import NormalizedText
from runbook.core.model.operations import Append, Insert, Operation, Prepend
from runbook.markdown.importing.places import treesymbols
from runbook.markdown.importing.places.definitions import Source, is_definition, parsed, source
from runbook.markdown.importing.places.lines import plain_lines, telling
from runbook.markdown.importing.places.parsers import PYTHON
from runbook.markdown.importing.words.vocabulary import spelled

THERE = "already there: "
_IMPORT = spelled(
    r"(import\b|from [\w.]+ import \w[\w, ]*$|(pub )?use\s|#include\b|@import\b|(const|let|"
    r"var)\s.*=\s*require\(|export (\*|\{).*\sfrom\b)"
)


def inside_of(path: str, text: str, made: str) -> str:
    """The definition that an insertion has torn apart, by its name; nothing if it hasn't."""
    places, added = inserted(text, made)
    first = next((line for line in added if line.strip()), "")
    margin = len(first) - len(first.lstrip())
    if not places or not _defines(path, "\n".join(added)):
        return ""
    spans = list(_spans(path, text))
    torn = [
        [name for name, begin, end, indent in spans if begin < at <= end and margin <= indent]
        for at in places
    ]
    return torn[0][-1] if all(torn) else ""


def inserted(text: str, made: str) -> tuple[range, list[str]]:
    """The lines that were inserted, and before which line of the text (from 0) they may stand."""
    before, after = plain_lines(text), plain_lines(made)
    head = _common(before, after)
    tail = _common(before[::-1], after[::-1])
    # What is inserted may begin as what stands below it: either place is the same.
    places = range(max(0, len(before) - tail), min(head, len(before)) + 1)
    return places, after[places.start : places.start + len(after) - len(before)]


def _defines(path: str, code: str) -> bool:
    """Whether code has a definition at its margin: a comment may stand anywhere."""
    if treesymbols.knows(path):
        return bool(treesymbols.names(dedent(code), path))
    tree = parsed(dedent(code)) if path.endswith(PYTHON) else None
    return tree is not None and any(map(is_definition, tree.body))


def already_there(
    path: str, text: str, change: Operation, at_first: Callable[[], str | None]
) -> str:
    """What a file has already of what an insertion would put in once more, as a reason.

    `at_first` gives the file as it was before the plan.
    """
    if not isinstance(change, Insert | Append | Prepend):
        return ""
    code = change.text.value
    name = _defined_already(path, text, change, code)
    if name:
        return f"{THERE}`{name}` is defined in the file"
    lines = {line.strip() for line in plain_lines(text)}
    added = [line.strip() for line in code.split("\n") if line.strip()]
    if added and all(_IMPORT.match(line) and line in lines for line in added):
        return f"{THERE}what it imports is imported"
    first = at_first() if len(telling(code)) > 1 else None
    if first is not None and NormalizedText(first).occurrences(change.text, "indent"):
        return f"{THERE}the file has the block"
    return ""


def _defined_already(path: str, text: str, change: Insert | Append | Prepend, code: str) -> str:
    if treesymbols.knows(path):
        return min(treesymbols.names(code, path) & treesymbols.names(text, path), default="")
    there, tree = (source(text), parsed(dedent(code))) if path.endswith(PYTHON) else (None, None)
    if there is None or tree is None:
        return ""
    first = next((line for line in code.split("\n") if line.strip()), "")
    owner = "" if first[:1] not in " \t" else _class_around(there, text, change)
    if owner is None:
        return ""
    # A setter, or one of several forms, is called like what is there.
    plain = [each for each in tree.body if not getattr(each, "decorator_list", [])]
    defined = [str(getattr(each, "name", "")) for each in plain if is_definition(each)]
    found = (name for name in defined if any(not it.loose for it in there.named(name, owner)))
    return next(found, "")


def _class_around(there: Source, text: str, change: Insert | Append | Prepend) -> str | None:
    """The class that an insertion goes into by its anchor, if that stands in one place."""
    if not isinstance(change, Insert):
        return None
    normal = NormalizedText(text)
    spans = normal.occurrences(change.anchor) or normal.occurrences(change.anchor, "indent")
    if len(spans) != 1:
        return None
    line = normal.text.count("\n", 0, spans[0].start)
    around = [each for each in there.definitions if each.first < line <= each.last]
    inner = [each for each in around if each.kind == "class"]
    if not inner:
        return None
    last = inner[-1]
    return f"{last.owner}.{last.name}" if last.owner else last.name


def _spans(path: str, text: str) -> Iterator[tuple[str, int, int, int]]:
    """What a text defines: its name, its first and last line (from 0), and its indentation."""
    if path.endswith(PYTHON):
        there = source(text)
        for each in there.definitions if there is not None else ():
            if each.last > each.first:
                yield each.name, each.first, each.last, len(each.indent)
    elif treesymbols.knows(path):
        yield from ((name, first, last, 0) for name, first, last in treesymbols.spans(text, path))


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
