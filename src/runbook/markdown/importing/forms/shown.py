"""Blocks that show what they add among what is there, or what is there with more in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from runbook.markdown.importing.forms.form import (
    Block,
    Example,
    Form,
    Found,
    Recognized,
    of_its_kind,
)
from runbook.markdown.importing.places.again import shown_again
from runbook.markdown.importing.places.inplace import made_of
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.places.partly import is_mark, marked, outlined, shown_in_part
from runbook.markdown.importing.places.surroundings import shown_among
from runbook.markdown.importing.words.vocabulary import BEGIN, IN, PLACED, anycase
from runbook.markdown.importing.words.wording import inexact

_ADDS = anycase(r"\b(add|insert|include|register|append|put|place)\b|追加")
_MORE = anycase(
    r"\b(add|insert|include|register|append|put|place|update|extend|expand|change|replace|modify|"
    r"wire|becomes?|enrich|augment|wrap|guard|refactor|adjust)\b|追加|更新|変更"
)
_CHANGES = anycase(
    r"\b(update|change|replace|modify|rewrite|refactor|becomes?|wire|simplify|wrap|guard|"
    r"adjust)\b|更新|変更"
)
_BECOMES = anycase(
    r"\b(?:replace|change|rename) [^.`]*`[^`\n]+`[^.`]*\b(?:with|to|by) `(?P<new>[^`\n]+)`"
)
# What it has added and removed beside that.
_ADDED = anycase(r"\b(?:add|import|insert|include) (?:(?:the|an?|import) )*`(?P<new>[^`\n]+)`")
_REMOVED = anycase(r"\b(?:delete|remove|drop) (?:(?:the|all) )*`(?P<gone>[^`\n]+)`")
# A signature is no outline where the block has all of it.
_SIGNATURE = anycase(r"\bsignatures?\b")
# A thing of this name is new: were it there, it would be another one.
_NEW = anycase(
    r"\b(add|create|write|implement|define|introduce) (an?|the|one|two) ([\w-]+ ){0,4}?(function|"
    r"method|class|helper|component|interface|struct|enum|hook|coroutine|generator) `(?P<name>\w+)"
)
# What it says the block stands beside.
_BESIDE = anycase(
    r"\b(?:after|before|below|above|behind) (?:(?:the|existing|current) )*`(?P<code>[^`\n]+)`"
)
# What it has done beside what the block shows: "Also add to `Debug` impl".
_ALSO = anycase(r"\balso (add|update|change|insert|put|extend|adjust|set|do)\b")
_MOST_LINES = 80  # of a block that shows where its lines go
_GROWS = anycase(rf"{BEGIN}{IN}(update|extend|expand|add|change|replace)\b")


def _surrounded(block: Block) -> Recognized | None:
    """A block that is some lines of the file with others between, or next to, them."""
    if not 1 < block.code.count("\n") <= _MOST_LINES or _makes_new(block):
        return None
    if _stands_beside(block) or _ALSO.search(_bare(block)):
        return None
    bare = _bare(block)
    sited = PLACED.search(bare) and not _CHANGES.search(f"{block.scope.title} {bare}")
    path = block.file() if _ADDS.search(bare) or sited else None
    find = partial(shown_among, code=block.code, lead=block.lead)
    return None if path is None else block.found(path, find, telling(block.code))


def _again(block: Block) -> Recognized | None:
    """A block that has all that is there, in its order, and more."""
    bare = _bare(block)
    if not _MORE.search(bare) or block.code.count("\n") < 3:
        return None
    if _makes_new(block) or _ALSO.search(bare):
        return None
    if any(it["new"] not in block.code for it in _BECOMES.finditer(block.lead)):
        return None  # its words order more than it shows
    if block.said.hedged and inexact(_SIGNATURE.sub("", bare), is_title=block.index == 0):
        return None
    given = block.code
    if any(not _has(given, it["new"]) for it in _ADDED.finditer(block.lead)):
        return None
    again = partial(shown_again, changed=_CHANGES.search(bare) is not None)
    gone = [it["gone"] for it in _REMOVED.finditer(block.lead)]
    return _of_its_file(block, partial(_without, gone, again))


def _has(text: str, name: str) -> bool:
    """Whether a text has all the words of what is said by a name or some code."""
    return set(re.findall(r"\w+", name)) <= set(re.findall(r"\w+", text))


def _without(gone: list[str], find: Callable[..., Found], text: str, **given: str) -> Found:
    """What is found, where it leaves nothing in the file that its words remove."""
    found = find(text, **given)
    if not gone or isinstance(found, str | tuple):
        return found
    made = made_of(text, found)
    return "" if made is None or any(each in made for each in gone) else found


def _in_part(block: Block) -> Recognized | None:
    """A block that has a mark for what is there, and what is added to it."""
    rest = marked(block.code)
    if rest is None or not (_ADDS.search(_bare(block)) or _GROWS.match(block.lead)):
        return None
    return _of_its_file(block, shown_in_part, rest)


def _outlined(block: Block) -> Recognized | None:
    """A block of several things, of which one is shown by a mark for what it holds."""
    bare = _bare(block)
    if not _MORE.search(bare) or PLACED.search(bare):
        return None
    return _of_its_file(block, outlined) if any(map(is_mark, block.code.split("\n"))) else None


def _bare(block: Block) -> str:
    """The words before a block, without code and remarks."""
    return re.sub(r"`[^`\n]*`|\([^()]*\)", "", block.lead)


def _of_its_file(block: Block, find: Callable[..., Found], about: str = "") -> Recognized | None:
    """What is looked up in the file of a block that can be a part of it."""
    path = block.file()
    if path is None or not of_its_kind(path, block.piece):
        return None
    return block.found(
        path, partial(find, path=path, code=block.code), telling(about or block.code)
    )


def _stands_beside(block: Block) -> bool:
    """Whether a block comes beside something that it does not show: then all of it is new."""
    said = _BESIDE.search(block.lead)
    word = re.search(r"\w+", said["code"]) if said else None
    return word is not None and re.search(rf"\b{word[0]}\b", block.code) is None


def _makes_new(block: Block) -> bool:
    """Whether the words call what the block defines a new thing."""
    said = _NEW.search(block.lead)
    return said is not None and bool(re.search(rf"\b[a-z]+ {said['name']}\b", block.code))


SURROUNDED = Form(
    "new lines among those around them",
    _surrounded,
    (
        Example(
            "Add the second call:", "sail()\nrow()\nland()\n", "sail()\nland()\n",
            "sail()\nrow()\nland()\n",
        ),
        Example(
            "Add the second walk:", "if sea {\n    row()\n}\nif land {\n    walk()\n}\n",
            "func a() {\n\tif sea {\n\t\trow()\n\t}\n\tdone()\n}\n",
            "func a() {\n\tif sea {\n\t\trow()\n\t}\n\tif land {\n\t\twalk()\n\t}\n\tdone()\n}\n",
            "ship.go",
        ),
        Example(
            "Add the oars next to `sails`:", "    sails: int = 1\n    oars: int = 2\n",
            "class Ship:\n    sails: int = 1\n    mast: int = 3\n",
            "class Ship:\n    sails: int = 1\n    oars: int = 2\n    mast: int = 3\n",
        ),
        Example(
            "In `ship.py`, right after `sail()`:", "sail()\nrow()\n", "sail()\nland()\n",
            "sail()\nrow()\nland()\n",
        ),
    ),
    (
        "Show the second call:",
        "Add a call such as:",
        "Add it next to `sail`, and use it in `land()`:",
    ),
)  # fmt: skip
AGAIN = Form(
    "what is there, shown again with more in it",
    _again,
    (
        Example(
            "Add `land()` and `rest()` to the voyage:",
            "def voyage():\n    load()\n    sail()\n    land()\n\n    rest()\n    done()\n",
            "def voyage():\n    load()\n    sail()\n    done()\n\n\nFAST = 2\n",
            "def voyage():\n    load()\n    sail()\n    land()\n\n    rest()\n    done()\n\n\n"
            "FAST = 2\n",
        ),
        Example(
            "Add the `row` script to `ship.json`:",
            '"scripts": {\n  "sail": "1",\n  "row": "2"\n}\n',
            '{\n  "scripts": {\n    "sail": "1"\n  },\n  "mast": 1\n}\n',
            '{\n  "scripts": {\n    "sail": "1",\n    "row": "2"\n  },\n  "mast": 1\n}\n',
            "ship.json",
        ),
        Example(
            "Change its signature to take a third one:",
            "function sail(\n  wind,\n  tide,\n  crew,\n) {\n",
            "function sail(\n  wind,\n  tide\n) {\n  go();\n}\n",
            "function sail(\n  wind,\n  tide,\n  crew,\n) {\n  go();\n}\n", "ship.ts",
        ),
        Example(
            "Update the type:", "type Ship = {\n  mast: 1,\n  oars: 4,\n  sails: 2,\n};\n",
            "type Ship = {\n  mast: 1,\n  sails: 2\n};\n\nrow();\n",
            "type Ship = {\n  mast: 1,\n  oars: 4,\n  sails: 2,\n};\n\nrow();\n", "ship.ts",
        ),
        Example(
            "Update ship.rs:",
            "mod oar;\nmod sail;\n\npub use oar::Oar;\npub use sail::{Jib, Sail};\n",
            "mod sail;\n\npub use sail::Sail;\n",
            "mod oar;\nmod sail;\n\npub use oar::Oar;\npub use sail::{Jib, Sail};\n", "ship.rs",
        ),
        Example(
            "Update ship.rs:", "//! Ships.\n\nmod oar;\nmod sail;\n\npub use oar::Oar;\n",
            "//! Boats.\n\nmod sail;\npub use sail::Sail;\n",
            "//! Ships.\n\nmod oar;\nmod sail;\n\npub use oar::Oar;\n", "ship.rs",
        ),
        Example(
            "Update ship.rs:", "mod oar;\nmod sail;\n\npub use oar::Oar;\npub use sail::Sail;\n",
            "mod sail;\n\npub use sail::Sail;\n",
            "mod oar;\nmod sail;\n\npub use oar::Oar;\npub use sail::Sail;\n", "ship.rs",
        ),
    ),
    (
        "Look at the voyage:",
        "Show what `land()` comes to:",
        "Add something like `land()` to the voyage:",
        "Add a function `voyage()`:",
        "Add `land()`. Replace `load()` with `fill()` and add `rest()`:",
    ),
    allows=("hedged", "more"),
)  # fmt: skip
OUTLINED = Form(
    "several things, of which one is outlined by a mark",
    _outlined,
    (
        Example(
            "Add the oars:",
            "use sea::Oar;\n\n// Add to Ship:\npub struct Ship {\n"
            "    // ... existing fields ...\n"
            "    oars: Oars,\n}\n\nstruct Oars {\n    all: u8,\n}\n",
            "use sea::Sail;\n\npub struct Ship {\n    sails: u8,\n}\n",
            "use sea::Sail;\nuse sea::Oar;\n\npub struct Ship {\n    sails: u8,\n"
            "    oars: Oars,\n}\n"
            "\nstruct Oars {\n    all: u8,\n}\n", "ship.rs",
        ),
        Example(
            "Add the oars to the ship:",
            "struct Ship {\n    // ... existing fields ...\n    oars: u8,\n}\n\n"
            "impl Ship {\n    // ... existing methods ...\n\n"
            "    fn row(mut self) -> Self {\n        self.oars += 1;\n        self\n    }\n}\n",
            "struct Ship {\n    sails: u8,\n}\n\n"
            "impl Ship {\n    fn sail(self) -> Self {\n        self\n    }\n}\n",
            "struct Ship {\n    sails: u8,\n    oars: u8,\n}\n\n"
            "impl Ship {\n    fn sail(self) -> Self {\n        self\n    }\n\n"
            "    fn row(mut self) -> Self {\n        self.oars += 1;\n        self\n    }\n}\n",
            "ship.rs",
        ),
        Example(
            "Add `row` to the ship:",
            "class Ship:\n    # ... existing methods ...\n\n    def row(self):\n        return 2\n"
            "\n\ndef land():\n    return 3\n",
            "class Ship:\n    def sail(self):\n        return 1\n",
            "class Ship:\n    def sail(self):\n        return 1\n\n    def row(self):\n"
            "        return 2\n\n\ndef land():\n    return 3\n",
        ),
    ),
    ("Look at the oars:", "Add the oars above the sails:", "Add something like the oars:"),
    library=True,
    allows=("more", "elided"),
)  # fmt: skip
IN_PART = Form(
    "more of what a mark stands for",
    _in_part,
    (
        Example(
            "Add `Oar` to the imports:",
            "from sea import (\n    # ... existing imports\n    Oar,\n)\n",
            "from sea import (\n    Sail,\n)\n", "from sea import (\n    Sail,\n    Oar,\n)\n",
        ),
        Example(
            "Add the oars to the imports:",
            "from sea import (\n    Oar,\n    Sail,\n    # ... other existing imports\n)\n",
            "from sea import Hull, Sail\n", "from sea import Hull, Oar, Sail\n",
        ),
        Example(
            "Add the field:", "struct Ship {\n    // ... existing fields ...\n    oars: u8,\n}\n",
            "struct Ship {\n  sails: u8,\n}\n",
            "struct Ship {\n  sails: u8,\n  oars: u8,\n}\n", "ship.rs",
        ),
        Example(
            "Add the script:",
            '{\n  "scripts": {\n    ...existing scripts...\n    "row": "row"\n  }\n}\n',
            '{\n  "scripts": {\n    "sail": "sail"\n  }\n}\n',
            '{\n  "scripts": {\n    "sail": "sail",\n    "row": "row"\n  }\n}\n', "ship.json",
        ),
    ),
    ("Look at the imports:", "Add something like `Oar` to the imports:"),
    library=True,
    allows=("elided",),
)  # fmt: skip
