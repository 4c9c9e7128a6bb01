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
    owners: tuple[str, ...] = ()  # what has methods, and the like, in its body
    inner: tuple[str, ...] = ()  # owners that may stand in others
    fields: tuple[str, ...] = ()  # that are looked up in what owns them, as values or functions
    cases: tuple[str, ...] = ()
    values: tuple[str, ...] = ()  # that name what they hold in a part of theirs
    constants: tuple[str, ...] = ()  # that name it themselves
    around: str = ""  # what a member alone is read in
    around_cases: str = ""
    alike: bool = False  # functions and values of a type look like those of none
    deep: bool = False  # what a type holds is looked up, also in a type within it
    method: str = "(?!)"  # an expression of what only a method says
    raw: tuple[str, ...] = ()  # marks of strings whose indentation is part of them

    @property
    def members(self) -> tuple[str, ...]:
        """What is looked up in the body of an owner."""
        kinds = (*self.methods, *self.functions, *self.fields, *self.cases)
        return (*kinds, *self.types) if self.deep else kinds


_SCRIPT = Grammar(
    functions=("function_declaration", "generator_function_declaration"),
    methods=("method_definition",),
    types=(
        "class_declaration", "abstract_class_declaration", "interface_declaration",
        "enum_declaration", "type_alias_declaration",
    ),
    owners=("class_declaration", "abstract_class_declaration"),
    values=("lexical_declaration", "variable_declaration"),
    around="class It",
    raw=("`", '"""'),
)  # fmt: skip
_RUST = Grammar(
    functions=("function_item",),
    types=("struct_item", "enum_item", "trait_item", "type_item", "union_item"),
    owners=("impl_item", "trait_item"),
    constants=("const_item", "static_item"),
    around="impl It",
    alike=True,
    method=r"\bfn \w+(?:<[^>]*>)?\(\s*(?:&\s*)?(?:'\w+\s+)?(?:mut\s+)?self\b",
    raw=("`", '"""'),
)
_GO = Grammar(
    functions=("function_declaration",),
    methods=("method_declaration",),
    values=("type_declaration", "const_declaration", "var_declaration"),
    raw=("`", '"""'),
)
_SWIFT = Grammar(
    functions=("function_declaration",),
    methods=("init_declaration",),
    types=("class_declaration", "protocol_declaration", "typealias_declaration"),
    owners=("class_declaration", "protocol_declaration"),
    inner=("class_declaration",),
    fields=("property_declaration",),
    cases=("enum_entry",),
    around="class It",
    around_cases="enum It",
    alike=True,
    deep=True,
)
GRAMMARS = {
    "javascript": _SCRIPT, "typescript": _SCRIPT, "tsx": _SCRIPT, "rust": _RUST, "go": _GO,
    "swift": _SWIFT,
}  # fmt: skip


def grammar_of(path: str) -> Grammar:
    """The row of a file's language; an empty one where that is none of the table."""
    return GRAMMARS.get(language_of(path) or "", Grammar())
