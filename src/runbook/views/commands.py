"""The commands by their names, in the order in which help lists them, with their examples."""

from __future__ import annotations

from runbook.core.value import value

Example = tuple[str, str]
"""What is typed after `runbook`, and what it does; every one can be given as it is."""


@value
class Command:
    """Where in `runbook.commands` its function stands, and examples for help and the man page."""

    place: str
    examples: tuple[Example, ...]


def _command(place: str, *examples: Example) -> Command:
    return Command(place, examples)


COMMANDS = {
    "init": _command(
        "author.init", ("init --title 'Move to asyncio'", "set the repository up, with a title")
    ),
    "new": _command("author.new", ("new 3", "begin phases/phase-3.yaml")),
    "run": _command(
        "run.run",
        ("run", "go on with the phase that is under way"),
        ("run 3 --until 3/2", "phase-3, up to its second task"),
        ("run --all --junit results.xml", "the whole series, with results for CI"),
        ("run 3 --jobs 4", "with up to four checks at once"),
        ("run 3 --dry-run", "say what would happen"),
    ),
    "done": _command(
        "verbs.done",
        ("done", "what the run waits for is done"),
        ("done 3/2/1 --reason 'nothing to change'", "with why, where no file was changed"),
    ),
    "retry": _command("verbs.retry", ("retry", "do the task that stopped again, from its start")),
    "skip": _command(
        "verbs.skip", ("skip 3/2 --reason 'done in #41'", "leave the second task of phase-3 out")
    ),
    "abort": _command("verbs.abort", ("abort", "as if the task that stopped had not begun")),
    "undo": _command(
        "verbs.undo",
        ("undo 3", "revert all commits of phase-3"),
        ("undo 3/2 --verify", "those of one task, and run the checks of the others"),
    ),
    "repair": _command(
        "verbs.repair",
        ("repair 3", "show how finished tasks were changed in the phase file"),
        ("repair 3 --reason 'only wording'", "and accept it"),
    ),
    "adopt": _command(
        "verbs.adopt",
        ("adopt 3 --dry-run", "show what would become of the phase file"),
        ("adopt 3", "write what was made by hand into it"),
    ),
    "status": _command(
        "look.status",
        ("status", "all phases"),
        ("status 3 --check", "exit with 1 unless phase-3 is complete"),
    ),
    "next": _command("look.next_step", ("next --json", "the next step, for a program")),
    "show": _command("look.show", ("show 3/1", "the first task of phase-3")),
    "log": _command(
        "log.log",
        ("log last", "what happened in the last run"),
        ("log --output 3/1/2", "all that a step's command wrote"),
        ("log --commit HEAD", "the evidence of a commit"),
    ),
    "report": _command(
        "report.report",
        ("report --open", "the phases of the last run, in the browser"),
        ("report 3 -o report.html", "phase-3 with all its runs"),
        ("report last --format md", "for the description of a pull request"),
    ),
    "audit": _command(
        "look.audit", ("audit 3", "make the checks of phase-3 again, each at its commit")
    ),
    "list": _command("look.list_phases", ("list", "the phases, a line each")),
    "check": _command(
        "check.check",
        ("check", "all phases"),
        ("check 3 --diff", "what phase-3 changes, as a patch"),
        ("check --prove", "whether each check fails before and passes after"),
    ),
    "plan": _command("plans.plan", ("plan 3 -o plans/phase-3.md", "phase-3 as Markdown")),
    "import": _command(
        "importing.import_plans",
        ("import PLAN.md --repo .", "make a phase file, tried against these files"),
    ),
    "clean": _command("worktree.clean", ("clean --branch", "remove the worktree and its branch")),
    "fmt": _command("author.fmt", ("fmt --check", "exit with 1 if a file would change")),
    "schema": _command("schemas.schema", ("schema --events", "of the lines that --json writes")),
    "completion": _command("completion.completion", ("completion zsh", "the script for zsh")),
    "help": _command(
        "help.show_help",
        ("help run", "a command"),
        ("help exit-codes", "a page of the documentation"),
    ),
}


def epilog(command: str) -> str:
    """The examples of a command as its help shows them."""
    examples = COMMANDS[command].examples
    width = max(len(given) for given, _ in examples)
    # \b keeps lines as they are.
    lines = [f"  runbook {given:<{width}}  {meaning}" for given, meaning in examples]
    if max(map(len, lines)) > 78:
        lines = [
            part for given, what in examples for part in (f"  runbook {given}", f"      {what}")
        ]
    return "\n".join(["\b", "Examples:", *lines])
