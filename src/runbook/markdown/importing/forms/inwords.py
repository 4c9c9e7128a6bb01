"""Changes of a file that one sentence says in full, without a block: imports, lines, removals."""

from __future__ import annotations

import re
from functools import partial

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, EnsureImport, Operation
from runbook.core.value import value
from runbook.markdown.importing.forms.form import Finder
from runbook.markdown.importing.places import sentences as at
from runbook.markdown.importing.places.files import Scope, named
from runbook.markdown.importing.places.parsers import PYTHON
from runbook.markdown.importing.places.spans import inserted_at_line
from runbook.markdown.importing.places.statements import import_lines
from runbook.markdown.importing.places.treeadditions import imported
from runbook.markdown.importing.words.sides import side_of
from runbook.markdown.importing.words.vocabulary import BEGIN, CODE, END, RIGHT, SIDE

_IN = r"(?:in\s+`(?P<in>[^`\n]+)`\s*[,:]?\s*)?"
_OF = r"(?:\s+(?:in|from|of|to)\s+`(?P<of>[^`\n]+)`)?"
_LINES = r"(?:\s*\((?:around\s+|at\s+)?~?lines?\s[^()`]*\))?"
_AND = r"(?:\s*,?\s*(?:and|,)\s*)"
_STATEMENT = (
    r"`(?:import\s[^`\n]+|from\s+[\w.]+\s+import\s[^`\n]+|use\s[^`\n]+;|"
    r"const\s[^`\n]+=\s*require\([^`\n]+)`"
)
_AT_IMPORTS = (
    r"(?:\s+(?:to|at|near|with|alongside)\s+(?:the\s+)?(?:very\s+|existing\s+|other\s+)*"
    r"(?:top|imports?|import\s+(?:block|section|list|group))(?:\s+of\s+(?:the\s+)?(?:file|module))?)?"
)
_IMPORTS = re.compile(
    rf"{BEGIN}{_IN}(?:(?:add|include|insert|put|don['\u2019]t\s+forget|ensure)\s+)?"
    r"(?:(?:the|an|this|these|new|missing)\s+)*(?:imports?\s*:?\s*)?"
    rf"(?P<codes>{_STATEMENT}(?:{_AND}{_STATEMENT})*)(?:\s+(?:imports?|statements?))?{_AT_IMPORTS}{_OF}"
    rf"(?:\s*,?\s*{RIGHT}{SIDE}\s+(?:the\s+)?(?:existing\s+)?`(?P<anchor>[^`\n]+)`(?:\s+(?:import|line))?)?"
    rf"{_LINES}{END}",
    re.IGNORECASE,
)
_GO_IMPORTS = re.compile(
    rf"{BEGIN}{_IN}(?:add|include|import)\s+(?P<codes>`\"[\w./-]+\"`(?:{_AND}`\"[\w./-]+\"`)*)"
    rf"(?:\s+to\s+(?:the\s+)?(?:imports?|import\s+(?:block|section|list|group)))?{_OF}{END}",
    re.IGNORECASE,
)
_IGNORES = re.compile(
    rf"{BEGIN}(?:add|append)\s+(?P<codes>{CODE}(?:{_AND}{CODE})*)\s+to\s+(?:the\s+)?(?:root\s+)?"
    rf"`(?P<of>(?:[\w.-]+/)*\.\w*ignore)`{END}",
    re.IGNORECASE,
)
_OLD = r"(?:(?:the|now[\s-]|unused|old|legacy|obsolete|existing|entire|whole)\s*)*"
_DEFINED = (
    r"(?:(?:helper|test|private|public|exported|pytest)\s+)*"
    r"(?:function|method|class|constant|helper|interface|struct|enum|test|fixture|component|hook)"
)
_REMOVED = re.compile(
    rf"{BEGIN}{_IN}(?:delete|remove|drop)\s+{_OLD}(?:{_DEFINED}\s+`(?P<called>[\w.]+)(?:\(\))?`|"
    rf"`(?P<name>[\w.]+)(?:\(\))?`\s+{_DEFINED}(?:\s+definition)?){_OF}{_LINES}{END}",
    re.IGNORECASE,
)

# "In `ship.py`:", above what is to be done there.
_HEAD = re.compile(
    rf"{BEGIN}(?:(?:in|edit|open|update|modify)\s+)?`(?P<of>[^`\n]+)`\W*[:：]\W*", re.IGNORECASE
)
# "Bump the `ship` badge from `v1` to `v2`", of the only line that has both.
_BUMPED = re.compile(
    rf"{BEGIN}{_IN}(?:also\s+)?(?:update|bump|change)\s+the\s+(?:[\w-]+\s+){{0,3}}?(?:`(?P<label>[^`\n]+)`"
    r"(?:['\u2019]s)?\s+(?:[\w-]+\s+){0,2}?)?(?P<kind>badge|row|entry|line|link|bullet)(?:['\u2019]s)?"
    r"(?:\s+(?:url|cell|version|text|label))*(?:\s*\((?:the\s+)?`(?P<row>\|[^`\n]+\|)`(?:\s+row)?\))?"
    rf"\s+(?:from\s+)?`(?P<old>[^`\n]+)`\s*(?:to|→|->)\s*`(?P<new>[^`\n]+)`{_OF}{_LINES}{END}",
    re.IGNORECASE,
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
    for pattern, make in _FORMS:
        found = pattern.fullmatch(words.strip())
        if found is None:
            continue
        stated = [path for key in ("in", "of") if (path := found.groupdict().get(key))]
        path = _file(stated, scope, before)
        if path is not None and (made := make(found, path)) is not None:
            return made
    return None


def head_of(words: str, scope: Scope) -> str | None:
    """The file that words only name, for those below them."""
    found = _HEAD.fullmatch(words.strip())
    paths = named(f"`{found['of']}`", scope) if found else []
    return paths[0] if len(paths) == 1 else None


def _file(stated: list[str], scope: Scope, before: str | None) -> str | None:
    if stated:
        paths = named(" ".join(f"`{each}`" for each in stated), scope)
        return paths[0] if len(paths) == 1 else None
    titled = named(scope.title, scope)
    changed = dict.fromkeys(each.path for each in scope.mentions if each.role in ("modify", "test"))
    one = titled or ([before] if before else list(changed))
    return one[0] if len(one) == 1 else None


def _codes(found: re.Match[str]) -> list[str]:
    return re.findall(r"`([^`\n]+)`", found["codes"])


def _imports(found: re.Match[str], path: str) -> Said | None:
    codes = _codes(found)
    code = "\n".join(codes) + "\n"
    if path.endswith(PYTHON):
        statements = import_lines(code)
        return None if statements is None else Said(path, EnsureImport(statements), ())
    if found["anchor"]:
        beside = partial(inserted_at_line, side=side_of(found["side"]), anchor=found["anchor"])
        return Said(path, partial(beside, code=code), (found["anchor"],))
    return Said(path, partial(imported, path=path, code=code), tuple(codes))


def _go_imports(found: re.Match[str], path: str) -> Said | None:
    codes = _codes(found)
    return Said(path, partial(at.go_imported, codes=codes), tuple(codes)) if _is_go(path) else None


def _is_go(path: str) -> bool:
    return path.endswith(".go")


def _ignores(found: re.Match[str], path: str) -> Said | None:
    codes = _codes(found)
    return Said(path, Append(Text("\n".join(codes) + "\n", True)), tuple(codes))


def _removed(found: re.Match[str], path: str) -> Said | None:
    name = found["called"] or found["name"]
    return Said(path, partial(at.definition_removed, path=path, name=name), (name.split(".")[-1],))


def _bumped(found: re.Match[str], path: str) -> Said | None:
    old, new = found["old"], found["new"]
    cells = [each.strip() for each in (found["row"] or "").split("|")]
    names = tuple(each for each in (found["label"], *cells) if each)
    marks = {"badge": ("![",), "row": ("|",)}.get(found["kind"].lower(), ())
    find = partial(at.bumped, named=names, marks=marks, old=old, new=new)
    return Said(path, find, (*names, old)) if names else None


_FORMS = (
    (_IMPORTS, _imports),
    (_GO_IMPORTS, _go_imports),
    (_IGNORES, _ignores),
    (_REMOVED, _removed),
    (_BUMPED, _bumped),
)
