"""What judges a command and is none of its output: sentences, its own name, what others print."""

from __future__ import annotations

import pytest
from planning import STEP, steps

from runbook.core.model.model import Confirm, Edit, Expect, Manual, Verify
from runbook.markdown.importing.commands.facts import facts
from runbook.markdown.importing.expectations.expected import read_expected

ALL = "- `make ship` passes.\n- `git diff --check` prints nothing and exits 0.\n- `rg` exits 1."


def read(command: str, words: str, shown: str | None = None) -> Expect:
    """What these words, and an output under them, expect of a command, without the words."""
    found = read_expected(words, shown, facts(command)).expect
    return Expect(
        found.exit,
        found.tests,
        found.contains,
        found.absent,
        found.matches,
        None,
        found.output,
        found.empty,
        found.line_count,
    )


@pytest.mark.parametrize(
    ("shown", "ends"),
    [
        ("FAIL because `sea.py` does not exist yet.", "nonzero"),
        ("The new tests fail because the mast\nis not there yet.", "nonzero"),
        ("All tests pass, and the ship is built.", None),
        ("make ship passes.\nThe last one prints that all is well.", None),
        ("PASS", None),
    ],
)
def test_sentences_in_a_block_say_how_a_command_ends(shown: str, ends: str | None) -> None:
    (step,) = steps(f"{STEP}Run: `make ship`\n\nExpected:\n\n```text\n{shown}\n```\n")
    assert isinstance(step, Verify)
    assert (step.expect.exit, step.expect.contains) == (ends, ())
    assert step.expect.prose == shown


@pytest.mark.parametrize("shown", ["Wrote the log.", "2 ships: all pass.", "ready", "Ships: 3."])
def test_what_a_program_may_print_is_looked_for(shown: str) -> None:
    (step,) = steps(f"{STEP}Run: `make ship`\n\nExpected:\n\n```text\n{shown}\n```\n")
    assert isinstance(step, Verify)
    assert step.expect.contains == (shown,)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("make ship", Expect()),
        ("git diff --check", Expect(empty=True)),
        ("rg mast", Expect(exit=(1,))),
    ],
)
def test_of_many_items_that_of_the_command_is_its_own(command: str, expected: Expect) -> None:
    assert read(command, ALL) == expected


def test_items_without_a_colon_are_each_of_their_command() -> None:
    words = ALL.replace("`rg`", "`rg mast`")
    script = "make ship\ngit diff --check\nrg mast"
    made = steps(f"{STEP}Run:\n\n```bash\n{script}\n```\n\nExpected:\n{words}\n")
    assert [each.expect.exit for each in made if isinstance(each, Verify)] == [None, None, (1,)]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("make ship", "`tsc` exits with code 0."),
        ("make ship", "`tsc --noEmit && vite build` completes with no errors."),
        ("npm install", "`lock.json` updates the version to `1.0`"),
        ("cat a.json", "`a.json` content is displayed, followed by the mast"),
    ],
)
def test_what_is_spoken_of_is_not_looked_for(command: str, words: str) -> None:
    assert read(command, words) == Expect()


@pytest.mark.parametrize(
    ("command", "words", "expected"),
    [
        ("ls -la docks/", "Empty directory listing", Expect()),  # it lists the folder itself
        ("ls docks/", "Empty directory listing", Expect(empty=True)),
        ("git status", "Working tree is clean (only untracked files of the dock)", Expect()),
        ("git status", "Working tree is clean", Expect(contains=("nothing to commit",))),
        ("rg mast", "any hits are remarks", Expect(exit=(0, 1))),
        ("rg mast", "missing or incomplete matches", Expect(exit=(0, 1))),
        ("pytest", 'exit 0, "no tests ran" (or collected 0 items)', Expect(exit=(0, 5))),
        ("pytest", 'Exits 0 with "no tests ran" or similar.', Expect(exit=(0, 5))),
    ],
)
def test_what_a_program_does_otherwise_is_not_demanded(
    command: str, words: str, expected: Expect
) -> None:
    assert read(command, words) == expected


def test_a_number_that_is_shown_is_all_of_it() -> None:
    assert read("grep -c mast a", "", "0\n") == Expect(exit=(1,), matches=(r"(^|:)\s*0\s*$",))
    assert read("jq length a", "", "14\n").matches == (r"(^|[:\s])\s*14\b",)


def test_commands_of_a_list_with_changes_are_each_run() -> None:
    listed = "- `make lint`\n- Add `import os` to `a.py`\n- `make ship`"
    made = steps(f"{STEP}Run:\n{listed}\n\nExpected: PASS\n", {"a.py": "A = 1\n"})
    assert [type(each) for each in made] == [Verify, Edit, Verify]
    # Where more is said of one, it may be no order.
    hedged = listed.replace("`make lint`", "`make lint` if there is one")
    made = steps(f"{STEP}Run:\n{hedged}\n\nExpected: PASS\n", {"a.py": "A = 1\n"})
    assert "make lint" not in [each.command for each in made if isinstance(each, Verify)]


def test_a_risk_that_is_known_is_no_work() -> None:
    risk = "> Known risk: the first run may take long; run it again."
    (step,) = steps(f"{STEP}Run: `make ship`\nExpected: PASS\n\n{risk}\n")
    assert isinstance(step, Verify)
    assert "Known risk" in (step.note or "")
    made = steps(f"{STEP}Run: `make ship`\nExpected: PASS\n\n{risk} Then delete `a.py`.\n")
    assert [type(each) for each in made] == [Verify, Manual]


@pytest.mark.parametrize("title", ["Run: `make ship`", "Run `make ship`", "- [ ] Run: `make ship`"])
def test_a_title_that_says_to_run_has_what_is_expected_under_it(title: str) -> None:
    boxed = title if title.startswith("-") else f"- [ ] **Step 1: {title}**"
    (step,) = steps(f"{boxed}\n\n  Expected: FAIL\n")
    assert isinstance(step, Verify)
    assert (step.command, step.expect.exit) == ("make ship", "nonzero")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Install the hooks", Manual),
        ("Rebuild and restart", Manual),
        ("Run the whole suite", Manual),
        ("Verify the page", Confirm),
        ("Open the page", Confirm),
    ],
)
def test_what_is_expected_of_an_order_asks_for_no_yes(title: str, kind: type) -> None:
    (step,) = steps(f"**Step 1: {title}**\n\nExpected: all ships are shown.\n")
    assert isinstance(step, kind)


def test_what_is_said_of_an_exit_behind_an_output_leaves_the_output() -> None:
    assert read("make ship", "`no ships to build.` exit 0.").contains == ("no ships to build.",)
    # What a file gets is not printed.
    assert read("npm install", "`a/lock.json` updates to include `mast`.") == Expect()


def test_a_title_alone_that_has_someone_do_something_asks_for_no_yes() -> None:
    (step,) = steps("**Step 1: Click Create**\n")
    assert isinstance(step, Manual)
