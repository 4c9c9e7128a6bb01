"""Each row of the table of forms makes what its examples say, and leaves what it says it leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from planning import block, steps

from runbook.core.edit.edits import apply
from runbook.core.matching.results import Applied
from runbook.core.model.model import Edit, Step
from runbook.core.model.operations import Create, RewriteFile
from runbook.markdown.importing.forms.form import Block as Shown
from runbook.markdown.importing.forms.form import Example, Form, made_by
from runbook.markdown.importing.forms.table import COMMON, FORMS
from runbook.markdown.importing.places.files import Scope
from runbook.markdown.importing.text.pieces import Piece
from runbook.markdown.importing.words.filelist import FileMention, Role
from runbook.transforms.transforms import TRANSFORMS

TABLE = (*COMMON, *FORMS)
EXAMPLES = [(form, each) for form in TABLE for each in form.examples]
LEFT = [(form, words) for form in TABLE for words in form.but]
# These are made of more than one or two lines of words and blocks.
OF_SEVERAL = {
    "code, where the Files block says that it goes",
    "a diff",
    "all from a block through another",
    "a section, from its heading to the next one",
}
LANGUAGES = {"md": "markdown", "py": "python", "rs": "rust", "ts": "typescript"}


def language(example: Example) -> str:
    suffix = Path(example.path).suffix.removeprefix(".")
    return LANGUAGES.get(suffix, suffix)


def imported(example: Example) -> tuple[Step, ...]:
    """The steps of a task that is nothing but the example."""
    role = "Create" if example.file is None else "Modify"
    blocks = [(example.words, example.code), *([example.then] if example.then else [])]
    body = "".join(f"{words}{block(code, language(example))}" for words, code in blocks)
    files = {} if example.file is None else {example.path: example.file}
    return steps(f"**Files:**\n- {role}: `{example.path}`\n\n**Step 1: Sail**\n\n{body}", files)


def made(form: Form, example: Example) -> bool:
    """Whether the form itself makes something of the example's words and blocks."""
    role: Role = "create" if example.file is None else "modify"
    texts = {} if example.file is None else {example.path: example.file}
    mentions = (FileMention(example.path, role, 1),)
    scope = Scope(mentions, "Sail", (), texts.__contains__, texts.get, True)
    blocks = [(example.words, example.code), *([example.then] if example.then else [])]
    pieces = [
        piece
        for words, code in blocks
        for piece in (
            Piece("prose", words, 1, 1),
            Piece("code", code, 2, 3, language(example)),
        )
    ]
    found = made_by(form, Shown(pieces, 1, scope, None, set()))
    if found is None:
        return False
    return not callable(found.change) or not isinstance(found.change(example.file or ""), str)


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=lambda each: getattr(each, "words", ""))
def test_a_form_makes_what_its_example_says(form: Form, example: Example) -> None:
    assert made(form, example)
    (step,) = imported(example)
    assert isinstance(step, Edit)
    assert step.targets == (example.path,)
    text = example.file
    for change in step.changes:
        if isinstance(change, Create | RewriteFile):
            text = change.text.value
            continue
        result = apply(text, change, example.path, TRANSFORMS)
        assert isinstance(result, Applied)
        text = result.text
    assert text == example.made


@pytest.mark.parametrize(("form", "words"), LEFT, ids=lambda each: getattr(each, "name", each))
def test_a_form_leaves_what_says_nearly_the_same(form: Form, words: str) -> None:
    example = replace(form.examples[0], words=words)
    assert not made(form, example)
    assert not any(
        isinstance(step, Edit) and step.targets == (example.path,) for step in imported(example)
    )


def test_every_form_of_one_or_two_blocks_has_examples() -> None:
    assert {form.name for form in TABLE if not form.examples} <= OF_SEVERAL
    assert all(form.but for form in TABLE if form.examples)
    assert len({form.name for form in TABLE}) == len(TABLE)
