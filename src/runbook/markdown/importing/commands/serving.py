"""Programs that a plan has started and looked at: they run until they are stopped.

By its form, `python -m ships` may be a check as well as a server; what the plan says of it tells.
"""

from __future__ import annotations

import re

from runbook.core.shell.walking import walk

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
