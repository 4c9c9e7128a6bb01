"""Of what kind a file is by its path: tests, a script, a document, a language."""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.core.handover import steering
from runbook.markdown.importing.words.vocabulary import has, spelled

# For names without a folder, which `module.attribute` could be as well.
EXTENSIONS = frozenset({
    "astro", "bash", "bats", "c", "cc", "cfg", "cjs", "conf", "cpp", "cs", "css", "csv", "dart",
    "env", "ex", "exs", "go", "gradle", "graphql", "h", "hpp", "html", "ini", "java", "js",
    "json", "jsonl", "jsx", "kt", "less", "lock", "lua", "m", "md", "mdx", "mjs", "mts", "php",
    "pl", "plist", "prisma", "proto", "ps1", "py", "pyi", "r", "rb", "rs", "rst", "sass", "scala",
    "scss", "sh", "sql", "svelte", "svg", "swift", "tcl", "tex", "tf", "tmpl", "toml", "ts",
    "tsv", "tsx", "txt", "vue", "xml", "yaml", "yml", "zig", "zsh",
})  # fmt: skip

# What fences call a language, and the endings of its files.
_LANGUAGES = {
    name: frozenset(endings.split())
    for names, endings in (
        ("css", "css vue svelte astro"),
        ("go", "go"),
        ("html", "html htm vue svelte astro"),
        ("java", "java"),
        ("js javascript", "js mjs cjs jsx vue svelte astro"),
        ("json", "json jsonc webmanifest"),
        ("jsx", "jsx js"),
        ("py python", "py pyi"),
        ("rs rust", "rs"),
        ("ruby", "rb"),
        ("scss", "scss vue svelte astro"),
        ("sql", "sql"),
        ("svg", "svg"),
        ("swift", "swift tmpl template"),
        ("toml", "toml lock"),
        ("ts typescript", "ts mts tsx vue svelte astro"),
        ("tsx", "tsx"),
        ("yaml yml", "yaml yml"),
    )
    for name in names.split()
}
_ENDINGS = frozenset(ending for endings in _LANGUAGES.values() for ending in endings)
_TEST = spelled(r"(^|[/_.-])(test|spec)s?[_.-]|[_.-](test|spec)s?\.")
_SCRIPT = spelled(
    r"\.(sh|bash|bats|zsh|ksh)$|(^|/)(bin|hooks|scripts|libexec|\.?husky|\.githooks)/(.*/)?[^./]+$"
)
_OF_SCRIPT = re.compile(r"\.[cm]?[jt]sx?$")
_A_TEST = spelled(r"\s*(//[^\n]*\n\s*)*(it|test)(\.\w+)*\(")
_BODY = spelled(r"=>|\bfunction\b")
_LOADS = spelled(
    r"\bimport\b|\brequire\(|\b(fs|readFile\w*|fetch|page|globalThis|window|document)\b"
)
# Whether a file is written for people, and may hold anything.
is_document = has(r"\.(md|mdx|markdown|txt|rst|adoc|org)$")


def is_part_only(path: str, code: str) -> bool:
    """Whether a block is only a part of a file of its kind.

    That is one of a component's: its script, styles; or a test that loads nothing it could test.
    """
    if path.endswith((".vue", ".svelte", ".astro")):
        return not re.match(r"\s*(?:<|---)", code)
    begins = _A_TEST.match(code) if _OF_SCRIPT.search(path) and is_test(path) else None
    return begins is not None and bool(_BODY.search(code)) and not _LOADS.search(code)


@lru_cache(maxsize=512)
def is_test(path: str) -> bool:
    """Whether a path is of tests."""
    return _TEST.search(path) is not None or steering.is_test(path)


@lru_cache(maxsize=512)
def is_script(path: str) -> bool:
    """Whether a path is of a shell script: by its ending, or its folder where it has none."""
    return _SCRIPT.search(path) is not None


_CALLED_LIKE = {"php", "java", "kt", "cs", "swift"}
_TYPE = r"^(?:[\w()@]+ )*(?:class|struct|enum|interface|trait|protocol|actor|object|record) "


def called_like(path: str, code: str) -> bool:
    """Whether a block defines what a file is called like, where files are called so."""
    stem, _, ending = path.rpartition("/")[2].partition(".")
    defines = rf"{_TYPE}{re.escape(stem)}\b"
    return ending in _CALLED_LIKE and re.search(defines, code, re.MULTILINE) is not None


@lru_cache(maxsize=512)
def fits(path: str, info: str) -> bool:
    """Whether a block's language can be that of the file."""
    language = info.split(" ")[0].split("{")[0].lower()
    endings = _LANGUAGES.get(language)
    name = path.rsplit("/", 1)[-1]
    if endings is None or "." not in name:
        # What is shown as text in a plan is an output or a picture, but for files of text.
        shown = language in ("text", "plaintext", "console", "output", "tree", "mermaid", "dot")
        return not shown or bool(re.search(r"\.(?:txt|md|tsv|csv|log|rst)$|^[^.]+$", name))
    parts = name.lower().split(".")[1:]
    if not (_ENDINGS | EXTENSIONS) & set(parts):
        # An ending that is nobody's: the plan says what is in it.
        return True
    return any(part in endings for part in parts)
