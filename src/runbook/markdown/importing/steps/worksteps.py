"""Prose and code of a plan as edits, notes and a person's work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runbook.core.matching.texts import LineRange
from runbook.core.model.model import Edit, Manual, Run, Verify
from runbook.core.model.operations import Create, Insert, Operation, Remove, Replace, ReplaceRange
from runbook.core.value import replace
from runbook.markdown.importing.commands.scripts import only_comments
from runbook.markdown.importing.forms.form import Found, Recognized, led_by, of_its_kind
from runbook.markdown.importing.forms.recognize import placed_again, recognize, why_open
from runbook.markdown.importing.forms.symbols import says_removed
from runbook.markdown.importing.places.ends import between
from runbook.markdown.importing.places.files import Scope, gone_on_to, target
from runbook.markdown.importing.places.fitting import fitted, meant_elsewhere
from runbook.markdown.importing.places.inplace import replaced_whole, with_its_name
from runbook.markdown.importing.places.landing import THERE
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.places.sections import beside_heading
from runbook.markdown.importing.places.trial import Tried, old_texts
from runbook.markdown.importing.steps.inwords import in_words, left_in_words
from runbook.markdown.importing.steps.ledger import Changes, Ledger
from runbook.markdown.importing.steps.telling import explains_parts, finds, only_tells, shows_parts
from runbook.markdown.importing.text.illustrations import is_patch
from runbook.markdown.importing.text.leads import leads_apart
from runbook.markdown.importing.text.pieces import Piece, is_shell, lead_of
from runbook.markdown.importing.text.sections import Section
from runbook.markdown.importing.words.conditions import conditional, may_be_nothing
from runbook.markdown.importing.words.filelist import is_filled_in
from runbook.markdown.importing.words.insertedtext import says_text
from runbook.markdown.importing.words.looking import (
    announces_a_place,
    asks_to_look,
    happens_elsewhere,
    in_another_place,
    lists_what_tests_show,
    may_only_look,
    only_keeps,
    only_looks,
    only_reads,
    only_runs,
    only_shows,
    repeats,
    says_not_yet,
    says_unchanged,
    without_what_is_put_off,
)
from runbook.markdown.importing.words.orders import in_english
from runbook.markdown.importing.words.prose import (
    explains,
    if_it_fails,
    instructs,
    introduces,
    leaves_work,
    makes_something,
    may_order,
    only_repairs,
    orders_a_change,
    orders_a_commit,
    orders_before_a_run,
    repairs_what_fails,
    tells_to_run,
)
from runbook.markdown.importing.words.vocabulary import anycase
from runbook.markdown.importing.words.wording import beside, creates

_MORE = anycase(r"\b(also|same|similarly|likewise|as well|etc)\b")
_EXPECTED = anycase(r"\W*Expect(ed|s)?\b[^:：\n]{0,60}[:：]")
_WORK = ("implementation", "testing", "tests")


class WorkSteps:
    """Makes steps of what a plan says beside its commands."""

    def __init__(self, ledger: Ledger) -> None:
        """Add the steps to `ledger`."""
        self._ledger = ledger

    def add(self, buffer: list[Piece], section: Section, *, leads: bool = False) -> None:
        """The steps of some prose and code; `leads` if a command follows it."""
        if not buffer:
            return
        if any(piece.kind == "code" for piece in buffer):
            self._code(leads_apart(buffer, self._ledger.document.lines), section, leads=leads)
        else:
            self._prose(buffer, section, leads=leads)

    def titled(self, section: Section) -> bool:
        """Whether a title says all that there is to do, which then is done."""
        return in_words(self._ledger, section.title, self._scope(section), section.line)

    def _scope(self, section: Section) -> Scope:
        ledger = self._ledger
        trial = ledger.trial
        exists, text = (self._exists, trial.text) if trial.has_repository else (None, None)
        tries = trial.has_repository and trial.transforms
        title = in_english(section.title)
        return Scope(ledger.mentions, title, ledger.roots, exists, text, tries)

    def _code(self, buffer: list[Piece], section: Section, *, leads: bool) -> None:
        ledger = self._ledger
        scope = self._scope(section)
        done = 0
        why = ""  # an edit before did not apply
        for found in recognize(buffer, scope, ledger.seen, self._holds, self._applies):
            begin = found.first
            if begin > done and buffer[begin - 1].kind == "prose":
                begin -= 1  # the words that lead up to it
            before = buffer[done:begin]
            text = ledger.trial.text(found.path) or ""
            only_place = all(
                finds(before, at, text)
                or announces_a_place(each.text)
                or ("\n" not in each.text and gone_on_to(each.text, scope) == found.path)
                for at, each in enumerate(before)
            )
            blocks = [each.text for each in buffer[found.first :] if each.kind == "code"]
            lead = led_by(buffer, found.first, scope) or section.title
            parts = not why and shows_parts(found, self._change(found), before, lead)
            if only_place or parts or (not why and self._only_tells(found, before, blocks)):
                told = (each.text for each in before if each.kind == "prose" or not parts)
                ledger.note("\n".join(told))
                before = []
            # What comes before is done before, whatever it changes.
            left = before if why else left_in_words(ledger, before, scope)
            self._rest(left, section, why)
            why = "" if begin > done else why
            done = begin
            tried = self._tried(found, lead)
            if isinstance(tried, str) or tried.why:
                reason = tried if isinstance(tried, str) else tried.why
                why = why or f"{found.path}: {reason}"
                words = "\n".join(each.text for each in buffer[begin : found.last + 1])
                ledger.trial.changed_unseen([found.path], words)
                continue
            anchored = found.anchored or isinstance(tried.edit.changes[0], Insert)
            how = "anchored" if anchored and tried.how == "exact" else tried.how
            ledger.accept(replace(tried, how=how), buffer[found.first].first)
            ledger.seen.add(found.path)
            if begin < found.first:
                words = buffer[begin].text
                # A place that was looked up stands beside the words for it.
                kept = callable(found.change) and isinstance(tried.edit.changes[0], Insert)
                # Words that don't order a new file tell of it.
                kept |= isinstance(found.change, Create) and not creates(words, is_title=False)
                ledger.note(words.rstrip(" :：\n") if kept else beside(words))
            done = found.last + 1
            if placed_again(buffer, found.last):
                ledger.note(buffer[done].text)
                done += 1
        rest = buffer[done:]
        left = rest if why else left_in_words(ledger, rest, scope)
        self._rest(left, section, why, leads=leads)

    def _only_tells(self, found: Recognized, before: list[Piece], blocks: list[str]) -> bool:
        """Whether words only say what the edits after them, and their blocks, do in full."""
        if not before or any(each.kind != "prose" for each in before):
            return False
        words = "\n".join(each.text for each in before)
        lines = self._ledger.document.lines
        if only_tells(found, self._change(found), before, lines, blocks):
            return True
        if not isinstance(found.change, Remove) or not says_removed(words):
            return False
        edit = Edit((found.path,), (found.change,))
        return not self._ledger.trial.copy().attempt(edit, loose=found.loose).why

    def _exists(self, path: str) -> bool:
        trial = self._ledger.trial
        return trial.knows(path) and trial.text(path) is not None

    def _holds(self, found: Recognized) -> bool:
        """Whether the file bears out what was recognised, or there is something to say of it."""
        return self._change(found) != ""

    def _applies(self, found: Recognized) -> bool:
        """Whether the edit that was recognised can be made in the file as it was last known."""
        change = self._change(found)
        if isinstance(change, str):
            return False
        changes = change if isinstance(change, tuple) else (change, *found.also)
        edit = Edit((found.path,), changes)
        old = "\n".join(text for each in changes for text in old_texts(each))
        about = found.about or telling(old)
        return self._ledger.trial.would_apply(edit, about, loose=found.loose)

    def _change(self, found: Recognized) -> Found:
        """The change, as the file's text has it where it is looked up; or why there is none."""
        if not callable(found.change):
            return found.change
        trial = self._ledger.trial
        text = trial.remembered(found.path, found.about)
        if text is None:
            missing = trial.has_repository and trial.knows(found.path)
            why = "the file does not exist" if missing else "the old text is not known"
            return why if found.sure else ""
        change = found.change(text)
        if isinstance(change, tuple):
            # Where something else may stand by then, not all of it can be told.
            return change if trial.knows(found.path) else ""
        if isinstance(change, ReplaceRange) and not trial.knows(found.path):
            # Between the anchors, something else may stand by then: all of it is to be as it was.
            return replaced_whole(text, change)
        if isinstance(change, Insert) and not trial.knows(found.path):
            return with_its_name(text, change, found.about)
        return change

    def _tried(self, found: Recognized, lead: str) -> Tried | str:
        """The edit as it applies, or why there is none."""
        trial, path = self._ledger.trial, found.path
        if is_filled_in(path):
            return "its name is to be filled in"
        text, known = trial.text(path), trial.knows(path)
        change = self._change(found)
        if isinstance(change, str):
            return change or "it can't be told what in the file is meant"
        if isinstance(change, tuple):
            return trial.attempt(Edit((path,), change))
        if not callable(found.change):
            since = trial.words_of_changes(path)
            change = fitted(self._hinted(path, change), text, path, known, found.about, since)
        if isinstance(change, Insert):
            change = beside_heading(text, path, between(text, path, change), lead)
        if not isinstance(change, str) and known:
            change = meant_elsewhere(text, path, change, lead) or change
        if isinstance(change, str):
            return change
        return trial.attempt(Edit((path,), (change, *found.also)), loose=found.loose)

    def _hinted(self, path: str, change: Operation) -> Operation:
        """The change with the lines that the Files block gives, if they can be of no other."""
        mentions = self._ledger.mentions
        ranges = [r for each in mentions if each.path == path for r in each.ranges]
        if len(ranges) != 1 or self._ledger.edits(path):
            return change
        hint: LineRange = ranges[0]
        match change:
            case Replace(count="all"):
                # All places are no place among several.
                return change
            case Replace() | Remove() | Insert() | ReplaceRange() if change.lines is None:
                return replace(change, lines=hint)
            case _:
                return change

    def _rest(self, rest: list[Piece], section: Section, why: str, *, leads: bool = False) -> None:
        """What no edit was made of, or none that applies."""
        if not rest:
            return
        words = "\n".join(piece.text for piece in rest if piece.kind == "prose")
        code = [index for index, piece in enumerate(rest) if piece.kind == "code"]
        source = self._ledger.document.source(rest[0].first, rest[-1].last)
        # What is shown before a check explains it, but for the text of a file that the plan names.
        ordered = any(is_patch(rest[at]) or orders_a_change(lead_of(rest, at, "")) for at in code)
        shown = leads and not why and not ordered and not makes_something(section.title)
        shown = shown and not any(self._files_of_blocks(rest, code, section))
        if leads and not code and introduces(words) and tells_to_run(words):
            self._ledger.note(words)
        elif not why and (self._only_shows(rest, code, words) or self._prepares(code, words)):
            self._ledger.note(source)
        elif instructs(words, leads=leads) or (code and not shown) or self._leaves(rest):
            # What is there already is not waited for.
            told, first = why, self._ledger.trial.at_first
            if not why and code:
                told = why_open(rest, code[0], self._scope(section), first)
            there = f": {THERE}" in told
            exact = not there and bool(why or self._gives_text(rest, code, section, words))
            changes = "files" if exact else self.changes(section, words)
            if there or (code and not exact and changes in ("files", "named", "looks")):
                changes = "perhaps"
            why = told or "it is said in words only"
            title = f"{section.title} {' '.join(self._files_of_blocks(rest, code, section))}"
            self._ledger.manual(source, rest[0].first, why, changes, title=title, leads=leads)
        else:
            self._ledger.note(source if code else words)

    def changes(self, section: Section, words: str) -> Changes:
        """Whether what is said in words surely changes files."""
        # Under a step's own words, its title says no more.
        title = section.title if self._ledger.last is None else ""
        if only_repairs(words):
            return "nothing"
        if looks := self._looks(title, words):
            return looks
        if only_runs(title, words):
            return "named"
        certain: Changes = "named" if section.label == "head" else "files"
        open_end = (
            in_another_place(words)
            or may_only_look(title, words)
            or conditional(words)
            or may_be_nothing(f"{title}\n{words}")
        )
        open_end = open_end or says_unchanged(words) or self._is_told(words)
        open_end = open_end or (lists_what_tests_show(words) and self._ledger.has_tests_by_hand)
        return "perhaps" if open_end else certain

    def _looks(self, title: str, words: str) -> Changes | None:
        """What a step comes to that only has someone look: a yes, or nothing; else `None`."""
        if not (only_looks(title, words) or happens_elsewhere(title, words)):
            return None
        if may_be_nothing(without_what_is_put_off(words)):
            return "perhaps"  # what is found wrong is put right
        return "looks" if asks_to_look(title, words) else "nothing"

    def _gives_text(self, rest: list[Piece], code: list[int], section: Section, words: str) -> bool:
        """Whether a block shows what is to stand in a file, so that this surely changes."""
        orders = makes_something(f"{section.title}\n{words}") or bool(says_text(words))
        given = [
            at
            for at in code
            if not says_unchanged(lead_of(rest, at, ""))
            and (orders or not is_shell(rest[at].info) or only_comments(rest[at].text))
        ]
        # What a title has someone look at is shown as it is.
        shown = says_unchanged(words) or may_only_look(section.title, words)
        return bool(given) and not (shown or in_another_place(words))

    def _is_told(self, words: str) -> bool:
        """Whether words explain what the steps before them in their section have done by now."""
        done = isinstance(self._ledger.last, Edit | Run)
        more = _MORE.search(words)
        return done and not more and (explains(words) or not instructs(words))

    def _files_of_blocks(
        self, rest: list[Piece], code: list[int], section: Section
    ) -> Iterator[str]:
        """The files that blocks surely belong to, as code."""
        scope = self._scope(section)
        for index in code:
            lead = lead_of(rest, index, section.title)
            path = target(lead, rest[index].text, rest[index].info, scope, None)
            if path is not None and of_its_kind(path, rest[index]):
                yield f"`{path}`"

    def _prepares(self, code: list[int], words: str, title: str = "") -> bool:
        """Whether words only have their reader find what is then changed, or say what stays."""
        edited = isinstance(self._ledger.last, Edit)
        return not code and (only_keeps(words) if edited else only_reads(title, words))

    def _only_shows(self, rest: list[Piece], code: list[int], words: str) -> bool:
        """Whether blocks only show what is seen of the command before them, or explain the edit."""
        ledger = self._ledger
        shown = all(i and only_shows(lead_of(rest, i, ""), rest[i].info) for i in code)
        checked = isinstance(ledger.last, Verify | Run)
        shown = (shown and checked) or explains_parts(rest, code, ledger.last)
        return bool(code) and shown and not makes_something(words)

    def _leaves(self, rest: list[Piece]) -> bool:
        """Whether words after an edit of the same step say that there is more to do."""
        ledger = self._ledger
        if not isinstance(ledger.last, Edit):
            return False
        first = ledger.document.lines[rest[0].first - 1]
        words = "\n".join(piece.text for piece in rest if piece.kind == "prose")
        # The next item of a list, or a box to be ticked, is more to do.
        return bool(re.match(r"\s*(?:\d+[.)]|[-*+] \[ \])\s", first)) or leaves_work(words)

    def ordered(self, piece: Piece, section: Section) -> None:
        """Add what is surely an order: as edits where its words say them, else for a person."""
        ledger = self._ledger
        if not in_words(ledger, piece.text, self._scope(section), piece.first):
            changes = self.changes(section, piece.text)
            ledger.manual(piece.text, piece.first, "it is said in words only", changes)

    def _prose(self, buffer: list[Piece], section: Section, *, leads: bool) -> None:
        ledger = self._ledger
        words = "\n".join(piece.text for piece in buffer)
        source = ledger.document.source(buffer[0].first, buffer[-1].last)
        wanted = makes_something(section.title) or section.label in _WORK
        before, _, last = words.rstrip().rpartition("\n")
        ordered = leads and orders_before_a_run(words)
        if leads and introduces(last) and not (ordered or may_order(before)):
            ledger.note(words)
            return
        buffer = left_in_words(ledger, buffer, self._scope(section))
        if not buffer:
            return
        words = "\n".join(piece.text for piece in buffer)
        source = ledger.document.source(buffer[0].first, buffer[-1].last)
        if repeats(words, section.title):
            return
        if ledger.steps and not isinstance(ledger.last, Manual) and _EXPECTED.match(words):
            (ledger.remark if ledger.last or not section.title else ledger.note)(words)
            return
        repairs = bool(ledger.steps) and only_repairs(words)
        title = section.title if ledger.last is None else ""
        prepares = self._prepares([], words, title)
        if (
            repairs
            or (ledger.checked and (if_it_fails(words, counted=True) or repairs_what_fails(words)))
            or says_not_yet(words)
            or prepares
        ):
            ledger.note(source if prepares else words)
            return
        made = any(isinstance(step, Edit | Run) for step in ledger.steps[-3:])
        left = ordered or instructs(words, leads=leads) or self._leaves(buffer)
        left = left or orders_a_commit(words)
        if left or (wanted and not made) or (not leads and not ledger.steps):
            changes = self.changes(section, words) if left or not section.label else "perhaps"
            if ordered and not instructs(words, leads=leads):
                changes = "perhaps"  # a verb that is not known may change nothing
            why = "it is said in words only"
            ledger.manual(source, buffer[0].first, why, changes, title=section.title, leads=leads)
        else:
            ledger.note(words)
