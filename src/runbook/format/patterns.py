"""Regular expressions: read, and tried before anything runs."""

from __future__ import annotations

import re
import warnings

from runbook.format import scalars
from runbook.format.yamltree import Node, Source


def regex(source: Source, node: Node) -> str | None:
    """A regular expression in Python's syntax."""
    text = scalars.code(source, node)
    if text is None:
        return None
    text = text.removesuffix("\n")
    try:
        with warnings.catch_warnings():
            # That a later Python may read it otherwise is no mistake today.
            warnings.simplefilter("ignore")
            re.compile(text, re.MULTILINE)
    except (re.error, OverflowError, RecursionError) as error:
        source.error(node, f"this is no regular expression: {error}")
        return None
    return text


def template_mistake(pattern: str, template: str) -> str | None:
    """Why a template can't rewrite what a pattern matches, or `None` where it can."""
    try:
        # Compiled before anything is looked for, so that nothing need match.
        re.compile(pattern, re.MULTILINE).sub(template, "")
    except (re.error, IndexError) as error:
        return str(error)
    return None
