"""Fences of Markdown."""

from __future__ import annotations

import re


def fenced(text: str, language: str = "") -> str:
    """A text in a fence longer than any inside it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * max(3, longest + 1)
    body = text if text.endswith("\n") or not text else text + "\n"
    return f"{fence}{language}\n{body}{fence}"
