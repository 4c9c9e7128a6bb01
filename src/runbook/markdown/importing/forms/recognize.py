"""Recognises edits in a step's prose and code: only forms that say exactly what is to be done.

A block of code in a plan may be a whole file, what is to stand somewhere, an example or an output.
Where the words don't say which, nothing is recognised, and the step is left to a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from runbook.core.matching.texts import LineRange, Occurrences, Text
from runbook.core.model.imported import NOT_PLACED
from runbook.core.model.operations import (
    Append,
    Create,
    Insert,
    Operation,
    Prepend,
    Remove,
    Replace,
    ReplaceRange,
    RewriteFile,
)
from runbook.markdown.importing.forms.anchors import inline
from runbook.markdown.importing.forms.recognized import Recognized, Rule
from runbook.markdown.importing.forms.symbolrules import whole_function
from runbook.markdown.importing.places.files import (
    Scope,
    gone_on_to,
    named,
    target,
    with_file,
    with_its_tests,
)
from runbook.markdown.importing.places.lines import shows_again
from runbook.markdown.importing.text.examples import is_counted_example, only_drawn
from runbook.markdown.importing.text.pieces import Piece, is_shell, lead_of
from runbook.markdown.importing.words.elision import cut_off, elided
from runbook.markdown.importing.words.filekinds import is_document, is_script, is_test, maybe_there
from runbook.markdown.importing.words.prose import instructs
from runbook.markdown.importing.words.sides import between_blocks
from runbook.markdown.importing.words.wording import (
    creates,
    everywhere,
    inexact,
    leads_to_new,
    object_of,
    says_whole,
    wish,
    without_remarks,
)

_LINES = re.compile(r"\b(?:lines?|L)\s*~?(\d+)(?:\s*(?:[-–]|to|through)\s*(\d+))?", re.IGNORECASE)
_ANNOTATED = re.compile(r"^\s*(?:#|//|--|<!--)\s*(?:REMOVE|DELETE|OLD|BEFORE|CURRENT)\b")
_ABOUT_A_DIFF = re.compile(
    r"(?i:\b(?:remove|delete|insert|add|append|drop|move)\b.*\b(?:hunk|diff|patch)\b)"
    r"|`[A-Z][A-Z_]{2,}`"
)
_IMPORTS = re.compile(
    r"^\s*(?:import\b|from\b.*\bimport\b|use\s|#include|const .*require\()", re.MULTILINE
)
_MOST_PIECES = 100  # of a step that says what each of its blocks is
_LABELS = {"implementation", "testing", "tests", "verification", "documentation"}
_BARE = re.compile(r"\W*(?:then\s+)?(?:append|prepend)\W*(?:\([^)]*\)\W*)?", re.IGNORECASE)
_ENCLOSED = re.compile(r"\.(?:jsonc?|json5|xml|html?|vue|svelte|svg|plist|java|cs|ipynb)$")
_PLACES_IT = re.compile(
    r"\W*(?:place|put|insert)\s+(?:it|this|that|them|these|the\s+(?:new\s+)?(?:block|line|row|code|"
    r"entry|section|function|method|test))\s+(?:\w+\s+)?"
    r"(?:between|after|before|below|above|under|at|in|near|next|inside)\b.*[^\s:：]\s*(?:\n|$)",
    re.IGNORECASE,
)
_MODE = re.compile(r"\(mode (?P<mode>0?[0-7]{3})\b")


def recognize(
    pieces: list[Piece],
    scope: Scope,
    seen: set[str],
    rules: tuple[Rule, ...] = (),
    holds: Callable[[Recognized], bool] = lambda _: True,
) -> Iterator[Recognized]:
    """The edits in a step's prose and code; `seen` are files that have a text by now.

    `rules` are asked about blocks of which nothing is said in the common forms; the first of which
    the answer `holds` counts.
    """
    index = 0
    path: str | None = None
    whole = scope
    while index < len(pieces):
        piece = pieces[index]
        if piece.kind != "code" or piece.doubtful or _torn(pieces, index):
            index += 1
            continue
        if is_counted_example(pieces, index):
            index += 1
            continue
        scope = _with_the_file_said(pieces, index, whole)
        found = _range(pieces, index, scope, path) or _pair(pieces, index, scope, path)
        if found is None:
            found = _single(pieces, index, scope, path, seen)
        if found is None and not _placed_behind(pieces, index):
            asked = (rule(pieces, index, scope, path) for rule in rules)
            found = next((made for made in asked if made is not None and holds(made)), None)
        if found is None:
            lead = lead_of(pieces, index, scope.title)
            # Whatever is done with it, the file is no new one afterwards.
            of = target(lead, piece.text, piece.info, scope, path) or with_its_tests(piece, scope)
            if of is not None:
                seen.add(of)
                path = of
            index += 1
            continue
        path = found.path
        seen.add(path)
        yield found
        index = found.last + 1


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
    return after is not None and after.kind == "prose" and _PLACES_IT.match(after.text) is not None


def why_open(pieces: list[Piece], index: int, scope: Scope) -> str:
    """Why no edit was recognised in a block, in words for a person."""
    piece = pieces[index]
    lead = lead_of(pieces, index, scope.title)
    if piece.doubtful or _torn(pieces, index):
        return "where its block ends is a guess"
    if inexact(lead, is_title=index == 0) or is_counted_example(pieces, index):
        return "its block is an example, or not meant exactly"
    if elided(piece.text) or cut_off(piece.text):
        return "its block leaves something out"
    if target(lead, piece.text, piece.info, scope, None) is None:
        return "it is not said which one file its block belongs to"
    return NOT_PLACED


def _text(code: str) -> Text:
    return Text(code if code.endswith("\n") else code + "\n", True)


def _lines(words: str) -> LineRange | None:
    found = _LINES.findall(words)
    if len(found) != 1:
        return None
    first, last = int(found[0][0]), int(found[0][1] or found[0][0])
    return LineRange(first, last) if 0 < first <= last else None


def _follows(pieces: list[Piece], index: int) -> Piece | None:
    """The block after this one, if only a line stands between them."""
    if index + 2 < len(pieces) and pieces[index + 1].kind == "prose":
        words, block = pieces[index + 1], pieces[index + 2]
        if block.kind == "code" and not block.doubtful and "\n" not in words.text.strip():
            return block
    return None


def _usable(code: str) -> bool:
    return bool(code.strip()) and not elided(code)


def _stands(code: str) -> bool:
    """Whether a block can stand in the file as it is: nothing was written on it for the reader."""
    return _usable(code) and not any(_ANNOTATED.search(line) for line in code.split("\n"))


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


def _range(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """ "Replace everything from … through … with …", a block each."""
    lead = lead_of(pieces, index, scope.title)
    if not re.search(r"\b(?:everything|all)\s+from\b[^.]{0,20}[:：]?\W*$", lead, re.IGNORECASE):
        return None
    second, third = _follows(pieces, index), _follows(pieces, index + 2)
    if second is None or third is None:
        return None
    words = [lead_of(pieces, i, "") for i in (index + 2, index + 4)]
    if not re.match(
        r"\W*(?:through|up to and including)\b", words[0], re.IGNORECASE
    ) or not leads_to_new(words[1], "replace"):
        return None
    code = pieces[index].text
    path = target(lead, code, pieces[index].info, scope, before)
    if path is None or not (_usable(code) and _usable(second.text)) or elided(third.text):
        return None
    if not is_document(path) and any(map(cut_off, (code, second.text, third.text))):
        return None
    change = ReplaceRange(_text(code), _text(second.text), _text(third.text), _lines(lead))
    return Recognized(path, change, index, index + 4, anchored=True)


def _pair(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """Two blocks that belong together: old and new text, or an anchor and what is inserted."""
    second = _follows(pieces, index)
    if second is None:
        return None
    first = pieces[index]
    lead = lead_of(pieces, index, scope.title)
    words = lead_of(pieces, index + 2, "")
    if inexact(lead) or inexact(words) or not _stands(first.text) or elided(second.text):
        return None
    path = target(lead, first.text, first.info, scope, before)
    if path is None or not (of_its_kind(path, first) and second.text.strip()):
        return None
    if not is_document(path) and (cut_off(first.text) or cut_off(second.text)):
        return None
    others = named(words, scope)
    if others and others != [path]:
        return None
    side = between_blocks(lead, words)
    if side is not None and shows_again(first.text, second.text):
        # The anchor with what is added to it: inserted, it would stand there twice.
        change = Replace(_text(first.text), _text(second.text), lines=_lines(lead))
        return Recognized(path, change, index, index + 2)
    if side is not None:
        insert = Insert(side, _text(first.text), _text(second.text), lines=_lines(lead))
        return Recognized(path, insert, index, index + 2, anchored=True)
    if leads_to_new(words, lead) and first.text != second.text:
        count: Occurrences = "all" if everywhere(lead) else 1
        hint = None if count == "all" else _lines(lead)
        change = Replace(_text(first.text), _text(second.text), count, hint)
        return Recognized(path, change, index, index + 2)
    return None


def of_its_kind(path: str, piece: Piece) -> bool:
    """Whether a block can be a part of a file.

    A shell block is a file's text only where that is a script, or says so itself, and a drawing
    only in a document.
    """
    if only_drawn(path, piece):
        return False
    script = is_script(path) or piece.text.startswith("#!")
    return script or not is_shell(piece.info)


def _single(
    pieces: list[Piece], index: int, scope: Scope, before: str | None, seen: set[str]
) -> Recognized | None:
    """One block that is a whole file, or goes to a place that is named."""
    piece = pieces[index]
    lead = lead_of(pieces, index, scope.title)
    code = piece.text
    if piece.info.startswith("diff"):
        return _diff(pieces, index, scope, before)
    exactly = re.search(r"\bexact(?:ly)?\b", lead, re.IGNORECASE) is not None
    if inexact(lead, is_title=index == 0) or not code.strip() or elided(code, exactly=exactly):
        return None
    path = target(lead, code, piece.info, scope, before)
    if path is None or not of_its_kind(path, piece):
        return None
    plain, guard = without_remarks(lead)
    if wish(plain) == "append" and isinstance(change := _wished(plain, code, path, scope), Append):
        return Recognized(path, change, index, index, about=(guard,) if guard else ())
    change = _wished(lead, code, path, scope)
    if change is not None:
        if wish(lead) == "function":
            return whole_function(path, lead, piece, index)
        return Recognized(path, change, index, index)
    insert = inline(lead, code, _lines(lead))
    if insert is not None:
        # An anchor such as an import stands in many files: this one must be said.
        of = target(lead, code, piece.info, scope, None)
        loose = code[:1] not in " \t"
        return Recognized(of, insert, index, index, anchored=True, loose=loose) if of else None
    if _creates(pieces, index, scope, path, lead, seen):
        mode = _MODE.search(lead)
        create = Create(_text(code), int(mode["mode"], 8) if mode else None)
        return Recognized(path, create, index, index)
    return None


def _wished(lead: str, code: str, path: str, scope: Scope) -> Operation | None:
    """The operation that the words name, on the file as a whole or on the block's own text."""
    match wish(lead):
        case "function":
            # The old text is looked up in the file.
            return Replace(_text(code), _text(code), lines=_lines(lead))
        case "remove" if _stands(code):
            return Remove(_text(code), lines=_lines(lead))
        case "rewrite" if _of_the_file(lead, path, scope):
            return RewriteFile(_text(code))
        case "append" if _of_the_file(lead, path, scope) and code[:1] not in " \t":
            # Indented code goes into something, and not to the end of the file; and some files
            # end with what encloses all of them.
            if _ENCLOSED.search(path):
                return None
            return Append(_text(code))
        case "prepend" if _of_the_file(lead, path, scope) and not _IMPORTS.search(code):
            # Imports go below what must come first, wherever that ends.
            return Prepend(_text(code))
        case _:
            return None


def _of_the_file(lead: str, path: str, scope: Scope) -> bool:
    """Whether the words name the file, or nothing that could be a part of it."""
    codes = re.findall(r"`([^`\n]+)`", lead)
    if codes and (named(lead, scope) != [path] or len(codes) > 1):
        return False
    bare = re.fullmatch(
        r"\W*(?:then\s+)?(?:append|prepend)\W*(?:\([^)]*\)\W*)?", lead, re.IGNORECASE
    )
    return bool(codes or bare or re.search(r"\bfile\b|ファイル", lead, re.IGNORECASE))


def _creates(
    pieces: list[Piece], index: int, scope: Scope, path: str, lead: str, seen: set[str]
) -> bool:
    """Whether a block is the text of a new file."""
    code = pieces[index].text
    roles = {each.role for each in scope.mentions if each.path == path}
    if any(maybe_there(each.remark) for each in scope.mentions if each.path == path):
        return False
    if path in seen or "modify" in roles or code[:1] in " \t":
        return False
    if scope.exists is not None and scope.exists(path):
        return False
    labelled = scope.title.lower() in _LABELS
    if not creates(lead, is_title=index == 0) or (labelled and not named(lead, scope)):
        return False
    if "\n#!" in code[:200] and not code.startswith("#!"):
        # The path above the first line is for the reader.
        return False
    if not roles & {"create", "test"} and named(object_of(lead), scope) != [path]:
        return False
    if roles == {"test"} and scope.exists is None and not starts_a_file(code):
        # A test may be added to a file that is there.
        return False
    about_tests = re.search(r"\btests?\b|テスト", re.sub(r"`[^`]*`", "", lead), re.IGNORECASE)
    if about_tests and not is_test(path):
        return False
    after = "\n".join(each.text for each in pieces[index + 1 :] if each.kind == "prose")
    if not says_whole(lead) and instructs(after):
        # What is said after it belongs to the file as well.
        return False
    if len(pieces) > _MOST_PIECES:
        return False
    # A second block for the same file in the step: none of them is the whole.
    return not any(
        other.kind == "code" and i != index and of_its_kind(path, other)
        and target(lead_of(pieces, i, scope.title), other.text, other.info, scope, path) == path
        for i, other in enumerate(pieces)
    )  # fmt: skip


def starts_a_file(code: str) -> bool:
    """Whether a block's first line is one that files begin with."""
    first = next((line for line in code.split("\n") if line.strip()), "")
    return bool(
        re.match(
            r"(?:#!|import\b|from\b|\"\"\"|'''|use\b|package\b|//|/\*|<\?|<!DOCTYPE|---|"
            r"#include|const .*require|\"use |require\b|# )",
            first,
        )
    )


def _diff(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """A diff without hunk headers, or with one: its old lines by its new ones."""
    if _ABOUT_A_DIFF.search(lead_of(pieces, index, scope.title)):
        return None  # it is itself a part of the file
    lines = pieces[index].text.rstrip("\n").split("\n")
    name = next((line[6:] for line in lines if line.startswith("+++ b/")), None)
    lines = [line for line in lines if not line.startswith(("+++", "---", "diff ", "index "))]
    if lines and lines[0].startswith("@@"):
        lines = lines[1:]
    if not lines or any(
        line[:1] not in ("+", "-", " ", "") or line.startswith("@@") for line in lines
    ):
        return None
    old = "\n".join(line[1:] for line in lines if line[:1] != "+")
    new = "\n".join(line[1:] for line in lines if line[:1] != "-")
    path = name or target(lead_of(pieces, index, scope.title), "", "", scope, before)
    if path is None or not _usable(old) or elided(new) or old == new:
        return None
    if not is_document(path) and (cut_off(old) or cut_off(new)):
        return None
    return Recognized(path, Replace(_text(old), _text(new)), index, index)
