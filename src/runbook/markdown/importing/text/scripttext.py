"""Tells the shell blocks that are to be run from those that are the text of a script.

A plan shows both in the same fences. Where it only may be a script's text, it is not run: what was
meant as a command costs a person a moment, and a script's text that is run may do anything.
"""

from __future__ import annotations

import re

from runbook.core.shell.cutting import conjuncts, pipeline, split, words
from runbook.core.shell.walking import walk
from runbook.core.value import replace
from runbook.markdown.importing.commands.changedfiles import places_changed
from runbook.markdown.importing.commands.runlines import folder_of, in_folder
from runbook.markdown.importing.commands.scripts import acts, only_comments
from runbook.markdown.importing.text.pieces import Piece, is_shell, lead_of
from runbook.markdown.importing.words.filekinds import is_document, is_script
from runbook.markdown.importing.words.filelist import FileMention
from runbook.markdown.importing.words.insertedtext import (
    Said,
    does_nothing,
    is_labelled_text,
    names_another_file,
    says_run,
    says_text,
)
from runbook.markdown.importing.words.vocabulary import anycase, spelled
from runbook.markdown.importing.words.wording import between_blocks, leads_to_new

_OF_A_FILE = anycase(
    r"\b(add|replace|update|insert|append|contents?|change|create|write|modify|"
    r"in)\b.*`[^`]*\.\w+`|\bscript\b.*[:：]\W*$|^\W*`[^`]+\.\w+`\W*$"
)
_EXAMPLE = anycase(
    r"\b(example|usage|e\.g\.|asserts?\W*$|currently (has|reads?|is|looks|contains|says))"
)
_TO_RUN = anycase(r"\W*(then )?(run|verify|check|test)\b|.*\b(run|execute)\b[^.`]{0,40}[:：]\W*$")
_RUNS = anycase(
    r"\b(re-?run|run|execute|verif\w*|check|confirm|validate|smoke|commit|lint|tests? pass)\b|"
    r"^\W*(test|final|make .*executable)\b|実行|確認|検証"
)
_CHANGES = anycase(
    r"\W*(\d+[.)]\s*)?\W*((then|now|next|also|and|finally)\b,? )?(add|insert|append|prepend|keep|"
    r"replace|change|update|modify|extend|rewrite|wrap|place|new (step|version|block|text|code|"
    r"lines?))\b"
)
_PLACES = anycase(
    r"\b(add|insert|put|place|append|prepend)\b.*\b(before|after|above|below|near|between|at the "
    r"(top|bottom|end|beginning|start))\b|\b(before|after|above|below|near|between|at the (top|"
    r"bottom|end|beginning|start))\b.*\b(add|insert|put|place)\b"
)
_COMMENT_OF_PLACE = anycase(
    r"#+\s*((add|insert|append|prepend|put)\b.*\b(to|in|into|after|before|at)\b|(in|at the (top|"
    r"bottom|end) of) \S*[\w-]\.\w+\b|(before|after|old|new|current)\W*$|\S+/\S+\.(sh|bash|bats|"
    r"zsh)\s*$)"
)
_LEFT_OUT = spelled(r"^[ \t#]*(\.{3}|…)[ \t]*$", re.MULTILINE)
_MAKERS = {"mkdir", "chmod", "touch", "cp", "mv", "rm", "ln", "cd", "git"}
_ORDINARY = spelled(
    r"(\w+=\S* )*(sudo |time |timeout \S+ )*(git|gh|jj|mkdir|chmod|touch|cp|mv|rm|ln|ls|cat|tee|"
    r"grep|egrep|rg|find|fd|sed|awk|perl|jq|yq|head|tail|wc|sort|diff|test|stat|file|tree|which|"
    r"command|curl|wget|python[\d.]*|node|npm|npx|pnpm|yarn|bun|bunx|deno|tsc|tsx|vitest|jest|"
    r"eslint|prettier|biome|uv|uvx|poetry|pdm|pip3?|pytest|ruff|mypy|black|alembic|cargo|rustc|"
    r"rustup|go|gofmt|make|just|cmake|mvn|gradle|swift|xcodebuild|dotnet|ruby|bundle|rake|rails|"
    r"php|composer|mix|docker|docker-compose|podman|psql|createdb|dropdb|sqlite3|redis-cli|mysql|"
    r"bash|sh|zsh|source|\.|cd|shellcheck|shfmt|bats|hugo|vale|code|cursor|open|xdg-open|kill|"
    r"pkill|lsof|ps|pgrep|ssh|scp|rsync|sudo|brew|apt|apt-get|pipx|kubectl|helm|terraform|tofu|"
    r"aws|gcloud|az|fly|vercel|wrangler|netlify|supabase|firebase|heroku|claude|codex|ruff|mypy|"
    r"export|sleep|tmux|cd|\./\S+|[\w.-]+/\S+|\$\s)(\s|$)"
)


def with_scripts(found: list[Piece], title: str, mentions: tuple[FileMention, ...]) -> list[Piece]:
    """The pieces, with the shell blocks that are to be run as commands.

    `mentions` are the files that the task names.
    """
    changed = [each.path for each in mentions if each.role in ("create", "modify", "test")]
    made: list[Piece] = []
    for index, piece in enumerate(found):
        runs = piece.kind == "code" and is_shell(piece.info) and not piece.doubtful
        runs = runs and not only_comments(piece.text)
        runs = runs and not _is_text(found, index, title, changed)
        if runs:
            folder = folder_of(lead_of(found, index, title))
            piece = replace(piece, kind="command", text=in_folder(piece.text, folder))
        made.append(piece)
    return made


def _is_text(found: list[Piece], index: int, title: str, changed: list[str]) -> bool:
    """Whether a shell block is, or may be, the text of a script."""
    code = found[index].text
    lead = lead_of(found, index, title)
    scripts = [path for path in changed if is_script(path)]
    documented = scripts or any(map(is_document, changed))
    if code.startswith("#!") or _EXAMPLE.search(lead) or _paired(found, index, title):
        return True
    if _COMMENT_OF_PLACE.match(code.lstrip()) or _LEFT_OUT.search(code):
        return True
    if is_labelled_text(lead if index > 0 else "", code):
        return True
    if lead.rstrip().endswith((".", ")")) and not documented and _only_commits(code):
        return False  # what is said before it is not of it
    said = says_text(lead) or _said_before(found, index, lead)
    if does_nothing(code) or (said == "text" and index > 0):
        return True
    if said:
        return not _makes(code)
    if _TO_RUN.match(lead):
        return False
    if not folder_of(lead) and names_another_file(lead, code):
        return True
    named = any(f"`{path}`" in lead for path in changed if "." not in path.rsplit("/", 1)[-1])
    if _OF_A_FILE.search(lead) or named:
        return True
    if _PLACES.search(lead) or _PLACES.search(f"{title} {lead}"):
        return bool(scripts) or not _makes(code)
    if _CHANGES.match(lead) and index > 0:
        return not (_makes(code) if scripts else _ordinary(code))
    if not scripts or _RUNS.search(lead) or _RUNS.search(title):
        return False
    return not (_makes(code) if _CHANGES.match(lead) else _ordinary(code))


def _said_before(found: list[Piece], index: int, lead: str) -> Said:
    """What the sentences before the last one say of a block that this one says nothing of."""
    before = found[index - 1] if index else None
    if before is None or before.kind != "prose" or says_run(lead) or _TO_RUN.match(lead):
        return ""
    lines = before.text.rstrip().split("\n")[:-1]
    return "text" if any(says_text(line) == "text" for line in lines) else ""


def _paired(found: list[Piece], index: int, title: str) -> bool:
    """Whether a block is the old or the new text of a change, or an anchor and what goes there."""
    for first in (index, index - 2):
        if first < 0 or first + 2 >= len(found):
            continue
        lead, words = lead_of(found, first, title), lead_of(found, first + 2, "")
        blocks = found[first].kind == found[first + 2].kind == "code"
        if blocks and (leads_to_new(words, lead) or between_blocks(lead, words)):
            return True
    return False


def _makes(script: str) -> bool:
    """Whether all commands change files or the repository: they do themselves what is said."""
    return all(
        act.kind in ("edit", "run", "add", "commit")
        or (words(act.command)[:1] or [""])[0] in _MAKERS
        or any(places_changed(each) for each in walk(act.command))
        for act in acts(script)
    )


def _only_commits(script: str) -> bool:
    """Whether a script adds and commits, and does nothing else."""
    kinds = {act.kind for act in acts(script)}
    return "commit" in kinds and kinds <= {"add", "commit"}


def _ordinary(script: str) -> bool:
    """Whether all commands begin as those do that people type."""
    return all(
        _ORDINARY.match(pipeline(part)[0])
        for each in split(script)
        for part in conjuncts(each.text)
    )
