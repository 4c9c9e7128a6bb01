"""What can be said of structural edits without their library: languages and variables."""

from __future__ import annotations

from runbook.core.patterns import regex

# As ast-grep calls them, with the endings of their files.
LANGUAGES: dict[str, tuple[str, ...]] = {
    "bash": ("sh", "bash"),
    "c": ("c", "h"),
    "cpp": ("cc", "cpp", "cxx", "hpp"),
    "csharp": ("cs",),
    "css": ("css",),
    "elixir": ("ex", "exs"),
    "go": ("go",),
    "haskell": ("hs",),
    "html": ("html", "htm"),
    "java": ("java",),
    "javascript": ("js", "jsx", "mjs", "cjs"),
    "json": ("json",),
    "kotlin": ("kt", "kts"),
    "lua": ("lua",),
    "php": ("php",),
    "python": ("py", "pyi"),
    "ruby": ("rb",),
    "rust": ("rs",),
    "scala": ("scala",),
    "swift": ("swift",),
    "tsx": ("tsx",),
    "typescript": ("ts", "mts", "cts"),
    "yaml": ("yaml", "yml"),
}
_BY_ENDING = {ending: name for name, endings in LANGUAGES.items() for ending in endings}

VARIABLE = regex(r"(\$\$\$|\$)([A-Z][A-Z0-9_]*)")
"""`$NAME` stands for one node of the syntax tree, `$$$NAMES` for any number of them."""


def language_of(path: str) -> str | None:
    """The language that a file has by the ending of its name, if it is a known one."""
    return _BY_ENDING.get(path.rpartition("/")[2].rpartition(".")[2].lower())


def variables(text: str) -> set[str]:
    """The variables in a pattern or a rewriting, with their signs."""
    return {found[0] for found in VARIABLE.finditer(text)}
