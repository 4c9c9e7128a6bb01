"""Every operation of an edit: what it makes of a text, and when it is already applied."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from runbook.core.edit.edits import apply
from runbook.core.matching.normalized import is_utf16
from runbook.core.matching.results import AlreadyApplied, Applied, Conflict
from runbook.core.matching.texts import LineRange, Matching, Text
from runbook.core.model.operations import (
    Append,
    Create,
    Delete,
    Indent,
    Insert,
    MoveTo,
    Operation,
    Prepend,
    Remove,
    RemoveLines,
    Rename,
    Replace,
    ReplaceRange,
    RewriteFile,
    Substitute,
)


def whole(text: str) -> Text:
    return Text(text, whole_lines=True)


def inside(text: str) -> Text:
    return Text(text, whole_lines=False)


def after(anchor: Text, text: Text, match: Matching = "exact") -> Insert:
    return Insert("after", anchor, text, match=match)


def before(anchor: Text, text: Text, match: Matching = "exact") -> Insert:
    return Insert("before", anchor, text, match=match)


def made(text: str | None, operation: Operation) -> str | None:
    result = apply(text, operation)
    assert isinstance(result, Applied), result
    return result.text


def conflict(text: str | None, operation: Operation) -> Conflict:
    result = apply(text, operation)
    assert isinstance(result, Conflict), result
    return result


CODE = "def f():\n    return 1\n\n\ndef g():\n    return 1\n"

# What it is about, the text, the operation, what it makes of it.
APPLIED: dict[str, tuple[str, Operation, str]] = {
    "remove whole lines": ("a\nb\nc\n", Remove(whole("b\n")), "a\nc\n"),
    "remove the only line": ("a\n", Remove(whole("a\n")), ""),
    "remove the last line without an end": ("a\nb", Remove(whole("b\n")), "a\n"),
    "remove from a line": ("f(a, b)\n", Remove(inside(", b")), "f(a)\n"),
    "remove each": ("a\nx\na\n", Remove(whole("a\n"), "all"), "x\n"),
    "remove two": ("a, a", Remove(inside("a"), 2), ", "),
    "remove the one hinted at": (
        "a\nx\na\n",
        Remove(whole("a\n"), lines=LineRange(3, 3)),
        "a\nx\n",
    ),
    "remove with windows line ends": ("a\r\nb\r\nc\r\n", Remove(whole("b\n")), "a\r\nc\r\n"),
    "remove shifted lines": (
        "if a:\n    b\n      c\nd\n",
        Remove(whole("b\n  c\n"), match="indent"),
        "if a:\nd\n",
    ),
    "insert lines after a line": ("a\nb\n", after(whole("a\n"), whole("x\ny\n")), "a\nx\ny\nb\n"),
    "insert lines before a line": ("a\nb\n", before(whole("b\n"), whole("x\ny\n")), "a\nx\ny\nb\n"),
    "insert after the last line": ("a\nb\n", after(whole("b\n"), whole("x\n")), "a\nb\nx\n"),
    "insert after the last line without an end": (
        "a\nb",
        after(whole("b\n"), whole("x\n")),
        "a\nb\nx",
    ),
    "insert before the last line without an end": (
        "a\nb",
        before(whole("b\n"), whole("x\n")),
        "a\nx\nb",
    ),
    "insert after a text in a line": ("f(a)\n", after(inside("a"), inside(", b")), "f(a, b)\n"),
    "insert before a text in a line": ("f(b)\n", before(inside("b"), inside("a, ")), "f(a, b)\n"),
    "insert lines after the line of a text": (
        "import os, re\nx\n",
        after(inside("os"), whole("y\n")),
        "import os, re\ny\nx\n",
    ),
    "insert lines before the line of a text": (
        "x\nimport os, re\n",
        before(inside("re"), whole("y\n")),
        "x\ny\nimport os, re\n",
    ),
    "insert a text after a line": ("a\nb\n", after(whole("a\n"), inside("x")), "a\nx\nb\n"),
    "insert after each": (
        "a\nb\na\n",
        Insert("after", whole("a\n"), whole("x\n"), "all"),
        "a\nx\nb\na\nx\n",
    ),
    "insert before each of two": (
        "a\nb\na\n",
        Insert("before", whole("a\n"), whole("x\n"), 2),
        "x\na\nb\nx\na\n",
    ),
    "insert at the one hinted at": (
        "a\nb\na\n",
        Insert("after", whole("a\n"), whole("x\n"), lines=LineRange(3, 3)),
        "a\nb\na\nx\n",
    ),
    "insert shifted": (
        "if a:\n    b\nc\n",
        after(whole("b\n"), whole("if x:\n    y\n\nz\n"), "indent"),
        "if a:\n    b\n    if x:\n        y\n\n    z\nc\n",
    ),
    "insert shifted by a tab": (
        "if a:\n\tb\n",
        before(whole("b\n"), whole("x\n"), "indent"),
        "if a:\n\tx\n\tb\n",
    ),
    "insert behind a byte order mark": (
        "\ufeffa\n",
        before(whole("a\n"), whole("x\n")),
        "\ufeffx\na\n",
    ),
    "insert with windows line ends": (
        "a\r\nb\r\n",
        after(whole("a\n"), whole("x\ny\n")),
        "a\r\nx\r\ny\r\nb\r\n",
    ),
    "range of lines": (
        CODE,
        ReplaceRange(whole("def f():\n"), whole("    return 1\n"), whole("f = 1\n")),
        "f = 1\n\n\ndef g():\n    return 1\n",
    ),
    "range that ends where it begins": (
        "a\nb\nc\n",
        ReplaceRange(whole("b\n"), whole("b\n"), whole("x\n")),
        "a\nx\nc\n",
    ),
    "range inside a line": (
        "x = f(a, b)  # c\n",
        ReplaceRange(inside("f("), inside(")"), inside("1")),
        "x = 1  # c\n",
    ),
    "range over lines, from inside a line to inside a line": (
        "x = f(\n  a,\n)  # c\n",
        ReplaceRange(inside("f("), inside(")"), inside("1")),
        "x = 1  # c\n",
    ),
    "range from texts in lines, by lines": (
        "a = (\n  1,\n)  # end\nb\n",
        ReplaceRange(inside("a = ("), inside("# end"), whole("a = ()\n")),
        "a = ()\nb\n",
    ),
    "range from a line through a text": (
        "a\nb\nend of it\nc\n",
        ReplaceRange(whole("a\n"), inside("end"), whole("x\n")),
        "x\nc\n",
    ),
    "range removed": (
        "a\nb\nc\nd\n",
        ReplaceRange(whole("b\n"), whole("c\n"), inside("")),
        "a\nd\n",
    ),
    "range to the last line without an end": (
        "a\nb\nc",
        ReplaceRange(whole("b\n"), whole("c\n"), whole("x\n")),
        "a\nx",
    ),
    "range with windows line ends": (
        "a\r\nb\r\nc\r\n",
        ReplaceRange(whole("a\n"), whole("b\n"), whole("x\ny\n")),
        "x\r\ny\r\nc\r\n",
    ),
    "range shifted": (
        "if a:\n    b\n    c\nd\n",
        ReplaceRange(whole("b\n"), whole("c\n"), whole("x:\n    y\n"), match="indent"),
        "if a:\n    x:\n        y\nd\n",
    ),
    "range from the one hinted at": (
        "a\nz\na\nz\n",
        ReplaceRange(whole("a\n"), whole("z\n"), whole("x\n"), lines=LineRange(3, 4)),
        "a\nz\nx\n",
    ),
    "append": ("a\n", Append(whole("b\n")), "a\nb\n"),
    "append a text": ("a\n", Append(inside("b")), "a\nb\n"),
    "append to nothing": ("", Append(whole("b\n")), "b\n"),
    "append to a byte order mark": ("\ufeff", Append(whole("b\n")), "\ufeffb\n"),
    "append to a line without an end": ("a", Append(whole("b\n")), "a\nb\n"),
    "append with windows line ends": ("a\r\n", Append(whole("b\nc\n")), "a\r\nb\r\nc\r\n"),
    "append to a windows line without an end": ("a\r\nb", Append(whole("c\n")), "a\r\nb\r\nc\r\n"),
    "append what stands further up": ("b\na\n", Append(whole("b\n")), "b\na\nb\n"),
    "append what only ends the last line": (
        "max = 1\n",
        Append(whole("x = 1\n")),
        "max = 1\nx = 1\n",
    ),
    "append with an empty line before": ("a\n", Append(whole("\nb\n")), "a\n\nb\n"),
    "prepend": ("b\n", Prepend(whole("a\n")), "a\nb\n"),
    "prepend a text": ("b\n", Prepend(inside("a")), "a\nb\n"),
    "prepend to nothing": ("", Prepend(whole("a\n")), "a\n"),
    "prepend behind a byte order mark": ("\ufeffb\n", Prepend(whole("a\n")), "\ufeffa\nb\n"),
    "prepend with windows line ends": ("c\r\n", Prepend(whole("a\nb\n")), "a\r\nb\r\nc\r\n"),
    "prepend what only begins the first line": ("ab\n", Prepend(whole("a\n")), "a\nab\n"),
    "rewrite a file": ("a\nb\n", RewriteFile(whole("x\ny\n")), "x\ny\n"),
    "rewrite a file with windows line ends": (
        "a\r\nb\r\n",
        RewriteFile(whole("x\ny\n")),
        "x\r\ny\r\n",
    ),
    "rewrite an empty file": ("", RewriteFile(whole("x\n")), "x\n"),
    "substitute": ("a1 b22\n", Substitute(r"([ab])(\d+)", r"\2\1", 2), "1a 22b\n"),
    "substitute each": ("aXbX", Substitute("X", "", "all"), "ab"),
    "substitute by a name": ("k = v\n", Substitute(r"(?P<k>\w+) =", r"\g<k>:", 1), "k: v\n"),
    "substitute lines": (
        "a\n  x\nb\n  y\n",
        Substitute(r"^  (\w)$", r"    \1", 2),
        "a\n    x\nb\n    y\n",
    ),
    "substitute at windows line ends": (
        "a\r\nb\r\n",
        Substitute("^(.)$", r"\1\n;", "all"),
        "a\r\n;\r\nb\r\n;\r\n",
    ),
    "substitute behind a byte order mark": ("\ufeffa\n", Substitute("^a", "b", 1), "\ufeffb\n"),
    "substitute over lines": (
        "a(\n  1,\n)\n",
        Substitute(r"a\(\s*(\d),\s*\)", r"a(\1)", 1),
        "a(1)\n",
    ),
    "rename": (
        "old older Old_x Old old.x\n",
        Rename((("old", "new"), ("Old", "New"))),
        "new older Old_x New new.x\n",
    ),
    "rename what is in a new name": (
        "x = self.x + xx\r\ny = x\r\n",
        Rename((("x", "self.x"),)),
        "self.x = self.x + xx\r\ny = self.x\r\n",
    ),
    "rename what is no word": (
        "\ufeffa.b(1)\na.bc\n-> x->y",
        Rename((("a.b(", "c("), ("->", "=>"))),
        "\ufeffc(1)\na.bc\n=> x=>y",
    ),
    # An accent of its own and a vowel sign are parts of a word.
    "rename beside accents": (
        "cafe cafe\u0301 cafe\u0301s e\u0301cafe \u0915\u093f cafe\u0304_",
        Rename((("cafe", "bar"), ("\u0915", "k"))),
        "bar cafe\u0301 cafe\u0301s e\u0301cafe \u0915\u093f cafe\u0304_",
    ),
    "rename with an accent": (
        "cafe\u0301 cafe\u0301s cafe\u0301.x\n",
        Rename((("cafe\u0301", "bar"),)),
        "bar cafe\u0301s bar.x\n",
    ),
    "rename the longer one": (
        "import a.b, a\n",
        Rename((("a", "x"), ("a.b", "y"))),
        "import y, x\n",
    ),
    "indent": (
        "def f():\n    a\n\n    b\nc\n",
        Indent(whole("    a\n"), whole("    b\n"), 4),
        "def f():\n        a\n\n        b\nc\n",
    ),
    "indent less": (
        "if x:\r\n    a\r\n      b\r\n    c",
        Indent(whole("    a\n"), whole("    c\n"), -4),
        "if x:\r\na\r\n  b\r\nc",
    ),
    "indent by tabs": (
        "\ta\n\t\tb\n\tc\n",
        Indent(whole("\ta\n"), whole("\tc\n"), 8),
        "\t\t\ta\n\t\t\t\tb\n\t\t\tc\n",
    ),
    "indent less by tabs": (
        "\t\ta\n\t\tb\n",
        Indent(whole("\t\ta\n\t\tb\n"), whole("\t\tb\n"), -4),
        "\ta\n\tb\n",
    ),
    "indent a line": ("a\nb\n", Indent(whole("b\n"), whole("b\n"), 2), "a\n  b\n"),
    "indent the one hinted at": (
        "a\nb\na\nb\n",
        Indent(whole("a\n"), whole("b\n"), 2, LineRange(3, 4)),
        "a\nb\n  a\n  b\n",
    ),
    "remove lines": (
        "six\nflask\nmock==5\nx-six\n",
        RemoveLines(r"^(six|mock)\b", 2),
        "flask\nx-six\n",
    ),
    "remove all such lines": ("a\n\n\tb a\nc", RemoveLines("a$", "all"), "\nc"),
    "remove lines at windows line ends": ("a\r\nb\r\n", RemoveLines("^b$", 1), "a\r\n"),
    "remove the last line that has no end": ("a\nb", RemoveLines("b", 1), "a\n"),
    "remove lines behind a byte order mark": ("\ufeffa\nb\n", RemoveLines("^a$", 1), "\ufeffb\n"),
    "remove empty lines": ("a\n\nb\n\n", RemoveLines("^$", 2), "a\nb\n"),
    "replace with other blanks between": (
        "f(a,  b)\n",
        Replace(inside("a, b"), inside("c"), match="whitespace"),
        "f(c)\n",
    ),
    "replace lines with other blanks": (
        "x  =\t1\n",
        Replace(whole("x = 1\n"), whole("y = 1\n"), match="whitespace"),
        "y = 1\n",
    ),
    "replace blanks by blanks": (
        "a   b\n",
        Replace(whole("a  b\n"), whole("a b\n"), match="whitespace"),
        "a b\n",
    ),
    "replace an indentation": (
        "    x = 1\n",
        Replace(whole("    x = 1\n"), whole("  x = 1\n"), match="indent"),
        "  x = 1\n",
    ),
    "replace shifted to the left": (
        "x:\n  y\n",
        Replace(whole("    x:\n      y\n"), whole("    z:\n      y\n"), match="indent"),
        "z:\n  y\n",
    ),
    "replace shifted over an empty line with blanks in it": (
        "  a\n   \n  b\n",
        Replace(whole("a\n\nb\n"), whole("c\n\nd\n"), match="indent"),
        "  c\n\n  d\n",
    ),
}

NEVER_ALREADY = (Remove, Substitute)


@pytest.mark.parametrize("case", APPLIED)
def test_what_an_operation_makes(case: str) -> None:
    text, operation, expected = APPLIED[case]
    assert made(text, operation) == expected


@pytest.mark.parametrize("case", APPLIED)
def test_made_twice_it_is_already_applied(case: str) -> None:
    _, operation, expected = APPLIED[case]
    again = apply(expected, operation)
    if isinstance(operation, NEVER_ALREADY) or case in (
        # That a text is not there says nothing about who removed it.
        "range removed",
        # It still begins and ends with its anchors.
        "range begins anew after what stays",
    ):
        assert not isinstance(again, AlreadyApplied)
    else:
        assert isinstance(again, AlreadyApplied), again


BEFORE = (
    "",
    "\ufeff",
    "# \f\n",
    "# caf\udce9\n",
    "\0\n",
    "# \u2028 \u2029 \x85 \x0b\n",
    "\r\n",
    "z\r",
)
AFTER = ("", "z\n", "z", "# \udcff\u2028\f\0\r\nz")
HERE: tuple[tuple[Operation, str], ...] = (
    (Replace(whole("one\n"), whole("1\n2\n")), "1\n2\ntwo\n"),
    (Remove(whole("one\n")), "two\n"),
    (Remove(inside("ne")), "o\ntwo\n"),
    (after(whole("one\n"), whole("1\n2\n")), "one\n1\n2\ntwo\n"),
    (before(whole("two\n"), whole("1\n2\n")), "one\n1\n2\ntwo\n"),
    (after(inside("on"), inside("1")), "on1e\ntwo\n"),
    (ReplaceRange(whole("one\n"), whole("two\n"), whole("1\n2\n")), "1\n2\n"),
    (Substitute(r"^one$", r"1\n2", 1), "1\n2\ntwo\n"),
)  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("rest", AFTER)
@pytest.mark.parametrize("start", BEFORE)
def test_row_23_every_other_byte_is_identical(start: str, rest: str, end: str) -> None:
    # A lone carriage return ends no line, so lines after it do not begin there.
    start = start.replace("z\r", "z\r" + end)
    text = f"{start}one{end}two{end}{rest}"
    for operation, expected in HERE:
        assert made(text, operation) == start + expected.replace("\n", end) + rest, operation


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_row_23_the_ends_of_a_file_are_left_alone(end: str) -> None:
    text = f"\ufeffa{end}\f\udce9\0\u2028"
    assert made(text, Append(whole("x\n"))) == f"{text}{end}x{end}"
    assert made(text, Prepend(whole("x\n"))) == f"\ufeffx{end}{text[1:]}"


def test_row_23_mixed_line_ends() -> None:
    text = "a\r\nb\nc\r\n"
    assert made(text, after(whole("a\n"), whole("x\n"))) == "a\r\nx\nb\nc\r\n"
    assert made(text, before(whole("c\n"), whole("x\n"))) == "a\r\nb\nx\r\nc\r\n"
    assert made(text, Remove(whole("b\n"))) == "a\r\nc\r\n"
    assert made(text, ReplaceRange(whole("b\n"), whole("c\n"), whole("x\n"))) == "a\r\nx\n"
    assert made(text, Append(whole("x\n"))) == text + "x\r\n"


def test_only_blanks_are_ignored() -> None:
    matching: tuple[Matching, ...] = ("indent", "whitespace")
    for character in "\f\v\x1c\x85\xa0\u2028\r":
        for match in matching:
            conflict(f"{character}x\n", Replace(whole("x\n"), whole("y\n"), match=match))
            conflict(f"x{character}y\n", Remove(whole("x y\n"), match=match))
            conflict(f"x{character} \n", Remove(whole("x\n"), match=match))
        conflict(f"a{character}b\n", Remove(inside("a b"), match="whitespace"))
    conflict("x = 1  \n", Remove(whole("x = 1\n"), match="indent"))


def test_blocks_match_shifted_only_when_shifted_alike() -> None:
    operation = Replace(whole("a:\n  b\n"), whole("c\n"), match="indent")
    conflict("\ta:\n    b\n", operation)
    conflict("a:\n         b\n", operation)
    conflict("a:\nb\n", operation)
    conflict("  a:\n  b\n", operation)
    assert made("\ta:\n\t  b\n", operation) == "\tc\n"


def test_names_are_there_or_were() -> None:
    operation = Rename((("a", "b"), ("c", "d")))
    assert conflict("ab\n", operation).message == "none of the names to replace is in the file"
    assert operation.unfound(["a\n", "x d\n"]) == []
    assert operation.unfound(["b\n", "cd\n"]) == ["c"]
    assert operation.unfound(["b\n", "c\u0301\n"]) == ["c"]


def test_what_can_not_be_indented() -> None:
    less = Indent(whole("  a\n"), whole("b\n"), -2)
    assert conflict("  a\nb\n", less).message == "line 2 can't be indented by -2 columns"
    tabs = Indent(whole("\ta\n"), whole("\tb\n"), 2)
    assert conflict("\ta\n\tb\n", tabs).message == "line 1 can't be indented by +2 columns"
    assert "does not follow after `from`" in conflict("  b\n  a\n", Indent(
        whole("  a\n"), whole("  b\n"), 2)).message  # fmt: skip
    assert conflict("x\n", tabs).message == "the text of `from` is not in the file"


def test_lines_to_remove_are_counted() -> None:
    found = conflict("a\nb\na\n", RemoveLines("a", 1))
    assert found.message == ("1 of the lines are to match and 2 do, in lines 1, 3")
    assert found.found == (1, 3)
    assert isinstance(apply("b\n", RemoveLines("a", 2)), AlreadyApplied)


UNITS: dict[str, tuple[str, Operation, str]] = {
    "tabs for four blanks": (
        "f {\n\tif x {\n\t\tfoo()\n\t}\n}\n",
        Replace(
            whole("if x {\n    foo()\n"),
            whole("if y {\n    bar(a,\n            b)\n"),
            match="indent",
        ),
        "f {\n\tif y {\n\t\tbar(a,\n\t\t\t\tb)\n\t}\n}\n",
    ),
    "tabs for two blanks at Windows line ends": (
        "\ta\r\n\t\tb\r\n",
        Replace(whole("a\n  b\n"), whole("a\n  c\n    d\n"), match="indent"),
        "\ta\r\n\t\tc\r\n\t\t\td\r\n",
    ),
    "four blanks for tabs, without a line end": (
        "if a:\n    if b:\n        c",
        Replace(whole("\tif b:\n\t\tc\n"), whole("\tif b:\n\t\td\n\te\n"), match="indent"),
        "if a:\n    if b:\n        d\n    e",
    ),
    "four blanks for two": (
        "a:\n    b\n",
        Replace(whole("a:\n  b\n"), whole("a:\n  c:\n    d\n"), match="indent"),
        "a:\n    c:\n        d\n",
    ),
    "two levels at once": (
        "\tx\n\t\t\ty\n",
        Replace(whole("x\n        y\n"), whole("x\n    z\n        y\n"), match="indent"),
        "\tx\n\t\tz\n\t\t\ty\n",
    ),
    "less than the text looked for": (
        "\tif a {\n\t\tb\n\t}\n",
        Replace(whole("    if a {\n        b\n"), whole("c\n    if a {\n"), match="indent"),
        "c\n\tif a {\n\t}\n",
    ),
    "one line of which the rest tells the unit": (
        "f {\n\ta\n\tb\n}\n",
        Replace(whole("    a\n"), whole("    if x {\n        a\n    }\n"), match="indent"),
        "f {\n\tif x {\n\t\ta\n\t}\n\tb\n}\n",
    ),
    "a line without any indentation": (
        "f {\n}\ng {\n\tx\n}\n",
        after(whole("f {\n"), whole("    y\n"), "indent"),
        "f {\n\ty\n}\ng {\n\tx\n}\n",
    ),
    "an anchor": (
        "\tif a {\n\t\tb\n\t}\n",
        before(whole("    if a {\n        b\n"), whole("    if c {\n        d\n    }\n"), "indent"),
        "\tif c {\n\t\td\n\t}\n\tif a {\n\t\tb\n\t}\n",
    ),
    "a stretch": (
        "\ta {\n\t\tb\n\t}\n",
        ReplaceRange(
            whole("  a {\n    b\n"), whole("  }\n"), whole("  c {\n    d\n  }\n"), match="indent"
        ),
        "\tc {\n\t\td\n\t}\n",
    ),
    "tabs of eight columns among blanks": (
        "    if (a)\n\tb;\n\t  c;\n",
        Replace(
            whole("if (a)\n    b;\n"),
            whole("if (d)\n    b;\n    if (e)\n        f;\n"),
            match="indent",
        ),
        "    if (d)\n\tb;\n\tif (e)\n\t    f;\n\t  c;\n",
    ),
    "what matching by blanks found": (
        "def f(x):\n\tif x:\n\t\treturn  1\n\treturn 2\n",
        Replace(
            whole("if x:\n    return 1\n"), whole("if not x:\n    return 1\n"), match="whitespace"
        ),
        "def f(x):\n\tif not x:\n\t\treturn 1\n\treturn 2\n",
    ),
}


@pytest.mark.parametrize("case", UNITS)
def test_units_of_indentation_stand_for_each_other(case: str) -> None:
    text, operation, new = UNITS[case]
    assert made(text, operation) == new
    assert isinstance(apply(new, operation), AlreadyApplied)


def test_units_that_are_to_change_are_changed() -> None:
    tabs = Replace(whole("a {\n\tb\n"), whole("a {\n    b\n"), match="indent")
    assert made("a {\n\tb\n}\n", tabs) == "a {\n    b\n}\n"
    wider = Replace(whole("a:\n  b\n"), whole("a:\n    b\n"), match="indent")
    assert made("  a:\n    b\n", wider) == "  a:\n      b\n"
    by_blanks = Replace(whole("a {\n\tb\n"), whole("a {\n    b\n"), match="whitespace")
    assert made("a {\n\tb\n}\n", by_blanks) == "a {\n    b\n}\n"


def test_a_new_text_that_can_not_be_shifted() -> None:
    operation = Replace(whole("    a\n"), whole("    b\nc\n"), match="indent")
    assert made("      a\n", operation) == "      b\n  c\n"
    found = conflict("a\n", operation)
    assert found.message == (
        "the text stands in line 1 with less indentation than the new text can lose"
    )
    inserted = Insert("after", whole("    a\n"), whole("b\n"), match="indent")
    assert "less indentation" in conflict("x\na\n", inserted).message


def test_what_was_inserted_is_looked_for_next_to_its_anchor_only() -> None:
    operation = after(whole("a\n"), whole("x\n"))
    assert made("a\nb\nx\n", operation) == "a\nx\nb\nx\n"
    assert made("x\na\n", operation) == "x\na\nx\n"
    assert isinstance(apply("a\nx", operation), AlreadyApplied)
    assert made("a\nxy\n", operation) == "a\nx\nxy\n"
    other = before(whole("a\n"), whole("x\n"))
    assert made("a\nx\n", other) == "x\na\nx\n"
    assert made("yx\na\n", before(whole("a\n"), whole("x\n"))) == "yx\nx\na\n"


def test_a_hint_chooses_where_to_insert_and_where_it_was_done() -> None:
    operation = Insert("after", whole("a\n"), whole("x\n"), lines=LineRange(3, 3))
    assert isinstance(apply("a\nb\na\nx\n", operation), AlreadyApplied)
    assert made("a\nx\nb\na\n", operation) == "a\nx\nb\na\nx\n"


def test_row_25_each_operation_names_what_it_looks_for() -> None:
    for operation, message in (
        (Remove(whole("x\n")), "the text to remove is not in the file"),
        (after(whole("x\n"), whole("y\n")), "the anchor to insert after is not in the file"),
        (before(whole("x\n"), whole("y\n")), "the anchor to insert before is not in the file"),
        (
            ReplaceRange(whole("x\n"), whole("a\n"), whole("y\n")),
            "the text of `from` is not in the file",
        ),
        (
            ReplaceRange(whole("b\n"), whole("x\n"), whole("y\n")),
            "the text of `through` does not follow after `from` in line 2",
        ),
        (
            ReplaceRange(whole("b\n"), whole("a\n"), whole("y\n")),
            "the text of `through` does not follow after `from` in line 2: "
            "it stands before it, in line 1",
        ),
        (Substitute("x", "", "all"), "the regular expression is to match at least once and "
         "does not"),
        (Substitute("^.$", "", 1), "the regular expression is to match once and "
         "matches 2 times, in lines 1, 2"),
        (Substitute("a", "", 2), "the regular expression is to match 2 times and "
         "matches once, in line 1"),
    ):  # fmt: skip
        assert conflict("a\nb\n", operation).message == message


def test_row_25_several_places_are_listed() -> None:
    text = "a\nx\na\n"
    for operation in (
        Remove(whole("a\n")),
        after(whole("a\n"), whole("y\n")),
        ReplaceRange(whole("a\n"), whole("x\n"), whole("y\n")),
    ):
        found = conflict(text, operation)
        assert found.found == (1, 3)
        assert "to be found once and stands 2 times, in lines 1, 3" in found.message
    assert conflict(text, Remove(whole("a\n"), 3)).found == (1, 3)
    assert conflict(text, Substitute("a", "b", 1)).found == (1, 3)


def test_row_25_the_nearest_block_is_shown() -> None:
    text = "import os\n\n\ndef f(a, b):\n    return a\n"
    for operation in (
        Remove(whole("def f(a):\n    return a\n")),
        after(whole("def f(a):\n    return a\n"), whole("x\n")),
        ReplaceRange(whole("import os\n"), whole("def f(a):\n    return a\n"), whole("x\n")),
    ):
        near = conflict(text, operation).near
        assert near is not None
        assert near.lines == LineRange(4, 5)
        assert near.difference == "-def f(a):\n+def f(a, b):\n     return a"


def test_a_range_never_takes_more_when_made_again() -> None:
    # Its first line stays, and its last one stands once more in what follows.
    operation = ReplaceRange(
        whole("def f():\n"), whole("    return 1\n"), whole("def f():\n    return 2\n")
    )
    new = made(CODE, operation)
    assert new == "def f():\n    return 2\n\n\ndef g():\n    return 1\n"
    found = conflict(new, operation)
    assert found.message == (
        "the replacement already stands at `from` in line 1, and it can't be told whether the "
        "text of `through` in line 6 belongs to it"
    )
    assert isinstance(apply("def f():\n    return 2\n", operation), AlreadyApplied)


def test_removing_and_substituting_again_are_conflicts() -> None:
    assert "is not in the file" in conflict("b\n", Remove(whole("a\n"))).message
    assert "match once and does not" in conflict("b\n", Substitute("a", "b", 1)).message
    same = Substitute("b", "b", 1)
    assert isinstance(apply("b\n", same), AlreadyApplied), "it changes nothing"


def test_whole_files() -> None:
    assert made("a\n", Delete()) is None
    assert isinstance(apply(None, Delete()), AlreadyApplied)
    assert isinstance(apply("a", MoveTo("b")), AlreadyApplied)
    for operation in (
        RewriteFile(whole("a\n")),
        Append(whole("a\n")),
        Prepend(whole("a\n")),
        Remove(whole("a\n")),
        Substitute("a", "b", 1),
        MoveTo("b"),
    ):
        assert conflict(None, operation).message == "the file does not exist"
    assert made(None, Create(whole(""))) == ""


def test_templates_of_other_tools_are_text() -> None:
    text = "run: echo ${{ a }} {{ b }} {% c %} $d \\1\n"
    for operation in (
        Replace(whole(text), whole(text + text)),
        after(whole(text), whole(text)),
        Append(whole(text + "x\n")),
    ):
        new = made(text, operation)
        assert new is not None
        assert new.startswith(text)
        assert new.count("${{ a }} {{ b }} {% c %} $d \\1\n") >= 2
    assert made("x", Substitute("x", r"{{ \g<0> }} ${{ y }}", 1)) == "{{ x }} ${{ y }}"


def test_the_lines_told_are_those_changed_first() -> None:
    for operation, lines in (
        (Remove(whole("b\nc\n")), LineRange(2, 3)),
        (after(whole("b\n"), whole("x\n")), LineRange(2, 2)),
        (ReplaceRange(whole("b\n"), whole("d\n"), whole("x\n")), LineRange(2, 4)),
        (Append(whole("x\ny\n")), LineRange(5, 6)),
        (Prepend(whole("x\ny\n")), LineRange(1, 2)),
        (Substitute("[cd]", "x", 2), LineRange(3, 3)),
    ):
        result = apply("a\r\nb\r\nc\r\nd\r\n", operation)
        assert isinstance(result, Applied)
        assert result.lines == lines, operation


LINE = st.sampled_from(["a", "b", "  a", "", "x", "\u2028", "\f", "\udcff"])
FILES = st.lists(st.tuples(LINE, st.sampled_from(["\n", "\r\n"])), max_size=7).map(
    lambda lines: "".join(line + end for line, end in lines)
)
BLOCKS = st.lists(st.sampled_from(["a", "b", "x", ""]), min_size=1, max_size=3).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@settings(deadline=None)
@given(text=FILES, last=LINE, added=BLOCKS)
def test_appended_and_prepended_once_only(text: str, last: str, added: str) -> None:
    operations: tuple[Operation, ...] = (Append(whole(added)), Prepend(whole(added)))
    for operation in operations:
        result = apply(text + last, operation)
        if isinstance(result, Applied):
            assert result.text is not None
            assert text + last in result.text
            assert isinstance(apply(result.text, operation), AlreadyApplied)


@settings(deadline=None)
@given(text=FILES, anchor=BLOCKS, added=BLOCKS, side=st.sampled_from(["after", "before"]))
def test_inserted_once_only(text: str, anchor: str, added: str, side: str) -> None:
    assume(anchor.strip() and not anchor.endswith("\n\n"))
    assert side in ("after", "before")
    operation = Insert("after" if side == "after" else "before", whole(anchor), whole(added))
    result = apply(text, operation)
    if isinstance(result, Applied):
        assert result.text is not None
        assert len(result.text.replace("\r", "")) == len(text.replace("\r", "")) + len(added)
        # An insertion that holds its anchor, or makes one with what is beside it, makes two of it.
        alone = anchor not in added + anchor[:-1] and anchor not in anchor[1:] + added
        if alone and result.text.replace("\r", "").count(anchor) == 1:
            assert isinstance(apply(result.text, operation), AlreadyApplied)


@settings(deadline=None)
@given(before=st.binary(max_size=40), after=st.binary(max_size=40))
def test_row_23_any_bytes_survive(before: bytes, after: bytes) -> None:
    assume(b"wanted" not in before + after)
    text = (before + b"wanted" + after).decode("utf-8", "surrogateescape")
    assume(not is_utf16(text))
    for operation, instead in (
        (Remove(inside("wanted")), b""),
        (Insert("after", inside("wanted"), inside("!")), b"wanted!"),
        (ReplaceRange(inside("want"), inside("ed"), inside("!")), b"!"),
        (Substitute("wanted", "!", 1), b"!"),
    ):
        result = apply(text, operation)
        if isinstance(result, AlreadyApplied) or b"want" in before:
            continue
        assert isinstance(result, Applied), operation
        assert result.text is not None
        assert result.text.encode("utf-8", "surrogateescape") == before + instead + after
