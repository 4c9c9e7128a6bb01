"""Structural edits as they are stated: patterns, rules, and the variables of both."""

from __future__ import annotations

from runbook.core.data import Table, show_value
from runbook.core.diagnostics import suggestion
from runbook.core.operations import SetValues, Structural, Target
from runbook.core.syntax import LANGUAGES, language_of, variables
from runbook.format import scalars
from runbook.format.assignments import read_value
from runbook.format.yamltree import MappingNode, Node, Source


def read_pattern(source: Source, node: Node) -> str | None:
    """A pattern: code with variables."""
    pattern = scalars.message(source, node)
    return None if pattern is None else pattern.strip("\n")


def read_rule(source: Source, node: Node) -> str | None:
    """A rule of ast-grep, or a mapping of `rule`, `constraints` and `utils`, as JSON."""
    if not isinstance(node, MappingNode) or not node.value:
        source.error(node, "`rule` is a mapping, such as `rule: {pattern: f($A)}`")
        return None
    before = len(source.diagnostics)
    stated = read_value(source, node)
    if len(source.diagnostics) > before or not isinstance(stated, Table):
        return None
    keys = [key for key, _ in stated.entries]
    if "rule" in keys:
        for key_node, _ in node.value:
            if key_node.value not in ("rule", "constraints", "utils"):
                source.error(
                    key_node,
                    f"`{key_node.value}` has no meaning beside a rule's own `rule`",
                    "there may be `constraints` and `utils`",
                )
    return show_value(stated)


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
        source.error(node, f"ast-grep has no language `{language[:40]}`", hint)


def check_targets(
    source: Source, operation: SetValues | Structural, targets: tuple[Target, ...]
) -> None:
    """Record a file whose language can't be told."""
    from runbook.core.data import language_of as data_language_of

    structural = isinstance(operation, Structural)
    tell = language_of if structural else data_language_of
    for target in targets:
        # A glob is looked at when it is expanded.
        if operation.language is not None or not isinstance(target, str) or tell(target):
            continue
        message = f"`set` can't tell by its name whether {target} is TOML, YAML or JSON"
        hint = "say `language: toml`, `yaml` or `json`"
        if structural:
            message = f"the language of {target} can't be told by its name"
            hint = f"say `language:`, one of {', '.join(LANGUAGES)}"
        source.error_at(operation.at.line - 1, operation.at.column - 1, message, hint)
