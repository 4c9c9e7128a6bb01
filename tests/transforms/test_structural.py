"""Structural edits: what ast-grep finds is rewritten, and no other byte."""

from __future__ import annotations

import builtins
import sys
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook.core.matching.results import AlreadyApplied, Applied, Conflict
from runbook.core.matching.texts import LineRange
from runbook.core.model.operations import Structural
from runbook.transforms.structural import rewrite

CHECKED = settings(deadline=None)
CALL = Structural("g($A)", "f($A)")

INSIDE = '{"pattern": "f($A)", "inside": {"kind": "function_definition", "stopBy": "end"}}'
CONSTRAINED = '{"rule": {"pattern": "f($A)"}, "constraints": {"A": {"regex": "b"}}}'


def made(text: str, operation: Structural, path: str = "a.py") -> str:
    result = rewrite(text, operation, path)
    assert isinstance(result, Applied), result
    assert result.text is not None
    return result.text


def conflict(text: str | None, operation: Structural, path: str = "a.py") -> Conflict:
    result = rewrite(text, operation, path)
    assert isinstance(result, Conflict), result
    return result


# The text, the edit, what it makes, and whether it then is already applied.
REWRITTEN: dict[str, tuple[str, Structural, str, bool]] = {
    "one": ("x = f( 1 )  # c\n", CALL, "x = g(1)  # c\n", True),
    "all": ("f(1)\nf(2)\n", Structural("g($A)", "f($A)", count="all"), "g(1)\ng(2)\n", True),
    "as often as counted": (
        "f(1)\nf(2)\n",
        Structural("g($A)", "f($A)", count=2),
        "g(1)\ng(2)\n",
        True,
    ),
    "the one hinted at": (
        "f(1)\n\nf(2)\n",
        Structural("g($A)", "f($A)", lines=LineRange(3, 3)),
        "f(1)\n\ng(2)\n",
        True,
    ),
    "several arguments": (
        "f(1, [\n    2,\n], c=3)\n",
        Structural("g($$$REST, $A)", "f($A, $$$REST)"),
        "g([\n    2,\n], c=3, 1)\n",
        False,
    ),
    "several arguments in their order": (
        "f(1, 2, c=3)\n",
        Structural("g($A, $$$REST)", "f($A, $$$REST)"),
        "g(1, 2, c=3)\n",
        True,
    ),
    "no arguments": ("f()\n", Structural("g($$$ALL)", "f($$$ALL)"), "g()\n", True),
    "in each other": (
        "f(f(1) + f(2))\n",
        Structural("g($A)", "f($A)", count=3),
        "g(g(1) + g(2))\n",
        True,
    ),
    "an argument of a call, and no assignment": (
        "timeout = 3\nf(a, timeout=3)\n",
        Structural("timeout=$T * 2", "timeout=$T"),
        "timeout = 3\nf(a, timeout=3 * 2)\n",
        True,
    ),
    "an assignment, and no argument": (
        "timeout = 3\nf(a, timeout=3)\n",
        Structural("timeout = 4", "timeout = 3"),
        "timeout = 4\nf(a, timeout=3)\n",
        True,
    ),
    "an argument where an assignment is as it is to be": (
        "timeout = 4\nf(timeout=3)\n",
        Structural("timeout=4", "timeout=3"),
        "timeout = 4\nf(timeout=4)\n",
        True,
    ),
    "an assignment without blanks": ("x=3\n", Structural("x=4", "x=3"), "x=4\n", True),
    "what a parameter is by default": (
        "def f(a, timeout: int = 3): pass\n",
        Structural("timeout: float = $T", "timeout: int = $T"),
        "def f(a, timeout: float = 3): pass\n",
        True,
    ),
    "an entry of a dictionary": (
        'x = {"a": 1, "b": 2}\n',
        Structural('"c": $V', '"a": $V'),
        'x = {"c": 1, "b": 2}\n',
        True,
    ),
    "the last argument goes": (
        "f(a, timeout=3)\n",
        Structural("", "timeout=$T"),
        "f(a)\n",
        False,
    ),
    "the first argument goes": (
        "f(timeout=3, b=1)\n",
        Structural("", "timeout=$T"),
        "f(b=1)\n",
        False,
    ),
    "the only argument goes": ("f(timeout=3)\n", Structural("", "timeout=$T"), "f()\n", False),
    "an argument on a line of its own goes with it": (
        "f(\n    a,\n    timeout=3,\n)\n",
        Structural("", "timeout=$T"),
        "f(\n    a,\n)\n",
        False,
    ),
    "with the pattern in it": ("f(1)\n", Structural("g(f($A))", "f($A)"), "g(f(1))\n", True),
    "a block moved out": (
        "def a():\n    if x == None:\n        b()\n\n        c(\n            1)\n",
        Structural("$$$BODY", "if $X == None:\n    $$$BODY"),
        "def a():\n    b()\n\n    c(\n        1)\n",
        False,
    ),
    "a block moved in": (
        "class A:\n\tf(\n\t\t1)\n",
        Structural("with x:\n\t$A", "f($A)"),
        "class A:\n\twith x:\n\t\t1\n",
        True,
    ),
    "a rule": (
        "f(1)\ndef a():\n    f(2)\n",
        Structural("g($A)", rule=INSIDE),
        "f(1)\ndef a():\n    g(2)\n",
        True,
    ),
    "a rule with constraints": (
        "f(a)\nf(b)\n",
        Structural("g($A)", rule=CONSTRAINED),
        "f(a)\ng(b)\n",
        True,
    ),
    "what is dropped": ("f(1)\nx\n", Structural("", "f($A)"), "x\n", False),
    "a text that is no ASCII": ("é = '😀'; f('ü')\n", CALL, "é = '😀'; g('ü')\n", True),
}


@pytest.mark.parametrize("case", REWRITTEN)
def test_what_is_rewritten(case: str) -> None:
    text, operation, expected, told = REWRITTEN[case]
    assert made(text, operation) == expected
    assert isinstance(rewrite(expected, operation, "a.py"), AlreadyApplied) == told
    windows = text.replace("\n", "\r\n")
    assert made(windows, operation) == expected.replace("\n", "\r\n")


def test_other_languages() -> None:
    operation = Structural("const $A = $B", "var $A = $B")
    assert made("var a = 1;\n", operation, "a.ts") == "const a = 1;\n"
    assert made("<script/>\nvar a = 1\n"[10:], operation, "a.mjs") == "const a = 1\n"
    named = Structural("log($A)", "print($A)", language="python")
    assert made("print(1)\n", named, "bin/start") == "log(1)\n"
    assert "can't be told" in conflict("print(1)\n", CALL, "bin/start").message


def test_what_is_found_too_often_or_not_at_all() -> None:
    found = conflict("f(1)\n\nf(2)\n", CALL)
    assert found.message == ("the pattern is to be found once and stands 2 times, in lines 1, 3")
    assert found.found == (1, 3)
    assert conflict("x\n", CALL).message == "the pattern is not in the file"
    assert conflict("x\n", CALL).hint is None
    cut_off = Structural("g()", "load(")
    assert conflict("load()\n", cut_off).hint == "the pattern is no whole piece of python"
    assert conflict("load()\n", cut_off).missed
    rule = Structural("g()", rule='{"kind": "call"}', lines=LineRange(7, 7))
    assert conflict("x\n", rule).message == (
        "what the rule describes is not in the file, expected near line 7"
    )
    assert conflict("", Structural("g($A)", "f($A)", count="all"))
    assert conflict(None, CALL).message == "the file does not exist"


def test_a_match_that_would_be_lost_is_a_conflict() -> None:
    inner = Structural(
        "h($B)", rule='{"any": [{"pattern": "f($A, $B)"}, {"pattern": "f($B)"}]}', count=2
    )
    assert conflict("f(f(1), 2)\n", inner).message == (
        "what matches in line 1 has another match in it, which the rewriting drops"
    )


def test_a_rewriting_that_is_anything_says_nothing_about_what_was_done() -> None:
    assert made("str(x)\n", Structural("$A", "str($A)")) == "x\n"
    assert conflict("x\n", Structural("$A", "str($A)", count="all"))


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (Structural("g()", rule='{"knd": "call"}'), "unknown field `knd`"),
        (Structural("g()", rule='{"kind": "nope"}'), "Kind `nope` is invalid."),
        (Structural("g()", rule='{"pattern": ""}'), "pattern"),
        (Structural("g()", rule='{"pattern": 1}'), "pattern"),
    ],
)
def test_a_rule_that_ast_grep_does_not_take(
    operation: Structural, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    found = conflict("f()\n", operation)
    assert found.message.startswith("ast-grep does not take this for a pattern or a rule: ")
    assert message in found.message
    assert "\n" not in found.message
    assert capfd.readouterr() == ("", "")


def test_without_ast_grep_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "ast_grep_py":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "ast_grep_py", raising=False)
    monkeypatch.setattr(builtins, "__import__", missing)
    found = conflict("f(1)\n", CALL)
    assert found.message == "structural edits need ast-grep, which is not installed"
    assert "runbook[structural]" in (found.hint or "")


@pytest.mark.parametrize("before", ["", "\ufeff", "\n\n", "# caf\udce9\n", "# \u2028\n", "\f\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_row_23_every_other_byte_is_identical(before: str, end: str) -> None:
    text = before.replace("\n", end)
    assert made(f"{text}f(1){end}x = 'é'", CALL) == f"{text}g(1){end}x = 'é'"


LINES = st.sampled_from(
    ["f(1)", "  f(a, b)", "x = f(f(2))", "# f(3)", "", "'é😀'", "def f(x):", "\udcff", "f("]
)


@CHECKED
@given(
    lines=st.lists(st.tuples(LINES, st.sampled_from(["\n", "\r\n"])), max_size=6),
    count=st.sampled_from([1, 2, "all"]),
)
def test_whatever_is_rewritten_is_all_that_changes(
    lines: list[tuple[str, str]], count: Any
) -> None:
    text = "".join(line + end for line, end in lines)
    operation = Structural("g($A)", "f($A)", count=count)
    result = rewrite(text, operation, "a.py")
    if isinstance(result, Applied):
        assert result.text is not None
        assert result.text.replace("g(", "f(") == text
        assert isinstance(rewrite(result.text, operation, "a.py"), AlreadyApplied)


# The pattern, the rewriting, a text, and what it makes.
HELD = {
    "a variable": ("check($A)", "assert not $A", "check(a or b)\n", "assert not (a or b)\n"),
    "one of two": (
        "eq($A, $B)",
        "assert $A == $B",
        "eq(a if b else c, d)\n",
        "assert (a if b else c) == d\n",
    ),
    "what would go on": (
        "eq($A, $B)",
        "assert $A == $B",
        "eq(a == b, c)\n",
        "assert (a == b) == c\n",
    ),
    "what holds together": (
        "eq($A, $B)",
        "assert $A == $B",
        "eq(a + 1, (b, c))\n",
        "assert a + 1 == (b, c)\n",
    ),
    "the whole": (
        "mul($A)",
        "$A * 2",
        "x = 3 ** mul(a + 1)\nmul(b)\n",
        "x = 3 ** ((a + 1) * 2)\nb * 2\n",
    ),
    "lines that were in brackets": (
        "true($A)",
        "assert $A",
        "true(\n    a and\n    b\n)\n",
        "assert (a and\nb)\n",
    ),
    "an assignment": ("true($A)", "assert $A", "true(a := 1)\n", "assert (a := 1)\n"),
    "waiting": (
        "f($A)",
        "$A.y",
        "async def g():\n    f(await x)\n",
        "async def g():\n    (await x).y\n",
    ),
    "within another": ("f($A)", "not $A", "f(f(a) or b)\n", "not (not a or b)\n"),
    "annotations": (
        "Optional[$T]",
        "$T | None",
        "a: Optional[int]\nb = Optional[str]\ndef f(x: D[str, Optional[A]]) -> Optional[B]: ...\n",
        "a: int | None\nb = str | None\ndef f(x: D[str, A | None]) -> B | None: ...\n",
    ),
    "a statement that goes": ("print($A)", "", "if a:\n    print(1)\n    b\n", "if a:\n    b\n"),
    "the last line that goes": ("print($A)", "", "a\nprint(1)", "a\n"),
    "one of the empty lines around it": ("print($A)", "", "a\n\nprint(1)\n\nb\n", "a\n\nb\n"),
    "the fewer empty lines above": ("print($A)", "", "a\n\nprint(1)\n\n\nb\n", "a\n\n\nb\n"),
    "the fewer empty lines below": ("print($A)", "", "a\n\n\nprint(1)\n\nb\n", "a\n\n\nb\n"),
    "the empty lines below the first line": ("print($A)", "", "print(1)\n\n\na\n", "a\n"),
    "the empty lines above the last line": ("print($A)", "", "a\n\n\nprint(1)\n", "a\n"),
    "the first lines": ("print($A)", "", "print(1)\n\nprint(2)\n\nb\n", "b\n"),
    "the last lines": ("print($A)", "", "a\n\n\nprint(1)\n\n\nprint(2)\n", "a\n"),
    "lines that follow each other": (
        "print($A)",
        "",
        "a\n\n\nprint(1)\n\nprint(2)\n\n\nb\n",
        "a\n\n\nb\n",
    ),
    "all lines": ("print($A)", "", "print(1)\n\nprint(2)\n", ""),
    "empty lines on one side stay": ("print($A)", "", "a\n\nprint(1)\nb\n", "a\n\nb\n"),
    "statements on a line": (
        "print($A)",
        "",
        "print(1); a\nb; print(2)\nc; print(3); d\nprint(4); print(5)\n",
        "a\nb\nc; d\n",
    ),
    "a statement with a comment": (
        "print($A)",
        "",
        "if a:\n    b\n    print(1)  # c\n",
        "if a:\n    b\n    # c\n",
    ),
    "an empty line": (
        "f($A)",
        "a = $A\n\na.b()",
        "if x:\n    f(1)\n",
        "if x:\n    a = 1\n\n    a.b()\n",
    ),
    "nothing for a variable": (
        "f($$$A)",
        "g()\n$$$A\nh()",
        "if x:\n    f()\n",
        "if x:\n    g()\n    h()\n",
    ),
    "nothing before a comma": (
        "f($$$A, old=$V)",
        "f($$$A, new=$V)",
        "f(a, old=1)\nf(old=2)\n",
        "f(a, new=1)\nf(new=2)\n",
    ),
    "nothing after a comma": (
        "f($A, $$$B)",
        "g([$A, $$$B], $$$B)",
        "f(1, 2)\nf(3,)\n",
        "g([1, 2], 2)\ng([3])\n",
    ),
    "bytes that are no text": (
        "f($A)",
        "g($A)",
        "# \udce9\nf('\udce9')\n",
        "# \udce9\ng('\udce9')\n",
    ),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("case", HELD)
def test_what_is_rewritten_stays_what_it_was(case: str, end: str) -> None:
    pattern, new, text, expected = HELD[case]
    operation = Structural(new, pattern, count="all")
    assert made(text.replace("\n", end), operation) == expected.replace("\n", end)
    assert made("\ufeff" + text, operation) == "\ufeff" + expected


def test_other_languages_have_parentheses_too() -> None:
    plus = Structural("$A + $B", "add($A, $B)")
    assert made("x = add(a ? 1 : 2, b) * 3;\n", plus, "a.js") == "x = ((a ? 1 : 2) + b) * 3;\n"
    assert made("y := add(a, b)\n", plus, "a.go") == "y := a + b\n"
    gone = Structural("", "log($A)", count="all")
    assert made("log(1);\nf()\n  log(2)\n", gone, "a.js") == "f()\n"
    types = Structural("$T[]", "Array<$T>", count="all")
    assert made("let x: Array<A | B> = y as Array<C>;\n", types, "a.ts") == (
        "let x: (A | B)[] = y as C[];\n"
    )


@pytest.mark.parametrize(
    ("text", "rewriting", "wanted"),
    [
        # A brace would begin a block.
        ("const f = () => mk({a: 1});\n", "$A", "const f = () => ({a: 1});\n"),
        ("const f = () => mk({a: 1});\n", "$A.b", "const f = () => ({a: 1}).b;\n"),
        ("mk({a: 1});\n", "$A", "({a: 1});\n"),
        ("x = mk({a: 1}); f(mk({}));\n", "$A", "x = {a: 1}; f({});\n"),
        ("if (a) mk({});\n", "$A", "if (a) ({});\n"),
        # What has a name would be its declaration.
        ("mk(function f() {});\n", "$A", "(function f() {});\n"),
        ("mk(class A {});\n", "$A", "(class A {});\n"),
        ("x = mk(function f() {});\n", "$A", "x = function f() {};\n"),
        # What follows would be the function's.
        ("mk(() => { a(); });\n", "$A()", "(() => { a(); })();\n"),
        ("x = y || mk(() => 1);\n", "$A", "x = y || (() => 1);\n"),
        ("f(mk(() => 1));\n", "$A", "f(() => 1);\n"),
        # Two signs would be another one.
        ("x = mk(-a);\n", "-$A", "x = -(-a);\n"),
    ],
)
def test_braces_and_functions_of_javascript(text: str, rewriting: str, wanted: str) -> None:
    operation = Structural(rewriting, "mk($A)", count="all")
    assert made(text, operation, "a.js") == wanted


def test_a_pattern_that_is_no_code_is_not_applied_already() -> None:
    broken = Structural("x", "Optional[$T")
    assert conflict("x = 1\n", broken).message.endswith("a pattern or a rule: it is no python")
    assert isinstance(rewrite("x\n", Structural("x", "Optional[$T]"), "a.py"), AlreadyApplied)


@pytest.mark.parametrize(
    ("text", "operation", "message"),
    [
        (
            "x = true(a)\n",
            Structural("assert $A", "true($A)"),
            "the rewriting would leave line 1 no python any more",
        ),
        (
            "true(x=1)\n",
            Structural("assert $A", "true($A)"),
            "the rewriting would leave line 1 no python any more",
        ),
        (
            "def f():\n    print(1)\n",
            Structural("", "print($A)"),
            "nothing would be left in the block of line 1",
        ),
    ],
)
def test_what_can_not_stay_together_is_a_conflict(
    text: str, operation: Structural, message: str
) -> None:
    assert conflict(text, operation).message == message


def test_of_a_file_that_is_no_code_nothing_is_said() -> None:
    assert made("print 1\nf(a)\n", CALL) == "print 1\ng(a)\n"


@pytest.mark.parametrize(
    ("path", "text", "pattern", "rewriting", "wanted"),
    [
        ("a.js", "f({a: 1, b: 2})\n", "a: $V", "c: $V", "f({c: 1, b: 2})\n"),
        ("a.ts", "interface A { x: string }\n", "x: $V", "z: $V", "interface A { z: string }\n"),
        ("a.tsx", "let a = <F off={b} />;\n", "off={$V}", "on={!$V}", "let a = <F on={!b} />;\n"),
        ("a.go", "package p\nvar x = T{A: 1}\n", "A: $V", "B: $V", "package p\nvar x = T{B: 1}\n"),
        ("a.rs", "fn f() { S { a: 1 } }\n", "a: $V", "b: $V", "fn f() { S { b: 1 } }\n"),
    ],
)
def test_a_part_that_is_no_code_by_itself_is_found(
    path: str, text: str, pattern: str, rewriting: str, wanted: str
) -> None:
    assert made(text, Structural(rewriting, pattern), path) == wanted


@pytest.mark.parametrize(
    ("path", "text", "pattern", "rewriting"),
    [
        (
            "a.go",
            "package p\n\nfunc f() {\n\tfmt.Say(1)\n\tx := fmt.Say(y)\n\tz = T{A: fmt.Say(2)}\n}\n",
            "fmt.Say($A)",
            "log.Say($A)",
        ),
        ("a.go", "package p\n\nvar x = fmt.Say(a, b)\n", "fmt.Say($$$A)", "log.Say($$$A)"),
        ("a.c", "int f() {\n  say(1);\n  int x = say(y);\n}\n", "say($A)", "tell($A)"),
        ("a.c", "int f() {\n  say(1, x);\n  return say();\n}\n", "say($$$A)", "tell($$$A)"),
        ("a.c", "struct S { int say; };\n", "int say;", "int tell;"),
        ("a.cpp", "int f() {\n  a::say(1);\n  x = a::say(y);\n}\n", "a::say($A)", "b::say($A)"),
    ],
)
def test_a_call_is_found_in_every_place(path: str, text: str, pattern: str, rewriting: str) -> None:
    before, after = (each.partition("(")[0].removesuffix(";") for each in (pattern, rewriting))
    change = Structural(rewriting, pattern, count="all")
    assert made(text, change, path) == text.replace(before, after)


LONG = """\
if x:
    y = f(
        # of a (
        a,
        b=1,  # of b
        # the end
    )  # c
"""
BODY = """\
class A:
    def f(self):  # of f
        # first
        x = \"\"\"
a\"\"\"

        # last
        return x
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "pattern", "rewriting", "expected", "path"),
    [
        (LONG, "f($$$A)", "g.h($$$A)", LONG.replace("f(", "g.h(", 1).replace("ig.h", "if"), "a.py"),
        (
            BODY,
            "def f(self):\n    $$$BODY",
            "def g(self):\n    $$$BODY",
            BODY.replace("def f", "def g"),
            "a.py",
        ),
        # Where it goes deeper, it does so as a whole.
        (
            "f(\n    1,\n    2,\n)\n",
            "f($$$A)",
            "with x:\n    f($$$A)",
            "with x:\n    f(\n        1,\n        2,\n    )\n",
            "a.py",
        ),
        # One in another one.
        (
            "f(\n  f(\n    # c\n    1,\n  ),\n)\n",
            "f($$$A)",
            "g($$$A)",
            "g(\n  g(\n    # c\n    1,\n  ),\n)\n",
            "a.py",
        ),
        ("f( 1,  2 )\n", "f($$$A)", "g($$$A)", "g(1,  2)\n", "a.py"),
        ("f(  # c\n  1)\n", "f($A)", "g($A)", "g(  # c\n  1)\n", "a.py"),
        (
            "f(\n    a,\n    old=3,  # why\n    b=1,\n)\n",
            "f($$$A, old=$T, $$$B)",
            "f($$$A, new=$T, $$$B)",
            "f(\n    a, new=3,  # why\n    b=1,\n)\n",
            "a.py",
        ),
        (
            "def f():\n\tif x:\n\t\ty\n",
            "def f():\n    $$$B",
            "def g():\n    $$$B",
            "def g():\n\tif x:\n\t\ty\n",
            "a.py",
        ),
        (
            "it(1, function () {\n  a();\n  b();\n});\n",
            "it($N, function () { $$$B })",
            "it($N, () => { $$$B })",
            "it(1, () => {\n  a();\n  b();\n});\n",
            "a.js",
        ),
        ("a:\n  - x\nb: 1\n", "a: $V", "c: $V", "c:\n  - x\nb: 1\n", "a.yaml"),
        # A comment at the end of a line takes nothing in.
        ("if 1:\n  f(\n    1  # c\n  )\n", "f($$$A)", "[$$$A]", "if 1:\n  [1  # c\n  ]\n", "a.py"),
        ("f(\n  1, // c\n);\n", "f($$$A)", "[$$$A]", "[1, // c\n];\n", "a.ts"),
        # There is no such sign in the rewriting, or another one.
        ("f(\n  1,\n  2)\n", "f($A, $B)", "$A == $B", "1 == 2\n", "a.py"),
        ("f(\n  1,\n  2)\n", "f($$$A)", "[$$$A]", "[1,\n2]\n", "a.py"),
        (
            "x = f(\n  // a\n  1,\n  { b: 1 },\n);\n",
            "f($$$A)",
            "g($$$A)",
            "x = g(\n  // a\n  1,\n  { b: 1 },\n);\n",
            "a.ts",
        ),
    ],
)
def test_lines_and_comments_stay_where_both_have_the_same_signs(
    text: str, pattern: str, rewriting: str, expected: str, path: str, end: str
) -> None:
    found = rewrite(text.replace("\n", end), Structural(rewriting, pattern, count="all"), path)
    assert isinstance(found, Applied), found
    assert found.text == expected.replace("\n", end)


@pytest.mark.parametrize("path", ["a.py", "a.ts"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(a, b)", "f(a, b, x)"),
        ("f(a, b,)", "f(a, b, x)"),
        ("f()", "f(x)"),
        ("f(\n  a,\n  b,\n)", "f(\n  a,\n  b, x)"),
        ("f(\n  a,\n  [1, 2,],\n)", "f(\n  a,\n  [1, 2,], x)"),
        ("f(\n  a,\n  b,  # c\n)", "f(\n  a,\n  b,  # c\n  x)"),
        ("f(\n  a,\n  b  # c\n  # d\n)", "f(\n  a,\n  b,  # c\n  # d\n  x)"),
    ],
)
def test_more_may_follow_a_list_with_a_comma_at_its_end(
    text: str, expected: str, path: str
) -> None:
    if path == "a.ts":
        text, expected = (each.replace("#", "//") for each in (text, expected))
    for end in ("\n", "\r\n"):
        found = rewrite(f"{text}\n".replace("\n", end), Structural("f($$$A, x)", "f($$$A)"), path)
        assert isinstance(found, Applied), found
        assert found.text == f"{expected}\n".replace("\n", end)


@pytest.mark.parametrize(
    ("path", "text", "pattern", "rewriting"),
    [
        ("a.yaml", "a:\n  - x\n", "a: $V", "b: [$V]"),
        ("a.json", '{"a": 1}\n', '"a"', '"a": "b"'),
        ("a.css", "a { b: c }\n", "a { $$$B }", "a { $$$B"),
    ],
)
def test_data_stay_what_they_are(path: str, text: str, pattern: str, rewriting: str) -> None:
    language = path.rpartition(".")[2]
    said = conflict(text, Structural(rewriting, pattern), path).message
    assert said == f"the rewriting would leave line 1 no {language} any more"


def test_an_argument_and_a_default_are_two_places() -> None:
    text = "def f(timeout=3): pass\n\n\nf(timeout=3)\n"
    assert conflict(text, Structural("timeout=4", "timeout=3")).found == (1, 4)


@pytest.mark.parametrize(
    ("text", "pattern", "rewriting"),
    [
        ("f(1, 2, 3)\n", "f($$$A,)", "g($$$A)"),
        ("f(1)\n", "f($$$A,)", "g($$$A)"),
        ("f(1, None, 2)\n", "f($$$A, None)", "f($$$A)"),
        ("if c:\n    x\n    y\n    z\n", "if $C:\n    $$$A\n    y", "$$$A"),
    ],
)
def test_what_goes_on_behind_the_pattern_is_no_match(
    text: str, pattern: str, rewriting: str
) -> None:
    found = rewrite(text, Structural(rewriting, pattern), "a.py")
    assert isinstance(found, Conflict)
    assert found.message == "the pattern is not in the file"


@pytest.mark.parametrize(
    ("text", "path", "pattern", "rewriting", "unsaid"),
    [
        ("async def f():\n    x\n", "a.py", "def f():\n    $$$B", "def g():\n    $$$B", "async"),
        ("x?.f(1)\n", "a.js", "$X.f($A)", "g($X, $A)", None),
        ("static int f;\n", "a.c", "int $F;", "long $F;", None),
    ],
)
def test_a_word_that_the_pattern_does_not_have_is_not_dropped(
    text: str, path: str, pattern: str, rewriting: str, unsaid: str | None
) -> None:
    found = rewrite(text, Structural(rewriting, pattern), path)
    assert isinstance(found, Conflict)
    assert found.message == (
        f"the rewriting would drop `{unsaid}` of line 1, which the pattern does not have"
        if unsaid
        else "the pattern is not in the file"
    )


@pytest.mark.parametrize(
    ("text", "pattern", "rewriting", "expected"),
    [
        ("x.y == x.y\n", "$A == $A", "same($A)", "same(x.y)\n"),
        ("f(1,  # why\n  2)\n", "f($A, $B)", "g($A, $B)", "g(1,  # why\n  2)\n"),
        ("f(1,\n  2)\n", "f($A, $B)", "g($A, $B)", "g(1, 2)\n"),
        ("f(1, 2,)\n", "f($A, $B)", "g($A, $B)", "g(1, 2)\n"),
        ("f(1, 2)\n", "f($_, $B)", "g($B)", "g(2)\n"),
        ("f(1, None)\n", "f($$$A, None)", "f($$$A)", "f(1)\n"),
    ],
)
def test_what_the_pattern_says_is_all_there_is(
    text: str, pattern: str, rewriting: str, expected: str
) -> None:
    found = rewrite(text, Structural(rewriting, pattern), "a.py")
    assert isinstance(found, Applied), found
    assert found.text == expected


@pytest.mark.parametrize(
    ("piece", "pattern", "rewriting"),
    [
        ("f(1)\n", "f($A)", "g($A)"),
        ("print(1)\n\nf(1)\n\n", "print($A)", ""),
        ("if 1: self.assertEqual(a, b)\n", "self.assertEqual($A, $B)", "assert $A == $B"),
    ],
)
def test_thousands_of_places_take_little_more_than_so_many_times_one(
    piece: str, pattern: str, rewriting: str
) -> None:
    def seconds(times: int) -> float:
        change, text = Structural(rewriting, pattern, count="all"), piece * times
        began = time.process_time()
        assert isinstance(rewrite(text, change, "a.py"), Applied)
        return time.process_time() - began

    seconds(1)  # loads what it needs
    assert min(seconds(1000), seconds(1000)) < 30 * max(seconds(100), seconds(100))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "pattern", "rewriting", "expected", "path"),
    [
        (
            "if x:\n    eq(\n        a,  # one\n        # two\n        b,\n    )  # three\n",
            "eq($A, $B)",
            "assert $A == $B",
            "if x:\n    # one\n    # two\n    assert a == b  # three\n",
            "a.py",
        ),
        # One that stands where the pattern and the rewriting have the same sign stays there.
        ("f(a,  # 1\n  b,\n  # 2\n)\n", "f($A, $B)", "g($A, $B)", "# 2\ng(a,  # 1\n  b)\n", "a.py"),
        ("x = f(  # 1\n  a)\n", "f($A)", "$A", "# 1\nx = a\n", "a.py"),
        ("f(a, /* 1 */ b) // 2\n", "f($A, $B)", "$A + $B", "/* 1 */\na + b // 2\n", "a.ts"),
        ("f(\n  a, # 1\n  b); f(\n  c, # 2\n  d)\n", "f($A, $B)", "$A + $B",
         "# 1\n# 2\na + b; c + d\n", "a.py"),
        ("f(\n  f(  # 1\n   1, 2), # 1\n  3)\n", "f($A, $B)", "g($B, $A)",
         "# 1\n# 1\ng(3, g(2, 1))\n", "a.py"),
        # What a variable holds is another one.
        ("f(\n  a, # 1\n  g(  # 1\n   b))\n", "f($A, $B)", "$A + $B",
         "# 1\na + g(  # 1\n b)\n", "a.py"),
        # What is taken out takes its own along, and so does a variable that is dropped.
        ("a\nf(  # 1\n  1)\nb\n", "f($A)", "", "a\nb\n", "a.py"),
        ("f(a, g(  # 1\n  b))\n", "f($A, $B)", "f($A)", "f(a)\n", "a.py"),
        ("f(a,  # 1\n  b)\n", "f($A,  # 1\n  $B)", "f($A)", "f(a)\n", "a.py"),
    ],
)  # fmt: skip
def test_comments_that_nothing_of_the_pattern_says_go_above(
    text: str, pattern: str, rewriting: str, expected: str, path: str, end: str
) -> None:
    change = Structural(rewriting, pattern, count="all")
    assert made(text.replace("\n", end), change, path) == expected.replace("\n", end)


@pytest.mark.parametrize(
    ("text", "comment", "path"),
    [
        ("x = 1 + \\\n  f(  # 1\n    a)\n", "# 1", "a.py"),
        ("x = `\n${f(/* 1 */ a)}`;\n", "/* 1 */", "a.ts"),
        ("x = <p>\n  {f(/* 1 */ a)}\n</p>;\n", "/* 1 */", "a.tsx"),
    ],
)
def test_a_comment_that_has_no_place_is_a_conflict(text: str, comment: str, path: str) -> None:
    said = conflict(text, Structural("$A + 1", "f($A)"), path).message
    assert said == (
        f"the rewriting of line 2 would drop the comment `{comment}`, and it can't stand above"
    )


@pytest.mark.parametrize(
    ("path", "text", "pattern", "rewriting", "wanted"),
    [
        (
            "a.py",
            "def a():\n    if x:\n        q(\n            '''\n        keep\n    ''',\n        )\n",
            "if x:\n    $$$BODY",
            "$$$BODY",
            "def a():\n    q(\n        '''\n        keep\n    ''',\n    )\n",
        ),
        (
            "a.py",
            "f(f'''\n{a}\n''' + ('b'\n          'c'))\n",
            "f($A)",
            "with x:\n    g($A)",
            "with x:\n    g(f'''\n{a}\n''' + ('b'\n              'c'))\n",
        ),
        (
            "a.js",
            "if (x) {\n  f(`\n    a\n  `);\n}\n",
            "if (x) { $$$B }",
            "$$$B",
            "f(`\n    a\n  `);\n",
        ),
    ],
)
def test_a_string_of_lines_stays_what_it_is(
    path: str, text: str, pattern: str, rewriting: str, wanted: str
) -> None:
    """Blanks at the beginning of its lines are a part of it, whatever the code is indented by."""
    assert made(text, Structural(rewriting, pattern), path) == wanted
