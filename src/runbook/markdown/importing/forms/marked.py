"""Blocks that carry their own words: old and new text under comments such as `# BEFORE:`."""

from __future__ import annotations

import re

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model.operations import Remove, Replace
from runbook.core.value import value
from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized
from runbook.markdown.importing.forms.pairs import text_of
from runbook.markdown.importing.places.files import holding, named
from runbook.markdown.importing.places.lines import without_blank_ends
from runbook.markdown.importing.text.pieces import Piece
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.saying import named_lines, read
from runbook.markdown.importing.words.vocabulary import anycase, without_code
from runbook.markdown.importing.words.wording import wish

_COMMENT = re.compile(r"(?:#+|//+|--|;|%|/\*+|<!--)\s*(?P<words>\S.*?)\s*(?:\*/|-->)?\s*")
_OLD = anycase(
    r"(before|old|current|original)( (code|version|text|line|lines))?"
    r"|(change )?from"
    r"|(in (?P<path>[\w./-]+\.\w+),?\s*)?(change|replace|find)( (this|from))?"
)
_NEW = anycase(
    r"(after|new|updated)( (code|version|text|line|lines))?"
    r"|(change |replace )?(to|with)"
)
_SIDE = re.compile(r"(BEFORE|AFTER)(?: [a-z]+){0,3}")  # of what: "BEFORE empty row"
_TO_REMOVE = anycase(r"(REMOVE|DELETE)\b(?!.*\b(all|every|each|if)\b).*")
_HEADING = re.compile(r"\*\*(?:File(?:\s+\d+)?\s*[:：]\s*)?(`[^`\n]+`)\s*[:：]?\*\*[:：]?")
# A block that shows how many places are to be changed is no text of one of them.
_MANY = anycase(
    r"\b(each|every|all|any|both|same|others?|elsewhere|similar\w*|throughout|tests|functions|"
    r"methods|files|classes|places|calls)\b"
)


@value
class _Marker:
    """A comment for the reader: what the lines under it are."""

    word: str  # "old", "new", or nothing for what is to go
    path: str | None = None
    lines: LineRange | None = None


def _marker(line: str) -> _Marker | None:
    comment = _COMMENT.fullmatch(line)
    if comment is None:
        return None
    words = re.sub(r"\s*\([^()]*\)\s*(?=[:：]?$)", "", comment["words"]).strip("*= -")
    bare = words.rstrip(":：").strip()
    # Without a colon it is a heading only if it is nothing but the one word.
    said = words.endswith((":", "："))
    old, new = _OLD.fullmatch(bare), _NEW.fullmatch(bare)
    if side := _SIDE.fullmatch(bare):
        old_one = side[1] == "BEFORE"
        return _Marker("old", None, named_lines(comment["words"])) if old_one else _Marker("new")
    if old and (said or bare.lower() in ("before", "old")):
        return _Marker("old", old["path"], named_lines(comment["words"]))
    if new and (said or bare.lower() in ("after", "new")):
        return _Marker("new", None, None)
    if said and _TO_REMOVE.fullmatch(bare):
        return _Marker("", None, None)
    return None


def _replaced(old: list[str], new: list[str], lines: LineRange | None) -> Replace | None:
    texts = ["\n".join(without_blank_ends(each)) for each in (old, new)]
    if not all(texts) or texts[0] == texts[1] or any(map(elided, texts)):
        return None
    if all(_COMMENT.fullmatch(line.strip()) for line in texts[1].split("\n") if line.strip()):
        # "(removed)" is no text.
        return None
    return Replace(text_of(texts[0]), text_of(texts[1]), lines=lines)


def _headed(pieces: list[Piece], index: int) -> str:
    """The bold line with a file's path that the block stands under, or nothing."""
    for at in range(index - 1, -1, -1):
        if pieces[at].kind != "prose":
            continue
        for line in reversed(pieces[at].text.split("\n")):
            found = _HEADING.fullmatch(line.strip())
            if found:
                return found[1]
    return ""


def _marked(block: Block) -> Recognized | None:
    """The edit of a block whose comments say what its lines are, or of two such blocks."""
    lines = block.code.rstrip("\n").split("\n")
    first = _marker(lines[0])
    if first is None or block.said.everywhere:
        return None
    if not first.word:
        return _removal(block, "\n".join(lines[1:]))
    if first.word != "old" or _MANY.search(without_code(block.lead)):
        return None
    rest = [(at, found) for at, line in enumerate(lines[1:], 1) if (found := _marker(line))]
    last = block.index
    if not rest:
        # The new text is a block of its own.
        last += 2
        between = read(block.between)
        if block.second is None or between.hedged or between.more:
            return None
        new_lines = block.second.text.rstrip("\n").split("\n")
        second = _marker(new_lines[0])
        old, new = lines[1:], new_lines[1:]
        if any(map(_marker, new)):
            return None
    else:
        (at, second), *more = rest
        old, new = lines[1:at], lines[at + 1 :]
        if more:
            return None
    if second is None or second.word != "new":
        return None
    change = _replaced(old, new, first.lines or block.said.lines)
    if change is None:
        return None
    path = _file(block, change.search, first.path or second.path)
    return None if path is None else Recognized(path, change, block.index, last)


def _removal(block: Block, code: str) -> Recognized | None:
    """What stands under "# REMOVE these lines:", where the words say so as well."""
    code = "\n".join(without_blank_ends(code.split("\n")))
    if wish(block.lead) != "remove" or not code or elided(code):
        return None
    if any(map(_marker, code.split("\n"))):
        return None
    change = Remove(text_of(code), lines=block.said.lines)
    path = _file(block, change.search, None)
    return None if path is None else block.changed(path, change)


def _file(block: Block, old: Text, said: str | None) -> str | None:
    """The file of a block: that of its comment, of the words, of a heading, or the one that has it.

    The last is said by the files themselves: of those that the task changes, one has the text.
    """
    scope, lead = block.scope, block.lead
    if said is not None:
        paths = named(f"`{said}`", scope)
        return paths[0] if len(paths) == 1 else None
    heading = _headed(block.pieces, block.index)
    if heading:
        paths = named(heading, scope)
        others = named(lead, scope)
        return paths[0] if len(paths) == 1 and others in ([], paths) else None
    return block.file(code=old.value) or holding(old, lead, scope)


MARKED = Form(
    "old and new text under comments",
    _marked,
    (
        Example(
            "Change the call:", "# BEFORE:\nrow()\n# AFTER:\npull()\n", "sail()\nrow()\n",
            "sail()\npull()\n",
        ),
        Example(
            "Update the harbour:", "# BEFORE second call\nrow()\n\n# AFTER\npull()\n",
            "sail()\nrow()\n", "sail()\npull()\n",
        ),
    ),
    ("Change the calls everywhere:", "Change it, for example:"),
    tried=False,
    allows=("elided",),
    seeks=False,
)  # fmt: skip
