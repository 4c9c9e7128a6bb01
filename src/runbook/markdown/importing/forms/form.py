"""A form of words: what makes an edit of a block, what keeps it from that, and examples of both."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, partial
from typing import Literal

from runbook.core.model.operations import Create, EnsureImport, Operation, RewriteFile
from runbook.core.value import replace, value
from runbook.markdown.importing.places.files import (
    Scope,
    named,
    target,
    with_names_as_code,
    with_paths_as_code,
)
from runbook.markdown.importing.places.lines import tabbed
from runbook.markdown.importing.places.parsers import PYTHON, is_read
from runbook.markdown.importing.places.statements import import_lines
from runbook.markdown.importing.text.illustrations import only_drawn
from runbook.markdown.importing.text.pieces import Piece, is_shell, lead_of
from runbook.markdown.importing.words import saying
from runbook.markdown.importing.words.elision import cut_off, elided
from runbook.markdown.importing.words.filekinds import is_document, is_script
from runbook.markdown.importing.words.insertedtext import put_by_comment
from runbook.markdown.importing.words.orders import in_english
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.saying import Saying
from runbook.markdown.importing.words.symbolwords import place_in_remark
from runbook.markdown.importing.words.vocabulary import anycase, spelled
from runbook.markdown.importing.words.wording import creates, without_imports

Found = Operation | tuple[Operation, ...] | str
Finder = Callable[[str], Found]
"""The change in a file's text, or several in their order, or why there is none.

It says nothing where no more than usual is to be said.
"""

Guard = Literal["hedged", "more", "elided"]


@value
class Recognized:
    """An edit that the plan states, and the pieces (by index) that it is made of."""

    path: str
    change: Operation | Finder
    first: int
    last: int
    anchored: bool = False
    about: tuple[str, ...] = ()  # what it changes or stands beside: names, or lines
    sure: bool = True  # the words alone say what is meant, so that why it fails is told
    loose: bool = True  # another indentation of the anchor would be that of the block
    also: tuple[Operation, ...] = ()  # what is changed with it


class Block:
    """A block of code in a step, with what is said before it."""

    def __init__(
        self, pieces: list[Piece], index: int, scope: Scope, before: str | None, seen: set[str]
    ) -> None:
        """The block at an index; `before` is the file of the block before it.

        `seen` are files that have a text by now.
        """
        self.pieces = pieces
        self.index = index
        self.scope = scope
        self.before = before
        self.seen = seen
        self.piece = pieces[index]
        put, self.code = put_by_comment(self.piece.text)
        self._tabs = False  # a block of a Go file that is there has tabs, as that has
        lead = with_paths_as_code(put or led_by(pieces, index, scope), scope)
        self.lead, self.imports = without_imports(lead)
        self.said: Saying = saying.read(self.lead, is_title=index == 0)
        self._files: dict[tuple[str, str], str | None] = {}  # that words and code say
        if self.piece.info == "go" and scope.text is not None:
            path = self.file()
            self._tabs = path is not None and scope.text(path) is not None
        self.code = tabbed(self.code) if self._tabs else self.code
        self.second = self.following(2)
        self.between = in_english(pieces[index + 1].text.strip()) if self.second else ""

    @cached_property
    def guards(self) -> frozenset[Guard]:
        """What its words and its code could keep a form from."""
        return _guards(self.said, self.code)

    @cached_property
    def pair_guards(self) -> frozenset[Guard]:
        """The same with the second block, and the words between."""
        between = saying.read(re.sub(r"\([^()]*\)", "", self.between))
        return self.guards | _guards(between, self.second.text if self.second else "")

    @cached_property
    def told(self) -> tuple[str, ...]:
        """Its words, and if they name files of the task without backticks, with these."""
        words = self.said.words
        return tuple(dict.fromkeys((words, with_names_as_code(words, self.scope))))

    def following(self, offset: int) -> Piece | None:
        """The block so many pieces behind this one, if only a line stands before it."""
        at = self.index + offset
        if at >= len(self.pieces) or self.pieces[at - 1].kind != "prose":
            return None
        block, words = self.pieces[at], self.pieces[at - 1].text.strip()
        if block.kind != "code" or block.doubtful or "\n" in words:
            return None
        return replace(block, text=tabbed(block.text)) if self._tabs else block

    def file(self, lead: str | None = None, code: str | None = None) -> str | None:
        """The one file that it belongs to, by its words and its own first line."""
        words = self.lead if lead is None else lead
        text = self.code if code is None else code
        if (words, text) not in self._files:
            found = target(words, text, self.piece.info, self.scope, self.before)
            self._files[words, text] = found
        return self._files[words, text]

    def place_said(self, path: str) -> str:
        """Where the Files block says that what is new in a file goes, or nothing."""
        remarks = (each.remark for each in self.scope.mentions if each.path == path)
        return next(filter(None, map(place_in_remark, remarks)), "")

    def changed(
        self, path: str, change: Operation, *, anchored: bool = False, loose: bool = True
    ) -> Recognized:
        """The edit of a file that its words state."""
        return Recognized(path, change, self.index, self.index, anchored, loose=loose)

    def found(
        self,
        path: str,
        find: Finder,
        about: tuple[str, ...],
        *,
        also: tuple[Operation, ...] = (),
        anchored: bool = True,
    ) -> Recognized:
        """The edit that is looked up in the file, and is none where nothing is found."""
        at = self.index
        return Recognized(path, find, at, at, anchored, about, sure=False, also=also)


def _guards(said: Saying, code: str) -> frozenset[Guard]:
    signs: dict[Guard, bool] = {
        "hedged": said.hedged, "more": said.more, "elided": elided(code)
    }  # fmt: skip
    return frozenset(name for name, sign in signs.items() if sign)


_ONLY_A_FILE = re.compile(r"\W*(?:(?:in|file|edit|modify|update)\b[\s:：]*)?(`[^`\n]+`)\W*", re.I)

# Of a file that is there, these words mean another text, and not more of it.
_ONLY_CREATES = anycase(r"\W*create (the |a )?((new|test) )*(file )?`[^`\n]+`\W*")
# "And update it:" goes on from the block before, and "Don't forget to" orders as well.
_GOES_ON = anycase(
    r"^\W*(and\b,? (then |also )?|(and )?(don['\u2019]t forget|remember|be sure|make sure|you "
    r"(will |['\u2019]ll )?(also )?need|we (also )?need) to )(?=[a-z])"
)
# "**Step 1: Add the sail** to `ship.py`:", where the title is bold.
_OF_THE_TITLE = spelled(
    r"\(?(to|in|into|inside|at|after|before)\s[^\n]*`"
    r"|\(?((right|immediately|directly|just) (after|before|above|below)|above|below)\s"
    r"(?![^\n]*\b(add|insert|put|append|place)\b)[^\n]*`|with\b[^`\n]{0,40}[:：]\W*$"
)
_IN_BRACKETS = re.compile(r"^\(([^()]*)\)(?=\s*[:：]?\s*$)")
_CHANGES = anycase(r"(add|update|extend|modify|change|insert|register|include|append)\b")


def led_by(pieces: list[Piece], index: int, scope: Scope) -> str:
    """The words before a block, with the title where they only say which file it is of."""
    lead = _GOES_ON.sub("", lead_of(pieces, index, scope.title), count=1)
    title = scope.title.strip().rstrip(":：.")
    if index == 1 and _OF_THE_TITLE.match(lead):
        return f"{title} " + _IN_BRACKETS.sub(r"\1", lead)
    said = _ONLY_A_FILE.fullmatch(lead)
    found = named(said[1], scope) if said and scope.text else []
    if said is None or scope.text is None or all(scope.text(path) is None for path in found):
        return lead
    changes = _CHANGES.match(title) is not None and "`" not in title
    return f"In {said[1]}, {title[:1].lower()}{title[1:]}:" if changes else lead


@value
class Example:
    """A block under its words in a plan, a file, and what the edit makes of that.

    Where two blocks belong together, `then` are the words between them, and the second one.
    """

    words: str
    code: str
    file: str | None
    made: str
    path: str = "ship.py"
    then: tuple[str, str] | None = None


@value
class Form:
    """A row of the table of forms.

    A form is asked about a block only where the guards let it: those that it doesn't `allow`.
    """

    name: str
    make: Callable[[Block], Recognized | None]
    examples: tuple[Example, ...] = ()
    but: tuple[str, ...] = ()  # words that, in the place of the first example's, are left
    tried: bool = True  # only with the repository's files
    library: bool = False  # its operation needs a library
    pair: bool = False  # two blocks belong together
    seeks: bool = True  # where no file is named, it is of the only one that bears it out
    allows: tuple[Guard, ...] = ()
    uncut: bool = False  # not of code of which a part in brackets is left out
    anywhere: bool = False  # it chooses a place itself: not where the Files block says one


@value
class Words:
    """A phrase that says all of an edit, and who finds in the file what it names.

    `find` is given the file's text, the block's `code`, and what the slots of the phrase hold.
    """

    said: str
    find: Callable[..., Found]
    files: tuple[str, ...] = ("",)  # how their paths end
    about: tuple[str, ...] = ("name",)  # the names of what it changes or stands beside
    reads: bool = False  # of files that a parser reads; `find` is given the path
    more: bool = False  # what else it says to do is to find the place


def worded(*rows: Words) -> Callable[[Block], Recognized | None]:
    """What makes an edit of a block by the first of some rows that its words fit."""

    def make(block: Block) -> Recognized | None:
        for row in rows:
            asked = (told(row.said, each) for each in block.told)
            said = next((each for each in asked if each is not None), None)
            path = None if said is None or (block.said.more and not row.more) else block.file()
            fits = path is not None and path.endswith(row.files)
            if said is None or path is None or not fits or (row.reads and not is_read(path)):
                continue
            of = {"path": path} if row.reads else {}
            slots = {key: it for key, it in said.items() if key != "file"}
            find = partial(row.find, code=block.code, **of, **slots)
            return block.found(path, find, tuple(said[key] for key in row.about if key in said))
        return None

    return make


def made_by(form: Form, block: Block) -> Recognized | None:
    """What a form makes of a block, if no guard keeps it from that."""
    scope = block.scope
    if (form.tried and scope.text is None) or (form.library and not scope.transforms):
        return None
    if form.pair and block.second is None:
        return None
    guards = block.pair_guards if form.pair else block.guards
    if guards and not guards.issubset(form.allows):
        return None
    found = form.make(block)
    if found is not None and block.imports:
        found = _with_imports(found, block)
    if found is not None and form.anywhere and block.place_said(found.path):
        return None
    if found is not None and _to_be_made(found, block):
        return None
    if found is None or not form.uncut or is_document(found.path):
        return found
    shown = (block.code, block.second.text if form.pair and block.second else "")
    return None if any(map(cut_off, shown)) else found


def _with_imports(found: Recognized, block: Block) -> Recognized | None:
    """The edit with the imports that its words add; of another language than Python none."""
    statements = import_lines("\n".join(block.imports) + "\n")
    if statements is None or not (found.path.endswith(PYTHON) and block.scope.transforms):
        return None
    return replace(found, also=(*found.also, EnsureImport(statements)))


def _to_be_made(found: Recognized, block: Block) -> bool:
    """Whether a block that is all of a new file would only be put into one that is there."""
    if isinstance(found.change, Create | RewriteFile) or found.path in block.seen:
        return False
    if _ONLY_CREATES.fullmatch(block.lead) and block.scope.has(found.path):
        return True
    return block.scope.roles(found.path) == {"create"} and creates(
        block.lead, is_title=block.index == 0
    )


def of_its_kind(path: str, piece: Piece) -> bool:
    """Whether a block can be a part of a file.

    A shell block is a file's text only where that is a script, or says so itself, and a drawing
    only in a document.
    """
    if only_drawn(path, piece):
        return False
    return is_script(path) or piece.text.startswith("#!") or not is_shell(piece.info)
