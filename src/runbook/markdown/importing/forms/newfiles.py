"""Blocks that are whole files where the common forms don't say so.

A new file whose text stands under a sentence that describes it, under `Implementation:`, or under
its own path in a comment; and a file that is replaced as such: "Replace `path` with:".
"""

from __future__ import annotations

import re

from runbook.core.model.operations import Create, RewriteFile
from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized, of_its_kind
from runbook.markdown.importing.forms.newtexts import as_file, may_be_new, starts_a_file
from runbook.markdown.importing.forms.pairs import text_of
from runbook.markdown.importing.forms.plainly import DEFINED
from runbook.markdown.importing.places.completeness import all_of_a_file
from runbook.markdown.importing.places.files import (
    Scope,
    bare_names,
    named,
    path_comment,
    target,
)
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.filekinds import fits, is_part_only, is_test
from runbook.markdown.importing.words.insertedtext import labelled_file
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.prose import instructs
from runbook.markdown.importing.words.vocabulary import BEGIN, anycase
from runbook.markdown.importing.words.wording import inexact, names_part, object_of

_MAKES = anycase(
    rf"{BEGIN}(create|write|implement|define|make|build|scaffold|stub|introduce)\b|作成|実装"
)
_CREATES_THEM = anycase(rf"{BEGIN}(create|scaffold)\b")
_OF_TESTS = {"testing", "tests"}
_LABELS = {"implementation", "documentation", "実装", *_OF_TESTS}
_FEW = 3  # lines of remarks
# What stands under it is told of the block, however long it is.
_POINTS = anycase(r"\W*(key (design )?(points|decisions|patterns)|how (it|this) works)\b")
_SHOWS = anycase(
    r"\b(usage|use|example|load|call|output|outputs?|results?|produces|prints|run|like)\b"
)
_CREATED = anycase(rf"{BEGIN}(create|write|implement|define)\b[^`]*(`[^`]*`[^`]*?)*?(\.\s|$)")
_CHANGES = anycase(
    r"\b(add|insert|append|prepend|replace|change|update|modify|extend|remove|edit)\b"
)
_IN_BRACKETS = re.compile(r"\W*\((?P<inside>[^()]*(?:\([^()]*\)[^()]*)*)\)")
_MORE = anycase(
    r"\b(also|then|update|register|remember|must|(only|just)( \w+){0,2} (changed|new|relevant)|"
    r"partial|excerpt|abbreviated|shortened)\b"
)
# It goes elsewhere, or is none.
_OTHERWISE = anycase(
    r"\b(should|placed?|put|separate|split|move[ds]?|usage|example|(it|this) like|like this|as "
    r"follows)\b"
)
# What tells, behind a block, that its text is not the one to be written.
_NOT_ALL = anycase(
    r"\b(illustrat\w*|pseudo\w*|sketch\w*|stubs?|rough\w*|final (version|tests?)|instead|in full|"
    r"(re)?(write|place) (it|this|the (test|file|above))|more (tests|cases)|"
    r"also (add|include|cover)|key (mechanics|methods|parts|pieces|points|bits))\b"
)
_IN_FULL = anycase(r"\b(contents?|file|text)\b[^.]*\b(in full|complete)\b|\bin full\W*$")
_ANEW = (
    "replace|overwrite|rewrite [the] [\\w+] (<file> | <bare-file>) [file] with"
    " [this | the following] [contents?|version|code|text]",
    "replace|overwrite|rewrite [the] [tests?|page|component|module|script] [file] <file>"
    " [entirely|completely|wholesale]",
    "[the|your | here|this is the] <updated> <file> [file | after [all] [these|the|this]"
    " (changes? | edits? | step)]",
)
_REPLACED = (
    "replace [the] [placeholder|stub|skeleton|scaffold] [<file>] [placeholder|stub|skeleton]"
    " with [the|a] real|full|actual|complete|final implementation"
)


def _made_new(block: Block) -> Recognized | None:
    """A new file under words that describe it, or alone under its own path."""
    pieces, index, scope, piece = block.pieces, block.index, block.scope, block.piece
    if piece.info.startswith("diff") or inexact(scope.title, is_title=True):
        return None
    path = _new_path(pieces, index, scope)
    if path is None or not of_its_kind(path, piece) or not may_be_new(path, block, scope.title):
        return None
    above = instructs(_above(pieces, index)) or _OTHERWISE.search(block.lead)
    whole = all_of_a_file(piece.text, path) and not above
    more = not whole and _told_more(block.lead, scope)
    labelled = whole and bool(labelled_file(block.lead))
    behind = _goes_on(
        pieces, index, block.lead, led=labelled, sure=whole and scope.exists is not None
    )
    if not _is_said(path, piece, scope) or more or behind:
        return None
    others = [i for i in range(len(pieces)) if i != index]
    if labelled:
        # What is ordered behind it is put to it, or elsewhere, and is an edit of its own.
        others = [i for i in others if i < index or not instructs(lead_of(pieces, i, ""))]
    if not all(_apart(pieces, i, path, scope) for i in others):
        return None
    return block.changed(path, Create(text_of(as_file(piece.text, path))))


def _apart(pieces: list[Piece], index: int, path: str, scope: Scope) -> bool:
    """Whether a block says itself that it is of another file than `path`."""
    piece = pieces[index]
    if piece.kind != "code":
        return True
    own = path_comment(piece.text)
    lead = lead_of(pieces, index, "")
    paths = named(f"`{own}`" if own else object_of(lead) or labelled_file(lead), scope)
    return bool(paths) and path not in paths


def _rewritten(block: Block) -> Recognized | None:
    """A file that is there, and is replaced as such."""
    scope, piece = block.scope, block.piece
    phrases = _ANEW if block.index else (*_ANEW, _REPLACED)
    asked = (told(each, block.said.words) for each in phrases)
    said = next((each for each in asked if each is not None), None)
    if said is None or not _begins(piece):
        return None
    paths = named(said.get("file", ""), scope) or bare_names(said.get("name", ""), scope)
    if "file" not in said and "name" not in said:
        paths = list(filter(None, [block.file()]))
    if len(paths) != 1 or not of_its_kind(paths[0], piece):
        return None
    (path,) = paths
    if is_part_only(path, piece.text):
        return None
    of_it = target("", piece.text, piece.info, scope, path) == path
    if not (scope.has(path) or scope.roles(path) & {"modify", "test"}) or not of_it:
        return None
    return block.changed(path, RewriteFile(text_of(as_file(piece.text, path))))


def _begins(piece: Piece) -> bool:
    """Whether a block begins as a file does, and not with a part of one."""
    code = piece.text
    lines = code.strip().count("\n") + 1
    config = code.startswith(("[", "{")) and piece.info in ("toml", "json", "ini")
    plain = piece.info in ("", "text") and lines >= 5 and code[:1].isalnum()
    return code[:1] not in " \t" and (starts_a_file(code) or config or plain)


def _new_path(pieces: list[Piece], index: int, scope: Scope) -> str | None:
    """The path that the block's own first line, its sentence or the step's title says."""
    piece = pieces[index]
    lead = lead_of(pieces, index, scope.title)
    own = path_comment(piece.text)
    if own is not None and named(f"`{own}`", scope):
        changes = _CHANGES.search(lead) or (lead == scope.title and _CHANGES.search(scope.title))
        return None if changes else named(f"`{own}`", scope)[0]
    if own is not None:
        return None
    for words in (lead, scope.title) if lead != scope.title else (lead,):
        if said := object_of(words):
            paths = named(said, scope)
            if not paths and words != lead and labelled_file(lead):
                break  # it is a thing that it names, and the words above the block the file
            return paths[0] if len(paths) == 1 else None
    if alone := labelled_file(lead):
        paths = named(alone, scope)
        sure = re.match(r"(?i)\W*in\b", lead) is None or starts_a_file(piece.text)
        return paths[0] if len(paths) == 1 and sure else None
    title = scope.title.lower()
    if title and (not (_MAKES.match(title) or title in _LABELS) or _CHANGES.search(title)):
        return None
    bracket = _IN_BRACKETS.match(lead)
    if bracket and (paths := named(bracket["inside"], scope)):
        return paths[0] if re.fullmatch(r"\s*`[^`]+`\s*", bracket["inside"]) else None
    if index > 1 and pieces[index - 2].kind == "code":
        # Which of several blocks is the file is said by none of them.
        return None
    return _only_new(lead, scope, piece)


def _only_new(lead: str, scope: Scope, piece: Piece) -> str | None:
    """The file of the title, or the only file that the task changes."""
    path = target(scope.title, piece.text, piece.info, scope, None)
    changed, title = scope.changed, scope.title.lower()
    if title in _LABELS or not title:
        of_tests = title in _OF_TESTS
        own = [each for each in changed if is_test(each) == of_tests and fits(each, piece.info)]
        alone = bool(title) and changed == own
        new = own if len(own) == 1 else _only_created(own, piece, scope)
        own = new or own
        sure = len(own) == 1 and (alone or all_of_a_file(piece.text, own[0]))
        path = own[0] if sure else None
    if lead != scope.title and [each for each in named(lead, scope) if each in changed] not in (
        [],
        [path],
    ):
        return None
    return path if starts_a_file(piece.text) else None


def _only_created(paths: list[str], piece: Piece, scope: Scope) -> list[str]:
    """The only new file of some, where none of the others defines what a block does."""
    new = [each for each in paths if scope.roles(each) == {"create"}]
    there = [scope.text(each) if scope.text else None for each in paths if each not in new]
    names = DEFINED.findall(piece.text)
    known = names and all(text is not None for text in there)
    again = any(re.search(rf"\b{name}\b", text or "") for name in names for text in there)
    return new if len(new) == 1 and known and not again else []


def _is_said(path: str, piece: Piece, scope: Scope) -> bool:
    """Whether the task makes a file, or the folder that it is in, or the block alone says so."""
    roles = scope.roles(path)
    folders = [each.path for each in scope.mentions if each.role == "create"]
    inside = not roles and any(path.startswith(f"{folder}/") for folder in folders)
    says_so = not roles and scope.exists is not None and path_comment(piece.text) == path
    if roles == {"test"}:
        return starts_a_file(piece.text)
    return bool(roles & {"create", "test"}) or inside or says_so or _is_untold(path, piece, scope)


def _is_untold(path: str, piece: Piece, scope: Scope) -> bool:
    """Whether a block is all of a file that is not there, and of which nothing else is said.

    Where the Files block does not name it, the step's title makes files, and it stands in a folder
    with others of the task.
    """
    if scope.exists is None or any(each.path == path and each.told for each in scope.mentions):
        return False
    if scope.roles(path):
        return all_of_a_file(piece.text, path)
    begin = path.partition("/")[0] + "/"
    beside = any(each.path.startswith(begin) for each in scope.mentions)
    whole = all_of_a_file(piece.text, path) or starts_a_file(piece.text)
    return beside and whole and _CREATES_THEM.match(scope.title) is not None


def _above(pieces: list[Piece], index: int) -> str:
    """What is said above a block, but for the line that leads to it."""
    said = "\n".join(each.text for each in pieces[:index] if each.kind == "prose")
    return said.rstrip().removesuffix(lead_of(pieces, index, "")) if index else ""


def _told_more(lead: str, scope: Scope) -> bool:
    """Whether the words before the block say more than what file it is."""
    words = "" if lead == scope.title else lead
    bare = re.sub(r"`[^`]*`|\bmodules?\b", "", words)
    bracket = _IN_BRACKETS.match(words)
    if bracket and _MORE.search(bracket["inside"]):
        return True
    words = words[bracket.end() :] if bracket else words
    if _SHOWS.search(bare) or names_part(re.sub(r"`[^`]*`|\bmodules?\b", "", words)):
        return True
    words = _CREATED.sub("", words, count=1) if _CREATED.match(words) else words
    return instructs(words) or _CHANGES.match(words.strip()) is not None


def _goes_on(pieces: list[Piece], index: int, lead: str, *, led: bool, sure: bool) -> bool:
    """Whether the words behind the block say more than what file it is.

    Where what leads to other blocks is of these, they are `led`. Of a block that is `sure` to be a
    whole file, what is ordered behind it is a person's, unless it says that it is none.
    """
    said = []
    for at, each in enumerate(pieces[index + 1 :], index + 2):
        leads = led and at < len(pieces) and pieces[at].kind == "code"
        own = each.text.rstrip().removesuffix(lead_of(pieces, at, "")) if leads else each.text
        said += [own] if each.kind == "prose" else []
    after = "\n".join(said)
    if sure and not (inexact(after) or _NOT_ALL.search(f"{lead}\n{after}")):
        return False
    # What is listed after it belongs to the file as well.
    more = instructs(after) or (after.count("\n") > _FEW and not _POINTS.match(after))
    return more and not _IN_FULL.search(lead)


MADE_NEW = Form(
    "a new file under words that describe it",
    _made_new,
    (
        Example("The new module `pull.py`:", "import sail\n", None, "import sail\n", "pull.py"),
    ),
    (
        "The helper is used like this:",
        "Change the helper (`pull.py`):",
        "`pull.py` has the oars, which should be placed in a separate file:",
    ),
    tried=False,
    allows=("more",),
    seeks=False,
)  # fmt: skip
REWRITTEN = Form(
    "a file that is replaced as such",
    _rewritten,
    (
        Example("Replace `ship.py` with:", "import row\n", "import sail\n", "import row\n"),
        Example("Replace `ship.py` entirely:", "import row\n", "import sail\n", "import row\n"),
        Example("Replace `ship.py`:", "import row\n", "import sail\n", "import row\n"),
        Example("Full updated `ship.py`:", "import row\n", "import sail\n", "import row\n"),
        Example(
            "Replace `app/(sea)/ship.ts` with:", "import 'row';\n", "import 'sail';\n",
            "import 'row';\n", "app/(sea)/ship.ts",
        ),
    ),
    (
        "Replace the body of `ship.py` with:",
        "Replace the import of `ship.py`:",
        "Update `ship.py`:",
    ),
    tried=False,
    allows=("more",),
    seeks=False,
)  # fmt: skip
