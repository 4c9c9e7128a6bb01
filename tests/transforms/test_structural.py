"""Structural edits: what ast-grep finds is rewritten, and no other byte."""

from __future__ import annotations

import builtins
import sys
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
    "what is dropped": ("f(1)\nx\n", Structural("", "f($A)"), "\nx\n", False),
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
