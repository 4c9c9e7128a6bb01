"""The console script: answers what needs no command line parser by itself."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; returns the exit status (docs/exit-codes.md)."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from runbook import __version__

        print(f"runbook {__version__}")
        return 0
    try:
        if not _look(arguments):
            from runbook.cli import app

            app(prog_name="runbook")
    except Exception as error:
        from runbook.failures import explain

        return explain(error)
    return 0


def _look(arguments: list[str]) -> bool:
    """Answer a command that only looks, if that is what the arguments plainly are.

    Typer costs five times what Python itself does, and these are asked for all day: with names
    alone there is nothing for it to parse. Anything else, a mistake too, is Typer's.
    """
    if any(argument.startswith("-") for argument in arguments):
        return False
    match arguments:
        case ["status" | "check" as command, *names]:
            from runbook import queries

            lines = queries.status(names) if command == "status" else queries.check(names)
        case ["list"]:
            from runbook import queries

            lines = queries.list_phases()
        case _:
            return False
    for line in lines:
        print(line)
    # Here and not at the very end, where nobody could say what went wrong.
    sys.stdout.flush()
    return True


if __name__ == "__main__":
    sys.exit(main())
