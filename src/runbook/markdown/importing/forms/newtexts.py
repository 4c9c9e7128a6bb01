"""Whether a block can be the text of a new file, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.markdown.importing.forms.form import Block
from runbook.markdown.importing.places.completeness import (
    all_of_a_file,
    is_sketched,
    lacks_a_name,
)
from runbook.markdown.importing.places.files import (
    Scope,
    bare_names,
    named,
    path_comment,
    target,
)
from runbook.markdown.importing.places.parsers import PYTHON
from runbook.markdown.importing.text.pieces import lead_of
from runbook.markdown.importing.words.filekinds import (
    called_like,
    is_part_only,
    is_test,
)
from runbook.markdown.importing.words.filelist import maybe_there
from runbook.markdown.importing.words.vocabulary import BEGIN, anycase, sentences, spelled

_CALLED_STRICTLY = (".php", ".java", ".cs")  # each file like the type in it
# "Update `b.ts` to call it.", "Register it in `b.ts`."
_ELSEWHERE = anycase(
    rf"{BEGIN}((in|update|modify|edit|extend|change|delete|remove|open) `[^`\n]+`"
    r"|(add|register|import|(re-)?export|wire|mount|include|call|use)\b[^.`]*(`[^`\n]*`[^.`]*)*?"
    r"\b(to|in|into|from) `[^`\n]+`\W*$)"
)
_PHP_TYPE = re.compile(
    r"^\s*(?:(?:abstract|final|readonly)\s+)*(?:class|interface|trait|enum)\s+\w", re.M
)
_IN_FULL = anycase(r"\b(full|complete|entire|whole|exact(ly)?)\b")
_RUST_TESTS = re.compile(r"^#\[cfg\(test\)\]$", re.MULTILINE)
_STUBS = anycase(r"\b(stub|skeleton|placeholder|scaffold)s?\b")
_STARTS = spelled(
    r"(#!|import\b|from\b|\"\"\"|'''|use\b|package\b|//|/\*|<\?|<!DOCTYPE|---|#include|const "
    r".*require|['\"]use |require\b|# )"
)


def may_be_new(path: str, block: Block, words: str) -> bool:
    """Whether nothing speaks against a block's being a new file: its roles, its code, the words."""
    scope, code = block.scope, as_file(block.code, path)
    mentions = [each for each in scope.mentions if each.path == path]
    there = path in block.seen or scope.has(path)
    # Of a file that is not there, "Files: `a.go`" says no more than that the task is about it.
    changed = any(each.role == "modify" and (each.told or not scope.exists) for each in mentions)
    if there or changed or any(maybe_there(each.remark) for each in mentions):
        return False
    if scope.left_out(path) or not _is_called_so(path, block):
        return False
    if (
        not code.strip()
        or is_part_only(path, code)
        or code[0] in " \t"
        or (path.endswith(".php") and code.lstrip()[:1] != "<")
        or ("\n#!" in code[:200] and code[:2] != "#!")
    ):
        return False
    if is_sketched(code, path) and not _STUBS.search(words):
        return False
    about_tests = re.search(r"\btests?\b|テスト", re.sub(r"`[^`]*`", "", words), re.IGNORECASE)
    if about_tests and not (is_test(path) or (path.endswith(".rs") and _RUST_TESTS.search(code))):
        return False
    if not path.endswith(PYTHON) or _IN_FULL.search(block.lead):
        return True
    # What is said behind a part of a file is in the file as well.
    return not ("".join(said_after(block, path)).strip() and lacks_a_name(code))


def _is_called_so(path: str, block: Block) -> bool:
    """Whether nothing speaks against a block's being of a file that nobody names."""
    code, scope = block.code, block.scope
    words = f"{block.lead} {scope.title}"
    if path_comment(code) or called_like(path, code):
        return True
    if named(words, scope) or path in bare_names(words, scope):
        return True
    if path.endswith((".swift", ".kt")) and not all_of_a_file(code, path):
        return False
    if "/" not in path and any("/" in each.path for each in scope.mentions):
        return False  # in a list, its folder may be that of the path before it
    others = any(called_like(each.path, code) for each in scope.mentions)
    strictly = path.endswith(_CALLED_STRICTLY) and not _is_nameless(path, code)
    return not (others or strictly)


def _is_nameless(path: str, code: str) -> bool:
    """Whether a file of PHP is not called like a type, and the code defines none with a name."""
    name = path.rpartition("/")[2]
    return path.endswith(".php") and not name[:1].isupper() and not _PHP_TYPE.search(code)


def said_after(block: Block, path: str) -> Iterator[str]:
    """What is said behind a block, but for words that lead to blocks of other files."""
    pieces, scope = block.pieces, block.scope
    for at in range(block.index + 1, len(pieces)):
        text, following = pieces[at].text, pieces[at + 1] if at + 1 < len(pieces) else None
        if pieces[at].kind != "prose":
            continue
        if following is not None and following.kind == "code":
            lead = lead_of(pieces, at + 1, "")
            of = target(lead, following.text, following.info, scope, path)
            text = text if of in (None, path) else text.rstrip().removesuffix(lead)
        yield _without_orders_elsewhere(text, path, scope)


def _without_orders_elsewhere(text: str, path: str, scope: Scope) -> str:
    """What is said behind a block, but for the sentences that order something of another file."""
    left = [
        each
        for each in sentences(text)
        if not (_ELSEWHERE.match(each) and named(each, scope) and path not in named(each, scope))
    ]
    return "\n".join(left)


def as_file(code: str, path: str) -> str:
    """A block as the file that it is of: a path above its `#!`, or in JSON, is for the reader."""
    first, _, rest = code.partition("\n")
    told = rest.startswith("#!") or path.endswith(".json")
    return rest if told and path_comment(first) else code


def starts_a_file(code: str) -> bool:
    """Whether a block's first line is one that files begin with."""
    first = next((line for line in code.split("\n") if line.strip()), "")
    return _STARTS.match(first) is not None
