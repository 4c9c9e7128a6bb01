"""Examples of each command, for its help and the man page; every one can be given as it is."""

from __future__ import annotations

Example = tuple[str, str]
"""What is typed after `runbook`, and what it does."""

EXAMPLES: dict[str, tuple[Example, ...]] = {
    "init": (("init --title 'Move to asyncio'", "set the repository up, with a title"),),
    "new": (("new 3", "begin phases/phase-3.yaml"),),
    "run": (
        ("run", "go on with the phase that is under way"),
        ("run 3 --until 3/2", "phase-3, up to its second task"),
        ("run --all --junit results.xml", "the whole series, with results for CI"),
        ("run 3 --jobs 4", "with up to four checks at once"),
        ("run 3 --dry-run", "say what would happen"),
    ),
    "done": (
        ("done", "what the run waits for is done"),
        ("done 3/2/1 --reason 'nothing to change'", "with why, where no file was changed"),
    ),
    "retry": (("retry", "do the task that stopped again, from its start"),),
    "skip": (("skip 3/2 --reason 'done in #41'", "leave the second task of phase-3 out"),),
    "abort": (("abort", "as if the task that stopped had not begun"),),
    "undo": (
        ("undo 3", "revert all commits of phase-3"),
        ("undo 3/2 --verify", "those of one task, and run the checks of the others"),
    ),
    "repair": (
        ("repair 3", "show how finished tasks were changed in the phase file"),
        ("repair 3 --reason 'only wording'", "and accept it"),
    ),
    "adopt": (
        ("adopt 3 --dry-run", "show what would become of the phase file"),
        ("adopt 3", "write what was made by hand into it"),
    ),
    "status": (
        ("status", "all phases"),
        ("status 3 --check", "exit with 1 unless phase-3 is complete"),
    ),
    "next": (("next --json", "the next step, for a program"),),
    "show": (("show 3/1", "the first task of phase-3"),),
    "log": (
        ("log last", "what happened in the last run"),
        ("log --output 3/1/2", "all that a step's command wrote"),
        ("log --commit HEAD", "the evidence of a commit"),
    ),
    "report": (
        ("report --open", "the phases of the last run, in the browser"),
        ("report 3 -o report.html", "phase-3 with all its runs"),
        ("report last --format md", "for the description of a pull request"),
    ),
    "audit": (("audit 3", "make the checks of phase-3 again, each at its commit"),),
    "list": (("list", "the phases, a line each"),),
    "check": (
        ("check", "all phases"),
        ("check 3 --diff", "what phase-3 changes, as a patch"),
        ("check --prove", "whether each check fails before and passes after"),
    ),
    "plan": (("plan 3 -o plans/phase-3.md", "phase-3 as Markdown"),),
    "import": (("import PLAN.md --repo .", "make a phase file, tried against these files"),),
    "clean": (("clean --branch", "remove the worktree and its branch"),),
    "fmt": (("fmt --check", "exit with 1 if a file would change"),),
    "schema": (("schema --events", "of the lines that --json writes"),),
    "completion": (("completion zsh", "the script for zsh"),),
    "help": (
        ("help run", "a command"),
        ("help exit-codes", "a page of the documentation"),
    ),
}


def epilog(command: str) -> str:
    """The examples of a command as its help shows them."""
    examples = EXAMPLES[command]
    width = max(len(given) for given, _ in examples)
    # \b keeps lines as they are.
    lines = [f"  runbook {given:<{width}}  {meaning}" for given, meaning in examples]
    if max(map(len, lines)) > 78:
        lines = [
            part for given, what in examples for part in (f"  runbook {given}", f"      {what}")
        ]
    return "\n".join(["\b", "Examples:", *lines])
