"""The forms of phase and series files, down to their tasks, notes and services."""

from __future__ import annotations

from runbook.core.model.model import Note, Phase, Series, Service, Task
from runbook.format.content import Plain, Sequence, mapping
from runbook.format.delegates import delegate
from runbook.format.forms import Form, Key, kind, write_form
from runbook.format.lists import HOOKS, choice, listing, nested
from runbook.format.names import co_author, environment, folder, identifier, variable, worktree
from runbook.format.numbers import boolean, integer, jobs, seconds
from runbook.format.steps import steps
from runbook.format.texts import code, instructions, message, prose, regex, text, when
from runbook.format.yamltree import Node, Source

SERVICE = Form(
    "a service",
    {
        "name": Key(identifier, "name", "what messages call it", required=True),
        "run": Key(message, "run", "the command that is the service", required=True),
        "ready": Key(regex, "ready", "regular expression on its output"),
        "unless-env": Key(variable, "unless_env", "a variable that makes it needless"),
        "timeout": Key(seconds, "timeout", "how long it may take to be ready"),
        "ahead": Key(boolean, "ahead", "`true`: each who makes checks ahead has one"),
    },
    Service,
)


_OF_A_RUN = {
    "workdir": Key(folder, "workdir", "folder in which paths and commands stand"),
    "worktree": Key(worktree, "worktree", "linked git worktree to work in"),
    "co-authored-by": Key(
        listing(co_author, empty=True), "co_authored_by", "a trailer of every commit"
    ),
    "env": Key(environment, "env", "variables of every command"),
    "secrets": Key(listing(variable), "secrets", "variables to redact everywhere"),
    "timeout": Key(seconds, "timeout", "how long one command may take"),
    "jobs": Key(jobs, "jobs", "how many checks run at once, or `auto`"),
    "ahead": Key(boolean, "ahead", "`false`: no check is made before its turn"),
    "carry": Key(listing(folder, empty=True), "carry", "put into worktrees, such as `.venv`"),
    "setup": Key(message, "setup", "a command that makes a scratch worktree ready"),
    "hooks": Key(HOOKS, "hooks", "what follows when a hook changed the files of a commit"),
    "delegate": Key(delegate, "delegate", "who takes over manual steps, or `none`"),
    "services": Key(
        listing(nested(SERVICE, "service"), empty=True, apart=True, named=SERVICE),
        "services",
        "background processes of a run",
    ),
}
_OF_A_PLAN = {
    "of": Key(integer, "of", "how many phases the series has"),
    "tech-stack": Key(prose, "tech_stack", "the plan's header"),
    "verified": Key(when, "verified", "date it was checked against the code"),
}

SERIES = Form(
    "the series file",
    {"title": Key(message, "title", "the series' title"), **_OF_A_PLAN, **_OF_A_RUN},
    Series,
)

_tasks = choice("tasks")


@kind(_tasks.schema, lambda _: Plain("tasks"))
def after(source: Source, node: Node) -> bool | None:
    """`tasks`, which puts a note after them."""
    return None if _tasks.read(source, node) is None else True


NOTE = Form(
    "a note",
    {
        "heading": Key(message, "heading", "its heading", required=True),
        "after": Key(after, "after_tasks", "`tasks` puts it after them"),
        "text": Key(prose, "text", "Markdown", required=True),
    },
    Note,
)


TASK = Form(
    "a task",
    {
        "title": Key(message, "title", "the task's heading", required=True),
        "id": Key(identifier, "id", "keeps the task's identifier stable"),
        "group": Key(text, "group", "the plan's subcomponent"),
        "verifies": Key(listing(code), "verifies", "acceptance criteria"),
        "note": Key(prose, "note", "a remark under the heading"),
        "delegate": Key(delegate, "delegate", "who takes over its manual steps, or `none`"),
        "steps": Key(steps, "steps", "what is done, in order", required=True),
    },
    Task,
)


@kind(
    {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/task"}},
    lambda tasks: Sequence(tuple(mapping(write_form(TASK, each)) for each in tasks), tight=False),
)
def tasks_later(_source: Source, node: Node) -> Node:
    """The list of tasks, whose names need to know the phase first."""
    return node


PHASE = Form(
    "a phase",
    {
        "phase": Key(integer, "number", "the phase's number"),
        "title": Key(message, "title", "title of a plan without a number"),
        "goal": Key(instructions, "goal", "what the phase is for", required=True),
        "architecture": Key(prose, "architecture", "the plan's header"),
        **_OF_A_PLAN,
        "base": Key(text, "base", "the commit it was written against"),
        "requires": Key(listing(text), "requires", "phases that must be complete"),
        **_OF_A_RUN,
        "notes": Key(listing(nested(NOTE, "note"), apart=True), "notes", "sections of the plan"),
        "tasks": Key(tasks_later, "tasks", "what is done, in order", required=True),
        "verification": Key(steps, "verification", "checks after the last task"),
    },
    Phase,
)
