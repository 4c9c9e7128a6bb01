"""A step's blocks as pieces: prose, code, commands, expectations and commit messages, in order."""

from __future__ import annotations

import re
from itertools import takewhile
from shlex import quote
from typing import Literal

from runbook.core.value import replace, value
from runbook.markdown.importing.commands.byhand import is_powershell
from runbook.markdown.importing.commands.runlines import (
    command_like,
    in_folder,
    judged_line,
    only_calls,
    outcome,
    run_line,
    says_run,
)
from runbook.markdown.importing.text.labels import (
    COMMIT_ALONE,
    COMMIT_WITH,
    EXPECTED,
    EXPECTED_IS,
    EXPECTED_STATUS,
    MESSAGE,
    REMARKED,
)
from runbook.markdown.importing.text.reader import Block
from runbook.markdown.importing.words.languages import spoken
from runbook.markdown.importing.words.orders import in_english
from runbook.markdown.importing.words.prose import instructs, judges_in_words
from runbook.markdown.importing.words.vocabulary import anycase, spelled

Kind = Literal["prose", "code", "command", "expected", "message", "order"]

_RUNS = anycase(
    r"\W*((Re-?run|Run|Verify|Verification|Check|Confirm|Test|Green|Red|See)\b"
    rf"|{spoken('run')}|{spoken('verification')}|{spoken('read')})"
)
_SAYS_MESSAGE = spelled(r"`[a-z]+(\([^)`]*\))?!?: [^`\n]+`|\"[a-z]+(\([^)\"]*\))?!?: [^\"\n]+\"")
# An item that is nothing but a commit.
_INLINE = re.compile(r"`([^`\n]+)`|``\s?(.+?)\s?``")
_RUN_AND_EXPECTED = re.compile(r"\A\s*Run[:：][^\n]+\n+\s*Expected[:：]")
_A_MESSAGE = re.compile(r"\s*[a-z]+(?:\([^()\n]*\))?!?: \S")
_GIT = re.compile(r"\s*(?:\$\s+)?git\s+(?:add|commit|rm|mv)\s")
POWERSHELL = {"powershell", "pwsh", "ps1"}
_SHELL = {"bash", "sh", "shell", "zsh", "console", "shell-session", "terminal", "bash session"}


@value
class Piece:
    """One piece of a step with its lines in the plan."""

    kind: Kind
    text: str
    first: int
    last: int
    info: str = ""  # of code: its language
    shown: str | None = None  # of an expectation: the output shown under it
    doubtful: bool = False
    after: str = ""  # of a command: what stands behind it in its line


def is_shell(info: str) -> bool:
    """Whether a fence of this language is a shell script."""
    return info.split(" ")[0].split("{")[0].lower() in _SHELL


def said_of(expected: Piece) -> str:
    """An expectation as the plan says it, for a person."""
    shown = f"\n\n```\n{expected.shown.rstrip()}\n```" if expected.shown else ""
    return f"Expected: {expected.text}{shown}"


def pieces(blocks: tuple[Block, ...], *, label: str = "", title: str = "") -> list[Piece]:
    """The pieces of a step; `label` is the field it stands under, such as "commit"."""
    return _Cutter(label, title).cut(blocks)


_BEGINS_CODE = re.compile(r"(?:\[ \] )?`([^`\n]+)`")
_ONLY_CODE = re.compile(r"(?:\[ \] )?`[^`\n]+`[.;,]?(?:\s*(?:→|->|=>|[—–]).*)?")
_SOME_OF_THEM = anycase(
    r"\b(one|either|any|if|when\w*|needed|optional\w*|relevant|which\w*|or|manual\w*|applicable|"
    r"appropriate|possible|later|like|examples?)\b|\be\.g\."
)


def _commands_of(blocks: tuple[Block, ...], depth: int) -> Literal["all", "some", "none"]:
    """How many items of the list that the blocks begin with begin with a command.

    Where one begins with other code, they are no list of what a shell runs.
    """
    listed = takewhile(
        lambda block: block.kind in ("item", "text") and block.depth >= depth, blocks
    )
    code = [_BEGINS_CODE.match(block.text) for block in listed if block.kind == "text"]
    runs = [command_like(each[1]) for each in code if each is not None]
    return "none" if not all(runs) else "all" if len(runs) == len(code) else "some"


class _Cutter:
    def __init__(self, label: str, title: str) -> None:
        self._label, self._title = label, title
        self._runs = bool(_RUNS.match(title))
        self._commits = bool(re.match(rf"\W*(?:Commit\b|{spoken('commit')})", title))
        self._pieces: list[Piece] = []
        self._run_pending = False  # "Run:" was the last thing said
        self._folder = ""  # where, as "Run from `web/`:" says
        self._all_run = False  # what is listed under it is all to be run
        self._only_run = True  # and is all commands
        self._run_depth = 0  # of the items under it, whose commands it says to run
        self._expected_pending = False  # "Expected:" was, or ends with a colon
        self._expected_depth = 0  # of the text that said so
        self._expected_listed = False  # a list under it was read
        self._listed = False  # the text is an item of a list of things to do
        self._told: Piece | None = None  # what a sentence without a label last said to expect

    def cut(self, blocks: tuple[Block, ...]) -> list[Piece]:
        listed = False
        for index, block in enumerate(blocks):
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if block.kind in ("rule", "comment"):
                self._expected_pending = False
                continue
            if block.kind == "fence":
                judged = following is not None and EXPECTED.match(following.text) is not None
                self._fence(block, judged=judged)
            elif block.kind == "text":
                self._listed = block.depth > 1 or (block.depth > 0 and listed)
                self._text(block)
            elif block.kind == "heading":
                self._run_pending = self._expected_pending = False
                self._prose(block.text, block.first, block.last)
            elif block.kind == "item":
                listed = True
                if block.depth <= self._expected_depth:
                    # The next item of the list that the expectation itself is in.
                    self._expected_pending = False
                if not self._expected_pending:
                    begins = self._run_pending and self._all_run
                    if begins:
                        runs = _commands_of(blocks[index:], block.depth)
                        begins, self._only_run = runs != "none", runs == "all"
                    goes_on = 0 < self._run_depth <= block.depth
                    self._run_depth = block.depth if begins else self._run_depth * goes_on
                    self._run_pending = False
            else:
                self._expected_pending = False
                self._prose(block.text, block.first, block.last)
        return self._pieces

    def _fence(self, block: Block, *, judged: bool) -> None:
        """A fence; where it is `judged`, what is expected stands right behind it."""
        if not block.info:
            block = self._unlabelled(block, judged=judged)
        elif block.info.lower() in POWERSHELL and not is_powershell(block.text):
            block = replace(block, info="bash")
        shell = is_shell(block.info)
        self._lead_apart(runs=shell)
        last = self._pieces[-1] if self._pieces else None
        expects = self._expected_pending and last is not None and last.kind == "expected"
        # Under "Expected output:" alone, commands are what is shown.
        if expects and last is not None and not (shell and last.text.strip()):
            said = block.info in ("", "text", "plaintext") and judges_in_words(block.text)
            text = f"{last.text}\n{block.text}".strip() if said else last.text
            shown = None if said else block.text
            self._pieces[-1] = Piece("expected", text, last.first, block.last, shown=shown)
        elif (self._run_pending and (shell or block.info in ("", "text", "plaintext"))) or (
            (self._run_pending or self._runs) and block.info.lower() in POWERSHELL
        ):
            command = in_folder(block.text, self._folder)
            self._pieces.append(_of_a_fence("command", command, block))
        elif block.info in ("", "text", "plaintext") and _RUN_AND_EXPECTED.search(block.text):
            for offset, line in enumerate(block.text.rstrip("\n").split("\n"), 1):
                self._line(line.strip(), block.first + offset)
        else:
            self._pieces.append(_of_a_fence("code", block.text, block))
        self._run_pending = self._expected_pending = False
        self._folder = ""

    def _unlabelled(self, block: Block, *, judged: bool) -> Block:
        """A block that does not say its language, as a script where it can be nothing else."""
        first = all(each.kind == "prose" for each in self._pieces)
        runs = self._label.startswith("verif") or (self._runs and (judged or first))
        if (runs and only_calls(block.text)) or (self._commits and _GIT.match(block.text)):
            return replace(block, info="bash")
        if self._commits and not self._pieces and _A_MESSAGE.match(block.text):
            added = re.search(r"`(git add [^`\n]+)`", self._title)
            message = f"git commit -m {quote(block.text.strip())}"
            return replace(
                block, info="bash", text=f"{added[1]}\n{message}\n" if added else f"{message}\n"
            )
        return block

    def _lead_apart(self, *, runs: bool) -> None:
        """Part what leads to a block from what is expected before it: "PASS. Then add:"."""
        last = self._pieces[-1] if self._expected_pending else None
        if last is None or last.kind != "expected" or last.shown is not None:
            return
        *told, lead = re.split(r"(?<=[.!。])\s+", last.text)
        if told and instructs(lead, leads=runs):
            self._pieces[-1] = replace(last, text=" ".join(told))
            self._expected_pending = False
            self._prose(lead, last.last, last.last)

    def _text(self, block: Block) -> None:
        """A paragraph, whose lines may each be something of their own."""
        if self._goes_on(block):
            # The list or paragraph under "Expected:" belongs to it.
            last = self._pieces[-1]
            listed = block.depth > self._expected_depth
            text = f"- {block.text}" if listed else block.text
            joined = f"{last.text}\n{text}".strip("\n")
            self._pieces[-1] = Piece("expected", joined, last.first, block.last)
            self._expected_listed = self._expected_pending = listed
            self._expected_pending |= block.text.rstrip().endswith(":")
            return
        self._run_depth *= self._run_depth <= block.depth
        # The next item of a list is of its own, even on the next line.
        own = 0 < block.depth <= self._expected_depth
        self._expected_depth = block.depth
        self._expected_listed = False
        self._expected_pending = False
        lines = block.text.split("\n")
        for offset, line in enumerate(lines):
            at = block.first + min(offset, block.last - block.first)
            self._line(line.strip(), at, own=own and not offset)

    def _goes_on(self, block: Block) -> bool:
        """Whether a text still says what is expected; what stands below its list does not."""
        if not self._expected_pending or not self._pieces or self._labelled(block.text):
            return False
        ended = self._expected_listed and block.depth <= self._expected_depth
        return not ended and self._pieces[-1].shown is None

    def _labelled(self, text: str) -> bool:
        first = text.strip().partition("\n")[0]
        return says_run(first) or bool(EXPECTED.match(first) or MESSAGE.match(first))

    def _line(self, line: str, at: int, *, own: bool = False) -> None:
        if self._expects(line, at) or self._says_message(line, at):
            return
        last = self._pieces[-1] if self._pieces else None
        alone = COMMIT_ALONE.fullmatch(line) if self._listed else None
        if alone:
            self._command(alone["command"], at, "")
            return
        code = _BEGINS_CODE.match(line) if self._run_depth else None
        listed = code is not None and command_like(code[1])
        # Beside items that say what to change, a command is one that is all of its item.
        listed = listed and (self._only_run or _ONLY_CODE.fullmatch(line) is not None)
        if self._run(f"Run: {line.removeprefix('[ ] ')}" if listed else line, at) or self._judged(
            line, at
        ):
            return
        behind = last is not None and (last.kind == "command" or is_shell(last.info))
        told, rest = outcome(line) if behind else ("", "")
        if told:
            self._run_pending = False
            self._expected_pending = told.endswith((":", "："))
            self._told = Piece("expected", told, at, at)
            self._pieces.append(self._told)
            if rest:
                self._pieces.append(Piece("order", rest, at, at))
            return
        if (
            last is not None
            and last.kind == "expected"
            and last.last >= at - 1
            and last.shown is None
            and not own
            and not (last is self._told and instructs(line))
        ):
            # An expectation goes on until the paragraph ends.
            goes_on = Piece("expected", f"{last.text}\n{line}".strip(), last.first, at)
            self._told = goes_on if last is self._told else None
            self._pieces[-1] = goes_on
            self._expected_pending = line.endswith((":", "："))
            return
        self._run_pending = False
        self._prose(line, at, at)

    def _expects(self, line: str, at: int) -> bool:
        """Whether a line says what is expected, which it begins with."""
        if self._expects_status(line):
            return True
        expected = EXPECTED.match(line)
        said = expected or EXPECTED_IS.match(line)
        if said is None:
            return False
        self._command_before()
        self._run_pending = False
        if expected is None:
            rest = (said["rest"] or said["verdict"].replace("**", "")).strip()
            self._expected_pending = rest.endswith((":", "："))
            self._pieces.append(Piece("expected", rest, at, at))
            return True
        rest = expected["rest"].strip()
        if rest.count("**") % 2 or re.fullmatch(r"\*\*[^*]+\*\*", rest):
            rest = re.sub(r"^\*\*|\*\*$", "", rest)
        self._expected_pending = not rest or rest.rstrip("*").endswith((":", "："))
        remark = expected["remark"] or ""
        if REMARKED.fullmatch(remark):
            rest = f"{remark}: {rest}".strip()
        elif not rest and len(remark) > 12:
            rest = f"({remark})"
        if self._told is not None and self._told is self._pieces[-1]:
            rest = f"{rest}\n{self._pieces.pop().text}".strip()
        self._pieces.append(Piece("expected", rest, at, at))
        return True

    def _expects_status(self, line: str) -> bool:
        """Whether a line has the exit status of the command whose output stands above it."""
        found = EXPECTED_STATUS.fullmatch(line)
        last = self._pieces[-1] if self._pieces else None
        if found is None or last is None or last.kind != "expected" or last.shown is None:
            return False
        said = f"{last.text}\nexit code {found['status']}".strip()
        self._pieces[-1] = replace(last, text=said)
        return True

    def _says_message(self, line: str, at: int) -> bool:
        """Whether a line is a commit's message."""
        message, with_message = MESSAGE.match(line), COMMIT_WITH.fullmatch(line)
        quoted = message and _SAYS_MESSAGE.fullmatch(message["rest"])
        if message and (quoted or _INLINE.search(message["rest"]) or not message["rest"]):
            self._run_pending = self._expected_pending = False
            said = f"`{quoted[0][1:-1]}`" if quoted else message["rest"]
        elif with_message and re.match(r"(?!git\s)[^\s-]\S*\s+\S", with_message["message"]):
            self._run_pending = self._expected_pending = False
            said = f"`{with_message['message']}`"
        elif self._label == "commit" and not self._pieces and _INLINE.search(line):
            said = line
        elif self._commits and (told := _SAYS_MESSAGE.search(line)):
            said = f"`{told[0][1:-1]}`"
        else:
            return False
        self._pieces.append(Piece("message", said, at, at))
        return True

    def _run(self, line: str, at: int) -> bool:
        """Whether a line says to run something, which it becomes."""
        found = run_line(line, listed=self._listed)
        if found is None:
            return False
        self._expected_pending = False
        for each in found.commands:
            folder = found.folder or (self._folder if self._run_depth else "")
            self._command(in_folder(each.command, folder), at, each.after)
            if each.expected is not None:
                self._pieces.append(Piece("expected", each.expected, at, at))
        if not found.commands:
            if found.words:
                self._prose(found.words, at, at)
            self._run_pending, self._folder = True, found.folder
            self._all_run = not _SOME_OF_THEM.search(line)
        return True

    def _judged(self, line: str, at: int) -> bool:
        """Whether a line is a command with what it does: "`make` → PASS", "`x` returns nothing"."""
        found = judged_line(line, verdict=not self._runs)
        if found is None:
            return False
        self._command(found.command, at, "")
        self._pieces.append(Piece("expected", found.expected or "", at, at))
        return True

    def _command_before(self) -> None:
        """Make a command of a line that is nothing but code, because what it does is said next."""
        last = self._pieces[-1] if self._pieces else None
        if last is None or last.kind != "prose":
            return
        before, _, tail = last.text.rstrip().rpartition("\n")
        code = re.fullmatch(r"(?:[-*+]\s+)?`([^`\n]+)`[.:：]?", tail.strip())
        if code is None or not command_like(code[1]):
            return
        self._pieces.pop()
        if before:
            self._pieces.append(replace(last, text=before, last=last.last - 1))
        self._command(code[1], last.last, "")

    def _command(self, command: str, at: int, after: str) -> None:
        self._run_pending = self._expected_pending = False
        self._pieces.append(Piece("command", command.strip(), at, at, "bash", after=after))

    def _prose(self, text: str, first: int, last: int) -> None:
        before = self._pieces[-1] if self._pieces else None
        if before is not None and before.kind == "prose":
            joined = f"{before.text}\n{text}"
            self._pieces[-1] = Piece("prose", joined, before.first, last)
        else:
            self._pieces.append(Piece("prose", text, first, last))


def _of_a_fence(kind: Kind, text: str, block: Block) -> Piece:
    return Piece(kind, text, block.first, block.last, block.info, doubtful=block.doubtful)


def lead_of(pieces: list[Piece], index: int, title: str) -> str:
    """The words right before a block, in English: the last line of the prose, or the title."""
    if index == 0:
        return title
    before = pieces[index - 1]
    if before.kind != "prose":
        return ""
    return in_english(before.text.rstrip().rsplit("\n", 1)[-1].strip())
