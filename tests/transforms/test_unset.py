"""Keys and items that go from data files, and new keys that go beside others."""

from __future__ import annotations

import pytest

from runbook.core.matching.results import AlreadyApplied, Applied, Conflict
from runbook.core.model.data import Assignment, Number, Removal, Table, Value, read_keys
from runbook.core.model.operations import SetValues, UnsetValues
from runbook.transforms.settings import set_values

ONE = Number("1")
TOML = """\
[project]
name = "x"
# What it needs.
dependencies = [
    "six",  # for ever
    "flask",
]
tags = ["p", "q"]

[tool.black]
line = 1

[tool.ruff]
q.a = 1
q.b = 2

[tool.black.sub]
z = 1

[[t]]
a = 1

[[t]]
a = 2
"""
YAML = """\
# Above.
a: 1  # beside
b:
  # of x
  x: 1
  y:
    - p
    - q: 1
      r: 2
c: {d: 1, e: [1, 2]}
"""
GROUPS = "# web\nflask\n\n# db\nsqlalchemy\n"
LISTS = """\
[run]
source =
    a
    b

[report]
y=2
"""
JSON = """\
{
  "a": 1, // first
  "b": {"x": 1, "y": 2},
  "c": [
    "p",
    "q"
  ]
}
"""
SETUP = """\
[metadata]
name=x

[options]
install_requires =
    six
    # why
    flask
packages = find:

[options.extras_require]
dev = pytest
"""
ENV = '# c\nexport A=1\nB="two words" # c\nC=\n'
TWICE = "b\ntrust_me==1.1; python_version < '3.9'\nTrust-Me==1.2\n"
PARTED = "# Above.\na: 1\nb:\n  x: 1\n\nc:\n  - p\n\n  - q\n"
NEEDS = "# c\nDjango>=3  # web\n-r base.txt\nsix==1 \\\n    --hash=sha256:a\nzope.interface\n"


def unset(keys: str, *items: Value) -> UnsetValues:
    return UnsetValues((Removal(read_keys(keys)[0], items),))


def put(keys: str, value: Value, **place: str) -> SetValues:
    found, append = read_keys(keys)
    return SetValues((Assignment(found, value, append),), None, **place)  # type: ignore[arg-type]


# The file, the operation, and the line that stands there before and after.
MADE: list[tuple[str, str, SetValues | UnsetValues, str, str]] = [
    ("a.toml", TOML, unset("project.name"), 'name = "x"\n', ""),
    ("a.toml", TOML, unset("project.dependencies", "six"), '    "six",  # for ever\n', ""),
    ("a.toml", TOML, unset("project.dependencies", "flask"), '    "flask",\n', ""),
    ("a.toml", TOML, unset("project.tags", "q"), '["p", "q"]', '["p"]'),
    ("a.toml", TOML, unset("project.tags", "p", "q"), '["p", "q"]', "[]"),
    ("a.toml", TOML, unset("tool.ruff"), "[tool.ruff]\nq.a = 1\nq.b = 2\n\n", ""),
    ("a.toml", TOML, unset("tool.ruff.q"), "q.a = 1\nq.b = 2\n", ""),
    ("a.toml", TOML, unset("tool.ruff.q.a"), "q.a = 1\n", ""),
    ("a.toml", TOML, unset("t", Table((("a", ONE),))), "[[t]]\na = 1\n\n", ""),
    ("a.toml", TOML, unset("t"), "\n[[t]]\na = 1\n\n[[t]]\na = 2\n", ""),
    ("a.toml", TOML, put("project.v", "1", after="name"), '"x"\n', '"x"\nv = "1"\n'),
    ("a.toml", TOML, put("project.v", "1", before="project.dependencies"), "# W", 'v = "1"\n# W'),
    ("a.yml", YAML, unset("a"), "a: 1  # beside\n", ""),
    ("a.yml", YAML, unset("b.y", "p"), "    - p\n", ""),
    ("a.yml", YAML, unset("b.y", Table((("q", ONE),))), "    - q: 1\n      r: 2\n", ""),
    ("a.yml", YAML, unset("b.y[1].q"), "- q: 1\n      r: 2", "- r: 2"),
    ("a.yml", YAML, unset("c.d"), "{d: 1, e", "{e"),
    ("a.yml", YAML, unset("c.e", ONE, Number("2")), "[1, 2]", "[]"),
    ("a.yml", YAML, put("b.w", True, before="x"), "  # of x", "  w: true\n  # of x"),
    ("a.yml", YAML, put("b.w", True, after="y"), "r: 2\n", "r: 2\n  w: true\n"),
    ("a.yml", YAML, put("c.f", ONE, after="d"), "d: 1, ", "d: 1, f: 1, "),
    ("a.yml", YAML, put("b.y[1].s", ONE, before="q"), "- q: 1", "- s: 1\n      q: 1"),
    ("a.json", JSON, unset("a"), '  "a": 1, // first\n', ""),
    ("a.json", JSON, unset("b.y"), ', "y": 2', ""),
    ("a.json", JSON, unset("c"), ',\n  "c": [\n    "p",\n    "q"\n  ]\n', "\n"),
    ("a.json", JSON, unset("c", "q"), '"p",\n    "q"\n', '"p"\n'),
    ("a.json", JSON, put("n", ONE, after="a"), "// first\n", '// first\n  "n": 1,\n'),
    ("a.json", JSON, put("n", ONE, before="b"), '  "b"', '  "n": 1,\n  "b"'),
    ("a.json", JSON, put("b.n", ONE, after="y"), '"y": 2', '"y": 2, "n": 1'),
    ("setup.cfg", SETUP, unset("options.install_requires", "six"), "    six\n", ""),
    (
        "setup.cfg",
        SETUP,
        unset("options.install_requires"),
        "install_requires =\n    six\n    # why\n    flask\n",
        "",
    ),
    (
        "setup.cfg",
        SETUP,
        unset("options.extras_require"),
        "\n[options.extras_require]\ndev = pytest\n",
        "",
    ),
    ("setup.cfg", SETUP, put("metadata.name", "y"), "name=x", "name=y"),
    ("setup.cfg", SETUP, put("options.packages", ("a", "b")), " find:", "\n    a\n    b"),
    (
        "setup.cfg",
        SETUP,
        put("options.extras_require.test", "tox"),
        "pytest\n",
        "pytest\ntest = tox\n",
    ),
    ("setup.cfg", SETUP, put("options.install_requires+", ("a",)), "flask\n", "flask\n    a\n"),
    (
        "setup.cfg",
        SETUP,
        put("options.z", True, before="packages"),
        "packages",
        "z = true\npackages",
    ),
    ("setup.cfg", SETUP, put("mypy.strict", True), "pytest\n", "pytest\n\n[mypy]\nstrict = true\n"),
    (".editorconfig", "[*]\nend=lf\n", put("root", True), "", "root=true\n\n"),
    ("tox.ini", LISTS, put("run.x", ONE), "    b\n", "    b\nx = 1\n"),
    ("tox.ini", LISTS, put("report.x", ONE), "y=2\n", "y=2\nx=1\n"),
    ("tox.ini", LISTS, put("xml.x", ONE), "y=2\n", "y=2\n\n[xml]\nx=1\n"),
    ("tox.ini", "[a]\nb =\n    c\n", put("d.x", ONE), "    c\n", "    c\n\n[d]\nx = 1\n"),
    ("tox.ini", "[a]\nb=\n    c\n", put("d.x", ONE), "    c\n", "    c\n\n[d]\nx=1\n"),
    ("tox.ini", "[a]\nb:\n    c\n", put("d.x", ONE), "    c\n", "    c\n\n[d]\nx: 1\n"),
    ("tox.ini", "[tox]\nenvlist=", put("tox.envlist", "a"), "envlist=", "envlist=a"),
    (".env", ENV, put("A", ONE), "", ""),
    (".env", ENV, put("B", "x $y"), '"two words"', "'x $y'"),
    # What refers to another variable goes on doing so.
    (".env", "A=${B}/x\n", put("A", "${B}/y"), "${B}/x", "${B}/y"),
    (".env", 'A="$B/x"\n', put("A", "$B/y z"), "$B/x", "$B/y z"),
    (".env", "A='$B/x'\n", put("A", "$B/y"), "$B/x", "$B/y"),
    (".env", 'A="\\$B"\n', put("A", "$C"), '"\\$B"', "'$C'"),
    ("requirements.txt", GROUPS, put("redis", ""), "flask\n", "flask\nredis\n"),
    ("a.toml", "[[a]]\nb = 1\n", unset("a", Table((("b", ONE),))), "[[a]]\nb = 1\n", ""),
    (".env", ENV, put("C", "v"), "C=\n", "C=v\n"),
    (".env.test", ENV, put("D", "a b", after="A"), "A=1\n", 'A=1\nexport D="a b"\n'),
    (".env.test", ENV, put("D", "a", after="B"), "# c\nC", "# c\nD=a\nC"),
    (".env", ENV, put("D", "a"), "C=\n", "C=\nD=a\n"),
    (".env", ENV, unset("B"), 'B="two words" # c\n', ""),
    ("requirements.txt", NEEDS, put("django", ">=4"), "Django>=3  #", "Django>=4  #"),
    ("requirements.txt", NEEDS, put("httpx", ""), "six==1", "httpx\nsix==1"),
    ("requirements-dev.txt", NEEDS, unset("six"), "six==1 \\\n    --hash=sha256:a\n", ""),
    ("requirements.txt", NEEDS, unset("Zope.Interface"), "zope.interface\n", ""),
    ("requirements.txt", "b\na", put("c", "[x]>1"), "b\na", "b\na\nc[x]>1"),
    ("requirements.txt", TWICE, unset("trust-me"), TWICE.removeprefix("b\n"), ""),
    ("a.yaml", "- h: 1\n- h: 1\n", put("[-1].h", "b"), "- h: 1\n- h: 1\n", "- h: 1\n- h: b\n"),
    ("a.json", '[{"h": 1}]\n', put("[0].i", ONE), "1}", '1, "i": 1}'),
    ("a.yaml", "a: 1  # c\n", put("a", ("b", "c")), "a: 1  # c", "a:  # c\n  - b\n  - c"),
    ("a.yaml", "a:  # c\nd: 1\n", put("a.b", ONE), "  # c\n", "  # c\n  b: 1\n"),
    ("a.yaml", "a: |  # c\n  x\n  y\n", put("a", "z"), "|  # c\n  x\n  y\n", "z  # c\n"),
    ("a.yaml", "a: |  # c\n  x\n  y\n", put("a", "x\nz\n"), "  y", "  z"),
    ("a.yaml", "a: >-  # c\n  x\n", put("a", ("b",)), " >-  # c\n  x", "  # c\n  - b"),
    ("a.yaml", PARTED, put("b2", ONE, after="b"), "c:", "b2: 1\n\nc:"),
    ("a.yaml", PARTED, put("d", ONE), "  - q\n", "  - q\n\nd: 1\n"),
    ("a.yaml", PARTED, put("z", ONE, before="a"), "# Above.\na", "z: 1\n# Above.\na"),
    ("a.yaml", PARTED, put("c0", ONE, before="c"), "c:", "c0: 1\n\nc:"),
    ("a.yaml", PARTED, put("a2", ONE, after="a"), "b:", "a2: 1\nb:"),
    ("a.yaml", PARTED, put("c+", ("r",)), "  - q\n", "  - q\n\n  - r\n"),
    ("a.yaml", PARTED, put("b.y", ONE), "  x: 1\n", "  x: 1\n  y: 1\n"),
]


# The file, what goes, and what is left.
PARTED_BY_LINES: list[tuple[str, str, UnsetValues, str]] = [
    ("a.yml", "l:\n- a\n\n- b\n\n- c\n", unset("l", "a"), "l:\n- b\n\n- c\n"),
    ("a.yml", "l:\n- a\n\n- b\n\n- c\n", unset("l", "a", "b"), "l:\n- c\n"),
    ("a.yml", "l:\n- a\n\n- b\n\n- c\n", unset("l", "b"), "l:\n- a\n\n- c\n"),
    ("a.yml", "l:\n- a\n\n- b\n\n- c\n", unset("l", "c"), "l:\n- a\n\n- b\n"),
    ("a.yml", "l:\n- a\n\n- b\n\nm: 1\n", unset("l", "b"), "l:\n- a\n\nm: 1\n"),
    ("a.yml", "l:\n- a\n\n- b\nm: 1\n", unset("l", "b"), "l:\n- a\nm: 1\n"),
    ("a.yml", "l:\n\n- a\n\n- b\n", unset("l", "a"), "l:\n\n- b\n"),
    ("a.yml", "# c\na: 1\n\nb: 1\n", unset("a"), "# c\n\nb: 1\n"),
    ("a.yml", "a: 1\n\n# c\nb: 1\n", unset("b"), "a: 1\n\n# c\n"),
    ("a.toml", "[t]\na = 1\n\nb = 1\n\n[u]\n", unset("t.a"), "[t]\nb = 1\n\n[u]\n"),
    ("a.toml", "[t]\na = 1\n\nb = 1\n\n[u]\n", unset("t.b"), "[t]\na = 1\n\n[u]\n"),
    ("a.toml", "[t]\na = 1\n\n[u]\n", unset("t.a"), "[t]\n\n[u]\n"),
    (
        "a.toml",
        'l = [\n  "a",\n\n  # c\n  "b",\n]\n',
        unset("l", "a"),
        'l = [\n  # c\n  "b",\n]\n',
    ),
    ("a.json", '{\n  "a": 1,\n\n  "b": 1\n}\n', unset("b"), '{\n  "a": 1\n}\n'),
    ("a.ini", "[a]\nx = 1\n\ny = 1\n\nz = 1\n", unset("a.y"), "[a]\nx = 1\n\nz = 1\n"),
    ("a.ini", "[a]\nx = 1\n\n[b]\ny = 1\n\n", unset("b"), "[a]\nx = 1\n"),
    ("a.ini", "[a]\nx = 1\n\n[b]\ny = 1\n", unset("a.x"), "[a]\n\n[b]\ny = 1\n"),
    (".env", "A=1\n\nB=1\n", unset("A"), "B=1\n"),
    ("a.json", '{\n  // c\n  "a": 1 // d\n}\n', unset("a"), "{\n  // c\n}\n"),
    ("a.json", '{\n  // c\n  "a": 1, }\n', unset("a"), "{\n  // c\n   }\n"),
    ("a.json", '{"a": {\n  "b": 1\n}}\n', unset("a.b"), '{"a": {}}\n'),
    # A comment behind another one is about that one, also where lines hold several.
    ("a.json", '{"a": 1, // a\n "b": 1}\n', unset("b"), '{"a": 1 // a\n}\n'),
    ("a.json", '{"a": 1 /* a */, "b": 1}\n', unset("b"), '{"a": 1 /* a */}\n'),
    ("a.json", '{"a": 1, /* b */ "b": 1}\n', unset("b"), '{"a": 1}\n'),
    ("a.json", '{"a": 1, // a\n // b\n "b": 1}\n', unset("a"), '{\n // b\n "b": 1}\n'),
    ("a.yml", "l: [a, # a\n  b]\n", unset("l", "b"), "l: [a # a\n]\n"),
    ("a.toml", 'l = ["a", # a\n  "b"]\n', unset("l", "b"), 'l = ["a" # a\n]\n'),
    ("a.json", '{"l": [\n  // c\n  1\n]}\n', unset("l", ONE), '{"l": [\n  // c\n]}\n'),
    ("a.yml", "l: [\n  # c\n  1,\n]\n", unset("l", ONE), "l: [\n  # c\n]\n"),
    ("a.yml", "l: [ 1 ]\nm: {a: 1}\n", unset("m.a"), "l: [ 1 ]\nm: {}\n"),
    ("a.yml", "a:\n  # c:\n  b: 1\n", unset("a.b"), "a:\n  # c:\n  {}\n"),
    ("requirements.txt", "a\n\nb\n\nc\n", unset("b"), "a\n\nc\n"),
    ("requirements.txt", "b\n\nb\n\nc\n", unset("b"), "c\n"),
    ("requirements.txt", "# x\na\n\n# y\nb\n", unset("a"), "# x\n\n# y\nb\n"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "text", "operation", "left"),
    PARTED_BY_LINES,
    ids=[str(n) for n in range(len(PARTED_BY_LINES))],
)
def test_what_parted_it_from_others_goes_along(
    path: str, text: str, operation: UnsetValues, left: str, end: str
) -> None:
    result = set_values(text.replace("\n", end), operation, path)
    assert isinstance(result, Applied), result
    assert result.text == left.replace("\n", end)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "text", "operation", "old", "new"), MADE, ids=[str(n) for n in range(len(MADE))]
)
def test_nothing_else_changes(
    path: str, text: str, operation: SetValues | UnsetValues, old: str, new: str, end: str
) -> None:
    expected = text.replace(old, new, 1).replace("\n", end)
    result = set_values(text.replace("\n", end), operation, path)
    if old == new:
        assert isinstance(result, AlreadyApplied)
        return
    assert isinstance(result, Applied), result
    assert result.text == expected
    assert isinstance(set_values(expected, operation, path), AlreadyApplied)


def test_tables_in_several_places_go_together() -> None:
    result = set_values(TOML, unset("tool.black"), "a.toml")
    assert isinstance(result, Applied)
    expected = TOML.replace("[tool.black]\nline = 1\n\n", "").replace(
        "[tool.black.sub]\nz = 1\n\n", ""
    )
    assert result.text == expected


def test_several_new_keys_stand_in_their_order() -> None:
    stated = tuple(Assignment(("project", key), key) for key in "abc")
    for operation, expected in (
        (SetValues(stated, after="name"), '"x"\na = "a"\nb = "b"\nc = "c"\n#'),
        (SetValues(stated, before="name"), ']\na = "a"\nb = "b"\nc = "c"\nname'),
    ):
        result = set_values(TOML, operation, "a.toml")
        assert isinstance(result, Applied)
        assert result.text is not None
        assert expected in result.text


@pytest.mark.parametrize(
    "operation", [unset("nope"), unset("project.nope.x"), unset("project.tags", "z")]
)
def test_what_is_not_there_is_gone(operation: UnsetValues) -> None:
    assert isinstance(set_values(TOML, operation, "a.toml"), AlreadyApplied)


@pytest.mark.parametrize(
    ("path", "text", "operation", "said"),
    [
        ("a.toml", TOML, unset("project.name", "x"), "it is no list, and has no items (line 2)"),
        ("a.toml", TOML, unset("project.name.x"), "`project.name` is no mapping"),
        ("a.toml", TOML, put("project.v", "1", after="nam"), "there is no key `nam` to go after"),
        ("a.toml", TOML, put("project.v", "1", after="tool.ruff"), "does not stand in one mapping"),
        ("a.toml", TOML, put("tool.z", "1", after="ruff"), "no key of the table's own lines"),
        ("setup.cfg", SETUP, put("a.b", None), "such a file has no null"),
        (".env", ENV, put("A", ("x",)), "such a file has no lists"),
        (".env", "A\n", put("A", "x"), "the file is no file of variables: line 1"),
        ("setup.cfg", "[a]\n[a]\n", put("a.b", "x"), "the file is no INI file: line 2"),
        ("a.txt", "", put("a", "x"), "which language this file is in"),
        ("requirements.txt", TWICE, put("trust-me", "==2"), "`trust-me` stands there twice"),
        ("a.yaml", YAML, unset("b.y.q", "1"), "`b.y` is a list: it has no key `q`"),
        (".env", "A=1\n", put("[0].A", "x"), "such a file is no list"),
        ("a.yaml", "a: &x 1\nb: *x\n", unset("a"), "other values would change with it"),
        ("a.yaml", "a: 1\nb: *x\n", unset("a"), "line 2, column 4: no anchor before it is `x`"),
        ("a.yaml", "a: &x [*x]\n", put("b", "1"), "line 1, column 8: no anchor before it is `x`"),
    ],
)
def test_what_can_not_be_done_is_a_conflict(
    path: str, text: str, operation: SetValues | UnsetValues, said: str
) -> None:
    result = set_values(text, operation, path)
    assert isinstance(result, Conflict)
    assert said in result.message
