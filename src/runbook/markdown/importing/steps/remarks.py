"""What a task says that no step of it says: of its files, for its note; that it is done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runbook.core.model.declared import step_targets
from runbook.core.model.model import Step
from runbook.markdown.importing.text.outline import Part
from runbook.markdown.importing.text.sections import TaskParts
from runbook.markdown.importing.words.vocabulary import anycase

_BRACKETED = re.compile(r"[(（](?P<said>[^()（）]*(?:\([^()]*\)[^()（）]*)*)[)）]")
_DONE = (
    r"(complete[d]?|done|finished|implemented|merged|shipped|已完成|完成|完了|erledigt|"
    r"terminé|completado|concluído)"
)
_STATUS_DONE = anycase(
    rf"\W*(status|state|状态|ステータス)\W*[:：][\W_]*{_DONE}(?!\w)(?! (when|if|once|after)\b)"
)
# "[x] Task 3: Sail", "Task 3: Sail ✅", "Task 3: Sail (done)".
_TITLED_DONE = anycase(rf"\[x\]\s|.*([✅✔☑]|\W[(\[]{_DONE}[)\]]|\s[—–-]+ {_DONE})\W*$")


def says_done(task: Part, parts: TaskParts) -> str:
    """What a plan says of a task that is carried out, or of its steps, or nothing."""
    first = next((each.text for each in parts.head if each.kind == "text"), "")
    lines = [*first.split("\n"), *task.note.split("\n")[-1:]]
    if any(map(_STATUS_DONE.match, lines)) or _TITLED_DONE.match(task.title):
        return "the plan says that it is done"
    ticked = sum(section.done for section in parts.sections)
    if ticked and ticked == len(parts.sections):
        return "all its steps are ticked as done"
    one = "1 step is" if ticked == 1 else f"{ticked} steps are"
    return f"{one} ticked as done" if ticked else ""


def plan_says_done(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The line before all tasks in which a plan says that it is carried out, if one does."""
    said = (at for at, line in enumerate(lines, 1) if _STATUS_DONE.match(line))
    return [(at, "the plan says that it is done, and is imported all the same") for at in said][:1]


def _unbracketed(remark: str) -> str:
    """A remark on a file without the brackets that stand around all of it, or around no more."""
    whole = _BRACKETED.fullmatch(remark)
    if whole is not None:
        return whole["said"]
    even = remark.count("(") == remark.count(")") and remark.count("（") == remark.count("）")
    return remark if even else remark.strip("()（）")


def files_told(parts: TaskParts, steps: tuple[Step, ...]) -> str:
    """What the Files block says that no step says."""
    declared = {target for step in steps for target in step_targets(step)}
    lines = []
    for each in parts.files:
        if any(f"`{each.path}" in words for words in parts.unread):
            continue  # the plan's own line is kept
        if each.role != "read" and not each.remark and each.path not in declared:
            lines.append(f"- {each.role.capitalize()}: `{each.path}`")
        elif each.role == "read":
            lines.append(
                f"- Read: `{each.path}`"
                + (f" ({_unbracketed(each.remark)})" if each.remark else "")
            )
        elif each.remark:
            lines.append(f"- `{each.path}`: {_unbracketed(each.remark)}")
    lines += [f"- {words}" for words in parts.unread]
    return "Files of the plan:\n\n" + "\n".join(lines) if lines else ""
