"""Completion in shells: the scripts for them, and the words that they ask for.

The scripts call `runbook __complete WORDS` with the words up to the cursor, and take its lines as
they are: nothing of a phase file is ever evaluated by a shell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import typer

Shell = Literal["bash", "zsh", "fish"]

_BASH = r"""# runbook: completion for bash. In ~/.bashrc: eval "$(runbook completion bash)"
_runbook() {
    local value help quoted
    COMPREPLY=()
    while IFS=$'\t' read -r value help; do
        printf -v quoted %q "$value"
        COMPREPLY+=("$quoted")
    done < <("$1" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _runbook runbook ./runbook
"""

_ZSH = r"""#compdef runbook
# runbook: completion for zsh. In ~/.zshrc, after compinit: eval "$(runbook completion zsh)"
_runbook() {
    local value help
    local -a found
    while IFS=$'\t' read -r value help; do
        found+=("${value//:/\\:}${help:+:$help}")
    done < <("${(Q)words[1]}" __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)
    if (( $#found )); then
        compset -P '*='
        _describe -V runbook found
    else
        _files
    fi
}
if [[ $funcstack[1] == _runbook ]]; then
    _runbook "$@"
else
    compdef _runbook runbook
fi
"""

_FISH = r"""# runbook: completion for fish. In config.fish: runbook completion fish | source
function __runbook_complete
    set -l words (commandline -opc)
    set -l last (commandline -ct)
    set -l found ($words[1] __complete $words[2..-1] "$last[1]" 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c runbook -f -a '(__runbook_complete)'
"""

SCRIPTS: dict[Shell, str] = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def completion(
    shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh or fish")],
) -> None:
    """Print what makes a shell complete commands, options, phases, tasks, steps and runs.

    It goes into ~/.bashrc: eval "$(runbook completion bash)", into ~/.zshrc, after compinit: eval
    "$(runbook completion zsh)", or into config.fish: runbook completion fish | source
    """
    typer.echo(SCRIPTS[shell], nl=False)


def complete(group: Any, words: list[str]) -> Iterator[str]:
    """The lines for words, of which the last is to be completed: a value, a tab, what it is.

    The first one is a command of a group. None where files are meant, which shells know better.
    """
    from runbook.core.text.printable import printable

    *before, last = _joined(words) or [""]
    for value, meaning in _offered(group, before, last):
        if value.startswith(last.rpartition("=")[2] if last.startswith("--") else last) and not (
            set(value) & set("\t\n\r\0")
        ):
            yield f"{value}\t{' '.join(printable(meaning).split())}"


def _joined(words: list[str]) -> list[str]:
    """The words as they were typed: bash takes `--format=md` apart."""
    found: list[str] = []
    for word in words:
        if found and (word == "=" or found[-1].endswith("=")) and found[-1].startswith("--"):
            found[-1] += word
        else:
            found.append(word)
    return found


def _offered(group: Any, before: list[str], last: str) -> Iterator[tuple[str, str]]:
    from runbook.series.opening import enter

    words = list(before)
    while words[:1] == ["-C"] and words[1:]:
        enter(words[1])
        words = words[2:]
    if not words:
        if last.startswith("-"):
            yield from _options(group.params)
        else:
            yield from ((name, each.short_help or "") for name, each in group.commands.items())
        return
    name, *given = words
    command = group.commands.get(name)
    if command is None:
        return
    options = {opt: each for each in command.params for opt in each.opts if opt.startswith("-")}
    asked = options.get(given[-1]) if given else None
    if asked is not None and not getattr(asked, "is_flag", False):
        yield from _values(group, asked, name, last)
    elif last.startswith("--") and "=" in last:
        option, _, value = last.partition("=")
        if option in options:
            yield from _values(group, options[option], name, value)
    elif last.startswith("-") and "--" not in given:
        yield from _options(command.params)
    else:
        argument = _argument(command.params, options, given)
        if argument is not None:
            yield from _values(group, argument, name, last)


def _options(params: list[Any]) -> Iterator[tuple[str, str]]:
    for each in [*params, None]:
        opts = ["-h", "--help"] if each is None else each.opts
        meaning = "Show help." if each is None else getattr(each, "help", "")
        # A long name says more, where there is one.
        named = [opt for opt in opts if opt.startswith("--")] or opts
        yield from ((opt, meaning or "") for opt in named)


def _argument(params: list[Any], options: dict[str, Any], given: list[str]) -> Any:
    """The argument that comes after some words, or `None` where there is no more."""
    taken = 0
    skip = False
    for word in given:
        option = options.get(word)
        if not skip and (option is None or not word.startswith("-")):
            taken += not word.startswith("-")
        skip = not skip and option is not None and not option.is_flag
    arguments = [each for each in params if each.param_type_name == "argument"]
    for number, each in enumerate(arguments):
        if each.nargs == -1 or number == taken:
            return each
    return None


def _values(group: Any, param: Any, command: str, last: str) -> Iterator[tuple[str, str]]:
    choices = getattr(param.type, "choices", None)
    if choices:
        yield from ((str(each), "") for each in choices)
        return
    kinds = set(re.findall(r"[A-Z]+", param.metavar or ""))
    if "TOPIC" in kinds:
        from runbook.commands.help import topics

        yield from topics(group).items()
    elif command != "new" and kinds & {"PHASE", "TASK", "STEP", "RUN"}:
        from runbook.series.offered import offered

        yield from offered(kinds, last)
