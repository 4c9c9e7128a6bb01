"""Files that are lists: of lines, of rules of a style sheet, of variables. Their order is free."""

from __future__ import annotations

import re


def can_end(text: str, path: str, code: str) -> bool:
    """Whether a block is more of what a file lists."""
    return _listed(path, code) or _styles(path, code, text) or _settings(path, code, text)


def _listed(path: str, code: str) -> bool:
    """Whether a block is lines of a file that is a list of such."""
    name = path.rsplit("/", 1)[-1]
    pattern = r"\.(?:git|docker|npm|eslint|prettier)ignore|requirements[\w.-]*\.txt"
    return bool(re.fullmatch(pattern, name)) and not re.search(r"\n\s*\n\S|^\[", code)


def _styles(path: str, code: str, text: str) -> bool:
    """Whether a block is whole rules of a style sheet that has none of their selectors."""
    bare = re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL)
    if not re.search(r"\.(?:css|scss|less)$", path) or bare.count("{") != bare.count("}"):
        return False
    heads = re.findall(r"^(\S[^{}\n]*?)\s*\{", bare, re.MULTILINE)
    loose = re.sub(
        r"^\S[^{}]*\{.*?^\}|^\S[^{}\n]*\{[^{}\n]*\}", "", bare, flags=re.MULTILINE | re.DOTALL
    )
    there = {line.rstrip(" {,").strip() for line in text.split("\n")}
    new = [each for each in heads if not each.startswith("@media")]
    return bool(heads) and not loose.strip() and not there.intersection(new) and code not in text


def _settings(path: str, code: str, text: str) -> bool:
    """Whether a block is variables of an environment file that has none of them."""
    name = path.rsplit("/", 1)[-1]
    keys = re.compile(r"^#?[ ]?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
    lines = [line for line in code.split("\n") if line.strip() and not line.startswith("#")]
    whole = all(keys.match(line) for line in lines) and bool(keys.findall(code))
    return bool(re.match(r"\.env(?:\.|$)", name)) and whole and not (
        set(keys.findall(code)) & set(keys.findall(text))
    )  # fmt: skip
