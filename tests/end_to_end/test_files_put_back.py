"""What is put back by commands, and what of it is kept."""

from __future__ import annotations

import stat

import pytest
from scenario import GREETING, Scenario

MODES = """
    phase: 1
    goal: Make it a program.
    tasks:
      - title: Program
        steps:
          - edit: notes.txt
            append: |
              more
          - run: chmod 755 tool.sh
            files: tool.sh
          - verify: test ! -e fail.log
          - commit: Program
    """


def mode(scenario: Scenario, path: str) -> int:
    return stat.S_IMODE((scenario.root / path).stat().st_mode)


@pytest.fixture
def program(scenario: Scenario) -> Scenario:
    scenario.write("tool.sh", "echo tool\n", mode=0o644)
    scenario.write("notes.txt", "some\n", mode=0o640)
    scenario.write(".gitignore", "*.log\n")
    scenario.phase(MODES)
    return scenario.begin()


@pytest.mark.parametrize("verb", ["abort", "skip", "retry"])
def test_permission_bits_are_put_back_too(program: Scenario, verb: str) -> None:
    program.write("fail.log", "")
    program.run("run").says(1)
    assert mode(program, "tool.sh") == 0o755
    if verb == "retry":
        # Once it is put back, `retry` goes on, and would make it a program again.
        program.phase(MODES.replace("chmod 755", "true"))
    more = ("task-1", "--reason", "not now") if verb == "skip" else ()
    program.run(verb, *more).says(1 if verb == "retry" else 0, "tool.sh")
    assert (mode(program, "tool.sh"), mode(program, "notes.txt")) == (0o644, 0o640)


def test_undo_gives_back_the_bits_that_git_knows_and_leaves_the_others(program: Scenario) -> None:
    program.run("run").says(0)
    assert (mode(program, "tool.sh"), mode(program, "notes.txt")) == (0o755, 0o640)
    program.run("undo", "1").says(0)
    assert (mode(program, "tool.sh"), mode(program, "notes.txt")) == (0o644, 0o640)
    assert program.git("diff", "--name-only", "HEAD~2", "HEAD") == ""
    assert program.status() == ""


def test_undo_of_permission_bits_alone(scenario: Scenario) -> None:
    scenario.write("tool.sh", "echo tool\n", mode=0o664)
    scenario.phase("""
        phase: 1
        goal: Make it a program.
        tasks:
          - title: Program
            steps:
              - run: chmod +x tool.sh
                files: tool.sh
              - commit: Program
        """)
    scenario.begin()
    scenario.run("run").says(0)
    assert mode(scenario, "tool.sh") == 0o775
    scenario.run("undo", "1").says(0)
    assert mode(scenario, "tool.sh") == 0o664
    assert scenario.status() == ""


@pytest.mark.parametrize(
    ("attributes", "mine"), [("text eol=crlf", False), ("filter=own", True), ("", False)]
)
def test_row_48_only_what_git_does_not_have_is_kept_before_a_step_takes_it(
    scenario: Scenario, attributes: str, mine: bool
) -> None:
    scenario.git("config", "filter.own.clean", "sed 's/my word/a word/'")
    scenario.write(".gitattributes", f"*.txt {attributes}\n")
    scenario.write("one.txt", "my word\nstays\n")
    scenario.phase("""
        phase: 1
        goal: Take a line out.
        tasks:
          - title: Take it out
            steps:
              - run: sed -i '1d' one.txt
                files: one.txt
              - commit: Take it out
        """)
    scenario.begin()
    scenario.run("run").says(0)
    kept = [each.read_text() for each in scenario.journal.parent.glob("rescued/*/*")]
    assert kept == (["my word\nstays\n"] if mine else [])
    assert scenario.read("one.txt") == "stays\n"


STOPPING = """
    phase: 1
    goal: Stop.
    tasks:
      - title: Stop
        steps:
          - edit: one.txt
            append: |
              ours
          - run: echo made > two.txt
            files: two.txt
          - verify: exit 1
          - commit: Never
    """


@pytest.mark.parametrize("then", ["deleted", "changed", "left"])
def test_what_is_staged_and_not_in_the_file_is_kept(scenario: Scenario, then: str) -> None:
    scenario.write("one.txt", "some\n")
    scenario.phase(STOPPING)
    scenario.begin()
    scenario.run("run").says(1)
    file = scenario.write("one.txt", "mine, staged\n")
    scenario.git("add", "one.txt")
    if then == "deleted":
        file.unlink()
    elif then == "changed":
        file.write_text("mine, later\n")
    scenario.run("skip", "task-1", "--reason", "not now").says(0)
    kept = {each.name: each.read_text() for each in scenario.journal.parent.glob("rescued/*/*")}
    if then == "deleted":
        del kept["two.txt"]
        assert kept == {"one.txt.staged": "mine, staged\n"}
    else:
        assert "mine, staged\n" in kept.values()
    assert scenario.read("one.txt") == "some\n"
    assert scenario.status() == ""


def test_what_is_kept_of_a_long_path_in_any_script_has_a_name(scenario: Scenario) -> None:
    folder = "/".join(["設計と移行の手順をまとめた文書" * 2] * 3)
    path = f"{folder}/案内.txt"
    scenario.write(path, "some\n")
    scenario.phase(
        f"""
        phase: 1
        goal: Say more.
        tasks:
          - title: More
            steps:
              - edit: {path}
                append: more
              - verify: "false"
              - commit: More
        """
    )
    scenario.begin()
    scenario.run("run").says(1, "the check failed")
    scenario.run("abort").says(0, "what they held is kept in")
    assert scenario.read(path) == "some\n"
    (kept,) = scenario.journal.parent.glob("rescued/*/*")
    assert kept.name.endswith("--案内.txt")
    assert path.replace("/", "--").endswith(kept.name)
    assert kept.read_text() == "some\nmore\n"


@pytest.mark.parametrize("instead", ["link", "folder"])
@pytest.mark.parametrize("verb", [("abort",), ("retry",), ("skip", "1/1", "--reason", "no")])
def test_what_stands_in_the_place_of_a_file_is_to_be_moved_away(
    scenario: Scenario, instead: str, verb: tuple[str, ...]
) -> None:
    scenario.app(GREETING.replace("      - commit", "      - verify: test -e ok\n      - commit"))
    scenario.run("run").says(1, "the check failed")
    place = scenario.root / "app.py"
    place.unlink()
    if instead == "link":
        place.symlink_to("test_app.py")
    else:
        place.mkdir()
    what = {"link": "a symbolic link", "folder": "not a regular file"}[instead]
    scenario.run(*verb).says(
        1,
        f"app.py is {what} now, and a file is to be put back there",
        "Nothing was changed.",
        "hint: move it away: `runbook retry` and `runbook skip` put the file back then",
    )
    # As it is said, followed literally.
    place.rename(scenario.folder / "away")
    scenario.write("ok", "")
    scenario.run(*(("retry",) if verb == ("abort",) else verb)).says(0)
    assert place.is_file()


def test_what_a_task_left_and_another_one_committed_is_put_back_as_it_was_committed(
    scenario: Scenario,
) -> None:
    commit = "\n      - commit: Say it"
    tasks = "".join(
        f"""
  - title: Say good {now}
    steps:
      - edit: app.py
        replace: {was}
        with: good {now}{then}"""
        for was, now, then in (
            ("hello", "day", ""),
            ("good day", "evening", commit),
            (
                "good evening",
                "night",
                f"\n      - manual: Note it.\n        files: [notes]{commit}",
            ),
        )
    )
    scenario.app(f"phase: 1\ngoal: Say good night.\ntasks:{tasks}\n")
    scenario.run("run").says(4, "stopped at phase-1/task-3/step-2")
    scenario.write("unrelated.txt", "mine\n")
    scenario.git("add", "unrelated.txt")
    scenario.git("commit", "-q", "-m", "Mine", "unrelated.txt")
    skip = ("skip", "task-3", "--reason", "why not", "--accept-head")
    scenario.run(*skip).says(0, "put back: app.py")
    assert 'return "good evening"' in scenario.read("app.py")
