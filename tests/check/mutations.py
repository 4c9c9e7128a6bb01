"""Ways to break good phases: each kind with what it makes of them, and what is to be said where.

The place is told by `[[` and `]]` around the text that is to be pointed at.
"""

# The texts of phase files are not broken into lines for their length.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One kind: in which file which text becomes which other, and the problem it makes.

    `said` is a code, or the beginning of a message. `new` has the mark of the place, unless `mark`
    is a text elsewhere in the file.
    """

    name: str
    old: str
    new: str
    said: str
    file: str = "phase-1"
    mark: str = ""

    @property
    def text(self) -> str:
        """What stands in the file."""
        return self.new.replace("[[", "").replace("]]", "")


CHECK = "pytest -q tests/test_price.py"
MESSAGE = "fix: round prices to cents\n"
_ALL = "verify: pytest -q -n 4 tests\n"
LAST = 'verify: python -m shop.price && echo "Phase 1 complete"'


def edits(name: str, old: str, new: str, said: str, mark: str = "") -> Mutation:
    return Mutation(name, old, new, said, mark=mark)


def command(name: str, new: str, said: str) -> Mutation:
    """Another command for the first check."""
    return Mutation(name, CHECK, new, said)


CONFLICTS = [
    edits(
        "a line that is gone",
        "replace: |\n          def gross(price):\n",
        "[[replace]]: |\n          def gross(cost):\n",
        "shop/price.py: the text to replace is not in the file",
    ),
    edits(
        "a token in a block",
        "return price * (1 + RATE)\n        with",
        "return price * (1 + RATES)\n        with",
        "shop/price.py: the text to replace is not in the file",
        "replace",
    ),
    edits(
        "an indentation",
        "              return price * (1 + RATE)\n        with",
        "                return price * (1 + RATE)\n        with",
        "shop/price.py: the text to replace is not in the file",
        "replace",
    ),
    edits(
        "a file that is not there",
        "edit: shop/price.py\n        title",
        "edit: shop/prices.py\n        title",
        "shop/prices.py: the file does not exist",
        "replace",
    ),
    edits(
        "a folder",
        "edit: shop/price.py\n        title",
        "edit: shop\n        title",
        "shop is a folder",
        "replace",
    ),
    edits(
        "a start that is gone",
        "from: |\n          def total(prices):",
        "[[from]]: |\n          def sum_up(prices):",
        "shop/price.py: the text of `from` is not in the file",
    ),
    edits(
        "an end that is gone",
        "return result\n        with",
        "return results\n        with",
        "shop/price.py: the text of `through` does not follow",
        "from",
    ),
    edits(
        "an anchor that is gone",
        'before: "## License"',
        '[[before]]: "## Licence"',
        "README.md: the anchor to insert before is not in the file",
    ),
    edits(
        "an anchor that stands twice",
        'before: "## License"',
        '[[before]]: "##"',
        "README.md: the anchor to insert before is to be found once and stands 2 times",
    ),
    edits(
        "a text that stands twice",
        'edit: README.md\n        before: "## License"\n        insert: |\n          ## Rounding\n\n          To cents.\n',
        'edit: README.md\n        [[replace]]: "##"\n        with: "###"\n',
        "README.md: the text to replace is to be found once and stands 2 times",
    ),
    edits(
        "a count that is off",
        "title: Round\n        lines: 8-9\n        replace: |",
        "title: Round\n        count: 2\n        [[replace]]: |",
        "shop/price.py: the text to replace is to be found 2 times and stands once",
    ),
    edits(
        "a file that is there already",
        "edit: docs/rounding.md\n        create",
        "edit: setup.cfg\n        [[create]]",
        "setup.cfg: the file exists already",
    ),
    edits(
        "a move to a file that is there",
        "move-to: shop/new.py",
        "[[move-to]]: shop/basket.py",
        "shop/old.py: shop/basket.py exists already",
    ),
    edits(
        "a move of nothing",
        "edit: shop/old.py\n        move-to",
        "edit: shop/older.py\n        [[move-to]]",
        "shop/older.py: neither",
    ),
    edits(
        "a pattern without a file",
        'edit: {glob: "shop/*.py"}',
        '[[edit]]: {glob: "src/*.py"}',
        "src/*.py: no tracked file matches",
    ),
    edits(
        "an expression that matches nothing",
        'regex: "\\\\bprices\\\\b"',
        '[[regex]]: "\\\\bcosts\\\\b"',
        "shop/basket.py: the regular expression is to match at least once",
    ),
    edits(
        "an expression with another count",
        "rewrite: amounts\n        count: all",
        "rewrite: amounts\n        count: 99",
        "shop/basket.py: the regular expression is to match 99 times",
        "regex",
    ),
    edits(
        "a removed text that is not there",
        'edit: README.md\n        before: "## License"\n        insert: |\n          ## Rounding\n\n          To cents.\n',
        "edit: README.md\n        [[remove]]: Nothing of this.\n",
        "README.md: the text to remove is not in the file",
    ),
    edits(
        "an edit of what an edit before deleted",
        "edit: shop/old.py\n        move-to: shop/new.py",
        "edit: shop/old.py\n        delete: true\n      - edit: shop/old.py\n        [[append]]: x",
        "shop/old.py: the file does not exist",
    ),
    edits(
        "an edit of what an edit before moved",
        "move-to: shop/new.py",
        "move-to: shop/new.py\n      - edit: shop/old.py\n        [[append]]: x",
        "shop/old.py: the file does not exist",
    ),
    edits(
        "an edit of what an edit before replaced",
        "edit: README.md\n        before",
        "edit: shop/price.py\n        [[remove]]: result += gross(price)\n      - edit: README.md\n        before",
        "shop/price.py: the text to remove is not in the file",
    ),
    edits(
        "a rewritten file that is not there",
        "edit: shop/old.py\n        move-to: shop/new.py",
        "edit: shop/none.py\n        [[rewrite-file]]: |\n          x = 1",
        "shop/none.py: the file does not exist",
    ),
    edits(
        "a file written twice by one step",
        "edit: shop/old.py\n        move-to",
        "edit: [shop/old.py, shop/basket.py]\n        [[move-to]]",
        "shop/basket.py: shop/new.py would be written twice",
    ),
    edits(
        "a wrong second change",
        'edit: README.md\n        before: "## License"\n        insert: |\n          ## Rounding\n\n          To cents.\n',
        "edit: README.md\n        changes:\n          - append: x\n          - [[remove]]: y y\n",
        "README.md: the text to remove is not in the file",
    ),
    Mutation(
        "a later phase on what an earlier one took away",
        "append: |\n          Since version 1.5.",
        "[[remove]]: Since.",
        "docs/rounding.md: the text to remove is not in the file",
        "phase-2",
    ),
    Mutation(
        "a file that only an uncommitted plan has",
        "edit: docs/rounding.md\n        append",
        "edit: docs/cents.md\n        [[append]]",
        "docs/cents.md: the file does not exist",
        "phase-2",
    ),
]

STATUSES = [
    command("a pipe into head", "pytest -q tests/test_price.py | [[head -50]]", "RB101"),
    command("a pipe into grep -q", f"{CHECK} | [[grep -q]] passed", "RB101"),
    command("a pipe into grep -m", f"{CHECK} | [[grep -m1]] passed", "RB101"),
    command("a pipe into sed q", f"{CHECK} | [[sed]] 5q", "RB101"),
    command("a pipe in another shell", f"[[bash -c]] '{CHECK} | cat'", "RB101"),
    command("pipefail off", f"set +o pipefail && {CHECK} | [[cat]]", "RB101"),
    command("a sequence", f"[[{CHECK}]]; python -V", "RB102"),
    command("a background process", f"[[{CHECK}]] & sleep 1", "RB102"),
    command("lines", f"|\n          [[{CHECK}]]\n          python -V", "RB102"),
    command("or true", f"{CHECK} [[|| true]]", "RB103"),
    command("or a colon", f"|\n          {CHECK} [[|| :]]", "RB103"),
    command("or a message", f"{CHECK} [[|| echo]] failed", "RB103"),
    command("or exit 0", f"{CHECK} [[|| exit 0]]", "RB103"),
]
EVIDENCE = [
    command("env -i", f"[[env -i PATH=$PATH]] {CHECK}", "RB104"),
    command("python -I", f"[[python -I]] -m {CHECK}", "RB104"),
    command("python -E", f"[[python -E]] -m {CHECK}", "RB104"),
    command("python -Im", f"[[python -Im]] {CHECK}", "RB104"),
    command("options of its own", f"[[PYTEST_ADDOPTS=-x]] {CHECK}", "RB104"),
    command("a path of its own", f"[[PYTHONPATH=src]] {CHECK}", "RB104"),
    command("env with options", f"[[env PYTEST_ADDOPTS=-x]] {CHECK}", "RB104"),
    command("exported options", f"export PYTEST_ADDOPTS=-x && [[{CHECK}]]", "RB104"),
    command("unset options", f"unset PYTEST_ADDOPTS && [[{CHECK}]]", "RB104"),
    command("env -u", f"[[env -u PYTHONPATH]] {CHECK}", "RB104"),
    command("sudo", f"[[sudo]] {CHECK}", "RB104"),
    command("docker", f"[[docker]] run shop {CHECK}", "RB104"),
    command("tox", "[[tox]] -e py311", "RB104"),
    command("the probe off", f"[[{CHECK} -p no:runbook_plugin]]", "RB104"),
    command("tests that are only listed", f"[[{CHECK} --collect-only]]", "RB104"),
    command("a version", "[[python -m pytest --version]]", "RB104"),
    command("unittest", "[[python -m unittest]]", "RB104"),
    Mutation(
        "no expectation",
        "        expect:\n          prose: All 3 tests pass\n          tests: {passed: 3}\n",
        "",
        "RB105",
        mark=CHECK,
    ),
    Mutation("prose and nothing else", "          tests: {passed: 3}\n", "", "RB105", mark=CHECK),
    Mutation(
        "only a status for a pytest",
        "          tests: {passed: 3}\n",
        "          exit: 0\n",
        "RB105",
        mark=CHECK,
    ),
    Mutation(
        "a printed text that nobody looks at",
        "      contains: Phase 1 complete\n",
        "",
        "RB105",
        mark="Prints",
    ),
    Mutation(
        "a difference that nobody looks at",
        LAST
        + '\n    expect:\n      prose: Prints "Phase 1 complete"\n      contains: Phase 1 complete\n',
        "verify: [[git diff]] README.md\n",
        "RB105",
    ),
    Mutation(
        "a number that nobody looks at",
        LAST
        + '\n    expect:\n      prose: Prints "Phase 1 complete"\n      contains: Phase 1 complete\n',
        "verify: ls shop | [[wc -l]]\n",
        "RB105",
    ),
    Mutation("other numbers in the prose", "{passed: 3}", "pass", "RB112", mark="All 3 tests"),
    Mutation(
        "a quoted text in the prose",
        "prose: All 3 tests pass",
        'prose: [[3 passed]], "no leaks" at the end',
        "RB112",
    ),
    Mutation(
        "workers in the prose",
        "prose: All 3 tests pass",
        "prose: [[Tests run]] on all workers",
        "RB112",
    ),
    Mutation(
        "names of workers in the prose",
        "prose: All 3 tests pass",
        "prose: [[Tests run]] on gw0 and gw1",
        "RB112",
    ),
    Mutation("a failure in the prose", "prose: All 3 tests pass", "prose: [[FAIL]]", "RB112"),
    Mutation(
        "warnings in the prose",
        "prose: All 3 tests pass",
        "prose: [[3 passed]], no warnings",
        "RB112",
    ),
]
SEQUENCES = [
    Mutation(
        "an edit after the last check",
        "verification:\n  - "
        + LAST
        + '\n    expect:\n      prose: Prints "Phase 1 complete"\n      contains: Phase 1 complete\n',
        "  - title: More\n    steps:\n      - [[edit]]: README.md\n        append: x\n      - commit: 'docs: x'\n",
        "RB106",
    ),
    Mutation(
        "two commits in a row",
        '      - commit: "docs: say how prices are rounded"',
        '      - commit: "docs: say how prices are rounded"\n      - [[commit]]: "docs: again"',
        "RB107",
    ),
    Mutation(
        "a commit at the beginning",
        "    steps:\n      - edit: shop/price.py\n        title: Round",
        "    steps:\n      - [[commit]]: 'fix: nothing'\n      - edit: shop/price.py\n        title: Round",
        "RB107",
    ),
    Mutation(
        "a forgotten commit",
        '      - commit: "docs: say how prices are rounded"\n',
        "",
        "RB108",
        mark="edit: README.md",
    ),
    Mutation(
        "a commit that names other files",
        '      - commit: "docs: say how prices are rounded"\n',
        '      - commit: "docs: say how prices are rounded"\n        files: [README.md, docs/rounding.md, shop/price.py]\n',
        "RB108",
        mark="edit: shop/old.py",
    ),
    Mutation(
        "an edit after the last commit",
        "verification:",
        "      - [[edit]]: setup.cfg\n        append: x\nverification:",
        "RB108",
    ),
    Mutation("a line hint for another place", "lines: 8-9", "lines: [[30-31]]", "RB109"),
    Mutation("a line hint that is off by one", "lines: 8-9", "lines: [[9-10]]", "RB109"),
    Mutation(
        "a line hint that was right before lines came in", "lines: 8-9", "lines: [[5-6]]", "RB109"
    ),
    Mutation("a base that is nowhere", "goal: Prices", "base: [[deadbeef]]\ngoal: Prices", "RB116"),
]
MACHINES = [
    Mutation(
        "uvx without a version",
        "uvx bump-my-version@1.2.3 bump minor",
        "[[uvx bump-my-version bump minor]]",
        "RB110",
        "phase-2",
    ),
    Mutation(
        "uvx of the latest",
        "uvx bump-my-version@1.2.3 bump minor",
        "[[uvx bump-my-version@latest]] bump minor",
        "RB110",
        "phase-2",
    ),
    Mutation(
        "uvx with --from",
        "uvx bump-my-version@1.2.3 bump minor",
        "[[uvx --from]] bump-my-version bump-my minor",
        "RB110",
        "phase-2",
    ),
    Mutation(
        "uv tool run",
        "uvx bump-my-version@1.2.3 bump minor",
        "[[uv tool run]] bump-my-version bump minor",
        "RB110",
        "phase-2",
    ),
    Mutation(
        "pipx run",
        "uvx bump-my-version@1.2.3 bump minor",
        "[[pipx run]] bump-my-version bump minor",
        "RB110",
        "phase-2",
    ),
    Mutation(
        "uvx in a service",
        "run: python -m shop.database --port 5433",
        "run: [[uvx shop-database]]",
        "RB110",
        "runbook",
    ),
    command("a home folder", f"cd [[/home/ada/shop]] && {CHECK}", "RB111"),
    command("another home folder", f"cd [[~/s]]hop && {CHECK}", "RB111"),
    command("a folder of this Mac", "[[/Users/ada/bin/pytest]] -q tests/test_price.py", "RB111"),
    command("a temporary file", f"{CHECK} > [[/tmp/out.txt]]", "RB111"),
    command("a folder of the root", f"cd [[/shop]] && {CHECK}", "RB111"),
    Mutation(
        "a path in a variable",
        "title: See it pass\n",
        "title: See it pass\n        env: {DATA: [[/home/ada/data]]}\n",
        "RB111",
    ),
    Mutation(
        "a path in a service",
        "run: python -m shop.database",
        "run: [[/opt/shop/bin/python]] -m shop.database",
        "RB111",
        "runbook",
    ),
]
CHANGES = [
    command("a formatter", f"[[black]] shop && {CHECK}", "RB113"),
    command("a formatter by uv", f"[[uv run ruff format]] shop && {CHECK}", "RB113"),
    command("a linter that fixes", f"[[ruff check --fix]] shop && {CHECK}", "RB113"),
    command("sed -i", f"[[sed -i]] s/a/b/ README.md && {CHECK}", "RB113"),
    command("a redirection", f"[[{CHECK}]] > out.txt", "RB113"),
    command("tee", f"{CHECK} | [[tee]] out.txt", "RB113"),
    command("git add", f"{CHECK} && [[git add]] README.md", "RB113"),
    command("git checkout", f"[[git checkout]] README.md && {CHECK}", "RB113"),
    command("rm", f"[[rm]] -f shop.db && {CHECK}", "RB113"),
    command("an installation", f"[[npm install]] && {CHECK}", "RB113"),
    command("uv add", f"[[uv add]] pytest && {CHECK}", "RB113"),
    command("prettier --write", f"[[npx prettier --write]] docs && {CHECK}", "RB113"),
    command("snapshots", "[[pytest --snapshot-update]] tests", "RB113"),
    command("a migration", f"[[alembic revision]] -m x && {CHECK}", "RB113"),
]
TRAILERS = [
    Mutation(
        "a trailer without an address",
        "Reviewed-by: Bo Berg <bo@example.org>",
        "[[Reviewed-by: Bo Berg]]",
        "RB115",
    ),
    Mutation(
        "a trailer with a wrong address",
        "<bo@example.org>",
        "<bo at example.org>",
        "RB115",
        mark="Reviewed-by",
    ),
    Mutation(
        "a trailer without a colon", "Reviewed-by: Bo Berg", "[[Reviewed-by]] Bo Berg", "RB115"
    ),
    Mutation(
        "a trailer with a blank in its key", "Reviewed-by: Bo", "[[Reviewed by]]: Bo", "RB115"
    ),
    Mutation(
        "a trailer without a blank after it", "Reviewed-by: Bo", "[[Reviewed-by]]:Bo", "RB115"
    ),
    Mutation(
        "a trailer in the middle",
        "          Nobody pays a tenth of a cent.\n\n          Reviewed-by: Bo Berg <bo@example.org>\n",
        "          [[Reviewed-by]]: Bo Berg <bo@example.org>\n\n          Nobody pays a tenth of a cent.\n",
        "RB115",
    ),
    Mutation(
        "text beside a trailer",
        "          Nobody pays a tenth of a cent.\n\n",
        "          [[Nobody pays a tenth of a cent]].\n",
        "RB115",
    ),
    Mutation(
        "a co-author under `trailers` without an address",
        'trailers: ["Refs: 42"]',
        'trailers: ["[[Co-authored-by]]: Cy"]',
        "RB115",
        "phase-2",
    ),
]
REMARKS = [
    Mutation(
        "a remark that is not needed",
        "      - verify: pytest -q tests/test",
        "      [[# runbook]]: ignore RB105 no reason any more\n      - verify: pytest -q tests/test",
        "RB100",
    ),
    Mutation(
        "a remark without a reason",
        "      - verify: pytest -q tests/test",
        "      [[# runbook]]: ignore RB105\n      - verify: pytest -q tests/test",
        "RB100",
    ),
    Mutation(
        "a remark for no rule",
        "      - verify: pytest -q tests/test",
        "      [[# runbook]]: ignore RB999 reason\n      - verify: pytest -q tests/test",
        "RB100",
    ),
    Mutation(
        "a remark without a code",
        "      - verify: pytest -q tests/test",
        "      [[# runbook]]: ignore all of it\n      - verify: pytest -q tests/test",
        "RB100",
    ),
]
MISTAKES = [
    Mutation(
        "a key that is not known",
        "title: Round\n",
        "titel: Round\n",
        "unknown key `titel`",
        mark="titel",
    ),
    Mutation(
        "a key that is missing",
        "goal: Prices are rounded to cents.\n",
        "",
        "a phase needs the key `goal`",
        mark="phase: 1",
    ),
    Mutation(
        "a step of no kind",
        "- verify: pytest -q tests/test_price.py",
        "- [[verifi]]: pytest -q tests/test_price.py",
        "a step is an `edit`",
    ),
    Mutation(
        "two operations in one",
        "        from: |",
        "        [[append]]: x\n        from: |",
        "`from` and `append` in one change",
        mark="from: |",
    ),
    Mutation(
        "a replacement that is missing",
        "insert: |\n          ## Rounding\n\n          To cents.\n",
        "note: |\n          x\n",
        "`before` needs the key `insert`",
        mark="before",
    ),
    Mutation(
        "a path out of the folder",
        "edit: shop/old.py",
        "edit: [[../old.py]]",
        "the path leads out of its folder",
    ),
    Mutation(
        "an absolute path", "edit: shop/old.py", "edit: [[/shop/old.py]]", "the path is absolute"
    ),
    Mutation(
        "git's own folder", "edit: shop/old.py", "edit: [[.git/config]]", "the path leads into git"
    ),
    Mutation(
        "an expression that is none",
        'regex: "\\\\bprices\\\\b"',
        'regex: [["(prices"]]',
        "this is no regular expression",
    ),
    Mutation(
        "guard beside fails-at",
        "title: See it pass\n",
        "title: See it pass\n        [[guard]]: true\n",
        "`guard` says that the check passes before",
    ),
    Mutation(
        "a base that is missing",
        "fails-at: phase",
        "fails-at: base",
        "`fails-at: base` needs the phase's key `base`",
        mark="verify: pytest -q tests/test_price.py",
    ),
    Mutation(
        "a phase that is not there",
        "requires: [phase-1]",
        "requires: [phase-7]",
        "there is no phase `phase-7`",
        "phase-2",
        "phase-7",
    ),
    Mutation(
        "a number that two phases have", "phase: 2", "phase: [[1]]", "a second phase 1", "phase-2"
    ),
    Mutation(
        "a tag",
        "verify: pytest -q tests/test_price.py",
        "verify: [[!]] grep x README.md",
        "a text that begins with `!` is a YAML tag",
    ),
    Mutation(
        "a comment in a command",
        "verify: pytest -q tests/test_price.py",
        "verify: pytest -q [[# slow]]",
        "YAML takes the rest of",
    ),
    Mutation(
        "an edit in the verification",
        "verification:\n",
        "verification:\n  - [[edit]]: x\n    append: x\n",
        "the phase's verification has",
    ),
    Mutation("a time that is none", "timeout: 2m", "timeout: [[2 moons]]", "", "phase-2"),
    Mutation(
        "a key twice",
        "title: See it pass\n",
        "title: See it pass\n        [[title]]: Again\n",
        "duplicate key",
    ),
    Mutation(
        "a manual step whose files nobody knows",
        "        files: [NEWS.md]\n",
        "",
        "the commit after this manual step can't know",
        "phase-2",
        "manual: Write",
    ),
]
GROUPS = [
    Mutation(
        "a pytest that ignores groups", "8.4.2", "9.2.0", "RB114", "uv.lock", "pytest -q -n 4 tests"
    ),
]

MUTATIONS = [
    mutation
    for mutation in (
        *CONFLICTS, *STATUSES, *EVIDENCE, *SEQUENCES, *MACHINES, *CHANGES, *TRAILERS, *REMARKS,
        *MISTAKES, *GROUPS,
    )
    if mutation.said or mutation.new
]  # fmt: skip
