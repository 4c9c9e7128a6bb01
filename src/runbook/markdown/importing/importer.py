"""Imports a Markdown plan as a phase, with an account of what it could not translate."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from runbook.core.collection import collection_paused
from runbook.core.edit.edits import Transforms
from runbook.core.model.days import no_such_day
from runbook.core.model.imported import Imported, NoPlan, Remark, TaskResult
from runbook.core.model.model import (
    Commit,
    Confirm,
    Edit,
    Manual,
    Note,
    Phase,
    Run,
    Settings,
    Step,
    Task,
    Verify,
)
from runbook.core.value import replace
from runbook.markdown.fencing import plain
from runbook.markdown.importing.naming import renamed, short_name
from runbook.markdown.importing.own.ownimport import LostComments, import_own, lost_comments
from runbook.markdown.importing.places.trial import Read, Trial
from runbook.markdown.importing.steps.afterwards import (
    leave_removals,
    made_by_a_check,
    nothing_is_made,
    see_to_what_is_listed,
    with_what_is_committed,
)
from runbook.markdown.importing.steps.declaring import Changes, Pending, with_files
from runbook.markdown.importing.steps.heads import head
from runbook.markdown.importing.steps.ledger import Ledger
from runbook.markdown.importing.steps.remarks import files_told, plan_says_done, says_done
from runbook.markdown.importing.steps.taskimport import TaskSteps
from runbook.markdown.importing.steps.unlisted import of_words_and_commands
from runbook.markdown.importing.text.branches import branch_titles, says_all_depends, together
from runbook.markdown.importing.text.outline import Outline, Part, outline
from runbook.markdown.importing.text.reader import Block, Document, read
from runbook.markdown.importing.text.roots import Project, repository_roots, worktree_said
from runbook.markdown.importing.text.runsagain import with_commands_of_other_steps
from runbook.markdown.importing.text.sections import Section, TaskParts, take_apart
from runbook.markdown.importing.text.sessions import Sessions
from runbook.markdown.importing.words.conditions import conditional_title
from runbook.markdown.importing.words.looking import announces_a_place
from runbook.markdown.importing.words.prose import ANY_MAKING, makes_something
from runbook.markdown.importing.words.vocabulary import anycase
from runbook.markdown.ownplan import comments_elsewhere, is_own
from runbook.markdown.ownsteps import Foreign

_VERIFYING = anycase(
    r"\bverif|\bUAT\b|acceptance test|\bfinal (check|verification|test)|smoke test|complexipy|"
    r"\bdone when\b|verification checklist|quality gates?|検証|最終確認"
)
_OUTSIDE = re.compile(r"`(?:/|~/|\.\./|[A-Za-z]:[/\\])\S+`")  # a path, in a Files block
_PHASE_FILE = re.compile(r"(?:^|[_.-])phase[_-]?0*(\d+)(?:\D|$)", re.IGNORECASE)


@collection_paused()
def import_plan(
    text: str, name: str, read_file: Read | None = None, transforms: Transforms | None = None
) -> Imported:
    """The plan `text` of a file called `name` (without ending) as a phase.

    With `read_file`, which gives a file's text in the repository (`None`: it is not there), each
    edit is tried, in order and in memory; with `transforms` those as well that need a library.

    Raises:
        NoPlan: there is no task in it.

    """
    found = _imported(text, name, read_file, transforms)
    missing = no_such_day(found.phase.verified or "")
    if missing is None:
        return found
    said = Remark(1, f"`verified` is left out: there is no day {missing}")
    phase = replace(found.phase, verified=None)
    return replace(found, phase=phase, warnings=(*found.warnings, said))


def _imported(
    text: str, name: str, read_file: Read | None, transforms: Transforms | None
) -> Imported:
    warnings: tuple[Remark, ...] = ()
    text = plain(text.removeprefix("\ufeff"))
    lost = lost_comments(text)
    elsewhere = comments_elsewhere(text)
    if elsewhere is not None:
        warnings = (Remark(elsewhere.line, elsewhere.message),)
    if is_own(text) or lost is not None:
        try:
            own = import_own(text)
            if own.phase.id:
                return own
            called = short_name(own.phase.title or own.phase.goal, name)
            return replace(own, phase=renamed(own.phase, called))
        except Foreign as error:
            said = f"read like anybody's plan, because runbook did not write this: {error.message}"
            warnings = (*([lost.said] if lost else []), Remark(error.line, said))
    document = read(text)
    found = outline(document)
    if not found.tasks:
        raise NoPlan
    imported = _Importer(document, found, name, read_file, transforms, lost).imported()
    return replace(imported, warnings=(*warnings, *imported.warnings))


class _Importer:
    def __init__(
        self,
        document: Document,
        found: Outline,
        name: str,
        read_file: Read | None,
        transforms: Transforms | None,
        lost: LostComments | None,
    ) -> None:
        self._document = document
        self._outline = found
        self._name = name
        self._lost = lost
        roots, others = repository_roots(document, read_file)
        self._roots = (*([lost.folder] if lost and lost.folder else []), *roots)
        self._project = Project(document, self._roots, read_file)
        self._sessions = Sessions(document, tuple(each.line for each in found.tasks))
        self._trial = Trial(read_file, transforms)
        self._seen: set[str] = set()
        self._pending = Pending()
        titles = [each.title for each in found.tasks]
        self._branches = {found.tasks[at].line for at in branch_titles(titles)}
        self._results: list[TaskResult] = []
        done = plan_says_done(document.lines[: found.tasks[0].line - 1])
        warnings = (*document.warnings, *found.warnings, *others, *self._project.told, *done)
        self._warnings = [Remark(*each) for each in warnings]

    def imported(self) -> Imported:
        header = self._outline.header
        number = header.number
        in_name = _PHASE_FILE.search(self._name)
        if number is None and in_name:
            number = int(in_name[1])
        identifier = (
            f"phase-{number}" if number is not None else short_name(header.title, self._name)
        )
        tasks = self._tasks(identifier)
        verification, notes = self._chapters()
        title = _series_title(header.title)
        phase = Phase(
            identifier,
            _one_line(header.goal) or header.title or tasks[0].title,
            tasks,
            number=number,
            of=header.of,
            title=title or (None if number is not None else identifier),
            architecture=header.architecture or None,
            tech_stack=_one_line(header.tech_stack) or None,
            verified=_one_line(header.verified) or None,
            notes=notes,
            verification=verification,
            settings=Settings(
                worktree=self._worktree(), workdir=self._lost.workdir if self._lost else None
            ),
        )
        return Imported(phase, tuple(self._results), title, tuple(self._warnings))

    def _worktree(self) -> str | None:
        """The worktree that the plan's absolute paths stand in, if it is one, and an account."""
        if self._lost is not None and self._lost.worktree:
            return self._lost.worktree
        said = worktree_said(self._document, self._roots)
        if said is None:
            return None
        line, path, folder = said
        words = f"`worktree: {folder}` is from the path {path}; take the key out to work elsewhere"
        self._warnings.append(Remark(line, words))
        return folder

    # Tasks

    def _tasks(self, phase: str) -> tuple[Task, ...]:
        tasks: list[Task] = []
        taken: set[str] = set()
        for order, text in enumerate(self._outline.tasks, 1):
            # The plan's own number is kept, where it is one.
            named = re.fullmatch(r"[\w.-]+", text.number)
            identifier = f"task-{text.number.lower() if named else order}"
            if identifier in taken:
                self._warnings.append(Remark(text.line, f"a second task {text.number}"))
                identifier = f"task-{order}"
                while identifier in taken:
                    identifier += "-again"
            taken.add(identifier)
            tasks.append(self._task(f"{phase}/{identifier}", text))
        return tuple(tasks)

    def _task(self, identifier: str, text: Part) -> Task:
        parts = take_apart(self._document, text, self._roots)
        if not parts.files:
            parts = replace(parts, files=of_words_and_commands(tuple(text.blocks), self._roots))
        parts = replace(parts, files=tuple(map(self._project.whole, parts.files)))
        steps = Ledger(self._document, self._roots, self._trial, self._seen, parts.files)
        steps.project = self._project
        steps.elsewhere = not parts.files and any(map(_OUTSIDE.search, parts.unread))
        taken_before = frozenset(self._seen)
        maker = TaskSteps(steps, self._sessions)
        sections = with_commands_of_other_steps(together(parts.sections))
        parts = _places_led(replace(parts, sections=sections))
        depends = text.line in self._branches or conditional_title(text.title)
        if depends or says_all_depends(parts.head):
            note = ""
            maker.depending(tuple(text.blocks), text.title)
        else:
            note = head(self._document, maker, parts)
            maker.sections(parts.sections)
        maker.at_least_titled(text.title, text.line)
        self._make_what_is_committed(steps, text, parts, note)
        see_to_what_is_listed(steps, f"{text.title}\n{note}")
        leave_removals(steps, text.line)
        tried = self._trial.has_repository
        changes = Changes(parts.files, tuple(steps.may_change), self._is_new(taken_before), tried)
        made, self._pending = with_files(tuple(steps.steps), changes, self._pending)
        warnings = [Remark(*each) for each in parts.warnings]
        if done := says_done(text, parts):
            warnings.append(Remark(text.line, f"{done}, and imported like the rest"))
        if maker.added_only:
            warnings.append(Remark(text.line, "`git add` without a commit was left out"))
        self._results.append(
            TaskResult(
                text.number,
                text.title,
                text.line,
                steps.exact,
                steps.anchored,
                tuple(steps.manual_remarks),
                steps.commands,
                sum(isinstance(step, Commit) for step in made) + steps.commits_left,
                steps.expectations,
                tuple(steps.unchecked),
                (*warnings, *steps.warnings),
                tuple(dict.fromkeys(each.path for each in parts.files)),
                tuple(section.title for section in parts.sections),
                steps.by_form,
                tuple(steps.confirm_remarks),
            )
        )
        remarks = [text.note, note, steps.before, files_told(parts, made)]
        return Task(
            identifier,
            text.title,
            made,
            text.group,
            parts.verifies,
            "\n\n".join(each for each in remarks if each) or None,
        )

    def _make_what_is_committed(
        self, steps: Ledger, text: Part, parts: TaskParts, note: str
    ) -> None:
        """Give a task that commits what its head says, and has no step for, such a step."""
        changed = [each for each in parts.files if each.role != "read"]
        made_by_a_check(steps.steps, tuple(each.target for each in changed))
        with_what_is_committed(steps)
        if not nothing_is_made(steps.steps):
            return
        if changed:
            numbers = dict.fromkeys(each.line for each in changed)
            listed = "\n".join(self._document.lines[each - 1].strip() for each in numbers)
            words = f"{text.title}\n\n{listed}"
            steps.manual_at(0, words, text.line, "its Files block is all that the plan says")
        elif not (self._pending.declared or self._pending.unnamed) and (
            makes_something(text.title) or ANY_MAKING.search(note)
        ):
            words = f"{text.title}\n\n{note}".strip()
            steps.manual_at(0, words, text.line, "its title is all that the plan says")

    def _is_new(self, seen: frozenset[str]) -> Callable[[str], bool]:
        """Whether a path is of a file that no task before made, nor the repository has."""

        def is_new(path: str) -> bool:
            there = self._trial.text(path) is not None
            return path not in seen and not there

        return is_new

    # Sections around the tasks

    def _chapters(self) -> tuple[tuple[Step, ...], tuple[Note, ...]]:
        verification: list[Step] = []
        notes: list[Note] = []
        for chapter in self._outline.chapters:
            blocks = [block for block in chapter.blocks if block.kind not in ("rule", "comment")]
            heading = chapter.title or _bold_heading(blocks)
            if chapter.after_tasks and _VERIFYING.search(heading) and blocks:
                verification += self._verification(chapter, heading, blocks)
                continue
            text = self._document.source(blocks[0].first, blocks[-1].last) if blocks else heading
            if text.strip():
                notes.append(Note(heading or "Notes", text + "\n", chapter.after_tasks))
        return tuple(verification), tuple(notes)

    def _verification(self, chapter: Part, heading: str, blocks: list[Block]) -> list[Step]:
        """The steps of a section that verifies the whole."""
        steps = Ledger(self._document, self._roots, self._trial, self._seen, ())
        steps.project = self._project
        uat = bool(re.search(r"\bUAT\b|manual|checklist", heading, re.IGNORECASE))
        maker = TaskSteps(steps, self._sessions)
        maker.section(Section("", chapter.line, tuple(blocks), "uat" if uat else ""))
        made: list[Step] = []
        for step in steps.steps:
            match step:
                case Verify() | Confirm():
                    made.append(step)
                case Manual():
                    made.append(replace(step, files=()))
                case _:
                    source = self._document.source(blocks[0].first, blocks[-1].last)
                    words, why = _left_of(step, source)
                    made.append(Manual(words, (), step.title, step.note))
                    steps.manual_remarks.append(Remark(chapter.line, why))
        generic = re.fullmatch(r"(?:Phase \d+\s+)?Verification", heading, re.IGNORECASE)
        if made and not generic and made[0].title is None:
            made[0] = replace(made[0], title=heading)
        self._results.append(
            TaskResult(
                "",
                heading,
                chapter.line,
                manual=tuple(steps.manual_remarks),
                confirm=tuple(steps.confirm_remarks),
                commands=steps.commands,
                expectations=steps.expectations,
                unchecked=tuple(steps.unchecked),
                warnings=tuple(steps.warnings),
            )
        )
        return made


def _left_of(step: Run | Commit | Edit, source: str) -> tuple[str, str]:
    """What is left to a person of a step that changes something in a verification, and why."""
    match step:
        case Run():
            return f"```bash\n{step.command}\n```", "it changes files"
        case Commit():
            return f"Commit: {step.message}", "a verification makes no commit"
        case Edit():
            return source, "a verification changes nothing"


def _places_led(parts: TaskParts) -> TaskParts:
    """The task with sentences that announce a place as part of the step that they stand before."""
    sections = list(parts.sections)
    head = parts.head
    if head and sections and _announces(head[-1]):
        sections[0] = replace(sections[0], blocks=(head[-1], *sections[0].blocks))
        head = head[:-1]
    for index, (section, following) in enumerate(pairwise(sections)):
        if section.blocks and _announces(section.blocks[-1]):
            blocks = (section.blocks[-1], *following.blocks)
            sections[index] = replace(section, blocks=section.blocks[:-1])
            sections[index + 1] = replace(following, blocks=blocks)
    return replace(parts, head=head, sections=tuple(sections))


def _announces(block: Block) -> bool:
    return block.kind == "text" and not block.depth and announces_a_place(block.text)


def _bold_heading(blocks: list[Block]) -> str:
    first = blocks[0].text if blocks and blocks[0].kind == "text" else ""
    found = re.match(r"\*\*([^*\n]+?)[:：]?\*\*", first)
    return found[1].strip() if found else ""


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()


def _series_title(title: str) -> str:
    """The series' title of a phase's heading: "Migration - Phase 3: Tests" is "Migration"."""
    cut = re.sub(r"\s*(?:[—–:|-]+\s*|\(\s*)Phase\s+\d+\b.*$", "", title, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", cut).strip()
