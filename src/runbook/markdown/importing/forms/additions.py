"""New code that a plan adds to a file or a class without a place: any place of its kind will do.

Imports go to the imports, members behind those of their class, tests, functions and classes to the
end of the file.
"""

from __future__ import annotations

import ast
import re
from functools import partial
from textwrap import dedent

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, EnsureImport, Operation
from runbook.markdown.importing.forms.recognized import Recognized
from runbook.markdown.importing.forms.symbolrules import names_in
from runbook.markdown.importing.places import treeadditions, treesymbols
from runbook.markdown.importing.places.definitions import (
    Definition,
    Source,
    parsed,
    source,
    unreadable,
)
from runbook.markdown.importing.places.files import Scope, path_comment, target
from runbook.markdown.importing.places.symbols import inserted
from runbook.markdown.importing.text.pieces import Piece, lead_of
from runbook.markdown.importing.words.elision import cut_off, elided
from runbook.markdown.importing.words.filelist import parse_path
from runbook.markdown.importing.words.prose import asks_for_more
from runbook.markdown.importing.words.symbolwords import Spot
from runbook.markdown.importing.words.wording import inexact

_PYTHON = (".py", ".pyi")
_CODE = re.compile(r"`[^`\n]*`")
_ADDS = (
    r"\W*(?:\d+[.)]\s*)?(?:(?:then|next|now|also|finally|first)\b,?\s+)*(?:in\s+``(?:\s*,)?\s*)?"
    r"(?:add|append|write|implement|create|define|introduce|include|insert|extend|put)\b"
)
_NUMBERS = re.compile(
    r"\s*\((?:(?:around|near|at|on|~)?\s*(?:lines?|L)\s*~?\d+(?:\s*[-–]\s*\d+)?\+?|existing(?:\s+\w+)?)\)",
    re.IGNORECASE,
)
# What is said beside the place: what it is, and that it goes to its file.
_PLAIN = re.compile(
    rf"{_ADDS}(?:\s+(?:the|this|these|a|an|another|new|following|some|more|few|two|three|four|five|six|"
    r"failing|unit|integration|regression|private|public|helper|pure|async|minimal|simple|small|"
    r"functions?|class(?:es)?|tests?|cases?|methods?|helpers?|fixtures?|code|definitions?|suites?|"
    r"dataclass(?:es)?|models?|types?|interfaces?|structs?|components?|constants?|exceptions?|"
    r"implementations?|coverage|styles?|css|rules?|media|quer(?:y|ies)|keyframes|variables?|sections?|"
    r"``|and|for|of|that|covering|with|file|module|exact|"
    r"to|in|into|its|existing|end|bottom|at|test))*\s*[:：.]?\W*",
    re.IGNORECASE,
)
# What it is, before the word for it: "the auth route helpers", "a private helper".
_WHAT_KIND = re.compile(
    r"(?<=\s)(?:(?!(?:the|to|in|into|of|and|for|with|on|at|add|append|write|create|define|"
    r"implement|insert|include|introduce|extend|put|second|third|fourth|other|same|next)\b)[a-z][\w-]*\s+){1,3}"
    r"(?=(?:functions?|class(?:es)?|tests?|cases?|helpers?|fixtures?|dataclass(?:es)?|interfaces?|"
    r"structs?|exceptions?|styles?|variables?)\b)",
    re.IGNORECASE,
)
# What it does, and sentences that go on about it.
_WHAT_FOR = re.compile(
    r",?\s+(?:that|which|returning|covering|(?:for|following|matching)(?!\s+``\s*[:：.]?$))\s"
    r"(?P<said>[^.:：]+?)(?=\s+(?:to|in)\s+``|\s*[.:：]|$)",
    re.IGNORECASE,
)
_EXPLAINED = re.compile(
    r"(?<=[.:])\s+(?:this|it|they|these|the\s+(?:function|helper|class|method|test)s?)\s(?P<said>.*)$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:after|before|below|above|between|near|next\s+to|alongside|beside|top|beginning|inside|within|"
    r"into|around|instead|under|in)\b",
    re.IGNORECASE,
)
_IMPORTS = re.compile(
    rf"(?:{_ADDS}|\W*(?:import|ensure|update|needs?|with)\b)[^.]*\bimports?\b[^.]*[:：.]?\W*"
    r"|\W*(?:in\s+``\s*,?\s*)?import(?:\s+at\s+the\s+top(?:\s+of\s+(?:``|the\s+file|[\w/]+\.\w+))?)?\s*[:：]\W*"
    r"|\W*(?:new\s+)?imports?(?:\s+(?:needed|required|to\s+add))?\s*[:：]\W*",
    re.IGNORECASE,
)
_NO_IMPORT_BLOCK = re.compile(
    r"\b(?:inside|within|local(?:ly)?|lazy|lazily|deferred|TYPE_CHECKING|function|method|body|remove|"
    r"replac\w+|chang\w+|instead|re-?export\w*|from\s+.*\bto\b|before)\b",
    re.IGNORECASE,
)
_MEMBERS = re.compile(
    rf"(?:\W*(?:modify|update|edit|in)\s+`[^`\n]+`\s*[:,–—-]?\s*)?{_ADDS}(?P<what>[^.:]*?)"
    r"\b(?:to|in|into|on|inside|of)\s+(?:the\s+)?(?:existing\s+)?(?:\w+\s+)?"
    r"(?:`(?:impl\s+)?(?P<owner>[A-Z]\w*)`|(?P<bare>(?-i:[A-Z]\w*[a-z]\w*))(?=\s+(?:\w+\s+)?"
    r"(?:dataclass|class|model|struct|interface|trait|enum|impl)\b))"
    r"(?:\s+(?:frozen|dataclass|class|model|struct|interface|trait|enum|test\s+class|"
    r"impl|block|table|type|test\s+suite|suite|protocol|schema|state|config|settings))*"
    r"(?:\s+(?:in|of)\s+`[^`\n]+`)?\s*[:：.]?\W*",
    re.IGNORECASE,
)
_INTO = re.compile(
    r"\b(?:to|in|into|inside|of|on)\s+(?:(?:the|its|existing)\s+)*`([^`\n]+)`", re.IGNORECASE
)
_PLACED_BESIDE = re.compile(
    r"\b(?:after|before|below|above|between|near|next\s+to|alongside|beside|top|inside|goes|lives|belongs|"
    r"should|must|placed|defined)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:after|before|below|above|between|near|top|beginning|inside|around|where|if|unless|or|instead|"
    r"each|every|both)\b",
    re.IGNORECASE,
)


def imports(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """A block of nothing but imports, that are added to those of the file."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    if scope.text is None or not scope.transforms or not _of_imports(lead, scope, index):
        return None
    path = target(lead, piece.text, piece.info, scope, before)
    if path is None or elided(piece.text):
        return None
    stand_in = Append(Text(piece.text, True))
    if path.endswith(_PYTHON):
        statements = import_lines(piece.text)
        if statements is None:
            return None
        return Recognized(path, EnsureImport(statements), index, index)
    find = partial(treeadditions.imported, path=path, code=piece.text)
    if not treesymbols.knows(path):
        return None
    return Recognized(path, stand_in, index, index, anchored=True, find=find, sure=False)


def _of_imports(lead: str, scope: Scope, index: int) -> bool:
    words = lead if index else scope.title
    bare = _CODE.sub("``", words)
    if inexact(words) or asks_for_more(words) or _NO_IMPORT_BLOCK.search(words):
        return False
    said = bare if re.search(r"\bimports?\b", bare, re.IGNORECASE) else f"{bare} import"
    titled = said == bare or re.search(r"\bimports?\b", scope.title, re.IGNORECASE)
    return (bool(titled) and _IMPORTS.fullmatch(said) is not None) or adds_plainly(words)


def import_lines(code: str) -> tuple[str, ...] | None:
    """The imports that a block is made of, a line each; `None` if it is anything else."""
    tree = parsed(code)
    if tree is None or not tree.body or "#" in code or code[:1] in " \t":
        return None
    found = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    if any(isinstance(each, ast.ImportFrom) and each.module == "__future__" for each in found):
        return None
    if len(found) != len(tree.body) or any(
        name.name == "*" for each in found for name in each.names
    ):
        return None
    return tuple(ast.unparse(each) for each in found)


def added(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """Functions, classes and tests that are added to a file which has none of their names."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    if scope.text is None or not adds_plainly(lead):
        return None
    if elided(piece.text) or cut_off(piece.text) or piece.text[:1] in " \t":
        return None
    path = target(lead, piece.text, piece.info, scope, before)
    text = None if path is None else scope.text(path)
    if path is None or text is None or _goes_elsewhere(pieces, index):
        return None
    code = piece.text
    head = re.match(r"(?:#|//)\s*(\S+)\s*\n", code)
    if path_comment(code) or (head and f"/{path}".endswith(f"/{head[1]}")):
        # It says whose block it is, and is no part of it.
        code = code.partition("\n")[2].lstrip("\n")
    if path.endswith(_PYTHON):
        return _python(path, code, index, scope, text)
    if treesymbols.knows(path) and treeadditions.can_end(text, path, code):
        return Recognized(path, Append(Text(code, True)), index, index)
    if _listed(path, piece.text) or _styles(path, code, text) or _settings(path, code, text):
        return Recognized(path, Append(Text(code, True)), index, index)
    return None


def _listed(path: str, code: str) -> bool:
    """Whether a block is lines of a file that is a list of such."""
    name = path.rsplit("/", 1)[-1]
    pattern = r"\.(?:git|docker|npm|eslint|prettier)ignore|requirements[\w.-]*\.txt"
    return bool(re.fullmatch(pattern, name)) and not re.search(r"\n\s*\n\S|^\[", code)


def _styles(path: str, code: str, text: str) -> bool:
    """Whether a block is whole rules of a style sheet that has none of their selectors."""
    bare = re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL)
    if not re.search(r"\.(?:css|scss|less)$", path) or bare.count("{") != bare.count("}"):
        return False
    heads = re.findall(r"^(\S[^{}\n]*?)\s*\{", bare, re.MULTILINE)
    loose = re.sub(
        r"^\S[^{}]*\{.*?^\}|^\S[^{}\n]*\{[^{}\n]*\}", "", bare, flags=re.MULTILINE | re.DOTALL
    )
    there = {line.rstrip(" {,").strip() for line in text.split("\n")}
    new = [each for each in heads if not each.startswith("@media")]
    return bool(heads) and not loose.strip() and not there.intersection(new) and code not in text


def _settings(path: str, code: str, text: str) -> bool:
    """Whether a block is variables of an environment file that has none of them."""
    name = path.rsplit("/", 1)[-1]
    keys = re.compile(r"^#?[ ]?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
    lines = [line for line in code.split("\n") if line.strip() and not line.startswith("#")]
    whole = all(keys.match(line) for line in lines) and bool(keys.findall(code))
    return bool(re.match(r"\.env(?:\.|$)", name)) and whole and not (
        set(keys.findall(code)) & set(keys.findall(text))
    )  # fmt: skip


def adds_plainly(lead: str) -> bool:
    """Whether words add something, and name no place for it but its file."""
    bare = _only_what(_CODE.sub("``", _NUMBERS.sub("", lead.replace("**", ""))))
    if inexact(lead) or asks_for_more(lead) or _PLACED.search(bare):
        return False
    if any(parse_path(code) is None for code in _INTO.findall(lead)):
        return False  # into something of the file
    return _PLAIN.fullmatch(bare) is not None


def _only_what(words: str) -> str:
    """The words without what they say of the thing that is added, where that names no place."""
    explained = _EXPLAINED.search(words)
    if explained and not _PLACED_BESIDE.search(explained["said"]):
        words = words[: explained.start()]
    words = _WHAT_FOR.sub(lambda it: it[0] if _ELSEWHERE.search(it["said"]) else "", words)
    return _WHAT_KIND.sub("", words)


def _goes_elsewhere(pieces: list[Piece], index: int) -> bool:
    """Whether words after a block say where it goes, or those of the block before, as shown."""
    shown = pieces[index - 2] if index > 1 and pieces[index - 1].kind == "prose" else None
    bare = not _CODE.search(lead_of(pieces, index, ""))
    of_it = bare and shown is not None and shown.kind == "code"
    if of_it and _PLACED.search(lead_of(pieces, index - 2, "")):
        return True  # "Before the helper:", what it is, and "add another one:"
    after = pieces[index + 1].text if index + 1 < len(pieces) else ""
    said = re.search(r"\b(?:place|put|insert|goes|keep|move)\b", after, re.IGNORECASE)
    return said is not None and pieces[index + 1].kind == "prose"


def _python(path: str, code: str, index: int, scope: Scope, text: str) -> Recognized | None:
    tree, there = parsed(code), source(text)
    if tree is None or there is None or not tree.body:
        return None
    if any(there.named(name, "") for name in names_in(code)):
        return None  # it is given anew
    heads = 0
    while heads < len(tree.body) and isinstance(tree.body[heads], ast.Import | ast.ImportFrom):
        heads += 1
    rest = tree.body[heads:]
    allowed = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    values = (ast.Assign, ast.AnnAssign)
    if not rest or not all(isinstance(each, (*allowed, *values)) for each in rest):
        return None
    if not any(isinstance(each, allowed) for each in rest) or _has_self(rest):
        return None
    if not heads:
        return Recognized(path, Append(Text(code, True)), index, index)
    if not scope.transforms:
        return None
    parts = apart(code, tree)
    if parts is None:
        return None
    statements, body = parts
    return Recognized(
        path, Append(Text(body, True)), index, index, also=(EnsureImport(statements),)
    )


def apart(code: str, tree: ast.Module) -> tuple[tuple[str, ...], str] | None:
    """The imports that a block begins with, and the rest of it; `None` where that can't be told."""
    heads = [each for each in tree.body if isinstance(each, ast.Import | ast.ImportFrom)]
    if tree.body[: len(heads)] != heads or len(heads) == len(tree.body):
        return None
    if not heads:
        return (), code
    lines = code.split("\n")
    last = heads[-1].end_lineno or 1
    statements = import_lines("\n".join(lines[:last]) + "\n")
    body = "\n".join(lines[last:]).lstrip("\n")
    return None if statements is None or not body.strip() else (statements, body)


def _has_self(body: list[ast.stmt]) -> bool:
    """Whether functions are methods of something that is not said."""
    for each in body:
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            first = [*each.args.posonlyargs, *each.args.args][:1]
            if first and first[0].arg in ("self", "cls"):
                return True
    return False


def members(pieces: list[Piece], index: int, scope: Scope, before: str | None) -> Recognized | None:
    """Methods or fields that are added to a class: behind the others of their kind."""
    lead = lead_of(pieces, index, scope.title)
    piece = pieces[index]
    words = _NUMBERS.sub("", lead.replace("**", ""))
    said = _MEMBERS.fullmatch(words)
    if scope.text is None or said is None or inexact(lead) or asks_for_more(words):
        return None
    if _PLACED.search(_CODE.sub("``", words)) or elided(piece.text) or cut_off(piece.text):
        return None
    path = target(lead, piece.text, piece.info, scope, before)
    if path is None:
        return None
    owner = said["owner"] or said["bare"]
    if path.endswith(_PYTHON):
        find = partial(_member, code=piece.text, owner=owner)
    elif treesymbols.knows(path):
        find = partial(treeadditions.member, path=path, code=piece.text, owner=owner)
    else:
        return None
    stand_in = Append(Text(piece.text, True))
    return Recognized(
        path, stand_in, index, index, anchored=True, find=find, about=(owner,), sure=False
    )


def _member(text: str, code: str, owner: str) -> Operation | str:
    there, tree = source(text), parsed(dedent(code))
    if there is None or tree is None:
        return unreadable(text) if tree is not None else ""
    classes = [each for each in there.named(owner) if each.kind == "class" and not each.loose]
    if len(classes) != 1 or len(there.named(owner)) != 1:
        return f"`{owner}` is no class that the file defines once"
    within = f"{classes[0].owner}.{owner}" if classes[0].owner else owner
    own = [each for each in there.definitions if each.owner == within and not each.loose]
    functions = all(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in tree.body)
    last = own[-1] if functions and own and own[-1].kind == "function" else None
    if not functions:
        last = _last_field(own, tree, there)
    if last is None or len(there.named(last.name, within)) != 1:
        return ""
    return inserted(text, code, Spot("after", last.name, within, called=True))


def _last_field(own: list[Definition], tree: ast.Module, there: Source) -> Definition | None:
    """The last field above the methods, if one can be added behind it."""
    fields = []
    for each in own:
        if each.kind != "value":
            break
        fields.append(each)
    if not fields:
        return None
    bare = [each for each in tree.body if isinstance(each, ast.AnnAssign) and each.value is None]
    defaults = any(re.search(r"[^=!<>]=[^=]", there.lines[each.head]) for each in fields)
    # A field without a value can't come behind one that has one.
    return None if bare and defaults else fields[-1]
