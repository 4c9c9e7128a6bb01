"""Delegates as they stand in phase files: who works in place of a person, and how."""

from __future__ import annotations

from typing import Any, get_args

from runbook.core.model.delegate import Cause, Confinement, Delegate
from runbook.format.content import Content, Plain, mapping
from runbook.format.forms import Form, Key, either, kind, read_form, read_model, write_form
from runbook.format.lists import choice, listing
from runbook.format.numbers import boolean, integer, seconds
from runbook.format.texts import brief, message, scalar, text
from runbook.format.yamltree import MappingNode, Node, Source

_MODES = {"auto": "auto", "true": "required", "false": "off"}
_WORDS = {mode: word for word, mode in _MODES.items()}

CONFINEMENT = Form(
    "a confinement",
    {
        "required": Key(boolean, "required", "`true`: no attempt is made without it"),
        "write": Key(listing(text), "write", "folders that it may write as well", required=True),
    },
    tight=True,
)


def _write_confine(confine: Confinement) -> Content:
    if not confine.write:
        return Plain(_WORDS[confine.mode])
    required = {"required": True} if confine.mode == "required" else {}
    return mapping(
        [
            (name, CONFINEMENT.keys[name].kind.write(value))
            for name, value in {**required, "write": confine.write}.items()
        ],
        tight=True,
    )


@kind(
    either(
        {"type": "object"},
        {"$ref": "#/definitions/confinement"},
        {"enum": [True, False, "auto", "true", "false"]},
    ),
    _write_confine,
)
def confine(source: Source, node: Node) -> Confinement | None:
    """`auto`, `true`, `false`, or the folders that may be written as well."""
    if isinstance(node, MappingNode):
        values = read_form(source, node, CONFINEMENT)
        write = values.get("write")
        if not write:
            return None
        return Confinement("required" if values.get("required") else "auto", write)
    word = scalar(source, node, "`auto`, `true` or `false`")
    if word is None:
        return None
    if word not in _MODES:
        source.error(node, f"`{brief(word)}` is none of `auto`, `true`, `false`")
        return None
    mode: Any = _MODES[word]
    return Confinement(mode)


DELEGATE = Form(
    "a delegate",
    {
        "run": Key(message, "run", "a command; the brief comes on standard input", required=True),
        "attempts": Key(integer, "attempts", "how often it may try (3)"),
        "timeout": Key(seconds, "timeout", "how long an attempt may take (`30m`)"),
        "idle": Key(seconds, "idle", "how long it may do nothing that is seen"),
        "for": Key(
            listing(choice(*get_args(Cause))),
            "causes",
            "what it takes over: `manual` steps, an edit in `conflict`, a failed `check`",
        ),
        "confine": Key(confine, "confine", "whether the kernel holds it to its files"),
        "judge": Key(choice("clean", "here"), "judge", "where its work is judged"),
        "strict": Key(boolean, "strict", "refuses what is otherwise warned of"),
        "trailer": Key(text, "trailer", "of the commits that hold its work"),
    },
    Delegate,
)
NOBODY = Delegate(None)


def _write(delegate: Delegate) -> Content:
    if delegate.run is None:
        return Plain("none")
    return mapping(write_form(DELEGATE, delegate))


@kind(either({"type": "object"}, {"$ref": "#/definitions/delegate"}, {"enum": ["none"]}), _write)
def delegate(source: Source, node: Node) -> Delegate | None:
    """A command with its limits, or `none`."""
    if isinstance(node, MappingNode):
        made: Delegate | None = read_model(source, node, DELEGATE)
        if made is not None and made.attempts < 1:
            source.error(node, "`attempts` is a number from 1")
            return None
        return made
    word = scalar(source, node, "a delegate")
    if word is None:
        return None
    if word != "none":
        hint = f"write `{{run: {brief(word)}}}`"
        source.error(node, "a delegate is a mapping with `run:`, or `none`", hint)
        return None
    return NOBODY
