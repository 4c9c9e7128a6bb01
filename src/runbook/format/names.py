"""Paths, names and people as kinds of values."""

from __future__ import annotations

import re

from runbook.core.model import paths
from runbook.core.model.model import Environment
from runbook.core.model.operations import Glob, Target
from runbook.core.patterns import regex
from runbook.format.content import Content, Inline, Mapping, Plain, Words, mapping
from runbook.format.forms import (
    Form,
    Key,
    Schema,
    check_block,
    either,
    key_name,
    kind,
    read_form,
    refused_mark,
    write_form,
)
from runbook.format.lists import choice
from runbook.format.shown import Shown, code_span
from runbook.format.texts import SOURCE, TEXT, brief, code, is_null_word, scalar, whole
from runbook.format.yamltree import MappingNode, Node, ScalarNode, SequenceNode, Source, is_block

_IDENTIFIER = regex(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
# No absolute path, backslash, `..`, empty or `.` component, and nothing of git's own.
_PATH = (
    r"^(?!/)(?![A-Za-z]:[/\\])(?!.*\\)(?!(.*/)?\.{1,2}(/|$))(?!.*//)(?!.*/$)"
    r"(?!(.*/)?\.[Gg][Ii][Tt](/|$))[\s\S]+$"
)
_WORKTREE = _PATH.replace(r"(?!.*/$)", "")
_FOLDER = _WORKTREE.replace(r"\.{1,2}(/|$)", r"\.\.(/|$)")


def _path_schema(pattern: str) -> Schema:
    return {"type": ["string", "number"], "pattern": pattern}


_IN_SPAN = Shown(code_span, lambda shown: shown[1:-1], r"`[^`]*`")


@kind(_path_schema(_PATH), Inline, shown=_IN_SPAN)
def path(source: Source, node: Node) -> str | None:
    """A literal path in `workdir`."""
    value = scalar(source, node, "a path")
    if value is None:
        return None
    if is_block(node):
        source.error(node, "a path stands on the line of its key, not in a block")
        return None
    objection = paths.objection(value)
    if objection:
        source.error(node, objection, paths.hint(value))
        return None
    return value


@kind(_path_schema(_PATH), Inline, shown=_IN_SPAN)
def new_path(source: Source, node: Node) -> str | None:
    """A literal path that a file is moved to."""
    if isinstance(node, ScalarNode) and node.value.endswith("/") and node.value.strip("/"):
        folder = node.value.rstrip("/")
        hint = f"write the file's name, too: `{folder}/…`"
        source.error(node, f"this is a folder, and no file's new path: `{node.value}`", hint)
        return None
    found: str | None = path.read(source, node)
    return found


def _is_outside(name: str) -> bool:
    return name.startswith("/") or ".." in name.split("/")


@kind(_path_schema(_FOLDER), Inline)
def folder(source: Source, node: Node) -> str | None:
    """A literal path of a folder, with or without a `/` at its end; `.` is where it starts."""
    if isinstance(node, ScalarNode):
        name = str(node.value).rstrip("/")
        if name == ".":
            return "."
        if name and not paths.objection(name):
            return name
        if _is_outside(node.value):
            hint = "write it from the repository's top, without `..`"
            source.error(node, "the folder is not named from inside the repository", hint)
            return None
    found: str | None = path.read(source, node)
    return found


@kind(_path_schema(_WORKTREE), Inline)
def worktree(source: Source, node: Node) -> str | None:
    """A folder other than the main worktree itself."""
    if isinstance(node, ScalarNode) and _is_outside(node.value):
        name = node.value.rstrip("/").rpartition("/")[2]
        hint = None if name == ".." else f"write `.worktrees/{name}`"
        source.error(node, "a linked worktree stands inside the repository", hint)
        return None
    value: str | None = folder.read(source, node)
    if value == ".":
        source.error(node, "a linked worktree stands in a folder of its own")
        return None
    return value


GLOB = Form(
    "a glob",
    {
        "glob": Key(path, "pattern", "a pattern over tracked files", required=True),
        "where": Key(choice("contains"), "where", "those that hold the text looked for"),
    },
    Glob,
    tight=True,
)


def _write_target(stated: Target) -> Content:
    if isinstance(stated, Glob):
        return mapping(write_form(GLOB, stated), tight=True)
    return Inline(stated)


@kind(
    either({"type": "object"}, {"$ref": "#/definitions/glob"}, _path_schema(_PATH)), _write_target
)
def target(source: Source, node: Node) -> Target | None:
    """A path, or `{glob: PATTERN}`."""
    if not isinstance(node, MappingNode):
        found: Target | None = path.read(source, node)
        return found
    stated = read_form(source, node, GLOB)
    pattern = stated.get("pattern")
    return None if pattern is None else Glob(pattern, stated.get("where"))


_VARIABLE = "[A-Za-z_][A-Za-z0-9_]*"


@kind(TEXT | {"pattern": f"^{_VARIABLE}$"}, Inline)
def variable(source: Source, node: Node) -> str | None:
    """The name of a variable of the environment."""
    alone = "write the name alone; what it holds comes from your environment"
    name = scalar(source, node, "a variable's name", alone)
    if name is None or re.fullmatch(_VARIABLE, name):
        return name
    bare = re.sub(r"^\$\{?|\}$", "", name).partition("=")[0]
    hint = f"write `{bare}`" if re.fullmatch(_VARIABLE, bare) else None
    source.error(node, f"`{brief(name)}` can't be a variable's name", hint)
    return None


@kind(
    {
        "type": "object",
        "propertyNames": {"pattern": f"^{_VARIABLE}$"},
        "additionalProperties": SOURCE,
    },
    lambda env: Mapping(tuple((name, Words(text)) for name, text in env), tight=True),
)
def environment(source: Source, node: Node) -> Environment | None:
    """A mapping of variable names to texts."""
    if not isinstance(node, MappingNode):
        where = "without `- `" if isinstance(node, SequenceNode) else "on a line of its own"
        hint = f"write `NAME: value` {where}"
        source.error(node, "a mapping of variable names to values is expected here", hint)
        return None
    values: dict[str, str] = {}
    for key_node, value_node in node.value:
        name = key_name(source, key_node)
        if name is None:
            continue
        if not re.fullmatch(_VARIABLE, name):
            source.error(key_node, f"`{brief(name)}` can't be a variable's name")
        elif name in values:
            source.error(key_node, f"duplicate key `{name}`", "remove one of the two")
        elif isinstance(value_node, ScalarNode) and not value_node.style and not value_node.value:
            source.error(value_node, f"`{name}` has no value", 'an empty value is `""`')
        elif not refused_mark(source, value_node):
            check_block(source, value_node, key_node.start_mark.column)
            value = value_node.value
            if not is_null_word(value_node):
                value = whole(source, value_node)
            if value is not None and "\0" in value:
                source.error(value_node, "a variable can't hold a NUL character")
            values[name] = value or ""
    return tuple(values.items())


@kind(TEXT | {"pattern": r"^[a-z0-9]+([-_.][a-z0-9]+)*$"}, Plain)
def identifier(source: Source, node: Node) -> str | None:
    """A name in lower case that can stand in an identifier such as `phase-3/NAME`."""
    value = scalar(source, node, "an identifier")
    if value is not None and not _IDENTIFIER.fullmatch(value):
        plain = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        hint = "use a-z, 0-9 and `-`"
        if plain and value.isascii():
            hint = f"{hint}: `{brief(plain)}`"
        source.error(node, f"`{brief(value)}` can't be an identifier", hint)
        return None
    return value


@kind({"type": "string", "pattern": r"^[A-Za-z0-9-]+: \S[^\n]*$"}, Inline)
def trailer(source: Source, node: Node) -> str | None:
    """A commit trailer, `Key: value`, on one line without control characters."""
    if isinstance(node, MappingNode) and all(
        isinstance(each, ScalarNode) for _, each in node.value
    ):
        texts = [f'"{key.value}: {each.value}"' for key, each in node.value]
        hint = f"write `{texts[0]}`" if len(texts) == 1 else f"write `[{', '.join(texts)}]`"
        source.error(node, "a trailer is a text, and this is a mapping", hint)
        return None
    value: str | None = code.read(source, node)
    if value is None:
        return None
    if not re.fullmatch(r"[A-Za-z0-9-]+: \S.*", value) or not value.isprintable():
        source.error(node, "a trailer is one line `Key: value`, without control characters")
        return None
    return value


@kind({"type": "string", "pattern": r"^[^<>\n]*[^<>\s][^<>\n]* <[^<>\s]+>$"}, Inline)
def co_author(source: Source, node: Node) -> str | None:
    """A person as git writes one: `Name <email>`."""
    value: str | None = code.read(source, node)
    if value is None:
        return None
    if not re.fullmatch(r"[^<>]*[^<>\s][^<>]* <[^<>\s]+>", value) or not value.isprintable():
        shown = value[:60].replace("\n", " ")
        source.error(
            node, f"`{shown}` is not `Name <email>`", "one person on one line; several are a list"
        )
        return None
    return value
