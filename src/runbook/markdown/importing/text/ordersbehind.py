"""Orders that stand behind a command, or behind what is expected of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.value import replace
from runbook.markdown.importing.commands.runlines import RunLine, run_line
from runbook.markdown.importing.text.pieces import Piece
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.vocabulary import MAKING, anycase

_LEADS = (
    r"(and )?(then|next|now|finally|lastly|afterwards|after (that|this)|once (it|they|all|tests?|"
    r"everything) (is|are|pass|passes)( green)?)\b[,:]? (also )?"
)
# What a later step does is only announced there.
_DOES = rf"(?!(implement|fix)\b)({MAKING}|commit\b)"
_WHAT = r"(?= (the|this|these|that|all|both|everything|any|each|every|old|with message)\b| `)"
_BEGINS = r"((?<=[.!。]) |\n\s*)(?=\S)"
_ORDER = anycase(rf"{_BEGINS}(?={_LEADS}{_DOES}|{_DOES}{_WHAT})")
# "All green. Commit.", where no other commit is told that it could announce.
_COMMIT = anycase(
    rf"({_BEGINS}|(?<=。)\s*)(?=(commit|{spoken('commit')})\W*\Z)|,? (?=(and then|and|then) "
    r"commit\W*\Z)"
)
# "PASS. Then commit with `git commit -m "fix: mend it"`."
_COMMIT_AS = anycase(
    rf"(?<=[.!,;。，\uff1b])\s*((and|then|now|finally)\b,? ){{0,2}}(commit\b( (it|this|that|the|"
    rf"all|changes?|with|by|as|using)\b)*|{spoken('commit')})\s*[:：]?\s*(?P<code>`git (add "
    r"[^`]*&& git )?commit [^`]*`)\W*\Z"
)

# "PASS. Then `make all` → PASS.", where what is expected ends with another command.
_RUN = anycase(
    r"(?<=[.!,;。，\uff1b])\s*(and )?then,? (also )?((re-?)?run |execute )?"
    r"(?P<said>`[^`\n]+`(?!\s*\w)[^`\n]*)\Z"
)
_QUOTED = re.compile(r"(`|\")[^`\"\n]*\1")


def orders_apart(found: list[Piece], *, commits: bool) -> list[Piece]:
    """The pieces of a step, with such orders in pieces of their own, which are no expectation.

    Where the task `commits` by a step, a bare order to do so is of that.
    """
    made: list[Piece] = []
    for piece in found:
        # What is expected of a command stands before the order behind that.
        kinds = [each.kind for each in made[-2:]]
        at = len(made) - (piece.kind == "expected" and kinds == ["command", "order"])
        made[at:at] = _order_apart(piece, commits)
    return made


def _order_apart(piece: Piece, commits: bool) -> list[Piece]:
    if piece.kind not in ("command", "expected"):
        return [piece]
    text = piece.after if piece.kind == "command" else piece.text
    commit = _COMMIT_AS.search(text)
    if commit is not None and text[: commit.start()].strip():
        made = Piece("message", commit["code"], piece.last, piece.last)
        return [_with(piece, text[: commit.start()]), made]
    run = _RUN.search(text)
    line = run_line(f"Run: {run['said']}") if run is not None else None
    if run is not None and line is not None and text[: run.start()].strip(" .,"):
        return [_with(piece, text[: run.start()].rstrip(" ,;")), *_commands(line, piece.last)]
    quoted = _QUOTED.sub(lambda found: found[1].ljust(len(found[0]) - 1, "x") + found[1], text)
    order = _ORDER.search(quoted) or (None if commits else _COMMIT.search(quoted))
    if order is None or not text[: order.start()].strip():
        return [piece]
    words = text[order.end() :].rstrip()
    return [_with(piece, text[: order.start()]), Piece("order", words, piece.last, piece.last)]


def _commands(line: RunLine, at: int) -> Iterator[Piece]:
    for each in line.commands:
        yield Piece("command", each.command, at, at, "bash", after=each.after)
        if each.expected is not None:
            yield Piece("expected", each.expected, at, at)


def _with(piece: Piece, told: str) -> Piece:
    """The piece with what is left of its words."""
    command = piece.kind == "command"
    return replace(piece, after=told.strip("。\uff1b，")) if command else replace(piece, text=told)
