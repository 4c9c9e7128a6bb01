"""Changes of a file that one sentence says in full, without a block: imports, lines, removals."""

from __future__ import annotations

import re
from functools import partial

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Create, EnsureImport, Operation
from runbook.core.value import value
from runbook.markdown.importing.forms.form import Finder
from runbook.markdown.importing.places import sentences as at
from runbook.markdown.importing.places.files import Scope, named, with_names_as_code
from runbook.markdown.importing.places.parsers import PYTHON
from runbook.markdown.importing.places.spans import inserted_at_line
from runbook.markdown.importing.places.statements import import_lines
from runbook.markdown.importing.places.treeadditions import imported
from runbook.markdown.importing.words.phrases import DEFINED, told
from runbook.markdown.importing.words.vocabulary import BEGIN, anycase
from runbook.markdown.importing.words.wording import side_of

# "In `ship.py`, delete these:", above a list of what goes.
_FROM = r"( (in|from) (`(?P<from>[^`\n]+)`|(?P<bare>[\w./-]+\.\w+)))?"
_GO = rf"{BEGIN}(in `(?P<of>[^`\n]+)`\s*,?\s*)?(delete|remove|drop)"
_THINGS = r"((?!files\b|folders\b|directories\b|branches\b|lines\b)[\w-]+s)"
_DELETING = anycase(
    rf"{_GO}( (these|the following|both|all of these)\b( ([\w-]+ ){{0,2}}?{_THINGS})?)?{_FROM}"
    r"( entirely| completely)?(\s*\([^()]*\))?\W*"
)
# "Delete `sail` (lines 3-9) and `row` from `ship.py`.", all in a sentence.
_DELETES = anycase(
    rf"{_GO}\s*[:：]?( (the|these|both)( (following|old|unused))?)*"
    rf"( (?P<before>{DEFINED}(e?s)))?\s*[:：]?\s*"
    rf"(?P<names>`[^`\n]+`.*?)( (?P<kinds>{DEFINED}(e?s)))?{_FROM}( entirely| completely)?"
    r"(\s*\((?!lines?\b)[^()]*\))?[.:]?\s*"
)
_OF_KIND = anycase(rf"\b{DEFINED}(e?s)?\b")
_DELETED = anycase(
    rf"((the|its) )?((?P<kind>{DEFINED}) )?`(?P<code>[^`\n]+)`( (?P<kind2>{DEFINED}|import|line)"
    r"s?)?"
    r"(\s*\((on )?lines? ~?(?P<first>\d+)([\s,–-]+(?P<last>\d+))?( entirely)?\))?\s*[.;,]?"
)
# "In `ship.py`:", above what is to be done there.
_IN_BRACKETS = anycase(r"\s*\((an )?empty( (file|module|package|marker))*[^()]*\)")
_FOUND = anycase(r"^\W*(find|locate) and (?=(delete|remove|drop) )")
_AT_FIRST = anycase(
    r"\s*[—–,-]+\s*(initially|left|still) empty(, (it )?(will|to) (later )?(hold|contain|"
    r"have)\b[^.`]*)?"
    r"\s*\.?\s*$"
)
_LIKE = anycase(r"(?<=empty\sfile)\s*\((just )?(like|as)\b[^()]*\)")
_HEAD = anycase(
    rf"{BEGIN}(((in|edit|open|update|modify) )?`(?P<of>[^`\n]+)`\W*[:：]\W*|"
    r"(edit|open) `(?P<opened>[^`\n]+)`\.\W*)"
)


@value
class Said:
    """A change of a file that words say: looked up in its text, or the same whatever that is."""

    path: str
    change: Operation | Finder
    about: tuple[str, ...]


def said(words: str, scope: Scope, before: str | None) -> Said | None:
    """What one sentence says is to be changed in one file, if it says nothing else.

    `before` is the file that the step has just changed.
    """
    words = _FOUND.sub("", _AT_FIRST.sub(", an empty file", words))
    words = with_names_as_code(_IN_BRACKETS.sub(", an empty file", _LIKE.sub("", words)), scope)
    for phrase, make in _FORMS:
        found = told(phrase, words.strip(), block=False)
        path = None if found is None else _file(found.get("file", ""), scope, before)
        if found is not None and path is not None and (made := make(found, path)) is not None:
            return made
    return None


def head_of(words: str, scope: Scope) -> str | None:
    """The file that words only name, for those below them."""
    found = _HEAD.fullmatch(words.strip())
    paths = named(f"`{found['of'] or found['opened']}`", scope) if found else []
    return paths[0] if len(paths) == 1 else None


def deleting(words: str, scope: Scope) -> str | None:
    """The file of which words delete what is listed under them."""
    found = _DELETING.fullmatch(words.strip())
    return None if found is None else _deleted_from(found, scope)


def deletes(words: str, scope: Scope) -> tuple[str, list[str], str] | None:
    """The file of which a sentence deletes several things, and what it says of each and of all.

    A class that they are taken from is a part of their names.
    """
    found = _DELETES.fullmatch(words.strip().replace("**", ""))
    if found is None:
        return None
    owner = re.fullmatch(r"[A-Z]\w*", found["from"] or "")
    path = _file("", scope, None) if owner else _deleted_from(found, scope)
    # Between brackets and code, what parts the things is no part of them.
    parts = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", found["names"])
    named = [re.sub(r"`", f"`{owner[0]}." if owner else "`", each, count=1) for each in parts]
    return (
        None
        if path is None or len(parts) < 2
        else (path, named, found["kinds"] or found["before"] or "")
    )


def _deleted_from(found: re.Match[str], scope: Scope) -> str | None:
    stated = [each for each in (found["of"], found["from"], found["bare"]) if each]
    return None if len(stated) > 1 else _file("".join(f"`{each}`" for each in stated), scope, None)


def listed_away(words: str, path: str, told: str = "") -> Said | None:
    """The removal of what an item of such a list names: a definition, or a line as it stands.

    What is listed is of the kind that the words above the list have `told`.
    """
    found = _DELETED.fullmatch(words.strip())
    if found is None:
        return None
    listed = _OF_KIND.search(told)
    code, kind = found["code"], found["kind"] or found["kind2"] or (listed[0] if listed else "")
    name = re.fullmatch(r"(?P<name>[A-Za-z_][\w.]*)(?P<called>\(\))?", code)
    # Lines from one to another are those of what has the name.
    sure = name and (name["called"] or (found["last"] and found["last"] != found["first"]))
    if name and (sure or kind.lower() not in ("", "line", "import")):
        return _removed({"name": name["name"]}, path)
    if name or kind.lower() not in ("", "line", "import"):
        return None
    return Said(path, partial(at.line_removed, code=code), (code,))


def _file(stated: str, scope: Scope, before: str | None) -> str | None:
    if stated:
        paths = named(stated, scope)
        return paths[0] if len(paths) == 1 else None
    titled = named(scope.title, scope)
    changed = dict.fromkeys(each.path for each in scope.mentions if each.role in ("modify", "test"))
    one = titled or ([before] if before else list(changed))
    return one[0] if len(one) == 1 else None


def _codes(found: dict[str, str]) -> list[str]:
    return re.findall(r"`([^`\n]+)`", found["codes"])


def _imports(found: dict[str, str], path: str) -> Said | None:
    codes = re.findall(r"`([^`\n]+)`", f"{found['codes']} {found.get('more', '')}")
    code = "\n".join(codes) + "\n"
    if path.endswith(PYTHON):
        statements = import_lines(code)
        return None if statements is None else Said(path, EnsureImport(statements), ())
    if anchor := found.get("anchor"):
        beside = partial(inserted_at_line, side=side_of(found["side"]), anchor=anchor)
        return Said(path, partial(beside, code=code), (anchor,))
    return Said(path, partial(imported, path=path, code=code), tuple(codes))


def _go_imports(found: dict[str, str], path: str) -> Said | None:
    codes = _codes(found)
    find = partial(at.go_imported, codes=codes)
    return Said(path, find, tuple(codes)) if path.endswith(".go") else None


def _empty(_: dict[str, str], path: str) -> Said:
    return Said(path, Create(Text("", False)), ())


def _ignores(found: dict[str, str], path: str) -> Said | None:
    codes = _codes(found)
    return Said(path, Append(Text("\n".join(codes) + "\n", True)), tuple(codes))


def _removed(found: dict[str, str], path: str) -> Said | None:
    name = found["name"]
    return Said(path, partial(at.definition_removed, path=path, name=name), (name.split(".")[-1],))


def _bumped(found: dict[str, str], path: str) -> Said | None:
    old, new = found["old"], found["new"]
    cells = [each.strip() for each in found.get("row", "").split("|")]
    names = tuple(each for each in (found.get("label"), *cells) if each)
    marks = {"badge": ("![",), "row": ("|",)}.get(found["kind"].lower(), ())
    find = partial(at.bumped, named=names, marks=marks, old=old, new=new)
    return Said(path, find, (*names, old)) if names else None


def _line_gone(found: dict[str, str], path: str) -> Said:
    name, held = found["name"], found.get("held", "")
    find = partial(at.line_removed, code=name, path=path, held=held)
    return Said(path, find, (name, *filter(None, [held])))


def _unimported(found: dict[str, str], path: str) -> Said | None:
    names = _codes(found)
    find = partial(at.unimported, names=names)
    plain = path.endswith(PYTHON) and all(map(str.isidentifier, names))
    return Said(path, find, tuple(names)) if plain else None


def _decorated(found: dict[str, str], path: str) -> Said | None:
    name, decorator = found["name"], found["decorator"]
    find = partial(at.decorated, name=name, decorator=decorator)
    return Said(path, find, (name,)) if path.endswith(PYTHON) and decorator[0] == "@" else None


def _exported(found: dict[str, str], path: str) -> Said | None:
    names = [each.strip("\"'") for each in _codes(found)]
    find = partial(at.exported, names=names)
    return Said(path, find, ("__all__", *names)) if path.endswith(PYTHON) else None


def _everywhere(found: dict[str, str], path: str) -> Said:
    old, new = found["old"], found["new"]
    return Said(path, partial(at.everywhere, old=old, new=new), (old,))


def _member(found: dict[str, str], path: str) -> Said:
    code, owner, beside = found["code"], found["owner"], found.get("beside", "")
    find = partial(at.member_declared, path=path, code=code, owner=owner, beside=beside)
    return Said(path, find, (owner, *filter(None, [beside])))


# Each is the sentence, and what is made of what it names, in a file.
_FORMS = (
    (
        "[add|include|insert|put|ensure | don.t forget] [the|an|this|these] [new|missing]"
        " [imports? :] <imports:codes> [imports?|statements?] [<at-imports>] [at the [very] top]"
        " <tail> [, [and] [also|then] [add|re-?export] [:] <imports:more>]"
        " [, if [it|they] [is|are] not [already|yet] (present|there|imported | in place)]"
        " [, (<side> [the] [existing] <code:anchor> [import|line] | <noted>)]",
        _imports,
    ),
    (
        "add|include|import <go-imports:codes>"
        " [to [the] (imports? | import block|section|list|group)]",
        _go_imports,
    ),
    ("add|append <codes:codes> to [the] [root] <ignore-file>", _ignores),
    (
        "create|add|make (an empty <file> [file|module|package|marker] |"
        " [the|a] [new] [file] <file> , an empty file)",
        _empty,
    ),
    (
        "[leave it | keep it | it is | this is] [an] empty file|module [, an empty file]",
        _empty,
    ),
    (
        "delete|remove|drop [<old>] (<defined> <dotted> | <dotted> <defined> [definition])"
        " [from <file>]",
        _removed,
    ),
    (
        "delete|remove|drop [the] [<old>] (<codes:codes> from [the] [<code:_>] imports?"
        " [line|list|block|statement] | <codes:codes> imports?) [from <file>]",
        _unimported,
    ),
    (
        "add|include [a|an|the] [new|optional|required] <code:code> [field|property|member|method|"
        "attribute] to|in [the] [existing] <type:owner> [<types>] [<member:beside>]",
        _member,
    ),
    (
        "add|put [the] <code:decorator> [decorator|marker|mark] (to|on|above [the] [test]"
        " [class|function|method] <called> [class|function|method])",
        _decorated,
    ),
    ("delete|remove|drop the <code> line|import|statement [from <file>]", _line_gone),
    (
        "delete|remove|drop [the] [<old>] <code> [line|entry|row|item|key|script]"
        " from [the] <code:held> [section|table|block|list|array|object] [in|of <file>]",
        _line_gone,
    ),
    ("add|append|include <codes:codes> to [the] [module.s] `__all__` [list]", _exported),
    (
        "replace|change|update|rename all|every|each [of] [the]"
        " [occurrences?|instances?|references?|mentions?|uses?|usages? of|to] <code:old>"
        " (<arrow> | with|by) <code:new> [in|throughout|across the [entire|whole] file] [<seen>]",
        _everywhere,
    ),
    # Of the only line that has what it is called, and the old value.
    ("[also] update|bump|change the <marked> [from] <code:old> <arrow> <code:new>", _bumped),
)
