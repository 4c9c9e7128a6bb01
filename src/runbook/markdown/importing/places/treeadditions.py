"""What is added to JavaScript, TypeScript, Rust and Go behind what is of its kind, by ast-grep."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from runbook.core.matching.texts import Text
from runbook.core.model.operations import Append, Operation
from runbook.markdown.importing.places import swift
from runbook.markdown.importing.places.grammars import COMPONENTS, grammar_of
from runbook.markdown.importing.places.inplace import anchored, in_place, made_of
from runbook.markdown.importing.places.lines import margin_of, moved_to, next_filled, plain_lines
from runbook.markdown.importing.places.suites import TESTS
from runbook.markdown.importing.places.treesymbols import (
    last_line,
    names,
    only_code,
    root_of,
    top,
)

_WHOLE_NAMES = ("namespace_use_declaration", "using_directive")  # of PHP and C#
_IMPORTS = ("import_statement", "use_declaration", "extern_crate_declaration", *_WHOLE_NAMES)
_BOUND = re.compile(r"(\w+)\s*(?=[,;}])")  # what PHP then calls it
_OF_SWIFT = "import_declaration"  # and of Go, which quotes what it imports
_BESIDE = ("comment", "line_comment", "block_comment", "attribute_item", ";")
_ITEMS = (
    "struct_item", "enum_item", "union_item", "trait_item", "impl_item", "function_item",
    "type_item", "const_item", "static_item", "mod_item",
)  # fmt: skip
_OWNERS = (
    "class_declaration", "abstract_class_declaration", "interface_declaration", "struct_item",
    "enum_item", "trait_item", "impl_item",
)  # fmt: skip

_NAMESPACE = "namespace_declaration"  # of C# and PHP, with a body
_TYPES_OF_GO = ("struct_type", "interface_type")
_OF_GO = ("function_declaration", "method_declaration", "type_declaration")
_MEMBERS = (
    "enum_variant", "field_declaration", "property_signature", "enum_assignment", "method_elem",
    "method_spec",
)  # fmt: skip


def imported(text: str, path: str, code: str, grows: bool = False) -> Operation | str:
    """The insertion of imports, or of modules, behind the last of their kind.

    Where an import only `grows`, it takes the place of the one that it has all the names of.
    """
    there, block = root_of(text, path), root_of(code, path)
    if there is None or block is None:
        return ""
    own = [each for each in block.children() if each.kind() not in _BESIDE]
    kinds = {_kind(each) for each in own}
    if not kinds or not (kinds <= {"import", "module"} or kinds == {"re-export"}):
        return ""
    grown = _grown(text, there, own)
    if grown is not None or grows:
        return grown or ""
    same = [each for each in there.children() if _kind(each) in kinds]
    if any(each.kind() in _WHOLE_NAMES for each in own) and not _are_new(own, same, code):
        return ""
    if kinds == {"import", "module"} and not _at_head(there, same):
        return ""
    lines = plain_lines(text)
    if not same or {line.strip() for line in code.split("\n") if line.strip()} <= {
        line.strip() for line in lines
    }:
        return ""
    first, last = same[-1].range().start.line, last_line(same[-1])
    marks = (each for each in there.children() if each.kind() == "directive")
    if any(each.range().start.line < first for each in marks):
        return ""  # of Swift: it may stand under a condition
    return anchored(text, lines, first, last, "after", code.strip("\n").split("\n")) or ""


def _are_new(own: list[Any], there: list[Any], code: str) -> bool:
    """Whether what PHP and C# import is not there by now, and is imported: a class uses traits."""
    if own[0].kind() == "using_directive":
        had = {each.text() for each in there}
        return not any(each.text() in had or each.text().startswith("global") for each in own)
    taken = {name for each in there for name in _BOUND.findall(each.text())}
    names = [name for each in own for name in _BOUND.findall(each.text())]
    return "\\" in code and code[:1].strip() != "" and taken.isdisjoint(names)


def below_imports(text: str, path: str, code: str) -> Operation | str:
    """The insertion of definitions that a file has not, below the imports that it begins with."""
    there, block = root_of(text, path), root_of(code, path)
    if there is None or block is None or names(code, path) & names(text, path):
        return ""
    own = [each for each in block.children() if each.kind() not in _BESIDE]
    head = [each for each in there.children() if _kind(each) == "import"]
    if not own or not head or not _at_head(there, head) or not _all_named(own, code, path):
        return ""
    lines, new = plain_lines(text), ["", *code.strip("\n").split("\n")]
    first, last = head[-1].range().start.line, last_line(head[-1])
    apart = [""] if lines[last + 1 : last + 2] not in ([""], []) else []
    return anchored(text, lines, first, last, "after", [*new, *apart]) or ""


def _all_named(nodes: list[Any], code: str, path: str) -> bool:
    """Whether each of some nodes defines a name, and none imports one."""
    return len(names(code, path)) == len(nodes) and "import" not in map(_kind, nodes)


def _grown(text: str, root: Any, own: list[Any]) -> Operation | str | None:
    """The import in place of the one of the same module that has fewer names.

    Nothing, where it has some of them only, or there are more; `None` where the file has none.
    """
    of = {each: _imported_from(each) for each in root.children()}
    same = [
        (new, old)
        for new in own
        for old, said in of.items()
        if said and said[0] == _imported_from(new)[0] and said[1] & _imported_from(new)[1]
    ]
    same = [(new, old) for new, old in same if new.text().strip(";") != old.text().strip(";")]
    if not same:
        return None
    (new, old), lines = same[0], plain_lines(text)
    if len(same) > 1 or len(own) > 1 or not _imported_from(old)[1] <= _imported_from(new)[1]:
        return ""
    first, last = old.range().start.line, last_line(old)
    return in_place(text, lines, first, last, new.text().strip("\n").split("\n")) or ""


def imports_apart(text: str, path: str, code: str) -> tuple[tuple[Operation, ...], str] | None:
    """What puts the imports that a block begins with to those of its file, and the rest of it.

    `None` where one can't be told apart, or has no place: what it names is of another module.
    """
    block = root_of(code, path)
    heads = [each for each in block.children() if _kind(each) == "import"] if block else []
    if not heads:
        return (), code
    made: list[Operation] = []
    for node in heads:
        of, names = _imported_from(node)
        there = [each for each in map(_imported_from, root_of(text, path).children()) if each[0]]
        if not of or any(names & had for module, had in there if module != of):
            return None
        if any(names <= had for module, had in there if module == of):
            continue
        change = imported(text, path, f"{node.text()}\n")
        grown = None if isinstance(change, str) else made_of(text, change)
        if isinstance(change, str) or grown is None or root_of(grown, path) is None:
            return None
        made.append(change)
        text = grown
    lines, last = code.split("\n"), last_line(heads[-1]) + 1
    own = "\n".join(each.text() for each in heads).split("\n")
    rest = "\n".join(lines[last:]).lstrip("\n")
    apart = [line for line in lines[:last] if line.strip()] == own
    return (tuple(made), rest) if apart and rest.strip() else None


def _imported_from(node: Any) -> tuple[str, set[str]]:
    """The module that a statement imports from, or hands on, and the names that it has of it."""
    if _kind(node) not in ("import", "re-export"):
        return "", set()
    text = " ".join(node.text().rstrip(";").split())
    if node.kind() in (_OF_SWIFT, *_WHOLE_NAMES):
        return text, {text}
    said = re.fullmatch(
        r"(?P<head>(?:pub(?:\([^()]*\))?\s+)?use\s+[\w:]+::|(?:import|export)(?:\s+type)?\s)\s*"
        r"(?:(?P<whole>\w+|\*\s+as\s+\w+)\s*,?\s*)?(?:\{(?P<names>[^{}]*)\})?(?P<rest>\s*from\s.*)?",
        text,
    )
    if said is None:
        return "", set()
    names = {name.strip() for name in (said["names"] or "").split(",") if name.strip()}
    whole = {f"={said['whole']}"} if said["whole"] else set()
    return f"{said['head'].strip()} {(said['rest'] or '').strip()}", names | whole


def _at_head(root: Any, head: list[Any]) -> bool:
    """Whether imports and modules of a file stand above all that it defines."""
    rest = [each for each in root.children() if _kind(each) not in ("import", "module")]
    code = [each for each in rest if not each.kind().endswith(("comment", "attribute_item"))]
    return not head or not code or last_line(head[-1]) < code[0].range().start.line


def _kind(node: Any) -> str:
    if node.kind() in _IMPORTS or (node.kind() == _OF_SWIFT and '"' not in node.text()):
        return "import"
    if node.kind() == "export_statement" and node.field("source") is not None:
        return "re-export"
    if node.kind() == "mod_item" and node.field("body") is None:
        return "module"
    return str(node.kind())


def can_end(text: str, path: str, code: str) -> bool:
    """Whether a block of definitions or tests can stand at the end of a file."""
    there, block = root_of(text, path), root_of(code, path)
    if there is None or block is None or path.endswith((".rs", *COMPONENTS)):
        return False  # Rust files end with their tests, components with what is no script
    nodes = [each for each in block.children() if each.kind() not in ("comment", ";")]
    if not nodes or names(code, path) & names(text, path):
        return False
    tests = [each for each in nodes if TESTS.match(each.text())]
    if tests:
        called = {each.text().partition("(")[0].partition(".")[0] for each in tests}
        top = {each.text().partition("(")[0].partition(".")[0] for each in there.children()}
        return len(tests) == len(nodes) and called <= top
    if any(_kind(each) == "import" for each in nodes):
        return False
    if grammar_of(path).nests:
        return swift.can_end(text, path, code)
    if path.endswith(".go"):
        whole = all(each.kind() in _OF_GO for each in nodes)
        return whole and not _go_methods(nodes) & _go_methods(there.children())
    if not grammar_of(path).functions:
        # In Java and C#, functions stand in types alone, and types in what the file opens for them.
        opened = any(each.kind() == _NAMESPACE for each in there.children())
        return not opened and all(each.kind() in grammar_of(path).types for each in nodes)
    kinds = ("declaration", "item", "export_statement")
    # What has a value may be wanted before the end of the file.
    return all(each.kind().endswith(kinds) for each in nodes) and only_code(code, path)


def _go_methods(nodes: list[Any]) -> set[tuple[str, str]]:
    """The methods among what stands at the top of a Go file, with the types that they are of."""
    found = (each for each in nodes if each.kind() == "method_declaration")
    return {(re.findall(r"\w+", each.field("receiver").text())[-1], _name(each)) for each in found}


def rust_added(text: str, path: str, code: str) -> Operation | str:
    """The insertion of items that a Rust file has not, at its end, but above its tests."""
    there, block = root_of(text, path), root_of(code.strip("\n"), path)
    if there is None or block is None:
        return ""
    nodes = [each for each in block.children() if each.kind() not in _BESIDE]
    if not nodes or any(each.kind() not in _ITEMS for each in nodes):
        return ""
    if _rust_names(nodes) & _rust_names(there.children()):
        return ""
    lines = plain_lines(text.rstrip("\n"))
    own = code.strip("\n").split("\n")
    items = [each for each in there.children() if each.kind() not in _BESIDE]
    ends = items[-1] if items and _kind(items[-1]) == "mod_item" else None
    if ends is None:
        return Append(Text("\n".join(["", *own]) + "\n", True))
    if any(each.kind() == "mod_item" for each in nodes):
        return ""
    first = ends.range().start.line
    while first > 0 and re.match(r"#\[|//", lines[first - 1]):
        first -= 1
    return anchored(text, lines, first, last_line(ends), "before", [*own, ""]) or ""


def tests_added(text: str, path: str, code: str) -> Operation | str:
    """The insertion of tests into the module of tests that ends a Rust file."""
    there, block = root_of(text, path), root_of(code.strip("\n"), path)
    if there is None or block is None:
        return ""
    own = code.strip("\n").split("\n")
    wrapped = [each for each in block.children() if each.kind() not in _BESIDE]
    if len(wrapped) == 1 and _name(wrapped[0]) == "tests" and wrapped[0].field("body"):
        first, last = wrapped[0].range().start.line, last_line(wrapped[0])
        inner = [line for line in own[first + 1 : last] if line.strip() != "use super::*;"]
        return tests_added(text, path, "\n".join(inner).strip("\n")) if inner else ""
    functions = [each for each in wrapped if each.kind() == "function_item"]
    tested = sum(bool(re.match(r"\s*#\[(?:\w+::)*test\b", line)) for line in own)
    if functions != wrapped or not functions or tested != len(functions):
        return ""
    modules = [
        each for each in there.children() if each.kind() == "mod_item" and each.field("body")
    ]
    if len(modules) != 1 or _name(modules[0]) != "tests":
        return ""
    lines, body = plain_lines(text), modules[0].field("body").children()
    if _rust_names(functions) & _rust_names(body):
        return "already there: a test of this name is in the file"
    first, last = modules[0].range().start.line, last_line(modules[0])
    moved = moved_to(code, margin_of(next_filled(lines, first + 1)) or "    ")
    if lines[last].strip() != "}" or moved is None:
        return ""
    end = max(at for at in range(first, last) if lines[at].strip())
    return anchored(text, lines, first, end, "after", ["", *moved]) or ""


def _rust_names(nodes: list[Any]) -> set[str]:
    """What items are called; those of an implementation with the type that it is of."""
    found = set()
    for node in nodes:
        if node.kind() != "impl_item":
            found.add(_name(node))
            continue
        body = node.field("body")
        found |= {f"{_name(node)}.{_name(each)}" for each in (body.children() if body else [])}
        if node.field("trait") is not None:
            found.add(_name(node))
    return {each for each in found if each.strip(".") and not each.endswith(".")}


def member(text: str, path: str, code: str, owner: str, beside: str = "") -> Operation | str:
    """The insertion of members behind the last one of a class, struct, interface or the like.

    In Go, they may stand `beside` one of a name, behind that.
    """
    there = root_of(text, path)
    if there is None:
        return ""
    block = root_of(code, path) if path.endswith(".go") else None
    if block is not None and {of for of, _ in _go_methods(block.children())} == {owner}:
        return Append(Text(f"\n{code}", True)) if can_end(text, path, code) else ""
    if any(each.kind != "function" for each in top(code.strip("\n"), path)):
        return ""  # it shows a type, and no members
    functions = re.search(r"^\s*(?:[\w<>]+\s+)*[\w$<>]+\s*\([^\n]*$|\bfn\s", code, re.MULTILINE)
    found = [each for each in _owners(there) if _name(each) == owner]
    if path.endswith(".rs"):
        of_functions = ("impl_item", "trait_item")
        found = [each for each in found if (each.kind() in of_functions) == bool(functions)]
    if len(found) != 1:
        return f"`{owner}` is not defined once in the file"
    lines = plain_lines(text)
    first, end = found[0].range().start.line, last_line(found[0])
    if lines[end].strip() not in ("}", "};") or end - first < 2:
        return ""
    last = end - 1
    while last > first and not lines[last].strip():
        last -= 1
    opens = (at for at in range(first, end) if lines[at].rstrip().endswith("{"))
    own = moved_to(code, margin_of(next_filled(lines, next(opens, first) + 1)))
    if own is None:
        return ""
    listed = found[0].kind() in ("struct_item", "enum_item")
    if listed and not lines[last].rstrip().endswith((",", "}")):
        return ""
    if last == first or re.match(r"\s*(?://|/\*|#)", lines[last]):
        return ""
    if beside:
        named = [each for each in _members(found[0]) if _name(each) == beside]
        if len(named) != 1 or not path.endswith(".go"):
            return f"`{owner}` has no one `{beside}`"
        last = last_line(named[0])
    new = ["", *own] if functions else own
    # What is described stands apart from what comes next.
    gap = functions and last < end - 1 and lines[last + 1].strip()
    change = anchored(text, lines, first, last, "after", [*new, ""] if gap else new)
    if change is None:
        return f"the end of `{owner}` stands elsewhere too"
    whole = made_of(text, change)
    return change if whole is not None and root_of(whole, path) is not None else ""


def method_of_only(text: str, path: str, code: str) -> Operation | str:
    """The insertion of methods behind the last member of the only class of a Java or C# file."""
    there, block = root_of(text, path), root_of(f"class It {{\n{code}\n}}", path)
    if there is None or block is None or len(block.children()) != 1:
        return ""
    owners = _owners(there)
    body = block.children()[0].field("body")
    own = [each for each in body.children()[1:-1] if not each.kind().endswith("comment")]
    methods = grammar_of(path).methods
    if len(owners) != 1 or not own or any(each.kind() not in methods for each in own):
        return ""
    if not owners[0].kind().startswith("class"):
        return ""  # an interface says what methods do elsewhere
    name = _name(owners[0])
    inside = owners[0].field("body").children()
    taken = {_name(each) for each in inside if each.kind() in methods} & set(map(_name, own))
    if taken:
        return f"already there: `{min(taken)}` is in `{name}`"
    return member(text, path, code, name)


def member_names(text: str, path: str) -> Counter[str]:
    """The variants, fields and properties of each type of a file, as `Type.name`."""
    root, found = root_of(text, path), Counter[str]()
    for owner in _owners(root) if root is not None else ():
        named = filter(None, map(_name, _members(owner)))
        found.update(f"{_name(owner)}.{name}" for name in named)
    return found


def _members(owner: Any) -> list[Any]:
    """The variants, fields and the like of a type; a type of Go has them below what it is."""
    body = owner.field("body")
    within = body.children() if body else []
    if body is None and (of := owner.field("type")) is not None:
        within = [each for child in of.children() for each in (child, *child.children())]
    return [each for each in within if each.kind() in _MEMBERS]


def _owners(root: Any) -> list[Any]:
    found = []
    for node in root.children():
        inner = node.field("declaration") or node
        specs = node.children() if node.kind() == "type_declaration" else []  # of Go
        typed = ((each, each.field("type")) for each in specs)
        found += [each for each, of in typed if of and of.kind() in _TYPES_OF_GO]
        found += [inner] if inner.kind() in _OWNERS else []
        found += _owners(node.field("body")) if node.kind() == _NAMESPACE else []
    return found


def _name(node: Any) -> str:
    if node.kind() == "impl_item":
        # An implementation of a trait has members of its own.
        of, trait = str(node.field("type").text()), node.field("trait")
        return of if trait is None else f"{trait.text()} for {of}"
    named = node.field("name")
    return "" if named is None else str(named.text())
