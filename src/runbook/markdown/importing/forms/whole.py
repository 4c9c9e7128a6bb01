"""One block that is a whole file, or is put to a file as such: created, appended, removed."""

from __future__ import annotations

import re

from runbook.core.matching.texts import Text
from runbook.core.model.operations import (
    Append,
    Create,
    Insert,
    Operation,
    Prepend,
    Remove,
    RewriteFile,
)
from runbook.markdown.importing.forms.form import Block, Example, Form, Recognized, of_its_kind
from runbook.markdown.importing.forms.newtexts import as_file, may_be_new, said_after, starts_a_file
from runbook.markdown.importing.forms.pairs import stands, text_of
from runbook.markdown.importing.forms.symbols import whole_function
from runbook.markdown.importing.places.files import (
    holding,
    named,
    target,
)
from runbook.markdown.importing.places.grammars import grammar_of
from runbook.markdown.importing.places.lines import OPEN
from runbook.markdown.importing.places.parsers import PYTHON, has_methods
from runbook.markdown.importing.places.swift import can_end
from runbook.markdown.importing.places.treesymbols import root_of
from runbook.markdown.importing.text.illustrations import explains_part
from runbook.markdown.importing.text.pieces import lead_of
from runbook.markdown.importing.words.elision import elided
from runbook.markdown.importing.words.filekinds import (
    is_document,
)
from runbook.markdown.importing.words.filelist import looks_like_path
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.prose import instructs
from runbook.markdown.importing.words.symbolwords import places_unbracketed
from runbook.markdown.importing.words.vocabulary import anycase, spelled
from runbook.markdown.importing.words.wording import (
    Side,
    creates,
    object_of,
    says_whole,
    side_of,
    wish,
    without_remarks,
)

_IMPORTS = spelled(
    r"^\s*(import\b|from\b.*\bimport\b|use\s|#include|const .*require\()", re.MULTILINE
)
_MOST_PIECES = 100  # of a step that says what each of its blocks is
_LABELS = {"implementation", "testing", "tests", "verification", "documentation"}
_BARE = anycase(r"\W*(then )?(append|prepend)\W*(\([^)]*\)\W*)?")
_ENCLOSED = re.compile(r"\.(?:jsonc?|json5|xml|html?|vue|svelte|svg|plist|java|cs|ipynb)$")
_BESIDE_LINE = (
    "[<make> [<bare>] [to|in|into <file>]] <side> <quoted-line>",
    "<make> [<bare>] [to|in|into <file>] , <side> <quoted-line>",
    "<side> <quoted-line> <tail> [, <make> [<bare>]]",
)
_IS_LINE = anycase(
    r"\b(line|import|statement|call|row|heading)s? `|` (line|import|statement|call|row|heading)"
)
_REMOVES = anycase(
    r"\b(remove|delete|drop|strip) ((the|this|that|its|all|old|existing|unused|now) )*"
    r"`(?P<code>[^`\n]+)`"
)
_CONTENTS = anycase(
    r"\W*(then )?(replace|overwrite) ((its|all|the|entire|whole|full) )*contents?( (with|by))?\W*"
)
_MODE = re.compile(r"\(mode (?P<mode>0?[0-7]{3})\b")
_REPLACES = anycase(r"\breplac(es?|ing)\b")
_EXACTLY = anycase(r"\bexact(ly)?\b")


def _file(block: Block) -> str | None:
    """The file of a block that may stand in it as it is."""
    exactly = _EXACTLY.search(block.lead) is not None
    diff = block.piece.info.startswith("diff")
    if diff or not block.code.strip() or elided(block.code, exactly=exactly):
        return None
    path = block.file()
    return path if path is not None and of_its_kind(path, block.piece) else None


def _put(block: Block) -> Recognized | None:
    """What is put to a file, or takes its place, or goes from it, as the words name it."""
    path, lead = _file(block), block.lead
    if path is None:
        return _removed_somewhere(block)
    plain, guard = without_remarks(lead)
    if wish(plain) == "append" and (change := _wished(plain, block, path)) is not None:
        about = (guard,) if guard else ()
        return Recognized(path, change, block.index, block.index, about=about)
    if wish(lead) == "function":
        return whole_function(path, block)
    change = _wished(lead, block, path)
    return None if change is None else block.changed(path, change)


def _removed_somewhere(block: Block) -> Recognized | None:
    """What goes from the only file of the task that has it, where no file is named."""
    goes = wish(block.lead) == "remove" and stands(block.code) and not _remains(block)
    if not goes or block.file() is not None:
        return None
    old = text_of(block.code)
    path = holding(old, block.lead, block.scope)
    return None if path is None else block.changed(path, Remove(old, lines=block.said.lines))


def _remains(block: Block) -> bool:
    """Whether a block is what remains: "Remove the `or oars` clause:" and a line without it."""
    said = _REMOVES.search(block.lead)
    if said is None or looks_like_path(said["code"]):
        return False
    code = set(re.findall(r"\w{3,}", block.code.lower()))
    return not set(re.findall(r"\w{3,}", said["code"].lower())) <= code


def _at_anchor(block: Block) -> Recognized | None:
    """A block beside a line that the words quote whole."""
    words = places_unbracketed(block.said.words)
    said = next(filter(None, (told(each, words) for each in _BESIDE_LINE)), None)
    if said is None or _file(block) is None:
        return None
    side, anchor, code = side_of(said["side"]), said["anchor"].strip(), block.code
    shown = code.strip("\n").split("\n")
    if shown[0 if side == "after" else -1].strip().startswith(anchor):
        return None  # the block shows the anchor as well: it would stand there twice
    called = _IS_LINE.search(block.lead) is not None
    if "…" in anchor or "..." in anchor or not _whole_line(anchor, side, called=called):
        return None
    # An anchor such as an import stands in many files: this one must be said.
    path = target(block.lead, code, block.piece.info, block.scope, None)
    if path is None:
        return None
    indented = code[:1] in " \t"
    text = block.scope.text(path) if block.scope.text and indented else None
    if text is not None and anchor in map(str.strip, text.split("\n")):
        return None  # quoted without its indentation, it is looked up
    # Blank lines at the block's ends are part of it.
    new = Text(code if code.endswith("\n") else code + "\n", True)
    insert = Insert(side, Text(anchor + "\n", True), new, lines=block.said.lines)
    return block.changed(path, insert, anchored=True, loose=not indented)


def _created(block: Block) -> Recognized | None:
    path = _file(block)
    if path is None or not _creates(block, path):
        return None
    mode = _MODE.search(block.lead)
    bits = int(mode["mode"], 8) if mode else None
    return block.changed(path, Create(text_of(as_file(block.code, path)), bits))


def _wished(lead: str, block: Block, path: str) -> Operation | None:
    """The operation that the words name, on the file as a whole or on the block's own text."""
    code = block.code
    match wish(lead):
        case "remove" if stands(code) and not _remains(block):
            return Remove(text_of(code), lines=block.said.lines)
        case "rewrite" if _of_the_file(lead, path, block):
            return RewriteFile(text_of(as_file(code, path)))
        case "append" | "prepend" if _REPLACES.search(lead):
            return None  # what it takes the place of is not said
        case "append" if _of_the_file(lead, path, block) and code.lstrip("\n")[:1] not in " \t":
            # Indented code goes into something, and not to the end of the file; and some files
            # end with what encloses all of them.
            return Append(text_of(code)) if _has_free_end(path, block) else None
        case "prepend" if _of_the_file(lead, path, block) and not _stays_below(code, path, block):
            # Imports go below what must come first, wherever that ends.
            return Prepend(text_of(code))
        case _:
            return None


def _has_free_end(path: str, block: Block) -> bool:
    """Whether what a block has may stand behind all that a file has."""
    if path.endswith(".go") and re.search(r"^import\b", block.code, re.MULTILINE):
        return False  # imports must stand above all else
    if path.endswith(PYTHON) and has_methods(block.code):
        return False
    if not grammar_of(path).nests:
        return _ENCLOSED.search(path) is None
    text = block.scope.text(path) if block.scope.text else None
    return text is None or root_of(text, path) is None or can_end(text, path, block.code)


def _stays_below(code: str, path: str, block: Block) -> bool:
    """Whether a block, of imports or a section, belongs below what its file begins with."""
    own = re.match(r"(#+)\s", code)
    text = (block.scope.text(path) if block.scope.text else None) or ""
    above = re.search(r"^(#+)\s", text, re.MULTILINE) if is_document(path) else None
    return bool(_IMPORTS.search(code) or (own and above and len(above[1]) < len(own[1])))


def _of_the_file(lead: str, path: str, block: Block) -> bool:
    """Whether the words name the file, or nothing that could be a part of it."""
    codes = re.findall(r"`([^`\n]+)`", lead)
    if codes and (named(lead, block.scope) != [path] or len(codes) > 1):
        return False
    bare = _BARE.fullmatch(lead)
    if not codes and _CONTENTS.fullmatch(lead):
        return named(block.scope.title, block.scope) == [path]
    return bool(codes or bare or re.search(r"\bfile\b|ファイル", lead, re.IGNORECASE))


def _creates(block: Block, path: str) -> bool:
    """Whether a block is the text of a new file."""
    lead, scope, index = block.lead, block.scope, block.index
    roles = scope.roles(path)
    if not may_be_new(path, block, lead):
        return False
    labelled = scope.title.lower() in _LABELS
    if not creates(lead, is_title=index == 0) or (labelled and not named(lead, scope)):
        return False
    if not roles & {"create", "test"} and named(object_of(lead), scope) != [path]:
        return False
    if roles == {"test"} and scope.exists is None and not starts_a_file(block.code):
        # A test may be added to a file that is there.
        return False
    pieces = block.pieces
    after = "\n".join(said_after(block, path))
    if len(pieces) > _MOST_PIECES or (not says_whole(lead) and instructs(after)):
        # What is said after it belongs to the file as well.
        return False
    # A second block for the same file in the step: none of them is the whole.
    return not any(
        other.kind == "code" and i != index and of_its_kind(path, other)
        and not explains_part(pieces, i, block.code)
        and target(lead_of(pieces, i, scope.title), other.text, other.info, scope, path) == path
        for i, other in enumerate(pieces)
    )  # fmt: skip


PUT = Form(
    "what is put to a file as such, or goes from it",
    _put,
    (
        Example("Append to `ship.py`:", "LAST = 3\n", "SAIL = 1\n", "SAIL = 1\nLAST = 3\n"),
        Example(
            "Append to `ship.py` (add `import row` to the import block):",
            "LAST = row\n",
            "import sail\n",
            "import row\nimport sail\nLAST = row\n",
        ),
        Example(
            "Change it:",
            "# bay/ship.py (append)\nLAST = 3\n",
            "A = 1\n",
            "A = 1\nLAST = 3\n",
            "bay/ship.py",
        ),
        Example(
            "What to add (append to end of file):", "LAST = 3\n", "A = 1\n", "A = 1\nLAST = 3\n"
        ),
        Example("Remove these lines:", "row()\n", "sail()\nrow()\n", "sail()\n"),
    ),
    ("Append to something like `ship.py`:", "Append to the `hoist` function:"),
    tried=False,
    allows=("more", "elided"),
    seeks=False,
)
AT_ANCHOR = Form(
    "a block beside a line that is quoted",
    _at_anchor,
    (
        Example(
            "In `ship.py`, after `import sail`:", "import row\n", "import sail\n",
            "import sail\nimport row\n",
        ),
    ),
    ("In `ship.py`, after `sail`:", "After `import sail` or `import row`:"),
    tried=False,
    allows=("more", "elided"),
)  # fmt: skip
CREATED = Form(
    "a new file",
    _created,
    (
        Example("Create `pull.py`:", "import sail\n", None, "import sail\n", "pull.py"),
        Example(
            "Create the file with the first sail:",
            "import sail\n",
            None,
            "import sail\n",
            "pull.py",
        ),
    ),
    (
        "Create something like `pull.py`:",
        "Add to `pull.py`:",
        "Create the file with markers for it:",
    ),
    tried=False,
    allows=("more", "elided"),
    seeks=False,
)


def _whole_line(anchor: str, side: Side, *, called: bool) -> bool:
    """Whether code in a sentence is a whole line, and not the name of something longer.

    After the head of a function or section, "after" means its end, which is not said.
    """
    if re.match(r"#{1,6}\s+\S", anchor):
        return side == "before"
    if re.match(
        r"(?:export\s+)?(?:async\s+)?(?:def|class|function|fn|pub|impl|struct|interface|type|"
        r"enum)\b",
        anchor,
    ):
        return False
    if side == "after" and anchor.endswith(OPEN):
        return False
    if re.match(
        r"(?:from\s+\S+\s+import\s+\S|import\s+\S|use\s+\S+;|#include\s|(?:const|let|var)\s+\w.*=|"
        r"return\s+\S)",
        anchor,
    ):
        return True
    if re.match(r"[\w.\[\]\"']+(?:\s*:\s*[\w\[\], |.]+)?\s*=\s*\S", anchor):
        return True
    return bool(re.fullmatch(r"[\w.]+\(.*\);", anchor)) or (
        called and bool(re.fullmatch(r"[\w.]+\(.*\)", anchor))
    )
