"""Whether a command writes files, as far as its words tell."""

from __future__ import annotations

import re

from runbook.core.patterns import regex
from runbook.core.shell.launching import WITH_VALUE, launched
from runbook.core.shell.script import SimpleCommand

_NOT_OURS = regex(r"/dev/|/tmp/|/proc/|\$|\d$|-$")
_LOOKING = regex(r"--?check(?:-\w+)?|--diff|--dry-run|--list-different")
# What asks one program to look does something else in another: `git commit -n`, `black -l 100`.
_LOOKING_OF = {
    "black": {"-c"}, "isort": {"-c", "-d"}, "dart format": {"none", "show", "--output=none"},
    "git add": {"-n"}, "git clean": {"-n"}, "git rm": {"-n"}, "git mv": {"-n"},
    "git apply": {"--stat", "--numstat", "--summary"}, "git stash": {"show"},
    "git tag": {"-l", "--list", "-n", "--points-at", "--contains", "--no-contains", "--merged",
                "--no-merged", "-v", "--verify"},
    "pint": {"--test"}, "go fmt": {"-n"}, "go generate": {"-n"}, "go get": {"-n"},
}  # fmt: skip

# Programs that write files unless they are asked only to look.
_FORMATTERS = frozenset(
    {"black", "isort", "yapf", "gofmt", "rustfmt", "prettier", "shfmt", "clang-format", "pint",
     "phpcbf", "stylua"}
)  # fmt: skip
_ONLY_WHEN_ASKED = {
    "yapf": ("-i", "--in-place"), "gofmt": ("-w",), "prettier": ("--write", "-w"),
    "shfmt": ("-w", "--write"), "clang-format": ("-i",), "autopep8": ("-i", "--in-place"),
    "autoflake": ("-i", "--in-place"), "pyupgrade": None, "eslint": ("--fix",),
    "stylelint": ("--fix",), "biome": ("--write", "--apply", "--fix"),
    "sed": ("-i", "--in-place"), "perl": ("-i", "-pi"), "rubocop": ("-a", "-A", "--autocorrect"),
    "ruff": ("--fix", "--add-noqa"), "pytest": ("--snapshot-update", "--inline-snapshot=fix",
    "--inline-snapshot=create", "--inline-snapshot=update", "--force-regen", "--regen-all"),
    "jest": ("-u", "--updateSnapshot"), "vitest": ("-u", "--update"), "codespell": ("-w",),
    "find": ("-delete",),
}  # fmt: skip
# `-i.bak` and `-pi` are `-i` too; in `-MList::Util` it is a letter of a name.
_IN_PLACE = {"sed": r"-[nrsuzE]*i", "perl": r"-[acfhlnpsStTuUvwWX0-9]*i"}
_WRITERS = frozenset(
    {"rm", "mv", "cp", "touch", "mkdir", "rmdir", "ln", "tee", "truncate", "chmod", "patch",
     "install", "dd", "unlink", "shred", "chown", "chgrp"}
)  # fmt: skip
_SUBCOMMANDS = {
    "git": {"add", "am", "apply", "checkout", "cherry-pick", "clean", "commit", "merge", "mv",
            "pull", "rebase", "reset", "restore", "revert", "rm", "stash", "switch", "tag"},
    "uv": {"add", "remove", "lock", "init"},
    "poetry": {"add", "remove", "lock", "update"},
    "npm": {"install", "i", "update", "uninstall", "remove", "rm", "init"},
    "pnpm": {"add", "install", "i", "update", "up", "remove", "rm", "uninstall"},
    "yarn": {"add", "install", "upgrade", "up", "remove"},
    "bun": {"add", "install", "i", "update", "remove", "rm"},
    "cargo": {"add", "fix", "remove", "update", "fmt", "init"},
    "go": {"fmt", "get", "generate"},
    "ruff": {"format"},
    "alembic": {"revision", "merge"},
    "terraform": {"fmt"},
    "dart": {"format", "fix"},
    "mix": {"format"},
    "php-cs-fixer": {"fix"},
    "rector": {"process"},
}  # fmt: skip
_LOOKS_TOO = {"--locked", "--frozen", "--frozen-lockfile", "list", "--list"}


def writes(command: SimpleCommand) -> str | None:
    """What a command writes, as the beginning of a sentence, or `None` where it only looks.

    What goes to temporary places, or to where a variable says, is no file of the repository.
    """
    for redirection in command.redirections:
        if redirects(redirection.sign) and not _NOT_OURS.match(redirection.target):
            return f"it writes `{redirection.target}`"
    words = [word.text for word in launched(command.words)]
    if not words:
        return None
    name, arguments = words[0].rpartition("/")[2], words[1:]
    sub = subcommand(name, arguments)
    looks = any(
        _LOOKING.fullmatch(argument)
        or argument in _LOOKING_OF.get(name, _LOOKING_OF.get(f"{name} {sub}", ()))
        for argument in arguments
    )
    if name in _WRITERS:
        looks = looks if name == "patch" else _elsewhere(name, arguments)
        return None if looks else f"`{name}` changes files"
    if name in _ONLY_WHEN_ASKED:
        asked = _ONLY_WHEN_ASKED[name]
        if name == "ruff" and "--diff" in arguments:
            return None
        if asked is None or any(
            argument in asked or (name in _IN_PLACE and re.match(_IN_PLACE[name], argument))
            for argument in arguments
        ):
            return f"`{name} {' '.join(arguments[:2])}`".replace(" `", "`") + " changes files"
    elif name in _FORMATTERS:
        return None if looks else f"`{name}` changes files"
    if name == "go" and arguments[:2] == ["mod", "tidy"]:
        return "`go mod tidy` changes files"
    if (name, *arguments) == ("git", "tag"):
        return None
    if sub in _SUBCOMMANDS.get(name, ()) and not (looks or _LOOKS_TOO & set(arguments)):
        return f"`{name} {sub}` changes files"
    return None


def subcommand(name: str, arguments: list[str]) -> str:
    """The first argument that is no option, nor the value of one: `add` of `pnpm -C web add x`.

    Of `yarn workspace NAME add` it is `add`.
    """
    rest = list(arguments)
    while rest and rest[0].startswith("-"):
        rest = rest[2 if rest[0] in WITH_VALUE.get(name, ()) else 1 :]
    if name == "yarn" and rest[:1] == ["workspace"]:
        rest = rest[2:]
    return rest[0] if rest else ""


def redirects(sign: str) -> bool:
    """Whether a redirection writes what it leads to."""
    return sign.lstrip("0123456789") in (">", ">>", ">|", "&>", "&>>")


def _elsewhere(name: str, arguments: list[str]) -> bool:
    places = [each for each in arguments if not each.startswith("-")]
    changed = places[-1:] if name in ("cp", "mv", "tee", "ln", "install") else places
    # Without any, `rm` is told by `xargs` which ones.
    return all(_NOT_OURS.match(place) for place in changed) if changed else name == "tee"
