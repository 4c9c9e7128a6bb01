"""What kind of file a path is of: a test, a script, a document, of which language."""

from __future__ import annotations

import re
from functools import lru_cache

from runbook.markdown.importing.words.filelist import EXTENSIONS

_LANGUAGES = {
    "css": {"css"},
    "go": {"go"},
    "html": {"html", "htm", "vue", "svelte"},
    "java": {"java"},
    "javascript": {"js", "mjs", "cjs", "jsx"},
    "js": {"js", "mjs", "cjs", "jsx"},
    "json": {"json", "jsonc", "webmanifest"},
    "jsx": {"jsx", "js"},
    "py": {"py", "pyi"},
    "python": {"py", "pyi"},
    "rs": {"rs"},
    "ruby": {"rb"},
    "rust": {"rs"},
    "scss": {"scss"},
    "sql": {"sql"},
    "svg": {"svg"},
    "swift": {"swift", "tmpl", "template"},
    "toml": {"toml", "lock"},
    "ts": {"ts", "mts", "tsx"},
    "tsx": {"tsx"},
    "typescript": {"ts", "mts", "tsx"},
    "yaml": {"yaml", "yml"},
    "yml": {"yaml", "yml"},
}
_ENDINGS = frozenset(ending for endings in _LANGUAGES.values() for ending in endings)
_DOCUMENTS = re.compile(r"\.(?:md|mdx|markdown|txt|rst|adoc|org)$", re.IGNORECASE)


@lru_cache(maxsize=512)
def is_test(path: str) -> bool:
    """Whether a path is of tests."""
    return bool(
        re.search(
            r"(?:^|/)(?:tests?|__tests__|spec)/|(?:^|[/_.-])(?:test|spec)s?[_.-]|[_.-](?:test|"
            r"spec)s?\.",
            path,
        )
    )


@lru_cache(maxsize=512)
def is_script(path: str) -> bool:
    """Whether a path is of a shell script: by its ending, or its folder where it has none."""
    return bool(
        re.search(
            r"\.(?:sh|bash|bats|zsh|ksh)$|(?:^|/)(?:bin|hooks|scripts|libexec|\.?husky|"
            r"\.githooks)/(?:.*/)?[^./]+$",
            path,
        )
    )


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


def maybe_there(remark: str) -> bool:
    """Whether a remark on a file to create says that it may be there: "or add to the old one"."""
    said = re.search(
        r"\bor\s+(?:add|extend|append|update|modify|edit|existing)|"
        r"\bif\s+(?:it\s+|not\s+|doesn't\s+|does\s+not\s+|none\s+|missing|absent|needed)|"
        r"\bunless\b",
        remark,
        re.IGNORECASE,
    )
    return said is not None


def is_document(path: str) -> bool:
    """Whether a file is written for people, and may hold anything."""
    return _DOCUMENTS.search(path) is not None
