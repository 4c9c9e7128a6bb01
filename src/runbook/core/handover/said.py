"""What a delegate says of itself in its output: as lines, or as the JSON that agents print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress

from runbook.core.patterns import regex

_LONGEST = 500
"""Characters of a reason that are told."""

_LINE = 200
"""Characters of a line that is told without being meant as a reason."""

_SESSION = regex(r'"session_id"\s*:\s*"([\w.-]{1,200})"')
_COST = regex(r'"total_cost_usd"\s*:\s*(\d{1,20}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,2})?)\s*[,}\n]')
# Not what tools gave to an agent, which stands under other names.
_TEXT = regex(r'"(?:result|response|text|message)"\s*:\s*("(?:[^"\\\n]|\\.)*")')


def blocked(output: str) -> str | None:
    """Why a delegate says that the work can't be done, if it does: its last `BLOCKED:` line."""
    for line in _lines(output):
        word, colon, why = line.strip().strip("*_` ").partition(":")
        if colon and word.strip("*_` ") == "BLOCKED":
            return why.strip().strip("*_` ")[:_LONGEST] or "no reason was given"
    return None


def last_words(output: str) -> str:
    """The last line that the output has for people; most often it asks, or says why it failed."""
    lines = (line.strip() for line in reversed(output.splitlines()))
    last = next(filter(None, lines), "")
    if last[:1] in "{}[]":
        texts = (line.strip() for text in _texts(output) for line in reversed(text.splitlines()))
        last = next(filter(None, texts), last)
    return last[:_LINE]


def session(output: str) -> str:
    """The conversation that the output names, by which it can go on; empty where none."""
    found = _SESSION.search(output)
    return found[1] if found else ""


def cost(output: str) -> str:
    """What it cost, as the output says it at its end; empty where it does not."""
    found = _COST.findall(f"{output}\n")
    return f"${float(found[-1]):.2f}" if found else ""


def _lines(output: str) -> Iterator[str]:
    """The lines, the last first; then those of texts in JSON."""
    yield from reversed(output.splitlines())
    for text in _texts(output):
        yield from reversed(text.splitlines())


def _texts(output: str) -> Iterator[str]:
    """The texts in JSON, the last first."""
    for quoted in reversed(_TEXT.findall(output)):
        with suppress(ValueError):
            yield json.loads(quoted)
