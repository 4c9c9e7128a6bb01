"""What is seen to once the steps of a task are made.

Where these only check and commit, what makes that which is committed; and the folders that its
commands remove, of which no commit gives anything back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from runbook.core.model.declared import step_targets
from runbook.core.model.imported import Remark
from runbook.core.model.model import Commit, Confirm, Edit, Manual, Run, Step, Verify
from runbook.core.model.operations import Delete, Glob, Target
from runbook.core.shell.walking import walk
from runbook.markdown.importing.places.files import Scope
from runbook.markdown.importing.steps.declaring import MayChange
from runbook.markdown.importing.steps.inwords import in_words
from runbook.markdown.importing.steps.ledger import Changes, Ledger, short
from runbook.markdown.importing.words.conditions import conditional
from runbook.markdown.importing.words.filelist import FileMention, names_a_folder
from runbook.markdown.importing.words.prose import instructs
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_BRACKETED = re.compile(r"[(（](?P<said>[^()（）]*(?:\([^()]*\)[^()（）]*)*)[)）]")
_EMPTY = anycase(r"\W*(an? )?empty( (file|module|package|marker))*\W*")
_ORDERS = anycase(
    r"\W*(add|update|extend|wire|register|export|re-?export|import|append|insert|include|remove|"
    r"replace|rename|change|expose|use|call|pass|mount|inject|bump|delete|move|declare|implement|"
    r"新增|增加|添加|注册|更新)\b"
)
_MAKES = anycase(
    r"\W*(re-?)?(build|generat|compil|format|render|export|bundl|updat|creat|writ|appl|convert|"
    r"migrat)(e|ing|y)?\b"
)
_MADE = anycase(
    r"\b(updates|writes|creates|generates|produces|rewrites|(re)?generated|rewritten|modified)\b"
)


def made_by_a_check(steps: list[Step], files: tuple[Target, ...]) -> None:
    """Make a run of the check of a task that commits, and changes nothing, where that writes.

    By its title or by what is expected of it: "Rebuild", "updates `dist/`".
    """
    if not files or not nothing_is_made(steps):
        return
    for index, step in enumerate(steps):
        if isinstance(step, Verify) and _writes(step):
            commits = (each.files for each in steps[index:] if isinstance(each, Commit))
            named = next(commits, None) or files
            steps[index] = Run(step.command, named, step.expect, title=step.title, note=step.note)
            return


def with_what_is_committed(ledger: Ledger) -> None:
    """Let a person change something where they are to look, if a commit follows and nothing else.

    What is looked at is then all that can have made what is committed.
    """
    steps = ledger.steps
    if any(isinstance(each, Edit | Run | Manual) for each in steps):
        return
    if any(isinstance(each, Commit) for each in steps):
        for index, each in enumerate(steps):
            if isinstance(each, Confirm):
                steps[index] = Manual(each.question, (), each.title, each.note)
        ledger.manual_remarks += ledger.confirm_remarks
        ledger.confirm_remarks.clear()


def see_to_what_is_listed(ledger: Ledger, head: str) -> None:
    """Have done what the Files block says of a file that no step names: deletions, and orders."""
    _delete_what_is_listed(ledger, head)
    _change_what_is_listed(ledger)


def _change_what_is_listed(ledger: Ledger) -> None:
    """Have files changed as a remark on them orders: "Modify: `ship.rs` — add `mod mast;`"."""
    orders = [
        each for each in ledger.mentions if each.role in ("modify", "create") and _is_order(each)
    ]
    if not orders:
        return
    said = "\n".join(map(_words, ledger.steps))
    named = {target for each in ledger.steps for target in step_targets(each)}
    left = [
        each
        for each in orders
        if each.target not in named and each.path.rpartition("/")[2] not in said
    ]
    # Where a person has work to do in the task, it may be meant by that.
    changes: Changes = "perhaps" if any(isinstance(it, Manual) for it in ledger.steps) else "files"
    begin = _before_commit(ledger.steps)
    for each in left:
        after = ledger.steps[begin:]
        del ledger.steps[begin:]
        words = f"In `{each.path}`, {_remark(each)}"
        if _EMPTY.fullmatch(_remark(each)):
            words = f"Create an empty `{each.path}`."
        more = _below(ledger.document.lines, each.line)
        if more or not in_words(ledger, words, Scope(ledger.mentions, "", ledger.roots), each.line):
            why = "its Files block is all that the plan says"
            ledger.manual("\n".join((words, *more)), each.line, why, changes)
        begin = len(ledger.steps)
        ledger.steps += after


def _below(lines: Sequence[str], item: int) -> list[str]:
    """What stands below an item of a list, from 1, and belongs to it."""
    margin = len(lines[item - 1]) - len(lines[item - 1].lstrip())
    deeper = "\n".join(
        takewhile(
            lambda line: not line.strip() or len(line) - len(line.lstrip()) > margin, lines[item:]
        )
    ).rstrip()
    return deeper.split("\n") if deeper else []


def _is_order(mention: FileMention) -> bool:
    remark = _remark(mention)
    empty = mention.role == "create" and _EMPTY.fullmatch(remark) is not None
    ordered = _ORDERS.match(remark) and instructs(remark) and not conditional(remark)
    return empty or bool(ordered)


def _remark(mention: FileMention) -> str:
    remark = mention.remark.strip(" \t—–-:")
    whole = _BRACKETED.fullmatch(remark)
    return whole["said"].strip() if whole else remark


def _before_commit(steps: list[Step]) -> int:
    """Where something can be changed yet, so that the checks before the first commit see it."""
    at = next((at for at, each in enumerate(steps) if isinstance(each, Commit)), len(steps))
    while at and not isinstance(steps[at - 1], Edit | Run | Manual):
        at -= 1
    return at


def _delete_what_is_listed(ledger: Ledger, head: str) -> None:
    """Have the files go that the Files block deletes, and that neither a step nor the head names.

    Where a person has work to do in the task, it may be meant by that: then it is theirs.
    """
    said = "\n".join((head, *map(_words, ledger.steps)))
    named = {target for each in ledger.steps for target in step_targets(each)}
    gone = [
        each
        for each in ledger.mentions
        if each.role == "delete" and not each.ranges and each.path not in named
        and not (ledger.trial.has_repository and ledger.trial.text(each.path) is None)
        and each.path.rpartition("/")[2] not in said
    ]  # fmt: skip
    if not (gone and any(isinstance(each, Commit) for each in ledger.steps)):
        return  # without a commit that names them, they are told in the task's note
    at = _before_commit(ledger.steps)
    after = ledger.steps[at:]
    by_hand = any(isinstance(each, Manual) for each in ledger.steps)
    edits = [Edit((each.path,), (Delete(),)) for each in gone]
    copy = ledger.trial.copy()
    clear = not (by_hand or any(each.remark for each in gone))
    if clear and not any(copy.attempt(each).why for each in edits):
        del ledger.steps[at:]
        for each, edit in zip(gone, edits, strict=True):
            ledger.accept(ledger.trial.attempt(edit), each.line)
        ledger.steps += after
        return
    lines = (ledger.document.lines[line - 1].strip() for line in {each.line: 0 for each in gone})
    words = "Delete what the Files block says:\n\n" + "\n".join(lines)
    ledger.manual_at(
        at, words, gone[0].line, "its Files block is all that the plan says", "perhaps"
    )


def _words(step: Step) -> str:
    match step:
        case Manual():
            own = step.instructions
        case Confirm():
            own = step.question
        case Run() | Verify():
            own = step.command
        case _:
            own = ""
    return f"{step.title}\n{own}\n{step.note}"


def nothing_is_made(steps: list[Step]) -> bool:
    """Whether a task commits, and none of its steps changes anything, nor has someone look."""
    changes = any(isinstance(each, Edit | Run | Manual | Confirm) for each in steps)
    return not changes and any(isinstance(each, Commit) for each in steps)


def _writes(step: Verify) -> bool:
    titled = step.title is not None and _MAKES.match(step.title) is not None
    return titled or _MADE.search(step.expect.prose or "") is not None


_WHY = "it removes a folder that the task says nothing else of"
# What is built can be built again.
_BUILT = spelled(
    r"(^|/)(dist|build|out|target|_?site|public|coverage|htmlcov|tmp|temp|\.(next|nuxt|turbo|"
    r"cache|output|parcel-cache|svelte-kit|pytest_cache|mypy_cache|ruff_cache|coverage|vite|astro|"
    r"docusaurus|angular|hypothesis)|__pycache__|[\w.-]+\.egg-info|DerivedData|\.build|obj|"
    r"bin/(Debug|Release))(/.*)?$"
)


def leave_removals(steps: Ledger, begin: int) -> None:
    """Leave to a person what removes folders that a task, from line `begin`, says nothing of."""
    for index, step in enumerate(steps.steps):
        others = [each for at, each in enumerate(steps.steps) if at != index]
        if not isinstance(step, Run) or not _is_unknown(step, others, steps.mentions):
            continue
        words = f"```bash\n{step.command}\n```\n"
        steps.steps[index] = Manual(words, (), step.title, step.note)
        # A commit of all that changed has what was in git there.
        before = sum(isinstance(each, Commit) for each in steps.steps[:index])
        steps.may_change.append(MayChange(before, step.files, ()))
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
            paths = [word for word in placed.arguments if not word.startswith("-")]
            named = filter(names_a_folder, paths)
            found += [f"{placed.folder}/{word}" if placed.folder else word for word in named]
    return found


def _name(path: str) -> str:
    return re.sub(r"(?:/?\*.*)$", "", path).removeprefix("./").rstrip("/")
