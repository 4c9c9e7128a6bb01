"""Commands that are left to a person: what reaches outside, never ends, or is no command here."""

from __future__ import annotations

import re

from runbook.core.shell.walking import Placed
from runbook.core.shell.writing import subcommand
from runbook.markdown.importing.commands.outward import reaches_out
from runbook.markdown.importing.commands.services import NO_LOOKER, SCRIPT, beside
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_FOR_EVER = spelled(
    rf"({SCRIPT}(?!(build|test|tests|lint|check|typecheck|generate|format)[:\w-]*(\s|$))"
    r"([\w-]+:)*(dev|start|serve|server|watch|preview|storybook)(:[\w:-]+)?(?=\s|$)"
    r"|composer (run(-script)? )?(dev|start|serve|watch)(?=\s|$)"
    rf"|{SCRIPT}[\w:-]*:watch(?=\s|$)"
    rf"|({SCRIPT})?(next|vite|wails|hugo|nuxt|astro|ng|gatsby|docusaurus|remix|expo|"
    r"react-native|netlify|vercel|"
    r"wrangler|storybook|trunk|tauri|jekyll|zola|mkdocs|eleventy|mintlify|sst|convex|electron-vite|"
    r"electron-forge|vitepress|vuepress|sanity|redwood|slidev|vike|vinxi|solid-start|svelte-kit) "
    r"(pages )?(dev|serve|server|start|develop|watch|preview)\b|vite$|start-storybook\b"
    r"|(uvicorn|gunicorn|hypercorn|daphne|waitress-serve|flask (\S+ )*run|streamlit run|fastapi "
    r"(dev|run)|celery\s.*\b(worker|beat)|rq worker|tensorboard|jupyter(-| )(lab|notebook)|"
    r"gradio)\b"
    r"|python[\d.]* -m (http\.server|uvicorn|gunicorn|flask (\S+ )*run|streamlit run)\b"
    r"|(python[\d.]* )?(\S*/)?manage\.py (runserver|shell)|(python3? )?run\.py$"
    r"|php (artisan (serve|tinker|horizon|pail|queue:(work|listen)|schedule:work)|-S)\b"
    r"|(bin/|bundle exec )?rails (s|server|c|console)\b|bin/dev\b|foreman start"
    r"|dotnet (run|watch)\b|(swift|cargo|go) run\s(\S+ )*\S*[sS]erver(\.go)?$"
    r"|(\./)?(gradlew|gradle|mvnw|mvn)\s.*\b(bootRun|spring-boot:run|quarkus:dev|appRun|"
    r"--continuous)\b|(\./)?gradlew? (\S*:)?run(?=\s|$)"
    r"|flutter run|mix phx\.server|iex\b|cargo (watch|tauri dev)|air$|nodemon\b|entr\b"
    r"|(journalctl|(docker|kubectl|heroku)(-compose)?\s.*\blogs)\s.*(-\w*f\b|--follow|--tail$)"
    r"|kubectl (port-forward|proxy)"
    r"|firebase (serve|emulators:start)|supabase functions serve|ngrok\b|caddy run"
    r"|(redis-server|mongod|minio server|nginx)\b|http-server|serve(?=\s|$)"
    r"|prisma studio|mlflow (ui|server)|tail (\S+ )*-\w*[fF]|watch\s|top$|htop$|less\s|vim?\s|"
    r"nano\s|sleep infinity"
    r"|code\s|open\s|xdg-open|electron \."
    r"|node (?!\S*[._-](test|spec)\.)\S*server\S*$|(node|tsx|ts-node|bun) "
    r"(\S*/)?server(\.\w+)?(?=\s)"
    r"|(turbo|nx|lerna) (run )?(dev|serve|start)\b|inotifywait\s.*-\w*m"
    r"|(docker|podman)( compose|-compose)? (run|exec) (\S+ )*?-(it|ti)\b"
    rf"|(python[\d.]* -m )?{NO_LOOKER}[\w./-]+ "
    r"(serve|daemon start)(?=\s|$)"
    r"|((ba|z)?sh )?(\S*/)?(start|serve|dev|watch)([-_][\w-]+)?\.sh(?=\s|$)"
    r"|(pytest-watch|ptw|watchexec|chokidar|live-server|browser-sync)(?=\s|$)|cypress open\b"
    r"|playwright (codegen|open|show-report|show-trace|test\s(.*\s)?--(ui|headed|debug))(?=\s|$)"
    r"|(@modelcontextprotocol/|mcp-)(inspector|server-[\w-]+)(@\S+)?(?=\s|$))"
)
_WATCHES = spelled(r"\s--watch(All)?(=true)?(?=\s|$)|\stsc\s(.*\s)?-w(?=\s|$)|\s--watch-\w+")
# Processes, services, accounts and settings of this machine.
_MACHINE_WIDE = (
    r"|(kill|fg|bg|disown|reboot|mount|umount|diskutil|mkfs\S*|fdisk|useradd|usermod|groupadd|"
    r"passwd|chsh|visudo|iptables|ufw|sysctl|modprobe|loginctl|pm2|supervisorctl|nohup)(?=\s|$)"
    r"|(defaults (write|delete)|osascript|scutil|networksetup|pmset|tmutil|dscl)\b"
    r"|(ssh-keygen|ssh-add|ssh-copy-id|gpg --(import|gen-key|full-gen\S*|delete\S*)|security (add|"
    r"delete|import)\S*|keychain)\b"
    r"|(tmux|screen) (new|new-session|kill\S*|send-keys|-\w*[dS])"
    r"|(npm|pnpm|yarn|bun) (run )?(\S+ )?[\w:-]*(deploy|publish|release)(?=\s|:|$)"
    r"|(make|just|task|rake|inv(oke)?|gradle|\./gradlew|mvn) (\S+ )*[\w:-]*(deploy|publish|"
    r"release|install|upload|push)(?=\s|$)"
    r"|(npm|pnpm|yarn) version [^-\s]|poetry version \S|(bump2version|bumpversion|bump-my-version|"
    r"standard-version|release-it|lerna (publish|version)|cargo release|cz bump|changeset( "
    r"version)?$)"
    r"|(python[\d.]* )?setup\.py (install|upload|register|develop)\b|cmake --install\b|(ninja|"
    r"meson|west) (\S+ )*install\b|fuser (\S+ )*-\w*k|kill-port\b|pbcopy\b"
    r"|adb (?!devices\b|version\b)\S|xcrun (simctl (?!list\b)|altool|notarytool|stapler)"
    r"|(react-native|cap|ionic|tauri|expo) (run|publish|open|prebuild)\S*"
    r"|(ollama|hf|huggingface-cli|dvc|wandb) (?!list\b|ls\b|show\b|ps\b|status\b|diff\b|version)\S"
)
_OUTWARD = spelled(
    r"(((ba|z)?sh |python[\d.]* |node )?(\S*/)?(deploy|release|publish|upload|"
    r"rollout)([-_][\w-]+)?\.(sh|py|[cm]?[jt]s)(?=\s|$)"
    r"|(brew|apt|apt-get|dnf|yum|pacman|choco|winget|scoop) (-\S+ )*(install|remove|upgrade|"
    r"uninstall)\b|npm (\S+ )*(-g|--global)\b|(pipx|uv tool|gem|cargo|go) (install|uninstall)\b"
    rf"{_MACHINE_WIDE})"
)
# Programs that install on the machine or for the user, outside of any project.
_INSTALLS = spelled(
    r"(\S*/)?pip[\d.]* (-\S+ )*(install|uninstall|download)\b|(\S*/)?python[\d.]* -m (pip "
    r"(un)?install|ensurepip)\b|((ba|z)?sh )?(\S*/)?(un)?install([-_][\w-]+)?\.sh(?=\s|$)|(((ba|"
    r"z)?sh|node|python[\d.]*) )?(\S*/)?(setup[-_]\w[\w-]*|(bootstrap|"
    r"provision)([-_][\w-]+)?)\.(sh|py|[cm]?[jt]s)(?=\s|$)|((ba|z)?sh |\./)(\S*/)?setup\.sh(?=\s|"
    r"$)|uv pip (\S+ )*--system\b|uv python (install|uninstall|pin)\b|uv self\s|rustup (?!show\b|"
    r"which\b|--version|help|(target|toolchain|component) list)|(conda|mamba|micromamba) "
    r"(?!list\b|info\b|run\b|env list)|(asdf|mise|rtx|volta|sdk|nvm|fnm|n|pyenv|rbenv|nodenv|jenv|"
    r"tfenv|goenv) (plugin )?(install|uninstall|add|use|global|local|default|pin|update|shell)\b|"
    r"nvm\s|corepack (enable|prepare|use|install)\b|(python[\d.]* -m )?playwright install\b|"
    r"cypress install\b|puppeteer browsers\s|(brew|apt|apt-get|apk|dnf|yum|pacman|snap|flatpak|"
    r"zypper|port|nix-env|choco|winget|scoop) (?!list\b|info\b|search\b|show\b|--version|"
    r"--prefix)|(code|cursor|codium) --(un)?install-extension|(claude|codex|gemini) (plugin|mcp|"
    r"config|install|update|login|extensions?)\b(?! (list|validate|get)\b)|pre-commit "
    r"(un)?install\b|husky( (install|init))?$|lefthook install\b|nix profile\s|(npm|pnpm|yarn|bun) "
    r"(config (set|delete)|set\s|(un)?link\b|global\s)|(tlmgr|luarocks|cpan|cpanm|opam|stack|cabal|"
    r"raco|mix archive\.|mix local\.)\s*(install|remove|update|hex|rebar)\b|xcode-select\s|"
    r"softwareupdate\s|docker (pull|rmi?|image rm|load)\b"
)
# Into an environment that stands in the repository.
_OWN = re.compile(r"(?:\./)?(?:\.?\w*venv\w*|\.tox)/")
_PUSHES = re.compile(r"\s--push(?=\s|$)")
# What is looked for may be a placeholder, and code has brackets of its own.
_LOOKS_FOR = frozenset(
    {"grep", "egrep", "fgrep", "rg", "ag", "ack", "sed", "awk", "jq", "git", "test"}
)
_OF_CODE = frozenset(
    {"echo", "printf", "python", "python3", "node", "bun", "deno", "ruby", "perl", "php", "cat",
     "tee", "osascript"}
)  # fmt: skip
_TO_FILL_IN = spelled(
    r"<(your|my|the|path|some|actual|insert|paste|replace|real)[-_ ][\w -]*>|<your\w*>|"
    r"\bYOUR[-_ ][A-Z]|\b(REPLACE|CHANGE)[-_]?ME\b|\bpath/to/|\byour-[\w-]+(?=[\"'/\s]|$)"
)
# Where markup may be looked for: no tag is called like this.
_NO_MARKUP = spelled(
    r"<[^<>=\"'/]*[^\x00-\x7f][^<>=\"'/]*>|<[a-z]+(_[a-z]+)+>|^<\w+( \w+)?>,<[\w -]+>p$|<(keyword|"
    r"filename|sha|commit|branch|ticket)>"
)
_IN_QUOTES = anycase(
    rf"{_TO_FILL_IN.pattern}|<[a-z][a-z0-9]*([-_ ][\w-]+)+>|<[A-Z][A-Z0-9_-]{{2,}}>|"
    r"<(id|url|name|key|token|path|file|user|username|password|email|branch|version|sha|hash|host|"
    r"port|date|title|message|description|uuid|slug|repo|org|owner|n|x|id1|session|project|team)>|"
    r"\[(your|insert|the)\b[^\]]*\]|(?<![.\w/])\.\.\.$|…|\bXXXX+\b"
)
_GIT_LOOKS = {
    "status", "diff", "log", "show", "grep", "ls-files", "rev-parse", "blame", "branch", "describe",
    "ls-tree", "cat-file", "shortlog", "rev-list", "merge-base", "check-ignore", "config", "remote",
    "reflog", "diff-tree", "diff-index", "for-each-ref", "show-ref", "ls-remote", "version",
    "name-rev",
}  # fmt: skip
_GIT_FILES = {"mv", "rm", "add", "commit", "apply", "checkout", "restore"}
# What only looks by these words, or by none where nothing else is said.
_GIT_LISTS = {
    "tag": ("-l", "--list", "-n", "--contains"), "worktree": ("list",), "submodule": ("status",),
    "stash": ("list", "show"), "notes": ("list", "show"),
}  # fmt: skip
_BRANCH_LOOKS = {"--show-current", "-a", "-v", "-vv", "--list", "-r"}
_PLACEHOLDER = re.compile(
    r"<[^\W\d_][\w -]*>|(?<!\S)\[[a-z][\w -]{2,}\](?!\S)|"
    r"\bYOUR_|\bpath/to/|(?<![.\w])\.\.\.(?![.\w/])|…|"
    r"(?<![$%@])\{([a-z][\w-]*|[A-Z][A-Z\d]*(_[A-Z\d]+)+)\}(?![\w,])"
)
# `./...` are all packages below a folder.
_PACKAGES = spelled(
    r"(go|gotestsum|golangci-lint|staticcheck|govulncheck|gosec|revive|bazel|bazelisk|dlv)\s"
)
_POWERSHELL = spelled(
    r"&\s|[A-Z][a-z]+-[A-Z][A-Za-z]+\b|\$env:|[\w.-]+\\[\w\\.-]+|\$\w+\s*=|@[('\"]|"
    r"\[\w+(\.\w+)*\]::"
)
_EXPRESSION = spelled(
    r"(window|document|console|localStorage|sessionStorage|navigator|location|process|"
    r"globalThis)\s*[.\[(]"
    r"|[\w$.\[\]]+\([^)]*\)[;.)]*(\s*$|\.)|(await|const|let|return|SELECT|INSERT|UPDATE|DELETE)\s"
)
# Scripts of the project that are told to change what is there, in the repository or beside it.
_ORDERED = spelled(
    r"((ba|z)?sh )?(?!\S*/(rails|rake|console)\s)((\S+/)?(bin|scripts?|tools|hack|ops)/[\w./-]+|"
    r"\S+\.sh) (set|unset|clear|reset|start|stop|restart|up|down|enable|disable|apply|delete|"
    r"destroy|remove|purge|flush|restore|rollback|promote|switch|kill|seed|migrate|push|provision|activate|"
    r"deactivate)(?=\s|$)(?!.*\s--(dry-run|check|help)\b)"
)
_SOURCE = spelled(
    r"\.(py|pyi|ts|tsx|js|jsx|mjs|cjs|rs|go|java|kt|rb|php|c|cc|cpp|h|cs|swift|md|mdx|json|ya?ml|"
    r"toml|css|scss|html|vue|svelte|sql|txt|lua|ex|exs)(::[\w:]+)?$"
)


def by_hand(placed: Placed, *, activated: bool = False) -> str:
    """Why a simple command isn't run by itself, or nothing.

    `activated` is whether an environment is, into which it then installs.
    """
    command = placed.command
    name = str(placed)
    whole = " ".join(word.raw for word in command.words)
    if _placeholder(placed, name):
        return "it has a placeholder"
    other = _other_language(name, whole)
    if other:
        return other
    if command.name in ("sudo", "doas", "su"):
        return "it needs another user's rights"
    if name.startswith(("git ", "jj ")):
        return _of_git(placed)
    if {"--help", "--version"} & set(placed.arguments[-1:]) or whole.startswith("command -v "):
        return ""
    changed = beside(placed)
    if changed:
        return changed
    outward = _OUTWARD.match(name) or _OUTWARD.match(whole) or _PUSHES.search(name)
    if outward or reaches_out(placed):
        return "it reaches outside the repository"
    if _takes_back(placed):
        return TAKES_BACK
    if _INSTALLS.match(name) and not (activated or _OWN.match(placed.words[0].text)):
        return "it installs on this machine"
    if _ORDERED.match(name):
        return "a script is told to change something"
    if _waits_for_input(placed):
        return "it reads what is typed"
    endless = _FOR_EVER.match(name) or _FOR_EVER.match(whole) or _WATCHES.search(f" {name}")
    return "it runs until it is stopped" if endless or command.after == "&" else ""


def _waits_for_input(placed: Placed) -> bool:
    """Whether a program reads what is typed: an interpreter, or a client of a database, alone."""
    if _ASKS_A_PASSWORD.match(str(placed)):
        return True
    given = placed.command.before == "|" or any(
        each.sign.startswith("<") for each in placed.redirections
    )
    if given or not _INTERACTIVE.fullmatch(placed.name):
        return False
    if not placed.arguments:
        return True
    client = _CLIENTS.fullmatch(placed.name)
    if not client and all(re.fullmatch("-[a-zA-UW-Z]", each) for each in placed.arguments):
        return True  # only how it is to read: `bash -n`
    return bool(client) and not _ASKS_ONCE.search(" ".join(placed.arguments))


def _takes_back(placed: Placed) -> bool:
    """Whether a command removes what nothing here gives back.

    That is all of a folder, git's own one, what was not committed, or what was installed.
    """
    named = [each.rstrip("/") for each in placed.arguments if not each.startswith("-")]
    if placed.name == "git":
        whole = {".", "*", ":/"} & set(named)
        return named[:1] in (["checkout"], ["restore"]) and bool(whole) and "--staged" not in (
            placed.arguments
        )  # fmt: skip
    return placed.name == "rm" and any(
        each in ("", ".", "*", "./*", ".*") or _INSTALLED.search(each) for each in named
    )


TAKES_BACK = "it removes what no commit gives back"
_INTERACTIVE = spelled(
    r"python[\d.]*|ipython3?|node|deno|bun|irb|pry|lua|ghci|R|bash|zsh|fish|sh|psql|mysql|mariadb|"
    r"mongo(sh)?|sqlite3|duckdb|redis-cli|cqlsh|sqlcmd|clickhouse-client"
)
_ASKS_A_PASSWORD = spelled(
    r"((mysql|mariadb)\S*\s(.*\s)?(-p|--password)|psql\s(.*\s)?(-W|--password))(?=\s|$)"
)
_CLIENTS = spelled(r"psql|mysql|mariadb|mongo(sh)?|sqlite3|duckdb|cqlsh|sqlcmd|clickhouse-client")
_ASKS_ONCE = spelled(
    r"(^|\s)(-[a-zA-Z]*[cefqQl]\b|--(command|eval|execute|file|list|query|version|help)\b)|"
    r"(?i:select|pragma|show|explain)\s|\s\.\w+|^\S+ [^-\s]+ \S"
)
_INSTALLED = spelled(r"(^|/)(node_modules|\.?venv|\.git|vendor|\.tox|\.nox|Pods|\.direnv)(/\*)?$")


def is_place(code: str) -> bool:
    """Whether a piece of code is a folder or a source file, and nothing that can be run."""
    if re.search(r"[\s=]", code.strip()) or code.startswith(("./", "-")):
        return code.startswith("-")
    if code.endswith("/"):
        return True
    return bool(_SOURCE.search(code))


# A test's or a function's name, a module that only `python -m` runs, and a key with its value.
_NAME_ALONE = re.compile(r"[a-z]+(?:_[a-z\d]+)+|compileall|unittest|doctest|timeit|\w+:(?:\s.*)?")


def is_no_command(code: str) -> bool:
    """Whether a piece of code is a place, a name, or an expression of no shell's language."""
    return (
        is_place(code)
        or _NAME_ALONE.fullmatch(code) is not None
        or _EXPRESSION.match(code) is not None
    )


def is_powershell(script: str) -> bool:
    """Whether a script does what only PowerShell can, by its characters."""
    return bool(re.search(r"[$&\\|@`]", script)) or bool(
        re.search(r"(?m)^\s*[A-Z][a-z]+-[A-Z][A-Za-z]+\b", script)
    )


def _placeholder(placed: Placed, name: str) -> bool:
    """Whether something is to be filled in, also in quotes, unless that is looked for."""
    words = [*placed.command.assignments, *placed.words]
    plain = " ".join(re.sub(r"'[^']*'|\"[^\"]*\"", "", word.raw) for word in words)
    # `<x>` outside of quotes is two redirections.
    redirected = [each.raw for each in placed.redirections if each.sign == "<"]
    if redirected and any(each.sign in (">", ">>") for each in placed.redirections):
        plain += f" <{redirected[0]}>"
    if _PACKAGES.match(name):
        plain = re.sub(r"(?<!\S)(?:[\w./@-]*/)?\.\.\.(?!\S)", "", plain)
    if _PLACEHOLDER.search(plain):
        return True
    quoted = [word.text for word in words if word.quoted]
    if placed.name in _LOOKS_FOR:
        marks = _NO_MARKUP
    else:
        marks = _TO_FILL_IN if placed.name in _OF_CODE else _IN_QUOTES
    return any(marks.search(text) for text in quoted)


def _other_language(name: str, part: str) -> str:
    """Why a command is none of a shell, or nothing."""
    if _POWERSHELL.match(name) and not re.match(r"\w+=", part.lstrip()):
        return "it is PowerShell"
    slash = re.match(r"/[\w:-]+(?:\s|$)", name)
    of_a_chat = slash and not re.match(r"/(?:usr|bin|opt|tmp|home|etc|var|Users)/", name)
    script = _EXPRESSION.match(name) and not re.match(r"[\w-]+\s*\(\)\s*\{", name)
    return "it is no shell command" if of_a_chat or script or is_place(part.strip()) else ""


def _of_git(placed: Placed) -> str:
    arguments = placed.arguments
    if _takes_back(placed):
        return TAKES_BACK
    verb = subcommand(placed.name, arguments)
    behind = arguments[arguments.index(verb) + 1 :] if verb else []
    if verb in _GIT_LISTS and " ".join(behind[:1]) in _GIT_LISTS[verb]:
        return ""
    if placed.name == "jj" or verb not in _GIT_LOOKS | _GIT_FILES:
        return f"`git {verb}` changes more than files"
    if verb == "checkout" and "--" not in behind:
        return f"`git {verb}` changes more than files"
    if verb == "branch" and any(word not in _BRANCH_LOOKS for word in behind):
        return "`git branch` changes more than files"
    if verb == "remote" and {"add", "remove", "rm", "rename", "set-url", "prune"} & set(behind):
        return "`git remote` changes more than files"
    if verb == "config" and _sets_configuration(behind):
        return "`git config` changes more than files"
    return "it could not be read as a commit" if verb in ("add", "commit") else ""


def _sets_configuration(behind: list[str]) -> bool:
    plain = [word for word in behind if not word.startswith("-")]
    looks = {"--get", "--get-all", "--get-regexp", "--list", "-l", "get", "list"} & set(behind)
    return not looks and len(plain) != 1
