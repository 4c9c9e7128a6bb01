"""Imported plans that say all in words, carried through by a delegate and by a person."""

from __future__ import annotations

import re
import shlex

from asked import answered_by
from scenario import Scenario

BEGIN = {
    "shop.py": "RATE = 19\n",
    "bill.py": "from shop import RATE\n",
    "test_shop.py": "import bill\nimport shop\n",
}
PARTS = (
    ("shop.py", "def tax(net):\n    return net * RATE // 100\n"),
    ("shop.py", "def gross(net):\n    return net + tax(net)\n"),
    ("test_shop.py", "def test_the_tax():\n    assert shop.tax(200) == 38\n"),
    ("shop.py", "def said(price):\n    return f'{price} EUR'\n"),
    ("bill.py", "def rate():\n    return f'{RATE} %'\n"),
    (
        "bill.py",
        "def total(nets):\n    from shop import gross\n\n    return sum(map(gross, nets))\n",
    ),
    ("test_shop.py", "def test_a_total():\n    assert bill.total([100, 200]) == 357\n"),
    ("shop.py", "def free(net):\n    return net == 0\n"),
    ("bill.py", "TITLE = 'Bill'\n"),
    ("test_shop.py", "def test_the_title():\n    assert bill.TITLE == 'Bill'\n"),
)
CHECKED = {10}


def plan() -> str:
    """The plan: each task has a part in words, and how it may look."""
    lines = ["# Bills", "", "**Goal:** Bills have totals.", ""]
    for number, (path, code) in enumerate(PARTS, 1):
        lines += [f"### Task {number}: Part {number}", "", f"**Step 1: Part {number}**", ""]
        lines += [f"We want this in `{path}`, wherever it goes best with the rest:", ""]
        lines += ["```python", code.rstrip(), "```", ""]
        if number in CHECKED:
            lines += ["**Step 2: Check**", "", "Run: `pytest -q test_shop.py`", ""]
            lines += ["Expected: PASS", ""]
        lines += ["**Step 3: Commit**", "", "```bash", f"git add {path}"]
        lines += [f'git commit -m "feat: part {number}"', "```", ""]
    return "\n".join(lines)


def golden(parts: tuple[tuple[str, str], ...] = PARTS) -> dict[str, str]:
    """The files as they are to be in the end."""
    files = dict(BEGIN)
    for path, code in parts:
        files[path] += f"\n\n{code}"
    return files


def imported(scenario: Scenario) -> str:
    """A repository with the plan imported into it; what the import said."""
    for path, text in BEGIN.items():
        scenario.write(path, text)
    scenario.write("plan.md", plan())
    said = scenario.run("import", "plan.md")
    said.says(0, f"total      0      {len(PARTS)}          0")
    scenario.begin()
    return said.stdout


FROM_THE_BRIEF = r"""
brief=$(cat)
file=$(sed -n '/^## Files that may change/,/^All paths/s/^- \([a-z_]*[.]py\)$/\1/p' <<< "$brief")
code=$(awk '/^## What to do/ {on = 1} /^## Files/ {on = 0}
    on && /^```/ {inside = !inside; next} on && inside' <<< "$brief")
printf '\n\n%s\n' "$code" >> "$file"
"""


def test_a_delegate_that_has_only_the_brief_carries_it_through(scenario: Scenario) -> None:
    imported(scenario)
    (scenario.folder / "agent.sh").write_text(FROM_THE_BRIEF)
    result = scenario.run("run", "--delegate", "bash ../agent.sh")
    assert result.status == 0, str(result)
    assert {path: scenario.read(path) for path in BEGIN} == golden()
    assert scenario.subjects()[1:] == [f"feat: part {n}" for n in range(1, len(PARTS) + 1)]
    for back, (path, _) in enumerate(reversed(PARTS)):
        assert scenario.paths(f"HEAD~{back}") == [path]
    assert scenario.status() == ""
    assert "by hand" not in result.raw


class Person:
    """Somebody who does what the screen says, and knows nothing else."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.questions = 0
        self.looked = self.quit = False

    def __call__(self, screen: str) -> str:
        """What they type after the last question on the screen."""
        self.questions += 1
        assert self.questions < 3 * len(PARTS), screen
        if "why is it done all the same?" in screen:
            return "it is there"
        if "is it so?" in screen:
            # They look before they say so.
            self.looked = not self.looked
            return "show" if self.looked else "yes"
        if "def gross" in screen and not self.quit:
            self.quit = True
            return "quit"
        self.edit(screen)
        return "yes"

    def edit(self, screen: str) -> None:
        """Put the code that is shown into the file that is to change, unless it is there."""
        path = re.findall(r"^ *not changed yet: .*?(\w+\.py)$", screen, re.M)[-1]
        block = re.findall(r"^( *)```python\n(.*?)^ *```$", screen, re.M | re.S)
        margin, text = block[-1]
        code = "".join(line.removeprefix(margin) for line in text.splitlines(keepends=True))
        now = self.scenario.read(path)
        if code not in now:
            self.scenario.write(path, f"{now}\n\n{code}")


def test_a_person_who_has_only_the_screen_carries_it_through(scenario: Scenario) -> None:
    """They edit at the question, after quitting, and say of one part that it is there already."""
    imported(scenario)
    path = scenario.root / "phases/plan.yaml"
    text = path.read_text()
    first, last = text.index("      - commit: "), text.rindex("      - commit: ")
    path.write_text(
        f"{text[:first]}      - confirm: Is the tax rounded down?\n{text[first:last]}"
        f"{text[last:]}verification:\n  - confirm: Is all of it committed?\n"
    )
    fifth, code = PARTS[4]
    scenario.write(fifth, f"{scenario.read(fifth)}\n\n{code}")
    scenario.git("commit", "-qam", "Part 5 is there")
    person = Person(scenario)
    status, shown = answered_by(scenario, ["run"], person)
    runs = 1
    while status == 4:
        runs += 1
        person.edit(shown)
        (command,) = re.findall(r"^Do this in .*, then: runbook (.*)$", shown, re.M)
        status, shown = answered_by(scenario, shlex.split(command), person)
    assert (status, runs) == (0, 2), shown
    parts = (PARTS[4], *PARTS[:4], *PARTS[5:])
    assert {path: scenario.read(path) for path in BEGIN} == golden(parts)
    made = [n for n in range(1, len(PARTS) + 1) if n != 5]
    assert scenario.subjects()[2:] == [f"feat: part {n}" for n in made]
    assert [scenario.paths(f"HEAD~{back}") for back in range(len(made))] == [
        [PARTS[n - 1][0]] for n in reversed(made)
    ]
    assert scenario.status() == ""
    scenario.run("show", "plan/task-5").says(0, "done, Ada <ada@example.org>", "it is there")
    scenario.run("show", "plan/task-1").says(0, "yes, Ada <ada@example.org>")
