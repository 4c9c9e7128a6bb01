"""`adopt`: what was made by hand is written into the phase file, which then needs no hands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from scenario import Scenario

SHOP = """\
def gross(net):
    return net * 1.19
"""

ROUND = """\
# Prices, as the accountants want them.
phase: 1
goal: Prices are rounded to cents.
tasks:
  - title: Round the price
    steps:
      # The rate stays where it is.
      - edit: shop.py   # the only module
        replace: return net * 1.19
        with: "return round(net * 1.19)"   # not yet to cents
      - verify: grep -q ', 2)' shop.py
      - commit: "fix: round prices to cents"
"""


def begun(folder: Path, phase: str, **files: str) -> Scenario:
    """A repository in which the phase is to be carried out; the phase file is not in git."""
    scenario = Scenario(folder)
    for name, text in (files or {"shop": SHOP}).items():
        scenario.write(f"{name}.py", text)
    scenario.begin()
    (scenario.root / ".git/info/exclude").write_text("phases/\n")
    scenario.phase(phase)
    return scenario


def anew(scenario: Scenario) -> str:
    """The tree that the phase file makes in a clone from before it, with nobody to mend it."""
    start = scenario.git("rev-list", "--max-parents=0", "HEAD")
    clone = scenario.folder / "clone"
    scenario.git("clone", "-q", "--no-tags", str(scenario.root), str(clone))
    scenario.git("reset", "-q", "--hard", start, cwd=clone)
    scenario.git("config", "core.excludesFile", str(scenario.root / ".git/info/exclude"), cwd=clone)
    (clone / "phases").mkdir()
    for file in (scenario.root / "phases").iterdir():
        (clone / "phases" / file.name).write_bytes(file.read_bytes())
    scenario.run("run", cwd=clone).says(0, "is complete")
    return scenario.git("rev-parse", "HEAD^{tree}", cwd=clone)


def is_true(scenario: Scenario) -> None:
    """The phase file makes the same tree elsewhere, and says here what was done."""
    assert anew(scenario) == scenario.git("rev-parse", "HEAD^{tree}")
    scenario.run("status", "--check").says(0)
    scenario.run("run").says(0, "there is nothing to do")
    scenario.run("audit").says(0)
    scenario.run("adopt").says(0, "nothing made by hand that it does not say")
    # Nor does anybody miss anything who has only the notes.
    scenario.git("rev-parse", "HEAD")
    (scenario.root / ".git/runbook").rename(scenario.folder / "journal")
    scenario.run("status", "--check").says(0)


def test_a_repair_is_put_into_the_text_of_its_edit(tmp_path: Path) -> None:
    with begun(tmp_path, ROUND) as scenario:
        scenario.run("run").says(1, "the check failed")
        scenario.write("shop.py", SHOP.replace("net * 1.19", "round(net * 1.19, 2)"))
        scenario.run("run").says(
            0,
            "phase-1 is complete: 1 commit",
            "  task-1 mended by hand: `runbook adopt phase-1` writes it into the phase file",
        )
        shown = scenario.run("adopt", "--dry-run")
        shown.says(
            0, '+        with: "return round(net * 1.19, 2)"   # not yet', "Nothing was changed"
        )
        assert (scenario.root / "phases/phase-1.yaml").read_text() == ROUND
        # Who only looks has carried nothing out: `last` is what was.
        scenario.run("repair").says(1, "no finished task says something else")
        assert " of " not in scenario.run("log").stdout
        scenario.run("log", "last").says(0, "phase-1 is complete: 1 commit")
        scenario.run("adopt").says(0, "phase-1 says now what was made by hand in task-1.")
        assert (scenario.root / "phases/phase-1.yaml").read_text() == ROUND.replace(
            "round(net * 1.19)", "round(net * 1.19, 2)"
        )
        is_true(scenario)


BY_HAND = """\
phase: 1
goal: Queries have a module of their own.
tasks:
  - title: Move the queries
    steps:
      - verify: test ! -e queries.py
      # Names are a matter of taste.
      - manual: |
          Move the queries of report.py into queries.py,
          and choose names for them.
        title: "Move them"   # a heading
        # What is watched:
        files: [report.py, {glob: "queries*.py"}, old.py]
      - verify: test -e queries.py
        fails-at: phase
      - commit: "refactor: queries have a module of their own"

  # The second one is about words.
  - title: Say so
    steps:
      - edit: report.py
        append: |
          # See queries.py.
      - commit: "docs: say where the queries are"
"""


def test_work_by_hand_becomes_edits_with_its_words_and_comments(tmp_path: Path) -> None:
    files = {"report": "import db\n\nQ = 1\nR = 2\n", "old": "pass\n"}
    with begun(tmp_path, BY_HAND, **files) as scenario:
        scenario.run("run").says(4)
        scenario.write("report.py", "import db\nfrom queries import Q, R\n")
        scenario.write("queries.py", "#!/bin/sh\nQ = 1\n\n\nR = 2\n", mode=0o755)
        (scenario.root / "old.py").unlink()
        scenario.run("run").says(0)
        scenario.run("adopt").says(0, "made by hand in task-1.")
        steps, _, rest = (scenario.root / "phases/phase-1.yaml").read_text().partition("\n\n  #")
        assert rest == BY_HAND.partition("\n\n  #")[2]
        assert (
            steps.partition("steps:\n")[2]
            == """\
      - verify: test ! -e queries.py
      # Names are a matter of taste.
      # a heading
      # What is watched:
      - edit: report.py
        title: Move them
        patch: |
          @@ -1,4 +1,2 @@
           import db
          -
          -Q = 1
          -R = 2
          +from queries import Q, R
        note: |-
          Move the queries of report.py into queries.py,
          and choose names for them.
      - edit: old.py
        delete: true
      - edit: queries.py
        create: |
          #!/bin/sh
          Q = 1


          R = 2
        mode: 755
      - verify: test -e queries.py
        fails-at: phase
      - commit: "refactor: queries have a module of their own\""""
        )
        is_true(scenario)


RED = """\
phase: 1
goal: Prices are rounded to cents.
tasks:
  - title: See it fail
    steps:
      - edit: shop.py
        replace: net * 1.19
        with: net * VAT
      - verify: grep -q 'VAT = ' shop.py
        expect: {exit: 1}
      - edit: shop.py
        replace: return net * VAT
        with: return round(net * VAT)
      - verify: "true"
      - verify: grep -q 'VAT = ' shop.py
      - commit: "fix: round prices"
      - edit: shop.py
        append: |
          # Ours.
      - verify: grep -q VAT shop.py
      - commit: "docs: say whose"
"""


def test_a_repair_goes_where_it_was_made(tmp_path: Path) -> None:
    """Before the checks that saw it, and after the one that was to fail without it."""
    with begun(tmp_path, RED) as scenario:
        scenario.run("run").says(1, "the check failed")
        file = scenario.root / "shop.py"
        file.write_text("VAT = 1.19\n" + file.read_text())
        scenario.run("run").says(0)
        before = scenario.git("rev-list", "HEAD")
        scenario.run("adopt").says(0)
        assert """\
        with: return round(net * VAT)
      - edit: shop.py
        patch: |
          @@ -1,2 +1,3 @@
          +VAT = 1.19
           def gross(net):
               return round(net * VAT)
      - verify: "true"
""" in (scenario.root / "phases/phase-1.yaml").read_text()
        assert scenario.git("rev-list", "HEAD") == before
        scenario.run("log", "--commit", "HEAD").says(0, "step-10", "adopted it", "step-9: grep")
        scenario.run("log", "--commit", "HEAD~").says(0, "task-1/step-7", "step-5: true")
        is_true(scenario)


@pytest.mark.parametrize("whole", [True, False])
def test_a_conflict_that_was_solved_by_hand(tmp_path: Path, whole: bool) -> None:
    """Either the person did what the edit was to do, or made a place for it."""
    moved = SHOP.replace("net * 1.19", "net * (1.19)")
    with begun(tmp_path, ROUND.replace("', 2)'", "round"), shop=moved) as scenario:
        scenario.run("run").says(1, "is not in the file")
        by_hand = "round(net * 1.19)" if whole else "net * 1.19"
        scenario.write("shop.py", SHOP.replace("net * 1.19", by_hand))
        scenario.run("run").says(0)
        scenario.run("adopt").says(0)
        text = (scenario.root / "phases/phase-1.yaml").read_text()
        assert ("replace: return net * 1.19" in text) == (not whole)
        assert "      # The rate stays where it is.\n" in text
        assert "patch: |" in text
        is_true(scenario)


def test_what_was_mended_twice_and_put_back(tmp_path: Path) -> None:
    with begun(tmp_path, ROUND.replace("', 2)'", "'# c'")) as scenario:
        scenario.run("run").says(1)
        for nth, line in enumerate(("# a\n", "# b\n# a\n", "# b\n# c\n# a\n")):
            file = scenario.root / "shop.py"
            file.write_text(line + "def" + file.read_text().partition("def")[2])
            if nth == 0:
                scenario.run("run").says(1)
                scenario.run("retry").says(1)
            else:
                scenario.run("run").says(0 if nth == 2 else 1)
        scenario.run("adopt").says(0)
        is_true(scenario)


def test_a_phase_file_keeps_its_line_ends_and_its_mark(tmp_path: Path) -> None:
    text = "\ufeff" + BY_HAND.replace("\n", "\r\n")
    with begun(tmp_path, BY_HAND, report="Q = 1\r\n") as scenario:
        scenario.write("phases/phase-1.yaml", text)
        scenario.run("run").says(4)
        scenario.write("queries.py", "Q = 1\n")
        scenario.write("report.py", "from queries import Q\r\n")
        scenario.run("run").says(0)
        scenario.run("adopt").says(0)
        new = (scenario.root / "phases/phase-1.yaml").read_bytes()
        assert new.startswith(b"\xef\xbb\xbf")
        assert new.count(b"\r\n") == new.count(b"\n")
        is_true(scenario)


NEW = ("", "Q = 1", "Q = 1\nR = 2", "  x\n\n\ny\n\n", "\n", "\tx: 1 # y\n")


def test_new_files_of_every_kind_made_by_a_delegate(tmp_path: Path) -> None:
    with begun(tmp_path, BY_HAND, report="Q = 1\n") as scenario:
        texts = tmp_path / "texts"
        texts.mkdir()
        for number, text in enumerate(NEW):
            (texts / f"queries{number or ''}.py").write_text(text)
        (texts / "queries1.py").chmod(0o755)
        scenario.run("run", "--delegate", f"cp -p {texts}/* .").says(0)
        scenario.run("adopt").says(0, "made by hand")
        is_true(scenario)


@pytest.mark.parametrize(
    "kind", ["binary", "latin", "mode", "mode alone", "ends", "break", "new with CR LF"]
)
def test_what_no_edit_can_say_is_refused(tmp_path: Path, kind: str) -> None:
    with begun(tmp_path, BY_HAND, report="Q = 1\n") as scenario:
        scenario.run("run").says(4)
        scenario.write("queries.py", "Q = 1\n")
        report = scenario.root / "report.py"
        match kind:
            case "binary":
                report.write_bytes(b"Q = '\0'\n")
            case "latin":
                report.write_bytes(b"Q = '\xe9'\n")
            case "break":
                report.write_text("a\u2028b\n")
            case "mode":
                report.write_text("R = 1\n")
                report.chmod(0o755)
            case "mode alone":
                report.chmod(0o755)
            case "new with CR LF":
                scenario.write("queries.py", "Q = 1\r\n")
            case _:
                report.write_bytes(b"Q = 1\r\nR = 2\n")
        scenario.run("run").says(0)
        why = {"binary": "is binary", "latin": "is not UTF-8", "mode": "permissions"}
        why |= {"mode alone": "permissions"}
        why |= {"break": "U+2028", "new with CR LF": "queries.py has lines that end in CR LF"}
        where = "" if kind in ("break", "new with CR LF") else "task-1: report.py"
        refused = scenario.run("adopt")
        refused.says(1, where, why.get(kind, ""), "Nothing was changed")
        assert (scenario.root / "phases/phase-1.yaml").read_text() == BY_HAND


def test_a_new_file_that_was_made_executable_by_hand_is_refused(tmp_path: Path) -> None:
    """Its check says to do so, and `adopt` said that nothing was made by hand."""
    create = "edit: go\n        create: |\n          #!/bin/sh\n"
    phase = f"""\
phase: 1
goal: Go.
tasks:
  - title: Go
    steps:
      - {create}      - verify: ./go
      - commit: "feat: go"
"""
    with begun(tmp_path, phase) as scenario:
        scenario.run("run").says(1, "hint: 126: `./go` can't be executed: `chmod +x` it")
        (scenario.root / "go").chmod(0o755)
        scenario.run("run").says(0)
        why = "task-1: go: its permissions were changed; beside its `create` say `mode: 755`"
        scenario.run("adopt").says(1, why)
        scenario.phase(phase.replace("create: |", "mode: 755\n        create: |"))
        scenario.run("repair", "--reason", "it is executable").says(0)
        scenario.run("adopt").says(0, "nothing made by hand that it does not say")
        assert anew(scenario) == scenario.git("rev-parse", "HEAD^{tree}")


def test_other_states_of_a_task_are_refused(tmp_path: Path) -> None:
    with begun(tmp_path, BY_HAND, report="Q = 1\n") as scenario:
        scenario.run("adopt").says(1, "has not begun")
        scenario.run("run").says(4)
        scenario.run("adopt", "1/1").says(1, "task-1 is not finished", "runbook run phase-1")
        scenario.run("adopt").says(0, "nothing made by hand")
        scenario.write("queries.py", "Q = 1\n")
        scenario.run("run").says(0)
        scenario.phase(BY_HAND.replace("test -e queries.py", "test -f queries.py"))
        scenario.run("adopt").says(1, "says something else now", "runbook repair phase-1/task-1")


def test_work_that_changed_nothing_stays(tmp_path: Path) -> None:
    with begun(tmp_path, BY_HAND, report="Q = 1\n", queries="R = 1\n") as scenario:
        scenario.phase(
            BY_HAND.replace("test ! -e queries.py", "'true'").replace(
                "        fails-at: phase\n", ""
            )
        )
        scenario.run("run").says(4)
        scenario.run("done", "--reason", "nothing to move").says(0)
        scenario.run("run").says(0)
        scenario.run("adopt").says(0, "task-1/step-2 stays work by hand")


def test_a_kill_in_the_midst_of_it_leaves_one_or_the_other(tmp_path: Path) -> None:
    with begun(tmp_path, BY_HAND, report="Q = 1\n") as scenario:
        scenario.run("run").says(4)
        scenario.write("queries.py", "Q = 1\n")
        scenario.run("run").says(0)
        file, kept, record = (
            scenario.root / "phases/phase-1.yaml",
            scenario.root / ".git/runbook",
            scenario.folder / "kept",
        )
        shutil.copytree(kept, record)
        scenario.run("adopt").says(0)
        journal = kept / "main/journal.jsonl"
        lines = journal.read_bytes().splitlines(keepends=True)
        planned = next(n for n, line in enumerate(lines) if b'"AdoptionPlanned"' in line)
        # Killed after the file was written, and before that was recorded.
        journal.write_bytes(b"".join(lines[: planned + 1]))
        scenario.run("status", "--check").says(0)
        scenario.run("adopt").says(0, "nothing")
        is_true(scenario)
        # Killed before it was written.
        record.rename(kept)
        journal.write_bytes(b"".join(lines[: planned + 1]))
        file.write_text(BY_HAND)
        scenario.run("status", "--check").says(0)
        scenario.run("run").says(0, "nothing to do")
        scenario.run("adopt").says(0, "made by hand in task-1")


def test_in_a_linked_worktree_and_below_a_workdir(tmp_path: Path) -> None:
    with begun(tmp_path, BY_HAND, **{"svc/report": "Q = 1\n"}) as scenario:
        scenario.series("worktree: .worktrees/m\nworkdir: svc\n")
        scenario.run("run").says(4)
        scenario.write(".worktrees/m/svc/queries.py", "Q = 1\n")
        scenario.run("run").says(0)
        scenario.run("adopt").says(0, "made by hand in task-1")
        scenario.run("status", "--check").says(0)
        tree = scenario.git("rev-parse", "m^{tree}")
        scenario.run("clean", "--branch", "--force").says(0)
        scenario.run("run").says(0)
        assert scenario.git("rev-parse", "m^{tree}") == tree


LISTED = """\
phase: 1
goal: Imports.
tasks:
  - title: Import
    steps:
      - edit: a.py
        changes:
          # What is needed first.
          - after: |
              import os
            insert: |   # ours
              import sys
          - replace: x = 1
            with: x = 2
      - verify: grep -q json a.py
      - commit: "feat: import"
"""


def test_a_text_of_one_change_among_several(tmp_path: Path) -> None:
    with begun(tmp_path, LISTED, a="import os\r\nx = 1\r\n") as scenario:
        scenario.run("run").says(1)
        file = scenario.root / "a.py"
        file.write_bytes(file.read_bytes().replace(b"sys\r\n", b"sys\r\nimport json\r\n"))
        scenario.run("run").says(0)
        scenario.run("adopt").says(0)
        text = (scenario.root / "phases/phase-1.yaml").read_text()
        assert text == LISTED.replace("import sys\n", "import sys\n              import json\n")
        assert anew(scenario) == scenario.git("rev-parse", "HEAD^{tree}")


def test_what_a_hook_made_of_work_by_hand_is_no_matter_of_the_plan(tmp_path: Path) -> None:
    with begun(tmp_path, BY_HAND, report="Q = 1\n") as scenario:
        scenario.hook(
            "pre-commit",
            "grep -q formatted queries.py || echo '# formatted' >> queries.py; git add queries.py",
        )
        scenario.run("run").says(4)
        scenario.write("queries.py", "Q = 1\n")
        scenario.run("run").says(0, "a hook changed what is committed: queries.py")
        scenario.run("adopt").says(0, "phase-1 says now what was made by hand in task-1")


def test_steps_in_brackets_are_refused(tmp_path: Path) -> None:
    steps = "{edit: a.py, replace: x, with: y}, {verify: grep -q z a.py}, {commit: c}"
    phase = f"phase: 1\ngoal: g\ntasks:\n  - title: One\n    steps: [{steps}]\n"
    with begun(tmp_path, phase, a="x\n") as scenario:
        scenario.run("run").says(1)
        scenario.write("a.py", "y\nmore\nz\n")
        scenario.run("run").says(0)
        scenario.run("adopt").says(1, "steps stand in brackets", "Nothing was changed")


GENERATED = """\
phase: 1
goal: The client is generated.
tasks:
  - title: Generate it
    steps:
      - run: mkdir gen && cp shop.py gen/one.py && echo '# x' | tee -a shop.py >> old.py
        files: [{glob: "gen/*"}, {glob: "*.py"}]
      - verify: grep -q mended gen/one.py
      - commit: "feat: a generated client"
"""


def test_what_a_command_made_is_mended_by_hand(tmp_path: Path) -> None:
    with begun(tmp_path, GENERATED, shop=SHOP, old="") as scenario:
        scenario.run("run").says(1, "the check failed")
        scenario.write("gen/one.py", SHOP + "# mended\n")
        (scenario.root / "old.py").unlink()
        scenario.run("run").says(
            0,
            "changed by hand since, and kept: old.py, gen/one.py",
            "+# mended",
            "task-1 mended by hand",
        )
        scenario.run("adopt").says(0, "+          +# mended", "delete: true")
        is_true(scenario)


def test_of_a_task_that_is_not_finished_nothing_is_adopted_yet(tmp_path: Path) -> None:
    with begun(tmp_path, ROUND + "      - verify: test -e done\n") as scenario:
        scenario.run("run").says(1, "the check failed")
        scenario.write("shop.py", SHOP.replace("net * 1.19", "round(net * 1.19, 2)"))
        scenario.run("run").says(1, "stopped at phase-1/task-1/step-4")
        scenario.run("adopt").says(
            1,
            "adopt of phase-1/task-1 refused: phase-1/task-1 is not finished",
            "hint: it is adopted when it is: `runbook run phase-1` goes on with it",
        )
        scenario.write("done", "")
        scenario.run("run").says(0, "task-1 mended by hand")
        scenario.run("adopt").says(0, "phase-1 says now what was made by hand in task-1.")
