"""The Markdown plan: the seed's structure, and source text that comes through as it is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook.core.matching.texts import Text
from runbook.core.model.model import (
    Commit,
    Confirm,
    Edit,
    Expect,
    Manual,
    Note,
    Phase,
    Series,
    Step,
    Task,
    Verify,
)
from runbook.core.model.operations import Create, Replace
from runbook.markdown.plan import plan
from runbook.phasefile.loader import load_series

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^(`{3,})([a-z]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def our_own() -> str:
    found = load_series(ROOT / "phases")
    (phase,) = [each for each in found.phases if each.id == "phase-3"]
    return plan(found.series, phase)


def planned(*steps: Step, **other: object) -> str:
    """The plan of a phase with one task."""
    task = Task("phase-1/task-1", "A task", steps)
    phase = Phase("phase-1", "Test.", (task,), number=1, **other)  # type: ignore[arg-type]
    return plan(Series(title="A series"), phase)


def fences(text: str) -> list[tuple[str, str]]:
    """Language and content of each fenced block, in order."""
    return [(language, content) for _, language, content in FENCED.findall(text)]


def whole(text: str) -> Text:
    return Text(text, whole_lines=True)


SEED = """\
# Database Test NullPool Migration - Phase 3
**Goal:**
**Architecture:**
**Tech Stack:**
**Scope:**
**Codebase verified:**
---
## Context: Why This Works
---
<!-- START_SUBCOMPONENT_A (tasks 1-2) -->
<!-- START_TASK_1 -->
### Task 1: Remove xdist_group from test_workspace_crud.py
**Files:**
**Step 1: Remove xdist_group marker**
**Step 2: Verify tests still pass locally**
**Step 3: Commit**
<!-- END_TASK_1 -->
<!-- START_TASK_2 -->
### Task 2: Remove xdist_group from test_workspace_persistence.py
**Files:**
**Step 1: Remove xdist_group marker**
**Step 2: Verify tests still pass locally**
**Step 3: Commit**
<!-- END_TASK_2 -->
<!-- END_SUBCOMPONENT_A -->
---
<!-- START_TASK_3 -->
### Task 3: Verify xdist parallelism works for workspace tests
**Files:**
**Step 1: Run workspace tests with xdist**
**Step 2: Verify tests distributed**
<!-- END_TASK_3 -->
---
## Phase 3 Verification
"""


def test_our_own_plan_has_the_structure_of_the_seed() -> None:
    outline = re.findall(
        r"^(?:#+ .*|---|<!-- .*|\*\*Step .*\*\*|\*\*[A-Z][A-Za-z ]*:\*\*)",
        re.sub("<!-- runbook: .*", "", FENCED.sub("", our_own())),
        re.MULTILINE,
    )
    assert "\n".join(outline) + "\n" == SEED


def test_our_own_plan_says_what_the_phase_file_says() -> None:
    text = our_own()
    assert re.match(
        r"# Database Test NullPool Migration - Phase 3\n\n<!-- .* -->\n\n\*\*Goal:\*\* Remove ",
        text,
    )
    assert "\n**Scope:** Phase 3 of 7\n\n**Codebase verified:** 2026-02-04\n\n---\n" in text
    assert (
        "\n**Files:**\n- Modify: `tests/integration/test_workspace_crud.py:16-22`\n\n**Step 1: "
        in text
    )
    assert "\n**Files:** No changes - verification only\n" in text
    assert "\n```\n\nExpected: All tests pass\n\n" in text
    assert "\nNote: With single marker, we don't need a list.\n" in text
    assert "printed\n\n<!-- runbook: " in text
    assert not re.search(r"\n{3}", FENCED.sub("fence", text))


def test_our_own_plan_names_files_and_folders_from_the_repository_s_root() -> None:
    commands = [content for language, content in fences(our_own()) if language == "bash"]
    assert len(commands) == 7
    for command in commands:
        assert command.startswith("(cd .worktrees/database-test-nullpool/examples/workspaces && ")


def test_a_commit_s_command_has_its_message_and_trailers() -> None:
    commit = next(content for _, content in fences(our_own()) if "git commit" in content)
    assert commit.endswith(
        "git add tests/integration/test_workspace_crud.py && git commit -m \"$(cat <<'EOF'\n"
        "refactor(tests): remove xdist_group from test_workspace_crud\n\n"
        "With reset_db_engine_per_test disposing engine after each test, and\n"
        "xdist workers being separate processes, clustering is no longer needed.\n\n"
        'Co-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>\nEOF\n)")\n'
    )


def test_a_commit_s_command_makes_the_commit_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    message = 'Subject: `it`\'s "$HOME"\n\n$(false)\nEOF\n\\n\n'
    (tmp_path / "it's $x.py").write_text("x\n", encoding="utf-8")
    text = planned(
        Edit(("it's $x.py",), (Create(whole("x\n")),)), Commit(message, trailers=("Refs: 12",))
    )
    command = fences(text)[-1][1]
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for key, value in (("user.name", "Ada"), ("user.email", "ada@example.org")):
        subprocess.run(["git", "config", key, value], cwd=tmp_path, check=True)
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, capture_output=True)
    shown = subprocess.run(
        ["git", "log", "-1", "--format=%B", "--name-only", "-z"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert shown.split("\0")[0].strip() == f"{message.strip()}\n\nRefs: 12"
    assert "it's $x.py" in shown


def test_the_plan_is_the_same_every_time() -> None:
    assert our_own() == our_own()


def test_the_plan_is_the_same_whatever_the_hash_seed() -> None:
    code = (
        "from pathlib import Path; from runbook.markdown.plan import plan;"
        "from runbook.phasefile.loader import load_series;"
        "found = load_series(Path('phases'));"
        "(phase,) = [each for each in found.phases if each.id == 'phase-3'];"
        "print(plan(found.series, phase), end='')"
    )
    for seed in ("1", "2"):
        said = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
            check=True,
            capture_output=True,
        ).stdout
        assert said.decode() == our_own()


@pytest.mark.parametrize(
    ("inner", "fence"),
    [("a", "```"), ("``", "```"), ("```", "````"), ("````md", "`````"), ("`" * 9, "`" * 10)],
)
def test_a_fence_is_longer_than_any_inside_it(inner: str, fence: str) -> None:
    text = planned(Edit(("a.md",), (Create(whole(f"{inner}\nx\n")),)))
    assert f"\n{fence}markdown\n{inner}\nx\n{fence}\n" in text


def test_blank_lines_in_source_text_survive() -> None:
    source = "\n\n\ndef f():\n\n\n\n    pass\n\n\n"
    text = planned(
        Edit(("a.py",), (Replace(whole(source), whole(source * 2)),)),
        Verify("a\n\n\n\nb"),
        Commit("Subject\n\nA\n\n\n\nB\n"),
        Manual("One\n\n\n\nTwo", ("a.py",)),
    )
    contents = [content for _, content in fences(text)]
    assert contents[:3] == [source, source * 2, "a\n\n\n\nb\n"]
    assert "Subject\n\nA\n\n\n\nB\n" in contents[3]
    assert "\nOne\n\n\n\nTwo\n" in text


TEMPLATED = "{{ a }} ${{ b }} {% if c %} {# d #} {{ '{{' }} &lt; <b> & \\1 \\g<0>"


def test_row_43_source_text_is_never_templated() -> None:
    phase_words = {
        "architecture": TEMPLATED,
        "notes": (Note("Before", TEMPLATED), Note("After", TEMPLATED, True)),
    }
    text = planned(
        Edit(
            ("a.txt",),
            (Replace(whole(f"{TEMPLATED}\n"), Text(TEMPLATED, False)), Create(whole(TEMPLATED))),
            TEMPLATED,
            TEMPLATED,
        ),
        Verify(TEMPLATED, Expect(prose=TEMPLATED)),
        Verify("x", Expect(contains=(TEMPLATED,))),
        Commit(TEMPLATED),
        Manual(TEMPLATED, ("a",)),
        **phase_words,
    )
    assert text.count(TEMPLATED) == 13


@settings(deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")
        | st.sampled_from("`\n{} 0"),
        min_size=1,
    )
)
def test_any_source_text_comes_through(source: str) -> None:
    block = source if source.endswith("\n") else source + "\n"
    text = planned(Edit(("a.py",), (Create(whole(block)),)))
    begin = text.index("Create `a.py`:\n\n") + len("Create `a.py`:\n\n")
    fence = re.match("`+", text[begin:])
    assert fence is not None
    assert text[begin:].startswith(f"{fence[0]}python\n{block}{fence[0]}\n")


def test_untitled_steps_continue_the_one_before_them() -> None:
    text = planned(
        Edit(("a.py",), (Create(whole("x\n")),), "Write it"),
        Verify("one"),
        Verify("two", title="Look again"),
        Commit("Subject"),
        Verify("three"),
    )
    titles = re.findall(r"^\*\*Step (\d+: .*)\*\*$", text, re.MULTILINE)
    assert titles == ["1: Write it", "2: Look again", "3: Commit", "4: Verify"]


def test_tasks_of_one_group_that_follow_each_other_stand_together() -> None:
    def task(number: int, group: str | None) -> Task:
        return Task(f"phase-1/task-{number}", "T", (Verify("x"),), group=group)

    groups = ("A", "A", None, None, "B", "A")
    phase = Phase("phase-1", "Test.", tuple(task(n, g) for n, g in enumerate(groups, 1)), number=1)
    text = plan(Series(), phase)
    assert re.findall(r"<!-- START_SUBCOMPONENT_(.*) -->", text) == [
        "A (tasks 1-2)",
        "B (tasks 5-5)",
        "A (tasks 6-6)",
    ]
    assert text.count("<!-- END_SUBCOMPONENT_") == 3


def test_a_plan_without_number() -> None:
    phase = Phase("a", "Test.", (Task("a/task-1", "T", (Verify("x"),)),), title="Alone")
    text = plan(Series(title="A series"), phase)
    assert text.startswith('# Alone\n\n<!-- runbook: {"id": "a"} -->\n\n**Goal:** Test.\n\n---\n')
    assert "Scope" not in text


def test_a_question_stands_under_a_heading_of_its_own() -> None:
    text = planned(Verify("true"), Confirm("Is it red?"), Verify("false"))
    assert "**Step 2: Confirm**\n\nConfirm: Is it red?\n\n**Step 3: Verify**" in text
    long = planned(Confirm("Look at it.\n\nIs it red?\n", title="See the colour"))
    assert "**Step 1: See the colour**\n\nConfirm:\n\n```markdown\nLook at it." in long
