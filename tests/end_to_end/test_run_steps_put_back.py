"""A run step that does not succeed leaves nothing: no index entries, no folders."""

from __future__ import annotations

from scenario import Scenario


def phase(command: str, files: str) -> str:
    return (
        "phase: 1\ngoal: Try it.\ntasks:\n  - title: One\n    steps:\n"
        f"      - run: {command}\n        files: {files}\n      - commit: 'chore: y'\n"
    )


def test_what_a_refused_command_staged_is_not_staged_any_more(scenario: Scenario) -> None:
    scenario.app(phase("git mv app.py moved.py && false", "[app.py, moved.py]"))
    scenario.write("mine.txt", "mine\n")
    scenario.git("add", "mine.txt")
    scenario.run("run").says(1, "its files were put back", "put back: app.py, moved.py")
    assert scenario.status() == "A  mine.txt"


def test_folders_that_it_made_go(scenario: Scenario) -> None:
    scenario.app(phase("mkdir -p out/deep && echo 1 > out/deep/a.txt && false", "{glob: 'out/**'}"))
    (scenario.root / "kept").mkdir()
    scenario.run("run").says(1, "its files were put back")
    assert not (scenario.root / "out").exists()
    scenario.phase(phase("mkdir -p new/er && echo 1 > kept/a && false", "[new/er/a, kept/a]"))
    scenario.run("run").says(1, "its files were put back")
    assert not (scenario.root / "new").exists()
    assert (scenario.root / "kept").is_dir()


def test_a_folder_is_told_before_the_command_runs(scenario: Scenario) -> None:
    scenario.write("src/a.txt", "1\n")
    scenario.app(phase("echo 2 > src/a.txt", "src"))
    scenario.run("run").says(1, "src is", 'for the files of a folder write `{glob: "src/**"}`')
    assert scenario.read("src/a.txt") == "1\n"
