"""Edits that words have made once more, in another file: "Apply the same change to `b.md`"."""

from __future__ import annotations

import re
from itertools import takewhile

from runbook.core.model.model import Edit
from runbook.core.model.operations import Operation
from runbook.markdown.importing.places.files import Scope, named
from runbook.markdown.importing.places.landing import THERE
from runbook.markdown.importing.places.trial import Tried, new_texts, old_texts
from runbook.markdown.importing.steps.ledger import Ledger
from runbook.markdown.importing.words.conditions import conditional
from runbook.markdown.importing.words.prose import may_order
from runbook.markdown.importing.words.vocabulary import anycase, sentences

_THING = r"((change|edit|replacement|insertion|addition|update|fix|rule|section|block)s?)"
_AGAIN = anycase(
    rf"\W*(apply|make|repeat|do|add) the (same|identical) {_THING}"
    r"( (to|in) (the ([\w-]+ ){0,3}(at|in) )?(?P<file>`[^`\n]+`))?\W*"
)
_DIFFERS = anycase(
    r"\b(but|only|except|instead|differ\w*|here|rather|other\w*|not)\b|n['\u2019]t\b"
)
_CODE = re.compile(r"`([^`\n]+)`")


def made_again(ledger: Ledger, words: str, scope: Scope, line: int) -> bool:
    """Whether words have the edits right before them made in one other file, in which all apply.

    Sentences that tell of the same things once more, or order nothing, may stand beside.
    """
    before = list(takewhile(lambda each: isinstance(each, Edit), reversed(ledger.steps)))[::-1]
    edits = [each for each in before if isinstance(each, Edit)]
    said = [(each, _AGAIN.fullmatch(each)) for each in sentences(words)]
    orders = [found for _, found in said if found]
    if not edits or len(orders) != 1 or conditional(words) or not ledger.trial.has_repository:
        return False
    titled = _AGAIN.fullmatch(scope.title)
    paths = named(orders[0]["file"] or (titled and titled["file"]) or "", scope)
    shown = "\n".join(text for it in edits for each in it.changes for text in _texts(each))
    beside = all(
        found or _restates(each, shown) or not (may_order(each) or _DIFFERS.search(each))
        for each, found in said
    )
    targets = {each.targets for each in edits}
    if len(paths) != 1 or not beside or len(targets) != 1 or (paths[0],) in targets:
        return False
    copy, tried = ledger.trial.copy(), list[Tried]()
    for each in edits:
        tried.append(copy.attempt(Edit((paths[0],), each.changes)))
    if any(each.why or each.how == "by form" or THERE in each.warning for each in tried):
        return False
    for each in edits:
        ledger.accept(ledger.trial.attempt(Edit((paths[0],), each.changes)), line)
        ledger.note(words)
    return True


def _texts(change: Operation) -> list[str]:
    return [*old_texts(change), *new_texts(change)]


def _restates(sentence: str, shown: str) -> bool:
    """Whether a sentence speaks of the same things, all of which the edits show."""
    codes = _CODE.findall(sentence)
    same = re.search(r"\bthe same\b", sentence, re.IGNORECASE) is not None
    return same and bool(codes) and all(code in shown for code in codes)
