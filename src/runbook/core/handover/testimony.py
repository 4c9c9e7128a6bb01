"""What tests say of a change, one by one: held against what they said before it.

A run that passes proves little to somebody who may have changed what is run. So every test that was
there is still there, what passed passes, and none is newly left out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Sequence

from runbook.core.check.evidence import Evidence
from runbook.core.handover.steering import steers
from runbook.core.record.stepevents import TestOutcome
from runbook.core.text.counting import named
from runbook.core.value import replace, value

_WEIGHT: dict[TestOutcome, int] = {
    "passed": 0, "xpassed": 1, "xfailed": 2, "skipped": 3, "error": 4, "failed": 5,
}  # fmt: skip
_LEFT_OUT = {"skipped": "skipped", "xfailed": "expected to fail"}
_SETTINGS = ("settings ", "options ")
_INSTALLED = "installed:"
_NAMED = 5


@value
class Told:
    """What a check's tests did: the worst outcome of each by its node id, and how they were run.

    `manner` names the plugins, configuration, hooks and conftest files of each run of pytest,
    `patched` functions of pytest's own, and tests, that were not its own any more, and `agreeable`
    classes an object of which equals everything. It is `sealed` where nobody else wrote into the
    records of runs that came to their end. It is `whole` where all tests were collected and run;
    the tests and files of which that is not so are `unknown`, those files `unloaded` that could not
    be. It is `ended` where pytest went on to its end. Paths are from `folder` in the repository.
    """

    outcomes: dict[str, TestOutcome]
    reasons: dict[str, str]
    manner: tuple[str, ...] = ()
    patched: tuple[str, ...] = ()
    agreeable: tuple[str, ...] = ()
    runs: int = 0
    sealed: bool = True
    whole: bool = True
    unknown: frozenset[str] = frozenset()
    unloaded: frozenset[str] = frozenset()
    ended: bool = True
    folder: str = ""

    def path_of(self, name: str) -> str:
        """The path, from the repository's root, of the file that a node id or a path names."""
        return posixpath.normpath(posixpath.join(self.folder, name.partition("::")[0]))


def told(evidence: Evidence) -> Told:
    """What the tests of a command did."""
    outcomes: dict[str, TestOutcome] = {}
    reasons: dict[str, str] = {}
    for result in evidence.results:
        known = outcomes.get(result.node_id)
        if known is None or _WEIGHT[result.outcome] > _WEIGHT[known]:
            outcomes[result.node_id] = result.outcome
            reasons[result.node_id] = result.message.strip().partition("\n")[0]
    manner = dict.fromkeys(line for run in evidence.runs for line in run.manner)
    patched = dict.fromkeys(name for run in evidence.runs for name in run.patched)
    agreeable = dict.fromkeys(name for run in evidence.runs for name in run.agreeable)
    sealed = all(run.sealed for run in evidence.runs if run.finished)
    unloaded = frozenset(each.node_id for run in evidence.runs for each in run.collection_errors)
    return Told(
        outcomes, reasons, tuple(manner), tuple(patched), tuple(agreeable), len(evidence.runs),
        sealed, bool(evidence.runs) and all(run.complete for run in evidence.runs),
        unloaded.union(name for run in evidence.runs for name in run.unfinished),
        unloaded,
        bool(evidence.runs) and not any(run.broken_off for run in evidence.runs),
        _folder({run.root for run in evidence.runs}),
    )  # fmt: skip


def _folder(roots: Collection[str]) -> str:
    """The folder of all paths: where there are several, or it is not known, the top."""
    only = next(iter(roots)) if len(roots) == 1 else ""
    return "" if only.startswith("/") else only


@value
class Objection:
    """What a change did that it may not do, and to what."""

    what: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return listed(self.names, f"{self.what}: ") or self.what


def objections(
    before: Told, after: Told, may_change: Callable[[str], bool], *, half_way: bool = False
) -> Iterator[Objection]:
    """What a change did to tests that it may not do.

    Tests of files that `may_change`, from the repository's root, can go: the originals of those are
    held against the new code apart. Where the change is `half_way`, tests may fail that passed, or
    fail to be loaded.
    """
    place = before if before.runs else after

    def own(name: str) -> bool:
        return may_change(place.path_of(name))

    own_settings = _own_settings(*_differing(before, after), own)
    patched = [
        name
        for name in after.patched
        if name not in before.patched
        and not (name.endswith(" (installed)") and (own_settings or not before.runs))
    ]
    yield from _named("functions of pytest, or tests, were replaced while they ran", patched)
    agreeable = [name for name in after.agreeable if name not in before.agreeable]
    yield from _named("an object equals everything, which proves nothing: of class", agreeable)
    if before.sealed and not after.sealed:
        yield Objection("the record of the tests is not what pytest's own run wrote")
    if before.runs and after.runs > before.runs:
        yield Objection(f"pytest was run {after.runs} times, and {before.runs} before")
    if before.runs and after.runs:
        changed = _set_up_otherwise(before, after, own, half_way=half_way)
        if changed:
            yield Objection(f"pytest is set up otherwise: {'; '.join(changed[:_NAMED])}")
    fixed = [name for name in before.outcomes if not own(name)]
    if after.whole or not half_way:
        yield from _named("no longer run", [n for n in fixed if n not in after.outcomes])
    yield from newly_left_out(before, after)
    if half_way:
        return
    yield from _named(
        "passed before, and not any more",
        [
            name
            for name in fixed
            if before.outcomes[name] == "passed" and after.outcomes.get(name) in ("failed", "error")
        ],
    )


def _differing(before: Told, after: Told) -> tuple[list[str], list[str]]:
    """What pytest is set up by that is new, and what is gone."""
    return (
        [line for line in after.manner if line not in before.manner],
        [line for line in before.manner if line not in after.manner],
    )


def _set_up_otherwise(
    before: Told, after: Told, may_change: Callable[[str], bool], *, half_way: bool
) -> list[str]:
    new, gone = _differing(before, after)
    lines = new if half_way and not after.whole else [*new, *gone]
    # Production code is no part of pytest, whoever may change it.
    changed = [line for line in lines if not _of_tests(line, may_change)]
    if _own_settings(new, gone, may_change):
        changed = [
            line
            for line in changed
            if not line.startswith(_SETTINGS) and not _file_of(line).startswith(_INSTALLED)
        ]
    return changed


def _own_settings(new: list[str], gone: list[str], may_change: Callable[[str], bool]) -> bool:
    """Whether the settings of pytest are others, and whoever did it may change them.

    They say which installed plugins have a part in it.
    """
    settings = [line for line in (*new, *gone) if line.startswith(_SETTINGS)]
    own = [line for line in settings if _of_tests(line, may_change)]
    return bool(own) and all(line in own or _file_of(line) == "none" for line in settings)


def newly_left_out(before: Told, after: Told) -> Iterator[Objection]:
    """The tests that are skipped or expected to fail, and were not before."""
    for outcome, words in _LEFT_OUT.items():
        newly = [
            f"{name} ({after.reasons[name]})" if after.reasons[name] else name
            for name, now in after.outcomes.items()
            if now == outcome and before.outcomes.get(name) != outcome
        ]
        yield from _named(f"newly {words}", newly)


def lost(before: Told, after: Told) -> Iterator[Objection]:
    """What tests say less of than before, whoever may change them.

    Of tests that could not be loaded or were not run before, nothing is known.
    """
    yield from gone(before, after)
    if any(name.rpartition("/")[2] == "conftest.py" for name in before.unknown):
        return  # Without a conftest.py none is.
    known = {
        name: outcome
        for name, outcome in after.outcomes.items()
        if not {name, name.partition("::")[0]} & before.unknown
    }
    yield from newly_left_out(before, replace(after, outcomes=known))


def _of_tests(line: str, may_change: Callable[[str], bool]) -> bool:
    path = _file_of(line)
    return steers(path) and may_change(path)


def _file_of(line: str) -> str:
    return line.rpartition(" ")[2]


def gone(before: Told, after: Told) -> Iterator[Objection]:
    """Tests that are not there any more, to be looked at.

    Of a file that can't be loaded now, as a check of new tests may expect, nothing is known.
    """
    known = (n for n in before.outcomes if n.partition("::")[0] not in after.unloaded)
    yield from _named("tests that are gone", [n for n in known if n not in after.outcomes])


def failing(after: Told) -> list[str]:
    """The tests that do not pass, each with the first line of why."""
    return [
        f"{name}: {after.reasons[name]}" if after.reasons[name] else name
        for name, outcome in after.outcomes.items()
        if outcome in ("failed", "error")
    ]


def unlisted(
    originals: Told, before: Told, after: Told, files: Collection[str], rewrites: tuple[str, ...]
) -> list[str]:
    """Original tests that the new code does not pass, and that are not to be rewritten.

    One that failed before is of them where it was made to pass, or taken away: by the change of the
    test alone, that is. So is one that nobody could load before, and any of the `files`, which are
    what was changed, that can't be loaded as it was: what it would say is not known.
    """
    names = [
        name
        for name, outcome in before.outcomes.items()
        if outcome in ("passed", "failed", "error")
        and originals.outcomes.get(name, "passed") in ("failed", "error", "skipped", "xfailed")
        and (outcome == "passed" or after.outcomes.get(name, "passed") == "passed")
    ]
    names += [
        name
        for name, outcome in originals.outcomes.items()
        if name not in before.outcomes
        and originals.path_of(name) in files
        and outcome in ("failed", "error")
        and after.outcomes.get(name, "passed") == "passed"
    ]
    known = {before.path_of(name) for name in before.outcomes}.union(files)
    unloaded = originals.unloaded - after.unloaded
    names += sorted(name for name in unloaded if originals.path_of(name) in known)
    if not names and after.ended and not originals.ended:
        folder = f"{after.folder}/" if after.folder else ""
        names += (each.removeprefix(folder) for each in files)
    return [name for name in names if not _is_listed(name, after, rewrites)]


def _is_listed(name: str, place: Told, rewrites: tuple[str, ...]) -> bool:
    """Whether a test, or its file, is named; its path may be told from the repository's root."""
    path, colons, test = name.partition("::")
    names = (name, place.path_of(path) + colons + test)
    return any(each == own or own.startswith(f"{each}::") for each in rewrites for own in names)


def shows_nothing(
    after: Told, on_old_code: Told, before: Told, is_its_own: Callable[[str], bool]
) -> tuple[bool, list[str]]:
    """Whether no test that passes fails `on_old_code`; and which new ones of its own do not.

    Those are of files, from the repository's root, of which `is_its_own` says so.
    """
    passed = [name for name, outcome in after.outcomes.items() if outcome == "passed"]
    there = {name for name, outcome in on_old_code.outcomes.items() if outcome == "passed"}
    idle = [
        name
        for name in passed
        if name in there and name not in before.outcomes and is_its_own(after.path_of(name))
    ]
    return there.issuperset(passed), idle


def listed(names: Sequence[str], words: str) -> str:
    """The first of some names, after what is said of them; nothing where there are none."""
    return f"{words}{named(names, _NAMED)}" if names else ""


def _named(what: str, names: list[str]) -> Iterator[Objection]:
    if names:
        yield Objection(what, tuple(names))
