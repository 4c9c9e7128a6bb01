"""Recognises edits in a step's prose and code: only forms that say exactly what is to be done.

A block of code in a plan may be a whole file, what is to stand somewhere, an example or an output.
Where the words don't say which, nothing is recognised, and the step is left to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runbook.core.model.imported import NOT_PLACED
from runbook.core.value import replace
from runbook.markdown.importing.forms.form import Block, Form, Recognized, made_by
from runbook.markdown.importing.forms.table import COMMON, FORMS
from runbook.markdown.importing.places.files import (
    Scope,
    gone_on_to,
    is_mistaken,
    names_a_file,
    open_to,
    path_comment,
    target,
    with_file,
    with_its_tests,
)
from runbook.markdown.importing.places.landing import THERE, stands_there
from runbook.markdown.importing.text.illustrations import is_counted_example
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import cut_off, elided
from runbook.markdown.importing.words.vocabulary import ADDING, BEGIN, anycase

_PLACES_IT = anycase(
    r"\W*(place|put|insert) (it|this|that|them|these|the (new )?(block|line|row|code|entry|"
    r"section|function|method|test)) (\w+ )?(between|after|before|below|above|under|at|in|near|"
    r"next|inside)\b.*[^\s:：]\s*(\n|$)"
)


_AGAIN = anycase(
    r"\W*(place|put|insert) (it|this) between\s[^.`]*(?P<code>`[^`\n]+`)[^.`]*\band the "
    r"next\b([^.`]|`[^`\n]*`)*\.?"
)

_PUTS = anycase(
    rf"{BEGIN}(in ``\s*,?\s*)?((?P<adds>{ADDING})|update|set)\b"
    r"(?!.*\b(current(ly)?|existing|remove|delete|instead|as it (is|stands))\b)"
)


def recognize(
    pieces: list[Piece],
    scope: Scope,
    seen: set[str],
    holds: Callable[[Recognized], bool] = lambda _: True,
    applies: Callable[[Recognized], bool] = lambda _: False,
) -> Iterator[Recognized]:
    """The edits in a step's prose and code; `seen` are files that have a text by now.

    Of the forms, in the order of their table, the first counts whose answer `holds`. Where nobody
    names a file, it is the only one of the task's in which an edit `applies`.
    """
    index = 0
    path: str | None = None
    while index < len(pieces):
        piece = pieces[index]
        open_end = piece.kind != "code" or piece.doubtful or _torn(pieces, index)
        if open_end or is_counted_example(pieces, index):
            index += 1
            continue
        block = Block(pieces, index, _with_the_file_said(pieces, index, scope), path, seen)
        forms = COMMON if _placed_behind(pieces, index) else (*COMMON, *FORMS)
        asked = (made_by(form, block) for form in forms)
        found = next((made for made in asked if made is not None and holds(made)), None)
        found = (
            found if found and applies(found) else _sought(block, forms, holds, applies) or found
        )
        if found is None:
            # Whatever is done with it, the file is no new one afterwards.
            of = block.file() or with_its_tests(piece, block.scope)
            if of is not None:
                seen.add(of)
                path = of
            index += 1
            continue
        path = found.path
        seen.add(path)
        yield found
        index = found.last + 1


def _sought(
    block: Block,
    forms: tuple[Form, ...],
    holds: Callable[[Recognized], bool],
    applies: Callable[[Recognized], bool],
) -> Recognized | None:
    """The edit of the only file of the task in which one applies, where nobody names a file."""
    scope = block.scope
    if path_comment(block.code) or names_a_file(scope.title, scope):
        return None
    found = []
    for path, _ in open_to(block.lead, scope):
        if is_mistaken(path, block.code):
            continue
        of = replace(scope, title=with_file(scope.title, path))
        there = Block(block.pieces, block.index, of, None, block.seen)
        asked = (made_by(form, there) for form in forms if form.seeks)
        first = next((made for made in asked if made is not None and holds(made)), None)
        found += [first] if first is not None and applies(first) else []
    return found[0] if len(found) == 1 else None


def _with_the_file_said(pieces: list[Piece], index: int, scope: Scope) -> Scope:
    """The step with the file that is gone on to before a block: "Now open `b.py`."."""
    begin = index
    while begin > 0 and pieces[begin - 1].kind == "prose":
        begin -= 1
    lead = lead_of(pieces, index, "")
    said = "\n".join(each.text for each in pieces[begin:index]).rstrip().removesuffix(lead)
    path = gone_on_to(said, scope)
    return scope if path is None else replace(scope, title=with_file(scope.title, path))


def _placed_behind(pieces: list[Piece], index: int) -> bool:
    """Whether words behind a block say where it goes, beside those before it."""
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    said = after is not None and after.kind == "prose" and _PLACES_IT.match(after.text) is not None
    return said and not placed_again(pieces, index)


def placed_again(pieces: list[Piece], index: int) -> bool:
    """Whether one sentence behind a block says once more what is said before it.

    "Place it between the `a` row and the next one" is "after the `a` row".
    """
    after = pieces[index + 1] if index + 1 < len(pieces) else None
    said = _AGAIN.fullmatch(after.text.strip()) if after and after.kind == "prose" else None
    return said is not None and said["code"] in lead_of(pieces, index, "")


def why_open(
    pieces: list[Piece], index: int, scope: Scope, at_first: Callable[[str], str | None]
) -> str:
    """Why no edit was recognised in a block, in words for a person.

    `at_first` gives a file as it was before the plan.
    """
    block = Block(pieces, index, scope, None, set())
    if block.piece.doubtful or _torn(pieces, index):
        return "where its block ends is a guess"
    if block.said.hedged or is_counted_example(pieces, index):
        return "its block is an example, or not meant exactly"
    if elided(block.code) or cut_off(block.code):
        return "its block leaves something out"
    path = target(block.lead, block.code, block.piece.info, scope, None)
    if path is None:
        return "it is not said which one file its block belongs to"
    before = at_first(path)
    if scope.roles(path) == {"create"} and before is not None:
        return f"{path}: {THERE}the file, with other text"
    puts = _PUTS.match(block.said.bare) if before is not None else None
    said = [each.text for each in pieces if each.kind != "code"]
    if puts is None or len(pieces) - len(said) > 1 or len(said) > 1 or "\n" in "".join(said):
        return NOT_PLACED  # there is more to do than the line before the block says
    there = stands_there(path, before or "", block.code, added=puts["adds"] is not None)
    return f"{path}: {there}" if there else NOT_PLACED


def _torn(pieces: list[Piece], index: int) -> bool:
    """Whether a block seems to end at a fence that was meant to be inside it."""
    piece = pieces[index]
    if piece.info.split(" ")[0].lower() not in ("", "markdown", "md", "mdx", "text"):
        return False
    following = pieces[index + 1 : index + 3]
    if following and following[0].kind == "code":
        return not following[0].info
    if len(following) == 2 and following[1].kind == "code" and not following[1].info:
        return not following[0].text.rstrip().rstrip("*").endswith((":", "："))
    return False
