"""What sentences name in a file: a definition that goes, a value, Go's imports."""

from __future__ import annotations

import ast
import re
from textwrap import dedent

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Insert, Operation, Remove, Replace
from runbook.markdown.importing.places.definitions import parsed, source
from runbook.markdown.importing.places.inplace import among, anchored, in_place
from runbook.markdown.importing.places.lines import plain_lines
from runbook.markdown.importing.places.parsers import PYTHON, is_read, parses, times
from runbook.markdown.importing.places.statements import within
from runbook.markdown.importing.places.treeadditions import member_names
from runbook.markdown.importing.places.treesymbols import functions_named, knows, top


def definition_removed(text: str, path: str, name: str) -> Operation | str:
    """The removal of the only function or class of a name, with what stands above it and is its."""
    owner, _, own = name.rpartition(".")
    if path.endswith(PYTHON):
        there = source(text)
        found = [] if there is None else there.named(own, owner or None)
        spans = [(each.first, each.last) for each in found if not each.loose]
    elif knows(path) and not owner:
        named = [(each.first, each.last) for each in top(text, path) if each.name == own]
        spans = named or functions_named(text, path, own)
    else:
        return ""
    if len(spans) != 1:
        return f"`{name}` is defined {times(len(spans))} in the file"
    lines, (first, last) = plain_lines(text), spans[0]
    rest = "\n".join([*lines[:first], *lines[last + 1 :]])
    if not parses(rest, path):
        return ""  # it was all that its class has, or more stands in its lines
    return Remove(Text("\n".join(lines[first : last + 1]) + "\n", True))


def line_removed(text: str, code: str, path: str = "", held: str = "") -> Operation | str:
    """The removal of the only line that is this code, which begins no block.

    Where it is to be `held` in a table, section or list, it has to stand in there.
    """
    lines = plain_lines(text)
    found = [at for at, line in enumerate(lines) if line.strip() == code.strip()]
    if len(found) != 1 or re.search(r"[:{(\[]$|^[)\]}]|^@", code.strip()):
        return f"`{code}` stands {times(len(found))} in the file as a line"
    if held and not _is_held(lines, found[0], held, path):
        return f"`{code}` does not stand in `{held}`"
    return Remove(Text(f"{lines[found[0]]}\n", True))


# What begins the sections of a file, by its ending.
_HEADINGS = {
    **dict.fromkeys(("toml", "ini", "cfg", "conf"), re.compile(r"\s*\[+\s*(?P<name>[^\]]*?)\s*\]")),
    **dict.fromkeys(("md", "mdx"), re.compile(r"#{1,6}\s+(?P<name>.*?)\s*#*$")),
}


def _is_held(lines: list[str], at: int, held: str, path: str) -> bool:
    """Whether a line stands in what has that name: under its heading, or indented below it."""
    name = held.strip("[]#:\"' ")
    heading = _HEADINGS.get(path.rpartition(".")[2])
    if heading is not None:
        above = filter(None, map(heading.match, reversed(lines[:at])))
        return next((each["name"] for each in above), "") == name
    margin = len(lines[at]) - len(lines[at].lstrip())
    for line in reversed(lines[:at]):
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent < margin:
            if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", line):
                return True
            margin = indent
    return False


def exported(text: str, names: list[str]) -> Operation | str:
    """The names among those that `__all__` of a Python file lists, in their order if it has one."""
    tree, lines = parsed(text), plain_lines(text)
    found = [
        each.value
        for each in (tree.body if tree is not None else [])
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "__all__"
    ]
    listed = found[0].elts if len(found) == 1 and isinstance(found[0], ast.List) else []
    old = [str(each.value) for each in listed if isinstance(each, ast.Constant)]
    if not old or len(old) != len(listed) or not all(map(str.isidentifier, names)):
        return ""
    if taken := {*names} & {*old}:
        return f"already there: `__all__` has `{min(taken)}`"
    first, last = found[0].lineno - 1, (found[0].end_lineno or 1) - 1
    quote = "'" if "'" in lines[listed[0].lineno - 1] else '"'
    new = sorted([*old, *names]) if old == sorted(old) else [*old, *names]
    plain = [f"{quote}{each}{quote}" for each in new]
    made = [lines[first], *(f"    {each}," for each in plain), lines[last]]
    if first == last:
        made = [f"{lines[first].partition('[')[0]}[{', '.join(plain)}]"]
    elif [each.lineno - 1 for each in listed] != [*range(first + 1, last)]:
        return ""
    if "#" in "".join(lines[first : last + 1]):
        return ""  # a remark would be lost
    return among(text, lines, first, last, made) or ""


def unimported(text: str, names: list[str]) -> Operation | str:
    """Names gone from the only import of a Python file that has them; all of it with the last."""
    tree, lines = parsed(text), plain_lines(text)
    found = [
        each
        for each in (ast.walk(tree) if tree is not None else ())
        if isinstance(each, ast.ImportFrom) and {*names} & {it.name for it in each.names}
    ]
    if len(found) != 1 or not {*names} <= {it.name for it in found[0].names if not it.asname}:
        return ""
    (one,) = found
    first, last = one.lineno - 1, (one.end_lineno or 1) - 1
    shown, left = lines[first : last + 1], [it for it in one.names if it.name not in names]
    if any("#" in line or ";" in line for line in shown):
        return ""  # a remark would be lost
    if not left:
        return Remove(Text("\n".join(shown) + "\n", True))
    head, said, rest = "\n".join(shown).partition(" import ")
    gone = re.sub(rf"\b(?:{'|'.join(map(re.escape, names))})\b[^\S\n]*,?[^\S\n]*", "", rest)
    new = [each.rstrip(" ") for each in f"{head}{said}{gone}".split("\n") if each.strip()]
    new = [new[0].rstrip(","), *new[1:]]
    made = parsed(dedent("\n".join(new)))
    if made is None or ast.unparse(made) != ast.unparse(
        ast.ImportFrom(one.module, left, one.level)
    ):
        return ""
    return in_place(text, lines, first, last, new) or ""


def decorated(text: str, name: str, decorator: str) -> Operation | str:
    """A decorator above the only function or class of a name in a Python file that has none yet."""
    there = source(text)
    found = [] if there is None else [each for each in there.named(name) if each.kind != "value"]
    if there is None or len(found) != 1 or found[0].loose:
        return f"`{name}` is defined {times(len(found))} in the file"
    (one,) = found
    marks = [decorator, *there.lines[one.first : one.head]]
    if one.decorated and not all(each.strip().startswith("@pytest.mark.") for each in marks):
        return ""  # in which order they are to stand is not said
    if decorator in {each.strip() for each in marks[1:]}:
        return f"already there: `{name}` has `{decorator}`"
    made = [f"{one.indent}{decorator}"]
    return anchored(text, there.lines, one.head, one.head, "before", made) or ""


def everywhere(text: str, old: str, new: str) -> Operation | str:
    """A text in place of another one wherever that stands, if it nowhere is a part of a name."""
    found = [each.span() for each in re.finditer(re.escape(old), text)]
    parts = (re.search(r"[\w-]{2}", text[at - 1 : at + 1]) for span in found for at in span if at)
    if not found or any(parts):
        return f"`{old}` is nowhere in the file, or a part of other names"
    if old in new:
        return ""  # where it was replaced by now, it would be once more
    return Replace(Text(old, False), Text(new, False), count="all")


def bumped(
    text: str, named: tuple[str, ...], marks: tuple[str, ...], old: str, new: str
) -> Operation | str:
    """A value replaced in the only line that has it, these names, and marks of what it is."""
    lines, wanted = plain_lines(text), (*named, old)
    words = [re.compile(rf"(?<![\w.]){re.escape(each)}(?!\w|\.\d)") for each in wanted]
    found = [
        at
        for at, line in enumerate(lines)
        if all(each in line for each in marks) and all(each.search(line) for each in words)
    ]
    if len(found) != 1 or lines[found[0]].count(old) != 1:
        return ""
    return in_place(text, lines, found[0], found[0], [lines[found[0]].replace(old, new)]) or ""


def go_imported(text: str, codes: list[str]) -> Operation | str:
    """The insertion of imports into the block of a Go file, in the group and order of theirs."""
    lines = plain_lines(text)
    begins = [at for at, line in enumerate(lines) if line.rstrip() == "import ("]
    if len(begins) != 1 or len(codes) != 1:
        return ""
    (code,) = codes
    end = next(at for at in range(begins[0], len(lines)) if lines[at].rstrip() == ")")
    inside = [(at, lines[at].strip()) for at in range(begins[0] + 1, end)]
    if any(line == code for _, line in inside):
        return f"already there: {code} is imported"
    same = [(at, line) for at, line in inside if line[:1] == '"' and _own(line) == _own(code)]
    if not same:
        return ""
    later = [at for at, line in same if line > code]
    new = Text(f"\t{code}\n", True)
    if later:
        return Insert("before", Text(lines[later[0]] + "\n", True), new)
    return Insert("after", Text(lines[same[-1][0]] + "\n", True), new)


def _own(path: str) -> bool:
    """Whether an import is one of Go's own library: no name of a host stands first."""
    return "." not in path.partition("/")[0]


_DECLARES = re.compile(
    r"(?:(?:pub(?:\([^()]*\))?|public|private|protected|readonly|static|mut|var|let) )*"
    r"(?P<name>[A-Za-z_]\w*)(?:\??: *\S|\([^()]*\)| +[\w*\[])"
)
_HAS_DEFAULT = re.compile(r"[^=!<>]=(?!=)")


def member_declared(
    text: str, path: str, code: str, owner: str, beside: str = ""
) -> Operation | str:
    """A field or method that is declared in a line, behind the others of its type.

    Where it is to stand behind one that is named, that is `beside`.
    """
    declared = _DECLARES.match(code)
    if declared is None or "..." in code or not is_read(path):
        return ""
    name, there = declared["name"], source(text) if path.endswith(PYTHON) else None
    if there is not None:
        own = [each for each in there.definitions if each.owner.rpartition(".")[2] == owner]
        named = any(each.name == name for each in own)
        at = next((n for n, each in enumerate(own, 1) if each.name == beside), len(own))
        before = [there.lines[each.last] for each in own[:at] if each.kind == "value"]
        # A field without a value can't stand behind one that has it.
        late = not _HAS_DEFAULT.search(code) and any(map(_HAS_DEFAULT.search, before))
        if named or late or ":" not in code:
            return ""
    elif member_names(text, path)[f"{owner}.{name}"]:
        return f"already there: `{name}` is in `{owner}`"
    return within(text, path, f"{_ended(code, path, text)}\n", owner, beside)


def _ended(code: str, path: str, text: str) -> str:
    """A declaration with the mark that ends one in its file."""
    if path.endswith(".rs"):
        return code.rstrip(",;") + ","
    script = re.search(r"\.[cm]?tsx?$", path) and not code.endswith((";", ","))
    marks = re.search(r"^\s+(?:readonly )?\w+\??: [^\n]*;\s*$", text, re.MULTILINE)
    return f"{code};" if script and marks else code
