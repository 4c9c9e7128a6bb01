"""The forms of phase and series files, down to their tasks, notes and services."""

from __future__ import annotations

from runbook.core.model import Note, Service
from runbook.format import scalars
from runbook.format.forms import Form, Key, read_form
from runbook.format.patterns import regex
from runbook.format.steps import read_steps
from runbook.format.yamltree import Node, Source

SERVICE = Form(
    "a service",
    {
        "name": Key(scalars.identifier, "name", "what messages call it", required=True),
        "run": Key(scalars.message, "run", "the command that is the service", required=True),
        "ready": Key(regex, "ready", "regular expression on its output"),
        "unless-env": Key(scalars.text, "unless_env", "a variable that makes it needless"),
        "timeout": Key(scalars.seconds, "timeout", "how long it may take to be ready"),
    },
)


def read_service(source: Source, node: Node) -> Service | None:
    """A background process."""
    values = read_form(source, node, SERVICE)
    if values.get("name") is None or values.get("run") is None:
        return None
    return Service(**values, at=source.position(node))


_SETTINGS_KEYS = {
    "workdir": Key(scalars.folder, "workdir", "folder in which paths and commands stand"),
    "worktree": Key(scalars.worktree, "worktree", "linked git worktree to work in"),
    "co-authored-by": Key(
        scalars.listing(scalars.co_author, empty=True),
        "co_authored_by",
        "a trailer of every commit",
    ),
    "env": Key(scalars.environment, "env", "variables of every command"),
    "secrets": Key(scalars.listing(scalars.text), "secrets", "variables to redact everywhere"),
    "services": Key(
        scalars.listing(read_service, empty=True), "services", "background processes of a run"
    ),
    "timeout": Key(scalars.seconds, "timeout", "how long one command may take"),
}
_SHARED_KEYS = {
    "of": Key(scalars.integer, "of", "how many phases the series has"),
    "verified": Key(scalars.text, "verified", "date it was checked against the code"),
    "tech-stack": Key(scalars.code, "tech_stack", "the plan's header"),
}

SERIES = Form(
    "the series file",
    {
        "title": Key(scalars.message, "title", "the series' title"),
        **_SHARED_KEYS,
        **_SETTINGS_KEYS,
    },
)

NOTE = Form(
    "a note",
    {
        "heading": Key(scalars.message, "heading", "its heading", required=True),
        "text": Key(scalars.code, "text", "Markdown", required=True),
        "after": Key(scalars.choice("tasks"), "after_tasks", "`tasks` puts it after them"),
    },
)


def read_note(source: Source, node: Node) -> Note | None:
    """A section of the plan."""
    values = read_form(source, node, NOTE)
    if values.get("heading") is None or values.get("text") is None:
        return None
    return Note(values["heading"], values["text"], values.get("after_tasks") is not None)


TASK = Form(
    "a task",
    {
        "title": Key(scalars.message, "title", "the task's heading", required=True),
        "id": Key(scalars.identifier, "id", "keeps the task's identifier stable"),
        "group": Key(scalars.text, "group", "the plan's subcomponent"),
        "verifies": Key(scalars.listing(scalars.code), "verifies", "acceptance criteria"),
        "note": Key(scalars.code, "note", "a remark under the heading"),
        "steps": Key(read_steps, "steps", "what is done, in order", required=True),
    },
)


def read_tasks_later(_source: Source, node: Node) -> Node:
    """The list of tasks, whose names need to know the phase first."""
    return node


PHASE = Form(
    "a phase",
    {
        "phase": Key(scalars.integer, "number", "the phase's number"),
        "title": Key(scalars.message, "title", "title of a plan without a number"),
        "goal": Key(scalars.message, "goal", "what the phase is for", required=True),
        "architecture": Key(scalars.code, "architecture", "the plan's header"),
        "base": Key(scalars.text, "base", "the commit it was written against"),
        "notes": Key(scalars.listing(read_note), "notes", "sections of the plan"),
        "requires": Key(scalars.listing(scalars.text), "requires", "phases that must be complete"),
        "tasks": Key(read_tasks_later, "tasks", "what is done, in order", required=True),
        "verification": Key(read_steps, "verification", "checks after the last task"),
        **_SHARED_KEYS,
        **_SETTINGS_KEYS,
    },
)
