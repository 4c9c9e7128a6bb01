"""What ast-grep calls that which a language has: a row for each that is looked up."""

from __future__ import annotations

from runbook.core.edit.syntax import language_of
from runbook.core.value import value


@value
class Grammar:
    """The kinds of nodes of a language, and what else of it matters to who adds to a file."""

    functions: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()  # what has members in its body
    fields: tuple[str, ...] = ()  # and other members that are no functions
    values: tuple[str, ...] = ()  # that name what they hold in a part of theirs
    constants: tuple[str, ...] = ()  # that name it themselves
    around: tuple[str, ...] = ()  # what members alone are read in, one or the other
    alike: bool = False  # functions and values of a type look like those of none
    nests: bool = False  # types stand in others as well, and nothing but Swift does
    raw: tuple[str, ...] = ()  # marks of strings whose indentation is part of them
    method: str = "(?!)"  # an expression of what only a method says

    @property
    def members(self) -> tuple[str, ...]:
        """What is looked up in the body of an owner."""
        return (*self.methods, *self.functions, *self.fields, *(self.types * self.nests))


_SCRIPT = Grammar(
    functions=("function_declaration", "generator_function_declaration"),
    methods=("method_definition",),
    types=(
        "class_declaration", "abstract_class_declaration", "interface_declaration",
        "enum_declaration", "type_alias_declaration",
    ),
    owners=("class_declaration", "abstract_class_declaration", "interface_declaration"),
    fields=("public_field_definition", "field_definition", "property_signature"),
    values=("lexical_declaration", "variable_declaration"),
    around=("class It",),
    raw=("`", '"""'),
)  # fmt: skip
_RUST = Grammar(
    functions=("function_item",),
    types=("struct_item", "enum_item", "trait_item", "type_item", "union_item"),
    owners=("impl_item", "trait_item", "struct_item", "enum_item"),
    fields=("field_declaration", "enum_variant"),
    constants=("const_item", "static_item"),
    around=("impl It", "struct It", "enum It"),
    alike=True,
    raw=("`", '"""'),
    method=r"\bfn \w+(?:<[^>]*>)?\(\s*(?:&\s*)?(?:'\w+\s+)?(?:mut\s+)?self\b",
)
_GO = Grammar(
    functions=("function_declaration",),
    methods=("method_declaration",),
    owners=("type_spec",),
    fields=("field_declaration", "method_elem", "method_spec"),
    values=("type_declaration", "const_declaration", "var_declaration"),
    around=("", "type It struct", "type It interface"),
    raw=("`", '"""'),
)
_SWIFT = Grammar(
    functions=("function_declaration",),
    methods=("init_declaration", "protocol_function_declaration"),
    types=("class_declaration", "protocol_declaration", "typealias_declaration"),
    owners=("class_declaration", "protocol_declaration"),
    fields=("property_declaration", "enum_entry"),
    around=("class It", "enum It", "protocol It"),
    alike=True,
    nests=True,
)
_CLASSES = (
    "class_declaration", "interface_declaration", "trait_declaration", "enum_declaration",
    "record_declaration", "struct_declaration",
)  # fmt: skip
_PHP = Grammar(
    functions=("function_definition",),
    methods=("method_declaration",),
    types=_CLASSES,
    owners=_CLASSES,
    fields=("property_declaration", "const_declaration", "enum_case"),
    around=("<?php class It", "<?php interface It", "<?php enum It"),
    raw=("<<<",),
)
_JAVA = Grammar(  # and C#
    methods=("method_declaration", "constructor_declaration"),
    types=_CLASSES,
    owners=_CLASSES,
    fields=("field_declaration", "property_declaration"),
    around=("class It", "interface It"),
    raw=('"""', '@"'),
)
GRAMMARS = {
    "javascript": _SCRIPT, "typescript": _SCRIPT, "tsx": _SCRIPT, "rust": _RUST, "go": _GO,
    "swift": _SWIFT, "php": _PHP, "java": _JAVA, "csharp": _JAVA,
}  # fmt: skip


# Of a component its script is read: there, all that is JavaScript is TypeScript as well.
COMPONENTS = (".vue", ".svelte")


def read_as(path: str) -> str:
    """The language that the code of a file is read as; nothing where none is known."""
    return "typescript" if path.endswith(COMPONENTS) else language_of(path) or ""


def grammar_of(path: str) -> Grammar:
    """The row of a file's language; an empty one where that is none of the table."""
    return GRAMMARS.get(read_as(path), Grammar())
