"""Structural edits as they are stated: patterns, rules, and the variables of both."""

from __future__ import annotations

from runbook.core.edit.syntax import LANGUAGES, language_of, variables
from runbook.core.model.diagnostics import suggestion
from runbook.core.model.operations import Structural, Target
from runbook.format.content import Words
from runbook.format.forms import Report, kind
from runbook.format.texts import TEXT, brief, message
from runbook.format.yamltree import Node, Source


@kind(TEXT, Words)
def pattern(source: Source, node: Node) -> str | None:
    """A pattern: code with variables."""
    stated: str | None = message.read(source, node)
    return None if stated is None else stated.strip("\n")


def check_variables(source: Source, node: Node, rewrite: str, matched: str) -> None:
    """Record a variable of the rewriting that nothing is matched by."""
    unknown = sorted(variables(rewrite) - variables(matched))
    if unknown:
        known = ", ".join(f"`{name}`" for name in sorted(variables(matched))) or "none"
        source.error(
            node, f"`{unknown[0]}` is not matched by anything", f"the variables are: {known}"
        )


def check_language(source: Source, node: Node, language: str) -> None:
    """Record a language that ast-grep does not have."""
    if language not in LANGUAGES:
        hint = suggestion(language, LANGUAGES) or f"it has {', '.join(LANGUAGES)}"
        source.error(node, f"ast-grep has no language `{brief(language)}`", hint)


def fit_structural(
    operation: Structural, targets: tuple[Target, ...], report: Report
) -> Structural:
    """The operation; a file whose language can't be told is reported."""
    for target in targets:
        # A glob is looked at when it is expanded.
        if operation.language is None and isinstance(target, str) and not language_of(target):
            report(
                f"the language of {target} can't be told by its name",
                f"say `language:`, one of {', '.join(LANGUAGES)}",
            )
    return operation
