"""RB113: checks that change files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.lint.finding import Finding
from runbook.core.lint.shell import Script, SimpleCommand
from runbook.core.model import Verify

_OUTSIDE = r"/dev/|/tmp/|/proc/|[\"']?\$|&?\d$|-$"
_LOOKING = ("--check", "--check-only", "--diff", "--dry-run", "-n", "--list-different", "-l", "-c")

# Programs that write files unless they are asked only to look.
_FORMATTERS = frozenset(
    {"black", "isort", "yapf", "gofmt", "rustfmt", "prettier", "shfmt", "clang-format"}
)
_ONLY_WHEN_ASKED = {
    "yapf": ("-i", "--in-place"), "gofmt": ("-w",), "prettier": ("--write", "-w"),
    "shfmt": ("-w", "--write"), "clang-format": ("-i",), "autopep8": ("-i", "--in-place"),
    "autoflake": ("-i", "--in-place"), "pyupgrade": None, "eslint": ("--fix",),
    "stylelint": ("--fix",), "biome": ("--write", "--apply", "--fix"),
    "sed": ("-i", "--in-place"), "perl": ("-i", "-pi"), "rubocop": ("-a", "-A", "--autocorrect"),
    "ruff": ("--fix", "--add-noqa"), "pytest": ("--snapshot-update", "--inline-snapshot=fix",
    "--inline-snapshot=create", "--inline-snapshot=update", "--force-regen", "--regen-all"),
    "jest": ("-u", "--updateSnapshot"), "vitest": ("-u", "--update"), "codespell": ("-w",),
}  # fmt: skip
_WRITERS = frozenset(
    {
        "rm",
        "mv",
        "cp",
        "touch",
        "mkdir",
        "rmdir",
        "ln",
        "tee",
        "truncate",
        "chmod",
        "patch",
        "install",
        "dd",
    }
)
_SUBCOMMANDS = {
    "git": {"add", "am", "apply", "checkout", "cherry-pick", "clean", "commit", "merge", "mv",
            "pull", "rebase", "reset", "restore", "revert", "rm", "stash", "switch", "tag"},
    "uv": {"add", "remove", "lock", "init"},
    "poetry": {"add", "remove", "lock", "update"},
    "npm": {"install", "i", "update", "uninstall", "init"},
    "pnpm": {"add", "install", "update", "remove"},
    "yarn": {"add", "install", "upgrade", "remove"},
    "cargo": {"add", "fix", "remove", "update", "fmt", "init"},
    "go": {"fmt", "get", "generate"},
    "ruff": {"format"},
    "alembic": {"revision", "merge"},
    "terraform": {"fmt"},
    "dart": {"format", "fix"},
    "mix": {"format"},
}  # fmt: skip
_LAUNCHERS = {
    *((tool, "run") for tool in ("uv", "poetry", "pdm", "hatch", "pipenv", "pipx")),
    *((tool, "exec") for tool in ("npm", "pnpm")),
    ("uv", "tool", "run"),
}
_PREFIXES = frozenset({"npx", "uvx", "time", "nice", "xargs", "sudo", "command", "exec", "env"})


def changes(step: Verify, script: Script) -> Iterator[Finding]:
    """Find what a check writes; a check looks, and a `run` step changes."""
    for command in script.commands:
        why = _writes(command)
        if why is not None:
            yield Finding(
                "RB113", step.at, f"{why}, and a check only looks",
                "make it a `run` step that declares its `files`, or ask it only to look "
                "(`--check`, `--diff`)", key="verify", text=str(command),
            )  # fmt: skip
            return


def _writes(command: SimpleCommand) -> str | None:
    for redirection in command.redirections:
        sign = redirection.sign.lstrip("0123456789")
        if sign in (">", ">>", ">|", "&>", "&>>") and not re.match(_OUTSIDE, redirection.target):
            return f"it writes `{redirection.target}`"
    words = _launched([word.text for word in command.words])
    if not words:
        return None
    name, arguments = words[0].rpartition("/")[2], words[1:]
    if name in _WRITERS:
        places = [each for each in arguments if not each.startswith("-")]
        if all(
            re.match(_OUTSIDE, place)
            for place in (places[-1:] if name in ("cp", "mv", "tee") else places)
        ):
            return None
        return f"`{name}` changes files"
    looks = any(argument in _LOOKING for argument in arguments)
    if name in _ONLY_WHEN_ASKED:
        asked = _ONLY_WHEN_ASKED[name]
        # `-i.bak` and `-pi` are `-i` too.
        if asked is None or any(
            argument in asked or (name in ("sed", "perl") and re.match(r"-\w*i", argument))
            for argument in arguments
        ):
            return f"`{name} {' '.join(arguments[:2])}`".replace(" `", "`") + " changes files"
    elif name in _FORMATTERS:
        return None if looks else f"`{name}` changes files"
    sub = next((argument for argument in arguments if not argument.startswith("-")), "")
    if name == "go" and arguments[:2] == ["mod", "tidy"]:
        return "`go mod tidy` changes files"
    if sub in _SUBCOMMANDS.get(name, ()) and not (
        looks or {"--locked", "--frozen", "--frozen-lockfile", "list"} & set(arguments)
    ):
        return f"`{name} {sub}` changes files"
    return None


def _launched(words: list[str]) -> list[str]:
    """The program that runs at last: behind `uv run`, `npx`, `python -m`."""
    while words:
        name = words[0].rpartition("/")[2]
        start = next(
            (each for each in _LAUNCHERS if tuple([name, *words[1:]][: len(each)]) == each), None
        )
        if start is not None:
            words = words[len(start) :]
        elif name in _PREFIXES:
            words = words[1:]
        elif re.fullmatch(r"python[\d.]*", name) and words[1:2] == ["-m"]:
            words = words[2:]
        else:
            return words
        while words and (words[0].startswith("-") or "=" in words[0]):
            words = words[1:]
        if words:
            words = [words[0].partition("@")[0], *words[1:]]
    return words
