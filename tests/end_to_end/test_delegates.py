"""Manual steps that a command takes over: its attempts, its brief, and what comes of it."""

from __future__ import annotations

import json
import re
import signal

import pytest
from handing import CALC, COMMIT, MEND, PHASE, SEARCHED, handed_over
from scenario import Scenario


def test_a_second_attempt_is_told_what_was_wrong_with_the_first(scenario: Scenario) -> None:
    agent = """
        cat > "$TMPDIR/../../brief.$RUNBOOK_ATTEMPT"
        if [ "$RUNBOOK_ATTEMPT" = 1 ]; then sed -i 's/a - b/a * b/' src/calc.py
        else sed -i 's/a [*] b/a + b/' src/calc.py; fi
    """
    phase = PHASE.replace("attempts: 1", "attempts: 2")
    handed_over(scenario, agent.replace("$TMPDIR/../..", str(scenario.folder)), phase)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    first, second = ((scenario.folder / f"brief.{n}").read_text() for n in (1, 2))
    assert "## What to do\n\nMake `add` in `src/calc.py` add its arguments.\n" in first
    assert "pytest -q tests" in first
    assert "All paths are from " in first
    assert "not shown" not in first
    assert "This is attempt 2 of 2. The one before is not good yet:" in second
    assert "tests/test_calc.py::test_two: assert 1 == 2" in second
    assert "--- src/calc.py as handed over\n+++ src/calc.py now\n" in second
    assert "+    return a * b" in second
    assert "judged with" not in second
    note = json.loads(scenario.git("notes", "--ref=runbook", "show", "HEAD"))
    assert [each["attempts"] for each in note["delegated"]] == [2]
    assert note["by_hand"] == []


def test_what_a_second_attempt_is_told_has_an_end(scenario: Scenario) -> None:
    agent = "cat > ../brief.$RUNBOOK_ATTEMPT; seq 20000 | sed 's/^/# /' >> src/calc.py"
    many = "import pytest\nfrom src import calc\n\n\n@pytest.mark.parametrize('n', range(60))\n"
    scenario.write("tests/test_many.py", f"{many}def test_n(n):\n    assert calc.add(n, 1) > n\n")
    handed_over(scenario, agent, PHASE.replace("attempts: 1", "attempts: 2"))
    result = scenario.run("run")
    result.says(4, "            and 33 more\n", "and 33 more\n")
    brief = (scenario.folder / "brief.2").read_text()
    assert len(brief) < 40_000
    assert "test_many.py::test_n[37]: assert" in brief
    assert "test_many.py::test_n[39]: assert" not in brief.partition("The end of the output")[0]
    assert "- 21 more tests fail\n" in brief
    assert " more lines)\n```\n" in brief


def test_a_conversation_that_is_named_in_the_output_goes_on(scenario: Scenario) -> None:
    agent = """
        echo "$1, $RUNBOOK_SESSION" > ../told.$RUNBOOK_ATTEMPT
        printf '{"session_id": "talk-7"}\n'
        if [ "$RUNBOOK_ATTEMPT" = 1 ]; then sed -i 's/a - b/a % b/' src/calc.py
        else sed -i 's/a % b/a + b/' src/calc.py; fi
    """
    phase = SEARCHED.replace("agent.sh", "agent.sh {session}").replace("attempts: 1", "attempts: 2")
    handed_over(scenario, agent, phase)
    scenario.run("run").says(0, "1 commit")
    told = [(scenario.folder / f"told.{n}").read_text() for n in (1, 2)]
    assert told == [", \n", "talk-7, talk-7\n"]


def test_a_long_text_is_told_whole_in_the_brief(scenario: Scenario) -> None:
    """The system takes 128 KiB of a variable, and refuses to start what has a longer one."""
    lines = "".join(
        f"              Line {number} of what is to be done.\n" for number in range(4000)
    )
    phase = SEARCHED.replace(
        "Make `add` in `src/calc.py` add its arguments.", f"|\n{lines}              The last one."
    )
    agent = f'{MEND}; cat > ../brief; echo "$RUNBOOK_INSTRUCTIONS" | tail -n 1 > ../told'
    handed_over(scenario, agent, phase)
    scenario.run("run").says(0, "1 commit")
    assert (
        "\nLine 3999 of what is to be done.\nThe last one.\n"
        in (scenario.folder / "brief").read_text()
    )
    told = (scenario.folder / "told").read_text()
    assert re.fullmatch(r"Line \d+ of what is to be done\.\n", told)


def test_without_git_what_a_delegate_did_can_not_be_put_back(scenario: Scenario) -> None:
    agent = f"printf '#!/bin/sh\\nexit 1' > {scenario.bin}/git; chmod +x {scenario.bin}/git\n{MEND}"
    handed_over(scenario, agent, SEARCHED)
    result = scenario.run("run")
    result.says(1, "what the delegate did to the repository can't be put back")


def edited_after(old: str, new: str, path: str, check: str) -> str:
    """The phase with an edit after the delegate's step, and a check of both."""
    edit = f"          - edit: {path}\n            replace: {old}\n            with: {new}\n"
    return SEARCHED.replace(
        "          - verify: grep -q 'a + b' src/calc.py", f"{edit}          - verify: {check}"
    )


def test_work_is_judged_with_the_edits_that_follow(scenario: Scenario) -> None:
    check = "grep -q 'a + b' src/calc.py && grep -q 'OTHER = 2' src/other.py"
    handed_over(scenario, MEND, edited_after("OTHER = 1", "OTHER = 2", "src/other.py", check))
    scenario.run("run").says(0, "1 commit")


def test_what_comes_after_the_work_is_told(scenario: Scenario) -> None:
    """Up to the commit: else it is done as well, and then finds no place any more."""
    phase = edited_after("OTHER = 1", "OTHER = 2", "src/other.py", "pytest -q")
    phase = phase.replace(
        "          - commit:",
        "          - run: touch more.txt\n            files: [more.txt]\n"
        "          - manual: Look at it.\n            files: [more.txt]\n          - commit:",
    )
    handed_over(scenario, f"test -e ../brief || cat > ../brief; {MEND}", phase)
    scenario.run("run")
    brief = (scenario.folder / "brief").read_text()
    assert "## What comes after it\n\nLeave it to the run. Edits" in brief
    assert "\n\n- edit: src/other.py\n- run: touch more.txt\n- manual: Look at it.\n\n##" in brief
    scenario.phase(SEARCHED.replace("FILES", "src/calc.py"), "phase-2")
    assert "What comes after" not in scenario.run("next", "2").stdout


def test_that_a_check_has_to_fail_without_the_work_is_told(scenario: Scenario) -> None:
    """To a delegate, and to whoever asks what comes next."""
    without = "It is made on the phase's start as well, without the work, and has to fail there.\n"
    check = "          - verify: grep -q 'a + b' src/calc.py\n"
    phase = SEARCHED.replace(check, f"{check}            fails-at: phase\n")
    handed_over(scenario, f"cat > ../brief; {MEND}", phase)
    assert without in scenario.run("next").stdout
    scenario.run("run").says(0, "and fails at the phase's start")
    assert without in (scenario.folder / "brief").read_text()


def test_an_edit_that_follows_still_applies(scenario: Scenario) -> None:
    phase = edited_after("def add", "def plus", "src/calc.py", "grep -q plus src/calc.py")
    handed_over(scenario, "sed -i 's/def add/def sum/' src/calc.py", phase)
    scenario.run("run").says(4, "an edit that follows does not apply any more: src/calc.py")


def test_what_git_ignores_may_be_made_anew(scenario: Scenario) -> None:
    handed_over(scenario, f"{MEND}; echo 2 > build/out.txt; rm build/old.txt", SEARCHED)
    for name in ("out", "old"):
        scenario.write(f"build/{name}.txt", "1\n")
    scenario.run("run").says(0, "1 commit")
    assert scenario.read("build/out.txt") == "2\n"


def test_a_delegate_that_is_blocked_hands_over_to_a_person(scenario: Scenario) -> None:
    handed_over(scenario, "echo 'BLOCKED: there is no calc here'; exit 0", SEARCHED)
    result = scenario.run("run")
    result.says(4, "a new run lets the delegate try again")
    assert "the delegate can't do it: there is no calc here" in result.raw
    scenario.write("src/calc.py", CALC.replace("-", "+"))
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "changed by hand: src/calc.py" in result.raw


def test_a_delegate_that_hangs_is_ended(scenario: Scenario) -> None:
    phase = SEARCHED.replace("attempts: 1", "attempts: 1\n      idle: 1s")
    handed_over(scenario, "sleep 1000", phase)
    result = scenario.run("run")
    assert result.status == 4
    assert "no output and no change for too long" in result.raw
    assert "left running" not in result.raw


@pytest.mark.parametrize("moment", ["before", "attempt", "judgement"])
def test_after_ctrl_c_what_is_offered_is_accepted(scenario: Scenario, moment: str) -> None:
    """Whatever it was in the midst of, it is the step by hand that waits, at its own place."""
    wait = f"touch {scenario.folder}/there; sleep 60"
    held = {"before": "a - b", "attempt": "nothing", "judgement": "a + b"}[moment]
    check = f"if grep -q '{held}' src/calc.py; then {wait}; fi; grep -q 'a + b' src/calc.py"
    phase = SEARCHED.replace("grep -q 'a + b' src/calc.py", check)
    handed_over(scenario, f"{MEND}; {wait if moment == 'attempt' else ''}", phase)
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    process.send_signal(signal.SIGINT)
    scenario.end(process).says(
        130,
        "stopped at phase-1/task-1/step-1 (phases/phase-1.yaml:10:9): interrupted",
        'runbook done phase-1/task-1/step-1 --reason "...": take it as done, unchanged',
    )
    assert scenario.status() == ""
    scenario.run("done", "--reason", "not needed").says(0)


def test_a_delegate_that_makes_files_of_a_pattern_does_not_hang(scenario: Scenario) -> None:
    phase = SEARCHED.replace("attempts: 1", "attempts: 1\n      idle: 2s")
    agent = f"{MEND}; mkdir src/new; for i in 1 2 3 4 5 6; do echo > src/new/$i.py; sleep 0.5; done"
    handed_over(scenario, agent, phase, "src/calc.py, {glob: 'src/**/*.py'}")
    scenario.run("run").says(0, "accepted")


@pytest.mark.parametrize("again", ["sleep 100 &", COMMIT.replace("done", "$RANDOM$$")])
def test_what_is_done_wrong_again_is_the_same(scenario: Scenario, again: str) -> None:
    """Although processes and commits have other names each time."""
    handed_over(scenario, f"{MEND}; {again}", SEARCHED.replace("attempts: 1", "attempts: 3"))
    told = "did not do it in 2 attempts, the last of which came to the same as one before"
    scenario.run("run").says(4, told)


def test_what_a_command_said_that_failed_is_told(scenario: Scenario) -> None:
    phase = SEARCHED.replace("bash ../agent.sh", "echo $RANDOM >&2; no-such-agent -p")
    handed_over(scenario, "", phase.replace("attempts: 1", "attempts: 3"))
    result = scenario.run("run")
    result.says(4, "it ended with exit status 127: bash: line 1: no-such-agent: command not found")
    assert result.raw.count("manual  step-1: attempt") == 2


def test_without_change_there_is_no_progress(scenario: Scenario) -> None:
    handed_over(scenario, "true", SEARCHED.replace("attempts: 1", "attempts: 3"))
    result = scenario.run("run")
    assert result.status == 4
    assert "none of the files was changed" in result.raw
    assert result.raw.count("manual  step-1: attempt") == 2


def test_what_is_asked_in_place_of_doing_it_is_told(scenario: Scenario) -> None:
    asks = "echo 'Shall I mend f, or g?'"
    handed_over(scenario, asks, SEARCHED.replace("attempts: 1", "attempts: 2"))
    told = "none of the files was changed; the last it said: Shall I mend f, or g?"
    scenario.run("run").says(4, f"in 2 attempts: {told}\n")
    scenario.run("status").says(0, told)


def test_where_the_work_of_an_earlier_attempt_is_kept_is_told(scenario: Scenario) -> None:
    elsewhere = f"test $RUNBOOK_ATTEMPT = 2 || {{ {MEND}; mv src/calc.py src/mended.py; }}"
    handed_over(scenario, elsewhere, PHASE.replace("attempts: 1", "attempts: 2"))
    result = scenario.run("run")
    kept = "<root>/.git/runbook/main/rescued/<run>"
    result.says(4, "src/mended.py was made", f"what the delegate made is kept in {kept})")


HIDDEN = ("expect: {tests: pass}", "expect: {tests: pass}\n            hidden: true")


def test_what_a_check_that_is_hidden_says_is_not_told(scenario: Scenario) -> None:
    phase = PHASE.replace(*HIDDEN).replace("attempts: 1", "attempts: 2")
    agent = "cat > ../brief.$RUNBOOK_ATTEMPT; sed -i 's/[*]/+/; s/-/*/' src/calc.py"
    handed_over(scenario, agent, phase)
    result = scenario.run("run")
    # The user is told, and the next attempt is not.
    result.says(0, "tests/test_calc.py::test_two: assert 1 == 2", "accepted")
    for attempt in (1, 2):
        brief = (scenario.folder / f"brief.{attempt}").read_text()
        assert "One more check is not shown." in brief
        assert "pytest -q" not in brief
        assert "test_calc" not in brief
        assert "assert" not in brief
        assert ("- a check that is not shown does not accept it\n" in brief) == (attempt == 2)
        assert ("+    return a * b" in brief) == (attempt == 2)


def test_what_strict_refuses_of_a_check_that_is_hidden_is_not_told(scenario: Scenario) -> None:
    phase = PHASE.replace(*HIDDEN).replace("attempts: 1", "attempts: 2\n      strict: true")
    agent = (
        f"cat > ../brief.$RUNBOOK_ATTEMPT; {MEND}; rm tests/test_old.py; echo '#' >> src/calc.py"
    )
    scenario.write("tests/test_old.py", "def test_old(): pass\n")
    handed_over(scenario, agent, phase, files="src/calc.py, tests/test_old.py")
    scenario.run("run").says(4, "tests that are gone: tests/test_old.py::test_old")
    brief = (scenario.folder / "brief.2").read_text()
    assert "- a check that is not shown does not accept it\n" in brief
    assert "test_old.py::" not in brief


def test_a_check_that_is_hidden_is_not_handed_over_when_it_fails(scenario: Scenario) -> None:
    work = "manual: Make `add` in `src/calc.py` add its arguments.\n            files: [FILES]\n"
    edit = "edit: src/calc.py\n            append: '# x'\n"
    phase = PHASE.replace("attempts: 1", "for: [check]").replace(work, edit)
    assert "handed" not in handed_over(scenario, MEND, phase.replace(*HIDDEN)).run("status").stdout
    result = scenario.run("run")
    result.says(1, "tests: 1 failed; 2 passed")
    assert "attempt" not in result.stdout


def test_a_check_that_is_hidden_is_none_of_what_was_done_before(scenario: Scenario) -> None:
    more = "          - manual: Say so.\n            files: [src/other.py]\n          - commit:"
    phase = PHASE.replace(*HIDDEN).replace("          - commit:", more)
    agent = f"cat > ../brief; {MEND}; test -z \"${{RUNBOOK_STEP##*3}}\" && echo '#' >> src/other.py"
    handed_over(scenario, agent, phase)
    scenario.run("run").says(0, "accepted")
    brief = (scenario.folder / "brief").read_text()
    assert "## What was done before\n\n- manual: Make `add`" in brief
    assert "pytest -q" not in brief


def test_what_makes_a_check_say_less_is_a_warning_or_refused(scenario: Scenario) -> None:
    agent = MEND + "; echo 'X = 1  # noqa' >> src/calc.py"
    handed_over(scenario, agent, SEARCHED.replace("attempts: 1", "attempts: 1\n      strict: true"))
    result = scenario.run("run")
    assert result.status == 4
    assert "src/calc.py: a linter is silenced" in result.raw
    path = scenario.root / "phases/phase-1.yaml"
    path.write_text(path.read_text().replace("  strict: true\n", ""))
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert "to be looked at: src/calc.py: a linter is silenced" in result.raw


def test_the_kernel_holds_a_delegate_to_its_files(confinable: Scenario) -> None:
    agent = f"{MEND}; echo x > ../outside; echo x > tests/test_calc.py; echo x > .git/x"
    handed_over(confinable, agent, SEARCHED.replace("confine: false", "confine: true"))
    result = confinable.run("run")
    assert result.status == 0, str(result)
    assert not (confinable.folder / "outside").exists()
    assert not (confinable.root / ".git/x").exists()


def test_the_kernel_lets_a_delegate_make_files_of_a_pattern(confinable: Scenario) -> None:
    agent = f"{MEND}; mkdir lib/p; echo > lib/p/a.py; echo x > tests/test_calc.py; echo x > x.py"
    confinable.write("lib/old.txt", "")
    phase = SEARCHED.replace("confine: false", "confine: true")
    handed_over(confinable, agent, phase, "src/calc.py, {glob: 'lib/**/*.py'}, {glob: '*.toml'}")
    result = confinable.run("run")
    assert result.status == 0, str(result)
    assert confinable.paths() == ["lib/p/a.py", "src/calc.py"]
    assert not (confinable.root / "x.py").exists()


def test_what_the_kernel_keeps_a_delegate_from_is_told_with_how_to_allow_it(
    confinable: Scenario,
) -> None:
    agent = "sed -i 's/test/tests/' Makefile"
    phase = SEARCHED.replace("confine: false", "confine: true")
    handed_over(confinable, agent, phase, "Makefile")
    allow = "do the work by hand, or have `confine` of the delegate let it write more"
    confinable.run("run").says(4, "but for the top of the repository", allow)


def test_each_attempt_may_take_the_journal_away_and_nothing_is_lost(scenario: Scenario) -> None:
    agent = f"{MEND}; echo >> src/calc.py; rm -r .git/runbook"
    edit = "- edit: src/other.py\n            append: '# edited'\n          - manual:"
    phase = SEARCHED.replace("attempts: 1", "attempts: 3").replace("- manual:", edit)
    handed_over(scenario, agent, phase)
    before = scenario.read("src/calc.py")
    result = scenario.run("run")
    result.says(4, "runbook's own journal was changed", "the delegate did not do it in 3 attempts")
    assert scenario.read("src/calc.py") == before
    assert "edited" in scenario.read("src/other.py")
    scenario.run("abort").says(0, "put back: src/other.py")
    assert scenario.status() == ""


def test_files_beside_the_work_are_told_to_be_named(scenario: Scenario) -> None:
    agent = f"{MEND}; echo >> src/other.py; echo >> Makefile; echo >> phases/phase-1.yaml"
    handed_over(scenario, f"{agent}; git add -A", SEARCHED)
    scenario.run("run").says(
        4,
        "phases/phase-1.yaml was changed",
        "and name Makefile, src/other.py in its `files`, if that is a part of it; a new run",
    )


def test_marks_of_a_conflict_and_other_line_ends_are_to_be_looked_at(scenario: Scenario) -> None:
    marks = "<<<<<<< HEAD\n=======\n>>>>>>> other"
    agent = (
        f'{MEND}; printf \'"""\n{marks}\n"""\n\' >> src/calc.py; sed -i \'s/$/\\r/\' src/calc.py'
    )
    handed_over(scenario, agent, SEARCHED)
    scenario.run("run").says(
        0,
        "to be looked at: src/calc.py: marks of a merge's conflict are left",
        "to be looked at: src/calc.py: lines ended in LF, and end in CRLF now",
    )


def test_a_run_can_name_the_delegate_and_a_step_can_keep_it_out(scenario: Scenario) -> None:
    phase = (
        SEARCHED.partition("    delegate:")[0] + "    tasks:" + SEARCHED.partition("    tasks:")[2]
    )
    handed_over(scenario, MEND, phase)
    agent = ("--delegate", "bash ../agent.sh")
    assert "(handed to `bash ../agent.sh`)" in scenario.run("run", "--dry-run", *agent).raw
    path = scenario.root / "phases/phase-1.yaml"
    path.write_text(path.read_text().replace("files: [src", "delegate: none\n        files: [src"))
    result = scenario.run("run", *agent)
    assert result.status == 4
    assert "waiting for work by hand" in result.raw
    path.write_text(path.read_text().replace("delegate: none\n        ", ""))
    again = "a run with `--delegate` lets the delegate try again"
    scenario.run("run", "--delegate", "true").says(4, again)
    # Without the option nobody takes it over now; what was said is still told.
    told = (
        "the delegate did not do it in 2 attempts, the last of which came to the same as one before"
    )
    scenario.run("status").says(0, told, again)
    scenario.run("next").says(0, told)
    result = scenario.run("run", *agent)
    assert result.status == 0, str(result)


def test_a_trailer_names_whose_work_a_commit_holds(scenario: Scenario) -> None:
    phase = SEARCHED.replace("attempts: 1", "attempts: 1\n      trailer: 'Assisted-by: agent'")
    handed_over(scenario, MEND, phase)
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.message().endswith("\nAssisted-by: agent")


def test_what_verifies_a_phase_can_be_handed_over(scenario: Scenario) -> None:
    phase = SEARCHED.replace('          - commit: "fix: sums"\n', "")
    work = phase.partition("        steps:\n")[2]
    phase = phase.replace(work, "          - edit: src/other.py\n            append: MORE = 1\n")
    phase += '          - commit: "feat: more"\n    verification:\n' + work.replace(
        "          ", "      "
    )
    handed_over(scenario, MEND, phase)
    result = scenario.run("run")
    result.says(0, "accepted", "changed by the delegate: src/calc.py")
    assert scenario.status() == " M src/calc.py"


def test_what_is_changed_in_the_checkout_beside_the_worktree_is_told(scenario: Scenario) -> None:
    scenario.series("worktree: .worktrees/side")
    elsewhere = "../../src/other.py ../../src/calc.py ../../phases/phase-1.yaml"
    agent = f"{MEND}; for i in {elsewhere}; do echo '# x' >> $i; done"
    scenario.write("agent.sh", agent)
    handed_over(scenario, "", SEARCHED.replace("../agent.sh", "../../agent.sh"))
    # What was changed before is no matter, if it stays so.
    scenario.write("Makefile", "mine:\n")
    told = "to be looked at: changed meanwhile in <root>, where it was not to work: "
    paths = "phases/phase-1.yaml, src/calc.py, src/other.py\n"
    scenario.run("run").says(0, f"{told}{paths}", "accepted", "1 commit")
    # It may be a person's.
    assert scenario.read("src/other.py") == "OTHER = 1\n# x\n"


def test_work_in_a_linked_worktree_is_handed_over_and_told(scenario: Scenario) -> None:
    agent = f"{MEND}; echo '{{\"total_cost_usd\": 0.125}}'; echo '# noqa' >> src/calc.py"
    handed_over(scenario, agent, SEARCHED.replace("../agent.sh", "../../../agent.sh"))
    scenario.series("worktree: .worktrees/side")
    scenario.git("add", "-A")
    scenario.git("commit", "-qm", "Series")
    (folder,) = {each["folder"] for each in scenario.json("next")}
    assert folder == str(scenario.root / ".worktrees/side")
    lines = scenario.json("run")
    (ended,) = [each for each in lines if each["event"] == "AttemptEnded"]
    assert (ended["verdict"], ended["cost"]) == ("accepted", "$0.12")
    assert scenario.git("status", "--porcelain", cwd=scenario.root / ".worktrees/side") == ""
    for command in (("show", "1/1"), ("log", "--commit", "side")):
        scenario.run(*command).says(
            0,
            "done by `bash ../../../agent.sh` at the first attempt (<time>, $0.12)",
            "to be looked at: src/calc.py: a linter is silenced",
        )
    scenario.run("log", "last").says(0, "step-1: attempt 1 of 1 by bash ../../../agent.sh")
    assert scenario.json("show", "1/1")[0]["steps"][0]["delegated"]["attempts"] == 1


def test_a_command_of_many_lines_is_told_in_one(scenario: Scenario) -> None:
    phase = SEARCHED.replace(
        "run: bash ../agent.sh", "run: |\n        # change nothing\n        bash ../agent.sh"
    ).replace("verify: grep", "verify: |\n              true\n              grep")
    handed_over(scenario, "echo '# x' >> src/calc.py", phase)
    dry = scenario.run("run", "--dry-run")
    dry.says(0, "(handed to `# change nothing`)")
    result = scenario.run("run")
    result.says(4, "did not do it in 1 attempt: true …: exit status 1, expected 0")
    scenario.run("status").says(
        0, "did not do it in 1 attempt: true …: exit status", "`# change nothing …` try it again"
    )


def test_retry_takes_a_delegate_and_says_yes_as_run_does(scenario: Scenario) -> None:
    phase = SEARCHED.partition("    delegate:")[0] + "    tasks:" + SEARCHED.partition("tasks:")[2]
    phase = phase.replace(
        "          - commit:", "          - confirm: Is it so?\n          - commit:"
    )
    handed_over(scenario, MEND, phase)
    scenario.run("run", "--delegate", "true").says(4, "none of the files was changed")
    scenario.run("retry", "--delegate", " ").says(2, "--delegate takes a command")
    result = scenario.run("retry", "--yes", "--delegate", "bash ../agent.sh")
    result.says(0, "accepted", "taken as a yes, and nobody looked")


def test_what_a_delegate_did_not_do_can_be_taken_as_done(scenario: Scenario) -> None:
    handed_over(scenario, "true", SEARCHED.replace("grep", "test -e conftest.py || grep"))
    scenario.run("run").says(4, "runbook done phase-1/task-1/step-1 --reason")
    scenario.run("done").says(1, "none of its files was changed: src/calc.py")
    scenario.run("done", "--reason", "as it is").says(0, "as it is")
    result = scenario.run("run")
    assert "attempt" not in result.stdout
    result.says(0, "already committed: src/calc.py")


def test_where_work_is_kept_that_was_not_good_is_told_until_it_is_done(scenario: Scenario) -> None:
    handed_over(scenario, "sed -i 's/a - b/a * b/' src/calc.py", SEARCHED)
    kept = "(what the delegate made is kept in <root>/.git/runbook/main/rescued/<run>)"
    again = "a new run lets the delegate try again"
    scenario.run("run").says(4, f"do the work by hand {kept}, or say more in the step; {again}")
    scenario.run("status").says(0, kept)
    scenario.write("src/calc.py", CALC.replace("a - b", "a + b"))
    status = scenario.run("status")
    status.says(0, "What it stopped for is settled.")
    assert again not in status.stdout


def test_what_a_person_does_after_it_is_theirs(scenario: Scenario) -> None:
    handed_over(scenario, "true", SEARCHED)
    scenario.run("run").says(4)
    scenario.write("src/calc.py", CALC.replace("-", "+"))
    for command in (("run", "--dry-run"), ("next",)):
        assert "handed to" not in scenario.run(*command).stdout.replace("A run hands", "")
    scenario.run("status").says(0, "What it stopped for is settled.")
    scenario.run("run").says(0, "changed by hand: src/calc.py")


def test_what_may_change_nothing_is_believed_unless_its_command_fails(scenario: Scenario) -> None:
    told = '"fix: sums"\n          - manual: Tell the others.\n'
    agent = f"case $RUNBOOK_STEP in */step-4) exit 3;; esac\n{MEND}"
    handed_over(scenario, agent, SEARCHED.replace('"fix: sums"\n', told))
    scenario.run("run").says(4, "it ended with exit status 3", "done phase-1/task-1/step-4: take")
    assert scenario.subjects() == ["Begin", "fix: sums"]
    (scenario.folder / "agent.sh").write_text("true\n")
    scenario.run("run").says(0, "accepted", "is complete")


def test_no_place_or_folder_for_temporary_files_is_left_after_its_use(scenario: Scenario) -> None:
    agent = """
        git worktree list
        echo "$TMPDIR" > "$TMPDIR/file"
        sed -i "s/a . b/a $(expr substr '*+' $RUNBOOK_ATTEMPT 1) b/" src/calc.py
    """
    phase = PHASE.replace("attempts: 1", "attempts: 2").replace("confine: false", "confine: auto")
    handed_over(scenario, agent, phase)
    scenario.run("run").says(0, "attempt 2 of 2", "accepted")
    for log in scenario.journal.parent.glob("logs/*/*--at-attempt-*.log"):
        assert len(log.read_text().splitlines()) == 1
    assert not [*scenario.journal.parent.glob("logs/*/*.tmp")]


def test_where_another_attempt_can_not_be_confined_nothing_is_left(confinable: Scenario) -> None:
    phase = SEARCHED.replace("confine: false", "confine: true").replace(
        "attempts: 1", "attempts: 2"
    )
    # Its check takes away what can't be made again in the top folder by one who is confined.
    first, taken = confinable.folder / "first", f"{confinable.root}/sums.txt"
    check = f"test -e {first} && rm {taken}; touch {first}; grep -q 'a + b' src/calc.py"
    phase = phase.replace("grep -q 'a + b' src/calc.py", check)
    confinable.write("sums.txt", "1\n")
    handed_over(confinable, "sed -i 's/a - b/a * b/' src/calc.py", phase, "src/calc.py, sums.txt")
    result = confinable.run("run")
    result.says(1, "the delegate can't be confined")
    assert "sums.txt is to be made in the top folder" in result.stdout
    assert confinable.status() == ""
    confinable.write("src/calc.py", CALC.replace("-", "+"))
    first.unlink()
    confinable.run("run").says(0, "changed by hand: src/calc.py")
