"""What kind of file a path is of: a test, a script, a document, of which language."""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.markdown.importing.words.filelist import EXTENSIONS
from runbook.markdown.importing.words.vocabulary import has, spelled

# What fences call a language, and the endings of its files.
_LANGUAGES = {
    name: frozenset(endings.split())
    for names, endings in (
        ("css", "css"),
        ("go", "go"),
        ("html", "html htm vue svelte"),
        ("java", "java"),
        ("js javascript", "js mjs cjs jsx"),
        ("json", "json jsonc webmanifest"),
        ("jsx", "jsx js"),
        ("py python", "py pyi"),
        ("rs rust", "rs"),
        ("ruby", "rb"),
        ("scss", "scss"),
        ("sql", "sql"),
        ("svg", "svg"),
        ("swift", "swift tmpl template"),
        ("toml", "toml lock"),
        ("ts typescript", "ts mts tsx"),
        ("tsx", "tsx"),
        ("yaml yml", "yaml yml"),
    )
    for name in names.split()
}
_ENDINGS = frozenset(ending for endings in _LANGUAGES.values() for ending in endings)
_TEST = spelled(r"(^|/)(tests?|__tests__|spec)/|(^|[/_.-])(test|spec)s?[_.-]|[_.-](test|spec)s?\.")
_SCRIPT = spelled(
    r"\.(sh|bash|bats|zsh|ksh)$|(^|/)(bin|hooks|scripts|libexec|\.?husky|\.githooks)/(.*/)?[^./]+$"
)
# Whether a remark on a file to create says that it may be there: "or add to the old one".
maybe_there = has(
    r"\bor (add|extend|append|update|modify|edit|existing)|\bif (it |not |doesn't |does not |"
    r"none |missing|absent|needed)|\bunless\b"
)
# Whether a file is written for people, and may hold anything.
is_document = has(r"\.(md|mdx|markdown|txt|rst|adoc|org)$")


@lru_cache(maxsize=512)
def is_test(path: str) -> bool:
    """Whether a path is of tests."""
    return _TEST.search(path) is not None


@lru_cache(maxsize=512)
def is_script(path: str) -> bool:
    """Whether a path is of a shell script: by its ending, or its folder where it has none."""
    return _SCRIPT.search(path) is not None


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
