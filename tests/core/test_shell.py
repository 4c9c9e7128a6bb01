"""Shell commands as bash reads them."""

from __future__ import annotations

import pytest

from runbook.core.shell.cutting import (
    commands,
    conjuncts,
    pipeline,
    simple,
    split,
    unbracketed,
    words,
)
from runbook.core.shell.launching import every_script, launched
from runbook.core.shell.places import place
from runbook.core.shell.probing import keeping_the_probe, never_finds
from runbook.core.shell.pytestoptions import runs_no_test
from runbook.core.shell.script import comments, parse
from runbook.core.shell.tokens import substituted
from runbook.core.shell.walking import walk
from runbook.core.shell.writing import writes

COMMIT = """\
(cd web && git add ship.py && git commit -m "$(cat <<'EOF'
feat: don't (yet) "trim" # 1

EOF
)")"""


def names(text: str) -> list[str]:
    return [each.name for each in parse(text).commands]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rm a.py  # if only old tests", ["rm a.py"]),
        ("echo a#b '# no' \"# no\" \\# no", ["echo a#b '# no' \"# no\" \\# no"]),
        ("a | b || c && d; e & f", ["a", "b", "c", "d", "e", "f"]),
        ("a \\\n  --b \\\n  c", ["a --b c"]),
        ("(cd web && make)", ["cd web", "make"]),
        ("if a; then b; fi", ["if a", "then b", "fi"]),
        ("A=1 b", ["A=1 b"]),
        ("! a", ["a"]),
        ("echo \"$(echo \"a)\")\" b", ["echo \"$(echo \"a)\")\" b"]),
        ("echo $((1 + (2))) b", ["echo $((1 + (2))) b"]),
        ("echo ${A:-(} b", ["echo ${A:-(} b"]),
        ("echo $'it\\'s; a' b", ["echo $'it\\'s; a' b"]),
        ("echo \"costs $'1\" b", ["echo \"costs $'1\" b"]),
        ("cat <<'EOF'\nrm -rf /\nEOF\nls", ["cat", "ls"]),
        ("cat <<-EOF\n\ta; b\n\tEOF\nls", ["cat", "ls"]),
        ("cat <<A <<B\na\nA\nb\nB\nls", ["cat", "ls"]),
        ("cat <<A | wc -l\na\nA", ["cat", "wc -l"]),
        ("echo 'never closed", ["echo 'never closed"]),
        ("", []),
        ("# nothing", []),
    ],
)  # fmt: skip
def test_a_script_is_its_simple_commands(text: str, said: list[str]) -> None:
    assert [str(each) for each in parse(text).commands] == said


def test_redirections_are_no_words() -> None:
    (command,) = parse('make all > "$OUT" 2>&1 < in.txt').commands
    assert str(command) == "make all"
    assert [(each.sign, each.target) for each in command.redirections] == [
        (">", "$OUT"),
        ("2>&", "1"),
        ("<", "in.txt"),
    ]


def test_a_document_belongs_to_its_redirection() -> None:
    (command,) = parse("cat > a.txt <<'EOF'\nit's $A\n\nEOF\n").commands
    document = command.redirections[1].document
    assert document is not None
    assert (document.text, document.literal) == ("it's $A\n\n", True)
    (command,) = parse("cat <<EOF\n$A\nEOF\n").commands
    assert command.redirections[0].document is not None
    assert not command.redirections[0].document.literal
    (command,) = parse("cat <<EOF\nnever ended\n").commands
    assert command.redirections[0].document is None


def test_brackets_tell_which_commands_share_a_shell() -> None:
    found = parse("a; (b; (c)); (d)").commands
    assert [each.shell for each in found] == [(), (1,), (1, 2), (3,)]


def test_a_commit_in_brackets_is_read_whole() -> None:
    inner = unbracketed(COMMIT)
    assert inner.startswith("cd web && ")
    folder, add, commit = conjuncts(inner)
    assert (folder, add) == ("cd web", "git add ship.py")
    assert words(commit)[:3] == ["git", "commit", "-m"]
    (message,) = substituted(parse(commit).commands[0].words[3].raw)
    document = parse(message).commands[0].redirections[0].document
    assert document is not None
    assert document.text == 'feat: don\'t (yet) "trim" # 1\n\n'


@pytest.mark.parametrize("text", ["(a) && (b)", "a (b)", "$(a)", "(a) > b", "f() { a; }"])
def test_other_brackets_are_not_around_the_whole(text: str) -> None:
    assert unbracketed(text) == text


def test_lines_are_cut_with_their_comments() -> None:
    script = "# First.\n## Now\nrm a.py  # If old\n\nmake \\\n  b | \\\n  wc\na &&\n  b\n# Last."
    assert [(each.text, each.comment, each.behind) for each in split(script)] == [
        ("rm a.py", "First.\nNow", "If old"),
        ("make \\\n  b | \\\n  wc", "", ""),
        ("a &&\n  b", "", ""),
        ("", "Last.", ""),
    ]
    assert comments(script) == ("First.", "# Now", "If old", "Last.")


def test_a_line_keeps_its_document() -> None:
    script = "cat > a <<'EOF'  # new\nx # y\nEOF\nmake"
    assert [each.text for each in split(script)] == [
        "cat > a <<'EOF'  # new\nx # y\nEOF",
        "make",
    ]


@pytest.mark.parametrize(
    "script",
    [
        "A=1\nmake",
        "cd web\nmake",
        ". env.sh\nmake",
        "if a\nthen b\nfi",
        "f() {\n a\n}",
        "mkdir a && cd a\nmake",
    ],
)
def test_what_depends_on_each_other_is_one_command(script: str) -> None:
    assert [each.text for each in commands(script)] == [script]


def test_commands_of_other_shells_bind_nothing() -> None:
    assert len(commands("A=1 make\nmake")) == 2
    assert len(commands("make | read A\nmake")) == 2


def test_a_pipe_in_quotes_splits_nothing() -> None:
    assert pipeline("grep 'a|b' c | (d | e) | wc") == ["grep 'a|b' c", "(d | e)", "wc"]
    assert pipeline("a || b") == ["a || b"]


def test_one_simple_command_is_one() -> None:
    assert simple("a b") is not None
    assert simple("a; b") is None
    assert simple("(a)") is None


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("uv run --with x pytest -q", "pytest -q"),
        ("uv run -m pytest -q", "pytest -q"),
        ("python3 -m pytest -q", "pytest -q"),
        ("uvx --index-url https://example.org/simple pytest -q", "pytest -q"),
        ("uv run --index-url https://example.org/simple --extra a pytest -q", "pytest -q"),
        ("pipx run --spec ruff==0.1 ruff check", "ruff check"),
        ("then sudo -u ada env A=1 timeout -k 5 10 rm a", "rm a"),
        ("npx --yes prettier@3 --write .", "prettier --write ."),
        ("xargs -I {} -n 1 rm {}", "rm {}"),
        ("yarn jest", "jest"),
        ("yarn add jest", "yarn add jest"),
        ("yarn workspace web jest", "jest"),
        ("pnpm --filter web prisma db push", "prisma db push"),
        ("pnpm -C web exec prisma db push", "prisma db push"),
        ("pnpm --filter web add prisma", "pnpm --filter web add prisma"),
        ("bun vitest", "vitest"),
        ("for each in a b", ""),
    ],
)
def test_what_is_launched_is_the_program(text: str, program: str) -> None:
    found = launched(parse(text).commands[0].words)
    assert " ".join(each.text for each in found) == program


def test_scripts_inside_of_commands_are_found() -> None:
    text = 'bash -lc \'rm a\' && eval "rm b"; A=$(rm c) x "`rm d`" > $(rm e); find . -exec rm f \\;'
    found = [str(command) for script in every_script(parse(text)) for command in script.commands]
    assert {f"rm {name}" for name in "abcdef"} <= set(found)
    assert list(substituted("'$(rm a)'")) == []
    assert list(substituted("\"'$(rm a)'\"")) == ["rm a"]


@pytest.mark.parametrize(
    ("script", "folders"),
    [
        ("a && cd web && b", ["", "", "web"]),
        ("(cd web && a); b", ["", "web", ""]),
        ("cd web; (cd ..; a); cd src; b", ["", "web", "", "web", "web/src"]),
        ("cd ..; a", ["", ".."]),
        ('D=src/web; cd "$D" && a', ["", "", "src/web"]),
        ("cd $D && a", ["", "$D"]),
        ("cd ~/x && a", ["", "~/x"]),
        ("cd && a", ["", "~"]),
    ],
)
def test_commands_run_where_the_script_goes(script: str, folders: list[str]) -> None:
    assert [each.folder for each in walk(script)] == folders


@pytest.mark.parametrize(
    ("script", "last"),
    [
        ("F=a.py; rm $F", ["a.py"]),
        ('export F="a.py"\nrm "${F}"', ["a.py"]),
        ("for f in a b; do rm $f.py; done", ["a.py", "b.py"]),
        ("rm $F", ["$F"]),
        ("F=a.py; unset F; rm $F", ["$F"]),
        ("F=a.py; (F=b.py); rm $F", ["a.py"]),
        ("F=a.py; rm '$F'", ["$F"]),
        ("F=$(ls); rm $F", ["$F"]),
        ("A=~; B=$A/x; rm $B", ["~/x"]),
    ],
)
def test_variables_have_the_values_that_the_script_gives(script: str, last: list[str]) -> None:
    assert [each.arguments for each in walk(script) if each.name == "rm"] == [last]


@pytest.mark.parametrize(
    ("path", "folder", "where"),
    [
        ("a.py", "", "inside"),
        ("../a.py", "web", "inside"),
        ("../a.py", "", "outside"),
        ("../../a.py", "web", "outside"),
        ("~/a", "", "outside"),
        ("$HOME/a", "", "outside"),
        ("${HOME}", "", "outside"),
        ("/etc/hosts", "", "outside"),
        ("C:/a", "", "outside"),
        ("/tmp/a", "", "scratch"),
        ("/tmp/../etc/a", "", "outside"),
        ("/dev/null", "", "scratch"),
        ("${TMPDIR:-/tmp}/a", "", "scratch"),
        ("a", "/tmp/x", "scratch"),
        ("a", "~/x", "outside"),
        ("$A/a", "", "unknown"),
        ("src/$A", "", "inside"),
        ("$PWD/a", "", "inside"),
        ("$(git rev-parse --show-toplevel)/a", "", "inside"),
    ],
)
def test_where_a_path_leads(path: str, folder: str, where: str) -> None:
    assert place(path, folder) == where


@pytest.mark.parametrize(
    "command",
    [
        "rm a", "touch a", "mkdir -p a", "git -C web add a", "echo a > b", "find . -name a -delete",
        "npx prettier --write .", "chmod -x a", "then rm a", "xargs rm", "sed -i s/a/b/ c",
        "sed -Ei.bak s/a/b/ c", "perl -0pi -e s/a/b/ c", "git commit -n -m x", "git revert -n HEAD",
        "black -l 100 .", "isort -l 100 .", "terraform fmt -diff", "git tag v1", "patch -p1",
    ],
)  # fmt: skip
def test_what_writes(command: str) -> None:
    assert writes(parse(command).commands[0]) is not None


@pytest.mark.parametrize(
    "command",
    [
        "rm /tmp/a", "cp a /tmp/b", "make > /dev/null", "make 2>&1", "git stash list",
        "find . -name a", "prettier --check .", "git -C web status", "sed -n 1p a",
        'echo a > "$GITHUB_OUTPUT"', "terraform fmt -check", "mix format --check-formatted",
        "dart format -o none .", "git clean -n", "git tag --points-at HEAD", "git stash show -p",
        "git apply --stat x", "patch --dry-run -p1", "ruff check --fix --diff .",
        "black -q --check .",
        "isort -c .", "perl -MList::Util=min -e 'print 1'", "perl -Mstrict -e 'print 1'",
        "uv lock --locked", "git add -n a",
    ],
)  # fmt: skip
def test_what_only_looks(command: str) -> None:
    assert writes(parse(command).commands[0]) is None


def test_the_names_of_programs_are_without_folders() -> None:
    assert names(".venv/bin/pytest -q && ./run") == ["pytest", "run"]


def test_only_pytest_has_options_by_which_it_runs_no_test() -> None:
    assert runs_no_test("pytest --co tests") == "--co"
    assert runs_no_test("pytest tests") is None
    assert runs_no_test("make --help") is None


@pytest.mark.parametrize(
    ("command", "never"),
    [
        ("PYTHONPATH=src pytest", True),
        ("export PYTHONPATH=src; make test", True),
        ("env PYTHONPATH=src pytest", True),
        ("env -u PYTHONPATH pytest", True),
        ("unset PYTHONPATH && pytest", True),
        ("bash -c 'PYTHONPATH=src pytest'", True),
        ("uv run python3.12 -Im pytest", True),
        ("python -E -m pytest", True),
        ("PYTHONPATH=src:$PYTHONPATH pytest", False),
        ("PYTHONPATH+=:src pytest", False),
        ("python -m pytest -E", False),
        ("echo PYTHONPATH=src", False),
        # Nothing has pytest load anything.
        ("PYTEST_ADDOPTS=-q pytest", False),
        ("env -i pytest", False),
    ],
)
def test_where_a_pytest_never_finds_the_probe(command: str, never: bool) -> None:
    assert never_finds(command) is never


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("PYTHONPATH=src pytest -q", "PYTHONPATH=src:$PYTHONPATH pytest -q"),
        ("cd a && PYTHONPATH='my src' pytest", "cd a && PYTHONPATH='my src':$PYTHONPATH pytest"),
        ("export PYTHONPATH=. && pytest", "export PYTHONPATH=.:$PYTHONPATH && pytest"),
        ("env PYTHONPATH=. A=b pytest", 'env PYTHONPATH=.:"$PYTHONPATH" A=b pytest'),
        ("declare -x PYTHONPATH=. && pytest", "declare -x PYTHONPATH=.:$PYTHONPATH && pytest"),
        (
            "PYTHONPATH=a:${PYTHONPATH} PYTEST_ADDOPTS=-q pytest",
            'PYTHONPATH=a:${PYTHONPATH} PYTEST_ADDOPTS="$PYTEST_ADDOPTS "-q pytest',
        ),
        ("PYTEST_ADDOPTS='-x -q' pytest", """PYTEST_ADDOPTS="$PYTEST_ADDOPTS "'-x -q' pytest"""),
        # Not these: kept already, emptied, in another shell, none of the probe's.
        ("PYTHONPATH=src:$PYTHONPATH pytest", None),
        ("PYTHONPATH=src:${PYTHONPATH:-} pytest", None),
        ("PYTHONPATH= pytest", None),
        ("bash -c 'PYTHONPATH=src pytest'", None),
        ("echo PYTHONPATH=src && pytest", None),
        ("MYPYTHONPATH=src pytest", None),
    ],
)
def test_a_command_that_keeps_the_probe(command: str, kept: str | None) -> None:
    assert keeping_the_probe(command) == (kept or command)
