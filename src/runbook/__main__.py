"""The console script: answers what needs no command line parser by itself."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line; returns the exit status (docs/exit-codes.md)."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from runbook import __version__

        print(f"runbook {__version__}")
        return 0
    try:
        status = _look(arguments)
        if status is not None:
            return status
        from runbook.cli import app

        app(prog_name="runbook")
    except Exception as error:
        from runbook.failures import explain

        return explain(error)
    return 0


def _look(arguments: list[str]) -> int | None:
    """Answer a command that only looks, if that is what the arguments plainly are.

    Returns its exit status, or `None` where it is none of these.

    Typer costs five times what Python itself does, and these are asked for all day: with names
    alone there is nothing for it to parse. Anything else, a mistake too, is Typer's.
    """
    if any(argument.startswith("-") for argument in arguments):
        return None
    # Classes are made, and nothing is let go of, in the moment that this takes.
    gc.disable()
    status = 0
    match arguments:
        case ["status", *names]:
            from runbook.series import queries

            lines, _ = queries.status(names)
        case ["check", *names]:
            from runbook.series import queries

            lines, status = queries.check(names)
        case ["list"]:
            from runbook.series import queries

            lines = queries.list_phases()
        case ["show", task]:
            from runbook.series import queries

            lines = queries.show(task)
        case _:
            gc.enable()
            return None
    from runbook.views.screen import write

    write(lines)
    # Here and not at the very end, where nobody could say what went wrong.
    sys.stdout.flush()
    return status


if __name__ == "__main__":
    sys.exit(main())
