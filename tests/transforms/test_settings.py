"""Values of data files: set where they stand, with every other byte as it was."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from runbook.core.matching.results import AlreadyApplied, Applied, Conflict
from runbook.core.matching.texts import LineRange
from runbook.core.model.data import Assignment, DataLanguage, Number, Table, Value, read_keys
from runbook.core.model.operations import SetValues
from runbook.transforms.settings import set_values
from runbook.transforms.toml_file import read as read_toml

CHECKED = settings(deadline=None)


def stated(value: Any) -> Value:
    """A value as the loader makes it."""
    if isinstance(value, dict):
        return Table(tuple((key, stated(each)) for key, each in value.items()))
    if isinstance(value, list):
        return tuple(map(stated, value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Number(repr(value))
    found: Value = value
    return found


def operation(language: DataLanguage | None, values: dict[str, Any]) -> SetValues:
    found = []
    for text, value in values.items():
        keys, append = read_keys(text)
        found.append(
            Assignment(
                keys, stated(value if isinstance(value, list) or not append else [value]), append
            )
        )
    return SetValues(tuple(found), language)


def made(text: str, language: DataLanguage, values: dict[str, Any]) -> str:
    """The new text, which has the values already."""
    change = operation(language, values)
    result = set_values(text, change, "x")
    assert isinstance(result, Applied), result
    assert result.text is not None
    assert isinstance(set_values(result.text, change, "x"), AlreadyApplied), result.text
    return result.text


def conflict(text: str | None, language: DataLanguage | None, values: dict[str, Any]) -> Conflict:
    result = set_values(text, operation(language, values), "x")
    assert isinstance(result, Conflict), result
    return result


# The language, the text, the values, the new text.
SET: dict[str, tuple[DataLanguage, str, dict[str, Any], str]] = {
    "json value": ("json", '{"a": 1, "b": "x"}', {"b": "y"}, '{"a": 1, "b": "y"}'),
    "json kind": ("json", '{"a": 1}', {"a": "1"}, '{"a": "1"}'),
    "json new key on a line": ("json", '{"a":1}', {"b": 2}, '{"a":1, "b":2}'),
    "json new key in lines": (
        "json",
        '{\n\t"a": 1\n}\n',
        {"b.c": [1]},
        '{\n\t"a": 1,\n\t"b": {\n\t\t"c": [\n\t\t\t1\n\t\t]\n\t}\n}\n',
    ),
    "json empty": ("json", "{}\n", {"a": None}, '{"a": null}\n'),
    "json empty in lines": (
        "json",
        '{\n  "a": {}\n}\n',
        {"a.b": True},
        '{\n  "a": {\n    "b": true\n  }\n}\n',
    ),
    "json append": ("json", '{"a": [1]}', {"a+": [2, 1]}, '{"a": [1, 2]}'),
    "json append in lines": (
        "json",
        '{"a": [\n  1 // one\n]}',
        {"a+": [2, 3]},
        '{"a": [\n  1, // one\n  2,\n  3\n]}',
    ),
    "json with a comma at the end": (
        "json",
        '{\n  "a": 1, // c\n}',
        {"b": 2},
        '{\n  "a": 1, // c\n  "b": 2,\n}',
    ),
    "json windows": ("json", '{\r\n  "a": 1\r\n}', {"b": 2}, '{\r\n  "a": 1,\r\n  "b": 2\r\n}'),
    "toml value": (
        "toml",
        "a = 'x' # c\n[t]\nb = 1 # d\n",
        {"a": "y", "t.b": 2.5},
        "a = 'y' # c\n[t]\nb = 2.5 # d\n",
    ),
    "toml new key": (
        "toml",
        "[t]\na = 1 # c\n\n[u]\nb = 2\n",
        {"t.c": "x"},
        '[t]\na = 1 # c\nc = "x"\n\n[u]\nb = 2\n',
    ),
    "toml new table": (
        "toml",
        "[t.a]\nx = 1\n\n[u]\ny = 1\n",
        {"t.b.z": 1},
        "[t.a]\nx = 1\n\n[t.b]\nz = 1\n\n[u]\ny = 1\n",
    ),
    "toml header of a table above": (
        "toml",
        "# c\n[t.a]\nx = 1\n",
        {"t.y": 1},
        "[t]\ny = 1\n\n# c\n[t.a]\nx = 1\n",
    ),
    "toml first key": ("toml", "# c\n\n# d\n[t]\n", {"a": 1}, "# c\n\na = 1\n\n# d\n[t]\n"),
    "toml dotted keys": (
        "toml",
        "[t]\na.b = 1\nc = 2\n",
        {"t.a.d": 3},
        "[t]\na.b = 1\na.d = 3\nc = 2\n",
    ),
    "toml inline": ("toml", "t = {a = 1}\n", {"t.b.c": 2}, "t = {a = 1, b.c = 2}\n"),
    "toml append": ("toml", 'a = ["x",]\n', {"a+": "y"}, 'a = ["x", "y",]\n'),
    "toml append in lines": (
        "toml",
        "a = [\n  1, # one\n  2 # two\n]\n",
        {"a+": [2, 3]},
        "a = [\n  1, # one\n  2, # two\n  3\n]\n",
    ),
    "toml tables": (
        "toml",
        "[[t]]\na = 1\n[t.b]\nc = 1\n\n[u]\n",
        {"t+": {"a": 2}, "t[0].a": 3},
        "[[t]]\na = 3\n[t.b]\nc = 1\n\n[[t]]\na = 2\n\n[u]\n",
    ),
    "toml quoted": ("toml", '["a.b"]\n"c d" = 1\n', {'"a.b"."c d"': 2}, '["a.b"]\n"c d" = 2\n'),
    "toml windows": ("toml", "[t]\r\na = 1\r\n", {"t.b": 2}, "[t]\r\na = 1\r\nb = 2\r\n"),
    "toml without an end": ("toml", "a = 1", {"b": 2}, "a = 1\nb = 2"),
    "toml empty": ("toml", "", {"a.b": 1}, "[a]\nb = 1\n"),
    "yaml value": (
        "yaml",
        "a: x  # c\nb: 'y'\n",
        {"a": "z", "b": "it's"},
        "a: z  # c\nb: 'it''s'\n",
    ),
    "yaml texts that look like something else": (
        "yaml",
        "a: x\n",
        {
            "a": "no",
            "b": "1.10",
            "c": "a: b",
            "d": "x #y",
            "d2": "x #",
            "e": "",
            "f": "- x",
            "g": "é",
        },
        'a: "no"\nb: "1.10"\nc: "a: b"\nd: "x #y"\nd2: "x #"\ne: ""\nf: "- x"\ng: é\n',
    ),
    "yaml new key": (
        "yaml",
        "a:\n    b: 1  # c\n\n    # d\nc: 2\n",
        {"a.x": [1]},
        "a:\n    b: 1  # c\n    x:\n      - 1\n\n    # d\nc: 2\n",
    ),
    "yaml in brackets": (
        "yaml",
        "a: {b: 1}\nc: [x]\n",
        {"a.d": "y", "c+": ["a, b", "u?v"], "e": "u?v"},
        'a: {b: 1, d: y}\nc: [x, "a, b", "u?v"]\ne: u?v\n',
    ),
    "yaml append": (
        "yaml",
        "a:\n- b: 1\n  c: |\n    x\n\n# end\n",
        {"a+": {"b": 2, "e": [3]}},
        "a:\n- b: 1\n  c: |\n    x\n- b: 2\n  e:\n  - 3\n\n# end\n",
    ),
    "yaml no list yet": (
        "yaml",
        "a:\nb:  # c\nd: {e: , f: 1}\n",
        {"a+": "x", "b+": [{"y": 1}], "d.e+": "z"},
        "a:\n  - x\nb:  # c\n  - y: 1\nd: {e: [z], f: 1}\n",
    ),
    "yaml nothing yet": ("yaml", "a:\nb: 1\n", {"a.c.d": 1}, "a:\n  c:\n    d: 1\nb: 1\n"),
    "yaml block to text": ("yaml", "a:\n  - 1\n  - 2\nb: 1\n", {"a": "x"}, "a: x\nb: 1\n"),
    "yaml text to block": (
        "yaml",
        "a: x\nb: 1\n",
        {"a": [1, {"c": 2}]},
        "a:\n  - 1\n  - c: 2\nb: 1\n",
    ),
    "yaml text of lines": (
        "yaml",
        "a:\n  run: |\n    x\n    y\nb: 1\n",
        {"a.run": "z\n\n  w\n"},
        "a:\n  run: |\n    z\n\n      w\nb: 1\n",
    ),
    "yaml as the file indents": (
        "yaml",
        "a:\n    # c\n    x: 1\nb:\n    - 1\n",
        {"c.d": {"e": [1, {"f": "g\nh\n"}]}, "b+": [{"i": {"j": 1}}]},
        "a:\n    # c\n    x: 1\nb:\n    - 1\n    - i:\n          j: 1\n"
        "c:\n    d:\n        e:\n            - 1\n"
        "            - f: |\n                  g\n                  h\n",
    ),
    "yaml lists in line with their keys": (
        "yaml",
        "a:\n- 1\n",
        {"b": [{"c": [2]}]},
        "a:\n- 1\nb:\n- c:\n  - 2\n",
    ),
    "yaml indented in two ways": (
        "yaml",
        "a:\n    x: 1\nb:\n  y: 1\n",
        {"c.d": 1},
        "a:\n    x: 1\nb:\n  y: 1\nc:\n  d: 1\n",
    ),
    "yaml text of lines anew": (
        "yaml",
        "a: x  # c\nb:\n  - y\n  - name: z\nd: [p]\ne: >\n  q\nf: {g: r}\n",
        {
            "a": "1\n2\n",
            "b[0]": "3\n4",
            "b[1].run": "5\n6\n",
            "b+": [{"run": "7\n8\n"}, "9\n"],
            "e": "10\n",
            "f.g": "11\n12\n",
            "h.i": "13\n\n  14\n",
            "j": " 15\n16\n",
        },
        "a: |  # c\n  1\n  2\nb:\n  - |-\n    3\n    4\n  - name: z\n    run: |\n      5\n      6\n"
        "  - run: |\n      7\n      8\n  - |\n    9\nd: [p]\ne: |\n  10\n"
        'f: {g: "11\\n12\\n"}\nh:\n  i: |\n    13\n\n      14\nj: " 15\\n16\\n"\n',
    ),
    "yaml alias": ("yaml", "a: &x 1\nb: *x\n", {"b": 2}, "a: &x 1\nb: 2\n"),
    "yaml numbers": ("yaml", "a: 1\n", {"a": 1e30, "b": 5e-07}, "a: 1.0e+30\nb: 5.0e-07\n"),
    "yaml document": ("yaml", "---\na: 1\n...\n", {"b": 2}, "---\na: 1\nb: 2\n...\n"),
    "yaml without an end": ("yaml", "a: 1", {"b": 2}, "a: 1\nb: 2"),
    "yaml windows": ("yaml", "a:\r\n- 1\r\n", {"a+": 2}, "a:\r\n- 1\r\n- 2\r\n"),
    "yaml word that versions differ about": (
        "yaml",
        "a: no\nb: 010\n",
        {"a": False, "b": 10},
        "a: false\nb: 10\n",
    ),
    "yaml empty": ("yaml", "# c\n", {"a.b": 1}, "# c\na:\n  b: 1\n"),
    "yaml quoted list": (
        "yaml",
        "a:\n  - \"x\"\n  - 'y'\nb:\n  - 'x'\n  - 1\nc: [\"x\"]\n",
        {"a+": "z", "b+": ["y", 2], "c+": "y"},
        "a:\n  - \"x\"\n  - 'y'\n  - z\nb:\n  - 'x'\n  - 1\n  - 'y'\n  - 2\nc: [\"x\", \"y\"]\n",
    ),
    "yaml quoted list anew": (
        "yaml",
        "a:\n  - 'x'\nb: ['x']\nc: 'x'\n",
        {"a": ["y", "z"], "b": ["y"], "c": ["y"]},
        "a:\n  - 'y'\n  - 'z'\nb: ['y']\nc:\n  - y\n",
    ),
    "toml quoted list": (
        "toml",
        "a = ['x']\nb = [\n  'x',\n]\nc = ['x', \"y\"]\nd = ['x']\n",
        {"a+": ["y", "it's"], "b": ["y"], "c+": "z", "d": ["y"]},
        "a = ['x', 'y', \"it's\"]\nb = [\n  'y',\n]\nc = ['x', \"y\", \"z\"]\nd = ['y']\n",
    ),
    "yaml below a comment that ends as a key does": (
        "yaml",
        "a:\n  # the values:\n  - 1\nb: # those:\n  x: 1\nc:\n  # it -\n  y\n",
        {"a": "x", "b": ["y"], "c": "z"},
        "a:\n  # the values:\n  x\nb: # those:\n  [y]\nc:\n  # it -\n  z\n",
    ),
    "yaml key with a sign": ("yaml", '"a #b": [x]\n', {'"a #b"': ["y"]}, '"a #b": [y]\n'),
    "tight brackets": (
        "json",
        '{"a":1,"b":[1,2],"c":[1]}',
        {"d": 2, "b+": [3, 4], "c+": 2},
        '{"a":1,"b":[1,2,3,4],"c":[1, 2],"d":2}',
    ),
    "brackets with a comment": (
        "json",
        '{\n  "a": {\n    // c\n  },\n  "b": [ // d\n  ]\n}\n',
        {"a.x.y": 1, "a.z": 2, "b+": [1, 2]},
        '{\n  "a": {\n    // c\n    "x": {\n      "y": 1\n    },\n    "z": 2\n  },\n'
        '  "b": [ // d\n    1,\n    2\n  ]\n}\n',
    ),
    "toml below lines of a text": (
        "toml",
        'p = 1\n[a]\n  x = """\n      y"""\n[b]\nz.q = """\n    y"""\n',
        {"a.w": 1, "b.z.r": 2, "b.v": 3},
        'p = 1\n[a]\n  x = """\n      y"""\n  w = 1\n[b]\nz.q = """\n    y"""\nz.r = 2\nv = 3\n',
    ),
    "toml in an item of an array of tables": (
        "toml",
        "[[a]]\nn = 1\n\n# c\n[a.b.c]\nx = 1\n[[a.d]]\ny = 1\n\n[[a]]\nn = 2\n",
        {"a[0].b.z": 2, "a[0].d+": [{"y": 2}]},
        "[[a]]\nn = 1\n\n[a.b]\nz = 2\n\n# c\n[a.b.c]\nx = 1\n[[a.d]]\ny = 1\n\n[[a.d]]\ny = 2\n\n"
        "[[a]]\nn = 2\n",
    ),
    "ini indented": (
        "ini",
        "[a]\n\tx = 1\n\ty =\n\t\t2\n[b]\nx = 1\n",
        {"a.z": 3, "a.l": ["4"], "b.z": 3},
        "[a]\n\tx = 1\n\ty =\n\t\t2\n\tz = 3\n\tl =\n\t\t4\n[b]\nx = 1\nz = 3\n",
    ),
    "ini with defaults": (
        "ini",
        "[DEFAULT]\na = 1\n\n[x]\nb = 2\n",
        {"DEFAULT.a": 2, "DEFAULT.c": 3, "x.a": 4, "x.b": 5},
        "[DEFAULT]\na = 2\nc = 3\n\n[x]\nb = 5\na = 4\n",
    ),
    "env without a value": (
        "env",
        "A= # c\nB=\nC=   \nexport D=\t# d\nE= '' # e\nF=#fff # f\n",
        {"A": 1, "B": "2 3", "C": "4", "D": "5", "E": "6"},
        "A=1 # c\nB=\"2 3\"\nC=4   \nexport D=5\t# d\nE= '6' # e\nF=#fff # f\n",
    ),
    "yaml indented list": (
        "yaml",
        "a:\n    - 1\nb: 2\n",
        {"a+": 2},
        "a:\n    - 1\n    - 2\nb: 2\n",
    ),
}


@pytest.mark.parametrize("case", SET)
def test_what_is_set(case: str) -> None:
    language, text, values, expected = SET[case]
    assert made(text, language, values) == expected
    # A byte order mark, and bytes that are no UTF-8, where a comment can be.
    assert made(f"\ufeff{text}", language, values) == f"\ufeff{expected}"


@pytest.mark.parametrize("language", ["toml", "yaml"])
def test_row_23_bytes_that_are_no_text_survive(language: DataLanguage) -> None:
    sign = {"toml": " = ", "yaml": ": "}[language]
    text = f"# caf\udce9 \u2028 \udc80\na{sign}1\n"
    assert made(text, language, {"a": 2}) == f"# caf\udce9 \u2028 \udc80\na{sign}2\n"


CONFLICTS: dict[str, tuple[DataLanguage | None, str | None, dict[str, Any], str]] = {
    "no file": ("json", None, {"a": 1}, "the file does not exist"),
    "no language": (None, "", {"a": 1}, "it can't be told which language this file is in"),
    "no json": ("json", '{"a": 1\n"b": 2}', {"a": 1}, "no JSON: line 2, column 1: a `,` or `}` is"),
    "json with a rest": (
        "json",
        "{}\nx",
        {"a": 1},
        "no JSON: line 2, column 1: nothing may follow",
    ),
    "no toml": ("toml", "a = 1\nb =\n", {"a": 1}, "no TOML: line 2, column 4: Invalid value"),
    "no yaml": ("yaml", "a: 1\nb: [\n", {"a": 1}, "no YAML: line 3, column 1: "),
    "no yaml below other letters": (
        "yaml",
        "# \u00e9\u65e5\n# \u65e5\na: '\u00e9\x01'\n",
        {"a": 1},
        "no YAML: line 3, column 6: control characters",
    ),
    "yaml documents": (
        "yaml",
        "a: 1\n---\nb: 1\n",
        {"a": 2},
        "line 2, column 1: a second document",
    ),
    "through a text": (
        "json",
        '{\n"a": "x"}',
        {"a.b": 1},
        "`a.b` can't be set: `a` is no mapping: it has no key `b` (line 2)",
    ),
    "through a list": ("yaml", "a: [1]\n", {"a.b": 1}, "`a` is a list: it has no key `b` (line 1)"),
    "an item that is not there": (
        "toml",
        "a = [1]\n",
        {"a[1]": 1},
        "`a` has 1 item, and no item [1] (line 1)",
    ),
    "an item of no list": ("json", '{"a": {}}', {"a[0]": 1}, "`a` is no list: it has no item [0]"),
    "an item of nothing": ("json", "{}", {"a[0]": 1}, "a list that is not there has no items"),
    "append to a text": ("yaml", "a: x\n", {"a+": 1}, "it is no list, and nothing can be appended"),
    "a key twice": ("json", '{"a": 1, "a": 2}', {"a": 1}, "`a` stands there twice"),
    "a table": ("toml", "[a]\nb = 1\n", {"a": 1}, "it is a table (line 1)"),
    "tables": ("toml", "[[a]]\nb = 1\n", {"a": [1]}, "it is an array of tables"),
    "no table": ("toml", "[[a]]\nb = 1\n", {"a+": [1]}, "it is an array of tables, and a table is"),
    "a date": (
        "toml",
        "a = 2026-01-01\n",
        {"a": "2026-01-02"},
        "it is a date or a time, and would",
    ),
    "null": ("toml", "a = 1\n", {"a": None}, "TOML has no null"),
    "through an alias": ("yaml", "a: &x {b: 1}\nc: *x\n", {"c.b": 2}, "an alias) (line 2)"),
    "what an alias repeats": (
        "yaml",
        "a: &x {b: 1}\nc: *x\n",
        {"a.b": 2},
        "other values would change",
    ),
    "an option by its other name": (
        "ini",
        "[a]\nMax = 1\n",
        {"a.max": 2},
        "`Max` stands there, which most programs take for the same option (line 2)",
    ),
    "a section twice": (
        "ini",
        "[a]\nx = 1\n[a]\ny = 1\n",
        {"a.x": 2},
        "no INI file: line 3, column 1: the section `a` stands there twice",
    ),
    "an option twice": (
        "ini",
        "x = 1\nx = 2\n",
        {"a.x": 2},
        "no INI file: line 2, column 1: the option `x` stands there twice",
    ),
    "brackets of a comment": ("json", "{ /* c */ }", {"a": 1}, "nothing but a comment"),
    "a list at the top": ("yaml", "- 1\n", {"a": 1}, "the file is a list: it has no key `a`"),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_what_can_not_be_set(case: str) -> None:
    language, text, values, message = CONFLICTS[case]
    assert message in conflict(text, language, values).message


def test_the_first_changed_line_is_told() -> None:
    result = set_values("a = 1\n\n[t]\nb = 1\n", operation("toml", {"a": 1, "t.c": 2}), "x")
    assert isinstance(result, Applied)
    assert result.lines == LineRange(5, 5)


NAMES = st.text("ab.\"' é", min_size=1, max_size=3) | st.sampled_from(["on", "1", "null", "-", "~"])
SCALARS = (
    st.none() | st.booleans() | st.integers(-99, 99) | st.floats(-9, 9) | st.text(max_size=6)
    | st.sampled_from(["no", "010", "1.0", "a: b", " x", "x ", "#", "a\nb", "---", "'", '"', "\t"])
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
FILES = st.dictionaries(NAMES, VALUES, max_size=4)
STYLES: dict[str, Any] = {
    "json": json.dumps,
    "json in lines": lambda data: json.dumps(data, indent=2) + "\n",
    "yaml": lambda data: yaml.safe_dump(data, allow_unicode=True),
    "yaml in brackets": lambda data: yaml.safe_dump(data, default_flow_style=True),
}


@CHECKED
@given(
    data=FILES,
    style=st.sampled_from(list(STYLES)),
    name=NAMES,
    value=SCALARS | st.lists(VALUES, max_size=3),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_value_is_set_and_all_others_stay(
    data: dict[str, Any], style: str, name: str, value: Any, end: str
) -> None:
    language: DataLanguage = "json" if style.startswith("json") else "yaml"
    text = STYLES[style](data)
    # PyYAML itself does not read all texts back that it writes, such as U+0085.
    assume(language == "json" or yaml.safe_load(text) == data)
    text = text.replace("\n", end)
    change = SetValues((Assignment((name,), stated(value)),), language)
    result = set_values(text, change, "x")
    # A value of which versions of YAML differ may be written anew, and then is what it was.
    if isinstance(result, AlreadyApplied):
        assert data[name] == value
        return
    assert isinstance(result, Applied), (result, text)
    assert result.text is not None
    loaded = json.loads(result.text) if language == "json" else yaml.safe_load(result.text)
    assert loaded == {**data, name: value}
    assert isinstance(set_values(result.text, change, "x"), AlreadyApplied)
    # What comes before and after the one changed stretch is as it was, and the change is small.
    assert result.text.count("\r\n") == result.text.count("\n") or end == "\n"


TOMLS = st.lists(
    st.sampled_from(
        [
            "[a]\n", "[a.b]\n", "[c.d.e]\n", "[[f]]\n", "[[f.g]]\n", "# c\n", "\n", "  [h] # c\n",
            'k = "x" # c\n', "l.m = 1\n", "n = [\n  1, # c\n  2,\n]\n", "o = {p = 1, q.r = 2}\n",
            "'s t' = '''\nx'''\n", 'u = """a\\"b"""""\n', "v = 2026-01-01 12:00:00 # c\n",
            "  w = [1, [2, 3], {x = '}'}]\n", "y = nan\n",
        ]
    ),
    max_size=9,
).map("".join)  # fmt: skip


def is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


@CHECKED
@given(
    text=TOMLS.filter(is_toml),
    keys=st.lists(st.sampled_from("abcdefghknlmz") | st.just(0), min_size=1, max_size=3),
    value=st.sampled_from([1, "x", [1], True]),
)
def test_any_key_of_any_toml_is_set_or_refused(text: str, keys: list[Any], value: Any) -> None:
    read_toml(text)  # finds all values where they stand, or says that it does not
    change = SetValues((Assignment(tuple(keys), stated(value)),), "toml")
    result = set_values(text, change, "x")
    if not isinstance(result, Applied):
        return
    assert result.text is not None
    assert isinstance(set_values(result.text, change, "x"), AlreadyApplied)
    # All lines but those of a value that is replaced are there as they were.
    for line in text.split("\n"):
        if "#" in line and "k =" not in line and not line.startswith("  1,"):
            assert line.partition("#")[2] in result.text
