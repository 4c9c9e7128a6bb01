"""The console script: answers what needs no command line parser by itself."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def console() -> NoReturn:
    """The console script: what `main` does, and then the end of the process."""
    status = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        # Python's own end would fail at it once more, and give a status of its own.
        status = status or 1
    # Python's own end would take apart all that was loaded, a twentieth of the time of `status`.
    os._exit(status)


def main() -> int:
    """Run the command line; returns the exit status (docs/exit-codes.md)."""
    _open_what_is_closed()
    _be_in_utf8()
    arguments = sys.argv[1:]
    if arguments[:1] == ["__complete"]:
        return _complete(arguments[1:])
    try:
        return _carried_out(arguments)
    except KeyboardInterrupt:
        return 130  # as a shell says it of SIGINT
    except Exception as error:
        if not _is_lack_of_memory(error):
            raise
        # Nothing that has to be made or loaded first: there is no room for it.
        os.write(2, _LACK_OF_MEMORY)
        return 1
    finally:
        # Python's own end would look for circles among all there is, twice as long as it starts.
        gc.freeze()


def _open_what_is_closed() -> None:
    """Have all three standard streams, which some schedulers and services start programs without.

    As git does: what is opened next would get the free number, and what is written there.
    """
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        return
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False)
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False)


def _be_in_utf8() -> None:
    """Have Python name files in UTF-8, and write it, whatever the locale is.

    So are phase files and what git has: in another one, a path would be that of another file.
    """
    if sys.getfilesystemencoding() != "utf-8" and "utf8" not in sys._xoptions:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
    # Where somebody has put another stream in its place, that may have no encoding.
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(errors="backslashreplace")  # asked for by PYTHONIOENCODING


def _carried_out(arguments: list[str]) -> int:
    try:
        try:
            status = _plainly(arguments)
            if status is not None:
                return status
            from runbook.cli import application, called

            application(called(arguments))(prog_name="runbook")
        except SystemExit as ended:
            if isinstance(ended.__context__, BrokenPipeError):
                # The command line parser makes 1 of it, which means something else.
                raise ended.__context__ from None
            # Now, not when Python ends: it could only say that it failed.
            sys.stdout.flush()
            raise
    except Exception as error:
        if _is_lack_of_memory(error):
            raise
        if isinstance(error.__cause__, KeyboardInterrupt):
            # One that comes while a class is made, Python gives as the cause of another error.
            return 130
        from runbook.failures import explain

        return explain(error)
    return 0


_LACK_OF_MEMORY = (
    b"error: there is not enough memory for this; what was done so far is kept: "
    b"run again where there is more\n"
)


def _is_lack_of_memory(error: BaseException) -> bool:
    """Whether that is what it comes from; of a library that can't be loaded its words tell."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    if isinstance(error, ImportError) and ("map segment" in str(error) or "memory" in str(error)):
        return True
    # Where there is no room for the error itself, the interpreter only knows that there was one.
    if isinstance(error, SystemError) and "without" in str(error) and "exception" in str(error):
        return True
    before = error.__cause__ or error.__context__
    return before is not None and _is_lack_of_memory(before)


def _complete(words: list[str]) -> int:
    """Say to a shell what can stand there; where anything is wrong, nothing."""
    from contextlib import suppress

    from typer.main import get_group

    from runbook.cli import application
    from runbook.commands.completion import complete

    with suppress(Exception):
        for line in complete(get_group(application()), words):
            print(line)
        sys.stdout.flush()
    return 0


def _plainly(arguments: list[str]) -> int | None:
    """Run phases, or answer a command that only looks, if the arguments are plainly that.

    Returns its exit status, or `None` where it is none of these.

    Typer costs twice what Python itself does, and these are asked for all day: with names
    alone there is nothing for it to parse. Anything else, a mistake too, is Typer's.
    """
    if arguments == ["--version"]:
        from runbook import __version__

        print(f"runbook {__version__}")
        sys.stdout.flush()
        return 0
    folder = None
    if arguments[:1] == ["-C"] and len(arguments) > 1:
        folder, arguments = arguments[1], arguments[2:]
    match arguments:
        case ["run" | "status" | "check", *_] | ["list"] | ["show", _]:
            plain = not any(argument.startswith("-") for argument in arguments)
        case _:
            plain = False
    if not plain:
        return None
    # Classes are made, and nothing is let go of, in the moment that loading and looking take.
    gc.disable()
    from runbook.series.opening import enter

    if folder is not None:
        enter(folder)
    name, *names = arguments
    if name == "run":
        from runbook.commands.carry import run_phases

        gc.enable()
        run_phases(names)
    from runbook.series import queries

    status = 0
    if name == "status":
        lines, _ = queries.status(names)
    elif name == "check":
        lines, status = queries.check(names)
    elif name == "list":
        lines = queries.list_phases()
    else:
        lines = queries.show(names[0])
    from runbook.views.screen import write

    write(lines)
    # Here and not at the very end, where nobody could say what went wrong.
    sys.stdout.flush()
    return status


if __name__ == "__main__":
    console()
