"""PyYAML, loaded for its C parser: the patterns of its parser in Python stay uncompiled.

Compiling them takes half the time of loading it.
"""

from __future__ import annotations

from runbook.core.patterns import uncompiled

with uncompiled():
    import yaml

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

try:
    from yaml._yaml import CParser, get_version
except ImportError as missing:  # pragma: no cover - wheels carry it on every usual platform
    raise ImportError("PyYAML was installed without its C parser (libyaml)") from missing

__all__ = ["CParser", "MappingNode", "Node", "ScalarNode", "SequenceNode", "get_version", "yaml"]
