"""Python's imports: what is added where, what goes, and what stays as it is."""

from __future__ import annotations

import ast

import pytest

from runbook.core.matching.results import AlreadyApplied, Applied, Conflict
from runbook.core.model.operations import DropImport, EnsureImport
from runbook.transforms.imports import change_imports
from runbook.world.processes.timelimit import time_limit

TOP = '''\
#!/usr/bin/env python
"""A module."""

from __future__ import annotations

import os
import sys
from typing import Any, Mapping

import requests
from flask import (
    Flask,
    g,
)

from . import views

x = 1
'''

# The statement, what stands there before, and what does afterwards.
ENSURED = {
    "a name among sorted ones": ("from typing import List", "Any, Mapping", "Any, List, Mapping"),
    "a name at the end": ("from typing import Optional", "Mapping\n", "Mapping, Optional\n"),
    "a name on a line of its own": ("from flask import abort", "    g,\n", "    abort,\n    g,\n"),
    "a class before other names": (
        "from flask import Config",
        "    Flask",
        "    Config,\n    Flask",
    ),
    "a name on the last line": ("from flask import url_for", "    g,\n", "    g,\n    url_for,\n"),
    "by another name": ("from typing import List as L", "Mapping\n", "List as L, Mapping\n"),
    "of the library": ("import re", "import sys\n", "import re\nimport sys\n"),
    "of the library, first": ("import ast", "import os\n", "import ast\nimport os\n"),
    "from the library": (
        "from collections import deque",
        "from typing",
        "from collections import deque\nfrom typing",
    ),
    "of others": ("import attr", "import requests\n", "import attr\nimport requests\n"),
    "relative": ("from .a import b", "views\n", "views\nfrom .a import b\n"),
    "of the language": (
        "from __future__ import division",
        "annotations\n",
        "annotations, division\n",
    ),
    "several": (
        "import abc, zlib",
        "import os\nimport sys\n",
        "import abc\nimport os\nimport sys\nimport zlib\n",
    ),
}


def made(text: str, operation: EnsureImport | DropImport) -> str:
    result = change_imports(text, operation)
    assert isinstance(result, Applied), result
    assert result.text is not None
    ast.parse(result.text.removeprefix("\ufeff"))
    assert isinstance(change_imports(result.text, operation), AlreadyApplied)
    return result.text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("case", ENSURED)
def test_an_import_stands_where_it_belongs(case: str, end: str) -> None:
    statement, old, new = ENSURED[case]
    if case == "by another name":
        old = old.replace("Mapping", "Any, Mapping")
        new = f"Any, {new}"
    expected = TOP.replace(old, new, 1).replace("\n", end)
    assert made(TOP.replace("\n", end), EnsureImport((statement,))) == expected


SINGLE = """\
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any
from typing import TypeVar
"""


@pytest.mark.parametrize(
    ("text", "statement", "expected"),
    [
        (
            SINGLE,
            "from collections.abc import Callable, Set",
            SINGLE.replace(
                "from typing import Any",
                "from collections.abc import Set\nfrom typing import Any",
            ).replace("from coll", "from collections.abc import Callable\nfrom coll", 1),
        ),
        # One module shows how a file does it with all.
        (
            "import ast\nfrom a import b\nfrom c import d\nfrom c import e\n",
            "from a import x as y",
            "import ast\nfrom a import b\nfrom a import x as y\nfrom c import d\nfrom c import e\n",
        ),
        # A module that is new is imported as it is stated.
        (
            "from c import d\nfrom c import e\n",
            "from a import x, y",
            "from a import x, y\nfrom c import d\nfrom c import e\n",
        ),
        # It does not where others share one, or no module stands there twice.
        (
            "from a import b\nfrom c import d\n",
            "from a import x",
            "from a import b, x\nfrom c import d\n",
        ),
        (
            "from a import b, c\nfrom d import e\nfrom d import f\n",
            "from d import x",
            "from a import b, c\nfrom d import e, x\nfrom d import f\n",
        ),
        # A backslash goes on with one line only.
        (
            "from a import b, \\\n    d\n",
            "from a import c",
            "from a import b, \\\n    c, d\n",
        ),
        ("from a import \\\n    d\n", "from a import x", "from a import \\\n    d, x\n"),
    ],
)
def test_a_name_is_imported_as_the_others_are(text: str, statement: str, expected: str) -> None:
    assert made(text, EnsureImport((statement,))) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from orm import M", "from orm import M\nfrom tool import a\n\nfrom ours import db\n"),
        ("from zoo import M", "from tool import a\nfrom zoo import M\n\nfrom ours import db\n"),
        (
            "from ours.x import M",
            "from tool import a\n\nfrom ours import db\nfrom ours.x import M\n",
        ),
    ],
)
def test_imports_that_are_parted_stay_so(statement: str, expected: str) -> None:
    text = "from tool import a\n\nfrom ours import db\n"
    assert made(text, EnsureImport((statement,))) == expected


NEEDED = "import sys\nsys.path.append(HERE)\n\nfrom ours import db\n"
TRIED = "import sys\ntry:\n    import toml\nexcept ImportError:\n    toml = None\n"


@pytest.mark.parametrize(
    ("text", "statement", "expected"),
    [
        # What its package needs first stays first.
        (NEEDED, "from ours.x import M", f"{NEEDED}from ours.x import M\n"),
        (NEEDED, "import re", f"import re\n{NEEDED}"),
        (f"{TRIED}import zoo\n", "import flask", f"{TRIED}import flask\nimport zoo\n"),
    ],
)
def test_an_import_stands_below_what_its_package_needs(
    text: str, statement: str, expected: str
) -> None:
    assert made(text, EnsureImport((statement,))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a licence\n\n# about x\nx = 1\n", "# a licence\n\nimport os\n\n# about x\nx = 1\n"),
        ("", "import os\n"),
        ("# c", "# c\nimport os\n"),
        ("\ufeffx = 1\n", "\ufeffimport os\n\nx = 1\n"),
        ("#!/bin/sh\ndef f():\n    pass\n", "#!/bin/sh\nimport os\n\n\ndef f():\n    pass\n"),
        ("@d\ndef f(): ...\n", "import os\n\n\n@d\ndef f(): ...\n"),
        ('"""A."""\n', '"""A."""\n\nimport os\n'),
        ('"""A."""\n\nx = 1', '"""A."""\n\nimport os\n\nx = 1'),
        ("import sys", "import os\nimport sys"),
        ("import abc", "import abc\nimport os"),
        ("import flask\n", "import os\n\nimport flask\n"),
        ("from __future__ import a\nx = 1\n", "from __future__ import a\n\nimport os\nx = 1\n"),
        ("é = 'ü'; import sys\n", "é = 'ü'; import sys\nimport os\n"),
    ],
)
def test_the_first_import(text: str, expected: str) -> None:
    if "__future__ import a\n" in text:
        text, expected = (
            each.replace("import a", "import annotations") for each in (text, expected)
        )
    if "é" in text:
        expected = "import os\n" + text
    assert made(text, EnsureImport(("import os",))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"""A."""\nV = 1\nimport os\n', '"""A."""\n\n{}\n\nV = 1\nimport os\n'),
        ("try:\n    import a\nfinally:\n    b\nimport os\n", "{}\n\n{text}"),
        ("# a licence\n\n# about os\nimport os\n", "# a licence\n\n{}\n\n# about os\nimport os\n"),
        ("#!/bin/sh\n# -*- x -*-\nimport os\n", "#!/bin/sh\n# -*- x -*-\n{}\n\nimport os\n"),
    ],
)
def test_what_is_from_the_future_comes_first(text: str, expected: str) -> None:
    statement = "from __future__ import annotations"
    new = made(text, EnsureImport((statement,)))
    assert new == expected.format(statement, text=text)
    compile(new, "a.py", "exec")


COMMENTED = """\
from a import (
    b,  # of b
    # above d
    d,  # of d
)
"""


@pytest.mark.parametrize(
    ("text", "operation", "expected"),
    [
        (COMMENTED, EnsureImport(("from a import e",)), COMMENTED.replace(")", "    e,\n)")),
        (
            COMMENTED.replace("d,", "d"),
            EnsureImport(("from a import e",)),
            COMMENTED.replace(")", "    e\n)"),
        ),
        (
            COMMENTED,
            EnsureImport(("from a import c",)),
            COMMENTED.replace("    # above", "    c,\n    # above"),
        ),
        (
            COMMENTED.replace("d,", "d"),
            DropImport(("from a import d",)),
            "from a import (\n    b  # of b\n    # above d\n)\n",
        ),
        (
            COMMENTED,
            DropImport(("from a import d",)),
            "from a import (\n    b,  # of b\n    # above d\n)\n",
        ),
        (
            "# a licence\n\n# others\nimport flask\n",
            EnsureImport(("import os",)),
            "# a licence\n\nimport os\n\n# others\nimport flask\n",
        ),
        (
            "from a import b, \\\n    c\n",
            DropImport(("from a import c",)),
            "from a import b\n",
        ),
    ],
)
def test_a_comment_stays_with_what_it_is_about(
    text: str, operation: EnsureImport | DropImport, expected: str
) -> None:
    assert made(text, operation) == expected
    assert made(text.replace("\n", "\r\n"), operation) == expected.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "import os\n",
        "import sys, os\n",
        "try:\n    import os\nexcept ImportError:\n    os = None\n",
    ],
)
def test_what_is_imported_is_not_imported_again(text: str) -> None:
    assert isinstance(change_imports(text, EnsureImport(("import os",))), AlreadyApplied)
    everything = EnsureImport(("from a import b",))
    assert isinstance(change_imports("from a import *\n", everything), AlreadyApplied)


DROPPED = {
    "a statement": ("import os\nx\n", "import os", "x\n"),
    "one of two": ("import os, sys\n", "import os", "import sys\n"),
    "the other": ("import os, sys\n", "import sys", "import os\n"),
    "a name": ("from a import b, c, d\n", "from a import c", "from a import b, d\n"),
    "all names": ("from a import b, c\nx\n", "from a import b, c", "x\n"),
    "a line": (
        "from a import (\n    b,\n    c,\n)\n",
        "from a import c",
        "from a import (\n    b,\n)\n",
    ),
    "the first line": (
        "from a import (\n    b,  # x\n    c\n)\n",
        "from a import b",
        "from a import (\n    c\n)\n",
    ),
    "several lines": ("from a import (\n    b,\n    c,\n)\nx\n", "from a import c, b", "x\n"),
    "beside others": ("import os; x = 1\n", "import os", "x = 1\n"),
    "with a comment": ("import os  # type: ignore\nx\n", "import os", "x\n"),
    "with a comment behind brackets": (
        "from a import (  # noqa: F401\n    b,\n)  # isort: skip\nx\n",
        "from a import b",
        "x\n",
    ),
    "before another, with a comment": (
        "import os; x = 1  # one\n",
        "import os",
        "x = 1  # one\n",
    ),
    "in a block": (
        "if T:\n    import os\n    import sys\n",
        "import os",
        "if T:\n    import sys\n",
    ),
    "in a case": (
        "match x:\n    case 1:\n        import os\n        y\n",
        "import os",
        "match x:\n    case 1:\n        y\n",
    ),
    "below `except*`": (
        "try:\n    x\nexcept* A:\n    import os\n    y\n",
        "import os",
        "try:\n    x\nexcept* A:\n    y\n",
    ),
    "by its other name": ("import a as b\nimport a\n", "import a as b", "import a\n"),
    "twice": ("import os\nx\nimport os\n", "import os", "x\n"),
    "twice in two ways": ("import os\nx\nimport a, os\n", "import os", "x\nimport a\n"),
    "the only one of its group, first": ("import os\n\nimport a\n", "import os", "import a\n"),
    "the only one of its group": (
        '"""D."""\n\nimport os\n\nimport a\n',
        "import os",
        '"""D."""\n\nimport a\n',
    ),
    "below a comment": ("# c\nimport os\n\nimport a\n", "import os", "# c\n\nimport a\n"),
    "below the comment of another": (
        "from a import (b,  # b\n    c)\n",
        "from a import c",
        "from a import (b  # b\n)\n",
    ),
    "above the comment of another": (
        "from a import (b,  # b\n    # c\n    c)\n",
        "from a import b",
        "from a import (\n    # c\n    c)\n",
    ),
    "all of the file": ("import os\n\nimport os\n", "import os", ""),
}


@pytest.mark.parametrize("case", DROPPED)
def test_an_import_goes(case: str) -> None:
    text, statement, expected = DROPPED[case]
    assert made(text, DropImport((statement,))) == expected
    windows = made(text.replace("\n", "\r\n"), DropImport((statement,)))
    assert windows == expected.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "code",
    [
        "type Name = str\n",
        "def f[T](x: T) -> T:\n    return x\n",
        "try:\n    go()\nexcept KeyError, OSError:\n    pass\n",
        "print 1\n",
    ],
)
def test_a_file_of_another_python_is_changed_as_well(code: str) -> None:
    text = f'"""A module."""\n\nimport os\nfrom typing import Any\n\n{code}'
    ensured = change_imports(text, EnsureImport(("import sys", "from typing import List")))
    assert isinstance(ensured, Applied)
    assert ensured.text == text.replace("os\n", "os\nimport sys\n").replace("Any", "Any, List")
    dropped = change_imports(text, DropImport(("import os",)))
    assert isinstance(dropped, Applied)
    assert dropped.text == text.replace("import os\n", "")


def test_a_statement_that_would_be_too_long_has_a_line_for_each_name() -> None:
    names = [f"a_rather_long_name_{each}" for each in "abcd"]
    line = f"from ships import {', '.join(names[:3])}\n"
    every = "".join(f"    {each},\n" for each in names)
    ensured = EnsureImport((f"from ships import {names[3]}",))
    assert made(line, ensured) == f"from ships import (\n{every})\n"
    wide = f"{line}\n# {'-' * 118}\n"
    assert made(wide, ensured) == wide.replace(names[2], f"{names[2]}, {names[3]}")
    whole = EnsureImport((f"from ships import {', '.join(names)}",))
    assert made("import os\n", whole) == f"import os\n\nfrom ships import (\n{every})\n"


def test_an_import_of_a_function_stays() -> None:
    text = "def f():\n    import os\n"
    assert isinstance(change_imports(text, DropImport(("import os",))), AlreadyApplied)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = (\n", "the file is no Python 3."),
        ("lazy import os\n", "the file is no Python 3."),
        ("if T:\n    import os\n", "nothing would be left in the block of line 2"),
        (None, "the file does not exist"),
    ],
)
def test_what_can_not_be_dropped(text: str | None, said: str) -> None:
    result = change_imports(text, DropImport(("import os",)))
    assert isinstance(result, Conflict)
    assert said in result.message


def test_a_large_file_is_not_read_for_each_name_that_it_has() -> None:
    names = ", ".join(f"n{number}" for number in range(100))
    code = "def f(a):\n    return [b for b in a if b]\n" * 3000
    with time_limit(5.0):
        result = change_imports(
            f"from x import {names}\n{code}", EnsureImport((f"from x import {names}",))
        )
    assert isinstance(result, AlreadyApplied)
