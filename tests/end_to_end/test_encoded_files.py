"""Files that git checks out in another encoding than UTF-8."""

from scenario import Scenario

PHASE = """
    phase: 1
    goal: Say good day.
    tasks:
      - title: Say it
        steps:
          - edit: new.txt
            create: |
              good day
              é
          - edit: old.txt
            replace: hello
            with: good bye
          - edit: plain.lat
            replace: hello
            with: é
          - commit: "feat: say good day"
      - title: Say it again
        steps:
          - edit: new.txt
            replace: good day
            with: good night
          - commit: "feat: say good night"
"""
ATTRIBUTES = """\
*.txt text eol=crlf working-tree-encoding=UTF-16
*.lat text working-tree-encoding=ISO-8859-1
"""


def test_edits_read_and_write_the_encoding_of_a_checkout(scenario: Scenario) -> None:
    scenario.write(".gitattributes", ATTRIBUTES)
    (scenario.root / "old.txt").write_bytes("hello\r\n".encode("utf-16"))
    scenario.write("plain.lat", "hello\n")
    scenario.phase(PHASE)
    scenario.begin()
    scenario.run("run").says(0, "phase-1 is complete: 2 commits")
    assert scenario.status() == ""
    assert (scenario.root / "new.txt").read_bytes() == "good night\r\né\r\n".encode("utf-16")
    assert (scenario.root / "old.txt").read_bytes() == "good bye\r\n".encode("utf-16")
    assert (scenario.root / "plain.lat").read_bytes() == "é\n".encode("latin-1")
    assert scenario.git("show", "HEAD:new.txt") == "good night\né"


def test_what_an_encoding_lacks_is_said_before_anything_is_written(scenario: Scenario) -> None:
    scenario.write(".gitattributes", ATTRIBUTES)
    (scenario.root / "old.txt").write_bytes("hello\r\n".encode("utf-16"))
    scenario.write("plain.lat", "hello\n")
    scenario.phase(PHASE.replace("with: é", "with: →"))
    scenario.begin()
    scenario.run("run").says(1, "plain.lat: `→` can't be written in ISO-8859-1")
    assert scenario.status() == ""


def test_names_are_replaced_in_the_encoding_of_a_checkout(scenario: Scenario) -> None:
    scenario.write(".gitattributes", ATTRIBUTES)
    (scenario.root / "old.txt").write_bytes("hello é\r\n".encode("utf-16"))
    scenario.phase("""
        phase: 1
        goal: Say good day.
        tasks:
          - title: Say it
            steps:
              - edit: old.txt
                replace: {hello: goodbye}
              - commit: "feat: say goodbye"
        """)
    scenario.begin()
    scenario.run("run").says(0, "phase-1 is complete: 1 commit")
    assert (scenario.root / "old.txt").read_bytes() == "goodbye é\r\n".encode("utf-16")


def test_without_a_stated_encoding_a_file_in_utf_16_is_left_alone(scenario: Scenario) -> None:
    data = "hello\r\n".encode("utf-16")
    (scenario.root / "old.txt").write_bytes(data)
    scenario.phase("""
        phase: 1
        goal: Say good day.
        tasks:
          - title: Say it
            steps:
              - edit: old.txt
                append: good day
              - commit: "feat: say good day"
        """)
    scenario.begin()
    for command in (["check"], ["run", "--dry-run"], ["run"]):
        scenario.run(*command).says(1, "the file is UTF-16", "working-tree-encoding=UTF-16")
    assert (scenario.root / "old.txt").read_bytes() == data
