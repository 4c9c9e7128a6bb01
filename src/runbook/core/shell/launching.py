"""Which program a command runs at last: behind `uv run`, `npx`, `xargs`, `then`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from runbook.core.shell.script import Script, SimpleCommand, parse
from runbook.core.shell.tokens import Word, substituted

# What follows the names of programs that launch others.
_LAUNCHERS = {
    **dict.fromkeys(("poetry", "pdm", "hatch", "pipenv", "pipx", "rye"), (("run",),)),
    **dict.fromkeys(("npm", "bundle"), (("exec",),)),
    "mise": (("exec",), ("x",)),
    **dict.fromkeys(("pnpm", "yarn"), (("exec",), ("dlx",))),
    "uv": (("run",), ("tool", "run")),
    "bun": (("x",),),
}
_PREFIXES = frozenset(
    {"npx", "uvx", "bunx", "time", "nice", "nohup", "xargs", "sudo", "doas", "command", "exec",
     "env", "timeout", "stdbuf", "caffeinate", "setsid", "ionice", "chronic", "unbuffer",
     "cross-env",
     "parallel", "dotenv"}
)  # fmt: skip
OF_FETCHING = frozenset(
    {"--from", "--with", "--with-requirements", "--with-editable", "-p", "--python", "--index",
     "--index-url", "-i", "--extra-index-url", "--directory", "--project", "--config-file",
     "--spec", "--pip-args", "-w", "-c", "--constraint", "--constraints", "--env-file",
     "--cache-dir", "-b", "--build-constraint", "--build-constraints", "--override", "--overrides",
     "--python-platform", "--torch-backend", "--default-index", "-f", "--find-links",
     "--index-strategy", "--keyring-provider", "-P", "--upgrade-package", "--upgrade-group",
     "--resolution", "--prerelease", "--fork-strategy", "--exclude-newer",
     "--exclude-newer-package", "--reinstall-package", "--link-mode", "-C", "--config-setting",
     "--config-settings-package", "--no-build-isolation-package", "--no-build-package",
     "--no-binary-package", "--refresh-package", "--color", "--allow-insecure-host"}
)  # fmt: skip
"""Options of uvx, `uv tool run` and `pipx run` that take a value."""

# Options whose next word is their value, in which no program stands.
WITH_VALUE = {
    "uv": {*OF_FETCHING, "--extra", "--group", "--only-group", "--no-group", "--package"},
    **dict.fromkeys(("uvx", "pipx"), OF_FETCHING),
    "npx": {"-p", "--package", "-w", "--workspace"},
    "npm": {"-w", "--workspace", "--package", "--prefix", "-C"},
    "pnpm": {"--filter", "-F", "-C", "--dir", "--package", "--filter-prod"},
    "yarn": {"--cwd"},
    "bun": {"--cwd", "--filter", "-F"},
    "cargo": {"-C", "--config"},
    "git": {"-C", "-c"},
    "xargs": {"-I", "-n", "-P", "-L", "-d", "-a", "-E", "-s", "--max-args", "--max-procs",
              "--delimiter", "--arg-file"},
    "sudo": {"-u", "-g", "-C", "-h", "-p"},
    "nice": {"-n"},
    "timeout": {"-k", "-s", "--kill-after", "--signal"},
    "env": {"-u", "--unset", "-C", "--chdir", "-S"},
    "stdbuf": {"-i", "-o", "-e"},
    "time": {"-f", "-o"},
    "ionice": {"-c", "-n"},
    "parallel": {"-j", "--jobs", "-a", "--delay"},
    "dotenv": {"-e", "-f", "-c"},
}  # fmt: skip
# What follows `yarn` and is no program of the project.
_OF_YARN = frozenset(
    {"run", "test", "add", "install", "remove", "upgrade", "up", "init", "publish", "npm", "link",
     "dlx", "exec", "workspace", "workspaces", "create", "set", "config", "cache", "global", "dev",
     "start", "serve", "build", "watch", "preview"}
)  # fmt: skip
# What `pnpm` and `bun` run of the project's programs by their name alone, as `yarn` does all.
_TOOLS = frozenset(
    {"astro", "biome", "cdk", "changeset", "convex", "cypress", "db-migrate", "drizzle-kit", "eas",
     "electron", "eslint", "expo", "firebase", "graphql-codegen", "husky", "jest", "knex",
     "lint-staged", "mikro-orm", "netlify", "next", "node-pg-migrate", "nodemon", "nuxt",
     "playwright", "prettier", "prisma", "sequelize", "sequelize-cli", "serverless", "shadcn",
     "sst", "stylelint", "supabase", "tauri", "ts-node", "tsc", "tsx", "typeorm", "vercel", "vite",
     "vitest", "vue-tsc", "wrangler"}
)  # fmt: skip
# What Laravel's Sail does by itself: the project's commands, its containers.
_OF_SAIL = {
    **dict.fromkeys(("artisan", "test", "tinker", "dusk"), "php artisan"),
    **dict.fromkeys(
        ("up", "down", "start", "stop", "restart", "ps", "build", "pull", "logs", "exec"),
        "docker compose",
    ),
}
_MANAGERS = frozenset({"npm", "pnpm", "yarn", "bun"})
KEYWORDS = frozenset({"if", "then", "elif", "else", "while", "until", "do", "{", "!", "("})
"""The words of the shell that stand before a command."""

NO_COMMANDS = frozenset({"for", "case", "select", "function", "fi", "done", "esac", "}", "[["})
"""The words of the shell after which no command stands."""

_LAUNCHES = {*_LAUNCHERS, *_PREFIXES, *KEYWORDS, *NO_COMMANDS, *_MANAGERS, "sail", "php"}
SHELLS = frozenset({"sh", "bash", "dash", "zsh", "ksh"})


def launched(words: Sequence[Word], *, modules: bool = True) -> tuple[Word, ...]:
    """The words from the program on that runs at last; none where nothing is run.

    With `modules`, a module that Python is to run counts as a program.
    """
    rest = words
    while rest:
        name = rest[0].name
        if name not in _LAUNCHES and not name.startswith("python"):
            break  # as nearly all are
        told = _told(rest, name) if name in _MANAGERS else rest[1:]
        texts = [word.text for word in told[:3]]
        behind = _LAUNCHERS.get(name, ())
        start = next((each for each in behind if tuple(texts[: len(each)]) == each), None)
        if rest[0].raw in KEYWORDS:
            rest = rest[1:]
            continue
        if rest[0].raw in NO_COMMANDS:
            return ()
        if start is not None:
            rest = _behind_options(told[len(start) :], name)
        elif name == "sail":
            behind_it = _behind_sail(rest)
            if behind_it == rest:
                break
            rest = behind_it
        elif name == "php":
            if "vendor/bin/" not in "".join(texts[:1]):
                break
            rest = rest[1:]
        elif name in _PREFIXES:
            rest = _behind_options(rest[1:], name)
            if name == "timeout":
                rest = rest[1:]
        elif name in _MANAGERS:
            if not texts or not _runs(name, texts[0]):
                break
            rest = told
        elif modules and re.fullmatch(r"python[\d.]*", name) and texts[:1] == ["-m"]:
            rest = rest[2:]
        else:
            break
        if rest and re.match(r"[\w.-]+@", rest[0].text):
            # The version that is to be fetched.
            bare = rest[0].text.partition("@")[0]
            rest = [Word(bare, bare), *rest[1:]]
    return tuple(rest)


def _behind_sail(words: Sequence[Word]) -> Sequence[Word]:
    """What Laravel's Sail runs in its container; the words themselves of another program."""
    told = words[1:]
    first = told[0].text if told else ""
    if not words[0].text.endswith("vendor/bin/sail") and first != "artisan":
        return words
    by = _OF_SAIL.get(first, "")
    rest = told[1:] if first in ("artisan", "bin") else told
    return [*(Word(each, each) for each in by.split()), *rest]


def _told(words: Sequence[Word], name: str) -> Sequence[Word]:
    """What a manager of packages is told behind its options, and behind `workspace NAME`."""
    behind = _behind_options(words[1:], name)
    of_one = name == "yarn" and behind and behind[0].text == "workspace"
    return behind[2:] if of_one else behind


def _runs(name: str, program: str) -> bool:
    """Whether a manager of packages, told this, runs the project's program of that name."""
    if name == "yarn":
        return program not in _OF_YARN and re.fullmatch(r"\w[\w-]*", program) is not None
    return name != "npm" and program in _TOOLS


def _behind_options(words: Sequence[Word], name: str) -> Sequence[Word]:
    """The words behind a launcher's own options and variables."""
    with_value = WITH_VALUE.get(name, set())
    index = 0
    while index < len(words):
        text = words[index].text
        if name == "uv" and text in ("-m", "--module"):
            return words[index + 1 :]
        if text == "--":
            return words[index + 1 :]
        if text in with_value:
            index += 2
        elif text.startswith("-") or re.match(r"[A-Za-z_]\w*=", text):
            index += 1
        else:
            break
    return words[index:]


def every_script(script: Script) -> Iterator[Script]:
    """A script, and those that run inside of its commands."""
    yield script
    for command in script.commands:
        for inner in inner_scripts(command):
            yield from every_script(parse(inner))


def every_command(script: Script) -> Iterator[SimpleCommand]:
    """The commands of a script, and those that run inside of them."""
    return (command for each in every_script(script) for command in each.commands)


def inner_scripts(command: SimpleCommand) -> Iterator[str]:
    """The scripts that run inside of a command.

    These are what a word substitutes, what another shell is given, and what `find` executes.
    """
    for word in (*command.assignments, *command.words):
        yield from substituted(word.raw)
    for redirection in command.redirections:
        yield from substituted(redirection.raw)
    yield from handed_over(command)
    words = launched(command.words)
    if words and words[0].text == "find":
        for index, word in enumerate(words):
            if word.text in ("-exec", "-execdir", "-ok", "-okdir"):
                yield " ".join(each.raw for each in words[index + 1 :] if each.raw != "\\;")


def handed_over(command: SimpleCommand) -> Iterator[str]:
    """The scripts that a command hands to another shell: `bash -c "…"`, `eval "…"`."""
    words = launched(command.words)
    if not words:
        return
    name = words[0].name
    texts = [word.text for word in words[1:]]
    if name == "eval":
        yield " ".join(texts)
    if name in SHELLS or name in ("script", "su", "watch"):
        for index, text in enumerate(texts[:-1]):
            if re.fullmatch(r"-[a-z]*c", text):
                yield texts[index + 1]
                return
