"""Keys that a form does not have: which one was meant, or of what it is one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from runbook.core.model.diagnostics import nearest
from runbook.core.text.counting import one_of
from runbook.core.value import value

_NEAR = 0.7
"""How much of a misspelt key has to be right; at 0.6 `foreach` would be `fresh`."""

# What other tools and formats call a key → what it is called here, the likelier one first.
_WORDS: tuple[tuple[str, str], ...] = (
    ("old old-string old-str old-text find search search-for target original", "replace"),
    ("new new-string new-str new-text by to replacement replace-with value", "with"),
    ("content contents file-content body write write-file", "create rewrite-file"),
    ("file path paths filename filepath file-path", "edit files glob"),
    ("move rename rename-to destination dest mv", "move-to"),
    ("rm remove-file unlink", "delete"),
    ("insert-after", "after"),
    ("insert-before", "before"),
    ("add", "append insert"),
    ("occurrences times replace-all", "count"),
    ("diff", "patch"),
    ("command cmd shell bash script exec entry", "verify run"),
    ("cmds commands script recipe", "steps"),
    ("timeout-minutes timeout-seconds time-limit", "timeout"),
    ("retry attempts max-attempts", "retries"),
    ("continue-on-error ignore-errors allow-failure", "expect"),
    ("test", "tests verify"),
    ("check assert", "verify"),
    ("message msg", "commit"),
    ("ask question prompt approve", "confirm"),
    ("human instruction instructions todo", "manual"),
    ("name", "title id"),
    ("description desc summary", "goal note"),
    ("depends depends-on needs", "requires"),
    ("checks verify verifications", "verification"),
    ("acceptance acceptance-criteria criteria", "verifies"),
    ("cwd dir directory working-dir working-directory", "workdir"),
    ("environment environ vars variables", "env"),
    ("stdout output-contains stdout-contains includes", "contains"),
    ("not-contains output-not-contains stdout-not-contains excludes lacks", "absent"),
    ("regex regexp pattern output-matches stdout-matches", "matches"),
    ("exit-code exit-status status status-code code return-code returncode rc", "exit"),
    ("author authors co-author co-authors", "co-authored-by"),
)
_CALLED = {word: meant.split() for words, meant in _WORDS for word in words.split()}

_AROUND = (
    "a phase", "the series file", "a task", "an edit", "a run step", "a verify step",
    "a commit step", "a manual step", "a confirm step", "`expect`", "`tests`",
)  # fmt: skip
"""The forms among which keys are put into the wrong one; each stands in one before it."""

_MOST = 4
"""Of how many forms a key is named; one that more of them have says too little."""


@value
class Misnamed:
    """What is said of a name that is no key: the keys that were `meant`, and a hint."""

    meant: tuple[str, ...] = ()
    hint: str | None = None


def misnamed(
    name: str,
    known: Collection[str],
    forms: Mapping[str, Collection[str]] | None = None,
    there: Collection[str] = (),
) -> Misnamed:
    """What a name was meant to be that none of the `known` keys has.

    `forms` are the keys of each form by its name, and `there` the keys that are stated already.
    """
    plain = name.lower().replace("_", "-")
    called = [plain] if plain in known else _CALLED.get(plain, [])
    here = [key for key in called if key in known]
    left = [key for key in here if key not in there]
    if here:
        return _meant(left) if left else _stated(name, here[0], known, there)
    for key in (plain, *called):
        elsewhere = [form for form in _AROUND if key in (forms or {}).get(form, ())]
        if 0 < len(elsewhere) <= _MOST:
            whose = f"a key of {one_of(elsewhere)}"
            return Misnamed(
                hint=f"`{key}` is {whose}" if key == plain else f"did you mean `{key}`, {whose}?"
            )
    near = nearest(name, known, _NEAR)
    return Misnamed() if near is None else _meant([near])


def _stated(name: str, key: str, known: Collection[str], there: Collection[str]) -> Misnamed:
    """What is said of a name for a key that is stated as well."""
    if key == "replace" and "with" in known and "with" not in there:
        return Misnamed(("with",), f"write `replace` for `{name}`, and `with` for `replace`")
    return Misnamed(hint=f"`{key}` says that, which stands here as well")


def _meant(keys: list[str]) -> Misnamed:
    return Misnamed(tuple(keys), f"did you mean {one_of(f'`{each}`' for each in keys)}?")
