"""A task of a plan as steps: exact where the plan is, and a person's work where it is not."""

from __future__ import annotations

import re

from runbook.core.model.model import Commit, Confirm, Manual, Verify
from runbook.core.value import replace
from runbook.markdown.importing.commands.byhand import is_powershell
from runbook.markdown.importing.commands.gitcommands import COMMITS
from runbook.markdown.importing.commands.orders import changes_something, not_here, orders
from runbook.markdown.importing.commands.runlines import says_what_is_seen, titled_run
from runbook.markdown.importing.steps.commandsteps import CommandSteps
from runbook.markdown.importing.steps.ledger import Ledger
from runbook.markdown.importing.steps.worksteps import WorkSteps
from runbook.markdown.importing.text.branches import commits, segments
from runbook.markdown.importing.text.ordersbehind import orders_apart
from runbook.markdown.importing.text.pieces import POWERSHELL, Piece, pieces, said_of
from runbook.markdown.importing.text.reader import Block, Document
from runbook.markdown.importing.text.scripttext import with_scripts
from runbook.markdown.importing.text.sections import Section
from runbook.markdown.importing.text.sessions import WHY, Sessions
from runbook.markdown.importing.words.conditions import commit_depends, conditional_script
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.looking import (
    only_reads,
    says_covered,
    says_not_yet,
    says_unchanged,
)
from runbook.markdown.importing.words.prose import (
    explains,
    if_it_fails,
    instructs,
    makes_something,
    only_remarks,
    only_repairs,
    orders_a_change,
    says_goal,
    says_what_for,
)
from runbook.markdown.importing.words.vocabulary import MAKING, anycase, spelled

_ONLY = anycase(r"\W*(only commit|skip|no commit|(don't|do not) commit)\b.*")


# Commands that do themselves what a title such as "Create the folder" says.
_MAKES = re.compile(r"(?:cd \S+ && )?(?:sudo )?(?:mkdir|touch|chmod|cp|mv|ln|rm|rmdir|git) ")
# A line that says what to do, under a label that says what for.
ORDERED = anycase(
    rf"\W*({MAKING}|(Run|Execute|Expected|Commit|Verify|Check|Files?|Create|Modify|Step)\b)"
)
# "Live smoke test (manual)": commands under it reach what no test stands in for.
_BY_HAND = anycase(r"[(（]\s*(manual|by hand)\b|\b(manual|live) (smoke |end-to-end )?tests?\b")
_OF_A_COMMIT = anycase(rf"\bcommit|{spoken('commit')}")
WHY_TOLD = "its words don't say that it is to be run now"
WHY_SEEN = "a person is to see for themselves"
WHY_DEPENDS = "it depends on a condition"

_COMMENTED = spelled(r"(?<=\s)# [^\n'\"]+$", re.MULTILINE)


# Under "Testing:", that there is nothing to do.
_NO_TEST = anycase(r"\W*(no|none)\b( (new|further|additional|automated|unit))* tests?\b[^\n]*\.\W*")


def _no_test(section: Section) -> str:
    """What a step about tests says, if that is only that there are none."""
    if len(section.blocks) != 1 or section.blocks[0].kind != "text":
        return ""
    words = " ".join(section.blocks[0].text.split())
    one = len(re.findall(r"[.!?](?:\s|$)", words)) < 2
    return words if one and _NO_TEST.fullmatch(words) else ""


class TaskSteps:
    """Makes the steps of one task, section by section."""

    def __init__(self, ledger: Ledger, sessions: Sessions) -> None:
        """Add the steps to `ledger`; `sessions` are the plan's."""
        self._ledger = ledger
        self._sessions = sessions
        self._in_session = False
        self._commit_follows = False  # in a later step of the task
        self._session_end = -1  # the steps up to here end with a session that a person goes on in
        self._commands = CommandSteps(ledger)
        self._work = WorkSteps(ledger)

    @property
    def added_only(self) -> bool:
        """Whether something was added that no commit followed."""
        return self._commands.added is not None

    def sections(self, sections: tuple[Section, ...]) -> None:
        """Add the steps of all steps of a task of the plan."""
        for at, section in enumerate(sections, 1):
            self._commit_follows = any(map(_commits, sections[at:]))
            self.section(section)

    def section(self, section: Section) -> None:
        """Add the steps of one step of the plan."""
        ledger = self._ledger
        ledger.begin_section()
        self._in_session = False
        begin = len(ledger.steps)
        goal, section = _goal_apart(section, ledger.document)
        ledger.note(goal)
        if section.label.startswith("uat"):
            self._by_hand(section)
        elif section.label.startswith("test") and (words := _no_test(section)):
            ledger.remark(f"{section.title}: {words}")
            return
        elif _only_seen(section):
            # "Run `x`" is its title, and "and confirm that it fails" all that follows.
            ledger.before = section.blocks[0].text
        else:
            for segment in segments(section):
                if segment.held and self._only_repairs(segment.blocks):
                    ledger.note(segment.blocks[0].text)
                elif segment.held:
                    self.depending(segment.blocks, section.title)
                else:
                    self._in_order(replace(section, blocks=segment.blocks))
        if len(ledger.steps) == begin and section.label == "commit":
            # "No commit", or one together with another task's.
            words, ledger.before = ledger.before, ""
            ledger.remark(f"Commit: {words}" if words else "")
        elif len(ledger.steps) == begin and section.title and not section.only_a_label:
            done = self._commands.bare(section.title, section.line)
            done = done or self._work.titled(section)
            if not done:
                self._title_only(section)
        made = ledger.steps[begin:]
        checks = [step.command for step in made if isinstance(step, Verify)]
        changed = any(not isinstance(step, Verify | Commit) for step in made)
        does = changed or any(map(_MAKES.match, checks))
        if made and not does and _orders_more(section.title, only_checks=len(checks) == len(made)):
            # The checks are of what the title says, and nothing else does it.
            ledger.manual_at(
                begin, section.title, section.line, "its title says more than its steps"
            )
        if made:
            self._head(begin, section.title)
            self._one_session(begin)

    def at_least_titled(self, title: str, line: int) -> None:
        """Have a task of which nothing was made say what its title does."""
        ledger = self._ledger
        if not ledger.steps:
            self.section(Section(title, line, ()))
        if not ledger.steps:
            # What was kept for the step below: there is none.
            words, ledger.before = ledger.before, ""
            ledger.manual(words or title, line, "its title is all that the plan says", title=title)

    def _one_session(self, begin: int) -> None:
        """Make one step of the blocks of a session that follow each other."""
        steps = self._ledger.steps
        goes_on = 0 < self._session_end == begin
        if len(steps) != begin + 1 or not self._in_session:
            return
        last, before = steps[begin], steps[begin - 1] if goes_on else None
        if isinstance(last, Manual) and isinstance(before, Manual):
            title = f"**{last.title}**" if last.title else ""
            words = (before.instructions, title, last.instructions, last.note or "")
            joined = "\n\n".join(each.strip("\n") for each in words if each)
            files = tuple(dict.fromkeys((*before.files, *last.files)))
            steps[begin - 1 :] = [replace(before, instructions=f"{joined}\n", files=files)]
        self._session_end = len(steps)

    def _head(self, begin: int, title: str) -> None:
        """Give a section's first step its title, and the words that stood before any step."""
        ledger = self._ledger
        first = ledger.steps[begin]
        words, ledger.before = ledger.before, ""
        if words and isinstance(first, Manual):
            first = replace(first, instructions=f"{words}\n\n{first.instructions.rstrip()}\n")
        elif words and isinstance(first, Confirm):
            first = replace(first, question=f"{words}\n\n{first.question.rstrip()}\n")
        elif words:
            first = replace(first, note=f"{words}\n\n{first.note}" if first.note else words)
        if isinstance(first, Confirm) and first.question.startswith(f"{title}\n\n"):
            first = replace(first, question=first.question[len(title) :].lstrip("\n"))
        if title and not (isinstance(first, Commit) and title == "Commit"):
            first = replace(first, title=title)
        ledger.steps[begin] = first

    def _title_only(self, section: Section) -> None:
        """Leave to a person what a step's title says, with the words of which nothing was made."""
        ledger = self._ledger
        words, ledger.before = ledger.before, ""
        titled = f"**{section.title}**\n\n{words}".strip()
        not_yet = says_not_yet(words) or (says_not_yet(section.title) and not words)
        explained = explains(words) and not says_goal(words) and not instructs(words)
        told = only_repairs(words) or says_covered(words) or explained or says_unchanged(words)
        if (not_yet or (told and not makes_something(section.title))) and ledger.steps:
            ledger.remark(words if section.label else titled)
            return
        if not_yet or only_reads(section.title, words) or (section.label and not words):
            ledger.before = titled  # it stands above the step that it prepares
            return
        changes = self._work.changes(section, words)
        said = re.sub(r"[*\s]", "", words).startswith(re.sub(r"[*\s]|…$", "", section.title))
        title = words if words and said else f"{section.title}\n\n{words}".strip()
        ledger.manual(title, section.line, "its title is all that the plan says", changes)

    def _only_repairs(self, blocks: tuple[Block, ...]) -> bool:
        """Whether one paragraph says what to do where the check before it shows something else."""
        alone = len(blocks) == 1 and blocks[0].kind == "text" and self._ledger.checked
        return alone and if_it_fails(blocks[0].text, counted=True)

    def depending(self, content: tuple[Block, ...], title: str) -> None:
        """Leave to a person what depends on something, or is one of several ways."""
        blocks = [block for block in content if block.kind not in ("rule", "comment")]
        if not blocks:
            return
        ledger = self._ledger
        ledger.commits_left += commits(tuple(blocks))
        words = ledger.document.source(blocks[0].first, blocks[-1].last)
        ledger.manual(words, blocks[0].first, WHY_DEPENDS, "perhaps", title=title)

    def _by_hand(self, section: Section) -> None:
        blocks = [block for block in section.blocks if block.kind not in ("rule", "comment")]
        if blocks:
            words = self._ledger.document.source(blocks[0].first, blocks[-1].last)
            self._ledger.manual(words, section.line, WHY_SEEN, "looks")

    def _in_order(self, section: Section) -> None:
        cut = orders_apart(
            pieces(section.blocks, label=section.label, title=section.title),
            commits=self._commit_follows or commits(section.blocks) > 0,
        )
        found = with_scripts(cut, section.title, self._ledger.mentions)
        if found and found[0].kind == "expected" and (run := titled_run(section.title)):
            # "Run: `make test`" is the title, and what is expected all that stands under it.
            found.insert(0, Piece("command", run.command, section.line, section.line, "bash"))
        buffer: list[Piece] = []
        index = 0
        while index < len(found):
            piece = found[index]
            index += 1
            match piece.kind:
                case "command":
                    index += self._command(buffer, found, index, section)
                    buffer = []
                case "expected":
                    if buffer or not self._commands.late_expectation(piece, section.title):
                        buffer.append(replace(piece, kind="prose", text=said_of(piece)))
                case "order":
                    self._work.add(buffer, section)
                    buffer = []
                    self._work.ordered(piece, section)
                case "message":
                    self._work.add(buffer, section)
                    buffer = []
                    self._commands.message(piece, section.title)
                case _:
                    buffer.append(piece)
        self._work.add(buffer, section)

    def _command(
        self, before: list[Piece], found: list[Piece], index: int, section: Section
    ) -> int:
        """Add the steps of the command before an index, and of what stands before that.

        How many pieces behind it are taken as well: what is expected of it.
        """
        piece, expected = found[index - 1], _expected_at(found, index)
        holds = self._sessions.holds(piece)
        why = "" if holds else self._left(piece, before, section.title)
        depending = not (holds or why) and self._depends(
            piece, before, found[index:], section.title
        )
        lead = before.pop().text.strip() if before and (why or depending) else ""
        last = before[-1].text.rstrip().rpartition("\n")[2] if before else ""
        self._work.add(before, section, leads=True)
        commands = self._commands
        if holds:
            self._in_session = True
            commands.by_hand(piece, WHY, expected)
        elif why:
            self._ledger.commits_left += len(COMMITS.findall(piece.text))
            commands.by_hand(piece, why, expected, lead)
        elif depending:
            words = f"{lead}\n\n```bash\n{piece.text.rstrip()}\n```"
            said = "" if expected is None else said_of(expected)
            commands.leave_commit(f"{words.strip()}\n\n{said}".strip(), piece.first)
        elif piece.info.lower() in POWERSHELL and is_powershell(piece.text):
            commands.by_hand(piece, "it is PowerShell", expected)
        else:
            around = _said(found)
            commands.script(
                piece.text, section.title, piece.first, expected, piece.after, around, last
            )
        return 0 if expected is None else 1

    def _left(self, piece: Piece, before: list[Piece], title: str) -> str:
        """Why commands are left to a person by what is said of them, or nothing."""
        if conditional_script(piece.text):
            return WHY_DEPENDS
        if _BY_HAND.search(title):
            return WHY_SEEN
        lead = before[-1].text.rstrip() if before and before[-1].kind == "prose" else ""
        last = re.split(r"\n\s*\n|\n(?=\s*[-*+\d])", lead)[-1]
        unordered = bool(lead) and not orders(last) and changes_something(piece.text)
        return WHY_TOLD if unordered or not_here(last or title, piece.text) else ""

    def _depends(self, piece: Piece, before: list[Piece], after: list[Piece], title: str) -> bool:
        """Whether a command commits, and only if something is so."""
        if not COMMITS.search(piece.text):
            return False
        lead = before[-1].text if before and before[-1].kind == "prose" else ""
        said = after[0].text if after and after[0].kind == "prose" else ""
        only = _ONLY.match(said) or _COMMENTED.search(piece.text)
        changed = self._commands.changed
        words = f"{title}\n{lead.rstrip().rpartition(chr(10))[2]}\n{only[0] if only else ''}"
        return commit_depends(words, changed=changed)


def _commits(section: Section) -> bool:
    """Whether a step of the plan commits, by its title or in what stands under it."""
    return "commit" in section.title.lower() or commits(section.blocks) > 0


def _orders_more(title: str, *, only_checks: bool) -> bool:
    """Whether a step's title orders a change that its checks and commits are only of."""
    if not only_checks and _OF_A_COMMIT.search(title):
        return False
    return makes_something(title) or orders_a_change(f"{title.rstrip('.')}:")


def _goal_apart(section: Section, document: Document) -> tuple[str, Section]:
    """The label above a step that says what it is for, with its list, and the step without it."""
    blocks = [block for block in section.blocks if block.kind not in ("rule", "comment")]
    first = blocks[0] if blocks else None
    if first is None or first.kind != "text" or first.depth:
        return "", section
    if not (says_what_for(first.text) or only_remarks(first.text)):
        return "", section
    if any(ORDERED.match(line) for line in first.text.split("\n")[1:]):
        return "", section
    end = 1
    if first.text.rstrip("*_ ").endswith((":", "：")):
        while end < len(blocks) and (blocks[end].kind == "item" or blocks[end].depth):
            end += 1
        if end == 1:
            return "", section  # what it leads to is of another kind
    words = document.source(first.first, max(block.last for block in blocks[:end]))
    return words, replace(section, blocks=tuple(blocks[end:]))


def _expected_at(found: list[Piece], index: int) -> Piece | None:
    """What is expected of the command before an index."""
    following = found[index] if index < len(found) else None
    return following if following is not None and following.kind == "expected" else None


def _said(found: list[Piece]) -> str:
    """What a step says in words, with what it expects."""
    return "\n".join(
        f"Expected: {each.text}" if each.kind == "expected" else each.text
        for each in found
        if each.kind in ("prose", "expected", "order")
    )


def _only_seen(section: Section) -> bool:
    """Whether a step only says what is to be seen of the command that is its title."""
    command = re.match(r"(?:Re-?run|Run|Execute)\s+`[^`]+`\W*$", section.title)
    return bool(
        command
        and [block.kind for block in section.blocks] == ["text"]
        and says_what_is_seen(section.blocks[0].text)
    )
