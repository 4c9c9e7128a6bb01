"""Commands that change what runs beside the repository, or start it: databases, servers, agents."""

from __future__ import annotations

import re

from runbook.core.shell.walking import Placed, walk

# Behind a package runner, the name of a script of the project.
SCRIPT = (
    r"(?:(?:npm|pnpm|yarn|bun|deno|turbo|nx)\s+(?:(?:-F|-C|-w|--filter|--dir|--prefix|--workspace)\s+"
    r"\S+\s+|-\S+\s+|workspace\s+\S+\s+)*(?:(?:run|task)\s+)?|(?:make|just|task|rake|inv(?:oke)?)\s+"
    r"(?:-\S+\s+)*)"
)
# What follows these is looked for or tested, and is no order to a tool of the project.
NO_LOOKER = (
    r"(?!-|(?:git|cargo|go|npm|[ef]?grep|rg|ag|ack|ls|cat|echo|printf|cd|head|tail|wc|test|diff|which|"
    r"type|command|man|jq|awk|sed|find|fd|tree|stat|file|sort|pytest|pgrep|kill|mkdir|touch|cp|mv|rm)\s)"
)
_OF_A_DATABASE = re.compile(
    rf"{SCRIPT}(?:[\w-]+:)*(?:(?:db|database|prisma|drizzle)[:_-](?:push|reset|drop|create|setup|up|"
    r"down|start|stop|init|deploy|restore|import|load|fresh|migrate|seed|rollback|upgrade|downgrade)|"
    r"(?:run[-_])?migrat(?:e|ions?)(?:[:_-](?:up|down|latest|run|deploy|dev|prod|reset|rollback|"
    r"fresh|refresh|apply|db|local|all|head))?|seed(?:[:_-](?:db|database|data|dev|local|all))?|"
    r"rollback)(?=\s|$)"
    # Migrations of frameworks.
    r"|alembic\s+(?:(?:-\w|--\w[\w-]*)\s+\S+\s+)*(?:upgrade|downgrade|stamp)\b(?!.*--sql)"
    r"|flask\s+(?:\S+\s+)*db\s+(?:upgrade|downgrade|stamp)\b"
    r"|(?:python[\d.]*\s+)?(?:\S*/)?manage\.py\s+(?:migrate\b(?!.*--(?:check|plan))|flush|loaddata|"
    r"createsuperuser|dbshell)"
    r"|(?:(?:\S*/)?rails|rake)\s+db:(?:migrate(?!:status)|seed|drop|reset|setup|create|schema:load|"
    r"purge|rollback|prepare|fixtures:load)"
    r"|php\s+artisan\s+(?:migrate(?!:status)|db:(?:seed|wipe))"
    r"|prisma\s+(?:migrate\s+(?:deploy|dev\b(?!.*--create-only)|reset|resolve)|db\s+(?:push|seed|"
    r"execute))\b|drizzle-kit\s+(?:push|migrate|drop)\b"
    r"|knex\s+(?:\S+\s+)*(?:migrate:(?:latest|up|down|rollback)|seed:run)"
    r"|sequelize(?:-cli)?\s+db:(?:migrate(?!:status)|seed|drop|create)"
    r"|typeorm\S*\s+(?:\S+\s+)*(?:migration:(?:run|revert)|schema:(?:sync|drop))"
    r"|(?:node-pg-migrate|db-migrate|sea-orm-cli\s+migrate|dbmate(?:\s+\S+)*|goose(?:\s+\S+)*|"
    r"mikro-orm\s+migration:?)\s*(?:up|down|redo|reset|fresh|refresh|migrate|drop|create|rollback)\b"
    r"|node\s+ace\s+(?:migration:(?:run|rollback|fresh|refresh|reset)|db:seed)"
    r"|migrate\s+.*-(?:path|database|source)\b"
    r"|sqlx\s+(?:migrate\s+(?:run|revert)|(?:database|db)\s+(?:drop|reset|setup|create))\b"
    r"|diesel\s+(?:migration\s+(?:run|revert|redo)|(?:database|setup|db))\b|refinery\s+migrate\b"
    r"|mix\s+(?:ecto\.(?:migrate|rollback|drop|reset|create|setup|load)|run\s+\S*seeds\.exs)\b"
    r"|atlas\s+(?:schema|migrate)\s+apply|flyway\s+(?:\S+\s+)*(?:migrate|clean|undo|baseline|repair)\b"
    r"|liquibase\s+(?:\S+\s+)*(?:update|rollback|drop)|aerich\s+(?:upgrade|downgrade|init-db)\b"
    r"|yoyo\s+(?:apply|rollback)|piccolo\s+migrations\s+(?:forwards|backwards)"
    r"|dotnet\s+ef\s+database\s+(?:update|drop)|hasura\s+(?:migrate|metadata|seeds?)\s+apply"
    r"|supabase\s+(?:start|stop|db\s+(?:push|reset|start)|migration\s+(?:up|down|repair))\b"
    # A program of the project that migrates or seeds, by its own name.
    rf"|{NO_LOOKER}[\w./-]+\s+(?:db\s+)?(?:migrate|seed)(?:\s+(?:run|up|down|apply|latest|all|head|"
    r"dev|prod))?$"
    r"|(?:python[\d.]*\s+(?:-m\s+)?|node\s+|tsx\s+|ts-node\s+|bun\s+(?:run\s+)?|ruby\s+|php\s+)"
    r"(?:\S*[/.])?(?:run[-_])?(?:seed|migrate|reset|drop)(?:[-_](?:db|database|data|dev|users?))?"
    r"(?:\.(?:py|[cm]?[jt]s|rb|php))?(?=\s|$)(?!.*--(?:dry-run|check))"
    r"|(?:dropdb|createdb|createuser|dropuser|pg_restore|mongorestore|mongoimport|pg_ctl|initdb)\b"
    r"|redis-cli\s.*\b(?i:flush(?:all|db)|set|del|config)\b"
)
_CLIENT = re.compile(
    r"(?:psql|mysql|mariadb|sqlite3|mongo(?:sh)?|duckdb|clickhouse-client|cqlsh|sqlcmd|cockroach)(?=\s|$)"
)
_CHANGES = re.compile(
    r"\b(?:drop|delete|truncate|insert|update|alter|create|grant|revoke|replace)\b"
    r"|(?:drop|delete|insert|update)(?:Database|One|Many)\b",
    re.IGNORECASE,
)
_IN_A_CONTAINER = re.compile(r"(?:docker|podman)(?:\s+compose|-compose)?\s+(?:exec|run)\s")
_OF_CONTAINERS = re.compile(
    r"(?:docker|podman)\s+(?:stop|start|restart|kill|rm|create|run\s+(?:\S+\s+)*(?:-d|--detach)|"
    r"(?:volume|network|container|image|system|builder|context)\s+(?:rm|create|prune|use|remove))\b"
    r"|(?:docker|podman)(?:\s+compose|-compose)\s+(?:\S+\s+)*?(?:up|start|stop|restart|down|rm|kill|create|"
    r"pause|unpause|pull)(?=\s|$)|(?:minikube|k3d|vagrant|kind)\s+(?!version\b|status\b|get\b|list\b)\S|docker\s+(?:stack|swarm|service)\s+(?!ls\b|ps\b)\S"
)
# They answer differently each time, cost money and change what they like.
_AGENT = re.compile(
    r"(?:claude|codex|gemini|aider|cursor-agent|opencode|goose|amp|copilot)(?=\s|$)"
    r"(?!\s+(?:mcp\s+(?:list|get)|plugin\s+(?:list|validate)|--version|-v\b|--help|-h\b|doctor))"
)


def beside(placed: Placed) -> str:
    """Why a command isn't run by itself that changes what runs beside it, or nothing."""
    name = re.sub(r"python[\d.]*\s+-m\s+(?=alembic|flask|aerich|yoyo|piccolo)", "", str(placed))
    if _OF_CONTAINERS.match(name):
        return "it starts or stops what runs beside the repository"
    words = name.split(" ")
    begins = range(len(words)) if _IN_A_CONTAINER.match(name) else range(1)
    for at in begins:
        inner = " ".join(words[at:])
        if _OF_A_DATABASE.match(inner) or (_CLIENT.match(inner) and _changes(placed, inner)):
            return "it changes a database"
    return "it has an agent do work" if _AGENT.match(name) else ""


def _changes(placed: Placed, name: str) -> bool:
    """Whether a client of a database is given statements that change it, or may be some."""
    given = [each for each in placed.redirections if each.sign in ("<", "<<", "<<-", "<<<")]
    texts = [each.document.text if each.document else each.target for each in given]
    files = any(each.sign == "<" for each in given) or placed.command.before == "|"
    files = files or bool(re.search(r"\s(?:-f|--file)\b|\.sql\b|\.read\b|\bsource\s", name))
    return files or any(_CHANGES.search(text) for text in (name, *texts))


_MAY_SERVE = re.compile(
    r"python[\d.]*\s+(?:-m\s+(?!pytest|unittest|mypy|ruff|black|py_compile|compileall|build|pip|venv|"
    r"json|coverage|isort|flake8|pylint|doctest|timeit|zipfile|tarfile)[\w.]+|\S+\.py)|"
    r"(?:node|tsx|ts-node|bun|deno\s+run|ruby|php|perl)\s+(?:run\s+|-\w\s+)*\S+\.\w+|"
    r"(?:cargo|go|dotnet|swift|mix|stack|cabal|zig\s+build|sbt|java)\s+(?:-jar\s+\S+|run\b)|"
    r"(?:npm|pnpm|yarn|bun)\s+(?:\S+\s+)*?run\s+(?!test|build|lint|type|format|check|gen)\S+|"
    r"(?:make|just|task)\s+(?:run|start|up|app|local)\b|\./\S+|(?:\S*/)?manage\.py\s+run\w+|"
    r"(?:[\w-]+\s+)?(?:serve|server|start|web|api|ui|tui|dashboard|daemon|listen)$"
)
_ENDS = re.compile(r"\s(?:-h|--help|--version|--check|--dry-run|--once|--list|--validate)(?=\s|$)")
_THING = (
    r"(?:(?:dev|web|api|local|http|mcp|backend|frontend|the|your|a|an)\s+)*(?:server|services?|"
    r"daemon|app|application|ui|gui|tui|website|site|dashboard|browser|bot|worker|listener|proxy)"
)
_STARTED = re.compile(
    rf"\b(?:start|launch|boot|spin\s+up|bring\s+up|fire\s+up)(?:\s+up)?\s+{_THING}\b|"
    r"\bin\s+(?:another|a\s+(?:second|separate|new|different)|one)\s+(?:terminal|shell|tab|window)\b|"
    r"\b(?:leave|keep)\s+(?:it|this|the\s+\w+)\s+running\b|\bin\s+the\s+background\b|\bctrl\W?c\b|"
    r"\b(?:open|visit|navigate\s+to|browse\s+to|go\s+to)\s+\W*(?:https?://|localhost|your\s+browser|"
    r"the\s+browser|a\s+browser)",
    re.IGNORECASE,
)
_SEEN = re.compile(
    rf"^\W*Expect\w*\W*(?:the\s+)?(?:{_THING}|page|window|screen)\b[^.\n]{{0,40}}\b(?:starts?|runs|running|listen\w*|"
    r"displays?|loads?|opens?|renders?|shows?|appears?|is\s+up|comes\s+up|boots?|launch\w*|ready|"
    r"reachable|accessible)\b|[^\n]*\b(?:listening|running|serving|available|started)\s+(?:on|at)\s+\W*"
    r"(?:https?:|port\b|localhost|127\.|0\.0|:\d)",
    re.IGNORECASE | re.MULTILINE,
)


def serves(command: str, words: str) -> bool:
    """Whether a command starts what then runs, by its form and by what is said around it."""
    last = ""
    for placed in walk(command):
        if placed.command.name == "timeout":
            return False
        last = str(placed)
    may = _MAY_SERVE.match(last) and not _ENDS.search(last)
    return bool(may and (_STARTED.search(words) or _SEEN.search(words)))
