"""Where a text stands more than once, and the words name the function that is meant."""

from __future__ import annotations

import re

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.operations import Operation, Remove, Replace
from runbook.markdown.importing.places.definitions import source

_NAME = re.compile(r"`(?:\w+\.)*(\w+)(?:\(\))?`")


def meant_elsewhere(text: str | None, path: str, change: Operation, words: str) -> str:
    """Why a change that a line hint would place is not where the words say, or nothing.

    The hint only decides between places that are all alike, and lines drift; a name does not.
    """
    if text is None or not path.endswith(".py") or not isinstance(change, Replace | Remove):
        return ""
    first = change.search.value.strip().split("\n")[0].strip()
    if change.lines is None or sum(line.strip() == first for line in text.split("\n")) < 2:
        return ""
    parsed = source(text)
    if parsed is None:
        return ""
    defined = {each.name for each in parsed.definitions if each.kind != "value"}
    named = {name for name in _NAME.findall(words) if name in defined}
    if len(named) != 1:
        return ""
    (name,) = named
    result = apply(text, change, path)
    if not isinstance(result, Applied) or result.lines is None:
        return ""
    line = result.lines.first - 1
    if any(each.first <= line <= each.last for each in parsed.named(name)):
        return ""
    return f"its line numbers point elsewhere than `{name}`, and its old text stands there too"
