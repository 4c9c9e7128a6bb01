"""Models as the loader makes them, for tests over all that a phase file can say.

`series()` draws a whole series with its phases settled: what a phase inherits is filled in, as
`load_series` does it. `characters` limits what texts are made of, where a test needs that.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy, composite

from runbook.core.matching.texts import LineRange, Text
from runbook.core.model import paths as path_rules
from runbook.core.model.data import Assignment, Number, Removal, Table, show_value
from runbook.core.model.delegate import Confinement, Delegate
from runbook.core.model.model import (
    Commit,
    Confirm,
    Count,
    Distinct,
    Edit,
    Expect,
    FailsAt,
    Manual,
    Note,
    Phase,
    Run,
    Series,
    Service,
    Settings,
    Step,
    Task,
    TestsExpectation,
    Verify,
)
from runbook.core.model.operations import (
    LOOKING,
    Append,
    Create,
    Delete,
    DropImport,
    EnsureImport,
    Glob,
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
    SetValues,
    Structural,
    Substitute,
    Target,
    UnsetValues,
)
from runbook.core.value import value
from runbook.format.syntax import HARMFUL
from runbook.phasefile.loader import Loaded

# What has a meaning in YAML, Markdown, the shell or git, next to all of Unicode.
PIECES = (
    " ", "  ", "\t", "\n", "\n\n", "\r\n", "#", " # ", ": ", ":", "- ", "---", "...", "```", "````",
    "~~~", "`", "'", '"', "\\", "{", "}", "[", "]", "{{ x }}", "<!--", "-->", "--", "!", "&a", "*",
    "|", ">", "%", "@", "?", "null", "~", "no", "010", "12:30", "x", "word", "    def f(self):\n",
    "$(x)", "EOF", "Expected:", "**", "* * *", "<b>", "é", "漢", "👩‍👩‍👧",
    "\u3000", "\xa0", "\u200b", "Run:", "Step 1:", "1. ", "| a |", "&lt;",
    "\x0c", "\x1b[0m", "\x85", "\u2028", "\ufeff",
)  # fmt: skip
# Texts that a person would write, and that no Markdown renderer takes for anything else.
TAME = st.characters(categories=["Ll", "Lu", "Nd"]) | st.sampled_from(
    (" ", " word ", ", ", ".", "(", ")", "_", "=", "'", '"', "é", "漢")
)
WILD = st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"], exclude_characters="\0")


@value
class Alphabet:
    """What the texts of a model are made of."""

    pieces: SearchStrategy[str]

    def text(self, least: int = 0, most: int = 12) -> SearchStrategy[str]:
        """Any text, lines and all."""
        return st.lists(self.pieces, min_size=least, max_size=most).map("".join)

    def spoken(self) -> SearchStrategy[str]:
        """A text that says something."""
        return self.text(1).filter(lambda text: text.strip() != "")

    def paragraph(self) -> SearchStrategy[str]:
        """A text that may be long enough to be folded."""
        words = st.lists(self.text(1, 3), min_size=20, max_size=50).map(" ".join)
        return self.text() | words

    def lines(self) -> SearchStrategy[Text]:
        """Whole lines, which a block scalar can hold."""
        return self.text().map(_whole).filter(lambda text: not HARMFUL.search(text.value))

    def source(self) -> SearchStrategy[Text]:
        """A piece of source text, of either kind."""
        inline = self.text().map(lambda text: Text(text.replace("\r\n", "\n"), False))
        return inline | self.lines()

    def search(self) -> SearchStrategy[Text]:
        """A source text that can be looked for."""
        return self.source().filter(lambda text: text.value.strip("\n") != "")


def _whole(text: str) -> Text:
    text = text.replace("\r", "")
    return Text(text + "\n" if text and not text.endswith("\n") else text, True)


NAMES = st.from_regex(r"[a-z0-9]{1,6}([-_.][a-z0-9]{1,4})?", fullmatch=True).filter(
    lambda name: name != "verification" and re.match(r"task-\d", name) is None
)
VARIABLES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
DURATIONS = (
    st.integers(1, 10_000_000).map(float)
    | st.sampled_from([0.5, 0.001, 90.0, 600.0, 5400.0])
    | st.floats(1e-6, 9e5).map(lambda number: round(number, 4)).filter(bool)
)
COUNTS = st.builds(
    Count, st.sampled_from(["==", "!=", ">=", "<=", ">", "<"]), st.integers(0, 10**17)
)
PEOPLE = st.from_regex(r"[A-Z][a-zé]{1,8}( [A-Z'#]{1,8})? <[a-z]{1,5}@[a-z]{1,5}>", fullmatch=True)
TRAILERS = st.from_regex(r"[A-Z][a-z-]{1,8}: [a-z#:@][a-z#:@\\\"'éß ]{0,12}[a-z]", fullmatch=True)
HINTS = st.tuples(st.integers(1, 500), st.integers(0, 40)).map(lambda a: LineRange(a[0], sum(a)))
REGEXES = st.sampled_from(
    [r"\bgw\d+\b", r"^a$", "a|b", r"(?P<x>\d+): #", "'\"", "a\n", "a\nb", r"\S+\s", "[{}]", "é"]
)

IMPORTS = st.sampled_from(
    ["import os", "import a.b as c", "from . import x", "from typing import Any, List as L"]
)


@cache
def paths(alphabet: Alphabet) -> SearchStrategy[str]:
    """Paths, most as people write them."""
    usual = st.from_regex(r"[a-z_]{1,8}(/[a-z_]{1,8})?\.(py|md|toml|txt)", fullmatch=True)
    odd = alphabet.text(1, 4).filter(lambda text: path_rules.objection(text) is None)
    return usual | usual | odd | st.sampled_from(["app/[id].tsx", "a b.py", "it's.py", "é.md"])


@cache
def targets(alphabet: Alphabet) -> SearchStrategy[Target]:
    """Paths and globs."""
    return paths(alphabet) | st.sampled_from([Glob("src/**/*.py"), Glob("*.md")])


def some(items: SearchStrategy[Any], least: int = 0, most: int = 3) -> SearchStrategy[Any]:
    """A tuple of them."""
    return st.lists(items, min_size=least, max_size=most).map(tuple)


@cache
def environments(alphabet: Alphabet) -> SearchStrategy[Any]:
    """Variables with their values."""
    return st.dictionaries(VARIABLES, alphabet.text(), max_size=3).map(lambda e: tuple(e.items()))


@cache
def operations(alphabet: Alphabet) -> SearchStrategy[Operation]:
    """Every operation of an edit, in every form."""
    counts: Any = st.integers(1, 9) | st.just("all")
    source, search = alphabet.source(), alphabet.search()
    bounds = st.fixed_dictionaries(
        {},
        optional={
            "lines": HINTS,
            "count": counts,
            "match": st.sampled_from(["exact", "indent", "whitespace"]),
        },
    )
    found: SearchStrategy[Any] = st.one_of(
        st.builds(lambda a, b, c: Replace(a, b, **c), search, source, bounds),
        st.builds(lambda a, b: Remove(a, **b), search, bounds),
        st.builds(
            lambda a, b, c, d: Insert(a, b, c, **d),
            st.sampled_from(["after", "before"]), search, source, bounds,
        ),
        st.builds(
            lambda a, b, c, d: ReplaceRange(a, b, c, **{k: d[k] for k in d if k != "count"}),
            search, search, source, bounds,
        ),
        st.builds(Append, source),
        st.builds(Prepend, source),
        st.builds(Create, source, st.none() | st.integers(0, 0o777)),
        st.builds(RewriteFile, source),
        st.just(Delete()),
        st.builds(MoveTo, paths(alphabet)),
        st.builds(
            lambda a, b, c: SetValues(a, b, **c),
            assignments(alphabet),
            st.sampled_from(["toml", "yaml", "json", "ini", "env", "requirements"]),
            st.dictionaries(
                st.sampled_from(["after", "before"]),
                st.sampled_from(["a", "tool.x", 'a."b c"']),
                max_size=1,
            ),
        ),
        st.builds(EnsureImport, some(IMPORTS, 1)),
        st.builds(DropImport, some(IMPORTS, 1)),
        st.builds(UnsetValues, removals(alphabet), st.sampled_from(["toml", "ini"])),
        st.builds(
            lambda a, b, c, d: Structural(a + "$A", **b, **c, **d),
            alphabet.text().map(lambda text: text.removesuffix("\n").replace("$", "")),
            alphabet.text().map(lambda text: {"pattern": f"x{text.replace('$', '')}$A"})
            | assignments(alphabet).map(_rule),
            st.fixed_dictionaries({}, optional={"count": counts, "lines": HINTS}),
            st.fixed_dictionaries({"language": st.sampled_from(["python", "go"])}),
        ),
        st.builds(RemoveLines, REGEXES, counts),
        st.builds(Rename, renames(alphabet)),
        st.builds(
            lambda a, b, c, d: Indent(a, b, c, **d),
            alphabet.lines().filter(lambda text: text.value.strip("\n") != ""),
            alphabet.lines().filter(lambda text: text.value.strip("\n") != ""),
            st.integers(-9, 99).filter(bool),
            st.fixed_dictionaries({}, optional={"lines": HINTS}),
        ),
        st.builds(Substitute, REGEXES, st.sampled_from(["", "x: #", "'", r"\\", "a\n"]), counts),
    )  # fmt: skip
    return found.filter(_makes_sense)


@cache
def removals(alphabet: Alphabet) -> SearchStrategy[tuple[Removal, ...]]:
    """What `unset` takes away: keys, and items of lists, none of which is a mapping by itself."""

    def one(stated: Assignment) -> Removal:
        keys = stated.keys if isinstance(stated.keys[-1], str) else (*stated.keys, "x")
        return Removal(keys, stated.value if stated.append else ())  # type: ignore[arg-type]

    return assignments(alphabet).map(lambda found: tuple(map(one, found)))


@cache
def renames(alphabet: Alphabet) -> SearchStrategy[tuple[tuple[str, str], ...]]:
    """Names with new ones, none of which is an old one."""

    def line(text: str) -> str:
        return re.sub(r"[\r\n]", "", text)

    old = alphabet.text(1).map(line).filter(str.strip)
    tables = st.dictionaries(old, alphabet.text().map(line), min_size=1, max_size=3)
    return tables.map(lambda t: tuple((a, b) for a, b in t.items() if b not in t)).filter(bool)


@cache
def assignments(alphabet: Alphabet) -> SearchStrategy[tuple[Assignment, ...]]:
    """What `set` sets: keys that are not within each other, and values of all kinds."""
    numbers = st.sampled_from(["0", "-1", "1.10", "2e3"]).map(Number)
    values: Any = st.recursive(
        st.none() | st.booleans() | numbers | alphabet.text(),
        lambda inner: (
            st.lists(inner, max_size=3).map(tuple)
            | st.dictionaries(alphabet.text(), inner, max_size=2).map(
                lambda t: Table(tuple(t.items()))
            )
        ),
        max_leaves=5,
    )
    rest = st.lists(alphabet.text(1) | st.integers(-3, 3), max_size=2)

    @composite
    def found(draw: DrawFn) -> tuple[Assignment, ...]:
        made = []
        for first in draw(st.lists(alphabet.text(1), min_size=1, max_size=3, unique=True)):
            keys = (first, *draw(rest))
            if draw(st.booleans()):
                added = draw(st.lists(values, min_size=1, max_size=2).map(tuple))
                made.append(Assignment(keys, added, append=True))
                continue
            value = draw(values)
            # A mapping that is a value itself goes deeper, unless it is empty.
            stated = (value,) if isinstance(value, Table) and value.entries else value
            made.append(Assignment(keys, stated))
        return tuple(made)

    return found()


def _rule(found: tuple[Assignment, ...]) -> dict[str, str]:
    values = ((f"x{index}", each.value) for index, each in enumerate(found))
    return {"rule": show_value(Table((("pattern", "f($A)"), *values)))}


def _makes_sense(change: Operation) -> bool:
    match change:
        case Replace(search, replacement):
            if search.value == replacement.value:
                return False
            anchor = search
        case Remove(anchor) | Insert(_, anchor) | ReplaceRange(anchor):
            pass
        case _:
            return True
    return change.match != "indent" or anchor.whole_lines


@cache
def expectations(alphabet: Alphabet) -> SearchStrategy[Expect]:
    """Expectations of every kind."""
    text = alphabet.text(1).filter(bool)
    tallies: Any = COUNTS | some(alphabet.spoken(), 1)
    tests = st.builds(TestsExpectation, st.sampled_from(["pass", "fail"])) | st.builds(
        TestsExpectation,
        passed=st.none() | tallies,
        failed=st.none() | tallies,
        errors=st.none() | tallies,
        skipped=st.none() | tallies,
        xfailed=st.none() | tallies,
        xpassed=st.none() | tallies,
        deselected=st.none() | tallies,
        rerun=st.none() | tallies,
        warnings=st.none()
        | COUNTS
        | st.dictionaries(VARIABLES, COUNTS, min_size=1, max_size=2).map(
            lambda b: tuple(b.items())
        ),
        workers=st.none() | COUNTS,
        workers_per_file=st.none() | COUNTS,
        fails_with=some(alphabet.text()),
    )
    exits: Any = st.just("nonzero") | some(st.integers(0, 255), 1)
    stated: SearchStrategy[Any] = st.fixed_dictionaries(
        {},
        optional={
            "exit": exits,
            "tests": tests,
            "contains": some(text, 1),
            "absent": some(text, 1),
            "matches": some(REGEXES, 1),
            "distinct": st.builds(Distinct, REGEXES, COUNTS),
            "output": alphabet.text(),
            "empty": st.booleans(),
            "line_count": COUNTS,
            "prose": alphabet.paragraph(),
        },
    )
    return stated.map(lambda keys: Expect(**keys))


@cache
def steps(alphabet: Alphabet) -> SearchStrategy[Step]:
    """Steps of the six kinds."""
    title, note = st.none() | alphabet.spoken(), st.none() | alphabet.paragraph()
    words = {"title": title, "note": note}
    command = {
        "expect": st.just(Expect()) | expectations(alphabet),
        "timeout": st.none() | DURATIONS,
        "env": st.just(()) | environments(alphabet),
        **words,
    }
    files = some(targets(alphabet), 1)
    states: Any = st.sampled_from(["task", "phase", "series", "base"])
    fails_at = (
        st.none()
        | states
        | st.builds(FailsAt, states, st.none() | st.just(()) | some(targets(alphabet), 1))
    )
    return st.one_of(
        st.builds(Edit, some(targets(alphabet), 1), some(operations(alphabet), 1), **words),
        st.builds(
            Edit,
            st.just((Glob("src/**", "contains"),)),
            some(operations(alphabet).filter(lambda each: isinstance(each, LOOKING)), 1),
        ),
        st.builds(Run, alphabet.spoken(), files, **command),
        st.builds(
            Verify,
            alphabet.spoken(),
            **command,
            retries=st.integers(0, 3),
            fails_at=fails_at,
            guard=st.booleans(),
            hidden=st.booleans(),
            fresh=st.booleans(),
            ahead=st.booleans(),
        ).map(lambda step: replace(step, guard=step.guard and step.fails_at is None)),
        st.builds(
            Commit, alphabet.spoken(), st.none() | files, st.just(()) | some(TRAILERS), **words
        ),
        st.builds(Confirm, alphabet.spoken(), **words),
        st.builds(
            Manual,
            alphabet.spoken(),
            files,
            **words,
            rewrites=some(alphabet.spoken()),
            delegate=st.none() | delegates(alphabet),
        ),
    )


@cache
def delegates(alphabet: Alphabet) -> SearchStrategy[Delegate]:
    """Delegates, and nobody in the place of one."""
    modes: Any = st.sampled_from(["auto", "required", "off"])
    causes: Any = st.sampled_from([("manual",), ("check",), ("manual", "check")])
    folders = some(alphabet.spoken())
    confine = st.builds(Confinement, modes, folders).map(
        lambda each: replace(each, write=() if each.mode == "off" else each.write)
    )
    places: Any = st.sampled_from(["clean", "here"])
    return st.just(Delegate(None)) | st.builds(
        Delegate,
        alphabet.spoken(),
        st.integers(1, 9),
        st.none() | DURATIONS,
        st.none() | DURATIONS,
        causes,
        confine,
        places,
        st.booleans(),
        st.none() | TRAILERS,
    )


@cache
def shared_settings(alphabet: Alphabet) -> SearchStrategy[Settings]:
    """Settings of a series or a phase, as they are stated."""
    services = st.builds(
        Service,
        NAMES,
        alphabet.spoken(),
        st.none() | REGEXES,
        st.none() | VARIABLES,
        st.none() | DURATIONS,
    )
    folders = st.none() | paths(alphabet) | st.just("a/b")
    return st.builds(
        Settings,
        workdir=folders.map(_folder) | st.just("."),
        worktree=folders.map(_folder),
        co_authored_by=st.none() | some(PEOPLE),
        env=st.none() | environments(alphabet),
        secrets=st.none() | some(VARIABLES, 1),
        services=st.none()
        | some(services).map(lambda found: tuple({each.name: each for each in found}.values())),
        timeout=st.none() | DURATIONS,
        delegate=st.none() | delegates(alphabet),
        carry=st.none() | some(paths(alphabet).map(_folder).filter(bool)),
        setup=st.none() | alphabet.spoken(),
        jobs=st.none() | st.integers(0, 64),
        ahead=st.none() | st.booleans(),
    )


def _folder(path: str | None) -> str | None:
    # A folder's name is read without the slash at its end.
    return None if path is None else path.rstrip("/") or None


@composite
def phases(draw: DrawFn, alphabet: Alphabet, number: int = 1, *, last: bool = True) -> Phase:
    """A phase as its file states it, not settled; the `last` of a series may have no number."""
    name = draw(st.sampled_from([f"phase-{number}", f"{number}", f"sails_{number}.v2"]))
    base = draw(st.none() | st.sampled_from(["1234567", "main", "v1.0"]))
    tasks = []
    for index in range(draw(st.integers(1, 3))):
        own = draw(st.none() | NAMES)
        tasks.append(
            Task(
                f"{name}/{f'task-{index + 1}' if own is None else f'{own}-{index}'}",
                draw(alphabet.spoken()),
                tuple(_legal(step, base) for step in draw(some(steps(alphabet), 1))),
                draw(st.none() | st.sampled_from(["A", "B", "two words"])),
                draw(some(alphabet.spoken())),
                draw(st.none() | alphabet.paragraph()),
                draw(st.none() | delegates(alphabet)),
            )
        )
    notes = st.builds(Note, alphabet.spoken(), alphabet.paragraph(), st.booleans())
    verification = (
        _legal(step, base, "task")
        for step in draw(some(steps(alphabet)))
        if isinstance(step, Verify | Manual | Confirm)
    )
    title = draw(st.none() | alphabet.spoken())
    return Phase(
        name,
        draw(alphabet.spoken() | alphabet.paragraph().filter(lambda text: text.strip() != "")),
        tuple(tasks),
        number=draw(st.sampled_from([number, None])) if last and title is not None else number,
        of=draw(st.none() | st.integers(0, 99)),
        title=title,
        architecture=draw(st.none() | alphabet.paragraph()),
        tech_stack=draw(st.none() | alphabet.paragraph()),
        verified=draw(st.none() | st.just("2026-02-04") | alphabet.spoken()),
        base=base,
        notes=tuple(sorted(draw(some(notes)), key=lambda note: note.after_tasks)),
        verification=tuple(verification),
        settings=draw(shared_settings(alphabet)),
    )


def _legal(step: Step, base: str | None, *not_here: str) -> Step:
    """The step with a starting state that its phase has."""
    if isinstance(step, Verify) and (
        step.fails_in in not_here or (step.fails_in == "base" and base is None)
    ):
        return replace(step, fails_at=None)
    return step


@composite
def single_steps(draw: DrawFn, alphabet: Alphabet) -> Loaded:
    """A series of one phase with one step: little to draw, so many can be."""
    step = draw(steps(alphabet))
    task = Task("phase-1/task-1", "A task", (step,))
    return Loaded(Series(), (_settled(Phase("phase-1", "Test.", (task,), 1, base="main")),))


def _settled(phase: Phase, series: Series = Series()) -> Phase:  # noqa: B008 - immutable
    return replace(
        phase,
        of=phase.of if phase.of is not None else series.of,
        verified=phase.verified or series.verified,
        tech_stack=phase.tech_stack or series.tech_stack,
        settings=phase.settings.over(series.settings),
    )


@composite
def whole_series(draw: DrawFn, alphabet: Alphabet, most: int = 2) -> Loaded:
    """A series with its phases, at most so many, settled and in order."""
    series = draw(
        st.builds(
            Series,
            st.none() | alphabet.spoken(),
            st.none() | st.integers(0, 99),
            st.none() | st.just("2026-02-04") | alphabet.spoken(),
            st.none() | alphabet.paragraph(),
            shared_settings(alphabet),
        )
    )
    found: list[Phase] = []
    count = draw(st.integers(1, most))
    for number in range(1, count + 1):
        stated = draw(phases(alphabet, number, last=number == count))
        required = draw(st.sampled_from([(), tuple(each.id for each in found)]))
        found.append(_settled(replace(stated, requires=required), series))
    return Loaded(series, tuple(found))
