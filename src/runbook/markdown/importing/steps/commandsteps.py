"""Commands and commits of a plan as steps."""

from __future__ import annotations

import re

from runbook.core.model.imported import Remark
from runbook.core.model.model import Commit, Edit, Expect, Run, Verify
from runbook.core.model.operations import Create, Delete, Glob, MoveTo, RewriteFile, Target
from runbook.core.shell.cutting import session
from runbook.core.shell.probing import keeping_the_probe
from runbook.core.value import replace
from runbook.markdown.importing.commands.facts import facts
from runbook.markdown.importing.commands.gitcommands import Added, GitCommit, adding
from runbook.markdown.importing.commands.homes import home
from runbook.markdown.importing.commands.runlines import (
    Said,
    in_folder,
    says_what_is_seen,
    titled_run,
)
from runbook.markdown.importing.commands.scripts import (
    Act,
    acts,
    last_comment,
    looks_at_what_is_added,
    unpiped,
)
from runbook.markdown.importing.commands.services import serves
from runbook.markdown.importing.expectations.each import (
    expected_in,
    of_each,
    of_one,
    printed_together,
    with_comments,
)
from runbook.markdown.importing.expectations.expected import read_expected
from runbook.markdown.importing.expectations.failures import says_failure, says_pass
from runbook.markdown.importing.steps.declaring import added_by
from runbook.markdown.importing.steps.ledger import Ledger, short
from runbook.markdown.importing.text.labels import COMMIT_ALONE
from runbook.markdown.importing.text.pieces import Piece, said_of
from runbook.markdown.importing.words.conditions import commit_depends
from runbook.markdown.importing.words.elision import unwritable
from runbook.markdown.importing.words.prose import leaves_work
from runbook.markdown.importing.words.vocabulary import anycase, spelled

_MESSAGE = re.compile(r"`([^`\n]+)`")
_CONVENTIONAL = re.compile(r"^[a-z]+(?:\([^)]*\))?!?: \S")
_A_COMMIT = re.compile(r"(?i)\bcommit\b(?:[^`]*`([^`]+)`|[^`\"“]*[\"“]([^`\"“”]+)[\"”])")
_MORE_THAN_A_COMMIT = anycase(
    r"\b(audit|append|release|push|merge|rebase|run|verify|check|update|tag|open|bump|delete|"
    r"write|record|document|review)\b"
)
_REFUSED = anycase(
    r"\b(should|must|will|has to|to) (fail\b|be (blocked|rejected|refused|denied))|"
    r"(?<!not\s)(?<!never\s)\b(blocked|rejected|refused)\b|\bhook (fails|blocks|rejects)\b"
)
_IN_ITS_PLACE = spelled(r"^\s*(git|cd|pushd)\b", re.MULTILINE)  # wherever the others are run
# What a script ends with that a person is to run: what is seen is seen of the commands before it.
_ENDS = spelled(
    r"(sudo )?((kill|pkill|killall|rm|rmdir|fg|wait|deactivate|unset)\b|(docker|podman)"
    r"( compose|-compose)? (\S+ )*?(stop|down|rm|kill)\b)"
)
_NO_COMMIT = anycase(r"\b(no commit|none|skip|n/a)\b")


class CommandSteps:
    """Makes steps of commands, and keeps what `git add` added for the next commit."""

    def __init__(self, ledger: Ledger) -> None:
        """Add the steps to `ledger`."""
        self._ledger = ledger
        self.added: Added | None = None
        self._staged: list[Target] = []  # by `git rm` and `git mv`
        self._comment = ""  # on what was added

    def script(
        self,
        script: str,
        title: str,
        line: int,
        expected: Piece | None = None,
        after: str = "",
        around: str = "",
        lead: str = "",
    ) -> None:
        """The steps of a script; what is expected of it is expected of its last command.

        `around` is what its step says beside it, `lead` is right before it.
        """
        ledger = self._ledger
        if ledger.project.folder and not _IN_ITS_PLACE.search(script):
            script = in_folder(script, ledger.project.folder)
        mentioned = tuple(each.path for each in ledger.changed)
        found = [
            self._at_home(act, mentioned, line) for act in acts(script, ledger.roots, mentioned)
        ]
        said_of_it = f"{title}\n{expected.text}\n{expected.shown or ''}" if expected else title
        if any(act.kind == "commit" for act in found) and _REFUSED.search(said_of_it):
            # Made by a run, it would be one that nobody wants.
            piece = Piece("command", script, line, line, "bash", after=after)
            self.by_hand(piece, "its commit is to fail", expected)
            return
        if looks_at_what_is_added(found, judged=expected is not None):
            piece = Piece("command", script, line, line, "bash", after=after)
            self.by_hand(piece, "it looks at what is added to the next commit", expected)
            return
        around = "\n".join((title, ledger.before, after, around))
        found = printed_together([_ended(act, around) for act in found], expected)
        found, stated = with_comments(found, line)
        commands = [(i, act.command) for i, act in enumerate(found) if _has_an_outcome(act)]
        each_of, whose = of_each(expected, commands), of_one(expected, commands)
        stated = stated | each_of
        for index, act in enumerate(found):
            last = bool(commands) and index == commands[-1][0]
            of_all = index == whose and expected is not None and not each_of
            said = expected if of_all else stated.get(index)
            known = facts(act.command)
            # Of a search, its own words say first whether it is to find something.
            titled = f"{title}\n{lead}" if lead and known.grep and said is None else title
            self._act(act, titled, line, said, after if last else "")
        if not commands:
            ledger.note(after.strip(" .,;:—–-"))
            if expected is not None:
                ledger.note(said_of(expected))
        if shown := session(script)[1]:
            ledger.note(f"```\n{shown}\n```")
        comment, more = expected_in(last_comment(script))
        if more and not self.late_expectation(Piece("expected", more, line, line), title):
            comment = last_comment(script)
        if comment and leaves_work(comment):
            # No command does it: "etc. for the other files".
            ledger.manual(comment, line, "it is said in a comment only")
        else:
            ledger.note(comment)

    def _at_home(self, act: Act, mentioned: tuple[str, ...], line: int) -> Act:
        """A command in the folder where its program finds what it reads, if that is told."""
        ledger = self._ledger
        if act.kind not in ("verify", "run"):
            return act
        works = (
            lambda: dict.fromkeys(each.path for each in ledger.mentions),
            lambda: ledger.project.files,
        )
        found = home(act.command, works, ledger.trial.has)
        if found is None or ledger.project.begins:
            return act
        if found.folder == ".":
            return replace(act, kind="by hand", why="it is not said in which folder it is run")
        there = acts(in_folder(act.command, found.folder), ledger.roots, mentioned)
        ledger.warn(
            line, f"`{short(act.command)}`: run in {found.folder}, where {found.manifest} is"
        )
        return replace(there[0], comment=act.comment, behind=act.behind) if len(there) == 1 else act

    def _seen(self, line: int) -> Piece | None:
        """What the words before a command, which is a title, say is to be seen of it."""
        said = says_what_is_seen(self._ledger.before)
        if not said:
            return None
        self._ledger.before = ""
        return Piece("expected", said, line, line)

    def by_hand(
        self, piece: Piece, why: str, expected: Piece | None = None, lead: str = ""
    ) -> None:
        """Leave a whole script to a person, with the words before it and what is expected of it."""
        words = f"{lead}\n\n```{piece.info}\n{piece.text.rstrip()}\n```".strip()
        self._ledger.manual(words, piece.first, f"{why}: {short(piece.text)}", "perhaps")
        self._ledger.note(piece.after)
        if expected is not None:
            self._ledger.note(said_of(expected))

    def _act(self, act: Act, title: str, line: int, expected: Piece | None, after: str) -> None:
        match act.kind:
            case "add":
                assert act.added is not None
                self._comment = act.comment
                before = self.added or Added()
                files = tuple(dict.fromkeys((*before.files, *act.added.files)))
                self.added = Added(files, before.everything or act.added.everything)
            case "commit":
                assert act.commit is not None
                self.commit(act.commit, line)
                for option in act.commit.left_out:
                    left_out = f"`{option}` of `git commit` was left out"
                    self._ledger.warn(line, f"{left_out}: a commit step has nothing for it")
                self._ledger.note("\n\n".join(filter(None, (self._comment, act.comment))))
                self._comment = ""
            case "edit":
                self._edit(act, line)
                self._ledger.note(act.comment)
            case "by hand":
                comment = "".join(f"# {each}\n" for each in act.comment.split("\n") if each)
                added = adding(self.added, act.command)
                self.added = None if added else self.added
                words = f"```bash\n{comment}{added}{act.command}\n```"
                self._ledger.manual(words, line, f"{act.why}: {short(act.command)}", "perhaps")
            case _:
                self._run_or_verify(act, title, line, expected, after)
                return
        self._ledger.note(after.strip(" .,;:—–-"))
        if expected is not None:
            self._ledger.note(said_of(expected))

    def _run_or_verify(
        self, act: Act, title: str, line: int, expected: Piece | None, after: str
    ) -> None:
        ledger = self._ledger
        ledger.commands += 1
        ledger.judged = True
        expect = Expect()
        if expected is not None:
            expect = self._read(act.command, expected, title)
        else:
            told = after if says_failure(after) or says_pass(after) else title
            expect = read_expected("", None, facts(act.command), title=told).expect
        command = self._unpiped(act.command, expect, line)
        command = self._seen_by_the_probe(command, line) if facts(act.command).pytest else command
        words = (act.comment, after.strip(" .,;:—–-"))
        note = "\n\n".join(part for part in words if part) or None
        if act.kind == "run":
            if not re.fullmatch(r"(?:cd \S+ && )?(?:chmod|mkdir)\s[^;&|\n]*", act.command):
                # Permission bits and folders are no text.
                ledger.trial.changed_unseen(act.files)
            ledger.steps.append(Run(command, act.files, expect, note=note))
        else:
            ledger.steps.append(Verify(command, expect, note=note))

    def _read(self, command: str, expected: Piece, title: str) -> Expect:
        self._ledger.expectations += 1
        reading = read_expected(expected.text, expected.shown, facts(command), title=title)
        self._ledger.judged = reading.classified
        if not reading.classified:
            self._ledger.unchecked.append(
                Remark(expected.first, short(expected.text or expected.shown or ""))
            )
        return reading.expect

    def _unpiped(self, command: str, expect: Expect, line: int) -> str:
        """The command without `| head` and the like, where what is expected says the same."""
        cut = unpiped(command)
        if cut is None or expect.output is not None or expect.empty or expect.line_count:
            return command
        if expect.matches or (expect.absent and expect.tests is None):
            return command
        if "grep" in cut[1].split() and expect.tests is None:
            return command
        if expect.tests is None and not expect.prose:
            return command
        self._ledger.warn(line, f"`{cut[1]}` was taken off: the whole output is judged")
        return cut[0]

    def _seen_by_the_probe(self, command: str, line: int) -> str:
        """The command in a form by which runbook sees what its pytest does."""
        kept = keeping_the_probe(command)
        if kept != command:
            self._ledger.warn(line, f"`{short(command)}`: what runbook sets there was added")
        return kept

    def late_expectation(self, piece: Piece, title: str) -> bool:
        """Whether an expectation belongs to the command before it, which then has it."""
        steps = self._ledger.steps
        last = steps[-1] if steps else None
        if not isinstance(last, Verify | Run) or last.expect.prose is not None:
            return False
        if last.expect != Expect() and last.expect.tests is None:
            return False
        steps[-1] = replace(last, expect=self._read(last.command, piece, title))
        return True

    def _edit(self, act: Act, line: int) -> None:
        """A command that is an edit by its form; where that doesn't fit, it is run."""
        ledger = self._ledger
        assert act.change is not None
        change = act.change
        if re.match(r"(?:cd \S+ && )?git (?:rm|mv)\b", act.command):
            self._staged.append(act.path)
            self._staged += [change.path] if isinstance(change, MoveTo) else []
        if isinstance(change, Delete) and self._is_deleted(act.path):
            return  # and now its deletion is added
        if isinstance(change, Create) and unwritable(change.text.value):
            ledger.manual(f"```bash\n{act.command}\n```", line, "a phase file can't hold its text")
            return
        if isinstance(change, Create) and self._is_there(act.path):
            change = RewriteFile(change.text)
        tried = ledger.trial.attempt(Edit((act.path,), (change,)))
        if tried.why:
            files: list[Target] = [act.path]
            if isinstance(change, MoveTo):
                files.append(change.path)
            ledger.trial.changed_unseen(files)
            ledger.steps.append(Run(act.command, tuple(files)))
            ledger.commands += 1
            ledger.warn(line, f"{short(act.command)}: {tried.why}")
            return
        ledger.seen.add(act.path)
        ledger.accept(tried, line)

    def _is_deleted(self, path: str) -> bool:
        """Whether a step of this task deletes the file already."""
        return any(
            isinstance(step, Edit) and path in step.targets and step.changes == (Delete(),)
            for step in self._ledger.steps
        )

    def _is_there(self, path: str) -> bool:
        ledger = self._ledger
        if ledger.trial.has_repository and ledger.trial.knows(path):
            return ledger.trial.text(path) is not None
        return path in ledger.seen

    def message(self, piece: Piece, title: str) -> None:
        """The commit of a field such as **Commit:** `feat: x`."""
        if commit_depends(piece.text, changed=self.changed):
            self.leave_commit(f"Commit: {piece.text}", piece.first)
            return
        code = _MESSAGE.findall(piece.text)
        messages = [each for each in code if _CONVENTIONAL.match(each)] or code
        if not messages and _NO_COMMIT.search(piece.text):
            self._ledger.note(f"Commit: {piece.text}")
        elif not messages:
            if piece.text.strip():
                why = "the commit has no message"
                self._ledger.manual(f"Commit: {piece.text}", piece.first, why, "perhaps")
        elif messages[0].startswith("git "):
            self.script(messages[0], title, piece.first)
        else:
            self.commit(GitCommit(messages[0]), piece.first)
            self._ledger.note(piece.text.replace(f"`{messages[0]}`", "").strip(" .()*:"))

    @property
    def changed(self) -> bool:
        """Whether an edit has changed something since the task's last commit."""
        for step in reversed(self._ledger.steps):
            if isinstance(step, Commit | Edit):
                return isinstance(step, Edit)
        return False

    def leave_commit(
        self, words: str, line: int, why: str = "the commit depends on a condition"
    ) -> None:
        """Leave a commit to a person that depends on what the steps before came to."""
        self.added = None
        ledger = self._ledger
        ledger.commits_left += 1
        ledger.manual(words, line, why, "perhaps")

    def commit(self, commit: GitCommit, line: int) -> None:
        """A commit of what was added since the last one; of what is elsewhere, by a person."""
        # What was added before is still to be committed where this commit names its own.
        added, self.added = commit.only or self.added, self.added if commit.only else None
        files: tuple[Target, ...] | None = None
        staged, self._staged = self._staged, []
        if added is not None and not added.everything and added.files:
            named = tuple(map(self._file_or_folder, added.files))
            below = [each.pattern[:-2] for each in named if isinstance(each, Glob)]
            beside = [each for each in staged if not str(each).startswith(tuple(below))]
            files = tuple(dict.fromkeys((*beside, *named)))
        if files is None and self._ledger.elsewhere:
            why = "what it commits is outside the repository"
            self.leave_commit(f"Commit: {commit.message}", line, why)
            return
        message = commit.message
        # Lines stand in a block, which ends in a line end.
        message = message + "\n" if "\n" in message else message
        self._ledger.steps.append(Commit(message, files, commit.trailers))

    def _file_or_folder(self, added: Target) -> Target:
        ledger = self._ledger
        return added_by(added, ledger.changed, ledger.edits, ledger.trial.has)

    def bare(self, title: str, line: int) -> bool:
        """Whether a step's title is itself a command or a commit, which it becomes."""
        alone = COMMIT_ALONE.fullmatch(title)
        run = Said(alone["command"]) if alone else titled_run(title) or Said("")
        found = None if alone else _A_COMMIT.search(title)
        commit = next(filter(None, found.groups())) if found else ""
        if commit and commit_depends(title, changed=self.changed):
            self.leave_commit(title, line)
            return True
        if commit and _MORE_THAN_A_COMMIT.search(title.replace(commit, "")):
            self.leave_commit(title, line, "its title says more than a commit")
            return True
        if commit and commit.startswith("git commit"):
            self.script(commit, title, line)
            return True
        if commit and _CONVENTIONAL.match(commit):
            self.commit(GitCommit(commit), line)
            return True
        if re.match(r"[\w./-]+\s", f"{run.command} "):
            said = Piece("expected", run.expected, line, line) if run.expected else self._seen(line)
            self.script(run.command, title, line, said)
            return True
        return False


def _has_an_outcome(act: Act) -> bool:
    """Whether something may be expected of a command: not of what only ends or removes things."""
    left = act.kind == "by hand" and not _ENDS.match(act.command)
    return left or act.kind in ("verify", "run")


def _ended(act: Act, around: str) -> Act:
    """A command; one that runs until it is stopped, by what is said around it, is a person's."""
    if act.kind == "verify" and serves(act.command, f"{around}\n{act.comment}"):
        return replace(act, kind="by hand", why="it runs until it is stopped")
    return act
