"""Folders that a plan's commands remove: those that it speaks of, and what no commit gives back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runbook.core.model.declared import step_targets
from runbook.core.model.imported import Remark
from runbook.core.model.model import Manual, Run, Step
from runbook.core.model.operations import Glob
from runbook.core.shell.walking import walk
from runbook.markdown.importing.steps.ledger import Ledger, short
from runbook.markdown.importing.words.filelist import FileMention

_WHY = "it removes a folder that the task says nothing else of"
# What is built can be built again.
_BUILT = re.compile(
    r"(?:^|/)(?:dist|build|out|target|_?site|public|coverage|htmlcov|tmp|temp|\.(?:next|nuxt|turbo|"
    r"cache|output|parcel-cache|svelte-kit|pytest_cache|mypy_cache|ruff_cache|coverage|vite|astro|"
    r"docusaurus|angular|hypothesis)|__pycache__|[\w.-]+\.egg-info|DerivedData|\.build|obj|bin/"
    r"(?:Debug|Release))(?:/.*)?$"
)


def leave_removals(steps: Ledger, begin: int) -> None:
    """Leave to a person what removes folders that a task, from line `begin`, says nothing of."""
    for index, step in enumerate(steps.steps):
        others = [each for at, each in enumerate(steps.steps) if at != index]
        if not isinstance(step, Run) or not _is_unknown(step, others, steps.mentions):
            continue
        words = f"```bash\n{step.command}\n```\n"
        steps.steps[index] = Manual(words, (), step.title, step.note)
        shown = step.command.rpartition("rm ")[2].partition("\n")[0]
        lines = enumerate(steps.document.lines[begin - 1 :], begin)
        line = next((number for number, text in lines if f"rm {shown}" in text), begin)
        steps.manual_remarks.append(Remark(line, f"{_WHY}: {short(step.command)}"))


def _is_unknown(step: Run, others: Iterable[Step], mentions: Iterable[FileMention]) -> bool:
    """Whether a step removes a whole folder of which its task says nothing else.

    It may be what no commit gives back. `mentions` are the files of the task, `others` its steps.
    """
    gone = [_name(path) for path in _removed_folders(step.command)]
    if not gone:
        return False
    targets = (target for each in others for target in step_targets(each))
    folders = {_name(each.pattern) for each in targets if isinstance(each, Glob)}
    listed = list(mentions)
    folders |= {_name(each.path) for each in listed}
    deleted = {each.path.rpartition("/")[0] for each in listed if each.role in ("delete", "move")}
    return not all(
        _BUILT.search(path)
        or any(path == each or (each and path.startswith(f"{each}/")) for each in folders)
        or path in deleted
        for path in gone
    )


def _removed_folders(command: str) -> list[str]:
    """The folders that a command removes with all that they hold."""
    found = []
    for placed in walk(command, ""):
        recursive = any(re.fullmatch(r"-\w*[rR]\w*|--recursive", word) for word in placed.arguments)
        if placed.name == "rm" and recursive:
            named = [
                word
                for word in placed.arguments
                # What has an ending is a file.
                if not word.startswith("-") and not re.search(r"[^/.]\.\w+$", word)
            ]
            found += [f"{placed.folder}/{word}" if placed.folder else word for word in named]
    return found


def _name(path: str) -> str:
    return re.sub(r"(?:/?\*.*)$", "", path).removeprefix("./").rstrip("/")
