"""Commands that change what runs beside the repository, or start it: databases, servers, agents."""

from __future__ import annotations

import re

from runbook.core.shell.walking import Placed, walk
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_OF_PACKAGE = r"(-F|-C|-w|--filter|--dir|--prefix|--workspace) "
# Options of a package runner; a value such as the package `server` is no name of a script.
OPTIONS = rf"({_OF_PACKAGE}\S+ |(?!{_OF_PACKAGE})-\S+ |(?<=pnpm\s)-w |workspace \S+ )"
_OF_MAKE = r"((-C|-f|--directory|--file) \S+ |(?!(-C|-f|--directory|--file) )-\S+ )"
# Behind a package runner, the name of a script of the project.
SCRIPT = (
    rf"((npm|pnpm|yarn|bun|deno|turbo|nx) {OPTIONS}*((run|task) )?|"
    rf"(make|just|task|rake|inv(oke)?) {_OF_MAKE}*)"
)
# What follows these is looked for or tested, and is no order to a tool of the project.
NO_LOOKER = (
    r"(?!-|(git|cargo|go|npm|[ef]?grep|rg|ag|ack|ls|cat|echo|printf|cd|head|tail|wc|test|diff|"
    r"which|type|command|man|jq|awk|sed|find|fd|tree|stat|file|sort|pytest|pgrep|kill|mkdir|touch|"
    r"cp|mv|rm)\s)"
)
_OF_A_DATABASE = spelled(
    rf"{SCRIPT}([\w-]+:)*((db|database|prisma|drizzle)[:_-](push|reset|drop|create|setup|up|"
    r"down|start|stop|init|deploy|restore|import|load|fresh|migrate|seed|rollback|upgrade|downgrade)|"
    r"(run[-_])?migrat(e|ions?)([:_-](up|down|latest|run|deploy|dev|prod|reset|rollback|"
    r"fresh|refresh|apply|db|local|all|head))?|seed([:_-](db|database|data|dev|local|all))?|"
    r"rollback)(?=\s|$)"
    # Migrations of frameworks.
    r"|alembic ((-\w|--\w[\w-]*) \S+ )*(upgrade|downgrade|stamp)\b(?!.*--sql)"
    r"|flask (\S+ )*db (upgrade|downgrade|stamp)\b"
    r"|(python[\d.]* )?(\S*/)?manage\.py (migrate\b(?!.*--(check|plan))|flush|loaddata|"
    r"createsuperuser|dbshell)"
    r"|((\S*/)?rails|rake) db:(migrate(?!:status)|seed|drop|reset|setup|create|schema:load|"
    r"purge|rollback|prepare|fixtures:load)"
    r"|php (?!-)\S+ (\S+:)?(migrate(?!:status)(:\w+)?|migrations:(migrate|execute|rollback|"
    r"diff)|db:(seed|wipe|reset|drop|create|fresh)|seed|schema:(update|drop|create)|(fixtures|"
    r"database):\S+)(?=\s|$)"
    r"|prisma (migrate (deploy|dev\b(?!.*--create-only)|reset|resolve)|db (push|seed|"
    r"execute))\b|drizzle-kit (push|migrate|drop)\b"
    r"|knex (\S+ )*(migrate:(latest|up|down|rollback)|seed:run)"
    r"|sequelize(-cli)? db:(migrate(?!:status)|seed|drop|create)"
    r"|typeorm\S* (\S+ )*(migration:(run|revert)|schema:(sync|drop))"
    r"|(node-pg-migrate|db-migrate|sea-orm-cli migrate|dbmate( \S+)*|goose( \S+)*|"
    r"mikro-orm migration:?)\s*(up|down|redo|reset|fresh|refresh|migrate|drop|create|rollback)\b"
    r"|node ace (migration:(run|rollback|fresh|refresh|reset)|db:seed)"
    r"|migrate .*-(path|database|source)\b"
    r"|sqlx (migrate (run|revert)|(database|db) (drop|reset|setup|create))\b"
    r"|diesel (migration (run|revert|redo)|(database|setup|db))\b|refinery migrate\b"
    r"|mix (ecto\.(migrate|rollback|drop|reset|create|setup|load)|run \S*seeds\.exs)\b"
    r"|atlas (schema|migrate) apply|flyway (\S+ )*(migrate|clean|undo|baseline|repair)\b"
    r"|liquibase (\S+ )*(update|rollback|drop)|aerich (upgrade|downgrade|init-db)\b"
    r"|yoyo (apply|rollback)|piccolo migrations (forwards|backwards)"
    r"|dotnet ef database (update|drop)|hasura (migrate|metadata|seeds?) apply"
    r"|supabase (start|stop|db (push|reset|start)|migration (up|down|repair))\b"
    # A program of the project that migrates or seeds, by its own name.
    rf"|{NO_LOOKER}[\w./-]+ (db )?(migrate|seed)( (run|up|down|apply|latest|all|head|"
    r"dev|prod))?$"
    r"|(python[\d.]* (-m )?|node |tsx |ts-node |bun (run )?|ruby |php )"
    r"(\S*[/.])?(run[-_])?(seed([-_][\w-]+)?|(migrate|reset|drop)([-_](db|database|data|dev|users?))?)"
    r"(\.(py|[cm]?[jt]s|rb|php))?(?=\s|$)(?!.*--(dry-run|check))"
    r"|(dropdb|createdb|createuser|dropuser|pg_restore|mongorestore|mongoimport|pg_ctl|initdb)\b"
    r"|redis-cli\s.*\b(?i:flush(all|db)|set|del|config)\b"
)
_CLIENT = spelled(
    r"(psql|mysql|mariadb|sqlite3|mongo(sh)?|duckdb|clickhouse-client|cqlsh|sqlcmd|"
    r"cockroach)(?=\s|$)"
)
_CHANGES = anycase(
    r"\b(drop|delete|truncate|insert|update|alter|create|grant|revoke|replace)\b"
    r"|(drop|delete|insert|update)(Database|One|Many)\b"
)
_IN_A_CONTAINER = re.compile(r"(?:docker|podman)(?:\s+compose|-compose)?\s+(?:exec|run)\s")
_OF_CONTAINERS = spelled(
    r"(docker|podman) (stop|start|restart|kill|rm|create|run (\S+ )*(-d|--detach)|(volume|network|"
    r"container|image|system|builder|context) (rm|create|prune|use|remove))\b"
    r"|(docker|podman)( compose|-compose) (\S+ )*?(up|start|stop|restart|down|rm|kill|create|"
    r"pause|unpause|pull)(?=\s|$)|(minikube|k3d|vagrant|kind) (?!version\b|status\b|get\b|"
    r"list\b)\S|docker (stack|swarm|service) (?!ls\b|ps\b)\S"
)
# They answer differently each time, cost money and change what they like.
_AGENT = spelled(
    r"(claude|codex|gemini|aider|cursor-agent|opencode|goose|amp|copilot)(?=\s|$)(?! (mcp (list|"
    r"get)|plugin (list|validate)|--version|-v\b|--help|-h\b|doctor))"
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


_MAY_SERVE = spelled(
    r"python[\d.]* (-m (?!pytest|unittest|mypy|ruff|black|py_compile|compileall|build|pip|venv|"
    r"json|coverage|isort|flake8|pylint|doctest|timeit|zipfile|tarfile)[\w.]+|\S+\.py)|(node|tsx|"
    r"ts-node|bun|deno run|ruby|php|perl) (run |-\w )*\S+\.\w+|(cargo|go|dotnet|swift|mix|stack|"
    r"cabal|zig build|sbt|java) (-jar \S+|run\b)|(npm|pnpm|yarn|bun) (\S+ )*?run (?!test|build|"
    r"lint|type|format|check|gen)\S+|(make|just|task) (run|start|up|app|local)\b|\./\S+|"
    r"(\S*/)?manage\.py run\w+|([\w-]+ )?(serve|server|start|web|api|ui|tui|dashboard|daemon|"
    r"listen)$"
)
_ENDS = re.compile(r"\s(?:-h|--help|--version|--check|--dry-run|--once|--list|--validate)(?=\s|$)")
_THING = (
    r"((dev|web|api|local|http|mcp|backend|frontend|the|your|a|an) )*(server|services?|daemon|app|"
    r"application|ui|gui|tui|website|site|dashboard|browser|bot|worker|listener|proxy)"
)
_STARTED = anycase(
    rf"\b(start|launch|boot|spin up|bring up|fire up)( up)? {_THING}\b|"
    r"\bin (another|a (second|separate|new|different)|one) (terminal|shell|tab|window)\b|\b(leave|"
    r"keep) (it|this|the \w+) running\b|\bin the background\b|\bctrl\W?c\b|\b(open|visit|navigate "
    r"to|browse to|go to) \W*(https?://|localhost|your browser|the browser|a browser)"
)
_SEEN = anycase(
    rf"^\W*Expect\w*\W*((the|an?|main) )*({_THING}|page|window|screen|menu|prompt|picker|dialog|"
    rf"board|game|editor|view)\b[^.\n]{{0,40}}\b(starts?|runs|"
    rf"running|listen\w*|"
    r"displays?|loads?|opens?|renders?|shows?|appears?|is up|comes up|boots?|launch\w*|ready|"
    r"reachable|accessible)\b|[^\n]*\b(listening|running|serving|available|started) (on|at) "
    r"\W*(https?:|port\b|localhost|127\.|0\.0|:\d)",
    re.MULTILINE,
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
