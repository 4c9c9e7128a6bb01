"""What a delegate changes of a repository that is not its own is found and put back."""

from __future__ import annotations

import pytest
from handing import COMMIT, MEND, SEARCHED, append, handed_over, refused_and_put_back
from ondemand import ON_DEMAND, some
from scenario import Scenario

from runbook.core.text.counting import count

NOTE = "git -c user.name=A -c user.email=a@b notes --ref=runbook add -m x"
REBASE = f"""
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@b
{MEND}; git commit -qam one
git switch -qc side HEAD~1; sed -i 's/a - b/a * b/' src/calc.py; git commit -qam two
git switch -q main; git rebase -q side
"""
TRICKS = {
    "the list of what is ignored": f"{append('.gitignore', 'src/hidden.py')}echo x > src/hidden.py",
    "skip-worktree": "git update-index --skip-worktree src/other.py; echo X=1 > src/other.py",
    "assume-unchanged": "git update-index --assume-unchanged src/other.py; echo X=1 > src/other.py",
    "a flag alone": f"{MEND}; git update-index --skip-worktree Makefile",
    "a commit of its own": f"{MEND}; {COMMIT}",
    "a commit, taken back": f"{MEND}; {COMMIT}; git reset -q --soft HEAD~1; git tag t",
    "a branch": f"{MEND}; git branch side",
    "another branch": f"{MEND}; git switch -qc side",
    "a tag": f"{MEND}; git tag v1",
    "a stash": f"{MEND}; git -c user.name=A -c user.email=a@b stash -q; git stash apply -q",
    "something staged": f"{MEND}; git add src/calc.py",
    "a detached HEAD": f"{MEND}; git checkout -q --detach",
    "git's settings": f"{MEND}; git config core.hooksPath /tmp",
    "a hook": f"{MEND}; mkdir -p .git/hooks; echo exit 0 > .git/hooks/pre-commit",
    "git's list of what is ignored": f"{MEND}; mkdir -p .git/info; echo src > .git/info/exclude",
    "git's attributes": f"{MEND}; mkdir -p .git/info; echo '* -text' > .git/info/attributes",
    "a linked worktree": f"{MEND}; git worktree add -q ../side",
    "a merge under way": f"{MEND}; git rev-parse HEAD > .git/MERGE_HEAD",
    "a rebase under way": REBASE,
    "mail that is applied": f"{MEND}; mkdir .git/rebase-apply; touch .git/rebase-apply/applying",
    "a reference that replaces a commit": (
        f"{MEND}; git replace HEAD $(git -c user.name=A -c user.email=a@b commit-tree -m x HEAD:)"
    ),
    "a note": f"{MEND}; git -c user.name=A -c user.email=a@b notes add -m x",
    "a note of runbook's": f"{MEND}; {NOTE}",
    "settings of the worktree": f"{MEND}; echo '[core]' > .git/config.worktree",
    "objects from elsewhere": f"{MEND}; echo /tmp > .git/objects/info/alternates",
    "a sparse checkout": f"{MEND}; git sparse-checkout set src",
    "a branch among those that are packed": (
        f"{MEND}; git pack-refs --all; echo $(git rev-parse HEAD) refs/heads/z >> .git/packed-refs"
    ),
    "a branch below one that is gone": f"{MEND}; git branch -m main side; git branch main/x",
    "a bisection": f"{MEND}; git bisect start -q",
    "a HEAD that is gone": f"{MEND}; rm .git/HEAD",
    "a HEAD that is none": f"{MEND}; echo x > .git/HEAD",
    "an index that is none": f"{MEND}; echo x > .git/index",
    "a branch that is none": f"{MEND}; echo x > .git/refs/heads/main",
    "no branch at all": f"{MEND}; rm -r .git/refs",
    "pipes for git to wait at": (
        f"{MEND}; cd .git; rm HEAD index refs/heads/main; mkfifo HEAD index refs/heads/main refs/x"
    ),
    "a lock of the index": f"{MEND}; touch .git/index.lock",
    "locks of references": f"{MEND}; touch .git/refs/heads/main.lock .git/HEAD.lock",
    "a folder becomes a repository": f"{MEND}; git init -q src; echo x > src/hidden.py",
    "a folder belongs to a repository": f"{MEND}; echo 'gitdir: /tmp' > src/.git",
    "a submodule": (
        f"{MEND}; git clone -q . ../sub; "
        "git -c protocol.file.allow=always submodule add -q ../sub sub"
    ),
    "a record more in the journal": f"{MEND}; echo '{{}}' >> .git/runbook/main/journal.jsonl",
    "the journal deleted": f"{MEND}; rm .git/runbook/main/journal.jsonl",
    "what the journal keeps deleted": f"{MEND}; rm -r .git/runbook/main/images; rm src/other.py",
    "all of runbook's folder deleted": f"{MEND}; rm -r .git/runbook",
    "its supervisor killed": f"{MEND}; kill -9 $PPID; sleep 1; echo x > src/other.py",
    "unusual names": rf"{MEND}; touch src/$'a\nb.py' src/$'\xff.py' src/$'\e[31mred'",
    "many files": f"{MEND}; mkdir src/m; for i in $(seq 3000); do echo $i > src/m/$i; done",
    "a pipe": f"{MEND}; mkfifo src/p",
    "a pipe in the place of a file": "rm src/calc.py; mkfifo src/calc.py",
    "a socket": (
        f"{MEND}; python -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"src/s\")'"
    ),
    "a folder in the place of a file": "rm src/calc.py; mkdir src/calc.py; echo x > src/calc.py/x",
    "an empty folder in the place of a file": "rm src/calc.py; mkdir src/calc.py",
    "a folder in the place of another file": f"{MEND}; rm src/other.py; mkdir src/other.py",
    "a link in the place of a folder": f"{MEND}; mv src ../elsewhere; ln -s ../elsewhere src",
    "a link to a folder that is ignored": f"{MEND}; mv src build; ln -s build src",
    "a file by two names": f"{MEND}; ln -f src/calc.py src/other.py",
    "a name in other letters": f"{MEND}; mv src/other.py src/Other.py",
    "the permissions of a folder": f"{MEND}; chmod 500 tests",
    "a folder that is shut": f"{MEND}; echo x > src/y; chmod 000 src; chmod 555 tests",
    "files that are shut": (
        f"{MEND}; chmod 000 src/other.py src/calc.py; mkdir src/m; touch src/m/x; chmod 000 src/m"
    ),
    "many processes": f"{MEND}; for i in 1 2 3 4 5 6; do sleep 100 & done",
    "a process left behind": f"{MEND}; sleep 1000 &",
    "a daemon": f"{MEND}; setsid sleep 1000 > /dev/null 2>&1 &",
    "a link in the place of a file": (
        "cp src/calc.py ../c.py; rm src/calc.py; ln -s ../../c.py src/calc.py"
    ),
    "another file": f"{MEND}; echo OTHER = 2 > src/other.py",
    "another file, of the same date": (
        f"{MEND}; cp -p src/other.py ../o; echo OTHER = 2 > src/other.py; "
        "touch -r ../o src/other.py"
    ),
    "another file's mode": f"{MEND}; chmod +x src/other.py",
    "a file more": f"{MEND}; echo x > src/more.py",
    "a file less": f"{MEND}; rm src/other.py",
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(TRICKS) if ON_DEMAND else 8))
def test_a_trick_is_refused_and_put_back(scenario: Scenario, number: int) -> None:
    trick = some(TRICKS, 8, "tricks")[number]
    print(trick)
    handed_over(scenario, TRICKS[trick], SEARCHED)
    refs = scenario.git("for-each-ref"), scenario.git("symbolic-ref", "HEAD")
    settings = scenario.read(".git/config")
    refused_and_put_back(scenario)
    if trick == "a linked worktree":
        # What is checked out elsewhere may be somebody else's, and stays.
        scenario.git("worktree", "remove", "--force", "../side")
        scenario.git("branch", "-D", "side")
    assert (scenario.git("for-each-ref"), scenario.git("symbolic-ref", "HEAD")) == refs
    assert scenario.read(".git/config") == settings
    assert not (scenario.root / ".git/hooks/pre-commit").exists()


def test_of_gits_own_files_something_else_is_in_the_place(scenario: Scenario) -> None:
    broken = """
    rm -rf .git/HEAD .git/info .git/hooks/post-merge .git/hooks/post-rewrite
    mkdir -p .git/HEAD/x .git/hooks/post-merge/x; touch .git/info; echo > .git/hooks/post-rewrite
    mkfifo .git/hooks/pre-commit; echo x > .git/index
    """
    handed_over(scenario, f"{MEND}{broken}", SEARCHED)
    scenario.hook("post-merge", "exit 0")
    link = scenario.root / ".git/hooks/post-rewrite"
    link.symlink_to("nowhere/\udcff")
    (scenario.root / ".git/info/exclude").write_text("# none\n")
    refused_and_put_back(scenario)
    assert str(link.readlink()) == "nowhere/\udcff"
    assert (scenario.root / ".git/hooks/post-merge").is_file()
    assert scenario.read(".git/info/exclude") == "# none\n"
    assert not (scenario.root / ".git/hooks/pre-commit").exists()


GONE = {
    "the commit": "o=$(git rev-parse HEAD); rm -f .git/objects/${o:0:2}/${o:2}",
    "all, loose": "rm -rf .git/objects",
    "all, packed": "git gc -q; rm -rf .git/objects/*",
}


@pytest.mark.parametrize("what", GONE)
def test_git_s_objects_that_an_attempt_deletes_are_put_back(scenario: Scenario, what: str) -> None:
    handed_over(scenario, f"{MEND}; {GONE[what]}", SEARCHED)
    objects = scenario.git("rev-list", "--objects", "--all")
    refused = scenario.run("run")
    number = len(objects.splitlines()) if what.startswith("all") else 1
    refused.says(4, f"{count(number, 'object')} of git's deleted: ", "put back: git's objects")
    scenario.git("fsck", "--strict")
    assert scenario.git("rev-list", "--objects", "--all") == objects
    assert not (scenario.root / ".git/runbook/main/objects").exists()
    scenario.write("../agent.sh", f"{MEND}; git gc -q --prune=now")
    scenario.run("run").says(0, "1 commit")


def test_objects_that_are_gone_are_told_with_what_brings_them_back(scenario: Scenario) -> None:
    handed_over(scenario, MEND, SEARCHED)
    scenario.git("clone", "-q", "--no-local", ".", "../clone")
    name = scenario.git("rev-parse", "HEAD")
    (scenario.root / ".git/objects" / name[:2] / name[2:]).unlink()
    scenario.run("run").says(1, "git failed", "`git fetch --refetch REMOTE`")
    assert "is settled" not in scenario.run("status").raw
    scenario.git("fetch", "-q", "--refetch", "../clone")
    scenario.run("run").says(0, "1 commit")


def test_a_rebase_that_an_attempt_was_in_is_ended(scenario: Scenario) -> None:
    """Whoever aborts it gets the commits of the attempt on the branch."""
    handed_over(scenario, REBASE, SEARCHED)
    refused_and_put_back(scenario)
    assert not [*(scenario.root / ".git").glob("*rebase*")]
    assert not (scenario.root / ".git/MERGE_MSG").exists()
    scenario.run("run").says(4, "git is in the middle of something: rebase-merge")


def test_what_stays_is_not_called_put_back(scenario: Scenario) -> None:
    handed_over(scenario, f"{MEND}; git worktree add -q --detach ../side", SEARCHED)
    result = scenario.run("run")
    result.says(4, "a linked worktree was made, and stays: side", "put back: src/calc.py")
    assert result.raw.count("put back: ") == 1, str(result)


def with_submodule(scenario: Scenario, agent: str) -> Scenario:
    """Work handed over in a repository with a submodule `lib`, which has a file of nobody's."""
    handed_over(scenario, f"{MEND}; {agent}", SEARCHED)
    scenario.git("clone", "-q", ".", "../lib")
    scenario.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", "../lib", "lib")
    scenario.git("commit", "-qm", "Lib")
    scenario.write("lib/notes", "mine")
    return scenario


def test_a_submodule_stays_on_its_commit(scenario: Scenario) -> None:
    with_submodule(scenario, f"echo x > lib/new; git -C lib add new; cd lib; {COMMIT}")
    before = scenario.git("rev-parse", "HEAD", cwd=scenario.root / "lib")
    said = f"lib: refs/heads/main: {before[:12]}, now "
    scenario.run("run").says(4, said, "put back: refs/heads/main of lib, ")
    assert scenario.status(scenario.root / "lib") == "?? notes"


IN_SUBMODULE = {
    "a hook": (
        "echo exit 1 > .git/modules/lib/hooks/pre-commit; chmod +x .git/modules/lib/hooks/*",
        "lib: git's file hooks/pre-commit",
    ),
    "its settings": ("git -C lib config core.fsmonitor x", "lib: git's file config"),
    "the stash": (
        "cd lib; echo x > Makefile; git -c user.name=A -c user.email=a@b stash -q",
        "lib: refs/stash: none, now ",
    ),
    "another branch": ("git -C lib switch -qc side", "lib: HEAD: main, now side"),
    "something staged": ("cd lib; git add notes; git rm -q --cached Makefile", "lib: the index"),
    "where git's folder is": ("echo gitdir: /tmp > lib/.git", "            lib/.git\n"),
    "a pipe in the place of that": ("rm lib/.git; mkfifo lib/.git", "            lib/.git\n"),
    "a branch that is none": (
        "echo x > .git/modules/lib/refs/heads/main", "lib: git's file refs/heads/main"
    ),
}  # fmt: skip


@pytest.mark.parametrize("number", range(len(IN_SUBMODULE) if ON_DEMAND else 3))
def test_a_trick_in_a_submodule_is_refused_and_put_back(scenario: Scenario, number: int) -> None:
    trick = some(IN_SUBMODULE, 3, "tricks")[number]
    print(trick)
    agent, said = IN_SUBMODULE[trick]
    lib = with_submodule(scenario, agent).root / "lib"

    def state() -> tuple[str, ...]:
        asked = "for-each-ref", "symbolic-ref HEAD", "stash list", "config -l", "ls-files -sv"
        return (scenario.status(lib), *(scenario.git(*each.split(), cwd=lib) for each in asked))

    before = state()
    scenario.run("run").says(4, said, "put back: ")
    assert state() == before
    assert not (scenario.root / ".git/modules/lib/hooks/pre-commit").exists()


INSTEAD_OF_SUBMODULE = {
    "a repository": "rm lib/.git; git init -q lib; cd lib; git add .; "
    + COMMIT.replace("qam", "qm"),
    "a folder": "rm lib/.git; mkdir -p lib/.git/x",
    "git's folder of it": "rm lib/.git; mv .git/modules/lib lib/.git",
    "nothing": "rm -r lib",
    "a link": "mv lib ../kept; ln -s ../other lib",
}


@pytest.mark.parametrize("instead", INSTEAD_OF_SUBMODULE)
def test_a_submodule_is_put_back_where_something_else_is_in_its_place(
    scenario: Scenario, instead: str
) -> None:
    with_submodule(scenario, INSTEAD_OF_SUBMODULE[instead])
    other = scenario.folder / "other"
    other.mkdir()
    scenario.git("init", "-q", "--separate-git-dir", "../theirs", cwd=other)
    before = scenario.read("lib/.git"), scenario.git("rev-parse", "HEAD", cwd=scenario.root / "lib")
    theirs = (other / ".git").read_text()
    result = scenario.run("run")
    result.says(4, "            lib/.git\n", "put back: lib/.git")
    assert "can't be put back" not in result.raw
    lib = scenario.root / "lib"
    assert (scenario.read("lib/.git"), scenario.git("rev-parse", "HEAD", cwd=lib)) == before
    assert (scenario.status(lib), scenario.read("lib/notes")) == ("?? notes", "mine")
    assert (other / ".git").read_text() == theirs
    rescued = [path.parent for path in (scenario.root / ".git/runbook").rglob("rescued/*/.git")]
    assert len(rescued) == (instead in ("a repository", "a folder"))
    assert all(f"what it held is kept in {folder}" in result.raw for folder in rescued)


BROKEN_FOR_GIT = {
    "a pipe for HEAD": "rm HEAD; mkfifo HEAD",
    "no HEAD": "rm HEAD",
    "a folder for the index": "rm index; mkdir index",
    "settings that are none": "echo '[x' > config",
    "packed references that are none": "echo x > packed-refs",
    "a pipe for packed references": "rm packed-refs; mkfifo packed-refs",
    "no packed references": "rm packed-refs",
    "a branch that is checked out elsewhere": "echo x > refs/heads/side",
    "a new branch that is none": "mkdir refs/heads/x; echo x > refs/heads/x/y",
    "a folder elsewhere that is shared": "echo $OLDPWD/../other/.git > commondir",
}


@pytest.mark.parametrize("place", [".git", ".git/modules/lib"])
@pytest.mark.parametrize("number", range(len(BROKEN_FOR_GIT) if ON_DEMAND else 3))
def test_what_git_could_not_read_is_put_back(scenario: Scenario, number: int, place: str) -> None:
    """Also what only the packed references tell of branches that are checked out elsewhere."""
    broken = some(BROKEN_FOR_GIT, 3, "broken")[number]
    print(broken)
    with_submodule(scenario, f"cd {place}; {BROKEN_FOR_GIT[broken]}")
    scenario.git("init", "-q", "../other")
    folder = scenario.root if place == ".git" else scenario.root / "lib"
    scenario.git("worktree", "add", "-q", str(scenario.folder / "side"), "-b", "side", cwd=folder)
    scenario.git("pack-refs", "--all", cwd=folder)
    files = "config", "HEAD", "index", "packed-refs"
    settings = (scenario.folder / "other/.git/config").read_text()

    def state() -> tuple[object, ...]:
        held = [(scenario.root / place / name).read_bytes() for name in files]
        return held, scenario.git("for-each-ref", cwd=folder), scenario.git("status", cwd=folder)

    before = state()
    scenario.run("run").says(4, "the delegate did not do it in 1 attempt", "put back: ")
    assert state() == before
    assert not (scenario.root / place / "commondir").exists()
    assert not (scenario.root / place / "refs/heads/x/y").exists()
    assert (scenario.folder / "other/.git/config").read_text() == settings


def test_a_commit_is_found_where_gits_folder_is_elsewhere(scenario: Scenario) -> None:
    """As it is in a submodule: git names that folder, and not ours, as the worktree."""
    handed_over(scenario, f"{MEND}; {COMMIT}", SEARCHED)
    scenario.git("init", "-q", "--separate-git-dir", "../git")
    refused_and_put_back(scenario)


def test_files_of_a_submodule_are_put_back(scenario: Scenario) -> None:
    agent = f"{MEND}; cd lib; echo bad | tee a.txt b.txt new.txt; rm c.txt"
    handed_over(scenario, agent, SEARCHED)
    scenario.git("init", "-q", "../lib")
    lib = scenario.folder / "lib"
    for name in "abc":
        (lib / f"{name}.txt").write_text(f"{name}\n")
    scenario.git("add", ".", cwd=lib)
    scenario.git("commit", "-qm", "Lib", cwd=lib)
    scenario.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", "../lib", "lib")
    scenario.git("commit", "-qm", "With it")
    scenario.write("lib/b.txt", "mine\n")
    result = scenario.run("run")
    result.says(4, "lib/a.txt was changed", "lib/c.txt was deleted", "lib/new.txt was made")
    assert "can't be put back" not in result.stdout
    held = {path.name: path.read_text() for path in (scenario.root / "lib").glob("*.txt")}
    assert held == {"a.txt": "a\n", "b.txt": "mine\n", "c.txt": "c\n"}


def test_a_worktree_inside_is_another_matter(scenario: Scenario) -> None:
    """Whoever is at work there, a person or another run, is not the delegate."""
    there = ".worktrees/there"
    agent = f"echo more >> {there}/pytest.ini; echo x > {there}/Makefile; touch {there}/tox.ini"
    scenario.write(".git/info/exclude", ".worktrees/\n")
    handed_over(scenario, f"{MEND}; {agent}", SEARCHED)
    scenario.git("worktree", "add", "-q", there)
    scenario.write(f"{there}/src/calc.py", "theirs\n")
    scenario.run("run").says(0, "1 commit")
    assert scenario.read(f"{there}/Makefile") == "x\n"
    assert scenario.read(f"{there}/src/calc.py") == "theirs\n"
    assert scenario.read(f"{there}/pytest.ini").endswith("more\n")


def test_no_folder_of_ours_becomes_a_worktree_unseen(scenario: Scenario) -> None:
    record = ".git/worktrees/src"
    agent = f"""
        mkdir -p {record}; echo $PWD/src/.git > {record}/gitdir; echo ../.. > {record}/commondir
        cp .git/HEAD {record}; echo gitdir: $PWD/{record} > src/.git; echo X = 1 > src/other.py
    """
    handed_over(scenario, f"{MEND}; {agent}", SEARCHED)
    scenario.run("run").says(4, "src/other.py was changed")
    assert scenario.read("src/other.py") == "OTHER = 1\n"


def test_a_link_that_is_to_be_a_file_is_told_as_one(scenario: Scenario) -> None:
    handed_over(scenario, "ln -s calc.py src/new.py", SEARCHED, "src/new.py")
    scenario.run("run").says(4, "src/new.py is a link now, and not a file")


def test_of_many_files_some_are_named(scenario: Scenario) -> None:
    handed_over(scenario, f"{MEND}; mkdir src/m; touch src/m/{{10..40}}", SEARCHED)
    first = ", ".join(f"src/m/{number}" for number in range(10, 18))
    scenario.run("run").says(4, f"put back: {first} and 23 more\n")
    assert not (scenario.root / "src/m").exists()


def test_the_stash_is_the_users(scenario: Scenario) -> None:
    handed_over(scenario, f"{MEND}; git stash drop -q stash@{{1}}", SEARCHED)
    for text in ("1", "2"):
        scenario.write("Makefile", text)
        scenario.git("stash", "-q")
    before = scenario.git("stash", "list")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert scenario.git("stash", "list") == before
    (scenario.folder / "agent.sh").write_text(f"{MEND}; git stash clear; rm -r .git/logs")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert scenario.git("stash", "list") == before
    assert scenario.git("reflog", "show", "HEAD")


def test_hooks_are_looked_for_where_git_has_them(scenario: Scenario) -> None:
    handed_over(
        scenario, f"{MEND}; mkdir build; echo 'touch ../hooked' > build/pre-commit", SEARCHED
    )
    scenario.git("config", "core.hooksPath", "build")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert not (scenario.root / "build/pre-commit").exists()


LINKS = {
    "hooks": "rm -r .git/hooks; ln -s ../../theirs .git/hooks",
    "hooks in the worktree": "mv tools/hooks ../h; ln -s ../../theirs tools/hooks",
    "a folder that hooks are in": "mv tools ../t; ln -s ../theirs tools",
    "what is ignored": "rm -r .git/info; ln -s ../../theirs .git/info",
    "references": "rm -r .git/refs; ln -s ../../theirs .git/refs",
    "branches": "rm -r .git/refs/heads; ln -s ../../../theirs/heads .git/refs/heads",
    "what git remembers": "rm -r .git/logs; ln -s ../../theirs .git/logs",
}


@pytest.mark.parametrize("number", range(len(LINKS) if ON_DEMAND else 4))
def test_what_a_link_in_the_place_of_gits_folders_leads_to_is_let_be(
    scenario: Scenario, number: int
) -> None:
    link = some(LINKS, 4, "links")[number]
    print(link)
    handed_over(scenario, f"{MEND}; {LINKS[link]}", SEARCHED)
    scenario.write(".git/info/exclude", "tools\n")
    scenario.hook("pre-push", "exit 0")
    scenario.write("tools/hooks/pre-push", "exit 0\n")
    if "hooks in" in link or "hooks are in" in link:
        scenario.git("config", "core.hooksPath", "tools/hooks")
    theirs = scenario.folder / "theirs"
    for name in ("pre-push", "post-merge", "exclude", "HEAD", "hooks/pre-push", "heads/main"):
        (theirs / name).parent.mkdir(parents=True, exist_ok=True)
        (theirs / name).write_text("theirs\n")
    hooks = scenario.read(".git/hooks/pre-push"), scenario.read("tools/hooks/pre-push")
    refs = scenario.git("for-each-ref")
    scenario.run("run").says(4, "the delegate did not do it in 1 attempt", "put back: ")
    held = {path.read_text() for path in theirs.rglob("*") if path.is_file()}
    assert (held, len([*theirs.rglob("*")])) == ({"theirs\n"}, 8)
    assert not [path for path in (scenario.root / ".git").rglob("*") if path.is_symlink()]
    assert not (scenario.root / "tools").is_symlink()
    assert scenario.git("for-each-ref") == refs
    assert (scenario.read(".git/hooks/pre-push"), scenario.read("tools/hooks/pre-push")) == hooks
    assert scenario.read(".git/info/exclude") == "tools\n"


def test_what_a_link_in_the_place_of_a_folder_leads_to_is_let_be(scenario: Scenario) -> None:
    """Also of what is put back before the rest."""
    scenario.write("src/.gitignore", "*.log\n")
    scenario.write("src/private/x", "x\n")
    handed_over(scenario, f"{MEND}; mv src ../elsewhere; ln -s ../theirs src", SEARCHED)
    theirs = scenario.folder / "theirs"
    theirs.mkdir()
    (theirs / ".gitignore").write_text("theirs\n")
    (theirs / "private").mkdir(mode=0o700)
    refused_and_put_back(scenario)
    assert {path.name for path in theirs.iterdir()} == {".gitignore", "private"}
    assert (theirs / "private").stat().st_mode & 0o777 == 0o700
    assert (theirs / ".gitignore").read_text() == "theirs\n"


def test_links_of_the_users_in_the_place_of_gits_folders_stay(scenario: Scenario) -> None:
    handed_over(scenario, f"{MEND}; rm .git/hooks; mkdir .git/hooks", SEARCHED)
    scenario.git("config", "core.fsmonitor", "false")
    hooks = scenario.root / ".git/hooks"
    hooks.rename(scenario.folder / "hooks")
    hooks.symlink_to("../../hooks")
    (hooks / "pre-push").write_text("mine\n")
    scenario.run("run").says(4, "git's file hooks")
    assert (str(hooks.readlink()), (hooks / "pre-push").read_text()) == ("../../hooks", "mine\n")


def test_who_may_read_git_s_files_stays_so(scenario: Scenario) -> None:
    """There may be passwords in the settings."""
    agent = f"{MEND}; git config core.editor x; echo x >> .git/hooks/pre-push; git tag t"
    handed_over(scenario, agent, SEARCHED)
    scenario.hook("pre-push", "exit 0")
    modes = {".git/config": 0o600, ".git/hooks/pre-push": 0o750}
    for path, mode in modes.items():
        (scenario.root / path).chmod(mode)
    scenario.run("run").says(4, "git's file config", "git's file hooks/pre-push")
    assert {path: (scenario.root / path).stat().st_mode & 0o777 for path in modes} == modes


def test_what_is_carried_into_the_clean_place_stays_as_it_is(scenario: Scenario) -> None:
    compiled = "local/lib/site-packages/__pycache__/helper.x.pyc"
    agent = f"{MEND}; echo x > local/bin/tool; rm -f local/lib/helper.py; echo x > {compiled}"
    handed_over(scenario, agent, SEARCHED)
    scenario.series("carry: [local]")
    scenario.git("add", "phases")
    scenario.git("commit", "-qm", "Series")
    scenario.write("local/bin/tool", "a\n")
    scenario.write(compiled, "a\n")
    result = scenario.run("run")
    assert result.status == 4, str(result)
    assert "local/bin/tool was changed" in result.raw
    assert not (scenario.root / compiled).exists()


@pytest.mark.parametrize("judge", ["clean", "here"])
def test_the_plan_stays_what_it_is_where_git_ignores_it(scenario: Scenario, judge: str) -> None:
    """It need not be committed, and says by what all that comes after it is judged."""
    weaken = "sed -i 's/grep -q .*/true/' phases/phase-1.yaml; rm phases/runbook.yaml"
    scenario.series("title: Sums")
    phase = SEARCHED.replace("confine: false", f"confine: false\n      judge: {judge}")
    handed_over(scenario, f"{MEND}; {weaken}; echo x > phases/phase-2.yaml", phase)
    scenario.git("rm", "-rq", "--cached", "phases")
    scenario.git("commit", "-qm", "Mine alone")
    scenario.write(".git/info/exclude", "phases/\n")
    before = scenario.read("phases/phase-1.yaml")
    made = "phases/phase-1.yaml was changed", "phases/phase-2.yaml was made"
    scenario.run("run").says(4, *made, "phases/runbook.yaml was deleted")
    assert scenario.read("phases/phase-1.yaml") == before
    assert scenario.read("phases/runbook.yaml") == "title: Sums"
    assert not (scenario.root / "phases/phase-2.yaml").exists()


def test_a_folder_in_the_place_of_what_was_compiled_is_taken_away(scenario: Scenario) -> None:
    compiled = "src/__pycache__/calc.pyc"
    handed_over(scenario, f"{MEND}; rm {compiled}; mkdir {compiled}; echo > {compiled}/x", SEARCHED)
    scenario.write(compiled, "")
    scenario.run("run").says(0, "accepted")
    assert not (scenario.root / compiled).exists()


def test_notes_of_runs_elsewhere_are_theirs(scenario: Scenario) -> None:
    """They are added while an attempt is under way; those of this worktree's commits are not."""
    agent = f"{MEND}; cd ../side; {NOTE}; cd ../project; test -e ../honest || {NOTE}"
    handed_over(scenario, agent, SEARCHED)
    scenario.git("worktree", "add", "-q", "../side", "-b", "side")
    scenario.git("commit", "-q", "--allow-empty", "-m", "Side", cwd=scenario.folder / "side")
    scenario.run("run").says(4, "refs/notes/runbook")
    assert scenario.git("notes", "--ref=runbook", "list", check=False) == ""
    (scenario.folder / "honest").touch()
    result = scenario.run("run")
    assert result.status == 0, str(result)
    assert scenario.git("notes", "--ref=runbook", "show", "side") == "x"


def test_a_lock_that_was_taken_away_is_taken_again(scenario: Scenario) -> None:
    agent = """
        rm -rf .git/runbook
        if test $RUNBOOK_ATTEMPT = 2; then touch ../there; sleep 1000; fi
    """
    phase = SEARCHED.replace("attempts: 1", "attempts: 2")
    handed_over(scenario, agent.replace("rm", "test $RUNBOOK_ATTEMPT = 2 || rm"), phase)
    process = scenario.start("run")
    scenario.until((scenario.folder / "there").exists)
    scenario.run("run").says(1, "another run is under way in <root>, locked by process <pid>")
    process.terminate()
    assert scenario.end(process).status == 143
