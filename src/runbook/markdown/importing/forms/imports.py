"""Blocks of nothing but imports or re-exports, which go to those of their file."""

from __future__ import annotations

import re
from functools import partial

from runbook.core.model.operations import EnsureImport, Replace, ReplaceRange
from runbook.markdown.importing.forms.additions import SAYS_WHERE
from runbook.markdown.importing.forms.form import Block, Example, Form, Found, Recognized
from runbook.markdown.importing.forms.plainly import adds_plainly, with_its_file
from runbook.markdown.importing.places import treeadditions
from runbook.markdown.importing.places.fitting import without_path
from runbook.markdown.importing.places.lines import telling
from runbook.markdown.importing.places.parsers import PYTHON, is_headed, is_read
from runbook.markdown.importing.places.statements import import_lines
from runbook.markdown.importing.words.phrases import told
from runbook.markdown.importing.words.vocabulary import anycase, without_code

_IMPORTS = (
    "(<make> | import|ensure|update|needs?|with) [<anything>] imports? [<anything>]",
    "import at the top [of the file | of <bare-file>]",
    "import [the|a|an] <names> [function|class|type|helper|component|hook|module]"
    " [at|to|near the [very] top [of the file]] [in|from <code>]",
    "[new] imports? [needed|required | to add]",
    "[extend|change <file>] to [also] import [<anything>]",
)
_AT_THE_TOP = "[add [this | the following]] at|to the [very] top [of the file|module] <tail>"
_NO_IMPORT_BLOCK = anycase(
    r"\b(inside|within|local(ly)?|lazy|lazily|deferred|TYPE_CHECKING|function(?! imports?\b)|"
    r"method|body|remove|replac\w+|chang\w+|instead|re-?export\w*|from .*\bto\b|before|"
    r"and \w+ (it|them|this|these|those)|"
    r"(after|below) (the )?`(?=((pub(\([^()]*\))? )?(import|use|mod)|export|from|#include)\s))\b"
)
_BESIDE_AN_EXPORT = anycase(r"\b(after|below) (the )?`[^`\n]+` (re-?)?exports?\b")
# "near the other module declarations": where those of its kind stand.
_BY_ITS_KIND = anycase(
    r"\s*\(?\b((near|with|alongside|among|beside|next to|to) (the )?(other|existing) (module "
    r"declarations?|modules|imports?|exports?|re-exports?|use statements?)|(right |directly )?"
    r"(after|below) (the )?(other|existing) `?use`? statements?( at the top( of the file)?)?)\)?"
)
_IS_ONE = re.compile(r"(?:import|export|from|use|pub|mod)\b(?!.*[({]$)")  # in a line of its own
_NAMED = re.compile(r"^import\s+(?:type\s+)?(?P<names>[^;'\"()]+?)\s+from\s", re.MULTILINE)
# "// Add to existing exports:" says no more than the words above it.
_TO_THOSE_THERE = anycase(
    r"\A\s*(#|//)\s*(add (this |these )?to )?(the )?(existing|other|current) (re-?)?"
    r"(imports?|exports?|modules?)\W*\n"
)
_EXPORTS = anycase(
    r"(\b|(?=`))(conditional |public )?((re-?)?exports?|module declarations?|"
    r"`?mod`?( and|,)? `?pub use`?)(?![\w`])"
)
# A title that says all, above "In `mod.rs`:".
_ONLY_IN = anycase(r"\W*(in )?`[^`\n]+`\W*")
_EXPORTED = anycase(
    r"\W*((re-?)?export|declare|expose) ((the )?(new )?modules?|from `?[\w/]+\.rs`?|"
    r"(the )?(new )?`?\w+`? (modules?|(from|in) `?[\w/]+\.rs`?))( (from|in) `?[\w/]+\.rs`?)?\W*"
)
# One import that is there, and not some that come.
_GROWN_IMPORT = anycase(
    r"\b(update|change|modify|extend|expand)\b[^.:]*(?<!\bto\s)\bimport( (line|statement))?"
    r"(?![\w-]| (block|section|list)s?\b)"
)
_RE_EXPORTS = re.compile(r"(?:export\s[^\n;]*\sfrom\s+[\"'][^\n\"']+[\"'];?\s*)+")
# "Re-export the builder from the index" adds to that.
_RE_EXPORTED = anycase(r"^\W*(and )?(re-?export|import) [^:]*?\b(from|in)\b(?=\s*`)")


def _imports(block: Block) -> Recognized | None:
    """A block of nothing but imports, that are added to those of the file."""
    code = _TO_THOSE_THERE.sub("", block.code)
    if not _of_imports(block, code) or SAYS_WHERE.search(code):
        return None
    path = block.file()
    if path is None or not is_read(path) or is_headed(code, path):
        return None
    code = without_path(code, path)
    grows = _GROWN_IMPORT.search(block.said.bare) is not None
    if not path.endswith(PYTHON):
        find = partial(_beside_those_there, path=path, code=code, grows=grows)
        return block.found(path, find, telling(code))
    statements = import_lines(code)
    text = block.scope.text(path) if block.scope.text else None
    if statements is None or (grows and not all(_grows(each, text or "") for each in statements)):
        return None
    return block.changed(path, EnsureImport(statements))


def _beside_those_there(text: str, path: str, code: str, *, grows: bool) -> Found:
    """The insertion of imports that the file has not yet, and none of whose names it imports."""
    there = [line.strip() for line in text.split("\n")]
    shown = [line.strip() for line in code.split("\n") if line.strip()]
    if all(map(_IS_ONE.match, shown)) and not grows and set(shown) - set(there):
        code = "\n".join(line for line in shown if line not in there) + "\n"
    found = treeadditions.imported(text, path, code, grows)
    again = not isinstance(found, Replace | ReplaceRange) and _names(code) & _names(text)
    return "" if again else found


def _names(code: str) -> set[str]:
    """What JavaScript imports make known, by its names there."""
    found: set[str] = set()
    for each in _NAMED.finditer(code):
        parts = re.split(r"[{},]", each["names"])
        found |= {name.split()[-1] for part in parts if (name := part.strip())}
    return found


def _grows(statement: str, text: str) -> bool:
    """Whether a file imports from the module of a statement by now."""
    module = statement.split()[1]
    return re.search(rf"(?m)^\s*(?:from|import)\s+{re.escape(module)}(?![\w.])", text) is not None


def _of_imports(block: Block, code: str) -> bool:
    lead = _BY_ITS_KIND.sub("", with_its_file(block))
    rust = block.piece.info in ("rust", "rs")
    if rust and _ONLY_IN.fullmatch(block.lead) and _EXPORTED.fullmatch(block.scope.title):
        return True
    if rust or _RE_EXPORTS.fullmatch(code.strip()):
        lead = _RE_EXPORTED.sub("add the import to", _EXPORTS.sub("import", lead))
    if _NO_IMPORT_BLOCK.search(lead) or _BESIDE_AN_EXPORT.search(block.lead):
        return False
    if told(_AT_THE_TOP, lead) is not None:
        return True
    names_them = re.search(r"\bimports?\b", without_code(lead), re.IGNORECASE) is not None
    titled = names_them or re.search(r"\bimports?\b", block.scope.title, re.IGNORECASE)
    said = lead if names_them else f"{lead} import"
    fits = titled and any(told(each, said) is not None for each in _IMPORTS)
    return bool(fits) or adds_plainly(lead)


_SHIP = "import os\n\n\nclass Ship:\n    def sail(self):\n        return 1\n"
IMPORTS = Form(
    "imports, to those of the file",
    _imports,
    (
        Example("Add the import:", "import sys\n", _SHIP, _SHIP.replace("os", "os\nimport sys")),
        Example(
            "Add to `ship.rs`:",
            "mod oar;\npub use oar::Oar;\n",
            "mod sail;\npub use sail::Sail;\n\nfn row() {}\n",
            "mod sail;\npub use sail::Sail;\nmod oar;\npub use oar::Oar;\n\nfn row() {}\n",
            "ship.rs",
        ),
        Example(
            "Add mod and pub use in ship.rs",
            "mod oar;\npub use oar::Oar;\n",
            "mod sail;\npub use sail::Sail;\n\nfn row() {}\n",
            "mod sail;\npub use sail::Sail;\nmod oar;\npub use oar::Oar;\n\nfn row() {}\n",
            "ship.rs",
        ),
        Example(
            "At the top of `Ship.php`, add the import:",
            "use Sea\\Oar;\n",
            "<?php\n\nnamespace Sea;\n\nuse Sea\\Sail;\n\nclass Ship {}\n",
            "<?php\n\nnamespace Sea;\n\nuse Sea\\Sail;\nuse Sea\\Oar;\n\nclass Ship {}\n",
            "Ship.php",
        ),
        Example(
            "After the existing `use` statements, add:",
            "use Sea\\Oar;\n",
            "<?php\n\nuse Sea\\Sail;\n\nclass Ship {}\n",
            "<?php\n\nuse Sea\\Sail;\nuse Sea\\Oar;\n\nclass Ship {}\n",
            "Ship.php",
        ),
        Example(
            "Add the import in `<script setup>`:",
            "import Oar from './Oar.vue'\n",
            "<script setup>\nimport Sail from './Sail.vue'\n</script>\n\n<template>\n</template>\n",
            "<script setup>\nimport Sail from './Sail.vue'\nimport Oar from './Oar.vue'\n"
            "</script>\n\n<template>\n</template>\n",
            "Ship.vue",
        ),
        Example(
            "Update `ship.ts` to import the oars:",
            "import './oar';\nimport './sail';\n",
            "import './sail';\n\nsail();\n",
            "import './sail';\nimport './oar';\n\nsail();\n",
            "ship.ts",
        ),
        Example(
            "Update `index.ts` to export the oars:",
            "// Add to existing exports:\nexport * from './oar';\n",
            "export * from './sail';\n",
            "export * from './sail';\nexport * from './oar';\n",
            "index.ts",
        ),
        Example(
            "Update the import of `Oar` to also import `row`:",
            "import { Oar, row } from './oar';\n",
            "import { Oar } from './oar';\n\nsail();\n",
            "import { Oar, row } from './oar';\n\nsail();\n",
            "ship.ts",
        ),
    ),
    (
        "Add the import inside the function:",
        "Add to the imports (right after `import os` in line 1):",
        "Replace the import:",
        "After the existing `use` statements and below `Ship`, add:",
        "Add after the `sail` export line:",
        "Add the import and also update `row`:",
    ),
    library=True,
    seeks=False,
)
