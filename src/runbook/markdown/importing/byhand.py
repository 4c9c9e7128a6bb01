"""Commands that are left to a person: what reaches outside, never ends, or is no command here."""

from __future__ import annotations

import re

from runbook.markdown.importing import shell

_SCRIPT = r"(?:npm|pnpm|yarn|bun|deno)\s+(?:--?\S+\s+)*(?:run\s+|task\s+)?"
_FOR_EVER = re.compile(
    rf"(?:{_SCRIPT}(?!(?:build|test|tests|lint|check|typecheck|generate|format)[:\w-]*(?:\s|$))"
    r"(?:[\w-]+:)*(?:dev|start|serve|server|watch|preview|storybook)(?::[\w:-]+)?(?=\s|$)"
    rf"|{_SCRIPT}[\w:-]*:watch(?=\s|$)"
    r"|(?:next|vite|hugo|nuxt|astro|ng|gatsby|docusaurus|remix|expo|react-native|netlify|vercel|"
    r"wrangler|storybook|trunk|tauri|jekyll|zola|mkdocs|eleventy|mintlify|sst|convex)\s+"
    r"(?:pages\s+)?(?:dev|serve|server|start|develop|watch|preview)\b|vite$|start-storybook\b"
    r"|(?:uvicorn|gunicorn|hypercorn|daphne|waitress-serve|flask\s+(?:\S+\s+)*run|streamlit\s+run|"
    r"fastapi\s+(?:dev|run)|celery\s.*\b(?:worker|beat)|rq\s+worker|tensorboard|"
    r"jupyter(?:-|\s+)(?:lab|notebook)|gradio)\b"
    r"|python[\d.]*\s+-m\s+(?:http\.server|uvicorn|gunicorn|flask\s+(?:\S+\s+)*run|"
    r"streamlit\s+run)\b"
    r"|(?:python[\d.]*\s+)?(?:\S*/)?manage\.py\s+(?:runserver|shell)|(?:python3?\s+)?run\.py$"
    r"|php\s+(?:artisan\s+(?:serve|tinker|horizon|queue:(?:work|listen)|schedule:work)|-S)\b"
    r"|(?:bin/|bundle\s+exec\s+)?rails\s+(?:s|server|c|console)\b|bin/dev\b|foreman\s+start"
    r"|dotnet\s+(?:run|watch)\b"
    r"|(?:\./)?(?:gradlew|gradle|mvnw|mvn)\s.*\b(?:bootRun|spring-boot:run|quarkus:dev|appRun|"
    r"--continuous)\b|(?:\./)?gradlew?\s+(?:\S*:)?run(?=\s|$)"
    r"|flutter\s+run|mix\s+phx\.server|iex\b|cargo\s+(?:watch|tauri\s+dev)|air$|nodemon\b|entr\b"
    r"|docker(?:\s+compose|-compose)\s+(?:\S+\s+)*up(?!.*\s(?:-d\b|--detach))"
    r"|(?:journalctl|(?:docker|kubectl|heroku)(?:-compose)?\s.*\blogs)\s.*(?:-\w*f\b|--follow|--tail$)"
    r"|kubectl\s+(?:port-forward|proxy)"
    r"|firebase\s+(?:serve|emulators:start)|supabase\s+functions\s+serve|ngrok\b|caddy\s+run"
    r"|(?:redis-server|mongod|minio\s+server|nginx)\b|http-server|serve(?=\s|$)"
    r"|tail\s+(?:\S+\s+)*-\w*[fF]|watch\s|top$|htop$|less\s|vim?\s|nano\s|sleep\s+infinity"
    r"|code\s|open\s|xdg-open|electron\s+\."
    r"|node\s+\S*server\S*$|(?:node|tsx|ts-node|bun)\s+(?:\S*/)?server(?:\.\w+)?(?=\s)"
    r"|(?:@modelcontextprotocol/|mcp-)(?:inspector|server-[\w-]+)(?:@\S+)?(?=\s|$))"
)
_WATCHES = re.compile(
    r"\s--watch(?:All)?(?:=true)?(?=\s|$)|\stsc\s(?:.*\s)?-w(?=\s|$)|\s--watch-\w+"
)
_CLOUD = r"(?!(?:\S+\s+)*?(?:list|describe|get|ls|show|status|version|--version|help|--help)\b)"
_OUTWARD = re.compile(
    r"(?:gh\s+(?:pr|release|issue|repo|workflow|run|label|api)\b(?!\s+(?:view|list|status|checks|"
    r"diff))|glab\s+(?:mr|release|issue|ci)\b(?!\s+(?:view|list|status))"
    r"|(?:npm|pnpm|yarn|bun|cargo|uv|poetry|flit|hatch)\s+publish\b|yarn\s+npm\s+publish\b"
    r"|npm\s+(?:login|dist-tag|unpublish|deprecate|link)\b|twine\s+upload|gem\s+push|changeset\s+publish"
    r"|goreleaser\s+release|semantic-release\b|eas\s+(?:build|submit|update)|fastlane\s"
    r"|(?:docker|podman)(?:\s+compose|-compose)?\s+(?:push|login)\b"
    rf"|(?:aws|gcloud|gsutil|az|doctl|oci|linode-cli|hcloud|s3cmd)\s+{_CLOUD}"
    r"|(?:heroku|railway|surge|dokku|caprover)(?=\s|$)|fly(?:ctl)?\s+(?!version|status|logs)\S"
    r"|vercel(?!\s+(?:build|dev|--version))(?=\s|$)|netlify\s+(?:deploy|env|link|login)"
    r"|wrangler\s+(?:pages\s+)?(?:deploy|publish|secret|login|tail|rollback|versions)\b"
    r"|wrangler\s+(?:d1|kv|kv:\S+|r2|queues)\b(?!.*--local)"
    r"|firebase\s+(?:deploy|login|use|hosting\S*|functions:\S+)\b"
    r"|supabase\s+(?:db\s+(?:push|reset)|functions\s+deploy|link|login|migration\s+up|secrets)\b"
    r"|prisma\s+(?:migrate\s+(?:deploy|dev|reset)|db\s+(?:push|seed|execute))\b"
    r"|drizzle-kit\s+(?:push|migrate|drop)\b|convex\s+deploy|sst\s+(?:deploy|remove)"
    r"|(?:kubectl|oc)\s+(?!version\b)\S|helm\s+(?:install|upgrade|uninstall|rollback|push)\b"
    r"|(?:terraform|tofu)\s+(?:apply|destroy|import|init)\b|pulumi\s+(?:up|destroy)\b"
    r"|(?:cdk|sam|serverless|sls|copilot)\s+(?:deploy|destroy|remove)\b|ansible(?:-playbook)?\s"
    r"|ssh\s|scp\s|rsync\s|sftp\s|ftp\s"
    r"|curl\s(?=.*(?:-X\s*|--request[ =])(?:POST|PUT|PATCH|DELETE)\b|.*\s(?:-d|--data\S*|-F|-T)\s)"
    r"(?!.*(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\$\{?\w*(?:PORT|HOST|URL|BASE)))"
    r"|(?:systemctl|launchctl|service|crontab|pkill|killall|shutdown|reboot)\b"
    r"|(?:brew|apt|apt-get|dnf|yum|pacman|choco|winget|scoop)\s+(?:-\S+\s+)*(?:install|remove|"
    r"upgrade|uninstall)\b|npm\s+(?:\S+\s+)*(?:-g|--global)\b|(?:pipx|uv\s+tool|gem|cargo|go)\s+"
    r"(?:install|uninstall)\b)"
)
_GIT_LOOKS = {
    "status", "diff", "log", "show", "grep", "ls-files", "rev-parse", "blame", "branch", "describe",
    "ls-tree", "cat-file", "shortlog", "rev-list", "merge-base", "check-ignore", "config", "remote",
}  # fmt: skip
_GIT_FILES = {"mv", "rm", "add", "commit", "apply", "checkout", "restore"}
_BRANCH_LOOKS = {"--show-current", "-a", "-v", "-vv", "--list", "-r"}
_PLACEHOLDER = re.compile(
    r"<[A-Za-z][\w -]*>|\bYOUR_|\bpath/to/|(?<![.\w])\.\.\.(?![.\w/])|…|\{[a-z][\w-]*\}(?![\w,])"
)
# `./...` are all packages below a folder.
_PACKAGES = re.compile(
    r"(?:go|gotestsum|golangci-lint|staticcheck|govulncheck|gosec|revive|bazel|bazelisk|dlv)\s"
)
_POWERSHELL = re.compile(
    r"&\s|[A-Z][a-z]+-[A-Z][A-Za-z]+\b|\$env:|[\w.-]+\\[\w\\.-]+|\$\w+\s*=|@[('\"]|\[\w+(?:\.\w+)*\]::"
)
_EXPRESSION = re.compile(
    r"(?:window|document|console|localStorage|sessionStorage|navigator|location|process|globalThis)"
    r"\s*[.\[(]"
    r"|[\w$.\[\]]+\([^)]*\)[;.)]*(?:\s*$|\.)|(?:await|const|let|return|SELECT|INSERT|UPDATE|DELETE)\s"
)
_SOURCE = re.compile(
    r"\.(?:py|pyi|ts|tsx|js|jsx|mjs|cjs|rs|go|java|kt|rb|php|c|cc|cpp|h|cs|swift|md|mdx|json|ya?ml|"
    r"toml|css|scss|html|vue|svelte|sql|txt|lua|ex|exs)(?:::[\w:]+)?$"
)
_SHELL_WORDS = {"if", "for", "while", "until", "case", "do", "then", "else", "fi", "done", "{", "("}


def by_hand(part: str) -> str:
    """Why a simple command isn't run by itself, or nothing."""
    name = shell.bare(part)
    if _placeholder(name, part):
        return "it has a placeholder"
    other = _other_language(name, part)
    if other:
        return other
    if re.match(r"sudo\s", part.lstrip()):
        return "it needs another user's rights"
    if name.startswith(("git ", "jj ")):
        return _of_git(name)
    whole = re.sub(r"^(?:[A-Z_]\w*=\S*\s+)+", "", part.strip())
    if _OUTWARD.match(name) or _OUTWARD.match(whole):
        return "it reaches outside the repository"
    endless = (
        _FOR_EVER.match(name)
        or _FOR_EVER.match(whole)
        or (_WATCHES.search(f" {name}") and not name.startswith("gh "))
    )
    if endless or re.search(r"(?<![&>])&\s*$", part):
        return "it runs until it is stopped"
    return ""


def is_place(code: str) -> bool:
    """Whether a piece of code is a folder or a source file, and nothing that can be run."""
    if re.search(r"[\s=]", code.strip()) or code.startswith(("./", "-")):
        return code.startswith("-")
    if code.endswith("/"):
        return True
    return bool(_SOURCE.search(code))


def is_no_command(code: str) -> bool:
    """Whether a piece of code is a place, or an expression of another language than a shell's."""
    return is_place(code) or _EXPRESSION.match(code) is not None


def is_powershell(script: str) -> bool:
    """Whether a script does what only PowerShell can, by its characters."""
    return bool(re.search(r"[$&\\|@`]", script)) or bool(
        re.search(r"(?m)^\s*[A-Z][a-z]+-[A-Z][A-Za-z]+\b", script)
    )


def _placeholder(name: str, part: str) -> bool:
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", part)
    if _PACKAGES.match(name):
        bare = re.sub(r"(?<!\S)(?:[\w./@-]*/)?\.\.\.(?!\S)", "", bare)
    return bool(_PLACEHOLDER.search(bare))


def _other_language(name: str, part: str) -> str:
    """Why a command is none of a shell, or nothing."""
    if _POWERSHELL.match(name) and not re.match(r"\w+=", part.lstrip()):
        return "it is PowerShell"
    slash = re.match(r"/[\w:-]+(?:\s|$)", name)
    of_a_chat = slash and not re.match(r"/(?:usr|bin|opt|tmp|home|etc|var|Users)/", name)
    script = _EXPRESSION.match(name) and not re.match(r"[\w-]+\s*\(\)\s*\{", name)
    return "it is no shell command" if of_a_chat or script or is_place(part.strip()) else ""


def _of_git(name: str) -> str:
    words = shell.words(name)
    verb = next((w for w in words[1:] if not w.startswith("-")), "")
    if "-C" in words[:2] and len(words) > 3:
        verb = words[3]
    if name.startswith("jj ") or verb not in _GIT_LOOKS | _GIT_FILES:
        return f"`git {verb}` changes more than files"
    if verb in ("checkout", "restore") and not ("--" in words or verb == "restore"):
        return f"`git {verb}` changes more than files"
    if verb == "branch" and any(word not in _BRANCH_LOOKS for word in words[2:]):
        return "`git branch` changes more than files"
    if verb in ("add", "commit"):
        return "it could not be read as a commit"
    return ""
