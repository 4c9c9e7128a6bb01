"""How a file is told to be a report that runbook wrote, in whatever form."""

from __future__ import annotations

from runbook.core.patterns import regex

REPORT = "report that runbook wrote"

JUNIT_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!-- runbook -->\n'
"""How the XML begins: test runners write such files as well."""

_PAGE = regex(
    r"<!doctype html>\n<html[^\n]*\n<head>\n(<meta[^\n]*\n)*"
    r'<meta name="generator" content="runbook '
)
_MARKDOWN = regex(r"## [^\n]*\n\n\*\*[^\n]+\*\* · ")


def is_report(text: str) -> bool:
    """Whether a text is a report as a page, as Markdown or as JUnit XML, by its beginning."""
    if text.startswith(JUNIT_HEAD):
        return True
    return any(pattern.match(text) for pattern in (_PAGE, _MARKDOWN))
